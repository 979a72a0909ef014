/* Webhooks: a client's program is called when something of its cases has been booked (Standard Webhooks).
 *
 * What is to be told is written in the transaction that books it, so nothing is told that did not happen and nothing that
 * happened is missed. A program may be told twice (it answered, and we did not hear it): webhook-id says so.
 *
 * A body is {"type":"case.closed","timestamp":"2026-03-02T00:00:00+01:00","data":{"case_no":17,…}}; timestamp is the booking
 * day's beginning. Headers: webhook-id, webhook-timestamp, webhook-signature. */
#ifndef KRAVBOK_APP_WEBHOOK_H
#define KRAVBOK_APP_WEBHOOK_H

#include "app/dispatch.h"
#include "app/op.h"
#include "base/money.h"

/* ---- what is told (for the use cases that book) ---- */

enum webhook_topic {
	WEBHOOK_CASE_STEP,       /* case_no, what ("reminder" …), on, deadline_on */
	WEBHOOK_CASE_CLOSED,     /* case_no, what ("closed", "given_up", "withdrawn", "joined"), on, other_no */
	WEBHOOK_PAYMENT_BOOKED,  /* case_no, what ("payment", "direct_payment"), on, amount_minor */
	WEBHOOK_OBJECTION_MADE,  /* case_no, on */
	WEBHOOK_SETTLEMENT_MADE, /* settlement_no, on, amount_minor: the payout */
	WEBHOOK_TOPIC_COUNT,
};
const char *webhook_topic_name(enum webhook_topic topic); /* "case.step" */

struct webhook_notice {
	enum webhook_topic topic;
	int64_t client_no;
	int64_t number; /* case or settlement */
	str what;       /* may be empty */
	date on;
	date deadline_on;   /* DATE_NONE */
	int64_t other_no;   /* 0 */
	money amount;
	bool has_amount;
};
/* Writes a delivery for each webhook of the client that wants it. Inside the transaction that books; one small query when
 * nobody listens. */
err_t webhook_tell(const struct op *op, struct arena *arena, const struct webhook_notice *notices, size_t notice_count)
	MUST_CHECK;

/* ---- sending ---- */

enum { WEBHOOK_PASS_MAX = 200, WEBHOOK_TRY_MAX = 10 };

struct webhook_result {
	int64_t delivered, failed; /* failed: tries in vain */
	bool busy;
};
/* One pass. After ten tries over three days a call is given up; when the program has taken nothing in that time, the webhook
 * is turned off and its client gets a task. 410 turns it off at once. */
err_t webhook_work(const struct op *op, const struct dispatch_services *services, struct dispatch_clock clock,
	struct webhook_result *ret_result) MUST_CHECK;
/* When the next call is due; 0: none waits. */
err_t webhook_next(const struct op *op, int64_t *ret_at) MUST_CHECK;

/* ---- a client's webhooks ---- */

struct webhook_new {
	int64_t client_no;
	str url;    /* https */
	str topics; /* "case.closed payment.booked", or "*" */
};
/* ret_secret is told once, to whoever made it. ERR_INPUT for a bad address or topic. In a transaction of its own. */
err_t webhook_create(const struct op *op, const struct webhook_new *made, int64_t now, int64_t *ret_webhook_id,
	str *ret_secret) MUST_CHECK;
/* Turns it off, or on again. ERR_INPUT when the client has no such webhook. */
struct webhook_switch {
	int64_t client_no, webhook_id;
	bool active;
};
err_t webhook_turn(const struct op *op, struct webhook_switch turn) MUST_CHECK;

struct webhook_row {
	int64_t webhook_id;
	str url, topics;
	bool active;
	int64_t created_at;
};
err_t webhook_list(const struct op *op, int64_t client_no, struct webhook_row **ret_rows, size_t *ret_count) MUST_CHECK;

struct webhook_delivery {
	int64_t delivery_id; /* webhook-id is "msg_<delivery_id>" */
	str topic, payload, state, detail;
	int64_t try_count, status, created_at;
	int64_t next_at, ended_at; /* 0: none */
};
/* The newest first, before a number (0: from the newest). ERR_INPUT when the client has no such webhook. */
struct webhook_question {
	int64_t client_no, webhook_id, before;
	size_t count;
};
err_t webhook_deliveries(const struct op *op, const struct webhook_question *question, struct webhook_delivery **ret_rows,
	size_t *ret_count) MUST_CHECK;
/* The same call once more, with the same webhook-id. ERR_INPUT when the client has none of that number. */
struct webhook_again {
	int64_t client_no, delivery_id;
};
err_t webhook_replay(const struct op *op, struct webhook_again again, int64_t now) MUST_CHECK;

#endif
