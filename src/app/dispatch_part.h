/* Shared by the files of dispatch. Nobody else includes this. */
#ifndef KRAVBOK_APP_DISPATCH_PART_H
#define KRAVBOK_APP_DISPATCH_PART_H

#include "app/dispatch.h"

/* "+4790000000" or an e-mail address as it is sent to; ERR_INPUT when it is none. */
err_t dispatch_address(struct arena *arena, enum letter_channel channel, str given, str *ret_address) MUST_CHECK;

/* A task for a handler, due on the next banking day: what came back and why. Inside a transaction. */
err_t dispatch_returned(const struct op *op, int64_t case_no, str detail, int64_t now) MUST_CHECK;

/* The address is dead: the task, and the debtor is written to on paper only. Inside a transaction. */
struct dispatch_dead {
	int64_t case_no;
	bool of_letter; /* not of a one-time code */
	str channel, address, detail;
};
err_t dispatch_dead(const struct op *op, const struct dispatch_dead *dead, int64_t now) MUST_CHECK;

/* What a keyed sum in a message's return and report addresses is made with. */
#define DISPATCH_PURPOSE "dispatch"

#endif
