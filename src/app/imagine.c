#include "app/imagine.h"

#include "core/facts.h"

/* Received the day it falls due, from a client that deducts VAT, by the process most clients have. */
static const struct terms imagined_terms = {
	.client_no = 1,
	.process = { "no/standard", sizeof "no/standard" - 1 },
	.vat_deductible = true,
	.allocation = ALLOCATION_COSTS_FIRST,
};
enum { MONTHS_SHOWN = 9 };

static struct life_case replay(struct arena *arena, const struct law *law, const struct claim_facts *facts, date until)
{
	struct group_facts group = { .claims = facts, .claim_count = 1 };
	struct life life;
	life_replay(&group, law, (struct life_span){ .until = until, .steps_until = until, .explain = true }, arena, &life);
	return life.cases[0];
}

static void step_add(struct arena *arena, const struct law *law, const struct claim_facts *facts,
	const struct life_event *event, struct imagined_life *life)
{
	if (life->step_count == IMAGINED_STEPS_MAX)
		return;
	struct life_case then = replay(arena, law, facts, event->on);
	money before = life->step_count ? life->steps[life->step_count - 1].owed : facts->amount;
	money interest_before = life->step_count ? life->steps[life->step_count - 1].interest : MONEY_ZERO;
	life->steps[life->step_count++] = (struct imagined_step){
		.kind = event->kind,
		.on = event->on,
		.deadline = event->deadline,
		.charged = money_sub(money_sub(then.balance, before), money_sub(then.interest, interest_before)),
		.interest = then.interest,
		.owed = then.balance,
		.basis = event->basis,
	};
}

err_t imagine_life(struct arena *arena, const struct law *law, const struct imagined_claim *claim,
	struct imagined_life *ret_life)
{
	date horizon = law_horizon(law), until = date_min(date_add_months(claim->due_on, MONTHS_SHOWN), horizon);
	require(claim->amount.minor > 0);
	TRY(law_reaches(law, claim->due_on));
	if (!law_scheme_for(law, claim->due_on))
		return fail(ERR_INPUT, "no costs are known for claims that fell due on %s", date_iso(claim->due_on).z);
	struct claim_facts facts = {
		.case_no = 1,
		.terms = &imagined_terms,
		.business = claim->business,
		.alone = true,
		.invoice_no = S("1"),
		.issued_on = claim->due_on,
		.due_on = claim->due_on,
		.received_on = claim->due_on,
		.amount = claim->amount,
		.reminder_on = DATE_NONE,
		.notice_on = DATE_NONE,
		.notice_deadline = DATE_NONE,
	};
	*ret_life = (struct imagined_life){ .law_ends = DATE_NONE };
	struct life_case whole = replay(arena, law, &facts, until);
	for (size_t i = 0; i < whole.event_count; i++)
		if (event_is_step(whole.events[i].kind))
			step_add(arena, law, &facts, &whole.events[i], ret_life);
	if (date_eq(until, horizon) && whole.stage != STAGE_CLOSED && !str_eq_z(str_from_z(whole.next_step), "decide_legal"))
		ret_life->law_ends = horizon;
	return OK;
}
