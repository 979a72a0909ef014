/* Errors are allocated one by one and live until the edge has printed them: an op has at most a few. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE_MAX = 1000, PLACE_SIZE_MAX = 400 }; /* a place leaves room for the reason */

struct err {
	enum err_kind kind;
	char text[TEXT_SIZE_MAX];
};

/* Cuts a text that fills its room at a whole UTF-8 character, so that a long quoted value never ends in half a letter. */
static void text_end_whole(char *text, size_t room_size)
{
	size_t size = strlen(text);
	if (size + 1 < room_size)
		return;
	while (size > 0 && ((unsigned char)text[size - 1] & 0xC0) == 0x80)
		size--;
	if (size > 0 && (unsigned char)text[size - 1] >= 0xC0)
		size--;
	text[size] = '\0';
}

/* A value quoted from a file may hold line feeds and control bytes; one error is one line. */
static void text_one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			*text = ' ';
}

/* Of the thread: a server answers visitors of two languages at once. */
static _Thread_local struct err_language language_now;

void err_language(struct err_language language)
{
	language_now = language;
}

const char *err_words(const char *format)
{
	return language_now.find ? language_now.find(format, language_now.context) : format;
}

err_t fail(enum err_kind kind, const char *format, ...)
{
	struct err *err = calloc(1, sizeof *err);
	if (!err)
		panic("out of memory");
	err->kind = kind;
	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, err_words(format), args);
	va_end(args);
	text_end_whole(err->text, sizeof err->text);
	text_one_line(err->text);
	return err;
}

err_t within(err_t err, const char *format, ...)
{
	if (!err)
		return OK;
	char place[PLACE_SIZE_MAX], old[TEXT_SIZE_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(place, sizeof place, err_words(format), args);
	va_end(args);
	text_end_whole(place, sizeof place);
	memcpy(old, err->text, sizeof old);
	size_t place_size = strlen(place);
	memcpy(err->text, place, place_size);
	memcpy(err->text + place_size, ": ", 2);
	size_t left = sizeof err->text - place_size - 3;
	size_t old_size = strnlen(old, left);
	memcpy(err->text + place_size + 2, old, old_size);
	err->text[place_size + 2 + old_size] = '\0';
	text_end_whole(err->text, sizeof err->text);
	text_one_line(err->text);
	return err;
}

enum err_kind err_kind(const struct err *err)
{
	require(err);
	return err->kind;
}

const char *err_text(const struct err *err)
{
	require(err);
	return err->text;
}

void err_free(err_t err)
{
	free(err);
}

void panic_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "kravbok: internal error at %s:%d: %s\n", file, line, what);
	abort();
}
