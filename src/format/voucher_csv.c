#include "format/voucher_csv.h"

#include <string.h>

enum column { VOUCHER, DATE, ACCOUNT, AMOUNT, TEXT, CLIENT, COLUMN_COUNT };

static const struct csv_column columns[COLUMN_COUNT] = {
	[VOUCHER] = { "voucher", true },
	[DATE] = { "date", true },
	[ACCOUNT] = { "account", true },
	[AMOUNT] = { "amount", true },
	[TEXT] = { "text", true },
	[CLIENT] = { "client", false },
};

enum { NUMBER_SIZE_MAX = 64, TEXT_SIZE_MAX = 200, KEPT_SIZE_MAX = 16 * 1024 * 1024 };

struct reading {
	date today;
	struct arena *scratch; /* of the row */
	struct arena *kept;    /* of the voucher: it outlives its rows */
	struct arena_mark kept_start;
	voucher_fn each;
	void *context;
	bool header_seen, row_seen;
	struct csv_columns columns;
	struct voucher voucher; /* at hand, without lines at the start */
	struct voucher_line lines[VOUCHER_LINE_COUNT_MAX];
	struct row_findings findings;
};

static err_t voucher_end(struct reading *reading)
{
	struct voucher *voucher = &reading->voucher;
	if (voucher->line_count == 0)
		return OK;
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < voucher->line_count; i++)
		sum = money_add(sum, reading->lines[i].amount);
	reading->findings.line_no = voucher->line_no;
	if (sum.minor != 0 && reading->findings.count == 0)
		row_finding_add(&reading->findings, "amount", "the rows of voucher '%.*s' sum to %s, not to zero",
			STR_ARG(voucher->number), money_plain(sum).z);
	voucher->lines = reading->lines;
	TRY(reading->each(voucher, reading->findings.items, reading->findings.count, reading->context));
	voucher->line_count = 0;
	reading->findings.count = 0;
	arena_reset(reading->kept, reading->kept_start);
	return OK;
}

static void voucher_begin(struct reading *reading, int64_t line_no, str number)
{
	if (number.size == 0)
		row_finding_add(&reading->findings, "voucher", "it is empty");
	bool fits = row_text_check(&reading->findings, "voucher", number, NUMBER_SIZE_MAX);
	reading->voucher = (struct voucher){
		.line_no = line_no,
		.number = fits ? str_copy(reading->kept, number) : S(""),
		.on = DATE_NONE,
	};
}

static void take_date(struct reading *reading, str value)
{
	date on;
	if (!row_finding_err(&reading->findings, "date", date_parse(value, &on)))
		return;
	if (date_after(on, reading->today))
		row_finding_add(&reading->findings, "date", "'%.*s' is after today", STR_ARG(value));
	if (date_is_none(reading->voucher.on))
		reading->voucher.on = on;
	else if (!date_eq(on, reading->voucher.on))
		row_finding_add(&reading->findings, "date", "'%.*s' is another day than the voucher's first row (%s)",
			STR_ARG(value), date_iso(reading->voucher.on).z);
}

static void take_line(struct reading *reading, const struct csv_row *row)
{
	struct row_findings *findings = &reading->findings;
	const struct csv_columns *at = &reading->columns;
	struct voucher_line line = { .line_no = row->line_no, .text = S("") };
	str text = csv_field(row, at, TEXT), account = csv_field(row, at, ACCOUNT), client = csv_field(row, at, CLIENT);
	int64_t number = 0;
	take_date(reading, csv_field(row, at, DATE));
	if (row_finding_err(findings, "account", parse_i64(account, 1000, 9999, &number)))
		line.account = (int)number; /* within 1000-9999 */
	if (row_finding_err(findings, "amount", money_parse(csv_field(row, at, AMOUNT), &line.amount)) &&
		line.amount.minor == 0)
		row_finding_add(findings, "amount", "it is zero");
	if (row_text_check(findings, "text", text, TEXT_SIZE_MAX))
		line.text = str_copy(reading->kept, text);
	if (client.size)
		row_finding_err(findings, "client", parse_i64(client, 1, 999999999, &line.client_no));
	reading->lines[reading->voucher.line_count++] = line;
}

static err_t read_row(const struct csv_row *row, void *context)
{
	struct reading *reading = context;
	if (!reading->header_seen) {
		reading->header_seen = true;
		return csv_columns_match(row, columns, COLUMN_COUNT, reading->scratch, &reading->columns);
	}
	reading->row_seen = true;
	if (row->field_count != reading->columns.field_count)
		return fail(ERR_INPUT, "line %lld: the row has %zu fields, the header has %zu", (long long)row->line_no,
			row->field_count, reading->columns.field_count);
	str number = csv_field(row, &reading->columns, VOUCHER);
	if (reading->voucher.line_count && !str_eq(number, reading->voucher.number))
		TRY(voucher_end(reading));
	if (reading->voucher.line_count == VOUCHER_LINE_COUNT_MAX)
		return fail(ERR_INPUT, "line %lld: a voucher has more than %d rows", (long long)row->line_no,
			VOUCHER_LINE_COUNT_MAX);
	reading->findings.line_no = row->line_no;
	if (reading->voucher.line_count == 0)
		voucher_begin(reading, row->line_no, number);
	take_line(reading, row);
	return OK;
}

err_t voucher_csv_read(str bytes, struct arena *scratch, date today, voucher_fn each, void *context)
{
	struct reading *reading = arena_new(scratch, struct reading);
	reading->today = today;
	reading->scratch = scratch;
	reading->kept = arena_create(KEPT_SIZE_MAX);
	reading->kept_start = arena_mark(reading->kept);
	reading->each = each;
	reading->context = context;
	reading->findings.arena = reading->kept;
	err_t err = csv_read(bytes, scratch, read_row, reading);
	if (!err)
		err = voucher_end(reading);
	arena_destroy(reading->kept);
	if (!err && !reading->row_seen)
		err = fail(ERR_INPUT, "the file holds no voucher");
	return err;
}
