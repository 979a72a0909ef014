#include "format/client_csv.h"

#include "core/ident.h"

#include <string.h>

enum column { CLIENT_NO, NAME, ORGNR, ACCOUNT, VAT_DEDUCTIBLE, MEMBER, PROCESS, EMAIL, COMMISSION_BP, COLUMN_COUNT };

static const struct csv_column columns[COLUMN_COUNT] = {
	[CLIENT_NO] = { "client_no", true },
	[NAME] = { "name", true },
	[ORGNR] = { "orgnr", true },
	[ACCOUNT] = { "account", true },
	[VAT_DEDUCTIBLE] = { "vat_deductible", true },
	[MEMBER] = { "member", true },
	[PROCESS] = { "process", true },
	[EMAIL] = { "email", true },
	[COMMISSION_BP] = { "commission_bp", false },
};

enum { CLIENT_NO_MAX = 999999999, NAME_SIZE_MAX = 200, EMAIL_SIZE_MAX = 254 };

struct reading {
	struct client_check check;
	struct arena *scratch;
	client_row_fn each;
	void *context;
	bool header_seen, row_seen;
	struct csv_columns columns;
	struct row_findings findings;
};

static void take_flag(struct row_findings *findings, const char *field, str value, bool *ret_flag)
{
	if (str_eq_z(value, "yes") || str_eq_z(value, "ja"))
		*ret_flag = true;
	else if (str_eq_z(value, "no") || str_eq_z(value, "nei"))
		*ret_flag = false;
	else
		row_finding_add(findings, field, "'%.*s' is neither yes nor no", STR_ARG(value));
}

static void take_account(struct reading *reading, str value, str *ret_account)
{
	struct ident_text bban;
	if (iban_bban(value, &bban) || row_finding_err(&reading->findings, "account", bban_parse(value, &bban)))
		*ret_account = str_copy(reading->scratch, str_from_z(bban.z));
}

static void take_process(struct reading *reading, str value, str *ret_process)
{
	for (size_t i = 0; i < reading->check.process_count; i++) {
		if (str_eq(value, reading->check.processes[i])) {
			*ret_process = reading->check.processes[i];
			return;
		}
	}
	struct text known = text_in(reading->scratch, 16 * 1024);
	for (size_t i = 0; i < reading->check.process_count && known.size < 200; i++)
		text_addf(&known, "%s%.*s", i ? " or " : "", STR_ARG(reading->check.processes[i]));
	row_finding_add(
		&reading->findings, "process", "'%.*s' is not %s", STR_ARG(value), known.at ? known.at : "known");
}

static void take_fields(struct reading *reading, const struct csv_row *row, struct client_row *client)
{
	struct row_findings *findings = &reading->findings;
	const struct csv_columns *at = &reading->columns;
	str name = csv_field(row, at, NAME), email = csv_field(row, at, EMAIL),
	    commission = csv_field(row, at, COMMISSION_BP);
	row_finding_err(findings, "client_no",
		parse_i64(csv_field(row, at, CLIENT_NO), 1, CLIENT_NO_MAX, &client->client_no));
	if (name.size == 0)
		row_finding_add(findings, "name", "it is empty");
	else if (row_text_check(findings, "name", name, NAME_SIZE_MAX))
		client->name = name;
	struct ident_text orgnr;
	if (row_finding_err(findings, "orgnr", orgnr_parse(csv_field(row, at, ORGNR), &orgnr)))
		client->orgnr = str_copy(reading->scratch, str_from_z(orgnr.z));
	take_account(reading, csv_field(row, at, ACCOUNT), &client->account);
	take_flag(findings, "vat_deductible", csv_field(row, at, VAT_DEDUCTIBLE), &client->vat_deductible);
	take_flag(findings, "member", csv_field(row, at, MEMBER), &client->member);
	take_process(reading, csv_field(row, at, PROCESS), &client->process);
	if (email.size && !str_has(email, S("@")))
		row_finding_add(findings, "email", "'%.*s' is not an e-mail address", STR_ARG(email));
	else if (row_text_check(findings, "email", email, EMAIL_SIZE_MAX))
		client->email = email;
	if (commission.size)
		row_finding_err(findings, "commission_bp",
			parse_i64(commission, 0, COMMISSION_BP_MAX, &client->commission_bp));
}

static err_t read_row(const struct csv_row *row, void *context)
{
	struct reading *reading = context;
	if (!reading->header_seen) {
		reading->header_seen = true;
		return csv_columns_match(row, columns, COLUMN_COUNT, reading->scratch, &reading->columns);
	}
	reading->row_seen = true;
	reading->findings.line_no = row->line_no;
	reading->findings.count = 0;
	struct client_row client = {
		.line_no = row->line_no,
		.raw = row->raw,
		.name = S(""),
		.orgnr = S(""),
		.account = S(""),
		.process = S(""),
		.email = S(""),
		.commission_bp = COMMISSION_BP_DEFAULT,
	};
	if (row->field_count != reading->columns.field_count)
		row_finding_field_count(&reading->findings, row->field_count, reading->columns.field_count);
	else
		take_fields(reading, row, &client);
	return reading->each(&client, reading->findings.items, reading->findings.count, reading->context);
}

err_t client_csv_read(str bytes, struct arena *scratch, struct client_check check, client_row_fn each, void *context)
{
	struct reading *reading = arena_new(scratch, struct reading);
	reading->check = check;
	reading->scratch = scratch;
	reading->each = each;
	reading->context = context;
	reading->findings.arena = scratch;
	TRY(csv_read(bytes, scratch, read_row, reading));
	if (!reading->row_seen)
		return fail(ERR_INPUT, "the file holds no client");
	return OK;
}
