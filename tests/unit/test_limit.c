/* How often strangers may try. */
#include "web/limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOW = 1782820800 };
static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(16 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct limit *limit_of(int64_t address_burst, int64_t all_burst)
{
	return limit_create(arena, (struct limit_rules){ { address_burst, 6 }, { all_burst, 60 } }, S("a secret"));
}

static int taken(struct limit *limit, str address, int64_t now, int tries)
{
	int count = 0;
	for (int i = 0; i < tries; i++)
		count += limit_take(limit, address, now);
	return count;
}

static void an_address_has_its_burst_and_then_so_many_a_minute(void **state)
{
	(void)state;
	struct limit *limit = limit_of(5, 1000);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW, 20), 5);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW + 9, 20), 0);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW + 10, 20), 1);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW + 40, 20), 3);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW + 100000, 20), 5);
}

static void another_address_is_not_held_back(void **state)
{
	(void)state;
	struct limit *limit = limit_of(5, 1000);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW, 20), 5);
	assert_int_equal(taken(limit, S("192.0.2.2"), NOW, 20), 5);
}

static void all_together_have_a_limit_too(void **state)
{
	(void)state;
	struct limit *limit = limit_of(5, 12);
	int count = 0;
	for (int i = 0; i < 100; i++)
		count += taken(limit, str_format(arena, "192.0.2.%d", i), NOW, 5);
	assert_int_equal(count, 12);
}

static void an_ipv6_visitor_is_its_network(void **state)
{
	(void)state;
	struct limit *limit = limit_of(5, 1000);
	assert_int_equal(taken(limit, S("2001:db8:1:2:3:4:5:6"), NOW, 3), 3);
	assert_int_equal(taken(limit, S("2001:db8:1:2:ffff:4:5:7"), NOW, 20), 2);
	assert_int_equal(taken(limit, S("2001:db8:1:3:3:4:5:6"), NOW, 20), 5);
}

static void a_clock_that_goes_back_gives_nothing(void **state)
{
	(void)state;
	struct limit *limit = limit_of(5, 1000);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW, 20), 5);
	assert_int_equal(taken(limit, S("192.0.2.1"), NOW - 5, 20), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_its_burst_and_then_so_many_a_minute),
		cmocka_unit_test(another_address_is_not_held_back),
		cmocka_unit_test(all_together_have_a_limit_too),
		cmocka_unit_test(an_ipv6_visitor_is_its_network),
		cmocka_unit_test(a_clock_that_goes_back_gives_nothing),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
