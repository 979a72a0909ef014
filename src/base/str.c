#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

str str_from_z(const char *z)
{
	return z ? (str){ z, strlen(z) } : (str){ "", 0 };
}

bool str_eq(str a, str b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

bool str_eq_z(str a, const char *z)
{
	return str_eq(a, str_from_z(z));
}

int str_compare(str a, str b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order = common ? memcmp(a.at, b.at, common) : 0;
	if (order)
		return order;
	return a.size < b.size ? -1 : a.size > b.size;
}

bool str_starts(str s, str start)
{
	return s.size >= start.size && str_eq((str){ s.at, start.size }, start);
}

bool str_has(str s, str part)
{
	for (size_t i = 0; part.size <= s.size && i <= s.size - part.size; i++)
		if (str_eq((str){ s.at + i, part.size }, part))
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

str str_trim(str s)
{
	while (s.size && is_blank(s.at[0]))
		s.at++, s.size--;
	while (s.size && is_blank(s.at[s.size - 1]))
		s.size--;
	return s;
}

str str_cut(str s, char separator, str *ret_rest)
{
	const char *found = s.size ? memchr(s.at, separator, s.size) : NULL;
	if (!found) {
		*ret_rest = (str){ "", 0 };
		return s;
	}
	size_t size = (size_t)(found - s.at); /* found is inside s */
	*ret_rest = (str){ found + 1, s.size - size - 1 };
	return (str){ s.at, size };
}

str str_copy(struct arena *arena, str s)
{
	char *copy = arena_alloc(arena, s.size + 1);
	if (s.size)
		memcpy(copy, s.at, s.size);
	return (str){ copy, s.size };
}

const char *str_z(struct arena *arena, str s)
{
	return str_copy(arena, s).at;
}

str str_format(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	require(size >= 0);
	char *at = arena_alloc(arena, (size_t)size + 1); /* size >= 0 was required */
	vsnprintf(at, (size_t)size + 1, format, again);
	va_end(again);
	return (str){ at, (size_t)size };
}

/* Bytes of the sequence that starts at s, or 0 when it is not one. */
static size_t utf8_size(const unsigned char *s, size_t left)
{
	if (s[0] < 0x80)
		return s[0] != 0;
	size_t size = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	if (s[0] < 0xC2 || s[0] > 0xF4 || size > left)
		return 0;
	for (size_t i = 1; i < size; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	if (s[0] == 0xE0 && s[1] < 0xA0)
		return 0; /* overlong */
	if (s[0] == 0xED && s[1] > 0x9F)
		return 0; /* surrogate */
	if (s[0] == 0xF0 && s[1] < 0x90)
		return 0; /* overlong */
	if (s[0] == 0xF4 && s[1] > 0x8F)
		return 0; /* above U+10FFFF */
	return size;
}

bool str_is_utf8(str s)
{
	for (size_t i = 0; i < s.size;) {
		size_t size = utf8_size((const unsigned char *)s.at + i, s.size - i);
		if (!size)
			return false;
		i += size;
	}
	return true;
}

uint32_t str_take_char(str *rest)
{
	require(rest->size > 0);
	const unsigned char *at = (const unsigned char *)rest->at;
	size_t size = at[0] ? utf8_size(at, rest->size) : 1;
	uint32_t code = 0xFFFD;
	if (size == 1)
		code = at[0];
	else if (size == 2)
		code = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
	else if (size == 3)
		code = (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
	else if (size == 4)
		code = (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
	size = size ? size : 1;
	*rest = (str){ rest->at + size, rest->size - size };
	return code;
}

bool str_is_digits(str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.size > 0;
}

/* Windows-1252 0x80-0x9F; 0 where the code page has no letter (kept as U+FFFD). */
static const uint16_t windows1252[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
	0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

str str_from_latin1(struct arena *arena, str bytes)
{
	struct text text = text_in(arena, bytes.size * 3 + 1);
	for (size_t i = 0; i < bytes.size; i++) {
		unsigned code = (unsigned char)bytes.at[i];
		if (code >= 0x80 && code < 0xA0)
			code = windows1252[code - 0x80] ? windows1252[code - 0x80] : 0xFFFD;
		if (code < 0x80) {
			text_add_char(&text, (char)code);
		} else if (code < 0x800) {
			text_add_char(&text, (char)(0xC0 | code >> 6));
			text_add_char(&text, (char)(0x80 | (code & 0x3F)));
		} else {
			text_add_char(&text, (char)(0xE0 | code >> 12));
			text_add_char(&text, (char)(0x80 | (code >> 6 & 0x3F)));
			text_add_char(&text, (char)(0x80 | (code & 0x3F)));
		}
	}
	return text_str(&text);
}

struct text text_in(struct arena *arena, size_t size_max)
{
	return (struct text){ .arena = arena, .size_max = size_max };
}

static void text_room(struct text *text, size_t size)
{
	require(size <= text->size_max - text->size);
	if (text->capacity - text->size > size)
		return;
	size_t capacity = text->capacity ? text->capacity * 2 : 256;
	while (capacity - text->size <= size)
		capacity *= 2;
	text->at = arena_grow(text->arena, text->at, text->size, capacity, 1);
	text->capacity = capacity;
}

void text_add(struct text *text, str s)
{
	text_room(text, s.size);
	if (s.size)
		memcpy(text->at + text->size, s.at, s.size);
	text->size += s.size;
	text->at[text->size] = '\0';
}

void text_add_z(struct text *text, const char *z)
{
	text_add(text, str_from_z(z));
}

void text_add_char(struct text *text, char c)
{
	text_add(text, (str){ &c, 1 });
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	require(size >= 0);
	text_room(text, (size_t)size); /* size >= 0 was required */
	vsnprintf(text->at + text->size, (size_t)size + 1, format, again);
	va_end(again);
	text->size += (size_t)size;
}

void text_clear(struct text *text)
{
	text->size = 0;
}

str text_str(const struct text *text)
{
	return (str){ text->at ? text->at : "", text->size };
}

err_t parse_i64(str s, int64_t min, int64_t max, int64_t *ret_value)
{
	str digits = s;
	bool negative = s.size && s.at[0] == '-';
	if (negative)
		digits = (str){ s.at + 1, s.size - 1 };
	if (!str_is_digits(digits) || digits.size > 18)
		return fail(ERR_INPUT, "'%.*s' is not a whole number", STR_ARG(s));
	int64_t value = 0;
	for (size_t i = 0; i < digits.size; i++)
		value = value * 10 + (digits.at[i] - '0');
	if (negative)
		value = -value;
	if (value < min || value > max)
		return fail(ERR_INPUT, "'%.*s' is not between %lld and %lld", STR_ARG(s), (long long)min, (long long)max);
	*ret_value = value;
	return OK;
}

size_t size_from_i64(int64_t value)
{
	require(value >= 0);
	return (size_t)value;
}

int64_t i64_from_size(size_t size)
{
	require(size <= INT64_MAX);
	return (int64_t)size;
}
