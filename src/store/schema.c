#include "store/schema.h"

#include <stdio.h>
#include <string.h>

enum { STATEMENT_SIZE_MAX = 8000 };

/* What turns a book of version into one of version + 1. When sql/schema.sql changes, SCHEMA_VERSION goes up by one and a row
 * is added here; old rows stay, so that a book of any age can be brought up to date. Tables and indexes that are new are
 * taken from the schema itself (makes_new); a later version that changes one of them writes what it was into its row here.
 * sql is of both dialects; empty: nothing more. */
struct migration {
	int version;
	bool makes_new;
	const char *sql;
};

static const struct migration migrations[] = {
	/* The portals' tables; an index of a client's cases; every debtor's cases in claim_group, also of those without an
	 * ident. */
	{ 1, true,
		"INSERT INTO claim_group (debtor_id, client_no, case_id) "
		"SELECT debtor_id, client_no, case_id FROM claim WHERE alone = 1 "
		"ON CONFLICT (debtor_id, client_no, case_id) DO NOTHING" },
};

err_t schema_create(const struct db_engine *engine, struct db_connection *connection, bool is_sqlite)
{
	const char *const *statement = is_sqlite ? db_schema_sqlite : db_schema_postgres;
	for (; *statement; statement++)
		TRY(engine->run_script(connection, *statement));
	return OK;
}

/* "CREATE TABLE x" as "CREATE TABLE IF NOT EXISTS x"; other statements are left out. */
static bool statement_if_not_there(const char *statement, char *ret_text, size_t size)
{
	static const char *const kinds[] = { "CREATE TABLE ", "CREATE UNIQUE INDEX ", "CREATE INDEX " };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t kind_size = strlen(kinds[i]);
		if (strncmp(statement, kinds[i], kind_size) != 0)
			continue;
		int written = snprintf(ret_text, size, "%sIF NOT EXISTS %s", kinds[i], statement + kind_size);
		require(written > 0 && (size_t)written < size);
		return true;
	}
	return false;
}

static err_t new_make(const struct db_engine *engine, struct db_connection *connection, bool is_sqlite)
{
	char text[STATEMENT_SIZE_MAX];
	const char *const *statement = is_sqlite ? db_schema_sqlite : db_schema_postgres;
	for (; *statement; statement++)
		if (statement_if_not_there(*statement, text, sizeof text))
			TRY(engine->run_script(connection, text));
	return OK;
}

static const struct migration *migration_from(int64_t version)
{
	for (size_t i = 0; i < sizeof migrations / sizeof migrations[0]; i++)
		if (migrations[i].version == version)
			return &migrations[i];
	return NULL;
}

err_t schema_migrate(const struct db_engine *engine, struct db_connection *connection, bool is_sqlite, int64_t version)
{
	for (; version < SCHEMA_VERSION; version++) {
		const struct migration *migration = migration_from(version);
		if (!migration)
			return fail(ERR_REFUSED, "this program cannot migrate a book of version %lld",
				(long long)version);
		if (migration->makes_new)
			TRY(new_make(engine, connection, is_sqlite));
		if (*migration->sql)
			TRY(engine->run_script(connection, migration->sql));
	}
	return OK;
}
