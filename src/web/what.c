/* "What is debt collection?": an imagined claim, lived through by the engine. */
#include "app/imagine.h"
#include "html/what.h"
#include "web/routes.h"

enum { DUE_DAYS_BACK = 3650, DUE_DAYS_AHEAD = 60, EXAMPLE_KRONER = 1500 };

static const struct field what_fields[] = {
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("Amount of the invoice") },
	{ .name = "due", .kind = FIELD_DATE, .label = N_("Due date"), .min = -DUE_DAYS_BACK, .max = DUE_DAYS_AHEAD },
	{ .name = NULL },
};

/* Before anything is typed: an example that can be read to its end within the law's figures. */
static void example_fill(struct web *web, struct imagined_claim *claim)
{
	claim->amount = money_of(EXAMPLE_KRONER * 100);
	claim->due_on = date_add_months(web->op.today, -6);
	form_fill(&web->form, "amount", str_format(web->op.arena, "%s", money_norwegian(claim->amount).z));
	form_fill(&web->form, "due", html_short_day(&web->html, claim->due_on));
}

static err_t what_show(struct web *web)
{
	struct imagined_claim claim = { .amount = MONEY_ZERO, .due_on = DATE_NONE };
	struct imagined_life life;
	if (!web->form.was_sent) {
		example_fill(web, &claim);
	} else {
		claim.amount = form_value(&web->form, "amount")->amount;
		claim.due_on = form_value(&web->form, "due")->day;
	}
	if (web->form.error_count) {
		html_what(&web->html, web, NULL, claim.amount, claim.due_on);
		return OK;
	}
	err_t err = imagine_life(web->op.arena, web->op.law, &claim, &life);
	if (err && err_kind(err) != ERR_INPUT && err_kind(err) != ERR_REFUSED)
		return err;
	if (err) {
		web->form.error = str_copy(web->op.arena, str_from_z(err_text(err)));
		err_free(err);
		html_what(&web->html, web, NULL, claim.amount, claim.due_on);
		return OK;
	}
	html_what(&web->html, web, &life, claim.amount, claim.due_on);
	return OK;
}

const struct route routes_what[] = {
	{ HTTP_GET, "/what-is-debt-collection", .kind = ROUTE_READ, .who = WHO_ANYONE, .fields = what_fields, .run = what_show,
		.title = N_("What is debt collection?") },
	{ .method = HTTP_METHOD_COUNT },
};
