/* SAF-T: valid by the official schema, and what the schema cannot see is refused. */
#include "format/saft.h"

#include "xsd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena;

static struct saft_header header;
static struct saft_account accounts[4];
static struct saft_party suppliers[2];
static struct saft_tax_code tax_codes[2];

static struct saft_master master(void)
{
	header = (struct saft_header){
		.software_version = S("1.0"), .created_on = date_make(2026, 7, 1), .orgnr = S("311113178"),
		.name = S("Kravbok Demo Inkasso SA"), .address = { S("Storgata 1"), S("0155"), S("Oslo"), S("") },
		.contact_first_name = S("Kari"), .contact_last_name = S("Nordmann"), .phone = S("+47 900 00 000"),
		.email = S("post@demo.example"), .vat_registered = true, .bank_account = S("15030238572"),
		.from = date_make(2026, 1, 1), .to = date_make(2026, 6, 30),
	};
	accounts[0] = (struct saft_account){ 1930, S("Klientkonto"), S("balanseverdiForOmloepsmiddel"), S("1920"),
		{ 50000 }, { 137500 } };
	accounts[1] = (struct saft_account){ 2700,
		S("Utg\xC3\xA5"
		  "ende MVA"),
		S("kortsiktigGjeld"), S("2740"), { 0 }, { -2500 } };
	accounts[2] = (struct saft_account){ 2900, S("Skyldig oppdragsgivere"), S("kortsiktigGjeld"), S("2900"),
		{ -50000 }, { -125000 } };
	accounts[3] = (struct saft_account){ 3100, S("Sal\xC3\xA6rinntekt"), S("salgsinntekt"), S("3000"), { 0 },
		{ -10000 } };
	suppliers[0] = (struct saft_party){ S("1001"), S("Fjordtannlegene AS & <S\xC3\xB8nn>"), S("312226340"),
		{ S(""), S("5003"), S("Bergen"), S("NO") }, S("15030080197"), 2900, { -50000 }, { -125000 } };
	suppliers[1] = (struct saft_party){ S("1002"), S("Nordlys"), S(""), { S(""), S(""), S(""), S("") }, S(""), 2900,
		{ 0 }, { 0 } };
	tax_codes[0] = (struct saft_tax_code){ S("0"), S("Utenfor"), S("7"), 0 };
	tax_codes[1] = (struct saft_tax_code){ S("3"), S("Utg\xC3\xA5" "ende MVA, alminnelig sats"), S("3"), 2500 };
	return (struct saft_master){ .header = &header,
		.accounts = accounts,
		.account_count = 4,
		.suppliers = suppliers,
		.supplier_count = 2,
		.tax_codes = tax_codes,
		.tax_code_count = 2,
		.totals = { 2, { 87500 } } };
}

static struct saft_line lines[4];

static struct saft_transaction payment(void)
{
	lines[0] = (struct saft_line){
		.account = 1930, .amount = { 87500 }, .description = S("Innbetaling\x01"), .kid = S("40-")
	};
	lines[1] = (struct saft_line){
		.account = 2900, .amount = { -75000 }, .supplier_id = S("1001"), .reference = S("F-1")
	};
	lines[2] = (struct saft_line){ .account = 3100,
		.amount = { -10000 },
		.tax_code = S("3"),
		.tax_base = { -10000 },
		.tax_amount = { -2500 } };
	lines[3] = (struct saft_line){ .account = 2700, .amount = { -2500 } };
	return (struct saft_transaction){ S("K-4711-3"), date_make(2026, 3, 2), date_make(2026, 3, 3), S("payment"),
		S("Innbetaling p\xC3\xA5 sak 4711"), lines, 4 };
}

/* The journal with the payment changed by the caller, and, where two are announced, one that moves nothing. */
static err_t written(const struct saft_master *given, const struct saft_transaction *transaction, struct text *ret_text)
{
	struct saft *saft;
	*ret_text = text_in(arena, 1 << 20);
	TRY(saft_begin(given, arena, sink_text(ret_text), &saft));
	saft_journal(saft, S("CASES"), S("Saker"), S("AR"));
	TRY(saft_transaction(saft, transaction));
	saft_journal(saft, S("HOUSE"), S("Huset selv"), S("GL"));
	if (given->totals.transaction_count == 2) {
		struct saft_line zero_sum[] = { { .account = 1930, .amount = { 1 } },
			{ .account = 1930, .amount = { -1 } } };
		struct saft_transaction correction = { S("V-1"), date_make(2026, 6, 30), date_make(2026, 6, 30), S(""),
			S("Rettelse"), zero_sum, 2 };
		TRY(saft_transaction(saft, &correction));
	}
	return saft_finish(saft);
}

static void a_file_is_valid(void **state)
{
	(void)state;
	struct saft_master given = master();
	struct saft_transaction transaction = payment();
	struct text text;
	given.totals.debit = money_of(87501);
	assert_null(written(&given, &transaction, &text));
	assert_non_null(strstr(text.at, "<NumberOfEntries>2</NumberOfEntries>"));
	assert_non_null(strstr(text.at, "<TotalDebit>875.01</TotalDebit>"));
	assert_non_null(strstr(text.at, "<ClosingCreditBalance>1250.00</ClosingCreditBalance>"));
	assert_non_null(strstr(text.at, "Fjordtannlegene AS &amp; &lt;S\xC3\xB8nn&gt;"));
	assert_true(xsd_takes(text_str(&text), "saf-t/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd"));
}

static void an_empty_period_is_valid(void **state)
{
	(void)state;
	struct saft_master given = master();
	struct text text = text_in(arena, 1 << 20);
	struct saft *saft;
	for (size_t i = 0; i < 4; i++)
		accounts[i].closing = accounts[i].opening;
	suppliers[0].closing = suppliers[0].opening;
	given.totals = (struct saft_totals){ 0, { 0 } };
	given.tax_code_count = 0;
	assert_null(saft_begin(&given, arena, sink_text(&text), &saft));
	assert_null(saft_finish(saft));
	assert_true(xsd_takes(text_str(&text), "saf-t/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd"));
}

static void refused(const struct saft_master *given, const struct saft_transaction *transaction, const char *expected)
{
	struct text text;
	err_t err = written(given, transaction, &text);
	assert_non_null(err);
	assert_string_equal(err_text(err), expected);
	assert_int_equal(err_kind(err), ERR_INTERNAL);
	err_free(err);
}

static void what_the_schema_cannot_see_is_refused(void **state)
{
	(void)state;
	struct saft_master given = master();
	struct saft_transaction transaction = payment();
	refused(&given, &transaction, "SAF-T: 875.00 in debit was announced, 875.01 came");
	given.totals = (struct saft_totals){ 3, { 87500 } };
	refused(&given, &transaction, "SAF-T: 3 transactions were announced, 1 came");
	given.totals = (struct saft_totals){ 1, { 87500 } };
	lines[0].account = 1999;
	refused(&given, &transaction, "SAF-T: transaction 'K-4711-3': account 1999 is not in the master data");
	transaction = payment();
	lines[1].supplier_id = S("9");
	refused(&given, &transaction, "SAF-T: transaction 'K-4711-3': party '9' is not in the master data");
	transaction = payment();
	lines[0].supplier_id = S("1001");
	refused(&given, &transaction,
		"SAF-T: transaction 'K-4711-3': a line of party '1001' is on account 1930, its account is 2900");
	transaction = payment();
	lines[2].tax_code = S("99");
	refused(&given, &transaction, "SAF-T: transaction 'K-4711-3': tax code '99' is not in the master data");
	transaction = payment();
	lines[3].amount = money_of(-2499);
	refused(&given, &transaction, "SAF-T: transaction 'K-4711-3': its lines sum to 0.01, not to zero");
	transaction = payment();
	transaction.on = date_make(2026, 7, 1);
	refused(&given, &transaction, "SAF-T: transaction 'K-4711-3': its day 2026-07-01 is outside the period");
	transaction = payment();
	lines[1].supplier_id = S("1002");
	refused(&given, &transaction,
		"SAF-T: supplier '1001' opens with -500.00 and moves by 0.00, but closes with -1250.00");
}

static void master_data_is_held_against_itself(void **state)
{
	(void)state;
	struct saft_transaction transaction = payment();
	struct saft_master given = master();
	accounts[0].opening = money_of(50001);
	refused(&given, &transaction, "SAF-T: the opening balances sum to 0.01, not to zero");
	given = master();
	accounts[0].closing = money_of(137501);
	refused(&given, &transaction, "SAF-T: the closing balances sum to 0.01, not to zero");
	given = master();
	accounts[1].account = 1930;
	refused(&given, &transaction, "SAF-T: account 1930 is out of order or doubled");
	given = master();
	suppliers[1].id = S("1001");
	refused(&given, &transaction, "SAF-T: supplier '1001' is out of order or doubled");
	given = master();
	suppliers[1].account = 2910;
	refused(&given, &transaction, "SAF-T: account 2910 of supplier '1002' does not exist");
	given = master();
	accounts[3].grouping_code = S("");
	refused(&given, &transaction, "SAF-T: account 3100 has no grouping");
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 * 1024 * 1024);
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
		cmocka_unit_test(a_file_is_valid),
		cmocka_unit_test(an_empty_period_is_valid),
		cmocka_unit_test(what_the_schema_cannot_see_is_refused),
		cmocka_unit_test(master_data_is_held_against_itself),
	};
	return cmocka_run_group_tests_name("saft", tests, setup, teardown);
}
