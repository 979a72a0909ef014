#include "web/client_report.h"

#include "html/client_report.h"
#include "web/api_shapes.h"
#include "web/client_case.h"
#include "web/words.h"

#include <limits.h>

enum { MONTHS_SHOWN = 12, DAYS_BACK = 3660 };

static const struct field report_fields[] = {
	{ .name = "from", .kind = FIELD_DATE, .label = N_("From"), .optional = true, .min = -DAYS_BACK, .max = 0 },
	{ .name = "until", .kind = FIELD_DATE, .label = N_("To"), .optional = true, .min = -DAYS_BACK, .max = 0 },
	{ .name = NULL },
};

static date first_of_month(date day)
{
	struct civil civil = date_civil(day);
	return date_make(civil.year, civil.month, 1);
}

static date day_asked(const struct form *form, const char *name, date otherwise)
{
	const struct field_value *value = form_value(form, name);
	return value->text.size && !value->error.size ? value->day : otherwise;
}

static str month_label(struct html *h, date first)
{
	static const char *const months[] = { N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May (short)"), N_("Jun"), N_("Jul"), N_("Aug"),
		N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec") };
	struct civil civil = date_civil(first);
	str month = civil.month == 5 && h->language == WEB_ENGLISH ? S("May") : T(h, months[civil.month - 1]);
	return str_format(h->arena, "%.*s %02d", STR_ARG(month), civil.year % 100);
}

/* Labels, and room for one or two series of values with their links. */
struct figures {
	str *labels, *links[2];
	int64_t *values[2];
};
static struct figures figures_in(struct arena *arena, size_t count)
{
	struct figures figures = { .labels = arena_many(arena, count, str) };
	for (int i = 0; i < 2; i++) {
		figures.links[i] = arena_many(arena, count, str);
		figures.values[i] = arena_many(arena, count, int64_t);
	}
	return figures;
}

static void figure_put(struct figures *figures, int series, size_t index, int64_t value, str link)
{
	figures->values[series][index] = value;
	figures->links[series][index] = value ? link : S("");
}

static struct chart_series series_of(const struct figures *figures, int index, str name)
{
	return (struct chart_series){ name, figures->values[index], figures->links[index] };
}

static struct chart solved_chart(struct html *h, struct client_report *view)
{
	const struct report *report = &view->report;
	struct figures figures = figures_in(h->arena, report->month_count);
	for (size_t i = 0; i < report->month_count; i++) {
		const struct report_month *month = &report->months[i];
		struct case_filter all = report_filter_month(report, i, false), solved = report_filter_month(report, i, true);
		figures.labels[i] = month_label(h, month->first_on);
		figure_put(&figures, 0, i, month->claim_count, client_case_path(h->arena, &all));
		figure_put(&figures, 1, i, month->solved_count, client_case_path(h->arena, &solved));
		view->claim_count += month->claim_count;
		view->solved_count += month->solved_count;
	}
	return (struct chart){ .id = "solved", .title = T(h, "Claims taken in, and how many are solved"),
		.about = T(h, "{0} of {1} claims taken in during the period are solved.", html_count(h, view->solved_count),
			html_count(h, view->claim_count)),
		.label_name = T(h, "Month"), .kind = CHART_BARS, .unit = CHART_COUNT, .labels = figures.labels,
		.label_count = report->month_count, .series = { series_of(&figures, 0, T(h, "Taken in")),
		series_of(&figures, 1, T(h, "Solved")) }, .series_count = 2 };
}

static str range_label(struct html *h, int from, int to)
{
	if (from == INT_MIN || to < 0)
		return T(h, "Not due yet");
	if (to == INT_MAX)
		return T(h, "{0} or more", html_count(h, from));
	return str_format(h->arena, "%d–%d", from, to);
}

static struct chart age_chart(struct html *h, const struct report *report, date today)
{
	struct figures figures = figures_in(h->arena, REPORT_AGE_COUNT);
	for (size_t i = 0; i < REPORT_AGE_COUNT; i++) {
		const struct report_age *age = &report->ages[i];
		struct case_filter filter = report_filter_age(report, i, today);
		figures.labels[i] = range_label(h, age->days_min, age->days_max);
		figure_put(&figures, 0, i, age->balance.minor, client_case_path(h->arena, &filter));
	}
	return (struct chart){ .id = "ages", .title = T(h, "What is owed on open cases, by days since the due date"),
		.about = T(h, "{0} is owed in all.", html_amount(h, report->owed)), .label_name = T(h, "Days since due"),
		.kind = CHART_BARS, .unit = CHART_MONEY, .labels = figures.labels, .label_count = REPORT_AGE_COUNT,
		.series = { series_of(&figures, 0, T(h, "Owed, kr")) }, .series_count = 1 };
}

static struct chart delay_chart(struct html *h, const struct report *report)
{
	struct figures figures = figures_in(h->arena, REPORT_DELAY_COUNT);
	for (size_t i = 0; i < REPORT_DELAY_COUNT; i++) {
		const struct report_delay *delay = &report->delays[i];
		struct case_filter filter = report_filter_delay(report, i);
		figures.labels[i] = range_label(h, delay->days_min, delay->days_max);
		figure_put(&figures, 0, i, delay->claim_count, client_case_path(h->arena, &filter));
	}
	str about = report->days_median < 0 ? T(h, "No claim was solved in the period.") :
					      T(h, "Half of them were solved within {0} days.", html_count(h, report->days_median));
	return (struct chart){ .id = "delays", .title = T(h, "Claims solved in the period, by days from intake"), .about = about,
		.label_name = T(h, "Days"), .kind = CHART_BARS, .unit = CHART_COUNT, .labels = figures.labels,
		.label_count = REPORT_DELAY_COUNT, .series = { series_of(&figures, 0, T(h, "Claims")) }, .series_count = 1 };
}

static struct chart week_chart(struct html *h, const struct report *report)
{
	struct figures figures = figures_in(h->arena, report->week_count);
	for (size_t i = 0; i < report->week_count; i++) {
		struct case_filter filter = report_filter_week(report, i);
		figures.labels[i] = T(h, "Week {0}", str_format(h->arena, "%d", report->weeks[i].iso_week));
		figure_put(&figures, 0, i, report->weeks[i].cash.minor, client_case_path(h->arena, &filter));
	}
	return (struct chart){ .id = "weeks", .title = T(h, "Money come in on your cases, by week"),
		.about = T(h, "{0} in all in the period.", html_amount(h, report->cash)), .label_name = T(h, "Week"),
		.kind = CHART_BARS, .unit = CHART_MONEY, .labels = figures.labels, .label_count = report->week_count,
		.series = { series_of(&figures, 0, T(h, "Come in, kr")) }, .series_count = 1 };
}

static struct chart stage_chart(struct html *h, const struct report *report)
{
	struct figures figures = figures_in(h->arena, report->stage_count);
	for (size_t i = 0; i < report->stage_count; i++) {
		struct case_filter filter = report_filter_stage(report, i);
		figures.labels[i] = T(h, words_stage(report->stages[i].stage));
		figure_put(&figures, 0, i, report->stages[i].case_count, client_case_path(h->arena, &filter));
	}
	return (struct chart){ .id = "stages", .title = T(h, "Your cases by where they stand today"), .about = T(h, "All cases."),
		.label_name = T(h, "Stage"), .kind = CHART_BARS, .unit = CHART_COUNT, .labels = figures.labels,
		.label_count = report->stage_count, .series = { series_of(&figures, 0, T(h, "Cases")) }, .series_count = 1 };
}

static void paths_find(struct arena *arena, struct client_report *view)
{
	struct case_filter open = CASE_FILTER_ALL, solved = CASE_FILTER_ALL;
	open.outcome = CASE_OPEN;
	solved.outcome = CASE_SOLVED;
	solved.closed = (struct date_range){ view->report.order.from, view->report.order.until };
	view->open_path = client_case_path(arena, &open);
	view->solved_path = client_case_path(arena, &solved);
}

static err_t report_show(struct web *web)
{
	struct html *h = &web->html;
	struct client_report view = { .claim_count = 0 };
	struct report_order order = { .client_no = web->visitor.client_no };
	order.until = day_asked(&web->form, "until", web->op.today);
	order.from = day_asked(&web->form, "from", first_of_month(date_add_months(order.until, 1 - MONTHS_SHOWN)));
	err_t err = report_make(&web->op, &order, &view.report);
	if (err && err_kind(err) == ERR_INPUT && !web->is_api) { /* a period that cannot be: the usual one, and why */
		web->form.error = str_copy(h->arena, str_from_z(err_text(err)));
		web->form.was_sent = true;
		err_free(err);
		order.until = web->op.today;
		order.from = first_of_month(date_add_months(order.until, 1 - MONTHS_SHOWN));
		err = report_make(&web->op, &order, &view.report);
	}
	if (err)
		return err;
	if (web->is_api) {
		struct api_report answer = api_report_of(h->arena, &view.report);
		return web_answer(web, &shape_report, &answer);
	}
	view.solved = solved_chart(h, &view);
	view.ages = age_chart(h, &view.report, web->op.today);
	view.delays = delay_chart(h, &view.report);
	view.weeks = week_chart(h, &view.report);
	view.stages = stage_chart(h, &view.report);
	paths_find(h->arena, &view);
	html_client_report(h, web, &view);
	return OK;
}

const struct route routes_client_report[] = {
	{ HTTP_GET, "/client/reports", "/api/v1/reports", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.fields = report_fields, .run = report_show, .title = N_("Reports"), .about = "Solved share, ageing, days to payment and "
		"cash by week of a period; the last twelve months when none is given.", .answer = &shape_report },
	{ .method = HTTP_METHOD_COUNT },
};
