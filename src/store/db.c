/* Chooses the engine, keeps the version of the book, and sees to it that writes happen in transactions. */
#include "store/db.h"

#include "base/module.h"
#include "sql.h"
#include "store/engine.h"
#include "store/schema.h"

#include <stdlib.h>
#include <string.h>

struct db {
	const struct db_engine *engine;
	struct db_connection *connection;
	char *url;
	bool is_sqlite;
	size_t pick_count;
	bool in_transaction;
	bool is_reading; /* the transaction may not write */
	enum { PARTS_NONE, PARTS_WRITING, PARTS_READING, PARTS_UNDONE } whole; /* in_transaction is then one of its parts */
	bool was_created;
	int migrated_from;
	struct db_meter meter;
};

enum { SETTINGS_SIZE_MAX = 1 << 20 };

/* What follows prefix in url; NULL when url begins otherwise. */
static const char *url_after(const char *url, const char *prefix)
{
	size_t size = strlen(prefix);
	return strncmp(url, prefix, size) == 0 ? url + size : NULL;
}

static err_t engine_find(const char *url, const struct db_engine **ret_engine, const char **ret_where)
{
	const char *where = url_after(url, "sqlite:");
	if (where && *where) {
		*ret_engine = &db_engine_sqlite;
		*ret_where = where;
		return OK;
	}
	if (!url_after(url, "postgresql://") && !url_after(url, "postgres://"))
		return fail(ERR_INPUT, "'%s' is not the address of a book: sqlite:FILE or postgresql://…", url);
	void *address = NULL;
	TRY(module_symbol("postgres", "db_engine_postgres", &address));
	*ret_engine = address;
	*ret_where = url;
	return OK;
}

static err_t version_read(struct db *db, int64_t *ret_version)
{
	struct arena *arena = arena_create(SETTINGS_SIZE_MAX);
	struct setting_get_row row;
	bool found = false;
	err_t err = q_setting_get(db, arena, S("schema_version"), &row, &found);
	if (!err && !found)
		err = fail(ERR_REFUSED, "this is not a book of Kravbok: it has no schema_version");
	if (!err)
		err = within(parse_i64(row.value, 1, INT32_MAX, ret_version), "schema_version");
	arena_destroy(arena);
	return err;
}

static err_t version_write(struct db *db)
{
	char digits[16];
	size_t at = sizeof digits;
	int version = SCHEMA_VERSION;
	do
		digits[--at] = (char)('0' + version % 10); /* one digit */
	while ((version /= 10) > 0);
	return q_setting_put(db, S("schema_version"), (str){ digits + at, sizeof digits - at });
}

/* Creates (version 0) or migrates, in a transaction of the caller. */
static err_t book_change(struct db *db, int64_t version)
{
	if (version == 0)
		TRY(schema_create(db->engine, db->connection, db->is_sqlite));
	else
		TRY(schema_migrate(db->engine, db->connection, db->is_sqlite, version));
	return version_write(db);
}

static err_t book_upgrade(struct db *db, int64_t version)
{
	TRY(db_begin(db));
	err_t err = book_change(db, version);
	if (err) {
		db_rollback(db);
		return within(err, version ? "could not bring the book up to date" : "could not make the book");
	}
	return db_commit(db);
}

/* The book is there (version > 0): may this program use it? */
static err_t version_check(struct db *db, enum db_open_mode mode, int64_t version)
{
	if (version > SCHEMA_VERSION)
		return fail(ERR_REFUSED, "the book is of version %lld, this program knows up to %d", (long long)version,
			SCHEMA_VERSION);
	if (version == SCHEMA_VERSION)
		return OK;
	if (mode != DB_OPEN_CREATE)
		return fail(ERR_REFUSED, "the book is of version %lld, this program needs %d: run kravbok init",
			(long long)version, SCHEMA_VERSION);
	return book_upgrade(db, version);
}

static err_t db_connect(struct db *db, enum db_open_mode mode)
{
	const char *where = NULL;
	bool is_new = false;
	TRY(engine_find(db->url, &db->engine, &where));
	db->is_sqlite = db->engine == &db_engine_sqlite;
	TRY(db->engine->open(where, mode == DB_OPEN_CREATE, &db->meter, &db->connection, &is_new));
	db->migrated_from = SCHEMA_VERSION;
	if (is_new) {
		db->was_created = true;
		return book_upgrade(db, 0);
	}
	int64_t version = 0;
	TRY(version_read(db, &version));
	TRY(version_check(db, mode, version));
	db->migrated_from = (int)version; /* 1 … SCHEMA_VERSION now */
	return OK;
}

err_t db_open(const char *url, enum db_open_mode mode, struct db **ret_db)
{
	struct db *db = calloc(1, sizeof *db);
	if (!db)
		panic("out of memory");
	db->url = strdup(url);
	if (!db->url)
		panic("out of memory");
	err_t err = db_connect(db, mode);
	if (err) {
		db_close(db);
		return err;
	}
	*ret_db = db;
	return OK;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db_rollback(db);
	db_end_whole_reading(db);
	if (db->connection)
		db->engine->close(db->connection);
	free(db->url);
	free(db);
}

bool db_is_sqlite(const struct db *db)
{
	return db->is_sqlite;
}

const char *db_url(const struct db *db)
{
	return db->url;
}

bool db_was_created(const struct db *db)
{
	return db->was_created;
}

int db_migrated_from(const struct db *db)
{
	return db->migrated_from;
}

err_t db_begin_whole(struct db *db)
{
	require(!db->whole);
	TRY(db_begin(db));
	db->whole = PARTS_WRITING;
	db->in_transaction = false; /* no part of it has begun */
	return OK;
}

err_t db_end_whole(struct db *db, bool *ret_stored)
{
	*ret_stored = db->whole == PARTS_WRITING;
	if (!*ret_stored)
		return OK;
	require(!db->in_transaction);
	db->whole = PARTS_NONE;
	db->in_transaction = true;
	return db_commit(db);
}

err_t db_begin_whole_reading(struct db *db)
{
	require(!db->whole);
	require(!db->in_transaction);
	if (!db->is_sqlite)
		return OK;
	TRY(db->engine->begin_reading(db->connection));
	db->whole = PARTS_READING;
	return OK;
}

void db_end_whole_reading(struct db *db)
{
	if (db->whole != PARTS_READING)
		return;
	db->engine->rollback(db->connection);
	db->whole = PARTS_NONE;
	db->in_transaction = false;
}

err_t db_begin(struct db *db)
{
	require(!db->in_transaction);
	db_end_whole_reading(db);
	if (db->whole == PARTS_UNDONE)
		return fail(ERR_INTERNAL, "a part of what belongs together was undone, and another was begun");
	if (db->whole) {
		db->in_transaction = true;
		db->is_reading = false;
		return OK;
	}
	TRY(db->engine->begin(db->connection));
	db->in_transaction = true;
	db->is_reading = false;
	return OK;
}

err_t db_begin_reading(struct db *db)
{
	require(!db->in_transaction);
	if (!db->whole)
		TRY(db->engine->begin_reading(db->connection));
	db->in_transaction = true;
	db->is_reading = true;
	return OK;
}

err_t db_commit(struct db *db)
{
	require(db->in_transaction);
	require(!db->is_reading);
	if (db->whole) {
		db->in_transaction = false;
		return OK;
	}
	err_t err = db->engine->commit(db->connection);
	if (err) {
		db_rollback(db);
		return err;
	}
	db->in_transaction = false;
	return OK;
}

void db_rollback(struct db *db)
{
	if (db->whole && db->in_transaction && db->is_reading) { /* the end of a reading part */
		db->in_transaction = false;
		db->is_reading = false;
		return;
	}
	if (db->whole == PARTS_UNDONE)
		db->whole = PARTS_NONE;
	if (!db->in_transaction && db->whole != PARTS_WRITING)
		return;
	db->engine->rollback(db->connection);
	/* A part is undone with all before it: what would come after belongs to nothing, until the whole is given up too. */
	db->whole = db->whole && db->in_transaction ? PARTS_UNDONE : PARTS_NONE;
	db->in_transaction = false;
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction && !db->is_reading;
}

err_t db_end(struct db *db, err_t err)
{
	if (!err)
		return db_commit(db);
	db_rollback(db);
	return err;
}

err_t db_lock(struct db *db, const char *name)
{
	return db->engine->lock(db->connection, name);
}

void db_unlock(struct db *db, const char *name)
{
	db->engine->unlock(db->connection, name);
}

size_t db_batch_size(const struct db *db)
{
	return db->engine->batch_size;
}

void db_in_order(struct db *db, bool on)
{
	if (db->engine->in_order)
		db->engine->in_order(db->connection, on);
}

err_t db_backup(struct db *db, const char *path)
{
	require(!db->in_transaction);
	return db->engine->backup(db->connection, path);
}

err_t db_restore(struct db_restore restore)
{
	const struct db_engine *engine;
	const char *where;
	TRY(engine_find(restore.url, &engine, &where));
	if (engine != &db_engine_sqlite)
		return fail(ERR_REFUSED, "a book in PostgreSQL is restored with pg_restore");
	return sqlite_restore((struct sqlite_restore){
		.from = restore.from,
		.to = where,
		.may_replace = restore.may_replace,
		.version_max = SCHEMA_VERSION,
	});
}

err_t db_prepare(struct db *db, const struct db_query *query)
{
	return db->engine->prepare(db->connection, query);
}

err_t db_run(struct db *db, const struct db_query *query, const struct db_value *parameters, db_row_fn each_row,
	void *context)
{
	require((db->in_transaction && !db->is_reading) || db->whole == PARTS_WRITING || !query->writes);
	return db->engine->run(db->connection, query, parameters, each_row, context);
}

err_t db_run_many(struct db *db, const struct db_query *query, size_t row_count, db_fill_fn row_at, const void *context)
{
	require(db->in_transaction || db->whole == PARTS_WRITING);
	require(!db->is_reading);
	require(query->bulk_table);
	require(query->parameter_count <= DB_PARAMETERS_MAX);
	if (!row_count)
		return OK;
	return db->engine->run_many(db->connection, query, row_count, row_at, context);
}

err_t db_pick(struct db *db, const struct db_pick *picks, size_t pick_count)
{
	db->pick_count = pick_count;
	return db->engine->pick(db->connection, picks, pick_count);
}

size_t db_picked(const struct db *db)
{
	return db->pick_count;
}

void db_fail_nth(struct db *db, int64_t nth)
{
	require(nth >= 0);
	db->meter.fail_at = nth ? db->meter.statement_count + nth : 0;
}

int64_t db_statement_count(const struct db *db)
{
	return db->meter.statement_count;
}
