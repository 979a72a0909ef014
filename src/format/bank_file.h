/* What a file from the bank says, in the words of the program: the common result of the readers ocr.h and camt.h.
 *
 * A reader first checks the whole file (all control totals, counts, order and dates); with a NULL callback that is all it
 * does. With callbacks it delivers each payment in file order. The texts a callback gets are good only during the call. */
#ifndef KRAVBOK_FORMAT_BANK_FILE_H
#define KRAVBOK_FORMAT_BANK_FILE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum bank_file_kind {
	BANK_FILE_UNKNOWN,
	BANK_FILE_OCR,     /* OCR giro: payments with KID */
	BANK_FILE_CAMT053, /* account statement */
	BANK_FILE_CAMT054, /* notification of payments */
	BANK_FILE_PAIN002, /* status of our own payment orders */
};

/* By content, from the first bytes of a file (4 KiB are enough); a name or an ending says nothing. */
enum bank_file_kind bank_file_detect(str head);
const char *bank_file_kind_name(enum bank_file_kind kind); /* "OCR giro", "camt.053" … */

/* One movement on our account. "" where the file says nothing.
 *
 *   debit  reversal
 *   no     no        money in: a payment
 *   yes    no        money out: a payout of ours, a bank fee
 *   yes    yes       an earlier payment to us taken back
 *   no     yes       an earlier payout of ours come back (find it by end_to_end) */
struct bank_payment {
	int64_t line_no;    /* OCR: line of amount item 1, 1-based; camt: ordinal of the transaction in the file, 1-based */
	bool reversal;
	bool debit;
	str account;        /* ours: 11 digits (a Norwegian IBAN is reduced to them); a foreign IBAN or number as it stands */
	date settled_on;    /* the day it was booked on the account */
	date counts_on;     /* the day the order was given to the bank, else the value day; never after settled_on */
	money amount;       /* > 0 */
	str currency;       /* ISO 4217 */
	str kid;            /* digits, perhaps '-' last; text, never a number */
	str payer_account;  /* the other party's, when debit: who was paid */
	str payer_name;     /* likewise */
	str message;        /* free text and references that are no KID, lines joined by " / " */
	str reference;      /* the bank's own reference for this payment */
	str batch;          /* what the lump sum on the statement is called: payments with the same batch came in one sum */
	str end_to_end;     /* the orderer's reference: ours, when debit */
	str hold_reason;    /* why a person must look before it is booked; "" most often */
};
typedef err_t (*bank_payment_fn)(const struct bank_payment *payment, void *context);

/* A camt.053 statement, delivered after its payments. Its control (opening + credits − debits = closing) has passed
 * when has_balances. That sequence has no gap and opening is yesterday's closing, only the book can tell. */
struct bank_statement {
	str account;
	str currency;
	str reference;  /* the bank's statement id */
	str sequence;   /* electronic sequence number; "" none */
	date closed_on; /* day of the closing balance; DATE_NONE without one */
	money opening, closing;
	bool has_balances;
	bool is_copy;   /* the bank says it sent this before */
};
typedef err_t (*bank_statement_fn)(const struct bank_statement *statement, void *context);

struct bank_summary {
	enum bank_file_kind kind;
	int64_t payment_count;   /* delivered, or to be delivered */
	int64_t held_count;      /* of these, with a hold_reason */
	int64_t skipped_count;   /* entries that are not booked money (pending, information, zero) */
	int64_t statement_count; /* assignments, notifications or statements */
	money sum;               /* OCR: the file's own total; camt: credits less debits */
	money credit_sum, debit_sum;
	char currency[4];        /* "" when the file has none or more than one: the sums then mean nothing */
	date first_on, last_on;  /* settlement days; DATE_NONE without payments */
	bool has_copy;           /* the bank marks something in it as a copy or duplicate */
};

/* An account as a file gives it, without blanks and dots: the 11 digits of a Norwegian account or IBAN; anything else
 * (a foreign IBAN, a number whose check digit is wrong) as it stands. The text is in arena. */
str bank_account(struct arena *arena, str account);

#endif
