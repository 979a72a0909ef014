/* floor_postgres URL N DUE PAYMENTS: what PostgreSQL itself does with a collector's rows, by sets: the stages insert (COPY with
 * two indexes), event (COPY, one index), night (one statement) and payments (COPY and one statement) of floor_sqlite.
 * The database of URL must be empty; its tables are dropped again. */
#include "floor.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

enum { DUE_DAY = 30000, ROWS_SIZE = 1 << 16 };

static PGconn *pg;
static uint64_t seed = 1;

static void die(const char *what)
{
	fprintf(stderr, "floor_postgres: %s: %s\n", what, PQerrorMessage(pg));
	exit(1);
}

static void run(const char *sql)
{
	PGresult *result = PQexec(pg, sql);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN)
		die(sql);
	PQclear(result);
}

static uint64_t below(uint64_t end)
{
	return (floor_random(&seed) >> 16) % end;
}

/* ---- COPY ---- */

struct copy {
	char rows[ROWS_SIZE];
	size_t size;
};

static void copy_flush(struct copy *copy)
{
	if (copy->size && PQputCopyData(pg, copy->rows, (int)copy->size) != 1)
		die("COPY");
	copy->size = 0;
}

static char *copy_room(struct copy *copy)
{
	if (copy->size + 512 > ROWS_SIZE)
		copy_flush(copy);
	return copy->rows + copy->size;
}

static void copy_end(struct copy *copy)
{
	copy_flush(copy);
	if (PQputCopyEnd(pg, NULL) != 1)
		die("COPY");
	for (PGresult *result; (result = PQgetResult(pg));) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			die("COPY");
		PQclear(result);
	}
}

/* ---- the stages ---- */

struct work {
	int64_t claim_count, due_count, payment_count, event;
	struct copy copy;
};

static void tables_make(void)
{
	run("SET client_min_messages = warning");
	run("DROP TABLE IF EXISTS floor_claim, floor_posting");
	run("CREATE TABLE floor_claim (id BIGINT PRIMARY KEY, creditor INT, debtor TEXT, kid TEXT, invoice BIGINT, issued DATE,"
	    " due DATE, principal BIGINT, state INT, next_day INT)");
	run("CREATE UNIQUE INDEX ON floor_claim (kid)");
	run("CREATE INDEX ON floor_claim (next_day)");
	run("CREATE TABLE floor_posting (event BIGINT, account INT, claim BIGINT, amount BIGINT, day INT)");
	run("CREATE INDEX ON floor_posting (claim)");
}

static void insert_play(struct work *work)
{
	run("COPY floor_claim FROM STDIN");
	for (int64_t i = 1; i <= work->claim_count; i++) {
		int day = (int)below(336);
		int size = sprintf(copy_room(&work->copy),
			"%lld\t%d\t%011llu\t%05llu%010lld\t%llu\t2025-%02d-%02d\t2025-%02d-%02d\t%llu\t1\t%d\n", (long long)i,
			(int)below(2000), (unsigned long long)below(99999999999), (unsigned long long)i * 7919u % 100000u,
			(long long)i, (unsigned long long)below(90000000), 1 + day / 28, 1 + day % 28, 1 + (day + 14) / 28 % 12,
			1 + (day + 14) % 28, (unsigned long long)(5000 + below(500000)), 20000 + (int)below(365));
		work->copy.size += (size_t)size;
	}
	copy_end(&work->copy);
}

static void event_play(struct work *work)
{
	run("COPY floor_posting FROM STDIN");
	for (int64_t i = 0; i < work->claim_count; i++) {
		long long claim = 1 + (long long)below((uint64_t)work->claim_count);
		long long amount = 5000 + (long long)below(500000);
		long long event = ++work->event;
		int size = sprintf(copy_room(&work->copy),
			"%lld\t1500\t%lld\t%lld\t20468\n"
			"%lld\t1501\t%lld\t%lld\t20468\n"
			"%lld\t1502\t%lld\t%lld\t20468\n",
			event, claim, amount, event, claim, -(amount - amount / 10), event, claim, -(amount / 10));
		work->copy.size += (size_t)size;
	}
	copy_end(&work->copy);
}

static void due_mark(struct work *work)
{
	char sql[256];
	snprintf(sql, sizeof sql, "UPDATE floor_claim SET next_day = %d WHERE id IN (SELECT 1 + i * %lld / %lld FROM"
		" generate_series(0::bigint, %lld) i)", DUE_DAY, (long long)work->claim_count, (long long)work->due_count,
		(long long)work->due_count - 1);
	run(sql);
	run("ANALYZE");
	run("CHECKPOINT");
}

static void night_play(struct work *work)
{
	char sql[512];
	snprintf(sql, sizeof sql,
		"WITH moved AS (UPDATE floor_claim SET state = state + 1, next_day = next_day + 14 WHERE next_day = %d"
		" RETURNING id) INSERT INTO floor_posting SELECT %lld + id, 1500 + k, id,"
		" CASE k WHEN 0 THEN 3500 WHEN 1 THEN -3150 ELSE -350 END, %d FROM moved, generate_series(0, 2) k",
		DUE_DAY, (long long)work->event, DUE_DAY);
	run(sql);
}

static void payments_play(struct work *work)
{
	run("BEGIN");
	run("CREATE TEMP TABLE floor_paid (kid TEXT, amount BIGINT) ON COMMIT DROP");
	run("COPY floor_paid FROM STDIN");
	for (int64_t i = 0; i < work->payment_count; i++) {
		unsigned long long claim = 1 + (uint64_t)i * 2654435761u % (uint64_t)work->claim_count;
		int size = sprintf(copy_room(&work->copy), "%05llu%010llu\t150000\n", claim * 7919u % 100000u, claim);
		work->copy.size += (size_t)size;
	}
	copy_end(&work->copy);
	run("ANALYZE floor_paid");
	run("WITH paid AS (UPDATE floor_claim c SET state = state + 1 FROM floor_paid p WHERE c.kid = p.kid"
	    " RETURNING c.id, p.amount) INSERT INTO floor_posting SELECT id, 1500 + k, id, CASE k WHEN 0 THEN amount WHEN 1 THEN -amount * 9 / 10 ELSE"
	    " -amount / 10 END, 20469 FROM paid, generate_series(0, 2) k");
	run("COMMIT");
}

static void stage_play(struct work *work, const char *name, void (*play)(struct work *work), int64_t count)
{
	struct floor_time begun = floor_begin();
	play(work);
	floor_say(name, floor_since(begun), count);
}

int main(int argument_count, char **arguments)
{
	static struct work work;
	if (argument_count < 5)
		return 2;
	pg = PQconnectdb(arguments[1]);
	if (PQstatus(pg) != CONNECTION_OK)
		die("connecting");
	work.claim_count = atoll(arguments[2]);
	work.due_count = atoll(arguments[3]);
	work.payment_count = atoll(arguments[4]);
	tables_make();
	stage_play(&work, "insert", insert_play, work.claim_count);
	stage_play(&work, "event", event_play, work.claim_count);
	due_mark(&work);
	stage_play(&work, "night", night_play, work.due_count);
	stage_play(&work, "payments", payments_play, work.payment_count);
	run("DROP TABLE floor_claim, floor_posting");
	PQfinish(pg);
	return 0;
}
