/* Day numbers by Howard Hinnant's days_from_civil arithmetic, Easter by the anonymous Gregorian computus. */
#include "base/date.h"

#include <stdio.h>

date date_from_civil(struct civil civil)
{
	int year = civil.month <= 2 ? civil.year - 1 : civil.year;
	int era = (year >= 0 ? year : year - 399) / 400;
	int year_of_era = year - era * 400;
	int month_from_march = civil.month > 2 ? civil.month - 3 : civil.month + 9;
	int day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return (date){ era * 146097 + day_of_era - 719468 };
}

struct civil date_civil(date d)
{
	require(!date_is_none(d));
	int z = d.day + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int day_of_era = z - era * 146097;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (5 * day_of_year + 2) / 153;
	struct civil civil;
	civil.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
	civil.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	civil.year = year_of_era + era * 400 + (civil.month <= 2);
	return civil;
}

static int month_days(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

bool date_is_real(struct civil civil)
{
	if (civil.month < 1 || civil.month > 12 || civil.day < 1)
		return false;
	return civil.day <= month_days(civil.year, civil.month);
}

date date_make(int year, int month, int day)
{
	struct civil civil = { year, month, day };
	require(date_is_real(civil));
	return date_from_civil(civil);
}

date date_add_months(date d, int months)
{
	struct civil civil = date_civil(d);
	int month0 = civil.year * 12 + civil.month - 1 + months;
	civil.year = month0 / 12;
	civil.month = month0 % 12 + 1;
	int last = month_days(civil.year, civil.month);
	if (civil.day > last)
		civil.day = last;
	return date_from_civil(civil);
}

int date_weekday(date d)
{
	require(!date_is_none(d));
	int weekday = (d.day + 3) % 7; /* 1970-01-01 was a Thursday */
	return (weekday < 0 ? weekday + 7 : weekday) + 1;
}

date date_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
	return date_make(year, month, day);
}

static err_t date_checked(str s, struct civil civil, date *ret_date)
{
	if (!date_is_real(civil))
		return fail(ERR_INPUT, "'%.*s' is not a day of the calendar", STR_ARG(s));
	date d = date_from_civil(civil);
	if (date_before(d, DATE_FIRST) || date_after(d, DATE_LAST))
		return fail(ERR_INPUT, "'%.*s' is not between 1900 and 2100", STR_ARG(s));
	*ret_date = d;
	return OK;
}

static int digits_value(str s)
{
	int value = 0;
	for (size_t i = 0; i < s.size; i++)
		value = value * 10 + (s.at[i] - '0');
	return value;
}

err_t date_parse_iso(str s, date *ret_date)
{
	if (s.size != 10 || s.at[4] != '-' || s.at[7] != '-')
		return fail(ERR_INPUT, "'%.*s' is not a date (2026-01-31)", STR_ARG(s));
	str year = { s.at, 4 }, month = { s.at + 5, 2 }, day = { s.at + 8, 2 };
	if (!str_is_digits(year) || !str_is_digits(month) || !str_is_digits(day))
		return fail(ERR_INPUT, "'%.*s' is not a date (2026-01-31)", STR_ARG(s));
	struct civil civil = { digits_value(year), digits_value(month), digits_value(day) };
	return date_checked(s, civil, ret_date);
}

err_t date_parse(str s, date *ret_date)
{
	s = str_trim(s);
	str rest, year;
	str day = str_cut(s, '.', &rest);
	str month = str_cut(rest, '.', &year);
	if (day.size == s.size)
		return date_parse_iso(s, ret_date);
	bool shaped = str_is_digits(day) && day.size <= 2 && str_is_digits(month) && month.size <= 2;
	if (!shaped || !str_is_digits(year) || year.size != 4)
		return fail(ERR_INPUT, "'%.*s' is not a date (2026-01-31 or 31.01.2026)", STR_ARG(s));
	struct civil civil = { digits_value(year), digits_value(month), digits_value(day) };
	return date_checked(s, civil, ret_date);
}

/* By hand, not printf: a night writes a few dates for each case. */
static void put_digits(char *at, int value, int count)
{
	for (int i = count - 1; i >= 0; i--, value /= 10)
		at[i] = (char)('0' + value % 10);
}

struct date_text date_iso(date d)
{
	struct date_text text = { "" };
	if (date_is_none(d))
		return text;
	struct civil civil = date_civil(d);
	put_digits(text.z, civil.year, 4);
	text.z[4] = '-';
	put_digits(text.z + 5, civil.month, 2);
	text.z[7] = '-';
	put_digits(text.z + 8, civil.day, 2);
	return text;
}

struct date_text date_norwegian(date d)
{
	struct date_text text = { "" };
	if (date_is_none(d))
		return text;
	struct civil civil = date_civil(d);
	put_digits(text.z, civil.day, 2);
	text.z[2] = '.';
	put_digits(text.z + 3, civil.month, 2);
	text.z[5] = '.';
	put_digits(text.z + 6, civil.year, 4);
	return text;
}
