/* Pages are first recorded (struct op, shaped glyphs with their places) and then given to cairo: so the number of
 * pages is known when the first is shown, and a document that fails halfway leaves nothing in the file.
 *
 * Shaping is what costs: pango is asked once for each word of each style, and what it says is kept. A line is put
 * together from words and blanks and given to cairo as one run of glyphs with its text, so that copying from the PDF
 * and screen readers get letters, not shapes. Figures are shaped one by one (Inter's tabular figures have no kerning),
 * so amounts and payment references, which are all different, never fill the table of words. */
#include "format/pdf.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef KRAVBOK_FONT_DIR
#define KRAVBOK_FONT_DIR "/usr/share/fonts/opentype/inter"
#endif

enum {
	WORD_COUNT_MAX = 20000,  /* then the table is emptied */
	WORD_SLOT_COUNT = 65536, /* a power of two, over 2 × WORD_COUNT_MAX */
	WORD_SIZE_MAX = 4096,    /* longer words are cut by pdf_break() or drawn in pieces */
	WORD_BYTES_MAX = 256 << 20,
	DOCUMENT_BYTES_MAX = 512 << 20,
	MODULE_SIDE_MAX = 200,
};
_Static_assert(WORD_SLOT_COUNT > 2 * WORD_COUNT_MAX, "the table stays half empty");

static const pdf_length a4_short = 609562, a4_long = 862095; /* 210 and 297 mm */

/* A shaped word. Places are relative to its start. */
struct word {
	str text;
	int font;
	pdf_length width;
	const cairo_glyph_t *glyphs;
	const cairo_text_cluster_t *clusters;
	int glyph_count, cluster_count, unknown_count;
};

struct font {
	struct pdf_style style;
	PangoLayout *layout; /* with the face, size and features set */
	cairo_scaled_font_t *scaled;
};

enum op_kind { OP_TEXT, OP_FILL, OP_MODULES, OP_BEGIN, OP_END };

struct op {
	enum op_kind kind;
	union {
		struct {
			str text;
			cairo_glyph_t *glyphs;
			cairo_text_cluster_t *clusters;
			int glyph_count, cluster_count, font;
			uint32_t colour;
		} run;
		struct pdf_box box;
		struct pdf_modules modules;
		enum pdf_tag tag;
	} as;
};

struct page {
	struct op *ops;
	size_t op_count, op_capacity;
};

struct pdf {
	FcConfig *config;
	PangoFontMap *map;
	PangoContext *context;
	struct font fonts[PDF_FONT_MAX];
	int font_count;
	struct arena *words_arena; /* what the table's words hold; reset with it */
	struct arena *own;         /* this struct's own tables, and the file's */
	struct arena_mark own_mark;
	struct word **slots;
	size_t word_count, unknown_count;
	/* the document */
	struct arena *sheet;
	struct page pages[PDF_PAGE_COUNT_MAX];
	size_t page_count, page_index;
	/* the file */
	cairo_surface_t *surface;
	cairo_t *cairo;
	struct sink_buffer sink;
	char language[16];
	size_t inserted_size;
	char tail[128]; /* of the file, from "startxref" on */
	size_t tail_size;
	bool landscape;
};

/* ---- Fonts ---- */

static const char *const face_files[PDF_FACE_COUNT] = { "Inter-Regular.otf", "Inter-SemiBold.otf" };

static err_t config_add_face(FcConfig *config, const char *file)
{
	static const char *const dirs[] = { KRAVBOK_FONT_DIR, "/usr/share/fonts/opentype/inter",
		"/usr/local/share/fonts/inter", "/usr/share/fonts/inter" };
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		char path[512];
		int size = snprintf(path, sizeof path, "%s/%s", dirs[i], file);
		if (size > 0 && (size_t)size < sizeof path && access(path, R_OK) == 0 && /* size > 0 here */
			FcConfigAppFontAddFile(config, (const FcChar8 *)path))
			return OK;
	}
	return fail(ERR_OUTSIDE, "could not load %s: is fonts-inter installed in %s?", file, KRAVBOK_FONT_DIR);
}

/* Pango puts another face in silently when one is missing; a letter in it would not look like ours. */
static err_t face_check(PangoFont *font, enum pdf_face face)
{
	PangoFontDescription *description = pango_font_describe(font);
	const char *family = pango_font_description_get_family(description);
	PangoWeight weight = pango_font_description_get_weight(description);
	bool right = family && strcmp(family, "Inter") == 0 &&
		weight == (face == PDF_SEMIBOLD ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
	err_t err = right ? OK
			  : fail(ERR_OUTSIDE, "the font files of Inter gave '%s', weight %d",
				    family ? family : "nothing", (int)weight);
	pango_font_description_free(description);
	return err;
}

static PangoFontDescription *style_description(struct pdf_style style)
{
	PangoFontDescription *description = pango_font_description_new();
	pango_font_description_set_family_static(description, "Inter");
	pango_font_description_set_weight(
		description, style.face == PDF_SEMIBOLD ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(description, style.size);
	return description;
}

static err_t font_open(struct pdf *pdf, struct pdf_style style, struct font *font)
{
	PangoFontDescription *description = style_description(style);
	PangoFont *face = pango_font_map_load_font(pdf->map, pdf->context, description);
	err_t err = face ? face_check(face, style.face) : fail(ERR_OUTSIDE, "could not load Inter");
	if (!err) {
		PangoAttrList *attributes = pango_attr_list_new();
		pango_attr_list_insert(
			attributes, pango_attr_font_features_new(style.tabular ? "tnum=1" : "tnum=0"));
		*font = (struct font){ .style = style, .layout = pango_layout_new(pdf->context) };
		pango_layout_set_font_description(font->layout, description);
		pango_layout_set_attributes(font->layout, attributes);
		pango_layout_set_single_paragraph_mode(font->layout, TRUE);
		pango_attr_list_unref(attributes);
		font->scaled =
			cairo_scaled_font_reference(pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(face)));
	}
	if (face)
		g_object_unref(face);
	pango_font_description_free(description);
	return err;
}

int pdf_font(struct pdf *pdf, struct pdf_style style)
{
	for (int i = 0; i < pdf->font_count; i++) {
		const struct pdf_style *known = &pdf->fonts[i].style;
		if (known->face == style.face && known->size == style.size && known->tabular == style.tabular)
			return i;
	}
	require(pdf->font_count < PDF_FONT_MAX);
	err_t err = font_open(pdf, style, &pdf->fonts[pdf->font_count]);
	require(!err); /* pdf_create() has loaded both faces */
	return pdf->font_count++;
}

static void context_open(struct pdf *pdf)
{
	pdf->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	require(pdf->map);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(pdf->map), pdf->config);
	pdf->context = pango_font_map_create_context(pdf->map);
	pango_cairo_context_set_resolution(pdf->context, 72);
	pango_context_set_round_glyph_positions(pdf->context, FALSE);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(pdf->context, options);
	cairo_font_options_destroy(options);
}

static err_t faces_check(struct pdf *pdf)
{
	for (int face = 0; face < PDF_FACE_COUNT; face++)
		TRY(config_add_face(pdf->config, face_files[face]));
	context_open(pdf);
	for (int face = 0; face < PDF_FACE_COUNT; face++) {
		struct pdf_style style = { (enum pdf_face)face, PDF_PT(10), false }; /* below PDF_FACE_COUNT */
		TRY(font_open(pdf, style, &pdf->fonts[pdf->font_count]));
		pdf->font_count++;
	}
	return OK;
}

err_t pdf_create(struct pdf **ret_pdf)
{
	struct arena *own = arena_create((size_t)64 << 20);
	struct pdf *pdf = arena_new(own, struct pdf);
	pdf->own = own;
	pdf->slots = arena_many(own, WORD_SLOT_COUNT, struct word *);
	pdf->own_mark = arena_mark(own);
	pdf->words_arena = arena_create(WORD_BYTES_MAX);
	pdf->sheet = arena_create(DOCUMENT_BYTES_MAX);
	pdf->config = FcConfigCreate();
	err_t err = pdf->config ? faces_check(pdf) : fail(ERR_OUTSIDE, "could not start fontconfig");
	if (err) {
		pdf_destroy(pdf);
		return err;
	}
	*ret_pdf = pdf;
	return OK;
}

void pdf_destroy(struct pdf *pdf)
{
	if (!pdf)
		return;
	pdf_abandon(pdf);
	for (int i = 0; i < pdf->font_count; i++) {
		cairo_scaled_font_destroy(pdf->fonts[i].scaled);
		g_object_unref(pdf->fonts[i].layout);
	}
	if (pdf->context)
		g_object_unref(pdf->context);
	if (pdf->map)
		g_object_unref(pdf->map);
	if (pdf->config)
		FcConfigDestroy(pdf->config);
	arena_destroy(pdf->words_arena);
	arena_destroy(pdf->sheet);
	arena_destroy(pdf->own); /* and pdf with it */
}

/* ---- Words ---- */

static double points(pdf_length length)
{
	return (double)length / PANGO_SCALE;
}

static uint32_t word_hash(int font, str text)
{
	uint32_t hash = 2166136261u ^ (uint32_t)font; /* font numbers are small and not negative */
	for (size_t i = 0; i < text.size; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
	return hash ^ hash >> 15;
}

struct shaping {
	struct word *word;
	cairo_glyph_t *glyphs;
	cairo_text_cluster_t *clusters;
	int offset;     /* of the run in the word, bytes */
	pdf_length pen; /* so far, 1/1024 point */
};

/* Adds one glyph of a run; a new cluster when its text differs from that of the glyph before it. */
static void shaping_add(struct shaping *shaping, const PangoGlyphInfo *info)
{
	struct word *word = shaping->word;
	bool unknown = (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;
	word->unknown_count += unknown;
	if (info->glyph != PANGO_GLYPH_EMPTY) {
		shaping->glyphs[word->glyph_count++] = (cairo_glyph_t){
			.index = unknown ? 0 : info->glyph,
			.x = points(shaping->pen + info->geometry.x_offset),
			.y = points(info->geometry.y_offset),
		};
		shaping->clusters[word->cluster_count - 1].num_glyphs++;
	}
	shaping->pen += info->geometry.width;
}

static void shaping_run(struct shaping *shaping, const PangoGlyphItem *run)
{
	struct word *word = shaping->word;
	const PangoGlyphString *glyphs = run->glyphs;
	int size = run->item->length, covered = 0;
	bool backwards = run->item->analysis.level % 2 != 0;
	for (int i = 0; i < glyphs->num_glyphs; i++) {
		/* text from right to left is one cluster: nothing is lost but the place of each letter in it */
		int start = backwards ? 0 : glyphs->log_clusters[i];
		if (i == 0 || start > covered) {
			if (i)
				shaping->clusters[word->cluster_count - 1].num_bytes += start - covered;
			covered = start;
			shaping->clusters[word->cluster_count++] = (cairo_text_cluster_t){ 0, 0 };
		}
		shaping_add(shaping, &glyphs->glyphs[i]);
	}
	if (glyphs->num_glyphs)
		shaping->clusters[word->cluster_count - 1].num_bytes += size - covered;
	shaping->offset += size;
}

static int layout_glyph_count(PangoLayoutLine *line)
{
	int count = 0;
	for (GSList *at = line->runs; at; at = at->next)
		count += ((PangoGlyphItem *)at->data)->glyphs->num_glyphs;
	return count;
}

static struct word *word_shape(struct pdf *pdf, int font, str text)
{
	PangoLayout *layout = pdf->fonts[font].layout;
	pango_layout_set_text(layout, text.at, (int)text.size); /* at most WORD_SIZE_MAX */
	PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
	size_t count = size_from_i64(layout_glyph_count(line));
	struct word *word = arena_new(pdf->words_arena, struct word);
	*word = (struct word){ .text = str_copy(pdf->words_arena, text), .font = font };
	struct shaping shaping = { .word = word,
		.glyphs = arena_many(pdf->words_arena, count + 1, cairo_glyph_t),
		.clusters = arena_many(pdf->words_arena, count + 1, cairo_text_cluster_t) };
	for (GSList *at = line->runs; at; at = at->next)
		shaping_run(&shaping, at->data);
	word->glyphs = shaping.glyphs;
	word->clusters = shaping.clusters;
	word->width = shaping.pen;
	/* a run pango left out (a lone format character) leaves text without a cluster: draw it, do not label it */
	int bytes = 0;
	for (int i = 0; i < word->cluster_count; i++)
		bytes += word->clusters[i].num_bytes;
	if (bytes != (int)text.size)
		word->cluster_count = 0;
	return word;
}

static void words_empty(struct pdf *pdf)
{
	memset(pdf->slots, 0, WORD_SLOT_COUNT * sizeof *pdf->slots);
	arena_reset(pdf->words_arena, (struct arena_mark){ 0 });
	pdf->word_count = 0;
}

/* Good until the next call. */
static const struct word *word_get(struct pdf *pdf, int font, str text)
{
	size_t slot = word_hash(font, text) % WORD_SLOT_COUNT;
	while (pdf->slots[slot]) {
		if (pdf->slots[slot]->font == font && str_eq(pdf->slots[slot]->text, text))
			return pdf->slots[slot];
		slot = (slot + 1) % WORD_SLOT_COUNT;
	}
	if (pdf->word_count == WORD_COUNT_MAX) {
		words_empty(pdf);
		slot = word_hash(font, text) % WORD_SLOT_COUNT;
	}
	pdf->word_count++;
	return pdf->slots[slot] = word_shape(pdf, font, text);
}

size_t pdf_unknown_count(const struct pdf *pdf)
{
	return pdf->unknown_count;
}

/* ---- Pieces: a word, a blank, or a single figure or mark of a number ---- */

static size_t character_size(str text)
{
	size_t size = 1;
	while (size < text.size && ((unsigned char)text.at[size] & 0xC0) == 0x80)
		size++;
	return size;
}

/* Size of the character when it belongs to a number, else 0. */
static size_t figure_size(str text)
{
	char c = text.at[0];
	if ((c >= '0' && c <= '9') || c == ',' || c == '.' || c == '-')
		return 1;
	return str_starts(text, S("\xC2\xA0")) ? 2 : 0;
}

static bool is_number(str word)
{
	while (word.size) {
		size_t size = figure_size(word);
		if (!size)
			return false;
		word = (str){ word.at + size, word.size - size };
	}
	return true;
}

static bool is_blank(char c)
{
	return (unsigned char)c <= ' ';
}

/* Takes the word (without blanks) at the start of *text. */
static str word_take(str *text)
{
	size_t size = 0;
	while (size < text->size && !is_blank(text->at[size]))
		size++;
	str word = { text->at, size };
	*text = (str){ text->at + size, text->size - size };
	return word;
}

/* Takes the next piece of *text: one blank, one character of a number, or a word. *number carries over between
 * calls and starts at 0: bytes left of a number. */
static str piece_take(str *text, size_t *number)
{
	if (!*number && is_blank(text->at[0])) {
		*text = (str){ text->at + 1, text->size - 1 };
		return S(" ");
	}
	str rest = *text;
	str word = word_take(&rest);
	if (!*number && is_number(word))
		*number = word.size;
	size_t size = *number ? character_size(*text) : word.size;
	if (size > WORD_SIZE_MAX) {
		size = WORD_SIZE_MAX; /* not inside a character */
		while (((unsigned char)text->at[size] & 0xC0) == 0x80)
			size--;
	}
	str piece = { text->at, size };
	*number -= *number ? size : 0;
	*text = (str){ text->at + size, text->size - size };
	return piece;
}

pdf_length pdf_text_width(struct pdf *pdf, int font, str text)
{
	pdf_length width = 0;
	size_t number = 0;
	while (text.size)
		width += word_get(pdf, font, piece_take(&text, &number))->width;
	return width;
}

/* ---- Lines ---- */

struct breaking {
	struct pdf *pdf;
	int font;
	pdf_length width;
	struct pdf_lines lines;
	size_t capacity;
};

static void breaking_add(struct breaking *breaking, str line)
{
	struct pdf_lines *lines = &breaking->lines;
	if (lines->count == breaking->capacity) {
		breaking->capacity = breaking->capacity ? breaking->capacity * 2 : 8;
		lines->lines = arena_grow(
			breaking->pdf->sheet, lines->lines, lines->count, breaking->capacity, sizeof *lines->lines);
	}
	lines->lines[lines->count++] = line;
}

/* As many characters of a word as fit, at least one; up to the last hyphen or slash if there is one. */
static str word_head(struct breaking *breaking, str word)
{
	pdf_length width = 0;
	size_t size = 0, after_hyphen = 0;
	while (size < word.size) {
		str rest = { word.at + size, word.size - size };
		str character = { rest.at, character_size(rest) };
		width += pdf_text_width(breaking->pdf, breaking->font, character);
		if (size && width > breaking->width)
			break;
		size += character.size;
		if (size < word.size && (character.at[0] == '-' || character.at[0] == '/'))
			after_hyphen = size;
	}
	return (str){ word.at, after_hyphen ? after_hyphen : size };
}

/* Takes one line off the front of *text, which does not start with a blank. */
static str line_take(struct breaking *breaking, str *text)
{
	str rest = *text, line = { text->at, 0 };
	pdf_length width = 0;
	while (rest.size) {
		const char *blank_at = rest.at;
		while (rest.size && is_blank(rest.at[0]))
			rest = (str){ rest.at + 1, rest.size - 1 };
		str gap = { blank_at, (size_t)(rest.at - blank_at) }; /* rest.at only moves forward */
		str word = word_take(&rest);
		width += pdf_text_width(breaking->pdf, breaking->font, gap) +
			pdf_text_width(breaking->pdf, breaking->font, word);
		if (width > breaking->width && line.size)
			break;
		if (width > breaking->width) {
			line = word_head(breaking, word);
			break;
		}
		line.size = (size_t)(rest.at - line.at); /* rest.at only moves forward */
	}
	*text = str_trim((str){ text->at + line.size, text->size - line.size });
	return line;
}

struct pdf_lines pdf_break(struct pdf *pdf, int font, str text, pdf_length width)
{
	struct breaking breaking = { .pdf = pdf, .font = font, .width = width };
	text = str_trim(text);
	while (text.size)
		breaking_add(&breaking, line_take(&breaking, &text));
	if (!breaking.lines.count)
		breaking_add(&breaking, S(""));
	return breaking.lines;
}

/* ---- Recording ---- */

static struct op *op_add(struct pdf *pdf, enum op_kind kind)
{
	require(pdf->page_index < pdf->page_count);
	struct page *page = &pdf->pages[pdf->page_index];
	if (page->op_count == page->op_capacity) {
		page->op_capacity = page->op_capacity ? page->op_capacity * 2 : 256;
		page->ops = arena_grow(pdf->sheet, page->ops, page->op_count, page->op_capacity, sizeof *page->ops);
	}
	struct op *op = &page->ops[page->op_count++];
	op->kind = kind;
	return op;
}

void pdf_page_add(struct pdf *pdf)
{
	require(pdf->page_count < PDF_PAGE_COUNT_MAX);
	pdf->page_index = pdf->page_count++;
	pdf->pages[pdf->page_index] = (struct page){ 0 };
}

size_t pdf_page_count(const struct pdf *pdf)
{
	return pdf->page_count;
}

void pdf_page_go(struct pdf *pdf, size_t page_index)
{
	require(page_index < pdf->page_count);
	pdf->page_index = page_index;
}

void pdf_begin(struct pdf *pdf, enum pdf_tag tag)
{
	op_add(pdf, OP_BEGIN)->as.tag = tag;
}

void pdf_end(struct pdf *pdf, enum pdf_tag tag)
{
	op_add(pdf, OP_END)->as.tag = tag;
}

void pdf_fill(struct pdf *pdf, struct pdf_box box)
{
	op_add(pdf, OP_FILL)->as.box = box;
}

void pdf_modules(struct pdf *pdf, const struct pdf_modules *modules)
{
	require(modules->side > 0);
	require(modules->side <= MODULE_SIDE_MAX);
	size_t size = modules->side * modules->side;
	unsigned char *dark = arena_alloc(pdf->sheet, size);
	memcpy(dark, modules->dark, size);
	struct op *op = op_add(pdf, OP_MODULES);
	op->as.modules = *modules;
	op->as.modules.dark = dark;
}

/* Copies word to the end of the run, moved to x, y. False when it has no text to label it with. */
static bool run_add(struct op *op, const struct word *word, double x, double y)
{
	cairo_glyph_t *glyphs = op->as.run.glyphs + op->as.run.glyph_count;
	for (int i = 0; i < word->glyph_count; i++)
		glyphs[i] = (cairo_glyph_t){ word->glyphs[i].index, word->glyphs[i].x + x, word->glyphs[i].y + y };
	op->as.run.glyph_count += word->glyph_count;
	if (word->cluster_count)
		memcpy(op->as.run.clusters + op->as.run.cluster_count, word->clusters,
			size_from_i64(word->cluster_count) * sizeof *word->clusters);
	op->as.run.cluster_count += word->cluster_count;
	return word->cluster_count > 0;
}

/* Glyphs that text may need: pango gives at most one for each byte in the scripts Inter has; more are refused. */
static size_t glyph_room(str text)
{
	return text.size + 8;
}

static void run_text(struct pdf *pdf, const struct pdf_spot *spot, str text, struct op *op)
{
	pdf_length x = spot->right ? spot->x - pdf_text_width(pdf, spot->font, text) : spot->x;
	op->as.run.glyphs = arena_many(pdf->sheet, glyph_room(text), cairo_glyph_t);
	op->as.run.clusters = arena_many(pdf->sheet, glyph_room(text), cairo_text_cluster_t);
	struct text written = text_in(pdf->sheet, text.size + 1);
	bool labelled = true;
	size_t number = 0, room = glyph_room(text);
	while (text.size) {
		str piece = piece_take(&text, &number);
		const struct word *word = word_get(pdf, spot->font, piece);
		if (size_from_i64(op->as.run.glyph_count + word->glyph_count) > room)
			break;
		pdf->unknown_count += size_from_i64(word->unknown_count);
		labelled = run_add(op, word, points(x), points(spot->y)) && labelled;
		text_add(&written, piece);
		x += word->width;
	}
	op->as.run.text = text_str(&written);
	if (!labelled)
		op->as.run.cluster_count = 0;
}

void pdf_text(struct pdf *pdf, struct pdf_spot spot, str text)
{
	require(spot.font >= 0);
	require(spot.font < pdf->font_count);
	if (!str_is_utf8(text)) {
		pdf->unknown_count++;
		text = S("?");
	}
	if (!text.size)
		return;
	struct op *op = op_add(pdf, OP_TEXT);
	memset(&op->as.run, 0, sizeof op->as.run);
	op->as.run.font = spot.font;
	op->as.run.colour = spot.colour;
	run_text(pdf, &spot, text, op);
}

/* ---- The file ---- */

/* cairo 1.16 cannot say which language a document is in. The catalog is the last object it writes before the table
 * of places, so a line put into it moves nothing but that table. Where the table stands is the last number of the
 * file, after "startxref": everything from there is held back and mended by tail_put(). */
static void language_put(struct pdf *pdf, str part, size_t at)
{
	char line[64];
	int size = snprintf(line, sizeof line, "   /Lang (%s)\n", pdf->language);
	require(size > 0);
	pdf->inserted_size = (size_t)size; /* size > 0 was required */
	sink_add(&pdf->sink, (str){ part.at, at });
	sink_add_z(&pdf->sink, line);
	sink_add(&pdf->sink, (str){ part.at + at, part.size - at });
}

static void tail_add(struct pdf *pdf, str part)
{
	require(part.size < sizeof pdf->tail - pdf->tail_size); /* a number and %%EOF */
	memcpy(pdf->tail + pdf->tail_size, part.at, part.size);
	pdf->tail_size += part.size;
}

static void tail_put(struct pdf *pdf)
{
	long long at;
	if (sscanf(pdf->tail, "startxref %lld", &at) == 1)
		sink_addf(&pdf->sink, "startxref\n%lld\n%%%%EOF\n",
			at + (long long)pdf->inserted_size); /* a few bytes */
}

static void sink_put(struct pdf *pdf, str part)
{
	static const str catalog = { "<< /Type /Catalog\n", 18 };
	if (pdf->tail_size || str_starts(part, S("startxref"))) {
		tail_add(pdf, part);
		return;
	}
	/* cairo prints an object's head in one part; pictures and pages come in larger ones */
	for (size_t i = 0; pdf->language[0] && part.size < 512 && i + catalog.size <= part.size; i++) {
		if (str_starts((str){ part.at + i, part.size - i }, catalog)) {
			language_put(pdf, part, i + catalog.size);
			return;
		}
	}
	sink_add(&pdf->sink, part);
}

static cairo_status_t sink_write(void *closure, const unsigned char *data, unsigned size)
{
	struct pdf *pdf = closure;
	sink_put(pdf, (str){ (const char *)data, size });
	return pdf->sink.err ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void about_put(struct pdf *pdf, const struct pdf_about *about)
{
	struct arena_mark mark = arena_mark(pdf->sheet);
	const char *made = str_format(pdf->sheet, "%sT00:00:00Z", date_iso(about->on).z).at;
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, str_z(pdf->sheet, about->title));
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_AUTHOR, str_z(pdf->sheet, about->author));
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Kravbok");
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_MOD_DATE, made);
	arena_reset(pdf->sheet, mark);
}

static bool is_language_code(str language)
{
	for (size_t i = 0; i < language.size; i++)
		if (!((language.at[i] >= 'a' && language.at[i] <= 'z') ||
			    (language.at[i] >= 'A' && language.at[i] <= 'Z') || language.at[i] == '-'))
			return false;
	return language.size < sizeof((struct pdf *)0)->language;
}

err_t pdf_open(struct pdf *pdf, struct sink sink, const struct pdf_about *about)
{
	require(!pdf->surface);
	require(!date_is_none(about->on));
	require(is_language_code(about->language));
	pdf->landscape = about->landscape;
	pdf->unknown_count = 0;
	pdf->inserted_size = 0;
	pdf->tail_size = 0;
	memset(pdf->tail, 0, sizeof pdf->tail);
	memset(pdf->language, 0, sizeof pdf->language);
	memcpy(pdf->language, about->language.at, about->language.size);
	arena_reset(pdf->own, pdf->own_mark);
	pdf->sink = sink_buffer_in(pdf->own, sink);
	pdf->surface = cairo_pdf_surface_create_for_stream(
		sink_write, pdf, points(pdf_page_width(pdf)), points(pdf_page_height(pdf)));
	pdf->cairo = cairo_create(pdf->surface);
	about_put(pdf, about);
	cairo_tag_begin(pdf->cairo, "Document", NULL); /* else cairo does not say that the file is tagged */
	pdf_forget(pdf);
	if (cairo_status(pdf->cairo)) {
		pdf_abandon(pdf);
		return fail(ERR_OUTSIDE, "could not start a PDF file");
	}
	return OK;
}

pdf_length pdf_page_width(const struct pdf *pdf)
{
	return pdf->landscape ? a4_long : a4_short;
}

pdf_length pdf_page_height(const struct pdf *pdf)
{
	return pdf->landscape ? a4_short : a4_long;
}

void pdf_forget(struct pdf *pdf)
{
	pdf->page_count = 0;
	pdf->page_index = 0;
	arena_reset(pdf->sheet, (struct arena_mark){ 0 });
}

/* ---- Showing ---- */

struct pen {
	cairo_t *cairo;
	const struct pdf *pdf;
	int font; /* set now; -1: none */
	uint32_t colour;
};

static void pen_colour(struct pen *pen, uint32_t colour)
{
	if (pen->colour == colour)
		return;
	pen->colour = colour;
	cairo_set_source_rgb(pen->cairo, (double)(colour >> 16 & 0xFF) / 255, (double)(colour >> 8 & 0xFF) / 255,
		(double)(colour & 0xFF) / 255);
}

static void pen_text(struct pen *pen, const struct op *op)
{
	pen_colour(pen, op->as.run.colour);
	if (pen->font != op->as.run.font) {
		pen->font = op->as.run.font;
		cairo_set_scaled_font(pen->cairo, pen->pdf->fonts[pen->font].scaled);
	}
	if (op->as.run.cluster_count)
		cairo_show_text_glyphs(pen->cairo, op->as.run.text.at, (int)op->as.run.text.size, op->as.run.glyphs,
			op->as.run.glyph_count, op->as.run.clusters, op->as.run.cluster_count,
			0); /* a line is far below INT_MAX */
	else
		cairo_show_glyphs(pen->cairo, op->as.run.glyphs, op->as.run.glyph_count);
}

static void pen_fill(struct pen *pen, const struct pdf_box *box)
{
	static const double quarter = 1.5707963267948966;
	double x = points(box->x), y = points(box->y), width = points(box->width), height = points(box->height);
	double r = points(box->radius);
	pen_colour(pen, box->colour);
	if (box->radius) {
		cairo_new_sub_path(pen->cairo);
		cairo_arc(pen->cairo, x + width - r, y + r, r, -quarter, 0);
		cairo_arc(pen->cairo, x + width - r, y + height - r, r, 0, quarter);
		cairo_arc(pen->cairo, x + r, y + height - r, r, quarter, 2 * quarter);
		cairo_arc(pen->cairo, x + r, y + r, r, 2 * quarter, 3 * quarter);
		cairo_close_path(pen->cairo);
	} else {
		cairo_rectangle(pen->cairo, x, y, width, height);
	}
	cairo_fill(pen->cairo);
}

/* Runs of a row are one rectangle, and all rectangles one path. */
static void pen_modules(struct pen *pen, const struct pdf_modules *modules)
{
	double step = points(modules->size) / (double)modules->side;
	double x = points(modules->x), y = points(modules->y);
	pen_colour(pen, modules->colour);
	for (size_t row = 0; row < modules->side; row++)
		for (size_t column = 0; column < modules->side;) {
			size_t end = column;
			while (end < modules->side && modules->dark[row * modules->side + end])
				end++;
			if (end > column)
				cairo_rectangle(pen->cairo, x + (double)column * step, y + (double)row * step,
					(double)(end - column) * step, step);
			column = end + 1;
		}
	cairo_fill(pen->cairo);
}

static void pen_draw(struct pen *pen, const struct op *op)
{
	static const char *const tags[PDF_TAG_COUNT] = { "P", "H1", "H2", "Table", "TR", "TH", "TD" };
	switch (op->kind) {
	case OP_TEXT: pen_text(pen, op); return;
	case OP_FILL: pen_fill(pen, &op->as.box); return;
	case OP_MODULES: pen_modules(pen, &op->as.modules); return;
	case OP_BEGIN: cairo_tag_begin(pen->cairo, tags[op->as.tag], NULL); return;
	case OP_END: cairo_tag_end(pen->cairo, tags[op->as.tag]); return;
	}
	panic("unknown op");
}

static err_t file_status(struct pdf *pdf, cairo_status_t status)
{
	err_t err = sink_flush(&pdf->sink); /* says more than cairo does */
	if (!err && status)
		err = fail(ERR_OUTSIDE, "could not write the PDF file: %s", cairo_status_to_string(status));
	return err;
}

err_t pdf_show(struct pdf *pdf)
{
	require(pdf->surface);
	for (size_t i = 0; i < pdf->page_count; i++) {
		struct pen pen = { .cairo = pdf->cairo, .pdf = pdf, .font = -1, .colour = UINT32_MAX };
		for (size_t k = 0; k < pdf->pages[i].op_count; k++)
			pen_draw(&pen, &pdf->pages[i].ops[k]);
		cairo_show_page(pdf->cairo);
	}
	pdf_forget(pdf);
	cairo_status_t status = cairo_status(pdf->cairo);
	return status ? file_status(pdf, status) : OK;
}

err_t pdf_close(struct pdf *pdf)
{
	require(pdf->surface);
	cairo_tag_end(pdf->cairo, "Document");
	cairo_destroy(pdf->cairo);
	cairo_surface_finish(pdf->surface);
	cairo_status_t status = cairo_surface_status(pdf->surface);
	cairo_surface_destroy(pdf->surface);
	pdf->surface = NULL;
	pdf->cairo = NULL;
	tail_put(pdf);
	return file_status(pdf, status);
}

void pdf_abandon(struct pdf *pdf)
{
	if (!pdf->surface)
		return;
	err_t err = pdf_close(pdf);
	if (err)
		err_free(err);
}
