/* Cases at the desk: the list and search, the case page, its letters, messages, notes, files and log. */
#include "web/desk_case.h"

#include "app/letter_one.h"
#include "app/search.h"
#include "html/desk_case.h"
#include "web/query.h"
#include "web/routes.h"

enum { CASE_ROWS = 50, MESSAGE_ROWS = 50, NOTE_ROWS = 50, LOG_ROWS = 100 };

/* ---- the list ---- */

#define FIELD_DAY(text) { .name = text, .kind = FIELD_DATE, .label = N_("Date"), .optional = true }

static const struct field cases_fields[] = {
	{ .name = "q", .kind = FIELD_TEXT, .label = N_("Find a case"), .optional = true, .size_max = SEARCH_TEXT_MAX },
	{ .name = "stage", .kind = FIELD_TEXT, .label = N_("Where it stands"), .optional = true },
	{ .name = "client", .kind = FIELD_NUMBER, .label = N_("Client number"), .optional = true, .min = 1, .max = 999999999 },
	{ .name = "outcome", .kind = FIELD_TEXT, .label = N_("Outcome"), .optional = true },
	{ .name = "sort", .kind = FIELD_TEXT, .label = N_("Sorted by"), .optional = true },
	{ .name = "down", .kind = FIELD_CHECK, .label = N_("Largest first"), .optional = true },
	{ .name = "owing", .kind = FIELD_CHECK, .label = N_("Owes something"), .optional = true },
	{ .name = "cursor", .kind = FIELD_TEXT, .label = N_("Place in the list"), .optional = true },
	FIELD_DAY("received_from"), FIELD_DAY("received_until"), FIELD_DAY("due_from"), FIELD_DAY("due_until"),
	FIELD_DAY("closed_from"), FIELD_DAY("closed_until"), FIELD_DAY("paid_from"), FIELD_DAY("paid_until"),
	{ .name = "days_min", .kind = FIELD_NUMBER, .label = N_("Days"), .optional = true, .min = 0, .max = 100000 },
	{ .name = "days_max", .kind = FIELD_NUMBER, .label = N_("Days"), .optional = true, .min = 0, .max = INT32_MAX },
	{ .name = NULL },
};

static date day_of(const struct form *form, const char *name)
{
	return form_text(form, name).size ? form_value(form, name)->day : DATE_NONE;
}

static int days_of(const struct form *form, const char *name)
{
	return (int)form_value(form, name)->number; /* bounded by the field */
}

static struct case_filter filter_of(const struct form *form)
{
	str outcome = form_text(form, "outcome");
	return (struct case_filter){
		.client_no = form_value(form, "client")->number,
		.stage = form_text(form, "stage"),
		.text = form_text(form, "q"),
		.owing = form_value(form, "owing")->is_ticked,
		.outcome = str_eq_z(outcome, "open") ? CASE_OPEN : str_eq_z(outcome, "solved") ? CASE_SOLVED :
			str_eq_z(outcome, "ended") ? CASE_ENDED_UNSOLVED : CASE_ANY_OUTCOME,
		.received = { day_of(form, "received_from"), day_of(form, "received_until") },
		.due = { day_of(form, "due_from"), day_of(form, "due_until") },
		.closed = { day_of(form, "closed_from"), day_of(form, "closed_until") },
		.paid = { day_of(form, "paid_from"), day_of(form, "paid_until") },
		.days_min = days_of(form, "days_min"),
		.days_max = days_of(form, "days_max"),
	};
}

/* The same list at another place. */
static str query_at(struct web *web, str cursor)
{
	struct query query = query_in(web->op.arena);
	for (size_t i = 0; cursor.size && i < web->form.field_count; i++) {
		const struct field *field = &web->form.fields[i];
		if (!str_eq_z(S("cursor"), field->name))
			query_add(&query, field->name, field->kind == FIELD_CHECK ? (web->form.values[i].is_ticked ? S("yes") : S("")) :
				web->form.values[i].text);
	}
	query_add(&query, "cursor", cursor);
	return query_text(&query);
}

static bool is_narrowed(const struct form *form)
{
	static const char *const names[] = { "received_from", "received_until", "due_from", "due_until", "closed_from",
		"closed_until", "paid_from", "paid_until", "days_max" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (form_text(form, names[i]).size)
			return true;
	return false;
}

/* A number that is one case's leads straight to it. */
static err_t cases_exact(struct web *web, bool *ret_done)
{
	struct search_result result;
	str text = form_text(&web->form, "q");
	*ret_done = false;
	if (!text.size)
		return OK;
	TRY(search_find(&web->op, (struct search_query){ .text = text, .limit = 2 }, &result));
	*ret_done = result.is_exact && result.count == 1;
	return *ret_done ? web_redirect(web, "/desk/cases/%lld", (long long)result.case_nos[0]) : OK;
}

static err_t cases_find(struct web *web, struct desk_cases *list)
{
	struct case_page_order order = { .filter = filter_of(&web->form), .descending = form_value(&web->form, "down")->is_ticked,
		.cursor = form_text(&web->form, "cursor"), .count = CASE_ROWS };
	if (!case_sort_named(list->sort, &order.sort))
		order.sort = CASE_BY_NUMBER;
	return case_page(&web->op, &order, &list->page);
}

/* Names were shown, though no case was opened. What was searched for is told, but no number: it may be a person's identity. */
static void list_log(struct web *web, str text)
{
	bool is_words = text.size > 0;
	for (size_t i = 0; i < text.size; i++)
		is_words = is_words && !(text.at[i] >= '0' && text.at[i] <= '9');
	web_log_soon(web, (struct web_act){ .act = "see", .detail = str_format(web->op.arena, "%s%s%.*s", web->route->title,
		is_words ? ": " : "", is_words ? (int)text.size : 0, str_print_at(text)) });
}

static err_t cases_show(struct web *web)
{
	struct desk_cases list = { .q = form_text(&web->form, "q"), .stage = form_text(&web->form, "stage"),
		.client = form_text(&web->form, "client"), .outcome = form_text(&web->form, "outcome"),
		.sort = form_text(&web->form, "sort"), .is_narrowed = is_narrowed(&web->form) };
	bool done = false;
	err_t err = web->form.error_count ? OK : cases_exact(web, &done);
	if (done)
		return err;
	if (!err && !web->form.error_count)
		err = cases_find(web, &list);
	if (err && (err_kind(err) == ERR_INPUT || err_kind(err) == ERR_REFUSED)) {
		web->form.was_sent = true;
		web->form.error = str_copy(web->op.arena, str_from_z(err_text(err)));
		err_free(err);
		err = OK;
		web->answer->status = 422;
	}
	if (list.page.count)
		list_log(web, list.q);
	list.previous = query_at(web, list.page.previous);
	list.next = query_at(web, list.page.next);
	html_desk_cases(&web->html, web, &list);
	return err;
}

/* A debtor without a case is none: nothing is told of it. */
static err_t debtor_show(struct web *web)
{
	struct desk_cases list = { .q = S("") };
	TRY(case_of_debtor(&web->op, web_number(web, "debtor"), &list.page.lines, &list.page.count));
	if (!list.page.count)
		return web_missing(web);
	web_log_soon(web, (struct web_act){ .act = "see", .debtor_id = list.page.lines[0].debtor_id,
		.detail = str_from_z(web->route->title) });
	html_desk_debtor(&web->html, web, &list);
	return OK;
}

/* ---- the case page ---- */

static err_t case_ahead(struct web *web, struct desk_case *page)
{
	err_t err = case_preview(&web->op, (struct case_preview){ .case_no = page->view.case_no, .until = DATE_NONE,
		.pay_on = DATE_NONE }, &page->ahead);
	page->has_ahead = !err;
	if (err && err_kind(err) != ERR_REFUSED && err_kind(err) != ERR_INPUT)
		return err;
	err_free(err);
	return OK;
}

static err_t tasks_open(struct web *web, struct desk_case *page)
{
	struct task_row *rows;
	size_t count;
	TRY(task_of_case(&web->op, page->view.case_no, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (!rows[i].done_at && !rows[i].for_client)
			rows[page->task_count++] = rows[i];
	page->tasks = rows;
	return OK;
}

static err_t unread_count(struct web *web, struct desk_case *page)
{
	for (int party = MESSAGE_DEBTOR; party <= MESSAGE_CLIENT; party++) {
		int64_t count;
		TRY(message_unread(&web->op, (struct message_seen){ .case_no = page->view.case_no, .with = (enum message_party)party,
			.by_us = true }, &count));
		page->unread += count;
	}
	return OK;
}

static err_t case_read(struct web *web, int64_t case_no, struct desk_case *page)
{
	bool found;
	TRY(case_show(&web->op, (struct case_question){ case_no, DATE_NONE, DATE_NONE }, &page->view));
	TRY(q_case_detail(web->op.db, web->op.arena, case_no, &page->detail, &found));
	TRY(q_desk_letters(web->op.db, web->op.arena, case_no, &page->letters, &page->letter_count));
	TRY(tasks_open(web, page));
	if (page->view.life.disputed) {
		struct desk_fact_note_row note;
		TRY(q_desk_fact_note(web->op.db, web->op.arena, case_no, S("objection"), &note, &found));
		page->objection = found ? note.note : S("");
	}
	return unread_count(web, page);
}

bool desk_case_open(struct web *web, enum desk_part part, struct desk_case *ret_case, err_t *ret_err)
{
	int64_t case_no;
	*ret_case = (struct desk_case){ .part = part, .may_act = (web->visitor.who & WHO_DESK) != 0 };
	if (!web_case(web, &case_no, ret_err))
		return false;
	*ret_err = case_read(web, case_no, ret_case);
	return !*ret_err;
}

str desk_case_path(struct html *h, const struct desk_case *page, const char *part)
{
	return html_joined(h, "/desk/cases/%lld%s", (long long)page->view.case_no, part);
}

static err_t case_show_page(struct web *web)
{
	struct desk_case page;
	err_t err;
	if (!desk_case_open(web, DESK_OVERVIEW, &page, &err))
		return err;
	TRY(case_ahead(web, &page));
	page.did = desk_act_named(http_query(web->request, "did"));
	html_desk_case(&web->html, web, &page);
	return OK;
}

static err_t balance_show(struct web *web)
{
	struct desk_case page;
	err_t err;
	if (!desk_case_open(web, DESK_BALANCE, &page, &err))
		return err;
	html_desk_case_balance(&web->html, web, &page);
	return OK;
}

/* ---- letters ---- */

static err_t letters_show(struct web *web)
{
	struct desk_case page;
	struct desk_dispatches_row *sent;
	size_t count;
	err_t err;
	if (!desk_case_open(web, DESK_LETTERS, &page, &err))
		return err;
	TRY(q_desk_dispatches(web->op.db, web->op.arena, page.view.case_no, &sent, &count));
	html_desk_case_letters(&web->html, web, &page, sent, count);
	return OK;
}

static bool letter_found(struct web *web, struct letter *ret_letter, err_t *ret_err)
{
	int64_t case_no;
	if (!web_case(web, &case_no, ret_err))
		return false;
	*ret_err = letter_one(&web->op, case_no, web_number(web, "letter"), ret_letter);
	if (*ret_err && err_kind(*ret_err) == ERR_INPUT) {
		err_free(*ret_err);
		*ret_err = web_missing(web);
		return false;
	}
	return !*ret_err;
}

static err_t letter_show(struct web *web)
{
	struct letter letter;
	struct letter_content content;
	err_t err;
	if (!letter_found(web, &letter, &err))
		return err;
	TRY(letter_words(&web->op, &letter, &content));
	html_desk_case_letter(&web->html, web, &letter, &content);
	return OK;
}

static err_t letter_pdf_show(struct web *web)
{
	struct letter letter;
	err_t err;
	str pdf;
	if (!letter_found(web, &letter, &err))
		return err;
	TRY(letter_pdf_bytes(&web->op, &letter, &pdf));
	return web_file_shown(web, "application/pdf", pdf, html_joined(&web->html, "case-%lld-%s.pdf", (long long)letter.case_no,
		letter_kind_name(letter.kind)).at);
}

/* ---- messages ---- */

static const struct field_choice parties[] = {
	{ "debtor", N_("The debtor"), NULL },
	{ "client", N_("The client"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field message_fields[] = {
	{ .name = "with", .kind = FIELD_CHOICE, .label = N_("To"), .choices = parties },
	{ .name = "body", .kind = FIELD_LINES, .label = N_("Message"), .size_max = 4000 },
	{ .name = NULL },
};
static const struct field message_place_fields[] = {
	{ .name = "with", .kind = FIELD_TEXT, .label = N_("To"), .optional = true },
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

static err_t messages_read(struct web *web, struct desk_messages *page, int64_t before)
{
	TRY(message_list(&web->op, (struct message_place){ .case_no = page->head.view.case_no, .with = page->with,
		.before_id = before, .count = MESSAGE_ROWS + 1 }, &page->messages, &page->count));
	page->has_more = page->count > MESSAGE_ROWS;
	page->count -= page->has_more;
	return attachment_list(&web->op, page->head.view.case_no, &page->files, &page->file_count);
}

static err_t messages_show(struct web *web)
{
	struct desk_messages page = { .count = 0 };
	err_t err;
	if (!desk_case_open(web, DESK_MESSAGES, &page.head, &err))
		return err;
	page.with = str_eq_z(form_text(&web->form, "with"), "client") ? MESSAGE_CLIENT : MESSAGE_DEBTOR;
	bool is_place = web->form.fields == message_place_fields;
	TRY(messages_read(web, &page, is_place ? form_value(&web->form, "before")->number : 0));
	struct form form = is_place ? form_empty(web->op.arena, message_fields) : web->form;
	if (is_place)
		form_fill(&form, "with", str_from_z(message_party_name(page.with)));
	html_desk_case_messages(&web->html, web, &page, &form);
	return OK;
}

/* The newest message there is: what we have seen when we answer. */
static err_t newest_message(struct web *web, struct message_place place, int64_t *ret_message_id)
{
	struct message *messages;
	size_t count;
	place.count = 1;
	TRY(message_list(&web->op, place, &messages, &count));
	*ret_message_id = count ? messages[0].message_id : 0;
	return OK;
}

static err_t messages_seen(struct web *web, int64_t case_no, enum message_party with)
{
	int64_t newest;
	TRY(newest_message(web, (struct message_place){ .case_no = case_no, .with = with }, &newest));
	return newest ? message_read(&web->op, (struct message_seen){ .case_no = case_no, .with = with, .by_us = true,
		.until_id = newest, .now = web->now }) : OK;
}

static err_t message_post(struct web *web)
{
	int64_t case_no, message_id;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	enum message_party with = str_eq_z(form_text(&web->form, "with"), "client") ? MESSAGE_CLIENT : MESSAGE_DEBTOR;
	TRY(db_begin(web->op.db));
	err = messages_seen(web, case_no, with);
	if (!err)
		err = message_send(&web->op, &(struct message_new){ .case_no = case_no, .with = with, .from_us = true, .answers = true,
			.author = web->visitor.name, .body = form_text(&web->form, "body"), .now = web->now }, &message_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "message", .case_no = case_no,
			.detail = str_from_z(message_party_name(with)) });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/cases/%lld/messages?with=%s", (long long)case_no, message_party_name(with));
}

static const struct field seen_fields[] = {
	{ .name = "with", .kind = FIELD_CHOICE, .label = N_("To"), .choices = parties },
	{ .name = NULL },
};

/* Read, and no answer is needed: the question is settled. */
static err_t message_settle(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	enum message_party with = str_eq_z(form_text(&web->form, "with"), "client") ? MESSAGE_CLIENT : MESSAGE_DEBTOR;
	TRY(db_begin(web->op.db));
	err = messages_seen(web, case_no, with);
	if (!err)
		err = task_settle(&web->op, case_no, TASK_QUESTION, S("no answer needed"), web->now);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "message_seen", .case_no = case_no });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/cases/%lld/messages?with=%s", (long long)case_no, message_party_name(with));
}

/* What a stranger has sent is never shown in our pages: only downloaded, under the type its own bytes say. */
static err_t file_send(struct web *web)
{
	int64_t case_no;
	err_t err;
	struct attachment file;
	if (!web_case(web, &case_no, &err))
		return err;
	err = attachment_get(&web->op, case_no, web_number(web, "file"), &file);
	if (err && err_kind(err) == ERR_INPUT) {
		err_free(err);
		return web_missing(web);
	}
	TRY(err);
	const char *ending = str_eq_z(file.kind, "application/pdf") ? "pdf" : str_eq_z(file.kind, "image/png") ? "png" :
		str_eq_z(file.kind, "image/jpeg") ? "jpg" : "txt";
	return web_file(web, str_z(web->op.arena, file.kind), file.body, html_joined(&web->html, "case-%lld-file-%lld.%s",
		(long long)case_no, (long long)file.attachment_id, ending).at);
}

/* ---- notes and telephone calls ---- */

static const struct field_choice note_kinds[] = {
	{ "note", N_("Note"), NULL },
	{ "call_in", N_("They rang us"), NULL },
	{ "call_out", N_("We rang them"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field note_fields[] = {
	{ .name = "kind", .kind = FIELD_CHOICE, .label = N_("What"), .choices = note_kinds },
	{ .name = "body", .kind = FIELD_LINES, .label = N_("Text"),
		.hint = N_("The debtor may ask to see it. Write what happened, and nothing about health."), .size_max = 4000 },
	{ .name = NULL },
};
static const struct field note_place_fields[] = {
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

static err_t notes_show(struct web *web)
{
	struct desk_notes page = { .count = 0 };
	err_t err;
	if (!desk_case_open(web, DESK_NOTES, &page.head, &err))
		return err;
	bool is_place = web->form.fields == note_place_fields;
	TRY(note_list(&web->op, (struct note_place){ .case_no = page.head.view.case_no,
		.before_id = is_place ? form_value(&web->form, "before")->number : 0, .count = NOTE_ROWS + 1 }, &page.notes, &page.count));
	page.has_more = page.count > NOTE_ROWS;
	page.count -= page.has_more;
	struct form form = is_place ? form_empty(web->op.arena, note_fields) : web->form;
	if (is_place)
		form_fill(&form, "kind", S("note"));
	html_desk_case_notes(&web->html, web, &page, &form);
	return OK;
}

static err_t note_post(struct web *web)
{
	int64_t case_no, note_id;
	err_t err;
	struct note note = { .body = form_text(&web->form, "body"), .written_at = web->now };
	if (!web_case(web, &case_no, &err))
		return err;
	note.case_no = case_no;
	require(note_kind_named(form_text(&web->form, "kind"), &note.kind));
	note.author = web->visitor.name;
	struct op op = web->op;
	op.user = web->visitor.name; /* a note's author is op's user, as people read it */
	TRY(db_begin(op.db));
	err = note_add(&op, &note, &note_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = note_kind_name(note.kind), .case_no = case_no });
	TRY(db_end(op.db, err));
	return web_redirect(web, "/desk/cases/%lld/notes", (long long)case_no);
}

/* ---- the log ---- */

static err_t log_show(struct web *web)
{
	struct desk_log page = { .page_rows = LOG_ROWS };
	err_t err;
	if (!desk_case_open(web, DESK_LOG, &page.head, &err))
		return err;
	int64_t before = form_value(&web->form, "before")->number;
	TRY(q_desk_log_case(web->op.db, web->op.arena, page.head.view.case_no, 0, before ? before : INT64_MAX, LOG_ROWS, &page.rows,
		&page.count));
	html_desk_case_log(&web->html, web, &page);
	return OK;
}

const struct route routes_desk_case[] = {
	{ HTTP_GET, "/desk/cases", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = cases_fields, .run = cases_show,
		.title = N_("Cases") },
	{ HTTP_GET, "/desk/debtors/{debtor}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = debtor_show,
		.title = N_("All cases of the debtor") },
	{ HTTP_GET, "/desk/cases/{case}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = case_show_page, .title = N_("Case") },
	{ HTTP_GET, "/desk/cases/{case}/balance", .kind = ROUTE_READ, .who = WHO_STAFF, .run = balance_show,
		.title = N_("Every øre explained") },
	{ HTTP_GET, "/desk/cases/{case}/letters", .kind = ROUTE_READ, .who = WHO_STAFF, .run = letters_show, .title = N_("Letters") },
	{ HTTP_GET, "/desk/cases/{case}/letters/{letter}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = letter_show,
		.title = N_("Letter") },
	{ HTTP_GET, "/desk/cases/{case}/letters/{letter}/pdf", .kind = ROUTE_HEAVY, .who = WHO_STAFF, .flags = ROUTE_NO_PAGE,
		.run = letter_pdf_show, .title = N_("Letter as PDF") },
	{ HTTP_GET, "/desk/cases/{case}/messages", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = message_place_fields,
		.run = messages_show, .title = N_("Messages") },
	{ HTTP_POST, "/desk/cases/{case}/messages", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = message_fields,
		.run = message_post, .again = messages_show, .title = N_("Messages") },
	{ HTTP_POST, "/desk/cases/{case}/messages/seen", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = seen_fields,
		.run = message_settle, .title = N_("No answer needed") },
	{ HTTP_GET, "/desk/cases/{case}/files/{file}", .kind = ROUTE_READ, .who = WHO_STAFF, .flags = ROUTE_NO_PAGE,
		.run = file_send, .title = N_("File") },
	{ HTTP_GET, "/desk/cases/{case}/notes", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = note_place_fields,
		.run = notes_show, .title = N_("Notes and calls") },
	{ HTTP_POST, "/desk/cases/{case}/notes", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = note_fields, .run = note_post,
		.again = notes_show, .title = N_("Notes and calls") },
	{ HTTP_GET, "/desk/cases/{case}/log", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = note_place_fields, .run = log_show,
		.title = N_("Log") },
	{ .method = HTTP_METHOD_COUNT },
};
