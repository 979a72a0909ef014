/* The clock is read here and nowhere else: a command gets today as an argument. */
#include "cli/command.h"

#include <sodium.h>
#include <time.h>

static date clock_today(void)
{
	time_t now = time(NULL);
	struct tm local;
	tzset();
	localtime_r(&now, &local);
	return date_make(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

static int64_t clock_milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t clock_seconds(void)
{
	return (int64_t)time(NULL);
}

int main(int argument_count, char **arguments)
{
	if (sodium_init() < 0)
		panic("the crypto library does not start");
	return cli_main(argument_count, arguments, (struct cli_clock){ clock_today(), clock_milliseconds, clock_seconds });
}
