#include "format/settlement_csv.h"

#include "format/csv.h"

enum { LINE_SIZE_MAX = 512 * 1024, AMOUNT_COUNT = 12 };

struct amounts {
	money at[AMOUNT_COUNT];
};

static struct amounts amounts_of(const struct settlement_csv_row *row)
{
	return (struct amounts){ { row->gross, row->principal, row->interest, row->fees, row->compensation, row->court,
		row->direct, row->salaer, row->salaer_vat, row->commission, row->vat, row->net } };
}

/* 3480,00: no blank between thousands, or a spreadsheet takes it for text. */
static void amount_add(struct text *line, money amount)
{
	struct money_text plain = money_plain(amount);
	text_add_char(line, ';');
	for (char *at = plain.z; *at; at++)
		text_add_char(line, *at == '.' ? ',' : *at);
}

struct settlement_csv settlement_csv_begin(struct arena *arena, struct sink sink, int64_t settlement_no)
{
	struct settlement_csv csv = {
		.out = sink_buffer_in(arena, sink),
		.line = text_in(arena, LINE_SIZE_MAX),
		.settlement_no = settlement_no,
	};
	sink_add_z(&csv.out, "\xEF\xBB\xBFsettlement_no;date;booked_on;case_no;invoice_no;debtor;what;paid;principal;interest;fees;"
		"compensation;court_costs;paid_to_client;salaer;salaer_vat;commission;vat;net\r\n");
	return csv;
}

static void line_write(struct settlement_csv *csv, const struct settlement_csv_row *row)
{
	struct text *line = &csv->line;
	struct amounts amounts = amounts_of(row);
	text_clear(line);
	text_addf(line, "%lld;%s;%s;", (long long)csv->settlement_no, date_iso(row->on).z, date_iso(row->booked_on).z);
	if (row->case_no)
		text_addf(line, "%lld", (long long)row->case_no);
	const str texts[] = { row->invoice_no, row->debtor, row->what };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		text_add_char(line, ';');
		csv_text_field(line, texts[i]);
	}
	for (int i = 0; i < AMOUNT_COUNT; i++)
		amount_add(line, amounts.at[i]);
	text_add_z(line, "\r\n");
	sink_add(&csv->out, text_str(line));
}

void settlement_csv_add(struct settlement_csv *csv, const struct settlement_csv_row *row)
{
	struct settlement_csv_row *sum = &csv->sum;
	line_write(csv, row);
	sum->gross = money_add(sum->gross, row->gross);
	sum->principal = money_add(sum->principal, row->principal);
	sum->interest = money_add(sum->interest, row->interest);
	sum->fees = money_add(sum->fees, row->fees);
	sum->compensation = money_add(sum->compensation, row->compensation);
	sum->court = money_add(sum->court, row->court);
	sum->direct = money_add(sum->direct, row->direct);
	sum->salaer = money_add(sum->salaer, row->salaer);
	sum->salaer_vat = money_add(sum->salaer_vat, row->salaer_vat);
	sum->commission = money_add(sum->commission, row->commission);
	sum->vat = money_add(sum->vat, row->vat);
	sum->net = money_add(sum->net, row->net);
}

static void total_write(struct settlement_csv *csv, date on, const char *what, money net)
{
	struct settlement_csv_row row = { .on = on, .booked_on = on, .invoice_no = S(""), .debtor = S(""),
		.what = str_from_z(what), .net = net };
	line_write(csv, &row);
}

err_t settlement_csv_finish(struct settlement_csv *csv, struct settlement_csv_end end)
{
	money in = money_add(end.carried_in, csv->sum.net), out = money_add(end.payout, end.carried_out);
	if (in.minor != out.minor)
		return fail(ERR_INTERNAL, "settlement %lld: carried forward and movements are %s, payout and rest are %s",
			(long long)csv->settlement_no, money_plain(in).z, money_plain(out).z);
	csv->sum.on = csv->sum.booked_on = end.on;
	csv->sum.invoice_no = csv->sum.debtor = S("");
	csv->sum.what = S("Sum");
	line_write(csv, &csv->sum);
	total_write(csv, end.on, "Overført fra forrige oppgjør", end.carried_in);
	total_write(csv, end.on, "Utbetalt", money_neg(end.payout));
	total_write(csv, end.on, "Overføres til neste oppgjør", money_neg(end.carried_out));
	return sink_flush(&csv->out);
}
