#include "app/demo.h"
#include "app/demo_people.h"
#include "app/setup.h"
#include "app/status.h"
#include "cli/commands.h"
#include "format/agency_yaml.h"
#include "sql.h"

#include <string.h>

static err_t agency_given(struct cli *cli, struct agency *agency)
{
	*agency = (struct agency){ .name = S("") };
	if (cli_has(cli, "--agency"))
		TRY(agency_yaml_read(cli->op.arena, cli_value(cli, "--agency"), agency));
	if (cli_has(cli, "--name"))
		agency->name = str_from_z(cli_value(cli, "--name"));
	if (cli_has(cli, "--account"))
		agency->account = str_from_z(cli_value(cli, "--account"));
	return OK;
}

static err_t agency_book(struct cli *cli)
{
	struct agency agency;
	TRY(agency_given(cli, &agency));
	TRY(db_begin(cli->op.db));
	err_t err = agency_store(&cli->op, &agency);
	if (err) {
		db_rollback(cli->op.db);
		return err;
	}
	return db_commit(cli->op.db);
}

/* The demo's files lie beside an SQLite book, in demo/. */
static const char *demo_folder(struct cli *cli)
{
	if (cli_has(cli, "--out"))
		return cli_value(cli, "--out");
	const char *file = strchr(cli->db_url, ':'), *slash = strrchr(cli->db_url, '/');
	if (!db_is_sqlite(cli->op.db) || !slash || slash < file)
		return "demo";
	return str_format(cli->op.arena, "%.*s/demo", (int)(slash - file - 1), file + 1).at; /* a path's length */
}

static err_t demo_run(struct cli *cli)
{
	struct demo_result result;
	const char *folder = demo_folder(cli);
	TRY(demo_fill(&cli->op, folder, &result));
	if (cli->json)
		return OK;
	cli_print(cli, "Fjordkreditt SA, a demo agency, has lived from %s to %s\n\n", date_iso(result.first).z,
		date_iso(result.last).z);
	cli_print(cli, "  %-34s %14lld\n", "clients", (long long)result.clients);
	cli_print(cli, "  %-34s %14lld\n", "claims taken in", (long long)result.claims);
	cli_print(cli, "  %-34s %14lld\n", "letters sent", (long long)result.letters);
	cli_print(cli, "  %-34s %14lld\n", "objections", (long long)result.objections);
	cli_print(cli, "  %-34s %14lld\n", "instalment plans", (long long)result.plans);
	cli_print(cli, "  %-34s %14lld\n", "payments", (long long)result.payments);
	cli_print(cli, "  %-34s %14s\n", "collected", money_english(result.collected).z);
	cli_print(cli, "  %-34s %14s\n", "paid out to clients", money_english(result.paid_out).z);
	cli_print(cli, "  %s %14s\n", cli_column(S("earned (salær and commission)"), 34).z,
		money_english(result.earned).z);
	cli_print(cli, "  %-34s %14s\n", "owed to clients, to be settled", money_english(result.to_settle).z);
	cli_print(cli, "\nWhere the cases stand\n");
	for (size_t i = 0; i < result.stage_count; i++)
		cli_print(cli, "  %-34.*s %14lld\n", STR_ARG(result.stages[i].stage), (long long)result.stages[i].count);
	cli_print(cli, "\nWho can log in, with the password '%s' and the one-time-code secret %s\n", DEMO_PASSWORD,
		DEMO_TOTP_SECRET);
	for (size_t i = 0; i < DEMO_PEOPLE_COUNT; i++)
		cli_print(cli, "  %-34s %s\n", demo_people[i].role, demo_people[i].email);
	struct demo_debtor debtor;
	TRY(demo_debtor_find(&cli->op, &debtor));
	if (debtor.case_no)
		cli_print(cli, "A debtor logs in to My page with case number %lld and the code %s of the letter; the one-time code that is\n"
			"then sent is written by the server on its standard error (a demo sends nothing)\n",
			(long long)debtor.case_no, debtor.code.z);
	cli_print(cli, "\nIts files (claims, bank files, settlements with statements) lie in %s\n", folder);
	return OK;
}

static err_t init_run(struct cli *cli)
{
	bool created = db_was_created(cli->op.db);
	if (cli_has(cli, "--demo"))
		return demo_run(cli);
	TRY(agency_book(cli));
	struct agency agency;
	TRY(agency_load(&cli->op, &agency));
	if (agency_account_doubt(&agency))
		fprintf(stderr, "kravbok: the check digit of an account of the agency is wrong: look at it once more\n");
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "created"), json_bool(&json, created);
		json_key(&json, "name"), json_str(&json, agency.name);
		json_key(&json, "account"), json_str(&json, agency.account);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "%s %s", created ? "Made the book" : "The book is up to date:", db_url(cli->op.db));
	if (agency.name.size)
		cli_print(cli, " for %.*s (client number 1)", STR_ARG(agency.name));
	if (agency.account.size)
		cli_print(cli, ", client funds on account %.*s", STR_ARG(agency.account));
	cli_print(cli, "\n");
	return OK;
}
const struct command command_init = {
	.name = "init",
	.summary = "Make the book, or bring it up to this version, and set the agency's identity",
	.details = "The agency is client number one. --demo fills an empty book with an agency, clients and a fully lived year,\n"
		   "2025-07-01 to 2026-06-30; its clock stays on the last day unless --today says otherwise. Its people, one for\n"
		   "each role, are listed with their log-ins in log-ins.txt among its files.",
	.example = "kravbok init --name \"Fjord Inkasso SA\" --account 15030000002",
	.options = { { "--agency", "FILE.yaml", "name, orgnr, address, phone, accounts, licence" },
		{ "--name", "NAME", "the agency's name" }, { "--account", "BBAN", "the client-funds account" },
		{ "--demo", NULL, "a demo agency with a year behind it" },
		{ "--out", "DIR", "where the demo's files go (demo/ beside the book)" } },
	.needs = NEEDS_NEW_BOOK,
	.run = init_run,
};

static void status_json_date(struct json *json, const char *key, date on)
{
	json_key(json, key);
	json_date(json, on);
}

static err_t status_run(struct cli *cli)
{
	struct status status;
	TRY(status_read(&cli->op, &status));
	if (status.law_days_left < STATUS_LAW_WARNING_DAYS)
		cli_find(cli, "the law is known until %s only: a new half-year's rates are needed (docs/law.md)",
			date_iso(status.law_until).z);
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		status_json_date(&json, "today", cli->op.today);
		status_json_date(&json, "last_night", status.last_night);
		json_key(&json, "last_bank_file"), json_str(&json, status.bank_file);
		status_json_date(&json, "last_bank_file_on", status.bank_file_on);
		status_json_date(&json, "reconciled_on", status.reconciled_on);
		json_key(&json, "difference_minor"), json_money(&json, status.difference);
		status_json_date(&json, "last_backup", status.backup_on);
		status_json_date(&json, "law_until", status.law_until);
		json_key(&json, "on_hold_minor"), json_money(&json, status.on_hold);
		json_key(&json, "cases"), json_int(&json, status.case_count);
		json_end(&json);
		return json_finish(&json);
	}
	const char *never = "never";
	cli_print(cli, "Today           %s\n", date_iso(cli->op.today).z);
	cli_print(cli, "Last night      %s\n", date_is_none(status.last_night) ? never : date_iso(status.last_night).z);
	cli_print(cli, "Last bank file  %s %.*s\n", date_is_none(status.bank_file_on) ? never : date_iso(status.bank_file_on).z,
		STR_ARG(status.bank_file));
	if (date_is_none(status.reconciled_on))
		cli_print(cli, "Reconciled      never: no bank statement has been read\n");
	else
		cli_print(cli, "Reconciled      %s, difference %s\n", date_iso(status.reconciled_on).z,
			money_english(status.difference).z);
	cli_print(cli, "On hold         %s\n", money_english(status.on_hold).z);
	cli_print(cli, "Last backup     %s\n", date_is_none(status.backup_on) ? never : date_iso(status.backup_on).z);
	cli_print(cli, "Law known until %s (%d days)\n", date_iso(status.law_until).z, status.law_days_left);
	cli_print(cli, "Cases           %lld\n", (long long)status.case_count);
	return OK;
}
const struct command command_status = {
	.name = "status",
	.summary = "How the book stands: last night, bank file, reconciliation, backup, law",
	.example = "kravbok status",
	.needs = NEEDS_BOOK,
	.run = status_run,
};

static err_t client_import_run(struct cli *cli)
{
	struct client_import_result result;
	TRY(client_import(&cli->op, cli->arguments[0], &result));
	for (size_t i = 0; i < result.finding_count; i++)
		cli_find(cli, "%s:%lld: %s%s%.*s", cli->arguments[0], (long long)result.findings[i].line_no,
			result.findings[i].field, result.findings[i].field[0] ? ": " : "", STR_ARG(result.findings[i].reason));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "created"), json_int(&json, result.created);
		json_key(&json, "updated"), json_int(&json, result.updated);
		json_key(&json, "unchanged"), json_int(&json, result.unchanged);
		json_key(&json, "rejected"), json_int(&json, i64_from_size(result.finding_count));
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "%lld clients created, %lld updated, %lld unchanged%s\n", (long long)result.created,
		(long long)result.updated, (long long)result.unchanged, result.finding_count ? ": nothing booked" : "");
	return OK;
}
const struct command command_client_import = {
	.name = "client import",
	.arguments = "FILE",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Create or update clients from a CSV list",
	.details = "Columns: client_no,name,orgnr,account,vat_deductible,member,process,email and, if wanted, commission_bp.\n"
		   "New terms hold for claims that come in later; older claims keep theirs.",
	.example = "kravbok client import samples/clients.csv",
	.needs = NEEDS_BOOK,
	.run = client_import_run,
};

static err_t client_list_run(struct cli *cli)
{
	struct client_list_row *rows;
	size_t count;
	TRY(q_client_list(cli->op.db, cli->op.arena, &rows, &count));
	if (!cli->json) {
		for (size_t i = 0; i < count; i++)
			cli_print(cli, "%6lld  %s %.*s  %.*s  %s\n", (long long)rows[i].client_no,
				cli_column(rows[i].name, 32).z, STR_ARG(rows[i].orgnr), STR_ARG(rows[i].account), rows[i].member ? "member" : "");
		return OK;
	}
	struct json json = cli_json(cli);
	json_array(&json);
	for (size_t i = 0; i < count; i++) {
		json_object(&json);
		json_key(&json, "client_no"), json_int(&json, rows[i].client_no);
		json_key(&json, "name"), json_str(&json, rows[i].name);
		json_key(&json, "orgnr"), json_str(&json, rows[i].orgnr);
		json_key(&json, "account"), json_str(&json, rows[i].account);
		json_key(&json, "member"), json_bool(&json, rows[i].member != 0);
		json_end(&json);
	}
	json_end(&json);
	return json_finish(&json);
}
const struct command command_client_list = {
	.name = "client list",
	.summary = "List the clients",
	.example = "kravbok client list",
	.needs = NEEDS_BOOK,
	.run = client_list_run,
};
