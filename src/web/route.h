/* Which row of the route table a request is for. */
#ifndef KRAVBOK_WEB_ROUTE_H
#define KRAVBOK_WEB_ROUTE_H

#include "web/web.h"

struct route_match {
	const struct route *route; /* NULL: none */
	bool is_api, other_method; /* other_method: the path is there, with another method */
	enum web_language language;
	struct web_parameter parameters[WEB_PARAMETERS_MAX];
	size_t parameter_count;
	str path; /* without the language, query or parameters' values put in */
};
/* path: "/en/desk/cases/17". */
struct route_match route_find(enum http_method method, str path);

#endif
