#include "app/bank.h"

#include "app/ledger.h"
#include "sql.h"

/* ---- vouchers ---- */

enum { POSTINGS_MAX = 4 };
struct draft { /* a voucher being made; the rest of its postings are zero, and left out */
	const char *kind;
	str description, reference;
	date on;
	struct ledger_posting postings[POSTINGS_MAX];
};

static err_t draft_book(const struct op *op, struct arena *arena, const struct draft *draft)
{
	struct ledger_writer writer;
	struct ledger_voucher voucher = {
		.kind = draft->kind,
		.on = draft->on,
		.description = draft->description,
		.reference = draft->reference,
		.postings = draft->postings,
		.posting_count = POSTINGS_MAX,
	};
	TRY(ledger_begin(op, arena, arena, &writer));
	TRY(ledger_book(&writer, &voucher));
	return ledger_end(&writer);
}

/* ---- payouts ---- */

/* Where a payout's money came from, and goes back to. */
static int payout_source(str kind)
{
	if (str_eq_z(kind, "fees"))
		return ACCOUNT_DRAWABLE;
	return str_eq_z(kind, "refund") ? ACCOUNT_REFUND : ACCOUNT_CLIENT;
}

/* It has left the account; the agency's own share arrives on its own account the same day. */
static err_t payout_paid(const struct op *op, struct arena *arena, const struct payout_transit_run_row *payout, date on,
	str reference)
{
	bool is_fees = str_eq_z(payout->kind, "fees");
	money amount = payout->amount_minor, own = is_fees ? amount : MONEY_ZERO;
	struct draft draft = {
		.kind = "payout",
		.description = str_format(arena, "Paid out: %.*s", STR_ARG(payout->end_to_end)),
		.reference = reference,
		.on = on,
		.postings = {
			{ ACCOUNT_TRANSIT, 0, amount },
			{ ACCOUNT_CLIENT_BANK, 0, money_neg(amount) },
			{ ACCOUNT_OWN_BANK, 0, own },
			{ ACCOUNT_OWN_SHARE, 0, money_neg(own) },
		},
	};
	TRY(q_payout_state(op->db, S("paid"), on, payout->payout_id));
	return draft_book(op, arena, &draft);
}

struct payout_back { /* a payout that failed */
	const struct payout_find_row *payout;
	str end_to_end;
	date on;
	bool had_left; /* the bank's debit had been read */
};

static err_t payout_rejected(const struct op *op, struct arena *arena, const struct payout_back *back)
{
	const struct payout_find_row *payout = back->payout;
	int64_t client_no = str_eq_z(payout->kind, "client") && payout->has_client_no ? payout->client_no : 0;
	bool own_arrived = back->had_left && str_eq_z(payout->kind, "fees");
	money amount = payout->amount_minor, own = own_arrived ? amount : MONEY_ZERO;
	struct draft draft = {
		.kind = "payout_back",
		.description = str_format(arena, "Not paid out: %.*s", STR_ARG(back->end_to_end)),
		.reference = str_format(arena, "back %.*s", STR_ARG(back->end_to_end)),
		.on = back->on,
		.postings = {
			{ back->had_left ? ACCOUNT_CLIENT_BANK : ACCOUNT_TRANSIT, 0, amount },
			{ payout_source(payout->kind), client_no, money_neg(amount) },
			{ ACCOUNT_OWN_SHARE, 0, own },
			{ ACCOUNT_OWN_BANK, 0, money_neg(own) },
		},
	};
	TRY(q_payout_state(op->db, S("rejected"), back->on, payout->payout_id));
	return draft_book(op, arena, &draft);
}

static err_t refused(struct bank_outcome *ret_outcome, str reason)
{
	*ret_outcome = (struct bank_outcome){ .fate = BANK_REFUSED, .reason = reason };
	return OK;
}

static err_t debit_of_payout(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	const struct payout_find_row *payout, struct bank_outcome *ret_outcome)
{
	if (str_eq_z(payout->state, "paid")) {
		ret_outcome->fate = BANK_ALREADY;
		return OK;
	}
	if (!str_eq_z(payout->state, "in_transit"))
		return refused(ret_outcome, str_format(arena, "payout %.*s of %s was rejected and is now debited",
			STR_ARG(payment->end_to_end), money_plain(payment->amount).z));
	if (payout->amount_minor.minor != payment->amount.minor)
		return refused(ret_outcome, str_format(arena, "payout %.*s is of %s, the bank debits %s",
			STR_ARG(payment->end_to_end), money_plain(payout->amount_minor).z, money_plain(payment->amount).z));
	struct payout_transit_run_row leaving = {
		.payout_id = payout->payout_id,
		.kind = payout->kind,
		.amount_minor = payout->amount_minor,
		.end_to_end = payment->end_to_end,
	};
	ret_outcome->payouts = 1;
	return payout_paid(op, arena, &leaving, payment->settled_on,
		str_format(arena, "paid %.*s", STR_ARG(payment->end_to_end)));
}

/* The bank names no payout: a whole run in one sum, or the only payout of that amount. */
static err_t debit_of_sum(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome)
{
	struct payout_transit_runs_row *runs;
	struct payout_transit_run_row *payouts;
	struct payout_by_amount_row *singles;
	size_t run_count, payout_count, single_count;
	struct voucher_find_row voucher;
	bool found;
	str reference = str_format(arena, "debit %.*s %s %s %.*s", STR_ARG(payment->account),
		date_iso(payment->settled_on).z, money_plain(payment->amount).z, STR_ARG(payment->reference));
	TRY(q_voucher_find(op->db, arena, reference, &voucher, &found));
	if (found) {
		ret_outcome->fate = BANK_ALREADY;
		return OK;
	}
	TRY(q_payout_transit_runs(op->db, arena, &runs, &run_count));
	TRY(q_payout_by_amount(op->db, arena, payment->amount, &singles, &single_count));
	for (size_t i = 0; i < run_count; i++) {
		if (runs[i].amount_minor.minor != payment->amount.minor && single_count != 1)
			continue;
		TRY(q_payout_transit_run(op->db, arena, runs[i].run_id, &payouts, &payout_count));
		bool whole_run = runs[i].amount_minor.minor == payment->amount.minor;
		for (size_t k = 0; k < payout_count; k++) {
			if (!whole_run && payouts[k].payout_id != singles[0].payout_id)
				continue;
			TRY(payout_paid(op, arena, &payouts[k], payment->settled_on, reference));
			ret_outcome->payouts++;
		}
		if (ret_outcome->payouts)
			return OK;
	}
	return refused(ret_outcome, str_format(arena, "%s was debited%s%.*s and is no payout of ours",
		money_plain(payment->amount).z, payment->message.size ? ": " : "", STR_ARG(payment->message)));
}

static err_t debit_book(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome)
{
	struct payout_find_row payout;
	bool found = false;
	*ret_outcome = (struct bank_outcome){ .fate = BANK_BOOKED };
	if (payment->end_to_end.size)
		TRY(q_payout_find(op->db, arena, payment->end_to_end, &payout, &found));
	if (found)
		return debit_of_payout(op, arena, payment, &payout, ret_outcome);
	if (payment->end_to_end.size)
		return refused(ret_outcome, str_format(arena, "%s was debited for '%.*s', which is no payout of ours",
			money_plain(payment->amount).z, STR_ARG(payment->end_to_end)));
	return debit_of_sum(op, arena, payment, ret_outcome);
}

err_t bank_debit(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome)
{
	TRY(db_begin(op->db));
	return db_end(op->db, debit_book(op, arena, payment, ret_outcome));
}

static err_t return_book(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome, bool *ret_is_ours)
{
	struct payout_find_row payout;
	*ret_outcome = (struct bank_outcome){ .fate = BANK_BOOKED };
	*ret_is_ours = false;
	if (payment->end_to_end.size)
		TRY(q_payout_find(op->db, arena, payment->end_to_end, &payout, ret_is_ours));
	if (!*ret_is_ours)
		return OK;
	if (str_eq_z(payout.state, "rejected") || str_eq_z(payout.state, "resettled")) {
		ret_outcome->fate = BANK_ALREADY;
		return OK;
	}
	if (!str_eq_z(payout.state, "paid"))
		return refused(ret_outcome, str_format(arena, "payout %.*s comes back before it was seen leaving the account",
			STR_ARG(payment->end_to_end)));
	if (payout.amount_minor.minor != payment->amount.minor)
		return refused(ret_outcome, str_format(arena, "of payout %.*s, %s, only %s comes back",
			STR_ARG(payment->end_to_end), money_plain(payout.amount_minor).z, money_plain(payment->amount).z));
	struct payout_back back = { &payout, payment->end_to_end, payment->settled_on, true };
	ret_outcome->payouts = 1;
	return payout_rejected(op, arena, &back);
}

err_t bank_payout_return(const struct op *op, struct arena *arena, const struct bank_payment *payment,
	struct bank_outcome *ret_outcome, bool *ret_is_ours)
{
	TRY(db_begin(op->db));
	return db_end(op->db, return_book(op, arena, payment, ret_outcome, ret_is_ours));
}

static err_t order_reject(const struct op *op, struct arena *arena, str end_to_end, struct bank_outcome *outcome)
{
	struct payout_find_row payout;
	bool found;
	TRY(q_payout_find(op->db, arena, end_to_end, &payout, &found));
	if (!found)
		return refused(outcome, str_format(arena, "the bank rejects '%.*s', which is no payout of ours",
			STR_ARG(end_to_end)));
	if (str_eq_z(payout.state, "paid"))
		return refused(outcome, str_format(arena, "the bank rejects payout %.*s, which has left the account",
			STR_ARG(end_to_end)));
	if (!str_eq_z(payout.state, "in_transit"))
		return OK;
	outcome->fate = BANK_BOOKED;
	outcome->payouts++;
	struct payout_back back = { &payout, end_to_end, op->today, false };
	return payout_rejected(op, arena, &back);
}

err_t bank_order_status(const struct op *op, struct arena *arena, const struct pain002_status *status,
	struct bank_outcome *ret_outcome)
{
	*ret_outcome = (struct bank_outcome){ .fate = BANK_ALREADY };
	if (!status->is_rejected)
		return OK;
	if (status->end_to_end.size)
		return order_reject(op, arena, status->end_to_end, ret_outcome);
	/* The whole message (one batch each): every payout of the run. */
	struct payout_run_of_message_row *runs;
	size_t run_count;
	TRY(q_payout_run_of_message(op->db, arena, status->message_id, &runs, &run_count));
	if (!run_count)
		return refused(ret_outcome, str_format(arena, "the bank rejects message '%.*s', which is none of ours",
			STR_ARG(status->message_id)));
	for (size_t i = 0; i < run_count; i++) {
		struct payout_transit_run_row *payouts;
		size_t payout_count;
		TRY(q_payout_transit_run(op->db, arena, runs[i].run_id, &payouts, &payout_count));
		for (size_t k = 0; k < payout_count; k++)
			TRY(order_reject(op, arena, payouts[k].end_to_end, ret_outcome));
	}
	return OK;
}

/* ---- sums without details ---- */

static bool receipt_in(const struct receipt_list_row *row, int64_t file_id)
{
	return row->entry.size == 0 && (file_id == 0 || row->file_id == file_id);
}

static money receipts_sum(const struct receipt_list_row *rows, size_t count, int64_t file_id)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < count; i++)
		if (receipt_in(&rows[i], file_id))
			sum = money_add(sum, rows[i].amount_minor);
	return sum;
}

/* Marks a file's receipts of the day (0: all of them) as shown by the entry. */
static err_t receipts_mark(const struct op *op, const struct bank_sum *sum, const struct receipt_list_row *rows,
	size_t count, int64_t file_id)
{
	for (size_t i = 0; i < count; i++)
		if (receipt_in(&rows[i], file_id))
			TRY(q_receipt_match(op->db, sum->entry, sum->account, sum->settled_on, rows[i].file_id, rows[i].batch));
	return OK;
}

err_t bank_sum_match(const struct op *op, struct arena *arena, const struct bank_sum *sum, bool *ret_matched)
{
	struct receipt_list_row *rows;
	size_t count;
	TRY(q_receipt_list(op->db, arena, sum->account, sum->settled_on, sum->entry, &rows, &count));
	*ret_matched = true;
	const struct receipt_list_row *same = NULL;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].entry.size)
			return OK; /* matched by an earlier run */
		if (rows[i].amount_minor.minor == sum->amount.minor && (!same || str_eq(rows[i].batch, sum->batch)))
			same = &rows[i];
	}
	if (same)
		return receipts_mark(op, sum, same, 1, 0);
	for (size_t i = 0; i < count; i++) /* rows are by file */
		if ((i == 0 || rows[i].file_id != rows[i - 1].file_id) &&
			receipts_sum(rows, count, rows[i].file_id).minor == sum->amount.minor)
			return receipts_mark(op, sum, rows, count, rows[i].file_id);
	if (count && receipts_sum(rows, count, 0).minor == sum->amount.minor)
		return receipts_mark(op, sum, rows, count, 0);
	*ret_matched = false;
	return OK;
}

err_t bank_sums_resolve(const struct op *op, struct arena *arena, str account, struct bank_days days,
	int64_t *ret_resolved)
{
	struct payment_hold_sums_row *rows;
	size_t count;
	*ret_resolved = 0;
	TRY(q_payment_hold_sums(op->db, arena, S(BANK_SUM_REASON), account, days.first_on, days.last_on, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		const struct payment_hold_sums_row *row = &rows[i];
		bool matched;
		struct bank_sum sum = { account, row->settled_on, row->amount_minor, row->reference, row->fingerprint };
		TRY(bank_sum_match(op, arena, &sum, &matched));
		if (!matched)
			continue;
		struct draft draft = {
			.kind = "receipt",
			.description = str_format(arena, "Sum %lld is now known payment by payment", (long long)row->payment_id),
			.reference = str_format(arena, "sum %lld", (long long)row->payment_id),
			.on = row->settled_on,
			.postings = {
				{ ACCOUNT_HOLD, 0, row->amount_minor },
				{ ACCOUNT_CLIENT_BANK, 0, money_neg(row->amount_minor) },
			},
		};
		TRY(q_payment_hold_delete(op->db, row->payment_id));
		TRY(draft_book(op, arena, &draft));
		++*ret_resolved;
	}
	return OK;
}

/* ---- the statement ---- */

/* The latest statement known must close where this one opens. Of several of one day, one of them must: their order is
 * not known. */
static err_t statement_gap(const struct op *op, struct arena *arena, const struct bank_statement *statement, str *ret_gap)
{
	struct statement_before_row *before;
	size_t count;
	*ret_gap = S("");
	if (statement->is_copy)
		return OK;
	TRY(q_statement_before(op->db, arena, statement->account, statement->closed_on, statement->reference, &before, &count));
	if (!count)
		return OK;
	date earlier_on = DATE_NONE; /* the last day before its own */
	for (size_t i = 0; i < count; i++) {
		bool same_day = date_eq(before[i].closed_on, statement->closed_on);
		if (!same_day && date_is_none(earlier_on))
			earlier_on = before[i].closed_on;
		if (before[i].closing_minor.minor == statement->opening.minor &&
			(same_day || date_eq(before[i].closed_on, earlier_on)))
			return OK;
	}
	*ret_gap = str_format(arena, "statement %.*s of %s opens with %s, but the one of %s closed with %s: one is missing",
		STR_ARG(statement->reference), date_iso(statement->closed_on).z, money_plain(statement->opening).z,
		date_iso(before[0].closed_on).z, money_plain(before[0].closing_minor).z);
	return OK;
}

static err_t reconcile(const struct op *op, struct arena *arena, const struct bank_statement *statement, int64_t file_id,
	int books_account, struct bank_reconciliation *ret_reconciliation)
{
	struct account_balance_row books;
	bool found;
	struct bank_reconciliation result;
	TRY(statement_gap(op, arena, statement, &result.gap));
	TRY(q_statement_insert(op->db, statement->account, statement->closed_on, statement->reference, file_id,
		statement->opening, statement->closing));
	TRY(q_account_balance(op->db, arena, books_account, statement->closed_on, &books, &found));
	result.books = books.balance_minor;
	result.difference = money_sub(statement->closing, result.books);
	*ret_reconciliation = result;
	return OK;
}

err_t bank_reconcile(const struct op *op, struct arena *arena, const struct bank_statement *statement, int64_t file_id,
	int books_account, struct bank_reconciliation *ret_reconciliation)
{
	TRY(db_begin(op->db));
	return db_end(op->db, reconcile(op, arena, statement, file_id, books_account, ret_reconciliation));
}
