#include "core/decent.h"

enum {
	HOUR = 3600,
	DAY = 24 * HOUR,
	SATURDAY = 6,
	SUNDAY = 7,
	CLOSED_RUN_MAX = 31, /* days in a row without a decent hour; law_check() refuses more holidays */
};

static int64_t day_begins(date on) /* in UTC */
{
	return (int64_t)on.day * DAY;
}

static date last_sunday(int year, int month)
{
	date last = date_make(year, month, 31);
	return date_add(last, -(date_weekday(last) % SUNDAY));
}

static bool is_summer_time(int64_t at)
{
	int64_t day = at >= 0 ? at / DAY : (at - DAY + 1) / DAY;
	int year = date_civil((date){ (int32_t)day }).year; /* within the calendar: checked by decent_local() */
	int64_t begins = day_begins(last_sunday(year, 3)) + HOUR;
	int64_t ends = day_begins(last_sunday(year, 10)) + HOUR;
	return at >= begins && at < ends;
}

struct decent_moment decent_local(int64_t at)
{
	require(at >= day_begins(DATE_FIRST));
	require(at < day_begins(DATE_LAST));
	int64_t local = at + (is_summer_time(at) ? 2 : 1) * HOUR;
	int64_t day = local >= 0 ? local / DAY : (local - DAY + 1) / DAY;
	return (struct decent_moment){
		.on = { (int32_t)day },                 /* between DATE_FIRST and DATE_LAST */
		.minute = (int)((local - day * DAY) / 60), /* below 1440 */
	};
}

int64_t decent_instant(date on, int minute)
{
	require(minute >= 0);
	require(minute <= DECENT_DAY_MINUTES);
	int64_t local = day_begins(on) + (int64_t)minute * 60;
	int64_t summer = local - 2 * HOUR;
	return is_summer_time(summer) ? summer : local - HOUR;
}

struct hours { /* of a day, in minutes; from == until: none */
	int from, until;
};

static struct hours hours_on(const struct law *law, date on)
{
	const struct law_parameters *p = &law->parameters;
	int weekday = date_weekday(on);
	if (weekday == SUNDAY || law_holiday_name(law, on))
		return (struct hours){ 0, 0 };
	if (weekday == SATURDAY)
		return (struct hours){ p->contact_saturday_from * 60, p->contact_saturday_until * 60 };
	return (struct hours){ p->contact_weekday_from * 60, p->contact_weekday_until * 60 };
}

bool decent_allows(const struct law *law, int64_t at)
{
	struct decent_moment moment = decent_local(at);
	struct hours hours = hours_on(law, moment.on);
	return moment.minute >= hours.from && moment.minute < hours.until;
}

int64_t decent_next(const struct law *law, int64_t at)
{
	if (decent_allows(law, at))
		return at;
	struct decent_moment moment = decent_local(at);
	for (int i = 0; i <= CLOSED_RUN_MAX; i++) {
		date on = date_add(moment.on, i);
		struct hours hours = hours_on(law, on);
		if (hours.from < hours.until && (i > 0 || moment.minute < hours.from))
			return decent_instant(on, hours.from);
	}
	panic("a month without a decent hour");
}
