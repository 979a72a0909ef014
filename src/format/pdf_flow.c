#include "format/pdf_flow.h"

enum { HAIRLINE = PDF_PT(1) / 2 };

static void flow_page(struct pdf_flow *flow)
{
	pdf_page_add(flow->pdf);
	flow->y = flow->top;
}

void flow_room(struct pdf_flow *flow, pdf_length height)
{
	if (flow->y + height > flow->bottom && flow->y > flow->top)
		flow_page(flow);
}

/* The baseline of a line whose box starts at y: what is not the letter's height is shared above and below. */
static pdf_length baseline(pdf_length y, pdf_length leading)
{
	return y + leading * 4 / 5;
}

void flow_paragraph(struct pdf_flow *flow, const struct flow_text *how, str text)
{
	struct pdf_lines lines = pdf_break(flow->pdf, how->font, text, how->width ? how->width : flow->width);
	/* four lines stay together; of a longer paragraph at least two stand on each page */
	size_t together = lines.count <= 4 ? lines.count : 2;
	flow_room(flow, (pdf_length)together * how->leading + how->keep); /* at most 4 lines */
	pdf_begin(flow->pdf, how->tag);
	for (size_t i = 0; i < lines.count; i++) {
		pdf_length needed = i + 2 == lines.count && i > 1 ? 2 * how->leading : how->leading;
		if (flow->y + needed > flow->bottom && i) {
			pdf_end(flow->pdf, how->tag);
			flow_page(flow);
			pdf_begin(flow->pdf, how->tag);
		}
		struct pdf_spot spot = {
			.x = flow->x, .y = baseline(flow->y, how->leading), .font = how->font, .colour = how->colour
		};
		pdf_text(flow->pdf, spot, lines.lines[i]);
		flow->y += how->leading;
	}
	pdf_end(flow->pdf, how->tag);
	flow->y += how->after;
}

/* ---- Tables ---- */

static void rule(struct pdf_flow *flow, pdf_length y, uint32_t colour)
{
	struct pdf_box box = { .x = flow->x, .y = y, .width = flow->width, .height = HAIRLINE, .colour = colour };
	pdf_fill(flow->pdf, box);
}

struct row_lines {
	struct pdf_lines cells[FLOW_COLUMN_MAX];
	size_t line_count; /* of the tallest */
};

static struct row_lines row_break(const struct flow_table *table, const str *cells, int font)
{
	struct row_lines row = { .line_count = 1 };
	for (size_t i = 0; i < table->column_count; i++) {
		row.cells[i] = pdf_break(table->flow->pdf, font, cells[i], table->columns[i].width);
		if (row.cells[i].count > row.line_count)
			row.line_count = row.cells[i].count;
	}
	return row;
}

static pdf_length row_height(const struct flow_table *table, const struct row_lines *row)
{
	return (pdf_length)row->line_count * table->leading +
		2 * table->padding; /* flow_table_row() bounds the lines */
}

struct row_look {
	enum pdf_tag cell_tag;
	int font;
	uint32_t colour;
	bool bottom; /* the lines stand at the bottom of the row */
};

static void cell_draw(
	const struct flow_table *table, const struct pdf_lines *lines, size_t line_from, struct pdf_spot spot)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct pdf_spot line = spot;
		line.y += (pdf_length)(i + line_from) * table->leading; /* flow_table_row() bounds the lines */
		pdf_text(table->flow->pdf, line, lines->lines[i]);
	}
}

static void row_draw(struct flow_table *table, const struct row_lines *row, const struct row_look *look)
{
	struct pdf *pdf = table->flow->pdf;
	pdf_length x = table->flow->x;
	pdf_begin(pdf, PDF_TR);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct flow_column *column = &table->columns[i];
		struct pdf_spot spot = { .x = column->right ? x + column->width : x,
			.right = column->right,
			.font = look->font,
			.colour = look->colour,
			.y = baseline(table->flow->y + table->padding, table->leading) };
		pdf_begin(pdf, look->cell_tag);
		cell_draw(table, &row->cells[i], look->bottom ? row->line_count - row->cells[i].count : 0, spot);
		pdf_end(pdf, look->cell_tag);
		x += column->width + table->gap;
	}
	pdf_end(pdf, PDF_TR);
	table->flow->y += row_height(table, row);
}

static void header_draw(struct flow_table *table)
{
	str labels[FLOW_COLUMN_MAX];
	for (size_t i = 0; i < table->column_count; i++)
		labels[i] = table->columns[i].label;
	struct row_lines row = row_break(table, labels, table->header_font);
	struct row_look look = {
		.cell_tag = PDF_TH, .font = table->header_font, .colour = INK_SOFT, .bottom = true
	};
	pdf_begin(table->flow->pdf, PDF_TABLE);
	row_draw(table, &row, &look);
	rule(table->flow, table->flow->y, INK_RULE_STRONG);
}

void flow_table_open(struct flow_table *table)
{
	require(table->column_count > 0);
	require(table->column_count <= FLOW_COLUMN_MAX);
	flow_room(table->flow, 4 * (table->leading + 2 * table->padding)); /* the header does not stand alone */
	header_draw(table);
}

void flow_table_row(struct flow_table *table, const struct flow_row *row)
{
	struct pdf_flow *flow = table->flow;
	int font = row->strong ? table->strong_font : table->font;
	struct row_lines lines = row_break(table, row->cells, font);
	/* a cell that would fill a page is cut: nothing we print is that long, and a row is never broken */
	size_t line_max = size_from_i64((flow->bottom - flow->top) / table->leading - 6);
	for (size_t i = 0; i < table->column_count; i++)
		if (lines.cells[i].count > line_max)
			lines.cells[i].count = line_max;
	lines.line_count = lines.line_count > line_max ? line_max : lines.line_count;
	pdf_length height =
		row_height(table, &lines) + (pdf_length)row->keep_rows * (table->leading + 2 * table->padding);
	if (flow->y + height > flow->bottom) {
		pdf_end(flow->pdf, PDF_TABLE);
		flow_page(flow);
		header_draw(table);
	}
	if (row->strong)
		rule(flow, flow->y, INK_RULE_STRONG);
	struct row_look look = { .cell_tag = PDF_TD, .font = font, .colour = INK_TEXT };
	row_draw(table, &lines, &look);
	if (table->ruled && !row->strong)
		rule(flow, flow->y, INK_RULE);
}

void flow_table_close(struct flow_table *table)
{
	pdf_end(table->flow->pdf, PDF_TABLE);
}
