#include "app/case.h"
#include "cli/commands.h"

/* A fact about a case: case number first, the rest by options. */
static err_t act_run(struct cli *cli, struct case_act *act)
{
	struct case_act_result result;
	TRY(case_find(&cli->op, str_from_z(cli->arguments[0]), &act->case_no));
	TRY(cli_date(cli, "--on", &act->on));
	TRY(case_act(&cli->op, act, &result));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "case_no"), json_int(&json, act->case_no);
		json_key(&json, "stage"), json_z(&json, stage_name(result.stage));
		json_key(&json, "balance_minor"), json_money(&json, result.balance);
		json_key(&json, "cost_minor"), json_money(&json, result.cost);
		json_key(&json, "letters_withdrawn"), json_int(&json, result.letters_withdrawn);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "Case %lld: %s, balance %s", (long long)act->case_no, stage_name(result.stage),
		money_english(result.balance).z);
	if (result.cost.minor)
		cli_print(cli, ", of which %s new", money_english(result.cost).z);
	if (result.letters_withdrawn)
		cli_print(cli, "; %lld letter(s) withdrawn", (long long)result.letters_withdrawn);
	if (result.next_step.size)
		cli_print(cli, ". Next: %.*s on %s", STR_ARG(result.next_step), date_iso(result.next_on).z);
	cli_print(cli, "\n");
	return OK;
}

static str value_or_empty(const struct cli *cli, const char *name)
{
	return str_from_z(cli_value(cli, name));
}

static struct case_act act_of(enum case_act_kind kind)
{
	return (struct case_act){ .kind = kind, .on = DATE_NONE, .until = DATE_NONE, .code = S(""), .note = S("") };
}

#define OPTION_ON { "--on", "DATE", "the day it counts from (today)" }
#define OPTION_REASON { "--reason", "TEXT", "what was said" }

static err_t object_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_OBJECT);
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_object = {
	.name = "case object",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Register the debtor's objection: nothing is sent or charged until it is resolved",
	.example = "kravbok case object 17 --reason \"The goods were returned\"",
	.options = { OPTION_ON, OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = object_run,
};

static err_t resolve_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_RESOLVE);
	TRY(cli_need(cli, "--outcome"));
	act.code = value_or_empty(cli, "--outcome");
	act.note = value_or_empty(cli, "--reason");
	TRY(cli_money(cli, "--credit", &act.amount));
	return act_run(cli, &act);
}
const struct command command_case_resolve = {
	.name = "case resolve",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Record the outcome of an objection",
	.details = "upheld: the claim is credited and every charge reversed. part: the given amount is credited and the salær\n"
		   "recomputed; reminder fees fall if the objection came before the demand. rejected: the process goes on, every\n"
		   "remaining wait moved by the length of the dispute.",
	.example = "kravbok case resolve 17 --outcome part --credit 500.00",
	.options = { { "--outcome", "OUTCOME", "upheld, part or rejected" }, { "--credit", "AMOUNT", "credited, with part" },
		OPTION_ON, OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = resolve_run,
};

static err_t defer_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_DEFER);
	TRY(cli_need(cli, "--until"));
	TRY(cli_date(cli, "--until", &act.until));
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_defer = {
	.name = "case defer",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Give the debtor more time, free of charge",
	.example = "kravbok case defer 17 --until 2026-04-30",
	.options = { { "--until", "DATE", "the last day of the deferral" }, OPTION_ON, OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = defer_run,
};

static err_t plan_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_PLAN);
	TRY(cli_need(cli, "--parts"));
	TRY(cli_need(cli, "--first"));
	TRY(cli_number(cli, "--parts", 1, 360, 0, &act.number));
	TRY(cli_date(cli, "--first", &act.until));
	act.told = cli_has(cli, "--told");
	return act_run(cli, &act);
}
const struct command command_case_plan = {
	.name = "case plan",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Agree an instalment plan: equal monthly parts",
	.details = "A plan of more than four parts costs 1.5 times the inkassosats (inkassoforskriften § 2-4), but only if the debtor\n"
		   "was told so beforehand: --told says that this was done.",
	.example = "kravbok case plan 17 --parts 6 --first 2026-05-15 --told",
	.options = { { "--parts", "N", "number of instalments" }, { "--first", "DATE", "due day of the first one" },
		{ "--told", NULL, "the debtor was told of the fee and of a coming heavy salær" }, OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = plan_run,
};

static err_t end_plan_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_PLAN_END);
	return act_run(cli, &act);
}
const struct command command_case_end_plan = {
	.name = "case end-plan",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "End a running instalment plan; the process goes on the day after",
	.example = "kravbok case end-plan 17",
	.options = { OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = end_plan_run,
};

static err_t block_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_BLOCK);
	TRY(cli_need(cli, "--kind"));
	act.code = value_or_empty(cli, "--kind");
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_block = {
	.name = "case block",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Block a case: no step, fee or letter from the day on",
	.example = "kravbok case block 17 --kind deceased --on 2026-03-04",
	.options = { { "--kind", "KIND", "deceased, bankruptcy, debt_settlement, minor or time_barred" }, OPTION_ON,
		OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = block_run,
};

static err_t unblock_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_UNBLOCK);
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_unblock = {
	.name = "case unblock",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Lift a block; waits move by its length",
	.example = "kravbok case unblock 17",
	.options = { OPTION_ON, OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = unblock_run,
};

static err_t pay_direct_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_PAY_DIRECT);
	TRY(cli_need(cli, "--amount"));
	TRY(cli_money(cli, "--amount", &act.amount));
	return act_run(cli, &act);
}
const struct command command_case_pay_direct = {
	.name = "case pay-direct",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Book what the debtor has paid straight to the client",
	.example = "kravbok case pay-direct 17 --amount 1500.00 --on 2026-03-20",
	.options = { { "--amount", "AMOUNT", "what the client got" }, OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = pay_direct_run,
};

static err_t credit_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_CREDIT);
	TRY(cli_need(cli, "--amount"));
	TRY(cli_money(cli, "--amount", &act.amount));
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_credit = {
	.name = "case credit",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Lower a claim by a credit note; it counts from the due date",
	.example = "kravbok case credit 17 --amount 480.00 --reason \"credit note 1002\"",
	.options = { { "--amount", "AMOUNT", "credited" }, OPTION_ON, OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = credit_run,
};

static err_t legal_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_LEGAL);
	TRY(cli_need(cli, "--step"));
	act.code = value_or_empty(cli, "--step");
	act.note = value_or_empty(cli, "--advanced-by");
	if (act.note.size && !str_eq_z(act.note, "client") && !str_eq_z(act.note, "agency"))
		return fail(ERR_USAGE, "--advanced-by is client or agency");
	return act_run(cli, &act);
}
const struct command command_case_legal = {
	.name = "case legal",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Take a legal step: court and drafting fee are added",
	.example = "kravbok case legal 17 --step attachment_petition",
	.options = { { "--step", "STEP", "attachment_petition or conciliation_complaint" },
		{ "--advanced-by", "WHO", "agency (default) or client: who paid the court" }, OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = legal_run,
};

static err_t demand_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_DEMAND);
	return act_run(cli, &act);
}
const struct command command_case_demand = {
	.name = "case demand",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Send a new demand, free of charge, when the old one is over six months old",
	.example = "kravbok case demand 17",
	.options = { OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = demand_run,
};

static err_t surveil_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_SURVEIL);
	TRY(cli_date(cli, "--review", &act.until));
	return act_run(cli, &act);
}
const struct command command_case_surveil = {
	.name = "case surveil",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Put a case in surveillance, with a review within a year",
	.example = "kravbok case surveil 17 --review 2026-12-01",
	.options = { { "--review", "DATE", "when to look again (in a year)" }, OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = surveil_run,
};

static err_t close_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_CLOSE);
	TRY(cli_need(cli, "--reason"));
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_close = {
	.name = "case close",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Close a case and give up what is left",
	.example = "kravbok case close 17 --reason \"estate without means\"",
	.options = { OPTION_REASON, OPTION_ON },
	.needs = NEEDS_BOOK,
	.run = close_run,
};

static err_t withdraw_run(struct cli *cli)
{
	struct case_act act = act_of(CASE_WITHDRAW);
	act.note = value_or_empty(cli, "--reason");
	return act_run(cli, &act);
}
const struct command command_case_withdraw = {
	.name = "case withdraw",
	.arguments = "NO",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Hand a case back to its client",
	.example = "kravbok case withdraw 17",
	.options = { OPTION_ON, OPTION_REASON },
	.needs = NEEDS_BOOK,
	.run = withdraw_run,
};
