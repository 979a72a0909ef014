/* A server over a handler of its own, for tests/web/http_test.py and the bench of the reading path.
 *
 *   http_probe [reader_count=N] [pool_count=N] [pool_queue_max=N] [request_seconds_max=N] [idle_seconds_max=N] …
 *
 * Prints "port N", then answers until its standard input says "stop SECONDS" or ends; prints "stopped".
 *   GET  /page          4 KiB in the reader's arena, made anew each time    GET /static  4 KiB that lives for ever
 *   ANY  /echo          JSON of what the handler was given; body up to 64 KiB    /pool/echo  the same by the pool
 *   POST /upload        up to 4 MiB; says how much
 *   GET  /hold          in the pool, until /release (which answers at once)
 *   GET  /large         16 MiB          GET /status?code=N         GET /counts
 *   /forbidden          403 by the plan */
#include "base/str.h"
#include "web/http.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_SIZE = 4096, LARGE_SIZE = 16 << 20 };

struct probe {
	struct http_server *_Atomic server; /* known to others than main when it has said its port */
	pthread_mutex_t lock;
	pthread_cond_t is_released;
	int64_t release_count, holding_count; /* holding: the next release is for them */
	_Atomic int64_t worker_count;
	char *page, *large;
};

struct worker {
	struct probe *probe;
};

static err_t worker_open(void *context, void **ret_worker)
{
	struct probe *probe = context;
	static _Thread_local struct worker worker;
	worker.probe = probe;
	atomic_fetch_add(&probe->worker_count, 1);
	*ret_worker = &worker;
	return OK;
}

static void worker_close(void *worker)
{
	atomic_fetch_sub(&((struct worker *)worker)->probe->worker_count, 1);
}

static bool plan(void *context, const struct http_request *request, struct http_plan *ret_plan, struct http_answer *answer)
{
	(void)context;
	if (str_eq(request->path, S("/forbidden"))) {
		*answer = (struct http_answer){ .status = 403, .content_type = "text/plain", .body = S("no\n"), .is_static = true };
		return false;
	}
	ret_plan->in_pool = str_starts(request->path, S("/pool/")) || str_eq(request->path, S("/hold"));
	if (str_has(request->path, S("echo")))
		ret_plan->body_max = 64 * 1024;
	if (str_eq(request->path, S("/upload")))
		ret_plan->body_max = 4 << 20;
	return true;
}

static void hex_str(struct text *text, const char *name, str value)
{
	text_addf(text, ",\"%s\":\"", name);
	for (size_t i = 0; i < value.size; i++)
		text_addf(text, "%02x", (unsigned char)value.at[i]);
	text_add_z(text, "\"");
}

static void fields_json(struct text *text, const char *name, const struct http_field *fields, size_t count)
{
	text_addf(text, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		text_addf(text, "%s{\"is_file\":%s", i ? "," : "", fields[i].is_file ? "true" : "false");
		hex_str(text, "name", fields[i].name);
		hex_str(text, "value", fields[i].value);
		hex_str(text, "file_name", fields[i].file_name);
		text_add_z(text, "}");
	}
	text_add_z(text, "]");
}

static void answer_echo(const struct http_request *request, struct http_answer *answer)
{
	struct text text = text_in(request->arena, 4 << 20);
	text_addf(&text, "{\"method\":\"%s\",\"is_tls\":%s", http_method_name(request->method),
		request->is_tls ? "true" : "false");
	hex_str(&text, "path", request->path);
	hex_str(&text, "body", request->body);
	hex_str(&text, "content_type", request->content_type);
	hex_str(&text, "address", request->address);
	hex_str(&text, "x_test", http_header(request, "x-test"));
	hex_str(&text, "cookie_sid", http_cookie(request, "sid"));
	fields_json(&text, "query", request->query, request->query_count);
	fields_json(&text, "form", request->form, request->form_count);
	text_add_z(&text, "}\n");
	*answer = (struct http_answer){ .status = 200, .content_type = "application/json", .body = text_str(&text) };
}

static void answer_counts(struct probe *probe, const struct http_request *request, struct http_answer *answer)
{
	const struct http_counts counts = http_counts(atomic_load(&probe->server));
	pthread_mutex_lock(&probe->lock);
	int64_t holding_count = probe->holding_count;
	pthread_mutex_unlock(&probe->lock);
	*answer = (struct http_answer){ .status = 200, .content_type = "application/json" };
	answer->body = str_format(request->arena,
		"{\"requests\":%" PRId64 ",\"refused\":%" PRId64 ",\"open_connections\":%" PRId64 ",\"in_pool\":%" PRId64
		",\"body_bytes\":%" PRId64 ",\"by_class\":[0,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
		"],\"workers\":%" PRId64 ",\"holding\":%" PRId64 "}\n",
		counts.requests, counts.refused, counts.open_connections, counts.in_pool, counts.body_bytes,
		counts.by_class[1], counts.by_class[2], counts.by_class[3], counts.by_class[4], counts.by_class[5],
		atomic_load(&probe->worker_count), holding_count);
}

static void hold(struct probe *probe)
{
	pthread_mutex_lock(&probe->lock);
	int64_t seen = probe->release_count;
	probe->holding_count++;
	while (probe->release_count == seen)
		pthread_cond_wait(&probe->is_released, &probe->lock);
	probe->holding_count--;
	pthread_mutex_unlock(&probe->lock);
}

static void release(struct probe *probe)
{
	pthread_mutex_lock(&probe->lock);
	probe->release_count++;
	pthread_cond_broadcast(&probe->is_released);
	pthread_mutex_unlock(&probe->lock);
}

static void answer_status(const struct http_request *request, struct http_answer *answer)
{
	int64_t code = 500;
	err_free(parse_i64(http_query(request, "code"), 200, 599, &code));
	answer->status = (int)code; /* 200 … 599 */
	answer->content_type = "text/plain";
	answer->body = code == 204 || code == 304 ? S("") : S("as asked\n");
}

static void answer(void *at, const struct http_request *request, struct http_answer *answer)
{
	struct probe *probe = ((struct worker *)at)->probe;
	*answer = (struct http_answer){ .status = 200, .content_type = "text/html; charset=utf-8", .is_static = true };
	http_answer_header(answer, "X-Frame-Options", S("DENY"));
	if (str_eq(request->path, S("/page"))) {
		char *page = arena_alloc(request->arena, PAGE_SIZE);
		memcpy(page, probe->page, PAGE_SIZE);
		answer->body = (str){ page, PAGE_SIZE };
		answer->is_static = false;
	} else if (str_eq(request->path, S("/static"))) {
		answer->body = (str){ probe->page, PAGE_SIZE };
	} else if (str_eq(request->path, S("/large"))) {
		answer->body = (str){ probe->large, LARGE_SIZE };
	} else if (str_has(request->path, S("echo"))) {
		answer_echo(request, answer);
	} else if (str_eq(request->path, S("/upload"))) {
		answer->body = str_format(request->arena, "%zu\n", request->body.size);
	} else if (str_eq(request->path, S("/hold"))) {
		hold(probe);
		answer->body = S("released\n");
	} else if (str_eq(request->path, S("/release"))) {
		release(probe);
		answer->body = S("ok\n");
	} else if (str_eq(request->path, S("/status"))) {
		answer_status(request, answer);
	} else if (str_eq(request->path, S("/counts"))) {
		answer_counts(probe, request, answer);
	} else {
		answer->status = 404;
		answer->body = S("not here\n");
	}
}

static void refuse(void *context, const struct http_request *request, int status, struct http_answer *answer)
{
	(void)context;
	answer->content_type = "text/plain; charset=utf-8";
	answer->body = str_format(request->arena, "refused %d\n", status);
}

static bool option_take(struct http_options *options, const char *word)
{
	str value;
	str name = str_cut(str_from_z(word), '=', &value);
	int64_t number = 0;
	err_t err = parse_i64(value, 0, 1 << 30, &number);
	bool is_known = !err;
	err_free(err);
	if (str_eq(name, S("reader_count")))
		options->reader_count = (size_t)number;
	else if (str_eq(name, S("pool_count")))
		options->pool_count = (size_t)number;
	else if (str_eq(name, S("pool_queue_max")))
		options->pool_queue_max = (size_t)number;
	else if (str_eq(name, S("body_bytes_max")))
		options->body_bytes_max = (size_t)number;
	else if (str_eq(name, S("connection_max")))
		options->connection_max = (size_t)number;
	else if (str_eq(name, S("connection_per_address_max")))
		options->connection_per_address_max = (size_t)number;
	else if (str_eq(name, S("request_seconds_max")))
		options->request_seconds_max = (int)number;
	else if (str_eq(name, S("idle_seconds_max")))
		options->idle_seconds_max = (int)number;
	else if (str_eq(name, S("port")))
		options->port = (uint16_t)number;
	else if (str_eq(name, S("next_free_port")))
		options->next_free_port = number != 0;
	else if (str_eq(name, S("trust_proxy")))
		options->trust_proxy = number != 0;
	else
		is_known = false;
	return is_known;
}

/* Until "stop SECONDS" or the end of the input; the seconds. */
static int stop_await(void)
{
	char line[64];
	int64_t seconds = 5;
	if (!fgets(line, sizeof line, stdin))
		return (int)seconds;
	str rest;
	(void)str_cut(str_trim(str_from_z(line)), ' ', &rest);
	err_free(parse_i64(rest, 0, 3600, &seconds));
	return (int)seconds;
}

int main(int argument_count, char **arguments)
{
	struct http_options options = { .listen = "127.0.0.1" };
	for (int i = 1; i < argument_count; i++)
		if (!option_take(&options, arguments[i])) {
			fprintf(stderr, "unknown: %s\n", arguments[i]);
			return 2;
		}
	struct arena *arena = arena_create(LARGE_SIZE * 2);
	struct probe probe = { .lock = PTHREAD_MUTEX_INITIALIZER, .is_released = PTHREAD_COND_INITIALIZER };
	probe.page = arena_alloc(arena, PAGE_SIZE);
	probe.large = arena_alloc(arena, LARGE_SIZE);
	memset(probe.page, 'p', PAGE_SIZE);
	memset(probe.large, 'l', LARGE_SIZE);
	const struct http_handler handler = { worker_open, worker_close, plan, answer, refuse, &probe };
	struct http_server *server = NULL;
	err_t err = http_start(&options, &handler, &server);
	if (err) {
		fprintf(stderr, "%s\n", err_text(err));
		err_free(err);
		arena_destroy(arena);
		return 1;
	}
	atomic_store(&probe.server, server);
	printf("port %d\n", http_port(server));
	fflush(stdout);
	http_stop(server, stop_await());
	printf("stopped, %" PRId64 " workers left\n", atomic_load(&probe.worker_count));
	arena_destroy(arena);
	return 0;
}
