/* Figures of a client, or of all, for a period. Each figure has a list behind it: the filter that gives its cases
 * (report_filter_… and case_page.h), which has as many rows as the figure counts.
 *
 *	solved share   claims taken in, month by month of intake: how many are solved (case_scan.h) as of today, with the money
 *	               that came in on them. A claim joined to another case is solved with it
 *	ageing         cases that owe something, by days since the due date of the case's own claim, with what they owe today.
 *	               Sums to what the client's cases owe (case_owed)
 *	days to pay    of claims solved in the period: days from intake to closing; the median is the lower of two
 *	cash           money that came to the client-funds account and was given to the client's cases, less money taken back,
 *	               by ISO week of the settlement day: what the journal of those cases has moved on account 2910. Direct
 *	               payments to the creditor are not in it
 *	stages         all cases by where they stand today
 *
 * One client is a scan of its cases through an index; all clients are a scan of the book (docs/performance.md). */
#ifndef KRAVBOK_APP_REPORT_H
#define KRAVBOK_APP_REPORT_H

#include "app/case_page.h"
#include "app/op.h"

struct report_order {
	int64_t client_no; /* 0: all */
	date from, until;  /* the period, both included; at most REPORT_MONTHS_MAX months */
};
enum { REPORT_MONTHS_MAX = 60, REPORT_WEEKS_MAX = 266 };

struct report_month {
	date first_on; /* the first of the month */
	int64_t claim_count, solved_count;
	money claimed; /* principal taken in: invoice less what was paid before */
};

enum { REPORT_AGE_COUNT = 6 };
struct report_age {
	int days_min, days_max; /* INT_MAX: no upper end; the first one, -1 and below, is not due yet */
	int64_t case_count;
	money principal, interest, costs, balance;
};

enum { REPORT_DELAY_COUNT = 7 };
struct report_delay {
	int days_min, days_max;
	int64_t claim_count;
};

struct report_week {
	int iso_year, iso_week;
	date monday;
	money cash;
};

struct report_stage {
	str stage;
	int64_t case_count;
	money balance;
};

struct report {
	struct report_order order;
	struct report_month *months;
	size_t month_count;
	struct report_age ages[REPORT_AGE_COUNT];
	struct report_delay delays[REPORT_DELAY_COUNT];
	int64_t solved_count; /* in the period */
	int days_median;      /* -1: none was solved */
	struct report_week *weeks;
	size_t week_count;
	money cash; /* the sum of the weeks */
	struct report_stage *stages;
	size_t stage_count;
	money owed; /* the sum of the ages */
};
/* ERR_INPUT for a period that ends before it begins or is too long. */
err_t report_make(const struct op *op, const struct report_order *order, struct report *ret_report) MUST_CHECK;

/* The lists behind the figures. */
struct case_filter report_filter_month(const struct report *report, size_t month_index, bool solved);
struct case_filter report_filter_age(const struct report *report, size_t age_index, date today);
struct case_filter report_filter_delay(const struct report *report, size_t delay_index);
struct case_filter report_filter_week(const struct report *report, size_t week_index);
struct case_filter report_filter_stage(const struct report *report, size_t stage_index);

/* The ISO week of a day: its Monday's week; the year is the one that has its Thursday. */
struct report_week report_week_of(date day);

#endif
