#include "store/schema.h"

/* What turns a book of version into one of version + 1, in each dialect. When sql/schema.sql changes, SCHEMA_VERSION
 * goes up by one and a row is added here; old rows stay, so that a book of any age can be brought up to date. */
struct migration {
	int version;
	const char *sqlite_sql, *postgres_sql;
};

/* None yet. Version 0 has never been: the row is there because C has no empty table. */
static const struct migration migrations[] = {
	{ 0, "", "" },
};

err_t schema_create(const struct db_engine *engine, struct db_connection *connection, bool is_sqlite)
{
	const char *const *statement = is_sqlite ? db_schema_sqlite : db_schema_postgres;
	for (; *statement; statement++)
		TRY(engine->run_script(connection, *statement));
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
		const struct migration *migration = version > 0 ? migration_from(version) : NULL;
		if (!migration)
			return fail(ERR_REFUSED, "this program cannot migrate a book of version %lld",
				(long long)version);
		TRY(engine->run_script(connection, is_sqlite ? migration->sqlite_sql : migration->postgres_sql));
	}
	return OK;
}
