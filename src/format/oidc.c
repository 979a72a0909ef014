#include "format/oidc.h"

#include "format/json_read.h"

#include <sodium.h>

/* ---- text ---- */

static void percent_add(struct text *text, str value)
{
	for (size_t i = 0; i < value.size; i++) {
		char c = value.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
		if (plain)
			text_add_char(text, c);
		else
			text_addf(text, "%%%02X", (unsigned)(unsigned char)c);
	}
}

static void parameter_add(struct text *text, const char *name, str value)
{
	text_addf(text, "%s%s=", text->size ? "&" : "", name);
	percent_add(text, value);
}

static str base64(struct arena *arena, str bytes, int variant)
{
	size_t size = sodium_base64_encoded_len(bytes.size, variant);
	char *text = arena_alloc(arena, size);
	sodium_bin2base64(text, size, (const unsigned char *)bytes.at, bytes.size, variant);
	return str_from_z(text);
}

str oidc_base64url(struct arena *arena, str bytes)
{
	return base64(arena, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* ---- the provider ---- */

/* A list that is not there says nothing; one that is must have the word. */
static bool list_has(const struct json_value *object, const char *key, const char *word)
{
	const struct json_value *list = json_member(object, key);
	if (!list || list->kind != JSON_READ_ARRAY)
		return true;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == JSON_READ_TEXT && str_eq_z(list->items[i].text, word))
			return true;
	return false;
}

err_t oidc_provider_read(struct arena *arena, str json, str issuer, struct oidc_provider *ret_provider)
{
	struct json_value value;
	struct oidc_provider provider;
	TRY(json_read(json, arena, &value));
	TRY(json_member_str(&value, "issuer", &provider.issuer));
	TRY(json_member_str(&value, "authorization_endpoint", &provider.authorization_endpoint));
	TRY(json_member_str(&value, "token_endpoint", &provider.token_endpoint));
	TRY(json_member_str(&value, "jwks_uri", &provider.jwks_uri));
	if (!str_eq(provider.issuer, issuer))
		return fail(ERR_INPUT, "the provider calls itself '%.*s', not '%.*s'", STR_ARG(provider.issuer), STR_ARG(issuer));
	if (!list_has(&value, "id_token_signing_alg_values_supported", "RS256"))
		return fail(ERR_INPUT, "the provider does not sign by RS256");
	if (!list_has(&value, "code_challenge_methods_supported", "S256"))
		return fail(ERR_INPUT, "the provider does not take a challenge by S256");
	*ret_provider = provider;
	return OK;
}

err_t oidc_keys_read(struct arena *arena, str json, struct oidc_keys *ret_keys)
{
	struct json_value value;
	*ret_keys = (struct oidc_keys){ .count = 0 };
	TRY(json_read(json, arena, &value));
	const struct json_value *list = json_member(&value, "keys");
	if (!list || list->kind != JSON_READ_ARRAY)
		return fail(ERR_INPUT, "the provider's keys are no list");
	for (size_t i = 0; i < list->count && ret_keys->count < OIDC_KEYS_MAX; i++) {
		const struct json_value *item = &list->items[i];
		struct oidc_key key;
		str type, use;
		TRY(json_member_str(item, "kty", &type));
		TRY(json_member_str_or(item, "use", S("sig"), &use));
		TRY(json_member_str_or(item, "kid", S(""), &key.kid));
		if (!str_eq_z(type, "RSA") || !str_eq_z(use, "sig"))
			continue;
		TRY(json_member_str(item, "n", &key.n));
		TRY(json_member_str(item, "e", &key.e));
		ret_keys->keys[ret_keys->count++] = key;
	}
	return OK;
}

const struct oidc_key *oidc_key_of(const struct oidc_keys *keys, str kid)
{
	if (!kid.size)
		return keys->count == 1 ? &keys->keys[0] : NULL;
	for (size_t i = 0; i < keys->count; i++)
		if (str_eq(keys->keys[i].kid, kid))
			return &keys->keys[i];
	return NULL;
}

/* ---- asking ---- */

enum { URL_SIZE_MAX = 8000 };

str oidc_authorize_url(struct arena *arena, const struct oidc_provider *provider, const struct oidc_request *request)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, (const unsigned char *)request->verifier.at, request->verifier.size);
	struct text query = text_in(arena, URL_SIZE_MAX);
	parameter_add(&query, "response_type", S("code"));
	parameter_add(&query, "client_id", request->client_id);
	parameter_add(&query, "redirect_uri", request->redirect_uri);
	parameter_add(&query, "scope", request->scope);
	parameter_add(&query, "state", request->state);
	parameter_add(&query, "nonce", request->nonce);
	parameter_add(&query, "code_challenge", oidc_base64url(arena, (str){ (const char *)hash, sizeof hash }));
	parameter_add(&query, "code_challenge_method", S("S256"));
	parameter_add(&query, "ui_locales", request->language);
	if (request->acr.size)
		parameter_add(&query, "acr_values", request->acr);
	bool has_query = str_has(provider->authorization_endpoint, S("?"));
	return str_format(arena, "%.*s%s%.*s", STR_ARG(provider->authorization_endpoint), has_query ? "&" : "?",
		STR_ARG(text_str(&query)));
}

str oidc_token_body(struct arena *arena, const struct oidc_request *request, str code)
{
	struct text body = text_in(arena, URL_SIZE_MAX);
	parameter_add(&body, "grant_type", S("authorization_code"));
	parameter_add(&body, "code", code);
	parameter_add(&body, "redirect_uri", request->redirect_uri);
	parameter_add(&body, "code_verifier", request->verifier);
	return text_str(&body);
}

str oidc_basic(struct arena *arena, str client_id, str secret)
{
	struct text pair = text_in(arena, URL_SIZE_MAX);
	percent_add(&pair, client_id);
	text_add_char(&pair, ':');
	percent_add(&pair, secret);
	return str_format(arena, "Authorization: Basic %.*s", STR_ARG(base64(arena, text_str(&pair), sodium_base64_VARIANT_ORIGINAL)));
}

err_t oidc_token_read(struct arena *arena, str json, str *ret_id_token)
{
	struct json_value value;
	TRY(json_read(json, arena, &value));
	return json_member_str(&value, "id_token", ret_id_token);
}

/* ---- the ID token ---- */

/* aud is a text or a list; with several, azp must be us. */
static bool audience_is(const struct json_value *claims, str client_id)
{
	const struct json_value *aud = json_member(claims, "aud"), *azp = json_member(claims, "azp");
	if (azp && (azp->kind != JSON_READ_TEXT || !str_eq(azp->text, client_id)))
		return false;
	if (!aud)
		return false;
	if (aud->kind == JSON_READ_TEXT)
		return str_eq(aud->text, client_id);
	bool found = false;
	for (size_t i = 0; aud->kind == JSON_READ_ARRAY && i < aud->count; i++)
		found = found || (aud->items[i].kind == JSON_READ_TEXT && str_eq(aud->items[i].text, client_id));
	return found && (aud->count == 1 || azp);
}

static bool word_in(str list, str word)
{
	while (list.size)
		if (str_eq(str_cut(list, ' ', &list), word))
			return true;
	return false;
}

err_t oidc_claims_check(struct arena *arena, str text, const struct oidc_wanted *wanted, str *ret_ident)
{
	struct json_value claims;
	str issuer, nonce, acr, ident;
	int64_t expires_at, issued_at;
	TRY(json_read(text, arena, &claims));
	TRY(json_member_str(&claims, "iss", &issuer));
	TRY(json_member_str(&claims, "nonce", &nonce));
	TRY(json_member_str_or(&claims, "acr", S(""), &acr));
	TRY(json_member_i64(&claims, "exp", &expires_at));
	TRY(json_member_i64(&claims, "iat", &issued_at));
	if (!str_eq(issuer, wanted->issuer))
		return fail(ERR_INPUT, "the token is of another provider");
	if (!audience_is(&claims, wanted->client_id))
		return fail(ERR_INPUT, "the token is for somebody else");
	if (!wanted->nonce.size || nonce.size != wanted->nonce.size || sodium_memcmp(nonce.at, wanted->nonce.at, nonce.size) != 0)
		return fail(ERR_INPUT, "the token is of another log-in");
	if (expires_at < wanted->now - OIDC_CLOCK_SKEW)
		return fail(ERR_INPUT, "the token is too old");
	if (issued_at > wanted->now + OIDC_CLOCK_SKEW || issued_at < wanted->now - OIDC_TOKEN_AGE_MAX)
		return fail(ERR_INPUT, "the token was not made just now");
	if (wanted->acr.size && !word_in(wanted->acr, acr))
		return fail(ERR_INPUT, "the log-in was weaker than we ask for");
	TRY(json_member_str(&claims, str_z(arena, wanted->ident_claim), &ident));
	*ret_ident = ident;
	return OK;
}
