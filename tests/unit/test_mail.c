/* Mails out, reports in, and the request to an SMS gateway. The reports are as Postfix, Exchange and qmail write them
 * (tests/fuzz/corpus/bounce). That mails are read as they were meant, another program says: tests/net/mail_test.py. */
#include "format/bounce.h"
#include "format/letter_text.h"
#include "format/mail.h"
#include "format/sms_request.h"
#include "net/net.h"

#include "file_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create((size_t)64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct mail sample(void)
{
	return (struct mail){
		.from_name = S("Fjordkreditt SA"),
		.from = S("post@fjordkreditt.example"),
		.to = S("kari@example.com"),
		.subject = S("Du har fått et brev"),
		.body = S("Hei.\n\nSmåøre = 5\n.\nFrom oss \n"),
		.message_id = S("kravbok-17-0123456789abcdef@fjordkreditt.example"),
		.at = 1772434800,
	};
}

static void a_mail_is_written_as_it_is_read(void **state)
{
	(void)state;
	struct mail mail = sample();
	str message;
	assert_null(mail_write(arena, &mail, &message));
	const char *expected = "From: Fjordkreditt SA <post@fjordkreditt.example>\r\n"
			       "To: <kari@example.com>\r\n"
			       "Subject: =?UTF-8?Q?Du_har_f=C3=A5tt_et_brev?=\r\n"
			       "Date: Mon, 02 Mar 2026 07:00:00 +0000\r\n"
			       "Message-ID: <kravbok-17-0123456789abcdef@fjordkreditt.example>\r\n"
			       "Auto-Submitted: auto-generated\r\n"
			       "MIME-Version: 1.0\r\n"
			       "Content-Type: text/plain; charset=UTF-8\r\n"
			       "Content-Transfer-Encoding: quoted-printable\r\n"
			       "\r\n"
			       "Hei.\r\n"
			       "\r\n"
			       "Sm=C3=A5=C3=B8re =3D 5\r\n"
			       "=2E\r\n"
			       "=46rom oss=20\r\n";
	assert_string_equal(str_z(arena, message), expected);
}

static void no_line_of_a_mail_is_long(void **state)
{
	(void)state;
	struct mail mail = sample();
	struct text body = text_in(arena, 20000), subject = text_in(arena, 1000);
	for (int i = 0; i < 1500; i++)
		text_add_z(&body, i % 3 ? "ø" : "long");
	for (int i = 0; i < 400; i++)
		text_add_z(&subject, "å");
	mail.body = text_str(&body);
	mail.subject = mail.from_name = text_str(&subject);
	str message;
	assert_null(mail_write(arena, &mail, &message));
	while (message.size) {
		str line = str_cut(message, '\n', &message);
		assert_true(line.size <= 76 + 1); /* and CR */
		assert_int_equal(line.at[line.size - 1], '\r');
	}
}

static void assert_refused(const struct mail *mail, const char *says)
{
	str message;
	err_t err = mail_write(arena, mail, &message);
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_INPUT);
	if (!strstr(err_text(err), says))
		fail_msg("'%s' does not say '%s'", err_text(err), says);
	err_free(err);
}

static void no_header_can_be_smuggled_in(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "kari", "@example.com", "kari@", "kari@example.com\r\nBcc: all@example.com",
		"kari@example.com\nX: y", "kari@exam\rple.com", "kari @example.com", "<kari@example.com>", "a@b@c.no",
		"kari@example..com", "kari@-example.com", "kari@example.com.", ".kari@example.com", "ka..ri@example.com",
		"kari.@example.com", "\"kari\"@example.com", "kari@[192.0.2.1]", "kåri@example.com", "kari@exåmple.com",
		"kari@example.com,per@example.com" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct mail mail = sample();
		mail.to = str_from_z(bad[i]);
		assert_refused(&mail, "is no e-mail address");
		mail = sample();
		mail.from = str_from_z(bad[i]);
		assert_refused(&mail, "from: ");
		mail = sample();
		mail.message_id = str_from_z(bad[i]);
		assert_refused(&mail, "Message-ID: ");
	}
	struct mail mail = sample();
	mail.subject = S("Hei\r\nBcc: all@example.com");
	assert_refused(&mail, "the subject holds a line break");
	mail = sample();
	mail.from_name = S("Fjord\nkreditt");
	assert_refused(&mail, "the sender's name holds a line break");
	mail = sample();
	mail.body = S("\xFF");
	assert_refused(&mail, "not UTF-8");
	mail = sample();
	mail.to = S("\0kari@example.com");
	assert_refused(&mail, "is no e-mail address");
	err_t err = mail_address_check(S("o'brien+post_1@xn--fjrd-gra.example"));
	assert_null(err);
}

static struct bounce bounce_of(const char *name)
{
	struct text path = text_in(arena, 200);
	text_addf(&path, "tests/fuzz/corpus/bounce/%s.eml", name);
	str bytes = file_text(str_z(arena, text_str(&path)));
	assert_non_null(bytes.at);
	struct bounce bounce = bounce_read(arena, bytes);
	file_text_free(bytes);
	return bounce;
}

static void assert_text(str text, const char *expected)
{
	assert_string_equal(str_z(arena, text), expected);
}

static void reports_are_read(void **state)
{
	(void)state;
	struct bounce bounce = bounce_of("postfix");
	assert_int_equal(bounce.kind, BOUNCE_FAILED);
	assert_int_equal(bounce.dispatch_id, 17);
	assert_text(bounce.mac, "0123456789abcdef");
	assert_text(bounce.status, "5.1.1");
	assert_true(str_starts(bounce.reason, S("smtp; 550 5.1.1 <kari@example.com>: Recipient address")));
	assert_true(str_has(bounce.reason, S("rejected: User unknown")));
	bounce = bounce_of("exchange"); /* found by the Message-ID of what was returned; words in any case of letters */
	assert_int_equal(bounce.kind, BOUNCE_DELAYED);
	assert_int_equal(bounce.dispatch_id, 9);
	assert_text(bounce.mac, "fedcba9876543210");
	assert_text(bounce.status, "4.4.7");
	bounce = bounce_of("vacation");
	assert_int_equal(bounce.kind, BOUNCE_NONE);
	assert_int_equal(bounce.dispatch_id, 17);
	bounce = bounce_of("qmail");
	assert_int_equal(bounce.kind, BOUNCE_UNCLEAR);
	assert_int_equal(bounce.dispatch_id, 17);
	bounce = bounce_read(arena, S(""));
	assert_int_equal(bounce.kind, BOUNCE_NONE);
	assert_int_equal(bounce.dispatch_id, 0);
}

static void what_we_write_we_find_again(void **state)
{
	(void)state;
	str mac = S("00ff00ff00ff00ff");
	str mail = str_format(arena, "To: %.*s@x.example\n\n", STR_ARG(bounce_local(arena, 123456789012, mac)));
	assert_int_equal(bounce_read(arena, mail).dispatch_id, 123456789012);
	mail = str_format(arena, "\n\nMessage-ID: <%.*s@x>\n", STR_ARG(bounce_message_id(arena, 5, mac)));
	assert_int_equal(bounce_read(arena, mail).dispatch_id, 5);
	mail = S("To: bounce+5-00ff00ff00ff00@x\nbounce+-00ff00ff00ff00ff bounce+0-00ff00ff00ff00ff");
	assert_int_equal(bounce_read(arena, mail).dispatch_id, 0);
}

static void the_gateways_places_are_filled(void **state)
{
	(void)state;
	const str kannel = S("http://h/cgi-bin/sendsms?to={to}&from={from}&charset=UTF-8&coding={coding}&text={text}&dlr-url={report}");
	const struct sms_request request = {
		.to = S("+4790000000"),
		.from = S("Fjord"),
		.text = S("Hei på deg & {to} 100%"),
		.report = S("https://x.no/r?id=1&type=%d"),
	};
	assert_null(sms_template_check(kannel, S("")));
	assert_text(sms_template_fill(arena, kannel, &request),
		"http://h/cgi-bin/sendsms?to=%2B4790000000&from=Fjord&charset=UTF-8&coding=0"
		"&text=Hei%20p%C3%A5%20deg%20%26%20%7Bto%7D%20100%25"
		"&dlr-url=https%3A%2F%2Fx.no%2Fr%3Fid%3D1%26type%3D%25d");
	assert_null(sms_template_check(S("https://h/send"), S("to={to}&body={text}")));
	static const char *const bad[] = { "http://h/?to={to}", "http://h/?text={text}", "http://h/?to={to}&text={text}&x={phone}",
		"http://h/?to={to}&text={text}{", "" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err_t err = sms_template_check(str_from_z(bad[i]), S(""));
		assert_non_null(err);
		err_free(err);
	}
	assert_true(sms_fits(S("æøå ÆØÅ @ £ é {}[]€\n")));
	assert_false(sms_fits(S("fra – til")));
	assert_false(sms_fits(S("ç")));
}

static void addresses_inside_a_house_are_told(void **state)
{
	(void)state;
	static const char *const public[] = { "8.8.8.8", "193.0.0.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
		"169.253.0.1", "11.0.0.0", "223.255.255.255", "2a00:1450:400f::1", "2001:4860:4860::8888", "::ffff:8.8.8.8" };
	static const char *const closed[] = { "127.0.0.1", "127.255.255.255", "0.0.0.0", "10.0.0.1", "172.16.0.0", "172.31.255.255",
		"192.168.1.1", "100.64.0.0", "100.127.255.255", "169.254.169.254", "224.0.0.1", "255.255.255.255", "192.0.2.7",
		"198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "2001:0:1::", "::127.0.0.1", "", "localhost",
		"0x7f.1", "2130706433" };
	for (size_t i = 0; i < sizeof public / sizeof *public; i++)
		if (!net_module.is_public(public[i]))
			fail_msg("%s is public", public[i]);
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		if (net_module.is_public(closed[i]))
			fail_msg("%s is not public", closed[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_is_written_as_it_is_read),
		cmocka_unit_test(no_line_of_a_mail_is_long),
		cmocka_unit_test(no_header_can_be_smuggled_in),
		cmocka_unit_test(reports_are_read),
		cmocka_unit_test(what_we_write_we_find_again),
		cmocka_unit_test(the_gateways_places_are_filled),
		cmocka_unit_test(addresses_inside_a_house_are_told),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
