/* Cases read one after another by number: those of a client, of all, or of a list. What a list filters and sorts by and what
 * a report adds up; nothing of it is replayed. For case_page.c and report.c. */
#ifndef KRAVBOK_APP_CASE_SCAN_H
#define KRAVBOK_APP_CASE_SCAN_H

#include "app/book.h"
#include "app/case.h"
#include "app/op.h"

struct case_scan_row {
	int64_t case_no, client_no;
	date received_on, due_on, next_on, closed_on;
	money claimed; /* the invoice, less what was paid before it came in */
	str stage;
	int64_t carrier_no; /* joined to that case; 0 */
	struct case_standing standing;
	/* of the case that carries the claim: its own when it is not joined */
	str end_stage;
	date end_on;     /* closed; DATE_NONE */
	money end_paid;  /* what has come in */
	bool end_given_up;
};

/* Solved: closed with money come in, and neither given up nor handed back. A joined claim is solved with its carrier. */
bool case_is_solved(const struct case_scan_row *row);
/* Closed in any other way: credited, given up, handed back. */
bool case_is_ended_unsolved(const struct case_scan_row *row);

struct case_scan_order {
	int64_t client_no;     /* 0: all */
	const int64_t *picked; /* sorted; NULL: not a list */
	size_t picked_count;
	bool descending;
	int64_t from_no;       /* begins behind (before, when descending) this one; 0: at the beginning */
};
struct case_scan {
	const struct op *op;
	struct case_scan_order order;
	bool is_over;
};
void case_scan_begin(const struct op *op, const struct case_scan_order *order, struct case_scan *ret_scan);
/* The next rows, at most count; none when it is over. */
err_t case_scan_next(struct case_scan *scan, struct arena *arena, size_t count, struct case_scan_row **ret_rows,
	size_t *ret_count) MUST_CHECK;

#endif
