/* Charts and queries: scales that hold every value, bars inside the picture, addresses that keep what was typed. */
#include "web/chart.h"
#include "web/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(16 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct chart chart_of(const int64_t *values, size_t count, enum chart_unit unit)
{
	static const str labels[64];
	return (struct chart){ .id = "c", .unit = unit, .labels = labels, .label_count = count,
		.series = { { .values = values } }, .series_count = 1 };
}

static void holds(const int64_t *values, size_t count, enum chart_unit unit)
{
	struct chart chart = chart_of(values, count, unit);
	struct chart_scale scale = chart_scale_of(&chart);
	assert_true(scale.low <= 0 && scale.high >= 0 && scale.low < scale.high);
	assert_true(scale.tick_count >= 2 && scale.tick_count <= CHART_TICK_MAX);
	assert_int_equal(scale.low + (int64_t)(scale.tick_count - 1) * scale.step, scale.high);
	assert_int_equal(chart_y(&scale, scale.low), CHART_BOTTOM);
	assert_int_equal(chart_y(&scale, scale.high), CHART_TOP);
	for (size_t i = 0; i < count; i++) {
		assert_true(values[i] >= scale.low && values[i] <= scale.high);
		struct chart_bar bar = chart_bar_of(&chart, &scale, 0, i);
		assert_true(bar.x >= CHART_LEFT && bar.x + bar.width <= CHART_RIGHT);
		assert_true(bar.y >= CHART_TOP && bar.y + bar.height <= CHART_BOTTOM);
		assert_true(bar.width > 0 && bar.height >= 0);
	}
}

static void a_scale_holds_every_value(void **state)
{
	(void)state;
	const int64_t edges[] = { 0, 1, 4, 5, 6, 9, 10, 11, 99, 100, 101, 4999, 5000, 5001, 123456789, INT64_C(900000000000000) };
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		const int64_t up[] = { edges[i], 0, edges[i] / 2 }, down[] = { -edges[i], 0 }, both[] = { -edges[i], edges[i], edges[i] / 3 };
		holds(up, 3, CHART_COUNT);
		holds(down, 2, CHART_COUNT);
		holds(both, 3, CHART_COUNT);
		holds(up, 3, CHART_MONEY);
		holds(both, 3, CHART_MONEY);
	}
}

static void a_chart_of_nothing_has_an_axis(void **state)
{
	(void)state;
	struct chart chart = chart_of(NULL, 0, CHART_COUNT);
	struct chart_scale scale = chart_scale_of(&chart);
	assert_int_equal(scale.low, 0);
	assert_int_equal(scale.high, 1);
	assert_int_equal(chart_label_every(&chart), 1);
}

static void steps_are_one_two_or_five(void **state)
{
	(void)state;
	const int64_t values[] = { 23, 11 };
	struct chart chart = chart_of(values, 2, CHART_COUNT);
	struct chart_scale scale = chart_scale_of(&chart);
	assert_int_equal(scale.step, 5);
	assert_int_equal(scale.high, 25);
	const int64_t kroner[] = { 1284550 };
	chart = chart_of(kroner, 1, CHART_MONEY);
	scale = chart_scale_of(&chart);
	assert_int_equal(scale.step, 500000);
	assert_int_equal(scale.high, 1500000);
}

static void a_share_is_always_of_a_hundred(void **state)
{
	(void)state;
	const int64_t values[] = { 3, 4 };
	struct chart chart = chart_of(values, 2, CHART_PERCENT);
	assert_int_equal(chart_scale_of(&chart).high, 100);
}

static void bars_of_two_series_stand_side_by_side(void **state)
{
	(void)state;
	const int64_t first[] = { 10, 20 }, second[] = { 5, 8 };
	struct chart chart = chart_of(first, 2, CHART_COUNT);
	chart.series[1].values = second;
	chart.series_count = 2;
	struct chart_scale scale = chart_scale_of(&chart);
	struct chart_bar a = chart_bar_of(&chart, &scale, 0, 0), b = chart_bar_of(&chart, &scale, 1, 0), c = chart_bar_of(&chart, &scale, 0, 1);
	assert_true(a.x + a.width <= b.x && b.x + b.width <= c.x);
	assert_true(a.height > b.height);
}

static void a_line_has_a_point_for_each_label(void **state)
{
	(void)state;
	const int64_t values[] = { 0, 10 };
	struct html h = html_in(arena, WEB_ENGLISH, NULL);
	struct chart chart = chart_of(values, 2, CHART_COUNT);
	struct chart_scale scale = chart_scale_of(&chart);
	assert_true(str_eq_z(chart_line(&h, &chart, &scale, 0), "M236 185L500 20"));
}

static void labels_are_left_out_where_they_have_no_room(void **state)
{
	(void)state;
	int64_t values[53] = { 0 };
	struct chart chart = chart_of(values, 53, CHART_COUNT);
	assert_int_equal(chart_label_every(&chart), 7);
	chart.label_count = 8;
	assert_int_equal(chart_label_every(&chart), 1);
	const str words[] = { { "Demand for payment", 18 }, { "Closed", 6 }, { "Notice", 6 }, { "Plan", 4 } };
	chart.labels = words;
	chart.label_count = 4;
	assert_int_equal(chart_label_every(&chart), 2);
}

static void money_is_shown_in_whole_kroner_on_the_axis(void **state)
{
	(void)state;
	struct html h = html_in(arena, WEB_ENGLISH, NULL);
	assert_true(str_eq_z(chart_value(&h, CHART_COUNT, 12), "12"));
	assert_true(str_eq_z(chart_value(&h, CHART_MONEY, 99950), "1,000") || str_eq_z(chart_value(&h, CHART_MONEY, 99950), "1\xC2\xA0" "000"));
}

static void a_query_keeps_what_was_typed(void **state)
{
	(void)state;
	struct query query = query_in(arena);
	assert_int_equal(query_text(&query).size, 0);
	query_add(&query, "q", S("Åse & co = 100 %"));
	query_add(&query, "stage", S(""));
	query_add_number(&query, "days_min", -3);
	query_add_number(&query, "days_max", 0);
	query_add_date(&query, "from", date_make(2026, 6, 30));
	query_add_date(&query, "until", DATE_NONE);
	assert_true(str_eq_z(query_text(&query), "?q=%C3%85se%20%26%20co%20%3D%20100%20%25&days_min=-3&from=2026-06-30"));
}

static void a_query_too_long_is_cut_at_a_value(void **state)
{
	(void)state;
	char long_text[5000];
	memset(long_text, '!', sizeof long_text);
	struct query query = query_in(arena);
	query_add(&query, "a", S("1"));
	query_add(&query, "q", (str){ long_text, sizeof long_text });
	query_add(&query, "b", S("2"));
	assert_true(str_eq_z(query_text(&query), "?a=1&b=2"));
}

static void bars_with_long_labels_lie(void **state)
{
	(void)state;
	static const int64_t values[4] = { 10, 0, 40, 5 };
	static const str words[4] = { { "Varsel om tvangsfullbyrdelse", 28 }, { "Utsatt", 6 }, { "Betalingsoppfordring", 20 }, { "Purring", 7 } };
	static const str months[4] = { { "jan.", 4 }, { "feb.", 4 }, { "mars", 4 }, { "april", 5 } };
	struct chart chart = { .id = "c", .labels = words, .label_count = 4, .series = { { .values = values } }, .series_count = 1 };
	assert_true(chart_lies(&chart));
	assert_int_equal(chart_row_width(&chart, 2), CHART_ROW_RIGHT - CHART_ROW_LEFT);
	assert_int_equal(chart_row_width(&chart, 0), (CHART_ROW_RIGHT - CHART_ROW_LEFT + 2) / 4);
	assert_int_equal(chart_row_width(&chart, 1), 0);
	chart.labels = months;
	assert_false(chart_lies(&chart));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scale_holds_every_value),
		cmocka_unit_test(a_chart_of_nothing_has_an_axis),
		cmocka_unit_test(steps_are_one_two_or_five),
		cmocka_unit_test(a_share_is_always_of_a_hundred),
		cmocka_unit_test(bars_of_two_series_stand_side_by_side),
		cmocka_unit_test(a_line_has_a_point_for_each_label),
		cmocka_unit_test(labels_are_left_out_where_they_have_no_room),
		cmocka_unit_test(money_is_shown_in_whole_kroner_on_the_axis),
		cmocka_unit_test(a_query_keeps_what_was_typed),
		cmocka_unit_test(a_query_too_long_is_cut_at_a_value),
		cmocka_unit_test(bars_with_long_labels_lie),
	};
	return cmocka_run_group_tests_name("chart", tests, setup, teardown);
}
