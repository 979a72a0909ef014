#include "app/night.h"
#include "cli/commands.h"

static err_t result_json(struct cli *cli, const struct night_result *result)
{
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, "first"), json_date(&json, result->first);
	json_key(&json, "last"), json_date(&json, result->last);
	json_key(&json, "cases"), json_int(&json, result->cases);
	json_key(&json, "letters"), json_int(&json, result->letters);
	json_key(&json, "events"), json_int(&json, result->events);
	json_key(&json, "missed_days"), json_int(&json, result->missed_days);
	json_key(&json, "waiting_letters"), json_int(&json, result->waiting_letters);
	json_key(&json, "failures"), json_int(&json, i64_from_size(result->failure_count));
	json_end(&json);
	return json_finish(&json);
}

static err_t night_run_command(struct cli *cli)
{
	date until;
	struct night_result result;
	TRY(cli_date(cli, "--until", &until));
	TRY(night_run(&cli->op, until, &result));
	for (size_t i = 0; i < result.failure_count; i++)
		cli_find(cli, "case %lld: %.*s; left as it was", (long long)result.failures[i].case_no,
			STR_ARG(result.failures[i].text));
	if (!date_is_none(result.stopped_before))
		cli_find(cli, "the law is known until %s: the night of %s was not run",
			date_iso(law_horizon(cli->op.law)).z, date_iso(result.stopped_before).z);
	if (cli->json)
		return result_json(cli, &result);
	if (result.missed_days)
		cli_print(cli, "%lld days without a night: what was due in them is done today, nothing is dated back\n",
			(long long)result.missed_days);
	if (result.waiting_letters)
		cli_print(cli, "%lld cases wait for a letter to be handed over (kravbok letter render)\n",
			(long long)result.waiting_letters);
	if (!date_is_none(result.stopped_before) && date_is_none(result.last))
		return OK;
	cli_print(cli, "Night until %s: %lld cases, %lld letters, %lld events\n",
		date_iso(date_is_none(result.last) ? result.first : result.last).z, (long long)result.cases,
		(long long)result.letters, (long long)result.events);
	return OK;
}
const struct command command_night = {
	.name = "night",
	.summary = "Do all that is due: steps, fees, letters, reviews",
	.details = "With --until, day by day as itself up to and including the date. Without it, one night for today: after missed\n"
		   "days what was due in them is sent and counted from today. A second night at the same time is refused.",
	.example = "kravbok night --until 2026-04-14",
	.options = { { "--until", "DATE", "live through each day up to this one" } },
	.needs = NEEDS_BOOK,
	.run = night_run_command,
};
