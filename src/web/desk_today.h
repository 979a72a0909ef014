/* What the page of today shows. */
#ifndef KRAVBOK_WEB_DESK_TODAY_H
#define KRAVBOK_WEB_DESK_TODAY_H

#include "app/case_page.h"
#include "app/report.h"
#include "app/status.h"
#include "web/chart.h"
#include "web/web.h"

enum { DESK_COUNT_MAX = 10000 };

struct desk_today {
	struct status status;
	struct report report;
	int64_t open_count;    /* cases that are not closed */
	int64_t due_count;     /* tasks due by today; DESK_COUNT_MAX: or more */
	int64_t objection_count, approval_count, hold_count; /* of those lists' first pages */
	money cash_week;       /* of the running week */
	struct chart stages, ages, weeks;
	str week_query;
};

#endif
