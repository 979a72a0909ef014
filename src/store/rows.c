#include "store/rows.h"

#include <string.h>

err_t db_null_column(const struct db_query *query, const char *column)
{
	return fail(ERR_INTERNAL, "query %s: '%s' has no value", query->name, column);
}

str db_get_text(const struct db_value *value, struct arena *arena)
{
	if (value->is_null)
		return (str){ NULL, 0 };
	return arena ? str_copy(arena, value->text) : value->text;
}

/* Rows on their way into an arena. The list doubles, so a row is copied twice at most on average. A batch read begins with
 * room for a row of each key picked. */
struct row_list {
	const struct db *db;
	const struct db_reading *reading;
	struct arena *arena;
	char *rows;
	size_t count, capacity;
};

static size_t rows_expected(const struct row_list *list)
{
	enum { FEW = 16 };
	size_t picked = db_picked(list->db);
	return picked > FEW && strstr(list->reading->query->sqlite_sql, "FROM pick") ? picked : FEW;
}

static err_t row_list_add(const struct db_value *values, void *context)
{
	struct row_list *list = context;
	size_t row_size = list->reading->row_size;
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : rows_expected(list);
		list->rows = arena_grow(list->arena, list->rows, list->count, list->capacity, row_size);
	}
	TRY(list->reading->read(values, list->arena, list->rows + list->count * row_size));
	list->count++;
	return OK;
}

err_t db_read_many(struct db *db, const struct db_reading *reading, struct arena *arena, void **ret_rows,
	size_t *ret_count)
{
	struct row_list list = { .db = db, .reading = reading, .arena = arena };
	TRY(db_run(db, reading->query, reading->parameters, row_list_add, &list));
	*ret_rows = list.rows ? list.rows : arena_alloc(arena, 0);
	*ret_count = list.count;
	return OK;
}

struct single_row {
	const struct db_reading *reading;
	struct arena *arena;
	void *row;
};

static err_t single_row_take(const struct db_value *values, void *context)
{
	struct single_row *single = context;
	if (single->row)
		return fail(ERR_INTERNAL, "query %s: more than one row where there can be only one",
			single->reading->query->name);
	single->row = arena_alloc(single->arena, single->reading->row_size);
	return single->reading->read(values, single->arena, single->row);
}

err_t db_read_one(struct db *db, const struct db_reading *reading, struct arena *arena, void *ret_row, bool *ret_found)
{
	struct single_row single = { .reading = reading, .arena = arena };
	TRY(db_run(db, reading->query, reading->parameters, single_row_take, &single));
	if (single.row)
		memcpy(ret_row, single.row, reading->row_size);
	*ret_found = single.row != NULL;
	return OK;
}
