/* The floor of a page from the books: libmicrohttpd and SQLite with nothing between them. No vetting, no session, no law.
 *
 *   floor_http PORT THREADS DATABASE CLAIMS     makes the database when there is none; until its standard input ends
 *
 *   GET  /page   4 KiB made anew: the transport alone, beside tests/web/http_probe's page of that name
 *   GET  /claim  a claim drawn at random with its debtor and its six postings, as escaped HTML
 *   POST /pay    a payment: three postings and the claim's state in one transaction, on disk before the answer
 *
 * Prints "port N" when it answers; PORT 0 takes any free one. */
#include "floor.h"

#include <microhttpd.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_SIZE = 4096, HTML_SIZE = 16384, POSTINGS = 6, FIELDS = 8 };

struct books { /* one for each thread */
	sqlite3 *db;
	sqlite3_stmt *claim, *postings, *post, *touch, *begin, *commit;
	uint64_t random;
};

struct html {
	char at[HTML_SIZE];
	size_t size;
};

static const char *database;
static uint64_t claim_count;
static _Thread_local struct books *books;

static void die(const char *what)
{
	fprintf(stderr, "floor_http: %s\n", what);
	exit(1);
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	return stmt;
}

static sqlite3 *database_open(void)
{
	sqlite3 *db = NULL;
	if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		die("could not open the database");
	sqlite3_busy_timeout(db, 10000);
	run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536");
	return db;
}

static void database_fill(void)
{
	sqlite3 *db = database_open();
	sqlite3_stmt *stmt = prepared(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'posting'");
	int is_there = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	if (!is_there) {
		char sql[2048];
		snprintf(sql, sizeof sql,
			"BEGIN;"
			"CREATE TABLE claim (id INTEGER PRIMARY KEY, name TEXT, address TEXT, place TEXT, kid TEXT UNIQUE,"
			" issued_on TEXT, due_on TEXT, amount INTEGER, state INTEGER);"
			"CREATE TABLE posting (id INTEGER PRIMARY KEY, claim_id INTEGER, account INTEGER, amount INTEGER, on_day TEXT);"
			"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %llu)"
			" INSERT INTO claim SELECT i, 'Kari & Ola <Prøve> ' || i, 'Storgata ' || i %% 200, printf('%%04d Oslo', i %% 1300),"
			" printf('%%012d', i), '2026-01-02', '2026-01-16', 10000 + i %% 500000, 0 FROM n;"
			"INSERT INTO posting (claim_id, account, amount, on_day) SELECT claim.id, 1500 + v.i, claim.amount / (v.i + 1),"
			" claim.due_on FROM claim, (SELECT 0 AS i UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5)"
			" AS v;"
			"CREATE INDEX posting_claim ON posting (claim_id);"
			"COMMIT",
			(unsigned long long)claim_count);
		run(db, sql);
	}
	sqlite3_close(db);
}

static void books_open(void)
{
	struct books *made = calloc(1, sizeof *made);
	if (!made)
		die("out of memory");
	made->db = database_open();
	made->claim = prepared(made->db,
		"SELECT id, name, address, place, kid, issued_on, due_on, amount FROM claim WHERE id = ?");
	made->postings = prepared(made->db, "SELECT on_day, account, amount FROM posting WHERE claim_id = ? ORDER BY id");
	made->post = prepared(made->db, "INSERT INTO posting (claim_id, account, amount, on_day) VALUES (?, ?, ?, '2026-02-20')");
	made->touch = prepared(made->db, "UPDATE claim SET state = state + 1 WHERE id = ?");
	made->begin = prepared(made->db, "BEGIN IMMEDIATE");
	made->commit = prepared(made->db, "COMMIT");
	made->random = (uint64_t)(uintptr_t)made;
	books = made;
}

static void add(struct html *html, const char *z)
{
	size_t size = strlen(z);
	if (size > HTML_SIZE - html->size)
		size = HTML_SIZE - html->size;
	memcpy(html->at + html->size, z, size);
	html->size += size;
}

static void add_escaped(struct html *html, const char *z)
{
	for (; *z; z++) {
		char one[2] = { *z, '\0' };
		add(html, *z == '<' ? "&lt;" : *z == '>' ? "&gt;" : *z == '&' ? "&amp;" : *z == '"' ? "&quot;" : one);
	}
}

static void add_kroner(struct html *html, int64_t minor)
{
	char text[32];
	snprintf(text, sizeof text, "%lld.%02lld", (long long)(minor / 100), (long long)llabs(minor % 100));
	add(html, text);
}

static void claim_page(struct html *html, int64_t id)
{
	int64_t sum = 0;
	add(html, "<!doctype html><html lang=\"nb\"><meta charset=\"utf-8\"><title>Sak</title><h1>Sak</h1><table>");
	sqlite3_bind_int64(books->claim, 1, id);
	if (sqlite3_step(books->claim) == SQLITE_ROW)
		for (int i = 0; i < FIELDS; i++) {
			add(html, "<tr><th>");
			add(html, sqlite3_column_name(books->claim, i));
			add(html, "<td>");
			add_escaped(html, (const char *)sqlite3_column_text(books->claim, i));
		}
	sqlite3_reset(books->claim);
	add(html, "</table><table>");
	sqlite3_bind_int64(books->postings, 1, id);
	while (sqlite3_step(books->postings) == SQLITE_ROW) {
		add(html, "<tr><td>");
		add_escaped(html, (const char *)sqlite3_column_text(books->postings, 0));
		add(html, "<td>");
		add(html, (const char *)sqlite3_column_text(books->postings, 1));
		add(html, "<td>");
		add_kroner(html, sqlite3_column_int64(books->postings, 2));
		sum += sqlite3_column_int64(books->postings, 2);
	}
	sqlite3_reset(books->postings);
	add(html, "</table><p>");
	add_kroner(html, sum);
}

static int step(sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	return code == SQLITE_DONE;
}

static int pay(int64_t id)
{
	static const int64_t AMOUNTS[] = { 15000, -13500, -1500 };
	int good = step(books->begin);
	for (int i = 0; good && i < 3; i++) {
		sqlite3_bind_int64(books->post, 1, id);
		sqlite3_bind_int(books->post, 2, 1500 + i);
		sqlite3_bind_int64(books->post, 3, AMOUNTS[i]);
		good = step(books->post);
	}
	sqlite3_bind_int64(books->touch, 1, id);
	return good && step(books->touch) && step(books->commit);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
	const char *version, const char *part, size_t *size, void **state)
{
	static int seen;
	static const char page[PAGE_SIZE];
	struct html html;
	unsigned status = 200;
	const char *body = html.at;
	(void)context, (void)version, (void)part;
	if (!*state) {
		*state = &seen;
		return MHD_YES;
	}
	if (*size) {
		*size = 0;
		return MHD_YES;
	}
	html.size = 0;
	if (!books)
		books_open();
	int64_t id = (int64_t)(1 + floor_random(&books->random) % claim_count); /* below the count given */
	if (strcmp(path, "/page") == 0) {
		body = page;
		html.size = PAGE_SIZE;
	} else if (strcmp(path, "/claim") == 0) {
		claim_page(&html, id);
	} else if (strcmp(path, "/pay") == 0 && strcmp(method, "POST") == 0) {
		status = pay(id) ? 200 : 500;
	} else {
		status = 404;
	}
	struct MHD_Response *response =
		MHD_create_response_from_buffer(html.size, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY); /* it is read only */
	MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

int main(int argument_count, char **arguments)
{
	if (argument_count != 5)
		die("PORT THREADS DATABASE CLAIMS");
	unsigned thread_count = (unsigned)strtoul(arguments[2], NULL, 10);
	database = arguments[3];
	claim_count = strtoull(arguments[4], NULL, 10);
	if (!claim_count)
		die("no claims");
	database_fill();
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO,
		(uint16_t)strtoul(arguments[1], NULL, 10), NULL, NULL, on_request, NULL, MHD_OPTION_THREAD_POOL_SIZE,
		thread_count > 1 ? thread_count : 0, MHD_OPTION_CONNECTION_LIMIT, 1024u, MHD_OPTION_END);
	if (!daemon)
		die("could not start to answer");
	printf("port %u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	while (getchar() != EOF)
		;
	MHD_stop_daemon(daemon);
	return 0;
}
