/* One case: shown as of any day, previewed, and acted on by a person. */
#ifndef KRAVBOK_APP_CASE_H
#define KRAVBOK_APP_CASE_H

#include "app/op.h"
#include "core/life.h"

struct terms_book;

/* A case number, one of our KIDs, or a creditor's own KID. ERR_INPUT when there is no such case. */
err_t case_find(const struct op *op, str reference, int64_t *ret_case_no) MUST_CHECK;

struct case_view {
	int64_t case_no, client_no;
	str kid, currency, client_name;
	str debtor_name, debtor_kind, debtor_address, debtor_postcode, debtor_city;
	str invoice_no, description;
	date issued_on, due_on, received_on;
	date as_of;
	struct life_case life; /* lines filled */
	date law_ends; /* of a preview that would reach beyond what the law knows; DATE_NONE */
};

/* as_of, known_on: DATE_NONE for today and for all that is known. A day after today is refused (that is a preview). */
struct case_question {
	int64_t case_no;
	date as_of, known_on;
};
err_t case_show(const struct op *op, struct case_question question, struct case_view *ret_view) MUST_CHECK;

/* The nightly code run forward on a copy: what will have happened by `until`, if nothing is paid or if `pay` counts
 * from pay_on. Events after today are the preview. Stops at the law's horizon (law_ends says so). */
struct case_preview {
	int64_t case_no;
	date until; /* DATE_NONE: six months ahead, or the law's horizon */
	money pay;  /* zero: nothing */
	date pay_on;
};
err_t case_preview(const struct op *op, struct case_preview preview, struct case_view *ret_view) MUST_CHECK;

struct case_list_row {
	int64_t case_no, client_no;
	str kid, debtor, stage, next_step;
	date next_on;
	money balance;
	const str *invoices;
	size_t invoice_count;
};
struct case_list_filter {
	int64_t client_no; /* 0: all */
	str stage;         /* empty: all */
};
/* Every case in order of number, in pages; rows are good during the call. */
err_t case_list(const struct op *op, struct case_list_filter filter,
	err_t (*each)(const struct case_list_row *row, void *context), void *context) MUST_CHECK;

/* ---- what a case owes on a day, from its stored state: for lists and reports ---- */

struct case_standing { /* columns of case_state */
	int64_t case_no;
	money principal, costs, interest_covered;
	int64_t interest_sum;
	date interest_on;
	money compensation_coming;
};
/* The columns of any generated row that has them. */
#define STANDING_OF_ROW(row) \
	((struct case_standing){ \
		.case_no = (row)->case_id, \
		.principal = (row)->principal_minor, \
		.costs = (row)->costs_minor, \
		.interest_covered = (row)->interest_paid_minor, \
		.interest_sum = (row)->interest_sum, \
		.interest_on = (row)->interest_on, \
		.compensation_coming = (row)->compensation_minor, \
	})

struct case_amounts {
	money principal, costs, interest;
};
money case_balance(const struct case_amounts *amounts);
/* False: several claims, or costs beside a compensation to come, so the case must be replayed. The law must reach on. */
bool case_amounts_quick(const struct law *law, const struct case_standing *standing, date on,
	struct case_amounts *ret_amounts);

struct case_counter { /* for many cases one after another */
	const struct op *op;
	struct terms_book *terms; /* read when the first case is replayed */
	struct arena *arena;      /* for replays; given back after each case */
	date on;
};
err_t case_amounts(struct case_counter *counter, const struct case_standing *standing, struct case_amounts *ret_amounts)
	MUST_CHECK;

/* What all open cases owe on a day, in sum: a scan, no replay but for the few cases that carry several claims. */
struct case_owed_sum {
	int64_t case_count;
	money principal, interest, costs;
};
err_t case_owed(const struct op *op, date on, struct case_owed_sum *ret_sum) MUST_CHECK;

/* What a person does to a case. Everything is a fact with a day it counts from (on; DATE_NONE: today). */
enum case_act_kind {
	CASE_OBJECT,
	CASE_RESOLVE,    /* outcome upheld | part | rejected; amount credited with part */
	CASE_DEFER,      /* until */
	CASE_PLAN,       /* number of parts, until: the first one; told of the fee */
	CASE_PLAN_END,
	CASE_BLOCK,      /* code: deceased | bankruptcy | debt_settlement | minor | time_barred */
	CASE_UNBLOCK,
	CASE_CLOSE,      /* note: why */
	CASE_PAY_DIRECT, /* amount */
	CASE_WITHDRAW,
	CASE_CREDIT,     /* amount */
	CASE_LEGAL,      /* code: proceeding; note: who advanced the cost */
	CASE_DEMAND,
	CASE_SURVEIL,    /* until: review */
};
struct case_act {
	enum case_act_kind kind;
	int64_t case_no;
	date on, until;
	money amount;
	int64_t number;
	bool told;
	str code, note;
};
struct case_act_result {
	enum stage stage;
	money balance;
	money cost; /* court and drafting fee, or plan fee, that the act brings */
	str next_step;
	date next_on;
	int64_t letters_withdrawn;
};
/* ERR_REFUSED says why the act may not be done now; ERR_INPUT what is wrong with it. Joins the caller's transaction. */
err_t case_act(const struct op *op, const struct case_act *act, struct case_act_result *ret_result) MUST_CHECK;

#endif
