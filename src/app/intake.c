/* Rows are gathered a thousand at a time; each batch is checked against the book by three look-ups (invoice, debtor,
 * group) and written by bulk inserts. Everything happens in one transaction, so that a bad row found last undoes all. */
#include "app/intake.h"

#include "app/book.h"
#include "app/file.h"
#include "base/catalog.h"
#include "core/kid.h"
#include "format/xml_module.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum {
	BATCH_ROWS = 4000,
	BATCH_ARENA_SIZE_MAX = 256 << 20,
	FINDINGS_MAX = 1000, /* listed; all are counted */
	FORECAST_DAYS_MAX = 400,
};

struct intake {
	const struct op *op;
	struct intake_order order;
	struct terms_book terms;
	const struct terms *client_terms;
	int64_t terms_no;
	struct arena *arena; /* of the batch */
	struct arena_mark batch_start;
	struct claim_row *rows;
	size_t row_count;
	int64_t case_next, debtor_next;
	struct intake_result *result;
	size_t finding_capacity;
	struct file_writer *bad_rows;
	struct text bad_text; /* in place of it, without a path */
	str head_raw;
	bool any_bad;
};

/* ---- findings ---- */

static void finding_keep(struct intake *intake, const struct row_finding *finding)
{
	struct intake_result *result = intake->result;
	result->rejected_count++;
	if (result->finding_count >= FINDINGS_MAX)
		return;
	if (result->finding_count == intake->finding_capacity) {
		intake->finding_capacity = intake->finding_capacity ? intake->finding_capacity * 2 : 32;
		result->findings = arena_grow(intake->op->arena, result->findings, result->finding_count,
			intake->finding_capacity, sizeof *result->findings);
	}
	result->findings[result->finding_count++] = (struct row_finding){
		.line_no = finding->line_no,
		.field = finding->field,
		.reason = str_copy(intake->op->arena, finding->reason),
	};
}

/* The rows are of the file, so they and its head have room in twice its size, with a line end each. */
static err_t bad_text_keep(struct intake *intake, str raw)
{
	if (!intake->bad_text.arena) {
		intake->bad_text = text_in(intake->op->arena, 2 * INTAKE_BYTES_MAX + CSV_ROW_SIZE_MAX);
		TRY(csv_write_raw(sink_text(&intake->bad_text), intake->head_raw));
	}
	return csv_write_raw(sink_text(&intake->bad_text), raw);
}

/* The first bad row starts the file of rows to be mended. */
static err_t bad_row_keep(struct intake *intake, str raw)
{
	intake->any_bad = true;
	if (!intake->order.path)
		return bad_text_keep(intake, raw);
	if (!intake->order.accept_good || intake->order.dry_run)
		return OK;
	if (!intake->bad_rows) {
		intake->result->bad_rows_path = str_format(intake->op->arena, "%s.bad.csv", intake->order.path);
		TRY(file_begin(intake->op->arena, intake->result->bad_rows_path.at, &intake->bad_rows));
		TRY(csv_write_raw(file_sink(intake->bad_rows), intake->head_raw));
	}
	return csv_write_raw(file_sink(intake->bad_rows), raw);
}

static err_t row_refuse(struct intake *intake, const struct claim_row *row, const char *field, str reason)
{
	struct row_finding finding = { .line_no = row->line_no, .field = field, .reason = reason };
	finding_keep(intake, &finding);
	return bad_row_keep(intake, row->raw);
}

/* ---- what the row alone cannot tell ---- */

static bool debtor_is_minor(const struct intake *intake, const struct claim_row *row)
{
	if (date_is_none(row->born_on))
		return false;
	date of_age = date_add_months(row->born_on, 12 * intake->op->law->parameters.age_of_majority);
	return date_after(of_age, row->issued_on) || date_after(of_age, intake->op->today);
}

/* Scheme, limitation: NULL when the law lets the claim in. */
static const char *law_refuses(const struct intake *intake, const struct claim_row *row)
{
	const struct law *law = intake->op->law;
	if (!law_scheme_for(law, row->due_on))
		return N_("no cost scale is known for a claim that fell due so long ago");
	date limit = law_banking_day(law, date_add_months(row->due_on, 12 * law->parameters.limitation_years));
	if (date_after(intake->op->today, limit))
		return N_("the claim is time-barred (foreldelsesloven §§ 2-3)");
	return NULL;
}

/* ---- the batch ---- */

struct batch {
	struct claim_row *rows; /* those that become cases */
	size_t count;
	int64_t *debtor_ids;
	bool *is_new_debtor;
	bool *has_group; /* the client has a case against this debtor already */
	date *group_stepped_on; /* how far its cases have been stepped: it must be played again from there */
};

static int row_invoice_compare(const void *a, const void *b)
{
	const struct claim_row *x = *(const struct claim_row *const *)a, *y = *(const struct claim_row *const *)b;
	int order = str_compare(x->invoice_no, y->invoice_no);
	return order ? order : (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

static err_t row_is_known(struct intake *intake, const struct claim_row *row, money amount, date due_on)
{
	if (row->amount.minor == amount.minor && date_eq(row->due_on, due_on)) {
		intake->result->already++;
		return OK;
	}
	str reason = str_format(intake->arena,
		err_words("invoice '%.*s' is known with the amount %s due %s: send a credit note instead"), STR_ARG(row->invoice_no), money_plain(amount).z, date_iso(due_on).z);
	return row_refuse(intake, row, "invoice_no", reason);
}

/* Leaves out rows whose invoice is in the book or earlier in the batch. */
static err_t batch_drop_known(struct intake *intake, struct batch *batch)
{
	size_t count = intake->row_count;
	struct db_pick *picks = arena_many(intake->arena, count, struct db_pick);
	struct claim_row **order = arena_many(intake->arena, count, struct claim_row *);
	bool *drop = arena_many(intake->arena, count, bool);
	for (size_t i = 0; i < count; i++) {
		picks[i] = (struct db_pick){ .id = intake->order.client_no, .key = intake->rows[i].invoice_no };
		order[i] = &intake->rows[i];
	}
	struct case_invoice_find_row *found;
	size_t found_count;
	TRY(db_pick(intake->op->db, picks, count));
	TRY(q_case_invoice_find(intake->op->db, intake->arena, &found, &found_count));
	for (size_t i = 0; i < found_count; i++) {
		size_t at = size_from_i64(found[i].no);
		drop[at] = true;
		TRY(row_is_known(intake, &intake->rows[at], found[i].amount_minor, found[i].due_on));
	}
	qsort(order, count, sizeof *order, row_invoice_compare);
	for (size_t i = 1; i < count; i++) {
		const struct claim_row *first = order[i - 1], *row = order[i];
		size_t at = (size_t)(row - intake->rows); /* order points into rows */
		if (!str_eq(first->invoice_no, row->invoice_no) || drop[at])
			continue;
		drop[at] = true;
		TRY(row_is_known(intake, row, first->amount, first->due_on));
	}
	batch->rows = arena_many(intake->arena, count, struct claim_row);
	for (size_t i = 0; i < count; i++)
		if (!drop[i])
			batch->rows[batch->count++] = intake->rows[i];
	return OK;
}

static int row_ident_compare(const void *a, const void *b)
{
	const struct claim_row *x = *(const struct claim_row *const *)a, *y = *(const struct claim_row *const *)b;
	int order = str_compare(x->debtor_id, y->debtor_id);
	return order ? order : (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

/* Finds or numbers each row's debtor: by id across all clients, never without one. */
static err_t batch_debtors(struct intake *intake, struct batch *batch)
{
	size_t count = batch->count;
	batch->debtor_ids = arena_many(intake->arena, count, int64_t);
	batch->is_new_debtor = arena_many(intake->arena, count, bool);
	batch->has_group = arena_many(intake->arena, count, bool);
	batch->group_stepped_on = arena_many(intake->arena, count, date);
	struct db_pick *picks = arena_many(intake->arena, count, struct db_pick);
	struct claim_row **order = arena_many(intake->arena, count, struct claim_row *);
	for (size_t i = 0; i < count; i++) {
		picks[i].key = batch->rows[i].debtor_id;
		order[i] = &batch->rows[i];
		batch->group_stepped_on[i] = intake->terms.last_night;
	}
	struct debtor_ident_find_row *found;
	size_t found_count;
	TRY(db_pick(intake->op->db, picks, count));
	TRY(q_debtor_ident_find(intake->op->db, intake->arena, &found, &found_count));
	for (size_t i = 0; i < found_count; i++)
		batch->debtor_ids[found[i].no] = found[i].debtor_id;
	qsort(order, count, sizeof *order, row_ident_compare);
	for (size_t i = 0; i < count; i++) {
		size_t at = (size_t)(order[i] - batch->rows); /* order points into rows */
		if (batch->debtor_ids[at])
			continue;
		bool same = i > 0 && order[i]->debtor_id.size && str_eq(order[i]->debtor_id, order[i - 1]->debtor_id);
		batch->debtor_ids[at] = same ? batch->debtor_ids[order[i - 1] - batch->rows] : intake->debtor_next++;
		batch->is_new_debtor[at] = !same;
		batch->has_group[at] = same;
	}
	return OK;
}

/* Which of the rows come beside a case the client has against the same debtor. */
static err_t batch_groups(struct intake *intake, struct batch *batch)
{
	struct db_pick *picks = arena_many(intake->arena, batch->count, struct db_pick);
	size_t *row_of = arena_many(intake->arena, batch->count, size_t);
	size_t count = 0;
	for (size_t i = 0; i < batch->count; i++)
		if (!batch->is_new_debtor[i] && !batch->has_group[i]) {
			row_of[count] = i;
			picks[count++] = (struct db_pick){ .id = batch->debtor_ids[i], .id2 = intake->order.client_no };
		}
	if (!count)
		return OK;
	struct case_group_find_row *found;
	size_t found_count;
	TRY(db_pick(intake->op->db, picks, count));
	date today = intake->op->today;
	TRY(q_case_group_find(intake->op->db, intake->arena, today, &found, &found_count));
	for (size_t i = 0; i < found_count; i++) {
		size_t row = row_of[found[i].no];
		bool wakes = !date_is_none(found[i].wake_on) && !date_after(found[i].wake_on, today);
		batch->has_group[row] = true;
		batch->group_stepped_on[row] = wakes ? DATE_LAST : date_max(intake->terms.last_night, found[i].stepped_on);
	}
	return OK;
}

static struct case_claim_insert_row claim_insert_row(const struct intake *intake, const struct claim_row *row,
	int64_t case_no, int64_t debtor_id)
{
	return (struct case_claim_insert_row){
		.case_id = case_no,
		.client_no = intake->order.client_no,
		.terms_no = intake->terms_no,
		.debtor_id = debtor_id,
		.business = row->is_company,
		.alone = row->debtor_id.size == 0,
		.invoice_no = row->invoice_no,
		.issued_on = row->issued_on,
		.due_on = row->due_on,
		.received_on = intake->op->today,
		.amount_minor = row->amount,
		.paid_minor = row->paid,
		.currency = row->currency,
		.description = row->description,
		.own_kid = row->kid,
		.language = str_from_z(row->language),
		.reminder_on = row->reminder_on,
		.notice_on = row->notice_on,
		.notice_deadline = row->notice_deadline,
		.fees_minor = row->fees,
	};
}

static struct debtor_insert_row debtor_insert_row(const struct claim_row *row, int64_t debtor_id)
{
	return (struct debtor_insert_row){
		.debtor_id = debtor_id,
		.kind = row->is_company ? S("company") : S("person"),
		.ident = row->debtor_id,
		.name = row->debtor_name,
		.address = row->address,
		.postcode = row->postcode,
		.city = row->city,
		.country = row->country,
		.phone = row->phone,
		.email = row->email,
		.language = str_from_z(row->language),
	};
}

static struct claim_facts claim_facts_of(const struct intake *intake, const struct case_claim_insert_row *row)
{
	return (struct claim_facts){
		.case_no = row->case_id,
		.terms = intake->client_terms,
		.business = row->business != 0,
		.alone = row->alone != 0,
		.invoice_no = row->invoice_no,
		.issued_on = row->issued_on,
		.due_on = row->due_on,
		.received_on = row->received_on,
		.amount = row->amount_minor,
		.paid = row->paid_minor,
		.reminder_on = row->reminder_on,
		.notice_on = row->notice_on,
		.notice_deadline = row->notice_deadline,
		.fees = row->fees_minor,
	};
}

static struct fact minor_fact(const struct intake *intake, int64_t case_no)
{
	return (struct fact){
		.case_no = case_no,
		.fact_no = 1,
		.kind = FACT_BLOCK,
		.counts_on = intake->op->today,
		.booked_on = intake->op->today,
		.ledger_on = DATE_NONE,
		.until = DATE_NONE,
		.code = S("minor"),
		.note = S("debtor under age when the debt arose or today"),
	};
}

static err_t minor_facts_insert(const struct intake *intake, const struct fact *facts, size_t count)
{
	struct case_fact_insert_row *rows = arena_many(intake->arena, count, struct case_fact_insert_row);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct case_fact_insert_row){
			.case_id = facts[i].case_no,
			.fact_no = facts[i].fact_no,
			.kind = str_from_z(fact_kind_name(facts[i].kind)),
			.counts_on = facts[i].counts_on,
			.booked_on = facts[i].booked_on,
			.ledger_on = DATE_NONE,
			.until_on = DATE_NONE,
			.code = facts[i].code,
			.note = facts[i].note,
			.by_user = intake->op->user,
		};
	return q_case_fact_insert(intake->op->db, rows, count);
}

/* What the claims of a dry run would lead to if nobody paid, as far as the law is known. */
static void forecast_add(struct intake *intake, const struct claim_facts *claim, const struct fact *facts, size_t count)
{
	struct intake_result *result = intake->result;
	if (!result->forecast)
		result->forecast = arena_many(intake->op->arena, FORECAST_DAYS_MAX, struct intake_forecast_day);
	date until = date_min(law_horizon(intake->op->law), date_add_months(intake->op->today, 12));
	struct group_facts group = { .claims = claim, .claim_count = 1, .facts = facts, .fact_count = count };
	struct life_span span = { .until = until, .steps_until = until };
	struct life life;
	life_replay(&group, intake->op->law, span, intake->arena, &life);
	for (size_t i = 0; i < life.cases[0].event_count; i++) {
		const struct life_event *event = &life.cases[0].events[i];
		if (!event_is_step(event->kind))
			continue;
		int offset = date_diff(intake->op->today, event->on);
		if (offset < 0 || offset >= FORECAST_DAYS_MAX)
			continue;
		struct intake_forecast_day *day = &result->forecast[offset];
		day->on = event->on;
		day->reminders += event->kind == EVENT_REMINDER;
		day->notices += event->kind == EVENT_NOTICE;
		day->demands += event->kind == EVENT_DEMAND;
		day->heavies += event->kind == EVENT_HEAVY;
		day->enforcement_notices += event->kind == EVENT_ENFORCEMENT_NOTICE;
		day->charged = money_add(day->charged,
			money_sub(entry_owed(&event->entry), event->entry.column[COLUMN_ACCRUED]));
		result->forecast_count = FORECAST_DAYS_MAX;
	}
}

struct batch_rows {
	struct case_claim_insert_row *claims;
	struct case_invoice_insert_row *invoices;
	struct case_kid_insert_row *kids;
	struct case_group_insert_row *groups;
	struct debtor_insert_row *debtors;
	struct debtor_ident_insert_row *idents;
	size_t kid_count, debtor_count, ident_count;
};

static void batch_row_fill(const struct intake *intake, const struct batch *batch, size_t i, int64_t case_no,
	struct batch_rows *rows)
{
	const struct claim_row *row = &batch->rows[i];
	int64_t debtor_id = batch->debtor_ids[i];
	rows->claims[i] = claim_insert_row(intake, row, case_no, debtor_id);
	rows->invoices[i] = (struct case_invoice_insert_row){ intake->order.client_no, row->invoice_no, case_no };
	if (row->kid.size)
		rows->kids[rows->kid_count++] = (struct case_kid_insert_row){ row->kid, case_no };
	rows->groups[i] = (struct case_group_insert_row){ debtor_id, intake->order.client_no, case_no };
	if (!batch->is_new_debtor[i])
		return;
	rows->debtors[rows->debtor_count++] = debtor_insert_row(row, debtor_id);
	if (row->debtor_id.size)
		rows->idents[rows->ident_count++] = (struct debtor_ident_insert_row){ row->debtor_id, debtor_id };
}

/* Beside others a claim plays alone until its first step can meet theirs: a group whose steps have not come so far, and in
 * which nothing else is due, is as it was. */
static bool group_may_change(const struct batch *batch, size_t row, date wake_on)
{
	date stepped_on = batch->group_stepped_on[row];
	return !date_is_none(stepped_on) && !date_is_none(wake_on) && !date_after(wake_on, stepped_on);
}

static err_t batch_insert(struct intake *intake, struct batch *batch)
{
	struct db *db = intake->op->db;
	size_t count = batch->count;
	struct batch_rows rows = {
		.claims = arena_many(intake->arena, count, struct case_claim_insert_row),
		.invoices = arena_many(intake->arena, count, struct case_invoice_insert_row),
		.kids = arena_many(intake->arena, count, struct case_kid_insert_row),
		.groups = arena_many(intake->arena, count, struct case_group_insert_row),
		.debtors = arena_many(intake->arena, count, struct debtor_insert_row),
		.idents = arena_many(intake->arena, count, struct debtor_ident_insert_row),
	};
	struct claim_facts *claims = arena_many(intake->arena, count, struct claim_facts);
	struct fact *minors = arena_many(intake->arena, count, struct fact);
	size_t minor_count = 0;
	struct book book;
	book_empty(intake->op, &intake->terms, intake->arena, &book);
	for (size_t i = 0; i < count; i++) {
		int64_t case_no = intake->case_next++;
		batch_row_fill(intake, batch, i, case_no, &rows);
		claims[i] = claim_facts_of(intake, &rows.claims[i]);
		struct fact *minor = &minors[minor_count];
		bool is_minor = debtor_is_minor(intake, &batch->rows[i]);
		if (is_minor)
			minors[minor_count++] = minor_fact(intake, case_no);
		date wake_on =
			book_claim_new(&book, &claims[i], minor, is_minor, intake->order.client_no, batch->debtor_ids[i]);
		batch->has_group[i] = batch->has_group[i] && group_may_change(batch, i, wake_on);
		if (intake->order.dry_run)
			forecast_add(intake, &claims[i], minor, is_minor);
	}
	struct book_change_counts counts;
	TRY(q_debtor_insert(db, rows.debtors, rows.debtor_count));
	TRY(q_debtor_ident_insert(db, rows.idents, rows.ident_count));
	TRY(q_case_claim_insert(db, rows.claims, count));
	TRY(q_case_invoice_insert(db, rows.invoices, count));
	TRY(q_case_kid_insert(db, rows.kids, rows.kid_count));
	TRY(q_case_group_insert(db, rows.groups, batch->count));
	TRY(minor_facts_insert(intake, minors, minor_count));
	return book_save(&book, &counts);
}

/* A claim that comes beside others of its group may change what time has brought them: play the group again. */
static err_t batch_groups_replay(struct intake *intake, const struct batch *batch)
{
	int64_t *nos = arena_many(intake->arena, batch->count, int64_t);
	size_t count = 0;
	int64_t first = intake->case_next - i64_from_size(batch->count);
	for (size_t i = 0; i < batch->count; i++)
		if (batch->has_group[i])
			nos[count++] = first + i64_from_size(i);
	if (!count)
		return OK;
	struct book book;
	struct book_change_counts counts;
	TRY(book_open(intake->op, &intake->terms, intake->arena, nos, count, &book));
	book_replay(&book, (struct book_replay){ BOOK_FACTS, intake->op->today });
	return book_save(&book, &counts);
}

static err_t batch_take(struct intake *intake)
{
	struct batch batch = { 0 };
	if (!intake->row_count)
		return OK;
	TRY(batch_drop_known(intake, &batch));
	if (batch.count) {
		TRY(batch_debtors(intake, &batch));
		TRY(batch_groups(intake, &batch));
		TRY(batch_insert(intake, &batch));
		TRY(batch_groups_replay(intake, &batch));
	}
	intake->result->accepted += i64_from_size(batch.count);
	op_progress(intake->op, "claims taken in", intake->result->accepted, 0);
	arena_reset(intake->arena, intake->batch_start);
	intake->rows = arena_many(intake->arena, BATCH_ROWS, struct claim_row);
	intake->row_count = 0;
	return OK;
}

/* The texts of a row are views into the file or a scratch buffer: kept until the batch is written. */
static struct claim_row row_keep(struct arena *arena, const struct claim_row *row)
{
	struct claim_row kept = *row;
	str *const texts[] = { &kept.raw, &kept.invoice_no, &kept.currency, &kept.debtor_id, &kept.debtor_name,
		&kept.address, &kept.postcode, &kept.city, &kept.country, &kept.phone, &kept.email, &kept.description,
		&kept.kid };
	for (size_t i = 1; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = str_copy(arena, *texts[i]);
	return kept;
}

static err_t row_take(const struct claim_row *row, const struct row_finding *findings, size_t finding_count, void *context)
{
	struct intake *intake = context;
	for (size_t i = 0; i < finding_count; i++)
		finding_keep(intake, &findings[i]);
	if (finding_count)
		return bad_row_keep(intake, row->raw);
	const char *refused = law_refuses(intake, row);
	if (refused)
		return row_refuse(intake, row, "due_on", str_from_z(err_words(refused)));
	intake->rows[intake->row_count++] = row_keep(intake->arena, row);
	return intake->row_count == BATCH_ROWS ? batch_take(intake) : OK;
}

/* ---- UBL ---- */

static err_t credit_note_take(struct intake *intake, const struct ubl_document *document)
{
	const struct op *op = intake->op;
	if (!document->credited_invoice.size)
		return fail(ERR_INPUT, "credit note '%.*s' does not say which invoice it is for", STR_ARG(document->id));
	struct db_pick picks[] = {
		{ .id = intake->order.client_no, .key = document->credited_invoice },
		{ .id = intake->order.client_no, .key = document->id },
	};
	struct case_invoice_find_row *found;
	size_t found_count;
	TRY(db_pick(op->db, picks, 2));
	TRY(q_case_invoice_find(op->db, op->arena, &found, &found_count));
	if (!found_count || found[0].no != 0)
		return fail(ERR_INPUT, "credit note '%.*s' is for invoice '%.*s', which is not a claim of client %lld",
			STR_ARG(document->id), STR_ARG(document->credited_invoice), (long long)intake->order.client_no);
	if (found_count > 1) {
		intake->result->already++;
		return OK;
	}
	struct book book;
	struct book_change_counts counts;
	int64_t case_no = found[0].case_id;
	TRY(book_open(op, &intake->terms, op->arena, &case_no, 1, &book));
	struct fact credit = {
		.kind = FACT_CREDIT,
		.counts_on = op->today,
		.ledger_on = DATE_NONE,
		.until = DATE_NONE,
		.amount = document->payable,
		.code = S("credit_note"),
		.note = document->id,
	};
	book_fact(&book, case_no, credit, 0);
	book_replay(&book, (struct book_replay){ BOOK_FACTS, op->today });
	TRY(book_save(&book, &counts));
	struct case_invoice_insert_row seen = { intake->order.client_no, document->id, case_no };
	TRY(q_case_invoice_insert(op->db, &seen, 1));
	intake->result->accepted++;
	intake->result->credited++;
	return OK;
}

static err_t ubl_check(const struct intake *intake, const struct ubl_document *document)
{
	struct client_find_row client;
	bool found;
	TRY(q_client_find(intake->op->db, intake->op->arena, intake->order.client_no, &client, &found));
	require(found);
	const struct ubl_party *creditor = document->payee.name.size || document->payee.ident.size ? &document->payee
												   : &document->supplier;
	if (!str_eq(creditor->orgnr, client.orgnr))
		return fail(ERR_INPUT, "document '%.*s' is from %.*s (%.*s), not from client %lld (%.*s)",
			STR_ARG(document->id), STR_ARG(creditor->name), STR_ARG(creditor->orgnr),
			(long long)intake->order.client_no, STR_ARG(client.orgnr));
	if (!str_eq_z(document->currency, "NOK"))
		return fail(ERR_INPUT, "document '%.*s' is in %.*s; only NOK is taken in Norway", STR_ARG(document->id),
			STR_ARG(document->currency));
	return OK;
}

static err_t ubl_as_row(struct intake *intake, const struct ubl_document *document, struct claim_check check)
{
	if (date_is_none(document->due_on))
		return fail(ERR_INPUT, "invoice '%.*s' has no due date", STR_ARG(document->id));
	if (document->charges_reminder)
		return fail(ERR_INPUT, "invoice '%.*s' holds a reminder fee in its amount", STR_ARG(document->id));
	struct arena *arena = intake->op->arena;
	bool company = document->customer.is_company;
	struct text csv = text_in(arena, 1 << 20);
	text_add_z(&csv, "invoice_no;issued_on;due_on;amount;currency;debtor_kind;debtor_id;debtor_name;address;postcode;"
			 "city;country;phone;email;description;kid\n");
	const str fields[] = {
		document->id,
		str_format(arena, "%s", date_iso(document->issued_on).z),
		str_format(arena, "%s", date_iso(document->due_on).z),
		str_format(arena, "%s", money_plain(document->payable).z),
		document->currency,
		company ? S("company") : S("person"),
		company ? document->customer.orgnr : document->customer.ident,
		document->customer.name,
		document->customer.address,
		document->customer.postcode,
		document->customer.city,
		document->customer.country,
		document->customer.phone,
		document->customer.email,
		document->note,
		kid_is_valid(document->kid) ? document->kid : S(""), /* public examples' KIDs are often wrong: not needed */
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (i)
			text_add_char(&csv, ';');
		csv_plain_field(&csv, fields[i]);
	}
	text_add_char(&csv, '\n');
	return claim_csv_read(text_str(&csv), arena, check, row_take, intake);
}

static err_t ubl_take(struct intake *intake, str bytes, struct claim_check check)
{
	const struct xml_module *xml;
	struct ubl_document document;
	TRY(xml_module_load(&xml));
	TRY(xml->ubl_read(bytes, intake->op->arena, UBL_GATE_PEPPOL, &document));
	TRY(ubl_check(intake, &document));
	if (document.credit_note)
		return credit_note_take(intake, &document);
	return ubl_as_row(intake, &document, check);
}

/* ---- the file ---- */

static err_t intake_open(struct intake *intake)
{
	const struct op *op = intake->op;
	struct client_find_row client;
	bool found;
	TRY(law_reaches(op->law, op->today));
	TRY(q_client_find(op->db, op->arena, intake->order.client_no, &client, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no client %lld", (long long)intake->order.client_no);
	TRY(terms_book_load(op, &intake->terms));
	intake->terms_no = client.terms_no;
	intake->client_terms = terms_book_find(&intake->terms, client.client_no, client.terms_no);
	if (!intake->client_terms)
		return fail(ERR_INTERNAL, "client %lld has no terms", (long long)client.client_no);
	struct case_last_row last_case;
	struct debtor_last_row last_debtor;
	TRY(q_case_last(op->db, op->arena, &last_case, &found));
	TRY(q_debtor_last(op->db, op->arena, &last_debtor, &found));
	intake->case_next = last_case.case_id + 1;
	intake->debtor_next = last_debtor.debtor_id + 1;
	intake->batch_start = arena_mark(intake->arena);
	intake->rows = arena_many(intake->arena, BATCH_ROWS, struct claim_row);
	return OK;
}

static struct claim_check intake_check(const struct op *op)
{
	const struct law_parameters *parameters = &op->law->parameters;
	const struct law_scheme *oldest = &op->law->schemes[0];
	money fee = law_letter_fee(op->law, oldest, op->today);
	for (size_t i = 1; i < op->law->scheme_count; i++)
		fee = money_max(fee, law_letter_fee(op->law, &op->law->schemes[i], op->today));
	const struct law_process *process = &op->law->processes[0];
	return (struct claim_check){
		.today = op->today,
		.ident_rule_from = parameters->ident_rule_from,
		.fees_max = money_of(fee.minor * parameters->fee_letter_max),
		.deadline_days_min = process->steps[0].deadline_days,
	};
}

static err_t intake_read(struct intake *intake, str bytes)
{
	str head = { bytes.at, bytes.size < 8192 ? bytes.size : 8192 };
	struct claim_check check = intake_check(intake->op);
	str start = str_trim(head);
	if (ubl_detect(head) || str_starts(start, S("<")) || str_starts(start, S("\xEF\xBB\xBF<"))) {
		TRY(ubl_take(intake, bytes, check));
		return batch_take(intake);
	}
	struct arena *scratch = arena_create(BATCH_ARENA_SIZE_MAX);
	err_t err = csv_head_raw(bytes, intake->op->arena, &intake->head_raw);
	if (!err)
		err = claim_csv_read(bytes, scratch, check, row_take, intake);
	arena_destroy(scratch);
	if (err)
		return err;
	return batch_take(intake);
}

static err_t intake_transaction(struct intake *intake, str bytes)
{
	bool joined;
	TRY(op_begin(intake->op, &joined));
	err_t err = intake_open(intake);
	if (!err)
		err = intake_read(intake, bytes);
	bool keep = !err && !intake->order.dry_run && (!intake->any_bad || intake->order.accept_good);
	if (keep && intake->bad_rows)
		err = file_end(intake->bad_rows);
	if (keep && !err)
		return op_end(intake->op, joined, OK);
	if (!joined)
		db_rollback(intake->op->db);
	file_drop(intake->bad_rows);
	if (!err && !intake->order.dry_run)
		intake->result->accepted = 0;
	return err;
}

static err_t intake_run(struct intake *intake, str bytes)
{
	intake->arena = arena_create(BATCH_ARENA_SIZE_MAX);
	err_t err = intake_transaction(intake, bytes);
	arena_destroy(intake->arena);
	return err;
}

err_t intake_file(const struct op *op, struct intake_order order, struct intake_result *ret_result)
{
	struct file_view view;
	TRY(file_view_open(order.path, &view));
	struct intake_result result = { 0 };
	struct intake intake = { .op = op, .order = order, .result = &result };
	err_t err = within(intake_run(&intake, view.bytes), "%s", order.path);
	file_view_close(&view);
	if (err)
		return err;
	*ret_result = result;
	return OK;
}

err_t intake_bytes(const struct op *op, struct intake_order order, str bytes, struct intake_result *ret_result)
{
	require(!order.path);
	struct intake_result result = { 0 };
	struct intake intake = { .op = op, .order = order, .result = &result };
	if (bytes.size > INTAKE_BYTES_MAX)
		return fail(ERR_INPUT, "the file is larger than %d MB", INTAKE_BYTES_MAX >> 20);
	TRY(intake_run(&intake, bytes));
	result.bad_rows = text_str(&intake.bad_text);
	*ret_result = result;
	return OK;
}
