/* Civil days. A date is a count of days, so that arithmetic is plain; text is ISO 8601 (2026-01-15).
 * No clock here: today comes in from main.c. */
#ifndef KRAVBOK_BASE_DATE_H
#define KRAVBOK_BASE_DATE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int32_t day; /* days since 1970-01-01 */
} date;

#define DATE_NONE ((date){ INT32_MIN })          /* no such day: an open end, not yet */
#define DATE_FIRST ((date){ -25567 })            /* 1900-01-01: earlier input is refused */
#define DATE_LAST ((date){ 47846 })              /* 2100-12-31: later input is refused */

static inline bool date_is_none(date d)
{
	return d.day == INT32_MIN;
}

static inline date date_add(date d, int days)
{
	require(!date_is_none(d));
	return (date){ d.day + days };
}

/* Days; positive when to is later. */
static inline int date_diff(date from, date to)
{
	require(!date_is_none(from));
	require(!date_is_none(to));
	return to.day - from.day;
}

static inline int date_compare(date a, date b)
{
	return a.day < b.day ? -1 : a.day > b.day;
}

static inline date date_min(date a, date b)
{
	return a.day < b.day ? a : b;
}

static inline date date_max(date a, date b)
{
	return a.day > b.day ? a : b;
}

static inline bool date_before(date a, date b)
{
	return a.day < b.day;
}

static inline bool date_after(date a, date b)
{
	return a.day > b.day;
}

static inline bool date_eq(date a, date b)
{
	return a.day == b.day;
}

struct civil {
	int year, month, day; /* month 1-12, day 1-31 */
};

date date_from_civil(struct civil civil);
struct civil date_civil(date d);
date date_make(int year, int month, int day); /* require()s a real day */
bool date_is_real(struct civil civil);
/* The same day months later; the last day of the month when there is no such day (31 Jan + 1 = 28 Feb). */
date date_add_months(date d, int months);
int date_weekday(date d); /* 1 Monday … 7 Sunday */
date date_easter(int year); /* Easter Sunday, Gregorian */

/* 2026-01-15 within DATE_FIRST..DATE_LAST; anything else is ERR_INPUT quoting the value. */
err_t date_parse_iso(str s, date *ret_date) MUST_CHECK;
/* 2026-01-15 or 15.01.2026 (1.2.2026 too). */
err_t date_parse(str s, date *ret_date) MUST_CHECK;

struct date_text {
	char z[12];
};
struct date_text date_iso(date d);       /* "2026-01-15"; "" for DATE_NONE */
struct date_text date_norwegian(date d); /* "15.01.2026" */

#endif
