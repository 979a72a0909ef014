/* floor_letters COUNT OUT.pdf: one-page letters in one PDF file with pango and cairo and nothing else: no tags, no law, no
 * book. The texts, sizes and table of the product's reminder in the same font. */
#include "floor.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FONT_PLAIN, FONT_BOLD, FONT_TITLE, FONT_SMALL, FONT_COUNT };

static const char *const font_names[FONT_COUNT] = { "Inter 9.5", "Inter Semi-Bold 9.5", "Inter Semi-Bold 15", "Inter 7.5" };

struct page {
	cairo_t *cairo;
	PangoLayout *layout;
	PangoFontDescription *fonts[FONT_COUNT];
};

struct piece { /* right < 0: set to the left at x; else ends at right */
	double x, right, y;
	int font;
	const char *text;
};

/* The reminder of letters/, its texts and its table, piece by piece; %d is the number of the case. */
static const struct piece pieces[] = {
	{ 60, -1, 60, FONT_TITLE, "Benken Inkasso AS" },
	{ 60, -1, 100, FONT_SMALL, "Retur: Benken Inkasso AS, Postboks 1, 0101 Oslo" },
	{ 60, -1, 120, FONT_PLAIN, "Ingrid Sæther" },
	{ 60, -1, 133, FONT_PLAIN, "Bjørkeveien %d" },
	{ 60, -1, 146, FONT_PLAIN, "5003 Bergen" },
	{ 360, -1, 120, FONT_SMALL, "Dato" },
	{ 430, -1, 120, FONT_PLAIN, "16. januar 2026" },
	{ 360, -1, 133, FONT_SMALL, "Sak" },
	{ 430, -1, 133, FONT_PLAIN, "%d" },
	{ 360, -1, 146, FONT_SMALL, "Kode" },
	{ 430, -1, 146, FONT_PLAIN, "2Q80-8NCV" },
	{ 360, -1, 159, FONT_SMALL, "Kreditor" },
	{ 430, -1, 159, FONT_PLAIN, "Hansen Kraftlag 1" },
	{ 360, -1, 172, FONT_SMALL, "Org.nr." },
	{ 430, -1, 172, FONT_PLAIN, "390 000 006" },
	{ 60, -1, 220, FONT_TITLE, "Purring" },
	{ 60, -1, 250, FONT_PLAIN,
		"Vi mangler betaling for regningen under. Vi sender deg denne påminnelsen for Hansen Kraftlag 1." },
	{ 60, -1, 280, FONT_SMALL, "Faktura" },
	{ 150, -1, 280, FONT_SMALL, "Gjelder" },
	{ 260, -1, 280, FONT_SMALL, "Datert" },
	{ 330, -1, 280, FONT_SMALL, "Forfalt" },
	{ 400, 460, 280, FONT_SMALL, "Beløp" },
	{ 480, 535, 280, FONT_SMALL, "Ubetalt" },
	{ 60, -1, 296, FONT_PLAIN, "F%07d" },
	{ 150, -1, 296, FONT_PLAIN, "Treningsavgift" },
	{ 260, -1, 296, FONT_PLAIN, "17.12.2025" },
	{ 330, -1, 296, FONT_PLAIN, "01.01.2026" },
	{ 400, 460, 296, FONT_PLAIN, "%d,51" },
	{ 480, 535, 296, FONT_PLAIN, "%d,70" },
	{ 60, -1, 326, FONT_SMALL, "Dette består beløpet av" },
	{ 480, 535, 326, FONT_SMALL, "Kroner" },
	{ 60, -1, 342, FONT_PLAIN, "Krav fra kreditor (hovedstol)" },
	{ 480, 535, 342, FONT_PLAIN, "%d,70" },
	{ 60, -1, 356, FONT_PLAIN, "Forsinkelsesrente til og med 16. januar 2026" },
	{ 480, 535, 356, FONT_PLAIN, "17,85" },
	{ 60, -1, 370, FONT_PLAIN, "Gebyr for purring og varsel" },
	{ 480, 535, 370, FONT_PLAIN, "38,00" },
	{ 60, -1, 384, FONT_BOLD, "Å betale" },
	{ 480, 535, 384, FONT_BOLD, "%d,55" },
	{ 70, -1, 420, FONT_SMALL, "Å betale" },
	{ 180, -1, 420, FONT_SMALL, "Betal innen" },
	{ 300, -1, 420, FONT_SMALL, "Til konto" },
	{ 420, -1, 420, FONT_SMALL, "KID" },
	{ 70, -1, 436, FONT_BOLD, "%d,55" },
	{ 180, -1, 436, FONT_BOLD, "30. januar 2026" },
	{ 300, -1, 436, FONT_BOLD, "1503 00 00002" },
	{ 420, -1, 436, FONT_BOLD, "80%09d8" },
	{ 70, -1, 452, FONT_SMALL, "Mottaker: Benken Inkasso AS" },
	{ 60, -1, 490, FONT_PLAIN,
		"I beløpet er det med et purregebyr på 38,00 kroner. Gebyret følger inkassoforskriften § 1-2." },
	{ 60, -1, 515, FONT_PLAIN, "Har du betalt de siste dagene? Da kan du se bort fra brevet." },
	{ 60, -1, 545, FONT_BOLD, "Er du uenig?" },
	{ 60, -1, 560, FONT_PLAIN,
		"Skriv til oss hvis du er uenig, og si hvorfor. Bruk post@benken.example. Da stopper vi saken til vi har sett "
		"på det du skriver." },
	{ 60, -1, 600, FONT_BOLD, "Er det vanskelig å betale?" },
	{ 60, -1, 615, FONT_PLAIN,
		"Ring oss på telefon 22 00 00 00. Vi kan gi deg mer tid eller dele opp beløpet. Nav gir gratis råd om "
		"økonomi og gjeld." },
	{ 60, -1, 650, FONT_PLAIN, "Du kan se saken på benken.example. Bruk saksnummer %d og koden 2Q80-8NCV." },
	{ 60, -1, 680, FONT_PLAIN, "Vennlig hilsen Benken Inkasso AS" },
	{ 60, -1, 790, FONT_SMALL, "Benken Inkasso AS · Postboks 1, 0101 Oslo · 22 00 00 00 · post@benken.example" },
	{ 480, 535, 790, FONT_SMALL, "Side 1 av 1" },
};

static void piece_set(struct page *page, const struct piece *piece, int number)
{
	char text[512];
	const char *at = strstr(piece->text, "%d") ? "%d" : strstr(piece->text, "%07d") ? "%07d" : "%09d";
	const char *found = strstr(piece->text, at);
	if (found)
		snprintf(text, sizeof text, "%.*s%0*d%s", (int)(found - piece->text), piece->text,
			at[1] == '0' ? at[2] - '0' : 1, number, found + strlen(at));
	else
		snprintf(text, sizeof text, "%s", piece->text);
	bool to_the_right = piece->right >= 0;
	pango_layout_set_font_description(page->layout, page->fonts[piece->font]);
	pango_layout_set_width(page->layout, (int)((to_the_right ? piece->right : 535) - piece->x) * PANGO_SCALE);
	pango_layout_set_alignment(page->layout, to_the_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	pango_layout_set_text(page->layout, text, -1);
	cairo_move_to(page->cairo, piece->x, piece->y);
	pango_cairo_show_layout(page->cairo, page->layout);
}

static void letter(struct page *page, int number)
{
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		piece_set(page, &pieces[i], number + 1000);
	for (int i = 0; i < 6; i++) {
		cairo_move_to(page->cairo, 60, 292 + 40 * i);
		cairo_line_to(page->cairo, 535, 292 + 40 * i);
	}
	cairo_stroke(page->cairo);
	cairo_show_page(page->cairo);
}

int main(int argument_count, char **arguments)
{
	if (argument_count < 3)
		return 2;
	int count = atoi(arguments[1]);
	struct floor_time begun = floor_begin();
	cairo_surface_t *surface = cairo_pdf_surface_create(arguments[2], 595.276, 841.89);
	struct page page = { .cairo = cairo_create(surface) };
	for (int i = 0; i < FONT_COUNT; i++)
		page.fonts[i] = pango_font_description_from_string(font_names[i]);
	page.layout = pango_cairo_create_layout(page.cairo);
	for (int i = 0; i < count; i++)
		letter(&page, i);
	g_object_unref(page.layout);
	for (int i = 0; i < FONT_COUNT; i++)
		pango_font_description_free(page.fonts[i]);
	cairo_destroy(page.cairo);
	cairo_surface_finish(surface);
	int failed = cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(surface);
	floor_say("letters", floor_since(begun), count);
	return failed;
}
