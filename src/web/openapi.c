#include "web/openapi.h"

#include <stdio.h>
#include <string.h>

enum { SHAPES_MAX = 200 };

/* ---- shapes that answers are made of ---- */

struct shape_set {
	const struct shape *shapes[SHAPES_MAX];
	size_t count;
};

static void shape_collect(struct shape_set *set, const struct shape *shape)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->shapes[i] == shape)
			return;
	require(set->count < SHAPES_MAX);
	set->shapes[set->count++] = shape;
	for (size_t i = 0; i < shape->field_count; i++)
		if (shape->fields[i].items)
			shape_collect(set, shape->fields[i].items); /* a table's own nesting: no input */
}

static void reference(struct json *json, const char *kind, const char *name)
{
	char path[200];
	snprintf(path, sizeof path, "#/components/%s/%s", kind, name);
	json_object(json);
	json_key(json, "$ref"), json_z(json, path);
	json_end(json);
}

/* ---- parts of an operation ---- */

static void field_schema(struct json *json, const struct field *field)
{
	json_object(json);
	switch (field->kind) {
	case FIELD_MONEY:
		json_key(json, "type"), json_z(json, "integer"), json_key(json, "format"), json_z(json, "int64");
		json_key(json, "minimum"), json_int(json, 1);
		break;
	case FIELD_NUMBER:
		json_key(json, "type"), json_z(json, "integer"), json_key(json, "format"), json_z(json, "int64");
		json_key(json, "minimum"), json_int(json, field->min), json_key(json, "maximum"), json_int(json, field->max);
		break;
	case FIELD_CHECK: json_key(json, "type"), json_z(json, "boolean"); break;
	case FIELD_CHOICE:
	case FIELD_SELECT:
		json_key(json, "type"), json_z(json, "string"), json_key(json, "enum"), json_array(json);
		for (const struct field_choice *choice = field->choices; choice->value; choice++)
			json_z(json, choice->value);
		json_end(json);
		break;
	default:
		json_key(json, "type"), json_z(json, "string");
		if (field->kind == FIELD_DATE)
			json_key(json, "format"), json_z(json, "date");
		else if (field->kind == FIELD_FILE)
			json_key(json, "contentMediaType"), json_z(json, "application/octet-stream");
		else
			json_key(json, "maxLength"), json_int(json, field->size_max ? i64_from_size(field->size_max) :
				field->kind == FIELD_LINES ? 4000 : 200);
		break;
	}
	if (field->label)
		json_key(json, "description"), json_z(json, field->label);
	json_end(json);
}

static const char *field_name(char *room, size_t size, const struct field *field)
{
	snprintf(room, size, field->kind == FIELD_MONEY ? "%s_minor" : "%s", field->name);
	return room;
}

static void parameters_write(struct json *json, const struct route *route)
{
	json_key(json, "parameters"), json_array(json);
	str rest = str_from_z(route->api);
	while (rest.size) {
		str part = str_cut(rest, '/', &rest);
		if (part.size < 3 || part.at[0] != '{')
			continue;
		json_object(json);
		json_key(json, "name"), json_str(json, (str){ part.at + 1, part.size - 2 });
		json_key(json, "in"), json_z(json, "path");
		json_key(json, "required"), json_bool(json, true);
		json_key(json, "schema"), json_object(json);
		json_key(json, "type"), json_z(json, "string"), json_end(json);
		json_end(json);
	}
	for (const struct field *field = route->fields; route->method == HTTP_GET && field && field->name; field++) {
		char name[100];
		json_object(json);
		json_key(json, "name"), json_z(json, field_name(name, sizeof name, field));
		json_key(json, "in"), json_z(json, "query");
		json_key(json, "required"), json_bool(json, !field->optional);
		json_key(json, "schema"), field_schema(json, field);
		json_end(json);
	}
	if (route->method == HTTP_POST && !(route->flags & ROUTE_TRIES))
		reference(json, "parameters", "idempotency_key");
	json_end(json);
}

static void body_write(struct json *json, const struct route *route)
{
	bool has_file = false, needs = false;
	for (const struct field *field = route->fields; field && field->name; field++) {
		has_file = has_file || field->kind == FIELD_FILE;
		needs = needs || !field->optional;
	}
	json_key(json, "requestBody"), json_object(json);
	json_key(json, "required"), json_bool(json, needs);
	json_key(json, "content"), json_object(json);
	json_key(json, has_file ? "multipart/form-data" : "application/json"), json_object(json);
	json_key(json, "schema"), json_object(json);
	json_key(json, "type"), json_z(json, "object");
	json_key(json, "additionalProperties"), json_bool(json, false);
	char name[100];
	if (needs) {
		json_key(json, "required"), json_array(json);
		for (const struct field *field = route->fields; field->name; field++)
			if (!field->optional)
				json_z(json, field_name(name, sizeof name, field));
		json_end(json);
	}
	json_key(json, "properties"), json_object(json);
	for (const struct field *field = route->fields; field->name; field++)
		json_key(json, field_name(name, sizeof name, field)), field_schema(json, field);
	json_end(json);
	json_end(json), json_end(json), json_end(json), json_end(json);
}

static void answer_schema(struct json *json, const struct route *route)
{
	if (!route->answer_is_list) {
		reference(json, "schemas", route->answer->name);
		return;
	}
	json_object(json);
	json_key(json, "type"), json_z(json, "object");
	json_key(json, "required"), json_array(json), json_z(json, "items"), json_z(json, "next_cursor"), json_end(json);
	json_key(json, "additionalProperties"), json_bool(json, false);
	json_key(json, "properties"), json_object(json);
	json_key(json, "items"), json_object(json);
	json_key(json, "type"), json_z(json, "array"), json_key(json, "items");
	reference(json, "schemas", route->answer->name);
	json_end(json);
	json_key(json, "next_cursor"), json_object(json);
	json_key(json, "type"), json_array(json), json_z(json, "string"), json_z(json, "null"), json_end(json);
	json_key(json, "description"), json_z(json, "Give it back as cursor for the next page; null on the last.");
	json_end(json), json_end(json), json_end(json);
}

static void responses_write(struct json *json, const struct route *route)
{
	json_key(json, "responses"), json_object(json);
	json_key(json, !route->answer ? "204" : route->method == HTTP_POST && !(route->flags & ROUTE_TRIES) ? "201" : "200"), json_object(json);
	json_key(json, "description"), json_z(json, route->about);
	if (route->answer) {
		json_key(json, "content"), json_object(json);
		json_key(json, "application/json"), json_object(json);
		json_key(json, "schema"), answer_schema(json, route);
		json_end(json), json_end(json);
	}
	json_end(json);
	static const char *const refused[] = { "400", "401", "403", "404", "409", "415", "422", "429" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (route->method != HTTP_GET || (i != 0 && i != 4 && i != 5))
			json_key(json, refused[i]), reference(json, "responses", "problem");
	json_end(json);
}

/* get_cases_case: stable as long as the address is. */
static void operation_id(struct json *json, const struct route *route)
{
	char id[200] = { 0 };
	size_t size = 0;
	for (const char *at = http_method_name(route->method); *at; at++)
		id[size++] = (char)(*at + 32);
	for (const char *at = route->api + strlen("/api/v1"); *at && size + 1 < sizeof id; at++)
		if (*at == '/' || *at == '-')
			id[size++] = '_';
		else if (*at != '{' && *at != '}')
			id[size++] = *at;
	json_key(json, "operationId"), json_z(json, id);
}

static void operation_write(struct web *web, struct json *json, const struct route *route)
{
	char method[10] = { 0 };
	const char *name = http_method_name(route->method);
	for (size_t i = 0; name[i] && i + 1 < sizeof method; i++)
		method[i] = (char)(name[i] + 32);
	json_key(json, method), json_object(json);
	operation_id(json, route);
	json_key(json, "summary"), json_str(json, T(&web->html, route->title));
	json_key(json, "description"), json_z(json, route->about);
	json_key(json, "security"), json_array(json), json_object(json);
	json_key(json, "key"), json_array(json), json_z(json, route->scope), json_end(json);
	json_end(json), json_end(json);
	parameters_write(json, route);
	if (route->method != HTTP_GET && route->fields)
		body_write(json, route);
	responses_write(json, route);
	json_end(json);
}

/* All methods of an address stand together: each address is written at the first of its routes. */
static bool is_first_of_its_address(const struct route *route)
{
	for (size_t t = 0; t < route_table_count; t++)
		for (const struct route *other = route_tables[t]; other->method != HTTP_METHOD_COUNT; other++)
			if (other->api && strcmp(other->api, route->api) == 0)
				return other == route;
	return false;
}

static void address_write(struct web *web, struct json *json, const struct route *first)
{
	json_key(json, first->api), json_object(json);
	for (size_t t = 0; t < route_table_count; t++)
		for (const struct route *route = route_tables[t]; route->method != HTTP_METHOD_COUNT; route++)
			if (route->api && strcmp(route->api, first->api) == 0)
				operation_write(web, json, route);
	json_end(json);
}

static void problem_schema(struct json *json)
{
	static const char *const texts[] = { "type", "title", "detail" };
	json_key(json, "problem"), json_object(json);
	json_key(json, "type"), json_z(json, "object");
	json_key(json, "required"), json_array(json);
	for (size_t i = 0; i < 3; i++)
		json_z(json, texts[i]);
	json_z(json, "status"), json_end(json);
	json_key(json, "properties"), json_object(json);
	for (size_t i = 0; i < 3; i++) {
		json_key(json, texts[i]), json_object(json);
		json_key(json, "type"), json_z(json, "string"), json_end(json);
	}
	json_key(json, "status"), json_object(json), json_key(json, "type"), json_z(json, "integer"), json_end(json);
	json_key(json, "errors"), json_object(json);
	json_key(json, "type"), json_z(json, "array"), json_key(json, "items"), json_object(json);
	json_key(json, "type"), json_z(json, "object"), json_key(json, "properties"), json_object(json);
	json_key(json, "field"), json_object(json), json_key(json, "type"), json_z(json, "string"), json_end(json);
	json_key(json, "detail"), json_object(json), json_key(json, "type"), json_z(json, "string"), json_end(json);
	json_end(json), json_end(json), json_end(json), json_end(json), json_end(json);
}

static void components_write(struct json *json, const struct shape_set *set)
{
	json_key(json, "components"), json_object(json);
	json_key(json, "securitySchemes"), json_object(json), json_key(json, "key"), json_object(json);
	json_key(json, "type"), json_z(json, "http"), json_key(json, "scheme"), json_z(json, "bearer");
	json_key(json, "description"), json_z(json, "A key of the client portal: kravbok_live_… or kravbok_test_… for the sandbox.");
	json_end(json), json_end(json);
	json_key(json, "parameters"), json_object(json), json_key(json, "idempotency_key"), json_object(json);
	json_key(json, "name"), json_z(json, "Idempotency-Key"), json_key(json, "in"), json_z(json, "header");
	json_key(json, "required"), json_bool(json, true);
	json_key(json, "description"), json_z(json, "A new one for each new act: the same one again gets the same answer, for 30 days.");
	json_key(json, "schema"), json_object(json), json_key(json, "type"), json_z(json, "string");
	json_key(json, "minLength"), json_int(json, 1), json_key(json, "maxLength"), json_int(json, 200);
	json_end(json), json_end(json), json_end(json);
	json_key(json, "responses"), json_object(json), json_key(json, "problem"), json_object(json);
	json_key(json, "description"), json_z(json, "What was wrong (RFC 9457).");
	json_key(json, "content"), json_object(json), json_key(json, "application/problem+json"), json_object(json);
	json_key(json, "schema"), reference(json, "schemas", "problem");
	json_end(json), json_end(json), json_end(json), json_end(json);
	json_key(json, "schemas"), json_object(json);
	problem_schema(json);
	for (size_t i = 0; i < set->count; i++)
		json_key(json, set->shapes[i]->name), shape_schema(json, set->shapes[i]);
	json_end(json), json_end(json);
}

err_t openapi_write(struct web *web, struct json *json)
{
	struct shape_set set = { .count = 0 };
	json_object(json);
	json_key(json, "openapi"), json_z(json, "3.1.0");
	json_key(json, "info"), json_object(json);
	json_key(json, "title"), json_str(json, str_format(web->op.arena, "%.*s: claims and cases", STR_ARG(web->site->agency.name)));
	json_key(json, "version"), json_z(json, "1");
	json_key(json, "description"), json_z(json, "Amounts are whole minor units (øre) in fields that end in _minor, dates are ISO 8601, instants "
		"RFC 3339. Lists come in pages in a stable order.");
	json_end(json);
	json_key(json, "servers"), json_array(json), json_object(json);
	json_key(json, "url"), json_z(json, "/"), json_end(json), json_end(json);
	json_key(json, "paths"), json_object(json);
	for (size_t t = 0; t < route_table_count; t++)
		for (const struct route *route = route_tables[t]; route->method != HTTP_METHOD_COUNT; route++) {
			if (!route->api)
				continue;
			if (route->answer)
				shape_collect(&set, route->answer);
			if (is_first_of_its_address(route))
				address_write(web, json, route);
		}
	json_end(json);
	components_write(json, &set);
	json_end(json);
	return json_finish(json);
}
