/* Rebuilds and checks everything: each case from its facts, every kept balance from the entries, the client funds
 * against what is owed, look-up tables, letters, files. A sound book gives no finding. */
#ifndef KRAVBOK_APP_VERIFY_H
#define KRAVBOK_APP_VERIFY_H

#include "app/op.h"

struct verify_result {
	int64_t case_count, event_count, finding_count;
};

/* found: one factual line for each finding; good during the call. The book of one moment is checked, others may work
 * meanwhile. Memory does not grow with the book. */
err_t verify_book(const struct op *op, void (*found)(str finding, void *context), void *context,
	struct verify_result *ret_result) MUST_CHECK;

#endif
