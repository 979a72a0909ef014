/* Names of the engine's kinds as they stand in the database and in JSON: one table each, so that writing and reading
 * cannot drift apart. */
#include "core/facts.h"
#include "core/life.h"

static bool name_find(const char *const *names, int count, str name, int *ret_index)
{
	for (int i = 0; i < count; i++)
		if (str_eq_z(name, names[i])) {
			*ret_index = i;
			return true;
		}
	return false;
}

static const char *const stage_names[STAGE_COUNT] = {
	"registered", "reminder", "notice", "demand", "heavy", "enforcement_notice", "legal", "surveillance", "plan",
	"disputed", "deferred", "blocked", "residual", "closed", "withdrawn",
};

static const char *const event_names[EVENT_KIND_COUNT] = {
	"principal", "paid_before", "prior_fees", "compensation", "reminder", "notice", "demand", "heavy",
	"enforcement_notice", "residual_reminder", "absorb", "payment", "direct_payment", "reversal", "credit", "waiver",
	"objection", "resolution", "deferral", "deferral_end", "plan", "plan_broken", "plan_kept", "plan_end", "block",
	"unblock", "legal", "drafting", "surveillance", "limitation_warning", "joined", "join", "closed", "given_up",
	"withdrawn",
};

static const char *const fact_names[FACT_KIND_COUNT] = {
	"credit", "objection", "resolution", "deferral", "plan", "plan_end", "block", "unblock", "legal", "demand",
	"surveillance", "letter_handed", "letter_withdrawn", "close", "withdraw", "payment", "direct_payment", "reversal",
};

const char *stage_name(enum stage stage)
{
	require(stage < STAGE_COUNT);
	return stage_names[stage];
}

bool stage_named(str name, enum stage *ret_stage)
{
	int index;
	if (!name_find(stage_names, STAGE_COUNT, name, &index))
		return false;
	*ret_stage = (enum stage)index;
	return true;
}

const char *event_kind_name(enum event_kind kind)
{
	require(kind < EVENT_KIND_COUNT);
	return event_names[kind];
}

bool event_kind_named(str name, enum event_kind *ret_kind)
{
	int index;
	if (!name_find(event_names, EVENT_KIND_COUNT, name, &index))
		return false;
	*ret_kind = (enum event_kind)index;
	return true;
}

const char *fact_kind_name(enum fact_kind kind)
{
	require(kind < FACT_KIND_COUNT);
	return fact_names[kind];
}

bool fact_kind_named(str name, enum fact_kind *ret_kind)
{
	int index;
	if (!name_find(fact_names, FACT_KIND_COUNT, name, &index))
		return false;
	*ret_kind = (enum fact_kind)index;
	return true;
}

bool event_is_step(enum event_kind kind)
{
	return kind >= EVENT_REMINDER && kind <= EVENT_ENFORCEMENT_NOTICE;
}

bool event_is_letter(enum event_kind kind)
{
	return (event_is_step(kind) && kind != EVENT_HEAVY) || kind == EVENT_RESIDUAL_REMINDER || kind == EVENT_PLAN;
}
