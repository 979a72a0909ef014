#include "core/policy.h"

#include "base/catalog.h"

static const struct {
	const char *name, *text;
} answers[POLICY_ANSWER_COUNT] = {
	[POLICY_GRANTED] = { "granted", "granted" },
	[POLICY_CLIENT_DECIDES] = { "client_decides", N_("the creditor wants each request to be looked at by a person") },
	[POLICY_TOO_LONG] = { "too_long", N_("the day is later than the creditor lets us grant at once") },
	[POLICY_TOO_MANY] = { "too_many", N_("there are more instalments than the creditor lets us grant at once") },
	[POLICY_TOO_SMALL] = { "too_small", N_("the instalments are smaller than the creditor lets us grant at once") },
	[POLICY_AGAIN] = { "again", N_("more time or a plan has been granted in this case before") },
	[POLICY_STAGE] = { "stage", N_("the case has come so far that a person must look at it") },
	[POLICY_PAST] = { "past", N_("the day has passed") },
	[POLICY_CLOSED] = { "closed", N_("there is nothing left to pay in this case") },
	[POLICY_STANDS_STILL] = { "stands_still", N_("nothing is demanded in this case at the moment") },
};

bool policy_asks_handler(enum policy_answer answer)
{
	return answer >= POLICY_CLIENT_DECIDES && answer <= POLICY_STAGE;
}

const char *policy_answer_name(enum policy_answer answer)
{
	require(answer < POLICY_ANSWER_COUNT);
	return answers[answer].name;
}

const char *policy_answer_text(enum policy_answer answer)
{
	require(answer < POLICY_ANSWER_COUNT);
	return answers[answer].text;
}

static enum policy_answer stage_answer(enum stage stage)
{
	switch (stage) {
	case STAGE_CLOSED:
	case STAGE_WITHDRAWN:
		return POLICY_CLOSED;
	case STAGE_DISPUTED:
	case STAGE_BLOCKED:
	case STAGE_DEFERRED:
	case STAGE_PLAN:
		return POLICY_STANDS_STILL;
	case STAGE_LEGAL:
	case STAGE_SURVEILLANCE:
		return POLICY_STAGE;
	default:
		return POLICY_GRANTED;
	}
}

static enum policy_answer terms_answer(const struct policy *policy, const struct policy_wish *wish, money balance, date today)
{
	int64_t days = date_diff(today, wish->until);
	if (policy->defer_days_max <= 0 || (wish->kind == POLICY_INSTALMENTS && policy->instalments_max <= 0))
		return POLICY_CLIENT_DECIDES;
	if (days > policy->defer_days_max)
		return POLICY_TOO_LONG;
	if (wish->kind == POLICY_MORE_TIME)
		return POLICY_GRANTED;
	if (wish->instalments > policy->instalments_max)
		return POLICY_TOO_MANY;
	/* All but the last are equal, so the first one tells (core/track.c). */
	if (money_split(balance, wish->instalments, 0).minor < policy->instalment_min.minor)
		return POLICY_TOO_SMALL;
	return POLICY_GRANTED;
}

enum policy_answer policy_decide(const struct policy *policy, const struct policy_wish *wish,
	const struct policy_case *standing, date today)
{
	enum policy_answer stage = stage_answer(standing->stage);
	require(wish->kind == POLICY_MORE_TIME || wish->instalments > 0);
	if (stage == POLICY_STANDS_STILL || stage == POLICY_CLOSED)
		return stage;
	if (standing->balance.minor <= 0)
		return POLICY_CLOSED;
	if (date_before(wish->until, today))
		return POLICY_PAST;
	if (stage != POLICY_GRANTED)
		return stage;
	if (standing->granted_before > 0)
		return POLICY_AGAIN;
	return terms_answer(policy, wish, standing->balance, today);
}
