/* Log-in providers' answers: what is taken, and each thing that is not. The tokens were signed with openssl. */
#include "format/jws.h"
#include "format/oidc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char key_n[] =
	"4Z5LR6CZ_T_YB8LZSsz_6-FPi7Jo27w5h1iqIJzo6QMds5DyLg_UGbk3okQaKULBicATGkJlp5BGlBf0uQDfCoKnccLKq9TqW0TR"
	"uM8sUduNzfuzi-s1jGY4xbmRieycGyWz87ZM3dRJfhtogyP463YM7c51K6zi-ZMI7dUSqTgCsXCRHguZKUMDhBYaPo1Xpqc0W_5x"
	"TmYG4qZILP2eeAVRWE5zzdT8kn2quY30iGQknYtVJvzxrFnP41DhvoE0ow9J_DfdM9x538utnYC0TdeMJd8qP_OZNkF7ljIRa6xa"
	"r14hkX9Z7CnQ7CabxLO2Gje7y3_qgn4B4V8EQiATcQ";

static const char token_good[] =
	"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.yOvEqsWttQsadRzAGEcFq6N-O"
	"kytemnfE__nsChXIoiRaSzTTo6eKK5TqDTtq1CI3vdlUy303bjzKbkiSVTw95CTq9DB-3utwrrF8N19QYEhJD1hGZ_E5rT10BovY"
	"P1yCcUnT4aYf-PkBhGjyMefKhsrcgRtZZ5ypCvUGC6nP8GxIZztCQRUs9LtIu24CBzYOWUkq2JAjlJaLp0Vzw9OrD2RTUUTuidye"
	"5CJAq6tIqP7of95NeKqOIShBx22B2VzLQr81V8hkKjv7JwzbjRxyBoYh7yFifHyQSFLq8H8xKhzia44f1e4DAVKdzSYKdsBdjZGL"
	"OfxBbihUn8H5LNDTg";

static const char token_bent[] =
	"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkLmV2aWwueHgifQ.yOvEqsWttQsadRzAGEcFq6N-O"
	"kytemnfE__nsChXIoiRaSzTTo6eKK5TqDTtq1CI3vdlUy303bjzKbkiSVTw95CTq9DB-3utwrrF8N19QYEhJD1hGZ_E5rT10BovY"
	"P1yCcUnT4aYf-PkBhGjyMefKhsrcgRtZZ5ypCvUGC6nP8GxIZztCQRUs9LtIu24CBzYOWUkq2JAjlJaLp0Vzw9OrD2RTUUTuidye"
	"5CJAq6tIqP7of95NeKqOIShBx22B2VzLQr81V8hkKjv7JwzbjRxyBoYh7yFifHyQSFLq8H8xKhzia44f1e4DAVKdzSYKdsBdjZGL"
	"OfxBbihUn8H5LNDTg";

static const char token_rs512[] =
	"eyJhbGciOiJSUzUxMiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.BRd3zkLpRxHfDoDAZHcYP5d5c"
	"JF8qI3Xp7h-3QoxucJKEsJaVfG07hZLjqvtd9vntfGRU4muvcd0aoQFY8EfK-bHP56C3AHxZB2O4DurGnBfRGsXxrPfi2lIyzGHI"
	"wxdEXD54QRhYwoJ_kDz2ErRhOWdJxJMn_WW2QHckngUYDUDxpIUDPxP9KvqE6zn-ESHMTWQ4f5EYN1nU7t8DwC1-c-9iZniGEA5n"
	"LhzfawsKsolvIMfCSBVbUWRdr9KAKVGGkBph0rmscTeST5PKm4QBuH2WYkiD2jGJ3xrDqJFJf_qcT_NJnWFhqaXA_RD_6XsOEkh-"
	"fM14mgFZC1bbG_hSQ";

static const char token_none[] =
	"eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.";

enum { NOW = 1782820800 };
static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create(16 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void assert_text(str text, const char *wanted)
{
	assert_string_equal(str_z(arena, text), wanted);
}

static void assert_refused(err_t err, const char *words)
{
	assert_non_null(err);
	assert_int_equal(err_kind(err), ERR_INPUT);
	if (!strstr(err_text(err), words))
		fail_msg("'%s' does not say '%s'", err_text(err), words);
	err_free(err);
}

/* ---- tokens ---- */

static void a_token_signed_by_the_key_is_taken(void **state)
{
	(void)state;
	str kid, claims;
	assert_null(jws_key_id(arena, str_from_z(token_good), &kid));
	assert_text(kid, "k1");
	assert_null(jws_verify(arena, str_from_z(token_good), str_from_z(key_n), S("AQAB"), &claims));
	assert_text(claims, "{\"iss\":\"https://id.example\"}");
}

static void a_token_with_other_claims_or_another_way_of_signing_is_refused(void **state)
{
	(void)state;
	str claims, kid;
	str n = str_from_z(key_n), e = S("AQAB");
	assert_refused(jws_verify(arena, str_from_z(token_bent), n, e, &claims), "does not hold");
	assert_refused(jws_verify(arena, str_from_z(token_rs512), n, e, &claims), "RS256");
	assert_refused(jws_key_id(arena, str_from_z(token_rs512), &kid), "RS256");
	err_t err = jws_key_id(arena, str_from_z(token_none), &kid);
	assert_non_null(err);
	err_free(err);
	assert_refused(jws_verify(arena, S("a.b"), n, e, &claims), "cannot be read");
	assert_refused(jws_verify(arena, S(""), n, e, &claims), "missing");
	assert_refused(jws_verify(arena, str_from_z(token_good), S("x\"y"), e, &claims), "no RSA key");
}

/* ---- the provider ---- */

#define PROVIDER(issuer, more) \
	S("{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"https://id.example/auth\",\"token_endpoint\":\"https://id.example/token\"," \
	  "\"jwks_uri\":\"https://id.example/jwks\"" more "}")

static void a_provider_says_who_it_is(void **state)
{
	(void)state;
	struct oidc_provider provider;
	str issuer = S("https://id.example");
	assert_null(oidc_provider_read(arena, PROVIDER("https://id.example", ""), issuer, &provider));
	assert_text(provider.token_endpoint, "https://id.example/token");
	assert_refused(oidc_provider_read(arena, PROVIDER("https://id.evil", ""), issuer, &provider), "calls itself");
	assert_refused(oidc_provider_read(arena, PROVIDER("https://id.example", ",\"id_token_signing_alg_values_supported\":[\"ES256\"]"),
		issuer, &provider), "RS256");
	assert_refused(oidc_provider_read(arena, PROVIDER("https://id.example", ",\"code_challenge_methods_supported\":[\"plain\"]"),
		issuer, &provider), "S256");
	assert_refused(oidc_provider_read(arena, S("{}"), issuer, &provider), "issuer");
}

static void keys_for_signing_are_found_by_their_name(void **state)
{
	(void)state;
	struct oidc_keys keys;
	assert_null(oidc_keys_read(arena, S("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"e\"},{\"kty\":\"RSA\",\"use\":\"enc\",\"kid\":\"x\",\"n\":\"A\",\"e\":\"AQAB\"},"
		"{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"AA\",\"e\":\"AQAB\"}]}"), &keys));
	assert_int_equal(keys.count, 1);
	assert_non_null(oidc_key_of(&keys, S("k1")));
	assert_null(oidc_key_of(&keys, S("x")));
	assert_non_null(oidc_key_of(&keys, S(""))); /* the only one */
}

static void the_challenge_is_that_of_rfc_7636(void **state)
{
	(void)state;
	struct oidc_provider provider = { .authorization_endpoint = S("https://id.example/auth?x=1") };
	struct oidc_request request = { .client_id = S("a b"), .redirect_uri = S("https://us.example/cb"), .scope = S("openid"),
		.state = S("s"), .nonce = S("n"), .verifier = S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), .acr = S(""), .language = S("nb") };
	str url = oidc_authorize_url(arena, &provider, &request);
	assert_true(str_has(url, S("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")));
	assert_true(str_starts(url, S("https://id.example/auth?x=1&response_type=code&client_id=a%20b&")));
	assert_false(str_has(url, S("dBjft")));
	assert_text(oidc_basic(arena, S("a"), S("b:c")), "Authorization: Basic YTpiJTNBYw==");
}

/* ---- claims ---- */

static str claims_of(const char *iss, const char *aud, const char *nonce, int64_t exp, int64_t iat, const char *acr)
{
	return str_format(arena, "{\"iss\":\"%s\",\"aud\":%s,\"nonce\":\"%s\",\"exp\":%lld,\"iat\":%lld,\"acr\":\"%s\",\"pid\":\"12345678901\"}",
		iss, aud, nonce, (long long)exp, (long long)iat, acr);
}

static err_t check(str claims, const char *acr)
{
	str ident;
	struct oidc_wanted wanted = { .issuer = S("https://id.example"), .client_id = S("us"), .nonce = S("n1"), .acr = str_from_z(acr),
		.ident_claim = S("pid"), .now = NOW };
	err_t err = oidc_claims_check(arena, claims, &wanted, &ident);
	if (!err)
		assert_text(ident, "12345678901");
	return err;
}

static void each_claim_of_a_token_is_checked(void **state)
{
	(void)state;
	const char *iss = "https://id.example";
	assert_null(check(claims_of(iss, "\"us\"", "n1", NOW + 60, NOW, ""), ""));
	assert_null(check(claims_of(iss, "[\"us\"]", "n1", NOW + 60, NOW, "high"), "substantial high"));
	assert_refused(check(claims_of("https://id.evil", "\"us\"", "n1", NOW + 60, NOW, ""), ""), "another provider");
	assert_refused(check(claims_of(iss, "\"them\"", "n1", NOW + 60, NOW, ""), ""), "somebody else");
	assert_refused(check(claims_of(iss, "[\"us\",\"them\"]", "n1", NOW + 60, NOW, ""), ""), "somebody else");
	assert_refused(check(claims_of(iss, "\"us\"", "n2", NOW + 60, NOW, ""), ""), "another log-in");
	assert_refused(check(claims_of(iss, "\"us\"", "", NOW + 60, NOW, ""), ""), "another log-in");
	assert_refused(check(claims_of(iss, "\"us\"", "n1", NOW + 60, NOW, "low"), "substantial high"), "weaker");
}

static void a_token_is_good_for_a_while_on_both_sides(void **state)
{
	(void)state;
	const char *iss = "https://id.example";
	assert_null(check(claims_of(iss, "\"us\"", "n1", NOW - OIDC_CLOCK_SKEW, NOW - 300, ""), ""));
	assert_refused(check(claims_of(iss, "\"us\"", "n1", NOW - OIDC_CLOCK_SKEW - 1, NOW - 300, ""), ""), "too old");
	assert_null(check(claims_of(iss, "\"us\"", "n1", NOW + 600, NOW + OIDC_CLOCK_SKEW, ""), ""));
	assert_refused(check(claims_of(iss, "\"us\"", "n1", NOW + 600, NOW + OIDC_CLOCK_SKEW + 1, ""), ""), "just now");
	assert_refused(check(claims_of(iss, "\"us\"", "n1", NOW + 600, NOW - OIDC_TOKEN_AGE_MAX - 1, ""), ""), "just now");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_signed_by_the_key_is_taken),
		cmocka_unit_test(a_token_with_other_claims_or_another_way_of_signing_is_refused),
		cmocka_unit_test(a_provider_says_who_it_is),
		cmocka_unit_test(keys_for_signing_are_found_by_their_name),
		cmocka_unit_test(the_challenge_is_that_of_rfc_7636),
		cmocka_unit_test(each_claim_of_a_token_is_checked),
		cmocka_unit_test(a_token_is_good_for_a_while_on_both_sides),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
