/* Money: a count of minor units (øre) of a currency known from its context. Integers only; rounding only in
 * money_ratio, with the mode written at the call; parts of a whole only by money_split. */
#ifndef KRAVBOK_BASE_MONEY_H
#define KRAVBOK_BASE_MONEY_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t minor;
} money;

#define MONEY_ZERO ((money){ 0 })
#define MONEY_MAX_MINOR INT64_C(100000000000000) /* 1,000 milliard kroner: larger input is refused */

enum rounding {
	ROUND_HALF_UP, /* halves away from zero */
	ROUND_DOWN,    /* towards zero */
};

static inline money money_of(int64_t minor)
{
	return (money){ minor };
}

/* Overflow is our own mistake: panic. In the header, as a replay of a case makes thousands of them. */
static inline money money_add(money a, money b)
{
	int64_t sum;
	bool overflow = __builtin_add_overflow(a.minor, b.minor, &sum);
	require(!overflow);
	return (money){ sum };
}

static inline money money_sub(money a, money b)
{
	int64_t rest;
	bool overflow = __builtin_sub_overflow(a.minor, b.minor, &rest);
	require(!overflow);
	return (money){ rest };
}

static inline money money_neg(money a)
{
	return money_sub(MONEY_ZERO, a);
}

static inline money money_min(money a, money b)
{
	return a.minor < b.minor ? a : b;
}

static inline money money_max(money a, money b)
{
	return a.minor > b.minor ? a : b;
}

/* a, or zero when a is negative */
static inline money money_clamp(money a)
{
	return money_max(a, MONEY_ZERO);
}

/* amount × numerator / denominator, exact inside (128 bits), rounded once. denominator > 0. */
money money_ratio(money amount, int64_t numerator, int64_t denominator, enum rounding rounding);

/* Part index (0-based) of total cut into count parts that add up to it; the first parts are the larger ones. */
money money_split(money total, int64_t count, int64_t index);

/* An amount as people and files write it: 3480, 3480.00, 3480,00, 3 480,00 (blank, U+00A0 or U+202F between groups of
 * three), a leading minus. At most two decimals. 1.000 and 1,000 are refused: they could mean two things. */
err_t money_parse(str s, money *ret_amount) MUST_CHECK;

struct money_text {
	char z[32];
};
struct money_text money_plain(money amount);     /* "3480.00": files and programs */
struct money_text money_norwegian(money amount); /* "3 480,00" with a no-break space: people */
struct money_text money_english(money amount);   /* "3,480.00" */

#endif
