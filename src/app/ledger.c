#include "app/ledger.h"

#include "app/file.h"
#include "format/voucher_csv.h"
#include "sql.h"

#include <string.h>

enum {
	PAGE_ROWS = 5000,
	PAGE_ARENA_SIZE_MAX = 256 << 20,
	SCRATCH_SIZE_MAX = 64 << 20,
	FINDINGS_MAX = 1000,
};

/* ---- booking ---- */

err_t ledger_begin(const struct op *op, struct arena *arena, struct arena *scratch, struct ledger_writer *ret_writer)
{
	struct voucher_last_row last;
	bool found;
	TRY(q_voucher_last(op->db, scratch, &last, &found));
	*ret_writer = (struct ledger_writer){
		.op = op, .arena = arena, .scratch = scratch, .next_id = last.voucher_id + 1
	};
	return OK;
}

err_t ledger_book(struct ledger_writer *writer, const struct ledger_voucher *voucher)
{
	struct db *db = writer->op->db;
	int64_t id = writer->next_id++;
	struct voucher_line_insert_row *rows =
		arena_many(writer->scratch, voucher->posting_count, struct voucher_line_insert_row);
	size_t count = 0;
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < voucher->posting_count; i++) {
		const struct ledger_posting *posting = &voucher->postings[i];
		if (!posting->amount.minor)
			continue;
		rows[count] = (struct voucher_line_insert_row){
			.voucher_id = id,
			.line_no = i64_from_size(count + 1),
			.account = posting->account,
			.client_no = posting->client_no,
			.has_client_no = posting->client_no != 0,
			.amount_minor = posting->amount,
		};
		count++;
		sum = money_add(sum, posting->amount);
		tally_add(&writer->tally, writer->arena, posting->account, voucher->on, posting->amount);
	}
	require(sum.minor == 0);
	TRY(q_voucher_insert(db, id, str_from_z(voucher->kind), voucher->on, writer->op->today, voucher->description,
		voucher->reference));
	return q_voucher_line_insert(db, rows, count);
}

err_t ledger_end(struct ledger_writer *writer)
{
	return tally_save(&writer->tally, writer->op->db, writer->arena);
}

/* ---- balances ---- */

enum { MEMORANDUM_FIRST = 9000 };

enum ledger_block ledger_block_of(int account)
{
	if (account >= MEMORANDUM_FIRST)
		return BLOCK_MEMORANDUM;
	return account_is_client_funds(account) ? BLOCK_CLIENT_FUNDS : BLOCK_OWN;
}

const char *ledger_block_name(enum ledger_block block)
{
	static const char *const names[BLOCK_COUNT] = {
		[BLOCK_OWN] = "the agency's own books",
		[BLOCK_CLIENT_FUNDS] = "client funds",
		[BLOCK_MEMORANDUM] = "the memorandum of claims",
	};
	return names[block];
}

struct account_class {
	const char *name, *path;
};

/* The classes of NS 4102, by the first digit. */
static const struct account_class *account_class_of(int account)
{
	static const struct account_class classes[10] = {
		{ "Account outside the chart", "other" },
		{ "Other assets", "assets:other" },
		{ "Other equity and liabilities", "liabilities:other" },
		{ "Other income", "income:other" },
		{ "Cost of sales", "expenses:sales" },
		{ "Personnel costs", "expenses:personnel" },
		{ "Operating costs", "expenses:operations" },
		{ "Operating costs", "expenses:operations" },
		{ "Financial items and tax", "expenses:financial" },
		{ "Memorandum", "memorandum" },
	};
	return &classes[account >= 1000 && account <= 9999 ? account / 1000 : 0];
}

const char *ledger_account_name(int account)
{
	const struct account_info *info = account_info_of(account);
	return info ? info->name : account_class_of(account)->name;
}

str ledger_account_path(struct arena *arena, int account)
{
	const struct account_info *info = account_info_of(account);
	return info ? str_from_z(info->path) : str_format(arena, "%s:%d", account_class_of(account)->path, account);
}

err_t ledger_balances(const struct op *op, date on, struct ledger_balance **ret_balances, size_t *ret_count)
{
	struct account_balances_row *rows;
	size_t count;
	TRY(q_account_balances(op->db, op->arena, date_is_none(on) ? DATE_LAST : on, &rows, &count));
	struct ledger_balance *balances = arena_many(op->arena, count, struct ledger_balance);
	for (size_t i = 0; i < count; i++)
		balances[i] = (struct ledger_balance){ (int)rows[i].account, rows[i].balance_minor }; /* 1000-9999 */
	*ret_balances = balances;
	*ret_count = count;
	return OK;
}

/* All on one day: only the accounts' sums are asked for. */
err_t ledger_recount(const struct op *op, struct ledger_balance **ret_wrong, size_t *ret_count)
{
	struct ledger_event_sums_row sums;
	struct ledger_voucher_sums_row *vouchers;
	struct ledger_balance *kept;
	size_t voucher_count, kept_count, wrong_count = 0;
	bool found;
	TRY(q_ledger_event_sums(op->db, op->arena, &sums, &found));
	TRY(q_ledger_voucher_sums(op->db, op->arena, &vouchers, &voucher_count));
	TRY(ledger_balances(op, DATE_NONE, &kept, &kept_count));
	struct tally tally = { 0 };
	struct entry entry = ENTRY_OF_ROW(&sums);
	tally_entry(&tally, op->arena, &entry, DATE_FIRST, DATE_FIRST);
	for (size_t i = 0; i < voucher_count; i++)
		tally_add(&tally, op->arena, (int)vouchers[i].account, DATE_FIRST, vouchers[i].amount_minor); /* 1000-9999 */
	for (size_t i = 0; i < kept_count; i++)
		tally_add(&tally, op->arena, kept[i].account, DATE_FIRST, money_neg(kept[i].balance));
	struct ledger_balance *wrong = arena_many(op->arena, tally.row_count, struct ledger_balance);
	for (size_t i = 0; i < tally.row_capacity; i++)
		if (tally.rows[i].used && tally.rows[i].amount.minor)
			wrong[wrong_count++] = (struct ledger_balance){ tally.rows[i].account, tally.rows[i].amount };
	*ret_wrong = wrong;
	*ret_count = wrong_count;
	return OK;
}

money ledger_block_sum(const struct ledger_balance *balances, size_t count, enum ledger_block block)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < count; i++)
		if (ledger_block_of(balances[i].account) == block)
			sum = money_add(sum, balances[i].balance);
	return sum;
}

/* ---- the agency's other vouchers ---- */

struct importing {
	struct ledger_writer writer;
	struct arena *arena; /* of one voucher */
	struct arena_mark start;
	struct client_sums clients;
	struct ledger_import_result *result;
	size_t finding_capacity;
};

static void finding_keep(struct importing *importing, const struct row_finding *finding)
{
	struct ledger_import_result *result = importing->result;
	struct arena *arena = importing->writer.op->arena;
	if (result->finding_count == FINDINGS_MAX)
		return;
	if (result->finding_count == importing->finding_capacity) {
		importing->finding_capacity = importing->finding_capacity ? importing->finding_capacity * 2 : 16;
		result->findings = arena_grow(arena, result->findings, result->finding_count, importing->finding_capacity,
			sizeof *result->findings);
	}
	struct row_finding *kept = &result->findings[result->finding_count++];
	*kept = *finding;
	kept->reason = str_copy(arena, finding->reason);
}

/* What the engine books is not for others: the balances must stay what the cases and the bank give. Money drawn, VAT paid
 * and court fees advanced come from outside. */
static bool account_is_open(int account)
{
	return account == ACCOUNT_OWN_BANK || account == ACCOUNT_VAT || account == ACCOUNT_OUTLAY ||
	       (!account_info_of(account) && account < MEMORANDUM_FIRST);
}

static size_t voucher_check(struct importing *importing, const struct voucher *voucher)
{
	size_t count = 0;
	for (size_t i = 0; i < voucher->line_count; i++) {
		const struct voucher_line *line = &voucher->lines[i];
		struct row_finding finding = { .line_no = line->line_no };
		if (line->account && !account_is_open(line->account)) {
			finding.field = "account";
			finding.reason = str_format(importing->arena, "%d (%s) is booked by Kravbok itself", line->account,
				ledger_account_name(line->account));
			finding_keep(importing, &finding);
			count++;
		}
		if (line->client_no && !client_sums_of(&importing->clients, line->client_no)) {
			finding.field = "client";
			finding.reason = str_format(importing->arena, "there is no client %lld", (long long)line->client_no);
			finding_keep(importing, &finding);
			count++;
		}
	}
	return count;
}

static bool lines_same(const struct voucher *voucher, const struct voucher_lines_row *rows, size_t count)
{
	if (count != voucher->line_count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct voucher_line *line = &voucher->lines[i];
		if (rows[i].account != line->account || rows[i].amount_minor.minor != line->amount.minor ||
			(rows[i].has_client_no ? rows[i].client_no : 0) != line->client_no)
			return false;
	}
	return true;
}

/* Whether the voucher is booked before; the same number with other contents is a finding. */
static err_t voucher_known(struct importing *importing, const struct voucher *voucher, bool *ret_known, bool *ret_same)
{
	struct db *db = importing->writer.op->db;
	struct voucher_of_kind_row row;
	struct voucher_lines_row *lines;
	size_t count;
	TRY(q_voucher_of_kind(db, importing->arena, S("import"), voucher->number, &row, ret_known));
	if (!*ret_known)
		return OK;
	struct db_pick pick = { .id = row.voucher_id };
	TRY(db_pick(db, &pick, 1));
	TRY(q_voucher_lines(db, importing->arena, &lines, &count));
	*ret_same = date_eq(row.counts_on, voucher->on) && lines_same(voucher, lines, count);
	return OK;
}

static err_t voucher_insert(struct importing *importing, const struct voucher *voucher)
{
	struct ledger_posting *postings = arena_many(importing->arena, voucher->line_count, struct ledger_posting);
	for (size_t i = 0; i < voucher->line_count; i++)
		postings[i] = (struct ledger_posting){ voucher->lines[i].account, voucher->lines[i].client_no,
			voucher->lines[i].amount };
	struct ledger_voucher booked = {
		.kind = "import",
		.on = voucher->on,
		.description = voucher->lines[0].text,
		.reference = voucher->number,
		.postings = postings,
		.posting_count = voucher->line_count,
	};
	return ledger_book(&importing->writer, &booked);
}

static err_t voucher_take(const struct voucher *voucher, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	struct importing *importing = context;
	bool known = false, same = false;
	for (size_t i = 0; i < finding_count; i++)
		finding_keep(importing, &findings[i]);
	finding_count += voucher_check(importing, voucher);
	if (!finding_count) {
		TRY(voucher_known(importing, voucher, &known, &same));
		if (known && !same) {
			struct row_finding finding = {
				.line_no = voucher->line_no,
				.field = "voucher",
				.reason = str_format(importing->arena, "'%.*s' is booked already with other contents",
					STR_ARG(voucher->number)),
			};
			finding_keep(importing, &finding);
			finding_count++;
		}
	}
	importing->result->rejected += finding_count > 0;
	importing->result->already += !finding_count && known;
	importing->result->accepted += !finding_count && !known;
	if (!finding_count && !known && !importing->result->rejected)
		TRY(voucher_insert(importing, voucher));
	arena_reset(importing->arena, importing->start);
	return OK;
}

static err_t import_run(struct importing *importing, str bytes, struct arena *scratch)
{
	const struct op *op = importing->writer.op;
	TRY(client_sums_load(op, &importing->clients));
	TRY(ledger_begin(op, op->arena, importing->arena, &importing->writer));
	TRY(voucher_csv_read(bytes, scratch, op->today, voucher_take, importing));
	return importing->result->rejected ? OK : ledger_end(&importing->writer);
}

static err_t import_in_transaction(struct importing *importing, str bytes)
{
	const struct op *op = importing->writer.op;
	struct arena *scratch = arena_create(SCRATCH_SIZE_MAX);
	err_t err = db_begin(op->db);
	if (!err) {
		err = import_run(importing, bytes, scratch);
		if (err || importing->result->rejected)
			db_rollback(op->db);
		else
			err = db_commit(op->db);
	}
	arena_destroy(scratch);
	return err;
}

err_t ledger_import(const struct op *op, const char *path, struct ledger_import_result *ret_result)
{
	struct ledger_import_result result = { 0 };
	struct file_view view;
	TRY(file_view_open(path, &view));
	struct importing importing = { .writer = { .op = op }, .result = &result };
	importing.arena = arena_create(PAGE_ARENA_SIZE_MAX);
	importing.start = arena_mark(importing.arena);
	err_t err = within(import_in_transaction(&importing, view.bytes), "%s", path);
	arena_destroy(importing.arena);
	file_view_close(&view);
	if (err)
		return err;
	if (result.rejected)
		result.accepted = 0;
	*ret_result = result;
	return OK;
}

/* ---- reading the book ---- */

struct entry ledger_event_entry(const struct event_page_row *event)
{
	return (struct entry){ {
		[COLUMN_PRINCIPAL] = event->principal_minor,
		[COLUMN_ACCRUED] = event->accrued_minor,
		[COLUMN_INTEREST] = event->interest_minor,
		[COLUMN_FEE] = event->fee_minor,
		[COLUMN_COMPENSATION] = event->compensation_minor,
		[COLUMN_SALAER] = event->salaer_minor,
		[COLUMN_PLAN_FEE] = event->plan_fee_minor,
		[COLUMN_LEGAL] = event->legal_minor,
		[COLUMN_HOLD] = event->hold_minor,
		[COLUMN_CLIENT] = event->client_minor,
		[COLUMN_REFUND] = event->refund_minor,
		[COLUMN_DRAWABLE] = event->drawable_minor,
		[COLUMN_OWN] = event->own_minor,
		[COLUMN_SALAER_INCOME] = event->salaer_income_minor,
		[COLUMN_COMMISSION] = event->commission_minor,
		[COLUMN_VAT] = event->vat_minor,
		[COLUMN_OUTLAY] = event->outlay_minor,
	} };
}

date ledger_event_day(const struct event_page_row *event)
{
	return date_is_none(event->ledger_on) ? event->counts_on : event->ledger_on;
}

static err_t events_page(const struct op *op, struct arena *arena, int64_t *after_case, int64_t *after_event,
	ledger_event_fn each, void *context, size_t *ret_count)
{
	struct event_page_row *rows;
	TRY(q_event_page(op->db, arena, *after_case, *after_event, PAGE_ROWS, &rows, ret_count));
	for (size_t i = 0; i < *ret_count; i++)
		TRY(each(&rows[i], context));
	if (*ret_count) {
		*after_case = rows[*ret_count - 1].case_id;
		*after_event = rows[*ret_count - 1].event_no;
	}
	return OK;
}

err_t ledger_events(const struct op *op, ledger_event_fn each, void *context)
{
	struct arena *arena = arena_create(PAGE_ARENA_SIZE_MAX);
	struct arena_mark start = arena_mark(arena);
	int64_t after_case = 0, after_event = 0, done = 0;
	size_t count = PAGE_ROWS;
	err_t err = OK;
	while (!err && count == PAGE_ROWS) {
		err = events_page(op, arena, &after_case, &after_event, each, context, &count);
		done += err ? 0 : i64_from_size(count);
		op_progress(op, "events", done, 0);
		arena_reset(arena, start);
	}
	arena_destroy(arena);
	return err;
}

static err_t voucher_give(const struct voucher_page_row *row, const struct voucher_lines_row *lines, size_t count,
	struct arena *arena, ledger_voucher_fn each, void *context)
{
	struct ledger_posting *postings = arena_many(arena, count, struct ledger_posting);
	for (size_t i = 0; i < count; i++)
		postings[i] = (struct ledger_posting){ (int)lines[i].account, /* 1000-9999 */
			lines[i].has_client_no ? lines[i].client_no : 0, lines[i].amount_minor };
	struct ledger_voucher_read voucher = {
		.voucher_id = row->voucher_id,
		.kind = row->kind,
		.description = row->description,
		.reference = row->reference,
		.on = row->counts_on,
		.booked_on = row->booked_on,
		.postings = postings,
		.posting_count = count,
	};
	return each(&voucher, context);
}

static err_t vouchers_page(const struct op *op, struct arena *arena, int64_t *after, ledger_voucher_fn each,
	void *context, size_t *ret_count)
{
	struct voucher_page_row *rows;
	struct voucher_lines_row *lines;
	size_t line_count, next = 0;
	TRY(q_voucher_page(op->db, arena, *after, PAGE_ROWS, &rows, ret_count));
	struct db_pick *picks = arena_many(arena, *ret_count, struct db_pick);
	for (size_t i = 0; i < *ret_count; i++)
		picks[i].id = rows[i].voucher_id;
	TRY(db_pick(op->db, picks, *ret_count));
	TRY(q_voucher_lines(op->db, arena, &lines, &line_count));
	for (size_t i = 0; i < *ret_count; i++) {
		size_t first = next;
		while (next < line_count && lines[next].voucher_id == rows[i].voucher_id)
			next++;
		TRY(voucher_give(&rows[i], lines + first, next - first, arena, each, context));
		*after = rows[i].voucher_id;
	}
	return OK;
}

err_t ledger_vouchers(const struct op *op, ledger_voucher_fn each, void *context)
{
	struct arena *arena = arena_create(PAGE_ARENA_SIZE_MAX);
	struct arena_mark start = arena_mark(arena);
	int64_t after = 0;
	size_t count = PAGE_ROWS;
	err_t err = OK;
	while (!err && count == PAGE_ROWS) {
		err = vouchers_page(op, arena, &after, each, context, &count);
		arena_reset(arena, start);
	}
	arena_destroy(arena);
	return err;
}

err_t client_sums_load(const struct op *op, struct client_sums *ret_sums)
{
	struct client_list_row *rows;
	size_t count;
	TRY(q_client_list(op->db, op->arena, &rows, &count));
	struct client_sums sums = { arena_many(op->arena, count + 1, struct client_sum), count + 1 };
	for (size_t i = 0; i < count; i++)
		sums.rows[i + 1].client_no = rows[i].client_no;
	*ret_sums = sums;
	return OK;
}

struct client_sum *client_sums_of(const struct client_sums *sums, int64_t client_no)
{
	size_t low = 0, end = sums->count;
	while (low < end) {
		size_t middle = low + (end - low) / 2;
		if (sums->rows[middle].client_no == client_no)
			return &sums->rows[middle];
		if (sums->rows[middle].client_no < client_no)
			low = middle + 1;
		else
			end = middle;
	}
	return NULL;
}
