/* Money: rounding at the half, parts that add up to the whole, and amounts as people and files write them. */
#include "base/money.h"
#include "panics.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t random_next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 20;
}

static int64_t random_below(uint64_t *seed, int64_t end)
{
	return (int64_t)(random_next(seed) % (uint64_t)end);
}

/* ---- rounding ---- */

static void halves_are_rounded_away_from_zero(void **state)
{
	(void)state;
	static const struct {
		int64_t amount, numerator, denominator, half_up, down;
	} cases[] = {
		{ 1, 1, 2, 1, 0 },
		{ -1, 1, 2, -1, 0 },
		{ 3, 1, 2, 2, 1 },
		{ -3, 1, 2, -2, -1 },
		{ 5, 1, 10, 1, 0 },
		{ 4, 1, 10, 0, 0 },
		{ -5, 1, 10, -1, 0 },
		{ -4, 1, 10, 0, 0 },
		{ 15, 1, 10, 2, 1 },
		{ 25, 1, 10, 3, 2 },
		{ 1, 1, 3, 0, 0 },
		{ 2, 1, 3, 1, 0 },
		{ -2, 1, 3, -1, 0 },
		{ 7, -1, 2, -4, -3 },
		{ -7, -1, 2, 4, 3 },
		{ 0, 5, 7, 0, 0 },
		{ 100, 25, 125, 20, 20 },
		{ 99, 25, 100, 25, 24 },
		{ 98, 25, 100, 25, 24 },
		{ 97, 25, 100, 24, 24 },
		{ 1, 0, 7, 0, 0 },
		{ 1, 1, 1, 1, 1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		money amount = money_of(cases[i].amount);
		int64_t numerator = cases[i].numerator, denominator = cases[i].denominator;
		assert_int_equal(money_ratio(amount, numerator, denominator, ROUND_HALF_UP).minor, cases[i].half_up);
		assert_int_equal(money_ratio(amount, numerator, denominator, ROUND_DOWN).minor, cases[i].down);
	}
}

/* The product does not fit 64 bits; the result does. */
static void a_ratio_is_exact_beyond_64_bits(void **state)
{
	(void)state;
	money largest = money_of(MONEY_MAX_MINOR);
	assert_int_equal(
		money_ratio(largest, INT64_C(1000000000), INT64_C(1000000000), ROUND_DOWN).minor, MONEY_MAX_MINOR);
	assert_int_equal(money_ratio(largest, 3, 2, ROUND_DOWN).minor, MONEY_MAX_MINOR / 2 * 3);
	assert_int_equal(money_ratio(money_of(INT64_MAX), 1, 1, ROUND_DOWN).minor, INT64_MAX);
	assert_int_equal(money_ratio(money_of(INT64_MAX), INT64_MAX, INT64_MAX, ROUND_HALF_UP).minor, INT64_MAX);
}

/* The exact value lies within half a unit of the rounded one, and less than a unit beyond the one cut. */
static void a_ratio_is_the_nearest_unit(void **state)
{
	(void)state;
	uint64_t seed = 20260115;
	for (int round = 0; round < 200000; round++) {
		uint64_t before = seed;
		int64_t amount = random_below(&seed, 2000001) - 1000000;
		int64_t numerator = random_below(&seed, 20001) - 10000, denominator = 1 + random_below(&seed, 4000000);
		int64_t product = amount * numerator;
		int64_t half_up = money_ratio(money_of(amount), numerator, denominator, ROUND_HALF_UP).minor;
		int64_t down = money_ratio(money_of(amount), numerator, denominator, ROUND_DOWN).minor;
		int64_t size = product < 0 ? -product : product;
		int64_t near = (half_up < 0 ? -half_up : half_up) * 2 * denominator - 2 * size;
		bool right = near > -denominator && near <= denominator && down == product / denominator &&
			     half_up * product >= 0;
		if (!right)
			fail_msg("seed %" PRIu64 ": %" PRId64 " x %" PRId64 " / %" PRId64 " gave %" PRId64
				 " and %" PRId64,
				before, amount, numerator, denominator, half_up, down);
	}
}

static void parts_add_up_and_differ_by_one_at_most(void **state)
{
	(void)state;
	uint64_t seed = 20260116;
	for (int round = 0; round < 20000; round++) {
		uint64_t before = seed;
		int64_t total = random_below(&seed, 200001) - 100000, count = 1 + random_below(&seed, 40), sum = 0;
		int64_t last = 0;
		for (int64_t i = 0; i < count; i++) {
			int64_t part = money_split(money_of(total), count, i).minor;
			int64_t size = part < 0 ? -part : part, least = (total < 0 ? -total : total) / count;
			if ((size != least && size != least + 1) || (i && size > last) || part * total < 0)
				fail_msg("seed %" PRIu64 ": part %" PRId64 " of %" PRId64 " in %" PRId64 " is %" PRId64,
					before, i, total, count, part);
			last = size;
			sum += part;
		}
		if (sum != total)
			fail_msg("seed %" PRIu64 ": the parts of %" PRId64 " come to %" PRId64, before, total, sum);
	}
	assert_int_equal(money_split(money_of(100), 3, 0).minor, 34);
	assert_int_equal(money_split(money_of(100), 3, 1).minor, 33);
	assert_int_equal(money_split(money_of(100), 3, 2).minor, 33);
	assert_int_equal(money_split(money_of(-100), 3, 0).minor, -34);
	assert_int_equal(money_split(money_of(2), 3, 2).minor, 0);
}

static void the_small_operations(void **state)
{
	(void)state;
	money a = money_of(-5), b = money_of(7);
	assert_int_equal(money_add(a, b).minor, 2);
	assert_int_equal(money_sub(a, b).minor, -12);
	assert_int_equal(money_neg(a).minor, 5);
	assert_int_equal(money_min(a, b).minor, -5);
	assert_int_equal(money_min(b, a).minor, -5);
	assert_int_equal(money_max(a, b).minor, 7);
	assert_int_equal(money_max(b, a).minor, 7);
	assert_int_equal(money_clamp(a).minor, 0);
	assert_int_equal(money_clamp(b).minor, 7);
}

/* ---- what would be wrong silently ends the program ---- */

static void add_over(void)
{
	money_add(money_of(INT64_MAX), money_of(1));
}
static void sub_under(void)
{
	money_sub(money_of(INT64_MIN), money_of(1));
}
static void neg_least(void)
{
	money_neg(money_of(INT64_MIN));
}
static void ratio_over(void)
{
	money_ratio(money_of(INT64_MAX), 2, 1, ROUND_DOWN);
}
static void ratio_by_zero(void)
{
	money_ratio(money_of(1), 1, 0, ROUND_DOWN);
}
static void split_in_none(void)
{
	money_split(money_of(1), 0, 0);
}
static void split_beyond(void)
{
	money_split(money_of(1), 3, 3);
}
static void split_before(void)
{
	money_split(money_of(1), 3, -1);
}

static void overflow_and_division_by_nothing_end_the_program(void **state)
{
	(void)state;
	assert_panics(add_over);
	assert_panics(sub_under);
	assert_panics(neg_least);
	assert_panics(ratio_over);
	assert_panics(ratio_by_zero);
	assert_panics(split_in_none);
	assert_panics(split_beyond);
	assert_panics(split_before);
}

/* ---- reading ---- */

static void amounts_that_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t minor;
	} good[] = {
		{ "0", 0 }, { "-0", 0 }, { "3480", 348000 }, { "3480.00", 348000 }, { "3480,00", 348000 },
		{ "3480,5", 348050 }, { "3480.05", 348005 }, { "3 480,00", 348000 },
		{ "3\xC2\xA0"
		  "480,00",
			348000 }, /* U+00A0 */
		{ "3\xE2\x80\xAF"
		  "480,00",
			348000 }, /* U+202F */
		{ "12\xC2\xA0"
		  "345 678,90",
			1234567890 }, /* blanks of two kinds */
		{ "1 000", 100000 }, { "100 000 000", 10000000000 }, { "  3480.00\r\n", 348000 },
		{ "-3480.00", -348000 }, { "-3 480", -348000 }, { "007", 700 }, { "0.01", 1 }, { "-0,01", -1 },
		{ "0.1", 10 }, { "1000000000000.00", MONEY_MAX_MINOR }, { "-1000000000000.00", -MONEY_MAX_MINOR },
		{ "000000000000001", 100 }, /* fifteen digits */
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		money amount = money_of(-77);
		err_t err = money_parse(str_from_z(good[i].text), &amount);
		if (err)
			fail_msg("%s", err_text(err));
		if (amount.minor != good[i].minor)
			fail_msg("'%s' was read as %" PRId64, good[i].text, amount.minor);
	}
}

static void amounts_that_could_mean_two_things_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		" ",
		"-",
		"--1",
		"+1",
		"- 1",
		"1-",
		".",
		",",
		".50",
		",50",
		"-.5",
		"1.",
		"1,",
		"1.000",
		"1,000",
		"1.000,00",
		"1,000.00",
		"1.2.3",
		"1,2,3",
		"1 00",
		"1 0000",
		"1 000 00",
		"1234 567",
		"1  000",
		"\xC2\xA0"
		"100",
		"100\xC2\xA0",
		"1\xC2"
		"000",
		"1\xE2\x80"
		"000",
		"1\xE2\x80\xAE"
		"000",
		"1'000",
		"1_000",
		"kr 100",
		"100 kr",
		"100,-",
		"1e3",
		"0x10",
		"NaN",
		"1.-5",
		"1,0a",
		"1.005",
		"1000000000000.01",
		"9999999999999.99",
		"1234567890123456",
		"-1000000000000.01",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *text = bad[i];
		money amount = money_of(-77);
		err_t err = money_parse(str_from_z(text), &amount);
		if (!err)
			fail_msg("'%s' was read as %" PRId64, text, amount.minor);
		assert_int_equal(err_kind(err), ERR_INPUT);
		assert_non_null(strstr(err_text(err), text));
		assert_int_equal(amount.minor, -77);
		err_free(err);
	}
	money amount;
	err_t err = money_parse((str){ "1\0"
				       "2",
					3 },
		&amount);
	assert_non_null(err);
	err_free(err);
}

/* ---- writing ---- */

static void amounts_as_they_are_written(void **state)
{
	(void)state;
	static const struct {
		int64_t minor;
		const char *plain, *norwegian, *english;
	} cases[] = {
		{ 0, "0.00", "0,00", "0.00" },
		{ 1, "0.01", "0,01", "0.01" },
		{ -1, "-0.01", "-0,01", "-0.01" },
		{ 99999, "999.99", "999,99", "999.99" },
		{ 100000, "1000.00",
			"1\xC2\xA0"
			"000,00",
			"1,000.00" },
		{ -348000, "-3480.00",
			"-3\xC2\xA0"
			"480,00",
			"-3,480.00" },
		{ 1234567890, "12345678.90",
			"12\xC2\xA0"
			"345\xC2\xA0"
			"678,90",
			"12,345,678.90" },
		{ INT64_MIN, "-92233720368547758.08",
			"-92\xC2\xA0"
			"233\xC2\xA0"
			"720\xC2\xA0"
			"368\xC2\xA0"
			"547\xC2\xA0"
			"758,08",
			"-92,233,720,368,547,758.08" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		money amount = money_of(cases[i].minor);
		assert_string_equal(money_plain(amount).z, cases[i].plain);
		assert_string_equal(money_norwegian(amount).z, cases[i].norwegian);
		assert_string_equal(money_english(amount).z, cases[i].english);
	}
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	uint64_t seed = 20260117;
	for (int round = 0; round < 100000; round++) {
		uint64_t before = seed;
		int64_t end = INT64_C(1) << (1 + random_below(&seed, 46));
		money amount = money_of(random_below(&seed, 2 * end + 1) - end), plain, norwegian;
		err_t err = money_parse(str_from_z(money_plain(amount).z), &plain);
		if (!err)
			err = money_parse(str_from_z(money_norwegian(amount).z), &norwegian);
		if (err || plain.minor != amount.minor || norwegian.minor != amount.minor)
			fail_msg("seed %" PRIu64 ": %" PRId64 " does not come back", before, amount.minor);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(halves_are_rounded_away_from_zero),
		cmocka_unit_test(a_ratio_is_exact_beyond_64_bits),
		cmocka_unit_test(a_ratio_is_the_nearest_unit),
		cmocka_unit_test(parts_add_up_and_differ_by_one_at_most),
		cmocka_unit_test(the_small_operations),
		cmocka_unit_test(overflow_and_division_by_nothing_end_the_program),
		cmocka_unit_test(amounts_that_are_read),
		cmocka_unit_test(amounts_that_could_mean_two_things_are_refused),
		cmocka_unit_test(amounts_as_they_are_written),
		cmocka_unit_test(what_is_written_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
