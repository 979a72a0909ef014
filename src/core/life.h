/* The life of a group of cases, replayed from its facts: every event with its amounts, and where each case stands.
 *
 * Pure: the same facts and law give the same life, in whatever order the facts arrived. The book holds the replayed
 * events; when a fact comes late, the replay is made again and only the difference is booked (app/book.h).
 * Rules: engine-rules, "Norwegian process" onwards; law/no/ *.yaml has every figure. */
#ifndef KRAVBOK_CORE_LIFE_H
#define KRAVBOK_CORE_LIFE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "core/facts.h"
#include "core/journal.h"
#include "core/law.h"

enum stage {
	STAGE_REGISTERED,
	STAGE_REMINDER,
	STAGE_NOTICE,
	STAGE_DEMAND,
	STAGE_HEAVY,
	STAGE_ENFORCEMENT_NOTICE,
	STAGE_LEGAL,
	STAGE_SURVEILLANCE,
	STAGE_PLAN,
	STAGE_DISPUTED,
	STAGE_DEFERRED,
	STAGE_BLOCKED,
	STAGE_RESIDUAL,
	STAGE_CLOSED,
	STAGE_WITHDRAWN,
	STAGE_COUNT,
};
const char *stage_name(enum stage stage);
bool stage_named(str name, enum stage *ret_stage);

enum event_kind {
	EVENT_PRINCIPAL,
	EVENT_PAID_BEFORE, /* what the creditor had got before hand-over */
	EVENT_PRIOR_FEES,  /* what the creditor had charged for its own letters */
	EVENT_COMPENSATION,
	EVENT_REMINDER, /* these five are the steps of the process */
	EVENT_NOTICE,
	EVENT_DEMAND,
	EVENT_HEAVY,
	EVENT_ENFORCEMENT_NOTICE,
	EVENT_RESIDUAL_REMINDER,
	EVENT_ABSORB,
	EVENT_PAYMENT,
	EVENT_DIRECT_PAYMENT,
	EVENT_REVERSAL,
	EVENT_CREDIT,
	EVENT_WAIVER,
	EVENT_OBJECTION,
	EVENT_RESOLUTION,
	EVENT_DEFERRAL,
	EVENT_DEFERRAL_END,
	EVENT_PLAN,
	EVENT_PLAN_BROKEN,
	EVENT_PLAN_KEPT,
	EVENT_PLAN_END,
	EVENT_BLOCK,
	EVENT_UNBLOCK,
	EVENT_LEGAL,
	EVENT_DRAFTING,
	EVENT_SURVEILLANCE,
	EVENT_LIMITATION_WARNING,
	EVENT_JOINED, /* this case ends in another */
	EVENT_JOIN,   /* another case's claim comes in */
	EVENT_CLOSED,
	EVENT_GIVEN_UP,
	EVENT_WITHDRAWN,
	EVENT_KIND_COUNT,
};
const char *event_kind_name(enum event_kind kind);
bool event_kind_named(str name, enum event_kind *ret_kind);
/* A letter goes out with it: reminder, notice, demand, enforcement notice, residual reminder, plan. */
bool event_is_letter(enum event_kind kind);
bool event_is_step(enum event_kind kind); /* of the process; heavy is one and sends nothing */

struct life_event {
	enum event_kind kind;
	date on;
	date ledger_on;    /* the day its money side carries: the bank's settlement day */
	int64_t fact_no;   /* 0: time alone, or a step */
	int64_t other_case; /* joins */
	date deadline;     /* given in the letter; DATE_NONE */
	struct entry entry;
	const char *basis; /* paragraph; never NULL */
	/* What a letter sent with it prints, at the end of the day; set for letters only. */
	struct entry printed;
	money printed_balance;
};

/* A line of the explanation: on, what, how much, why. Lines but those of kind refund add up to the balance. */
struct life_line {
	date on;
	const char *what; /* event name, "interest" or "refund" */
	money amount;
	const char *basis;
	size_t event_index; /* into events; SIZE_MAX: none (interest) */
	/* interest: the period and how it was reckoned */
	date from, to;
	int64_t rate_bp;
	money principal;
	str invoice_no;
};

struct life_instalment {
	date due_on;
	money amount;
};

struct life_case {
	int64_t case_no;
	const struct claim_facts *claim;
	struct life_event *events; /* in order of day */
	size_t event_count;
	enum stage stage;
	const char *next_step; /* "" when the case is closed */
	date next_on;
	date wake_on;          /* the first day after steps_until that time alone changes something; DATE_NONE */
	date closed_on;        /* DATE_NONE: open */
	const char *closed_reason;
	bool disputed;         /* an objection waits for its outcome, also when the case was paid meanwhile */
	int64_t carrier_no;    /* the case that carries on; 0 */
	/* at the end of `until` */
	money principal, interest, costs, paid, balance, refund;
	struct entry owed;     /* outstanding, by column; interest not yet posted is in interest above only */
	int64_t claim_count;   /* claims carried: its own and those joined to it */
	const int64_t *joined_nos; /* case numbers of claims carried beside its own */
	size_t joined_count;
	/* for reckoning what is owed on a later day without a replay: sum of principal × rate over the days to interest_on,
	 * of the one claim carried; claim_count > 1 needs the replay */
	int64_t interest_sum;
	date interest_on;
	money interest_covered;
	money compensation_coming; /* owed from the day after the due date, not yet reached */
	date limitation_on;
	struct life_instalment *instalments; /* of a running plan */
	size_t instalment_count;
	struct life_line *lines; /* when asked for */
	size_t line_count;
};

struct life {
	struct life_case *cases; /* as group_facts.claims */
	size_t case_count;
};

struct life_span {
	date until;       /* time passes to the end of this day: interest, compensation, deferrals */
	date steps_until; /* steps are taken up to the end of this day; DATE_NONE: none */
	bool explain;     /* fill lines */
};

/* Replays the group. Facts that count after span.until are left out when explain is set (a question about a day);
 * otherwise all are worked in (the book). law must reach span.until and every fact: check with law_reaches().
 * Results live in arena. */
void life_replay(const struct group_facts *facts, const struct law *law, struct life_span span, struct arena *arena,
	struct life *ret_life);

/* What a case whose state is known on from owes on a later day: interest of one claim by running total. */
money life_interest(const struct law *law, int64_t interest_sum, money principal, date from, date on);
/* A running total in øre: half up, once. sum: principal in minor units × basis points × days. */
money interest_rounded(int64_t sum);

#endif
