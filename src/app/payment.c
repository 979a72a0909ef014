/* A bank file's way in:
 *
 *	check    the reader's controls, then that every account is ours and no day lies ahead: nothing is written yet
 *	begin    the row of table file, its sha256 marked 'begun:'
 *	windows  as many payments as memory allows, in order of their case, so that a page of the book is written once
 *	batches  some hundred of them each: known ones left out by fingerprint, the others booked or put on hold; some in a
 *	         transaction
 *	end      the file's bytes, sums on hold that are now explained, and the true sha256, in one transaction
 *
 * Killed anywhere, a second run finds what is booked by its fingerprints and goes on in the same row of table file. */
#include "app/payment.h"

#include "app/bank.h"
#include "app/payment_import.h"
#include "format/ocr.h"
#include "format/xml_module.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum {
	COMMIT_PAYMENTS = 2500, /* some 50 ms for which another writer waits */
	WINDOW_PAYMENTS = 1 << 17,
	WINDOW_TEXT_SIZE = 64 << 20, /* a window is closed when its texts are this long */
	WINDOW_ARENA_SIZE_MAX = 256 << 20,
	BATCH_ARENA_SIZE_MAX = 512 << 20,
	READER_ARENA_SIZE_MAX = 64 << 20,
	LUMP_ARENA_SIZE_MAX = 64 << 20,
	PART_SIZE = 1 << 20,
	FINDINGS_MAX = 1000, /* listed; all are counted */
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
	if (importer->lumps && !date_is_none(importer->summary.first_on)) {
		TRY(import_lumps_insert(importer));
		struct bank_days days = { importer->summary.first_on, importer->summary.last_on };
		TRY(bank_sums_resolve(importer->op, importer->arena, importer->agency.account, days, &importer->resolved));
	}
	return file_row_complete(importer);
}

static err_t batch_finish(struct importer *importer, bool is_last)
{
	TRY(file_row_begin(importer));
	TRY(import_batch_book(importer));
	if (importer->lumps)
		import_lumps_add(importer);
	return is_last ? file_finish(importer) : OK;
}

/* Several batches in one transaction: what a batch needs in memory stays small, and few commits wait for the disk. */
static err_t batches_book(struct importer *importer, struct taken **order, size_t count, bool is_last)
{
	struct arena_mark mark = arena_mark(importer->arena);
	size_t size = db_batch_size(importer->op->db);
	for (size_t first = 0; first < count || first == 0; first += size) {
		importer->batch = order + first;
		importer->batch_count = count - first < size ? count - first : size;
		TRY(batch_finish(importer, is_last && first + size >= count));
		batch_count(importer);
		arena_reset(importer->arena, mark);
	}
	return OK;
}

static err_t batches_commit(struct importer *importer, struct taken **order, size_t count, bool is_last)
{
	TRY(db_begin(importer->op->db));
	return db_end(importer->op->db, batches_book(importer, order, count, is_last));
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
	if (count > db_batch_size(importer->op->db))
		qsort(order, count, sizeof *order, taken_case_compare);
	for (size_t first = 0; first < count || (is_last && first == 0); first += COMMIT_PAYMENTS) {
		size_t left = count - first, part = left < COMMIT_PAYMENTS ? left : COMMIT_PAYMENTS;
		TRY(batches_commit(importer, order + first, part, is_last && part == left));
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
static struct bank_payment payment_keep(struct importer *importer, const struct bank_payment *payment)
{
	struct bank_payment kept = *payment;
	str *const texts[] = { &kept.account, &kept.currency, &kept.kid, &kept.payer_account, &kept.payer_name, &kept.message,
		&kept.reference, &kept.batch, &kept.end_to_end, &kept.hold_reason };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!texts[i]->size)
			continue;
		*texts[i] = str_copy(importer->window_arena, *texts[i]);
		importer->window_text_size += texts[i]->size;
	}
	return kept;
}

static err_t window_add(struct importer *importer, const struct bank_payment *payment)
{
	struct taken *taken = &importer->window[importer->window_count++];
	taken->print = import_print(importer, payment);
	taken->bank = payment_keep(importer, payment);
	taken->case_no = import_kid_case(payment->kid);
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
	if (importer->kind != BANK_FILE_CAMT053)
		import_lumps_begin(importer);
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
	/* Before the law's first day there can be no case, and money without one needs no law: only its end matters. */
	if (date_after(op->today, law_horizon(op->law)))
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
		.lump_arena = arena_create(LUMP_ARENA_SIZE_MAX),
		.window_arena = arena_create(WINDOW_ARENA_SIZE_MAX),
		.arena = arena_create(BATCH_ARENA_SIZE_MAX),
		.reader = arena_create(READER_ARENA_SIZE_MAX),
	};
	db_in_order(op->db, true);
	err = within(import_run(&importer), "%s", path);
	db_in_order(op->db, false);
	repeats_destroy(importer.repeats);
	arena_destroy(importer.reader);
	arena_destroy(importer.arena);
	arena_destroy(importer.window_arena);
	arena_destroy(importer.lump_arena);
	db_unlock(op->db, "payments");
	file_view_close(&view);
	return err;
}
