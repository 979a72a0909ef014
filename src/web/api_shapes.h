/* What API calls of clients answer with: structs and their shapes (base/shape.h). */
#ifndef KRAVBOK_WEB_API_SHAPES_H
#define KRAVBOK_WEB_API_SHAPES_H

#include "app/case_history.h"
#include "app/case_page.h"
#include "app/claim.h"
#include "app/report.h"
#include "app/settle.h"
#include "app/upload.h"
#include "base/shape.h"

struct api_case {
	int64_t case_no, joined_to, claim_count;
	bool has_joined_to;
	str kid, invoice_no, description, debtor, currency, stage, next_step;
	date issued_on, due_on, received_on, next_on, closed_on, limitation_on;
	money principal, interest, costs, balance, paid;
};
struct api_case api_case_of(struct arena *arena, const struct case_view *view);

struct api_act_result {
	int64_t case_no;
	str stage;
	money balance;
	str next_step;
	date next_on;
	int64_t letters_withdrawn;
};

struct api_claim_made {
	int64_t case_no;
	str kid;
	bool was_known;
	str stage, next_step;
	date next_on;
};
struct api_claim_preview {
	bool was_known;
	const struct case_moment *coming;
	size_t coming_count;
	const struct claim_outcome *outcomes;
	size_t outcome_count;
};

struct api_settlement {
	int64_t settlement_no;
	date settled_on;
	money carried, movement, payout, carried_on;
	str payout_state; /* at NULL: nothing is paid out */
};
struct api_settlement_line {
	int64_t case_no;
	str invoice_no, debtor;
	date on, booked_on;
	const char *what;
	money gross, principal, interest, fees, compensation, court, direct, commission, vat, net;
	int64_t commission_bp;
};

struct api_report_range { /* days since due, or to payment */
	int64_t days_min, days_max, count;
	bool has_days_max;
	money balance;
};
struct api_report {
	date from, until;
	const struct report_month *months;
	size_t month_count;
	const struct api_report_range *ages, *delays;
	size_t age_count, delay_count;
	const struct report_week *weeks;
	size_t week_count;
	const struct report_stage *stages;
	size_t stage_count;
	int64_t solved_count, days_median;
	money cash, owed;
};
struct api_report api_report_of(struct arena *arena, const struct report *report);

extern const struct shape shape_case, shape_case_line, shape_case_moment, shape_instalment, shape_message, shape_claim_made, shape_claim_preview,
	shape_settlement, shape_settlement_line, shape_act_result, shape_report, shape_upload;

#endif
