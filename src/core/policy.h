/* What a client lets be granted at once to a debtor who asks for time, and what it does not. Pure. */
#ifndef KRAVBOK_CORE_POLICY_H
#define KRAVBOK_CORE_POLICY_H

#include "base/date.h"
#include "base/money.h"
#include "core/life.h"

#include <stdint.h>

/* Zeros grant nothing at once: what holds for a client that has said nothing. */
struct policy {
	int64_t defer_days_max;   /* from today */
	int64_t instalments_max;
	money instalment_min;     /* each but a smaller last one */
};

enum policy_wish_kind { POLICY_MORE_TIME, POLICY_INSTALMENTS };
struct policy_wish {
	enum policy_wish_kind kind;
	date until;          /* more time: the last day; instalments: the first one's day */
	int64_t instalments; /* of POLICY_INSTALMENTS: how many */
};

/* How the case stands when the debtor asks. */
struct policy_case {
	enum stage stage;
	money balance;
	int64_t granted_before; /* deferrals and plans it has had already */
};

enum policy_answer {
	POLICY_GRANTED,
	/* a handler decides: */
	POLICY_CLIENT_DECIDES, /* the client lets nothing of the kind be granted at once */
	POLICY_TOO_LONG,       /* later than the client's limit */
	POLICY_TOO_MANY,       /* more instalments */
	POLICY_TOO_SMALL,      /* instalments below the least */
	POLICY_AGAIN,          /* there has been one before */
	POLICY_STAGE,          /* legal steps, surveillance: too far for an answer at once */
	/* never: */
	POLICY_PAST,           /* the day has passed */
	POLICY_CLOSED,         /* there is nothing to pay, or the case is over */
	POLICY_STANDS_STILL,   /* disputed, blocked, deferred or in a plan already: nothing is demanded now */
	POLICY_ANSWER_COUNT,
};
/* True for the answers after which a handler may still say yes. */
bool policy_asks_handler(enum policy_answer answer);
const char *policy_answer_name(enum policy_answer answer); /* "too_long": for JSON and translation */
const char *policy_answer_text(enum policy_answer answer); /* one English sentence, no full stop */

/* The first reason that applies, in the order above from the last to the first. */
enum policy_answer policy_decide(const struct policy *policy, const struct policy_wish *wish,
	const struct policy_case *standing, date today);

#endif
