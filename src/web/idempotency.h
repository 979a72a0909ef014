/* A POST by a program is done once, however often it is sent: the header Idempotency-Key names it. The answer is stored in the
 * same transaction as what it did, so no crash can come between; for 30 days the same key and body get the same answer,
 * another body 422, and one that is still under way 409. An answer that refused (4xx) changed nothing and is not kept. */
#ifndef KRAVBOK_WEB_IDEMPOTENCY_H
#define KRAVBOK_WEB_IDEMPOTENCY_H

#include "web/web.h"

/* Runs run(web) so. The request's visitor is a key. */
err_t idempotency_run(struct web *web, err_t (*run)(struct web *web)) MUST_CHECK;

#endif
