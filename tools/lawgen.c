/* Makes C of a law folder, so that the program starts without reading YAML: lawgen law/no build/gen/law_no
 * writes build/gen/law_no.h and build/gen/law_no.c with `const struct law law_no`. The folder is read and checked by
 * the code the program itself uses for an operator's folder; a finding stops the build. */
#include "format/law_yaml.h"

#include <stdio.h>
#include <string.h>

enum { ARENA_SIZE_MAX = 64 << 20 };

static void put_text(FILE *out, const char *z)
{
	if (!z) {
		fputs("NULL", out);
		return;
	}
	fputc('"', out);
	for (; *z; z++) {
		unsigned char c = (unsigned char)*z;
		if (c == '"' || c == '\\' || c == '?') /* a question mark could begin a trigraph */
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7F)
			fprintf(out, "\\%03o", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void put_source(FILE *out, const struct law_source *source)
{
	fputs("{ ", out);
	put_text(out, source->paragraph);
	fputs(", ", out);
	put_text(out, source->source);
	fputs(", ", out);
	put_text(out, source->confidence);
	fputs(" }", out);
}

static void put_date(FILE *out, date d)
{
	if (date_is_none(d))
		fputs("{ INT32_MIN }", out);
	else
		fprintf(out, "{ %d /* %s */ }", d.day, date_iso(d).z);
}

/* Largest number last: INT64_C() cannot write the smallest, which no table holds. */
static void put_i64(FILE *out, int64_t value)
{
	fprintf(out, "INT64_C(%lld)", (long long)value);
}

/* The array behind a series; name is a C identifier. */
static void put_values(FILE *out, const char *name, const struct law_series *series)
{
	if (!series->value_count)
		return;
	fprintf(out, "static const struct law_value %s[] = {\n", name);
	for (size_t i = 0; i < series->value_count; i++) {
		const struct law_value *value = &series->values[i];
		fputs("\t{ ", out);
		put_date(out, value->from);
		fputs(", ", out);
		put_i64(out, value->value);
		fputs(", ", out);
		put_source(out, &value->source);
		fputs(" },\n", out);
	}
	fputs("};\n\n", out);
}

static void put_series(FILE *out, const char *name, const struct law_series *series)
{
	fputs("{ ", out);
	put_text(out, series->name);
	fprintf(out, ", %s, %zu, ", series->value_count ? name : "NULL", series->value_count);
	put_date(out, series->until);
	fputs(" }", out);
}

static void put_schemes(FILE *out, const struct law *law)
{
	char name[64];
	for (size_t i = 0; i < law->scheme_count; i++) {
		const struct law_scheme *scheme = &law->schemes[i];
		fprintf(out, "static const struct law_band bands_%zu[] = {\n", i);
		for (size_t k = 0; k < scheme->band_count; k++) {
			const struct law_band *band = &scheme->bands[k];
			fputs("\t{ { ", out);
			put_i64(out, band->up_to.minor);
			fprintf(out, " }, %lld, %lld },\n", (long long)band->light_per_mille,
				(long long)band->heavy_per_mille);
		}
		fputs("};\n\n", out);
		snprintf(name, sizeof name, "letter_fee_%zu", i);
		put_values(out, name, &scheme->letter_fee);
		snprintf(name, sizeof name, "own_demand_fee_%zu", i);
		put_values(out, name, &scheme->own_demand_fee);
	}
	fputs("static const struct law_scheme schemes[] = {\n", out);
	for (size_t i = 0; i < law->scheme_count; i++) {
		const struct law_scheme *scheme = &law->schemes[i];
		fputs("\t{ ", out);
		put_text(out, scheme->name);
		fputs(", ", out);
		put_date(out, scheme->due_from);
		fputs(", ", out);
		put_date(out, scheme->due_until);
		fprintf(out, ", bands_%zu, %zu,\n\t  ", i, scheme->band_count);
		snprintf(name, sizeof name, "letter_fee_%zu", i);
		put_series(out, name, &scheme->letter_fee);
		fprintf(out, ", %lld,\n\t  ", (long long)scheme->letter_fee_per_mille);
		snprintf(name, sizeof name, "own_demand_fee_%zu", i);
		put_series(out, name, &scheme->own_demand_fee);
		fprintf(out, ", %lld,\n\t  ", (long long)scheme->own_demand_fee_per_mille);
		put_source(out, &scheme->source);
		fputs(" },\n", out);
	}
	fputs("};\n\n", out);
}

static void put_processes(FILE *out, const struct law *law)
{
	for (size_t i = 0; i < law->process_count; i++) {
		const struct law_process *process = &law->processes[i];
		fprintf(out, "static const struct law_process_step steps_%zu[] = {\n", i);
		for (size_t k = 0; k < process->step_count; k++) {
			const struct law_process_step *step = &process->steps[k];
			fprintf(out,
				"\t{ (enum law_step)%d /* %s */, (enum law_anchor)%d, %d, %d, %s, (enum "
				"law_charge)%d, ",
				(int)step->step, law_step_name(step->step), (int)step->anchor, step->wait_days,
				step->deadline_days, step->sends ? "true" : "false", (int)step->charge);
			put_source(out, &step->source);
			fputs(" },\n", out);
		}
		fputs("};\n\n", out);
	}
	fputs("static const struct law_process processes[] = {\n", out);
	for (size_t i = 0; i < law->process_count; i++) {
		fputs("\t{ ", out);
		put_text(out, law->processes[i].name);
		fprintf(out, ", %d, steps_%zu, %zu },\n", law->processes[i].grace_days, i,
			law->processes[i].step_count);
	}
	fputs("};\n\n", out);
}

static void put_holidays(FILE *out, const struct law *law)
{
	fputs("static const struct law_holiday holidays[] = {\n", out);
	for (size_t i = 0; i < law->holiday_count; i++) {
		const struct law_holiday *holiday = &law->holidays[i];
		fputs("\t{ ", out);
		put_text(out, holiday->name);
		fprintf(out, ", %d, %d, %d },\n", holiday->month, holiday->day, holiday->easter_offset);
	}
	fputs("};\n\n", out);
}

static void put_proceedings(FILE *out, const struct law *law)
{
	char name[64];
	for (size_t i = 0; i < law->proceeding_count; i++) {
		snprintf(name, sizeof name, "multiples_%zu", i);
		put_values(out, name, &law->proceedings[i].multiple_per_mille);
	}
	fputs("static const struct law_proceeding proceedings[] = {\n", out);
	for (size_t i = 0; i < law->proceeding_count; i++) {
		fputs("\t{ ", out);
		put_text(out, law->proceedings[i].name);
		fputs(", ", out);
		snprintf(name, sizeof name, "multiples_%zu", i);
		put_series(out, name, &law->proceedings[i].multiple_per_mille);
		fputs(" },\n", out);
	}
	fputs("};\n\n", out);
}

static void put_interest_sums(FILE *out, const struct law *law)
{
	fputs("static const int64_t interest_sums[] = {", out);
	for (size_t i = 0; i < law->late_interest.value_count; i++) {
		fputs(i % 6 ? " " : "\n\t", out);
		put_i64(out, law->interest_sums[i]);
		fputc(',', out);
	}
	fputs("\n};\n\n", out);
}

static void put_closed_days(FILE *out, const struct law *law)
{
	fputs("static const uint64_t closed_days[LAW_CLOSED_WORD_COUNT] = {", out);
	for (size_t i = 0; i < LAW_CLOSED_WORD_COUNT; i++)
		fprintf(out, "%sUINT64_C(0x%llx),", i % 6 ? " " : "\n\t", (unsigned long long)law->closed_days[i]);
	fputs("\n};\n\n", out);
}

/* Designated, so that a member forgotten here is zero and law_check() at the first test says so. */
static void put_parameters(FILE *out, const struct law_parameters *p)
{
	fputs("\t.parameters = {\n", out);
	fprintf(out, "\t\t.least_principal = { %lld }, .waive_under = { %lld }, .residual_reminder_min = { %lld },\n",
		(long long)p->least_principal.minor, (long long)p->waive_under.minor,
		(long long)p->residual_reminder_min.minor);
	fprintf(out, "\t\t.residual_reminder_days = %d, .residual_reminder_count = %d, .join_days = %d,\n",
		p->residual_reminder_days, p->residual_reminder_count, p->join_days);
	fprintf(out,
		"\t\t.fee_letter_max = %d, .fee_letter_months = %d, .least_deadline_days = %d, .legal_months = %d,\n",
		p->fee_letter_max, p->fee_letter_months, p->least_deadline_days, p->legal_months);
	fprintf(out, "\t\t.fee_after_due_days = %d, .heavy_after_days = %d,\n", p->fee_after_due_days,
		p->heavy_after_days);
	fprintf(out,
		"\t\t.plan_fee_over_parts = %d, .plan_fee_per_mille = %lld, .business_per_mille = %lld, .vat_per_mille "
		"= %lld,\n",
		p->plan_fee_over_parts, (long long)p->plan_fee_per_mille, (long long)p->business_per_mille,
		(long long)p->vat_per_mille);
	fprintf(out, "\t\t.limitation_years = %d, .age_of_majority = %d, .review_days = %d,\n", p->limitation_years,
		p->age_of_majority, p->review_days);
	fprintf(out, "\t\t.contact_weekday_from = %d, .contact_weekday_until = %d,\n", p->contact_weekday_from,
		p->contact_weekday_until);
	fprintf(out, "\t\t.contact_saturday_from = %d, .contact_saturday_until = %d,\n", p->contact_saturday_from,
		p->contact_saturday_until);
	fputs("\t\t.limitation_warning_days = {", out);
	for (int i = 0; i < LAW_LIMITATION_WARNING_COUNT; i++)
		fprintf(out, "%s%d", i ? ", " : " ", p->limitation_warning_days[i]);
	fputs(" },\n\t\t.ident_rule_from = ", out);
	put_date(out, p->ident_rule_from);
	fputs(",\n", out);
	fprintf(out, "\t\t.commission_member_bp = %lld, .commission_other_bp = %lld,\n",
		(long long)p->commission_member_bp, (long long)p->commission_other_bp);
	fprintf(out, "\t\t.absorb = %s, .compensation_offsets = %s,\n\t},\n", p->absorb ? "true" : "false",
		p->compensation_offsets ? "true" : "false");
}

static void put_sources(FILE *out, const struct law *law)
{
#define SOURCE(member)                \
	{                             \
#member, &law->member \
	}
	const struct {
		const char *member;
		const struct law_source *source;
	} sources[] = { SOURCE(absorb_source), SOURCE(compensation_source), SOURCE(interest_source),
		SOURCE(allocation_source), SOURCE(plan_fee_source), SOURCE(limitation_source), SOURCE(waiver_source),
		SOURCE(legal_source), SOURCE(objection_source), SOURCE(block_source), SOURCE(salaer_source),
		SOURCE(letter_source), SOURCE(join_source), SOURCE(commission_source), SOURCE(ident_source),
		SOURCE(holiday_source), SOURCE(contact_source) };
#undef SOURCE
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		fprintf(out, "\t.%s = ", sources[i].member);
		put_source(out, sources[i].source);
		fputs(",\n", out);
	}
}

static void put_member_series(FILE *out, const char *member, const struct law_series *series)
{
	fprintf(out, "\t.%s = ", member);
	put_series(out, member, series);
	fputs(",\n", out);
}

static void put_law(FILE *out, const char *name, const struct law *law)
{
	put_values(out, "late_interest", &law->late_interest);
	put_values(out, "inkassosats", &law->inkassosats);
	put_values(out, "standard_compensation", &law->standard_compensation);
	put_values(out, "court_fee", &law->court_fee);
	put_schemes(out, law);
	put_processes(out, law);
	put_holidays(out, law);
	put_proceedings(out, law);
	put_interest_sums(out, law);
	put_closed_days(out, law);
	fprintf(out, "const struct law %s = {\n\t.country = ", name);
	put_text(out, law->country);
	fputs(", .version = ", out);
	put_text(out, law->version);
	fputs(",\n", out);
	put_member_series(out, "late_interest", &law->late_interest);
	put_member_series(out, "inkassosats", &law->inkassosats);
	put_member_series(out, "standard_compensation", &law->standard_compensation);
	put_member_series(out, "court_fee", &law->court_fee);
	fprintf(out, "\t.schemes = schemes, .scheme_count = %zu,\n", law->scheme_count);
	fprintf(out, "\t.processes = processes, .process_count = %zu,\n", law->process_count);
	fprintf(out, "\t.holidays = holidays, .holiday_count = %zu,\n", law->holiday_count);
	fprintf(out, "\t.proceedings = proceedings, .proceeding_count = %zu,\n", law->proceeding_count);
	put_parameters(out, &law->parameters);
	put_sources(out, law);
	fputs("\t.interest_sums = interest_sums, .closed_days = closed_days,\n};\n", out);
}

static err_t file_open(const char *stem, const char *end, FILE **ret_file)
{
	char path[1000];
	snprintf(path, sizeof path, "%s%s", stem, end);
	*ret_file = fopen(path, "wb");
	return *ret_file ? OK : fail(ERR_OUTSIDE, "could not write '%s'", path);
}

static err_t file_close(FILE *file, const char *stem)
{
	bool failed = ferror(file) != 0;
	failed = fclose(file) != 0 || failed;
	return failed ? fail(ERR_OUTSIDE, "could not write '%s'", stem) : OK;
}

/* stem: "build/gen/law_no"; its last part is the name of the C object. */
static err_t law_write(const char *folder, const char *stem, const struct law *law)
{
	const char *slash = strrchr(stem, '/'), *name = slash ? slash + 1 : stem;
	FILE *out;
	TRY(file_open(stem, ".h", &out));
	fprintf(out,
		"/* Made by tools/lawgen from %s; do not edit. */\n#ifndef KRAVBOK_GEN_%s_H\n#define "
		"KRAVBOK_GEN_%s_H\n\n",
		folder, name, name);
	fprintf(out, "#include \"core/law.h\"\n\nextern const struct law %s;\n\n#endif\n", name);
	TRY(file_close(out, stem));
	TRY(file_open(stem, ".c", &out));
	fprintf(out, "/* Made by tools/lawgen from %s; do not edit. */\n#include \"%s.h\"\n\n", folder, name);
	put_law(out, name, law);
	return file_close(out, stem);
}

static err_t law_make(struct arena *arena, const char *folder, const char *stem)
{
	struct law *law;
	struct law_finding *findings;
	size_t count;
	TRY(law_read_folder(arena, folder, NULL, &law));
	law_check(law, arena, &findings, &count);
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "%s/%.*s\n", folder, STR_ARG(findings[i].text));
	if (count)
		return fail(ERR_REFUSED, "%s: %zu findings; nothing is written", folder, count);
	return law_write(folder, stem, law);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: lawgen LAW_FOLDER OUTPUT_STEM\n", stderr);
		return 2;
	}
	struct arena *arena = arena_create(ARENA_SIZE_MAX);
	err_t err = law_make(arena, argv[1], argv[2]);
	if (err)
		fprintf(stderr, "lawgen: %s\n", err_text(err));
	int status = err ? 1 : 0;
	err_free(err);
	arena_destroy(arena);
	return status;
}
