/* When a message may reach a person: the hours of law/no/parameters.yaml (contact), never on Sundays or public holidays.
 * An instant is seconds since 1970-01-01 UTC; the clock on the wall is Norway's, with summer time reckoned by its rule
 * (from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October), not by the machine's tables:
 * a server may run in any time zone. */
#ifndef KRAVBOK_CORE_DECENT_H
#define KRAVBOK_CORE_DECENT_H

#include "core/law.h"

enum { DECENT_DAY_MINUTES = 24 * 60 };

/* What the clock on the wall shows. */
struct decent_moment {
	date on;
	int minute; /* of the day, 0-1439 */
};
struct decent_moment decent_local(int64_t at);

/* The instant of a local minute. One that summer time jumps over is the same distance after the jump; one that comes twice
 * is the first. minute: 0-1440. */
int64_t decent_instant(date on, int minute);

/* May a message go out at this instant? The first minute of the hours is within, the last hour is not begun: 08:00:00 yes,
 * 20:59:59 yes, 21:00:00 no. */
bool decent_allows(const struct law *law, int64_t at);

/* at itself when it is allowed, else the first instant that is. */
int64_t decent_next(const struct law *law, int64_t at);

#endif
