#include "app/verify.h"

#include "app/book.h"
#include "app/file.h"
#include "app/ledger.h"
#include "sql.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	BATCH_CASES = 1000,
	ARENA_SIZE_MAX = 512 << 20,
	LISTED_MAX = 100, /* findings of one kind that a query gives; more are not worth reading */
	FILES_PAGE = 100,
	FINDING_SIZE = 1000,
};

struct verify {
	const struct op *op;
	struct terms_book terms;
	struct arena *batch; /* of a batch of cases, a page of files */
	struct arena *kept;  /* of the whole check: sums */
	struct arena_mark start;
	struct tally tally;  /* every account and day, from the entries */
	struct client_sums clients; /* after: owed to the client by events and vouchers */
	int64_t fact_count, letter_count, due_count, state_count;
	void (*found)(str finding, void *context);
	void *context;
	struct verify_result result;
};

static void find(struct verify *verify, const char *format, ...) PRINTF_LIKE(2, 3);

static void find(struct verify *verify, const char *format, ...)
{
	char text[FINDING_SIZE];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	verify->result.finding_count++;
	verify->found(str_from_z(text), verify->context);
}

/* ---- cases ---- */

static void events_count(struct verify *verify, const struct book_case *entry)
{
	struct client_sum *client = client_sums_of(&verify->clients, entry->client_no);
	if (!client)
		find(verify, "case %lld is of client %lld, which does not exist", (long long)entry->case_no,
			(long long)entry->client_no);
	for (size_t i = 0; i < entry->event_count; i++) {
		const struct case_events_row *row = &entry->events[i];
		struct entry amounts = book_entry_of(row);
		date ledger_on = date_is_none(row->ledger_on) ? row->counts_on : row->ledger_on;
		tally_entry(&verify->tally, verify->kept, &amounts, row->counts_on, ledger_on);
		if (!entry_balances(&amounts))
			find(verify, "case %lld: event %lld does not sum to zero", (long long)entry->case_no, (long long)row->event_no);
		if (client && row->client_minor.minor)
			client->after = money_sub(client->after, row->client_minor);
		verify->due_count += row->client_minor.minor != 0;
	}
	verify->result.event_count += i64_from_size(entry->event_count);
}

static int64_t case_fact_count(const struct group_facts *group, int64_t case_no)
{
	int64_t count = 0;
	for (size_t i = 0; i < group->fact_count; i++)
		count += group->facts[i].case_no == case_no;
	return count;
}

static void counters_check(struct verify *verify, const struct book *book, const struct book_case *entry,
	int64_t letter_count)
{
	const struct case_states_row *state = entry->state;
	int64_t events = i64_from_size(entry->event_count);
	int64_t facts = case_fact_count(&book->groups[entry->group_index], entry->case_no);
	verify->fact_count += facts;
	verify->letter_count += letter_count;
	if (state->event_count != events || state->fact_count != facts || state->letter_count != letter_count)
		find(verify, "case %lld: its counters say %lld events, %lld facts, %lld letters; there are %lld, %lld, %lld",
			(long long)entry->case_no, (long long)state->event_count, (long long)state->fact_count,
			(long long)state->letter_count, (long long)events, (long long)facts, (long long)letter_count);
}

static bool is_objection_of(const struct fact *fact, enum fact_kind kind, int64_t case_no)
{
	return fact->kind == kind && fact->case_no == case_no;
}

/* In dispute at the end of the day before, as known that day; a late objection cannot call a letter back. */
static bool was_disputed(const struct group_facts *group, int64_t case_no, date sent_on)
{
	for (size_t i = 0; i < group->fact_count; i++) {
		const struct fact *objection = &group->facts[i];
		if (!is_objection_of(objection, FACT_OBJECTION, case_no) || !date_before(objection->booked_on, sent_on) ||
			!date_before(objection->counts_on, sent_on))
			continue;
		bool resolved = false;
		for (size_t k = 0; k < group->fact_count; k++) {
			const struct fact *resolution = &group->facts[k];
			resolved = resolved || (is_objection_of(resolution, FACT_RESOLUTION, case_no) &&
						       !date_before(resolution->counts_on, objection->counts_on) &&
						       date_before(resolution->counts_on, sent_on));
		}
		if (!resolved)
			return true;
	}
	return false;
}

static const struct case_events_row *event_numbered(const struct book_case *entry, int64_t event_no)
{
	for (size_t i = 0; i < entry->event_count; i++)
		if (entry->events[i].event_no == event_no)
			return &entry->events[i];
	return NULL;
}

static void letters_check(struct verify *verify, const struct book *book, const struct book_case *entry,
	const struct verify_letters_row *letters, size_t count)
{
	const struct group_facts *group = &book->groups[entry->group_index];
	for (size_t i = 0; i < count; i++) {
		const struct verify_letters_row *letter = &letters[i];
		const struct case_events_row *event = event_numbered(entry, letter->event_no);
		if (!event || !str_eq(event->what, letter->kind))
			find(verify, "case %lld: letter %lld (%.*s) belongs to no event of its kind", (long long)entry->case_no,
				(long long)letter->letter_no, STR_ARG(letter->kind));
		if (!date_is_none(letter->handed_on) && date_is_none(letter->withdrawn_on) &&
			was_disputed(group, entry->case_no, letter->handed_on))
			find(verify, "case %lld: letter %lld (%.*s) was sent on %s, inside an objection", (long long)entry->case_no,
				(long long)letter->letter_no, STR_ARG(letter->kind), date_iso(letter->handed_on).z);
	}
}

static err_t batch_check(struct verify *verify, const int64_t *nos, size_t count)
{
	struct book book;
	struct verify_letters_row *letters;
	size_t letter_count, letter = 0;
	TRY(book_open(verify->op, &verify->terms, verify->batch, nos, count, &book));
	TRY(book_events_read(&book));
	TRY(q_verify_letters(verify->op->db, verify->batch, nos[0], nos[count - 1], &letters, &letter_count));
	book_check(&book);
	for (size_t i = 0; i < count; i++) {
		str difference;
		const struct book_case *entry = book_case_of(&book, nos[i]);
		require(entry);
		size_t first = letter;
		while (letter < letter_count && letters[letter].case_id == nos[i])
			letter++;
		events_count(verify, entry);
		counters_check(verify, &book, entry, i64_from_size(letter - first));
		letters_check(verify, &book, entry, letters + first, letter - first);
		if (!book_case_holds(&book, entry, &difference))
			find(verify, "case %lld: %.*s", (long long)nos[i], STR_ARG(difference));
	}
	verify->result.case_count += i64_from_size(count);
	verify->state_count += i64_from_size(count);
	return OK;
}

/* A case that cannot even be loaded must not hide the others. Groups are loaded whole, so its companions are named too. */
static err_t batch_check_each(struct verify *verify, const int64_t *nos, size_t count)
{
	err_t err = batch_check(verify, nos, count);
	if (!err || err_kind(err) != ERR_INTERNAL)
		return err;
	err_free(err);
	for (size_t i = 0; i < count; i++) {
		err = batch_check(verify, &nos[i], 1);
		if (!err)
			continue;
		if (err_kind(err) != ERR_INTERNAL)
			return err;
		find(verify, "%s", err_text(err));
		err_free(err);
	}
	return OK;
}

static err_t cases_check(struct verify *verify)
{
	struct case_last_row last;
	bool found;
	int64_t after = 0;
	size_t count = BATCH_CASES;
	TRY(q_case_last(verify->op->db, verify->kept, &last, &found));
	while (count == BATCH_CASES) {
		struct case_ids_row *rows;
		arena_reset(verify->batch, verify->start);
		TRY(q_case_ids(verify->op->db, verify->batch, after, BATCH_CASES, &rows, &count));
		if (!count)
			break;
		int64_t *nos = arena_many(verify->batch, count, int64_t);
		for (size_t i = 0; i < count; i++)
			nos[i] = rows[i].case_id;
		TRY(batch_check_each(verify, nos, count));
		after = nos[count - 1];
		op_progress(verify->op, "cases", after, last.case_id);
	}
	arena_reset(verify->batch, verify->start);
	return OK;
}

/* Rows that no case led to. */
static err_t counts_check(struct verify *verify)
{
	struct verify_counts_row counts;
	bool found;
	TRY(q_verify_counts(verify->op->db, verify->kept, &counts, &found));
	const struct {
		const char *what;
		int64_t stored, seen;
	} checks[] = {
		{ "events", counts.event_count, verify->result.event_count },
		{ "facts", counts.fact_count, verify->fact_count },
		{ "letters", counts.letter_count, verify->letter_count },
		{ "states", counts.state_count, verify->state_count },
		{ "client movements, settled or to be settled,", counts.due_count, verify->due_count },
	};
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (checks[i].stored != checks[i].seen)
			find(verify, "there are %lld %s, the cases have %lld", (long long)checks[i].stored, checks[i].what,
				(long long)checks[i].seen);
	return OK;
}

/* ---- vouchers and balances ---- */

static err_t voucher_check(const struct ledger_voucher_read *voucher, void *context)
{
	struct verify *verify = context;
	money sums[BLOCK_COUNT] = { { 0 } };
	for (size_t i = 0; i < voucher->posting_count; i++) {
		const struct ledger_posting *posting = &voucher->postings[i];
		enum ledger_block block = ledger_block_of(posting->account);
		sums[block] = money_add(sums[block], posting->amount);
		tally_add(&verify->tally, verify->kept, posting->account, voucher->on, posting->amount);
		if (posting->account != ACCOUNT_CLIENT)
			continue;
		struct client_sum *client = client_sums_of(&verify->clients, posting->client_no);
		if (client)
			client->after = money_sub(client->after, posting->amount);
		else
			find(verify, "voucher %lld: there is no client %lld", (long long)voucher->voucher_id,
				(long long)posting->client_no);
	}
	for (int block = 0; block < BLOCK_COUNT; block++)
		if (sums[block].minor)
			find(verify, "voucher %lld (%.*s): %s is out of balance by %s", (long long)voucher->voucher_id,
				STR_ARG(voucher->kind), ledger_block_name((enum ledger_block)block), money_plain(sums[block]).z);
	return OK;
}

static int row_compare(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	return date_compare(x->on, y->on);
}

/* The kept balances taken off the entries' leave nothing. */
static err_t kept_check(struct verify *verify)
{
	struct account_day_list_row *rows;
	size_t row_count, count = 0;
	TRY(q_account_day_list(verify->op->db, verify->kept, &rows, &row_count));
	for (size_t i = 0; i < row_count; i++)
		tally_add(&verify->tally, verify->kept, (int)rows[i].account, /* 1000-9999 */ rows[i].counts_on,
			money_neg(rows[i].amount_minor));
	struct tally_row *wrong = arena_many(verify->kept, verify->tally.row_capacity, struct tally_row);
	for (size_t i = 0; i < verify->tally.row_capacity; i++)
		if (verify->tally.rows[i].used && verify->tally.rows[i].amount.minor)
			wrong[count++] = verify->tally.rows[i];
	if (count)
		qsort(wrong, count, sizeof *wrong, row_compare);
	for (size_t i = 0; i < count; i++)
		find(verify, "account %d (%s) on %s: the entries come to %s more than the balance kept", wrong[i].account,
			ledger_account_name(wrong[i].account), date_iso(wrong[i].on).z, money_plain(wrong[i].amount).z);
	return OK;
}

static money tally_account(const struct verify *verify, int account)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < verify->tally.row_capacity; i++)
		if (verify->tally.rows[i].used && verify->tally.rows[i].account == account)
			sum = money_add(sum, verify->tally.rows[i].amount);
	return sum;
}

static void blocks_check(struct verify *verify)
{
	money sums[BLOCK_COUNT] = { { 0 } };
	for (size_t i = 0; i < verify->tally.row_capacity; i++) {
		const struct tally_row *row = &verify->tally.rows[i];
		if (row->used)
			sums[ledger_block_of(row->account)] = money_add(sums[ledger_block_of(row->account)], row->amount);
	}
	for (int block = 0; block < BLOCK_COUNT; block++)
		if (sums[block].minor)
			find(verify, "%s is out of balance by %s", ledger_block_name((enum ledger_block)block),
				money_plain(sums[block]).z);
}

/* ---- client funds ---- */

static void liability_check(struct verify *verify, int account, money owed, const char *what)
{
	money balance = money_neg(tally_account(verify, account));
	if (balance.minor != owed.minor)
		find(verify, "account %d (%s) is %s, %s come to %s", account, ledger_account_name(account), money_plain(balance).z,
			what, money_plain(owed).z);
}

/* Payouts: sent and not yet seen on the statement, and sent back. */
static err_t payouts_check(struct verify *verify)
{
	struct verify_payouts_row *rows;
	struct verify_refund_sum_row refund;
	size_t count;
	bool found;
	money transit = MONEY_ZERO, fees = MONEY_ZERO;
	TRY(q_verify_payouts(verify->op->db, verify->kept, &rows, &count));
	TRY(q_verify_refund_sum(verify->op->db, verify->kept, &refund, &found));
	money refunds = refund.amount_minor;
	for (size_t i = 0; i < count; i++) {
		const struct verify_payouts_row *row = &rows[i];
		struct client_sum *client = row->has_client_no ? client_sums_of(&verify->clients, row->client_no) : NULL;
		if (str_eq_z(row->state, "in_transit")) {
			transit = money_add(transit, row->amount_minor);
			fees = money_add(fees, str_eq_z(row->kind, "fees") ? row->amount_minor : MONEY_ZERO);
		} else if (str_eq_z(row->kind, "refund")) {
			refunds = money_add(refunds, row->amount_minor);
		} else if (str_eq_z(row->kind, "client") && client) {
			client->before = money_add(client->before, row->amount_minor);
		}
	}
	liability_check(verify, ACCOUNT_TRANSIT, transit, "payouts in transit");
	liability_check(verify, ACCOUNT_REFUND, refunds, "refunds due");
	/* The agency's share is its asset until the bank has moved it. */
	money share = money_sub(fees, tally_account(verify, ACCOUNT_DRAWABLE));
	if (tally_account(verify, ACCOUNT_OWN_SHARE).minor != share.minor)
		find(verify, "account %d (%s) is %s, the agency's share of the client funds account is %s", ACCOUNT_OWN_SHARE,
			ledger_account_name(ACCOUNT_OWN_SHARE), money_plain(tally_account(verify, ACCOUNT_OWN_SHARE)).z,
			money_plain(share).z);
	return OK;
}

/* Owed to a client: not yet settled, left by its last settlement, and sent back by the bank. */
static err_t clients_check(struct verify *verify)
{
	struct verify_due_sums_row *dues;
	struct settlement_carried_row *carried;
	size_t due_count, carried_count;
	TRY(q_verify_due_sums(verify->op->db, verify->kept, &dues, &due_count));
	TRY(q_settlement_carried(verify->op->db, verify->kept, &carried, &carried_count));
	for (size_t i = 0; i < due_count; i++) {
		struct client_sum *client = client_sums_of(&verify->clients, dues[i].client_no);
		if (client)
			client->before = money_add(client->before, dues[i].amount_minor);
	}
	for (size_t i = 0; i < carried_count; i++) {
		struct client_sum *client = client_sums_of(&verify->clients, carried[i].client_no);
		if (client)
			client->before = money_add(client->before, carried[i].carried_minor);
	}
	for (size_t i = 0; i < verify->clients.count; i++) {
		const struct client_sum *client = &verify->clients.rows[i];
		if (client->before.minor != client->after.minor)
			find(verify, "client %lld: the entries owe it %s, what is to be settled comes to %s", (long long)client->client_no,
				money_plain(client->after).z, money_plain(client->before).z);
	}
	return OK;
}

static err_t settlements_check(struct verify *verify)
{
	struct verify_settlements_row *rows;
	size_t count;
	TRY(q_verify_settlements(verify->op->db, verify->batch, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		if (rows[i].line_minor.minor != rows[i].movement_minor.minor)
			find(verify, "settlement %lld: its lines come to %s, it says %s", (long long)rows[i].settlement_no,
				money_plain(rows[i].line_minor).z, money_plain(rows[i].movement_minor).z);
		if (rows[i].paid_minor.minor != rows[i].payout_minor.minor)
			find(verify, "settlement %lld: %s was sent to the bank, it says %s", (long long)rows[i].settlement_no,
				money_plain(rows[i].paid_minor).z, money_plain(rows[i].payout_minor).z);
	}
	arena_reset(verify->batch, verify->start);
	return OK;
}

static err_t funds_check(struct verify *verify)
{
	struct payment_hold_sum_row hold;
	bool found;
	TRY(q_payment_hold_sum(verify->op->db, verify->kept, &hold, &found));
	blocks_check(verify);
	liability_check(verify, ACCOUNT_HOLD, hold.sum_minor, "payments on hold");
	TRY(payouts_check(verify));
	TRY(clients_check(verify));
	return settlements_check(verify);
}

/* ---- look-ups and letters ---- */

static err_t movements_check(struct verify *verify)
{
	struct db *db = verify->op->db;
	struct verify_due_wrong_row *dues;
	struct verify_line_wrong_row *lines;
	size_t due_count, line_count;
	TRY(q_verify_due_wrong(db, verify->batch, LISTED_MAX, &dues, &due_count));
	TRY(q_verify_line_wrong(db, verify->batch, LISTED_MAX, &lines, &line_count));
	for (size_t i = 0; i < due_count; i++)
		find(verify, "client %lld: %s to be settled is not what event %lld of case %lld gave it",
			(long long)dues[i].client_no, money_plain(dues[i].amount_minor).z, (long long)dues[i].event_no,
			(long long)dues[i].case_id);
	for (size_t i = 0; i < line_count; i++)
		find(verify, "settlement %lld: its line of %s is not what event %lld of case %lld gave",
			(long long)lines[i].settlement_no, money_plain(lines[i].amount_minor).z, (long long)lines[i].event_no,
			(long long)lines[i].case_id);
	return OK;
}

static err_t invoices_check(struct verify *verify)
{
	struct db *db = verify->op->db;
	struct verify_invoice_missing_row *missing;
	struct verify_invoice_stray_row *stray;
	size_t missing_count, stray_count;
	TRY(q_verify_invoice_missing(db, verify->batch, LISTED_MAX, &missing, &missing_count));
	TRY(q_verify_invoice_stray(db, verify->batch, LISTED_MAX, &stray, &stray_count));
	for (size_t i = 0; i < missing_count; i++)
		find(verify, "case %lld cannot be found by its invoice '%.*s'", (long long)missing[i].case_id,
			STR_ARG(missing[i].invoice_no));
	for (size_t i = 0; i < stray_count; i++)
		find(verify, "invoice '%.*s' leads to case %lld, which is of another", STR_ARG(stray[i].invoice_no),
			(long long)stray[i].case_id);
	return OK;
}

static err_t kids_check(struct verify *verify)
{
	struct db *db = verify->op->db;
	struct verify_kid_missing_row *missing;
	struct verify_kid_stray_row *stray;
	size_t missing_count, stray_count;
	TRY(q_verify_kid_missing(db, verify->batch, LISTED_MAX, &missing, &missing_count));
	TRY(q_verify_kid_stray(db, verify->batch, LISTED_MAX, &stray, &stray_count));
	for (size_t i = 0; i < missing_count; i++)
		find(verify, "case %lld cannot be found by its creditor's KID '%.*s'", (long long)missing[i].case_id,
			STR_ARG(missing[i].own_kid));
	for (size_t i = 0; i < stray_count; i++)
		find(verify, "KID '%.*s' leads to case %lld, which has another", STR_ARG(stray[i].kid), (long long)stray[i].case_id);
	return OK;
}

static err_t others_check(struct verify *verify)
{
	struct db *db = verify->op->db;
	struct verify_group_missing_row *groups;
	struct verify_ident_missing_row *idents;
	struct verify_letter_open_row *letters;
	size_t group_count, ident_count, letter_count;
	TRY(q_verify_group_missing(db, verify->batch, LISTED_MAX, &groups, &group_count));
	TRY(q_verify_ident_missing(db, verify->batch, LISTED_MAX, &idents, &ident_count));
	TRY(q_verify_letter_open(db, verify->batch, LISTED_MAX, &letters, &letter_count));
	for (size_t i = 0; i < group_count; i++)
		find(verify, "case %lld is not among its debtor's cases with the client", (long long)groups[i].case_id);
	for (size_t i = 0; i < ident_count; i++)
		find(verify, "debtor %lld cannot be found by its number", (long long)idents[i].debtor_id);
	for (size_t i = 0; i < letter_count; i++)
		find(verify, "case %lld is closed and has an open letter: %lld (%.*s)", (long long)letters[i].case_id,
			(long long)letters[i].letter_no, STR_ARG(letters[i].kind));
	return OK;
}

static err_t lookups_check(struct verify *verify)
{
	op_progress(verify->op, "look-ups", 0, 0);
	TRY(movements_check(verify));
	TRY(invoices_check(verify));
	TRY(kids_check(verify));
	TRY(others_check(verify));
	arena_reset(verify->batch, verify->start);
	return OK;
}

/* ---- files ---- */

/* A file whose import was cut short has no bytes yet: its next run stores them. */
static err_t file_check(struct verify *verify, const struct verify_files_row *file)
{
	if (str_starts(file->sha256, S("begun:")))
		return OK;
	struct arena_mark start = arena_mark(verify->batch);
	struct file_hash *hash = file_hash_begin(verify->batch);
	struct arena_mark part = arena_mark(verify->batch);
	bool found = true;
	for (int64_t part_no = 1; found; part_no++) {
		struct verify_file_part_row row;
		TRY(q_verify_file_part(verify->op->db, verify->batch, file->file_id, part_no, &row, &found));
		if (found)
			file_hash_add(hash, row.body);
		arena_reset(verify->batch, part);
	}
	struct file_sha256 sum = file_hash_end(hash);
	if (!str_eq_z(file->sha256, sum.z))
		find(verify, "file %lld (%.*s) is not stored as it came: its bytes give another SHA-256", (long long)file->file_id,
			STR_ARG(file->name));
	arena_reset(verify->batch, start);
	return OK;
}

static err_t files_check(struct verify *verify)
{
	int64_t after = 0;
	size_t count = FILES_PAGE;
	while (count == FILES_PAGE) {
		struct verify_files_row *rows;
		TRY(q_verify_files(verify->op->db, verify->batch, after, FILES_PAGE, &rows, &count));
		for (size_t i = 0; i < count; i++) {
			TRY(file_check(verify, &rows[i]));
			after = rows[i].file_id;
			op_progress(verify->op, "files", after, 0);
		}
		arena_reset(verify->batch, verify->start);
	}
	return OK;
}

/* ---- the whole ---- */

static err_t all_check(struct verify *verify)
{
	TRY(terms_book_load(verify->op, &verify->terms));
	TRY(client_sums_load(verify->op, &verify->clients));
	TRY(cases_check(verify));
	TRY(counts_check(verify));
	TRY(ledger_vouchers(verify->op, voucher_check, verify));
	TRY(funds_check(verify));
	TRY(kept_check(verify));
	TRY(lookups_check(verify));
	return files_check(verify);
}

err_t verify_book(const struct op *op, void (*found)(str finding, void *context), void *context,
	struct verify_result *ret_result)
{
	struct verify verify = { .op = op, .found = found, .context = context };
	TRY(db_begin_reading(op->db));
	verify.batch = arena_create(ARENA_SIZE_MAX);
	verify.kept = arena_create(ARENA_SIZE_MAX);
	verify.start = arena_mark(verify.batch);
	err_t err = all_check(&verify);
	*ret_result = verify.result;
	arena_destroy(verify.kept);
	arena_destroy(verify.batch);
	db_rollback(op->db);
	return err;
}
