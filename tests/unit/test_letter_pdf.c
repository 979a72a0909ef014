#include "format/letters_module.h"

#include "letter_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct letter_book *book;
static struct letters *letters;
static size_t unknown_count; /* of the last letter_bytes() */
static char dir[] = "/tmp/kravbok-letters-XXXXXX";

/* Pango 1.50 keeps the fontconfig it is given when its font map goes: 6 KB a writer, and a program has one writer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}

static void must(err_t err)
{
	if (err)
		fail_msg("%s", err_text(err));
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create((size_t)512 << 20);
	if (!mkdtemp(dir))
		return 1;
	err_t err = letter_book_load(arena, sample_sources(arena), embedded_letters_count, &book);
	if (!err)
		err = letters_module.start(book, &letters);
	if (err)
		print_error("%s\n", err_text(err));
	return err != OK;
}

static int teardown(void **state)
{
	(void)state;
	letters_module.stop(letters);
	arena_destroy(arena);
	return rmdir(dir);
}

static const char *path_of(const char *name)
{
	return str_format(arena, "%s/%s", dir, name).at;
}

/* The file's bytes; it is then removed. */
static str file_take(const char *path)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	struct text text = text_in(arena, 64 << 20);
	char part[65536];
	size_t size;
	while ((size = fread(part, 1, sizeof part, file)) > 0)
		text_add(&text, (str){ part, size });
	fclose(file);
	assert_int_equal(remove(path), 0);
	return text_str(&text);
}

static str letter_bytes(struct letters *writer, const struct letter *letter, size_t *ret_page_count)
{
	const char *path = path_of("letter.pdf");
	struct letters_made made;
	must(letters_module.open(writer, path));
	must(letters_module.add(writer, letter, ret_page_count));
	must(letters_module.close(writer, &made));
	assert_int_equal(made.letter_count, 1);
	assert_int_equal(made.page_count, *ret_page_count);
	unknown_count = made.unknown_count;
	return file_take(path);
}

/* What pdftotext reads; empty, loudly, when it is not installed. */
static str text_of(str bytes)
{
	const char *path = path_of("text.pdf");
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.at, bytes.size, 1, file), 1);
	fclose(file);
	struct text text = text_in(arena, 4 << 20);
	FILE *pipe = popen(str_format(arena, "pdftotext -layout %s - 2>/dev/null", path).at, "r");
	assert_non_null(pipe);
	char part[4096];
	size_t size;
	while ((size = fread(part, 1, sizeof part, pipe)) > 0)
		text_add(&text, (str){ part, size });
	if (pclose(pipe) != 0)
		print_message("SKIP: pdftotext is not installed; the text of the PDF is not read back\n");
	remove(path);
	return text_str(&text);
}

/* ---- Letters ---- */

static void every_kind_is_drawn_in_inter(void **state)
{
	(void)state;
	for (int kind = 0; kind < LETTER_KIND_COUNT; kind++) {
		for (int language = 0; language < LETTER_LANGUAGE_COUNT; language++) {
			struct letter letter =
				sample_letter(arena, (enum letter_kind)kind, (enum letter_language)language);
			size_t page_count;
			str bytes = letter_bytes(letters, &letter, &page_count);
			assert_true(str_starts(bytes, S("%PDF-1.")));
			assert_true(str_has(bytes, S("+Inter-Regular")));
			assert_true(str_has(bytes, S("+Inter-SemiBold")));
			assert_false(str_has(bytes, S("DejaVu")));
			assert_true(str_has(bytes, language == LETTER_NB ? S("/Lang (nb)") : S("/Lang (en)")));
			assert_true(str_has(bytes, S("/CreationDate (20260115000000Z")));
			assert_true(page_count >= 1 && page_count <= 2);
		}
	}
}

static void an_ordinary_letter_is_one_page(void **state)
{
	(void)state;
	static const enum letter_kind kinds[] = { LETTER_REMINDER, LETTER_NOTICE, LETTER_DEMAND, LETTER_OWN_DEMAND,
		LETTER_ENFORCEMENT_NOTICE, LETTER_RESIDUAL_REMINDER, LETTER_RECEIPT };
	for (int language = 0; language < LETTER_LANGUAGE_COUNT; language++) {
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
			struct letter letter = sample_letter(arena, kinds[i], (enum letter_language)language);
			size_t page_count;
			letter_bytes(letters, &letter, &page_count);
			if (page_count != 1)
				fail_msg("%s in %s is %zu pages", letter_kind_name(letter.kind),
					letter_language_name(letter.language), page_count);
		}
	}
}

static void the_place_of_the_table_is_right(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	size_t page_count;
	str bytes = letter_bytes(letters, &letter, &page_count);
	const char *found = NULL;
	for (size_t i = bytes.size - 64; i < bytes.size; i++)
		if (str_starts((str){ bytes.at + i, bytes.size - i }, S("startxref\n")))
			found = bytes.at + i + 10;
	assert_non_null(found);
	int64_t at = 0;
	str rest;
	must(parse_i64(
		str_cut((str){ found, (size_t)(bytes.at + bytes.size - found) }, '\n', &rest), 0, 1 << 30, &at));
	assert_true(str_starts((str){ bytes.at + at, bytes.size - (size_t)at }, S("xref\n")));
}

static void the_same_letter_gives_the_same_bytes(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB),
		      other = sample_letter(arena, LETTER_PLAN, LETTER_EN);
	size_t page_count;
	str first = letter_bytes(letters, &letter, &page_count);
	letter_bytes(letters, &other, &page_count);
	assert_true(str_eq(first, letter_bytes(letters, &letter, &page_count)));
	struct letters *fresh; /* nothing of what a writer has done before is in a file */
	must(letters_module.start(book, &fresh));
	assert_true(str_eq(first, letter_bytes(fresh, &letter, &page_count)));
	letters_module.stop(fresh);
}

static void what_is_written_can_be_read(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	size_t page_count;
	str text = text_of(letter_bytes(letters, &letter, &page_count));
	if (!text.size)
		return;
	static const char *const parts[] = { "Bjørg Ødegård", "9008 TROMSØ", "Betalingsoppfordring",
		"Treningsavgift høst 2025", "Inkassosalær", "1002340000017", "Finansklagenemnda", "Side 1 av 1",
		"Er det vanskelig å betale?" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!str_has(text, str_from_z(parts[i])))
			fail_msg("the letter does not say '%s'", parts[i]);
}

static void long_letters_go_on_and_say_how_far(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	struct letter_claim *claims = arena_many(arena, 300, struct letter_claim);
	for (int i = 0; i < 300; i++)
		claims[i] = (struct letter_claim){ str_format(arena, "2025-%d", i + 1), DATE_NONE,
			date_make(2025, 10, 15),
			S("Kontingent og leie av utstyr for hele sesongen, med forsikring"), { 1000 },
			{ i == 7 ? 500 : 1000 } };
	letter.claims = claims;
	letter.claim_count = 300;
	size_t page_count;
	str text = text_of(letter_bytes(letters, &letter, &page_count));
	assert_true(page_count >= 6 && page_count <= 30);
	if (!text.size)
		return;
	assert_true(str_has(text, str_format(arena, "Side %zu av %zu", page_count, page_count)));
	assert_true(str_has(text, S("Alle regningene kravet gjelder")));
	for (int i = 0; i < 300; i++)
		assert_true(str_has(text, claims[i].invoice_no));
}

/* Runs on any text: hidden characters, other scripts, no blanks, nothing at all. */
static void odd_texts_do_no_harm(void **state)
{
	(void)state;
	char long_word[5001];
	memset(long_word, 'W', sizeof long_word - 1);
	long_word[sizeof long_word - 1] = '\0';
	const str odd[] = { S(" "), S("\t\n\r"), S("\x01\x02 a"), S("שלום עולם"), S("陳大文"),
		S("👩‍👧‍👦 Å"), S("e\xCC\x81\xCC\x82\xCC\x83"), S("\xE2\x80\x8B\xE2\x80\x8D"),
		S("\xE2\x80\xAE"
		  "gnoS"),
		S("ﬃ ŋ ł č š ž"), S("(a) \\ )(<<>> %"), str_from_z(long_word), S("\xEF\xBB\xBF"), S("AV-/-/-TO") };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
		struct letter_claim claim = letter.claims[0];
		claim.description = claim.invoice_no = odd[i];
		letter.claims = &claim;
		letter.debtor = (struct letter_debtor){ odd[i], odd[i], odd[i], odd[i], odd[i] };
		letter.creditor = letter.code = letter.basis = letter.agency.email = letter.agency.web = odd[i];
		size_t page_count;
		str bytes = letter_bytes(letters, &letter, &page_count);
		assert_true(bytes.size > 1000);
		assert_true(page_count < 20);
		if (i == 4) /* counted each time it is drawn, not only when it is first seen */
			for (int again = 0; again < 2; again++) {
				letter_bytes(letters, &letter, &page_count);
				assert_true(unknown_count >= 3 * 8);
			}
	}
}

static void a_refused_letter_leaves_no_trace(void **state)
{
	(void)state;
	struct letter good = sample_letter(arena, LETTER_DEMAND, LETTER_NB), bad = good;
	bad.deadline_on = date_add(bad.sent_on, 13);
	size_t page_count;
	str alone = letter_bytes(letters, &good, &page_count);
	const char *path = path_of("both.pdf");
	struct letters_made made;
	must(letters_module.open(letters, path));
	for (int i = 0; i < 2; i++) {
		err_t err = letters_module.add(letters, i ? &good : &bad, &page_count);
		assert_int_equal(err != OK, i == 0);
		if (err) {
			assert_int_equal(err_kind(err), ERR_REFUSED);
			assert_non_null(strstr(err_text(err), "case 100234"));
			err_free(err);
		}
	}
	must(letters_module.close(letters, &made));
	assert_int_equal(made.letter_count, 1);
	assert_true(str_eq(alone, file_take(path)));
}

static void many_letters_are_one_file(void **state)
{
	(void)state;
	const char *path = path_of("all.pdf");
	struct letters_made made;
	size_t page_count;
	must(letters_module.open(letters, path));
	assert_int_equal(access(path, F_OK), -1); /* not before it is whole */
	for (int i = 0; i < 50; i++) {
		struct letter letter = sample_letter(arena, LETTER_NOTICE, i % 2 ? LETTER_EN : LETTER_NB);
		letter.case_no += i;
		must(letters_module.add(letters, &letter, &page_count));
	}
	must(letters_module.close(letters, &made));
	assert_int_equal(access(str_format(arena, "%s.part", path).at, F_OK), -1);
	assert_int_equal(made.letter_count, 50);
	assert_int_equal(made.page_count, 50);
	assert_int_equal(made.unknown_count, 0);
	str text = text_of(file_take(path));
	assert_true(!text.size || str_has(text, S("100283")));
}

static void a_file_that_cannot_be_made_is_named(void **state)
{
	(void)state;
	err_t err = letters_module.open(letters, "/nowhere/at/all.pdf");
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_OUTSIDE);
	assert_non_null(strstr(err_text(err), "/nowhere/at/all.pdf.part"));
	err_free(err);
	struct letters_made made;
	must(letters_module.open(letters, path_of("none.pdf")));
	err = letters_module.close(letters, &made);
	assert_non_null(err);
	err_free(err);
	assert_int_equal(access(path_of("none.pdf.part"), F_OK), -1);
}

/* ---- Statements ---- */

enum { ROW_COUNT = 40 };

static struct statement sample_statement(void)
{
	struct statement_row *rows = arena_many(arena, ROW_COUNT, struct statement_row);
	money sum = MONEY_ZERO;
	for (int i = 0; i < ROW_COUNT; i++) {
		money principal = money_of(100000 + 3777 * i), interest = money_of(1234);
		money commission = money_ratio(money_add(principal, interest), 300, 10000, ROUND_HALF_UP);
		money vat = money_ratio(commission, 25, 100, ROUND_HALF_UP);
		rows[i] = (struct statement_row){ date_make(2026, 1, 2 + i % 28), 100200 + i,
			str_format(arena, "2025-%d", i), i ? S("Bjørg Ødegård") : S("=HYPERLINK(\"x\")"),
			i % 5 ? S("Innbetaling") : S("Betalt til deg"), money_add(principal, interest), principal,
			interest, money_of(i % 3 ? 0 : 3800), commission, vat, MONEY_ZERO };
		rows[i].net = money_sub(
			money_sub(money_add(money_add(principal, interest), rows[i].fees), commission), vat);
		sum = money_add(sum, rows[i].net);
	}
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	return (struct statement){ .language = LETTER_NB,
		.agency = letter.agency,
		.client_name = S("Nordlys Fotballklubb SA"),
		.client_address = S("Stadionveien 1"),
		.client_postcode = S("9008"),
		.client_city = S("Tromsø"),
		.client_orgnr = S("912345678"),
		.client_account = S("47121234567"),
		.client_no = 1042,
		.settlement_no = 20260017,
		.from_on = date_make(2026, 1, 1),
		.to_on = date_make(2026, 1, 31),
		.settled_on = date_make(2026, 2, 2),
		.rows = rows,
		.row_count = ROW_COUNT,
		.vat_rate_bp = 2500,
		.carried_in = { 12345 },
		.payout = money_add(sum, money_of(12345)) };
}

static void a_statement_is_a_sales_document(void **state)
{
	(void)state;
	struct statement statement = sample_statement();
	size_t page_count;
	const char *path = path_of("statement.pdf");
	must(letters_module.statement(letters, path, &statement, &page_count));
	str bytes = file_take(path);
	must(letters_module.statement(letters, path, &statement, &page_count));
	assert_true(str_eq(bytes, file_take(path)));
	assert_true(page_count >= 2);
	str text = text_of(bytes);
	if (!text.size)
		return;
	static const char *const parts[] = { "987 654 325 MVA", "912 345 678", "20260017", "2. februar 2026",
		"Provisjon uten mva.", "Mva. 25 %", "Overført fra forrige oppgjør", "Utbetales til kontoen din",
		"Innbetaling (32)", "Betalt til deg (8)" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct text plain = text_in(arena, text.size + 1); /* no-break spaces come out as they are */
		for (size_t k = 0; k < text.size; k++)
			if (str_starts((str){ text.at + k, text.size - k }, S("\xC2\xA0")))
				text_add_char(&plain, ' '), k++;
			else
				text_add_char(&plain, text.at[k]);
		if (!str_has(text_str(&plain), str_from_z(parts[i])))
			fail_msg("the statement does not say '%s'", parts[i]);
	}
}

static void a_statement_that_does_not_add_up_is_refused(void **state)
{
	(void)state;
	struct statement statement = sample_statement();
	statement.payout.minor++;
	size_t page_count;
	err_t err = letters_module.statement(letters, path_of("bad.pdf"), &statement, &page_count);
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_INTERNAL);
	err_free(err);
	assert_int_equal(access(path_of("bad.pdf"), F_OK), -1);
	assert_int_equal(access(path_of("bad.pdf.part"), F_OK), -1);
	statement = sample_statement();
	struct statement_row *row = arena_new(arena, struct statement_row);
	*row = statement.rows[0];
	row->net.minor++;
	statement.rows = row;
	statement.row_count = 1;
	err = statement_check(&statement);
	assert_non_null(strstr(err_text(err), "case 100200 of 2026-01-02"));
	err_free(err);
}

static void an_empty_statement_is_a_page(void **state)
{
	(void)state;
	struct statement statement = sample_statement();
	statement.row_count = 0;
	statement.payout = MONEY_ZERO;
	statement.carried_out = statement.carried_in;
	size_t page_count;
	must(letters_module.statement(letters, path_of("empty.pdf"), &statement, &page_count));
	assert_int_equal(page_count, 1);
	file_take(path_of("empty.pdf"));
}

static void kinds_beyond_the_last_share_one_line(void **state)
{
	(void)state;
	struct statement statement = sample_statement();
	struct statement_row *rows = arena_many(arena, 20, struct statement_row);
	for (int i = 0; i < 20; i++) {
		rows[i] = statement.rows[i];
		rows[i].what = str_format(arena, "Slag %d", i);
	}
	statement.rows = rows;
	statement.row_count = 20;
	struct statement_sum sums[STATEMENT_KIND_MAX];
	assert_int_equal(statement_kinds(&statement, sums), STATEMENT_KIND_MAX);
	assert_int_equal(sums[0].row_count, 1);
	assert_int_equal(sums[STATEMENT_KIND_MAX - 1].row_count, 20 - STATEMENT_KIND_MAX + 1);
	assert_int_equal(sums[STATEMENT_KIND_MAX - 1].what.size, 0);
	money net = MONEY_ZERO;
	for (size_t i = 0; i < STATEMENT_KIND_MAX; i++)
		net = money_add(net, sums[i].net);
	assert_int_equal(net.minor, statement_total(&statement).net.minor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_drawn_in_inter),
		cmocka_unit_test(an_ordinary_letter_is_one_page),
		cmocka_unit_test(the_place_of_the_table_is_right),
		cmocka_unit_test(the_same_letter_gives_the_same_bytes),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(long_letters_go_on_and_say_how_far),
		cmocka_unit_test(odd_texts_do_no_harm),
		cmocka_unit_test(a_refused_letter_leaves_no_trace),
		cmocka_unit_test(many_letters_are_one_file),
		cmocka_unit_test(a_file_that_cannot_be_made_is_named),
		cmocka_unit_test(a_statement_is_a_sales_document),
		cmocka_unit_test(a_statement_that_does_not_add_up_is_refused),
		cmocka_unit_test(an_empty_statement_is_a_page),
		cmocka_unit_test(kinds_beyond_the_last_share_one_line),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
