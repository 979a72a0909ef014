#include "format/statement_csv.h"

#include "format/csv.h"

enum { LINE_SIZE_MAX = 512 * 1024 };

/* 3480,00: no blank between thousands, or a spreadsheet takes it for text. */
static void amount_add(struct text *line, money amount)
{
	struct money_text plain = money_plain(amount);
	for (char *at = plain.z; *at; at++)
		text_add_char(line, *at == '.' ? ',' : *at);
}

static void amounts_add(struct text *line, const struct statement_row *row)
{
	const money amounts[] = { row->gross, row->principal, row->interest, row->fees, row->commission, row->vat,
		row->net };
	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
		text_add_char(line, ';');
		amount_add(line, amounts[i]);
	}
	text_add_z(line, "\r\n");
}

static void row_add(struct text *line, const struct statement *statement, const struct statement_row *row)
{
	text_addf(line, "%lld;%s;", (long long)statement->settlement_no, date_iso(row->on).z);
	if (row->case_no)
		text_addf(line, "%lld", (long long)row->case_no);
	const str texts[] = { row->invoice_no, row->debtor, row->what };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		text_add_char(line, ';');
		csv_text_field(line, texts[i]);
	}
	amounts_add(line, row);
}

err_t statement_csv_write(const struct statement *statement, struct arena *arena, struct sink sink)
{
	TRY(statement_check(statement));
	struct sink_buffer buffer = sink_buffer_in(arena, sink);
	struct text line = text_in(arena, LINE_SIZE_MAX);
	sink_add_z(&buffer,
		"\xEF\xBB\xBFsettlement_no;date;case_no;invoice_no;debtor;what;paid;principal;interest;fees;"
		"commission;vat;net\r\n");
	for (size_t i = 0; i < statement->row_count; i++) {
		text_clear(&line);
		row_add(&line, statement, &statement->rows[i]);
		sink_add(&buffer, text_str(&line));
	}
	return sink_flush(&buffer);
}
