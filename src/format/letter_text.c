#include "format/letter_text.h"

enum { MESSAGE_SIZE_MAX = 256 * 1024 };

/* The letters of the alphabet beyond ASCII; each one place. */
static const char gsm_letters[] = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/* Two places each. */
static const char gsm_doubles[] = "^{}\\[~]|€";

static const struct {
	const char *from, *to;
} nearest[] = {
	{ "\xC2\xA0", " " },
	{ "–", "-" },
	{ "—", "-" },
	{ "’", "'" },
	{ "‘", "'" },
	{ "“", "\"" },
	{ "”", "\"" },
	{ "«", "\"" },
	{ "»", "\"" },
	{ "…", "..." },
	{ "á", "a" },
	{ "â", "a" },
	{ "Á", "A" },
	{ "ã", "a" },
	{ "č", "c" },
	{ "Č", "C" },
	{ "ć", "c" },
	{ "ç", "Ç" },
	{ "đ", "d" },
	{ "Đ", "D" },
	{ "ð", "d" },
	{ "ê", "e" },
	{ "ë", "e" },
	{ "ę", "e" },
	{ "í", "i" },
	{ "î", "i" },
	{ "ł", "l" },
	{ "Ł", "L" },
	{ "ń", "n" },
	{ "ŋ", "n" },
	{ "ó", "o" },
	{ "ô", "o" },
	{ "õ", "o" },
	{ "š", "s" },
	{ "Š", "S" },
	{ "ś", "s" },
	{ "ú", "u" },
	{ "ý", "y" },
	{ "ž", "z" },
	{ "Ž", "Z" },
	{ "ż", "z" },
	{ "ź", "z" },
	{ "þ", "th" },
};

static str character_take(str *text)
{
	size_t size = 1;
	while (size < text->size && ((unsigned char)text->at[size] & 0xC0) == 0x80)
		size++;
	str character = { text->at, size };
	*text = (str){ text->at + size, text->size - size };
	return character;
}

/* Places of a character in an SMS; 0 when the alphabet lacks it. */
static size_t character_places(str character)
{
	char c = character.at[0];
	if (str_has(str_from_z(gsm_doubles), character))
		return 2;
	if (character.size == 1)
		return (c == '\n' || (c >= ' ' && c < 0x7F)) && c != '`';
	return str_has(str_from_z(gsm_letters), character);
}

static str character_nearest(str character)
{
	for (size_t i = 0; i < sizeof nearest / sizeof *nearest; i++)
		if (str_eq_z(character, nearest[i].from))
			return str_from_z(nearest[i].to);
	return S("?");
}

str sms_text(struct arena *arena, str text)
{
	struct text written = text_in(arena, text.size * 3 + 1);
	while (text.size) {
		str character = character_take(&text);
		text_add(&written, character_places(character) ? character : character_nearest(character));
	}
	return text_str(&written);
}

size_t sms_size(str text)
{
	size_t size = 0;
	while (text.size)
		size += character_places(character_take(&text));
	return size;
}

bool sms_fits(str text)
{
	while (text.size)
		if (!character_places(character_take(&text)))
			return false;
	return true;
}

static err_t message_check(const struct letter *letter)
{
	TRY(letter_check(letter));
	if (!letter->code.size)
		return fail(
			ERR_INPUT, "a message about case %lld needs the case's code", (long long)letter->case_no);
	return OK;
}

err_t letter_text_sms(
	struct arena *arena, const struct letter_book *book, const struct letter *letter, str *ret_text)
{
	TRY(message_check(letter));
	str text = sms_text(arena, letter_message_fill(arena, book, letter, LETTER_SMS));
	if (sms_size(text) > SMS_SIZE_MAX)
		return fail(ERR_REFUSED, "the SMS about case %lld takes %zu places, one SMS has %d",
			(long long)letter->case_no, sms_size(text), SMS_SIZE_MAX);
	*ret_text = text;
	return OK;
}

/* On one line: a line break in a subject would start a header of the sender's choosing. */
static str one_line(struct arena *arena, str text)
{
	struct text line = text_in(arena, MESSAGE_SIZE_MAX);
	for (size_t i = 0; i < text.size; i++)
		text_add_char(&line, (unsigned char)text.at[i] < ' ' ? ' ' : text.at[i]);
	return text_str(&line);
}

err_t letter_text_email(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	struct letter_email *ret_email)
{
	TRY(message_check(letter));
	*ret_email = (struct letter_email){
		.subject = one_line(arena, letter_message_fill(arena, book, letter, LETTER_SUBJECT)),
		.body = letter_message_fill(arena, book, letter, LETTER_BODY),
	};
	return OK;
}
