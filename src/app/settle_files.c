/* The files of a settlement run, written from what is stored, so that they can be written again: a statement for each
 * client (PDF to read, CSV for its accounts) and one payment file. Rows are read in pages; a statement of very many
 * payments shows them month by month in the PDF, and each of them in the CSV. */
#include "app/settle.h"

#include "app/file.h"
#include "app/letter.h"
#include "app/setup.h"
#include "core/life.h"
#include "format/pain.h"
#include "format/settlement_csv.h"
#include "sql.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PAGE_ROWS = 2000,
	PAGE_ARENA_SIZE_MAX = 64 << 20,
	STATEMENT_ARENA_SIZE_MAX = 1 << 30,
	PDF_ROWS_MAX = 4000, /* some hundred pages; more are folded */
	FOLD_MAX = 2000,
};
_Static_assert((int)PDF_ROWS_MAX <= (int)STATEMENT_ROW_MAX, "a statement takes them");

struct writing {
	const struct op *op;
	const char *folder;
	struct agency agency;
	struct letter_writer writer; /* opened for the first statement */
	struct settlement_run_find_row run;
	struct arena *page, *kept; /* of a page of rows; of a statement */
	struct settle_result *result;
};

/* ---- what an event means to its client ---- */

struct what_text {
	const char *name, *text;
};
static const struct what_text what_texts[SETTLE_WHAT_COUNT] = {
	[SETTLE_PAYMENT] = { "payment", "Innbetaling" },
	[SETTLE_DIRECT] = { "direct_payment", "Betalt direkte til deg" },
	[SETTLE_REVERSAL] = { "reversal", "Tilbakeført innbetaling" },
	[SETTLE_ABSORBED] = { "absorbed", "Gebyr gått inn i salær" },
	[SETTLE_CREDIT] = { "credit", "Kreditert" },
	[SETTLE_RESOLUTION] = { "resolution", "Innsigelse avgjort" },
	[SETTLE_JOINED] = { "joined", "Krav slått sammen" },
	[SETTLE_CORRECTION] = { "correction", "Rettelse" },
	[SETTLE_OTHER] = { "other", "Annet" },
};

const char *settle_what_name(enum settle_what what)
{
	require(what < SETTLE_WHAT_COUNT);
	return what_texts[what].name;
}

static enum settle_what what_of(const struct settlement_lines_row *row)
{
	enum event_kind kind;
	if (row->has_reverses)
		return SETTLE_CORRECTION;
	if (!event_kind_named(row->what, &kind))
		return SETTLE_OTHER;
	switch (kind) {
	case EVENT_PAYMENT: return SETTLE_PAYMENT;
	case EVENT_DIRECT_PAYMENT: return SETTLE_DIRECT;
	case EVENT_REVERSAL: return SETTLE_REVERSAL;
	case EVENT_ABSORB:
	case EVENT_DEMAND:
	case EVENT_HEAVY: return SETTLE_ABSORBED;
	case EVENT_CREDIT: return SETTLE_CREDIT;
	case EVENT_RESOLUTION: return SETTLE_RESOLUTION;
	case EVENT_JOIN:
	case EVENT_JOINED: return SETTLE_JOINED;
	default: return SETTLE_OTHER;
	}
}

static str what_text(const struct settlement_lines_row *row)
{
	return str_from_z(what_texts[what_of(row)].text);
}

enum line_kind { LINE_PAYMENT, LINE_DIRECT, LINE_CREDIT, LINE_COSTS };

/* In a payment every change of what is owed is something covered. In the others charges change too, and only the client's
 * part itself tells: a credit takes back principal, all else is about fees. */
static enum line_kind line_kind(const struct settlement_lines_row *row)
{
	enum event_kind kind;
	if (!event_kind_named(row->what, &kind))
		return LINE_COSTS;
	if (kind == EVENT_PAYMENT || kind == EVENT_REVERSAL)
		return LINE_PAYMENT;
	if (kind == EVENT_DIRECT_PAYMENT)
		return LINE_DIRECT;
	return kind == EVENT_CREDIT ? LINE_CREDIT : LINE_COSTS;
}

/* VAT is charged to the client on the commission, and on the salær when it can deduct it; else the debtor has paid the
 * salær's VAT. An event whose commission is nothing has no VAT on it either: both are running totals of one sum. */
static money client_vat(const struct settlement_lines_row *row, const struct law *law)
{
	money vat = money_neg(row->vat_minor), commission = money_neg(row->commission_minor);
	if (row->vat_deductible)
		return vat;
	if (!commission.minor)
		return MONEY_ZERO;
	money salaer_gross = money_neg(money_add(row->salaer_minor, row->plan_fee_minor));
	money salaer_vat = money_sub(salaer_gross, money_neg(row->salaer_income_minor));
	money charged = money_sub(vat, salaer_vat);
	/* The running total may be an øre from the plain reckoning. More means that costs were waived before: use that. */
	money plain = money_ratio(commission, law->parameters.vat_per_mille, 1000, ROUND_HALF_UP);
	money off = money_sub(charged, plain);
	return off.minor < -1 || off.minor > 1 ? plain : charged;
}

static struct settlement_csv_row line_parts(const struct settlement_lines_row *row, const struct law *law)
{
	struct settlement_csv_row parts = {
		.on = row->counts_on,
		.booked_on = row->booked_on,
		.case_no = row->case_id,
		.invoice_no = row->invoice_no,
		.debtor = row->debtor_name,
		.what = what_text(row),
		.salaer = money_neg(row->salaer_income_minor),
		.commission = money_neg(row->commission_minor),
		.vat = client_vat(row, law),
		.net = row->amount_minor,
	};
	enum line_kind kind = line_kind(row);
	money part = money_add(parts.net, money_add(parts.commission, parts.vat));
	parts.salaer_vat = money_sub(money_neg(row->vat_minor), parts.vat);
	if (kind == LINE_COSTS) {
		parts.gross = row->hold_minor;
		parts.fees = part;
		return parts;
	}
	if (kind == LINE_CREDIT) {
		parts.principal = part;
		return parts;
	}
	money covered = money_neg(money_sub(row->owed_minor, row->accrued_minor));
	parts.principal = money_neg(row->principal_minor);
	parts.interest = money_neg(row->interest_minor);
	parts.compensation = money_neg(row->compensation_minor);
	parts.court = money_sub(row->outlay_minor, row->legal_minor);
	parts.direct = kind == LINE_DIRECT ? money_sub(covered, row->refund_minor) : MONEY_ZERO;
	parts.gross = kind == LINE_DIRECT ? parts.direct : row->hold_minor;
	money others = money_add(money_add(parts.principal, parts.interest), money_add(parts.compensation, parts.court));
	parts.fees = money_sub(money_add(part, parts.direct), others);
	return parts;
}

/* ---- the PDF's rows ---- */

/* The statement has three columns for the client's part. What it has got itself is not passed on: taken off principal
 * first, and off the fees last, where it shows as owed to the agency. */
static struct statement_row statement_row_of(const struct settlement_csv_row *parts)
{
	money direct = parts->direct, principal = parts->principal, interest = parts->interest;
	money off = money_min(money_clamp(principal), money_clamp(direct));
	principal = money_sub(principal, off);
	direct = money_sub(direct, off);
	off = money_min(money_clamp(interest), money_clamp(direct));
	interest = money_sub(interest, off);
	direct = money_sub(direct, off);
	return (struct statement_row){
		.on = parts->on,
		.case_no = parts->case_no,
		.invoice_no = parts->invoice_no,
		.debtor = parts->debtor,
		.what = parts->what,
		.gross = parts->gross,
		.principal = principal,
		.interest = interest,
		.fees = money_sub(money_add(money_add(parts->fees, parts->compensation), parts->court), direct),
		.commission = parts->commission,
		.vat = parts->vat,
		.net = parts->net,
	};
}

struct rows { /* of a statement: each one, and the same folded by month and kind */
	money salaer, salaer_vat;
	struct statement_row *all;
	size_t count, capacity;
	bool too_many;
	struct statement_row *folds;
	int64_t *fold_counts;
	size_t fold_count;
};

static bool same_month(date a, date b)
{
	struct civil x = date_civil(a), y = date_civil(b);
	return x.year == y.year && x.month == y.month;
}

static void fold_add(struct rows *rows, const struct statement_row *row)
{
	size_t i = 0;
	bool last = false;
	for (; i < rows->fold_count; i++) {
		last = i == FOLD_MAX - 1;
		if (last || (str_eq(rows->folds[i].what, row->what) && same_month(rows->folds[i].on, row->on)))
			break;
	}
	struct statement_row *fold = &rows->folds[i];
	if (i == rows->fold_count) {
		*fold = (struct statement_row){ .on = row->on, .what = row->what, .invoice_no = S(""), .debtor = S("") };
		rows->fold_counts[rows->fold_count++] = 0;
	}
	rows->fold_counts[i]++;
	fold->on = date_max(fold->on, row->on);
	fold->gross = money_add(fold->gross, row->gross);
	fold->principal = money_add(fold->principal, row->principal);
	fold->interest = money_add(fold->interest, row->interest);
	fold->fees = money_add(fold->fees, row->fees);
	fold->commission = money_add(fold->commission, row->commission);
	fold->vat = money_add(fold->vat, row->vat);
	fold->net = money_add(fold->net, row->net);
}

static void row_keep(struct writing *writing, struct rows *rows, const struct settlement_csv_row *parts)
{
	struct statement_row row = statement_row_of(parts);
	rows->salaer = money_add(rows->salaer, parts->salaer);
	rows->salaer_vat = money_add(rows->salaer_vat, parts->salaer_vat);
	fold_add(rows, &row);
	if (rows->count == PDF_ROWS_MAX) {
		rows->too_many = true;
		return;
	}
	if (rows->count == rows->capacity) {
		rows->capacity = rows->capacity ? rows->capacity * 2 : 64;
		rows->all = arena_grow(writing->kept, rows->all, rows->count, rows->capacity, sizeof *rows->all);
	}
	row.invoice_no = str_copy(writing->kept, row.invoice_no);
	row.debtor = str_copy(writing->kept, row.debtor);
	rows->all[rows->count++] = row;
}

static void folds_name(struct writing *writing, struct rows *rows)
{
	for (size_t i = 0; i < rows->fold_count; i++)
		rows->folds[i].debtor = str_format(writing->kept, "%lld poster, se CSV-filen", (long long)rows->fold_counts[i]);
}

/* ---- a client's statement ---- */

static err_t lines_read(struct writing *writing, int64_t settlement_no, struct settlement_csv *csv, struct rows *rows)
{
	struct arena_mark start = arena_mark(writing->page);
	int64_t after_case = 0, after_event = 0;
	size_t count = PAGE_ROWS;
	while (count == PAGE_ROWS) {
		struct settlement_lines_row *lines;
		TRY(q_settlement_lines(writing->op->db, writing->page, settlement_no, after_case, after_event, PAGE_ROWS, &lines,
			&count));
		for (size_t i = 0; i < count; i++) {
			struct settlement_csv_row parts = line_parts(&lines[i], writing->op->law);
			settlement_csv_add(csv, &parts);
			row_keep(writing, rows, &parts);
			after_case = lines[i].case_id;
			after_event = lines[i].event_no;
		}
		arena_reset(writing->page, start);
	}
	return OK;
}

static money carried_out(const struct settlement_list_row *row)
{
	return money_sub(money_add(row->carried_minor, row->movement_minor), row->payout_minor);
}

static err_t csv_write(struct writing *writing, const struct settlement_list_row *row, const char *path, struct rows *rows)
{
	struct file_writer *file;
	TRY(file_begin(writing->kept, path, &file));
	struct settlement_csv csv = settlement_csv_begin(writing->kept, file_sink(file), row->settlement_no);
	struct settlement_csv_end end = { row->settled_on, row->carried_minor, row->payout_minor, carried_out(row) };
	err_t err = lines_read(writing, row->settlement_no, &csv, rows);
	if (!err)
		err = settlement_csv_finish(&csv, end);
	if (!err)
		return file_end(file);
	file_drop(file);
	return err;
}

/* The writer brings pango and cairo with it, so it is loaded only when a statement is to be drawn. */
static err_t writer_need(struct writing *writing)
{
	return writing->writer.letters ? OK : letter_writer_open(writing->op, &writing->writer);
}

static struct letter_agency letter_agency_of(const struct agency *agency)
{
	return (struct letter_agency){ agency->name, agency->orgnr, agency->address, agency->postcode, agency->city,
		agency->phone, agency->email, agency->web, agency->account };
}

static err_t pdf_write(struct writing *writing, const struct settlement_list_row *row, const char *path, struct rows *rows)
{
	struct client_find_row client;
	struct settlement_before_row before;
	bool found, has_before;
	size_t page_count;
	TRY(writer_need(writing));
	TRY(q_client_find(writing->op->db, writing->kept, row->client_no, &client, &found));
	if (!found)
		return fail(ERR_INTERNAL, "settlement %lld is of client %lld, which does not exist", (long long)row->settlement_no,
			(long long)row->client_no);
	TRY(q_settlement_before(writing->op->db, writing->kept, row->client_no, row->settlement_no, &before, &has_before));
	if (rows->too_many)
		folds_name(writing, rows);
	struct statement statement = {
		.language = LETTER_NB,
		.agency = letter_agency_of(&writing->agency),
		.client_name = client.name,
		.client_orgnr = client.orgnr,
		.client_account = client.account,
		.client_address = S(""),
		.client_postcode = S(""),
		.client_city = S(""),
		.client_no = row->client_no,
		.settlement_no = row->settlement_no,
		.from_on = has_before ? date_min(date_add(before.settled_on, 1), row->settled_on) : DATE_NONE,
		.to_on = row->settled_on,
		.settled_on = row->settled_on,
		.rows = rows->too_many ? rows->folds : rows->all,
		.row_count = rows->too_many ? rows->fold_count : rows->count,
		.vat_rate_bp = (int)writing->op->law->parameters.vat_per_mille * 10, /* at most 10000 */
		.salaer = rows->salaer,
		.salaer_vat = rows->salaer_vat,
		.carried_in = row->carried_minor,
		.payout = row->payout_minor,
		.carried_out = carried_out(row),
	};
	return writing->writer.module->statement(writing->writer.letters, path, &statement, &page_count);
}

static err_t statement_write(struct writing *writing, const struct settlement_list_row *row, struct settle_client *client)
{
	struct rows rows = {
		.folds = arena_many(writing->kept, FOLD_MAX, struct statement_row),
		.fold_counts = arena_many(writing->kept, FOLD_MAX, int64_t),
	};
	str stem = str_format(writing->kept, "%s/statement-%lld-%lld", writing->folder, (long long)row->client_no,
		(long long)row->settlement_no);
	str pdf = str_format(writing->op->arena, "%.*s.pdf", STR_ARG(stem));
	str csv = str_format(writing->op->arena, "%.*s.csv", STR_ARG(stem));
	TRY(csv_write(writing, row, csv.at, &rows));
	TRY(pdf_write(writing, row, pdf.at, &rows));
	*client = (struct settle_client){ row->settlement_no, row->client_no, row->carried_minor, row->movement_minor,
		row->payout_minor, pdf, csv };
	return OK;
}

/* ---- the payment file ---- */

static str payment_message(struct arena *arena, const struct payout_list_row *payout, const struct settle_result *result)
{
	if (str_eq_z(payout->kind, "fees"))
		return S("Salær og provisjon");
	if (str_eq_z(payout->kind, "refund"))
		return str_format(arena, "Tilbakebetaling av innbetaling %lld", (long long)payout->payment_id);
	for (size_t i = 0; i < result->client_count; i++)
		if (payout->has_client_no && result->clients[i].client_no == payout->client_no)
			return str_format(arena, "Oppgjør %lld", (long long)result->clients[i].settlement_no);
	return S("Oppgjør");
}

static void payout_count_in(struct settle_result *result, const struct payout_list_row *payout)
{
	result->paid_out = money_add(result->paid_out, payout->amount_minor);
	if (str_eq_z(payout->kind, "fees"))
		result->fees = money_add(result->fees, payout->amount_minor);
	if (str_eq_z(payout->kind, "refund"))
		result->refunds = money_add(result->refunds, payout->amount_minor);
}

static err_t pain_file_write(struct writing *writing, const struct pain_file *pain, const char *path)
{
	struct file_writer *file;
	TRY(file_begin(writing->kept, path, &file));
	err_t err = pain_write(pain, writing->kept, file_sink(file));
	if (!err)
		return file_end(file);
	file_drop(file);
	return err;
}

static err_t payments_write(struct writing *writing)
{
	struct settle_result *result = writing->result;
	struct payout_list_row *payouts;
	size_t count;
	TRY(q_payout_list(writing->op->db, writing->kept, writing->run.run_id, &payouts, &count));
	result->file = S("");
	if (!count)
		return OK;
	struct pain_payment *payments = arena_many(writing->kept, count, struct pain_payment);
	for (size_t i = 0; i < count; i++) {
		payments[i] = (struct pain_payment){
			.end_to_end = payouts[i].end_to_end,
			.name = payouts[i].name,
			.account = payouts[i].account,
			.amount = payouts[i].amount_minor,
			.kid = S(""),
			.message = payment_message(writing->kept, &payouts[i], result),
		};
		payout_count_in(result, &payouts[i]);
	}
	date from = date_max(writing->run.settled_on, writing->run.booked_on);
	struct pain_file pain = {
		.message_id = writing->run.message_id,
		.created_on = writing->run.booked_on,
		.execute_on = law_banking_day(writing->op->law, from),
		.debtor_name = writing->agency.name,
		.debtor_orgnr = writing->agency.orgnr,
		.account = writing->agency.account,
		.bank_bic = S(""),
		.national_letters = true,
		.payments = payments,
		.payment_count = count,
	};
	result->file = str_format(writing->op->arena, "%s/pain-%lld.xml", writing->folder, (long long)writing->run.run_id);
	return pain_file_write(writing, &pain, result->file.at);
}

/* ---- a run ---- */

static err_t run_write(struct writing *writing)
{
	struct settle_result *result = writing->result;
	struct arena_mark start = arena_mark(writing->kept);
	struct settlement_list_row *rows;
	size_t count;
	TRY(q_settlement_list(writing->op->db, writing->op->arena, writing->run.run_id, &rows, &count));
	result->run_id = writing->run.run_id;
	result->clients = arena_many(writing->op->arena, count, struct settle_client);
	result->client_count = count;
	result->refunds = result->fees = result->paid_out = MONEY_ZERO;
	for (size_t i = 0; i < count; i++) {
		TRY(statement_write(writing, &rows[i], &result->clients[i]));
		arena_reset(writing->kept, start);
		op_progress(writing->op, "statements", i64_from_size(i + 1), i64_from_size(count));
	}
	TRY(payments_write(writing));
	arena_reset(writing->kept, start);
	return OK;
}

static err_t runs_write(struct writing *writing, date on)
{
	struct settlement_run_find_row *runs;
	size_t count;
	TRY(agency_load(writing->op, &writing->agency));
	TRY(q_settlement_run_find(writing->op->db, writing->op->arena, on, &runs, &count));
	if (count)
		TRY(file_folder_make(writing->folder));
	for (size_t i = 0; i < count; i++) {
		writing->run = runs[i];
		TRY(within(run_write(writing), "settlement run %lld", (long long)runs[i].run_id));
	}
	return OK;
}

err_t settle_files_write(const struct op *op, date on, const char *folder, struct settle_result *result)
{
	struct writing writing = { .op = op, .folder = folder, .result = result };
	writing.page = arena_create(PAGE_ARENA_SIZE_MAX);
	writing.kept = arena_create(STATEMENT_ARENA_SIZE_MAX);
	err_t err = runs_write(&writing, on);
	if (writing.writer.letters)
		letter_writer_close(&writing.writer);
	arena_destroy(writing.kept);
	arena_destroy(writing.page);
	return err;
}

/* ---- one settlement, looked at ---- */

err_t settle_lines(const struct op *op, struct settle_place place, struct settle_line **ret_lines, size_t *ret_count)
{
	struct settlement_lines_row *rows;
	TRY(q_settlement_lines(op->db, op->arena, place.settlement_no, place.after_case, place.after_event, i64_from_size(place.count),
		&rows, ret_count));
	*ret_lines = arena_many(op->arena, *ret_count, struct settle_line);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_lines)[i] = (struct settle_line){
			.what = what_of(&rows[i]),
			.what_name = settle_what_name(what_of(&rows[i])),
			.case_no = rows[i].case_id,
			.event_no = rows[i].event_no,
			.parts = line_parts(&rows[i], op->law),
			.commission_bp = rows[i].commission_bp,
		};
	return OK;
}

static err_t statement_again(struct writing *writing, int64_t settlement_no, struct settle_client *client)
{
	struct settlement_find_row row;
	bool found;
	TRY(agency_load(writing->op, &writing->agency));
	TRY(q_settlement_find(writing->op->db, writing->kept, settlement_no, &row, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no settlement %lld", (long long)settlement_no);
	struct settlement_list_row listed = { row.settlement_no, row.client_no, row.settled_on, row.carried_minor, row.movement_minor,
		row.payout_minor };
	return statement_write(writing, &listed, client);
}

static err_t file_bytes(const struct op *op, str path, str *ret_bytes)
{
	struct file_view view;
	TRY(file_view_open(path.at, &view));
	*ret_bytes = str_copy(op->arena, view.bytes);
	file_view_close(&view);
	return OK;
}

static void folder_remove(const char *folder)
{
	char path[400];
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		unlink(path); /* "." and ".." are folders and stay */
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

err_t settle_statement(const struct op *op, int64_t settlement_no, enum settle_file file, str *ret_bytes)
{
	char folder[] = "/tmp/kravbok-statement-XXXXXX";
	if (!mkdtemp(folder))
		return fail(ERR_OUTSIDE, "could not make a folder in /tmp: %s", strerror(errno));
	struct settle_client client = { 0 };
	struct writing writing = { .op = op, .folder = folder };
	writing.page = arena_create(PAGE_ARENA_SIZE_MAX);
	writing.kept = arena_create(STATEMENT_ARENA_SIZE_MAX);
	err_t err = statement_again(&writing, settlement_no, &client);
	if (!err)
		err = file_bytes(op, file == SETTLE_PDF ? client.statement : client.statement_csv, ret_bytes);
	letter_writer_close(&writing.writer);
	arena_destroy(writing.kept);
	arena_destroy(writing.page);
	folder_remove(folder);
	return err;
}
