/* What a visitor is told when something is not as it should be: the same sentence on a page and in the API's problem
 * (RFC 9457). Nothing of the inside is shown; a reference leads to the log. */
#ifndef KRAVBOK_WEB_PROBLEM_H
#define KRAVBOK_WEB_PROBLEM_H

#include "web/web.h"

struct problem {
	int status;
	const char *sentence;    /* N_(); NULL: the status's own */
	str text;                /* in the visitor's language already; empty: sentence */
	const struct form *form; /* its fields' errors; NULL */
};
err_t problem_answer(struct web *web, struct problem problem) MUST_CHECK;
/* Without templates or anything that can fail. */
void problem_plain(struct web *web, int status);

#endif
