/* The demo's desk: what lies on it the morning after the year, so that no page is empty. Nothing of it changes what a case
 * owes or where it stands. */
#ifndef KRAVBOK_APP_DEMO_DESK_H
#define KRAVBOK_APP_DEMO_DESK_H

#include "app/op.h"

/* Policies of some clients, questions and answers, notes, a file, tasks of the kinds that do not come by themselves; and the
 * index for searching. op's today is the demo's last day. The same in every run. */
err_t demo_desk_fill(const struct op *op) MUST_CHECK;

#endif
