#include "base/sink.h"

#include <stdarg.h>
#include <stdio.h>

enum { BUFFER_SIZE = 64 * 1024, PIECE_SIZE_MAX = 1024 };

static err_t write_to_text(str part, void *context)
{
	struct text *text = context;
	if (part.size > text->size_max - text->size)
		return fail(ERR_INPUT, "the text is larger than %zu bytes", text->size_max);
	text_add(text, part);
	return OK;
}

struct sink sink_text(struct text *text)
{
	return (struct sink){ write_to_text, text };
}

struct sink_buffer sink_buffer_in(struct arena *arena, struct sink to)
{
	struct sink_buffer buffer = { .to = to, .text = text_in(arena, BUFFER_SIZE) };
	buffer.text.capacity =
		BUFFER_SIZE + 1; /* all of it at once: it never moves when the arena is reset to a later mark */
	buffer.text.at = arena_alloc(arena, buffer.text.capacity);
	return buffer;
}

static void buffer_empty(struct sink_buffer *buffer)
{
	if (buffer->text.size && !buffer->err)
		buffer->err = buffer->to.write(text_str(&buffer->text), buffer->to.context);
	text_clear(&buffer->text);
}

void sink_add(struct sink_buffer *buffer, str part)
{
	if (part.size > BUFFER_SIZE - buffer->text.size)
		buffer_empty(buffer);
	if (part.size <= BUFFER_SIZE)
		text_add(&buffer->text, part);
	else if (!buffer->err)
		buffer->err = buffer->to.write(part, buffer->to.context);
}

void sink_add_z(struct sink_buffer *buffer, const char *z)
{
	sink_add(buffer, str_from_z(z));
}

void sink_addf(struct sink_buffer *buffer, const char *format, ...)
{
	char piece[PIECE_SIZE_MAX];
	va_list args;
	va_start(args, format);
	int size = vsnprintf(piece, sizeof piece, format, args);
	va_end(args);
	require(size >= 0);
	require((size_t)size < sizeof piece); /* size >= 0 was required */
	sink_add(buffer, (str){ piece, (size_t)size });
}

err_t sink_flush(struct sink_buffer *buffer)
{
	buffer_empty(buffer);
	err_t err = buffer->err;
	buffer->err = OK;
	return err;
}
