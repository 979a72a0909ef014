/* A query being written: "?stage=notice&q=Kari%20Li". For links that keep what a list is filtered by. */
#ifndef KRAVBOK_WEB_QUERY_H
#define KRAVBOK_WEB_QUERY_H

#include "base/date.h"
#include "base/str.h"

struct query {
	struct text text;
};
struct query query_in(struct arena *arena);
void query_add(struct query *query, const char *name, str value); /* empty: left out */
void query_add_number(struct query *query, const char *name, int64_t value); /* zero: left out */
void query_add_date(struct query *query, const char *name, date value);      /* DATE_NONE: left out */
str query_text(const struct query *query); /* "" when nothing was added */

#endif
