#include "app/task.h"

#include "core/life.h"
#include "sql.h"

enum { DETAIL_SIZE_MAX = 2000, SWEEP_ROWS = 1000, SECONDS_A_DAY = 86400 };

static const char *const kind_names[TASK_KIND_COUNT] = { "objection", "question", "more_time", "broken_plan", "limitation",
	"block_review", "returned", "proof", "direct_payment", "other", "payment_hold" };

const char *task_kind_name(enum task_kind kind)
{
	require(kind < TASK_KIND_COUNT);
	return kind_names[kind];
}

bool task_kind_named(str name, enum task_kind *ret_kind)
{
	for (int i = 0; i < TASK_KIND_COUNT; i++)
		if (str_eq_z(name, kind_names[i])) {
			*ret_kind = (enum task_kind)i;
			return true;
		}
	return false;
}

/* ---- when ---- */

/* House rules: within so many banking days a person looks at it. No act says; our own choices. Kinds that are not here have
 * a day of their own. */
static const int house_days[TASK_KIND_COUNT] = {
	[TASK_QUESTION] = 5,
	[TASK_MORE_TIME] = 2,
	[TASK_BROKEN_PLAN] = 3,
	[TASK_RETURNED] = 5,
	[TASK_PROOF] = 3,
	[TASK_DIRECT_PAYMENT] = 5,
	[TASK_OTHER] = 5,
	[TASK_PAYMENT_HOLD] = 3,
};

date task_due_on(const struct law *law, enum task_kind kind, date from)
{
	if (kind == TASK_OBJECTION)
		return date_add(from, law->parameters.review_days);
	date on = from;
	for (int i = 0; i < house_days[kind]; i++)
		on = law_banking_day(law, date_add(on, 1));
	return on;
}

/* The night knows no clock: what it opens was opened when its day began. */
static int64_t instant_of(date day)
{
	return (int64_t)day.day * SECONDS_A_DAY;
}

/* ---- opening ---- */

static err_t task_check(const struct task_new *task)
{
	require(task->kind < TASK_PAYMENT_HOLD);
	if (task->detail.size > DETAIL_SIZE_MAX)
		return fail(ERR_INPUT, "the text of a task is longer than %d bytes", DETAIL_SIZE_MAX);
	if (!str_is_utf8(task->detail))
		return fail(ERR_INPUT, "the text of a task is not UTF-8");
	return OK;
}

static err_t next_id(const struct op *op, int64_t *ret_id)
{
	struct task_last_row last;
	bool found;
	TRY(q_task_last(op->db, op->arena, &last, &found));
	*ret_id = last.task_id + 1;
	return OK;
}

static err_t task_write(const struct op *op, const struct task_new *task, int64_t *ret_task_id)
{
	int64_t client_no = task->client_no;
	TRY(task_check(task));
	if (task->case_no) {
		struct task_case_of_row row;
		bool found;
		TRY(q_task_case_of(op->db, op->arena, task->case_no, &row, &found));
		if (!found)
			return fail(ERR_INPUT, "there is no case %lld", (long long)task->case_no);
		client_no = row.client_no;
	}
	struct task_insert_row row = {
		.kind = str_from_z(task_kind_name(task->kind)),
		.case_id = task->case_no,
		.has_case_id = task->case_no != 0,
		.client_no = client_no,
		.has_client_no = client_no != 0,
		.for_client = task->for_client,
		.due_on = date_is_none(task->due_on) ? task_due_on(op->law, task->kind, op->today) : task->due_on,
		.detail = task->detail.at ? task->detail : S(""),
		.created_at = task->now,
	};
	TRY(next_id(op, &row.task_id));
	TRY(q_task_insert(op->db, &row, 1));
	*ret_task_id = row.task_id;
	return OK;
}

err_t task_open(const struct op *op, const struct task_new *task, int64_t *ret_task_id)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_write(op, task, ret_task_id));
}

static err_t open_of_cases(const struct op *op, struct arena *arena, const int64_t *case_nos, size_t count,
	struct task_case_open_row **ret_rows, size_t *ret_count)
{
	struct db_pick *picks = arena_many(arena, count, struct db_pick);
	for (size_t i = 0; i < count; i++)
		picks[i].id = case_nos[i];
	TRY(db_pick(op->db, picks, count));
	return q_task_case_open(op->db, arena, ret_rows, ret_count);
}

static err_t task_write_once(const struct op *op, const struct task_new *task, int64_t *ret_task_id)
{
	struct task_case_open_row *rows;
	size_t count;
	TRY(open_of_cases(op, op->arena, &task->case_no, 1, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (str_eq_z(rows[i].kind, task_kind_name(task->kind))) {
			*ret_task_id = rows[i].task_id;
			return OK;
		}
	return task_write(op, task, ret_task_id);
}

err_t task_open_once(const struct op *op, const struct task_new *task, int64_t *ret_task_id)
{
	bool joined;
	require(task->case_no > 0);
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_write_once(op, task, ret_task_id));
}

/* ---- listing ---- */

/* Where a page begins: behind this task, and behind this payment on hold. */
struct place {
	date due_on;
	int64_t task_id, payment_id;
};

static err_t place_parse(str text, struct place *ret_place)
{
	str rest = text, parts[3];
	int64_t values[3];
	*ret_place = (struct place){ .due_on = DATE_FIRST };
	if (!text.size)
		return OK;
	for (int i = 0; i < 3; i++) {
		parts[i] = str_cut(rest, '.', &rest);
		err_t err = parse_i64(parts[i], i ? 0 : DATE_FIRST.day, i ? INT64_MAX : DATE_LAST.day, &values[i]);
		if (err) {
			err_free(err);
			return fail(ERR_INPUT, "'%.*s' is no place in the work list", STR_ARG(text));
		}
	}
	*ret_place = (struct place){ { (int32_t)values[0] }, values[1], values[2] }; /* DATE_FIRST … DATE_LAST */
	return OK;
}

static str place_text(struct arena *arena, struct place place)
{
	return str_format(arena, "%d.%lld.%lld", place.due_on.day, (long long)place.task_id, (long long)place.payment_id);
}

struct key {
	int64_t task_id;
	date due_on;
};

#define KEYS_COPY(arena, rows, row_count, keys) \
	do { \
		(keys) = arena_many((arena), (row_count), struct key); \
		for (size_t i_ = 0; i_ < (row_count); i_++) \
			(keys)[i_] = (struct key){ (rows)[i_].task_id, (rows)[i_].due_on }; \
	} while (0)

/* By the narrowest of the filters, each of which has its index. */
static err_t keys_read(const struct op *op, const struct task_filter *filter, struct place place, size_t limit,
	struct key **ret_keys, size_t *ret_count)
{
	int64_t person = filter->owner == TASK_OF_PERSON ? filter->person_id : INT64_MIN;
	int64_t client = filter->client_no ? filter->client_no : INT64_MIN;
	int64_t nobody = filter->owner == TASK_OF_NOBODY, for_client = filter->for_client, most = i64_from_size(limit);
	str kind = filter->of_kind ? str_from_z(task_kind_name(filter->kind)) : (str){ NULL, 0 };
	if (filter->owner == TASK_OF_PERSON) {
		struct task_keys_person_row *rows;
		TRY(q_task_keys_person(op->db, op->arena, for_client, person, kind, client, place.due_on, place.task_id, most,
			&rows, ret_count));
		KEYS_COPY(op->arena, rows, *ret_count, *ret_keys);
	} else if (filter->client_no) {
		struct task_keys_client_row *rows;
		TRY(q_task_keys_client(op->db, op->arena, for_client, person, nobody, kind, client, place.due_on, place.task_id,
			most, &rows, ret_count));
		KEYS_COPY(op->arena, rows, *ret_count, *ret_keys);
	} else if (filter->of_kind) {
		struct task_keys_kind_row *rows;
		TRY(q_task_keys_kind(op->db, op->arena, for_client, person, nobody, kind, client, place.due_on, place.task_id,
			most, &rows, ret_count));
		KEYS_COPY(op->arena, rows, *ret_count, *ret_keys);
	} else {
		struct task_keys_row *rows;
		TRY(q_task_keys(op->db, op->arena, for_client, person, nobody, kind, place.due_on, place.task_id, most, &rows,
			ret_count));
		KEYS_COPY(op->arena, rows, *ret_count, *ret_keys);
	}
	return OK;
}

static struct task_row task_of_row(const struct task_rows_row *row)
{
	struct task_row task = {
		.task_id = row->task_id,
		.case_no = row->has_case_id ? row->case_id : 0,
		.client_no = row->has_client_no ? row->client_no : 0,
		.for_client = row->for_client != 0,
		.due_on = row->due_on,
		.detail = row->detail,
		.debtor = row->debtor_name,
		.client = row->client_name,
		.stage = row->stage,
		.person_id = row->has_person_id ? row->person_id : 0,
		.person = row->person_name,
		.created_at = row->created_at,
		.done_at = row->has_done_at ? row->done_at : 0,
		.done_by = row->done_by,
		.outcome = row->outcome,
		.kind = TASK_OTHER,
	};
	(void)task_kind_named(row->kind, &task.kind);
	return task;
}

static err_t rows_read(const struct op *op, const struct key *keys, size_t count, struct task_row **ret_rows)
{
	struct db_pick *picks = arena_many(op->arena, count, struct db_pick);
	struct task_rows_row *rows;
	size_t row_count;
	for (size_t i = 0; i < count; i++)
		picks[i].id = keys[i].task_id;
	TRY(db_pick(op->db, picks, count));
	TRY(q_task_rows(op->db, op->arena, &rows, &row_count));
	if (row_count != count)
		return fail(ERR_BUSY, "the work list changed while it was read: try again");
	*ret_rows = arena_many(op->arena, count, struct task_row);
	for (size_t i = 0; i < count; i++)
		(*ret_rows)[i] = task_of_row(&rows[i]);
	return OK;
}

/* Payments on hold are nobody's, of no client, and a handler's. */
static bool holds_wanted(const struct task_filter *filter)
{
	return filter->owner != TASK_OF_PERSON && !filter->client_no && !filter->for_client &&
	       (!filter->of_kind || filter->kind == TASK_PAYMENT_HOLD);
}

static err_t holds_read(const struct op *op, int64_t after, size_t limit, struct task_row **ret_rows, size_t *ret_count)
{
	struct task_hold_page_row *rows;
	TRY(q_task_hold_page(op->db, op->arena, after, i64_from_size(limit), &rows, ret_count));
	*ret_rows = arena_many(op->arena, *ret_count, struct task_row);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_rows)[i] = (struct task_row){
			.kind = TASK_PAYMENT_HOLD,
			.payment_id = rows[i].payment_id,
			.due_on = task_due_on(op->law, TASK_PAYMENT_HOLD, rows[i].booked_on),
			.detail = rows[i].reason,
			.debtor = rows[i].payer_name,
			.amount = rows[i].amount_minor,
			.created_at = instant_of(rows[i].booked_on),
		};
	return OK;
}

err_t task_list(const struct op *op, const struct task_filter *filter, struct task_page *ret_page)
{
	require(filter->count > 0);
	require(filter->count <= TASK_PAGE_MAX);
	struct place place;
	struct key *keys = NULL;
	struct task_row *tasks, *holds = NULL;
	size_t limit = filter->count + 1, task_count = 0, hold_count = 0;
	TRY(place_parse(filter->after, &place));
	if (!filter->of_kind || filter->kind != TASK_PAYMENT_HOLD)
		TRY(keys_read(op, filter, place, limit, &keys, &task_count));
	TRY(rows_read(op, keys, task_count, &tasks));
	if (holds_wanted(filter))
		TRY(holds_read(op, place.payment_id, limit, &holds, &hold_count));
	struct task_page page = { .rows = arena_many(op->arena, filter->count, struct task_row) };
	size_t task_at = 0, hold_at = 0;
	while (page.count < filter->count && (task_at < task_count || hold_at < hold_count)) {
		bool hold_next = task_at == task_count ||
				 (hold_at < hold_count && date_before(holds[hold_at].due_on, tasks[task_at].due_on));
		const struct task_row *row = hold_next ? &holds[hold_at++] : &tasks[task_at++];
		if (hold_next)
			place.payment_id = row->payment_id;
		else
			place.due_on = row->due_on, place.task_id = row->task_id;
		page.rows[page.count++] = *row;
	}
	if (task_at < task_count || hold_at < hold_count)
		page.next = place_text(op->arena, place);
	*ret_page = page;
	return OK;
}

err_t task_of_case(const struct op *op, int64_t case_no, struct task_row **ret_rows, size_t *ret_count)
{
	struct task_case_keys_row *rows;
	TRY(q_task_case_keys(op->db, op->arena, case_no, TASK_PAGE_MAX, &rows, ret_count));
	struct key *keys = arena_many(op->arena, *ret_count, struct key);
	for (size_t i = 0; i < *ret_count; i++)
		keys[i].task_id = rows[*ret_count - 1 - i].task_id;
	return rows_read(op, keys, *ret_count, ret_rows);
}

err_t task_get(const struct op *op, int64_t task_id, struct task_row *ret_row)
{
	struct db_pick pick = { .id = task_id };
	struct task_rows_row *rows;
	size_t count;
	TRY(db_pick(op->db, &pick, 1));
	TRY(q_task_rows(op->db, op->arena, &rows, &count));
	if (!count)
		return fail(ERR_INPUT, "there is no task %lld", (long long)task_id);
	*ret_row = task_of_row(&rows[0]);
	return OK;
}

err_t task_due_count(const struct op *op, int64_t person_id, int64_t limit, int64_t *ret_count)
{
	struct task_due_count_row row;
	bool found;
	TRY(q_task_due_count(op->db, op->arena, person_id ? person_id : INT64_MIN, op->today, limit, &row, &found));
	*ret_count = row.task_count;
	return OK;
}

/* ---- changing ---- */

/* Open, and nobody's or this person's. */
static err_t task_for(const struct op *op, int64_t task_id, int64_t person_id, struct task_row *ret_row)
{
	TRY(task_get(op, task_id, ret_row));
	if (ret_row->done_at)
		return fail(ERR_REFUSED, "task %lld was done by %.*s", (long long)task_id, STR_ARG(ret_row->done_by));
	if (ret_row->person_id && ret_row->person_id != person_id)
		return fail(ERR_REFUSED, "task %lld has been taken by %.*s", (long long)task_id, STR_ARG(ret_row->person));
	return OK;
}

static err_t task_taken(const struct op *op, int64_t task_id, int64_t person_id)
{
	struct task_row row;
	TRY(task_for(op, task_id, person_id, &row));
	return q_task_take(op->db, task_id, person_id);
}

err_t task_take(const struct op *op, int64_t task_id, int64_t person_id)
{
	bool joined;
	require(person_id > 0);
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_taken(op, task_id, person_id));
}

static err_t task_handed(const struct op *op, struct task_hand hand)
{
	struct task_row row;
	TRY(task_for(op, hand.task_id, hand.from_id, &row));
	if (row.person_id != hand.from_id)
		return fail(ERR_REFUSED, "task %lld is no longer that person's", (long long)hand.task_id);
	return q_task_take(op->db, hand.task_id, hand.to_id ? hand.to_id : INT64_MIN);
}

err_t task_hand_over(const struct op *op, struct task_hand hand)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_handed(op, hand));
}

static err_t task_due_moved(const struct op *op, int64_t task_id, int64_t person_id, date due_on)
{
	struct task_row row;
	TRY(task_for(op, task_id, person_id, &row));
	if (date_before(due_on, op->today))
		return fail(ERR_INPUT, "%s has passed", date_iso(due_on).z);
	return q_task_set_due(op->db, task_id, due_on);
}

err_t task_set_due(const struct op *op, int64_t task_id, int64_t person_id, date due_on)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_due_moved(op, task_id, person_id, due_on));
}

static err_t task_ended(const struct op *op, struct task_end end)
{
	struct task_row row;
	TRY(task_for(op, end.task_id, end.person_id, &row));
	if (row.kind == TASK_OBJECTION && str_eq_z(row.stage, stage_name(STAGE_DISPUTED)))
		return fail(ERR_REFUSED, "the objection in case %lld waits for its outcome: resolve it", (long long)row.case_no);
	if (end.outcome.size > DETAIL_SIZE_MAX || !str_is_utf8(end.outcome))
		return fail(ERR_INPUT, "the outcome of a task is UTF-8 of at most %d bytes", DETAIL_SIZE_MAX);
	struct task_finish_row done = {
		.done_at = end.now,
		.done_by = op->user,
		.outcome = end.outcome.at ? end.outcome : S(""),
		.task_id = end.task_id,
	};
	return q_task_finish(op->db, &done, 1);
}

err_t task_finish(const struct op *op, struct task_end end)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_ended(op, end));
}

static err_t task_settled(const struct op *op, int64_t case_no, enum task_kind kind, str outcome, int64_t now)
{
	struct task_case_open_row *rows;
	size_t count, done_count = 0;
	TRY(open_of_cases(op, op->arena, &case_no, 1, &rows, &count));
	struct task_finish_row *done = arena_many(op->arena, count, struct task_finish_row);
	for (size_t i = 0; i < count; i++)
		if (str_eq_z(rows[i].kind, task_kind_name(kind)))
			done[done_count++] = (struct task_finish_row){ now, op->user, outcome, rows[i].task_id };
	return q_task_finish(op->db, done, done_count);
}

err_t task_settle(const struct op *op, int64_t case_no, enum task_kind kind, str outcome, int64_t now)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, task_settled(op, case_no, kind, outcome, now));
}

static err_t sweep_some(const struct op *op, size_t *ret_count)
{
	struct task_of_closed_row *rows;
	TRY(q_task_of_closed(op->db, op->arena, SWEEP_ROWS, &rows, ret_count));
	struct task_finish_row *done = arena_many(op->arena, *ret_count, struct task_finish_row);
	for (size_t i = 0; i < *ret_count; i++)
		done[i] = (struct task_finish_row){ instant_of(op->today), op->user, S("closed"), rows[i].task_id };
	return q_task_finish(op->db, done, *ret_count);
}

err_t task_sweep(const struct op *op)
{
	struct arena_mark start = arena_mark(op->arena);
	for (size_t count = SWEEP_ROWS; count == SWEEP_ROWS;) {
		TRY(db_begin(op->db));
		TRY(db_end(op->db, sweep_some(op, &count)));
		arena_reset(op->arena, start);
	}
	return OK;
}

/* ---- new events of the journal ---- */

/* What an event of the kind opens, and what it settles; TASK_KIND_COUNT: nothing. */
struct following {
	enum task_kind opens, settles, settles_too;
	const char *outcome;
};

static const struct following *following_of(enum event_kind kind)
{
	static const struct following objection = { TASK_OBJECTION, TASK_KIND_COUNT, TASK_KIND_COUNT, "" };
	static const struct following broken = { TASK_BROKEN_PLAN, TASK_KIND_COUNT, TASK_KIND_COUNT, "" };
	static const struct following warning = { TASK_LIMITATION, TASK_KIND_COUNT, TASK_KIND_COUNT, "" };
	static const struct following block = { TASK_BLOCK_REVIEW, TASK_KIND_COUNT, TASK_KIND_COUNT, "" };
	static const struct following resolution = { TASK_KIND_COUNT, TASK_OBJECTION, TASK_KIND_COUNT, "resolved" };
	static const struct following plan = { TASK_KIND_COUNT, TASK_BROKEN_PLAN, TASK_MORE_TIME, "a plan was made" };
	static const struct following deferral = { TASK_KIND_COUNT, TASK_MORE_TIME, TASK_KIND_COUNT, "deferred" };
	static const struct following unblock = { TASK_KIND_COUNT, TASK_BLOCK_REVIEW, TASK_KIND_COUNT, "lifted" };
	switch (kind) {
	case EVENT_OBJECTION:
		return &objection;
	case EVENT_PLAN_BROKEN:
		return &broken;
	case EVENT_LIMITATION_WARNING:
		return &warning;
	case EVENT_BLOCK:
		return &block;
	case EVENT_RESOLUTION:
		return &resolution;
	case EVENT_PLAN:
		return &plan;
	case EVENT_DEFERRAL:
		return &deferral;
	case EVENT_UNBLOCK:
		return &unblock;
	default:
		return NULL;
	}
}

bool task_follows(enum event_kind kind)
{
	return following_of(kind) != NULL;
}

/* An open task of one of the cases: stored, or to be inserted (task_id 0). */
struct standing {
	int64_t case_no;
	enum task_kind kind;
	int64_t task_id;
	const char *outcome; /* not NULL: it is settled */
	const struct task_event *event;
};

struct taking {
	const struct op *op;
	struct standing *tasks;
	size_t count;
};

static struct standing *standing_find(struct taking *taking, int64_t case_no, enum task_kind kind)
{
	for (size_t i = taking->count; i > 0; i--)
		if (taking->tasks[i - 1].case_no == case_no && taking->tasks[i - 1].kind == kind)
			return &taking->tasks[i - 1];
	return NULL;
}

static void standing_settle(struct taking *taking, int64_t case_no, enum task_kind kind, const char *outcome)
{
	struct standing *task = kind < TASK_KIND_COUNT ? standing_find(taking, case_no, kind) : NULL;
	if (task)
		task->outcome = outcome;
}

static void event_take(struct taking *taking, const struct task_event *event)
{
	const struct following *following = following_of(event->kind);
	if (following->opens < TASK_KIND_COUNT) {
		struct standing *task = standing_find(taking, event->case_no, following->opens);
		if (task)
			task->outcome = event->is_gone ? "no longer so" : NULL;
		else if (!event->is_gone)
			taking->tasks[taking->count++] =
				(struct standing){ event->case_no, following->opens, 0, NULL, event };
	} else if (!event->is_gone) {
		standing_settle(taking, event->case_no, following->settles, following->outcome);
		standing_settle(taking, event->case_no, following->settles_too, following->outcome);
	}
}

static date event_due_on(const struct op *op, enum task_kind kind, const struct task_event *event)
{
	if (kind == TASK_LIMITATION)
		return date_is_none(event->limitation_on) ? event->on : event->limitation_on;
	if (kind == TASK_BLOCK_REVIEW)
		return date_add_months(event->on, 12); /* as the case's own next step (life.c) */
	return task_due_on(op->law, kind, event->on);
}

static err_t taking_write(const struct taking *taking, struct arena *arena)
{
	const struct op *op = taking->op;
	struct task_insert_row *opened = arena_many(arena, taking->count, struct task_insert_row);
	struct task_finish_row *done = arena_many(arena, taking->count, struct task_finish_row);
	size_t opened_count = 0, done_count = 0;
	int64_t id;
	TRY(next_id(op, &id));
	for (size_t i = 0; i < taking->count; i++) {
		const struct standing *task = &taking->tasks[i];
		if (task->task_id && task->outcome)
			done[done_count++] = (struct task_finish_row){ instant_of(op->today), op->user,
				str_from_z(task->outcome), task->task_id };
		if (!task->task_id && !task->outcome)
			opened[opened_count++] = (struct task_insert_row){
				.task_id = id++,
				.kind = str_from_z(task_kind_name(task->kind)),
				.case_id = task->case_no,
				.has_case_id = true,
				.client_no = task->event->client_no,
				.has_client_no = true,
				.due_on = event_due_on(op, task->kind, task->event),
				.detail = task->event->note.at ? task->event->note : S(""),
				.created_at = instant_of(op->today),
			};
	}
	TRY(q_task_finish(op->db, done, done_count));
	return q_task_insert(op->db, opened, opened_count);
}

err_t task_events_take(const struct op *op, struct arena *arena, const struct task_event *events, size_t count)
{
	if (!count)
		return OK;
	struct taking taking = { .op = op };
	struct task_case_open_row *open;
	size_t open_count, case_count = 0;
	int64_t *case_nos = arena_many(arena, count, int64_t);
	for (size_t i = 0; i < count; i++) /* events come case by case */
		if (!case_count || case_nos[case_count - 1] != events[i].case_no)
			case_nos[case_count++] = events[i].case_no;
	TRY(open_of_cases(op, arena, case_nos, case_count, &open, &open_count));
	taking.tasks = arena_many(arena, open_count + count, struct standing);
	for (size_t i = 0; i < open_count; i++) {
		enum task_kind kind;
		if (task_kind_named(open[i].kind, &kind))
			taking.tasks[taking.count++] = (struct standing){ .case_no = open[i].case_id, .kind = kind,
				.task_id = open[i].task_id };
	}
	for (size_t i = 0; i < count; i++)
		event_take(&taking, &events[i]);
	return taking_write(&taking, arena);
}
