/* JSON read (RFC 8259): a text becomes a tree in an arena. Strict: UTF-8, one value, no key twice, nothing behind it. Numbers
 * are whole (64 bits); one with a fraction or an exponent is kept as JSON_READ_REAL without its value, for the caller to
 * refuse by name. The only file that sees the library behind it (jansson). */
#ifndef KRAVBOK_FORMAT_JSON_READ_H
#define KRAVBOK_FORMAT_JSON_READ_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>

enum json_read_kind {
	JSON_READ_NULL,
	JSON_READ_BOOL,
	JSON_READ_INT,
	JSON_READ_REAL,
	JSON_READ_TEXT,
	JSON_READ_ARRAY,
	JSON_READ_OBJECT,
};

struct json_value {
	enum json_read_kind kind;
	bool truth;      /* bool */
	int64_t integer; /* int */
	str text;        /* text, UTF-8 */
	const struct json_value *items; /* array, or the values of an object */
	const str *keys;                /* object: in the order they stood */
	size_t count;
};

enum { JSON_READ_SIZE_MAX = 16 << 20, JSON_READ_DEPTH_MAX = 32 };

/* ERR_INPUT says line and what is wrong. Results live in arena. */
err_t json_read(str text, struct arena *arena, struct json_value *ret_value) MUST_CHECK;

/* A member of an object; NULL: there is none, or it is null. */
const struct json_value *json_member(const struct json_value *object, const char *key);

/* Members with a type: ERR_INPUT naming the key when it is missing or of another one. _or: the given value when it is
 * missing or null. */
err_t json_member_i64(const struct json_value *object, const char *key, int64_t *ret_value) MUST_CHECK;
err_t json_member_str(const struct json_value *object, const char *key, str *ret_value) MUST_CHECK;
err_t json_member_date(const struct json_value *object, const char *key, date *ret_value) MUST_CHECK;
err_t json_member_i64_or(const struct json_value *object, const char *key, int64_t missing, int64_t *ret_value) MUST_CHECK;
err_t json_member_str_or(const struct json_value *object, const char *key, str missing, str *ret_value) MUST_CHECK;
err_t json_member_date_or(const struct json_value *object, const char *key, date missing, date *ret_value) MUST_CHECK;
err_t json_member_bool_or(const struct json_value *object, const char *key, bool missing, bool *ret_value) MUST_CHECK;
/* A key that is not in the list (NULL at its end) is refused by name: a misspelt one is not silently left out. */
err_t json_keys_known(const struct json_value *object, const char *const *known) MUST_CHECK;

#endif
