/* The journal for hledger: what Debian's hledger reads back is what we wrote. */
#include "format/hledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */

static struct arena *arena;

#define BANK S("assets:bank:client-funds")
#define PRINCIPAL S("memo:owed by debtors:principal")
#define CLIENT S("liabilities:clients:1001")

static struct hledger begin(struct text *text)
{
	*text = text_in(arena, 1 << 20);
	struct hledger journal = hledger_begin(arena, sink_text(text), S("Kravbok, 2026-06-30"));
	hledger_account(&journal, BANK, S("Client funds account"));
	hledger_account(&journal, PRINCIPAL, S(""));
	hledger_account(&journal, CLIENT, S("Fjordtannlegene AS; Bergen"));
	return journal;
}

/* What hledger says to the journal; *ret_status its exit status. NULL: not installed. */
static const char *ask_hledger(str journal, const char *arguments, int *ret_status)
{
	char file[] = "/tmp/kravbok-hledger-XXXXXX", command[600];
	if (access("/usr/bin/hledger", X_OK) != 0) {
		printf("SKIP: hledger is not installed: the journal is not read back\n");
		return NULL;
	}
	int fd = mkstemp(file);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, journal.at, journal.size), journal.size);
	close(fd);
	snprintf(command, sizeof command, "LC_ALL=C.UTF-8 /usr/bin/hledger -f '%s' %s 2>&1", file, arguments);
	FILE *pipe = popen(command, "r"); /* a test, with paths of its own making */
	assert_non_null(pipe);
	char *answer = arena_alloc(arena, 64 * 1024);
	size_t size = fread(answer, 1, 64 * 1024 - 1, pipe);
	answer[size] = '\0';
	int status = pclose(pipe);
	*ret_status = WEXITSTATUS(status);
	unlink(file);
	return answer;
}

static void balances_come_back(void **state)
{
	(void)state;
	struct text text;
	struct hledger journal = begin(&text);
	struct hledger_tag tags[] = { { "case", S("4711") }, { "kid", S("800000047111") } };
	struct hledger_posting in[] = { { BANK, { 100050 }, false, { 0 } }, { CLIENT, { -100050 }, false, { 0 } } };
	struct hledger_transaction payment = { date_make(2026, 3, 2), S("PMT-1"), S("Innbetaling fra \xC3\x85se"), tags,
		2, in, 2 };
	assert_null(hledger_transaction(&journal, &payment));
	struct hledger_posting out[] = {
		{ CLIENT, { 100000 }, true, { -50 } },
		{ BANK, { -100000 }, true, { 50 } },
		{ PRINCIPAL, { 0 }, false, { 0 } },
	};
	struct hledger_transaction payout = { date_make(2026, 3, 3), S("S-1"), S("Oppgj\xC3\xB8r"), NULL, 0, out, 3 };
	assert_null(hledger_transaction(&journal, &payout));
	assert_null(hledger_finish(&journal));
	int status = 0;
	if (!ask_hledger(text_str(&text), "check --strict", &status))
		return;
	assert_int_equal(status, 0);
	const char *answer = ask_hledger(text_str(&text), "balance -N --flat -O csv", &status);
	assert_int_equal(status, 0);
	assert_non_null(strstr(answer, "\"assets:bank:client-funds\",\"0.50 NOK\""));
	assert_non_null(strstr(answer, "\"liabilities:clients:1001\",\"-0.50 NOK\""));
	answer = ask_hledger(text_str(&text), "register tag:kid=800000047111 -O csv", &status);
	assert_non_null(strstr(answer, "1000.50 NOK"));
}

static void hostile_text_stays_text(void **state)
{
	(void)state;
	static const char *const descriptions[] = {
		"",
		"* not a status",
		"(code) x",
		"a;b|c",
		"line\nfeed\r\nassets:x  5 NOK",
		"  two  blanks\t",
		"!! =",
		"\xE5 latin",
		"2026-01-01 date",
		"@@ {x} [y] \"q\"",
		"; comment",
		"P 2026-01-01 EUR 8 NOK",
		"\x01\x7F",
	};
	struct text text;
	struct hledger journal = begin(&text);
	struct hledger_posting postings[] = { { BANK, { 1 }, false, { 0 } }, { CLIENT, { -1 }, false, { 0 } } };
	for (size_t i = 0; i < sizeof descriptions / sizeof descriptions[0]; i++) {
		str hostile = str_from_z(descriptions[i]);
		struct hledger_tag tags[] = { { "note", hostile }, { "other", S("x, y:z") } };
		struct hledger_transaction transaction = { date_make(2026, 1, 1), hostile, hostile, tags, 2, postings,
			2 };
		assert_null(hledger_transaction(&journal, &transaction));
	}
	assert_null(hledger_finish(&journal));
	int status = 0;
	const char *answer = ask_hledger(text_str(&text), "check --strict", &status);
	if (!answer)
		return;
	if (status)
		print_error("%s\n%s", answer, text.at);
	assert_int_equal(status, 0);
	answer = ask_hledger(text_str(&text), "balance -N --flat -O csv", &status);
	assert_non_null(strstr(answer, "\"assets:bank:client-funds\",\"0.13 NOK\""));
}

static void what_does_not_balance_is_not_written(void **state)
{
	(void)state;
	struct text text;
	struct hledger journal = begin(&text);
	struct hledger_posting postings[] = { { BANK, { 2 }, false, { 0 } }, { CLIENT, { -1 }, false, { 0 } } };
	struct hledger_transaction transaction = { date_make(2026, 1, 1), S("V-1"), S(""), NULL, 0, postings, 2 };
	err_t err = hledger_transaction(&journal, &transaction);
	assert_non_null(err);
	assert_string_equal(err_text(err), "voucher 'V-1' of 2026-01-01 sums to 0.01, not to zero");
	err_free(err);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 * 1024 * 1024);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(balances_come_back),
		cmocka_unit_test(hostile_text_stays_text),
		cmocka_unit_test(what_does_not_balance_is_not_written),
	};
	return cmocka_run_group_tests_name("hledger", tests, setup, teardown);
}
