/* The ways in for debtors and those who help them.
 *
 *	case number and letter's code right → a login_step, five digits sent to a contact point we hold → digits right → a session
 *	for that case; a helper: the mandate's number and code, digits to the helper's own contact point → a session for the mandate
 *
 * Whether there is a contact point, and what it looks like, is shown only after the first two were right. By BankID: oidc.c. */
#include "app/case_key.h"
#include "app/debtor.h"
#include "app/dispatch.h"
#include "app/setup.h"
#include "html/debtor_login.h"
#include "sql.h"
#include "web/routes.h"
#include "web/session.h"

#include <sodium.h>
#include <stdio.h>

enum { CODE_SECONDS = 15 * 60, CODE_TRIES_MAX = 5, CODE_COUNT = 100000 };

static const struct field letter_fields[] = {
	{ .name = "case", .kind = FIELD_TEXT, .label = N_("Case number"), .hint = N_("Only digits. You find it at the top of the letter."),
		.size_max = 40 },
	{ .name = "code", .kind = FIELD_CODE, .label = N_("Code"), .hint = N_("Eight characters, such as K7PM-29XR. Blanks do not matter."),
		.size_max = 20 },
	{ .name = NULL },
};
static const struct field digit_fields[] = {
	{ .name = "digits", .kind = FIELD_CODE, .label = N_("The five digits"), .size_max = 20, .autocomplete = "one-time-code" },
	{ .name = NULL },
};
static const struct field helper_fields[] = {
	{ .name = "number", .kind = FIELD_NUMBER, .label = N_("Number of the power of attorney"), .min = 1, .max = 999999999 },
	{ .name = "code", .kind = FIELD_CODE, .label = N_("Code"), .size_max = 20 },
	{ .name = NULL },
};

static bool has_provider(const struct web *web)
{
	str issuer;
	err_t err = setup_get(&web->op, "oidc.issuer", &issuer);
	err_free(err);
	return !err && issuer.size > 0;
}

static err_t login_show(struct web *web)
{
	html_debtor_login(&web->html, web, has_provider(web), false);
	return OK;
}

/* Where the QR code in a letter leads: nothing is looked up before the form is sent. */
static err_t letter_show(struct web *web)
{
	if (web->visitor.who == WHO_DEBTOR)
		return web_redirect(web, "/my/cases/%lld/pay", (long long)web_number(web, "case"));
	form_fill(&web->form, "case", web_word(web, "case"));
	form_fill(&web->form, "code", web_word(web, "code"));
	html_debtor_login(&web->html, web, has_provider(web), true);
	return OK;
}

static err_t wrong(struct web *web)
{
	web->form.error = T(&web->html, "The number and the code do not fit. After several wrong tries you must wait a while.");
	return web_again(web);
}

/* ---- the five digits ---- */

struct code_to {
	const char *kind; /* of the login_step */
	int64_t debtor_id, case_no, mandate_id;
	struct debtor_contact contact;
};

static str digits_hash(struct web *web, int64_t mandate_id, str digits)
{
	return web_keyed_hash(web, "digits", str_format(web->op.arena, "%lld %.*s", (long long)mandate_id, STR_ARG(digits)));
}

/* In a demo nothing is sent: whoever runs it finds the digits in the server's log. */
static err_t code_send(struct web *web, const struct code_to *to, str digits)
{
	int64_t dispatch_id;
	struct dispatch_urgent urgent = {
		.case_no = to->case_no,
		.login_hash = digits_hash(web, to->mandate_id, digits),
		.channel = to->contact.channel,
		.address = to->contact.address,
		.subject = T(&web->html, "Your code for My page"),
		.body = T(&web->html, "{0}: Your code is {1}. It is good for 15 minutes. Never give it to others. Ref {2}",
			web->site->agency.name, digits, S("{ref}")),
	};
	if (!date_is_none(web->site->book_day))
		fprintf(stderr, "<6>one-time code for case %lld: %.*s\n", (long long)to->case_no, STR_ARG(digits));
	return dispatch_urgent(&web->op, &urgent, web->now, &dispatch_id);
}

static err_t code_begin(struct web *web, const struct code_to *to)
{
	str digits = str_format(web->op.arena, "%05u", (unsigned)randombytes_uniform(CODE_COUNT));
	bool can_send = to->contact.channel != LETTER_ON_PAPER;
	if (can_send)
		TRY(code_send(web, to, digits));
	str secret = can_send ? digits_hash(web, to->mandate_id, digits) : S("none");
	TRY(login_step_begin(web, &(struct login_step){ .kind = to->kind, .debtor_id = to->debtor_id, .case_no = to->case_no,
		.secret = str_format(web->op.arena, "%lld %.*s %.*s", (long long)to->mandate_id, STR_ARG(secret),
			STR_ARG(to->contact.masked)), .seconds = CODE_SECONDS }, true, NULL));
	return web_redirect(web, "/my/login/code");
}

/* Messages cost money and patience: they are counted like wrong tries, until one is used. */
static err_t code_may_be_sent(struct web *web, str to, bool *ret_may)
{
	str reference = str_format(web->op.arena, "digits %.*s", STR_ARG(to));
	TRY(web_try_allowed(web, reference, ret_may));
	return *ret_may ? web_try_failed(web, reference) : OK;
}

static err_t letter_try(struct web *web)
{
	struct case_key key;
	struct debtor debtor;
	bool allowed;
	TRY(case_key_try(&web->op, form_text(&web->form, "case"), form_text(&web->form, "code"), &key));
	str reference = web_try_from_here(web, key.reference);
	TRY(web_try_allowed(web, reference, &allowed));
	if (!key.holds)
		TRY(web_try_failed(web, reference));
	else if (allowed)
		TRY(code_may_be_sent(web, key.reference, &allowed));
	if (!key.holds || !allowed)
		return wrong(web);
	TRY(debtor_get(&web->op, key.debtor_id, &debtor));
	return code_begin(web, &(struct code_to){ .kind = "sms_code", .debtor_id = key.debtor_id, .case_no = key.case_no,
		.contact = debtor_contact_of(web->op.arena, debtor.phone, debtor.email) });
}

/* ---- a helper ---- */

static err_t helper_show(struct web *web)
{
	html_debtor_login_helper(&web->html, web);
	return OK;
}

static err_t helper_try(struct web *web)
{
	struct mandate_get_row row = { .code_hash = S("") };
	struct debtor_first_case_row first = { 0 };
	bool found, allowed, has_case;
	int64_t number = form_value(&web->form, "number")->number;
	str reference = str_format(web->op.arena, "mandate %lld", (long long)(number % 100000));
	str hash = web_keyed_hash(web, "mandate", form_text(&web->form, "code"));
	TRY(q_mandate_get(web->op.db, web->op.arena, number, &row, &found));
	str guess = web_try_from_here(web, reference);
	TRY(web_try_allowed(web, guess, &allowed));
	bool holds = found && row.code_hash.size == hash.size && sodium_memcmp(row.code_hash.at, hash.at, hash.size) == 0 &&
		!row.has_ended_at && !date_before(row.until_on, web->op.today) && !date_after(row.from_on, web->op.today);
	if (!holds)
		TRY(web_try_failed(web, guess));
	else if (allowed)
		TRY(code_may_be_sent(web, reference, &allowed));
	if (!holds || !allowed)
		return wrong(web);
	TRY(q_debtor_first_case(web->op.db, web->op.arena, row.debtor_id, &first, &has_case));
	bool by_mail = str_has(row.helper_contact, S("@"));
	return code_begin(web, &(struct code_to){ .kind = "mandate", .debtor_id = row.debtor_id, .mandate_id = number,
		.case_no = row.has_case_id ? row.case_id : first.case_id,
		.contact = debtor_contact_of(web->op.arena, by_mail ? S("") : row.helper_contact, by_mail ? row.helper_contact : S("")) });
}

/* ---- the digits come back ---- */

struct code_step {
	struct login_step_found found;
	int64_t mandate_id;
	str hash, masked;
};

static err_t step_find(struct web *web, struct code_step *ret_step, bool *ret_found)
{
	TRY(login_step_find(web, S(""), &ret_step->found, ret_found));
	const struct login_step_found *found = &ret_step->found;
	if (!*ret_found)
		return OK;
	*ret_found = (str_eq_z(found->kind, "sms_code") || str_eq_z(found->kind, "mandate")) && found->try_count < CODE_TRIES_MAX;
	str rest;
	str mandate = str_cut(found->secret, ' ', &rest);
	ret_step->hash = str_cut(rest, ' ', &ret_step->masked);
	return *ret_found ? parse_i64(mandate, 0, INT64_MAX, &ret_step->mandate_id) : OK;
}

static err_t code_show(struct web *web)
{
	struct code_step step;
	bool found;
	TRY(step_find(web, &step, &found));
	if (!found)
		return web_redirect(web, "/my/login");
	html_debtor_login_code(&web->html, web, step.masked);
	return OK;
}

static err_t log_in(struct web *web, const struct code_step *step)
{
	struct debtor debtor;
	struct mandate_get_row row;
	struct visitor visitor = { .who = WHO_DEBTOR, .debtor_id = step->found.debtor_id, .only_case = step->found.case_no, .may_act = true };
	TRY(debtor_get(&web->op, step->found.debtor_id, &debtor));
	visitor.name = debtor.name;
	if (step->mandate_id) {
		bool found;
		TRY(q_mandate_get(web->op.db, web->op.arena, step->mandate_id, &row, &found));
		if (!found || row.has_ended_at)
			return web_redirect(web, "/my/login");
		visitor.mandate_id = step->mandate_id;
		visitor.name = row.helper_name;
		visitor.only_case = row.has_case_id ? row.case_id : 0;
	}
	TRY(web_try_forget(web, step->mandate_id ? str_format(web->op.arena, "digits mandate %lld", (long long)(step->mandate_id % 100000))
						 : str_format(web->op.arena, "digits case %lld", (long long)step->found.case_no)));
	TRY(session_begin(web, visitor));
	if (visitor.only_case && !visitor.mandate_id)
		return web_redirect(web, "/my/cases/%lld", (long long)visitor.only_case);
	return web_redirect(web, "/my");
}

/* Looked at and counted in one transaction: two requests at once are two tries. */
static err_t digits_use(struct web *web, struct code_step *ret_step, bool *ret_found, bool *ret_holds)
{
	*ret_holds = false;
	TRY(step_find(web, ret_step, ret_found));
	if (!*ret_found)
		return OK;
	str hash = digits_hash(web, ret_step->mandate_id, form_text(&web->form, "digits")), wanted = ret_step->hash;
	*ret_holds = hash.size == wanted.size && sodium_memcmp(hash.at, wanted.at, hash.size) == 0;
	return *ret_holds ? q_web_step_delete(web->op.db, ret_step->found.token_hash)
			  : q_web_step_tried(web->op.db, ret_step->found.token_hash);
}

static err_t code_try(struct web *web)
{
	struct code_step step;
	bool found, holds;
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, digits_use(web, &step, &found, &holds)));
	if (!found) {
		login_step_forget(web);
		return web_redirect(web, "/my/login");
	}
	if (!holds) {
		form_wrong(&web->form, "digits", T(&web->html, "These are not the digits we sent. Look once more and try again."));
		return web_again(web);
	}
	login_step_forget(web);
	return log_in(web, &step);
}

const struct route routes_debtor_login[] = {
	{ HTTP_GET, "/my/login", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = letter_fields,
		.run = login_show, .title = N_("Log in to My page") },
	{ HTTP_POST, "/my/login", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = letter_fields,
		.run = letter_try, .again = login_show, .title = N_("Log in to My page") },
	{ HTTP_GET, "/l/{case}/{code}", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = letter_fields,
		.run = letter_show, .title = N_("Log in to My page") },
	{ HTTP_GET, "/my/login/helper", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = helper_fields,
		.run = helper_show, .title = N_("Log in to help somebody") },
	{ HTTP_POST, "/my/login/helper", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = helper_fields,
		.run = helper_try, .again = helper_show, .title = N_("Log in to help somebody") },
	{ HTTP_GET, "/my/login/code", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = digit_fields,
		.run = code_show, .title = N_("Five digits") },
	{ HTTP_POST, "/my/login/code", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = digit_fields,
		.run = code_try, .again = code_show, .title = N_("Five digits") },
	{ .method = HTTP_METHOD_COUNT },
};
