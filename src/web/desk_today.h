/* What the page of today shows. */
#ifndef KRAVBOK_WEB_DESK_TODAY_H
#define KRAVBOK_WEB_DESK_TODAY_H

#include "app/case_page.h"
#include "app/report.h"
#include "app/status.h"
#include "core/life.h"
#include "web/chart.h"
#include "web/web.h"

enum { DESK_COUNT_MAX = 10000 };

struct desk_stage {
	const char *label;
	str path; /* of its list */
	int64_t case_count;
	money balance;
};
struct desk_today {
	struct status status;
	struct report report;
	int64_t open_count;    /* cases that are not closed */
	int64_t due_count;     /* tasks due by today; DESK_COUNT_MAX: or more */
	int64_t objection_count, approval_count, hold_count; /* of those lists' first pages */
	money cash_week;       /* of the running week */
	struct desk_stage stages[STAGE_COUNT];
	size_t stage_count;
	struct chart ages, weeks;
	str week_query;
};

#endif
