/* What a thread of the server has for itself. */
#ifndef KRAVBOK_WEB_WORKER_H
#define KRAVBOK_WEB_WORKER_H

#include "web/sandbox.h"
#include "web/web.h"

struct web_worker {
	struct arena *arena;
	struct web_site *site;
	struct db *db;
	struct sandboxes sandboxes;
};

#endif
