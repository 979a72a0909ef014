/* A debtor's letters, drawn again as they were sent, and the conversation with the case handler. */
#include "app/attachment.h"
#include "app/case_page.h"
#include "app/letter_one.h"
#include "app/message.h"
#include "html/my_letter.h"
#include "sql.h"
#include "web/my.h"
#include "web/routes.h"

enum { MESSAGES_SHOWN = 20, UPLOAD_SIZE_MAX = ATTACHMENT_SIZE_MAX + 64 * 1024 };

/* ---- letters ---- */

static err_t letters_show(struct web *web)
{
	struct my_case my;
	struct debtor_letters_row *letters;
	size_t count;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	TRY(q_debtor_letters(web->op.db, web->op.arena, my.view.case_no, &letters, &count));
	html_my_letters_of_case(&web->html, web, &my, letters, count);
	return OK;
}

static err_t all_letters_show(struct web *web)
{
	struct case_line *lines;
	size_t count;
	TRY(case_of_debtor(&web->op, web->visitor.debtor_id, &lines, &count));
	html_my_letters_begin(&web->html, web);
	for (size_t i = 0; i < count; i++) {
		struct debtor_letters_row *letters;
		size_t letter_count;
		if (web->visitor.only_case && lines[i].case_no != web->visitor.only_case)
			continue;
		TRY(q_debtor_letters(web->op.db, web->op.arena, lines[i].case_no, &letters, &letter_count));
		html_my_letters_part(&web->html, lines[i].case_no, lines[i].client, letters, letter_count);
	}
	html_my_letters_end(&web->html, web);
	return OK;
}

/* Only what was handed over: a letter that waits, or was withdrawn, was never sent. */
static err_t is_sent(struct web *web, int64_t case_no, int64_t letter_no, bool *ret_is)
{
	struct debtor_letters_row *letters;
	size_t count;
	*ret_is = false;
	TRY(q_debtor_letters(web->op.db, web->op.arena, case_no, &letters, &count));
	for (size_t i = 0; i < count; i++)
		*ret_is = *ret_is || letters[i].letter_no == letter_no;
	return OK;
}

static err_t letter_send(struct web *web)
{
	int64_t case_no, letter_no = web_number(web, "letter");
	struct letter letter;
	bool sent;
	str pdf;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	TRY(is_sent(web, case_no, letter_no, &sent));
	if (!sent)
		return web_missing(web);
	TRY(letter_one(&web->op, case_no, letter_no, &letter));
	TRY(letter_pdf_bytes(&web->op, &letter, &pdf));
	return web_file_shown(web, "application/pdf", pdf, html_joined(&web->html, "case-%lld-%lld.pdf", (long long)case_no,
		(long long)letter_no).at);
}

static err_t receipt_send(struct web *web)
{
	int64_t case_no;
	str pdf;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	TRY(letter_receipt_bytes(&web->op, case_no, &pdf));
	return web_file_shown(web, "application/pdf", pdf, html_joined(&web->html, "receipt-%lld.pdf", (long long)case_no).at);
}

/* ---- messages ---- */

static const struct field message_fields[] = {
	{ .name = "body", .kind = FIELD_LINES, .label = N_("Your message"), .hint = N_("Do not write about health or other "
		"private matters we do not need."), .size_max = 4000, .missing = N_("Write a message") },
	{ .name = "file", .kind = FIELD_FILE, .label = N_("A file"), .hint = N_("PDF, picture or text, up to 10 MB."), .optional = true },
	{ .name = NULL },
};

static err_t messages_show(struct web *web)
{
	struct my_case my;
	struct message *messages;
	size_t count;
	int64_t before = 0;
	str before_text = http_query(web->request, "before");
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	if (before_text.size)
		TRY(parse_i64(before_text, 1, INT64_MAX, &before));
	TRY(message_list(&web->op, (struct message_place){ .case_no = my.view.case_no, .with = MESSAGE_DEBTOR, .before_id = before,
		.count = MESSAGES_SHOWN }, &messages, &count));
	str older = S("");
	if (count == MESSAGES_SHOWN)
		older = html_joined(&web->html, "/my/cases/%lld/messages?before=%lld", (long long)my.view.case_no,
			(long long)messages[count - 1].message_id);
	html_my_messages(&web->html, web, &my, messages, count, older, http_query(web->request, "sent").size > 0);
	return OK;
}

/* Who answers has read what came before. */
static err_t message_write(struct web *web, int64_t case_no)
{
	int64_t message_id, attachment_id;
	const struct http_field *file = form_value(&web->form, "file")->file;
	TRY(message_send(&web->op, &(struct message_new){ .case_no = case_no, .with = MESSAGE_DEBTOR, .author = web->visitor.name,
		.body = form_text(&web->form, "body"), .now = web->now }, &message_id));
	if (file && file->value.size)
		TRY(attachment_store(&web->op, &(struct attachment_new){ .case_no = case_no, .message_id = message_id,
			.name = file->file_name, .body = file->value, .author = web->visitor.name, .now = web->now }, &attachment_id));
	TRY(message_read(&web->op, (struct message_seen){ .case_no = case_no, .with = MESSAGE_DEBTOR, .until_id = message_id,
		.now = web->now }));
	return web_log(web, (struct web_act){ .act = "message", .case_no = case_no, .debtor_id = web->visitor.debtor_id });
}

static err_t message_post(struct web *web)
{
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, message_write(web, case_no)));
	return web_redirect(web, "/my/cases/%lld/messages?sent=yes", (long long)case_no);
}

static err_t message_cases_show(struct web *web)
{
	struct case_line *lines;
	size_t count;
	TRY(case_of_debtor(&web->op, web->visitor.debtor_id, &lines, &count));
	html_my_message_cases_begin(&web->html, web);
	for (size_t i = 0; i < count; i++) {
		int64_t unread;
		if (web->visitor.only_case && lines[i].case_no != web->visitor.only_case)
			continue;
		TRY(message_unread(&web->op, (struct message_seen){ .case_no = lines[i].case_no, .with = MESSAGE_DEBTOR }, &unread));
		html_my_message_case(&web->html, lines[i].case_no, lines[i].client, unread);
	}
	html_my_message_cases_end(&web->html, web);
	return OK;
}

const struct route routes_my_letter[] = {
	{ HTTP_GET, "/my/letters", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = all_letters_show, .title = N_("Letters") },
	{ HTTP_GET, "/my/cases/{case}/letters", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = letters_show, .title = N_("Letters") },
	{ HTTP_GET, "/my/cases/{case}/letters/{letter}", .kind = ROUTE_HEAVY, .who = WHO_DEBTOR, .flags = ROUTE_NO_PAGE,
		.run = letter_send, .title = N_("A letter") },
	{ HTTP_GET, "/my/cases/{case}/receipt", .kind = ROUTE_HEAVY, .who = WHO_DEBTOR, .flags = ROUTE_NO_PAGE, .run = receipt_send,
		.title = N_("Receipt") },
	{ HTTP_GET, "/my/messages", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = message_cases_show, .title = N_("Messages") },
	{ HTTP_GET, "/my/cases/{case}/messages", .kind = ROUTE_READ, .who = WHO_DEBTOR, .fields = message_fields,
		.run = messages_show, .title = N_("Messages") },
	{ HTTP_POST, "/my/cases/{case}/messages", .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .fields = message_fields,
		.body_max = UPLOAD_SIZE_MAX, .run = message_post, .again = messages_show, .title = N_("Messages") },
	{ .method = HTTP_METHOD_COUNT },
};
