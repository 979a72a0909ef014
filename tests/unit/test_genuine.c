/* Is this message ours? Our domain is fjordkreditt.no; a message of case 17 with the code K7PM-29XR was sent 2 March 2026. */
#include "core/genuine.h"
#include "core/kid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

#define OUR_SMS "Fjordkreditt SA: Du har fått et brev med frist i sak 17. Se https://fjordkreditt.no, kode K7PM-29XR"
#define LOGIN_SMS "Fjordkreditt: engangskode 123456. Ref. 8QWE-11ZZ"

static int setup(void **state)
{
	(void)state;
	arena = arena_create((size_t)256 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct genuine_answer judge(const char *z)
{
	static const str known[] = { { "finkn.no", 8 }, { "nav.no", 6 } };
	static const str phones[] = { { "4755000014", 10 } };
	static const str accounts[] = { { "15030000006", 11 } };
	const struct genuine_match matches[] = {
		{ S("K7PM-29XR"), 17, date_make(2026, 3, 2), S(OUR_SMS) },
		{ S("8QWE-11ZZ"), 17, date_make(2026, 3, 3), S(LOGIN_SMS) },
	};
	const struct genuine_facts facts = {
		.own_domain = genuine_domain(arena, S("https://www.Fjordkreditt.no/")),
		.known_domains = known,
		.known_domain_count = 2,
		.own_phones = phones,
		.own_phone_count = 1,
		.own_accounts = accounts,
		.own_account_count = 1,
		.matches = matches,
		.match_count = 2,
	};
	struct genuine_text *found = arena_new(arena, struct genuine_text);
	str text = str_from_z(z);
	genuine_scan(arena, text, facts.own_domain, found);
	return genuine_judge(arena, text, found, &facts);
}

static void assert_ours(const char *text)
{
	struct genuine_answer answer = judge(text);
	if (answer.verdict != GENUINE_OURS || date_is_none(answer.sent_on))
		fail_msg("'%s' is %s ('%.*s')", text, genuine_verdict_name(answer.verdict), STR_ARG(answer.culprit));
}

static void assert_not_ours(const char *text, enum genuine_reason reason)
{
	struct genuine_answer answer = judge(text);
	if (answer.verdict == GENUINE_NOT_OURS && answer.reasons[reason]) {
		assert_true(date_is_none(answer.sent_on));
		return;
	}
	char reasons[300] = "";
	for (int i = 0; i < GENUINE_REASON_COUNT; i++)
		if (answer.reasons[i])
			snprintf(reasons + strlen(reasons), sizeof reasons - strlen(reasons), " %s",
				genuine_reason_name((enum genuine_reason)i));
	fail_msg("'%s' is %s,%s ('%.*s'), expected %s", text, genuine_verdict_name(answer.verdict), reasons,
		STR_ARG(answer.culprit), genuine_reason_name(reason));
}

static void what_we_sent_is_ours(void **state)
{
	(void)state;
	assert_ours(OUR_SMS);
	assert_ours("  FJORDKREDITT SA: Du har fått et brev med frist\n i sak 17. Se https://fjordkreditt.no,\r\nkode k7pm-29xr ");
	assert_ours("K7PM-29XR");
	assert_ours("k7pm-29xr");
	assert_ours("sak 17, kode K7PM-29XR");
	assert_ours("kode K7PM-29XR på www.fjordkreditt.no/l/17/K7PM-29XR");
	assert_ours("https://fjordkreditt.no/l/17/x K7PM-29XR HTTPS://FJORDKREDITT.NO./ http://min.fjordkreditt.no");
	assert_ours("Klage: finkn.no. Råd: www.nav.no/gjeld. Ring 55 00 00 14. Konto 1503.00.00006. Kode: K7PM-29XR.");
	/* Our own words about a one-time code are ours as a whole, and only so. */
	assert_ours(LOGIN_SMS);
	assert_not_ours("Svar med engangskode. Ref. 8QWE-11ZZ", GENUINE_ASKS_SECRET);
}

static void letters_read_wrong_are_read_right(void **state)
{
	(void)state;
	assert_ours("8qwe-iIzz"); /* 1 as I and l, as people write it */
	assert_int_equal(judge("8QWE-1UZZ").verdict, GENUINE_CANNOT_TELL); /* U is in no code */
}

static void an_unknown_code_is_not_ours(void **state)
{
	(void)state;
	assert_not_ours("sak 17: K7PM-29XS", GENUINE_UNKNOWN_CODE);
	/* It may be the code of a letter on paper, which only the case number finds. */
	assert_int_equal(judge("K7PM-29XS").verdict, GENUINE_CANNOT_TELL);
	assert_true(judge("K7PM-29XS").reasons[GENUINE_UNKNOWN_CODE]);
	assert_not_ours("sak 18, kode K7PM-29XR", GENUINE_OTHER_CASE);
	/* A KID of ours names the case as well. */
	assert_ours(str_format(arena, "KID %s, kode K7PM-29XR", kid_of_case(17).z).at);
	assert_not_ours(str_format(arena, "KID %s, kode K7PM-29XR K7PM-29XS", kid_of_case(17).z).at, GENUINE_UNKNOWN_CODE);
	assert_not_ours(str_format(arena, "KID %s, kode K7PM-29XR", kid_of_case(18).z).at, GENUINE_OTHER_CASE);
}

static void without_a_code_it_cannot_be_told(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "Hei. Ring oss, f.eks. i morgen kl.10.", "sak 17", "https://fjordkreditt.no",
		"Du skylder 1 200,00 kroner i sak 17, betal innen 15.01.2026", "2026-0302 er en dato", "om-og-men bort-bruk" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct genuine_answer answer = judge(texts[i]);
		if (answer.verdict != GENUINE_CANNOT_TELL || !answer.reasons[GENUINE_NO_CODE])
			fail_msg("'%s' is %s ('%.*s')", texts[i], genuine_verdict_name(answer.verdict), STR_ARG(answer.culprit));
	}
}

/* Each with our true code beside it: a swindler has seen one. */
static void a_link_to_another_domain_is_not_ours(void **state)
{
	(void)state;
	static const struct {
		const char *link;
		enum genuine_reason reason;
	} links[] = {
		{ "https://fjordkreditt.no.evil.com/l/17", GENUINE_LOOKALIKE_LINK },
		{ "fjordkreditt.no.evil.com", GENUINE_LOOKALIKE_LINK },
		{ "https://fjordkreditt-no.com", GENUINE_LOOKALIKE_LINK },
		{ "fjordkreditt.com", GENUINE_LOOKALIKE_LINK },
		{ "notfjordkreditt.no", GENUINE_LOOKALIKE_LINK },
		{ "fjordkreditt.no-betaling.top/x", GENUINE_LOOKALIKE_LINK },
		{ "fjord-kreditt.no", GENUINE_LOOKALIKE_LINK },
		{ "fj0rdkred1tt.no", GENUINE_LOOKALIKE_LINK },
		{ "fjordkredit.no", GENUINE_LOOKALIKE_LINK },
		{ "FJORDKREDlTT.NO", GENUINE_LOOKALIKE_LINK },
		{ "https://fjоrdkreditt.no", GENUINE_LOOKALIKE_LINK },         /* a Cyrillic o */
		{ "https://xn--fjrdkreditt-7sh.no", GENUINE_LOOKALIKE_LINK }, /* the same as browsers send it */
		{ "https://fjordkreditt。evil。com", GENUINE_LOOKALIKE_LINK },
		{ "https://fjordkreditt.no@evil.com/", GENUINE_MISLEADING_LINK },
		{ "https://fjordkreditt.no:443@evil.com/", GENUINE_MISLEADING_LINK },
		{ "https://evil.com@fjordkreditt.no/", GENUINE_MISLEADING_LINK },
		{ "https://fjordkreditt.no\\@evil.com/", GENUINE_MISLEADING_LINK },
		{ "https://fjordkreditt%2Eno.evil.com/", GENUINE_MISLEADING_LINK },
		{ "https://evil.com", GENUINE_FOREIGN_LINK },
		{ "HTTPS://EVIL.COM.", GENUINE_FOREIGN_LINK },
		{ "https://evil.com/https://fjordkreditt.no", GENUINE_FOREIGN_LINK },
		{ "https://evil.com?fjordkreditt.no", GENUINE_FOREIGN_LINK },
		{ "https://evil.com#@fjordkreditt.no", GENUINE_FOREIGN_LINK },
		{ "evil.com/fjordkreditt.no", GENUINE_FOREIGN_LINK },
		{ "(www.evil.hus)", GENUINE_FOREIGN_LINK },
		{ "betal.nu", GENUINE_FOREIGN_LINK },
		{ "evil.zzz/x", GENUINE_FOREIGN_LINK },
		{ "http://192.0.2.7/x", GENUINE_FOREIGN_LINK },
		{ "http://[2001:db8::1]/x", GENUINE_MISLEADING_LINK },
		{ "post@evil.com", GENUINE_FOREIGN_LINK },
		{ "mailto:post@fjordkreditt.no.evil.com", GENUINE_LOOKALIKE_LINK },
		{ "notfinkn.no", GENUINE_FOREIGN_LINK },
		{ "https://bit.ly/3xyz", GENUINE_SHORT_LINK },
		{ "tinyurl.com/abc", GENUINE_SHORT_LINK },
		{ "https://fjordkreditt.no\u200b.evil.com", GENUINE_LOOKALIKE_LINK },
	};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		assert_not_ours(str_format(arena, "Sak 17, kode K7PM-29XR. Betal på %s nå", links[i].link).at, links[i].reason);
		assert_not_ours(links[i].link, links[i].reason);
	}
}

static void another_account_or_telephone_is_not_ours(void **state)
{
	(void)state;
	assert_not_ours(OUR_SMS " Betal til konto 8601 11 17947", GENUINE_FOREIGN_ACCOUNT);
	assert_not_ours(OUR_SMS " Betal til 86011117947", GENUINE_FOREIGN_ACCOUNT);
	assert_not_ours(OUR_SMS " Ring 90 00 00 01", GENUINE_FOREIGN_PHONE);
	assert_not_ours(OUR_SMS " Ring +44 20 7946 0000", GENUINE_FOREIGN_PHONE);
	assert_not_ours(OUR_SMS " Ring 004790000001", GENUINE_FOREIGN_PHONE);
	assert_ours(OUR_SMS " Ring +47 55 00 00 14");
	assert_ours(OUR_SMS " Beløp 12 345 678,00");
}

static void numbers_and_addresses_are_compared_in_one_shape(void **state)
{
	(void)state;
	assert_true(str_eq_z(genuine_phone(arena, S("55 00 00 14")), "4755000014"));
	assert_true(str_eq_z(genuine_phone(arena, S("+47 (55) 00-00-14")), "4755000014"));
	assert_true(str_eq_z(genuine_phone(arena, S("0046 8 123 456")), "468123456"));
	assert_int_equal(genuine_phone(arena, S("12 34 56 78")).size, 0);
	assert_int_equal(genuine_phone(arena, S("kontoret")).size, 0);
	assert_int_equal(genuine_phone(arena, S("")).size, 0);
	assert_true(str_eq_z(genuine_domain(arena, S("fjordkreditt.example")), "fjordkreditt.example"));
	assert_true(str_eq_z(genuine_domain(arena, S("https://WWW.fjordkreditt.no:8443/x?y#z")), "fjordkreditt.no"));
	assert_int_equal(genuine_domain(arena, S("")).size, 0);
}

static void any_bytes_have_an_answer(void **state)
{
	(void)state;
	unsigned seed = 7;
	static const char bits[] = "ab1-./:@#?\\%+ ,\n\xC3\xB8\xE2\x80\x8B\xFF" "K7PM-29XR sak 17 https://x.no 1503.00.00006";
	char text[300];
	for (int n = 0; n < 20000; n++) {
		struct arena_mark mark = arena_mark(arena);
		size_t size = 0;
		while (size < 250 && (seed = seed * 1103515245 + 12345) >> 16 & 63) {
			size_t at = (seed >> 8) % (sizeof bits - 1), part = (seed >> 20) % 9;
			for (size_t i = 0; i < part && at + i < sizeof bits - 1; i++)
				text[size++] = bits[at + i];
		}
		text[size] = '\0';
		(void)judge(text);
		arena_reset(arena, mark);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_we_sent_is_ours),
		cmocka_unit_test(letters_read_wrong_are_read_right),
		cmocka_unit_test(an_unknown_code_is_not_ours),
		cmocka_unit_test(without_a_code_it_cannot_be_told),
		cmocka_unit_test(a_link_to_another_domain_is_not_ours),
		cmocka_unit_test(another_account_or_telephone_is_not_ours),
		cmocka_unit_test(numbers_and_addresses_are_compared_in_one_shape),
		cmocka_unit_test(any_bytes_have_an_answer),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
