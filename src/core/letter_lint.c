/* What the law wants of a template, and what it must not say; the lists are data (letters/required.txt).
 *
 * An item is there when its text is marked with {item:name}, stands outside every [if] (or inside the one the
 * requirement names), is a sentence and not a bare marker, and holds what the requirement asks for: placeholders,
 * words, or a [block] anywhere in the template on the same terms. */
#include "core/letter_book.h"

#include <string.h>

enum { FINDING_MAX = 500, SENTENCE_SIZE_MIN = 20 };

static const char *const block_names[] = {
	"",
	"",
	"",
	"[claims]",
	"[table]",
	"[payment]",
	"[instalments]",
};
_Static_assert(sizeof block_names / sizeof *block_names == LETTER_BLOCK_INSTALMENTS + 1, "a name for each block");

struct lint {
	struct arena *arena;
	struct letter_finding *findings;
	size_t count;
};

static void lint_add(struct lint *lint, str text)
{
	if (lint->count < FINDING_MAX)
		lint->findings[lint->count++].text = text;
}

static bool piece_counts(const struct letter_piece *piece, enum letter_condition condition)
{
	if (piece->condition == CONDITION_NONE)
		return true;
	return piece->condition == condition && !piece->negated;
}

/* Adds a part as the template writes it, so that a requirement may name placeholders. */
static void text_add_part(struct text *text, const struct letter_part *part)
{
	if (part->place == PLACE_TEXT)
		text_add(text, part->text);
	else if (part->place != PLACE_ITEM)
		text_addf(text, "{%.*s}", STR_ARG(part->text));
}

/* All text marked as the item, of pieces that count. Empty when there is none. */
static str item_text(struct arena *arena, const struct letter_template *template, const struct letter_need *need)
{
	struct text text = text_in(arena, 64 * 1024);
	for (size_t i = 0; i < template->piece_count; i++) {
		const struct letter_piece *piece = &template->pieces[i];
		bool marked = false;
		for (size_t k = 0; k < piece->part_count && piece_counts(piece, need->condition); k++) {
			if (piece->parts[k].place == PLACE_ITEM)
				marked = str_eq(piece->parts[k].text, need->item);
			else if (marked)
				text_add_part(&text, &piece->parts[k]);
		}
	}
	return text_str(&text);
}

/* Outside every [if], or both in [if x] and in [if no x]: then every letter has it. */
static bool template_has_block(const struct letter_template *template, str name, enum letter_condition condition)
{
	bool when[CONDITION_COUNT] = { false }, when_not[CONDITION_COUNT] = { false };
	for (size_t i = 0; i < template->piece_count; i++) {
		const struct letter_piece *piece = &template->pieces[i];
		if (!str_eq_z(name, block_names[piece->kind]))
			continue;
		if (piece_counts(piece, condition))
			return true;
		if (piece->negated)
			when_not[piece->condition] = true;
		else
			when[piece->condition] = true;
	}
	for (size_t i = 0; i < CONDITION_COUNT; i++)
		if (when[i] && when_not[i])
			return true;
	return false;
}

/* The token without its language, or empty when it is for another language. */
static str token_for(str token, enum letter_language language)
{
	for (int other = 0; other < LETTER_LANGUAGE_COUNT; other++) {
		str code = str_from_z(letter_language_name((enum letter_language)other)); /* in range */
		if (str_starts(token, code) && token.size > code.size && token.at[code.size] == ':')
			return other == (int)language
				? (str){ token.at + code.size + 1, token.size - code.size - 1 }
				: S("");
	}
	return token;
}

static void lint_need(struct lint *lint, const struct letter_template *template, enum letter_language language,
	const struct letter_need *need)
{
	str text = item_text(lint->arena, template, need);
	bool only_blocks = true;
	str tokens = need->tokens;
	while (tokens.size) {
		str token = token_for(str_cut(tokens, ' ', &tokens), language);
		if (!token.size)
			continue;
		bool block = token.at[0] == '[';
		only_blocks = only_blocks && block;
		bool found = block ? template_has_block(template, token, need->condition) : str_has(text, token);
		if (!found)
			lint_add(lint,
				str_format(lint->arena, "%s: '%.*s' lacks %.*s (%.*s)", template->name,
					STR_ARG(need->item), STR_ARG(token), STR_ARG(need->paragraph)));
	}
	if (!only_blocks && str_trim(text).size < SENTENCE_SIZE_MIN)
		lint_add(lint,
			str_format(lint->arena, "%s: lacks '%.*s' (%.*s)", template->name, STR_ARG(need->item),
				STR_ARG(need->paragraph)));
}

static str template_text(struct arena *arena, const struct letter_template *template)
{
	struct text text = text_in(arena, 64 * 1024);
	for (size_t i = 0; i < template->piece_count; i++) {
		for (size_t k = 0; k < template->pieces[i].part_count; k++)
			text_add_part(&text, &template->pieces[i].parts[k]);
		text_add_char(&text, '\n');
	}
	return text_str(&text);
}

static void lint_never(struct lint *lint, const struct letter_book *book, size_t kind,
	enum letter_language language, const struct letter_never *never)
{
	if (!never->kinds[kind] || never->language != language)
		return;
	const struct letter_template *template = &book->templates[kind][language];
	if (str_has(template_text(lint->arena, template), never->words))
		lint_add(lint,
			str_format(lint->arena, "%s: says '%.*s' (%.*s)", template->name, STR_ARG(never->words),
				STR_ARG(never->reason)));
}

/* A message can be read by others on a screen: never the amount, never the name, never the creditor. */
static void lint_message(struct lint *lint, const struct letter_template *message)
{
	static const enum letter_place secret[] = {
		PLACE_CREDITOR,
		PLACE_DEBTOR_NAME,
		PLACE_TOTAL,
		PLACE_PRINCIPAL,
		PLACE_INTEREST,
		PLACE_FEES,
		PLACE_COMPENSATION,
		PLACE_SALAER,
		PLACE_PLAN_FEE,
		PLACE_COMING_SALAER,
		PLACE_PAID_AMOUNT,
		PLACE_FIRST_INSTALMENT,
		PLACE_INVOICE_NO,
		PLACE_KID,
	};
	for (size_t i = 0; i < message->piece_count; i++)
		for (size_t k = 0; k < message->pieces[i].part_count; k++)
			for (size_t s = 0; s < sizeof secret / sizeof *secret; s++)
				if (message->pieces[i].parts[k].place == secret[s])
					lint_add(lint,
						str_format(lint->arena,
							"%s: a message says {%s} (inkassoloven §§ 8, 28)",
							message->name, letter_place_name(secret[s])));
}

static void lint_template(
	struct lint *lint, const struct letter_book *book, size_t kind, enum letter_language language)
{
	for (size_t i = 0; i < book->need_count; i++)
		if (book->needs[i].kinds[kind])
			lint_need(lint, &book->templates[kind][language], language, &book->needs[i]);
	for (size_t i = 0; i < book->never_count; i++)
		lint_never(lint, book, kind, language, &book->nevers[i]);
	for (size_t i = 0; i < LETTER_MESSAGE_COUNT; i++)
		lint_message(lint, &book->messages[kind][language][i]);
}

void letter_lint(const struct letter_book *book, struct arena *arena, struct letter_finding **ret_findings,
	size_t *ret_count)
{
	struct lint lint = { .arena = arena, .findings = arena_many(arena, FINDING_MAX, struct letter_finding) };
	for (size_t kind = 0; kind < LETTER_KIND_COUNT; kind++)
		for (int language = 0; language < LETTER_LANGUAGE_COUNT; language++)
			lint_template(&lint, book, kind, (enum letter_language)language); /* in range */
	*ret_findings = lint.findings;
	*ret_count = lint.count;
}
