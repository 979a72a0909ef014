/* JSON coming in: what is strict about it, and that what we write we can read. */
#include "base/json.h"
#include "format/json_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena;

static struct json_value read_ok(const char *text)
{
	struct json_value value;
	err_t err = json_read(str_from_z(text), arena, &value);
	if (err)
		print_error("%s\n", err_text(err));
	assert_null(err);
	return value;
}

static void fails(err_t err, const char *part)
{
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_INPUT);
	if (!str_has(str_from_z(err_text(err)), str_from_z(part)))
		print_error("wanted '%s', got: %s\n", part, err_text(err));
	assert_true(str_has(str_from_z(err_text(err)), str_from_z(part)));
	err_free(err);
}

static void read_fails(const char *text, const char *part)
{
	struct json_value value;
	fails(json_read(str_from_z(text), arena, &value), part);
}

static void members_have_types(void **state)
{
	(void)state;
	struct json_value value = read_ok("{\"n\": 12, \"t\": \"åæø\", \"on\": \"2026-01-15\", \"yes\": true, \"none\": null, \"r\": 1.5,"
					  " \"list\": [1, 2, {\"x\": 3}]}");
	int64_t number;
	str text;
	date on;
	bool truth;
	assert_null(json_member_i64(&value, "n", &number));
	assert_int_equal(number, 12);
	assert_null(json_member_str(&value, "t", &text));
	assert_true(str_eq_z(text, "åæø"));
	assert_null(json_member_date(&value, "on", &on));
	assert_string_equal(date_iso(on).z, "2026-01-15");
	assert_null(json_member_bool_or(&value, "yes", false, &truth));
	assert_true(truth);
	assert_null(json_member_i64_or(&value, "none", 7, &number));
	assert_int_equal(number, 7);
	assert_null(json_member_date_or(&value, "missing", DATE_NONE, &on));
	assert_true(date_is_none(on));
	fails(json_member_i64(&value, "missing", &number), "'missing' is missing");
	fails(json_member_i64(&value, "t", &number), "'t' is not a whole number");
	fails(json_member_i64(&value, "r", &number), "'r' is not a whole number");
	fails(json_member_str(&value, "n", &text), "'n' is not a text");
	fails(json_member_date(&value, "t", &on), "'t'");
	assert_int_equal(json_member(&value, "list")->count, 3);
	assert_null(json_member_i64(&json_member(&value, "list")->items[2], "x", &number));
	assert_int_equal(number, 3);
	static const char *const known[] = { "n", "t", "on", "yes", "none", "r", NULL };
	fails(json_keys_known(&value, known), "'list' is no field of this");
}

static void what_is_not_strict_is_refused(void **state)
{
	(void)state;
	read_fails("", "this is not JSON");
	read_fails("{\"a\": 1,}", "line 1: this is not JSON");
	read_fails("{\"a\": 1, \"a\": 2}", "duplicate");
	read_fails("{} {}", "this is not JSON");
	read_fails("{\n\"a\": x}", "line 2");
	read_fails("\"\xFF\"", "this is not JSON");
	read_fails("9223372036854775808", "this is not JSON");
	struct text deep = text_in(arena, 1 << 16);
	for (int i = 0; i < JSON_READ_DEPTH_MAX + 1; i++)
		text_add_z(&deep, "[");
	for (int i = 0; i < JSON_READ_DEPTH_MAX + 1; i++)
		text_add_z(&deep, "]");
	read_fails(str_z(arena, text_str(&deep)), "nested more than 32 deep");
	text_clear(&deep);
	for (int i = 0; i < 20000; i++)
		text_add_z(&deep, "[");
	read_fails(str_z(arena, text_str(&deep)), "this is not JSON");
}

static void what_we_write_we_can_read(void **state)
{
	(void)state;
	struct text text = text_in(arena, 4096);
	struct json json = json_in(arena, sink_text(&text));
	json_object(&json);
	json_key(&json, "text"), json_str(&json, S("\"\\ \n\t\x01 ø"));
	json_key(&json, "least"), json_int(&json, INT64_MIN);
	json_key(&json, "list"), json_array(&json);
	json_null(&json), json_bool(&json, true), json_date(&json, date_make(2026, 2, 28));
	json_end(&json);
	json_end(&json);
	assert_null(json_finish(&json));
	struct json_value value;
	assert_null(json_read(text_str(&text), arena, &value));
	assert_int_equal(value.count, 3);
	assert_true(str_eq_z(value.keys[0], "text"));
	assert_true(str_eq_z(value.items[0].text, "\"\\ \n\t\x01 ø"));
	assert_true(value.items[1].integer == INT64_MIN);
	assert_int_equal(value.items[2].items[0].kind, JSON_READ_NULL);
	assert_true(value.items[2].items[1].truth);
}

static int arena_begin(void **state)
{
	(void)state;
	arena = arena_create(64 << 20);
	return 0;
}

static int arena_end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_have_types),
		cmocka_unit_test(what_is_not_strict_is_refused),
		cmocka_unit_test(what_we_write_we_can_read),
	};
	return cmocka_run_group_tests_name("JSON read", tests, arena_begin, arena_end);
}
