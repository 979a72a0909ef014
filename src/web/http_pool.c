#include "web/http_pool.h"

#include <pthread.h>

struct http_pool {
	struct http_pool_plan plan;
	pthread_mutex_t lock;
	pthread_cond_t is_changed;
	struct http_job *first, *last;
	size_t count; /* places taken, whether their job waits, runs or is still to be given */
	size_t opening, thread_count;
	err_t err; /* of the first thread that could not open its worker */
	bool is_stopping;
	pthread_t *threads;
};

static struct http_job *job_take(struct http_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (!pool->first && !(pool->is_stopping && !pool->count))
		pthread_cond_wait(&pool->is_changed, &pool->lock);
	struct http_job *job = pool->first;
	if (job) {
		pool->first = job->next;
		if (!pool->first)
			pool->last = NULL;
	}
	pthread_mutex_unlock(&pool->lock);
	return job;
}

static void *thread_run(void *at)
{
	struct http_pool *pool = at;
	void *worker = NULL;
	err_t err = pool->plan.worker_open(pool->plan.context, &worker);
	pthread_mutex_lock(&pool->lock);
	pool->opening--;
	bool is_first = err && !pool->err;
	if (is_first)
		pool->err = err;
	pthread_cond_broadcast(&pool->is_changed);
	pthread_mutex_unlock(&pool->lock);
	if (err) {
		if (!is_first)
			err_free(err);
		return NULL;
	}
	for (struct http_job *job; (job = job_take(pool)) != NULL;) {
		pool->plan.run(pool->plan.context, worker, job); /* job is the owner's again */
		pthread_mutex_lock(&pool->lock);
		if (--pool->count == 0 && pool->is_stopping)
			pthread_cond_broadcast(&pool->is_changed);
		pthread_mutex_unlock(&pool->lock);
	}
	pool->plan.worker_close(worker);
	return NULL;
}

err_t http_pool_start(struct arena *arena, const struct http_pool_plan *plan, struct http_pool **ret_pool)
{
	require(plan->thread_count > 0);
	require(plan->queue_max > 0);
	struct http_pool *pool = arena_new(arena, struct http_pool);
	pool->plan = *plan;
	pool->threads = arena_many(arena, plan->thread_count, pthread_t);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->is_changed, NULL);
	pthread_mutex_lock(&pool->lock);
	for (size_t i = 0; i < plan->thread_count; i++) {
		if (pthread_create(&pool->threads[i], NULL, thread_run, pool) != 0) {
			pool->err = fail(ERR_OUTSIDE, "could not start a thread");
			break;
		}
		pool->thread_count++;
		pool->opening++; /* it waits for the lock */
	}
	while (pool->opening)
		pthread_cond_wait(&pool->is_changed, &pool->lock);
	err_t err = pool->err;
	pthread_mutex_unlock(&pool->lock);
	if (err) {
		http_pool_stop(pool);
		return err;
	}
	*ret_pool = pool;
	return OK;
}

bool http_pool_reserve(struct http_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	bool has_room = !pool->is_stopping && pool->count < pool->plan.queue_max + pool->plan.thread_count;
	pool->count += has_room;
	pthread_mutex_unlock(&pool->lock);
	return has_room;
}

void http_pool_give(struct http_pool *pool, struct http_job *job)
{
	job->next = NULL;
	pthread_mutex_lock(&pool->lock);
	*(pool->last ? &pool->last->next : &pool->first) = job;
	pool->last = job;
	pthread_cond_signal(&pool->is_changed);
	pthread_mutex_unlock(&pool->lock);
}

size_t http_pool_count(struct http_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	size_t count = pool->count;
	pthread_mutex_unlock(&pool->lock);
	return count;
}

void http_pool_stop(struct http_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->is_stopping = true;
	pthread_cond_broadcast(&pool->is_changed);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->is_changed);
	pthread_mutex_destroy(&pool->lock);
}
