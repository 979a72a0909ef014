/* Acts on a case. Each has a form, then a page that shows what would happen (found out by app/case_try.h), then it is done. The
 * three steps are one address: the form posts step "" (show what would happen), then "do", "change" or "letter". */
#include "web/desk_act.h"

#include "app/approval.h"
#include "app/letter_one.h"
#include "html/desk_act.h"
#include "web/desk_case.h"
#include "web/routes.h"
#include "web/words.h"

#include <string.h>

enum { NOTE_SIZE = 2000, BACK_DAYS = 3650, AHEAD_DAYS = 366 };

const struct desk_act desk_acts[] = {
	{ "object", CASE_OBJECT, "i", N_("Register an objection"), N_("The debtor disagrees. The case stands still, and letters that are "
		"not sent are stopped, until the objection is answered."), N_("The objection is registered and the case stands still."),
		false },
	{ "resolve", CASE_RESOLVE, "r", N_("Answer the objection"), N_("Upheld: the claim falls. In part: it is lowered. Rejected: the case "
		"goes on where it stood, with the waits moved by as long as it stood still."), N_("The objection is answered."), false },
	{ "defer", CASE_DEFER, "u", N_("Give more time"), N_("No step is taken before the day is over. Interest runs on."),
		N_("The debtor has more time."), false },
	{ "plan", CASE_PLAN, "a", N_("Make an instalment plan"), N_("The rest is divided into equal monthly parts. The debtor gets the "
		"agreement in a letter."), N_("The plan is made."), false },
	{ "plan-end", CASE_PLAN_END, "e", N_("End the plan"), N_("The case goes on where it stood before the plan."),
		N_("The plan is ended."), false },
	{ "block", CASE_BLOCK, "b", N_("Block the case"), N_("Nothing is sent and no cost is added while the block stands."),
		N_("The case is blocked."), false },
	{ "unblock", CASE_UNBLOCK, "h", N_("Lift the block"), N_("The case goes on where it stood."), N_("The block is lifted."), false },
	{ "pay-direct", CASE_PAY_DIRECT, "d", N_("Register a payment to the client"), N_("The client has got money from the debtor. It counts "
		"from the day the client got it."), N_("The payment is registered."), false },
	{ "credit", CASE_CREDIT, "k", N_("Register a credit note"), N_("The client has lowered the invoice. It counts from the due date, so "
		"interest and costs are reckoned again."), N_("The credit note is registered."), false },
	{ "demand", CASE_DEMAND, "g", N_("Demand again"), N_("A new demand for payment, free of charge. It is needed before a legal step "
		"when the last one is too old."), N_("A new demand is ordered."), false },
	{ "legal", CASE_LEGAL, "l", N_("Take a legal step"), N_("The court fee and the drafting fee are added to what the debtor owes."),
		N_("The legal step is registered."), true },
	{ "surveil", CASE_SURVEIL, "v", N_("Put under surveillance"), N_("No more letters. The case is looked at again on a day you choose, "
		"within a year."), N_("The case is under surveillance."), false },
	{ "close", CASE_CLOSE, "x", N_("Give the claim up"), N_("The case is closed. When something is still owed, it is a write-off, and "
		"another person must agree."), N_("The case is closed."), true },
	{ "withdraw", CASE_WITHDRAW, "w", N_("Hand back to the client"), N_("We stop collecting. Letters that are not sent are stopped, and "
		"nothing more is booked on the case."), N_("The case is handed back."), true },
};
const size_t desk_act_count = sizeof desk_acts / sizeof *desk_acts;

const struct desk_act *desk_act_named(str name)
{
	for (size_t i = 0; i < desk_act_count; i++)
		if (str_eq_z(name, desk_acts[i].name))
			return &desk_acts[i];
	return NULL;
}

static bool has_demand(const struct life_case *life)
{
	for (size_t i = 0; i < life->event_count; i++)
		if (life->events[i].kind == EVENT_DEMAND)
			return true;
	return false;
}

bool desk_act_fits(const struct desk_act *act, const struct life_case *life)
{
	bool is_open = life->stage != STAGE_CLOSED && life->stage != STAGE_WITHDRAWN && !life->carrier_no;
	switch (act->kind) {
	case CASE_OBJECT:
		return is_open && life->stage != STAGE_DISPUTED;
	case CASE_RESOLVE:
		return life->disputed;
	case CASE_DEFER:
	case CASE_PLAN:
		return is_open && life->stage != STAGE_DISPUTED && life->stage != STAGE_BLOCKED;
	case CASE_PLAN_END:
		return life->stage == STAGE_PLAN;
	case CASE_BLOCK:
		return is_open && life->stage != STAGE_BLOCKED;
	case CASE_UNBLOCK:
		return life->stage == STAGE_BLOCKED;
	case CASE_PAY_DIRECT:
	case CASE_CREDIT:
		return !life->carrier_no && life->stage != STAGE_WITHDRAWN;
	case CASE_LEGAL:
		return life->stage == STAGE_ENFORCEMENT_NOTICE || life->stage == STAGE_SURVEILLANCE || life->stage == STAGE_LEGAL;
	case CASE_DEMAND:
		return is_open && has_demand(life);
	case CASE_CLOSE:
	case CASE_WITHDRAW:
	case CASE_SURVEIL:
		return is_open;
	}
	panic("an act of unknown kind");
}

const char *desk_act_rule(const struct desk_act *act, const struct law *law)
{
	switch (act->kind) {
	case CASE_OBJECT:
	case CASE_RESOLVE:
		return law->objection_source.paragraph;
	case CASE_PLAN:
	case CASE_PLAN_END:
		return law->plan_fee_source.paragraph;
	case CASE_BLOCK:
	case CASE_UNBLOCK:
		return law->block_source.paragraph;
	case CASE_PAY_DIRECT:
	case CASE_CREDIT:
		return law->allocation_source.paragraph;
	case CASE_LEGAL:
	case CASE_DEMAND:
		return law->legal_source.paragraph;
	case CASE_SURVEIL:
		return law->limitation_source.paragraph;
	case CASE_DEFER:
	case CASE_CLOSE:
		return law->waiver_source.paragraph;
	case CASE_WITHDRAW:
		return "";
	}
	panic("an act of unknown kind");
}

/* ---- forms ---- */

#define FIELD_WHEN(text) { .name = "on", .kind = FIELD_DATE, .label = text, .hint = N_("Empty: today"), .optional = true, \
	.min = -BACK_DAYS, .max = 0 }
#define FIELD_WHY { .name = "note", .kind = FIELD_LINES, .label = N_("Why"), .hint = N_("For the log, and for the next person who " \
	"opens the case"), .optional = true, .size_max = NOTE_SIZE }
#define FIELD_WHY_NEEDED(text) { .name = "note", .kind = FIELD_LINES, .label = text, .size_max = NOTE_SIZE }

static const struct field_choice outcomes[] = {
	{ "upheld", N_("Upheld"), N_("The claim falls, with interest and costs") },
	{ "part", N_("Upheld in part"), N_("The claim is lowered by the amount below") },
	{ "rejected", N_("Rejected"), N_("The case goes on") },
	{ NULL, NULL, NULL },
};
static const struct field_choice blocks[] = {
	{ "deceased", N_("Deceased"), NULL },
	{ "bankruptcy", N_("Bankruptcy"), NULL },
	{ "debt_settlement", N_("Debt settlement"), NULL },
	{ "minor", N_("Under age"), NULL },
	{ "time_barred", N_("Time-barred"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field_choice proceedings[] = {
	{ "attachment_petition", N_("Attachment petition"), NULL },
	{ "conciliation_complaint", N_("Conciliation complaint"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field_choice advancers[] = {
	{ "agency", N_("We have"), NULL },
	{ "client", N_("The client has"), NULL },
	{ NULL, NULL, NULL },
};

static const struct field object_fields[] = {
	FIELD_WHY_NEEDED(N_("What the debtor says")),
	FIELD_WHEN(N_("The day the objection came")),
	{ .name = NULL },
};
static const struct field resolve_fields[] = {
	{ .name = "outcome", .kind = FIELD_CHOICE, .label = N_("Outcome"), .choices = outcomes },
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("Lowered by"), .hint = N_("Only when it is upheld in part"), .optional = true },
	FIELD_WHY,
	{ .name = NULL },
};
static const struct field defer_fields[] = {
	{ .name = "until", .kind = FIELD_DATE, .label = N_("Until and with"), .min = 0, .max = AHEAD_DAYS },
	FIELD_WHY,
	{ .name = NULL },
};
static const struct field plan_fields[] = {
	{ .name = "number", .kind = FIELD_NUMBER, .label = N_("Number of instalments"), .min = 1, .max = 360 },
	{ .name = "until", .kind = FIELD_DATE, .label = N_("The first one is due"), .min = 0, .max = AHEAD_DAYS },
	{ .name = "told", .kind = FIELD_CHECK, .label = N_("The debtor has been told of the fee"),
		.hint = N_("Without it, no fee is charged for the plan"), .optional = true },
	FIELD_WHY,
	{ .name = NULL },
};
static const struct field block_fields[] = {
	{ .name = "code", .kind = FIELD_SELECT, .label = N_("Reason"), .choices = blocks },
	FIELD_WHY,
	{ .name = NULL },
};
static const struct field why_fields[] = { FIELD_WHY, { .name = NULL } };
static const struct field close_fields[] = { FIELD_WHY_NEEDED(N_("Why the claim is given up")), { .name = NULL } };
static const struct field direct_fields[] = {
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("Amount") },
	FIELD_WHEN(N_("The day the client got it")),
	FIELD_WHY,
	{ .name = NULL },
};
static const struct field credit_fields[] = {
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("Amount") },
	FIELD_WHY,
	{ .name = NULL },
};
static const struct field legal_fields[] = {
	{ .name = "code", .kind = FIELD_SELECT, .label = N_("Which step"), .choices = proceedings },
	{ .name = "advanced", .kind = FIELD_CHOICE, .label = N_("Who has paid the court fee?"), .choices = advancers },
	FIELD_WHEN(N_("The day it was sent")),
	{ .name = NULL },
};
static const struct field surveil_fields[] = {
	{ .name = "until", .kind = FIELD_DATE, .label = N_("Look at it again on"), .hint = N_("Empty: in a year"), .optional = true, .min = 1,
		.max = AHEAD_DAYS },
	FIELD_WHY,
	{ .name = NULL },
};

static bool has_field(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return true;
	return false;
}

static str text_of(const struct form *form, const char *name)
{
	return has_field(form, name) ? form_text(form, name) : S("");
}

static struct case_act act_of(const struct web *web, const struct desk_act *act, int64_t case_no)
{
	const struct form *form = &web->form;
	bool has_on = text_of(form, "on").size, has_until = text_of(form, "until").size;
	str code = text_of(form, "code");
	return (struct case_act){
		.kind = act->kind,
		.case_no = case_no,
		.on = has_on ? form_value(form, "on")->day : DATE_NONE,
		.until = has_until ? form_value(form, "until")->day : DATE_NONE,
		.amount = text_of(form, "amount").size ? form_value(form, "amount")->amount : MONEY_ZERO,
		.number = text_of(form, "number").size ? form_value(form, "number")->number : 0,
		.told = has_field(form, "told") && form_value(form, "told")->is_ticked,
		.code = code.size ? code : text_of(form, "outcome"),
		.note = act->kind == CASE_LEGAL ? text_of(form, "advanced") : text_of(form, "note"),
	};
}

/* ---- pages ---- */

static const struct desk_act *act_here(const struct web *web)
{
	str rest = web->path, name = rest;
	while (rest.size)
		name = str_cut(rest, '/', &rest);
	const struct desk_act *act = desk_act_named(name);
	require(act);
	return act;
}

static err_t act_show(struct web *web)
{
	struct desk_case page;
	err_t err;
	if (!desk_case_open(web, DESK_OVERVIEW, &page, &err))
		return err;
	html_desk_act_form(&web->html, web, &page, act_here(web));
	return OK;
}

static err_t trial_show(struct web *web, const struct desk_trial *trial)
{
	struct letter_content content = { .block_count = 0 };
	if (trial->trial.has_letter)
		TRY(letter_words(&web->op, &trial->trial.letter, &content));
	html_desk_act_check(&web->html, web, trial, &content);
	return OK;
}

static err_t letter_send(struct web *web, const struct desk_trial *trial)
{
	str pdf;
	if (!trial->trial.has_letter)
		return web_missing(web);
	TRY(letter_pdf_bytes(&web->op, &trial->trial.letter, &pdf));
	return web_file_shown(web, "application/pdf", pdf, "letter-preview.pdf");
}

static bool needs_other(const struct case_trial *trial, const struct desk_act *act)
{
	return act->kind == CASE_CLOSE && trial->before.life.balance.minor > 0;
}

static err_t write_off_ask(struct web *web, const struct case_act *act)
{
	int64_t approval_id;
	TRY(db_begin(web->op.db));
	err_t err = approval_ask(&web->op, &(struct approval_new){ .kind = APPROVAL_WRITE_OFF, .case_no = act->case_no,
		.on = DATE_NONE, .reason = act->note, .asked_by = web->visitor.person_id, .now = web->now }, &approval_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "ask_write_off", .case_no = act->case_no, .detail = act->note });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/approvals/%lld?asked=1", (long long)approval_id);
}

/* A task the act has settled by itself (an objection answered) needs nothing here: tasks follow the journal. */
static err_t act_do(struct web *web, const struct desk_act *act, const struct case_act *given)
{
	struct case_act_result result;
	TRY(db_begin(web->op.db));
	err_t err = case_act(&web->op, given, &result);
	if (!err)
		err = web_log(web, (struct web_act){ .act = act->name, .case_no = given->case_no, .detail = given->note });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/cases/%lld?did=%s", (long long)given->case_no, act->name);
}

static err_t act_post(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	struct desk_trial trial = { .act = act_here(web) };
	struct case_act act = act_of(web, trial.act, case_no);
	str step = http_form(web->request, "step");
	if (str_eq_z(step, "change"))
		return act_show(web);
	TRY(case_try(&web->op, &act, &trial.trial));
	trial.needs_other = needs_other(&trial.trial, trial.act);
	if (str_eq_z(step, "letter"))
		return letter_send(web, &trial);
	if (!str_eq_z(step, "do"))
		return trial_show(web, &trial);
	return trial.needs_other ? write_off_ask(web, &act) : act_do(web, trial.act, &act);
}

#define ACT(word, act_fields, text)                                                                                        \
	{ HTTP_GET, "/desk/cases/{case}/" word, .kind = ROUTE_READ, .who = WHO_DESK, .fields = act_fields, .run = act_show, \
		.title = text },                                                                                            \
	{ HTTP_POST, "/desk/cases/{case}/" word, .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = act_fields, .run = act_post, \
		.again = act_show, .title = text }

const struct route routes_desk_act[] = {
	ACT("object", object_fields, N_("Register an objection")),
	ACT("resolve", resolve_fields, N_("Answer the objection")),
	ACT("defer", defer_fields, N_("Give more time")),
	ACT("plan", plan_fields, N_("Make an instalment plan")),
	ACT("plan-end", why_fields, N_("End the plan")),
	ACT("block", block_fields, N_("Block the case")),
	ACT("unblock", why_fields, N_("Lift the block")),
	ACT("pay-direct", direct_fields, N_("Register a payment to the client")),
	ACT("credit", credit_fields, N_("Register a credit note")),
	ACT("demand", NULL, N_("Demand again")),
	ACT("legal", legal_fields, N_("Take a legal step")),
	ACT("surveil", surveil_fields, N_("Put under surveillance")),
	ACT("close", close_fields, N_("Give the claim up")),
	ACT("withdraw", why_fields, N_("Hand back to the client")),
	{ .method = HTTP_METHOD_COUNT },
};
