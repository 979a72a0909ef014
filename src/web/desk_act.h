/* Acts on a case: a table of what a person may do, from which their pages, their keys and their checks come. */
#ifndef KRAVBOK_WEB_DESK_ACT_H
#define KRAVBOK_WEB_DESK_ACT_H

#include "app/case_try.h"
#include "web/web.h"

struct desk_act {
	const char *name;  /* of its page: /desk/cases/17/object */
	enum case_act_kind kind;
	const char *key;   /* on the keyboard */
	const char *label; /* N_(): "Register an objection" */
	const char *about; /* N_(): what it is for, a sentence or two */
	const char *done;  /* N_(): said when it is done */
	bool is_final;     /* cannot be taken back: an interruption before it */
};
extern const struct desk_act desk_acts[];
extern const size_t desk_act_count;

/* It may be done where the case stands; what the act itself finds out is told by its check. */
bool desk_act_fits(const struct desk_act *act, const struct life_case *life);
const struct desk_act *desk_act_named(str name); /* NULL: none */
/* The paragraph it stands on; "" when it stands on the agreement with the client alone. */
const char *desk_act_rule(const struct desk_act *act, const struct law *law);

struct desk_trial {
	const struct desk_act *act;
	struct case_trial trial;
	bool needs_other; /* another person must agree (four eyes) */
	str letter_refusal;
};

#endif
