/* The law files that hold rules: the law's own name, the processes, the holidays, and the single figures. */
#include "format/law_yaml_part.h"

#include <string.h>

/* ---- the shape of the files ---- */

struct y_law {
	const char *country, *version;
};
struct y_step {
	const char *step, *anchor, *wait_days, *deadline_days, *sends, *charge;
	struct law_source cite;
};
struct y_process {
	const char *name, *grace_days;
	struct y_step *steps;
	uint32_t steps_count;
};
struct y_processes {
	struct y_process *processes;
	uint32_t processes_count;
};
struct y_holiday {
	const char *name, *date, *easter;
};
struct y_holidays {
	struct law_source cite;
	struct y_holiday *days;
	uint32_t days_count;
};
struct y_topic {
	struct law_source cite;
	const char *figures[5];
};
struct y_limitation {
	struct law_source cite;
	const char *years, *warning_days[LAW_LIMITATION_WARNING_COUNT];
};
struct y_parameters {
	struct y_topic interest, allocation, letter, salaer, absorb, compensation, plan, join, legal, objection, block,
		waiver, commission, ident, contact;
	struct y_limitation limitation;
};

#define TEXT YAML_FIELD_TEXT
#define OPTIONAL YAML_FIELD_OPTIONAL
#define ROWS YAML_FIELD_ROWS
#define END YAML_FIELD_END

typedef const struct yaml_field fields;

static fields law_part[] = { TEXT("country", struct y_law, country), TEXT("version", struct y_law, version), END };
static fields law_file[] = { YAML_FIELD_WHOLE("law", struct y_law, law_part), END };

static fields step_row[] = { TEXT("step", struct y_step, step), TEXT("anchor", struct y_step, anchor),
	TEXT("wait_days", struct y_step, wait_days), TEXT("deadline_days", struct y_step, deadline_days),
	TEXT("sends", struct y_step, sends), TEXT("charge", struct y_step, charge), LAW_CITATION(struct y_step), END };
static fields process_row[] = { TEXT("name", struct y_process, name), TEXT("grace_days", struct y_process, grace_days),
	ROWS("steps", struct y_process, steps, step_row, 0), END };
static fields processes_file[] = { ROWS("processes", struct y_processes, processes, process_row, 1), END };

static fields holiday_row[] = { TEXT("name", struct y_holiday, name), OPTIONAL("date", struct y_holiday, date),
	OPTIONAL("easter", struct y_holiday, easter), END };
static fields holidays_part[] = { LAW_CITATION(struct y_holidays),
	ROWS("days", struct y_holidays, days, holiday_row, 1), END };
static fields holidays_file[] = { YAML_FIELD_WHOLE("holidays", struct y_holidays, holidays_part), END };

#define FIGURE(key, index) TEXT(key, struct y_topic, figures[index])
#define TOPIC(name, ...) static fields name##_topic[] = { LAW_CITATION(struct y_topic), __VA_ARGS__, END }
static fields cited_topic[] = { LAW_CITATION(struct y_topic), END };
TOPIC(letter, FIGURE("fee_letter_max", 0), FIGURE("fee_letter_months", 1), FIGURE("least_deadline_days", 2),
	FIGURE("fee_after_due_days", 3));
TOPIC(salaer, FIGURE("business_times", 0), FIGURE("vat_percent", 1), FIGURE("heavy_after_days", 2));
TOPIC(absorb, FIGURE("absorbs", 0));
TOPIC(compensation, FIGURE("offsets", 0));
TOPIC(plan, FIGURE("fee_over_parts", 0), FIGURE("fee_times", 1));
TOPIC(join, FIGURE("days", 0));
TOPIC(legal, FIGURE("months", 0));
TOPIC(objection, FIGURE("review_days", 0));
TOPIC(block, FIGURE("age_of_majority", 0));
TOPIC(ident, FIGURE("rule_from", 0));
TOPIC(contact, FIGURE("weekday_from_hour", 0), FIGURE("weekday_until_hour", 1), FIGURE("saturday_from_hour", 2),
	FIGURE("saturday_until_hour", 3));
TOPIC(waiver, FIGURE("least_principal", 0), FIGURE("waive_under", 1), FIGURE("residual_reminder_least", 2),
	FIGURE("residual_reminder_days", 3), FIGURE("residual_reminder_count", 4));
TOPIC(commission, FIGURE("member_percent", 0), FIGURE("other_percent", 1));
static fields limitation_topic[] = { LAW_CITATION(struct y_limitation), TEXT("years", struct y_limitation, years),
	YAML_FIELD_TEXTS("warning_days", struct y_limitation, warning_days, LAW_LIMITATION_WARNING_COUNT), END };
#define PART(key, member, topic) YAML_FIELD_PART(key, struct y_parameters, member, topic)
static fields parameters_part[] = { PART("interest", interest, cited_topic),
	PART("allocation", allocation, cited_topic), PART("letter", letter, letter_topic),
	PART("salaer", salaer, salaer_topic), PART("absorb", absorb, absorb_topic),
	PART("standard_compensation", compensation, compensation_topic), PART("plan", plan, plan_topic),
	PART("join", join, join_topic), PART("legal", legal, legal_topic),
	PART("objection", objection, objection_topic), PART("block", block, block_topic),
	PART("limitation", limitation, limitation_topic), PART("waiver", waiver, waiver_topic),
	PART("commission", commission, commission_topic), PART("ident", ident, ident_topic),
	PART("contact", contact, contact_topic), END };
static fields parameters_file[] = { YAML_FIELD_WHOLE("parameters", struct y_parameters, parameters_part), END };

/* ---- the rules ---- */

static err_t take_law(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_law *y = whole;
	law->country = y->country;
	law->version = y->version;
	if (strlen(y->country) != 2)
		return yaml_fail(file, "law", "country", y->country, "a country's two letters");
	if (!y->version[0])
		return yaml_fail(file, "law", "version", y->version, "a version");
	return OK;
}

const struct law_kind law_kind_law = { "law.yaml", law_file, sizeof(struct y_law), take_law };

static const char *const STEP_WORDS[] = { "reminder", "notice", "demand", "heavy", "enforcement_notice",
	"decide_legal" };
static const char *const ANCHOR_WORDS[] = { "due", "deadline", "same_day" };
static const char *const CHARGE_WORDS[] = { "none", "letter_fee", "own_demand_fee", "light", "heavy" };
_Static_assert(sizeof STEP_WORDS / sizeof *STEP_WORDS == LAW_STEP_COUNT, "a word for each step");
_Static_assert(sizeof ANCHOR_WORDS / sizeof *ANCHOR_WORDS == LAW_ANCHOR_SAME_DAY + 1, "a word for each anchor");
_Static_assert(sizeof CHARGE_WORDS / sizeof *CHARGE_WORDS == LAW_CHARGE_HEAVY + 1, "a word for each charge");

static err_t take_step(
	const struct yaml_file *file, const char *at, const struct y_step *y, struct law_process_step *step)
{
	int step_word = 0, anchor_word = 0, charge_word = 0;
	TRY(law_take_word(file, at, "step", y->step, STEP_WORDS, LAW_STEP_COUNT, &step_word));
	TRY(law_take_word(file, at, "anchor", y->anchor, ANCHOR_WORDS, LAW_ANCHOR_SAME_DAY + 1, &anchor_word));
	TRY(law_take_word(file, at, "charge", y->charge, CHARGE_WORDS, LAW_CHARGE_HEAVY + 1, &charge_word));
	step->step = (enum law_step)step_word; /* the words stand in the order of the enums */
	step->anchor = (enum law_anchor)anchor_word;
	step->charge = (enum law_charge)charge_word;
	TRY(law_take_int(file, at, "wait_days", y->wait_days, &step->wait_days));
	TRY(law_take_int(file, at, "deadline_days", y->deadline_days, &step->deadline_days));
	TRY(law_take_yes(file, at, "sends", y->sends, &step->sends));
	step->source = y->cite;
	return OK;
}

static err_t take_process(
	const struct yaml_file *file, const char *base, const struct y_process *y, struct law_process *process)
{
	struct law_process_step *steps = arena_many(file->arena, y->steps_count, struct law_process_step);
	for (size_t i = 0; i < y->steps_count; i++)
		TRY(take_step(file, str_format(file->arena, "%s.steps[%zu]", base, i).at, &y->steps[i], &steps[i]));
	process->name = y->name;
	process->steps = steps;
	process->step_count = y->steps_count;
	return law_take_int(file, base, "grace_days", y->grace_days, &process->grace_days);
}

static err_t take_processes(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_processes *y = whole;
	struct law_process *processes = arena_many(file->arena, y->processes_count, struct law_process);
	for (size_t i = 0; i < y->processes_count; i++)
		TRY(take_process(
			file, str_format(file->arena, "processes[%zu]", i).at, &y->processes[i], &processes[i]));
	law->processes = processes;
	law->process_count = y->processes_count;
	return OK;
}

const struct law_kind law_kind_processes = { "processes.yaml", processes_file, sizeof(struct y_processes),
	take_processes };

/* "05-17" or days from Easter Sunday, which may be before it ("-3"). */
static err_t take_holiday(
	const struct yaml_file *file, const char *at, const struct y_holiday *y, struct law_holiday *holiday)
{
	holiday->name = y->name;
	if (!y->date == !y->easter)
		return yaml_fail(file, at, "name", y->name, "a holiday with either date or easter");
	if (y->easter) {
		bool before = y->easter[0] == '-';
		int offset = 0;
		TRY(law_take_int(file, at, "easter", y->easter + before, &offset));
		holiday->easter_offset = before ? -offset : offset;
		return OK;
	}
	str day, month = str_cut(str_from_z(y->date), '-', &day);
	int64_t month_value, day_value;
	bool shaped = month.size == 2 && day.size == 2 && strlen(y->date) == 5;
	if (!shaped || !law_decimal_parse(str_z(file->arena, month), 0, &month_value) ||
		!law_decimal_parse(day.at, 0, &day_value))
		return yaml_fail(file, at, "date", y->date, "a month and a day (05-17)");
	holiday->month = (int)month_value; /* two digits */
	holiday->day = (int)day_value;
	if (!holiday->month)
		return yaml_fail(file, at, "date", y->date, "a month and a day (05-17)");
	return OK;
}

static err_t take_holidays(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_holidays *y = whole;
	struct law_holiday *holidays = arena_many(file->arena, y->days_count, struct law_holiday);
	for (size_t i = 0; i < y->days_count; i++)
		TRY(take_holiday(file, str_format(file->arena, "holidays.days[%zu]", i).at, &y->days[i], &holidays[i]));
	law->holidays = holidays;
	law->holiday_count = y->days_count;
	law->holiday_source = y->cite;
	law->closed_days = law_closed_days(file->arena, law);
	return OK;
}

const struct law_kind law_kind_holidays = { "holidays.yaml", holidays_file, sizeof(struct y_holidays), take_holidays };

static void take_parameter_sources(const struct y_parameters *y, struct law *law)
{
	law->interest_source = y->interest.cite;
	law->allocation_source = y->allocation.cite;
	law->letter_source = y->letter.cite;
	law->salaer_source = y->salaer.cite;
	law->absorb_source = y->absorb.cite;
	law->compensation_source = y->compensation.cite;
	law->plan_fee_source = y->plan.cite;
	law->join_source = y->join.cite;
	law->legal_source = y->legal.cite;
	law->objection_source = y->objection.cite;
	law->block_source = y->block.cite;
	law->limitation_source = y->limitation.cite;
	law->waiver_source = y->waiver.cite;
	law->commission_source = y->commission.cite;
	law->ident_source = y->ident.cite;
	law->contact_source = y->contact.cite;
}

static err_t take_waiver(const struct yaml_file *file, const struct y_topic *y, struct law_parameters *p)
{
	const char *at = "parameters.waiver";
	TRY(law_take_money(file, at, "least_principal", y->figures[0], &p->least_principal));
	TRY(law_take_money(file, at, "waive_under", y->figures[1], &p->waive_under));
	TRY(law_take_money(file, at, "residual_reminder_least", y->figures[2], &p->residual_reminder_min));
	TRY(law_take_int(file, at, "residual_reminder_days", y->figures[3], &p->residual_reminder_days));
	return law_take_int(file, at, "residual_reminder_count", y->figures[4], &p->residual_reminder_count);
}

static err_t take_limitation(const struct yaml_file *file, const struct y_limitation *y, struct law_parameters *p)
{
	const char *at = "parameters.limitation";
	TRY(law_take_int(file, at, "years", y->years, &p->limitation_years));
	for (int i = 0; i < LAW_LIMITATION_WARNING_COUNT; i++) {
		const char *key = str_format(file->arena, "warning_days[%d]", i).at;
		TRY(law_take_int(file, at, key, y->warning_days[i], &p->limitation_warning_days[i]));
	}
	return OK;
}

static err_t take_contact(const struct yaml_file *file, const struct y_topic *y, struct law_parameters *p)
{
	const char *at = "parameters.contact";
	TRY(law_take_int(file, at, "weekday_from_hour", y->figures[0], &p->contact_weekday_from));
	TRY(law_take_int(file, at, "weekday_until_hour", y->figures[1], &p->contact_weekday_until));
	TRY(law_take_int(file, at, "saturday_from_hour", y->figures[2], &p->contact_saturday_from));
	return law_take_int(file, at, "saturday_until_hour", y->figures[3], &p->contact_saturday_until);
}

static err_t take_parameters(const struct yaml_file *file, const void *whole, struct law *law)
{
	const struct y_parameters *y = whole;
	struct law_parameters *p = &law->parameters;
	take_parameter_sources(y, law);
	TRY(law_take_int(file, "parameters.letter", "fee_letter_max", y->letter.figures[0], &p->fee_letter_max));
	TRY(law_take_int(file, "parameters.letter", "fee_letter_months", y->letter.figures[1], &p->fee_letter_months));
	TRY(law_take_int(
		file, "parameters.letter", "least_deadline_days", y->letter.figures[2], &p->least_deadline_days));
	TRY(law_take_int(
		file, "parameters.letter", "fee_after_due_days", y->letter.figures[3], &p->fee_after_due_days));
	TRY(law_take_int(file, "parameters.salaer", "heavy_after_days", y->salaer.figures[2], &p->heavy_after_days));
	TRY(law_take_figure(
		file, LAW_TIMES, "parameters.salaer", "business_times", y->salaer.figures[0], &p->business_per_mille));
	TRY(law_take_figure(
		file, LAW_VAT_PERCENT, "parameters.salaer", "vat_percent", y->salaer.figures[1], &p->vat_per_mille));
	TRY(law_take_yes(file, "parameters.absorb", "absorbs", y->absorb.figures[0], &p->absorb));
	TRY(law_take_yes(file, "parameters.standard_compensation", "offsets", y->compensation.figures[0],
		&p->compensation_offsets));
	TRY(law_take_int(file, "parameters.plan", "fee_over_parts", y->plan.figures[0], &p->plan_fee_over_parts));
	TRY(law_take_figure(
		file, LAW_TIMES, "parameters.plan", "fee_times", y->plan.figures[1], &p->plan_fee_per_mille));
	TRY(law_take_int(file, "parameters.join", "days", y->join.figures[0], &p->join_days));
	TRY(law_take_int(file, "parameters.legal", "months", y->legal.figures[0], &p->legal_months));
	TRY(law_take_int(file, "parameters.objection", "review_days", y->objection.figures[0], &p->review_days));
	TRY(law_take_int(file, "parameters.block", "age_of_majority", y->block.figures[0], &p->age_of_majority));
	TRY(law_take_date(file, "parameters.ident", "rule_from", y->ident.figures[0], &p->ident_rule_from));
	TRY(take_limitation(file, &y->limitation, p));
	TRY(take_contact(file, &y->contact, p));
	TRY(law_take_figure(file, LAW_PERCENT, "parameters.commission", "member_percent", y->commission.figures[0],
		&p->commission_member_bp));
	TRY(law_take_figure(file, LAW_PERCENT, "parameters.commission", "other_percent", y->commission.figures[1],
		&p->commission_other_bp));
	return take_waiver(file, &y->waiver, p);
}

const struct law_kind law_kind_parameters = { "parameters.yaml", parameters_file, sizeof(struct y_parameters),
	take_parameters };
