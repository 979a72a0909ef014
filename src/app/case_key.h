/* The way to a case without a log-in: its number and the code printed in any of its letters or messages.
 *
 * What is asked and what is worked out is the same whether the case, the code or neither is there, so that the time it takes
 * tells nothing. Wrong tries are the caller's to count, against case_key.reference. */
#ifndef KRAVBOK_APP_CASE_KEY_H
#define KRAVBOK_APP_CASE_KEY_H

#include "app/op.h"

enum case_phase { CASE_PHASE_ACTIVE, CASE_PHASE_DISPUTED, CASE_PHASE_CLOSED };

struct case_key {
	bool holds;
	int64_t case_no;        /* as typed; of no case maybe */
	int64_t debtor_id;      /* when it holds; else 0 */
	enum case_phase phase;  /* when it holds: of the case that carries the claim */
	str reference;          /* what wrong tries are counted against: bounded in number also for cases that are not there */
};
/* typed_case: "17", "sak 17", our KID. typed_code: any case and spacing; O counts as 0, I and L as 1. */
err_t case_key_try(const struct op *op, str typed_case, str typed_code, struct case_key *ret_key) MUST_CHECK;

#endif
