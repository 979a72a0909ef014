/* From rows of the outbox to letters with all their facts. Used by letter.c and letter_receipt.c only. */
#ifndef KRAVBOK_APP_LETTER_MAKE_H
#define KRAVBOK_APP_LETTER_MAKE_H

#include "app/book.h"
#include "app/letter.h"

struct letter_rows_row;

struct letter_maker {
	const struct op *op;
	struct terms_book terms;
	struct letter_agency agency[LETTER_LANGUAGE_COUNT];
	str lacks; /* what the agency has not told of itself */
	str secret;
	str web_address; /* our own pages; empty: none, and no QR code */
};
err_t letter_maker_open(const struct op *op, struct letter_maker *ret_maker) MUST_CHECK;

struct letter_key {
	int64_t case_no, letter_no;
};

struct letter_made {
	const struct letter_rows_row *row;
	struct letter letter;
	const char *refusal; /* why it cannot be made; NULL: it can */
};
/* The letters of the keys, in their order. A few queries for all; in arena. What was booked after a letter does not
 * change it: the claims it lists are worked out from the journal as it stood when the letter was ordered. */
err_t letters_make(const struct letter_maker *maker, struct arena *arena, const struct letter_key *keys,
	size_t key_count, struct letter_made **ret_made, size_t *ret_count) MUST_CHECK;

/* The yearly rate of late interest on a day, in basis points. */
int letter_interest_bp(const struct law *law, date on);

#endif
