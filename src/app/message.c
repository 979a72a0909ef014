#include "app/message.h"

#include "app/note.h"
#include "app/task.h"
#include "sql.h"

enum { QUESTION_SHOWN = 200 }; /* bytes of a message in the work list */

const char *message_party_name(enum message_party party)
{
	return party == MESSAGE_DEBTOR ? "debtor" : "client";
}

/* The beginning of a text, cut between characters. */
static str text_begin(str text, size_t size_max)
{
	if (text.size <= size_max)
		return text;
	size_t size = size_max;
	while (size > 0 && ((unsigned char)text.at[size] & 0xC0) == 0x80)
		size--;
	return (str){ text.at, size };
}

static err_t question_follow(const struct op *op, const struct message_new *message, str body)
{
	struct task_new task = {
		.kind = TASK_QUESTION,
		.case_no = message->case_no,
		.due_on = DATE_NONE,
		.detail = text_begin(body, QUESTION_SHOWN),
		.now = message->now,
	};
	int64_t task_id;
	if (!message->from_us)
		return task_open_once(op, &task, &task_id);
	return message->answers ? task_settle(op, message->case_no, TASK_QUESTION, S("answered"), message->now) : OK;
}

static err_t message_write(const struct op *op, const struct message_new *message, int64_t *ret_message_id)
{
	struct task_case_of_row owner;
	struct message_last_row last;
	str body;
	bool found;
	TRY(note_text(message->body, MESSAGE_SIZE_MAX, &body));
	TRY(q_task_case_of(op->db, op->arena, message->case_no, &owner, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no case %lld", (long long)message->case_no);
	TRY(q_message_last(op->db, op->arena, &last, &found));
	TRY(q_message_insert(op->db, last.message_id + 1, message->case_no, str_from_z(message_party_name(message->with)),
		message->from_us, message->author, body, message->now));
	*ret_message_id = last.message_id + 1;
	return question_follow(op, message, body);
}

err_t message_send(const struct op *op, const struct message_new *message, int64_t *ret_message_id)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, message_write(op, message, ret_message_id));
}

err_t message_list(const struct op *op, struct message_place place, struct message **ret_messages, size_t *ret_count)
{
	struct message_page_row *rows;
	require(place.count <= MESSAGE_PAGE_MAX);
	TRY(q_message_page(op->db, op->arena, place.case_no, str_from_z(message_party_name(place.with)),
		place.before_id ? place.before_id : INT64_MAX, i64_from_size(place.count), &rows, ret_count));
	*ret_messages = arena_many(op->arena, *ret_count, struct message);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_messages)[i] = (struct message){
			.message_id = rows[i].message_id,
			.case_no = rows[i].case_id,
			.with = place.with,
			.from_us = rows[i].from_us != 0,
			.author = rows[i].author,
			.body = rows[i].body,
			.sent_at = rows[i].sent_at,
			.read_at = rows[i].has_read_at ? rows[i].read_at : 0,
		};
	return OK;
}

err_t message_read(const struct op *op, struct message_seen seen)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, q_message_mark_read(op->db, seen.now, seen.case_no,
					  str_from_z(message_party_name(seen.with)), !seen.by_us, seen.until_id));
}

err_t message_unread(const struct op *op, struct message_seen reader, int64_t *ret_count)
{
	struct message_unread_row row;
	bool found;
	TRY(q_message_unread(op->db, op->arena, reader.case_no, str_from_z(message_party_name(reader.with)), !reader.by_us,
		&row, &found));
	*ret_count = row.message_count;
	return OK;
}
