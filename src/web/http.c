/* The server over libmicrohttpd: its callbacks, threads and times. What a request says is judged in http_vet.c and
 * http_body.c.
 *
 * The library's threads ("readers") each own their connections; all that happens to a connection happens on its reader,
 * so the way of a reading request takes no lock. A connection's slot is the library's context for it. A request goes
 *   target read (on_target): takes an arena of its reader
 *   headers read (request_begin): vetted and planned; may be answered at once when a body is not worth waiting for
 *   body (body_take): collected in the arena, or read past when the answer is known already
 *   whole (request_finish): answered here, or suspended and given to the pool, which answers and resumes it
 *   answered (answer_send), and sent or broken off (request_end): the arena goes back to the reader.
 * The library knows silence only, so each slot has a deadline, and the reaper shuts down what is past its own, or
 * whose client is gone. */
#include "web/http.h"

#include "web/http_body.h"
#include "web/http_listen.h"
#include "web/http_pool.h"
#include "web/http_vet.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CONNECTION_MEMORY = 16 * 1024,
	ARENA_SIZE_MAX = 512 << 20, /* a body, its doublings on the way, and the answer */
	ARENA_KEEP_SIZE = 1 << 20,  /* a larger one is not kept for the next request */
	SPARE_MAX = 64,
	SERVER_ARENA_SIZE = 256 << 20,
	SWALLOW_MAX = 1 << 20, /* so much of a body is read past to keep a connection */
	BODY_CAPACITY_MIN = 16 * 1024,
	ANSWER_TIMES = 10, /* an answer may take so many times a request's seconds */
	REAP_MS = 250,
	CUT_SECONDS = 1, /* for the last answers, and then for the last connections, of a server that stops */
	FILES_OF_OUR_OWN = 256,
};

struct reader {
	struct http_server *server;
	void *worker;
	bool is_open; /* has its worker */
	struct arena *spare[SPARE_MAX];
	size_t spare_count;
	/* Written by its thread alone (but refused), read by anyone. */
	_Atomic int64_t begun, ended, requests, refused, by_class[6];
};

struct exchange {
	struct http_job job; /* first: the pool's handle */
	struct connection *connection;
	str raw_target;
	struct http_framing framing;
	struct http_request request;
	struct http_plan plan;
	struct http_answer answer;
	bool is_answered; /* answer is filled: what comes of the body is read past */
	bool is_sent;
	char *body;
	size_t body_size, body_capacity, swallowed;
	str content_type;
};

struct connection {
	struct http_server *server;
	struct MHD_Connection *mhd;
	struct reader *reader; /* while a request is under way */
	struct arena *arena;
	struct exchange *exchange;
	char address[HTTP_ADDRESS_SIZE];
	bool is_local;
	bool is_cut; /* nothing that comes on it is answered any more */
	_Atomic int64_t deadline_ms; /* 0: none */
	_Atomic int64_t waiting_ms;  /* since when the client is to send something; 0: it is our turn */
	pthread_mutex_t lock;        /* of fd, against the reaper */
	int fd;                      /* -1: closed */
	struct connection *next_free;
};

struct http_server {
	struct arena *arena; /* this struct too */
	struct http_options options;
	struct http_handler handler;
	struct http_listen listen;
	struct MHD_Daemon *daemon;
	struct http_pool *pool;
	pthread_key_t reader_key; /* the reader of this thread */
	struct reader *readers;
	_Atomic size_t reader_used;
	struct connection *connections;
	size_t connection_count;
	pthread_mutex_t lock; /* of the next three, and for is_changed */
	struct connection *free;
	int64_t open_count;
	bool is_reaper_stopping;
	pthread_cond_t is_changed; /* a request ended while stopping; the reaper is to stop */
	pthread_t reaper;
	bool has_reaper;
	_Atomic bool is_stopping, is_cut;
	_Atomic int64_t body_bytes;
};

/* ---- times and counts ---- */

static int64_t clock_ms(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The client is to send something within so many seconds. */
static void wait_in(struct connection *connection, int64_t seconds)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC_COARSE);
	atomic_store_explicit(&connection->waiting_ms, now, memory_order_relaxed);
	atomic_store_explicit(&connection->deadline_ms, now + seconds * 1000, memory_order_relaxed);
}

/* The answer is to be taken within so many seconds. */
static void answer_in(struct connection *connection, int64_t seconds)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC_COARSE);
	atomic_store_explicit(&connection->waiting_ms, 0, memory_order_relaxed);
	atomic_store_explicit(&connection->deadline_ms, now + seconds * 1000, memory_order_relaxed);
}

/* It is our turn, as long as it takes. */
static void deadline_none(struct connection *connection)
{
	atomic_store_explicit(&connection->waiting_ms, 0, memory_order_relaxed);
	atomic_store_explicit(&connection->deadline_ms, 0, memory_order_relaxed);
}

/* One thread writes: no locked instruction is needed. */
static void count_up(_Atomic int64_t *count)
{
	int64_t now = atomic_load_explicit(count, memory_order_relaxed);
	atomic_store_explicit(count, now + 1, memory_order_release);
}

static void count_refused(struct reader *reader)
{
	atomic_fetch_add_explicit(&reader->refused, 1, memory_order_relaxed); /* the pool refuses too */
}

static int64_t count_of(const _Atomic int64_t *count)
{
	return atomic_load_explicit(count, memory_order_acquire);
}

/* Requests begun and not ended. Ends are read first, so that a request between the two is counted. */
static int64_t under_way(struct http_server *server)
{
	int64_t begun = 0, ended = 0;
	for (size_t i = 0; i < server->options.reader_count; i++)
		ended += count_of(&server->readers[i].ended);
	for (size_t i = 0; i < server->options.reader_count; i++)
		begun += count_of(&server->readers[i].begun);
	return begun - ended;
}

/* ---- readers ---- */

static struct reader *reader_here(struct http_server *server)
{
	struct reader *reader = pthread_getspecific(server->reader_key);
	if (reader)
		return reader;
	size_t index = atomic_fetch_add(&server->reader_used, 1);
	require(index < server->options.reader_count);
	reader = &server->readers[index];
	reader->server = server;
	if (pthread_setspecific(server->reader_key, reader) != 0)
		panic("out of memory");
	return reader;
}

/* At the end of the thread. */
static void reader_close(void *at)
{
	struct reader *reader = at;
	if (reader->is_open)
		reader->server->handler.worker_close(reader->worker);
	reader->is_open = false;
}

static bool reader_open(struct reader *reader)
{
	struct http_server *server = reader->server;
	if (reader->is_open)
		return true;
	err_t err = server->handler.worker_open(server->handler.context, &reader->worker);
	if (err)
		fprintf(stderr, "kravbok: %s\n", err_text(err));
	reader->is_open = !err;
	err_free(err);
	return reader->is_open;
}

static struct arena *arena_take(struct reader *reader)
{
	return reader->spare_count ? reader->spare[--reader->spare_count] : arena_create(ARENA_SIZE_MAX);
}

static void arena_give_back(struct reader *reader, struct arena *arena)
{
	if (reader->spare_count == SPARE_MAX || arena_size(arena) > ARENA_KEEP_SIZE) {
		arena_destroy(arena);
		return;
	}
	arena_reset(arena, (struct arena_mark){ 0, 0 });
	reader->spare[reader->spare_count++] = arena;
}

/* ---- connections ---- */

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

static void request_end(struct connection *connection)
{
	struct http_server *server = connection->server;
	struct reader *reader = connection->reader;
	if (!connection->arena)
		return;
	if (connection->exchange->body_capacity)
		atomic_fetch_sub(&server->body_bytes, (int64_t)connection->exchange->body_capacity);
	arena_give_back(reader, connection->arena);
	connection->arena = NULL;
	connection->exchange = NULL;
	connection->reader = NULL;
	count_up(&reader->ended);
	if (atomic_load_explicit(&server->is_stopping, memory_order_relaxed)) {
		pthread_mutex_lock(&server->lock);
		pthread_cond_broadcast(&server->is_changed);
		pthread_mutex_unlock(&server->lock);
	}
}

static struct connection *connection_open(struct http_server *server, struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *peer = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	pthread_mutex_lock(&server->lock);
	struct connection *connection = server->free;
	if (connection) {
		server->free = connection->next_free;
		server->open_count++;
	}
	pthread_mutex_unlock(&server->lock);
	if (!connection)
		return NULL; /* more than the library was told to take: its requests are cut */
	connection->mhd = mhd;
	connection->is_cut = false;
	http_listen_peer(peer ? peer->client_addr : NULL, connection->address, &connection->is_local);
	wait_in(connection, server->options.request_seconds_max);
	pthread_mutex_lock(&connection->lock);
	connection->fd = fd ? fd->connect_fd : -1;
	pthread_mutex_unlock(&connection->lock);
	return connection;
}

static void connection_close(struct connection *connection)
{
	struct http_server *server = connection->server;
	request_end(connection);
	deadline_none(connection);
	pthread_mutex_lock(&connection->lock);
	connection->fd = -1;
	pthread_mutex_unlock(&connection->lock);
	pthread_mutex_lock(&server->lock);
	connection->next_free = server->free;
	server->free = connection;
	server->open_count--;
	if (atomic_load_explicit(&server->is_stopping, memory_order_relaxed))
		pthread_cond_broadcast(&server->is_changed);
	pthread_mutex_unlock(&server->lock);
}

static void on_connection(void *at, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*context = connection_open(at, mhd);
	else if (*context)
		connection_close(*context);
}

/* ---- answers ---- */

static void answer_text(struct exchange *exchange, int status)
{
	exchange->answer.content_type = "text/plain; charset=utf-8";
	exchange->answer.body = str_format(exchange->request.arena, "%d\n", status);
}

/* Answers for the transport. The connection goes on unless said otherwise. */
static void refuse(struct exchange *exchange, int status)
{
	const struct http_handler *handler = &exchange->connection->server->handler;
	struct http_answer *answer = &exchange->answer;
	*answer = (struct http_answer){ .status = status };
	if (handler->refuse)
		handler->refuse(handler->context, &exchange->request, status, answer);
	else
		answer_text(exchange, status);
	if (status == 405)
		http_answer_header(answer, "Allow", S("GET, HEAD, POST, PUT, PATCH, DELETE"));
	if (status == 503)
		http_answer_header(answer, "Retry-After", S("5"));
	exchange->is_answered = true;
	count_refused(exchange->connection->reader);
}

static void refuse_and_close(struct exchange *exchange, int status)
{
	refuse(exchange, status);
	exchange->answer.close = true;
}

static void header_add(struct MHD_Response *response, struct arena *arena, const char *name, str value)
{
	if (MHD_add_response_header(response, name, str_z(arena, value)) != MHD_YES)
		panic("a header of the answer is malformed");
}

static enum MHD_Result answer_send(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;
	struct http_server *server = connection->server;
	const struct http_answer *answer = &exchange->answer;
	require(answer->status >= 200);
	require(answer->status <= 599);
	/* Static, or in the arena, which lives until the answer is sent: never copied. */
	struct MHD_Response *response = MHD_create_response_from_buffer(answer->body.size,
		(void *)(uintptr_t)answer->body.at, MHD_RESPMEM_PERSISTENT); /* the library does not write to it */
	if (!response)
		return MHD_NO;
	if (answer->content_type)
		header_add(response, exchange->request.arena, "Content-Type", str_from_z(answer->content_type));
	for (size_t i = 0; i < answer->header_count; i++)
		header_add(response, exchange->request.arena, answer->headers[i].name, answer->headers[i].value);
	if (answer->close || atomic_load_explicit(&server->is_stopping, memory_order_relaxed))
		header_add(response, exchange->request.arena, "Connection", S("close"));
	answer_in(connection, (int64_t)server->options.request_seconds_max * ANSWER_TIMES);
	unsigned status = (unsigned)answer->status; /* 200 … 599 */
	enum MHD_Result result = MHD_queue_response(connection->mhd, status, response);
	MHD_destroy_response(response);
	exchange->is_sent = true;
	count_up(&connection->reader->by_class[status / 100]);
	return result;
}

/* The whole request, by the thread whose worker it is. */
static void answer_make(struct exchange *exchange, void *worker)
{
	const struct http_handler *handler = &exchange->connection->server->handler;
	struct http_request *request = &exchange->request;
	const str body = { exchange->body, exchange->body_size };
	struct http_fields form = { NULL, 0 };
	bool is_form = false;
	int status = http_body_form(request->arena, exchange->content_type, body, &is_form, &form);
	if (status) {
		refuse(exchange, status);
		return;
	}
	request->form = form.at;
	request->form_count = form.count;
	request->body = is_form ? (str){ "", 0 } : body;
	handler->answer(worker, request, &exchange->answer);
	exchange->is_answered = true;
}

/* Both below: on a thread of the pool. */
static err_t worker_open(void *context, void **ret_worker)
{
	struct http_server *server = context;
	return server->handler.worker_open(server->handler.context, ret_worker);
}

static void answer_in_pool(void *context, void *worker, struct http_job *job)
{
	struct http_server *server = context;
	struct exchange *exchange = (struct exchange *)job; /* its first member */
	if (atomic_load(&server->is_cut))
		refuse_and_close(exchange, 503);
	else
		answer_make(exchange, worker);
	MHD_resume_connection(exchange->connection->mhd);
}

/* ---- requests ---- */

struct header_list {
	struct http_header *at;
	size_t count;
};

static enum MHD_Result header_take(void *at, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value,
	size_t value_size)
{
	(void)kind;
	struct header_list *list = at;
	list->at[list->count].name = (str){ name, name_size };
	list->at[list->count].value = value ? (str){ value, value_size } : (str){ "", 0 };
	list->count++;
	return list->count < HTTP_HEADERS_MAX ? MHD_YES : MHD_NO;
}

/* A request line and headers that the library has not told all of: a NUL in a value, a folded line (which it puts into
 * the wrong header), a header without a name (at which it takes the headers to be over), a bare LF, a second blank.
 * It says how many bytes it has read, and they must be those of what it told, written as all programs write it. */
static bool has_hidden_bytes(const struct exchange *exchange, struct http_headers headers, size_t method_and_version_size)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t size = method_and_version_size + exchange->raw_target.size + 6; /* two blanks, CR LF, and at the end */
	size_t empty_count = 0; /* "Name:" and "Name: " are the same to it */
	for (size_t i = 0; i < headers.count; i++) {
		size += headers.at[i].name.size + headers.at[i].value.size + 4;
		empty_count += headers.at[i].value.size == 0;
	}
	return !info || info->header_size > size || info->header_size < size - empty_count;
}

/* What the request line and the headers say into exchange->request. Gives a status to refuse with, or 0. */
static int request_read(struct exchange *exchange, const char *method, const char *version)
{
	struct connection *connection = exchange->connection;
	struct http_request *request = &exchange->request;
	struct header_list list = { arena_many(connection->arena, HTTP_HEADERS_MAX, struct http_header), 0 };
	struct http_target target = { S("/"), S("") };
	struct http_fields query = { NULL, 0 };
	bool is_head; /* the library leaves its body out */
	MHD_get_connection_values_n(connection->mhd, MHD_HEADER_KIND, header_take, &list);
	*request = (struct http_request){ .path = S("/"), .body = S(""), .content_type = S(""), .headers = list.at,
		.header_count = list.count, .arena = connection->arena, .address = str_from_z(connection->address) };
	const struct http_headers headers = { list.at, list.count };
	if (connection->server->options.trust_proxy && connection->is_local) {
		str address = http_vet_forwarded(headers);
		request->address = address.size ? address : request->address;
		request->is_tls = http_vet_is_name(http_header(request, "X-Forwarded-Proto"), S("https"));
	}
	if (list.count == HTTP_HEADERS_MAX)
		return 431;
	if (has_hidden_bytes(exchange, headers, strlen(method) + strlen(version)))
		return 400;
	int status = http_vet_headers(headers, str_from_z(version), &exchange->framing);
	if (status)
		return status;
	if ((status = http_vet_method(str_from_z(method), &request->method, &is_head)))
		return status;
	if ((status = http_vet_target(connection->arena, exchange->raw_target, &target)))
		return status;
	if ((status = http_body_urlencoded(connection->arena, target.query, &query)))
		return status;
	request->path = target.path;
	request->query = query.at;
	request->query_count = query.count;
	exchange->content_type = http_header(request, "Content-Type");
	request->content_type = http_vet_type(connection->arena, exchange->content_type);
	return 0;
}

/* A body that is on its way and not worth reading past: answered now, and the connection is closed. */
static bool body_is_unwelcome(const struct exchange *exchange)
{
	const struct http_framing *framing = &exchange->framing;
	bool has_body = framing->is_chunked || framing->length;
	return has_body && (framing->expects_continue || framing->length > SWALLOW_MAX);
}

static enum MHD_Result request_begin(struct exchange *exchange, const char *method, const char *version)
{
	struct http_server *server = exchange->connection->server;
	count_up(&exchange->connection->reader->requests);
	int status = request_read(exchange, method, version);
	if (status) {
		refuse_and_close(exchange, status);
		return answer_send(exchange);
	}
	if (!server->handler.plan(server->handler.context, &exchange->request, &exchange->plan, &exchange->answer))
		exchange->is_answered = true;
	require(exchange->plan.body_max <= HTTP_BODY_SIZE_MAX);
	if (!exchange->is_answered && exchange->framing.length > exchange->plan.body_max)
		refuse_and_close(exchange, 413);
	if (exchange->is_answered && body_is_unwelcome(exchange)) {
		exchange->answer.close = true;
		return answer_send(exchange);
	}
	return MHD_YES;
}

/* Room for size more bytes of the body; false: all bodies together have taken what there is for them. */
static bool body_grow(struct exchange *exchange, size_t size)
{
	struct http_server *server = exchange->connection->server;
	size_t need = exchange->body_size + size, capacity = exchange->body_capacity;
	if (need <= capacity)
		return true;
	capacity = capacity ? capacity : BODY_CAPACITY_MIN;
	while (capacity < need)
		capacity *= 2;
	int64_t more = (int64_t)(capacity - exchange->body_capacity); /* capacity is below twice the limit of a body */
	int64_t before = atomic_fetch_add(&server->body_bytes, more);
	if (before + more > (int64_t)server->options.body_bytes_max) {
		atomic_fetch_sub(&server->body_bytes, more);
		return false;
	}
	exchange->body = arena_grow(exchange->request.arena, exchange->body, exchange->body_size, capacity, 1);
	exchange->body_capacity = capacity;
	return true;
}

/* Where the library takes no answer: in the middle of a body, and for a query with more fields than it has room for, at
 * which it falls silent. This one goes past it, and the reaper ends the stream: an end from within its own callback is
 * one it does not see. */
static void say_and_cut(struct connection *connection, int status)
{
	char answer[128];
	int size = snprintf(answer, sizeof answer, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status,
		status == 413 ? "Content Too Large" : "Bad Request");
	require(size > 0);
	(void)!send(connection->fd, answer, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL); /* positive */
	connection->is_cut = true;
	atomic_store_explicit(&connection->deadline_ms, 1, memory_order_relaxed); /* long past */
}

/* False: the connection is to be cut. */
static bool body_take(struct exchange *exchange, const char *part, size_t size)
{
	if (!exchange->is_answered && size > exchange->plan.body_max - exchange->body_size)
		refuse_and_close(exchange, 413);
	if (!exchange->is_answered && !body_grow(exchange, size))
		refuse_and_close(exchange, 503);
	if (exchange->is_answered) {
		exchange->swallowed += size;
		if (exchange->swallowed > SWALLOW_MAX && exchange->answer.status == 413)
			say_and_cut(exchange->connection, 413);
		return exchange->swallowed <= SWALLOW_MAX;
	}
	memcpy(exchange->body + exchange->body_size, part, size);
	exchange->body_size += size;
	return true;
}

static enum MHD_Result request_finish(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;
	if (!exchange->is_answered && exchange->plan.in_pool) {
		if (http_pool_reserve(connection->server->pool)) {
			deadline_none(connection);
			MHD_suspend_connection(connection->mhd); /* before the pool can resume it */
			http_pool_give(connection->server->pool, &exchange->job);
			return MHD_YES;
		}
		refuse(exchange, 503);
	}
	if (!exchange->is_answered) {
		if (reader_open(connection->reader))
			answer_make(exchange, connection->reader->worker);
		else
			refuse(exchange, 503);
	}
	return answer_send(exchange);
}

/* ---- the library's callbacks ---- */

/* The request line is read: the only time the target can be seen as it came. */
static void *on_target(void *at, const char *target, struct MHD_Connection *mhd)
{
	struct http_server *server = at;
	struct connection *connection = connection_of(mhd);
	if (!connection)
		return NULL;
	request_end(connection); /* one that broke off before its headers were read */
	connection->reader = reader_here(server);
	connection->arena = arena_take(connection->reader);
	connection->exchange = arena_new(connection->arena, struct exchange);
	connection->exchange->connection = connection;
	connection->exchange->request.arena = connection->arena;
	connection->exchange->raw_target = str_copy(connection->arena, str_from_z(target));
	count_up(&connection->reader->begun);
	wait_in(connection, server->options.request_seconds_max);
	if (http_vet_has_too_many_fields(connection->exchange->raw_target)) {
		count_refused(connection->reader);
		say_and_cut(connection, 400);
		request_end(connection); /* the library may not say so before its own timeout */
	}
	return NULL;
}

/* The target is decoded by http_vet_target(). */
static size_t on_unescape(void *at, struct MHD_Connection *mhd, char *text)
{
	(void)at;
	(void)mhd;
	return strlen(text);
}

static enum MHD_Result on_request(void *at, struct MHD_Connection *mhd, const char *url, const char *method,
	const char *version, const char *part, size_t *size, void **state)
{
	(void)at;
	(void)url;
	struct connection *connection = connection_of(mhd);
	if (!connection || !connection->exchange || connection->is_cut)
		return MHD_NO;
	struct exchange *exchange = connection->exchange;
	if (!*state) {
		*state = connection;
		return request_begin(exchange, method, version);
	}
	if (*size) {
		bool goes_on = body_take(exchange, part, *size);
		*size = 0;
		return goes_on ? MHD_YES : MHD_NO;
	}
	return request_finish(exchange);
}

static void on_end(void *at, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode code)
{
	(void)code;
	struct http_server *server = at;
	struct connection *connection = connection_of(mhd);
	*state = NULL;
	if (!connection)
		return;
	wait_in(connection, server->options.idle_seconds_max);
	request_end(connection);
}

/* ---- the reaper ---- */

/* The client is to send something, and has ended its stream instead: the library misses an end that comes together with
 * what it reads, and would keep the connection until its deadline. */
static bool has_hung_up(struct connection *connection, int64_t now_ms)
{
	int64_t waiting = atomic_load_explicit(&connection->waiting_ms, memory_order_relaxed);
	char byte;
	/* For a while: it may be at the next of several requests that have come at once. */
	return waiting && now_ms - waiting >= REAP_MS && recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void connection_reap(struct connection *connection, int64_t now_ms)
{
	int64_t deadline = atomic_load_explicit(&connection->deadline_ms, memory_order_relaxed);
	if (!deadline)
		return;
	pthread_mutex_lock(&connection->lock);
	bool is_over = connection->fd >= 0 && (deadline <= now_ms || has_hung_up(connection, now_ms));
	/* Its reader sees the end of the stream and closes it. A new deadline: it went on just now. */
	if (is_over && atomic_compare_exchange_strong(&connection->deadline_ms, &deadline, 0))
		shutdown(connection->fd, SHUT_RDWR);
	pthread_mutex_unlock(&connection->lock);
}

static void wait_ms(struct http_server *server, int64_t ms)
{
	int64_t until = clock_ms(CLOCK_MONOTONIC) + ms;
	struct timespec time = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };
	pthread_cond_timedwait(&server->is_changed, &server->lock, &time);
}

static void *reaper_run(void *at)
{
	struct http_server *server = at;
	pthread_mutex_lock(&server->lock);
	while (!server->is_reaper_stopping) {
		wait_ms(server, REAP_MS);
		pthread_mutex_unlock(&server->lock);
		int64_t now_ms = clock_ms(CLOCK_MONOTONIC_COARSE);
		for (size_t i = 0; i < server->connection_count; i++)
			connection_reap(&server->connections[i], now_ms);
		pthread_mutex_lock(&server->lock);
	}
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

/* ---- start and stop ---- */

static void options_fill(struct http_options *options)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (!options->reader_count)
		options->reader_count = processors > 0 ? (size_t)processors : 1; /* positive here */
	if (!options->pool_count)
		options->pool_count = 4;
	if (!options->pool_queue_max)
		options->pool_queue_max = 256;
	if (!options->body_bytes_max)
		options->body_bytes_max = (size_t)256 << 20;
	if (!options->connection_max)
		options->connection_max = 4000;
	if (options->connection_max < options->reader_count)
		options->connection_max = options->reader_count;
	if (!options->request_seconds_max)
		options->request_seconds_max = 30;
	if (!options->idle_seconds_max)
		options->idle_seconds_max = 60;
	require(options->reader_count <= 256);
	require(options->pool_count <= 256);
	require(options->connection_max <= 1000000);
	require(options->connection_per_address_max <= 1000000);
	require(options->request_seconds_max > 0);
	require(options->idle_seconds_max > 0);
}

static struct http_server *server_create(const struct http_options *options, const struct http_handler *handler)
{
	struct arena *arena = arena_create(SERVER_ARENA_SIZE);
	struct http_server *server = arena_new(arena, struct http_server);
	server->arena = arena;
	server->options = *options;
	server->handler = *handler;
	server->listen.fd = -1;
	options_fill(&server->options);
	server->readers = arena_many(arena, server->options.reader_count, struct reader);
	server->connection_count = server->options.connection_max;
	server->connections = arena_many(arena, server->connection_count, struct connection);
	for (size_t i = server->connection_count; i-- > 0;) {
		struct connection *connection = &server->connections[i];
		connection->server = server;
		connection->fd = -1;
		connection->next_free = server->free;
		pthread_mutex_init(&connection->lock, NULL);
		server->free = connection;
	}
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&server->is_changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&server->lock, NULL);
	if (pthread_key_create(&server->reader_key, reader_close) != 0)
		panic("no key for the threads' own");
	return server;
}

static void server_destroy(struct http_server *server)
{
	for (size_t i = 0; i < server->options.reader_count; i++)
		for (size_t k = 0; k < server->readers[i].spare_count; k++)
			arena_destroy(server->readers[i].spare[k]);
	for (size_t i = 0; i < server->connection_count; i++)
		pthread_mutex_destroy(&server->connections[i].lock);
	pthread_cond_destroy(&server->is_changed);
	pthread_mutex_destroy(&server->lock);
	pthread_key_delete(server->reader_key);
	arena_destroy(server->arena);
}

/* As many files as connections, where the system lets us: 1024 is what a shell gives. */
static void files_allow(size_t connection_max)
{
	struct rlimit limit;
	rlim_t wanted = connection_max + FILES_OF_OUR_OWN;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static err_t daemon_start(struct http_server *server)
{
	const struct http_options *options = &server->options;
	unsigned thread_count = options->reader_count > 1 ? (unsigned)options->reader_count : 0; /* up to 256 */
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
	server->daemon = MHD_start_daemon(flags, server->listen.port, NULL, NULL, on_request, server, /* */
		MHD_OPTION_LISTEN_SOCKET, server->listen.fd, /* */
		MHD_OPTION_THREAD_POOL_SIZE, thread_count, /* */
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)options->connection_max, /* */
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)options->connection_per_address_max, /* */
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, /* */
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)options->idle_seconds_max, /* */
		MHD_OPTION_STRICT_FOR_CLIENT, 0, /* strict, it answers a missing Host twice; http_vet.c is stricter */
		MHD_OPTION_URI_LOG_CALLBACK, on_target, server, /* */
		MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL, /* */
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, /* */
		MHD_OPTION_NOTIFY_COMPLETED, on_end, server, /* */
		MHD_OPTION_END);
	return server->daemon ? OK : fail(ERR_OUTSIDE, "could not start to answer: %s", strerror(errno));
}

/* What is started stays in server for server_stop(). */
static err_t server_start(struct http_server *server)
{
	const struct http_options *options = &server->options;
	const struct http_pool_plan plan = { .thread_count = options->pool_count, .queue_max = options->pool_queue_max,
		.context = server, .worker_open = worker_open, .worker_close = server->handler.worker_close,
		.run = answer_in_pool };
	TRY(http_listen_open(options->listen, options->port, options->next_free_port, &server->listen));
	TRY(http_pool_start(server->arena, &plan, &server->pool));
	files_allow(options->connection_max);
	TRY(daemon_start(server));
	if (pthread_create(&server->reaper, NULL, reaper_run, server) != 0)
		return fail(ERR_OUTSIDE, "could not start a thread");
	server->has_reaper = true;
	return OK;
}

/* Until no request is under way, at most so long. */
static void drain(struct http_server *server, int seconds)
{
	int64_t until = clock_ms(CLOCK_MONOTONIC) + (int64_t)seconds * 1000;
	pthread_mutex_lock(&server->lock);
	while (under_way(server) > 0 && clock_ms(CLOCK_MONOTONIC) < until)
		wait_ms(server, REAP_MS);
	pthread_mutex_unlock(&server->lock);
}

/* Ends every connection, and waits until the library has seen it. One that it must refuse while it stops would end the
 * program: it then takes its own answer for queued, and builds its headers from nothing (0.9.75). */
static void connections_end(struct http_server *server)
{
	int64_t until = clock_ms(CLOCK_MONOTONIC) + (int64_t)CUT_SECONDS * 1000;
	for (size_t i = 0; i < server->connection_count; i++) {
		struct connection *connection = &server->connections[i];
		pthread_mutex_lock(&connection->lock);
		if (connection->fd >= 0)
			shutdown(connection->fd, SHUT_RDWR);
		pthread_mutex_unlock(&connection->lock);
	}
	pthread_mutex_lock(&server->lock);
	while (server->open_count > 0 && clock_ms(CLOCK_MONOTONIC) < until)
		wait_ms(server, REAP_MS);
	pthread_mutex_unlock(&server->lock);
}

static void server_stop(struct http_server *server, int seconds)
{
	atomic_store(&server->is_stopping, true);
	if (server->daemon)
		(void)MHD_quiesce_daemon(server->daemon); /* gives the socket back, which is ours anyway */
	/* A reader may be about to accept, so the file is closed last. Who connects to our own is refused from now on; the
	 * system keeps what it handed over, and those who connect wait there for the next to serve. */
	if (server->listen.fd >= 0 && !server->listen.is_handed)
		shutdown(server->listen.fd, SHUT_RDWR);
	if (server->daemon)
		drain(server, seconds);
	atomic_store(&server->is_cut, true);
	http_pool_stop(server->pool); /* all that was suspended is resumed now, and nothing is any more */
	if (server->daemon) {
		drain(server, CUT_SECONDS);
		connections_end(server);
	}
	if (server->has_reaper) {
		pthread_mutex_lock(&server->lock);
		server->is_reaper_stopping = true;
		pthread_cond_broadcast(&server->is_changed);
		pthread_mutex_unlock(&server->lock);
		pthread_join(server->reaper, NULL);
	}
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	if (server->listen.fd >= 0)
		close(server->listen.fd);
	server_destroy(server);
}

err_t http_start(const struct http_options *options, const struct http_handler *handler, struct http_server **ret_server)
{
	sigset_t all, before;
	struct http_server *server = server_create(options, handler);
	/* The threads inherit it, so that a signal comes to the caller. Those of a crash cannot be put off. */
	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err_t err = server_start(server);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err) {
		server_stop(server, 0);
		return err;
	}
	*ret_server = server;
	return OK;
}

void http_stop(struct http_server *server, int seconds)
{
	require(seconds >= 0);
	if (server)
		server_stop(server, seconds);
}

uint16_t http_port(const struct http_server *server)
{
	return server->listen.port;
}

struct http_counts http_counts(struct http_server *server)
{
	struct http_counts counts = { 0 };
	for (size_t i = 0; i < server->options.reader_count; i++) {
		const struct reader *reader = &server->readers[i];
		counts.requests += count_of(&reader->requests);
		counts.refused += count_of(&reader->refused);
		for (int class = 0; class < 6; class++)
			counts.by_class[class] += count_of(&reader->by_class[class]);
	}
	counts.body_bytes = atomic_load(&server->body_bytes);
	counts.in_pool = i64_from_size(http_pool_count(server->pool));
	pthread_mutex_lock(&server->lock);
	counts.open_connections = server->open_count;
	pthread_mutex_unlock(&server->lock);
	return counts;
}
