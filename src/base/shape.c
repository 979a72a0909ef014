#include "base/shape.h"

#include <stdio.h>

static const void *field_at(const struct shape_field *field, const void *value)
{
	return (const char *)value + field->offset;
}

static bool is_null(const struct shape_field *field, const void *value)
{
	if (!field->may_be_null)
		return false;
	switch (field->type) {
	case SHAPE_INTEGER:
	case SHAPE_MONEY: return !*(const bool *)((const char *)value + field->has_offset);
	case SHAPE_DATE: return date_is_none(*(const date *)field_at(field, value));
	case SHAPE_INSTANT: return *(const int64_t *)field_at(field, value) == 0;
	case SHAPE_TEXT: return !((const str *)field_at(field, value))->at;
	case SHAPE_NAME: return !*(const char *const *)field_at(field, value);
	default: return false;
	}
}

static void instant_json(struct json *json, int64_t at)
{
	date day = date_add((date){ 0 }, (int)(at / 86400)); /* instants of this century */
	int second = (int)(at % 86400);
	char text[40];
	snprintf(text, sizeof text, "%sT%02d:%02d:%02dZ", date_iso(day).z, second / 3600, second / 60 % 60, second % 60);
	json_z(json, text);
}

static void field_json(struct json *json, const struct shape_field *field, const void *value)
{
	const void *at = field_at(field, value);
	switch (field->type) {
	case SHAPE_INTEGER: json_int(json, *(const int64_t *)at); break;
	case SHAPE_MONEY: json_money(json, *(const money *)at); break;
	case SHAPE_DATE: json_date(json, *(const date *)at); break;
	case SHAPE_INSTANT: instant_json(json, *(const int64_t *)at); break;
	case SHAPE_TEXT: json_str(json, *(const str *)at); break;
	case SHAPE_NAME: json_z(json, *(const char *const *)at); break;
	case SHAPE_BOOLEAN: json_bool(json, *(const bool *)at); break;
	case SHAPE_OBJECT: shape_json(json, field->items, at); break;
	case SHAPE_LIST:
		shape_json_list(json, field->items, *(const void *const *)at,
			*(const size_t *)((const char *)value + field->count_offset));
		break;
	}
}

void shape_json(struct json *json, const struct shape *shape, const void *value)
{
	json_object(json);
	for (size_t i = 0; i < shape->field_count; i++) {
		json_key(json, shape->fields[i].name);
		if (is_null(&shape->fields[i], value))
			json_null(json);
		else
			field_json(json, &shape->fields[i], value);
	}
	json_end(json);
}

void shape_json_list(struct json *json, const struct shape *shape, const void *values, size_t count)
{
	json_array(json);
	for (size_t i = 0; i < count; i++)
		shape_json(json, shape, (const char *)values + i * shape->size);
	json_end(json);
}

/* ---- schema ---- */

static void reference(struct json *json, const struct shape *shape)
{
	char path[200];
	snprintf(path, sizeof path, "#/components/schemas/%s", shape->name);
	json_key(json, "$ref"), json_z(json, path);
}

static void field_schema(struct json *json, const struct shape_field *field)
{
	static const char *const types[] = { "integer", "integer", "string", "string", "string", "string", "boolean", "", "array" };
	json_object(json);
	if (field->type == SHAPE_OBJECT) {
		reference(json, field->items);
	} else if (field->may_be_null) {
		json_key(json, "type"), json_array(json), json_z(json, types[field->type]), json_z(json, "null"), json_end(json);
	} else {
		json_key(json, "type"), json_z(json, types[field->type]);
	}
	if (field->type == SHAPE_DATE)
		json_key(json, "format"), json_z(json, "date");
	if (field->type == SHAPE_INSTANT)
		json_key(json, "format"), json_z(json, "date-time");
	if (field->type == SHAPE_INTEGER || field->type == SHAPE_MONEY)
		json_key(json, "format"), json_z(json, "int64");
	if (field->type == SHAPE_LIST)
		json_key(json, "items"), json_object(json), reference(json, field->items), json_end(json);
	if (field->about)
		json_key(json, "description"), json_z(json, field->about);
	json_end(json);
}

void shape_schema(struct json *json, const struct shape *shape)
{
	json_object(json);
	json_key(json, "type"), json_z(json, "object");
	if (shape->about)
		json_key(json, "description"), json_z(json, shape->about);
	json_key(json, "required"), json_array(json);
	for (size_t i = 0; i < shape->field_count; i++)
		json_z(json, shape->fields[i].name);
	json_end(json);
	json_key(json, "additionalProperties"), json_bool(json, false);
	json_key(json, "properties"), json_object(json);
	for (size_t i = 0; i < shape->field_count; i++)
		json_key(json, shape->fields[i].name), field_schema(json, &shape->fields[i]);
	json_end(json);
	json_end(json);
}
