#include "format/statement_pdf.h"

#include "format/pdf_flow.h"

enum {
	MARGIN_X = PDF_MM(15),
	TEXT_WIDTH = PDF_MM(267),
	NAME_Y = PDF_MM(20),
	HEAD_Y = PDF_MM(32),
	LATER_TOP = PDF_MM(24),
	BOTTOM = PDF_MM(192),
	FOOTER_Y = PDF_MM(200),
	PARTY_WIDTH = PDF_MM(80),
	FACTS_X = PDF_MM(190),
	FACTS_VALUE_X = PDF_MM(222),
	SUMS_WIDTH = PDF_MM(128),
};

struct drawing {
	struct pdf *pdf;
	struct arena *arena;
	const struct letter_book *book;
	const struct statement *statement;
	struct pdf_flow flow;
	int name, title, heading, small, tiny, figures, strong_figures, text, strong;
};

static void fonts_pick(struct drawing *drawing)
{
	struct pdf *pdf = drawing->pdf;
	drawing->name = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(14), false });
	drawing->title = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(19), false });
	drawing->heading = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(11), false });
	drawing->text = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(9), true });
	drawing->strong = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(9), true });
	drawing->small = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(15) / 2, false });
	drawing->tiny = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(7), false });
	drawing->figures = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(8), true });
	drawing->strong_figures = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(8), true });
}

static str label(const struct drawing *drawing, enum letter_label name)
{
	return letter_label(drawing->book, drawing->statement->language, name);
}

static str amount(const struct drawing *drawing, money value)
{
	return letter_money(drawing->arena, drawing->statement->language, value);
}

/* An empty cell reads better than a column of zeros. */
static str amount_or_blank(const struct drawing *drawing, money value)
{
	return value.minor ? amount(drawing, value) : S("");
}

static str day(const struct drawing *drawing, date on)
{
	return letter_date(drawing->arena, drawing->statement->language, on);
}

static str number(const struct drawing *drawing, int64_t value)
{
	return value ? str_format(drawing->arena, "%lld", (long long)value) : S("");
}

static void put(const struct drawing *drawing, pdf_length x, pdf_length y, int font, uint32_t colour, str text)
{
	pdf_text(drawing->pdf, (struct pdf_spot){ .x = x, .y = y, .font = font, .colour = colour }, text);
}

/* ---- The head ---- */

static void party_draw(const struct drawing *drawing, pdf_length x, const str *lines, size_t line_count)
{
	pdf_length y = HEAD_Y;
	pdf_begin(drawing->pdf, PDF_P);
	for (size_t i = 0; i < line_count; i++) {
		struct pdf_lines broken = pdf_break(drawing->pdf, drawing->text, lines[i], PARTY_WIDTH);
		for (size_t k = 0; k < broken.count && k < 2 && broken.lines[k].size; k++) {
			put(drawing, x, y, i ? drawing->text : drawing->strong, INK_TEXT, broken.lines[k]);
			y += PDF_PT(12);
		}
	}
	pdf_end(drawing->pdf, PDF_P);
}

static str place(const struct drawing *drawing, str postcode, str city)
{
	return str_format(drawing->arena, "%.*s %.*s", STR_ARG(postcode), STR_ARG(city));
}

static str orgnr(const struct drawing *drawing, str value, const char *suffix)
{
	if (!value.size)
		return S("");
	str written = letter_orgnr(drawing->arena, value);
	return str_format(
		drawing->arena, "%.*s %.*s%s", STR_ARG(label(drawing, LABEL_ORGNR)), STR_ARG(written), suffix);
}

static void parties_draw(const struct drawing *drawing)
{
	const struct statement *statement = drawing->statement;
	const struct letter_agency *agency = &statement->agency;
	const char *vat_suffix = statement->vat_rate_bp ? "\xC2\xA0MVA" : "";
	const str to[] = { statement->client_name, statement->client_address,
		place(drawing, statement->client_postcode, statement->client_city),
		orgnr(drawing, statement->client_orgnr, "") };
	const str from[] = { agency->name, agency->address, place(drawing, agency->postcode, agency->city),
		orgnr(drawing, agency->orgnr, vat_suffix), agency->email };
	party_draw(drawing, MARGIN_X, to, sizeof to / sizeof *to);
	party_draw(drawing, MARGIN_X + PDF_MM(88), from, sizeof from / sizeof *from);
}

static void fact_draw(const struct drawing *drawing, pdf_length *y, enum letter_label name, str value)
{
	if (!value.size)
		return;
	pdf_begin(drawing->pdf, PDF_P);
	put(drawing, FACTS_X, *y, drawing->small, INK_SOFT, label(drawing, name));
	put(drawing, FACTS_VALUE_X, *y, drawing->text, INK_TEXT, value);
	pdf_end(drawing->pdf, PDF_P);
	*y += PDF_PT(13);
}

static void facts_draw(const struct drawing *drawing)
{
	const struct statement *statement = drawing->statement;
	pdf_length y = HEAD_Y;
	str from = day(drawing, statement->from_on), to = day(drawing, statement->to_on);
	str period = from.size ? str_format(drawing->arena, "%.*s – %.*s", STR_ARG(from), STR_ARG(to)) : to;
	fact_draw(drawing, &y, LABEL_STATEMENT_NO, number(drawing, statement->settlement_no));
	fact_draw(drawing, &y, LABEL_DATE, day(drawing, statement->settled_on));
	fact_draw(drawing, &y, LABEL_PERIOD, period);
	fact_draw(drawing, &y, LABEL_CLIENT_NO, number(drawing, statement->client_no));
	fact_draw(drawing, &y, LABEL_ACCOUNT, letter_account(drawing->arena, statement->client_account));
}

static void head_draw(struct drawing *drawing)
{
	pdf_begin(drawing->pdf, PDF_H1);
	put(drawing, MARGIN_X, NAME_Y, drawing->title, INK_TEXT, label(drawing, LABEL_STATEMENT));
	pdf_end(drawing->pdf, PDF_H1);
	parties_draw(drawing);
	facts_draw(drawing);
}

/* ---- Tables ---- */

static struct flow_table table_in(struct drawing *drawing)
{
	return (struct flow_table){ .flow = &drawing->flow,
		.gap = PDF_MM(3),
		.leading = PDF_PT(11),
		.padding = PDF_PT(5) / 2,
		.header_font = drawing->small,
		.font = drawing->figures,
		.strong_font = drawing->strong_figures,
		.ruled = true };
}

static void column_add(struct flow_table *table, str name, int millimetres, bool right)
{
	table->columns[table->column_count++] = (struct flow_column){ name, PDF_MM(millimetres), right };
}

/* 267 mm: 11 gaps of 3 and the columns. */
static void rows_columns(const struct drawing *drawing, struct flow_table *table)
{
	column_add(table, label(drawing, LABEL_DATE), 17, false);
	column_add(table, label(drawing, LABEL_CASE), 16, false);
	column_add(table, label(drawing, LABEL_INVOICE), 24, false);
	column_add(table, label(drawing, LABEL_DEBTOR), 34, false);
	column_add(table, label(drawing, LABEL_WHAT), 25, false);
	column_add(table, label(drawing, LABEL_GROSS), 17, true);
	column_add(table, label(drawing, LABEL_CLAIM), 18, true);
	column_add(table, label(drawing, LABEL_INTEREST_SHORT), 15, true);
	column_add(table, label(drawing, LABEL_FEES_SHORT), 16, true);
	column_add(table, label(drawing, LABEL_COMMISSION), 17, true);
	column_add(table, label(drawing, LABEL_VAT), 15, true);
	column_add(table, label(drawing, LABEL_NET), 20, true);
}

static void rows_draw(struct drawing *drawing)
{
	const struct statement *statement = drawing->statement;
	struct flow_table table = table_in(drawing);
	rows_columns(drawing, &table);
	flow_table_open(&table);
	for (size_t i = 0; i < statement->row_count; i++) {
		const struct statement_row *row = &statement->rows[i];
		const str cells[] = { letter_date_short(drawing->arena, statement->language, row->on),
			number(drawing, row->case_no), row->invoice_no, row->debtor, row->what,
			amount_or_blank(drawing, row->gross), amount_or_blank(drawing, row->principal),
			amount_or_blank(drawing, row->interest), amount_or_blank(drawing, row->fees),
			amount_or_blank(drawing, row->commission), amount_or_blank(drawing, row->vat),
			amount(drawing, row->net) };
		flow_table_row(
			&table, &(struct flow_row){ .cells = cells, .keep_rows = i + 1 == statement->row_count });
	}
	struct statement_sum sum = statement_total(statement);
	const str cells[] = { label(drawing, LABEL_SUM), S(""), S(""), S(""), S(""), amount(drawing, sum.gross),
		amount(drawing, sum.principal), amount(drawing, sum.interest), amount(drawing, sum.fees),
		amount(drawing, sum.commission), amount(drawing, sum.vat), amount(drawing, sum.net) };
	flow_table_row(&table, &(struct flow_row){ .cells = cells, .strong = true });
	flow_table_close(&table);
	drawing->flow.y += PDF_MM(7);
}

/* A table of two columns, label and amount, on the left or right half of the page. */
struct pairs {
	struct drawing *drawing;
	struct flow_table table;
};

static void pairs_open(struct pairs *pairs, struct drawing *drawing, str heading)
{
	pairs->drawing = drawing;
	pairs->table = table_in(drawing);
	pairs->table.font = drawing->text;
	pairs->table.strong_font = drawing->strong;
	pairs->table.columns[0] = (struct flow_column){ heading, SUMS_WIDTH - PDF_MM(38), false };
	pairs->table.columns[1] = (struct flow_column){ label(drawing, LABEL_AMOUNT_HEADING), PDF_MM(35), true };
	pairs->table.column_count = 2;
	flow_table_open(&pairs->table);
}

static void pair_draw(struct pairs *pairs, str name, money value, bool strong)
{
	const str cells[] = { name, amount(pairs->drawing, value) };
	flow_table_row(&pairs->table, &(struct flow_row){ .cells = cells, .strong = strong });
}

static str count_label(const struct drawing *drawing, const struct statement_sum *sum)
{
	str what = sum->what.size ? sum->what : label(drawing, LABEL_OTHER);
	return str_format(drawing->arena, "%.*s (%zu)", STR_ARG(what), sum->row_count);
}

/* What is paid out: from what was left before, by kind, to what is left now. */
static void payout_draw(struct drawing *drawing)
{
	const struct statement *statement = drawing->statement;
	struct statement_sum kinds[STATEMENT_KIND_MAX];
	size_t count = statement_kinds(statement, kinds);
	struct pairs pairs;
	pairs_open(&pairs, drawing, label(drawing, LABEL_SUMMARY));
	if (statement->carried_in.minor)
		pair_draw(&pairs, label(drawing, LABEL_CARRIED_IN), statement->carried_in, false);
	for (size_t i = 0; i < count; i++) {
		money part = money_add(money_add(kinds[i].principal, kinds[i].interest), kinds[i].fees);
		pair_draw(&pairs, count_label(drawing, &kinds[i]), part, false);
	}
	struct statement_sum sum = statement_total(statement);
	if (sum.commission.minor || sum.vat.minor)
		pair_draw(&pairs, label(drawing, LABEL_COMMISSION_WITH_VAT),
			money_neg(money_add(sum.commission, sum.vat)), false);
	if (statement->carried_out.minor)
		pair_draw(&pairs, label(drawing, LABEL_CARRIED_OUT), money_neg(statement->carried_out), false);
	pair_draw(&pairs, label(drawing, LABEL_PAYOUT), statement->payout, true);
	flow_table_close(&pairs.table);
}

/* All that was sold, its VAT, and what of it the debtors have paid already: the rest is the deduction. */
static void commission_draw(struct drawing *drawing)
{
	const struct statement *statement = drawing->statement;
	struct statement_sum sum = statement_total(statement);
	struct pairs pairs;
	pairs_open(&pairs, drawing, label(drawing, LABEL_SALES));
	pair_draw(&pairs, label(drawing, LABEL_COMMISSION_BASE), sum.commission, false);
	if (statement->salaer.minor)
		pair_draw(&pairs, label(drawing, LABEL_SALES_SALAER), statement->salaer, false);
	str rate = letter_rate(drawing->arena, statement->language, statement->vat_rate_bp);
	pair_draw(&pairs, str_format(drawing->arena, "%.*s %.*s", STR_ARG(label(drawing, LABEL_VAT)), STR_ARG(rate)),
		money_add(sum.vat, statement->salaer_vat), false);
	if (statement->salaer.minor || statement->salaer_vat.minor)
		pair_draw(&pairs, label(drawing, LABEL_SALES_PAID), money_neg(money_add(statement->salaer, statement->salaer_vat)),
			false);
	pair_draw(&pairs, label(drawing, LABEL_SALES_TOTAL), money_add(sum.commission, sum.vat), true);
	flow_table_close(&pairs.table);
}

/* Both side by side, when they fit on one page with the same start. */
static void sums_draw(struct drawing *drawing)
{
	struct pdf_flow *flow = &drawing->flow;
	struct statement_sum kinds[STATEMENT_KIND_MAX];
	size_t row_count = statement_kinds(drawing->statement, kinds) + 5; /* header, carried, commission, carried, payout */
	flow_room(flow, (pdf_length)row_count * PDF_PT(16));               /* at most 17 rows */
	pdf_length top = flow->y;
	size_t page_count = pdf_page_count(drawing->pdf);
	flow->width = SUMS_WIDTH;
	payout_draw(drawing);
	if (pdf_page_count(drawing->pdf) == page_count)
		flow->y = top;
	flow->x = MARGIN_X + TEXT_WIDTH - SUMS_WIDTH;
	commission_draw(drawing);
	flow->x = MARGIN_X;
	flow->width = TEXT_WIDTH;
}

static void footer_draw(const struct drawing *drawing, size_t page_index)
{
	const struct statement *statement = drawing->statement;
	pdf_fill(drawing->pdf,
		(struct pdf_box){ .x = MARGIN_X,
			.y = FOOTER_Y - PDF_MM(4),
			.width = TEXT_WIDTH,
			.height = PDF_PT(1) / 2,
			.colour = INK_RULE });
	str which = str_format(drawing->arena, "%.*s · %.*s %lld · %.*s", STR_ARG(statement->agency.name),
		STR_ARG(label(drawing, LABEL_STATEMENT)), (long long)statement->settlement_no,
		STR_ARG(statement->client_name));
	put(drawing, MARGIN_X, FOOTER_Y, drawing->tiny, INK_SOFT,
		pdf_break(drawing->pdf, drawing->tiny, which, TEXT_WIDTH - PDF_MM(30)).lines[0]);
	str page = str_format(drawing->arena, "%.*s %zu %.*s %zu", STR_ARG(label(drawing, LABEL_PAGE)),
		page_index + 1, STR_ARG(label(drawing, LABEL_PAGE_OF)), pdf_page_count(drawing->pdf));
	pdf_text(drawing->pdf,
		(struct pdf_spot){ .x = MARGIN_X + TEXT_WIDTH,
			.y = FOOTER_Y,
			.font = drawing->tiny,
			.colour = INK_SOFT,
			.right = true },
		page);
}

err_t statement_pdf_add(struct pdf *pdf, struct arena *arena, const struct letter_book *book,
	const struct statement *statement, size_t *ret_page_count)
{
	TRY(statement_check(statement));
	struct drawing drawing = { .pdf = pdf,
		.arena = arena,
		.book = book,
		.statement = statement,
		.flow = { pdf, MARGIN_X, TEXT_WIDTH, LATER_TOP, BOTTOM, HEAD_Y + PDF_MM(32) } };
	fonts_pick(&drawing);
	pdf_page_add(pdf);
	head_draw(&drawing);
	rows_draw(&drawing);
	sums_draw(&drawing);
	for (size_t i = 0; i < pdf_page_count(pdf); i++) {
		pdf_page_go(pdf, i);
		footer_draw(&drawing, i);
	}
	*ret_page_count = pdf_page_count(pdf);
	return pdf_show(pdf);
}
