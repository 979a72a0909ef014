/* The server's life: workers, one for each thread with a connection of its own to the book; every request turned into a struct
 * web and carried out; headers that all answers have; the stop. */
#include "web/serve.h"

#include "sql.h"
#include "web/audit.h"
#include "web/chores.h"
#include "web/dispatch.h"
#include "web/night_job.h"
#include "web/notify.h"
#include "web/oidc.h"
#include "web/problem.h"
#include "web/route.h"
#include "web/session.h"
#include "web/site.h"
#include "web/upload_queue.h"
#include "web/worker.h"

#include <stdio.h>
#include <time.h>

enum { SITE_ARENA_MAX = 64 << 20, WORKER_ARENA_MAX = 1 << 20, FORM_SIZE_MAX = 64 * 1024, STOP_SECONDS = 20, POLL_NANOSECONDS = 250000000 };

static err_t worker_open(void *context, void **ret_worker)
{
	struct arena *arena = arena_create(WORKER_ARENA_MAX);
	struct web_worker *worker = arena_new(arena, struct web_worker);
	*worker = (struct web_worker){ .arena = arena, .site = context };
	*ret_worker = worker;
	return db_open(worker->site->db_url, DB_OPEN_EXISTING, &worker->db);
}

static void worker_close(void *context)
{
	struct web_worker *worker = context;
	sandbox_close(&worker->sandboxes);
	db_close(worker->db);
	arena_destroy(worker->arena);
}

/* ---- headers ---- */

static const char content_security[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

static bool has_header(const struct http_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (str_eq_z(str_from_z(answer->headers[i].name), name))
			return true;
	return false;
}

static void headers_add(const struct http_request *request, const struct route *route, struct http_answer *answer)
{
	http_answer_header(answer, "Content-Security-Policy", (str){ content_security, sizeof content_security - 1 });
	http_answer_header(answer, "X-Content-Type-Options", S("nosniff"));
	/* same-origin, not no-referrer: a browser that sends no referrer sends "Origin: null" with forms too. */
	http_answer_header(answer, "Referrer-Policy", S("same-origin"));
	http_answer_header(answer, "Cross-Origin-Opener-Policy", S("same-origin"));
	http_answer_header(answer, "Cross-Origin-Resource-Policy", S("same-origin"));
	http_answer_header(answer, "Permissions-Policy", S("camera=(), geolocation=(), microphone=(), payment=()"));
	if (request->is_tls)
		http_answer_header(answer, "Strict-Transport-Security", S("max-age=31536000; includeSubDomains"));
	bool is_public = route && route->flags & ROUTE_CACHED && answer->status == 200;
	if (!has_header(answer, "Cache-Control"))
		http_answer_header(answer, "Cache-Control", is_public ? S("public, max-age=60") : S("no-store"));
	if (!route || !(route->who & WHO_STRANGER) || route->flags & ROUTE_NO_INDEX)
		http_answer_header(answer, "X-Robots-Tag", S("noindex"));
}

/* ---- a request ---- */

static struct web web_of(struct web_site *site, const struct http_request *request, const struct route_match *match,
	struct http_answer *answer)
{
	struct web web = {
		.op = { .law = site->law, .arena = request->arena, .today = site_today(site), .user = S("") },
		.now = site->clock.now(),
		.site = site,
		.request = request,
		.route = match->route,
		.visitor = { .who = WHO_STRANGER },
		.language = match->language,
		.is_api = match->is_api || str_starts(match->path, S("/api/")),
		.path = match->path,
		.parameter_count = match->parameter_count,
		.answer = answer,
	};
	for (size_t i = 0; i < match->parameter_count; i++)
		web.parameters[i] = match->parameters[i];
	/* A program chooses its language by a header; a person by the address. */
	if (web.is_api)
		web.language = str_starts(http_header(request, "Accept-Language"), S("nb")) ? WEB_NORWEGIAN : WEB_ENGLISH;
	web.html = html_in(request->arena, web.language, site->catalogs[web.language]);
	return web;
}

static void refuse(void *context, const struct http_request *request, int status, struct http_answer *answer)
{
	struct web_site *site = context;
	struct route_match match = route_find(HTTP_GET, request->path.size ? request->path : S("/"));
	match.route = NULL;
	struct web web = web_of(site, request, &match, answer);
	err_t err = problem_answer(&web, (struct problem){ .status = status });
	if (err) {
		err_free(err);
		problem_plain(&web, status);
	}
	if (web.html.size && !answer->content_type) {
		answer->content_type = "text/html; charset=utf-8";
		answer->body = html_written(&web.html);
	}
	headers_add(request, NULL, answer);
}

static const char *allowed_methods(struct arena *arena, str path)
{
	struct text text = text_in(arena, 200);
	for (int method = 0; method < HTTP_METHOD_COUNT; method++) {
		struct route_match match = route_find((enum http_method)method, path);
		if (!match.route)
			continue;
		text_add_z(&text, text.size ? ", " : "");
		text_add_z(&text, http_method_name((enum http_method)method));
	}
	return str_z(arena, text_str(&text));
}

static bool plan(void *context, const struct http_request *request, struct http_plan *ret_plan, struct http_answer *answer)
{
	struct route_match match = route_find(request->method, request->path);
	if (!match.route) {
		if (match.other_method)
			http_answer_header(answer, "Allow", str_from_z(allowed_methods(request->arena, request->path)));
		refuse(context, request, match.other_method ? 405 : 404, answer);
		return false;
	}
	bool has_body = request->method != HTTP_GET;
	*ret_plan = (struct http_plan){
		.in_pool = match.route->kind != ROUTE_READ,
		.body_max = has_body ? match.route->body_max ? match.route->body_max : FORM_SIZE_MAX : 0,
	};
	return true;
}

static void answer(void *context, const struct http_request *request, struct http_answer *ret_answer)
{
	struct web_worker *worker = context;
	struct route_match match = route_find(request->method, request->path);
	struct web web = web_of(worker->site, request, &match, ret_answer);
	web.worker = worker;
	web.op.db = worker->db;
	web_run(&web);
	headers_add(request, match.route, ret_answer);
}

/* ---- the server's life ---- */

static err_t serve_until_stopped(const struct serve_options *options, struct web_site *site)
{
	struct http_handler handler = { worker_open, worker_close, plan, answer, refuse, site };
	struct http_options http = {
		.listen = options->listen,
		.port = options->port,
		.next_free_port = options->next_free_port,
		.trust_proxy = options->trust_proxy,
	};
	struct http_server *server;
	char address[200];
	TRY(http_start(&http, &handler, &server));
	snprintf(address, sizeof address, "http://%s:%u", options->listen, (unsigned)http_port(server));
	notify_service("READY=1");
	options->ready(address, options->context);
	while (!options->should_stop())
		nanosleep(&(struct timespec){ .tv_nsec = POLL_NANOSECONDS }, NULL);
	notify_service("STOPPING=1");
	http_stop(server, STOP_SECONDS);
	return OK;
}

err_t serve_run(const struct serve_options *options)
{
	struct arena *arena = arena_create(SITE_ARENA_MAX);
	struct web_site site = { .audit = NULL };
	err_t err = site_open(arena, options, &site);
	if (!err)
		err = audit_queue_open(options->db_url, options->law, &site.audit);
	if (!err)
		err = chores_open(&site, &site.chores);
	if (!err)
		err = upload_queue_open(&site, &site.uploads);
	if (!err) {
		night_job_open(arena, options->db_url, options->law, &site.night);
		err = serve_until_stopped(options, &site);
	}
	upload_queue_close(site.uploads);
	night_job_close(site.night);
	chores_close(site.chores);
	audit_queue_close(site.audit);
	oidc_cache_destroy(site.oidc);
	arena_destroy(arena);
	return err;
}

/* ---- the routes, told ---- */

static void field_tell(struct json *json, const struct field *field)
{
	json_object(json);
	json_key(json, "name"), json_z(json, field->name);
	json_key(json, "kind"), json_z(json, field_kind_name(field->kind));
	json_key(json, "optional"), json_bool(json, field->optional);
	json_key(json, "size_max"), json_int(json, i64_from_size(field->size_max));
	json_key(json, "min"), json_int(json, field->min);
	json_key(json, "max"), json_int(json, field->max);
	json_key(json, "choices"), json_array(json);
	for (const struct field_choice *choice = field->choices; choice && choice->value; choice++)
		json_z(json, choice->value);
	json_end(json);
	json_end(json);
}

static void route_tell(struct json *json, const struct route *route)
{
	static const char *const kinds[] = { "read", "write", "heavy" };
	json_object(json);
	json_key(json, "method"), json_z(json, http_method_name(route->method));
	json_key(json, "path"), json_z(json, route->path);
	json_key(json, "api"), json_z(json, route->api);
	json_key(json, "kind"), json_z(json, kinds[route->kind]);
	json_key(json, "title"), json_z(json, route->title);
	json_key(json, "is_page"), json_bool(json, route->path && route->method == HTTP_GET && !(route->flags & ROUTE_NO_PAGE));
	json_key(json, "shows_again"), json_bool(json, route->again != NULL);
	json_key(json, "tries"), json_bool(json, route->flags & ROUTE_TRIES);
	json_key(json, "scope"), json_z(json, route->scope);
	json_key(json, "who"), json_array(json);
	for (unsigned bit = 1; bit <= WHO_KEY; bit <<= 1)
		if (route->who & bit)
			json_z(json, who_name((enum who)bit));
	json_end(json);
	json_key(json, "fields"), json_array(json);
	for (const struct field *field = route->fields; field && field->name; field++)
		field_tell(json, field);
	json_end(json);
	json_end(json);
}

err_t serve_routes(struct json *json)
{
	json_array(json);
	for (size_t t = 0; t < route_table_count; t++)
		for (const struct route *route = route_tables[t]; route->method != HTTP_METHOD_COUNT; route++)
			route_tell(json, route);
	json_end(json);
	return json_finish(json);
}

const struct serve_module serve_module = { serve_run, serve_routes };
