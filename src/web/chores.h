/* What a server does between requests, in a thread and over a connection of its own: the search index brought on, messages and
 * webhooks sent, delivery reports read, old sessions swept out. Each is safe to cut short anywhere; another server or
 * `kravbok dispatch send` may do the same at the same time. The night is not among them: it has its own hour (deploy/). */
#ifndef KRAVBOK_WEB_CHORES_H
#define KRAVBOK_WEB_CHORES_H

#include "web/site.h"

struct chores;

/* site lives longer than they do. */
err_t chores_open(const struct web_site *site, struct chores **ret_chores) MUST_CHECK;
/* There is something to do now: a message the reader waits for has been ordered. From any thread; NULL: nothing. */
void chores_wake(struct chores *chores);
void chores_close(struct chores *chores); /* ends the one under way first; NULL: nothing */

#endif
