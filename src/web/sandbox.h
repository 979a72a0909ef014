/* Sandboxes: a client's programs try themselves on a book of their own, with a clock of its own. It is an SQLite file beside the
 * book, <book>-sandbox/<client>.db, made when a test key is first used: the agency, the client with its terms, nothing else. Time
 * passes in it when the program says so (POST /api/v1/sandbox/clock): the nights up to the new day are lived. */
#ifndef KRAVBOK_WEB_SANDBOX_H
#define KRAVBOK_WEB_SANDBOX_H

#include "app/op.h"

enum { SANDBOXES_OPEN_MAX = 4 };
struct sandboxes { /* of one thread: the last used ones stay open */
	struct {
		int64_t client_no, used;
		struct db *db;
	} open[SANDBOXES_OPEN_MAX];
	int64_t use_count;
};

/* The client's sandbox and its day; made when it is not there. main: the real book, with its clock for the first day. */
err_t sandbox_open(struct sandboxes *sandboxes, const struct op *main, int64_t client_no, struct db **ret_db,
	date *ret_today) MUST_CHECK;
void sandbox_close(struct sandboxes *sandboxes);

#endif
