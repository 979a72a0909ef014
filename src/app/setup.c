#include "app/setup.h"

#include "app/file.h"
#include "core/ident.h"
#include "format/client_csv.h"
#include "sql.h"

#include <string.h>

enum { AGENCY_CLIENT_NO = 1, FINDINGS_MAX = 1000, SCRATCH_SIZE_MAX = 64 << 20 };

err_t setup_put(const struct op *op, const char *name, str value)
{
	return q_setting_put(op->db, str_from_z(name), value);
}

err_t setup_get(const struct op *op, const char *name, str *ret_value)
{
	struct setting_get_row row;
	bool found;
	TRY(q_setting_get(op->db, op->arena, str_from_z(name), &row, &found));
	*ret_value = found ? row.value : S("");
	return OK;
}

err_t setup_clock(struct db *db, struct arena *arena, date *ret_day)
{
	struct setting_get_row row;
	bool found;
	*ret_day = DATE_NONE;
	TRY(q_setting_get(db, arena, S("clock"), &row, &found));
	return found ? date_parse_iso(row.value, ret_day) : OK;
}

struct agency_field {
	const char *setting;
	size_t offset;
};

#define AGENCY_FIELD(field) { "agency." #field, offsetof(struct agency, field) }
static const struct agency_field agency_fields[] = {
	AGENCY_FIELD(name), AGENCY_FIELD(orgnr), AGENCY_FIELD(address), AGENCY_FIELD(postcode), AGENCY_FIELD(city),
	AGENCY_FIELD(phone), AGENCY_FIELD(email), AGENCY_FIELD(web), AGENCY_FIELD(licence), AGENCY_FIELD(account),
	AGENCY_FIELD(own_account),
};
enum { AGENCY_FIELD_COUNT = sizeof agency_fields / sizeof *agency_fields };

err_t agency_load(const struct op *op, struct agency *ret_agency)
{
	struct agency agency;
	for (size_t i = 0; i < AGENCY_FIELD_COUNT; i++) {
		str value;
		TRY(setup_get(op, agency_fields[i].setting, &value));
		memcpy((char *)&agency + agency_fields[i].offset, &value, sizeof value);
	}
	*ret_agency = agency;
	return OK;
}

/* The agency's own accounts: eleven digits as the bank has given them. A wrong check digit is told, not refused
 * (setup.h): the bank's test accounts have it, and the bank's files are held against this very number. */
static err_t own_account_parse(str *account, struct arena *arena)
{
	struct ident_text digits;
	if (!account->size)
		return OK;
	err_t err = bban_parse(*account, &digits);
	if (!err) {
		*account = str_format(arena, "%s", digits.z);
		return OK;
	}
	if (account->size != 11 || !str_is_digits(*account))
		return err;
	err_free(err);
	return OK;
}

static err_t agency_check(struct agency *agency, struct arena *arena)
{
	struct ident_text digits;
	if (agency->orgnr.size) {
		TRY(orgnr_parse(agency->orgnr, &digits));
		agency->orgnr = str_format(arena, "%s", digits.z);
	}
	TRY(within(own_account_parse(&agency->account, arena), "client-funds account"));
	TRY(within(own_account_parse(&agency->own_account, arena), "own account"));
	if (agency->account.size && str_eq(agency->account, agency->own_account))
		return fail(ERR_REFUSED, "client funds and own money must be on two accounts (inkassoloven § 16)");
	return OK;
}

/* The co-operative is its own client number one: its annual fee is a claim like any other, never with salær. */
static err_t agency_client(const struct op *op)
{
	struct agency agency;
	struct client_find_row row;
	bool found;
	TRY(agency_load(op, &agency));
	TRY(q_client_find(op->db, op->arena, AGENCY_CLIENT_NO, &row, &found));
	if (!found)
		TRY(q_terms_insert(op->db, AGENCY_CLIENT_NO, 1, S("no/own"), 0, 1, 0, S("costs_first"), op->today));
	return q_client_put(op->db, AGENCY_CLIENT_NO, agency.name, agency.orgnr,
		agency.own_account.size ? agency.own_account : agency.account, agency.email, 0, found ? row.terms_no : 1,
		op->today);
}

bool agency_account_doubt(const struct agency *agency)
{
	return (agency->account.size && !bban_is_valid(agency->account)) ||
	       (agency->own_account.size && !bban_is_valid(agency->own_account));
}

err_t agency_store(const struct op *op, const struct agency *given)
{
	struct agency agency = *given;
	TRY(agency_check(&agency, op->arena));
	for (size_t i = 0; i < AGENCY_FIELD_COUNT; i++) {
		str value;
		memcpy(&value, (const char *)&agency + agency_fields[i].offset, sizeof value);
		if (value.size)
			TRY(setup_put(op, agency_fields[i].setting, value));
	}
	return agency_client(op);
}

/* ---- clients ---- */

struct client_importing {
	const struct op *op;
	struct client_import_result *result;
	size_t finding_capacity;
};

static bool terms_same(const struct terms_list_row *terms, const struct terms_list_row *wanted)
{
	return str_eq(terms->process, wanted->process) && terms->vat_deductible == wanted->vat_deductible &&
	       terms->commission_bp == wanted->commission_bp;
}

static err_t terms_current(const struct op *op, int64_t client_no, int64_t terms_no, struct terms_list_row *ret_terms)
{
	struct terms_list_row *rows;
	size_t count;
	TRY(q_terms_list(op->db, op->arena, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (rows[i].client_no == client_no && rows[i].terms_no == terms_no) {
			*ret_terms = rows[i];
			return OK;
		}
	return fail(ERR_INTERNAL, "client %lld has no terms", (long long)client_no);
}

static struct terms_list_row terms_wanted(const struct op *op, const struct client_row *row)
{
	const struct law_parameters *parameters = &op->law->parameters;
	int64_t by_membership = row->member ? parameters->commission_member_bp : parameters->commission_other_bp;
	return (struct terms_list_row){
		.process = row->process,
		.vat_deductible = row->vat_deductible,
		.commission_bp = row->commission_bp == COMMISSION_BP_DEFAULT ? by_membership : row->commission_bp,
	};
}

static bool client_same(const struct client_find_row *old, const struct client_row *row)
{
	return str_eq(old->name, row->name) && str_eq(old->orgnr, row->orgnr) && str_eq(old->account, row->account) &&
	       str_eq(old->email, row->email) && (old->member != 0) == row->member;
}

static err_t client_take(const struct client_row *row, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	struct client_importing *importing = context;
	const struct op *op = importing->op;
	struct client_import_result *result = importing->result;
	for (size_t i = 0; i < finding_count && result->finding_count < FINDINGS_MAX; i++) {
		if (result->finding_count == importing->finding_capacity) {
			importing->finding_capacity = importing->finding_capacity ? importing->finding_capacity * 2 : 32;
			result->findings = arena_grow(op->arena, result->findings, result->finding_count,
				importing->finding_capacity, sizeof *findings);
		}
		struct row_finding *kept = &result->findings[result->finding_count++];
		*kept = findings[i];
		kept->reason = str_copy(op->arena, kept->reason);
	}
	if (finding_count)
		return OK;
	struct client_find_row old;
	bool found;
	TRY(q_client_find(op->db, op->arena, row->client_no, &old, &found));
	struct terms_list_row wanted = terms_wanted(op, row), now = { 0 };
	int64_t terms_no = 1;
	bool same = false;
	if (found) {
		TRY(terms_current(op, row->client_no, old.terms_no, &now));
		same = terms_same(&now, &wanted);
		terms_no = same ? old.terms_no : old.terms_no + 1;
	}
	if (!same)
		TRY(q_terms_insert(op->db, row->client_no, terms_no, wanted.process, 0, wanted.vat_deductible,
			wanted.commission_bp, S("costs_first"), op->today));
	if (same && client_same(&old, row)) {
		result->unchanged++;
		return OK;
	}
	*(found ? &result->updated : &result->created) += 1;
	return q_client_put(op->db, row->client_no, row->name, row->orgnr, row->account, row->email, row->member, terms_no,
		op->today);
}

static err_t client_import_read(struct client_importing *importing, str bytes)
{
	const struct law *law = importing->op->law;
	str *processes = arena_many(importing->op->arena, law->process_count, str);
	for (size_t i = 0; i < law->process_count; i++)
		processes[i] = str_from_z(law->processes[i].name);
	struct client_check check = { .processes = processes, .process_count = law->process_count };
	struct arena *scratch = arena_create(SCRATCH_SIZE_MAX);
	err_t err = client_csv_read(bytes, scratch, check, client_take, importing);
	arena_destroy(scratch);
	return err;
}

err_t client_import(const struct op *op, const char *path, struct client_import_result *ret_result)
{
	struct client_import_result result = { 0 };
	struct client_importing importing = { .op = op, .result = &result };
	struct file_view view;
	TRY(file_view_open(path, &view));
	err_t err = db_begin(op->db);
	if (!err) {
		err = within(client_import_read(&importing, view.bytes), "%s", path);
		if (!err && !result.finding_count)
			err = db_commit(op->db);
		else
			db_rollback(op->db);
	}
	file_view_close(&view);
	if (err)
		return err;
	if (result.finding_count)
		result.created = result.updated = result.unchanged = 0;
	*ret_result = result;
	return OK;
}
