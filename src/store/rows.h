/* What the generated functions (build/gen/sql.c) are made of: parameters in, rows out. Nobody else needs it. */
#ifndef KRAVBOK_STORE_ROWS_H
#define KRAVBOK_STORE_ROWS_H

#include "store/db.h"

/* Each sets only the fields its type uses: a bulk fills millions of them. */
static inline void db_set_i64(struct db_value *value, int64_t integer)
{
	value->type = DB_INTEGER;
	value->is_null = false;
	value->integer = integer;
}

static inline void db_set_date(struct db_value *value, date day)
{
	require(!date_is_none(day)); /* a comparison with NULL would silently find nothing */
	value->type = DB_DATE;
	value->is_null = false;
	value->day = day;
}

static inline void db_set_text(struct db_value *value, str text)
{
	value->type = DB_TEXT;
	value->is_null = false;
	value->text = text;
}

static inline void db_set_blob(struct db_value *value, str bytes)
{
	db_set_text(value, bytes);
	value->type = DB_BLOB;
}

/* Optional ones: is_null says what the value would be when it is missing. */
static inline void db_set_optional_i64(struct db_value *value, int64_t integer, bool is_null)
{
	db_set_i64(value, integer);
	value->is_null = is_null;
}

static inline void db_set_optional_date(struct db_value *value, date day)
{
	value->type = DB_DATE;
	value->is_null = date_is_none(day);
	value->day = day;
}

static inline void db_set_optional_text(struct db_value *value, str text)
{
	db_set_text(value, text);
	value->is_null = text.at == NULL;
}

static inline void db_set_optional_blob(struct db_value *value, str bytes)
{
	db_set_optional_text(value, bytes);
	value->type = DB_BLOB;
}

/* A column declared never to be NULL was: ERR_INTERNAL. */
err_t db_null_column(const struct db_query *query, const char *column) MUST_CHECK;

/* The text of a column: a copy in arena, the engine's own without one; (str){ NULL, 0 } when it is NULL. */
str db_get_text(const struct db_value *value, struct arena *arena);

/* Reads values into *row, a struct of the query's; arena as in db_get_text. */
typedef err_t (*db_read_fn)(const struct db_value *values, struct arena *arena, void *row);

struct db_reading {
	const struct db_query *query;
	const struct db_value *parameters;
	db_read_fn read;
	size_t row_size;
};

/* None is *ret_found false; two are ERR_INTERNAL. */
err_t db_read_one(struct db *db, const struct db_reading *reading, struct arena *arena, void *ret_row,
	bool *ret_found) MUST_CHECK;
err_t db_read_many(struct db *db, const struct db_reading *reading, struct arena *arena, void **ret_rows,
	size_t *ret_count) MUST_CHECK;

#endif
