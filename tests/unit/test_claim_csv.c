/* Claims, clients and vouchers from CSV: the project's samples are taken, everything in tests/golden/bad/csv is
 * refused as expected.txt says. Run from the project's folder. */
#include "format/claim_csv.h"
#include "format/client_csv.h"
#include "format/voucher_csv.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

#define HEAD                                                                                                     \
	"invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,country," \
	"phone,email,description"

static struct arena *arena, *scratch;

static struct claim_check check(void)
{
	return (struct claim_check){ .today = date_make(2026, 6, 1), .ident_rule_from = date_make(2032, 1, 1),
		.deadline_days_min = 14, .fees_max = money_of(7600) };
}

static str file_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		print_error("cannot open %s: tests run in the project's folder\n", path);
	assert_non_null(file);
	char *at = arena_alloc(arena, 1 << 20);
	size_t size = fread(at, 1, 1 << 20, file);
	fclose(file);
	return (str){ at, size };
}

static err_t note_claim(const struct claim_row *row, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	struct text *text = context;
	for (size_t i = 0; i < finding_count; i++) {
		assert_int_equal(findings[i].line_no, row->line_no);
		text_addf(text, "%lld %s: %.*s\n", (long long)row->line_no, findings[i].field,
			STR_ARG(findings[i].reason));
	}
	if (finding_count == 0)
		text_addf(text, "%lld good\n", (long long)row->line_no);
	return OK;
}

static struct text findings_of(str bytes)
{
	struct text text = text_in(arena, 1 << 20);
	err_t err = claim_csv_read(bytes, scratch, check(), note_claim, &text);
	if (err)
		text_addf(&text, "refused: %s\n", err_text(err));
	err_free(err);
	return text;
}

static void samples_are_taken_whole(void **state)
{
	(void)state;
	struct text text = findings_of(file_read("samples/claims.csv"));
	assert_string_equal(text.at, "2 good\n3 good\n4 good\n5 good\n6 good\n7 good\n8 good\n9 good\n");
	text = findings_of(file_read("samples/claims-norwegian.csv"));
	assert_string_equal(text.at, "2 good\n3 good\n4 good\n5 good\n");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void bad_files_are_refused_as_expected(void **state)
{
	(void)state;
	char *names[200];
	size_t count = 0;
	DIR *folder = opendir("tests/golden/bad/csv");
	assert_non_null(folder);
	for (struct dirent *entry = readdir(folder); entry && count < 200; entry = readdir(folder))
		if (strstr(entry->d_name, ".csv"))
			names[count++] = (char *)(uintptr_t)str_z(arena, str_from_z(entry->d_name));
	closedir(folder);
	qsort(names, count, sizeof names[0], by_name);
	struct text all = text_in(arena, 1 << 20);
	for (size_t i = 0; i < count; i++) {
		char path[600];
		snprintf(path, sizeof path, "tests/golden/bad/csv/%s", names[i]);
		text_addf(&all, "%s%s\n", i ? "\n" : "", names[i]);
		text_add(&all, text_str(&(struct text[]){ findings_of(file_read(path)) }[0]));
	}
	str expected = file_read("tests/golden/bad/csv/expected.txt");
	if (!str_eq(text_str(&all), expected)) {
		FILE *got = getenv("KRAVBOK_GOLDEN_WRITE") ? fopen("tests/golden/bad/csv/expected.txt", "wb") : NULL;
		if (got) {
			fwrite(all.at, 1, all.size, got);
			fclose(got);
		}
		print_error("%sdiffers from tests/golden/bad/csv/expected.txt (KRAVBOK_GOLDEN_WRITE=1 writes it)\n",
			all.at);
	}
	assert_true(str_eq(text_str(&all), expected));
}

static err_t keep_claim(const struct claim_row *row, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	(void)findings;
	assert_int_equal(finding_count, 0);
	struct claim_row *kept = context;
	if (row->line_no != 2)
		return OK;
	*kept = *row;
	kept->debtor_id = str_copy(arena, row->debtor_id);
	kept->debtor_name = str_copy(arena, row->debtor_name);
	kept->country = str_copy(arena, row->country);
	kept->address = str_copy(arena, row->address);
	return OK;
}

static void a_row_with_everything(void **state)
{
	(void)state;
	struct claim_row claim;
	str bytes = S(
		"Fees;notice_deadline;notice_on;reminder_on;paid;language;kid;description;email;phone;country;city;"
		"postcode;address;debtor_name;debtor_id;debtor_kind;currency;amount;due_on;issued_on;INVOICE_NO\r\n"
		"76,00;20.02.2026;06.02.2026;2026-01-20;1 000,00;no;2345676;\xC5rsgebyr 2026;a@b.example;;se;Lund;"
		"222 23;\"\xD8stra \"\"1\"\"\";K\xE5re;123 456 785;Company;nok;3 480,5;15.01.2026;2026-01-01;F-1\r\n");
	assert_null(claim_csv_read(bytes, scratch, check(), keep_claim, &claim));
	assert_int_equal(claim.line_no, 2);
	assert_int_equal(claim.amount.minor, 348050);
	assert_int_equal(claim.paid.minor, 100000);
	assert_int_equal(claim.fees.minor, 7600);
	assert_true(claim.is_company);
	assert_true(str_eq(claim.debtor_id, S("123456785")));
	assert_true(str_eq(claim.debtor_name, S("K\xC3\xA5re")));
	assert_true(str_eq(claim.address, S("\xC3\x98stra \"1\"")));
	assert_true(str_eq(claim.country, S("SE")));
	assert_string_equal(claim.language, "nb");
	assert_true(date_eq(claim.notice_on, date_make(2026, 2, 6)));
	assert_true(date_eq(claim.notice_deadline, date_make(2026, 2, 20)));
	assert_true(date_is_none(claim.born_on));
}

static void a_birth_date_is_read_from_the_number(void **state)
{
	(void)state;
	struct claim_row claim;
	str bytes = S(HEAD "\nF-1,2026-01-01,2026-01-15,1,NOK,person,17891055544,A,B,0155,Oslo,,,,\n");
	assert_null(claim_csv_read(bytes, scratch, check(), keep_claim, &claim));
	assert_true(date_eq(claim.born_on, date_make(2010, 9, 17)));
	assert_true(str_eq(claim.country, S("NO")));
}

static void boundaries_are_on_the_good_side(void **state)
{
	(void)state;
	/* issued today; due the same day; one oere; deadline of exactly 14 days; not yet due */
	struct text text =
		findings_of(S(HEAD ",notice_on,notice_deadline,fees\n"
				   "A,2026-06-01,2026-06-01,0.01,NOK,person,,A,,,,,,,,,,\n"
				   "B,2026-06-01,2026-09-01,1,NOK,person,,A,,,,,,,,,,0\n"
				   "C,2026-01-01,2026-01-15,1,NOK,person,,A,,,,,,,,2026-06-01,2026-06-15,38.00\n"));
	assert_string_equal(text.at, "2 good\n3 good\n4 good\n");
}

static void words_that_say_the_amount_holds_fees(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{ "Faktura 12 inkl. purregebyr", "purregebyr" }, { "INKASSOSAL\xC3\x86R", "INKASSOSAL\xC3\x86R" },
		{ "Gebyr", "Gebyr" }, { "faktura,renter", "renter" }, { "Late Fee", "Late Fee" },
		{ "with interest (8%)", "interest" }, { "\xC3\x85rsgebyr 2026", "" }, { "Rentefri kreditt", "" },
		{ "interesting books", "" }, { "Tinglysingsgebyr", "" }, { "", "" }, { "Parkett", "" },
		{ "p\xC3\xA5minnelsesgebyr", "p\xC3\xA5minnelsesgebyr" }, { "gebyr\xC3\xB8kning", "" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		str word = claim_fee_word(str_from_z(pairs[i][0]));
		assert_string_equal(str_z(arena, word), pairs[i][1]);
	}
}

static err_t stop(const struct claim_row *row, const struct row_finding *findings, size_t finding_count, void *context)
{
	(void)row;
	(void)findings;
	(void)finding_count;
	(void)context;
	return fail(ERR_BUSY, "stop here");
}

static void an_error_of_the_caller_comes_out_unchanged(void **state)
{
	(void)state;
	err_t err = claim_csv_read(file_read("samples/claims.csv"), scratch, check(), stop, NULL);
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_BUSY);
	assert_string_equal(err_text(err), "stop here");
	err_free(err);
}

static err_t note_client(const struct client_row *row, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	struct text *text = context;
	for (size_t i = 0; i < finding_count; i++)
		text_addf(text, "%s: %.*s\n", findings[i].field, STR_ARG(findings[i].reason));
	if (finding_count == 0)
		text_addf(text, "%lld %.*s %.*s %.*s %d%d %.*s %lld\n", (long long)row->client_no, STR_ARG(row->name),
			STR_ARG(row->orgnr), STR_ARG(row->account), row->vat_deductible, row->member,
			STR_ARG(row->process), (long long)row->commission_bp);
	return OK;
}

static void clients(void **state)
{
	(void)state;
	static const str processes[] = { { "no/minimum", 10 }, { "no/standard", 11 } };
	struct client_check clients_check = { processes, 2 };
	struct text text = text_in(arena, 1 << 16);
	assert_null(client_csv_read(file_read("samples/clients.csv"), scratch, clients_check, note_client, &text));
	assert_string_equal(text.at, "1001 Fjordtannlegene AS 311113178 15030080197 01 no/standard -1\n"
				     "1002 Nordlys Str\xC3\xB8m AS 312226340 15030159389 11 no/minimum -1\n"
				     "1003 Bryggen Treningssenter AS 313339513 15030238572 10 no/standard 550\n"
				     "1004 \xC3\x85s R\xC3\xB8r og Varme 314452682 15030317766 10 no/standard -1\n");
	text_clear(&text);
	str bad = S("client_no;name;orgnr;account;vat_deductible;member;process;email;commission_bp\n"
		    "0;;123;8601.11.17948;maybe;1;no/own;x;10001\n");
	assert_null(client_csv_read(bad, scratch, clients_check, note_client, &text));
	assert_string_equal(text.at, "client_no: '0' is not between 1 and 999999999\n"
				     "name: it is empty\n"
				     "orgnr: '123' is not an organisation number (9 digits)\n"
				     "account: '8601.11.17948' is not an account number: its check digit is wrong\n"
				     "vat_deductible: 'maybe' is neither yes nor no\n"
				     "member: '1' is neither yes nor no\n"
				     "process: 'no/own' is not no/minimum or no/standard\n"
				     "email: 'x' is not an e-mail address\n"
				     "commission_bp: '10001' is not between 0 and 10000\n");
}

static err_t note_voucher(const struct voucher *voucher, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	struct text *text = context;
	text_addf(text, "%.*s %s", STR_ARG(voucher->number), date_iso(voucher->on).z);
	for (size_t i = 0; i < voucher->line_count; i++)
		text_addf(text, " %d %s '%.*s'", voucher->lines[i].account, money_plain(voucher->lines[i].amount).z,
			STR_ARG(voucher->lines[i].text));
	for (size_t i = 0; i < finding_count; i++)
		text_addf(text, " (%lld %s: %.*s)", (long long)findings[i].line_no, findings[i].field,
			STR_ARG(findings[i].reason));
	text_add_char(text, '\n');
	return OK;
}

static void vouchers(void **state)
{
	(void)state;
	struct text text = text_in(arena, 1 << 16);
	str bytes = S("voucher;date;account;amount;text\n"
		      "L-1;2026-01-31;5000;40 000,00;L\xF8nn\n"
		      "L-1;2026-01-31;1920;-40 000,00;\n"
		      "H-1;2026-01-31;6300;9000;Husleie\n"
		      "H-1;2026-02-01;1920;-8999;Husleie\n"
		      "X;2026-01-31;0100;1;\n");
	assert_null(voucher_csv_read(bytes, scratch, date_make(2026, 6, 1), note_voucher, &text));
	assert_string_equal(text.at,
		"L-1 2026-01-31 5000 40000.00 'L\xC3\xB8nn' 1920 -40000.00 ''\n"
		"H-1 2026-01-31 6300 9000.00 'Husleie' 1920 -8999.00 'Husleie'"
		" (5 date: '2026-02-01' is another day than the voucher's first row (2026-01-31))\n"
		"X 2026-01-31 0 1.00 '' (6 account: '0100' is not between 1000 and 9999)\n");
	text_clear(&text);
	bytes = S("voucher;date;account;amount;text\nA;2026-01-31;5000;10;\nA;2026-01-31;1920;-9;\n");
	assert_null(voucher_csv_read(bytes, scratch, date_make(2026, 6, 1), note_voucher, &text));
	assert_string_equal(text.at, "A 2026-01-31 5000 10.00 '' 1920 -9.00 ''"
				     " (2 amount: the rows of voucher 'A' sum to 1.00, not to zero)\n");
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(256 * 1024 * 1024);
	scratch = arena_create(16 * 1024 * 1024);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	arena_destroy(scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_are_taken_whole),
		cmocka_unit_test(bad_files_are_refused_as_expected),
		cmocka_unit_test(a_row_with_everything),
		cmocka_unit_test(a_birth_date_is_read_from_the_number),
		cmocka_unit_test(boundaries_are_on_the_good_side),
		cmocka_unit_test(words_that_say_the_amount_holds_fees),
		cmocka_unit_test(an_error_of_the_caller_comes_out_unchanged),
		cmocka_unit_test(clients),
		cmocka_unit_test(vouchers),
	};
	return cmocka_run_group_tests_name("claim_csv", tests, setup, teardown);
}
