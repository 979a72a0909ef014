/* The movement of each account on each day in one transaction, added to the kept balances (account_day) at its end. */
#ifndef KRAVBOK_APP_TALLY_H
#define KRAVBOK_APP_TALLY_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "core/journal.h"
#include "store/db.h"

/* The columns of a row of the journal, or of sums over it: any generated row that has all the …_minor fields. */
#define ENTRY_OF_ROW(row) \
	((struct entry){ { \
		[COLUMN_PRINCIPAL] = (row)->principal_minor, \
		[COLUMN_ACCRUED] = (row)->accrued_minor, \
		[COLUMN_INTEREST] = (row)->interest_minor, \
		[COLUMN_FEE] = (row)->fee_minor, \
		[COLUMN_COMPENSATION] = (row)->compensation_minor, \
		[COLUMN_SALAER] = (row)->salaer_minor, \
		[COLUMN_PLAN_FEE] = (row)->plan_fee_minor, \
		[COLUMN_LEGAL] = (row)->legal_minor, \
		[COLUMN_HOLD] = (row)->hold_minor, \
		[COLUMN_CLIENT] = (row)->client_minor, \
		[COLUMN_REFUND] = (row)->refund_minor, \
		[COLUMN_DRAWABLE] = (row)->drawable_minor, \
		[COLUMN_OWN] = (row)->own_minor, \
		[COLUMN_SALAER_INCOME] = (row)->salaer_income_minor, \
		[COLUMN_COMMISSION] = (row)->commission_minor, \
		[COLUMN_VAT] = (row)->vat_minor, \
		[COLUMN_OUTLAY] = (row)->outlay_minor, \
	} })

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
