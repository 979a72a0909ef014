/* A small agency's book for tests of use cases, on both engines: SQLite in a temporary folder, PostgreSQL in a schema of its
 * own when KRAVBOK_TEST_PG holds the URL of a server (tests/pg.sh). Two clients, no claims yet. */
#ifndef KRAVBOK_TESTS_APP_BOOK_H
#define KRAVBOK_TESTS_APP_BOOK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* cmocka has one of its own; ours makes an err_t */

#include "app/intake.h"
#include "app/night.h"
#include "app/payment.h"
#include "app/setup.h"
#include "app/verify.h"
#include "base/module.h"
#include "core/kid.h"
#include "law_no.h"
#include "sql.h"
#include "store/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { APP_MEMORY_MAX = 512 << 20, APP_CLIENT = 7, APP_OTHER_CLIENT = 8 };

static const char app_account[] = "15030000029";

struct app_book {
	struct op op;
	str folder;
	const char *server; /* PostgreSQL; NULL: SQLite */
	int file_number;
};

static inline void assert_ok(err_t err)
{
	if (err)
		print_error("%s\n", err_text(err));
	assert_null(err);
}

static inline void assert_fails(err_t err, enum err_kind kind, const char *part)
{
	assert_non_null(err);
	if (err_kind(err) != kind || !str_has(str_from_z(err_text(err)), str_from_z(part)))
		print_error("wanted kind %d '%s', got kind %d: %s\n", (int)kind, part, (int)err_kind(err), err_text(err));
	assert_int_equal(err_kind(err), kind);
	assert_true(str_has(str_from_z(err_text(err)), str_from_z(part)));
	err_free(err);
}

static inline void assert_str(str s, const char *wanted)
{
	if (!str_eq_z(s, wanted))
		print_error("wanted '%s', got '%.*s'\n", wanted, STR_ARG(s));
	assert_true(str_eq_z(s, wanted));
}

static inline void assert_date(date day, const char *wanted)
{
	assert_string_equal(date_iso(day).z, wanted);
}

static inline const char *app_write(struct app_book *book, const char *name, str text)
{
	const char *path = str_format(book->op.arena, "%.*s/%s", STR_ARG(book->folder), name).at;
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.size, file), text.size);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* rows: lines of a claims file without its heading, from invoice_no to kid. */
static const char app_claim_heading[] = "invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,"
					"postcode,city,country,phone,email,description,kid\n";

static inline void app_claims(struct app_book *book, int64_t client_no, const char *rows)
{
	struct intake_result result;
	str text = str_format(book->op.arena, "%s%s", app_claim_heading, rows);
	const char *name = str_format(book->op.arena, "claims-%d.csv", ++book->file_number).at;
	assert_ok(intake_file(&book->op, (struct intake_order){ .path = app_write(book, name, text), .client_no = client_no },
		&result));
	for (size_t i = 0; i < result.finding_count; i++)
		print_error("claim refused: %.*s\n", STR_ARG(result.findings[i].reason));
	assert_int_equal(result.rejected_count, 0);
}

struct app_payment {
	const char *kid;
	int64_t amount_minor;
};

/* Money settled on the op's day, through a bank file. */
static inline void app_pay(struct app_book *book, const struct app_payment *payments, int count)
{
	struct text text = text_in(book->op.arena, 1 << 20);
	struct civil day = date_civil(book->op.today);
	char ddmmyy[16];
	int64_t sum = 0;
	(void)snprintf(ddmmyy, sizeof ddmmyy, "%02d%02d%02d", day.day, day.month, day.year % 100);
	text_addf(&text, "NY000010000080800000001%08d%049d\nNY0900200000000010000001%s%045d\n", ++book->file_number, 0,
		app_account, 0);
	for (int i = 0; i < count; i++) {
		text_addf(&text, "NY091030%07d%s01011000010%017lld%25s000000\n", i + 1, ddmmyy,
			(long long)payments[i].amount_minor, payments[i].kid);
		text_addf(&text, "NY091031%07d%010d%09d0000000000000%011d%022d\n", i + 1, i + 1, i + 1, 0, 0);
		sum += payments[i].amount_minor;
	}
	text_addf(&text, "NY090088%08d%08d%017lld%s%s%s%021d\n", count, 2 * count + 2, (long long)sum, ddmmyy, ddmmyy, ddmmyy, 0);
	text_addf(&text, "NY000089%08d%08d%017lld%s%033d\n", count, 2 * count + 4, (long long)sum, ddmmyy, 0);
	const char *name = str_format(book->op.arena, "giro-%d.txt", book->file_number).at;
	struct payment_import_result result = PAYMENT_IMPORT_NOTHING;
	assert_ok(payment_import(&book->op, app_write(book, name, text_str(&text)), &result));
	for (size_t i = 0; i < result.finding_listed; i++)
		print_error("payment refused: %.*s\n", STR_ARG(result.findings[i].reason));
	assert_int_equal(result.finding_count, 0);
	assert_int_equal(result.booked + result.on_hold, count);
}

static inline void app_nights(struct app_book *book, date until)
{
	struct night_result result;
	book->op.today = until;
	assert_ok(night_run(&book->op, until, &result));
	assert_int_equal(result.failure_count, 0);
}

static inline void app_finding_print(str finding, void *context)
{
	(void)context;
	print_error("verify: %.*s\n", STR_ARG(finding));
}

static inline void app_sound(struct app_book *book)
{
	struct verify_result result;
	assert_ok(verify_book(&book->op, app_finding_print, NULL, &result));
	assert_int_equal(result.finding_count, 0);
}

/* ---- fixtures ---- */

static inline void app_schema_run(const char *server, struct arena *arena, const char *format_of_process)
{
	void *address = NULL;
	assert_ok(module_symbol("postgres", "db_engine_postgres", &address));
	const struct db_engine *engine = address;
	struct db_meter meter = { 0 };
	struct db_connection *connection = NULL;
	bool is_new;
	char process[32];
	(void)snprintf(process, sizeof process, "app_%ld", (long)getpid());
	assert_ok(engine->open(server, true, &meter, &connection, &is_new));
	assert_ok(engine->run_script(connection, str_format(arena, "DROP SCHEMA IF EXISTS %s CASCADE", process).at));
	if (*format_of_process)
		assert_ok(engine->run_script(connection, str_format(arena, "%s %s", format_of_process, process).at));
	engine->close(connection);
}

static inline int app_setup(void **state, const char *server)
{
	struct arena *arena = arena_create(APP_MEMORY_MAX);
	struct app_book *book = arena_new(arena, struct app_book);
	const char *temporary = getenv("TMPDIR");
	book->op = (struct op){ .law = &law_no, .arena = arena, .today = date_make(2026, 1, 5), .user = S("tester") };
	book->server = server;
	book->folder = str_format(arena, "%s/kravbok-app-XXXXXX", temporary ? temporary : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)book->folder.at)) /* the arena's memory is writable */
		panic("no temporary folder");
	const char *url = str_format(arena, "sqlite:%.*s/book.db", STR_ARG(book->folder)).at;
	if (server) {
		app_schema_run(server, arena, "CREATE SCHEMA");
		url = str_format(arena, "%s%coptions=-csearch_path%%3Dapp_%ld", server, strchr(server, '?') ? '&' : '?',
			(long)getpid()).at;
	}
	assert_ok(db_open(url, DB_OPEN_CREATE, &book->op.db));
	struct agency agency = { .name = S("Prøvebyrået SA"), .orgnr = S("312300001"), .account = str_from_z(app_account),
		.own_account = S("15030000037") };
	assert_ok(db_begin(book->op.db));
	assert_ok(db_end(book->op.db, agency_store(&book->op, &agency)));
	struct client_import_result result;
	const char *clients = app_write(book, "clients.csv",
		S("client_no,name,orgnr,account,vat_deductible,member,process,email\n"
		  "7,Havgløtt Tannklinikk DA,312400227,15030010024,no,yes,no/standard,post@example.com\n"
		  "8,Ulvik Bredbånd AS,312400774,15030010075,yes,no,no/minimum,\n"));
	assert_ok(client_import(&book->op, clients, &result));
	assert_int_equal(result.finding_count, 0);
	*state = book;
	return 0;
}

static inline int app_setup_sqlite(void **state)
{
	return app_setup(state, NULL);
}

static inline int app_setup_postgres(void **state)
{
	return app_setup(state, getenv("KRAVBOK_TEST_PG"));
}

static inline int app_teardown(void **state)
{
	struct app_book *book = *state;
	struct arena *arena = book->op.arena;
	db_close(book->op.db);
	if (book->server)
		app_schema_run(book->server, arena, "");
	/* Only what lies in the folder just made. */
	const char *command = str_format(arena, "rm -rf -- '%.*s'", STR_ARG(book->folder)).at;
	assert_int_equal(system(command), 0);
	arena_destroy(arena);
	return 0;
}

/* A person who can log in; what log-in needs is left empty. */
struct app_person {
	int64_t person_id;
	const char *name;
};

static inline const struct db_table *app_table(const char *name)
{
	for (size_t i = 0; i < db_table_count; i++)
		if (strcmp(db_tables[i].name, name) == 0)
			return &db_tables[i];
	panic("no such table");
}

static inline void app_person_fill(size_t row_index, struct db_value *values, const void *context)
{
	const struct app_person *person = context;
	const struct db_table *table = app_table("person");
	(void)row_index;
	for (size_t i = 0; i < table->read->column_count; i++) {
		const char *column = table->columns[i];
		values[i] = (struct db_value){ .type = table->read->column_types[i], .is_null = table->may_be_null[i],
			.text = S("") };
		if (strcmp(column, "person_id") == 0)
			values[i].integer = person->person_id;
		if (strcmp(column, "name") == 0 || strcmp(column, "email") == 0)
			values[i].text = str_from_z(person->name);
		if (strcmp(column, "role") == 0)
			values[i].text = S("handler");
	}
}

static inline void app_person(struct app_book *book, int64_t person_id, const char *name)
{
	struct app_person person = { person_id, name };
	assert_ok(db_begin(book->op.db));
	assert_ok(db_end(book->op.db, db_run_many(book->op.db, app_table("person")->insert, 1, app_person_fill, &person)));
}

#define APP_TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, app_teardown)

#define APP_MAIN(what) \
	int main(void) \
	{ \
		const struct CMUnitTest sqlite_tests[] = TESTS(app_setup_sqlite); \
		const struct CMUnitTest postgres_tests[] = TESTS(app_setup_postgres); \
		int failed_count = cmocka_run_group_tests_name(what " on SQLite", sqlite_tests, NULL, NULL); \
		if (!getenv("KRAVBOK_TEST_PG")) { \
			puts("SKIP: " what " on PostgreSQL: KRAVBOK_TEST_PG is not set (tests/pg.sh start DIR prints it)"); \
			return failed_count; \
		} \
		return failed_count + cmocka_run_group_tests_name(what " on PostgreSQL", postgres_tests, NULL, NULL); \
	}

#endif
