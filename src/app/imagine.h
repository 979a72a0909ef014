/* A claim nobody has: what the law and our process would make of an amount and a due date if nothing were paid. For the page
 * that explains debt collection. The same replay as of real cases (core/life.h), so its figures are the law's. */
#ifndef KRAVBOK_APP_IMAGINE_H
#define KRAVBOK_APP_IMAGINE_H

#include "core/law.h"
#include "core/life.h"

struct imagined_claim {
	money amount; /* > 0 */
	date due_on;
	bool business; /* the debtor is not a consumer */
};
struct imagined_step {
	enum event_kind kind;
	date on, deadline; /* deadline DATE_NONE: none */
	money charged;     /* fees and salær that came with it */
	money interest;    /* so far */
	money owed;        /* at the end of the day */
	const char *basis;
};
enum { IMAGINED_STEPS_MAX = 12 };
struct imagined_life {
	struct imagined_step steps[IMAGINED_STEPS_MAX];
	size_t step_count;
	date law_ends; /* the law is not known further: later steps are not shown; DATE_NONE: all are */
};
/* ERR_INPUT when the due date is before the law begins or after its last day. */
err_t imagine_life(struct arena *arena, const struct law *law, const struct imagined_claim *claim,
	struct imagined_life *ret_life) MUST_CHECK;

#endif
