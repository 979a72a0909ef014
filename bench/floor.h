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

/* Of this process, on the processor: what a busy machine does not change much. */
static inline double floor_processor_now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

struct floor_time {
	double seconds, processor;
};

static inline struct floor_time floor_begin(void)
{
	return (struct floor_time){ floor_now(), floor_processor_now() };
}

static inline struct floor_time floor_since(struct floor_time begun)
{
	return (struct floor_time){ floor_now() - begun.seconds, floor_processor_now() - begun.processor };
}

/* splitmix64 */
static inline uint64_t floor_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* "name seconds processor-seconds count", read by bench/run.py. */
static inline void floor_say(const char *name, struct floor_time time, int64_t count)
{
	printf("%s %.9f %.9f %lld\n", name, time.seconds, time.processor, (long long)count);
	fflush(stdout);
}

#endif
