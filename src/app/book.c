/* Load, replay, compare, write. The comparison is between the events stored and not reversed, and the events the replay
 * gives: what is gone is reversed by a new row that counts from the same day and is booked now, what is new is added. */
#include "app/book.h"

#include "app/tally.h"
#include "app/task.h"
#include "app/webhook.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_CASES_MAX = 100000 };

struct letter_old { /* a letter withdrawn because its step is gone */
	int64_t case_no, event_no;
};

/* Rows to be written, in the order they were decided. */
struct book_writes {
	struct case_fact_insert_row *facts;
	size_t fact_count, fact_capacity;
	struct case_event_insert_row *events;
	size_t event_count, event_capacity;
	struct letter_insert_row *letters;
	size_t letter_count, letter_capacity;
	struct client_due_insert_row *dues;
	size_t due_count, due_capacity;
	struct refund_due_insert_row *refunds;
	size_t refund_count, refund_capacity;
	struct case_state_update_row *states;
	size_t state_count, state_capacity;
	struct case_state_insert_row *new_states;
	size_t new_state_count, new_state_capacity;
	struct letter_old *gone;
	size_t gone_count, gone_capacity;
	struct task_event *task_events;
	size_t task_event_count, task_event_capacity;
	struct tally tally;
};

/* Most lists have about as many rows as the batch has cases. */
#define ROW_ADD(book, rows, count, capacity) \
	((count) == (capacity) ? ((capacity) = (capacity) ? (capacity) * 2 : 64 + (book)->case_count, \
					 (rows) = arena_grow((book)->arena, (rows), (count), (capacity), sizeof *(rows)), \
					 &(rows)[(count)++]) \
			       : &(rows)[(count)++])

/* ---- terms, gaps and the clock ---- */

static err_t date_setting(const struct op *op, const char *name, date *ret_date)
{
	struct setting_get_row row;
	bool found;
	*ret_date = DATE_NONE;
	TRY(q_setting_get(op->db, op->arena, str_from_z(name), &row, &found));
	if (!found)
		return OK;
	return within(date_parse_iso(row.value, ret_date), "setting %s", name);
}

err_t terms_book_load(const struct op *op, struct terms_book *ret_book)
{
	struct terms_list_row *rows;
	struct night_gap_list_row *gaps;
	struct terms_book book = { .last_night = DATE_NONE };
	TRY(q_terms_list(op->db, op->arena, &rows, &book.count));
	TRY(q_night_gap_list(op->db, op->arena, &gaps, &book.gap_count));
	TRY(date_setting(op, "last_night", &book.last_night));
	book.terms = arena_many(op->arena, book.count, struct terms);
	book.terms_nos = arena_many(op->arena, book.count, int64_t);
	for (size_t i = 0; i < book.count; i++) {
		bool principal_first = str_eq_z(rows[i].allocation, "principal_first");
		book.terms_nos[i] = rows[i].terms_no;
		book.terms[i] = (struct terms){
			.client_no = rows[i].client_no,
			.process = rows[i].process,
			.grace_days = (int)rows[i].grace_days, /* 0-365, checked when it was agreed */
			.vat_deductible = rows[i].vat_deductible != 0,
			.commission_bp = rows[i].commission_bp,
			.allocation = principal_first ? ALLOCATION_PRINCIPAL_FIRST : ALLOCATION_COSTS_FIRST,
		};
	}
	book.gaps = arena_many(op->arena, book.gap_count, struct night_gap);
	for (size_t i = 0; i < book.gap_count; i++)
		book.gaps[i] = (struct night_gap){ gaps[i].first_on, gaps[i].last_on };
	*ret_book = book;
	return OK;
}

const struct terms *terms_book_find(const struct terms_book *book, int64_t client_no, int64_t terms_no)
{
	size_t low = 0, end = book->count;
	while (low < end) {
		size_t middle = low + (end - low) / 2;
		int64_t client = book->terms[middle].client_no, no = book->terms_nos[middle];
		if (client == client_no && no == terms_no)
			return &book->terms[middle];
		if (client < client_no || (client == client_no && no < terms_no))
			low = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

/* ---- loading ---- */

static err_t pick_ids(const struct op *op, struct arena *arena, const int64_t *ids, size_t count)
{
	struct db_pick *picks = arena_many(arena, count, struct db_pick);
	for (size_t i = 0; i < count; i++)
		picks[i].id = ids[i];
	return db_pick(op->db, picks, count);
}

static int id_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The cases asked for and those of their groups, sorted, each once. */
static err_t group_ids(const struct op *op, struct arena *arena, const int64_t *case_nos, size_t case_count,
	int64_t **ret_ids, size_t *ret_count)
{
	struct case_group_ids_row *rows;
	size_t row_count;
	TRY(pick_ids(op, arena, case_nos, case_count));
	TRY(q_case_group_ids(op->db, arena, &rows, &row_count));
	int64_t *ids = arena_many(arena, case_count + row_count, int64_t);
	if (case_count)
		memcpy(ids, case_nos, case_count * sizeof *ids);
	for (size_t i = 0; i < row_count; i++)
		ids[case_count + i] = rows[i].case_id;
	size_t all_count = case_count + row_count, count = 0;
	qsort(ids, all_count, sizeof *ids, id_compare);
	for (size_t i = 0; i < all_count; i++)
		if (!count || ids[count - 1] != ids[i])
			ids[count++] = ids[i];
	*ret_ids = ids;
	*ret_count = count;
	return OK;
}

static err_t fact_from_row(const struct case_facts_row *row, struct fact *ret_fact)
{
	struct fact fact = {
		.case_no = row->case_id,
		.fact_no = row->fact_no,
		.counts_on = row->counts_on,
		.booked_on = row->booked_on,
		.ledger_on = row->ledger_on,
		.until = row->until_on,
		.amount = row->amount_minor,
		.number = row->number,
		.code = row->code,
		.note = row->note,
	};
	if (!fact_kind_named(row->kind, &fact.kind))
		return fail(ERR_INTERNAL, "case %lld has a fact of unknown kind '%.*s'", (long long)row->case_id,
			STR_ARG(row->kind));
	*ret_fact = fact;
	return OK;
}

static err_t claim_from_row(const struct book *book, const struct case_claims_row *row, struct claim_facts *ret_claim)
{
	const struct terms *terms = terms_book_find(book->terms, row->client_no, row->terms_no);
	if (!terms)
		return fail(ERR_INTERNAL, "case %lld has terms %lld of client %lld, which do not exist",
			(long long)row->case_id, (long long)row->terms_no, (long long)row->client_no);
	*ret_claim = (struct claim_facts){
		.case_no = row->case_id,
		.terms = terms,
		.business = row->business != 0,
		.alone = row->alone != 0,
		.invoice_no = row->invoice_no,
		.issued_on = row->issued_on,
		.due_on = row->due_on,
		.received_on = row->received_on,
		.amount = row->amount_minor,
		.paid = row->paid_minor,
		.reminder_on = row->reminder_on,
		.notice_on = row->notice_on,
		.notice_deadline = row->notice_deadline,
		.fees = row->fees_minor,
	};
	return OK;
}

/* Rows of one kind, sorted by case: the stretch that belongs to a case. */
struct stretch {
	size_t first, count;
};

#define STRETCH_FIND(rows, row_count, cursor, case_no, ret) \
	do { \
		while ((cursor) < (row_count) && (rows)[(cursor)].case_id < (case_no)) \
			(cursor)++; \
		(ret).first = (cursor); \
		while ((cursor) < (row_count) && (rows)[(cursor)].case_id == (case_no)) \
			(cursor)++; \
		(ret).count = (cursor) - (ret).first; \
	} while (0)

static int case_group_compare(const void *a, const void *b)
{
	const struct book_case *x = *(const struct book_case *const *)a, *y = *(const struct book_case *const *)b;
	if (x->alone != y->alone)
		return (int)x->alone - (int)y->alone;
	if (!x->alone && x->debtor_id != y->debtor_id)
		return x->debtor_id < y->debtor_id ? -1 : 1;
	if (!x->alone && x->client_no != y->client_no)
		return x->client_no < y->client_no ? -1 : 1;
	return (x->case_no > y->case_no) - (x->case_no < y->case_no);
}

static bool same_group(const struct book_case *a, const struct book_case *b)
{
	return !a->alone && !b->alone && a->debtor_id == b->debtor_id && a->client_no == b->client_no;
}

/* Cuts the cases into groups and hands each its claims and facts. */
static void groups_make(struct book *book, const struct claim_facts *claims, const struct fact *facts,
	const struct stretch *fact_of)
{
	struct book_case **order = arena_many(book->arena, book->case_count, struct book_case *);
	for (size_t i = 0; i < book->case_count; i++)
		order[i] = &book->cases[i];
	qsort(order, book->case_count, sizeof *order, case_group_compare);
	book->groups = arena_many(book->arena, book->case_count, struct group_facts);
	book->lives = arena_many(book->arena, book->case_count, struct life);
	for (size_t i = 0, end; i < book->case_count; i = end) {
		for (end = i + 1; end < book->case_count && same_group(order[i], order[end]);)
			end++;
		size_t fact_count = 0;
		for (size_t k = i; k < end; k++)
			fact_count += fact_of[order[k] - book->cases].count;
		struct claim_facts *group_claims = arena_many(book->arena, end - i, struct claim_facts);
		struct fact *group_fact = arena_many(book->arena, fact_count, struct fact);
		size_t filled = 0;
		for (size_t k = i; k < end; k++) {
			size_t index = (size_t)(order[k] - book->cases); /* order points into cases */
			order[k]->group_index = book->group_count;
			order[k]->claim_index = k - i;
			group_claims[k - i] = claims[index];
			if (fact_of[index].count)
				memcpy(group_fact + filled, facts + fact_of[index].first,
					fact_of[index].count * sizeof *facts);
			filled += fact_of[index].count;
		}
		book->groups[book->group_count++] = (struct group_facts){
			.claims = group_claims,
			.claim_count = end - i,
			.facts = group_fact,
			.fact_count = fact_count,
			.gaps = book->terms->gaps,
			.gap_count = book->terms->gap_count,
		};
	}
}

void book_empty(const struct op *op, const struct terms_book *terms, struct arena *arena, struct book *ret_book)
{
	*ret_book = (struct book){ .op = op, .terms = terms, .arena = arena };
	ret_book->writes = arena_new(arena, struct book_writes);
}

err_t book_open(const struct op *op, const struct terms_book *terms, struct arena *arena, const int64_t *case_nos,
	size_t case_count, struct book *ret_book)
{
	struct book book;
	book_empty(op, terms, arena, &book);
	int64_t *ids;
	size_t id_count, claim_count, fact_count, state_count;
	TRY(group_ids(op, arena, case_nos, case_count, &ids, &id_count));
	if (id_count > GROUP_CASES_MAX + case_count)
		return fail(ERR_REFUSED, "a debtor has more than %d cases with one client", GROUP_CASES_MAX);
	struct case_claims_row *claim_rows;
	struct case_facts_row *fact_rows;
	struct case_states_row *state_rows;
	bool picked = id_count == case_count && (!id_count || memcmp(ids, case_nos, id_count * sizeof *ids) == 0);
	if (!picked)
		TRY(pick_ids(op, arena, ids, id_count));
	TRY(q_case_claims(op->db, arena, &claim_rows, &claim_count));
	TRY(q_case_facts(op->db, arena, &fact_rows, &fact_count));
	TRY(q_case_states(op->db, arena, &state_rows, &state_count));

	struct claim_facts *claims = arena_many(arena, claim_count, struct claim_facts);
	struct fact *facts = arena_many(arena, fact_count, struct fact);
	struct stretch *fact_of = arena_many(arena, claim_count, struct stretch);
	for (size_t i = 0; i < fact_count; i++)
		TRY(fact_from_row(&fact_rows[i], &facts[i]));
	book.cases = arena_many(arena, claim_count, struct book_case);
	book.case_count = claim_count;
	size_t fact_cursor = 0, state_cursor = 0;
	for (size_t i = 0; i < claim_count; i++) {
		int64_t case_no = claim_rows[i].case_id;
		struct stretch states;
		TRY(claim_from_row(&book, &claim_rows[i], &claims[i]));
		STRETCH_FIND(fact_rows, fact_count, fact_cursor, case_no, fact_of[i]);
		STRETCH_FIND(state_rows, state_count, state_cursor, case_no, states);
		if (states.count != 1)
			return fail(ERR_INTERNAL, "case %lld has no state", (long long)case_no);
		const struct case_states_row *state = &state_rows[states.first];
		book.cases[i] = (struct book_case){
			.case_no = case_no,
			.state = state,
			.next_event_no = state->event_count + 1,
			.next_fact_no = state->fact_count + 1,
			.next_letter_no = state->letter_count + 1,
			.alone = claim_rows[i].alone != 0,
			.client_no = claim_rows[i].client_no,
			.debtor_id = claim_rows[i].debtor_id,
		};
	}
	groups_make(&book, claims, facts, fact_of);
	*ret_book = book;
	return OK;
}

/* Of the cases at the given places in book->cases. */
static err_t events_read(struct book *book, const size_t *places, size_t place_count)
{
	struct case_events_row *rows;
	size_t row_count, cursor = 0;
	if (!place_count)
		return OK;
	int64_t *ids = arena_many(book->arena, place_count, int64_t);
	for (size_t i = 0; i < place_count; i++)
		ids[i] = book->cases[places[i]].case_no;
	TRY(pick_ids(book->op, book->arena, ids, place_count));
	TRY(q_case_events(book->op->db, book->arena, &rows, &row_count));
	for (size_t i = 0; i < place_count; i++) {
		struct book_case *entry = &book->cases[places[i]];
		struct stretch stretch;
		STRETCH_FIND(rows, row_count, cursor, entry->case_no, stretch);
		entry->events = rows + stretch.first;
		entry->event_count = stretch.count;
	}
	return OK;
}

err_t book_events_read(struct book *book)
{
	size_t *places = arena_many(book->arena, book->case_count, size_t);
	for (size_t i = 0; i < book->case_count; i++)
		places[i] = i;
	return events_read(book, places, book->case_count);
}

struct book_case *book_case_of(const struct book *book, int64_t case_no)
{
	size_t low = 0, end = book->case_count;
	while (low < end) {
		size_t middle = low + (end - low) / 2;
		if (book->cases[middle].case_no == case_no)
			return &book->cases[middle];
		if (book->cases[middle].case_no < case_no)
			low = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

void book_fact(struct book *book, int64_t case_no, struct fact fact, int64_t payment_id)
{
	struct book_case *entry = book_case_of(book, case_no);
	require(entry);
	struct group_facts *group = &book->groups[entry->group_index];
	fact.case_no = case_no;
	fact.fact_no = entry->next_fact_no++;
	fact.booked_on = book->op->today;
	struct fact *facts =
		arena_grow(book->arena, group->facts, group->fact_count, group->fact_count + 1, sizeof *facts);
	facts[group->fact_count++] = fact;
	group->facts = facts;
	struct book_writes *writes = book->writes;
	*ROW_ADD(book, writes->facts, writes->fact_count, writes->fact_capacity) = (struct case_fact_insert_row){
		.case_id = case_no,
		.fact_no = fact.fact_no,
		.kind = str_from_z(fact_kind_name(fact.kind)),
		.counts_on = fact.counts_on,
		.booked_on = fact.booked_on,
		.ledger_on = fact.ledger_on,
		.until_on = fact.until,
		.amount_minor = fact.amount,
		.code = fact.code.at ? fact.code : S(""),
		.number = fact.number,
		.payment_id = payment_id,
		.has_payment_id = payment_id != 0,
		.note = fact.note.at ? fact.note : S(""),
		.by_user = book->op->user,
	};
}

/* ---- replaying ---- */

/* Cases are stepped to the last night, but a case the night has not come to yet only to the day before it is due. */
date book_stepped_until(const struct book *book, size_t group_index)
{
	const struct group_facts *group = &book->groups[group_index];
	date until = book->terms->last_night, stepped = DATE_NONE;
	for (size_t i = 0; i < group->claim_count; i++) {
		const struct book_case *entry = book_case_of(book, group->claims[i].case_no);
		if (!entry->state)
			continue;
		stepped = date_max(stepped, entry->state->stepped_on);
		if (!date_is_none(entry->state->wake_on) && !date_after(entry->state->wake_on, until))
			until = date_add(entry->state->wake_on, -1);
	}
	return date_max(until, stepped);
}

/* ---- comparing ---- */

static struct entry row_entry(const struct case_events_row *row)
{
	return ENTRY_OF_ROW(row);
}

static bool date_same(date a, date b)
{
	return a.day == b.day;
}

static bool event_matches(const struct case_events_row *row, const struct life_event *event)
{
	struct entry entry = row_entry(row);
	return str_eq_z(row->what, event_kind_name(event->kind)) && date_same(row->counts_on, event->on) &&
	       date_same(row->ledger_on, event->ledger_on) && date_same(row->deadline_on, event->deadline) &&
	       (row->has_fact_no ? row->fact_no : 0) == event->fact_no &&
	       (row->has_other_id ? row->other_id : 0) == event->other_case && entry_eq(&entry, &event->entry);
}

static uint64_t print_mix(uint64_t print, int64_t value)
{
	print = (print ^ (uint64_t)value) * UINT64_C(0x9E3779B97F4A7C15);
	return print ^ print >> 29;
}

/* All that event_matches() compares. */
static uint64_t event_print(const struct life_event *event)
{
	uint64_t print = 1;
	for (const char *at = event_kind_name(event->kind); *at; at++)
		print = print_mix(print, *at);
	print = print_mix(print_mix(print, event->on.day), event->ledger_on.day);
	print = print_mix(print_mix(print, event->deadline.day), event->fact_no);
	print = print_mix(print, event->other_case);
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (event->entry.column[i].minor)
			print = print_mix(print_mix(print, i), event->entry.column[i].minor);
	return print;
}

/* The prints of several events are added up, so that their order does not matter. */
static int64_t events_print(const struct life_case *life)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < life->event_count; i++)
		sum += event_print(&life->events[i]);
	return (int64_t)sum; /* the same 64 bits */
}

/* Does the replay begin with just the events that stand in the book? */
static void events_stand(struct book_case *entry)
{
	uint64_t sum = 0, stored = (uint64_t)entry->state->event_print;
	size_t count = 0;
	while (sum != stored && count < entry->life->event_count)
		sum += event_print(&entry->life->events[count++]);
	entry->stands = sum == stored;
	entry->standing_count = count;
}

/* Which stored events stand (not reversed, not a reversal) and have no match among the replay's, and the other way. */
struct difference {
	bool *row_is_extra;   /* by stored event */
	bool *event_is_extra; /* by replayed event */
	size_t extra_count;
};

static struct difference difference_find(struct arena *arena, const struct book_case *entry)
{
	struct difference difference = {
		.row_is_extra = arena_many(arena, entry->event_count, bool),
		.event_is_extra = arena_many(arena, entry->life->event_count, bool),
	};
	if (entry->stands) {
		for (size_t i = entry->standing_count; i < entry->life->event_count; i++)
			difference.event_is_extra[i] = true;
		difference.extra_count = entry->life->event_count - entry->standing_count;
		return difference;
	}
	for (size_t i = 0; i < entry->event_count; i++)
		difference.row_is_extra[i] = !entry->events[i].has_reverses;
	for (size_t i = 0; i < entry->event_count; i++)
		if (entry->events[i].has_reverses)
			for (size_t k = 0; k < i; k++)
				if (entry->events[k].event_no == entry->events[i].reverses)
					difference.row_is_extra[k] = false;
	size_t row_next = 0;
	for (size_t i = 0; i < entry->life->event_count; i++) {
		const struct life_event *event = &entry->life->events[i];
		difference.event_is_extra[i] = true;
		/* Nearly always the next stored event is the one; after a late fact the order may differ. */
		for (size_t n = 0; n < entry->event_count; n++) {
			size_t k = (row_next + n) % entry->event_count;
			if (!difference.row_is_extra[k] || !event_matches(&entry->events[k], event))
				continue;
			difference.row_is_extra[k] = false;
			difference.event_is_extra[i] = false;
			row_next = k + 1;
			break;
		}
		difference.extra_count += difference.event_is_extra[i];
	}
	for (size_t i = 0; i < entry->event_count; i++)
		difference.extra_count += difference.row_is_extra[i];
	return difference;
}

/* ---- what is to be written ---- */

struct event_writing { /* one row of the journal about to be written */
	const struct book_case *entry;
	str what;
	date on, booked_on, ledger_on, deadline;
	int64_t event_no, fact_no, reverses, other_case;
	struct entry amounts;
};

static void event_write(struct book *book, const struct event_writing *writing)
{
	struct book_writes *writes = book->writes;
	const struct entry *amounts = &writing->amounts;
	require(entry_balances(amounts));
	*ROW_ADD(book, writes->events, writes->event_count, writes->event_capacity) = (struct case_event_insert_row){
		.case_id = writing->entry->case_no,
		.event_no = writing->event_no,
		.what = writing->what,
		.counts_on = writing->on,
		.booked_on = writing->booked_on,
		.ledger_on = writing->ledger_on,
		.fact_no = writing->fact_no,
		.has_fact_no = writing->fact_no != 0,
		.reverses = writing->reverses,
		.has_reverses = writing->reverses != 0,
		.deadline_on = writing->deadline,
		.other_id = writing->other_case,
		.has_other_id = writing->other_case != 0,
		.owed_minor = entry_owed(amounts),
		.principal_minor = amounts->column[COLUMN_PRINCIPAL],
		.accrued_minor = amounts->column[COLUMN_ACCRUED],
		.interest_minor = amounts->column[COLUMN_INTEREST],
		.fee_minor = amounts->column[COLUMN_FEE],
		.compensation_minor = amounts->column[COLUMN_COMPENSATION],
		.salaer_minor = amounts->column[COLUMN_SALAER],
		.plan_fee_minor = amounts->column[COLUMN_PLAN_FEE],
		.legal_minor = amounts->column[COLUMN_LEGAL],
		.hold_minor = amounts->column[COLUMN_HOLD],
		.client_minor = amounts->column[COLUMN_CLIENT],
		.refund_minor = amounts->column[COLUMN_REFUND],
		.drawable_minor = amounts->column[COLUMN_DRAWABLE],
		.own_minor = amounts->column[COLUMN_OWN],
		.salaer_income_minor = amounts->column[COLUMN_SALAER_INCOME],
		.commission_minor = amounts->column[COLUMN_COMMISSION],
		.vat_minor = amounts->column[COLUMN_VAT],
		.outlay_minor = amounts->column[COLUMN_OUTLAY],
	};
	date ledger_on = date_is_none(writing->ledger_on) ? writing->on : writing->ledger_on;
	tally_entry(&writes->tally, book->arena, amounts, writing->on, ledger_on);
	if (amounts->column[COLUMN_CLIENT].minor)
		*ROW_ADD(book, writes->dues, writes->due_count, writes->due_capacity) = (struct client_due_insert_row){
			.client_no = writing->entry->client_no,
			.case_id = writing->entry->case_no,
			.event_no = writing->event_no,
			.booked_on = writing->booked_on,
			.amount_minor = money_neg(amounts->column[COLUMN_CLIENT]),
		};
}

/* The bank payment an event's refund goes back to, when its fact is among the new ones; 0: the settlement finds it. */
static int64_t refund_payment(const struct book *book, const struct event_writing *writing)
{
	const struct book_writes *writes = book->writes;
	/* A payment may have come on the KID of a claim joined to the case: the fact is that claim's. */
	int64_t case_no = writing->other_case ? writing->other_case : writing->entry->case_no;
	for (size_t i = 0; i < writes->fact_count; i++)
		if (writes->facts[i].case_id == case_no && writes->facts[i].fact_no == writing->fact_no)
			return writes->facts[i].payment_id;
	return 0;
}

static void refund_write(struct book *book, const struct event_writing *writing)
{
	money amount = money_neg(writing->amounts.column[COLUMN_REFUND]);
	if (!amount.minor)
		return;
	struct book_writes *writes = book->writes;
	*ROW_ADD(book, writes->refunds, writes->refund_count, writes->refund_capacity) =
		(struct refund_due_insert_row){
			.payment_id = refund_payment(book, writing),
			.case_id = writing->entry->case_no,
			.event_no = writing->event_no,
			.booked_on = writing->booked_on,
			.amount_minor = amount,
		};
}

/* What the letter table shows: the parts of what is owed at the end of the sending day. */
static void letter_write(struct book *book, struct book_case *entry, const struct life_event *event, int64_t event_no,
	struct book_replay replay)
{
	const struct entry *printed = &event->printed;
	struct book_writes *writes = book->writes;
	*ROW_ADD(book, writes->letters, writes->letter_count, writes->letter_capacity) = (struct letter_insert_row){
		.case_id = entry->case_no,
		.letter_no = entry->next_letter_no++,
		.kind = str_from_z(event_kind_name(event->kind)),
		.event_no = event_no,
		.ordered_on = replay.day,
		.send_by = replay.day,
		.handed_on = replay.how == BOOK_NIGHT ? replay.day : DATE_NONE,
		.deadline_on = event->deadline,
		.balance_minor = event->printed_balance,
		.principal_minor = printed->column[COLUMN_PRINCIPAL],
		.interest_minor = printed->column[COLUMN_INTEREST],
		.fee_minor = printed->column[COLUMN_FEE],
		.compensation_minor = printed->column[COLUMN_COMPENSATION],
		.salaer_minor = printed->column[COLUMN_SALAER],
		.plan_fee_minor = printed->column[COLUMN_PLAN_FEE],
		.legal_minor = printed->column[COLUMN_LEGAL],
	};
}

static void reversal_write(struct book *book, struct book_case *entry, const struct case_events_row *row, date booked_on)
{
	struct entry stored = row_entry(row);
	struct event_writing writing = {
		.entry = entry,
		.what = row->what,
		.on = row->counts_on,
		.booked_on = booked_on,
		.ledger_on = row->ledger_on,
		.deadline = row->deadline_on,
		.event_no = entry->next_event_no++,
		.fact_no = row->has_fact_no ? row->fact_no : 0,
		.reverses = row->event_no,
		.other_case = row->has_other_id ? row->other_id : 0,
		.amounts = entry_neg(&stored),
	};
	event_write(book, &writing);
	refund_write(book, &writing);
}

/* A step that only changed its amount or day is the same letter: it is not sent again. */
static bool letter_stays(const struct book_case *entry, const struct difference *difference, enum event_kind kind)
{
	for (size_t i = 0; i < entry->event_count; i++)
		if (difference->row_is_extra[i] && str_eq_z(entry->events[i].what, event_kind_name(kind)))
			return true;
	return false;
}

/* A late fact may bring a step of a day that is past. Its letter goes out now, but not about a case that is closed by now
 * or rests: nothing is sent inside an objection. */
static bool letter_may_go(const struct book_case *entry, const struct life_event *event, date day)
{
	if (!event_is_letter(event->kind) || !date_is_none(entry->life->closed_on))
		return false;
	if (event->kind == EVENT_PLAN || date_eq(event->on, day))
		return true;
	enum stage stage = entry->life->stage;
	return stage != STAGE_DISPUTED && stage != STAGE_BLOCKED && stage != STAGE_DEFERRED && stage != STAGE_PLAN;
}

static bool letter_replaced(const struct book_case *entry, const struct difference *difference, str what)
{
	for (size_t i = 0; i < entry->life->event_count; i++)
		if (difference->event_is_extra[i] && str_eq_z(what, event_kind_name(entry->life->events[i].kind)))
			return true;
	return false;
}

/* An event that a person has to know of, new or reversed. */
static struct task_event *task_event_add(struct book *book, const struct book_case *entry, enum event_kind kind, date on)
{
	struct book_writes *writes = book->writes;
	struct task_event *event = ROW_ADD(book, writes->task_events, writes->task_event_count,
		writes->task_event_capacity);
	*event = (struct task_event){
		.case_no = entry->case_no,
		.client_no = entry->client_no,
		.kind = kind,
		.on = on,
		.limitation_on = entry->life->limitation_on,
	};
	return event;
}

static str new_fact_note(const struct book_writes *writes, const struct book_case *entry, const struct life_event *event)
{
	for (size_t i = 0; event->fact_no && i < writes->fact_count; i++)
		if (writes->facts[i].case_id == entry->case_no && writes->facts[i].fact_no == event->fact_no)
			return writes->facts[i].note;
	return S("");
}

static void case_compare(struct book *book, struct book_case *entry, struct book_replay replay)
{
	struct difference difference = difference_find(book->arena, entry);
	if (!difference.extra_count)
		return;
	struct book_writes *writes = book->writes;
	for (size_t i = 0; i < entry->event_count; i++) {
		const struct case_events_row *row = &entry->events[i];
		if (!difference.row_is_extra[i])
			continue;
		reversal_write(book, entry, row, replay.day);
		enum event_kind kind;
		if (!event_kind_named(row->what, &kind))
			continue;
		if (task_follows(kind))
			task_event_add(book, entry, kind, row->counts_on)->is_gone = true;
		if (event_is_letter(kind) && !letter_replaced(entry, &difference, row->what))
			*ROW_ADD(book, writes->gone, writes->gone_count, writes->gone_capacity) =
				(struct letter_old){ entry->case_no, row->event_no };
	}
	for (size_t i = 0; i < entry->life->event_count; i++) {
		const struct life_event *event = &entry->life->events[i];
		if (!difference.event_is_extra[i])
			continue;
		struct event_writing writing = {
			.entry = entry,
			.what = str_from_z(event_kind_name(event->kind)),
			.on = event->on,
			.booked_on = replay.day,
			.ledger_on = event->ledger_on,
			.deadline = event->deadline,
			.event_no = entry->next_event_no++,
			.fact_no = event->fact_no,
			.other_case = event->other_case,
			.amounts = event->entry,
		};
		event_write(book, &writing);
		refund_write(book, &writing);
		if (task_follows(event->kind))
			task_event_add(book, entry, event->kind, event->on)->note = new_fact_note(writes, entry, event);
		if (letter_may_go(entry, event, replay.day) && !letter_stays(entry, &difference, event->kind))
			letter_write(book, entry, event, writing.event_no, replay);
	}
}

/* What state the replay gives; counters come from what has been handed out. */
static struct case_state_update_row state_row(const struct book_case *entry, date stepped_on)
{
	const struct life_case *life = entry->life;
	bool one_claim = life->claim_count == 1;
	return (struct case_state_update_row){
		.case_id = entry->case_no,
		.stage = str_from_z(stage_name(life->stage)),
		.next_step = str_from_z(life->next_step),
		.next_on = life->next_on,
		.wake_on = life->wake_on,
		.stepped_on = stepped_on,
		.closed_on = life->closed_on,
		.carrier_id = life->carrier_no,
		.has_carrier_id = life->carrier_no != 0,
		.principal_minor = life->principal,
		.costs_minor = life->costs,
		.compensation_minor = life->compensation_coming,
		.paid_minor = life->paid,
		.refund_minor = life->refund,
		.interest_sum = one_claim ? life->interest_sum : 0,
		.interest_on = one_claim ? life->interest_on : DATE_NONE,
		.interest_paid_minor = one_claim ? life->interest_covered : MONEY_ZERO,
		.event_count = entry->next_event_no - 1,
		.fact_count = entry->next_fact_no - 1,
		.letter_count = entry->next_letter_no - 1,
		.event_print = events_print(life),
	};
}

/* How far it has been stepped is asked of a whole group: it is enough that those which changed say so. */
static bool state_is_same(const struct case_states_row *stored, const struct case_state_update_row *row)
{
	return str_eq(stored->stage, row->stage) && str_eq(stored->next_step, row->next_step) &&
	       date_same(stored->next_on, row->next_on) && date_same(stored->wake_on, row->wake_on) &&
	       date_same(stored->closed_on, row->closed_on) &&
	       (stored->has_carrier_id ? stored->carrier_id : 0) == row->carrier_id &&
	       stored->principal_minor.minor == row->principal_minor.minor &&
	       stored->costs_minor.minor == row->costs_minor.minor &&
	       stored->compensation_minor.minor == row->compensation_minor.minor &&
	       stored->paid_minor.minor == row->paid_minor.minor &&
	       stored->refund_minor.minor == row->refund_minor.minor && stored->interest_sum == row->interest_sum &&
	       date_same(stored->interest_on, row->interest_on) &&
	       stored->interest_paid_minor.minor == row->interest_paid_minor.minor &&
	       stored->event_count == row->event_count && stored->fact_count == row->fact_count &&
	       stored->letter_count == row->letter_count && stored->event_print == row->event_print;
}

void book_replay(struct book *book, struct book_replay replay)
{
	book->replay = replay;
	book->stepped_until = arena_many(book->arena, book->group_count, date);
	for (size_t i = 0; i < book->group_count; i++) {
		date stored = book_stepped_until(book, i);
		date stepped = replay.how == BOOK_FACTS ? stored : date_max(stored, replay.day);
		book->stepped_until[i] = stepped;
		struct life_span span = { .until = stepped, .steps_until = stepped };
		life_replay(&book->groups[i], book->op->law, span, book->arena, &book->lives[i]);
	}
	for (size_t i = 0; i < book->case_count; i++) {
		struct book_case *entry = &book->cases[i];
		entry->life = &book->lives[entry->group_index].cases[entry->claim_index];
	}
}

/* What is to be written after a replay. */
static err_t changes_find(struct book *book)
{
	struct book_writes *writes = book->writes;
	size_t *places = arena_many(book->arena, book->case_count, size_t), place_count = 0;
	for (size_t i = 0; i < book->case_count; i++) {
		if (!book->cases[i].events)
			events_stand(&book->cases[i]);
		if (!book->cases[i].events && !book->cases[i].stands)
			places[place_count++] = i;
	}
	TRY(events_read(book, places, place_count));
	for (size_t i = 0; i < book->case_count; i++) {
		struct book_case *entry = &book->cases[i];
		case_compare(book, entry, book->replay);
		struct case_state_update_row row = state_row(entry, book->stepped_until[entry->group_index]);
		if (!state_is_same(entry->state, &row))
			*ROW_ADD(book, writes->states, writes->state_count, writes->state_capacity) = row;
	}
	return OK;
}

date book_claim_new(struct book *book, const struct claim_facts *claim, const struct fact *facts, size_t fact_count,
	int64_t client_no, int64_t debtor_id)
{
	struct book_writes *writes = book->writes;
	struct book_case *entry = arena_new(book->arena, struct book_case);
	*entry = (struct book_case){
		.case_no = claim->case_no,
		.next_event_no = 1,
		.next_fact_no = i64_from_size(fact_count) + 1,
		.next_letter_no = 1,
		.alone = claim->alone,
		.client_no = client_no,
		.debtor_id = debtor_id,
	};
	struct group_facts group = { .claims = claim, .claim_count = 1, .facts = facts, .fact_count = fact_count };
	struct life_span span = { .until = DATE_NONE, .steps_until = DATE_NONE };
	struct life life;
	life_replay(&group, book->op->law, span, book->arena, &life);
	entry->life = &life.cases[0];
	entry->stands = true;
	case_compare(book, entry, (struct book_replay){ BOOK_FACTS, book->op->today });
	struct case_state_update_row row = state_row(entry, DATE_NONE);
	*ROW_ADD(book, writes->new_states, writes->new_state_count, writes->new_state_capacity) =
		(struct case_state_insert_row){
			.case_id = row.case_id,
			.stage = row.stage,
			.next_step = row.next_step,
			.next_on = row.next_on,
			.wake_on = row.wake_on,
			.stepped_on = row.stepped_on,
			.closed_on = row.closed_on,
			.principal_minor = row.principal_minor,
			.costs_minor = row.costs_minor,
			.compensation_minor = row.compensation_minor,
			.paid_minor = row.paid_minor,
			.refund_minor = row.refund_minor,
			.interest_sum = row.interest_sum,
			.interest_on = row.interest_on,
			.interest_paid_minor = row.interest_paid_minor,
			.event_count = row.event_count,
			.fact_count = row.fact_count,
			.letter_count = row.letter_count,
			.event_print = row.event_print,
		};
	return row.wake_on;
}

/* Letters ordered and not handed over are withdrawn when their case closes. */
static err_t closed_letters_withdraw(struct book *book)
{
	struct db_pick *picks = arena_many(book->arena, book->case_count, struct db_pick);
	size_t count = 0;
	for (size_t i = 0; i < book->case_count; i++) {
		const struct book_case *entry = &book->cases[i];
		bool was_open = date_is_none(entry->state->closed_on);
		if (was_open && entry->life && !date_is_none(entry->life->closed_on) && entry->state->letter_count > 0)
			picks[count++].id = entry->case_no;
	}
	if (!count)
		return OK;
	TRY(db_pick(book->op->db, picks, count));
	return q_letter_withdraw_closed(book->op->db, book->op->today);
}

/* ---- telling clients' programs ---- */

/* What came in with a payment: what it covered (interest accrued is posted in the same entry, and is no part of it), and
 * what is owed back of it. */
static money row_paid(const struct case_event_insert_row *row)
{
	money covered = money_sub(row->accrued_minor, row->owed_minor);
	return money_sub(covered, row->refund_minor);
}

static bool row_topic(const struct case_event_insert_row *row, enum webhook_topic *ret_topic)
{
	enum event_kind kind;
	if (row->has_reverses || !event_kind_named(row->what, &kind))
		return false;
	if (event_is_step(kind))
		*ret_topic = WEBHOOK_CASE_STEP;
	else if (kind == EVENT_CLOSED || kind == EVENT_GIVEN_UP || kind == EVENT_WITHDRAWN || kind == EVENT_JOINED)
		*ret_topic = WEBHOOK_CASE_CLOSED;
	else if (kind == EVENT_PAYMENT || kind == EVENT_DIRECT_PAYMENT)
		*ret_topic = WEBHOOK_PAYMENT_BOOKED;
	else if (kind == EVENT_OBJECTION)
		*ret_topic = WEBHOOK_OBJECTION_MADE;
	else
		return false;
	return true;
}

/* A late fact takes events back and books them again, changed a little: that has been told. Rows of a case lie together. */
static bool was_told(const struct book_writes *writes, size_t index)
{
	const struct case_event_insert_row *row = &writes->events[index];
	for (size_t i = index; i > 0 && writes->events[i - 1].case_id == row->case_id; i--) {
		const struct case_event_insert_row *old = &writes->events[i - 1];
		if (old->has_reverses && str_eq(old->what, row->what) && (old->has_fact_no ? old->fact_no : 0) ==
									 (row->has_fact_no ? row->fact_no : 0))
			return true;
	}
	return false;
}

static err_t webhooks_tell(const struct book *book)
{
	const struct book_writes *writes = book->writes;
	struct webhook_notice *notices = arena_many(book->arena, writes->event_count, struct webhook_notice);
	size_t count = 0;
	for (size_t i = 0; i < writes->event_count; i++) {
		const struct case_event_insert_row *row = &writes->events[i];
		const struct book_case *entry = book_case_of(book, row->case_id);
		enum webhook_topic topic;
		if (!entry || !row_topic(row, &topic) || was_told(writes, i))
			continue;
		notices[count++] = (struct webhook_notice){
			.topic = topic,
			.client_no = entry->client_no,
			.number = row->case_id,
			.what = row->what,
			.on = row->counts_on,
			.deadline_on = topic == WEBHOOK_CASE_STEP ? row->deadline_on : DATE_NONE,
			.other_no = topic == WEBHOOK_CASE_CLOSED && row->has_other_id ? row->other_id : 0,
			.has_amount = topic == WEBHOOK_PAYMENT_BOOKED,
			.amount = topic == WEBHOOK_PAYMENT_BOOKED ? row_paid(row) : MONEY_ZERO,
		};
	}
	return webhook_tell(book->op, book->arena, notices, count);
}

err_t book_save(struct book *book, struct book_change_counts *ret_counts)
{
	struct db *db = book->op->db;
	struct book_writes *writes = book->writes;
	if (book->stepped_until)
		TRY(changes_find(book));
	for (size_t i = 0; i < writes->gone_count; i++)
		TRY(q_letter_withdraw(db, book->op->today, writes->gone[i].case_no, writes->gone[i].event_no));
	TRY(closed_letters_withdraw(book));
	TRY(q_case_fact_insert(db, writes->facts, writes->fact_count));
	TRY(q_case_event_insert(db, writes->events, writes->event_count));
	TRY(q_letter_insert(db, writes->letters, writes->letter_count));
	TRY(q_client_due_insert(db, writes->dues, writes->due_count));
	TRY(q_refund_due_insert(db, writes->refunds, writes->refund_count));
	TRY(q_case_state_insert(db, writes->new_states, writes->new_state_count));
	TRY(q_case_state_update(db, writes->states, writes->state_count));
	TRY(tally_save(&writes->tally, db, book->arena));
	TRY(task_events_take(book->op, book->arena, writes->task_events, writes->task_event_count));
	TRY(webhooks_tell(book));
	*ret_counts = (struct book_change_counts){
		.events = i64_from_size(writes->event_count),
		.letters = i64_from_size(writes->letter_count),
		.cases = i64_from_size(writes->state_count + writes->new_state_count),
	};
	return OK;
}

/* ---- checking and asking ---- */

void book_check(struct book *book)
{
	for (size_t i = 0; i < book->group_count; i++) {
		date stepped = book_stepped_until(book, i);
		struct life_span span = { .until = stepped, .steps_until = stepped };
		life_replay(&book->groups[i], book->op->law, span, book->arena, &book->lives[i]);
	}
	for (size_t i = 0; i < book->case_count; i++) {
		struct book_case *entry = &book->cases[i];
		entry->life = &book->lives[entry->group_index].cases[entry->claim_index];
	}
}

struct entry book_entry_of(const struct case_events_row *row)
{
	return row_entry(row);
}

/* A day without a night that was noted after the case was stored: what was due in it waits for the night that takes the
 * case up (one cut short after noting it has not, nor one that found a letter not handed over). */
static bool due_day_holds(const struct terms_book *terms, date stored, date now)
{
	for (size_t i = 0; i < terms->gap_count && !date_is_none(stored) && !date_is_none(now); i++)
		if (!date_before(stored, terms->gaps[i].first) && !date_after(stored, terms->gaps[i].last))
			return date_after(now, terms->gaps[i].last);
	return date_same(stored, now);
}

static bool state_holds(const struct book *book, const struct book_case *entry, str *ret_difference)
{
	const struct case_states_row *stored = entry->state;
	struct case_state_update_row now = state_row(entry, stored->stepped_on);
	const struct {
		const char *what;
		bool same;
	} checks[] = {
		{ "stage", str_eq(stored->stage, now.stage) },
		{ "next step", str_eq(stored->next_step, now.next_step) },
		{ "next day", due_day_holds(book->terms, stored->next_on, now.next_on) },
		{ "wake day", due_day_holds(book->terms, stored->wake_on, now.wake_on) },
		{ "closing day", date_same(stored->closed_on, now.closed_on) },
		{ "carrying case", (stored->has_carrier_id ? stored->carrier_id : 0) == now.carrier_id },
		{ "principal", stored->principal_minor.minor == now.principal_minor.minor },
		{ "costs", stored->costs_minor.minor == now.costs_minor.minor },
		{ "paid", stored->paid_minor.minor == now.paid_minor.minor },
		{ "refund", stored->refund_minor.minor == now.refund_minor.minor },
		{ "print of the events", stored->event_print == now.event_print },
		{ "interest covered", stored->interest_paid_minor.minor == now.interest_paid_minor.minor },
	};
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (!checks[i].same) {
			*ret_difference = str_from_z(checks[i].what);
			return false;
		}
	return true;
}

bool book_case_holds(const struct book *book, const struct book_case *entry, str *ret_difference)
{
	struct difference difference = difference_find(book->arena, entry);
	for (size_t i = 0; i < entry->event_count; i++)
		if (difference.row_is_extra[i]) {
			*ret_difference = str_format(book->arena, "event %lld (%.*s of %s) does not follow from the facts",
				(long long)entry->events[i].event_no, STR_ARG(entry->events[i].what),
				date_iso(entry->events[i].counts_on).z);
			return false;
		}
	for (size_t i = 0; i < entry->life->event_count; i++)
		if (difference.event_is_extra[i]) {
			*ret_difference = str_format(book->arena, "%s of %s follows from the facts and is not booked",
				event_kind_name(entry->life->events[i].kind), date_iso(entry->life->events[i].on).z);
			return false;
		}
	str what;
	if (state_holds(book, entry, &what))
		return true;
	*ret_difference = str_format(book->arena, "the stored %.*s is not what the facts give", STR_ARG(what));
	return false;
}

/* Facts, claims and gaps that were known on a day. */
static void group_known(struct book *book, struct group_facts *group, date known_on)
{
	struct fact *facts = arena_many(book->arena, group->fact_count, struct fact);
	size_t count = 0;
	for (size_t i = 0; i < group->fact_count; i++)
		if (!date_after(group->facts[i].booked_on, known_on))
			facts[count++] = group->facts[i];
	group->facts = facts;
	group->fact_count = count;
}

err_t book_ask(const struct op *op, const struct terms_book *terms, struct arena *arena, int64_t case_no,
	struct book_question question, const struct fact *extra, struct life_case *ret_case, struct book *ret_book)
{
	struct book book;
	TRY(book_open(op, terms, arena, &case_no, 1, &book));
	struct book_case *entry = book_case_of(&book, case_no);
	if (!entry)
		return fail(ERR_INPUT, "there is no case %lld", (long long)case_no);
	struct group_facts *group = &book.groups[entry->group_index];
	date stepped = date_is_none(question.steps_until) ? book_stepped_until(&book, entry->group_index)
							  : question.steps_until;
	if (!date_is_none(question.known_on)) {
		group_known(&book, group, question.known_on);
		stepped = date_min(stepped, question.known_on);
	}
	if (extra) {
		struct fact *facts =
			arena_grow(arena, group->facts, group->fact_count, group->fact_count + 1, sizeof *facts);
		facts[group->fact_count] = *extra;
		facts[group->fact_count++].fact_no = entry->next_fact_no;
		group->facts = facts;
	}
	struct life_span span = {
		.until = question.as_of,
		.steps_until = date_min(stepped, question.as_of),
		.explain = true,
	};
	life_replay(group, op->law, span, arena, &book.lives[entry->group_index]);
	*ret_case = book.lives[entry->group_index].cases[entry->claim_index];
	*ret_book = book;
	return OK;
}
