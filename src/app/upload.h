/* Files of claims that clients upload: kept in the book, read first without booking anything, then taken in when the client says
 * so. The work is done one file at a time by upload_work(), which a server calls in the background; what it was doing when the
 * program died it does again, and the same claims are never taken in twice (app/intake.h).
 *
 *	waiting → checking → checked → ordered → taking → done        failed: the file as a whole cannot be read, or was dropped
 *
 * A file ordered whole in which something is wrong by then goes back to checked, with nothing booked. */
#ifndef KRAVBOK_APP_UPLOAD_H
#define KRAVBOK_APP_UPLOAD_H

#include "app/intake.h"

enum { UPLOAD_SIZE_MAX = INTAKE_BYTES_MAX, UPLOAD_PAGE_MAX = 100 };

struct upload_new {
	int64_t client_no;
	str name, body, language; /* "nb", "en": of what is found wrong */
	int64_t now;
};
/* ERR_INPUT for an empty file, one that is too large, or one that has been taken in before. Joins the caller's transaction. */
err_t upload_store(const struct op *op, const struct upload_new *upload, int64_t *ret_upload_id) MUST_CHECK;

struct upload {
	int64_t upload_id;
	str name, state, detail, created_by;
	int64_t size;
	bool good_only;
	int64_t accepted, already, credited, rejected; /* checked: what would be */
	money charged; /* of the dry run: to the debtors within a year if nobody pays */
	int64_t created_at, ended_at; /* ended_at 0: not yet */
};
/* ret_found false: there is none of that client's. */
err_t upload_get(const struct op *op, int64_t client_no, int64_t upload_id, struct upload *ret_upload, bool *ret_found) MUST_CHECK;
/* The newest first, those before a number (0: from the newest). */
struct upload_place {
	int64_t client_no, before_id;
	size_t count;
};
err_t upload_list(const struct op *op, struct upload_place place, struct upload **ret_uploads, size_t *ret_count) MUST_CHECK;
err_t upload_findings(const struct op *op, int64_t upload_id, int64_t after_no, size_t count, struct row_finding **ret_findings,
	size_t *ret_count) MUST_CHECK;
err_t upload_bad_rows(const struct op *op, int64_t upload_id, str *ret_bytes) MUST_CHECK;

/* Taken in: the rows without findings only, or all when there are none. ERR_REFUSED unless it is checked. Joins the caller's
 * transaction, as upload_drop(). */
err_t upload_order(const struct op *op, int64_t client_no, int64_t upload_id, bool good_only) MUST_CHECK;
err_t upload_drop(const struct op *op, int64_t client_no, int64_t upload_id, int64_t now) MUST_CHECK;

/* Does what is next, one file, on its own transactions; ret_upload_id 0: there was nothing. speak is called with the language of
 * the file before it is read (NULL: not). ERR_BUSY: somebody else is at it. */
struct upload_worker {
	int64_t now;
	void (*speak)(str language, void *context);
	void *context;
};
err_t upload_work(const struct op *op, const struct upload_worker *worker, int64_t *ret_upload_id) MUST_CHECK;

#endif
