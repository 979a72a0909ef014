/* One-time codes of an authenticator app: RFC 6238, SHA-1, six digits, thirty seconds (what such apps know). */
#ifndef KRAVBOK_WEB_TOTP_H
#define KRAVBOK_WEB_TOTP_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

str totp_secret_new(struct arena *arena); /* 160 random bits, base32 */
/* The step (count of thirty seconds) of a code that is good now, one step early or late; only one after last_step, so that a
 * code is good once. */
bool totp_holds(struct arena *arena, str secret, str code, int64_t now, int64_t last_step, int64_t *ret_step);
/* otpauth://totp/… for the app. issuer, account: shown in it. */
str totp_uri(struct arena *arena, str secret, str issuer, str account);

#endif
