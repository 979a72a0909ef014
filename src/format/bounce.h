/* What comes back to the return address of a mail: delivery reports (RFC 3464, 6522). Each mail has a return address of its
 * own, bounce+<dispatch_id>-<mac>@domain, and the same two in its Message-ID, so a report finds its mail by either; whoever
 * trusts one checks the mac. Any bytes are good: what is no report is said to be none. */
#ifndef KRAVBOK_FORMAT_BOUNCE_H
#define KRAVBOK_FORMAT_BOUNCE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { BOUNCE_MAC_SIZE = 16, BOUNCE_SIZE_MAX = 1024 * 1024, BOUNCE_REASON_SIZE_MAX = 200 };

enum bounce_kind {
	BOUNCE_NONE,      /* an automatic answer, a person's mail: no report */
	BOUNCE_FAILED,    /* it will never be delivered */
	BOUNCE_DELAYED,   /* the server still tries */
	BOUNCE_DELIVERED, /* delivered, relayed or expanded */
	BOUNCE_UNCLEAR,   /* a mail server has something to say, in no form we know */
};
const char *bounce_kind_name(enum bounce_kind kind); /* "none", "failed" … */

struct bounce {
	enum bounce_kind kind;
	int64_t dispatch_id; /* 0: not found */
	str mac;             /* BOUNCE_MAC_SIZE hexadecimal digits, lower case; empty: not found */
	str status;          /* "5.1.1"; empty */
	str reason;          /* printable ASCII, one line; may be empty */
};

/* message: headers and body; what is beyond BOUNCE_SIZE_MAX is not read. */
struct bounce bounce_read(struct arena *arena, str message);

/* The local part of a return address, and the Message-ID's. */
str bounce_local(struct arena *arena, int64_t dispatch_id, str mac);      /* "bounce+17-0123456789abcdef" */
str bounce_message_id(struct arena *arena, int64_t dispatch_id, str mac); /* "kravbok-17-0123456789abcdef" */

#endif
