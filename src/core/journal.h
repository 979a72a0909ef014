/* The journal's columns: a case's entry is one row, and each column is an account (docs/ledger.md).
 *
 * The first block is the memorandum of what the debtor owes: the claim is the client's, so it is not in the agency's
 * accounts. The second is client funds, kept apart (inkassoloven § 16): what goes out of one goes into another, so the
 * block sums to zero. The third is the agency's own books, which sum to zero likewise. Debit is positive. */
#ifndef KRAVBOK_CORE_JOURNAL_H
#define KRAVBOK_CORE_JOURNAL_H

#include "base/money.h"

#include <stdbool.h>

enum journal_column {
	/* memorandum: what the debtor owes */
	COLUMN_PRINCIPAL,
	COLUMN_ACCRUED,  /* late interest charged to the debtor's account; posted when it is paid, waived or moved */
	COLUMN_INTEREST, /* late interest covered (negative) or taken over from a joined case (positive) */
	COLUMN_FEE,
	COLUMN_COMPENSATION,
	COLUMN_SALAER,
	COLUMN_PLAN_FEE,
	COLUMN_LEGAL,
	/* client funds */
	COLUMN_HOLD,     /* money come in, not yet given to anybody */
	COLUMN_CLIENT,   /* owed to the client */
	COLUMN_REFUND,   /* owed back to a payer */
	COLUMN_DRAWABLE, /* the agency's share, still on the client account */
	/* the agency's own books */
	COLUMN_OWN, /* the same share, as the agency's asset */
	COLUMN_SALAER_INCOME,
	COLUMN_COMMISSION,
	COLUMN_VAT,
	COLUMN_OUTLAY, /* court fees the agency had advanced */
	COLUMN_COUNT,
};

enum { COLUMN_OWED_COUNT = COLUMN_LEGAL + 1, COLUMN_FUNDS_END = COLUMN_DRAWABLE + 1 };

struct entry {
	money column[COLUMN_COUNT];
};

struct entry entry_sub(const struct entry *a, const struct entry *b); /* a - b */
struct entry entry_neg(const struct entry *a);
bool entry_eq(const struct entry *a, const struct entry *b);
bool entry_is_zero(const struct entry *a);
money entry_owed(const struct entry *a); /* sum of the memorandum */
/* The funds block and the own block each sum to zero. */
bool entry_balances(const struct entry *a);

/* The chart of accounts. Numbers follow NS 4102 where it has one; 9xxx is the memorandum. */
enum account {
	ACCOUNT_OUTLAY = 1570,        /* court fees advanced for clients */
	ACCOUNT_OWN_SHARE = 1580,     /* fees and salær earned, still on the client account */
	ACCOUNT_OWN_BANK = 1920,
	ACCOUNT_CLIENT_BANK = 1930,   /* the segregated account */
	ACCOUNT_VAT = 2700,
	ACCOUNT_CLIENT = 2900,        /* owed to clients */
	ACCOUNT_HOLD = 2910,          /* come in, not yet given to anybody */
	ACCOUNT_REFUND = 2920,        /* owed back to payers */
	ACCOUNT_DRAWABLE = 2930,      /* the agency's share of the client account */
	ACCOUNT_TRANSIT = 2940,       /* sent to the bank, not yet on its statement */
	ACCOUNT_SALAER = 3100,
	ACCOUNT_COMMISSION = 3110,
	ACCOUNT_OWED_PRINCIPAL = 9100,
	ACCOUNT_OWED_INTEREST = 9110,
	ACCOUNT_OWED_FEE = 9120,
	ACCOUNT_OWED_COMPENSATION = 9130,
	ACCOUNT_OWED_SALAER = 9140,
	ACCOUNT_OWED_PLAN_FEE = 9150,
	ACCOUNT_OWED_LEGAL = 9160,
	ACCOUNT_OWED_CONTRA = 9900,   /* the other side of the memorandum */
};

int journal_account(enum journal_column column); /* the account a column is */

struct account_info {
	int account;
	const char *name;              /* for people: "Client funds account" */
	const char *path;              /* for plain-text ledgers: "assets:bank:client-funds" */
	const char *grouping_category; /* SAF-T; NULL for the memorandum */
	const char *grouping_code;
};
/* Every account of our own chart; others (salaries, rent) come with their vouchers. */
extern const struct account_info account_infos[];
extern const int account_info_count;
const struct account_info *account_info_of(int account); /* NULL: not one of ours */
bool account_is_client_funds(int account); /* 1930 and the 29xx that it must equal */

#endif
