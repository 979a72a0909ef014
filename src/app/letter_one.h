/* One letter of the outbox to be looked at: what it says, or its PDF. */
#ifndef KRAVBOK_APP_LETTER_ONE_H
#define KRAVBOK_APP_LETTER_ONE_H

#include "app/letter.h"

/* ERR_INPUT when there is no such letter; ERR_REFUSED with the reason when it cannot be made. */
err_t letter_one(const struct op *op, int64_t case_no, int64_t letter_no, struct letter *ret_letter) MUST_CHECK;
/* What it says, as blocks (core/letter.h). */
err_t letter_words(const struct op *op, const struct letter *letter, struct letter_content *ret_content) MUST_CHECK;
/* Its PDF; by way of a file in the system's folder for such, gone when this comes back. */
err_t letter_pdf_bytes(const struct op *op, const struct letter *letter, str *ret_pdf) MUST_CHECK;

#endif
