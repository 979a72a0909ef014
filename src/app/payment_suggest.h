/* Which case a payment on hold may be for. Suggestions only: a person decides.
 *
 * Looked at, in this order: numbers in the payment's KID and message that are a case, a KID or an invoice; the payer's
 * name; of what is found, those that owe exactly the amount come first. */
#ifndef KRAVBOK_APP_PAYMENT_SUGGEST_H
#define KRAVBOK_APP_PAYMENT_SUGGEST_H

#include "app/case_page.h"
#include "app/payment.h"

enum { SUGGESTION_MAX = 5, SUGGESTION_REFERENCE_MAX = 8 };

enum suggestion_reason { SUGGESTION_REFERENCE = 1, SUGGESTION_NAME = 2, SUGGESTION_AMOUNT = 4 };
struct suggestion {
	struct case_line line;
	unsigned reasons; /* bits */
};
err_t payment_suggest(const struct op *op, const struct payment_held *held, struct suggestion **ret_suggestions,
	size_t *ret_count) MUST_CHECK;

/* The numbers a person may have meant: runs of digits (blanks, dots and hyphens inside are passed over) of 1 to 25 digits, and words
 * with a digit in them; each once, in order. At most SUGGESTION_REFERENCE_MAX. */
size_t payment_references(struct arena *arena, str text, str *references, size_t count);
/* The better first: more reasons, a reference before a name, then the newer case. */
int suggestion_compare(const struct suggestion *a, const struct suggestion *b);

#endif
