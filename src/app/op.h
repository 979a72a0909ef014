/* An operation: what every use case is handed. The clock is read by main.c alone; today comes in here. */
#ifndef KRAVBOK_APP_OP_H
#define KRAVBOK_APP_OP_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "core/law.h"
#include "store/db.h"

/* What is told on the way: progress for a person who waits (never part of the result). */
typedef void (*op_progress_fn)(const char *what, int64_t done, int64_t total, void *context);

struct op {
	struct db *db;
	const struct law *law;
	struct arena *arena; /* of the whole command */
	date today;          /* the booking day */
	str user;            /* who does it, for the log */
	op_progress_fn progress; /* NULL: quiet */
	void *progress_context;
};

static inline void op_progress(const struct op *op, const char *what, int64_t done, int64_t total)
{
	if (op->progress)
		op->progress(what, done, total, op->progress_context);
}

#endif
