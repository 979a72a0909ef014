/* Letters as A4 pages for a window envelope (C5, window on the left). What a letter says is in core/letter.h; this
 * file decides how it looks. */
#ifndef KRAVBOK_FORMAT_LETTER_PDF_H
#define KRAVBOK_FORMAT_LETTER_PDF_H

#include "core/letter.h"
#include "format/pdf.h"

/* Adds the letter's pages to the file open in pdf. Errors of letter_check(); nothing of a refused letter is in the
 * file, and the next can be added. arena: for the words, the caller's to reset. */
err_t letter_pdf_add(struct pdf *pdf, struct arena *arena, const struct letter_book *book, const struct letter *letter,
	size_t *ret_page_count) MUST_CHECK;

#endif
