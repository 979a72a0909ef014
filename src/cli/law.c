#include "cli/commands.h"
#include "format/law_yaml.h"
#include "law_no.h"

static void series_text(struct cli *cli, const struct law_series *series, date on, const char *unit, int64_t divide)
{
	const struct law_value *value = law_value_on(series, on);
	if (!value) {
		cli_print(cli, "%-24s not known on %s\n", series->name, date_iso(on).z);
		return;
	}
	cli_print(cli, "%-24s %6lld.%02lld %-4s from %s%s%s  %s  [%s]\n", series->name, (long long)(value->value / divide),
		(long long)(value->value % divide * 100 / divide), unit, date_iso(value->from).z,
		date_is_none(series->until) ? "" : ", known until ",
		date_is_none(series->until) ? "" : date_iso(series->until).z, value->source.paragraph,
		value->source.confidence);
}

static void series_json(struct json *json, const struct law_series *series, date on)
{
	const struct law_value *value = law_value_on(series, on);
	json_object(json);
	json_key(json, "name"), json_z(json, series->name);
	json_key(json, "value");
	if (value)
		json_int(json, value->value);
	else
		json_null(json);
	if (value) {
		json_key(json, "from"), json_date(json, value->from);
		json_key(json, "paragraph"), json_z(json, value->source.paragraph);
		json_key(json, "source"), json_z(json, value->source.source);
		json_key(json, "confidence"), json_z(json, value->source.confidence);
	}
	json_key(json, "until"), json_date(json, series->until);
	json_end(json);
}

static void scheme_text(struct cli *cli, const struct law_scheme *scheme, date on)
{
	const struct law *law = cli->op.law;
	cli_print(cli, "\nCost scale %s, claims due from %s (%s)\n", scheme->name,
		date_is_none(scheme->due_from) ? "…" : date_iso(scheme->due_from).z, scheme->source.paragraph);
	cli_print(cli, "  reminder or notice fee %s, creditor's own demand %s\n", money_english(law_letter_fee(law, scheme, on)).z,
		money_english(law_own_demand_fee(law, scheme, on)).z);
	for (size_t i = 0; i < scheme->band_count; i++) {
		const struct law_band *band = &scheme->bands[i];
		struct law_salaer light = { .per_mille = band->light_per_mille, .charged_on = on, .vat_deductible = true };
		struct law_salaer heavy = { .per_mille = band->heavy_per_mille, .charged_on = on, .vat_deductible = true };
		bool open = band->up_to.minor == INT64_MAX;
		cli_print(cli, "  %s %14s   light %10s   heavy %10s\n", open ? "above" : "up to",
			open ? "" : money_english(band->up_to).z, money_english(law_salaer(law, light)).z,
			money_english(law_salaer(law, heavy)).z);
	}
}

static err_t show_run(struct cli *cli)
{
	const struct law *law = cli->op.law;
	const struct law_series *series[] = { &law->late_interest, &law->inkassosats, &law->standard_compensation,
		&law->court_fee };
	static const char *const units[] = { "%", "kr", "kr", "kr" };
	date on;
	TRY(cli_date(cli, "--date", &on));
	if (date_is_none(on))
		on = cli->op.today;
	TRY(law_reaches(law, on));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "country"), json_z(&json, law->country);
		json_key(&json, "on"), json_date(&json, on);
		json_key(&json, "until"), json_date(&json, law_horizon(law));
		json_key(&json, "series"), json_array(&json);
		for (size_t i = 0; i < sizeof series / sizeof *series; i++)
			series_json(&json, series[i], on);
		json_end(&json);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "The law (%s, %s) on %s; known until %s\n\n", law->country, law->version, date_iso(on).z,
		date_iso(law_horizon(law)).z);
	for (size_t i = 0; i < sizeof series / sizeof *series; i++)
		series_text(cli, series[i], on, units[i], 100);
	for (size_t i = 0; i < law->scheme_count; i++)
		scheme_text(cli, &law->schemes[i], on);
	return OK;
}
const struct command command_law_show = {
	.name = "law show",
	.summary = "Show the rates, fees and scales in force on a day, with their sources",
	.example = "kravbok law show --date 2026-07-01",
	.options = { { "--date", "DATE", "the day (today)" } },
	.run = show_run,
};

static err_t check_run(struct cli *cli)
{
	struct law *law;
	struct law_finding *findings;
	size_t count;
	TRY(law_read_folder(cli->op.arena, cli->arguments[0], &law_no, &law));
	law_check(law, cli->op.arena, &findings, &count);
	for (size_t i = 0; i < count; i++)
		cli_find(cli, "%s: %.*s", cli->arguments[0], STR_ARG(findings[i].text));
	if (!count && !cli->json)
		cli_print(cli, "%s: no gap, no overlap, a citation for each value; known until %s\n", cli->arguments[0],
			date_iso(law_horizon(law)).z);
	return OK;
}
const struct command command_law_check = {
	.name = "law check",
	.arguments = "DIR",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Check a folder of law files: gaps, overlaps, missing citations",
	.example = "kravbok law check law/no",
	.run = check_run,
};
