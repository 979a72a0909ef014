/* The k-th of equal keys: small, many, the empty hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* cmocka has one of its own; ours makes an err_t */

#include "base/repeat.h"

static void each_key_counts_for_itself(void **state)
{
	(void)state;
	struct repeats *repeats = repeats_create(4);
	assert_int_equal(repeats_next(repeats, 7), 1);
	assert_int_equal(repeats_next(repeats, 8), 1);
	assert_int_equal(repeats_next(repeats, 7), 2);
	assert_int_equal(repeats_next(repeats, 7), 3);
	assert_int_equal(repeats_next(repeats, 8), 2);
	assert_int_equal(repeats_next(repeats, 0), 1);
	assert_int_equal(repeats_next(repeats, 0), 2);
	repeats_destroy(repeats);
	repeats_destroy(NULL);
}

/* Hashes that all want the same place, so that both tables have to walk; every third key comes again. */
static void many_keys_of_one_place(void **state)
{
	(void)state;
	enum { KEYS = 3000 };
	struct repeats *repeats = repeats_create(KEYS);
	for (uint64_t i = 0; i < KEYS; i++)
		assert_int_equal(repeats_next(repeats, i << 40), 1);
	for (int64_t again = 2; again < 4; again++)
		for (uint64_t i = 0; i < KEYS; i += 3)
			assert_int_equal(repeats_next(repeats, i << 40), again);
	repeats_destroy(repeats);
}

static void one_key_as_often_as_one_likes(void **state)
{
	(void)state;
	struct repeats *repeats = repeats_create(1);
	for (int64_t i = 1; i <= 100000; i++)
		assert_int_equal(repeats_next(repeats, UINT64_MAX), i);
	repeats_destroy(repeats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_counts_for_itself),
		cmocka_unit_test(many_keys_of_one_place),
		cmocka_unit_test(one_key_as_often_as_one_likes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
