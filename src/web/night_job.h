/* A night run from a page: in a thread of its own, with its own connection to the book; one at a time. */
#ifndef KRAVBOK_WEB_NIGHT_JOB_H
#define KRAVBOK_WEB_NIGHT_JOB_H

#include "app/op.h"

#include <stdint.h>

struct night_job;

enum { NIGHT_JOB_TEXT_MAX = 300 };
struct night_job_state {
	bool is_running, has_run; /* has_run: one has ended since the server started */
	char by[NIGHT_JOB_TEXT_MAX];
	int64_t started_at, ended_at;
	int64_t case_count;       /* gone through so far */
	char day[12];             /* being played */
	char error[NIGHT_JOB_TEXT_MAX]; /* of the last one; empty: it went well */
};

void night_job_open(struct arena *arena, const char *db_url, const struct law *law, struct night_job **ret_job); /* in arena */
struct night_job_order {
	date today;
	str user, name; /* "person 2", "Marit Leder" */
	int64_t now;
	int64_t (*clock)(void);
};
/* ERR_REFUSED, naming who started it, when one is running. */
err_t night_job_start(struct night_job *job, const struct night_job_order *order) MUST_CHECK;
struct night_job_state night_job_look(struct night_job *job);
void night_job_close(struct night_job *job); /* waits for the one under way; NULL: nothing */

#endif
