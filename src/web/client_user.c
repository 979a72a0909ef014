#include "web/client_user.h"

#include "app/person.h"
#include "html/client_user.h"
#include "web/words.h"


static const struct field_choice role_choices[] = {
	{ "client_reader", N_("Reader"), N_("Sees everything, changes nothing.") },
	{ "client_clerk", N_("Clerk"), N_("Also registers claims, reports payments, credits and withdraws.") },
	{ "client_admin", N_("Administrator"), N_("Also gives others access and makes API keys.") },
	{ NULL, NULL, NULL },
};
static const struct field new_fields[] = {
	{ .name = "name", .kind = FIELD_TEXT, .label = N_("Name") },
	{ .name = "email", .kind = FIELD_EMAIL, .label = N_("E-mail address") },
	{ .name = "role", .kind = FIELD_CHOICE, .label = N_("What may the user do?"), .choices = role_choices },
	{ .name = NULL },
};
static const struct field change_fields[] = {
	{ .name = "role", .kind = FIELD_CHOICE, .label = N_("What may the user do?"), .choices = role_choices },
	{ .name = "active", .kind = FIELD_CHECK, .label = N_("May log in"), .optional = true },
	{ .name = NULL },
};

static err_t list_show(struct web *web)
{
	struct client_user_list list;
	TRY(client_user_list(&web->op, web->visitor.client_no, &list.users, &list.count));
	html_client_users(&web->html, web, &list);
	return OK;
}

static err_t new_show(struct web *web)
{
	html_client_user_new(&web->html, web);
	return OK;
}

/* The link is shown to the administrator, who sends it on: so it also works where no e-mail goes out. */
static void invitation_show(struct web *web, str name, str token)
{
	const char *scheme = web->request->is_tls ? "https" : "http";
	str host = http_header(web->request, "Host");
	struct client_invitation invitation = { .name = name, .days = PERSON_INVITE_SECONDS / 86400,
		.link = str_format(web->op.arena, "%s://%.*s/invite/%.*s", scheme, STR_ARG(host), STR_ARG(token)) };
	html_client_invitation(&web->html, web, &invitation);
}

/* Inside a transaction. */
static err_t invite(struct web *web, int64_t person_id, str *ret_token)
{
	TRY(person_invite(&web->op, person_id, web->now, ret_token));
	return web_log(web, (struct web_act){ .act = "user_invite", .client_no = web->visitor.client_no,
		.detail = str_format(web->op.arena, "person %lld", (long long)person_id) });
}

static err_t user_book(struct web *web, str *ret_token)
{
	int64_t person_id;
	struct person_new person = {
		.email = form_text(&web->form, "email"),
		.name = form_text(&web->form, "name"),
		.role = form_text(&web->form, "role"),
		.client_no = web->visitor.client_no,
		.language = str_from_z(web_language_code(web->language)),
	};
	TRY(person_add(&web->op, &person, web->now, &person_id));
	return invite(web, person_id, ret_token);
}

static err_t user_make(struct web *web)
{
	str token;
	bool joined;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, user_book(web, &token)));
	invitation_show(web, form_text(&web->form, "name"), token);
	return OK;
}

/* Through the right: of the visitor's own client. */
static err_t user_find(struct web *web, struct client_user *ret_user, bool *ret_found)
{
	TRY(client_user_get(&web->op, web->visitor.client_no, web_number(web, "person"), ret_user, ret_found));
	return *ret_found ? OK : web_missing(web);
}

static err_t user_show(struct web *web)
{
	struct client_user user;
	bool found;
	TRY(user_find(web, &user, &found));
	if (!found)
		return OK;
	if (!web->form.was_sent) {
		form_fill(&web->form, "role", user.role);
		form_value(&web->form, "active")->is_ticked = user.active;
	}
	html_client_user(&web->html, web, &user);
	return OK;
}

static err_t change_book(struct web *web, const struct client_user *user)
{
	struct person_change change = { .person_id = user->person_id, .client_no = web->visitor.client_no,
		.role = form_text(&web->form, "role"), .is_active = form_value(&web->form, "active")->is_ticked };
	TRY(person_change(&web->op, &change));
	return web_log(web, (struct web_act){ .act = "user_change", .client_no = web->visitor.client_no,
		.detail = str_format(web->op.arena, "person %lld %.*s%s", (long long)user->person_id, STR_ARG(change.role),
			change.is_active ? "" : " off") });
}

static err_t user_change(struct web *web)
{
	struct client_user user;
	bool found, joined;
	TRY(user_find(web, &user, &found));
	if (!found)
		return OK;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, change_book(web, &user)));
	return web_redirect(web, "/client/users");
}

static err_t user_invite_again(struct web *web)
{
	struct client_user user;
	bool found, joined;
	str token;
	TRY(user_find(web, &user, &found));
	if (!found)
		return OK;
	if (!user.active)
		return fail(ERR_REFUSED, "a user who may not log in is not invited: let the user log in first");
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, invite(web, user.person_id, &token)));
	invitation_show(web, user.name, token);
	return OK;
}

const struct route routes_client_user[] = {
	{ HTTP_GET, "/client/users", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .run = list_show, .title = N_("Users") },
	{ HTTP_GET, "/client/users/new", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .fields = new_fields, .run = new_show,
		.title = N_("Give somebody access") },
	{ HTTP_POST, "/client/users/new", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .fields = new_fields, .run = user_make,
		.again = new_show, .title = N_("Give somebody access") },
	{ HTTP_GET, "/client/users/{person}", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .fields = change_fields, .run = user_show,
		.title = N_("A user") },
	{ HTTP_POST, "/client/users/{person}", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .fields = change_fields,
		.run = user_change, .again = user_show, .title = N_("A user") },
	{ HTTP_POST, "/client/users/{person}/invite", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .run = user_invite_again,
		.title = N_("A new invitation") },
	{ .method = HTTP_METHOD_COUNT },
};
