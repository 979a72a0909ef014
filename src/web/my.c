/* My page: what I owe, to whom and why, and how to pay it. Every figure is the engine's: shown as of today, or run forward. */
#include "web/my.h"

#include "app/case_page.h"
#include "html/my.h"
#include "web/routes.h"

enum { PAY_DAYS = 3 };

/* ---- shared ---- */

str my_path(struct html *h, int64_t case_no, const char *page)
{
	return html_joined(h, "/my/cases/%lld%s", (long long)case_no, page);
}

str my_grouped(struct html *h, str number)
{
	struct text text = text_in(h->arena, 2 * number.size + 1);
	for (size_t i = 0; i < number.size; i++) {
		if (i && i % 4 == 0)
			text_add_char(&text, ' ');
		text_add_char(&text, number.at[i]);
	}
	return text_str(&text);
}

static date last_deadline(const struct life_case *life)
{
	date deadline = DATE_NONE;
	for (size_t i = 0; i < life->event_count; i++)
		if (event_is_letter(life->events[i].kind))
			deadline = life->events[i].deadline;
	return deadline;
}

static err_t case_load(struct web *web, int64_t case_no, struct my_case *my)
{
	TRY(case_show(&web->op, (struct case_question){ .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE }, &my->view));
	const struct life_case *life = &my->view.life;
	my->is_open = !life->carrier_no && life->stage != STAGE_CLOSED && life->stage != STAGE_WITHDRAWN;
	my->may_act = my->is_open && web->visitor.may_act;
	my->deadline = last_deadline(life);
	my->payee = web->site->agency.name;
	my->account = web->site->agency.account;
	return OK;
}

bool my_case_open(struct web *web, struct my_case *ret_case, err_t *ret_err)
{
	int64_t case_no;
	if (!web_case(web, &case_no, ret_err))
		return false;
	*ret_err = case_load(web, case_no, ret_case);
	return !*ret_err;
}

bool my_case_to_act_on(struct web *web, struct my_case *ret_case, err_t *ret_err)
{
	if (!my_case_open(web, ret_case, ret_err))
		return false;
	if (!ret_case->may_act)
		*ret_err = web_redirect(web, "/my/cases/%lld", (long long)ret_case->view.case_no);
	return ret_case->may_act;
}

static bool is_cost(const struct life_event *event)
{
	return event->kind != EVENT_PRINCIPAL && entry_owed(&event->entry).minor > 0 && event->kind != EVENT_REVERSAL &&
		event->kind != EVENT_JOIN;
}

err_t my_day_of(struct web *web, const struct my_case *my, date on, struct my_day *ret_day)
{
	struct case_view then;
	*ret_day = (struct my_day){ .on = on, .is_late = date_after(on, law_horizon(web->op.law)) };
	if (ret_day->is_late)
		return OK;
	TRY(case_preview(&web->op, (struct case_preview){ .case_no = my->view.case_no, .until = on }, &then));
	ret_day->balance = then.life.balance;
	for (size_t i = 0; i < then.life.event_count; i++)
		if (date_after(then.life.events[i].on, web->op.today) && is_cost(&then.life.events[i]))
			ret_day->new_costs = money_add(ret_day->new_costs, entry_owed(&then.life.events[i].entry));
	return OK;
}

/* ---- pages ---- */

static err_t my_show(struct web *web)
{
	struct case_line *lines;
	size_t count, shown = 0, open_count = 0;
	money owed = MONEY_ZERO;
	TRY(case_of_debtor(&web->op, web->visitor.debtor_id, &lines, &count));
	for (size_t i = 0; i < count; i++) {
		if (web->visitor.only_case && lines[i].case_no != web->visitor.only_case)
			continue;
		lines[shown] = lines[i];
		owed = money_add(owed, lines[shown].balance);
		open_count += !date_is_none(lines[shown].next_on) || lines[shown].balance.minor > 0;
		shown++;
	}
	web_log_soon(web, (struct web_act){ .act = "see", .debtor_id = web->visitor.debtor_id, .detail = str_from_z(web->route->title) });
	html_my(&web->html, web, lines, shown, owed, open_count);
	return OK;
}

static err_t case_page_show(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	html_my_case(&web->html, web, &my);
	return OK;
}

static err_t pay_show(struct web *web)
{
	static const int days_ahead[PAY_DAYS] = { 7, 14, 30 };
	struct my_case my;
	struct my_day days[PAY_DAYS];
	size_t count = 0;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	for (size_t i = 0; i < PAY_DAYS && my.is_open; i++) {
		TRY(my_day_of(web, &my, date_add(web->op.today, days_ahead[i]), &days[count]));
		count += !days[count].is_late;
	}
	html_my_pay(&web->html, web, &my, days, count);
	return OK;
}

static err_t why_show(struct web *web)
{
	struct my_case my;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	html_my_why(&web->html, web, &my);
	return OK;
}

static const struct field later_fields[] = {
	{ .name = "on", .kind = FIELD_DATE, .label = N_("The day you would pay"), .min = 0, .max = 365 },
	{ .name = NULL },
};

static err_t later_show(struct web *web)
{
	struct my_case my;
	struct my_day day = { .on = DATE_NONE };
	struct case_view later;
	err_t err;
	if (!my_case_open(web, &my, &err))
		return err;
	if (!my.is_open)
		return web_redirect(web, "/my/cases/%lld", (long long)my.view.case_no);
	if (web->form.was_sent && !web->form.error_count) {
		TRY(my_day_of(web, &my, form_value(&web->form, "on")->day, &day));
		if (day.is_late) {
			form_wrong(&web->form, "on", T(&web->html, "The law's figures are known until {0}: choose an earlier day",
				html_day(&web->html, law_horizon(web->op.law))));
			day.on = DATE_NONE;
		}
	}
	TRY(case_preview(&web->op, (struct case_preview){ .case_no = my.view.case_no, .until = DATE_NONE }, &later));
	html_my_later(&web->html, web, &my, &day, &later);
	return OK;
}

const struct route routes_my[] = {
	{ HTTP_GET, "/my", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = my_show, .title = N_("What I owe") },
	{ HTTP_GET, "/my/cases/{case}", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = case_page_show, .title = N_("My case") },
	{ HTTP_GET, "/my/cases/{case}/pay", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = pay_show, .title = N_("Pay") },
	{ HTTP_GET, "/my/cases/{case}/why", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = why_show, .title = N_("Why this amount?") },
	{ HTTP_GET, "/my/cases/{case}/later", .kind = ROUTE_READ, .who = WHO_DEBTOR, .fields = later_fields, .run = later_show,
		.title = N_("If I pay later") },
	{ .method = HTTP_METHOD_COUNT },
};
