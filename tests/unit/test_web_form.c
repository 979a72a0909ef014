/* Forms, sentences and shapes: what every page and API call stands on. */
#include "base/catalog.h"
#include "base/shape.h"
#include "translations.h"
#include "web/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static const date today = { 20634 }; /* 2026-06-30 */

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

static const struct field_choice colours[] = { { "red", "Red", NULL }, { "blue", "Blue", NULL }, { NULL, NULL, NULL } };
static const struct field fields[] = {
	{ .name = "name", .kind = FIELD_TEXT, .label = "Name", .size_max = 10 },
	{ .name = "amount", .kind = FIELD_MONEY, .label = "Amount", .optional = true },
	{ .name = "day", .kind = FIELD_DATE, .label = "Date", .optional = true, .min = 0, .max = 30 },
	{ .name = "count", .kind = FIELD_NUMBER, .label = "Count", .optional = true, .min = 1, .max = 12 },
	{ .name = "place", .kind = FIELD_NUMBER, .label = "Place", .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = "colour", .kind = FIELD_CHOICE, .label = "Colour", .optional = true, .choices = colours },
	{ .name = "email", .kind = FIELD_EMAIL, .label = "E-mail", .optional = true },
	{ .name = "phone", .kind = FIELD_PHONE, .label = "Telephone", .optional = true },
	{ .name = "code", .kind = FIELD_CODE, .label = "Code", .optional = true },
	{ .name = NULL },
};

/* One field sent beside a good name. */
static struct form sent(const char *name, const char *value)
{
	struct html h = html_in(arena, WEB_ENGLISH, NULL);
	struct http_field both[2] = { { .name = S("name"), .value = S("Kari") },
		{ .name = str_from_z(name), .value = str_from_z(value) } };
	return form_read_fields(&h, fields, both, 2, today, false);
}

static void assert_taken(const char *name, const char *value)
{
	struct form form = sent(name, value);
	str error = form_value(&form, name)->error;
	if (error.size)
		fail_msg("%s '%s': %.*s", name, value, STR_ARG(error));
}

static void assert_refused(const char *name, const char *value)
{
	struct form form = sent(name, value);
	if (form.error_count != 1 || !form_value(&form, name)->error.size)
		fail_msg("%s '%s' was taken", name, value);
	assert_true(str_eq_z(form_text(&form, name), value)); /* kept for showing again */
}

static void amounts_are_taken_as_people_write_them(void **state)
{
	static const char *const good[] = { "1250", "1 250,50", "1250.50", "kr 1 250,50", "1 250,50 kr", "1\u00A0250,50", "NOK 1250,50",
		"1250,-", "kr. 1250" };
	static const int64_t minor[] = { 125000, 125050, 125050, 125050, 125050, 125050, 125050, 125000, 125000 };
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_taken("amount", good[i]);
		struct form form = sent("amount", good[i]);
		assert_int_equal(form_value(&form, "amount")->amount.minor, minor[i]);
	}
	static const char *const bad[] = { "tolv", "1,2,3", "-5", "0", "1.250", "12 kroner og litt", "99999999999999999999" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_refused("amount", bad[i]);
}

static void dates_are_taken_as_people_write_them(void **state)
{
	static const char *const good[] = { "15.07.2026", "15.7.2026", "15/7-2026", "15 07 26", "150726", "15072026", "2026-07-15",
		"15-7-26" };
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_taken("day", good[i]);
		struct form form = sent("day", good[i]);
		assert_string_equal(date_iso(form_value(&form, "day")->day).z, "2026-07-15");
	}
	static const char *const bad[] = { "31.06.2026", "15.13.2026", "i morgen", "15.07", "1.2.3.4", "29.02.2027", "99999999",
		"29.06.2026", "31.07.2026" }; /* the last two: the day before the first, the day after the last */
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_refused("day", bad[i]);
	assert_taken("day", "30.06.2026");
	assert_taken("day", "30.07.2026");
}

static void other_kinds_have_their_bounds(void **state)
{
	(void)state;
	assert_taken("count", "1"), assert_taken("count", "12");
	assert_refused("count", "0"), assert_refused("count", "13"), assert_refused("count", "2,5"), assert_refused("count", "x");
	struct form far = sent("place", "x");
	assert_true(str_has(form_value(&far, "place")->error, S("from 1 to 9223372036854775807")));
	assert_taken("colour", "red");
	assert_refused("colour", "green");
	assert_taken("email", "Kari.Nordmann@Example.NO");
	assert_refused("email", "kari"), assert_refused("email", "kari@"), assert_refused("email", "@example.no");
	assert_refused("email", "kari@example"), assert_refused("email", "k ari@example.no"), assert_refused("email", "a@b@c.no");
	assert_taken("phone", "900 00 000"), assert_taken("phone", "+46 70 123 45 67"), assert_taken("phone", "0047 90000000");
	assert_refused("phone", "900"), assert_refused("phone", "ring meg"), assert_refused("phone", "12345678901234567890");
	struct form form = sent("phone", "(900) 00-000");
	assert_true(str_eq_z(form_text(&form, "phone"), "+4790000000"));
	form = sent("email", "Kari@Example.no");
	assert_true(str_eq_z(form_text(&form, "email"), "kari@example.no"));
	form = sent("code", " k7pm - 29xr ");
	assert_true(str_eq_z(form_text(&form, "code"), "K7PM29XR"));
}

static void names_are_bounded_in_characters_not_bytes(void **state)
{
	struct html h = html_in(arena, WEB_ENGLISH, NULL);
	(void)state;
	struct http_field name = { .name = S("name"), .value = S("ÆØÅæøåÆØÅæ") };
	assert_int_equal(form_read_fields(&h, fields, &name, 1, today, false).error_count, 0);
	name.value = S("ÆØÅæøåÆØÅæø");
	assert_int_equal(form_read_fields(&h, fields, &name, 1, today, false).error_count, 1);
	name.value = S("a\x01" "b");
	assert_int_equal(form_read_fields(&h, fields, &name, 1, today, false).error_count, 1);
	name.value = S("   ");
	assert_int_equal(form_read_fields(&h, fields, &name, 1, today, false).error_count, 1);
	assert_int_equal(form_read_fields(&h, fields, NULL, 0, today, false).error_count, 1);
}

static void json_gives_minor_units(void **state)
{
	struct html h = html_in(arena, WEB_ENGLISH, NULL);
	(void)state;
	struct http_field both[2] = { { .name = S("name"), .value = S("Kari") },
		{ .name = S("amount_minor"), .value = S("125050") } };
	struct form form = form_read_fields(&h, fields, both, 2, today, true);
	assert_int_equal(form.error_count, 0);
	assert_int_equal(form_value(&form, "amount")->amount.minor, 125050);
	both[1].value = S("12.5");
	assert_int_equal(form_read_fields(&h, fields, both, 2, today, true).error_count, 1);
}

static void text_is_escaped(void **state)
{
	struct html h = html_in(arena, WEB_NORWEGIAN, NULL);
	(void)state;
	html_text(&h, S("<a href=\"x\" b='y'>&"));
	assert_true(str_eq_z(html_written(&h), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;"));
	h.size = 0;
	html_segment(&h, S("a/b?c æ"));
	assert_true(str_eq_z(html_written(&h), "a%2Fb%3Fc%20%C3%A6"));
	h.size = 0;
	html_attribute_value(&h, "id", S("\"><script>"));
	assert_true(str_eq_z(html_written(&h), " id=\"&quot;&gt;&lt;script&gt;\""));
}

static void sentences_are_found_in_norwegian(void **state)
{
	const struct catalog *catalog;
	(void)state;
	assert_null(catalog_open(arena, embedded_translations[0].body, &catalog));
	struct html nb = html_in(arena, WEB_NORWEGIAN, catalog), en = html_in(arena, WEB_ENGLISH, catalog);
	assert_true(str_eq_z(T(&nb, "Log out"), "Logg ut"));
	assert_true(str_eq_z(T(&en, "Log out"), "Log out"));
	assert_true(str_eq_z(T(&nb, "Welcome, {0}", S("Kari {0}")), "Velkommen, Kari {0}"));
	assert_true(str_eq_z(T(&nb, "never translated {0}{1}", S("a"), S("b")), "never translated ab"));
	assert_true(str_eq_z(html_day(&nb, today), "30.\u00A0juni\u00A02026"));
	assert_true(str_eq_z(html_amount(&nb, money_of(-123450)), "\u2212" "1\u00A0234,50\u00A0kr") ||
		str_eq_z(html_amount(&nb, money_of(-123450)), "-1\u00A0234,50\u00A0kr"));
}

/* Oracle: the time in Oslo by date(1), tzdata. */
static void norwegian_time_follows_the_unions_summer_time(void **state)
{
	(void)state;
	static const struct {
		int64_t at;
		const char *day;
		int minute;
	} known[] = {
		{ 1774745999, "2026-03-29", 119 }, /* 00:59:59 UTC */
		{ 1774746000, "2026-03-29", 180 }, /* 01:00 UTC: summer time */
		{ 1792889999, "2026-10-25", 179 }, { 1792890000, "2026-10-25", 120 },
		{ 1782777600, "2026-06-30", 120 }, { 1767221999, "2025-12-31", 1439 },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct norwegian_time time = norwegian_time(known[i].at);
		assert_string_equal(date_iso(time.day).z, known[i].day);
		assert_int_equal(time.minute, known[i].minute);
	}
}

struct sample {
	int64_t no;
	money amount;
	date day;
	int64_t at;
	str name;
	bool is_open, has_no;
};
static const struct shape_field sample_fields[] = {
	{ "no", SHAPE_INTEGER, offsetof(struct sample, no), "A number.", true, offsetof(struct sample, has_no), NULL, 0 },
	{ "amount_minor", SHAPE_MONEY, offsetof(struct sample, amount), NULL, false, 0, NULL, 0 },
	{ "day", SHAPE_DATE, offsetof(struct sample, day), NULL, true, 0, NULL, 0 },
	{ "at", SHAPE_INSTANT, offsetof(struct sample, at), NULL, true, 0, NULL, 0 },
	{ "name", SHAPE_TEXT, offsetof(struct sample, name), NULL, false, 0, NULL, 0 },
	{ "is_open", SHAPE_BOOLEAN, offsetof(struct sample, is_open), NULL, false, 0, NULL, 0 },
};
static const struct shape sample_shape = { "sample", "A sample.", sample_fields, 6, sizeof(struct sample) };

static void a_shape_prints_json_and_its_schema(void **state)
{
	(void)state;
	struct text text = text_in(arena, 10000);
	struct json json = json_in(arena, sink_text(&text));
	struct sample samples[2] = { { 7, { -5 }, today, 1782777600, S("Å \"x\""), true, true }, { .day = DATE_NONE } };
	shape_json_list(&json, &sample_shape, samples, 2);
	assert_null(json_finish(&json));
	assert_true(str_eq_z(str_trim(text_str(&text)),
		"[{\"no\":7,\"amount_minor\":-5,\"day\":\"2026-06-30\",\"at\":\"2026-06-30T00:00:00Z\",\"name\":\"Å \\\"x\\\"\",\"is_open\":true},"
		"{\"no\":null,\"amount_minor\":0,\"day\":null,\"at\":null,\"name\":\"\",\"is_open\":false}]"));
	text_clear(&text);
	json = json_in(arena, sink_text(&text));
	shape_schema(&json, &sample_shape);
	assert_null(json_finish(&json));
	assert_true(str_has(text_str(&text), S("\"day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}")));
	assert_true(str_has(text_str(&text), S("\"additionalProperties\":false")));
}

static void a_damaged_catalogue_is_refused(void **state)
{
	const struct catalog *catalog;
	(void)state;
	str whole = embedded_translations[0].body;
	err_t err = catalog_open(arena, (str){ whole.at, 20 }, &catalog);
	assert_non_null(err);
	err_free(err);
	err = catalog_open(arena, (str){ whole.at, whole.size / 2 }, &catalog);
	assert_non_null(err);
	err_free(err);
}

static void errors_speak_the_threads_language(void **state)
{
	const struct catalog *catalog;
	(void)state;
	assert_null(catalog_open(arena, embedded_translations[0].body, &catalog));
	catalog_speak(catalog);
	err_t err = (fail)(ERR_INPUT, "There is a problem");
	catalog_speak(NULL);
	assert_string_equal(err_text(err), "Det er et problem");
	err_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_taken_as_people_write_them),
		cmocka_unit_test(dates_are_taken_as_people_write_them),
		cmocka_unit_test(other_kinds_have_their_bounds),
		cmocka_unit_test(names_are_bounded_in_characters_not_bytes),
		cmocka_unit_test(json_gives_minor_units),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(sentences_are_found_in_norwegian),
		cmocka_unit_test(norwegian_time_follows_the_unions_summer_time),
		cmocka_unit_test(a_shape_prints_json_and_its_schema),
		cmocka_unit_test(a_damaged_catalogue_is_refused),
		cmocka_unit_test(errors_speak_the_threads_language),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
