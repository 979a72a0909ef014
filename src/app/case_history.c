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

void case_moments_coming(struct arena *arena, const struct case_view *preview, date today, struct case_moment **ret_moments,
	size_t *ret_count)
{
	*ret_count = 0;
	*ret_moments = arena_many(arena, preview->life.event_count, struct case_moment);
	for (size_t i = 0; i < preview->life.event_count; i++)
		if (date_after(preview->life.events[i].on, today))
			(*ret_moments)[(*ret_count)++] = moment_of(&preview->life.events[i], true);
}

/* ---- what an act would bring ---- */

static money client_sum(const struct life_case *life)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < life->event_count; i++)
		sum = money_sub(sum, life->events[i].entry.column[COLUMN_CLIENT]);
	return sum;
}

static err_t effect_run(const struct op *op, const struct case_act *act, struct case_effect *effect)
{
	struct case_question now = { .case_no = act->case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	TRY(case_show(op, now, &effect->before));
	TRY(case_act(op, act, &effect->result));
	TRY(case_show(op, now, &effect->after));
	TRY(case_preview(op, (struct case_preview){ .case_no = act->case_no, .until = DATE_NONE }, &effect->coming));
	effect->to_client = money_sub(client_sum(&effect->after.life), client_sum(&effect->before.life));
	return OK;
}

err_t case_effect_of(const struct op *op, const struct case_act *act, struct case_effect *ret_effect)
{
	require(!db_in_transaction(op->db));
	TRY(db_begin(op->db));
	err_t err = effect_run(op, act, ret_effect);
	db_rollback(op->db);
	return err;
}
