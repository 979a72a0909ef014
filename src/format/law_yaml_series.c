/* The law files that hold values with dates: rates, sats, compensation, court fees, cost scales. */
#include "format/law_yaml_part.h"

#include <string.h>

/* ---- the shape of the files ---- */

struct y_value {
	const char *from, *figure;
	struct law_source cite;
};
struct y_series {
	const char *paragraph, *until, *times;
	struct y_value *values;
	uint32_t values_count;
};
struct y_proceeding {
	const char *name;
	struct y_series series;
};
struct y_court_fee {
	struct y_series series;
	struct y_proceeding *proceedings;
	uint32_t proceedings_count;
};
struct y_band {
	const char *up_to, *light, *heavy;
};
struct y_scheme {
	const char *name, *due_from, *due_until;
	struct law_source cite;
	struct y_band *bands;
	uint32_t bands_count;
	struct y_series letter_fee, own_demand_fee;
};
struct y_schemes {
	struct y_scheme *schemes;
	uint32_t schemes_count;
};

#define TEXT YAML_FIELD_TEXT
#define OPTIONAL YAML_FIELD_OPTIONAL
#define ROWS YAML_FIELD_ROWS
#define END YAML_FIELD_END

typedef const struct yaml_field fields;

#define VALUE(unit)                                                                                               \
	static fields unit##_value[] = { TEXT("from", struct y_value, from), TEXT(#unit, struct y_value, figure), \
		LAW_CITATION(struct y_value), END }
#define SERIES(unit)                                                                         \
	static fields unit##_series[] = { OPTIONAL("paragraph", struct y_series, paragraph), \
		TEXT("until", struct y_series, until), ROWS("values", struct y_series, values, unit##_value, 1), END }
VALUE(percent);
VALUE(kroner);
VALUE(times);
SERIES(percent);
SERIES(kroner);

/* Files of one series: its struct is the whole. */
static fields late_interest_file[] = { YAML_FIELD_WHOLE("late_interest", struct y_series, percent_series), END };
static fields inkassosats_file[] = { YAML_FIELD_WHOLE("inkassosats", struct y_series, kroner_series), END };
static fields compensation_file[] = { YAML_FIELD_WHOLE("standard_compensation", struct y_series, kroner_series), END };

static fields proceeding_row[] = { TEXT("name", struct y_proceeding, name),
	OPTIONAL("paragraph", struct y_proceeding, series.paragraph), TEXT("until", struct y_proceeding, series.until),
	ROWS("values", struct y_proceeding, series.values, times_value, 1), END };
static fields court_fee_file[] = { YAML_FIELD_PART("court_fee", struct y_court_fee, series, kroner_series),
	ROWS("proceedings", struct y_court_fee, proceedings, proceeding_row, 1), END };

/* A part of the sats (times), or a series in kroner: which of them is asked in take_fee(). */
static fields fee_part[] = { OPTIONAL("times", struct y_series, times),
	OPTIONAL("paragraph", struct y_series, paragraph), OPTIONAL("until", struct y_series, until),
	ROWS("values", struct y_series, values, kroner_value, 0), END };
static fields band_row[] = { TEXT("up_to", struct y_band, up_to), TEXT("light", struct y_band, light),
	TEXT("heavy", struct y_band, heavy), END };
static fields scheme_row[] = { TEXT("name", struct y_scheme, name), TEXT("due_from", struct y_scheme, due_from),
	TEXT("due_until", struct y_scheme, due_until), LAW_CITATION(struct y_scheme),
	ROWS("bands", struct y_scheme, bands, band_row, 1),
	YAML_FIELD_PART("letter_fee", struct y_scheme, letter_fee, fee_part),
	YAML_FIELD_PART("own_demand_fee", struct y_scheme, own_demand_fee, fee_part), END };
static fields schemes_file[] = { ROWS("schemes", struct y_schemes, schemes, scheme_row, 1), END };

/* ---- the values ---- */

static err_t take_series(const struct yaml_file *file, struct law_unit unit, const char *base, const char *name,
	const struct y_series *y, struct law_series *ret_series)
{
	struct law_value *values = arena_many(file->arena, y->values_count, struct law_value);
	for (size_t i = 0; i < y->values_count; i++) {
		const char *at = str_format(file->arena, "%s.values[%zu]", base, i).at;
		TRY(law_take_date(file, at, "from", y->values[i].from, &values[i].from));
		TRY(law_take_figure(file, unit, at, unit.key, y->values[i].figure, &values[i].value));
		values[i].source = y->values[i].cite;
		if (!values[i].source.paragraph) /* then the series' own */
			values[i].source.paragraph = y->paragraph;
	}
	*ret_series = (struct law_series){ .name = name, .values = values, .value_count = y->values_count };
	return law_take_open_date(file, base, "until", y->until, &ret_series->until);
}

static err_t take_late_interest(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_series *y = whole;
	TRY(take_series(file, LAW_PERCENT, "late_interest", "late_interest", y, &law->late_interest));
	law->interest_sums = law_interest_sums(file->arena, &law->late_interest);
	return OK;
}

const struct law_kind law_kind_late_interest = { "late-interest.yaml", late_interest_file, sizeof(struct y_series),
	take_late_interest };

static err_t take_inkassosats(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_series *y = whole;
	return take_series(file, LAW_KRONER, "inkassosats", "inkassosats", y, &law->inkassosats);
}

const struct law_kind law_kind_inkassosats = { "inkassosats.yaml", inkassosats_file, sizeof(struct y_series),
	take_inkassosats };

static err_t take_compensations(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_series *y = whole;
	const char *name = "standard_compensation";
	return take_series(file, LAW_KRONER, name, name, y, &law->standard_compensation);
}

const struct law_kind law_kind_compensation = { "standard-compensation.yaml", compensation_file,
	sizeof(struct y_series), take_compensations };

static err_t take_court_fee(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_court_fee *y = whole;
	TRY(take_series(file, LAW_KRONER, "court_fee", "court_fee", &y->series, &law->court_fee));
	struct law_proceeding *proceedings = arena_many(file->arena, y->proceedings_count, struct law_proceeding);
	for (size_t i = 0; i < y->proceedings_count; i++) {
		const char *at = str_format(file->arena, "proceedings[%zu]", i).at;
		struct law_proceeding *proceeding = &proceedings[i];
		proceeding->name = y->proceedings[i].name;
		TRY(take_series(file, LAW_TIMES, at, proceeding->name, &y->proceedings[i].series,
			&proceeding->multiple_per_mille));
	}
	law->proceedings = proceedings;
	law->proceeding_count = y->proceedings_count;
	return OK;
}

const struct law_kind law_kind_court_fee = { "court-fee.yaml", court_fee_file, sizeof(struct y_court_fee),
	take_court_fee };

/* Either a part of the sats or amounts with dates. */
static err_t take_fee(const struct yaml_file *file, const char *at, const char *name, const struct y_series *y,
	struct law_series *ret_series, int64_t *ret_per_mille)
{
	*ret_series = (struct law_series){ .name = name, .until = DATE_NONE };
	bool dated = y->values_count || y->until || y->paragraph;
	if (y->times && dated)
		return yaml_fail(file, at, "times", y->times, "possible beside amounts: give one or the other");
	if (y->times)
		return law_take_figure(file, LAW_TIMES, at, "times", y->times, ret_per_mille);
	if (!y->values_count)
		return yaml_fail(file, at, "values", "", "a list of amounts, and there is no times either");
	return take_series(file, LAW_KRONER, at, name, y, ret_series);
}

static err_t take_bands(
	const struct yaml_file *file, const char *base, const struct y_scheme *y, struct law_scheme *scheme)
{
	struct law_band *bands = arena_many(file->arena, y->bands_count, struct law_band);
	for (size_t i = 0; i < y->bands_count; i++) {
		const char *at = str_format(file->arena, "%s.bands[%zu]", base, i).at;
		bands[i].up_to.minor = INT64_MAX;
		if (strcmp(y->bands[i].up_to, "no limit") != 0)
			TRY(law_take_money(file, at, "up_to", y->bands[i].up_to, &bands[i].up_to));
		TRY(law_take_figure(file, LAW_TIMES, at, "light", y->bands[i].light, &bands[i].light_per_mille));
		TRY(law_take_figure(file, LAW_TIMES, at, "heavy", y->bands[i].heavy, &bands[i].heavy_per_mille));
	}
	scheme->bands = bands;
	scheme->band_count = y->bands_count;
	return OK;
}

static err_t take_scheme(
	const struct yaml_file *file, const char *at, const struct y_scheme *y, struct law_scheme *scheme)
{
	scheme->name = y->name;
	scheme->source = y->cite;
	TRY(law_take_open_date(file, at, "due_from", y->due_from, &scheme->due_from));
	TRY(law_take_open_date(file, at, "due_until", y->due_until, &scheme->due_until));
	TRY(take_bands(file, at, y, scheme));
	const char *letter = str_format(file->arena, "%s.letter_fee", at).at,
		   *own = str_format(file->arena, "%s.own_demand_fee", at).at;
	const char *letter_name = str_format(file->arena, "letter fee of scheme %s", scheme->name).at;
	const char *own_name = str_format(file->arena, "own demand fee of scheme %s", scheme->name).at;
	TRY(take_fee(file, letter, letter_name, &y->letter_fee, &scheme->letter_fee, &scheme->letter_fee_per_mille));
	return take_fee(
		file, own, own_name, &y->own_demand_fee, &scheme->own_demand_fee, &scheme->own_demand_fee_per_mille);
}

static err_t take_schemes(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_schemes *y = whole;
	struct law_scheme *schemes = arena_many(file->arena, y->schemes_count, struct law_scheme);
	for (size_t i = 0; i < y->schemes_count; i++)
		TRY(take_scheme(file, str_format(file->arena, "schemes[%zu]", i).at, &y->schemes[i], &schemes[i]));
	law->schemes = schemes;
	law->scheme_count = y->schemes_count;
	return OK;
}

const struct law_kind law_kind_schemes = { "schemes.yaml", schemes_file, sizeof(struct y_schemes), take_schemes };
