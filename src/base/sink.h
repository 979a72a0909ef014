/* Where a writer's bytes go, part by part: a file, a text, a hash. The writer does not know. */
#ifndef KRAVBOK_BASE_SINK_H
#define KRAVBOK_BASE_SINK_H

#include "base/err.h"
#include "base/str.h"

/* part is good during the call only. An error ends the writing and comes out of the writer. */
struct sink {
	err_t (*write)(str part, void *context);
	void *context;
};

/* All of it into text (within the size the text was born with; larger is ERR_INPUT). */
struct sink sink_text(struct text *text);

/* Collects small parts, so that a sink is called once in 64 KiB. sink_flush() at the end, and look at its error:
 * the first one is kept and everything after it is dropped, so a writer may add freely and ask once. */
struct sink_buffer {
	struct sink to;
	struct text text;
	err_t err;
};
/* arena: room for the buffer. */
struct sink_buffer sink_buffer_in(struct arena *arena, struct sink to);
void sink_add(struct sink_buffer *buffer, str part);
void sink_add_z(struct sink_buffer *buffer, const char *z);
void sink_addf(struct sink_buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/* Gives the error over to the caller: a second call returns OK. */
err_t sink_flush(struct sink_buffer *buffer) MUST_CHECK;

#endif
