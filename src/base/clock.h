/* The clock, handed to those who stand at the program's edge (main.c reads it; a server's requests get it). Everything else is
 * given a day or an instant. */
#ifndef KRAVBOK_BASE_CLOCK_H
#define KRAVBOK_BASE_CLOCK_H

#include "base/date.h"

struct clock {
	date (*today)(void);  /* the civil day here */
	int64_t (*now)(void); /* seconds since 1970-01-01 UTC */
};

#endif
