/* The database: SQLite or PostgreSQL behind one face. Only this room knows which.
 *
 * Queries live in sql/<noun>.sql and are turned into typed functions by tools/sqlgen.c (build/gen/sql.h): callers use
 * q_<name>(), never text. This header is what those functions and app/ stand on: open, transactions, locks, backup.
 *
 * One connection is one writer. A write happens inside db_begin … db_commit (BEGIN IMMEDIATE on SQLite); an error in
 * between is followed by db_rollback, and nothing of it is left. */
#ifndef KRAVBOK_STORE_DB_H
#define KRAVBOK_STORE_DB_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

enum db_open_mode {
	DB_OPEN_EXISTING, /* must exist and have this program's schema version */
	DB_OPEN_CREATE,   /* made when missing; migrated when older (kravbok init) */
};

/* url: "sqlite:FILE" or "postgresql://…". Errors: ERR_INPUT for another scheme; ERR_REFUSED when the book does not
 * exist yet ("run kravbok init") or is of a newer version than the program; ERR_OUTSIDE when it cannot be reached. */
err_t db_open(const char *url, enum db_open_mode mode, struct db **ret_db) MUST_CHECK;
void db_close(struct db *db);

bool db_is_sqlite(const struct db *db);
const char *db_url(const struct db *db);
bool db_was_created(const struct db *db); /* by this db_open: an empty book */
int db_migrated_from(const struct db *db); /* version before this db_open migrated it; the current one if it did not */

err_t db_begin(struct db *db) MUST_CHECK;  /* waits up to 10 s for another writer, then ERR_BUSY */
/* Many reads of one and the same book, whatever others write meanwhile; nobody waits for it. Ended by db_rollback. */
err_t db_begin_reading(struct db *db) MUST_CHECK;
err_t db_commit(struct db *db) MUST_CHECK; /* on error the transaction is rolled back */
void db_rollback(struct db *db);           /* no transaction open: nothing */
bool db_in_transaction(const struct db *db); /* a writing one is open */
/* All transactions of this connection until db_end_whole() become one: db_begin and db_commit in between only mark its parts,
 * and a db_rollback of a part undoes everything since db_begin_whole(): no other part may begin (ERR_INTERNAL) until the whole is given
 * up by a db_rollback outside of one. What must be
 * stored together with a use case's own changes (the answer to a repeated request) is stored so. */
err_t db_begin_whole(struct db *db) MUST_CHECK;
/* Commits, when nothing was rolled back meanwhile (ret_stored tells). */
err_t db_end_whole(struct db *db, bool *ret_stored) MUST_CHECK;
/* All reads until db_end_whole_reading() see one state of the book, and cost its locks once (SQLite; on PostgreSQL, where it would
 * cost two round trips, nothing happens). A db_begin in between ends it. */
err_t db_begin_whole_reading(struct db *db) MUST_CHECK;
void db_end_whole_reading(struct db *db); /* not begun: nothing */
/* The end of a transaction: committed when err is OK, else rolled back and err given back. */
err_t db_end(struct db *db, err_t err) MUST_CHECK;

/* A lock by name for one process at a time, freed by the system if the process dies. ERR_BUSY names the lock. */
err_t db_lock(struct db *db, const char *name) MUST_CHECK;
void db_unlock(struct db *db, const char *name);

/* How many cases are best loaded, decided and written at a time: on SQLite few, so that they stay near the processor; on
 * PostgreSQL more, since each query is a journey to the server. A transaction may hold several such batches. */
size_t db_batch_size(const struct db *db);

/* on: until it is off again, work goes through the tables in the order of their keys, so a page is seldom needed twice.
 * SQLite then keeps few pages: their memory stays near the processor and little is asked of the system, which made a night
 * a quarter quicker. Work in any other order wants the whole cache. KRAVBOK_CACHE_MIB, when set, holds for both. */
void db_in_order(struct db *db, bool on);

/* A consistent copy while others work; SQLite only (ERR_REFUSED names pg_dump). The copy is checked before it is
 * reported done, and appears under its name only when whole. */
err_t db_backup(struct db *db, const char *path) MUST_CHECK;

/* The book in the file from, a backup, becomes the book at url (SQLite only). It is copied, checked and then renamed into
 * place, so that nothing is there when it fails. ERR_REFUSED when the file is no book or one of a newer version, and
 * unless may_replace when there is a file already; ERR_BUSY when the old one is in use. */
struct db_restore {
	const char *from, *url;
	bool may_replace;
};
err_t db_restore(struct db_restore restore) MUST_CHECK;

/* ---- for generated code and the bulk writer ---- */

enum db_type { DB_INTEGER, DB_TEXT, DB_DATE, DB_BLOB };

struct db_value { /* a parameter or a column; is_null wins */
	enum db_type type;
	bool is_null;
	int64_t integer;
	date day;
	str text; /* DB_TEXT and DB_BLOB */
};

/* Known at build time: one static per query. */
struct db_query {
	const char *name;
	const char *sqlite_sql; /* ?1 … */
	const char *postgres_sql; /* $1 … */
	size_t number;          /* 0-based, unique: statements are cached by it */
	const enum db_type *parameter_types;
	size_t parameter_count;
	const enum db_type *column_types;
	size_t column_count;
	/* For bulk queries on PostgreSQL: the rows of a plain insert go by COPY into bulk_table (bulk_columns, in parameter
	 * order). Of another bulk, bulk_sql does the work: it reads a table of this name, made of an array a column. */
	const char *bulk_table;
	const char *const *bulk_columns;
	const char *bulk_sql;
	bool bulk_is_update; /* a row that finds nothing to change is ERR_INTERNAL */
	bool writes;
};

extern const struct db_query *const db_queries[]; /* every query, for the test that prepares them on both engines */
extern const size_t db_query_count;

/* The tables of sql/schema.sql in its order, for what goes through all of them (store/dump.h). */
struct db_table {
	const char *name;
	const char *const *columns; /* read->column_count of them, as in the schema */
	const bool *may_be_null;    /* by column */
	const struct db_query *read;   /* all columns, rows in the order of the key: the same on both engines */
	const struct db_query *insert; /* all columns; a bulk */
	const struct db_query *clear;
	const struct db_query *few; /* one number: how many rows, 2 for more than one */
};
extern const struct db_table db_tables[];
extern const size_t db_table_count;

/* Prepares a query without running it; on PostgreSQL the types of its columns are checked too. For the test that does
 * so with all of them. */
err_t db_prepare(struct db *db, const struct db_query *query) MUST_CHECK;

/* Runs a query; each row is given to each_row(values, context) in turn; an error from it stops the query and is
 * returned. Text and blobs of values are good only during the call. each_row may not write through the same db on
 * PostgreSQL. */
typedef err_t (*db_row_fn)(const struct db_value *values, void *context);
err_t db_run(struct db *db, const struct db_query *query, const struct db_value *parameters, db_row_fn each_row,
	void *context) MUST_CHECK;

/* Many rows through one query: row_at(i, values, context) fills parameter_count values for row i. On SQLite the
 * prepared statement is run for each row; on PostgreSQL all rows go at once and one statement does them all, so no two rows
 * of a call may have the same key. An update that finds no row is ERR_INTERNAL. */
typedef void (*db_fill_fn)(size_t row_index, struct db_value *values, const void *context);
err_t db_run_many(struct db *db, const struct db_query *query, size_t row_count, db_fill_fn row_at,
	const void *context) MUST_CHECK;

/* The hand of keys for a batch read: the connection's table pick(no, id, id2, key) has these rows from now on, and no
 * others (no = index, 0-based). On PostgreSQL they travel with each query that joins it. Batch queries join it: FROM pick p JOIN claim c ON c.case_id = p.id. */
struct db_pick {
	int64_t id, id2;
	str key;
};
err_t db_pick(struct db *db, const struct db_pick *picks, size_t pick_count) MUST_CHECK;
size_t db_picked(const struct db *db); /* how many there are */

/* Fails the n-th statement from now (1-based) with ERR_OUTSIDE; 0 turns it off. For crash tests only. */
void db_fail_nth(struct db *db, int64_t nth);
int64_t db_statement_count(const struct db *db); /* statements run since opening */

#endif
