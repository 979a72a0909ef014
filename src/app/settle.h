/* Settlements: what is owed is paid out. A run takes what was booked by its day, once: for each client a numbered
 * settlement (the sales document of the commission), the agency's own share, and what is owed back to payers; all in
 * one payment file. The money is in transit until the bank's debit is read.
 *
 * First everything is booked, in one transaction; then the files are written from what is stored. A crash in between is
 * mended by running again: the same day changes nothing in the books and writes the same files. */
#ifndef KRAVBOK_APP_SETTLE_H
#define KRAVBOK_APP_SETTLE_H

#include "app/op.h"
#include "format/settlement_csv.h"

struct settle_client {
	int64_t settlement_no, client_no;
	money carried;  /* left by the settlement before, and payouts the bank sent back */
	money movement; /* what was booked since */
	money payout;   /* carried + movement, or zero when that is not above zero or cannot be paid */
	str statement, statement_csv; /* paths */
};

struct settle_result {
	int64_t run_id; /* the latest of the day; 0: there was nothing to settle */
	bool repeated;  /* booked before: only the files are new */
	struct settle_client *clients; /* by settlement number */
	size_t client_count;
	money refunds, fees, paid_out;
	str file;       /* the payment file; "" when nothing is paid out */
	/* A client that should be paid and cannot be. */
	str *findings;
	size_t finding_count;
	/* Money that waits for a later run, and why. */
	str *notes;
	size_t note_count;
};

/* on: takes what was booked by the end of that day. ERR_REFUSED for a day after today, ERR_BUSY when another settlement
 * is running. folder is made when it is not there. */
err_t settle_run(const struct op *op, date on, const char *folder, struct settle_result *ret_result) MUST_CHECK;

/* ---- one settlement, looked at ---- */

/* What a movement is to its client; also the line of the statement's summary it belongs to. */
enum settle_what {
	SETTLE_PAYMENT,
	SETTLE_DIRECT,     /* paid straight to the client */
	SETTLE_REVERSAL,   /* a payment taken back */
	SETTLE_ABSORBED,   /* letter fees that went into the salær */
	SETTLE_CREDIT,
	SETTLE_RESOLUTION, /* of an objection */
	SETTLE_JOINED,     /* claims joined */
	SETTLE_CORRECTION,
	SETTLE_OTHER,
	SETTLE_WHAT_COUNT,
};
const char *settle_what_name(enum settle_what what); /* "payment" … */

struct settle_line {
	enum settle_what what;
	const char *what_name;
	int64_t case_no, event_no;
	struct settlement_csv_row parts; /* what the statement's CSV has of it */
	int64_t commission_bp;           /* agreed when the claim came in */
};
/* Its movements in order of case and event, those after a place (0, 0: from the first), at most count. */
struct settle_place {
	int64_t settlement_no, after_case, after_event;
	size_t count;
};
err_t settle_lines(const struct op *op, struct settle_place place, struct settle_line **ret_lines, size_t *ret_count) MUST_CHECK;

/* Its statement made again from what is stored, as settle_run() wrote it; by way of files in the system's folder for such, gone
 * when this comes back. ERR_INPUT when there is no such settlement. */
enum settle_file { SETTLE_PDF, SETTLE_CSV };
err_t settle_statement(const struct op *op, int64_t settlement_no, enum settle_file file, str *ret_bytes) MUST_CHECK;

/* What a run of the day would pay, found out by booking it and taking it back. Errors of settle_run(); takes the book's one
 * writer while it lasts. */
struct settle_payment {
	str kind; /* client, fees, refund */
	int64_t client_no, payment_id; /* 0: none */
	str name, account;
	money amount;
};
struct settle_preview {
	struct settle_payment *payments;
	size_t payment_count;
	money sum;
	str *findings, *notes; /* as in settle_result */
	size_t finding_count, note_count;
};
err_t settle_preview(const struct op *op, date on, struct settle_preview *ret_preview) MUST_CHECK;

/* ---- between settle.c and settle_files.c ---- */

/* Writes the files of every run of the day, and fills what the result says of the latest one. */
err_t settle_files_write(const struct op *op, date on, const char *folder, struct settle_result *result) MUST_CHECK;

#endif
