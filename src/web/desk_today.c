/* Today at a glance: portfolio, cash, work and deadlines, each figure with its list behind it. */
#include "web/desk_today.h"

#include "app/approval.h"
#include "app/task.h"
#include "html/desk_today.h"
#include "web/query.h"
#include "web/routes.h"
#include "web/words.h"

#include <limits.h>

enum { MONTHS_BACK = 3, COUNT_ROWS = TASK_PAGE_MAX };

/* ---- the lists behind the figures ---- */

static void range_add(struct query *query, const char *from, const char *until, struct date_range range)
{
	query_add_date(query, from, range.from);
	query_add_date(query, until, range.until);
}

static str cases_path(struct web *web, const struct case_filter *filter)
{
	struct query query = query_in(web->op.arena);
	query_add(&query, "stage", filter->stage);
	query_add(&query, "outcome", filter->outcome == CASE_OPEN ? S("open") : filter->outcome == CASE_SOLVED ? S("solved") :
		filter->outcome == CASE_ENDED_UNSOLVED ? S("ended") : S(""));
	query_add(&query, "owing", filter->owing ? S("yes") : S(""));
	range_add(&query, "received_from", "received_until", filter->received);
	range_add(&query, "due_from", "due_until", filter->due);
	range_add(&query, "closed_from", "closed_until", filter->closed);
	range_add(&query, "paid_from", "paid_until", filter->paid);
	query_add_number(&query, "days_min", filter->days_min);
	query_add_number(&query, "days_max", filter->days_max);
	return str_format(web->op.arena, "/desk/cases%.*s", STR_ARG(query_text(&query)));
}

/* ---- charts ---- */

struct columns { /* of a chart being filled */
	str *labels, *links;
	int64_t *values;
};

static struct columns columns_new(struct arena *arena, size_t count)
{
	return (struct columns){ arena_many(arena, count, str), arena_many(arena, count, str), arena_many(arena, count, int64_t) };
}

static struct chart chart_of(const struct chart *words, const struct columns *columns, size_t count, str series)
{
	struct chart chart = *words;
	chart.labels = columns->labels;
	chart.label_count = count;
	chart.series[0] = (struct chart_series){ series, columns->values, columns->links };
	chart.series_count = 1;
	return chart;
}

static void stages_list(struct web *web, struct desk_today *page)
{
	const struct report *report = &page->report;
	for (size_t i = 0; i < report->stage_count && page->stage_count < STAGE_COUNT; i++) {
		str stage = report->stages[i].stage;
		if (str_eq_z(stage, "closed") || str_eq_z(stage, "withdrawn"))
			continue;
		struct case_filter filter = report_filter_stage(report, i);
		page->stages[page->stage_count++] = (struct desk_stage){ words_stage(stage), cases_path(web, &filter),
			report->stages[i].case_count, report->stages[i].balance };
		page->open_count += report->stages[i].case_count;
	}
}

static str age_label(struct html *h, const struct report_age *age)
{
	if (age->days_max < 0)
		return T(h, "not due");
	if (age->days_max == INT_MAX)
		return T(h, "over {0}", html_count(h, age->days_min - 1));
	return html_joined(h, "%d–%d", age->days_min, age->days_max);
}

static void ages_draw(struct web *web, struct desk_today *page)
{
	struct html *h = &web->html;
	struct columns columns = columns_new(web->op.arena, REPORT_AGE_COUNT);
	for (size_t i = 0; i < REPORT_AGE_COUNT; i++) {
		struct case_filter filter = report_filter_age(&page->report, i, web->op.today);
		columns.labels[i] = age_label(h, &page->report.ages[i]);
		columns.links[i] = cases_path(web, &filter);
		columns.values[i] = page->report.ages[i].balance.minor;
	}
	page->ages = chart_of(&(struct chart){ .id = "ages", .title = T(h, "What is owed, by days since it fell due"),
		.about = T(h, "Balance of open cases by the age of the claim."), .label_name = T(h, "Days since it fell due"), .kind = CHART_BARS,
		.unit = CHART_MONEY }, &columns, REPORT_AGE_COUNT, T(h, "Owed"));
}

static void weeks_draw(struct web *web, struct desk_today *page)
{
	struct html *h = &web->html;
	const struct report *report = &page->report;
	struct columns columns = columns_new(web->op.arena, report->week_count);
	for (size_t i = 0; i < report->week_count; i++) {
		struct case_filter filter = report_filter_week(report, i);
		columns.labels[i] = html_joined(h, "%d", report->weeks[i].iso_week);
		columns.links[i] = cases_path(web, &filter);
		columns.values[i] = report->weeks[i].cash.minor;
		page->cash_week = report->weeks[i].cash;
		page->week_query = columns.links[i];
	}
	page->weeks = chart_of(&(struct chart){ .id = "weeks", .title = T(h, "Money in, week by week"),
		.about = T(h, "What came to the client funds account and was given to cases."), .label_name = T(h, "Week"),
		.kind = CHART_BARS, .unit = CHART_MONEY }, &columns, report->week_count, T(h, "Money in"));
}

/* ---- the page ---- */

static err_t tasks_count(struct web *web, enum task_kind kind, int64_t *ret_count)
{
	struct task_page page;
	TRY(task_list(&web->op, &(struct task_filter){ .of_kind = true, .kind = kind, .count = COUNT_ROWS }, &page));
	*ret_count = i64_from_size(page.count);
	return OK;
}

static err_t work_count(struct web *web, struct desk_today *page)
{
	struct approval *approvals;
	size_t count;
	TRY(task_due_count(&web->op, 0, DESK_COUNT_MAX, &page->due_count));
	TRY(tasks_count(web, TASK_OBJECTION, &page->objection_count));
	TRY(tasks_count(web, TASK_PAYMENT_HOLD, &page->hold_count));
	TRY(approval_list(&web->op, (struct approval_place){ .count = APPROVAL_PAGE_MAX }, &approvals, &count));
	page->approval_count = i64_from_size(count);
	return OK;
}

static err_t today_show(struct web *web)
{
	struct desk_today page = { .open_count = 0 };
	TRY(status_read(&web->op, &page.status));
	TRY(work_count(web, &page));
	TRY(report_make(&web->op, &(struct report_order){ .from = date_add_months(web->op.today, -MONTHS_BACK),
		.until = web->op.today }, &page.report));
	stages_list(web, &page);
	ages_draw(web, &page);
	weeks_draw(web, &page);
	html_desk_today(&web->html, web, &page);
	return OK;
}

static err_t help_show(struct web *web)
{
	html_desk_help(&web->html, web);
	return OK;
}

const struct route routes_desk_today[] = {
	{ HTTP_GET, "/desk/today", .kind = ROUTE_HEAVY, .who = WHO_STAFF, .run = today_show, .title = N_("Today") },
	{ HTTP_GET, "/help/desk", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .run = help_show,
		.title = N_("Help for case handlers") },
	{ .method = HTTP_METHOD_COUNT },
};
