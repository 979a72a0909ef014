/* One request, from the transport's hands to the answer: find the route, see who it is, check the right and the form, run
 * the handler, and turn an error into a page or a problem. */
#include "web/web.h"

#include "app/case.h"
#include "html/page.h"
#include "sql.h"
#include "web/audit.h"
#include "web/dispatch.h"
#include "web/idempotency.h"
#include "web/limit.h"
#include "web/problem.h"
#include "web/route.h"
#include "web/session.h"
#include "web/worker.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- what handlers ask for ---- */

str web_word(const struct web *web, const char *parameter)
{
	for (size_t i = 0; i < web->parameter_count; i++)
		if (str_eq_z(web->parameters[i].name, parameter))
			return web->parameters[i].value;
	panic("a handler asks for a parameter its path does not have");
}

int64_t web_number(const struct web *web, const char *parameter)
{
	int64_t number;
	err_t err = parse_i64(web_word(web, parameter), 1, INT64_MAX, &number);
	err_free(err);
	return err ? 0 : number;
}

bool web_case_of(struct web *web, int64_t case_no, err_t *ret_err)
{
	struct web_case_right_row right;
	bool found = false;
	*ret_err = case_no > 0 ? q_web_case_right(web->op.db, web->op.arena, case_no, &right, &found) : OK;
	const struct visitor *visitor = &web->visitor;
	bool may = found && !*ret_err;
	if (may && visitor->who == WHO_DEBTOR)
		may = right.debtor_id == visitor->debtor_id && (!visitor->only_case || visitor->only_case == case_no);
	else if (may && visitor->who & (WHO_CLIENT | WHO_KEY))
		may = right.client_no == visitor->client_no;
	else if (may)
		may = (visitor->who & WHO_STAFF) != 0;
	if (may)
		web_log_soon(web, (struct web_act){ "see", case_no, right.client_no, right.debtor_id,
			str_from_z(web->route->title) });
	else if (!*ret_err)
		*ret_err = web_missing(web);
	return may;
}

bool web_case(struct web *web, int64_t *ret_case_no, err_t *ret_err)
{
	*ret_case_no = web_number(web, "case");
	return web_case_of(web, *ret_case_no, ret_err);
}

static str actor_of(struct web *web)
{
	const struct visitor *v = &web->visitor;
	struct arena *arena = web->op.arena;
	if (v->person_id)
		return str_format(arena, "person %lld", (long long)v->person_id);
	if (v->key_id)
		return str_format(arena, "key %lld", (long long)v->key_id);
	if (v->mandate_id)
		return str_format(arena, "mandate %lld", (long long)v->mandate_id);
	if (v->debtor_id)
		return str_format(arena, "debtor %lld", (long long)v->debtor_id);
	return S("stranger");
}

static struct audit_entry audit_entry_of(struct web *web, const struct web_act *act)
{
	return (struct audit_entry){
		.at = web->now,
		.actor = actor_of(web),
		.actor_name = web->visitor.name,
		.act = str_from_z(act->act),
		.detail = act->detail,
		.case_no = act->case_no,
		.client_no = act->client_no,
		.debtor_id = act->debtor_id,
	};
}

err_t web_log(struct web *web, struct web_act act)
{
	struct audit_entry entry = audit_entry_of(web, &act);
	return audit_write(&web->op, &entry, 1);
}

void web_log_soon(struct web *web, struct web_act act)
{
	struct audit_entry entry = audit_entry_of(web, &act);
	if (web->is_sandbox) /* nobody's case */
		return;
	audit_queue_add(web->site->audit, &entry);
}

/* ---- answers ---- */

static err_t redirect_to(struct web *web, str address)
{
	web->answer->status = 303;
	web->answer->body = S("");
	http_answer_header(web->answer, "Location", address);
	return OK;
}

err_t web_redirect(struct web *web, const char *format, ...)
{
	char path[1000];
	va_list args;
	va_start(args, format);
	int size = vsnprintf(path, sizeof path, format, args);
	va_end(args);
	require(size > 0 && size < (int)sizeof path);
	require(path[0] == '/');
	bool is_front = web->language == WEB_ENGLISH && size == 1;
	return redirect_to(web, str_format(web->op.arena, "%s%s", web->language == WEB_ENGLISH ? "/en" : "", is_front ? "" : path));
}

err_t web_redirect_away(struct web *web, str address)
{
	return redirect_to(web, address);
}

static err_t file_answer(struct web *web, const char *type, str body, const char *name, const char *how)
{
	web->answer->status = 200;
	web->answer->content_type = type;
	web->answer->body = body;
	http_answer_header(web->answer, "Content-Disposition", str_format(web->op.arena, "%s; filename=\"%s\"", how, name));
	return OK;
}

err_t web_file(struct web *web, const char *type, str body, const char *name)
{
	return file_answer(web, type, body, name, "attachment");
}

err_t web_file_shown(struct web *web, const char *type, str body, const char *name)
{
	return file_answer(web, type, body, name, "inline");
}

err_t web_missing(struct web *web)
{
	return problem_answer(web, (struct problem){ .status = 404 });
}

err_t web_forbidden(struct web *web)
{
	return problem_answer(web, (struct problem){ .status = 403 });
}

err_t web_again(struct web *web)
{
	if (web->is_api)
		return problem_answer(web, (struct problem){ .status = 422, .form = &web->form });
	if (!web->route->again)
		return problem_answer(web, (struct problem){ .status = 422, .text = form_first_error(&web->form) });
	web->html.size = 0;
	TRY(web->route->again(web));
	if (!web->answer->status)
		web->answer->status = 422;
	return OK;
}

static struct json answer_json(struct web *web, struct text *text)
{
	*text = text_in(web->op.arena, 64 << 20);
	web->answer->status = web->route->method == HTTP_POST && !(web->route->flags & ROUTE_TRIES) ? 201 : 200;
	web->answer->content_type = "application/json";
	return json_in(web->op.arena, sink_text(text));
}

err_t web_answer(struct web *web, const struct shape *shape, const void *value)
{
	struct text text;
	struct json json = answer_json(web, &text);
	shape_json(&json, shape, value);
	TRY(json_finish(&json));
	web->answer->body = text_str(&text);
	return OK;
}

err_t web_answer_list(struct web *web, const struct shape *shape, const void *values, size_t count, str next_cursor)
{
	struct text text;
	struct json json = answer_json(web, &text);
	json_object(&json);
	json_key(&json, "items");
	shape_json_list(&json, shape, values, count);
	json_key(&json, "next_cursor");
	if (next_cursor.size)
		json_str(&json, next_cursor);
	else
		json_null(&json);
	json_end(&json);
	TRY(json_finish(&json));
	web->answer->body = text_str(&text);
	return OK;
}

/* ---- a request ---- */

/* Where a stranger is sent who wants a page behind log-in. */
static err_t log_in_first(struct web *web)
{
	if (web->is_api)
		return problem_answer(web, (struct problem){ .status = 401 });
	return web_redirect(web, web->route->who & WHO_DEBTOR ? "/my/login" : "/login");
}

/* A page with a form of its own is opened without a query; one that asks by GET has at least one of its fields in it. */
static bool query_is_sent(const struct web *web)
{
	for (const struct field *field = web->route->fields; field && field->name; field++)
		if (http_query(web->request, field->name).at)
			return true;
	return false;
}

static err_t form_take(struct web *web, bool *ret_stop)
{
	*ret_stop = false;
	bool is_post = web->route->method != HTTP_GET;
	if (is_post && web->is_api) {
		TRY(dispatch_api_form(web, ret_stop));
		if (*ret_stop)
			return OK;
	} else {
		web->form = is_post || query_is_sent(web) ?
			form_read(&web->html, web->route->fields, web->request, web->op.today) :
			form_empty(web->op.arena, web->route->fields);
	}
	/* A query that is wrong is shown with what is wrong by the page itself. */
	if (!is_post && !web->is_api)
		return OK;
	if (!web->form.error_count)
		return OK;
	*ret_stop = true;
	return web_again(web);
}

static err_t form_run(struct web *web)
{
	bool stop;
	TRY(form_take(web, &stop));
	return stop ? OK : web->route->run(web);
}

static err_t route_run(struct web *web)
{
	bool is_post = web->route->method != HTTP_GET;
	if (web->route->flags & ROUTE_LIMITED && !limit_take(web->site->limit, web->request->address, web->now))
		return problem_answer(web, (struct problem){ .status = 429 });
	if (!(web->visitor.who & web->route->who) || (web->is_api && web->visitor.who != WHO_KEY && !(web->route->who & WHO_STRANGER)))
		return web->visitor.who == WHO_STRANGER ? log_in_first(web) : web_forbidden(web);
	if (web->visitor.who == WHO_DEBTOR && !web->visitor.may_act && is_post && !(web->route->who & WHO_STRANGER))
		return web_forbidden(web);
	if (is_post && !web->is_api && !(web->route->flags & ROUTE_NO_CSRF) && !csrf_holds(web, web->path))
		return problem_answer(web, (struct problem){ .status = 403, .sentence = N_("This form is too old or was opened "
			"elsewhere. Nothing was changed. Go back, load the page again and send it once more.") });
	if (web->visitor.who == WHO_KEY && !dispatch_scope_fits(web))
		return web_forbidden(web);
	return is_post && web->visitor.who == WHO_KEY && !(web->route->flags & ROUTE_TRIES) ? idempotency_run(web, form_run) : form_run(web);
}

/* An error is written to stand behind a place and a colon; alone it begins as a sentence does. */
static str as_sentence(struct arena *arena, const char *text)
{
	char *own = arena_alloc(arena, strlen(text) + 1);
	memcpy(own, text, strlen(text));
	if (own[0] >= 'a' && own[0] <= 'z')
		own[0] = (char)(own[0] - 32);
	else if ((unsigned char)own[0] == 0xC3 && (unsigned char)own[1] >= 0xA0 && (unsigned char)own[1] != 0xB7)
		own[1] = (char)((unsigned char)own[1] - 32); /* æ, ø, å and their like */
	return str_from_z(own);
}

/* An error the visitor can do something about is shown on the form it came from. */
static err_t error_show(struct web *web, err_t err)
{
	enum err_kind kind = err_kind(err);
	db_rollback(web->op.db);
	bool is_theirs = kind == ERR_INPUT || kind == ERR_REFUSED;
	str text = as_sentence(web->op.arena, err_text(err));
	if (!is_theirs)
		fprintf(stderr, "<3>%s %s: %s\n", http_method_name(web->request->method), web->route->path ? web->route->path :
			web->route->api, err_text(err));
	err_free(err);
	web->answer->header_count = 0;
	web->answer->status = 0;
	web->html.size = 0;
	if (is_theirs && web->is_api)
		return problem_answer(web, (struct problem){ .status = kind == ERR_INPUT ? 422 : 409, .text = text });
	if (is_theirs && web->route->again && web->form.was_sent) {
		web->form.error = text;
		return web_again(web);
	}
	int status = kind == ERR_INPUT ? 422 : kind == ERR_REFUSED ? 409 : kind == ERR_BUSY ? 503 : 500;
	return problem_answer(web, (struct problem){ .status = status, .text = is_theirs ? text : S("") });
}

static void answer_finish(struct web *web)
{
	struct http_answer *answer = web->answer;
	if (!answer->content_type && web->html.size) {
		answer->content_type = "text/html; charset=utf-8";
		answer->body = html_written(&web->html);
	}
	if (!answer->status)
		answer->status = answer->body.size ? 200 : 204;
}

static err_t answer_try(struct web *web)
{
	if (web->route->kind != ROUTE_WRITE)
		TRY(db_begin_whole_reading(web->op.db));
	TRY(dispatch_visitor(web));
	web->op.user = actor_of(web);
	return route_run(web);
}

void web_run(struct web *web)
{
	catalog_speak(web->html.catalog);
	err_t err = answer_try(web);
	if (err)
		err = error_show(web, err);
	if (err) { /* the page of the error itself failed */
		fprintf(stderr, "<3>%s\n", err_text(err));
		err_free(err);
		problem_plain(web, 500);
	}
	db_rollback(web->op.db); /* a handler that left one open would hold up the whole book */
	db_end_whole_reading(web->worker->db);
	catalog_speak(NULL);
	answer_finish(web);
}
