/* The CSV scanner: separators, quotes, encodings, line numbers, and what is refused. */
#include "format/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena, *scratch;

/* Rows written as line:[a|b|c], one after the other. */
static err_t note(const struct csv_row *row, void *context)
{
	struct text *text = context;
	text_addf(text, "%lld:[", (long long)row->line_no);
	for (size_t i = 0; i < row->field_count; i++) {
		if (i)
			text_add_char(text, '|');
		text_add(text, row->fields[i]);
	}
	text_add_char(text, ']');
	return OK;
}

static void reads(str bytes, const char *expected)
{
	/* An exact-size heap copy, so that the sanitizer sees a read past the end. */
	struct arena *own = arena_create(64 * 1024 * 1024);
	char *copy = arena_alloc(own, 512 * 1024 + bytes.size);
	copy += 512 * 1024;
	if (bytes.size)
		memcpy(copy, bytes.at, bytes.size);
	struct text text = text_in(arena, 1024 * 1024);
	err_t err = csv_read((str){ copy, bytes.size }, scratch, note, &text);
	if (err)
		text_add_z(&text, err_text(err));
	err_free(err);
	text_add_char(&text, '\0');
	assert_string_equal(text_str(&text).at, expected);
	arena_destroy(own);
}

static void plain_rows(void **state)
{
	(void)state;
	reads(S("a;b;c\n1;2;3\n"), "1:[a|b|c]2:[1|2|3]");
	reads(S("a,b,c\r\n1,2,3\r\n"), "1:[a|b|c]2:[1|2|3]");
	reads(S("a\tb\n1\t2"), "1:[a|b]2:[1|2]");
	reads(S("a;b;c\n1;;\n;;3\n"), "1:[a|b|c]2:[1||]3:[||3]");
	reads(S("a;b\n\n;\n \n1;2\n\n"), "1:[a|b]5:[1|2]");
	reads(S(""), "");
	reads(S("\n\n"), "");
	reads(S("alone\n1\n"), "1:[alone]2:[1]");
}

static void the_separator_is_found(void **state)
{
	(void)state;
	reads(S("a;b\n3480,00;x, y\n1,5;z\n"), "1:[a|b]2:[3480,00|x, y]3:[1,5|z]");
	reads(S("a,b\n\"3480,00\",\"x;y\"\n"), "1:[a|b]2:[3480,00|x;y]");
	reads(S("a,b\n1,5,3\n"), "1:[a|b]2:[1|5|3]"); /* uneven, but only the comma cuts the header */
	reads(S("sep=,\na,b;c\n1,2\n"), "2:[a|b;c]3:[1|2]");
	reads(S("sep=;\r\na\r\n1\r\n"), "2:[a]3:[1]");
}

static void quotes(void **state)
{
	(void)state;
	reads(S("a;b\n\"x;y\";\"say \"\"hi\"\"\"\n"), "1:[a|b]2:[x;y|say \"hi\"]");
	reads(S("a;b\n\"two\nlines\";1\n3;4\n"), "1:[a|b]2:[two\nlines|1]4:[3|4]");
	reads(S("a;b\n\"\";\"\"\"\"\n"), "1:[a|b]2:[|\"]");
	reads(S("a;b\nFirma \"X\" AS;1\n"), "1:[a|b]2:[Firma \"X\" AS|1]");
	reads(S("a;b\n\"x\"y;1\n"), "1:[a|b]line 2: field 1 goes on after its closing quote");
	reads(S("a;b\n1;2\n3;\"x\n4;5\n"), "1:[a|b]2:[1|2]line 3: a quote is opened and never closed");
	reads(S("a;b\n1;\""), "1:[a|b]line 2: a quote is opened and never closed");
	reads(S("a;b\n1;\"x\""), "1:[a|b]2:[1|x]");
}

static void encodings(void **state)
{
	(void)state;
	reads(S("\xEF\xBB\xBF"
		"a;b\np\xC3\xA5;1\n"),
		"1:[a|b]2:[p\xC3\xA5|1]");
	reads(S("a;b\np\xC3\xA5;1\n"), "1:[a|b]2:[p\xC3\xA5|1]");
	reads(S("a;b\np\xE5;\x80\n\xD8l;2\n"), "1:[a|b]2:[p\xC3\xA5|\xE2\x82\xAC]3:[\xC3\x98l|2]");
	reads(S("a;b\np\xC3\xA5;1\np\xE5;2\n"),
		"1:[a|b]2:[p\xC3\xA5|1]line 3 is not UTF-8, as the lines before it are");
	reads(S("\xEF\xBB\xBF"
		"a;b\np\xE5;1\n"),
		"1:[a|b]line 2 is not UTF-8, as the lines before it are");
	reads(S("\xFF\xFE"
		"a\0;\0"),
		"the file is UTF-16: save it as 'CSV UTF-8'");
	reads(S("PK\x03\x04xxxx"), "the file is a workbook, not CSV: save it as 'CSV UTF-8'");
}

static void hostile_bytes(void **state)
{
	(void)state;
	reads(S("a;b\n1;2\0\n"), "1:[a|b]line 2 holds a NUL byte: this is not text");
	reads(S("a;b\n1;\"2\0\"\n"), "1:[a|b]line 2 holds a NUL byte: this is not text");
	reads(S("a;b\r1;2\r"), "line 1 holds a carriage return without a line feed");
}

static void sizes_are_bounded(void **state)
{
	(void)state;
	struct text big = text_in(arena, 8 * 1024 * 1024);
	text_add_z(&big, "a;b\n1;");
	for (int i = 0; i < CSV_FIELD_SIZE_MAX; i++)
		text_add_char(&big, 'x');
	struct text seen = text_in(arena, 1024 * 1024);
	assert_null(csv_read(text_str(&big), scratch, note, &seen));
	text_add_char(&big, 'x');
	reads(text_str(&big), "1:[a|b]line 2: field 2 is larger than 64 KiB (a quote that is never closed?)");
	text_clear(&big);
	text_add_z(&big, "a;b\n1;\"");
	for (int i = 0; i < 2 * CSV_ROW_SIZE_MAX; i++)
		text_add_char(&big, 'x');
	reads(text_str(&big), "1:[a|b]line 2: field 2 is larger than 64 KiB (a quote that is never closed?)");
	text_clear(&big);
	text_add_z(&big, "a;b\n");
	for (int i = 0; i < CSV_FIELD_COUNT_MAX; i++)
		text_add_z(&big, "x;");
	reads(text_str(&big), "1:[a|b]line 2 has more than 256 fields");
	text_clear(&big);
	text_add_z(&big, "a;b\n");
	for (int i = 0; i < 10 * CSV_ROW_SIZE_MAX / 16 / 8; i++)
		text_add_z(&big, "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy;");
	reads(text_str(&big), "1:[a|b]line 2 has more than 256 fields");
}

static void bad_rows_go_back_byte_for_byte(void **state)
{
	(void)state;
	str bytes = S("\xEF\xBB\xBFsep=;\r\nA ;\"b\"\r\n1;2\r\n\"x\r\ny\";3");
	str head;
	assert_null(csv_head_raw(bytes, scratch, &head));
	assert_true(str_eq(head, S("\xEF\xBB\xBFsep=;\r\nA ;\"b\"\r\n")));
	struct text text = text_in(arena, 1024);
	assert_null(csv_write_raw(sink_text(&text), head));
	assert_null(csv_write_raw(sink_text(&text), S("\"x\r\ny\";3")));
	assert_true(str_eq(text_str(&text), S("\xEF\xBB\xBFsep=;\r\nA ;\"b\"\r\n\"x\r\ny\";3\r\n")));
}

static void a_written_field_is_safe_in_a_spreadsheet(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{ "abc", "abc" },
		{ "a;b", "\"a;b\"" },
		{ "a\"b", "\"a\"\"b\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "@x", "\"'@x\"" },
		{ "-12,50", "\"-12,50\"" },
		{ "-12.50", "-12.50" },
		{ "-x", "\"'-x\"" },
		{ "+4791234567", "\"'+4791234567\"" },
		{ "", "" },
		{ "\tx", "\"'\tx\"" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct text text = text_in(arena, 1024);
		csv_text_field(&text, str_from_z(pairs[i][0]));
		assert_true(str_eq_z(text_str(&text), pairs[i][1]));
	}
}

static err_t match(const struct csv_row *row, void *context)
{
	static const struct csv_column columns[] = { { "name", true }, { "amount", true }, { "kid", false } };
	return csv_columns_match(row, columns, 3, scratch, context);
}

static void columns_by_name_in_any_order(void **state)
{
	(void)state;
	struct csv_columns columns;
	assert_null(csv_read(S(" AMOUNT ;Name\n"), scratch, match, &columns));
	assert_int_equal(columns.field_at[0], 1);
	assert_int_equal(columns.field_at[1], 0);
	assert_int_equal(columns.field_at[2], -1);
	str cells[] = { S(" 12 \xC2\xA0"), S("\xC2\xA0 x") };
	struct csv_row row = { 2, cells, 2, S("") };
	assert_true(str_eq_z(csv_field(&row, &columns, 0), "x"));
	assert_true(str_eq_z(csv_field(&row, &columns, 1), "12"));
	assert_true(str_eq_z(csv_field(&row, &columns, 2), ""));
	err_t err = csv_read(S("name;belop;Name;navn\n"), scratch, match, &columns);
	assert_non_null(err);
	assert_string_equal(err_text(err),
		"line 1: unknown columns: 'belop', 'navn'; missing columns: 'amount'; repeated columns: 'Name'");
	err_free(err);
}

static void texts_are_looked_at(void **state)
{
	(void)state;
	struct row_findings findings = { .arena = scratch, .line_no = 7 };
	assert_true(row_text_check(&findings, "name", S("\xC3\x85se \xE2\x82\xAC"), 6));
	assert_true(row_text_check(&findings, "name", S("\xC3\xA5\xC3\xA5\xC3\xA5"), 3));
	assert_false(row_text_check(&findings, "name", S("\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5"), 3));
	assert_false(row_text_check(&findings, "name", S("a\nb"), 10));
	assert_false(row_text_check(&findings, "name", S("a\x01"), 10));
	assert_false(row_text_check(&findings, "name", S("a\xC2\x85"), 10));
	assert_false(row_text_check(&findings, "name", S("a\xE2\x80\xAE"), 10));
	assert_false(row_text_check(&findings, "name", S("a\xEF\xBF\xBD"), 10));
	assert_int_equal(findings.count, 6);
	assert_int_equal(findings.items[1].line_no, 7);
	assert_true(str_eq_z(findings.items[1].reason, "the text cannot be taken: it holds a line break"));
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
		cmocka_unit_test(plain_rows),
		cmocka_unit_test(the_separator_is_found),
		cmocka_unit_test(quotes),
		cmocka_unit_test(encodings),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(bad_rows_go_back_byte_for_byte),
		cmocka_unit_test(a_written_field_is_safe_in_a_spreadsheet),
		cmocka_unit_test(columns_by_name_in_any_order),
		cmocka_unit_test(texts_are_looked_at),
	};
	return cmocka_run_group_tests_name("csv", tests, setup, teardown);
}
