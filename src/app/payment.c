/* A bank file's way in:
 *
 *	check    the reader's controls, then that every account is ours and no day lies ahead: nothing is written yet
 *	begin    the row of table file, its sha256 marked 'begun:'
 *	windows  as many payments as memory allows, in order of their case, so that a page of the book is written once
 *	batches  a thousand of them each: known ones left out by fingerprint, the others booked or put on hold
 *	end      the file's bytes, sums on hold that are now explained, and the true sha256, in one transaction
 *
 * Killed anywhere, a second run finds what is booked by its fingerprints and goes on in the same row of table file. */
#include "app/payment.h"

#include "app/bank.h"
#include "app/file.h"
#include "app/ledger.h"
#include "app/setup.h"
#include "base/repeat.h"
#include "core/kid.h"
#include "format/ocr.h"
#include "format/xml_module.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BATCH_PAYMENTS = 1000,
	WINDOW_PAYMENTS = 1 << 17,
	WINDOW_TEXT_SIZE = 32 << 20, /* a window is closed when its texts are this long */
	WINDOW_ARENA_SIZE_MAX = 256 << 20,
	BATCH_ARENA_SIZE_MAX = 512 << 20,
	READER_ARENA_SIZE_MAX = 64 << 20,
	PART_SIZE = 1 << 20,
	KEY_SIZE_MAX = 8192,
	FINDINGS_MAX = 1000, /* listed; all are counted */
};

struct day_print { /* a payment's fingerprint */
	char z[4 + sizeof(struct file_print)];
};

struct taken { /* a payment of the window */
	struct bank_payment bank;
	struct day_print print;
	int64_t payment_id;
	int64_t case_no; /* 0: on hold */
	str hold;        /* why; "" when it has a case */
	int64_t reverses; /* money taken back: the fact it is of */
	date counts_on;
	bool already;
	bool waits; /* its case has a letter that is not handed over: booked by itself */
};

struct importer {
	const struct op *op;
	const char *path;
	str bytes;
	enum bank_file_kind kind;
	struct file_sha256 sha;
	struct agency agency;
	struct bank_summary summary;
	struct terms_book terms;
	int64_t file_id; /* 0: not begun */
	struct arena *reader;
	struct arena *window_arena;
	struct taken *window;
	size_t window_count, window_capacity, window_text_size;
	struct arena *arena; /* of the batch */
	struct taken **batch; /* a stretch of the window in its order */
	size_t batch_count;
	struct repeats *repeats;
	const int64_t *waiting; /* cases with a letter ordered and not handed over, sorted */
	size_t waiting_count;
	int64_t own_count; /* entries of the agency's own account since its last statement */
	int64_t done, resolved;
	struct payment_import_result *result;
	size_t finding_capacity;
};

/* ---- what is said about a record ---- */

static str record_place(const struct importer *importer, const struct bank_payment *payment)
{
	const char *what = importer->kind == BANK_FILE_OCR ? "line" : "transaction";
	return str_format(importer->op->arena, "%s %lld", what, (long long)payment->line_no);
}

static void finding_add(struct importer *importer, str where, str reason)
{
	struct payment_import_result *result = importer->result;
	result->finding_count++;
	if (result->finding_listed == FINDINGS_MAX)
		return;
	if (result->finding_listed == importer->finding_capacity) {
		importer->finding_capacity = importer->finding_capacity ? importer->finding_capacity * 2 : 16;
		result->findings = arena_grow(importer->op->arena, result->findings, result->finding_listed,
			importer->finding_capacity, sizeof *result->findings);
	}
	result->findings[result->finding_listed++] = (struct payment_finding){
		.path = str_copy(importer->op->arena, str_from_z(importer->path)),
		.where = where,
		.reason = str_copy(importer->op->arena, reason),
	};
}

static void record_refuse(struct importer *importer, const struct bank_payment *payment, str reason)
{
	importer->result->refused++;
	finding_add(importer, record_place(importer, payment), reason);
}

/* ---- the check before anything is booked ---- */

static bool is_own_account(const struct importer *importer, str account)
{
	return importer->agency.own_account.size && str_eq(account, importer->agency.own_account);
}

static err_t account_check(const struct importer *importer, str account)
{
	if (str_eq(account, importer->agency.account))
		return OK;
	if (!is_own_account(importer, account))
		return fail(ERR_REFUSED, "account %.*s is not ours", STR_ARG(account));
	return importer->kind == BANK_FILE_CAMT053
		       ? OK
		       : fail(ERR_REFUSED, "account %.*s is the agency's own: only its statement (camt.053) is read",
				 STR_ARG(account));
}

static err_t payment_check(const struct bank_payment *payment, void *context)
{
	const struct importer *importer = context;
	err_t err = account_check(importer, payment->account);
	if (!err && date_after(payment->settled_on, importer->op->today))
		err = fail(ERR_REFUSED, "settled on %s, which is after today (%s)", date_iso(payment->settled_on).z,
			date_iso(importer->op->today).z);
	return err ? within(err, "%.*s", STR_ARG(record_place(importer, payment))) : OK;
}

static err_t statement_check(const struct bank_statement *statement, void *context)
{
	return within(account_check(context, statement->account), "statement %.*s", STR_ARG(statement->reference));
}

static err_t file_read(struct importer *importer, bank_payment_fn each, bank_statement_fn each_statement)
{
	const struct xml_module *xml;
	if (importer->kind == BANK_FILE_OCR)
		return ocr_read(importer->bytes, importer->reader, importer->op->today, each, importer, &importer->summary);
	TRY(xml_module_load(&xml));
	return xml->camt_read(importer->bytes, importer->reader, each, each_statement, importer, &importer->summary);
}

/* ---- the file's row and bytes ---- */

static const char *file_kind(enum bank_file_kind kind)
{
	switch (kind) {
	case BANK_FILE_OCR:
		return "ocr";
	case BANK_FILE_CAMT053:
		return "camt053";
	case BANK_FILE_CAMT054:
		return "camt054";
	case BANK_FILE_PAIN002:
		return "pain002";
	case BANK_FILE_UNKNOWN:
		break;
	}
	panic("an unknown file is never booked");
}

/* Begins the file, or goes on with one that was cut short. Inside a transaction. */
static err_t file_row_begin(struct importer *importer)
{
	const struct op *op = importer->op;
	struct file_find_row begun;
	struct file_last_id_row last;
	bool found;
	if (importer->file_id)
		return OK;
	str mark = str_format(op->arena, "begun:%s", importer->sha.z);
	TRY(q_file_find(op->db, op->arena, mark, &begun, &found));
	if (found) {
		importer->file_id = begun.file_id;
		return OK;
	}
	const char *slash = strrchr(importer->path, '/');
	TRY(q_file_last_id(op->db, op->arena, &last, &found));
	TRY(q_file_insert(op->db, last.file_id + 1, str_from_z(slash ? slash + 1 : importer->path),
		str_from_z(file_kind(importer->kind)), mark, op->today, 0, MONEY_ZERO));
	importer->file_id = last.file_id + 1;
	return OK;
}

static size_t part_count(const struct importer *importer)
{
	return (importer->bytes.size + PART_SIZE - 1) / PART_SIZE;
}

static err_t part_insert(struct importer *importer, size_t part)
{
	size_t first = part * PART_SIZE, left = importer->bytes.size - first;
	str body = { importer->bytes.at + first, left < PART_SIZE ? left : PART_SIZE };
	TRY(file_row_begin(importer));
	return q_file_part_insert(importer->op->db, importer->file_id, i64_from_size(part) + 1, body);
}

/* All parts but the last, each by itself: a large file must not hold up others. */
static err_t parts_insert(struct importer *importer)
{
	for (size_t part = 0; part + 1 < part_count(importer); part++) {
		TRY(db_begin(importer->op->db));
		TRY(db_end(importer->op->db, part_insert(importer, part)));
	}
	return OK;
}

static err_t file_row_complete(struct importer *importer)
{
	if (part_count(importer))
		TRY(part_insert(importer, part_count(importer) - 1));
	return q_file_complete(importer->op->db, str_from_z(importer->sha.z), importer->summary.payment_count,
		importer->summary.sum, importer->file_id);
}

/* ---- fingerprints ---- */

static uint64_t print_hash(const struct file_print *print)
{
	uint64_t first, second; /* 16 of its 22 characters: 96 bits */
	memcpy(&first, print->z, sizeof first);
	memcpy(&second, print->z + sizeof first, sizeof second);
	uint64_t hash = (first ^ (second << 1)) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ (second >> 32 | second << 32) ^ (hash >> 29);
}

/* The day first, so that a day's fingerprints are neighbours in the book. */
static struct day_print print_dated(const struct file_print *print, date on)
{
	struct day_print dated;
	snprintf(dated.z, sizeof dated.z, "%04x%s", (unsigned)on.day & 0xFFFFu, print->z); /* 1970 to 2149 */
	return dated;
}

/* The k-th of several equal ones in one file is the k-th in another (engine-rules, allocation). */
static struct day_print payment_print(struct importer *importer, const struct bank_payment *payment)
{
	char numbers[64];
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
	struct file_print print = file_print(text_str(&key));
	int64_t nth = repeats_next(importer->repeats, print_hash(&print));
	if (nth > 1) {
		text_addf(&key, "|%lld", (long long)nth);
		print = file_print(text_str(&key));
	}
	arena_reset(importer->arena, mark);
	return print_dated(&print, payment->settled_on);
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
	for (size_t i = 0; i < row_count; i++)
		importer->batch[rows[i].no]->already = true;
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
			taken->hold = S("the payment has no KID");
		else if (!kid_is_valid(bank->kid))
			taken->hold = S("the KID's check digit is wrong");
		else if (kid_case(bank->kid, &case_no) && case_no <= last.case_id)
			taken->case_no = case_no;
		else {
			picked[pick_count] = i;
			picks[pick_count++].key = bank->kid;
			taken->hold = S("no case has this KID");
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
		taken_hold(taken, S("no case has this KID"));
		return OK;
	}
	if (payment_case_is_withdrawn(book, entry)) {
		taken_hold(taken, S("the case was handed back to its client"));
		return OK;
	}
	taken->waits = case_waits(importer, entry);
	if (!bank->reversal)
		return OK;
	bool found;
	struct fact fact = taken_fact(taken);
	TRY(payment_reversal_find(importer->op, importer->arena, taken->case_no, bank->payer_account, &fact, &found));
	if (!found)
		taken_hold(taken, S("money taken back, and the case has no payment of that amount"));
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

static int taken_sum_compare(const void *a, const void *b)
{
	const struct taken *x = *(const struct taken *const *)a, *y = *(const struct taken *const *)b;
	int order = date_compare(x->bank.settled_on, y->bank.settled_on);
	return order ? order : str_compare(x->bank.batch, y->bank.batch);
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
			.description = str_format(importer->arena, "%s: %zu payments",
				bank_file_kind_name(importer->kind), end - i),
			.reference = str_format(importer->arena, "file %lld", (long long)importer->file_id),
			.postings = postings,
			.posting_count = 2,
		};
		TRY(ledger_book(&writer, &voucher));
	}
	return ledger_end(&writer);
}

/* What the statement may show as one sum: by settlement day and the bank's name of the batch. Statements themselves, and
 * sums, are no such thing. */
static err_t receipts_add(struct importer *importer, struct taken *const *order, size_t count)
{
	struct receipt_add_row *rows = arena_many(importer->arena, count, struct receipt_add_row);
	size_t row_count = 0;
	const struct bank_payment *last = NULL;
	if (importer->kind == BANK_FILE_CAMT053)
		return OK;
	for (size_t i = 0; i < count; i++) {
		const struct bank_payment *bank = &order[i]->bank;
		if (bank->reversal || str_eq_z(bank->hold_reason, BANK_SUM_REASON))
			continue;
		if (!last || !date_eq(last->settled_on, bank->settled_on) || !str_eq(last->batch, bank->batch))
			rows[row_count++] = (struct receipt_add_row){ bank->account, bank->settled_on, importer->file_id,
				text_of(bank->batch), MONEY_ZERO, S("") };
		rows[row_count - 1].amount_minor = money_add(rows[row_count - 1].amount_minor, bank->amount);
		last = bank;
	}
	return q_receipt_add(importer->op->db, rows, row_count);
}

static err_t batch_receipts(struct importer *importer)
{
	struct taken **order = arena_many(importer->arena, importer->batch_count, struct taken *);
	size_t count = 0;
	for (size_t i = 0; i < importer->batch_count; i++)
		if (!importer->batch[i]->already)
			order[count++] = importer->batch[i];
	qsort(order, count, sizeof *order, taken_sum_compare);
	TRY(receipts_book(importer, order, count));
	return receipts_add(importer, order, count);
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

static err_t batch_book(struct importer *importer)
{
	struct book book;
	if (!importer->batch_count)
		return OK;
	TRY(terms_refresh(importer));
	TRY(file_row_begin(importer));
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

static void batch_count(struct importer *importer)
{
	struct payment_import_result *result = importer->result;
	for (size_t i = 0; i < importer->batch_count; i++) {
		const struct taken *taken = importer->batch[i];
		result->already += taken->already;
		if (taken->already)
			continue;
		*(taken->case_no ? &result->booked : &result->on_hold) += 1;
		bool taken_back = taken->bank.reversal && taken->bank.debit;
		result->sum = taken_back ? money_sub(result->sum, taken->bank.amount) : money_add(result->sum, taken->bank.amount);
	}
	importer->done += i64_from_size(importer->batch_count);
	op_progress(importer->op, "payments", importer->done, importer->summary.payment_count);
}

/* Inside a transaction: with the last batch the file is entered as read. */
static err_t file_finish(struct importer *importer)
{
	TRY(file_row_begin(importer));
	if (importer->kind != BANK_FILE_CAMT053 && !date_is_none(importer->summary.first_on)) {
		struct bank_days days = { importer->summary.first_on, importer->summary.last_on };
		TRY(bank_sums_resolve(importer->op, importer->arena, importer->agency.account, days, &importer->resolved));
	}
	return file_row_complete(importer);
}

static err_t batch_finish(struct importer *importer, bool is_last)
{
	TRY(batch_book(importer));
	return is_last ? file_finish(importer) : OK;
}

static err_t batch_commit(struct importer *importer, bool is_last)
{
	struct arena_mark mark = arena_mark(importer->arena);
	TRY(db_begin(importer->op->db));
	TRY(db_end(importer->op->db, batch_finish(importer, is_last)));
	batch_count(importer);
	arena_reset(importer->arena, mark);
	return OK;
}

/* Our own KID says the case; the others are looked up later, and come first. */
static int64_t kid_order(str kid)
{
	int64_t case_no = 0;
	return kid_case(kid, &case_no) ? case_no : 0;
}

static int taken_case_compare(const void *a, const void *b)
{
	const struct taken *x = *(const struct taken *const *)a, *y = *(const struct taken *const *)b;
	if (x->case_no != y->case_no)
		return x->case_no < y->case_no ? -1 : 1;
	return (x > y) - (x < y); /* both in the window: as in the file */
}

/* Books the window. A window of one batch stays in the file's order. */
static err_t window_book(struct importer *importer, bool is_last)
{
	size_t count = importer->window_count;
	struct taken **order = arena_many(importer->window_arena, count, struct taken *);
	for (size_t i = 0; i < count; i++)
		order[i] = &importer->window[i];
	if (count > BATCH_PAYMENTS)
		qsort(order, count, sizeof *order, taken_case_compare);
	for (size_t first = 0; first < count || (is_last && first == 0); first += BATCH_PAYMENTS) {
		importer->batch = order + first;
		importer->batch_count = count - first < BATCH_PAYMENTS ? count - first : BATCH_PAYMENTS;
		TRY(batch_commit(importer, is_last && first + BATCH_PAYMENTS >= count));
	}
	return OK;
}

static void window_empty(struct importer *importer)
{
	arena_reset(importer->window_arena, (struct arena_mark){ 0 });
	int64_t left = importer->summary.payment_count - importer->done;
	importer->window_capacity = left < WINDOW_PAYMENTS ? size_from_i64(left > 0 ? left : 0) + 1 : WINDOW_PAYMENTS;
	importer->window = arena_many(importer->window_arena, importer->window_capacity, struct taken);
	importer->window_count = 0;
	importer->window_text_size = 0;
}

static err_t window_flush(struct importer *importer)
{
	if (!importer->window_count)
		return OK;
	TRY(window_book(importer, false));
	window_empty(importer);
	return OK;
}

/* ---- records ---- */

/* The texts of a payment are good only during the call. */
static struct bank_payment payment_keep(struct arena *arena, const struct bank_payment *payment)
{
	struct bank_payment kept = *payment;
	str *const texts[] = { &kept.account, &kept.currency, &kept.kid, &kept.payer_account, &kept.payer_name, &kept.message,
		&kept.reference, &kept.batch, &kept.end_to_end, &kept.hold_reason };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i]->size)
			*texts[i] = str_copy(arena, *texts[i]);
	return kept;
}

static err_t window_add(struct importer *importer, const struct bank_payment *payment)
{
	struct taken *taken = &importer->window[importer->window_count++];
	taken->print = payment_print(importer, payment);
	taken->bank = payment_keep(importer->window_arena, payment);
	taken->case_no = kid_order(payment->kid);
	importer->window_text_size += payment->message.size + payment->payer_name.size + payment->reference.size;
	bool is_full = importer->window_count == importer->window_capacity || importer->window_text_size > WINDOW_TEXT_SIZE;
	return is_full ? window_flush(importer) : OK;
}

static void outcome_count(struct importer *importer, const struct bank_payment *payment,
	const struct bank_outcome *outcome, int64_t *payouts)
{
	importer->done++;
	*payouts += outcome->payouts;
	importer->result->booked += outcome->fate == BANK_BOOKED;
	importer->result->already += outcome->fate == BANK_ALREADY;
	if (outcome->fate == BANK_REFUSED)
		record_refuse(importer, payment, outcome->reason);
}

static err_t record_take(struct importer *importer, const struct bank_payment *payment)
{
	struct bank_outcome outcome;
	if (is_own_account(importer, payment->account)) {
		importer->own_count++;
		return OK;
	}
	if (!str_eq_z(payment->currency, "NOK")) {
		record_refuse(importer, payment, str_format(importer->op->arena, "%s in %.*s: the account is kept in NOK",
			money_plain(payment->amount).z, STR_ARG(payment->currency)));
		return OK;
	}
	if (!payment->debit && !payment->reversal)
		return window_add(importer, payment);
	TRY(window_flush(importer));
	if (payment->debit && !payment->reversal) {
		TRY(bank_debit(importer->op, importer->arena, payment, &outcome));
		outcome_count(importer, payment, &outcome, &importer->result->payouts_paid);
		return OK;
	}
	if (!payment->debit) {
		bool is_ours;
		TRY(bank_payout_return(importer->op, importer->arena, payment, &outcome, &is_ours));
		if (!is_ours)
			return window_add(importer, payment);
		outcome_count(importer, payment, &outcome, &importer->result->payouts_rejected);
		return OK;
	}
	/* Money taken back is matched with what is in the book: a batch of its own. */
	TRY(window_add(importer, payment));
	return window_flush(importer);
}

static err_t payment_take(const struct bank_payment *payment, void *context)
{
	struct importer *importer = context;
	struct arena_mark mark = arena_mark(importer->arena);
	TRY(record_take(importer, payment));
	arena_reset(importer->arena, mark);
	return OK;
}

/* Movements of the agency's own account come into the books by other ways (payouts of fees, imported vouchers): they are
 * there when the statement agrees. */
static void own_statement_count(struct importer *importer, const struct bank_statement *statement, money difference)
{
	struct payment_import_result *result = importer->result;
	int64_t count = importer->own_count;
	importer->own_count = 0;
	result->own_reconciled_on = statement->closed_on;
	result->own_difference = difference;
	*(difference.minor ? &result->refused : &result->already) += count;
	if (difference.minor && count)
		finding_add(importer, S(""),
			str_format(importer->op->arena, "the agency's own account has %s more on %s than the books: import the "
							"vouchers of its %lld movements (kravbok ledger import)",
				money_plain(difference).z, date_iso(statement->closed_on).z, (long long)count));
}

static err_t statement_take(const struct bank_statement *statement, void *context)
{
	struct importer *importer = context;
	const struct op *op = importer->op;
	struct bank_reconciliation reconciliation;
	TRY(window_flush(importer));
	bool is_own = is_own_account(importer, statement->account);
	if (!statement->has_balances || date_is_none(statement->closed_on)) {
		importer->result->already += importer->own_count; /* nothing to compare with */
		importer->own_count = 0;
		return OK;
	}
	TRY(db_begin(op->db));
	TRY(db_end(op->db, file_row_begin(importer)));
	struct arena_mark mark = arena_mark(importer->arena);
	TRY(bank_reconcile(op, importer->arena, statement, importer->file_id, is_own ? ACCOUNT_OWN_BANK : ACCOUNT_CLIENT_BANK,
		&reconciliation));
	if (reconciliation.gap.size)
		finding_add(importer, S(""), reconciliation.gap);
	arena_reset(importer->arena, mark);
	if (is_own) {
		own_statement_count(importer, statement, reconciliation.difference);
		return OK;
	}
	importer->result->reconciled_on = statement->closed_on;
	importer->result->bank_balance = statement->closing;
	importer->result->difference = reconciliation.difference;
	return OK;
}

static err_t status_take(const struct pain002_status *status, void *context)
{
	struct importer *importer = context;
	struct bank_outcome outcome;
	TRY(bank_order_status(importer->op, importer->arena, status, &outcome));
	importer->summary.payment_count += status->is_rejected;
	importer->result->payouts_rejected += outcome.payouts;
	importer->result->booked += outcome.payouts;
	importer->result->already += status->is_rejected && outcome.fate == BANK_ALREADY;
	if (outcome.fate == BANK_REFUSED) {
		importer->result->refused++;
		finding_add(importer, S(""), outcome.reason);
	}
	return OK;
}

/* ---- the file ---- */

static err_t waiting_load(struct importer *importer)
{
	const struct op *op = importer->op;
	struct letter_waiting_before_row *rows;
	TRY(q_letter_waiting_before(op->db, op->arena, date_add(op->today, 1), &rows, &importer->waiting_count));
	int64_t *waiting = arena_many(op->arena, importer->waiting_count, int64_t);
	for (size_t i = 0; i < importer->waiting_count; i++)
		waiting[i] = rows[i].case_id;
	importer->waiting = waiting;
	return OK;
}

static err_t import_book(struct importer *importer)
{
	const struct op *op = importer->op;
	importer->repeats = repeats_create(size_from_i64(importer->summary.payment_count));
	window_empty(importer);
	TRY(terms_book_load(op, &importer->terms));
	TRY(waiting_load(importer));
	TRY(file_read(importer, payment_take, statement_take));
	TRY(parts_insert(importer));
	TRY(window_book(importer, true));
	importer->result->sums_resolved += importer->resolved;
	return OK;
}

static err_t pain002_book(struct importer *importer)
{
	const struct xml_module *xml;
	TRY(file_row_begin(importer));
	TRY(xml_module_load(&xml));
	TRY(xml->pain002_read(importer->bytes, importer->reader, status_take, importer));
	return file_row_complete(importer);
}

static err_t pain002_import(struct importer *importer)
{
	const struct xml_module *xml;
	TRY(xml_module_load(&xml));
	TRY(xml->pain002_read(importer->bytes, importer->reader, NULL, NULL));
	TRY(parts_insert(importer));
	TRY(db_begin(importer->op->db));
	return db_end(importer->op->db, pain002_book(importer));
}

static err_t import_run(struct importer *importer)
{
	const struct op *op = importer->op;
	struct file_find_row known;
	bool found;
	importer->kind = bank_file_detect(importer->bytes);
	if (importer->kind == BANK_FILE_UNKNOWN)
		return fail(ERR_INPUT, "this is none of the bank's files (OCR giro, camt.053, camt.054, pain.002)");
	importer->sha = file_sha256(importer->bytes);
	TRY(q_file_find(op->db, op->arena, str_from_z(importer->sha.z), &known, &found));
	if (found) {
		importer->result->already += known.row_count;
		return OK;
	}
	TRY(agency_load(op, &importer->agency));
	if (!importer->agency.account.size)
		return fail(ERR_REFUSED, "the client-funds account is not set: kravbok init --account BBAN");
	if (importer->kind == BANK_FILE_PAIN002)
		return pain002_import(importer);
	TRY(file_read(importer, payment_check, statement_check));
	TRY(law_reaches(op->law, op->today));
	return import_book(importer);
}

err_t payment_import(const struct op *op, const char *path, struct payment_import_result *result)
{
	struct file_view view;
	TRY(file_view_open(path, &view));
	err_t err = db_lock(op->db, "payments");
	if (err) {
		file_view_close(&view);
		return err;
	}
	struct importer importer = {
		.op = op,
		.path = path,
		.bytes = view.bytes,
		.result = result,
		.finding_capacity = result->finding_listed,
		.window_arena = arena_create(WINDOW_ARENA_SIZE_MAX),
		.arena = arena_create(BATCH_ARENA_SIZE_MAX),
		.reader = arena_create(READER_ARENA_SIZE_MAX),
	};
	err = within(import_run(&importer), "%s", path);
	repeats_destroy(importer.repeats);
	arena_destroy(importer.reader);
	arena_destroy(importer.arena);
	arena_destroy(importer.window_arena);
	db_unlock(op->db, "payments");
	file_view_close(&view);
	return err;
}
