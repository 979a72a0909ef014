/* What is wrong with the tables of the law. Run when the program is built and whenever a folder is loaded, so that the
 * rest of core may take the tables as sound. The bounds here are for slips of the pen, not for the law: they are wide.
 */
#include "core/law.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	HOLIDAY_COUNT_MAX = 20,
	EASTER_OFFSET_MAX = 80,
	WAIT_DAYS_MAX = 400,
	HALF_YEAR_COUNT_MAX = 400, /* 1900 to 2100 */
};

struct check {
	const struct law *law;
	struct arena *arena;
	struct law_finding *findings;
	size_t count;
};

static void found(struct check *check, const char *format, ...) PRINTF_LIKE(2, 3);

static void found(struct check *check, const char *format, ...)
{
	char line[500];
	if (check->count == LAW_FINDING_MAX)
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	check->findings[check->count++].text = str_copy(check->arena, str_from_z(line));
}

static bool is_blank(const char *z)
{
	return !str_trim(str_from_z(z)).size;
}

/* what: the place in words, "late-interest.yaml: late_interest from 2026-01-01". */
static void check_source(struct check *check, const char *what, const struct law_source *source)
{
	static const char *const words[] = { "verified", "single-source", "derived", "conflict", "unverified" };
	if (is_blank(source->paragraph))
		found(check, "%s names no paragraph", what);
	if (is_blank(source->source))
		found(check, "%s names no source", what);
	if (is_blank(source->confidence)) {
		found(check, "%s does not say how sure it is (confidence)", what);
		return;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(source->confidence, words[i]) == 0)
			return;
	found(check, "%s: '%s' is not a word for confidence (verified, single-source, derived, conflict, unverified)",
		what, source->confidence);
}

/* A name to stand in a finding when the table gives none. */
static const char *name_or(const char *name)
{
	return is_blank(name) ? "(no name)" : name;
}

/* ---- series ---- */

/* A series, the file it stands in, and how its figures are written and bounded. */
struct series_rule {
	const char *file;
	const struct law_series *series;
	int64_t min, max;  /* plausible values, in the series' own unit */
	int decimals;      /* as people write it: 2 for 12.25 and 38.00, 3 for 0.345 */
	bool by_half_year; /* set anew every 1 January and 1 July since half_year_from */
	date half_year_from;
	bool never_falls;
};

struct figure {
	char z[32];
};

static struct figure figure_written(int64_t value, int decimals)
{
	struct figure figure;
	int64_t scale = decimals == 3 ? 1000 : 100;
	snprintf(figure.z, sizeof figure.z, "%lld.%0*lld", (long long)(value / scale), decimals,
		(long long)(value < 0 ? -value % scale : value % scale));
	return figure;
}

static void check_value(struct check *check, const struct series_rule *rule, size_t i)
{
	const struct law_series *series = rule->series;
	const struct law_value *value = &series->values[i];
	char what[200];
	snprintf(what, sizeof what, "%s: %s from %s", rule->file, series->name, date_iso(value->from).z);
	check_source(check, what, &value->source);
	if (value->value < rule->min || value->value > rule->max)
		found(check, "%s: %s is not between %s and %s", what, figure_written(value->value, rule->decimals).z,
			figure_written(rule->min, rule->decimals).z, figure_written(rule->max, rule->decimals).z);
	if (!i)
		return;
	const struct law_value *before = value - 1;
	if (date_eq(before->from, value->from))
		found(check, "%s is there twice", what);
	else if (date_before(value->from, before->from))
		found(check, "%s stands after the one from %s: the dates must rise", what, date_iso(before->from).z);
	if (rule->never_falls && value->value < before->value)
		found(check, "%s falls from %s to %s; salær is charged by the day of the charge, so it may only rise",
			what, figure_written(before->value, rule->decimals).z,
			figure_written(value->value, rule->decimals).z);
}

static bool is_half_year_start(date d)
{
	struct civil civil = date_civil(d);
	return civil.day == 1 && (civil.month == 1 || civil.month == 7);
}

static bool series_has_from(const struct law_series *series, date from)
{
	for (size_t i = 0; i < series->value_count; i++)
		if (date_eq(series->values[i].from, from))
			return true;
	return false;
}

/* Every half-year has its own row, also when the rate did not change: else a forgotten one could not be seen. */
static void check_half_years(struct check *check, const struct series_rule *rule)
{
	const struct law_series *series = rule->series;
	date begin = date_max(rule->half_year_from, series->values[0].from);
	if (date_is_none(series->until)) {
		found(check, "%s: %s has until null, but is only known to the end of a half-year", rule->file,
			series->name);
		return;
	}
	if (!is_half_year_start(date_add(series->until, 1)))
		found(check, "%s: %s is known until %s, which is not the last day of a half-year", rule->file,
			series->name, date_iso(series->until).z);
	for (size_t i = 0; i < series->value_count; i++)
		if (!date_before(series->values[i].from, begin) && !is_half_year_start(series->values[i].from))
			found(check, "%s: %s from %s does not begin on 1 January or 1 July", rule->file, series->name,
				date_iso(series->values[i].from).z);
	if (!is_half_year_start(begin))
		return; /* found already */
	date half_year = begin;
	for (int i = 0; i < HALF_YEAR_COUNT_MAX && !date_after(half_year, series->until); i++) {
		if (!series_has_from(series, half_year))
			found(check, "%s: %s has a gap: no value from %s", rule->file, series->name,
				date_iso(half_year).z);
		half_year = date_add_months(half_year, 6);
	}
}

static void check_series(struct check *check, struct series_rule rule)
{
	const struct law_series *series = rule.series;
	if (!series->value_count) {
		found(check, "%s: %s has no values", rule.file, name_or(series->name));
		return;
	}
	for (size_t i = 0; i < series->value_count; i++)
		check_value(check, &rule, i);
	const struct law_value *last = &series->values[series->value_count - 1];
	if (!date_is_none(series->until) && date_before(series->until, last->from))
		found(check, "%s: %s is known until %s, before its last value from %s", rule.file, series->name,
			date_iso(series->until).z, date_iso(last->from).z);
	if (rule.by_half_year)
		check_half_years(check, &rule);
}

/* Claims are taken from the first scheme's first due date on; what every one of them needs must reach as far back. */
static void check_begins(struct check *check, const char *file, const struct law_series *series)
{
	const struct law *law = check->law;
	date first = law->scheme_count ? law->schemes[0].due_from : DATE_NONE;
	if (!date_is_none(first) && series->value_count && date_after(series->values[0].from, first))
		found(check, "%s: %s begins on %s, after the first scheme's claims (due from %s)", file, series->name,
			date_iso(series->values[0].from).z, date_iso(first).z);
}

static void check_rates(struct check *check)
{
	const struct law *law = check->law;
	date half_years = date_make(2004, 1, 1); /* before, the rate stood for ten years */
	check_series(check, (struct series_rule){ .file = "late-interest.yaml",
				    .series = &law->late_interest,
				    .min = 1,
				    .max = 5000,
				    .decimals = 2,
				    .by_half_year = true,
				    .half_year_from = half_years });
	check_series(check, (struct series_rule){ .file = "inkassosats.yaml",
				    .series = &law->inkassosats,
				    .min = 10000,
				    .max = 1000000,
				    .decimals = 2,
				    .never_falls = true });
	check_series(check, (struct series_rule){ .file = "standard-compensation.yaml",
				    .series = &law->standard_compensation,
				    .min = 10000,
				    .max = 200000,
				    .decimals = 2,
				    .by_half_year = true,
				    .half_year_from = half_years });
	check_series(check, (struct series_rule){ .file = "court-fee.yaml",
				    .series = &law->court_fee,
				    .min = 10000,
				    .max = 1000000,
				    .decimals = 2 });
	check_begins(check, "late-interest.yaml", &law->late_interest);
	check_begins(check, "inkassosats.yaml", &law->inkassosats);
}

static void check_interest_sums(struct check *check)
{
	const struct law *law = check->law;
	struct arena_mark mark = arena_mark(check->arena);
	const int64_t *sums = law_interest_sums(check->arena, &law->late_interest);
	size_t size = law->late_interest.value_count * sizeof *sums;
	bool same = !size || (law->interest_sums && memcmp(sums, law->interest_sums, size) == 0);
	arena_reset(check->arena, mark);
	if (!same)
		found(check, "late-interest.yaml: the running sums do not belong to the rates");
}

/* ---- schemes ---- */

static void check_band(struct check *check, const struct law_scheme *scheme, size_t i)
{
	const struct law_band *band = &scheme->bands[i], *before = i ? band - 1 : NULL;
	bool is_last = i + 1 == scheme->band_count, is_open = band->up_to.minor == INT64_MAX;
	const char *name = name_or(scheme->name);
	char up_to[40] = "no limit";
	if (!is_open)
		snprintf(up_to, sizeof up_to, "up to %s", money_plain(band->up_to).z);
	if (is_last && !is_open)
		found(check, "schemes.yaml: scheme %s: the last band is %s; it must have no limit", name, up_to);
	if (!is_last && is_open)
		found(check, "schemes.yaml: scheme %s: a band without limit stands before the last", name);
	if (band->up_to.minor <= 0)
		found(check, "schemes.yaml: scheme %s: the band %s holds no amount", name, up_to);
	if (band->light_per_mille < 1 || band->heavy_per_mille > 100000)
		found(check,
			"schemes.yaml: scheme %s, band %s: light %s and heavy %s are not both between 0.001 and 100",
			name, up_to, figure_written(band->light_per_mille, 3).z,
			figure_written(band->heavy_per_mille, 3).z);
	if (band->heavy_per_mille < band->light_per_mille)
		found(check, "schemes.yaml: scheme %s, band %s: heavy %s is less than light %s", name, up_to,
			figure_written(band->heavy_per_mille, 3).z, figure_written(band->light_per_mille, 3).z);
	if (!before)
		return;
	if (band->up_to.minor <= before->up_to.minor && !(before->up_to.minor == INT64_MAX))
		found(check, "schemes.yaml: scheme %s: the band %s stands after the one up to %s: bands must rise",
			name, up_to, money_plain(before->up_to).z);
	if (band->light_per_mille < before->light_per_mille || band->heavy_per_mille < before->heavy_per_mille)
		found(check, "schemes.yaml: scheme %s, band %s: costs less than the band below it", name, up_to);
}

/* series when it has values, else a part of the sats. */
static void check_fee(
	struct check *check, const struct law_scheme *scheme, const struct law_series *series, int64_t per_mille)
{
	const char *name = name_or(series->name);
	if (!series->value_count) {
		if (per_mille < 1 || per_mille > 1000)
			found(check, "schemes.yaml: %s: %s is not a part of the sats", name,
				figure_written(per_mille, 3).z);
		return;
	}
	check_series(
		check, (struct series_rule){
			       .file = "schemes.yaml", .series = series, .min = 100, .max = 100000, .decimals = 2 });
	if (date_is_none(scheme->due_from) || date_after(series->values[0].from, scheme->due_from))
		found(check, "schemes.yaml: %s begins on %s, after the scheme it belongs to", name,
			date_iso(series->values[0].from).z);
}

static void check_scheme_dates(struct check *check, size_t i)
{
	const struct law_scheme *scheme = &check->law->schemes[i];
	const char *name = name_or(scheme->name);
	bool has_from = !date_is_none(scheme->due_from), has_until = !date_is_none(scheme->due_until);
	if (has_from && has_until && date_before(scheme->due_until, scheme->due_from))
		found(check, "schemes.yaml: scheme %s ends on %s, before it begins on %s", name,
			date_iso(scheme->due_until).z, date_iso(scheme->due_from).z);
	if (!i)
		return;
	const struct law_scheme *before = scheme - 1;
	if (strcmp(name_or(before->name), name) == 0)
		found(check, "schemes.yaml: scheme %s is there twice", name);
	if (!has_from || date_is_none(before->due_until)) {
		found(check, "schemes.yaml: schemes %s and %s overlap: one of them has an open end between them",
			name_or(before->name), name);
		return;
	}
	int apart = date_diff(before->due_until, scheme->due_from);
	if (apart != 1)
		found(check, "schemes.yaml: schemes %s and %s have %s between %s and %s", name_or(before->name), name,
			apart < 1 ? "an overlap" : "a gap", date_iso(before->due_until).z,
			date_iso(scheme->due_from).z);
}

static void check_schemes(struct check *check)
{
	const struct law *law = check->law;
	if (!law->scheme_count)
		found(check, "schemes.yaml: there is no scheme");
	for (size_t i = 0; i < law->scheme_count; i++) {
		const struct law_scheme *scheme = &law->schemes[i];
		char what[200];
		snprintf(what, sizeof what, "schemes.yaml: scheme %s", name_or(scheme->name));
		check_source(check, what, &scheme->source);
		check_scheme_dates(check, i);
		if (!scheme->band_count)
			found(check, "%s has no bands", what);
		for (size_t k = 0; k < scheme->band_count; k++)
			check_band(check, scheme, k);
		check_fee(check, scheme, &scheme->letter_fee, scheme->letter_fee_per_mille);
		check_fee(check, scheme, &scheme->own_demand_fee, scheme->own_demand_fee_per_mille);
	}
	if (law->scheme_count && !date_is_none(law->schemes[law->scheme_count - 1].due_until))
		found(check, "schemes.yaml: the last scheme, %s, ends on %s; claims due later have none",
			name_or(law->schemes[law->scheme_count - 1].name),
			date_iso(law->schemes[law->scheme_count - 1].due_until).z);
}

/* ---- processes ---- */

static bool step_may_charge(enum law_step step, enum law_charge charge)
{
	switch (charge) {
	case LAW_CHARGE_NONE:
		return step != LAW_STEP_HEAVY;
	case LAW_CHARGE_LETTER_FEE:
		return step == LAW_STEP_REMINDER || step == LAW_STEP_NOTICE;
	case LAW_CHARGE_OWN_DEMAND_FEE:
	case LAW_CHARGE_LIGHT:
		return step == LAW_STEP_DEMAND;
	case LAW_CHARGE_HEAVY:
		return step == LAW_STEP_HEAVY;
	}
	panic("a charge that is none");
}

/* The bounds of the law itself, which no process may go below, not even no/minimum: inkassoforskriften §§ 1-2, 1-3,
 * 2-3. */
static void check_bounds_of_step(struct check *check, const char *what, const struct law_process_step *step)
{
	const struct law_parameters *p = &check->law->parameters;
	if (step->sends && step->deadline_days < p->least_deadline_days)
		found(check, "%s gives a deadline of %d days; the least is %d", what, step->deadline_days,
			p->least_deadline_days);
	if (step->deadline_days > WAIT_DAYS_MAX || step->wait_days > WAIT_DAYS_MAX)
		found(check, "%s waits %d days and gives %d; neither may be over %d", what, step->wait_days,
			step->deadline_days, WAIT_DAYS_MAX);
	if (step->charge == LAW_CHARGE_LETTER_FEE && step->anchor == LAW_ANCHOR_DUE &&
		step->wait_days < p->fee_after_due_days)
		found(check, "%s charges a fee %d days after the due date; the least is %d", what, step->wait_days,
			p->fee_after_due_days);
	if (step->charge == LAW_CHARGE_HEAVY && step->wait_days <= p->heavy_after_days)
		found(check, "%s comes %d days after the demand's deadline; it must be missed by more than %d", what,
			step->wait_days, p->heavy_after_days);
	if (!step->sends && step->deadline_days)
		found(check, "%s gives a deadline of %d days but sends nothing", what, step->deadline_days);
}

static bool has_letter_before(const struct law_process *process, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (process->steps[k].deadline_days)
			return true;
	return false;
}

static void check_anchor(struct check *check, const char *what, const struct law_process *process, size_t i)
{
	const struct law_process_step *step = &process->steps[i];
	if (step->charge == LAW_CHARGE_HEAVY && step->anchor != LAW_ANCHOR_DEADLINE)
		found(check, "%s must follow the demand's deadline", what);
	if (!i && step->anchor != LAW_ANCHOR_DUE)
		found(check, "%s is the first, so its anchor must be due", what);
	if (i && step->anchor == LAW_ANCHOR_DUE)
		found(check, "%s has the anchor due, but a step stands before it", what);
	if (step->anchor == LAW_ANCHOR_DEADLINE && i && !has_letter_before(process, i))
		found(check, "%s follows a deadline, but no letter before it gives one", what);
	if (step->anchor == LAW_ANCHOR_DEADLINE && step->wait_days < 1)
		found(check, "%s waits 0 days after a deadline; the deadline's own day belongs to the debtor", what);
	if (step->anchor == LAW_ANCHOR_SAME_DAY && step->wait_days)
		found(check, "%s is on the same day as the step before it, but waits %d days", what, step->wait_days);
	if (i && step->step <= process->steps[i - 1].step)
		found(check, "%s stands after %s: steps out of order", what, law_step_name(process->steps[i - 1].step));
}

static const struct law_process_step *step_named(const struct law_process *process, enum law_step step)
{
	for (size_t i = 0; i < process->step_count; i++)
		if (process->steps[i].step == step)
			return &process->steps[i];
	return NULL;
}

static int wait_with_grace(const struct law_process *process, const struct law_process_step *step)
{
	return step->wait_days + (step->anchor == LAW_ANCHOR_DEADLINE ? process->grace_days : 0);
}

/* A step is compared with the minimum's of the same name; with another anchor (the reminder left out, no heavy step)
 * only a fee letter after the due date can be: it may not come before the minimum's first. */
static void check_not_shorter(struct check *check, const char *what, const struct law_process *process,
	const struct law_process_step *step, const struct law_process *minimum)
{
	const struct law_process_step *least = step_named(minimum, step->step);
	if (!minimum->step_count)
		return;
	if (step->anchor == LAW_ANCHOR_DUE)
		least = &minimum->steps[0];
	if (!least)
		return;
	int wait = wait_with_grace(process, step), least_wait = wait_with_grace(minimum, least);
	if (step->anchor == least->anchor && wait < least_wait)
		found(check, "%s waits %d days, shorter than %s with %d", what, wait, minimum->name, least_wait);
	if (step->deadline_days < least->deadline_days && step->sends)
		found(check, "%s gives %d days, shorter than %s with %d", what, step->deadline_days, minimum->name,
			least->deadline_days);
}

static void check_step(
	struct check *check, const struct law_process *process, size_t i, const struct law_process *minimum)
{
	const struct law_process_step *step = &process->steps[i];
	char what[200];
	snprintf(what, sizeof what, "processes.yaml: %s, step %s", name_or(process->name), law_step_name(step->step));
	check_source(check, what, &step->source);
	check_anchor(check, what, process, i);
	check_bounds_of_step(check, what, step);
	if (!step_may_charge(step->step, step->charge))
		found(check, "%s cannot make that charge", what);
	bool is_letter = step->step != LAW_STEP_HEAVY && step->step != LAW_STEP_DECIDE_LEGAL;
	if (step->sends != is_letter)
		found(check, "%s %s", what,
			is_letter ? "is a letter, but sends is no" : "is no letter, but sends is yes");
	if (minimum && minimum != process)
		check_not_shorter(check, what, process, step, minimum);
}

/* What concerns the steps of a process together. */
static void check_process_whole(struct check *check, const struct law_process *process)
{
	const char *name = name_or(process->name);
	int fee_letter_count = 0;
	for (size_t i = 0; i < process->step_count; i++)
		fee_letter_count += process->steps[i].charge == LAW_CHARGE_LETTER_FEE;
	if (fee_letter_count > check->law->parameters.fee_letter_max)
		found(check, "processes.yaml: %s has %d letters with a fee; at most %d are allowed", name,
			fee_letter_count, check->law->parameters.fee_letter_max);
	if (process->grace_days > WAIT_DAYS_MAX)
		found(check, "processes.yaml: %s has %d days of grace", name, process->grace_days);
	const struct law_process_step *demand = step_named(process, LAW_STEP_DEMAND);
	bool has_light = demand && demand->charge == LAW_CHARGE_LIGHT;
	if (step_named(process, LAW_STEP_HEAVY) && !has_light)
		found(check, "processes.yaml: %s charges heavy salær without a demand with light salær before it",
			name);
	if (!process->step_count)
		found(check, "processes.yaml: %s has no steps", name);
	else if (process->steps[process->step_count - 1].step != LAW_STEP_DECIDE_LEGAL)
		found(check,
			"processes.yaml: %s does not end in decide_legal, so an unpaid case would have no next action",
			name);
}

static void check_processes(struct check *check)
{
	const struct law *law = check->law;
	char minimum_name[64];
	snprintf(minimum_name, sizeof minimum_name, "%s/minimum", name_or(law->country));
	const struct law_process *minimum = law_process_named(law, str_from_z(minimum_name));
	if (!minimum)
		found(check, "processes.yaml: there is no %s to measure the others by", minimum_name);
	for (size_t i = 0; i < law->process_count; i++) {
		const struct law_process *process = &law->processes[i];
		if (is_blank(process->name))
			found(check, "processes.yaml: process %zu has no name", i + 1);
		for (size_t k = 0; k < i; k++)
			if (strcmp(name_or(law->processes[k].name), name_or(process->name)) == 0)
				found(check, "processes.yaml: %s is there twice", name_or(process->name));
		check_process_whole(check, process);
		for (size_t k = 0; k < process->step_count; k++)
			check_step(check, process, k, minimum);
	}
}

/* ---- holidays, proceedings, parameters ---- */

static void check_holidays(struct check *check)
{
	const struct law *law = check->law;
	check_source(check, "holidays.yaml: the holidays", &law->holiday_source);
	if (!law->holiday_count || law->holiday_count > HOLIDAY_COUNT_MAX)
		found(check, "holidays.yaml: %zu holidays; there must be 1 to %d", law->holiday_count,
			HOLIDAY_COUNT_MAX);
	for (size_t i = 0; i < law->holiday_count; i++) {
		const struct law_holiday *holiday = &law->holidays[i];
		struct civil civil = { 2024, holiday->month, holiday->day }; /* a leap year */
		const char *name = name_or(holiday->name);
		if (is_blank(holiday->name))
			found(check, "holidays.yaml: holiday %zu has no name", i + 1);
		if (holiday->month && !date_is_real(civil))
			found(check, "holidays.yaml: %s on %02d-%02d is not a day of the calendar", name,
				holiday->month, holiday->day);
		if (!holiday->month &&
			(holiday->easter_offset < -EASTER_OFFSET_MAX || holiday->easter_offset > EASTER_OFFSET_MAX))
			found(check, "holidays.yaml: %s is %d days from Easter Sunday; at most %d are possible", name,
				holiday->easter_offset, EASTER_OFFSET_MAX);
		for (size_t k = 0; k < i; k++)
			if (law->holidays[k].month == holiday->month && law->holidays[k].day == holiday->day &&
				law->holidays[k].easter_offset == holiday->easter_offset)
				found(check, "holidays.yaml: %s falls on the same day as %s", name,
					name_or(law->holidays[k].name));
	}
}

static void check_proceedings(struct check *check)
{
	const struct law *law = check->law;
	for (size_t i = 0; i < law->proceeding_count; i++) {
		const struct law_proceeding *proceeding = &law->proceedings[i];
		if (is_blank(proceeding->name))
			found(check, "court-fee.yaml: proceeding %zu has no name", i + 1);
		for (size_t k = 0; k < i; k++)
			if (strcmp(name_or(law->proceedings[k].name), name_or(proceeding->name)) == 0)
				found(check, "court-fee.yaml: %s is there twice", name_or(proceeding->name));
		check_series(check, (struct series_rule){ .file = "court-fee.yaml",
					    .series = &proceeding->multiple_per_mille,
					    .min = 1,
					    .max = 100000,
					    .decimals = 3 });
	}
}

struct bound {
	const char *name;
	int64_t value, min, max;
};

static void check_bounds(struct check *check)
{
	const struct law_parameters *p = &check->law->parameters;
	const struct bound bounds[] = {
		{ "letter: fee_letter_max", p->fee_letter_max, 0, 10 },
		{ "letter: fee_letter_months", p->fee_letter_months, 1, 120 },
		{ "letter: least_deadline_days", p->least_deadline_days, 1, 100 },
		{ "letter: fee_after_due_days", p->fee_after_due_days, 0, 100 },
		{ "salaer: business_times (per mille)", p->business_per_mille, 1000, 5000 },
		{ "salaer: vat_percent (per mille)", p->vat_per_mille, 0, 500 },
		{ "salaer: heavy_after_days", p->heavy_after_days, 0, 365 },
		{ "plan: fee_over_parts", p->plan_fee_over_parts, 0, 100 },
		{ "plan: fee_times (per mille)", p->plan_fee_per_mille, 0, 10000 },
		{ "join: days", p->join_days, 0, 365 },
		{ "legal: months", p->legal_months, 1, 60 },
		{ "objection: review_days", p->review_days, 1, 90 },
		{ "block: age_of_majority", p->age_of_majority, 15, 25 },
		{ "contact: weekday_from_hour", p->contact_weekday_from, 0, 23 },
		{ "contact: weekday_until_hour", p->contact_weekday_until, p->contact_weekday_from + 1, 24 },
		{ "contact: saturday_from_hour", p->contact_saturday_from, 0, 23 },
		{ "contact: saturday_until_hour", p->contact_saturday_until, p->contact_saturday_from + 1, 24 },
		{ "limitation: years", p->limitation_years, 1, 30 },
		{ "waiver: least_principal (øre)", p->least_principal.minor, 0, 1000000 },
		{ "waiver: waive_under (øre)", p->waive_under.minor, 0, 1000000 },
		{ "waiver: residual_reminder_least (øre)", p->residual_reminder_min.minor, 0, 1000000 },
		{ "waiver: residual_reminder_days", p->residual_reminder_days, 14, 400 },
		{ "waiver: residual_reminder_count", p->residual_reminder_count, 0, 20 },
		{ "commission: member_percent (basis points)", p->commission_member_bp, 0, 10000 },
		{ "commission: other_percent (basis points)", p->commission_other_bp, 0, 10000 },
	};
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
		if (bounds[i].value < bounds[i].min || bounds[i].value > bounds[i].max)
			found(check, "parameters.yaml: %s: %lld is not between %lld and %lld", bounds[i].name,
				(long long)bounds[i].value, (long long)bounds[i].min, (long long)bounds[i].max);
}

/* Each warning must come after the one before it, within the period itself; the process waits for them in this order.
 */
static void check_warnings(struct check *check)
{
	const struct law_parameters *p = &check->law->parameters;
	int before = p->limitation_years * 365;
	for (int i = 0; i < LAW_LIMITATION_WARNING_COUNT; i++) {
		int days = p->limitation_warning_days[i];
		if (days < 1)
			found(check, "parameters.yaml: limitation: warning_days: %d is not a day before the limitation",
				days);
		else if (days >= before)
			found(check, "parameters.yaml: limitation: warning_days: %d is not less than the %d before it",
				days, before);
		before = days;
	}
}

/* The numbers given from then on are those of people born or registered in the years around 2032. */
static void check_ident(struct check *check)
{
	date from = check->law->parameters.ident_rule_from, least = date_make(2026, 1, 1),
	     most = date_make(2050, 12, 31);
	if (date_is_none(from) || date_before(from, least) || date_after(from, most))
		found(check, "parameters.yaml: ident: rule_from %s is not between %s and %s", date_iso(from).z,
			date_iso(least).z, date_iso(most).z);
}

static void check_parameter_sources(struct check *check)
{
	const struct law *law = check->law;
	const struct {
		const char *what;
		const struct law_source *source;
	} topics[] = {
		{ "parameters.yaml: interest", &law->interest_source },
		{ "parameters.yaml: allocation", &law->allocation_source },
		{ "parameters.yaml: letter", &law->letter_source },
		{ "parameters.yaml: salaer", &law->salaer_source },
		{ "parameters.yaml: absorb", &law->absorb_source },
		{ "parameters.yaml: standard_compensation", &law->compensation_source },
		{ "parameters.yaml: plan", &law->plan_fee_source },
		{ "parameters.yaml: join", &law->join_source },
		{ "parameters.yaml: legal", &law->legal_source },
		{ "parameters.yaml: objection", &law->objection_source },
		{ "parameters.yaml: block", &law->block_source },
		{ "parameters.yaml: contact", &law->contact_source },
		{ "parameters.yaml: limitation", &law->limitation_source },
		{ "parameters.yaml: waiver", &law->waiver_source },
		{ "parameters.yaml: commission", &law->commission_source },
		{ "parameters.yaml: ident", &law->ident_source },
	};
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		check_source(check, topics[i].what, topics[i].source);
}

static void check_country(struct check *check)
{
	const char *country = name_or(check->law->country);
	bool is_code = strlen(country) == 2 && country[0] >= 'a' && country[0] <= 'z' && country[1] >= 'a' &&
		       country[1] <= 'z';
	if (!is_code)
		found(check, "law.yaml: '%s' is not a country's two small letters", country);
	if (is_blank(check->law->version))
		found(check, "law.yaml: there is no version");
}

void law_check(const struct law *law, struct arena *arena, struct law_finding **ret_findings, size_t *ret_count)
{
	struct check check = { law, arena, arena_many(arena, LAW_FINDING_MAX, struct law_finding), 0 };
	check_country(&check);
	check_rates(&check);
	check_interest_sums(&check);
	check_schemes(&check);
	check_processes(&check);
	check_holidays(&check);
	check_proceedings(&check);
	check_bounds(&check);
	check_warnings(&check);
	check_ident(&check);
	check_parameter_sources(&check);
	*ret_findings = check.findings;
	*ret_count = check.count;
}
