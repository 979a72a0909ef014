#include "core/word.h"

enum { PHONE_DIGITS = 8, COUNTRY_CODE = 47 };

struct words words_in(struct arena *arena, size_t count_max)
{
	return (struct words){ arena_many(arena, count_max, str), 0, count_max };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The character as a word has it; NULL: none of a word. Latin letters only: others stand as they are. */
static const char *folded(uint32_t character, char *buffer)
{
	/* U+00C0 … U+017F; '-' is no letter. */
	static const char *const latin[] = { "a", "a", "a", "a", "æ", "å", "æ", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d",
		"n", "o", "o", "o", "o", "ø", "-", "ø", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "æ", "å", "æ", "c",
		"e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "ø", "-", "ø", "u", "u", "u", "u", "y", "th",
		"y", "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d", "d", "d", "e", "e", "e", "e",
		"e", "e", "e", "e", "e", "e", "g", "g", "g", "g", "g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i",
		"i", "i", "i", "i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l", "l", "l", "l", "n",
		"n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o", "ø", "ø", "oe", "oe", "r", "r", "r", "r", "r", "r", "s",
		"s", "s", "s", "s", "s", "s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u",
		"u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s" };
	_Static_assert(sizeof latin / sizeof *latin == 0x180 - 0xC0, "a letter for each of U+00C0 … U+017F");
	if ((character >= '0' && character <= '9') || (character >= 'a' && character <= 'z')) {
		buffer[0] = (char)character; /* ASCII */
		return buffer;
	}
	if (character >= 'A' && character <= 'Z') {
		buffer[0] = (char)(character - 'A' + 'a'); /* ASCII */
		return buffer;
	}
	if (character < 0xC0 || character == 0xFFFD)
		return NULL;
	if (character < 0x180)
		return latin[character - 0xC0][0] == '-' ? NULL : latin[character - 0xC0];
	return character >= 0x2000 && character <= 0x2BFF ? NULL : ""; /* dashes, quotes, arrows end a word */
}

/* One character is no word. */
static bool is_short(str word)
{
	str rest = word;
	if (rest.size)
		(void)str_take_char(&rest);
	return !rest.size;
}

static void word_put(struct words *words, struct arena *arena, str word)
{
	if (is_short(word) || words->count == words->count_max)
		return;
	if (word.size > WORD_SIZE_MAX) {
		word.size = WORD_SIZE_MAX;
		while (word.size && ((unsigned char)word.at[word.size] & 0xC0) == 0x80)
			word.size--;
	}
	words->at[words->count++] = str_copy(arena, word);
}

/* The text in lower case without accents, a blank wherever a word ends. */
static str text_fold(struct arena *arena, str text)
{
	struct text out = text_in(arena, 2 * text.size + 8);
	bool in_mail = false;
	for (str rest = text; rest.size;) {
		const char *from = rest.at;
		char buffer[2] = { 0 };
		uint32_t character = str_take_char(&rest);
		const char *letters = folded(character, buffer);
		if (character == ' ' || character == '\n' || character == '\t' || character == ',' || character == ';')
			in_mail = false;
		if (letters && !*letters)
			text_add(&out, (str){ from, (size_t)(rest.at - from) }); /* one character's bytes */
		else if (letters)
			text_add_z(&out, letters);
		else if (character == '@' || (in_mail && (character == '.' || character == '-' || character == '_')))
			text_add_char(&out, (char)character); /* ASCII */
		else
			text_add_char(&out, ' ');
		in_mail = in_mail || character == '@';
	}
	return text_str(&out);
}

static bool is_mail_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_' || c == '+';
}

/* Of "kari.nordmann@post.no" the folding has left "kari nordmann@post.no": where the whole begins in the original. */
static size_t mail_begin(str original, size_t at)
{
	while (at > 0 && is_mail_char(original.at[at - 1]))
		at--;
	return at;
}

static bool is_number_size(size_t digits)
{
	return digits == PHONE_DIGITS || digits == PHONE_DIGITS + 2 || digits == 9 || digits == 11;
}

/* A word of ten digits that begins with the country code is a telephone number. */
static str without_country(str digits)
{
	if (digits.size == PHONE_DIGITS + 2 && digits.at[0] == '0' + COUNTRY_CODE / 10 && digits.at[1] == '0' + COUNTRY_CODE % 10)
		return (str){ digits.at + 2, PHONE_DIGITS };
	return digits;
}

/* How many of the words from index on are digits only and make one number together; 0: they do not. */
static size_t number_group(const struct words *words, size_t index, size_t *ret_digits)
{
	size_t digits = 0, count = 0, best = 0;
	for (size_t i = index; i < words->count && str_is_digits(words->at[i]) && digits < 11; i++) {
		digits += words->at[i].size;
		count++;
		if (count > 1 && is_number_size(digits)) {
			best = count;
			*ret_digits = digits;
		}
	}
	return best;
}

static void groups_join(struct words *words, struct arena *arena, size_t first)
{
	size_t out = first;
	for (size_t i = first; i < words->count;) {
		size_t digits = 0, count = number_group(words, i, &digits);
		if (!count) {
			words->at[out++] = words->at[i++];
			continue;
		}
		struct text joined = text_in(arena, 16);
		for (size_t k = 0; k < count; k++)
			text_add(&joined, words->at[i + k]);
		words->at[out++] = without_country(text_str(&joined));
		i += count;
	}
	words->count = out;
}

void words_add(struct words *words, struct arena *arena, str text)
{
	size_t first = words->count;
	str folded_text = text_fold(arena, text);
	for (size_t i = 0; i < folded_text.size;) {
		if (folded_text.at[i] == ' ') {
			i++;
			continue;
		}
		size_t end = i;
		while (end < folded_text.size && folded_text.at[end] != ' ')
			end++;
		str word = { folded_text.at + i, end - i };
		if (str_has(word, S("@")) && folded_text.size == text.size) {
			size_t begin = mail_begin(text, i);
			struct text mail = text_in(arena, end - begin + 1);
			for (size_t k = begin; k < end; k++)
				text_add_char(&mail, folded_text.at[k] == ' ' ? text.at[k] : folded_text.at[k]);
			word = text_str(&mail);
		}
		/* Single digits are kept until groups have been joined ("22 5 …" is no word, "9 0000000" may be). */
		if (word.size == 1 && !is_digit(word.at[0]))
			word.size = 0;
		if (word.size == 1 && words->count < words->count_max)
			words->at[words->count++] = str_copy(arena, word);
		else
			word_put(words, arena, word);
		i = end;
	}
	groups_join(words, arena, first);
	size_t out = first;
	for (size_t i = first; i < words->count; i++)
		if (words->at[i].size > 1)
			words->at[out++] = without_country(words->at[i]);
	words->count = out;
}

void words_add_phone(struct words *words, struct arena *arena, str text)
{
	struct text digits = text_in(arena, WORD_SIZE_MAX + 1);
	for (size_t i = 0; i < text.size && digits.size < WORD_SIZE_MAX; i++)
		if (is_digit(text.at[i]))
			text_add_char(&digits, text.at[i]);
	str number = text_str(&digits);
	if (str_starts(number, S("00")))
		number = (str){ number.at + 2, number.size - 2 };
	word_put(words, arena, without_country(number));
}

void words_add_joined(struct words *words, struct arena *arena, str text)
{
	struct text joined = text_in(arena, text.size + 8);
	str folded_text = text_fold(arena, text);
	for (size_t i = 0; i < folded_text.size && joined.size < text.size; i++)
		if (folded_text.at[i] != ' ')
			text_add_char(&joined, folded_text.at[i]);
	word_put(words, arena, text_str(&joined));
}
