/* Inside law_yaml*.c: the kinds of law file, and how a figure of theirs is read. */
#ifndef KRAVBOK_FORMAT_LAW_YAML_PART_H
#define KRAVBOK_FORMAT_LAW_YAML_PART_H

#include "core/law.h"
#include "format/yaml.h"

/* One kind of file: its shape, and how what yaml_read() made of it goes into the law. */
struct law_kind {
	const char *name; /* "late-interest.yaml" */
	const struct yaml_field *fields;
	size_t size;
	err_t (*take)(const struct yaml_file *file, const void *whole, struct law *law);
};
/* law_yaml_series.c: values with dates. */
extern const struct law_kind law_kind_late_interest, law_kind_inkassosats, law_kind_compensation, law_kind_court_fee,
	law_kind_schemes;
/* law_yaml_rules.c: the rest. */
extern const struct law_kind law_kind_law, law_kind_processes, law_kind_holidays, law_kind_parameters;

/* A citation that lacks something is law_check()'s to refuse, with the others of the folder. */
#define LAW_CITATION(type)                                                                                        \
	YAML_FIELD_OPTIONAL("paragraph", type, cite.paragraph), YAML_FIELD_OPTIONAL("source", type, cite.source), \
		YAML_FIELD_OPTIONAL("confidence", type, cite.confidence)

/* What a figure of each unit looks like, and how many decimals are kept: percent as basis points, kroner as minor
 * units, times and the VAT's percent as per mille. */
struct law_unit {
	const char *key, *wanted;
	int decimals;
};
extern const struct law_unit LAW_PERCENT, LAW_KRONER, LAW_TIMES, LAW_VAT_PERCENT;

/* A number with at most `decimals` decimals, times 10^decimals: "12.25" with 2 is 1225. */
bool law_decimal_parse(const char *z, int decimals, int64_t *ret_value);

/* Text to a figure; base and key name the node and z is its text (NULL: it is not there), see yaml_fail(). */
err_t law_take_figure(const struct yaml_file *file, struct law_unit unit, const char *base, const char *key,
	const char *z, int64_t *ret_value) MUST_CHECK;
err_t law_take_money(
	const struct yaml_file *file, const char *base, const char *key, const char *z, money *ret_amount) MUST_CHECK;
err_t law_take_int(
	const struct yaml_file *file, const char *base, const char *key, const char *z, int *ret_value) MUST_CHECK;
err_t law_take_yes(
	const struct yaml_file *file, const char *base, const char *key, const char *z, bool *ret_value) MUST_CHECK;
err_t law_take_date(
	const struct yaml_file *file, const char *base, const char *key, const char *z, date *ret_day) MUST_CHECK;
/* The same, or null for an open end: DATE_NONE. */
err_t law_take_open_date(
	const struct yaml_file *file, const char *base, const char *key, const char *z, date *ret_day) MUST_CHECK;
/* 0-based index of z among the words. */
err_t law_take_word(const struct yaml_file *file, const char *base, const char *key, const char *z,
	const char *const *words, int word_count, int *ret_index) MUST_CHECK;

#endif
