/* floor_sqlite DB N DUE PAYMENTS SINGLE [STAGE…]: what SQLite itself does with a collector's rows.
 *
 * A claim is a row of ten columns with two indexes (KID and next day), an event three postings with one index; WAL,
 * synchronous FULL, prepared statements, a large transaction a stage, checkpoints outside the clock. Stages, in order, each
 * a line "name seconds processor-seconds count"; without STAGE all:
 *
 *   insert    N claims                                        event     N events on claims at random
 *   mark      DUE claims are made due                         night     found by index, moved, an event each
 *   scan      look at every claim
 *   payments  PAYMENTS by KID, an event and an update each    single    SINGLE of them, a durable commit each
 *   ledger    sum of every posting by account                 backup    online backup and its quick_check
 *
 * The database is made anew by insert; the other stages go on with it. */
#include "floor.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DUE_DAY = 30000, PAYMENT_DAY = 20469 };

static sqlite3 *db;
static uint64_t seed = 1;

static void die(const char *what)
{
	fprintf(stderr, "floor_sqlite: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(1);
}

static void run(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql);
}

static sqlite3_stmt *prepared(const char *sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
		die(sql);
	return statement;
}

static void step(sqlite3_stmt *statement)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		die(sqlite3_sql(statement));
	sqlite3_reset(statement);
}

static uint64_t below(uint64_t end)
{
	return (floor_random(&seed) >> 16) % end;
}

struct work {
	int64_t claim_count, due_count, payment_count, single_count;
	sqlite3_stmt *post, *move, *touch, *by_kid;
	int64_t event;
};

static void kid_write(int64_t claim, char *ret_kid)
{
	char digits[32];
	/* Scattered, as KIDs of many creditors are. */
	snprintf(digits, sizeof digits, "%05llu%010lld", (unsigned long long)claim * 7919u % 100000u, (long long)claim);
	memcpy(ret_kid, digits, 16);
}

static void event_add(struct work *work, int64_t claim, int64_t amount, int day)
{
	const int64_t parts[] = { amount, -(amount - amount / 10), -(amount / 10) };
	work->event++;
	for (int i = 0; i < 3; i++) {
		sqlite3_bind_int64(work->post, 1, work->event);
		sqlite3_bind_int(work->post, 2, 1500 + i);
		sqlite3_bind_int64(work->post, 3, claim);
		sqlite3_bind_int64(work->post, 4, parts[i]);
		sqlite3_bind_int(work->post, 5, day);
		step(work->post);
	}
}

/* ---- the stages ---- */

static void tables_make(void)
{
	run("CREATE TABLE claim (id INTEGER PRIMARY KEY, creditor INTEGER, debtor TEXT, kid TEXT, invoice INTEGER, issued TEXT,"
	    " due TEXT, principal INTEGER, state INTEGER, next_day INTEGER) STRICT;"
	    "CREATE UNIQUE INDEX claim_kid ON claim (kid);"
	    "CREATE INDEX claim_next ON claim (next_day);"
	    "CREATE TABLE posting (id INTEGER PRIMARY KEY, event INTEGER, account INTEGER, claim INTEGER, amount INTEGER,"
	    " day INTEGER) STRICT;"
	    "CREATE INDEX posting_claim ON posting (claim)");
}

static void claim_bind(sqlite3_stmt *insert, int64_t claim)
{
	char kid[16], debtor[32], issued[32], due[32];
	int day = (int)below(336);
	kid_write(claim, kid);
	snprintf(debtor, sizeof debtor, "%011llu", (unsigned long long)below(99999999999));
	snprintf(issued, sizeof issued, "2025-%02d-%02d", 1 + day / 28, 1 + day % 28);
	snprintf(due, sizeof due, "2025-%02d-%02d", 1 + (day + 14) / 28 % 12, 1 + (day + 14) % 28);
	sqlite3_bind_int64(insert, 1, claim);
	sqlite3_bind_int64(insert, 2, (int64_t)below(2000));
	sqlite3_bind_text(insert, 3, debtor, 11, SQLITE_TRANSIENT);
	sqlite3_bind_text(insert, 4, kid, 15, SQLITE_TRANSIENT);
	sqlite3_bind_int64(insert, 5, (int64_t)below(90000000));
	sqlite3_bind_text(insert, 6, issued, 10, SQLITE_TRANSIENT);
	sqlite3_bind_text(insert, 7, due, 10, SQLITE_TRANSIENT);
	sqlite3_bind_int64(insert, 8, 5000 + (int64_t)below(500000));
	sqlite3_bind_int(insert, 9, 1);
	sqlite3_bind_int(insert, 10, 20000 + (int)below(365));
}

static int64_t insert_play(struct work *work)
{
	sqlite3_stmt *insert = prepared("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	run("BEGIN");
	for (int64_t i = 1; i <= work->claim_count; i++) {
		claim_bind(insert, i);
		step(insert);
	}
	run("COMMIT");
	sqlite3_finalize(insert);
	return work->claim_count;
}

static int64_t event_play(struct work *work)
{
	run("BEGIN");
	for (int64_t i = 0; i < work->claim_count; i++)
		event_add(work, 1 + (int64_t)below((uint64_t)work->claim_count), 5000 + (int64_t)below(500000), 20468);
	run("COMMIT");
	return work->claim_count;
}

/* due_count claims, evenly spread, are made due on a day of their own. */
static int64_t mark_play(struct work *work)
{
	sqlite3_stmt *mark = prepared("UPDATE claim SET next_day = ? WHERE id = ?");
	run("BEGIN");
	for (int64_t i = 0; i < work->due_count; i++) {
		sqlite3_bind_int(mark, 1, DUE_DAY);
		sqlite3_bind_int64(mark, 2, 1 + i * work->claim_count / work->due_count);
		step(mark);
	}
	run("COMMIT");
	sqlite3_finalize(mark);
	return work->due_count;
}

static int64_t night_play(struct work *work)
{
	sqlite3_stmt *due = prepared("SELECT id, principal FROM claim WHERE next_day = ?");
	int64_t *ids = malloc((size_t)work->due_count * sizeof *ids);
	int64_t count = 0;
	if (!ids)
		die("no memory");
	run("BEGIN");
	sqlite3_bind_int(due, 1, DUE_DAY);
	while (count < work->due_count && sqlite3_step(due) == SQLITE_ROW)
		ids[count++] = sqlite3_column_int64(due, 0);
	sqlite3_reset(due);
	for (int64_t i = 0; i < count; i++) {
		sqlite3_bind_int64(work->move, 1, ids[i]);
		step(work->move);
		event_add(work, ids[i], 3500, DUE_DAY);
	}
	run("COMMIT");
	sqlite3_finalize(due);
	free(ids);
	return count;
}

static int64_t scan_play(struct work *work)
{
	(void)work;
	sqlite3_stmt *scan = prepared("SELECT id, due, principal, state, next_day FROM claim");
	int64_t count = 0, sum = 0;
	while (sqlite3_step(scan) == SQLITE_ROW) {
		count++;
		sum += sqlite3_column_int64(scan, 2) + sqlite3_column_bytes(scan, 1) + sqlite3_column_int64(scan, 4);
	}
	sqlite3_finalize(scan);
	return count + (sum == 0);
}

static void payment_book(struct work *work, int64_t index)
{
	char kid[16];
	kid_write(1 + (int64_t)((uint64_t)index * 2654435761u % (uint64_t)work->claim_count), kid);
	sqlite3_bind_text(work->by_kid, 1, kid, 15, SQLITE_STATIC);
	if (sqlite3_step(work->by_kid) != SQLITE_ROW)
		die("no such KID");
	int64_t claim = sqlite3_column_int64(work->by_kid, 0);
	sqlite3_reset(work->by_kid);
	event_add(work, claim, 150000, PAYMENT_DAY);
	sqlite3_bind_int64(work->touch, 1, claim);
	step(work->touch);
}

static int64_t payments_play(struct work *work)
{
	run("BEGIN");
	for (int64_t i = 0; i < work->payment_count; i++)
		payment_book(work, i);
	run("COMMIT");
	return work->payment_count;
}

static int double_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static int64_t single_play(struct work *work)
{
	double *times = malloc((size_t)work->single_count * sizeof *times + 1);
	if (!times)
		die("no memory");
	for (int64_t i = 0; i < work->single_count; i++) {
		double from = floor_now();
		run("BEGIN IMMEDIATE");
		payment_book(work, work->payment_count + i);
		run("COMMIT");
		times[i] = floor_now() - from;
	}
	qsort(times, (size_t)work->single_count, sizeof *times, double_compare);
	if (work->single_count)
		floor_say("single_p99", (struct floor_time){ times[work->single_count * 99 / 100], 0 }, 1);
	free(times);
	return work->single_count;
}

static int64_t ledger_play(struct work *work)
{
	(void)work;
	sqlite3_stmt *sums = prepared("SELECT account, sum(amount), count(*) FROM posting GROUP BY account");
	int64_t count = 0;
	while (sqlite3_step(sums) == SQLITE_ROW)
		count += sqlite3_column_int64(sums, 2);
	sqlite3_finalize(sums);
	return count;
}

static int64_t backup_play(struct work *work)
{
	char path[4096];
	sqlite3 *copy = NULL;
	sqlite3_stmt *check = NULL;
	snprintf(path, sizeof path, "%s.copy", sqlite3_db_filename(db, "main"));
	remove(path);
	if (sqlite3_open(path, &copy) != SQLITE_OK)
		die("backup");
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db, "main");
	if (!backup || sqlite3_backup_step(backup, -1) != SQLITE_DONE || sqlite3_backup_finish(backup) != SQLITE_OK)
		die("backup");
	if (sqlite3_prepare_v2(copy, "PRAGMA quick_check", -1, &check, NULL) != SQLITE_OK ||
		sqlite3_step(check) != SQLITE_ROW || strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
		die("quick_check");
	sqlite3_finalize(check);
	sqlite3_close(copy);
	remove(path);
	return work->claim_count;
}

/* ---- */

struct stage {
	const char *name;
	int64_t (*play)(struct work *work);
};

static const struct stage stages[] = {
	{ "insert", insert_play },
	{ "event", event_play },
	{ "mark", mark_play },
	{ "night", night_play },
	{ "scan", scan_play },
	{ "payments", payments_play },
	{ "single", single_play },
	{ "ledger", ledger_play },
	{ "backup", backup_play },
};

static bool is_wanted(const char *name, int count, char **names)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return count == 0;
}

static void database_open(const char *path, bool fresh)
{
	if (fresh)
		remove(path);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die("open");
	run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;"
	    "PRAGMA wal_autocheckpoint = 0");
	if (fresh)
		tables_make();
}

int main(int argument_count, char **arguments)
{
	if (argument_count < 6) {
		fputs("usage: floor_sqlite DB N DUE PAYMENTS SINGLE [STAGE…]\n", stderr);
		return 2;
	}
	struct work work = {
		.claim_count = atoll(arguments[2]),
		.due_count = atoll(arguments[3]),
		.payment_count = atoll(arguments[4]),
		.single_count = atoll(arguments[5]),
	};
	int wanted_count = argument_count - 6;
	char **wanted = arguments + 6;
	if (work.claim_count < 1 || work.due_count > work.claim_count)
		return 2;
	database_open(arguments[1], is_wanted("insert", wanted_count, wanted));
	work.post = prepared("INSERT INTO posting (event, account, claim, amount, day) VALUES (?, ?, ?, ?, ?)");
	work.move = prepared("UPDATE claim SET state = state + 1, next_day = next_day + 14 WHERE id = ?");
	work.touch = prepared("UPDATE claim SET state = state + 1 WHERE id = ?");
	work.by_kid = prepared("SELECT id, principal, state FROM claim WHERE kid = ?");
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
		if (!is_wanted(stages[i].name, wanted_count, wanted))
			continue;
		struct floor_time begun = floor_begin();
		int64_t count = stages[i].play(&work);
		floor_say(stages[i].name, floor_since(begun), count);
		run("PRAGMA wal_checkpoint(TRUNCATE)");
	}
	sqlite3_finalize(work.post);
	sqlite3_finalize(work.move);
	sqlite3_finalize(work.touch);
	sqlite3_finalize(work.by_kid);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
