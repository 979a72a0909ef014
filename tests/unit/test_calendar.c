/* Banking days and holidays: law/no/holidays.yaml. Dates copied from printed calendars; the year counts are another
 * program's (tests/oracle/no_banking_days.tsv). Run from the project's root. */
#include "core/law.h"
#include "law_no.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>

#include <cmocka.h>

static date day_of(const char *iso)
{
	date d;
	err_t err = date_parse_iso(str_from_z(iso), &d);
	assert_null(err);
	return d;
}

static void assert_banking_day(const char *on, const char *expected)
{
	date got = law_banking_day(&law_no, day_of(on));
	if (!date_eq(got, day_of(expected)))
		fail_msg("banking day of %s: %s, expected %s", on, date_iso(got).z, expected);
	assert_true(law_is_banking_day(&law_no, got));
	assert_int_equal(law_is_banking_day(&law_no, day_of(on)), date_eq(got, day_of(on)));
}

static void holidays_that_move_with_easter_2024_to_2027(void **state)
{
	(void)state;
	static const struct {
		const char *maundy, *good_friday, *easter_day, *easter_monday, *ascension, *whit_sunday, *whit_monday;
	} years[] = {
		{ "2024-03-28", "2024-03-29", "2024-03-31", "2024-04-01", "2024-05-09", "2024-05-19", "2024-05-20" },
		{ "2025-04-17", "2025-04-18", "2025-04-20", "2025-04-21", "2025-05-29", "2025-06-08", "2025-06-09" },
		{ "2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-14", "2026-05-24", "2026-05-25" },
		{ "2027-03-25", "2027-03-26", "2027-03-28", "2027-03-29", "2027-05-06", "2027-05-16", NULL },
	};
	for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
		assert_string_equal(law_holiday_name(&law_no, day_of(years[i].maundy)), "skjærtorsdag");
		assert_string_equal(law_holiday_name(&law_no, day_of(years[i].good_friday)), "langfredag");
		assert_string_equal(law_holiday_name(&law_no, day_of(years[i].easter_day)), "første påskedag");
		assert_string_equal(law_holiday_name(&law_no, day_of(years[i].easter_monday)), "andre påskedag");
		assert_string_equal(law_holiday_name(&law_no, day_of(years[i].ascension)), "Kristi himmelfartsdag");
		assert_string_equal(law_holiday_name(&law_no, day_of(years[i].whit_sunday)), "første pinsedag");
		if (years[i].whit_monday)
			assert_string_equal(law_holiday_name(&law_no, day_of(years[i].whit_monday)), "andre pinsedag");
	}
	/* In 2027 Whit Monday is 17 May: one holiday, either name. */
	assert_non_null(law_holiday_name(&law_no, day_of("2027-05-17")));
}

static void an_ordinary_day_has_no_holiday_name(void **state)
{
	(void)state;
	static const char *const days[] = { "2026-04-01", "2026-04-04", "2026-04-07", "2026-05-15", "2026-05-18",
		"2026-05-26", "2026-12-24", "2026-12-27", "2026-12-31", "2026-01-02" };
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		assert_null(law_holiday_name(&law_no, day_of(days[i])));
}

static void a_letter_due_on_a_closed_day_goes_on_the_next_banking_day(void **state)
{
	(void)state;
	assert_banking_day("2026-02-27", "2026-02-27"); /* Friday */
	assert_banking_day("2026-02-28", "2026-03-02"); /* Saturday */
	assert_banking_day("2026-03-01", "2026-03-02"); /* Sunday */
	assert_banking_day("2026-04-01", "2026-04-01"); /* Wednesday before Easter */
	assert_banking_day("2026-04-02", "2026-04-07"); /* Maundy Thursday to Tuesday */
	assert_banking_day("2026-04-06", "2026-04-07"); /* Easter Monday */
	assert_banking_day("2024-03-28", "2024-04-02");
	assert_banking_day("2025-04-17", "2025-04-22");
	assert_banking_day("2026-05-14", "2026-05-15"); /* Ascension Day, a Thursday */
	assert_banking_day("2026-05-25", "2026-05-26");
}

static void may_1_and_17_close_the_banks(void **state)
{
	(void)state;
	assert_banking_day("2026-05-01", "2026-05-04"); /* Friday */
	assert_banking_day("2025-05-01", "2025-05-02"); /* Thursday */
	assert_banking_day("2024-05-17", "2024-05-21"); /* Friday, and Whit Monday follows */
	assert_banking_day("2026-05-17", "2026-05-18"); /* a Sunday: nothing is moved to Monday */
	assert_banking_day("2026-05-18", "2026-05-18");
	assert_banking_day("2027-05-15", "2027-05-18"); /* 17 May is Whit Monday too */
}

static void christmas_and_new_year(void **state)
{
	(void)state;
	assert_banking_day("2026-12-24", "2026-12-24"); /* Christmas Eve is a banking day */
	assert_banking_day("2026-12-25", "2026-12-28");
	assert_banking_day("2025-12-25", "2025-12-29");
	assert_banking_day("2024-12-25", "2024-12-27");
	assert_banking_day("2025-12-31", "2025-12-31");
	assert_banking_day("2026-01-01", "2026-01-02");
	assert_banking_day("2027-01-01", "2027-01-04");
}

static void every_year_agrees_with_another_program(void **state)
{
	(void)state;
	FILE *file = fopen("tests/oracle/no_banking_days.tsv", "r");
	assert_non_null(file);
	char line[200], easter[16];
	int year, expected, year_count = 0;
	while (fgets(line, sizeof line, file)) {
		if (line[0] == '#')
			continue;
		assert_int_equal(sscanf(line, "%d %15s %d", &year, easter, &expected), 3);
		assert_string_equal(date_iso(date_easter(year)).z, easter);
		int count = 0;
		for (date d = date_make(year, 1, 1); date_civil(d).year == year; d = date_add(d, 1))
			count += law_is_banking_day(&law_no, d);
		assert_int_equal(count, expected);
		year_count++;
	}
	fclose(file);
	assert_int_equal(year_count, 111);
}

/* Every day of a hundred years: the answer is a banking day, not before the day asked, and none was passed over. */
static void banking_day_is_the_first_not_before(void **state)
{
	(void)state;
	for (date d = date_make(2000, 1, 1); d.day < date_make(2100, 1, 1).day; d = date_add(d, 1)) {
		date got = law_banking_day(&law_no, d);
		assert_true(law_is_banking_day(&law_no, got));
		assert_in_range(date_diff(d, got), 0, 6);
		for (date between = d; date_before(between, got); between = date_add(between, 1))
			assert_false(law_is_banking_day(&law_no, between));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holidays_that_move_with_easter_2024_to_2027),
		cmocka_unit_test(an_ordinary_day_has_no_holiday_name),
		cmocka_unit_test(a_letter_due_on_a_closed_day_goes_on_the_next_banking_day),
		cmocka_unit_test(may_1_and_17_close_the_banks),
		cmocka_unit_test(christmas_and_new_year),
		cmocka_unit_test(every_year_agrees_with_another_program),
		cmocka_unit_test(banking_day_is_the_first_not_before),
	};
	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
