/* OpenID Connect as a client speaks it (Core 1.0, Discovery 1.0, RFC 7636): what a provider says of itself, the address a
 * visitor is sent to, and what an ID token must hold. Pure: answers come in as text, time as seconds. */
#ifndef KRAVBOK_FORMAT_OIDC_H
#define KRAVBOK_FORMAT_OIDC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct oidc_provider {
	str issuer, authorization_endpoint, token_endpoint, jwks_uri;
};
/* The provider's /.well-known/openid-configuration. ERR_INPUT when something is missing, when it names another issuer than the
 * one asked, or offers no RS256 or S256 though it lists what it offers. */
err_t oidc_provider_read(struct arena *arena, str json, str issuer, struct oidc_provider *ret_provider) MUST_CHECK;

enum { OIDC_KEYS_MAX = 20 };
struct oidc_key {
	str kid, n, e;
};
struct oidc_keys {
	struct oidc_key keys[OIDC_KEYS_MAX];
	size_t count;
};
/* RSA keys for signing of a JWK set; others are passed over. */
err_t oidc_keys_read(struct arena *arena, str json, struct oidc_keys *ret_keys) MUST_CHECK;
/* By kid; without one, the only key there is. NULL: none. */
const struct oidc_key *oidc_key_of(const struct oidc_keys *keys, str kid);

struct oidc_request {
	str client_id, redirect_uri, scope, state, nonce, verifier, acr; /* acr empty: any */
	str language; /* "nb" */
};
/* The address to send the visitor to; the verifier goes as its S256 challenge. */
str oidc_authorize_url(struct arena *arena, const struct oidc_provider *provider, const struct oidc_request *request);
/* The body of the request for the token. */
str oidc_token_body(struct arena *arena, const struct oidc_request *request, str code);
/* HTTP Basic of client id and secret, form-encoded first (RFC 6749 § 2.3.1): "Authorization: Basic …". */
str oidc_basic(struct arena *arena, str client_id, str secret);
/* id_token of the token endpoint's answer. */
err_t oidc_token_read(struct arena *arena, str json, str *ret_id_token) MUST_CHECK;

struct oidc_wanted {
	str issuer, client_id, nonce, acr; /* acr empty: any; else one of these, separated by blanks */
	str ident_claim;                   /* the claim with the national identity number: "pid" */
	int64_t now;
};
enum { OIDC_CLOCK_SKEW = 120, OIDC_TOKEN_AGE_MAX = 600 };
/* The claims of a verified ID token: iss, aud (and azp), exp, iat, nonce, acr, each refused by name (ERR_INPUT). */
err_t oidc_claims_check(struct arena *arena, str claims, const struct oidc_wanted *wanted, str *ret_ident) MUST_CHECK;

/* base64url without padding. */
str oidc_base64url(struct arena *arena, str bytes);

#endif
