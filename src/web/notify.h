/* Tells systemd how the service does (Type=notify). Nothing happens where nobody listens. */
#ifndef KRAVBOK_WEB_NOTIFY_H
#define KRAVBOK_WEB_NOTIFY_H

/* state: "READY=1", "STOPPING=1", "STATUS=…". A lost message is no error: the program goes on. */
void notify_service(const char *state);

#endif
