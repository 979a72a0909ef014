/* What a request brings, from any bytes: never a crash, and what is let through keeps the handler's promises. The first
 * line says what the rest is: "t" a target, "h" header lines, anything else the Content-Type of the body that follows. */
#include "web/http_body.h"
#include "web/http_vet.h"

#include <stdint.h>

enum { HEADERS_TRIED = 32 };

static bool is_inside(str part, str whole)
{
	return !part.size || (part.at >= whole.at && part.at + part.size <= whole.at + whole.size);
}

static void fields_check(struct http_fields fields, size_t body_size)
{
	size_t size = 0;
	require(fields.count <= HTTP_FIELDS_MAX);
	for (size_t i = 0; i < fields.count; i++) {
		require(str_is_utf8(fields.at[i].name));
		require(fields.at[i].name.size <= HTTP_NAME_SIZE_MAX);
		require(str_is_utf8(fields.at[i].file_name));
		require(fields.at[i].is_file || str_is_utf8(fields.at[i].value));
		size += fields.at[i].name.size + fields.at[i].value.size;
	}
	require(size <= body_size);
}

static void target_try(struct arena *arena, str raw)
{
	struct http_target target;
	struct http_fields fields;
	(void)http_vet_has_too_many_fields(raw);
	if (http_vet_target(arena, raw, &target))
		return;
	require(str_starts(target.path, S("/")));
	require(str_is_utf8(target.path));
	require(!str_has(target.path, S("..")));
	require(!str_has(target.path, S("//")));
	require(!str_has(target.path, S("\\")));
	if (!http_body_urlencoded(arena, target.query, &fields))
		fields_check(fields, raw.size);
}

static void headers_try(struct arena *arena, str raw)
{
	struct http_header at[HEADERS_TRIED];
	struct http_headers headers = { at, 0 };
	struct http_framing framing;
	while (raw.size && headers.count < HEADERS_TRIED) {
		str value;
		str line = str_cut(raw, '\n', &raw);
		str name = str_cut(line, ':', &value);
		at[headers.count++] = (struct http_header){ name, str_trim(value) };
		(void)http_vet_cookie(value, S("sid"));
		(void)http_vet_type(arena, value);
		(void)http_vet_parameter(arena, value, "boundary");
	}
	require(str_is_utf8(http_vet_forwarded(headers)));
	if (http_vet_headers(headers, S("HTTP/1.1"), &framing))
		return;
	require(!(framing.has_length && framing.is_chunked));
	require(http_vet_header(headers, S("host")).size > 0);
}

static void body_try(struct arena *arena, str content_type, str body)
{
	struct http_fields fields;
	bool is_form;
	if (http_body_form(arena, content_type, body, &is_form, &fields))
		return;
	require(is_form || !fields.count);
	fields_check(fields, body.size);
	for (size_t i = 0; i < fields.count; i++)
		require(!fields.at[i].is_file || is_inside(fields.at[i].value, body));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(64 << 20);
	str rest;
	str kind = str_cut((str){ (const char *)bytes, size }, '\n', &rest);
	if (str_eq(kind, S("t")))
		target_try(arena, rest);
	else if (str_eq(kind, S("h")))
		headers_try(arena, rest);
	else
		body_try(arena, kind, rest);
	arena_destroy(arena);
	return 0;
}
