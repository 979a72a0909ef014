/* What the pages of nights and the outbox show. */
#ifndef KRAVBOK_WEB_DESK_NIGHT_H
#define KRAVBOK_WEB_DESK_NIGHT_H

#include "app/letter.h"
#include "app/status.h"
#include "sql.h"
#include "web/night_job.h"
#include "web/web.h"

struct desk_nights {
	struct night_job_state job;
	struct night_report_page_row *rows;
	size_t count;
	bool has_more, may_run;
	date last_night;
};
struct desk_outbox {
	struct desk_waiting_row *waiting;
	size_t waiting_count;
	str waiting_next; /* place of the next page; empty: the last */
	int64_t unrendered;
	bool unrendered_more;
	struct desk_batches_row *batches;
	size_t batch_count;
	struct desk_sent_row *sent;
	size_t sent_count;
	bool sent_more, may_act;
	str state;
};
enum { DESK_UNRENDERED_MAX = 10000 };

/* "letters-2026-06-30-2-en.pdf" of a print file. */
str desk_batch_name(struct html *h, const struct desk_batches_row *batch);

#endif
