/* Four eyes: what one person has asked for and another must agree to. And asking for one act on many cases. */
#include "app/approval.h"

#include "app/file_temp.h"
#include "html/desk_approval.h"
#include "web/desk_approval.h"
#include "web/routes.h"

enum { APPROVAL_ROWS = 50, DONE_ROWS = 20, CASES_TEXT_MAX = 12000 };

static err_t queue_show(struct web *web)
{
	struct desk_approvals page = { .count = 0 };
	TRY(approval_list(&web->op, (struct approval_place){ .after_id = form_value(&web->form, "after")->number,
		.count = APPROVAL_ROWS }, &page.open, &page.count));
	page.has_more = page.count == APPROVAL_ROWS;
	TRY(q_desk_approvals_done(web->op.db, web->op.arena, INT64_MAX, DONE_ROWS, &page.done, &page.done_count));
	html_desk_approvals(&web->html, web, &page);
	return OK;
}

static bool approval_find(struct web *web, struct approval *ret_approval, err_t *ret_err)
{
	*ret_err = approval_get(&web->op, web_number(web, "approval"), ret_approval);
	if (*ret_err && err_kind(*ret_err) == ERR_INPUT) {
		err_free(*ret_err);
		*ret_err = web_missing(web);
		return false;
	}
	return !*ret_err && (!ret_approval->case_no || web_case_of(web, ret_approval->case_no, ret_err));
}

static err_t approval_show(struct web *web)
{
	struct desk_approval page = { .was_asked = http_query(web->request, "asked").size > 0 };
	err_t err;
	if (!approval_find(web, &page.approval, &err))
		return err;
	bool is_open = !page.approval.decided_at;
	page.is_own = page.approval.asked_by == web->visitor.person_id;
	page.may_agree = is_open && !page.is_own && web->visitor.who == WHO_MANAGER;
	page.may_refuse = is_open && (page.may_agree || page.is_own);
	html_desk_approval(&web->html, web, &page);
	return OK;
}

static err_t logged(struct web *web, const struct approval *approval, const char *act)
{
	TRY(db_begin(web->op.db));
	return db_end(web->op.db, web_log(web, (struct web_act){ .act = act, .case_no = approval->case_no,
		.detail = str_format(web->op.arena, "request %lld, %s", (long long)approval->approval_id,
			approval_kind_name(approval->kind)) }));
}

static err_t agree(struct web *web)
{
	struct approval approval;
	struct approval_result result;
	const char *folder;
	err_t err;
	if (!approval_find(web, &approval, &err))
		return err;
	/* The files of a settlement are made again from the book whenever they are asked for. */
	TRY(file_temp_make(web->op.arena, &folder));
	err = approval_agree(&web->op, &(struct approval_decision){ .approval_id = approval.approval_id,
		.person_id = web->visitor.person_id, .folder = folder, .now = web->now }, &result);
	file_temp_drop(folder);
	TRY(err);
	TRY(logged(web, &approval, "agree"));
	return web_redirect(web, "/desk/approvals/%lld", (long long)approval.approval_id);
}

static const struct field refuse_fields[] = {
	{ .name = "reason", .kind = FIELD_TEXT, .label = N_("Why not"), .size_max = 500 },
	{ .name = NULL },
};

static err_t refuse(struct web *web)
{
	struct approval approval;
	err_t err;
	if (!approval_find(web, &approval, &err))
		return err;
	if (web->visitor.who != WHO_MANAGER && approval.asked_by != web->visitor.person_id)
		return web_forbidden(web);
	TRY(approval_refuse(&web->op, &(struct approval_decision){ .approval_id = approval.approval_id,
		.person_id = web->visitor.person_id, .reason = form_text(&web->form, "reason"), .now = web->now }));
	TRY(logged(web, &approval, "refuse"));
	return web_redirect(web, "/desk/approvals/%lld", (long long)approval.approval_id);
}

/* ---- one act on many cases ---- */

static const struct field_choice mass_acts[] = {
	{ "close", N_("Give the claims up"), NULL },
	{ "withdraw", N_("Hand the cases back to the client"), NULL },
	{ "defer", N_("Give more time"), NULL },
	{ "surveil", N_("Put under surveillance"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field mass_fields[] = {
	{ .name = "act", .kind = FIELD_CHOICE, .label = N_("What is to be done"), .choices = mass_acts },
	{ .name = "cases", .kind = FIELD_LINES, .label = N_("Case numbers"),
		.hint = N_("One a line, or separated by blanks or commas; at most 1000"), .size_max = CASES_TEXT_MAX },
	{ .name = "until", .kind = FIELD_DATE, .label = N_("Until and with"), .hint = N_("Only for more time and surveillance"),
		.optional = true, .min = 1, .max = 366 },
	{ .name = "reason", .kind = FIELD_TEXT, .label = N_("Why"), .size_max = 500 },
	{ .name = NULL },
};

static err_t mass_show(struct web *web)
{
	html_desk_mass(&web->html, web);
	return OK;
}

static err_t numbers_read(struct web *web, str text, int64_t *numbers, size_t *ret_count)
{
	size_t count = 0;
	for (size_t i = 0; i <= text.size;) {
		size_t end = i;
		while (end < text.size && text.at[end] >= '0' && text.at[end] <= '9')
			end++;
		if (end > i) {
			if (count == APPROVAL_CASES_MAX)
				return fail(ERR_INPUT, "a mass act is for 1 to %d cases", APPROVAL_CASES_MAX);
			TRY(parse_i64((str){ text.at + i, end - i }, 1, INT64_MAX, &numbers[count++]));
			i = end;
		} else if (i < text.size && !(text.at[i] == ' ' || text.at[i] == ',' || text.at[i] == ';' || text.at[i] == '\n' ||
				text.at[i] == '\r' || text.at[i] == '\t')) {
			form_wrong(&web->form, "cases", T(&web->html, "Write case numbers only"));
			*ret_count = 0;
			return OK;
		} else {
			i++;
		}
	}
	*ret_count = count;
	return OK;
}

static err_t mass_ask(struct web *web)
{
	int64_t *numbers = arena_many(web->op.arena, APPROVAL_CASES_MAX, int64_t), approval_id;
	size_t count = 0;
	str act = form_text(&web->form, "act");
	TRY(numbers_read(web, form_text(&web->form, "cases"), numbers, &count));
	if (web->form.error_count)
		return web_again(web);
	struct approval_new request = { .kind = APPROVAL_MASS, .case_nos = numbers, .case_count = count, .on = DATE_NONE,
		.reason = form_text(&web->form, "reason"), .asked_by = web->visitor.person_id, .now = web->now };
	request.act = (struct case_act){ .on = DATE_NONE, .code = S(""), .note = request.reason,
		.kind = str_eq_z(act, "close") ? CASE_CLOSE : str_eq_z(act, "withdraw") ? CASE_WITHDRAW : str_eq_z(act, "defer") ?
			CASE_DEFER : CASE_SURVEIL,
		.until = form_text(&web->form, "until").size ? form_value(&web->form, "until")->day : DATE_NONE };
	TRY(db_begin(web->op.db));
	err_t err = approval_ask(&web->op, &request, &approval_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "ask_mass", .detail = str_format(web->op.arena, "request %lld, %.*s, %zu cases",
			(long long)approval_id, STR_ARG(act), count) });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/approvals/%lld?asked=1", (long long)approval_id);
}

static const struct field queue_fields[] = {
	{ .name = "after", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 0, .max = INT64_MAX },
	{ .name = NULL },
};

const struct route routes_desk_approval[] = {
	{ HTTP_GET, "/desk/approvals", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = queue_fields, .run = queue_show,
		.title = N_("Four eyes") },
	{ HTTP_GET, "/desk/mass", .kind = ROUTE_READ, .who = WHO_DESK, .fields = mass_fields, .run = mass_show,
		.title = N_("One act on many cases") },
	{ HTTP_POST, "/desk/mass", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = mass_fields, .run = mass_ask, .again = mass_show,
		.title = N_("One act on many cases") },
	{ HTTP_GET, "/desk/approvals/{approval}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = approval_show,
		.title = N_("Request for a second pair of eyes") },
	{ HTTP_POST, "/desk/approvals/{approval}/agree", .kind = ROUTE_WRITE, .who = WHO_MANAGER, .run = agree,
		.again = approval_show, .title = N_("Agree") },
	{ HTTP_POST, "/desk/approvals/{approval}/refuse", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = refuse_fields, .run = refuse,
		.again = approval_show, .title = N_("Refuse") },
	{ .method = HTTP_METHOD_COUNT },
};
