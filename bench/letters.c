/* letters N: demands a second to one PDF file, ours against bare pango and cairo setting the same text in the same font
 * at the same sizes, untagged (the floor). Both draw N different letters. Prints "name value unit" lines. */
#include "templates.h"
#include "format/letters_module.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(err_t err)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", err_text(err));
	exit(1);
}

static struct letter letter_no(struct arena *arena, int i, struct letter_claim *claim)
{
	static const char *const names[] = { "Bjørg Sæther", "Kåre Ødegård", "Åse Næss", "Øyvind Håkonsen",
		"Solveig Bråthen" };
	static const char *const cities[] = { "OSLO", "TROMSØ", "BODØ", "ÅLESUND", "BERGEN" };
	int64_t principal = 148000 + 3700 * (i % 90), interest = 4471 + i % 100;
	*claim = (struct letter_claim){ str_format(arena, "%d", 73000000 + i), date_make(2025, 10, 1),
		date_make(2025, 11, 1), S("Strøm, oktober 2025"), { principal }, { principal } };
	return (struct letter){ .kind = LETTER_DEMAND,
		.language = LETTER_NB,
		.sent_on = date_make(2026, 1, 15),
		.deadline_on = date_make(2026, 1, 29),
		.agency = { S("Fjordkrav SA"), S("987654325"), S("Storgata 12"), S("0155"), S("Oslo"),
			S("22 00 00 00"), S("post@fjordkrav.example"), S("fjordkrav.example"), S("15030000006") },
		.debtor = { str_from_z(names[i % 5]), str_format(arena, "Storgata %d", i % 140 + 1),
			str_format(arena, "%04d", 150 + i % 9000), str_from_z(cities[i / 5 % 5]), S("NO") },
		.creditor = S("Ødegård Kraftlag SA"),
		.case_no = 100000 + i,
		.kid = str_format(arena, "%013d", i),
		.code = S("K7PM-29XR"),
		.claims = claim,
		.claim_count = 1,
		.interest_rate_bp = 1200,
		.interest_from = date_make(2025, 11, 2),
		.amounts = { .principal = { principal },
			.interest = { interest },
			.salaer = { 37500 },
			.total = { principal + interest + 37500 } },
		.coming_salaer = { 75000 },
		.coming_salaer_on = date_make(2026, 2, 27) };
}

static double ours(const struct letter_book *book, int count, const char *path, bool many)
{
	struct letters *letters;
	must(letters_module.start(book, &letters));
	struct arena *arena = arena_create((size_t)64 << 20);
	struct arena_mark mark = arena_mark(arena);
	double start = seconds_now();
	for (int i = 0; i < count; i++) {
		char name[512];
		snprintf(name, sizeof name, many ? "%s%05d.pdf" : "%s.pdf", path, i);
		struct letter_claim claim;
		struct letter letter = letter_no(arena, i, &claim);
		struct letters_made made;
		size_t page_count;
		if (many || !i)
			must(letters_module.open(letters, name));
		must(letters_module.add(letters, &letter, &page_count));
		if (many || i == count - 1)
			must(letters_module.close(letters, &made));
		arena_reset(arena, mark);
	}
	double spent = seconds_now() - start;
	arena_destroy(arena);
	letters_module.stop(letters);
	return count / spent;
}

/* ---- The floor ---- */

struct floor {
	cairo_t *cairo;
	PangoLayout *layout;
	double y;
};

static PangoFontDescription *font_of(const char *text)
{
	static struct {
		const char *text;
		PangoFontDescription *font;
	} known[16];
	size_t i = 0;
	while (known[i].text && strcmp(known[i].text, text) != 0)
		i++;
	if (!known[i].text) {
		known[i].text = text;
		known[i].font = pango_font_description_from_string(text);
	}
	return known[i].font;
}

static void floor_text(
	struct floor *floor, const char *font, double x, double y, double width, bool right, str text)
{
	pango_layout_set_font_description(floor->layout, font_of(font));
	pango_layout_set_width(floor->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
	pango_layout_set_alignment(floor->layout, right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	pango_layout_set_text(floor->layout, text.at, (int)text.size);
	cairo_move_to(floor->cairo, x, y);
	pango_cairo_update_layout(floor->cairo, floor->layout);
	pango_cairo_show_layout(floor->cairo, floor->layout);
}

static void floor_rule(struct floor *floor, double y)
{
	cairo_rectangle(floor->cairo, 68, y, 459, 0.5);
	cairo_fill(floor->cairo);
}

static void floor_table(
	struct floor *floor, struct arena *arena, const struct letter_book *book, const struct letter *letter)
{
	struct letter_row rows[LETTER_ROW_MAX];
	size_t count = letter_rows(arena, book, letter, rows);
	floor_text(floor, "Inter 8", 68, floor->y, -1, false, letter_label(book, LETTER_NB, LABEL_TABLE_HEADING));
	floor_text(floor, "Inter 8", 400, floor->y, 127, true, letter_label(book, LETTER_NB, LABEL_AMOUNT_HEADING));
	for (size_t i = 0; i < count; i++) {
		floor->y += 17;
		const char *font = rows[i].total ? "Inter Semi-Bold 9.5" : "Inter 9.5";
		floor_rule(floor, floor->y);
		floor_text(floor, font, 68, floor->y, -1, false, rows[i].label);
		floor_text(floor, font, 400, floor->y, 127, true, letter_money(arena, LETTER_NB, rows[i].amount));
	}
	floor->y += 28;
}

static void floor_claims(
	struct floor *floor, struct arena *arena, const struct letter_book *book, const struct letter *letter)
{
	static const enum letter_label labels[] = { LABEL_INVOICE, LABEL_DESCRIPTION, LABEL_ISSUED, LABEL_DUE,
		LABEL_CLAIM_AMOUNT };
	const struct letter_claim *claim = &letter->claims[0];
	const str cells[] = { claim->invoice_no, claim->description,
		letter_date_short(arena, LETTER_NB, claim->issued_on),
		letter_date_short(arena, LETTER_NB, claim->due_on),
		letter_money(arena, LETTER_NB, claim->principal) };
	static const double x[] = { 68, 150, 330, 400, 440 };
	for (int i = 0; i < 5; i++) {
		floor_text(floor, "Inter 8", x[i], floor->y, i == 4 ? 87 : -1, i == 4,
			letter_label(book, LETTER_NB, labels[i]));
		floor_text(floor, "Inter 8.5", x[i], floor->y + 16, i == 4 ? 87 : -1, i == 4, cells[i]);
	}
	floor_rule(floor, floor->y + 14);
	floor_rule(floor, floor->y + 30);
	floor->y += 40;
}

static void floor_payment(
	struct floor *floor, struct arena *arena, const struct letter_book *book, const struct letter *letter)
{
	static const enum letter_label labels[] = { LABEL_TO_PAY, LABEL_PAY_BY, LABEL_ACCOUNT, LABEL_KID };
	const str values[] = { letter_money(arena, LETTER_NB, letter->amounts.total),
		letter_date(arena, LETTER_NB, letter->deadline_on), letter_account(arena, letter->agency.account),
		letter->kid };
	cairo_set_source_rgb(floor->cairo, 0.93, 0.96, 0.96);
	cairo_rectangle(floor->cairo, 68, floor->y, 459, 62);
	cairo_fill(floor->cairo);
	cairo_set_source_rgb(floor->cairo, 0, 0, 0);
	for (int i = 0; i < 4; i++) {
		floor_text(floor, "Inter 8", 82 + 100 * i, floor->y + 8, -1, false,
			letter_label(book, LETTER_NB, labels[i]));
		floor_text(floor, "Inter Semi-Bold 11", 82 + 100 * i, floor->y + 20, -1, false, values[i]);
	}
	floor_text(floor, "Inter 8", 82, floor->y + 45, -1, false,
		str_format(arena, "Mottaker: %.*s", STR_ARG(letter->agency.name)));
	floor->y += 74;
}

static void floor_head(struct floor *floor, struct arena *arena, const struct letter *letter)
{
	cairo_rectangle(floor->cairo, 68, 45, 34, 3);
	cairo_fill(floor->cairo);
	floor_text(floor, "Inter Semi-Bold 14", 68, 55, -1, false, letter->agency.name);
	floor_text(floor, "Inter 7", 68, 123, -1, false, S("Retur: Fjordkrav SA, Storgata 12, 0155 Oslo"));
	floor_text(floor, "Inter 10", 68, 137, -1, false,
		str_format(arena, "%.*s\n%.*s\n%.*s %.*s", STR_ARG(letter->debtor.name),
			STR_ARG(letter->debtor.address), STR_ARG(letter->debtor.postcode),
			STR_ARG(letter->debtor.city)));
	floor_text(floor, "Inter 8", 350, 137, -1, false, S("Dato\nSak\nKode\nKreditor"));
	floor_text(floor, "Inter 8", 402, 137, -1, false,
		str_format(arena, "%.*s\n%lld\n%.*s\n%.*s", STR_ARG(letter_date(arena, LETTER_NB, letter->sent_on)),
			(long long)letter->case_no, STR_ARG(letter->code), STR_ARG(letter->creditor)));
	floor_rule(floor, 788);
	floor_text(floor, "Inter 7", 68, 796, -1, false,
		S("Fjordkrav SA · Org.nr. 987 654 325 · Storgata 12 · 0155 Oslo\n"
		  "22 00 00 00 · post@fjordkrav.example · fjordkrav.example"));
	floor_text(floor, "Inter 7", 400, 796, 127, true, S("Side 1 av 1"));
}

static void floor_letter(
	struct floor *floor, struct arena *arena, const struct letter_book *book, const struct letter *letter)
{
	struct letter_content content;
	must(letter_fill(arena, book, letter, &content));
	floor_head(floor, arena, letter);
	floor->y = 232;
	for (size_t i = 0; i < content.block_count; i++) {
		const struct letter_block *block = &content.blocks[i];
		const char *font = block->kind == LETTER_BLOCK_TITLE ? "Inter Semi-Bold 19"
			: block->kind == LETTER_BLOCK_HEADING        ? "Inter Semi-Bold 11"
								     : "Inter 9.5";
		if (block->kind == LETTER_BLOCK_CLAIMS) {
			floor_claims(floor, arena, book, letter);
		} else if (block->kind == LETTER_BLOCK_TABLE) {
			floor_table(floor, arena, book, letter);
		} else if (block->kind == LETTER_BLOCK_PAYMENT) {
			floor_payment(floor, arena, book, letter);
		} else {
			floor_text(floor, font, 68, floor->y, 442, false, block->text);
			int height;
			pango_layout_get_pixel_size(floor->layout, NULL, &height);
			floor->y += height + 4;
		}
	}
	cairo_show_page(floor->cairo);
}

static double bare(const struct letter_book *book, int count, const char *path)
{
	FcConfig *config = FcConfigCreate();
	FcConfigAppFontAddFile(config, (const FcChar8 *)"/usr/share/fonts/opentype/inter/Inter-Regular.otf");
	FcConfigAppFontAddFile(config, (const FcChar8 *)"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf");
	PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
	PangoContext *context = pango_font_map_create_context(map);
	pango_cairo_context_set_resolution(context, 72);
	struct arena *arena = arena_create((size_t)64 << 20);
	struct arena_mark mark = arena_mark(arena);
	double start = seconds_now();
	cairo_surface_t *surface = cairo_pdf_surface_create(path, 595.276, 841.89);
	struct floor floor = { .cairo = cairo_create(surface), .layout = pango_layout_new(context) };
	for (int i = 0; i < count; i++) {
		struct letter_claim claim;
		struct letter letter = letter_no(arena, i, &claim);
		floor_letter(&floor, arena, book, &letter);
		arena_reset(arena, mark);
	}
	cairo_destroy(floor.cairo);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	double spent = seconds_now() - start;
	g_object_unref(floor.layout);
	g_object_unref(context);
	g_object_unref(map);
	arena_destroy(arena);
	return count / spent;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1000;
	const char *dir = argc > 2 ? argv[2] : "/tmp";
	struct arena *arena = arena_create((size_t)64 << 20);
	struct letter_source *sources = arena_many(arena, embedded_templates_count, struct letter_source);
	for (size_t i = 0; i < embedded_templates_count; i++)
		sources[i] = (struct letter_source){ embedded_templates[i].name, embedded_templates[i].body };
	struct letter_book *book;
	must(letter_book_load(arena, sources, embedded_templates_count, &book));
	double best_bare = 0, best_ours = 0;
	for (int round = 0; round < 3; round++) { /* in turn, so that a busy machine hits both */
		double rate = bare(book, count, str_format(arena, "%s/letters-floor.pdf", dir).at);
		best_bare = rate > best_bare ? rate : best_bare;
		rate = ours(book, count, str_format(arena, "%s/letters-ours", dir).at, false);
		best_ours = rate > best_ours ? rate : best_ours;
	}
	printf("letters.floor %.0f letters/s\nletters.ours %.0f letters/s\nletters.ratio %.2f\n", best_bare,
		best_ours, best_ours / best_bare);
	int many = count < 300 ? count : 300;
	printf("letters.own_file %.0f letters/s\n",
		ours(book, many, str_format(arena, "%s/letters-own-", dir).at, true));
	arena_destroy(arena);
	return 0;
}
