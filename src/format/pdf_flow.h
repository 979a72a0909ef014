/* Text and tables down a page and on to the next: what letters and statements have in common above pdf.h. */
#ifndef KRAVBOK_FORMAT_PDF_FLOW_H
#define KRAVBOK_FORMAT_PDF_FLOW_H

#include "format/pdf.h"

/* Ink. Contrast of the lightest text on white is 5.7 : 1 (WCAG asks 4.5). */
enum {
	INK_TEXT = 0x1B2733,
	INK_SOFT = 0x5A6670,
	INK_ACCENT = 0x0B5A63,
	INK_RULE = 0xCBD3D8,
	INK_RULE_STRONG = 0x5A6670,
	INK_BOX = 0xEDF4F4,
	INK_PAPER = 0xFFFFFF,
	INK_BLACK = 0x000000,
};

/* A column of a page to fill. top: where later pages start; bottom: nothing is drawn below. */
struct pdf_flow {
	struct pdf *pdf;
	pdf_length x, width, top, bottom;
	pdf_length y; /* where the next thing starts */
};

/* Starts a new page when there is no room for height. */
void flow_room(struct pdf_flow *flow, pdf_length height);

/* A paragraph or heading: lines of text under one tag, on several pages if need be. Leaves flow->y under it. */
struct flow_text {
	int font;
	uint32_t colour;
	pdf_length leading; /* from line to line */
	pdf_length after;   /* space under it */
	pdf_length width;   /* 0: the flow's */
	pdf_length keep;    /* room needed under it on the same page */
	enum pdf_tag tag;
};
void flow_paragraph(struct pdf_flow *flow, const struct flow_text *how, str text);

struct flow_column {
	str label;
	pdf_length width; /* of the text; the gap to the next column is flow_table.gap */
	bool right;
};

enum { FLOW_COLUMN_MAX = 16 };

/* A table with a header that comes again on each page. */
struct flow_table {
	struct pdf_flow *flow;
	struct flow_column columns[FLOW_COLUMN_MAX];
	size_t column_count;
	pdf_length gap, leading, padding; /* padding: above and below the lines of a row */
	int header_font, font, strong_font;
	bool ruled; /* a rule under each row */
};
/* The columns' widths and gaps should add up to the flow's width. */
void flow_table_open(struct flow_table *table);
/* cells: column_count texts. strong: a total, with a darker rule above. keep: rows that stay on the page with it. */
struct flow_row {
	const str *cells;
	bool strong;
	size_t keep_rows;
};
void flow_table_row(struct flow_table *table, const struct flow_row *row);
void flow_table_close(struct flow_table *table);

#endif
