/* Payment files: totals, characters, what is refused; held against the official schema. */
#include "format/pain.h"

#include "xsd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena;

static struct pain_payment payments[3];

static struct pain_file example(void)
{
	payments[0] = (struct pain_payment){ S("S7-1001"), S("Fjordtannlegene AS"), S("15030080197"), { 348000 },
		S("2345676"), S("") };
	payments[1] = (struct pain_payment){ S("S7-1002"), S("Nordlys Str\xC3\xB8m & S\xC3\xB8nn <\xC3\x85s>"),
		S("15030159389"), { 1 }, S(""), S("Oppgj\xC3\xB8r 7 \xE2\x80\x93 juni") };
	payments[2] = (struct pain_payment){ S("R-12"), S("Zo\xC3\xAB \xC5\x81ukasz"), S("NO9386011117947"), { 12345 },
		S(""), S("") };
	return (struct pain_file){
		.message_id = S("KRAVBOK-20260630-7"),
		.created_on = date_make(2026, 6, 30),
		.execute_on = date_make(2026, 7, 1),
		.debtor_name = S("Kravbok Demo Inkasso SA"),
		.debtor_orgnr = S("311113178"),
		.account = S("15030238572"),
		.bank_bic = S(""),
		.payments = payments,
		.payment_count = 3,
	};
}

static err_t written(const struct pain_file *file, struct text *ret_text)
{
	*ret_text = text_in(arena, 1 << 20);
	return pain_write(file, arena, sink_text(ret_text));
}

static void a_file_is_valid_and_its_totals_are_exact(void **state)
{
	(void)state;
	struct pain_file file = example();
	struct text text;
	assert_null(written(&file, &text));
	assert_non_null(strstr(text.at, "<NbOfTxs>3</NbOfTxs>"));
	assert_non_null(strstr(text.at, "<CtrlSum>3603.46</CtrlSum>"));
	assert_non_null(strstr(text.at, "<InstdAmt Ccy=\"NOK\">0.01</InstdAmt>"));
	assert_non_null(strstr(text.at, "<Nm>Nordlys Strom + Sonn ?As?</Nm>"));
	assert_non_null(strstr(text.at, "<Ustrd>Oppgjor 7 - juni</Ustrd>"));
	assert_non_null(strstr(text.at, "<Nm>Zoe Lukasz</Nm>"));
	assert_non_null(strstr(text.at, "<IBAN>NO9386011117947</IBAN>"));
	assert_non_null(strstr(text.at, "<Ref>2345676</Ref>"));
	assert_true(xsd_takes(text_str(&text), "iso20022/pain.001.001.09.xsd"));
	file.bank_bic = S("DNBANOKKXXX");
	file.national_letters = true;
	assert_null(written(&file, &text));
	assert_non_null(strstr(text.at, "<Nm>Nordlys Str\xC3\xB8m + S\xC3\xB8nn ?\xC3\x85s?</Nm>"));
	assert_true(xsd_takes(text_str(&text), "iso20022/pain.001.001.09.xsd"));
}

static void long_texts_are_cut_to_the_format(void **state)
{
	(void)state;
	struct pain_file file = example();
	struct text text, name = text_in(arena, 1000);
	for (int i = 0; i < 200; i++)
		text_add_z(&name, "\xC3\x86");
	payments[1].name = payments[1].message = text_str(&name);
	assert_null(written(&file, &text));
	assert_true(xsd_takes(text_str(&text), "iso20022/pain.001.001.09.xsd"));
}

static void refused(const struct pain_file *file, const char *expected)
{
	struct text text;
	err_t err = written(file, &text);
	assert_non_null(err);
	assert_string_equal(err_text(err), expected);
	assert_int_equal(text.size, 0);
	err_free(err);
}

static void what_cannot_be_sent_is_named(void **state)
{
	(void)state;
	struct pain_file file = example();
	payments[1].amount = money_of(0);
	refused(&file,
		"payment 2 to 'Nordlys Str\xC3\xB8m & S\xC3\xB8nn <\xC3\x85s>': the amount 0.00 is not above zero");
	file = example();
	payments[0].account = S("15030080198");
	refused(&file, "payment 1 to 'Fjordtannlegene AS': '15030080198' is neither a Norwegian account nor an IBAN");
	file = example();
	payments[0].message = S("x");
	refused(&file, "payment 1 to 'Fjordtannlegene AS': a payment takes a KID or a message, not both");
	file = example();
	payments[0].kid = S("123");
	refused(&file, "payment 1 to 'Fjordtannlegene AS': '123' is not a KID");
	file = example();
	payments[2].end_to_end = S("S7-1001");
	refused(&file, "the payment id 'S7-1001' is used twice");
	file = example();
	file.message_id = S("a/b");
	refused(&file, "the message id 'a/b' holds a character no bank takes in an id");
	file = example();
	file.execute_on = date_make(2026, 6, 29);
	refused(&file, "the payment day 2026-06-29 is before the day the file is made");
	file = example();
	file.payment_count = 0;
	refused(&file, "there is nothing to pay");
}

static void characters_are_the_nearest_a_bank_takes(void **state)
{
	(void)state;
	assert_true(str_eq_z(
		pain_text(arena, S("\xC3\xA6\xC3\xB8\xC3\xA5 \xC3\xA9 \xC3\x9F \xC5\xBE \xE2\x82\xAC \n@_\xFF"), false),
		"aeoa e ss z EUR  (at)-?"));
	assert_true(str_eq_z(pain_text(arena, S("\xC3\xA6\xC3\xB8\xC3\xA5\xC3\xA9"), true), "\xC3\xA6\xC3\xB8\xC3\xA5"
											     "e"));
	assert_true(str_eq_z(pain_text(arena, S(""), false), ""));
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
		cmocka_unit_test(a_file_is_valid_and_its_totals_are_exact),
		cmocka_unit_test(long_texts_are_cut_to_the_format),
		cmocka_unit_test(what_cannot_be_sent_is_named),
		cmocka_unit_test(characters_are_the_nearest_a_bank_takes),
	};
	return cmocka_run_group_tests_name("pain", tests, setup, teardown);
}
