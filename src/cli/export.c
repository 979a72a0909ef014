#include "app/export.h"
#include "cli/commands.h"
#include "format/csv.h"

static err_t hledger_run(struct cli *cli)
{
	return export_hledger(&cli->op, cli_sink(cli));
}
const struct command command_export_hledger = {
	.name = "export hledger",
	.summary = "The whole book as a plain-text journal, to standard output",
	.details = "Every event of every case and every voucher, so that a stranger's tool can prove the balances:\n"
		   "kravbok export hledger | hledger -f - check --strict",
	.example = "kravbok export hledger > book.journal",
	.needs = NEEDS_BOOK,
	.run = hledger_run,
};

static err_t saft_run(struct cli *cli)
{
	struct export_period period;
	TRY(cli_date(cli, "--from", &period.from));
	TRY(cli_date(cli, "--to", &period.to));
	return export_saft(&cli->op, period, cli_sink(cli));
}
const struct command command_export_saft = {
	.name = "export saf-t",
	.summary = "SAF-T Financial 1.30 of a period, to standard output",
	.details = "The agency's own books and the client funds, with the clients as customers. What debtors owe is not in it: it is\n"
		   "the clients'.",
	.example = "kravbok export saf-t --from 2026-01-01 --to 2026-12-31 > saft.xml",
	.options = { { "--from", "DATE", "first day (1 January of the last day's year)" }, { "--to", "DATE", "last day (today)" } },
	.needs = NEEDS_BOOK,
	.run = saft_run,
};

enum { LINE_SIZE_MAX = 512 * 1024 };

struct claims_out {
	struct sink_buffer csv;
	struct text line;
	struct json json;
};

static err_t claim_csv(const struct export_claim *claim, void *context)
{
	struct claims_out *out = context;
	struct text *line = &out->line;
	text_clear(line);
	text_addf(line, "%lld,%.*s,%lld,", (long long)claim->case_no, STR_ARG(claim->kid), (long long)claim->client_no);
	csv_text_field(line, claim->invoice_no);
	text_add_char(line, ',');
	csv_text_field(line, claim->debtor);
	text_addf(line, ",%s,%s,%s,%.*s,", date_iso(claim->issued_on).z, date_iso(claim->due_on).z,
		money_plain(claim->amount).z, STR_ARG(claim->stage));
	if (claim->carrier_no)
		text_addf(line, "%lld", (long long)claim->carrier_no);
	text_addf(line, ",%s,%s,%s,%s\n", money_plain(claim->principal).z, money_plain(claim->interest).z,
		money_plain(claim->costs).z, money_plain(claim->balance).z);
	sink_add(&out->csv, text_str(line));
	return OK;
}

static err_t claim_json(const struct export_claim *claim, void *context)
{
	struct json *json = &((struct claims_out *)context)->json;
	json_object(json);
	json_key(json, "case_no"), json_int(json, claim->case_no);
	json_key(json, "kid"), json_str(json, claim->kid);
	json_key(json, "client_no"), json_int(json, claim->client_no);
	json_key(json, "invoice_no"), json_str(json, claim->invoice_no);
	json_key(json, "debtor"), json_str(json, claim->debtor);
	json_key(json, "issued_on"), json_date(json, claim->issued_on);
	json_key(json, "due_on"), json_date(json, claim->due_on);
	json_key(json, "amount_minor"), json_money(json, claim->amount);
	json_key(json, "stage"), json_str(json, claim->stage);
	json_key(json, "joined_to");
	if (claim->carrier_no)
		json_int(json, claim->carrier_no);
	else
		json_null(json);
	json_key(json, "principal_minor"), json_money(json, claim->principal);
	json_key(json, "interest_minor"), json_money(json, claim->interest);
	json_key(json, "costs_minor"), json_money(json, claim->costs);
	json_key(json, "balance_minor"), json_money(json, claim->balance);
	json_end(json);
	return OK;
}

static err_t claims_run(struct cli *cli)
{
	struct claims_out out;
	if (cli->json) {
		out.json = cli_json(cli);
		json_array(&out.json);
		TRY(export_claims(&cli->op, claim_json, &out));
		json_end(&out.json);
		return json_finish(&out.json);
	}
	out.csv = sink_buffer_in(cli->op.arena, cli_sink(cli));
	out.line = text_in(cli->op.arena, LINE_SIZE_MAX);
	sink_add_z(&out.csv, "case_no,kid,client_no,invoice_no,debtor,issued_on,due_on,amount,stage,joined_to,principal,interest,"
		"costs,balance\n");
	TRY(export_claims(&cli->op, claim_csv, &out));
	return sink_flush(&out.csv);
}
const struct command command_export_claims = {
	.name = "export claims",
	.summary = "Every claim with what is owed on it today, to standard output",
	.details = "CSV with commas and amounts like 3480.00, or an array with --json. A claim that was joined to another case owes\n"
		   "nothing itself: joined_to says which case owes it.",
	.example = "kravbok export claims > claims.csv",
	.needs = NEEDS_BOOK,
	.run = claims_run,
};
