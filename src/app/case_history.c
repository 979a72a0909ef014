#include "app/case_history.h"

static money costs_of(const struct entry *entry)
{
	static const enum journal_column columns[] = { COLUMN_FEE, COLUMN_COMPENSATION, COLUMN_SALAER, COLUMN_PLAN_FEE,
		COLUMN_LEGAL };
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		sum = money_add(sum, entry->column[columns[i]]);
	return sum;
}

/* In a payment every change of what is owed is something covered; in the others it is something charged. */
static bool is_payment(enum event_kind kind)
{
	return kind == EVENT_PAYMENT || kind == EVENT_REVERSAL || kind == EVENT_DIRECT_PAYMENT || kind == EVENT_PAID_BEFORE;
}

static struct case_moment moment_of(const struct life_event *event, bool is_coming)
{
	const struct entry *entry = &event->entry;
	struct case_moment moment = {
		.on = event->on,
		.kind = event->kind,
		.what = str_from_z(event_kind_name(event->kind)),
		.is_coming = is_coming,
		.received = entry->column[COLUMN_HOLD],
		.to_client = money_neg(entry->column[COLUMN_CLIENT]),
		.commission = money_neg(entry->column[COLUMN_COMMISSION]),
		.vat = money_neg(entry->column[COLUMN_VAT]),
		.salaer = money_neg(entry->column[COLUMN_SALAER_INCOME]),
		.refund = money_neg(entry->column[COLUMN_REFUND]),
		.basis = str_from_z(event->basis),
		.deadline_on = event->deadline,
		.other_case_no = event->kind == EVENT_JOIN || event->kind == EVENT_JOINED ? event->other_case : 0,
	};
	if (!is_payment(event->kind)) {
		moment.charged = money_sub(entry_owed(entry), entry->column[COLUMN_ACCRUED]);
		return moment;
	}
	moment.principal = money_neg(entry->column[COLUMN_PRINCIPAL]);
	moment.interest = money_neg(entry->column[COLUMN_INTEREST]);
	moment.costs = money_neg(costs_of(entry));
	return moment;
}

void case_moments(struct arena *arena, const struct case_view *view, struct case_moment **ret_moments, size_t *ret_count)
{
	*ret_count = view->life.event_count;
	*ret_moments = arena_many(arena, *ret_count, struct case_moment);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_moments)[i] = moment_of(&view->life.events[i], false);
}

static bool is_there(const struct case_view *now, const struct life_event *event)
{
	for (size_t i = 0; i < now->life.event_count; i++) {
		const struct life_event *old = &now->life.events[i];
		if (old->kind == event->kind && date_eq(old->on, event->on) && old->fact_no == event->fact_no)
			return true;
	}
	return false;
}

void case_moments_coming(struct arena *arena, const struct case_view *now, const struct case_view *preview,
	struct case_moment **ret_moments, size_t *ret_count)
{
	*ret_count = 0;
	*ret_moments = arena_many(arena, preview->life.event_count, struct case_moment);
	for (size_t i = 0; i < preview->life.event_count; i++) {
		const struct life_event *event = &preview->life.events[i];
		if (!date_before(event->on, now->as_of) && !is_there(now, event))
			(*ret_moments)[(*ret_count)++] = moment_of(event, true);
	}
}

money case_to_client(const struct case_view *view)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < view->life.event_count; i++)
		sum = money_sub(sum, view->life.events[i].entry.column[COLUMN_CLIENT]);
	return sum;
}
