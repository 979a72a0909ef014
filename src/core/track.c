#include "core/track.h"

#include <string.h>

/* What the pool of out-of-court costs comes to, by whose it is. */
struct cost_parts {
	money compensation; /* the client's */
	money fee;          /* the client's */
	money salaer;       /* the agency's */
};

/* The debtor owes the larger of compensation and other costs, never the sum; the agency gets what is beyond it. */
static struct cost_parts costs_parts(const struct costs *costs, const struct law_parameters *parameters)
{
	struct cost_parts parts = { .compensation = costs->compensation };
	money beyond = money_add(costs->fees, costs->salaer);
	if (parameters->compensation_offsets)
		beyond = money_clamp(money_sub(beyond, costs->compensation));
	parts.fee = money_min(beyond, costs->fees);
	parts.salaer = money_sub(beyond, parts.fee);
	return parts;
}

/* amount of the pool, handed out in the order compensation, then salær, then fees. */
static struct cost_parts costs_share(const struct cost_parts *parts, money amount)
{
	struct cost_parts share;
	share.compensation = money_min(amount, parts->compensation);
	amount = money_sub(amount, share.compensation);
	share.salaer = money_min(amount, parts->salaer);
	/* More than the pool may have been paid for a moment: between the reversal of fees and the salær that takes over. */
	share.fee = money_sub(amount, share.salaer);
	return share;
}

static money costs_pool_left(const struct costs *costs, const struct law_parameters *parameters)
{
	struct cost_parts parts = costs_parts(costs, parameters);
	money pool = money_add(money_add(parts.compensation, parts.fee), parts.salaer);
	return money_sub(pool, money_add(costs->paid, costs->waived));
}

static money costs_plan_left(const struct costs *costs)
{
	return money_sub(costs->plan_fee, money_add(costs->plan_paid, costs->plan_waived));
}

static money costs_legal_left(const struct costs *costs)
{
	return money_sub(money_add(costs->legal_agency, costs->legal_client),
		money_add(costs->legal_paid, costs->legal_waived));
}

void track_claim_add(struct track *track, struct carried carried)
{
	if (track->carried_count == track->carried_capacity) {
		size_t capacity = track->carried_capacity ? track->carried_capacity * 2 : 1;
		track->carried =
			arena_grow(track->arena, track->carried, track->carried_count, capacity, sizeof *track->carried);
		track->carried_capacity = capacity;
	}
	track->carried[track->carried_count++] = carried;
}

static void piece_add(struct track *track, struct interest_piece piece)
{
	struct interest_piece *last = track->piece_count ? &track->pieces[track->piece_count - 1] : NULL;
	if (last && last->claim == piece.claim && last->rate_bp == piece.rate_bp && last->sum_after == piece.sum_before &&
		last->principal.minor == piece.principal.minor && date_eq(date_add(last->to, 1), piece.from)) {
		last->to = piece.to;
		last->sum_after = piece.sum_after;
		return;
	}
	if (track->piece_count == track->piece_capacity) {
		size_t capacity = track->piece_capacity ? track->piece_capacity * 2 : 8;
		track->pieces = arena_grow(track->arena, track->pieces, track->piece_count, capacity, sizeof *track->pieces);
		track->piece_capacity = capacity;
	}
	track->pieces[track->piece_count++] = piece;
}

/* The same interest cut where the rate changes, for the explanation. */
static void pieces_add(struct track *track, const struct carried *carried, date on)
{
	int64_t sum = carried->sum;
	date from = date_add(carried->sum_on, 1);
	while (!date_after(from, on)) {
		const struct law_value *rate = law_value_on(&track->law->late_interest, from);
		require(rate);
		date to = on;
		size_t next = (size_t)(rate - track->law->late_interest.values) + 1; /* rate is inside values */
		if (next < track->law->late_interest.value_count)
			to = date_min(on, date_add(track->law->late_interest.values[next].from, -1));
		int64_t days = date_diff(from, to) + 1;
		struct interest_piece piece = {
			.claim = carried->claim,
			.from = from,
			.to = to,
			.rate_bp = rate->value,
			.principal = carried->principal,
			.sum_before = sum,
		};
		sum += carried->principal.minor * rate->value * days;
		piece.sum_after = sum;
		piece_add(track, piece);
		from = date_add(to, 1);
	}
}

void track_interest_to(struct track *track, date on)
{
	for (size_t i = 0; i < track->carried_count; i++) {
		struct carried *carried = &track->carried[i];
		if (!date_before(carried->sum_on, on))
			continue;
		if (carried->principal.minor > 0) {
			if (track->explain)
				pieces_add(track, carried, on);
			carried->sum += carried->principal.minor * law_interest_sum(track->law, carried->sum_on, on);
		}
		carried->sum_on = on;
	}
}

money interest_rounded(int64_t sum)
{
	enum { BASIS_POINTS = 10000, DAYS = 365 }; /* a rate of 100 % and a year: units, not law */
	return money_ratio(money_of(sum), 1, BASIS_POINTS * DAYS, ROUND_HALF_UP);
}

money carried_interest(const struct carried *carried)
{
	return money_sub(interest_rounded(carried->sum), carried->covered);
}

money track_principal(const struct track *track)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < track->carried_count; i++)
		sum = money_add(sum, track->carried[i].principal);
	return sum;
}

money track_original(const struct track *track)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < track->carried_count; i++)
		sum = money_add(sum, track->carried[i].original);
	return sum;
}

money track_interest(const struct track *track)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < track->carried_count; i++)
		sum = money_add(sum, carried_interest(&track->carried[i]));
	return sum;
}

money track_costs(const struct track *track)
{
	money pool = costs_pool_left(&track->costs, &track->law->parameters);
	return money_add(pool, money_add(costs_plan_left(&track->costs), costs_legal_left(&track->costs)));
}

money track_balance(const struct track *track)
{
	return money_add(track_principal(track), money_add(track_interest(track), track_costs(track)));
}

/* VAT is in what the debtor pays when the creditor cannot deduct it; otherwise the client is charged it on top. */
static void entry_money(const struct track *track, const struct cost_parts *paid, struct entry *entry)
{
	const struct terms *terms = track->claim->terms;
	const struct costs *costs = &track->costs;
	int64_t vat = track->law->parameters.vat_per_mille;
	money salaer = money_add(paid->salaer, costs->plan_paid);
	money salaer_vat = terms->vat_deductible ? money_ratio(salaer, vat, 1000, ROUND_HALF_UP)
						 : money_ratio(salaer, vat, 1000 + vat, ROUND_HALF_UP);
	money charged_vat = terms->vat_deductible ? salaer_vat : MONEY_ZERO;
	money collected = money_add(track->principal_collected, track->interest_collected);
	money commission = money_ratio(collected, terms->commission_bp, 10000, ROUND_HALF_UP);
	money commission_vat = money_ratio(commission, vat, 1000, ROUND_HALF_UP);
	money legal_client = money_min(costs->legal_paid, costs->legal_client);
	money legal_agency = money_sub(costs->legal_paid, legal_client);

	money client = money_add(collected, money_add(paid->fee, paid->compensation));
	client = money_sub(money_add(client, legal_client), track->direct_received);
	client = money_sub(client, money_add(money_add(commission, commission_vat), charged_vat));
	money drawable = money_add(money_add(salaer, charged_vat), money_add(commission, commission_vat));
	drawable = money_add(drawable, legal_agency);

	entry->column[COLUMN_HOLD] = track->bank_received;
	entry->column[COLUMN_CLIENT] = money_neg(client);
	entry->column[COLUMN_REFUND] = money_neg(track->refund);
	entry->column[COLUMN_DRAWABLE] = money_neg(drawable);
	entry->column[COLUMN_OWN] = drawable;
	entry->column[COLUMN_SALAER_INCOME] = money_neg(money_sub(money_add(salaer, charged_vat), salaer_vat));
	entry->column[COLUMN_COMMISSION] = money_neg(commission);
	entry->column[COLUMN_VAT] = money_neg(money_add(salaer_vat, commission_vat));
	entry->column[COLUMN_OUTLAY] = money_neg(legal_agency);
}

struct entry track_entry(const struct track *track)
{
	struct entry entry = { { { 0 } } };
	const struct costs *costs = &track->costs;
	struct cost_parts parts = costs_parts(costs, &track->law->parameters);
	struct cost_parts covered = costs_share(&parts, money_add(costs->paid, costs->waived));
	struct cost_parts paid = costs_share(&parts, costs->paid);
	entry.column[COLUMN_PRINCIPAL] = track->begun ? track_principal(track) : MONEY_ZERO;
	entry.column[COLUMN_ACCRUED] = track->accrued_total;
	entry.column[COLUMN_INTEREST] = track->interest_moved;
	entry.column[COLUMN_FEE] = money_sub(parts.fee, covered.fee);
	entry.column[COLUMN_COMPENSATION] = money_sub(parts.compensation, covered.compensation);
	entry.column[COLUMN_SALAER] = money_sub(parts.salaer, covered.salaer);
	entry.column[COLUMN_PLAN_FEE] = costs_plan_left(costs);
	entry.column[COLUMN_LEGAL] = costs_legal_left(costs);
	entry_money(track, &paid, &entry);
	return entry;
}

struct life_event *track_emit(struct track *track, enum event_kind kind, date on, const char *basis)
{
	if (track->event_count == track->event_capacity) {
		size_t capacity = track->event_capacity ? track->event_capacity * 2 : 2;
		track->events = arena_grow(track->arena, track->events, track->event_count, capacity, sizeof *track->events);
		track->event_capacity = capacity;
	}
	struct entry now = track_entry(track);
	require(basis);
	struct life_event *event = &track->events[track->event_count++];
	*event = (struct life_event){
		.kind = kind, .on = on, .ledger_on = DATE_NONE, .deadline = DATE_NONE, .basis = basis
	};
	event->entry = entry_sub(&now, &track->posted);
	require(entry_balances(&event->entry));
	track->posted = now;
	return event;
}

/* Interest that is covered must first have been charged: post what has run since the last time. */
static void carried_post(struct track *track, struct carried *carried)
{
	money total = interest_rounded(carried->sum);
	track->accrued_total = money_add(track->accrued_total, money_sub(total, carried->posted));
	carried->posted = total;
}

static money take(money *left, money at_most)
{
	money part = money_min(*left, money_clamp(at_most));
	*left = money_sub(*left, part);
	return part;
}

static void cover_costs(struct track *track, struct cover cover, struct allocation *into, money *left)
{
	struct costs *costs = &track->costs;
	into->legal = take(left, costs_legal_left(costs));
	into->pool = take(left, costs_pool_left(costs, &track->law->parameters));
	into->plan = take(left, costs_plan_left(costs));
	money *legal = cover.waives ? &costs->legal_waived : &costs->legal_paid;
	money *pool = cover.waives ? &costs->waived : &costs->paid;
	money *plan = cover.waives ? &costs->plan_waived : &costs->plan_paid;
	*legal = money_add(*legal, into->legal);
	*pool = money_add(*pool, into->pool);
	*plan = money_add(*plan, into->plan);
}

static void cover_interest(struct track *track, struct cover cover, struct allocation *into, money *left)
{
	for (size_t i = 0; i < track->carried_count; i++) {
		struct carried *carried = &track->carried[i];
		carried_post(track, carried);
		money part = take(left, carried_interest(carried));
		into->parts[i].interest = part;
		carried->covered = money_add(carried->covered, part);
		track->interest_moved = money_sub(track->interest_moved, part);
		if (!cover.waives)
			track->interest_collected = money_add(track->interest_collected, part);
	}
}

static void cover_principal(struct track *track, struct cover cover, struct allocation *into, money *left)
{
	for (size_t i = 0; i < track->carried_count; i++) {
		money part = take(left, track->carried[i].principal);
		into->parts[i].principal = part;
		track->carried[i].principal = money_sub(track->carried[i].principal, part);
		if (!cover.waives)
			track->principal_collected = money_add(track->principal_collected, part);
	}
}

static struct allocation *allocation_add(struct track *track)
{
	if (track->allocation_count == track->allocation_capacity) {
		size_t capacity = track->allocation_capacity ? track->allocation_capacity * 2 : 1;
		track->allocations = arena_grow(track->arena, track->allocations, track->allocation_count, capacity,
			sizeof *track->allocations);
		track->allocation_capacity = capacity;
	}
	struct allocation *allocation = &track->allocations[track->allocation_count++];
	*allocation = (struct allocation){ .part_count = track->carried_count };
	allocation->parts = arena_many(track->arena, track->carried_count, struct allocation_part);
	for (size_t i = 0; i < track->carried_count; i++)
		allocation->parts[i].claim = track->carried[i].claim;
	return allocation;
}

/* Claims are covered oldest first: carried is kept in order of due date by track_join. */
money track_cover(struct track *track, struct cover cover)
{
	struct allocation *into = allocation_add(track);
	into->case_no = cover.case_no;
	into->fact_no = cover.fact_no;
	money left = cover.amount;
	if (cover.order == COVER_PRINCIPAL_COSTS_INTEREST) {
		cover_principal(track, cover, into, &left);
		cover_costs(track, cover, into, &left);
		cover_interest(track, cover, into, &left);
	} else {
		cover_costs(track, cover, into, &left);
		cover_interest(track, cover, into, &left);
		cover_principal(track, cover, into, &left);
	}
	into->refund = cover.waives ? MONEY_ZERO : left;
	return left;
}

struct allocation *track_allocation(struct track *track, int64_t case_no, int64_t fact_no)
{
	for (size_t i = 0; i < track->allocation_count; i++)
		if (track->allocations[i].fact_no == fact_no && track->allocations[i].case_no == case_no)
			return &track->allocations[i];
	return NULL;
}

/* A claim that joins a case whose salær is paid brings its own paid fees under the same cap: what is beyond the cap covers
 * the rest of what is owed, and is paid back if there is nothing left. */
void track_costs_settle(struct track *track)
{
	money over = money_neg(costs_pool_left(&track->costs, &track->law->parameters));
	if (over.minor <= 0)
		return;
	track->costs.paid = money_sub(track->costs.paid, over);
	struct cover cover = { .amount = over, .order = COVER_COSTS_INTEREST_PRINCIPAL };
	track->refund = money_add(track->refund, track_cover(track, cover));
}

static struct carried *carried_of(struct track *track, const struct claim_facts *claim)
{
	for (size_t i = 0; i < track->carried_count; i++)
		if (track->carried[i].claim == claim)
			return &track->carried[i];
	panic("a payment has covered a claim the case does not carry");
}

void track_uncover(struct track *track, struct allocation *allocation)
{
	struct costs *costs = &track->costs;
	costs->legal_paid = money_sub(costs->legal_paid, allocation->legal);
	costs->paid = money_sub(costs->paid, allocation->pool);
	costs->plan_paid = money_sub(costs->plan_paid, allocation->plan);
	track->refund = money_sub(track->refund, allocation->refund);
	for (size_t i = 0; i < allocation->part_count; i++) {
		const struct allocation_part *part = &allocation->parts[i];
		struct carried *carried = carried_of(track, part->claim);
		carried->principal = money_add(carried->principal, part->principal);
		carried->covered = money_sub(carried->covered, part->interest);
		track->principal_collected = money_sub(track->principal_collected, part->principal);
		track->interest_collected = money_sub(track->interest_collected, part->interest);
		track->interest_moved = money_add(track->interest_moved, part->interest);
	}
	*allocation = (struct allocation){ .fact_no = -1 };
}

money track_credit_back(struct track *track, const struct claim_facts *claim, money at_most)
{
	money left = at_most;
	for (size_t i = track->allocation_count; i > 0; i--) {
		struct allocation *allocation = &track->allocations[i - 1];
		if (allocation->fact_no <= 0) /* a waiver, or reversed */
			continue;
		for (size_t k = 0; k < allocation->part_count; k++) {
			struct allocation_part *part = &allocation->parts[k];
			money back = part->claim == claim ? take(&left, part->principal) : MONEY_ZERO;
			part->principal = money_sub(part->principal, back);
			allocation->refund = money_add(allocation->refund, back);
		}
	}
	money back = money_sub(at_most, left);
	track->principal_collected = money_sub(track->principal_collected, back);
	track->refund = money_add(track->refund, back);
	return back;
}

static void joined_add(struct track *to, int64_t case_no)
{
	if (to->joined_count == to->joined_capacity) {
		size_t capacity = to->joined_capacity ? to->joined_capacity * 2 : 4;
		to->joined_nos = arena_grow(to->arena, to->joined_nos, to->joined_count, capacity, sizeof *to->joined_nos);
		to->joined_capacity = capacity;
	}
	to->joined_nos[to->joined_count++] = case_no;
}

/* Fees fall under the carrier's cap, so what was paid on them moves with the money that paid it. */
static void costs_move(struct track *to, struct track *from)
{
	struct costs *into = &to->costs, *costs = &from->costs;
	into->fees = money_add(into->fees, costs->fees);
	into->compensation = money_add(into->compensation, costs->compensation);
	into->paid = money_add(into->paid, costs->paid);
	into->waived = money_add(into->waived, costs->waived);
	to->bank_received = money_add(to->bank_received, costs->paid);
	from->bank_received = money_sub(from->bank_received, costs->paid);
	into->plan_fee = money_add(into->plan_fee, costs_plan_left(costs));
	costs->plan_fee = money_sub(costs->plan_fee, costs_plan_left(costs));
	costs->fees = costs->compensation = costs->paid = costs->waived = MONEY_ZERO;
}

/* A claim leaves with its running total: what it has earned so far is posted where it was earned. */
static void carried_move(struct track *to, struct track *from)
{
	for (size_t i = 0; i < from->carried_count; i++) {
		struct carried *leaving = &from->carried[i];
		carried_post(from, leaving);
		money interest = carried_interest(leaving);
		from->interest_moved = money_sub(from->interest_moved, interest);
		to->interest_moved = money_add(to->interest_moved, interest);
		track_claim_add(to, *leaving);
	}
	from->carried_count = 0;
}

static bool carried_is_older(const struct carried *a, const struct carried *b)
{
	int order = date_compare(a->claim->due_on, b->claim->due_on);
	return order ? order < 0 : a->claim->case_no < b->claim->case_no;
}

static void carried_sort(struct track *track)
{
	for (size_t i = 1; i < track->carried_count; i++)
		for (size_t j = i; j > 0 && carried_is_older(&track->carried[j], &track->carried[j - 1]); j--) {
			struct carried other = track->carried[j];
			track->carried[j] = track->carried[j - 1];
			track->carried[j - 1] = other;
		}
}

void track_join(struct track *to, struct track *from, date on, const char *basis)
{
	costs_move(to, from);
	money paid = money_add(from->joined_paid, money_add(from->bank_received, from->direct_received));
	to->joined_paid = money_add(to->joined_paid, paid);
	carried_move(to, from);
	carried_sort(to);
	for (size_t i = 0; i < from->allocation_count; i++) {
		struct allocation *moved = allocation_add(to);
		*moved = from->allocations[i];
	}
	joined_add(to, from->claim->case_no);
	for (size_t i = 0; i < from->joined_count; i++)
		joined_add(to, from->joined_nos[i]);
	track_emit(from, EVENT_JOINED, on, basis)->other_case = to->claim->case_no;
	track_emit(to, EVENT_JOIN, on, basis)->other_case = from->claim->case_no;
	from->carrier = to;
}
