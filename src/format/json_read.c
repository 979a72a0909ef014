#include "format/json_read.h"

#include <jansson.h>
#include <string.h>

struct reading {
	struct arena *arena;
	int depth;
};

static err_t value_take(struct reading *reading, json_t *from, struct json_value *ret_value);

static str text_take(struct reading *reading, const char *at, size_t size)
{
	return str_copy(reading->arena, (str){ at, size });
}

static err_t array_take(struct reading *reading, json_t *from, struct json_value *ret_value)
{
	size_t count = json_array_size(from);
	struct json_value *items = arena_many(reading->arena, count, struct json_value);
	for (size_t i = 0; i < count; i++)
		TRY(value_take(reading, json_array_get(from, i), &items[i]));
	*ret_value = (struct json_value){ .kind = JSON_READ_ARRAY, .items = items, .count = count };
	return OK;
}

static err_t object_take(struct reading *reading, json_t *from, struct json_value *ret_value)
{
	size_t count = json_object_size(from), i = 0;
	struct json_value *items = arena_many(reading->arena, count, struct json_value);
	str *keys = arena_many(reading->arena, count, str);
	const char *key;
	json_t *value;
	json_object_foreach (from, key, value) {
		keys[i] = text_take(reading, key, strlen(key));
		TRY(value_take(reading, value, &items[i++]));
	}
	*ret_value = (struct json_value){ .kind = JSON_READ_OBJECT, .items = items, .keys = keys, .count = count };
	return OK;
}

/* Goes as deep as the text does: JSON_READ_DEPTH_MAX. */
static err_t value_take(struct reading *reading, json_t *from, struct json_value *ret_value)
{
	if (++reading->depth > JSON_READ_DEPTH_MAX)
		return fail(ERR_INPUT, "the JSON is nested more than %d deep", JSON_READ_DEPTH_MAX);
	*ret_value = (struct json_value){ .kind = JSON_READ_NULL };
	switch (json_typeof(from)) {
	case JSON_OBJECT:
		TRY(object_take(reading, from, ret_value));
		break;
	case JSON_ARRAY:
		TRY(array_take(reading, from, ret_value));
		break;
	case JSON_STRING:
		ret_value->kind = JSON_READ_TEXT;
		ret_value->text = text_take(reading, json_string_value(from), json_string_length(from));
		break;
	case JSON_INTEGER:
		ret_value->kind = JSON_READ_INT;
		ret_value->integer = json_integer_value(from);
		break;
	case JSON_REAL:
		ret_value->kind = JSON_READ_REAL;
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		ret_value->kind = JSON_READ_BOOL;
		ret_value->truth = json_is_true(from);
		break;
	case JSON_NULL:
		break;
	}
	reading->depth--;
	return OK;
}

err_t json_read(str text, struct arena *arena, struct json_value *ret_value)
{
	json_error_t error;
	struct reading reading = { .arena = arena };
	if (text.size > JSON_READ_SIZE_MAX)
		return fail(ERR_INPUT, "the JSON is larger than %d MB", JSON_READ_SIZE_MAX >> 20);
	/* The library refuses nesting beyond 2048 by itself; \u0000 in a text is refused too. */
	json_t *root = json_loadb(text.size ? text.at : "", text.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!root)
		return fail(ERR_INPUT, "line %d: this is not JSON: %s", error.line, error.text);
	err_t err = value_take(&reading, root, ret_value);
	json_decref(root);
	return err;
}

/* ---- members ---- */

const struct json_value *json_member(const struct json_value *object, const char *key)
{
	if (object->kind != JSON_READ_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->count; i++)
		if (str_eq_z(object->keys[i], key))
			return object->items[i].kind == JSON_READ_NULL ? NULL : &object->items[i];
	return NULL;
}

static err_t member_of_kind(const struct json_value *object, const char *key, enum json_read_kind kind, const char *what,
	const struct json_value **ret_value)
{
	const struct json_value *value = json_member(object, key);
	if (!value)
		return fail(ERR_INPUT, "'%s' is missing", key);
	if (value->kind != kind)
		return fail(ERR_INPUT, "'%s' is not %s", key, what);
	*ret_value = value;
	return OK;
}

err_t json_member_i64(const struct json_value *object, const char *key, int64_t *ret_value)
{
	const struct json_value *value = NULL;
	TRY(member_of_kind(object, key, JSON_READ_INT, "a whole number", &value));
	*ret_value = value->integer;
	return OK;
}

err_t json_member_str(const struct json_value *object, const char *key, str *ret_value)
{
	const struct json_value *value = NULL;
	TRY(member_of_kind(object, key, JSON_READ_TEXT, "a text", &value));
	*ret_value = value->text;
	return OK;
}

err_t json_member_date(const struct json_value *object, const char *key, date *ret_value)
{
	const struct json_value *value = NULL;
	TRY(member_of_kind(object, key, JSON_READ_TEXT, "a day", &value));
	return within(date_parse_iso(value->text, ret_value), "'%s'", key);
}

err_t json_member_i64_or(const struct json_value *object, const char *key, int64_t missing, int64_t *ret_value)
{
	*ret_value = missing;
	return json_member(object, key) ? json_member_i64(object, key, ret_value) : OK;
}

err_t json_member_str_or(const struct json_value *object, const char *key, str missing, str *ret_value)
{
	*ret_value = missing;
	return json_member(object, key) ? json_member_str(object, key, ret_value) : OK;
}

err_t json_member_date_or(const struct json_value *object, const char *key, date missing, date *ret_value)
{
	*ret_value = missing;
	return json_member(object, key) ? json_member_date(object, key, ret_value) : OK;
}

err_t json_member_bool_or(const struct json_value *object, const char *key, bool missing, bool *ret_value)
{
	const struct json_value *value = NULL;
	*ret_value = missing;
	if (!json_member(object, key))
		return OK;
	TRY(member_of_kind(object, key, JSON_READ_BOOL, "true or false", &value));
	*ret_value = value->truth;
	return OK;
}

err_t json_keys_known(const struct json_value *object, const char *const *known)
{
	if (object->kind != JSON_READ_OBJECT)
		return fail(ERR_INPUT, "the JSON is not an object");
	for (size_t i = 0; i < object->count; i++) {
		const char *const *name = known;
		while (*name && !str_eq_z(object->keys[i], *name))
			name++;
		if (!*name)
			return fail(ERR_INPUT, "'%.*s' is no field of this", STR_ARG(object->keys[i]));
	}
	return OK;
}
