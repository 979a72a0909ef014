/* Figures as people write them, read exactly; there is no floating point. */
#include "format/law_yaml_part.h"

#include <string.h>

bool law_decimal_parse(const char *z, int decimals, int64_t *ret_value)
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

const struct law_unit LAW_PERCENT = { "percent", "a percentage with at most two decimals (12.25)", 2 };
const struct law_unit LAW_KRONER = { "kroner", "an amount with at most two decimals (38.00)", 2 };
const struct law_unit LAW_TIMES = { "times", "a multiple with at most three decimals (0.35)", 3 };
const struct law_unit LAW_VAT_PERCENT = { "percent", "a percentage with at most one decimal (25)", 1 };

err_t law_take_figure(const struct yaml_file *file, struct law_unit unit, const char *base, const char *key,
	const char *z, int64_t *ret_value)
{
	if (!z || !law_decimal_parse(z, unit.decimals, ret_value))
		return yaml_fail(file, base, key, z, unit.wanted);
	return OK;
}

err_t law_take_money(const struct yaml_file *file, const char *base, const char *key, const char *z, money *ret_amount)
{
	return law_take_figure(file, LAW_KRONER, base, key, z, &ret_amount->minor);
}

err_t law_take_int(const struct yaml_file *file, const char *base, const char *key, const char *z, int *ret_value)
{
	int64_t value;
	if (!z || !law_decimal_parse(z, 0, &value) || value > 100000)
		return yaml_fail(file, base, key, z, "a whole number up to 100000");
	*ret_value = (int)value;
	return OK;
}

err_t law_take_yes(const struct yaml_file *file, const char *base, const char *key, const char *z, bool *ret_value)
{
	bool yes = z && strcmp(z, "yes") == 0, no = z && strcmp(z, "no") == 0;
	if (!yes && !no)
		return yaml_fail(file, base, key, z, "yes or no");
	*ret_value = yes;
	return OK;
}

err_t law_take_date(const struct yaml_file *file, const char *base, const char *key, const char *z, date *ret_day)
{
	err_t err = date_parse_iso(str_from_z(z), ret_day);
	if (!err)
		return OK;
	err_free(err);
	return yaml_fail(file, base, key, z, "a day of the calendar between 1900 and 2100 (2026-01-31)");
}

err_t law_take_open_date(const struct yaml_file *file, const char *base, const char *key, const char *z, date *ret_day)
{
	if (z && strcmp(z, "null") == 0) {
		*ret_day = DATE_NONE;
		return OK;
	}
	err_t err = date_parse_iso(str_from_z(z), ret_day);
	if (!err)
		return OK;
	err_free(err);
	return yaml_fail(file, base, key, z, "a day of the calendar (2026-01-31), or null for an open end");
}

err_t law_take_word(const struct yaml_file *file, const char *base, const char *key, const char *z,
	const char *const *words, int word_count, int *ret_index)
{
	for (int i = 0; i < word_count; i++)
		if (z && strcmp(z, words[i]) == 0) {
			*ret_index = i;
			return OK;
		}
	return yaml_fail(file, base, key, z, "a word known here; see the file's own comments");
}
