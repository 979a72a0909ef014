/* Text, whole numbers, errors, memory, sinks and modules: the ground everything else stands on. */
#include "base/arena.h"
#include "base/err.h"
#include "base/module.h"
#include "base/sink.h"
#include "base/str.h"
#include "panics.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
/* cmocka has a macro fail(): ours is called as (fail)(…). */

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void assert_str(str s, const char *expected)
{
	if (!str_eq_z(s, expected))
		fail_msg("'%.*s' is not '%s'", STR_ARG(s), expected);
}

static uint64_t random_next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 20;
}

/* ---- str ---- */

static void texts_are_compared_by_their_bytes(void **state)
{
	(void)state;
	str none = { NULL, 0 };
	assert_true(str_eq(none, S("")));
	assert_true(str_eq(str_from_z(NULL), none));
	assert_true(str_eq_z(S("kravbok"), "kravbok"));
	assert_false(str_eq(S("krav"), S("kravbok")));
	assert_false(str_eq(S("kraw"), S("krav")));
	assert_true(str_compare(S("a"), S("b")) < 0);
	assert_true(str_compare(S("b"), S("a")) > 0);
	assert_true(str_compare(S("a"), S("aa")) < 0);
	assert_true(str_compare(S("aa"), S("a")) > 0);
	assert_int_equal(str_compare(S("aa"), S("aa")), 0);
	assert_int_equal(str_compare(none, S("")), 0);
	assert_true(str_compare(S("\x7F"), S("\xC3\xA5")) < 0); /* bytes are unsigned */
	assert_true(str_eq((str){ "a\0b", 3 }, (str){ "a\0b", 3 }));
	assert_false(str_eq((str){ "a\0b", 3 }, (str){ "a\0c", 3 }));
}

static void parts_of_a_text(void **state)
{
	(void)state;
	assert_true(str_starts(S("no/minimum"), S("no/")));
	assert_true(str_starts(S("no"), S("")));
	assert_false(str_starts(S("no"), S("no/")));
	assert_false(str_starts(S("se/minimum"), S("no/")));
	assert_true(str_has(S("abc"), S("bc")));
	assert_true(str_has(S("abc"), S("")));
	assert_false(str_has(S("abc"), S("ac")));
	assert_false(str_has(S("abc"), S("abcd")));
	assert_false(str_has(S(""), S("a")));
	assert_str(str_trim(S(" \t\r\n a b \n")), "a b");
	assert_str(str_trim(S(" \t ")), "");
	assert_str(str_trim(S("")), "");
	str rest;
	assert_str(str_cut(S("a;b;c"), ';', &rest), "a");
	assert_str(rest, "b;c");
	assert_str(str_cut(S("abc"), ';', &rest), "abc");
	assert_str(rest, "");
	assert_str(str_cut(S("abc;"), ';', &rest), "abc");
	assert_str(rest, "");
	assert_str(str_cut(S(";abc"), ';', &rest), "");
	assert_str(rest, "abc");
	assert_str(str_cut((str){ NULL, 0 }, ';', &rest), "");
	assert_true(str_is_digits(S("0123456789")));
	assert_false(str_is_digits(S("")));
	assert_false(str_is_digits(S("12a")));
	assert_false(str_is_digits(S("1/2")));
	assert_false(str_is_digits(S("1:2")));
	assert_false(str_is_digits(S("\xD9\xA1"))); /* a digit of another script */
}

static void copies_end_in_nul(void **state)
{
	(void)state;
	char from[] = "abcdef";
	str copy = str_copy(arena, (str){ from, 3 });
	from[0] = 'x';
	assert_str(copy, "abc");
	assert_int_equal(copy.at[3], 0);
	assert_string_equal(str_z(arena, (str){ NULL, 0 }), "");
	assert_str(str_format(arena, "%d %.*s", 7, STR_ARG(S("kr"))), "7 kr");
	assert_str(str_format(arena, "[%.*s]", STR_ARG(((str){ NULL, 0 }))), "[]");
	assert_int_equal(str_format(arena, "%5000d", 1).size, 5000);
	assert_int_equal(str_print_size((str){ "", (size_t)INT32_MAX + 1 }), INT32_MAX);
}

static void utf8_is_strict(void **state)
{
	(void)state;
	static const char *const good[] = {
		"",
		"a",
		"\x7F",
		"\xC2\x80",
		"\xDF\xBF",
		"\xE0\xA0\x80",
		"\xED\x9F\xBF",
		"\xEE\x80\x80",
		"\xEF\xBF\xBF",
		"\xF0\x90\x80\x80",
		"\xF4\x8F\xBF\xBF",
		"Bj\xC3\xB8rg \xC3\x98stby",
		"\xF0\x9F\x98\x80",
	};
	static const char *const bad[] = {
		"\x80",
		"\xBF",
		"\xC0\x80",
		"\xC1\xBF",
		"\xC2",
		"\xC2\x41",
		"\xC2\xC2",
		"\xE0\x9F\xBF",
		"\xE0\x80\x80",
		"\xE1\x80",
		"\xE1\x80\x41",
		"\xE1\x41\x80",
		"\xED\xA0\x80",
		"\xED\xBF\xBF",
		"\xF0\x8F\xBF\xBF",
		"\xF0\x9F\x98",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xF8\x88\x80\x80\x80",
		"\xFE",
		"\xFF",
		"abc\xC3",
		"Bj\xF8rg",
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(str_is_utf8(str_from_z(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (str_is_utf8(str_from_z(bad[i])))
			fail_msg("bad text no. %zu (0-based) was taken", i);
	assert_false(str_is_utf8((str){ "a\0b", 3 }));
	assert_false(str_is_utf8((str){ "\xC3\xA5", 1 })); /* the view ends inside a letter */
}

/* Every code point written by hand comes back, and what is no letter is U+FFFD, a byte at a time. */
static void characters_are_taken_one_by_one(void **state)
{
	(void)state;
	str rest = S("a\xC3\xA5\xE2\x82\xAC\xF0\x9F\x98\x80\xFFz");
	static const uint32_t expected[] = { 'a', 0xE5, 0x20AC, 0x1F600, 0xFFFD, 'z' };
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		assert_int_equal(str_take_char(&rest), expected[i]);
	assert_int_equal(rest.size, 0);
	rest = (str){ "\0\xE2\x82", 3 };
	assert_int_equal(str_take_char(&rest), 0);
	assert_int_equal(str_take_char(&rest), 0xFFFD);
	assert_int_equal(str_take_char(&rest), 0xFFFD);
	assert_int_equal(rest.size, 0);
}

static void windows_1252_becomes_utf8(void **state)
{
	(void)state;
	assert_str(str_from_latin1(arena, S("Bj\xF8rg \xD8"
					    "deg\xE5rd")),
		"Bj\xC3\xB8rg \xC3\x98"
		"deg\xC3\xA5rd");
	assert_str(
		str_from_latin1(arena, S("\x80 \x96 \x9F")), "\xE2\x82\xAC \xE2\x80\x93 \xC5\xB8"); /* euro, dash, Y: */
	assert_str(str_from_latin1(arena, S("\x81\x8D\x8F\x90\x9D")),
		"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); /* the five that are no letter */
	assert_str(str_from_latin1(arena, S("\xA0\xFF")), "\xC2\xA0\xC3\xBF");
	assert_str(str_from_latin1(arena, S("")), "");
	char all[255];
	for (int i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	assert_true(str_is_utf8(str_from_latin1(arena, (str){ all, sizeof all })));
}

static void a_text_grows(void **state)
{
	(void)state;
	struct text text = text_in(arena, 100000);
	assert_str(text_str(&text), "");
	for (int i = 0; i < 10000; i++)
		text_addf(&text, "%d,", i % 10);
	text_add_z(&text, "end");
	text_add_char(&text, '.');
	text_add(&text, (str){ NULL, 0 });
	str whole = text_str(&text);
	assert_int_equal(whole.size, 20004);
	assert_true(str_starts(whole, S("0,1,2,3,4,5,6,7,8,9,0,")));
	assert_str((str){ whole.at + 19996, 8 }, "8,9,end.");
	assert_int_equal(whole.at[whole.size], 0);
	text_clear(&text);
	assert_str(text_str(&text), "");
	text_add(&text, S("again"));
	assert_str(text_str(&text), "again");
}

static void text_over_its_size(void)
{
	struct text text = text_in(arena, 3);
	text_add(&text, S("abcd"));
}

static void take_from_nothing(void)
{
	str nothing = S("");
	str_take_char(&nothing);
}

static void a_text_never_outgrows_its_birth(void **state)
{
	(void)state;
	struct text text = text_in(arena, 3);
	text_add(&text, S("abc"));
	assert_str(text_str(&text), "abc");
	assert_panics(text_over_its_size);
	assert_panics(take_from_nothing);
}

/* ---- whole numbers ---- */

static void whole_numbers_and_their_bounds(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t min, max, value;
	} good[] = {
		{ "0", 0, 0, 0 },
		{ "-0", 0, 0, 0 },
		{ "7", 7, 7, 7 },
		{ "007", 1, 9, 7 },
		{ "-5", -5, 5, -5 },
		{ "5", -5, 5, 5 },
		{ "999999999999999999", INT64_MIN, INT64_MAX, INT64_C(999999999999999999) },
		{ "-999999999999999999", INT64_MIN, INT64_MAX, -INT64_C(999999999999999999) },
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t value = -77;
		err_t err = parse_i64(str_from_z(good[i].text), good[i].min, good[i].max, &value);
		assert_null(err);
		assert_int_equal(value, good[i].value);
	}
	static const struct {
		const char *text;
		int64_t min, max;
	} bad[] = {
		{ "", 0, 9 },
		{ "-", -9, 9 },
		{ "+1", 0, 9 },
		{ " 1", 0, 9 },
		{ "1 ", 0, 9 },
		{ "1.0", 0, 9 },
		{ "0x1", 0, 9 },
		{ "--1", -9, 9 },
		{ "1-", -9, 9 },
		{ "6", -5, 5 },
		{ "-6", -5, 5 },
		{ "-1", 0, 9 },
		{ "10", 0, 9 },
		{ "9223372036854775808", INT64_MIN, INT64_MAX },
		{ "99999999999999999999999", INT64_MIN, INT64_MAX },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t value = -77;
		err_t err = parse_i64(str_from_z(bad[i].text), bad[i].min, bad[i].max, &value);
		if (!err)
			fail_msg("'%s' was read as %" PRId64, bad[i].text, value);
		assert_int_equal(err_kind(err), ERR_INPUT);
		assert_non_null(strstr(err_text(err), bad[i].text));
		assert_int_equal(value, -77);
		err_free(err);
	}
}

static void size_of_minus_one(void)
{
	size_from_i64(-1);
}

static void i64_of_too_much(void)
{
	i64_from_size(SIZE_MAX);
}

static void casts_that_lie_end_the_program(void **state)
{
	(void)state;
	assert_int_equal(size_from_i64(0), 0);
	assert_int_equal(size_from_i64(INT64_MAX), INT64_MAX);
	assert_int_equal(i64_from_size(7), 7);
	assert_panics(size_of_minus_one);
	assert_panics(i64_of_too_much);
}

/* ---- errors ---- */

static err_t fail_late(int depth)
{
	return depth ? within(fail_late(depth - 1), "level %d", depth) : (fail)(ERR_REFUSED, "case %d is closed", 12);
}

static err_t try_both(err_t first, int *reached)
{
	TRY(first);
	*reached = 1;
	return OK;
}

static void an_error_says_where_and_why(void **state)
{
	(void)state;
	err_t err = fail_late(2);
	assert_string_equal(err_text(err), "level 2: level 1: case 12 is closed");
	assert_int_equal(err_kind(err), ERR_REFUSED);
	err_free(err);
	err_free(NULL);
	err = within(OK, "nothing %d", 1);
	assert_null(err);
	int reached = 0;
	err = try_both(OK, &reached);
	assert_null(err);
	assert_int_equal(reached, 1);
	reached = 0;
	err = try_both((fail)(ERR_BUSY, "locked"), &reached);
	assert_int_equal(err_kind(err), ERR_BUSY);
	assert_int_equal(reached, 0);
	err_free(err);
}

static void an_error_is_one_line(void **state)
{
	(void)state;
	err_t err = (fail)(ERR_INPUT, "'%s' is no amount", "1\n2\r\t3\x1B[31m\x7F");
	err = within(err, "%s", "a\nfile");
	assert_string_equal(err_text(err), "a file: '1 2  3 [31m ' is no amount");
	err_free(err);
}

/* However long the value and wherever the cut falls, what is left is whole UTF-8. */
static void a_long_value_is_cut_at_a_whole_letter(void **state)
{
	(void)state;
	static const char *const letters[] = { "a", "\xC3\xA5", "\xE2\x82\xAC", "\xF0\x9F\x98\x80" };
	for (size_t l = 0; l < sizeof letters / sizeof *letters; l++) {
		for (size_t before = 0; before < 5; before++) {
			struct text text = text_in(arena, 6000);
			for (size_t i = 0; i < before; i++)
				text_add_char(&text, '.');
			for (size_t i = 0; i < 1200; i++)
				text_add_z(&text, letters[l]);
			err_t err = (fail)(ERR_INPUT, "%.*s", STR_ARG(text_str(&text)));
			str said = str_from_z(err_text(err));
			assert_true(str_is_utf8(said));
			assert_in_range(said.size, 990, 999);
			assert_true(str_starts(text_str(&text), said));
			err = within(err, "%.*s", STR_ARG(S("row 7")));
			assert_true(str_is_utf8(str_from_z(err_text(err))));
			assert_true(str_starts(str_from_z(err_text(err)), S("row 7: ")));
			err = within(err, "%.*s", STR_ARG(text_str(&text)));
			assert_true(str_is_utf8(str_from_z(err_text(err))));
			assert_true(str_has(
				str_from_z(err_text(err)), S(": row 7: "))); /* a long place leaves the reason */
			err_free(err);
		}
	}
}

static void text_of_no_error(void)
{
	err_text(NULL);
}

static void kind_of_no_error(void)
{
	err_kind(NULL);
}

static void no_error_has_no_text(void **state)
{
	(void)state;
	assert_panics(text_of_no_error);
	assert_panics(kind_of_no_error);
}

/* ---- arenas ---- */

static bool is_zero(const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

static void memory_is_zero_aligned_and_its_own(void **state)
{
	(void)state;
	struct arena *own = arena_create(32 << 20);
	uint64_t seed = 20260115;
	unsigned char *taken[500];
	size_t sizes[500];
	for (size_t i = 0; i < 500; i++) {
		sizes[i] = (size_t)(random_next(&seed) % (i % 50 ? 3000 : 400000));
		taken[i] = arena_alloc(own, sizes[i]);
		assert_non_null(taken[i]);
		assert_int_equal((uintptr_t)taken[i] % alignof(max_align_t), 0);
		assert_true(is_zero(taken[i], sizes[i]));
		memset(taken[i], (int)(i % 255) + 1, sizes[i]);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(taken[i][k], i % 255 + 1);
	arena_destroy(own);
	arena_destroy(NULL);
}

static void a_reset_gives_the_memory_back_zeroed(void **state)
{
	(void)state;
	enum { SIZE_MAX_BYTES = 4 << 20 };
	struct arena *own = arena_create(SIZE_MAX_BYTES);
	char *kept = arena_alloc(own, 100);
	strcpy(kept, "kept");
	struct arena_mark mark = arena_mark(own);
	/* Far more in all than the arena may hold at once: only what was given back makes it possible. */
	for (int round = 0; round < 200; round++) {
		size_t sizes[] = { 10, 300000, 1, 200000, (size_t)(1000 * round), 700000 };
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			unsigned char *at = arena_alloc(own, sizes[i]);
			assert_true(is_zero(at, sizes[i]));
			memset(at, 0xEE, sizes[i]);
		}
		arena_reset(own, mark);
	}
	assert_string_equal(kept, "kept");
	arena_destroy(own);
}

/* A mark taken in the middle of a block: what came before it stays when what came after goes. */
static void marks_nest(void **state)
{
	(void)state;
	struct arena *own = arena_create(4 << 20);
	struct arena_mark empty = arena_mark(own);
	int *first = arena_new(own, int);
	*first = 1;
	struct arena_mark middle = arena_mark(own);
	int *second = arena_many(own, 100000, int);
	second[99999] = 2;
	arena_reset(own, middle);
	int *again = arena_many(own, 100000, int);
	assert_int_equal(again[99999], 0);
	assert_int_equal(*first, 1);
	arena_reset(own, empty);
	assert_int_equal(*arena_new(own, int), 0);
	arena_destroy(own);
}

static void a_list_grows_with_what_it_holds(void **state)
{
	(void)state;
	int items[] = { 1, 2, 3 };
	int *grown = arena_grow(arena, items, 3, 10, sizeof *items);
	assert_memory_equal(grown, items, sizeof items);
	assert_true(is_zero((unsigned char *)(grown + 3), 7 * sizeof *items));
	assert_non_null(arena_grow(arena, NULL, 0, 0, sizeof *items));
	assert_non_null(arena_array(arena, 0, 0));
	assert_non_null(arena_array(arena, 5, 0));
}

static void alloc_over_the_limit(void)
{
	struct arena *own = arena_create(1 << 20);
	arena_alloc(own, 600000);
	arena_alloc(own, 600000);
}

static void array_that_overflows(void)
{
	arena_array(arena, SIZE_MAX / 2, 4);
}

static void alloc_of_everything(void)
{
	arena_alloc(arena, SIZE_MAX);
}

static void grow_to_less(void)
{
	int items[] = { 1, 2, 3 };
	arena_grow(arena, items, 3, 2, sizeof *items);
}

static void reset_forward(void)
{
	struct arena *own = arena_create(4 << 20);
	arena_alloc(own, 10);
	struct arena_mark mark = arena_mark(own);
	mark.block_count++;
	arena_reset(own, mark);
}

static void asking_for_too_much_ends_the_program(void **state)
{
	(void)state;
	assert_panics(alloc_over_the_limit);
	assert_panics(array_that_overflows);
	assert_panics(alloc_of_everything);
	assert_panics(grow_to_less);
	assert_panics(reset_forward);
}

/* ---- sinks ---- */

struct taken {
	size_t size, count, end_after; /* fails when more than end_after parts come */
	uint64_t sum;
};

static err_t take_part(str part, void *context)
{
	struct taken *taken = context;
	if (taken->count++ >= taken->end_after)
		return (fail)(ERR_OUTSIDE, "part %zu does not fit the disk", taken->count);
	for (size_t i = 0; i < part.size; i++)
		taken->sum = taken->sum * 31 + (unsigned char)part.at[i];
	taken->size += part.size;
	return OK;
}

static void a_buffer_passes_on_every_byte_in_order(void **state)
{
	(void)state;
	struct taken taken = { .end_after = SIZE_MAX };
	struct sink_buffer buffer = sink_buffer_in(arena, (struct sink){ take_part, &taken });
	char *large = arena_alloc(arena, 200001);
	memset(large, 'x', 200000);
	uint64_t sum = 0;
	size_t size = 0;
	for (int i = 0; i < 30000; i++) {
		char small[32];
		int length = snprintf(small, sizeof small, "row %d;", i);
		for (int k = 0; k < length; k++)
			sum = sum * 31 + (unsigned char)small[k];
		size += (size_t)length;
		if (i % 3 == 0)
			sink_addf(&buffer, "row %d;", i);
		else if (i % 3 == 1)
			sink_add_z(&buffer, small);
		else
			sink_add(&buffer, str_from_z(small));
		if (i % 10000 != 5000)
			continue;
		sink_add(&buffer, (str){ large, 200000 });
		for (int k = 0; k < 200000; k++)
			sum = sum * 31 + 'x';
		size += 200000;
	}
	err_t err = sink_flush(&buffer);
	assert_null(err);
	assert_int_equal(taken.size, size);
	assert_true(taken.sum == sum);
	assert_in_range(taken.count, 5, 30); /* not once a row */
}

static void a_buffer_keeps_its_first_error(void **state)
{
	(void)state;
	struct taken taken = { .end_after = 1 };
	struct sink_buffer buffer = sink_buffer_in(arena, (struct sink){ take_part, &taken });
	char *large = arena_alloc(arena, 100001);
	memset(large, 'x', 100000);
	for (int i = 0; i < 5; i++)
		sink_add(&buffer, (str){ large, 100000 });
	sink_add_z(&buffer, "more");
	err_t err = sink_flush(&buffer);
	assert_non_null(err);
	assert_string_equal(err_text(err), "part 2 does not fit the disk");
	assert_int_equal(taken.count, 2);
	err_free(err);
	err = sink_flush(&buffer);
	assert_null(err);
}

static void a_text_as_sink_refuses_more_than_it_holds(void **state)
{
	(void)state;
	struct text text = text_in(arena, 10);
	struct sink sink = sink_text(&text);
	err_t err = sink.write(S("0123456789"), sink.context);
	assert_null(err);
	err = sink.write(S("a"), sink.context);
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_INPUT);
	assert_non_null(strstr(err_text(err), "10 bytes"));
	err_free(err);
	assert_str(text_str(&text), "0123456789");
}

/* ---- modules ---- */

static void a_symbol_that_is_linked_in_is_found_at_once(void **state)
{
	(void)state;
	void *address = NULL;
	err_t err = module_symbol("none", "arena_create", &address);
	assert_null(err);
	assert_non_null(address);
}

static void a_module_that_is_not_there_says_so(void **state)
{
	(void)state;
	void *address = NULL;
	setenv("KRAVBOK_MODULES", "/nonexistent", 1);
	err_t err = module_symbol("tea", "tea_pour", &address);
	unsetenv("KRAVBOK_MODULES");
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_OUTSIDE);
	assert_non_null(strstr(err_text(err), "could not load kravbok-tea.so"));
	err_free(err);
	char long_dir[5000];
	memset(long_dir, 'd', sizeof long_dir - 1);
	long_dir[sizeof long_dir - 1] = '\0';
	setenv("KRAVBOK_MODULES", long_dir, 1);
	err = module_symbol("tea", "tea_pour", &address);
	unsetenv("KRAVBOK_MODULES");
	assert_non_null(err);
	err_free(err);
	err = module_symbol("tea", "tea_pour", &address); /* beside the program and installed: nowhere */
	assert_non_null(err);
	err_free(err);
	assert_null(address);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_compared_by_their_bytes),
		cmocka_unit_test(parts_of_a_text),
		cmocka_unit_test(copies_end_in_nul),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(characters_are_taken_one_by_one),
		cmocka_unit_test(windows_1252_becomes_utf8),
		cmocka_unit_test(a_text_grows),
		cmocka_unit_test(a_text_never_outgrows_its_birth),
		cmocka_unit_test(whole_numbers_and_their_bounds),
		cmocka_unit_test(casts_that_lie_end_the_program),
		cmocka_unit_test(an_error_says_where_and_why),
		cmocka_unit_test(an_error_is_one_line),
		cmocka_unit_test(a_long_value_is_cut_at_a_whole_letter),
		cmocka_unit_test(no_error_has_no_text),
		cmocka_unit_test(memory_is_zero_aligned_and_its_own),
		cmocka_unit_test(a_reset_gives_the_memory_back_zeroed),
		cmocka_unit_test(marks_nest),
		cmocka_unit_test(a_list_grows_with_what_it_holds),
		cmocka_unit_test(asking_for_too_much_ends_the_program),
		cmocka_unit_test(a_buffer_passes_on_every_byte_in_order),
		cmocka_unit_test(a_buffer_keeps_its_first_error),
		cmocka_unit_test(a_text_as_sink_refuses_more_than_it_holds),
		cmocka_unit_test(a_symbol_that_is_linked_in_is_found_at_once),
		cmocka_unit_test(a_module_that_is_not_there_says_so),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
