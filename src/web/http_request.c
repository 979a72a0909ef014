/* What a handler asks of a request, and tells of an answer. Without the library: a test may make a request by hand. */
#include "web/http_vet.h"

#include <string.h>

static struct http_headers headers_of(const struct http_request *request)
{
	return (struct http_headers){ request->headers, request->header_count };
}

static str never_null(str s)
{
	return s.at ? s : (str){ "", 0 };
}

str http_header(const struct http_request *request, const char *name)
{
	return never_null(http_vet_header(headers_of(request), str_from_z(name)));
}

str http_cookie(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (!http_vet_is_name(request->headers[i].name, S("cookie")))
			continue;
		str value = http_vet_cookie(request->headers[i].value, str_from_z(name));
		if (value.at)
			return value;
	}
	return (str){ "", 0 };
}

static const struct http_field *field_find(const struct http_field *fields, size_t count, const char *name, bool is_file)
{
	for (size_t i = 0; i < count; i++)
		if (fields[i].is_file == is_file && str_eq_z(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static str field_value(const struct http_field *field)
{
	return field ? never_null(field->value) : (str){ NULL, 0 };
}

str http_query(const struct http_request *request, const char *name)
{
	return field_value(field_find(request->query, request->query_count, name, false));
}

str http_form(const struct http_request *request, const char *name)
{
	return field_value(field_find(request->form, request->form_count, name, false));
}

const struct http_field *http_form_file(const struct http_request *request, const char *name)
{
	return field_find(request->form, request->form_count, name, true);
}

void http_answer_header(struct http_answer *answer, const char *name, str value)
{
	require(answer->header_count < HTTP_ANSWER_HEADERS_MAX);
	for (size_t i = 0; i < value.size; i++) {
		require((unsigned char)value.at[i] >= 0x20);
		require(value.at[i] != 0x7f);
	}
	answer->headers[answer->header_count++] = (struct http_answer_header){ name, value };
}
