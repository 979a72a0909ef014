#include "web/http_vet.h"

#include <arpa/inet.h>
#include <string.h>

enum { ADDRESS_SIZE_MAX = 45, LENGTH_DIGITS_MAX = 18 };

/* ---- characters ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; /* an ASCII letter stays one */
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_token(str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (!is_letter_or_digit(s.at[i]) && (!s.at[i] || !strchr("!#$%&'*+-.^_`|~", s.at[i])))
			return false;
	return s.size > 0;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int http_vet_escape(str s)
{
	int high = s.size >= 3 ? hex(s.at[1]) : -1;
	int low = s.size >= 3 ? hex(s.at[2]) : -1;
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool http_vet_is_name(str a, str b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

/* ---- the request line ---- */

static const char *const METHODS[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
_Static_assert(sizeof METHODS / sizeof *METHODS == HTTP_METHOD_COUNT, "a name for each method");

const char *http_method_name(enum http_method method)
{
	require(method < HTTP_METHOD_COUNT);
	return METHODS[method];
}

int http_vet_method(str name, enum http_method *ret_method, bool *ret_is_head)
{
	*ret_is_head = str_eq(name, S("HEAD"));
	*ret_method = HTTP_GET;
	if (*ret_is_head)
		return 0;
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if (str_eq_z(name, METHODS[i])) {
			*ret_method = (enum http_method)i; /* i counts the enum */
			return 0;
		}
	bool is_known = str_eq(name, S("OPTIONS")) || str_eq(name, S("TRACE")) || str_eq(name, S("CONNECT"));
	return is_known ? 405 : 501;
}

/* Decodes the path and judges what it says; what is judged is what the handler gets. */
static bool path_decode(str raw, char *into, str *ret_path)
{
	size_t size = 0;
	for (size_t i = 0; i < raw.size; i++) {
		char c = raw.at[i];
		if (c == '%') {
			int byte = http_vet_escape((str){ raw.at + i, raw.size - i });
			if (byte < 0)
				return false;
			c = (char)byte; /* 0 … 255 */
			if (c == '/')
				return false;
			i += 2;
		}
		if (is_control(c) || c == '\\')
			return false;
		if (size && into[size - 1] == c && (c == '/' || c == '.'))
			return false; /* "//" and ".." */
		into[size++] = c;
	}
	*ret_path = (str){ into, size };
	return true;
}

int http_vet_target(struct arena *arena, str raw, struct http_target *ret_target)
{
	if (raw.size > HTTP_TARGET_SIZE_MAX)
		return 414;
	if (!raw.size || raw.at[0] != '/')
		return 400;
	for (size_t i = 0; i < raw.size; i++)
		if (is_control(raw.at[i]) || raw.at[i] == ' ' || raw.at[i] == '#')
			return 400;
	str query, path;
	str raw_path = str_cut(raw, '?', &query);
	if (!path_decode(raw_path, arena_alloc(arena, raw_path.size), &path))
		return 400;
	bool ends_in_dot = path.size > 1 && path.at[path.size - 1] == '.' && path.at[path.size - 2] == '/';
	if (!str_is_utf8(path) || str_has(path, S("/./")) || ends_in_dot)
		return 400;
	*ret_target = (struct http_target){ path, str_copy(arena, query) };
	return 0;
}

bool http_vet_has_too_many_fields(str raw)
{
	str query;
	size_t count = 0;
	(void)str_cut(raw, '?', &query);
	for (size_t i = 0; i < query.size; i++)
		count += query.at[i] == '&';
	return count >= HTTP_QUERY_FIELDS_MAX;
}

/* ---- headers ---- */

/* reg-name, IPv4 or [IPv6], and a port: it is put into links, so nothing else may stand in it. */
static bool host_is_sane(str host)
{
	if (!host.size || host.size > 255)
		return false;
	for (size_t i = 0; i < host.size; i++)
		if (!is_letter_or_digit(host.at[i]) && (!host.at[i] || !strchr("-._:[]", host.at[i])))
			return false;
	return true;
}

static bool value_is_sane(str value)
{
	for (size_t i = 0; i < value.size; i++)
		if (is_control(value.at[i]) && value.at[i] != '\t')
			return false;
	return true;
}

static int length_read(str value, size_t *ret_length)
{
	int64_t length = 0;
	if (!str_is_digits(value) || value.size > LENGTH_DIGITS_MAX)
		return 400;
	err_t err = parse_i64(value, 0, INT64_MAX, &length);
	err_free(err);
	*ret_length = size_from_i64(length);
	return err ? 400 : 0;
}

enum once { ONCE_HOST, ONCE_LENGTH, ONCE_CODING, ONCE_TYPE, ONCE_EXPECT, ONCE_ENCODING, ONCE_COUNT };
static const str ONCE_NAMES[ONCE_COUNT] = {
	[ONCE_HOST] = { "host", 4 },
	[ONCE_LENGTH] = { "content-length", 14 },
	[ONCE_CODING] = { "transfer-encoding", 17 },
	[ONCE_TYPE] = { "content-type", 12 },
	[ONCE_EXPECT] = { "expect", 6 },
	[ONCE_ENCODING] = { "content-encoding", 16 },
};

/* The values of the headers that may come once, at NULL when they have not come. */
static int once_read(struct http_headers headers, str values[ONCE_COUNT])
{
	for (size_t i = 0; i < headers.count; i++) {
		if (!is_token(headers.at[i].name) || !value_is_sane(headers.at[i].value))
			return 400;
		for (int k = 0; k < ONCE_COUNT; k++) {
			if (!http_vet_is_name(headers.at[i].name, ONCE_NAMES[k]))
				continue;
			if (values[k].at)
				return 400;
			values[k] = headers.at[i].value;
			break;
		}
	}
	return 0;
}

int http_vet_headers(struct http_headers headers, str version, struct http_framing *ret_framing)
{
	struct http_framing framing = { 0 };
	str values[ONCE_COUNT] = { { NULL, 0 } };
	bool is_1_1 = str_eq(version, S("HTTP/1.1"));
	if (!is_1_1 && !str_eq(version, S("HTTP/1.0")))
		return 505;
	int status = once_read(headers, values);
	if (status)
		return status;
	if (values[ONCE_HOST].at ? !host_is_sane(values[ONCE_HOST]) : is_1_1)
		return 400;
	if (values[ONCE_CODING].at && (values[ONCE_LENGTH].at || !is_1_1))
		return 400;
	if (values[ONCE_CODING].at && !http_vet_is_name(values[ONCE_CODING], S("chunked")))
		return 501;
	framing.is_chunked = values[ONCE_CODING].at != NULL;
	framing.has_length = values[ONCE_LENGTH].at != NULL;
	if (framing.has_length && (status = length_read(values[ONCE_LENGTH], &framing.length)))
		return status;
	if (values[ONCE_ENCODING].at && !http_vet_is_name(values[ONCE_ENCODING], S("identity")))
		return 415;
	framing.expects_continue = values[ONCE_EXPECT].at != NULL;
	if (framing.expects_continue && !http_vet_is_name(values[ONCE_EXPECT], S("100-continue")))
		return 417;
	*ret_framing = framing;
	return 0;
}

str http_vet_header(struct http_headers headers, str name)
{
	for (size_t i = 0; i < headers.count; i++)
		if (http_vet_is_name(headers.at[i].name, name))
			return headers.at[i].value;
	return (str){ NULL, 0 };
}

str http_vet_cookie(str header, str name)
{
	while (header.size) {
		str value;
		str pair = str_cut(header, ';', &header);
		str key = str_trim(str_cut(pair, '=', &value));
		if (!str_eq(key, name) || key.size == str_trim(pair).size)
			continue;
		value = str_trim(value);
		if (value.size >= 2 && value.at[0] == '"' && value.at[value.size - 1] == '"')
			value = (str){ value.at + 1, value.size - 2 };
		return value;
	}
	return (str){ NULL, 0 };
}

str http_vet_forwarded(struct http_headers headers)
{
	str last = { "", 0 };
	for (size_t i = 0; i < headers.count; i++)
		if (http_vet_is_name(headers.at[i].name, S("x-forwarded-for")))
			last = headers.at[i].value;
	for (str rest = last; rest.size;)
		last = str_cut(rest, ',', &rest);
	last = str_trim(last);
	char z[ADDRESS_SIZE_MAX + 1] = "";
	if (last.size > ADDRESS_SIZE_MAX || memchr(last.at, '\0', last.size))
		return (str){ "", 0 };
	memcpy(z, last.at, last.size);
	struct in6_addr address; /* room for either kind */
	bool is_address = inet_pton(AF_INET, z, &address) == 1 || inet_pton(AF_INET6, z, &address) == 1;
	return is_address ? last : (str){ "", 0 };
}

str http_vet_type(struct arena *arena, str content_type)
{
	str parameters, sub;
	str type = str_trim(str_cut(content_type, ';', &parameters));
	str main = str_cut(type, '/', &sub);
	if (!is_token(main) || !is_token(sub))
		return (str){ "", 0 };
	char *at = arena_alloc(arena, type.size + 1);
	for (size_t i = 0; i < type.size; i++)
		at[i] = lower(type.at[i]);
	return (str){ at, type.size };
}

/* Takes a quoted string off rest, which begins with its quotation mark. False: it does not end. */
static bool quoted_take(struct arena *arena, str *rest, str *ret_value)
{
	char *at = arena_alloc(arena, rest->size);
	size_t size = 0;
	for (size_t i = 1; i < rest->size; i++) {
		char c = rest->at[i];
		if (c == '"') {
			*ret_value = (str){ at, size };
			*rest = (str){ rest->at + i + 1, rest->size - i - 1 };
			return true;
		}
		/* A browser writes a quotation mark as %22, and a backslash as it is; other programs write \" and \\. */
		bool is_escape = c == '\\' && i + 1 < rest->size && strchr("\"\\", rest->at[i + 1]) && rest->at[i + 1];
		at[size++] = is_escape ? rest->at[++i] : c;
	}
	return false;
}

str http_vet_parameter(struct arena *arena, str content_type, const char *name)
{
	const str none = { NULL, 0 };
	str rest, value;
	(void)str_cut(content_type, ';', &rest);
	while (rest.size) {
		str key = str_trim(str_cut(rest, '=', &rest));
		rest = str_trim(rest);
		if (!is_token(key))
			return none;
		if (rest.size && rest.at[0] == '"') {
			if (!quoted_take(arena, &rest, &value))
				return none;
			if (str_trim(str_cut(rest, ';', &rest)).size)
				return none;
		} else {
			value = str_trim(str_cut(rest, ';', &rest));
			if (!is_token(value))
				return none;
		}
		if (http_vet_is_name(key, str_from_z(name)))
			return value;
		rest = str_trim(rest);
	}
	return none;
}
