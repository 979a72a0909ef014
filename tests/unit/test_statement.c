/* A client's statement: rows that add up, the summary by kind, and what a statement may not lack. */
#include "core/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* 2,000.00 on the worked example: 600.00 salær, 73.22 interest, 1,326.78 principal, 6 % commission and VAT on it; and a
 * letter fee charged back. */
static struct statement_row rows[3];

static struct statement sample(void)
{
	rows[0] = (struct statement_row){ .on = date_make(2026, 3, 20),
		.case_no = 7,
		.invoice_no = S("INV-7"),
		.debtor = S("Bj\xC3\xB8rg"),
		.what = S("Innbetaling"),
		.gross = money_of(200000),
		.principal = money_of(132678),
		.interest = money_of(7322),
		.commission = money_of(8400),
		.vat = money_of(2100),
		.net = money_of(129500) };
	rows[1] = (struct statement_row){ .on = date_make(2026, 3, 20),
		.case_no = 8,
		.what = S("Tilbakef\xC3\xB8rt gebyr"),
		.fees = money_of(-7600),
		.net = money_of(-7600) };
	rows[2] = (struct statement_row){ .on = date_make(2026, 3, 23),
		.case_no = 9,
		.what = S("Innbetaling"),
		.gross = money_of(10000),
		.principal = money_of(10000),
		.net = money_of(10000) };
	return (struct statement){
		.agency = { .name = S("Fjordkrav SA") },
		.client_name = S("Nordlys SA"),
		.client_no = 2,
		.settlement_no = 41,
		.from_on = date_make(2026, 3, 1),
		.to_on = date_make(2026, 3, 31),
		.settled_on = date_make(2026, 4, 1),
		.rows = rows,
		.row_count = 3,
		.vat_rate_bp = 2500,
		.carried_in = money_of(-1900),
		.payout = money_of(130000),
	};
}

static void assert_refused(const struct statement *statement, enum err_kind kind, const char *says)
{
	err_t err = statement_check(statement);
	if (!err)
		fail_msg("taken, expected '%s'", says);
	if (!strstr(err_text(err), says))
		fail_msg("'%s' does not say '%s'", err_text(err), says);
	assert_int_equal(err_kind(err), kind);
	err_free(err);
}

static void a_statement_adds_up(void **state)
{
	(void)state;
	struct statement statement = sample();
	err_t err = statement_check(&statement);
	if (err)
		fail_msg("%s", err_text(err));
	struct statement_sum total = statement_total(&statement);
	assert_int_equal(total.row_count, 3);
	assert_int_equal(total.gross.minor, 210000);
	assert_int_equal(total.principal.minor, 142678);
	assert_int_equal(total.interest.minor, 7322);
	assert_int_equal(total.fees.minor, -7600);
	assert_int_equal(total.commission.minor, 8400);
	assert_int_equal(total.vat.minor, 2100);
	assert_int_equal(total.net.minor, 131900);
	/* -19.00 + 1,319.00 = 1,300.00, all of it paid out; or a part, and the rest carried on. */
	statement.payout = MONEY_ZERO;
	statement.carried_out = money_of(130000);
	err = statement_check(&statement);
	assert_null(err);
}

static void one_ore_wrong_is_found(void **state)
{
	(void)state;
	struct statement statement = sample();
	rows[0].net = money_of(129501);
	assert_refused(&statement, ERR_INTERNAL,
		"settlement 41: case 7 of 2026-03-20: the parts come to 1295.00 net and the "
		"row says 1295.01");
	statement = sample();
	rows[0].vat = money_of(2101);
	assert_refused(&statement, ERR_INTERNAL, "case 7");
	statement = sample();
	statement.payout = money_of(130001);
	assert_refused(
		&statement, ERR_INTERNAL, "carried forward and movements are 1300.00, payout and rest are 1300.01");
	statement = sample();
	statement.payout = money_of(-1);
	statement.carried_out = money_of(130001);
	assert_refused(&statement, ERR_INTERNAL, "settlement 41 pays out -0.01");
}

static void what_a_statement_lacks_is_named(void **state)
{
	(void)state;
	struct statement statement = sample();
	statement.client_name = S("");
	assert_refused(&statement, ERR_INPUT, "settlement 41 lacks the name of the client or the agency");
	statement = sample();
	statement.agency.name = S("");
	assert_refused(&statement, ERR_INPUT, "lacks the name");
	statement = sample();
	statement.client_address = S("\xFF");
	assert_refused(&statement, ERR_INPUT, "the client's name or address is not UTF-8");
	statement = sample();
	statement.client_name = S("\xFF");
	assert_refused(&statement, ERR_INPUT, "not UTF-8");
	statement = sample();
	statement.client_city = S("\xFF");
	assert_refused(&statement, ERR_INPUT, "not UTF-8");
	statement = sample();
	statement.settled_on = DATE_NONE;
	assert_refused(&statement, ERR_INPUT, "settlement 41 lacks a date");
	statement = sample();
	statement.to_on = DATE_NONE;
	assert_refused(&statement, ERR_INPUT, "settlement 41 lacks a date");
	statement = sample();
	rows[1].on = DATE_NONE;
	assert_refused(&statement, ERR_INPUT, "case 8: a row of a statement lacks its date");
	str *texts[] = { &rows[2].invoice_no, &rows[2].debtor, &rows[2].what };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		statement = sample();
		*texts[i] = S("\xE5");
		assert_refused(&statement, ERR_INPUT, "case 9: a text of a statement is not UTF-8");
	}
	statement = sample();
	statement.row_count = STATEMENT_ROW_MAX + 1;
	assert_refused(&statement, ERR_INPUT, "a statement has at most 20000 rows, not 20001");
}

static void rows_are_summed_by_kind(void **state)
{
	(void)state;
	struct statement statement = sample();
	struct statement_sum sums[STATEMENT_KIND_MAX];
	assert_int_equal(statement_kinds(&statement, sums), 2);
	assert_true(str_eq(sums[0].what, S("Innbetaling")));
	assert_int_equal(sums[0].row_count, 2);
	assert_int_equal(sums[0].net.minor, 139500);
	assert_true(str_eq(sums[1].what, S("Tilbakef\xC3\xB8rt gebyr")));
	assert_int_equal(sums[1].net.minor, -7600);
	statement.row_count = 0;
	assert_int_equal(statement_kinds(&statement, sums), 0);
}

/* More kinds than the summary has lines for share the last one; nothing is lost. */
static void too_many_kinds_share_a_line(void **state)
{
	(void)state;
	enum { COUNT = STATEMENT_KIND_MAX + 3 };
	struct statement_row many[COUNT + 1];
	char names[COUNT][8];
	for (int i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof names[i], "kind %02d", i);
		many[i] = (struct statement_row){ .what = str_from_z(names[i]), .net = money_of(1 << i) };
	}
	many[COUNT] = many[0];
	struct statement statement = sample();
	statement.rows = many;
	statement.row_count = COUNT + 1;
	struct statement_sum sums[STATEMENT_KIND_MAX];
	assert_int_equal(statement_kinds(&statement, sums), STATEMENT_KIND_MAX);
	assert_int_equal(sums[0].row_count, 2);
	assert_true(str_eq(sums[STATEMENT_KIND_MAX - 2].what, S("kind 10")));
	assert_int_equal(sums[STATEMENT_KIND_MAX - 1].what.size, 0);
	assert_int_equal(sums[STATEMENT_KIND_MAX - 1].row_count, 4);
	int64_t net = 0;
	for (size_t i = 0; i < STATEMENT_KIND_MAX; i++)
		net += sums[i].net.minor;
	assert_int_equal(net, (1 << COUNT) - 1 + 1);
	assert_int_equal(net, statement_total(&statement).net.minor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_adds_up),
		cmocka_unit_test(one_ore_wrong_is_found),
		cmocka_unit_test(what_a_statement_lacks_is_named),
		cmocka_unit_test(rows_are_summed_by_kind),
		cmocka_unit_test(too_many_kinds_share_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
