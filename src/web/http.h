/* HTTP/1.1 on libmicrohttpd: what comes in is vetted and read here, what goes out is sent here. Nothing above this
 * file knows the library, a socket or a thread.
 *
 * A reading request is answered on the thread it arrived on; one that writes, hashes a password or may wait is handed to
 * a pool (the connection sleeps meanwhile), so that no slow request holds up a fast one. Every thread has a worker of the
 * handler's own making (a database connection, an arena), and only one request at a time.
 *
 * Refused before plan() sees it, with Connection: close, by refuse():
 *   400  more than one Host, Content-Length, Transfer-Encoding, Content-Type, Content-Encoding or Expect; Content-Length
 *        together with Transfer-Encoding; a header that is not written "name: value" CR LF (folded, a bare LF, no blank);
 *        a name that is no token, a value with control bytes, a Host that is none or, in HTTP/1.1, not there; a target
 *        that does not begin with "/", or whose path has "..", "/./", "//", an encoded slash, a backslash, a control
 *        byte, a broken escape or broken UTF-8; a query with a broken escape, broken UTF-8 or too many fields
 *   405  OPTIONS, TRACE, CONNECT, with Allow · 501 any other method, or a transfer coding but chunked
 *   414  a target over 8 KiB · 415 a coded body (Content-Encoding) · 417 · 431 100 headers or more · 505
 * After plan(): 413 a body longer than planned, 503 (with Retry-After) when the pool is full or the bodies under way
 * take too much memory, 400 a form that is malformed or has too many fields, 415 a form in another charset.
 * By the library, in its own words: 400 a malformed chunk, line or Content-Length; 431 headers that do not fit 16 KiB.
 * Cut without a word: a request not whole within its time, a connection above its address's share, a chunked body that
 * goes on long after it was too long (413 is sent first), bytes that are no HTTP at all. */
#ifndef KRAVBOK_WEB_HTTP_H
#define KRAVBOK_WEB_HTTP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD_COUNT };
const char *http_method_name(enum http_method method);

enum {
	HTTP_FIELDS_MAX = 400,       /* of a form */
	HTTP_QUERY_FIELDS_MAX = 100, /* the library has room for some 200 */
	HTTP_ANSWER_HEADERS_MAX = 24,
	HTTP_HEADERS_MAX = 100,
	HTTP_TARGET_SIZE_MAX = 8192,
	HTTP_NAME_SIZE_MAX = 256,      /* of a field or a file */
	HTTP_BODY_SIZE_MAX = 64 << 20, /* no plan may allow more */
};

/* A field of the query, of a form, or a file of a multipart form. Text is UTF-8 (broken bytes: the request is refused). */
struct http_field {
	str name, value;
	bool is_file;
	str file_name; /* as the visitor's program calls it: only for showing */
};

struct http_header {
	str name, value; /* name as it was sent */
};

struct http_request {
	enum http_method method; /* HEAD is GET to the handler; its body is not sent */
	str path;                /* "/my/cases/17": decoded, never with "..", "//", NUL; "/" when it was refused */
	const struct http_field *query;
	size_t query_count;
	const struct http_field *form; /* application/x-www-form-urlencoded or multipart/form-data */
	size_t form_count;
	str body;         /* of any other type, as it came */
	str content_type; /* without parameters, lower case; empty: none */
	str address;      /* the visitor's, from the proxy's header when the proxy is trusted; "unix" for a local socket */
	bool is_tls;      /* reached the proxy by TLS */
	const struct http_header *headers; /* as sent, in order */
	size_t header_count;
	struct arena *arena; /* lives as long as the request; everything above is in it */
};
/* The value of the first header of that name, in any case; empty: not sent. */
str http_header(const struct http_request *request, const char *name);
/* The first cookie of that name (as it was sent: browsers put the most specific path first); empty: not sent. */
str http_cookie(const struct http_request *request, const char *name);
/* The value of the first field of that name; at NULL: there is none. */
str http_query(const struct http_request *request, const char *name);
str http_form(const struct http_request *request, const char *name);
const struct http_field *http_form_file(const struct http_request *request, const char *name); /* NULL: none */

struct http_answer_header {
	const char *name;
	str value;
};
struct http_answer {
	int status; /* 200 … 599; all of the answer is zero when the handler gets it */
	const char *content_type;
	str body;            /* in the request's arena, or is_static */
	bool is_static;      /* body lives for ever: never copied */
	struct http_answer_header headers[HTTP_ANSWER_HEADERS_MAX];
	size_t header_count;
	bool close; /* the connection, afterwards */
};
/* value without CR, LF or other control bytes (require). It must live as long as the request. */
void http_answer_header(struct http_answer *answer, const char *name, str value);

struct http_plan {
	bool in_pool;       /* answered by the pool */
	size_t body_max;    /* bytes, up to HTTP_BODY_SIZE_MAX; 0: none may be sent */
};

struct http_handler {
	/* One for each thread; called on it: at the start for the threads of the pool (an error ends http_start), with
	 * the first request for those that read (an error is said on standard error, answered with 503, and it is tried
	 * again with the next request). */
	err_t (*worker_open)(void *context, void **ret_worker);
	void (*worker_close)(void *worker);
	/* When the headers are in and before a byte of the body is read. request->form, body are empty. Returns false
	 * when it is answered already (no such page; not allowed), by filling answer. No database here. On any thread.
	 * Such an answer keeps the connection when what was sent with the request is short enough to be read past. */
	bool (*plan)(void *context, const struct http_request *request, struct http_plan *ret_plan,
		struct http_answer *answer);
	/* The whole request; fills answer. Must not fail: an error is an answer too. */
	void (*answer)(void *worker, const struct http_request *request, struct http_answer *answer);
	/* The answers of the transport itself (status as above) in the house's own look; body static or in request's
	 * arena. On any thread. NULL: a line of text. Allow and Retry-After are added afterwards. */
	void (*refuse)(void *context, const struct http_request *request, int status, struct http_answer *answer);
	void *context;
};

struct http_options {
	const char *listen;   /* "127.0.0.1"; the address to listen on */
	uint16_t port;        /* 0: any free one */
	bool next_free_port;  /* taken: try the next, up to 20 further */
	size_t reader_count;  /* threads that read and answer; 0: one for each processor */
	size_t pool_count;    /* 0: 4 */
	size_t pool_queue_max; /* requests that wait for a thread of the pool; 0: 256 */
	size_t body_bytes_max; /* of all bodies under way; 0: 256 MiB */
	size_t connection_max;             /* 0: 4000 */
	size_t connection_per_address_max; /* 0: no limit (behind a proxy) */
	int request_seconds_max; /* from the opening or the first line to the last byte; an answer may take 10 times that; 0: 30 */
	int idle_seconds_max;    /* from the end of an answer to the next request's first line, and of silence; 0: 60 */
	bool trust_proxy;        /* X-Forwarded-For and X-Forwarded-Proto of a peer on the same machine */
};

struct http_server;

/* Starts to answer; requests may be answered before it returns. A socket handed over by the system (LISTEN_FDS) is taken
 * instead of listen and port. ERR_OUTSIDE when the port is taken. Its threads have all signals blocked: the caller's
 * thread gets them. The handler is copied; its context outlives the server. */
err_t http_start(const struct http_options *options, const struct http_handler *handler, struct http_server **ret_server)
	MUST_CHECK;
uint16_t http_port(const struct http_server *server); /* 0: a local socket */
/* Takes no new connection, lets requests under way end (at most seconds; those that wait for the pool then get 503, and
 * the ones a handler is busy with are waited for), closes all, frees the server. NULL is fine. */
void http_stop(struct http_server *server, int seconds);

struct http_counts { /* since the start, and now */
	int64_t requests, refused, open_connections, in_pool; /* refused: by the transport; in_pool: waiting and running */
	int64_t body_bytes;  /* memory of bodies under way */
	int64_t by_class[6]; /* answers 2xx at [2] … */
};
struct http_counts http_counts(struct http_server *server);

#endif
