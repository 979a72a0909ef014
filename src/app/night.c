#include "app/night.h"

#include "app/book.h"
#include "app/letter.h"
#include "app/setup.h"
#include "app/task.h"
#include "sql.h"

enum { BATCH_CASES = 2000, BATCH_ARENA_SIZE_MAX = 512 << 20, FAILURES_MAX = 1000, REPORT_FAILURES_MAX = 60000,
	FAILURE_TEXT_MAX = 500 };

struct night {
	const struct op *op;
	struct op day_op; /* op with the day being played as its booking day */
	struct terms_book terms;
	struct arena *arena;
	struct arena_mark start;
	enum book_how how;
	date marked; /* the day the book says its last night was, when a batch of this run has said so */
	const int64_t *held; /* cases whose last letter is not handed over, sorted */
	size_t held_count;
	struct night_result result;
};

static bool is_held(const struct night *night, int64_t case_no)
{
	size_t low = 0, end = night->held_count;
	while (low < end) {
		size_t middle = low + (end - low) / 2;
		if (night->held[middle] == case_no)
			return true;
		if (night->held[middle] < case_no)
			low = middle + 1;
		else
			end = middle;
	}
	return false;
}

static bool has_failed(const struct night *night, int64_t case_no)
{
	for (size_t i = 0; i < night->result.failure_count; i++)
		if (night->result.failures[i].case_no == case_no)
			return true;
	return false;
}

/* The night of the day is over; inside a transaction. */
static err_t day_mark(struct night *night, date day)
{
	date last = night->terms.last_night;
	if (!date_is_none(last) && !date_after(day, last))
		return OK;
	return setup_put(night->op, "last_night", str_from_z(date_iso(day).z));
}

struct batch {
	date day;
	const int64_t *nos;
	size_t count;
	bool is_last; /* of the day: one commit less */
};

/* A part of the batch at a time: what is loaded stays near the processor. */
static err_t batch_cases(struct night *night, const struct batch *batch, struct book_change_counts *ret_counts)
{
	struct arena_mark mark = arena_mark(night->arena);
	struct book_change_counts sum = { 0 };
	size_t part = db_batch_size(night->op->db);
	for (size_t first = 0; first < batch->count; first += part) {
		size_t left = batch->count - first;
		struct book book;
		struct book_change_counts counts;
		TRY(book_open(&night->day_op, &night->terms, night->arena, batch->nos + first,
			left < part ? left : part, &book));
		book_replay(&book, (struct book_replay){ night->how, batch->day });
		TRY(book_save(&book, &counts));
		sum.events += counts.events;
		sum.letters += counts.letters;
		arena_reset(night->arena, mark);
	}
	*ret_counts = sum;
	return OK;
}

static err_t batch_try(struct night *night, const struct batch *batch)
{
	struct book_change_counts counts;
	struct arena_mark mark = arena_mark(night->arena);
	TRY(db_begin(night->op->db));
	err_t err = batch_cases(night, batch, &counts);
	arena_reset(night->arena, mark);
	if (!err && batch->is_last)
		err = day_mark(night, batch->day);
	if (err) {
		db_rollback(night->op->db);
		return err;
	}
	TRY(db_commit(night->op->db));
	if (batch->is_last)
		night->marked = batch->day;
	night->result.cases += i64_from_size(batch->count);
	night->result.events += counts.events;
	night->result.letters += counts.letters;
	op_progress(night->op, date_iso(batch->day).z, night->result.cases, 0);
	return OK;
}

/* One bad case must not stop the others: after a contradiction in the book the batch is taken case by case. */
static err_t batch_one_by_one(struct night *night, const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		err_t err = batch_try(night, &(struct batch){ batch->day, &batch->nos[i], 1, false });
		if (!err)
			continue;
		if (err_kind(err) != ERR_INTERNAL || night->result.failure_count == FAILURES_MAX)
			return err;
		struct night_failure *failure = &night->result.failures[night->result.failure_count++];
		failure->case_no = batch->nos[i];
		failure->text = str_format(night->op->arena, "%s", err_text(err));
		err_free(err);
	}
	return OK;
}

static err_t batch_play(struct night *night, const struct batch *batch)
{
	err_t err = batch_try(night, batch);
	if (!err || err_kind(err) != ERR_INTERNAL)
		return err;
	err_free(err);
	return batch_one_by_one(night, batch);
}

/* Everything due on the day. A case that has failed, or waits for its letter, stays due and is passed over: the look-up
 * asks for as many more, so it always comes to the end. */
static err_t day_play(struct night *night, date day)
{
	for (;;) {
		arena_reset(night->arena, night->start);
		size_t passed_over = night->held_count + night->result.failure_count;
		struct case_due_row *rows;
		size_t row_count, count = 0, limit = BATCH_CASES + passed_over;
		TRY(q_case_due(night->op->db, night->arena, day, i64_from_size(limit), &rows, &row_count));
		int64_t *nos = arena_many(night->arena, row_count, int64_t);
		for (size_t i = 0; i < row_count && count < BATCH_CASES; i++)
			if (!is_held(night, rows[i].case_id) && !has_failed(night, rows[i].case_id))
				nos[count++] = rows[i].case_id;
		if (!count)
			return OK;
		struct batch batch = { day, nos, count, .is_last = row_count < limit && count < BATCH_CASES };
		TRY(batch_play(night, &batch));
	}
}

static err_t day_finish(struct night *night, date day)
{
	if (!date_eq(night->marked, day)) {
		TRY(db_begin(night->op->db));
		TRY(db_end(night->op->db, day_mark(night, day)));
	}
	night->terms.last_night = day;
	night->result.last = day;
	return OK;
}

/* Days between the last night and a plain one were missed: no step may be dated in them. */
static err_t gap_note(struct night *night)
{
	date today = night->op->today, last = night->terms.last_night;
	date first = date_is_none(last) ? DATE_FIRST : date_add(last, 1);
	date before = date_add(today, -1);
	if (date_after(first, before))
		return OK;
	night->result.missed_days = date_is_none(last) ? 0 : date_diff(first, today);
	TRY(db_begin(night->op->db));
	err_t err = q_night_gap_insert(night->op->db, first, before);
	if (err) {
		db_rollback(night->op->db);
		return err;
	}
	TRY(db_commit(night->op->db));
	return terms_book_load(night->op, &night->terms);
}

static err_t held_load(struct night *night)
{
	struct letter_waiting_before_row *rows;
	TRY(q_letter_waiting_before(night->op->db, night->op->arena, night->op->today, &rows, &night->held_count));
	int64_t *held = arena_many(night->op->arena, night->held_count, int64_t);
	for (size_t i = 0; i < night->held_count; i++)
		held[i] = rows[i].case_id;
	night->held = held;
	night->result.waiting_letters = i64_from_size(night->held_count);
	return OK;
}

/* The first day worth playing: nothing can happen before the first case is due. */
static err_t first_day(struct night *night, date until, date *ret_first)
{
	struct case_due_first_row row;
	bool found;
	TRY(q_case_due_first(night->op->db, night->op->arena, &row, &found));
	*ret_first = found ? date_min(row.wake_on, until) : until;
	return OK;
}

static err_t nights_play(struct night *night, date until)
{
	date first = until;
	if (night->how == BOOK_NIGHT)
		TRY(first_day(night, until, &first));
	night->result.first = first;
	for (date day = first; !date_after(day, until); day = date_add(day, 1)) {
		if (date_after(day, law_horizon(night->op->law))) {
			night->result.stopped_before = day;
			return OK;
		}
		night->day_op = *night->op;
		night->day_op.today = day;
		TRY(day_play(night, day));
		if (date_is_none(night->terms.last_night) || date_after(day, night->terms.last_night))
			TRY(day_finish(night, day));
	}
	return OK;
}

static err_t night_locked(struct night *night, date until)
{
	TRY(terms_book_load(night->op, &night->terms));
	/* Before anything is noted: when the law is known again, the days are still to be lived. */
	if (night->how == BOOK_PLAIN_NIGHT && date_after(until, law_horizon(night->op->law))) {
		night->result.stopped_before = until;
		return OK;
	}
	if (night->how == BOOK_PLAIN_NIGHT) {
		TRY(gap_note(night));
		TRY(held_load(night));
	} else {
		TRY(letter_hand_over(night->op, LETTER_HANDED_WHEN_ORDERED, NULL));
	}
	TRY(nights_play(night, until));
	return task_sweep(night->op);
}

/* ---- the report ---- */

static err_t report_insert(const struct night *night)
{
	const struct night_result *result = &night->result;
	struct night_report_last_row last;
	bool found;
	struct text failures = text_in(night->op->arena, REPORT_FAILURES_MAX + 1000);
	for (size_t i = 0; i < result->failure_count && failures.size < REPORT_FAILURES_MAX; i++)
		text_addf(&failures, "case %lld: %.*s\n", (long long)result->failures[i].case_no,
			result->failures[i].text.size > FAILURE_TEXT_MAX ? FAILURE_TEXT_MAX : (int)result->failures[i].text.size,
			result->failures[i].text.at);
	TRY(q_night_report_last(night->op->db, night->op->arena, &last, &found));
	return q_night_report_insert(night->op->db, last.report_id + 1, night->op->today, result->first, result->last, result->cases,
		result->letters, result->events, result->missed_days, result->warnings, result->waiting_letters,
		i64_from_size(result->failure_count), text_str(&failures), result->stopped_before,
		night->op->user.at ? night->op->user : S(""));
}

static err_t report_write(const struct night *night)
{
	TRY(db_begin(night->op->db));
	return db_end(night->op->db, report_insert(night));
}

err_t night_run(const struct op *op, date until, struct night_result *ret_result)
{
	struct night night = {
		.op = op,
		.marked = DATE_NONE,
		.how = date_is_none(until) ? BOOK_PLAIN_NIGHT : BOOK_NIGHT,
		.result = { .first = DATE_NONE, .last = DATE_NONE, .stopped_before = DATE_NONE },
	};
	night.result.failures = arena_many(op->arena, FAILURES_MAX, struct night_failure);
	TRY(db_lock(op->db, "night"));
	night.arena = arena_create(BATCH_ARENA_SIZE_MAX);
	night.start = arena_mark(night.arena);
	db_in_order(op->db, true);
	err_t err = night_locked(&night, date_is_none(until) ? op->today : until);
	db_in_order(op->db, false);
	if (!err)
		err = report_write(&night);
	arena_destroy(night.arena);
	db_unlock(op->db, "night");
	if (err)
		return err;
	*ret_result = night.result;
	return OK;
}
