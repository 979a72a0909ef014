/* A client's settlement statement as landscape A4 pages: what a shop owner reads and keeps for the accounts. */
#ifndef KRAVBOK_FORMAT_STATEMENT_PDF_H
#define KRAVBOK_FORMAT_STATEMENT_PDF_H

#include "core/statement.h"
#include "format/pdf.h"

/* Adds the statement's pages to the file open in pdf (opened landscape). Labels come from book. Errors of
 * statement_check(). */
err_t statement_pdf_add(struct pdf *pdf, struct arena *arena, const struct letter_book *book,
	const struct statement *statement, size_t *ret_page_count) MUST_CHECK;

#endif
