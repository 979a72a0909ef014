/* Payments: bank files taken in, and the work list of the hold account.
 *
 * A bank file is checked whole before anything of it is booked, then booked in batches of a thousand, each its own
 * transaction, so that a person's change never waits long. Every payment has a fingerprint: what was booked before, in
 * this file or another, is not booked again; so a run that was cut short is simply repeated. The file is entered as read
 * (by its SHA-256) with the last transaction. */
#ifndef KRAVBOK_APP_PAYMENT_H
#define KRAVBOK_APP_PAYMENT_H

#include "app/book.h"
#include "app/op.h"
#include "core/life.h"

struct payment_finding {
	str path;
	str where; /* "line 7", "transaction 3"; "": the file or a statement as a whole */
	str reason;
};

struct payment_import_result {
	int64_t booked, already, on_hold, refused;
	money sum;              /* of what was booked or put on hold: money in less money taken back */
	int64_t payouts_paid, payouts_rejected;
	int64_t sums_resolved;  /* sums without details on hold whose payments have now come */
	int64_t finding_count;  /* in all; the first of them are listed */
	struct payment_finding *findings;
	size_t finding_listed;
	date reconciled_on;     /* of the last statement of the client-funds account; DATE_NONE */
	money bank_balance, difference; /* the bank's less the books' on that day */
	date own_reconciled_on; /* the same for the agency's own account */
	money own_difference;
};
#define PAYMENT_IMPORT_NOTHING ((struct payment_import_result){ .reconciled_on = DATE_NONE, .own_reconciled_on = DATE_NONE })

/* Takes in one bank file (OCR giro, camt.053, camt.054, pain.002; told apart by content) and adds what it did to *result.
 * A record that could not be booked is refused and a finding. Errors, with the path in front and nothing booked: a file
 * that cannot be read or fails its controls, money on an account that is not ours or settled after today (ERR_REFUSED);
 * ERR_BUSY when another import is running. */
err_t payment_import(const struct op *op, const char *path, struct payment_import_result *result) MUST_CHECK;

struct payment_held {
	int64_t payment_id;
	str reason, kid, payer_name, payer_account, message, reference;
	bool is_reversal; /* money taken back */
	date settled_on, counts_on;
	money amount;
};
/* The hold account's work list, oldest first, in pages; rows are good during the call. */
err_t payment_list(const struct op *op, err_t (*each)(const struct payment_held *held, void *context), void *context)
	MUST_CHECK;

struct payment_assignment {
	int64_t payment_id, case_no;
	bool deduction; /* from the debtor's earnings: covers principal first (innkrevingsloven § 29) */
};
struct payment_assigned {
	enum stage stage;
	money amount, balance, refund;
	int64_t letters_withdrawn;
};
/* Gives held money to a case; a held reversal takes back the case's latest payment of that amount. ERR_INPUT for an
 * unknown case, ERR_REFUSED for a payment that is not on hold, a withdrawn case, a reversal of nothing. */
err_t payment_assign(const struct op *op, struct payment_assignment assignment, struct payment_assigned *ret_assigned)
	MUST_CHECK;

/* Held money goes back to its payer with the next settlement. Joins the caller's transaction. ERR_REFUSED when it is not on hold or nobody knows whose
 * account it came from. */
err_t payment_refund(const struct op *op, int64_t payment_id, money *ret_amount) MUST_CHECK;

/* ---- for payment.c and payment_hold.c ---- */

/* A fact of a payment booked on its case alone, in a batch of its own: letters of the case that are not handed over are
 * withdrawn if the case then closes. Inside a transaction; the case exists. */
struct payment_booking {
	int64_t case_no, payment_id;
	struct fact fact;
};
err_t payment_book_alone(const struct op *op, const struct terms_book *terms, struct arena *arena,
	const struct payment_booking *booking, struct payment_assigned *ret_assigned) MUST_CHECK;

/* Makes *fact the reversal of the case's latest payment of this amount that is not taken back, from the same payer if there
 * is one. *ret_found false: there is none. */
err_t payment_reversal_find(const struct op *op, struct arena *arena, int64_t case_no, str payer_account,
	struct fact *fact, bool *ret_found) MUST_CHECK;

/* The case was handed back to its client: no money may be booked on it. */
bool payment_case_is_withdrawn(const struct book *book, const struct book_case *entry);

#endif
