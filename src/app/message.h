/* The conversation about a case: between its debtor and us, and between its client and us. The two are kept apart: what a
 * debtor writes is not shown to the client, nor the other way. Inserted; only read_at is set later. */
#ifndef KRAVBOK_APP_MESSAGE_H
#define KRAVBOK_APP_MESSAGE_H

#include "app/op.h"

enum message_party { MESSAGE_DEBTOR, MESSAGE_CLIENT };
const char *message_party_name(enum message_party party); /* debtor, client */

enum { MESSAGE_SIZE_MAX = 10000, MESSAGE_PAGE_MAX = 200 };

struct message_new {
	int64_t case_no;
	enum message_party with;
	bool from_us;
	bool answers; /* from us: settles the open question of the case */
	str author;   /* as the other side sees it: "Kari Nordmann" */
	str body;
	int64_t now;
};
/* What the other side writes opens a task (question, due in five working days) unless one is open in the case. ERR_INPUT
 * for an unknown case, an empty body or one over MESSAGE_SIZE_MAX bytes. Joins the caller's transaction. */
err_t message_send(const struct op *op, const struct message_new *message, int64_t *ret_message_id) MUST_CHECK;

struct message {
	int64_t message_id, case_no;
	enum message_party with;
	bool from_us;
	str author, body;
	int64_t sent_at, read_at; /* read_at 0: not yet, by the side it was sent to */
};
/* Of one conversation, newest first: those before a number (0: from the newest), at most count. */
struct message_place {
	int64_t case_no;
	enum message_party with;
	int64_t before_id;
	size_t count;
};
err_t message_list(const struct op *op, struct message_place place, struct message **ret_messages, size_t *ret_count)
	MUST_CHECK;
/* The reader has seen all up to and with the given number; we are the reader when by_us. */
struct message_seen {
	int64_t case_no;
	enum message_party with;
	bool by_us;
	int64_t until_id;
	int64_t now;
};
err_t message_read(const struct op *op, struct message_seen seen) MUST_CHECK;
/* Messages of the other side that the reader has not seen (until_id, now are not looked at). */
err_t message_unread(const struct op *op, struct message_seen reader, int64_t *ret_count) MUST_CHECK;

#endif
