#include "web/night_job.h"

#include "app/night.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { JOB_ARENA_MAX = 512 << 20 };

struct night_job {
	const char *db_url;
	const struct law *law;
	pthread_mutex_t mutex; /* for state, is_thread */
	pthread_t thread;
	bool is_thread; /* to be joined */
	struct night_job_state state;
	struct op op; /* of the one under way; user lives in by_user */
	char by_user[NIGHT_JOB_TEXT_MAX];
	int64_t (*clock)(void);
};

void night_job_open(struct arena *arena, const char *db_url, const struct law *law, struct night_job **ret_job)
{
	struct night_job *job = arena_new(arena, struct night_job);
	job->db_url = db_url;
	job->law = law;
	pthread_mutex_init(&job->mutex, NULL);
	*ret_job = job;
}

static void progress_note(const char *what, int64_t done, int64_t total, void *context)
{
	struct night_job *job = context;
	(void)total;
	pthread_mutex_lock(&job->mutex);
	job->state.case_count = done;
	snprintf(job->state.day, sizeof job->state.day, "%s", what);
	pthread_mutex_unlock(&job->mutex);
}

static err_t job_play(struct night_job *job)
{
	struct night_result result;
	TRY(db_open(job->db_url, DB_OPEN_EXISTING, &job->op.db));
	err_t err = night_run(&job->op, DATE_NONE, &result);
	db_close(job->op.db);
	return err;
}

static void *job_thread(void *context)
{
	struct night_job *job = context;
	job->op.arena = arena_create(JOB_ARENA_MAX);
	err_t err = job_play(job);
	arena_destroy(job->op.arena);
	pthread_mutex_lock(&job->mutex);
	job->state.is_running = false;
	job->state.has_run = true;
	job->state.ended_at = job->clock();
	snprintf(job->state.error, sizeof job->state.error, "%s", err ? err_text(err) : "");
	pthread_mutex_unlock(&job->mutex);
	err_free(err);
	return NULL;
}

static void job_prepare(struct night_job *job, const struct night_job_order *order)
{
	job->state = (struct night_job_state){ .is_running = true, .started_at = order->now };
	snprintf(job->state.by, sizeof job->state.by, "%.*s", STR_ARG(order->name));
	snprintf(job->by_user, sizeof job->by_user, "%.*s", STR_ARG(order->user));
	job->clock = order->clock;
	job->op = (struct op){ .law = job->law, .today = order->today, .user = str_from_z(job->by_user), .progress = progress_note,
		.progress_context = job };
}

static err_t start_locked(struct night_job *job, const struct night_job_order *order)
{
	if (job->state.is_running)
		return fail(ERR_REFUSED, "%s has started a night that is still running", job->state.by);
	if (job->is_thread)
		pthread_join(job->thread, NULL);
	job->is_thread = false;
	job_prepare(job, order);
	if (pthread_create(&job->thread, NULL, job_thread, job) != 0) {
		job->state.is_running = false;
		return fail(ERR_OUTSIDE, "could not start a thread for the night");
	}
	job->is_thread = true;
	return OK;
}

err_t night_job_start(struct night_job *job, const struct night_job_order *order)
{
	pthread_mutex_lock(&job->mutex);
	err_t err = start_locked(job, order);
	pthread_mutex_unlock(&job->mutex);
	return err;
}

struct night_job_state night_job_look(struct night_job *job)
{
	pthread_mutex_lock(&job->mutex);
	struct night_job_state state = job->state;
	pthread_mutex_unlock(&job->mutex);
	return state;
}

void night_job_close(struct night_job *job)
{
	if (!job)
		return;
	if (job->is_thread)
		pthread_join(job->thread, NULL);
	pthread_mutex_destroy(&job->mutex);
}
