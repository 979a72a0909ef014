/* Files of claims: sent, read without booking anything, decided on. */
#ifndef KRAVBOK_WEB_CLIENT_UPLOAD_H
#define KRAVBOK_WEB_CLIENT_UPLOAD_H

#include "app/upload.h"
#include "web/web.h"

struct client_upload_list {
	struct upload *uploads;
	size_t count;
	int64_t next; /* the page after begins before it; 0: this is the last */
};
struct client_upload_view {
	struct upload upload;
	struct row_finding *findings;
	size_t finding_count;
	int64_t progress; /* claims read so far; 0: not told */
	bool is_working, is_checked, is_done, is_failed, may_write;
};
const char *client_upload_state(str state);       /* N_() */
const char *client_upload_state_color(str state);

#endif
