/* Any statement may fail: a day of the agency's work, each step of it run with the 1st, 2nd, 3rd … statement of the database
 * made to fail. After each failure it was reported, the book reopened is sound (app/verify.h), what is all or nothing left
 * nothing, and the same step run once more gives the same book as if nothing had happened, byte for byte.
 *
 * On SQLite in a temporary folder; on PostgreSQL when KRAVBOK_TEST_PG holds the URL of a server (tests/pg.sh), with fewer
 * points of failure. KRAVBOK_FAULT_ALL=1 tries every statement on both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* cmocka has one of its own; ours makes an err_t */

#include "app/intake.h"
#include "app/night.h"
#include "app/payment.h"
#include "app/settle.h"
#include "app/setup.h"
#include "app/transfer.h"
#include "app/verify.h"
#include "base/module.h"
#include "core/kid.h"
#include "law_no.h"
#include "store/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	MEMORY_MAX = 512 << 20,
	POINTS_SQLITE = 120,  /* of failure, of each step */
	POINTS_POSTGRES = 12, /* each costs a new schema */
	CLIENT = 7,
	CLAIMS = 14,
};

static const char account[] = "15030000029", own_account[] = "15030000037";

struct world {
	str folder;
	const char *server; /* PostgreSQL; NULL: SQLite */
	str url;
};

/* ---- small things the tests say ---- */

static void assert_ok(err_t err)
{
	if (err)
		print_error("%s\n", err_text(err));
	assert_null(err);
}

static struct arena *memory;

static const char *path_of(const struct world *world, const char *name)
{
	return str_format(memory, "%.*s/%s", STR_ARG(world->folder), name).at;
}

static void write_text(const char *path, str text)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.size, file), text.size);
	assert_int_equal(fclose(file), 0);
}

/* ---- the book as a whole ---- */

static void schema_run(const struct world *world, const char *sql)
{
	void *address = NULL;
	assert_ok(module_symbol("postgres", "db_engine_postgres", &address));
	const struct db_engine *engine = address;
	struct db_meter meter = { 0 };
	struct db_connection *connection = NULL;
	bool is_new;
	assert_ok(engine->open(world->server, true, &meter, &connection, &is_new));
	assert_ok(engine->run_script(connection, sql));
	engine->close(connection);
}

/* No book at all. */
static void book_remove(const struct world *world)
{
	if (world->server) {
		long process = (long)getpid();
		schema_run(world, str_format(memory, "DROP SCHEMA IF EXISTS fault_%ld CASCADE; CREATE SCHEMA fault_%ld", process,
					  process).at);
		return;
	}
	static const char *const ends[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		(void)unlink(str_format(memory, "%s%s", world->url.at + strlen("sqlite:"), ends[i]).at);
}

static struct op op_open(const struct world *world, date today, struct arena *arena)
{
	struct op op = { .law = &law_no, .arena = arena, .today = today, .user = S("fault") };
	assert_ok(db_open(world->url.at, DB_OPEN_CREATE, &op.db));
	return op;
}

/* The whole book as text, in memory: it is small. */
static str book_text(struct db *db)
{
	struct arena *arena = arena_create(MEMORY_MAX);
	struct op op = { .db = db, .law = &law_no, .arena = arena };
	struct text text = text_in(memory, 64 << 20);
	int64_t row_count;
	assert_ok(transfer_export(&op, sink_text(&text), &row_count));
	arena_destroy(arena);
	return text_str(&text);
}

static void finding_print(str finding, void *context)
{
	(void)context;
	print_error("verify: %.*s\n", STR_ARG(finding));
}

static void assert_sound(struct db *db, date today)
{
	struct verify_result result;
	struct arena *arena = arena_create(MEMORY_MAX);
	struct op op = { .db = db, .law = &law_no, .arena = arena, .today = today };
	assert_ok(verify_book(&op, finding_print, NULL, &result));
	assert_int_equal(result.finding_count, 0);
	arena_destroy(arena);
}

/* The book without the nights' reports, which tell of each run apart: one cut short and its second run are two. */
static str without_reports(str book)
{
	struct text text = text_in(memory, book.size + 1);
	bool is_report = false;
	while (book.size) {
		str line = str_cut(book, '\n', &book);
		if (str_starts(line, S("table\t")))
			is_report = str_starts(line, S("table\tnight_report\t"));
		if (is_report || str_starts(line, S("end\t"))) /* the sum of it all */
			continue;
		text_add(&text, line);
		text_add_char(&text, '\n');
	}
	return text_str(&text);
}

/* The first line in which the books differ. */
static void assert_same_book(str got, str wanted)
{
	got = without_reports(got), wanted = without_reports(wanted);
	str got_rest = got, wanted_rest = wanted;
	while (got_rest.size || wanted_rest.size) {
		str a = str_cut(got_rest, '\n', &got_rest), b = str_cut(wanted_rest, '\n', &wanted_rest);
		if (str_eq(a, b))
			continue;
		print_error("got    %.*s\nwanted %.*s\n", STR_ARG(a), STR_ARG(b));
		break;
	}
	assert_true(str_eq(got, wanted));
}

/* ---- the steps of the day ---- */

struct step {
	const char *name;
	date today;
	bool is_whole; /* all or nothing: what fails leaves nothing */
	err_t (*run)(const struct op *op, const struct world *world);
};

static err_t agency_make(const struct op *op, const struct world *world)
{
	(void)world;
	struct agency agency = { .name = S("Feilbyrået AS"), .orgnr = S("312300001"), .account = str_from_z(account),
		.own_account = str_from_z(own_account) };
	TRY(db_begin(op->db));
	err_t err = agency_store(op, &agency);
	if (!err)
		return db_commit(op->db);
	db_rollback(op->db);
	return err;
}

static err_t clients_take(const struct op *op, const struct world *world)
{
	struct client_import_result result;
	TRY(client_import(op, path_of(world, "clients.csv"), &result));
	assert_int_equal(result.finding_count, 0);
	return OK;
}

static err_t claims_take(const struct op *op, const struct world *world)
{
	struct intake_result result;
	TRY(intake_file(op, (struct intake_order){ .path = path_of(world, "claims.csv"), .client_no = CLIENT }, &result));
	assert_int_equal(result.rejected_count, 0);
	return OK;
}

static err_t nights_run(const struct op *op, const struct world *world)
{
	(void)world;
	struct night_result result;
	TRY(night_run(op, op->today, &result));
	assert_int_equal(result.failure_count, 0);
	return OK;
}

static err_t payments_take(const struct op *op, const struct world *world)
{
	struct payment_import_result result = PAYMENT_IMPORT_NOTHING;
	TRY(payment_import(op, path_of(world, "giro.txt"), &result));
	assert_int_equal(result.finding_count, 0);
	return OK;
}

static err_t plain_night_run(const struct op *op, const struct world *world)
{
	(void)world;
	struct night_result result;
	TRY(night_run(op, DATE_NONE, &result));
	assert_int_equal(result.failure_count, 0);
	return OK;
}

static err_t settlement_run(const struct op *op, const struct world *world)
{
	struct settle_result result;
	TRY(settle_run(op, op->today, path_of(world, "settled"), &result));
	assert_int_equal(result.client_count, 1);
	return OK;
}

/* ---- its files ---- */

/* Persons with an ident, one of them twice, and a company. */
static const char *const debtors[] = { "person,20835144527,Kari Prøve", "person,,Ola Uten Nummer",
	"person,20835144527,Kari Prøve", "company,312400111,Nordlys Kraft AS" };

static void claims_write(const struct world *world)
{
	struct text text = text_in(memory, 1 << 16);
	text_add_z(&text, "invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,"
			  "country,phone,email,description,kid\n");
	for (int i = 0; i < CLAIMS; i++)
		text_addf(&text, "F%d,2025-12-%02d,2026-01-%02d,%d.50,NOK,%s,Storgata 1,0155,Oslo,NO,,,Varer,%s\n", 100 + i,
			1 + i, 1 + i, 700 + i * 911, debtors[i % 4], i == 3 ? "1234566" : "");
	write_text(path_of(world, "claims.csv"), text_str(&text));
	write_text(path_of(world, "clients.csv"),
		S("client_no,name,orgnr,account,vat_deductible,member,process,email\n"
		  "7,Havgløtt Tannklinikk DA,312400227,15030010024,no,yes,no/standard,post@example.com\n"
		  "8,Ulvik Bredbånd AS,312400774,15030010075,yes,no,no/minimum,\n"));
}

struct transfer_line {
	const char *kid;
	int64_t amount_minor;
	const char *given; /* ddmmyy; zeros when not told */
};

static void giro_line(struct text *text, int number, const struct transfer_line *line)
{
	text_addf(text, "NY091030%07d030326010110000%d0%017lld%25s000000\n", number, number, (long long)line->amount_minor,
		line->kid);
	text_addf(text, "NY091031%07d%010d%09d0000000%s%011d%022d\n", number, number, number, line->given, 0, 0);
}

/* In full, in part, too much, the same twice, an unknown KID, the creditor's own KID. */
static void giro_write(const struct world *world)
{
	const struct kid_text one = kid_of_case(1), two = kid_of_case(2), five = kid_of_case(5), six = kid_of_case(6);
	const struct transfer_line lines[] = {
		{ one.z, 70050, "020326" },
		{ two.z, 50000, "000000" },
		{ five.z, 9000000, "020326" },
		{ six.z, 12300, "020326" },
		{ six.z, 12300, "020326" },
		{ "999999999993", 4242, "280226" },
		{ "1234566", 343350, "020326" },
	};
	struct text text = text_in(memory, 1 << 16);
	int64_t sum = 0;
	int count = sizeof lines / sizeof *lines;
	text_addf(&text, "NY000010000080800000001%08d%049d\nNY0900200000000010000001%s%045d\n", 1, 0, account, 0);
	for (int i = 0; i < count; i++) {
		giro_line(&text, i + 1, &lines[i]);
		sum += lines[i].amount_minor;
	}
	text_addf(&text, "NY090088%08d%08d%017lld030326030326030326%021d\n", count, 2 * count + 2, (long long)sum, 0);
	text_addf(&text, "NY000089%08d%08d%017lld030326%033d\n", count, 2 * count + 4, (long long)sum, 0);
	write_text(path_of(world, "giro.txt"), text_str(&text));
}

/* ---- breaking it ---- */

static int64_t point_count(const struct world *world)
{
	if (getenv("KRAVBOK_FAULT_ALL"))
		return INT64_MAX;
	return world->server ? POINTS_POSTGRES : POINTS_SQLITE;
}

/* The book as it was before the step. */
static void book_put(const struct world *world, const char *before)
{
	struct arena *arena = arena_create(MEMORY_MAX);
	int64_t row_count;
	book_remove(world);
	struct op op = op_open(world, DATE_FIRST, arena);
	assert_ok(transfer_import(&op, before, &row_count));
	db_close(op.db);
	arena_destroy(arena);
}

/* Runs the step with its n-th statement failing; the error must come out. */
static void step_fail(const struct world *world, const struct step *step, int64_t nth)
{
	struct arena *arena = arena_create(MEMORY_MAX);
	struct op op = op_open(world, step->today, arena);
	db_fail_nth(op.db, nth);
	err_t err = step->run(&op, world);
	if (!err || err_kind(err) != ERR_OUTSIDE || !str_has(str_from_z(err_text(err)), S("was made to fail")))
		print_error("%s, statement %lld: %s\n", step->name, (long long)nth, err ? err_text(err) : "no error");
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_OUTSIDE);
	assert_true(str_has(str_from_z(err_text(err)), S("was made to fail")));
	err_free(err);
	db_close(op.db);
	arena_destroy(arena);
}

/* Runs the step; the whole book after it. */
static str step_do(const struct world *world, const struct step *step, int64_t *ret_statement_count)
{
	struct arena *arena = arena_create(MEMORY_MAX);
	struct op op = op_open(world, step->today, arena);
	int64_t before = db_statement_count(op.db);
	assert_ok(step->run(&op, world));
	*ret_statement_count = db_statement_count(op.db) - before;
	assert_sound(op.db, step->today);
	str text = book_text(op.db);
	db_close(op.db);
	arena_destroy(arena);
	return text;
}

static void step_break(const struct world *world, const struct step *step, const char *before_path, str before)
{
	int64_t count, again;
	str wanted = step_do(world, step, &count);
	int64_t points = point_count(world) < count ? point_count(world) : count;
	for (int64_t i = 0; i < points; i++) {
		struct arena_mark mark = arena_mark(memory);
		int64_t nth = points == count ? i + 1 : 1 + i * (count - 1) / (points - 1);
		book_put(world, before_path);
		step_fail(world, step, nth);
		struct arena *arena = arena_create(MEMORY_MAX);
		struct op op = op_open(world, step->today, arena);
		assert_sound(op.db, step->today);
		if (step->is_whole)
			assert_same_book(book_text(op.db), before);
		db_close(op.db);
		arena_destroy(arena);
		assert_same_book(step_do(world, step, &again), wanted);
		arena_reset(memory, mark);
	}
	print_message("%s: %lld statements, %lld of them failed\n", step->name, (long long)count, (long long)points);
}

/* Each step begins with the book the one before it has made. */
static void any_statement_may_fail_and_a_rerun_completes(void **state)
{
	const struct world *world = *state;
	const struct step steps[] = {
		{ "agency", date_make(2026, 1, 2), true, agency_make },
		{ "client import", date_make(2026, 1, 2), true, clients_take },
		{ "claim import", date_make(2026, 1, 20), true, claims_take },
		{ "night --until", date_make(2026, 3, 1), false, nights_run },
		{ "payment import", date_make(2026, 3, 4), false, payments_take },
		{ "night", date_make(2026, 4, 20), false, plain_night_run },
		{ "settle", date_make(2026, 4, 20), false, settlement_run },
	};
	claims_write(world);
	giro_write(world);
	book_remove(world);
	const char *before_path = path_of(world, "before.txt");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct arena *arena = arena_create(MEMORY_MAX);
		struct op op = op_open(world, steps[i].today, arena);
		str before = book_text(op.db);
		db_close(op.db);
		arena_destroy(arena);
		write_text(before_path, before);
		step_break(world, &steps[i], before_path, before);
	}
}

/* Taking in a whole book is all or nothing as well. */
static err_t whole_book_take(const struct op *op, const struct world *world)
{
	int64_t row_count;
	return transfer_import(op, path_of(world, "before.txt"), &row_count);
}

static void import_of_all_may_fail_anywhere(void **state)
{
	const struct world *world = *state;
	const struct step step = { "import all", date_make(2026, 4, 20), true, whole_book_take };
	struct arena *arena = arena_create(MEMORY_MAX);
	book_remove(world);
	struct op op = op_open(world, step.today, arena);
	assert_ok(agency_make(&op, world));
	str before = book_text(op.db);
	db_close(op.db);
	arena_destroy(arena);
	const char *path = path_of(world, "empty.txt");
	write_text(path, before);
	step_break(world, &step, path, before);
}

/* ---- the two worlds ---- */

static int sqlite_setup(void **state)
{
	static struct world world;
	char folder[] = "/tmp/kravbok-fault-XXXXXX";
	assert_non_null(mkdtemp(folder));
	world = (struct world){ .folder = str_copy(memory, str_from_z(folder)) };
	world.url = str_format(memory, "sqlite:%s/book.db", folder);
	*state = &world;
	return 0;
}

static int postgres_setup(void **state)
{
	sqlite_setup(state);
	struct world *world = *state;
	world->server = getenv("KRAVBOK_TEST_PG");
	world->url = str_format(memory, "%s%coptions=-csearch_path%%3Dfault_%ld", world->server,
		strchr(world->server, '?') ? '&' : '?', (long)getpid());
	return 0;
}

static int world_teardown(void **state)
{
	struct world *world = *state;
	if (world->server)
		schema_run(world, str_format(memory, "DROP SCHEMA IF EXISTS fault_%ld CASCADE", (long)getpid()).at);
	return system(str_format(memory, "rm -rf '%.*s'", STR_ARG(world->folder)).at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_statement_may_fail_and_a_rerun_completes),
		cmocka_unit_test(import_of_all_may_fail_anywhere),
	};
	memory = arena_create(MEMORY_MAX);
	int failed_count = cmocka_run_group_tests_name("faults on SQLite", tests, sqlite_setup, world_teardown);
	if (getenv("KRAVBOK_TEST_PG"))
		failed_count +=
			cmocka_run_group_tests_name("faults on PostgreSQL", tests, postgres_setup, world_teardown);
	else
		puts("SKIP: faults on PostgreSQL: KRAVBOK_TEST_PG is not set (tests/pg.sh start DIR prints it)");
	arena_destroy(memory);
	return failed_count;
}
