/* A client's settlement as CSV for a Norwegian spreadsheet: UTF-8 with BOM, separator ;, decimal comma, CRLF. */
#ifndef KRAVBOK_FORMAT_STATEMENT_CSV_H
#define KRAVBOK_FORMAT_STATEMENT_CSV_H

#include "base/sink.h"
#include "core/statement.h"

/* A header row, then a row for each row of the statement, with the settlement's number in each. Text a spreadsheet
 * would take for a formula is made harmless. Column names are the same in every language: programs read them.
 * arena: for the buffer. Errors of statement_check() and of the sink. */
err_t statement_csv_write(const struct statement *statement, struct arena *arena, struct sink sink) MUST_CHECK;

#endif
