/* The books as a plain-text journal, so that a stranger's tool (hledger, in Debian) can prove our balances.
 * Written, not read. One currency, NOK. */
#ifndef KRAVBOK_FORMAT_HLEDGER_H
#define KRAVBOK_FORMAT_HLEDGER_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct hledger {
	struct sink_buffer out;
};

/* The head of the journal. hledger reads "1,000" as 1.000 unless it is told the decimal mark first. comment: one line,
 * may be empty. arena: room for the buffer. */
struct hledger hledger_begin(struct arena *arena, struct sink sink, str comment);

/* Every account that is posted to, before the first transaction: "assets:bank:client-funds". */
void hledger_account(struct hledger *journal, str path, str comment);

struct hledger_tag {
	const char *name; /* a-z and - */
	str value;
};

struct hledger_posting {
	str account;
	money amount; /* debit is positive */
	bool asserts; /* the account's running balance after this posting is balance */
	money balance;
};

struct hledger_transaction {
	date on;
	str code; /* the voucher's number */
	str description;
	const struct hledger_tag *tags;
	size_t tag_count;
	const struct hledger_posting *postings;
	size_t posting_count;
};

/* In order of date when any posting asserts. Characters with a meaning in the format are replaced. ERR_INTERNAL when the
 * postings do not sum to zero. */
err_t hledger_transaction(struct hledger *journal, const struct hledger_transaction *transaction) MUST_CHECK;

err_t hledger_finish(struct hledger *journal) MUST_CHECK;

#endif
