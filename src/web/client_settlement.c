#include "web/client_settlement.h"

#include "html/client_settlement.h"
#include "sql.h"
#include "web/api_shapes.h"

enum { LIST_ROWS = 24, LINES_PAGE = 1000, LINE_ARENA_MAX = 64 << 20 };

static const struct field list_fields[] = {
	{ .name = "cursor", .kind = FIELD_NUMBER, .label = N_("Page"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};
static const struct field line_fields[] = {
	{ .name = "cursor", .kind = FIELD_TEXT, .label = N_("Page"), .optional = true, .size_max = 50 },
	{ .name = NULL },
};
static const struct field show_fields[] = {
	{ .name = "what", .kind = FIELD_TEXT, .label = N_("What"), .optional = true, .size_max = 30 },
	{ .name = "column", .kind = FIELD_TEXT, .label = N_("Column"), .optional = true, .size_max = 30 },
	{ .name = NULL },
};

const char *const client_settlement_columns[SETTLEMENT_COLUMN_COUNT] = {
	[COLUMN_NET] = "net", [COLUMN_GROSS] = "gross", [COLUMN_OWN_PRINCIPAL] = "principal", [COLUMN_OWN_INTEREST] = "interest",
	[COLUMN_OWN_FEES] = "fees", [COLUMN_COMMISSIONS] = "commission", [COLUMN_VATS] = "vat",
};
const char *const client_settlement_titles[SETTLEMENT_COLUMN_COUNT] = {
	[COLUMN_NET] = N_("To you"), [COLUMN_GROSS] = N_("Paid"), [COLUMN_OWN_PRINCIPAL] = N_("Principal"),
	[COLUMN_OWN_INTEREST] = N_("Interest"), [COLUMN_OWN_FEES] = N_("Fees and more"), [COLUMN_COMMISSIONS] = N_("Commission"),
	[COLUMN_VATS] = N_("VAT"),
};

/* Net is the others of a line together: principal, interest and fees less commission and VAT. */
money client_settlement_value(const struct settle_line *line, enum settlement_column column)
{
	const struct settlement_csv_row *parts = &line->parts;
	switch (column) {
	case COLUMN_NET: return parts->net;
	case COLUMN_GROSS: return parts->gross;
	case COLUMN_OWN_PRINCIPAL: return parts->principal;
	case COLUMN_OWN_INTEREST: return parts->interest;
	case COLUMN_OWN_FEES: return money_sub(money_add(money_add(parts->fees, parts->compensation), parts->court), parts->direct);
	case COLUMN_COMMISSIONS: return parts->commission;
	case COLUMN_VATS: return parts->vat;
	case SETTLEMENT_COLUMN_COUNT: break;
	}
	panic("no such column of a settlement");
}

const char *client_settlement_what(enum settle_what what)
{
	static const char *const labels[SETTLE_WHAT_COUNT] = {
		[SETTLE_PAYMENT] = N_("Payment"),
		[SETTLE_DIRECT] = N_("Paid straight to you"),
		[SETTLE_REVERSAL] = N_("Payment taken back"),
		[SETTLE_ABSORBED] = N_("Letter fee became part of the collection fee"),
		[SETTLE_CREDIT] = N_("Credited"),
		[SETTLE_RESOLUTION] = N_("Objection decided"),
		[SETTLE_JOINED] = N_("Claims joined"),
		[SETTLE_CORRECTION] = N_("Correction"),
		[SETTLE_OTHER] = N_("Other"),
	};
	require(what < SETTLE_WHAT_COUNT);
	return labels[what];
}

/* ---- the list ---- */

static struct api_settlement api_settlement_of(const struct portal_settlements_row *row)
{
	money total = money_add(row->carried_minor, row->movement_minor);
	return (struct api_settlement){ row->settlement_no, row->settled_on, row->carried_minor, row->movement_minor, row->payout_minor,
		money_sub(total, row->payout_minor), row->payout_state.size ? row->payout_state : (str){ NULL, 0 } };
}

static err_t list_answer(struct web *web, const struct client_settlements *list)
{
	struct api_settlement *answer = arena_many(web->op.arena, list->count, struct api_settlement);
	for (size_t i = 0; i < list->count; i++)
		answer[i] = api_settlement_of(&list->rows[i]);
	str next = list->next ? str_format(web->op.arena, "%lld", (long long)list->next) : S("");
	return web_answer_list(web, &shape_settlement, answer, list->count, next);
}

static err_t list_show(struct web *web)
{
	struct client_settlements list = { 0 };
	struct portal_due_sum_row waiting;
	bool found;
	const struct field_value *cursor = form_value(&web->form, "cursor");
	int64_t before = cursor->text.size && !cursor->error.size ? cursor->number : INT64_MAX, client_no = web->visitor.client_no;
	TRY(q_portal_settlements(web->op.db, web->op.arena, client_no, before, LIST_ROWS, &list.rows, &list.count));
	list.next = list.count == LIST_ROWS ? list.rows[list.count - 1].settlement_no : 0;
	if (web->is_api)
		return list_answer(web, &list);
	TRY(q_portal_due_sum(web->op.db, web->op.arena, client_no, &waiting, &found));
	list.waiting = waiting.amount_minor;
	html_client_settlements(&web->html, web, &list);
	return OK;
}

/* ---- one ---- */

/* Through the right to see it: by the visitor's client. */
static err_t settlement_find(struct web *web, struct portal_settlement_row **ret_row, bool *ret_found)
{
	*ret_row = arena_new(web->op.arena, struct portal_settlement_row);
	TRY(q_portal_settlement(web->op.db, web->op.arena, web->visitor.client_no, web_number(web, "settlement"), *ret_row, ret_found));
	return *ret_found ? OK : web_missing(web);
}

static void asked_read(struct web *web, struct client_settlement *view)
{
	str what = form_text(&web->form, "what"), column = form_text(&web->form, "column");
	for (int i = 0; i < SETTLE_WHAT_COUNT; i++)
		if (str_eq_z(what, settle_what_name((enum settle_what)i)))
			view->of_kind = true, view->what = (enum settle_what)i;
	for (int i = 0; i < SETTLEMENT_COLUMN_COUNT; i++)
		if (str_eq_z(column, client_settlement_columns[i]))
			view->of_column = true, view->column = (enum settlement_column)i;
}

static bool is_asked(const struct client_settlement *view, const struct settle_line *line)
{
	if (view->of_kind && line->what != view->what)
		return false;
	return !view->of_column || client_settlement_value(line, view->column).minor != 0;
}

static void kind_add(struct client_settlement_kind *kind, const struct settle_line *line)
{
	kind->count++;
	for (int i = 0; i < SETTLEMENT_COLUMN_COUNT; i++)
		kind->sums[i] = money_add(kind->sums[i], client_settlement_value(line, (enum settlement_column)i));
}

static void line_take(struct arena *arena, struct client_settlement *view, const struct settle_line *line,
	struct client_settlement_kind *all, struct client_settlement_kind *total)
{
	kind_add(&all[line->what], line);
	kind_add(total, line);
	if (!is_asked(view, line))
		return;
	view->line_total++;
	view->line_sum = money_add(view->line_sum, client_settlement_value(line, view->column));
	if (view->line_count == CLIENT_LINES_MAX)
		return;
	struct settle_line *kept = &view->lines[view->line_count++];
	*kept = *line;
	kept->parts.invoice_no = str_copy(arena, line->parts.invoice_no);
	kept->parts.debtor = str_copy(arena, line->parts.debtor);
}

static err_t lines_gather(struct web *web, struct arena *arena, struct client_settlement *view)
{
	struct op op = web->op;
	struct client_settlement_kind all[SETTLE_WHAT_COUNT] = { 0 }, total = { .what = SETTLE_WHAT_COUNT };
	struct settle_place place = { .settlement_no = view->row->settlement_no, .count = LINES_PAGE };
	struct arena_mark start = arena_mark(arena);
	op.arena = arena;
	size_t count = LINES_PAGE;
	while (count == LINES_PAGE) {
		struct settle_line *lines;
		TRY(settle_lines(&op, place, &lines, &count));
		for (size_t i = 0; i < count; i++) {
			line_take(web->op.arena, view, &lines[i], all, &total);
			place.after_case = lines[i].case_no, place.after_event = lines[i].event_no;
		}
		arena_reset(arena, start);
	}
	for (int i = 0; i < SETTLE_WHAT_COUNT; i++) {
		all[i].what = (enum settle_what)i;
		if (all[i].count)
			view->kinds[view->kind_count++] = all[i];
	}
	view->kinds[view->kind_count] = total;
	return OK;
}

static err_t settlement_show(struct web *web)
{
	struct client_settlement view = { .vat_per_mille = web->op.law->parameters.vat_per_mille };
	bool found;
	TRY(settlement_find(web, &view.row, &found));
	if (!found)
		return OK;
	asked_read(web, &view);
	view.lines = arena_many(web->op.arena, CLIENT_LINES_MAX, struct settle_line);
	struct arena *arena = arena_create(LINE_ARENA_MAX);
	err_t err = lines_gather(web, arena, &view);
	arena_destroy(arena);
	if (err)
		return err;
	html_client_settlement(&web->html, web, &view);
	return OK;
}

static err_t settlement_answer(struct web *web)
{
	struct portal_settlement_row *row;
	bool found;
	TRY(settlement_find(web, &row, &found));
	if (!found)
		return OK;
	struct portal_settlements_row listed = { .settlement_no = row->settlement_no, .settled_on = row->settled_on,
		.carried_minor = row->carried_minor, .movement_minor = row->movement_minor, .payout_minor = row->payout_minor,
		.payout_state = row->payout_state };
	struct api_settlement answer = api_settlement_of(&listed);
	return web_answer(web, &shape_settlement, &answer);
}

static struct api_settlement_line api_line_of(const struct settle_line *line)
{
	const struct settlement_csv_row *parts = &line->parts;
	return (struct api_settlement_line){ line->case_no, parts->invoice_no, parts->debtor, parts->on, parts->booked_on, line->what_name,
		parts->gross, parts->principal, parts->interest, parts->fees, parts->compensation, parts->court, parts->direct,
		parts->commission, parts->vat, parts->net, line->commission_bp };
}

static err_t lines_answer(struct web *web)
{
	struct portal_settlement_row *row;
	struct settle_place place = { .settlement_no = web_number(web, "settlement"), .count = LINES_PAGE };
	str cursor = form_text(&web->form, "cursor"), event;
	bool found;
	TRY(settlement_find(web, &row, &found));
	if (!found)
		return OK;
	if (cursor.size) {
		TRY(within(parse_i64(str_cut(cursor, '.', &event), 1, INT64_MAX, &place.after_case), "cursor"));
		TRY(within(parse_i64(event, 1, INT64_MAX, &place.after_event), "cursor"));
	}
	struct settle_line *lines;
	size_t count;
	TRY(settle_lines(&web->op, place, &lines, &count));
	struct api_settlement_line *answer = arena_many(web->op.arena, count, struct api_settlement_line);
	for (size_t i = 0; i < count; i++)
		answer[i] = api_line_of(&lines[i]);
	str next = count < LINES_PAGE ? S("") : str_format(web->op.arena, "%lld.%lld", (long long)lines[count - 1].case_no,
		(long long)lines[count - 1].event_no);
	return web_answer_list(web, &shape_settlement_line, answer, count, next);
}

static err_t file_send(struct web *web, enum settle_file file)
{
	struct portal_settlement_row *row;
	bool found;
	str bytes;
	TRY(settlement_find(web, &row, &found));
	if (!found)
		return OK;
	TRY(settle_statement(&web->op, row->settlement_no, file, &bytes));
	web_log_soon(web, (struct web_act){ .act = "see", .client_no = web->visitor.client_no, .detail = S("statement") });
	const char *name = str_format(web->op.arena, "settlement-%lld.%s", (long long)row->settlement_no, file == SETTLE_PDF ? "pdf" :
		"csv").at;
	return file == SETTLE_PDF ? web_file_shown(web, "application/pdf", bytes, name) :
				    web_file(web, "text/csv; charset=utf-8", bytes, name);
}

static err_t pdf_send(struct web *web)
{
	return file_send(web, SETTLE_PDF);
}

static err_t csv_send(struct web *web)
{
	return file_send(web, SETTLE_CSV);
}

const struct route routes_client_settlement[] = {
	{ HTTP_GET, "/client/settlements", "/api/v1/settlements", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "settle",
		.fields = list_fields, .run = list_show, .title = N_("Settlements"), .about = "Your settlements, newest first.",
		.answer = &shape_settlement, .answer_is_list = true },
	{ HTTP_GET, "/client/settlements/{settlement}", .kind = ROUTE_READ, .who = WHO_CLIENT, .fields = show_fields,
		.run = settlement_show, .title = N_("A settlement") },
	{ HTTP_GET, NULL, "/api/v1/settlements/{settlement}", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "settle",
		.run = settlement_answer, .title = N_("A settlement"), .about = "One settlement.", .answer = &shape_settlement },
	{ HTTP_GET, NULL, "/api/v1/settlements/{settlement}/lines", .kind = ROUTE_READ, .who = WHO_CLIENT | WHO_KEY, .scope = "settle",
		.fields = line_fields, .run = lines_answer, .title = N_("Lines of a settlement"),
		.about = "Every movement in a settlement with its parts; their net is the settlement's movement.",
		.answer = &shape_settlement_line, .answer_is_list = true },
	{ HTTP_GET, "/client/settlements/{settlement}/statement.pdf", .kind = ROUTE_HEAVY, .who = WHO_CLIENT, .flags = ROUTE_NO_PAGE,
		.run = pdf_send, .title = N_("Statement as PDF") },
	{ HTTP_GET, "/client/settlements/{settlement}/statement.csv", .kind = ROUTE_HEAVY, .who = WHO_CLIENT, .flags = ROUTE_NO_PAGE,
		.run = csv_send, .title = N_("Statement as CSV") },
	{ .method = HTTP_METHOD_COUNT },
};
