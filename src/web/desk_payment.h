/* What the pages of payments show. */
#ifndef KRAVBOK_WEB_DESK_PAYMENT_H
#define KRAVBOK_WEB_DESK_PAYMENT_H

#include "app/payment.h"
#include "app/payment_suggest.h"
#include "app/status.h"
#include "sql.h"
#include "web/web.h"

struct desk_payments {
	struct status status;
	struct desk_held_page_row *held;
	size_t held_count;
	bool has_more;
	struct desk_files_row *files;
	size_t file_count;
	bool may_act;
};
struct desk_payment {
	struct payment_held held;
	struct suggestion *suggestions;
	size_t suggestion_count;
	bool may_act;
};

#endif
