/* What the pages of the work list and of its tasks show. */
#ifndef KRAVBOK_WEB_DESK_H
#define KRAVBOK_WEB_DESK_H

#include "app/task.h"
#include "sql.h"
#include "web/web.h"

struct desk_list {
	struct task_page objections; /* shown first; only on the first page of everything */
	struct task_page page;
	str owner, kind, client; /* as asked for */
	bool may_act;
};

struct desk_task {
	struct task_row task;
	const struct person_list_row *people; /* the house's, to hand over to */
	size_t person_count;
	bool may_act, is_mine;
};
extern const struct field desk_due_fields[], desk_done_fields[];

/* Where the work of a task is done: its case, its payment, or its own page. */
str desk_task_path(struct html *h, const struct task_row *task);
/* "late", "today", "" for the tag beside a date. */
bool desk_is_late(const struct web *web, date due_on);
bool desk_is_today(const struct web *web, date due_on);

#endif
