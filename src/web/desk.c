/* The work list: what waits for a person, by the day it must be done; taking, handing over, moving and finishing a task. */
#include "web/desk.h"

#include "html/desk.h"
#include "web/routes.h"

enum { LIST_ROWS = 50, OBJECTION_ROWS = 20 };

str desk_task_path(struct html *h, const struct task_row *task)
{
	if (task->payment_id)
		return html_joined(h, "/desk/payments/%lld", (long long)task->payment_id);
	if (task->case_no)
		return html_joined(h, "/desk/cases/%lld", (long long)task->case_no);
	return html_joined(h, "/desk/tasks/%lld", (long long)task->task_id);
}

bool desk_is_late(const struct web *web, date due_on)
{
	return !date_is_none(due_on) && date_before(due_on, web->op.today);
}

bool desk_is_today(const struct web *web, date due_on)
{
	return !date_is_none(due_on) && date_eq(due_on, web->op.today);
}

/* ---- the list ---- */

static const struct field list_fields[] = {
	{ .name = "owner", .kind = FIELD_TEXT, .label = N_("Whose"), .optional = true },
	{ .name = "kind", .kind = FIELD_TEXT, .label = N_("What"), .optional = true },
	{ .name = "client", .kind = FIELD_NUMBER, .label = N_("Client number"), .optional = true, .min = 1, .max = 999999999 },
	{ .name = "after", .kind = FIELD_TEXT, .label = N_("Place in the list"), .optional = true },
	{ .name = NULL },
};

static struct task_filter list_filter(const struct web *web)
{
	str owner = form_text(&web->form, "owner");
	struct task_filter filter = {
		.owner = str_eq_z(owner, "me") ? TASK_OF_PERSON : str_eq_z(owner, "nobody") ? TASK_OF_NOBODY : TASK_OF_ALL,
		.person_id = web->visitor.person_id,
		.client_no = form_value(&web->form, "client")->number,
		.after = form_text(&web->form, "after"),
		.count = LIST_ROWS,
	};
	filter.of_kind = task_kind_named(form_text(&web->form, "kind"), &filter.kind);
	return filter;
}

/* What is shown above is not shown again below. */
static void rows_without(struct task_page *page, const struct task_page *above)
{
	size_t kept = 0;
	for (size_t i = 0; i < page->count; i++) {
		bool is_above = false;
		for (size_t j = 0; j < above->count; j++)
			is_above = is_above || (page->rows[i].task_id && page->rows[i].task_id == above->rows[j].task_id);
		if (!is_above)
			page->rows[kept++] = page->rows[i];
	}
	page->count = kept;
}

static err_t list_show(struct web *web)
{
	struct desk_list list = { .owner = form_text(&web->form, "owner"), .kind = form_text(&web->form, "kind"),
		.client = form_text(&web->form, "client"), .may_act = (web->visitor.who & WHO_DESK) != 0 };
	struct task_filter filter = list_filter(web);
	TRY(task_list(&web->op, &filter, &list.page));
	if (!filter.of_kind && !filter.after.size) {
		struct task_filter first = filter;
		first.of_kind = true;
		first.kind = TASK_OBJECTION;
		first.count = OBJECTION_ROWS;
		TRY(task_list(&web->op, &first, &list.objections));
		rows_without(&list.page, &list.objections);
	}
	if (list.page.count || list.objections.count)
		web_log_soon(web, (struct web_act){ .act = "see", .detail = str_from_z(web->route->title) });
	html_desk_list(&web->html, web, &list);
	return OK;
}

/* ---- one task ---- */

static const struct field hand_fields[] = {
	{ .name = "to", .kind = FIELD_NUMBER, .label = N_("To whom"), .optional = true, .min = 0, .max = INT64_MAX },
	{ .name = NULL },
};
const struct field desk_due_fields[] = {
	{ .name = "due", .kind = FIELD_DATE, .label = N_("New deadline"), .min = 0, .max = 365 },
	{ .name = NULL },
};
const struct field desk_done_fields[] = {
	{ .name = "outcome", .kind = FIELD_TEXT, .label = N_("What came of it"), .size_max = 200 },
	{ .name = NULL },
};

/* A task through the right to see its case: staff see all; the look is written in the log. */
static bool task_find(struct web *web, struct task_row *ret_task, err_t *ret_err)
{
	*ret_err = task_get(&web->op, web_number(web, "task"), ret_task);
	if (*ret_err && err_kind(*ret_err) == ERR_INPUT) {
		err_free(*ret_err);
		*ret_err = web_missing(web);
		return false;
	}
	return !*ret_err && (!ret_task->case_no || web_case_of(web, ret_task->case_no, ret_err));
}

static err_t task_show(struct web *web)
{
	struct desk_task page = { .may_act = (web->visitor.who & WHO_DESK) != 0 };
	err_t err;
	if (!task_find(web, &page.task, &err))
		return err;
	struct person_list_row *people;
	TRY(q_person_list(web->op.db, web->op.arena, INT64_MIN, &people, &page.person_count));
	page.people = people;
	page.is_mine = page.task.person_id == web->visitor.person_id;
	html_desk_task(&web->html, web, &page);
	return OK;
}

static err_t task_log(struct web *web, const struct task_row *task, const char *act, str detail)
{
	return web_log(web, (struct web_act){ .act = act, .case_no = task->case_no, .client_no = task->client_no,
		.detail = str_format(web->op.arena, "task %lld%s%.*s", (long long)task->task_id, detail.size ? ": " : "",
			STR_ARG(detail)) });
}

static err_t task_changed(struct web *web, const struct task_row *task, err_t err, const char *act, str detail)
{
	if (!err)
		err = task_log(web, task, act, detail);
	return db_end(web->op.db, err);
}

static err_t take(struct web *web)
{
	struct task_row task;
	err_t err;
	if (!task_find(web, &task, &err))
		return err;
	TRY(db_begin(web->op.db));
	TRY(task_changed(web, &task, task_take(&web->op, task.task_id, web->visitor.person_id), "take", S("")));
	return web_redirect(web, "%.*s", STR_ARG(desk_task_path(&web->html, &task)));
}

static err_t hand_over(struct web *web)
{
	struct task_row task;
	err_t err;
	if (!task_find(web, &task, &err))
		return err;
	int64_t to = form_value(&web->form, "to")->number;
	struct person_by_id_row person = { 0 };
	bool found = !to;
	if (to)
		TRY(q_person_by_id(web->op.db, web->op.arena, to, &person, &found));
	if (!found || (to && (person.has_client_no || !person.active ||
			!(str_eq_z(person.role, "handler") || str_eq_z(person.role, "manager"))))) {
		form_wrong(&web->form, "to", T(&web->html, "Choose somebody who works with cases"));
		return web_again(web);
	}
	TRY(db_begin(web->op.db));
	err = task_hand_over(&web->op, (struct task_hand){ .task_id = task.task_id, .from_id = task.person_id, .to_id = to });
	TRY(task_changed(web, &task, err, "hand_over", to ? person.name : S("")));
	return web_redirect(web, "/desk/tasks/%lld", (long long)task.task_id);
}

static err_t move(struct web *web)
{
	struct task_row task;
	err_t err;
	if (!task_find(web, &task, &err))
		return err;
	date due_on = form_value(&web->form, "due")->day;
	TRY(db_begin(web->op.db));
	err = task_set_due(&web->op, task.task_id, web->visitor.person_id, due_on);
	TRY(task_changed(web, &task, err, "set_due", str_from_z(date_iso(due_on).z)));
	return web_redirect(web, "/desk/tasks/%lld", (long long)task.task_id);
}

static err_t finish(struct web *web)
{
	struct task_row task;
	err_t err;
	if (!task_find(web, &task, &err))
		return err;
	str outcome = form_text(&web->form, "outcome");
	TRY(db_begin(web->op.db));
	err = task_finish(&web->op, (struct task_end){ .task_id = task.task_id, .person_id = web->visitor.person_id,
		.outcome = outcome, .now = web->now });
	TRY(task_changed(web, &task, err, "finish", outcome));
	return web_redirect(web, "/desk/tasks/%lld", (long long)task.task_id);
}

const struct route routes_desk[] = {
	{ HTTP_GET, "/desk", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = list_fields, .run = list_show,
		.title = N_("Work list") },
	{ HTTP_GET, "/desk/tasks/{task}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = task_show, .title = N_("Task") },
	{ HTTP_POST, "/desk/tasks/{task}/take", .kind = ROUTE_WRITE, .who = WHO_DESK, .run = take, .again = task_show,
		.title = N_("Take the task") },
	{ HTTP_POST, "/desk/tasks/{task}/hand", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = hand_fields, .run = hand_over,
		.again = task_show, .title = N_("Hand the task over") },
	{ HTTP_POST, "/desk/tasks/{task}/due", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = desk_due_fields, .run = move,
		.again = task_show, .title = N_("Move the deadline") },
	{ HTTP_POST, "/desk/tasks/{task}/done", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = desk_done_fields, .run = finish,
		.again = task_show, .title = N_("Finish the task") },
	{ .method = HTTP_METHOD_COUNT },
};
