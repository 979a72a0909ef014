#include "app/settle.h"
#include "cli/commands.h"

static void client_json(struct json *json, const struct settle_client *client)
{
	json_object(json);
	json_key(json, "settlement_no"), json_int(json, client->settlement_no);
	json_key(json, "client_no"), json_int(json, client->client_no);
	json_key(json, "carried_minor"), json_money(json, client->carried);
	json_key(json, "movement_minor"), json_money(json, client->movement);
	json_key(json, "payout_minor"), json_money(json, client->payout);
	json_key(json, "statement"), json_str(json, client->statement);
	json_key(json, "statement_csv"), json_str(json, client->statement_csv);
	json_end(json);
}

static void run_json(struct json *json, const struct settle_result *result)
{
	json_object(json);
	json_key(json, "run_id");
	if (result->run_id)
		json_int(json, result->run_id);
	else
		json_null(json);
	json_key(json, "repeated"), json_bool(json, result->repeated);
	json_key(json, "settlements"), json_array(json);
	for (size_t i = 0; i < result->client_count; i++)
		client_json(json, &result->clients[i]);
	json_end(json);
	json_key(json, "refunds_minor"), json_money(json, result->refunds);
	json_key(json, "fees_minor"), json_money(json, result->fees);
	json_key(json, "paid_out_minor"), json_money(json, result->paid_out);
	json_key(json, "file");
	if (result->file.size)
		json_str(json, result->file);
	else
		json_null(json);
	json_key(json, "notes"), json_array(json);
	for (size_t i = 0; i < result->note_count; i++)
		json_str(json, result->notes[i]);
	json_end(json);
	json_end(json);
}

static void run_print(struct cli *cli, const struct settle_result *result, date on)
{
	if (!result->run_id) {
		cli_print(cli, "There is nothing to settle by %s.\n", date_iso(on).z);
		return;
	}
	if (result->repeated)
		cli_print(cli, "Run %lld of %s is booked already; its files are written again.\n", (long long)result->run_id,
			date_iso(on).z);
	for (size_t i = 0; i < result->client_count; i++) {
		const struct settle_client *client = &result->clients[i];
		cli_print(cli, "Settlement %lld, client %lld: carried %s, booked since %s, paid out %s: %.*s\n",
			(long long)client->settlement_no, (long long)client->client_no, money_english(client->carried).z,
			money_english(client->movement).z, money_english(client->payout).z, STR_ARG(client->statement));
	}
	if (result->refunds.minor)
		cli_print(cli, "Refunds to payers: %s\n", money_english(result->refunds).z);
	if (result->fees.minor)
		cli_print(cli, "The agency's own share: %s\n", money_english(result->fees).z);
	cli_print(cli, "Paid out in all: %s", money_english(result->paid_out).z);
	cli_print(cli, "%s%.*s\n", result->file.size ? ": " : "", STR_ARG(result->file));
}

static err_t settle(struct cli *cli)
{
	struct settle_result result;
	date on;
	TRY(cli_need(cli, "--date"));
	TRY(cli_need(cli, "--out"));
	TRY(cli_date(cli, "--date", &on));
	TRY(settle_run(&cli->op, on, cli_value(cli, "--out"), &result));
	if (cli->json) {
		struct json json = cli_json(cli);
		run_json(&json, &result);
		TRY(json_finish(&json));
	} else {
		run_print(cli, &result, on);
	}
	fflush(cli->out);
	for (size_t i = 0; i < result.note_count; i++)
		fprintf(stderr, "%.*s\n", STR_ARG(result.notes[i]));
	for (size_t i = 0; i < result.finding_count; i++)
		cli_find(cli, "%.*s", STR_ARG(result.findings[i]));
	return OK;
}
const struct command command_settle = {
	.name = "settle",
	.summary = "Pay out what is owed: a statement for each client and one payment file",
	.details = "Takes what was booked by the date, once: a second run of the date changes nothing and writes the same files again.\n"
		   "A negative balance is carried forward. The agency's own share is drawn to its own account, and what is owed back\n"
		   "to payers goes with the same file. The money is in transit until the bank's debit is read; what the bank\n"
		   "rejects is taken up by the next run.",
	.example = "kravbok settle --date 2026-03-31 --out settlements",
	.options = { { "--date", "DATE", "what was booked by the end of this day" },
		{ "--out", "DIR", "where statements and payment file go" } },
	.needs = NEEDS_BOOK,
	.run = settle,
};
