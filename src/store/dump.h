/* A whole book as text, byte for byte the same from both engines: what `kravbok export all` writes and `kravbok import
 * all` reads. One line is one row, in the order of the key; tables come in the order of sql/schema.sql.
 *
 *	kravbok<TAB>FORMAT<TAB>SCHEMA            versions of this format and of the tables
 *	table<TAB>NAME<TAB>COLUMN<TAB>COLUMN…    what follows, until the next such line
 *	<TAB>VALUE<TAB>VALUE…                    a row: a tab before each value
 *
 * A value is a number, a day as 2026-01-15, text, bytes in base64, or \N for one that is missing. In text \\ stands for a
 * backslash, \t \n \r for tab, line feed and carriage return. app/transfer.h puts a line with the row count and the
 * SHA-256 of all this at the end. */
#ifndef KRAVBOK_STORE_DUMP_H
#define KRAVBOK_STORE_DUMP_H

#include "base/sink.h"
#include "store/db.h"

enum { DUMP_FORMAT = 1, DUMP_LINE_SIZE_MAX = 8 << 20 };

/* Called now and then with the number of rows so far. */
struct dump_watch {
	void (*tick)(int64_t row_count, void *context); /* NULL: nobody waits */
	void *context;
};

/* Everything, row by row in flat memory. Inside db_begin_reading, so that it is one state of the book. Errors: the
 * database's; ERR_INTERNAL for a value too long for a line. What the sink answers is kept in `to` (sink_flush). */
err_t dump_write(struct db *db, struct sink_buffer *to, struct dump_watch watch, int64_t *ret_row_count) MUST_CHECK;

/* The first line. ERR_INPUT when it is none; ERR_REFUSED when the format or the schema is not this program's. */
err_t dump_head_check(str line) MUST_CHECK;

/* True when nothing is in the book but what kravbok init puts there: settings, the agency as the only client, terms. */
err_t dump_book_is_empty(struct db *db, bool *ret_is_empty) MUST_CHECK;

/* Lines in, rows out. Inside a transaction of the caller, who rolls back after an error. */
struct dump_loader;
/* Removes what kravbok init has put into the empty book. arena: some megabytes, for as long as the loader is used; nothing
 * else may be taken from it meanwhile. */
err_t dump_load_begin(struct db *db, struct arena *arena, struct dump_loader **ret_loader) MUST_CHECK;
/* The next line without its line feed, from the second on; good during the call. ERR_INPUT says what is wrong with it. */
err_t dump_load_line(struct dump_loader *loader, str line) MUST_CHECK;
/* After the last line. ERR_INPUT when a table has not come. */
err_t dump_load_end(struct dump_loader *loader, int64_t *ret_row_count) MUST_CHECK;
int64_t dump_load_count(const struct dump_loader *loader); /* rows so far */

#endif
