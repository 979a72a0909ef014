/* Parsing of the letters folder. Everything wrong is told with file and line, so that a person who edits a template
 * can mend it; a template that parses can be filled for every letter that letter_check() lets through. */
#include "core/letter_book.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
	"reminder",
	"notice",
	"demand",
	"own_demand",
	"enforcement_notice",
	"residual_reminder",
	"plan",
	"receipt",
};
_Static_assert(sizeof kind_names / sizeof *kind_names == LETTER_KIND_COUNT, "a name for each kind");

static const char *const language_names[] = { "nb", "en" };
_Static_assert(sizeof language_names / sizeof *language_names == LETTER_LANGUAGE_COUNT, "a name for each language");

static const char *const place_names[] = {
	"creditor",
	"case_no",
	"kid",
	"code",
	"basis",
	"account",
	"sent_on",
	"deadline",
	"total",
	"principal",
	"interest",
	"fees",
	"compensation",
	"salaer",
	"plan_fee",
	"coming_salaer",
	"coming_salaer_on",
	"interest_rate",
	"interest_from",
	"invoice_no",
	"due_on",
	"claim_count",
	"instalment_count",
	"first_instalment",
	"first_instalment_on",
	"paid_on",
	"paid_amount",
	"agency_name",
	"agency_address",
	"agency_phone",
	"agency_email",
	"agency_web",
	"debtor_name",
};
_Static_assert(sizeof place_names / sizeof *place_names == PLACE_COUNT, "a name for each placeholder");

static const char *const condition_names[] = {
	"compensation",
	"coming_salaer",
	"interest",
	"fees",
	"salaer",
	"plan_fee",
	"paid",
	"many_claims",
	"long_list",
	"code",
	"basis",
	"deadline",
	"rest",
};
_Static_assert(sizeof condition_names / sizeof *condition_names == CONDITION_COUNT, "a name for each condition");

static const char *const label_names[] = {
	"principal",
	"interest",
	"fees",
	"compensation",
	"salaer",
	"plan_fee",
	"legal",
	"paid",
	"total",
	"table_heading",
	"amount_heading",
	"invoice",
	"issued",
	"due",
	"description",
	"claim_amount",
	"claim_left",
	"to_pay",
	"pay_by",
	"account",
	"kid",
	"payee",
	"case",
	"date",
	"creditor",
	"code",
	"page",
	"page_of",
	"instalment",
	"instalment_due",
	"instalment_amount",
	"orgnr",
	"phone",
	"return",
	"example", "scan",
	"statement",
	"statement_no",
	"period",
	"client_no",
	"debtor",
	"what",
	"gross",
	"claim",
	"interest_short",
	"fees_short",
	"commission",
	"vat",
	"net",
	"sum",
	"summary",
	"carried_in",
	"carried_out",
	"commission_with_vat",
	"payout",
	"sales",
	"commission_base",
	"sales_salaer",
	"sales_paid",
	"sales_total",
	"other",
};
_Static_assert(sizeof label_names / sizeof *label_names == LABEL_COUNT, "a name for each label");

static const char *const message_names[] = { "sms", "subject", "body" };
_Static_assert(sizeof message_names / sizeof *message_names == LETTER_MESSAGE_COUNT, "a name for each message");

const char *letter_kind_name(enum letter_kind kind)
{
	require(kind < LETTER_KIND_COUNT);
	return kind_names[kind];
}

const char *letter_language_name(enum letter_language language)
{
	require(language < LETTER_LANGUAGE_COUNT);
	return language_names[language];
}

const char *letter_place_name(enum letter_place place)
{
	require(place < PLACE_COUNT);
	return place_names[place];
}

const char *letter_condition_name(enum letter_condition condition)
{
	require(condition < CONDITION_COUNT);
	return condition_names[condition];
}

enum letter_language letter_language_from(str code)
{
	return str_eq(code, S("en")) ? LETTER_EN : LETTER_NB;
}

/* Index of name in names, or count when it is not there. */
static size_t name_index(const char *const *names, size_t count, str name)
{
	size_t i = 0;
	while (i < count && !str_eq_z(name, names[i]))
		i++;
	return i;
}

err_t letter_kind_parse(str name, enum letter_kind *ret_kind)
{
	size_t kind = name_index(kind_names, LETTER_KIND_COUNT, name);
	if (kind == LETTER_KIND_COUNT)
		return fail(ERR_INPUT, "'%.*s' is not a kind of letter", STR_ARG(name));
	*ret_kind = (enum letter_kind)kind; /* below LETTER_KIND_COUNT */
	return OK;
}

/* ---- Lines ---- */

struct reader {
	struct arena *arena;
	const char *name;
	str left;
	int line_no;
};

static bool reader_next(struct reader *reader, str *ret_line)
{
	while (reader->left.size) {
		str line = str_cut(reader->left, '\n', &reader->left);
		reader->line_no++;
		if (line.size && line.at[0] == '%')
			continue;
		*ret_line = str_trim(line);
		return true;
	}
	return false;
}

static err_t reader_fail(const struct reader *reader, const char *what, str value)
{
	return fail(ERR_INPUT, "%s:%d: %s '%.*s'", reader->name, reader->line_no, what, STR_ARG(value));
}

static str str_after(str s, size_t size)
{
	require(size <= s.size);
	return (str){ s.at + size, s.size - size };
}

/* ---- Paragraphs ---- */

static err_t part_parse(const struct reader *reader, str name, struct letter_part *ret_part)
{
	if (str_starts(name, S("item:")) && name.size > 5) {
		*ret_part = (struct letter_part){ PLACE_ITEM, str_after(name, 5) };
		return OK;
	}
	size_t place = name_index(place_names, PLACE_COUNT, name);
	if (place == PLACE_COUNT)
		return reader_fail(reader, "unknown placeholder", name);
	*ret_part = (struct letter_part){ (enum letter_place)place, name }; /* below PLACE_COUNT */
	return OK;
}

/* Cuts text at its placeholders. */
static err_t piece_parse(const struct reader *reader, str text, struct letter_piece *piece)
{
	struct letter_part parts[LETTER_PART_MAX];
	size_t count = 0;
	while (text.size) {
		str rest;
		str plain = str_cut(text, '{', &rest);
		if (count + 2 > LETTER_PART_MAX)
			return reader_fail(reader, "too many placeholders near", plain);
		if (plain.size)
			parts[count++] = (struct letter_part){ PLACE_TEXT, plain };
		if (plain.size == text.size)
			break;
		str name = str_cut(rest, '}', &text);
		if (name.size == rest.size)
			return reader_fail(reader, "no '}' after", name);
		TRY(part_parse(reader, name, &parts[count++]));
	}
	piece->parts = arena_grow(reader->arena, parts, count, count, sizeof *parts);
	piece->part_count = count;
	return OK;
}

/* ---- Templates ---- */

struct template_state {
	struct letter_piece pieces[LETTER_PIECE_MAX];
	size_t piece_count;
	struct text paragraph; /* lines read so far, joined */
	enum letter_condition condition;
	bool negated, titled;
};

static err_t state_add(
	const struct reader *reader, struct template_state *state, enum letter_block_kind kind, str text)
{
	if (state->piece_count == LETTER_PIECE_MAX)
		return reader_fail(reader, "too many paragraphs at", text);
	struct letter_piece *piece = &state->pieces[state->piece_count++];
	*piece = (struct letter_piece){ .kind = kind, .condition = state->condition, .negated = state->negated };
	return piece_parse(reader, text, piece);
}

static err_t state_end_paragraph(const struct reader *reader, struct template_state *state)
{
	if (!state->paragraph.size)
		return OK;
	str text = str_copy(reader->arena, text_str(&state->paragraph));
	text_clear(&state->paragraph);
	return state_add(reader, state, LETTER_BLOCK_PARAGRAPH, text);
}

static err_t state_if(const struct reader *reader, struct template_state *state, str name)
{
	if (state->condition != CONDITION_NONE)
		return reader_fail(reader, "[if] inside [if]:", name);
	state->negated = str_starts(name, S("no "));
	if (state->negated)
		name = str_trim(str_after(name, 3));
	size_t condition = name_index(condition_names, CONDITION_COUNT, name);
	if (condition == CONDITION_COUNT)
		return reader_fail(reader, "unknown condition", name);
	state->condition = (enum letter_condition)condition; /* below CONDITION_COUNT */
	return OK;
}

/* A line in brackets. */
static err_t state_directive(const struct reader *reader, struct template_state *state, str line)
{
	static const struct {
		const char *name;
		enum letter_block_kind kind;
	} blocks[] = {
		{ "[claims]", LETTER_BLOCK_CLAIMS },
		{ "[table]", LETTER_BLOCK_TABLE },
		{ "[payment]", LETTER_BLOCK_PAYMENT },
		{ "[instalments]", LETTER_BLOCK_INSTALMENTS },
	};
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (str_eq_z(line, blocks[i].name))
			return state_add(reader, state, blocks[i].kind, S(""));
	if (str_starts(line, S("[if ")) && line.at[line.size - 1] == ']')
		return state_if(reader, state, str_trim((str){ line.at + 4, line.size - 5 }));
	if (!str_eq(line, S("[end]")))
		return reader_fail(reader, "unknown line", line);
	if (state->condition == CONDITION_NONE)
		return reader_fail(reader, "no [if] before", line);
	state->condition = CONDITION_NONE;
	state->negated = false;
	return OK;
}

static err_t state_line(const struct reader *reader, struct template_state *state, str line)
{
	bool heading = str_starts(line, S("# "));
	bool directive = line.size && line.at[0] == '[';
	if (!line.size || heading || directive)
		TRY(state_end_paragraph(reader, state));
	if (heading) {
		enum letter_block_kind kind = state->titled ? LETTER_BLOCK_HEADING : LETTER_BLOCK_TITLE;
		state->titled = true;
		return state_add(reader, state, kind, str_trim(str_after(line, 2)));
	}
	if (directive)
		return state_directive(reader, state, line);
	if (line.size && state->paragraph.size)
		text_add_char(&state->paragraph, ' ');
	text_add(&state->paragraph, line);
	return OK;
}

static struct template_state state_in(struct arena *arena, size_t size)
{
	return (struct template_state){ .condition = CONDITION_NONE, .paragraph = text_in(arena, size + 1) };
}

static struct letter_template state_template(const struct reader *reader, const struct template_state *state)
{
	return (struct letter_template){
		.name = reader->name,
		.pieces = arena_grow(reader->arena, state->pieces, state->piece_count, state->piece_count,
			sizeof *state->pieces),
		.piece_count = state->piece_count,
	};
}

static err_t template_parse(struct reader *reader, struct letter_template *ret_template)
{
	struct template_state state = state_in(reader->arena, reader->left.size);
	str line;
	while (reader_next(reader, &line))
		TRY(state_line(reader, &state, line));
	TRY(state_end_paragraph(reader, &state));
	if (state.condition != CONDITION_NONE)
		return reader_fail(reader, "no [end] of", str_from_z(condition_names[state.condition]));
	if (!state.titled)
		return fail(ERR_INPUT, "%s: has no title ('# …')", reader->name);
	*ret_template = state_template(reader, &state);
	return OK;
}

/* ---- Labels: "name = text" ---- */

static err_t labels_parse(struct reader *reader, str labels[LABEL_COUNT])
{
	str line;
	while (reader_next(reader, &line)) {
		if (!line.size)
			continue;
		str value;
		str name = str_trim(str_cut(line, '=', &value));
		size_t label = name_index(label_names, LABEL_COUNT, name);
		if (label == LABEL_COUNT)
			return reader_fail(reader, "unknown label", name);
		labels[label] = str_trim(value);
	}
	for (size_t i = 0; i < LABEL_COUNT; i++)
		if (!labels[i].size)
			return fail(ERR_INPUT, "%s: lacks the label '%s'", reader->name, label_names[i]);
	return OK;
}

/* ---- Messages: "# kind", then "sms: …", "subject: …", "body:" and its paragraphs ---- */

static err_t message_add(const struct reader *reader, struct letter_template *message, str text)
{
	struct template_state state = state_in(reader->arena, text.size);
	TRY(state_add(reader, &state, LETTER_BLOCK_PARAGRAPH, text));
	struct letter_piece *pieces = arena_grow(
		reader->arena, message->pieces, message->piece_count, message->piece_count + 1, sizeof *pieces);
	pieces[message->piece_count] = state.pieces[0];
	*message = (struct letter_template){ reader->name, pieces, message->piece_count + 1 };
	return OK;
}

struct message_state {
	struct letter_template (*kind)[LETTER_MESSAGE_COUNT]; /* NULL before the first kind */
	bool in_body;
};

static err_t message_line(const struct reader *reader, struct message_state *state, str line)
{
	if (state->in_body && line.size)
		return message_add(reader, &(*state->kind)[LETTER_BODY], line);
	if (!line.size)
		return OK;
	str value;
	size_t message = name_index(message_names, LETTER_MESSAGE_COUNT, str_trim(str_cut(line, ':', &value)));
	if (!state->kind || message == LETTER_MESSAGE_COUNT)
		return reader_fail(reader, "unknown line", line);
	state->in_body = message == LETTER_BODY;
	value = str_trim(value);
	return value.size ? message_add(reader, &(*state->kind)[message], value) : OK;
}

static err_t messages_parse(struct reader *reader, struct letter_book *book, enum letter_language language)
{
	struct message_state state = { 0 };
	str line;
	while (reader_next(reader, &line)) {
		if (!str_starts(line, S("# "))) {
			TRY(message_line(reader, &state, line));
			continue;
		}
		size_t kind = name_index(kind_names, LETTER_KIND_COUNT, str_trim(str_after(line, 2)));
		if (kind == LETTER_KIND_COUNT)
			return reader_fail(reader, "unknown kind", line);
		state = (struct message_state){ .kind = &book->messages[kind][language] };
	}
	for (size_t kind = 0; kind < LETTER_KIND_COUNT; kind++)
		for (size_t message = 0; message < LETTER_MESSAGE_COUNT; message++)
			if (!book->messages[kind][language][message].piece_count)
				return fail(ERR_INPUT, "%s: '%s' lacks '%s'", reader->name, kind_names[kind],
					message_names[message]);
	return OK;
}

/* ---- Requirements ---- */

static err_t kinds_parse(const struct reader *reader, str list, bool kinds[LETTER_KIND_COUNT])
{
	bool all = str_eq(list, S("*"));
	for (size_t i = 0; i < LETTER_KIND_COUNT; i++)
		kinds[i] = all;
	while (!all && list.size) {
		str name = str_cut(list, ',', &list);
		size_t kind = name_index(kind_names, LETTER_KIND_COUNT, name);
		if (kind == LETTER_KIND_COUNT)
			return reader_fail(reader, "unknown kind", name);
		kinds[kind] = true;
	}
	return OK;
}

static err_t need_parse(const struct reader *reader, str what, str rest, struct letter_need *need)
{
	str item_and_if;
	*need = (struct letter_need){ .condition = CONDITION_NONE };
	TRY(kinds_parse(reader, str_cut(what, ' ', &item_and_if), need->kinds));
	str condition_name;
	need->item = str_cut(str_trim(item_and_if), ' ', &condition_name);
	if (str_starts(condition_name, S("if "))) {
		str name = str_trim(str_after(condition_name, 3));
		size_t condition = name_index(condition_names, CONDITION_COUNT, name);
		if (condition == CONDITION_COUNT)
			return reader_fail(reader, "unknown condition", name);
		need->condition = (enum letter_condition)condition; /* below CONDITION_COUNT */
	}
	need->paragraph = str_trim(str_cut(rest, '|', &need->tokens));
	need->tokens = str_trim(need->tokens);
	if (!need->item.size || !need->paragraph.size || !need->tokens.size)
		return reader_fail(reader, "incomplete requirement", what);
	return OK;
}

static err_t never_parse(const struct reader *reader, str what, str rest, struct letter_never *never)
{
	str language;
	*never = (struct letter_never){ .language = LETTER_NB };
	TRY(kinds_parse(reader, str_cut(what, ' ', &language), never->kinds));
	size_t index = name_index(language_names, LETTER_LANGUAGE_COUNT, str_trim(language));
	if (index == LETTER_LANGUAGE_COUNT)
		return reader_fail(reader, "unknown language", language);
	never->language = (enum letter_language)index; /* below LETTER_LANGUAGE_COUNT */
	never->words = str_trim(str_cut(rest, '|', &never->reason));
	never->reason = str_trim(never->reason);
	if (!never->words.size || !never->reason.size)
		return reader_fail(reader, "incomplete requirement", what);
	return OK;
}

static err_t required_parse(struct reader *reader, struct letter_book *book)
{
	str line;
	while (reader_next(reader, &line)) {
		if (!line.size)
			continue;
		if (book->need_count == LETTER_RULE_MAX || book->never_count == LETTER_RULE_MAX)
			return reader_fail(reader, "too many requirements at", line);
		str rest;
		str what = str_trim(str_cut(line, '|', &rest));
		if (str_starts(what, S("need ")))
			TRY(need_parse(reader, str_after(what, 5), rest, &book->needs[book->need_count++]));
		else if (str_starts(what, S("never ")))
			TRY(never_parse(reader, str_after(what, 6), rest, &book->nevers[book->never_count++]));
		else
			return reader_fail(reader, "unknown line", line);
	}
	return OK;
}

/* ---- The book ---- */

static err_t reader_for(struct arena *arena, const struct letter_source *sources, size_t source_count, str name,
	struct reader *ret_reader)
{
	for (size_t i = 0; i < source_count; i++) {
		if (!str_eq_z(name, sources[i].name))
			continue;
		if (!str_is_utf8(sources[i].body))
			return fail(ERR_INPUT, "%s: is not UTF-8 text", sources[i].name);
		*ret_reader = (struct reader){ arena, sources[i].name, sources[i].body, 0 };
		return OK;
	}
	return fail(ERR_INPUT, "the letters folder lacks %.*s", STR_ARG(name));
}

static err_t book_parse_language(struct arena *arena, const struct letter_source *sources, size_t source_count,
	enum letter_language language, struct letter_book *book)
{
	const char *code = language_names[language];
	struct reader reader;
	for (size_t kind = 0; kind < LETTER_KIND_COUNT; kind++) {
		TRY(reader_for(arena, sources, source_count, str_format(arena, "%s.%s.txt", kind_names[kind], code),
			&reader));
		TRY(template_parse(&reader, &book->templates[kind][language]));
	}
	TRY(reader_for(arena, sources, source_count, str_format(arena, "labels.%s.txt", code), &reader));
	TRY(labels_parse(&reader, book->labels[language]));
	TRY(reader_for(arena, sources, source_count, str_format(arena, "messages.%s.txt", code), &reader));
	return messages_parse(&reader, book, language);
}

err_t letter_book_parse(struct arena *arena, const struct letter_source *sources, size_t source_count,
	struct letter_book **ret_book)
{
	struct letter_book *book = arena_new(arena, struct letter_book);
	for (int language = 0; language < LETTER_LANGUAGE_COUNT; language++)
		TRY(book_parse_language(
			arena, sources, source_count, (enum letter_language)language, book)); /* in range */
	struct reader reader;
	TRY(reader_for(arena, sources, source_count, S("required.txt"), &reader));
	TRY(required_parse(&reader, book));
	*ret_book = book;
	return OK;
}

err_t letter_book_load(struct arena *arena, const struct letter_source *sources, size_t source_count,
	struct letter_book **ret_book)
{
	struct letter_book *book;
	TRY(letter_book_parse(arena, sources, source_count, &book));
	struct letter_finding *findings;
	size_t finding_count;
	letter_lint(book, arena, &findings, &finding_count);
	if (finding_count)
		return fail(ERR_REFUSED, "%.*s", STR_ARG(findings[0].text));
	*ret_book = book;
	return OK;
}

str letter_label(const struct letter_book *book, enum letter_language language, enum letter_label label)
{
	require(language < LETTER_LANGUAGE_COUNT);
	require(label < LABEL_COUNT);
	return book->labels[language][label];
}
