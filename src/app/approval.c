#include "app/approval.h"

#include "app/case_page.h"
#include "app/note.h"
#include "app/payment.h"
#include "base/json.h"
#include "format/json_read.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_SIZE_MAX = 64 << 10, REASON_SIZE_MAX = 2000 };

static const char *const kind_names[APPROVAL_KIND_COUNT] = { "refund", "write_off", "mass", "payout" };

const char *approval_kind_name(enum approval_kind kind)
{
	require(kind < APPROVAL_KIND_COUNT);
	return kind_names[kind];
}

bool approval_kind_named(str name, enum approval_kind *ret_kind)
{
	for (int i = 0; i < APPROVAL_KIND_COUNT; i++)
		if (str_eq_z(name, kind_names[i])) {
			*ret_kind = (enum approval_kind)i;
			return true;
		}
	return false;
}

/* Acts that may be done to many cases at once. */
static const struct {
	enum case_act_kind kind;
	const char *name;
	bool needs_until;
} mass_acts[] = {
	{ CASE_CLOSE, "close", false },
	{ CASE_WITHDRAW, "withdraw", false },
	{ CASE_DEFER, "defer", true },
	{ CASE_SURVEIL, "surveil", true },
};
enum { MASS_ACT_COUNT = sizeof mass_acts / sizeof *mass_acts };

static int mass_act_of(enum case_act_kind kind)
{
	for (int i = 0; i < MASS_ACT_COUNT; i++)
		if (mass_acts[i].kind == kind)
			return i;
	return -1;
}

/* ---- asking ---- */

/* The act as JSON: the same request gives the same text, whoever asks. */
static err_t request_write(const struct op *op, const struct approval_new *request, str *ret_text)
{
	struct text text = text_in(op->arena, REQUEST_SIZE_MAX);
	struct json json = json_in(op->arena, sink_text(&text));
	json_object(&json);
	switch (request->kind) {
	case APPROVAL_REFUND:
		json_key(&json, "payment_id"), json_int(&json, request->payment_id);
		break;
	case APPROVAL_WRITE_OFF:
		json_key(&json, "case_no"), json_int(&json, request->case_no);
		break;
	case APPROVAL_MASS:
		json_key(&json, "act"), json_z(&json, mass_acts[mass_act_of(request->act.kind)].name);
		json_key(&json, "until"), json_date(&json, request->act.until);
		json_key(&json, "note"), json_str(&json, request->act.note.at ? request->act.note : S(""));
		json_key(&json, "cases"), json_array(&json);
		for (size_t i = 0; i < request->case_count; i++)
			json_int(&json, request->case_nos[i]);
		json_end(&json);
		break;
	case APPROVAL_PAYOUT:
		json_key(&json, "on"), json_date(&json, request->on);
		break;
	case APPROVAL_KIND_COUNT:
		panic("an approval of unknown kind");
	}
	json_end(&json);
	TRY(json_finish(&json));
	*ret_text = str_trim(text_str(&text));
	return OK;
}

static err_t refund_check(const struct op *op, const struct approval_new *request, money *ret_amount)
{
	struct payment_get_row payment;
	struct payment_hold_get_row hold;
	bool found;
	TRY(q_payment_get(op->db, op->arena, request->payment_id, &payment, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no payment %lld", (long long)request->payment_id);
	TRY(q_payment_hold_get(op->db, op->arena, request->payment_id, &hold, &found));
	if (!found)
		return fail(ERR_REFUSED, "payment %lld is not on hold", (long long)request->payment_id);
	*ret_amount = payment.amount_minor;
	return OK;
}

/* What the cases owe together; each must be there, open, and named once. */
static err_t cases_check(const struct op *op, const int64_t *case_nos, size_t count, money *ret_amount)
{
	struct case_line *lines;
	size_t line_count;
	money sum = MONEY_ZERO;
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (case_nos[i] == case_nos[k])
				return fail(ERR_INPUT, "case %lld is in the list twice", (long long)case_nos[i]);
	TRY(case_lines(op, case_nos, count, &lines, &line_count));
	for (size_t i = 0; i < line_count; i++) {
		if (!date_is_none(lines[i].closed_on) || lines[i].carrier_no)
			return fail(ERR_REFUSED, "case %lld is closed, or joined to another", (long long)lines[i].case_no);
		sum = money_add(sum, lines[i].balance);
	}
	for (size_t i = 0; i < line_count; i++)
		if (lines[i].case_no != case_nos[i])
			return fail(ERR_INPUT, "there is no case %lld", (long long)case_nos[i]);
	if (line_count < count)
		return fail(ERR_INPUT, "there is no case %lld", (long long)case_nos[line_count]);
	*ret_amount = sum;
	return OK;
}

static err_t mass_check(const struct op *op, const struct approval_new *request, money *ret_amount)
{
	int act = mass_act_of(request->act.kind);
	if (act < 0)
		return fail(ERR_INPUT, "only closing, handing back, deferring and surveillance may be asked for many cases");
	if (!request->case_count || request->case_count > APPROVAL_CASES_MAX)
		return fail(ERR_INPUT, "a mass act is for 1 to %d cases", APPROVAL_CASES_MAX);
	if (mass_acts[act].needs_until == date_is_none(request->act.until))
		return mass_acts[act].needs_until ? fail(ERR_INPUT, "the day it lasts to is needed")
						  : fail(ERR_INPUT, "this act has no day it lasts to");
	return cases_check(op, request->case_nos, request->case_count, ret_amount);
}

static err_t payout_check(const struct op *op, const struct approval_new *request, money *ret_amount)
{
	struct approval_due_sum_row row;
	bool found;
	if (date_is_none(request->on) || date_after(request->on, op->today))
		return fail(ERR_INPUT, "a settlement is of today or an earlier day");
	TRY(q_approval_due_sum(op->db, op->arena, request->on, &row, &found));
	*ret_amount = row.amount_minor;
	return OK;
}

static err_t request_check(const struct op *op, const struct approval_new *request, money *ret_amount)
{
	switch (request->kind) {
	case APPROVAL_REFUND:
		return refund_check(op, request, ret_amount);
	case APPROVAL_WRITE_OFF:
		return cases_check(op, &request->case_no, 1, ret_amount);
	case APPROVAL_MASS:
		return mass_check(op, request, ret_amount);
	case APPROVAL_PAYOUT:
		return payout_check(op, request, ret_amount);
	case APPROVAL_KIND_COUNT:
		break;
	}
	panic("an approval of unknown kind");
}

static err_t request_store(const struct op *op, const struct approval_new *request, int64_t *ret_approval_id)
{
	struct approval_last_row last;
	struct approval_same_row *same;
	size_t same_count;
	money amount;
	str text, reason, kind = str_from_z(approval_kind_name(request->kind));
	bool found;
	require(request->asked_by > 0);
	TRY(note_text(request->reason, REASON_SIZE_MAX, &reason));
	TRY(request_check(op, request, &amount));
	TRY(request_write(op, request, &text));
	TRY(q_approval_same(op->db, op->arena, kind, text, &same, &same_count));
	if (same_count)
		return fail(ERR_REFUSED, "the same waits for agreement already: number %lld", (long long)same[0].approval_id);
	TRY(q_approval_last(op->db, op->arena, &last, &found));
	*ret_approval_id = last.approval_id + 1;
	return q_approval_insert(op->db, last.approval_id + 1, kind,
		request->kind == APPROVAL_WRITE_OFF ? request->case_no : INT64_MIN,
		request->kind == APPROVAL_REFUND ? request->payment_id : INT64_MIN, amount, text, reason, request->asked_by,
		request->now);
}

err_t approval_ask(const struct op *op, const struct approval_new *request, int64_t *ret_approval_id)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, request_store(op, request, ret_approval_id));
}

/* ---- reading ---- */

/* A stored request, read back. */
struct act_read {
	struct json_value json;
	int64_t *case_nos;
	size_t case_count;
};

static err_t request_read(const struct op *op, str text, struct act_read *ret_act)
{
	struct act_read act = { 0 };
	TRY(json_read(text, op->arena, &act.json));
	const struct json_value *cases = json_member(&act.json, "cases");
	if (cases && cases->kind == JSON_READ_ARRAY) {
		act.case_count = cases->count;
		act.case_nos = arena_many(op->arena, cases->count, int64_t);
		for (size_t i = 0; i < cases->count; i++)
			act.case_nos[i] = cases->items[i].integer;
	}
	*ret_act = act;
	return OK;
}

static err_t approval_of_row(const struct op *op, const struct approval_rows_row *row, struct approval *ret_approval)
{
	struct act_read act;
	struct approval approval = {
		.approval_id = row->approval_id,
		.case_no = row->has_case_id ? row->case_id : 0,
		.payment_id = row->has_payment_id ? row->payment_id : 0,
		.amount = row->amount_minor,
		.request = row->request,
		.reason = row->reason,
		.asked_by_name = row->asked_name,
		.decided_by_name = row->decided_name,
		.decision = row->decision,
		.decision_reason = row->decision_reason,
		.asked_by = row->asked_by,
		.asked_at = row->asked_at,
		.decided_by = row->has_decided_by ? row->decided_by : 0,
		.decided_at = row->has_decided_at ? row->decided_at : 0,
	};
	if (!approval_kind_named(row->kind, &approval.kind))
		return fail(ERR_INTERNAL, "approval %lld is of unknown kind '%.*s'", (long long)row->approval_id,
			STR_ARG(row->kind));
	TRY(within(request_read(op, row->request, &act), "approval %lld", (long long)row->approval_id));
	approval.case_count = act.case_count;
	TRY(json_member_str_or(&act.json, "act", S(""), &approval.act));
	TRY(json_member_date_or(&act.json, "on", DATE_NONE, &approval.on));
	*ret_approval = approval;
	return OK;
}

static err_t approvals_read(const struct op *op, const struct db_pick *picks, size_t pick_count, struct approval **ret_approvals,
	size_t *ret_count)
{
	struct approval_rows_row *rows;
	TRY(db_pick(op->db, picks, pick_count));
	TRY(q_approval_rows(op->db, op->arena, &rows, ret_count));
	*ret_approvals = arena_many(op->arena, *ret_count, struct approval);
	for (size_t i = 0; i < *ret_count; i++)
		TRY(approval_of_row(op, &rows[i], &(*ret_approvals)[i]));
	return OK;
}

err_t approval_list(const struct op *op, struct approval_place place, struct approval **ret_approvals, size_t *ret_count)
{
	struct approval_keys_row *keys;
	size_t count;
	require(place.count <= APPROVAL_PAGE_MAX);
	TRY(q_approval_keys(op->db, op->arena, place.after_id, i64_from_size(place.count), &keys, &count));
	struct db_pick *picks = arena_many(op->arena, count, struct db_pick);
	for (size_t i = 0; i < count; i++)
		picks[i].id = keys[i].approval_id;
	return approvals_read(op, picks, count, ret_approvals, ret_count);
}

err_t approval_get(const struct op *op, int64_t approval_id, struct approval *ret_approval)
{
	struct db_pick pick = { .id = approval_id };
	struct approval *approvals;
	size_t count;
	TRY(approvals_read(op, &pick, 1, &approvals, &count));
	if (!count)
		return fail(ERR_INPUT, "there is no request %lld", (long long)approval_id);
	*ret_approval = approvals[0];
	return OK;
}

/* ---- deciding ---- */

static err_t undecided(const struct op *op, const struct approval_decision *decision, struct approval *ret_approval)
{
	require(decision->person_id > 0);
	TRY(approval_get(op, decision->approval_id, ret_approval));
	if (ret_approval->decided_at)
		return fail(ERR_REFUSED, "request %lld was %.*s by %.*s", (long long)decision->approval_id,
			STR_ARG(ret_approval->decision), STR_ARG(ret_approval->decided_by_name));
	return OK;
}

static err_t decide(const struct op *op, const struct approval_decision *decision, const char *word, bool is_final)
{
	return q_approval_decide(op->db, decision->person_id, is_final ? decision->now : INT64_MIN, str_from_z(word),
		decision->reason.at ? decision->reason : S(""), decision->approval_id);
}

static err_t case_acts(const struct op *op, const struct case_act *like, const int64_t *case_nos, size_t count,
	int64_t *ret_done)
{
	struct case_act_result result;
	for (size_t i = 0; i < count; i++) {
		struct case_act act = *like;
		act.case_no = case_nos[i];
		TRY(within(case_act(op, &act, &result), "case %lld", (long long)case_nos[i]));
	}
	*ret_done = i64_from_size(count);
	return OK;
}

static err_t mass_act(const struct op *op, const struct approval *approval, struct approval_result *result)
{
	struct act_read read;
	str name;
	struct case_act act = { .on = DATE_NONE, .code = S("") };
	TRY(request_read(op, approval->request, &read));
	TRY(json_member_str(&read.json, "act", &name));
	TRY(json_member_str(&read.json, "note", &act.note));
	TRY(json_member_date_or(&read.json, "until", DATE_NONE, &act.until));
	if (!act.note.size)
		act.note = approval->reason;
	for (int i = 0; i < MASS_ACT_COUNT; i++)
		if (str_eq_z(name, mass_acts[i].name)) {
			act.kind = mass_acts[i].kind;
			return case_acts(op, &act, read.case_nos, read.case_count, &result->done_count);
		}
	return fail(ERR_INTERNAL, "request %lld asks for the unknown act '%.*s'", (long long)approval->approval_id, STR_ARG(name));
}

static err_t act_carry_out(const struct op *op, const struct approval *approval, struct approval_result *result)
{
	struct case_act close = { .kind = CASE_CLOSE, .on = DATE_NONE, .until = DATE_NONE, .code = S(""), .note = approval->reason };
	money amount;
	switch (approval->kind) {
	case APPROVAL_REFUND:
		result->done_count = 1;
		return payment_refund(op, approval->payment_id, &amount);
	case APPROVAL_WRITE_OFF:
		return case_acts(op, &close, &approval->case_no, 1, &result->done_count);
	case APPROVAL_MASS:
		return mass_act(op, approval, result);
	default:
		panic("an approval that is carried out in steps");
	}
}

/* Everything but a payout: the act and the decision are one. */
static err_t agree_at_once(const struct op *op, const struct approval_decision *decision, const struct approval *approval,
	struct approval_result *result)
{
	TRY(act_carry_out(op, approval, result));
	return decide(op, decision, "agreed", true);
}

static err_t agree_check(const struct op *op, const struct approval_decision *decision, struct approval *ret_approval)
{
	TRY(undecided(op, decision, ret_approval));
	if (ret_approval->asked_by == decision->person_id)
		return fail(ERR_REFUSED, "another person must agree to what you have asked for");
	return OK;
}

static err_t agree_first(const struct op *op, const struct approval_decision *decision, struct approval *ret_approval,
	struct approval_result *result)
{
	TRY(agree_check(op, decision, ret_approval));
	if (ret_approval->kind == APPROVAL_PAYOUT)
		return decide(op, decision, "begun", false);
	return agree_at_once(op, decision, ret_approval, result);
}

err_t approval_agree(const struct op *op, const struct approval_decision *decision, struct approval_result *ret_result)
{
	struct approval approval;
	struct approval_result result = { 0 };
	TRY(db_begin(op->db));
	TRY(db_end(op->db, agree_first(op, decision, &approval, &result)));
	if (approval.kind == APPROVAL_PAYOUT) {
		require(decision->folder);
		TRY(settle_run(op, approval.on, decision->folder, &result.settled));
		result.done_count = i64_from_size(result.settled.client_count);
		TRY(db_begin(op->db));
		TRY(db_end(op->db, decide(op, decision, "agreed", true)));
	}
	*ret_result = result;
	return OK;
}

static err_t refuse(const struct op *op, const struct approval_decision *decision)
{
	struct approval approval;
	struct approval_decision refusal = *decision;
	TRY(note_text(decision->reason, REASON_SIZE_MAX, &refusal.reason));
	TRY(undecided(op, decision, &approval));
	if (str_eq_z(approval.decision, "begun"))
		return fail(ERR_REFUSED, "request %lld has been agreed to and is being carried out",
			(long long)decision->approval_id);
	return decide(op, &refusal, "refused", true);
}

err_t approval_refuse(const struct op *op, const struct approval_decision *decision)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, refuse(op, decision));
}
