#include "app/setting.h"

#include "app/setup.h"
#include "core/genuine.h"
#include "format/mail.h"
#include "format/sms_request.h"

#include <string.h>

const struct setting_kind setting_kinds[] = {
	{ "letters.folder", "The folder where letters for the print room appear; each file is whole when it has its name", false },
	{ "mail.bounces", "The maildir where mails to the return address (bounce+…) arrive", false },
	{ "mail.ca_file", "A file of certificates the mail server is held against instead of the system's", false },
	{ "mail.from", "The address e-mails come from; the agency's e-mail when not set", false },
	{ "mail.password", "The password at the mail server", true },
	{ "mail.return_domain", "The domain of the return address; that of mail.from when not set", false },
	{ "mail.security", "tls, or none for a mail server on the same machine; tls when not set", false },
	{ "mail.server", "The mail server: smtp://host:587 (STARTTLS) or smtps://host:465", false },
	{ "mail.user", "The user name at the mail server", false },
	{ "oidc.acr", "The levels of log-in that are enough, separated by blanks; any when not set", false },
	{ "oidc.client_id", "Our name with the log-in provider (BankID or a broker)", false },
	{ "oidc.client_secret", "Our secret with the log-in provider", true },
	{ "oidc.ident_claim", "Where the national identity number stands in the provider's token; pid when not set", false },
	{ "oidc.issuer", "The log-in provider's address; debtors can log in with it when it is set", false },
	{ "oidc.scope", "What is asked of the log-in provider; openid profile when not set", false },
	{ "sms.address", "The SMS gateway's address, with {to}, {text}, {from}, {coding} and {report} in their places", true },
	{ "sms.form", "The body of a POST to the SMS gateway, with the same places; a GET when not set", true },
	{ "sms.report", "Where the gateway reports delivery, with {id} and {mac}; https://OUR-WEB/hooks/sms?… when not set", false },
	{ "sms.sender", "The sender of an SMS: up to 11 letters and digits, or a number", false },
	{ "web.address", "The address of our own pages; the only one messages link to; the agency's web address when not set",
		false },
	{ "web.opening_hours", "When people can call us, as the contact page shows it", false },
	{ "web.tries_of_address", "How many log-ins and look-ups one address may try at once; 30 when not set", false },
	{ "web.tries_of_address_per_minute", "How many of those come back each minute; 10 when not set", false },
	{ "web.tries_of_all", "The same for all addresses together; 600 when not set", false },
	{ "web.tries_of_all_per_minute", "The same for all addresses together; 300 when not set", false },
	{ "webhook.private", "yes: webhooks may go to addresses inside the house, also without TLS; no when not set", false },
};
const size_t setting_kind_count = sizeof setting_kinds / sizeof *setting_kinds;

static const struct setting_kind *kind_find(str name)
{
	for (size_t i = 0; i < setting_kind_count; i++)
		if (str_eq_z(name, setting_kinds[i].name))
			return &setting_kinds[i];
	return NULL;
}

static bool is_here(str host)
{
	return str_eq_z(host, "localhost") || str_starts(host, S("127."));
}

err_t setting_web_address(struct arena *arena, str value, str *ret_address)
{
	str host = genuine_domain(arena, value), rest = str_trim(value);
	bool plain = false;
	for (size_t i = 0; i + 3 <= rest.size; i++)
		if (str_starts((str){ rest.at + i, rest.size - i }, S("://"))) {
			plain = i == 4; /* http, not https */
			rest = (str){ rest.at + i + 3, rest.size - i - 3 };
			break;
		}
	while (rest.size && rest.at[rest.size - 1] == '/')
		rest.size--;
	struct text address = text_in(arena, rest.size + 20);
	text_add_z(&address, plain ? "http://" : "https://");
	for (size_t i = 0; i < rest.size; i++) {
		char c = rest.at[i] >= 'A' && rest.at[i] <= 'Z' ? (char)(rest.at[i] - 'A' + 'a') : rest.at[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
		if (!good)
			return fail(ERR_INPUT, "'%.*s' is no web address without a path, such as https://fjordkreditt.no", STR_ARG(value));
		text_add_char(&address, c);
	}
	if (!host.size || (plain && !is_here(host)))
		return fail(ERR_INPUT, "'%.*s' is no web address with https", STR_ARG(value));
	*ret_address = text_str(&address);
	return OK;
}

static err_t one_line_check(str name, str value)
{
	for (size_t i = 0; i < value.size; i++)
		if ((unsigned char)value.at[i] < ' ')
			return fail(ERR_INPUT, "the value of %.*s holds a line break or a control character", STR_ARG(name));
	return OK;
}

static err_t sender_check(str value)
{
	for (size_t i = 0; i < value.size; i++) {
		char c = value.at[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
			    (c == '+' && i == 0);
		if (!good)
			return fail(ERR_INPUT, "'%.*s' is no sender of an SMS: letters, digits and blanks", STR_ARG(value));
	}
	if (value.size > 11 && !str_is_digits((str){ value.at + 1, value.size - 1 }))
		return fail(ERR_INPUT, "'%.*s' is longer than the 11 characters a sender may have", STR_ARG(value));
	return OK;
}

static err_t one_of(str name, str value, const char *a, const char *b)
{
	if (str_eq_z(value, a) || str_eq_z(value, b))
		return OK;
	return fail(ERR_INPUT, "%.*s is %s or %s, not '%.*s'", STR_ARG(name), a, b, STR_ARG(value));
}

static err_t gateway_check(const struct op *op, str name, str value)
{
	str address = value, form = S("");
	if (!str_eq_z(name, "sms.address"))
		TRY(setting_get(op, "sms.address", &address));
	else
		TRY(setting_get(op, "sms.form", &form));
	if (!str_starts(address, S("http://")) && !str_starts(address, S("https://")))
		return fail(ERR_INPUT, "set sms.address first: http:// or https:// with {to} and {text}");
	if (str_eq_z(name, "sms.form"))
		form = value;
	/* The address of a gateway that takes a form has no places of its own: set the address, then the form. */
	err_t err = sms_template_check(address, form);
	if (err && str_eq_z(name, "sms.address") && !form.size && !str_has(address, S("{"))) {
		err_free(err);
		return OK;
	}
	return err;
}

static err_t value_check(const struct op *op, str name, str *value)
{
	TRY(one_line_check(name, *value));
	if (str_eq_z(name, "web.address"))
		return setting_web_address(op->arena, *value, value);
	if (str_eq_z(name, "mail.from"))
		return mail_address_check(*value);
	if (str_eq_z(name, "mail.return_domain"))
		return mail_address_check(str_format(op->arena, "bounce@%.*s", STR_ARG(*value)));
	if (str_eq_z(name, "mail.server") && !str_starts(*value, S("smtp://")) && !str_starts(*value, S("smtps://")))
		return fail(ERR_INPUT, "'%.*s' is neither smtp://host:port nor smtps://host:port", STR_ARG(*value));
	if (str_eq_z(name, "mail.security"))
		return one_of(name, *value, "tls", "none");
	if (str_eq_z(name, "webhook.private"))
		return one_of(name, *value, "yes", "no");
	if (str_eq_z(name, "sms.sender"))
		return sender_check(*value);
	if (str_eq_z(name, "sms.report") && (!str_has(*value, S("{id}")) || !str_has(*value, S("{mac}"))))
		return fail(ERR_INPUT, "sms.report has no place for {id} or {mac}");
	if (str_eq_z(name, "sms.address") || str_eq_z(name, "sms.form"))
		return gateway_check(op, name, *value);
	return OK;
}

static err_t name_unknown(const struct op *op, str name)
{
	struct text names = text_in(op->arena, 2000);
	for (size_t i = 0; i < setting_kind_count; i++)
		text_addf(&names, "%s%s", i ? ", " : "", setting_kinds[i].name);
	return fail(ERR_INPUT, "there is no setting '%.*s'; there are %.*s", STR_ARG(name), STR_ARG(text_str(&names)));
}

err_t setting_set(const struct op *op, str name, str value)
{
	const struct setting_kind *kind = kind_find(name);
	value = str_trim(value);
	if (!kind)
		return name_unknown(op, name);
	if (value.size)
		TRY(value_check(op, name, &value));
	TRY(db_begin(op->db));
	return db_end(op->db, setup_put(op, kind->name, value));
}

err_t setting_get(const struct op *op, const char *name, str *ret_value)
{
	require(kind_find(str_from_z(name)));
	TRY(setup_get(op, name, ret_value));
	if (ret_value->size)
		return OK;
	if (strcmp(name, "mail.from") == 0)
		return setup_get(op, "agency.email", ret_value);
	if (strcmp(name, "web.address") != 0)
		return OK;
	str web;
	TRY(setup_get(op, "agency.web", &web));
	*ret_value = S("");
	if (!web.size)
		return OK;
	err_t err = setting_web_address(op->arena, web, ret_value);
	if (err) /* an address for people only */
		*ret_value = S("");
	err_free(err);
	return OK;
}
