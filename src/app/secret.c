#include "app/secret.h"

#include <sodium.h>
#include <stdio.h>

static const str WEBHOOK_MARK = { "whsec_", 6 };

enum { WEBHOOK_KEY_SIZE_MIN = 24, WEBHOOK_KEY_SIZE_MAX = 64, WEBHOOK_KEY_SIZE = 32, HASH_BYTES = 32 };

struct secret_mac secret_mac(str secret, const char *purpose, int64_t id)
{
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	char what[100];
	struct secret_mac mac;
	crypto_auth_hmacsha256_state state;
	int size = snprintf(what, sizeof what, "%s/%lld", purpose, (long long)id);
	require(size > 0);
	require(size_from_i64(size) < sizeof what);
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.at, secret.size);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)what, size_from_i64(size));
	crypto_auth_hmacsha256_final(&state, sum);
	sodium_bin2hex(mac.z, sizeof mac.z, sum, (sizeof mac.z - 1) / 2);
	return mac;
}

bool secret_mac_is(const struct secret_mac *mac, str given)
{
	char lower[sizeof mac->z - 1];
	if (given.size != sizeof lower)
		return false;
	for (size_t i = 0; i < sizeof lower; i++) {
		char c = given.at[i];
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return sodium_memcmp(lower, mac->z, sizeof lower) == 0;
}

str secret_random(struct arena *arena, size_t size)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *text = arena_alloc(arena, size + 1);
	randombytes_buf(text, size);
	for (size_t i = 0; i < size; i++)
		text[i] = letters[(unsigned char)text[i] & 63];
	return (str){ text, size };
}

str secret_hash(struct arena *arena, str secret, str key)
{
	unsigned char hash[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	crypto_generichash(hash, sizeof hash, (const unsigned char *)secret.at, secret.size, (const unsigned char *)key.at,
		key.size > crypto_generichash_KEYBYTES_MAX ? crypto_generichash_KEYBYTES_MAX : key.size);
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	return str_copy(arena, str_from_z(hex));
}

static str base64(struct arena *arena, const unsigned char *bytes, size_t size)
{
	size_t capacity = sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(arena, capacity);
	sodium_bin2base64(text, capacity, bytes, size, sodium_base64_VARIANT_ORIGINAL);
	return str_from_z(text);
}

str secret_webhook(struct arena *arena)
{
	unsigned char key[WEBHOOK_KEY_SIZE];
	require(sodium_init() >= 0);
	randombytes_buf(key, sizeof key);
	return str_format(arena, "%.*s%.*s", STR_ARG(WEBHOOK_MARK), STR_ARG(base64(arena, key, sizeof key)));
}

static void part_add(crypto_auth_hmacsha256_state *state, str part)
{
	crypto_auth_hmacsha256_update(state, (const unsigned char *)str_print_at(part), part.size);
}

err_t secret_sign(struct arena *arena, const struct secret_signing *signing, str *ret_signature)
{
	unsigned char key[WEBHOOK_KEY_SIZE_MAX], sum[crypto_auth_hmacsha256_BYTES];
	size_t size = 0;
	str text = signing->secret;
	bool good = str_starts(text, WEBHOOK_MARK) &&
		    sodium_base642bin(key, sizeof key, text.at + WEBHOOK_MARK.size, text.size - WEBHOOK_MARK.size, NULL, &size, NULL,
			    sodium_base64_VARIANT_ORIGINAL) == 0;
	if (!good || size < WEBHOOK_KEY_SIZE_MIN)
		return fail(ERR_INTERNAL, "a webhook's secret is none");
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, key, size);
	part_add(&state, signing->id);
	part_add(&state, str_format(arena, ".%lld.", (long long)signing->timestamp));
	part_add(&state, signing->payload);
	crypto_auth_hmacsha256_final(&state, sum);
	sodium_memzero(key, sizeof key);
	*ret_signature = str_format(arena, "v1,%.*s", STR_ARG(base64(arena, sum, sizeof sum)));
	return OK;
}
