/* What the debtor's pages share: a case as the debtor sees it. */
#ifndef KRAVBOK_WEB_MY_H
#define KRAVBOK_WEB_MY_H

#include "app/case.h"
#include "web/web.h"

struct my_case {
	struct case_view view; /* as it stands today, explained */
	date deadline;         /* of the last letter, when it has one; DATE_NONE */
	bool is_open;          /* neither closed nor joined to another */
	bool may_act;          /* open, and the visitor may act in it */
	str payee, account;
};
/* The case of {case}, through the right to see it. False: answered already, or ret_err. */
bool my_case_open(struct web *web, struct my_case *ret_case, err_t *ret_err);

/* The same for one that something is to be done to: a closed or joined one leads back to its page. */
bool my_case_to_act_on(struct web *web, struct my_case *ret_case, err_t *ret_err);

/* Days on which what is owed is shown, and what would have come by then. */
struct my_day {
	date on;
	money balance;
	bool is_late; /* the law's figures do not reach it */
	money new_costs; /* fees and salær charged between today and then */
};
err_t my_day_of(struct web *web, const struct my_case *my, date on, struct my_day *ret_day) MUST_CHECK;

/* "8000 0000 5150": a long number in fours, so that it can be read and a line can end in it. */
str my_grouped(struct html *h, str number);

/* The path of a page of the case: "/my/cases/17/pay". */
str my_path(struct html *h, int64_t case_no, const char *page);

#endif
