/* Keyed sums. The expected signatures are not ours: printed by Python's hmac (the command stands beside each). */
#include "app/secret.h"

#include <sodium.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_create((size_t)1 << 20);
	return sodium_init() < 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void assert_signature(struct secret_signing signing, const char *expected)
{
	str signature;
	err_t err = secret_sign(arena, &signing, &signature);
	assert_null(err);
	assert_string_equal(str_z(arena, signature), expected);
}

static void a_webhook_is_signed_as_the_standard_says(void **state)
{
	(void)state;
	/* python3 -c "import hmac,base64 as b; k=b.b64decode('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
	 * print('v1,'+b.b64encode(hmac.digest(k,b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}','sha256')).decode())" */
	assert_signature((struct secret_signing){ .secret = S("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
				 .id = S("msg_p5jXN8AQM9LWM0D4loKWxJek"),
				 .timestamp = 1614265330,
				 .payload = S("{\"test\": 2432232314}") },
		"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	/* the same with 'x'*64 as key, msg_1, 0 and an empty payload */
	assert_signature((struct secret_signing){ .secret = S("whsec_"
							      "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"
							      "eHh4eHh4eHh4eHh4eHh4eHh4eA=="),
				 .id = S("msg_1"),
				 .timestamp = 0,
				 .payload = S("") },
		"v1,pq6T7fTjrfMjMzaGKr4nagoA88TSkaZHk/bZShp12H4=");
}

static void a_secret_that_is_none_signs_nothing(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8G", "whsec_%%%%", "whsec" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		str signature;
		struct secret_signing signing = { .secret = str_from_z(bad[i]), .id = S("msg_1"), .payload = S("{}") };
		err_t err = secret_sign(arena, &signing, &signature);
		assert_non_null(err);
		err_free(err);
	}
	str secret = secret_webhook(arena), signature;
	struct secret_signing signing = { .secret = secret, .id = S("msg_1"), .payload = S("{}") };
	assert_null(secret_sign(arena, &signing, &signature));
	assert_false(str_eq(secret, secret_webhook(arena)));
}

static void a_mac_is_of_its_purpose_and_number(void **state)
{
	(void)state;
	/* python3 -c "import hmac; print(hmac.digest(b'0123456789abcdef0123456789abcdef', b'dispatch/17', 'sha256').hex()[:16])" */
	const str secret = S("0123456789abcdef0123456789abcdef");
	struct secret_mac mac = secret_mac(secret, "dispatch", 17);
	assert_string_equal(mac.z, "25a9042880c899f6");
	assert_true(secret_mac_is(&mac, S("25a9042880c899f6")));
	assert_true(secret_mac_is(&mac, S("25A9042880C899F6")));
	assert_false(secret_mac_is(&mac, S("0000000000000000")));
	assert_false(secret_mac_is(&mac, S("")));
	assert_false(secret_mac_is(&mac, S("25a9042880c899f60")));
	struct secret_mac other = secret_mac(secret, "dispatch", 18), third = secret_mac(secret, "other", 17);
	assert_string_not_equal(mac.z, other.z);
	assert_string_not_equal(mac.z, third.z);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_webhook_is_signed_as_the_standard_says),
		cmocka_unit_test(a_secret_that_is_none_signs_nothing),
		cmocka_unit_test(a_mac_is_of_its_purpose_and_number),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
