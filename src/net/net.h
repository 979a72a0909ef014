/* Outside services: an HTTP request, a mail handed to a server. What kravbok-net.so offers (base/module.h); the program that
 * uses it does not link libcurl, it asks module_symbol("net", "net_module", …) and calls through this table.
 *
 * What matters to whoever must not send twice is the fate of a call, so that is what comes back, never an error:
 *	answered    the other side has said what it thinks: status
 *	not sent    nothing that could count has reached it: the same may be tried again
 *	uncertain   it may have been taken: nobody has said so
 * Redirects are not followed, proxies of the environment are not used, certificates are verified. */
#ifndef KRAVBOK_NET_NET_H
#define KRAVBOK_NET_NET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

enum net_fate { NET_ANSWERED, NET_NOT_SENT, NET_UNCERTAIN };

struct net_result {
	enum net_fate fate;
	int status;  /* answered: of HTTP, or the last reply of the mail server (250; 4xx, 5xx); else 0 */
	str body;    /* of an HTTP answer, cut at answer_size_max */
	str detail;  /* one line: what the other side said, or why nothing came of it */
};

struct net_http {
	str url;
	bool is_post; /* else GET */
	const str *headers; /* "Content-Type: application/json"; no line breaks (require) */
	size_t header_count;
	str body;            /* of a POST */
	int seconds_max;     /* for the whole; connecting takes at most 10 */
	size_t answer_size_max;
	bool public_only;    /* https, and no address inside a house: loopback, private, link-local (checked after DNS) */
	str ca_file;         /* trusted instead of the system's; empty: the system's */
};

enum net_security {
	NET_TLS,   /* smtps:// from the start, smtp:// by STARTTLS, or nothing is sent */
	NET_PLAIN, /* for a server on the same machine */
};

struct net_mail {
	str url; /* smtp://host:587, smtps://host:465 */
	enum net_security security;
	str ca_file;
	str user, password; /* empty: none */
	str from, to;       /* bare addresses: of the envelope */
	str message;        /* headers and body, CRLF */
	int seconds_max;
};

struct net; /* one thread's */

struct net_module {
	err_t (*start)(struct net **ret_net) MUST_CHECK;
	void (*stop)(struct net *net); /* NULL is fine */
	struct net_result (*http)(struct net *net, struct arena *arena, const struct net_http *request);
	struct net_result (*mail)(struct net *net, struct arena *arena, const struct net_mail *mail);
	/* An IPv4 or IPv6 address as text: may public_only reach it? False for what is no address. */
	bool (*is_public)(const char *address);
};

extern const struct net_module net_module;

#endif
