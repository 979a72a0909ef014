/* The agency's colours: from what it chooses to a style sheet that cannot take the contrast away (the contract is at the top of
 * assets/app.css). Relative luminance and contrast as WCAG 2.2 defines them, in whole numbers. */
#ifndef KRAVBOK_WEB_BRAND_H
#define KRAVBOK_WEB_BRAND_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

struct color {
	unsigned char red, green, blue;
};
/* "#12495c" or "12495C". */
bool color_parse(str text, struct color *ret_color);
struct color_text {
	char z[8]; /* "#12495c" */
};
struct color_text color_text(struct color color);

/* Contrast of two colours times 100, cut off: 2100 for black and white, 100 for the same. */
int color_contrast(struct color a, struct color b);
/* White or black, whichever reads better; one of them always has 4.5:1. */
struct color color_text_on(struct color ground);
/* Darkened until white text on it has 6:1; lightened until it has 7:1 on the dark page. */
struct color color_for_light(struct color color);
struct color color_for_dark(struct color color);

enum { BRAND_CONTRAST_MIN = 450 };
struct brand {
	struct color header, accent;
};
/* The style sheet. */
str brand_style(struct arena *arena, const struct brand *brand);
/* What brand_style() wrote: the two colours the agency chose. False: not ours. */
bool brand_read(str style, struct brand *ret_brand);

/* The first letter of a name as a mark, in the header's colours turned round. */
str brand_mark(struct arena *arena, str name, struct color ground);

#endif
