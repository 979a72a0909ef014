/* The facts of a group of cases: what the replay (life.h) works from. Nothing here is computed by the engine.
 *
 * A case is born with one claim. Cases of one client against one identified debtor form a group, because they may be
 * joined in one demand (inkassoloven § 17); a debtor without an id is a group of its own. */
#ifndef KRAVBOK_CORE_FACTS_H
#define KRAVBOK_CORE_FACTS_H

#include "base/date.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum allocation_order { ALLOCATION_COSTS_FIRST, ALLOCATION_PRINCIPAL_FIRST };

/* What was agreed with the client when the claim came in. */
struct terms {
	int64_t client_no;
	str process;    /* "no/standard" */
	int grace_days; /* may only lengthen the process's own */
	bool vat_deductible;
	int64_t commission_bp;
	enum allocation_order allocation;
};

struct claim_facts {
	int64_t case_no;
	const struct terms *terms;
	bool business; /* the debtor is not a consumer */
	bool alone;    /* never joined */
	str invoice_no;
	date issued_on, due_on, received_on;
	money amount; /* of the invoice, > 0 */
	money paid;   /* to the creditor before hand-over; < amount */
	/* letters the creditor has sent itself; DATE_NONE for none */
	date reminder_on, notice_on, notice_deadline;
	money fees; /* that it has charged for them */
};

enum fact_kind {
	FACT_CREDIT,         /* amount off the claim; counts from the due date */
	FACT_OBJECTION,
	FACT_RESOLUTION,     /* outcome, amount credited */
	FACT_DEFERRAL,       /* until */
	FACT_PLAN,           /* number instalments, first one on until; code "told" */
	FACT_PLAN_END,       /* by a person */
	FACT_BLOCK,          /* code: the reason */
	FACT_UNBLOCK,
	FACT_LEGAL,          /* code: proceeding; amount: court fee; number: drafting fee in minor units; note client|agency */
	FACT_DEMAND,         /* a new demand, ordered by a person, free of charge */
	FACT_SURVEILLANCE,   /* until: its review */
	FACT_LETTER_HANDED,  /* until: the day it was ordered; code: its step. Handed over later than ordered */
	FACT_LETTER_WITHDRAWN, /* the letter ordered on until is not sent, its charge not made */
	FACT_CLOSE,          /* given up by a person; code: why */
	FACT_WITHDRAW,       /* handed back to the client */
	FACT_PAYMENT,        /* money on our account; ledger_on: settlement day; code "deduction": from earnings */
	FACT_DIRECT_PAYMENT, /* reported by the client */
	FACT_REVERSAL,       /* of the payment fact `number` */
	FACT_KIND_COUNT,
};
const char *fact_kind_name(enum fact_kind kind);
bool fact_kind_named(str name, enum fact_kind *ret_kind);

struct fact {
	int64_t case_no;
	int64_t fact_no; /* within the case, from 1, in order of arrival */
	enum fact_kind kind;
	date counts_on, booked_on;
	date ledger_on; /* DATE_NONE: the day it counts from */
	date until;     /* DATE_NONE where the kind has none */
	money amount;
	int64_t number;
	str code, note;
};

/* Days on which no night was run: no step is dated in them. */
struct night_gap {
	date first, last;
};

struct group_facts {
	const struct claim_facts *claims; /* by case number, ascending */
	size_t claim_count;
	const struct fact *facts; /* any order */
	size_t fact_count;
	const struct night_gap *gaps; /* ascending */
	size_t gap_count;
};

#endif
