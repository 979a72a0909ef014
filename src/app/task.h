/* The work list: what waits for a person, by the day it must be done.
 *
 *	open     nobody's, or taken by a person
 *	done     done_at is set: finished by a person, or by what has happened to the case since
 *
 * Tasks come by themselves from the journal's new events (book_save calls task_events_take): an objection, a broken plan, a
 * warning before limitation, a block; whatever channel the fact came by. They go by themselves when the objection is
 * resolved, a new plan is made, the block lifted, or the event turns out not to have been (a late payment). An open task of
 * a kind is not opened twice in one case. The others are opened by the use cases that know of them (message, policy).
 *
 * Payments on hold are shown in the same list as tasks of kind payment_hold; they are dealt with by payment_assign and
 * payment_refund, and cannot be taken. */
#ifndef KRAVBOK_APP_TASK_H
#define KRAVBOK_APP_TASK_H

#include "app/op.h"
#include "core/life.h"

enum task_kind {
	TASK_OBJECTION,      /* finished by its resolution (CASE_RESOLVE) */
	TASK_QUESTION,       /* a message that wants an answer */
	TASK_MORE_TIME,      /* a wish outside the client's policy */
	TASK_BROKEN_PLAN,
	TASK_LIMITATION,     /* due the day the claim is time-barred */
	TASK_BLOCK_REVIEW,
	TASK_RETURNED,       /* a letter or message that did not arrive */
	TASK_PROOF,          /* a debtor's proof of payment to be looked at */
	TASK_DIRECT_PAYMENT, /* a debtor says the creditor was paid */
	TASK_OTHER,
	TASK_PAYMENT_HOLD,   /* derived: money on hold */
	TASK_KIND_COUNT,
};
const char *task_kind_name(enum task_kind kind);
bool task_kind_named(str name, enum task_kind *ret_kind);

/* The last day for a task that begins on from: for an objection the law's (parameters.yaml, objection), for the others the
 * house rules in task.c, in banking days. Limitation and blocks have days of their own: from is that day. */
date task_due_on(const struct law *law, enum task_kind kind, date from);

struct task_new {
	enum task_kind kind; /* not TASK_PAYMENT_HOLD */
	int64_t case_no;     /* 0: of no case */
	int64_t client_no;   /* 0: the case's, if there is one */
	bool for_client;     /* the client is to do it, not a handler */
	date due_on;         /* DATE_NONE: task_due_on() from today */
	str detail;
	int64_t now;
};
/* ERR_INPUT for an unknown case. Joins the caller's transaction, as all below. */
err_t task_open(const struct op *op, const struct task_new *task, int64_t *ret_task_id) MUST_CHECK;
/* The same, unless the case has an open one of the kind already: then its number. */
err_t task_open_once(const struct op *op, const struct task_new *task, int64_t *ret_task_id) MUST_CHECK;

enum task_owner { TASK_OF_ALL, TASK_OF_PERSON, TASK_OF_NOBODY };
struct task_filter {
	enum task_owner owner;
	int64_t person_id;   /* with TASK_OF_PERSON */
	bool of_kind;        /* only this kind */
	enum task_kind kind;
	int64_t client_no;   /* 0: all */
	bool for_client;     /* what clients are to do, not handlers */
	str after;           /* a page's next; empty: from the beginning */
	size_t count;        /* 1 … TASK_PAGE_MAX rows */
};
enum { TASK_PAGE_MAX = 200 };
struct task_row {
	enum task_kind kind;
	int64_t task_id;     /* 0: a payment on hold */
	int64_t payment_id;  /* of a payment on hold; else 0 */
	int64_t case_no, client_no; /* 0: none */
	date due_on;
	str detail, debtor, client, stage;
	int64_t person_id;   /* who has taken it; 0: nobody */
	str person;
	money amount;        /* of a payment on hold */
	int64_t created_at, done_at; /* done_at 0: open */
	str done_by, outcome;
	bool for_client;
};
struct task_page {
	struct task_row *rows; /* in order of due_on, task_id */
	size_t count;
	str next; /* for the page after this; empty: this is the last */
};
/* Open tasks. ERR_INPUT for an after that is none of ours. */
err_t task_list(const struct op *op, const struct task_filter *filter, struct task_page *ret_page) MUST_CHECK;
/* All of a case, done ones too, in order of number; at most TASK_PAGE_MAX, the newest. */
err_t task_of_case(const struct op *op, int64_t case_no, struct task_row **ret_rows, size_t *ret_count) MUST_CHECK;
err_t task_get(const struct op *op, int64_t task_id, struct task_row *ret_row) MUST_CHECK;

/* Changes below: ERR_INPUT for an unknown task, ERR_REFUSED (naming who) for one that is done or somebody else's. */
struct task_hand {
	int64_t task_id;
	int64_t from_id; /* who has it; 0: nobody. Refused when that is no longer so */
	int64_t to_id;   /* 0: back to all */
};
err_t task_take(const struct op *op, int64_t task_id, int64_t person_id) MUST_CHECK;
err_t task_hand_over(const struct op *op, struct task_hand hand) MUST_CHECK;
err_t task_set_due(const struct op *op, int64_t task_id, int64_t person_id, date due_on) MUST_CHECK;
struct task_end {
	int64_t task_id, person_id;
	str outcome; /* a word or a sentence: what came of it */
	int64_t now;
};
/* An objection is finished by resolving it: refused while the case is disputed. */
err_t task_finish(const struct op *op, struct task_end end) MUST_CHECK;
/* Open tasks of a kind in a case, whoever has them, because something else has settled them. */
err_t task_settle(const struct op *op, int64_t case_no, enum task_kind kind, str outcome, int64_t now) MUST_CHECK;
/* At the end of a night: what was about a case that is closed by now and no longer waits for anybody. */
err_t task_sweep(const struct op *op) MUST_CHECK;

/* How many are open and due by today, for a start page: stops counting at limit. */
err_t task_due_count(const struct op *op, int64_t person_id, int64_t limit, int64_t *ret_count) MUST_CHECK;

/* ---- for book.c: new events of the journal ---- */

struct task_event {
	int64_t case_no, client_no;
	enum event_kind kind;
	date on, limitation_on;
	bool is_gone; /* the event is reversed */
	str note;     /* of its fact */
};
bool task_follows(enum event_kind kind); /* such an event opens or settles a task */
err_t task_events_take(const struct op *op, struct arena *arena, const struct task_event *events, size_t count) MUST_CHECK;

#endif
