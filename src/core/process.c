#include "core/process.h"

int process_grace(const struct track *track)
{
	int agreed = track->claim->terms->grace_days;
	return agreed > track->process->grace_days ? agreed : track->process->grace_days;
}

const struct law_process_step *process_next_step(const struct track *track)
{
	return track->step_index < track->process->step_count ? &track->process->steps[track->step_index] : NULL;
}

/* Plans the step at step_index from what the step before it left behind. */
static void step_plan(struct track *track)
{
	const struct law_process_step *step = process_next_step(track);
	if (!step)
		return;
	switch (step->anchor) {
	case LAW_ANCHOR_DUE:
		track->next_earliest = date_add(track->claim->due_on, step->wait_days);
		return;
	case LAW_ANCHOR_DEADLINE:
		track->next_earliest = date_add(track->last_deadline, step->wait_days + process_grace(track));
		return;
	case LAW_ANCHOR_SAME_DAY:
		track->next_earliest = date_add(track->last_step_on, step->wait_days);
		return;
	}
	panic("a step has an unknown anchor");
}

static size_t step_index_of(const struct law_process *process, enum law_step step)
{
	for (size_t i = 0; i < process->step_count; i++)
		if (process->steps[i].step == step)
			return i;
	return process->step_count;
}

static void fee_letter_add(struct track *track, date day)
{
	track->fee_letters[0] = track->fee_letters[1];
	track->fee_letters[1] = day;
}

/* The creditor's own letters count as steps taken; what it charged counts towards the two fee letters. */
void process_start(struct track *track)
{
	const struct claim_facts *claim = track->claim;
	int deadline_days = track->process->steps[0].deadline_days;
	track->last_step = -1;
	if (!date_is_none(claim->reminder_on)) {
		track->last_step = LAW_STEP_REMINDER;
		track->last_step_on = claim->reminder_on;
		track->last_deadline = date_add(claim->reminder_on, deadline_days);
	}
	if (!date_is_none(claim->notice_on)) {
		track->last_step = LAW_STEP_NOTICE;
		track->last_step_on = claim->notice_on;
		track->last_deadline = !date_is_none(claim->notice_deadline) ? claim->notice_deadline
									     : date_add(claim->notice_on, deadline_days);
	}
	track->first_letter_on = !date_is_none(claim->reminder_on) ? claim->reminder_on : claim->notice_on;
	if (claim->fees.minor > 0) {
		money one = law_letter_fee(track->law, track->scheme, track->last_step_on);
		bool two = claim->fees.minor > one.minor;
		bool both = !date_is_none(claim->reminder_on) && !date_is_none(claim->notice_on);
		if (two)
			fee_letter_add(track, both ? claim->reminder_on : track->last_step_on);
		fee_letter_add(track, track->last_step_on);
	}
	track->step_index =
		track->last_step < 0 ? 0 : step_index_of(track->process, (enum law_step)track->last_step) + 1;
	step_plan(track);
}

static date gap_end(const struct process_run *run, date day)
{
	for (size_t i = 0; i < run->gap_count; i++)
		if (!date_before(day, run->gaps[i].first) && !date_after(day, run->gaps[i].last))
			return date_add(run->gaps[i].last, 1);
	return day;
}

/* A day on which a night ran (or will) and, for a letter, the banks were open. Ends: each round moves forward. */
static date day_possible(const struct process_run *run, const struct law *law, date day, bool sends)
{
	for (;;) {
		date moved = gap_end(run, day);
		if (sends)
			moved = law_banking_day(law, moved);
		if (date_eq(moved, day))
			return day;
		day = moved;
	}
}

date process_run_day(const struct process_run *run, const struct track *track, date floor)
{
	if (!track->begun || track->closed || track->pause_count || track->in_legal || track->in_surveillance)
		return DATE_NONE;
	date day = date_max(floor, track->claim->received_on);
	day = date_max(day, track->not_before);
	if (track->residual) {
		if (date_is_none(track->residual_next))
			return DATE_NONE;
		return day_possible(run, track->law, date_max(day, track->residual_next), true);
	}
	const struct law_process_step *step = process_next_step(track);
	if (!step || step->step == LAW_STEP_DECIDE_LEGAL)
		return DATE_NONE;
	return day_possible(run, track->law, date_max(day, track->next_earliest), step->sends);
}

bool process_is_residual(const struct track *track)
{
	money principal = track_principal(track), original = track_original(track);
	money least = track->law->parameters.least_principal;
	if (2 * least.minor <= original.minor)
		return principal.minor < least.minor;
	return 2 * principal.minor < original.minor || principal.minor == 0;
}

void process_residual_check(struct track *track, date day)
{
	bool residual = !track->closed && process_is_residual(track);
	if (residual == track->residual)
		return;
	track->residual = residual;
	if (!residual)
		return;
	track->residual_on = day;
	track->residual_sent_count = 0;
	track->residual_next = DATE_NONE;
	if (track_balance(track).minor < track->law->parameters.residual_reminder_min.minor)
		return;
	track->residual_next = date_max(day, date_add(track->claim->due_on, 1));
	if (!date_is_none(track->last_deadline))
		track->residual_next = date_max(track->residual_next, date_add(track->last_deadline, 1 + process_grace(track)));
}

void process_pause(struct track *track, date day)
{
	if (track->pause_count++ == 0)
		track->pause_from = day;
}

void process_resume(struct track *track, date day)
{
	require(track->pause_count > 0);
	track->not_before = date_max(track->not_before, date_add(day, 1)); /* of two that end, the later one counts */
	if (--track->pause_count > 0)
		return;
	int length = date_diff(track->pause_from, day);
	track->next_earliest = date_add(track->next_earliest, length);
	if (!date_is_none(track->residual_next))
		track->residual_next = date_add(track->residual_next, length);
}

void process_letter_add(struct track *track, date day, date deadline)
{
	if (track->letter_count == track->letter_capacity) {
		size_t capacity = track->letter_capacity ? track->letter_capacity * 2 : 6;
		track->letters =
			arena_grow(track->arena, track->letters, track->letter_count, capacity, sizeof *track->letters);
		track->letter_capacity = capacity;
	}
	track->letters[track->letter_count++] = (struct sent_letter){ .sent_on = day, .deadline = deadline };
	if (date_is_none(track->first_letter_on))
		track->first_letter_on = day;
	track->last_deadline = deadline;
}

/* At most two fee letters within six months, and none once a reasonable objection came before the demand. */
static bool letter_fee_allowed(const struct track *track, date day)
{
	const struct law_parameters *parameters = &track->law->parameters;
	if (track->fees_fall)
		return false;
	int counted = 0;
	for (int i = 0; i < 2; i++) {
		date sent = track->fee_letters[i];
		if (!date_is_none(sent) && date_before(day, date_add_months(sent, parameters->fee_letter_months)))
			counted++;
	}
	return counted < parameters->fee_letter_max;
}

static struct law_salaer salaer_terms(const struct track *track, date day, int64_t per_mille)
{
	return (struct law_salaer){
		.per_mille = per_mille,
		.charged_on = day,
		.business = track->claim->business,
		.vat_deductible = track->claim->terms->vat_deductible,
	};
}

/* Salær is a cap on all out-of-court costs: fees charged before it are reversed. */
static void fees_absorb(struct track *track, date day)
{
	if (!track->law->parameters.absorb || track->costs.fees.minor == 0)
		return;
	track->costs.fees = MONEY_ZERO;
	if (track->costs.salaer.minor > 0)
		track_costs_settle(track);
	track_emit(track, EVENT_ABSORB, day, track->law->absorb_source.paragraph);
}

static void salaer_charge(struct track *track, date day, bool heavy)
{
	const struct law_band *band = law_band_for(track->scheme, track->demand_principal);
	int64_t per_mille = heavy ? band->heavy_per_mille : band->light_per_mille;
	track->costs.salaer = law_salaer(track->law, salaer_terms(track, day, per_mille));
}

static void step_charge(struct track *track, const struct law_process_step *step, date day)
{
	switch (step->charge) {
	case LAW_CHARGE_NONE:
		return;
	case LAW_CHARGE_LETTER_FEE:
		if (!letter_fee_allowed(track, day))
			return;
		fee_letter_add(track, day);
		track->costs.fees =
			money_add(track->costs.fees, law_letter_fee(track->law, track->scheme, day));
		return;
	case LAW_CHARGE_OWN_DEMAND_FEE:
		if (!track->fees_fall)
			track->costs.fees =
				money_add(track->costs.fees, law_own_demand_fee(track->law, track->scheme, day));
		return;
	case LAW_CHARGE_LIGHT:
		track->demand_principal = track_principal(track);
		fees_absorb(track, day);
		salaer_charge(track, day, false);
		return;
	case LAW_CHARGE_HEAVY:
		salaer_charge(track, day, true);
		return;
	}
	panic("a step has an unknown charge");
}

static enum event_kind step_event(enum law_step step)
{
	require(step <= LAW_STEP_ENFORCEMENT_NOTICE);
	return (enum event_kind)(EVENT_REMINDER + (int)step);
}
_Static_assert(EVENT_ENFORCEMENT_NOTICE - EVENT_REMINDER == (int)LAW_STEP_ENFORCEMENT_NOTICE - (int)LAW_STEP_REMINDER,
	"steps and their events stand in the same order");

static void step_take(struct track *track, date day)
{
	const struct law_process_step *step = process_next_step(track);
	step_charge(track, step, day);
	struct life_event *event = track_emit(track, step_event(step->step), day, step->source.paragraph);
	track->last_step = (int)step->step;
	track->last_step_on = day;
	if (step->sends) {
		event->deadline = date_add(day, step->deadline_days);
		process_letter_add(track, day, event->deadline);
	}
	if (step->step == LAW_STEP_DEMAND) {
		track->demand_on = day;
		track->first_demand_on = day;
	}
	track->step_index++;
	step_plan(track);
}

void process_demand_again(struct track *track, date day)
{
	size_t index = step_index_of(track->process, LAW_STEP_DEMAND);
	require(index < track->process->step_count);
	const struct law_process_step *step = &track->process->steps[index];
	struct life_event *event = track_emit(track, EVENT_DEMAND, day, step->source.paragraph);
	event->deadline = date_add(day, step->deadline_days);
	process_letter_add(track, day, event->deadline);
	track->demand_on = day;
	const struct law_process_step *next = process_next_step(track);
	if (next && next->anchor == LAW_ANCHOR_DEADLINE)
		step_plan(track);
}

/* ---- joining ---- */

static bool may_join(const struct track *track)
{
	return track->begun && !track->closed && !track->pause_count && !track->residual && !track->claim->alone &&
	       !track->in_legal && !track->in_surveillance;
}

static bool is_light_demand(const struct track *track)
{
	const struct law_process_step *step = process_next_step(track);
	return step && step->step == LAW_STEP_DEMAND && step->charge == LAW_CHARGE_LIGHT;
}

/* An open case in its demand phase that is young enough to take a later claim in. */
static struct track *open_demand_of(const struct process_run *run, const struct track *track, date day)
{
	for (size_t i = 0; i < run->track_count; i++) {
		struct track *other = &run->tracks[i];
		if (other == track || !may_join(other) || other->scheme != track->scheme)
			continue;
		if (other->last_step != LAW_STEP_DEMAND || date_is_none(other->first_demand_on))
			continue;
		if (other->process != track->process && other->costs.salaer.minor == 0)
			continue;
		if (date_diff(other->first_demand_on, day) < track->law->parameters.join_days)
			return other;
	}
	return NULL;
}

/* A later claim: its own demand letter, no new light salær; heavy by the summed principal, counted from this letter. */
static void join_later(struct track *carrier, struct track *track, date day)
{
	const struct law_process_step *step = process_next_step(track);
	money principal = track_principal(track);
	track_join(carrier, track, day, step->source.paragraph);
	track->closed = true;
	track->closed_on = day;
	track->closed_reason = "joined";
	fees_absorb(carrier, day);
	carrier->demand_principal = money_add(carrier->demand_principal, principal);
	struct life_event *event = track_emit(carrier, EVENT_DEMAND, day, step->source.paragraph);
	event->deadline = date_add(day, step->deadline_days);
	process_letter_add(carrier, day, event->deadline);
	carrier->demand_on = day;
	carrier->last_step_on = day;
	step_plan(carrier);
}

/* Its notice's deadline has passed and nothing but its own waits keep it from the demand. */
static bool notice_has_run_out(const struct track *track, date day)
{
	return is_light_demand(track) && date_before(track->last_deadline, day) && !date_before(day, track->not_before) &&
	       !date_before(day, track->claim->received_on);
}

/* All others whose notice deadline has passed come into the demand of this one; the lowest case number carries on. */
static struct track *join_same_day(const struct process_run *run, struct track *track, date day)
{
	struct track *carrier = track;
	for (size_t i = run->track_count; i > 0; i--) {
		struct track *other = &run->tracks[i - 1];
		if (may_join(other) && notice_has_run_out(other, day) && other->scheme == track->scheme && other < carrier)
			carrier = other;
	}
	for (size_t i = 0; i < run->track_count; i++) {
		struct track *other = &run->tracks[i];
		bool joins = other == track || (may_join(other) && notice_has_run_out(other, day) && other->scheme == track->scheme);
		if (!joins || other == carrier)
			continue;
		track_join(carrier, other, day, process_next_step(other)->source.paragraph);
		other->closed = true;
		other->closed_on = day;
		other->closed_reason = "joined";
	}
	return carrier;
}

/* A letter ordered on day and withdrawn before it was handed over was never sent. */
static const struct fact *letter_withdrawn(const struct process_run *run, const struct track *track, date day)
{
	for (size_t i = 0; i < run->fact_count; i++) {
		const struct fact *fact = &run->facts[i];
		if (fact->kind == FACT_LETTER_WITHDRAWN && fact->case_no == track->claim->case_no &&
			date_eq(fact->until, day))
			return fact;
	}
	return NULL;
}

/* The day the letters ordered on day were handed over; day itself when that was their day. */
static date letters_handed_on(const struct process_run *run, const struct track *track, date day)
{
	date handed_on = day;
	for (size_t i = 0; i < run->fact_count; i++) {
		const struct fact *fact = &run->facts[i];
		if (fact->kind == FACT_LETTER_HANDED && fact->case_no == track->claim->case_no && date_eq(fact->until, day))
			handed_on = date_max(handed_on, fact->counts_on);
	}
	return handed_on;
}

void process_letters_handed(const struct process_run *run, struct track *track, date day)
{
	date handed_on = letters_handed_on(run, track, day);
	int late = date_diff(day, handed_on);
	bool found = false;
	for (size_t i = 0; i < track->letter_count && late > 0; i++) {
		struct sent_letter *letter = &track->letters[i];
		if (!date_eq(letter->sent_on, day))
			continue;
		letter->sent_on = handed_on;
		letter->deadline = date_add(letter->deadline, late);
		found = true;
	}
	if (!found)
		return;
	if (date_eq(track->first_letter_on, day))
		track->first_letter_on = handed_on;
	track->last_deadline = date_add(track->last_deadline, late);
	const struct law_process_step *next = process_next_step(track);
	if (next && next->anchor == LAW_ANCHOR_DEADLINE)
		step_plan(track);
}

static void residual_reminder(struct track *track, date day)
{
	const struct law_parameters *parameters = &track->law->parameters;
	track_emit(track, EVENT_RESIDUAL_REMINDER, day, track->law->waiver_source.paragraph);
	track->residual_sent_count++;
	bool more = track->residual_sent_count < parameters->residual_reminder_count;
	track->residual_next = more ? date_add(day, parameters->residual_reminder_days) : DATE_NONE;
	track->last_step_on = day;
}

/* Ends: each round takes a step, closes the track or returns; a process has few steps. */
void process_steps(const struct process_run *run, struct track *track, date day)
{
	while (date_eq(process_run_day(run, track, day), day)) {
		const struct fact *withdrawn = letter_withdrawn(run, track, day);
		if (withdrawn) {
			track->not_before = date_max(date_add(day, 1), withdrawn->counts_on);
			return;
		}
		if (track->residual) {
			residual_reminder(track, day);
			continue;
		}
		if (is_light_demand(track) && !track->claim->alone) {
			struct track *carrier = open_demand_of(run, track, day);
			if (carrier) {
				join_later(carrier, track, day);
				process_letters_handed(run, carrier, day);
				return;
			}
			track = join_same_day(run, track, day);
		}
		step_take(track, day);
		process_letters_handed(run, track, day);
	}
}
