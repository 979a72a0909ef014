/* The law's tables and their arithmetic. Figures are copied by hand from the published tables, never from our own
 * output; run from the project's root. With the reference rates at hand (KRAVBOK_SHARED, else ../shared) every row of
 * theirs is compared too. */
#include "core/law.h"
#include "format/law_yaml.h"
#include "law_no.h"

#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

static const struct law *const law = &law_no;
static struct arena *arena;

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

static date day_of(const char *iso)
{
	date d;
	err_t err = date_parse_iso(str_from_z(iso), &d);
	assert_null(err);
	return d;
}

static money kroner(const char *text)
{
	money amount;
	err_t err = money_parse(str_from_z(text), &amount);
	assert_null(err);
	return amount;
}

static void assert_money(money got, const char *expected)
{
	assert_string_equal(money_plain(got).z, money_plain(kroner(expected)).z);
}

/* ---- late interest ---- */

/* principal from the day after due to on, included; rounded once. */
static money interest(const char *principal, const char *due, const char *on)
{
	int64_t sum = law_interest_sum(law, day_of(due), day_of(on));
	return money_ratio(kroner(principal), sum, 365 * 10000, ROUND_HALF_UP);
}

static int64_t rate_on(const char *on)
{
	const struct law_value *value = law_value_on(&law->late_interest, day_of(on));
	return value ? value->value : -1;
}

static void rate_on_the_day_before_of_and_after_each_change(void **state)
{
	(void)state;
	static const struct {
		const char *before, *of, *after;
		int64_t rate_before, rate;
	} changes[] = {
		{ "2003-12-31", "2004-01-01", "2004-01-02", 1200, 925 },
		{ "2004-06-30", "2004-07-01", "2004-07-02", 925, 875 },
		{ "2008-12-31", "2009-01-01", "2009-01-02", 1275, 1000 },
		{ "2014-06-30", "2014-07-01", "2014-07-02", 950, 950 },
		{ "2020-06-30", "2020-07-01", "2020-07-02", 950, 800 },
		{ "2021-12-31", "2022-01-01", "2022-01-02", 800, 850 },
		{ "2022-06-30", "2022-07-01", "2022-07-02", 850, 925 },
		{ "2022-12-31", "2023-01-01", "2023-01-02", 925, 1075 },
		{ "2023-06-30", "2023-07-01", "2023-07-02", 1075, 1175 },
		{ "2023-12-31", "2024-01-01", "2024-01-02", 1175, 1250 },
		{ "2025-06-30", "2025-07-01", "2025-07-02", 1250, 1225 },
		{ "2025-12-31", "2026-01-01", "2026-01-02", 1225, 1200 },
		{ "2026-06-30", "2026-07-01", "2026-07-02", 1200, 1225 },
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		assert_int_equal(rate_on(changes[i].before), changes[i].rate_before);
		assert_int_equal(rate_on(changes[i].of), changes[i].rate);
		assert_int_equal(rate_on(changes[i].after), changes[i].rate);
		/* One day's sum is that day's rate: the day itself counts, the day before does not. */
		assert_int_equal(
			law_interest_sum(law, day_of(changes[i].before), day_of(changes[i].of)), changes[i].rate);
		assert_int_equal(
			law_interest_sum(law, day_of(changes[i].of), day_of(changes[i].after)), changes[i].rate);
	}
	assert_int_equal(rate_on("1994-01-01"), 1200);
	assert_int_equal(rate_on("1993-12-31"), -1);
	assert_int_equal(rate_on("2026-12-31"), 1225);
	assert_int_equal(rate_on("2027-01-01"), -1);
}

static void interest_of_the_worked_example(void **state)
{
	(void)state;
	assert_money(interest("3480.00", "2026-01-15", "2026-01-15"), "0.00");
	assert_money(interest("3480.00", "2026-01-15", "2026-01-29"), "16.02"); /* 14 days */
	assert_money(interest("3480.00", "2026-01-15", "2026-02-12"), "32.04");
	assert_money(interest("3480.00", "2026-01-15", "2026-02-13"), "33.18");
	assert_money(interest("3480.00", "2026-01-15", "2026-02-27"), "49.20");
	assert_money(interest("3480.00", "2026-01-15", "2026-03-02"), "52.63");
	assert_money(interest("3480.00", "2026-01-15", "2026-03-16"), "68.65");
	assert_money(interest("3480.00", "2026-01-15", "2026-04-13"), "100.68");
	assert_money(interest("3480.00", "2026-01-15", "2026-04-14"), "101.83");
	assert_money(interest("3480.00", "2026-01-15", "2026-04-17"), "105.26"); /* 92 days at 12 % */
	assert_money(interest("3480.00", "2026-01-15", "2026-04-28"), "117.84");
	assert_money(interest("3480.00", "2026-01-15", "2026-04-29"), "118.99");
	assert_money(interest("3480.00", "2026-01-15", "2026-06-30"), "189.92"); /* 166 days */
	assert_money(interest("3480.00", "2026-01-15", "2026-07-31"), "226.13"); /* and 31 at 12.25 % */
	assert_money(interest("2153.22", "2026-03-20", "2026-04-20"), "21.95");
	assert_money(interest("600.00", "2026-03-16", "2026-04-14"), "5.72");
}

static void interest_sum_is_zero_backwards_and_on_the_same_day(void **state)
{
	(void)state;
	assert_int_equal(law_interest_sum(law, day_of("2026-01-15"), day_of("2026-01-15")), 0);
	assert_int_equal(law_interest_sum(law, day_of("2026-01-15"), day_of("2025-01-15")), 0);
}

/* A leap year's day bears interest like any other; the year is 365 days all the same. */
static void leap_day_counts(void **state)
{
	(void)state;
	assert_int_equal(law_interest_sum(law, day_of("2024-02-28"), day_of("2024-02-29")), 1250);
	assert_int_equal(law_interest_sum(law, day_of("2023-12-31"), day_of("2024-12-31")), 366 * 1250);
	assert_int_equal(law_interest_sum(law, day_of("2002-12-31"), day_of("2003-12-31")), 365 * 1200);
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void interest_sum_adds_up_and_equals_day_by_day(void **state)
{
	(void)state;
	uint32_t seed = 20261122;
	int first = day_of("1994-01-01").day, last = day_of("2026-12-31").day;
	for (int run = 0; run < 300; run++) {
		int days[3];
		for (int i = 0; i < 3; i++)
			days[i] = first + (int)(random_next(&seed) % (uint32_t)(last - first + 1));
		if (run % 3 == 0) /* at the edges of a half-year */
			days[1] =
				law->late_interest.values[random_next(&seed) % law->late_interest.value_count].from.day;
		date a = { days[0] }, b = { days[1] }, c = { days[2] };
		if (date_after(a, b) || date_after(b, c)) {
			run -= run % 3 != 0; /* seldom: try again, the edges excepted */
			continue;
		}
		int64_t day_by_day = 0;
		for (date d = date_add(a, 1); !date_after(d, c); d = date_add(d, 1))
			day_by_day += law_value_on(&law->late_interest, d)->value;
		if (law_interest_sum(law, a, c) != day_by_day)
			fail_msg("seed 20261122, run %d: %s to %s", run, date_iso(a).z, date_iso(c).z);
		assert_int_equal(law_interest_sum(law, a, b) + law_interest_sum(law, b, c), day_by_day);
	}
}

/* The quick guess must be right for any table, not only for one of half-years. */
static void value_of_an_uneven_series_is_found(void **state)
{
	(void)state;
	uint32_t seed = 7;
	struct law_value values[40] = { 0 };
	for (int run = 0; run < 50; run++) {
		size_t count = 1 + random_next(&seed) % 40;
		int day = 10000;
		for (size_t i = 0; i < count; i++) {
			values[i].from.day = day;
			values[i].value = (int64_t)i;
			day += 1 + (int)(random_next(&seed) % (run % 2 ? 3 : 900));
		}
		struct law_series series = { "uneven", values, count, DATE_NONE };
		assert_null(law_value_on(&series, (date){ 9999 }));
		size_t expected = 0;
		for (int d = 10000; d < day + 5; d++) {
			while (expected + 1 < count && values[expected + 1].from.day <= d)
				expected++;
			assert_int_equal(law_value_on(&series, (date){ d })->value, expected);
		}
	}
}

static void beyond_the_last_known_day_is_refused(void **state)
{
	(void)state;
	assert_string_equal(date_iso(law_horizon(law)).z, "2026-12-31");
	assert_null(law_reaches(law, day_of("2026-12-31")));
	assert_null(law_reaches(law, day_of("1994-01-01")));
	err_t err = law_reaches(law, day_of("2027-01-01"));
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_REFUSED);
	assert_string_equal(err_text(err), "the law's late_interest is known to 2026-12-31 only, not on 2027-01-01: "
					   "add the new value to the law folder");
	err_free(err);
	err = law_reaches(law, day_of("1993-12-31"));
	assert_non_null(err);
	assert_string_equal(err_text(err), "the law's late_interest is known from 1994-01-01 only, not on 1993-12-31");
	err_free(err);
}

/* The law ends where its first series ends: an operator who adds the new rate and forgets the compensation is told. */
static void horizon_is_that_of_the_first_series_to_end(void **state)
{
	(void)state;
	struct law later = *law;
	later.late_interest.until = day_of("2027-06-30");
	assert_string_equal(date_iso(law_horizon(&later)).z, "2026-12-31");
	err_t err = law_reaches(&later, day_of("2027-01-01"));
	assert_non_null(err);
	assert_non_null(strstr(err_text(err), "standard_compensation"));
	err_free(err);
	later.standard_compensation.until = DATE_NONE;
	assert_string_equal(date_iso(law_horizon(&later)).z, "2027-06-30");
}

/* ---- fees and salær ---- */

static void letter_fee_follows_the_sending_day(void **state)
{
	(void)state;
	const struct law_scheme *now = law_scheme_for(law, day_of("2025-12-01")),
				*old = law_scheme_for(law, day_of("2020-09-30"));
	assert_money(law_letter_fee(law, now, day_of("2025-12-31")), "35.00");
	assert_money(law_letter_fee(law, now, day_of("2026-01-01")), "38.00");
	assert_money(law_letter_fee(law, now, day_of("2020-10-01")), "35.00");
	assert_money(law_own_demand_fee(law, now, day_of("2025-12-31")), "105.00");
	assert_money(law_own_demand_fee(law, now, day_of("2026-01-01")), "113.00");
	assert_money(law_letter_fee(law, old, day_of("2020-09-30")), "70.00");
	assert_money(law_own_demand_fee(law, old, day_of("2020-09-30")), "210.00");
	assert_money(law_letter_fee(law, old, day_of("2025-12-31")), "70.00");
	assert_money(
		law_letter_fee(law, old, day_of("2026-01-01")), "75.00"); /* a tenth of the sats of the sending day */
	assert_money(law_letter_fee(law, old, day_of("2015-06-01")), "65.00");
	assert_money(law_letter_fee(law, old, day_of("2016-06-01")), "67.00");
}

static void scheme_is_that_of_the_due_date(void **state)
{
	(void)state;
	assert_null(law_scheme_for(law, day_of("2009-12-31"))); /* an older scale, unknown: refused at intake */
	assert_string_equal(law_scheme_for(law, day_of("2010-01-01"))->name, "2010-01");
	assert_string_equal(law_scheme_for(law, day_of("2020-09-30"))->name, "2010-01");
	assert_string_equal(law_scheme_for(law, day_of("2020-10-01"))->name, "2020-10");
	assert_string_equal(law_scheme_for(law, day_of("2026-12-31"))->name, "2020-10");
}

static money salaer(const char *due, const char *principal, const char *on, bool heavy, bool business, bool deductible)
{
	const struct law_band *band = law_band_for(law_scheme_for(law, day_of(due)), kroner(principal));
	int64_t per_mille = heavy ? band->heavy_per_mille : band->light_per_mille;
	return law_salaer(law, (struct law_salaer){ per_mille, day_of(on), business, deductible });
}

/* Finanstilsynet's table for 2026: columns light and heavy; the same with VAT; business; business with VAT. */
static void salaer_table_of_2026(void **state)
{
	(void)state;
	static const struct {
		const char *principal, *columns[8];
	} rows[] = {
		{ "500.00", { "187.50", "375.00", "234.38", "468.75", "281.25", "562.50", "351.56", "703.13" } },
		{ "1000.00", { "262.50", "525.00", "328.13", "656.25", "393.75", "787.50", "492.19", "984.38" } },
		{ "2500.00", { "300.00", "600.00", "375.00", "750.00", "450.00", "900.00", "562.50", "1125.00" } },
		{ "10000.00", { "600.00", "1200.00", "750.00", "1500.00", "900.00", "1800.00", "1125.00", "2250.00" } },
		{ "50000.00",
			{ "1200.00", "2400.00", "1500.00", "3000.00", "1800.00", "3600.00", "2250.00", "4500.00" } },
		{ "250000.00",
			{ "2700.00", "5400.00", "3375.00", "6750.00", "4050.00", "8100.00", "5062.50", "10125.00" } },
		{ "250000.01", { "5400.00", "10800.00", "6750.00", "13500.00", "8100.00", "16200.00", "10125.00",
				       "20250.00" } },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int column = 0; column < 8; column++)
			assert_money(salaer("2026-01-15", rows[i].principal, "2026-03-02", column & 1, column & 4,
					     !(column & 2)),
				rows[i].columns[column]);
}

static void salaer_at_sats_700(void **state)
{
	(void)state;
	static const struct {
		const char *due, *principal, *light, *heavy;
	} rows[] = {
		{ "2025-06-01", "500.00", "175.00", "350.00" },
		{ "2025-06-01", "1000.00", "245.00", "490.00" },
		{ "2025-06-01", "2500.00", "280.00", "560.00" },
		{ "2025-06-01", "10000.00", "560.00", "1120.00" },
		{ "2025-06-01", "50000.00", "1120.00", "2240.00" },
		{ "2025-06-01", "250000.00", "2520.00", "5040.00" },
		{ "2025-06-01", "900000.00", "5040.00", "10080.00" },
		{ "2019-06-01", "2500.00", "350.00", "700.00" },
		{ "2019-06-01", "10000.00", "700.00", "1400.00" },
		{ "2019-06-01", "50000.00", "1400.00", "2800.00" },
		{ "2019-06-01", "250000.00", "2800.00", "5600.00" },
		{ "2019-06-01", "900000.00", "5600.00", "11200.00" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_money(salaer(rows[i].due, rows[i].principal, "2025-12-31", false, false, true), rows[i].light);
		assert_money(salaer(rows[i].due, rows[i].principal, "2025-12-31", true, false, true), rows[i].heavy);
	}
}

static void upper_bound_belongs_to_the_lower_band(void **state)
{
	(void)state;
	assert_money(salaer("2026-01-15", "0.01", "2026-03-02", false, false, true), "187.50");
	assert_money(salaer("2026-01-15", "500.00", "2026-03-02", false, false, true), "187.50");
	assert_money(salaer("2026-01-15", "500.01", "2026-03-02", false, false, true), "262.50");
	assert_money(salaer("2026-01-15", "1000.00", "2026-03-02", false, false, true), "262.50");
	assert_money(salaer("2026-01-15", "1000.01", "2026-03-02", false, false, true), "300.00");
	assert_money(salaer("2026-01-15", "2500.00", "2026-03-02", false, false, true), "300.00");
	assert_money(salaer("2026-01-15", "2500.01", "2026-03-02", false, false, true), "600.00");
	assert_money(salaer("2026-01-15", "10000.01", "2026-03-02", false, false, true), "1200.00");
	assert_money(salaer("2026-01-15", "50000.01", "2026-03-02", false, false, true), "2700.00");
	assert_money(salaer("2020-09-30", "2500.00", "2026-03-02", false, false, true), "375.00");
	assert_money(salaer("2020-09-30", "2500.01", "2026-03-02", false, false, true), "750.00");
	assert_money(salaer("2020-10-01", "2500.00", "2026-03-02", false, false, true), "300.00");
}

static void salaer_uses_the_sats_of_the_charging_day(void **state)
{
	(void)state;
	assert_money(law_sats(law, day_of("2025-12-31")), "700.00");
	assert_money(law_sats(law, day_of("2026-01-01")), "750.00");
	assert_money(salaer("2025-10-01", "3480.00", "2025-12-31", false, false, true), "560.00");
	assert_money(salaer("2025-10-01", "3480.00", "2026-01-01", false, false, true), "600.00");
}

static void plan_fee_is_one_and_a_half_sats(void **state)
{
	(void)state;
	struct law_salaer plan = { law->parameters.plan_fee_per_mille, day_of("2026-03-02"), false, true };
	assert_money(law_salaer(law, plan), "1125.00");
	plan.vat_deductible = false;
	assert_money(law_salaer(law, plan), "1406.25");
	plan = (struct law_salaer){ law->parameters.plan_fee_per_mille, day_of("2025-12-31"), false, true };
	assert_money(law_salaer(law, plan), "1050.00");
	assert_int_equal(law->parameters.plan_fee_over_parts, 4);
}

static void compensation_of_the_due_dates_half_year(void **state)
{
	(void)state;
	assert_money(law_compensation(law, day_of("2013-06-30")), "0.00");
	assert_money(law_compensation(law, day_of("2013-07-01")), "300.00");
	assert_money(law_compensation(law, day_of("2025-06-30")), "470.00");
	assert_money(law_compensation(law, day_of("2025-07-01")), "460.00");
	assert_money(law_compensation(law, day_of("2026-01-15")), "460.00");
	assert_money(law_compensation(law, day_of("2026-06-30")), "460.00");
	assert_money(law_compensation(law, day_of("2026-07-01")), "430.00");
	assert_money(law_compensation(law, day_of("2026-12-31")), "430.00");
}

static void assert_court_fee(const char *proceeding, const char *on, const char *expected)
{
	money fee;
	err_t err = law_court_fee(law, proceeding, day_of(on), &fee);
	assert_null(err);
	assert_money(fee, expected);
}

static void court_fee_is_cut_to_whole_kroner(void **state)
{
	(void)state;
	assert_court_fee("conciliation_complaint", "2026-04-29", "2071.00"); /* 1.54 × 1,345 = 2,071.30 */
	assert_court_fee("attachment_petition", "2026-04-29", "928.00");     /* 0.69 × 1,345 = 928.05 */
	assert_court_fee("drafting_fee", "2026-04-29", "672.00");            /* 0.5 × 1,345 = 672.50 */
	assert_court_fee("attachment_petition", "2018-06-01", "1921.00");    /* 1.7 × 1,130 */
	assert_court_fee("conciliation_complaint", "2019-01-01", "1322.00"); /* 1.15 × 1,150 = 1,322.50 */
	assert_court_fee("conciliation_complaint", "2018-12-31", "1130.00");
	assert_court_fee("conciliation_complaint", "2024-12-31", "1404.00"); /* 1.1 × 1,277 = 1,404.70 */
	assert_court_fee("conciliation_complaint", "2025-01-01", "2023.00"); /* 1.54 × 1,314 = 2,023.56 */
	assert_court_fee("attachment_petition", "2025-12-31", "1589.00");    /* 1.21 × 1,314 = 1,589.94 */
}

static void court_fee_that_is_not_known_is_an_error(void **state)
{
	(void)state;
	money fee;
	err_t err = law_court_fee(law, "eviction", day_of("2026-04-29"), &fee);
	assert_string_equal(err_text(err), "'eviction' is not a proceeding of the law");
	err_free(err);
	err = law_court_fee(law, "drafting_fee", day_of("2025-12-31"), &fee);
	assert_int_equal(err_kind(err), ERR_INPUT);
	assert_string_equal(err_text(err), "the law's drafting_fee is not known on 2025-12-31");
	err_free(err);
	struct law short_law = *law;
	short_law.court_fee.until = day_of("2026-12-31");
	err = law_court_fee(&short_law, "drafting_fee", day_of("2027-01-01"), &fee);
	assert_int_equal(err_kind(err), ERR_REFUSED);
	err_free(err);
}

/* ---- processes and parameters ---- */

static void assert_step(const struct law_process_step *step, enum law_step name, enum law_anchor anchor, int wait,
	int deadline, enum law_charge charge)
{
	assert_int_equal(step->step, name);
	assert_int_equal(step->anchor, anchor);
	assert_int_equal(step->wait_days, wait);
	assert_int_equal(step->deadline_days, deadline);
	assert_int_equal(step->charge, charge);
	assert_int_equal(step->sends, name != LAW_STEP_HEAVY && name != LAW_STEP_DECIDE_LEGAL);
}

static void the_ready_made_processes(void **state)
{
	(void)state;
	const struct law_process *minimum = law_process_named(law, S("no/minimum"));
	const struct law_process *standard = law_process_named(law, S("no/standard"));
	const struct law_process *own = law_process_named(law, S("no/own"));
	assert_null(law_process_named(law, S("no/other")));
	assert_int_equal(minimum->grace_days, 0);
	assert_int_equal(standard->grace_days, 3);
	assert_int_equal(own->grace_days, 3);
	assert_int_equal(minimum->step_count, 6);
	assert_int_equal(own->step_count, 5);
	const struct law_process *with_salaer[] = { minimum, standard };
	for (size_t i = 0; i < 2; i++) {
		const struct law_process_step *steps = with_salaer[i]->steps;
		assert_step(&steps[0], LAW_STEP_REMINDER, LAW_ANCHOR_DUE, 14, 14, LAW_CHARGE_LETTER_FEE);
		assert_step(&steps[1], LAW_STEP_NOTICE, LAW_ANCHOR_DEADLINE, 1, 14, LAW_CHARGE_LETTER_FEE);
		assert_step(&steps[2], LAW_STEP_DEMAND, LAW_ANCHOR_DEADLINE, 1, 14, LAW_CHARGE_LIGHT);
		assert_step(&steps[3], LAW_STEP_HEAVY, LAW_ANCHOR_DEADLINE, 29, 0, LAW_CHARGE_HEAVY);
		assert_step(&steps[4], LAW_STEP_ENFORCEMENT_NOTICE, LAW_ANCHOR_SAME_DAY, 0, 14, LAW_CHARGE_NONE);
		assert_step(&steps[5], LAW_STEP_DECIDE_LEGAL, LAW_ANCHOR_DEADLINE, 1, 0, LAW_CHARGE_NONE);
	}
	assert_step(&own->steps[2], LAW_STEP_DEMAND, LAW_ANCHOR_DEADLINE, 1, 14, LAW_CHARGE_OWN_DEMAND_FEE);
	assert_step(&own->steps[3], LAW_STEP_ENFORCEMENT_NOTICE, LAW_ANCHOR_DEADLINE, 1, 14, LAW_CHARGE_NONE);
	assert_step(&own->steps[4], LAW_STEP_DECIDE_LEGAL, LAW_ANCHOR_DEADLINE, 1, 0, LAW_CHARGE_NONE);
	for (size_t i = 0; i < own->step_count; i++) { /* never salær */
		assert_int_not_equal(own->steps[i].charge, LAW_CHARGE_LIGHT);
		assert_int_not_equal(own->steps[i].charge, LAW_CHARGE_HEAVY);
	}
}

static void the_parameters(void **state)
{
	(void)state;
	const struct law_parameters *p = &law->parameters;
	assert_money(p->least_principal, "100.00");
	assert_money(p->waive_under, "50.00");
	assert_money(p->residual_reminder_min, "50.00");
	assert_int_equal(p->residual_reminder_days, 90);
	assert_int_equal(p->residual_reminder_count, 3);
	assert_int_equal(p->join_days, 28);
	assert_int_equal(p->fee_letter_max, 2);
	assert_int_equal(p->fee_letter_months, 6);
	assert_int_equal(p->least_deadline_days, 14);
	assert_int_equal(p->fee_after_due_days, 14);
	assert_int_equal(p->heavy_after_days, 28);
	assert_int_equal(p->legal_months, 6);
	assert_int_equal(p->plan_fee_per_mille, 1500);
	assert_int_equal(p->business_per_mille, 1500);
	assert_int_equal(p->vat_per_mille, 250);
	assert_int_equal(p->limitation_years, 3);
	assert_int_equal(p->limitation_warning_days[0], 180);
	assert_int_equal(p->limitation_warning_days[1], 90);
	assert_int_equal(p->limitation_warning_days[2], 30);
	assert_string_equal(date_iso(p->ident_rule_from).z, "2032-01-01");
	assert_int_equal(p->age_of_majority, 18);
	assert_int_equal(p->commission_member_bp, 300);
	assert_int_equal(p->commission_other_bp, 600);
	assert_int_equal(p->review_days, 7);
	assert_int_equal(p->contact_weekday_from, 8);
	assert_int_equal(p->contact_weekday_until, 21);
	assert_int_equal(p->contact_saturday_from, 9);
	assert_int_equal(p->contact_saturday_until, 15);
	assert_true(p->absorb);
	assert_true(p->compensation_offsets);
	assert_string_equal(law->country, "no");
}

static void step_names_are_the_words_of_the_files(void **state)
{
	(void)state;
	assert_string_equal(law_step_name(LAW_STEP_REMINDER), "reminder");
	assert_string_equal(law_step_name(LAW_STEP_DECIDE_LEGAL), "decide_legal");
}

/* ---- the files ---- */

static str file_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return (str){ NULL, 0 };
	char *at = arena_alloc(arena, 1 << 20);
	size_t size = fread(at, 1, (1 << 20) - 1, file);
	fclose(file);
	return (str){ at, size };
}

static void assert_no_findings(const struct law *checked)
{
	struct law_finding *findings;
	size_t count;
	law_check(checked, arena, &findings, &count);
	if (count)
		fail_msg("%zu findings, the first: %s", count, findings[0].text.at);
}

static void assert_same_series(const struct law_series *a, const struct law_series *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->value_count, b->value_count);
	assert_true(date_eq(a->until, b->until));
	for (size_t i = 0; i < a->value_count; i++) {
		assert_true(date_eq(a->values[i].from, b->values[i].from));
		assert_int_equal(a->values[i].value, b->values[i].value);
		assert_string_equal(a->values[i].source.paragraph, b->values[i].source.paragraph);
		assert_string_equal(a->values[i].source.source, b->values[i].source.source);
		assert_string_equal(a->values[i].source.confidence, b->values[i].source.confidence);
	}
}

/* What lawgen wrote into the program is what its folder says. */
static void embedded_law_is_the_folders(void **state)
{
	(void)state;
	struct law *folder;
	err_t err = law_load_folder(arena, "law/no", &folder);
	if (err)
		fail_msg("%s", err_text(err));
	assert_no_findings(law);
	assert_string_equal(folder->version, law->version);
	assert_same_series(&folder->late_interest, &law->late_interest);
	assert_same_series(&folder->inkassosats, &law->inkassosats);
	assert_same_series(&folder->standard_compensation, &law->standard_compensation);
	assert_same_series(&folder->court_fee, &law->court_fee);
	assert_int_equal(folder->scheme_count, law->scheme_count);
	assert_int_equal(folder->process_count, law->process_count);
	assert_int_equal(folder->holiday_count, law->holiday_count);
	assert_int_equal(folder->proceeding_count, law->proceeding_count);
	for (size_t i = 0; i < law->scheme_count; i++) {
		assert_same_series(&folder->schemes[i].letter_fee, &law->schemes[i].letter_fee);
		assert_same_series(&folder->schemes[i].own_demand_fee, &law->schemes[i].own_demand_fee);
		assert_int_equal(folder->schemes[i].band_count, law->schemes[i].band_count);
		assert_memory_equal(folder->schemes[i].bands, law->schemes[i].bands,
			law->schemes[i].band_count * sizeof(struct law_band));
	}
	for (size_t i = 0; i < law->proceeding_count; i++)
		assert_same_series(&folder->proceedings[i].multiple_per_mille, &law->proceedings[i].multiple_per_mille);
	assert_memory_equal(
		folder->interest_sums, law->interest_sums, law->late_interest.value_count * sizeof(int64_t));
	assert_memory_equal(folder->closed_days, law->closed_days, LAW_CLOSED_WORD_COUNT * sizeof(uint64_t));
}

/* A small change to a good file, and what must be said of it. Each text is looked for once, the first time it stands.
 */
struct change {
	const char *file, *from, *to, *expected;
};

static str text_changed(str text, const char *from, const char *to)
{
	const char *at = strstr(text.at, from);
	if (!at)
		fail_msg("the law file holds no '%s'", from);
	size_t before = (size_t)(at - text.at), after = before + strlen(from);
	return str_format(arena, "%.*s%s%s", (int)before, text.at, to, text.at + after);
}

/* The loader's error, or the findings of the check, a line each; empty when the file is taken. */
static const char *verdict(const char *file, str text, struct law *changed)
{
	err_t err = law_read_file(arena, (struct law_file){ file, file, text }, changed);
	if (err) {
		const char *said = str_format(arena, "%s", err_text(err)).at;
		err_free(err);
		return said;
	}
	struct law_finding *findings;
	size_t count;
	law_check(changed, arena, &findings, &count);
	struct text said = text_in(arena, 100000);
	for (size_t i = 0; i < count; i++)
		text_addf(&said, "%s%.*s", i ? "\n" : "", STR_ARG(findings[i].text));
	return str_z(arena, text_str(&said));
}

static void assert_refused(const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct law changed = *law;
		str text = file_read(str_format(arena, "law/no/%s", changes[i].file).at);
		assert_non_null(text.at);
		text = text_changed(text, changes[i].from, changes[i].to);
		const char *said = verdict(changes[i].file, text, &changed);
		if (!strstr(said, changes[i].expected))
			fail_msg("%s with '%s': said '%s', expected '%s'", changes[i].file, changes[i].to, said,
				changes[i].expected);
	}
}

static void a_file_of_another_shape_is_refused(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{ "late-interest.yaml", "percent: 12.00", "percent: 12,00",
			":14: late_interest.values[0].percent '12,00' is not a percentage" },
		{ "late-interest.yaml", "percent: 12.00", "percent: 12.005",
			":14: late_interest.values[0].percent '12.005' is not" },
		{ "late-interest.yaml", "percent: 12.00", "percent: -12", ".percent '-12' is not" },
		{ "late-interest.yaml", "percent: 12.00", "percent: 1e1", ".percent '1e1' is not" },
		{ "late-interest.yaml", "percent: 12.00", "percent: 12.", ".percent '12.' is not" },
		{ "late-interest.yaml", "percent: 12.00", "percent:", ".percent '' is not" },
		{ "late-interest.yaml", "percent: 12.00", "percent: [12]", "'percent': a single value belongs here" },
		{ "late-interest.yaml", "percent: 12.00", "prosent: 12.00", "there is no key 'prosent' here" },
		{ "late-interest.yaml", "      percent: 12.00\n", "", "the key 'percent' is missing" },
		{ "late-interest.yaml", "percent: 12.00", "percent: 12.00\n      percent: 13.00",
			"the key 'percent' is there twice" },
		{ "late-interest.yaml", "from: 1994-01-01", "from: 1994-02-30",
			":13: late_interest.values[0].from '1994-02-30' is not a day" },
		{ "late-interest.yaml", "from: 1994-01-01", "from: 01.01.1994",
			"'01.01.1994' is not a day of the calendar" },
		{ "late-interest.yaml", "until: 2026-12-31", "until: later",
			":11: late_interest.until 'later' is not a day" },
		{ "late-interest.yaml", "  until: 2026-12-31\n", "", "the key 'until' is missing" },
		{ "late-interest.yaml", "late_interest:", "late_intrest:", ":9: there is no key 'late_intrest' here" },
		{ "late-interest.yaml",
			"late_interest:", "--- \nlate_interest:", ":9: '--- ': the file must be one document" },
		{ "late-interest.yaml", "paragraph: forsinkelsesrenteloven § 3", "paragraph: \"forsink", "not YAML" },
		{ "late-interest.yaml", "paragraph: forsinkelsesrenteloven § 3", "paragraph: *other", "alias" },
		{ "late-interest.yaml", "paragraph: forsinkelsesrenteloven § 3", "paragraph: \xff", "not UTF-8" },
		{ "inkassosats.yaml", "kroner: 530.00", "kroner: 5 30",
			"inkassosats.values[0].kroner '5 30' is not an amount" },
		{ "inkassosats.yaml", "kroner: 530.00", "percent: 530.00", "there is no key 'percent' here" },
		{ "schemes.yaml", "light: 0.5", "light: 0.5x", "schemes[0].bands[0].light '0.5x' is not a multiple" },
		{ "schemes.yaml", "up_to: 2500", "up_to: lots", "schemes[0].bands[0].up_to 'lots' is not an amount" },
		{ "schemes.yaml", "times: 0.1", "times: 0.1\n      until: null",
			":40: schemes[0].letter_fee.times '0.1' is not possible" },
		{ "schemes.yaml", "times: 0.1", "until: null", "is not a list of amounts" },
		{ "processes.yaml", "step: reminder ", "step: reminding ",
			"processes[0].steps[0].step 'reminding' is not a word" },
		{ "processes.yaml", "anchor: due", "anchor: birth", ".anchor 'birth' is not a word" },
		{ "processes.yaml", "sends: yes", "sends: true", ".sends 'true' is not yes or no" },
		{ "processes.yaml", "wait_days: 14", "wait_days: 14.0", ".wait_days '14.0' is not a whole number" },
		{ "processes.yaml", "grace_days: 3", "grace_days: 99999999999",
			".grace_days '99999999999' is not a whole number" },
		{ "holidays.yaml", "date: 05-17", "date: 17.05",
			"holidays.days[6].date '17.05' is not a month and a day" },
		{ "holidays.yaml", "date: 05-17", "date: 05-17\n      easter: 3",
			"is not a holiday with either date or easter" },
		{ "holidays.yaml", "date: 05-17", "date: 00-17", "is not a month and a day" },
		{ "parameters.yaml", "absorbs: yes", "absorbs: maybe",
			"parameters.absorb.absorbs 'maybe' is not yes or no" },
		{ "parameters.yaml", "vat_percent: 25", "vat_percent: 25.25",
			"'25.25' is not a percentage with at most one decimal" },
		{ "parameters.yaml", "waive_under: 50.00", "waive_under: 50.001",
			"parameters.waiver.waive_under '50.001' is not an amount" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, 90, soon]",
			"parameters.limitation.warning_days[2] 'soon' is not a whole number" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, -90, 30]", "warning_days[1] '-90' is not a whole number" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, 90]", "'warning_days'" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, 90, 30, 7]", "'warning_days'" },
		{ "parameters.yaml", "[180, 90, 30]", "180", "'warning_days': a list belongs here" },
		{ "parameters.yaml", "rule_from: 2032-01-01", "rule_from: 2032-02-30",
			"parameters.ident.rule_from '2032-02-30' is not a day" },
		{ "parameters.yaml", "rule_from: 2032-01-01", "rule_from: null",
			"parameters.ident.rule_from 'null' is not a day" },
		{ "law.yaml", "country: \"no\"", "country: Norge",
			"law.country 'Norge' is not a country's two letters" },
		{ "court-fee.yaml", "times: 1.15", "times: 1.1555", ".times '1.1555' is not a multiple" },
	};
	assert_refused(changes, sizeof changes / sizeof *changes);
}

static void rates_that_cannot_be_are_found(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{ "late-interest.yaml", "from: 2015-01-01", "from: 2014-07-01",
			"late_interest from 2014-07-01 is there twice" },
		{ "late-interest.yaml", "from: 2015-01-01", "from: 2013-01-01",
			"late_interest from 2013-01-01 stands after the one from 2014-07-01" },
		{ "late-interest.yaml", "from: 2015-01-01", "from: 2015-01-02",
			"late_interest from 2015-01-02 does not begin on 1 January or 1 July" },
		{ "late-interest.yaml",
			"    - from: 2015-01-01\n      percent: 9.25\n      source: two published tables that agree "
			"(forsinkelsesrente.net, Inkasso-Toolkit)\n      confidence: verified\n",
			"", "late-interest.yaml: late_interest has a gap: no value from 2015-01-01" },
		{ "late-interest.yaml", "until: 2026-12-31", "until: 2027-06-30",
			"late_interest has a gap: no value from 2027-01-01" },
		{ "late-interest.yaml", "until: 2026-12-31", "until: 2026-06-30",
			"known until 2026-06-30, before its last value from 2026-07-01" },
		{ "late-interest.yaml", "until: 2026-12-31", "until: 2026-12-30",
			"which is not the last day of a half-year" },
		{ "late-interest.yaml", "until: 2026-12-31", "until: null", "late_interest has until null" },
		{ "late-interest.yaml", "percent: 12.75", "percent: 127.5",
			"late_interest from 2008-07-01: 127.50 is not between 0.01 and 50.00" },
		{ "late-interest.yaml", "percent: 12.75", "percent: 0",
			"late_interest from 2008-07-01: 0.00 is not between" },
		{ "late-interest.yaml", "from: 1994-01-01", "from: 2024-01-01",
			"stands after the one from 2024-01-01" },
		{ "late-interest.yaml", "paragraph: forsinkelsesrenteloven § 3", "paragraph: \"\"",
			"late_interest from 1994-01-01 names no paragraph" },
		{ "late-interest.yaml", "      source: FOR-2022-06-24-1178\n", "",
			"late_interest from 2022-07-01 names no source" },
		{ "late-interest.yaml", "confidence: verified", "confidence: sure",
			"'sure' is not a word for confidence" },
		{ "late-interest.yaml", "      confidence: verified\n", "", "does not say how sure it is" },
		{ "inkassosats.yaml", "kroner: 750.00", "kroner: 699.99",
			"inkassosats from 2026-01-01 falls from 700.00 to 699.99" },
		{ "inkassosats.yaml", "kroner: 750.00", "kroner: 75000", "is not between" },
		{ "inkassosats.yaml", "from: 2003-01-01", "from: 2011-06-01", "stands after the one from 2011-06-01" },
		{ "standard-compensation.yaml", "from: 2020-01-01", "from: 2020-02-01",
			"does not begin on 1 January or 1 July" },
		{ "court-fee.yaml", "times: 0.69", "times: 690",
			"attachment_petition from 2026-01-01: 690.000 is not between 0.001 and 100.000" },
		{ "court-fee.yaml", "name: drafting_fee", "name: attachment_petition",
			"attachment_petition is there twice" },
	};
	assert_refused(changes, sizeof changes / sizeof *changes);
}

static void schemes_that_cannot_be_are_found(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{ "schemes.yaml", "due_until: 2020-09-30", "due_until: 2020-10-01",
			"have an overlap between 2020-10-01 and 2020-10-01" },
		{ "schemes.yaml", "due_until: 2020-09-30", "due_until: 2020-09-29",
			"have a gap between 2020-09-29 and 2020-10-01" },
		{ "schemes.yaml", "due_until: 2020-09-30", "due_until: null", "schemes 2010-01 and 2020-10 overlap" },
		{ "schemes.yaml", "due_until: 2020-09-30", "due_until: 2009-12-31",
			"ends on 2009-12-31, before it begins on 2010-01-01" },
		{ "schemes.yaml", "due_until: null", "due_until: 2030-12-31",
			"the last scheme, 2020-10, ends on 2030-12-31" },
		{ "schemes.yaml", "up_to: 10000", "up_to: 2500",
			"the band up to 2500.00 stands after the one up to 2500.00" },
		{ "schemes.yaml", "up_to: no limit", "up_to: 300000",
			"the last band is up to 300000.00; it must have no limit" },
		{ "schemes.yaml", "up_to: 10000", "up_to: no limit", "a band without limit stands before the last" },
		{ "schemes.yaml", "light: 4\n", "light: 14\n",
			"band up to 250000.00: heavy 8.000 is less than light 14.000" },
		{ "schemes.yaml", "heavy: 16", "heavy: 7", "heavy 7.000 is less than light 8.000" },
		{ "schemes.yaml", "light: 2\n", "light: 0.2\n", "costs less than the band below it" },
		{ "schemes.yaml", "light: 0.5", "light: 0", "are not both between" },
		{ "schemes.yaml", "times: 0.1", "times: 10", "is not a part of the sats" },
		{ "schemes.yaml", "from: 2020-10-01\n          kroner", "from: 2020-11-01\n          kroner",
			"begins on 2020-11-01, after the scheme" },
		{ "schemes.yaml", "name: 2020-10", "name: 2010-01", "scheme 2010-01 is there twice" },
		{ "schemes.yaml", "due_from: 2010-01-01", "due_from: 1990-01-01",
			"late_interest begins on 1994-01-01, after the first scheme's" },
		{ "schemes.yaml", "due_from: 2010-01-01", "due_from: 2000-01-01",
			"inkassosats begins on 2003-01-01, after the first scheme's" },
	};
	assert_refused(changes, sizeof changes / sizeof *changes);
}

static void processes_that_cannot_be_are_found(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{ "processes.yaml", "deadline_days: 14", "deadline_days: 13",
			"no/minimum, step reminder gives a deadline of 13 days; the least is 14" },
		{ "processes.yaml", "wait_days: 14", "wait_days: 13",
			"no/minimum, step reminder charges a fee 13 days after the due date; the least is 14" },
		{ "processes.yaml", "wait_days: 29", "wait_days: 28",
			"no/minimum, step heavy comes 28 days after the demand's deadline" },
		{ "processes.yaml", "wait_days: 1\n", "wait_days: 0\n", "waits 0 days after a deadline" },
		{ "processes.yaml", "name: no/minimum", "name: no/least",
			"there is no no/minimum to measure the others by" },
		{ "processes.yaml", "name: no/standard", "name: no/own", "no/own is there twice" },
		{ "processes.yaml", "grace_days: 0", "grace_days: 4",
			"no/standard, step notice waits 4 days, shorter than no/minimum with 5" },
		{ "processes.yaml", "anchor: due", "anchor: deadline",
			"step reminder is the first, so its anchor must be due" },
		{ "processes.yaml", "anchor: deadline", "anchor: due",
			"step notice has the anchor due, but a step stands before it" },
		{ "processes.yaml", "step: notice ", "step: demand ",
			"no/minimum, step demand stands after demand: steps out of order" },
		{ "processes.yaml", "charge: letter_fee", "charge: light", "step reminder cannot make that charge" },
		{ "processes.yaml", "sends: yes", "sends: no", "gives a deadline of 14 days but sends nothing" },
		{ "processes.yaml", "anchor: same_day\n        wait_days: 0", "anchor: same_day\n        wait_days: 2",
			"but waits 2 days" },
		{ "processes.yaml", "deadline_days: 0", "deadline_days: 14",
			"step heavy gives a deadline of 14 days but sends nothing" },
		{ "parameters.yaml", "fee_letter_max: 2", "fee_letter_max: 1",
			"no/minimum has 2 letters with a fee; at most 1 are allowed" },
		{ "parameters.yaml", "least_deadline_days: 14", "least_deadline_days: 21", "the least is 21" },
		{ "parameters.yaml", "    source: our choice\n", "", "parameters.yaml: waiver names no source" },
		{ "parameters.yaml", "business_times: 1.5", "business_times: 0.5",
			"business_times (per mille): 500 is not between 1000 and 5000" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, 30, 90]", "warning_days: 90 is not less than the 30" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, 90, 90]", "warning_days: 90 is not less than the 90" },
		{ "parameters.yaml", "[180, 90, 30]", "[180, 90, 0]", "warning_days: 0 is not a day before" },
		{ "parameters.yaml", "[180, 90, 30]", "[1095, 90, 30]",
			"warning_days: 1095 is not less than the 1095" },
		{ "parameters.yaml", "rule_from: 2032-01-01", "rule_from: 2023-01-01",
			"rule_from 2023-01-01 is not between 2026-01-01 and 2050-12-31" },
		{ "holidays.yaml", "date: 05-17", "date: 04-31",
			"grunnlovsdagen on 04-31 is not a day of the calendar" },
		{ "holidays.yaml", "date: 05-17", "date: 05-01",
			"grunnlovsdagen falls on the same day as offentlig høytidsdag" },
		{ "holidays.yaml", "easter: 50", "easter: 500", "andre pinsedag is 500 days from Easter Sunday" },
		{ "holidays.yaml", "name: skjærtorsdag", "name: \"\"", "holiday 2 has no name" },
		{ "law.yaml", "country: \"no\"", "country: NO", "'NO' is not a country's two small letters" },
	};
	assert_refused(changes, sizeof changes / sizeof *changes);
}

static void a_process_without_steps_is_found(void **state)
{
	(void)state;
	struct law changed = *law;
	str text = S("processes:\n  - name: no/minimum\n    grace_days: 0\n");
	assert_string_equal(verdict("processes.yaml", text, &changed), "processes.yaml: no/minimum has no steps");
	text = S("processes:\n  - name: no/minimum\n    grace_days: 0\n    steps: []\n");
	assert_string_equal(verdict("processes.yaml", text, &changed), "processes.yaml: no/minimum has no steps");
}

static void running_sums_that_are_not_the_rates_are_found(void **state)
{
	(void)state;
	struct law changed = *law;
	changed.interest_sums = arena_many(arena, law->late_interest.value_count, int64_t);
	struct law_finding *findings;
	size_t count;
	law_check(&changed, arena, &findings, &count);
	assert_int_equal(count, 1);
	assert_string_equal(findings[0].text.at, "late-interest.yaml: the running sums do not belong to the rates");
}

/* Bytes of good files turned at random: never a crash, and what is taken passes the check or is found wanting. */
static void random_bytes_never_crash_the_reader(void **state)
{
	(void)state;
	static const char *const files[] = { "law.yaml", "late-interest.yaml", "court-fee.yaml", "schemes.yaml",
		"processes.yaml", "holidays.yaml", "parameters.yaml" };
	static const char bytes[] = "\n:-[]{}#&*!|>'\"%@`?, 0.9x\t\xc3\xff";
	uint32_t seed = 4;
	for (int run = 0; run < 350; run++) {
		struct arena_mark mark = arena_mark(arena);
		struct law changed = *law;
		const char *name = files[run % 7];
		str good = file_read(str_format(arena, "law/no/%s", name).at);
		char *text = arena_alloc(arena, good.size + 1);
		memcpy(text, good.at, good.size);
		for (int i = 0; i < 1 + run % 4; i++)
			text[random_next(&seed) % good.size] = bytes[random_next(&seed) % (sizeof bytes - 1)];
		size_t size = run % 5 ? good.size : random_next(&seed) % good.size;
		(void)verdict(name, (str){ text, size }, &changed);
		arena_reset(arena, mark);
	}
}

/* ---- folders ---- */

static int is_case_folder(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "README") != 0;
}

/* Each folder of tests/golden/bad/law is laid over the embedded law and must be refused with the words in its file
 * "expected". complete-*: read as a complete folder. */
static void golden_bad_folders_are_refused(void **state)
{
	(void)state;
	struct dirent **entries;
	int count = scandir("tests/golden/bad/law", &entries, is_case_folder, alphasort);
	assert_true(count >= 8);
	for (int i = 0; i < count; i++) {
		const char *folder = str_format(arena, "tests/golden/bad/law/%s", entries[i]->d_name).at;
		bool complete = strncmp(entries[i]->d_name, "complete-", 9) == 0;
		str expected = str_trim(file_read(str_format(arena, "%s/expected", folder).at));
		struct law *got;
		err_t err = complete ? law_load_folder(arena, folder, &got) : law_load_over(arena, folder, law, &got);
		if (!err)
			fail_msg("%s was taken", folder);
		if (!str_eq_z(expected, err_text(err)))
			fail_msg("%s: said\n%s\nexpected\n%.*s", folder, err_text(err), STR_ARG(expected));
		err_free(err);
		free(entries[i]);
	}
	free(entries);
}

/* The half-year's work of an operator: one file with one more row, everything else as built in. */
static void a_new_half_year_is_a_line_of_data(void **state)
{
	(void)state;
	char folder[] = "/tmp/kravbok-law-XXXXXX";
	assert_non_null(mkdtemp(folder));
	static const struct {
		const char *file, *row;
	} additions[] = {
		{ "late-interest.yaml", "\n    - from: 2027-01-01\n      percent: 11.75\n      source: test\n      "
					"confidence: verified\n" },
		{ "standard-compensation.yaml", "\n    - from: 2027-01-01\n      kroner: 440.00\n      source: test\n  "
						"    confidence: verified\n" },
	};
	for (size_t i = 0; i < 2; i++) {
		str text = file_read(str_format(arena, "law/no/%s", additions[i].file).at);
		text = text_changed(text, "until: 2026-12-31", "until: 2027-06-30");
		FILE *out = fopen(str_format(arena, "%s/%s", folder, additions[i].file).at, "wb");
		assert_non_null(out);
		fwrite(text.at, 1, text.size, out);
		fputs(additions[i].row, out);
		fclose(out);
	}
	struct law *later;
	err_t err = law_load_over(arena, folder, law, &later);
	if (err)
		fail_msg("%s", err_text(err));
	assert_string_equal(date_iso(law_horizon(later)).z, "2027-06-30");
	assert_null(law_reaches(later, day_of("2027-06-30")));
	assert_int_equal(law_interest_sum(later, day_of("2026-12-30"), day_of("2027-01-02")), 1225 + 2 * 1175);
	assert_money(law_compensation(later, day_of("2027-01-01")), "440.00");
	assert_money(law_sats(later, day_of("2027-01-01")), "750.00"); /* not in the folder: the built-in one */
	assert_string_equal(later->version, str_format(arena, "%s with %s", law->version, folder).at);
	struct law *alone;
	err = law_load_folder(arena, folder, &alone); /* as a complete folder it lacks files */
	assert_string_equal(err_text(err), str_format(arena, "%s/law.yaml: missing", folder).at);
	err_free(err);
	for (size_t i = 0; i < 2; i++)
		remove(str_format(arena, "%s/%s", folder, additions[i].file).at);
	remove(folder);
}

static void folders_that_are_none_are_refused(void **state)
{
	(void)state;
	struct law *got;
	err_t err = law_load_over(arena, "tests/no-such-folder", law, &got);
	assert_int_equal(err_kind(err), ERR_OUTSIDE);
	assert_non_null(strstr(err_text(err), "could not open the law folder 'tests/no-such-folder'"));
	err_free(err);
	err = law_load_over(arena, "tests/oracle", law, &got);
	assert_string_equal(err_text(err), "tests/oracle: holds no law file");
	err_free(err);
	str huge = { arena_alloc(arena, 300000), 300000 };
	err = law_read_file(arena, (struct law_file){ "law.yaml", "huge", huge }, &(struct law){ 0 });
	assert_string_equal(err_text(err), "huge: larger than 256 KiB");
	err_free(err);
}

/* ---- every row of the reference rates ---- */

enum { CSV_FIELD_MAX = 20 };

/* Cuts a line at commas outside quotes, in place. */
static int csv_cut(char *line, char *fields[CSV_FIELD_MAX])
{
	int count = 0;
	line[strcspn(line, "\r\n")] = '\0';
	for (char *at = line; count < CSV_FIELD_MAX; at++) {
		bool quoted = *at == '"';
		fields[count++] = at + quoted;
		at += quoted;
		at += strcspn(at, quoted ? "\"" : ",");
		bool more = *at;
		*at = '\0';
		if (quoted && more)
			more = *++at == ',';
		if (!more)
			return count;
	}
	return count;
}

static FILE *reference_open(const char *name)
{
	const char *shared = getenv("KRAVBOK_SHARED");
	const char *path = str_format(arena, "%s/domain/rates/%s", shared ? shared : "../shared", name).at;
	FILE *file = fopen(path, "r");
	char line[1000];
	if (!file)
		printf("SKIP: no reference rates at %s\n", path);
	else
		assert_non_null(fgets(line, sizeof line, file)); /* the heading */
	return file;
}

/* First column a date, second a figure with two decimals; as many rows as the series has values. */
static void compare_series(const char *name, const struct law_series *series)
{
	FILE *file = reference_open(name);
	char line[1000], *fields[CSV_FIELD_MAX];
	size_t row_count = 0;
	if (!file)
		return;
	while (fgets(line, sizeof line, file)) {
		assert_true(csv_cut(line, fields) >= 3);
		const struct law_value *value = &series->values[row_count++];
		assert_true(row_count <= series->value_count);
		assert_string_equal(date_iso(value->from).z, fields[0]);
		assert_money(money_of(value->value), fields[1]);
		if (strcmp(value->source.confidence, fields[2]) != 0)
			fail_msg("%s from %s is %s, here %s", name, fields[0], fields[2], value->source.confidence);
	}
	fclose(file);
	assert_int_equal(row_count, series->value_count);
}

static void reference_series_agree(void **state)
{
	(void)state;
	compare_series("no_late_interest.csv", &law->late_interest);
	compare_series("no_inkassosats.csv", &law->inkassosats);
	compare_series("no_standard_compensation.csv", &law->standard_compensation);
	compare_series("no_court_fee.csv", &law->court_fee);
}

static void reference_letter_fees_agree(void **state)
{
	(void)state;
	FILE *file = reference_open("no_reminder_fee.csv");
	char line[1000], *fields[CSV_FIELD_MAX];
	while (file && fgets(line, sizeof line, file)) {
		csv_cut(line, fields);
		date from = day_of(fields[0]);
		bool is_new = strcmp(fields[2], "1/20") == 0;
		const struct law_scheme *scheme = &law->schemes[is_new ? 1 : 0];
		assert_money(law_letter_fee(law, scheme, from), fields[1]);
		assert_money(law_own_demand_fee(law, scheme, from), fields[3]);
	}
	if (file)
		fclose(file);
}

static void reference_cost_scales_agree(void **state)
{
	(void)state;
	FILE *file = reference_open("no_collection_cost_scale.csv");
	char line[1000], *fields[CSV_FIELD_MAX];
	int row_count = 0;
	while (file && fgets(line, sizeof line, file)) {
		csv_cut(line, fields);
		if (strcmp(fields[0], "pre-2002") == 0)
			continue; /* not known well enough; see schemes.yaml */
		money over = kroner(fields[5]), up_to = fields[6][0] ? kroner(fields[6]) : money_of(100000000);
		money edges[] = { money_add(over, money_of(1)), up_to }; /* both ends of the band */
		for (int i = 0; i < 4; i++) {
			const char *principal = money_plain(edges[i / 2]).z;
			money got = salaer(fields[1], str_format(arena, "%s", principal).at, fields[10], i % 2,
				strcmp(fields[3], "business") == 0, strcmp(fields[4], "yes") == 0);
			assert_money(got, fields[i % 2 ? 12 : 11]);
		}
		row_count++;
	}
	if (!file)
		return;
	fclose(file);
	assert_int_equal(row_count, 96);
}

static void reference_multiples_agree(void **state)
{
	(void)state;
	FILE *file = reference_open("no_court_fee_multiples.csv");
	char line[1000], *fields[CSV_FIELD_MAX];
	int row_count = 0;
	while (file && fgets(line, sizeof line, file)) {
		csv_cut(line, fields);
		for (size_t i = 0; i < law->proceeding_count; i++) {
			bool drafting = strcmp(law->proceedings[i].name, "drafting_fee") == 0;
			if (strcmp(drafting ? "drafting_fee_attachment_or_conciliation" : law->proceedings[i].name,
				    fields[0]) != 0)
				continue;
			const struct law_series *series = &law->proceedings[i].multiple_per_mille;
			date from = fields[2][0] ? day_of(fields[2]) : series->values[0].from;
			const struct law_value *value = law_value_on(series, from);
			assert_true(date_eq(value->from, from));
			assert_string_equal(
				money_plain(money_of(value->value / 10)).z, money_plain(kroner(fields[4])).z);
			row_count++;
		}
	}
	if (!file)
		return;
	fclose(file);
	assert_int_equal(row_count, 9);
}

static void reference_worked_example_agrees(void **state)
{
	(void)state;
	FILE *file = reference_open("no_worked_example.csv");
	char line[1000], *fields[CSV_FIELD_MAX];
	while (file && fgets(line, sizeof line, file)) {
		csv_cut(line, fields);
		assert_money(interest(fields[2], "2026-01-15", fields[0]), fields[3]);
	}
	if (file)
		fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rate_on_the_day_before_of_and_after_each_change),
		cmocka_unit_test(interest_of_the_worked_example),
		cmocka_unit_test(interest_sum_is_zero_backwards_and_on_the_same_day),
		cmocka_unit_test(leap_day_counts),
		cmocka_unit_test(interest_sum_adds_up_and_equals_day_by_day),
		cmocka_unit_test(value_of_an_uneven_series_is_found),
		cmocka_unit_test(beyond_the_last_known_day_is_refused),
		cmocka_unit_test(horizon_is_that_of_the_first_series_to_end),
		cmocka_unit_test(letter_fee_follows_the_sending_day),
		cmocka_unit_test(scheme_is_that_of_the_due_date),
		cmocka_unit_test(salaer_table_of_2026),
		cmocka_unit_test(salaer_at_sats_700),
		cmocka_unit_test(upper_bound_belongs_to_the_lower_band),
		cmocka_unit_test(salaer_uses_the_sats_of_the_charging_day),
		cmocka_unit_test(plan_fee_is_one_and_a_half_sats),
		cmocka_unit_test(compensation_of_the_due_dates_half_year),
		cmocka_unit_test(court_fee_is_cut_to_whole_kroner),
		cmocka_unit_test(court_fee_that_is_not_known_is_an_error),
		cmocka_unit_test(the_ready_made_processes),
		cmocka_unit_test(the_parameters),
		cmocka_unit_test(step_names_are_the_words_of_the_files),
		cmocka_unit_test(embedded_law_is_the_folders),
		cmocka_unit_test(a_file_of_another_shape_is_refused),
		cmocka_unit_test(rates_that_cannot_be_are_found),
		cmocka_unit_test(schemes_that_cannot_be_are_found),
		cmocka_unit_test(processes_that_cannot_be_are_found),
		cmocka_unit_test(a_process_without_steps_is_found),
		cmocka_unit_test(running_sums_that_are_not_the_rates_are_found),
		cmocka_unit_test(random_bytes_never_crash_the_reader),
		cmocka_unit_test(golden_bad_folders_are_refused),
		cmocka_unit_test(a_new_half_year_is_a_line_of_data),
		cmocka_unit_test(folders_that_are_none_are_refused),
		cmocka_unit_test(reference_series_agree),
		cmocka_unit_test(reference_letter_fees_agree),
		cmocka_unit_test(reference_cost_scales_agree),
		cmocka_unit_test(reference_multiples_agree),
		cmocka_unit_test(reference_worked_example_agrees),
	};
	return cmocka_run_group_tests_name("law", tests, setup, teardown);
}
