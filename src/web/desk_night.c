/* The night's reports and running it now; the outbox: letters waiting, print files, messages and their way. */
#include "web/desk_night.h"

#include "app/file_temp.h"
#include "html/desk_night.h"
#include "web/routes.h"

enum { NIGHT_ROWS = 31, WAITING_ROWS = 50, BATCH_ROWS = 30, SENT_ROWS = 50 };

static const struct field place_fields[] = {
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

static err_t nights_show(struct web *web)
{
	struct desk_nights page = { .may_run = web->visitor.who == WHO_MANAGER, .job = night_job_look(web->site->night) };
	struct status status;
	int64_t before = web->form.fields == place_fields ? form_value(&web->form, "before")->number : 0;
	TRY(q_night_report_page(web->op.db, web->op.arena, before ? before : INT64_MAX, NIGHT_ROWS, &page.rows, &page.count));
	page.has_more = page.count == NIGHT_ROWS;
	TRY(status_read(&web->op, &status));
	page.last_night = status.last_night;
	html_desk_nights(&web->html, web, &page);
	return OK;
}

static err_t night_start(struct web *web)
{
	TRY(night_job_start(web->site->night, &(struct night_job_order){ .today = web->op.today, .user = web->op.user,
		.name = web->visitor.name, .now = web->now, .clock = web->site->clock.now }));
	web_log_soon(web, (struct web_act){ .act = "night" });
	return web_redirect(web, "/desk/nights");
}

/* ---- the outbox ---- */

static const struct field outbox_fields[] = {
	{ .name = "place", .kind = FIELD_TEXT, .label = N_("Place in the list"), .optional = true },
	{ .name = "state", .kind = FIELD_TEXT, .label = N_("State"), .optional = true },
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

struct place {
	date on;
	int64_t case_no, letter_no;
};

/* "2026-06-30.17.2" */
static err_t place_parse(str text, struct place *ret_place)
{
	*ret_place = (struct place){ DATE_FIRST, 0, 0 };
	if (!text.size)
		return OK;
	str rest, on = str_cut(text, '.', &rest), case_no = str_cut(rest, '.', &rest);
	err_t err = date_parse_iso(on, &ret_place->on);
	if (!err)
		err = parse_i64(case_no, 0, INT64_MAX, &ret_place->case_no);
	if (!err)
		err = parse_i64(rest, 0, INT64_MAX, &ret_place->letter_no);
	if (!err)
		return OK;
	err_free(err);
	return fail(ERR_INPUT, "'%.*s' is no place in this list", STR_ARG(text));
}

static err_t waiting_read(struct web *web, struct desk_outbox *page)
{
	struct place place;
	TRY(place_parse(form_text(&web->form, "place"), &place));
	TRY(q_desk_waiting(web->op.db, web->op.arena, place.on, place.case_no, place.letter_no, WAITING_ROWS, &page->waiting,
		&page->waiting_count));
	if (page->waiting_count < WAITING_ROWS)
		return OK;
	const struct desk_waiting_row *last = &page->waiting[page->waiting_count - 1];
	page->waiting_next = str_format(web->op.arena, "%s.%lld.%lld", date_iso(last->ordered_on).z, (long long)last->case_id,
		(long long)last->letter_no);
	return OK;
}

static err_t sent_read(struct web *web, struct desk_outbox *page)
{
	int64_t before = form_value(&web->form, "before")->number;
	before = before ? before : INT64_MAX;
	if (!page->state.size) {
		TRY(q_desk_sent(web->op.db, web->op.arena, before, SENT_ROWS, &page->sent, &page->sent_count));
	} else {
		struct desk_sent_state_row *rows;
		TRY(q_desk_sent_state(web->op.db, web->op.arena, page->state, before, SENT_ROWS, &rows, &page->sent_count));
		page->sent = arena_many(web->op.arena, page->sent_count, struct desk_sent_row);
		for (size_t i = 0; i < page->sent_count; i++)
			page->sent[i] = (struct desk_sent_row){ rows[i].dispatch_id, rows[i].case_id, rows[i].channel, rows[i].address,
				rows[i].subject, rows[i].state, rows[i].detail, rows[i].created_at, rows[i].has_sent_at, rows[i].sent_at };
	}
	page->sent_more = page->sent_count == SENT_ROWS;
	return OK;
}

static err_t outbox_show(struct web *web)
{
	struct desk_outbox page = { .may_act = (web->visitor.who & WHO_DESK) != 0 };
	struct desk_unrendered_row unrendered;
	bool found;
	if (web->form.fields != outbox_fields)
		web->form = form_empty(web->op.arena, outbox_fields);
	page.state = form_text(&web->form, "state");
	TRY(waiting_read(web, &page));
	TRY(q_desk_unrendered(web->op.db, web->op.arena, DESK_UNRENDERED_MAX, &unrendered, &found));
	page.unrendered = unrendered.letter_count;
	TRY(q_desk_batches(web->op.db, web->op.arena, DATE_LAST, BATCH_ROWS, &page.batches, &page.batch_count));
	TRY(sent_read(web, &page));
	html_desk_outbox(&web->html, web, &page);
	return OK;
}

str desk_batch_name(struct html *h, const struct desk_batches_row *batch)
{
	str name = html_joined(h, "letters-%s", date_iso(batch->handed_on).z);
	if (batch->batch_no > 1)
		name = html_joined(h, "%.*s-%lld", STR_ARG(name), (long long)batch->batch_no);
	return html_joined(h, "%.*s%s.pdf", STR_ARG(name), batch->english ? "-en" : "");
}

static err_t nothing_told(const struct letter_file *file, void *context)
{
	(void)file;
	(void)context;
	return OK;
}

static void finding_passed(int64_t case_no, const char *text, void *context)
{
	(void)case_no;
	(void)text;
	(void)context;
}

/* The files can be made again byte for byte at any time, so none is kept here. */
static err_t render(struct web *web, struct letter_order *order, str name, str *ret_body)
{
	const char *folder;
	struct letter_result result;
	struct letter_listener listener = { nothing_told, finding_passed, NULL };
	TRY(file_temp_make(web->op.arena, &folder));
	order->folder = folder;
	err_t err = letter_render(&web->op, order, &listener, &result);
	if (!err && name.size) {
		*ret_body = S("");
		err_free(file_temp_read(web->op.arena, str_format(web->op.arena, "%s/%.*s", folder, STR_ARG(name)).at, ret_body));
	}
	file_temp_drop(folder);
	return err;
}

static err_t hand_over(struct web *web)
{
	struct letter_order order = { .day = DATE_NONE };
	TRY(render(web, &order, S(""), NULL));
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, web_log(web, (struct web_act){ .act = "hand_over_letters" })));
	return web_redirect(web, "/desk/outbox");
}

static err_t batch_send(struct web *web)
{
	date day;
	str body = S(""), name = web_word(web, "name");
	err_t err = date_parse_iso(web_word(web, "day"), &day);
	bool is_ours = !err && str_starts(name, S("letters-")) && name.size < 60 && !str_has(name, S("/")) && !str_has(name, S(".."));
	for (size_t i = 0; i < name.size; i++)
		is_ours = is_ours && ((name.at[i] >= 'a' && name.at[i] <= 'z') || (name.at[i] >= '0' && name.at[i] <= '9') ||
			name.at[i] == '-' || name.at[i] == '.');
	err_free(err);
	if (!is_ours)
		return web_missing(web);
	struct letter_order order = { .day = day };
	TRY(render(web, &order, name, &body));
	if (!body.size)
		return web_missing(web);
	web_log_soon(web, (struct web_act){ .act = "download", .detail = name });
	return web_file(web, "application/pdf", body, str_z(web->op.arena, name));
}

const struct route routes_desk_night[] = {
	{ HTTP_GET, "/desk/nights", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = place_fields, .run = nights_show,
		.title = N_("Nights") },
	{ HTTP_POST, "/desk/nights", .kind = ROUTE_WRITE, .who = WHO_MANAGER, .run = night_start, .again = nights_show,
		.title = N_("Nights") },
	{ HTTP_GET, "/desk/outbox", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = outbox_fields, .run = outbox_show,
		.title = N_("Outbox") },
	{ HTTP_POST, "/desk/outbox", .kind = ROUTE_WRITE, .who = WHO_DESK, .run = hand_over, .again = outbox_show,
		.title = N_("Outbox") },
	{ HTTP_GET, "/desk/outbox/{day}/{name}", .kind = ROUTE_HEAVY, .who = WHO_STAFF, .flags = ROUTE_NO_PAGE, .run = batch_send,
		.title = N_("A print file") },
	{ .method = HTTP_METHOD_COUNT },
};
