#include "web/http_body.h"

#include "web/http_vet.h"

#include <string.h>

enum { PART_HEADERS_MAX = 8, BOUNDARY_SIZE_MAX = 70 };

/* ---- a=b&c=d ---- */

/* Decoded into arena; what has no escape stays where it is. False: a broken escape, or no UTF-8. */
static bool component_decode(struct arena *arena, str raw, str *ret_value)
{
	if (!raw.size || (!memchr(raw.at, '%', raw.size) && !memchr(raw.at, '+', raw.size))) {
		*ret_value = raw;
		return str_is_utf8(raw);
	}
	char *at = arena_alloc(arena, raw.size);
	size_t size = 0;
	for (size_t i = 0; i < raw.size; i++) {
		char c = raw.at[i];
		if (c == '%') {
			int byte = http_vet_escape((str){ raw.at + i, raw.size - i });
			if (byte < 0)
				return false;
			c = (char)byte; /* 0 … 255 */
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		at[size++] = c;
	}
	*ret_value = (str){ at, size };
	return str_is_utf8(*ret_value);
}

static size_t pair_count(str body)
{
	size_t count = 0;
	while (body.size)
		count += str_cut(body, '&', &body).size > 0;
	return count;
}

int http_body_urlencoded(struct arena *arena, str body, struct http_fields *ret_fields)
{
	size_t count = pair_count(body), used = 0;
	if (count > HTTP_FIELDS_MAX)
		return 400;
	struct http_field *fields = count ? arena_many(arena, count, struct http_field) : NULL;
	while (body.size) {
		str value;
		str pair = str_cut(body, '&', &body);
		str name = str_cut(pair, '=', &value);
		if (!pair.size)
			continue;
		struct http_field *field = &fields[used++];
		if (!component_decode(arena, name, &field->name) || !component_decode(arena, value, &field->value))
			return 400;
		if (field->name.size > HTTP_NAME_SIZE_MAX)
			return 400;
	}
	*ret_fields = (struct http_fields){ fields, used };
	return 0;
}

/* ---- multipart/form-data ---- */

static bool has_control(str s)
{
	for (size_t i = 0; i < s.size; i++)
		if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f)
			return true;
	return false;
}

/* Takes a line off rest, without its CR LF. False: there is no whole one. */
static bool line_take(str *rest, str *ret_line)
{
	const char *end = memmem(rest->at, rest->size, "\r\n", 2);
	if (!end)
		return false;
	size_t size = (size_t)(end - rest->at); /* end is inside rest */
	*ret_line = (str){ rest->at, size };
	*rest = (str){ end + 2, rest->size - size - 2 };
	return true;
}

/* "form-data; name="a"; filename="b.pdf"" */
static bool disposition_read(struct arena *arena, str value, struct http_field *field)
{
	str rest;
	if (!http_vet_is_name(str_trim(str_cut(value, ';', &rest)), S("form-data")))
		return false;
	field->name = http_vet_parameter(arena, value, "name");
	field->file_name = http_vet_parameter(arena, value, "filename");
	field->is_file = field->file_name.at != NULL;
	if (!field->is_file)
		field->file_name = (str){ "", 0 };
	if (!field->name.at || field->name.size > HTTP_NAME_SIZE_MAX || field->file_name.size > HTTP_NAME_SIZE_MAX)
		return false;
	if (has_control(field->name) || has_control(field->file_name))
		return false;
	return str_is_utf8(field->name) && str_is_utf8(field->file_name);
}

/* Takes the headers of a part off rest. False: they are malformed, or do not say what the part is. */
static bool part_headers_take(struct arena *arena, str *rest, struct http_field *field)
{
	bool is_told = false;
	for (int count = 0; count <= PART_HEADERS_MAX; count++) {
		str line, value;
		if (!line_take(rest, &line))
			return false;
		if (!line.size)
			return is_told;
		str name = str_cut(line, ':', &value);
		if (!name.size || name.size == line.size || has_control(line) || strchr(" \t", name.at[0]))
			return false;
		value = str_trim(value);
		if (http_vet_is_name(name, S("content-disposition"))) {
			if (is_told || !disposition_read(arena, value, field))
				return false;
			is_told = true;
		}
		if (http_vet_is_name(name, S("content-transfer-encoding")) && !http_vet_is_name(value, S("binary")) &&
			!http_vet_is_name(value, S("8bit")) && !http_vet_is_name(value, S("7bit")))
			return false;
	}
	return false;
}

/* Takes the value of a part and the boundary after it off rest. */
static bool part_value_take(str *rest, str delimiter, str *ret_value, bool *ret_is_last)
{
	const char *end = rest->size ? memmem(rest->at, rest->size, delimiter.at, delimiter.size) : NULL;
	if (!end)
		return false;
	size_t size = (size_t)(end - rest->at); /* end is inside rest */
	*ret_value = (str){ rest->at, size };
	*rest = (str){ end + delimiter.size, rest->size - size - delimiter.size };
	*ret_is_last = str_starts(*rest, S("--"));
	if (!*ret_is_last && !str_starts(*rest, S("\r\n")))
		return false; /* a longer boundary inside: not to be told from content */
	*rest = (str){ rest->at + 2, rest->size - 2 };
	return true;
}

static bool boundary_is_sane(str boundary)
{
	if (!boundary.size || boundary.size > BOUNDARY_SIZE_MAX || boundary.at[boundary.size - 1] == ' ')
		return false;
	for (size_t i = 0; i < boundary.size; i++) {
		char c = boundary.at[i];
		bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_plain && (!c || !strchr("'()+_,-./:=? ", c)))
			return false;
	}
	return true;
}

int http_body_multipart(struct arena *arena, str body, str boundary, struct http_fields *ret_fields)
{
	if (!boundary_is_sane(boundary))
		return 400;
	str delimiter = str_format(arena, "\r\n--%.*s", STR_ARG(boundary));
	str first = { delimiter.at + 2, delimiter.size - 2 }; /* without the line end, which belongs to a part before */
	if (!str_starts(body, first))
		return 400;
	str rest = { body.at + first.size, body.size - first.size };
	bool is_last = str_starts(rest, S("--"));
	if (!is_last && !str_starts(rest, S("\r\n")))
		return 400;
	rest = (str){ rest.at + 2, rest.size - 2 };
	struct http_field *fields = NULL;
	size_t count = 0, capacity = 0;
	while (!is_last) {
		if (count == HTTP_FIELDS_MAX)
			return 400;
		if (count == capacity) {
			capacity = capacity ? capacity * 2 : 16;
			fields = arena_grow(arena, fields, count, capacity, sizeof *fields);
		}
		struct http_field *field = &fields[count++];
		/* An empty value's boundary follows the empty line at once: its line end is the headers' last. */
		if (!part_headers_take(arena, &rest, field))
			return 400;
		rest = (str){ rest.at - 2, rest.size + 2 };
		str whole;
		if (!part_value_take(&rest, delimiter, &whole, &is_last))
			return 400;
		field->value = whole.size ? (str){ whole.at + 2, whole.size - 2 } : (str){ "", 0 };
		if (!field->is_file && !str_is_utf8(field->value))
			return 400;
	}
	if (rest.size && !str_eq(rest, S("\r\n")))
		return 400;
	*ret_fields = (struct http_fields){ fields, count };
	return 0;
}

int http_body_form(struct arena *arena, str content_type, str body, bool *ret_is_form, struct http_fields *ret_fields)
{
	*ret_fields = (struct http_fields){ NULL, 0 };
	str type = http_vet_type(arena, content_type);
	bool is_multipart = str_eq(type, S("multipart/form-data"));
	*ret_is_form = is_multipart || str_eq(type, S("application/x-www-form-urlencoded"));
	if (!*ret_is_form)
		return 0;
	str charset = http_vet_parameter(arena, content_type, "charset");
	if (charset.at && !http_vet_is_name(charset, S("utf-8")))
		return 415;
	if (!is_multipart)
		return http_body_urlencoded(arena, body, ret_fields);
	str boundary = http_vet_parameter(arena, content_type, "boundary");
	return boundary.at ? http_body_multipart(arena, body, boundary, ret_fields) : 400;
}
