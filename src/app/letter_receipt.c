/* The receipt of a case's last payment, made when somebody asks for one. It shows what the claim came to, what has been
 * paid on it in all, and what is left today. */
#include "app/book.h"
#include "app/file.h"
#include "app/letter_make.h"
#include "core/kid.h"
#include "sql.h"

struct receipt {
	const struct op *op;
	int64_t case_no;
	struct letter_maker maker;
	struct book book;
	struct life_case life;
	struct letter letter;
};

static bool is_money_in(enum event_kind kind)
{
	return kind == EVENT_PAYMENT || kind == EVENT_DIRECT_PAYMENT;
}

static bool is_reversed(const struct receipt *receipt, const struct life_event *event)
{
	const struct book_case *entry = book_case_of(&receipt->book, receipt->case_no);
	const struct group_facts *group = &receipt->book.groups[entry->group_index];
	for (size_t i = 0; i < group->fact_count; i++) {
		const struct fact *fact = &group->facts[i];
		if (fact->kind == FACT_REVERSAL && fact->case_no == event->other_case && fact->number == event->fact_no)
			return true;
	}
	return false;
}

/* What an event of money covered, by row of the table; negative for a reversal. */
static struct letter_amounts covered_by(const struct life_event *event)
{
	const money *column = event->entry.column;
	return (struct letter_amounts){
		.principal = money_neg(column[COLUMN_PRINCIPAL]),
		.interest = money_neg(column[COLUMN_INTEREST]),
		.fees = money_neg(column[COLUMN_FEE]),
		.compensation = money_neg(column[COLUMN_COMPENSATION]),
		.salaer = money_neg(column[COLUMN_SALAER]),
		.plan_fee = money_neg(column[COLUMN_PLAN_FEE]),
		.legal = money_neg(column[COLUMN_LEGAL]),
	};
}

static money amounts_sum(const struct letter_amounts *amounts)
{
	money sum = money_add(amounts->principal, money_add(amounts->interest, amounts->fees));
	sum = money_add(sum, money_add(amounts->compensation, amounts->salaer));
	return money_add(sum, money_add(amounts->plan_fee, amounts->legal));
}

static void amounts_add(struct letter_amounts *amounts, const struct letter_amounts *more)
{
	amounts->principal = money_add(amounts->principal, more->principal);
	amounts->interest = money_add(amounts->interest, more->interest);
	amounts->fees = money_add(amounts->fees, more->fees);
	amounts->compensation = money_add(amounts->compensation, more->compensation);
	amounts->salaer = money_add(amounts->salaer, more->salaer);
	amounts->plan_fee = money_add(amounts->plan_fee, more->plan_fee);
	amounts->legal = money_add(amounts->legal, more->legal);
}

/* What is owed and what was paid of it; the payment itself is the last one that was not taken back. */
static err_t amounts_fill(struct receipt *receipt)
{
	const struct life_case *life = &receipt->life;
	struct letter_amounts amounts = {
		.principal = life->owed.column[COLUMN_PRINCIPAL],
		.interest = life->interest,
		.fees = life->owed.column[COLUMN_FEE],
		.compensation = life->owed.column[COLUMN_COMPENSATION],
		.salaer = life->owed.column[COLUMN_SALAER],
		.plan_fee = life->owed.column[COLUMN_PLAN_FEE],
		.legal = life->owed.column[COLUMN_LEGAL],
	};
	struct letter_amounts covered = { 0 };
	const struct life_event *last = NULL;
	for (size_t i = 0; i < life->event_count; i++) {
		const struct life_event *event = &life->events[i];
		if (!is_money_in(event->kind) && event->kind != EVENT_REVERSAL)
			continue;
		struct letter_amounts part = covered_by(event);
		amounts_add(&covered, &part);
		if (is_money_in(event->kind) && !is_reversed(receipt, event))
			last = event;
	}
	if (!last)
		return fail(ERR_REFUSED, "case %lld has no payment to make a receipt for", (long long)receipt->case_no);
	amounts_add(&amounts, &covered);
	amounts.paid = amounts_sum(&covered);
	amounts.total = life->balance;
	receipt->letter.amounts = amounts;
	struct letter_amounts part = covered_by(last);
	receipt->letter.paid_on = last->on;
	receipt->letter.paid_amount = money_sub(amounts_sum(&part), last->entry.column[COLUMN_REFUND]);
	return OK;
}

static err_t claims_fill(struct receipt *receipt)
{
	const struct life_case *life = &receipt->life;
	struct arena *arena = receipt->op->arena;
	struct db_pick *picks = arena_many(arena, life->joined_count + 1, struct db_pick);
	picks[0].id = receipt->case_no;
	for (size_t i = 0; i < life->joined_count; i++)
		picks[i + 1].id = life->joined_nos[i];
	struct letter_claims_row *rows;
	size_t count;
	TRY(db_pick(receipt->op->db, picks, life->joined_count + 1));
	TRY(q_letter_claims(receipt->op->db, arena, &rows, &count));
	struct letter_claim *claims = arena_many(arena, count, struct letter_claim);
	for (size_t i = 0; i < count; i++)
		/* What is left of each is not shown on a receipt: the table says what is left of all. */
		claims[i] = (struct letter_claim){ rows[i].invoice_no, rows[i].issued_on, rows[i].due_on,
			rows[i].description, rows[i].amount_minor, rows[i].amount_minor };
	receipt->letter.claims = claims;
	receipt->letter.claim_count = count;
	return OK;
}

static err_t letter_fill_receipt(struct receipt *receipt)
{
	const struct op *op = receipt->op;
	struct letter_subject_row row;
	bool found;
	TRY(q_letter_subject(op->db, op->arena, receipt->case_no, &row, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no case %lld", (long long)receipt->case_no);
	enum letter_language language = letter_language_from(row.language);
	receipt->letter = (struct letter){
		.kind = LETTER_RECEIPT,
		.language = language,
		.sent_on = op->today,
		.deadline_on = DATE_NONE,
		.agency = receipt->maker.agency[language],
		.debtor = { row.debtor_name, row.address, row.postcode, row.city, row.country },
		.creditor = row.client_name,
		.creditor_orgnr = row.client_orgnr,
		.case_no = receipt->case_no,
		.kid = str_format(op->arena, "%s", kid_of_case(receipt->case_no).z),
		.code = str_format(op->arena, "%s", letter_code(receipt->maker.secret, receipt->case_no, 0).z),
		.basis = S(""),
		.coming_salaer_on = DATE_NONE,
		.interest_from = DATE_NONE,
	};
	TRY(amounts_fill(receipt));
	return claims_fill(receipt);
}

static err_t receipt_make(struct receipt *receipt)
{
	const struct op *op = receipt->op;
	struct book_question question = { .as_of = op->today, .known_on = DATE_NONE, .steps_until = DATE_NONE };
	TRY(law_reaches(op->law, op->today));
	TRY(letter_maker_open(op, &receipt->maker));
	TRY(book_ask(op, &receipt->maker.terms, op->arena, receipt->case_no, question, NULL, &receipt->life,
		&receipt->book));
	if (receipt->life.carrier_no)
		return fail(ERR_REFUSED, "case %lld was joined to case %lld: ask for that one's receipt",
			(long long)receipt->case_no, (long long)receipt->life.carrier_no);
	return letter_fill_receipt(receipt);
}

static err_t receipt_draw(const struct letter_writer *writer, const char *path, const struct letter *letter,
	struct letter_file *ret_file)
{
	struct letters_made made;
	size_t page_count;
	TRY(writer->module->open(writer->letters, path));
	TRY(writer->module->add(writer->letters, letter, &page_count));
	TRY(writer->module->close(writer->letters, &made));
	*ret_file = (struct letter_file){ str_from_z(path), letter->sent_on, 1, made.page_count, made.unknown_count };
	return OK;
}

err_t letter_receipt(const struct op *op, const char *folder, int64_t case_no, const struct letter_listener *listener)
{
	struct receipt receipt = { .op = op, .case_no = case_no };
	struct letter_writer writer;
	struct letter_file file;
	TRY(receipt_make(&receipt));
	TRY(file_folder_make(folder));
	TRY(letter_writer_open(op, &writer));
	const char *path = str_format(op->arena, "%s/case-%lld-receipt-%s.pdf", folder, (long long)case_no,
		date_iso(op->today).z).at;
	err_t err = receipt_draw(&writer, path, &receipt.letter, &file);
	letter_writer_close(&writer);
	return err ? err : listener->file(&file, listener->context);
}
