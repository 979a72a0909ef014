#include "format/xml.h"

#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

_Static_assert(XML_FILE_SIZE_MAX <= INT_MAX, "libxml2 counts bytes in an int");
_Static_assert(XML_PARSE_NOCDATA != 0, "CDATA sections must come as text");

enum { MESSAGE_SIZE_MAX = 200, PROLOG_SIZE_MAX = 64 * 1024 };

struct xml {
	xmlTextReaderPtr reader;
	size_t depth;
	size_t path_sizes[XML_DEPTH_MAX + 1]; /* of the path at each depth */
	char path[XML_PATH_SIZE_MAX];
	bool pending_close; /* the element just opened is empty: <a/> */
	bool closed;        /* the last event was a close: the element leaves the path at the next */
	bool has_text, has_comment; /* since the last element began or ended */
	bool skipping; /* whatever an element we do not know holds is its own affair */
	long error_line;
	char error_text[MESSAGE_SIZE_MAX]; /* libxml2's first complaint */
};

/* ---- before libxml2 sees anything ---- */

static str after(str s, size_t size)
{
	return (str){ s.at + size, s.size - size };
}

/* What follows the first end of s; false when there is none in the first PROLOG_SIZE_MAX bytes. */
static bool skip_past(str *s, const char *end, size_t end_size)
{
	size_t limit = s->size < PROLOG_SIZE_MAX ? s->size : PROLOG_SIZE_MAX;
	const char *found = memmem(s->at, limit, end, end_size);
	if (!found)
		return false;
	*s = after(*s, (size_t)(found - s->at) + end_size); /* found is inside s */
	return true;
}

static bool is_xml_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static str skip_blanks(str s)
{
	while (s.size && is_xml_blank(s.at[0]))
		s = after(s, 1);
	return s;
}

/* The encoding an XML declaration names must be one where '<' is '<': else it could hide a DOCTYPE from us. */
static err_t encoding_check(str declaration)
{
	static const char *const known[] = { "UTF-8", "UTF8", "US-ASCII", "ASCII", "ISO-8859-1", "WINDOWS-1252" };
	const char *found = memmem(declaration.at, declaration.size, "encoding", strlen("encoding"));
	if (!found)
		return OK;
	str rest = after(declaration, (size_t)(found - declaration.at) + strlen("encoding")); /* inside */
	rest = skip_blanks(rest);
	if (rest.size && rest.at[0] == '=')
		rest = skip_blanks(after(rest, 1));
	if (!rest.size || (rest.at[0] != '"' && rest.at[0] != '\''))
		return fail(ERR_INPUT, "the XML declaration cannot be read: '%.*s'", STR_ARG(declaration));
	str left;
	str name = str_cut(after(rest, 1), rest.at[0], &left);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (name.size == strlen(known[i]) && strncasecmp(name.at, known[i], name.size) == 0)
			return OK;
	return fail(ERR_INPUT, "the encoding '%.*s' is not read: it must be UTF-8 or ISO-8859-1", STR_ARG(name));
}

static err_t prolog_check(str bytes)
{
	str left = str_starts(bytes, S("\xEF\xBB\xBF")) ? after(bytes, 3) : bytes;
	if (!skip_blanks(left).size)
		return fail(ERR_INPUT, "the file is empty");
	bool starts = str_starts(left, S("<?xml"));
	str declaration = left;
	if (starts) {
		if (!skip_past(&left, "?>", 2))
			return fail(ERR_INPUT, "the XML declaration has no end");
		declaration.size -= left.size;
		TRY(encoding_check(declaration));
	}
	for (size_t from = left.size; from - left.size < PROLOG_SIZE_MAX;) {
		left = skip_blanks(left);
		bool skipped = false;
		if (str_starts(left, S("<!--")))
			skipped = skip_past(&left, "-->", 3);
		else if (str_starts(left, S("<?")))
			skipped = skip_past(&left, "?>", 2);
		if (!skipped)
			break;
	}
	if (str_starts(left, S("<!DOCTYPE")))
		return fail(ERR_INPUT, "the XML has a document type declaration (DOCTYPE): such a file is not read");
	if (left.size < 2 || left.at[0] != '<' || left.at[1] == '!' || left.at[1] == '?')
		return fail(ERR_INPUT, "the file is not XML in UTF-8 or ISO-8859-1");
	return OK;
}

/* ---- the reader ---- */

/* Keeps the first complaint, in one line; the later ones follow from it. */
static void keep_error(void *context, xmlErrorPtr error)
{
	struct xml *xml = context;
	if (xml->error_text[0] || !error || error->level < XML_ERR_ERROR)
		return;
	const char *message = error->message ? error->message : "not well-formed";
	snprintf(xml->error_text, sizeof xml->error_text, "%.*s", (int)strcspn(message, "\r\n"), message);
	xml->error_line = error->line;
}

err_t xml_open(str bytes, struct arena *arena, struct xml **ret_xml)
{
	if (bytes.size > XML_FILE_SIZE_MAX)
		return fail(ERR_INPUT, "the file is larger than %d MiB", XML_FILE_SIZE_MAX / 1024 / 1024);
	TRY(prolog_check(bytes));
	struct xml *xml = arena_new(arena, struct xml);
	xmlInitParser();
	const int options = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	xml->reader = xmlReaderForMemory(bytes.at, (int)bytes.size, NULL, NULL, options); /* size checked above */
	if (!xml->reader)
		return fail(ERR_OUTSIDE, "could not start the XML reader: out of memory");
	xmlTextReaderSetStructuredErrorHandler(xml->reader, keep_error, xml);
	*ret_xml = xml;
	return OK;
}

void xml_close(struct xml *xml)
{
	if (xml)
		xmlFreeTextReader(xml->reader);
}

static str str_of(const xmlChar *text)
{
	return str_from_z((const char *)text);
}

static err_t xml_broken(struct xml *xml)
{
	long line = xml->error_line ? xml->error_line : xml_line(xml);
	return fail(ERR_INPUT, "line %ld: the XML is broken: %s", line,
		xml->error_text[0] ? xml->error_text : "not well-formed");
}

static err_t xml_enter(struct xml *xml)
{
	if (xml->has_text && !xml->skipping)
		return fail(ERR_INPUT, "line %ld: text and elements are mixed in '%.*s'", xml_line(xml),
			STR_ARG(xml_path(xml)));
	if (xml->depth == XML_DEPTH_MAX)
		return fail(ERR_INPUT, "line %ld: elements are nested more than %d deep", xml_line(xml), XML_DEPTH_MAX);
	str name = str_of(xmlTextReaderConstLocalName(xml->reader));
	size_t used = xml->path_sizes[xml->depth], separator = used > 0;
	xml->depth++;
	if (xml->depth == 1) { /* the root is not in the path */
		xml->path_sizes[1] = 0;
		return OK;
	}
	if (name.size + separator > sizeof xml->path - used)
		return fail(ERR_INPUT, "line %ld: the names of nested elements are too long", xml_line(xml));
	if (separator)
		xml->path[used++] = '/';
	memcpy(xml->path + used, name.at, name.size);
	xml->path_sizes[xml->depth] = used + name.size;
	return OK;
}

/* The element that was closed leaves the path when the caller has seen it. */
static void xml_leave(struct xml *xml)
{
	if (!xml->closed)
		return;
	xml->closed = false;
	require(xml->depth > 0);
	xml->depth--;
}

static enum xml_event xml_closing(struct xml *xml)
{
	xml->pending_close = false;
	xml->closed = true;
	xml->has_text = xml->has_comment = false;
	return XML_CLOSE;
}

/* libxml2 gives the text of an element whole, unless there is a comment too: such text is refused rather than guessed. */
static err_t xml_take_text(struct xml *xml, bool *ret_has_event)
{
	*ret_has_event = xml_text(xml).size > 0;
	if (!*ret_has_event)
		return OK;
	if ((xml->has_text || xml->has_comment) && !xml->skipping)
		return fail(ERR_INPUT, "line %ld: the text of '%.*s' is in pieces", xml_line(xml), STR_ARG(xml_path(xml)));
	xml->has_text = true;
	return OK;
}

err_t xml_next(struct xml *xml, enum xml_event *ret_event)
{
	xml_leave(xml);
	if (xml->pending_close) {
		*ret_event = xml_closing(xml);
		return OK;
	}
	for (;;) { /* every turn reads on in a file of bounded size */
		int more = xmlTextReaderRead(xml->reader);
		if (more < 0 || (more == 0 && (xml->depth || xml->error_text[0])))
			return xml_broken(xml);
		if (more == 0) {
			*ret_event = XML_END;
			return OK;
		}
		bool has_event = false;
		switch (xmlTextReaderNodeType(xml->reader)) {
		case XML_READER_TYPE_ELEMENT:
			TRY(xml_enter(xml));
			xml->has_text = xml->has_comment = false;
			xml->pending_close = xmlTextReaderIsEmptyElement(xml->reader) == 1;
			*ret_event = XML_OPEN;
			return OK;
		case XML_READER_TYPE_END_ELEMENT:
			*ret_event = xml_closing(xml);
			return OK;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
			TRY(xml_take_text(xml, &has_event));
			*ret_event = XML_TEXT;
			if (has_event)
				return OK;
			break;
		case XML_READER_TYPE_COMMENT:
		case XML_READER_TYPE_PROCESSING_INSTRUCTION:
			xml->has_comment = true;
			break;
		case XML_READER_TYPE_DOCUMENT_TYPE:
		case XML_READER_TYPE_ENTITY_REFERENCE:
			return fail(ERR_INPUT, "line %ld: the XML has a document type declaration or an entity: such a file is "
					       "not read", xml_line(xml));
		default: /* blanks between elements */
			break;
		}
	}
}

err_t xml_skip(struct xml *xml)
{
	size_t depth = xml->depth;
	enum xml_event event = XML_OPEN;
	xml->skipping = true;
	while (event != XML_CLOSE || xml->depth != depth) { /* ends with the file at the latest */
		TRY(xml_next(xml, &event));
		require(event != XML_END);
	}
	xml->skipping = false;
	return OK;
}

size_t xml_depth(const struct xml *xml)
{
	return xml->depth;
}

str xml_path(const struct xml *xml)
{
	return (str){ xml->path, xml->path_sizes[xml->depth] };
}

str xml_name(const struct xml *xml)
{
	if (xml->depth < 2)
		return str_of(xmlTextReaderConstLocalName(xml->reader));
	size_t from = xml->path_sizes[xml->depth - 1];
	from += from > 0; /* the '/' */
	return (str){ xml->path + from, xml->path_sizes[xml->depth] - from };
}

str xml_namespace(const struct xml *xml)
{
	return str_of(xmlTextReaderConstNamespaceUri(xml->reader));
}

long xml_line(const struct xml *xml)
{
	return xmlTextReaderGetParserLineNumber(xml->reader);
}

str xml_text(const struct xml *xml)
{
	return str_trim(str_of(xmlTextReaderConstValue(xml->reader)));
}

str xml_attribute(const struct xml *xml, const char *name)
{
	const xmlNode *node = xmlTextReaderCurrentNode(xml->reader);
	if (node && node->type == XML_TEXT_NODE)
		node = node->parent;
	if (!node || node->type != XML_ELEMENT_NODE)
		return S("");
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		const xmlNode *value = attribute->children;
		if (attribute->ns || strcmp((const char *)attribute->name, name) != 0)
			continue;
		return value && value->type == XML_TEXT_NODE && !value->next ? str_of(value->content) : S("");
	}
	return S("");
}

str xml_text_line(const struct xml *xml, struct arena *arena)
{
	str text = xml_text(xml);
	char *line = arena_alloc(arena, text.size + 1);
	for (size_t i = 0; i < text.size; i++)
		line[i] = is_xml_blank(text.at[i]) ? ' ' : text.at[i];
	return (str){ line, text.size };
}

err_t xml_take(const struct xml *xml, str path, const struct xml_field *fields, size_t field_count, struct arena *arena,
	void *target)
{
	for (size_t i = 0; i < field_count; i++) {
		if (!str_eq_z(path, fields[i].path))
			continue;
		str *field = (str *)(void *)((char *)target + fields[i].offset); /* the table says a str is there */
		str text = xml_text(xml);
		if (text.size > XML_FIELD_SIZE_MAX)
			return fail(ERR_INPUT, "line %ld: %s is longer than %d characters", xml_line(xml), fields[i].path,
				XML_FIELD_SIZE_MAX);
		if (!field->size)
			*field = xml_text_line(xml, arena);
		return OK;
	}
	return OK;
}

str xml_below(str path, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)str_cut(path, '/', &path);
	return path;
}

err_t xml_amount(str text, money *ret_amount)
{
	str left = text;
	bool negative = str_starts(left, S("-"));
	if (negative || str_starts(left, S("+")))
		left = after(left, 1);
	str decimals;
	str whole = str_cut(left, '.', &decimals);
	while (decimals.size > 2 && decimals.at[decimals.size - 1] == '0')
		decimals.size--;
	if ((!str_is_digits(whole) && whole.size) || (!str_is_digits(decimals) && decimals.size) ||
		!(whole.size + decimals.size))
		return fail(ERR_INPUT, "'%.*s' is not an amount (1234.50)", STR_ARG(text));
	if (decimals.size > 2)
		return fail(ERR_INPUT, "'%.*s' has more than two decimals", STR_ARG(text));
	while (whole.size > 1 && whole.at[0] == '0')
		whole = after(whole, 1);
	int64_t minor = 0;
	if (whole.size > 13)
		return fail(ERR_INPUT, "'%.*s' is too large", STR_ARG(text));
	for (size_t i = 0; i < whole.size; i++)
		minor = minor * 10 + (whole.at[i] - '0');
	for (size_t i = 0; i < 2; i++)
		minor = minor * 10 + (i < decimals.size ? decimals.at[i] - '0' : 0);
	if (minor > MONEY_MAX_MINOR)
		return fail(ERR_INPUT, "'%.*s' is too large", STR_ARG(text));
	*ret_amount = money_of(negative ? -minor : minor);
	return OK;
}
