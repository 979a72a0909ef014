/* Lives made by chance, and what must be true of every one of them. A failure names its seed and prints the story;
 * KRAVBOK_SEED=n tells that life again, KRAVBOK_LIVES=n lives n of them from there. */
#include "life_story.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIFE_COUNT = 6000, DAYS_LOOKED_AT = 4 };

static struct arena *arena;
static uint64_t seed_now;
static uint64_t random_state;
static struct story story;
static date last_day; /* to which the life is lived */

/* ---- chance ---- */

static int64_t random_below(int64_t end)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((random_state >> 20) % (uint64_t)end);
}

static bool random_percent(int percent)
{
	return random_below(100) < percent;
}

static int64_t random_pick(const int64_t *values, size_t count)
{
	return values[random_below((int64_t)count)];
}
#define PICK(...) random_pick((const int64_t[]){ __VA_ARGS__ }, sizeof(int64_t[]){ __VA_ARGS__ } / sizeof(int64_t))

static int random_days(int64_t days)
{
	return (int)days; /* small numbers of PICK() */
}

/* ---- a failure tells the story ---- */

static void wrong(const char *what, int64_t case_no, date on)
{
	fprintf(stderr, "seed %" PRIu64 ", case %" PRId64 ", %s: %s\n", seed_now, case_no, date_iso(on).z, what);
	story_print(&story);
	struct life life = story_live(&story, arena, last_day);
	for (size_t i = 0; i < life.case_count; i++)
		for (size_t k = 0; k < life.cases[i].event_count; k++) {
			const struct life_event *event = &life.cases[i].events[k];
			fprintf(stderr, "  %" PRId64 " %s %s", life.cases[i].case_no, date_iso(event->on).z,
				event_kind_name(event->kind));
			for (int column = 0; column < COLUMN_COUNT; column++)
				fprintf(stderr, " %" PRId64, event->entry.column[column].minor);
			fprintf(stderr, "\n");
		}
	fail_msg("seed %" PRIu64 ": %s", seed_now, what);
}

#define must(condition, case_no, on)                                                                                   \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			wrong(#condition, (case_no), (on));                                                            \
	} while (0)

/* ---- the story ---- */

static void claims_make(void)
{
	static const char *const processes[] = { "no/minimum", "no/minimum", "no/standard", "no/own" };
	story_begin(&story, processes[random_below(4)]);
	story.terms.grace_days = random_days(PICK(0, 0, 0, 5));
	story.terms.vat_deductible = random_percent(60);
	story.terms.commission_bp = PICK(0, 300, 600);
	story.terms.allocation = random_percent(20) ? ALLOCATION_PRINCIPAL_FIRST : ALLOCATION_COSTS_FIRST;
	bool business = random_percent(30);
	date start = random_percent(20) ? date_make(2020, 8, 20) : date_make(2025, 8, 15);
	start = date_add(start, random_days(random_below(190)));
	for (int64_t count = PICK(1, 1, 1, 2, 2, 3); count > 0; count--) {
		date due_on = date_add(start, random_days(PICK(0, 0, 1, 7, 14, 27, 28, 29, 40)));
		money amount = money_of(random_percent(50)
						? PICK(1, 9999, 10000, 15000, 20000, 50000, 50001, 100000, 100001,
							  250000, 250001, 348000, 1000000, 1000001, 5000000, 25000001)
						: 5000 + random_below(3000000));
		struct claim_facts *claim = story_claim(&story, amount, due_on);
		claim->received_on = date_add(due_on, random_days(PICK(-5, 0, 0, 1, 3, 20, 45)));
		claim->issued_on = date_add(date_min(due_on, claim->received_on), -14);
		claim->business = business;
		claim->alone = random_percent(5);
		if (random_percent(10) && amount.minor > 1)
			claim->paid = money_of(1 + random_below(amount.minor - 1));
		if (random_percent(80))
			continue;
		int waited = date_diff(due_on, claim->received_on);
		if (waited >= 20)
			claim->reminder_on = date_add(due_on, 14);
		if (waited >= 45) {
			claim->notice_on = date_add(due_on, 30);
			claim->notice_deadline = random_percent(70) ? date_add(due_on, 45) : DATE_NONE;
		}
		if (waited >= 20)
			claim->fees = money_of(waited >= 45 ? PICK(0, 3500, 7000) : PICK(0, 3500));
	}
}

/* What the case that now carries claim no. index owes at the end of a day, and where it stands. */
static struct life_case *case_on(size_t index, date on)
{
	struct life life = story_look(&story, arena, on);
	while (life.cases[index].carrier_no)
		index = (size_t)(life.cases[index].carrier_no - 1);
	return &life.cases[index];
}

static bool stage_is_of_process(enum stage stage)
{
	return stage <= STAGE_ENFORCEMENT_NOTICE || stage == STAGE_RESIDUAL;
}

static money amount_make(const struct life_case *now)
{
	int64_t balance = now->balance.minor > 2 ? now->balance.minor : 2;
	int64_t principal = now->principal.minor;
	int64_t amount = PICK(balance, balance - 1, balance + 1, balance - 4999, balance - 5000, balance / 2,
		balance / 3, principal - 9999, principal - 10000, 1 + random_below(balance + 100));
	return money_of(amount > 0 ? amount : 1);
}

static void payment_make(int64_t case_no, const struct life_case *now, date on, date booked_on)
{
	struct fact *fact = story_fact(&story, case_no, random_percent(85) ? FACT_PAYMENT : FACT_DIRECT_PAYMENT, on);
	fact->booked_on = booked_on;
	fact->amount = amount_make(now);
	if (fact->kind == FACT_PAYMENT) {
		fact->ledger_on = date_min(booked_on, date_add(on, 1));
		fact->code = random_percent(5) ? S("deduction") : S("");
	}
	/* Often what the last letter asks, on its last day or a day late. */
	for (size_t i = now->event_count; i > 0 && random_percent(50); i--) {
		const struct life_event *event = &now->events[i - 1];
		if (!event_is_letter(event->kind) || event->printed_balance.minor <= 0)
			continue;
		date when = date_add(event->on, random_days(PICK(1, 13, 14, 14, 15)));
		if (date_after(when, booked_on))
			return;
		fact->counts_on = when;
		fact->amount = event->printed_balance;
		return;
	}
}

static void reversal_make(date on)
{
	for (size_t i = 0; i < story.fact_count; i++) {
		const struct fact paid = story.facts[i];
		if (paid.kind != FACT_PAYMENT || date_after(paid.counts_on, on))
			continue;
		for (size_t k = 0; k < story.fact_count; k++)
			if (story.facts[k].kind == FACT_REVERSAL)
				return;
		struct fact *fact = story_fact(&story, paid.case_no, FACT_REVERSAL, on);
		fact->number = paid.fact_no;
		fact->amount = paid.amount;
		return;
	}
}

static void objection_make(int64_t case_no, date on, date booked_on)
{
	date resolved_on = date_add(booked_on, random_days(PICK(0, 1, 5, 14, 30)));
	story_fact(&story, case_no, FACT_OBJECTION, on)->booked_on = booked_on;
	struct fact *fact = story_fact(&story, case_no, FACT_RESOLUTION, resolved_on);
	money amount = story.claims[case_no - 1].amount;
	switch (random_below(4)) {
	case 0:
		fact->code = S("upheld");
		fact->amount = amount;
		break;
	case 1:
		fact->code = S("part");
		fact->amount = money_of(1 + amount.minor / PICK(2, 4, 9));
		break;
	default:
		fact->code = S("rejected");
	}
}

/* The last letter ordered was handed over days later, or taken back before it was. */
static void letter_make(int64_t case_no, const struct life_case *now, date booked_on)
{
	if (now->case_no != case_no || !now->event_count)
		return;
	const struct life_event *event = &now->events[now->event_count - 1];
	date handed_on = date_add(event->on, random_days(PICK(1, 2, 3, 7)));
	if (!event_is_step(event->kind) || event->kind == EVENT_HEAVY || date_before(booked_on, handed_on))
		return;
	struct fact *fact =
		story_fact(&story, case_no, random_percent(70) ? FACT_LETTER_HANDED : FACT_LETTER_WITHDRAWN, handed_on);
	fact->booked_on = handed_on;
	fact->until = event->on;
}

/* One thing that a person or the debtor could really have done that day. */
static void fact_make(int64_t case_no, const struct life_case *now, date on, date booked_on)
{
	bool open = now->stage != STAGE_CLOSED && now->stage != STAGE_WITHDRAWN;
	if (open && random_percent(10)) {
		letter_make(case_no, now, booked_on);
		return;
	}
	if (!open || !stage_is_of_process(now->stage) || random_percent(50)) {
		if (now->stage == STAGE_BLOCKED && random_percent(50))
			story_fact(&story, case_no, FACT_UNBLOCK, booked_on);
		else if (now->stage == STAGE_PLAN && random_percent(20))
			story_fact(&story, case_no, FACT_PLAN_END, booked_on);
		else if (random_percent(10))
			reversal_make(booked_on);
		else
			payment_make(case_no, now, on, booked_on);
		return;
	}
	struct fact *fact;
	bool may_go_to_law = strcmp(now->next_step, "decide_legal") == 0 && date_before(now->next_on, booked_on);
	switch (may_go_to_law ? 10 + random_below(3) : random_below(9)) {
	case 0:
	case 1:
		objection_make(case_no, on, booked_on);
		return;
	case 2:
	case 3:
		fact = story_fact(&story, case_no, FACT_DEFERRAL, on);
		fact->booked_on = booked_on;
		fact->until = date_add(booked_on, random_days(PICK(0, 1, 5, 14, 40)));
		return;
	case 4:
	case 5:
		fact = story_fact(&story, case_no, FACT_PLAN, booked_on);
		fact->number = PICK(1, 2, 4, 5, 6);
		fact->until = date_add(booked_on, random_days(PICK(0, 10, 30)));
		fact->code = random_percent(70) ? S("told") : S("");
		return;
	case 6:
		fact = story_fact(&story, case_no, FACT_BLOCK, on);
		fact->booked_on = booked_on;
		fact->code = S("bankruptcy");
		return;
	case 7:
		fact = story_fact(&story, case_no, FACT_CREDIT, booked_on);
		fact->amount = money_of(1 + story.claims[case_no - 1].amount.minor * PICK(1, 3, 10) / 10);
		return;
	case 8:
		if (random_percent(60))
			return;
		story_fact(&story, case_no, random_percent(50) ? FACT_CLOSE : FACT_WITHDRAW, booked_on);
		return;
	case 10:
		fact = story_fact(&story, case_no, FACT_LEGAL, booked_on);
		fact->amount = money_of(92800);
		fact->number = PICK(0, 67200);
		fact->note = random_percent(50) ? S("client") : S("agency");
		return;
	case 11:
		story_fact(&story, case_no, FACT_DEMAND, booked_on);
		return;
	default:
		story_fact(&story, case_no, FACT_SURVEILLANCE, booked_on)->until = date_add_months(booked_on, 12);
	}
}

static void story_make(uint64_t seed)
{
	seed_now = seed;
	random_state = seed * 0x9E3779B97F4A7C15u + 1;
	claims_make();
	date day = story.claims[0].received_on;
	last_day = day;
	for (size_t i = 0; i < story.claim_count; i++)
		last_day = date_max(last_day, story.claims[i].received_on);
	for (int64_t left = PICK(0, 1, 2, 3, 4, 6); left > 0; left--) {
		struct arena_mark mark = arena_mark(arena);
		day = date_add(day, random_days(PICK(1, 2, 5, 9, 14, 20, 35)));
		size_t index = (size_t)random_below((int64_t)story.claim_count);
		if (date_after(story.claims[index].received_on, day))
			continue;
		date on = date_max(
			date_add(day, random_days(-PICK(0, 0, 0, 0, 1, 3, 9))), story.claims[index].received_on);
		fact_make((int64_t)index + 1, case_on(index, on), on, day);
		last_day = date_max(last_day, day);
		arena_reset(arena, mark);
	}
	for (size_t i = 0; i < story.fact_count; i++)
		last_day = date_max(last_day, date_max(story.facts[i].counts_on, story.facts[i].booked_on));
	if (random_percent(10)) {
		date first = date_add(story.claims[0].due_on, random_days(10 + random_below(60)));
		story.gaps[story.gap_count++] =
			(struct night_gap){ first, date_add(first, random_days(random_below(20))) };
	}
	last_day = date_add(last_day, random_days(random_below(120)));
	last_day = date_min(last_day, date_make(2026, 12, 31)); /* the horizon of the interest rates */
}

/* ---- what each life must keep ---- */

static bool is_open(const struct life_case *one)
{
	return one->stage != STAGE_CLOSED && one->stage != STAGE_WITHDRAWN;
}

static bool has_fact(enum fact_kind kind)
{
	for (size_t i = 0; i < story.fact_count; i++)
		if (story.facts[i].kind == kind)
			return true;
	return false;
}

/* A later resolution that finds the objection good changes what came before it. */
static bool changes_the_past(void)
{
	for (size_t i = 0; i < story.fact_count; i++)
		if (story.facts[i].kind == FACT_RESOLUTION && !str_eq(story.facts[i].code, S("rejected")))
			return true;
	return false;
}

static int64_t half_up(int64_t numerator, int64_t denominator)
{
	int64_t size = numerator < 0 ? -numerator : numerator;
	int64_t rounded = (2 * size + denominator) / (2 * denominator);
	return numerator < 0 ? -rounded : rounded;
}

/* Every entry balances, every part adds up to the whole, and no part is negative. */
static void sums_hold(const struct life_case *one, date on)
{
	struct entry sum = { { { 0 } } };
	date before = DATE_FIRST;
	for (size_t i = 0; i < one->event_count; i++) {
		const struct life_event *event = &one->events[i];
		must(entry_balances(&event->entry), one->case_no, event->on);
		must(!date_before(event->on, before), one->case_no, event->on);
		must(event->basis[0], one->case_no, event->on);
		before = event->on;
		for (int column = 0; column < COLUMN_COUNT; column++)
			sum.column[column] = money_add(sum.column[column], event->entry.column[column]);
	}
	must(entry_eq(&sum, &one->owed), one->case_no, on);
	must(one->balance.minor == one->principal.minor + one->interest.minor + one->costs.minor, one->case_no, on);
	must(one->principal.minor >= 0, one->case_no, on);
	must(one->interest.minor >= 0, one->case_no, on);
	must(one->costs.minor >= 0, one->case_no, on);
	must(one->refund.minor >= 0, one->case_no, on);
	must(sum.column[COLUMN_PRINCIPAL].minor == one->principal.minor, one->case_no, on);
	int64_t costs = 0;
	for (int column = COLUMN_FEE; column <= COLUMN_LEGAL; column++)
		costs += sum.column[column].minor;
	must(costs == one->costs.minor, one->case_no, on);
	int64_t posted = sum.column[COLUMN_ACCRUED].minor + sum.column[COLUMN_INTEREST].minor;
	must(posted >= 0, one->case_no, on);
	must(posted <= one->interest.minor, one->case_no, on);
	must(-sum.column[COLUMN_REFUND].minor == one->refund.minor, one->case_no, on);
}

static void lines_add_up(const struct life_case *one, date on)
{
	int64_t sum = 0, refund = 0, interest = 0;
	date before = DATE_FIRST;
	for (size_t i = 0; i < one->line_count; i++) {
		const struct life_line *line = &one->lines[i];
		must(!date_before(line->on, before), one->case_no, line->on);
		must(!date_after(line->on, on), one->case_no, line->on);
		must(line->basis && line->basis[0], one->case_no, line->on);
		before = line->on;
		if (strcmp(line->what, "refund") == 0)
			refund += line->amount.minor;
		else
			sum += line->amount.minor;
		if (strcmp(line->what, "interest") == 0) {
			interest += line->amount.minor;
			must(line->amount.minor >= 0, one->case_no, line->on);
			must(!date_after(line->from, line->to), one->case_no, line->on);
		}
	}
	must(sum == one->balance.minor, one->case_no, on);
	must(refund == one->refund.minor, one->case_no, on);
	if (!one->joined_count)
		must(interest >= one->interest.minor, one->case_no, on);
}

/* What came in from the bank is the client's, the payer's or the agency's, and commission is one rounding of what was
 * collected. Over the whole group, because a claim that joins takes its costs along. */
static void money_is_somebodys(const struct life *life, date on)
{
	struct entry sum = { { { 0 } } };
	for (size_t i = 0; i < life->case_count; i++) {
		const struct entry *owed = &life->cases[i].owed;
		for (int column = 0; column < COLUMN_COUNT; column++)
			sum.column[column] = money_add(sum.column[column], owed->column[column]);
	}
	int64_t received = 0;
	for (size_t i = 0; i < story.fact_count; i++) {
		if (story.facts[i].kind == FACT_PAYMENT)
			received += story.facts[i].amount.minor;
		if (story.facts[i].kind == FACT_REVERSAL)
			received -= story.facts[i].amount.minor;
	}
	int64_t client = -sum.column[COLUMN_CLIENT].minor, refund = -sum.column[COLUMN_REFUND].minor;
	int64_t drawable = -sum.column[COLUMN_DRAWABLE].minor;
	must(sum.column[COLUMN_HOLD].minor == received, 0, on);
	must(client + refund + drawable == received, 0, on);
	must(drawable == sum.column[COLUMN_OWN].minor, 0, on);
	must(refund >= 0, 0, on);
	must(drawable >= 0, 0, on);
}

static void commission_is_rounded_once(const struct life_case *one, date on)
{
	int64_t collected = 0;
	for (size_t i = 0; i < one->event_count; i++) {
		const struct life_event *event = &one->events[i];
		bool pays = event->kind == EVENT_PAYMENT || event->kind == EVENT_DIRECT_PAYMENT ||
			    event->kind == EVENT_REVERSAL ||
			    event->kind == EVENT_ABSORB; /* what was paid on the fees moves */
		if (pays)
			collected -= entry_column(event, COLUMN_PRINCIPAL).minor +
				     entry_column(event, COLUMN_INTEREST).minor;
		if (event->kind == EVENT_CREDIT)
			collected +=
				entry_column(event, COLUMN_REFUND).minor; /* paid on what is now credited: given back */
	}
	int64_t commission = half_up(collected * story.terms.commission_bp, 10000);
	must(-one->owed.column[COLUMN_COMMISSION].minor == commission, one->case_no, on);
}

/* ---- the law ---- */

/* The most all out-of-court costs may be, in øre, for a principal at the demand; inkassoforskriften §§ 2-1 to 2-3, the
 * table copied by hand, without the program's own bands. */
static int64_t salaer_cap(const struct life_case *one, int64_t principal, date on, bool heavy)
{
	static const struct {
		int64_t up_to, light;
	} new_scale[] = { { 50000, 25 }, { 100000, 35 }, { 250000, 40 }, { 1000000, 80 }, { 5000000, 160 },
		{ 25000000, 360 }, { INT64_MAX, 720 } },
	  old_scale[] = { { 250000, 50 }, { 1000000, 100 }, { 5000000, 200 }, { 25000000, 400 }, { INT64_MAX, 800 } };
	bool old = !date_after(one->claim->due_on, date_make(2020, 9, 30));
	int64_t sats = date_before(on, date_make(2026, 1, 1)) ? 70000 : 75000, light = 0;
	for (size_t i = 0; !light; i++)
		if (principal <= (old ? old_scale[i].up_to : new_scale[i].up_to))
			light = old ? old_scale[i].light : new_scale[i].light;
	int64_t numerator = sats * light * (heavy ? 2 : 1), denominator = 100;
	if (one->claim->business)
		numerator *= 3, denominator *= 2;
	if (!story.terms.vat_deductible)
		numerator *= 5, denominator *= 4;
	return half_up(numerator, denominator);
}

static bool is_charge(enum event_kind kind)
{
	return kind == EVENT_PRIOR_FEES || kind == EVENT_COMPENSATION || kind == EVENT_ABSORB || kind == EVENT_JOIN ||
	       kind == EVENT_REMINDER || kind == EVENT_NOTICE || kind == EVENT_DEMAND || kind == EVENT_HEAVY;
}

/* From the demand on, all that has been charged out of court is within the cap. One claim: what joins raises it. */
static void costs_keep_their_cap(const struct life_case *one)
{
	if (str_eq(story.terms.process, S("no/own")) || one->joined_count || one->carrier_no)
		return;
	int64_t charged = 0, principal = 0, compensation = 0, at_demand = -1;
	bool heavy = false;
	for (size_t i = 0; i < one->event_count; i++) {
		const struct life_event *event = &one->events[i];
		int64_t pool = entry_column(event, COLUMN_FEE).minor + entry_column(event, COLUMN_COMPENSATION).minor +
			       entry_column(event, COLUMN_SALAER).minor;
		principal += entry_column(event, COLUMN_PRINCIPAL).minor;
		if (is_charge(event->kind))
			charged += pool;
		if (event->kind == EVENT_COMPENSATION)
			compensation = law_compensation(&law_no, one->claim->due_on).minor;
		if (event->kind == EVENT_DEMAND && at_demand < 0)
			at_demand = principal;
		heavy = heavy || event->kind == EVENT_HEAVY;
		if (at_demand < 0)
			continue;
		int64_t cap = salaer_cap(one, at_demand, event->on, heavy);
		must(charged <= (cap > compensation ? cap : compensation), one->case_no, event->on);
	}
}

/* Two letters with a fee in any six months, the creditor's own counted. */
static void fee_letters_are_few(const struct life_case *one)
{
	date days[8];
	size_t count = 0;
	const struct claim_facts *claim = one->claim;
	if (claim->fees.minor > 0 && !date_is_none(claim->reminder_on))
		days[count++] = claim->reminder_on;
	if (claim->fees.minor > 3500 && !date_is_none(claim->notice_on))
		days[count++] = claim->notice_on;
	for (size_t i = 0; i < one->event_count; i++) {
		const struct life_event *event = &one->events[i];
		bool letter = event->kind == EVENT_REMINDER || event->kind == EVENT_NOTICE;
		if (letter && entry_column(event, COLUMN_FEE).minor > 0)
			days[count++] = event->on;
		if (letter)
			must(entry_column(event, COLUMN_FEE).minor <= 7500, one->case_no, event->on);
	}
	for (size_t i = 2; i < count; i++)
		must(!date_before(days[i], date_add_months(days[i - 2], 6)), one->case_no, days[i]);
}

static bool is_ordered(const struct life_event *event)
{
	for (size_t i = 0; i < story.fact_count; i++)
		if (event->kind == EVENT_DEMAND && story.facts[i].kind == FACT_DEMAND &&
			date_eq(story.facts[i].counts_on, event->on))
			return true;
	return false;
}

static bool event_sends(const struct life_event *event)
{
	return (event_is_step(event->kind) && event->kind != EVENT_HEAVY) || event->kind == EVENT_RESIDUAL_REMINDER;
}

/* Nothing is sent or charged before the claim came, on a day off, in a pause, or after the end. */
static void steps_keep_their_days(const struct life_case *one)
{
	bool disputed = false, deferred = false, blocked = false, planned = false, takes_in = false;
	date paused_until = DATE_FIRST, closed_on = DATE_NONE, last_letter = DATE_NONE;
	for (size_t i = 0; i < one->event_count; i++) {
		const struct life_event *event = &one->events[i];
		enum event_kind kind = event->kind;
		if ((kind == EVENT_RESOLUTION && disputed) || (kind == EVENT_DEFERRAL_END && deferred) ||
			(kind == EVENT_UNBLOCK && blocked) || (kind == EVENT_PLAN_END && planned))
			paused_until = event->on;
		disputed = kind == EVENT_OBJECTION || (disputed && kind != EVENT_RESOLUTION);
		deferred = kind == EVENT_DEFERRAL || (deferred && kind != EVENT_DEFERRAL_END);
		blocked = kind == EVENT_BLOCK || (blocked && kind != EVENT_UNBLOCK);
		bool ends = kind == EVENT_CLOSED || kind == EVENT_GIVEN_UP || kind == EVENT_WITHDRAWN ||
			    kind == EVENT_JOINED;
		bool plan_over = kind == EVENT_PLAN_BROKEN || kind == EVENT_PLAN_KEPT || kind == EVENT_PLAN_END;
		planned = kind == EVENT_PLAN || (planned && !plan_over && !ends);
		if (ends)
			closed_on = event->on;
		if (kind == EVENT_REVERSAL)
			closed_on = DATE_NONE;
		bool by_a_person = is_ordered(event);
		takes_in =
			kind == EVENT_JOIN || (takes_in && kind != EVENT_HEAVY); /* the letter is the joining claim's */
		if (event_is_step(kind) || kind == EVENT_RESIDUAL_REMINDER) {
			must(!date_before(event->on, one->claim->received_on), one->case_no, event->on);
			must(by_a_person || (!disputed && !deferred && !blocked && !planned), one->case_no, event->on);
			must(by_a_person || takes_in || date_after(event->on, paused_until), one->case_no, event->on);
			must(date_is_none(closed_on), one->case_no, event->on);
			for (size_t k = 0; k < story.gap_count; k++)
				must(by_a_person || date_before(event->on, story.gaps[k].first) ||
						date_after(event->on, story.gaps[k].last),
					one->case_no, event->on);
		}
		if (!event_sends(event))
			continue;
		must(by_a_person || law_is_banking_day(&law_no, event->on), one->case_no, event->on);
		if (kind == EVENT_RESIDUAL_REMINDER)
			continue;
		must(date_diff(event->on, event->deadline) == 14, one->case_no, event->on);
		if (kind == EVENT_REMINDER)
			must(date_diff(one->claim->due_on, event->on) >= 14, one->case_no, event->on);
		/* A letter asks for what the one before it did not bring; a later claim's demand is its own. */
		if (!date_is_none(last_letter) && kind != EVENT_DEMAND)
			must(date_after(event->on, last_letter), one->case_no, event->on);
		last_letter = event->deadline;
	}
}

static void the_end_is_one(const struct life_case *one, date on)
{
	if (date_before(on, one->claim->issued_on) && one->event_count == 0)
		return; /* not yet a claim */
	if (one->stage == STAGE_CLOSED && !has_fact(FACT_REVERSAL))
		must(one->balance.minor == 0, one->case_no, on);
	must(is_open(one) == date_is_none(one->closed_on), one->case_no, on);
	must(is_open(one) == (one->closed_reason[0] == '\0'), one->case_no, on);
	must(is_open(one) == (one->next_step[0] != '\0'), one->case_no, on);
	must(is_open(one) != date_is_none(one->next_on), one->case_no, on);
	if (is_open(one))
		must(one->balance.minor > 0, one->case_no, on);
	if (!date_is_none(one->wake_on))
		must(date_after(one->wake_on, on), one->case_no, on);
}

/* ---- replays that must agree ---- */

static bool event_same(const struct life_event *a, const struct life_event *b)
{
	return a->kind == b->kind && date_eq(a->on, b->on) && date_eq(a->ledger_on, b->ledger_on) &&
	       a->fact_no == b->fact_no && a->other_case == b->other_case && date_eq(a->deadline, b->deadline) &&
	       entry_eq(&a->entry, &b->entry) && a->printed_balance.minor == b->printed_balance.minor;
}

/* The first count events of b are those of a; all of them when whole. */
static void lives_agree(const struct life *a, const struct life *b, bool whole, date on)
{
	for (size_t i = 0; i < a->case_count; i++) {
		const struct life_case *one = &a->cases[i], *other = &b->cases[i];
		must(one->event_count <= other->event_count, one->case_no, on);
		if (whole)
			must(one->event_count == other->event_count, one->case_no, on);
		for (size_t k = 0; k < one->event_count; k++)
			must(event_same(&one->events[k], &other->events[k]), one->case_no, one->events[k].on);
	}
}

static void order_of_arrival_does_not_matter(const struct life *life)
{
	struct story shuffled = story;
	for (size_t i = shuffled.fact_count; i > 1; i--) {
		size_t k = (size_t)random_below((int64_t)i);
		struct fact other = shuffled.facts[i - 1];
		shuffled.facts[i - 1] = shuffled.facts[k];
		shuffled.facts[k] = other;
	}
	struct life again = story_live(&shuffled, arena, last_day);
	lives_agree(life, &again, true, last_day);
}

/* Nights one after another come to what one night at the end does; nothing happens before a case asks to be woken. */
static void nights_one_by_one_agree(void)
{
	date last_fact = DATE_FIRST;
	for (size_t i = 0; i < story.fact_count; i++)
		last_fact = date_max(last_fact,
			date_max(story.facts[i].counts_on, story.claims[story.facts[i].case_no - 1].issued_on));
	for (size_t i = 0; i < story.claim_count; i++)
		last_fact = date_max(last_fact, story.claims[i].received_on);
	if (date_after(last_fact, last_day))
		return;
	struct life before = story_live(&story, arena, last_fact);
	for (date on = date_add(last_fact, 1); !date_after(on, last_day); on = date_add(on, 1)) {
		struct life now = story_live(&story, arena, on);
		lives_agree(&before, &now, false, on);
		bool asleep = true;
		for (size_t i = 0; i < before.case_count; i++)
			asleep = asleep &&
				 (date_is_none(before.cases[i].wake_on) || date_after(before.cases[i].wake_on, on));
		if (asleep)
			lives_agree(&before, &now, true, on);
		/* What was said to come next is what comes, on its day. */
		for (size_t i = 0; asleep && i < before.case_count; i++)
			if (stage_is_of_process(before.cases[i].stage) && !before.cases[i].joined_count)
				must(date_eq(before.cases[i].next_on, now.cases[i].next_on) ||
						strcmp(before.cases[i].next_step, "decide_legal") == 0 ||
						strcmp(before.cases[i].next_step, "review") == 0,
					before.cases[i].case_no, on);
		before = now;
	}
}

/* A day looked at is the book up to that day: same amounts, same letters. */
static void a_look_back_is_the_book(const struct life *book)
{
	if (changes_the_past())
		return;
	date first = story.claims[0].issued_on;
	for (int i = 0; i < DAYS_LOOKED_AT; i++) {
		date on = date_add(first, random_days(random_below(date_diff(first, last_day) + 1)));
		struct life seen = story_look(&story, arena, on);
		for (size_t k = 0; k < seen.case_count; k++) {
			const struct life_case *one = &seen.cases[k], *whole = &book->cases[k];
			size_t count = 0;
			while (count < whole->event_count && !date_after(whole->events[count].on, on))
				count++;
			must(one->event_count == count, one->case_no, on);
			for (size_t e = 0; e < count; e++)
				must(event_same(&one->events[e], &whole->events[e]), one->case_no, on);
			sums_hold(one, on);
			lines_add_up(one, on);
			the_end_is_one(one, on);
			/* What a letter of the day prints is the balance at the end of it. */
			for (size_t e = 0; e < count; e++)
				if (event_is_letter(one->events[e].kind) && date_eq(one->events[e].on, on))
					must(one->events[e].printed_balance.minor == one->balance.minor, one->case_no,
						on);
		}
	}
}

/* What a case owes on a later day without a replay, by the running total. */
static void interest_can_be_reckoned_forward(const struct life *book)
{
	date later = date_min(date_add(last_day, 20), date_make(2026, 12, 31));
	for (size_t i = 0; i < book->case_count; i++) {
		const struct life_case *one = &book->cases[i];
		if (one->claim_count != 1 || date_is_none(one->interest_on))
			continue;
		money now =
			life_interest(&law_no, one->interest_sum, one->principal, one->interest_on, one->interest_on);
		must(money_sub(now, one->interest_covered).minor == one->interest.minor, one->case_no, last_day);
		struct group_facts group = story_group(&story);
		struct life_span span = { .until = later, .steps_until = last_day };
		struct life life;
		life_replay(&group, &law_no, span, arena, &life);
		money then = life_interest(&law_no, one->interest_sum, one->principal, one->interest_on, later);
		must(money_sub(then, one->interest_covered).minor == life.cases[i].interest.minor, one->case_no, later);
	}
}

/* ---- the tests ---- */

static void each_life(void (*check)(const struct life *))
{
	const char *only = getenv("KRAVBOK_SEED"), *lives = getenv("KRAVBOK_LIVES");
	uint64_t first = only ? strtoull(only, NULL, 10) : 20260115;
	uint64_t count = lives ? strtoull(lives, NULL, 10) : only ? 1 : LIFE_COUNT;
	for (uint64_t seed = first; seed < first + count; seed++) {
		struct arena_mark mark = arena_mark(arena);
		story_make(seed);
		struct life life = story_live(&story, arena, last_day);
		check(&life);
		arena_reset(arena, mark);
	}
}

static void check_sums(const struct life *life)
{
	for (size_t i = 0; i < life->case_count; i++) {
		sums_hold(&life->cases[i], last_day);
		the_end_is_one(&life->cases[i], last_day);
		commission_is_rounded_once(&life->cases[i], last_day);
	}
	money_is_somebodys(life, last_day);
}

static void the_books_of_a_life_add_up(void **state)
{
	(void)state;
	each_life(check_sums);
}

static void check_law(const struct life *life)
{
	for (size_t i = 0; i < life->case_count; i++) {
		costs_keep_their_cap(&life->cases[i]);
		fee_letters_are_few(&life->cases[i]);
		steps_keep_their_days(&life->cases[i]);
	}
}

static void a_life_keeps_the_law(void **state)
{
	(void)state;
	each_life(check_law);
}

static void check_replays(const struct life *life)
{
	order_of_arrival_does_not_matter(life);
	a_look_back_is_the_book(life);
	interest_can_be_reckoned_forward(life);
	if (seed_now % 4 == 0)
		nights_one_by_one_agree();
}

static void a_life_replayed_is_the_same(void **state)
{
	(void)state;
	each_life(check_replays);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(512 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_books_of_a_life_add_up),
		cmocka_unit_test(a_life_keeps_the_law),
		cmocka_unit_test(a_life_replayed_is_the_same),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
