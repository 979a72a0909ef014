#include "web/idempotency.h"

#include "sql.h"
#include "web/problem.h"
#include "web/session.h"

#include <pthread.h>
#include <string.h>

enum { KEY_SIZE_MAX = 200, KEPT_SECONDS = 30 * 86400, UNDER_WAY_MAX = 256, NAME_SIZE = 240 };

/* The names of requests under way in this process; another process's wait for the one writer of the book. */
static struct {
	pthread_mutex_t mutex;
	char names[UNDER_WAY_MAX][NAME_SIZE];
} under_way = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* The slot taken; -1: it is under way already, or there are too many. */
static int under_way_enter(str name)
{
	int slot = -1;
	pthread_mutex_lock(&under_way.mutex);
	for (int i = 0; i < UNDER_WAY_MAX; i++) {
		if (str_eq_z(name, under_way.names[i])) {
			slot = -1;
			break;
		}
		if (slot < 0 && !under_way.names[i][0])
			slot = i;
	}
	if (slot >= 0) {
		memcpy(under_way.names[slot], name.at, name.size);
		under_way.names[slot][name.size] = '\0';
	}
	pthread_mutex_unlock(&under_way.mutex);
	return slot;
}

static void under_way_leave(int slot)
{
	pthread_mutex_lock(&under_way.mutex);
	under_way.names[slot][0] = '\0';
	pthread_mutex_unlock(&under_way.mutex);
}

/* What makes two requests the same: the path and every byte that was sent. */
static str request_hash(struct web *web)
{
	struct text text = text_in(web->op.arena, web->route->body_max + (1 << 20));
	text_add(&text, web->path);
	text_add(&text, web->request->body);
	for (size_t i = 0; i < web->request->form_count; i++) {
		text_addf(&text, "\n%.*s=", STR_ARG(web->request->form[i].name));
		text_add(&text, web->request->form[i].value);
	}
	return web_hash(web->op.arena, text_str(&text));
}

static err_t answer_again(struct web *web, const struct idempotency_find_row *row, str hash)
{
	if (!str_eq(row->request_hash, hash))
		return problem_answer(web, (struct problem){ .status = 422, .sentence = N_("This Idempotency-Key was used for another "
			"request. Use a new one for a new request.") });
	web->answer->status = (int)row->status; /* of an HTTP answer */
	web->answer->content_type = "application/json";
	web->answer->body = row->answer;
	http_answer_header(web->answer, "Idempotent-Replayed", S("true"));
	return OK;
}

/* Inside db_begin_whole. */
static err_t run_once(struct web *web, str key, err_t (*run)(struct web *web))
{
	struct idempotency_find_row row;
	bool found;
	str hash = request_hash(web);
	TRY(q_idempotency_expire(web->op.db, web->now - KEPT_SECONDS));
	TRY(q_idempotency_find(web->op.db, web->op.arena, web->visitor.key_id, key, &row, &found));
	if (found)
		return answer_again(web, &row, hash);
	TRY(run(web));
	if (web->answer->status >= 400)
		return OK;
	return q_idempotency_insert(web->op.db, web->visitor.key_id, key, hash, web->answer->status ? web->answer->status : 204,
		web->answer->body, web->now);
}

static err_t run_whole(struct web *web, str key, err_t (*run)(struct web *web))
{
	bool stored;
	TRY(db_begin_whole(web->op.db));
	err_t err = run_once(web, key, run);
	if (err || web->answer->status >= 400) {
		db_rollback(web->op.db);
		return err;
	}
	TRY(db_end_whole(web->op.db, &stored));
	return stored ? OK : fail(ERR_INTERNAL, "an act that was undone was answered as done");
}

err_t idempotency_run(struct web *web, err_t (*run)(struct web *web))
{
	str key = http_header(web->request, "Idempotency-Key");
	if (!key.size || key.size > KEY_SIZE_MAX)
		return problem_answer(web, (struct problem){ .status = 400, .sentence = N_("Every POST needs the header "
			"Idempotency-Key, of 1 to 200 characters: a new one for each new act.") });
	str name = str_format(web->op.arena, "%lld %.*s", (long long)web->visitor.key_id, STR_ARG(key));
	int slot = under_way_enter(name);
	if (slot < 0)
		return problem_answer(web, (struct problem){ .status = 409, .sentence = N_("The same request is still under way. Ask again "
			"in a moment.") });
	err_t err = run_whole(web, key, run);
	under_way_leave(slot);
	return err;
}
