/* A signed token (JWS, RFC 7515) of a log-in provider, verified: RS256 and nothing else, so that no header can choose a weaker
 * way. The only file that sees the library behind it (cjose). */
#ifndef KRAVBOK_FORMAT_JWS_H
#define KRAVBOK_FORMAT_JWS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* kid of the header, to find the key by. ERR_INPUT for what is no token in three parts, or whose alg is not RS256. */
err_t jws_key_id(struct arena *arena, str token, str *ret_kid) MUST_CHECK;
/* n, e: the RSA public key, base64url. ERR_INPUT when the signature does not hold. ret_claims: the payload. */
err_t jws_verify(struct arena *arena, str token, str n, str e, str *ret_claims) MUST_CHECK;

#endif
