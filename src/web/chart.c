#include "web/chart.h"

/* On phones the drawing shrinks and its text does not: room for that is kept everywhere. */
enum { LABEL_WIDTH_MIN = 62, CHARACTER_WIDTH = 14, GAP_PER_CENT = 30, TICK_WANTED = 5 };

/* 1, 2 or 5 times a power of ten, at least the given step. */
static int64_t round_step(int64_t step)
{
	int64_t power = 1;
	while (power <= step / 10)
		power *= 10;
	static const int64_t factors[] = { 1, 2, 5, 10 };
	for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
		if (power * factors[i] >= step)
			return power * factors[i];
	return power * 10;
}

/* Money is told in whole kroner, so that is its smallest step. */
static int64_t unit_step(enum chart_unit unit)
{
	return unit == CHART_MONEY ? 100 : 1;
}

struct chart_scale chart_scale_of(const struct chart *chart)
{
	int64_t low = 0, high = 0;
	for (size_t s = 0; s < chart->series_count; s++)
		for (size_t i = 0; i < chart->label_count; i++) {
			int64_t value = chart->series[s].values[i];
			low = value < low ? value : low;
			high = value > high ? value : high;
		}
	if (chart->unit == CHART_PERCENT)
		return (struct chart_scale){ .low = 0, .high = 100, .step = 20, .tick_count = 6 };
	int64_t unit = unit_step(chart->unit);
	int64_t units = (high - low + unit - 1) / unit;
	int64_t step = unit * round_step((units + TICK_WANTED - 1) / TICK_WANTED);
	step = step ? step : unit;
	struct chart_scale scale = { .low = -((-low + step - 1) / step) * step, .high = (high + step - 1) / step * step, .step = step };
	if (scale.high == scale.low)
		scale.high = scale.low + step;
	scale.tick_count = size_from_i64((scale.high - scale.low) / step + 1);
	require(scale.tick_count <= CHART_TICK_MAX);
	return scale;
}

int chart_y(const struct chart_scale *scale, int64_t value)
{
	int64_t room = CHART_BOTTOM - CHART_TOP;
	/* Through money_ratio, which multiplies in 128 bits: a share of the room's 165 units. */
	int64_t up = money_ratio(money_of(value - scale->low), room, scale->high - scale->low, ROUND_HALF_UP).minor;
	return (int)(CHART_BOTTOM - up);
}

static int label_room(const struct chart *chart, size_t index)
{
	int64_t count = i64_from_size(chart->label_count ? chart->label_count : 1);
	return (int)(CHART_LEFT + (CHART_RIGHT - CHART_LEFT) * i64_from_size(index) / count); /* within the picture */
}

int chart_x(const struct chart *chart, size_t label_index)
{
	return (label_room(chart, label_index) + label_room(chart, label_index + 1)) / 2;
}

struct chart_bar chart_bar_of(const struct chart *chart, const struct chart_scale *scale, size_t series_index, size_t label_index)
{
	int left = label_room(chart, label_index), right = label_room(chart, label_index + 1);
	int gap = (right - left) * GAP_PER_CENT / 100, count = (int)chart->series_count; /* at most CHART_SERIES_MAX */
	int width = (right - left - gap) / (count ? count : 1);
	int zero = chart_y(scale, 0), y = chart_y(scale, chart->series[series_index].values[label_index]);
	return (struct chart_bar){
		.x = left + gap / 2 + width * (int)series_index,
		.width = width > 2 ? width - 1 : 1,
		.y = y < zero ? y : zero,
		.height = y < zero ? zero - y : y - zero,
	};
}

str chart_line(struct html *h, const struct chart *chart, const struct chart_scale *scale, size_t series_index)
{
	struct text path = text_in(h->arena, 32 * (chart->label_count + 1));
	for (size_t i = 0; i < chart->label_count; i++)
		text_addf(&path, "%c%d %d", i ? 'L' : 'M', chart_x(chart, i), chart_y(scale, chart->series[series_index].values[i]));
	return text_str(&path);
}

size_t chart_label_every(const struct chart *chart)
{
	size_t width = LABEL_WIDTH_MIN;
	for (size_t i = 0; i < chart->label_count; i++) {
		size_t wanted = CHARACTER_WIDTH * chart->labels[i].size; /* bytes: a little too wide with æøå */
		width = wanted > width ? wanted : width;
	}
	size_t fit = (CHART_RIGHT - CHART_LEFT) / width;
	fit = fit ? fit : 1;
	return chart->label_count > fit ? (chart->label_count + fit - 1) / fit : 1;
}

bool chart_lies(const struct chart *chart)
{
	bool is_long = false;
	if (chart->kind != CHART_BARS || chart->series_count != 1)
		return false;
	for (size_t i = 0; i < chart->label_count; i++) {
		str label = chart->labels[i];
		size_t chars = 0;
		while (label.size)
			(void)str_take_char(&label), chars++;
		is_long = is_long || chars > CHART_LABEL_CHARS;
		if (chart->series[0].values[i] < 0)
			return false;
	}
	return is_long && chart->label_count <= CHART_ROWS_MAX;
}

int chart_row_width(const struct chart *chart, size_t label_index)
{
	int64_t high = 1;
	for (size_t i = 0; i < chart->label_count; i++)
		high = chart->series[0].values[i] > high ? chart->series[0].values[i] : high;
	return (int)money_ratio(money_of(chart->series[0].values[label_index]), CHART_ROW_RIGHT - CHART_ROW_LEFT, high,
		ROUND_HALF_UP).minor; /* at most the room */
}

str chart_value(struct html *h, enum chart_unit unit, int64_t value)
{
	if (unit == CHART_MONEY)
		return html_count(h, money_ratio(money_of(value), 1, 100, ROUND_HALF_UP).minor);
	return unit == CHART_PERCENT ? html_percent(h, value * 100) : html_count(h, value);
}
