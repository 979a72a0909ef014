#include "web/words.h"

#include "web/html.h"

struct word {
	const char *name, *label, *color;
};

static const struct word stages[STAGE_COUNT] = {
	[STAGE_REGISTERED] = { "registered", N_("Registered"), "neutral" },
	[STAGE_REMINDER] = { "reminder", N_("Reminder"), "info" },
	[STAGE_NOTICE] = { "notice", N_("Collection notice"), "info" },
	[STAGE_DEMAND] = { "demand", N_("Demand for payment"), "info" },
	[STAGE_HEAVY] = { "heavy", N_("Heavy salær"), "info" },
	[STAGE_ENFORCEMENT_NOTICE] = { "enforcement_notice", N_("Enforcement notice"), "info" },
	[STAGE_LEGAL] = { "legal", N_("Legal collection"), "info" },
	[STAGE_SURVEILLANCE] = { "surveillance", N_("Surveillance"), "neutral" },
	[STAGE_PLAN] = { "plan", N_("Instalment plan"), "info" },
	[STAGE_DISPUTED] = { "disputed", N_("Disputed"), "warning" },
	[STAGE_DEFERRED] = { "deferred", N_("Deferred"), "neutral" },
	[STAGE_BLOCKED] = { "blocked", N_("Blocked"), "danger" },
	[STAGE_RESIDUAL] = { "residual", N_("Residual"), "neutral" },
	[STAGE_CLOSED] = { "closed", N_("Closed"), "success" },
	[STAGE_WITHDRAWN] = { "withdrawn", N_("Handed back"), "neutral" },
};

const char *words_stage(str stage)
{
	enum stage found;
	return stage_named(stage, &found) ? stages[found].label : N_("Not known");
}

const char *words_stage_color(str stage)
{
	enum stage found;
	return stage_named(stage, &found) ? stages[found].color : "neutral";
}

static const struct word steps[] = {
	{ "reminder", N_("Reminder"), NULL },
	{ "notice", N_("Collection notice"), NULL },
	{ "demand", N_("Demand for payment"), NULL },
	{ "heavy", N_("Heavy salær"), NULL },
	{ "enforcement_notice", N_("Enforcement notice"), NULL },
	{ "decide_legal", N_("Decide on a legal step"), NULL },
	{ "review", N_("Review the case"), NULL },
	{ "review_block", N_("Review the block"), NULL },
	{ "review_objection", N_("Answer the objection"), NULL },
	{ "check_instalment", N_("Check the next instalment"), NULL },
	{ "residual_reminder", N_("Plain reminder of the rest"), NULL },
};

const char *words_step(str step)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (str_eq_z(step, steps[i].name))
			return steps[i].label;
	return N_("Nothing more");
}

static const struct word events[EVENT_KIND_COUNT] = {
	[EVENT_PRINCIPAL] = { NULL, N_("Principal"), "neutral" },
	[EVENT_PAID_BEFORE] = { NULL, N_("Paid before hand-over"), "success" },
	[EVENT_PRIOR_FEES] = { NULL, N_("The creditor's own fees"), "neutral" },
	[EVENT_COMPENSATION] = { NULL, N_("Standard compensation"), "neutral" },
	[EVENT_REMINDER] = { NULL, N_("Reminder"), "info" },
	[EVENT_NOTICE] = { NULL, N_("Collection notice"), "info" },
	[EVENT_DEMAND] = { NULL, N_("Demand for payment"), "info" },
	[EVENT_HEAVY] = { NULL, N_("Heavy salær"), "info" },
	[EVENT_ENFORCEMENT_NOTICE] = { NULL, N_("Enforcement notice"), "info" },
	[EVENT_RESIDUAL_REMINDER] = { NULL, N_("Plain reminder of the rest"), "info" },
	[EVENT_ABSORB] = { NULL, N_("Reminder fees fall away, the salær replaces them"), "neutral" },
	[EVENT_PAYMENT] = { NULL, N_("Payment"), "success" },
	[EVENT_DIRECT_PAYMENT] = { NULL, N_("Payment to the client"), "success" },
	[EVENT_REVERSAL] = { NULL, N_("Payment taken back"), "danger" },
	[EVENT_CREDIT] = { NULL, N_("Credit note"), "success" },
	[EVENT_WAIVER] = { NULL, N_("The rest is waived"), "success" },
	[EVENT_OBJECTION] = { NULL, N_("Objection"), "warning" },
	[EVENT_RESOLUTION] = { NULL, N_("Objection resolved"), "neutral" },
	[EVENT_DEFERRAL] = { NULL, N_("Deferral"), "neutral" },
	[EVENT_DEFERRAL_END] = { NULL, N_("The deferral is over"), "neutral" },
	[EVENT_PLAN] = { NULL, N_("Instalment plan"), "info" },
	[EVENT_PLAN_BROKEN] = { NULL, N_("Instalment plan broken"), "danger" },
	[EVENT_PLAN_KEPT] = { NULL, N_("Instalment plan kept"), "success" },
	[EVENT_PLAN_END] = { NULL, N_("Instalment plan ended"), "neutral" },
	[EVENT_BLOCK] = { NULL, N_("Block"), "danger" },
	[EVENT_UNBLOCK] = { NULL, N_("Block lifted"), "neutral" },
	[EVENT_LEGAL] = { NULL, N_("Court fee"), "info" },
	[EVENT_DRAFTING] = { NULL, N_("Drafting fee"), "info" },
	[EVENT_SURVEILLANCE] = { NULL, N_("Surveillance"), "neutral" },
	[EVENT_LIMITATION_WARNING] = { NULL, N_("Limitation comes near"), "warning" },
	[EVENT_JOINED] = { NULL, N_("Joined to another case"), "neutral" },
	[EVENT_JOIN] = { NULL, N_("Another claim joined"), "neutral" },
	[EVENT_CLOSED] = { NULL, N_("Closed"), "success" },
	[EVENT_GIVEN_UP] = { NULL, N_("Given up"), "neutral" },
	[EVENT_WITHDRAWN] = { NULL, N_("Handed back to the client"), "neutral" },
};

const char *words_event(enum event_kind kind)
{
	require(kind < EVENT_KIND_COUNT);
	return events[kind].label;
}

const char *words_event_color(enum event_kind kind)
{
	require(kind < EVENT_KIND_COUNT);
	return events[kind].color;
}

const char *words_task(enum task_kind kind)
{
	static const char *const tasks[TASK_KIND_COUNT] = {
		[TASK_OBJECTION] = N_("Objection"),
		[TASK_QUESTION] = N_("Question"),
		[TASK_MORE_TIME] = N_("Wish for more time"),
		[TASK_BROKEN_PLAN] = N_("Instalment plan broken"),
		[TASK_LIMITATION] = N_("Limitation comes near"),
		[TASK_BLOCK_REVIEW] = N_("Block to review"),
		[TASK_RETURNED] = N_("Letter or message returned"),
		[TASK_PROOF] = N_("Proof of payment"),
		[TASK_DIRECT_PAYMENT] = N_("Says the client was paid"),
		[TASK_OTHER] = N_("Other"),
		[TASK_PAYMENT_HOLD] = N_("Unmatched payment"),
	};
	require(kind < TASK_KIND_COUNT);
	return tasks[kind];
}

static const struct word letters[] = {
	{ "reminder", N_("Reminder"), NULL },
	{ "notice", N_("Collection notice"), NULL },
	{ "demand", N_("Demand for payment"), NULL },
	{ "own_demand", N_("The creditor's own demand"), NULL },
	{ "enforcement_notice", N_("Enforcement notice"), NULL },
	{ "residual_reminder", N_("Plain reminder of the rest"), NULL },
	{ "plan", N_("Payment agreement"), NULL },
	{ "receipt", N_("Receipt"), NULL },
};

const char *words_letter(str kind)
{
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (str_eq_z(kind, letters[i].name))
			return letters[i].label;
	return N_("Letter");
}

static const struct word roles[] = {
	{ "handler", N_("Case handler"), NULL },
	{ "manager", N_("Manager"), NULL },
	{ "admin", N_("Administrator"), NULL },
	{ "auditor", N_("Auditor"), NULL },
	{ "client_admin", N_("Client's administrator"), NULL },
	{ "client_clerk", N_("Client's clerk"), NULL },
	{ "client_reader", N_("Client's reader"), NULL },
};

const char *words_role(str role)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (str_eq_z(role, roles[i].name))
			return roles[i].label;
	return N_("Not known");
}

const char *words_approval(enum approval_kind kind)
{
	static const char *const kinds[APPROVAL_KIND_COUNT] = {
		[APPROVAL_REFUND] = N_("Refund to the payer"),
		[APPROVAL_WRITE_OFF] = N_("Write-off"),
		[APPROVAL_MASS] = N_("One act on many cases"),
		[APPROVAL_PAYOUT] = N_("Settlement and payout"),
	};
	require(kind < APPROVAL_KIND_COUNT);
	return kinds[kind];
}
