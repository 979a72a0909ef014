#include "web/upload_queue.h"

#include "app/upload.h"
#include "web/site.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { WORK_ARENA_MAX = 1 << 30, PAUSE_SECONDS = 2 };

struct upload_queue {
	pthread_mutex_t mutex;
	pthread_cond_t came;
	pthread_t thread;
	const struct web_site *site;
	struct arena *arena;
	struct db *db;
	bool is_woken, closing;
	_Atomic int64_t progress;
};

static void progress_keep(const char *what, int64_t done, int64_t total, void *context)
{
	struct upload_queue *queue = context;
	(void)what, (void)total;
	atomic_store(&queue->progress, done);
}

static void speak(str language, void *context)
{
	struct upload_queue *queue = context;
	catalog_speak(queue->site->catalogs[str_eq_z(language, "en") ? WEB_ENGLISH : WEB_NORWEGIAN]);
}

enum work { WORK_DONE, WORK_NONE, WORK_LATER };

/* One file. */
static enum work work_one(struct upload_queue *queue)
{
	struct arena_mark mark = arena_mark(queue->arena);
	struct op op = { .db = queue->db, .law = queue->site->law, .arena = queue->arena, .today = site_today(queue->site),
		.user = S("system"), .progress = progress_keep, .progress_context = queue };
	struct upload_worker worker = { queue->site->clock.now(), speak, queue };
	int64_t upload_id = 0;
	err_t err = upload_work(&op, &worker, &upload_id);
	catalog_speak(NULL);
	atomic_store(&queue->progress, 0);
	if (err && err_kind(err) != ERR_BUSY)
		fprintf(stderr, "<3>an uploaded file could not be worked on: %s\n", err_text(err));
	enum work did = err ? WORK_LATER : upload_id ? WORK_DONE : WORK_NONE;
	err_free(err);
	db_rollback(queue->db);
	arena_reset(queue->arena, mark);
	return did;
}

static bool is_closing(struct upload_queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	bool closing = queue->closing;
	pthread_mutex_unlock(&queue->mutex);
	return closing;
}

/* Until somebody comes; what could not be done a moment ago is tried again after a pause. */
static void wait_for_work(struct upload_queue *queue, bool is_later)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PAUSE_SECONDS;
	pthread_mutex_lock(&queue->mutex);
	int waited = 0;
	while (!queue->is_woken && !queue->closing && !waited)
		waited = is_later ? pthread_cond_timedwait(&queue->came, &queue->mutex, &until) :
				    pthread_cond_wait(&queue->came, &queue->mutex);
	queue->is_woken = false;
	pthread_mutex_unlock(&queue->mutex);
}

static void *queue_run(void *context)
{
	struct upload_queue *queue = context;
	while (!is_closing(queue)) {
		enum work did = work_one(queue);
		if (did != WORK_DONE)
			wait_for_work(queue, did == WORK_LATER);
	}
	return NULL;
}

err_t upload_queue_open(const struct web_site *site, struct upload_queue **ret_queue)
{
	struct arena *arena = arena_create(WORK_ARENA_MAX);
	struct upload_queue *queue = arena_new(arena, struct upload_queue);
	queue->site = site;
	queue->arena = arena;
	err_t err = db_open(site->db_url, DB_OPEN_EXISTING, &queue->db);
	if (err) {
		arena_destroy(arena);
		return err;
	}
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->came, NULL);
	if (pthread_create(&queue->thread, NULL, queue_run, queue) != 0)
		panic("no thread for uploads");
	*ret_queue = queue;
	return OK;
}

void upload_queue_wake(struct upload_queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->is_woken = true;
	pthread_cond_signal(&queue->came);
	pthread_mutex_unlock(&queue->mutex);
}

int64_t upload_queue_progress(struct upload_queue *queue)
{
	return atomic_load(&queue->progress);
}

void upload_queue_close(struct upload_queue *queue)
{
	if (!queue)
		return;
	pthread_mutex_lock(&queue->mutex);
	queue->closing = true;
	pthread_cond_signal(&queue->came);
	pthread_mutex_unlock(&queue->mutex);
	pthread_join(queue->thread, NULL);
	db_close(queue->db);
	pthread_cond_destroy(&queue->came);
	pthread_mutex_destroy(&queue->mutex);
	arena_destroy(queue->arena);
}
