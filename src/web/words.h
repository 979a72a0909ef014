/* Words for what the engine calls by name: stages, steps, events, tasks. English sentences for T(); for the pages of staff and
 * clients, who know the trade's own terms (docs/glossary.md). */
#ifndef KRAVBOK_WEB_WORDS_H
#define KRAVBOK_WEB_WORDS_H

#include "app/approval.h"
#include "app/task.h"
#include "core/life.h"

const char *words_stage(str stage);       /* a name not known is shown as it is */
const char *words_stage_color(str stage); /* data-color of its tag */
const char *words_step(str step);         /* the next action */
const char *words_event(enum event_kind kind);
const char *words_event_color(enum event_kind kind);
const char *words_task(enum task_kind kind);
const char *words_letter(str kind);
const char *words_role(str role);
const char *words_approval(enum approval_kind kind);

#endif
