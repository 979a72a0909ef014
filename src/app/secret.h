/* Keyed sums: what only this book can have written, in an address that comes back, and the signature of a webhook. */
#ifndef KRAVBOK_APP_SECRET_H
#define KRAVBOK_APP_SECRET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* 64 bits of HMAC-SHA256 over "purpose/id", as 16 hexadecimal digits. */
struct secret_mac {
	char z[17];
};
struct secret_mac secret_mac(str secret, const char *purpose, int64_t id);
/* In constant time; upper case letters are taken as lower case, as mail servers may write them. */
bool secret_mac_is(const struct secret_mac *mac, str given);

/* Random, for cookies, links and keys: size characters of base64url (6 bits each). */
str secret_random(struct arena *arena, size_t size);
/* What is stored of a secret of ours that has enough randomness of its own: BLAKE2b, hex; key empty, or of the book's own. */
str secret_hash(struct arena *arena, str secret, str key);
enum { SECRET_TOKEN_SIZE = 43 }; /* of a link or cookie: 258 bits */

/* "whsec_" and 32 random bytes in base64 (Standard Webhooks). */
str secret_webhook(struct arena *arena);

/* "v1," and the base64 of HMAC-SHA256 over "id.timestamp.payload". ERR_INTERNAL when secret is no whsec_ of 24 to 64 bytes. */
struct secret_signing {
	str secret, id, payload;
	int64_t timestamp; /* seconds since 1970-01-01 UTC */
};
err_t secret_sign(struct arena *arena, const struct secret_signing *signing, str *ret_signature) MUST_CHECK;

#endif
