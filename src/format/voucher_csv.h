/* The agency's own other vouchers (salaries, rent) from its pay-roll or book-keeping: voucher,date,account,amount,text
 * and, if wanted, client. The rows of one voucher follow each other, have one date and sum to zero. Debit is positive. */
#ifndef KRAVBOK_FORMAT_VOUCHER_CSV_H
#define KRAVBOK_FORMAT_VOUCHER_CSV_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"
#include "format/csv.h"

#include <stddef.h>
#include <stdint.h>

enum { VOUCHER_LINE_COUNT_MAX = 2000 };

struct voucher_line {
	int64_t line_no;
	int account; /* 1000-9999 */
	money amount; /* not zero */
	str text;     /* may be empty */
	int64_t client_no; /* 0: none */
};

/* All views are good during the call only. */
struct voucher {
	int64_t line_no; /* of its first row */
	str number;
	date on;
	const struct voucher_line *lines;
	size_t line_count;
};

typedef err_t (*voucher_fn)(const struct voucher *voucher, const struct row_finding *findings, size_t finding_count,
	void *context);

/* Calls each for every voucher in order; errors and scratch as claim_csv_read(). A voucher dated after today, one that
 * does not sum to zero, and one whose rows have several dates are findings. */
err_t voucher_csv_read(str bytes, struct arena *scratch, date today, voucher_fn each, void *context) MUST_CHECK;

#endif
