#include "app/case.h"

#include "app/book.h"
#include "core/kid.h"
#include "sql.h"

enum { PAGE_ROWS = 1000, PAGE_ARENA_SIZE_MAX = 256 << 20, CASE_NO_DIGITS_MAX = 9 };

/* ---- finding ---- */

static err_t case_exists(const struct op *op, int64_t case_no, bool *ret_exists)
{
	struct case_detail_row row;
	return q_case_detail(op->db, op->arena, case_no, &row, ret_exists);
}

err_t case_find(const struct op *op, str reference, int64_t *ret_case_no)
{
	int64_t case_no = 0;
	bool exists = false;
	if (kid_case(reference, &case_no)) {
		TRY(case_exists(op, case_no, &exists));
	} else if (str_is_digits(reference) && reference.size <= CASE_NO_DIGITS_MAX) {
		TRY(parse_i64(reference, 0, KID_CASE_NO_MAX, &case_no));
		TRY(case_exists(op, case_no, &exists));
	}
	if (!exists) {
		struct db_pick pick = { .key = reference };
		struct case_kid_find_row *rows;
		size_t count;
		TRY(db_pick(op->db, &pick, 1));
		TRY(q_case_kid_find(op->db, op->arena, &rows, &count));
		if (!count)
			return fail(ERR_INPUT, "there is no case '%.*s'", STR_ARG(reference));
		case_no = rows[0].case_id;
	}
	*ret_case_no = case_no;
	return OK;
}

/* ---- showing ---- */

static err_t view_detail(const struct op *op, int64_t case_no, struct case_view *view)
{
	struct case_detail_row row;
	bool found;
	TRY(q_case_detail(op->db, op->arena, case_no, &row, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no case %lld", (long long)case_no);
	view->case_no = case_no;
	view->client_no = row.client_no;
	view->kid = str_format(op->arena, "%s", kid_of_case(case_no).z);
	view->currency = row.currency;
	view->client_name = row.client_name;
	view->debtor_name = row.debtor_name;
	view->debtor_kind = row.debtor_kind;
	view->debtor_address = row.address;
	view->debtor_postcode = row.postcode;
	view->debtor_city = row.city;
	view->invoice_no = row.invoice_no;
	view->description = row.description;
	view->issued_on = row.issued_on;
	view->due_on = row.due_on;
	view->received_on = row.received_on;
	view->law_ends = DATE_NONE;
	return OK;
}

err_t case_show(const struct op *op, struct case_question question, struct case_view *ret_view)
{
	struct terms_book terms;
	struct book book;
	date as_of = date_is_none(question.as_of) ? op->today : question.as_of;
	if (date_after(as_of, op->today))
		return fail(ERR_REFUSED, "%s is after today (%s): use case preview", date_iso(as_of).z, date_iso(op->today).z);
	TRY(law_reaches(op->law, as_of));
	TRY(view_detail(op, question.case_no, ret_view));
	TRY(terms_book_load(op, &terms));
	struct book_question ask = { .as_of = as_of, .known_on = question.known_on, .steps_until = DATE_NONE };
	ret_view->as_of = as_of;
	return book_ask(op, &terms, op->arena, question.case_no, ask, NULL, &ret_view->life, &book);
}

err_t case_preview(const struct op *op, struct case_preview preview, struct case_view *ret_view)
{
	struct terms_book terms;
	struct book book;
	date horizon = law_horizon(op->law);
	date until = date_is_none(preview.until) ? date_min(date_add_months(op->today, 6), horizon) : preview.until;
	if (date_before(until, op->today))
		return fail(ERR_INPUT, "%s is before today: use case show --as-of", date_iso(until).z);
	TRY(law_reaches(op->law, op->today));
	TRY(view_detail(op, preview.case_no, ret_view));
	if (date_after(until, horizon)) {
		until = horizon;
		ret_view->law_ends = horizon;
	}
	TRY(terms_book_load(op, &terms));
	struct fact payment = {
		.case_no = preview.case_no,
		.kind = FACT_PAYMENT,
		.counts_on = preview.pay_on,
		.booked_on = op->today,
		.ledger_on = preview.pay_on,
		.until = DATE_NONE,
		.amount = preview.pay,
	};
	if (preview.pay.minor > 0 && date_before(preview.pay_on, op->today))
		return fail(ERR_INPUT, "the payment's day %s is before today", date_iso(preview.pay_on).z);
	struct book_question ask = { .as_of = until, .known_on = DATE_NONE, .steps_until = until };
	ret_view->as_of = until;
	return book_ask(op, &terms, op->arena, preview.case_no, ask, preview.pay.minor > 0 ? &payment : NULL,
		&ret_view->life, &book);
}

/* ---- listing ---- */

struct owed {
	money principal, costs, interest_covered;
	int64_t interest_sum;
	date interest_on;
	money compensation_coming;
};

/* False: several claims, or costs beside a compensation to come, so the case must be replayed. */
static bool owed_quick(const struct law *law, struct owed *owed, date on, money *ret_interest)
{
	if (owed->principal.minor == 0 && owed->costs.minor == 0 && date_is_none(owed->interest_on)) {
		*ret_interest = MONEY_ZERO;
		return true;
	}
	if (date_is_none(owed->interest_on) || (owed->compensation_coming.minor && owed->costs.minor))
		return false;
	if (date_after(owed->interest_on, on) && owed->principal.minor > 0 && owed->interest_sum > 0)
		return false;
	/* It is still to come, so no interest has run either: interest_on is the due date, and it comes the day after. */
	if (owed->compensation_coming.minor && date_after(on, owed->interest_on))
		owed->costs = owed->compensation_coming;
	money interest = life_interest(law, owed->interest_sum, owed->principal, owed->interest_on, on);
	*ret_interest = money_sub(interest, owed->interest_covered);
	return true;
}

struct listing {
	const struct op *op;
	struct terms_book terms;
	struct arena *arena;
};

static err_t owed_replayed(struct listing *listing, int64_t case_no, date on, struct life_case *ret_case)
{
	struct book book;
	struct book_question ask = { .as_of = on, .known_on = DATE_NONE, .steps_until = DATE_NONE };
	return book_ask(listing->op, &listing->terms, listing->arena, case_no, ask, NULL, ret_case, &book);
}

static err_t list_balance(struct listing *listing, const struct case_page_row *row, money *ret_balance)
{
	struct owed owed = {
		.principal = row->principal_minor,
		.costs = row->costs_minor,
		.interest_covered = row->interest_paid_minor,
		.interest_sum = row->interest_sum,
		.interest_on = row->interest_on,
		.compensation_coming = row->compensation_minor,
	};
	money interest;
	if (owed_quick(listing->op->law, &owed, listing->op->today, &interest)) {
		*ret_balance = money_add(owed.principal, money_add(owed.costs, interest));
		return OK;
	}
	struct life_case life;
	TRY(owed_replayed(listing, row->case_id, listing->op->today, &life));
	*ret_balance = life.balance;
	return OK;
}

/* Its own invoice, and those of the cases that were joined to it. */
static err_t list_invoices(struct listing *listing, const struct case_page_row *row, struct case_list_row *ret_row)
{
	struct case_joined_row *joined;
	size_t joined_count = 0;
	if (date_is_none(row->interest_on) && !row->has_carrier_id)
		TRY(q_case_joined(listing->op->db, listing->arena, row->case_id, row->client_no, row->debtor_id, &joined,
			&joined_count));
	str *invoices = arena_many(listing->arena, joined_count + 1, str);
	invoices[0] = row->invoice_no;
	for (size_t i = 0; i < joined_count; i++)
		invoices[i + 1] = joined[i].invoice_no;
	ret_row->invoices = invoices;
	ret_row->invoice_count = joined_count + 1;
	return OK;
}

static err_t list_row(struct listing *listing, const struct case_page_row *row,
	err_t (*each)(const struct case_list_row *row, void *context), void *context)
{
	struct case_list_row shown = {
		.case_no = row->case_id,
		.client_no = row->client_no,
		.kid = str_format(listing->arena, "%s", kid_of_case(row->case_id).z),
		.debtor = row->debtor_name,
		.stage = row->stage,
		.next_step = row->next_step,
		.next_on = row->next_on,
	};
	TRY(list_balance(listing, row, &shown.balance));
	TRY(list_invoices(listing, row, &shown));
	return each(&shown, context);
}

static err_t list_pages(struct listing *listing, struct case_list_filter filter,
	err_t (*each)(const struct case_list_row *row, void *context), void *context)
{
	struct arena_mark start = arena_mark(listing->arena);
	int64_t after = 0;
	size_t count = PAGE_ROWS;
	str stage = filter.stage.size ? filter.stage : (str){ NULL, 0 };
	while (count == PAGE_ROWS) {
		struct case_page_row *rows;
		TRY(q_case_page(listing->op->db, listing->arena, after, filter.client_no ? filter.client_no : INT64_MIN, stage,
			PAGE_ROWS, &rows, &count));
		for (size_t i = 0; i < count; i++)
			TRY(list_row(listing, &rows[i], each, context));
		if (count)
			after = rows[count - 1].case_id;
		arena_reset(listing->arena, start);
	}
	return OK;
}

err_t case_list(const struct op *op, struct case_list_filter filter,
	err_t (*each)(const struct case_list_row *row, void *context), void *context)
{
	struct listing listing = { .op = op };
	TRY(law_reaches(op->law, op->today));
	TRY(terms_book_load(op, &listing.terms));
	listing.arena = arena_create(PAGE_ARENA_SIZE_MAX);
	err_t err = list_pages(&listing, filter, each, context);
	arena_destroy(listing.arena);
	return err;
}

struct owing {
	struct listing listing;
	date on;
	struct case_owed_sum sum;
	int64_t *slow; /* cases to be replayed after the scan: a query cannot run inside another's rows on PostgreSQL */
	size_t slow_count, slow_capacity;
};

static void owed_sum_add(struct case_owed_sum *sum, money principal, money costs, money interest)
{
	sum->case_count += principal.minor || costs.minor || interest.minor;
	sum->principal = money_add(sum->principal, principal);
	sum->costs = money_add(sum->costs, costs);
	sum->interest = money_add(sum->interest, interest);
}

static err_t owed_add(const struct case_owed_scan_row *row, void *context)
{
	struct owing *owing = context;
	struct owed owed = {
		.principal = row->principal_minor,
		.costs = row->costs_minor,
		.interest_covered = row->interest_paid_minor,
		.interest_sum = row->interest_sum,
		.interest_on = row->interest_on,
		.compensation_coming = row->compensation_minor,
	};
	money interest;
	if (owed_quick(owing->listing.op->law, &owed, owing->on, &interest)) {
		owed_sum_add(&owing->sum, owed.principal, owed.costs, interest);
		return OK;
	}
	if (owing->slow_count == owing->slow_capacity) {
		owing->slow_capacity = owing->slow_capacity ? owing->slow_capacity * 2 : 64;
		owing->slow = arena_grow(owing->listing.op->arena, owing->slow, owing->slow_count, owing->slow_capacity,
			sizeof *owing->slow);
	}
	owing->slow[owing->slow_count++] = row->case_id;
	return OK;
}

static err_t owed_slow(struct owing *owing)
{
	struct arena_mark start = arena_mark(owing->listing.arena);
	for (size_t i = 0; i < owing->slow_count; i++) {
		struct life_case life;
		TRY(owed_replayed(&owing->listing, owing->slow[i], owing->on, &life));
		owed_sum_add(&owing->sum, life.principal, life.costs, life.interest);
		arena_reset(owing->listing.arena, start);
	}
	return OK;
}

err_t case_owed(const struct op *op, date on, struct case_owed_sum *ret_sum)
{
	struct owing owing = { .listing = { .op = op }, .on = on };
	TRY(law_reaches(op->law, on));
	TRY(terms_book_load(op, &owing.listing.terms));
	TRY(q_case_owed_scan(op->db, owed_add, &owing));
	owing.listing.arena = arena_create(PAGE_ARENA_SIZE_MAX);
	err_t err = owed_slow(&owing);
	arena_destroy(owing.listing.arena);
	if (err)
		return err;
	*ret_sum = owing.sum;
	return OK;
}
