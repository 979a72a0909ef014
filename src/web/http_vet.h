/* What a request says of itself, judged without the library and without a socket: tested and fuzzed on its own.
 * A function that judges gives an HTTP status: 0 when it is fine, else what to refuse the request with. */
#ifndef KRAVBOK_WEB_HTTP_VET_H
#define KRAVBOK_WEB_HTTP_VET_H

#include "base/str.h"
#include "web/http.h"

/* 0 and the method (HEAD is GET, is_head is set); 405 a method of HTTP that is not served; 501 any other. */
int http_vet_method(str name, enum http_method *ret_method, bool *ret_is_head);

/* The target as it came ("/a%20b?c=d") into path, decoded, and query, raw, both in arena. 400, 414. */
struct http_target {
	str path, query;
};
int http_vet_target(struct arena *arena, str raw, struct http_target *ret_target);

bool http_vet_has_too_many_fields(str raw); /* its query: more than HTTP_QUERY_FIELDS_MAX */

/* The byte that s, which begins with "%", stands for there; -1: not two hexadecimal digits. */
int http_vet_escape(str s);

/* All headers of a request: names, values, how often those come that may come once. */
struct http_framing {
	bool has_length, is_chunked, expects_continue;
	size_t length; /* of the body, as declared */
};
struct http_headers {
	const struct http_header *at;
	size_t count;
};
/* version: "HTTP/1.1". 400, 415, 417, 501, 505. */
int http_vet_headers(struct http_headers headers, str version, struct http_framing *ret_framing);

bool http_vet_is_name(str a, str b); /* equal but for the case of ASCII letters: header names, types */
str http_vet_header(struct http_headers headers, str name); /* the first's value; at NULL: not sent */
str http_vet_cookie(str header, str name); /* at NULL: not in this Cookie header */

/* The address a proxy on this machine speaks for: the last element of the last X-Forwarded-For (the proxy's own
 * word; what stands before it came from outside). Empty: none, or not an address. */
str http_vet_forwarded(struct http_headers headers);

/* "Text/HTML; charset=x" into type "text/html" in arena, empty when there is none or it is malformed. */
str http_vet_type(struct arena *arena, str content_type);
/* A parameter of it, unquoted; at NULL: none. */
str http_vet_parameter(struct arena *arena, str content_type, const char *name);

#endif
