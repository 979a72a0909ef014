/* A wish for more time or instalments, with what it would bring: for the page that shows it before it is agreed to. */
#ifndef KRAVBOK_WEB_MY_ACT_H
#define KRAVBOK_WEB_MY_ACT_H

#include "app/policy.h"
#include "web/my.h"

struct my_wish {
	bool is_plan;
	date until;    /* more time: the last day; a plan: the first instalment's day */
	int64_t parts;
	enum policy_answer answer;
	date answer_on; /* when a handler has answered, at the latest */
	/* when it is granted */
	money fee;     /* of the agreement */
	money heavy;   /* what the collection fee would rise by later, if it is not kept; zero: it cannot */
	const struct life_instalment *instalments;
	size_t instalment_count;
};

#endif
