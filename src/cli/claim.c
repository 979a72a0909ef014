#include "app/intake.h"
#include "cli/commands.h"

static err_t result_json(struct cli *cli, const struct intake_result *result)
{
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, "accepted"), json_int(&json, result->accepted);
	json_key(&json, "already"), json_int(&json, result->already);
	json_key(&json, "rejected"), json_array(&json);
	for (size_t i = 0; i < result->finding_count; i++) {
		json_object(&json);
		json_key(&json, "line"), json_int(&json, result->findings[i].line_no);
		json_key(&json, "field"), json_z(&json, result->findings[i].field);
		json_key(&json, "reason"), json_str(&json, result->findings[i].reason);
		json_end(&json);
	}
	json_end(&json);
	if (result->forecast_count) {
		json_key(&json, "forecast"), json_array(&json);
		for (size_t i = 0; i < result->forecast_count; i++) {
			const struct intake_forecast_day *day = &result->forecast[i];
			int64_t letters = day->reminders + day->notices + day->demands + day->enforcement_notices;
			if (!letters && !day->heavies)
				continue;
			json_object(&json);
			json_key(&json, "on"), json_date(&json, day->on);
			json_key(&json, "letters"), json_int(&json, letters);
			json_key(&json, "heavy"), json_int(&json, day->heavies);
			json_key(&json, "charged_minor"), json_money(&json, day->charged);
			json_end(&json);
		}
		json_end(&json);
	}
	json_end(&json);
	return json_finish(&json);
}

static void forecast_text(struct cli *cli, const struct intake_result *result)
{
	if (!result->forecast_count)
		return;
	cli_print(cli, "\nIf nobody pays:\n  %-10s %9s %9s %9s %9s %9s %14s\n", "day", "reminders", "notices", "demands",
		"heavy", "enforce", "charged");
	for (size_t i = 0; i < result->forecast_count; i++) {
		const struct intake_forecast_day *day = &result->forecast[i];
		if (!day->reminders && !day->notices && !day->demands && !day->heavies && !day->enforcement_notices)
			continue;
		cli_print(cli, "  %s %9lld %9lld %9lld %9lld %9lld %14s\n", date_iso(day->on).z, (long long)day->reminders,
			(long long)day->notices, (long long)day->demands, (long long)day->heavies,
			(long long)day->enforcement_notices, money_english(day->charged).z);
	}
}

static err_t import_run(struct cli *cli)
{
	struct intake_order order = {
		.path = cli->arguments[0],
		.dry_run = cli_has(cli, "--dry-run"),
		.accept_good = cli_has(cli, "--accept-good"),
	};
	struct intake_result result;
	TRY(cli_need(cli, "--client"));
	TRY(cli_number(cli, "--client", 1, 999999999, 0, &order.client_no));
	TRY(intake_file(&cli->op, order, &result));
	for (size_t i = 0; i < result.finding_count; i++)
		cli_find(cli, "%s:%lld: %s%s%.*s", order.path, (long long)result.findings[i].line_no, result.findings[i].field,
			result.findings[i].field[0] ? ": " : "", STR_ARG(result.findings[i].reason));
	if (result.rejected_count > (int64_t)result.finding_count) /* at most a thousand are kept */
		cli_find(cli, "%s: %lld findings in all, the first %zu are listed", order.path,
			(long long)result.rejected_count, result.finding_count);
	if (cli->json)
		return result_json(cli, &result);
	if (order.dry_run)
		cli_print(cli, "Dry run, nothing booked: %lld would be taken in, %lld known already, %lld findings\n",
			(long long)result.accepted, (long long)result.already, (long long)result.rejected_count);
	else if (result.rejected_count && !order.accept_good)
		cli_print(cli, "Nothing booked: %lld findings. Mend the file, or take the good rows with --accept-good\n",
			(long long)result.rejected_count);
	else
		cli_print(cli, "%lld taken in, %lld known already, %lld findings\n", (long long)result.accepted,
			(long long)result.already, (long long)result.rejected_count);
	if (result.bad_rows_path.size && !order.dry_run)
		cli_print(cli, "Rows to be mended and sent again: %.*s\n", STR_ARG(result.bad_rows_path));
	forecast_text(cli, &result);
	return OK;
}
const struct command command_claim_import = {
	.name = "claim import",
	.arguments = "FILE",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Take in a client's claims: CSV, or an EHF invoice or credit note",
	.details = "All rows or none, unless --accept-good: then the good rows are booked and the bad ones written to FILE.bad.csv,\n"
		   "to be mended and sent again. The same invoice of the same client twice is one claim.",
	.example = "kravbok claim import samples/claims.csv --client 2 --dry-run",
	.options = { { "--client", "NO", "whose claims they are" }, { "--dry-run", NULL, "show what would follow, book nothing" },
		{ "--accept-good", NULL, "book the good rows" } },
	.needs = NEEDS_BOOK,
	.run = import_run,
};
