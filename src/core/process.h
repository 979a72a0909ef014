/* The process of a case: which step comes next, on which day, and what it does. Used by life.c only.
 * The table of steps is law (law/no/processes.yaml); here is how it is walked. */
#ifndef KRAVBOK_CORE_PROCESS_H
#define KRAVBOK_CORE_PROCESS_H

#include "core/track.h"

struct process_run { /* what a step may look at beside its own track */
	struct track *tracks;
	size_t track_count;
	const struct night_gap *gaps;
	size_t gap_count;
	const struct fact *facts; /* for letters withdrawn before they were handed over */
	size_t fact_count;
};

/* Sets the first step: after the letters the creditor has sent itself, if any. */
void process_start(struct track *track);

/* The day the next automatic step runs, not before floor: banking days, receipt, gaps between nights and pauses
 * considered. DATE_NONE: nothing but a person moves the case. */
date process_run_day(const struct process_run *run, const struct track *track, date floor);

/* Takes every step that runs on day. */
void process_steps(const struct process_run *run, struct track *track, date day);

/* Principal is too small for fees and steps: below least_principal, or half the original if that is smaller. */
bool process_is_residual(const struct track *track);
/* Called after a day's payments: enters or leaves the residual state. */
void process_residual_check(struct track *track, date day);

/* A pause of any kind begins or ends; waits move by its length, the next step is the day after at the earliest. */
void process_pause(struct track *track, date day);
void process_resume(struct track *track, date day);

/* A demand ordered by a person after the six months of inkassoloven § 11: free of charge. */
void process_demand_again(struct track *track, date day);

/* A letter ordered on day and handed over later is sent that later day: its deadline counts from it, and what follows the
 * deadline waits. Looked up when it is ordered, so that no step can slip in while it lies waiting. */
void process_letters_handed(const struct process_run *run, struct track *track, date day);

/* Registers a letter sent on day; its printed balance is filled at the end of the day. */
void process_letter_add(struct track *track, date day, date deadline);

int process_grace(const struct track *track);
const struct law_process_step *process_next_step(const struct track *track); /* NULL: past the last */

#endif
