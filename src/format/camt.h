/* camt.053 (account statement) and camt.054 (notification of payments), ISO 20022, versions 001.02, .04 and .08, in one
 * parser on local names. Source: the message definitions; usage in Norway: a payment has a KID (structured reference
 * SCOR) or free text, not both.
 *
 * Part of the module "xml" (format/xml_module.h): programs call it through that table. */
#ifndef KRAVBOK_FORMAT_CAMT_H
#define KRAVBOK_FORMAT_CAMT_H

#include "base/arena.h"
#include "format/bank_file.h"

/* Reads the whole file and checks it; then, when each is given, reads it again and delivers. each NULL only checks;
 * each_statement NULL: statements are not delivered.
 *
 * Refused (ERR_INPUT, with statement, entry, line and value): another version or message; a statement whose opening
 * balance + credits − debits is not its closing balance, or whose currencies differ; a wrong count or sum in TxsSummry;
 * an amount with more than two decimals other than zeros; a booked entry without side, currency or date.
 * Only booked entries (BOOK) are money; others are counted as skipped.
 * An entry with transaction details becomes one payment for each of them, when they add up to the entry; else, or without
 * details, it is one payment with a hold_reason. A transaction with several references becomes one payment for each when
 * all have amounts that add up; else one that is held. A wrong KID, reversals and returns are held too.
 * A statement older than today is not refused: history may be loaded. That a file or its money was read before, the
 * caller must find out. Times are taken as they are written: the day is the first ten characters.
 *
 * arena: up to 4 MiB; given back at the end. An error of a callback comes back as it is. */
err_t camt_read(str bytes, struct arena *arena, bank_payment_fn each, bank_statement_fn each_statement, void *context,
	struct bank_summary *ret_summary) MUST_CHECK;

#endif
