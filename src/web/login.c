/* Logging in with e-mail, password and a one-time code; invitations; logging out. Debtors' ways in are in debtor_login.c.
 *
 *	e-mail and password right → a login_step and its cookie → the app's code right → a session
 * A wrong e-mail, password or code gets the same sentence, takes the same time, and is counted. */
#include "app/person.h"
#include "html/login.h"
#include "sql.h"
#include "web/session.h"
#include "web/totp.h"

enum { STEP_SECONDS = 600, CODE_TRIES_MAX = 5, TOTP_SECRET_SIZE = 32 };

static const struct field login_fields[] = {
	{ .name = "email", .kind = FIELD_EMAIL, .label = N_("E-mail address"), .autocomplete = "username" },
	{ .name = "password", .kind = FIELD_PASSWORD, .label = N_("Password"), .autocomplete = "current-password" },
	{ .name = NULL },
};
static const struct field code_fields[] = {
	{ .name = "code", .kind = FIELD_CODE, .label = N_("Six digits"), .hint = N_("They change every thirty seconds."),
		.size_max = 10, .autocomplete = "one-time-code" },
	{ .name = NULL },
};
static const struct field invite_fields[] = {
	{ .name = "password", .kind = FIELD_PASSWORD, .label = N_("A new password"),
		.hint = N_("At least 12 characters. Three words nobody would put together are easy to remember and hard to guess."),
		.autocomplete = "new-password" },
	{ .name = "code", .kind = FIELD_CODE, .label = N_("Six digits from the app"), .size_max = 10,
		.autocomplete = "one-time-code" },
	{ .name = NULL },
};

static err_t login_show(struct web *web)
{
	html_login(&web->html, web);
	return OK;
}

static err_t wrong_login(struct web *web)
{
	web->form.error = T(&web->html, "The e-mail address or the password is wrong. After several wrong tries you must wait a while.");
	return web_again(web);
}

static err_t login_try(struct web *web)
{
	str email = form_text(&web->form, "email");
	str reference = web_try_from_here(web, str_format(web->op.arena, "login %.*s", STR_ARG(email)));
	struct person_by_email_row person = { 0 };
	bool found, allowed;
	TRY(web_try_allowed(web, reference, &allowed));
	TRY(q_person_by_email(web->op.db, web->op.arena, email, &person, &found));
	bool holds = password_holds(web->op.arena, found && person.active ? person.password_hash : S(""),
		form_text(&web->form, "password"));
	if (!allowed || !holds) {
		if (allowed)
			TRY(web_try_failed(web, reference));
		return wrong_login(web);
	}
	TRY(web_try_forget(web, reference));
	TRY(login_step_begin(web, &(struct login_step){ .kind = "password", .person_id = person.person_id, .secret = S(""),
		.seconds = STEP_SECONDS }, true, NULL));
	return web_redirect(web, "/login/code");
}

static err_t code_show(struct web *web)
{
	html_login_code(&web->html, web);
	return OK;
}

static const char *start_page(enum who who)
{
	return who & WHO_CLIENT ? "/client" : "/desk";
}

static err_t person_log_in(struct web *web, int64_t person_id)
{
	struct person_by_id_row person;
	bool found;
	TRY(q_person_by_id(web->op.db, web->op.arena, person_id, &person, &found));
	if (!found || !person.active)
		return web_forbidden(web);
	enum who who = WHO_STRANGER;
	for (unsigned bit = 1; bit <= WHO_KEY; bit <<= 1)
		if (str_eq_z(person.role, who_name((enum who)bit)))
			who = (enum who)bit;
	TRY(session_begin(web, (struct visitor){ .who = who, .person_id = person_id, .name = person.name,
		.client_no = person.has_client_no ? person.client_no : 0, .may_act = true }));
	web->language = str_eq_z(person.language, "en") ? WEB_ENGLISH : web->language;
	return web_redirect(web, "%s", start_page(who));
}

/* Looked at and counted in one transaction: two requests at once are two tries, and a code is good for one of them. */
static err_t code_use(struct web *web, bool *ret_stale, bool *ret_holds)
{
	struct login_step_found step;
	struct person_by_id_row person;
	int64_t totp_step = 0;
	bool found;
	TRY(login_step_find(web, S(""), &step, &found));
	*ret_stale = !found || step.try_count >= CODE_TRIES_MAX;
	if (*ret_stale)
		return OK;
	TRY(q_person_by_id(web->op.db, web->op.arena, step.person_id, &person, &found));
	*ret_holds = found && totp_holds(web->op.arena, person.totp_secret, form_text(&web->form, "code"), web->now, person.totp_step,
		&totp_step);
	if (!*ret_holds)
		return q_web_step_tried(web->op.db, step.token_hash);
	TRY(q_web_step_delete(web->op.db, step.token_hash));
	return q_person_stepped(web->op.db, step.person_id, totp_step);
}

static err_t login_again(struct web *web)
{
	login_step_forget(web);
	return web_redirect(web, "/login");
}

/* Who tries codes knows the password: the person is locked, wherever the tries come from. */
static err_t code_try(struct web *web)
{
	struct login_step_found step;
	bool found, allowed, stale = false, holds = false;
	TRY(login_step_find(web, S(""), &step, &found));
	if (!found || !str_eq_z(step.kind, "password"))
		return login_again(web);
	str reference = str_format(web->op.arena, "code person %lld", (long long)step.person_id);
	TRY(web_try_allowed(web, reference, &allowed));
	if (allowed) {
		TRY(db_begin(web->op.db));
		TRY(db_end(web->op.db, code_use(web, &stale, &holds)));
	}
	if (stale)
		return login_again(web);
	if (!holds) {
		if (allowed)
			TRY(web_try_failed(web, reference));
		form_wrong(&web->form, "code", T(&web->html, "The code is wrong or used. Wait for the next one and try again."));
		return web_again(web);
	}
	TRY(web_try_forget(web, reference));
	login_step_forget(web);
	return person_log_in(web, step.person_id);
}

static err_t log_out(struct web *web)
{
	TRY(session_end(web));
	return web_redirect(web, "/");
}

/* ---- invitations ---- */

static err_t invite_find(struct web *web, struct login_step_found *ret_step, bool *ret_found)
{
	str token = web_word(web, "token");
	TRY(login_step_find(web, token.size ? token : S("-"), ret_step, ret_found));
	*ret_found = *ret_found && str_eq_z(ret_step->kind, "invite");
	if (!*ret_found) {
		web->answer->status = 410;
		html_login_invite_gone(&web->html, web);
	}
	return OK;
}

/* The secret is chosen when the page is shown and comes back with the form, until it is proved by a code. */
static str secret_of(struct web *web)
{
	str sent = http_form(web->request, "secret");
	bool fits = sent.size == TOTP_SECRET_SIZE;
	for (size_t i = 0; i < sent.size; i++)
		fits = fits && ((sent.at[i] >= 'A' && sent.at[i] <= 'Z') || (sent.at[i] >= '2' && sent.at[i] <= '7'));
	return fits ? sent : totp_secret_new(web->op.arena);
}

static err_t invite_show(struct web *web)
{
	struct login_step_found step;
	struct person_by_id_row person;
	bool found;
	TRY(invite_find(web, &step, &found));
	if (!found)
		return OK;
	TRY(q_person_by_id(web->op.db, web->op.arena, step.person_id, &person, &found));
	str secret = secret_of(web);
	html_login_invite(&web->html, web, web_word(web, "token"), person.name, secret,
		totp_uri(web->op.arena, secret, web->site->agency.name, person.email));
	return OK;
}

static err_t invite_use(struct web *web)
{
	struct login_step_found step;
	bool found;
	TRY(invite_find(web, &step, &found));
	if (!found)
		return OK;
	str secret = secret_of(web), hash;
	int64_t totp_step;
	if (!totp_holds(web->op.arena, secret, form_text(&web->form, "code"), web->now, 0, &totp_step)) {
		form_wrong(&web->form, "code", T(&web->html, "The code does not fit the key. Write the digits the app shows now."));
		return web_again(web);
	}
	TRY(password_hash(web->op.arena, form_text(&web->form, "password"), &hash));
	TRY(db_begin(web->op.db));
	err_t err = q_person_set_password(web->op.db, step.person_id, hash, secret);
	if (!err)
		err = q_person_stepped(web->op.db, step.person_id, totp_step);
	if (!err)
		err = q_web_step_delete(web->op.db, step.token_hash);
	if (!err)
		err = q_web_sessions_of_person_delete(web->op.db, step.person_id);
	TRY(db_end(web->op.db, err));
	return person_log_in(web, step.person_id);
}

const struct route routes_login[] = {
	{ HTTP_GET, "/login", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = login_fields,
		.run = login_show, .title = N_("Log in") },
	{ HTTP_POST, "/login", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = login_fields,
		.run = login_try, .again = login_show, .title = N_("Log in") },
	{ HTTP_GET, "/login/code", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = code_fields,
		.run = code_show, .title = N_("The code from your authenticator app") },
	{ HTTP_POST, "/login/code", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = code_fields,
		.run = code_try, .again = code_show, .title = N_("The code from your authenticator app") },
	{ HTTP_POST, "/logout", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .run = log_out, .title = N_("Log out") },
	{ HTTP_GET, "/invite/{token}", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = invite_fields,
		.run = invite_show, .title = N_("Choose a password") },
	{ HTTP_POST, "/invite/{token}", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = invite_fields,
		.run = invite_use, .again = invite_show, .title = N_("Choose a password") },
	{ .method = HTTP_METHOD_COUNT },
};
