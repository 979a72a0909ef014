#include "app/policy.h"

#include "app/task.h"
#include "sql.h"

err_t policy_get(const struct op *op, int64_t client_no, struct policy *ret_policy)
{
	struct policy_get_row row;
	bool found;
	TRY(q_policy_get(op->db, op->arena, client_no, &row, &found));
	*ret_policy = (struct policy){ 0 };
	if (found)
		*ret_policy = (struct policy){ row.defer_days_max, row.instalments_max, money_of(row.instalment_minor_min) };
	return OK;
}

static err_t policy_write(const struct op *op, int64_t client_no, const struct policy *policy, int64_t now)
{
	struct client_find_row client;
	bool found;
	TRY(q_client_find(op->db, op->arena, client_no, &client, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no client %lld", (long long)client_no);
	return q_policy_put(op->db, client_no, policy->defer_days_max, policy->instalments_max, policy->instalment_min.minor,
		now);
}

err_t policy_set(const struct op *op, int64_t client_no, const struct policy *policy, int64_t now)
{
	bool joined;
	if (policy->defer_days_max < 0 || policy->defer_days_max > POLICY_DEFER_DAYS_MAX)
		return fail(ERR_INPUT, "more time is 0 to %d days", POLICY_DEFER_DAYS_MAX);
	if (policy->instalments_max < 0 || policy->instalments_max > POLICY_INSTALMENTS_MAX)
		return fail(ERR_INPUT, "a plan granted at once has 0 to %d instalments", POLICY_INSTALMENTS_MAX);
	if (policy->instalment_min.minor < 0 || policy->instalment_min.minor > MONEY_MAX_MINOR)
		return fail(ERR_INPUT, "the least instalment is below zero or too large");
	TRY(op_begin(op, &joined));
	return op_end(op, joined, policy_write(op, client_no, policy, now));
}

err_t policy_try(const struct op *op, const struct policy_request *request, enum policy_answer *ret_answer)
{
	struct case_question question = { .case_no = request->case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	struct case_view view;
	struct policy policy;
	struct policy_granted_row granted;
	bool found;
	if (date_is_none(request->wish.until))
		return fail(ERR_INPUT, "a day is needed");
	if (request->wish.kind == POLICY_INSTALMENTS && (request->wish.instalments < 1 || request->wish.instalments > 360))
		return fail(ERR_INPUT, "a plan has 1 to 360 instalments");
	TRY(case_show(op, question, &view));
	if (view.life.carrier_no)
		return fail(ERR_REFUSED, "case %lld was joined to case %lld: ask there", (long long)request->case_no,
			(long long)view.life.carrier_no);
	TRY(policy_get(op, view.client_no, &policy));
	TRY(q_policy_granted(op->db, op->arena, request->case_no, &granted, &found));
	struct policy_case standing = { view.life.stage, view.life.balance, granted.fact_count };
	*ret_answer = policy_decide(&policy, &request->wish, &standing, op->today);
	return OK;
}

static err_t wish_grant(const struct op *op, const struct policy_request *request, struct policy_result *result)
{
	struct case_act act = {
		.kind = request->wish.kind == POLICY_MORE_TIME ? CASE_DEFER : CASE_PLAN,
		.case_no = request->case_no,
		.on = DATE_NONE,
		.until = request->wish.until,
		.number = request->wish.kind == POLICY_INSTALMENTS ? request->wish.instalments : 0,
		.told = request->told,
		.code = S(""),
		.note = request->note.at ? request->note : S(""),
	};
	return case_act(op, &act, &result->act);
}

static err_t wish_hand_on(const struct op *op, const struct policy_request *request, struct policy_result *result)
{
	const char *reason = policy_answer_text(result->answer);
	str wish = request->wish.kind == POLICY_MORE_TIME
			   ? str_format(op->arena, "until %s", date_iso(request->wish.until).z)
			   : str_format(op->arena, "%lld instalments from %s", (long long)request->wish.instalments,
				     date_iso(request->wish.until).z);
	struct task_new task = {
		.kind = TASK_MORE_TIME,
		.case_no = request->case_no,
		.due_on = DATE_NONE,
		.detail = str_format(op->arena, "%.*s; %s%s%.*s", STR_ARG(wish), reason, request->note.size ? ": " : "",
			STR_ARG(request->note)),
		.now = request->now,
	};
	return task_open_once(op, &task, &result->task_id);
}

static err_t wish_answer(const struct op *op, const struct policy_request *request, struct policy_result *ret_result)
{
	struct policy_result result = { 0 };
	TRY(policy_try(op, request, &result.answer));
	if (result.answer == POLICY_GRANTED)
		TRY(wish_grant(op, request, &result));
	else if (policy_asks_handler(result.answer))
		TRY(wish_hand_on(op, request, &result));
	*ret_result = result;
	return OK;
}

err_t policy_ask(const struct op *op, const struct policy_request *request, struct policy_result *ret_result)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, wish_answer(op, request, ret_result));
}
