/* What a client lets be granted at once, kept for each client; and a debtor's wish for time, answered by it. */
#ifndef KRAVBOK_APP_POLICY_H
#define KRAVBOK_APP_POLICY_H

#include "app/case.h"
#include "app/op.h"
#include "core/policy.h"

enum { POLICY_DEFER_DAYS_MAX = 90, POLICY_INSTALMENTS_MAX = 60 };

/* Of a client that has said nothing: zeros. */
err_t policy_get(const struct op *op, int64_t client_no, struct policy *ret_policy) MUST_CHECK;
/* ERR_INPUT for an unknown client and for limits below zero or above those here. */
err_t policy_set(const struct op *op, int64_t client_no, const struct policy *policy, int64_t now) MUST_CHECK;

struct policy_request {
	int64_t case_no;
	struct policy_wish wish;
	bool told; /* of the plan's fee, which is charged then */
	str note;  /* the debtor's own words; empty: none */
	int64_t now;
};
struct policy_result {
	enum policy_answer answer;
	struct case_act_result act; /* when granted */
	int64_t task_id;            /* when a handler decides: the task more_time */
};
/* The answer without doing anything: for the page that shows what a wish would bring. */
err_t policy_try(const struct op *op, const struct policy_request *request, enum policy_answer *ret_answer) MUST_CHECK;
/* Inside the policy the deferral or plan is made; outside it a handler gets a task with the wish and the reason. What can
 * never be granted is only answered. Joins the caller's transaction. */
err_t policy_ask(const struct op *op, const struct policy_request *request, struct policy_result *ret_result) MUST_CHECK;

#endif
