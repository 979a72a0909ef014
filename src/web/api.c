/* What a program's call has that a page has not: its key, its JSON body, and the description of it all. */
#include "app/night.h"
#include "app/setup.h"
#include "format/json_read.h"
#include "sql.h"
#include "web/dispatch.h"
#include "web/openapi.h"
#include "web/problem.h"
#include "web/session.h"
#include "web/worker.h"

enum { JSON_FIELDS_MAX = 100 };

/* ---- who calls ---- */

static err_t key_take(struct web *web, str key)
{
	struct api_key_find_row row;
	bool found;
	TRY(q_api_key_find(web->op.db, web->op.arena, web_hash(web->op.arena, key), &row, &found));
	if (!found || row.has_revoked_at)
		return OK;
	web->visitor = (struct visitor){ .who = WHO_KEY, .key_id = row.key_id, .client_no = row.client_no, .name = row.name,
		.scopes = row.scopes, .may_act = true };
	if (!row.sandbox)
		return OK;
	web->is_sandbox = true;
	return sandbox_open(&web->worker->sandboxes, &web->op, row.client_no, &web->op.db, &web->op.today);
}

err_t dispatch_visitor(struct web *web)
{
	web->visitor = (struct visitor){ .who = WHO_STRANGER };
	if (!web->is_api)
		return session_find(web, &web->visitor);
	str header = http_header(web->request, "Authorization");
	if (!str_starts(header, S("Bearer ")))
		return OK;
	return key_take(web, str_trim((str){ header.at + 7, header.size - 7 }));
}

bool dispatch_scope_fits(const struct web *web)
{
	for (str rest = web->visitor.scopes; rest.size;)
		if (str_eq_z(str_cut(rest, ' ', &rest), web->route->scope))
			return true;
	return false;
}

/* ---- the body ---- */

static const struct field *field_named(const struct field *fields, str name)
{
	for (; fields && fields->name; fields++) {
		str own = str_from_z(fields->name);
		if (fields->kind != FIELD_MONEY && str_eq(own, name))
			return fields;
		if (fields->kind == FIELD_MONEY && name.size == own.size + 6 && str_starts(name, own) &&
			str_eq((str){ name.at + own.size, 6 }, S("_minor")))
			return fields;
	}
	return NULL;
}

static err_t member_field(struct web *web, str key, const struct json_value *value, struct http_field *ret_field)
{
	const struct field *field = field_named(web->route->fields, key);
	if (!field)
		return fail(ERR_INPUT, "there is no field '%.*s' here", STR_ARG(key));
	bool is_number = field->kind == FIELD_MONEY || field->kind == FIELD_NUMBER;
	*ret_field = (struct http_field){ .name = key };
	if (value->kind == JSON_READ_INT && is_number)
		ret_field->value = str_format(web->op.arena, "%lld", (long long)value->integer);
	else if (value->kind == JSON_READ_TEXT && !is_number && field->kind != FIELD_CHECK)
		ret_field->value = value->text;
	else if (value->kind == JSON_READ_BOOL && field->kind == FIELD_CHECK)
		ret_field->value = value->truth ? S("yes") : S("");
	else
		return fail(ERR_INPUT, "'%.*s' is a %s", STR_ARG(key), err_words(is_number ? N_("whole number") :
			field->kind == FIELD_CHECK ? N_("boolean") : N_("text")));
	return OK;
}

static err_t body_fields(struct web *web, struct http_field *fields, size_t *ret_count)
{
	struct json_value body;
	*ret_count = 0;
	if (!web->request->body.size)
		return OK;
	TRY(json_read(web->request->body, web->op.arena, &body));
	if (body.kind != JSON_READ_OBJECT)
		return fail(ERR_INPUT, "the body is not a JSON object");
	if (body.count > JSON_FIELDS_MAX)
		return fail(ERR_INPUT, "the body has too many members");
	for (size_t i = 0; i < body.count; i++)
		if (body.items[i].kind != JSON_READ_NULL)
			TRY(member_field(web, body.keys[i], &body.items[i], &fields[(*ret_count)++]));
	return OK;
}

err_t dispatch_api_form(struct web *web, bool *ret_stop)
{
	struct http_field fields[JSON_FIELDS_MAX];
	size_t count;
	*ret_stop = false;
	if (web->request->form_count) { /* a file comes as a form, as in a browser */
		web->form = form_read(&web->html, web->route->fields, web->request, web->op.today);
		return OK;
	}
	if (web->request->body.size && !str_eq_z(web->request->content_type, "application/json")) {
		*ret_stop = true;
		return problem_answer(web, (struct problem){ .status = 415, .sentence = N_("Send the body as application/json.") });
	}
	err_t err = body_fields(web, fields, &count);
	if (err) {
		*ret_stop = true;
		str text = str_copy(web->op.arena, str_from_z(err_text(err)));
		err_free(err);
		return problem_answer(web, (struct problem){ .status = 422, .text = text });
	}
	web->form = form_read_fields(&web->html, web->route->fields, fields, count, web->op.today, true);
	return OK;
}

/* ---- the description ---- */

static err_t description_send(struct web *web)
{
	struct text text = text_in(web->op.arena, 16 << 20);
	struct json json = json_in(web->op.arena, sink_text(&text));
	TRY(openapi_write(web, &json));
	web->answer->content_type = "application/json";
	web->answer->body = text_str(&text);
	http_answer_header(web->answer, "Access-Control-Allow-Origin", S("*"));
	return OK;
}

/* ---- a sandbox's clock ---- */

struct clock_view {
	date today;
	int64_t case_count, letter_count;
};
static const struct shape_field clock_shape_fields[] = {
	{ .name = "today", .type = SHAPE_DATE, .offset = offsetof(struct clock_view, today), .about = "The sandbox's day." },
	{ .name = "case_count", .type = SHAPE_INTEGER, .offset = offsetof(struct clock_view, case_count),
		.about = "Cases in which something happened on the way." },
	{ .name = "letter_count", .type = SHAPE_INTEGER, .offset = offsetof(struct clock_view, letter_count),
		.about = "Letters that would have been sent." },
};
static const struct shape clock_shape = { "sandbox_clock", "The clock of a sandbox.", clock_shape_fields, 3,
	sizeof(struct clock_view) };

static const struct field clock_fields[] = {
	{ .name = "today", .kind = FIELD_DATE, .label = N_("The new day"), .min = 0, .max = 3700 },
	{ .name = NULL },
};

static err_t clock_show(struct web *web)
{
	if (!web->is_sandbox)
		return web_forbidden(web);
	return web_answer(web, &clock_shape, &(struct clock_view){ .today = web->op.today });
}

static err_t clock_move(struct web *web)
{
	if (!web->is_sandbox)
		return web_forbidden(web);
	struct night_result result;
	date until = form_value(&web->form, "today")->day;
	struct op op = web->op;
	op.today = until;
	TRY(night_run(&op, until, &result));
	if (!date_is_none(result.stopped_before))
		until = date_add(result.stopped_before, -1);
	TRY(db_begin(op.db));
	TRY(db_end(op.db, setup_put(&op, "clock", str_from_z(date_iso(until).z))));
	return web_answer(web, &clock_shape, &(struct clock_view){ until, result.cases, result.letters });
}

const struct route routes_api[] = {
	{ HTTP_GET, "/api/openapi.json", .kind = ROUTE_HEAVY, .who = WHO_ANYONE, .flags = ROUTE_CACHED | ROUTE_NO_PAGE,
		.run = description_send, .title = N_("The description of the API") },
	{ HTTP_GET, .api = "/api/v1/sandbox/clock", .kind = ROUTE_READ, .who = WHO_KEY, .scope = "read", .run = clock_show,
		.title = N_("The sandbox's clock"), .about = "The day of the test key's own book.", .answer = &clock_shape },
	{ HTTP_POST, .api = "/api/v1/sandbox/clock", .kind = ROUTE_WRITE, .who = WHO_KEY, .scope = "write", .fields = clock_fields,
		.run = clock_move, .title = N_("Let time pass in the sandbox"),
		.about = "Lives through every night up to the day and stays there. For test keys only.", .answer = &clock_shape },
	{ .method = HTTP_METHOD_COUNT },
};
