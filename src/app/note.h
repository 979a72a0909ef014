/* A handler's own notes on a case, and telephone calls. Inserted, never changed. */
#ifndef KRAVBOK_APP_NOTE_H
#define KRAVBOK_APP_NOTE_H

#include "app/op.h"

enum note_kind { NOTE_NOTE, NOTE_CALL_IN, NOTE_CALL_OUT, NOTE_KIND_COUNT };
const char *note_kind_name(enum note_kind kind); /* note, call_in, call_out */
bool note_kind_named(str name, enum note_kind *ret_kind);

enum { NOTE_SIZE_MAX = 10000, NOTE_PAGE_MAX = 200 };

struct note {
	int64_t note_id, case_no;
	enum note_kind kind;
	str author, body;
	int64_t written_at;
};
/* note_id is given here, author is op's user. ERR_INPUT for an unknown case, an empty or too long body, bytes that are no
 * UTF-8. Joins the caller's transaction. */
err_t note_add(const struct op *op, const struct note *note, int64_t *ret_note_id) MUST_CHECK;
/* Of a case, newest first: those before a number (0: from the newest), at most count. */
struct note_place {
	int64_t case_no, before_id;
	size_t count;
};
err_t note_list(const struct op *op, struct note_place place, struct note **ret_notes, size_t *ret_count) MUST_CHECK;

/* A text people have written: trimmed into *ret_body. For notes and messages. */
err_t note_text(str body, size_t size_max, str *ret_body) MUST_CHECK;

#endif
