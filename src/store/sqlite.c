/* SQLite: one file beside its -wal, one writer at a time, readers that never wait.
 *
 * Statements are prepared once and kept by query number. Values are bound without a copy (SQLITE_STATIC): what they
 * point to lives until the statement is reset, which is always before the function that bound them returns. */
#include "store/engine.h"
#include "store/sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CACHE_MIB = 64,
	CACHE_MIB_IN_ORDER = 8, /* the pages one batch changes, or nearly */
	CACHE_MIB_MAX = 65536,
	/* A night writes tens of megabytes; with the 4 MiB of the default many pages would be copied again and again. */
	CHECKPOINT_PAGES = 16384,
	LOCKS_MAX = 8,
	DATE_SIZE = 10,
};

struct file_lock {
	char *name; /* NULL: free */
	int fd;
};

/* Rows on their way into a table: what the virtual table bulk_rows shows (p1, p2, … of the row at row_index). */
struct bulk {
	size_t row_count, row_index;
	db_fill_fn row_at;
	const void *context;
	struct db_value values[DB_PARAMETERS_MAX];
	struct date_text days[DB_PARAMETERS_MAX]; /* the text of the dates in values … */
	date days_of[DB_PARAMETERS_MAX];          /* … and of which days: most are those of the row before */
	struct db_meter *meter;
	err_t err; /* of the meter */
};

struct db_connection {
	sqlite3 *sqlite;
	struct db_meter *meter;
	char *path;
	sqlite3_stmt **statements; /* by query number; NULL until first used */
	size_t statement_capacity;
	sqlite3_stmt *begin, *begin_reading, *commit, *rollback;
	struct db_pick *picks; /* the hand of keys, its texts in pick_text */
	size_t pick_count, pick_capacity;
	char *pick_text;
	size_t pick_text_capacity;
	struct bulk bulk;
	struct file_lock locks[LOCKS_MAX];
};

static void *checked(void *memory)
{
	if (!memory)
		panic("out of memory");
	return memory;
}

static bool is_disk_full(sqlite3 *sqlite, int code)
{
	if (code == SQLITE_FULL)
		return true;
	if (code != SQLITE_IOERR)
		return false;
	int last = errno, why = sqlite3_system_errno(sqlite);
	if (!why)
		why = last; /* SQLite does not keep it for a COMMIT; nothing that can fail has been called since */
	return why == ENOSPC || why == EDQUOT || why == EFBIG; /* EFBIG: the file may not grow */
}

/* The last error of the connection, for the caller. what: the query's name. */
static err_t sqlite_err(sqlite3 *sqlite, const char *what)
{
	int code = sqlite3_errcode(sqlite) & 0xFF;
	const char *text = sqlite3_errmsg(sqlite);
	if (is_disk_full(sqlite, code))
		return fail(ERR_OUTSIDE, "the disk is full; nothing of this transaction was kept");
	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail(ERR_BUSY, "somebody else is writing the book (waited %d s)", DB_WAIT_SECONDS);
	case SQLITE_NOMEM:
		panic("out of memory");
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return fail(ERR_INTERNAL, "%s: %s", what, text);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fail(ERR_INTERNAL, "the book is damaged: %s", text);
	default:
		return fail(ERR_OUTSIDE, "%s: %s", what, text);
	}
}

/* ---- statements ---- */

static err_t statement_prepare(struct db_connection *connection, const char *name, const char *sql,
	sqlite3_stmt **ret_statement)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v3(connection->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
		return sqlite_err(connection->sqlite, name);
	*ret_statement = statement;
	return OK;
}

static void statements_make_room(struct db_connection *connection, size_t number)
{
	if (number < connection->statement_capacity)
		return;
	size_t capacity = number + 1 > db_query_count ? number + 1 : db_query_count;
	connection->statements = checked(realloc(connection->statements, capacity * sizeof *connection->statements));
	for (size_t i = connection->statement_capacity; i < capacity; i++)
		connection->statements[i] = NULL;
	connection->statement_capacity = capacity;
}

/* A plain insert of many rows is one statement over bulk_rows. OR FAIL: without it SQLite would keep a journal to undo this
 * statement alone; an error is always followed by the end of the whole transaction. */
static err_t bulk_prepare(struct db_connection *connection, const struct db_query *query, sqlite3_stmt **ret_statement)
{
	enum { SIZE = 8192 };
	char sql[SIZE];
	int size = snprintf(sql, SIZE, "INSERT OR FAIL INTO %s (", query->bulk_table);
	for (size_t i = 0; i < query->parameter_count && size < SIZE; i++)
		size += snprintf(sql + size, (size_t)(SIZE - size), "%s%s", i ? ", " : "", query->bulk_columns[i]);
	for (size_t i = 0; i < query->parameter_count && size < SIZE; i++)
		size += snprintf(sql + size, (size_t)(SIZE - size), "%sp%zu", i ? ", " : ") SELECT ", i + 1);
	if (size < SIZE)
		size += snprintf(sql + size, (size_t)(SIZE - size), " FROM bulk_rows");
	require(size < SIZE);
	return statement_prepare(connection, query->name, sql, ret_statement);
}

/* PostgreSQL's COPY goes straight into the table. */
static bool bulk_is_plain(const struct db_query *query)
{
	return query->bulk_table && !query->bulk_sql;
}

static err_t statement_of(struct db_connection *connection, const struct db_query *query, sqlite3_stmt **ret_statement)
{
	statements_make_room(connection, query->number);
	sqlite3_stmt **slot = &connection->statements[query->number];
	if (!*slot && bulk_is_plain(query))
		TRY(bulk_prepare(connection, query, slot));
	if (!*slot)
		TRY(statement_prepare(connection, query->name, query->sqlite_sql, slot));
	require(!sqlite3_stmt_busy(*slot)); /* a query cannot be run again from inside its own rows */
	*ret_statement = *slot;
	return OK;
}

/* One that gives no rows. */
static err_t statement_finish(struct db_connection *connection, const char *name, sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	err_t err = code == SQLITE_DONE || code == SQLITE_ROW ? OK : sqlite_err(connection->sqlite, name);
	sqlite3_reset(statement);
	return err;
}

/* ---- values in ---- */

/* The text of the dates bound to a statement, and what is bound: in a bulk most days are those of the row before. */
struct binding {
	enum { BOUND_NOTHING, BOUND_NULL, BOUND_DATE, BOUND_INTEGER, BOUND_TEXT } bound;
	int64_t integer;
	date day;
	struct date_text text;
};

static int bind_text(sqlite3_stmt *statement, int number, const struct db_value *value)
{
	const char *at = value->text.at ? value->text.at : ""; /* NULL would bind NULL */
	if (value->type == DB_BLOB)
		return sqlite3_bind_blob64(statement, number, at, value->text.size, SQLITE_STATIC);
	return sqlite3_bind_text64(statement, number, at, value->text.size, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_date(sqlite3_stmt *statement, int number, const struct db_value *value, struct binding *binding)
{
	if (binding->bound == BOUND_DATE && date_eq(binding->day, value->day))
		return SQLITE_OK;
	binding->bound = BOUND_DATE;
	binding->day = value->day;
	binding->text = date_iso(value->day);
	return sqlite3_bind_text(statement, number, binding->text.z, DATE_SIZE, SQLITE_STATIC);
}

static int bind_integer(sqlite3_stmt *statement, int number, const struct db_value *value, struct binding *binding)
{
	if (binding->bound == BOUND_INTEGER && binding->integer == value->integer)
		return SQLITE_OK;
	binding->bound = BOUND_INTEGER;
	binding->integer = value->integer;
	return sqlite3_bind_int64(statement, number, value->integer);
}

/* number: 1-based. */
static int bind_value(sqlite3_stmt *statement, int number, const struct db_value *value, struct binding *binding)
{
	if (value->is_null) {
		bool already = binding->bound == BOUND_NULL;
		binding->bound = BOUND_NULL;
		return already ? SQLITE_OK : sqlite3_bind_null(statement, number);
	}
	switch (value->type) {
	case DB_INTEGER:
		return bind_integer(statement, number, value, binding);
	case DB_DATE:
		return bind_date(statement, number, value, binding);
	case DB_TEXT:
	case DB_BLOB:
		binding->bound = BOUND_TEXT;
		return bind_text(statement, number, value);
	}
	panic("unknown type");
}

static err_t bind_all(struct db_connection *connection, const struct db_query *query, sqlite3_stmt *statement,
	const struct db_value *parameters, struct binding *bindings)
{
	int count = (int)query->parameter_count; /* at most DB_PARAMETERS_MAX */
	for (int i = 0; i < count; i++)
		if (bind_value(statement, i + 1, &parameters[i], &bindings[i]) != SQLITE_OK)
			return sqlite_err(connection->sqlite, query->name);
	return OK;
}

/* ---- values out ---- */

static err_t column_err(const struct db_query *query, int column, const char *wanted)
{
	return fail(ERR_INTERNAL, "query %s: column %d is not %s", query->name, column + 1, wanted);
}

/* By value: each sqlite3_column_…() would look the column up again. Statements are of one connection, which one thread
 * uses, so an unprotected value is good until the next step. */
static err_t column_read(const struct db_query *query, sqlite3_stmt *statement, int column, struct db_value *value)
{
	sqlite3_value *stored = sqlite3_column_value(statement, column);
	int type = sqlite3_value_type(stored);
	value->is_null = type == SQLITE_NULL;
	if (value->is_null) {
		*value = (struct db_value){ .type = value->type, .is_null = true, .day = DATE_NONE };
		return OK;
	}
	switch (value->type) {
	case DB_INTEGER:
		if (type != SQLITE_INTEGER)
			return column_err(query, column, "a whole number");
		value->integer = sqlite3_value_int64(stored);
		return OK;
	case DB_DATE: {
		const char *at = type == SQLITE_TEXT ? (const char *)sqlite3_value_text(stored) : "";
		if (!db_date_from_text(at, size_from_i64(sqlite3_value_bytes(stored)), &value->day))
			return column_err(query, column, "a date");
		return OK;
	}
	case DB_TEXT:
		if (type != SQLITE_TEXT)
			return column_err(query, column, "text");
		value->text.at = (const char *)sqlite3_value_text(stored);
		value->text.size = size_from_i64(sqlite3_value_bytes(stored));
		return OK;
	case DB_BLOB:
		if (type != SQLITE_BLOB)
			return column_err(query, column, "bytes");
		value->text.at = sqlite3_value_blob(stored);
		value->text.size = size_from_i64(sqlite3_value_bytes(stored));
		if (!value->text.at)
			value->text.at = ""; /* none at all, but not missing */
		return OK;
	}
	panic("unknown type");
}

static err_t rows_read(struct db_connection *connection, const struct db_query *query, sqlite3_stmt *statement,
	db_row_fn each_row, void *context)
{
	struct db_value values[DB_COLUMNS_MAX];
	int count = (int)query->column_count; /* at most DB_COLUMNS_MAX */
	for (int i = 0; i < count; i++)
		values[i] = (struct db_value){ .type = query->column_types[i] };
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < count; i++)
			TRY(column_read(query, statement, i, &values[i]));
		if (each_row)
			TRY(each_row(values, context));
	}
	return code == SQLITE_DONE ? OK : sqlite_err(connection->sqlite, query->name);
}

/* ---- running ---- */

static err_t sqlite_run(struct db_connection *connection, const struct db_query *query,
	const struct db_value *parameters, db_row_fn each_row, void *context)
{
	require(query->column_count <= DB_COLUMNS_MAX);
	require(query->parameter_count <= DB_PARAMETERS_MAX);
	TRY(db_meter_step(connection->meter));
	sqlite3_stmt *statement;
	struct binding bindings[DB_PARAMETERS_MAX];
	TRY(statement_of(connection, query, &statement));
	for (size_t i = 0; i < query->parameter_count; i++)
		bindings[i].bound = BOUND_NOTHING;
	err_t err = bind_all(connection, query, statement, parameters, bindings);
	if (!err)
		err = rows_read(connection, query, statement, each_row, context);
	sqlite3_reset(statement);
	return err;
}

static err_t sqlite_prepare(struct db_connection *connection, const struct db_query *query)
{
	sqlite3_stmt *statement;
	return statement_of(connection, query, &statement);
}

/* One row of a bulk. */
static err_t bulk_step(struct db_connection *connection, const struct db_query *query, sqlite3_stmt *statement)
{
	TRY(db_meter_step(connection->meter));
	int code = sqlite3_step(statement);
	if (code != SQLITE_DONE) {
		err_t err = sqlite_err(connection->sqlite, query->name);
		sqlite3_reset(statement);
		return err;
	}
	sqlite3_reset(statement);
	if (query->bulk_is_update && sqlite3_changes(connection->sqlite) == 0)
		return fail(ERR_INTERNAL, "query %s: a row to be changed is not there", query->name);
	return OK;
}

/* ---- bulk_rows: a table whose rows are those of connection->bulk ---- */

struct bulk_table { /* begins with what SQLite knows of it */
	sqlite3_vtab base;
	struct db_connection *connection;
};

static struct db_connection *bulk_connection(sqlite3_vtab *table)
{
	return ((struct bulk_table *)table)->connection;
}

static int table_declare(sqlite3 *sqlite, struct db_connection *connection, const char *sql, sqlite3_vtab **ret_table)
{
	int code = sqlite3_declare_vtab(sqlite, sql);
	struct bulk_table *table = code == SQLITE_OK ? sqlite3_malloc64(sizeof *table) : NULL;
	if (!table)
		return code == SQLITE_OK ? SQLITE_NOMEM : code;
	*table = (struct bulk_table){ .connection = connection };
	*ret_table = &table->base;
	return SQLITE_OK;
}

static int bulk_connect(sqlite3 *sqlite, void *connection, int count, const char *const *arguments, sqlite3_vtab **ret_table,
	char **ret_text)
{
	char sql[DB_PARAMETERS_MAX * 5 + 32];
	int size = snprintf(sql, sizeof sql, "CREATE TABLE rows (");
	(void)count, (void)arguments, (void)ret_text;
	for (int i = 0; i < DB_PARAMETERS_MAX; i++)
		size += snprintf(sql + size, sizeof sql - (size_t)size, "%sp%d", i ? "," : "", i + 1);
	snprintf(sql + size, sizeof sql - (size_t)size, ")");
	return table_declare(sqlite, connection, sql, ret_table);
}

static int bulk_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

static int bulk_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1000;
	info->estimatedRows = 1000;
	return SQLITE_OK;
}

static int bulk_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
	(void)table;
	sqlite3_vtab_cursor *cursor = sqlite3_malloc64(sizeof *cursor);
	if (!cursor)
		return SQLITE_NOMEM;
	*cursor = (sqlite3_vtab_cursor){ 0 };
	*ret_cursor = cursor;
	return SQLITE_OK;
}

static int bulk_close(sqlite3_vtab_cursor *cursor)
{
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static int bulk_row_load(struct bulk *bulk)
{
	if (bulk->row_index >= bulk->row_count)
		return SQLITE_OK;
	bulk->err = db_meter_step(bulk->meter);
	if (bulk->err)
		return SQLITE_ERROR;
	bulk->row_at(bulk->row_index, bulk->values, bulk->context);
	return SQLITE_OK;
}

static int bulk_filter(sqlite3_vtab_cursor *cursor, int plan, const char *text, int count, sqlite3_value **values)
{
	(void)plan, (void)text, (void)count, (void)values;
	struct bulk *bulk = &bulk_connection(cursor->pVtab)->bulk;
	bulk->row_index = 0;
	return bulk_row_load(bulk);
}

static int bulk_next(sqlite3_vtab_cursor *cursor)
{
	struct bulk *bulk = &bulk_connection(cursor->pVtab)->bulk;
	bulk->row_index++;
	return bulk_row_load(bulk);
}

static int bulk_eof(sqlite3_vtab_cursor *cursor)
{
	const struct bulk *bulk = &bulk_connection(cursor->pVtab)->bulk;
	return bulk->row_index >= bulk->row_count;
}

static int bulk_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *ret_rowid)
{
	*ret_rowid = i64_from_size(bulk_connection(cursor->pVtab)->bulk.row_index);
	return SQLITE_OK;
}

static void bulk_date(sqlite3_context *result, struct bulk *bulk, int column)
{
	date day = bulk->values[column].day;
	if (!date_eq(bulk->days_of[column], day)) {
		bulk->days_of[column] = day;
		bulk->days[column] = date_iso(day);
	}
	sqlite3_result_text(result, bulk->days[column].z, DATE_SIZE, SQLITE_STATIC);
}

static int bulk_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
	struct bulk *bulk = &bulk_connection(cursor->pVtab)->bulk;
	const struct db_value *value = &bulk->values[column];
	const char *at = value->text.at ? value->text.at : "";
	if (value->is_null)
		return SQLITE_OK; /* a result not set is NULL */
	switch (value->type) {
	case DB_INTEGER:
		sqlite3_result_int64(result, value->integer);
		return SQLITE_OK;
	case DB_DATE:
		bulk_date(result, bulk, column);
		return SQLITE_OK;
	case DB_TEXT:
		sqlite3_result_text64(result, at, value->text.size, SQLITE_STATIC, SQLITE_UTF8);
		return SQLITE_OK;
	case DB_BLOB:
		sqlite3_result_blob64(result, at, value->text.size, SQLITE_STATIC);
		return SQLITE_OK;
	}
	panic("unknown type");
}

static const sqlite3_module bulk_module = {
	/* No xCreate: the table is there by its name alone. */
	.xConnect = bulk_connect,
	.xDisconnect = bulk_disconnect,
	.xBestIndex = bulk_plan,
	.xOpen = bulk_open,
	.xClose = bulk_close,
	.xFilter = bulk_filter,
	.xNext = bulk_next,
	.xEof = bulk_eof,
	.xColumn = bulk_column,
	.xRowid = bulk_rowid,
};

/* Runs a statement that reads bulk_rows. */
static err_t bulk_run(struct db_connection *connection, const char *name, sqlite3_stmt *statement)
{
	struct bulk *bulk = &connection->bulk;
	bulk->meter = connection->meter;
	bulk->err = OK;
	for (size_t i = 0; i < DB_PARAMETERS_MAX; i++)
		bulk->days_of[i] = DATE_NONE;
	int code = sqlite3_step(statement);
	err_t err = bulk->err;
	if (!err && code != SQLITE_DONE)
		err = sqlite_err(connection->sqlite, name);
	sqlite3_reset(statement);
	return err;
}

static err_t sqlite_run_many(struct db_connection *connection, const struct db_query *query, size_t row_count,
	db_fill_fn row_at, const void *context)
{
	sqlite3_stmt *statement;
	TRY(statement_of(connection, query, &statement));
	if (bulk_is_plain(query)) {
		connection->bulk.row_count = row_count;
		connection->bulk.row_at = row_at;
		connection->bulk.context = context;
		return bulk_run(connection, query->name, statement);
	}
	struct db_value values[DB_PARAMETERS_MAX] = { 0 };
	struct binding bindings[DB_PARAMETERS_MAX];
	for (size_t i = 0; i < query->parameter_count; i++)
		bindings[i].bound = BOUND_NOTHING;
	for (size_t row = 0; row < row_count; row++) {
		row_at(row, values, context);
		TRY(bind_all(connection, query, statement, values, bindings));
		TRY(bulk_step(connection, query, statement));
	}
	return OK;
}

static void sqlite_rollback(struct db_connection *connection);

/* ---- pick: a table whose rows are the hand of keys ---- */

struct pick_cursor { /* begins with what SQLite knows of it */
	sqlite3_vtab_cursor base;
	size_t row_index;
};

enum { PICK_NO, PICK_ID, PICK_ID2, PICK_KEY };

static int pick_connect(sqlite3 *sqlite, void *connection, int count, const char *const *arguments, sqlite3_vtab **ret_table,
	char **ret_text)
{
	(void)count, (void)arguments, (void)ret_text;
	return table_declare(sqlite, connection, "CREATE TABLE pick (no INTEGER, id INTEGER, id2 INTEGER, key TEXT)", ret_table);
}

/* Rows come in the order of no. */
static int pick_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1000;
	info->estimatedRows = 1000;
	info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == PICK_NO && !info->aOrderBy[0].desc;
	return SQLITE_OK;
}

static int pick_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
	(void)table;
	struct pick_cursor *cursor = sqlite3_malloc64(sizeof *cursor);
	if (!cursor)
		return SQLITE_NOMEM;
	*cursor = (struct pick_cursor){ .row_index = 0 };
	*ret_cursor = &cursor->base;
	return SQLITE_OK;
}

static struct pick_cursor *pick_cursor_of(sqlite3_vtab_cursor *cursor)
{
	return (struct pick_cursor *)cursor;
}

static int pick_filter(sqlite3_vtab_cursor *cursor, int plan, const char *text, int count, sqlite3_value **values)
{
	(void)plan, (void)text, (void)count, (void)values;
	pick_cursor_of(cursor)->row_index = 0;
	return SQLITE_OK;
}

static int pick_next(sqlite3_vtab_cursor *cursor)
{
	pick_cursor_of(cursor)->row_index++;
	return SQLITE_OK;
}

static int pick_eof(sqlite3_vtab_cursor *cursor)
{
	return pick_cursor_of(cursor)->row_index >= bulk_connection(cursor->pVtab)->pick_count;
}

static int pick_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *ret_rowid)
{
	*ret_rowid = i64_from_size(pick_cursor_of(cursor)->row_index);
	return SQLITE_OK;
}

static int pick_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
	size_t row = pick_cursor_of(cursor)->row_index;
	const struct db_pick *pick = &bulk_connection(cursor->pVtab)->picks[row];
	switch (column) {
	case PICK_NO:
		sqlite3_result_int64(result, i64_from_size(row));
		break;
	case PICK_ID:
		sqlite3_result_int64(result, pick->id);
		break;
	case PICK_ID2:
		sqlite3_result_int64(result, pick->id2);
		break;
	case PICK_KEY:
		sqlite3_result_text64(result, pick->key.size ? pick->key.at : "", pick->key.size, SQLITE_STATIC, SQLITE_UTF8);
		break;
	}
	return SQLITE_OK;
}

static const sqlite3_module pick_module = {
	/* No xCreate: the table is there by its name alone. */
	.xConnect = pick_connect,
	.xDisconnect = bulk_disconnect,
	.xBestIndex = pick_plan,
	.xOpen = pick_open,
	.xClose = bulk_close,
	.xFilter = pick_filter,
	.xNext = pick_next,
	.xEof = pick_eof,
	.xColumn = pick_column,
	.xRowid = pick_rowid,
};

/* The keys are copied: a query may come long after. */
static err_t sqlite_pick(struct db_connection *connection, const struct db_pick *picks, size_t pick_count)
{
	TRY(db_meter_step(connection->meter));
	size_t text_size = 0, used = 0;
	for (size_t i = 0; i < pick_count; i++)
		text_size += picks[i].key.size;
	if (pick_count > connection->pick_capacity) {
		connection->picks = checked(realloc(connection->picks, pick_count * sizeof *connection->picks));
		connection->pick_capacity = pick_count;
	}
	if (text_size > connection->pick_text_capacity) {
		connection->pick_text = checked(realloc(connection->pick_text, text_size));
		connection->pick_text_capacity = text_size;
	}
	for (size_t i = 0; i < pick_count; i++) {
		struct db_pick *pick = &connection->picks[i];
		*pick = picks[i];
		if (!pick->key.size)
			continue;
		pick->key.at = memcpy(connection->pick_text + used, pick->key.at, pick->key.size);
		used += pick->key.size;
	}
	connection->pick_count = pick_count;
	return OK;
}

static err_t sqlite_run_script(struct db_connection *connection, const char *sql)
{
	TRY(db_meter_step(connection->meter));
	if (sqlite3_exec(connection->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_err(connection->sqlite, "script");
	return OK;
}

static err_t sqlite_begin(struct db_connection *connection)
{
	TRY(db_meter_step(connection->meter));
	return statement_finish(connection, "begin", connection->begin);
}

static err_t sqlite_begin_reading(struct db_connection *connection)
{
	TRY(db_meter_step(connection->meter));
	return statement_finish(connection, "begin", connection->begin_reading);
}

static err_t sqlite_commit(struct db_connection *connection)
{
	TRY(db_meter_step(connection->meter));
	return statement_finish(connection, "commit", connection->commit);
}

static void sqlite_rollback(struct db_connection *connection)
{
	if (sqlite3_get_autocommit(connection->sqlite))
		return; /* SQLite has done it itself, as after a full disk */
	err_t err = statement_finish(connection, "rollback", connection->rollback);
	err_free(err); /* closing the file would roll back too: nothing is kept either way */
}

/* ---- opening and closing ---- */

static err_t cache_size(int64_t *ret_mib)
{
	const char *text = getenv("KRAVBOK_CACHE_MIB");
	*ret_mib = CACHE_MIB;
	if (!text)
		return OK;
	return within(parse_i64(str_from_z(text), 1, CACHE_MIB_MAX, ret_mib), "KRAVBOK_CACHE_MIB");
}

/* Only a size: a cache that could not be told its size works as before. */
static void sqlite_in_order(struct db_connection *connection, bool on)
{
	char sql[64];
	if (getenv("KRAVBOK_CACHE_MIB"))
		return;
	snprintf(sql, sizeof sql, "PRAGMA cache_size = -%d", (on ? CACHE_MIB_IN_ORDER : CACHE_MIB) * 1024);
	(void)sqlite3_exec(connection->sqlite, sql, NULL, NULL, NULL);
}

static err_t pragmas_run(struct db_connection *connection)
{
	int64_t mib;
	char sql[500];
	TRY(cache_size(&mib));
	snprintf(sql, sizeof sql,
		"PRAGMA cache_size = -%lld;"
		"PRAGMA journal_mode = WAL;"
		"PRAGMA synchronous = FULL;"
		"PRAGMA temp_store = MEMORY;"
		"PRAGMA trusted_schema = OFF;"
		"PRAGMA wal_autocheckpoint = %d",
		(long long)mib * 1024, CHECKPOINT_PAGES);
	if (sqlite3_exec(connection->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK)
		return OK;
	if ((sqlite3_errcode(connection->sqlite) & 0xFF) == SQLITE_NOTADB)
		return fail(ERR_REFUSED, "'%s' is not a book: it is not an SQLite database", connection->path);
	return within(sqlite_err(connection->sqlite, "opening"), "'%s'", connection->path);
}

static err_t statements_prepare(struct db_connection *connection)
{
	TRY(statement_prepare(connection, "begin", "BEGIN IMMEDIATE", &connection->begin));
	TRY(statement_prepare(connection, "begin", "BEGIN", &connection->begin_reading));
	TRY(statement_prepare(connection, "commit", "COMMIT", &connection->commit));
	return statement_prepare(connection, "rollback", "ROLLBACK", &connection->rollback);
}

static err_t count_of(struct db_connection *connection, const char *sql, int64_t *ret_count)
{
	sqlite3_stmt *statement = NULL;
	TRY(statement_prepare(connection, "opening", sql, &statement));
	err_t err = sqlite3_step(statement) == SQLITE_ROW ? OK : sqlite_err(connection->sqlite, "opening");
	if (!err)
		*ret_count = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return err;
}

/* Nothing in it: new. Something, but no table setting: somebody else's. */
static err_t book_look(struct db_connection *connection, bool may_create, bool *ret_is_new)
{
	int64_t all_count = 0, setting_count = 0;
	TRY(count_of(connection, "SELECT count(*) FROM sqlite_schema", &all_count));
	TRY(count_of(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'setting'", &setting_count));
	if (all_count && !setting_count)
		return fail(ERR_REFUSED, "'%s' is an SQLite database, but not a book of Kravbok", connection->path);
	if (!all_count && !may_create)
		return fail(ERR_REFUSED, "'%s' is empty: run kravbok init", connection->path);
	*ret_is_new = !all_count;
	return OK;
}

static err_t file_open(struct db_connection *connection, bool may_create)
{
	/* Before the first use; later it is refused, and nothing is lost. Counting memory would take a mutex each time. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (!may_create && access(connection->path, F_OK) != 0 && errno == ENOENT)
		return fail(ERR_REFUSED, "there is no book '%s': run kravbok init", connection->path);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (may_create ? SQLITE_OPEN_CREATE : 0);
	if (sqlite3_open_v2(connection->path, &connection->sqlite, flags, sqlite_file_vfs()) != SQLITE_OK)
		return fail(ERR_OUTSIDE, "could not open '%s': %s", connection->path,
			sqlite3_errmsg(connection->sqlite));
	if (sqlite3_create_module(connection->sqlite, "bulk_rows", &bulk_module, connection) != SQLITE_OK ||
		sqlite3_create_module(connection->sqlite, "pick", &pick_module, connection) != SQLITE_OK)
		return sqlite_err(connection->sqlite, "opening");
	if (sqlite3_db_readonly(connection->sqlite, "main") == 1)
		return fail(ERR_OUTSIDE, "'%s' may only be read, not written", connection->path);
	sqlite3_busy_timeout(connection->sqlite, DB_WAIT_SECONDS * 1000);
	/* As when the queries were checked: "name" is a column, never silently a string. */
	sqlite3_db_config(connection->sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(connection->sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(connection->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return OK;
}

static void sqlite_unlock(struct db_connection *connection, const char *name);

static void sqlite_close(struct db_connection *connection)
{
	for (size_t i = 0; i < LOCKS_MAX; i++)
		if (connection->locks[i].name)
			sqlite_unlock(connection, connection->locks[i].name);
	for (size_t i = 0; i < connection->statement_capacity; i++)
		sqlite3_finalize(connection->statements[i]);
	free(connection->statements);
	sqlite3_finalize(connection->begin);
	sqlite3_finalize(connection->begin_reading);
	sqlite3_finalize(connection->commit);
	sqlite3_finalize(connection->rollback);
	int code = sqlite3_close(connection->sqlite);
	require(code == SQLITE_OK); /* a statement was left open */
	free(connection->picks);
	free(connection->pick_text);
	free(connection->path);
	free(connection);
}

static err_t connection_open(struct db_connection *connection, bool may_create, bool *ret_is_new)
{
	TRY(file_open(connection, may_create));
	TRY(pragmas_run(connection));
	TRY(book_look(connection, may_create, ret_is_new));
	return statements_prepare(connection);
}

static err_t sqlite_open(const char *where, bool may_create, struct db_meter *meter,
	struct db_connection **ret_connection, bool *ret_is_new)
{
	struct db_connection *connection = checked(calloc(1, sizeof *connection));
	connection->meter = meter;
	connection->path = checked(strdup(where));
	err_t err = connection_open(connection, may_create, ret_is_new);
	if (err) {
		sqlite_close(connection);
		return err;
	}
	*ret_connection = connection;
	return OK;
}

/* ---- locks: flock on FILE.NAME.lock, which the system frees when the process ends in whatever way ---- */

static struct file_lock *lock_find(struct db_connection *connection, const char *name)
{
	for (size_t i = 0; i < LOCKS_MAX; i++) {
		const char *taken = connection->locks[i].name;
		if (name ? taken && strcmp(taken, name) == 0 : !taken)
			return &connection->locks[i];
	}
	return NULL;
}

static err_t lock_busy(int fd, const char *name)
{
	char text[32] = "";
	ssize_t size = pread(fd, text, sizeof text - 1, 0);
	if (size > 0 && text[size - 1] == '\n')
		text[size - 1] = '\0';
	return fail(ERR_BUSY, "another %s is running (process %s)", name, size > 0 ? text : "unknown");
}

/* Who has it, for the text of the other's error. Not being able to say so is no reason to fail. */
static void lock_sign(int fd)
{
	char text[32];
	int size = snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)size, 0) != size) /* a few digits */
		return;
}

static err_t sqlite_lock(struct db_connection *connection, const char *name)
{
	require(!lock_find(connection, name));
	struct file_lock *lock = lock_find(connection, NULL);
	require(lock);
	char path[PATH_MAX];
	int size = snprintf(path, sizeof path, "%s.%s.lock", connection->path, name);
	if (size < 0 || size >= PATH_MAX)
		return fail(ERR_OUTSIDE, "the name of the lock beside '%s' is too long", connection->path);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return fail(ERR_OUTSIDE, "could not open '%s': %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err_t err = errno == EWOULDBLOCK ? lock_busy(fd, name) :
						   fail(ERR_OUTSIDE, "could not lock '%s': %s", path, strerror(errno));
		close(fd);
		return err;
	}
	lock_sign(fd);
	*lock = (struct file_lock){ checked(strdup(name)), fd };
	return OK;
}

static void sqlite_unlock(struct db_connection *connection, const char *name)
{
	struct file_lock *lock = lock_find(connection, name);
	if (!lock)
		return;
	/* The file stays: removing it would let two processes each hold a file of this name. */
	if (ftruncate(lock->fd, 0) != 0)
		errno = 0;
	close(lock->fd);
	free(lock->name);
	*lock = (struct file_lock){ NULL, -1 };
}

/* ---- backup and restore ---- */

static err_t copy_pages(sqlite3 *from, sqlite3 *copy)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", from, "main");
	if (!backup)
		return sqlite_err(copy, "backup");
	/* All in one step: one snapshot of the log, which neither waits for writers nor makes them wait. */
	int code = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	if (code == SQLITE_DONE)
		return OK;
	if (code == SQLITE_FULL)
		return fail(ERR_OUTSIDE, "the disk is full");
	return fail(ERR_OUTSIDE, "could not copy the book: %s", sqlite3_errstr(code));
}

static err_t copy_check(sqlite3 *copy)
{
	sqlite3_stmt *statement = NULL;
	/* The copy is one file: it gets its log when it is next opened. */
	if (sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(copy, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK)
		return sqlite_err(copy, "backup");
	err_t err = OK;
	if (sqlite3_step(statement) != SQLITE_ROW)
		err = sqlite_err(copy, "backup");
	else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0)
		err = fail(ERR_INTERNAL, "the copy is damaged: %s", (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return err;
}

/* The version of the book in a copy. */
static err_t copy_version(sqlite3 *copy, int64_t *ret_version)
{
	static const char sql[] = "SELECT value FROM setting WHERE name = 'schema_version'";
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(copy, sql, -1, &statement, NULL) != SQLITE_OK)
		return fail(ERR_REFUSED, "it is not a book of Kravbok");
	err_t err;
	if (sqlite3_step(statement) != SQLITE_ROW)
		err = fail(ERR_REFUSED, "it is not a book of Kravbok: it has no schema_version");
	else
		err = within(parse_i64(str_from_z((const char *)sqlite3_column_text(statement, 0)), 1, INT32_MAX, ret_version),
			"schema_version");
	sqlite3_finalize(statement);
	return err;
}

/* version_max: of the book in it; 0: not looked at. */
static err_t copy_make(sqlite3 *from, const char *part, int version_max)
{
	sqlite3 *copy = NULL;
	err_t err = OK;
	if (sqlite3_open_v2(part, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
			SQLITE_OK ||
		sqlite3_exec(copy, "PRAGMA synchronous = OFF", NULL, NULL, NULL) != SQLITE_OK)
		err = fail(ERR_OUTSIDE, "could not write '%s': %s", part, copy ? sqlite3_errmsg(copy) : "no memory");
	if (!err)
		err = copy_pages(from, copy);
	if (!err)
		err = copy_check(copy);
	int64_t version = 0;
	if (!err && version_max)
		err = copy_version(copy, &version);
	if (!err && version > version_max)
		err = fail(ERR_REFUSED, "it is a book of version %lld, this program knows up to %d", (long long)version,
			version_max);
	sqlite3_close(copy);
	return err;
}

static err_t path_sync(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return fail(ERR_OUTSIDE, "could not open '%s': %s", path, strerror(errno));
	err_t err = fsync(fd) == 0 ? OK : fail(ERR_OUTSIDE, "could not write '%s' to disk: %s", path, strerror(errno));
	close(fd);
	return err;
}

/* The new name itself must reach the disk too. */
static err_t folder_sync(const char *path)
{
	char folder[PATH_MAX];
	snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');
	if (!slash)
		return path_sync(".", O_RDONLY | O_DIRECTORY);
	slash[slash == folder] = '\0';
	return path_sync(folder, O_RDONLY | O_DIRECTORY);
}

/* Copies from into PATH.part, checks it there and gives it its name. */
static err_t copy_into_place(sqlite3 *from, const char *path, int version_max)
{
	char part[PATH_MAX];
	int size = snprintf(part, sizeof part, "%s.part", path);
	if (size < 0 || size >= PATH_MAX)
		return fail(ERR_INPUT, "'%s' is too long for a name", path);
	if (unlink(part) != 0 && errno != ENOENT)
		return fail(ERR_OUTSIDE, "could not remove '%s': %s", part, strerror(errno));
	err_t err = copy_make(from, part, version_max);
	if (!err)
		err = path_sync(part, O_RDWR);
	if (!err && rename(part, path) != 0)
		err = fail(ERR_OUTSIDE, "could not rename '%s': %s", part, strerror(errno));
	if (err) {
		unlink(part);
		return err;
	}
	return folder_sync(path);
}

static err_t sqlite_backup(struct db_connection *connection, const char *path)
{
	if (access(path, F_OK) == 0)
		return fail(ERR_REFUSED, "'%s' is there already: a backup does not write over a file", path);
	return copy_into_place(connection->sqlite, path, 0);
}

/* A log beside the name would be taken for that of the file put there. It is gone when the last user of a book has closed
 * it, so it belongs to one in use or to one that was removed without it. */
static err_t restore_log_check(const char *path)
{
	char log[PATH_MAX];
	int size = snprintf(log, sizeof log, "%s-wal", path);
	if (size < 0 || size >= PATH_MAX)
		return fail(ERR_INPUT, "'%s' is too long for a name", path);
	if (access(log, F_OK) != 0)
		return OK;
	return fail(ERR_BUSY, "'%s' is there: the book is in use, or was removed without it", log);
}

err_t sqlite_restore(struct sqlite_restore restore)
{
	sqlite3 *from = NULL;
	if (!restore.may_replace && access(restore.to, F_OK) == 0)
		return fail(ERR_REFUSED, "'%s' is there already: a book is not written over", restore.to);
	TRY(restore_log_check(restore.to));
	if (access(restore.from, R_OK) != 0)
		return fail(ERR_INPUT, "could not open '%s': %s", restore.from, strerror(errno));
	err_t err = OK;
	if (sqlite3_open_v2(restore.from, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		err = fail(ERR_OUTSIDE, "could not open it: %s", from ? sqlite3_errmsg(from) : "no memory");
	if (!err)
		err = copy_into_place(from, restore.to, restore.version_max);
	sqlite3_close(from);
	return within(err, "'%s'", restore.from);
}

const struct db_engine db_engine_sqlite = {
	.batch_size = 500,
	.open = sqlite_open,
	.close = sqlite_close,
	.run_script = sqlite_run_script,
	.begin = sqlite_begin,
	.begin_reading = sqlite_begin_reading,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.prepare = sqlite_prepare,
	.run = sqlite_run,
	.run_many = sqlite_run_many,
	.pick = sqlite_pick,
	.lock = sqlite_lock,
	.unlock = sqlite_unlock,
	.in_order = sqlite_in_order,
	.backup = sqlite_backup,
};
