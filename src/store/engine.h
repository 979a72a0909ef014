/* What an engine gives db.c: sqlite.c and postgres.c each export one struct db_engine. postgres.c is built as a module
 * loaded on demand (base/module.h), so that a SQLite user never loads libpq. */
#ifndef KRAVBOK_STORE_ENGINE_H
#define KRAVBOK_STORE_ENGINE_H

#include "store/db.h"

struct db_connection; /* the engine's own */

enum {
	DB_PARAMETERS_MAX = 64, /* of one query; sqlgen refuses more */
	DB_COLUMNS_MAX = 64,
	DB_WAIT_SECONDS = 10, /* for another writer */
};

/* Counts statements, and makes one of them fail for the crash tests. Owned by db.c; lives as long as the connection. */
struct db_meter {
	int64_t statement_count;
	int64_t fail_at; /* the statement_count that fails; 0: none */
};

/* Called before each statement, and on SQLite before each row of a bulk. */
static inline err_t db_meter_step(struct db_meter *meter)
{
	if (++meter->statement_count != meter->fail_at)
		return OK;
	return fail(ERR_OUTSIDE, "statement %lld was made to fail", (long long)meter->statement_count);
}

struct db_engine {
	size_t batch_size; /* db_batch_size() */
	/* where: what follows "sqlite:" or the whole postgresql:// URL. *ret_is_new: no book was there; with may_create
	 * false that is ERR_REFUSED instead. */
	err_t (*open)(const char *where, bool may_create, struct db_meter *meter, struct db_connection **ret_connection,
		bool *ret_is_new);
	void (*close)(struct db_connection *connection);
	err_t (*run_script)(struct db_connection *connection, const char *sql); /* statements of the engine's dialect */
	err_t (*begin)(struct db_connection *connection);
	err_t (*begin_reading)(struct db_connection *connection);
	err_t (*commit)(struct db_connection *connection);
	void (*rollback)(struct db_connection *connection);
	err_t (*prepare)(struct db_connection *connection, const struct db_query *query);
	err_t (*run)(struct db_connection *connection, const struct db_query *query, const struct db_value *parameters,
		db_row_fn each_row, void *context);
	err_t (*run_many)(struct db_connection *connection, const struct db_query *query, size_t row_count,
		db_fill_fn row_at, const void *context);
	err_t (*pick)(struct db_connection *connection, const struct db_pick *picks, size_t pick_count);
	err_t (*lock)(struct db_connection *connection, const char *name);
	void (*unlock)(struct db_connection *connection, const char *name);
	void (*in_order)(struct db_connection *connection, bool on); /* NULL: makes no difference */
	err_t (*backup)(struct db_connection *connection, const char *path);
};

/* "2026-01-15" as the engines hand it out; false for anything else. Quick: a batch reads many thousands. */
static inline bool db_date_from_text(const char *at, size_t size, date *ret_date)
{
	static const unsigned char digit_at[8] = { 0, 1, 2, 3, 5, 6, 8, 9 };
	if (size != 10 || at[4] != '-' || at[7] != '-')
		return false;
	int digits[8];
	for (int i = 0; i < 8; i++) {
		digits[i] = at[digit_at[i]] - '0';
		if (digits[i] < 0 || digits[i] > 9)
			return false;
	}
	struct civil civil = {
		digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3],
		digits[4] * 10 + digits[5],
		digits[6] * 10 + digits[7],
	};
	if (!date_is_real(civil))
		return false;
	*ret_date = date_from_civil(civil);
	return true;
}

extern const struct db_engine db_engine_sqlite;

/* db_restore(), where to is a file. version_max: of the book in it. */
struct sqlite_restore {
	const char *from, *to;
	bool may_replace;
	int version_max;
};
err_t sqlite_restore(struct sqlite_restore restore) MUST_CHECK;

/* In the module "postgres": const struct db_engine db_engine_postgres; */

#endif
