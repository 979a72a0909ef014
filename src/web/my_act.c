/* What a debtor does to a case. What a wish would bring is found by granting it in a transaction that is rolled back: the page
 * shows what the engine does, not what a second calculation thinks it would do. A fee and a coming rise of the collection fee
 * are shown before they are agreed to, since neither may be charged otherwise (inkassoforskriften § 2-4, § 2-5). */
#include "web/my_act.h"

#include "app/attachment.h"
#include "app/task.h"
#include "html/my_act.h"
#include "web/routes.h"

enum { PARTS_MAX = 60, WISH_DAYS_MAX = 365, UPLOAD_SIZE_MAX = ATTACHMENT_SIZE_MAX + 64 * 1024 };

/* ---- more time and instalments ---- */

#define UNTIL_FIELD(label_, hint_) \
	{ .name = "until", .kind = FIELD_DATE, .label = label_, .hint = hint_, .min = 1, .max = WISH_DAYS_MAX }
#define NOTE_FIELD \
	{ .name = "note", .kind = FIELD_LINES, .label = N_("What we should know"), .hint = N_("Do not write about health or other " \
		"private matters we do not need."), .optional = true, .size_max = 2000 }

static const struct field time_fields[] = {
	UNTIL_FIELD(N_("Until which day?"), NULL),
	NOTE_FIELD,
	{ .name = NULL },
};
static const struct field plan_fields[] = {
	{ .name = "parts", .kind = FIELD_NUMBER, .label = N_("How many parts?"), .min = 2, .max = PARTS_MAX },
	UNTIL_FIELD(N_("When do you pay the first?"), NULL),
	NOTE_FIELD,
	{ .name = NULL },
};

static bool is_plan_page(const struct web *web)
{
	return web->route->fields == plan_fields;
}

static struct policy_request request_of(struct web *web, const struct my_case *my)
{
	bool is_plan = is_plan_page(web);
	return (struct policy_request){
		.case_no = my->view.case_no,
		.wish = { .kind = is_plan ? POLICY_INSTALMENTS : POLICY_MORE_TIME, .until = form_value(&web->form, "until")->day,
			.instalments = is_plan ? form_value(&web->form, "parts")->number : 0 },
		.told = true,
		.note = form_text(&web->form, "note"),
		.now = web->now,
	};
}

/* The rise of the collection fee that lies ahead if nothing is paid. */
static err_t heavy_ahead(struct web *web, int64_t case_no, money *ret_rise)
{
	struct case_view later;
	*ret_rise = MONEY_ZERO;
	TRY(case_preview(&web->op, (struct case_preview){ .case_no = case_no, .until = DATE_NONE }, &later));
	for (size_t i = 0; i < later.life.event_count; i++)
		if (later.life.events[i].kind == EVENT_HEAVY && date_after(later.life.events[i].on, web->op.today))
			*ret_rise = entry_owed(&later.life.events[i].entry);
	return OK;
}

static err_t wish_granted(struct web *web, const struct policy_request *request, struct my_wish *wish)
{
	struct policy_result result;
	struct case_view then;
	TRY(policy_ask(&web->op, request, &result));
	TRY(case_show(&web->op, (struct case_question){ .case_no = request->case_no, .as_of = DATE_NONE, .known_on = DATE_NONE }, &then));
	wish->fee = result.act.cost;
	wish->instalments = then.life.instalments;
	wish->instalment_count = then.life.instalment_count;
	return OK;
}

static err_t wish_try(struct web *web, const struct my_case *my, struct my_wish *wish)
{
	struct policy_request request = request_of(web, my);
	*wish = (struct my_wish){ .is_plan = is_plan_page(web), .until = request.wish.until, .parts = request.wish.instalments,
		.answer_on = task_due_on(web->op.law, TASK_MORE_TIME, web->op.today) };
	TRY(policy_try(&web->op, &request, &wish->answer));
	if (wish->answer != POLICY_GRANTED)
		return OK;
	TRY(heavy_ahead(web, my->view.case_no, &wish->heavy));
	TRY(db_begin(web->op.db));
	err_t err = wish_granted(web, &request, wish);
	db_rollback(web->op.db);
	return err;
}

static err_t wish_show(struct web *web)
{
	struct my_case my;
	struct my_wish wish;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	bool is_chosen = web->form.was_sent && !web->form.error_count;
	if (is_chosen)
		TRY(wish_try(web, &my, &wish));
	html_my_wish(&web->html, web, &my, is_chosen ? &wish : NULL, is_plan_page(web));
	return OK;
}

static bool wish_is_readable(const struct form *form)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (form->values[i].error.size && !str_eq_z(S("note"), form->fields[i].name))
			return false;
	return !form->error.size;
}

/* After an error of a form that was sent: with nothing chosen, unless only what was written beside the wish is wrong. */
static err_t wish_again(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	struct my_wish wish;
	bool is_chosen = wish_is_readable(&web->form);
	if (is_chosen)
		TRY(wish_try(web, &my, &wish));
	html_my_wish(&web->html, web, &my, is_chosen ? &wish : NULL, is_plan_page(web));
	return OK;
}

static err_t wish_ask(struct web *web, const struct policy_request *request, struct policy_result *ret_result)
{
	bool is_plan = request->wish.kind == POLICY_INSTALMENTS;
	TRY(policy_ask(&web->op, request, ret_result));
	return web_log(web, (struct web_act){ .act = is_plan ? "ask_instalments" : "ask_time", .case_no = request->case_no,
		.debtor_id = web->visitor.debtor_id, .detail = str_from_z(policy_answer_name(ret_result->answer)) });
}

static err_t wish_send(struct web *web)
{
	struct my_case my;
	struct policy_result result;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	struct policy_request request = request_of(web, &my);
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, wish_ask(web, &request, &result)));
	if (result.answer != POLICY_GRANTED && !policy_asks_handler(result.answer)) {
		web->form.error = T(&web->html, policy_answer_text(result.answer));
		return web_again(web);
	}
	return web_redirect(web, "/my/cases/%lld/%s/done", (long long)my.view.case_no, is_plan_page(web) ? "instalments" : "more-time");
}

static err_t done_show(struct web *web, bool is_plan)
{
	struct my_case my;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	html_my_wish_done(&web->html, web, &my, is_plan);
	return OK;
}

static err_t plan_done(struct web *web)
{
	return done_show(web, true);
}

static err_t time_done(struct web *web)
{
	return done_show(web, false);
}

/* ---- objecting ---- */

static const struct field_choice object_reasons[] = {
	{ "paid", N_("I have paid"), NULL },
	{ "not_mine", N_("The claim is not mine"), N_("For example that somebody has used your name.") },
	{ "wrong_amount", N_("The amount is wrong"), NULL },
	{ "not_received", N_("I have not got what I ordered, or it was faulty"), NULL },
	{ "cancelled", N_("I had cancelled"), NULL },
	{ "too_old", N_("The claim is too old"), NULL },
	{ "costs", N_("I should not pay the fees"), NULL },
	{ "other", N_("Something else"), NULL },
	{ NULL, NULL, NULL },
};
#define FILE_FIELD(optional_, label_, missing_) \
	{ .name = "file", .kind = FIELD_FILE, .label = label_, .hint = N_("PDF, picture or text, up to 10 MB."), .optional = optional_, \
		.missing = missing_ }
static const struct field object_fields[] = {
	{ .name = "reason", .kind = FIELD_CHOICE, .label = N_("Why do you disagree?"), .choices = object_reasons,
		.missing = N_("Choose why you disagree") },
	{ .name = "text", .kind = FIELD_LINES, .label = N_("Tell us what has happened"), .hint = N_("Do not write about health or other "
		"private matters we do not need."), .size_max = 4000, .missing = N_("Tell us what has happened") },
	FILE_FIELD(true, N_("Something that shows it"), NULL),
	{ .name = NULL },
};

static err_t object_show(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	html_my_object(&web->html, web, &my);
	return OK;
}

static err_t file_keep(struct web *web, int64_t case_no)
{
	const struct http_field *file = form_value(&web->form, "file")->file;
	int64_t attachment_id;
	if (!file || !file->value.size)
		return OK;
	return attachment_store(&web->op, &(struct attachment_new){ .case_no = case_no, .name = file->file_name, .body = file->value,
		.author = web->visitor.name, .now = web->now }, &attachment_id);
}

static err_t object_write(struct web *web, const struct my_case *my)
{
	struct case_act_result result;
	struct case_act act = {
		.kind = CASE_OBJECT,
		.case_no = my->view.case_no,
		.on = DATE_NONE,
		.until = DATE_NONE,
		.code = S(""),
		.note = str_format(web->op.arena, "%.*s: %.*s", STR_ARG(form_text(&web->form, "reason")),
			STR_ARG(form_text(&web->form, "text"))),
	};
	TRY(case_act(&web->op, &act, &result));
	TRY(file_keep(web, my->view.case_no));
	return web_log(web, (struct web_act){ .act = "object", .case_no = my->view.case_no, .debtor_id = web->visitor.debtor_id,
		.detail = form_text(&web->form, "reason") });
}

static err_t object_send(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, object_write(web, &my)));
	if (date_is_none(my.view.life.next_on))
		return web_redirect(web, "/my/cases/%lld/object/done", (long long)my.view.case_no);
	return web_redirect(web, "/my/cases/%lld/object/done?stopped=%s&on=%s", (long long)my.view.case_no, my.view.life.next_step,
		date_iso(my.view.life.next_on).z);
}

/* The day by which the case's open task of a kind is to be done; DATE_NONE: there is none. */
static err_t answer_day(struct web *web, int64_t case_no, enum task_kind kind, date *ret_day)
{
	struct task_row *tasks;
	size_t count;
	*ret_day = DATE_NONE;
	TRY(task_of_case(&web->op, case_no, &tasks, &count));
	for (size_t i = 0; i < count; i++)
		if (tasks[i].kind == kind && !tasks[i].done_at && !tasks[i].for_client)
			*ret_day = tasks[i].due_on;
	return OK;
}

static err_t object_done(struct web *web)
{
	struct my_case my;
	date answer_by, stopped_on = DATE_NONE;
	str stopped = http_query(web->request, "stopped"), on = http_query(web->request, "on");
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	if (my.view.life.stage != STAGE_DISPUTED)
		return web_redirect(web, "/my/cases/%lld", (long long)my.view.case_no);
	TRY(answer_day(web, my.view.case_no, TASK_OBJECTION, &answer_by));
	if (on.size)
		err_free(date_parse_iso(on, &stopped_on)); /* of our own address; another one shows no day */
	html_my_object_done(&web->html, web, &my, stopped, stopped_on, answer_by);
	return OK;
}

/* ---- proof of payment ---- */

static const struct field proof_fields[] = {
	{ .name = "paid_on", .kind = FIELD_DATE, .label = N_("When did you pay?"), .min = -3650, .max = 0 },
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("How much?") },
	FILE_FIELD(false, N_("The receipt"), N_("Choose the file with the receipt")),
	NOTE_FIELD,
	{ .name = NULL },
};

static err_t proof_show(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	html_my_proof(&web->html, web, &my);
	return OK;
}

static err_t proof_write(struct web *web, int64_t case_no)
{
	int64_t task_id;
	str note = form_text(&web->form, "note");
	struct task_new task = {
		.kind = TASK_PROOF,
		.case_no = case_no,
		.due_on = DATE_NONE,
		.detail = str_format(web->op.arena, "%s, %s%s%.*s", date_iso(form_value(&web->form, "paid_on")->day).z,
			money_plain(form_value(&web->form, "amount")->amount).z, note.size ? ": " : "", STR_ARG(note)),
		.now = web->now,
	};
	TRY(file_keep(web, case_no));
	TRY(task_open(&web->op, &task, &task_id));
	return web_log(web, (struct web_act){ .act = "proof", .case_no = case_no, .debtor_id = web->visitor.debtor_id });
}

static err_t proof_send(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_to_act_on(web, &my, &err))
		return err;
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, proof_write(web, my.view.case_no)));
	return web_redirect(web, "/my/cases/%lld/proof/done", (long long)my.view.case_no);
}

static err_t proof_done(struct web *web)
{
	struct my_case my;
	date answer_by;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	TRY(answer_day(web, my.view.case_no, TASK_PROOF, &answer_by));
	html_my_proof_done(&web->html, web, &my, answer_by);
	return OK;
}

const struct route routes_my_act[] = {
	{ HTTP_GET, "/my/cases/{case}/more-time", .kind = ROUTE_HEAVY, .who = WHO_DEBTOR, .fields = time_fields, .run = wish_show,
		.title = N_("I need more time") },
	{ HTTP_POST, "/my/cases/{case}/more-time", .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .fields = time_fields, .run = wish_send,
		.again = wish_again, .title = N_("I need more time") },
	{ HTTP_GET, "/my/cases/{case}/more-time/done", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = time_done,
		.title = N_("I need more time") },
	{ HTTP_GET, "/my/cases/{case}/instalments", .kind = ROUTE_HEAVY, .who = WHO_DEBTOR, .fields = plan_fields, .run = wish_show,
		.title = N_("I want to pay in instalments") },
	{ HTTP_POST, "/my/cases/{case}/instalments", .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .fields = plan_fields, .run = wish_send,
		.again = wish_again, .title = N_("I want to pay in instalments") },
	{ HTTP_GET, "/my/cases/{case}/instalments/done", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = plan_done,
		.title = N_("I want to pay in instalments") },
	{ HTTP_GET, "/my/cases/{case}/object", .kind = ROUTE_READ, .who = WHO_DEBTOR, .fields = object_fields, .run = object_show,
		.title = N_("I disagree with the claim") },
	{ HTTP_POST, "/my/cases/{case}/object", .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .fields = object_fields,
		.body_max = UPLOAD_SIZE_MAX, .run = object_send, .again = object_show, .title = N_("I disagree with the claim") },
	{ HTTP_GET, "/my/cases/{case}/object/done", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = object_done,
		.title = N_("We have your objection") },
	{ HTTP_GET, "/my/cases/{case}/proof", .kind = ROUTE_READ, .who = WHO_DEBTOR, .fields = proof_fields, .run = proof_show,
		.title = N_("I have paid already") },
	{ HTTP_POST, "/my/cases/{case}/proof", .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .fields = proof_fields,
		.body_max = UPLOAD_SIZE_MAX, .run = proof_send, .again = proof_show, .title = N_("I have paid already") },
	{ HTTP_GET, "/my/cases/{case}/proof/done", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = proof_done,
		.title = N_("We have your receipt") },
	{ .method = HTTP_METHOD_COUNT },
};
