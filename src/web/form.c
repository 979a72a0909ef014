#include "web/form.h"

#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE_MAX = 200, LINES_SIZE_MAX = 4000 };

static const char *const kind_names[] = { "text", "lines", "money", "date", "number", "choice", "select", "check", "email", "phone",
	"code", "password", "file", "hidden" };

const char *field_kind_name(enum field_kind kind)
{
	return kind_names[kind];
}

static size_t field_count(const struct field *fields)
{
	size_t count = 0;
	while (fields && fields[count].name)
		count++;
	return count;
}

struct form form_empty(struct arena *arena, const struct field *fields)
{
	struct form form = { .fields = fields, .field_count = field_count(fields) };
	form.values = arena_many(arena, form.field_count, struct field_value);
	return form;
}

struct field_value *form_value(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return &form->values[i];
	panic("a form is asked for a field it does not have");
}

str form_text(const struct form *form, const char *name)
{
	return form_value(form, name)->text;
}

str form_describedby(struct html *h, const struct field *field, const struct field_value *value)
{
	if (field->hint && value->error.size)
		return html_joined(h, "f-%s-hint f-%s-error", field->name, field->name);
	if (field->hint)
		return html_joined(h, "f-%s-hint", field->name);
	return value->error.size ? html_joined(h, "f-%s-error", field->name) : S("");
}

void form_wrong(struct form *form, const char *name, str sentence)
{
	struct field_value *value = form_value(form, name);
	if (!value->error.size)
		form->error_count++;
	value->error = sentence;
}

str form_first_error(const struct form *form)
{
	for (size_t i = 0; !form->error.size && i < form->field_count; i++)
		if (form->values[i].error.size)
			return form->values[i].error;
	return form->error;
}

void form_fill(struct form *form, const char *name, str text)
{
	form_value(form, name)->text = text;
}

/* ---- checks, one a kind: an empty str is fine, else the sentence ---- */

static size_t char_count(str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.size; i++)
		count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
	return count;
}

/* Control bytes that no keyboard makes; line ends only where there may be several lines. */
static bool has_control(str text, bool lines)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if ((c < ' ' && !(lines && (c == '\n' || c == '\r' || c == '\t'))) || c == 0x7F)
			return true;
	}
	return false;
}

static str money_check(struct html *h, struct field_value *value)
{
	str text = value->text;
	/* "kr 1 200,-", "1 200 kr", "NOK 1200": as people write it */
	static const char *const around[] = { "kr.", "kr", "KR", "Kr", "NOK", "nok", ",-", ",–" };
	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		str word = str_from_z(around[i]);
		if (str_starts(text, word))
			text = str_trim((str){ text.at + word.size, text.size - word.size });
		if (text.size > word.size && str_eq((str){ text.at + text.size - word.size, word.size }, word))
			text = str_trim((str){ text.at, text.size - word.size });
	}
	err_t err = money_parse(text, &value->amount);
	err_free(err);
	if (err)
		return T(h, "Write the amount with digits, such as 1 250,50");
	return value->amount.minor > 0 ? S("") : T(h, "The amount must be more than zero");
}

/* 15.07.2026, 15/7-2026, 15 07 26, 150726, 2026-07-15. */
static bool date_typed(str text, date *ret_day)
{
	int64_t parts[3];
	size_t count = 0, sizes[3] = { 0 };
	for (size_t i = 0; i < text.size;) {
		if (text.at[i] < '0' || text.at[i] > '9') {
			i++;
			continue;
		}
		size_t begin = i;
		while (i < text.size && text.at[i] >= '0' && text.at[i] <= '9')
			i++;
		if (count == 3)
			return false;
		err_t err = parse_i64((str){ text.at + begin, i - begin }, 0, 99999999, &parts[count]);
		err_free(err);
		if (err)
			return false;
		sizes[count++] = i - begin;
	}
	if (count == 1 && sizes[0] == 6) {
		parts[2] = parts[0] % 100, parts[1] = parts[0] / 100 % 100, parts[0] = parts[0] / 10000, sizes[2] = 2, count = 3;
	} else if (count == 1 && sizes[0] == 8) {
		parts[2] = parts[0] % 10000, parts[1] = parts[0] / 10000 % 100, parts[0] = parts[0] / 1000000, sizes[2] = 4,
		count = 3;
	} else if (count == 3 && sizes[0] == 4) {
		int64_t year = parts[0];
		parts[0] = parts[2], parts[2] = year, sizes[2] = 4;
	}
	if (count != 3 || (sizes[2] != 2 && sizes[2] != 4))
		return false;
	struct civil civil = { (int)(sizes[2] == 2 ? 2000 + parts[2] : parts[2]), (int)parts[1], (int)parts[0] }; /* < 10^8 */
	if (!date_is_real(civil))
		return false;
	*ret_day = date_from_civil(civil);
	return !date_before(*ret_day, DATE_FIRST) && !date_after(*ret_day, DATE_LAST);
}

static str date_check(struct html *h, const struct field *field, struct field_value *value, date today)
{
	for (size_t i = 0; i < value->text.size; i++)
		if (!strchr("0123456789./- ", value->text.at[i]))
			return T(h, "Write the date as day, month and year, such as 15.07.2026");
	if (!date_typed(value->text, &value->day))
		return T(h, "Write the date as day, month and year, such as 15.07.2026");
	if (!field->min && !field->max)
		return S("");
	date first = date_add(today, (int)field->min), last = date_add(today, (int)field->max); /* days, from a table */
	if (date_before(value->day, first))
		return T(h, "The date cannot be before {0}", html_day(h, first));
	return date_after(value->day, last) ? T(h, "The date cannot be after {0}", html_day(h, last)) : S("");
}

static str number_check(struct html *h, const struct field *field, struct field_value *value)
{
	err_t err = parse_i64(value->text, field->min, field->max, &value->number);
	err_free(err);
	if (!err)
		return S("");
	return T(h, "Write a whole number from {0} to {1}", html_count(h, field->min), html_count(h, field->max));
}

static str choice_check(struct html *h, const struct field *field, const struct field_value *value)
{
	for (const struct field_choice *choice = field->choices; choice && choice->value; choice++)
		if (str_eq_z(value->text, choice->value))
			return S("");
	return T(h, "Choose one of the answers");
}

static str email_check(struct html *h, struct field_value *value)
{
	str domain;
	str local = str_cut(value->text, '@', &domain);
	str text = value->text;
	for (size_t i = 0; i < text.size; i++)
		if ((unsigned char)text.at[i] <= ' ' || strchr("<>()[],;:\\\"", text.at[i]))
			local.size = 0;
	if (!local.size || domain.size < 3 || !str_has(domain, S(".")) || str_has(domain, S("@")) || domain.at[0] == '.' ||
		domain.at[domain.size - 1] == '.')
		return T(h, "Write an e-mail address, such as kari@example.no");
	struct text lower = text_in(h->arena, text.size + 1);
	for (size_t i = 0; i < text.size; i++)
		text_add_char(&lower, text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i]);
	value->text = text_str(&lower);
	return S("");
}

/* Eight digits are Norwegian; others with + or 00 and the country. */
static str phone_check(struct html *h, struct field_value *value)
{
	struct text digits = text_in(h->arena, value->text.size + 4);
	for (size_t i = 0; i < value->text.size; i++) {
		char c = value->text.at[i];
		if ((c >= '0' && c <= '9') || (c == '+' && !digits.size))
			text_add_char(&digits, c);
		else if (!strchr(" -().", c))
			return T(h, "Write a telephone number, such as 900 00 000");
	}
	str number = text_str(&digits);
	if (str_starts(number, S("00")))
		number = str_format(h->arena, "+%.*s", STR_ARG(((str){ number.at + 2, number.size - 2 })));
	else if (number.size == 8 && number.at[0] != '+')
		number = str_format(h->arena, "+47%.*s", STR_ARG(number));
	if (number.size < 9 || number.size > 16 || number.at[0] != '+')
		return T(h, "Write a telephone number, such as 900 00 000");
	value->text = number;
	return S("");
}

static str code_clean(struct arena *arena, str text)
{
	struct text clean = text_in(arena, text.size + 1);
	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];
		if (c != ' ' && c != '-' && c != '.' && c != '\t')
			text_add_char(&clean, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
	}
	return text_str(&clean);
}

static str kind_check(struct html *h, const struct field *field, struct field_value *value, date today)
{
	switch (field->kind) {
	case FIELD_MONEY: return money_check(h, value);
	case FIELD_DATE: return date_check(h, field, value, today);
	case FIELD_NUMBER: return number_check(h, field, value);
	case FIELD_CHOICE:
	case FIELD_SELECT: return choice_check(h, field, value);
	case FIELD_EMAIL: return email_check(h, value);
	case FIELD_PHONE: return phone_check(h, value);
	case FIELD_CODE: value->text = code_clean(h->arena, value->text); return S("");
	default: return S("");
	}
}

static str field_check(struct html *h, const struct field *field, struct field_value *value, date today)
{
	bool lines = field->kind == FIELD_LINES, is_secret = field->kind == FIELD_PASSWORD;
	size_t size_max = field->size_max ? field->size_max : lines ? LINES_SIZE_MAX : TEXT_SIZE_MAX;
	bool is_there = field->kind == FIELD_FILE ? value->file && value->file->value.size : value->text.size > 0;
	if (field->kind == FIELD_CHECK)
		is_there = value->is_ticked;
	if (!is_there) {
		if (field->optional)
			return S("");
		if (field->missing)
			return T(h, field->missing);
		return T(h, "Fill in: {0}", T(h, field->label ? field->label : ""));
	}
	if (field->kind == FIELD_FILE || field->kind == FIELD_CHECK)
		return S("");
	if (has_control(value->text, lines))
		return T(h, "There are characters here that cannot be used");
	if (char_count(value->text) > size_max)
		return T(h, "This is too long: at most {0} characters", html_count(h, i64_from_size(size_max)));
	return is_secret ? S("") : kind_check(h, field, value, today);
}

static const struct http_field *sent_find(const struct http_field *sent, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_z(sent[i].name, name))
			return &sent[i];
	return NULL;
}

/* In JSON an amount is name_minor, a count of minor units. */
static void money_from_minor(struct html *h, const struct field *field, struct field_value *value,
	const struct http_field *sent, size_t sent_count)
{
	char name[80];
	snprintf(name, sizeof name, "%s_minor", field->name);
	const struct http_field *minor = sent_find(sent, sent_count, name);
	int64_t amount;
	if (!minor)
		return;
	err_t err = parse_i64(minor->value, -MONEY_MAX_MINOR, MONEY_MAX_MINOR, &amount);
	if (err)
		value->text = S("?"); /* no amount: the check says so */
	else
		value->text = str_copy(h->arena, str_from_z(money_plain(money_of(amount)).z));
	err_free(err);
}

struct form form_read_fields(struct html *h, const struct field *fields, const struct http_field *sent, size_t sent_count,
	date today, bool is_json)
{
	struct form form = form_empty(h->arena, fields);
	form.was_sent = true;
	for (size_t i = 0; i < form.field_count; i++) {
		const struct field *field = &fields[i];
		struct field_value *value = &form.values[i];
		const struct http_field *found = sent_find(sent, sent_count, field->name);
		*value = (struct field_value){ .day = DATE_NONE, .text = S("") };
		if (found && field->kind == FIELD_FILE && found->is_file)
			value->file = found;
		else if (found && field->kind == FIELD_PASSWORD)
			value->text = found->value;
		else if (found)
			value->text = str_trim(found->value);
		value->is_ticked = field->kind == FIELD_CHECK && value->text.size && !str_eq_z(value->text, "false");
		if (is_json && field->kind == FIELD_MONEY)
			money_from_minor(h, field, value, sent, sent_count);
		str error = field_check(h, field, value, today);
		if (error.size)
			form_wrong(&form, field->name, error);
	}
	return form;
}

struct form form_read(struct html *h, const struct field *fields, const struct http_request *request, date today)
{
	bool is_get = request->method == HTTP_GET;
	return form_read_fields(h, fields, is_get ? request->query : request->form,
		is_get ? request->query_count : request->form_count, today, false);
}
