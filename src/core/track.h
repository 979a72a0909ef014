/* One case during a replay: what is owed, what has been paid and to whom it belongs. Used by life.c only.
 *
 * A track holds cumulative figures (charged, covered, collected). track_emit() compares the balance they give with the
 * balance already posted and records the difference as one event, so no operation writes journal columns itself. */
#ifndef KRAVBOK_CORE_TRACK_H
#define KRAVBOK_CORE_TRACK_H

#include "core/life.h"

/* A stretch of interest at one rate on one principal, for the explanation. */
struct interest_piece {
	const struct claim_facts *claim;
	date from, to;
	int64_t rate_bp;
	money principal;
	int64_t sum_before, sum_after; /* the claim's running total */
};

/* A claim a case carries: its own, or one joined to it. */
struct carried {
	const struct claim_facts *claim;
	money principal; /* outstanding */
	money original;  /* asked, less credit notes */
	int64_t sum;     /* interest running total through sum_on: minor units × basis points × days */
	date sum_on;
	money covered; /* interest paid, waived or moved */
	money posted;  /* of the running total, in øre, in the journal already */
};

/* Out-of-court costs are one pool with a cap: salær replaces fees, compensation offsets (inkassoforskriften §§ 1-5, 2-6). */
struct costs {
	money fees, compensation, salaer;
	money paid, waived;
	money plan_fee, plan_paid, plan_waived; /* outside the pool: inkassoforskriften § 2-4 */
	money legal_agency, legal_client, legal_paid, legal_waived;
};

/* What a payment has covered, kept so that it can be reversed. */
struct allocation {
	int64_t case_no, fact_no;
	money legal, pool, plan, refund;
	size_t part_count;
	struct allocation_part {
		const struct claim_facts *claim;
		money interest, principal;
	} *parts;
};

struct sent_letter {
	date sent_on, deadline;
	money printed; /* balance at the end of the sending day */
	money paid_since;
};

struct track {
	const struct claim_facts *claim;
	const struct law *law;
	const struct law_process *process;
	const struct law_scheme *scheme;
	struct arena *arena;
	bool explain;

	struct carried *carried;
	size_t carried_count, carried_capacity;
	struct costs costs;
	money principal_collected, interest_collected, bank_received, direct_received, refund;
	money joined_paid; /* on claims before they joined this case; what it had covered of costs came along */
	money accrued_total, interest_moved; /* journal columns accrued and interest, cumulative */
	struct entry posted;
	struct allocation *allocations;
	size_t allocation_count, allocation_capacity;

	struct life_event *events;
	size_t event_count, event_capacity;
	struct interest_piece *pieces;
	size_t piece_count, piece_capacity;
	struct sent_letter *letters;
	size_t letter_count, letter_capacity;

	/* where it stands: read and written by life.c */
	bool begun, closed, fees_fall, compensation_owed, prior_fees_charged;
	date closed_on;
	const char *closed_reason;
	bool withdrawn;
	struct track *carrier;
	int64_t *joined_nos;
	size_t joined_count, joined_capacity;
	size_t step_index;      /* next step of the process */
	date next_earliest;     /* its day before banking days and receipt are considered */
	date not_before;        /* the day after a pause */
	date first_letter_on, last_deadline, demand_on, first_demand_on, last_step_on;
	int last_step;          /* enum law_step, -1 before the first */
	money demand_principal; /* that picked the salær's band */
	date fee_letters[2];    /* days of the last letters with a fee; DATE_NONE */
	int pause_count;
	date pause_from;
	bool disputed, deferred, blocked, in_legal, in_surveillance;
	date objection_on, deferred_until, blocked_on, legal_on, review_on;
	const struct fact *plan; /* running */
	money plan_paid_since;
	size_t plan_checked_count;
	struct life_instalment *instalments;
	bool residual;
	date residual_on, residual_next; /* residual_next: DATE_NONE, no more plain reminders */
	int residual_sent_count;
	date wake_on; /* DATE_NONE: not known yet; see life.c */
	date limitation_on;
	int limitation_warned_count;
	bool limitation_over;
};

void track_claim_add(struct track *track, struct carried carried);

/* Interest of every carried claim, through the end of day `on`. Idempotent. */
void track_interest_to(struct track *track, date on);
money carried_interest(const struct carried *carried); /* outstanding, through sum_on */

money track_principal(const struct track *track);
money track_original(const struct track *track);
money track_interest(const struct track *track);
money track_costs(const struct track *track); /* outstanding, all kinds */
money track_balance(const struct track *track);

/* Outstanding by column, and the money columns' cumulative figures. */
struct entry track_entry(const struct track *track);

/* Records an event with the change since the last one. basis: paragraph. Returns it for more fields to be set. */
struct life_event *track_emit(struct track *track, enum event_kind kind, date on, const char *basis);

/* Covers what is owed with amount, in the given order; returns what is left over. money_in: it comes from a payment
 * (collected, remembered for a reversal), not from a waiver. */
enum cover_order { COVER_COSTS_INTEREST_PRINCIPAL, COVER_PRINCIPAL_COSTS_INTEREST };
struct cover {
	money amount;
	enum cover_order order;
	bool waives;
	int64_t case_no, fact_no; /* of the payment; 0 for a waiver */
};
money track_cover(struct track *track, struct cover cover);

/* After costs were reversed: nobody has paid more costs than the cap. */
void track_costs_settle(struct track *track);

/* Takes back what payment fact (case_no, fact_no) had covered. False: no such payment here. */
struct allocation *track_allocation(struct track *track, int64_t case_no, int64_t fact_no);
void track_uncover(struct track *track, struct allocation *allocation);

/* A credit takes off what payments have covered of a claim's principal: the newest go back to their payers first, so that
 * a reversal of one does not give back twice. at_most >= 0; returns how much. */
money track_credit_back(struct track *track, const struct claim_facts *claim, money at_most);

/* Moves the claim of `from` and all its costs into `to`: joined cases. Interest must be up to the day in both. */
void track_join(struct track *to, struct track *from, date on, const char *basis);

#endif
