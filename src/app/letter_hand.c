/* Handing over: from here a letter cannot be stopped, so what it prints is settled. Most are handed over on the day
 * they were ordered and stand as ordered; a late one, and one whose step a late fact has changed, is replayed. */
#include "app/book.h"
#include "app/letter.h"
#include "sql.h"

enum { HAND_BATCH_LETTERS = 500, HAND_ARENA_SIZE_MAX = 512 << 20 };

struct handing {
	const struct op *op;
	enum letter_handing how;
	struct terms_book terms;
	struct arena *arena;
	struct letter_handed result;
	date after_on; /* key of the last one looked at */
	int64_t after_case, after_letter;
};

/* Steps of the process go out on banking days and their deadlines count; the others have neither. */
static bool is_step(str kind)
{
	enum event_kind event;
	return event_kind_named(kind, &event) && event_is_step(event);
}

static date handed_day(const struct handing *handing, const struct letter_to_hand_row *row)
{
	if (handing->how == LETTER_HANDED_WHEN_ORDERED)
		return row->ordered_on;
	return date_max(handing->op->today, row->ordered_on);
}

static bool must_wait(const struct handing *handing, const struct letter_to_hand_row *row)
{
	return handing->how == LETTER_HANDED_TODAY && is_step(row->kind) &&
	       !law_is_banking_day(handing->op->law, handed_day(handing, row));
}

static bool is_changed(const struct handing *handing, const struct letter_to_hand_row *row)
{
	return row->is_stale > 0 || date_after(handed_day(handing, row), row->counts_on);
}

static struct letter_hand_row hand_as_ordered(const struct letter_to_hand_row *row, date handed_on)
{
	return (struct letter_hand_row){
		.handed_on = handed_on,
		.deadline_on = row->deadline_on,
		.balance_minor = row->balance_minor,
		.principal_minor = row->principal_minor,
		.interest_minor = row->interest_minor,
		.fee_minor = row->fee_minor,
		.compensation_minor = row->compensation_minor,
		.salaer_minor = row->salaer_minor,
		.plan_fee_minor = row->plan_fee_minor,
		.legal_minor = row->legal_minor,
		.case_id = row->case_id,
		.letter_no = row->letter_no,
	};
}

static void amounts_replace(struct letter_hand_row *hand, const struct life_case *life)
{
	const struct entry *owed = &life->owed;
	hand->balance_minor = life->balance;
	hand->principal_minor = owed->column[COLUMN_PRINCIPAL];
	hand->interest_minor = life->interest;
	hand->fee_minor = owed->column[COLUMN_FEE];
	hand->compensation_minor = owed->column[COLUMN_COMPENSATION];
	hand->salaer_minor = owed->column[COLUMN_SALAER];
	hand->plan_fee_minor = owed->column[COLUMN_PLAN_FEE];
	hand->legal_minor = owed->column[COLUMN_LEGAL];
}

/* The step the letter stands for, as the replay has it now; NULL: none any more. */
static const struct life_event *event_of(const struct life_case *life, str kind)
{
	for (size_t i = life->event_count; i > 0; i--)
		if (str_eq_z(kind, event_kind_name(life->events[i - 1].kind)))
			return &life->events[i - 1];
	return NULL;
}

/* The case at the end of the day of handing over, without the fact that says so: it moves waits, not amounts. */
static const struct life_case *life_on(struct handing *handing, const struct book *book, const struct book_case *entry,
	date on)
{
	struct life_span span = {
		.until = on,
		.steps_until = date_min(book_stepped_until(book, entry->group_index), on),
		.explain = true,
	};
	struct life *life = arena_new(handing->arena, struct life);
	life_replay(&book->groups[entry->group_index], handing->op->law, span, handing->arena, life);
	return &life->cases[entry->claim_index];
}

struct late_letter { /* booked last: letters ordered on one day need one fact */
	int64_t case_no;
	date ordered_on;
};

static bool hand_changed(struct handing *handing, struct book *book, const struct letter_to_hand_row *row,
	struct letter_hand_row *hand, struct late_letter *last)
{
	const struct book_case *entry = book_case_of(book, row->case_id);
	require(entry);
	const struct life_case *life = life_on(handing, book, entry, hand->handed_on);
	const struct life_event *event = event_of(life, row->kind);
	if (!event)
		return false;
	amounts_replace(hand, life);
	int late = date_diff(event->on, hand->handed_on);
	hand->deadline_on = event->deadline;
	if (late <= 0 || !is_step(row->kind))
		return false;
	hand->deadline_on = date_add(event->deadline, late);
	handing->result.late++;
	if (last->case_no == row->case_id && date_eq(last->ordered_on, event->on))
		return false;
	*last = (struct late_letter){ row->case_id, event->on };
	struct fact fact = {
		.kind = FACT_LETTER_HANDED,
		.counts_on = hand->handed_on,
		.ledger_on = DATE_NONE,
		.until = event->on,
		.code = row->kind,
	};
	book_fact(book, row->case_id, fact, 0);
	return true;
}

static err_t changed_open(struct handing *handing, const struct letter_to_hand_row *rows, size_t count,
	struct book *ret_book)
{
	int64_t *nos = arena_many(handing->arena, count, int64_t);
	size_t no_count = 0;
	for (size_t i = 0; i < count; i++)
		if (!must_wait(handing, &rows[i]) && is_changed(handing, &rows[i]))
			nos[no_count++] = rows[i].case_id;
	if (!no_count) {
		book_empty(handing->op, &handing->terms, handing->arena, ret_book);
		return OK;
	}
	return book_open(handing->op, &handing->terms, handing->arena, nos, no_count, ret_book);
}

static err_t rows_hand(struct handing *handing, const struct letter_to_hand_row *rows, size_t count)
{
	struct book book;
	struct late_letter last = { .ordered_on = DATE_NONE };
	struct letter_hand_row *hands = arena_many(handing->arena, count, struct letter_hand_row);
	size_t hand_count = 0;
	bool any_fact = false;
	TRY(changed_open(handing, rows, count, &book));
	for (size_t i = 0; i < count; i++) {
		if (must_wait(handing, &rows[i])) {
			handing->result.waiting++;
			continue;
		}
		hands[hand_count] = hand_as_ordered(&rows[i], handed_day(handing, &rows[i]));
		if (is_changed(handing, &rows[i]) && hand_changed(handing, &book, &rows[i], &hands[hand_count], &last))
			any_fact = true;
		hand_count++;
	}
	if (any_fact) {
		struct book_change_counts counts;
		book_replay(&book, (struct book_replay){ BOOK_FACTS, handing->op->today });
		TRY(book_save(&book, &counts));
	}
	handing->result.handed += i64_from_size(hand_count);
	return q_letter_hand(handing->op->db, hands, hand_count);
}

static err_t batch_hand(struct handing *handing, size_t *ret_count)
{
	struct letter_to_hand_row *rows;
	size_t count;
	TRY(q_letter_to_hand(handing->op->db, handing->arena, handing->after_on, handing->after_case, handing->after_letter,
		HAND_BATCH_LETTERS, &rows, &count));
	*ret_count = count;
	if (!count)
		return OK;
	handing->after_on = rows[count - 1].ordered_on;
	handing->after_case = rows[count - 1].case_id;
	handing->after_letter = rows[count - 1].letter_no;
	return rows_hand(handing, rows, count);
}

static err_t batches_hand(struct handing *handing)
{
	struct arena_mark start = arena_mark(handing->arena);
	size_t count = HAND_BATCH_LETTERS;
	while (count == HAND_BATCH_LETTERS) {
		arena_reset(handing->arena, start);
		TRY(db_begin(handing->op->db));
		err_t err = batch_hand(handing, &count);
		if (err) {
			db_rollback(handing->op->db);
			return err;
		}
		TRY(db_commit(handing->op->db));
		op_progress(handing->op, "letters handed over", handing->result.handed, 0);
	}
	return OK;
}

err_t letter_hand_over(const struct op *op, enum letter_handing how, struct letter_handed *ret_handed)
{
	struct handing handing = { .op = op, .how = how, .after_on = DATE_FIRST };
	struct letter_to_hand_row *rows;
	size_t count;
	TRY(q_letter_to_hand(op->db, op->arena, DATE_FIRST, 0, 0, 1, &rows, &count));
	if (count) {
		TRY(law_reaches(op->law, op->today));
		TRY(terms_book_load(op, &handing.terms));
		handing.arena = arena_create(HAND_ARENA_SIZE_MAX);
		err_t err = batches_hand(&handing);
		arena_destroy(handing.arena);
		if (err)
			return err;
	}
	if (ret_handed)
		*ret_handed = handing.result;
	return OK;
}
