/* Threads that take jobs from one bounded queue. Each has a worker of the owner's making. */
#ifndef KRAVBOK_WEB_HTTP_POOL_H
#define KRAVBOK_WEB_HTTP_POOL_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct http_job { /* first in what the owner queues */
	struct http_job *next;
};

struct http_pool_plan {
	size_t thread_count, queue_max;
	void *context;
	err_t (*worker_open)(void *context, void **ret_worker);
	void (*worker_close)(void *worker);
	void (*run)(void *context, void *worker, struct http_job *job);
};

struct http_pool;

/* All threads have their worker when it returns; an error of one is the pool's. The pool is in arena. */
err_t http_pool_start(struct arena *arena, const struct http_pool_plan *plan, struct http_pool **ret_pool) MUST_CHECK;

/* A place in the queue; false: it is full or stopping. A place taken must be given a job. */
bool http_pool_reserve(struct http_pool *pool);
void http_pool_give(struct http_pool *pool, struct http_job *job);

size_t http_pool_count(struct http_pool *pool); /* places taken: waiting and running */

/* Runs what has a place, joins the threads. NULL is fine. */
void http_pool_stop(struct http_pool *pool);

#endif
