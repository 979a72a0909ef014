/* One claim, told by a person or a program: taken in through the same checks as a file of claims (app/intake.h), or only tried,
 * to see what would follow. */
#ifndef KRAVBOK_APP_CLAIM_H
#define KRAVBOK_APP_CLAIM_H

#include "app/case_history.h"
#include "app/intake.h"

struct claim_new { /* as the columns of a file (format/claim_csv.h); empty, DATE_NONE and zero: not given */
	str invoice_no, description, kid;
	date issued_on, due_on;
	money amount, paid;
	bool is_company;
	str debtor_id, debtor_name, address, postcode, city, country, phone, email;
	str language; /* "nb", "en" */
	date reminder_on, notice_on, notice_deadline;
	money fees;
};
struct claim_taken {
	struct row_finding *findings; /* by column name; nothing was booked when there are any */
	size_t finding_count;
	int64_t case_no;
	bool was_known; /* the same invoice was taken in before: nothing is new */
};
/* Joins the caller's transaction, who rolls back when there are findings. */
err_t claim_take(const struct op *op, int64_t client_no, const struct claim_new *claim, struct claim_taken *ret_taken) MUST_CHECK;

/* What it would bring if the debtor paid in full on a day. */
struct claim_outcome {
	date paid_on;
	money paid;        /* by the debtor */
	money to_client, commission, vat; /* vat: all of it, the salær's too */
};
enum { CLAIM_OUTCOMES_MAX = 4 };
struct claim_preview {
	struct claim_taken taken; /* findings, or was_known; case_no is of no use else: it is undone */
	struct case_view now;
	struct case_moment *coming; /* if nothing is paid */
	size_t coming_count;
	date law_ends; /* what comes is not known beyond; DATE_NONE */
	struct claim_outcome outcomes[CLAIM_OUTCOMES_MAX]; /* paid at the deadline of each letter */
	size_t outcome_count;
};
/* Takes the claim in, looks at the new case, and undoes it. In no transaction. */
err_t claim_preview(const struct op *op, int64_t client_no, const struct claim_new *claim, struct claim_preview *ret_preview)
	MUST_CHECK;

#endif
