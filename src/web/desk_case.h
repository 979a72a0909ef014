/* What the pages of cases at the desk show. */
#ifndef KRAVBOK_WEB_DESK_CASE_H
#define KRAVBOK_WEB_DESK_CASE_H

#include "app/attachment.h"
#include "app/case_page.h"
#include "app/message.h"
#include "app/note.h"
#include "app/task.h"
#include "sql.h"
#include "web/desk_act.h"
#include "web/web.h"

struct desk_cases {
	struct case_page page;
	str previous, next; /* the same list at another place, as queries; empty: there is none */
	str q, stage, client, outcome, sort;
	bool is_narrowed; /* by a range a figure's link brought */
};

enum desk_part { DESK_OVERVIEW, DESK_BALANCE, DESK_LETTERS, DESK_MESSAGES, DESK_NOTES, DESK_LOG };

struct desk_case {
	enum desk_part part;
	struct case_view view;
	struct case_detail_row detail;
	struct case_view ahead; /* what will happen if nothing is paid; its events after today */
	bool has_ahead;
	struct task_row *tasks; /* open ones */
	size_t task_count;
	struct desk_letters_row *letters;
	size_t letter_count;
	int64_t unread;   /* messages of the debtor and the client we have not seen */
	bool may_act;
	const struct desk_act *did; /* what has just been done; NULL */
	str objection;    /* the debtor's own words */
};

struct desk_messages {
	struct desk_case head;
	enum message_party with;
	struct message *messages;
	size_t count;
	bool has_more;
	struct attachment *files;
	size_t file_count;
};
struct desk_notes {
	struct desk_case head;
	struct note *notes;
	size_t count;
	bool has_more;
};
struct desk_log {
	struct desk_case head;
	struct desk_log_case_row *rows;
	size_t count, page_rows;
};

/* The head of every page of a case. ret_err as web_case(). */
bool desk_case_open(struct web *web, enum desk_part part, struct desk_case *ret_case, err_t *ret_err);

str desk_case_path(struct html *h, const struct desk_case *page, const char *part); /* "/letters"; "" */

#endif
