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

/* A use case that writes begins a transaction, or joins the one its caller has begun, so that several make one whole. What
 * has joined leaves the end to the caller, who must roll back after any error:
 *
 *	bool joined;
 *	TRY(op_begin(op, &joined));
 *	return op_end(op, joined, thing_write(op, …)); */
static inline err_t MUST_CHECK op_begin(const struct op *op, bool *ret_joined)
{
	*ret_joined = db_in_transaction(op->db);
	return *ret_joined ? OK : db_begin(op->db);
}

static inline err_t MUST_CHECK op_end(const struct op *op, bool joined, err_t err)
{
	return joined ? err : db_end(op->db, err);
}

static inline void op_progress(const struct op *op, const char *what, int64_t done, int64_t total)
{
	if (op->progress)
		op->progress(what, done, total, op->progress_context);
}

#endif
