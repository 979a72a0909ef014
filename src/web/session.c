#include "web/session.h"

#include "app/secret.h"
#include "sql.h"
#include "web/limit.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* __Host-: the browser takes it only by TLS (or on its own machine), for this host alone, and sends it nowhere else. */
static const char session_cookie[] = "__Host-session", step_cookie[] = "__Host-step", visit_cookie[] = "__Host-visit";

enum { TOKEN_SIZE = SECRET_TOKEN_SIZE, SEEN_EVERY = 60 };

static const struct {
	enum who who;
	const char *name;
} who_names[WHO_COUNT] = {
	{ WHO_STRANGER, "stranger" },
	{ WHO_DEBTOR, "debtor" },
	{ WHO_CLIENT_READER, "client_reader" },
	{ WHO_CLIENT_CLERK, "client_clerk" },
	{ WHO_CLIENT_ADMIN, "client_admin" },
	{ WHO_HANDLER, "handler" },
	{ WHO_MANAGER, "manager" },
	{ WHO_ADMIN, "admin" },
	{ WHO_AUDITOR, "auditor" },
	{ WHO_KEY, "key" },
};

const char *who_name(enum who who)
{
	for (size_t i = 0; i < WHO_COUNT; i++)
		if (who_names[i].who == who)
			return who_names[i].name;
	panic("no such visitor");
}

static enum who who_named(str name)
{
	for (size_t i = 0; i < WHO_COUNT; i++)
		if (str_eq_z(name, who_names[i].name))
			return who_names[i].who;
	return WHO_STRANGER;
}

/* ---- random and hashes ---- */

str web_random(struct arena *arena, size_t size)
{
	return secret_random(arena, size);
}

str web_hash(struct arena *arena, str secret)
{
	return secret_hash(arena, secret, (str){ NULL, 0 });
}

str web_keyed_hash(struct web *web, const char *purpose, str text)
{
	return secret_hash(web->op.arena, str_format(web->op.arena, "%s:%.*s", purpose, STR_ARG(text)), web->site->secret);
}

/* ---- cookies ---- */

static void cookie_set(struct web *web, const char *name, str value, int seconds)
{
	http_answer_header(web->answer, "Set-Cookie",
		str_format(web->op.arena, "%s=%.*s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%d", name, STR_ARG(value),
			seconds));
}

static str cookie_get(const struct web *web, const char *name)
{
	str value = http_cookie(web->request, name);
	if (value.size != TOKEN_SIZE)
		return S("");
	for (size_t i = 0; i < value.size; i++)
		if (!memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", value.at[i], 64))
			return S("");
	return value;
}

/* ---- sessions ---- */

static struct visitor visitor_of(const struct web_session_row *row, str token, date today)
{
	struct visitor visitor = { .who = WHO_STRANGER };
	if (row->has_person_id) {
		if (!row->has_active || !row->active)
			return visitor;
		visitor = (struct visitor){ .who = who_named(row->role), .person_id = row->person_id,
			.client_no = row->has_client_no ? row->client_no : 0, .name = row->name, .may_act = true };
	} else if (row->has_debtor_id) {
		visitor = (struct visitor){ .who = WHO_DEBTOR, .debtor_id = row->debtor_id, .name = row->debtor_name,
			.only_case = row->has_case_id ? row->case_id : 0, .may_act = true };
		if (row->has_mandate_id) {
			if (row->has_ended_at || date_before(row->until_on, today))
				return (struct visitor){ .who = WHO_STRANGER };
			visitor.mandate_id = row->mandate_id;
			visitor.name = row->helper_name;
			visitor.may_act = str_eq_z(row->scope, "act");
			visitor.only_case = row->has_mandate_case_id ? row->mandate_case_id : visitor.only_case;
		}
	}
	visitor.token = token;
	return visitor;
}

err_t session_find(struct web *web, struct visitor *ret_visitor)
{
	*ret_visitor = (struct visitor){ .who = WHO_STRANGER };
	str cookie = cookie_get(web, session_cookie);
	if (!cookie.size)
		return OK;
	str token = web_hash(web->op.arena, cookie);
	struct web_session_row row;
	bool found;
	TRY(q_web_session(web->op.db, web->op.arena, token, &row, &found));
	if (!found || row.expires_at < web->now || row.created_at + SESSION_SECONDS_MAX < web->now)
		return OK;
	*ret_visitor = visitor_of(&row, token, web->op.today);
	/* Kept alive while it is used: written at most once a minute, by requests that write anyway. */
	if (web->route && web->route->kind == ROUTE_WRITE && row.seen_at + SEEN_EVERY < web->now) {
		int64_t length = row.has_person_id ? SESSION_SECONDS_PERSON : SESSION_SECONDS_DEBTOR;
		TRY(db_begin(web->op.db));
		TRY(db_end(web->op.db, q_web_session_seen(web->op.db, token, web->now, web->now + length)));
	}
	return OK;
}

static int64_t or_null(int64_t id)
{
	return id ? id : INT64_MIN;
}

err_t session_begin(struct web *web, struct visitor visitor)
{
	str token = web_random(web->op.arena, TOKEN_SIZE);
	int seconds = visitor.person_id ? SESSION_SECONDS_PERSON : SESSION_SECONDS_DEBTOR;
	TRY(db_begin(web->op.db));
	err_t err = q_web_sessions_expire(web->op.db, web->now);
	if (!err && web->visitor.token.size) /* who the browser was before */
		err = q_web_session_delete(web->op.db, web->visitor.token);
	if (!err)
		err = q_web_session_insert(web->op.db, web_hash(web->op.arena, token), or_null(visitor.person_id),
			or_null(visitor.debtor_id), or_null(visitor.mandate_id), or_null(visitor.only_case), web->now,
			web->now + seconds);
	web->visitor = visitor;
	if (!err)
		err = web_log(web, (struct web_act){ .act = "log_in", .client_no = visitor.client_no,
			.debtor_id = visitor.debtor_id, .case_no = visitor.only_case });
	TRY(db_end(web->op.db, err));
	cookie_set(web, session_cookie, token, seconds);
	return OK;
}

err_t session_end(struct web *web)
{
	if (web->visitor.token.size) {
		TRY(db_begin(web->op.db));
		TRY(db_end(web->op.db, q_web_session_delete(web->op.db, web->visitor.token)));
	}
	cookie_set(web, session_cookie, S(""), 0);
	web->visitor = (struct visitor){ .who = WHO_STRANGER };
	return OK;
}

/* ---- a log-in under way ---- */

err_t login_step_begin(struct web *web, const struct login_step *step, bool cookie, str *ret_token)
{
	str token = web_random(web->op.arena, TOKEN_SIZE);
	TRY(db_begin(web->op.db));
	err_t err = q_web_steps_expire(web->op.db, web->now);
	if (!err)
		err = q_web_step_insert(web->op.db, web_hash(web->op.arena, token), str_from_z(step->kind),
			or_null(step->person_id), or_null(step->debtor_id), or_null(step->case_no), step->secret,
			web->now + step->seconds);
	TRY(db_end(web->op.db, err));
	if (cookie)
		cookie_set(web, step_cookie, token, step->seconds);
	if (ret_token)
		*ret_token = token;
	return OK;
}

err_t login_step_find(struct web *web, str token, struct login_step_found *ret_step, bool *ret_found)
{
	*ret_found = false;
	if (!token.size)
		token = cookie_get(web, step_cookie);
	if (!token.size)
		return OK;
	struct web_step_row row;
	bool found;
	str hash = web_hash(web->op.arena, token);
	TRY(q_web_step(web->op.db, web->op.arena, hash, &row, &found));
	if (!found || row.expires_at < web->now)
		return OK;
	*ret_found = true;
	*ret_step = (struct login_step_found){ hash, row.kind, row.secret, row.has_person_id ? row.person_id : 0,
		row.has_debtor_id ? row.debtor_id : 0, row.has_case_id ? row.case_id : 0, row.try_count };
	return OK;
}

void login_step_forget(struct web *web)
{
	cookie_set(web, step_cookie, S(""), 0);
}

/* ---- forms ---- */

/* What a form's token stands on: the session, or a cookie given to a stranger. */
static str visit_of(struct web *web, bool may_make)
{
	if (web->visitor.token.size)
		return web->visitor.token;
	str cookie = cookie_get(web, visit_cookie);
	if (cookie.size || !may_make)
		return cookie;
	if (web->new_visit.size)
		return web->new_visit;
	web->new_visit = web_random(web->op.arena, TOKEN_SIZE);
	cookie_set(web, visit_cookie, web->new_visit, SESSION_SECONDS_PERSON);
	return web->new_visit;
}

str web_csrf(struct web *web, str path)
{
	str visit = visit_of(web, true);
	return web_keyed_hash(web, "csrf", str_format(web->op.arena, "%.*s %.*s", STR_ARG(visit), STR_ARG(path)));
}

/* Browsers say where a form comes from; what says nothing has only its token to show. */
static bool from_our_page(const struct web *web)
{
	str site = http_header(web->request, "Sec-Fetch-Site"), origin = http_header(web->request, "Origin");
	if (site.size && !str_eq_z(site, "same-origin"))
		return false;
	if (!origin.size)
		return true;
	str host = http_header(web->request, "Host"), after;
	str_cut(origin, '/', &after);
	return after.size > 1 && host.size && str_eq((str){ after.at + 1, after.size - 1 }, host);
}

bool csrf_holds(struct web *web, str path)
{
	str sent = http_form(web->request, "csrf"), visit = visit_of(web, false);
	if (!visit.size || !from_our_page(web))
		return false;
	str wanted = web_keyed_hash(web, "csrf", str_format(web->op.arena, "%.*s %.*s", STR_ARG(visit), STR_ARG(path)));
	return sent.size == wanted.size && sodium_memcmp(sent.at, wanted.at, wanted.size) == 0;
}

/* ---- tries ---- */

enum { TRIES_FREE = 5, LOCK_SECONDS_FIRST = 60, LOCK_SECONDS_MAX = 24 * 3600 };

str web_try_from_here(struct web *web, str reference)
{
	return web_keyed_hash(web, "try", str_format(web->op.arena, "%.*s from %.*s", STR_ARG(reference),
		STR_ARG(limit_network(web->request->address))));
}

err_t web_try_allowed(struct web *web, str reference, bool *ret_allowed)
{
	struct web_try_row row;
	bool found;
	TRY(q_web_try(web->op.db, web->op.arena, reference, &row, &found));
	*ret_allowed = !found || row.locked_until_at <= web->now;
	return OK;
}

/* After five wrong tries a minute, then twice as long each time, a day at most. */
err_t web_try_failed(struct web *web, str reference)
{
	struct web_try_row row;
	bool found;
	TRY(db_begin(web->op.db));
	err_t err = q_web_try(web->op.db, web->op.arena, reference, &row, &found);
	if (!err) {
		int64_t count = found && row.last_at + SESSION_TRIES_KEPT > web->now ? row.failed_count + 1 : 1;
		int64_t lock = 0;
		for (int64_t i = TRIES_FREE; i <= count && lock < LOCK_SECONDS_MAX; i++)
			lock = lock ? lock * 2 : LOCK_SECONDS_FIRST;
		err = q_web_try_put(web->op.db, reference, count, web->now + (lock < LOCK_SECONDS_MAX ? lock : LOCK_SECONDS_MAX),
			web->now);
	}
	return db_end(web->op.db, err);
}

err_t web_try_forget(struct web *web, str reference)
{
	TRY(db_begin(web->op.db));
	return db_end(web->op.db, q_web_try_delete(web->op.db, reference));
}
