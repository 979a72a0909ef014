#include "app/claim.h"

#include "format/csv.h"
#include "sql.h"

enum { LINE_SIZE_MAX = 64 * 1024 };

static str amount_text(struct arena *arena, money amount)
{
	return amount.minor ? str_copy(arena, str_from_z(money_plain(amount).z)) : S("");
}

static str day_text(struct arena *arena, date day)
{
	return str_copy(arena, str_from_z(date_iso(day).z));
}

static str claim_as_file(struct arena *arena, const struct claim_new *claim)
{
	struct text csv = text_in(arena, LINE_SIZE_MAX);
	text_add_z(&csv, "invoice_no;issued_on;due_on;amount;currency;debtor_kind;debtor_id;debtor_name;address;postcode;city;country;"
		"phone;email;description;kid;language;paid;reminder_on;notice_on;notice_deadline;fees\n");
	const str fields[] = {
		claim->invoice_no, day_text(arena, claim->issued_on), day_text(arena, claim->due_on), amount_text(arena, claim->amount),
		S("NOK"), claim->is_company ? S("company") : S("person"), claim->debtor_id, claim->debtor_name, claim->address,
		claim->postcode, claim->city, claim->country, claim->phone, claim->email, claim->description, claim->kid,
		claim->language, amount_text(arena, claim->paid), day_text(arena, claim->reminder_on),
		day_text(arena, claim->notice_on), day_text(arena, claim->notice_deadline), amount_text(arena, claim->fees),
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (i)
			text_add_char(&csv, ';');
		csv_plain_field(&csv, fields[i]);
	}
	text_add_char(&csv, '\n');
	return text_str(&csv);
}

static err_t claim_book(const struct op *op, int64_t client_no, const struct claim_new *claim, struct claim_taken *taken)
{
	struct intake_result result;
	TRY(intake_bytes(op, (struct intake_order){ .client_no = client_no }, claim_as_file(op->arena, claim), &result));
	*taken = (struct claim_taken){ .findings = result.findings, .finding_count = result.finding_count,
		.was_known = result.already > 0 };
	if (taken->finding_count)
		return OK;
	struct db_pick pick = { .id = client_no, .key = claim->invoice_no };
	struct case_invoice_find_row *found;
	size_t count;
	TRY(db_pick(op->db, &pick, 1));
	TRY(q_case_invoice_find(op->db, op->arena, &found, &count));
	if (!count)
		return fail(ERR_INTERNAL, "a claim just taken in is not there");
	taken->case_no = found[0].case_id;
	return OK;
}

err_t claim_take(const struct op *op, int64_t client_no, const struct claim_new *claim, struct claim_taken *ret_taken)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, claim_book(op, client_no, claim, ret_taken));
}

/* ---- trying ---- */

/* What is owed on the day, paid on the day: the payment's own event says what becomes of it. */
static err_t outcome_find(const struct op *op, int64_t case_no, date on, struct claim_preview *preview)
{
	struct case_view view;
	TRY(case_preview(op, (struct case_preview){ .case_no = case_no, .until = on }, &view));
	struct case_preview paid = { .case_no = case_no, .until = on, .pay = view.life.balance, .pay_on = on };
	if (paid.pay.minor <= 0)
		return OK;
	TRY(case_preview(op, paid, &view));
	struct claim_outcome outcome = { .paid_on = on, .paid = paid.pay };
	for (size_t i = 0; i < view.life.event_count; i++) {
		const struct entry *entry = &view.life.events[i].entry;
		outcome.to_client = money_sub(outcome.to_client, entry->column[COLUMN_CLIENT]);
		outcome.commission = money_sub(outcome.commission, entry->column[COLUMN_COMMISSION]);
		outcome.vat = money_sub(outcome.vat, entry->column[COLUMN_VAT]);
	}
	preview->outcomes[preview->outcome_count++] = outcome;
	return OK;
}

static err_t outcomes_find(const struct op *op, int64_t case_no, struct claim_preview *preview)
{
	for (size_t i = 0; i < preview->coming_count && preview->outcome_count < CLAIM_OUTCOMES_MAX; i++)
		if (!date_is_none(preview->coming[i].deadline_on) &&
			(date_is_none(preview->law_ends) || !date_after(preview->coming[i].deadline_on, preview->law_ends)))
			TRY(outcome_find(op, case_no, preview->coming[i].deadline_on, preview));
	return OK;
}

static err_t preview_inside(const struct op *op, int64_t client_no, const struct claim_new *claim, struct claim_preview *preview)
{
	TRY(claim_book(op, client_no, claim, &preview->taken));
	int64_t case_no = preview->taken.case_no;
	if (!case_no || preview->taken.was_known)
		return OK;
	struct case_view ahead;
	TRY(case_show(op, (struct case_question){ case_no, DATE_NONE, DATE_NONE }, &preview->now));
	TRY(case_preview(op, (struct case_preview){ .case_no = case_no, .until = DATE_NONE }, &ahead));
	preview->law_ends = ahead.law_ends;
	case_moments_coming(op->arena, &preview->now, &ahead, &preview->coming, &preview->coming_count);
	return outcomes_find(op, case_no, preview);
}

err_t claim_preview(const struct op *op, int64_t client_no, const struct claim_new *claim, struct claim_preview *ret_preview)
{
	require(!db_in_transaction(op->db));
	struct claim_preview preview = { .law_ends = DATE_NONE };
	TRY(db_begin(op->db));
	err_t err = preview_inside(op, client_no, claim, &preview);
	db_rollback(op->db);
	if (err)
		return err;
	*ret_preview = preview;
	return OK;
}
