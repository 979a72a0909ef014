/* A client's users, its keys and its webhooks: the pages of its administrators. */
#ifndef KRAVBOK_WEB_CLIENT_USER_H
#define KRAVBOK_WEB_CLIENT_USER_H

#include "app/api_key.h"
#include "app/client_user.h"
#include "app/webhook.h"
#include "web/web.h"

struct client_user_list {
	struct client_user *users;
	size_t count;
};
struct client_invitation {
	str name, link; /* shown once */
	int days;       /* that it is good for */
};

struct client_key_list {
	struct api_key *keys;
	size_t key_count;
	struct webhook_row *webhooks;
	size_t webhook_count;
};
struct client_webhook_view {
	struct webhook_row webhook;
	struct webhook_delivery *deliveries;
	size_t delivery_count;
	int64_t next; /* the page after begins before it; 0: this is the last */
};
struct client_secret { /* shown once */
	const char *title, *lead; /* N_() */
	str name, secret;
};

#endif
