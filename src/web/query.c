#include "web/query.h"

#include <string.h>

enum { QUERY_SIZE_MAX = 8000 };

struct query query_in(struct arena *arena)
{
	return (struct query){ .text = text_in(arena, QUERY_SIZE_MAX) };
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-_.~", c));
}

void query_add(struct query *query, const char *name, str value)
{
	/* Three bytes for each at the most; what does not fit was not one of our own links. */
	if (!value.size || query->text.size + strlen(name) + 3 * value.size + 2 > QUERY_SIZE_MAX)
		return;
	text_add_char(&query->text, query->text.size ? '&' : '?');
	text_add_z(&query->text, name);
	text_add_char(&query->text, '=');
	for (size_t i = 0; i < value.size; i++) {
		if (is_plain(value.at[i]))
			text_add_char(&query->text, value.at[i]);
		else
			text_addf(&query->text, "%%%02X", (unsigned)(unsigned char)value.at[i]);
	}
}

void query_add_number(struct query *query, const char *name, int64_t value)
{
	if (value)
		query_add(query, name, str_format(query->text.arena, "%lld", (long long)value));
}

void query_add_date(struct query *query, const char *name, date value)
{
	if (!date_is_none(value))
		query_add(query, name, str_from_z(date_iso(value).z));
}

str query_text(const struct query *query)
{
	return text_str(&query->text);
}
