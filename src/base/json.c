#include "base/json.h"

#include <string.h>

struct json json_in(struct arena *arena, struct sink to)
{
	return (struct json){ .out = sink_buffer_in(arena, to) };
}

/* The comma before a value or key, and the checks that one may stand here. */
static void before_item(struct json *json)
{
	require(!json->done);
	if (json->depth == 0 || json->after_key)
		return;
	if (json->has_item[json->depth - 1])
		sink_add(&json->out, S(","));
	json->has_item[json->depth - 1] = true;
}

static void before_value(struct json *json)
{
	if (json->depth > 0 && json->is_object[json->depth - 1])
		require(json->after_key);
	before_item(json);
	json->after_key = false;
	if (json->depth == 0)
		json->done = true;
}

static void json_begin(struct json *json, bool is_object)
{
	before_value(json);
	require(json->depth < JSON_DEPTH_MAX);
	json->done = false;
	json->is_object[json->depth] = is_object;
	json->has_item[json->depth] = false;
	json->depth++;
	sink_add(&json->out, is_object ? S("{") : S("["));
}

void json_object(struct json *json)
{
	json_begin(json, true);
}

void json_array(struct json *json)
{
	json_begin(json, false);
}

void json_end(struct json *json)
{
	require(json->depth > 0);
	require(!json->after_key);
	json->depth--;
	sink_add(&json->out, json->is_object[json->depth] ? S("}") : S("]"));
	if (json->depth == 0)
		json->done = true;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void write_control(struct json *json, unsigned char c)
{
	static const char letters[] = "btn\0fr"; /* 0x08-0x0D; 0x0B has none */
	if (c >= 0x08 && c <= 0x0D && letters[c - 0x08])
		sink_addf(&json->out, "\\%c", letters[c - 0x08]);
	else
		sink_addf(&json->out, "\\u%04x", c);
}

/* The whole UTF-8 sequence at the start of s, or U+FFFD for one byte that begins none. Returns the bytes used. */
static size_t write_sequence(struct json *json, str s)
{
	for (size_t size = 2; size <= 4 && size <= s.size; size++) {
		if (!str_is_utf8((str){ s.at, size }))
			continue;
		sink_add(&json->out, (str){ s.at, size });
		return size;
	}
	sink_add(&json->out, S("\xEF\xBF\xBD"));
	return 1;
}

static void write_string(struct json *json, str value)
{
	sink_add(&json->out, S("\""));
	for (size_t i = 0; i < value.size;) {
		size_t plain = i;
		while (plain < value.size && is_plain((unsigned char)value.at[plain]))
			plain++;
		if (plain > i) {
			sink_add(&json->out, (str){ value.at + i, plain - i });
			i = plain;
			continue;
		}
		unsigned char c = (unsigned char)value.at[i];
		if (c >= 0x80) {
			i += write_sequence(json, (str){ value.at + i, value.size - i });
			continue;
		}
		if (c == '"' || c == '\\')
			sink_addf(&json->out, "\\%c", c);
		else
			write_control(json, c);
		i++;
	}
	sink_add(&json->out, S("\""));
}

void json_key(struct json *json, const char *key)
{
	require(json->depth > 0);
	require(json->is_object[json->depth - 1]);
	require(!json->after_key);
	before_item(json);
	write_string(json, str_from_z(key));
	sink_add(&json->out, S(":"));
	json->after_key = true;
}

void json_str(struct json *json, str value)
{
	before_value(json);
	write_string(json, value);
}

void json_z(struct json *json, const char *value)
{
	if (value)
		json_str(json, str_from_z(value));
	else
		json_null(json);
}

void json_int(struct json *json, int64_t value)
{
	before_value(json);
	sink_addf(&json->out, "%lld", (long long)value);
}

void json_money(struct json *json, money value)
{
	json_int(json, value.minor);
}

void json_date(struct json *json, date value)
{
	if (date_is_none(value))
		json_null(json);
	else
		json_str(json, str_from_z(date_iso(value).z));
}

void json_bool(struct json *json, bool value)
{
	before_value(json);
	sink_add(&json->out, value ? S("true") : S("false"));
}

void json_null(struct json *json)
{
	before_value(json);
	sink_add(&json->out, S("null"));
}

err_t json_finish(struct json *json)
{
	require(json->done);
	sink_add(&json->out, S("\n"));
	return sink_flush(&json->out);
}
