#include "web/api_shapes.h"

#include "app/message.h"

#include <limits.h>

/* ROW(struct, member, name, type, about): a value that is always there; MAYBE: a date, text or instant that may be null. */
#define ROW(type_, member, name_, kind, about_) { name_, kind, offsetof(type_, member), about_, false, 0, NULL, 0 }
#define MAYBE(type_, member, name_, kind, about_) { name_, kind, offsetof(type_, member), about_, true, 0, NULL, 0 }
#define SHAPE(name_, about_, fields_, type_) { name_, about_, fields_, sizeof fields_ / sizeof *fields_, sizeof(type_) }

static const struct shape_field case_fields[] = {
	ROW(struct api_case, case_no, "case_no", SHAPE_INTEGER, "The case's number."),
	ROW(struct api_case, kid, "kid", SHAPE_TEXT, "The reference the debtor pays with."),
	ROW(struct api_case, invoice_no, "invoice_no", SHAPE_TEXT, "Your invoice."),
	ROW(struct api_case, description, "description", SHAPE_TEXT, "What you said it was for."),
	ROW(struct api_case, debtor, "debtor", SHAPE_TEXT, "The debtor's name."),
	ROW(struct api_case, currency, "currency", SHAPE_TEXT, "Of all amounts: NOK."),
	ROW(struct api_case, issued_on, "issued_on", SHAPE_DATE, "The invoice's day."),
	ROW(struct api_case, due_on, "due_on", SHAPE_DATE, "The day the invoice fell due."),
	ROW(struct api_case, received_on, "received_on", SHAPE_DATE, "The day we got the claim."),
	ROW(struct api_case, stage, "stage", SHAPE_TEXT, "How far the case has come: registered, reminder, notice, demand, … closed."),
	ROW(struct api_case, next_step, "next_step", SHAPE_TEXT, "What comes next; empty when the case is closed."),
	MAYBE(struct api_case, next_on, "next_on", SHAPE_DATE, "The day it comes."),
	MAYBE(struct api_case, closed_on, "closed_on", SHAPE_DATE, "The day the case was closed."),
	MAYBE(struct api_case, limitation_on, "limitation_on", SHAPE_DATE, "The day the claim is time-barred."),
	{ "joined_to", SHAPE_INTEGER, offsetof(struct api_case, joined_to), "The case that carries the claim on.", true,
		offsetof(struct api_case, has_joined_to), NULL, 0 },
	ROW(struct api_case, claim_count, "claim_count", SHAPE_INTEGER, "Claims this case carries: its own and those joined to it."),
	ROW(struct api_case, principal, "principal_minor", SHAPE_MONEY, "Principal owed today."),
	ROW(struct api_case, interest, "interest_minor", SHAPE_MONEY, "Late interest owed today."),
	ROW(struct api_case, costs, "costs_minor", SHAPE_MONEY, "Fees and costs owed today."),
	ROW(struct api_case, balance, "balance_minor", SHAPE_MONEY, "All that is owed today."),
	ROW(struct api_case, paid, "paid_minor", SHAPE_MONEY, "What has come in."),
};
const struct shape shape_case = SHAPE("case", "A case.", case_fields, struct api_case);

struct api_case api_case_of(struct arena *arena, const struct case_view *view)
{
	const struct life_case *life = &view->life;
	return (struct api_case){
		.case_no = view->case_no,
		.joined_to = life->carrier_no,
		.has_joined_to = life->carrier_no != 0,
		.claim_count = life->claim_count,
		.kid = view->kid,
		.invoice_no = view->invoice_no,
		.description = view->description,
		.debtor = view->debtor_name,
		.currency = view->currency,
		.stage = str_copy(arena, str_from_z(stage_name(life->stage))),
		.next_step = str_copy(arena, str_from_z(life->next_step)),
		.issued_on = view->issued_on,
		.due_on = view->due_on,
		.received_on = view->received_on,
		.next_on = life->next_on,
		.closed_on = life->closed_on,
		.limitation_on = life->limitation_on,
		.principal = life->principal,
		.interest = life->interest,
		.costs = life->costs,
		.balance = life->balance,
		.paid = life->paid,
	};
}

static const struct shape_field case_line_fields[] = {
	ROW(struct case_line, case_no, "case_no", SHAPE_INTEGER, "The case's number."),
	ROW(struct case_line, kid, "kid", SHAPE_TEXT, "The reference the debtor pays with."),
	ROW(struct case_line, invoice_no, "invoice_no", SHAPE_TEXT, "Your invoice."),
	ROW(struct case_line, debtor, "debtor", SHAPE_TEXT, "The debtor's name."),
	ROW(struct case_line, stage, "stage", SHAPE_TEXT, "How far the case has come."),
	ROW(struct case_line, next_step, "next_step", SHAPE_TEXT, "What comes next; empty when the case is closed."),
	ROW(struct case_line, due_on, "due_on", SHAPE_DATE, "The day the invoice fell due."),
	ROW(struct case_line, received_on, "received_on", SHAPE_DATE, "The day we got the claim."),
	MAYBE(struct case_line, next_on, "next_on", SHAPE_DATE, "The day the next step comes."),
	MAYBE(struct case_line, closed_on, "closed_on", SHAPE_DATE, "The day the case was closed."),
	ROW(struct case_line, carrier_no, "joined_to", SHAPE_INTEGER, "The case that carries the claim on; 0: this one."),
	ROW(struct case_line, principal, "principal_minor", SHAPE_MONEY, "Principal owed today."),
	ROW(struct case_line, balance, "balance_minor", SHAPE_MONEY, "All that is owed today."),
};
const struct shape shape_case_line = SHAPE("case_line", "A case in a list.", case_line_fields, struct case_line);

static const struct shape_field moment_fields[] = {
	ROW(struct case_moment, on, "on", SHAPE_DATE, "The day it counts from."),
	ROW(struct case_moment, what, "what", SHAPE_TEXT, "What happened: demand, payment, objection …"),
	ROW(struct case_moment, is_coming, "is_coming", SHAPE_BOOLEAN, "True: it has not happened, but will if nothing is paid."),
	ROW(struct case_moment, charged, "charged_minor", SHAPE_MONEY, "Put on what the debtor owes, late interest aside; below zero: taken off."),
	ROW(struct case_moment, received, "received_minor", SHAPE_MONEY, "Come in on the client-funds account."),
	ROW(struct case_moment, principal, "principal_minor", SHAPE_MONEY, "Principal that a payment covered."),
	ROW(struct case_moment, interest, "interest_minor", SHAPE_MONEY, "Late interest that a payment covered."),
	ROW(struct case_moment, costs, "costs_minor", SHAPE_MONEY, "Fees and costs that a payment covered."),
	ROW(struct case_moment, to_client, "to_client_minor", SHAPE_MONEY, "Your part, after commission and VAT."),
	ROW(struct case_moment, commission, "commission_minor", SHAPE_MONEY, "Commission, without VAT."),
	ROW(struct case_moment, salaer, "salaer_minor", SHAPE_MONEY, "The agency's collection fee, without VAT."),
	ROW(struct case_moment, vat, "vat_minor", SHAPE_MONEY, "VAT on commission and collection fee."),
	ROW(struct case_moment, refund, "refund_minor", SHAPE_MONEY, "Owed back to the payer."),
	ROW(struct case_moment, basis, "basis", SHAPE_TEXT, "The paragraph it rests on."),
	MAYBE(struct case_moment, deadline_on, "deadline_on", SHAPE_DATE, "The deadline given in the letter."),
	ROW(struct case_moment, other_case_no, "other_case_no", SHAPE_INTEGER, "The other case, when claims were joined; 0: none."),
};
const struct shape shape_case_moment = SHAPE("case_event", "Something that happened in a case.", moment_fields, struct case_moment);

static const struct shape_field instalment_fields[] = {
	ROW(struct life_instalment, due_on, "due_on", SHAPE_DATE, "The day it is due."),
	ROW(struct life_instalment, amount, "amount_minor", SHAPE_MONEY, "What is to be paid."),
};
const struct shape shape_instalment = SHAPE("instalment", "A part of an instalment plan.", instalment_fields, struct life_instalment);

static const struct shape_field message_fields[] = {
	ROW(struct message, message_id, "message_id", SHAPE_INTEGER, "Its number."),
	ROW(struct message, case_no, "case_no", SHAPE_INTEGER, "The case it is about."),
	ROW(struct message, from_us, "from_agency", SHAPE_BOOLEAN, "True: the agency wrote it; false: you did."),
	ROW(struct message, author, "author", SHAPE_TEXT, "Who wrote it."),
	ROW(struct message, body, "body", SHAPE_TEXT, "What it says."),
	ROW(struct message, sent_at, "sent_at", SHAPE_INSTANT, "When it was sent."),
	MAYBE(struct message, read_at, "read_at", SHAPE_INSTANT, "When the other side first saw it."),
};
const struct shape shape_message = SHAPE("message", "A message about a case, between you and the agency.", message_fields,
	struct message);

static const struct shape_field act_result_fields[] = {
	ROW(struct api_act_result, case_no, "case_no", SHAPE_INTEGER, "The case."),
	ROW(struct api_act_result, stage, "stage", SHAPE_TEXT, "Where it stands now."),
	ROW(struct api_act_result, balance, "balance_minor", SHAPE_MONEY, "What the debtor owes now."),
	ROW(struct api_act_result, next_step, "next_step", SHAPE_TEXT, "What comes next; empty when the case is closed."),
	MAYBE(struct api_act_result, next_on, "next_on", SHAPE_DATE, "The day it comes."),
	ROW(struct api_act_result, letters_withdrawn, "letters_withdrawn", SHAPE_INTEGER, "Letters that waited and are not sent."),
};
const struct shape shape_act_result = SHAPE("act_result", "What an act on a case has brought.", act_result_fields,
	struct api_act_result);

static const struct shape_field claim_made_fields[] = {
	ROW(struct api_claim_made, case_no, "case_no", SHAPE_INTEGER, "The case that was opened."),
	ROW(struct api_claim_made, kid, "kid", SHAPE_TEXT, "The reference the debtor pays with."),
	ROW(struct api_claim_made, was_known, "was_known", SHAPE_BOOLEAN, "True: the invoice had been taken in before; nothing is new."),
	ROW(struct api_claim_made, stage, "stage", SHAPE_TEXT, "Where the case stands."),
	ROW(struct api_claim_made, next_step, "next_step", SHAPE_TEXT, "What comes next."),
	MAYBE(struct api_claim_made, next_on, "next_on", SHAPE_DATE, "The day it comes."),
};
const struct shape shape_claim_made = SHAPE("claim_made", "A claim taken in.", claim_made_fields, struct api_claim_made);

static const struct shape_field outcome_fields[] = {
	ROW(struct claim_outcome, paid_on, "paid_on", SHAPE_DATE, "If the debtor pays everything on this day: the deadline of a letter."),
	ROW(struct claim_outcome, paid, "paid_minor", SHAPE_MONEY, "What the debtor pays."),
	ROW(struct claim_outcome, to_client, "to_client_minor", SHAPE_MONEY, "What you get."),
	ROW(struct claim_outcome, commission, "commission_minor", SHAPE_MONEY, "Commission, without VAT."),
	ROW(struct claim_outcome, vat, "vat_minor", SHAPE_MONEY, "VAT on commission and collection fee."),
};
static const struct shape shape_outcome = SHAPE("claim_outcome", "What comes of a claim that is paid.", outcome_fields,
	struct claim_outcome);

static const struct shape_field claim_preview_fields[] = {
	ROW(struct api_claim_preview, was_known, "was_known", SHAPE_BOOLEAN, "True: the invoice has been taken in before."),
	{ "events", SHAPE_LIST, offsetof(struct api_claim_preview, coming), "What follows if nothing is paid.", false, 0,
		&shape_case_moment, offsetof(struct api_claim_preview, coming_count) },
	{ "outcomes", SHAPE_LIST, offsetof(struct api_claim_preview, outcomes), "What you get if it is paid.", false, 0, &shape_outcome,
		offsetof(struct api_claim_preview, outcome_count) },
};
const struct shape shape_claim_preview = SHAPE("claim_preview", "What would follow a claim.", claim_preview_fields,
	struct api_claim_preview);

static const struct shape_field upload_fields[] = {
	ROW(struct upload, upload_id, "upload_id", SHAPE_INTEGER, "Its number."),
	ROW(struct upload, name, "name", SHAPE_TEXT, "The file's name."),
	ROW(struct upload, state, "state", SHAPE_TEXT, "waiting, checking, checked, ordered, taking, done or failed."),
	ROW(struct upload, detail, "detail", SHAPE_TEXT, "Why it failed."),
	ROW(struct upload, size, "size", SHAPE_INTEGER, "Bytes."),
	ROW(struct upload, accepted, "accepted", SHAPE_INTEGER, "Claims taken in; before that, claims that would be."),
	ROW(struct upload, already, "already", SHAPE_INTEGER, "Claims we had already."),
	ROW(struct upload, credited, "credited", SHAPE_INTEGER, "Credit notes among them."),
	ROW(struct upload, rejected, "rejected", SHAPE_INTEGER, "Things found wrong in its rows."),
	ROW(struct upload, created_at, "created_at", SHAPE_INSTANT, "When it came."),
	MAYBE(struct upload, ended_at, "ended_at", SHAPE_INSTANT, "When it was done with."),
};
const struct shape shape_upload = SHAPE("upload", "A file of claims.", upload_fields, struct upload);

static const struct shape_field settlement_fields[] = {
	ROW(struct api_settlement, settlement_no, "settlement_no", SHAPE_INTEGER, "Its number, also the sales document's."),
	ROW(struct api_settlement, settled_on, "settled_on", SHAPE_DATE, "What was booked by the end of this day is in it."),
	ROW(struct api_settlement, carried, "carried_minor", SHAPE_MONEY, "Left by the settlement before."),
	ROW(struct api_settlement, movement, "movement_minor", SHAPE_MONEY, "What was booked since: the sum of its lines."),
	ROW(struct api_settlement, payout, "payout_minor", SHAPE_MONEY, "Paid out to you."),
	ROW(struct api_settlement, carried_on, "carried_on_minor", SHAPE_MONEY, "Left to the next settlement."),
	MAYBE(struct api_settlement, payout_state, "payout_state", SHAPE_TEXT, "in_transit, paid, rejected or resettled."),
};
const struct shape shape_settlement = SHAPE("settlement", "A settlement.", settlement_fields, struct api_settlement);

#define LINE(member, name_, kind, about_) ROW(struct api_settlement_line, member, name_, kind, about_)
static const struct shape_field settlement_line_fields[] = {
	LINE(case_no, "case_no", SHAPE_INTEGER, "The case."),
	LINE(invoice_no, "invoice_no", SHAPE_TEXT, "Your invoice."),
	LINE(debtor, "debtor", SHAPE_TEXT, "The debtor's name."),
	LINE(on, "on", SHAPE_DATE, "The day it counts from."),
	LINE(booked_on, "booked_on", SHAPE_DATE, "The day it was booked."),
	LINE(what, "what", SHAPE_NAME, "payment, direct_payment, reversal, absorbed, credit, resolution, joined, correction, other."),
	LINE(gross, "gross_minor", SHAPE_MONEY, "All that was paid, the collection fee included."),
	LINE(principal, "principal_minor", SHAPE_MONEY, "Principal of it."),
	LINE(interest, "interest_minor", SHAPE_MONEY, "Late interest of it."),
	LINE(fees, "fees_minor", SHAPE_MONEY, "Fees of it that are yours."),
	LINE(compensation, "compensation_minor", SHAPE_MONEY, "Standard compensation of it."),
	LINE(court, "court_minor", SHAPE_MONEY, "Court costs you had advanced."),
	LINE(direct, "direct_minor", SHAPE_MONEY, "What you have got yourself: not passed on."),
	LINE(commission_bp, "commission_bp", SHAPE_INTEGER, "The rate agreed, in hundredths of a per cent."),
	LINE(commission, "commission_minor", SHAPE_MONEY, "Commission, without VAT."),
	LINE(vat, "vat_minor", SHAPE_MONEY, "VAT charged to you."),
	LINE(net, "net_minor", SHAPE_MONEY, "To you."),
};
const struct shape shape_settlement_line = SHAPE("settlement_line", "A movement in a settlement.", settlement_line_fields,
	struct api_settlement_line);

static const struct shape_field month_fields[] = {
	ROW(struct report_month, first_on, "first_on", SHAPE_DATE, "The first day of the month."),
	ROW(struct report_month, claim_count, "claim_count", SHAPE_INTEGER, "Claims taken in."),
	ROW(struct report_month, solved_count, "solved_count", SHAPE_INTEGER, "Of them solved by today."),
	ROW(struct report_month, claimed, "claimed_minor", SHAPE_MONEY, "Principal taken in."),
};
static const struct shape shape_month = SHAPE("report_month", "Claims of a month of intake.", month_fields, struct report_month);
static const struct shape_field range_fields[] = {
	ROW(struct api_report_range, days_min, "days_min", SHAPE_INTEGER, "From so many days."),
	{ "days_max", SHAPE_INTEGER, offsetof(struct api_report_range, days_max), "To so many; null: no end.", true,
		offsetof(struct api_report_range, has_days_max), NULL, 0 },
	ROW(struct api_report_range, count, "count", SHAPE_INTEGER, "Cases, or claims."),
	ROW(struct api_report_range, balance, "balance_minor", SHAPE_MONEY, "Owed today on open cases; 0 for days to payment."),
};
static const struct shape shape_range = SHAPE("report_range", "Cases by a number of days.", range_fields, struct api_report_range);
static const struct shape_field week_fields[] = {
	ROW(struct report_week, monday, "monday", SHAPE_DATE, "Its first day."),
	ROW(struct report_week, cash, "cash_minor", SHAPE_MONEY, "Come in on your cases."),
};
static const struct shape shape_week = SHAPE("report_week", "Money of a week.", week_fields, struct report_week);
static const struct shape_field stage_fields[] = {
	ROW(struct report_stage, stage, "stage", SHAPE_TEXT, "The stage."),
	ROW(struct report_stage, case_count, "case_count", SHAPE_INTEGER, "Cases in it today."),
	ROW(struct report_stage, balance, "balance_minor", SHAPE_MONEY, "What they owe."),
};
static const struct shape shape_stage = SHAPE("report_stage", "Cases of a stage.", stage_fields, struct report_stage);

#define LIST(member, counter, name_, items_, about_) \
	{ name_, SHAPE_LIST, offsetof(struct api_report, member), about_, false, 0, &items_, offsetof(struct api_report, counter) }
static const struct shape_field report_fields[] = {
	ROW(struct api_report, from, "from", SHAPE_DATE, "The period's first day."),
	ROW(struct api_report, until, "until", SHAPE_DATE, "Its last day."),
	LIST(months, month_count, "months", shape_month, "Solved share, by month of intake."),
	LIST(ages, age_count, "ages", shape_range, "Open cases by days since the due date."),
	LIST(delays, delay_count, "delays", shape_range, "Claims solved in the period by days from intake to closing."),
	ROW(struct api_report, solved_count, "solved_count", SHAPE_INTEGER, "Claims solved in the period."),
	ROW(struct api_report, days_median, "days_median", SHAPE_INTEGER, "Days to payment of the middle one; -1: none was solved."),
	LIST(weeks, week_count, "weeks", shape_week, "Money come in, by ISO week."),
	ROW(struct api_report, cash, "cash_minor", SHAPE_MONEY, "The sum of the weeks."),
	LIST(stages, stage_count, "stages", shape_stage, "All cases by where they stand today."),
	ROW(struct api_report, owed, "owed_minor", SHAPE_MONEY, "Owed today on open cases: the sum of the ages."),
};
const struct shape shape_report = SHAPE("report", "Figures of a period.", report_fields, struct api_report);

struct api_report api_report_of(struct arena *arena, const struct report *report)
{
	struct api_report_range *ages = arena_many(arena, REPORT_AGE_COUNT, struct api_report_range);
	struct api_report_range *delays = arena_many(arena, REPORT_DELAY_COUNT, struct api_report_range);
	for (size_t i = 0; i < REPORT_AGE_COUNT; i++)
		ages[i] = (struct api_report_range){ report->ages[i].days_min, report->ages[i].days_max, report->ages[i].case_count,
			report->ages[i].days_max != INT_MAX, report->ages[i].balance };
	for (size_t i = 0; i < REPORT_DELAY_COUNT; i++)
		delays[i] = (struct api_report_range){ report->delays[i].days_min, report->delays[i].days_max,
			report->delays[i].claim_count, report->delays[i].days_max != INT_MAX, MONEY_ZERO };
	return (struct api_report){
		.from = report->order.from,
		.until = report->order.until,
		.months = report->months,
		.month_count = report->month_count,
		.ages = ages,
		.age_count = REPORT_AGE_COUNT,
		.delays = delays,
		.delay_count = REPORT_DELAY_COUNT,
		.weeks = report->weeks,
		.week_count = report->week_count,
		.stages = report->stages,
		.stage_count = report->stage_count,
		.solved_count = report->solved_count,
		.days_median = report->days_median,
		.cash = report->cash,
		.owed = report->owed,
	};
}
