/* What a request says of itself and its forms, judged without a socket: both sides of every limit. */
#include "web/http_body.h"
#include "web/http_vet.h"

#include "panics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static void assert_str(str s, const char *expected)
{
	if (!str_eq_z(s, expected))
		fail_msg("'%.*s' is not '%s'", STR_ARG(s), expected);
}

static str repeated(const char *part, size_t count)
{
	struct text text = text_in(arena, 16 << 20);
	for (size_t i = 0; i < count; i++)
		text_add_z(&text, part);
	return text_str(&text);
}

/* ---- the target ---- */

static void a_path_is_decoded_once(void **state)
{
	(void)state;
	static const char *const CASES[][3] = {
		{ "/", "/", "" },
		{ "/my/cases/17?a=b?c", "/my/cases/17", "a=b?c" },
		{ "/%C3%A5%20+", "/\xC3\xA5 +", "" },
		{ "/a%2541", "/a%41", "" },
		{ "/a.b/.c/d.", "/a.b/.c/d.", "" },
		{ "/a?", "/a", "" },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct http_target target;
		assert_int_equal(http_vet_target(arena, str_from_z(CASES[i][0]), &target), 0);
		assert_str(target.path, CASES[i][1]);
		assert_str(target.query, CASES[i][2]);
	}
}

static void a_path_with_a_second_meaning_is_refused(void **state)
{
	(void)state;
	static const char *const CASES[] = { "", "a", "*", "?", "//", "/a//b", "/..", "/a/..", "/a/%2e%2e/b", "/a/.%2E", "/a..b", "/.",
		"/./a", "/a/./b", "/a/.", "/%2e", "/a%2fb", "/a%2Fb", "/a\\b", "/a%5Cb", "/a%00", "/a%1f", "/a%7f", "/a\x7f", "/a b",
		"/a#b", "/a%", "/a%4", "/a%4g", "/a%g4", "/%ff", "/\xff", "/%c0%af", "/%ed%a0%80", "http://a/b", "/a?b\x01" };
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct http_target target;
		if (http_vet_target(arena, str_from_z(CASES[i]), &target) != 400)
			fail_msg("'%s' is not refused", CASES[i]);
	}
}

static void a_target_has_8192_bytes_and_100_fields(void **state)
{
	(void)state;
	struct http_target target;
	str a = str_format(arena, "/%.*s", STR_ARG(repeated("a", 8192)));
	assert_int_equal(http_vet_target(arena, (str){ a.at, 8192 }, &target), 0);
	assert_int_equal(http_vet_target(arena, a, &target), 414);
	assert_false(http_vet_has_too_many_fields(str_format(arena, "/&&?%.*s", STR_ARG(repeated("&", 99)))));
	assert_true(http_vet_has_too_many_fields(str_format(arena, "/?%.*s", STR_ARG(repeated("&", 100)))));
}

/* ---- headers ---- */

static int framing_of(const struct http_header *headers, size_t count, struct http_framing *framing)
{
	return http_vet_headers((struct http_headers){ headers, count }, S("HTTP/1.1"), framing);
}

static void the_length_of_a_body_is_told_in_one_way(void **state)
{
	(void)state;
	struct http_framing framing;
	struct http_header headers[] = { { S("Host"), S("a") }, { S("CONTENT-length"), S("999999999999999999") } };
	assert_int_equal(framing_of(headers, 2, &framing), 0);
	assert_true(framing.has_length);
	assert_int_equal(framing.length, 999999999999999999);
	headers[1].value = S("1000000000000000000");
	assert_int_equal(framing_of(headers, 2, &framing), 400);
	headers[1] = (struct http_header){ S("Transfer-Encoding"), S("Chunked") };
	assert_int_equal(framing_of(headers, 2, &framing), 0);
	assert_true(framing.is_chunked);
	headers[1].value = S("gzip, chunked");
	assert_int_equal(framing_of(headers, 2, &framing), 501);
	struct http_header both[] = { { S("Host"), S("a") }, { S("Transfer-Encoding"), S("chunked") }, { S("Content-Length"), S("1") } };
	assert_int_equal(framing_of(both, 3, &framing), 400);
	assert_int_equal(http_vet_headers((struct http_headers){ both, 2 }, S("HTTP/1.0"), &framing), 400);
	assert_int_equal(http_vet_headers((struct http_headers){ both, 1 }, S("HTTP/2.0"), &framing), 505);
	assert_int_equal(framing_of(both + 1, 1, &framing), 400); /* no Host */
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
	(void)state;
	str header = S("xsid=1; sid2=2; sid ; sid=3=3; sid=4; empty=; quoted=\"a b\"");
	assert_str(http_vet_cookie(header, S("sid")), "3=3");
	assert_str(http_vet_cookie(header, S("quoted")), "a b");
	assert_str(http_vet_cookie(header, S("empty")), "");
	assert_non_null(http_vet_cookie(header, S("empty")).at);
	assert_null(http_vet_cookie(header, S("id")).at);
	assert_null(http_vet_cookie(S(""), S("sid")).at);
}

static void the_proxys_address_is_the_last_word(void **state)
{
	(void)state;
	struct http_header headers[] = { { S("X-Forwarded-For"), S("1.1.1.1") }, { S("x-forwarded-for"), S("2.2.2.2 , 3.3.3.3 ") } };
	assert_str(http_vet_forwarded((struct http_headers){ headers, 2 }), "3.3.3.3");
	headers[1].value = S("2001:db8::1");
	assert_str(http_vet_forwarded((struct http_headers){ headers, 2 }), "2001:db8::1");
	headers[1].value = S("3.3.3.3,");
	assert_str(http_vet_forwarded((struct http_headers){ headers, 2 }), "3.3.3.3"); /* an empty last element says nothing */
	headers[1].value = S("::1\0\xff");
	assert_str(http_vet_forwarded((struct http_headers){ headers, 2 }), "");
	headers[1].value = S("3.3.3.3.3");
	assert_str(http_vet_forwarded((struct http_headers){ headers, 2 }), "");
	assert_str(http_vet_forwarded((struct http_headers){ headers, 0 }), "");
}

static void a_type_has_parameters(void **state)
{
	(void)state;
	str header = S("Text/HTML ; a=b; charset=\"ut\\\"f;8\" ; boundary=x");
	assert_str(http_vet_type(arena, header), "text/html");
	assert_str(http_vet_parameter(arena, header, "CHARSET"), "ut\"f;8");
	assert_str(http_vet_parameter(arena, header, "boundary"), "x");
	assert_null(http_vet_parameter(arena, header, "b").at);
	assert_null(http_vet_parameter(arena, S("a/b; c=\"d"), "c").at);
	assert_null(http_vet_parameter(arena, S("a/b; c"), "c").at);
	assert_str(http_vet_type(arena, S("text")), "");
	assert_str(http_vet_type(arena, S("text/<html>")), "");
}

/* ---- forms ---- */

static void a_form_has_400_fields_of_256_bytes(void **state)
{
	(void)state;
	struct http_fields fields;
	assert_int_equal(http_body_urlencoded(arena, repeated("a=b&", 400), &fields), 0);
	assert_int_equal(fields.count, 400);
	assert_int_equal(http_body_urlencoded(arena, repeated("a=b&", 401), &fields), 400);
	assert_int_equal(http_body_urlencoded(arena, repeated("&", 100000), &fields), 0);
	assert_int_equal(fields.count, 0);
	assert_int_equal(http_body_urlencoded(arena, repeated("a", 256), &fields), 0);
	assert_int_equal(http_body_urlencoded(arena, repeated("a", 257), &fields), 400);
}

static void a_part_is_what_stands_between_its_boundaries(void **state)
{
	(void)state;
	struct http_fields fields;
	str body = S("--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--\r\nX\r\n"
		     "--X\r\ncontent-disposition: FORM-DATA; filename=b.pdf; name=f\r\n\r\n\0\xff\r\n--X--\r\n");
	assert_int_equal(http_body_multipart(arena, body, S("X"), &fields), 0);
	assert_int_equal(fields.count, 2);
	assert_str(fields.at[0].name, "a");
	assert_str(fields.at[0].value, "\r\n--\r\nX");
	assert_true(fields.at[1].is_file);
	assert_str(fields.at[1].file_name, "b.pdf");
	assert_int_equal(fields.at[1].value.size, 2);
	assert_int_equal(http_body_multipart(arena, body, S("XX"), &fields), 400);
	for (size_t size = 0; size + 2 < body.size; size++)
		assert_int_equal(http_body_multipart(arena, (str){ body.at, size }, S("X"), &fields), 400);
	assert_int_equal(http_body_multipart(arena, (str){ body.at, body.size - 2 }, S("X"), &fields), 0);
}

/* ---- a request and an answer by hand ---- */

static void answer_with_a_line_end(void)
{
	struct http_answer answer = { 0 };
	http_answer_header(&answer, "Location", S("/a\r\nSet-Cookie: b"));
}

static void a_request_made_by_hand_tells_its_fields(void **state)
{
	(void)state;
	const struct http_header headers[] = { { S("Cookie"), S("a=1") }, { S("COOKIE"), S("b=2") }, { S("X-A"), S("c") } };
	const struct http_field form[] = { { .name = S("f"), .value = S("x"), .is_file = true }, { .name = S("f"), .value = S("y") } };
	const struct http_request request = { .headers = headers, .header_count = 3, .form = form, .form_count = 2 };
	assert_str(http_header(&request, "x-a"), "c");
	assert_str(http_header(&request, "x-b"), "");
	assert_str(http_cookie(&request, "b"), "2");
	assert_str(http_form(&request, "f"), "y");
	assert_str(http_form_file(&request, "f")->value, "x");
	assert_null(http_form(&request, "g").at);
	assert_null(http_query(&request, "f").at);
	assert_panics(answer_with_a_line_end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_path_is_decoded_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_path_with_a_second_meaning_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_target_has_8192_bytes_and_100_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(the_length_of_a_body_is_told_in_one_way, setup, teardown),
		cmocka_unit_test_setup_teardown(a_cookie_is_found_by_its_whole_name, setup, teardown),
		cmocka_unit_test_setup_teardown(the_proxys_address_is_the_last_word, setup, teardown),
		cmocka_unit_test_setup_teardown(a_type_has_parameters, setup, teardown),
		cmocka_unit_test_setup_teardown(a_form_has_400_fields_of_256_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(a_part_is_what_stands_between_its_boundaries, setup, teardown),
		cmocka_unit_test_setup_teardown(a_request_made_by_hand_tells_its_fields, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
