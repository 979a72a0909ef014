/* Intake: a client's claims become cases. All or nothing unless the good rows are asked for; the same invoice of the
 * same client twice is one claim. */
#ifndef KRAVBOK_APP_INTAKE_H
#define KRAVBOK_APP_INTAKE_H

#include "app/op.h"
#include "format/claim_csv.h"

struct intake_forecast_day { /* of a dry run: what would follow if nobody paid */
	date on;
	int64_t reminders, notices, demands, heavies, enforcement_notices;
	money charged;
};

struct intake_result {
	int64_t accepted, already, credited;
	int64_t rejected_count; /* findings in all; the first of them are listed */
	struct row_finding *findings;
	size_t finding_count;
	struct intake_forecast_day *forecast;
	size_t forecast_count;
	str bad_rows_path; /* of the rows to be mended; empty: none written */
	str bad_rows;      /* intake_bytes(): the rows to be mended, under the file's own header; empty: none */
};

struct intake_order {
	const char *path;
	int64_t client_no;
	bool dry_run;
	bool accept_good;
};

/* Takes in the file: CSV of claims, or a UBL invoice or credit note, told apart by content. With findings and without
 * accept_good nothing is booked and the result says what is wrong (no error). Errors: the file as a whole (csv, xml),
 * an unknown client, a law that does not reach today. */
err_t intake_file(const struct op *op, struct intake_order order, struct intake_result *ret_result) MUST_CHECK;

enum { INTAKE_BYTES_MAX = 20 << 20 };
/* The same with the file's bytes in hand (order.path NULL); the rows to be mended come back as bytes, in a dry run too. Joins
 * the caller's transaction: then the caller rolls back after an error, after a dry run, and when nothing was to be booked. */
err_t intake_bytes(const struct op *op, struct intake_order order, str bytes, struct intake_result *ret_result) MUST_CHECK;

#endif
