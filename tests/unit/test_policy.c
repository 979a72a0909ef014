/* A debtor asks for time: each limit from both sides, and the order of the reasons. */
#include "core/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static const struct policy policy = { 14, 6, { 20000 } };

static struct policy_case standing(enum stage stage)
{
	return (struct policy_case){ stage, { 120000 }, 0 };
}

static enum policy_answer time_to(int days, struct policy_case at)
{
	date today = date_make(2026, 3, 2);
	struct policy_wish wish = { POLICY_MORE_TIME, date_add(today, days), 0 };
	return policy_decide(&policy, &wish, &at, today);
}

static enum policy_answer plan_of(int64_t instalments, int first_days, struct policy_case at)
{
	date today = date_make(2026, 3, 2);
	struct policy_wish wish = { POLICY_INSTALMENTS, date_add(today, first_days), instalments };
	return policy_decide(&policy, &wish, &at, today);
}

static void more_time_up_to_the_limit_is_granted(void **state)
{
	(void)state;
	assert_int_equal(time_to(0, standing(STAGE_DEMAND)), POLICY_GRANTED);
	assert_int_equal(time_to(14, standing(STAGE_DEMAND)), POLICY_GRANTED);
	assert_int_equal(time_to(15, standing(STAGE_DEMAND)), POLICY_TOO_LONG);
	assert_int_equal(time_to(-1, standing(STAGE_DEMAND)), POLICY_PAST);
}

static void instalments_have_a_number_a_size_and_a_first_day(void **state)
{
	(void)state;
	assert_int_equal(plan_of(6, 14, standing(STAGE_NOTICE)), POLICY_GRANTED); /* 200.00 each */
	assert_int_equal(plan_of(7, 14, standing(STAGE_NOTICE)), POLICY_TOO_MANY);
	assert_int_equal(plan_of(6, 15, standing(STAGE_NOTICE)), POLICY_TOO_LONG);
	struct policy_case less = standing(STAGE_NOTICE);
	less.balance = money_of(119994); /* 199.99 each */
	assert_int_equal(plan_of(6, 14, less), POLICY_TOO_SMALL);
	assert_int_equal(plan_of(5, 14, less), POLICY_GRANTED);
}

static void stage_and_history_come_before_the_limits(void **state)
{
	(void)state;
	struct policy_case again = standing(STAGE_DEMAND), paid = standing(STAGE_DEMAND);
	again.granted_before = 1;
	paid.balance = MONEY_ZERO;
	assert_int_equal(time_to(3, again), POLICY_AGAIN);
	assert_int_equal(time_to(3, paid), POLICY_CLOSED);
	assert_int_equal(time_to(3, standing(STAGE_CLOSED)), POLICY_CLOSED);
	assert_int_equal(time_to(3, standing(STAGE_DISPUTED)), POLICY_STANDS_STILL);
	assert_int_equal(time_to(3, standing(STAGE_PLAN)), POLICY_STANDS_STILL);
	assert_int_equal(time_to(99, standing(STAGE_LEGAL)), POLICY_STAGE);
	assert_int_equal(time_to(3, standing(STAGE_ENFORCEMENT_NOTICE)), POLICY_GRANTED);
}

static void client_that_has_said_nothing_is_asked(void **state)
{
	(void)state;
	const struct policy none = { 0 };
	struct policy_wish wish = { POLICY_MORE_TIME, date_make(2026, 3, 3), 0 };
	struct policy_case at = standing(STAGE_DEMAND);
	assert_int_equal(policy_decide(&none, &wish, &at, date_make(2026, 3, 2)), POLICY_CLIENT_DECIDES);
}

static void every_answer_has_a_name_and_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < POLICY_ANSWER_COUNT; i++) {
		assert_true(policy_answer_name((enum policy_answer)i)[0] != '\0');
		assert_true(policy_answer_text((enum policy_answer)i)[0] != '\0');
	}
	assert_false(policy_asks_handler(POLICY_GRANTED));
	assert_true(policy_asks_handler(POLICY_CLIENT_DECIDES));
	assert_true(policy_asks_handler(POLICY_STAGE));
	assert_false(policy_asks_handler(POLICY_PAST));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_time_up_to_the_limit_is_granted),
		cmocka_unit_test(instalments_have_a_number_a_size_and_a_first_day),
		cmocka_unit_test(stage_and_history_come_before_the_limits),
		cmocka_unit_test(client_that_has_said_nothing_is_asked),
		cmocka_unit_test(every_answer_has_a_name_and_a_sentence),
	};
	return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
