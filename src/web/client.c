#include "web/client.h"

#include "html/client.h"
#include "sql.h"

enum { TASKS_SHOWN = 20, MESSAGES_SHOWN = 20, CASES_SHOWN = 8 };

static date month_first(date day)
{
	struct civil civil = date_civil(day);
	return date_make(civil.year, civil.month, 1);
}

static err_t money_read(struct web *web, struct client_start *start)
{
	struct portal_due_sum_row waiting;
	struct portal_due_since_row due;
	struct portal_settled_since_row settled;
	struct portal_paid_out_since_row paid_out;
	bool found;
	int64_t client_no = web->visitor.client_no;
	TRY(q_portal_due_sum(web->op.db, web->op.arena, client_no, &waiting, &found));
	TRY(q_portal_due_since(web->op.db, web->op.arena, client_no, start->month_from, &due, &found));
	TRY(q_portal_settled_since(web->op.db, web->op.arena, client_no, start->month_from, &settled, &found));
	TRY(q_portal_paid_out_since(web->op.db, web->op.arena, client_no, start->month_from, &paid_out, &found));
	start->waiting = waiting.amount_minor;
	start->come_in = money_add(due.amount_minor, settled.amount_minor);
	start->paid_out = paid_out.amount_minor;
	return OK;
}

static err_t start_show(struct web *web)
{
	struct client_start start = { .month_from = month_first(web->op.today) };
	struct client_find_row client;
	bool found;
	int64_t client_no = web->visitor.client_no;
	TRY(q_client_find(web->op.db, web->op.arena, client_no, &client, &found));
	if (!found)
		return web_missing(web);
	start.client_name = client.name;
	TRY(money_read(web, &start));
	struct task_filter mine = { .owner = TASK_OF_ALL, .client_no = client_no, .for_client = true, .count = TASKS_SHOWN };
	TRY(task_list(&web->op, &mine, &start.tasks));
	TRY(q_portal_messages_new(web->op.db, web->op.arena, client_no, MESSAGES_SHOWN, &start.messages, &start.message_count));
	struct case_page_order newest = { .filter = CASE_FILTER_ALL, .descending = true, .count = CASES_SHOWN };
	newest.filter.client_no = client_no;
	TRY(case_page(&web->op, &newest, &start.newest));
	html_client_start(&web->html, web, &start);
	return OK;
}

static err_t help_show(struct web *web)
{
	html_client_help(&web->html, web);
	return OK;
}

const struct route routes_client[] = {
	{ HTTP_GET, "/client", .kind = ROUTE_READ, .who = WHO_CLIENT, .run = start_show, .title = N_("Start") },
	{ HTTP_GET, "/help/client", .kind = ROUTE_READ, .who = WHO_ANYONE, .run = help_show, .title = N_("Help for clients") },
	{ .method = HTTP_METHOD_COUNT },
};
