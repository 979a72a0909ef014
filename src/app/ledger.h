/* The house's own vouchers, the trial balance, and reading the whole book in order. Everything booked outside the cases'
 * journal goes through ledger_book(), so that a voucher balances and the kept balances (account_day) follow it. */
#ifndef KRAVBOK_APP_LEDGER_H
#define KRAVBOK_APP_LEDGER_H

#include "app/op.h"
#include "app/tally.h"
#include "core/journal.h"
#include "format/csv.h"

/* ---- booking ---- */

struct ledger_posting {
	int account;
	int64_t client_no; /* 0: none */
	money amount;      /* debit is positive; zero postings are left out */
};

struct ledger_voucher {
	const char *kind; /* "receipt", "payout", "import" … */
	date on;          /* the ledger's day; the booking day is op->today */
	str description, reference;
	const struct ledger_posting *postings;
	size_t posting_count;
};

/* Vouchers of one transaction of the caller. */
struct ledger_writer {
	const struct op *op;
	struct arena *arena;   /* lives as long as the transaction */
	struct arena *scratch; /* of one voucher: the caller may reset it in between; may be arena itself */
	int64_t next_id;
	struct tally tally;
};
err_t ledger_begin(const struct op *op, struct arena *arena, struct arena *scratch, struct ledger_writer *ret_writer)
	MUST_CHECK;
/* The postings must sum to zero (require()d). */
err_t ledger_book(struct ledger_writer *writer, const struct ledger_voucher *voucher) MUST_CHECK;
err_t ledger_end(struct ledger_writer *writer) MUST_CHECK; /* keeps the balances */

/* ---- balances ---- */

/* The three blocks of the books; each sums to zero. */
enum ledger_block { BLOCK_OWN, BLOCK_CLIENT_FUNDS, BLOCK_MEMORANDUM, BLOCK_COUNT };
enum ledger_block ledger_block_of(int account);
const char *ledger_block_name(enum ledger_block block);

/* Of our own chart, or by the class of NS 4102 for an account that came with a voucher. */
const char *ledger_account_name(int account);
str ledger_account_path(struct arena *arena, int account); /* for plain-text ledgers */

struct ledger_balance {
	int account;
	money balance;
};
/* Every account posted to, ascending; on: the end of that day, DATE_NONE for all that is booked. Reads the kept
 * balances, not the journal. */
err_t ledger_balances(const struct op *op, date on, struct ledger_balance **ret_balances, size_t *ret_count) MUST_CHECK;

/* The same balances of all that is booked, added up again from every entry: what the kept ones are held against. Reads
 * the whole journal once. ret_wrong: accounts whose kept balance differs, and by how
 * much the entries give more. */
err_t ledger_recount(const struct op *op, struct ledger_balance **ret_wrong, size_t *ret_count) MUST_CHECK;

money ledger_block_sum(const struct ledger_balance *balances, size_t count, enum ledger_block block);

/* ---- the agency's other vouchers ---- */

struct ledger_import_result {
	int64_t accepted, already, rejected; /* vouchers */
	struct row_finding *findings;
	size_t finding_count;
};
/* A file of vouchers (format/voucher_csv.h). All or nothing: with findings nothing is booked. A voucher booked before
 * is passed over; the same number with other contents is a finding, and so is an account the engine books itself. */
err_t ledger_import(const struct op *op, const char *path, struct ledger_import_result *ret_result) MUST_CHECK;

/* ---- reading the book ---- */

struct event_page_row;
typedef err_t (*ledger_event_fn)(const struct event_page_row *event, void *context);
/* Every event in order of case and number, in pages; the row is good during the call. */
err_t ledger_events(const struct op *op, ledger_event_fn each, void *context) MUST_CHECK;
struct entry ledger_event_entry(const struct event_page_row *event);
date ledger_event_day(const struct event_page_row *event); /* the day of its money side */

struct ledger_voucher_read {
	int64_t voucher_id;
	str kind, description, reference;
	date on, booked_on;
	const struct ledger_posting *postings;
	size_t posting_count;
};
typedef err_t (*ledger_voucher_fn)(const struct ledger_voucher_read *voucher, void *context);
err_t ledger_vouchers(const struct op *op, ledger_voucher_fn each, void *context) MUST_CHECK;

/* Sums by client: a table sorted by client number. */
struct client_sum {
	int64_t client_no;
	money before, after;
};
struct client_sums {
	struct client_sum *rows;
	size_t count;
};
/* One row for each client and one for 0 (none), at zero. */
err_t client_sums_load(const struct op *op, struct client_sums *ret_sums) MUST_CHECK;
/* NULL when there is no such client. */
struct client_sum *client_sums_of(const struct client_sums *sums, int64_t client_no);

#endif
