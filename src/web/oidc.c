/* Log-in by OpenID Connect: BankID, or a broker of it. Authorization code with PKCE.
 *
 *	/my/login/bankid    a login_step (state, nonce, verifier) and its cookie → the provider
 *	/my/login/callback  the same browser comes back with state and code → token → its claims → the debtor → a session
 *
 * Settings: oidc.issuer, oidc.client_id, oidc.client_secret; oidc.ident_claim ("pid"), oidc.scope ("openid profile"), oidc.acr
 * (any). What the provider says of itself is kept an hour; its keys are fetched again when a token names one we do not know,
 * at most once a minute, so that forged tokens cannot make us ask all the time.
 *
 * The first is a GET though it stores a step: a form that leads to another site is stopped by our own form-action 'self'. */
#include "web/oidc.h"

#include "app/debtor.h"
#include "app/dispatch.h"
#include "app/setup.h"
#include "format/jws.h"
#include "format/oidc.h"
#include "sql.h"
#include "web/problem.h"
#include "web/routes.h"
#include "web/session.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

enum { STEP_SECONDS = 10 * 60, KEPT_SECONDS = 3600, REFETCH_SECONDS = 60, ANSWER_SIZE_MAX = 256 * 1024, FETCH_SECONDS = 10,
	SECRET_SIZE = 43, KEPT_SIZE_MAX = 4 << 20 };

/* ---- what is kept ---- */

struct kept {
	struct arena *arena;
	struct arena_mark empty;
	str url, body;
	int64_t fetched_at, tried_at;
};
struct oidc_cache {
	pthread_mutex_t mutex;
	struct kept provider, keys;
};

static struct kept kept_new(void)
{
	struct kept kept = { .arena = arena_create(KEPT_SIZE_MAX) };
	kept.empty = arena_mark(kept.arena);
	return kept;
}

struct oidc_cache *oidc_cache_create(struct arena *arena)
{
	struct oidc_cache *cache = arena_new(arena, struct oidc_cache);
	*cache = (struct oidc_cache){ .provider = kept_new(), .keys = kept_new() };
	pthread_mutex_init(&cache->mutex, NULL);
	return cache;
}

void oidc_cache_destroy(struct oidc_cache *cache)
{
	if (!cache)
		return;
	arena_destroy(cache->provider.arena);
	arena_destroy(cache->keys.arena);
	pthread_mutex_destroy(&cache->mutex);
}

static err_t answer_of(const struct net_result *result, const char *what, str *ret_body)
{
	if (result->fate != NET_ANSWERED)
		return fail(ERR_OUTSIDE, "could not ask the log-in provider for %s: %.*s", what, STR_ARG(result->detail));
	if (result->status != 200)
		return fail(ERR_OUTSIDE, "the log-in provider answers %d when asked for %s", result->status, what);
	*ret_body = result->body;
	return OK;
}

static err_t ask(struct web *web, const struct net_http *request, const char *what, str *ret_body)
{
	struct dispatch_services services;
	TRY(dispatch_services_open(&services));
	struct net_result result = services.module->http(services.net, web->op.arena, request);
	dispatch_services_close(&services);
	return answer_of(&result, what, ret_body);
}

/* Under the lock: those who come meanwhile wait for the same answer. */
static err_t kept_fetch(struct web *web, struct kept *kept, str url, const char *what)
{
	str body;
	kept->tried_at = web->now;
	TRY(ask(web, &(struct net_http){ .url = url, .seconds_max = FETCH_SECONDS, .answer_size_max = ANSWER_SIZE_MAX }, what, &body));
	arena_reset(kept->arena, kept->empty);
	kept->url = str_copy(kept->arena, url);
	kept->body = str_copy(kept->arena, body);
	kept->fetched_at = web->now;
	return OK;
}

static err_t kept_get(struct web *web, struct kept *kept, str url, const char *what, bool again, str *ret_body)
{
	struct oidc_cache *cache = web->site->oidc;
	pthread_mutex_lock(&cache->mutex);
	bool is_good = kept->body.size && str_eq(kept->url, url) && kept->fetched_at + KEPT_SECONDS > web->now;
	bool may_ask = kept->tried_at + REFETCH_SECONDS <= web->now;
	err_t err = OK;
	if (!is_good || (again && may_ask))
		err = kept_fetch(web, kept, url, what);
	if (!err)
		*ret_body = str_copy(web->op.arena, kept->body);
	pthread_mutex_unlock(&cache->mutex);
	return err;
}

/* ---- settings ---- */

struct client {
	struct oidc_provider provider;
	str issuer, id, secret, ident_claim, scope, acr;
};

static err_t setting_or(const struct op *op, const char *name, str otherwise, str *ret_value)
{
	TRY(setup_get(op, name, ret_value));
	if (!ret_value->size)
		*ret_value = otherwise;
	return OK;
}

static err_t client_load(struct web *web, struct client *ret_client)
{
	const struct op *op = &web->op;
	str json;
	TRY(setup_get(op, "oidc.issuer", &ret_client->issuer));
	TRY(setup_get(op, "oidc.client_id", &ret_client->id));
	TRY(setup_get(op, "oidc.client_secret", &ret_client->secret));
	TRY(setting_or(op, "oidc.ident_claim", S("pid"), &ret_client->ident_claim));
	TRY(setting_or(op, "oidc.scope", S("openid profile"), &ret_client->scope));
	TRY(setup_get(op, "oidc.acr", &ret_client->acr));
	if (!ret_client->issuer.size || !ret_client->id.size)
		return fail(ERR_REFUSED, "log-in with BankID is not set up here");
	str issuer = ret_client->issuer;
	bool slash = issuer.at[issuer.size - 1] == '/';
	str url = str_format(op->arena, "%.*s%s.well-known/openid-configuration", STR_ARG(issuer), slash ? "" : "/");
	TRY(kept_get(web, &web->site->oidc->provider, url, "its configuration", false, &json));
	return oidc_provider_read(op->arena, json, issuer, &ret_client->provider);
}

/* ---- there and back ---- */

/* Where the provider sends the visitor back: the address of the site as it is set up, or as it is asked for on this machine. */
static str redirect_uri(struct web *web)
{
	str host = http_header(web->request, "Host");
	if (str_starts(host, S("127.0.0.1")) || str_starts(host, S("localhost")))
		return str_format(web->op.arena, "http://%.*s/my/login/callback", STR_ARG(host));
	bool has_scheme = str_has(web->site->domain, S("://"));
	return str_format(web->op.arena, "%s%.*s/my/login/callback", has_scheme ? "" : "https://", STR_ARG(web->site->domain));
}

static struct oidc_request request_of(struct web *web, const struct client *client, str secrets)
{
	struct oidc_request request = { .client_id = client->id, .redirect_uri = redirect_uri(web), .scope = client->scope,
		.acr = client->acr, .language = str_from_z(web_language_code(web->language)) };
	request.state = str_cut(secrets, ' ', &secrets);
	request.nonce = str_cut(secrets, ' ', &request.verifier);
	return request;
}

static err_t provider_go(struct web *web)
{
	struct client client;
	TRY(client_load(web, &client));
	str secrets = str_format(web->op.arena, "%.*s %.*s %.*s", STR_ARG(web_random(web->op.arena, SECRET_SIZE)),
		STR_ARG(web_random(web->op.arena, SECRET_SIZE)), STR_ARG(web_random(web->op.arena, SECRET_SIZE)));
	TRY(login_step_begin(web, &(struct login_step){ .kind = "oidc", .secret = secrets, .seconds = STEP_SECONDS }, true, NULL));
	struct oidc_request request = request_of(web, &client, secrets);
	return web_redirect_away(web, oidc_authorize_url(web->op.arena, &client.provider, &request));
}

static err_t token_fetch(struct web *web, const struct client *client, const struct oidc_request *request, str code, str *ret_token)
{
	str headers[] = { S("Content-Type: application/x-www-form-urlencoded"), S("Accept: application/json"),
		oidc_basic(web->op.arena, client->id, client->secret) };
	str json;
	TRY(ask(web, &(struct net_http){ .url = client->provider.token_endpoint, .is_post = true, .headers = headers,
		.header_count = sizeof headers / sizeof *headers, .body = oidc_token_body(web->op.arena, request, code),
		.seconds_max = FETCH_SECONDS, .answer_size_max = ANSWER_SIZE_MAX }, "a token", &json));
	return oidc_token_read(web->op.arena, json, ret_token);
}

static err_t key_find(struct web *web, const struct client *client, str kid, struct oidc_key *ret_key)
{
	for (int again = 0; again < 2; again++) {
		struct oidc_keys keys;
		str json;
		TRY(kept_get(web, &web->site->oidc->keys, client->provider.jwks_uri, "its keys", again, &json));
		TRY(oidc_keys_read(web->op.arena, json, &keys));
		const struct oidc_key *key = oidc_key_of(&keys, kid);
		if (key) {
			*ret_key = *key;
			return OK;
		}
	}
	return fail(ERR_INPUT, "the provider's token is signed with a key it does not show");
}

static err_t ident_find(struct web *web, const struct client *client, const struct oidc_request *request, str code, str *ret_ident)
{
	str token, kid, claims;
	struct oidc_key key;
	TRY(token_fetch(web, client, request, code, &token));
	TRY(jws_key_id(web->op.arena, token, &kid));
	TRY(key_find(web, client, kid, &key));
	TRY(jws_verify(web->op.arena, token, key.n, key.e, &claims));
	struct oidc_wanted wanted = { .issuer = client->issuer, .client_id = client->id, .nonce = request->nonce, .acr = client->acr,
		.ident_claim = client->ident_claim, .now = web->now };
	return oidc_claims_check(web->op.arena, claims, &wanted, ret_ident);
}

static err_t not_logged_in(struct web *web, const char *why)
{
	return problem_answer(web, (struct problem){ .status = 403, .sentence = why });
}

static err_t debtor_log_in(struct web *web, str ident)
{
	int64_t debtor_id;
	struct debtor debtor;
	TRY(debtor_of_ident(&web->op, ident, &debtor_id));
	if (!debtor_id)
		return not_logged_in(web, N_("You are logged in with BankID, but we have no case with you. There is nothing to do."));
	TRY(debtor_get(&web->op, debtor_id, &debtor));
	TRY(session_begin(web, (struct visitor){ .who = WHO_DEBTOR, .debtor_id = debtor_id, .name = debtor.name, .may_act = true }));
	return web_redirect(web, "/my");
}

static err_t step_take(struct web *web, str *ret_secrets)
{
	struct login_step_found step;
	bool found;
	TRY(login_step_find(web, S(""), &step, &found));
	found = found && str_eq_z(step.kind, "oidc");
	login_step_forget(web);
	if (!found)
		return not_logged_in(web, N_("The log-in took too long, or was begun elsewhere. Start again."));
	*ret_secrets = step.secret;
	TRY(db_begin(web->op.db));
	return db_end(web->op.db, q_web_step_delete(web->op.db, step.token_hash));
}

static err_t provider_back(struct web *web)
{
	struct client client;
	str secrets, ident, state = http_query(web->request, "state"), code = http_query(web->request, "code");
	TRY(step_take(web, &secrets));
	TRY(client_load(web, &client));
	struct oidc_request request = request_of(web, &client, secrets);
	if (state.size != request.state.size || sodium_memcmp(state.at, request.state.at, state.size) != 0)
		return not_logged_in(web, N_("The log-in took too long, or was begun elsewhere. Start again."));
	if (!code.size)
		return not_logged_in(web, N_("You were not logged in with BankID. Nothing has happened."));
	err_t err = ident_find(web, &client, &request, code, &ident);
	if (err) {
		fprintf(stderr, "<4>log-in by provider: %s\n", err_text(err));
		err_free(err);
		return not_logged_in(web, N_("We could not check the log-in with BankID. Try again, or use the code in the letter."));
	}
	return debtor_log_in(web, ident);
}

const struct route routes_oidc[] = {
	{ HTTP_GET, "/my/login/bankid", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX | ROUTE_LIMITED | ROUTE_NO_PAGE,
		.run = provider_go, .title = N_("Log in with BankID") },
	{ HTTP_GET, "/my/login/callback", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX | ROUTE_LIMITED | ROUTE_NO_PAGE,
		.run = provider_back, .title = N_("Log in with BankID") },
	{ .method = HTTP_METHOD_COUNT },
};
