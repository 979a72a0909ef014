#include "app/attachment.h"

#include "app/file.h"
#include "sql.h"

/* Text that a person can read: UTF-8 without control characters but line ends and tabs. */
static bool is_plain_text(str bytes)
{
	if (!bytes.size || !str_is_utf8(bytes))
		return false;
	for (size_t i = 0; i < bytes.size; i++) {
		unsigned char c = (unsigned char)bytes.at[i];
		if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
			return false;
	}
	return true;
}

const char *attachment_kind(str bytes)
{
	if (str_starts(bytes, S("%PDF-")))
		return "application/pdf";
	if (str_starts(bytes, S("\x89PNG\r\n\x1A\n")))
		return "image/png";
	if (str_starts(bytes, S("\xFF\xD8\xFF")))
		return "image/jpeg";
	return is_plain_text(bytes) ? "text/plain" : NULL;
}

static const char *kind_ending(const char *kind)
{
	static const struct {
		const char *kind, *ending;
	} endings[] = { { "application/pdf", ".pdf" }, { "image/png", ".png" }, { "image/jpeg", ".jpg" } };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (str_eq_z(str_from_z(kind), endings[i].kind))
			return endings[i].ending;
	return ".txt";
}

static bool is_harmless(uint32_t character)
{
	static const char refused[] = "\"'<>|:*?;&%\\/`$";
	if (character < ' ' || (character >= 0x7F && character < 0xA0) || character == 0xFFFD)
		return false;
	if (character >= 0x200B && (character <= 0x200F || (character >= 0x2028 && character <= 0x202E) ||
					   (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF))
		return false; /* marks that turn the text round or cannot be seen */
	for (const char *at = refused; *at; at++)
		if (character == (unsigned char)*at)
			return false;
	return true;
}

str attachment_name(struct arena *arena, str name, const char *kind)
{
	enum { ENDING_SIZE_MAX = 8 };
	struct text text = text_in(arena, ATTACHMENT_NAME_MAX + 1);
	str rest = name;
	for (size_t i = 0; i < name.size; i++)
		if (name.at[i] == '/' || name.at[i] == '\\')
			rest = (str){ name.at + i + 1, name.size - i - 1 };
	size_t dot = rest.size;
	for (size_t i = 1; i < rest.size; i++)
		if (rest.at[i] == '.')
			dot = i;
	if (rest.size - dot <= ENDING_SIZE_MAX)
		rest.size = dot; /* the bytes say what it is, so its own ending goes */
	while (rest.size && text.size < ATTACHMENT_NAME_MAX - ENDING_SIZE_MAX - 4) {
		const char *from = rest.at;
		uint32_t character = str_take_char(&rest);
		if (is_harmless(character))
			text_add(&text, (str){ from, (size_t)(rest.at - from) }); /* one character's bytes */
	}
	str stem = str_trim(text_str(&text));
	while (stem.size && stem.at[0] == '.')
		stem = (str){ stem.at + 1, stem.size - 1 };
	return str_format(arena, "%.*s%s", STR_ARG(stem.size ? stem : S("file")), kind_ending(kind));
}

static err_t attachment_write(const struct op *op, const struct attachment_new *attachment, int64_t *ret_attachment_id)
{
	struct task_case_of_row owner;
	struct attachment_last_row last;
	bool found;
	const char *kind = attachment_kind(attachment->body);
	if (!attachment->body.size)
		return fail(ERR_INPUT, "the file is empty");
	if (attachment->body.size > ATTACHMENT_SIZE_MAX)
		return fail(ERR_INPUT, "the file is larger than %d MB", ATTACHMENT_SIZE_MAX >> 20);
	if (!kind)
		return fail(ERR_INPUT, "the file is neither a PDF, a picture (PNG or JPEG) nor plain text");
	TRY(q_task_case_of(op->db, op->arena, attachment->case_no, &owner, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no case %lld", (long long)attachment->case_no);
	TRY(q_attachment_last(op->db, op->arena, &last, &found));
	struct file_sha256 sha256 = file_sha256(attachment->body);
	*ret_attachment_id = last.attachment_id + 1;
	return q_attachment_insert(op->db, last.attachment_id + 1, attachment->case_no,
		attachment->message_id ? attachment->message_id : INT64_MIN,
		attachment_name(op->arena, attachment->name, kind), str_from_z(kind), str_from_z(sha256.z),
		attachment->author, attachment->now, attachment->body);
}

err_t attachment_store(const struct op *op, const struct attachment_new *attachment, int64_t *ret_attachment_id)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, attachment_write(op, attachment, ret_attachment_id));
}

err_t attachment_list(const struct op *op, int64_t case_no, struct attachment **ret_attachments, size_t *ret_count)
{
	struct attachment_list_row *rows;
	TRY(q_attachment_list(op->db, op->arena, case_no, ATTACHMENT_LIST_MAX, &rows, ret_count));
	*ret_attachments = arena_many(op->arena, *ret_count, struct attachment);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_attachments)[i] = (struct attachment){
			.attachment_id = rows[i].attachment_id,
			.case_no = rows[i].case_id,
			.message_id = rows[i].has_message_id ? rows[i].message_id : 0,
			.size = rows[i].body_size,
			.name = rows[i].name,
			.kind = rows[i].kind,
			.sha256 = rows[i].sha256,
			.author = rows[i].author,
			.sent_at = rows[i].sent_at,
		};
	return OK;
}

err_t attachment_get(const struct op *op, int64_t case_no, int64_t attachment_id, struct attachment *ret_attachment)
{
	struct attachment_get_row row;
	bool found;
	TRY(q_attachment_get(op->db, op->arena, case_no, attachment_id, &row, &found));
	if (!found)
		return fail(ERR_INPUT, "case %lld has no file %lld", (long long)case_no, (long long)attachment_id);
	*ret_attachment = (struct attachment){
		.attachment_id = row.attachment_id,
		.case_no = row.case_id,
		.message_id = row.has_message_id ? row.message_id : 0,
		.size = i64_from_size(row.body.size),
		.name = row.name,
		.kind = row.kind,
		.sha256 = row.sha256,
		.author = row.author,
		.sent_at = row.sent_at,
		.body = row.body,
	};
	return OK;
}
