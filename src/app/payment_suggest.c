#include "app/payment_suggest.h"

#include "app/search.h"

#include <ctype.h>
#include <stdlib.h>

enum { NUMBER_DIGITS_MAX = 25, FOUND_MAX = 40, BY_NAME_MAX = 20, LEAST_REFERENCE = 2 };

static bool is_known(const str *references, size_t count, str one)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(references[i], one))
			return true;
	return false;
}

static size_t reference_add(str *references, size_t count, str one)
{
	if (one.size < LEAST_REFERENCE || one.size > NUMBER_DIGITS_MAX || count == SUGGESTION_REFERENCE_MAX ||
		is_known(references, count, one))
		return count;
	references[count] = one;
	return count + 1;
}

/* "8000 0001 0248" is one number, "faktura 1001-7" gives 1001-7. */
static str number_at(struct arena *arena, str text, size_t from, size_t *ret_end)
{
	struct text number = text_in(arena, NUMBER_DIGITS_MAX + 1);
	size_t at = from, end = from;
	while (at < text.size && number.size < NUMBER_DIGITS_MAX) {
		if (isdigit((unsigned char)text.at[at])) {
			text_add_char(&number, text.at[at++]);
			end = at;
		} else if (text.at[at] == ' ' || text.at[at] == '.' || text.at[at] == '-') {
			at++;
		} else {
			break;
		}
	}
	*ret_end = end;
	return text_str(&number);
}

size_t payment_references(struct arena *arena, str text, str *references, size_t count)
{
	for (size_t i = 0; i < text.size;) {
		if (!isdigit((unsigned char)text.at[i])) {
			i++;
			continue;
		}
		count = reference_add(references, count, number_at(arena, text, i, &i));
	}
	str rest = text;
	while (rest.size) {
		str word = str_cut(rest, ' ', &rest);
		bool has_digit = false;
		for (size_t i = 0; i < word.size; i++)
			has_digit = has_digit || isdigit((unsigned char)word.at[i]);
		if (has_digit)
			count = reference_add(references, count, word);
	}
	return count;
}

static int reason_count(unsigned reasons)
{
	return (reasons & SUGGESTION_REFERENCE ? 1 : 0) + (reasons & SUGGESTION_NAME ? 1 : 0) + (reasons & SUGGESTION_AMOUNT ? 1 : 0);
}

int suggestion_compare(const struct suggestion *a, const struct suggestion *b)
{
	if (reason_count(a->reasons) != reason_count(b->reasons))
		return reason_count(b->reasons) - reason_count(a->reasons);
	if ((a->reasons ^ b->reasons) & SUGGESTION_REFERENCE)
		return a->reasons & SUGGESTION_REFERENCE ? -1 : 1;
	return a->line.case_no < b->line.case_no ? 1 : a->line.case_no > b->line.case_no ? -1 : 0;
}

static int compare(const void *a, const void *b)
{
	return suggestion_compare(a, b);
}

struct found {
	int64_t case_nos[FOUND_MAX];
	unsigned reasons[FOUND_MAX];
	size_t count;
};

static void found_add(struct found *found, int64_t case_no, unsigned reason)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->case_nos[i] == case_no) {
			found->reasons[i] |= reason;
			return;
		}
	if (found->count == FOUND_MAX)
		return;
	found->case_nos[found->count] = case_no;
	found->reasons[found->count++] = reason;
}

/* Words nobody can be found by are no fault of the payer's. */
static err_t look_up(const struct op *op, struct found *found, str text, unsigned reason)
{
	struct search_result result = { .count = 0 };
	err_t err = search_find(op, (struct search_query){ .text = text, .limit = BY_NAME_MAX }, &result);
	if (err && err_kind(err) != ERR_INPUT)
		return err;
	err_free(err);
	for (size_t i = 0; !err && i < result.count; i++)
		if (reason != SUGGESTION_REFERENCE || result.is_exact)
			found_add(found, result.case_nos[i], reason);
	return OK;
}

err_t payment_suggest(const struct op *op, const struct payment_held *held, struct suggestion **ret_suggestions, size_t *ret_count)
{
	str references[SUGGESTION_REFERENCE_MAX];
	struct found found = { .count = 0 };
	struct case_line *lines;
	size_t count = payment_references(op->arena, held->kid, references, 0);
	count = payment_references(op->arena, held->message, references, count);
	for (size_t i = 0; i < count; i++)
		TRY(look_up(op, &found, references[i], SUGGESTION_REFERENCE));
	if (held->payer_name.size && held->payer_name.size <= SEARCH_TEXT_MAX)
		TRY(look_up(op, &found, held->payer_name, SUGGESTION_NAME));
	TRY(case_lines(op, found.case_nos, found.count, &lines, &count));
	struct suggestion *suggestions = arena_many(op->arena, count, struct suggestion);
	for (size_t i = 0; i < count; i++) {
		suggestions[i].line = lines[i];
		for (size_t j = 0; j < found.count; j++)
			suggestions[i].reasons |= found.case_nos[j] == lines[i].case_no ? found.reasons[j] : 0;
		if (lines[i].balance.minor == held->amount.minor)
			suggestions[i].reasons |= SUGGESTION_AMOUNT;
	}
	qsort(suggestions, count, sizeof *suggestions, compare);
	*ret_suggestions = suggestions;
	*ret_count = count < SUGGESTION_MAX ? count : SUGGESTION_MAX;
	return OK;
}
