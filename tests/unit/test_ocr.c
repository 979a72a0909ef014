/* OCR giro: what is delivered, what is refused and why. */
#include "format/ocr.h"

#include "file_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */
#define broken(...) (print_error(__VA_ARGS__), _fail(__FILE__, __LINE__))

enum { PAYMENT_COUNT_MAX = 32 };

static struct arena *arena, *kept_arena;

struct seen {
	struct bank_payment payments[PAYMENT_COUNT_MAX];
	size_t count, fail_at; /* 1-based; 0: never */
};

static err_t keep(const struct bank_payment *payment, void *context)
{
	struct seen *seen = context;
	assert_true(seen->count < PAYMENT_COUNT_MAX);
	struct bank_payment *kept = &seen->payments[seen->count++];
	*kept = *payment;
	kept->message = str_copy(kept_arena, payment->message); /* only good during the call */
	if (seen->count == seen->fail_at)
		return fail(ERR_OUTSIDE, "no room");
	return OK;
}

static const date today = { 20504 }; /* 2026-02-20 */

static err_t check_today(str bytes)
{
	struct bank_summary summary;
	return ocr_read(bytes, arena, today, NULL, NULL, &summary);
}

static struct seen read_all(str bytes, struct bank_summary *ret_summary)
{
	struct seen seen = { .count = 0 };
	err_t err = ocr_read(bytes, arena, today, keep, &seen, ret_summary);
	if (err)
		broken("%s", err_text(err));
	return seen;
}

#define assert_str(got, expected) assert_true(str_eq_z((got), (expected)))
#define assert_day(got, expected) assert_string_equal(date_iso(got).z, (expected))

static void each_payment_has_its_kid_its_day_and_its_payer(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct bank_summary summary;
	struct seen seen = read_all(file, &summary);
	assert_int_equal(seen.count, 4);
	const struct bank_payment *first = &seen.payments[0], *second = &seen.payments[1], *last = &seen.payments[3];
	assert_int_equal(first->line_no, 3);
	assert_str(first->account, "15030000002");
	assert_str(first->kid, "800000000011");
	assert_int_equal(first->amount.minor, 348000);
	assert_day(first->settled_on, "2026-02-16");
	assert_day(first->counts_on, "2026-02-13"); /* given to the bank three days before */
	assert_str(first->payer_account, "86011117947");
	assert_str(first->reference, "000990001");
	assert_str(first->currency, "NOK");
	assert_str(first->hold_reason, "");
	assert_false(first->debit || first->reversal);
	assert_day(second->counts_on, "2026-02-16"); /* the day given is zeros */
	assert_true(str_eq(first->batch, second->batch)); /* one lump sum on the statement */
	assert_str(last->kid, "");
	assert_str(last->payer_account, "");
	file_text_free(file);
	assert_int_equal(summary.payment_count, 4);
	assert_int_equal(summary.sum.minor, 613000);
	assert_int_equal(summary.credit_sum.minor, 613000);
	assert_int_equal(summary.held_count, 0);
	assert_int_equal(summary.statement_count, 1);
	assert_day(summary.first_on, "2026-02-16");
	assert_day(summary.last_on, "2026-02-17");
}

static void free_text_becomes_utf8(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct bank_summary summary;
	struct seen seen = read_all(file, &summary);
	assert_str(seen.payments[3].message, "T-24044 Per Solberg, Bod\xC3\xB8");
	file_text_free(file);
}

static void cr_lf_and_a_missing_last_line_end_are_fine(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct bank_summary summary;
	assert_int_equal(read_all((str){ file.at, file.size - 1 }, &summary).count, 4);
	struct text text = text_in(arena, file.size * 2);
	for (size_t i = 0; i < file.size; i++) {
		if (file.at[i] == '\n')
			text_add_char(&text, '\r');
		text_add_char(&text, file.at[i]);
	}
	str dos = text_str(&text);
	assert_int_equal(read_all(dos, &summary).count, 4);
	assert_int_equal(read_all((str){ dos.at, dos.size - 2 }, &summary).count, 4);
	assert_int_equal(summary.sum.minor, 613000);
	file_text_free(file);
}

static void a_minus_lowers_the_totals_and_is_held(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	str minus = file_text_with(arena, file, "1602261316110146000000000000089000", "1602261316110146-00000000000089000");
	err_t err = check_today(minus);
	assert_non_null(err); /* the totals do not know it */
	err_free(err);
	/* 890.00 is a credit note: 6130.00 - 2 × 890.00 = 4350.00. */
	minus = file_text_with(arena, minus, "00000000000613000170226160226", "00000000000435000170226160226");
	minus = file_text_with(arena, minus, "00000000000613000170226000", "00000000000435000170226000");
	struct bank_summary summary;
	struct seen seen = read_all(minus, &summary);
	assert_int_equal(seen.payments[1].amount.minor, 89000);
	assert_true(seen.payments[1].debit && seen.payments[1].reversal);
	assert_true(str_starts(seen.payments[1].hold_reason, S("a credit note from the bank")));
	assert_int_equal(summary.sum.minor, 435000);
	assert_int_equal(summary.credit_sum.minor, 524000);
	assert_int_equal(summary.debit_sum.minor, 89000);
	file_text_free(file);
}

static void card_reversals_count_as_positive_and_are_held(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	str reversal = file_text_with(arena, file, "NY0910300000001", "NY0918300000001");
	reversal = file_text_with(arena, reversal, "NY0921300000004", "NY0920300000004");
	struct bank_summary summary;
	struct seen seen = read_all(reversal, &summary);
	assert_true(seen.payments[0].reversal && seen.payments[0].debit);
	assert_true(str_starts(seen.payments[0].hold_reason, S("a card payment taken back")));
	assert_true(seen.payments[3].reversal && seen.payments[3].debit);
	assert_int_equal(summary.sum.minor, 613000); /* as the end record has it */
	assert_int_equal(summary.debit_sum.minor, 424000);
	assert_int_equal(summary.held_count, 2);
	file_text_free(file);
}

static void a_kid_that_fails_both_algorithms_is_held_not_refused(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct bank_summary summary;
	struct seen seen = read_all(file_text_with(arena, file, "800000000011", "800000000012"), &summary);
	assert_str(seen.payments[0].hold_reason, "the KID's check digit is wrong");
	assert_int_equal(summary.held_count, 1);
	/* Right by mod 11 alone; and '-', which only mod 11 has. */
	seen = read_all(file_text_with(arena, file, "800000000011", "000000000310"), &summary);
	assert_str(seen.payments[0].hold_reason, "");
	seen = read_all(file_text_with(arena, file, "800000000011", "00000000040-"), &summary);
	assert_str(seen.payments[0].hold_reason, "");
	assert_str(seen.payments[0].kid, "00000000040-");
	file_text_free(file);
}

static void two_accounts_and_a_foreign_service_in_one_file(void **state)
{
	(void)state;
	str file = file_text("tests/golden/ocr/two-accounts-and-avtalegiro.txt");
	struct bank_summary summary;
	struct seen seen = read_all(file, &summary);
	assert_int_equal(seen.count, 2);
	assert_str(seen.payments[0].account, "15030000002");
	assert_str(seen.payments[1].account, "15030080197");
	assert_int_equal(seen.payments[1].line_no, 11);
	assert_int_equal(summary.statement_count, 2);
	assert_int_equal(summary.sum.minor, 1300); /* without the AvtaleGiro request */
	file_text_free(file);
}

static void the_same_file_gives_the_same_payments_again(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct bank_summary first, second;
	struct seen a = read_all(file, &first), b = read_all(file, &second);
	assert_int_equal(a.count, b.count);
	for (size_t i = 0; i < a.count; i++) {
		assert_true(str_eq(a.payments[i].kid, b.payments[i].kid));
		assert_int_equal(a.payments[i].amount.minor, b.payments[i].amount.minor);
	}
	file_text_free(file);
}

static void an_error_of_the_callback_stops_the_reading(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct seen seen = { .fail_at = 2 };
	struct bank_summary summary;
	err_t err = ocr_read(file, arena, today, keep, &seen, &summary);
	assert_non_null(err);
	assert_string_equal(err_text(err), "no room");
	assert_int_equal(seen.count, 2);
	err_free(err);
	file_text_free(file);
}

static void years_of_two_digits_turn_at_80(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	struct bank_summary summary;
	err_t err = ocr_read(file, arena, date_make(1926, 2, 20), NULL, NULL, &summary);
	assert_non_null(err);
	err_free(err);
	/* 366 days from the dates at both ends. */
	assert_null(ocr_read(file, arena, date_make(2027, 2, 14), NULL, NULL, &summary));
	err = ocr_read(file, arena, date_make(2027, 2, 15), NULL, NULL, &summary);
	assert_non_null(err);
	assert_non_null(strstr(err_text(err), "'130226' (more than a year from today, 2027-02-15)"));
	err_free(err);
	assert_null(ocr_read(file, arena, date_make(2025, 2, 16), NULL, NULL, &summary));
	err = ocr_read(file, arena, date_make(2025, 2, 15), NULL, NULL, &summary);
	assert_non_null(err);
	err_free(err);
	file_text_free(file);
}

static void damaged_files_are_refused_with_line_and_value(void **state)
{
	(void)state;
	assert_int_equal(bad_files_check("ocr", check_today), 0);
}

static void a_cut_file_never_passes(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	for (size_t size = 0; size + 1 < file.size; size++) { /* without the last line end it is whole */
		str exact = { memcpy(malloc(size + 1), file.at, size), size };
		err_t err = check_today(exact);
		if (!err)
			broken("%zu bytes of %zu passed", size, file.size);
		err_free(err);
		file_text_free(exact);
	}
	file_text_free(file);
}

static void a_changed_digit_of_a_total_or_an_amount_never_passes(void **state)
{
	(void)state;
	str file = file_text("samples/ocr-giro.txt");
	char *copy = memcpy(malloc(file.size), file.at, file.size);
	for (size_t line = 0; line < 13; line++) {
		char *at = copy + line * 81;
		bool is_end = at[6] == '8', is_amount = memcmp(at + 6, "30", 2) == 0;
		size_t first = is_end ? 9 : 33, last = is_end ? 41 : 49;
		for (size_t i = first - 1; i < last && (is_end || is_amount); i++) {
			char old = at[i];
			at[i] = old == '9' ? '8' : (char)(old + 1);
			err_t err = check_today((str){ copy, file.size });
			if (!err)
				broken("line %zu position %zu", line + 1, i + 1);
			err_free(err);
			at[i] = old;
		}
	}
	free(copy);
	file_text_free(file);
}

static void the_shared_sample_has_20_payments(void **state)
{
	(void)state;
	str file = shared_file("ocr-giro/ocr_giro_transactions.txt");
	if (!file.at)
		skip();
	struct bank_summary summary;
	struct seen seen = { .count = 0 };
	assert_null(ocr_read(file, arena, date_make(1992, 1, 25), keep, &seen, &summary));
	assert_int_equal(seen.count, 20);
	assert_int_equal(summary.payment_count, 20);
	assert_int_equal(summary.sum.minor, 5144900);
	assert_str(seen.payments[0].account, "99991042764");
	assert_str(seen.payments[0].message, "Foo bar baz");
	assert_str(seen.payments[7].kid, "02212291038306");
	assert_day(seen.payments[1].counts_on, "1992-01-16");
	size_t batch_count = 0; /* six lump sums on the statement */
	for (size_t i = 0; i < seen.count; i++) {
		size_t j = 0;
		while (j < i && !str_eq(seen.payments[i].batch, seen.payments[j].batch))
			j++;
		batch_count += j == i;
	}
	assert_int_equal(batch_count, 6);
	err_t err = check_today(file);
	assert_non_null(err); /* it is of 1992 */
	err_free(err);
	file_text_free(file);
}

static void shared_avtalegiro_files_are_refused_as_such(void **state)
{
	(void)state;
	const struct {
		const char *name;
		date today;
	} files[] = {
		{ "ocr-giro/avtalegiro_agreements.txt", date_make(2017, 4, 20) },
		{ "ocr-giro/avtalegiro_payment_request.txt", date_make(2004, 6, 1) },
	};
	for (size_t i = 0; i < 2; i++) {
		str file = shared_file(files[i].name);
		if (!file.at)
			skip();
		struct bank_summary summary;
		err_t err = ocr_read(file, arena, files[i].today, NULL, NULL, &summary);
		assert_non_null(err);
		assert_true(str_starts(str_from_z(err_text(err)), S("this is an AvtaleGiro file (service 21)")));
		err_free(err);
		file_text_free(file);
	}
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(1 << 20);
	kept_arena = arena_create(1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	arena_destroy(kept_arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_payment_has_its_kid_its_day_and_its_payer),
		cmocka_unit_test(free_text_becomes_utf8),
		cmocka_unit_test(cr_lf_and_a_missing_last_line_end_are_fine),
		cmocka_unit_test(a_minus_lowers_the_totals_and_is_held),
		cmocka_unit_test(card_reversals_count_as_positive_and_are_held),
		cmocka_unit_test(a_kid_that_fails_both_algorithms_is_held_not_refused),
		cmocka_unit_test(two_accounts_and_a_foreign_service_in_one_file),
		cmocka_unit_test(the_same_file_gives_the_same_payments_again),
		cmocka_unit_test(an_error_of_the_callback_stops_the_reading),
		cmocka_unit_test(years_of_two_digits_turn_at_80),
		cmocka_unit_test(damaged_files_are_refused_with_line_and_value),
		cmocka_unit_test(a_cut_file_never_passes),
		cmocka_unit_test(a_changed_digit_of_a_total_or_an_amount_never_passes),
		cmocka_unit_test(the_shared_sample_has_20_payments),
		cmocka_unit_test(shared_avtalegiro_files_are_refused_as_such),
	};
	return cmocka_run_group_tests_name("ocr", tests, setup, teardown);
}
