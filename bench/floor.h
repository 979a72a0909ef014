/* What the floor programs share: a clock, random numbers, and lines of result. A floor does the raw work of the product and
 * nothing else (no checks, no text, no history): bench/run.py runs it beside the product. */
#ifndef KRAVBOK_BENCH_FLOOR_H
#define KRAVBOK_BENCH_FLOOR_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

static inline double floor_now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* splitmix64 */
static inline uint64_t floor_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* "name seconds count", read by bench/run.py. */
static inline void floor_say(const char *name, double seconds, int64_t count)
{
	printf("%s %.6f %lld\n", name, seconds, (long long)count);
	fflush(stdout);
}

#endif
