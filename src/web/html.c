#include "web/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HTML_SIZE_FIRST = 24 * 1024, HTML_SIZE_MAX = 16 << 20, SENTENCE_SIZE_MAX = 8000 };

const char *web_language_code(enum web_language language)
{
	return language == WEB_ENGLISH ? "en" : "nb";
}

struct html html_in(struct arena *arena, enum web_language language, const struct catalog *catalog)
{
	return (struct html){
		.arena = arena,
		.at = arena_alloc(arena, HTML_SIZE_FIRST),
		.capacity = HTML_SIZE_FIRST,
		.language = language,
		.catalog = language == WEB_ENGLISH ? NULL : catalog,
	};
}

str html_written(const struct html *h)
{
	return (str){ h->at, h->size };
}

/* Room for size more bytes. */
static char *html_room(struct html *h, size_t size)
{
	if (h->capacity - h->size < size) {
		size_t capacity = h->capacity;
		while (capacity - h->size < size)
			capacity *= 2;
		require(capacity <= HTML_SIZE_MAX);
		h->at = arena_grow(h->arena, h->at, h->size, capacity, 1);
		h->capacity = capacity;
	}
	return h->at + h->size;
}

void html_markup(struct html *h, const char *at, size_t size)
{
	if (!size)
		return;
	memcpy(html_room(h, size), at, size);
	h->size += size;
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void html_text(struct html *h, str text)
{
	size_t from = 0;
	if (!text.size)
		return;
	for (size_t i = 0; i < text.size; i++) {
		const char *escape = escape_of(text.at[i]);
		if (!escape)
			continue;
		html_markup(h, text.at + from, i - from);
		html_markup(h, escape, strlen(escape));
		from = i + 1;
	}
	html_markup(h, text.at + from, text.size - from);
}

void html_z(struct html *h, const char *text)
{
	html_text(h, str_from_z(text));
}

void html_number(struct html *h, int64_t number)
{
	char digits[24];
	int size = snprintf(digits, sizeof digits, "%lld", (long long)number);
	html_markup(h, digits, (size_t)size); /* 1 … 20 */
}

void html_url(struct html *h, str path)
{
	if (h->language == WEB_ENGLISH)
		html_markup(h, "/en", 3);
	if (!(h->language == WEB_ENGLISH && str_eq_z(path, "/")))
		html_text(h, path);
}

void html_segment(struct html *h, str text)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-_.~", c)))
			html_markup(h, text.at + i, 1);
		else
			html_markup(h, (const char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
	}
}

void html_attribute(struct html *h, bool is_on, const char *name)
{
	if (!is_on)
		return;
	html_markup(h, " ", 1);
	html_markup(h, name, strlen(name));
}

void html_attribute_value(struct html *h, const char *name, str value)
{
	if (!value.size)
		return;
	html_attribute(h, true, name);
	html_markup(h, "=\"", 2);
	html_text(h, value);
	html_markup(h, "\"", 1);
}

str html_sentence(struct html *h, uint32_t hash, const char *sentence, const str *values, size_t value_count)
{
	const char *found = catalog_find(h->catalog, hash, sentence);
	if (!value_count)
		return str_from_z(found);
	struct text text = text_in(h->arena, SENTENCE_SIZE_MAX + 64 * 1024);
	for (const char *at = found; *at; at++) {
		size_t index = (size_t)(at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}' ? at[1] - '0' : 10);
		if (index >= value_count) {
			text_add_char(&text, *at);
			continue;
		}
		text_add(&text, values[index]);
		at += 2;
	}
	return text_str(&text);
}

/* ---- values ---- */

#define NO_BREAK "\xC2\xA0"

str html_sum(struct html *h, money amount)
{
	return str_copy(h->arena,
		str_from_z(h->language == WEB_ENGLISH ? money_english(amount).z : money_norwegian(amount).z));
}

str html_amount(struct html *h, money amount)
{
	if (h->language == WEB_ENGLISH)
		return str_format(h->arena, "NOK" NO_BREAK "%s", money_english(amount).z);
	return str_format(h->arena, "%s" NO_BREAK "kr", money_norwegian(amount).z);
}

static const char *const months[12] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
	N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };

str html_day(struct html *h, date day)
{
	if (date_is_none(day))
		return S("–");
	struct civil civil = date_civil(day);
	const char *month = months[civil.month - 1];
	str name = html_sentence(h, catalog_hash(month), month, NULL, 0);
	return str_format(h->arena, h->language == WEB_ENGLISH ? "%d" NO_BREAK "%.*s" NO_BREAK "%d" : "%d." NO_BREAK "%.*s" NO_BREAK "%d",
		civil.day, STR_ARG(name), civil.year);
}

str html_short_day(struct html *h, date day)
{
	return date_is_none(day) ? S("–") : str_copy(h->arena, str_from_z(date_norwegian(day).z));
}

str html_instant(struct html *h, int64_t at)
{
	struct norwegian_time time = norwegian_time(at);
	return str_format(h->arena, h->language == WEB_ENGLISH ? "%.*s at %02d:%02d" : "%.*s kl. %02d.%02d",
		STR_ARG(html_day(h, time.day)), time.minute / 60, time.minute % 60);
}

str html_instant_iso(struct html *h, int64_t at)
{
	struct norwegian_time time = norwegian_time(at);
	return str_format(h->arena, "%sT%02d:%02d", date_iso(time.day).z, time.minute / 60, time.minute % 60);
}

str html_dial(struct html *h, str phone)
{
	struct text dial = text_in(h->arena, phone.size + 1);
	for (size_t i = 0; i < phone.size; i++)
		if (phone.at[i] == '+' || (phone.at[i] >= '0' && phone.at[i] <= '9'))
			text_add_char(&dial, phone.at[i]);
	return text_str(&dial);
}

str html_count(struct html *h, int64_t count)
{
	if (count > MONEY_MAX_MINOR / 100 || count < -MONEY_MAX_MINOR / 100)
		return str_format(h->arena, "%lld", (long long)count);
	str sum = html_sum(h, money_of(count * 100));
	return (str){ sum.at, sum.size - 3 }; /* without the decimals */
}

str html_percent(struct html *h, int64_t basis_points)
{
	int64_t tenths = (basis_points + 5) / 10;
	return str_format(h->arena, h->language == WEB_ENGLISH ? "%lld.%lld" NO_BREAK "%%" : "%lld,%lld" NO_BREAK "%%",
		(long long)(tenths / 10), (long long)(tenths % 10));
}

str html_joined(struct html *h, const char *format, ...)
{
	char joined[1000];
	va_list args;
	va_start(args, format);
	vsnprintf(joined, sizeof joined, format, args);
	va_end(args);
	return str_copy(h->arena, str_from_z(joined));
}

/* The last Sunday of the month: summer time begins and ends on it, at 01:00 UTC. */
static date last_sunday(int year, int month)
{
	date last = date_make(year, month, 31); /* March and October */
	return date_add(last, -(date_weekday(last) % 7));
}

struct norwegian_time norwegian_time(int64_t at)
{
	enum { DAY = 86400, HOUR = 3600 };
	date day = date_add((date){ 0 }, (int)(at / DAY)); /* instants of this century */
	int year = date_civil(day).year;
	int64_t begins = (int64_t)last_sunday(year, 3).day * DAY + HOUR, ends = (int64_t)last_sunday(year, 10).day * DAY + HOUR;
	int64_t local = at + (at >= begins && at < ends ? 2 : 1) * HOUR;
	return (struct norwegian_time){ date_add((date){ 0 }, (int)(local / DAY)), (int)(local % DAY / 60) };
}
