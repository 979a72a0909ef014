#include "app/note.h"

#include "sql.h"

static const char *const kind_names[NOTE_KIND_COUNT] = { "note", "call_in", "call_out" };

const char *note_kind_name(enum note_kind kind)
{
	require(kind < NOTE_KIND_COUNT);
	return kind_names[kind];
}

bool note_kind_named(str name, enum note_kind *ret_kind)
{
	for (int i = 0; i < NOTE_KIND_COUNT; i++)
		if (str_eq_z(name, kind_names[i])) {
			*ret_kind = (enum note_kind)i;
			return true;
		}
	return false;
}

err_t note_text(str body, size_t size_max, str *ret_body)
{
	str text = str_trim(body);
	if (!text.size)
		return fail(ERR_INPUT, "the text is empty");
	if (text.size > size_max)
		return fail(ERR_INPUT, "the text is longer than %zu bytes", size_max);
	if (!str_is_utf8(text))
		return fail(ERR_INPUT, "the text is not UTF-8");
	*ret_body = text;
	return OK;
}

static err_t note_write(const struct op *op, const struct note *note, int64_t *ret_note_id)
{
	struct task_case_of_row owner;
	struct note_last_row last;
	str body;
	bool found;
	TRY(note_text(note->body, NOTE_SIZE_MAX, &body));
	TRY(q_task_case_of(op->db, op->arena, note->case_no, &owner, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no case %lld", (long long)note->case_no);
	TRY(q_note_last(op->db, op->arena, &last, &found));
	TRY(q_note_insert(op->db, last.note_id + 1, note->case_no, str_from_z(note_kind_name(note->kind)), op->user, body,
		note->written_at));
	*ret_note_id = last.note_id + 1;
	return OK;
}

err_t note_add(const struct op *op, const struct note *note, int64_t *ret_note_id)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, note_write(op, note, ret_note_id));
}

err_t note_list(const struct op *op, struct note_place place, struct note **ret_notes, size_t *ret_count)
{
	struct note_page_row *rows;
	require(place.count <= NOTE_PAGE_MAX);
	TRY(q_note_page(op->db, op->arena, place.case_no, place.before_id ? place.before_id : INT64_MAX,
		i64_from_size(place.count), &rows, ret_count));
	struct note *notes = arena_many(op->arena, *ret_count, struct note);
	for (size_t i = 0; i < *ret_count; i++) {
		notes[i] = (struct note){ rows[i].note_id, rows[i].case_id, NOTE_NOTE, rows[i].author, rows[i].body,
			rows[i].written_at };
		(void)note_kind_named(rows[i].kind, &notes[i].kind);
	}
	*ret_notes = notes;
	return OK;
}
