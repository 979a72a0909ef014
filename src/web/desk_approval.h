/* What the pages of four eyes show. */
#ifndef KRAVBOK_WEB_DESK_APPROVAL_H
#define KRAVBOK_WEB_DESK_APPROVAL_H

#include "app/approval.h"
#include "sql.h"
#include "web/web.h"

struct desk_approvals {
	struct approval *open;
	size_t count;
	bool has_more;
	struct desk_approvals_done_row *done;
	size_t done_count;
};
struct desk_approval {
	struct approval approval;
	bool is_own, may_agree, may_refuse, was_asked;
};

#endif
