/* One scan of the cases fills everything but the cash, which comes from the journal (one client) or the kept balances (all). */
#include "app/report.h"

#include "app/case_scan.h"
#include "core/journal.h"
#include "sql.h"

#include <limits.h>

enum {
	SCAN_ROWS = 2000,
	SCAN_ARENA_SIZE_MAX = 256 << 20,
	DAYS_COUNTED = 20000, /* of the delays; longer ones count as that */
};

static const int age_days[REPORT_AGE_COUNT][2] = { { INT_MIN, -1 }, { 0, 30 }, { 31, 90 }, { 91, 180 }, { 181, 365 },
	{ 366, INT_MAX } };
static const int delay_days[REPORT_DELAY_COUNT][2] = { { 0, 14 }, { 15, 30 }, { 31, 60 }, { 61, 90 }, { 91, 180 },
	{ 181, 365 }, { 366, INT_MAX } };

/* ---- days ---- */

struct report_week report_week_of(date day)
{
	date monday = date_add(day, 1 - date_weekday(day));
	int year = date_civil(date_add(monday, 3)).year;
	date fourth = date_make(year, 1, 4); /* always in week 1 */
	date first = date_add(fourth, 1 - date_weekday(fourth));
	return (struct report_week){ .iso_year = year, .iso_week = date_diff(first, monday) / 7 + 1, .monday = monday };
}

static date month_first(date day)
{
	struct civil civil = date_civil(day);
	return date_make(civil.year, civil.month, 1);
}

static size_t month_index(date first, date day)
{
	struct civil a = date_civil(first), b = date_civil(day);
	return (size_t)((b.year - a.year) * 12 + b.month - a.month); /* day is not before first */
}

static bool in_period(const struct report_order *order, date day)
{
	return !date_is_none(day) && !date_before(day, order->from) && !date_after(day, order->until);
}

/* ---- counting ---- */

struct counting {
	const struct op *op;
	struct report *report;
	struct case_counter counter;
	struct arena *arena;
	int64_t *solved_after; /* by days, DAYS_COUNTED of them */
};

static void months_make(struct report *report, struct arena *arena)
{
	date first = month_first(report->order.from);
	report->month_count = month_index(first, report->order.until) + 1;
	report->months = arena_many(arena, report->month_count, struct report_month);
	for (size_t i = 0; i < report->month_count; i++)
		report->months[i].first_on = date_add_months(first, (int)i); /* a few dozen */
}

static void weeks_make(struct report *report, struct arena *arena)
{
	struct report_week first = report_week_of(report->order.from), last = report_week_of(report->order.until);
	report->week_count = (size_t)(date_diff(first.monday, last.monday) / 7) + 1; /* last is not before first */
	report->weeks = arena_many(arena, report->week_count, struct report_week);
	for (size_t i = 0; i < report->week_count; i++)
		report->weeks[i] = report_week_of(date_add(first.monday, 7 * (int)i)); /* a few hundred */
}

static void month_count(struct report *report, const struct case_scan_row *row)
{
	if (!in_period(&report->order, row->received_on))
		return;
	struct report_month *month = &report->months[month_index(report->months[0].first_on, row->received_on)];
	month->claim_count++;
	month->solved_count += case_is_solved(row);
	month->claimed = money_add(month->claimed, row->claimed);
}

static void delay_count(struct counting *counting, const struct case_scan_row *row)
{
	struct report *report = counting->report;
	if (!in_period(&report->order, row->end_on) || !case_is_solved(row))
		return;
	int days = date_diff(row->received_on, row->end_on);
	days = days < 0 ? 0 : days;
	for (size_t i = 0; i < REPORT_DELAY_COUNT; i++)
		if (days >= delay_days[i][0] && days <= delay_days[i][1])
			report->delays[i].claim_count++;
	counting->solved_after[days < DAYS_COUNTED ? days : DAYS_COUNTED - 1]++;
	report->solved_count++;
}

static struct report_stage *stage_of(struct report *report, str stage)
{
	for (size_t i = 0; i < report->stage_count; i++)
		if (str_eq(report->stages[i].stage, stage))
			return &report->stages[i];
	require(report->stage_count < STAGE_COUNT);
	enum stage kind = STAGE_REGISTERED;
	bool is_known = stage_named(stage, &kind);
	require(is_known);
	struct report_stage *added = &report->stages[report->stage_count++];
	*added = (struct report_stage){ .stage = str_from_z(stage_name(kind)) };
	return added;
}

static void age_count(struct report *report, date today, const struct case_scan_row *row, const struct case_amounts *amounts)
{
	money balance = case_balance(amounts);
	int days = date_diff(row->due_on, today);
	if (!balance.minor)
		return;
	for (size_t i = 0; i < REPORT_AGE_COUNT; i++) {
		struct report_age *age = &report->ages[i];
		if (days < age_days[i][0] || days > age_days[i][1])
			continue;
		age->case_count++;
		age->principal = money_add(age->principal, amounts->principal);
		age->interest = money_add(age->interest, amounts->interest);
		age->costs = money_add(age->costs, amounts->costs);
		age->balance = money_add(age->balance, balance);
	}
	report->owed = money_add(report->owed, balance);
}

static err_t row_count(struct counting *counting, const struct case_scan_row *row)
{
	struct case_amounts amounts;
	struct report *report = counting->report;
	month_count(report, row);
	delay_count(counting, row);
	TRY(case_amounts(&counting->counter, &row->standing, &amounts));
	age_count(report, counting->op->today, row, &amounts);
	struct report_stage *stage = stage_of(report, row->stage);
	stage->case_count++;
	stage->balance = money_add(stage->balance, case_balance(&amounts));
	return OK;
}

static err_t cases_count(struct counting *counting)
{
	struct case_scan scan;
	struct case_scan_order order = { .client_no = counting->report->order.client_no };
	struct arena_mark start = arena_mark(counting->arena);
	int64_t done = 0;
	case_scan_begin(counting->op, &order, &scan);
	while (!scan.is_over) {
		struct case_scan_row *rows;
		size_t count;
		TRY(case_scan_next(&scan, counting->arena, SCAN_ROWS, &rows, &count));
		for (size_t i = 0; i < count; i++)
			TRY(row_count(counting, &rows[i]));
		done += i64_from_size(count);
		op_progress(counting->op, "report", done, 0);
		arena_reset(counting->arena, start);
	}
	return OK;
}

/* The lower of the two in the middle. */
static int days_median(const struct counting *counting)
{
	int64_t half = (counting->report->solved_count + 1) / 2, count = 0;
	for (int days = 0; days < DAYS_COUNTED && half > 0; days++) {
		count += counting->solved_after[days];
		if (count >= half)
			return days;
	}
	return -1;
}

/* ---- cash ---- */

static void cash_add(struct report *report, date day, money amount)
{
	size_t week = (size_t)(date_diff(report->weeks[0].monday, day) / 7); /* in the period */
	require(week < report->week_count);
	report->weeks[week].cash = money_add(report->weeks[week].cash, amount);
	report->cash = money_add(report->cash, amount);
}

static err_t cash_of_client(const struct op *op, struct report *report)
{
	struct report_cash_client_row *rows;
	size_t count;
	TRY(q_report_cash_client(op->db, op->arena, report->order.client_no, report->order.from, report->order.until, &rows,
		&count));
	for (size_t i = 0; i < count; i++)
		cash_add(report, rows[i].settled_on, rows[i].cash_minor);
	return OK;
}

static err_t cash_of_all(const struct op *op, struct report *report)
{
	struct report_account_days_row *days;
	struct report_voucher_days_row *vouchers;
	size_t day_count, voucher_count;
	date from = report->order.from, until = report->order.until;
	TRY(q_report_account_days(op->db, op->arena, ACCOUNT_HOLD, from, until, &days, &day_count));
	TRY(q_report_voucher_days(op->db, op->arena, ACCOUNT_HOLD, from, until, &vouchers, &voucher_count));
	for (size_t i = 0; i < day_count; i++)
		cash_add(report, days[i].counts_on, days[i].amount_minor);
	for (size_t i = 0; i < voucher_count; i++)
		cash_add(report, vouchers[i].counts_on, money_neg(vouchers[i].amount_minor));
	return OK;
}

/* ---- the report ---- */

static err_t order_check(const struct report_order *order)
{
	if (date_before(order->until, order->from))
		return fail(ERR_INPUT, "the period ends before it begins");
	if (!date_before(order->until, date_add_months(month_first(order->from), REPORT_MONTHS_MAX)))
		return fail(ERR_INPUT, "a period is at most %d months", REPORT_MONTHS_MAX);
	return OK;
}

static void report_begin(const struct op *op, const struct report_order *order, struct report *report)
{
	*report = (struct report){ .order = *order };
	months_make(report, op->arena);
	weeks_make(report, op->arena);
	report->stages = arena_many(op->arena, STAGE_COUNT, struct report_stage);
	for (size_t i = 0; i < REPORT_AGE_COUNT; i++)
		report->ages[i] = (struct report_age){ .days_min = age_days[i][0], .days_max = age_days[i][1] };
	for (size_t i = 0; i < REPORT_DELAY_COUNT; i++)
		report->delays[i] = (struct report_delay){ delay_days[i][0], delay_days[i][1], 0 };
}

err_t report_make(const struct op *op, const struct report_order *order, struct report *ret_report)
{
	struct report report;
	TRY(order_check(order));
	TRY(law_reaches(op->law, op->today));
	report_begin(op, order, &report);
	struct counting counting = { .op = op, .report = &report, .arena = arena_create(SCAN_ARENA_SIZE_MAX) };
	counting.counter = (struct case_counter){ .op = op, .arena = counting.arena, .on = op->today };
	counting.solved_after = arena_many(op->arena, DAYS_COUNTED, int64_t);
	err_t err = cases_count(&counting);
	arena_destroy(counting.arena);
	if (err)
		return err;
	report.days_median = days_median(&counting);
	TRY(order->client_no ? cash_of_client(op, &report) : cash_of_all(op, &report));
	*ret_report = report;
	return OK;
}

/* ---- the lists behind it ---- */

static struct case_filter filter_of(const struct report *report)
{
	struct case_filter filter = CASE_FILTER_ALL;
	filter.client_no = report->order.client_no;
	return filter;
}

struct case_filter report_filter_month(const struct report *report, size_t month_at, bool solved)
{
	struct case_filter filter = filter_of(report);
	require(month_at < report->month_count);
	date first = report->months[month_at].first_on;
	filter.received.from = date_max(first, report->order.from);
	filter.received.until = date_min(date_add(date_add_months(first, 1), -1), report->order.until);
	filter.outcome = solved ? CASE_SOLVED : CASE_ANY_OUTCOME;
	return filter;
}

struct case_filter report_filter_age(const struct report *report, size_t age_index, date today)
{
	struct case_filter filter = filter_of(report);
	require(age_index < REPORT_AGE_COUNT);
	const struct report_age *age = &report->ages[age_index];
	filter.owing = true;
	filter.due.from = age->days_max == INT_MAX ? DATE_NONE : date_add(today, -age->days_max);
	filter.due.until = age->days_min == INT_MIN ? DATE_NONE : date_add(today, -age->days_min);
	return filter;
}

struct case_filter report_filter_delay(const struct report *report, size_t delay_index)
{
	struct case_filter filter = filter_of(report);
	require(delay_index < REPORT_DELAY_COUNT);
	filter.outcome = CASE_SOLVED;
	filter.closed = (struct date_range){ report->order.from, report->order.until };
	filter.days_min = delay_index ? report->delays[delay_index].days_min : INT_MIN;
	filter.days_max = report->delays[delay_index].days_max;
	return filter;
}

struct case_filter report_filter_week(const struct report *report, size_t week_index)
{
	struct case_filter filter = filter_of(report);
	require(week_index < report->week_count);
	date monday = report->weeks[week_index].monday;
	filter.paid.from = date_max(monday, report->order.from);
	filter.paid.until = date_min(date_add(monday, 6), report->order.until);
	return filter;
}

struct case_filter report_filter_stage(const struct report *report, size_t stage_index)
{
	struct case_filter filter = filter_of(report);
	require(stage_index < report->stage_count);
	filter.stage = report->stages[stage_index].stage;
	return filter;
}
