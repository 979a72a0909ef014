/* Sending. A message is `sending`, committed, before anybody outside hears of it; what is found in that state by the next
 * pass was cut short, and nobody can know how far it came. One worker at a time, by a lock the system frees. */
#include "app/dispatch.h"

#include "app/dispatch_part.h"
#include "app/secret.h"
#include "app/setting.h"
#include "app/setup.h"
#include "app/webhook.h"
#include "base/module.h"
#include "core/decent.h"
#include "format/bounce.h"
#include "format/mail.h"
#include "format/sms_request.h"
#include "sql.h"

#include <string.h>

enum {
	SCRATCH_SIZE_MAX = 64 << 20,
	SEND_SECONDS_MAX = 60,
	ANSWER_SIZE_MAX = 4096,
	NOT_SET_WAIT = 3600,     /* seconds; nobody has told the server's address */
	UNREACHED_WAIT = 60,     /* the other side is down: the rest is not tried one by one */
	LETTERS_WAIT = 600,      /* letters that wait for a banking day */
	BOUNCES_WAIT = 60,
	TICK_WAIT_MAX = 3600,
	REFERENCE_SIZE_MAX = 80,
};

/* After the first, second … try in vain, in seconds. */
static const int64_t waits[] = { 60, 5 * 60, 15 * 60, 3600, 4 * 3600, 4 * 3600, 4 * 3600 };
static const int64_t urgent_waits[] = { 5, 15, 60 };
_Static_assert(sizeof waits / sizeof *waits == DISPATCH_TRY_MAX - 1, "a wait between any two tries");
_Static_assert(sizeof urgent_waits / sizeof *urgent_waits == DISPATCH_URGENT_TRY_MAX - 1, "a wait between any two tries");

err_t dispatch_services_open(struct dispatch_services *ret_services)
{
	void *module;
	TRY(module_symbol("net", "net_module", &module));
	ret_services->module = module;
	return ret_services->module->start(&ret_services->net);
}

void dispatch_services_close(struct dispatch_services *services)
{
	if (services->module)
		services->module->stop(services->net);
	*services = (struct dispatch_services){ NULL, NULL };
}

/* ---- a pass ---- */

struct sending {
	const struct op *op;
	const struct dispatch_services *services;
	struct dispatch_clock clock;
	struct arena *scratch; /* of a message */
	str secret, agency_name;
	str mail_server, mail_security, mail_user, mail_password, mail_from, mail_domain, mail_ca_file;
	str sms_address, sms_form, sms_sender, sms_report;
	struct dispatch_result result;
};

struct outcome {
	const char *state;
	int64_t next_at; /* 0: none */
	bool dead;       /* the address will never work */
	bool unreached;  /* nor will any other message by this channel now */
	str provider_ref, detail;
};

static int64_t now_of(const struct sending *sending)
{
	return sending->clock.now(sending->clock.context);
}

static err_t settings_read(struct sending *sending)
{
	const struct op *op = sending->op;
	struct agency agency;
	str web;
	TRY(agency_load(op, &agency));
	sending->agency_name = agency.name;
	TRY(letter_secret(op, &sending->secret));
	TRY(setting_get(op, "mail.server", &sending->mail_server));
	TRY(setting_get(op, "mail.security", &sending->mail_security));
	TRY(setting_get(op, "mail.user", &sending->mail_user));
	TRY(setting_get(op, "mail.password", &sending->mail_password));
	TRY(setting_get(op, "mail.from", &sending->mail_from));
	TRY(setting_get(op, "mail.return_domain", &sending->mail_domain));
	TRY(setting_get(op, "mail.ca_file", &sending->mail_ca_file));
	TRY(setting_get(op, "sms.address", &sending->sms_address));
	TRY(setting_get(op, "sms.form", &sending->sms_form));
	TRY(setting_get(op, "sms.sender", &sending->sms_sender));
	TRY(setting_get(op, "sms.report", &sending->sms_report));
	TRY(setting_get(op, "web.address", &web));
	if (!sending->mail_domain.size)
		sending->mail_domain = mail_domain(sending->mail_from);
	if (!sending->sms_report.size && web.size)
		sending->sms_report = str_format(op->arena, "%.*s/hooks/sms?id={id}&mac={mac}&type=%%d", STR_ARG(web));
	return OK;
}

/* ---- what came of a call ---- */

static struct outcome outcome_sent(str provider_ref, str detail)
{
	return (struct outcome){ .state = "sent", .provider_ref = provider_ref, .detail = detail };
}

static struct outcome outcome_dead(str detail)
{
	return (struct outcome){ .state = "bounced", .dead = true, .provider_ref = S(""), .detail = detail };
}

static struct outcome outcome_again(const struct sending *sending, const struct dispatch_due_row *row, str detail)
{
	int64_t tries = row->try_count + 1;
	bool urgent = row->urgent != 0;
	struct outcome outcome = { .state = "failed", .provider_ref = S(""), .detail = detail };
	if (tries >= (urgent ? DISPATCH_URGENT_TRY_MAX : DISPATCH_TRY_MAX))
		return outcome;
	outcome.state = "waiting";
	outcome.next_at = now_of(sending) + (urgent ? urgent_waits : waits)[tries - 1];
	return outcome;
}

/* What both services share: true when ret_outcome is settled, false when the other side has answered. */
static bool fate_settles(const struct sending *sending, const struct dispatch_due_row *row, const struct net_result *result,
	struct outcome *ret_outcome)
{
	if (result->fate == NET_ANSWERED)
		return false;
	if (result->fate == NET_UNCERTAIN) {
		*ret_outcome = (struct outcome){ .state = "uncertain", .provider_ref = S(""), .detail = result->detail };
		return true;
	}
	*ret_outcome = outcome_again(sending, row, result->detail);
	ret_outcome->unreached = true;
	return true;
}

static str status_text(const struct sending *sending, const struct net_result *result)
{
	return str_format(sending->scratch, "%d %.*s", result->status, STR_ARG(result->detail));
}

/* ---- e-mail ---- */

/* 5xx of our own house (not logged in, not allowed to relay, policy) may be mended; 5xx of an address may not. */
static bool is_our_fault(const struct net_result *result)
{
	return result->status == 530 || result->status == 534 || result->status == 535 || result->status == 538 ||
	       str_has(result->detail, S(" 5.7.")) || str_has(result->detail, S("5.7.1"));
}

static err_t email_send(const struct sending *sending, const struct dispatch_due_row *row, struct outcome *ret_outcome)
{
	struct arena *arena = sending->scratch;
	struct secret_mac mac = secret_mac(sending->secret, DISPATCH_PURPOSE, row->dispatch_id);
	str token = str_from_z(mac.z), message;
	struct mail mail = {
		.from_name = sending->agency_name,
		.from = sending->mail_from,
		.to = row->address,
		.subject = row->subject,
		.body = row->body,
		.message_id = str_format(arena, "%.*s@%.*s", STR_ARG(bounce_message_id(arena, row->dispatch_id, token)),
			STR_ARG(sending->mail_domain)),
		.at = now_of(sending),
	};
	TRY(mail_write(arena, &mail, &message));
	struct net_mail request = {
		.url = sending->mail_server,
		.security = str_eq_z(sending->mail_security, "none") ? NET_PLAIN : NET_TLS,
		.ca_file = sending->mail_ca_file,
		.user = sending->mail_user,
		.password = sending->mail_password,
		.from = str_format(arena, "%.*s@%.*s", STR_ARG(bounce_local(arena, row->dispatch_id, token)),
			STR_ARG(sending->mail_domain)),
		.to = row->address,
		.message = message,
		.seconds_max = SEND_SECONDS_MAX,
	};
	struct net_result result = sending->services->module->mail(sending->services->net, arena, &request);
	if (fate_settles(sending, row, &result, ret_outcome))
		return OK;
	if (result.status < 400)
		*ret_outcome = outcome_sent(mail.message_id, result.detail);
	else if (result.status >= 500 && !is_our_fault(&result))
		*ret_outcome = outcome_dead(result.detail);
	else
		*ret_outcome = outcome_again(sending, row, result.detail);
	return OK;
}

/* ---- SMS ---- */

static str report_address(const struct sending *sending, const struct dispatch_due_row *row)
{
	struct secret_mac mac = secret_mac(sending->secret, DISPATCH_PURPOSE, row->dispatch_id);
	struct text text = text_in(sending->scratch, 4000);
	str rest = sending->sms_report;
	while (rest.size && text.size < 3000) {
		bool id = str_starts(rest, S("{id}")), sum = str_starts(rest, S("{mac}"));
		size_t size = id ? 4 : sum ? 5 : 1;
		if (id)
			text_addf(&text, "%lld", (long long)row->dispatch_id);
		else if (sum)
			text_add_z(&text, mac.z);
		else
			text_add_char(&text, rest.at[0]);
		rest = (str){ rest.at + size, rest.size - size };
	}
	return text_str(&text);
}

/* A gateway that answers with a number of its own says one word; Kannel says a sentence. */
static str reference_of(str body)
{
	body = str_trim(body);
	for (size_t i = 0; i < body.size; i++)
		if (body.at[i] <= ' ' || body.at[i] > '~' || strchr("<>{}\"'", body.at[i]))
			return S("");
	return body.size <= REFERENCE_SIZE_MAX ? body : S("");
}

static err_t sms_send(const struct sending *sending, const struct dispatch_due_row *row, struct outcome *ret_outcome)
{
	struct arena *arena = sending->scratch;
	static const str headers[] = { { "Content-Type: application/x-www-form-urlencoded", 47 } };
	struct sms_request values = {
		.to = row->address, .from = sending->sms_sender, .text = row->body, .report = report_address(sending, row)
	};
	struct net_http request = {
		.url = sms_template_fill(arena, sending->sms_address, &values),
		.is_post = sending->sms_form.size > 0,
		.headers = headers,
		.header_count = sending->sms_form.size > 0,
		.body = sms_template_fill(arena, sending->sms_form, &values),
		.seconds_max = SEND_SECONDS_MAX,
		.answer_size_max = ANSWER_SIZE_MAX,
		.ca_file = S(""),
	};
	struct net_result result = sending->services->module->http(sending->services->net, arena, &request);
	if (fate_settles(sending, row, &result, ret_outcome))
		return OK;
	if (result.status >= 200 && result.status < 300)
		*ret_outcome = outcome_sent(reference_of(result.body), status_text(sending, &result));
	else if (result.status == 400 || result.status == 422)
		*ret_outcome = outcome_dead(status_text(sending, &result));
	else
		*ret_outcome = outcome_again(sending, row, status_text(sending, &result));
	return OK;
}

/* ---- what is written ---- */

static void outcome_count(struct dispatch_result *result, const char *state)
{
	int64_t *const counts[] = { &result->sent, &result->retried, &result->bounced, &result->failed, &result->uncertain };
	static const char *const states[] = { "sent", "waiting", "bounced", "failed", "uncertain" };
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(state, states[i]) == 0)
			++*counts[i];
}

err_t dispatch_returned(const struct op *op, int64_t case_no, str detail, int64_t now)
{
	date due_on = law_banking_day(op->law, date_add(op->today, 1));
	return q_dispatch_task_insert(op->db, S("returned"), case_no, due_on, detail, now);
}

err_t dispatch_dead(const struct op *op, const struct dispatch_dead *dead, int64_t now)
{
	TRY(q_dispatch_choice_end(op->db, now, dead->channel, dead->case_no));
	if (!dead->of_letter)
		return OK;
	str detail = str_format(op->arena, "%.*s to %.*s came back: %.*s. The letter itself went on paper", STR_ARG(dead->channel),
		STR_ARG(dead->address), STR_ARG(dead->detail));
	return dispatch_returned(op, dead->case_no, detail, now);
}

static err_t given_up(const struct sending *sending, const struct dispatch_due_row *row, const struct outcome *outcome,
	int64_t now)
{
	const struct op *op = sending->op;
	if (outcome->dead) {
		struct dispatch_dead dead = {
			.case_no = row->case_id,
			.of_letter = row->has_letter_no,
			.channel = row->channel,
			.address = row->address,
			.detail = outcome->detail,
		};
		return dispatch_dead(op, &dead, now);
	}
	bool uncertain = strcmp(outcome->state, "uncertain") == 0;
	if (!row->has_letter_no || (!uncertain && strcmp(outcome->state, "failed") != 0))
		return OK;
	str detail = str_format(sending->scratch, "%.*s to %.*s %s: %.*s. The letter itself went on paper", STR_ARG(row->channel),
		STR_ARG(row->address),
		uncertain ? "is uncertain, it may have arrived and is not sent again" : "was given up", STR_ARG(outcome->detail));
	return dispatch_returned(op, row->case_id, detail, now);
}

static err_t outcome_write(struct sending *sending, const struct dispatch_due_row *row, const struct outcome *outcome)
{
	const struct op *op = sending->op;
	int64_t now = now_of(sending);
	bool sent = strcmp(outcome->state, "sent") == 0, again = outcome->next_at != 0;
	TRY(q_dispatch_end(op->db, str_from_z(outcome->state), again ? outcome->next_at : INT64_MIN, outcome->provider_ref,
		outcome->detail, sent ? now : INT64_MIN, sent ? decent_local(now).on : DATE_NONE, sent || again ? INT64_MIN : now,
		row->urgent && !again ? S("") : row->body, row->dispatch_id));
	if (outcome->unreached)
		TRY(q_dispatch_postpone_channel(op->db, now + UNREACHED_WAIT, outcome->detail, now, row->channel));
	return given_up(sending, row, outcome, now);
}

/* ---- the next message ---- */

enum step { STEP_NOTHING, STEP_SEND, STEP_AGAIN };

/* A letter about a case that has ended or rests meanwhile is not told of. */
static const char *reason_to_withdraw(const struct dispatch_due_row *row)
{
	if (!row->has_letter_no)
		return NULL;
	if (!date_is_none(row->closed_on))
		return "the case was closed before it was sent";
	if (str_eq_z(row->stage, "disputed") || str_eq_z(row->stage, "blocked") || str_eq_z(row->stage, "withdrawn"))
		return "the case rests";
	return NULL;
}

static bool is_set_up(const struct sending *sending, str channel)
{
	if (str_eq_z(channel, "sms"))
		return sending->sms_address.size > 0;
	return sending->mail_server.size > 0 && sending->mail_from.size > 0;
}

/* What is to be done with the next due one, written. STEP_SEND: it is `sending` now. */
static err_t next_take(struct sending *sending, struct dispatch_due_row *row, enum step *ret_step)
{
	const struct op *op = sending->op;
	int64_t now = now_of(sending);
	bool found;
	TRY(q_dispatch_due(op->db, sending->scratch, now, row, &found));
	*ret_step = found ? STEP_AGAIN : STEP_NOTHING;
	if (!found)
		return OK;
	const char *reason = reason_to_withdraw(row);
	if (reason) {
		sending->result.withdrawn++;
		return q_dispatch_withdraw(op->db, str_from_z(reason), now, row->dispatch_id);
	}
	if (!row->urgent && !decent_allows(op->law, now))
		return q_dispatch_postpone(op->db, decent_next(op->law, now), now);
	if (!row->urgent && !is_set_up(sending, row->channel))
		return q_dispatch_postpone_channel(op->db, now + NOT_SET_WAIT, S("no server is set: kravbok setting list"), now,
			row->channel);
	*ret_step = STEP_SEND;
	return q_dispatch_begin(op->db, row->dispatch_id);
}

static err_t message_send(const struct sending *sending, const struct dispatch_due_row *row, struct outcome *ret_outcome)
{
	if (!is_set_up(sending, row->channel)) {
		*ret_outcome = (struct outcome){ .state = "failed", .provider_ref = S(""), .detail = S("no server is set") };
		return OK;
	}
	err_t err = str_eq_z(row->channel, "sms") ? sms_send(sending, row, ret_outcome) : email_send(sending, row, ret_outcome);
	if (!err || err_kind(err) != ERR_INPUT)
		return err;
	/* It cannot be written as a mail. */
	*ret_outcome = (struct outcome){
		.state = "failed", .provider_ref = S(""), .detail = str_format(sending->scratch, "%s", err_text(err))
	};
	err_free(err);
	return OK;
}

static err_t message_work(struct sending *sending, enum step *ret_step)
{
	const struct op *op = sending->op;
	struct dispatch_due_row row;
	struct outcome outcome;
	TRY(db_begin(op->db));
	TRY(db_end(op->db, next_take(sending, &row, ret_step)));
	if (*ret_step != STEP_SEND)
		return OK;
	TRY(message_send(sending, &row, &outcome));
	outcome_count(&sending->result, outcome.state);
	TRY(db_begin(op->db));
	return db_end(op->db, outcome_write(sending, &row, &outcome));
}

/* ---- what a dead worker left ---- */

static err_t stuck_write(struct sending *sending, const struct dispatch_stuck_row *rows, size_t count)
{
	const struct op *op = sending->op;
	int64_t now = now_of(sending);
	for (size_t i = 0; i < count; i++) {
		const str why = S("the program was stopped while it was sent; it may have arrived and is not sent again");
		TRY(q_dispatch_report(op->db, S("uncertain"), why, now, rows[i].dispatch_id));
		sending->result.uncertain++;
		if (rows[i].has_letter_no)
			TRY(dispatch_returned(op, rows[i].case_id,
				str_format(sending->scratch, "%.*s to %.*s is uncertain: %.*s. The letter itself went on paper",
					STR_ARG(rows[i].channel), STR_ARG(rows[i].address), STR_ARG(why)),
				now));
	}
	return OK;
}

static err_t stuck_mark(struct sending *sending)
{
	struct dispatch_stuck_row *rows;
	size_t count;
	TRY(q_dispatch_stuck(sending->op->db, sending->scratch, &rows, &count));
	if (!count)
		return OK;
	TRY(db_begin(sending->op->db));
	return db_end(sending->op->db, stuck_write(sending, rows, count));
}

static err_t pass_work(struct sending *sending)
{
	enum step step = STEP_AGAIN;
	struct arena_mark start = arena_mark(sending->scratch);
	TRY(settings_read(sending));
	TRY(stuck_mark(sending));
	for (int i = 0; i < DISPATCH_PASS_MAX && step != STEP_NOTHING; i++) {
		arena_reset(sending->scratch, start);
		TRY(message_work(sending, &step));
	}
	return OK;
}

err_t dispatch_work(const struct op *op, const struct dispatch_services *services, struct dispatch_clock clock,
	struct dispatch_result *ret_result)
{
	struct sending sending = { .op = op, .services = services, .clock = clock };
	*ret_result = (struct dispatch_result){ .busy = false };
	err_t err = db_lock(op->db, "dispatch");
	if (err && err_kind(err) == ERR_BUSY) {
		err_free(err);
		ret_result->busy = true;
		return OK;
	}
	TRY(err);
	sending.scratch = arena_create(SCRATCH_SIZE_MAX);
	err = pass_work(&sending);
	db_unlock(op->db, "dispatch");
	arena_destroy(sending.scratch);
	*ret_result = sending.result;
	return err;
}

/* ---- all of it ---- */

static err_t letters_tick(const struct op *op, const struct letter_listener *listener, struct dispatch_tick *tick)
{
	struct dispatch_letters_wait_row row;
	bool found;
	str folder;
	TRY(setting_get(op, "letters.folder", &folder));
	if (!folder.size)
		return OK;
	TRY(q_dispatch_letters_wait(op->db, op->arena, &row, &found));
	if (!found)
		return OK;
	struct letter_order order = { .folder = str_z(op->arena, folder), .day = DATE_NONE };
	err_t err = letter_render(op, &order, listener, &tick->letters);
	if (!err || err_kind(err) != ERR_BUSY)
		return err;
	err_free(err); /* another process renders */
	return OK;
}

static void sooner(int64_t *next_at, int64_t at)
{
	*next_at = at < *next_at ? at : *next_at;
}

static err_t next_find(const struct op *op, int64_t now, struct dispatch_tick *tick)
{
	struct dispatch_letters_wait_row waiting;
	struct dispatch_next_row next;
	int64_t webhook_at;
	str bounces;
	bool found;
	tick->next_at = now + TICK_WAIT_MAX;
	TRY(q_dispatch_letters_wait(op->db, op->arena, &waiting, &found));
	if (found)
		sooner(&tick->next_at, now + LETTERS_WAIT);
	TRY(setting_get(op, "mail.bounces", &bounces));
	if (bounces.size)
		sooner(&tick->next_at, now + BOUNCES_WAIT);
	TRY(q_dispatch_next(op->db, op->arena, &next, &found));
	if (found && next.has_next_at)
		sooner(&tick->next_at, next.next_at);
	TRY(webhook_next(op, &webhook_at));
	if (webhook_at)
		sooner(&tick->next_at, webhook_at);
	if (tick->next_at <= now)
		tick->next_at = now + 1;
	return OK;
}

static err_t bounces_tick(const struct op *op, int64_t now, struct dispatch_tick *tick)
{
	str folder;
	TRY(setting_get(op, "mail.bounces", &folder));
	return folder.size ? dispatch_bounces(op, str_z(op->arena, folder), now, &tick->bounces) : OK;
}

/* The first error is the one that is told; one part that fails does not hold up the others. */
static err_t first_of(err_t first, err_t later)
{
	if (!first)
		return later;
	err_free(later);
	return first;
}

err_t dispatch_tick(const struct op *op, const struct dispatch_services *services, struct dispatch_clock clock,
	const struct letter_listener *listener, struct dispatch_tick *ret_tick)
{
	struct dispatch_tick tick = { .next_at = 0 };
	struct webhook_result webhooks;
	err_t err = bounces_tick(op, clock.now(clock.context), &tick);
	err = first_of(err, letters_tick(op, listener, &tick));
	err = first_of(err, dispatch_work(op, services, clock, &tick.messages));
	err = first_of(err, webhook_work(op, services, clock, &webhooks));
	tick.webhooks_delivered = webhooks.delivered;
	tick.webhooks_failed = webhooks.failed;
	err = first_of(err, next_find(op, clock.now(clock.context), &tick));
	if (!tick.next_at) /* the database did not answer */
		tick.next_at = clock.now(clock.context) + BOUNCES_WAIT;
	*ret_tick = tick;
	return err;
}
