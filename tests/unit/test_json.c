/* JSON writing: commas, escapes, bytes that are no UTF-8. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena;
static struct text text;

static struct json begin(void)
{
	text = text_in(arena, 1024 * 1024);
	return json_in(arena, sink_text(&text));
}

static void end_is(struct json *json, const char *expected)
{
	assert_null(json_finish(json));
	str got = text_str(&text);
	assert_int_equal(got.at[got.size - 1], '\n');
	assert_string_equal(str_z(arena, (str){ got.at, got.size - 1 }), expected);
}

static void a_document(void **state)
{
	(void)state;
	struct json json = begin();
	json_object(&json);
	json_key(&json, "case_no"), json_int(&json, 4711);
	json_key(&json, "kid"), json_z(&json, "800000047117");
	json_key(&json, "balance_minor"), json_money(&json, money_of(-348000));
	json_key(&json, "invoices"), json_array(&json);
	json_z(&json, "F-1");
	json_z(&json, "F-2");
	json_end(&json);
	json_key(&json, "lines"), json_array(&json);
	json_object(&json);
	json_end(&json);
	json_object(&json);
	json_key(&json, "on"), json_date(&json, date_make(2026, 1, 15));
	json_key(&json, "until"), json_date(&json, DATE_NONE);
	json_end(&json);
	json_end(&json);
	json_key(&json, "open"), json_bool(&json, true);
	json_key(&json, "next"), json_z(&json, NULL);
	json_end(&json);
	end_is(&json, "{\"case_no\":4711,\"kid\":\"800000047117\",\"balance_minor\":-348000,"
		      "\"invoices\":[\"F-1\",\"F-2\"],\"lines\":[{},{\"on\":\"2026-01-15\",\"until\":null}],"
		      "\"open\":true,\"next\":null}");
}

static void controls_and_quotes_are_escaped(void **state)
{
	(void)state;
	struct json json = begin();
	json_str(&json, S("a\"b\\c\n\t\r\b\f\v\x01\x7F\0z/"));
	end_is(&json, "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u000b\\u0001\\u007f\\u0000z/\"");
}

static void broken_utf8_is_replaced(void **state)
{
	(void)state;
	struct json json = begin();
	json_array(&json);
	json_str(&json, S("p\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80"));
	json_str(&json, S("\xE5\xC3"));
	json_str(&json, S("\xED\xA0\x80"));
	json_str(&json, S("\xC0\x80!"));
	json_end(&json);
	end_is(&json, "[\"p\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80\",\"\xEF\xBF\xBD\xEF\xBF\xBD\","
		      "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\",\"\xEF\xBF\xBD\xEF\xBF\xBD!\"]");
}

static void the_extremes_of_a_number(void **state)
{
	(void)state;
	struct json json = begin();
	json_array(&json);
	json_int(&json, INT64_MIN);
	json_int(&json, INT64_MAX);
	json_end(&json);
	end_is(&json, "[-9223372036854775808,9223372036854775807]");
}

static err_t full(str part, void *context)
{
	(void)part;
	(void)context;
	return fail(ERR_OUTSIDE, "the disk is full");
}

static void an_error_of_the_sink_comes_out_once(void **state)
{
	(void)state;
	struct json json = json_in(arena, (struct sink){ full, NULL });
	json_array(&json);
	for (int i = 0; i < 100000; i++)
		json_int(&json, i);
	json_end(&json);
	err_t err = json_finish(&json);
	assert_non_null(err);
	assert_string_equal(err_text(err), "the disk is full");
	err_free(err);
}

static void a_long_text_passes_the_buffer(void **state)
{
	(void)state;
	struct json json = begin();
	struct text big = text_in(arena, 200000);
	for (int i = 0; i < 150000; i++)
		text_add_char(&big, 'x');
	json_str(&json, text_str(&big));
	assert_null(json_finish(&json));
	assert_int_equal(text_str(&text).size, 150003);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(16 * 1024 * 1024);
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
		cmocka_unit_test(a_document),
		cmocka_unit_test(controls_and_quotes_are_escaped),
		cmocka_unit_test(broken_utf8_is_replaced),
		cmocka_unit_test(the_extremes_of_a_number),
		cmocka_unit_test(an_error_of_the_sink_comes_out_once),
		cmocka_unit_test(a_long_text_passes_the_buffer),
	};
	return cmocka_run_group_tests_name("json", tests, setup, teardown);
}
