/* The demo agency: an empty book filled with a fully lived year, 2025-07-01 to 2026-06-30. It is lived with the program's
 * own use cases, file by file and night by night, so it is also the largest example of how they go together. */
#ifndef KRAVBOK_APP_DEMO_H
#define KRAVBOK_APP_DEMO_H

#include "app/op.h"

struct demo_stage_count {
	str stage;
	int64_t count;
};
struct demo_result {
	date first, last;
	int64_t clients, claims, payments, letters, objections, plans;
	money collected; /* on the client account, over the year */
	money paid_out;  /* to clients */
	money earned;    /* salær and commission, without VAT */
	money to_settle; /* owed to clients on the last day */
	const struct demo_stage_count *stages;
	size_t stage_count;
};

/* folder: where the year's statements and payment files are left ("" : beside the book, in demo/). ERR_REFUSED when the
 * book is not empty. Sets the book's clock to the last day. */
err_t demo_fill(const struct op *op, const char *folder, struct demo_result *ret_result) MUST_CHECK;

#endif
