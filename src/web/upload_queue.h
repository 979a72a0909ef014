/* The thread that reads uploaded files of claims, one after another, while pages are answered. It looks when it is woken and when
 * the server starts, so what was under way when the program died goes on. */
#ifndef KRAVBOK_WEB_UPLOAD_QUEUE_H
#define KRAVBOK_WEB_UPLOAD_QUEUE_H

#include "web/web.h"

struct upload_queue;

/* site must live longer. */
err_t upload_queue_open(const struct web_site *site, struct upload_queue **ret_queue) MUST_CHECK;
void upload_queue_close(struct upload_queue *queue); /* waits for the file being read; NULL is fine */
void upload_queue_wake(struct upload_queue *queue);
/* Claims read so far of the file being worked on; 0: none, or it is another server's. */
int64_t upload_queue_progress(struct upload_queue *queue);

#endif
