/* The log of who did what. A look is written soon after it (a reading request never waits for the one writer of the book); an
 * act is written in the transaction of the act itself. */
#ifndef KRAVBOK_WEB_AUDIT_H
#define KRAVBOK_WEB_AUDIT_H

#include "app/op.h"

struct audit_entry {
	int64_t at;
	str actor, actor_name, act, detail; /* copied */
	int64_t case_no, client_no, debtor_id; /* 0: none */
};

/* Inside a transaction. */
err_t audit_write(const struct op *op, const struct audit_entry *entries, size_t count) MUST_CHECK;

/* Entries waiting to be written by a thread of its own, within a tenth of a second or so; what waits is written before
 * audit_queue_close() comes back. An entry that does not fit (the book cannot be written for long) makes the adder wait. */
struct audit_queue;
err_t audit_queue_open(const char *db_url, const struct law *law, struct audit_queue **ret_queue) MUST_CHECK;
void audit_queue_add(struct audit_queue *queue, const struct audit_entry *entry);
void audit_queue_close(struct audit_queue *queue); /* NULL: nothing */

#endif
