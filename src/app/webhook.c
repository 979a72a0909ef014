#include "app/webhook.h"

#include "app/secret.h"
#include "app/setting.h"
#include "core/decent.h"
#include "core/genuine.h"
#include "sql.h"

enum {
	SCRATCH_SIZE_MAX = 16 << 20,
	PAYLOAD_SIZE_MAX = 4000,
	CALL_SECONDS_MAX = 15,
	ANSWER_SIZE_MAX = 2048,
	URL_SIZE_MAX = 2000,
	HELD_WAIT = 60, /* seconds the other calls of a webhook wait when one has failed */
	STATUS_GONE = 410,
};

/* After the first, second … try in vain, in seconds: three days in all. */
static const int64_t waits[] = { 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600 };
_Static_assert(sizeof waits / sizeof *waits == WEBHOOK_TRY_MAX - 1, "a wait between any two tries");

const char *webhook_topic_name(enum webhook_topic topic)
{
	static const char *const names[] = { "case.step", "case.closed", "payment.booked", "objection.made", "settlement.made" };
	_Static_assert(sizeof names / sizeof *names == WEBHOOK_TOPIC_COUNT, "a name for each topic");
	return names[topic];
}

/* ---- telling ---- */

static bool is_wanted(str topics, const char *topic)
{
	while (topics.size) {
		str wanted = str_cut(topics, ' ', &topics);
		if (str_eq_z(wanted, topic) || str_eq_z(wanted, "*"))
			return true;
	}
	return false;
}

/* The beginning of the booking day, as the clock in Norway has it. */
static str timestamp_text(struct arena *arena, date on)
{
	int64_t ahead = (int64_t)on.day * 86400 - decent_instant(on, 0);
	return str_format(arena, "%sT00:00:00+%02d:00", date_iso(on).z, (int)(ahead / 3600)); /* 1 or 2 */
}

/* Nothing in it needs escaping: names of ours, numbers and days. The JSON writer's buffer would be 64 KiB for each. */
static str payload_text(struct arena *arena, const struct webhook_notice *notice, date booked_on)
{
	struct text text = text_in(arena, PAYLOAD_SIZE_MAX);
	text_addf(&text, "{\"type\":\"%s\",\"timestamp\":\"%.*s\",\"data\":{\"%s\":%lld", webhook_topic_name(notice->topic),
		STR_ARG(timestamp_text(arena, booked_on)), notice->topic == WEBHOOK_SETTLEMENT_MADE ? "settlement_no" : "case_no",
		(long long)notice->number);
	if (notice->what.size)
		text_addf(&text, ",\"what\":\"%.*s\"", STR_ARG(notice->what));
	text_addf(&text, ",\"on\":\"%s\"", date_iso(notice->on).z);
	if (!date_is_none(notice->deadline_on))
		text_addf(&text, ",\"deadline_on\":\"%s\"", date_iso(notice->deadline_on).z);
	if (notice->other_no)
		text_addf(&text, ",\"other_no\":%lld", (long long)notice->other_no);
	if (notice->has_amount)
		text_addf(&text, ",\"amount_minor\":%lld", (long long)notice->amount.minor);
	text_add_z(&text, "}}");
	return text_str(&text);
}

err_t webhook_tell(const struct op *op, struct arena *arena, const struct webhook_notice *notices, size_t notice_count)
{
	struct webhook_active_row *hooks;
	size_t hook_count, count = 0;
	if (!notice_count)
		return OK;
	TRY(q_webhook_active(op->db, arena, &hooks, &hook_count));
	if (!hook_count)
		return OK;
	struct webhook_delivery_last_row last;
	bool found;
	TRY(q_webhook_delivery_last(op->db, arena, &last, &found));
	struct webhook_delivery_insert_row *rows = arena_many(arena, notice_count * hook_count, struct webhook_delivery_insert_row);
	int64_t at = decent_instant(op->today, 0);
	for (size_t i = 0; i < notice_count; i++) {
		const char *topic = webhook_topic_name(notices[i].topic);
		for (size_t k = 0; k < hook_count; k++) {
			if (hooks[k].client_no != notices[i].client_no || !is_wanted(hooks[k].topics, topic))
				continue;
			rows[count] = (struct webhook_delivery_insert_row){
				.delivery_id = last.delivery_id + 1 + i64_from_size(count),
				.webhook_id = hooks[k].webhook_id,
				.topic = str_from_z(topic),
				.payload = payload_text(arena, &notices[i], op->today),
				.next_at = at,
				.created_at = at,
			};
			count++;
		}
	}
	return q_webhook_delivery_insert(op->db, rows, count);
}

/* ---- calling ---- */

struct calling {
	const struct op *op;
	const struct dispatch_services *services;
	struct dispatch_clock clock;
	struct arena *scratch; /* of a call */
	bool may_be_private;
	struct webhook_result result;
};

static err_t call_make(const struct calling *calling, const struct webhook_delivery_due_row *row, int64_t now,
	struct net_result *ret_result)
{
	struct arena *arena = calling->scratch;
	struct secret_signing signing = {
		.secret = row->secret,
		.id = str_format(arena, "msg_%lld", (long long)row->delivery_id),
		.payload = row->payload,
		.timestamp = now,
	};
	str signature;
	TRY(secret_sign(arena, &signing, &signature));
	const str headers[] = {
		S("Content-Type: application/json"),
		str_format(arena, "webhook-id: %.*s", STR_ARG(signing.id)),
		str_format(arena, "webhook-timestamp: %lld", (long long)now),
		str_format(arena, "webhook-signature: %.*s", STR_ARG(signature)),
	};
	struct net_http request = {
		.url = row->url,
		.is_post = true,
		.headers = headers,
		.header_count = sizeof headers / sizeof *headers,
		.body = row->payload,
		.seconds_max = CALL_SECONDS_MAX,
		.answer_size_max = ANSWER_SIZE_MAX,
		.public_only = !calling->may_be_private,
		.ca_file = S(""),
	};
	*ret_result = calling->services->module->http(calling->services->net, arena, &request);
	return OK;
}

static err_t hook_stop(const struct calling *calling, const struct webhook_delivery_due_row *row, const char *why, int64_t now)
{
	const struct op *op = calling->op;
	TRY(q_webhook_set_active(op->db, 0, row->webhook_id));
	str detail = str_format(calling->scratch, "webhook %lld (%.*s) was turned off: %s", (long long)row->webhook_id,
		STR_ARG(row->url), why);
	return q_webhook_task_insert(op->db, row->client_no, law_banking_day(op->law, date_add(op->today, 1)), detail, now);
}

static err_t failure_write(const struct calling *calling, const struct webhook_delivery_due_row *row,
	const struct net_result *result, int64_t now)
{
	const struct op *op = calling->op;
	int64_t tries = row->try_count + 1;
	bool gone = result->status == STATUS_GONE, last = tries >= WEBHOOK_TRY_MAX || gone;
	struct webhook_delivery_since_row since;
	bool found;
	TRY(q_webhook_delivery_end(op->db, last ? S("failed") : S("waiting"), tries, last ? INT64_MIN : now + waits[tries - 1],
		result->status, result->detail, last ? now : INT64_MIN, row->delivery_id));
	TRY(q_webhook_delivery_hold(op->db, now + HELD_WAIT, now, row->webhook_id));
	if (gone)
		return hook_stop(calling, row, "its program says that it is gone (410)", now);
	if (!last)
		return OK;
	TRY(q_webhook_delivery_since(op->db, calling->scratch, row->webhook_id, row->created_at, &since, &found));
	return found ? OK : hook_stop(calling, row, "its program has taken no call for days", now);
}

static err_t result_write(struct calling *calling, const struct webhook_delivery_due_row *row, const struct net_result *result,
	int64_t now)
{
	bool taken = result->fate == NET_ANSWERED && result->status >= 200 && result->status < 300;
	++*(taken ? &calling->result.delivered : &calling->result.failed);
	if (!taken)
		return failure_write(calling, row, result, now);
	return q_webhook_delivery_end(calling->op->db, S("delivered"), row->try_count + 1, INT64_MIN, result->status, S(""), now,
		row->delivery_id);
}

static err_t row_work(struct calling *calling, const struct webhook_delivery_due_row *row, int64_t now)
{
	const struct op *op = calling->op;
	struct net_result result = { .fate = NET_NOT_SENT, .detail = S("the webhook is turned off") };
	if (row->active)
		TRY(call_make(calling, row, now, &result));
	TRY(db_begin(op->db));
	if (!row->active)
		return db_end(op->db, q_webhook_delivery_end(op->db, S("failed"), row->try_count, INT64_MIN, 0, result.detail, now,
			row->delivery_id));
	return db_end(op->db, result_write(calling, row, &result, now));
}

static err_t calls_work(struct calling *calling)
{
	const struct op *op = calling->op;
	struct arena_mark start = arena_mark(calling->scratch);
	str private;
	TRY(setting_get(op, "webhook.private", &private));
	calling->may_be_private = str_eq_z(private, "yes");
	for (int i = 0; i < WEBHOOK_PASS_MAX; i++) {
		struct webhook_delivery_due_row row;
		bool found;
		int64_t now = calling->clock.now(calling->clock.context);
		arena_reset(calling->scratch, start);
		TRY(q_webhook_delivery_due(op->db, calling->scratch, now, &row, &found));
		if (!found)
			return OK;
		TRY(row_work(calling, &row, now));
	}
	return OK;
}

err_t webhook_work(const struct op *op, const struct dispatch_services *services, struct dispatch_clock clock,
	struct webhook_result *ret_result)
{
	struct calling calling = { .op = op, .services = services, .clock = clock };
	*ret_result = (struct webhook_result){ .busy = false };
	err_t err = db_lock(op->db, "webhook");
	if (err && err_kind(err) == ERR_BUSY) {
		err_free(err);
		ret_result->busy = true;
		return OK;
	}
	TRY(err);
	calling.scratch = arena_create(SCRATCH_SIZE_MAX);
	err = calls_work(&calling);
	db_unlock(op->db, "webhook");
	arena_destroy(calling.scratch);
	*ret_result = calling.result;
	return err;
}

err_t webhook_next(const struct op *op, int64_t *ret_at)
{
	struct webhook_delivery_next_row row;
	bool found;
	TRY(q_webhook_delivery_next(op->db, op->arena, &row, &found));
	*ret_at = found && row.has_next_at ? row.next_at : 0;
	return OK;
}

/* ---- a client's webhooks ---- */

static err_t topics_check(str topics)
{
	size_t count = 0;
	while (topics.size) {
		str topic = str_cut(topics, ' ', &topics);
		bool known = str_eq_z(topic, "*");
		for (int i = 0; i < WEBHOOK_TOPIC_COUNT && !known; i++)
			known = str_eq_z(topic, webhook_topic_name((enum webhook_topic)i)); /* in range */
		if (!known)
			return fail(ERR_INPUT, "there is no topic '%.*s'", STR_ARG(topic));
		count++;
	}
	return count ? OK : fail(ERR_INPUT, "a webhook needs a topic, or *");
}

static err_t url_check(const struct op *op, str url)
{
	str private;
	TRY(setting_get(op, "webhook.private", &private));
	bool plain = str_eq_z(private, "yes") && str_starts(url, S("http://"));
	if (url.size > URL_SIZE_MAX || (!str_starts(url, S("https://")) && !plain) || !genuine_domain(op->arena, url).size)
		return fail(ERR_INPUT, "the address of a webhook begins with https://");
	for (size_t i = 0; i < url.size; i++)
		if (url.at[i] <= ' ' || url.at[i] > '~')
			return fail(ERR_INPUT, "the address of a webhook holds a blank or a character beyond ASCII");
	return OK;
}

static err_t hook_insert(const struct op *op, const struct webhook_new *made, str secret, int64_t now, int64_t *ret_webhook_id)
{
	struct webhook_last_row last;
	bool found;
	TRY(q_webhook_last(op->db, op->arena, &last, &found));
	*ret_webhook_id = last.webhook_id + 1;
	return q_webhook_insert(op->db, *ret_webhook_id, made->client_no, made->url, secret, made->topics, now);
}

err_t webhook_create(const struct op *op, const struct webhook_new *made, int64_t now, int64_t *ret_webhook_id, str *ret_secret)
{
	TRY(url_check(op, made->url));
	TRY(topics_check(made->topics));
	str secret = secret_webhook(op->arena);
	TRY(db_begin(op->db));
	TRY(db_end(op->db, hook_insert(op, made, secret, now, ret_webhook_id)));
	*ret_secret = secret;
	return OK;
}

static err_t hook_need(const struct op *op, int64_t client_no, int64_t webhook_id)
{
	struct webhook_get_row row;
	bool found;
	TRY(q_webhook_get(op->db, op->arena, webhook_id, &row, &found));
	if (!found || row.client_no != client_no)
		return fail(ERR_INPUT, "there is no webhook %lld", (long long)webhook_id);
	return OK;
}

err_t webhook_turn(const struct op *op, struct webhook_switch turn)
{
	TRY(hook_need(op, turn.client_no, turn.webhook_id));
	TRY(db_begin(op->db));
	return db_end(op->db, q_webhook_set_active(op->db, turn.active, turn.webhook_id));
}

err_t webhook_list(const struct op *op, int64_t client_no, struct webhook_row **ret_rows, size_t *ret_count)
{
	struct webhook_list_row *found;
	size_t count;
	TRY(q_webhook_list(op->db, op->arena, client_no, &found, &count));
	struct webhook_row *rows = arena_many(op->arena, count, struct webhook_row);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct webhook_row){ found[i].webhook_id, found[i].url, found[i].topics, found[i].active != 0,
			found[i].created_at };
	*ret_rows = rows;
	*ret_count = count;
	return OK;
}

err_t webhook_deliveries(const struct op *op, const struct webhook_question *question, struct webhook_delivery **ret_rows,
	size_t *ret_count)
{
	struct webhook_delivery_page_row *found;
	size_t count;
	TRY(hook_need(op, question->client_no, question->webhook_id));
	TRY(q_webhook_delivery_page(op->db, op->arena, question->webhook_id, question->before ? question->before : INT64_MAX,
		i64_from_size(question->count), &found, &count));
	struct webhook_delivery *rows = arena_many(op->arena, count, struct webhook_delivery);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct webhook_delivery){
			.delivery_id = found[i].delivery_id,
			.topic = found[i].topic,
			.payload = found[i].payload,
			.state = found[i].state,
			.detail = found[i].detail,
			.try_count = found[i].try_count,
			.status = found[i].status,
			.created_at = found[i].created_at,
			.next_at = found[i].has_next_at ? found[i].next_at : 0,
			.ended_at = found[i].has_ended_at ? found[i].ended_at : 0,
		};
	*ret_rows = rows;
	*ret_count = count;
	return OK;
}

err_t webhook_replay(const struct op *op, struct webhook_again again, int64_t now)
{
	struct webhook_delivery_get_row row;
	bool found;
	TRY(q_webhook_delivery_get(op->db, op->arena, again.delivery_id, &row, &found));
	if (!found || row.client_no != again.client_no)
		return fail(ERR_INPUT, "there is no delivery %lld", (long long)again.delivery_id);
	TRY(db_begin(op->db));
	return db_end(op->db, q_webhook_delivery_replay(op->db, now, again.delivery_id, again.client_no));
}
