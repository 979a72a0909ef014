/* The replay, told in stories of one claim or a few. Dates and amounts are reckoned by hand from the law's tables: the
 * worked example of 3,480.00 due 2026-01-15, and what can happen to it on the way. */
#include "life_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct story story;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(256 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

/* 3,480.00 due 2026-01-15 by no/minimum: no grace. */
static struct claim_facts *example(void)
{
	story_begin(&story, "no/minimum");
	return story_claim(&story, kroner("3480.00"), day_of("2026-01-15"));
}

static struct life_case *look(int64_t case_no, const char *on)
{
	return &story_look(&story, arena, day_of(on)).cases[case_no - 1];
}

static struct fact *tell(int64_t case_no, enum fact_kind kind, const char *on)
{
	return story_fact(&story, case_no, kind, day_of(on));
}

static struct fact *pay(int64_t case_no, const char *on, const char *amount)
{
	struct fact *fact = tell(case_no, FACT_PAYMENT, on);
	fact->amount = kroner(amount);
	return fact;
}

#define assert_money(got, expected) assert_string_equal(money_plain(got).z, (expected))
#define assert_day(got, expected) assert_string_equal(date_iso(got).z, (expected))

static void assert_stage(const struct life_case *one, enum stage stage)
{
	assert_string_equal(stage_name(one->stage), stage_name(stage));
}

static void assert_next(const struct life_case *one, const char *step, const char *on)
{
	assert_string_equal(one->next_step, step);
	assert_day(one->next_on, on);
}

/* The steps so far: "reminder 2026-01-29, notice 2026-02-13". */
static void assert_steps(const struct life_case *one, const char *expected)
{
	struct text text = text_in(arena, 2000);
	for (size_t i = 0; i < one->event_count; i++) {
		const struct life_event *event = &one->events[i];
		if (event_is_step(event->kind) || event->kind == EVENT_RESIDUAL_REMINDER)
			text_addf(&text, "%s%s %s", text.size ? ", " : "", event_kind_name(event->kind),
				date_iso(event->on).z);
	}
	if (!str_eq_z(text_str(&text), expected))
		fail_msg("steps '%.*s', expected '%s'", STR_ARG(text_str(&text)), expected);
}

static const struct life_event *event_of(const struct life_case *one, enum event_kind kind)
{
	for (size_t i = 0; i < one->event_count; i++)
		if (one->events[i].kind == kind)
			return &one->events[i];
	fail_msg("there is no event %s", event_kind_name(kind));
	return NULL;
}

static size_t event_count_of(const struct life_case *one, enum event_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < one->event_count; i++)
		count += one->events[i].kind == kind;
	return count;
}

/* ---- the worked example ---- */

static void the_worked_example_day_by_day(void **state)
{
	(void)state;
	static const struct {
		const char *on;
		enum stage stage;
		const char *interest, *costs, *balance, *next_step, *next_on;
	} days[] = {
		{ "2026-01-15", STAGE_REGISTERED, "0.00", "0.00", "3480.00", "reminder", "2026-01-29" },
		{ "2026-01-28", STAGE_REGISTERED, "14.87", "0.00", "3494.87", "reminder", "2026-01-29" },
		{ "2026-01-29", STAGE_REMINDER, "16.02", "38.00", "3534.02", "notice", "2026-02-13" },
		{ "2026-02-12", STAGE_REMINDER, "32.04", "38.00", "3550.04", "notice", "2026-02-13" },
		{ "2026-02-13", STAGE_NOTICE, "33.18", "76.00", "3589.18", "demand", "2026-03-02" },
		{ "2026-02-27", STAGE_NOTICE, "49.20", "76.00", "3605.20", "demand", "2026-03-02" },
		{ "2026-03-02", STAGE_DEMAND, "52.63", "600.00", "4132.63", "heavy", "2026-04-14" },
		{ "2026-03-16", STAGE_DEMAND, "68.65", "600.00", "4148.65", "heavy", "2026-04-14" },
		{ "2026-04-13", STAGE_DEMAND, "100.68", "600.00", "4180.68", "heavy", "2026-04-14" },
		{ "2026-04-14", STAGE_ENFORCEMENT_NOTICE, "101.83", "1200.00", "4781.83", "decide_legal",
			"2026-04-29" },
		{ "2026-04-28", STAGE_ENFORCEMENT_NOTICE, "117.84", "1200.00", "4797.84", "decide_legal",
			"2026-04-29" },
		{ "2026-04-29", STAGE_LEGAL, "118.99", "2800.00", "6398.99", "review", "2027-04-29" },
		{ "2026-06-30", STAGE_LEGAL, "189.92", "2800.00", "6469.92", "review", "2027-04-29" },
		{ "2026-07-31", STAGE_LEGAL, "226.13", "2800.00", "6506.13", "review", "2027-04-29" },
	};
	example();
	struct fact *petition = tell(1, FACT_LEGAL, "2026-04-29");
	petition->amount = kroner("928.00");
	petition->number = kroner("672.00").minor;
	petition->note = S("agency");
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		const struct life_case *one = look(1, days[i].on);
		assert_stage(one, days[i].stage);
		assert_money(one->principal, "3480.00");
		assert_money(one->interest, days[i].interest);
		assert_money(one->costs, days[i].costs);
		assert_money(one->balance, days[i].balance);
		assert_next(one, days[i].next_step, days[i].next_on);
	}
	const struct life_case *one = look(1, "2026-07-31");
	assert_steps(one, "reminder 2026-01-29, notice 2026-02-13, demand 2026-03-02, heavy 2026-04-14, "
			  "enforcement_notice 2026-04-14");
	assert_day(event_of(one, EVENT_REMINDER)->deadline, "2026-02-12");
	assert_day(event_of(one, EVENT_NOTICE)->deadline, "2026-02-27");
	assert_day(event_of(one, EVENT_DEMAND)->deadline, "2026-03-16");
	assert_day(event_of(one, EVENT_HEAVY)->deadline, "");
	assert_day(event_of(one, EVENT_ENFORCEMENT_NOTICE)->deadline, "2026-04-28");
}

/* The half-year's two rates are two lines, and the lines come to the whole. */
static void the_worked_example_explained(void **state)
{
	(void)state;
	example();
	const struct life_case *one = look(1, "2026-07-31");
	assert_int_equal(one->line_count, 8);
	static const struct {
		const char *on, *what, *amount;
	} lines[] = {
		{ "2026-01-01", "principal", "3480.00" },
		{ "2026-01-29", "reminder", "38.00" },
		{ "2026-02-13", "notice", "38.00" },
		{ "2026-03-02", "absorb", "-76.00" },
		{ "2026-03-02", "demand", "600.00" },
		{ "2026-04-14", "heavy", "600.00" },
		{ "2026-06-30", "interest", "189.92" },
		{ "2026-07-31", "interest", "36.21" },
	};
	for (size_t i = 0; i < one->line_count; i++) {
		assert_day(one->lines[i].on, lines[i].on);
		assert_string_equal(one->lines[i].what, lines[i].what);
		assert_money(one->lines[i].amount, lines[i].amount);
	}
	assert_int_equal(one->lines[6].rate_bp, 1200);
	assert_int_equal(one->lines[7].rate_bp, 1225);
	assert_day(one->lines[6].from, "2026-01-16");
	assert_day(one->lines[7].from, "2026-07-01");
}

static void the_variants_on_the_day_of_heavy(void **state)
{
	(void)state;
	static const struct {
		bool business, deducts;
		const char *light, *heavy, *balance;
	} variants[] = {
		{ false, true, "600.00", "1200.00", "4781.83" },
		{ false, false, "750.00", "1500.00", "5081.83" },
		{ true, true, "900.00", "1800.00", "5381.83" },
		{ true, false, "1125.00", "2250.00", "5831.83" },
	};
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		example()->business = variants[i].business;
		story.terms.vat_deductible = variants[i].deducts;
		assert_money(look(1, "2026-03-02")->costs, variants[i].light);
		assert_money(look(1, "2026-04-14")->costs, variants[i].heavy);
		assert_money(look(1, "2026-04-14")->balance, variants[i].balance);
	}
}

/* The two readings that are parameters of the law file, switched off. */
static void readings_that_can_be_switched_off(void **state)
{
	(void)state;
	struct law law = law_no;
	law.parameters.absorb = false;
	example();
	struct life life = story_look_by(&story, arena, day_of("2026-04-14"), &law);
	assert_money(life.cases[0].costs, "1276.00");
	assert_money(life.cases[0].balance, "4857.83");
	law = law_no;
	law.parameters.compensation_offsets = false;
	example()->business = true;
	life = story_look_by(&story, arena, day_of("2026-04-14"), &law);
	assert_money(life.cases[0].costs, "2260.00"); /* 1,800.00 and the 460.00 of 2026 */
}

static void a_plan_of_five_costs_once(void **state)
{
	(void)state;
	example();
	struct fact *plan = tell(1, FACT_PLAN, "2026-04-14");
	plan->number = 5;
	plan->until = day_of("2026-05-14");
	plan->code = S("told");
	const struct life_case *one = look(1, "2026-04-14");
	assert_stage(one, STAGE_PLAN);
	/* The plan came first that day, so the light salær stands: 3,480.00 + 101.83 + 600.00 + 1,125.00. */
	assert_money(one->costs, "1725.00");
	assert_money(one->balance, "5306.83");
	assert_int_equal(one->instalment_count, 5);
	int64_t sum = 0;
	for (size_t i = 0; i < 5; i++)
		sum += one->instalments[i].amount.minor;
	assert_int_equal(sum, one->balance.minor);
	assert_day(one->instalments[4].due_on, "2026-09-14");
	assert_next(one, "check_instalment", "2026-05-15");
	plan->code = S(""); /* not told beforehand */
	assert_money(look(1, "2026-04-14")->costs, "600.00");
	plan->code = S("told");
	plan->number = 4;
	assert_money(look(1, "2026-04-14")->costs, "600.00");
}

/* The fastest lawful track: no reminder, a notice without a fee the day after the due date. */
static void a_process_is_data(void **state)
{
	(void)state;
	static const struct law_process_step steps[] = {
		{ LAW_STEP_NOTICE, LAW_ANCHOR_DUE, 1, 14, true, LAW_CHARGE_NONE, { "§ 9", "-", "derived" } },
		{ LAW_STEP_DEMAND, LAW_ANCHOR_DEADLINE, 1, 14, true, LAW_CHARGE_LIGHT, { "§ 10", "-", "derived" } },
		{ LAW_STEP_HEAVY, LAW_ANCHOR_DEADLINE, 29, 0, false, LAW_CHARGE_HEAVY, { "§ 2-3", "-", "derived" } },
		{ LAW_STEP_DECIDE_LEGAL, LAW_ANCHOR_DEADLINE, 1, 0, false, LAW_CHARGE_NONE,
			{ "§ 11", "-", "derived" } },
	};
	static const struct law_process fast[] = { { "no/fast", 0, steps, 4 } };
	struct law law = law_no;
	law.processes = fast;
	law.process_count = 1;
	example();
	story.terms.process = S("no/fast");
	struct life life = story_look_by(&story, arena, day_of("2026-04-01"), &law);
	assert_steps(&life.cases[0], "notice 2026-01-16, demand 2026-02-02, heavy 2026-03-17");
	assert_money(life.cases[0].costs, "1200.00");
}

/* ---- payments ---- */

static void a_part_payment_in_both_orders(void **state)
{
	(void)state;
	example();
	pay(1, "2026-03-20", "2000.00");
	const struct life_case *one = look(1, "2026-03-20");
	assert_money(one->principal, "2153.22");
	assert_money(one->interest, "0.00");
	assert_money(one->costs, "0.00");
	one = look(1, "2026-04-20");
	assert_money(one->interest, "21.95");
	assert_money(one->costs, "600.00");
	assert_money(one->balance, "2775.17");
	example();
	story.terms.allocation = ALLOCATION_PRINCIPAL_FIRST;
	pay(1, "2026-03-20", "2000.00");
	one = look(1, "2026-04-20");
	assert_money(one->principal, "1480.00");
	assert_money(one->interest, "88.31");
	assert_money(one->balance, "2768.31");
	example();
	pay(1, "2026-03-20", "2000.00")->code = S("deduction"); /* from earnings: innkrevingsloven § 29 */
	assert_money(look(1, "2026-04-20")->balance, "2768.31");
	example();
	tell(1, FACT_DIRECT_PAYMENT, "2026-03-20")->amount = kroner("2000.00");
	assert_money(look(1, "2026-04-20")->balance, "2768.31");
}

/* Who owns the 2,000.00: 600.00 salær and 6 % of 1,400.00 with VAT on both are the agency's. */
static void money_is_divided(void **state)
{
	(void)state;
	example();
	story.terms.commission_bp = 600;
	pay(1, "2026-03-20", "2000.00")->ledger_on = day_of("2026-03-23");
	const struct life_event *event = event_of(look(1, "2026-03-20"), EVENT_PAYMENT);
	assert_day(event->on, "2026-03-20");
	assert_day(event->ledger_on, "2026-03-23");
	/* 600.00 + 150.00 VAT on it, 84.00 commission + 21.00 VAT: 855.00, and 1,145.00 is the client's. */
	assert_money(entry_column(event, COLUMN_HOLD), "2000.00");
	assert_money(entry_column(event, COLUMN_CLIENT), "-1145.00");
	assert_money(entry_column(event, COLUMN_DRAWABLE), "-855.00");
	assert_money(entry_column(event, COLUMN_OWN), "855.00");
	assert_money(entry_column(event, COLUMN_SALAER_INCOME), "-600.00");
	assert_money(entry_column(event, COLUMN_COMMISSION), "-84.00");
	assert_money(entry_column(event, COLUMN_VAT), "-171.00");
	/* Without deduction the debtor's 750.00 holds the VAT: 600.00 and 150.00; 1,250.00 collected, 75.00 + 18.75. */
	story.terms.vat_deductible = false;
	event = event_of(look(1, "2026-03-20"), EVENT_PAYMENT);
	assert_money(entry_column(event, COLUMN_SALAER_INCOME), "-600.00");
	assert_money(entry_column(event, COLUMN_COMMISSION), "-75.00");
	assert_money(entry_column(event, COLUMN_VAT), "-168.75");
	assert_money(entry_column(event, COLUMN_CLIENT), "-1156.25");
}

/* Court costs go back to whoever had advanced them. */
static void legal_costs_go_to_who_advanced_them(void **state)
{
	(void)state;
	for (int by_client = 0; by_client < 2; by_client++) {
		example();
		struct fact *petition = tell(1, FACT_LEGAL, "2026-04-29");
		petition->amount = kroner("928.00");
		petition->note = by_client ? S("client") : S("agency");
		pay(1, "2026-05-04", "1000.00"); /* 928.00 of the court, 72.00 of the salær */
		const struct life_event *event = event_of(look(1, "2026-05-04"), EVENT_PAYMENT);
		assert_money(entry_column(event, COLUMN_LEGAL), "-928.00");
		assert_money(entry_column(event, COLUMN_SALAER), "-72.00");
		assert_money(entry_column(event, COLUMN_OUTLAY), by_client ? "0.00" : "-928.00");
		assert_money(entry_column(event, COLUMN_CLIENT),
			by_client ? "-910.00" : "18.00"); /* 25 % of 72.00 is charged */
	}
}

static void a_reversal_restores_what_was_covered(void **state)
{
	(void)state;
	example();
	pay(1, "2026-03-20", "4153.22"); /* all of it: 3,480.00 + 73.22 + 600.00 */
	assert_stage(look(1, "2026-03-20"), STAGE_CLOSED);
	struct fact *reversal = tell(1, FACT_REVERSAL, "2026-03-25");
	reversal->number = 1;
	reversal->amount = kroner("4153.22");
	const struct life_case *one = look(1, "2026-03-25");
	assert_stage(one, STAGE_DEMAND);
	assert_money(one->balance, "4153.22"); /* no interest ran while it was paid */
	assert_string_equal(one->closed_reason, "");
	assert_next(one, "heavy", "2026-04-14");
	/* Of a payment that has not come, nothing is taken back. */
	reversal->counts_on = day_of("2026-03-19");
	assert_stage(look(1, "2026-03-25"), STAGE_CLOSED);
	assert_int_equal(event_count_of(look(1, "2026-03-25"), EVENT_REVERSAL), 0);
}

/* What a credit gave back to the payer is not given back again when the payment is reversed. */
static void a_reversal_after_a_credit_gives_back_once(void **state)
{
	(void)state;
	example()->received_on = day_of("2026-01-02");
	pay(1, "2026-01-05", "3000.00");
	pay(1, "2026-01-06", "480.00");
	tell(1, FACT_CREDIT, "2026-02-02")->amount = kroner("1000.00"); /* counts from the due date */
	assert_money(look(1, "2026-01-14")->refund, "0.00");
	assert_money(look(1, "2026-02-02")->refund, "1000.00"); /* the 480.00 that came last, and 520.00 */
	struct fact *reversal = tell(1, FACT_REVERSAL, "2026-02-03");
	reversal->number = 1;
	reversal->amount = kroner("3000.00");
	const struct life_case *one = look(1, "2026-02-03");
	assert_money(one->refund, "480.00");
	assert_money(one->principal, "2480.00");
	assert_money(one->owed.column[COLUMN_HOLD], "480.00");
	assert_money(one->owed.column[COLUMN_CLIENT], "0.00");
	assert_money(one->owed.column[COLUMN_REFUND], "-480.00");
}

/* A credit of a case that crumbs have closed: only what was paid goes back, not what was waived. */
static void a_credit_gives_back_what_was_paid_only(void **state)
{
	(void)state;
	example()->received_on = day_of("2026-01-02");
	pay(1, "2026-01-20", "3481.00"); /* 5.72 interest: 4.72 left of it, waived */
	assert_stage(look(1, "2026-01-20"), STAGE_CLOSED);
	tell(1, FACT_CREDIT, "2026-02-02")->amount = kroner("9000.00");
	const struct life_case *one = look(1, "2026-02-02");
	assert_stage(one, STAGE_CLOSED);
	assert_money(one->refund, "3481.00");
	assert_money(one->owed.column[COLUMN_CLIENT], "0.00");
	example()->received_on = day_of("2026-01-02");
	pay(1, "2026-01-05", "3450.00");
	tell(1, FACT_CLOSE, "2026-01-06");
	tell(1, FACT_CREDIT, "2026-02-02")->amount = kroner("3480.00");
	one = look(1, "2026-02-02");
	assert_money(one->refund, "3450.00");
}

/* ---- letters that go out later than they were ordered, or not at all ---- */

static void a_letter_handed_over_late_counts_from_that_day(void **state)
{
	(void)state;
	example();
	struct fact *handed = tell(1, FACT_LETTER_HANDED, "2026-02-02");
	handed->until = day_of("2026-01-29");
	handed->code = S("reminder");
	const struct life_case *one = look(1, "2026-02-17");
	/* Deadline 02-16 and not 02-12, so the notice goes on 02-17. */
	assert_steps(one, "reminder 2026-01-29, notice 2026-02-17");
	/* Until it is handed over no letter has been sent: principal comes first. */
	pay(1, "2026-01-30", "1000.00");
	assert_money(look(1, "2026-01-30")->principal, "2480.00");
	assert_money(look(1, "2026-01-30")->costs, "38.00");
	story.facts[1].counts_on = day_of("2026-02-03");
	assert_money(look(1, "2026-02-03")->costs, "0.00");
}

/* What is paid between ordering and handing over is not paid on the letter: it asks for the rest. */
static void a_late_letter_asks_what_is_owed_that_day(void **state)
{
	(void)state;
	example();
	struct fact *handed = tell(1, FACT_LETTER_HANDED, "2026-02-02");
	handed->until = day_of("2026-01-29");
	pay(1, "2026-01-30", "1000.00");
	/* On 02-02: 2,480.00 + 15 days on 3,480.00 and 3 on 2,480.00 = 17.16 + 2.45 (19.61 in one) + 38.00. */
	assert_money(look(1, "2026-02-02")->balance, "2537.61");
	pay(1, "2026-02-16", "2537.60");
	assert_stage(look(1, "2026-02-16"), STAGE_CLOSED); /* crumbs: 3,537.60 is over the principal */
	assert_string_equal(look(1, "2026-02-16")->closed_reason, "waived");
	story.facts[2].amount = kroner("2537.61");
	assert_string_equal(look(1, "2026-02-16")->closed_reason, "letter_paid");
	story.facts[2].counts_on = day_of("2026-02-17");
	assert_string_equal(look(1, "2026-02-17")->closed_reason, "waived");
}

static void a_withdrawn_letter_was_never_sent(void **state)
{
	(void)state;
	example();
	struct fact *withdrawn = tell(1, FACT_LETTER_WITHDRAWN, "2026-02-02");
	withdrawn->until = day_of("2026-01-29");
	const struct life_case *one = look(1, "2026-02-01");
	assert_steps(one, "");
	assert_money(one->costs, "0.00");
	assert_next(one, "reminder", "2026-02-02");
	assert_steps(look(1, "2026-02-02"), "reminder 2026-02-02");
	/* Another case's letter, another day, and a hand-over of one that was not ordered change nothing. */
	example();
	story_claim(&story, kroner("3480.00"), day_of("2026-01-15"));
	tell(2, FACT_LETTER_WITHDRAWN, "2026-02-02")->until = day_of("2026-01-29");
	tell(2, FACT_LETTER_HANDED, "2026-02-02")->until = day_of("2026-01-29");
	tell(1, FACT_LETTER_WITHDRAWN, "2026-02-02")->until = day_of("2026-01-28");
	tell(1, FACT_LETTER_HANDED, "2026-02-02")->until = day_of("2026-01-28");
	assert_steps(look(1, "2026-02-12"), "reminder 2026-01-29");
	assert_steps(look(2, "2026-02-12"), "reminder 2026-02-02");
}

static void no_step_is_dated_in_a_gap_between_nights(void **state)
{
	(void)state;
	example();
	story.gaps[0] = (struct night_gap){ day_of("2026-01-29"), day_of("2026-02-03") };
	story.gaps[1] = (struct night_gap){ day_of("2026-02-18"), day_of("2026-02-20") }; /* then a weekend */
	story.gap_count = 2;
	assert_next(look(1, "2026-01-28"), "reminder", "2026-02-04");
	assert_steps(look(1, "2026-02-26"), "reminder 2026-02-04, notice 2026-02-23");
}

/* ---- what a person decides ---- */

static void a_new_demand_is_free_and_pauses_nothing_else(void **state)
{
	(void)state;
	example();
	for (int i = 0; i < 4; i++) /* more letters than a process has */
		story_fact(&story, 1, FACT_DEMAND, date_add(day_of("2026-10-19"), i));
	tell(1, FACT_LETTER_HANDED, "2026-10-26")->until = day_of("2026-10-22");
	const struct life_case *one = look(1, "2026-10-30");
	assert_int_equal(event_count_of(one, EVENT_DEMAND), 5);
	assert_money(one->costs, "1200.00");
	assert_next(one, "decide_legal", "2026-11-10"); /* 10-26 + 14 + 1 */
}

static void each_stage_has_its_next_action(void **state)
{
	(void)state;
	example();
	struct fact *fact = tell(1, FACT_OBJECTION, "2026-01-20");
	assert_stage(look(1, "2026-01-20"), STAGE_DISPUTED);
	assert_next(look(1, "2026-01-20"), "review_objection", "2026-01-27");
	fact->kind = FACT_BLOCK;
	assert_stage(look(1, "2026-01-20"), STAGE_BLOCKED);
	assert_next(look(1, "2026-01-20"), "review_block", "2027-01-20");
	fact->kind = FACT_DEFERRAL;
	fact->until = day_of("2026-01-30");
	assert_stage(look(1, "2026-01-29"), STAGE_DEFERRED);
	assert_next(look(1, "2026-01-29"), "reminder", "2026-02-09"); /* ten days later: 02-08 is a Sunday */
	assert_stage(look(1, "2026-01-30"), STAGE_REGISTERED);
	fact->kind = FACT_SURVEILLANCE;
	fact->until = day_of("2026-06-01");
	assert_stage(look(1, "2026-02-20"), STAGE_SURVEILLANCE);
	assert_next(look(1, "2026-02-20"), "review", "2026-06-01");
	fact->kind = FACT_CLOSE;
	assert_stage(look(1, "2026-01-20"), STAGE_CLOSED);
	assert_next(look(1, "2026-01-20"), "", "");
	assert_string_equal(look(1, "2026-01-20")->closed_reason, "given_up");
	fact->kind = FACT_WITHDRAW;
	assert_stage(look(1, "2026-01-20"), STAGE_WITHDRAWN);
	/* Deferred when nothing but a person moves the case: the day after. */
	fact->kind = FACT_DEFERRAL;
	fact->counts_on = day_of("2026-05-04");
	fact->until = day_of("2026-05-11");
	assert_next(look(1, "2026-05-04"), "decide_legal", "2026-05-12");
}

static void a_second_pause_of_a_kind_is_the_same_pause(void **state)
{
	(void)state;
	example();
	tell(1, FACT_OBJECTION, "2026-01-20");
	tell(1, FACT_OBJECTION, "2026-01-21");
	tell(1, FACT_RESOLUTION, "2026-01-30")->code = S("rejected");
	tell(1, FACT_RESOLUTION, "2026-02-02")->code = S("rejected"); /* nothing is disputed any more */
	assert_steps(look(1, "2026-02-09"), "reminder 2026-02-09");   /* 01-29 + 10 is a Sunday */
	example();
	tell(1, FACT_BLOCK, "2026-01-20");
	tell(1, FACT_BLOCK, "2026-01-22");
	tell(1, FACT_UNBLOCK, "2026-01-30");
	tell(1, FACT_UNBLOCK, "2026-02-02");
	assert_steps(look(1, "2026-02-09"), "reminder 2026-02-09");
	example();
	tell(1, FACT_DEFERRAL, "2026-01-20")->until = day_of("2026-01-30");
	tell(1, FACT_DEFERRAL, "2026-01-22")->until = day_of("2026-01-25"); /* the longer one stands */
	assert_steps(look(1, "2026-02-09"), "reminder 2026-02-09");
}

/* A plan that breaks on the day another pause ends: nothing goes out that day. */
static void the_later_of_two_ends_counts(void **state)
{
	(void)state;
	example();
	tell(1, FACT_DEFERRAL, "2026-01-20")->until = day_of("2026-02-16");
	struct fact *plan = tell(1, FACT_PLAN, "2026-01-20");
	plan->number = 2;
	plan->until = day_of("2026-02-15");
	const struct life_case *one = look(1, "2026-02-17");
	assert_int_equal(event_count_of(one, EVENT_PLAN_BROKEN), 1);
	assert_day(event_of(one, EVENT_PLAN_BROKEN)->on, "2026-02-16");
	assert_steps(look(1, "2026-02-16"), "");
}

static void a_plan_ends_by_another_or_by_a_person(void **state)
{
	(void)state;
	example();
	struct fact *plan = tell(1, FACT_PLAN, "2026-01-20");
	plan->number = 2;
	plan->until = day_of("2026-03-02");
	plan = tell(1, FACT_PLAN, "2026-01-22");
	plan->number = 3;
	plan->until = day_of("2026-03-16");
	const struct life_case *one = look(1, "2026-01-22");
	assert_int_equal(event_count_of(one, EVENT_PLAN_END), 1);
	assert_int_equal(one->instalment_count, 3);
	assert_next(one, "check_instalment", "2026-03-17");
	tell(1, FACT_PLAN_END, "2026-01-26");
	tell(1, FACT_PLAN_END, "2026-01-27"); /* there is none any more */
	one = look(1, "2026-01-27");
	assert_int_equal(event_count_of(one, EVENT_PLAN_END), 2);
	assert_stage(one, STAGE_REGISTERED);
	assert_next(one, "reminder", "2026-02-04"); /* 01-29 and six days */
}

/* The fee is for a case in the process: not for a rest, and not once it has gone to court. */
static void a_plan_costs_nothing_for_a_rest_or_in_court(void **state)
{
	(void)state;
	example();
	tell(1, FACT_LEGAL, "2026-04-29")->amount = kroner("928.00");
	struct fact *plan = tell(1, FACT_PLAN, "2026-05-04");
	plan->number = 6;
	plan->until = day_of("2026-06-01");
	plan->code = S("told");
	assert_money(look(1, "2026-05-04")->costs, "2128.00");
	story.facts[0] = story.facts[1];
	story.facts[0].kind = FACT_PAYMENT;
	story.facts[0].counts_on = day_of("2026-02-02");
	story.facts[0].amount = kroner("3450.00");
	assert_stage(look(1, "2026-02-02"), STAGE_RESIDUAL);
	plan->counts_on = day_of("2026-02-03");
	assert_money(look(1, "2026-02-03")->costs, "0.00");
	assert_int_equal(look(1, "2026-02-03")->instalment_count, 6);
}

/* A small claim credited in whole while a plan's fee is owed: a rest without principal. */
static void only_a_plan_fee_is_a_rest(void **state)
{
	(void)state;
	story_begin(&story, "no/minimum");
	story_claim(&story, kroner("150.00"), day_of("2026-01-15"))->received_on = day_of("2026-01-02");
	struct fact *plan = tell(1, FACT_PLAN, "2026-01-05");
	plan->number = 5;
	plan->until = day_of("2026-02-02");
	plan->code = S("told");
	tell(1, FACT_CREDIT, "2026-01-06")->amount = kroner("150.00");
	tell(1, FACT_PLAN_END, "2026-01-07");
	const struct life_case *one = look(1, "2026-01-07");
	assert_stage(one, STAGE_RESIDUAL);
	assert_money(one->principal, "0.00");
	assert_money(one->costs, "1125.00");
}

static void a_rest_in_court_is_reviewed(void **state)
{
	(void)state;
	example();
	tell(1, FACT_LEGAL, "2026-04-29")->amount = kroner("928.00");
	pay(1, "2026-05-04", "5650.00");
	const struct life_case *one = look(1, "2026-05-04");
	assert_stage(one, STAGE_RESIDUAL);
	assert_next(one, "review", "2027-04-29");
}

/* What a person did to a case that a late payment had closed before did not happen. */
static void nothing_is_done_to_a_closed_case(void **state)
{
	(void)state;
	static const enum fact_kind kinds[] = { FACT_DEFERRAL, FACT_PLAN, FACT_LEGAL, FACT_DEMAND, FACT_SURVEILLANCE,
		FACT_CLOSE, FACT_WITHDRAW };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		example();
		pay(1, "2026-01-15", "3480.00");
		struct fact *fact = tell(1, kinds[i], "2026-01-20");
		fact->amount = kroner("928.00");
		fact->number = 5;
		fact->until = day_of("2026-02-02");
		fact->code = S("told");
		const struct life_case *one = look(1, "2026-03-02");
		assert_stage(one, STAGE_CLOSED);
		assert_string_equal(one->closed_reason, "paid");
		assert_money(one->balance, "0.00");
		assert_int_equal(one->event_count, 3);
	}
}

/* ---- letters the creditor has sent itself ---- */

static void the_creditors_letters_count(void **state)
{
	(void)state;
	struct claim_facts *claim = example();
	claim->received_on = day_of("2026-02-16");
	claim->notice_on = day_of("2026-02-02");
	claim->fees = kroner("76.00"); /* more than one fee: two letters, both on the notice's day */
	const struct life_case *one = look(1, "2026-02-17");
	assert_steps(one, "demand 2026-02-17"); /* no deadline told: 14 days */
	assert_money(one->costs, "600.00");
	claim->notice_deadline = day_of("2026-02-20");
	assert_next(look(1, "2026-02-17"), "demand", "2026-02-23");
	/* Reminder and notice with both fees. */
	claim->reminder_on = day_of("2026-01-29");
	assert_money(look(1, "2026-02-17")->costs, "76.00");
	/* A reminder without a fee: the notice costs. */
	claim->notice_on = claim->notice_deadline = DATE_NONE;
	claim->fees = MONEY_ZERO;
	claim->reminder_on = day_of("2026-01-29");
	one = look(1, "2026-02-16");
	assert_steps(one, "notice 2026-02-16");
	assert_money(one->costs, "38.00");
	/* With two fees for the one reminder it costs nothing. */
	claim->fees = kroner("76.00");
	assert_money(look(1, "2026-02-16")->costs, "76.00");
}

/* Six months after the creditor's two letters with a fee, a letter may cost again. */
static void fees_count_for_six_months(void **state)
{
	(void)state;
	struct claim_facts *claim = example();
	claim->due_on = day_of("2025-07-15");
	claim->issued_on = day_of("2025-07-01");
	claim->reminder_on = day_of("2025-08-14");
	claim->fees = kroner("70.00");
	claim->received_on = day_of("2026-02-13");
	assert_money(look(1, "2026-02-13")->costs, "70.00");
	claim->received_on = day_of("2026-02-16"); /* a Monday; the months ended on the 14th */
	assert_money(look(1, "2026-02-16")->costs, "108.00");
}

/* ---- limitation, old claims ---- */

static void a_claim_is_time_barred_after_three_years(void **state)
{
	(void)state;
	example();
	story.claims[0].due_on = day_of("2023-03-31");
	story.claims[0].issued_on = day_of("2023-03-17");
	story.claims[0].received_on = day_of("2025-09-30");
	tell(1, FACT_SURVEILLANCE, "2025-10-01")->until = day_of("2026-10-01");
	const struct life_case *one = look(1, "2026-03-31");
	assert_int_equal(event_count_of(one, EVENT_LIMITATION_WARNING), 3); /* 180, 90 and 30 days before */
	assert_stage(one, STAGE_SURVEILLANCE);
	one = look(1, "2026-04-01");
	assert_stage(one, STAGE_BLOCKED);
	assert_day(event_of(one, EVENT_BLOCK)->on, "2026-04-01");
	assert_day(event_of(one, EVENT_LIMITATION_WARNING)->on, "2025-10-02");
	/* Blocked already: one pause, not two. */
	story.facts[0].kind = FACT_BLOCK;
	one = look(1, "2026-04-01");
	assert_int_equal(event_count_of(one, EVENT_BLOCK), 2);
	assert_stage(one, STAGE_BLOCKED);
	tell(1, FACT_UNBLOCK, "2026-04-07");
	assert_stage(look(1, "2026-04-07"), STAGE_REMINDER);
}

/* Before 2013-03-16 a business owed no standard compensation. */
static void an_old_business_claim_has_no_compensation(void **state)
{
	(void)state;
	example()->business = true;
	story.claims[0].due_on = story.claims[0].received_on = day_of("2012-05-02");
	story.claims[0].issued_on = day_of("2012-04-18");
	const struct life_case *one = look(1, "2012-05-03");
	assert_money(one->costs, "0.00");
	assert_money(one->compensation_coming, "0.00");
	assert_money(look(1, "2012-05-16")->costs, "62.00"); /* a tenth of 620.00 */
}

/* A promise to pay is an acknowledgment: three new years, and the warnings begin again. */
static void a_plan_begins_a_new_period(void **state)
{
	(void)state;
	example();
	story.claims[0].due_on = story.claims[0].received_on = day_of("2020-10-05");
	story.claims[0].issued_on = day_of("2020-09-21");
	struct fact *plan = tell(1, FACT_PLAN, "2023-06-01");
	plan->number = 1;
	plan->until = day_of("2023-07-03");
	assert_day(look(1, "2023-05-31")->limitation_on, "2023-10-05");
	assert_int_equal(event_count_of(look(1, "2023-05-31"), EVENT_LIMITATION_WARNING), 1);
	const struct life_case *one = look(1, "2026-06-01");
	assert_day(one->limitation_on, "2026-06-01");
	assert_int_equal(event_count_of(one, EVENT_LIMITATION_WARNING), 4);
	assert_stage(one, STAGE_ENFORCEMENT_NOTICE);
	assert_stage(look(1, "2026-06-02"), STAGE_BLOCKED);
}

/* A rest of 85.72: at once, then every 90 days (07-19 is a Sunday), three in all; then a look a year later. */
static void a_rest_gets_three_plain_reminders(void **state)
{
	(void)state;
	example();
	pay(1, "2026-01-20", "3400.00");
	const struct life_case *one = look(1, "2026-12-31");
	assert_steps(one, "residual_reminder 2026-01-20, residual_reminder 2026-04-20, residual_reminder 2026-07-20");
	assert_next(one, "review", "2027-07-20");
	assert_money(one->costs, "0.00");
	assert_next(look(1, "2026-04-20"), "residual_reminder", "2026-07-20");
}

/* What is said to have been paid before the invoice was written counts from the invoice. */
static void nothing_counts_before_the_claim_is_there(void **state)
{
	(void)state;
	example();
	pay(1, "2025-12-20", "1000.00");
	assert_int_equal(look(1, "2025-12-31")->event_count, 0);
	const struct life_case *one = look(1, "2026-01-01");
	assert_int_equal(one->event_count, 2);
	assert_money(one->principal, "2480.00");
}

/* ---- claims of one debtor ---- */

/* The weekend makes both ready on one day; the case with the lower number carries on, the older claim is paid first. */
static void the_older_claim_is_paid_first(void **state)
{
	(void)state;
	story_begin(&story, "no/minimum");
	story_claim(&story, kroner("1000.00"), day_of("2026-01-18"))->invoice_no = S("young");
	story_claim(&story, kroner("1000.00"), day_of("2026-01-17"))->invoice_no = S("old");
	assert_int_equal(look(2, "2026-03-04")->carrier_no, 1);
	/* 300.00 salær, interest of 52 and 51 days 17.10 + 16.77 = 33.87, and the old thousand. */
	pay(1, "2026-03-10", "1333.87");
	const struct life_case *one = look(1, "2026-03-31");
	assert_money(one->principal, "1000.00");
	size_t young_count = 0;
	for (size_t i = 0; i < one->line_count; i++) {
		if (strcmp(one->lines[i].what, "interest") != 0 || !date_after(one->lines[i].to, day_of("2026-03-10")))
			continue;
		assert_true(str_eq(one->lines[i].invoice_no, S("young")));
		young_count++;
	}
	assert_int_equal(young_count, 1);
}

static void six_claims_go_into_one_demand(void **state)
{
	(void)state;
	story_begin(&story, "no/minimum");
	for (int i = 0; i < 6; i++)
		story_claim(&story, kroner("1000.00"), day_of("2026-01-15"));
	tell(2, FACT_CREDIT, "2026-03-20")->amount = kroner("400.00");
	const struct life_case *one = look(1, "2026-03-02");
	assert_int_equal(one->joined_count, 5);
	assert_int_equal(one->claim_count, 6);
	assert_money(one->principal, "5600.00");
	assert_money(one->costs, "600.00"); /* 0.8 × 750 */
	assert_int_equal(look(6, "2026-03-02")->carrier_no, 1);
	assert_string_equal(look(6, "2026-03-02")->closed_reason, "joined");
	/* A payment with the sixth's number, reversed again. */
	pay(6, "2026-03-20", "1000.00");
	assert_money(look(1, "2026-03-20")->costs, "0.00");
	struct fact *reversal = tell(6, FACT_REVERSAL, "2026-03-23");
	reversal->number = 1;
	reversal->amount = kroner("1000.00");
	assert_money(look(1, "2026-03-23")->costs, "600.00");
	assert_money(look(1, "2026-03-23")->principal, "5600.00");
}

static void what_does_not_join(void **state)
{
	(void)state;
	/* Two agreements: the second claim came after the client changed to its own process without salær. */
	story_begin(&story, "no/own");
	story_claim(&story, kroner("1000.00"), day_of("2026-01-15"));
	struct terms standard = story.terms;
	standard.process = S("no/minimum");
	story_claim(&story, kroner("1000.00"), day_of("2026-01-27"))->terms = &standard;
	assert_int_equal(look(2, "2026-03-31")->carrier_no, 0);
	assert_money(look(2, "2026-03-31")->costs, "262.50"); /* 0.35 × 750 */
	assert_money(look(1, "2026-03-31")->costs, "189.00"); /* 38 + 38 + 113 */
	/* Of two agreements with salær it joins. */
	story.terms.process = S("no/standard");
	assert_int_equal(look(2, "2026-03-31")->carrier_no, 1);
	/* Alone by the creditor's wish, or the first one is: neither joins. */
	story.claims[1].alone = true;
	assert_int_equal(look(2, "2026-03-31")->carrier_no, 0);
	story.claims[1].alone = false;
	story.claims[0].alone = true;
	assert_int_equal(look(2, "2026-03-31")->carrier_no, 0);
	story.claims[0].alone = false;
	/* The first is watched, or in court: not joined to. */
	struct fact *fact = tell(1, FACT_SURVEILLANCE, "2026-03-03");
	fact->until = day_of("2026-10-01");
	assert_int_equal(look(2, "2026-03-31")->carrier_no, 0);
	fact->kind = FACT_LEGAL;
	assert_int_equal(look(2, "2026-03-31")->carrier_no, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_example_day_by_day),
		cmocka_unit_test(the_worked_example_explained),
		cmocka_unit_test(the_variants_on_the_day_of_heavy),
		cmocka_unit_test(readings_that_can_be_switched_off),
		cmocka_unit_test(a_plan_of_five_costs_once),
		cmocka_unit_test(a_process_is_data),
		cmocka_unit_test(a_part_payment_in_both_orders),
		cmocka_unit_test(money_is_divided),
		cmocka_unit_test(legal_costs_go_to_who_advanced_them),
		cmocka_unit_test(a_reversal_restores_what_was_covered),
		cmocka_unit_test(a_reversal_after_a_credit_gives_back_once),
		cmocka_unit_test(a_credit_gives_back_what_was_paid_only),
		cmocka_unit_test(a_letter_handed_over_late_counts_from_that_day),
		cmocka_unit_test(a_late_letter_asks_what_is_owed_that_day),
		cmocka_unit_test(a_withdrawn_letter_was_never_sent),
		cmocka_unit_test(no_step_is_dated_in_a_gap_between_nights),
		cmocka_unit_test(a_new_demand_is_free_and_pauses_nothing_else),
		cmocka_unit_test(each_stage_has_its_next_action),
		cmocka_unit_test(a_second_pause_of_a_kind_is_the_same_pause),
		cmocka_unit_test(the_later_of_two_ends_counts),
		cmocka_unit_test(a_plan_ends_by_another_or_by_a_person),
		cmocka_unit_test(a_plan_costs_nothing_for_a_rest_or_in_court),
		cmocka_unit_test(only_a_plan_fee_is_a_rest),
		cmocka_unit_test(a_rest_in_court_is_reviewed),
		cmocka_unit_test(nothing_is_done_to_a_closed_case),
		cmocka_unit_test(the_creditors_letters_count),
		cmocka_unit_test(fees_count_for_six_months),
		cmocka_unit_test(a_claim_is_time_barred_after_three_years),
		cmocka_unit_test(an_old_business_claim_has_no_compensation),
		cmocka_unit_test(a_plan_begins_a_new_period),
		cmocka_unit_test(a_rest_gets_three_plain_reminders),
		cmocka_unit_test(nothing_counts_before_the_claim_is_there),
		cmocka_unit_test(the_older_claim_is_paid_first),
		cmocka_unit_test(six_claims_go_into_one_demand),
		cmocka_unit_test(what_does_not_join),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
