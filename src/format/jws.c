#include "format/jws.h"

#include <cjose/cjose.h>

enum { TOKEN_SIZE_MAX = 16 * 1024, KEY_SIZE_MAX = 4096 };

static err_t token_open(struct arena *arena, str token, cjose_jws_t **ret_jws)
{
	cjose_err error;
	if (!token.size || token.size > TOKEN_SIZE_MAX)
		return fail(ERR_INPUT, "the provider's token is missing or too long");
	*ret_jws = cjose_jws_import(str_z(arena, token), token.size, &error);
	return *ret_jws ? OK : fail(ERR_INPUT, "the provider's token cannot be read: %s", error.message);
}

static err_t header_read(struct arena *arena, cjose_jws_t *jws, str *ret_kid)
{
	cjose_err error;
	cjose_header_t *header = cjose_jws_get_protected(jws);
	const char *alg = cjose_header_get(header, CJOSE_HDR_ALG, &error);
	const char *kid = cjose_header_get(header, CJOSE_HDR_KID, &error);
	if (!str_eq_z(str_from_z(alg), CJOSE_HDR_ALG_RS256))
		return fail(ERR_INPUT, "the provider's token is signed in another way than RS256");
	*ret_kid = str_copy(arena, str_from_z(kid));
	return OK;
}

err_t jws_key_id(struct arena *arena, str token, str *ret_kid)
{
	cjose_jws_t *jws;
	TRY(token_open(arena, token, &jws));
	err_t err = header_read(arena, jws, ret_kid);
	cjose_jws_release(jws);
	return err;
}

static bool is_base64url(str text)
{
	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return text.size > 0 && text.size < KEY_SIZE_MAX;
}

static err_t signature_check(struct arena *arena, cjose_jws_t *jws, cjose_jwk_t *key, str *ret_claims)
{
	cjose_err error;
	uint8_t *bytes;
	size_t size;
	if (!cjose_jws_verify(jws, key, &error))
		return fail(ERR_INPUT, "the signature of the provider's token does not hold");
	if (!cjose_jws_get_plaintext(jws, &bytes, &size, &error))
		return fail(ERR_INPUT, "the provider's token is empty");
	*ret_claims = str_copy(arena, (str){ (const char *)bytes, size });
	return OK;
}

err_t jws_verify(struct arena *arena, str token, str n, str e, str *ret_claims)
{
	cjose_err error;
	cjose_jws_t *jws;
	str kid;
	if (!is_base64url(n) || !is_base64url(e))
		return fail(ERR_INPUT, "the provider's key is no RSA key");
	str text = str_format(arena, "{\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"%.*s\"}", STR_ARG(n), STR_ARG(e));
	TRY(token_open(arena, token, &jws));
	cjose_jwk_t *key = cjose_jwk_import(text.at, text.size, &error);
	err_t err = key ? header_read(arena, jws, &kid) : fail(ERR_INPUT, "the provider's key is no RSA key");
	if (!err)
		err = signature_check(arena, jws, key, ret_claims);
	cjose_jwk_release(key);
	cjose_jws_release(jws);
	return err;
}
