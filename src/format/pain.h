/* Payments out: ISO 20022 pain.001.001.09, one payment group, kroner. Written, not read. */
#ifndef KRAVBOK_FORMAT_PAIN_H
#define KRAVBOK_FORMAT_PAIN_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum { PAIN_ID_SIZE_MAX = 35, PAIN_NAME_SIZE_MAX = 70, PAIN_MESSAGE_SIZE_MAX = 140 };

struct pain_payment {
	str end_to_end; /* ours, unique for ever: comes back on the statement */
	str name;
	str account;  /* BBAN of 11 digits, or IBAN without blanks */
	money amount; /* > 0 */
	str kid;      /* the payee's reference, or … */
	str message;  /* … a text; never both, both may be empty */
};

struct pain_file {
	str message_id; /* unique for ever */
	date created_on;
	date execute_on; /* a banking day, not before created_on */
	str debtor_name, debtor_orgnr;
	str account; /* BBAN of 11 digits */
	str bank_bic; /* may be empty */
	/* Æ Ø Å as they are, by agreement with the bank; otherwise they are written ae, o, a like other letters
	 * outside the set the banks agree on. */
	bool national_letters;
	const struct pain_payment *payments; /* at least one */
	size_t payment_count;
};

/* Checks the file, then writes it as UTF-8. ERR_INPUT names the first payment that cannot be sent: an account with a wrong
 * check digit, a reference that is no KID, an amount that is not above zero, an id used twice or with a character
 * outside A-Z a-z 0-9 and -. Nothing has been written then. */
err_t pain_write(const struct pain_file *file, struct arena *arena, struct sink sink) MUST_CHECK;

/* Text in the characters every bank takes: letters A-Z a-z, digits and / - ? : ( ) . , ' + and blank; others become
 * the nearest of these (é e, æ ae, & +), or '?'. */
str pain_text(struct arena *arena, str text, bool national_letters);

#endif
