/* CSV as Norwegian offices make it: separator ; , or tab; quotes; LF or CRLF; UTF-8 with or without BOM, or
 * Windows-1252 (of which ISO-8859-1 is a part). One pass, no copy of the file: memory does not grow with it.
 *
 * A scanner of our own, not libcsv: bad rows go back to the client byte for byte and are named by their line, and
 * libcsv says neither where a row starts nor where it ends; it was also four times slower (docs/decisions.md). */
#ifndef KRAVBOK_FORMAT_CSV_H
#define KRAVBOK_FORMAT_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CSV_FIELD_COUNT_MAX = 256,
	CSV_FIELD_SIZE_MAX = 64 * 1024,
	CSV_ROW_SIZE_MAX = 1024 * 1024,
};

/* fields: unquoted, as UTF-8, not trimmed. raw: the bytes of the row as they stand in the file, in its encoding,
 * with the line end if there is one. All views are good during the call only (raw: as long as the file's bytes). */
struct csv_row {
	int64_t line_no; /* 1-based line of the file on which the row starts */
	const str *fields;
	size_t field_count;
	str raw;
};

typedef err_t (*csv_row_fn)(const struct csv_row *row, void *context);

/* Calls each for every row in order, the header row included; rows with nothing but blanks are left out. The first
 * error of each ends it and comes out unchanged. The separator is the one that gives the first 20 rows the same number
 * of fields ("sep=;" on the first line is obeyed). The first row with a letter beyond ASCII tells the encoding.
 * scratch: reset after each row, so each must keep nothing in it.
 * ERR_INPUT with the line: UTF-16, a workbook, NUL bytes, a row or field over the limits, a quote that is not closed
 * or followed by text, a lone carriage return, a UTF-8 file with a byte that is none. Rows before that line have
 * then been given out: the caller undoes them. */
err_t csv_read(str bytes, struct arena *scratch, csv_row_fn each, void *context) MUST_CHECK;

/* What stands before the first data row, byte for byte (BOM, "sep=" line, header row). A file of some of the rows, to be
 * mended and sent again, is this and their raw texts, each through csv_write_raw(). Errors as csv_read(). */
err_t csv_head_raw(str bytes, struct arena *scratch, str *ret_raw) MUST_CHECK;
/* raw with a line end, also when the last row of the file had none. */
err_t csv_write_raw(struct sink sink, str raw) MUST_CHECK;

/* A field of a CSV file we write, separator ';': quoted where needed; a cell a spreadsheet would take for a formula
 * (= + - @, tab) gets an apostrophe, unless it is a plain number. */
void csv_text_field(struct text *text, str value);
/* The same as it is, for a text that goes back to csv_read() and to nobody's spreadsheet: a telephone number keeps its +. */
void csv_plain_field(struct text *text, str value);

/* Header names to columns. */
struct csv_column {
	const char *name; /* lower case */
	bool required;
};
enum { CSV_COLUMN_COUNT_MAX = 32 };
/* field_at[column] is the index of its field in a row, -1 when the file has no such column. */
struct csv_columns {
	int field_at[CSV_COLUMN_COUNT_MAX];
	size_t field_count;
};
/* Matches a header row, trimmed and without regard to case, in any order. One ERR_INPUT names all that is wrong:
 * unknown, missing and repeated columns. count <= CSV_COLUMN_COUNT_MAX. */
err_t csv_columns_match(const struct csv_row *header, const struct csv_column *columns, size_t count,
	struct arena *scratch, struct csv_columns *ret_columns) MUST_CHECK;
/* The field of a column, trimmed (no-break spaces too); empty when the file has no such column. */
str csv_field(const struct csv_row *row, const struct csv_columns *columns, size_t column);

/* What is wrong with one field of one row. reason is one line, in a person's words. */
struct row_finding {
	int64_t line_no;
	const char *field; /* the column's name; "" for the row as a whole */
	str reason;
};

/* The findings of a row while it is checked, in an arena; more than ROW_FINDING_COUNT_MAX are not kept. */
enum { ROW_FINDING_COUNT_MAX = 32 };
struct row_findings {
	struct arena *arena;
	int64_t line_no;
	size_t count;
	struct row_finding items[ROW_FINDING_COUNT_MAX];
};
void row_finding_add(struct row_findings *findings, const char *field, const char *format, ...) PRINTF_LIKE(3, 4);
/* The error's text as a finding; frees it. False when there was an error. */
bool row_finding_err(struct row_findings *findings, const char *field, err_t err);

/* A row that has another number of fields than the header. */
void row_finding_field_count(struct row_findings *findings, size_t field_count, size_t header_count);

/* A text a person wrote: no control or direction-changing characters, no letter lost in the encoding, at most
 * size_max characters. Adds findings; false when there are any. */
bool row_text_check(struct row_findings *findings, const char *field, str value, size_t size_max);

#endif
