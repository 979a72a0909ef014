/* Words for searching: what is typed and what is kept become the same. */
#include "core/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena;

static void words_are(const char *text, const char *expected)
{
	struct words words = words_in(arena, 20);
	struct text joined = text_in(arena, 4096);
	words_add(&words, arena, str_from_z(text));
	for (size_t i = 0; i < words.count; i++) {
		text_add_z(&joined, i ? "|" : "");
		text_add(&joined, words.at[i]);
	}
	assert_string_equal(str_z(arena, text_str(&joined)), expected);
}

static void case_and_accents_go_but_not_the_norwegian_letters(void **state)
{
	(void)state;
	words_are("Åse SÆTHER Øvrebø", "åse|sæther|øvrebø");
	words_are("José Müller-Lüdenscheidt", "jose|muller|ludenscheidt");
	words_are("Säther Göran Ångström", "sæther|gøran|ångstrøm");
	words_are("Łukasz Dvořák, Straße", "lukasz|dvorak|strasse");
	words_are("Иван 李小龍", "Иван|李小龍"); /* other letters stand as they are */
	words_are("«Nordlys» – Kraft/Nett A/S", "nordlys|kraft|nett");
}

static void one_character_is_no_word(void **state)
{
	(void)state;
	words_are("a å 1 !", "");
	words_are("ab åå 12", "ab|åå|12");
	words_are("", "");
	words_are("\xFF\xFE", "");
}

static void grouped_digits_are_one_number(void **state)
{
	(void)state;
	words_are("900 11 222", "90011222");
	words_are("+47 900 11 222", "90011222");
	words_are("22 33 44 55", "22334455");
	words_are("4790011222", "90011222");
	words_are("974 760 673", "974760673");
	words_are("1503 00 00022", "15030000022");
	words_are("Storgata 12 0155 Oslo", "storgata|12|0155|oslo");
	words_are("900 11 222 Oslo", "90011222|oslo");
	words_are("F-2026/117", "2026|117");
}

static void mail_address_is_one_word(void **state)
{
	(void)state;
	words_are("Kari.Nordmann@Post.example", "kari|kari.nordmann@post.example");
	words_are("ring kari@post.example, takk", "ring|kari@post.example|takk");
}

static void long_word_is_cut_between_characters(void **state)
{
	(void)state;
	struct words words = words_in(arena, 2);
	words_add(&words, arena, S("xøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøø to tre"));
	assert_int_equal(words.count, 2); /* and no more than there is room for */
	assert_int_equal(words.at[0].size, 39);
	assert_true(str_is_utf8(words.at[0]));
}

static void phone_and_joined_are_one_word(void **state)
{
	(void)state;
	struct words words = words_in(arena, 10);
	words_add_phone(&words, arena, S("(0047) 900-11-222"));
	words_add_phone(&words, arena, S("none"));
	words_add_joined(&words, arena, S("F-2026/117"));
	assert_int_equal(words.count, 2);
	assert_true(str_eq_z(words.at[0], "90011222"));
	assert_true(str_eq_z(words.at[1], "f2026117"));
}

static int arena_begin(void **state)
{
	(void)state;
	arena = arena_create(16 << 20);
	return 0;
}

static int arena_end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_and_accents_go_but_not_the_norwegian_letters),
		cmocka_unit_test(one_character_is_no_word),
		cmocka_unit_test(grouped_digits_are_one_number),
		cmocka_unit_test(mail_address_is_one_word),
		cmocka_unit_test(long_word_is_cut_between_characters),
		cmocka_unit_test(phone_and_joined_are_one_word),
	};
	return cmocka_run_group_tests_name("words", tests, arena_begin, arena_end);
}
