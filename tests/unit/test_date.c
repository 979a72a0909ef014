/* Civil days: the calendar of four centuries against day counts of other programs, Easter against printed tables, and
 * dates as people and files write them. */
#include "base/date.h"
#include "panics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_iso(date d, const char *expected)
{
	assert_string_equal(date_iso(d).z, expected);
}

static void day_numbers_of_known_days(void **state)
{
	(void)state;
	static const struct {
		int year, month, day, number;
	} known[] = {
		{ 1970, 1, 1, 0 },
		{ 1969, 12, 31, -1 },
		{ 1900, 1, 1, -25567 },
		{ 1900, 3, 1, -25508 }, /* 1900 had no 29 February */
		{ 2000, 2, 29, 11016 },
		{ 2000, 3, 1, 11017 },
		{ 2026, 1, 15, 20468 },
		{ 2100, 2, 28, 47540 },
		{ 2100, 3, 1, 47541 }, /* nor has 2100 */
		{ 2100, 12, 31, 47846 },
		{ 1601, 1, 1, -134774 },
		{ 1, 1, 1, -719162 },
		{ 0, 2, 29, -719469 },
		{ -1, 12, 31, -719529 },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct civil civil = { known[i].year, known[i].month, known[i].day };
		assert_int_equal(date_from_civil(civil).day, known[i].number);
		struct civil back = date_civil((date){ known[i].number });
		assert_int_equal(back.year, civil.year);
		assert_int_equal(back.month, civil.month);
		assert_int_equal(back.day, civil.day);
	}
}

/* Each day follows the one before it, in the calendar and in the week. */
static void days_follow_one_another(void **state)
{
	(void)state;
	struct civil last = { 1899, 12, 31 };
	int weekday = 7; /* a Sunday */
	for (date d = DATE_FIRST; !date_after(d, DATE_LAST); d = date_add(d, 1)) {
		struct civil civil = date_civil(d);
		bool next_day = civil.year == last.year && civil.month == last.month && civil.day == last.day + 1;
		bool next_month = civil.day == 1 && civil.year == last.year && civil.month == last.month + 1;
		bool next_year = civil.day == 1 && civil.month == 1 && civil.year == last.year + 1 && last.month == 12;
		assert_true(next_day || ((next_month || next_year) && last.day >= 28));
		if (next_month || next_year) {
			last.day++;
			assert_false(date_is_real(last));
		}
		assert_true(date_is_real(civil));
		assert_int_equal(date_from_civil(civil).day, d.day);
		weekday = weekday % 7 + 1;
		assert_int_equal(date_weekday(d), weekday);
		last = civil;
	}
	assert_int_equal(date_weekday(date_make(2026, 1, 15)), 4);
	assert_int_equal(date_weekday(date_make(1814, 5, 17)), 2); /* before the first day we take: a Tuesday */
}

static void days_that_are_none(void **state)
{
	(void)state;
	static const struct civil unreal[] = {
		{ 2026, 0, 1 },
		{ 2026, 13, 1 },
		{ 2026, 1, 0 },
		{ 2026, 1, 32 },
		{ 2026, 2, 29 },
		{ 2024, 2, 30 },
		{ 1900, 2, 29 },
		{ 2100, 2, 29 },
		{ 2026, 4, 31 },
		{ 2026, 12, -1 },
	};
	for (size_t i = 0; i < sizeof unreal / sizeof *unreal; i++)
		assert_false(date_is_real(unreal[i]));
	assert_true(date_is_real((struct civil){ 2000, 2, 29 }));
	assert_true(date_is_real((struct civil){ 2024, 2, 29 }));
}

/* Published tables of Easter Sunday, with the earliest and the latest it can be. */
static void easter_sundays(void **state)
{
	(void)state;
	static const char *const sundays[] = {
		"1900-04-15",
		"1913-03-23",
		"1940-03-24",
		"1943-04-25",
		"1954-04-18",
		"1961-04-02",
		"1981-04-19",
		"1999-04-04",
		"2000-04-23",
		"2001-04-15",
		"2005-03-27",
		"2008-03-23",
		"2010-04-04",
		"2011-04-24",
		"2014-04-20",
		"2015-04-05",
		"2016-03-27",
		"2017-04-16",
		"2018-04-01",
		"2019-04-21",
		"2020-04-12",
		"2021-04-04",
		"2022-04-17",
		"2023-04-09",
		"2024-03-31",
		"2025-04-20",
		"2026-04-05",
		"2027-03-28",
		"2028-04-16",
		"2029-04-01",
		"2030-04-21",
		"2031-04-13",
		"2032-03-28",
		"2033-04-17",
		"2034-04-09",
		"2035-03-25",
		"2038-04-25",
		"2049-04-18",
		"2076-04-19",
		"2100-03-28",
	};
	for (size_t i = 0; i < sizeof sundays / sizeof *sundays; i++) {
		date expected;
		err_t err = date_parse_iso(str_from_z(sundays[i]), &expected);
		assert_null(err);
		assert_iso(date_easter(date_civil(expected).year), sundays[i]);
	}
	for (int year = 1900; year <= 2100; year++) {
		date easter = date_easter(year);
		assert_int_equal(date_weekday(easter), 7);
		assert_false(date_before(easter, date_make(year, 3, 22)));
		assert_false(date_after(easter, date_make(year, 4, 25)));
	}
}

static void a_month_later_is_the_same_day_or_the_last(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		int months;
		const char *to;
	} cases[] = {
		{ "2026-01-31", 1, "2026-02-28" },
		{ "2024-01-31", 1, "2024-02-29" },
		{ "2026-01-28", 1, "2026-02-28" },
		{ "2024-02-29", 12, "2025-02-28" },
		{ "2024-02-29", 48, "2028-02-29" },
		{ "2026-12-15", 1, "2027-01-15" },
		{ "2026-11-30", 3, "2027-02-28" },
		{ "2026-03-31", -1, "2026-02-28" },
		{ "2026-01-15", -1, "2025-12-15" },
		{ "2026-01-15", -13, "2024-12-15" },
		{ "2026-05-31", 0, "2026-05-31" },
		{ "2023-01-15", 36, "2026-01-15" },
		{ "2026-08-31", 6, "2027-02-28" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		date from;
		err_t err = date_parse_iso(str_from_z(cases[i].from), &from);
		assert_null(err);
		assert_iso(date_add_months(from, cases[i].months), cases[i].to);
	}
}

static void comparing_and_counting(void **state)
{
	(void)state;
	date a = date_make(2026, 2, 28), b = date_make(2026, 3, 1);
	assert_int_equal(date_diff(a, b), 1);
	assert_int_equal(date_diff(b, a), -1);
	assert_int_equal(date_compare(a, b), -1);
	assert_int_equal(date_compare(b, a), 1);
	assert_int_equal(date_compare(a, a), 0);
	assert_true(date_before(a, b) && !date_before(a, a) && !date_before(b, a));
	assert_true(date_after(b, a) && !date_after(a, a) && !date_after(a, b));
	assert_true(date_eq(date_min(a, b), a) && date_eq(date_min(b, a), a));
	assert_true(date_eq(date_max(a, b), b) && date_eq(date_max(b, a), b));
	assert_true(date_is_none(DATE_NONE) && !date_is_none(DATE_FIRST));
	assert_true(date_before(DATE_NONE, DATE_FIRST)); /* so that date_max() with it gives the other */
	assert_iso(DATE_FIRST, "1900-01-01");
	assert_iso(DATE_LAST, "2100-12-31");
	assert_iso(DATE_NONE, "");
	assert_string_equal(date_norwegian(DATE_NONE).z, "");
	assert_string_equal(date_norwegian(date_make(2026, 1, 5)).z, "05.01.2026");
}

/* ---- reading ---- */

static void dates_that_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *iso;
		bool is_iso;
	} good[] = {
		{ "2026-01-15", "2026-01-15", true },
		{ "1900-01-01", "1900-01-01", true },
		{ "2100-12-31", "2100-12-31", true },
		{ "2024-02-29", "2024-02-29", true },
		{ "15.01.2026", "2026-01-15", false },
		{ "1.2.2026", "2026-02-01", false },
		{ " 1.02.2026\r\n", "2026-02-01", false },
		{ " 2026-01-15 ", "2026-01-15", false },
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		date d;
		err_t err = date_parse(str_from_z(good[i].text), &d);
		if (err)
			fail_msg("%s", err_text(err));
		assert_iso(d, good[i].iso);
		err = date_parse_iso(str_from_z(good[i].text), &d);
		assert_int_equal(!err, good[i].is_iso);
		err_free(err);
	}
}

static void dates_that_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		" ",
		"2026",
		"2026-1-15",
		"2026-01-1",
		"20260115",
		"2026/01/15",
		"2026-01-15T00:00",
		"26-01-15",
		"2026-13-01",
		"2026-00-01",
		"2026-01-00",
		"2026-01-32",
		"2026-02-29",
		"1899-12-31",
		"2101-01-01",
		"0000-00-00",
		"9999-12-31",
		"2026-01-1a",
		"+026-01-15",
		"2026-0 -15",
		"15.01.26",
		"15.1.",
		"15.01",
		"15..2026",
		".1.2026",
		"115.1.2026",
		"15.101.2026",
		"15.01.2026.",
		"15.01.2026.1",
		"15.01.20266",
		"29.02.2026",
		"31.04.2026",
		"0.1.2026",
		"1.0.2026",
		"1.13.2026",
		"31.12.1899",
		"1.1.2101",
		"-1.1.2026",
		"1. 1.2026",
		"x.y.zzzz",
		"I dag",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		date d = DATE_NONE;
		err_t err = date_parse(str_from_z(bad[i]), &d);
		if (!err)
			fail_msg("'%s' was read as %s", bad[i], date_iso(d).z);
		assert_int_equal(err_kind(err), ERR_INPUT);
		assert_non_null(strstr(err_text(err), bad[i]));
		assert_true(date_is_none(d));
		err_free(err);
	}
}

static void every_day_is_read_back(void **state)
{
	(void)state;
	for (date d = DATE_FIRST; !date_after(d, DATE_LAST); d = date_add(d, 1)) {
		date iso, norwegian;
		err_t err = date_parse_iso(str_from_z(date_iso(d).z), &iso);
		assert_null(err);
		err = date_parse(str_from_z(date_norwegian(d).z), &norwegian);
		assert_null(err);
		assert_int_equal(iso.day, d.day);
		assert_int_equal(norwegian.day, d.day);
	}
}

static void make_29_february_2026(void)
{
	date_make(2026, 2, 29);
}

static void add_to_no_day(void)
{
	date_add(DATE_NONE, 1);
}

static void diff_from_no_day(void)
{
	date_diff(DATE_NONE, DATE_FIRST);
}

static void weekday_of_no_day(void)
{
	date_weekday(DATE_NONE);
}

static void reckoning_with_no_day_ends_the_program(void **state)
{
	(void)state;
	assert_panics(make_29_february_2026);
	assert_panics(add_to_no_day);
	assert_panics(diff_from_no_day);
	assert_panics(weekday_of_no_day);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(day_numbers_of_known_days),
		cmocka_unit_test(days_follow_one_another),
		cmocka_unit_test(days_that_are_none),
		cmocka_unit_test(easter_sundays),
		cmocka_unit_test(a_month_later_is_the_same_day_or_the_last),
		cmocka_unit_test(comparing_and_counting),
		cmocka_unit_test(dates_that_are_read),
		cmocka_unit_test(dates_that_are_refused),
		cmocka_unit_test(every_day_is_read_back),
		cmocka_unit_test(reckoning_with_no_day_ends_the_program),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
