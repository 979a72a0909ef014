#include "web/audit.h"

#include "sql.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { QUEUE_MAX = 4096, DETAIL_MAX = 200, NAME_MAX_SIZE = 80, FLUSH_MILLISECONDS = 100, ARENA_MAX = 64 << 20 };

err_t audit_write(const struct op *op, const struct audit_entry *entries, size_t count)
{
	struct audit_last_id_row last;
	bool found;
	TRY(q_audit_last_id(op->db, op->arena, &last, &found));
	struct audit_insert_row *rows = arena_many(op->arena, count, struct audit_insert_row);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct audit_insert_row){
			.audit_id = last.audit_id + 1 + i64_from_size(i),
			.done_at = entries[i].at,
			.actor = entries[i].actor,
			.actor_name = entries[i].actor_name,
			.act = entries[i].act,
			.detail = entries[i].detail,
			.case_id = entries[i].case_no,
			.has_case_id = entries[i].case_no != 0,
			.client_no = entries[i].client_no,
			.has_client_no = entries[i].client_no != 0,
			.debtor_id = entries[i].debtor_id,
			.has_debtor_id = entries[i].debtor_id != 0,
		};
	return q_audit_insert(op->db, rows, count);
}

/* An entry with its words beside it. */
struct waiting {
	struct audit_entry entry;
	char actor[40], name[NAME_MAX_SIZE], act[40], detail[DETAIL_MAX];
};
struct audit_queue {
	pthread_mutex_t mutex;
	pthread_cond_t came, went;
	pthread_t thread;
	struct arena *arena;
	struct db *db;
	const struct law *law;
	struct waiting *waiting, *writing; /* QUEUE_MAX each */
	size_t count;
	bool closing;
};

static str kept(char *room, size_t room_size, str text)
{
	size_t size = text.size < room_size ? text.size : room_size;
	while (size && size < text.size && ((unsigned char)text.at[size] & 0xC0) == 0x80)
		size--;
	for (size_t i = 0; i < size; i++)
		room[i] = text.at[i];
	return (str){ room, size };
}

static err_t batch_write(struct audit_queue *queue, size_t count)
{
	struct arena_mark mark = arena_mark(queue->arena);
	struct op op = { .db = queue->db, .law = queue->law, .arena = queue->arena };
	struct audit_entry *entries = arena_many(queue->arena, count, struct audit_entry);
	for (size_t i = 0; i < count; i++) {
		struct waiting *w = &queue->writing[i];
		entries[i] = w->entry;
		entries[i].actor.at = w->actor, entries[i].actor_name.at = w->name;
		entries[i].act.at = w->act, entries[i].detail.at = w->detail;
	}
	err_t err = db_begin(queue->db);
	if (!err)
		err = db_end(queue->db, audit_write(&op, entries, count));
	arena_reset(queue->arena, mark);
	return err;
}

/* Until it is written: the log may be late, never short. A book that cannot be written is said once a second. */
static void batch_write_surely(struct audit_queue *queue, size_t count)
{
	for (;;) {
		err_t err = batch_write(queue, count);
		if (!err)
			return;
		fprintf(stderr, "<3>the log of who looked could not be written: %s\n", err_text(err));
		err_free(err);
		nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
		pthread_mutex_lock(&queue->mutex);
		bool closing = queue->closing;
		pthread_mutex_unlock(&queue->mutex);
		if (closing)
			return;
	}
}

static void *queue_run(void *context)
{
	struct audit_queue *queue = context;
	pthread_mutex_lock(&queue->mutex);
	for (;;) {
		while (!queue->count && !queue->closing)
			pthread_cond_wait(&queue->came, &queue->mutex);
		if (!queue->count)
			break;
		if (!queue->closing && queue->count < QUEUE_MAX / 2) { /* many looks, one commit */
			pthread_mutex_unlock(&queue->mutex);
			nanosleep(&(struct timespec){ .tv_nsec = FLUSH_MILLISECONDS * 1000000 }, NULL);
			pthread_mutex_lock(&queue->mutex);
		}
		struct waiting *full = queue->waiting;
		size_t count = queue->count;
		queue->waiting = queue->writing;
		queue->writing = full;
		queue->count = 0;
		pthread_cond_broadcast(&queue->went);
		pthread_mutex_unlock(&queue->mutex);
		batch_write_surely(queue, count);
		pthread_mutex_lock(&queue->mutex);
	}
	pthread_mutex_unlock(&queue->mutex);
	return NULL;
}

err_t audit_queue_open(const char *db_url, const struct law *law, struct audit_queue **ret_queue)
{
	struct arena *arena = arena_create(ARENA_MAX);
	struct audit_queue *queue = arena_new(arena, struct audit_queue);
	*queue = (struct audit_queue){ .arena = arena, .law = law };
	err_t err = db_open(db_url, DB_OPEN_EXISTING, &queue->db);
	if (err) {
		arena_destroy(arena);
		return err;
	}
	queue->waiting = arena_many(arena, QUEUE_MAX, struct waiting);
	queue->writing = arena_many(arena, QUEUE_MAX, struct waiting);
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->came, NULL);
	pthread_cond_init(&queue->went, NULL);
	if (pthread_create(&queue->thread, NULL, queue_run, queue) != 0)
		panic("no thread for the log");
	*ret_queue = queue;
	return OK;
}

void audit_queue_add(struct audit_queue *queue, const struct audit_entry *entry)
{
	pthread_mutex_lock(&queue->mutex);
	while (queue->count == QUEUE_MAX)
		pthread_cond_wait(&queue->went, &queue->mutex);
	struct waiting *w = &queue->waiting[queue->count++];
	w->entry = *entry;
	w->entry.actor = kept(w->actor, sizeof w->actor, entry->actor);
	w->entry.actor_name = kept(w->name, sizeof w->name, entry->actor_name);
	w->entry.act = kept(w->act, sizeof w->act, entry->act);
	w->entry.detail = kept(w->detail, sizeof w->detail, entry->detail);
	pthread_cond_signal(&queue->came);
	pthread_mutex_unlock(&queue->mutex);
}

void audit_queue_close(struct audit_queue *queue)
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
	pthread_cond_destroy(&queue->went);
	pthread_mutex_destroy(&queue->mutex);
	arena_destroy(queue->arena);
}
