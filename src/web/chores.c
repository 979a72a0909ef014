#include "web/chores.h"

#include "app/dispatch.h"
#include "app/search.h"
#include "sql.h"
#include "web/session.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { ARENA_MAX = 1 << 30, INDEX_BATCH = 2000, PAUSE_SECONDS = 5 };

struct chores {
	pthread_mutex_t mutex;
	pthread_cond_t called;
	pthread_t thread;
	bool is_called, is_closing;
	struct arena *arena;
	const struct web_site *site;
	struct db *db;
	struct dispatch_services services;
};

/* What goes wrong is said and tried again at the next round. */
static void told(const char *chore, err_t err)
{
	if (!err)
		return;
	if (err_kind(err) != ERR_BUSY)
		fprintf(stderr, "<4>%s: %s\n", chore, err_text(err));
	err_free(err);
}

static void letter_finding(int64_t case_no, const char *text, void *context)
{
	(void)context;
	fprintf(stderr, "<4>case %lld: %s\n", (long long)case_no, text);
}

static int64_t clock_now(void *context)
{
	const struct web_site *site = context;
	return site->clock.now();
}

static bool closing(struct chores *chores)
{
	pthread_mutex_lock(&chores->mutex);
	bool is_closing = chores->is_closing;
	pthread_mutex_unlock(&chores->mutex);
	return is_closing;
}

static err_t index_on(struct chores *chores, const struct op *op)
{
	int64_t count = 1;
	while (count && !closing(chores)) {
		struct arena_mark mark = arena_mark(op->arena);
		TRY(search_index(op, INDEX_BATCH, &count));
		arena_reset(op->arena, mark);
	}
	return OK;
}

static err_t sweep(const struct op *op, int64_t now)
{
	TRY(db_begin(op->db));
	err_t err = q_web_sessions_expire(op->db, now);
	if (!err)
		err = q_web_steps_expire(op->db, now);
	if (!err)
		err = q_web_tries_forget(op->db, now - SESSION_TRIES_KEPT);
	return db_end(op->db, err);
}

static void round_make(struct chores *chores)
{
	const struct web_site *site = chores->site;
	struct arena_mark mark = arena_mark(chores->arena);
	struct op op = { .db = chores->db, .law = site->law, .arena = chores->arena, .today = site_today(site), .user = S("server") };
	struct letter_listener listener = { .finding = letter_finding };
	struct dispatch_clock clock = { clock_now, (void *)site }; /* read only */
	struct dispatch_tick tick;
	told("search index", index_on(chores, &op));
	told("messages", dispatch_tick(&op, &chores->services, clock, &listener, &tick));
	told("sessions", sweep(&op, site->clock.now()));
	db_rollback(chores->db);
	arena_reset(chores->arena, mark);
}

static void *chores_run(void *context)
{
	struct chores *chores = context;
	while (!closing(chores)) {
		round_make(chores);
		pthread_mutex_lock(&chores->mutex);
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until); /* only how long to sleep */
		until.tv_sec += PAUSE_SECONDS;
		while (!chores->is_called && !chores->is_closing &&
			pthread_cond_timedwait(&chores->called, &chores->mutex, &until) == 0)
			continue;
		chores->is_called = false;
		pthread_mutex_unlock(&chores->mutex);
	}
	return NULL;
}

err_t chores_open(const struct web_site *site, struct chores **ret_chores)
{
	struct arena *arena = arena_create(ARENA_MAX);
	struct chores *chores = arena_new(arena, struct chores);
	*chores = (struct chores){ .arena = arena, .site = site };
	err_t err = db_open(site->db_url, DB_OPEN_EXISTING, &chores->db);
	if (!err)
		err = dispatch_services_open(&chores->services);
	if (err) {
		db_close(chores->db);
		arena_destroy(arena);
		return err;
	}
	pthread_mutex_init(&chores->mutex, NULL);
	pthread_cond_init(&chores->called, NULL);
	if (pthread_create(&chores->thread, NULL, chores_run, chores) != 0)
		panic("no thread for the chores");
	*ret_chores = chores;
	return OK;
}

void chores_wake(struct chores *chores)
{
	if (!chores)
		return;
	pthread_mutex_lock(&chores->mutex);
	chores->is_called = true;
	pthread_cond_signal(&chores->called);
	pthread_mutex_unlock(&chores->mutex);
}

void chores_close(struct chores *chores)
{
	if (!chores)
		return;
	pthread_mutex_lock(&chores->mutex);
	chores->is_closing = true;
	pthread_cond_signal(&chores->called);
	pthread_mutex_unlock(&chores->mutex);
	pthread_join(chores->thread, NULL);
	dispatch_services_close(&chores->services);
	db_close(chores->db);
	pthread_cond_destroy(&chores->called);
	pthread_mutex_destroy(&chores->mutex);
	arena_destroy(chores->arena);
}
