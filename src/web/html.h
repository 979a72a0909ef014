/* HTML being written, and what templates (html/<noun>.html, compiled by tools/htmlgen.c) call. Every text is escaped on its way;
 * there is no way to write one that is not, but html_markup, which takes only what this program has made itself.
 *
 * A template says {{ t: "You owe {0} to {1}", html_amount(h, page->balance), page->client }}: an English sentence, found in
 * the visitor's language (locale/), with values in the order the language wants them. */
#ifndef KRAVBOK_WEB_HTML_H
#define KRAVBOK_WEB_HTML_H

#include "base/arena.h"
#include "base/catalog.h"
#include "base/date.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>

enum web_language { WEB_NORWEGIAN, WEB_ENGLISH, WEB_LANGUAGE_COUNT };
const char *web_language_code(enum web_language language); /* "nb", "en" */

struct html {
	struct arena *arena;
	char *at;
	size_t size, capacity;
	enum web_language language;
	const struct catalog *catalog; /* NULL: English */
};
struct html html_in(struct arena *arena, enum web_language language, const struct catalog *catalog);
str html_written(const struct html *h);

/* ---- called by compiled templates ---- */

void html_markup(struct html *h, const char *at, size_t size); /* as it is */
void html_text(struct html *h, str text);                      /* escaped: good in text and in a quoted attribute */
void html_z(struct html *h, const char *text);                 /* the same; NULL is empty */
void html_number(struct html *h, int64_t number);              /* plain digits: for attributes and references */
void html_url(struct html *h, str path); /* a path of ours, with /en before it for an English page */
void html_segment(struct html *h, str text); /* a part of a path or a value of a query, percent-encoded */
void html_attribute(struct html *h, bool is_on, const char *name); /* " name" when it is on */
void html_attribute_value(struct html *h, const char *name, str value); /* ' name="value"' unless it is empty */

/* ---- words ---- */

/* The sentence in the page's language, {0} … {9} replaced by values. */
str html_sentence(struct html *h, uint32_t hash, const char *sentence, const str *values, size_t value_count);
/* The same as C code writes it: T(h, "Case {0}", html_count(h, no)). Picked up by the translators' tool by its name. */
#define T(h, ...) HTML_T_PICK(__VA_ARGS__, HTML_T_MANY, HTML_T_MANY, HTML_T_MANY, HTML_T_MANY, HTML_T_MANY, HTML_T_ONE, )(h, __VA_ARGS__)
#define HTML_T_PICK(a, b, c, d, e, f, pick, ...) pick
#define HTML_T_ONE(h, sentence) html_sentence((h), catalog_hash(sentence), (sentence), NULL, 0)
#define HTML_T_MANY(h, sentence, ...)                                                                   \
	html_sentence((h), catalog_hash(sentence), (sentence), (const str[]){ __VA_ARGS__ }, \
		sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str))

/* ---- values as the page's language writes them; in the arena ---- */

str html_amount(struct html *h, money amount);   /* "1 234,50 kr", "NOK 1,234.50": with no-break spaces */
str html_sum(struct html *h, money amount);      /* "1 234,50": in a column whose head says kroner */
str html_day(struct html *h, date day);          /* "15. juli 2026", "15 July 2026"; DATE_NONE: "–" */
str html_short_day(struct html *h, date day);    /* "15.07.2026" */
str html_instant_iso(struct html *h, int64_t at); /* "2026-07-15T14:05", for a machine */
str html_dial(struct html *h, str phone);         /* "55 00 00 00" gives "55000000", for a link's tel: */
str html_instant(struct html *h, int64_t at);    /* "15. juli 2026 kl. 14.05", by Norwegian time */
str html_count(struct html *h, int64_t count);   /* "12 345" */
str html_percent(struct html *h, int64_t basis_points); /* "12,5 %" */
str html_joined(struct html *h, const char *format, ...) PRINTF_LIKE(2, 3); /* for ids, names of fields and the like */

/* Seconds since 1970 to a civil day and minutes past midnight in Norway (CET/CEST by the Union's rule). */
struct norwegian_time {
	date day;
	int minute;
};
struct norwegian_time norwegian_time(int64_t at);

#endif
