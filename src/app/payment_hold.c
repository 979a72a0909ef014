/* The hold account's work list: money that came in and that a person has to give to a case or send back. */
#include "app/ledger.h"
#include "app/payment.h"
#include "sql.h"

enum { PAGE_ROWS = 500 };

/* ---- one payment on one case ---- */

bool payment_case_is_withdrawn(const struct book *book, const struct book_case *entry)
{
	if (entry->state->has_carrier_id) {
		const struct book_case *carrier = book_case_of(book, entry->state->carrier_id);
		if (carrier)
			entry = carrier;
	}
	return str_eq_z(entry->state->stage, stage_name(STAGE_WITHDRAWN));
}

err_t payment_reversal_find(const struct op *op, struct arena *arena, int64_t case_no, str payer_account,
	struct fact *fact, bool *ret_found)
{
	struct payment_fact_by_amount_row *rows;
	size_t count, best = 0;
	TRY(q_payment_fact_by_amount(op->db, arena, case_no, fact->amount, &rows, &count));
	*ret_found = count > 0;
	if (!count)
		return OK;
	for (size_t i = count; i > 0; i--)
		if (payer_account.size && str_eq(rows[i - 1].payer_account, payer_account))
			best = i - 1;
	fact->kind = FACT_REVERSAL;
	fact->number = rows[best].fact_no;
	fact->counts_on = date_max(fact->counts_on, rows[best].counts_on); /* never before what it takes back */
	return OK;
}

/* The letters' charges fall with them: inkassoforskriften charges a letter that is sent. */
static err_t letters_withdraw(const struct op *op, struct book *book, int64_t case_no, date on, int64_t *ret_count)
{
	struct letter_waiting_row *rows;
	size_t count;
	TRY(q_letter_waiting(op->db, book->arena, case_no, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		struct fact withdrawn = {
			.kind = FACT_LETTER_WITHDRAWN,
			.counts_on = on,
			.ledger_on = DATE_NONE,
			.until = rows[i].ordered_on,
			.code = rows[i].kind,
		};
		book_fact(book, case_no, withdrawn, 0);
	}
	*ret_count = i64_from_size(count);
	return OK;
}

/* With its waiting letters withdrawn or as they are; saved unless the withdrawal closes nothing. */
static err_t book_alone_try(const struct op *op, const struct terms_book *terms, struct arena *arena,
	const struct payment_booking *booking, bool withdraws, struct payment_assigned *ret_assigned, bool *ret_saved)
{
	struct book book;
	struct book_change_counts counts;
	int64_t withdrawn = 0;
	TRY(book_open(op, terms, arena, &booking->case_no, 1, &book));
	struct book_case *entry = book_case_of(&book, booking->case_no);
	if (!entry)
		return fail(ERR_INPUT, "there is no case %lld", (long long)booking->case_no);
	if (entry->state->has_carrier_id && book_case_of(&book, entry->state->carrier_id))
		entry = book_case_of(&book, entry->state->carrier_id);
	if (withdraws)
		TRY(letters_withdraw(op, &book, entry->case_no, booking->fact.counts_on, &withdrawn));
	book_fact(&book, booking->case_no, booking->fact, booking->payment_id);
	book_replay(&book, (struct book_replay){ BOOK_FACTS, op->today });
	*ret_saved = !withdrawn || entry->life->stage == STAGE_CLOSED;
	if (!*ret_saved)
		return OK;
	*ret_assigned = (struct payment_assigned){
		.stage = entry->life->stage,
		.amount = booking->fact.amount,
		.balance = entry->life->balance,
		.refund = entry->life->refund,
		.letters_withdrawn = withdrawn,
	};
	return book_save(&book, &counts);
}

err_t payment_book_alone(const struct op *op, const struct terms_book *terms, struct arena *arena,
	const struct payment_booking *booking, struct payment_assigned *ret_assigned)
{
	bool saved = false;
	if (booking->fact.kind == FACT_PAYMENT)
		TRY(book_alone_try(op, terms, arena, booking, true, ret_assigned, &saved));
	if (!saved)
		TRY(book_alone_try(op, terms, arena, booking, false, ret_assigned, &saved));
	return OK;
}

/* ---- the work list ---- */

static struct payment_held held_of(const struct payment_hold_page_row *row)
{
	return (struct payment_held){
		.payment_id = row->payment_id,
		.reason = row->reason,
		.kid = row->kid,
		.payer_name = row->payer_name,
		.payer_account = row->payer_account,
		.message = row->message,
		.reference = row->reference,
		.is_reversal = str_eq_z(row->kind, "reversal"),
		.settled_on = row->settled_on,
		.counts_on = row->counts_on,
		.amount = row->amount_minor,
	};
}

err_t payment_list(const struct op *op, err_t (*each)(const struct payment_held *held, void *context), void *context)
{
	struct arena_mark mark = arena_mark(op->arena);
	int64_t after = 0;
	for (size_t count = PAGE_ROWS; count == PAGE_ROWS;) {
		struct payment_hold_page_row *rows;
		TRY(q_payment_hold_page(op->db, op->arena, after, PAGE_ROWS, &rows, &count));
		for (size_t i = 0; i < count; i++) {
			struct payment_held held = held_of(&rows[i]);
			TRY(each(&held, context));
			after = rows[i].payment_id;
		}
		arena_reset(op->arena, mark);
	}
	return OK;
}

static err_t held_get(const struct op *op, int64_t payment_id, struct payment_get_row *ret_payment)
{
	struct payment_hold_get_row hold;
	bool found;
	TRY(q_payment_get(op->db, op->arena, payment_id, ret_payment, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no payment %lld", (long long)payment_id);
	TRY(q_payment_hold_get(op->db, op->arena, payment_id, &hold, &found));
	return found ? OK : fail(ERR_REFUSED, "payment %lld is not on hold", (long long)payment_id);
}

static err_t assign_check(const struct op *op, const struct terms_book *terms, int64_t case_no)
{
	struct book book;
	TRY(book_open(op, terms, op->arena, &case_no, 1, &book));
	const struct book_case *entry = book_case_of(&book, case_no);
	if (!entry)
		return fail(ERR_INPUT, "there is no case %lld", (long long)case_no);
	if (payment_case_is_withdrawn(&book, entry))
		return fail(ERR_REFUSED, "case %lld was handed back to its client: refund the payment", (long long)case_no);
	return OK;
}

static err_t assign_book(const struct op *op, struct payment_assignment assignment, struct payment_assigned *ret_assigned)
{
	struct terms_book terms;
	struct payment_get_row payment;
	TRY(law_reaches(op->law, op->today));
	TRY(held_get(op, assignment.payment_id, &payment));
	TRY(terms_book_load(op, &terms));
	TRY(assign_check(op, &terms, assignment.case_no));
	struct payment_booking booking = {
		.case_no = assignment.case_no,
		.payment_id = assignment.payment_id,
		.fact = {
			.kind = FACT_PAYMENT,
			.counts_on = payment.counts_on,
			.ledger_on = payment.settled_on,
			.until = DATE_NONE,
			.amount = payment.amount_minor,
			.code = assignment.deduction ? S("deduction") : S(""),
			.note = S(""),
		},
	};
	if (str_eq_z(payment.kind, "reversal")) {
		bool found;
		TRY(payment_reversal_find(op, op->arena, assignment.case_no, payment.payer_account, &booking.fact, &found));
		if (!found)
			return fail(ERR_REFUSED, "case %lld has no payment of %s that could be taken back",
				(long long)assignment.case_no, money_plain(payment.amount_minor).z);
	}
	TRY(q_payment_hold_delete(op->db, assignment.payment_id));
	return payment_book_alone(op, &terms, op->arena, &booking, ret_assigned);
}

err_t payment_assign(const struct op *op, struct payment_assignment assignment, struct payment_assigned *ret_assigned)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, assign_book(op, assignment, ret_assigned));
}

static err_t refund_book(const struct op *op, int64_t payment_id, money *ret_amount)
{
	struct payment_get_row payment;
	TRY(held_get(op, payment_id, &payment));
	if (str_eq_z(payment.kind, "reversal"))
		return fail(ERR_REFUSED, "payment %lld is money taken back: give it to the case it was paid on",
			(long long)payment_id);
	if (!payment.payer_account.size)
		return fail(ERR_REFUSED, "payment %lld cannot be sent back: the bank does not say whose account it came from",
			(long long)payment_id);
	struct ledger_writer writer;
	const struct ledger_posting postings[] = {
		{ ACCOUNT_HOLD, 0, payment.amount_minor },
		{ ACCOUNT_REFUND, 0, money_neg(payment.amount_minor) },
	};
	struct ledger_voucher voucher = {
		.kind = "refund",
		.on = op->today,
		.description = str_format(op->arena, "Payment %lld goes back to its payer", (long long)payment_id),
		.reference = str_format(op->arena, "refund %lld", (long long)payment_id),
		.postings = postings,
		.posting_count = 2,
	};
	struct refund_due_insert_row due = {
		.payment_id = payment_id,
		.booked_on = op->today,
		.amount_minor = payment.amount_minor,
	};
	TRY(q_payment_hold_delete(op->db, payment_id));
	TRY(ledger_begin(op, op->arena, op->arena, &writer));
	TRY(ledger_book(&writer, &voucher));
	TRY(ledger_end(&writer));
	TRY(q_refund_due_insert(op->db, &due, 1));
	*ret_amount = payment.amount_minor;
	return OK;
}

err_t payment_refund(const struct op *op, int64_t payment_id, money *ret_amount)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, refund_book(op, payment_id, ret_amount));
}
