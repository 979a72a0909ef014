/* Forms: the two ways a browser sends them, and a query. Text is UTF-8 or the form is refused.
 * The functions give an HTTP status: 0 when it is fine, else what to refuse the request with. */
#ifndef KRAVBOK_WEB_HTTP_BODY_H
#define KRAVBOK_WEB_HTTP_BODY_H

#include "base/str.h"
#include "web/http.h"

struct http_fields {
	const struct http_field *at;
	size_t count;
};

/* "a=b&c=d%20e+f", decoded into arena. 400: a broken escape, broken UTF-8, a NUL, a name over HTTP_NAME_SIZE_MAX, more than
 * HTTP_FIELDS_MAX fields. An empty pair ("a=1&&b=2") is passed over. */
int http_body_urlencoded(struct arena *arena, str body, struct http_fields *ret_fields);

/* multipart/form-data. Values are views into body; names are in arena. 400: anything but parts with a
 * Content-Disposition of form-data and a name, closed by the last boundary, nothing before or after; a part in a
 * transfer coding; text that is no UTF-8; the boundary inside a part; more than HTTP_FIELDS_MAX parts. */
int http_body_multipart(struct arena *arena, str body, str boundary, struct http_fields *ret_fields);

/* A form of the given Content-Type (the whole header); other types leave no fields. 400 as above, and a multipart without a
 * boundary; 415 another charset than UTF-8. *ret_is_form: its type is one of the two. */
int http_body_form(struct arena *arena, str content_type, str body, bool *ret_is_form, struct http_fields *ret_fields);

#endif
