/* The book of cases: load groups of cases, work facts in, save the difference. Everything that changes a case goes
 * through here, so that what is stored is always the replay of the facts (core/life.h).
 *
 *	book_open → book_fact… → book_replay → book_save
 *
 * A batch is a thousand cases or so; its memory is the arena given, which the caller resets between batches. */
#ifndef KRAVBOK_APP_BOOK_H
#define KRAVBOK_APP_BOOK_H

#include "app/op.h"
#include "core/life.h"

struct case_events_row;
struct case_states_row;

struct book_case {
	int64_t case_no;
	size_t group_index, claim_index; /* its life is lives[group_index].cases[claim_index] */
	const struct case_states_row *state; /* as stored; NULL: a claim just taken in */
	const struct case_events_row *events; /* as stored, reversed ones among them; NULL: not read (book_events_read) */
	size_t event_count;
	bool stands; /* events are not read: the replay begins with just those that stand, standing_count of them */
	size_t standing_count;
	int64_t next_event_no, next_fact_no, next_letter_no;
	bool alone;
	int64_t client_no, debtor_id;
	struct life_case *life; /* after book_replay */
};

/* Terms of every client, read once for a command. */
struct terms_book {
	struct terms *terms;
	int64_t *terms_nos;
	size_t count;
	struct night_gap *gaps;
	size_t gap_count;
	date last_night; /* DATE_NONE: none yet */
};
err_t terms_book_load(const struct op *op, struct terms_book *ret_book) MUST_CHECK;
const struct terms *terms_book_find(const struct terms_book *book, int64_t client_no, int64_t terms_no);

enum book_how {
	BOOK_NIGHT, /* steps up to the end of `day`, booked on it, letters handed over on their day */
	BOOK_PLAIN_NIGHT, /* the same, letters wait to be handed over */
	BOOK_FACTS, /* no step that the last night has not taken; booked today */
};
struct book_replay {
	enum book_how how;
	date day; /* the night's; the booking day otherwise */
};

struct book_writes;

struct book {
	const struct op *op;
	const struct terms_book *terms;
	struct arena *arena;
	struct book_case *cases; /* by case number */
	size_t case_count;
	struct group_facts *groups;
	struct life *lives;
	size_t group_count;
	struct book_writes *writes;
	struct book_replay replay; /* the last one, and how far it stepped each group */
	date *stepped_until;
};

/* Loads the groups of the given cases (each group whole). Unknown numbers are left out. */
err_t book_open(const struct op *op, const struct terms_book *terms, struct arena *arena, const int64_t *case_nos,
	size_t case_count, struct book *ret_book) MUST_CHECK;

/* Reads the stored events of all cases. Saving reads those it needs by itself: of cases in which something has changed before
 * the events that are new. */
err_t book_events_read(struct book *book) MUST_CHECK;

struct book_case *book_case_of(const struct book *book, int64_t case_no); /* NULL: not loaded */

/* Adds a fact to a loaded case; its number and booking day are set here. Stored by book_save. */
void book_fact(struct book *book, int64_t case_no, struct fact fact, int64_t payment_id);

void book_replay(struct book *book, struct book_replay replay);

struct book_change_counts {
	int64_t events, letters, cases;
};
/* Compares the last book_replay with what is stored, and writes the difference. */
err_t book_save(struct book *book, struct book_change_counts *ret_counts) MUST_CHECK;

/* A claim just inserted (app/intake.c): makes its life and adds its first events and state to what book_save writes. Returns
 * the first day time alone brings it something. */
date book_claim_new(struct book *book, const struct claim_facts *claim, const struct fact *facts, size_t fact_count,
	int64_t client_no, int64_t debtor_id);
/* An empty batch, for intake. */
void book_empty(const struct op *op, const struct terms_book *terms, struct arena *arena, struct book *ret_book);

/* The span a stored book is the replay of: what `kravbok verify` repeats. */
date book_stepped_until(const struct book *book, size_t group_index);

/* Replays every group over its stored span and sets the cases' lives; nothing is compared or written. */
void book_check(struct book *book);

/* A stored event's amounts. */
struct entry book_entry_of(const struct case_events_row *row);

/* True when what is stored of the case is what the replay gives; the first difference is told. */
bool book_case_holds(const struct book *book, const struct book_case *entry, str *ret_difference);

/* A question about a group: facts known on a day only, explained. Loads it into arena. */
struct book_question {
	date as_of;
	date known_on; /* DATE_NONE: all that is known */
	date steps_until; /* DATE_NONE: the last night */
};
err_t book_ask(const struct op *op, const struct terms_book *terms, struct arena *arena, int64_t case_no,
	struct book_question question, const struct fact *extra, struct life_case *ret_case, struct book *ret_book)
	MUST_CHECK;

#endif
