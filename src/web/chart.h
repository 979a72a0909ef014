/* Charts drawn here as SVG: bars, or lines, of whole numbers over labels, with the same figures in a table beside them (for
 * everybody, and for those who do not see the picture). html/chart.html writes them; the geometry is here. */
#ifndef KRAVBOK_WEB_CHART_H
#define KRAVBOK_WEB_CHART_H

#include "web/html.h"

enum { CHART_SERIES_MAX = 4, CHART_TICK_MAX = 8, CHART_WIDTH = 640, CHART_HEIGHT = 220 };
/* The room of the figures themselves, in the picture's units. */
enum { CHART_LEFT = 104, CHART_RIGHT = 632, CHART_TOP = 20, CHART_BOTTOM = 185 };

enum chart_kind { CHART_BARS, CHART_LINES };
enum chart_unit { CHART_COUNT, CHART_MONEY, CHART_PERCENT }; /* numbers; minor units, shown as whole kroner; 0 … 100 */

struct chart_series {
	str name;
	const int64_t *values; /* label_count of them */
	const str *links;      /* of each value in the table: a path of ours; NULL: none, an empty one: none there */
};
struct chart {
	const char *id; /* of this chart on its page: letters and hyphens */
	str title, about; /* what it shows; what there is to see, in a sentence */
	str label_name;   /* head of the labels' column: "Month" */
	enum chart_kind kind;
	enum chart_unit unit;
	const str *labels;
	size_t label_count;
	struct chart_series series[CHART_SERIES_MAX];
	size_t series_count;
};

/* Where the axis has its lines: a round step, zero among them, the first at or below every value, the last at or above. */
struct chart_scale {
	int64_t low, high, step;
	size_t tick_count; /* at most CHART_TICK_MAX */
};
struct chart_scale chart_scale_of(const struct chart *chart);
/* The height of a value in the picture: CHART_BOTTOM for scale.low, CHART_TOP for scale.high. */
int chart_y(const struct chart_scale *scale, int64_t value);

struct chart_bar {
	int x, y, width, height;
};
struct chart_bar chart_bar_of(const struct chart *chart, const struct chart_scale *scale, size_t series_index, size_t label_index);
int chart_x(const struct chart *chart, size_t label_index); /* the middle of a label's room */
/* The path of a line: "M104 185L…". */
str chart_line(struct html *h, const struct chart *chart, const struct chart_scale *scale, size_t series_index);
/* Not all labels have room: every n-th is written. */
size_t chart_label_every(const struct chart *chart);

/* Bars that lie, one below the other, each with its label before and its figure behind it: of one series whose labels are words
 * that have no room beside each other, and of no figure below zero. */
enum { CHART_ROW_HEIGHT = 26, CHART_ROW_LEFT = 210, CHART_ROW_RIGHT = 560, CHART_ROWS_MAX = 20, CHART_LABEL_CHARS = 12 };
bool chart_lies(const struct chart *chart);
int chart_row_width(const struct chart *chart, size_t label_index);

str chart_value(struct html *h, enum chart_unit unit, int64_t value); /* as the table and the axis write it */

#endif
