#include "format/sms_request.h"

#include "format/letter_text.h"

enum { REQUEST_SIZE_MAX = 64 * 1024 };

enum place { PLACE_TO, PLACE_FROM, PLACE_TEXT, PLACE_CODING, PLACE_REPORT, PLACE_COUNT };

static const char *const place_names[PLACE_COUNT] = { "to", "from", "text", "coding", "report" };

/* The place whose name stands in braces at the start of s; PLACE_COUNT: none. *ret_size: with the braces. */
static enum place place_at(str s, size_t *ret_size)
{
	str rest, name;
	*ret_size = 0;
	if (!s.size || s.at[0] != '{')
		return PLACE_COUNT;
	name = str_cut((str){ s.at + 1, s.size - 1 }, '}', &rest);
	if (name.size + 1 == s.size) /* no closing brace */
		return PLACE_COUNT;
	*ret_size = name.size + 2;
	for (int i = 0; i < PLACE_COUNT; i++)
		if (str_eq_z(name, place_names[i]))
			return (enum place)i; /* in range */
	return PLACE_COUNT;
}

static err_t places_find(str template, bool has[PLACE_COUNT])
{
	for (size_t i = 0; i < template.size; i++) {
		size_t size;
		if (template.at[i] != '{')
			continue;
		enum place place = place_at((str){ template.at + i, template.size - i }, &size);
		if (place == PLACE_COUNT)
			return fail(ERR_INPUT, "'%.*s' is none of {to}, {from}, {text}, {coding} and {report}",
				size > 0 && size < 40 ? (int)size : 10, template.at + i); /* below 40 */
		has[place] = true;
	}
	return OK;
}

err_t sms_template_check(str address, str form)
{
	bool has[PLACE_COUNT] = { false };
	TRY(places_find(address, has));
	TRY(places_find(form, has));
	if (!has[PLACE_TO] || !has[PLACE_TEXT])
		return fail(ERR_INPUT, "the gateway's address has no place for {to} or {text}");
	return OK;
}

static void encoded_add(struct text *out, str value)
{
	for (size_t i = 0; i < value.size; i++) {
		char c = value.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
			     c == '_' || c == '~';
		if (plain)
			text_add_char(out, c);
		else
			text_addf(out, "%%%02X", (unsigned char)c);
	}
}

str sms_template_fill(struct arena *arena, str template, const struct sms_request *request)
{
	const str values[PLACE_COUNT] = {
		[PLACE_TO] = request->to,
		[PLACE_FROM] = request->from,
		[PLACE_TEXT] = request->text,
		[PLACE_CODING] = sms_fits(request->text) ? S("0") : S("2"),
		[PLACE_REPORT] = request->report,
	};
	struct text out = text_in(arena, REQUEST_SIZE_MAX);
	for (size_t i = 0; i < template.size;) {
		size_t size;
		enum place place = place_at((str){ template.at + i, template.size - i }, &size);
		if (place == PLACE_COUNT) {
			text_add_char(&out, template.at[i++]);
			continue;
		}
		encoded_add(&out, values[place]);
		i += size;
	}
	return text_str(&out);
}
