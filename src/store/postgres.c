/* PostgreSQL, in a module of its own (kravbok-postgres.so) so that nobody else loads libpq.
 *
 * Parameters and bulks go out in binary, which needs no quoting; results come back as text, in which a count, a sum
 * and a column are the same number whatever type the server gave it. Transactions of one book wait for each other, as
 * they do in SQLite: a night and an import never see half of one another. */
#include "store/engine.h"

#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
	OID_DATE = 1082,
	OID_ARRAY_OF_BYTEA = 1001,
	OID_ARRAY_OF_TEXT = 1009,
	OID_ARRAY_OF_INT8 = 1016,
	OID_ARRAY_OF_DATE = 1182,
	DAYS_TO_2000 = 10957, /* PostgreSQL counts days from 2000-01-01 */
	SQL_SIZE_MAX = 16384,
	COPY_BUFFER_SIZE = 65536,
	SMALL_BULK_ROWS = 4, /* up to here single statements are quicker than COPY */
	PICK_COLUMNS = 3,    /* id, id2, key: parameters after those of the query */
	STATEMENT_PARAMETERS_MAX = DB_PARAMETERS_MAX + PICK_COLUMNS,
};

/* A column of many rows on its way out: an array of the server, in binary. */
struct column {
	char *at;
	size_t size, capacity;
};

struct db_connection {
	PGconn *pg;
	struct db_meter *meter;
	bool *is_prepared; /* by query number */
	bool *is_bulk_prepared; /* likewise */
	size_t prepared_capacity;
	struct column pick[PICK_COLUMNS]; /* the hand of keys, sent with each query that joins it */
	bool is_streaming; /* rows of a query are being read: the connection can do nothing else */
	bool has_locked;
};

static void *checked(void *memory)
{
	if (!memory)
		panic("out of memory");
	return memory;
}

static int int_from_size(size_t size)
{
	require(size <= INT_MAX);
	return (int)size;
}

/* ---- errors ---- */

/* libpq's own message is several lines; the first says it. */
static int first_line_size(const char *text)
{
	return int_from_size(strcspn(text, "\n"));
}

static err_t connection_err(const struct db_connection *connection, const char *what)
{
	const char *text = PQerrorMessage(connection->pg);
	return fail(ERR_OUTSIDE, "%s: %.*s", what, first_line_size(text), text);
}

static bool state_starts(const char *state, const char *start)
{
	return strncmp(state, start, strlen(start)) == 0;
}

static err_t result_err(const struct db_connection *connection, const PGresult *result, const char *what)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	if (!state || !text)
		return connection_err(connection, what);
	if (state_starts(state, "53100"))
		return fail(ERR_OUTSIDE, "the disk is full; nothing of this transaction was kept");
	if (state_starts(state, "55P03"))
		return fail(ERR_BUSY, "somebody else is writing the book (waited %d s)", DB_WAIT_SECONDS);
	if (state_starts(state, "40"))
		return fail(ERR_BUSY, "somebody else changed the same rows: %s", text);
	bool contradicts = state_starts(state, "22") || state_starts(state, "23");
	return fail(contradicts ? ERR_INTERNAL : ERR_OUTSIDE, "%s: %s", what, text);
}

static bool result_is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

/* Takes result over. */
static err_t result_finish(const struct db_connection *connection, PGresult *result, const char *what)
{
	err_t err = result_is_good(result) ? OK : result_err(connection, result, what);
	PQclear(result);
	return err;
}

/* Statements without parameters; rows, if any, are dropped. */
static err_t sql_run(struct db_connection *connection, const char *what, const char *sql)
{
	require(!connection->is_streaming);
	return result_finish(connection, PQexec(connection->pg, sql), what);
}

/* ---- prepared statements ---- */

static Oid oid_of(enum db_type type)
{
	switch (type) {
	case DB_INTEGER:
		return OID_INT8;
	case DB_TEXT:
		return OID_TEXT;
	case DB_DATE:
		return OID_DATE;
	case DB_BLOB:
		return OID_BYTEA;
	}
	panic("unknown type");
}

struct statement_name {
	char z[32];
};

static struct statement_name statement_name(const struct db_query *query)
{
	struct statement_name name;
	snprintf(name.z, sizeof name.z, "q%zu", query->number);
	return name;
}

static void prepared_make_room(struct db_connection *connection, size_t number)
{
	if (number < connection->prepared_capacity)
		return;
	size_t capacity = number + 1 > db_query_count ? number + 1 : db_query_count;
	connection->is_prepared = checked(realloc(connection->is_prepared, capacity * sizeof *connection->is_prepared));
	connection->is_bulk_prepared =
		checked(realloc(connection->is_bulk_prepared, capacity * sizeof *connection->is_bulk_prepared));
	for (size_t i = connection->prepared_capacity; i < capacity; i++)
		connection->is_prepared[i] = connection->is_bulk_prepared[i] = false;
	connection->prepared_capacity = capacity;
}

/* A short SQL text; too long is our own mistake. */
struct sql {
	size_t size;
	char z[SQL_SIZE_MAX];
};

static void sql_add_bytes(struct sql *sql, const char *at, size_t size)
{
	require(size < sizeof sql->z - sql->size);
	memcpy(sql->z + sql->size, at, size);
	sql->size += size;
	sql->z[sql->size] = '\0';
}

static void sql_add(struct sql *sql, const char *z)
{
	sql_add_bytes(sql, z, strlen(z));
}

static void sql_add_number(struct sql *sql, const char *before, size_t number)
{
	char digits[32];
	snprintf(digits, sizeof digits, "%zu", number);
	sql_add(sql, before);
	sql_add(sql, digits);
}

static const char *const pick_word = "FROM pick";

static bool uses_pick(const struct db_query *query)
{
	return strstr(query->postgres_sql, pick_word) != NULL;
}

/* The query with the table pick made of arrays, parameters of their own: a temporary table would be three journeys to the
 * server before the query's own, and a new file each time it is emptied. */
static void pick_sql(const struct db_query *query, struct sql *sql)
{
	const char *at = query->postgres_sql;
	for (const char *found; (found = strstr(at, pick_word)) != NULL; at = found + strlen(pick_word)) {
		sql_add_bytes(sql, at, (size_t)(found - at)); /* found is behind at */
		sql_add(sql, "FROM (SELECT u.ordinal - 1 AS no, u.id, u.id2, u.key COLLATE \"C\" AS key FROM unnest(");
		sql_add_number(sql, "$", query->parameter_count + 1);
		sql_add_number(sql, ", $", query->parameter_count + 2);
		sql_add_number(sql, ", $", query->parameter_count + 3);
		sql_add(sql, ") WITH ORDINALITY AS u(id, id2, key, ordinal))");
		if (strncmp(found + strlen(pick_word), " p", 2) != 0)
			sql_add(sql, " p");
	}
	sql_add(sql, at);
}

static err_t statement_prepare(struct db_connection *connection, const struct db_query *query)
{
	require(!connection->is_streaming);
	require(query->parameter_count <= DB_PARAMETERS_MAX);
	prepared_make_room(connection, query->number);
	if (connection->is_prepared[query->number])
		return OK;
	static const Oid pick_oids[PICK_COLUMNS] = { OID_ARRAY_OF_INT8, OID_ARRAY_OF_INT8, OID_ARRAY_OF_TEXT };
	Oid oids[STATEMENT_PARAMETERS_MAX];
	struct sql sql = { 0 };
	size_t count = query->parameter_count;
	for (size_t i = 0; i < count; i++)
		oids[i] = oid_of(query->parameter_types[i]);
	for (size_t i = 0; i < PICK_COLUMNS && uses_pick(query); i++)
		oids[count++] = pick_oids[i];
	pick_sql(query, &sql);
	PGresult *result = PQprepare(connection->pg, statement_name(query).z, sql.z, int_from_size(count), oids);
	TRY(result_finish(connection, result, query->name));
	connection->is_prepared[query->number] = true;
	return OK;
}

/* ---- values out to the server ---- */

static void put_big_endian(char *at, uint64_t value, size_t size)
{
	for (size_t i = size; i > 0; i--, value >>= 8)
		at[i - 1] = (char)(value & 0xFF); /* one byte */
}

/* Into room for 8 bytes; the bytes used. Signed to unsigned keeps the two's complement the server wants. */
static size_t put_number(char *at, const struct db_value *value)
{
	if (value->type == DB_INTEGER) {
		put_big_endian(at, (uint64_t)value->integer, 8);
		return 8;
	}
	put_big_endian(at, (uint64_t)((int64_t)value->day.day - DAYS_TO_2000), 4);
	return 4;
}

static bool is_number(const struct db_value *value)
{
	return value->type == DB_INTEGER || value->type == DB_DATE;
}

struct parameters {
	const char *at[STATEMENT_PARAMETERS_MAX];
	int sizes[STATEMENT_PARAMETERS_MAX];
	int formats[STATEMENT_PARAMETERS_MAX];
	char numbers[DB_PARAMETERS_MAX][8];
};

static void parameters_fill(struct parameters *parameters, const struct db_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct db_value *value = &values[i];
		parameters->formats[i] = 1;
		parameters->sizes[i] = 0;
		if (value->is_null) {
			parameters->at[i] = NULL;
		} else if (is_number(value)) {
			parameters->at[i] = parameters->numbers[i];
			parameters->sizes[i] = int_from_size(put_number(parameters->numbers[i], value));
		} else {
			parameters->at[i] = value->text.at ? value->text.at : ""; /* NULL would be NULL */
			parameters->sizes[i] = int_from_size(value->text.size);
		}
	}
}

/* ---- arrays ---- */

static void column_put(struct column *column, const char *at, size_t size)
{
	if (size > column->capacity - column->size) {
		size_t capacity = column->capacity * 2 + size + 1024;
		column->at = checked(realloc(column->at, capacity));
		column->capacity = capacity;
	}
	if (size)
		memcpy(column->at + column->size, at, size);
	column->size += size;
}

static void column_put_number(struct column *column, uint64_t value, size_t size)
{
	char bytes[8];
	put_big_endian(bytes, value, size);
	column_put(column, bytes, size);
}

/* An array of one dimension that may hold NULLs, its index from 1. */
static void column_begin(struct column *column, enum db_type type, size_t row_count)
{
	column->size = 0;
	column_put_number(column, row_count ? 1 : 0, 4); /* dimensions: an empty array has none */
	column_put_number(column, 1, 4);
	column_put_number(column, oid_of(type), 4);
	if (!row_count)
		return;
	column_put_number(column, (uint64_t)int_from_size(row_count), 4); /* >= 0 */
	column_put_number(column, 1, 4);
}

static void column_put_value(struct column *column, const struct db_value *value)
{
	char number[8];
	if (value->is_null) {
		column_put_number(column, UINT32_MAX, 4); /* a size of -1 */
	} else if (is_number(value)) {
		size_t size = put_number(number, value);
		column_put_number(column, size, 4);
		column_put(column, number, size);
	} else {
		column_put_number(column, (uint64_t)int_from_size(value->text.size), 4); /* >= 0 */
		column_put(column, value->text.at, value->text.size);
	}
}

static void columns_free(struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(columns[i].at);
}

static void parameters_fill_columns(struct parameters *parameters, size_t first, const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		parameters->at[first + i] = columns[i].at;
		parameters->sizes[first + i] = int_from_size(columns[i].size);
		parameters->formats[first + i] = 1;
	}
}

/* The query's own parameters and, if it joins it, the hand of keys. How many there are. */
static size_t parameters_fill_all(const struct db_connection *connection, const struct db_query *query,
	const struct db_value *values, struct parameters *ret_parameters)
{
	parameters_fill(ret_parameters, values, query->parameter_count);
	if (!uses_pick(query))
		return query->parameter_count;
	parameters_fill_columns(ret_parameters, query->parameter_count, connection->pick, PICK_COLUMNS);
	return query->parameter_count + PICK_COLUMNS;
}

/* ---- values in from the server ---- */

static bool integer_from_text(str text, int64_t *ret_value)
{
	if (text.size == 1 && (text.at[0] == 't' || text.at[0] == 'f')) { /* a comparison, 1 or 0 in SQLite */
		*ret_value = text.at[0] == 't';
		return true;
	}
	bool negative = text.size && text.at[0] == '-';
	size_t i = negative ? 1 : 0;
	if (i == text.size)
		return false;
	int64_t value = 0; /* counted down: there is one more negative number than positive ones */
	for (; i < text.size; i++) {
		int digit = text.at[i] - '0';
		if (digit < 0 || digit > 9 || value < (INT64_MIN + digit) / 10)
			return false;
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*ret_value = negative ? value : -value;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\x6b76" in place: the bytes are fewer than the digits. */
static bool bytes_from_hex(char *at, size_t size, str *ret_bytes)
{
	if (size < 2 || size % 2 || at[0] != '\\' || at[1] != 'x')
		return false;
	for (size_t i = 2; i < size; i += 2) {
		int high = hex_digit(at[i]), low = hex_digit(at[i + 1]);
		if (high < 0 || low < 0)
			return false;
		at[i / 2 - 1] = (char)(high * 16 + low); /* 0 … 255 */
	}
	*ret_bytes = (str){ at, (size - 2) / 2 };
	return true;
}

static err_t column_read(const struct db_query *query, const PGresult *result, int column, struct db_value *value)
{
	*value = (struct db_value){ .type = value->type, .day = DATE_NONE };
	value->is_null = PQgetisnull(result, 0, column);
	if (value->is_null)
		return OK;
	char *at = PQgetvalue(result, 0, column);
	str text = { at, size_from_i64(PQgetlength(result, 0, column)) };
	bool good = true;
	switch (value->type) {
	case DB_INTEGER:
		good = integer_from_text(text, &value->integer);
		break;
	case DB_DATE:
		good = db_date_from_text(text.at, text.size, &value->day);
		break;
	case DB_TEXT:
		value->text = text;
		break;
	case DB_BLOB:
		good = bytes_from_hex(at, text.size, &value->text);
		break;
	}
	if (!good)
		return fail(ERR_INTERNAL, "query %s: column %d is not of its type", query->name, column + 1);
	return OK;
}

static err_t row_read(const struct db_query *query, const PGresult *result, db_row_fn each_row, void *context)
{
	struct db_value values[DB_COLUMNS_MAX];
	if (size_from_i64(PQnfields(result)) != query->column_count)
		return fail(ERR_INTERNAL, "query %s: %d columns", query->name, PQnfields(result));
	for (int i = 0; i < PQnfields(result); i++) {
		values[i].type = query->column_types[i];
		TRY(column_read(query, result, i, &values[i]));
	}
	return each_row ? each_row(values, context) : OK;
}

/* Every row there is, one result each; after an error the rest is read and dropped, as the protocol wants. */
static err_t rows_read(struct db_connection *connection, const struct db_query *query, db_row_fn each_row,
	void *context)
{
	err_t err = OK;
	PGresult *result;
	connection->is_streaming = true;
	while ((result = PQgetResult(connection->pg)) != NULL) {
		if (!err && !result_is_good(result))
			err = result_err(connection, result, query->name);
		else if (!err && PQresultStatus(result) == PGRES_SINGLE_TUPLE)
			err = row_read(query, result, each_row, context);
		PQclear(result);
	}
	connection->is_streaming = false;
	return err;
}

/* ---- running ---- */

static err_t postgres_run(struct db_connection *connection, const struct db_query *query,
	const struct db_value *parameters, db_row_fn each_row, void *context)
{
	require(query->column_count <= DB_COLUMNS_MAX);
	TRY(db_meter_step(connection->meter));
	TRY(statement_prepare(connection, query));
	struct parameters sent;
	size_t count = parameters_fill_all(connection, query, parameters, &sent);
	int good = PQsendQueryPrepared(connection->pg, statement_name(query).z, int_from_size(count), sent.at, sent.sizes,
		sent.formats, 0);
	if (!good)
		return connection_err(connection, query->name);
	PQsetSingleRowMode(connection->pg);
	return rows_read(connection, query, each_row, context);
}

static err_t update_check(const struct db_query *query, PGresult *result, size_t row_count)
{
	int64_t changed = 0;
	if (!query->bulk_is_update)
		return OK;
	TRY(parse_i64(str_from_z(PQcmdTuples(result)), 0, INT64_MAX, &changed));
	if (size_from_i64(changed) < row_count)
		return fail(ERR_INTERNAL, "query %s: a row to be changed is not there", query->name);
	return OK;
}

static err_t row_run(struct db_connection *connection, const struct db_query *query, const struct db_value *values)
{
	TRY(db_meter_step(connection->meter));
	struct parameters sent;
	size_t count = parameters_fill_all(connection, query, values, &sent);
	PGresult *result = PQexecPrepared(connection->pg, statement_name(query).z, int_from_size(count), sent.at, sent.sizes,
		sent.formats, 0);
	err_t err = result_is_good(result) ? update_check(query, result, 1) :
					     result_err(connection, result, query->name);
	PQclear(result);
	return err;
}

/* ---- COPY ---- */

/* Binary COPY on its way out. Once a send has failed nothing more is sent, and the end says why. */
struct copy {
	PGconn *pg;
	bool has_failed;
	size_t used;
	char buffer[COPY_BUFFER_SIZE];
};

static void copy_flush(struct copy *copy)
{
	if (copy->used && !copy->has_failed)
		copy->has_failed = PQputCopyData(copy->pg, copy->buffer, int_from_size(copy->used)) != 1;
	copy->used = 0;
}

static void copy_put(struct copy *copy, const char *at, size_t size)
{
	while (size > 0) {
		size_t room = sizeof copy->buffer - copy->used;
		size_t part = size < room ? size : room;
		memcpy(copy->buffer + copy->used, at, part);
		copy->used += part;
		at += part;
		size -= part;
		if (copy->used == sizeof copy->buffer)
			copy_flush(copy);
	}
}

static void copy_put_number(struct copy *copy, uint64_t value, size_t size)
{
	char bytes[8];
	put_big_endian(bytes, value, size);
	copy_put(copy, bytes, size);
}

static void copy_put_value(struct copy *copy, const struct db_value *value)
{
	char number[8];
	if (value->is_null) {
		copy_put_number(copy, UINT32_MAX, 4); /* a size of -1 */
	} else if (is_number(value)) {
		size_t size = put_number(number, value);
		copy_put_number(copy, size, 4);
		copy_put(copy, number, size);
	} else {
		copy_put_number(copy, (uint64_t)int_from_size(value->text.size), 4); /* >= 0 */
		copy_put(copy, value->text.at, value->text.size);
	}
}

static void copy_put_row(struct copy *copy, const struct db_value *values, size_t count)
{
	copy_put_number(copy, count, 2);
	for (size_t i = 0; i < count; i++)
		copy_put_value(copy, &values[i]);
}

static err_t copy_begin(struct db_connection *connection, const char *what, const char *sql, struct copy **ret_copy)
{
	static const char signature[] = "PGCOPY\n\377\r\n";  /* and its NUL */
	static const char no_flags_no_extension[8] = { 0 };
	require(!connection->is_streaming);
	PGresult *result = PQexec(connection->pg, sql);
	if (PQresultStatus(result) != PGRES_COPY_IN) {
		err_t err = result_err(connection, result, what);
		PQclear(result);
		return err;
	}
	PQclear(result);
	struct copy *copy = checked(malloc(sizeof *copy));
	copy->pg = connection->pg;
	copy->has_failed = false;
	copy->used = 0;
	copy_put(copy, signature, sizeof signature);
	copy_put(copy, no_flags_no_extension, sizeof no_flags_no_extension);
	*ret_copy = copy;
	return OK;
}

/* Takes copy over. */
static err_t copy_end(struct db_connection *connection, const char *what, struct copy *copy)
{
	copy_put_number(copy, UINT16_MAX, 2); /* a row of -1 columns: the end */
	copy_flush(copy);
	bool failed = copy->has_failed || PQputCopyEnd(connection->pg, NULL) != 1;
	free(copy);
	err_t err = failed ? connection_err(connection, what) : OK;
	PGresult *result;
	while ((result = PQgetResult(connection->pg)) != NULL) {
		if (!err && !result_is_good(result))
			err = result_err(connection, result, what);
		PQclear(result);
	}
	return err;
}

static err_t bulk_copy(struct db_connection *connection, const struct db_query *query, size_t row_count,
	db_fill_fn row_at, const void *context)
{
	struct sql sql = { 0 };
	struct copy *copy = NULL;
	struct db_value values[DB_PARAMETERS_MAX] = { 0 };
	sql_add(&sql, "COPY ");
	sql_add(&sql, query->bulk_table);
	for (size_t i = 0; i < query->parameter_count; i++) {
		sql_add(&sql, i ? ", " : " (");
		sql_add(&sql, query->bulk_columns[i]);
	}
	sql_add(&sql, ") FROM STDIN (FORMAT binary)");
	TRY(copy_begin(connection, query->name, sql.z, &copy));
	for (size_t i = 0; i < row_count && !copy->has_failed; i++) {
		row_at(i, values, context);
		copy_put_row(copy, values, query->parameter_count);
	}
	return copy_end(connection, query->name, copy);
}

static struct statement_name bulk_name(const struct db_query *query)
{
	struct statement_name name;
	snprintf(name.z, sizeof name.z, "b%zu", query->number);
	return name;
}

static Oid array_oid_of(enum db_type type)
{
	switch (type) {
	case DB_INTEGER:
		return OID_ARRAY_OF_INT8;
	case DB_TEXT:
		return OID_ARRAY_OF_TEXT;
	case DB_DATE:
		return OID_ARRAY_OF_DATE;
	case DB_BLOB:
		return OID_ARRAY_OF_BYTEA;
	}
	panic("unknown type");
}

/* The statement that works on all rows of a bulk, with the table of them made of arrays. */
static void bulk_sql(const struct db_query *query, struct sql *sql)
{
	const char *found = strstr(query->bulk_sql, query->bulk_table);
	require(found);
	sql_add_bytes(sql, query->bulk_sql, (size_t)(found - query->bulk_sql)); /* found is inside */
	for (size_t i = 0; i < query->parameter_count; i++)
		sql_add_number(sql, i ? ", $" : "unnest($", i + 1);
	sql_add(sql, ") AS bulk_row(");
	for (size_t i = 0; i < query->parameter_count; i++) {
		sql_add(sql, i ? ", " : "");
		sql_add(sql, query->bulk_columns[i]);
	}
	sql_add(sql, ")");
	const char *rest = found + strlen(query->bulk_table);
	const char row[] = " bulk_row";
	require(strncmp(rest, row, strlen(row)) == 0);
	sql_add(sql, rest + strlen(row));
}

static err_t bulk_prepare(struct db_connection *connection, const struct db_query *query)
{
	require(!connection->is_streaming);
	prepared_make_room(connection, query->number);
	if (connection->is_bulk_prepared[query->number])
		return OK;
	Oid oids[DB_PARAMETERS_MAX];
	struct sql sql = { 0 };
	for (size_t i = 0; i < query->parameter_count; i++)
		oids[i] = array_oid_of(query->parameter_types[i]);
	bulk_sql(query, &sql);
	PGresult *result = PQprepare(connection->pg, bulk_name(query).z, sql.z, int_from_size(query->parameter_count), oids);
	TRY(result_finish(connection, result, query->name));
	connection->is_bulk_prepared[query->number] = true;
	return OK;
}

static err_t bulk_change(struct db_connection *connection, const struct db_query *query, size_t row_count,
	db_fill_fn row_at, const void *context)
{
	struct column columns[DB_PARAMETERS_MAX] = { { 0 } };
	struct db_value values[DB_PARAMETERS_MAX] = { 0 };
	struct parameters sent;
	TRY(bulk_prepare(connection, query));
	for (size_t i = 0; i < query->parameter_count; i++)
		column_begin(&columns[i], query->parameter_types[i], row_count);
	for (size_t row = 0; row < row_count; row++) {
		row_at(row, values, context);
		for (size_t i = 0; i < query->parameter_count; i++)
			column_put_value(&columns[i], &values[i]);
	}
	parameters_fill_columns(&sent, 0, columns, query->parameter_count);
	PGresult *result = PQexecPrepared(connection->pg, bulk_name(query).z, int_from_size(query->parameter_count), sent.at,
		sent.sizes, sent.formats, 0);
	columns_free(columns, query->parameter_count);
	err_t err = result_is_good(result) ? update_check(query, result, row_count) :
					     result_err(connection, result, query->name);
	PQclear(result);
	return err;
}

static err_t postgres_run_many(struct db_connection *connection, const struct db_query *query, size_t row_count,
	db_fill_fn row_at, const void *context)
{
	if (row_count <= SMALL_BULK_ROWS) {
		struct db_value values[DB_PARAMETERS_MAX] = { 0 };
		TRY(statement_prepare(connection, query));
		for (size_t i = 0; i < row_count; i++) {
			row_at(i, values, context);
			TRY(row_run(connection, query, values));
		}
		return OK;
	}
	TRY(db_meter_step(connection->meter));
	if (!query->bulk_sql)
		return bulk_copy(connection, query, row_count, row_at, context);
	return bulk_change(connection, query, row_count, row_at, context);
}

/* ---- checking a query without running it ---- */

/* A whole number may be of any of the server's integer types, numeric (a sum) or a truth. */
static bool oid_gives(Oid oid, enum db_type type)
{
	enum { OID_BOOL = 16, OID_INT2 = 21, OID_INT4 = 23, OID_NUMERIC = 1700 };
	if (type != DB_INTEGER)
		return oid == oid_of(type);
	return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_NUMERIC || oid == OID_BOOL;
}

static err_t columns_check(const struct db_query *query, const PGresult *description)
{
	if (size_from_i64(PQnfields(description)) != query->column_count)
		return fail(ERR_INTERNAL, "query %s: PostgreSQL gives %d columns", query->name, PQnfields(description));
	for (int i = 0; i < PQnfields(description); i++)
		if (!oid_gives(PQftype(description, i), query->column_types[i]))
			return fail(ERR_INTERNAL, "query %s: column '%s' is of another type in PostgreSQL (oid %u)",
				query->name, PQfname(description, i), PQftype(description, i));
	return OK;
}

static err_t postgres_prepare(struct db_connection *connection, const struct db_query *query)
{
	TRY(statement_prepare(connection, query));
	PGresult *description = PQdescribePrepared(connection->pg, statement_name(query).z);
	err_t err = result_is_good(description) ? columns_check(query, description) :
						  result_err(connection, description, query->name);
	PQclear(description);
	return err || !query->bulk_sql ? err : bulk_prepare(connection, query);
}

static err_t postgres_pick(struct db_connection *connection, const struct db_pick *picks, size_t pick_count)
{
	TRY(db_meter_step(connection->meter));
	static const enum db_type types[PICK_COLUMNS] = { DB_INTEGER, DB_INTEGER, DB_TEXT };
	for (size_t i = 0; i < PICK_COLUMNS; i++)
		column_begin(&connection->pick[i], types[i], pick_count);
	for (size_t i = 0; i < pick_count; i++) {
		column_put_value(&connection->pick[0], &(struct db_value){ .type = DB_INTEGER, .integer = picks[i].id });
		column_put_value(&connection->pick[1], &(struct db_value){ .type = DB_INTEGER, .integer = picks[i].id2 });
		column_put_value(&connection->pick[2], &(struct db_value){ .type = DB_TEXT, .text = picks[i].key });
	}
	return OK;
}

static err_t postgres_run_script(struct db_connection *connection, const char *sql)
{
	TRY(db_meter_step(connection->meter));
	return sql_run(connection, "script", sql);
}

/* ---- transactions and locks ---- */

static void postgres_rollback(struct db_connection *connection)
{
	if (PQtransactionStatus(connection->pg) == PQTRANS_IDLE)
		return;
	/* A connection that is gone has rolled back already. */
	PQclear(PQexec(connection->pg, "ROLLBACK"));
}

static err_t postgres_begin(struct db_connection *connection)
{
	TRY(db_meter_step(connection->meter));
	err_t err = sql_run(connection, "begin",
		"BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('kravbok writer ' || current_schema(), 0))");
	if (err)
		postgres_rollback(connection);
	return err;
}

/* Not READ ONLY: the hand of keys is filled inside it. */
static err_t postgres_begin_reading(struct db_connection *connection)
{
	TRY(db_meter_step(connection->meter));
	return sql_run(connection, "begin", "BEGIN ISOLATION LEVEL REPEATABLE READ");
}

static err_t postgres_commit(struct db_connection *connection)
{
	TRY(db_meter_step(connection->meter));
	PGresult *result = PQexec(connection->pg, "COMMIT");
	/* After a failed statement the server answers COMMIT with ROLLBACK and calls it a success. */
	bool kept = strcmp(PQcmdStatus(result), "COMMIT") == 0;
	err_t err = result_finish(connection, result, "commit");
	return err || kept ? err : fail(ERR_OUTSIDE, "the transaction had failed; nothing of it was kept");
}

/* One row of one column of text, with the lock's name as $1; "" for none. Takes the result over in the error case. */
static err_t lock_ask(struct db_connection *connection, const char *sql, const char *name, PGresult **ret_result)
{
	require(!connection->is_streaming);
	const char *parameters[] = { name };
	PGresult *result = PQexecParams(connection->pg, sql, 1, NULL, parameters, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		err_t err = result_err(connection, result, "lock");
		PQclear(result);
		return err;
	}
	*ret_result = result;
	return OK;
}

#define LOCK_KEY "hashtextextended('kravbok ' || current_schema() || ' ' || $1::text, 0)"

static err_t lock_busy(struct db_connection *connection, const char *name)
{
	static const char who[] = "SELECT a.application_name || ', server process ' || l.pid"
				  " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
				  " WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted"
				  " AND ((l.classid::bigint << 32) | l.objid::bigint) = " LOCK_KEY;
	PGresult *result = NULL;
	TRY(lock_ask(connection, who, name, &result));
	const char *holder = PQntuples(result) ? PQgetvalue(result, 0, 0) : "unknown";
	err_t err = fail(ERR_BUSY, "another %s is running (%s)", name, holder);
	PQclear(result);
	return err;
}

static err_t postgres_lock(struct db_connection *connection, const char *name)
{
	PGresult *result = NULL;
	TRY(lock_ask(connection, "SELECT pg_try_advisory_lock(" LOCK_KEY ")", name, &result));
	bool got = strcmp(PQgetvalue(result, 0, 0), "t") == 0;
	PQclear(result);
	connection->has_locked = connection->has_locked || got;
	return got ? OK : lock_busy(connection, name);
}

static void postgres_unlock(struct db_connection *connection, const char *name)
{
	PGresult *result = NULL;
	err_t err = lock_ask(connection, "SELECT pg_advisory_unlock(" LOCK_KEY ")", name, &result);
	if (!err)
		PQclear(result);
	err_free(err); /* freed at the latest when the connection ends */
}

static err_t postgres_backup(struct db_connection *connection, const char *path)
{
	(void)connection;
	(void)path;
	return fail(ERR_REFUSED, "the book is in PostgreSQL: back it up with pg_dump");
}

/* ---- opening and closing ---- */

static void notice_drop(void *context, const char *message)
{
	(void)context;
	(void)message;
}

static void postgres_close(struct db_connection *connection)
{
	/* The server frees them too, but only some time after we are gone. */
	if (connection->has_locked)
		PQclear(PQexec(connection->pg, "SELECT pg_advisory_unlock_all()"));
	PQfinish(connection->pg);
	columns_free(connection->pick, PICK_COLUMNS);
	free(connection->is_prepared);
	free(connection->is_bulk_prepared);
	free(connection);
}

static err_t session_begin(struct db_connection *connection)
{
	char sql[1000];
	PQsetNoticeProcessor(connection->pg, notice_drop, NULL);
	snprintf(sql, sizeof sql,
		"SET client_min_messages TO error;"
		"SET datestyle TO 'ISO, YMD';"
		"SET bytea_output TO hex;"
		"SET standard_conforming_strings TO on;"
		"SET lock_timeout TO '%ds';"
		"SET jit TO off;" /* no query runs long enough to repay compiling it */
		/* Batches look rows up by key: never read a whole table for them, as a plan made for a thousand keys would. */
		"SET plan_cache_mode TO force_generic_plan;"
		"SET random_page_cost TO 1.1;"
		/* Bank files are kept as they came; the server's own way of packing them takes a tenth of an import. */
		"SELECT set_config(name, 'lz4', false) FROM pg_settings"
		" WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)",
		DB_WAIT_SECONDS);
	TRY(postgres_pick(connection, NULL, 0));
	return sql_run(connection, "opening", sql);
}

static err_t book_look(struct db_connection *connection, bool may_create, bool *ret_is_new)
{
	PGresult *result = PQexec(connection->pg, "SELECT to_regclass('setting') IS NULL");
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		return result_finish(connection, result, "opening");
	*ret_is_new = strcmp(PQgetvalue(result, 0, 0), "t") == 0;
	PQclear(result);
	if (*ret_is_new && !may_create)
		return fail(ERR_REFUSED, "there is no book in this database: run kravbok init");
	return OK;
}

static err_t connection_open(struct db_connection *connection, const char *url, bool may_create, bool *ret_is_new)
{
	char application[32];
	snprintf(application, sizeof application, "kravbok %ld", (long)getpid());
	/* What comes after the URL wins over it, what comes before does not. */
	const char *const keys[] = { "connect_timeout", "dbname", "fallback_application_name", "client_encoding",
		NULL };
	const char *const values[] = { "10", url, application, "UTF8", NULL };
	connection->pg = PQconnectdbParams(keys, values, 1);
	if (PQstatus(connection->pg) != CONNECTION_OK)
		return connection_err(connection, "could not reach PostgreSQL");
	TRY(session_begin(connection));
	return book_look(connection, may_create, ret_is_new);
}

static err_t postgres_open(const char *where, bool may_create, struct db_meter *meter,
	struct db_connection **ret_connection, bool *ret_is_new)
{
	struct db_connection *connection = checked(calloc(1, sizeof *connection));
	connection->meter = meter;
	err_t err = connection_open(connection, where, may_create, ret_is_new);
	if (err) {
		postgres_close(connection);
		return err;
	}
	*ret_connection = connection;
	return OK;
}

extern const struct db_engine db_engine_postgres; /* found by its name: base/module.h */

const struct db_engine db_engine_postgres = {
	.batch_size = 2500,
	.open = postgres_open,
	.close = postgres_close,
	.run_script = postgres_run_script,
	.begin = postgres_begin,
	.begin_reading = postgres_begin_reading,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.prepare = postgres_prepare,
	.run = postgres_run,
	.run_many = postgres_run_many,
	.pick = postgres_pick,
	.lock = postgres_lock,
	.unlock = postgres_unlock,
	.backup = postgres_backup,
};
