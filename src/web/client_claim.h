/* Registering one claim: a page for each thing to tell, then what will follow, then the receipt. What was told on the other
 * pages travels in hidden fields, and everything is checked again at each step. */
#ifndef KRAVBOK_WEB_CLIENT_CLAIM_H
#define KRAVBOK_WEB_CLIENT_CLAIM_H

#include "app/claim.h"
#include "web/web.h"

enum { CLAIM_PAGE_COUNT = 4 };
struct claim_page {
	const char *word;         /* of its address */
	const char *title, *lead; /* N_() */
	size_t first, count;      /* of its fields in client_claim_fields */
};
extern const struct claim_page client_claim_pages[CLAIM_PAGE_COUNT];

struct client_claim_check {
	struct claim_preview preview;
	int64_t commission_bp;
	bool vat_deductible;
};

struct client_claim_done {
	struct case_view now;
	bool was_known;
};

#endif
