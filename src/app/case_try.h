/* What an act would do, found out by doing it and taking it back: the same code, the same refusals, the same letter. */
#ifndef KRAVBOK_APP_CASE_TRY_H
#define KRAVBOK_APP_CASE_TRY_H

#include "app/case.h"
#include "core/letter.h"

struct case_trial {
	struct case_view before, after; /* as of today */
	struct case_act_result result;
	/* Events that would be booked by it, in order; into after.life.events. */
	const struct life_event **added;
	size_t added_count;
	struct case_view ahead; /* what follows when nothing is paid: events after today. has_ahead false: the law is not known */
	bool has_ahead;
	struct letter letter;   /* the first letter it orders */
	bool has_letter;
	const char *letter_refusal; /* why that letter could not be made; NULL */
};
/* Errors of case_act(). Takes the book's one writer for as long as it lasts; nothing is left. Not inside a transaction. */
err_t case_try(const struct op *op, const struct case_act *act, struct case_trial *ret_trial) MUST_CHECK;

#endif
