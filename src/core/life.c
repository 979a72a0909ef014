/* The replay: facts and time, day by day, in the order of the rules:
 *   what time alone brings (a claim begins, compensation, the end of a deferral, a plan's check, limitation),
 *   facts of the day, payments, what closes after them, steps, and what the day's letters print.
 * Days on which nothing can happen are skipped: each track says the next day that concerns it. */
#include "core/life.h"

#include "core/explain.h"
#include "core/process.h"
#include "core/track.h"

#include <string.h>

struct item { /* a fact on the day it takes effect */
	date day;
	bool is_payment;
	bool is_credit; /* the credit of a resolution, apart from the resolution itself */
	const struct fact *fact;
	struct track *track; /* of the case it was reported for */
};

struct replay {
	const struct group_facts *facts;
	const struct law *law;
	struct life_span span;
	struct arena *arena;
	struct process_run run;
	date day; /* being played */
	struct item *items;
	size_t item_count, item_next;
	date received_last; /* in the book a claim is lived through to its receipt, whether or not a night has run */
	bool *fees_fall; /* by claim: found on the way, needs another replay */
	bool again;
};

/* ---- facts in the order they take effect ---- */

static struct track *track_of(const struct replay *replay, int64_t case_no)
{
	for (size_t i = 0; i < replay->run.track_count; i++)
		if (replay->run.tracks[i].claim->case_no == case_no)
			return &replay->run.tracks[i];
	panic("a fact names a case outside its group");
}

/* The case that carries the claim now. Ends: joining never makes a ring, a joined case takes nobody in. */
static struct track *track_carrier(struct track *track)
{
	while (track->carrier)
		track = track->carrier;
	return track;
}

static bool fact_is_payment(enum fact_kind kind)
{
	return kind == FACT_PAYMENT || kind == FACT_DIRECT_PAYMENT || kind == FACT_REVERSAL;
}

/* Same-day order does not depend on which fact arrived first, but for facts that are alike in everything. */
static int item_compare(const struct item *a, const struct item *b)
{
	int order = date_compare(a->day, b->day);
	if (!order)
		order = (int)a->is_payment - (int)b->is_payment;
	if (!order)
		order = (a->fact->kind > b->fact->kind) - (a->fact->kind < b->fact->kind);
	if (!order)
		order = (a->fact->case_no > b->fact->case_no) - (a->fact->case_no < b->fact->case_no);
	if (!order)
		order = (a->fact->amount.minor < b->fact->amount.minor) - (a->fact->amount.minor > b->fact->amount.minor);
	if (!order)
		order = (a->fact->fact_no > b->fact->fact_no) - (a->fact->fact_no < b->fact->fact_no);
	return order;
}

static date claim_begin_on(const struct claim_facts *claim)
{
	return date_min(claim->issued_on, claim->due_on);
}

static void item_add(struct replay *replay, const struct fact *fact, date day, bool is_credit)
{
	struct track *track = track_of(replay, fact->case_no);
	struct item item = {
		.day = date_max(day, claim_begin_on(track->claim)),
		.is_payment = fact_is_payment(fact->kind),
		.is_credit = is_credit,
		.fact = fact,
		.track = track,
	};
	if (replay->span.explain && date_after(item.day, replay->span.until))
		return;
	size_t at = replay->item_count++;
	for (; at > 0 && item_compare(&item, &replay->items[at - 1]) < 0; at--)
		replay->items[at] = replay->items[at - 1];
	replay->items[at] = item;
}

/* A credit counts from its claim's due date, or from the day it came if the claim is not due yet. */
static void items_make(struct replay *replay)
{
	replay->items = arena_many(replay->arena, replay->facts->fact_count * 2 + 1, struct item);
	replay->item_count = 0;
	replay->item_next = 0;
	for (size_t i = 0; i < replay->facts->fact_count; i++) {
		const struct fact *fact = &replay->facts->facts[i];
		bool credits = fact->kind == FACT_CREDIT || (fact->kind == FACT_RESOLUTION && fact->amount.minor > 0);
		if (credits) {
			date due_on = track_of(replay, fact->case_no)->claim->due_on;
			item_add(replay, fact, date_min(due_on, fact->booked_on), true);
		}
		if (fact->kind != FACT_CREDIT && fact->kind != FACT_LETTER_WITHDRAWN)
			item_add(replay, fact, fact->counts_on, false);
	}
}

/* ---- what time alone brings ---- */

static void claim_begin(struct track *track, date day)
{
	const struct claim_facts *claim = track->claim;
	track->begun = true;
	struct carried own = {
		.claim = claim,
		.principal = claim->amount,
		.original = claim->amount,
		.sum_on = claim->due_on,
	};
	track_claim_add(track, own);
	track_emit(track, EVENT_PRINCIPAL, day, "avtalen mellom kreditor og skyldner");
	if (claim->paid.minor > 0) {
		track->carried[0].principal = money_sub(claim->amount, claim->paid);
		track->carried[0].original = track->carried[0].principal;
		track_emit(track, EVENT_PAID_BEFORE, day, track->law->allocation_source.paragraph);
	}
	process_start(track);
	track->limitation_on =
		law_banking_day(track->law, date_add_months(claim->due_on, 12 * track->law->parameters.limitation_years));
}

static date prior_fees_on(const struct claim_facts *claim)
{
	return !date_is_none(claim->notice_on) ? claim->notice_on : claim->reminder_on;
}

static bool compensation_comes(const struct track *track)
{
	return track->claim->business && !track->compensation_owed &&
	       law_compensation(track->law, track->claim->due_on).minor > 0;
}

static date plan_check_on(const struct track *track)
{
	const struct life_instalment *next = &track->instalments[track->plan_checked_count];
	return date_add(next->due_on, 1 + process_grace(track));
}

static date limitation_warning_on(const struct track *track)
{
	const struct law_parameters *parameters = &track->law->parameters;
	return date_add(track->limitation_on, -parameters->limitation_warning_days[track->limitation_warned_count]);
}

/* The next day after `after` that brings something by itself; DATE_NONE: none. */
static date time_next(const struct track *track, date after)
{
	date next = DATE_LAST;
	if (!track->begun)
		next = date_min(next, claim_begin_on(track->claim));
	if (track->closed) /* a joined case is closed too */
		return DATE_NONE;
	const struct claim_facts *claim = track->claim;
	if (claim->fees.minor > 0 && !track->prior_fees_charged)
		next = date_min(next, prior_fees_on(claim));
	if (compensation_comes(track))
		next = date_min(next, date_add(claim->due_on, 1));
	if (track->deferred)
		next = date_min(next, track->deferred_until);
	if (track->plan)
		next = date_min(next, plan_check_on(track));
	if (track->begun && !track->limitation_over)
		next = date_min(next, date_add(track->limitation_on, 1));
	if (date_eq(next, DATE_LAST))
		return DATE_NONE;
	return date_max(next, date_add(after, 1));
}

/* Warnings are the night's work list, so they wait for a night like a step. */
static date warning_next(const struct track *track, date floor)
{
	if (!track->begun || track->closed || track->limitation_over)
		return DATE_NONE;
	if (track->limitation_warned_count >= LAW_LIMITATION_WARNING_COUNT)
		return DATE_NONE;
	return date_max(limitation_warning_on(track), date_max(floor, track->claim->received_on));
}

static void deferral_end(struct track *track, date day)
{
	track->deferred = false;
	process_resume(track, day);
	track_emit(track, EVENT_DEFERRAL_END, day, track->law->objection_source.paragraph);
}

static void plan_end(struct track *track, date day)
{
	track->plan = NULL;
	process_resume(track, day);
	track_emit(track, EVENT_PLAN_END, day, track->law->plan_fee_source.paragraph);
}

static void plan_check(struct track *track, date day)
{
	money due = MONEY_ZERO;
	for (size_t i = 0; i <= track->plan_checked_count; i++)
		due = money_add(due, track->instalments[i].amount);
	track->plan_checked_count++;
	bool broken = track->plan_paid_since.minor < due.minor;
	if (!broken && track->plan_checked_count < size_from_i64(track->plan->number))
		return;
	/* The pause ended with the grace, the day before the check: the process may act today. */
	track->plan = NULL;
	process_resume(track, date_add(day, -1));
	track_emit(track, broken ? EVENT_PLAN_BROKEN : EVENT_PLAN_KEPT, day, track->law->plan_fee_source.paragraph);
}

static void time_pass(struct track *track, date day)
{
	if (!track->begun && !date_after(claim_begin_on(track->claim), day))
		claim_begin(track, day);
	if (!track->begun)
		return;
	if (!track->carrier)
		track_interest_to(track, day);
	if (track->closed)
		return;
	const struct claim_facts *claim = track->claim;
	if (claim->fees.minor > 0 && !track->prior_fees_charged && !date_after(prior_fees_on(claim), day)) {
		track->prior_fees_charged = true;
		if (!track->fees_fall) {
			track->costs.fees = money_add(track->costs.fees, claim->fees);
			track_emit(track, EVENT_PRIOR_FEES, day, track->process->steps[0].source.paragraph);
		}
	}
	if (compensation_comes(track) && date_after(day, claim->due_on)) {
		track->compensation_owed = true;
		track->costs.compensation = law_compensation(track->law, claim->due_on);
		track_emit(track, EVENT_COMPENSATION, day, track->law->compensation_source.paragraph);
	}
	if (track->deferred && !date_after(track->deferred_until, day))
		deferral_end(track, day);
	if (track->plan && !date_after(plan_check_on(track), day))
		plan_check(track, day);
	if (!track->limitation_over && date_after(day, track->limitation_on)) {
		track->limitation_over = true;
		if (!track->blocked)
			process_pause(track, day);
		track->blocked = true;
		track->blocked_on = day;
		track_emit(track, EVENT_BLOCK, day, track->law->limitation_source.paragraph);
	}
}

/* ---- facts ---- */

static void credit_apply(struct track *track, const struct fact *fact, date day)
{
	struct carried *carried = NULL;
	for (size_t i = 0; i < track->carried_count; i++)
		if (track->carried[i].claim->case_no == fact->case_no)
			carried = &track->carried[i];
	if (!carried)
		return;
	money off = money_min(fact->amount, carried->principal);
	carried->principal = money_sub(carried->principal, off);
	carried->original = money_clamp(money_sub(carried->original, fact->amount));
	/* What was paid on the part now credited goes back to the payer. */
	track_credit_back(track, carried->claim, money_sub(fact->amount, off));
	track_emit(track, EVENT_CREDIT, day, track->law->objection_source.paragraph)->fact_no = fact->fact_no;
}

static void resolution_apply(struct replay *replay, struct track *track, const struct fact *fact, date day)
{
	bool reasonable = !str_eq_z(fact->code, "rejected");
	bool before_demand = date_is_none(track->first_demand_on);
	if (track->disputed && reasonable && before_demand && !track->fees_fall) {
		size_t index = (size_t)(track - replay->run.tracks); /* track is inside tracks */
		replay->fees_fall[index] = true;
		replay->again = true;
	}
	if (track->disputed) {
		track->disputed = false;
		process_resume(track, day);
	}
	track_emit(track, EVENT_RESOLUTION, day, track->law->objection_source.paragraph)->fact_no = fact->fact_no;
}

/* More than four instalments, told beforehand: 1.5 × sats (inkassoforskriften § 2-4). Equal parts of the balance. */
static void plan_apply(struct track *track, const struct fact *fact, date day)
{
	const struct law_parameters *parameters = &track->law->parameters;
	bool charged = fact->number > parameters->plan_fee_over_parts && str_eq_z(fact->code, "told") &&
		       !process_is_residual(track) && !track->in_legal;
	if (charged) {
		struct law_salaer fee = {
			.per_mille = parameters->plan_fee_per_mille,
			.charged_on = day,
			.vat_deductible = track->claim->terms->vat_deductible,
		};
		track->costs.plan_fee = money_add(track->costs.plan_fee, law_salaer(track->law, fee));
	}
	track->plan = fact;
	track->plan_checked_count = 0;
	track->plan_paid_since = MONEY_ZERO;
	size_t count = size_from_i64(fact->number);
	track->instalments = arena_many(track->arena, count, struct life_instalment);
	money total = track_balance(track);
	for (size_t i = 0; i < count; i++) {
		track->instalments[i].due_on = date_add_months(fact->until, (int)i); /* at most a few hundred */
		track->instalments[i].amount = money_split(total, fact->number, i64_from_size(i));
	}
	/* A promise to pay is an acknowledgment: a new period begins (foreldelsesloven §§ 14, 20). */
	track->limitation_on = law_banking_day(track->law, date_add_months(day, 12 * parameters->limitation_years));
	track->limitation_warned_count = 0;
	process_pause(track, day);
	struct life_event *event = track_emit(track, EVENT_PLAN, day, track->law->plan_fee_source.paragraph);
	event->fact_no = fact->fact_no;
	event->deadline = fact->until;
}

static void legal_apply(struct track *track, const struct fact *fact, date day)
{
	money *costs = str_eq_z(fact->note, "client") ? &track->costs.legal_client : &track->costs.legal_agency;
	*costs = money_add(*costs, fact->amount);
	track_emit(track, EVENT_LEGAL, day, track->law->legal_source.paragraph)->fact_no = fact->fact_no;
	if (fact->number > 0) {
		*costs = money_add(*costs, money_of(fact->number));
		track_emit(track, EVENT_DRAFTING, day, track->law->legal_source.paragraph)->fact_no = fact->fact_no;
	}
	track->in_legal = true;
	track->in_surveillance = false;
	track->legal_on = day;
	track->limitation_over = true; /* interrupted: foreldelsesloven §§ 15, 17 */
}

static money track_waive(struct track *track, date day, enum event_kind kind, const char *basis)
{
	money rest = track_balance(track);
	struct cover cover = { .amount = rest, .order = COVER_COSTS_INTEREST_PRINCIPAL, .waives = true };
	track_cover(track, cover);
	track_emit(track, kind, day, basis);
	return rest;
}

static void track_close(struct track *track, date day, const char *reason)
{
	track->closed = true;
	track->closed_on = day;
	track->closed_reason = reason;
	if (track->plan)
		process_resume(track, day); /* the plan ends with the case: a reversal may open it again */
	track->plan = NULL;
	track->residual = false;
}

static void block_lift(struct track *track, const struct fact *fact, date day)
{
	if (track->blocked) {
		track->blocked = false;
		process_resume(track, day);
	}
	track_emit(track, EVENT_UNBLOCK, day, track->law->block_source.paragraph)->fact_no = fact->fact_no;
}

/* A payment told late may have closed the case before what a person has done since: that would not have happened.
 * Objections and blocks are kept, for the payment may be reversed. */
static bool fact_is_void(const struct track *track, enum fact_kind kind)
{
	if (!track->closed)
		return false;
	return kind == FACT_DEFERRAL || kind == FACT_PLAN || kind == FACT_LEGAL || kind == FACT_DEMAND ||
	       kind == FACT_SURVEILLANCE || kind == FACT_CLOSE || kind == FACT_WITHDRAW;
}

static void fact_apply(struct replay *replay, struct track *track, const struct fact *fact, date day)
{
	if (fact_is_void(track, fact->kind))
		return;
	const struct law *law = track->law;
	struct life_event *event = NULL;
	switch (fact->kind) {
	case FACT_OBJECTION:
		if (!track->disputed)
			process_pause(track, day);
		track->disputed = true;
		track->objection_on = day;
		event = track_emit(track, EVENT_OBJECTION, day, law->objection_source.paragraph);
		break;
	case FACT_RESOLUTION:
		resolution_apply(replay, track, fact, day);
		return;
	case FACT_DEFERRAL:
		if (!track->deferred)
			process_pause(track, day);
		track->deferred_until =
			track->deferred ? date_max(track->deferred_until, fact->until) : fact->until;
		track->deferred = true;
		event = track_emit(track, EVENT_DEFERRAL, day, law->objection_source.paragraph);
		break;
	case FACT_PLAN:
		if (track->plan)
			plan_end(track, day);
		plan_apply(track, fact, day);
		return;
	case FACT_PLAN_END:
		if (track->plan)
			plan_end(track, day);
		return;
	case FACT_BLOCK:
		if (!track->blocked)
			process_pause(track, day);
		track->blocked = true;
		track->blocked_on = day;
		event = track_emit(track, EVENT_BLOCK, day, law->block_source.paragraph);
		break;
	case FACT_UNBLOCK:
		block_lift(track, fact, day);
		return;
	case FACT_LEGAL:
		legal_apply(track, fact, day);
		return;
	case FACT_DEMAND:
		process_demand_again(track, day);
		process_letters_handed(&replay->run, track, day);
		return;
	case FACT_SURVEILLANCE:
		track->in_surveillance = true;
		track->review_on = fact->until;
		event = track_emit(track, EVENT_SURVEILLANCE, day, law->legal_source.paragraph);
		break;
	case FACT_LETTER_HANDED: /* known when the letter was ordered: process_letters_handed() */
		return;
	case FACT_CLOSE:
		track_waive(track, day, EVENT_GIVEN_UP, law->waiver_source.paragraph);
		track_close(track, day, "given_up");
		return;
	case FACT_WITHDRAW:
		track_waive(track, day, EVENT_WITHDRAWN, law->waiver_source.paragraph);
		track_close(track, day, "withdrawn");
		track->withdrawn = true;
		return;
	case FACT_CREDIT:
	case FACT_LETTER_WITHDRAWN:
	case FACT_PAYMENT:
	case FACT_DIRECT_PAYMENT:
	case FACT_REVERSAL:
	case FACT_KIND_COUNT:
		panic("this kind of fact is worked in elsewhere");
	}
	event->fact_no = fact->fact_no;
}

/* ---- payments ---- */

static enum cover_order payment_order(const struct track *track, const struct fact *fact, date day)
{
	bool before_letters = date_is_none(track->first_letter_on) || !date_after(day, track->first_letter_on);
	bool deduction = str_eq_z(fact->code, "deduction"); /* innkrevingsloven § 29 */
	bool agreed = track->claim->terms->allocation == ALLOCATION_PRINCIPAL_FIRST;
	if (before_letters || deduction || agreed || fact->kind == FACT_DIRECT_PAYMENT)
		return COVER_PRINCIPAL_COSTS_INTEREST;
	return COVER_COSTS_INTEREST_PRINCIPAL;
}

static void letters_paid(struct track *track, date day, money amount)
{
	for (size_t i = 0; i < track->letter_count; i++) {
		struct sent_letter *letter = &track->letters[i];
		if (date_before(letter->sent_on, day) && !date_after(day, letter->deadline))
			letter->paid_since = money_add(letter->paid_since, amount);
	}
	if (track->plan)
		track->plan_paid_since = money_add(track->plan_paid_since, amount);
}

static void payment_apply(struct track *track, const struct fact *fact, date day)
{
	struct cover cover = {
		.amount = fact->amount,
		.order = payment_order(track, fact, day),
		.case_no = fact->case_no,
		.fact_no = fact->fact_no,
	};
	bool direct = fact->kind == FACT_DIRECT_PAYMENT;
	money *received = direct ? &track->direct_received : &track->bank_received;
	*received = money_add(*received, fact->amount);
	track->refund = money_add(track->refund, track_cover(track, cover));
	letters_paid(track, day, fact->amount);
	enum event_kind kind = direct ? EVENT_DIRECT_PAYMENT : EVENT_PAYMENT;
	struct life_event *event = track_emit(track, kind, day, track->law->allocation_source.paragraph);
	event->fact_no = fact->fact_no;
	event->other_case = fact->case_no;
	event->ledger_on = fact->ledger_on;
}

/* A reversed payment restores, on its own date, what it had covered; a case it had closed is open again. */
static void reversal_apply(struct track *track, const struct fact *fact, date day)
{
	struct allocation *allocation = track_allocation(track, fact->case_no, fact->number);
	if (!allocation)
		return;
	track_uncover(track, allocation);
	track->bank_received = money_sub(track->bank_received, fact->amount);
	letters_paid(track, day, money_neg(fact->amount));
	if (track->closed && !track->withdrawn && track_balance(track).minor > 0) {
		track->closed = false;
		track->closed_on = DATE_NONE;
		track->closed_reason = NULL;
	}
	struct life_event *event = track_emit(track, EVENT_REVERSAL, day, track->law->allocation_source.paragraph);
	event->fact_no = fact->fact_no;
	event->ledger_on = fact->ledger_on;
}

/* What closes a case after a day's payments: nothing owed, a letter's amount paid in time, or crumbs. */
static void closing_check(struct track *track, date day, bool paid_today)
{
	if (!track->begun || track->closed)
		return;
	money balance = track_balance(track);
	if (balance.minor == 0) {
		track_close(track, day, "paid");
		track_emit(track, EVENT_CLOSED, day, track->law->allocation_source.paragraph);
		return;
	}
	if (!paid_today)
		return;
	bool letter_paid = false;
	for (size_t i = 0; i < track->letter_count; i++) {
		const struct sent_letter *letter = &track->letters[i];
		if (date_before(letter->sent_on, day) && !date_after(day, letter->deadline) &&
			letter->printed.minor > 0 && letter->paid_since.minor >= letter->printed.minor)
			letter_paid = true;
	}
	money paid = money_add(track->joined_paid, money_add(track->bank_received, track->direct_received));
	bool crumbs = paid.minor >= track_original(track).minor &&
		      balance.minor < track->law->parameters.waive_under.minor;
	if (!letter_paid && !crumbs)
		return;
	track_waive(track, day, EVENT_WAIVER, track->law->waiver_source.paragraph);
	track_close(track, day, letter_paid ? "letter_paid" : "waived");
	track_emit(track, EVENT_CLOSED, day, track->law->waiver_source.paragraph);
}

/* ---- the days ---- */

static date earlier(date a, date b)
{
	if (date_is_none(a) || date_is_none(b))
		return date_is_none(a) ? b : a;
	return date_min(a, b);
}

static date step_next(const struct replay *replay, const struct track *track, date floor)
{
	return earlier(process_run_day(&replay->run, track, floor), warning_next(track, floor));
}

/* Facts may lie beyond the last night (a payment booked today, the night still to come): a case that would have had a step
 * before or on such a day must still be woken for it, even if the fact then closes it. Called on the way, with the days
 * from..to on which nothing but steps can happen. */
static void wakes_note(struct replay *replay, date from, date to)
{
	if (replay->span.explain || !date_after(to, replay->span.steps_until))
		return;
	from = date_max(from, date_add(date_max(replay->span.steps_until, DATE_FIRST), 1));
	for (size_t i = 0; i < replay->run.track_count && !date_after(from, to); i++) {
		struct track *track = &replay->run.tracks[i];
		date step = date_is_none(track->wake_on) ? step_next(replay, track, from) : DATE_NONE;
		if (!date_is_none(step) && !date_after(step, to))
			track->wake_on = step;
	}
}

/* The next day after `after` on which anything happens; DATE_NONE when the replay has come to its end. */
static date day_next(const struct replay *replay, date after)
{
	date fact_on = replay->item_next < replay->item_count ? replay->items[replay->item_next].day : DATE_NONE;
	date time_until = date_max(date_max(replay->span.until, fact_on), replay->received_last);
	date next = fact_on;
	for (size_t i = 0; i < replay->run.track_count; i++) {
		const struct track *track = &replay->run.tracks[i];
		date time = time_next(track, after);
		if (!date_is_none(time) && !date_after(time, time_until))
			next = earlier(next, time);
		date floor = date_add(after, 1);
		date step = step_next(replay, track, floor);
		if (!date_is_none(step) && !date_after(step, replay->span.steps_until))
			next = earlier(next, step);
	}
	return next;
}

static bool facts_pass(struct replay *replay, date day, bool payments, struct track **ret_paid)
{
	bool any = false;
	for (; replay->item_next < replay->item_count; replay->item_next++) {
		const struct item *item = &replay->items[replay->item_next];
		if (!date_eq(item->day, day) || item->is_payment != payments)
			break;
		struct track *track = track_carrier(item->track);
		if (item->is_credit)
			credit_apply(track, item->fact, day);
		else if (item->fact->kind == FACT_REVERSAL)
			reversal_apply(track, item->fact, day);
		else if (payments)
			payment_apply(track, item->fact, day);
		else
			fact_apply(replay, track, item->fact, day);
		*ret_paid = track;
		any = true;
	}
	return any;
}

static void letters_print(struct track *track, date day)
{
	for (size_t i = 0; i < track->letter_count; i++)
		if (date_eq(track->letters[i].sent_on, day))
			track->letters[i].printed = track_balance(track);
	for (size_t i = track->event_count; i > 0 && date_eq(track->events[i - 1].on, day); i--) {
		struct life_event *event = &track->events[i - 1];
		if (!event_is_letter(event->kind))
			continue;
		event->printed = track_entry(track);
		event->printed.column[COLUMN_INTEREST] = track_interest(track);
		event->printed_balance = track_balance(track);
	}
}

static void steps_pass(struct replay *replay, date day)
{
	for (size_t i = 0; i < replay->run.track_count; i++) {
		struct track *track = &replay->run.tracks[i];
		if (date_eq(warning_next(track, day), day)) {
			track->limitation_warned_count++;
			track_emit(track, EVENT_LIMITATION_WARNING, day, track->law->limitation_source.paragraph);
		}
		process_steps(&replay->run, track, day);
	}
}

static void day_play(struct replay *replay, date day)
{
	struct track *tracks = replay->run.tracks;
	size_t count = replay->run.track_count;
	for (size_t i = 0; i < count; i++)
		time_pass(&tracks[i], day);
	struct track *paid = NULL;
	facts_pass(replay, day, false, &paid);
	size_t first_payment = replay->item_next;
	facts_pass(replay, day, true, &paid);
	for (size_t i = 0; i < count; i++) {
		bool paid_today = false;
		for (size_t k = first_payment; k < replay->item_next; k++)
			paid_today = paid_today || track_carrier(replay->items[k].track) == &tracks[i];
		closing_check(&tracks[i], day, paid_today);
		if (tracks[i].begun)
			process_residual_check(&tracks[i], day);
	}
	if (!date_after(day, replay->span.steps_until))
		steps_pass(replay, day);
	for (size_t i = 0; i < count; i++)
		letters_print(&tracks[i], day);
}

/* ---- where it ends ---- */

static enum stage track_stage(const struct track *track)
{
	static const enum stage by_step[] = {
		STAGE_REMINDER, STAGE_NOTICE, STAGE_DEMAND, STAGE_HEAVY, STAGE_ENFORCEMENT_NOTICE
	};
	if (track->closed)
		return track->withdrawn ? STAGE_WITHDRAWN : STAGE_CLOSED;
	if (track->blocked)
		return STAGE_BLOCKED;
	if (track->disputed)
		return STAGE_DISPUTED;
	if (track->plan)
		return STAGE_PLAN;
	if (track->deferred)
		return STAGE_DEFERRED;
	if (track->residual)
		return STAGE_RESIDUAL;
	if (track->in_surveillance)
		return STAGE_SURVEILLANCE;
	if (track->in_legal)
		return STAGE_LEGAL;
	return track->last_step < 0 ? STAGE_REGISTERED : by_step[track->last_step];
}

static date a_year_after(date day)
{
	return date_add_months(day, 12);
}

/* A person has taken the case out of the process: by its date, the next look at it is a person's too. */
static void review_set(const struct track *track, struct life_case *ret_case)
{
	ret_case->next_step = "review";
	ret_case->next_on = track->in_surveillance ? track->review_on : a_year_after(track->legal_on);
}

/* Exactly one next action with a date for every open case. */
static void next_action(const struct replay *replay, const struct track *track, struct life_case *ret_case)
{
	ret_case->next_step = "";
	ret_case->next_on = DATE_NONE;
	date floor = date_add(date_max(replay->span.steps_until, DATE_FIRST), 1);
	switch (ret_case->stage) {
	case STAGE_CLOSED:
	case STAGE_WITHDRAWN:
		return;
	case STAGE_BLOCKED:
		ret_case->next_step = "review_block";
		ret_case->next_on = a_year_after(track->blocked_on);
		return;
	case STAGE_DISPUTED:
		ret_case->next_step = "review_objection";
		ret_case->next_on = date_add(track->objection_on, track->law->parameters.review_days);
		return;
	case STAGE_PLAN:
		ret_case->next_step = "check_instalment";
		ret_case->next_on = plan_check_on(track);
		return;
	case STAGE_LEGAL:
	case STAGE_SURVEILLANCE:
		review_set(track, ret_case);
		return;
	case STAGE_RESIDUAL:
		if (track->in_legal || track->in_surveillance) {
			review_set(track, ret_case);
			return;
		}
		ret_case->next_step = date_is_none(track->residual_next) ? "review" : "residual_reminder";
		ret_case->next_on = date_is_none(track->residual_next)
					    ? a_year_after(track->residual_sent_count ? track->last_step_on : track->residual_on)
					    : process_run_day(&replay->run, track, floor);
		return;
	case STAGE_DEFERRED: {
		struct track after = *track;
		process_resume(&after, track->deferred_until);
		ret_case->next_on = process_run_day(&replay->run, &after, floor);
		if (date_is_none(ret_case->next_on))
			ret_case->next_on = date_add(track->deferred_until, 1);
		break;
	}
	default:
		ret_case->next_on = process_run_day(&replay->run, track, floor);
		break;
	}
	const struct law_process_step *step = process_next_step(track);
	ret_case->next_step = step ? law_step_name(step->step) : "decide_legal";
	if (date_is_none(ret_case->next_on))
		ret_case->next_on = track->next_earliest;
}

/* What is left to wake for when the replay has come to its end. */
static date track_wake(const struct replay *replay, const struct track *track)
{
	if (!date_is_none(track->wake_on) || track->closed)
		return track->wake_on;
	date after = date_max(replay->span.steps_until, DATE_FIRST);
	return earlier(time_next(track, after), step_next(replay, track, date_add(date_max(after, replay->day), 1)));
}

static void case_finish(struct replay *replay, struct track *track, struct life_case *ret_case)
{
	*ret_case = (struct life_case){
		.case_no = track->claim->case_no,
		.claim = track->claim,
		.events = track->events,
		.event_count = track->event_count,
		.stage = track_stage(track),
		.closed_on = track->closed ? track->closed_on : DATE_NONE,
		.closed_reason = track->closed ? track->closed_reason : "",
		.disputed = track->disputed,
		.carrier_no = track->carrier ? track->carrier->claim->case_no : 0,
		.claim_count = i64_from_size(track->carried_count),
		.joined_nos = track->joined_nos,
		.joined_count = track->joined_count,
		.limitation_on = track->begun ? track->limitation_on : DATE_NONE,
		.interest_on = DATE_NONE,
	};
	if (track->begun && !track->carrier)
		track_interest_to(track, date_max(replay->span.until, claim_begin_on(track->claim)));
	next_action(replay, track, ret_case);
	ret_case->wake_on = track_wake(replay, track);
	ret_case->principal = track_principal(track);
	ret_case->interest = track_interest(track);
	ret_case->costs = track_costs(track);
	ret_case->balance = track_balance(track);
	ret_case->refund = track->refund;
	ret_case->paid = money_sub(money_add(track->bank_received, track->direct_received), track->refund);
	ret_case->owed = track_entry(track);
	if (track->carried_count == 1) {
		ret_case->interest_sum = track->carried[0].sum;
		ret_case->interest_on = track->carried[0].sum_on;
		ret_case->interest_covered = track->carried[0].covered;
	}
	if (!track->closed && compensation_comes(track))
		ret_case->compensation_coming = law_compensation(track->law, track->claim->due_on);
	ret_case->instalments = track->plan ? track->instalments : NULL;
	ret_case->instalment_count = track->plan ? size_from_i64(track->plan->number) : 0;
	if (replay->span.explain)
		explain_lines(track, replay->arena, ret_case);
}

static void tracks_make(struct replay *replay)
{
	size_t count = replay->facts->claim_count;
	struct track *tracks = arena_many(replay->arena, count, struct track);
	for (size_t i = 0; i < count; i++) {
		const struct claim_facts *claim = &replay->facts->claims[i];
		struct track *track = &tracks[i];
		track->claim = claim;
		track->law = replay->law;
		track->process = law_process_named(replay->law, claim->terms->process);
		track->scheme = law_scheme_for(replay->law, claim->due_on);
		require(track->process);
		require(track->scheme);
		track->arena = replay->arena;
		track->explain = replay->span.explain;
		track->fees_fall = replay->fees_fall[i];
		track->last_step = -1;
		track->closed_on = track->not_before = track->first_letter_on = track->last_deadline = DATE_NONE;
		track->demand_on = track->first_demand_on = track->last_step_on = DATE_NONE;
		track->next_earliest = DATE_NONE;
		track->fee_letters[0] = track->fee_letters[1] = DATE_NONE;
		track->residual_next = track->wake_on = DATE_NONE;
	}
	replay->run = (struct process_run){
		.tracks = tracks,
		.track_count = count,
		.gaps = replay->facts->gaps,
		.gap_count = replay->facts->gap_count,
		.facts = replay->facts->facts,
		.fact_count = replay->facts->fact_count,
	};
}

static void replay_once(struct replay *replay)
{
	replay->again = false;
	tracks_make(replay);
	items_make(replay);
	replay->day = DATE_FIRST;
	for (date next = day_next(replay, replay->day); !date_is_none(next); next = day_next(replay, replay->day)) {
		require(date_after(next, replay->day));
		wakes_note(replay, date_add(replay->day, 1), date_add(next, -1));
		replay->day = next;
		day_play(replay, next);
		wakes_note(replay, next, next);
	}
}

void life_replay(const struct group_facts *facts, const struct law *law, struct life_span span, struct arena *arena,
	struct life *ret_life)
{
	struct replay replay = { .facts = facts, .law = law, .span = span, .arena = arena, .received_last = DATE_NONE };
	for (size_t i = 0; i < facts->claim_count && !span.explain; i++)
		replay.received_last = date_max(replay.received_last, facts->claims[i].received_on);
	replay.fees_fall = arena_many(arena, facts->claim_count, bool);
	/* Each round finds at least one more claim whose fees fall, so there are at most claim_count + 1. */
	do
		replay_once(&replay);
	while (replay.again);
	ret_life->case_count = facts->claim_count;
	ret_life->cases = arena_many(arena, facts->claim_count, struct life_case);
	for (size_t i = 0; i < facts->claim_count; i++)
		case_finish(&replay, &replay.run.tracks[i], &ret_life->cases[i]);
}

money life_interest(const struct law *law, int64_t interest_sum, money principal, date from, date on)
{
	if (principal.minor > 0 && date_before(from, on))
		interest_sum += principal.minor * law_interest_sum(law, from, on);
	return interest_rounded(interest_sum);
}
