/* Two steps: libcyaml brings a file into the y_ structs below (all figures still text) and refuses any other shape;
 * then each figure is read exactly and put into the law. libcyaml tells no lines afterwards, so a figure that is
 * refused is found again in the text with libyaml, on which libcyaml stands. */
#include "format/law_yaml.h"

#include <cyaml/cyaml.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

/* The schema macros of cyaml.h leave members out; they are zero by the language's rules. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum {
	FILE_SIZE_MAX = 256 * 1024,
	TEXT_SIZE_MAX = 300,     /* of one scalar */
	ROW_COUNT_MAX = 400,     /* of one list */
	FOLDER_COUNT_MAX = 1000, /* entries looked at in a folder */
	DEPTH_MAX = 16,
	EVENT_COUNT_MAX = 200000,
};

/* ---- the shape of the files ---- */

struct y_citation {
	char *paragraph, *source, *confidence;
};
struct y_value {
	char *from, *figure;
	struct y_citation cite;
};
struct y_series {
	char *paragraph, *until, *times;
	struct y_value *values;
	uint32_t values_count;
};
struct y_band {
	char *up_to, *light, *heavy;
};
struct y_scheme {
	char *name, *due_from, *due_until;
	struct y_citation cite;
	struct y_band *bands;
	uint32_t bands_count;
	struct y_series letter_fee, own_demand_fee;
};
struct y_step {
	char *step, *anchor, *wait_days, *deadline_days, *sends, *charge;
	struct y_citation cite;
};
struct y_process {
	char *name, *grace_days;
	struct y_step *steps;
	uint32_t steps_count;
};
struct y_holiday {
	char *name, *date, *easter;
};
struct y_proceeding {
	char *name;
	struct y_series series;
};
struct y_topic {
	struct y_citation cite;
	char *figures[5];
};
struct y_limitation {
	struct y_citation cite;
	char *years, *warning_days[LAW_LIMITATION_WARNING_COUNT];
};
struct y_parameters {
	struct y_topic interest, allocation, letter, salaer, absorb, compensation, plan, join, legal, objection, block,
		waiver, commission, ident;
	struct y_limitation limitation;
};
/* A whole file: the members its schema names are filled, the others stay zero. */
struct y_file {
	char *country, *version;
	struct y_series series;
	struct y_scheme *schemes;
	uint32_t schemes_count;
	struct y_process *processes;
	uint32_t processes_count;
	struct y_holiday *days;
	uint32_t days_count;
	struct y_citation cite;
	struct y_proceeding *proceedings;
	uint32_t proceedings_count;
	struct y_parameters parameters;
};

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, TEXT_SIZE_MAX)
#define OPTIONAL_TEXT(key, type, member) \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, TEXT_SIZE_MAX)
/* A citation that lacks something is law_check()'s to refuse, with the others of the folder. */
#define CITATION(type)                                                                                \
	OPTIONAL_TEXT("paragraph", type, cite.paragraph), OPTIONAL_TEXT("source", type, cite.source), \
		OPTIONAL_TEXT("confidence", type, cite.confidence)
#define LIST(key, type, member, entry) \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, type, member, entry, 1, ROW_COUNT_MAX)
#define OPTIONAL_LIST(key, type, member, entry) \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, entry, 0, ROW_COUNT_MAX)
#define PART(key, type, member, fields) CYAML_FIELD_MAPPING(key, CYAML_FLAG_DEFAULT, type, member, fields)
#define END CYAML_FIELD_END

typedef cyaml_schema_field_t field;
typedef cyaml_schema_value_t schema;

#define VALUE(unit)                                                                      \
	static const field unit##_value_fields[] = { TEXT("from", struct y_value, from), \
		TEXT(#unit, struct y_value, figure), CITATION(struct y_value), END };    \
	static const schema unit##_value = { CYAML_VALUE_MAPPING(                        \
		CYAML_FLAG_DEFAULT, struct y_value, unit##_value_fields) }
#define SERIES(unit)                                                                                   \
	static const field unit##_series[] = { OPTIONAL_TEXT("paragraph", struct y_series, paragraph), \
		TEXT("until", struct y_series, until), LIST("values", struct y_series, values, &unit##_value), END }
VALUE(percent);
VALUE(kroner);
VALUE(times);
SERIES(percent);
SERIES(kroner);

/* A part of the sats (times), or a series in kroner: which of them is asked in take_fee(). */
static const field fee_fields[] = { OPTIONAL_TEXT("times", struct y_series, times),
	OPTIONAL_TEXT("paragraph", struct y_series, paragraph), OPTIONAL_TEXT("until", struct y_series, until),
	OPTIONAL_LIST("values", struct y_series, values, &kroner_value), END };

static const field band_fields[] = { TEXT("up_to", struct y_band, up_to), TEXT("light", struct y_band, light),
	TEXT("heavy", struct y_band, heavy), END };
static const schema band_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct y_band, band_fields) };
static const field scheme_fields[] = { TEXT("name", struct y_scheme, name), TEXT("due_from", struct y_scheme, due_from),
	TEXT("due_until", struct y_scheme, due_until), CITATION(struct y_scheme),
	LIST("bands", struct y_scheme, bands, &band_schema),
	PART("letter_fee", struct y_scheme, letter_fee, fee_fields),
	PART("own_demand_fee", struct y_scheme, own_demand_fee, fee_fields), END };
static const schema scheme_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct y_scheme, scheme_fields) };

static const field step_fields[] = { TEXT("step", struct y_step, step), TEXT("anchor", struct y_step, anchor),
	TEXT("wait_days", struct y_step, wait_days), TEXT("deadline_days", struct y_step, deadline_days),
	TEXT("sends", struct y_step, sends), TEXT("charge", struct y_step, charge), CITATION(struct y_step), END };
static const schema step_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct y_step, step_fields) };
static const field process_fields[] = { TEXT("name", struct y_process, name),
	TEXT("grace_days", struct y_process, grace_days), OPTIONAL_LIST("steps", struct y_process, steps, &step_schema),
	END };
static const schema process_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct y_process, process_fields) };

static const field holiday_fields[] = { TEXT("name", struct y_holiday, name),
	OPTIONAL_TEXT("date", struct y_holiday, date), OPTIONAL_TEXT("easter", struct y_holiday, easter), END };
static const schema holiday_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct y_holiday, holiday_fields) };
static const field holidays_fields[] = { CITATION(struct y_file), LIST("days", struct y_file, days, &holiday_schema),
	END };

static const field proceeding_fields[] = { TEXT("name", struct y_proceeding, name),
	OPTIONAL_TEXT("paragraph", struct y_proceeding, series.paragraph),
	TEXT("until", struct y_proceeding, series.until),
	LIST("values", struct y_proceeding, series.values, &times_value), END };
static const schema proceeding_schema = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct y_proceeding, proceeding_fields) };

#define FIGURE(key, index) TEXT(key, struct y_topic, figures[index])
#define TOPIC(name, ...) static const field name##_fields[] = { CITATION(struct y_topic), __VA_ARGS__, END }
static const field cited_fields[] = { CITATION(struct y_topic), END };
TOPIC(letter, FIGURE("fee_letter_max", 0), FIGURE("fee_letter_months", 1), FIGURE("least_deadline_days", 2),
	FIGURE("fee_after_due_days", 3));
TOPIC(salaer, FIGURE("business_times", 0), FIGURE("vat_percent", 1), FIGURE("heavy_after_days", 2));
TOPIC(absorb, FIGURE("absorbs", 0));
TOPIC(compensation, FIGURE("offsets", 0));
TOPIC(plan, FIGURE("fee_over_parts", 0), FIGURE("fee_times", 1));
TOPIC(join, FIGURE("days", 0));
TOPIC(legal, FIGURE("months", 0));
TOPIC(objection, FIGURE("review_days", 0));
TOPIC(block, FIGURE("age_of_majority", 0));
TOPIC(ident, FIGURE("rule_from", 0));
TOPIC(waiver, FIGURE("least_principal", 0), FIGURE("waive_under", 1), FIGURE("residual_reminder_least", 2),
	FIGURE("residual_reminder_days", 3), FIGURE("residual_reminder_count", 4));
TOPIC(commission, FIGURE("member_percent", 0), FIGURE("other_percent", 1));
static const schema text_schema = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, TEXT_SIZE_MAX) };
static const field limitation_fields[] = { CITATION(struct y_limitation), TEXT("years", struct y_limitation, years),
	CYAML_FIELD_SEQUENCE_FIXED("warning_days", CYAML_FLAG_DEFAULT, struct y_limitation, warning_days, &text_schema,
		LAW_LIMITATION_WARNING_COUNT),
	END };
#define TOPIC_PART(key, member, fields) PART(key, struct y_parameters, member, fields)
static const field parameters_fields[] = { TOPIC_PART("interest", interest, cited_fields),
	TOPIC_PART("allocation", allocation, cited_fields), TOPIC_PART("letter", letter, letter_fields),
	TOPIC_PART("salaer", salaer, salaer_fields), TOPIC_PART("absorb", absorb, absorb_fields),
	TOPIC_PART("standard_compensation", compensation, compensation_fields), TOPIC_PART("plan", plan, plan_fields),
	TOPIC_PART("join", join, join_fields), TOPIC_PART("legal", legal, legal_fields),
	TOPIC_PART("objection", objection, objection_fields), TOPIC_PART("block", block, block_fields),
	TOPIC_PART("limitation", limitation, limitation_fields), TOPIC_PART("waiver", waiver, waiver_fields),
	TOPIC_PART("commission", commission, commission_fields), TOPIC_PART("ident", ident, ident_fields), END };

/* The country's name and version are two members of y_file, so their part has no offset of its own. */
static const field law_part_fields[] = { TEXT("country", struct y_file, country),
	TEXT("version", struct y_file, version), END };
#define WHOLE_PART(key_text, fields_)                                                   \
	{                                                                               \
		.key = key_text, .data_offset = 0, .value = {                           \
			CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct y_file, fields_) \
		}                                                                       \
	}
#define TOP(name, ...)                                          \
	static const field name##_top[] = { __VA_ARGS__, END }; \
	static const schema name##_file = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct y_file, name##_top) }
TOP(law, WHOLE_PART("law", law_part_fields));
TOP(late_interest, PART("late_interest", struct y_file, series, percent_series));
TOP(inkassosats, PART("inkassosats", struct y_file, series, kroner_series));
TOP(compensations, PART("standard_compensation", struct y_file, series, kroner_series));
TOP(court_fee, PART("court_fee", struct y_file, series, kroner_series),
	LIST("proceedings", struct y_file, proceedings, &proceeding_schema));
TOP(schemes, LIST("schemes", struct y_file, schemes, &scheme_schema));
TOP(processes, LIST("processes", struct y_file, processes, &process_schema));
TOP(holidays, WHOLE_PART("holidays", holidays_fields));
TOP(parameters, PART("parameters", struct y_file, parameters, parameters_fields));

/* ---- one file being read ---- */

struct reader {
	struct arena *arena;
	struct law_file file;
	struct law *law;
};

/* Where the walk through a file stands: the containers it is inside of, and the path of the node it looks at. */
struct walk {
	struct level {
		bool is_mapping, has_key;
		size_t index, path_size;
	} levels[DEPTH_MAX];
	size_t depth;
	char path[TEXT_SIZE_MAX];
};

/* The path of a node in the container on top: its key, or its index. */
static void walk_name(struct walk *walk, const char *key)
{
	struct level *top = &walk->levels[walk->depth - 1];
	char *at = walk->path + top->path_size;
	size_t room = sizeof walk->path - top->path_size;
	if (top->is_mapping)
		snprintf(at, room, "%s%s", top->path_size ? "." : "", key);
	else
		snprintf(at, room, "[%zu]", top->index++);
}

/* Takes one event; true when the node it begins is at path. */
static bool walk_event(struct walk *walk, const yaml_event_t *event, const char *path)
{
	bool is_scalar = event->type == YAML_SCALAR_EVENT, is_mapping = event->type == YAML_MAPPING_START_EVENT;
	bool begins = is_mapping || event->type == YAML_SEQUENCE_START_EVENT;
	struct level *top = walk->depth ? &walk->levels[walk->depth - 1] : NULL;
	if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
		walk->depth -= walk->depth > 0;
		return false;
	}
	if (!is_scalar && !begins)
		return false;
	if (top && top->is_mapping && !top->has_key) {
		walk_name(walk, is_scalar ? (const char *)event->data.scalar.value : "?");
		top->has_key = is_scalar;
		return false;
	}
	if (top && !top->is_mapping)
		walk_name(walk, NULL);
	if (top)
		top->has_key = false;
	if (begins && walk->depth < DEPTH_MAX)
		walk->levels[walk->depth++] =
			(struct level){ .is_mapping = is_mapping, .path_size = strlen(walk->path) };
	return strcmp(walk->path, path) == 0;
}

/* 1-based line of the node at path ("late_interest.values[3].percent"); 0 when it is not there. The file has been read
 * by libcyaml already, so its shape is known to be good. */
static int line_of(str text, const char *path)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.size);
	struct walk walk = { .depth = 0 };
	int line = 0;
	bool done = false;
	for (int i = 0; i < EVENT_COUNT_MAX && !done; i++) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event))
			break;
		if (walk_event(&walk, &event, path))
			line = (int)(event.start_mark.line + 1); /* at most 256 Ki lines */
		done = line || event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return line;
}

/* base and key name the node: "late_interest.values[3]" and "percent". */
static err_t reader_fail(
	const struct reader *reader, const char *base, const char *key, const char *value, const char *wanted)
{
	const char *path = str_format(reader->arena, "%s.%s", base, key).at;
	int line = line_of(reader->file.text, path);
	if (!line) /* a key that is not there: where it should be */
		line = line_of(reader->file.text, base);
	return fail(ERR_INPUT, "%s:%d: %s '%s' is not %s", reader->file.place, line, path, value ? value : "", wanted);
}

/* ---- text to figures ---- */

/* A number with at most `decimals` decimals, times 10^decimals: "12.25" with 2 is 1225. */
static bool decimal_parse(const char *z, int decimals, int64_t *ret_value)
{
	str fraction, text = str_from_z(z);
	str whole = str_cut(text, '.', &fraction);
	bool has_point = whole.size < text.size;
	if (!str_is_digits(whole) || whole.size > 12 || fraction.size > (size_t)decimals)
		return false;
	if (has_point && !str_is_digits(fraction))
		return false;
	int64_t value = 0;
	for (size_t i = 0; i < whole.size; i++)
		value = value * 10 + (whole.at[i] - '0');
	for (size_t i = 0; i < (size_t)decimals; i++)
		value = value * 10 + (i < fraction.size ? fraction.at[i] - '0' : 0);
	*ret_value = value;
	return true;
}

/* What a figure of each unit looks like, and how it is kept. */
struct unit {
	const char *key, *wanted;
	int decimals;
};
static const struct unit PERCENT = { "percent", "a percentage with at most two decimals (12.25)",
	2 };                                                                                      /* basis points */
static const struct unit KRONER = { "kroner", "an amount with at most two decimals (38.00)", 2 }; /* minor units */
static const struct unit TIMES = { "times", "a multiple with at most three decimals (0.35)", 3 }; /* per mille */
static const struct unit VAT_PERCENT = { "percent", "a percentage with at most one decimal (25)", 1 }; /* per mille */

static err_t take_figure(
	const struct reader *r, struct unit unit, const char *base, const char *key, const char *z, int64_t *ret)
{
	if (!z || !decimal_parse(z, unit.decimals, ret))
		return reader_fail(r, base, key, z, unit.wanted);
	return OK;
}

static err_t take_money(const struct reader *r, const char *base, const char *key, const char *z, money *ret)
{
	return take_figure(r, KRONER, base, key, z, &ret->minor);
}

static err_t take_int(const struct reader *r, const char *base, const char *key, const char *z, int *ret)
{
	int64_t value;
	if (!z || !decimal_parse(z, 0, &value) || value > 100000)
		return reader_fail(r, base, key, z, "a whole number up to 100000");
	*ret = (int)value;
	return OK;
}

static err_t take_yes(const struct reader *r, const char *base, const char *key, const char *z, bool *ret)
{
	bool yes = z && strcmp(z, "yes") == 0, no = z && strcmp(z, "no") == 0;
	if (!yes && !no)
		return reader_fail(r, base, key, z, "yes or no");
	*ret = yes;
	return OK;
}

static err_t take_date(const struct reader *r, const char *base, const char *key, const char *z, date *ret)
{
	err_t err = date_parse_iso(str_from_z(z), ret);
	if (!err)
		return OK;
	err_free(err);
	return reader_fail(r, base, key, z, "a day of the calendar between 1900 and 2100 (2026-01-31)");
}

/* null: an open end. */
static err_t take_open_date(const struct reader *r, const char *base, const char *key, const char *z, date *ret)
{
	if (z && strcmp(z, "null") == 0) {
		*ret = DATE_NONE;
		return OK;
	}
	err_t err = date_parse_iso(str_from_z(z), ret);
	if (!err)
		return OK;
	err_free(err);
	return reader_fail(r, base, key, z, "a day of the calendar (2026-01-31), or null for an open end");
}

/* 0-based index of z among the words. */
static err_t take_word(const struct reader *r, const char *base, const char *key, const char *z,
	const char *const *words, int word_count, int *ret)
{
	for (int i = 0; i < word_count; i++)
		if (z && strcmp(z, words[i]) == 0) {
			*ret = i;
			return OK;
		}
	return reader_fail(r, base, key, z, "a word known here; see the file's own comments");
}

static const char *keep(const struct reader *r, const char *z)
{
	return z ? str_z(r->arena, str_from_z(z)) : NULL;
}

/* paragraph: the series' own, for a value that names none. */
static struct law_source keep_source(const struct reader *r, struct y_citation cite, const char *paragraph)
{
	return (struct law_source){
		.paragraph = cite.paragraph ? keep(r, cite.paragraph) : paragraph,
		.source = keep(r, cite.source),
		.confidence = keep(r, cite.confidence),
	};
}

/* ---- the parts of the law ---- */

static err_t take_series(const struct reader *r, struct unit unit, const char *base, const char *name,
	const struct y_series *y, struct law_series *ret)
{
	const char *paragraph = keep(r, y->paragraph);
	struct law_value *values = arena_many(r->arena, y->values_count, struct law_value);
	for (size_t i = 0; i < y->values_count; i++) {
		const char *at = str_format(r->arena, "%s.values[%zu]", base, i).at;
		TRY(take_date(r, at, "from", y->values[i].from, &values[i].from));
		TRY(take_figure(r, unit, at, unit.key, y->values[i].figure, &values[i].value));
		values[i].source = keep_source(r, y->values[i].cite, paragraph);
	}
	*ret = (struct law_series){ .name = name, .values = values, .value_count = y->values_count };
	return take_open_date(r, base, "until", y->until, &ret->until);
}

static err_t take_law(const struct reader *r, const struct y_file *y)
{
	r->law->country = keep(r, y->country);
	r->law->version = keep(r, y->version);
	if (strlen(y->country) != 2)
		return reader_fail(r, "law", "country", y->country, "a country's two letters");
	if (!y->version[0])
		return reader_fail(r, "law", "version", y->version, "a version");
	return OK;
}

static err_t take_late_interest(const struct reader *r, const struct y_file *y)
{
	struct law *law = r->law;
	TRY(take_series(r, PERCENT, "late_interest", "late_interest", &y->series, &law->late_interest));
	law->interest_sums = law_interest_sums(r->arena, &law->late_interest);
	return OK;
}

static err_t take_inkassosats(const struct reader *r, const struct y_file *y)
{
	return take_series(r, KRONER, "inkassosats", "inkassosats", &y->series, &r->law->inkassosats);
}

static err_t take_compensations(const struct reader *r, const struct y_file *y)
{
	const char *name = "standard_compensation";
	return take_series(r, KRONER, name, name, &y->series, &r->law->standard_compensation);
}

static err_t take_court_fee(const struct reader *r, const struct y_file *y)
{
	TRY(take_series(r, KRONER, "court_fee", "court_fee", &y->series, &r->law->court_fee));
	struct law_proceeding *proceedings = arena_many(r->arena, y->proceedings_count, struct law_proceeding);
	for (size_t i = 0; i < y->proceedings_count; i++) {
		const char *at = str_format(r->arena, "proceedings[%zu]", i).at;
		struct law_proceeding *proceeding = &proceedings[i];
		proceeding->name = keep(r, y->proceedings[i].name);
		TRY(take_series(
			r, TIMES, at, proceeding->name, &y->proceedings[i].series, &proceeding->multiple_per_mille));
	}
	r->law->proceedings = proceedings;
	r->law->proceeding_count = y->proceedings_count;
	return OK;
}

/* Either a part of the sats or amounts with dates. */
static err_t take_fee(const struct reader *r, const char *at, const char *name, const struct y_series *y,
	struct law_series *ret_series, int64_t *ret_per_mille)
{
	*ret_series = (struct law_series){ .name = name, .until = DATE_NONE };
	bool dated = y->values_count || y->until || y->paragraph;
	if (y->times && dated)
		return reader_fail(r, at, "times", y->times, "possible beside amounts: give one or the other");
	if (y->times)
		return take_figure(r, TIMES, at, "times", y->times, ret_per_mille);
	if (!y->values_count)
		return reader_fail(r, at, "values", "", "a list of amounts, and there is no times either");
	return take_series(r, KRONER, at, name, y, ret_series);
}

static err_t take_bands(const struct reader *r, const char *base, const struct y_scheme *y, struct law_scheme *scheme)
{
	struct law_band *bands = arena_many(r->arena, y->bands_count, struct law_band);
	for (size_t i = 0; i < y->bands_count; i++) {
		const char *at = str_format(r->arena, "%s.bands[%zu]", base, i).at;
		bands[i].up_to.minor = INT64_MAX;
		if (strcmp(y->bands[i].up_to, "no limit") != 0)
			TRY(take_money(r, at, "up_to", y->bands[i].up_to, &bands[i].up_to));
		TRY(take_figure(r, TIMES, at, "light", y->bands[i].light, &bands[i].light_per_mille));
		TRY(take_figure(r, TIMES, at, "heavy", y->bands[i].heavy, &bands[i].heavy_per_mille));
	}
	scheme->bands = bands;
	scheme->band_count = y->bands_count;
	return OK;
}

static err_t take_scheme(const struct reader *r, const char *at, const struct y_scheme *y, struct law_scheme *scheme)
{
	scheme->name = keep(r, y->name);
	scheme->source = keep_source(r, y->cite, NULL);
	TRY(take_open_date(r, at, "due_from", y->due_from, &scheme->due_from));
	TRY(take_open_date(r, at, "due_until", y->due_until, &scheme->due_until));
	TRY(take_bands(r, at, y, scheme));
	const char *letter = str_format(r->arena, "%s.letter_fee", at).at,
		   *own = str_format(r->arena, "%s.own_demand_fee", at).at;
	const char *letter_name = str_format(r->arena, "letter fee of scheme %s", scheme->name).at;
	const char *own_name = str_format(r->arena, "own demand fee of scheme %s", scheme->name).at;
	TRY(take_fee(r, letter, letter_name, &y->letter_fee, &scheme->letter_fee, &scheme->letter_fee_per_mille));
	return take_fee(
		r, own, own_name, &y->own_demand_fee, &scheme->own_demand_fee, &scheme->own_demand_fee_per_mille);
}

static err_t take_schemes(const struct reader *r, const struct y_file *y)
{
	struct law_scheme *schemes = arena_many(r->arena, y->schemes_count, struct law_scheme);
	for (size_t i = 0; i < y->schemes_count; i++)
		TRY(take_scheme(r, str_format(r->arena, "schemes[%zu]", i).at, &y->schemes[i], &schemes[i]));
	r->law->schemes = schemes;
	r->law->scheme_count = y->schemes_count;
	return OK;
}

static const char *const STEP_WORDS[] = { "reminder", "notice", "demand", "heavy", "enforcement_notice",
	"decide_legal" };
static const char *const ANCHOR_WORDS[] = { "due", "deadline", "same_day" };
static const char *const CHARGE_WORDS[] = { "none", "letter_fee", "own_demand_fee", "light", "heavy" };
_Static_assert(sizeof STEP_WORDS / sizeof *STEP_WORDS == LAW_STEP_COUNT, "a word for each step");
_Static_assert(sizeof ANCHOR_WORDS / sizeof *ANCHOR_WORDS == LAW_ANCHOR_SAME_DAY + 1, "a word for each anchor");
_Static_assert(sizeof CHARGE_WORDS / sizeof *CHARGE_WORDS == LAW_CHARGE_HEAVY + 1, "a word for each charge");

static err_t take_step(const struct reader *r, const char *at, const struct y_step *y, struct law_process_step *step)
{
	int step_word = 0, anchor_word = 0, charge_word = 0;
	TRY(take_word(r, at, "step", y->step, STEP_WORDS, LAW_STEP_COUNT, &step_word));
	TRY(take_word(r, at, "anchor", y->anchor, ANCHOR_WORDS, LAW_ANCHOR_SAME_DAY + 1, &anchor_word));
	TRY(take_word(r, at, "charge", y->charge, CHARGE_WORDS, LAW_CHARGE_HEAVY + 1, &charge_word));
	step->step = (enum law_step)step_word; /* the words stand in the order of the enums */
	step->anchor = (enum law_anchor)anchor_word;
	step->charge = (enum law_charge)charge_word;
	TRY(take_int(r, at, "wait_days", y->wait_days, &step->wait_days));
	TRY(take_int(r, at, "deadline_days", y->deadline_days, &step->deadline_days));
	TRY(take_yes(r, at, "sends", y->sends, &step->sends));
	step->source = keep_source(r, y->cite, NULL);
	return OK;
}

static err_t take_process(
	const struct reader *r, const char *base, const struct y_process *y, struct law_process *process)
{
	struct law_process_step *steps = arena_many(r->arena, y->steps_count, struct law_process_step);
	for (size_t i = 0; i < y->steps_count; i++)
		TRY(take_step(r, str_format(r->arena, "%s.steps[%zu]", base, i).at, &y->steps[i], &steps[i]));
	process->name = keep(r, y->name);
	process->steps = steps;
	process->step_count = y->steps_count;
	return take_int(r, base, "grace_days", y->grace_days, &process->grace_days);
}

static err_t take_processes(const struct reader *r, const struct y_file *y)
{
	struct law_process *processes = arena_many(r->arena, y->processes_count, struct law_process);
	for (size_t i = 0; i < y->processes_count; i++)
		TRY(take_process(r, str_format(r->arena, "processes[%zu]", i).at, &y->processes[i], &processes[i]));
	r->law->processes = processes;
	r->law->process_count = y->processes_count;
	return OK;
}

/* "05-17" or days from Easter Sunday, which may be before it ("-3"). */
static err_t take_holiday(
	const struct reader *r, const char *at, const struct y_holiday *y, struct law_holiday *holiday)
{
	holiday->name = keep(r, y->name);
	if (!y->date == !y->easter)
		return reader_fail(r, at, "name", y->name, "a holiday with either date or easter");
	if (y->easter) {
		bool before = y->easter[0] == '-';
		int offset = 0;
		TRY(take_int(r, at, "easter", y->easter + before, &offset));
		holiday->easter_offset = before ? -offset : offset;
		return OK;
	}
	str day, month = str_cut(str_from_z(y->date), '-', &day);
	int64_t month_value, day_value;
	bool shaped = month.size == 2 && day.size == 2 && strlen(y->date) == 5;
	if (!shaped || !decimal_parse(str_z(r->arena, month), 0, &month_value) || !decimal_parse(day.at, 0, &day_value))
		return reader_fail(r, at, "date", y->date, "a month and a day (05-17)");
	holiday->month = (int)month_value; /* two digits */
	holiday->day = (int)day_value;
	if (!holiday->month)
		return reader_fail(r, at, "date", y->date, "a month and a day (05-17)");
	return OK;
}

static err_t take_holidays(const struct reader *r, const struct y_file *y)
{
	struct law_holiday *holidays = arena_many(r->arena, y->days_count, struct law_holiday);
	for (size_t i = 0; i < y->days_count; i++)
		TRY(take_holiday(r, str_format(r->arena, "holidays.days[%zu]", i).at, &y->days[i], &holidays[i]));
	r->law->holidays = holidays;
	r->law->holiday_count = y->days_count;
	r->law->holiday_source = keep_source(r, y->cite, NULL);
	r->law->closed_days = law_closed_days(r->arena, r->law);
	return OK;
}

static void take_parameter_sources(const struct reader *r, const struct y_parameters *y, struct law *law)
{
	law->interest_source = keep_source(r, y->interest.cite, NULL);
	law->allocation_source = keep_source(r, y->allocation.cite, NULL);
	law->letter_source = keep_source(r, y->letter.cite, NULL);
	law->salaer_source = keep_source(r, y->salaer.cite, NULL);
	law->absorb_source = keep_source(r, y->absorb.cite, NULL);
	law->compensation_source = keep_source(r, y->compensation.cite, NULL);
	law->plan_fee_source = keep_source(r, y->plan.cite, NULL);
	law->join_source = keep_source(r, y->join.cite, NULL);
	law->legal_source = keep_source(r, y->legal.cite, NULL);
	law->objection_source = keep_source(r, y->objection.cite, NULL);
	law->block_source = keep_source(r, y->block.cite, NULL);
	law->limitation_source = keep_source(r, y->limitation.cite, NULL);
	law->waiver_source = keep_source(r, y->waiver.cite, NULL);
	law->commission_source = keep_source(r, y->commission.cite, NULL);
	law->ident_source = keep_source(r, y->ident.cite, NULL);
}

static err_t take_waiver(const struct reader *r, const struct y_topic *y, struct law_parameters *p)
{
	const char *at = "parameters.waiver";
	TRY(take_money(r, at, "least_principal", y->figures[0], &p->least_principal));
	TRY(take_money(r, at, "waive_under", y->figures[1], &p->waive_under));
	TRY(take_money(r, at, "residual_reminder_least", y->figures[2], &p->residual_reminder_min));
	TRY(take_int(r, at, "residual_reminder_days", y->figures[3], &p->residual_reminder_days));
	return take_int(r, at, "residual_reminder_count", y->figures[4], &p->residual_reminder_count);
}

static err_t take_limitation(const struct reader *r, const struct y_limitation *y, struct law_parameters *p)
{
	const char *at = "parameters.limitation";
	TRY(take_int(r, at, "years", y->years, &p->limitation_years));
	for (int i = 0; i < LAW_LIMITATION_WARNING_COUNT; i++) {
		const char *key = str_format(r->arena, "warning_days[%d]", i).at;
		TRY(take_int(r, at, key, y->warning_days[i], &p->limitation_warning_days[i]));
	}
	return OK;
}

static err_t take_parameters(const struct reader *r, const struct y_file *file)
{
	const struct y_parameters *y = &file->parameters;
	struct law_parameters *p = &r->law->parameters;
	take_parameter_sources(r, y, r->law);
	TRY(take_int(r, "parameters.letter", "fee_letter_max", y->letter.figures[0], &p->fee_letter_max));
	TRY(take_int(r, "parameters.letter", "fee_letter_months", y->letter.figures[1], &p->fee_letter_months));
	TRY(take_int(r, "parameters.letter", "least_deadline_days", y->letter.figures[2], &p->least_deadline_days));
	TRY(take_int(r, "parameters.letter", "fee_after_due_days", y->letter.figures[3], &p->fee_after_due_days));
	TRY(take_int(r, "parameters.salaer", "heavy_after_days", y->salaer.figures[2], &p->heavy_after_days));
	TRY(take_figure(r, TIMES, "parameters.salaer", "business_times", y->salaer.figures[0], &p->business_per_mille));
	TRY(take_figure(r, VAT_PERCENT, "parameters.salaer", "vat_percent", y->salaer.figures[1], &p->vat_per_mille));
	TRY(take_yes(r, "parameters.absorb", "absorbs", y->absorb.figures[0], &p->absorb));
	TRY(take_yes(r, "parameters.standard_compensation", "offsets", y->compensation.figures[0],
		&p->compensation_offsets));
	TRY(take_int(r, "parameters.plan", "fee_over_parts", y->plan.figures[0], &p->plan_fee_over_parts));
	TRY(take_figure(r, TIMES, "parameters.plan", "fee_times", y->plan.figures[1], &p->plan_fee_per_mille));
	TRY(take_int(r, "parameters.join", "days", y->join.figures[0], &p->join_days));
	TRY(take_int(r, "parameters.legal", "months", y->legal.figures[0], &p->legal_months));
	TRY(take_int(r, "parameters.objection", "review_days", y->objection.figures[0], &p->review_days));
	TRY(take_int(r, "parameters.block", "age_of_majority", y->block.figures[0], &p->age_of_majority));
	TRY(take_date(r, "parameters.ident", "rule_from", y->ident.figures[0], &p->ident_rule_from));
	TRY(take_limitation(r, &y->limitation, p));
	TRY(take_figure(r, PERCENT, "parameters.commission", "member_percent", y->commission.figures[0],
		&p->commission_member_bp));
	TRY(take_figure(r, PERCENT, "parameters.commission", "other_percent", y->commission.figures[1],
		&p->commission_other_bp));
	return take_waiver(r, &y->waiver, p);
}

/* ---- files and folders ---- */

struct kind {
	const char *name;
	const schema *shape;
	err_t (*take)(const struct reader *, const struct y_file *);
};
static const struct kind KINDS[] = {
	{ "law.yaml", &law_file, take_law },
	{ "late-interest.yaml", &late_interest_file, take_late_interest },
	{ "inkassosats.yaml", &inkassosats_file, take_inkassosats },
	{ "standard-compensation.yaml", &compensations_file, take_compensations },
	{ "court-fee.yaml", &court_fee_file, take_court_fee },
	{ "schemes.yaml", &schemes_file, take_schemes },
	{ "processes.yaml", &processes_file, take_processes },
	{ "holidays.yaml", &holidays_file, take_holidays },
	{ "parameters.yaml", &parameters_file, take_parameters },
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(KINDS[i].name, name) == 0)
			return &KINDS[i];
	return NULL;
}

static void log_into_text(cyaml_log_t level, void *ctx, const char *format, va_list args) PRINTF_LIKE(3, 0);

/* libcyaml's complaint, as it comes: a line of what is wrong, then where, from the inside out. */
static void log_into_text(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
	(void)level;
	struct text *log = ctx;
	char line[1000];
	vsnprintf(line, sizeof line, format, args);
	if (log->size + strlen(line) < log->size_max)
		text_add_z(log, line);
}

/* The number that follows the first "line: " of the log; 0 without one. */
static int log_line(str log)
{
	str mark = S("line: ");
	for (size_t i = 0; i + mark.size <= log.size; i++) {
		str rest = { log.at + i, log.size - i };
		int line = 0;
		if (!str_starts(rest, mark))
			continue;
		for (size_t k = mark.size; k < rest.size && k < mark.size + 7 && rest.at[k] >= '0' && rest.at[k] <= '9';
			k++)
			line = line * 10 + (rest.at[k] - '0');
		return line;
	}
	return 0;
}

/* What libcyaml says, and how we say it to somebody who edits a law file. */
static const struct saying {
	const char *start, *before, *after; /* what follows start is put between before and after */
} SAYINGS[] = {
	{ "Unexpected key: ", "there is no key '", "' here" },
	{ "Missing required mapping field: ", "the key '", "' is missing" },
	{ "Mapping field already seen: ", "the key '", "' is there twice" },
	{ "libyaml: ", "not YAML: ", "" },
};

/* The name in the log's first "in mapping field 'name'"; empty without one. */
static str log_field(str log)
{
	str rest, mark = S("in mapping field '");
	while (log.size && !str_starts(log, mark))
		log = (str){ log.at + 1, log.size - 1 };
	return log.size ? str_cut((str){ log.at + mark.size, log.size - mark.size }, '\'', &rest) : log;
}

static err_t shape_fail(const struct law_file *file, cyaml_err_t code, str log)
{
	str rest, what = str_trim(str_cut(log, '\n', &rest)), where = log_field(log), load = S("Load: ");
	int line = log_line(log);
	if (str_starts(what, load))
		what = (str){ what.at + load.size, what.size - load.size };
	for (size_t i = 0; i < sizeof SAYINGS / sizeof *SAYINGS; i++) {
		str start = str_from_z(SAYINGS[i].start);
		if (!str_starts(what, start))
			continue;
		str key = { what.at + start.size, what.size - start.size };
		return fail(ERR_INPUT, "%s:%d: %s%.*s%s", file->place, line, SAYINGS[i].before, STR_ARG(key),
			SAYINGS[i].after);
	}
	if (!what.size || str_starts(what, S("Backtrace")))
		what = str_from_z(cyaml_strerror(code));
	if (str_starts(what, S("Expecting STRING")))
		what = S("a single value belongs here");
	if (str_starts(what, S("Expecting SEQUENCE")))
		what = S("a list belongs here (lines that begin with -)");
	if (str_starts(what, S("Expecting MAPPING")))
		what = S("keys with values belong here");
	if (!where.size)
		return fail(ERR_INPUT, "%s:%d: %.*s", file->place, line, STR_ARG(what));
	return fail(ERR_INPUT, "%s:%d: '%.*s': %.*s", file->place, line, STR_ARG(where), STR_ARG(what));
}

/* A later document would be passed over in silence, and a directive has no use here. */
static err_t one_document(const struct law_file *file)
{
	str rest = file->text;
	for (int line = 1; rest.size; line++) {
		str text = str_cut(rest, '\n', &rest);
		if (str_starts(text, S("---")) || str_starts(text, S("...")) || str_starts(text, S("%")))
			return fail(ERR_INPUT, "%s:%d: '%.*s': a law file is one document without marks", file->place,
				line, STR_ARG(text));
	}
	return OK;
}

err_t law_read_file(struct arena *arena, struct law_file file, struct law *law)
{
	const struct kind *kind = kind_named(file.name);
	if (!kind)
		return fail(ERR_INPUT, "%s: '%s' is not the name of a law file", file.place, file.name);
	if (file.text.size > FILE_SIZE_MAX)
		return fail(ERR_INPUT, "%s: larger than 256 KiB", file.place);
	if (!file.text.size || !str_is_utf8(file.text))
		return fail(ERR_INPUT, "%s: %s", file.place, file.text.size ? "not UTF-8 text" : "empty");
	TRY(one_document(&file));
	struct text log = text_in(arena, 8000);
	const cyaml_config_t config = { .log_fn = log_into_text,
		.log_ctx = &log,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS };
	cyaml_data_t *loaded = NULL;
	cyaml_err_t code =
		cyaml_load_data((const uint8_t *)file.text.at, file.text.size, &config, kind->shape, &loaded, NULL);
	if (code != CYAML_OK)
		return shape_fail(&file, code, text_str(&log));
	if (!loaded)
		return fail(ERR_INPUT, "%s: holds nothing", file.place);
	const struct reader reader = { arena, file, law };
	err_t err = kind->take(&reader, loaded);
	cyaml_free(&config, kind->shape, loaded, 0);
	return err;
}

/* *ret_text.at is NULL when there is no such file. */
static err_t file_text(struct arena *arena, const char *path, str *ret_text)
{
	struct stat status;
	*ret_text = (str){ NULL, 0 };
	if (stat(path, &status) != 0)
		return errno == ENOENT ? OK : fail(ERR_OUTSIDE, "could not read '%s': %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fail(ERR_INPUT, "%s: not a file", path);
	if (status.st_size > FILE_SIZE_MAX)
		return fail(ERR_INPUT, "%s: larger than 256 KiB", path);
	FILE *file = fopen(path, "rb");
	if (!file)
		return fail(ERR_OUTSIDE, "could not read '%s': %s", path, strerror(errno));
	char *at =
		arena_alloc(arena, FILE_SIZE_MAX + 2); /* one byte more than allowed, to see that it grew meanwhile */
	size_t size = fread(at, 1, FILE_SIZE_MAX + 1, file);
	bool failed = ferror(file) != 0;
	fclose(file);
	if (failed)
		return fail(ERR_OUTSIDE, "could not read '%s'", path);
	*ret_text = (str){ at, size };
	return OK;
}

static bool ends_in(const char *name, const char *end)
{
	size_t name_size = strlen(name), end_size = strlen(end);
	return name_size >= end_size && strcmp(name + name_size - end_size, end) == 0;
}

/* Refuses a folder that is none, and a .yaml file whose name means nothing here. */
static err_t folder_names(const char *folder)
{
	DIR *entries = opendir(folder);
	if (!entries)
		return fail(ERR_OUTSIDE, "could not open the law folder '%s': %s", folder, strerror(errno));
	err_t err = OK;
	int left = FOLDER_COUNT_MAX;
	for (const struct dirent *entry = readdir(entries); entry && !err; entry = readdir(entries)) {
		bool is_yaml = ends_in(entry->d_name, ".yaml") || ends_in(entry->d_name, ".yml");
		if (--left == 0)
			err = fail(ERR_INPUT, "%s: more than %d files; not a law folder", folder, FOLDER_COUNT_MAX);
		else if (is_yaml && entry->d_name[0] != '.' && !kind_named(entry->d_name))
			err = fail(ERR_INPUT, "%s/%s: '%s' is not the name of a law file", folder, entry->d_name,
				entry->d_name);
	}
	closedir(entries);
	return err;
}

static err_t folder_files(struct arena *arena, const char *folder, bool complete, struct law *law)
{
	int found_count = 0;
	bool has_law = false;
	for (size_t i = 0; i < KIND_COUNT; i++) {
		struct law_file file = { .name = KINDS[i].name };
		file.place = str_format(arena, "%s/%s", folder, file.name).at;
		TRY(file_text(arena, file.place, &file.text));
		if (!file.text.at && complete)
			return fail(ERR_INPUT, "%s: missing", file.place);
		if (!file.text.at)
			continue;
		TRY(law_read_file(arena, file, law));
		found_count++;
		has_law = has_law || i == 0;
	}
	if (!found_count)
		return fail(ERR_INPUT, "%s: holds no law file", folder);
	if (!has_law)
		law->version = str_format(arena, "%s with %s", law->version, folder).at;
	return OK;
}

err_t law_read_folder(struct arena *arena, const char *folder, const struct law *base, struct law **ret_law)
{
	struct law *law = arena_new(arena, struct law);
	if (base)
		*law = *base;
	TRY(folder_names(folder));
	TRY(folder_files(arena, folder, !base, law));
	*ret_law = law;
	return OK;
}

static err_t law_must_be_sound(struct arena *arena, const char *folder, const struct law *law)
{
	struct law_finding *findings;
	size_t count;
	law_check(law, arena, &findings, &count);
	if (!count)
		return OK;
	if (count == 1)
		return fail(ERR_REFUSED, "%s/%.*s", folder, STR_ARG(findings[0].text));
	return fail(ERR_REFUSED, "%s/%.*s (and %zu more)", folder, STR_ARG(findings[0].text), count - 1);
}

err_t law_load_folder(struct arena *arena, const char *folder, struct law **ret_law)
{
	return law_load_over(arena, folder, NULL, ret_law);
}

err_t law_load_over(struct arena *arena, const char *folder, const struct law *base, struct law **ret_law)
{
	struct law *law;
	TRY(law_read_folder(arena, folder, base, &law));
	TRY(law_must_be_sound(arena, folder, law));
	*ret_law = law;
	return OK;
}
