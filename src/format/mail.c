#include "format/mail.h"

#include "base/date.h"

#include <string.h>

enum {
	ADDRESS_SIZE_MAX = 254,
	LOCAL_SIZE_MAX = 64,
	LABEL_SIZE_MAX = 63,
	HEADER_TEXT_SIZE_MAX = 1000, /* of a name or subject */
	WORD_SIZE_MAX = 54,          /* of the encoded text in an encoded word: with the header's name a line of 76 */
	LINE_SIZE_MAX = 75,          /* of a quoted-printable line, without the = that breaks it */
};

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_local_good(str local)
{
	if (!local.size || local.size > LOCAL_SIZE_MAX || local.at[0] == '.' || local.at[local.size - 1] == '.')
		return false;
	for (size_t i = 0; i < local.size; i++) {
		char c = local.at[i];
		if (!is_letter_or_digit(c) && (!c || !strchr(".!#$%&'*+-/=?^_`{|}~", c)))
			return false;
		if (c == '.' && local.at[i + 1 < local.size ? i + 1 : i - 1] == '.')
			return false;
	}
	return true;
}

static bool is_domain_good(str domain)
{
	size_t label_count = 0;
	while (domain.size) {
		bool closed = domain.at[domain.size - 1] == '.';
		str label = str_cut(domain, '.', &domain);
		if (closed || !label.size || label.size > LABEL_SIZE_MAX || label.at[0] == '-' || label.at[label.size - 1] == '-')
			return false;
		for (size_t i = 0; i < label.size; i++)
			if (!is_letter_or_digit(label.at[i]) && label.at[i] != '-')
				return false;
		label_count++;
	}
	return label_count >= 1;
}

err_t mail_address_check(str address)
{
	str domain, local = str_cut(address, '@', &domain);
	if (address.size > ADDRESS_SIZE_MAX || !is_local_good(local) || !is_domain_good(domain))
		return fail(ERR_INPUT, "'%.*s' is no e-mail address", address.size > 80 ? 80 : str_print_size(address),
			str_print_at(address));
	return OK;
}

str mail_domain(str address)
{
	str domain;
	(void)str_cut(address, '@', &domain);
	return domain;
}

static err_t line_check(const char *what, str line)
{
	if (line.size > HEADER_TEXT_SIZE_MAX || !str_is_utf8(line))
		return fail(ERR_INPUT, "the %s is too long or not UTF-8", what);
	for (size_t i = 0; i < line.size; i++)
		if ((unsigned char)line.at[i] < ' ' || line.at[i] == 0x7F)
			return fail(ERR_INPUT, "the %s holds a line break or a control character", what);
	return OK;
}

static bool is_ascii(str s)
{
	for (size_t i = 0; i < s.size; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

/* Encoded words (RFC 2047, Q), a character never split, one a line. In a name only letters and digits stand as they are. */
static void words_add(struct text *out, str text)
{
	struct text *word = out;
	size_t size = 0;
	text_add_z(word, "=?UTF-8?Q?");
	while (text.size) {
		const char *at = text.at;
		str_take_char(&text);
		size_t bytes = (size_t)(text.at - at); /* text has moved behind the character */
		bool plain = bytes == 1 && is_letter_or_digit(*at);
		size_t cost = plain || *at == ' ' ? 1 : 3 * bytes;
		if (size + cost > WORD_SIZE_MAX) {
			text_add_z(word, "?=\r\n =?UTF-8?Q?");
			size = 0;
		}
		size += cost;
		for (size_t i = 0; i < bytes; i++)
			if (at[i] == ' ')
				text_add_char(word, '_');
			else if (plain)
				text_add_char(word, at[i]);
			else
				text_addf(word, "=%02X", (unsigned char)at[i]);
	}
	text_add_z(word, "?=");
}

static bool is_plain_name(str name)
{
	for (size_t i = 0; i < name.size; i++)
		if (!is_letter_or_digit(name.at[i]) && name.at[i] != ' ' && name.at[i] != '-')
			return false;
	return name.size <= WORD_SIZE_MAX;
}

static void subject_add(struct text *out, str subject)
{
	text_add_z(out, "Subject: ");
	/* "=?" at the start of a plain subject would be read as an encoded word. */
	if (is_ascii(subject) && subject.size <= WORD_SIZE_MAX && !str_has(subject, S("=?")))
		text_add(out, subject);
	else
		words_add(out, subject);
	text_add_z(out, "\r\n");
}

static void date_add_header(struct text *out, int64_t at)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	require(at >= 0);
	date on = { (int32_t)(at / 86400) }; /* a day of this century */
	int second = (int)(at % 86400);      /* below a day */
	struct civil civil = date_civil(on);
	text_addf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[date_weekday(on) - 1], civil.day,
		months[civil.month - 1], civil.year, second / 3600, second / 60 % 60, second % 60);
}

/* Quoted-printable (RFC 2045 § 6.7): lines of at most 76, blanks at a line's end written out. */
static void body_add(struct text *out, str body)
{
	size_t line = 0;
	for (size_t i = 0; i < body.size; i++) {
		unsigned char c = (unsigned char)body.at[i];
		bool cr = c == '\r' && i + 1 < body.size && body.at[i + 1] == '\n';
		if (cr)
			continue;
		if (c == '\n') {
			text_add_z(out, "\r\n");
			line = 0;
			continue;
		}
		bool last = i + 1 == body.size || body.at[i + 1] == '\n' || body.at[i + 1] == '\r';
		bool plain = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !last);
		/* "From " at a line's start is changed by old mail stores, a dot alone ends a mail. */
		if (line == 0 && (c == '.' || c == 'F'))
			plain = false;
		size_t cost = plain ? 1 : 3;
		if (line + cost > LINE_SIZE_MAX) {
			text_add_z(out, "=\r\n");
			line = 0;
		}
		line += cost;
		if (plain)
			text_add_char(out, (char)c);
		else
			text_addf(out, "=%02X", c);
	}
	if (line)
		text_add_z(out, "\r\n");
}

static err_t mail_check(const struct mail *mail)
{
	TRY(within(mail_address_check(mail->from), "from"));
	TRY(within(mail_address_check(mail->to), "to"));
	TRY(within(mail_address_check(mail->message_id), "Message-ID"));
	TRY(line_check("sender's name", mail->from_name));
	TRY(line_check("subject", mail->subject));
	if (mail->body.size > MAIL_BODY_SIZE_MAX || !str_is_utf8(mail->body))
		return fail(ERR_INPUT, "the text of the mail is too long or not UTF-8");
	return OK;
}

err_t mail_write(struct arena *arena, const struct mail *mail, str *ret_message)
{
	TRY(mail_check(mail));
	struct text out = text_in(arena, MAIL_BODY_SIZE_MAX * 4 + 16 * 1024);
	text_add_z(&out, "From: ");
	if (mail->from_name.size) {
		if (is_plain_name(mail->from_name))
			text_add(&out, mail->from_name);
		else
			words_add(&out, mail->from_name);
		text_add_z(&out, is_plain_name(mail->from_name) ? " " : "\r\n ");
	}
	text_addf(&out, "<%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(mail->from), STR_ARG(mail->to));
	subject_add(&out, mail->subject);
	date_add_header(&out, mail->at);
	text_addf(&out, "Message-ID: <%.*s>\r\n", STR_ARG(mail->message_id));
	text_add_z(&out, "Auto-Submitted: auto-generated\r\n"
			 "MIME-Version: 1.0\r\n"
			 "Content-Type: text/plain; charset=UTF-8\r\n"
			 "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	body_add(&out, mail->body);
	*ret_message = text_str(&out);
	return OK;
}
