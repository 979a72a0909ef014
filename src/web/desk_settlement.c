/* Settlements: what would be paid to whom, asking for it, and the files of what has been run. */
#include "web/desk_settlement.h"

#include "app/approval.h"
#include "app/file_temp.h"
#include "html/desk_settlement.h"
#include "web/routes.h"

enum { RUN_ROWS = 50, FILE_NAME_MAX = 80 };

static const struct field place_fields[] = {
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

static err_t list_show(struct web *web)
{
	struct desk_settlements page = { .count = 0 };
	int64_t before = form_value(&web->form, "before")->number;
	TRY(q_desk_runs(web->op.db, web->op.arena, before ? before : INT64_MAX, RUN_ROWS, &page.runs, &page.count));
	page.has_more = page.count == RUN_ROWS;
	html_desk_settlements(&web->html, web, &page);
	return OK;
}

static bool run_find(struct web *web, struct desk_run_row *ret_run, err_t *ret_err)
{
	bool found;
	*ret_err = q_desk_run(web->op.db, web->op.arena, web_number(web, "run"), ret_run, &found);
	if (!*ret_err && !found)
		*ret_err = web_missing(web);
	else if (!*ret_err)
		return true;
	return false;
}

static err_t run_show(struct web *web)
{
	struct desk_settlement page = { .client_count = 0 };
	err_t err;
	if (!run_find(web, &page.run, &err))
		return err;
	TRY(q_desk_run_clients(web->op.db, web->op.arena, page.run.run_id, &page.clients, &page.client_count));
	TRY(q_payout_list(web->op.db, web->op.arena, page.run.run_id, &page.payouts, &page.payout_count));
	html_desk_settlement(&web->html, web, &page);
	return OK;
}

/* ---- files: made again from the book, the same bytes ---- */

static bool name_is_file(str name)
{
	bool starts = str_starts(name, S("statement-")) || str_starts(name, S("pain-"));
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (c == '.' && i)))
			return false;
	}
	return starts && name.size < FILE_NAME_MAX;
}

static const char *file_type(str name)
{
	if (name.size > 4 && str_eq_z((str){ name.at + name.size - 4, 4 }, ".pdf"))
		return "application/pdf";
	return name.size > 4 && str_eq_z((str){ name.at + name.size - 4, 4 }, ".csv") ? "text/csv; charset=utf-8" : "application/xml";
}

static err_t files_make(struct web *web, date on, const char *folder, str name, str *ret_body)
{
	struct settle_result result = { .file = S("") };
	TRY(settle_files_write(&web->op, on, folder, &result));
	err_t err = file_temp_read(web->op.arena, str_format(web->op.arena, "%s/%.*s", folder, STR_ARG(name)).at, ret_body);
	err_free(err); /* no such file of this run: an empty body */
	return OK;
}

static err_t file_send(struct web *web)
{
	struct desk_run_row run;
	const char *folder;
	str name = web_word(web, "name"), body = S("");
	err_t err;
	if (!run_find(web, &run, &err))
		return err;
	if (!name_is_file(name))
		return web_missing(web);
	TRY(file_temp_make(web->op.arena, &folder));
	err = files_make(web, run.settled_on, folder, name, &body);
	file_temp_drop(folder);
	TRY(err);
	if (!body.size)
		return web_missing(web);
	web_log_soon(web, (struct web_act){ .act = "download", .detail = name });
	return web_file(web, file_type(name), body, str_z(web->op.arena, name));
}

/* ---- a new one ---- */

static const struct field new_fields[] = {
	{ .name = "on", .kind = FIELD_DATE, .label = N_("Settle what was booked by"), .min = -366, .max = 0 },
	{ .name = "reason", .kind = FIELD_TEXT, .label = N_("Why now"), .hint = N_("For example: the settlement of the month"), .optional = true,
		.size_max = 500 },
	{ .name = NULL },
};

static err_t new_show(struct web *web)
{
	struct desk_settlement_new page = { .on = web->op.today, .may_ask = (web->visitor.who & WHO_DESK) != 0 };
	if (!web->form.was_sent)
		form_fill(&web->form, "on", str_copy(web->op.arena, str_from_z(date_norwegian(web->op.today).z)));
	else if (!form_value(&web->form, "on")->error.size)
		page.on = form_value(&web->form, "on")->day;
	TRY(settle_preview(&web->op, page.on, &page.preview));
	html_desk_settlement_new(&web->html, web, &page);
	return OK;
}

static const struct field ask_fields[] = {
	{ .name = "on", .kind = FIELD_DATE, .label = N_("Settle what was booked by"), .min = -366, .max = 0 },
	{ .name = "reason", .kind = FIELD_TEXT, .label = N_("Why now"), .hint = N_("For example: the settlement of the month"), .size_max = 500 },
	{ .name = NULL },
};

static err_t ask(struct web *web)
{
	int64_t approval_id;
	date on = form_value(&web->form, "on")->day;
	TRY(db_begin(web->op.db));
	err_t err = approval_ask(&web->op, &(struct approval_new){ .kind = APPROVAL_PAYOUT, .on = on,
		.reason = form_text(&web->form, "reason"), .asked_by = web->visitor.person_id, .now = web->now }, &approval_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "ask_payout", .detail = str_from_z(date_iso(on).z) });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/approvals/%lld?asked=1", (long long)approval_id);
}

const struct route routes_desk_settlement[] = {
	{ HTTP_GET, "/desk/settlements", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = place_fields, .run = list_show,
		.title = N_("Settlements") },
	{ HTTP_GET, "/desk/settlements/new", .kind = ROUTE_HEAVY, .who = WHO_STAFF, .fields = new_fields, .run = new_show,
		.title = N_("A new settlement") },
	{ HTTP_POST, "/desk/settlements/new", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = ask_fields, .run = ask,
		.again = new_show, .title = N_("A new settlement") },
	{ HTTP_GET, "/desk/settlements/{run}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = run_show, .title = N_("Settlement") },
	{ HTTP_GET, "/desk/settlements/{run}/files/{name}", .kind = ROUTE_HEAVY, .who = WHO_STAFF, .flags = ROUTE_NO_PAGE,
		.run = file_send, .title = N_("A file of a settlement") },
	{ .method = HTTP_METHOD_COUNT },
};
