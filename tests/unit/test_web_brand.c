/* The agency's colours: contrast by WCAG 2.2, and that no choice takes it away. Expected contrasts are those of WebAIM's checker. */
#include "web/brand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct color white = { 255, 255, 255 }, black = { 0, 0, 0 }, dark_page = { 0x14, 0x18, 0x1c };

static struct color color_of(const char *text)
{
	struct color color;
	assert_true(color_parse(str_from_z(text), &color));
	return color;
}

static void contrast_is_the_guidelines(void **state)
{
	(void)state;
	assert_int_equal(color_contrast(white, black), 2100);
	assert_int_equal(color_contrast(black, white), 2100);
	assert_int_equal(color_contrast(white, white), 100);
	assert_int_equal(color_contrast(color_of("#767676"), white), 454);
	assert_int_equal(color_contrast(color_of("#777777"), white), 447);
	assert_int_equal(color_contrast(color_of("#ff0000"), white), 399);
	assert_int_equal(color_contrast(color_of("#ffd700"), white), 140);
	assert_int_equal(color_contrast(color_of("0000FF"), white), 859);
}

static void only_six_hexadecimal_digits_are_a_colour(void **state)
{
	struct color color;
	static const char *const bad[] = { "", "#", "#12345", "#1234567", "red", "#12345g", "##12345", "12 456", "#fff" };
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(color_parse(str_from_z(bad[i]), &color));
	assert_string_equal(color_text(color_of("#12AbCd")).z, "#12abcd");
}

/* Every colour of a grid over all: text on the band has 4.5:1, links 6:1 on white and 7:1 on the dark page. */
static void no_choice_takes_the_contrast_away(void **state)
{
	(void)state;
	for (int red = 0; red < 256; red += 15)
		for (int green = 0; green < 256; green += 15)
			for (int blue = 0; blue < 256; blue += 15) {
				struct color color = { (unsigned char)red, (unsigned char)green, (unsigned char)blue };
				assert_true(color_contrast(color_text_on(color), color) >= BRAND_CONTRAST_MIN);
				assert_true(color_contrast(color_for_light(color), white) >= 600);
				assert_true(color_contrast(color_for_dark(color), dark_page) >= 700);
			}
}

static void the_style_holds_four_properties_and_gives_the_choice_back(void **state)
{
	struct arena *arena = arena_create(1 << 20);
	struct brand brand = { { 0x7a, 0x1f, 0x3d }, { 0x0b, 0x57, 0xd0 } }, read;
	str style = brand_style(arena, &brand);
	(void)state;
	assert_true(brand_read(style, &read));
	assert_memory_equal(&read, &brand, sizeof brand);
	assert_true(str_has(style, S("--kb-header: #7a1f3d;")));
	assert_true(str_has(style, S("--kb-header-text: #ffffff;")));
	assert_true(str_has(style, S("--kb-brand-light: ")));
	assert_true(str_has(style, S("--kb-brand-dark: ")));
	assert_false(brand_read(S(""), &read));
	assert_false(brand_read(S("body { display: none }"), &read));
	arena_destroy(arena);
}

static void a_mark_is_one_letter_and_no_markup(void **state)
{
	struct arena *arena = arena_create(1 << 20);
	(void)state;
	assert_true(str_has(brand_mark(arena, S("Ålesund"), white), S(">Å</text>")));
	assert_true(str_has(brand_mark(arena, S("<script>"), white), S(">?</text>")));
	assert_true(str_has(brand_mark(arena, S(""), white), S(">?</text>")));
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contrast_is_the_guidelines),
		cmocka_unit_test(only_six_hexadecimal_digits_are_a_colour),
		cmocka_unit_test(no_choice_takes_the_contrast_away),
		cmocka_unit_test(the_style_holds_four_properties_and_gives_the_choice_back),
		cmocka_unit_test(a_mark_is_one_letter_and_no_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
