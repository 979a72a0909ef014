#include "web/client_upload.h"

#include "html/client_upload.h"
#include "web/api_shapes.h"
#include "web/upload_queue.h"

enum { LIST_ROWS = 30, FINDINGS_SHOWN = 200, FORM_ROOM = 64 * 1024 };

static const struct field upload_fields[] = {
	{ .name = "file", .kind = FIELD_FILE, .label = N_("File"), .hint = N_("CSV from your accounts system, or an EHF invoice or credit note. "
		"At most 20 MB."), .missing = N_("Choose a file") },
	{ .name = NULL },
};
static const struct field list_fields[] = {
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Page"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};
static const struct field_choice take_choices[] = {
	{ "good", N_("Take the good rows"), NULL },
	{ "all", N_("Take all"), NULL },
	{ "none", N_("Take nothing"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field take_fields[] = {
	{ .name = "rows", .kind = FIELD_CHOICE, .label = N_("Which rows?"), .choices = take_choices },
	{ .name = NULL },
};

static const struct {
	const char *state, *label, *color;
} states[] = {
	{ "waiting", N_("Waits to be read"), "info" },
	{ "checking", N_("Is being read"), "info" },
	{ "checked", N_("Waits for you"), "warning" },
	{ "ordered", N_("Is being taken in"), "info" },
	{ "taking", N_("Is being taken in"), "info" },
	{ "done", N_("Taken in"), "success" },
	{ "failed", N_("Not taken in"), "danger" },
};

const char *client_upload_state(str state)
{
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (str_eq_z(state, states[i].state))
			return states[i].label;
	return "";
}

const char *client_upload_state_color(str state)
{
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (str_eq_z(state, states[i].state))
			return states[i].color;
	return "neutral";
}

static err_t list_read(struct web *web, struct client_upload_list *list)
{
	int64_t before = 0;
	str text = http_query(web->request, "before");
	if (text.size)
		TRY(within(parse_i64(text, 1, INT64_MAX, &before), "before"));
	struct upload_place place = { .client_no = web->visitor.client_no, .before_id = before, .count = LIST_ROWS };
	TRY(upload_list(&web->op, place, &list->uploads, &list->count));
	list->next = list->count == LIST_ROWS ? list->uploads[list->count - 1].upload_id : 0;
	return OK;
}

static err_t list_show(struct web *web)
{
	struct client_upload_list list = { 0 };
	TRY(list_read(web, &list));
	html_client_uploads(&web->html, web, &list);
	return OK;
}

static err_t list_answer(struct web *web)
{
	struct client_upload_list list = { 0 };
	TRY(list_read(web, &list));
	return web_answer_list(web, &shape_upload, list.uploads, list.count,
		list.next ? str_format(web->op.arena, "%lld", (long long)list.next) : S(""));
}

static err_t upload_book(struct web *web, const struct http_field *file, int64_t *ret_upload_id)
{
	struct upload_new upload = {
		.client_no = web->visitor.client_no,
		.name = file->file_name.size ? file->file_name : S("claims"),
		.body = file->value,
		.language = str_from_z(web_language_code(web->language)),
		.now = web->now,
	};
	TRY(upload_store(&web->op, &upload, ret_upload_id));
	return web_log(web, (struct web_act){ .act = "upload", .client_no = web->visitor.client_no, .detail = upload.name });
}

static err_t upload_take_file(struct web *web)
{
	int64_t upload_id;
	bool joined;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, upload_book(web, form_value(&web->form, "file")->file, &upload_id)));
	upload_queue_wake(web->site->uploads);
	return web_redirect(web, "/client/uploads/%lld", (long long)upload_id);
}

static bool is_one_of(str state, const char *a, const char *b)
{
	return str_eq_z(state, a) || str_eq_z(state, b);
}

static err_t view_read(struct web *web, struct client_upload_view *view, bool *ret_found)
{
	TRY(upload_get(&web->op, web->visitor.client_no, web_number(web, "upload"), &view->upload, ret_found));
	if (!*ret_found)
		return web_missing(web);
	str state = view->upload.state;
	view->is_working = is_one_of(state, "waiting", "checking") || is_one_of(state, "ordered", "taking");
	view->is_checked = str_eq_z(state, "checked");
	view->is_done = str_eq_z(state, "done");
	view->is_failed = str_eq_z(state, "failed");
	view->may_write = (web->visitor.who & WHO_CLIENT_WRITER) != 0;
	view->progress = is_one_of(state, "checking", "taking") ? upload_queue_progress(web->site->uploads) : 0;
	return upload_findings(&web->op, view->upload.upload_id, 0, FINDINGS_SHOWN, &view->findings, &view->finding_count);
}

static err_t upload_show(struct web *web)
{
	struct client_upload_view view = { 0 };
	bool found;
	TRY(view_read(web, &view, &found));
	if (found && web->is_api)
		return web_answer(web, &shape_upload, &view.upload);
	if (found)
		html_client_upload(&web->html, web, &view);
	return OK;
}

static err_t decision_book(struct web *web, int64_t upload_id, str rows)
{
	int64_t client_no = web->visitor.client_no;
	if (str_eq_z(rows, "none"))
		TRY(upload_drop(&web->op, client_no, upload_id, web->now));
	else
		TRY(upload_order(&web->op, client_no, upload_id, str_eq_z(rows, "good")));
	return web_log(web, (struct web_act){ .act = "upload_decide", .client_no = client_no,
		.detail = str_format(web->op.arena, "%lld %.*s", (long long)upload_id, STR_ARG(rows)) });
}

static err_t upload_decide(struct web *web)
{
	struct client_upload_view view = { 0 };
	bool found, joined;
	TRY(view_read(web, &view, &found));
	if (!found)
		return OK;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, decision_book(web, view.upload.upload_id, form_text(&web->form, "rows"))));
	upload_queue_wake(web->site->uploads);
	return web_redirect(web, "/client/uploads/%lld", (long long)view.upload.upload_id);
}

static err_t bad_rows_send(struct web *web)
{
	struct client_upload_view view = { 0 };
	bool found;
	str rows;
	TRY(view_read(web, &view, &found));
	if (!found)
		return OK;
	TRY(upload_bad_rows(&web->op, view.upload.upload_id, &rows));
	if (!rows.size)
		return web_missing(web);
	const char *name = str_format(web->op.arena, "upload-%lld-rows-to-mend.csv", (long long)view.upload.upload_id).at;
	return web_file(web, "text/csv", rows, name);
}

const struct route routes_client_upload[] = {
	{ HTTP_GET, "/client/uploads", .kind = ROUTE_READ, .who = WHO_CLIENT, .fields = upload_fields, .run = list_show,
		.title = N_("Upload a file") },
	{ HTTP_GET, NULL, "/api/v1/uploads", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read", .fields = list_fields,
		.run = list_answer, .title = N_("Files of claims"), .about = "Files of claims you have uploaded, newest first.",
		.answer = &shape_upload, .answer_is_list = true },
	{ HTTP_POST, "/client/uploads", .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER, .fields = upload_fields,
		.body_max = UPLOAD_SIZE_MAX + FORM_ROOM, .run = upload_take_file, .again = list_show, .title = N_("Upload a file") },
	{ HTTP_GET, "/client/uploads/{upload}", "/api/v1/uploads/{upload}", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY,
		.scope = "read", .run = upload_show, .title = N_("A file of claims"), .about = "How far a file of claims has come.",
		.answer = &shape_upload },
	{ HTTP_POST, "/client/uploads/{upload}", .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER, .fields = take_fields,
		.run = upload_decide, .again = upload_show, .title = N_("Decide on a file of claims") },
	{ HTTP_GET, "/client/uploads/{upload}/bad", .kind = ROUTE_HEAVY, .who = WHO_CLIENT, .flags = ROUTE_NO_PAGE,
		.run = bad_rows_send, .title = N_("Rows to be mended") },
	{ .method = HTTP_METHOD_COUNT },
};
