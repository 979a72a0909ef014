/* What numbers a payer may have meant, and which suggestion comes first. */
#include "app/payment_suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *arena;

static void assert_references(const char *text, size_t count, const char *const *wanted)
{
	str found[SUGGESTION_REFERENCE_MAX];
	size_t found_count = payment_references(arena, str_from_z(text), found, 0);
	for (size_t i = 0; i < found_count && i < count; i++)
		if (!str_eq_z(found[i], wanted[i]))
			fail_msg("'%s': '%.*s', not '%s'", text, STR_ARG(found[i]), wanted[i]);
	assert_int_equal(found_count, count);
}

static void numbers_are_read_with_and_without_blanks(void **state)
{
	(void)state;
	assert_references("", 0, NULL);
	assert_references("takk for sist", 0, NULL);
	assert_references("sak 17", 1, (const char *const[]){ "17" });
	assert_references("8000 0001 0248", 4, (const char *const[]){ "800000010248", "8000", "0001", "0248" });
	assert_references("1503.00.00002", 2, (const char *const[]){ "15030000002", "1503.00.00002" });
	assert_references("faktura T-24060", 2, (const char *const[]){ "24060", "T-24060" });
	assert_references("7", 0, NULL); /* one digit says nothing */
}

static void each_number_is_there_once_and_not_too_many(void **state)
{
	str found[SUGGESTION_REFERENCE_MAX];
	(void)state;
	assert_references("17 a 17", 1, (const char *const[]){ "17" });
	size_t count = payment_references(arena, S("11a 12b 13c 14d 15e 16f 17g 18h 19i 20j"), found, 0);
	assert_int_equal(count, SUGGESTION_REFERENCE_MAX);
}

static void more_reasons_come_first(void **state)
{
	struct suggestion name = { .reasons = SUGGESTION_NAME, .line = { .case_no = 9 } };
	struct suggestion reference = { .reasons = SUGGESTION_REFERENCE, .line = { .case_no = 1 } };
	struct suggestion both = { .reasons = SUGGESTION_NAME | SUGGESTION_AMOUNT, .line = { .case_no = 2 } };
	struct suggestion newer = { .reasons = SUGGESTION_NAME, .line = { .case_no = 10 } };
	(void)state;
	assert_true(suggestion_compare(&both, &reference) < 0);
	assert_true(suggestion_compare(&reference, &name) < 0);
	assert_true(suggestion_compare(&newer, &name) < 0);
	assert_int_equal(suggestion_compare(&name, &name), 0);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_with_and_without_blanks),
		cmocka_unit_test(each_number_is_there_once_and_not_too_many),
		cmocka_unit_test(more_reasons_come_first),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
