/* JSON being written (RFC 8259): objects, arrays, texts, whole numbers. No floating point: money is a count of minor
 * units. The writer keeps the commas; a key without a value or an end without a begin is our own mistake (panic).
 *
 *	struct json json = json_in(arena, sink);
 *	json_object(&json);
 *	json_key(&json, "case_no"), json_int(&json, 4711);
 *	json_end(&json);
 *	TRY(json_finish(&json));
 */
#ifndef KRAVBOK_BASE_JSON_H
#define KRAVBOK_BASE_JSON_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* libjansson, which reads JSON (format/json_read.c), exports functions of these names and would call ours in place of its
 * own: for the linker ours are called otherwise. */
#define json_object json_object_begin
#define json_array json_array_begin
#define json_null json_null_put

enum { JSON_DEPTH_MAX = 32 };

struct json {
	struct sink_buffer out;
	int depth;
	bool is_object[JSON_DEPTH_MAX];
	bool has_item[JSON_DEPTH_MAX];
	bool after_key, done;
};

struct json json_in(struct arena *arena, struct sink to);

void json_object(struct json *json);
void json_array(struct json *json);
void json_end(struct json *json); /* of the innermost object or array */
void json_key(struct json *json, const char *key);
/* UTF-8; a byte that is none becomes U+FFFD, so that what comes out is always JSON. */
void json_str(struct json *json, str value);
void json_z(struct json *json, const char *value); /* NULL: null */
void json_int(struct json *json, int64_t value);
void json_money(struct json *json, money value); /* minor units */
void json_date(struct json *json, date value);   /* "2026-01-15"; DATE_NONE: null */
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

/* A line feed after the whole value and the last bytes out; the first error of the sink. */
err_t json_finish(struct json *json) MUST_CHECK;

#endif
