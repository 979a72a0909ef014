/* The bank's side of the client-funds account: our payouts' fate, sums shown without details, and the statement that must
 * agree with the books.
 *
 *	payout: in_transit → paid → rejected (come back) → resettled (taken up by a later settlement)
 *	        in_transit → rejected (refused by the bank) → resettled */
#ifndef KRAVBOK_APP_BANK_H
#define KRAVBOK_APP_BANK_H

#include "app/op.h"
#include "app/setup.h"
#include "format/bank_file.h"
#include "format/pain002.h"

/* ---- what became of a record ---- */

enum bank_fate { BANK_BOOKED, BANK_ALREADY, BANK_REFUSED };
struct bank_outcome {
	enum bank_fate fate;
	int64_t payouts; /* that changed their state */
	str reason;      /* refused; in the arena given */
};

/* Money out: one of our payouts, or all of a run in one sum, has left the account. Its own transaction. */
err_t bank_debit(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome) MUST_CHECK;

/* Money that comes back because a payout could not be delivered; it is owed again. *ret_is_ours false: no payout of ours,
 * an ordinary credit. Its own transaction. */
err_t bank_payout_return(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome, bool *ret_is_ours) MUST_CHECK;

/* The bank's answer to a payment order: only a rejection changes anything. Inside a transaction. */
err_t bank_order_status(const struct op *op, struct arena *arena, const struct pain002_status *status,
	struct bank_outcome *ret_outcome) MUST_CHECK;

/* ---- sums without details ---- */

/* What the reader of statements (format/camt.h) says of a sum that is shown without the payments it is made of. */
#define BANK_SUM_REASON "a sum without details"

struct bank_sum {
	str account;
	date settled_on;
	money amount;
	str batch; /* the entry's reference */
	str entry; /* its fingerprint */
};
/* True when payments booked before make up the sum: one batch of that day, a file's, or the whole day. They are marked, so
 * that they make up no other. Inside a transaction. */
err_t bank_sum_match(const struct op *op, struct arena *arena, const struct bank_sum *sum, bool *ret_matched) MUST_CHECK;

/* Sums on hold from the first to the last day whose payments have now been booked: taken off hold and off the books, as
 * the payments stand for them. Inside a transaction. */
struct bank_days {
	date first_on, last_on;
};
err_t bank_sums_resolve(const struct op *op, struct arena *arena, str account, struct bank_days days,
	int64_t *ret_resolved) MUST_CHECK;

/* ---- the statement ---- */

struct bank_reconciliation {
	money books, difference; /* the bank's closing balance less the books' */
	str gap; /* why the statement does not follow the one before it; "" when it does */
};
/* Keeps the statement and compares it. books_account: the ledger account it is of. Its own transaction. */
err_t bank_reconcile(const struct op *op, struct arena *arena, const struct bank_statement *statement, int64_t file_id,
	int books_account, struct bank_reconciliation *ret_reconciliation) MUST_CHECK;

#endif
