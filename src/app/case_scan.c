#include "app/case_scan.h"

#include "sql.h"

bool case_is_solved(const struct case_scan_row *row)
{
	return !date_is_none(row->end_on) && str_eq_z(row->end_stage, stage_name(STAGE_CLOSED)) && row->end_paid.minor > 0 &&
	       !row->end_given_up;
}

bool case_is_ended_unsolved(const struct case_scan_row *row)
{
	return !date_is_none(row->end_on) && !case_is_solved(row);
}

void case_scan_begin(const struct op *op, const struct case_scan_order *order, struct case_scan *ret_scan)
{
	*ret_scan = (struct case_scan){ .op = op, .order = *order };
}

/* Each query has a row type of its own, with the same fields. */
#define ROWS_COPY(arena, rows, row_count, scanned) \
	do { \
		(scanned) = arena_many((arena), (row_count), struct case_scan_row); \
		for (size_t i_ = 0; i_ < (row_count); i_++) \
			(scanned)[i_] = (struct case_scan_row){ \
				.case_no = (rows)[i_].case_id, \
				.client_no = (rows)[i_].client_no, \
				.received_on = (rows)[i_].received_on, \
				.due_on = (rows)[i_].due_on, \
				.next_on = (rows)[i_].next_on, \
				.closed_on = (rows)[i_].closed_on, \
				.claimed = money_sub((rows)[i_].amount_minor, (rows)[i_].before_minor), \
				.stage = (rows)[i_].stage, \
				.carrier_no = (rows)[i_].has_carrier_id ? (rows)[i_].carrier_id : 0, \
				.standing = STANDING_OF_ROW(&(rows)[i_]), \
				.end_stage = (rows)[i_].end_stage, \
				.end_on = (rows)[i_].end_on, \
				.end_paid = (rows)[i_].end_paid_minor, \
				.end_given_up = (rows)[i_].given_up != 0, \
			}; \
	} while (0)

static err_t scan_up(const struct case_scan *scan, struct arena *arena, int64_t count, struct case_scan_row **ret_rows,
	size_t *ret_count)
{
	const struct case_scan_order *order = &scan->order;
	if (order->client_no) {
		struct case_scan_client_up_row *rows;
		TRY(q_case_scan_client_up(scan->op->db, arena, order->client_no, order->from_no, count, &rows, ret_count));
		ROWS_COPY(arena, rows, *ret_count, *ret_rows);
	} else {
		struct case_scan_up_row *rows;
		TRY(q_case_scan_up(scan->op->db, arena, order->from_no, count, &rows, ret_count));
		ROWS_COPY(arena, rows, *ret_count, *ret_rows);
	}
	return OK;
}

static err_t scan_down(const struct case_scan *scan, struct arena *arena, int64_t count, struct case_scan_row **ret_rows,
	size_t *ret_count)
{
	const struct case_scan_order *order = &scan->order;
	int64_t before = order->from_no ? order->from_no : INT64_MAX;
	if (order->client_no) {
		struct case_scan_client_down_row *rows;
		TRY(q_case_scan_client_down(scan->op->db, arena, order->client_no, before, count, &rows, ret_count));
		ROWS_COPY(arena, rows, *ret_count, *ret_rows);
	} else {
		struct case_scan_down_row *rows;
		TRY(q_case_scan_down(scan->op->db, arena, before, count, &rows, ret_count));
		ROWS_COPY(arena, rows, *ret_count, *ret_rows);
	}
	return OK;
}

/* The next of the list behind from_no, in its own order of number or from its end. */
static err_t scan_picked(struct case_scan *scan, struct arena *arena, size_t count, struct case_scan_row **ret_rows,
	size_t *ret_count)
{
	const struct case_scan_order *order = &scan->order;
	struct db_pick *picks = arena_many(arena, count, struct db_pick);
	size_t pick_count = 0;
	for (size_t i = 0; i < order->picked_count && pick_count < count; i++) {
		int64_t case_no = order->picked[order->descending ? order->picked_count - 1 - i : i];
		bool is_past = order->from_no && (order->descending ? case_no >= order->from_no : case_no <= order->from_no);
		if (!is_past)
			picks[pick_count++].id = case_no;
	}
	struct case_scan_picked_row *rows;
	TRY(db_pick(scan->op->db, picks, pick_count));
	TRY(q_case_scan_picked(scan->op->db, arena, &rows, ret_count));
	ROWS_COPY(arena, rows, *ret_count, *ret_rows);
	scan->order.from_no = pick_count ? picks[pick_count - 1].id : order->from_no;
	scan->is_over = pick_count < count;
	return OK;
}

err_t case_scan_next(struct case_scan *scan, struct arena *arena, size_t count, struct case_scan_row **ret_rows,
	size_t *ret_count)
{
	*ret_count = 0;
	if (scan->is_over)
		return OK;
	if (scan->order.picked)
		return scan_picked(scan, arena, count, ret_rows, ret_count);
	if (scan->order.descending)
		TRY(scan_down(scan, arena, i64_from_size(count), ret_rows, ret_count));
	else
		TRY(scan_up(scan, arena, i64_from_size(count), ret_rows, ret_count));
	scan->is_over = *ret_count < count;
	if (*ret_count)
		scan->order.from_no = (*ret_rows)[*ret_count - 1].case_no;
	return OK;
}
