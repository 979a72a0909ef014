#include "web/route.h"

#include <string.h>

/* "/desk/cases/{case}" against "/desk/cases/17". */
static bool pattern_fits(const char *pattern, str path, struct route_match *match)
{
	str rest = str_from_z(pattern);
	match->parameter_count = 0;
	while (rest.size && path.size) {
		str part = str_cut((str){ rest.at + 1, rest.size - 1 }, '/', &(str){ 0 });
		str segment = str_cut((str){ path.at + 1, path.size - 1 }, '/', &(str){ 0 });
		if (part.size > 2 && part.at[0] == '{') {
			if (!segment.size || match->parameter_count == WEB_PARAMETERS_MAX)
				return false;
			match->parameters[match->parameter_count++] =
				(struct web_parameter){ { part.at + 1, part.size - 2 }, segment };
		} else if (!str_eq(part, segment)) {
			return false;
		}
		rest = (str){ rest.at + 1 + part.size, rest.size - 1 - part.size };
		path = (str){ path.at + 1 + segment.size, path.size - 1 - segment.size };
	}
	return !rest.size && !path.size;
}

struct route_match route_find(enum http_method method, str path)
{
	struct route_match match = { .language = WEB_NORWEGIAN };
	if (str_eq_z(path, "/en") || str_starts(path, S("/en/"))) {
		match.language = WEB_ENGLISH;
		path = path.size > 3 ? (str){ path.at + 3, path.size - 3 } : S("/");
	}
	match.path = path;
	for (size_t t = 0; t < route_table_count; t++)
		for (const struct route *route = route_tables[t]; route->method != HTTP_METHOD_COUNT; route++) {
			struct route_match found = match;
			found.is_api = route->api && pattern_fits(route->api, path, &found);
			if (!found.is_api && !(route->path && pattern_fits(route->path, path, &found)))
				continue;
			if (route->method == method) {
				found.route = route;
				found.other_method = false;
				return found;
			}
			match.other_method = true;
		}
	return match;
}
