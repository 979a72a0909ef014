/* The law as data. A struct law is what law/<country>/ *.yaml says: dated values, cost scales, processes, holidays.
 * C interprets these tables and holds no figure of its own. Every value carries its paragraph, its source and how
 * sure we are of it. Beyond the last day a series is known for, nothing is computed: ask law_reaches() first. */
#ifndef KRAVBOK_CORE_LAW_H
#define KRAVBOK_CORE_LAW_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a value comes from. confidence: verified, single-source, derived, conflict or unverified. */
struct law_source {
	const char *paragraph;  /* "forsinkelsesrenteloven § 3" */
	const char *source;     /* who says so: a regulation's number, a document */
	const char *confidence;
};

/* One value and the day it begins to hold; it holds until the next one begins. */
struct law_value {
	date from;
	int64_t value; /* unit: see the series */
	struct law_source source;
};

/* Values in order of from. until: the last day the series is known for, DATE_NONE when it is open-ended. */
struct law_series {
	const char *name;
	const struct law_value *values;
	size_t value_count;
	date until;
};

/* A row of a cost scale: principal up to and including up_to (INT64_MAX: no upper bound). */
struct law_band {
	money up_to;
	int64_t light_per_mille; /* × inkassosats / 1000: 800 is 0.8 */
	int64_t heavy_per_mille;
};

/* A cost scale and its letter fees; picked by the claim's due date (inkassoforskriften ch. 1 and 2). */
struct law_scheme {
	const char *name;
	date due_from, due_until; /* DATE_NONE: open at that end */
	const struct law_band *bands;
	size_t band_count;
	struct law_series letter_fee;     /* minor units; empty: the fee is letter_fee_per_mille of the sats of the sending day */
	int64_t letter_fee_per_mille;
	struct law_series own_demand_fee; /* minor units; the creditor's own demand */
	int64_t own_demand_fee_per_mille;
	struct law_source source;
};

enum law_step { /* in process order */
	LAW_STEP_REMINDER,
	LAW_STEP_NOTICE,
	LAW_STEP_DEMAND,
	LAW_STEP_HEAVY,
	LAW_STEP_ENFORCEMENT_NOTICE,
	LAW_STEP_DECIDE_LEGAL, /* a person's */
	LAW_STEP_COUNT,
};
const char *law_step_name(enum law_step step); /* "reminder" … "decide_legal" */

enum law_charge { LAW_CHARGE_NONE, LAW_CHARGE_LETTER_FEE, LAW_CHARGE_OWN_DEMAND_FEE, LAW_CHARGE_LIGHT, LAW_CHARGE_HEAVY };

/* A step runs wait_days (+ the process's grace, if it follows a deadline) after its anchor. */
enum law_anchor {
	LAW_ANCHOR_DUE,            /* the due date; no grace */
	LAW_ANCHOR_DEADLINE,       /* the deadline of the letter before it; with grace */
	LAW_ANCHOR_SAME_DAY,       /* the day of the step before it */
};

struct law_process_step {
	enum law_step step;
	enum law_anchor anchor;
	int wait_days;     /* due + 14; deadline + 1; deadline + 29 */
	int deadline_days; /* given in the letter; 0: none */
	bool sends;        /* a letter: runs on a banking day */
	enum law_charge charge;
	struct law_source source;
};

struct law_process {
	const char *name; /* "no/minimum", "no/standard", "no/own" */
	int grace_days;
	const struct law_process_step *steps;
	size_t step_count;
};

struct law_holiday {
	const char *name;
	int month, day;    /* a fixed day, or month 0: */
	int easter_offset; /* days from Easter Sunday */
};

/* A court proceeding: court fee = multiple × rettsgebyr of the day, cut to whole kroner. */
struct law_proceeding {
	const char *name; /* "attachment_petition", "conciliation_complaint", "drafting_fee" … */
	struct law_series multiple_per_mille;
};

enum { LAW_LIMITATION_WARNING_COUNT = 3 };

/* Single numbers of the rules page that an operator may change; each with its source. */
struct law_parameters {
	money least_principal;       /* 100.00: steps and charges need this much, or half the original if smaller */
	money waive_under;           /* 50.00: a smaller rest of a paid claim is waived */
	money residual_reminder_min; /* 50.00: a residual of this much gets plain reminders */
	int residual_reminder_days;  /* 90 */
	int residual_reminder_count; /* 3 */
	int join_days;               /* 28: a later claim joins a demand younger than this */
	int fee_letter_max;          /* 2 */
	int fee_letter_months;       /* 6: older fee letters do not count */
	int least_deadline_days;     /* 14: no letter may give less; this and the next two bound every process */
	int fee_after_due_days;      /* 14: no letter with a fee before due + 14 */
	int heavy_after_days;        /* 28: heavy when a demand's deadline is missed by more than this */
	int legal_months;            /* 6: legal step within this of the demand */
	int plan_fee_over_parts;     /* 4: a fee only for more instalments than this */
	int64_t plan_fee_per_mille;  /* 1500 × sats */
	int64_t business_per_mille;  /* 1500: debtor who is not a consumer */
	int64_t vat_per_mille;       /* 250: VAT rate; × 1.25 when the creditor cannot deduct */
	int limitation_years;        /* 3 */
	int limitation_warning_days[LAW_LIMITATION_WARNING_COUNT]; /* before it: 180, 90, 30; descending */
	int age_of_majority;         /* 18 */
	date ident_rule_from;        /* 2032-01-01: new first check digits of person numbers are accepted */
	int64_t commission_member_bp, commission_other_bp; /* 300, 600 */
	int review_days;             /* 7: an objection is looked at within this */
	/* messages go out from one hour up to another, local time; never on Sundays and holidays (core/decent.h) */
	int contact_weekday_from, contact_weekday_until;   /* 8, 21 */
	int contact_saturday_from, contact_saturday_until; /* 9, 15 */
	bool absorb;                 /* salær replaces the reminder fees */
	bool compensation_offsets;   /* the larger of compensation and other costs, not the sum */
};

struct law {
	const char *country;
	const char *version;                  /* of the folder, shown beside explanations */
	struct law_series late_interest;      /* basis points a year: 1225 is 12.25 % */
	struct law_series inkassosats;        /* minor units */
	struct law_series standard_compensation; /* minor units; by the due date's half-year */
	struct law_series court_fee;          /* rettsgebyr, minor units */
	const struct law_scheme *schemes;
	size_t scheme_count;
	const struct law_process *processes;
	size_t process_count;
	const struct law_holiday *holidays;
	size_t holiday_count;
	const struct law_proceeding *proceedings;
	size_t proceeding_count;
	struct law_parameters parameters;
	struct law_source absorb_source, compensation_source, interest_source, allocation_source, plan_fee_source,
		limitation_source, waiver_source, legal_source, objection_source, block_source, salaer_source, letter_source,
		join_source, commission_source, ident_source, holiday_source, contact_source;
	/* Made at load from late_interest: rate × days from the first value to each value's from, so that the
	 * interest of any period is two look-ups. interest_sums[i] belongs to late_interest.values[i]. */
	const int64_t *interest_sums;
	/* Made at load from holidays: a bit for each day from DATE_FIRST to DATE_LAST, set when it is no banking day; bit
	 * (d - DATE_FIRST) % 64 of word (d - DATE_FIRST) / 64. NULL: worked out each time. */
	const uint64_t *closed_days;
};

/* ERR_REFUSED, naming the series and the day, when on is before late interest begins or after the first day that any
 * of late interest, inkassosats, standard compensation or a letter fee is known for. */
err_t law_reaches(const struct law *law, date on) MUST_CHECK;
date law_horizon(const struct law *law); /* the last day law_reaches(); DATE_LAST when every series is open-ended */

/* The value in force; NULL before the first, and after until (never an old value). */
const struct law_value *law_value_on(const struct law_series *series, date on);

/* Sum over the days after `from` up to and including `to` of the yearly rate in basis points; 0 when to <= from.
 * require()s that the series reaches both; law/no/late-interest.yaml, forsinkelsesrenteloven §§ 2-3. */
int64_t law_interest_sum(const struct law *law, date from, date to);

/* require()s that the sats is known on that day: law_reaches(), and not before its first value (2003 in Norway). */
money law_sats(const struct law *law, date on);
/* NULL: no scale is known for claims that fell due then (before 2010 in Norway); refuse the claim. */
const struct law_scheme *law_scheme_for(const struct law *law, date due_on);
/* Reminder or notice fee for a letter sent on; inkassoforskriften § 1-2. require()s a value on that day: a letter is
 * never sent before its scheme's first. */
money law_letter_fee(const struct law *law, const struct law_scheme *scheme, date on);
money law_own_demand_fee(const struct law *law, const struct law_scheme *scheme, date on);
/* FRL § 3 a: of the half-year of the due date; zero before there was one. require()s due_on <= law_horizon(). */
money law_compensation(const struct law *law, date due_on);

/* The band that holds principal (upper bounds belong to the lower band). */
const struct law_band *law_band_for(const struct law_scheme *scheme, money principal);
/* multiple × sats of charged_on × 1.5 for a business × 1.25 without deduction; half up, once; §§ 2-1 to 2-3.
 * For a plan fee (§ 2-4) leave business false: that its 1.5 is raised again is not settled. */
struct law_salaer {
	int64_t per_mille; /* the band's light or heavy multiple, or the plan fee's */
	date charged_on;
	bool business, vat_deductible;
};
money law_salaer(const struct law *law, struct law_salaer salaer);

/* multiple × rettsgebyr, cut to whole kroner; ERR_INPUT for an unknown proceeding or a day before its first value,
 * ERR_REFUSED for a day after its last. */
err_t law_court_fee(const struct law *law, const char *proceeding, date on, money *ret_fee) MUST_CHECK;

bool law_is_banking_day(const struct law *law, date on);
date law_banking_day(const struct law *law, date on); /* on, or the next banking day */
const char *law_holiday_name(const struct law *law, date on); /* NULL: an ordinary day */

const struct law_process *law_process_named(const struct law *law, str name); /* NULL: no such process */

/* interest_sums for a series of late interest, whatever its order; used by whoever builds a struct law. */
const int64_t *law_interest_sums(struct arena *arena, const struct law_series *late_interest);

/* closed_days for the holidays of law: LAW_CLOSED_WORD_COUNT words. */
enum { LAW_CLOSED_WORD_COUNT = 1148 };
const uint64_t *law_closed_days(struct arena *arena, const struct law *law);

/* What is wrong with the tables: gaps, disorder, overlaps of schemes, a sats that falls, missing citations, waits
 * shorter than <country>/minimum's, values out of range. Findings are lines of text naming series, date and value;
 * none means the law may be used. At most LAW_FINDING_MAX are listed. */
enum { LAW_FINDING_MAX = 100 };
struct law_finding {
	str text;
};
void law_check(const struct law *law, struct arena *arena, struct law_finding **ret_findings, size_t *ret_count);

#endif
