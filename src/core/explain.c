#include "core/explain.h"

/* What an event did to what the debtor sees as owed: interest is shown by its own lines, so not its charging. */
static money event_amount(const struct life_event *event)
{
	return money_sub(entry_owed(&event->entry), event->entry.column[COLUMN_ACCRUED]);
}

static void line_add(struct life_case *ret_case, struct life_line line)
{
	size_t at = ret_case->line_count++;
	for (; at > 0 && date_before(line.on, ret_case->lines[at - 1].on); at--)
		ret_case->lines[at] = ret_case->lines[at - 1];
	ret_case->lines[at] = line;
}

static void event_lines(struct life_case *ret_case, size_t index)
{
	const struct life_event *event = &ret_case->events[index];
	struct life_line line = {
		.on = event->on,
		.what = event_kind_name(event->kind),
		.amount = event_amount(event),
		.basis = event->basis,
		.event_index = index,
		.from = DATE_NONE,
		.to = DATE_NONE,
	};
	if (line.amount.minor)
		line_add(ret_case, line);
	money refund = money_neg(event->entry.column[COLUMN_REFUND]);
	if (!refund.minor)
		return;
	line.what = "refund";
	line.amount = refund;
	line_add(ret_case, line);
}

static void piece_line(struct life_case *ret_case, const struct interest_piece *piece, const char *basis)
{
	money amount = money_sub(interest_rounded(piece->sum_after), interest_rounded(piece->sum_before));
	struct life_line line = {
		.on = piece->to,
		.what = "interest",
		.amount = amount,
		.basis = basis,
		.event_index = SIZE_MAX,
		.from = piece->from,
		.to = piece->to,
		.rate_bp = piece->rate_bp,
		.principal = piece->principal,
		.invoice_no = piece->claim->invoice_no,
	};
	line_add(ret_case, line);
}

void explain_lines(const struct track *track, struct arena *arena, struct life_case *ret_case)
{
	ret_case->lines = arena_many(arena, track->event_count * 2 + track->piece_count, struct life_line);
	for (size_t i = 0; i < track->piece_count; i++)
		piece_line(ret_case, &track->pieces[i], track->law->interest_source.paragraph);
	for (size_t i = 0; i < track->event_count; i++)
		event_lines(ret_case, i);
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < ret_case->line_count; i++)
		if (!str_eq_z(S("refund"), ret_case->lines[i].what))
			sum = money_add(sum, ret_case->lines[i].amount);
	require(sum.minor == ret_case->balance.minor);
}
