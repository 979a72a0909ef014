/* Messages and webhooks as the server's threads use them, against an outside that answers as told: one-time codes, references
 * of a gateway, when there is work again, webhooks made and repeated. With real servers: tests/net. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* cmocka has one of its own; ours makes an err_t */

#include "app/dispatch.h"
#include "app/setting.h"
#include "app/setup.h"
#include "app/webhook.h"
#include "law_no.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sunday 1 March 2026, 03:00 in Norway: nothing but a one-time code goes out. */
enum { NIGHT = 1772330400 };

static struct arena *arena;
static struct op op;
static char folder[40];
static int64_t now;

static struct { /* the outside */
	struct net_result result;
	int calls;
	str url, body;
} outside;

static struct net_result outside_http(struct net *net, struct arena *own, const struct net_http *request)
{
	(void)net;
	(void)own;
	outside.calls++;
	outside.url = str_copy(arena, request->url);
	outside.body = str_copy(arena, request->body);
	return outside.result;
}

static const struct net_module outside_module = { .http = outside_http };
static const struct dispatch_services services = { &outside_module, NULL };

static int64_t clock_now(void *context)
{
	(void)context;
	return now;
}

static void file_told(int64_t case_no, const char *text, void *context)
{
	(void)context;
	print_error("case %lld: %s\n", (long long)case_no, text);
}

static void assert_ok(err_t err)
{
	if (err)
		print_error("%s\n", err_text(err));
	assert_null(err);
}

static void assert_fails(err_t err, const char *says)
{
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_INPUT);
	if (!strstr(err_text(err), says))
		print_error("'%s' does not say '%s'\n", err_text(err), says);
	assert_non_null(strstr(err_text(err), says));
	err_free(err);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create((size_t)512 << 20);
	strcpy(folder, "/tmp/kravbok-dispatch-XXXXXX");
	if (sodium_init() < 0 || !mkdtemp(folder))
		return 1;
	now = NIGHT;
	memset(&outside, 0, sizeof outside);
	outside.result = (struct net_result){ .fate = NET_ANSWERED, .status = 202, .body = S("ref-17"), .detail = S("ok") };
	op = (struct op){ .law = &law_no, .arena = arena, .today = date_make(2026, 3, 1), .user = S("test") };
	assert_ok(db_open(str_format(arena, "sqlite:%s/book.db", folder).at, DB_OPEN_CREATE, &op.db));
	const struct agency agency = { .name = S("Fjordkrav SA"), .web = S("fjordkrav.example"), .account = S("15030000002") };
	assert_ok(db_begin(op.db));
	assert_ok(db_end(op.db, agency_store(&op, &agency)));
	assert_ok(setting_set(&op, S("sms.address"), S("http://gateway.example/?to={to}&text={text}")));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	db_close(op.db);
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	int status = system(command);
	arena_destroy(arena);
	return status;
}

static int64_t urgent_make(const char *body)
{
	const struct dispatch_urgent urgent = {
		.case_no = 17,
		.login_hash = S("hash"),
		.channel = LETTER_BY_SMS,
		.address = S("900 00 000"),
		.subject = S(""),
		.body = str_from_z(body),
	};
	int64_t id;
	assert_ok(dispatch_urgent(&op, &urgent, now, &id));
	return id;
}

static struct dispatch_tick tick(void)
{
	struct dispatch_tick result;
	const struct letter_listener listener = { .finding = file_told };
	assert_ok(dispatch_tick(&op, &services, (struct dispatch_clock){ clock_now, NULL }, &listener, &result));
	return result;
}

static struct dispatch_row newest(void)
{
	const struct dispatch_question question = { .state = S(""), .count = 1 };
	struct dispatch_row *rows;
	size_t count;
	assert_ok(dispatch_list(&op, &question, &rows, &count));
	assert_int_equal(count, 1);
	return rows[0];
}

static void a_one_time_code_goes_at_once_and_is_wiped(void **state)
{
	(void)state;
	urgent_make("Koden er 123456. Ref. {ref}");
	assert_int_equal(tick().messages.sent, 1);
	struct dispatch_row row = newest();
	assert_true(str_eq_z(row.state, "sent"));
	assert_true(str_has(outside.url, S("to=%2B4790000000&text=Koden%20er%20123456.%20Ref.%20")));
	assert_true(str_has(outside.url, row.code));
	struct genuine_answer answer;
	assert_ok(dispatch_find_code(&op, row.code, &answer));
	assert_int_equal(answer.verdict, GENUINE_OURS);
	assert_string_equal(date_iso(answer.sent_on).z, "2026-03-01");
	/* The text is gone: only its code is known. */
	assert_ok(dispatch_find_text(&op, S("Koden er 123456."), &answer));
	assert_int_equal(answer.verdict, GENUINE_CANNOT_TELL);
	assert_int_equal(tick().messages.sent, 0);
	assert_int_equal(outside.calls, 1);
}

static void a_one_time_code_is_tried_four_times_within_minutes(void **state)
{
	(void)state;
	static const int waits[] = { 5, 15, 60 };
	urgent_make("Koden er 123456");
	outside.result = (struct net_result){ .fate = NET_NOT_SENT, .body = S(""), .detail = S("connection refused") };
	for (size_t i = 0; i < 3; i++) {
		struct dispatch_tick done = tick();
		assert_int_equal(done.messages.retried, 1);
		assert_int_equal(done.next_at, now + waits[i]);
		now += waits[i] - 1;
		assert_int_equal(tick().messages.retried, 0);
		now++;
	}
	assert_int_equal(tick().messages.failed, 1);
	assert_true(str_eq_z(newest().state, "failed"));
	now += 100000;
	assert_int_equal(tick().messages.sent, 0);
	assert_int_equal(outside.calls, 4);
}

static void a_bad_message_is_not_made(void **state)
{
	(void)state;
	int64_t id;
	struct dispatch_urgent urgent = {
		.case_no = 1, .channel = LETTER_BY_SMS, .address = S("90000000"), .subject = S(""), .body = S("Se evil.com"),
	};
	assert_fails(dispatch_urgent(&op, &urgent, now, &id), "messages link to our own pages only");
	urgent.body = S("Se https://fjordkrav.example@evil.com");
	assert_fails(dispatch_urgent(&op, &urgent, now, &id), "our own pages only");
	urgent.body = S("Se https://fjordkrav.example/x");
	urgent.address = S("ring meg");
	assert_fails(dispatch_urgent(&op, &urgent, now, &id), "is no telephone number");
	urgent.channel = LETTER_BY_EMAIL;
	urgent.address = S("kari@example.com\r\nBcc: x@example.com");
	assert_fails(dispatch_urgent(&op, &urgent, now, &id), "is no e-mail address");
	urgent.address = S("kari@example.com");
	assert_ok(dispatch_urgent(&op, &urgent, now, &id));
	assert_int_equal(id, 1);
}

static void a_report_may_come_with_the_gateways_own_number(void **state)
{
	(void)state;
	struct dispatch_report report = { .mac = S(""), .provider_ref = S("ref-17"), .kind = DISPATCH_DELIVERED, .detail = S("") };
	assert_fails(dispatch_report(&op, &report, now), "there is no such message");
	urgent_make("Koden er 1");
	tick();
	assert_ok(dispatch_report(&op, &report, now));
	assert_true(str_eq_z(newest().state, "delivered"));
	report.provider_ref = S("");
	assert_fails(dispatch_report(&op, &report, now), "there is no such message");
	report.dispatch_id = 1;
	report.mac = S("0123456789abcdef");
	assert_fails(dispatch_report(&op, &report, now), "there is no such message");
	assert_int_equal(dispatch_report_of_kannel(1), DISPATCH_DELIVERED);
	assert_int_equal(dispatch_report_of_kannel(2), DISPATCH_BOUNCED);
	assert_int_equal(dispatch_report_of_kannel(0x22), DISPATCH_BOUNCED); /* expired */
	assert_int_equal(dispatch_report_of_kannel(4), DISPATCH_UNDER_WAY);
	assert_int_equal(dispatch_report_of_kannel(8), DISPATCH_UNDER_WAY);
	assert_int_equal(dispatch_report_of_kannel(16), DISPATCH_BOUNCED);
}

static void settlement_tell(int64_t number)
{
	const struct webhook_notice notice = {
		.topic = WEBHOOK_SETTLEMENT_MADE,
		.client_no = 7,
		.number = number,
		.what = S(""),
		.on = op.today,
		.deadline_on = DATE_NONE,
		.amount = { 12345 },
		.has_amount = true,
	};
	assert_ok(db_begin(op.db));
	assert_ok(db_end(op.db, webhook_tell(&op, arena, &notice, 1)));
}

static void a_webhook_is_made_called_and_repeated(void **state)
{
	(void)state;
	int64_t id;
	str secret;
	struct webhook_new made = { 7, S("https://hook.example/krav"), S("settlement.made case.closed") };
	assert_ok(webhook_create(&op, &made, now, &id, &secret));
	assert_true(str_starts(secret, S("whsec_")));
	settlement_tell(3);
	assert_int_equal(tick().webhooks_delivered, 1);
	assert_true(str_eq_z(outside.body, "{\"type\":\"settlement.made\",\"timestamp\":\"2026-03-01T00:00:00+01:00\",\"data\":"
					   "{\"settlement_no\":3,\"on\":\"2026-03-01\",\"amount_minor\":12345}}"));
	struct webhook_question question = { .client_no = 7, .webhook_id = id, .count = 10 };
	struct webhook_delivery *rows;
	size_t count;
	assert_ok(webhook_deliveries(&op, &question, &rows, &count));
	assert_int_equal(count, 1);
	assert_true(str_eq_z(rows[0].state, "delivered"));
	assert_fails(webhook_replay(&op, (struct webhook_again){ 8, rows[0].delivery_id }, now), "there is no delivery");
	assert_ok(webhook_replay(&op, (struct webhook_again){ 7, rows[0].delivery_id }, now));
	assert_int_equal(tick().webhooks_delivered, 1);
	question.client_no = 8;
	assert_fails(webhook_deliveries(&op, &question, &rows, &count), "there is no webhook");
	assert_fails(webhook_turn(&op, (struct webhook_switch){ 8, id, false }), "there is no webhook");
	assert_ok(webhook_turn(&op, (struct webhook_switch){ 7, id, false }));
	settlement_tell(4);
	assert_int_equal(tick().webhooks_delivered, 0);
	struct webhook_row *hooks;
	assert_ok(webhook_list(&op, 7, &hooks, &count));
	assert_int_equal(count, 1);
	assert_false(hooks[0].active);
}

static void a_webhook_that_cannot_be_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *url, *topics, *says;
	} bad[] = {
		{ "http://hook.example/", "*", "begins with https://" },
		{ "ftp://hook.example/", "*", "begins with https://" },
		{ "https://", "*", "begins with https://" },
		{ "https://hook.example/a b", "*", "blank" },
		{ "https://hook.example/\r\nX: y", "*", "blank" },
		{ "https://hook.example/", "", "needs a topic" },
		{ "https://hook.example/", "case.opened", "there is no topic 'case.opened'" },
		{ "https://hook.example/", "case.closed  *", "there is no topic ''" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t id;
		str secret;
		struct webhook_new made = { 7, str_from_z(bad[i].url), str_from_z(bad[i].topics) };
		assert_fails(webhook_create(&op, &made, now, &id, &secret), bad[i].says);
	}
}

static void settings_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value, *says;
	} bad[] = {
		{ "mail.port", "25", "there is no setting" },
		{ "mail.server", "mail.example", "neither smtp://" },
		{ "mail.server", "smtp://a\nb", "line break" },
		{ "mail.security", "ssl", "tls or none" },
		{ "mail.from", "post", "is no e-mail address" },
		{ "mail.return_domain", "a b", "is no e-mail address" },
		{ "sms.address", "gateway", "http://" },
		{ "sms.address", "https://g.example/?to={to}", "no place" },
		{ "sms.report", "https://x.example/", "{id} or {mac}" },
		{ "sms.sender", "Fjordkreditt SA", "longer than the 11" },
		{ "sms.sender", "Fjord&", "is no sender" },
		{ "web.address", "http://fjordkrav.example", "https" },
		{ "web.address", "https://fjordkrav.example/sti", "without a path" },
		{ "web.address", "https://a@b.example", "without a path" },
		{ "webhook.private", "maybe", "yes or no" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_fails(setting_set(&op, str_from_z(bad[i].name), str_from_z(bad[i].value)), bad[i].says);
	str value;
	assert_ok(setting_get(&op, "web.address", &value));
	assert_true(str_eq_z(value, "https://fjordkrav.example"));
	assert_ok(setting_set(&op, S("web.address"), S(" HTTPS://Min.Fjordkrav.example/ ")));
	assert_ok(setting_get(&op, "web.address", &value));
	assert_true(str_eq_z(value, "https://min.fjordkrav.example"));
	assert_ok(setting_set(&op, S("web.address"), S("http://127.0.0.1:8080")));
	assert_ok(setting_set(&op, S("web.address"), S("")));
	assert_ok(setting_set(&op, S("sms.sender"), S("+4755000014")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_one_time_code_goes_at_once_and_is_wiped),
		TEST(a_one_time_code_is_tried_four_times_within_minutes),
		TEST(a_bad_message_is_not_made),
		TEST(a_report_may_come_with_the_gateways_own_number),
		TEST(a_webhook_is_made_called_and_repeated),
		TEST(a_webhook_that_cannot_be_is_refused),
		TEST(settings_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
