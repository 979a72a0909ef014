/* floor_interest CASES and interest CASES (built with -DPRODUCT): late interest of CASES claims to a day, half-year rates, one
 * rounding; in arrays, without a database. The floor reckons each from its due date over up to two part payments with a table
 * of running sums by half-year, and a fee by the principal; the product goes on from the running sum it keeps of each case
 * (core/life.h). */
#include "floor.h"

#include <stdlib.h>

#ifdef PRODUCT
#include "core/life.h"
#include "law_no.h"
#endif

enum { TODAY = 20468, DAYS_BACK = 1400, HALF_YEARS = 14 };

struct claims {
	int64_t count, *principal, *paid, *owed;
	int32_t *due, *paid_on;
};

#ifdef PRODUCT
static const char name[] = "interest";

static void reckon(const struct claims *claims)
{
	date today = { TODAY };
	for (int64_t i = 0; i < claims->count; i++)
		claims->owed[i] = life_interest(&law_no, claims->paid[2 * i], money_of(claims->principal[i]),
			(date){ claims->due[i] }, today).minor;
}
#else
static const char name[] = "floor_interest";

/* 2020-01-01 … 2026-07-01 and rates in basis points. */
static const int32_t first[HALF_YEARS + 1] = { 18262, 18444, 18628, 18809, 18993, 19174, 19358, 19539, 19723, 19905, 20089,
	20270, 20454, 20635, 99999 };
static const int32_t rate[HALF_YEARS] = { 950, 800, 800, 800, 850, 925, 1075, 1175, 1250, 1250, 1250, 1225, 1200, 1200 };
static int64_t sums[HALF_YEARS + 1];
static const int64_t band_end[] = { 50000, 100000, 250000, 1000000, INT64_MAX };
static const int64_t band_fee[] = { 17500, 35000, 70000, 140000, 280000 };

static int64_t sum_to(int32_t day)
{
	uint32_t half = (uint32_t)(day - first[0]) / 184;
	half += day >= first[half + 1];
	return sums[half] + (int64_t)rate[half] * (day - first[half]);
}

static void reckon(const struct claims *claims)
{
	for (int i = 0; i < HALF_YEARS; i++)
		sums[i + 1] = sums[i] + (int64_t)rate[i] * (first[i + 1] - first[i]);
	int64_t today = sum_to(TODAY);
	for (int64_t i = 0; i < claims->count; i++) {
		int64_t left = claims->principal[i], from = sum_to(claims->due[i]), sum = 0;
		for (int k = 0; k < 2 && claims->paid[2 * i + k]; k++) {
			int64_t to = sum_to(claims->paid_on[2 * i + k]);
			sum += left * (to - from);
			left -= claims->paid[2 * i + k];
			from = to;
		}
		sum += left * (today - from);
		int band = 0;
		while (claims->principal[i] > band_end[band])
			band++;
		claims->owed[i] = (sum + 1825000) / 3650000 + band_fee[band];
	}
}
#endif

int main(int argument_count, char **arguments)
{
	struct claims claims = { .count = argument_count > 1 ? atoll(arguments[1]) : 1000000 };
	size_t size = (size_t)claims.count;
	claims.principal = calloc(size, sizeof *claims.principal);
	claims.owed = calloc(size, sizeof *claims.owed);
	claims.due = calloc(size, sizeof *claims.due);
	claims.paid = calloc(size, 2 * sizeof *claims.paid);
	claims.paid_on = calloc(size, 2 * sizeof *claims.paid_on);
	if (!claims.principal || !claims.owed || !claims.due || !claims.paid || !claims.paid_on)
		return 1;
	uint64_t seed = 7;
	for (size_t i = 0; i < size; i++) {
		claims.principal[i] = 5000 + (int64_t)(floor_random(&seed) % 500000);
		claims.due[i] = TODAY - 1 - (int32_t)(floor_random(&seed) % DAYS_BACK);
		uint64_t kind = floor_random(&seed) % 100;
		claims.paid[2 * i] = kind < 30 ? claims.principal[i] / 4 : 0;
		claims.paid[2 * i + 1] = kind < 10 ? claims.principal[i] / 4 : 0;
		claims.paid_on[2 * i] = claims.due[i] + (TODAY - claims.due[i]) / 3;
		claims.paid_on[2 * i + 1] = claims.due[i] + (TODAY - claims.due[i]) / 2;
	}
	struct floor_time best = { 1e9, 1e9 };
	int64_t sum = 0;
	for (int round = 0; round < 5; round++) {
		struct floor_time begun = floor_begin();
		reckon(&claims);
		struct floor_time time = floor_since(begun);
		best = time.seconds < best.seconds ? time : best;
	}
	for (size_t i = 0; i < size; i++)
		sum += claims.owed[i];
	floor_say(name, best, claims.count);
	fprintf(stderr, "sum %lld\n", (long long)sum);
	return 0;
}
