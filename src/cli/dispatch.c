#include "app/dispatch.h"

#include "app/case.h"
#include "cli/commands.h"
#include "core/decent.h"

#include <string.h>

/* ---- the clock ---- */

struct pass_clock {
	int64_t (*seconds)(void);
	int64_t fixed; /* --now; 0: the clock goes */
};

static int64_t pass_now(void *context)
{
	const struct pass_clock *clock = context;
	return clock->fixed ? clock->fixed : clock->seconds();
}

/* "2026-03-02T10:00": on the wall in Norway; with a Z behind it, UTC. */
static err_t now_parse(str text, int64_t *ret_now)
{
	str time, day_text = str_cut(text, 'T', &time);
	bool utc = time.size && time.at[time.size - 1] == 'Z';
	date on;
	int64_t hour, minute;
	if (utc)
		time.size--;
	str minute_text, hour_text = str_cut(time, ':', &minute_text);
	TRY(date_parse_iso(day_text, &on));
	err_t err = parse_i64(hour_text, 0, 23, &hour);
	if (!err)
		err = parse_i64(minute_text, 0, 59, &minute);
	if (err) {
		err_free(err);
		return fail(ERR_INPUT, "'%.*s' is no time such as 2026-03-02T10:00", STR_ARG(text));
	}
	int64_t local = decent_instant(on, (int)(hour * 60 + minute)); /* below a day */
	*ret_now = utc ? (int64_t)on.day * 86400 + hour * 3600 + minute * 60 : local;
	return OK;
}

/* A book with a day of its own (a demo, --today) has no clock: it is noon there. */
static err_t clock_make(struct cli *cli, struct pass_clock *ret_clock)
{
	enum { NOON = 12 * 60 };
	*ret_clock = (struct pass_clock){ .seconds = cli->clock.server.now };
	if (cli_has(cli, "--now")) {
		err_t err = now_parse(str_from_z(cli_value(cli, "--now")), &ret_clock->fixed);
		if (!err)
			return OK;
		err_t usage = fail(ERR_USAGE, "--now: %s", err_text(err));
		err_free(err);
		return usage;
	}
	if (!date_eq(cli->op.today, cli->clock.today))
		ret_clock->fixed = decent_instant(cli->op.today, NOON);
	return OK;
}

#define OPTION_NOW { "--now", "TIME", "as if it were 2026-03-02T10:00 in Norway (with Z: UTC)" }

static struct cli_column instant_text(struct cli *cli, int64_t at)
{
	struct decent_moment moment = decent_local(at);
	return cli_column(str_format(cli->op.arena, "%s %02d:%02d", date_iso(moment.on).z, moment.minute / 60, moment.minute % 60),
		16);
}

static void json_instant(struct json *json, const char *key, int64_t at)
{
	json_key(json, key);
	if (at)
		json_int(json, at);
	else
		json_null(json);
}

/* ---- send ---- */

static err_t file_told(const struct letter_file *file, void *context)
{
	struct cli *cli = context;
	if (!cli->json)
		cli_print(cli, "%.*s: %zu letter%s, %zu pages\n", STR_ARG(file->path), file->letter_count,
			file->letter_count == 1 ? "" : "s", file->page_count);
	return OK;
}

static void finding_told(int64_t case_no, const char *text, void *context)
{
	if (case_no)
		cli_find(context, "case %lld: %s", (long long)case_no, text);
	else
		fprintf(stderr, "note: %s\n", text);
}

static err_t send_json(struct cli *cli, const struct dispatch_tick *tick)
{
	struct json json = cli_json(cli);
	const struct dispatch_result *messages = &tick->messages;
	json_object(&json);
	json_key(&json, "letters"), json_int(&json, tick->letters.letters);
	json_key(&json, "bounces"), json_int(&json, tick->bounces.bounced);
	json_key(&json, "sent"), json_int(&json, messages->sent);
	json_key(&json, "retried"), json_int(&json, messages->retried);
	json_key(&json, "bounced"), json_int(&json, messages->bounced);
	json_key(&json, "failed"), json_int(&json, messages->failed);
	json_key(&json, "withdrawn"), json_int(&json, messages->withdrawn);
	json_key(&json, "uncertain"), json_int(&json, messages->uncertain);
	json_key(&json, "webhooks_delivered"), json_int(&json, tick->webhooks_delivered);
	json_key(&json, "webhooks_failed"), json_int(&json, tick->webhooks_failed);
	json_instant(&json, "next_at", tick->next_at);
	json_end(&json);
	return json_finish(&json);
}

static err_t send_end(struct cli *cli, const struct dispatch_tick *tick)
{
	const struct dispatch_result *messages = &tick->messages;
	if (messages->bounced + messages->failed + messages->uncertain)
		cli_find(cli, "%lld messages came back or were given up, %lld are uncertain: each is a task",
			(long long)(messages->bounced + messages->failed), (long long)messages->uncertain);
	if (cli->json)
		return send_json(cli, tick);
	if (messages->busy)
		cli_print(cli, "Another process is sending\n");
	cli_print(cli, "%lld sent, %lld to be tried again, %lld came back, %lld withdrawn; webhooks: %lld delivered, %lld in vain\n",
		(long long)messages->sent, (long long)messages->retried, (long long)(messages->bounced + tick->bounces.bounced),
		(long long)messages->withdrawn, (long long)tick->webhooks_delivered, (long long)tick->webhooks_failed);
	cli_print(cli, "Next %s\n", instant_text(cli, tick->next_at).z);
	return OK;
}

static err_t send_run(struct cli *cli)
{
	struct pass_clock clock;
	struct dispatch_services services;
	struct dispatch_tick tick;
	struct letter_listener listener = { file_told, finding_told, cli };
	TRY(clock_make(cli, &clock));
	TRY(dispatch_services_open(&services));
	err_t err = dispatch_tick(&cli->op, &services, (struct dispatch_clock){ pass_now, &clock }, &listener, &tick);
	dispatch_services_close(&services);
	return err ? err : send_end(cli, &tick);
}
const struct command command_dispatch_send = {
	.name = "dispatch send",
	.summary = "Send what is due, once: letters to the print folder, SMS, e-mail, webhooks; read what came back",
	.details = "Does what is set up (setting list). Messages go out Mon-Fri 08-21 and Sat 09-15, never on holidays. What fails is\n"
		   "tried again by a later run, what was cut short while being sent is not: it becomes a task.",
	.example = "kravbok dispatch send",
	.options = { OPTION_NOW },
	.needs = NEEDS_BOOK,
	.run = send_run,
};

/* ---- list ---- */

static void row_json(struct json *json, const struct dispatch_row *row)
{
	json_object(json);
	json_key(json, "dispatch_id"), json_int(json, row->dispatch_id);
	json_key(json, "case_no"), json_int(json, row->case_no);
	json_key(json, "letter_no");
	if (row->letter_no)
		json_int(json, row->letter_no);
	else
		json_null(json);
	json_key(json, "kind"), json_str(json, row->kind);
	json_key(json, "channel"), json_str(json, row->channel);
	json_key(json, "address"), json_str(json, row->address);
	json_key(json, "code"), json_str(json, row->code);
	json_key(json, "state"), json_str(json, row->state);
	json_key(json, "detail"), json_str(json, row->detail);
	json_key(json, "tries"), json_int(json, row->try_count);
	json_instant(json, "created_at", row->created_at);
	json_instant(json, "next_at", row->next_at);
	json_instant(json, "sent_at", row->sent_at);
	json_instant(json, "ended_at", row->ended_at);
	json_end(json);
}

static err_t list_run(struct cli *cli)
{
	struct dispatch_question question = { .state = str_from_z(cli_value(cli, "--state")) };
	struct dispatch_row *rows;
	size_t count;
	int64_t count_max;
	TRY(cli_number(cli, "--count", 1, 100000, 1000, &count_max));
	question.count = size_from_i64(count_max);
	if (cli_has(cli, "--case"))
		TRY(case_find(&cli->op, str_from_z(cli_value(cli, "--case")), &question.case_no));
	TRY(dispatch_list(&cli->op, &question, &rows, &count));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_array(&json);
		for (size_t i = 0; i < count; i++)
			row_json(&json, &rows[i]);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "%8s  %8s  %-7s  %-9s  %5s  %-16s  %-24s  %s\n", "message", "case", "channel", "state", "tries", "when", "to",
		"detail");
	for (size_t i = 0; i < count; i++) {
		const struct dispatch_row *row = &rows[i];
		int64_t at = row->ended_at ? row->ended_at : row->sent_at ? row->sent_at : row->next_at ? row->next_at : row->created_at;
		cli_print(cli, "%8lld  %8lld  %-7.*s  %-9.*s  %5lld  %s  %s  %.*s\n", (long long)row->dispatch_id,
			(long long)row->case_no, STR_ARG(row->channel), STR_ARG(row->state), (long long)row->try_count,
			instant_text(cli, at).z, cli_column(row->address, 24).z, STR_ARG(row->detail));
	}
	return OK;
}
const struct command command_dispatch_list = {
	.name = "dispatch list",
	.summary = "List messages, the newest first, with what became of each",
	.details = "States: waiting, sending, sent, delivered; bounced, failed, withdrawn; uncertain: it may have arrived and is not\n"
		   "sent again. `when` is the last thing that happened to it, or when it will be tried.",
	.example = "kravbok dispatch list --state bounced",
	.options = { { "--case", "NO", "of this case" }, { "--state", "STATE", "in this state" },
		{ "--count", "N", "at most so many (1000)" } },
	.needs = NEEDS_BOOK,
	.run = list_run,
};

/* ---- what comes back ---- */

static err_t bounces_run(struct cli *cli)
{
	struct pass_clock clock;
	struct dispatch_bounces bounces;
	TRY(clock_make(cli, &clock));
	TRY(dispatch_bounces(&cli->op, cli->arguments[0], pass_now(&clock), &bounces));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "bounced"), json_int(&json, bounces.bounced);
		json_key(&json, "delivered"), json_int(&json, bounces.delivered);
		json_key(&json, "delayed"), json_int(&json, bounces.delayed);
		json_key(&json, "other"), json_int(&json, bounces.other);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "%lld came back, %lld delivered, %lld delayed, %lld no report of ours\n", (long long)bounces.bounced,
		(long long)bounces.delivered, (long long)bounces.delayed, (long long)bounces.other);
	return OK;
}
const struct command command_dispatch_bounces = {
	.name = "dispatch bounces",
	.arguments = "MAILDIR",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Read the mails that came back to a maildir; each is moved from new/ to cur/",
	.example = "kravbok dispatch bounces /var/mail/kravbok-bounces",
	.options = { OPTION_NOW },
	.needs = NEEDS_BOOK,
	.run = bounces_run,
};

static err_t report_run(struct cli *cli)
{
	struct pass_clock clock;
	struct dispatch_report report = { .mac = str_from_z(cli->arguments[1]), .provider_ref = S("") };
	int64_t type;
	TRY(clock_make(cli, &clock));
	TRY(parse_i64(str_from_z(cli->arguments[0]), 1, INT64_MAX, &report.dispatch_id));
	TRY(cli_need(cli, "--type"));
	TRY(cli_number(cli, "--type", 0, 255, 0, &type));
	report.kind = dispatch_report_of_kannel(type);
	report.detail = str_format(cli->op.arena, "delivery report, type %lld", (long long)type);
	return dispatch_report(&cli->op, &report, pass_now(&clock));
}
const struct command command_dispatch_report = {
	.name = "dispatch report",
	.arguments = "MESSAGE MAC",
	.argument_min = 2,
	.argument_max = 2,
	.summary = "Work in a delivery report of the SMS gateway, as its call to our pages does",
	.details = "MESSAGE and MAC are the id and mac of the address in sms.report, --type Kannel's %d: 1 delivered, 2 failed,\n"
		   "16 rejected, others under way.",
	.example = "kravbok dispatch report 17 0123456789abcdef --type 1",
	.options = { { "--type", "N", "what the gateway says" }, OPTION_NOW },
	.needs = NEEDS_BOOK,
	.run = report_run,
};

/* ---- is it ours? ---- */

static err_t check_run(struct cli *cli)
{
	struct genuine_answer answer;
	TRY(dispatch_find_text(&cli->op, str_from_z(cli->arguments[0]), &answer));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "verdict"), json_z(&json, genuine_verdict_name(answer.verdict));
		json_key(&json, "sent_on"), json_date(&json, answer.sent_on);
		json_key(&json, "reasons"), json_array(&json);
		for (int i = 0; i < GENUINE_REASON_COUNT; i++)
			if (answer.reasons[i])
				json_z(&json, genuine_reason_name((enum genuine_reason)i)); /* in range */
		json_end(&json);
		json_key(&json, "culprit"), json_str(&json, answer.culprit);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "%s", answer.verdict == GENUINE_OURS	? "Ours"
			     : answer.verdict == GENUINE_NOT_OURS ? "Not ours"
								  : "It cannot be told");
	if (!date_is_none(answer.sent_on))
		cli_print(cli, ", sent %s", date_iso(answer.sent_on).z);
	for (int i = 0, first = 1; i < GENUINE_REASON_COUNT; i++)
		if (answer.reasons[i]) {
			cli_print(cli, "%s%s", first ? ": " : ", ", genuine_reason_name((enum genuine_reason)i)); /* in range */
			first = 0;
		}
	cli_print(cli, "%s%.*s\n", answer.culprit.size ? ": " : "", STR_ARG(answer.culprit));
	return OK;
}
const struct command command_dispatch_check = {
	.name = "dispatch check",
	.arguments = "TEXT",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Is this message ours? A code, a link, or a whole message as somebody reads it out",
	.example = "kravbok dispatch check \"sak 17, kode K7PM-29XR\"",
	.needs = NEEDS_BOOK,
	.run = check_run,
};

/* ---- the debtor's choice ---- */

static err_t contact_run(struct cli *cli)
{
	struct dispatch_choice choice = { .consent = cli_has(cli, "--consent") };
	struct pass_clock clock = { .seconds = cli->clock.server.now };
	const char *channel = cli->arguments[1];
	TRY(case_find(&cli->op, str_from_z(cli->arguments[0]), &choice.case_no));
	if (strcmp(channel, "sms") == 0)
		choice.channel = LETTER_BY_SMS;
	else if (strcmp(channel, "email") == 0)
		choice.channel = LETTER_BY_EMAIL;
	else if (strcmp(channel, "paper") == 0)
		choice.channel = LETTER_ON_PAPER;
	else
		return fail(ERR_USAGE, "'%s' is none of paper, sms and email", channel);
	return dispatch_choose(&cli->op, &choice, pass_now(&clock));
}
const struct command command_case_contact = {
	.name = "case contact",
	.arguments = "NO CHANNEL",
	.argument_min = 2,
	.argument_max = 2,
	.summary = "How the case's debtor wants to be told of letters: paper (only), sms or email",
	.details = "The letter itself always goes on paper as well.",
	.example = "kravbok case contact 17 sms",
	.options = { { "--consent", NULL, "the debtor has agreed to electronic letters" } },
	.needs = NEEDS_BOOK,
	.run = contact_run,
};
