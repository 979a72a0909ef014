#include "app/payment.h"

#include "app/case.h"
#include "cli/commands.h"

/* ---- import ---- */

static void import_findings(struct cli *cli, const struct payment_import_result *result)
{
	for (size_t i = 0; i < result->finding_listed; i++) {
		const struct payment_finding *finding = &result->findings[i];
		cli_find(cli, "%.*s: %.*s%s%.*s", STR_ARG(finding->path), STR_ARG(finding->where),
			finding->where.size ? ": " : "", STR_ARG(finding->reason));
	}
	int64_t more = result->finding_count - i64_from_size(result->finding_listed);
	if (more)
		cli_find(cli, "and %lld more", (long long)more);
}

static err_t import_json(struct cli *cli, const struct payment_import_result *result)
{
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, "booked"), json_int(&json, result->booked);
	json_key(&json, "already"), json_int(&json, result->already);
	json_key(&json, "on_hold"), json_int(&json, result->on_hold);
	json_key(&json, "refused"), json_int(&json, result->refused);
	json_key(&json, "sum_minor"), json_money(&json, result->sum);
	json_key(&json, "payouts_paid"), json_int(&json, result->payouts_paid);
	json_key(&json, "payouts_rejected"), json_int(&json, result->payouts_rejected);
	json_key(&json, "sums_resolved"), json_int(&json, result->sums_resolved);
	if (!date_is_none(result->reconciled_on)) {
		json_key(&json, "reconciled_on"), json_date(&json, result->reconciled_on);
		json_key(&json, "bank_minor"), json_money(&json, result->bank_balance);
		json_key(&json, "difference_minor"), json_money(&json, result->difference);
	}
	if (!date_is_none(result->own_reconciled_on)) {
		json_key(&json, "own_reconciled_on"), json_date(&json, result->own_reconciled_on);
		json_key(&json, "own_difference_minor"), json_money(&json, result->own_difference);
	}
	json_end(&json);
	return json_finish(&json);
}

static void import_text(struct cli *cli, const struct payment_import_result *result)
{
	cli_print(cli, "%lld booked, %lld already known, %lld on hold, %lld refused; %s received\n",
		(long long)result->booked, (long long)result->already, (long long)result->on_hold, (long long)result->refused,
		money_english(result->sum).z);
	if (result->on_hold)
		cli_print(cli, "On hold: see kravbok payment list --unmatched\n");
	if (result->payouts_paid)
		cli_print(cli, "%lld payout(s) have left the account\n", (long long)result->payouts_paid);
	if (result->payouts_rejected)
		cli_print(cli, "%lld payout(s) rejected or come back: owed again, and part of the next settlement\n",
			(long long)result->payouts_rejected);
	if (result->sums_resolved)
		cli_print(cli, "%lld sum(s) on hold are now known payment by payment\n", (long long)result->sums_resolved);
	if (!date_is_none(result->reconciled_on))
		cli_print(cli, "Client funds on %s: the bank has %s, the difference to the books is %s\n",
			date_iso(result->reconciled_on).z, money_english(result->bank_balance).z,
			money_english(result->difference).z);
	if (!date_is_none(result->own_reconciled_on))
		cli_print(cli, "Own account on %s: the difference to the books is %s\n",
			date_iso(result->own_reconciled_on).z, money_english(result->own_difference).z);
}

/* A bad file stops the rest; what was done before it stays done and is said. */
static err_t import_run(struct cli *cli)
{
	struct payment_import_result result = PAYMENT_IMPORT_NOTHING;
	err_t err = OK;
	size_t read_count = 0;
	for (; read_count < cli->argument_count; read_count++) {
		err = payment_import(&cli->op, cli->arguments[read_count], &result);
		if (err)
			break;
	}
	bool any = read_count > 0 || result.booked > 0 || result.on_hold > 0;
	if (any && cli->json) {
		err_t printed = import_json(cli, &result);
		if (printed && !err)
			return printed;
		err_free(printed);
	} else if (any) {
		import_text(cli, &result);
	}
	import_findings(cli, &result);
	return err;
}
const struct command command_payment_import = {
	.name = "payment import",
	.arguments = "FILE…",
	.argument_min = 1,
	.argument_max = COMMAND_ARGUMENT_MAX,
	.summary = "Take in bank files: OCR giro, camt.054, camt.053, pain.002",
	.details = "The kind is told by the content. Each file is checked whole (totals, accounts, days) before anything of it is\n"
		   "booked. The same file, or the same payment in another file, is booked once. A statement (camt.053) also shows\n"
		   "which payouts have left the account, and is compared with the books.",
	.example = "kravbok payment import ocr-giro.txt camt053.xml",
	.needs = NEEDS_BOOK,
	.run = import_run,
};

/* ---- the work list ---- */

static err_t held_json(const struct payment_held *held, void *context)
{
	struct json *json = context;
	json_object(json);
	json_key(json, "payment_id"), json_int(json, held->payment_id);
	json_key(json, "kind"), json_z(json, held->is_reversal ? "reversal" : "credit");
	json_key(json, "reason"), json_str(json, held->reason);
	json_key(json, "settled_on"), json_date(json, held->settled_on);
	json_key(json, "counts_on"), json_date(json, held->counts_on);
	json_key(json, "amount_minor"), json_money(json, held->amount);
	json_key(json, "kid"), json_str(json, held->kid);
	json_key(json, "payer_name"), json_str(json, held->payer_name);
	json_key(json, "payer_account"), json_str(json, held->payer_account);
	json_key(json, "message"), json_str(json, held->message);
	json_key(json, "reference"), json_str(json, held->reference);
	json_end(json);
	return OK;
}

static err_t held_text(const struct payment_held *held, void *context)
{
	struct cli *cli = context;
	money amount = held->is_reversal ? money_neg(held->amount) : held->amount;
	cli_print(cli, "%8lld  %s  %14s  %-25.*s  %.*s\n", (long long)held->payment_id, date_iso(held->settled_on).z,
		money_english(amount).z, STR_ARG(held->kid), STR_ARG(held->reason));
	if (held->payer_name.size || held->payer_account.size || held->message.size)
		cli_print(cli, "%10s%.*s %.*s %.*s\n", "", STR_ARG(held->payer_account), STR_ARG(held->payer_name),
			STR_ARG(held->message));
	return OK;
}

static err_t list_run(struct cli *cli)
{
	TRY(cli_need(cli, "--unmatched"));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_array(&json);
		TRY(payment_list(&cli->op, held_json, &json));
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "%8s  %-10s  %14s  %-25s  %s\n", "ID", "Settled", "Amount", "KID", "Why it is on hold");
	return payment_list(&cli->op, held_text, cli);
}
const struct command command_payment_list = {
	.name = "payment list",
	.summary = "List the payments on hold: the hold account's work list",
	.example = "kravbok payment list --unmatched",
	.options = { { "--unmatched", NULL, "payments not yet given to a case or sent back" } },
	.needs = NEEDS_BOOK,
	.run = list_run,
};

static err_t payment_argument(const struct cli *cli, int64_t *ret_payment_id)
{
	return within(parse_i64(str_from_z(cli->arguments[0]), 1, INT64_MAX, ret_payment_id), "payment");
}

static err_t assign_run(struct cli *cli)
{
	struct payment_assignment assignment = { .deduction = cli_has(cli, "--deduction") };
	struct payment_assigned assigned;
	TRY(cli_need(cli, "--case"));
	TRY(payment_argument(cli, &assignment.payment_id));
	TRY(case_find(&cli->op, str_from_z(cli_value(cli, "--case")), &assignment.case_no));
	TRY(payment_assign(&cli->op, assignment, &assigned));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "payment_id"), json_int(&json, assignment.payment_id);
		json_key(&json, "case_no"), json_int(&json, assignment.case_no);
		json_key(&json, "amount_minor"), json_money(&json, assigned.amount);
		json_key(&json, "stage"), json_z(&json, stage_name(assigned.stage));
		json_key(&json, "balance_minor"), json_money(&json, assigned.balance);
		json_key(&json, "refund_minor"), json_money(&json, assigned.refund);
		json_key(&json, "letters_withdrawn"), json_int(&json, assigned.letters_withdrawn);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "Payment %lld of %s is on case %lld: %s, balance %s", (long long)assignment.payment_id,
		money_english(assigned.amount).z, (long long)assignment.case_no, stage_name(assigned.stage),
		money_english(assigned.balance).z);
	if (assigned.refund.minor)
		cli_print(cli, ", %s to be refunded", money_english(assigned.refund).z);
	if (assigned.letters_withdrawn)
		cli_print(cli, "; %lld letter(s) withdrawn", (long long)assigned.letters_withdrawn);
	cli_print(cli, "\n");
	return OK;
}
const struct command command_payment_assign = {
	.name = "payment assign",
	.arguments = "ID",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Give a payment on hold to a case",
	.details = "It counts from the day it was paid. Money taken back is set against the case's latest payment of that amount.",
	.example = "kravbok payment assign 12 --case 17",
	.options = { { "--case", "NO-or-KID", "the case" },
		{ "--deduction", NULL, "from the debtor's earnings: principal first (innkrevingsloven § 29)" } },
	.needs = NEEDS_BOOK,
	.run = assign_run,
};

static err_t refund_run(struct cli *cli)
{
	int64_t payment_id;
	money amount;
	TRY(payment_argument(cli, &payment_id));
	TRY(payment_refund(&cli->op, payment_id, &amount));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "payment_id"), json_int(&json, payment_id);
		json_key(&json, "amount_minor"), json_money(&json, amount);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "Payment %lld: %s goes back to its payer with the next settlement\n", (long long)payment_id,
		money_english(amount).z);
	return OK;
}
const struct command command_payment_refund = {
	.name = "payment refund",
	.arguments = "ID",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Send a payment on hold back to its payer",
	.example = "kravbok payment refund 12",
	.needs = NEEDS_BOOK,
	.run = refund_run,
};
