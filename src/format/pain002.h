/* pain.002: what the bank says about our own payment orders (pain.001). Match by message, then batch, then order: a line
 * with an empty end_to_end speaks about the whole batch, with an empty batch_id too about the whole message.
 *
 * Part of the module "xml" (format/xml_module.h). */
#ifndef KRAVBOK_FORMAT_PAIN002_H
#define KRAVBOK_FORMAT_PAIN002_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

/* One status. The texts are good only during the call; "" where the file says nothing. */
struct pain002_status {
	str message_id;  /* OrgnlMsgId: our MsgId */
	str batch_id;    /* OrgnlPmtInfId */
	str end_to_end;  /* OrgnlEndToEndId */
	str status;      /* ACTC, ACCP, ACSP, ACSC, ACWC, PDNG, PART, RJCT … */
	bool is_rejected; /* RJCT */
	str reason_code; /* AC04, NARR … */
	str reason_text;
};
typedef err_t (*pain002_fn)(const struct pain002_status *status, void *context);

/* Delivers each status there is, in file order: of the message, its batches, their orders. A group without a status of its
 * own (look below) is not delivered. Checks the whole file before the first delivery; each NULL only checks.
 * Versions 001.03 to 001.10. ERR_INPUT for another message, a file without the original message's id, or without any
 * status. arena: up to 1 MiB, given back at the end. */
err_t pain002_read(str bytes, struct arena *arena, pain002_fn each, void *context) MUST_CHECK;

#endif
