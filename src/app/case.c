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

money case_balance(const struct case_amounts *amounts)
{
	return money_add(amounts->principal, money_add(amounts->costs, amounts->interest));
}

bool case_amounts_quick(const struct law *law, const struct case_standing *standing, date on,
	struct case_amounts *ret_amounts)
{
	struct case_amounts amounts = { .principal = standing->principal, .costs = standing->costs };
	date from = standing->interest_on;
	if (amounts.principal.minor == 0 && amounts.costs.minor == 0 && date_is_none(from)) {
		*ret_amounts = amounts;
		return true;
	}
	if (date_is_none(from) || (standing->compensation_coming.minor && amounts.costs.minor))
		return false;
	if (date_after(from, on) && amounts.principal.minor > 0 && standing->interest_sum > 0)
		return false;
	/* It is still to come, so no interest has run either: interest_on is the due date, and it comes the day after. */
	if (standing->compensation_coming.minor && date_after(on, from))
		amounts.costs = standing->compensation_coming;
	money interest = life_interest(law, standing->interest_sum, amounts.principal, from, on);
	amounts.interest = money_sub(interest, standing->interest_covered);
	*ret_amounts = amounts;
	return true;
}

static err_t amounts_replayed(struct case_counter *counter, int64_t case_no, struct case_amounts *ret_amounts)
{
	struct book book;
	struct life_case life;
	struct book_question ask = { .as_of = counter->on, .known_on = DATE_NONE, .steps_until = DATE_NONE };
	if (!counter->terms) {
		counter->terms = arena_new(counter->op->arena, struct terms_book);
		TRY(terms_book_load(counter->op, counter->terms));
	}
	struct arena_mark start = arena_mark(counter->arena);
	TRY(book_ask(counter->op, counter->terms, counter->arena, case_no, ask, NULL, &life, &book));
	*ret_amounts = (struct case_amounts){ life.principal, life.costs, life.interest };
	arena_reset(counter->arena, start);
	return OK;
}

err_t case_amounts(struct case_counter *counter, const struct case_standing *standing, struct case_amounts *ret_amounts)
{
	if (case_amounts_quick(counter->op->law, standing, counter->on, ret_amounts))
		return OK;
	return amounts_replayed(counter, standing->case_no, ret_amounts);
}

struct listing {
	const struct op *op;
	struct case_counter counter;
	struct arena *arena;
};

static err_t list_balance(struct listing *listing, const struct case_page_row *row, money *ret_balance)
{
	struct case_standing standing = STANDING_OF_ROW(row);
	struct case_amounts amounts;
	TRY(case_amounts(&listing->counter, &standing, &amounts));
	*ret_balance = case_balance(&amounts);
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
	listing.arena = arena_create(PAGE_ARENA_SIZE_MAX);
	listing.counter = (struct case_counter){ .op = op, .arena = listing.arena, .on = op->today };
	err_t err = list_pages(&listing, filter, each, context);
	arena_destroy(listing.arena);
	return err;
}

struct owing {
	const struct op *op;
	date on;
	struct case_owed_sum sum;
	struct case_standing *slow; /* cases to be replayed after the scan: a query cannot run inside another's rows on PostgreSQL */
	size_t slow_count, slow_capacity;
};

static void owed_sum_add(struct case_owed_sum *sum, const struct case_amounts *amounts)
{
	sum->case_count += amounts->principal.minor || amounts->costs.minor || amounts->interest.minor;
	sum->principal = money_add(sum->principal, amounts->principal);
	sum->costs = money_add(sum->costs, amounts->costs);
	sum->interest = money_add(sum->interest, amounts->interest);
}

static err_t owed_add(const struct case_owed_scan_row *row, void *context)
{
	struct owing *owing = context;
	struct case_standing standing = STANDING_OF_ROW(row);
	struct case_amounts amounts;
	if (case_amounts_quick(owing->op->law, &standing, owing->on, &amounts)) {
		owed_sum_add(&owing->sum, &amounts);
		return OK;
	}
	if (owing->slow_count == owing->slow_capacity) {
		owing->slow_capacity = owing->slow_capacity ? owing->slow_capacity * 2 : 64;
		owing->slow = arena_grow(owing->op->arena, owing->slow, owing->slow_count, owing->slow_capacity,
			sizeof *owing->slow);
	}
	owing->slow[owing->slow_count++] = standing;
	return OK;
}

static err_t owed_slow(struct owing *owing, struct arena *arena)
{
	struct case_counter counter = { .op = owing->op, .arena = arena, .on = owing->on };
	for (size_t i = 0; i < owing->slow_count; i++) {
		struct case_amounts amounts;
		TRY(case_amounts(&counter, &owing->slow[i], &amounts));
		owed_sum_add(&owing->sum, &amounts);
	}
	return OK;
}

err_t case_owed(const struct op *op, date on, struct case_owed_sum *ret_sum)
{
	struct owing owing = { .op = op, .on = on };
	TRY(law_reaches(op->law, on));
	TRY(q_case_owed_scan(op->db, owed_add, &owing));
	struct arena *arena = arena_create(PAGE_ARENA_SIZE_MAX);
	err_t err = owed_slow(&owing, arena);
	arena_destroy(arena);
	if (err)
		return err;
	*ret_sum = owing.sum;
	return OK;
}
