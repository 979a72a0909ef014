/* Drawing PDF pages: text in Inter, rules and boxes, with tags for screen readers. pdf.c is the only file that knows
 * cairo and pango, and the only one with floating point (their coordinates).
 *
 * Lengths are whole numbers of 1/1024 point, from the top left corner; y of a text is its baseline.
 *
 * A struct pdf is kept for many files: it holds the fonts and the shape of every word seen, so that the second letter
 * costs no shaping. A file holds documents (letters, statements); a document is laid out page by page in any order
 * (so a footer can say how many pages there are) and then shown. Same calls, same bytes: no clock, no random ids. */
#ifndef KRAVBOK_FORMAT_PDF_H
#define KRAVBOK_FORMAT_PDF_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t pdf_length;

#define PDF_PT(points) ((pdf_length)((points) * 1024))
#define PDF_MM(millimetres) ((pdf_length)((millimetres) * 2903)) /* 1024 × 72 / 25.4 */

enum { PDF_PAGE_COUNT_MAX = 1000 }; /* in a document */

struct pdf;

/* Loads Inter from its files, never a substitute. ERR_OUTSIDE when it is not there or is another face. */
err_t pdf_create(struct pdf **ret_pdf) MUST_CHECK;
void pdf_destroy(struct pdf *pdf);

enum pdf_face { PDF_REGULAR, PDF_SEMIBOLD, PDF_FACE_COUNT };

/* A face at a size. tabular: all figures of one width, for columns. */
struct pdf_style {
	enum pdf_face face;
	pdf_length size;
	bool tabular;
};
/* Its number, the same for the same style; at most PDF_FONT_MAX styles. */
enum { PDF_FONT_MAX = 24 };
int pdf_font(struct pdf *pdf, struct pdf_style style);

struct pdf_about {
	str title, author;
	str language; /* "nb": what a screen reader speaks */
	date on;      /* the file says it was made at midnight of this day */
	bool landscape;
};
/* Starts a file of A4 pages. sink's context must live until pdf_close() or pdf_abandon(). */
err_t pdf_open(struct pdf *pdf, struct sink sink, const struct pdf_about *about) MUST_CHECK;
/* Ends it: the first error of cairo or the sink comes here or from pdf_show(). */
err_t pdf_close(struct pdf *pdf) MUST_CHECK;
/* Drops a file after an error; nothing when none is open. */
void pdf_abandon(struct pdf *pdf);

pdf_length pdf_page_width(const struct pdf *pdf);
pdf_length pdf_page_height(const struct pdf *pdf);

/* ---- A document ---- */

/* Adds a page and goes to it. A document starts with none. */
void pdf_page_add(struct pdf *pdf);
size_t pdf_page_count(const struct pdf *pdf);
/* What follows is drawn on this page (0-based). */
void pdf_page_go(struct pdf *pdf, size_t page_index);
/* Puts the document into the file and starts the next. */
err_t pdf_show(struct pdf *pdf) MUST_CHECK;
/* Forgets the document. */
void pdf_forget(struct pdf *pdf);

/* Structure for screen readers. A tag is ended on the page it was begun on. */
enum pdf_tag { PDF_P, PDF_H1, PDF_H2, PDF_TABLE, PDF_TR, PDF_TH, PDF_TD, PDF_TAG_COUNT };
void pdf_begin(struct pdf *pdf, enum pdf_tag tag);
void pdf_end(struct pdf *pdf, enum pdf_tag tag);

/* A line of text. right: x is where it ends. colour: 0xRRGGBB. */
struct pdf_spot {
	pdf_length x, y;
	int font;
	uint32_t colour;
	bool right;
};
void pdf_text(struct pdf *pdf, struct pdf_spot spot, str text);

/* A filled box; a rule is a thin one. */
struct pdf_box {
	pdf_length x, y, width, height, radius;
	uint32_t colour;
};
void pdf_fill(struct pdf *pdf, struct pdf_box box);

/* A square of modules, drawn as one shape so that no seam shows between them: side × side bytes row by row, 1 is filled. */
struct pdf_modules {
	pdf_length x, y, size;
	const unsigned char *dark; /* copied */
	size_t side;               /* at most 200 */
	uint32_t colour;
};
void pdf_modules(struct pdf *pdf, const struct pdf_modules *modules);

pdf_length pdf_text_width(struct pdf *pdf, int font, str text);

/* text cut into lines no wider than width, at blanks, or inside a word that is wider than that. At least one line;
 * the lines are views into text, good as long as it is; the array until pdf_show() or pdf_forget(). */
struct pdf_lines {
	str *lines;
	size_t count;
};
struct pdf_lines pdf_break(struct pdf *pdf, int font, str text, pdf_length width);

/* Characters of the file drawn as a box because Inter has no such letter; good until the next pdf_open(). */
size_t pdf_unknown_count(const struct pdf *pdf);

#endif
