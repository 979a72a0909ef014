/* What API calls of clients answer with: structs and their shapes (base/shape.h). */
#ifndef KRAVBOK_WEB_API_SHAPES_H
#define KRAVBOK_WEB_API_SHAPES_H

#include "app/case_history.h"
#include "app/case_page.h"
#include "app/claim.h"
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

extern const struct shape shape_case, shape_case_line, shape_case_moment, shape_instalment, shape_message, shape_claim_made, shape_claim_preview,
	shape_settlement, shape_settlement_line, shape_act_result, shape_report, shape_upload;

#endif
