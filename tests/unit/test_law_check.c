/* Tables of the law that no file can hold, because its reader refuses them first, and those the program is built with:
 * law_check() has the last word on both. The files' own mistakes are in test_law.c. */
#include "core/law.h"
#include "law_no.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

/* The law of the project with its tables open to change. */
struct tables {
	struct law law;
	struct law_scheme *schemes;
	struct law_band *bands; /* of the last scheme */
	struct law_process *processes;
	struct law_process_step *steps; /* of the first process */
	struct law_holiday *holidays;
	struct law_proceeding *proceedings;
};

static void *copy_of(const void *items, size_t count, size_t item_size)
{
	return arena_grow(arena, items, count, count + 1, item_size);
}

static struct tables tables(void)
{
	struct tables t = { .law = law_no };
	t.schemes = copy_of(law_no.schemes, law_no.scheme_count, sizeof *t.schemes);
	struct law_scheme *last = &t.schemes[law_no.scheme_count - 1];
	t.bands = copy_of(last->bands, last->band_count, sizeof *t.bands);
	last->bands = t.bands;
	t.processes = copy_of(law_no.processes, law_no.process_count, sizeof *t.processes);
	t.steps = copy_of(t.processes[0].steps, t.processes[0].step_count, sizeof *t.steps);
	t.processes[0].steps = t.steps;
	t.holidays = copy_of(law_no.holidays, law_no.holiday_count, sizeof *t.holidays);
	t.proceedings = copy_of(law_no.proceedings, law_no.proceeding_count, sizeof *t.proceedings);
	t.law.schemes = t.schemes;
	t.law.processes = t.processes;
	t.law.holidays = t.holidays;
	t.law.proceedings = t.proceedings;
	return t;
}

static void assert_found(const struct tables *t, const char *says)
{
	struct law_finding *findings;
	size_t count;
	law_check(&t->law, arena, &findings, &count);
	for (size_t i = 0; i < count; i++)
		if (str_has(findings[i].text, str_from_z(says)))
			return;
	for (size_t i = 0; i < count; i++)
		print_error("%.*s\n", STR_ARG(findings[i].text));
	fail_msg("%zu findings, none says '%s'", count, says);
}

static void the_embedded_law_is_sound(void **state)
{
	(void)state;
	struct tables t = tables();
	struct law_finding *findings;
	size_t count;
	law_check(&t.law, arena, &findings, &count);
	assert_int_equal(count, 0);
}

static void series_without_values(void **state)
{
	(void)state;
	struct tables t = tables();
	t.law.inkassosats.value_count = 0;
	assert_found(&t, "inkassosats.yaml: inkassosats has no values");
	t = tables();
	t.law.late_interest.value_count = 0;
	t.law.late_interest.name = " ";
	t.law.interest_sums = NULL;
	assert_found(&t, "late-interest.yaml: (no name) has no values");
	t = tables();
	t.law.interest_sums = NULL;
	assert_found(&t, "the running sums do not belong to the rates");
	t = tables();
	t.law.late_interest.values++; /* the first half-year taken away: begins on 2004-01-01, as half-years do */
	t.law.late_interest.value_count--;
	assert_found(&t, "the running sums do not belong to the rates");
}

static void a_series_that_does_not_begin_with_a_half_year(void **state)
{
	(void)state;
	struct tables t = tables();
	struct law_value *values =
		copy_of(t.law.standard_compensation.values, t.law.standard_compensation.value_count, sizeof *values);
	t.law.standard_compensation.values = values;
	values[0].from = date_add(values[0].from, 1);
	assert_found(&t, "does not begin on 1 January or 1 July");
	values[0].value = -123;
	assert_found(&t, ": -1.23 is not between 100.00 and 2000.00");
}

static void schemes_without_what_they_need(void **state)
{
	(void)state;
	struct tables t = tables();
	t.law.scheme_count = 0;
	assert_found(&t, "schemes.yaml: there is no scheme");
	t = tables();
	t.schemes[1].band_count = 0;
	assert_found(&t, "schemes.yaml: scheme 2020-10 has no bands");
	t = tables();
	t.bands[0].up_to = MONEY_ZERO;
	assert_found(&t, "schemes.yaml: scheme 2020-10: the band up to 0.00 holds no amount");
	t = tables();
	t.bands[6].heavy_per_mille = 100001;
	assert_found(&t, "heavy 100.001 are not both between 0.001 and 100");
	t = tables();
	t.schemes[0].letter_fee_per_mille = 0;
	assert_found(&t, "0.000 is not a part of the sats");
	t = tables();
	t.schemes[0].due_from = DATE_NONE; /* claims of any age: allowed */
	struct law_finding *findings;
	size_t count;
	law_check(&t.law, arena, &findings, &count);
	assert_int_equal(count, 0);
	t = tables();
	t.schemes[1].due_from = DATE_NONE;
	assert_found(&t, "schemes 2010-01 and 2020-10 overlap: one of them has an open end between them");
	assert_found(&t, "after the scheme it belongs to"); /* a fee in kroner begins some day */
}

static void processes_that_cannot_run(void **state)
{
	(void)state;
	struct tables t = tables();
	t.steps[2].wait_days = 401;
	assert_found(&t, "step demand waits 401 days and gives 14; neither may be over 400");
	t = tables();
	t.steps[2].deadline_days = 401;
	assert_found(&t, "step demand waits 1 days and gives 401");
	t = tables();
	t.steps[3].anchor = LAW_ANCHOR_SAME_DAY;
	assert_found(&t, "step heavy must follow the demand's deadline");
	t = tables();
	t.steps[0].deadline_days = 0;
	assert_found(&t, "step notice follows a deadline, but no letter before it gives one");
	t = tables();
	t.steps[3].sends = true;
	assert_found(&t, "step heavy is no letter, but sends is yes");
	t = tables();
	t.steps[2].sends = false;
	assert_found(&t, "step demand is a letter, but sends is no");
	t = tables();
	t.processes[1].grace_days = 401;
	assert_found(&t, "no/standard has 401 days of grace");
	t = tables();
	t.processes[2].name = "\t";
	assert_found(&t, "processes.yaml: process 3 has no name");
	t = tables();
	t.processes[0].step_count = 0;
	assert_found(&t, "no/minimum has no steps"); /* and nothing to measure the others by: no more is said of them */
	t = tables();
	t.steps[0].deadline_days = t.steps[1].deadline_days = 21;
	assert_found(&t, "no/standard, step reminder gives 14 days, shorter than no/minimum with 21");
	t = tables();
	t.steps[2].charge = LAW_CHARGE_NONE;
	assert_found(&t, "charges heavy sal\xC3\xA6r without a demand with light sal\xC3\xA6r before it");
	t = tables();
	t.processes[0].step_count--;
	assert_found(&t, "no/minimum does not end in decide_legal");
}

static void holidays_and_proceedings(void **state)
{
	(void)state;
	struct tables t = tables();
	t.law.holiday_count = 0;
	assert_found(&t, "holidays.yaml: 0 holidays; there must be 1 to 20");
	t = tables();
	struct law_holiday *many = arena_many(arena, 21, struct law_holiday);
	for (int i = 0; i < 21; i++)
		many[i] = (struct law_holiday){ .name = "dag", .month = 1, .day = i + 1 };
	t.law.holidays = many;
	t.law.holiday_count = 21;
	assert_found(&t, "holidays.yaml: 21 holidays; there must be 1 to 20");
	t.law.holiday_count = 20;
	for (int i = 0; i < 20; i++)
		many[i] = (struct law_holiday){ .name = "dag", .easter_offset = -81 + i };
	assert_found(&t, "dag is -81 days from Easter Sunday; at most 80 are possible");
	t = tables();
	t.proceedings[0].name = "";
	assert_found(&t, "court-fee.yaml: proceeding 1 has no name");
}

static void parameters_out_of_their_bounds(void **state)
{
	(void)state;
	struct tables t = tables();
	t.law.parameters.join_days = 366;
	assert_found(&t, "parameters.yaml: join: days: 366 is not between 0 and 365");
	t = tables();
	t.law.parameters.ident_rule_from = date_make(2051, 1, 1);
	assert_found(&t, "rule_from 2051-01-01 is not between 2026-01-01 and 2050-12-31");
	t = tables();
	t.law.parameters.ident_rule_from = DATE_NONE;
	assert_found(&t, "rule_from  is not between");
}

static void a_law_without_name_or_version(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "n", "nor", "No", "nO", "n1", "1n", "{n", "n{", "\xC3\xB8" };
	struct tables t = tables();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		t.law.country = wrong[i];
		assert_found(&t, "is not a country's two small letters");
	}
	t = tables();
	t.law.version = " ";
	assert_found(&t, "law.yaml: there is no version");
}

/* A hopeless law is told of a hundred times, not without end. */
static void findings_end_at_a_hundred(void **state)
{
	(void)state;
	struct tables t = tables();
	struct law_value *values = copy_of(t.law.late_interest.values, t.law.late_interest.value_count, sizeof *values);
	t.law.late_interest.values = values;
	for (size_t i = 0; i < t.law.late_interest.value_count; i++)
		values[i] = (struct law_value){ .from = values[i].from, .value = -1, .source = { "", "", "" } };
	struct law_finding *findings;
	size_t count;
	law_check(&t.law, arena, &findings, &count);
	assert_int_equal(count, LAW_FINDING_MAX);
}

/* ---- looking up, where the tables of the project have no such case ---- */

static void a_law_whose_series_are_all_open(void **state)
{
	(void)state;
	struct tables t = tables();
	t.law.late_interest.until = t.law.standard_compensation.until = DATE_NONE;
	t.schemes[1].letter_fee.until = t.schemes[1].own_demand_fee.until = DATE_NONE;
	assert_true(date_eq(law_horizon(&t.law), DATE_LAST));
	err_t err = law_reaches(&t.law, DATE_LAST);
	assert_null(err);
	err = law_reaches(&t.law, date_make(1993, 12, 31));
	assert_non_null(err);
	err_free(err);
	struct law_series empty = { .name = "empty", .until = DATE_NONE };
	assert_null(law_value_on(&empty, date_make(2026, 1, 1)));
	t.schemes[0].due_from = DATE_NONE;
	assert_ptr_equal(law_scheme_for(&t.law, date_make(1995, 5, 5)), &t.schemes[0]);
}

/* With or without the table made at build time, the same days are banking days. */
static void banking_days_without_the_table(void **state)
{
	(void)state;
	struct law law = law_no;
	law.closed_days = NULL;
	for (date d = date_make(2020, 1, 1); date_before(d, date_make(2031, 1, 1)); d = date_add(d, 1)) {
		assert_int_equal(law_is_banking_day(&law, d), law_is_banking_day(&law_no, d));
		assert_int_equal(law_banking_day(&law, d).day, law_banking_day(&law_no, d).day);
	}
	/* Beyond the table's two centuries. */
	assert_true(law_is_banking_day(&law_no, date_from_civil((struct civil){ 1899, 12, 28 })));
	assert_false(law_is_banking_day(&law_no, date_from_civil((struct civil){ 1899, 12, 26 })));
	assert_false(law_is_banking_day(&law_no, date_from_civil((struct civil){ 2101, 1, 1 })));
	assert_true(law_is_banking_day(&law_no, date_from_civil((struct civil){ 2101, 1, 3 })));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_embedded_law_is_sound),
		cmocka_unit_test(series_without_values),
		cmocka_unit_test(a_series_that_does_not_begin_with_a_half_year),
		cmocka_unit_test(schemes_without_what_they_need),
		cmocka_unit_test(processes_that_cannot_run),
		cmocka_unit_test(holidays_and_proceedings),
		cmocka_unit_test(parameters_out_of_their_bounds),
		cmocka_unit_test(a_law_without_name_or_version),
		cmocka_unit_test(findings_end_at_a_hundred),
		cmocka_unit_test(a_law_whose_series_are_all_open),
		cmocka_unit_test(banking_days_without_the_table),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
