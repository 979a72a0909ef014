/* A small YAML file into structs, by a table of its shape. Every value comes as text; the caller makes figures of it
 * and refuses with yaml_fail(), which finds the line. One ERR_INPUT "place:line: …" for all that can be wrong with the
 * shape: an unknown, missing or repeated key, a list where a text belongs, too many rows, a text over
 * YAML_TEXT_SIZE_MAX bytes, an alias, more than one document, bytes that are not UTF-8, a file over YAML_FILE_SIZE_MAX.
 */
#ifndef KRAVBOK_FORMAT_YAML_H
#define KRAVBOK_FORMAT_YAML_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { YAML_FILE_SIZE_MAX = 256 * 1024, YAML_TEXT_SIZE_MAX = 300, YAML_ROW_COUNT_MAX = 400 };

enum yaml_kind {
	YAML_TEXT,  /* const char *; NULL: the key is not there */
	YAML_TEXTS, /* const char *[count]: a list of exactly so many */
	YAML_PART,  /* a struct within the struct */
	YAML_ROWS,  /* a pointer to structs, and their number in a uint32_t */
};

/* A key, and where its value goes in the struct the table is of. Made with the macros below; END ends a table. */
struct yaml_field {
	const char *key;
	enum yaml_kind kind;
	bool optional;
	size_t at, count_at, size; /* size: of the part, of a row */
	uint32_t count_min, count_max;
	const struct yaml_field *fields; /* of the part, of a row */
};
#define YAML_FIELD_TEXT(key_, type, member)                                  \
	{                                                                    \
		.key = key_, .kind = YAML_TEXT, .at = offsetof(type, member) \
	}
#define YAML_FIELD_OPTIONAL(key_, type, member)                                                \
	{                                                                                      \
		.key = key_, .kind = YAML_TEXT, .optional = true, .at = offsetof(type, member) \
	}
#define YAML_FIELD_TEXTS(key_, type, member, count)                                                  \
	{                                                                                            \
		.key = key_, .kind = YAML_TEXTS, .at = offsetof(type, member), .count_min = (count), \
		.count_max = (count)                                                                 \
	}
/* The part's struct, or the whole's own: then its members are spread over the whole. */
#define YAML_FIELD_PART(key_, type, member, fields_)                                                                  \
	{                                                                                                             \
		.key = key_, .kind = YAML_PART, .at = offsetof(type, member), .size = sizeof(((type *)NULL)->member), \
		.fields = fields_                                                                                     \
	}
#define YAML_FIELD_WHOLE(key_, type, fields_)                                           \
	{                                                                               \
		.key = key_, .kind = YAML_PART, .size = sizeof(type), .fields = fields_ \
	}
/* member and member_count; least: 0 for a list that may be left out. */
#define YAML_FIELD_ROWS(key_, type, member, fields_, least)                                             \
	{                                                                                               \
		.key = key_, .kind = YAML_ROWS, .optional = (least) == 0, .at = offsetof(type, member), \
		.count_at = offsetof(type, member##_count), .size = sizeof(*((type *)NULL)->member),    \
		.count_min = (least), .count_max = YAML_ROW_COUNT_MAX, .fields = fields_                \
	}
#define YAML_FIELD_END      \
	{                   \
		.key = NULL \
	}

/* place: how errors call the text. What is read lives in arena: at most some 30 times the text's size. */
struct yaml_file {
	struct arena *arena;
	const char *place;
	str text;
};

/* Fills *ret_whole, a struct of size bytes, by the table. */
err_t yaml_read(const struct yaml_file *file, const struct yaml_field *fields, void *ret_whole, size_t size) MUST_CHECK;

/* ERR_INPUT "place:line: base.key 'value' is not wanted". base: the path of the part or row
 * ("late_interest.values[3]"), empty at the top. */
err_t yaml_fail(const struct yaml_file *file, const char *base, const char *key, const char *value,
	const char *wanted) MUST_CHECK;

/* The bytes of a file, in arena; ret_text->at is NULL when there is no such file. */
err_t yaml_text(struct arena *arena, const char *path, str *ret_text) MUST_CHECK;

#endif
