/* Check digits of persons, companies and accounts. The person numbers are published test vectors or synthetic. */
#include "core/ident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct ident_days now = { { 20500 }, { 22645 } }; /* 2026-02-16; the rule from 2032-01-01 */

static bool person_ok(const char *number, struct ident_days days, struct ident_person *ret_person)
{
	err_t err = ident_person_parse(str_from_z(number), days, ret_person);
	bool ok = !err;
	err_free(err);
	return ok;
}

static void orgnr_check_digit(void **state)
{
	(void)state;
	assert_true(orgnr_is_valid(S("123456785")));
	assert_true(orgnr_is_valid(S("953556472")));
	assert_false(orgnr_is_valid(S("953556473")));
	assert_false(orgnr_is_valid(S("000020010")));
	assert_false(orgnr_is_valid(S("000000000")));
	assert_false(orgnr_is_valid(S("12345678")));
	assert_false(orgnr_is_valid(S("12345678A")));
	struct ident_text orgnr;
	assert_null(orgnr_parse(S(" 953 556 472 "), &orgnr));
	assert_string_equal(orgnr.z, "953556472");
	err_t err = orgnr_parse(S("953 556 473"), &orgnr);
	assert_non_null(err);
	assert_string_equal(err_text(err), "'953 556 473' is not an organisation number: its check digit is wrong");
	err_free(err);
}

static void bban_check_digit(void **state)
{
	(void)state;
	assert_true(bban_is_valid(S("12345678903")));
	assert_true(bban_is_valid(S("86011117947")));
	assert_true(bban_is_valid(S("15030000029")));
	assert_false(bban_is_valid(S("12345678904")));
	assert_false(bban_is_valid(S("00000020010")));
	assert_false(bban_is_valid(S("00000000000")));
	struct ident_text bban;
	assert_null(bban_parse(S("8601.11.17947"), &bban));
	assert_string_equal(bban.z, "86011117947");
}

static void iban_both_ways(void **state)
{
	(void)state;
	struct ident_text bban;
	/* NO93 8601 1117 947 is the example account of the IBAN registry. */
	assert_string_equal(iban_of_bban(S("86011117947")).z, "NO9386011117947");
	assert_true(iban_bban(S("NO93 8601 1117 947"), &bban));
	assert_string_equal(bban.z, "86011117947");
	assert_false(iban_bban(S("NO94 8601 1117 947"), &bban));
	assert_false(iban_bban(S("NO93 8601 1117 948"), &bban));
	assert_false(iban_bban(S("SE93 8601 1117 947"), &bban));
	assert_false(iban_bban(S("NO93"), &bban));
}

static void person_kinds(void **state)
{
	(void)state;
	struct ident_person person;
	assert_true(person_ok("13097248022", now, &person));
	assert_int_equal(person.kind, IDENT_BIRTH_NUMBER);
	assert_true(date_eq(person.born_on, date_make(1972, 9, 13)));
	assert_false(person.synthetic);
	assert_true(person_ok("130972 48022", now, &person));
	assert_string_equal(person.number.z, "13097248022");
	assert_true(person_ok("53097248016", now, &person));
	assert_int_equal(person.kind, IDENT_D_NUMBER);
	assert_true(person_ok("13527248013", now, &person));
	assert_int_equal(person.kind, IDENT_H_NUMBER);
	assert_true(person_ok("10915596784", now, &person));
	assert_true(person.synthetic);
	assert_true(date_eq(person.born_on, date_make(1955, 11, 10)));
	assert_true(person_ok("68467038838", now, &person));
	assert_int_equal(person.kind, IDENT_D_NUMBER);
	assert_true(person_ok("29029648784", now, &person));
	assert_true(person_ok("41819050056", now, &person));
	assert_int_equal(person.kind, IDENT_D_NUMBER);
	assert_true(person.synthetic);
}

static void wrong_person_numbers(void **state)
{
	(void)state;
	struct ident_person person;
	static const char *const wrong[] = { "29020112345", "1234567890", "1234567891A", "13097248032", "32127248022",
		"", "130972480222", "00000000000", "13007248022", "13137248022", "99999999999" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(person_ok(wrong[i], now, &person));
}

static void the_rule_of_2032_begins_on_its_day(void **state)
{
	(void)state;
	struct ident_person person;
	struct ident_days before = { date_make(2031, 12, 31), date_make(2032, 1, 1) };
	struct ident_days on = { date_make(2032, 1, 1), date_make(2032, 1, 1) };
	/* The same nine digits with first check digits that leave 0, 1 and 3. */
	assert_true(person_ok("14838531289", before, &person));
	assert_true(date_eq(person.born_on, date_make(1985, 3, 14)));
	assert_false(person_ok("14838531297", before, &person));
	assert_false(person_ok("14838531203", before, &person));
	assert_true(person_ok("14838531297", on, &person));
	assert_true(date_is_none(person.born_on));
	assert_true(person_ok("14838531203", on, &person));
	assert_true(person_ok("14838531289", on, &person));
	assert_false(person_ok("14838531302", on, &person));
	/* The published example: born 2 January 2032, so no debtor before that. */
	struct ident_days after = { date_make(2032, 1, 2), date_make(2032, 1, 1) };
	assert_false(person_ok("02013299997", before, &person));
	assert_true(person_ok("02013299997", after, &person));
	assert_true(date_is_none(person.born_on));
	assert_false(person_ok("02013299987", after, &person));
	assert_true(person_ok("13097248022", after, &person));
	assert_true(date_eq(person.born_on, date_make(1972, 9, 13)));
}

static void a_minor_comes_of_age_on_the_birthday(void **state)
{
	(void)state;
	struct ident_person person = { .born_on = date_make(2008, 2, 29) };
	assert_true(ident_is_minor(&person, date_make(2026, 2, 27), 18));
	assert_false(ident_is_minor(&person, date_make(2026, 2, 28), 18));
	person.born_on = DATE_NONE;
	assert_false(ident_is_minor(&person, date_make(2026, 2, 27), 18));
}

static void the_century_follows_the_individual_number(void **state)
{
	(void)state;
	struct ident_person person;
	assert_true(person_ok("01826060030", now, &person)); /* 500-749, year 54-99 */
	assert_true(date_eq(person.born_on, date_make(1860, 2, 1)));
	assert_true(person_ok("09810361244", now, &person)); /* 500-999, year 00-39 */
	assert_true(date_eq(person.born_on, date_make(2003, 1, 9)));
	assert_true(person_ok("03847080042", now, &person)); /* 750-899, year 40-99: never given */
	assert_true(date_is_none(person.born_on));
	assert_false(person_ok("05853070035", now, &person)); /* 2030: not born yet */
	assert_false(person_ok("29820031073", now, &person)); /* 1900 had no 29 February */
	assert_true(person_ok("29820051260", now, &person));  /* 2000 had one */
	assert_true(date_eq(person.born_on, date_make(2000, 2, 29)));
	assert_false(person_ok("29824180065", now, &person)); /* no century has 29 February of a year 41 */
}

static void a_number_of_the_new_years_tells_no_century(void **state)
{
	(void)state;
	struct ident_person person;
	struct ident_days later = { date_make(2040, 1, 1), date_make(2032, 1, 1) };
	assert_true(person_ok("30856207885", later, &person)); /* 1962: 2062 is not yet */
	assert_true(date_eq(person.born_on, date_make(1962, 5, 30)));
	assert_true(person_ok("05853070035", later, &person)); /* 2030: before the rule */
	assert_true(date_eq(person.born_on, date_make(2030, 5, 5)));
	later.today = date_make(2062, 5, 29);
	assert_true(person_ok("30856207885", later, &person)); /* 1962 or 2062 */
	assert_true(date_is_none(person.born_on));
}

static void what_people_write_between_the_digits(void **state)
{
	(void)state;
	struct ident_text text;
	static const char *const wrong_orgnr[] = { "", "95355647", "9535564722", "953.556.472", "95355647A" };
	static const char *const wrong_bban[] = { "", "8601.11.17948", "860111179470", "8601-11-17947", "86011117947x" };
	static const char *const wrong_iban[] = { "", "NO9386011117947A", "NO93860111179471", "NO93A6011117947", "86011117947",
		"NO93 0000 0000 000" };
	for (size_t i = 0; i < sizeof wrong_orgnr / sizeof wrong_orgnr[0]; i++) {
		err_t err = orgnr_parse(str_from_z(wrong_orgnr[i]), &text);
		assert_non_null(err);
		err_free(err);
	}
	for (size_t i = 0; i < sizeof wrong_bban / sizeof wrong_bban[0]; i++) {
		err_t err = bban_parse(str_from_z(wrong_bban[i]), &text);
		assert_non_null(err);
		err_free(err);
	}
	for (size_t i = 0; i < sizeof wrong_iban / sizeof wrong_iban[0]; i++)
		assert_false(iban_bban(str_from_z(wrong_iban[i]), &text));
	assert_false(bban_is_valid(S("1234567890A")));
	assert_false(bban_is_valid(S("1234567890")));
}

static void an_error_never_tells_the_whole_number(void **state)
{
	(void)state;
	struct ident_person person;
	err_t err = ident_person_parse(S("13097248032"), now, &person);
	assert_non_null(err);
	assert_string_equal(
		err_text(err), "'130972*****' is not a national identity number: its check digits are wrong");
	err_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orgnr_check_digit),
		cmocka_unit_test(bban_check_digit),
		cmocka_unit_test(iban_both_ways),
		cmocka_unit_test(person_kinds),
		cmocka_unit_test(wrong_person_numbers),
		cmocka_unit_test(the_rule_of_2032_begins_on_its_day),
		cmocka_unit_test(a_minor_comes_of_age_on_the_birthday),
		cmocka_unit_test(the_century_follows_the_individual_number),
		cmocka_unit_test(a_number_of_the_new_years_tells_no_century),
		cmocka_unit_test(what_people_write_between_the_digits),
		cmocka_unit_test(an_error_never_tells_the_whole_number),
	};
	return cmocka_run_group_tests_name("ident", tests, NULL, NULL);
}
