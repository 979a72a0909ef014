/* Reading XML by pulling, one thing at a time, in flat memory. Everything a stranger could use against us is off: a
 * document type declaration is refused (so there are no entities), nothing is fetched, depth and sizes are bounded, and
 * only UTF-8, US-ASCII, ISO-8859-1 and Windows-1252 are read. libxml2 is behind it; only xml.c sees it. */
#ifndef KRAVBOK_FORMAT_XML_H
#define KRAVBOK_FORMAT_XML_H

#include "base/arena.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum { XML_DEPTH_MAX = 40, XML_PATH_SIZE_MAX = 1000, XML_FILE_SIZE_MAX = 512 * 1024 * 1024 };

enum xml_event {
	XML_OPEN,  /* an element begins */
	XML_TEXT,  /* the text of an element without children; not reported when it is only blanks */
	XML_CLOSE, /* an element ends; an empty one gets its XML_CLOSE too */
	XML_END,   /* the document is whole and over */
};

struct xml;

/* bytes: the whole document; they must stay while it is read. The struct lives in arena, what libxml2 needs does not:
 * xml_close(). ERR_INPUT for what is no XML, a DOCTYPE, another encoding, a file too large. */
err_t xml_open(str bytes, struct arena *arena, struct xml **ret_xml) MUST_CHECK;
void xml_close(struct xml *xml); /* NULL is fine */

/* Moves on. ERR_INPUT with the line for what is not well-formed, too deep or too long. After XML_END: not again. */
err_t xml_next(struct xml *xml, enum xml_event *ret_event) MUST_CHECK;

/* After XML_OPEN: passes the whole element over, its XML_CLOSE too. */
err_t xml_skip(struct xml *xml) MUST_CHECK;

/* About the element of the event. depth: 1 for the root. path: local names from below the root, joined by '/', "" for
 * the root; good until the next xml_next(). */
size_t xml_depth(const struct xml *xml);
str xml_path(const struct xml *xml);
str xml_name(const struct xml *xml);      /* local name */
str xml_namespace(const struct xml *xml); /* after XML_OPEN; "" none */
long xml_line(const struct xml *xml);     /* about where, 1-based */

/* The text, trimmed; after XML_TEXT, good until the next xml_next(). */
str xml_text(const struct xml *xml);
/* An attribute without namespace, after XML_OPEN or XML_TEXT; "" when absent. Good until the next xml_next(). */
str xml_attribute(const struct xml *xml, const char *name);

/* ---- taking texts by path ---- */

struct xml_field {
	const char *path; /* below a place the caller knows */
	size_t offset;    /* of a str in the caller's struct */
};

/* The text as one line, copied: tabs and line ends inside it become blanks. */
str xml_text_line(const struct xml *xml, struct arena *arena);

/* After XML_TEXT: when path is one of fields and its str is still empty, the text is copied into arena (as one line) and set. Only the
 * first of several counts. ERR_INPUT when the text is longer than XML_FIELD_SIZE_MAX. */
enum { XML_FIELD_SIZE_MAX = 2000 };
err_t xml_take(const struct xml *xml, str path, const struct xml_field *fields, size_t field_count, struct arena *arena,
	void *target) MUST_CHECK;

/* Cuts the first count names off a path: xml_below("A/B/C", 2) is "C"; "" when there are not more. */
str xml_below(str path, size_t count);

/* An amount as XML writes it (xs:decimal): 12, -12.5, 12.50000. ERR_INPUT for more than two decimals that are not zeros,
 * and for more than MONEY_MAX_MINOR. */
err_t xml_amount(str text, money *ret_amount) MUST_CHECK;

#endif
