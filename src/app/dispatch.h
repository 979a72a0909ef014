/* Messages to debtors: by SMS and e-mail, told on their way and when they come back.
 *
 * A letter always goes on paper, since a deadline counts from it; a message only tells a debtor who wants it that there is
 * one. So a message that fails costs nothing but itself: a person is told (a task `returned`), and a dead address makes the
 * debtor's choice paper again.
 *
 *	waiting    to be sent when next_at has come, in decent hours (core/decent.h); an urgent one at any
 *	sending    committed before the other side is spoken to
 *	sent       the other side has taken it
 *	delivered  it says it was delivered; final
 *	bounced    it says it never will be
 *	failed     eight tries in vain, or it could not be made
 *	withdrawn  the case was closed or disputed before it went
 *	uncertain  the program or the connection died while it was sending: it may have been taken, so it is not sent again
 *
 * An instant is seconds since 1970-01-01 UTC. */
#ifndef KRAVBOK_APP_DISPATCH_H
#define KRAVBOK_APP_DISPATCH_H

#include "app/letter.h"
#include "app/op.h"
#include "core/genuine.h"
#include "net/net.h"

#include <stdbool.h>
#include <stdint.h>

/* The clock is the caller's: a pass may take long, and must stop when the hours end. */
struct dispatch_clock {
	int64_t (*now)(void *context);
	void *context;
};

/* The outside services of one thread; the module is loaded now. */
struct dispatch_services {
	const struct net_module *module;
	struct net *net;
};
err_t dispatch_services_open(struct dispatch_services *ret_services) MUST_CHECK;
void dispatch_services_close(struct dispatch_services *services);

/* ---- making messages ---- */

/* How a debtor wants to be told of letters. consent: to electronic letters, kept for the day they replace paper. */
struct dispatch_choice {
	int64_t case_no; /* one of the debtor's */
	enum letter_channel channel;
	bool consent;
};
/* ERR_REFUSED when the debtor has no number or address for it; in a transaction of its own. */
err_t dispatch_choose(const struct op *op, const struct dispatch_choice *choice, int64_t now) MUST_CHECK;

/* Makes a message for each letter that is handed over and not yet rendered, of a debtor who wants one. Done by
 * letter_render(); again it does nothing. A message that cannot be made is told as a finding; a letter is never held back
 * by it. */
err_t dispatch_enqueue(const struct op *op, const struct letter_listener *listener, int64_t *ret_count) MUST_CHECK;

/* A message the reader waits for (a one-time code): at any hour, four tries within minutes. "{ref}" in body becomes the code
 * that says it is ours. Its body is wiped when it has been sent. */
struct dispatch_urgent {
	int64_t case_no;
	str login_hash; /* of the log-in it belongs to; may be empty */
	enum letter_channel channel; /* LETTER_BY_SMS, LETTER_BY_EMAIL */
	str address;
	str subject; /* of an e-mail */
	str body;    /* links to our own domain only */
};
/* ERR_INPUT for an address that is none or a body with a foreign link. In a transaction of its own. */
err_t dispatch_urgent(const struct op *op, const struct dispatch_urgent *urgent, int64_t now, int64_t *ret_dispatch_id)
	MUST_CHECK;

/* ---- sending ---- */

enum { DISPATCH_PASS_MAX = 500, DISPATCH_TRY_MAX = 8, DISPATCH_URGENT_TRY_MAX = 4 };

struct dispatch_result {
	int64_t sent, retried, bounced, failed, withdrawn, uncertain;
	bool busy; /* another process is sending */
};
/* One pass over what is due, at most DISPATCH_PASS_MAX messages. Not inside a transaction. */
err_t dispatch_work(const struct op *op, const struct dispatch_services *services, struct dispatch_clock clock,
	struct dispatch_result *ret_result) MUST_CHECK;

/* ---- what comes back ---- */

enum dispatch_report_kind {
	DISPATCH_UNDER_WAY, /* queued, accepted: nothing is changed */
	DISPATCH_DELIVERED,
	DISPATCH_BOUNCED,
};
struct dispatch_report {
	int64_t dispatch_id; /* with mac: as in the address the gateway was given */
	str mac;
	str provider_ref; /* or the gateway's own number, when dispatch_id is 0; the caller has checked who says so */
	enum dispatch_report_kind kind;
	str detail; /* what the other side says */
};
/* Of Kannel's %d: 1 delivered, 2 failed, 16 rejected; other bits say it is under way or why. */
enum dispatch_report_kind dispatch_report_of_kannel(int64_t type);
/* Reports come in any order and more than once. ERR_INPUT when there is no such message or the mac is wrong (the same
 * error). In a transaction of its own. */
err_t dispatch_report(const struct op *op, const struct dispatch_report *report, int64_t now) MUST_CHECK;

struct dispatch_bounces {
	int64_t bounced, delivered, delayed, other; /* other: no report of ours; left in the folder as seen */
};
/* Reads the new mails of a maildir; each is moved from new/ to cur/ when it has been worked in. */
err_t dispatch_bounces(const struct op *op, const char *folder, int64_t now, struct dispatch_bounces *ret_bounces) MUST_CHECK;

/* ---- asking ---- */

struct dispatch_row {
	int64_t dispatch_id, case_no;
	int64_t letter_no; /* 0: of no letter */
	str kind;          /* of the letter; empty */
	str channel, address, subject, code, state, detail;
	bool urgent;
	int64_t try_count;
	int64_t created_at, next_at, sent_at, ended_at; /* 0: none */
};
/* The newest first, at most count. case_no 0: all; state empty: any; before: ids below it, 0: from the newest. */
struct dispatch_question {
	int64_t case_no;
	str state;
	int64_t before;
	size_t count;
};
err_t dispatch_list(const struct op *op, const struct dispatch_question *question, struct dispatch_row **ret_rows,
	size_t *ret_count) MUST_CHECK;

/* "Is this message real?": a code, a link, or a whole message as somebody has pasted it. Says nothing of what a case is
 * about. Wrong tries are the caller's to count. */
err_t dispatch_find_text(const struct op *op, str text, struct genuine_answer *ret_answer) MUST_CHECK;
static inline err_t dispatch_find_code(const struct op *op, str code, struct genuine_answer *ret_answer)
{
	return dispatch_find_text(op, code, ret_answer);
}

/* ---- all of it ---- */

/* Everything that is due once: letters into the print folder, bounces, messages, webhooks; what is not set up is left out.
 * next_at: when there is work again (later than now). One part that fails does not hold up the others: the first error is
 * given, and ret_tick is filled all the same. For a thread of the server, and `kravbok dispatch send`. */
struct dispatch_tick {
	struct letter_result letters;
	struct dispatch_bounces bounces;
	struct dispatch_result messages;
	int64_t webhooks_delivered, webhooks_failed;
	int64_t next_at;
};
err_t dispatch_tick(const struct op *op, const struct dispatch_services *services, struct dispatch_clock clock,
	const struct letter_listener *listener, struct dispatch_tick *ret_tick) MUST_CHECK;

#endif
