/* Clients from a list: client_no,name,orgnr,account,vat_deductible,member,process,email and, if wanted,
 * commission_bp. yes/no (ja/nei too). All that is wrong with a row is told at once. */
#ifndef KRAVBOK_FORMAT_CLIENT_CSV_H
#define KRAVBOK_FORMAT_CLIENT_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "format/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COMMISSION_BP_DEFAULT = -1, COMMISSION_BP_MAX = 10000 };

/* Texts are good during the call only. */
struct client_row {
	int64_t line_no;
	str raw;
	int64_t client_no; /* 1-999,999,999 */
	str name;
	str orgnr;   /* 9 digits */
	str account; /* 11 digits, also when the list gave an IBAN */
	bool vat_deductible, member;
	str process;
	str email;             /* may be empty */
	int64_t commission_bp; /* 0-10000, or COMMISSION_BP_DEFAULT: by membership */
};

/* The processes a client may have ("no/minimum", "no/standard"). */
struct client_check {
	const str *processes;
	size_t process_count;
};

typedef err_t (*client_row_fn)(const struct client_row *row, const struct row_finding *findings, size_t finding_count,
	void *context);

/* Calls each for every row in order; errors and scratch as claim_csv_read(). */
err_t client_csv_read(str bytes, struct arena *scratch, struct client_check check, client_row_fn each, void *context)
	MUST_CHECK;

#endif
