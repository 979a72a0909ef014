/* Short messages that tell of a letter: SMS and e-mail. Others may see the screen, so they hold the sender, the case
 * number, the code and our own address, never an amount, a creditor or the receiver's name (letter_lint() checks). */
#ifndef KRAVBOK_FORMAT_LETTER_TEXT_H
#define KRAVBOK_FORMAT_LETTER_TEXT_H

#include "core/letter.h"

enum { SMS_SIZE_MAX = 160 };

/* One SMS in the GSM 7-bit alphabet (3GPP TS 23.038); a letter it does not have becomes its nearest. ERR_INPUT without
 * a code; ERR_REFUSED when it would be more than one SMS. */
err_t letter_text_sms(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	str *ret_text) MUST_CHECK;

/* Plain text; paragraphs are set apart by empty lines. No line breaks in the subject. ERR_INPUT without a code. */
struct letter_email {
	str subject, body;
};
err_t letter_text_email(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	struct letter_email *ret_email) MUST_CHECK;

/* text in the GSM 7-bit alphabet, and how many of an SMS's 160 places it takes (the euro sign and brackets take two). */
str sms_text(struct arena *arena, str text);
size_t sms_size(str text);
bool sms_fits(str text); /* every character is in the alphabet: a gateway may send it as it is */

#endif
