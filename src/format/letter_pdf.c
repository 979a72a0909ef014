#include "format/letter_pdf.h"

#include "format/pdf_flow.h"
#include "format/qr.h"

/* The page, in millimetres from the top left corner. The address stands where a C5 window shows it. */
enum {
	MARGIN_X = PDF_MM(24),
	TEXT_WIDTH = PDF_MM(162),
	READ_WIDTH = PDF_MM(156), /* of running text: about 95 letters */
	NAME_Y = PDF_MM(24),
	RETURN_Y = PDF_MM(46),
	ADDRESS_Y = PDF_MM(52),
	ADDRESS_WIDTH = PDF_MM(82),
	FACTS_X = PDF_MM(124),
	FACTS_VALUE_X = PDF_MM(142),
	FACTS_WIDTH = PDF_MM(44),
	TITLE_Y = PDF_MM(82),
	LATER_TOP = PDF_MM(30),
	BOTTOM = PDF_MM(276),
	FOOTER_Y = PDF_MM(283),
	BOX_PADDING = PDF_MM(5),
	BOX_HEIGHT = PDF_MM(22),
	FOOTER_SIZE_MAX = 64 * 1024,
	KID_X = PDF_MM(104),
	KID_SIZE_LARGE = 19, /* digits of a KID that fit in the box in large type */
	QR_SIZE = PDF_MM(41) / 2, /* with its quiet zone; a module is half a millimetre */
	QR_MARGIN = (BOX_HEIGHT - QR_SIZE) / 2,
	QR_X = TEXT_WIDTH - QR_MARGIN - QR_SIZE, /* from the box's left side */
	LITTLE_LEFT = PDF_MM(28), /* of text on a last page: worth setting the letter closer */
};

struct drawing {
	struct pdf *pdf;
	struct arena *arena;
	const struct letter_book *book;
	const struct letter *letter;
	struct pdf_flow flow;
	int text, address, title, heading, small, tiny, figures, strong_figures, list, name, value, value_beside, value_small;
	str title_text;
	struct qr qr; /* side 0: none */
	bool tight; /* set closer, so that the last lines need no page of their own */
};

static void fonts_pick(struct drawing *drawing)
{
	struct pdf *pdf = drawing->pdf;
	drawing->text = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(19) / 2, false });
	drawing->address = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(10), false });
	drawing->title = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(19), false });
	drawing->heading = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(11), false });
	drawing->small = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(8), false });
	drawing->tiny = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(7), false });
	drawing->figures = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(19) / 2, true });
	drawing->list = pdf_font(pdf, (struct pdf_style){ PDF_REGULAR, PDF_PT(17) / 2, true });
	drawing->strong_figures = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(10), true });
	drawing->name = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(14), false });
	drawing->value = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(11), true });
	drawing->value_beside = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(21) / 2, true });
	drawing->value_small = pdf_font(pdf, (struct pdf_style){ PDF_SEMIBOLD, PDF_PT(17) / 2, true });
}

static str label(const struct drawing *drawing, enum letter_label name)
{
	return letter_label(drawing->book, drawing->letter->language, name);
}

static str amount(const struct drawing *drawing, money value)
{
	return letter_money(drawing->arena, drawing->letter->language, value);
}

static str day_short(const struct drawing *drawing, date on)
{
	return letter_date_short(drawing->arena, drawing->letter->language, on);
}

static void put(const struct drawing *drawing, pdf_length x, pdf_length y, int font, uint32_t colour, str text)
{
	pdf_text(drawing->pdf, (struct pdf_spot){ .x = x, .y = y, .font = font, .colour = colour }, text);
}

static void put_tagged(const struct drawing *drawing, struct pdf_spot spot, str text)
{
	pdf_begin(drawing->pdf, PDF_P);
	pdf_text(drawing->pdf, spot, text);
	pdf_end(drawing->pdf, PDF_P);
}

/* ---- The head of the first page ---- */

enum { ADDRESS_LINE_MAX = 6, ADDRESS_LEADING = PDF_PT(14) };

/* Draws text at *y, broken to the window's width, and moves *y down; at most to the last line of the window. */
static void address_line(const struct drawing *drawing, pdf_length *y, str text)
{
	struct pdf_lines lines = pdf_break(drawing->pdf, drawing->address, text, ADDRESS_WIDTH);
	for (size_t i = 0; i < lines.count && *y < ADDRESS_Y + ADDRESS_LINE_MAX * ADDRESS_LEADING; i++) {
		if (lines.lines[i].size)
			put(drawing, MARGIN_X, *y, drawing->address, INK_TEXT, lines.lines[i]);
		*y += lines.lines[i].size ? ADDRESS_LEADING : 0;
	}
}

static void address_draw(const struct drawing *drawing)
{
	const struct letter_agency *agency = &drawing->letter->agency;
	const struct letter_debtor *debtor = &drawing->letter->debtor;
	str from = str_format(drawing->arena, "%.*s: %.*s, %.*s, %.*s %.*s", STR_ARG(label(drawing, LABEL_RETURN)),
		STR_ARG(agency->name), STR_ARG(agency->address), STR_ARG(agency->postcode), STR_ARG(agency->city));
	put(drawing, MARGIN_X, RETURN_Y, drawing->tiny, INK_SOFT,
		pdf_break(drawing->pdf, drawing->tiny, from, ADDRESS_WIDTH).lines[0]);
	pdf_length y = ADDRESS_Y;
	pdf_begin(drawing->pdf, PDF_P);
	address_line(drawing, &y, debtor->name);
	str left = debtor->address;
	for (int i = 0; i < ADDRESS_LINE_MAX && left.size; i++)
		address_line(drawing, &y, str_cut(left, '\n', &left));
	address_line(drawing, &y,
		str_format(drawing->arena, "%.*s %.*s", STR_ARG(debtor->postcode), STR_ARG(debtor->city)));
	address_line(drawing, &y, letter_country(drawing->letter->language, debtor->country));
	pdf_end(drawing->pdf, PDF_P);
}

static void fact_draw(const struct drawing *drawing, pdf_length *y, enum letter_label name, str value)
{
	if (!value.size)
		return;
	pdf_begin(drawing->pdf, PDF_P);
	put(drawing, FACTS_X, *y, drawing->small, INK_SOFT, label(drawing, name));
	struct pdf_lines lines = pdf_break(drawing->pdf, drawing->small, value, FACTS_WIDTH);
	for (size_t i = 0; i < lines.count && i < 4; i++) {
		put(drawing, FACTS_VALUE_X, *y, drawing->small, INK_TEXT, lines.lines[i]);
		*y += PDF_PT(12);
	}
	*y += PDF_PT(1);
	pdf_end(drawing->pdf, PDF_P);
}

static void facts_draw(const struct drawing *drawing)
{
	const struct letter *letter = drawing->letter;
	pdf_length y = ADDRESS_Y;
	fact_draw(drawing, &y, LABEL_DATE, letter_date(drawing->arena, letter->language, letter->sent_on));
	fact_draw(drawing, &y, LABEL_CASE, str_format(drawing->arena, "%lld", (long long)letter->case_no));
	fact_draw(drawing, &y, LABEL_CODE, letter->code);
	fact_draw(drawing, &y, LABEL_CREDITOR, letter->creditor);
	fact_draw(drawing, &y, LABEL_ORGNR, letter_orgnr(drawing->arena, letter->creditor_orgnr));
}

static void head_draw(const struct drawing *drawing)
{
	pdf_fill(drawing->pdf,
		(struct pdf_box){ .x = MARGIN_X,
			.y = NAME_Y - PDF_MM(8),
			.width = PDF_MM(12),
			.height = PDF_PT(3),
			.colour = INK_ACCENT });
	put_tagged(drawing,
		(struct pdf_spot){ .x = MARGIN_X, .y = NAME_Y, .font = drawing->name, .colour = INK_ACCENT },
		drawing->letter->agency.name);
	address_draw(drawing);
	facts_draw(drawing);
}

/* ---- Tables and the payment box ---- */

static struct flow_table table_in(struct drawing *drawing)
{
	return (struct flow_table){ .flow = &drawing->flow,
		.gap = PDF_MM(4),
		.leading = PDF_PT(12),
		.padding = PDF_PT(5) / 2,
		.header_font = drawing->small,
		.font = drawing->figures,
		.strong_font = drawing->strong_figures,
		.ruled = true };
}

static void column_add(struct flow_table *table, str name, pdf_length width, bool right)
{
	table->columns[table->column_count++] = (struct flow_column){ name, width, right };
}

static bool is_part_paid(const struct letter *letter)
{
	for (size_t i = 0; i < letter->claim_count; i++)
		if (letter->claims[i].due.minor != letter->claims[i].principal.minor)
			return true;
	return false;
}

static void claims_draw(struct drawing *drawing)
{
	struct flow_table table = table_in(drawing);
	table.font = drawing->list;
	table.leading = PDF_PT(11);
	bool part_paid = is_part_paid(drawing->letter);
	pdf_length fixed = PDF_MM(25 + 20 + 20 + 22 + 16) + (part_paid ? PDF_MM(26) : 0);
	column_add(&table, label(drawing, LABEL_INVOICE), PDF_MM(25), false);
	column_add(&table, label(drawing, LABEL_DESCRIPTION), TEXT_WIDTH - fixed, false);
	column_add(&table, label(drawing, LABEL_ISSUED), PDF_MM(20), false);
	column_add(&table, label(drawing, LABEL_DUE), PDF_MM(20), false);
	column_add(&table, label(drawing, LABEL_CLAIM_AMOUNT), PDF_MM(22), true);
	if (part_paid)
		column_add(&table, label(drawing, LABEL_CLAIM_LEFT), PDF_MM(22), true);
	flow_table_open(&table);
	for (size_t i = 0; i < drawing->letter->claim_count; i++) {
		const struct letter_claim *claim = &drawing->letter->claims[i];
		const str cells[] = { claim->invoice_no, claim->description, day_short(drawing, claim->issued_on),
			day_short(drawing, claim->due_on), amount(drawing, claim->principal),
			amount(drawing, claim->due) };
		flow_table_row(&table, &(struct flow_row){ .cells = cells });
	}
	flow_table_close(&table);
	drawing->flow.y += drawing->tight ? PDF_MM(2) : PDF_MM(3);
}

static void amounts_draw(struct drawing *drawing)
{
	struct letter_row rows[LETTER_ROW_MAX];
	size_t count = letter_rows(drawing->arena, drawing->book, drawing->letter, rows);
	struct flow_table table = table_in(drawing);
	column_add(&table, label(drawing, LABEL_TABLE_HEADING), TEXT_WIDTH - PDF_MM(44), false);
	column_add(&table, label(drawing, LABEL_AMOUNT_HEADING), PDF_MM(40), true);
	flow_table_open(&table);
	for (size_t i = 0; i < count; i++) {
		const str cells[] = { rows[i].label, amount(drawing, rows[i].amount) };
		flow_table_row(&table,
			&(struct flow_row){ .cells = cells, .strong = rows[i].total, .keep_rows = i + 2 == count });
	}
	flow_table_close(&table);
	drawing->flow.y += drawing->tight ? PDF_MM(3) : PDF_MM(4);
}

static void instalments_draw(struct drawing *drawing)
{
	struct flow_table table = table_in(drawing);
	column_add(&table, label(drawing, LABEL_INSTALMENT), PDF_MM(24), false);
	column_add(&table, label(drawing, LABEL_INSTALMENT_DUE), TEXT_WIDTH - PDF_MM(24 + 40 + 8), false);
	column_add(&table, label(drawing, LABEL_INSTALMENT_AMOUNT), PDF_MM(40), true);
	flow_table_open(&table);
	for (size_t i = 0; i < drawing->letter->instalment_count; i++) {
		const struct letter_instalment *instalment = &drawing->letter->instalments[i];
		const str cells[] = { str_format(drawing->arena, "%zu", i + 1),
			letter_date(drawing->arena, drawing->letter->language, instalment->due_on),
			amount(drawing, instalment->amount) };
		flow_table_row(&table, &(struct flow_row){ .cells = cells });
	}
	flow_table_close(&table);
	drawing->flow.y += drawing->tight ? PDF_MM(3) : PDF_MM(4);
}

static void box_field(const struct drawing *drawing, pdf_length x, enum letter_label name, str value, int font)
{
	pdf_length y = drawing->flow.y;
	pdf_begin(drawing->pdf, PDF_P);
	put(drawing, MARGIN_X + BOX_PADDING + x, y + PDF_MM(6), drawing->small, INK_SOFT, label(drawing, name));
	put(drawing, MARGIN_X + BOX_PADDING + x, y + PDF_MM(23) / 2, font, INK_TEXT, value);
	pdf_end(drawing->pdf, PDF_P);
}

/* Its square is white on the tinted box, so the quiet zone is there whatever lies around it. */
static void qr_draw(const struct drawing *drawing, const struct qr *qr)
{
	pdf_length x = MARGIN_X + QR_X, y = drawing->flow.y + QR_MARGIN;
	pdf_length quiet = (pdf_length)((int64_t)QR_SIZE * QR_QUIET / (i64_from_size(qr->side) + 2 * QR_QUIET)); /* below QR_SIZE */
	pdf_fill(drawing->pdf,
		(struct pdf_box){
			.x = x, .y = y, .width = QR_SIZE, .height = QR_SIZE, .radius = PDF_MM(1), .colour = INK_PAPER });
	const struct pdf_modules modules = {
		.x = x + quiet,
		.y = y + quiet,
		.size = QR_SIZE - 2 * quiet,
		.dark = qr->dark,
		.side = qr->side,
		.colour = INK_BLACK,
	};
	pdf_modules(drawing->pdf, &modules);
	pdf_begin(drawing->pdf, PDF_P);
	pdf_text(drawing->pdf,
		(struct pdf_spot){ .x = x - PDF_MM(3),
			.y = drawing->flow.y + PDF_MM(35) / 2,
			.font = drawing->small,
			.colour = INK_SOFT,
			.right = true },
		label(drawing, LABEL_SCAN));
	pdf_end(drawing->pdf, PDF_P);
}

/* A KID too long to stand beside it has the box for itself. */
static bool has_qr(const struct drawing *drawing)
{
	pdf_length room = QR_X - KID_X - BOX_PADDING - PDF_MM(1);
	return drawing->qr.side > 0 && pdf_text_width(drawing->pdf, drawing->value_beside, drawing->letter->kid) <= room;
}

/* A plan asks for its first instalment; every other letter for its total. */
static void payment_draw(struct drawing *drawing)
{
	const struct letter *letter = drawing->letter;
	bool plan = letter->kind == LETTER_PLAN;
	money due = plan ? letter->instalments[0].amount : letter->amounts.total;
	date pay_by = plan ? letter->instalments[0].due_on : letter->deadline_on;
	bool beside = has_qr(drawing);
	int value = beside ? drawing->value_beside : drawing->value;
	flow_room(&drawing->flow, BOX_HEIGHT);
	pdf_fill(drawing->pdf,
		(struct pdf_box){ .x = MARGIN_X,
			.y = drawing->flow.y,
			.width = TEXT_WIDTH,
			.height = BOX_HEIGHT,
			.radius = PDF_MM(2),
			.colour = INK_BOX });
	box_field(drawing, 0, LABEL_TO_PAY, amount(drawing, due), value);
	if (!date_is_none(pay_by))
		box_field(drawing, PDF_MM(28), LABEL_PAY_BY, letter_date(drawing->arena, letter->language, pay_by),
			value);
	box_field(drawing, PDF_MM(68), LABEL_ACCOUNT, letter_account(drawing->arena, letter->agency.account),
		value);
	box_field(drawing, KID_X, LABEL_KID, letter->kid, letter->kid.size > KID_SIZE_LARGE ? drawing->value_small : value);
	if (beside)
		qr_draw(drawing, &drawing->qr);
	str payee = str_format(
		drawing->arena, "%.*s: %.*s", STR_ARG(label(drawing, LABEL_PAYEE)), STR_ARG(letter->agency.name));
	put_tagged(drawing,
		(struct pdf_spot){ .x = MARGIN_X + BOX_PADDING,
			.y = drawing->flow.y + PDF_MM(35) / 2,
			.font = drawing->small,
			.colour = INK_SOFT },
		payee);
	drawing->flow.y += BOX_HEIGHT + (drawing->tight ? PDF_MM(3) : PDF_MM(4));
}

/* ---- The letter ---- */

/* The kinds with most to say are set a little closer, so that an ordinary one is one page: a second page is paper and
 * postage, and gets lost. */
static bool is_long(enum letter_kind kind)
{
	return kind == LETTER_DEMAND || kind == LETTER_OWN_DEMAND || kind == LETTER_ENFORCEMENT_NOTICE ||
		kind == LETTER_PLAN;
}

static void block_draw(struct drawing *drawing, const struct letter_block *block)
{
	bool close = is_long(drawing->letter->kind);
	bool tight = drawing->tight;
	const struct flow_text title = { .font = drawing->title,
		.colour = INK_TEXT,
		.leading = PDF_PT(24),
		.after = tight ? PDF_PT(2) : PDF_PT(6),
		.tag = PDF_H1 };
	const struct flow_text heading = { .font = drawing->heading,
		.colour = INK_TEXT,
		.leading = tight ? PDF_PT(14) : PDF_PT(15),
		.after = tight ? PDF_PT(1) : PDF_PT(2),
		.keep = PDF_PT(30),
		.tag = PDF_H2 };
	const struct flow_text paragraph = { .font = drawing->text,
		.colour = INK_TEXT,
		.leading = tight ? PDF_PT(49) / 4 : close ? PDF_PT(51) / 4 : PDF_PT(27) / 2,
		.after = tight ? PDF_PT(3) : close ? PDF_PT(9) / 2 : PDF_PT(6),
		.width = READ_WIDTH,
		.tag = PDF_P };
	switch (block->kind) {
	case LETTER_BLOCK_TITLE: flow_paragraph(&drawing->flow, &title, block->text); return;
	case LETTER_BLOCK_HEADING:
		drawing->flow.y += tight ? PDF_PT(1) : close ? PDF_PT(2) : PDF_PT(4);
		flow_paragraph(&drawing->flow, &heading, block->text);
		return;
	case LETTER_BLOCK_PARAGRAPH: flow_paragraph(&drawing->flow, &paragraph, block->text); return;
	case LETTER_BLOCK_CLAIMS: claims_draw(drawing); return;
	case LETTER_BLOCK_TABLE: amounts_draw(drawing); return;
	case LETTER_BLOCK_PAYMENT: payment_draw(drawing); return;
	case LETTER_BLOCK_INSTALMENTS: instalments_draw(drawing); return;
	}
	panic("unknown block");
}

/* Who and where; how to reach us. */
struct footer {
	str who, reach;
};

static void footer_part(struct text *text, str part)
{
	if (part.size && text->size)
		text_add_z(text, " · ");
	text_add(text, part);
}

static struct footer footer_for(const struct drawing *drawing)
{
	const struct letter_agency *agency = &drawing->letter->agency;
	struct text who = text_in(drawing->arena, FOOTER_SIZE_MAX),
		    reach = text_in(drawing->arena, FOOTER_SIZE_MAX);
	str orgnr = letter_orgnr(drawing->arena, agency->orgnr);
	footer_part(&who, agency->name);
	if (orgnr.size)
		footer_part(&who,
			str_format(
				drawing->arena, "%.*s %.*s", STR_ARG(label(drawing, LABEL_ORGNR)), STR_ARG(orgnr)));
	footer_part(&who, agency->address);
	footer_part(
		&who, str_format(drawing->arena, "%.*s %.*s", STR_ARG(agency->postcode), STR_ARG(agency->city)));
	footer_part(&reach, agency->phone);
	footer_part(&reach, agency->email);
	footer_part(&reach, agency->web);
	return (struct footer){ text_str(&who), text_str(&reach) };
}

static void footer_draw(const struct drawing *drawing, size_t page_index, const struct footer *footer)
{
	pdf_fill(drawing->pdf,
		(struct pdf_box){ .x = MARGIN_X,
			.y = FOOTER_Y - PDF_MM(5),
			.width = TEXT_WIDTH,
			.height = PDF_PT(1) / 2,
			.colour = INK_RULE });
	put(drawing, MARGIN_X, FOOTER_Y, drawing->tiny, INK_SOFT, footer->who);
	put(drawing, MARGIN_X, FOOTER_Y + PDF_PT(10), drawing->tiny, INK_SOFT, footer->reach);
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

/* Which letter a loose second page belongs to. */
static void later_head_draw(const struct drawing *drawing)
{
	put(drawing, MARGIN_X, PDF_MM(18), drawing->small, INK_SOFT, drawing->letter->agency.name);
	str which = str_format(drawing->arena, "%.*s · %.*s %lld · %.*s", STR_ARG(drawing->title_text),
		STR_ARG(label(drawing, LABEL_CASE)), (long long)drawing->letter->case_no,
		STR_ARG(letter_date(drawing->arena, drawing->letter->language, drawing->letter->sent_on)));
	pdf_text(drawing->pdf,
		(struct pdf_spot){ .x = MARGIN_X + TEXT_WIDTH,
			.y = PDF_MM(18),
			.font = drawing->small,
			.colour = INK_SOFT,
			.right = true },
		which);
}

static void pages_finish(const struct drawing *drawing)
{
	struct footer footer = footer_for(drawing);
	for (size_t i = 0; i < pdf_page_count(drawing->pdf); i++) {
		pdf_page_go(drawing->pdf, i);
		if (i)
			later_head_draw(drawing);
		footer_draw(drawing, i, &footer);
	}
}

static void letter_lay(struct drawing *drawing, const struct letter_content *content)
{
	pdf_forget(drawing->pdf);
	drawing->flow = (struct pdf_flow){ drawing->pdf, MARGIN_X, TEXT_WIDTH, LATER_TOP, BOTTOM, TITLE_Y };
	pdf_page_add(drawing->pdf);
	head_draw(drawing);
	for (size_t i = 0; i < content->block_count; i++) {
		if (content->blocks[i].kind == LETTER_BLOCK_TITLE)
			drawing->title_text = content->blocks[i].text;
		block_draw(drawing, &content->blocks[i]);
	}
}

/* A last page with a greeting or a few lines is paper for nothing: the letter is set closer if that saves the page. */
static void letter_lay_well(struct drawing *drawing, const struct letter_content *content)
{
	letter_lay(drawing, content);
	size_t page_count = pdf_page_count(drawing->pdf);
	if (page_count == 1 || drawing->flow.y > LATER_TOP + LITTLE_LEFT)
		return;
	drawing->tight = true;
	letter_lay(drawing, content);
	if (pdf_page_count(drawing->pdf) < page_count)
		return;
	drawing->tight = false;
	letter_lay(drawing, content);
}

err_t letter_pdf_add(struct pdf *pdf, struct arena *arena, const struct letter_book *book,
	const struct letter *letter, size_t *ret_page_count)
{
	struct letter_content content;
	TRY(letter_fill(arena, book, letter, &content));
	struct drawing drawing = { .pdf = pdf, .arena = arena, .book = book, .letter = letter, .title_text = S("") };
	fonts_pick(&drawing);
	if (letter->link.size)
		TRY(qr_make(arena, letter->link, &drawing.qr));
	letter_lay_well(&drawing, &content);
	pages_finish(&drawing);
	*ret_page_count = pdf_page_count(pdf);
	return pdf_show(pdf);
}
