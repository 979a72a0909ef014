/* What we know of a debtor: seen, corrected, taken away; who has looked; how we write; who may act. What concerns the person and
 * not a case is the debtor's own: a helper may see it with a mandate for all cases, and change none of it. */
#include "app/case_page.h"
#include "app/debtor.h"
#include "app/message.h"
#include "app/task.h"
#include "html/my_data.h"
#include "sql.h"
#include "web/my.h"
#include "web/routes.h"
#include "web/session.h"

enum { LOG_PAGE = 50, DOWNLOAD_SIZE_MAX = 32 << 20, MANDATE_CODE_SIZE = 8 };

static bool is_own(const struct web *web)
{
	return !web->visitor.mandate_id;
}

static err_t data_log(struct web *web, const char *act)
{
	return web_log(web, (struct web_act){ .act = act, .debtor_id = web->visitor.debtor_id });
}

/* ---- seen ---- */

static str ident_masked(struct arena *arena, str ident)
{
	return ident.size > 6 ? str_format(arena, "%.*s•••••", 6, ident.at) : ident;
}

static err_t data_show(struct web *web)
{
	struct debtor debtor;
	if (!is_own(web) && web->visitor.only_case)
		return web_forbidden(web);
	TRY(debtor_get(&web->op, web->visitor.debtor_id, &debtor));
	if (web->visitor.only_case) /* a letter and a telephone are less than BankID */
		debtor.ident = ident_masked(web->op.arena, debtor.ident);
	web_log_soon(web, (struct web_act){ .act = "see", .debtor_id = web->visitor.debtor_id, .detail = str_from_z(web->route->title) });
	html_my_data(&web->html, web, &debtor);
	return OK;
}

static err_t log_show(struct web *web)
{
	struct debtor_audit_row *rows;
	size_t count;
	int64_t before = INT64_MAX;
	str before_text = http_query(web->request, "before");
	if (before_text.size)
		TRY(parse_i64(before_text, 1, INT64_MAX, &before));
	TRY(q_debtor_audit(web->op.db, web->op.arena, web->visitor.debtor_id, web->visitor.only_case ? web->visitor.only_case : INT64_MIN,
		before, LOG_PAGE, &rows, &count));
	str older = S("");
	if (count == LOG_PAGE)
		older = html_joined(&web->html, "/my/data/log?before=%lld", (long long)rows[count - 1].audit_id);
	html_my_log(&web->html, web, rows, count, older);
	return OK;
}

/* ---- corrected ---- */

static const struct field contact_fields[] = {
	{ .name = "phone", .kind = FIELD_PHONE, .label = N_("Telephone"), .optional = true, .autocomplete = "tel" },
	{ .name = "email", .kind = FIELD_EMAIL, .label = N_("E-mail address"), .optional = true, .autocomplete = "email" },
	{ .name = NULL },
};
static const struct field address_fields[] = {
	{ .name = "address", .kind = FIELD_TEXT, .label = N_("Street and number"), .autocomplete = "address-line1" },
	{ .name = "postcode", .kind = FIELD_CODE, .label = N_("Postcode"), .size_max = 10, .autocomplete = "postal-code" },
	{ .name = "city", .kind = FIELD_TEXT, .label = N_("Place"), .size_max = 100, .autocomplete = "address-level2" },
	{ .name = NULL },
};
static const struct field_choice channels[] = {
	{ "paper", N_("Only by post"), NULL },
	{ "sms", N_("By SMS too"), N_("The SMS says that there is a letter, never what it is about.") },
	{ "email", N_("By e-mail too"), N_("The e-mail says that there is a letter, never what it is about.") },
	{ NULL, NULL, NULL },
};
static const struct field_choice languages[] = { { "nb", N_("Norwegian"), NULL }, { "en", N_("English"), NULL }, { NULL, NULL, NULL } };
static const struct field choice_fields[] = {
	{ .name = "channel", .kind = FIELD_CHOICE, .label = N_("How shall we tell you of letters?"), .choices = channels,
		.missing = N_("Choose how we shall tell you of letters") },
	{ .name = "language", .kind = FIELD_CHOICE, .label = N_("Which language?"), .choices = languages,
		.missing = N_("Choose a language") },
	{ .name = "consent", .kind = FIELD_CHECK, .label = N_("I agree to get letters electronically, when the law lets you send them so"),
		.optional = true },
	{ .name = NULL },
};

static err_t own_form(struct web *web, const char *action, str lead, str button)
{
	if (!is_own(web))
		return web_forbidden(web);
	html_my_data_form(&web->html, web, str_from_z(action), lead, button);
	return OK;
}

static err_t contact_again(struct web *web)
{
	return own_form(web, "/my/data/contact", T(&web->html, "We use these to send you codes, and messages if you want them."),
		T(&web->html, "Save"));
}

static err_t contact_show(struct web *web)
{
	struct debtor debtor;
	TRY(debtor_get(&web->op, web->visitor.debtor_id, &debtor));
	form_fill(&web->form, "phone", debtor.phone);
	form_fill(&web->form, "email", debtor.email);
	return contact_again(web);
}

static err_t contact_save(struct web *web)
{
	if (!is_own(web))
		return web_forbidden(web);
	TRY(db_begin(web->op.db));
	err_t err = debtor_set_contact(&web->op, web->visitor.debtor_id, form_text(&web->form, "phone"),
		form_text(&web->form, "email"), web->now);
	if (!err)
		err = data_log(web, "contact");
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/my/data");
}

static err_t address_again(struct web *web)
{
	return own_form(web, "/my/data/address", T(&web->html, "A case handler checks a new address before letters go there."),
		T(&web->html, "Send the new address"));
}

static err_t address_show(struct web *web)
{
	struct debtor debtor;
	TRY(debtor_get(&web->op, web->visitor.debtor_id, &debtor));
	form_fill(&web->form, "address", debtor.address);
	form_fill(&web->form, "postcode", debtor.postcode);
	form_fill(&web->form, "city", debtor.city);
	return address_again(web);
}

static err_t address_ask(struct web *web)
{
	struct debtor_first_case_row first;
	int64_t task_id;
	bool found;
	TRY(q_debtor_first_case(web->op.db, web->op.arena, web->visitor.debtor_id, &first, &found));
	TRY(task_open(&web->op, &(struct task_new){ .kind = TASK_OTHER, .case_no = web->visitor.only_case ? web->visitor.only_case : first.case_id,
		.due_on = DATE_NONE, .detail = str_format(web->op.arena, "new address: %.*s, %.*s %.*s", STR_ARG(form_text(&web->form, "address")),
			STR_ARG(form_text(&web->form, "postcode")), STR_ARG(form_text(&web->form, "city"))), .now = web->now }, &task_id));
	return data_log(web, "address");
}

static err_t address_send(struct web *web)
{
	if (!is_own(web))
		return web_forbidden(web);
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, address_ask(web)));
	return web_redirect(web, "/my/data/address/done");
}

static err_t address_done(struct web *web)
{
	html_my_data_address_sent(&web->html, web);
	return OK;
}

static err_t choices_again(struct web *web)
{
	return own_form(web, "/my/data/choices", T(&web->html, "Letters with a deadline always come by post as well."),
		T(&web->html, "Save"));
}

static err_t choices_show(struct web *web)
{
	struct debtor debtor;
	TRY(debtor_get(&web->op, web->visitor.debtor_id, &debtor));
	form_fill(&web->form, "channel", debtor.channel == LETTER_ON_PAPER ? S("paper") : str_from_z(letter_channel_name(debtor.channel)));
	form_fill(&web->form, "language", debtor.language);
	form_value(&web->form, "consent")->is_ticked = debtor.consent_at != 0;
	return choices_again(web);
}

static err_t choices_save(struct web *web)
{
	str channel = form_text(&web->form, "channel");
	if (!is_own(web))
		return web_forbidden(web);
	struct debtor_choice_new choice = {
		.channel = str_eq_z(channel, "sms") ? LETTER_BY_SMS : str_eq_z(channel, "email") ? LETTER_BY_EMAIL : LETTER_ON_PAPER,
		.consent = form_value(&web->form, "consent")->is_ticked,
		.language = form_text(&web->form, "language"),
	};
	TRY(db_begin(web->op.db));
	err_t err = debtor_choose(&web->op, web->visitor.debtor_id, &choice, web->now);
	if (!err)
		err = data_log(web, "choices");
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/my/data");
}

/* ---- taken away ---- */

static void money_key(struct json *json, const char *name, money amount)
{
	json_key(json, name), json_int(json, amount.minor);
}

static void text_key(struct json *json, const char *name, str text)
{
	json_key(json, name), json_str(json, text);
}

static void day_key(struct json *json, const char *name, date day)
{
	json_key(json, name);
	if (date_is_none(day))
		json_null(json);
	else
		json_z(json, date_iso(day).z);
}

static void debtor_tell(struct json *json, const struct debtor *debtor)
{
	json_key(json, "you"), json_object(json);
	text_key(json, "name", debtor->name), text_key(json, "ident", debtor->ident), text_key(json, "kind", debtor->kind);
	text_key(json, "address", debtor->address), text_key(json, "postcode", debtor->postcode), text_key(json, "city", debtor->city);
	text_key(json, "country", debtor->country), text_key(json, "phone", debtor->phone), text_key(json, "email", debtor->email);
	text_key(json, "language", debtor->language), text_key(json, "channel", str_from_z(letter_channel_name(debtor->channel)));
	json_key(json, "consent_to_electronic_letters"), json_bool(json, debtor->consent_at != 0);
	json_end(json);
}

static void lines_tell(struct json *json, const struct life_case *life)
{
	json_key(json, "lines"), json_array(json);
	for (size_t i = 0; i < life->line_count; i++) {
		json_object(json);
		day_key(json, "on", life->lines[i].on), text_key(json, "what", str_from_z(life->lines[i].what));
		money_key(json, "amount_minor", life->lines[i].amount), text_key(json, "basis", str_from_z(life->lines[i].basis));
		json_end(json);
	}
	json_end(json);
}

static err_t letters_tell(struct web *web, struct json *json, int64_t case_no)
{
	struct debtor_letters_row *letters;
	size_t count;
	TRY(q_debtor_letters(web->op.db, web->op.arena, case_no, &letters, &count));
	json_key(json, "letters"), json_array(json);
	for (size_t i = 0; i < count; i++) {
		json_object(json);
		text_key(json, "kind", letters[i].kind), day_key(json, "sent_on", letters[i].handed_on);
		money_key(json, "balance_minor", letters[i].balance_minor);
		text_key(json, "pdf", html_joined(&web->html, "/my/cases/%lld/letters/%lld", (long long)case_no, (long long)letters[i].letter_no));
		json_end(json);
	}
	json_end(json);
	return OK;
}

static err_t messages_tell(struct web *web, struct json *json, int64_t case_no)
{
	struct message *messages;
	size_t count;
	TRY(message_list(&web->op, (struct message_place){ .case_no = case_no, .with = MESSAGE_DEBTOR, .count = MESSAGE_PAGE_MAX }, &messages,
		&count));
	json_key(json, "messages"), json_array(json);
	for (size_t i = 0; i < count; i++) {
		json_object(json);
		json_key(json, "from_us"), json_bool(json, messages[i].from_us);
		text_key(json, "author", messages[i].author), text_key(json, "body", messages[i].body);
		json_key(json, "sent_at"), json_int(json, messages[i].sent_at);
		json_end(json);
	}
	json_end(json);
	return OK;
}

static err_t case_tell(struct web *web, struct json *json, int64_t case_no)
{
	struct case_view view;
	TRY(case_show(&web->op, (struct case_question){ .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE }, &view));
	json_object(json);
	json_key(json, "case_no"), json_int(json, case_no);
	text_key(json, "kid", view.kid), text_key(json, "creditor", view.client_name), text_key(json, "invoice_no", view.invoice_no);
	text_key(json, "description", view.description), day_key(json, "issued_on", view.issued_on), day_key(json, "due_on", view.due_on);
	text_key(json, "stage", str_from_z(stage_name(view.life.stage))), money_key(json, "balance_minor", view.life.balance);
	lines_tell(json, &view.life);
	TRY(letters_tell(web, json, case_no));
	TRY(messages_tell(web, json, case_no));
	json_end(json);
	return OK;
}

static err_t log_tell(struct web *web, struct json *json)
{
	struct debtor_audit_row *rows;
	size_t count;
	TRY(q_debtor_audit(web->op.db, web->op.arena, web->visitor.debtor_id, web->visitor.only_case ? web->visitor.only_case : INT64_MIN,
		INT64_MAX, 10000, &rows, &count));
	json_key(json, "log"), json_array(json);
	for (size_t i = 0; i < count; i++) {
		json_object(json);
		json_key(json, "at"), json_int(json, rows[i].done_at);
		text_key(json, "who", str_starts(rows[i].actor, S("debtor")) ? S("you") : rows[i].actor_name), text_key(json, "act", rows[i].act);
		json_end(json);
	}
	json_end(json);
	return OK;
}

static err_t download_tell(struct web *web, struct json *json, const struct debtor *debtor)
{
	struct case_line *lines;
	size_t count;
	TRY(case_of_debtor(&web->op, web->visitor.debtor_id, &lines, &count));
	json_object(json);
	day_key(json, "as_of", web->op.today);
	debtor_tell(json, debtor);
	json_key(json, "cases"), json_array(json);
	for (size_t i = 0; i < count; i++)
		if (!web->visitor.only_case || lines[i].case_no == web->visitor.only_case)
			TRY(case_tell(web, json, lines[i].case_no));
	json_end(json);
	TRY(log_tell(web, json));
	json_end(json);
	return json_finish(json);
}

static err_t download_send(struct web *web)
{
	struct debtor debtor;
	if (!is_own(web))
		return web_forbidden(web);
	TRY(debtor_get(&web->op, web->visitor.debtor_id, &debtor));
	if (web->visitor.only_case)
		debtor.ident = ident_masked(web->op.arena, debtor.ident);
	struct text text = text_in(web->op.arena, DOWNLOAD_SIZE_MAX);
	struct json json = json_in(web->op.arena, sink_text(&text));
	TRY(download_tell(web, &json, &debtor));
	web_log_soon(web, (struct web_act){ .act = "download", .debtor_id = web->visitor.debtor_id, .detail = S("") });
	return web_file(web, "application/json", text_str(&text), "my-data.json");
}

/* ---- helpers ---- */

static const struct field_choice scopes[] = {
	{ "see", N_("See"), N_("Amounts, letters and messages.") },
	{ "act", N_("See and act for me"), N_("Also ask for time, object and write messages.") },
	{ NULL, NULL, NULL },
};
static const struct field_choice extents[] = { { "all", N_("All my cases"), NULL }, { "one", N_("One case"), NULL }, { NULL, NULL, NULL } };
static const struct field helper_fields[] = {
	{ .name = "name", .kind = FIELD_TEXT, .label = N_("The helper's name"), .size_max = 100 },
	{ .name = "phone", .kind = FIELD_PHONE, .label = N_("The helper's telephone"), .optional = true },
	{ .name = "email", .kind = FIELD_EMAIL, .label = N_("The helper's e-mail address"), .optional = true },
	{ .name = "scope", .kind = FIELD_CHOICE, .label = N_("What may the helper do?"), .choices = scopes,
		.missing = N_("Choose what the helper may do") },
	{ .name = "extent", .kind = FIELD_CHOICE, .label = N_("In which cases?"), .choices = extents, .missing = N_("Choose in which cases") },
	{ .name = "case", .kind = FIELD_NUMBER, .label = N_("Number of the one case"), .optional = true, .min = 1, .max = 999999999 },
	{ .name = "until", .kind = FIELD_DATE, .label = N_("Until which day?"), .min = 0, .max = 366 },
	{ .name = NULL },
};

static err_t helpers_show(struct web *web)
{
	struct mandate_list_row *rows;
	size_t count;
	if (!is_own(web) && web->visitor.only_case)
		return web_forbidden(web);
	TRY(q_mandate_list(web->op.db, web->op.arena, web->visitor.debtor_id, &rows, &count));
	html_my_helpers(&web->html, web, rows, count);
	return OK;
}

static err_t helper_form(struct web *web)
{
	if (!is_own(web))
		return web_forbidden(web);
	html_my_helper_new(&web->html, web);
	return OK;
}

/* Letters and digits that can be read out on a telephone. */
static str mandate_code(struct web *web)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	str random = web_keyed_hash(web, "mandate code", web_random(web->op.arena, 43));
	char *code = arena_alloc(web->op.arena, MANDATE_CODE_SIZE);
	for (size_t i = 0; i < MANDATE_CODE_SIZE; i++) {
		char high = random.at[2 * i], low = random.at[2 * i + 1]; /* hexadecimal */
		int value = (high <= '9' ? high - '0' : high - 'a' + 10) * 16 + (low <= '9' ? low - '0' : low - 'a' + 10);
		code[i] = alphabet[value % 32];
	}
	return (str){ code, MANDATE_CODE_SIZE };
}

/* The case typed, when it is one the debtor may speak for; 0: all. */
static err_t helper_case(struct web *web, int64_t *ret_case_no, bool *ret_stop)
{
	bool is_one = str_eq_z(form_text(&web->form, "extent"), "one");
	err_t err = OK;
	*ret_case_no = web->visitor.only_case;
	*ret_stop = false;
	if (!is_one)
		return OK;
	*ret_case_no = form_value(&web->form, "case")->number;
	if (!*ret_case_no) {
		form_wrong(&web->form, "case", T(&web->html, "Write the number of the case"));
		*ret_stop = true;
		return web_again(web);
	}
	*ret_stop = !web_case_of(web, *ret_case_no, &err);
	return err;
}

static err_t helper_add(struct web *web)
{
	int64_t mandate_id, case_no;
	bool stop;
	if (!is_own(web))
		return web_forbidden(web);
	TRY(helper_case(web, &case_no, &stop));
	if (stop)
		return OK;
	str code = mandate_code(web), name = form_text(&web->form, "name");
	date until = form_value(&web->form, "until")->day;
	struct mandate_new mandate = {
		.debtor_id = web->visitor.debtor_id,
		.case_no = case_no,
		.helper_name = name,
		.helper_phone = form_text(&web->form, "phone"),
		.helper_email = form_text(&web->form, "email"),
		.may_act = str_eq_z(form_text(&web->form, "scope"), "act"),
		.until = until,
		.code_hash = web_keyed_hash(web, "mandate", code),
		.now = web->now,
	};
	TRY(db_begin(web->op.db));
	err_t err = mandate_give(&web->op, &mandate, &mandate_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "mandate", .debtor_id = web->visitor.debtor_id, .case_no = case_no, .detail = name });
	TRY(db_end(web->op.db, err));
	/* Not a redirect: the code is nowhere but on this page. Sent once more, another is made. */
	html_my_helper_given(&web->html, web, mandate_id, code, name, until);
	return OK;
}

static err_t helper_end(struct web *web)
{
	int64_t mandate_id = web_number(web, "mandate");
	if (!is_own(web))
		return web_forbidden(web);
	TRY(db_begin(web->op.db));
	err_t err = mandate_end(&web->op, web->visitor.debtor_id, mandate_id, web->now);
	if (!err)
		err = data_log(web, "mandate_end");
	err = db_end(web->op.db, err);
	if (err && err_kind(err) == ERR_INPUT) {
		err_free(err);
		return web_missing(web);
	}
	TRY(err);
	return web_redirect(web, "/my/helpers");
}

#define OWN_FORM(path_, fields_, show_, save_, again_, title_) \
	{ HTTP_GET, path_, .kind = ROUTE_READ, .who = WHO_DEBTOR, .fields = fields_, .run = show_, .title = title_ }, \
	{ HTTP_POST, path_, .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .fields = fields_, .run = save_, .again = again_, .title = title_ }

const struct route routes_my_data[] = {
	{ HTTP_GET, "/my/data", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = data_show, .title = N_("My data") },
	{ HTTP_GET, "/my/data/log", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = log_show, .title = N_("Who has looked") },
	{ HTTP_GET, "/my/data/download", .kind = ROUTE_HEAVY, .who = WHO_DEBTOR, .flags = ROUTE_NO_PAGE, .run = download_send,
		.title = N_("Download my data (JSON)") },
	OWN_FORM("/my/data/contact", contact_fields, contact_show, contact_save, contact_again, N_("Telephone and e-mail")),
	OWN_FORM("/my/data/address", address_fields, address_show, address_send, address_again, N_("A new address")),
	{ HTTP_GET, "/my/data/address/done", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = address_done,
		.title = N_("We have your new address") },
	OWN_FORM("/my/data/choices", choice_fields, choices_show, choices_save, choices_again, N_("How we write to you")),
	{ HTTP_GET, "/my/helpers", .kind = ROUTE_READ, .who = WHO_DEBTOR, .run = helpers_show, .title = N_("Someone who helps me") },
	OWN_FORM("/my/helpers/new", helper_fields, helper_form, helper_add, helper_form, N_("Give somebody access")),
	{ HTTP_POST, "/my/helpers/{mandate}/end", .kind = ROUTE_WRITE, .who = WHO_DEBTOR, .run = helper_end,
		.title = N_("End this now") },
	{ .method = HTTP_METHOD_COUNT },
};
