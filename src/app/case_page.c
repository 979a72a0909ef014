/* Two ways to a page. By number: scan from the cursor on until the page is full. By anything else: scan all of the client's
 * (or the search's) cases and keep the best of those behind the cursor. Either way the lines are read at the end, by key.
 *
 * A cursor is "a.due.20454.17": after (or b: before) the case 17 with that sort value, in a list sorted by due. */
#include "app/case_page.h"

#include "app/book.h"
#include "app/case_scan.h"
#include "app/search.h"
#include "core/kid.h"
#include "sql.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { SCAN_ROWS = 1000, SCAN_ARENA_SIZE_MAX = 256 << 20 };

static const char *const sort_names[CASE_SORT_COUNT] = { "number", "due", "next", "amount" };

const char *case_sort_name(enum case_sort sort)
{
	require(sort < CASE_SORT_COUNT);
	return sort_names[sort];
}

bool case_sort_named(str name, enum case_sort *ret_sort)
{
	for (int i = 0; i < CASE_SORT_COUNT; i++)
		if (str_eq_z(name, sort_names[i])) {
			*ret_sort = (enum case_sort)i;
			return true;
		}
	return false;
}

/* ---- places ---- */

struct place { /* of a case in the list */
	int64_t value, case_no; /* value 0 when sorted by number */
};

struct cursor {
	bool is_set, backwards;
	struct place at;
};

static err_t cursor_parse(const struct case_page_order *order, struct cursor *ret_cursor)
{
	str rest = order->cursor;
	*ret_cursor = (struct cursor){ 0 };
	if (!order->cursor.size)
		return OK;
	str way = str_cut(rest, '.', &rest), sort = str_cut(rest, '.', &rest), value = str_cut(rest, '.', &rest);
	err_t err = parse_i64(value, INT64_MIN, INT64_MAX, &ret_cursor->at.value);
	if (!err)
		err = parse_i64(rest, 1, INT64_MAX, &ret_cursor->at.case_no);
	bool is_good = !err && str_eq_z(sort, sort_names[order->sort]) && (str_eq_z(way, "a") || str_eq_z(way, "b"));
	err_free(err);
	if (!is_good)
		return fail(ERR_INPUT, "'%.*s' is no place in this list", STR_ARG(order->cursor));
	ret_cursor->is_set = true;
	ret_cursor->backwards = str_eq_z(way, "b");
	return OK;
}

static str cursor_text(struct arena *arena, const char *way, enum case_sort sort, struct place place)
{
	return str_format(arena, "%s.%s.%lld.%lld", way, sort_names[sort], (long long)place.value, (long long)place.case_no);
}

static int place_compare(struct place a, struct place b)
{
	if (a.value != b.value)
		return a.value < b.value ? -1 : 1;
	return (a.case_no > b.case_no) - (a.case_no < b.case_no);
}

/* ---- a page being made ---- */

struct paging {
	const struct op *op;
	const struct case_page_order *order;
	struct arena *arena; /* of the scan */
	struct case_counter counter;
	struct cursor cursor;
	bool descends;       /* the way the scan goes */
	struct place *kept;  /* in that way, at most limit */
	size_t kept_count, limit;
	int64_t *picked;     /* by the search; NULL: no text */
	size_t picked_count;
};

static bool in_range(struct date_range range, date day)
{
	if (date_is_none(range.from) && date_is_none(range.until))
		return true;
	return !date_is_none(day) && (date_is_none(range.from) || !date_before(day, range.from)) &&
	       (date_is_none(range.until) || !date_after(day, range.until));
}

static bool outcome_fits(enum case_outcome outcome, const struct case_scan_row *row)
{
	switch (outcome) {
	case CASE_ANY_OUTCOME:
		return true;
	case CASE_OPEN:
		return date_is_none(row->closed_on) && !row->carrier_no;
	case CASE_SOLVED:
		return case_is_solved(row);
	case CASE_ENDED_UNSOLVED:
		return case_is_ended_unsolved(row);
	}
	panic("an outcome of unknown kind");
}

static bool days_fit(const struct case_filter *filter, const struct case_scan_row *row)
{
	if (!filter->days_max)
		return true;
	if (date_is_none(row->end_on))
		return false;
	int days = date_diff(row->received_on, row->end_on);
	return days >= filter->days_min && days <= filter->days_max;
}

static bool row_fits(const struct case_filter *filter, const struct case_scan_row *row)
{
	return (!filter->client_no || row->client_no == filter->client_no) &&
	       (!filter->stage.size || str_eq(row->stage, filter->stage)) && outcome_fits(filter->outcome, row) &&
	       in_range(filter->received, row->received_on) && in_range(filter->due, row->due_on) &&
	       in_range(filter->closed, row->end_on) && days_fit(filter, row);
}

/* An open case that must be replayed to know what it owes carries several claims: it owes something. */
static bool row_owes(const struct paging *paging, const struct case_scan_row *row)
{
	struct case_amounts amounts;
	if (!case_amounts_quick(paging->op->law, &row->standing, paging->op->today, &amounts))
		return date_is_none(row->closed_on);
	return case_balance(&amounts).minor > 0;
}

static err_t sort_value(struct paging *paging, const struct case_scan_row *row, int64_t *ret_value)
{
	struct case_amounts amounts;
	*ret_value = 0;
	switch (paging->order->sort) {
	case CASE_BY_DUE:
		*ret_value = row->due_on.day;
		return OK;
	case CASE_BY_NEXT:
		*ret_value = date_is_none(row->next_on) ? INT32_MAX : row->next_on.day;
		return OK;
	case CASE_BY_AMOUNT:
		TRY(case_amounts(&paging->counter, &row->standing, &amounts));
		*ret_value = case_balance(&amounts).minor;
		return OK;
	default:
		return OK;
	}
}

/* Of the rows that fit so far, those with money on the days asked for. */
static err_t paid_keep(struct paging *paging, struct case_scan_row *rows, size_t *count)
{
	struct date_range paid = paging->order->filter.paid;
	if (date_is_none(paid.from) && date_is_none(paid.until))
		return OK;
	struct case_page_paid_row *found;
	struct db_pick *picks = arena_many(paging->arena, *count, struct db_pick);
	size_t found_count;
	for (size_t i = 0; i < *count; i++)
		picks[i].id = rows[i].case_no;
	TRY(db_pick(paging->op->db, picks, *count));
	TRY(q_case_page_paid(paging->op->db, paging->arena, date_is_none(paid.from) ? DATE_FIRST : paid.from,
		date_is_none(paid.until) ? DATE_LAST : paid.until, &found, &found_count));
	for (size_t i = 0; i < found_count; i++)
		rows[i] = rows[found[i].no];
	*count = found_count;
	return OK;
}

static err_t rows_filter(struct paging *paging, struct case_scan_row *rows, size_t *count)
{
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++)
		if (row_fits(&paging->order->filter, &rows[i]) &&
			(!paging->order->filter.owing || row_owes(paging, &rows[i])))
			rows[kept++] = rows[i];
	*count = kept;
	return paid_keep(paging, rows, count);
}

/* ---- by number ---- */

static err_t page_by_number(struct paging *paging, struct case_page *page)
{
	struct case_scan scan;
	struct case_scan_order order = {
		.client_no = paging->order->filter.client_no,
		.picked = paging->picked,
		.picked_count = paging->picked_count,
		.descending = paging->descends,
		.from_no = paging->cursor.at.case_no,
	};
	struct arena_mark start = arena_mark(paging->arena);
	size_t looked = 0;
	case_scan_begin(paging->op, &order, &scan);
	for (size_t want = paging->limit; !scan.is_over && paging->kept_count < paging->limit && looked < CASE_LOOK_MAX;
		want = SCAN_ROWS) {
		struct case_scan_row *rows;
		size_t count;
		TRY(case_scan_next(&scan, paging->arena, want, &rows, &count));
		looked += count;
		TRY(rows_filter(paging, rows, &count));
		for (size_t i = 0; i < count && paging->kept_count < paging->limit; i++)
			paging->kept[paging->kept_count++] = (struct place){ 0, rows[i].case_no };
		arena_reset(paging->arena, start);
	}
	page->is_partial = !scan.is_over && paging->kept_count < paging->limit;
	if (page->is_partial) /* the place to go on from stands in for the row behind the page */
		paging->kept[paging->kept_count] = (struct place){ 0, scan.order.from_no };
	return OK;
}

/* ---- by something else ---- */

static void place_keep(struct paging *paging, struct place place)
{
	int way = paging->descends ? -1 : 1;
	if (paging->cursor.is_set && place_compare(place, paging->cursor.at) * way <= 0)
		return;
	if (paging->kept_count == paging->limit &&
		place_compare(place, paging->kept[paging->limit - 1]) * way >= 0)
		return;
	size_t at = paging->kept_count < paging->limit ? paging->kept_count++ : paging->limit - 1;
	for (; at > 0 && place_compare(place, paging->kept[at - 1]) * way < 0; at--)
		paging->kept[at] = paging->kept[at - 1];
	paging->kept[at] = place;
}

static err_t page_by_value(struct paging *paging)
{
	struct case_scan scan;
	struct case_scan_order order = {
		.client_no = paging->order->filter.client_no,
		.picked = paging->picked,
		.picked_count = paging->picked_count,
	};
	struct arena_mark start = arena_mark(paging->arena);
	size_t looked = 0;
	case_scan_begin(paging->op, &order, &scan);
	while (!scan.is_over) {
		struct case_scan_row *rows;
		size_t count;
		TRY(case_scan_next(&scan, paging->arena, SCAN_ROWS, &rows, &count));
		looked += count;
		if (looked > CASE_SORT_MAX)
			return fail(ERR_REFUSED, "there are more than %d cases: sort by number, or choose a client or a text",
				CASE_SORT_MAX);
		TRY(rows_filter(paging, rows, &count));
		for (size_t i = 0; i < count; i++) {
			struct place place = { .case_no = rows[i].case_no };
			TRY(sort_value(paging, &rows[i], &place.value));
			place_keep(paging, place);
		}
		arena_reset(paging->arena, start);
	}
	return OK;
}

/* ---- lines ---- */

static err_t lines_read(const struct op *op, struct case_counter *counter, const int64_t *case_nos, size_t count,
	struct case_line **ret_lines, size_t *ret_count)
{
	struct case_page_lines_row *rows;
	struct db_pick *picks = arena_many(op->arena, count, struct db_pick);
	for (size_t i = 0; i < count; i++)
		picks[i].id = case_nos[i];
	TRY(db_pick(op->db, picks, count));
	TRY(q_case_page_lines(op->db, op->arena, &rows, ret_count));
	*ret_lines = arena_many(op->arena, *ret_count, struct case_line);
	for (size_t i = 0; i < *ret_count; i++) {
		const struct case_page_lines_row *row = &rows[i];
		struct case_standing standing = STANDING_OF_ROW(row);
		struct case_amounts amounts;
		TRY(case_amounts(counter, &standing, &amounts));
		(*ret_lines)[i] = (struct case_line){
			.case_no = row->case_id,
			.client_no = row->client_no,
			.debtor_id = row->debtor_id,
			.kid = str_format(op->arena, "%s", kid_of_case(row->case_id).z),
			.client = row->client_name,
			.debtor = row->debtor_name,
			.invoice_no = row->invoice_no,
			.stage = row->stage,
			.next_step = row->next_step,
			.due_on = row->due_on,
			.received_on = row->received_on,
			.next_on = row->next_on,
			.closed_on = row->closed_on,
			.carrier_no = row->has_carrier_id ? row->carrier_id : 0,
			.principal = row->principal_minor,
			.balance = case_balance(&amounts),
		};
	}
	return OK;
}

err_t case_lines(const struct op *op, const int64_t *case_nos, size_t count, struct case_line **ret_lines, size_t *ret_count)
{
	struct case_counter counter = { .op = op, .arena = arena_create(SCAN_ARENA_SIZE_MAX), .on = op->today };
	err_t err = law_reaches(op->law, op->today);
	if (!err)
		err = lines_read(op, &counter, case_nos, count, ret_lines, ret_count);
	arena_destroy(counter.arena);
	return err;
}

/* The kept places become lines, always in the list's own order; there may be one place more than the page holds. */
static err_t page_fill(struct paging *paging, struct case_page *page)
{
	const struct case_page_order *order = paging->order;
	bool goes_on = paging->kept_count > order->count || page->is_partial;
	size_t count = paging->kept_count > order->count ? order->count : paging->kept_count;
	struct place last = page->is_partial ? paging->kept[paging->kept_count]
			    : count	     ? paging->kept[count - 1]
					     : (struct place){ 0 };
	int64_t *case_nos = arena_many(paging->op->arena, count, int64_t);
	for (size_t i = 0; i < count; i++)
		case_nos[paging->cursor.backwards ? count - 1 - i : i] = paging->kept[i].case_no;
	TRY(lines_read(paging->op, &paging->counter, case_nos, count, &page->lines, &page->count));
	struct place first = count ? paging->kept[0] : paging->cursor.at;
	if (!count && !page->is_partial)
		last = paging->cursor.at;
	/* Where the scan came from there is a page whenever it began somewhere. */
	struct arena *arena = paging->op->arena;
	if (goes_on)
		*(paging->cursor.backwards ? &page->previous : &page->next) =
			cursor_text(arena, paging->cursor.backwards ? "b" : "a", order->sort, last);
	if (paging->cursor.is_set)
		*(paging->cursor.backwards ? &page->next : &page->previous) =
			cursor_text(arena, paging->cursor.backwards ? "a" : "b", order->sort, first);
	return OK;
}

/* ---- the page ---- */

static int case_no_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The text decides which cases there are; they are then filtered and sorted as any. */
static err_t text_find(struct paging *paging, struct case_page *page)
{
	const struct case_filter *filter = &paging->order->filter;
	struct search_result found;
	if (!filter->text.size)
		return OK;
	TRY(search_find(paging->op, (struct search_query){ filter->text, filter->client_no, SEARCH_LIMIT_MAX, false }, &found));
	page->too_common = found.too_common;
	paging->picked = arena_many(paging->op->arena, found.count + 1, int64_t);
	paging->picked_count = found.count;
	if (found.count)
		memcpy(paging->picked, found.case_nos, found.count * sizeof *found.case_nos);
	qsort(paging->picked, found.count, sizeof *paging->picked, case_no_compare);
	return OK;
}

static err_t filter_check(const struct case_filter *filter)
{
	enum stage stage;
	if (filter->stage.size && !stage_named(filter->stage, &stage))
		return fail(ERR_INPUT, "'%.*s' is no stage", STR_ARG(filter->stage));
	return OK;
}

static err_t page_make(struct paging *paging, struct case_page *page)
{
	TRY(text_find(paging, page));
	if (paging->order->sort == CASE_BY_NUMBER)
		TRY(page_by_number(paging, page));
	else
		TRY(page_by_value(paging));
	return page_fill(paging, page);
}

err_t case_page(const struct op *op, const struct case_page_order *order, struct case_page *ret_page)
{
	require(order->count > 0);
	require(order->count <= CASE_PAGE_MAX);
	struct case_page page = { 0 };
	struct paging paging = { .op = op, .order = order, .limit = order->count + 1 };
	TRY(filter_check(&order->filter));
	TRY(cursor_parse(order, &paging.cursor));
	TRY(law_reaches(op->law, op->today));
	paging.descends = order->descending != paging.cursor.backwards;
	paging.kept = arena_many(op->arena, paging.limit + 1, struct place);
	paging.counter = (struct case_counter){ .op = op, .on = op->today };
	paging.arena = arena_create(SCAN_ARENA_SIZE_MAX);
	paging.counter.arena = paging.arena;
	err_t err = page_make(&paging, &page);
	arena_destroy(paging.arena);
	if (err)
		return err;
	*ret_page = page;
	return OK;
}

err_t case_of_debtor(const struct op *op, int64_t debtor_id, struct case_line **ret_lines, size_t *ret_count)
{
	struct case_page_of_debtor_row *rows;
	size_t count;
	TRY(q_case_page_of_debtor(op->db, op->arena, debtor_id, CASE_OF_DEBTOR_MAX, &rows, &count));
	int64_t *case_nos = arena_many(op->arena, count, int64_t);
	for (size_t i = 0; i < count; i++)
		case_nos[i] = rows[i].case_id;
	return case_lines(op, case_nos, count, ret_lines, ret_count);
}

err_t case_find_contact(const struct op *op, str contact, int64_t **ret_case_nos, size_t *ret_count)
{
	struct search_result found;
	TRY(search_find(op, (struct search_query){ contact, 0, CASE_OF_DEBTOR_MAX, true }, &found));
	*ret_case_nos = found.case_nos;
	*ret_count = found.count;
	return OK;
}
