/* The shape of a struct, told once in a table: from it come its JSON, its schema in the API's description, and the tests
 * that compare the two. Amounts are whole minor units with names that end in _minor, dates ISO 8601, instants RFC 3339 in
 * UTC; what is not there is null, never left out. */
#ifndef KRAVBOK_BASE_SHAPE_H
#define KRAVBOK_BASE_SHAPE_H

#include "base/json.h"

#include <stddef.h>

enum shape_type {
	SHAPE_INTEGER, /* int64_t */
	SHAPE_MONEY,   /* money */
	SHAPE_DATE,    /* date; DATE_NONE: null, if it may be */
	SHAPE_INSTANT, /* int64_t, seconds since 1970; 0: null, if it may be */
	SHAPE_TEXT,    /* str */
	SHAPE_NAME,    /* const char *, one of a few names */
	SHAPE_BOOLEAN, /* bool */
	SHAPE_OBJECT,  /* a struct inside, of shape items */
	SHAPE_LIST,    /* const struct …* of shape items, and a size_t with their count */
};

struct shape;
struct shape_field {
	const char *name;
	enum shape_type type;
	size_t offset;
	const char *about;       /* one sentence for who reads the API's description */
	bool may_be_null;
	size_t has_offset;       /* INTEGER and MONEY that may be null: a bool has_… */
	const struct shape *items;
	size_t count_offset;     /* LIST */
};
struct shape {
	const char *name; /* "case_row": the schema's name */
	const char *about;
	const struct shape_field *fields;
	size_t field_count, size;
};

void shape_json(struct json *json, const struct shape *shape, const void *value);
/* An array of count values lying one after the other. */
void shape_json_list(struct json *json, const struct shape *shape, const void *values, size_t count);
/* JSON Schema (2020-12, as OpenAPI 3.1 wants it); others are referred to as #/components/schemas/NAME. */
void shape_schema(struct json *json, const struct shape *shape);

#endif
