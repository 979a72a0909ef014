/* Acts of a client on a case: a payment it got itself, a pause, a credit, a withdrawal, a message. The form's values travel in
 * hidden fields to the page that shows the effect and from there back, and are checked each time. */
#include "web/client_act.h"

#include "app/letter_one.h"
#include "app/message.h"
#include "html/client_act.h"
#include "web/api_shapes.h"

#include <string.h>

enum { DAYS_BACK = 3660, PAUSE_DAYS_MAX = 365, NOTE_SIZE_MAX = 500, MESSAGES_PAGE = 50 };

static const struct field pay_direct_fields[] = {
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("What did the debtor pay you?") },
	{ .name = "on", .kind = FIELD_DATE, .label = N_("On which day did you get the money?"),
		.hint = N_("dd.mm.yyyy. Interest stops on that day."), .min = -DAYS_BACK, .max = 0 },
	{ .name = "note", .kind = FIELD_TEXT, .label = N_("A note to the case handler"), .optional = true, .size_max = NOTE_SIZE_MAX },
	{ .name = NULL },
};
static const struct field pause_fields[] = {
	{ .name = "until", .kind = FIELD_DATE, .label = N_("Until which day?"),
		.hint = N_("dd.mm.yyyy. The debtor is sent nothing and charged nothing until then."), .min = 0, .max = PAUSE_DAYS_MAX },
	{ .name = "note", .kind = FIELD_TEXT, .label = N_("Why?"), .size_max = NOTE_SIZE_MAX },
	{ .name = NULL },
};
static const struct field credit_fields[] = {
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("How much do you credit?"),
		.hint = N_("It counts from the due date: interest on it falls away too.") },
	{ .name = "note", .kind = FIELD_TEXT, .label = N_("Number of the credit note, or why"), .size_max = NOTE_SIZE_MAX },
	{ .name = NULL },
};
static const struct field withdraw_fields[] = {
	{ .name = "note", .kind = FIELD_TEXT, .label = N_("Why do you take the case back?"), .size_max = NOTE_SIZE_MAX },
	{ .name = NULL },
};
static const struct field message_fields[] = {
	{ .name = "body", .kind = FIELD_LINES, .label = N_("What would you like to say?"),
		.hint = N_("The debtor does not see it. Do not write about health and the like.") },
	{ .name = NULL },
};
static const struct field message_list_fields[] = {
	{ .name = "cursor", .kind = FIELD_HIDDEN, .label = N_("Page"), .optional = true, .size_max = 20 },
	{ .name = NULL },
};

static const struct client_act acts[] = {
	{ "pay-direct", CASE_PAY_DIRECT, N_("Report a payment to you"), N_("The debtor has paid you instead of us. Tell us at once, so that "
		"we do not ask for money that has been paid."), N_("Report the payment"), N_("The payment is booked"), "pay_direct" },
	{ "pause", CASE_DEFER, N_("Put the case on hold"), N_("Nothing is sent to the debtor and no new fees come before the day you choose. "
		"Then the case goes on by itself."), N_("Put on hold"), N_("The case is on hold"), "defer" },
	{ "credit", CASE_CREDIT, N_("Credit the claim"), N_("You lower your claim or take it back in whole. Costs that should not have been "
		"charged are corrected."), N_("Credit"), N_("The claim is credited"), "credit" },
	{ "withdraw", CASE_WITHDRAW, N_("Withdraw the case"), N_("We stop and hand the case back to you. What has come in is settled as usual. "
		"It cannot be undone."), N_("Withdraw the case"), N_("The case is withdrawn"), "withdraw" },
};

/* The act of the route that was asked for: its word stands in the path. */
static const struct client_act *act_of(const struct web *web)
{
	const char *path = web->route->path;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		const char *at = strstr(path, acts[i].word);
		if (at && at[-1] == '/')
			return &acts[i];
	}
	panic("a route without its act");
}

static bool form_has(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return form->values[i].text.size > 0;
	return false;
}

static struct case_act case_act_of(const struct web *web, const struct client_act *act, int64_t case_no)
{
	const struct form *form = &web->form;
	return (struct case_act){
		.kind = act->kind,
		.case_no = case_no,
		.on = form_has(form, "on") ? form_value(form, "on")->day : DATE_NONE,
		.until = form_has(form, "until") ? form_value(form, "until")->day : DATE_NONE,
		.amount = form_has(form, "amount") ? form_value(form, "amount")->amount : MONEY_ZERO,
		.code = act->kind == CASE_CREDIT ? S("credit_note") : S(""),
		.note = form_has(form, "note") ? form_text(form, "note") : S(""),
	};
}

static err_t view_open(struct web *web, struct client_act_view *view, bool *ret_may)
{
	err_t err;
	*view = (struct client_act_view){ .act = act_of(web) };
	*ret_may = web_case(web, &view->case_no, &err);
	if (!*ret_may)
		return err;
	view->path = str_format(web->op.arena, "/client/cases/%lld/%s", (long long)view->case_no, view->act->word);
	return case_show(&web->op, (struct case_question){ view->case_no, DATE_NONE, DATE_NONE }, &view->now);
}

static err_t form_show(struct web *web)
{
	struct client_act_view view;
	bool may;
	TRY(view_open(web, &view, &may));
	if (may)
		html_client_act(&web->html, web, &view);
	return OK;
}

/* What would come of it: tried and undone, then told. */
static err_t check_show(struct web *web)
{
	struct client_act_view view;
	bool may;
	TRY(view_open(web, &view, &may));
	if (!may)
		return OK;
	struct case_act act = case_act_of(web, view.act, view.case_no);
	TRY(case_try(&web->op, &act, &view.trial));
	view.to_client = money_sub(case_to_client(&view.trial.after), case_to_client(&view.trial.before));
	if (view.trial.has_ahead)
		case_moments_coming(web->op.arena, &view.trial.after, &view.trial.ahead, &view.coming, &view.coming_count);
	html_client_act_check(&web->html, web, &view);
	return OK;
}

static err_t act_book(struct web *web, const struct client_act *kind, const struct case_act *act, struct case_act_result *ret_result)
{
	TRY(case_act(&web->op, act, ret_result));
	struct web_act log = { .act = kind->log, .case_no = act->case_no, .client_no = web->visitor.client_no, .detail = act->note };
	return web_log(web, log);
}

static err_t act_do(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	const struct client_act *kind = act_of(web);
	struct case_act act = case_act_of(web, kind, case_no);
	struct case_act_result result;
	bool joined;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, act_book(web, kind, &act, &result)));
	if (!web->is_api)
		return web_redirect(web, "/client/cases/%lld/%s/done", (long long)case_no, kind->word);
	struct api_act_result answer = { case_no, str_from_z(stage_name(result.stage)), result.balance, result.next_step, result.next_on,
		result.letters_withdrawn };
	return web_answer(web, &shape_act_result, &answer);
}

static err_t done_show(struct web *web)
{
	struct client_act_view view;
	bool may;
	TRY(view_open(web, &view, &may));
	if (may)
		html_client_act_done(&web->html, web, &view);
	return OK;
}

/* ---- messages ---- */

static err_t message_form_show(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	html_client_message(&web->html, web, case_no);
	return OK;
}

static err_t message_book(struct web *web, int64_t case_no, int64_t *ret_message_id)
{
	struct message_new message = {
		.case_no = case_no,
		.with = MESSAGE_CLIENT,
		.author = web->visitor.name,
		.body = form_text(&web->form, "body"),
		.now = web->now,
	};
	TRY(message_send(&web->op, &message, ret_message_id));
	return web_log(web, (struct web_act){ .act = "write", .case_no = case_no, .client_no = web->visitor.client_no });
}

static err_t message_post(struct web *web)
{
	int64_t case_no, message_id;
	err_t err;
	bool joined;
	if (!web_case(web, &case_no, &err))
		return err;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, message_book(web, case_no, &message_id)));
	if (!web->is_api)
		return web_redirect(web, "/client/cases/%lld#messages", (long long)case_no);
	struct message message = { .message_id = message_id, .case_no = case_no, .with = MESSAGE_CLIENT, .author = web->visitor.name,
		.body = form_text(&web->form, "body"), .sent_at = web->now };
	return web_answer(web, &shape_message, &message);
}

static err_t messages_answer(struct web *web)
{
	int64_t case_no, before = 0;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	str cursor = form_text(&web->form, "cursor");
	if (cursor.size)
		TRY(within(parse_i64(cursor, 1, INT64_MAX, &before), "cursor"));
	struct message *messages;
	size_t count;
	struct message_place place = { .case_no = case_no, .with = MESSAGE_CLIENT, .before_id = before, .count = MESSAGES_PAGE };
	TRY(message_list(&web->op, place, &messages, &count));
	str next = count == MESSAGES_PAGE ? str_format(web->op.arena, "%lld", (long long)messages[count - 1].message_id) : S("");
	return web_answer_list(web, &shape_message, messages, count, next);
}

static err_t messages_read(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct message_seen seen = { .case_no = case_no, .with = MESSAGE_CLIENT, .by_us = false, .until_id = INT64_MAX, .now = web->now };
	bool joined;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, message_read(&web->op, seen)));
	return web_redirect(web, "/client/cases/%lld#messages", (long long)case_no);
}

/* ---- a letter ---- */

static err_t letter_send(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct letter letter;
	str pdf;
	int64_t letter_no = web_number(web, "letter");
	err = letter_no ? letter_one(&web->op, case_no, letter_no, &letter) : OK;
	if (!letter_no || (err && err_kind(err) == ERR_INPUT)) {
		err_free(err);
		return web_missing(web);
	}
	if (err)
		return err;
	TRY(letter_pdf_bytes(&web->op, &letter, &pdf));
	const char *name = str_format(web->op.arena, "case-%lld-letter-%lld.pdf", (long long)case_no, (long long)letter_no).at;
	return web_file_shown(web, "application/pdf", pdf, name);
}

#define ACT_ROUTES(word, api_path, table, title_, about_) \
	{ HTTP_GET, "/client/cases/{case}/" word, .kind = ROUTE_READ, .who = WHO_CLIENT_WRITER, .fields = table, .run = form_show, \
		.title = title_ }, \
	{ HTTP_POST, "/client/cases/{case}/" word "/check", .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER, .fields = table, \
		.run = check_show, .again = form_show, .title = title_ }, \
	{ HTTP_POST, "/client/cases/{case}/" word, "/api/v1/cases/{case}/" api_path, .kind = ROUTE_WRITE, \
		.who = WHO_CLIENT_WRITER | WHO_KEY, .scope = "write", .fields = table, .run = act_do, .again = form_show, .title = title_, \
		.about = about_, .answer = &shape_act_result }, \
	{ HTTP_GET, "/client/cases/{case}/" word "/done", .kind = ROUTE_READ, .who = WHO_CLIENT_WRITER, .run = done_show, .title = title_ }

const struct route routes_client_act[] = {
	ACT_ROUTES("pay-direct", "direct-payments", pay_direct_fields, N_("Report a payment to you"),
		"Books what the debtor has paid straight to you."),
	ACT_ROUTES("pause", "pause", pause_fields, N_("Put the case on hold"),
		"Gives the debtor time: nothing is sent or charged before the day."),
	ACT_ROUTES("credit", "credits", credit_fields, N_("Credit the claim"), "Lowers the claim by a credit note, counted from the due date."),
	ACT_ROUTES("withdraw", "withdrawal", withdraw_fields, N_("Withdraw the case"), "Hands the case back to you, unsolved."),
	{ HTTP_GET, "/client/cases/{case}/message", .kind = ROUTE_READ, .who = WHO_CLIENT_WRITER, .fields = message_fields,
		.run = message_form_show, .title = N_("Write to the case handler") },
	{ HTTP_POST, "/client/cases/{case}/message", "/api/v1/cases/{case}/messages", .kind = ROUTE_WRITE,
		.who = WHO_CLIENT_WRITER | WHO_KEY, .scope = "write", .fields = message_fields, .run = message_post,
		.again = message_form_show, .title = N_("Write to the case handler"), .about = "Sends a message about the case to its handler.",
		.answer = &shape_message },
	{ HTTP_GET, NULL, "/api/v1/cases/{case}/messages", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "read",
		.fields = message_list_fields, .run = messages_answer, .title = N_("Messages about a case"),
		.about = "What you and the agency have written about the case, newest first.", .answer = &shape_message,
		.answer_is_list = true },
	{ HTTP_POST, "/client/cases/{case}/messages/read", .kind = ROUTE_WRITE, .who = WHO_CLIENT, .run = messages_read,
		.title = N_("Mark the messages as read") },
	{ HTTP_GET, "/client/cases/{case}/letters/{letter}", .kind = ROUTE_HEAVY, .who = WHO_CLIENT, .flags = ROUTE_NO_PAGE,
		.run = letter_send, .title = N_("A letter") },
	{ .method = HTTP_METHOD_COUNT },
};
