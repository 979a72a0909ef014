/* Four eyes: what one person has asked for and another must agree to before it is done.
 *
 *	open      decision ''
 *	begun     agreed to, and being carried out in steps of its own (payout); whoever agrees again takes it up where it was
 *	agreed    carried out
 *	refused   by another person, with a reason; or taken back by the asker
 *
 * Refunds, write-offs and mass acts are carried out in the transaction that records the decision; a settlement run is booked
 * by itself and repeated without harm, so it is begun before and agreed after it. An act that may no longer be done when it is
 * agreed to is refused with the act's own reason, and the request stays open. */
#ifndef KRAVBOK_APP_APPROVAL_H
#define KRAVBOK_APP_APPROVAL_H

#include "app/case.h"
#include "app/op.h"
#include "app/settle.h"

enum approval_kind {
	APPROVAL_REFUND,    /* payment_id: held money goes back to its payer */
	APPROVAL_WRITE_OFF, /* case_no: closed with a balance, note: why */
	APPROVAL_MASS,      /* one act on many cases */
	APPROVAL_PAYOUT,    /* the settlement run of a day */
	APPROVAL_KIND_COUNT,
};
const char *approval_kind_name(enum approval_kind kind); /* refund, write_off, mass, payout */
bool approval_kind_named(str name, enum approval_kind *ret_kind);

enum { APPROVAL_CASES_MAX = 1000, APPROVAL_PAGE_MAX = 200 };

struct approval_new {
	enum approval_kind kind;
	int64_t payment_id;      /* refund */
	int64_t case_no;         /* write-off */
	struct case_act act;     /* mass: kind CASE_CLOSE, CASE_WITHDRAW, CASE_DEFER (until) or CASE_SURVEIL (until), and note;
				  * case_no is not looked at */
	const int64_t *case_nos; /* mass: each once, at most APPROVAL_CASES_MAX */
	size_t case_count;
	date on;                 /* payout */
	str reason;              /* why it is asked for; a write-off's is its note */
	int64_t asked_by;        /* person_id */
	int64_t now;
};
/* Nothing is done but checked: ERR_INPUT for an unknown case or payment, ERR_REFUSED when the same is asked for already.
 * Joins the caller's transaction. */
err_t approval_ask(const struct op *op, const struct approval_new *request, int64_t *ret_approval_id) MUST_CHECK;

struct approval {
	int64_t approval_id;
	enum approval_kind kind;
	int64_t case_no, payment_id; /* 0: none */
	money amount; /* refunded, written off, owed by the cases of a mass act, to be paid out; as it was asked for */
	size_t case_count; /* mass */
	str act;           /* mass: close, withdraw, defer, surveil */
	date on;           /* payout; DATE_NONE */
	str request;       /* the whole as JSON */
	str reason, asked_by_name, decided_by_name, decision, decision_reason;
	int64_t asked_by, asked_at;
	int64_t decided_by, decided_at; /* 0: not yet */
};
/* Open (and begun) ones in order of asking: those after a number (0: from the first), at most count. */
struct approval_place {
	int64_t after_id;
	size_t count;
};
err_t approval_list(const struct op *op, struct approval_place place, struct approval **ret_approvals, size_t *ret_count)
	MUST_CHECK;
err_t approval_get(const struct op *op, int64_t approval_id, struct approval *ret_approval) MUST_CHECK;

struct approval_decision {
	int64_t approval_id, person_id;
	const char *folder; /* payout: where statements and payment file go */
	str reason;         /* refusal: why */
	int64_t now;
};
struct approval_result {
	int64_t done_count;          /* acts carried out */
	struct settle_result settled; /* payout */
};
/* ERR_REFUSED for the asker's own request, one that is decided, or an act that may not be done now. Not inside a transaction. */
err_t approval_agree(const struct op *op, const struct approval_decision *decision, struct approval_result *ret_result)
	MUST_CHECK;
/* The asker may take back its own. ERR_INPUT without a reason. */
err_t approval_refuse(const struct op *op, const struct approval_decision *decision) MUST_CHECK;

#endif
