/* API keys and webhooks of a client. */
#include "html/client_key.h"
#include "web/client_user.h"

enum { DELIVERIES_SHOWN = 50 };

static const struct field_choice kind_choices[] = {
	{ "live", N_("Real"), N_("Works on your real cases.") },
	{ "test", N_("For trying"), N_("Works on a book of its own, with a clock you set. Nothing is sent to anybody.") },
	{ NULL, NULL, NULL },
};
static const struct field key_fields[] = {
	{ .name = "name", .kind = FIELD_TEXT, .label = N_("What is the key for?"), .hint = N_("For example the name of the system that uses it."),
		.size_max = 80 },
	{ .name = "kind", .kind = FIELD_CHOICE, .label = N_("Real, or for trying?"), .choices = kind_choices },
	{ .name = "write", .kind = FIELD_CHECK, .label = N_("May register claims and act on cases"), .optional = true },
	{ .name = "settle", .kind = FIELD_CHECK, .label = N_("May read settlements"), .optional = true },
	{ .name = NULL },
};
static const struct field webhook_fields[] = {
	{ .name = "url", .kind = FIELD_TEXT, .label = N_("Address to call"), .hint = N_("It begins with https://"), .size_max = 500 },
	{ .name = "topics", .kind = FIELD_TEXT, .label = N_("About what?"), .hint = N_("* for everything, or some of: case.step case.closed "
		"payment.booked objection.made settlement.made"), .size_max = 200 },
	{ .name = NULL },
};

static err_t list_show(struct web *web)
{
	struct client_key_list list;
	TRY(api_key_list(&web->op, web->visitor.client_no, &list.keys, &list.key_count));
	TRY(webhook_list(&web->op, web->visitor.client_no, &list.webhooks, &list.webhook_count));
	html_client_keys(&web->html, web, &list);
	return OK;
}

/* ---- keys ---- */

static err_t key_form_show(struct web *web)
{
	html_client_key_new(&web->html, web);
	return OK;
}

static err_t key_book(struct web *web, str *ret_key)
{
	int64_t key_id;
	struct api_key_new made = {
		.client_no = web->visitor.client_no,
		.name = form_text(&web->form, "name"),
		.may_write = form_value(&web->form, "write")->is_ticked,
		.may_settle = form_value(&web->form, "settle")->is_ticked,
		.sandbox = str_eq_z(form_text(&web->form, "kind"), "test"),
		.now = web->now,
	};
	TRY(api_key_make(&web->op, &made, &key_id, ret_key));
	return web_log(web, (struct web_act){ .act = "key_make", .client_no = web->visitor.client_no,
		.detail = str_format(web->op.arena, "key %lld", (long long)key_id) });
}

static err_t key_make(struct web *web)
{
	bool joined;
	struct client_secret secret = { N_("The key is made"), N_("Copy it now. It is shown this once: we keep only a fingerprint of it."),
		form_text(&web->form, "name"), S("") };
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, key_book(web, &secret.secret)));
	html_client_secret(&web->html, web, &secret);
	return OK;
}

static err_t key_end(struct web *web, int64_t key_id)
{
	TRY(api_key_revoke(&web->op, web->visitor.client_no, key_id, web->now));
	return web_log(web, (struct web_act){ .act = "key_revoke", .client_no = web->visitor.client_no,
		.detail = str_format(web->op.arena, "key %lld", (long long)key_id) });
}

/* A number that is no thing of the visitor's is told as a page that is not there. */
static err_t missing_or(struct web *web, err_t err)
{
	if (err_kind(err) != ERR_INPUT)
		return err;
	err_free(err);
	return web_missing(web);
}

static err_t key_revoke(struct web *web)
{
	bool joined;
	TRY(op_begin(&web->op, &joined));
	err_t err = op_end(&web->op, joined, key_end(web, web_number(web, "key")));
	return err ? missing_or(web, err) : web_redirect(web, "/client/keys");
}

/* ---- webhooks ---- */

static err_t webhook_form_show(struct web *web)
{
	if (!web->form.was_sent)
		form_fill(&web->form, "topics", S("*"));
	html_client_webhook_new(&web->html, web);
	return OK;
}

static err_t log_webhook(struct web *web, const char *act, int64_t webhook_id)
{
	TRY(db_begin(web->op.db));
	return db_end(web->op.db, web_log(web, (struct web_act){ .act = act, .client_no = web->visitor.client_no,
		.detail = str_format(web->op.arena, "webhook %lld", (long long)webhook_id) }));
}

static err_t webhook_make(struct web *web)
{
	int64_t webhook_id;
	struct webhook_new made = { web->visitor.client_no, form_text(&web->form, "url"), form_text(&web->form, "topics") };
	struct client_secret secret = { N_("The webhook is made"), N_("Copy the secret now: your program checks our signature with it. It is "
		"shown this once."), made.url, S("") };
	TRY(webhook_create(&web->op, &made, web->now, &webhook_id, &secret.secret));
	TRY(log_webhook(web, "webhook_make", webhook_id));
	html_client_secret(&web->html, web, &secret);
	return OK;
}

static err_t webhook_find(struct web *web, struct webhook_row *ret_row, bool *ret_found)
{
	struct webhook_row *rows;
	size_t count;
	int64_t webhook_id = web_number(web, "webhook");
	*ret_found = false;
	TRY(webhook_list(&web->op, web->visitor.client_no, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (rows[i].webhook_id == webhook_id) {
			*ret_row = rows[i];
			*ret_found = true;
		}
	return *ret_found ? OK : web_missing(web);
}

static err_t webhook_show(struct web *web)
{
	struct client_webhook_view view = { .next = 0 };
	bool found;
	int64_t before = 0;
	str text = http_query(web->request, "before");
	TRY(webhook_find(web, &view.webhook, &found));
	if (!found)
		return OK;
	if (text.size)
		TRY(within(parse_i64(text, 1, INT64_MAX, &before), "before"));
	struct webhook_question question = { web->visitor.client_no, view.webhook.webhook_id, before, DELIVERIES_SHOWN };
	TRY(webhook_deliveries(&web->op, &question, &view.deliveries, &view.delivery_count));
	if (view.delivery_count == DELIVERIES_SHOWN)
		view.next = view.deliveries[DELIVERIES_SHOWN - 1].delivery_id;
	html_client_webhook(&web->html, web, &view);
	return OK;
}

static err_t webhook_switch_over(struct web *web)
{
	struct webhook_row row;
	bool found;
	TRY(webhook_find(web, &row, &found));
	if (!found)
		return OK;
	TRY(webhook_turn(&web->op, (struct webhook_switch){ web->visitor.client_no, row.webhook_id, !row.active }));
	TRY(log_webhook(web, row.active ? "webhook_off" : "webhook_on", row.webhook_id));
	return web_redirect(web, "/client/webhooks/%lld", (long long)row.webhook_id);
}

static err_t delivery_again(struct web *web)
{
	struct webhook_row row;
	bool found;
	TRY(webhook_find(web, &row, &found));
	if (!found)
		return OK;
	struct webhook_again again = { web->visitor.client_no, web_number(web, "delivery") };
	err_t err = webhook_replay(&web->op, again, web->now);
	return err ? missing_or(web, err) : web_redirect(web, "/client/webhooks/%lld", (long long)row.webhook_id);
}

const struct route routes_client_key[] = {
	{ HTTP_GET, "/client/keys", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .run = list_show, .title = N_("API and webhooks") },
	{ HTTP_GET, "/client/keys/new", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .fields = key_fields, .run = key_form_show,
		.title = N_("Make an API key") },
	{ HTTP_POST, "/client/keys/new", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .fields = key_fields, .run = key_make,
		.again = key_form_show, .title = N_("Make an API key") },
	{ HTTP_POST, "/client/keys/{key}/revoke", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .run = key_revoke,
		.title = N_("Revoke an API key") },
	{ HTTP_GET, "/client/webhooks/new", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .fields = webhook_fields,
		.run = webhook_form_show, .title = N_("Make a webhook") },
	{ HTTP_POST, "/client/webhooks/new", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .fields = webhook_fields,
		.run = webhook_make, .again = webhook_form_show, .title = N_("Make a webhook") },
	{ HTTP_GET, "/client/webhooks/{webhook}", .kind = ROUTE_READ, .who = WHO_CLIENT_ADMIN, .run = webhook_show,
		.title = N_("A webhook") },
	{ HTTP_POST, "/client/webhooks/{webhook}/turn", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN, .run = webhook_switch_over,
		.title = N_("Turn a webhook on or off") },
	{ HTTP_POST, "/client/webhooks/{webhook}/deliveries/{delivery}/again", .kind = ROUTE_WRITE, .who = WHO_CLIENT_ADMIN,
		.run = delivery_again, .title = N_("Send once more") },
	{ .method = HTTP_METHOD_COUNT },
};
