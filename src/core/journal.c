#include "core/journal.h"

#include <stddef.h>

struct entry entry_sub(const struct entry *a, const struct entry *b)
{
	struct entry rest;
	for (int i = 0; i < COLUMN_COUNT; i++)
		rest.column[i] = money_sub(a->column[i], b->column[i]);
	return rest;
}

struct entry entry_neg(const struct entry *a)
{
	struct entry zero = { { { 0 } } };
	return entry_sub(&zero, a);
}

bool entry_eq(const struct entry *a, const struct entry *b)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (a->column[i].minor != b->column[i].minor)
			return false;
	return true;
}

bool entry_is_zero(const struct entry *a)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (a->column[i].minor)
			return false;
	return true;
}

static money column_sum(const struct entry *a, int from, int end)
{
	money sum = MONEY_ZERO;
	for (int i = from; i < end; i++)
		sum = money_add(sum, a->column[i]);
	return sum;
}

money entry_owed(const struct entry *a)
{
	return column_sum(a, 0, COLUMN_OWED_COUNT);
}

bool entry_balances(const struct entry *a)
{
	return column_sum(a, COLUMN_OWED_COUNT, COLUMN_FUNDS_END).minor == 0 &&
	       column_sum(a, COLUMN_FUNDS_END, COLUMN_COUNT).minor == 0;
}

int journal_account(enum journal_column column)
{
	static const int accounts[COLUMN_COUNT] = {
		[COLUMN_PRINCIPAL] = ACCOUNT_OWED_PRINCIPAL,
		[COLUMN_ACCRUED] = ACCOUNT_OWED_INTEREST,
		[COLUMN_INTEREST] = ACCOUNT_OWED_INTEREST,
		[COLUMN_FEE] = ACCOUNT_OWED_FEE,
		[COLUMN_COMPENSATION] = ACCOUNT_OWED_COMPENSATION,
		[COLUMN_SALAER] = ACCOUNT_OWED_SALAER,
		[COLUMN_PLAN_FEE] = ACCOUNT_OWED_PLAN_FEE,
		[COLUMN_LEGAL] = ACCOUNT_OWED_LEGAL,
		[COLUMN_HOLD] = ACCOUNT_HOLD,
		[COLUMN_CLIENT] = ACCOUNT_CLIENT,
		[COLUMN_REFUND] = ACCOUNT_REFUND,
		[COLUMN_DRAWABLE] = ACCOUNT_DRAWABLE,
		[COLUMN_OWN] = ACCOUNT_OWN_SHARE,
		[COLUMN_SALAER_INCOME] = ACCOUNT_SALAER,
		[COLUMN_COMMISSION] = ACCOUNT_COMMISSION,
		[COLUMN_VAT] = ACCOUNT_VAT,
		[COLUMN_OUTLAY] = ACCOUNT_OUTLAY,
	};
	require(column >= 0 && column < COLUMN_COUNT);
	return accounts[column];
}

const struct account_info account_infos[] = {
	{ ACCOUNT_OUTLAY, "Court fees advanced", "assets:court-fees-advanced", "balanseverdiForOmloepsmiddel", "1570" },
	{ ACCOUNT_OWN_SHARE, "Earned, still on the client account", "assets:earned-not-drawn", "balanseverdiForOmloepsmiddel",
		"1570" },
	{ ACCOUNT_OWN_BANK, "Own bank account", "assets:bank:own", "balanseverdiForOmloepsmiddel", "1920" },
	{ ACCOUNT_CLIENT_BANK, "Client funds account", "assets:bank:client-funds", "balanseverdiForOmloepsmiddel", "1920" },
	{ ACCOUNT_VAT, "VAT payable", "liabilities:vat", "kortsiktigGjeld", "2740" },
	{ ACCOUNT_CLIENT, "Owed to clients", "liabilities:clients", "kortsiktigGjeld", "2990" },
	{ ACCOUNT_HOLD, "Unidentified payments", "liabilities:unidentified", "kortsiktigGjeld", "2990" },
	{ ACCOUNT_REFUND, "Owed back to payers", "liabilities:refunds", "kortsiktigGjeld", "2990" },
	{ ACCOUNT_DRAWABLE, "Own share of the client account", "liabilities:own-share", "kortsiktigGjeld", "2990" },
	{ ACCOUNT_TRANSIT, "Sent to the bank", "liabilities:in-transit", "kortsiktigGjeld", "2990" },
	{ ACCOUNT_SALAER, "Collection fees (salær)", "income:salaer", "salgsinntekt", "3000" },
	{ ACCOUNT_COMMISSION, "Commission", "income:commission", "salgsinntekt", "3000" },
	{ ACCOUNT_OWED_PRINCIPAL, "Debtors owe: principal", "memorandum:principal", NULL, NULL },
	{ ACCOUNT_OWED_INTEREST, "Debtors owe: late interest", "memorandum:interest", NULL, NULL },
	{ ACCOUNT_OWED_FEE, "Debtors owe: reminder fees", "memorandum:fees", NULL, NULL },
	{ ACCOUNT_OWED_COMPENSATION, "Debtors owe: standard compensation", "memorandum:compensation", NULL, NULL },
	{ ACCOUNT_OWED_SALAER, "Debtors owe: salær", "memorandum:salaer", NULL, NULL },
	{ ACCOUNT_OWED_PLAN_FEE, "Debtors owe: plan fees", "memorandum:plan-fee", NULL, NULL },
	{ ACCOUNT_OWED_LEGAL, "Debtors owe: legal costs", "memorandum:legal", NULL, NULL },
	{ ACCOUNT_OWED_CONTRA, "Claims held for clients", "memorandum:contra", NULL, NULL },
};
const int account_info_count = sizeof account_infos / sizeof *account_infos;

const struct account_info *account_info_of(int account)
{
	for (int i = 0; i < account_info_count; i++)
		if (account_infos[i].account == account)
			return &account_infos[i];
	return NULL;
}

bool account_is_client_funds(int account)
{
	return account == ACCOUNT_CLIENT_BANK || account == ACCOUNT_CLIENT || account == ACCOUNT_HOLD ||
	       account == ACCOUNT_REFUND || account == ACCOUNT_DRAWABLE || account == ACCOUNT_TRANSIT;
}
