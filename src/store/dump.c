#include "store/dump.h"

#include "store/engine.h"
#include "store/schema.h"

#include <string.h>

enum {
	BATCH_ROWS = 1000,
	BATCH_SIZE_MAX = 4 << 20, /* of text in a batch */
	VALUE_SIZE_MAX = 2 << 20, /* bytes of a stored file come in pieces of 1 MiB */
	TICK_ROWS = 10000,
	NUMBER_SIZE_MAX = 24,
};

/* ---- values out ---- */

static str number_text(int64_t number, char buffer[NUMBER_SIZE_MAX])
{
	char *end = buffer + NUMBER_SIZE_MAX, *at = end;
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number; /* two's complement: right for INT64_MIN too */
	do
		*--at = (char)('0' + rest % 10); /* one digit */
	while ((rest /= 10) > 0);
	if (number < 0)
		*--at = '-';
	return (str){ at, (size_t)(end - at) }; /* at lies before end */
}

/* The letter after the backslash; 0: the character stands for itself. */
static char escape_letter(char c)
{
	switch (c) {
	case '\\':
		return '\\';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	default:
		return 0;
	}
}

static void text_write(struct sink_buffer *to, str text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.size; i++) {
		char letter = escape_letter(text.at[i]);
		if (!letter)
			continue;
		char escaped[] = { '\\', letter };
		sink_add(to, (str){ text.at + from, i - from });
		sink_add(to, (str){ escaped, sizeof escaped });
		from = i + 1;
	}
	sink_add(to, (str){ text.at + from, text.size - from });
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void bytes_write(struct sink_buffer *to, str bytes)
{
	char out[1024];
	size_t used = 0;
	for (size_t i = 0; i < bytes.size; i += 3) {
		size_t count = bytes.size - i < 3 ? bytes.size - i : 3;
		uint32_t group = 0;
		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (k < count ? (unsigned char)bytes.at[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			out[used++] = k <= count ? base64_digits[group >> (18 - 6 * k) & 63] : '=';
		if (used == sizeof out) {
			sink_add(to, (str){ out, used });
			used = 0;
		}
	}
	sink_add(to, (str){ out, used });
}

static void value_write(struct sink_buffer *to, const struct db_value *value)
{
	char number[NUMBER_SIZE_MAX];
	if (value->is_null) {
		sink_add(to, S("\\N"));
		return;
	}
	switch (value->type) {
	case DB_INTEGER:
		sink_add(to, number_text(value->integer, number));
		return;
	case DB_DATE:
		sink_add_z(to, date_iso(value->day).z);
		return;
	case DB_TEXT:
		text_write(to, value->text);
		return;
	case DB_BLOB:
		bytes_write(to, value->text);
		return;
	}
	panic("unknown type");
}

/* ---- writing ---- */

struct dump_writing {
	struct sink_buffer *to;
	const struct db_table *table;
	struct dump_watch watch;
	int64_t row_count;
};

static err_t row_write(const struct db_value *values, void *context)
{
	struct dump_writing *writing = context;
	for (size_t i = 0; i < writing->table->read->column_count; i++) {
		bool has_text = !values[i].is_null && (values[i].type == DB_TEXT || values[i].type == DB_BLOB);
		if (has_text && values[i].text.size > VALUE_SIZE_MAX)
			return fail(ERR_INTERNAL, "%s.%s has a value of %zu bytes, more than an export can hold",
				writing->table->name, writing->table->columns[i], values[i].text.size);
		sink_add(writing->to, S("\t"));
		value_write(writing->to, &values[i]);
	}
	sink_add(writing->to, S("\n"));
	writing->row_count++;
	if (writing->row_count % TICK_ROWS)
		return OK;
	if (writing->watch.tick)
		writing->watch.tick(writing->row_count, writing->watch.context);
	/* Nobody reads on: the rest of a large book need not be gone through. */
	return writing->to->err ? sink_flush(writing->to) : OK;
}

/* "table<TAB>NAME<TAB>COLUMN…" without the line feed. */
static str table_line(struct text *text, const struct db_table *table)
{
	text_clear(text);
	text_addf(text, "table\t%s", table->name);
	for (size_t i = 0; i < table->read->column_count; i++)
		text_addf(text, "\t%s", table->columns[i]);
	return text_str(text);
}

enum { TABLE_LINE_SIZE_MAX = 16384 };

err_t dump_write(struct db *db, struct sink_buffer *to, struct dump_watch watch, int64_t *ret_row_count)
{
	struct arena *arena = arena_create(1 << 20);
	struct text line = text_in(arena, TABLE_LINE_SIZE_MAX);
	struct dump_writing writing = { .to = to, .watch = watch };
	sink_addf(to, "kravbok\t%d\t%d\n", DUMP_FORMAT, SCHEMA_VERSION);
	err_t err = OK;
	for (size_t i = 0; i < db_table_count && !err; i++) {
		writing.table = &db_tables[i];
		sink_add(to, table_line(&line, writing.table));
		sink_add(to, S("\n"));
		err = db_run(db, writing.table->read, NULL, row_write, &writing);
	}
	arena_destroy(arena);
	if (err)
		return err;
	*ret_row_count = writing.row_count;
	return OK;
}

/* ---- the first line, the empty book ---- */

err_t dump_head_check(str line)
{
	int64_t format = 0, schema = 0;
	str rest;
	str word = str_cut(line, '\t', &rest);
	str format_text = str_cut(rest, '\t', &rest);
	if (!str_eq_z(word, "kravbok") || !str_is_digits(format_text) || !str_is_digits(rest))
		return fail(ERR_INPUT, "this is not what kravbok export all has written");
	TRY(within(parse_i64(format_text, 1, INT32_MAX, &format), "format"));
	TRY(within(parse_i64(rest, 1, INT32_MAX, &schema), "schema"));
	if (format > DUMP_FORMAT)
		return fail(ERR_REFUSED, "the export is of format %lld, this program knows up to %d", (long long)format,
			DUMP_FORMAT);
	if (schema > SCHEMA_VERSION)
		return fail(ERR_REFUSED, "the export is of a book of version %lld, this program knows up to %d",
			(long long)schema, SCHEMA_VERSION);
	if (schema < SCHEMA_VERSION)
		return fail(ERR_REFUSED, "the export is of a book of version %lld, this program needs %d: bring the book up to "
			"date with kravbok init and export it again", (long long)schema, SCHEMA_VERSION);
	return OK;
}

static err_t few_read(const struct db_value *values, void *context)
{
	*(int64_t *)context = values[0].integer;
	return OK;
}

/* How many rows of a table the empty book may have; 2 is any number. */
static int64_t rows_allowed(const char *table)
{
	if (strcmp(table, "setting") == 0 || strcmp(table, "terms") == 0)
		return 2;
	return strcmp(table, "client") == 0 ? 1 : 0;
}

err_t dump_book_is_empty(struct db *db, bool *ret_is_empty)
{
	bool is_empty = true;
	for (size_t i = 0; i < db_table_count && is_empty; i++) {
		int64_t row_count = 0;
		TRY(db_run(db, db_tables[i].few, NULL, few_read, &row_count));
		is_empty = row_count <= rows_allowed(db_tables[i].name);
	}
	*ret_is_empty = is_empty;
	return OK;
}

/* ---- values in ---- */

struct dump_loader {
	struct db *db;
	struct arena *arena;
	struct arena_mark start;
	struct text line; /* the line of the table expected next */
	size_t table_index; /* 0-based in db_tables; of the table whose rows come */
	bool in_table;
	struct db_value *values; /* of the rows of the batch, one after the other */
	size_t batch_count, batch_size;
	int64_t row_count;
};

/* The character of an escape, false when there is none of this letter. */
static bool escape_read(char letter, char *ret_c)
{
	static const char letters[] = "\\tnr", meant[] = "\\\t\n\r";
	const char *found = letter ? strchr(letters, letter) : NULL;
	if (!found)
		return false;
	*ret_c = meant[found - letters];
	return true;
}

/* All 64 bits, which parse_i64() does not take. */
static err_t number_read(str field, int64_t *ret_number)
{
	bool negative = field.size && field.at[0] == '-';
	size_t i = negative ? 1 : 0;
	int64_t number = 0; /* counted down: there is one more negative number than positive ones */
	bool good = i < field.size;
	for (; i < field.size && good; i++) {
		int digit = field.at[i] - '0';
		good = digit >= 0 && digit <= 9 && number >= (INT64_MIN + digit) / 10;
		if (good)
			number = number * 10 - digit;
	}
	if (!good || (!negative && number == INT64_MIN))
		return fail(ERR_INPUT, "'%.*s' is not a whole number", STR_ARG(field));
	*ret_number = negative ? number : -number;
	return OK;
}

static err_t text_read(struct dump_loader *loader, str field, str *ret_text)
{
	char *out = arena_alloc(loader->arena, field.size);
	size_t size = 0;
	for (size_t i = 0; i < field.size; i++) {
		out[size] = field.at[i];
		if (field.at[i] == '\\') {
			if (i + 1 == field.size || !escape_read(field.at[i + 1], &out[size]))
				return fail(ERR_INPUT, "a backslash stands where none may");
			i++;
		}
		size++;
	}
	*ret_text = (str){ out, size };
	return str_is_utf8(*ret_text) ? OK : fail(ERR_INPUT, "the text is not UTF-8");
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static err_t bytes_read(struct dump_loader *loader, str field, str *ret_bytes)
{
	if (field.size % 4)
		return fail(ERR_INPUT, "the bytes are not whole");
	char *out = arena_alloc(loader->arena, field.size / 4 * 3);
	size_t size = 0, padding = 0;
	while (padding < 2 && padding < field.size && field.at[field.size - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < field.size; i += 4) {
		size_t digits = i + 4 == field.size ? 4 - padding : 4;
		uint32_t group = 0;
		for (size_t k = 0; k < 4; k++) {
			int value = k < digits ? base64_value(field.at[i + k]) : 0;
			if (value < 0)
				return fail(ERR_INPUT, "the bytes are not base64");
			group = group << 6 | (uint32_t)value; /* 0 … 63 */
		}
		for (size_t k = 0; k + 1 < digits; k++)
			out[size++] = (char)(group >> (16 - 8 * k) & 255); /* one byte */
	}
	*ret_bytes = (str){ out, size };
	return OK;
}

static err_t value_read(struct dump_loader *loader, str field, bool may_be_null, struct db_value *value)
{
	value->is_null = str_eq_z(field, "\\N");
	if (value->is_null)
		return may_be_null ? OK : fail(ERR_INPUT, "the value may not be missing");
	switch (value->type) {
	case DB_INTEGER:
		return number_read(field, &value->integer);
	case DB_DATE:
		if (db_date_from_text(field.at, field.size, &value->day))
			return OK;
		return fail(ERR_INPUT, "'%.*s' is not a day", STR_ARG(field));
	case DB_TEXT:
		return text_read(loader, field, &value->text);
	case DB_BLOB:
		return bytes_read(loader, field, &value->text);
	}
	panic("unknown type");
}

/* ---- loading ---- */

err_t dump_load_begin(struct db *db, struct arena *arena, struct dump_loader **ret_loader)
{
	for (size_t i = 0; i < db_table_count; i++)
		TRY(db_run(db, db_tables[i].clear, NULL, NULL, NULL));
	struct dump_loader *loader = arena_new(arena, struct dump_loader);
	loader->db = db;
	loader->arena = arena;
	loader->values = arena_many(arena, (size_t)BATCH_ROWS * DB_COLUMNS_MAX, struct db_value);
	loader->line = text_in(arena, TABLE_LINE_SIZE_MAX);
	text_addf(&loader->line, "%*s", TABLE_LINE_SIZE_MAX / 2, ""); /* room that no reset takes away */
	loader->start = arena_mark(arena);
	*ret_loader = loader;
	return OK;
}

struct batch {
	const struct db_value *values;
	size_t column_count;
};

static void batch_row(size_t row_index, struct db_value *values, const void *context)
{
	const struct batch *batch = context;
	memcpy(values, batch->values + row_index * batch->column_count, batch->column_count * sizeof *values);
}

static err_t batch_insert(struct dump_loader *loader)
{
	if (!loader->batch_count)
		return OK;
	const struct db_table *table = &db_tables[loader->table_index];
	struct batch batch = { loader->values, table->read->column_count };
	TRY(within(db_run_many(loader->db, table->insert, loader->batch_count, batch_row, &batch), "table %s",
		table->name));
	loader->batch_count = 0;
	loader->batch_size = 0;
	arena_reset(loader->arena, loader->start);
	return OK;
}

static err_t row_load(struct dump_loader *loader, str line)
{
	if (!loader->in_table)
		return fail(ERR_INPUT, "a row before the first table");
	const struct db_table *table = &db_tables[loader->table_index];
	size_t count = table->read->column_count;
	struct db_value *values = loader->values + loader->batch_count * count;
	str rest = { line.at + 1, line.size - 1 };
	for (size_t i = 0; i < count; i++) {
		const char *tab = rest.size ? memchr(rest.at, '\t', rest.size) : NULL;
		if (!tab != (i + 1 == count))
			return fail(ERR_INPUT, "a row of %s has %zu columns", table->name, count);
		str field = { rest.at, tab ? (size_t)(tab - rest.at) : rest.size }; /* tab lies in rest */
		values[i].type = table->read->column_types[i];
		TRY(within(value_read(loader, field, table->may_be_null[i], &values[i]), "%s.%s", table->name,
			table->columns[i]));
		if (tab)
			rest = (str){ tab + 1, rest.size - field.size - 1 };
	}
	loader->row_count++;
	loader->batch_count++;
	loader->batch_size += line.size;
	if (loader->batch_count == BATCH_ROWS || loader->batch_size >= BATCH_SIZE_MAX)
		return batch_insert(loader);
	return OK;
}

static err_t table_load(struct dump_loader *loader, str line)
{
	size_t next = loader->in_table ? loader->table_index + 1 : 0;
	if (next == db_table_count)
		return fail(ERR_INPUT, "one table more than a book has");
	if (!str_eq(line, table_line(&loader->line, &db_tables[next])))
		return fail(ERR_INPUT, "the table %s with its columns is wanted here", db_tables[next].name);
	TRY(batch_insert(loader));
	loader->table_index = next;
	loader->in_table = true;
	return OK;
}

err_t dump_load_line(struct dump_loader *loader, str line)
{
	return str_starts(line, S("\t")) ? row_load(loader, line) : table_load(loader, line);
}

err_t dump_load_end(struct dump_loader *loader, int64_t *ret_row_count)
{
	TRY(batch_insert(loader));
	size_t table_count = loader->in_table ? loader->table_index + 1 : 0;
	if (table_count < db_table_count)
		return fail(ERR_INPUT, "the table %s is missing", db_tables[table_count].name);
	*ret_row_count = loader->row_count;
	return OK;
}

int64_t dump_load_count(const struct dump_loader *loader)
{
	return loader->row_count;
}
