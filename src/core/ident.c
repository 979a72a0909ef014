#include "core/ident.h"

#include <string.h>

/* Copies the digits of s without the marks people put between them; false unless there are exactly digit_count. */
static bool ident_digits(str s, const char *marks, size_t digit_count, struct ident_text *ret_text)
{
	struct ident_text text = { "" };
	size_t count = 0;
	s = str_trim(s);
	for (size_t i = 0; i < s.size; i++) {
		if (s.at[i] && count && strchr(marks, s.at[i]))
			continue;
		if (s.at[i] < '0' || s.at[i] > '9' || count == digit_count)
			return false;
		text.z[count++] = s.at[i];
	}
	if (count != digit_count)
		return false;
	*ret_text = text;
	return true;
}

static int weighted_sum(str digits, const int *weights, size_t count)
{
	int sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (digits.at[i] - '0') * weights[i];
	return sum;
}

static bool all_zero(str digits)
{
	for (size_t i = 0; i < digits.size; i++)
		if (digits.at[i] != '0')
			return false;
	return true;
}

bool orgnr_is_valid(str digits)
{
	static const int weights[8] = { 3, 2, 7, 6, 5, 4, 3, 2 };
	if (digits.size != 9 || !str_is_digits(digits) || all_zero(digits))
		return false;
	int check = (11 - weighted_sum(digits, weights, 8) % 11) % 11;
	return check == digits.at[8] - '0'; /* 10 is no digit: never issued */
}

err_t orgnr_parse(str s, struct ident_text *ret_orgnr)
{
	struct ident_text orgnr;
	if (!ident_digits(s, " ", 9, &orgnr))
		return fail(ERR_INPUT, "'%.*s' is not an organisation number (9 digits)", STR_ARG(s));
	if (!orgnr_is_valid(str_from_z(orgnr.z)))
		return fail(ERR_INPUT, "'%.*s' is not an organisation number: its check digit is wrong", STR_ARG(s));
	*ret_orgnr = orgnr;
	return OK;
}

bool bban_is_valid(str digits)
{
	static const int weights[10] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	if (digits.size != 11 || !str_is_digits(digits) || all_zero(digits))
		return false;
	int check = (11 - weighted_sum(digits, weights, 10) % 11) % 11;
	return check == digits.at[10] - '0';
}

err_t bban_parse(str s, struct ident_text *ret_bban)
{
	struct ident_text bban;
	if (!ident_digits(s, " .", 11, &bban))
		return fail(ERR_INPUT, "'%.*s' is not an account number (11 digits)", STR_ARG(s));
	if (!bban_is_valid(str_from_z(bban.z)))
		return fail(ERR_INPUT, "'%.*s' is not an account number: its check digit is wrong", STR_ARG(s));
	*ret_bban = bban;
	return OK;
}

/* What the digits leave when divided by 97, followed by "NO" as 2324 and two more digits (ISO 13616). */
static int iban_remainder(str bban, int check)
{
	int remainder = 0;
	for (size_t i = 0; i < bban.size; i++)
		remainder = (remainder * 10 + (bban.at[i] - '0')) % 97;
	remainder = (remainder * 10000 + 2324) % 97;
	return (remainder * 100 + check) % 97;
}

struct iban_text iban_of_bban(str bban)
{
	require(bban_is_valid(bban));
	int check = 98 - iban_remainder(bban, 0);
	struct iban_text iban = { "NO" };
	iban.z[2] = (char)('0' + check / 10);
	iban.z[3] = (char)('0' + check % 10);
	memcpy(iban.z + 4, bban.at, bban.size);
	return iban;
}

bool iban_bban(str iban, struct ident_text *ret_bban)
{
	iban = str_trim(iban);
	if (!str_starts(iban, S("NO")))
		return false;
	char digits[13];
	size_t count = 0;
	for (size_t i = 2; i < iban.size; i++) {
		if (iban.at[i] == ' ')
			continue;
		if (iban.at[i] < '0' || iban.at[i] > '9' || count == sizeof digits)
			return false;
		digits[count++] = iban.at[i];
	}
	str bban = { digits + 2, 11 };
	if (count != sizeof digits || !bban_is_valid(bban))
		return false;
	if (iban_remainder(bban, (digits[0] - '0') * 10 + (digits[1] - '0')) != 1)
		return false;
	struct ident_text text = { "" };
	memcpy(text.z, bban.at, bban.size);
	*ret_bban = text;
	return true;
}

static err_t person_refused(str digits, const char *why)
{
	return fail(ERR_INPUT, "'%.6s*****' is not a national identity number: %s", digits.at, why);
}

/* What the first check digit leaves over: 0 classic, 1-3 by the 2032 rule, anything else wrong. */
static int first_check_rest(str digits)
{
	static const int weights[9] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 };
	return (weighted_sum(digits, weights, 9) + digits.at[9] - '0') % 11;
}

static bool second_check_holds(str digits)
{
	static const int weights[10] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	return (weighted_sum(digits, weights, 10) + digits.at[10] - '0') % 11 == 0;
}

static int two_digits(str digits, size_t at)
{
	return (digits.at[at] - '0') * 10 + (digits.at[at + 1] - '0');
}

/* The century of a classic number by its individual number; 0 where the ranges do not say. */
static int century_of(int individual, int year)
{
	if (individual < 500)
		return 1900;
	if (individual < 750 && year >= 54)
		return 1800;
	if (year < 40)
		return 2000;
	return individual >= 900 ? 1900 : 0;
}

/* Whether the two-digit year can be that of somebody born under the new rule and alive on today. */
static bool year_may_be_new(int year, struct ident_days days)
{
	if (date_before(days.today, days.rule_from))
		return false;
	return 2000 + year >= date_civil(days.rule_from).year && 2000 + year <= date_civil(days.today).year;
}

static bool real_in_some_century(struct civil civil, int year)
{
	for (int century = 1800; century <= 2000; century += 100) {
		civil.year = century + year;
		if (date_is_real(civil))
			return true;
	}
	return false;
}

static err_t person_birth(str digits, struct civil civil, struct ident_days days, date *ret_born_on)
{
	int year = two_digits(digits, 4);
	int individual = (digits.at[6] - '0') * 100 + two_digits(digits, 7);
	bool classic = first_check_rest(digits) == 0 && !year_may_be_new(year, days);
	int century = classic ? century_of(individual, year) : 0;
	if (!century) {
		if (!real_in_some_century(civil, year))
			return person_refused(digits, "it begins with no day of the calendar");
		*ret_born_on = DATE_NONE;
		return OK;
	}
	civil.year = century + year;
	if (!date_is_real(civil))
		return person_refused(digits, "it begins with no day of the calendar");
	date born_on = date_from_civil(civil);
	if (date_after(born_on, days.today))
		return person_refused(digits, "its birth date is in the future");
	*ret_born_on = born_on;
	return OK;
}

err_t ident_person_parse(str s, struct ident_days days, struct ident_person *ret_person)
{
	struct ident_person person = { .kind = IDENT_BIRTH_NUMBER };
	if (!ident_digits(s, " ", 11, &person.number))
		return fail(ERR_INPUT, "a national identity number has 11 digits, this has %zu characters", s.size);
	str digits = { person.number.z, 11 };
	struct civil civil = { .day = two_digits(digits, 0), .month = two_digits(digits, 2) };
	if (civil.month > 80) {
		person.synthetic = true;
		civil.month -= 80;
	} else if (civil.month > 40) {
		person.kind = IDENT_H_NUMBER;
		civil.month -= 40;
	}
	if (civil.day > 40) {
		person.kind = IDENT_D_NUMBER;
		civil.day -= 40;
	}
	TRY(person_birth(digits, civil, days, &person.born_on));
	int rest = first_check_rest(digits);
	if (rest > 3 || !second_check_holds(digits))
		return person_refused(digits, "its check digits are wrong");
	if (rest > 0 && date_before(days.today, days.rule_from))
		return person_refused(digits, "its first check digit is of the kind that begins later");
	*ret_person = person;
	return OK;
}

bool ident_is_minor(const struct ident_person *person, date on, int age_of_majority)
{
	require(age_of_majority > 0);
	if (date_is_none(person->born_on))
		return false;
	return date_before(on, date_add_months(person->born_on, 12 * age_of_majority));
}
