/* A batch of payments: which are known, which case each belongs to, and everything it writes. */
#include "app/bank.h"
#include "app/ledger.h"
#include "app/payment_import.h"
#include "base/catalog.h"
#include "core/kid.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE_MAX = 8192 };

/* ---- fingerprints ---- */

static uint64_t print_hash(const struct file_print *print)
{
	uint64_t first, second; /* 16 of its 22 characters: 96 bits */
	memcpy(&first, print->z, sizeof first);
	memcpy(&second, print->z + sizeof first, sizeof second);
	uint64_t hash = (first ^ (second << 1)) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ (second >> 32 | second << 32) ^ (hash >> 29);
}

int64_t import_kid_case(str kid)
{
	int64_t case_no = 0;
	return kid_case(kid, &case_no) ? case_no : 0;
}

/* The k-th of several equal ones in one file is the k-th in another (engine-rules, allocation). Day and case stand in front,
 * so that what is booked together lies together. */
struct payment_print import_print(struct importer *importer, const struct bank_payment *payment)
{
	char numbers[64];
	struct payment_print print;
	struct arena_mark mark = arena_mark(importer->arena);
	struct text key = text_in(importer->arena, KEY_SIZE_MAX);
	int size = snprintf(numbers, sizeof numbers, "|%ld|%lld|", (long)payment->settled_on.day,
		(long long)payment->amount.minor);
	text_add(&key, payment->account);
	text_add(&key, (str){ numbers, (size_t)size }); /* both numbers fit */
	text_add(&key, payment->kid);
	text_add_char(&key, '|');
	text_add(&key, payment->payer_account);
	text_add_char(&key, payment->reversal && payment->debit ? '-' : '+');
	struct file_print hash = file_print(text_str(&key));
	int64_t nth = repeats_next(importer->repeats, print_hash(&hash));
	if (nth > 1) {
		text_addf(&key, "|%lld", (long long)nth);
		hash = file_print(text_str(&key));
	}
	snprintf(print.z, sizeof print.z, "%04x%08llx%s", (unsigned)payment->settled_on.day & 0xFFFFu, /* 1970 to 2149 */
		(unsigned long long)import_kid_case(payment->kid), hash.z); /* a case number has nine digits: 30 bits */
	arena_reset(importer->arena, mark);
	return print;
}

/* Leaves out what was booked before, by this file or another. */
static err_t batch_known(struct importer *importer)
{
	struct payment_find_prints_row *rows;
	size_t row_count;
	struct db_pick *picks = arena_many(importer->arena, importer->batch_count, struct db_pick);
	for (size_t i = 0; i < importer->batch_count; i++)
		picks[i].key = str_from_z(importer->batch[i]->print.z);
	TRY(db_pick(importer->op->db, picks, importer->batch_count));
	TRY(q_payment_find_prints(importer->op->db, importer->arena, &rows, &row_count));
	for (size_t i = 0; i < row_count; i++) {
		struct taken *taken = importer->batch[rows[i].no];
		taken->already = true;
		taken->resumed = rows[i].file_id == importer->file_id;
	}
	return OK;
}

/* A sum without details may be made of payments booked before. */
static err_t batch_sums(struct importer *importer)
{
	for (size_t i = 0; i < importer->batch_count; i++) {
		struct taken *taken = importer->batch[i];
		const struct bank_payment *bank = &taken->bank;
		if (taken->already || bank->reversal || !str_eq_z(bank->hold_reason, BANK_SUM_REASON))
			continue;
		struct bank_sum sum = { bank->account, bank->settled_on, bank->amount, bank->reference,
			str_from_z(taken->print.z) };
		TRY(bank_sum_match(importer->op, importer->arena, &sum, &taken->already));
	}
	return OK;
}

/* ---- which case ---- */

/* Money taken back is found by its KID where the file is sure of it; OCR's card reversals a person confirms. */
static bool reader_holds(const struct importer *importer, const struct bank_payment *payment)
{
	if (!payment->hold_reason.size)
		return false;
	return !payment->reversal || importer->kind == BANK_FILE_OCR || !kid_is_valid(payment->kid);
}

/* Creditors' own KIDs (picked: index in the batch): of several cases the oldest that is open, else the oldest. */
static err_t foreign_kids(struct importer *importer, const size_t *picked, const struct db_pick *picks, size_t pick_count)
{
	struct case_kid_find_row *rows;
	size_t row_count;
	if (!pick_count)
		return OK;
	TRY(db_pick(importer->op->db, picks, pick_count));
	TRY(q_case_kid_find(importer->op->db, importer->arena, &rows, &row_count));
	bool is_open = false; /* the one chosen */
	for (size_t i = 0; i < row_count; i++) { /* oldest first */
		struct taken *taken = importer->batch[picked[rows[i].no]];
		bool is_first = i == 0 || rows[i].no != rows[i - 1].no;
		bool better = !is_open && date_is_none(rows[i].closed_on);
		if (!is_first && !better)
			continue;
		taken->case_no = rows[i].case_id;
		taken->hold = S("");
		is_open = date_is_none(rows[i].closed_on);
	}
	return OK;
}

/* Our own KIDs say their case; the others are looked up. */
static err_t batch_kids(struct importer *importer)
{
	struct case_last_row last;
	bool found;
	TRY(q_case_last(importer->op->db, importer->arena, &last, &found));
	struct db_pick *picks = arena_many(importer->arena, importer->batch_count, struct db_pick);
	size_t *picked = arena_many(importer->arena, importer->batch_count, size_t), pick_count = 0;
	for (size_t i = 0; i < importer->batch_count; i++) {
		struct taken *taken = importer->batch[i];
		const struct bank_payment *bank = &taken->bank;
		taken->hold = S("");
		taken->case_no = 0;
		if (taken->already)
			continue;
		int64_t case_no;
		if (reader_holds(importer, bank))
			taken->hold = bank->hold_reason;
		else if (!bank->kid.size)
			taken->hold = S(N_("the payment has no KID"));
		else if (!kid_is_valid(bank->kid))
			taken->hold = S(N_("the KID's check digit is wrong"));
		else if (kid_case(bank->kid, &case_no) && case_no <= last.case_id)
			taken->case_no = case_no;
		else {
			picked[pick_count] = i;
			picks[pick_count++].key = bank->kid;
			taken->hold = S(N_("no case has this KID"));
		}
	}
	return foreign_kids(importer, picked, picks, pick_count);
}

static int id_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static err_t batch_book_open(struct importer *importer, struct book *book)
{
	int64_t *case_nos = arena_many(importer->arena, importer->batch_count, int64_t);
	size_t all_count = 0, count = 0;
	for (size_t i = 0; i < importer->batch_count; i++)
		if (!importer->batch[i]->already && importer->batch[i]->case_no)
			case_nos[all_count++] = importer->batch[i]->case_no;
	qsort(case_nos, all_count, sizeof *case_nos, id_compare);
	for (size_t i = 0; i < all_count; i++)
		if (!count || case_nos[count - 1] != case_nos[i])
			case_nos[count++] = case_nos[i];
	return book_open(importer->op, &importer->terms, importer->arena, case_nos, count, book);
}

static bool case_waits(const struct importer *importer, const struct book_case *entry)
{
	int64_t case_no = entry->state->has_carrier_id ? entry->state->carrier_id : entry->case_no;
	return importer->waiting_count && bsearch(&case_no, importer->waiting, importer->waiting_count, sizeof case_no, id_compare);
}

static void taken_hold(struct taken *taken, str reason)
{
	taken->case_no = 0;
	taken->hold = reason;
}

static struct fact taken_fact(const struct taken *taken)
{
	return (struct fact){
		.kind = taken->reverses ? FACT_REVERSAL : FACT_PAYMENT,
		.counts_on = taken->counts_on,
		.ledger_on = taken->bank.settled_on,
		.until = DATE_NONE,
		.amount = taken->bank.amount,
		.number = taken->reverses,
	};
}

/* The last word on whether a payment has a case. */
static err_t taken_place(struct importer *importer, const struct book *book, struct taken *taken)
{
	const struct bank_payment *bank = &taken->bank;
	const struct book_case *entry = book_case_of(book, taken->case_no);
	taken->counts_on = bank->counts_on;
	if (!entry) {
		taken_hold(taken, S(N_("no case has this KID")));
		return OK;
	}
	if (payment_case_is_withdrawn(book, entry)) {
		taken_hold(taken, S(N_("the case was handed back to its client")));
		return OK;
	}
	taken->waits = case_waits(importer, entry);
	if (!bank->reversal)
		return OK;
	bool found;
	struct fact fact = taken_fact(taken);
	TRY(payment_reversal_find(importer->op, importer->arena, taken->case_no, bank->payer_account, &fact, &found));
	if (!found)
		taken_hold(taken, S(N_("money taken back, and the case has no payment of that amount")));
	taken->reverses = fact.number;
	taken->counts_on = fact.counts_on;
	return OK;
}

/* ---- writing a batch ---- */

static str text_of(str s)
{
	return s.size ? s : S("");
}

static struct payment_insert_row payment_row(const struct importer *importer, const struct taken *taken)
{
	const struct bank_payment *bank = &taken->bank;
	return (struct payment_insert_row){
		.payment_id = taken->payment_id,
		.file_id = importer->file_id,
		.line_no = bank->line_no,
		.kind = bank->reversal && bank->debit ? S("reversal") : S("credit"),
		.account = bank->account,
		.settled_on = bank->settled_on,
		.counts_on = bank->counts_on,
		.booked_on = importer->op->today,
		.amount_minor = bank->amount,
		.currency = bank->currency,
		.kid = text_of(bank->kid),
		.payer_account = text_of(bank->payer_account),
		.payer_name = text_of(bank->payer_name),
		.message = text_of(bank->message),
		.reference = text_of(bank->reference),
		.fingerprint = str_from_z(taken->print.z),
	};
}

static err_t batch_insert(struct importer *importer)
{
	const struct op *op = importer->op;
	struct payment_last_row last;
	bool found;
	TRY(q_payment_last(op->db, importer->arena, &last, &found));
	struct payment_insert_row *payments = arena_many(importer->arena, importer->batch_count, struct payment_insert_row);
	struct payment_hold_insert_row *holds =
		arena_many(importer->arena, importer->batch_count, struct payment_hold_insert_row);
	size_t count = 0, hold_count = 0;
	for (size_t i = 0; i < importer->batch_count; i++) {
		struct taken *taken = importer->batch[i];
		if (taken->already)
			continue;
		taken->payment_id = last.payment_id + 1 + i64_from_size(count);
		payments[count++] = payment_row(importer, taken);
		if (!taken->case_no)
			holds[hold_count++] = (struct payment_hold_insert_row){ taken->payment_id, taken->hold };
	}
	TRY(q_payment_insert(op->db, payments, count));
	return q_payment_hold_insert(op->db, holds, hold_count);
}

static int taken_day_compare(const void *a, const void *b)
{
	const struct taken *x = *(const struct taken *const *)a, *y = *(const struct taken *const *)b;
	return date_compare(x->bank.settled_on, y->bank.settled_on);
}

/* One voucher for the batch and settlement day: the bank account against the hold account, from where the cases' own
 * entries take it. A batch is all credits or one reversal. */
static err_t receipts_book(struct importer *importer, struct taken *const *order, size_t count)
{
	struct ledger_writer writer;
	TRY(ledger_begin(importer->op, importer->arena, importer->arena, &writer));
	for (size_t i = 0, end; i < count; i = end) {
		money sum = MONEY_ZERO;
		const struct bank_payment *first = &order[i]->bank;
		for (end = i; end < count && date_eq(order[end]->bank.settled_on, first->settled_on); end++)
			sum = money_add(sum, order[end]->bank.amount);
		if (first->reversal && first->debit)
			sum = money_neg(sum);
		const struct ledger_posting postings[] = {
			{ ACCOUNT_CLIENT_BANK, 0, sum },
			{ ACCOUNT_HOLD, 0, money_neg(sum) },
		};
		struct ledger_voucher voucher = {
			.kind = "receipt",
			.on = first->settled_on,
			.description = str_format(importer->arena, "%s: %zu payments", bank_file_kind_name(importer->kind), end - i),
			.reference = str_format(importer->arena, "file %lld", (long long)importer->file_id),
			.postings = postings,
			.posting_count = 2,
		};
		TRY(ledger_book(&writer, &voucher));
	}
	return ledger_end(&writer);
}

static err_t batch_receipts(struct importer *importer)
{
	struct taken **order = arena_many(importer->arena, importer->batch_count, struct taken *);
	size_t count = 0;
	for (size_t i = 0; i < importer->batch_count; i++)
		if (!importer->batch[i]->already)
			order[count++] = importer->batch[i];
	qsort(order, count, sizeof *order, taken_day_compare);
	return receipts_book(importer, order, count);
}

/* ---- lumps ---- */

_Static_assert(LUMP_PLACES / 2 < UINT16_MAX, "an index of a lump fits its place");

void import_lumps_begin(struct importer *importer)
{
	importer->lumps = arena_many(importer->lump_arena, LUMP_PLACES / 2, struct lump);
	importer->lump_places = arena_many(importer->lump_arena, LUMP_PLACES, uint16_t);
}

/* The place of a day's lump in the open-addressed table, which is never more than half full. */
static uint16_t *lump_place(struct importer *importer, date on, str batch)
{
	uint64_t hash = (uint64_t)(uint32_t)on.day * UINT64_C(0x9E3779B97F4A7C15);
	for (size_t i = 0; i < batch.size; i++)
		hash = (hash ^ (unsigned char)batch.at[i]) * UINT64_C(0x100000001B3);
	for (size_t at = (size_t)(hash ^ (hash >> 32)) & (LUMP_PLACES - 1);; at = (at + 1) & (LUMP_PLACES - 1)) {
		uint16_t *place = &importer->lump_places[at];
		if (!*place)
			return place;
		const struct lump *lump = &importer->lumps[*place - 1];
		if (date_eq(lump->settled_on, on) && str_eq(lump->batch, batch))
			return place;
	}
}

/* Adds a payment of this file to its lump. A file of more lumps than LUMPS_MAX has none worth the name: the rest of a day
 * counts as one. */
static void lump_add(struct importer *importer, const struct bank_payment *bank)
{
	uint16_t *place = lump_place(importer, bank->settled_on, bank->batch);
	if (!*place && importer->lump_count >= LUMPS_MAX)
		place = lump_place(importer, bank->settled_on, S(""));
	if (!*place) {
		if (importer->lump_count == LUMP_PLACES / 2)
			return; /* more days than a bank puts in one file: these are not looked for as sums */
		str batch = importer->lump_count < LUMPS_MAX ? str_copy(importer->lump_arena, bank->batch) : S("");
		importer->lumps[importer->lump_count++] = (struct lump){ .settled_on = bank->settled_on, .batch = batch };
		*place = (uint16_t)importer->lump_count; /* asserted to fit */
	}
	struct lump *lump = &importer->lumps[*place - 1];
	lump->sum = money_add(lump->sum, bank->amount);
}

/* Sums themselves make no lumps. */
void import_lumps_add(struct importer *importer)
{
	for (size_t i = 0; i < importer->batch_count; i++) {
		const struct taken *taken = importer->batch[i];
		bool in_file = !taken->already || taken->resumed;
		if (in_file && !taken->bank.reversal && !str_eq_z(taken->bank.hold_reason, BANK_SUM_REASON))
			lump_add(importer, &taken->bank);
	}
}

err_t import_lumps_insert(struct importer *importer)
{
	struct receipt_insert_row *rows = arena_many(importer->arena, importer->lump_count, struct receipt_insert_row);
	for (size_t i = 0; i < importer->lump_count; i++) {
		const struct lump *lump = &importer->lumps[i];
		rows[i] = (struct receipt_insert_row){ importer->agency.account, lump->settled_on, importer->file_id,
			text_of(lump->batch), lump->sum, S("") };
	}
	return q_receipt_insert(importer->op->db, rows, importer->lump_count);
}

/* All cases of the batch at once; those with a letter that could still be stopped, one payment at a time after it. */
static err_t batch_cases(struct importer *importer, struct book *book)
{
	struct book_change_counts counts;
	struct payment_assigned assigned;
	for (size_t i = 0; i < importer->batch_count; i++) {
		const struct taken *taken = importer->batch[i];
		if (!taken->already && taken->case_no && !taken->waits)
			book_fact(book, taken->case_no, taken_fact(taken), taken->payment_id);
	}
	book_replay(book, (struct book_replay){ BOOK_FACTS, importer->op->today });
	TRY(book_save(book, &counts));
	for (size_t i = 0; i < importer->batch_count; i++) {
		const struct taken *taken = importer->batch[i];
		if (taken->already || !taken->case_no || !taken->waits)
			continue;
		struct payment_booking booking = { taken->case_no, taken->payment_id, taken_fact(taken) };
		TRY(payment_book_alone(importer->op, &importer->terms, importer->arena, &booking, &assigned));
	}
	return OK;
}

/* A night that ran meanwhile has moved the last night on. */
static err_t terms_refresh(struct importer *importer)
{
	struct setting_get_row row;
	bool found;
	TRY(q_setting_get(importer->op->db, importer->arena, S("last_night"), &row, &found));
	if (!found || str_eq_z(row.value, date_iso(importer->terms.last_night).z))
		return OK;
	return terms_book_load(importer->op, &importer->terms);
}

err_t import_batch_book(struct importer *importer)
{
	struct book book;
	if (!importer->batch_count)
		return OK;
	TRY(terms_refresh(importer));
	TRY(batch_known(importer));
	TRY(batch_sums(importer));
	TRY(batch_kids(importer));
	TRY(batch_book_open(importer, &book));
	for (size_t i = 0; i < importer->batch_count; i++)
		if (!importer->batch[i]->already && importer->batch[i]->case_no)
			TRY(taken_place(importer, &book, importer->batch[i]));
	TRY(batch_insert(importer));
	TRY(batch_receipts(importer));
	return batch_cases(importer, &book);
}
