/* The store, on both engines: what db.h promises and what the generated functions do with every kind of value.
 *
 * SQLite runs in a temporary folder. PostgreSQL runs when KRAVBOK_TEST_PG holds the URL of a server (tests/pg.sh), each
 * test in a schema of its own. Built with the queries of the program and tests/store/queries.sql in one sql.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* cmocka has one of its own; ours makes an err_t */

#include "base/module.h"
#include "sql.h"
#include "store/dump.h"
#include "store/engine.h"
#include "store/rows.h"
#include "store/schema.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY = 1000, MEMORY_MAX = 64 << 20 };

struct fixture {
	struct arena *arena;
	str folder; /* temporary, for SQLite */
	const char *url;
	const struct db_engine *engine;
	const char *where; /* the url as the engine wants it */
	bool is_sqlite;
};

/* ---- small things the tests say ---- */

static void assert_ok(err_t err)
{
	if (err)
		print_error("%s\n", err_text(err));
	assert_null(err);
}

static void assert_fails(err_t err, enum err_kind kind, const char *part)
{
	assert_non_null(err);
	if (err_kind(err) != kind || !str_has(str_from_z(err_text(err)), str_from_z(part)))
		print_error(
			"wanted kind %d '%s', got kind %d: %s\n", (int)kind, part, (int)err_kind(err), err_text(err));
	assert_int_equal(err_kind(err), kind);
	assert_true(str_has(str_from_z(err_text(err)), str_from_z(part)));
	err_free(err);
}

static void assert_str(str s, const char *wanted)
{
	if (!str_eq_z(s, wanted))
		print_error("wanted '%s', got '%.*s'\n", wanted, STR_ARG(s));
	assert_true(str_eq_z(s, wanted));
}

static struct db *open_mode(const struct fixture *fixture, enum db_open_mode mode)
{
	struct db *db = NULL;
	assert_ok(db_open(fixture->url, mode, &db));
	return db;
}

static struct db *open_new(const struct fixture *fixture)
{
	struct db *db = open_mode(fixture, DB_OPEN_CREATE);
	assert_true(db_was_created(db));
	return db;
}

static struct test_fact_insert_row fact(int64_t case_id, int64_t fact_no)
{
	return (struct test_fact_insert_row){
		.case_id = case_id,
		.fact_no = fact_no,
		.kind = S("payment"),
		.counts_on = date_make(2026, 1, 15),
		.booked_on = date_make(2026, 1, 16),
		.ledger_on = DATE_NONE,
		.until_on = DATE_NONE,
		.amount_minor = money_of(100),
		.code = S(""),
		.number = 7,
		.note = S("Blåbærsyltetøy"),
		.by_user = S("ola"),
	};
}

/* count facts: one for each case from 1. */
static const struct test_fact_insert_row *facts_many(struct arena *arena, size_t count)
{
	struct test_fact_insert_row *rows = arena_many(arena, count, struct test_fact_insert_row);
	for (size_t i = 0; i < count; i++)
		rows[i] = fact(i64_from_size(i) + 1, 1);
	return rows;
}

static void insert_facts(struct db *db, const struct test_fact_insert_row *rows, size_t count)
{
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_insert(db, rows, count));
	assert_ok(db_commit(db));
}

static struct test_fact_list_row *list_facts(struct db *db, struct arena *arena, size_t wanted_count)
{
	struct test_fact_list_row *rows = NULL;
	size_t count = 0;
	assert_ok(q_test_fact_list(db, arena, INT64_MIN, &rows, &count));
	assert_int_equal(count, wanted_count);
	return rows;
}

/* ---- opening ---- */

static void missing_book_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = NULL;
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, "kravbok init");
	/* and trying has not made one */
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, "there is no book");
}

static void unknown_scheme_is_refused(void **state)
{
	(void)state;
	struct db *db = NULL;
	assert_fails(db_open("mysql://x", DB_OPEN_CREATE, &db), ERR_INPUT, "'mysql://x' is not the address of a book");
	assert_fails(db_open("sqlite:", DB_OPEN_CREATE, &db), ERR_INPUT, "is not the address of a book");
}

static void book_is_made_once_and_opened_again(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	assert_int_equal(db_migrated_from(db), SCHEMA_VERSION);
	assert_string_equal(db_url(db), fixture->url);
	assert_int_equal(db_is_sqlite(db), fixture->is_sqlite);
	db_close(db);
	db = open_mode(fixture, DB_OPEN_EXISTING);
	assert_false(db_was_created(db));
	db_close(db);
	db = open_mode(fixture, DB_OPEN_CREATE);
	assert_false(db_was_created(db));
	db_close(db);
}

static void book_of_a_newer_version_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	assert_ok(db_begin(db));
	assert_ok(q_setting_put(db, S("schema_version"), S("99")));
	assert_ok(db_commit(db));
	db_close(db);
	char wanted[100];
	snprintf(wanted, sizeof wanted, "the book is of version 99, this program knows up to %d", SCHEMA_VERSION);
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, wanted);
	assert_fails(db_open(fixture->url, DB_OPEN_CREATE, &db), ERR_REFUSED, wanted);
}

static void version_that_is_no_number_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	assert_ok(db_begin(db));
	assert_ok(q_setting_put(db, S("schema_version"), S("new")));
	assert_ok(db_commit(db));
	db_close(db);
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_INPUT, "schema_version: 'new'");
}

/* A script run past db.c, on a connection of its own. */
static void run_script(const struct fixture *fixture, const char *sql)
{
	struct db_meter meter = { 0 };
	struct db_connection *connection = NULL;
	bool is_new;
	assert_ok(fixture->engine->open(fixture->where, true, &meter, &connection, &is_new));
	assert_ok(fixture->engine->run_script(connection, sql));
	fixture->engine->close(connection);
}

static void database_of_somebody_else_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = NULL;
	run_script(fixture, "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)");
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, "not a book of Kravbok");
	if (!fixture->is_sqlite)
		return;
	run_script(fixture, "DROP TABLE setting; CREATE TABLE recipe (name TEXT)");
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, "not a book of Kravbok");
	assert_fails(db_open(fixture->url, DB_OPEN_CREATE, &db), ERR_REFUSED, "not a book of Kravbok");
}

static void file_that_is_no_database_is_refused(void **state)
{
	struct fixture *fixture = *state;
	if (!fixture->is_sqlite)
		skip();
	FILE *file = fopen(fixture->where, "w");
	assert_non_null(file);
	for (int i = 0; i < 1000; i++)
		fputs("Kjære Ola, her er regnskapet\n", file);
	fclose(file);
	struct db *db = NULL;
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, "it is not an SQLite database");
	assert_fails(db_open(fixture->url, DB_OPEN_CREATE, &db), ERR_REFUSED, "it is not an SQLite database");
}

static void empty_file_is_refused_until_init(void **state)
{
	struct fixture *fixture = *state;
	if (!fixture->is_sqlite)
		skip();
	FILE *file = fopen(fixture->where, "w");
	assert_non_null(file);
	fclose(file);
	struct db *db = NULL;
	assert_fails(db_open(fixture->url, DB_OPEN_EXISTING, &db), ERR_REFUSED, "is empty: run kravbok init");
	db_close(open_new(fixture));
}

static void cache_size_must_be_a_number(void **state)
{
	struct fixture *fixture = *state;
	if (!fixture->is_sqlite)
		skip();
	struct db *db = NULL;
	setenv("KRAVBOK_CACHE_MIB", "much", 1);
	err_t err = db_open(fixture->url, DB_OPEN_CREATE, &db);
	setenv("KRAVBOK_CACHE_MIB", "8", 1);
	assert_fails(err, ERR_INPUT, "KRAVBOK_CACHE_MIB: 'much'");
	db_close(open_mode(fixture, DB_OPEN_CREATE));
	unsetenv("KRAVBOK_CACHE_MIB");
}

static void creation_that_fails_can_be_run_again(void **state)
{
	struct fixture *fixture = *state;
	run_script(fixture, "CREATE TABLE statement (x TEXT)"); /* in the way of the last table */
	struct db *db = NULL;
	err_t err = db_open(fixture->url, DB_OPEN_CREATE, &db);
	if (fixture->is_sqlite) {
		assert_fails(err, ERR_REFUSED, "not a book of Kravbok"); /* a file with tables is never taken over */
		return;
	}
	assert_fails(err, ERR_OUTSIDE, "could not make the book");
	run_script(fixture, "DROP TABLE statement");
	db_close(open_new(fixture));
}

static void every_query_prepares(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	size_t bad_count = 0;
	for (size_t i = 0; i < db_query_count; i++) {
		assert_int_equal(db_queries[i]->number, i);
		err_t err = db_prepare(db, db_queries[i]);
		if (err)
			print_error("%s: %s\n", db_queries[i]->name, err_text(err));
		bad_count += err != NULL;
		err_free(err);
	}
	assert_int_equal(bad_count, 0);
	db_close(db);
}

/* ---- values ---- */

static void every_value_comes_back_as_it_was(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	struct test_fact_insert_row full = fact(1, 1), empty = fact(1, 2), edge = fact(INT64_MAX, INT64_MIN);
	full.ledger_on = date_make(2026, 2, 28);
	full.until_on = date_make(2024, 2, 29);
	full.has_payment_id = true;
	full.payment_id = 42;
	full.note = S("a\"b'c\\d\te\nÆØÅ €");
	empty.note = (str){ NULL, 0 }; /* no text at all is the empty text where it may not be missing */
	empty.has_payment_id = false;
	empty.payment_id = 43; /* not to be stored */
	edge.counts_on = DATE_FIRST;
	edge.booked_on = DATE_LAST;
	edge.amount_minor = money_of(INT64_MIN);
	edge.number = INT64_MAX;
	edge.has_payment_id = true; /* 0, which is not missing */
	struct test_fact_insert_row rows[] = { full, empty, edge };
	insert_facts(db, rows, 3);
	struct test_fact_list_row *got = list_facts(db, fixture->arena, 3);
	assert_true(date_eq(got[0].counts_on, date_make(2026, 1, 15)));
	assert_true(date_eq(got[0].booked_on, date_make(2026, 1, 16)));
	assert_true(date_eq(got[0].ledger_on, date_make(2026, 2, 28)));
	assert_true(date_eq(got[0].until_on, date_make(2024, 2, 29)));
	assert_true(got[0].has_payment_id);
	assert_int_equal(got[0].payment_id, 42);
	assert_str(got[0].note, "a\"b'c\\d\te\nÆØÅ €");
	assert_true(date_is_none(got[1].ledger_on));
	assert_true(date_is_none(got[1].until_on));
	assert_false(got[1].has_payment_id);
	assert_int_equal(got[1].payment_id, 0);
	assert_non_null(got[1].note.at);
	assert_str(got[1].note, "");
	assert_true(got[2].case_id == INT64_MAX);
	assert_true(got[2].fact_no == INT64_MIN);
	assert_true(date_eq(got[2].counts_on, DATE_FIRST));
	assert_true(date_eq(got[2].booked_on, DATE_LAST));
	assert_true(got[2].amount_minor.minor == INT64_MIN);
	assert_true(got[2].number == INT64_MAX);
	assert_true(got[2].has_payment_id);
	assert_int_equal(got[2].payment_id, 0);
	db_close(db);
}

static void arguments_may_be_missing(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	date day = date_make(2026, 3, 1);
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_insert_one(db, 1, 1, day, DATE_NONE, money_of(5), INT64_MIN, S("none")));
	assert_ok(q_test_fact_insert_one(db, 2, 1, date_add(day, 1), day, money_of(7), 9, S("both")));
	assert_ok(db_commit(db));
	struct test_fact_list_row *got = list_facts(db, fixture->arena, 2);
	assert_true(date_is_none(got[0].ledger_on));
	assert_false(got[0].has_payment_id);
	assert_true(date_eq(got[1].ledger_on, day));
	assert_int_equal(got[1].payment_id, 9);
	size_t count = 0;
	assert_ok(q_test_fact_list(db, fixture->arena, 2, &got, &count));
	assert_int_equal(count, 1);
	assert_int_equal(got[0].case_id, 2);
	struct test_fact_sum_row sum;
	bool found = false;
	assert_ok(q_test_fact_sum(db, fixture->arena, DATE_NONE, &sum, &found));
	assert_true(found);
	assert_int_equal(sum.fact_count, 2);
	assert_int_equal(sum.total_minor.minor, 12);
	assert_true(date_eq(sum.last_on, day));
	assert_ok(q_test_fact_sum(db, fixture->arena, date_add(day, -1), &sum, &found));
	assert_int_equal(sum.fact_count, 0);
	assert_false(sum.has_total_minor);
	assert_true(date_is_none(sum.last_on));
	assert_null(sum.last_note.at);
	db_close(db);
}

static void blobs_keep_every_byte(void **state)
{
	enum { SIZE = 1 << 20 };
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	char *bytes = arena_alloc(fixture->arena, SIZE);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 7 + i / 256); /* any pattern with all bytes */
	struct test_part_put_row parts[] = {
		{ 1, 1, { bytes, SIZE } }, { 1, 2, { bytes, 0 } }, { 1, 3, { NULL, 0 } }, { 2, 1, { bytes, 1 } },
		{ 2, 2, { bytes + 5, 300 } }, { 2, 3, { bytes, SIZE } },
	};
	assert_ok(db_begin(db));
	assert_ok(q_test_part_put(db, parts, 3));
	assert_ok(q_test_part_put(db, parts + 3, 3));
	parts[0].file_id = 3, parts[1].file_id = 3, parts[2].file_id = 3;
	assert_ok(q_test_part_put(db,
		(struct test_part_put_row[]){ { 4, 1, { bytes, SIZE } }, parts[0], parts[1], parts[2],
			{ 4, 2, { bytes, SIZE } }, { 4, 3, { bytes, 1 } } },
		6)); /* by COPY */
	assert_ok(db_commit(db));
	for (int64_t file_id = 1; file_id <= 4; file_id++) {
		struct test_part_get_row part;
		bool found = false;
		assert_ok(q_test_part_get(db, fixture->arena, file_id, file_id == 2 ? 3 : 1, &part, &found));
		assert_true(found);
		assert_int_equal(part.body.size, SIZE);
		assert_memory_equal(part.body.at, bytes, SIZE);
	}
	struct test_part_get_row part;
	bool found = false;
	assert_ok(q_test_part_get(db, fixture->arena, 3, 3, &part, &found));
	assert_true(found);
	assert_non_null(part.body.at);
	assert_int_equal(part.body.size, 0);
	db_close(db);
}

static void null_that_was_not_declared_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(fixture->arena, 3), 3);
	struct test_null_by_mistake_row *rows;
	size_t count;
	assert_fails(q_test_null_by_mistake(db, fixture->arena, &rows, &count), ERR_INTERNAL, "'number' has no value");
	list_facts(db, fixture->arena, 3); /* and the connection goes on */
	db_close(db);
}

static void one_row_is_found_or_not_and_two_are_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	struct test_fact_insert_row rows[] = { fact(1, 5), fact(2, 1), fact(2, 2) };
	insert_facts(db, rows, 3);
	struct test_fact_two_row row = { .fact_no = -1 };
	bool found = true;
	assert_ok(q_test_fact_two(db, fixture->arena, 9, &row, &found));
	assert_false(found);
	assert_int_equal(row.fact_no, -1);
	assert_ok(q_test_fact_two(db, fixture->arena, 1, &row, &found));
	assert_true(found);
	assert_int_equal(row.fact_no, 5);
	assert_fails(q_test_fact_two(db, fixture->arena, 2, &row, &found), ERR_INTERNAL, "more than one row");
	db_close(db);
}

static void returning_gives_the_row_that_was_made(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	struct test_run_insert_row row;
	bool found = false;
	assert_ok(db_begin(db));
	for (int64_t i = 1; i <= 3; i++) {
		assert_ok(q_test_run_insert(db, fixture->arena, date_make(2026, 1, 1), S("message"), &row, &found));
		assert_true(found);
		assert_int_equal(row.run_id, i);
	}
	assert_ok(db_commit(db));
	db_close(db);
}

struct seen {
	size_t count, stop_at;
};

static err_t see_fact(const struct test_fact_each_row *row, void *context)
{
	struct seen *seen = context;
	seen->count++;
	assert_int_equal(row->case_id, seen->count);
	assert_str(row->note, "Blåbærsyltetøy");
	return seen->count == seen->stop_at ? fail(ERR_REFUSED, "enough") : OK;
}

static void rows_are_streamed_until_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(fixture->arena, MANY), MANY);
	struct seen seen = { 0, 0 };
	assert_ok(q_test_fact_each(db, see_fact, &seen));
	assert_int_equal(seen.count, MANY);
	seen = (struct seen){ 0, 10 };
	assert_fails(q_test_fact_each(db, see_fact, &seen), ERR_REFUSED, "enough");
	assert_int_equal(seen.count, 10);
	seen = (struct seen){ 0, 0 };
	assert_ok(q_test_fact_each(db, see_fact, &seen));
	assert_int_equal(seen.count, MANY);
	db_close(db);
}

/* ---- bulk: few rows and many go different ways on PostgreSQL ---- */

static void change_facts(struct db *db, struct arena *arena, size_t count)
{
	struct test_fact_update_row *updates = arena_many(arena, count, struct test_fact_update_row);
	for (size_t i = 0; i < count; i++)
		updates[i] = (struct test_fact_update_row){
			.note = str_format(arena, "note %zu", i + 1),
			.payment_id = i64_from_size(i) * 10,
			.has_payment_id = i % 2 == 0,
			.until_on = i % 3 ? date_add(date_make(2026, 1, 1), (int)i) : DATE_NONE,
			.case_id = i64_from_size(i) + 1,
			.fact_no = 1,
		};
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_update(db, updates, count));
	assert_ok(db_commit(db));
}

static void bulk_of(struct fixture *fixture, size_t count)
{
	struct arena *arena = fixture->arena;
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(arena, count), count);
	change_facts(db, arena, count);
	struct test_fact_list_row *rows = list_facts(db, arena, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(rows[i].case_id, i + 1);
		assert_str(rows[i].note, str_format(arena, "note %zu", i + 1).at);
		assert_int_equal(rows[i].has_payment_id, i % 2 == 0);
		assert_int_equal(rows[i].payment_id, i % 2 == 0 ? i * 10 : 0);
		assert_int_equal(date_is_none(rows[i].until_on), i % 3 == 0);
		if (i % 3)
			assert_true(date_eq(rows[i].until_on, date_add(date_make(2026, 1, 1), (int)i)));
	}
	struct test_fact_delete_row *gone = arena_many(arena, count, struct test_fact_delete_row);
	for (size_t i = 0; i + 1 < count; i++)
		gone[i] = (struct test_fact_delete_row){ rows[i].case_id, rows[i].fact_no };
	gone[count - 1] = (struct test_fact_delete_row){ 123456, 1 }; /* is not there: nothing to do */
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_delete(db, gone, count));
	assert_ok(db_commit(db));
	rows = list_facts(db, arena, 1);
	assert_int_equal(rows[0].case_id, count);
	db_close(db);
}

static void bulk_of_few_rows(void **state)
{
	bulk_of(*state, 3);
}

static void bulk_of_many_rows(void **state)
{
	bulk_of(*state, MANY);
}

static void bulk_of_no_rows_does_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_insert(db, NULL, 0));
	assert_ok(db_commit(db));
	list_facts(db, fixture->arena, 0);
	db_close(db);
}

static void update_of(struct fixture *fixture, size_t count)
{
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(fixture->arena, count), count);
	struct test_fact_update_row *updates = arena_many(fixture->arena, count, struct test_fact_update_row);
	for (size_t i = 0; i < count; i++)
		updates[i] = (struct test_fact_update_row){
			.note = S("changed"),
			.until_on = DATE_NONE,
			.case_id = i64_from_size(i) + 2, /* the last is not there */
			.fact_no = 1,
		};
	assert_ok(db_begin(db));
	assert_fails(q_test_fact_update(db, updates, count), ERR_INTERNAL, "a row to be changed is not there");
	db_rollback(db);
	struct test_fact_list_row *rows = list_facts(db, fixture->arena, count);
	for (size_t i = 0; i < count; i++)
		assert_str(rows[i].note, "Blåbærsyltetøy");
	db_close(db);
}

static void update_of_a_missing_row_is_an_error(void **state)
{
	update_of(*state, 2);
}

static void update_of_many_with_one_missing_is_an_error(void **state)
{
	update_of(*state, MANY);
}

static void upsert_of(struct fixture *fixture, size_t count)
{
	struct arena *arena = fixture->arena;
	struct db *db = open_new(fixture);
	date day = date_make(2026, 1, 1);
	struct test_day_add_row *adds = arena_many(arena, count, struct test_day_add_row);
	struct test_day_once_row *once = arena_many(arena, count, struct test_day_once_row);
	for (size_t i = 0; i < count; i++) {
		adds[i] = (struct test_day_add_row){ i64_from_size(i), day, money_of(5) };
		once[i] = (struct test_day_once_row){ i64_from_size(i) + 1, day, money_of(1000) };
	}
	assert_ok(db_begin(db));
	assert_ok(q_test_day_add(db, adds, count));
	assert_ok(q_test_day_add(db, adds, count)); /* again in the same transaction */
	assert_ok(q_test_day_once(db, once, count));
	assert_ok(db_commit(db));
	assert_ok(db_begin(db));
	assert_ok(q_test_day_add(db, adds, count));
	db_rollback(db);
	assert_ok(db_begin(db));
	assert_ok(q_test_day_add(db, adds, count));
	assert_ok(db_commit(db));
	struct test_day_list_row *rows;
	size_t row_count;
	assert_ok(q_test_day_list(db, arena, &rows, &row_count));
	assert_int_equal(row_count, count + 1);
	for (size_t i = 0; i < row_count; i++)
		assert_int_equal(rows[i].amount_minor.minor, i < count ? 15 : 1000);
	db_close(db);
}

static void upsert_of_few_rows(void **state)
{
	upsert_of(*state, 2);
}

static void upsert_of_many_rows(void **state)
{
	upsert_of(*state, MANY);
}

static void row_that_breaks_a_rule_of_the_schema_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(fixture->arena, 10), 10);
	assert_ok(db_begin(db));
	assert_fails(q_test_fact_insert(db, facts_many(fixture->arena, 1), 1), ERR_INTERNAL, "test_fact_insert: ");
	db_rollback(db);
	assert_ok(db_begin(db));
	assert_fails(q_test_fact_insert(db, facts_many(fixture->arena, 10), 10), ERR_INTERNAL, "test_fact_insert: ");
	db_rollback(db);
	list_facts(db, fixture->arena, 10);
	db_close(db);
}

/* ---- transactions ---- */

static void rollback_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_insert(db, facts_many(fixture->arena, MANY), MANY));
	assert_ok(q_setting_put(db, S("agency"), S("Fjord")));
	list_facts(db, fixture->arena, MANY);
	db_rollback(db);
	db_rollback(db); /* nothing open: nothing happens */
	list_facts(db, fixture->arena, 0);
	struct setting_get_row row;
	bool found = true;
	assert_ok(q_setting_get(db, fixture->arena, S("agency"), &row, &found));
	assert_false(found);
	db_close(db);
}

static void closing_without_commit_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_insert(db, facts_many(fixture->arena, 10), 10));
	db_close(db);
	db = open_mode(fixture, DB_OPEN_EXISTING);
	list_facts(db, fixture->arena, 0);
	db_close(db);
}

static void others_see_a_transaction_when_it_is_committed(void **state)
{
	struct fixture *fixture = *state;
	struct db *writer = open_new(fixture), *reader = open_mode(fixture, DB_OPEN_EXISTING);
	assert_ok(db_begin(writer));
	assert_ok(q_test_fact_insert(writer, facts_many(fixture->arena, 10), 10));
	list_facts(reader, fixture->arena, 0); /* and does not wait */
	assert_ok(db_commit(writer));
	list_facts(reader, fixture->arena, 10);
	db_close(writer);
	db_close(reader);
}

/* More and less than the cache holds, so that SQLite must write a little before it is taken back: none of that may reach the file when another
 * connection has written in the same place. */
static void what_was_taken_back_does_not_come_later(void **state)
{
	enum { LARGE = 16000, STEP = 250, ROUNDS = 40 };
	struct fixture *fixture = *state;
	db_close(open_new(fixture));
	setenv("KRAVBOK_CACHE_MIB", "1", 1);
	struct db *first = open_mode(fixture, DB_OPEN_EXISTING), *second = open_mode(fixture, DB_OPEN_EXISTING);
	unsetenv("KRAVBOK_CACHE_MIB");
	struct test_fact_insert_row kept[10], *gone = arena_many(fixture->arena, LARGE, struct test_fact_insert_row);
	for (size_t i = 0; i < LARGE; i++)
		gone[i] = fact(i64_from_size(i) + 1, 100);
	for (int round = 0; round < ROUNDS; round++) {
		assert_ok(db_begin(first));
		assert_ok(q_test_fact_insert(first, gone, LARGE - (size_t)round * STEP));
		db_rollback(first);
		for (size_t i = 0; i < 10; i++)
			kept[i] = fact(i64_from_size(i) + 1, round + 1);
		insert_facts(second, kept, 10);
		list_facts(first, fixture->arena, 10 * (size_t)(round + 1));
	}
	db_close(first);
	list_facts(second, fixture->arena, 10 * ROUNDS);
	db_close(second);
	second = open_mode(fixture, DB_OPEN_EXISTING);
	list_facts(second, fixture->arena, 10 * ROUNDS);
	db_close(second);
}

static err_t story_tell(struct db *db, const struct test_fact_insert_row *rows, size_t count)
{
	const struct test_fact_update_row update = {
		.note = S("changed"), .until_on = DATE_NONE, .case_id = 1, .fact_no = 1
	};
	const struct test_day_add_row days[] = {
		{ 1, DATE_FIRST, money_of(1) }, { 2, DATE_FIRST, money_of(1) }, { 3, DATE_FIRST, money_of(1) },
		{ 4, DATE_FIRST, money_of(1) }, { 5, DATE_FIRST, money_of(1) },
	};
	TRY(q_test_fact_insert(db, rows, count));
	TRY(q_test_fact_update(db, &update, 1));
	TRY(q_test_day_add(db, days, 5));
	return q_setting_put(db, S("told"), S("yes"));
}

static err_t story_commit(struct db *db, const struct test_fact_insert_row *rows, size_t count)
{
	TRY(db_begin(db));
	err_t err = story_tell(db, rows, count);
	if (err) {
		db_rollback(db);
		return err;
	}
	return db_commit(db);
}

static void any_statement_may_fail_and_nothing_is_kept(void **state)
{
	enum { ROWS = 6 };
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	const struct test_fact_insert_row *rows = facts_many(fixture->arena, ROWS);
	int64_t nth = 1;
	for (; nth < 100; nth++) {
		int64_t before = db_statement_count(db);
		db_fail_nth(db, nth);
		err_t err = story_commit(db, rows, ROWS);
		if (!err)
			break;
		assert_int_equal(db_statement_count(db) - before, nth);
		assert_fails(err, ERR_OUTSIDE, "was made to fail");
		list_facts(db, fixture->arena, 0);
	}
	db_fail_nth(db, 0);
	/* begin, rows or COPY, update, upsert, setting, commit */
	assert_int_equal(nth, fixture->is_sqlite ? 1 + ROWS + 1 + 5 + 1 + 1 + 1 : 1 + 1 + 1 + 1 + 1 + 1 + 1);
	list_facts(db, fixture->arena, ROWS);
	db_close(db);
}

static void full_disk_is_said_so(void **state)
{
	struct fixture *fixture = *state;
	if (!fixture->is_sqlite)
		skip();
	db_close(open_new(fixture));
	struct db_meter meter = { 0 };
	struct db_connection *connection = NULL;
	bool is_new;
	assert_ok(fixture->engine->open(fixture->where, false, &meter, &connection, &is_new));
	assert_ok(fixture->engine->run_script(connection, "PRAGMA max_page_count = 60"));
	assert_ok(fixture->engine->begin(connection));
	err_t err = fixture->engine->run_script(connection,
		"INSERT INTO setting (name, value) VALUES ('big', hex(zeroblob(1000000)))");
	fixture->engine->rollback(connection);
	fixture->engine->close(connection);
	assert_fails(err, ERR_OUTSIDE, "the disk is full; nothing of this transaction was kept");
	struct db *db = open_mode(fixture, DB_OPEN_EXISTING);
	list_facts(db, fixture->arena, 0);
	db_close(db);
}

/* ---- locks, keys, backup ---- */

static void lock_is_for_one_at_a_time(void **state)
{
	struct fixture *fixture = *state;
	struct db *first = open_new(fixture), *second = open_mode(fixture, DB_OPEN_EXISTING);
	char process[32];
	snprintf(process, sizeof process, fixture->is_sqlite ? "(process %ld)" : "(kravbok %ld", (long)getpid());
	assert_ok(db_lock(first, "night"));
	assert_fails(db_lock(second, "night"), ERR_BUSY, "another night is running");
	assert_fails(db_lock(second, "night"), ERR_BUSY, process);
	assert_ok(db_lock(second, "settlement")); /* another name is another lock */
	db_unlock(first, "night");
	assert_ok(db_lock(second, "night"));
	assert_fails(db_lock(first, "night"), ERR_BUSY, "another night is running");
	db_close(second);
	assert_ok(db_lock(first, "night"));
	db_unlock(first, "night");
	db_unlock(first, "nothing");
	db_close(first);
}

static void picked_keys_are_joined_in_their_order(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(fixture->arena, 10), 10);
	struct db_pick picks[MANY];
	for (size_t i = 0; i < MANY; i++)
		picks[i] = (struct db_pick){ .id = i64_from_size(MANY - i), .id2 = 1, .key = S("nøkkel") };
	picks[1].key = (str){ NULL, 0 };
	assert_ok(db_pick(db, picks, MANY));
	struct test_pick_fact_row *rows;
	size_t count;
	assert_ok(q_test_pick_fact(db, fixture->arena, &rows, &count));
	assert_int_equal(count, MANY);
	assert_str(rows[0].key, "nøkkel");
	assert_str(rows[1].key, "");
	assert_false(rows[0].has_case_id);
	assert_null(rows[0].note.at);
	assert_true(rows[MANY - 10].has_case_id);
	assert_int_equal(rows[MANY - 10].case_id, 10);
	assert_ok(db_pick(db, picks + 5, 2)); /* the old hand is gone */
	struct test_pick_list_row *hand;
	assert_ok(q_test_pick_list(db, fixture->arena, &hand, &count));
	assert_int_equal(count, 2);
	assert_int_equal(hand[0].no, 0);
	assert_int_equal(hand[0].id, MANY - 5);
	assert_ok(db_pick(db, NULL, 0));
	assert_ok(q_test_pick_list(db, fixture->arena, &hand, &count));
	assert_int_equal(count, 0);
	db_close(db);
}

static void picked_keys_may_change_inside_a_transaction(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	const struct db_pick pick = { .id = 1, .id2 = 1, .key = S("") };
	struct test_pick_list_row *hand;
	size_t count;
	for (int i = 0; i < 3; i++) {
		assert_ok(db_begin(db));
		assert_ok(db_pick(db, &pick, 1));
		assert_ok(q_test_pick_list(db, fixture->arena, &hand, &count));
		assert_int_equal(count, 1);
		db_rollback(db);
	}
	db_close(db);
}

static str setting_of(struct db *db, struct arena *arena, const char *name)
{
	struct setting_get_row row;
	bool found;
	assert_ok(q_setting_get(db, arena, str_from_z(name), &row, &found));
	return found ? row.value : S("");
}

static void parts_of_a_whole_are_stored_together(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture), *other = open_mode(fixture, DB_OPEN_EXISTING);
	bool stored;
	assert_ok(db_begin_whole(db));
	assert_ok(db_begin(db));
	assert_ok(q_setting_put(db, S("one"), S("1")));
	assert_ok(db_commit(db));
	assert_int_equal(setting_of(other, fixture->arena, "one").size, 0); /* not yet */
	assert_ok(db_begin_reading(db));
	assert_true(str_eq_z(setting_of(db, fixture->arena, "one"), "1"));
	db_rollback(db); /* the end of reading undoes nothing */
	assert_ok(db_begin(db));
	assert_ok(q_setting_put(db, S("two"), S("2")));
	assert_ok(db_commit(db));
	assert_ok(db_end_whole(db, &stored));
	assert_true(stored);
	assert_true(str_eq_z(setting_of(other, fixture->arena, "two"), "2"));
	db_close(other);
	db_close(db);
}

static void a_part_undone_undoes_the_whole(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	bool stored;
	assert_ok(db_begin_whole(db));
	assert_ok(db_begin(db));
	assert_ok(q_setting_put(db, S("one"), S("1")));
	assert_ok(db_commit(db));
	assert_ok(db_begin(db));
	db_rollback(db);
	assert_fails(db_begin(db), ERR_INTERNAL, "a part of what belongs together was undone");
	assert_ok(db_end_whole(db, &stored));
	assert_false(stored);
	db_rollback(db);
	assert_int_equal(setting_of(db, fixture->arena, "one").size, 0);
	assert_ok(db_begin(db)); /* and the connection goes on */
	assert_ok(q_setting_put(db, S("three"), S("3")));
	assert_ok(db_commit(db));
	db_close(db);
}

static void backup_is_a_whole_book(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = fixture->arena;
	struct db *db = open_new(fixture);
	insert_facts(db, facts_many(arena, MANY), MANY);
	const char *path = str_format(arena, "%.*s/copy.db", STR_ARG(fixture->folder)).at;
	if (!fixture->is_sqlite) {
		assert_fails(db_backup(db, path), ERR_REFUSED, "pg_dump");
		db_close(db);
		return;
	}
	struct db *other = open_mode(fixture, DB_OPEN_EXISTING);
	assert_ok(db_begin(other)); /* somebody is writing: not in the copy, and not waited for */
	assert_ok(q_setting_put(other, S("half"), S("done")));
	assert_ok(db_backup(db, path));
	assert_ok(db_commit(other));
	db_close(other);
	assert_fails(db_backup(db, path), ERR_REFUSED, "does not write over a file");
	assert_fails(db_backup(db, fixture->where), ERR_REFUSED, "does not write over a file");
	assert_fails(db_backup(db, str_format(arena, "%.*s/no/copy.db", STR_ARG(fixture->folder)).at), ERR_OUTSIDE,
		"could not write");
	struct test_fact_list_row *wanted = list_facts(db, arena, MANY);
	db_close(db);
	assert_int_not_equal(access(str_format(arena, "%s.part", path).at, F_OK), 0);
	assert_int_not_equal(access(str_format(arena, "%s-wal", path).at, F_OK), 0);
	struct db *copy = NULL;
	assert_ok(db_open(str_format(arena, "sqlite:%s", path).at, DB_OPEN_EXISTING, &copy));
	struct test_fact_list_row *got = list_facts(copy, arena, MANY);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(got[i].case_id, wanted[i].case_id);
		assert_true(str_eq(got[i].note, wanted[i].note));
	}
	struct setting_get_row row;
	bool found = true;
	assert_ok(q_setting_get(copy, arena, S("half"), &row, &found));
	assert_false(found);
	db_close(copy);
}

/* ---- the book as text ---- */

static str dump_of(const struct fixture *fixture, struct db *db)
{
	struct text text = text_in(fixture->arena, 16 << 20);
	struct sink_buffer buffer = sink_buffer_in(fixture->arena, sink_text(&text));
	int64_t row_count = -1;
	assert_ok(db_begin_reading(db));
	assert_ok(dump_write(db, &buffer, (struct dump_watch){ NULL, NULL }, &row_count));
	db_rollback(db);
	assert_ok(sink_flush(&buffer));
	return text_str(&text);
}

/* Takes the lines after the first; the first error. */
static err_t dump_take(struct db *db, str text, int64_t *ret_row_count)
{
	struct dump_loader *loader = NULL;
	struct arena *arena = arena_create(MEMORY_MAX);
	err_t err = dump_head_check(str_cut(text, '\n', &text));
	if (!err)
		err = dump_load_begin(db, arena, &loader);
	while (!err && text.size)
		err = dump_load_line(loader, str_cut(text, '\n', &text));
	if (!err)
		err = dump_load_end(loader, ret_row_count);
	arena_destroy(arena);
	return err;
}

/* Every kind of value, the longest and the shortest. */
static void fill_with_everything(const struct fixture *fixture, struct db *db)
{
	enum { BYTES = 3000 };
	struct test_fact_insert_row rows[] = { fact(1, 1), fact(1, 2), fact(INT64_MAX, 1), fact(INT64_MIN, 1) };
	rows[0].note = S("a\ttab, a\nline, a\rreturn, a \\ and \\N");
	rows[0].code = S("\\N");
	rows[0].ledger_on = DATE_FIRST;
	rows[0].until_on = DATE_LAST;
	rows[1].note = S("");
	rows[1].has_payment_id = true;
	rows[1].payment_id = INT64_MIN;
	rows[1].amount_minor = money_of(-1);
	char *bytes = arena_alloc(fixture->arena, BYTES);
	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (char)(i * 7 + i / 256); /* any pattern with all bytes */
	struct test_part_put_row parts[8];
	for (size_t i = 0; i < 7; i++)
		parts[i] = (struct test_part_put_row){ 1, i64_from_size(i), { bytes, i } };
	parts[7] = (struct test_part_put_row){ 2, 1, { bytes, BYTES } };
	assert_ok(db_begin(db));
	assert_ok(q_test_fact_insert(db, rows, 4));
	assert_ok(q_test_part_put(db, parts, 8));
	assert_ok(q_test_fact_insert(db, facts_many(fixture->arena, MANY) + 1, MANY - 1));
	assert_ok(db_commit(db));
}

static void book_as_text_comes_back_the_same(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture), *other = NULL;
	bool is_empty = false;
	assert_ok(dump_book_is_empty(db, &is_empty));
	assert_true(is_empty);
	fill_with_everything(fixture, db);
	assert_ok(dump_book_is_empty(db, &is_empty));
	assert_false(is_empty);
	str text = dump_of(fixture, db);
	db_close(db);
	/* Always into SQLite: the text of either engine is the same. */
	const char *url = str_format(fixture->arena, "sqlite:%.*s/other.db", STR_ARG(fixture->folder)).at;
	assert_ok(db_open(url, DB_OPEN_CREATE, &other));
	int64_t row_count = 0;
	assert_ok(db_begin(other));
	assert_ok(dump_take(other, text, &row_count));
	assert_ok(db_commit(other));
	assert_int_equal(row_count, MANY + 3 + 8 + 1); /* and the version */
	assert_true(str_eq(dump_of(fixture, other), text));
	db_close(other);
}

/* In the order of the key, escaped, the missing marked, bytes in base64. */
static void rows_of_a_book_as_text(void **state)
{
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	fill_with_everything(fixture, db);
	str text = dump_of(fixture, db);
	static const char *const wanted[] = {
		"\ntable\tfact\tcase_id\tfact_no\tkind\tcounts_on\tbooked_on\tledger_on\tuntil_on\tamount_minor\tcode\t"
		"number\tpayment_id\tnote\tby_user\n\t-9223372036854775808\t1\tpayment\t2026-01-15\t2026-01-16\t\\N\t\\N\t100"
		"\t\t7\t\\N\tBlåbærsyltetøy\tola\n",
		"\t1900-01-01\t2100-12-31\t100\t\\\\N\t7\t\\N\ta\\ttab, a\\nline, a\\rreturn, a \\\\ and \\\\N\tola\n",
		"\t-1\t\t7\t-9223372036854775808\t\tola\n",
		"\n\t1\t0\t\n\t1\t1\tAA==\n\t1\t2\tAAc=\n\t1\t3\tAAcO\n\t1\t4\tAAcOFQ==\n",
	};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		if (!str_has(text, str_from_z(wanted[i])))
			print_error("not there: %s\n", wanted[i]);
		assert_true(str_has(text, str_from_z(wanted[i])));
	}
	assert_true(str_starts(text, S("kravbok\t1\t")));
	db_close(db);
}

static str text_with(struct arena *arena, str text, const char *from, const char *to)
{
	const char *at = strstr(str_z(arena, text), from);
	assert_non_null(at);
	str head = str_format(arena, "%.*s", STR_ARG(text));
	size_t before = head.size - strlen(at);
	return str_format(arena, "%.*s%s%s", (int)before, head.at, to, at + strlen(from)); /* small */
}

_Static_assert(SCHEMA_VERSION == 2, "the damages below name the version");

static void damaged_text_of_a_book_is_refused(void **state)
{
	static const struct {
		const char *from, *to, *told;
	} damages[] = {
		{ "kravbok\t1\t2", "kravbok\t2\t2", "of format 2" },
		{ "kravbok\t1\t2", "kravbok\t1\t99", "of a book of version 99" },
		{ "kravbok\t1\t2", "Kravbok\t1\t2", "not what kravbok export all has written" },
		{ "\t7\t", "\tseven\t", "fact.number: 'seven' is not a whole number" },
		{ "\t7\t", "\t9223372036854775808\t", "is not a whole number" },
		{ "\t7\t", "\t\t", "fact.number: '' is not a whole number" },
		{ "\tola\n", "\tola\tola\n", "a row of fact has 13 columns" },
		{ "\tola\n", "\n", "a row of fact has 13 columns" },
		{ "\t7\t", "\t\\N\t", "fact.number: the value may not be missing" },
		{ "2026-01-15", "2026-02-30", "fact.counts_on: '2026-02-30' is not a day" },
		{ "2026-01-15", "2026-1-15", "is not a day" },
		{ "\\ttab", "\\utab", "a backslash stands where none may" },
		{ "syltet", "sy\xFF", "the text is not UTF-8" },
		{ "AAcOFQ==", "AAcOFQ=", "the bytes are not whole" },
		{ "AAcOFQ==", "AAc!FQ==", "the bytes are not base64" },
		{ "AAcOFQ==", "====", "the bytes are not base64" },
		{ "table\tfact\t", "table\tfacts\t", "the table fact with its columns is wanted here" },
		{ "table\tfact\tcase_id\tfact_no", "table\tfact\tfact_no\tcase_id", "is wanted here" },
		{ "table\tsetting\tname\tvalue\n", "", "a row before the first table" },
	};
	struct fixture *fixture = *state;
	struct db *db = open_new(fixture);
	fill_with_everything(fixture, db);
	str text = dump_of(fixture, db);
	assert_ok(db_begin(db));
	for (size_t i = 0; i < db_table_count; i++)
		assert_ok(db_run(db, db_tables[i].clear, NULL, NULL, NULL));
	assert_ok(db_commit(db));
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		int64_t row_count;
		struct arena_mark mark = arena_mark(fixture->arena);
		assert_ok(db_begin(db));
		err_t err = dump_take(
			db, text_with(fixture->arena, text, damages[i].from, damages[i].to), &row_count);
		db_rollback(db);
		assert_fails(err, i < 2 ? ERR_REFUSED : ERR_INPUT, damages[i].told);
		list_facts(db, fixture->arena, 0);
		arena_reset(fixture->arena, mark);
	}
	int64_t row_count;
	str cut = text;
	while (!str_starts(cut, S("table\tvoucher\t")))
		(void)str_cut(cut, '\n', &cut);
	assert_ok(db_begin(db));
	assert_fails(dump_take(db, (str){ text.at, text.size - cut.size }, &row_count), ERR_INPUT,
		"the table voucher is missing");
	db_rollback(db);
	db_close(db);
}

static void reading_is_of_one_moment(void **state)
{
	struct fixture *fixture = *state;
	struct db *writer = open_new(fixture), *reader = open_mode(fixture, DB_OPEN_EXISTING);
	assert_ok(db_begin_reading(reader));
	list_facts(reader, fixture->arena, 0);
	insert_facts(writer, facts_many(fixture->arena, 10), 10); /* and does not wait */
	list_facts(reader, fixture->arena, 0);
	const struct db_pick pick = { .id = 1, .key = S("") };
	assert_ok(db_pick(reader, &pick, 1)); /* the hand of keys may be filled */
	db_rollback(reader);
	list_facts(reader, fixture->arena, 10);
	db_close(writer);
	db_close(reader);
}

static void restore_puts_a_backup_in_the_place(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = fixture->arena;
	struct db *db = open_new(fixture), *restored = NULL;
	const char *path = str_format(arena, "%.*s/copy.db", STR_ARG(fixture->folder)).at;
	if (!fixture->is_sqlite) {
		db_close(db);
		assert_fails(db_restore((struct db_restore){ .from = path, .url = fixture->url }), ERR_REFUSED, "pg_restore");
		return;
	}
	insert_facts(db, facts_many(arena, MANY), MANY);
	assert_ok(db_backup(db, path));
	const char *place = str_format(arena, "%.*s/place.db", STR_ARG(fixture->folder)).at;
	struct db_restore restore = { .from = path, .url = str_format(arena, "sqlite:%s", place).at };
	assert_ok(db_restore(restore));
	assert_ok(db_open(restore.url, DB_OPEN_EXISTING, &restored));
	list_facts(restored, arena, MANY);
	assert_fails(db_restore(restore), ERR_REFUSED, "is there already");
	restore.may_replace = true;
	assert_fails(db_restore(restore), ERR_BUSY, "the book is in use");
	db_close(restored);
	assert_ok(db_restore(restore));
	/* A backup that is none, or of a newer version, leaves what is there. */
	assert_ok(db_begin(db));
	assert_ok(q_setting_put(db, S("schema_version"), S("99")));
	assert_ok(db_commit(db));
	db_close(db);
	restore.from = fixture->where;
	assert_fails(db_restore(restore), ERR_REFUSED, "a book of version 99");
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, 8192, SEEK_SET), 0);
	for (int i = 0; i < 4000; i++)
		fputs("x", file);
	fclose(file);
	restore.from = path;
	err_t err = db_restore(restore);
	assert_non_null(err);
	err_free(err);
	restore.from = str_format(arena, "%.*s/nothing.db", STR_ARG(fixture->folder)).at;
	assert_fails(db_restore(restore), ERR_INPUT, "could not open");
	assert_int_not_equal(access(str_format(arena, "%s.part", place).at, F_OK), 0);
	assert_ok(db_open(restore.url, DB_OPEN_EXISTING, &restored));
	list_facts(restored, arena, MANY);
	db_close(restored);
}

/* ---- fixtures ---- */

/* The folders of a test hold files only. */
static void folder_remove(struct arena *arena, str folder)
{
	static const char *const names[] = { "book.db", "book.db-wal", "book.db-shm", "book.db.night.lock",
		"book.db.settlement.lock", "copy.db", "copy.db-wal", "copy.db-shm" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(str_format(arena, "%.*s/%s", STR_ARG(folder), names[i]).at);
	rmdir(folder.at);
}

static struct fixture *fixture_create(void)
{
	struct arena *arena = arena_create(MEMORY_MAX);
	struct fixture *fixture = arena_new(arena, struct fixture);
	const char *temporary = getenv("TMPDIR");
	fixture->arena = arena;
	fixture->folder = str_format(arena, "%s/kravbok-store-XXXXXX", temporary ? temporary : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)fixture->folder.at)) /* the arena's memory is writable */
		panic("no temporary folder");
	return fixture;
}

static int sqlite_setup(void **state)
{
	struct fixture *fixture = fixture_create();
	fixture->is_sqlite = true;
	fixture->engine = &db_engine_sqlite;
	fixture->where = str_format(fixture->arena, "%.*s/book.db", STR_ARG(fixture->folder)).at;
	fixture->url = str_format(fixture->arena, "sqlite:%s", fixture->where).at;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	folder_remove(fixture->arena, fixture->folder);
	arena_destroy(fixture->arena);
	return 0;
}

/* One schema for all tests, dropped and made before each. */
static int postgres_setup(void **state)
{
	struct fixture *fixture = fixture_create();
	const char *server = getenv("KRAVBOK_TEST_PG");
	void *address = NULL;
	assert_ok(module_symbol("postgres", "db_engine_postgres", &address));
	fixture->engine = address;
	fixture->where = server;
	long process = (long)getpid();
	run_script(fixture, str_format(fixture->arena, "DROP SCHEMA IF EXISTS kb_%ld CASCADE; CREATE SCHEMA kb_%ld",
				    process, process)
				    .at);
	fixture->url = str_format(fixture->arena, "%s%coptions=-csearch_path%%3Dkb_%ld", server,
		strchr(server, '?') ? '&' : '?', process).at;
	fixture->where = fixture->url;
	*state = fixture;
	return 0;
}

static int postgres_group_teardown(void **state)
{
	(void)state;
	struct arena *arena = arena_create(1 << 20);
	struct fixture fixture = { .where = getenv("KRAVBOK_TEST_PG") };
	void *address = NULL;
	assert_ok(module_symbol("postgres", "db_engine_postgres", &address));
	fixture.engine = address;
	run_script(&fixture, str_format(arena, "DROP SCHEMA IF EXISTS kb_%ld CASCADE", (long)getpid()).at);
	arena_destroy(arena);
	return 0;
}

#define TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TESTS(setup)                                                  \
	{                                                             \
		TEST(missing_book_is_refused, setup),                 \
		TEST(unknown_scheme_is_refused, setup),               \
		TEST(book_is_made_once_and_opened_again, setup),      \
		TEST(book_of_a_newer_version_is_refused, setup),      \
		TEST(version_that_is_no_number_is_an_error, setup),   \
		TEST(database_of_somebody_else_is_refused, setup),    \
		TEST(file_that_is_no_database_is_refused, setup),     \
		TEST(empty_file_is_refused_until_init, setup),        \
		TEST(cache_size_must_be_a_number, setup),             \
		TEST(creation_that_fails_can_be_run_again, setup),    \
		TEST(every_query_prepares, setup),                    \
		TEST(every_value_comes_back_as_it_was, setup),        \
		TEST(arguments_may_be_missing, setup),                \
		TEST(blobs_keep_every_byte, setup),                   \
		TEST(null_that_was_not_declared_is_an_error, setup),  \
		TEST(one_row_is_found_or_not_and_two_are_an_error, setup), \
		TEST(returning_gives_the_row_that_was_made, setup),   \
		TEST(rows_are_streamed_until_an_error, setup),        \
		TEST(bulk_of_few_rows, setup),                        \
		TEST(bulk_of_many_rows, setup),                       \
		TEST(bulk_of_no_rows_does_nothing, setup),            \
		TEST(update_of_a_missing_row_is_an_error, setup),     \
		TEST(update_of_many_with_one_missing_is_an_error, setup), \
		TEST(upsert_of_few_rows, setup),                      \
		TEST(upsert_of_many_rows, setup),                     \
		TEST(row_that_breaks_a_rule_of_the_schema_is_an_error, setup), \
		TEST(rollback_leaves_nothing, setup),                 \
		TEST(closing_without_commit_leaves_nothing, setup),   \
		TEST(others_see_a_transaction_when_it_is_committed, setup), \
		TEST(what_was_taken_back_does_not_come_later, setup), \
		TEST(any_statement_may_fail_and_nothing_is_kept, setup), \
		TEST(full_disk_is_said_so, setup),                    \
		TEST(lock_is_for_one_at_a_time, setup),               \
		TEST(picked_keys_are_joined_in_their_order, setup),   \
		TEST(picked_keys_may_change_inside_a_transaction, setup), \
		TEST(parts_of_a_whole_are_stored_together, setup),    \
		TEST(a_part_undone_undoes_the_whole, setup),          \
		TEST(backup_is_a_whole_book, setup),                  \
		TEST(book_as_text_comes_back_the_same, setup),        \
		TEST(rows_of_a_book_as_text, setup),                  \
		TEST(damaged_text_of_a_book_is_refused, setup),       \
		TEST(reading_is_of_one_moment, setup),                \
		TEST(restore_puts_a_backup_in_the_place, setup),      \
	}

int main(void)
{
	const struct CMUnitTest sqlite_tests[] = TESTS(sqlite_setup);
	const struct CMUnitTest postgres_tests[] = TESTS(postgres_setup);
	int failed_count = cmocka_run_group_tests_name("store on SQLite", sqlite_tests, NULL, NULL);
	if (!getenv("KRAVBOK_TEST_PG")) {
		puts("SKIP: store on PostgreSQL: KRAVBOK_TEST_PG is not set (tests/pg.sh start DIR prints it)");
		return failed_count;
	}
	return failed_count +
		cmocka_run_group_tests_name("store on PostgreSQL", postgres_tests, NULL, postgres_group_teardown);
}
