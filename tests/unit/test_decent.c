/* Decent hours, both sides of each limit. The instants are written in UTC by hand: Norway is one hour ahead of it, two in
 * summer time. */
#include "core/decent.h"
#include "law_no.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>

#include <cmocka.h>

/* "2026-03-02 07:00:00" in UTC */
static int64_t utc(const char *text)
{
	int year, month, day, hour, minute, second;
	assert_int_equal(sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second), 6);
	return (int64_t)date_make(year, month, day).day * 86400 + hour * 3600 + minute * 60 + second;
}

static void assert_allowed(const char *at, bool expected)
{
	if (decent_allows(&law_no, utc(at)) != expected)
		fail_msg("%s UTC: expected %s", at, expected ? "allowed" : "not allowed");
}

static void assert_next(const char *at, const char *expected)
{
	int64_t next = decent_next(&law_no, utc(at));
	if (next != utc(expected))
		fail_msg("after %s UTC: %lld, expected %s (%lld)", at, (long long)next, expected, (long long)utc(expected));
	assert_true(decent_allows(&law_no, next));
}

static void assert_local(const char *at, const char *on, int hour, int minute)
{
	struct decent_moment moment = decent_local(utc(at));
	assert_string_equal(date_iso(moment.on).z, on);
	assert_int_equal(moment.minute, hour * 60 + minute);
}

static void a_weekday_is_from_8_to_21(void **state)
{
	(void)state; /* Monday 2 March 2026, winter time */
	assert_allowed("2026-03-02 06:59:59", false);
	assert_allowed("2026-03-02 07:00:00", true);
	assert_allowed("2026-03-02 19:59:59", true);
	assert_allowed("2026-03-02 20:00:00", false);
	assert_next("2026-03-02 03:00:00", "2026-03-02 07:00:00");
	assert_next("2026-03-02 07:00:00", "2026-03-02 07:00:00");
	assert_next("2026-03-02 19:59:59", "2026-03-02 19:59:59");
	assert_next("2026-03-02 20:00:00", "2026-03-03 07:00:00");
}

static void a_saturday_is_from_9_to_15(void **state)
{
	(void)state; /* 7 March 2026 */
	assert_allowed("2026-03-07 07:59:59", false);
	assert_allowed("2026-03-07 08:00:00", true);
	assert_allowed("2026-03-07 13:59:59", true);
	assert_allowed("2026-03-07 14:00:00", false);
	assert_next("2026-03-06 20:00:00", "2026-03-07 08:00:00"); /* Friday evening */
	assert_next("2026-03-07 14:00:00", "2026-03-09 07:00:00"); /* over Sunday */
}

static void never_on_a_sunday_or_a_holiday(void **state)
{
	(void)state;
	assert_allowed("2026-03-08 12:00:00", false);
	assert_next("2026-03-08 12:00:00", "2026-03-09 07:00:00");
	/* Maundy Thursday 2 April 2026 to Easter Monday the 6th; the Saturday in between is an ordinary one. */
	assert_allowed("2026-04-02 10:00:00", false);
	assert_allowed("2026-04-03 10:00:00", false);
	assert_allowed("2026-04-04 10:00:00", true);
	assert_allowed("2026-04-06 10:00:00", false);
	assert_next("2026-04-01 19:00:00", "2026-04-04 07:00:00"); /* 21:00 local; Saturday from 9, summer time */
	assert_next("2026-04-04 13:00:00", "2026-04-07 06:00:00");
	assert_allowed("2026-05-01 10:00:00", false); /* a Friday */
	assert_allowed("2026-12-24 10:00:00", true);  /* a Thursday; Christmas Eve is no holiday in the law */
	assert_next("2026-12-24 20:00:00", "2026-12-28 07:00:00"); /* Friday and Saturday are holidays, then Sunday */
	assert_next("2026-12-31 20:00:00", "2027-01-02 08:00:00");
	assert_allowed("2027-05-17 10:00:00", false); /* Whit Monday and Constitution Day at once */
}

static void summer_time_begins_and_ends_by_its_rule(void **state)
{
	(void)state; /* 29 March and 25 October 2026, at 01:00 UTC */
	assert_local("2026-03-29 00:59:59", "2026-03-29", 1, 59);
	assert_local("2026-03-29 01:00:00", "2026-03-29", 3, 0);
	assert_local("2026-10-25 00:59:59", "2026-10-25", 2, 59);
	assert_local("2026-10-25 01:00:00", "2026-10-25", 2, 0);
	assert_local("2026-12-31 23:30:00", "2027-01-01", 0, 30);
	assert_local("1969-12-31 22:30:00", "1969-12-31", 23, 30);
	/* The Friday before and the Monday after the change, at both ends of the day. */
	assert_allowed("2026-03-27 06:59:59", false);
	assert_allowed("2026-03-27 07:00:00", true);
	assert_allowed("2026-03-30 05:59:59", false);
	assert_allowed("2026-03-30 06:00:00", true);
	assert_allowed("2026-03-30 18:59:59", true);
	assert_allowed("2026-03-30 19:00:00", false);
	assert_next("2026-03-28 20:00:00", "2026-03-30 06:00:00");
	assert_next("2026-10-24 20:00:00", "2026-10-26 07:00:00");
	/* 2030: 31 March is itself a Sunday; 27 October. */
	assert_local("2030-03-31 01:00:00", "2030-03-31", 3, 0);
	assert_local("2030-03-31 00:59:00", "2030-03-31", 1, 59);
	assert_local("2030-10-27 01:00:00", "2030-10-27", 2, 0);
}

static void an_instant_is_the_local_minute_again(void **state)
{
	(void)state;
	assert_int_equal(decent_instant(date_make(2026, 3, 2), 8 * 60), utc("2026-03-02 07:00:00"));
	assert_int_equal(decent_instant(date_make(2026, 7, 1), 0), utc("2026-06-30 22:00:00"));
	assert_int_equal(decent_instant(date_make(2026, 3, 29), 0), utc("2026-03-28 23:00:00"));
	assert_int_equal(decent_instant(date_make(2026, 3, 29), 150), utc("2026-03-29 01:30:00")); /* 02:30 is not there */
	assert_int_equal(decent_instant(date_make(2026, 10, 25), 150), utc("2026-10-25 00:30:00")); /* the first 02:30 */
	for (int64_t at = utc("2026-01-01 00:00:00"); at < utc("2027-01-01 00:00:00"); at += 1800) {
		struct decent_moment moment = decent_local(at);
		int64_t back = decent_instant(moment.on, moment.minute);
		if (back != at && at - back != 3600) /* the hour that comes twice */
			fail_msg("%lld is %s %d is %lld", (long long)at, date_iso(moment.on).z, moment.minute, (long long)back);
	}
}

static void the_next_moment_is_the_first_one(void **state)
{
	(void)state; /* a year, in steps of a quarter: nothing allowed is passed over */
	for (int64_t at = utc("2026-01-01 00:00:00"); at < utc("2027-01-01 00:00:00"); at += 900) {
		int64_t next = decent_next(&law_no, at);
		assert_true(next >= at);
		assert_true(decent_allows(&law_no, next));
		if (next > at)
			assert_false(decent_allows(&law_no, next - 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_weekday_is_from_8_to_21),
		cmocka_unit_test(a_saturday_is_from_9_to_15),
		cmocka_unit_test(never_on_a_sunday_or_a_holiday),
		cmocka_unit_test(summer_time_begins_and_ends_by_its_rule),
		cmocka_unit_test(an_instant_is_the_local_minute_again),
		cmocka_unit_test(the_next_moment_is_the_first_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
