/* Files that came with a message, an objection or a proof of payment. What a file is, its own bytes say: PDF, PNG, JPEG or
 * plain text in UTF-8; nothing else is taken, whatever its name. Inserted, never changed; got only through its case. */
#ifndef KRAVBOK_APP_ATTACHMENT_H
#define KRAVBOK_APP_ATTACHMENT_H

#include "app/op.h"

enum { ATTACHMENT_SIZE_MAX = 10 << 20, ATTACHMENT_NAME_MAX = 120, ATTACHMENT_LIST_MAX = 200 };

/* "application/pdf", "image/png", "image/jpeg", "text/plain"; NULL: none of these. */
const char *attachment_kind(str bytes);
/* A visitor's file name as it can be shown and sent: without folders, control characters and quotes, at most
 * ATTACHMENT_NAME_MAX bytes, with the ending of its kind. */
str attachment_name(struct arena *arena, str name, const char *kind);

struct attachment_new {
	int64_t case_no;
	int64_t message_id; /* 0: with no message */
	str name, body, author;
	int64_t now;
};
/* ERR_INPUT with one sentence for the visitor: an unknown case, an empty file, one that is too large or of no kind above.
 * Joins the caller's transaction. */
err_t attachment_store(const struct op *op, const struct attachment_new *attachment, int64_t *ret_attachment_id) MUST_CHECK;

struct attachment {
	int64_t attachment_id, case_no, message_id, size;
	str name, kind, sha256, author;
	int64_t sent_at;
	str body; /* attachment_get only */
};
/* Of a case, in order of number, without bodies. */
err_t attachment_list(const struct op *op, int64_t case_no, struct attachment **ret_attachments, size_t *ret_count)
	MUST_CHECK;
/* ERR_INPUT, the same words, when there is none and when it is another case's. */
err_t attachment_get(const struct op *op, int64_t case_no, int64_t attachment_id, struct attachment *ret_attachment)
	MUST_CHECK;

#endif
