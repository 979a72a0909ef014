/* A settlement as CSV, row by row, for a client's accounts: every payment and deduction with its parts, for a Norwegian
 * spreadsheet (UTF-8 with BOM, separator ;, decimal comma, CRLF). Written as the rows are read, so a client with a
 * million payments costs no more memory than one with ten. */
#ifndef KRAVBOK_FORMAT_SETTLEMENT_CSV_H
#define KRAVBOK_FORMAT_SETTLEMENT_CSV_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdint.h>

/* net = principal + interest + fees + compensation + court - direct - commission - vat. */
struct settlement_csv_row {
	date on, booked_on;
	int64_t case_no;
	str invoice_no, debtor, what;
	money gross;        /* all that was paid, the agency's salær included */
	money principal, interest, fees, compensation;
	money court;        /* court costs the client had advanced */
	money direct;       /* paid to the client itself: it has this already */
	money salaer;       /* the agency's, paid by the debtor, without VAT */
	money salaer_vat;   /* VAT the debtor paid in it (a client that cannot deduct) */
	money commission;
	money vat;          /* charged to the client: on commission, and on salær where it can deduct */
	money net;
};

struct settlement_csv {
	struct sink_buffer out;
	struct text line;
	int64_t settlement_no;
	struct settlement_csv_row sum;
};

struct settlement_csv settlement_csv_begin(struct arena *arena, struct sink sink, int64_t settlement_no);
void settlement_csv_add(struct settlement_csv *csv, const struct settlement_csv_row *row);

/* What stands under the rows: their sum, what was carried in, what is paid out and carried on. ERR_INTERNAL when
 * carried_in and the rows do not make payout and carried_out. */
struct settlement_csv_end {
	date on;
	money carried_in, payout, carried_out;
};
err_t settlement_csv_finish(struct settlement_csv *csv, struct settlement_csv_end end) MUST_CHECK;

#endif
