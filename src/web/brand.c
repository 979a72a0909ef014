#include "web/brand.h"

#include <stdint.h>
#include <stdio.h>

enum { LINEAR_ONE = 1000000, STYLE_SIZE_MAX = 2000, TRIES_MAX = 100 };

/* sRGB's curve: how bright a channel's value is, in millionths (IEC 61966-2-1). */
static const int linear[256] = {
	0, 304, 607, 911, 1214, 1518, 1821, 2125, 2428, 2732, 3035, 3347,
	3677, 4025, 4391, 4777, 5182, 5605, 6049, 6512, 6995, 7499, 8023, 8568,
	9134, 9721, 10330, 10960, 11612, 12286, 12983, 13702, 14444, 15209, 15996, 16807,
	17642, 18500, 19382, 20289, 21219, 22174, 23153, 24158, 25187, 26241, 27321, 28426,
	29557, 30713, 31896, 33105, 34340, 35601, 36889, 38204, 39546, 40915, 42311, 43735,
	45186, 46665, 48172, 49707, 51269, 52861, 54480, 56128, 57805, 59511, 61246, 63010,
	64803, 66626, 68478, 70360, 72272, 74214, 76185, 78187, 80220, 82283, 84376, 86500,
	88656, 90842, 93059, 95307, 97587, 99899, 102242, 104616, 107023, 109462, 111932, 114435,
	116971, 119538, 122139, 124772, 127438, 130136, 132868, 135633, 138432, 141263, 144128, 147027,
	149960, 152926, 155926, 158961, 162029, 165132, 168269, 171441, 174647, 177888, 181164, 184475,
	187821, 191202, 194618, 198069, 201556, 205079, 208637, 212231, 215861, 219526, 223228, 226966,
	230740, 234551, 238398, 242281, 246201, 250158, 254152, 258183, 262251, 266356, 270498, 274677,
	278894, 283149, 287441, 291771, 296138, 300544, 304987, 309469, 313989, 318547, 323143, 327778,
	332452, 337164, 341914, 346704, 351533, 356400, 361307, 366253, 371238, 376262, 381326, 386429,
	391572, 396755, 401978, 407240, 412543, 417885, 423268, 428690, 434154, 439657, 445201, 450786,
	456411, 462077, 467784, 473531, 479320, 485150, 491021, 496933, 502886, 508881, 514918, 520996,
	527115, 533276, 539479, 545724, 552011, 558340, 564712, 571125, 577580, 584078, 590619, 597202,
	603827, 610496, 617207, 623960, 630757, 637597, 644480, 651406, 658375, 665387, 672443, 679542,
	686685, 693872, 701102, 708376, 715694, 723055, 730461, 737910, 745404, 752942, 760525, 768151,
	775822, 783538, 791298, 799103, 806952, 814847, 822786, 830770, 838799, 846873, 854993, 863157,
	871367, 879622, 887923, 896269, 904661, 913099, 921582, 930111, 938686, 947307, 955973, 964686,
	973445, 982251, 991102, 1000000,
};

static const struct color white = { 255, 255, 255 }, black = { 0, 0, 0 }, dark_page = { 0x14, 0x18, 0x1c };

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool color_parse(str text, struct color *ret_color)
{
	int digits[6];
	if (text.size == 7 && text.at[0] == '#')
		text = (str){ text.at + 1, 6 };
	if (text.size != 6)
		return false;
	for (size_t i = 0; i < 6; i++) {
		digits[i] = hex_digit(text.at[i]);
		if (digits[i] < 0)
			return false;
	}
	*ret_color = (struct color){ (unsigned char)(digits[0] * 16 + digits[1]), (unsigned char)(digits[2] * 16 + digits[3]),
		(unsigned char)(digits[4] * 16 + digits[5]) }; /* at most 255 */
	return true;
}

struct color_text color_text(struct color color)
{
	struct color_text text;
	snprintf(text.z, sizeof text.z, "#%02x%02x%02x", color.red, color.green, color.blue);
	return text;
}

/* In ten-thousand-millionths. */
static int64_t luminance(struct color color)
{
	return INT64_C(2126) * linear[color.red] + INT64_C(7152) * linear[color.green] + INT64_C(722) * linear[color.blue];
}

int color_contrast(struct color a, struct color b)
{
	int64_t flare = INT64_C(10000) * LINEAR_ONE / 20; /* 0.05 */
	int64_t light = luminance(a), dark = luminance(b);
	if (light < dark) {
		int64_t other = light;
		light = dark;
		dark = other;
	}
	return (int)((light + flare) * 100 / (dark + flare)); /* at most 2100 */
}

struct color color_text_on(struct color ground)
{
	return color_contrast(ground, white) >= BRAND_CONTRAST_MIN ? white : black;
}

/* The value whose brightness is nearest below. */
static unsigned char channel_of(int brightness)
{
	int value = 0;
	while (value < 255 && linear[value + 1] <= brightness)
		value++;
	return (unsigned char)value;
}

struct color color_for_light(struct color color)
{
	for (int i = 0; i < TRIES_MAX && color_contrast(color, white) < 600; i++)
		color = (struct color){ channel_of(linear[color.red] / 10 * 9), channel_of(linear[color.green] / 10 * 9),
			channel_of(linear[color.blue] / 10 * 9) };
	return color;
}

static unsigned char lighter(unsigned char channel)
{
	return (unsigned char)(channel + (255 - channel + 9) / 10); /* at most 255 */
}

struct color color_for_dark(struct color color)
{
	for (int i = 0; i < TRIES_MAX && color_contrast(color, dark_page) < 700; i++)
		color = (struct color){ lighter(color.red), lighter(color.green), lighter(color.blue) };
	return color;
}

/* The first line says what was chosen; the rest is made of it. */
str brand_style(struct arena *arena, const struct brand *brand)
{
	struct text style = text_in(arena, STYLE_SIZE_MAX);
	text_addf(&style, "/* chosen: %s %s */\n", color_text(brand->header).z, color_text(brand->accent).z);
	text_addf(&style, ":root {\n\t--kb-header: %s;\n\t--kb-header-text: %s;\n", color_text(brand->header).z,
		color_text(color_text_on(brand->header)).z);
	text_addf(&style, "\t--kb-brand-light: %s;\n\t--kb-brand-dark: %s;\n}\n", color_text(color_for_light(brand->accent)).z,
		color_text(color_for_dark(brand->accent)).z);
	return text_str(&style);
}

bool brand_read(str style, struct brand *ret_brand)
{
	static const char begin[] = "/* chosen: ";
	size_t at = sizeof begin - 1;
	return str_starts(style, S("/* chosen: ")) && style.size > at + 15 &&
	       color_parse((str){ style.at + at, 7 }, &ret_brand->header) &&
	       color_parse((str){ style.at + at + 8, 7 }, &ret_brand->accent);
}

str brand_mark(struct arena *arena, str name, struct color ground)
{
	struct text mark = text_in(arena, STYLE_SIZE_MAX);
	str rest = name.size ? name : S("?"), first = rest;
	uint32_t letter = str_take_char(&rest);
	first.size -= rest.size;
	bool is_plain = letter != '<' && letter != '&' && letter != '>' && letter != 0xFFFD;
	text_addf(&mark, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 36 36\"><rect width=\"36\" height=\"36\" rx=\"6\" "
		"fill=\"%s\"/><text x=\"18\" y=\"26\" text-anchor=\"middle\" font-family=\"Inter, Arial, sans-serif\" font-size=\"22\" "
		"font-weight=\"600\" fill=\"%s\">%.*s</text></svg>\n", color_text(color_text_on(ground)).z, color_text(ground).z,
		STR_ARG(is_plain ? first : S("?")));
	return text_str(&mark);
}
