/* The version of the tables in sql/schema.sql, and how an older book is brought up to it. */
#ifndef KRAVBOK_STORE_SCHEMA_H
#define KRAVBOK_STORE_SCHEMA_H

#include "store/engine.h"

enum { SCHEMA_VERSION = 2 };

/* Statements of each dialect, NULL at the end; made from sql/schema.sql by tools/sqlgen.c. */
extern const char *const db_schema_sqlite[];
extern const char *const db_schema_postgres[];

/* Makes the tables of SCHEMA_VERSION in an empty book. The caller has begun a transaction. */
err_t schema_create(const struct db_engine *engine, struct db_connection *connection, bool is_sqlite) MUST_CHECK;

/* From version to SCHEMA_VERSION, step by step. The caller has begun a transaction. ERR_REFUSED when a step is not
 * known. */
err_t schema_migrate(const struct db_engine *engine, struct db_connection *connection, bool is_sqlite,
	int64_t version) MUST_CHECK;

#endif
