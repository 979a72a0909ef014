/* OCR giro (service 09): the clearing operator's file of payments that carry a KID. Records of 80 characters,
 * ISO-8859-1, LF or CR LF:
 *
 *   10 start of transmission
 *     20 start of assignment (one per account)
 *       30 amount item 1, 31 amount item 2, 32 amount item 3 (types 20 and 21): one payment
 *     88 end of assignment: counts, sum, dates
 *   89 end of transmission: counts, sum
 *
 * Source: the operator's manual "OCR giro, systemspesifikasjon". */
#ifndef KRAVBOK_FORMAT_OCR_H
#define KRAVBOK_FORMAT_OCR_H

#include "base/arena.h"
#include "format/bank_file.h"

/* Reads the whole file and checks every record: length, order, numbers, dates, counts and sums, and the check digit of
 * each KID. Whether the account is one of ours, only the caller knows. Delivers each payment to each(payment, context) as
 * it goes; each NULL only checks. So call it twice: nothing is booked from a file whose last line is wrong.
 *
 * today: a date more than a year from it refuses the file (the years have two digits; 80-99 are 19xx).
 * arena: only free text with letters outside ASCII is taken from it (1 KiB), and given back after each payment.
 * Assignments of service 21 (AvtaleGiro) are checked and skipped; a file with nothing else is refused, as it is not
 * about payments. Types 18 and 20 (card reversals) and amounts with a minus sign are delivered as money taken back, held
 * for a person; a KID whose check digit is wrong is delivered and held.
 * Errors: ERR_INPUT with line number, what, and the value; an error of each, as it is. */
err_t ocr_read(str bytes, struct arena *arena, date today, bank_payment_fn each, void *context,
	struct bank_summary *ret_summary) MUST_CHECK;

#endif
