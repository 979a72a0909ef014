/* What a client does to a case: each act is a form, a page that shows what it would bring, and a receipt. */
#ifndef KRAVBOK_WEB_CLIENT_ACT_H
#define KRAVBOK_WEB_CLIENT_ACT_H

#include "app/case_history.h"
#include "app/case_try.h"
#include "web/web.h"

struct client_act {
	const char *word;            /* of its path: "pay-direct" */
	enum case_act_kind kind;
	const char *title, *lead;    /* N_() */
	const char *button, *done;   /* N_() */
	const char *log;             /* in the log of who did what */
};

struct client_act_view {
	const struct client_act *act;
	struct case_view now;
	int64_t case_no;
	str path; /* /client/cases/17/pay-direct */
	struct case_trial trial;    /* on the page that checks */
	money to_client;            /* that the act itself moves */
	struct case_moment *coming; /* what follows after it */
	size_t coming_count;
};

#endif
