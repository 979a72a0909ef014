/* The movement of each account on each day in one transaction, added to the kept balances (account_day) at its end. */
#ifndef KRAVBOK_APP_TALLY_H
#define KRAVBOK_APP_TALLY_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "core/journal.h"
#include "store/db.h"

struct tally_row {
	int account;
	date on;
	money amount;
	bool used;
};

/* An open-addressed table; rows_capacity is a power of two. */
struct tally {
	struct tally_row *rows;
	size_t row_count, row_capacity;
};

void tally_add(struct tally *tally, struct arena *arena, int account, date on, money amount);
/* A case's entry: the memorandum and its contra on `on`, the money on ledger_on. */
void tally_entry(struct tally *tally, struct arena *arena, const struct entry *entry, date on, date ledger_on);
err_t tally_save(const struct tally *tally, struct db *db, struct arena *arena) MUST_CHECK;

#endif
