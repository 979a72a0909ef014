/* Looking up the tables of the law, and the arithmetic they ask for. What is wrong with a table is law_check.c's to
 * say; here it is taken as checked. */
#include "core/law.h"

#include <string.h>

enum { HOLIDAY_RUN_MAX = 31 }; /* days without a banking day in between; law_check() refuses more holidays */

const char *law_step_name(enum law_step step)
{
	static const char *const names[] = { "reminder", "notice", "demand", "heavy", "enforcement_notice",
		"decide_legal" };
	_Static_assert(sizeof names / sizeof *names == LAW_STEP_COUNT, "a name for each step");
	require(step < LAW_STEP_COUNT);
	return names[step];
}

/* ---- series ---- */

/* Days are compared as numbers here, not by date_before(): this is asked for every claim of a portfolio. */
static bool series_ended(const struct law_series *series, date on)
{
	return on.day > series->until.day && series->until.day != DATE_NONE.day;
}

/* 0-based index of the value in force on a day not before the first. Values come about twice a year, so a guess by
 * half-years back from the last is right or one off; where it is not, a binary search. */
static size_t value_index(const struct law_series *series, date on)
{
	const struct law_value *values = series->values;
	size_t last = series->value_count - 1;
	if (on.day >= values[last].from.day)
		return last;
	uint32_t back_days = (uint32_t)(values[last].from.day - on.day); /* > 0, and both are days of two centuries */
	size_t back = back_days * 8 / 1461 + 1;                          /* 182.625 days a half-year */
	size_t guess = back < last ? last - back : 0;                    /* < last */
	guess -= (guess > 0) & (values[guess].from.day > on.day); /* & and not &&: dates are no pattern to predict */
	guess += (guess + 1 < last) & (values[guess + 1].from.day <= on.day);
	if (values[guess].from.day <= on.day && on.day < values[guess + 1].from.day)
		return guess;
	size_t low = 0, high = last; /* values[low].from <= on < values[high].from */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (values[middle].from.day <= on.day)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const struct law_value *law_value_on(const struct law_series *series, date on)
{
	if (!series->value_count || on.day < series->values[0].from.day || series_ended(series, on))
		return NULL;
	return &series->values[value_index(series, on)];
}

/* The series that ends first among those every night needs; NULL when all are open-ended. */
static const struct law_series *first_to_end(const struct law *law)
{
	const struct law_series *first = NULL,
				*always[] = { &law->late_interest, &law->inkassosats, &law->standard_compensation };
	for (size_t i = 0; i < sizeof always / sizeof *always + 2 * law->scheme_count; i++) {
		const struct law_series *series;
		if (i < 3)
			series = always[i];
		else if ((i - 3) % 2)
			series = &law->schemes[(i - 3) / 2].own_demand_fee;
		else
			series = &law->schemes[(i - 3) / 2].letter_fee;
		if (!series->value_count || date_is_none(series->until))
			continue;
		if (!first || date_before(series->until, first->until))
			first = series;
	}
	return first;
}

date law_horizon(const struct law *law)
{
	const struct law_series *first = first_to_end(law);
	return first ? first->until : DATE_LAST;
}

err_t law_reaches(const struct law *law, date on)
{
	const struct law_series *first = first_to_end(law);
	require(law->late_interest.value_count);
	date begin = law->late_interest.values[0].from;
	if (first && date_after(on, first->until))
		return fail(ERR_REFUSED,
			"the law's %s is known to %s only, not on %s: add the new value to the law folder", first->name,
			date_iso(first->until).z, date_iso(on).z);
	if (date_before(on, begin))
		return fail(ERR_REFUSED, "the law's %s is known from %s only, not on %s", law->late_interest.name,
			date_iso(begin).z, date_iso(on).z);
	return OK;
}

/* ---- interest ---- */

const int64_t *law_interest_sums(struct arena *arena, const struct law_series *late_interest)
{
	const struct law_value *values = late_interest->values;
	int64_t *sums = arena_many(arena, late_interest->value_count, int64_t);
	for (size_t i = 1; i < late_interest->value_count; i++)
		sums[i] = sums[i - 1] + values[i - 1].value * (values[i].from.day - values[i - 1].from.day);
	return sums;
}

/* Rate × days from the first day of the series to the end of on. */
static int64_t interest_sum_to(const struct law *law, date on)
{
	size_t i = value_index(&law->late_interest, on);
	const struct law_value *value = &law->late_interest.values[i];
	return law->interest_sums[i] + value->value * (on.day - value->from.day + 1);
}

int64_t law_interest_sum(const struct law *law, date from, date to)
{
	if (to.day <= from.day)
		return 0;
	require(law->late_interest.value_count);
	require(from.day >= law->late_interest.values[0].from.day);
	require(!series_ended(&law->late_interest, to));
	return interest_sum_to(law, to) - interest_sum_to(law, from);
}

/* ---- fees and salær ---- */

money law_sats(const struct law *law, date on)
{
	const struct law_value *sats = law_value_on(&law->inkassosats, on);
	require(sats);
	return money_of(sats->value);
}

const struct law_scheme *law_scheme_for(const struct law *law, date due_on)
{
	for (size_t i = 0; i < law->scheme_count; i++) {
		const struct law_scheme *scheme = &law->schemes[i];
		bool begun = date_is_none(scheme->due_from) || !date_before(due_on, scheme->due_from);
		bool ended = !date_is_none(scheme->due_until) && date_after(due_on, scheme->due_until);
		if (begun && !ended)
			return scheme;
	}
	return NULL;
}

/* A fee in kroner when the scheme has one, else its part of the sats of the sending day. */
static money scheme_fee(const struct law *law, const struct law_series *series, int64_t per_mille, date on)
{
	if (!series->value_count)
		return money_ratio(law_sats(law, on), per_mille, 1000, ROUND_HALF_UP);
	const struct law_value *fee = law_value_on(series, on);
	require(fee);
	return money_of(fee->value);
}

money law_letter_fee(const struct law *law, const struct law_scheme *scheme, date on)
{
	return scheme_fee(law, &scheme->letter_fee, scheme->letter_fee_per_mille, on);
}

money law_own_demand_fee(const struct law *law, const struct law_scheme *scheme, date on)
{
	return scheme_fee(law, &scheme->own_demand_fee, scheme->own_demand_fee_per_mille, on);
}

money law_compensation(const struct law *law, date due_on)
{
	require(!series_ended(&law->standard_compensation, due_on));
	const struct law_value *compensation = law_value_on(&law->standard_compensation, due_on);
	return compensation ? money_of(compensation->value) : MONEY_ZERO;
}

const struct law_band *law_band_for(const struct law_scheme *scheme, money principal)
{
	require(scheme->band_count);
	for (size_t i = 0; i + 1 < scheme->band_count; i++)
		if (principal.minor <= scheme->bands[i].up_to.minor)
			return &scheme->bands[i];
	return &scheme->bands[scheme->band_count - 1];
}

money law_salaer(const struct law *law, struct law_salaer salaer)
{
	int64_t business = salaer.business ? law->parameters.business_per_mille : 1000;
	int64_t vat = salaer.vat_deductible ? 1000 : 1000 + law->parameters.vat_per_mille;
	money sats = law_sats(law, salaer.charged_on);
	return money_ratio(sats, salaer.per_mille * business * vat, INT64_C(1000000000), ROUND_HALF_UP);
}

/* ---- court fees ---- */

static const struct law_proceeding *proceeding_named(const struct law *law, const char *name)
{
	for (size_t i = 0; i < law->proceeding_count; i++)
		if (strcmp(law->proceedings[i].name, name) == 0)
			return &law->proceedings[i];
	return NULL;
}

static err_t value_must(const struct law_series *series, date on, const struct law_value **ret_value)
{
	const struct law_value *value = law_value_on(series, on);
	if (series_ended(series, on))
		return fail(ERR_REFUSED, "the law's %s is known to %s only, not on %s", series->name,
			date_iso(series->until).z, date_iso(on).z);
	if (!value)
		return fail(ERR_INPUT, "the law's %s is not known on %s", series->name, date_iso(on).z);
	*ret_value = value;
	return OK;
}

err_t law_court_fee(const struct law *law, const char *proceeding, date on, money *ret_fee)
{
	const struct law_proceeding *found = proceeding_named(law, proceeding);
	if (!found)
		return fail(ERR_INPUT, "'%s' is not a proceeding of the law", proceeding);
	const struct law_value *multiple = NULL, *unit = NULL;
	TRY(value_must(&found->multiple_per_mille, on, &multiple));
	TRY(value_must(&law->court_fee, on, &unit));
	require(multiple);
	require(unit);
	money whole = money_ratio(money_of(unit->value), multiple->value, 1000 * 100, ROUND_DOWN); /* kroner */
	*ret_fee = money_ratio(whole, 100, 1, ROUND_DOWN);
	return OK;
}

/* ---- calendar ---- */

static const struct law_holiday *holiday_on(const struct law *law, date on)
{
	struct civil civil = date_civil(on);
	int from_easter = on.day - date_easter(civil.year).day;
	for (size_t i = 0; i < law->holiday_count; i++) {
		const struct law_holiday *holiday = &law->holidays[i];
		bool fixed = holiday->month == civil.month && holiday->day == civil.day;
		if (fixed || (!holiday->month && holiday->easter_offset == from_easter))
			return holiday;
	}
	return NULL;
}

const char *law_holiday_name(const struct law *law, date on)
{
	const struct law_holiday *holiday = holiday_on(law, on);
	return holiday ? holiday->name : NULL;
}

static bool is_closed(const struct law *law, date on)
{
	return date_weekday(on) > 5 || holiday_on(law, on);
}

const uint64_t *law_closed_days(struct arena *arena, const struct law *law)
{
	uint64_t *words = arena_many(arena, LAW_CLOSED_WORD_COUNT, uint64_t);
	for (date d = DATE_FIRST; !date_after(d, DATE_LAST); d = date_add(d, 1)) {
		int bit = date_diff(DATE_FIRST, d);
		require(bit / 64 < LAW_CLOSED_WORD_COUNT);
		if (is_closed(law, d))
			words[bit / 64] |= UINT64_C(1) << bit % 64;
	}
	return words;
}

bool law_is_banking_day(const struct law *law, date on)
{
	if (!law->closed_days || on.day < DATE_FIRST.day || on.day > DATE_LAST.day)
		return !is_closed(law, on);
	unsigned bit = (unsigned)(on.day - DATE_FIRST.day); /* >= 0, checked above */
	return !(law->closed_days[bit / 64] >> bit % 64 & 1);
}

date law_banking_day(const struct law *law, date on)
{
	for (int moved = 0; moved <= HOLIDAY_RUN_MAX; moved++, on = date_add(on, 1))
		if (law_is_banking_day(law, on))
			return on;
	panic("a month without a banking day");
}

const struct law_process *law_process_named(const struct law *law, str name)
{
	for (size_t i = 0; i < law->process_count; i++)
		if (str_eq_z(name, law->processes[i].name))
			return &law->processes[i];
	return NULL;
}
