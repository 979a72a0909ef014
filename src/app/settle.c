#include "app/settle.h"

#include "app/ledger.h"
#include "app/setup.h"
#include "app/webhook.h"
#include "core/ident.h"
#include "sql.h"

#include <string.h>

enum { ARENA_SIZE_MAX = 512 << 20, SCRATCH_SIZE_MAX = 256 << 20 };

struct settling {
	const struct op *op;
	struct arena *arena;   /* of the run */
	struct arena *scratch; /* of a client, or of a case's refunds */
	struct arena_mark start;
	date on;
	struct agency agency;
	struct ledger_writer writer;
	int64_t run_id, next_settlement, next_payout;
	bool has_run; /* the run's row is there */
	struct payout_rejected_row *rejected;
	size_t rejected_count;
	struct settle_result *result;
	size_t finding_capacity, note_capacity;
};

static void text_keep(const struct settling *settling, str text, str **texts, size_t *count, size_t *capacity)
{
	if (*count == *capacity) {
		*capacity = *capacity ? *capacity * 2 : 8;
		*texts = arena_grow(settling->op->arena, *texts, *count, *capacity, sizeof **texts);
	}
	(*texts)[(*count)++] = str_copy(settling->op->arena, text);
}

static void settle_find(struct settling *settling, str text)
{
	struct settle_result *result = settling->result;
	text_keep(settling, text, &result->findings, &result->finding_count, &settling->finding_capacity);
}

static void settle_note(struct settling *settling, str text)
{
	struct settle_result *result = settling->result;
	text_keep(settling, text, &result->notes, &result->note_count, &settling->note_capacity);
}

/* ---- the run and its payouts ---- */

/* Ids go to the bank and come back on its statement: unique for ever, also across the books of one account. */
static str id_make(struct settling *settling, char kind, int64_t number)
{
	return str_format(settling->scratch, "KB%.*s-%c%lld", STR_ARG(settling->agency.account), kind, (long long)number);
}

/* The run is made when there is something to put in it. */
static err_t run_need(struct settling *settling)
{
	if (settling->has_run)
		return OK;
	settling->has_run = true;
	return q_settlement_run_insert(settling->op->db, settling->run_id, settling->on, settling->op->today,
		id_make(settling, 'R', settling->run_id));
}

struct payout_making {
	const char *kind;
	int64_t client_no, payment_id; /* 0: none */
	int account;                   /* that owes it */
	str name, bank_account, description;
	money amount;
};

static err_t payout_make(struct settling *settling, const struct payout_making *making)
{
	struct db *db = settling->op->db;
	int64_t id = settling->next_payout++;
	str end_to_end = id_make(settling, 'P', id);
	TRY(run_need(settling));
	TRY(q_payout_insert(db, id, settling->run_id, str_from_z(making->kind), making->client_no ? making->client_no : INT64_MIN,
		making->payment_id ? making->payment_id : INT64_MIN, making->name, making->bank_account, making->amount,
		end_to_end, S("in_transit"), settling->on));
	struct ledger_posting postings[] = {
		{ making->account, making->account == ACCOUNT_CLIENT ? making->client_no : 0, making->amount },
		{ ACCOUNT_TRANSIT, 0, money_neg(making->amount) },
	};
	struct ledger_voucher voucher = {
		.kind = "settlement",
		.on = settling->on,
		.description = making->description,
		.reference = end_to_end,
		.postings = postings,
		.posting_count = sizeof postings / sizeof *postings,
	};
	return ledger_book(&settling->writer, &voucher);
}

static bool account_can_be_paid(const struct settling *settling, str account)
{
	struct ident_text bban;
	if (iban_bban(account, &bban))
		account = str_from_z(bban.z);
	return bban_is_valid(account) && !str_eq(account, settling->agency.account);
}

/* ---- clients ---- */

struct client_owed {
	int64_t client_no;
	money carried, returned, movement;
	bool has_movement, has_returned;
};

static money rejected_take(struct settling *settling, const char *kind, int64_t client_no, bool *ret_any)
{
	money sum = MONEY_ZERO;
	*ret_any = false;
	for (size_t i = 0; i < settling->rejected_count; i++) {
		const struct payout_rejected_row *row = &settling->rejected[i];
		if (!str_eq_z(row->kind, kind) || (client_no && (!row->has_client_no || row->client_no != client_no)))
			continue;
		sum = money_add(sum, row->amount_minor);
		*ret_any = true;
	}
	return sum;
}

static err_t rejected_mark(struct settling *settling, const char *kind, int64_t client_no)
{
	for (size_t i = 0; i < settling->rejected_count; i++) {
		const struct payout_rejected_row *row = &settling->rejected[i];
		if (str_eq_z(row->kind, kind) && (!client_no || (row->has_client_no && row->client_no == client_no)))
			TRY(q_payout_state(settling->op->db, S("resettled"), settling->on, row->payout_id));
	}
	return OK;
}

static err_t client_book(struct settling *settling, const struct client_list_row *client, const struct client_owed *owed)
{
	struct db *db = settling->op->db;
	money carried = money_add(owed->carried, owed->returned), total = money_add(carried, owed->movement);
	bool can_pay = account_can_be_paid(settling, client->account);
	money payout = total.minor > 0 && can_pay ? total : MONEY_ZERO;
	if (total.minor > 0 && !can_pay)
		settle_find(settling, str_format(settling->scratch, "client %lld (%.*s): %s is not paid out, '%.*s' is no account to pay to",
			(long long)client->client_no, STR_ARG(client->name), money_plain(total).z, STR_ARG(client->account)));
	if (!owed->has_movement && !owed->has_returned && !payout.minor)
		return OK;
	int64_t settlement_no = settling->next_settlement++;
	TRY(run_need(settling));
	TRY(q_settlement_insert(db, settlement_no, settling->run_id, client->client_no, settling->on, carried, owed->movement,
		payout));
	const struct webhook_notice notice = {
		.topic = WEBHOOK_SETTLEMENT_MADE,
		.client_no = client->client_no,
		.number = settlement_no,
		.on = settling->on,
		.deadline_on = DATE_NONE,
		.amount = payout,
		.has_amount = true,
	};
	TRY(webhook_tell(settling->op, settling->scratch, &notice, 1));
	if (owed->has_movement) {
		TRY(q_client_due_settle(db, settlement_no, client->client_no, settling->on));
		TRY(q_client_due_delete(db, client->client_no, settling->on));
	}
	if (owed->has_returned)
		TRY(rejected_mark(settling, "client", client->client_no));
	if (!payout.minor)
		return OK;
	struct payout_making making = {
		.kind = "client",
		.client_no = client->client_no,
		.account = ACCOUNT_CLIENT,
		.name = client->name,
		.bank_account = client->account,
		.amount = payout,
		.description = str_format(settling->scratch, "Settlement %lld to client %lld", (long long)settlement_no,
			(long long)client->client_no),
	};
	return payout_make(settling, &making);
}

/* Three lists by client number, walked side by side. */
static err_t clients_settle(struct settling *settling)
{
	struct db *db = settling->op->db;
	struct client_list_row *clients;
	struct client_due_clients_row *dues;
	struct settlement_carried_row *carried;
	size_t client_count, due_count, carried_count, due = 0, left = 0;
	TRY(q_client_list(db, settling->arena, &clients, &client_count));
	TRY(q_client_due_clients(db, settling->arena, settling->on, &dues, &due_count));
	TRY(q_settlement_carried(db, settling->arena, &carried, &carried_count));
	for (size_t i = 0; i < client_count; i++) {
		struct client_owed owed = { .client_no = clients[i].client_no };
		while (due < due_count && dues[due].client_no < owed.client_no)
			due++;
		while (left < carried_count && carried[left].client_no < owed.client_no)
			left++;
		if (due < due_count && dues[due].client_no == owed.client_no) {
			owed.has_movement = true;
			owed.movement = dues[due].amount_minor;
		}
		if (left < carried_count && carried[left].client_no == owed.client_no)
			owed.carried = carried[left].carried_minor;
		owed.returned = rejected_take(settling, "client", owed.client_no, &owed.has_returned);
		TRY(client_book(settling, &clients[i], &owed));
		arena_reset(settling->scratch, settling->start);
		op_progress(settling->op, "clients", i64_from_size(i + 1), i64_from_size(client_count));
	}
	return OK;
}

/* ---- the agency's share ---- */

/* What was booked by the day, less what has been drawn: the kept balance, without what came later. */
static err_t fees_settle(struct settling *settling)
{
	struct db *db = settling->op->db;
	struct account_balance_row balance;
	struct settlement_drawn_later_row later = { 0 };
	bool found;
	TRY(q_account_balance(db, settling->scratch, ACCOUNT_DRAWABLE, DATE_LAST, &balance, &found));
	if (date_before(settling->on, settling->op->today))
		TRY(q_settlement_drawn_later(db, settling->scratch, settling->on, &later, &found));
	money fees = money_sub(later.drawable_minor, balance.balance_minor);
	if (fees.minor < 0)
		settle_note(settling, str_format(settling->scratch,
			"the agency has drawn %s more than its share of the client funds account", money_plain(money_neg(fees)).z));
	if (fees.minor <= 0)
		return OK;
	if (!bban_is_valid(settling->agency.own_account)) {
		settle_note(settling, str_format(settling->scratch,
			"the agency's own share, %s, stays on the client funds account: it has no account of its own (kravbok init --agency)",
			money_plain(fees).z));
		return OK;
	}
	TRY(rejected_mark(settling, "fees", 0));
	struct payout_making making = {
		.kind = "fees",
		.account = ACCOUNT_DRAWABLE,
		.name = settling->agency.name,
		.bank_account = settling->agency.own_account,
		.amount = fees,
		.description = S("The agency's own share of the client funds account"),
	};
	return payout_make(settling, &making);
}

/* ---- refunds ---- */

/* What one payment's payer is owed back by one case. */
struct refund {
	int64_t payment_id;
	money amount;
};

/* The payment a row goes back to: its own, that of its event, or the case's latest. 0: none of the bank. */
static err_t refund_payment(struct settling *settling, const struct refund_due_open_row *row, int64_t *ret_payment)
{
	struct db *db = settling->op->db;
	struct refund_due_fact_row fact;
	struct refund_due_latest_row latest;
	bool found;
	*ret_payment = row->payment_id;
	if (row->payment_id || !row->case_id)
		return OK;
	TRY(q_refund_due_fact(db, settling->scratch, row->case_id, row->event_no, &fact, &found));
	if (found && fact.has_payment_id) {
		*ret_payment = fact.payment_id;
		return OK;
	}
	TRY(q_refund_due_latest(db, settling->scratch, row->case_id, &latest, &found));
	*ret_payment = found && latest.has_payment_id ? latest.payment_id : 0;
	return OK;
}

static void refund_add(struct refund *refunds, size_t *count, int64_t payment_id, money amount)
{
	for (size_t i = 0; i < *count; i++)
		if (refunds[i].payment_id == payment_id) {
			refunds[i].amount = money_add(refunds[i].amount, amount);
			return;
		}
	refunds[(*count)++] = (struct refund){ payment_id, amount };
}

/* A reversal takes back what another payment of the case was owed: the latest pay for it first. */
static void refunds_net(struct refund *refunds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = count; refunds[i].amount.minor < 0 && k > 0; k--) {
			money part = money_min(money_clamp(refunds[k - 1].amount), money_neg(refunds[i].amount));
			refunds[k - 1].amount = money_sub(refunds[k - 1].amount, part);
			refunds[i].amount = money_add(refunds[i].amount, part);
		}
}

/* Banks want a name; an OCR giro has none. The debtor's is the nearest. */
static err_t payer_name(struct settling *settling, str name, int64_t case_id, str *ret_name)
{
	struct case_detail_row detail;
	bool found = false;
	*ret_name = str_trim(name).size ? name : S("Innbetaler");
	if (!str_trim(name).size && case_id)
		TRY(q_case_detail(settling->op->db, settling->scratch, case_id, &detail, &found));
	if (found)
		*ret_name = detail.debtor_name;
	return OK;
}

static err_t refund_making(struct settling *settling, const struct refund *refund, int64_t case_id,
	struct payout_making *ret_making, bool *ret_payable)
{
	struct payment_get_row payment;
	bool found = false;
	*ret_payable = false;
	if (refund->payment_id)
		TRY(q_payment_get(settling->op->db, settling->scratch, refund->payment_id, &payment, &found));
	if (!found || !account_can_be_paid(settling, payment.payer_account)) {
		str where = case_id ? str_format(settling->scratch, "case %lld", (long long)case_id)
				    : str_format(settling->scratch, "payment %lld", (long long)refund->payment_id);
		settle_note(settling, str_format(settling->scratch, "%.*s: %s is owed back to a payer whose account is not known",
			STR_ARG(where), money_plain(refund->amount).z));
		return OK;
	}
	*ret_making = (struct payout_making){
		.kind = "refund",
		.payment_id = refund->payment_id,
		.account = ACCOUNT_REFUND,
		.bank_account = payment.payer_account,
		.amount = refund->amount,
		.description = str_format(settling->scratch, "Refund of payment %lld", (long long)refund->payment_id),
	};
	*ret_payable = true;
	return payer_name(settling, payment.payer_name, case_id, &ret_making->name);
}

/* The refunds of one case (or of one payment sent back from hold) go out together or not at all. */
static err_t refunds_of_case(struct settling *settling, const struct refund_due_open_row *rows, size_t count)
{
	struct refund *refunds = arena_many(settling->scratch, count, struct refund);
	struct payout_making *makings = arena_many(settling->scratch, count, struct payout_making);
	size_t refund_count = 0, making_count = 0;
	money sum = MONEY_ZERO;
	bool all_payable = true;
	for (size_t i = 0; i < count; i++) {
		int64_t payment_id;
		TRY(refund_payment(settling, &rows[i], &payment_id));
		refund_add(refunds, &refund_count, payment_id, rows[i].amount_minor);
		sum = money_add(sum, rows[i].amount_minor);
	}
	if (sum.minor < 0)
		return OK; /* paid back too much before: it waits for the next refund of the case */
	refunds_net(refunds, refund_count);
	for (size_t i = 0; i < refund_count && all_payable; i++) {
		if (!refunds[i].amount.minor)
			continue;
		TRY(refund_making(settling, &refunds[i], rows[0].case_id, &makings[making_count++], &all_payable));
	}
	if (!all_payable)
		return OK;
	for (size_t i = 0; i < making_count; i++)
		TRY(payout_make(settling, &makings[i]));
	for (size_t i = 0; i < count; i++)
		TRY(q_refund_due_remove(settling->op->db, rows[i].payment_id, rows[i].case_id, rows[i].event_no));
	return OK;
}

/* Case 0 is the hold account: there each payment stands alone. */
static bool same_refund(const struct refund_due_open_row *a, const struct refund_due_open_row *b)
{
	return a->case_id == b->case_id && (a->case_id || a->payment_id == b->payment_id);
}

static err_t refunds_again(struct settling *settling)
{
	for (size_t i = 0; i < settling->rejected_count; i++) {
		const struct payout_rejected_row *row = &settling->rejected[i];
		if (!str_eq_z(row->kind, "refund"))
			continue;
		struct payout_making making = {
			.kind = "refund",
			.payment_id = row->has_payment_id ? row->payment_id : 0,
			.account = ACCOUNT_REFUND,
			.name = row->name,
			.bank_account = row->account,
			.amount = row->amount_minor,
			.description = str_format(settling->scratch, "Refund of payment %lld, again", (long long)row->payment_id),
		};
		TRY(payout_make(settling, &making));
		TRY(q_payout_state(settling->op->db, S("resettled"), settling->on, row->payout_id));
	}
	return OK;
}

static err_t refunds_settle(struct settling *settling)
{
	struct refund_due_open_row *rows;
	size_t count;
	TRY(q_refund_due_open(settling->op->db, settling->arena, settling->on, &rows, &count));
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && same_refund(&rows[i], &rows[end]);)
			end++;
		TRY(refunds_of_case(settling, rows + i, end - i));
		arena_reset(settling->scratch, settling->start);
	}
	return refunds_again(settling);
}

/* ---- the whole ---- */

static err_t numbers_load(struct settling *settling)
{
	struct db *db = settling->op->db;
	struct settlement_run_last_row run;
	struct settlement_last_row settlement;
	struct payout_last_row payout;
	bool found;
	TRY(q_settlement_run_last(db, settling->arena, &run, &found));
	TRY(q_settlement_last(db, settling->arena, &settlement, &found));
	TRY(q_payout_last(db, settling->arena, &payout, &found));
	settling->run_id = run.run_id + 1;
	settling->next_settlement = settlement.settlement_no + 1;
	settling->next_payout = payout.payout_id + 1;
	return q_payout_rejected(db, settling->arena, &settling->rejected, &settling->rejected_count);
}

static err_t settle_book(struct settling *settling)
{
	TRY(numbers_load(settling));
	TRY(ledger_begin(settling->op, settling->arena, settling->scratch, &settling->writer));
	TRY(clients_settle(settling));
	TRY(fees_settle(settling));
	TRY(refunds_settle(settling));
	return ledger_end(&settling->writer);
}

static err_t settle_in_transaction(struct settling *settling)
{
	struct db *db = settling->op->db;
	TRY(db_begin(db));
	err_t err = settle_book(settling);
	if (!err)
		return db_commit(db);
	db_rollback(db);
	return err;
}

static err_t settle_locked(struct settling *settling, const char *folder)
{
	TRY(settle_in_transaction(settling));
	TRY(settle_files_write(settling->op, settling->on, folder, settling->result));
	settling->result->repeated = settling->result->run_id && !settling->has_run;
	return OK;
}

/* ---- what it would pay ---- */

static err_t payments_read(struct settling *settling, struct settle_preview *preview)
{
	struct payout_list_row *rows;
	struct arena *arena = settling->op->arena;
	TRY(q_payout_list(settling->op->db, arena, settling->run_id, &rows, &preview->payment_count));
	preview->payments = arena_many(arena, preview->payment_count, struct settle_payment);
	for (size_t i = 0; i < preview->payment_count; i++) {
		preview->payments[i] = (struct settle_payment){
			.kind = rows[i].kind,
			.client_no = rows[i].has_client_no ? rows[i].client_no : 0,
			.payment_id = rows[i].has_payment_id ? rows[i].payment_id : 0,
			.name = rows[i].name,
			.account = rows[i].account,
			.amount = rows[i].amount_minor,
		};
		preview->sum = money_add(preview->sum, rows[i].amount_minor);
	}
	return OK;
}

static err_t settle_try(struct settling *settling, struct settle_preview *preview)
{
	TRY(db_begin(settling->op->db));
	err_t err = settle_book(settling);
	if (!err)
		err = payments_read(settling, preview);
	db_rollback(settling->op->db);
	preview->findings = settling->result->findings;
	preview->finding_count = settling->result->finding_count;
	preview->notes = settling->result->notes;
	preview->note_count = settling->result->note_count;
	return err;
}

/* ---- from outside ---- */

static err_t settling_open(const struct op *op, struct settling *settling)
{
	if (date_after(settling->on, op->today))
		return fail(ERR_REFUSED, "%s is after today (%s): only what is booked can be settled", date_iso(settling->on).z,
			date_iso(op->today).z);
	TRY(agency_load(op, &settling->agency));
	if (!bban_is_valid(settling->agency.account))
		return fail(ERR_REFUSED, "the agency has no client funds account to pay from: kravbok init --account");
	TRY(db_lock(op->db, "settlement"));
	settling->arena = arena_create(ARENA_SIZE_MAX);
	settling->scratch = arena_create(SCRATCH_SIZE_MAX);
	settling->start = arena_mark(settling->scratch);
	return OK;
}

static void settling_close(struct settling *settling)
{
	arena_destroy(settling->scratch);
	arena_destroy(settling->arena);
	db_unlock(settling->op->db, "settlement");
}

err_t settle_preview(const struct op *op, date on, struct settle_preview *ret_preview)
{
	struct settle_result result = { .file = S("") };
	struct settling settling = { .op = op, .on = on, .result = &result };
	*ret_preview = (struct settle_preview){ .payment_count = 0 };
	TRY(settling_open(op, &settling));
	err_t err = settle_try(&settling, ret_preview);
	settling_close(&settling);
	return err;
}

err_t settle_run(const struct op *op, date on, const char *folder, struct settle_result *ret_result)
{
	struct settle_result result = { .file = S("") };
	struct settling settling = { .op = op, .on = on, .result = &result };
	TRY(settling_open(op, &settling));
	err_t err = settle_locked(&settling, folder);
	settling_close(&settling);
	if (!err)
		*ret_result = result;
	return err;
}
