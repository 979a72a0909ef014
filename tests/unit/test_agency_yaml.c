/* The agency's identity from YAML: the sample, keys left out, and all that is refused, each with its line. */
#include "core/ident.h"
#include "format/agency_yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void assert_text(str got, const char *expected)
{
	assert_string_equal(str_z(arena, got), expected);
}

static struct agency parsed(const char *text)
{
	struct agency agency;
	err_t err = agency_yaml_parse(arena, "a.yaml", str_from_z(text), &agency);
	if (err)
		fail_msg("%s", err_text(err));
	return agency;
}

static void assert_refused_str(str text, const char *expected)
{
	struct agency agency;
	err_t err = agency_yaml_parse(arena, "a.yaml", text, &agency);
	if (!err)
		fail_msg("taken, expected '%s'", expected);
	assert_int_equal(err_kind(err), ERR_INPUT);
	assert_string_equal(err_text(err), expected);
	err_free(err);
}

static void assert_refused(const char *text, const char *expected)
{
	assert_refused_str(str_from_z(text), expected);
}

static void the_sample_is_read(void **state)
{
	(void)state;
	struct agency agency;
	struct ident_text orgnr, account, own_account;
	err_t err = agency_yaml_read(arena, "samples/agency.yaml", &agency);
	if (err)
		fail_msg("%s", err_text(err));
	assert_text(agency.name, "Fjordkreditt SA");
	assert_text(agency.address, "Strandkaien 14");
	assert_text(agency.postcode, "5013");
	assert_text(agency.city, "Bergen");
	assert_text(agency.phone, "55 00 00 14");
	assert_text(agency.email, "post@fjordkreditt.example");
	assert_text(agency.web, "https://fjordkreditt.example");
	assert_text(agency.licence, "Inkassobevilling fra Finanstilsynet (fiktiv)");
	assert_null(orgnr_parse(agency.orgnr, &orgnr));
	assert_null(bban_parse(agency.account, &account));
	assert_null(bban_parse(agency.own_account, &own_account));
	assert_string_equal(orgnr.z, "319773053");
	assert_string_equal(account.z, "15030000002");
	assert_string_equal(own_account.z, "36240701019");
}

static void keys_may_be_left_out(void **state)
{
	(void)state;
	struct agency agency = parsed("name: Fjordkreditt SA\nphone:\n");
	assert_text(agency.name, "Fjordkreditt SA");
	assert_int_equal(agency.phone.size, 0);
	assert_int_equal(agency.orgnr.size, 0);
	assert_int_equal(agency.own_account.size, 0);
	assert_int_equal(parsed("{}").name.size, 0);
}

static void numbers_stay_as_written(void **state)
{
	(void)state;
	struct agency agency = parsed("postcode: 0180\naccount: 00012345678\nphone: +47 55 00\nlicence: yes\n");
	assert_text(agency.postcode, "0180");
	assert_text(agency.account, "00012345678");
	assert_text(agency.phone, "+47 55 00");
	assert_text(agency.licence, "yes");
}

static void a_quoted_text_is_trimmed(void **state)
{
	(void)state;
	assert_text(parsed("name: \"  Ærlig Ås AS \"\n").name, "Ærlig Ås AS");
	assert_text(parsed("name: Ærlig\n  Ås AS\n").name, "Ærlig Ås AS"); /* folded by YAML itself */
}

static void another_shape_is_refused(void **state)
{
	(void)state;
	assert_refused("name: A\norg_nr: 1\n", "a.yaml:2: there is no key 'org_nr' here");
	assert_refused("# a\n\nname: A\n\n\nNAME: B\n", "a.yaml:6: there is no key 'NAME' here");
	assert_refused("name: A\ncity: B\nname: C\n", "a.yaml:3: the key 'name' is there twice");
	assert_refused("name: A\ncity: [B]\n", "a.yaml:2: 'city': a single value belongs here");
	assert_refused("name:\n  first: A\n", "a.yaml:2: 'name': a single value belongs here");
	assert_refused("- name: A\n", "a.yaml:1: keys with values belong here");
	assert_refused("Fjordkreditt SA\n", "a.yaml:1: keys with values belong here");
	assert_refused("name: A\ncity: \"B\n", "a.yaml:2: not YAML: found unexpected end of stream");
	assert_refused("name: A\n---\nname: B\n", "a.yaml:2: '---': the file must be one document without marks");
	assert_refused("{{name: A}: B}\n", "a.yaml:1: 'name': a key must be a single text");
	assert_refused("name: &n A\ncity: *n\n", "a.yaml:2: 'city': YAML alias unsupported");
}

static void a_text_of_several_lines_is_refused(void **state)
{
	(void)state;
	assert_refused(
		"name: A\naddress: |\n  Boks 1\n  Bergen\n", "a.yaml:2: address 'Boks 1…' is not one line of text");
	assert_refused("name: \"A\\tB\"\n", "a.yaml:1: name 'A…' is not one line of text");
	assert_refused("name: \"A\\0B\"\n", "a.yaml:1: a text with a NUL in it");
}

static void too_long_is_refused(void **state)
{
	(void)state;
	char name[400];
	memset(name, 'x', sizeof name);
	assert_text(
		parsed(str_format(arena, "name: %.*s\n", 300, name).at).name, str_format(arena, "%.*s", 300, name).at);
	assert_refused(
		str_format(arena, "city: A\nname: %.*s\n", 301, name).at, "a.yaml:2: 'name': longer than 300 bytes");
	char *huge = arena_alloc(arena, 300000);
	memset(huge, '#', 300000);
	assert_refused_str((str){ huge, 300000 }, "a.yaml: larger than 256 KiB");
}

/* libyaml's own work grows with the square of the depth: it must be left before it goes deep. */
static void a_deep_file_is_refused_at_once(void **state)
{
	(void)state;
	char *deep = arena_alloc(arena, 256 * 1024);
	memset(deep, '[', 256 * 1024);
	assert_refused_str((str){ deep, 256 * 1024 }, "a.yaml:1: keys with values belong here");
	str text = str_format(arena, "%0*d: %s", 1500, 0, str_format(arena, "%.*s", 200000, deep).at);
	struct agency agency;
	err_t err = agency_yaml_parse(arena, "a.yaml", text, &agency); /* a key longer than the log's lines */
	assert_non_null(err);
	assert_non_null(strstr(err_text(err), "a.yaml:1: "));
	err_free(err);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	(void)state;
	assert_refused("", "a.yaml: empty");
	assert_refused("# nothing\n", "a.yaml: holds nothing");
	assert_refused("name: \xff\n", "a.yaml: not UTF-8 text");
	assert_refused_str(S("name: A\0B\n"), "a.yaml: not UTF-8 text");
}

static void a_file_that_is_not_there_is_told(void **state)
{
	(void)state;
	struct agency agency;
	err_t err = agency_yaml_read(arena, "tests/no-such.yaml", &agency);
	assert_int_equal(err_kind(err), ERR_OUTSIDE);
	assert_string_equal(err_text(err), "could not read 'tests/no-such.yaml': there is no such file");
	err_free(err);
	err = agency_yaml_read(arena, "tests", &agency);
	assert_int_equal(err_kind(err), ERR_INPUT);
	assert_string_equal(err_text(err), "tests: not a file");
	err_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_is_read),
		cmocka_unit_test(keys_may_be_left_out),
		cmocka_unit_test(numbers_stay_as_written),
		cmocka_unit_test(a_quoted_text_is_trimmed),
		cmocka_unit_test(another_shape_is_refused),
		cmocka_unit_test(a_text_of_several_lines_is_refused),
		cmocka_unit_test(too_long_is_refused),
		cmocka_unit_test(a_deep_file_is_refused_at_once),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(a_file_that_is_not_there_is_told),
	};
	return cmocka_run_group_tests_name("agency_yaml", tests, setup, teardown);
}
