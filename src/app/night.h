/* The night: everything that is due, day by day, in batches of about a thousand cases, each its own transaction. */
#ifndef KRAVBOK_APP_NIGHT_H
#define KRAVBOK_APP_NIGHT_H

#include "app/op.h"

struct night_failure {
	int64_t case_no;
	str text;
};

struct night_result {
	date first, last;      /* days played; first after last: none */
	int64_t cases, letters, events;
	int64_t missed_days;   /* of a plain night after days without one */
	int64_t warnings;      /* limitation */
	int64_t waiting_letters; /* cases held back because their last letter is not handed over */
	struct night_failure *failures; /* cases left as they were */
	size_t failure_count;
	date stopped_before;   /* the law is not known from this day on; DATE_NONE */
};

/* until: plays each day up to it as itself (letters handed over on their day). DATE_NONE: one plain night for today,
 * which sends and counts from today whatever days were missed. ERR_BUSY when another night is running. A day beyond the
 * law's horizon stops it: what went before is done and stopped_before says where. What it did is kept in night_report. */
err_t night_run(const struct op *op, date until, struct night_result *ret_result) MUST_CHECK;

#endif
