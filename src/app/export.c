#include "app/export.h"

#include "app/book.h"
#include "app/ledger.h"
#include "app/setup.h"
#include "core/kid.h"
#include "format/hledger.h"
#include "format/saft.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef KRAVBOK_VERSION
#define KRAVBOK_VERSION "0.1.0"
#endif

enum {
	PAGE_ROWS = 2000,
	ARENA_SIZE_MAX = 256 << 20,
	CODE_SIZE = 48,
	PATH_SIZE = 64,
	POSTING_MAX = COLUMN_COUNT + 1,
	VAT_PERCENT_OF_BP = 25, /* of the tax table below: code 3, 2500 basis points */
};

struct short_text {
	char z[PATH_SIZE];
};

/* ---- hledger ---- */

struct plain_book {
	const struct op *op;
	struct arena *arena;
	struct arena_mark start;
	struct hledger journal;
};

static struct short_text client_path(int64_t client_no)
{
	struct short_text path;
	const char *clients = account_info_of(ACCOUNT_CLIENT)->path;
	if (client_no)
		snprintf(path.z, sizeof path.z, "%s:%lld", clients, (long long)client_no);
	else
		snprintf(path.z, sizeof path.z, "%s:none", clients);
	return path;
}

/* Our whole chart, and the accounts that came with vouchers. Ascending. */
static err_t accounts_all(const struct op *op, struct arena *arena, int **ret_accounts, size_t *ret_count)
{
	struct account_used_row *used;
	size_t used_count, next = 0, count = 0;
	TRY(q_account_used(op->db, arena, &used, &used_count));
	int *accounts = arena_many(arena, used_count + (size_t)account_info_count, int); /* a small constant */
	for (int i = 0; i < account_info_count; i++) {
		for (; next < used_count && used[next].account <= account_infos[i].account; next++)
			if (used[next].account < account_infos[i].account)
				accounts[count++] = (int)used[next].account; /* 1000-9999 */
		accounts[count++] = account_infos[i].account;
	}
	for (; next < used_count; next++)
		accounts[count++] = (int)used[next].account;
	*ret_accounts = accounts;
	*ret_count = count;
	return OK;
}

static err_t accounts_declare(struct plain_book *plain)
{
	struct client_list_row *clients;
	int *accounts;
	size_t account_count, client_count;
	TRY(accounts_all(plain->op, plain->arena, &accounts, &account_count));
	TRY(q_client_list(plain->op->db, plain->arena, &clients, &client_count));
	for (size_t i = 0; i < account_count; i++) {
		str name = str_format(plain->arena, "%d %s", accounts[i], ledger_account_name(accounts[i]));
		hledger_account(&plain->journal, ledger_account_path(plain->arena, accounts[i]), name);
	}
	hledger_account(&plain->journal, str_from_z(client_path(0).z), S("no client named"));
	for (size_t i = 0; i < client_count; i++)
		hledger_account(&plain->journal, str_from_z(client_path(clients[i].client_no).z), clients[i].name);
	return OK;
}

struct postings {
	struct hledger_posting at[POSTING_MAX];
	size_t count;
};

static void posting_add(struct postings *postings, str path, money amount)
{
	if (amount.minor)
		postings->at[postings->count++] = (struct hledger_posting){ .account = path, .amount = amount };
}

static void columns_add(struct postings *postings, const struct entry *entry, int first, int end, str client)
{
	for (int i = first; i < end; i++) {
		int account = journal_account((enum journal_column)i);
		str path = account == ACCOUNT_CLIENT ? client : str_from_z(account_info_of(account)->path);
		posting_add(postings, path, entry->column[i]);
	}
}

static void memorandum_add(struct postings *postings, const struct entry *entry)
{
	columns_add(postings, entry, 0, COLUMN_OWED_COUNT, S(""));
	posting_add(postings, str_from_z(account_info_of(ACCOUNT_OWED_CONTRA)->path), money_neg(entry_owed(entry)));
}

static err_t event_transaction(struct plain_book *plain, const struct event_page_row *event, date on,
	const struct postings *postings)
{
	char code[CODE_SIZE], case_no[CODE_SIZE];
	if (!postings->count)
		return OK;
	snprintf(code, sizeof code, "E%lld-%lld", (long long)event->case_id, (long long)event->event_no);
	snprintf(case_no, sizeof case_no, "%lld", (long long)event->case_id);
	struct hledger_tag tag = { "case", str_from_z(case_no) };
	struct hledger_transaction transaction = {
		.on = on,
		.code = str_from_z(code),
		.description = event->what,
		.tags = &tag,
		.tag_count = 1,
		.postings = postings->at,
		.posting_count = postings->count,
	};
	return hledger_transaction(&plain->journal, &transaction);
}

static err_t event_write(const struct event_page_row *event, void *context)
{
	struct plain_book *plain = context;
	struct entry entry = ledger_event_entry(event);
	struct postings owed = { .count = 0 }, money_side = { .count = 0 };
	struct short_text client = client_path(event->client_no);
	date on = event->counts_on, ledger_on = ledger_event_day(event);
	bool together = date_eq(on, ledger_on);
	memorandum_add(&owed, &entry);
	columns_add(together ? &owed : &money_side, &entry, COLUMN_OWED_COUNT, COLUMN_COUNT, str_from_z(client.z));
	TRY(event_transaction(plain, event, on, &owed));
	return event_transaction(plain, event, ledger_on, &money_side);
}

static err_t voucher_write(const struct ledger_voucher_read *voucher, void *context)
{
	struct plain_book *plain = context;
	char code[CODE_SIZE];
	arena_reset(plain->arena, plain->start);
	struct hledger_posting *postings = arena_many(plain->arena, voucher->posting_count, struct hledger_posting);
	for (size_t i = 0; i < voucher->posting_count; i++) {
		const struct ledger_posting *posting = &voucher->postings[i];
		str path = posting->account == ACCOUNT_CLIENT
				   ? str_format(plain->arena, "%s", client_path(posting->client_no).z)
				   : ledger_account_path(plain->arena, posting->account);
		postings[i] = (struct hledger_posting){ .account = path, .amount = posting->amount };
	}
	snprintf(code, sizeof code, "V%lld", (long long)voucher->voucher_id);
	struct hledger_transaction transaction = {
		.on = voucher->on,
		.code = str_from_z(code),
		.description = voucher->description.size ? voucher->description : voucher->kind,
		.postings = postings,
		.posting_count = voucher->posting_count,
	};
	return hledger_transaction(&plain->journal, &transaction);
}

static err_t plain_write(struct plain_book *plain, struct sink sink)
{
	struct agency agency;
	TRY(agency_load(plain->op, &agency));
	str comment = str_format(plain->arena, "%.*s, all that is booked by %s", STR_ARG(agency.name),
		date_iso(plain->op->today).z);
	plain->journal = hledger_begin(plain->arena, sink, comment);
	TRY(accounts_declare(plain));
	plain->start = arena_mark(plain->arena);
	TRY(ledger_events(plain->op, event_write, plain));
	TRY(ledger_vouchers(plain->op, voucher_write, plain));
	return hledger_finish(&plain->journal);
}

err_t export_hledger(const struct op *op, struct sink sink)
{
	struct plain_book plain = { .op = op };
	TRY(db_begin_reading(op->db));
	plain.arena = arena_create(ARENA_SIZE_MAX);
	err_t err = plain_write(&plain, sink);
	arena_destroy(plain.arena);
	db_rollback(op->db);
	return err;
}

/* ---- SAF-T ---- */

struct tax_book {
	const struct op *op;
	struct arena *arena; /* of the whole file */
	struct arena *scratch; /* of one transaction */
	struct arena_mark start;
	struct export_period period;
	struct client_sums clients; /* before the period and at its end */
	struct saft_totals totals;
	struct saft *saft;
};

static bool in_period(const struct tax_book *tax, date on)
{
	return !date_before(on, tax->period.from) && !date_after(on, tax->period.to);
}

static err_t client_count(struct tax_book *tax, int64_t client_no, date on, money amount)
{
	if (!amount.minor || date_after(on, tax->period.to))
		return OK;
	struct client_sum *sum = client_sums_of(&tax->clients, client_no);
	if (!sum)
		return fail(ERR_INTERNAL, "there are postings of client %lld, which does not exist", (long long)client_no);
	sum->after = money_add(sum->after, amount);
	if (date_before(on, tax->period.from))
		sum->before = money_add(sum->before, amount);
	return OK;
}

static err_t event_count(const struct event_page_row *event, void *context)
{
	struct tax_book *tax = context;
	struct entry entry = ledger_event_entry(event);
	date on = ledger_event_day(event);
	money debit = MONEY_ZERO;
	bool any = false;
	TRY(client_count(tax, event->client_no, on, event->client_minor));
	for (int i = COLUMN_OWED_COUNT; i < COLUMN_COUNT; i++) {
		any = any || entry.column[i].minor;
		debit = money_add(debit, money_clamp(entry.column[i]));
	}
	if (!any || !in_period(tax, on))
		return OK;
	tax->totals.transaction_count++;
	tax->totals.debit = money_add(tax->totals.debit, debit);
	return OK;
}

static err_t voucher_count(const struct ledger_voucher_read *voucher, void *context)
{
	struct tax_book *tax = context;
	for (size_t i = 0; i < voucher->posting_count; i++) {
		const struct ledger_posting *posting = &voucher->postings[i];
		if (posting->account == ACCOUNT_CLIENT)
			TRY(client_count(tax, posting->client_no, voucher->on, posting->amount));
		if (in_period(tax, voucher->on))
			tax->totals.debit = money_add(tax->totals.debit, money_clamp(posting->amount));
	}
	tax->totals.transaction_count += in_period(tax, voucher->on) && voucher->posting_count;
	return OK;
}

/* Næringsspesifikasjonen, by class, for accounts that came with a voucher. */
static void grouping_set(struct saft_account *account)
{
	static const struct {
		const char *category, *code;
	} classes[10] = {
		[1] = { "balanseverdiForOmloepsmiddel", "1570" },
		[2] = { "kortsiktigGjeld", "2990" },
		[3] = { "salgsinntekt", "3000" },
		[4] = { "varekostnad", "4005" },
		[5] = { "loennskostnad", "5000" },
		[6] = { "annenDriftskostnad", "6995" },
		[7] = { "annenDriftskostnad", "7700" },
		[8] = { "finanskostnad", "8150" },
	};
	const struct account_info *info = account_info_of(account->account);
	int class = account->account / 1000;
	if (info) {
		account->grouping_category = str_from_z(info->grouping_category);
		account->grouping_code = str_from_z(info->grouping_code);
	} else if (class >= 1 && class <= 8) {
		account->grouping_category = str_from_z(classes[class].category);
		account->grouping_code = str_from_z(classes[class].code);
	}
}

static money balance_on(const struct account_balances_row *rows, size_t count, int64_t account)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].account == account)
			return rows[i].balance_minor;
	return MONEY_ZERO;
}

static err_t accounts_load(struct tax_book *tax, struct saft_master *master)
{
	struct db *db = tax->op->db;
	struct account_balances_row *before, *after;
	int *numbers;
	size_t number_count, before_count, after_count, count = 0;
	TRY(accounts_all(tax->op, tax->arena, &numbers, &number_count));
	TRY(q_account_balances(db, tax->arena, date_add(tax->period.from, -1), &before, &before_count));
	TRY(q_account_balances(db, tax->arena, tax->period.to, &after, &after_count));
	struct saft_account *accounts = arena_many(tax->arena, number_count, struct saft_account);
	for (size_t i = 0; i < number_count; i++) {
		if (ledger_block_of(numbers[i]) == BLOCK_MEMORANDUM)
			continue;
		struct saft_account *account = &accounts[count++];
		account->account = numbers[i];
		account->name = str_from_z(ledger_account_name(numbers[i]));
		account->opening = balance_on(before, before_count, numbers[i]);
		account->closing = balance_on(after, after_count, numbers[i]);
		grouping_set(account);
	}
	master->accounts = accounts;
	master->account_count = count;
	return OK;
}

static int party_compare(const void *a, const void *b)
{
	return str_compare(((const struct saft_party *)a)->id, ((const struct saft_party *)b)->id);
}

static str client_id(struct arena *arena, int64_t client_no)
{
	return str_format(arena, "%lld", (long long)client_no);
}

static err_t parties_load(struct tax_book *tax, struct saft_master *master)
{
	struct client_list_row *clients;
	size_t count;
	TRY(q_client_list(tax->op->db, tax->arena, &clients, &count));
	struct saft_party *parties = arena_many(tax->arena, count, struct saft_party);
	for (size_t i = 0; i < count; i++) {
		const struct client_sum *sum = client_sums_of(&tax->clients, clients[i].client_no);
		require(sum);
		parties[i] = (struct saft_party){
			.id = client_id(tax->arena, clients[i].client_no),
			.name = clients[i].name,
			.orgnr = clients[i].orgnr,
			.bank_account = clients[i].account,
			.account = ACCOUNT_CLIENT,
			.opening = sum->before,
			.closing = sum->after,
		};
	}
	qsort(parties, count, sizeof *parties, party_compare);
	master->customers = parties;
	master->customer_count = count;
	return OK;
}

static void line_add(struct saft_line *lines, size_t *count, int account, money amount)
{
	if (amount.minor)
		lines[(*count)++] = (struct saft_line){ .account = account, .amount = amount };
}

/* The VAT of an event is told at the sale it is of: the commission's is its share, the salær's what is left. */
static void tax_set(struct saft_line *lines, size_t count, money vat)
{
	struct saft_line *salaer = NULL, *commission = NULL;
	for (size_t i = 0; i < count; i++) {
		if (lines[i].account == ACCOUNT_SALAER)
			salaer = &lines[i];
		if (lines[i].account == ACCOUNT_COMMISSION)
			commission = &lines[i];
	}
	money of_commission = MONEY_ZERO;
	if (commission)
		of_commission = salaer ? money_ratio(commission->amount, VAT_PERCENT_OF_BP, 100, ROUND_HALF_UP) : vat;
	struct saft_line *const sales[] = { salaer, commission };
	const money amounts[] = { money_sub(vat, of_commission), of_commission };
	for (int i = 0; i < 2; i++)
		if (sales[i]) {
			sales[i]->tax_code = S("3");
			sales[i]->tax_base = sales[i]->amount;
			sales[i]->tax_amount = amounts[i];
		}
}

static err_t event_saft(const struct event_page_row *event, void *context)
{
	struct tax_book *tax = context;
	struct entry entry = ledger_event_entry(event);
	struct saft_line lines[COLUMN_COUNT];
	size_t count = 0;
	date on = ledger_event_day(event);
	if (!in_period(tax, on))
		return OK;
	arena_reset(tax->scratch, tax->start);
	for (int i = COLUMN_OWED_COUNT; i < COLUMN_COUNT; i++)
		line_add(lines, &count, journal_account((enum journal_column)i), entry.column[i]);
	if (!count)
		return OK;
	tax_set(lines, count, event->vat_minor);
	for (size_t i = 0; i < count; i++)
		if (lines[i].account == ACCOUNT_CLIENT)
			lines[i].customer_id = client_id(tax->scratch, event->client_no);
	struct saft_transaction transaction = {
		.id = str_format(tax->scratch, "E%lld-%lld", (long long)event->case_id, (long long)event->event_no),
		.on = on,
		.entered_on = event->booked_on,
		.type = S("case"),
		.description = str_format(tax->scratch, "%.*s, case %lld", STR_ARG(event->what), (long long)event->case_id),
		.lines = lines,
		.line_count = count,
	};
	return saft_transaction(tax->saft, &transaction);
}

static err_t voucher_saft(const struct ledger_voucher_read *voucher, void *context)
{
	struct tax_book *tax = context;
	if (!in_period(tax, voucher->on) || !voucher->posting_count)
		return OK;
	arena_reset(tax->scratch, tax->start);
	struct saft_line *lines = arena_many(tax->scratch, voucher->posting_count, struct saft_line);
	size_t count = 0;
	for (size_t i = 0; i < voucher->posting_count; i++) {
		const struct ledger_posting *posting = &voucher->postings[i];
		line_add(lines, &count, posting->account, posting->amount);
		if (posting->account == ACCOUNT_CLIENT && posting->client_no && posting->amount.minor)
			lines[count - 1].customer_id = client_id(tax->scratch, posting->client_no);
	}
	struct saft_transaction transaction = {
		.id = str_format(tax->scratch, "V%lld", (long long)voucher->voucher_id),
		.on = voucher->on,
		.entered_on = voucher->booked_on,
		.type = voucher->kind,
		.description = voucher->description.size ? voucher->description : voucher->kind,
		.lines = lines,
		.line_count = count,
	};
	return saft_transaction(tax->saft, &transaction);
}

static struct saft_header header_of(const struct tax_book *tax, const struct agency *agency)
{
	return (struct saft_header){
		.software_version = S(KRAVBOK_VERSION),
		.created_on = tax->op->today,
		.orgnr = agency->orgnr.size ? agency->orgnr : S("000000000"),
		.name = agency->name,
		.address = { agency->address, agency->postcode, agency->city, S("NO") },
		.contact_first_name = S("Kontor"),
		.contact_last_name = agency->name,
		.phone = agency->phone,
		.email = agency->email,
		.vat_registered = true,
		.bank_account = agency->account,
		.from = tax->period.from,
		.to = tax->period.to,
	};
}

static err_t saft_write(struct tax_book *tax, struct sink sink)
{
	const struct saft_tax_code codes[] = { { S("3"), S("Utgående avgift, alminnelig sats"), S("3"), 2500 } };
	struct agency agency;
	struct saft_master master = { .tax_codes = codes, .tax_code_count = 1 };
	TRY(agency_load(tax->op, &agency));
	TRY(client_sums_load(tax->op, &tax->clients));
	TRY(ledger_events(tax->op, event_count, tax));
	TRY(ledger_vouchers(tax->op, voucher_count, tax));
	struct saft_header header = header_of(tax, &agency);
	master.header = &header;
	master.totals = tax->totals;
	TRY(accounts_load(tax, &master));
	TRY(parties_load(tax, &master));
	TRY(saft_begin(&master, tax->arena, sink, &tax->saft));
	saft_journal(tax->saft, S("CASES"), S("Cases: payments, credits and what follows"), S("C"));
	TRY(ledger_events(tax->op, event_saft, tax));
	saft_journal(tax->saft, S("VOUCHERS"), S("Vouchers: bank, settlements, other"), S("V"));
	TRY(ledger_vouchers(tax->op, voucher_saft, tax));
	return saft_finish(tax->saft);
}

err_t export_saft(const struct op *op, struct export_period period, struct sink sink)
{
	if (date_is_none(period.to))
		period.to = op->today;
	if (date_is_none(period.from))
		period.from = date_make(date_civil(period.to).year, 1, 1);
	if (date_after(period.from, period.to))
		return fail(ERR_INPUT, "the period from %s to %s is none", date_iso(period.from).z, date_iso(period.to).z);
	struct tax_book tax = { .op = op, .period = period };
	TRY(db_begin_reading(op->db)); /* read twice: the totals stand before the transactions */
	tax.arena = arena_create(ARENA_SIZE_MAX);
	tax.scratch = arena_create(ARENA_SIZE_MAX);
	tax.start = arena_mark(tax.scratch);
	err_t err = saft_write(&tax, sink);
	arena_destroy(tax.scratch);
	arena_destroy(tax.arena);
	db_rollback(op->db);
	return err;
}

/* ---- claims ---- */

struct claim_listing {
	const struct op *op;
	struct terms_book terms;
	struct arena *arena;
};

/* Interest of one claim follows from its running total; several claims, or a compensation to come, need the replay. */
static err_t claim_owed(struct claim_listing *listing, const struct claim_owed_page_row *row, struct export_claim *claim)
{
	const struct op *op = listing->op;
	struct life_case life;
	struct book book;
	struct book_question ask = { .as_of = op->today, .known_on = DATE_NONE, .steps_until = DATE_NONE };
	bool nothing = !row->principal_minor.minor && !row->costs_minor.minor && date_is_none(row->interest_on);
	bool quick = !date_is_none(row->interest_on) && !row->compensation_minor.minor &&
		     !(date_after(row->interest_on, op->today) && row->principal_minor.minor && row->interest_sum);
	claim->principal = row->principal_minor;
	claim->costs = row->costs_minor;
	if (quick) {
		money interest = life_interest(op->law, row->interest_sum, row->principal_minor, row->interest_on, op->today);
		claim->interest = money_sub(interest, row->interest_paid_minor);
	} else if (!nothing) {
		TRY(book_ask(op, &listing->terms, listing->arena, row->case_id, ask, NULL, &life, &book));
		claim->principal = life.principal;
		claim->interest = life.interest;
		claim->costs = life.costs;
	}
	claim->balance = money_add(claim->principal, money_add(claim->interest, claim->costs));
	return OK;
}

static err_t claim_give(struct claim_listing *listing, const struct claim_owed_page_row *row,
	err_t (*each)(const struct export_claim *claim, void *context), void *context)
{
	struct export_claim claim = {
		.case_no = row->case_id,
		.client_no = row->client_no,
		.kid = str_format(listing->arena, "%s", kid_of_case(row->case_id).z),
		.invoice_no = row->invoice_no,
		.debtor = row->debtor_name,
		.stage = row->stage,
		.issued_on = row->issued_on,
		.due_on = row->due_on,
		.amount = row->amount_minor,
		.carrier_no = row->has_carrier_id ? row->carrier_id : 0,
	};
	TRY(claim_owed(listing, row, &claim));
	return each(&claim, context);
}

static err_t claims_page(struct claim_listing *listing, int64_t *after,
	err_t (*each)(const struct export_claim *claim, void *context), void *context, size_t *ret_count)
{
	struct claim_owed_page_row *rows;
	TRY(q_claim_owed_page(listing->op->db, listing->arena, *after, PAGE_ROWS, &rows, ret_count));
	for (size_t i = 0; i < *ret_count; i++) {
		TRY(claim_give(listing, &rows[i], each, context));
		*after = rows[i].case_id;
	}
	return OK;
}

err_t export_claims(const struct op *op, err_t (*each)(const struct export_claim *claim, void *context), void *context)
{
	struct claim_listing listing = { .op = op };
	int64_t after = 0;
	size_t count = PAGE_ROWS;
	err_t err = OK;
	TRY(law_reaches(op->law, op->today));
	TRY(terms_book_load(op, &listing.terms));
	TRY(db_begin_reading(op->db));
	listing.arena = arena_create(ARENA_SIZE_MAX);
	struct arena_mark start = arena_mark(listing.arena);
	while (!err && count == PAGE_ROWS) {
		err = claims_page(&listing, &after, each, context, &count);
		arena_reset(listing.arena, start);
	}
	arena_destroy(listing.arena);
	db_rollback(op->db);
	return err;
}
