/* Entries of the journal, the chart of accounts behind their columns, and the engine's words: each has one name that
 * reads back. */
#include "core/facts.h"
#include "core/journal.h"
#include "core/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct entry entry_of(enum journal_column a, int64_t a_minor, enum journal_column b, int64_t b_minor)
{
	struct entry entry = { { { 0 } } };
	entry.column[a] = money_of(a_minor);
	entry.column[b] = money_add(entry.column[b], money_of(b_minor));
	return entry;
}

static void entries_are_subtracted_and_compared(void **state)
{
	(void)state;
	struct entry zero = { { { 0 } } };
	struct entry payment = entry_of(COLUMN_HOLD, 10000, COLUMN_CLIENT, -10000);
	struct entry other = entry_of(COLUMN_HOLD, 10000, COLUMN_CLIENT, -9999);
	assert_true(entry_is_zero(&zero));
	assert_false(entry_is_zero(&payment));
	assert_true(entry_eq(&payment, &payment));
	assert_false(entry_eq(&payment, &other));
	struct entry rest = entry_sub(&payment, &other);
	assert_int_equal(rest.column[COLUMN_CLIENT].minor, -1);
	assert_int_equal(rest.column[COLUMN_HOLD].minor, 0);
	struct entry back = entry_neg(&payment);
	assert_int_equal(back.column[COLUMN_HOLD].minor, -10000);
	rest = entry_sub(&payment, &payment);
	assert_true(entry_is_zero(&rest));
	/* The last column counts like the first. */
	struct entry last = entry_of(COLUMN_OUTLAY, 1, COLUMN_OUTLAY, 0);
	assert_false(entry_is_zero(&last));
	assert_false(entry_eq(&last, &zero));
}

/* The two blocks balance apart: money of clients never makes up for the agency's own. */
static void the_blocks_balance_apart(void **state)
{
	(void)state;
	struct entry memorandum = entry_of(COLUMN_PRINCIPAL, 348000, COLUMN_FEE, 3800);
	struct entry funds = entry_of(COLUMN_HOLD, 10000, COLUMN_CLIENT, -10000);
	struct entry own = entry_of(COLUMN_OWN, 10000, COLUMN_SALAER_INCOME, -10000);
	struct entry across = entry_of(COLUMN_CLIENT, -10000, COLUMN_OWN, 10000);
	struct entry half = entry_of(COLUMN_HOLD, 10000, COLUMN_DRAWABLE, -9999);
	struct entry half_own = entry_of(COLUMN_OWN, 10000, COLUMN_VAT, -9999);
	assert_true(entry_balances(&memorandum));
	assert_true(entry_balances(&funds));
	assert_true(entry_balances(&own));
	assert_false(entry_balances(&across));
	assert_false(entry_balances(&half));
	assert_false(entry_balances(&half_own));
	assert_int_equal(entry_owed(&memorandum).minor, 351800);
	assert_int_equal(entry_owed(&funds).minor, 0);
}

static void each_column_is_an_account_of_its_block(void **state)
{
	(void)state;
	for (int column = 0; column < COLUMN_COUNT; column++) {
		int account = journal_account((enum journal_column)column);
		const struct account_info *info = account_info_of(account);
		assert_non_null(info);
		assert_int_equal(info->account, account);
		assert_int_equal(
			account_is_client_funds(account), column >= COLUMN_OWED_COUNT && column < COLUMN_FUNDS_END);
		assert_int_equal(info->grouping_code == NULL, column < COLUMN_OWED_COUNT);
		assert_int_equal(account >= 9000, column < COLUMN_OWED_COUNT);
	}
	assert_int_equal(journal_account(COLUMN_ACCRUED), journal_account(COLUMN_INTEREST));
}

static void the_chart_names_each_account_once(void **state)
{
	(void)state;
	for (int i = 0; i < account_info_count; i++) {
		const struct account_info *info = &account_infos[i];
		assert_ptr_equal(account_info_of(info->account), info);
		assert_int_equal(info->grouping_code == NULL, info->grouping_category == NULL);
		for (int k = 0; k < i; k++) {
			assert_int_not_equal(account_infos[k].account, info->account);
			assert_string_not_equal(account_infos[k].name, info->name);
			assert_string_not_equal(account_infos[k].path, info->path);
		}
	}
	assert_null(account_info_of(5000)); /* salaries: not ours */
	assert_true(account_is_client_funds(ACCOUNT_CLIENT_BANK));
	assert_true(account_is_client_funds(ACCOUNT_TRANSIT));
	assert_false(account_is_client_funds(ACCOUNT_OWN_BANK));
	assert_false(account_is_client_funds(ACCOUNT_OWN_SHARE));
}

/* ---- words ---- */

static void every_word_reads_back(void **state)
{
	(void)state;
	for (int i = 0; i < STAGE_COUNT; i++) {
		enum stage stage = STAGE_COUNT;
		assert_true(stage_named(str_from_z(stage_name((enum stage)i)), &stage));
		assert_int_equal(stage, i);
	}
	for (int i = 0; i < EVENT_KIND_COUNT; i++) {
		enum event_kind kind = EVENT_KIND_COUNT;
		assert_true(event_kind_named(str_from_z(event_kind_name((enum event_kind)i)), &kind));
		assert_int_equal(kind, i);
	}
	for (int i = 0; i < FACT_KIND_COUNT; i++) {
		enum fact_kind kind = FACT_KIND_COUNT;
		assert_true(fact_kind_named(str_from_z(fact_kind_name((enum fact_kind)i)), &kind));
		assert_int_equal(kind, i);
	}
}

static void unknown_words_are_none(void **state)
{
	(void)state;
	static const char *const unknown[] = { "", "Reminder", "reminder ", "remind", "reminders", "payment.",
		"purring" };
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		enum stage stage = STAGE_LEGAL;
		enum event_kind event = EVENT_JOIN;
		enum fact_kind fact = FACT_BLOCK;
		assert_false(stage_named(str_from_z(unknown[i]), &stage));
		assert_false(event_kind_named(str_from_z(unknown[i]), &event));
		assert_false(fact_kind_named(str_from_z(unknown[i]), &fact));
		assert_int_equal(stage, STAGE_LEGAL);
		assert_int_equal(event, EVENT_JOIN);
		assert_int_equal(fact, FACT_BLOCK);
	}
}

static void steps_and_letters(void **state)
{
	(void)state;
	int steps = 0, letters = 0;
	for (int i = 0; i < EVENT_KIND_COUNT; i++) {
		steps += event_is_step((enum event_kind)i);
		letters += event_is_letter((enum event_kind)i);
	}
	assert_int_equal(steps, 5);
	assert_int_equal(letters, 6); /* four steps, the plain reminder, the plan */
	assert_true(event_is_step(EVENT_HEAVY));
	assert_false(event_is_letter(EVENT_HEAVY));
	assert_true(event_is_letter(EVENT_PLAN));
	assert_false(event_is_letter(EVENT_PLAN_BROKEN));
	assert_false(event_is_step(EVENT_RESIDUAL_REMINDER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_subtracted_and_compared),
		cmocka_unit_test(the_blocks_balance_apart),
		cmocka_unit_test(each_column_is_an_account_of_its_block),
		cmocka_unit_test(the_chart_names_each_account_once),
		cmocka_unit_test(every_word_reads_back),
		cmocka_unit_test(unknown_words_are_none),
		cmocka_unit_test(steps_and_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
