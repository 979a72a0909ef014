/* A client's cases: the list, its file, and the page of one with all that has happened and every amount of it. */
#include "web/client_case.h"

#include "format/csv.h"
#include "html/client_case.h"
#include "sql.h"
#include "web/api_shapes.h"
#include "web/words.h"

enum { LIST_ROWS = 50, FILE_ROWS_MAX = 100000, FILE_SIZE_MAX = 64 << 20, FILE_ARENA_MAX = 128 << 20, MESSAGES_SHOWN = 50 };

const struct field_choice client_case_outcomes[] = {
	{ "open", N_("Open"), NULL },
	{ "solved", N_("Solved"), NULL },
	{ "unsolved", N_("Closed without being solved"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field_choice sort_choices[] = {
	{ "number", N_("Case"), NULL },
	{ "due", N_("Due date"), NULL },
	{ "next", N_("Next step"), NULL },
	{ "amount", N_("Amount owed"), NULL },
	{ NULL, NULL, NULL },
};

#define DAY_FIELD(field_name) { .name = field_name, .kind = FIELD_DATE, .label = N_("Date"), .optional = true }
static const struct field list_fields[] = {
	{ .name = "q", .kind = FIELD_TEXT, .label = N_("Search"), .optional = true, .size_max = 100 },
	{ .name = "stage", .kind = FIELD_TEXT, .label = N_("Stage"), .optional = true, .size_max = 40 },
	{ .name = "outcome", .kind = FIELD_SELECT, .label = N_("Open or closed"), .optional = true, .choices = client_case_outcomes },
	{ .name = "sort", .kind = FIELD_SELECT, .label = N_("Sorted by"), .optional = true, .choices = sort_choices },
	{ .name = "descending", .kind = FIELD_CHECK, .label = N_("The largest first"), .optional = true },
	{ .name = "owing", .kind = FIELD_CHECK, .label = N_("Only with something owed"), .optional = true },
	DAY_FIELD("received_from"),
	DAY_FIELD("received_until"),
	DAY_FIELD("due_from"),
	DAY_FIELD("due_until"),
	DAY_FIELD("closed_from"),
	DAY_FIELD("closed_until"),
	DAY_FIELD("paid_from"),
	DAY_FIELD("paid_until"),
	{ .name = "days_min", .kind = FIELD_NUMBER, .label = N_("Days at least"), .optional = true, .min = INT32_MIN, .max = INT32_MAX },
	{ .name = "days_max", .kind = FIELD_NUMBER, .label = N_("Days at most"), .optional = true, .min = 0, .max = INT32_MAX },
	{ .name = "cursor", .kind = FIELD_HIDDEN, .label = N_("Page"), .optional = true, .size_max = 100 },
	{ .name = NULL },
};

/* ---- the filter, from its form and into an address ---- */

static date day_of(const struct form *form, const char *name)
{
	const struct field_value *value = form_value(form, name);
	return value->text.size && !value->error.size ? value->day : DATE_NONE;
}

static int days_of(const struct form *form, const char *name)
{
	const struct field_value *value = form_value(form, name);
	return value->text.size && !value->error.size ? (int)value->number : 0; /* within INT32_MAX by its field */
}

static enum case_outcome outcome_of(str name)
{
	if (str_eq_z(name, "open"))
		return CASE_OPEN;
	if (str_eq_z(name, "solved"))
		return CASE_SOLVED;
	return str_eq_z(name, "unsolved") ? CASE_ENDED_UNSOLVED : CASE_ANY_OUTCOME;
}

static const char *outcome_name(enum case_outcome outcome)
{
	static const char *const names[] = { [CASE_ANY_OUTCOME] = "", [CASE_OPEN] = "open", [CASE_SOLVED] = "solved",
		[CASE_ENDED_UNSOLVED] = "unsolved" };
	return names[outcome];
}

static struct case_page_order order_of(const struct web *web)
{
	const struct form *form = &web->form;
	const struct field_value *stage = form_value(form, "stage");
	struct case_page_order order = { .filter = CASE_FILTER_ALL, .count = LIST_ROWS, .descending = true };
	order.filter.client_no = web->visitor.client_no;
	order.filter.stage = stage->error.size ? S("") : stage->text;
	order.filter.text = form_text(form, "q");
	order.filter.outcome = outcome_of(form_text(form, "outcome"));
	order.filter.owing = form_value(form, "owing")->is_ticked;
	order.filter.received = (struct date_range){ day_of(form, "received_from"), day_of(form, "received_until") };
	order.filter.due = (struct date_range){ day_of(form, "due_from"), day_of(form, "due_until") };
	order.filter.closed = (struct date_range){ day_of(form, "closed_from"), day_of(form, "closed_until") };
	order.filter.paid = (struct date_range){ day_of(form, "paid_from"), day_of(form, "paid_until") };
	order.filter.days_min = days_of(form, "days_min");
	order.filter.days_max = days_of(form, "days_max");
	order.cursor = form_text(form, "cursor");
	/* The newest first, unless a column was asked for: then in its order. */
	if (case_sort_named(form_text(form, "sort"), &order.sort))
		order.descending = form_value(form, "descending")->is_ticked;
	return order;
}

void client_case_query(struct query *query, const struct case_filter *filter)
{
	query_add(query, "q", filter->text);
	query_add(query, "stage", filter->stage);
	query_add(query, "outcome", str_from_z(outcome_name(filter->outcome)));
	query_add(query, "owing", filter->owing ? S("yes") : S(""));
	query_add_date(query, "received_from", filter->received.from);
	query_add_date(query, "received_until", filter->received.until);
	query_add_date(query, "due_from", filter->due.from);
	query_add_date(query, "due_until", filter->due.until);
	query_add_date(query, "closed_from", filter->closed.from);
	query_add_date(query, "closed_until", filter->closed.until);
	query_add_date(query, "paid_from", filter->paid.from);
	query_add_date(query, "paid_until", filter->paid.until);
	query_add_number(query, "days_min", filter->days_min);
	query_add_number(query, "days_max", filter->days_max);
}

str client_case_path(struct arena *arena, const struct case_filter *filter)
{
	struct query query = query_in(arena);
	client_case_query(&query, filter);
	return str_format(arena, "/client/cases%.*s", STR_ARG(query_text(&query)));
}

static void sort_query(struct query *query, enum case_sort sort, bool descending)
{
	if (sort == CASE_BY_NUMBER && descending)
		return;
	query_add(query, "sort", str_from_z(case_sort_name(sort)));
	query_add(query, "descending", descending ? S("yes") : S(""));
}

/* A column asked for again is turned round. */
str client_case_sort_path(struct arena *arena, const struct client_case_list *list, enum case_sort sort)
{
	struct query query = query_in(arena);
	client_case_query(&query, &list->order.filter);
	sort_query(&query, sort, list->order.sort == sort && !list->order.descending);
	return str_format(arena, "/client/cases%.*s", STR_ARG(query_text(&query)));
}

str client_case_page_path(struct arena *arena, const struct client_case_list *list, str cursor)
{
	struct query query = query_in(arena);
	client_case_query(&query, &list->order.filter);
	sort_query(&query, list->order.sort, list->order.descending);
	query_add(&query, "cursor", cursor);
	return str_format(arena, "/client/cases%.*s", STR_ARG(query_text(&query)));
}

str client_case_file_path(struct arena *arena, const struct client_case_list *list)
{
	struct query query = query_in(arena);
	client_case_query(&query, &list->order.filter);
	sort_query(&query, list->order.sort, list->order.descending);
	return str_format(arena, "/client/cases/file%.*s", STR_ARG(query_text(&query)));
}

static void range_words(struct html *h, struct text *words, const char *what, struct date_range range)
{
	if (date_is_none(range.from) && date_is_none(range.until))
		return;
	if (words->size)
		text_add_z(words, ", ");
	text_add(words, T(h, what, html_short_day(h, range.from), html_short_day(h, range.until)));
}

/* What the form above the list does not show: it came by a link from a report. */
static str filter_words(struct html *h, const struct case_filter *filter)
{
	struct text words = text_in(h->arena, 2000);
	range_words(h, &words, N_("taken in {0} to {1}"), filter->received);
	range_words(h, &words, N_("due {0} to {1}"), filter->due);
	range_words(h, &words, N_("closed {0} to {1}"), filter->closed);
	range_words(h, &words, N_("with money come in {0} to {1}"), filter->paid);
	if (filter->days_min || filter->days_max) {
		text_add_z(&words, words.size ? ", " : "");
		text_add(&words, T(h, "closed {0} to {1} days after we got them", html_count(h, filter->days_min > 0 ? filter->days_min : 0),
			filter->days_max && filter->days_max != INT32_MAX ? html_count(h, filter->days_max) : S("–")));
	}
	return text_str(&words);
}

/* ---- the list ---- */

static err_t list_show(struct web *web)
{
	struct client_case_list list = { .order = order_of(web) };
	if (web->form.error_count) {
		html_client_cases(&web->html, web, &list);
		return OK;
	}
	TRY(case_page(&web->op, &list.order, &list.page));
	if (list.page.count)
		web_log_soon(web, (struct web_act){ .act = "see", .client_no = web->visitor.client_no, .detail = str_from_z(web->route->title) });
	if (web->is_api)
		return web_answer_list(web, &shape_case_line, list.page.lines, list.page.count, list.page.next);
	list.more = filter_words(&web->html, &list.order.filter);
	struct query query = query_in(web->op.arena);
	client_case_query(&query, &list.order.filter);
	list.is_filtered = query_text(&query).size > 0;
	html_client_cases(&web->html, web, &list);
	return OK;
}

static void file_amount(struct text *file, money amount)
{
	text_add_char(file, ';');
	for (const char *at = money_plain(amount).z; *at; at++)
		text_add_char(file, *at == '.' ? ',' : *at);
}

static void file_line(struct html *h, struct text *file, const struct case_line *line)
{
	text_addf(file, "%lld;%.*s;", (long long)line->case_no, STR_ARG(line->kid));
	csv_text_field(file, line->invoice_no);
	text_add_char(file, ';');
	csv_text_field(file, line->debtor);
	text_add_char(file, ';');
	csv_text_field(file, T(h, words_stage(line->stage)));
	text_addf(file, ";%s;%s;%s;%s", date_iso(line->due_on).z, date_iso(line->received_on).z, date_iso(line->next_on).z,
		date_iso(line->closed_on).z);
	file_amount(file, line->principal);
	file_amount(file, line->balance);
	text_add_z(file, "\r\n");
}

/* Page by page, each in memory that is given back before the next. */
static err_t file_pages(struct web *web, struct arena *arena, struct case_page_order order, struct text *file)
{
	char cursor[200];
	struct op op = web->op;
	op.arena = arena;
	struct arena_mark start = arena_mark(arena);
	for (size_t rows = 0; rows < FILE_ROWS_MAX;) {
		struct case_page page;
		TRY(case_page(&op, &order, &page));
		for (size_t i = 0; i < page.count && file->size < FILE_SIZE_MAX - 4096; i++)
			file_line(&web->html, file, &page.lines[i]);
		if (!page.next.size || page.next.size >= sizeof cursor)
			return OK;
		for (size_t i = 0; i < page.next.size; i++)
			cursor[i] = page.next.at[i];
		order.cursor = (str){ cursor, page.next.size };
		rows += page.count ? page.count : 1;
		arena_reset(arena, start);
	}
	return OK;
}

static err_t file_send(struct web *web)
{
	struct case_page_order order = order_of(web);
	order.count = CASE_PAGE_MAX;
	order.cursor = S("");
	struct text file = text_in(web->op.arena, FILE_SIZE_MAX);
	text_add_z(&file, "\xEF\xBB\xBF" "case_no;kid;invoice_no;debtor;stage;due_on;received_on;next_on;closed_on;principal;balance\r\n");
	struct arena *arena = arena_create(FILE_ARENA_MAX);
	err_t err = file_pages(web, arena, order, &file);
	arena_destroy(arena);
	if (err)
		return err;
	web_log_soon(web, (struct web_act){ .act = "download", .client_no = web->visitor.client_no, .detail = str_from_z(web->route->title) });
	return web_file(web, "text/csv; charset=utf-8", text_str(&file), "cases.csv");
}

/* ---- one case ---- */

err_t client_case_view_read(struct web *web, int64_t case_no, struct client_case_view *ret_view)
{
	struct client_case_view view = { .may_write = (web->visitor.who & WHO_CLIENT_WRITER) != 0 };
	struct case_question now = { .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	TRY(case_show(&web->op, now, &view.now));
	case_moments(web->op.arena, &view.now, &view.past, &view.past_count);
	if (date_is_none(view.now.life.closed_on)) {
		TRY(case_preview(&web->op, (struct case_preview){ .case_no = case_no, .until = DATE_NONE }, &view.preview));
		case_moments_coming(web->op.arena, &view.now, &view.preview, &view.coming, &view.coming_count);
	}
	TRY(q_portal_letters(web->op.db, web->op.arena, case_no, &view.letters, &view.letter_count));
	struct message_place place = { .case_no = case_no, .with = MESSAGE_CLIENT, .count = MESSAGES_SHOWN };
	TRY(message_list(&web->op, place, &view.messages, &view.message_count));
	*ret_view = view;
	return OK;
}

static err_t case_page_show(struct web *web)
{
	struct client_case_view view;
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	TRY(client_case_view_read(web, case_no, &view));
	html_client_case(&web->html, web, &view);
	return OK;
}

/* ---- for programs ---- */

static err_t case_answer(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct case_view view;
	struct case_question now = { .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	TRY(case_show(&web->op, now, &view));
	struct api_case answer = api_case_of(web->op.arena, &view);
	return web_answer(web, &shape_case, &answer);
}

static bool is_payment(const struct case_moment *moment)
{
	return moment->kind == EVENT_PAYMENT || moment->kind == EVENT_DIRECT_PAYMENT || moment->kind == EVENT_REVERSAL;
}

static bool is_about_objection(const struct case_moment *moment)
{
	return moment->kind == EVENT_OBJECTION || moment->kind == EVENT_RESOLUTION;
}

static err_t moments_answer(struct web *web, bool (*is_wanted)(const struct case_moment *moment))
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct case_view view;
	struct case_moment *moments;
	size_t count, kept = 0;
	struct case_question now = { .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	TRY(case_show(&web->op, now, &view));
	case_moments(web->op.arena, &view, &moments, &count);
	for (size_t i = 0; i < count; i++)
		if (!is_wanted || is_wanted(&moments[i]))
			moments[kept++] = moments[i];
	return web_answer_list(web, &shape_case_moment, moments, kept, S(""));
}

static err_t events_answer(struct web *web)
{
	return moments_answer(web, NULL);
}

static err_t payments_answer(struct web *web)
{
	return moments_answer(web, is_payment);
}

static err_t objections_answer(struct web *web)
{
	return moments_answer(web, is_about_objection);
}

static err_t preview_answer(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct case_view now, view;
	struct case_moment *moments;
	size_t count;
	TRY(case_show(&web->op, (struct case_question){ case_no, DATE_NONE, DATE_NONE }, &now));
	TRY(case_preview(&web->op, (struct case_preview){ .case_no = case_no, .until = DATE_NONE }, &view));
	case_moments_coming(web->op.arena, &now, &view, &moments, &count);
	return web_answer_list(web, &shape_case_moment, moments, count, S(""));
}

static err_t plan_answer(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct case_view view;
	struct case_question now = { .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	TRY(case_show(&web->op, now, &view));
	return web_answer_list(web, &shape_instalment, view.life.instalments, view.life.instalment_count, S(""));
}

const struct route routes_client_case[] = {
	{ HTTP_GET, "/client/cases", "/api/v1/cases", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.fields = list_fields, .run = list_show, .title = N_("Cases"),
		.about = "The client's cases, filtered and sorted, in pages.", .answer = &shape_case_line, .answer_is_list = true },
	{ HTTP_GET, "/client/cases/file", .kind = ROUTE_HEAVY, .who = WHO_CLIENT, .flags = ROUTE_NO_PAGE, .fields = list_fields,
		.run = file_send, .title = N_("Cases as a file") },
	{ HTTP_GET, "/client/cases/{case}", .kind = ROUTE_READ, .who = WHO_CLIENT, .run = case_page_show, .title = N_("The case") },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.run = case_answer, .title = N_("A case"), .about = "One case: what is owed, where it stands and what comes next.",
		.answer = &shape_case },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}/events", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.run = events_answer, .title = N_("What has happened in a case"), .about = "All events of a case, oldest first, with "
		"the amounts of each and the paragraph it rests on.", .answer = &shape_case_moment, .answer_is_list = true },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}/payments", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.run = payments_answer, .title = N_("Payments of a case"), .about = "Payments, direct payments and reversals, with "
		"what each covered.", .answer = &shape_case_moment, .answer_is_list = true },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}/objections", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.run = objections_answer, .title = N_("Objections of a case"), .about = "The debtor's objections and what was decided.",
		.answer = &shape_case_moment, .answer_is_list = true },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}/plan", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.run = plan_answer, .title = N_("The instalment plan of a case"), .about = "The instalments of a running plan; none "
		"when there is no plan.", .answer = &shape_instalment, .answer_is_list = true },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}/preview", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.run = preview_answer, .title = N_("What comes in a case if nothing is paid"), .about = "The next half year, by the "
		"same code that runs at night.", .answer = &shape_case_moment, .answer_is_list = true },
	{ .method = HTTP_METHOD_COUNT },
};
