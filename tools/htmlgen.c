/* Turns a template into typed C when the program is built.
 *
 *	htmlgen html/NOUN.html OUTDIR		writes OUTDIR/NOUN.c and OUTDIR/NOUN.h
 *
 * A template file is
 *
 *	@include "app/case.h"				for the types of its views
 *	@html case_page(const struct case_page *page)	begins void html_case_page(struct html *h, const struct …)
 *	<h1>{{ t: "Case {0}", html_count(h, page->no) }}</h1>
 *	% for (size_t i = 0; i < page->row_count; i++) {	a line of C
 *	<li>{{ page->rows[i].name }}</li>
 *	% }
 *	# a remark, to the end of its line
 *
 * In {{ }}: an expression of type str, or with a word before it:
 *
 *	z: const char *		i: int64_t, plain digits	t: a sentence to translate, and its values (str)
 *	url: a path of ours (str literal or str), only as the whole beginning of href, action, src
 *	at: the same without the page's language before it
 *	q: a part of a path or query, percent-encoded (str)
 *	on: condition, "checked": an attribute without value	attr: "name", value: an attribute, unless the value is empty
 *
 * A value may stand in text and inside a quoted attribute and nowhere else; no scripts, styles or on… attributes: a
 * template that tries does not build. Mistakes in C are told with the template's own line. */
#include "base/arena.h"
#include "base/catalog.h"
#include "base/err.h"
#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILE_SIZE_MAX = 1 << 20, NAME_SIZE_MAX = 64 };

enum where { IN_TEXT, IN_TAG, IN_VALUE, IN_COMMENT };

struct gen {
	const char *path, *noun;
	int line;
	FILE *c, *h;
	enum where where;
	char quote;                    /* of IN_VALUE */
	char attribute[NAME_SIZE_MAX]; /* the last attribute's name */
	size_t value_size;             /* bytes of the value so far */
	bool in_template, value_is_url;
	struct text literal;           /* markup collected */
};

static _Noreturn void stop(const struct gen *gen, const char *what)
{
	fprintf(stderr, "%s:%d: error: %s\n", gen->path, gen->line, what);
	exit(1);
}

/* ---- what the markup says of where we are ---- */

static bool is_url_attribute(const char *name)
{
	static const char *const names[] = { "href", "src", "action", "formaction", "poster", "cite", "data" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == ':';
}

static void name_add(struct gen *gen, char c)
{
	size_t size = strlen(gen->attribute);
	if (size + 1 >= sizeof gen->attribute)
		stop(gen, "a name is too long");
	gen->attribute[size] = (char)tolower((unsigned char)c);
	gen->attribute[size + 1] = '\0';
}

static void attribute_begin(struct gen *gen, char quote)
{
	if (strncmp(gen->attribute, "on", 2) == 0)
		stop(gen, "an attribute that holds a script");
	if (strcmp(gen->attribute, "style") == 0)
		stop(gen, "a style attribute: give it a class");
	gen->where = IN_VALUE;
	gen->quote = quote;
	gen->value_size = 0;
	gen->value_is_url = is_url_attribute(gen->attribute);
}

/* One byte of markup, before: what stands in front of it on the line. */
static void markup_byte(struct gen *gen, const char *at, const char *line)
{
	char c = *at;
	switch (gen->where) {
	case IN_TEXT:
		if (strncmp(at, "<!--", 4) == 0)
			gen->where = IN_COMMENT;
		else if (strncasecmp(at, "<style", 6) == 0)
			stop(gen, "a style inside the page");
		else if (c == '<' && (isalpha((unsigned char)at[1]) || at[1] == '/' || at[1] == '!')) {
			gen->where = IN_TAG;
			gen->attribute[0] = '\0';
		}
		break;
	case IN_TAG:
		if (c == '>') {
			gen->where = IN_TEXT;
		} else if (c == '"' || c == '\'') {
			if (at == line || at[-1] != '=')
				stop(gen, "a quote that begins no value");
			attribute_begin(gen, c);
		} else if (c == '=' && at[1] != '"' && at[1] != '\'') {
			stop(gen, "a value without quotes");
		} else if (is_name_char(c)) {
			if (at == line || !is_name_char(at[-1]))
				gen->attribute[0] = '\0';
			name_add(gen, c);
		}
		break;
	case IN_VALUE:
		if (c == gen->quote)
			gen->where = IN_TAG;
		else
			gen->value_size++;
		break;
	case IN_COMMENT:
		if (at - line >= 2 && strncmp(at - 2, "-->", 3) == 0)
			gen->where = IN_TEXT;
		break;
	}
}

/* ---- C out ---- */

static void literal_flush(struct gen *gen)
{
	str s = text_str(&gen->literal);
	if (!s.size)
		return;
	fprintf(gen->c, "html_markup(h, \"");
	for (size_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '"' || c == '\\')
			fprintf(gen->c, "\\%c", c);
		else if (c == '\n')
			fprintf(gen->c, "\\n");
		else if (c == '\t')
			fprintf(gen->c, "\\t");
		else
			fputc(c, gen->c);
		if (i % 2000 == 1999 && (c & 0x80) == 0)
			fprintf(gen->c, "\"\n\t\t\"");
	}
	fprintf(gen->c, "\", %zu);\n", s.size);
	text_clear(&gen->literal);
}

static void line_directive(struct gen *gen)
{
	fprintf(gen->c, "#line %d \"%s\"\n", gen->line, gen->path);
}

/* "url" of "url: x"; *expression behind it. Empty when there is none. */
static str filter_take(str *expression)
{
	size_t size = 0;
	while (size < expression->size && islower((unsigned char)expression->at[size]))
		size++;
	if (!size || size >= expression->size || expression->at[size] != ':')
		return S("");
	str filter = { expression->at, size };
	*expression = str_trim((str){ expression->at + size + 1, expression->size - size - 1 });
	return filter;
}

/* The literal "…" a sentence begins with, as C source with its quotes; *rest behind it. */
static str sentence_take(const struct gen *gen, str *rest)
{
	if (!rest->size || rest->at[0] != '"')
		stop(gen, "t: wants a sentence in quotes");
	size_t end = 1;
	while (end < rest->size && rest->at[end] != '"')
		end += rest->at[end] == '\\' ? 2 : 1;
	if (end >= rest->size)
		stop(gen, "a sentence without its closing quote");
	str sentence = { rest->at, end + 1 };
	*rest = str_trim((str){ rest->at + end + 1, rest->size - end - 1 });
	return sentence;
}

/* As the C compiler will read it. */
static uint32_t sentence_hash(const struct gen *gen, str literal)
{
	char bytes[4000];
	size_t size = 0;
	for (size_t i = 1; i + 1 < literal.size; i++) {
		char c = literal.at[i];
		if (c == '\\') {
			c = literal.at[++i];
			if (c != '"' && c != '\\')
				stop(gen, "in a sentence only \\\" and \\\\ are escaped");
		}
		if (size + 1 >= sizeof bytes)
			stop(gen, "a sentence is too long");
		bytes[size++] = c;
	}
	bytes[size] = '\0';
	return catalog_hash(bytes);
}

static void sentence_write(struct gen *gen, str expression)
{
	str sentence = sentence_take(gen, &expression);
	unsigned hash = sentence_hash(gen, sentence);
	if (!expression.size) {
		fprintf(gen->c, "html_text(h, html_sentence(h, 0x%xu, %.*s, NULL, 0));\n", hash, STR_ARG(sentence));
		return;
	}
	if (expression.at[0] != ',')
		stop(gen, "a comma belongs between a sentence and its values");
	str values = str_trim((str){ expression.at + 1, expression.size - 1 });
	fprintf(gen->c, "html_text(h, html_sentence(h, 0x%xu, %.*s, (const str[]){ %.*s }, sizeof((const str[]){ %.*s }) / sizeof(str)));\n",
		hash, STR_ARG(sentence), STR_ARG(values), STR_ARG(values));
}

static void value_write(struct gen *gen, str expression)
{
	expression = str_trim(expression);
	str filter = filter_take(&expression);
	if (!expression.size)
		stop(gen, "{{ }} without a value");
	bool is_on = str_eq_z(filter, "on") || str_eq_z(filter, "attr");
	bool is_url = str_eq_z(filter, "url") || str_eq_z(filter, "at");
	if (gen->where == IN_COMMENT)
		stop(gen, "a value in a comment");
	if (gen->where == IN_TAG && !is_on)
		stop(gen, "a value in a tag must be inside quotes");
	if (gen->where != IN_TAG && is_on)
		stop(gen, "on: and attr: belong in a tag");
	if (gen->where == IN_VALUE && gen->value_is_url && !gen->value_size && !is_url)
		stop(gen, "an address that begins with a value: use url:");
	if (is_url && (gen->where != IN_VALUE || gen->value_size))
		stop(gen, "url: and at: belong at the beginning of an attribute");
	gen->value_size++;
	literal_flush(gen);
	line_directive(gen);
	static const struct {
		const char *filter, *call;
	} calls[] = { { "", "html_text" }, { "z", "html_z" }, { "i", "html_number" }, { "q", "html_segment" },
		{ "on", "html_attribute" }, { "attr", "html_attribute_value" }, { "at", "html_text" } };
	if (str_eq_z(filter, "t")) {
		sentence_write(gen, expression);
		return;
	}
	if (str_eq_z(filter, "url")) {
		bool is_literal = expression.at[0] == '"';
		fprintf(gen->c, is_literal ? "html_url(h, S(%.*s));\n" : "html_url(h, %.*s);\n", STR_ARG(expression));
		return;
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (str_eq_z(filter, calls[i].filter)) {
			fprintf(gen->c, "%s(h, %.*s);\n", calls[i].call, STR_ARG(expression));
			return;
		}
	stop(gen, "no such word before the colon (z, i, t, url, at, q, on, attr)");
}

/* ---- lines ---- */

static void template_end(struct gen *gen)
{
	if (!gen->in_template)
		return;
	if (gen->where != IN_TEXT)
		stop(gen, "the template ends inside a tag");
	literal_flush(gen);
	fprintf(gen->c, "}\n");
	gen->in_template = false;
}

static void template_begin(struct gen *gen, str rest)
{
	template_end(gen);
	str signature = str_trim(rest), parameters;
	str name = str_cut(signature, '(', &parameters);
	if (!name.size || !parameters.size || parameters.at[parameters.size - 1] != ')')
		stop(gen, "@html NAME(parameters)");
	const char *comma = str_eq_z(parameters, ")") ? "" : ", ";
	fprintf(gen->h, "void html_%.*s(struct html *h%s%.*s;\n", STR_ARG(name), comma, STR_ARG(parameters));
	line_directive(gen);
	fprintf(gen->c, "void html_%.*s(struct html *h%s%.*s\n{\n\t(void)h;\n", STR_ARG(name), comma, STR_ARG(parameters));
	gen->in_template = true;
}

static void directive(struct gen *gen, str line)
{
	if (str_starts(line, S("@include "))) {
		if (gen->in_template)
			stop(gen, "@include stands before the first template");
		fprintf(gen->h, "#include %.*s\n", STR_ARG(str_trim((str){ line.at + 9, line.size - 9 })));
	} else if (str_starts(line, S("@html "))) {
		template_begin(gen, (str){ line.at + 6, line.size - 6 });
	} else {
		stop(gen, "a line with @ is @include or @html");
	}
}

static void markup_line(struct gen *gen, str line)
{
	const char *at = line.at, *end = line.at + line.size;
	while (at < end) {
		if (strncmp(at, "{{", 2) == 0) {
			const char *close = strstr(at, "}}");
			if (!close || close > end)
				stop(gen, "{{ without }} on its line");
			value_write(gen, (str){ at + 2, (size_t)(close - at - 2) });
			at = close + 2;
			continue;
		}
		markup_byte(gen, at, line.at);
		text_add_char(&gen->literal, *at++);
	}
	text_add_char(&gen->literal, '\n');
}

static void line_take(struct gen *gen, str line)
{
	str bare = str_trim(line);
	if (str_starts(line, S("@"))) {
		directive(gen, line);
	} else if (str_starts(bare, S("%"))) {
		if (!gen->in_template)
			stop(gen, "a line of C outside a template");
		literal_flush(gen);
		line_directive(gen);
		fprintf(gen->c, "%.*s\n", STR_ARG(((str){ bare.at + 1, bare.size - 1 })));
	} else if (bare.size && !str_starts(bare, S("#"))) {
		if (!gen->in_template)
			stop(gen, "markup outside a template");
		markup_line(gen, bare);
	}
}

static str file_read(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		exit(1);
	}
	char *bytes = arena_alloc(arena, FILE_SIZE_MAX + 1);
	size_t size = fread(bytes, 1, FILE_SIZE_MAX, file);
	fclose(file);
	return (str){ bytes, size };
}

static FILE *file_write(const char *folder, const char *noun, const char *ending)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s%s", folder, noun, ending);
	FILE *file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

int main(int argument_count, char **arguments)
{
	if (argument_count != 3) {
		fprintf(stderr, "htmlgen html/NOUN.html OUTDIR\n");
		return 2;
	}
	struct arena *arena = arena_create(64 << 20);
	const char *slash = strrchr(arguments[1], '/');
	str stem = str_from_z(slash ? slash + 1 : arguments[1]), ending;
	const char *noun = str_z(arena, str_cut(stem, '.', &ending));
	struct gen gen = { .path = arguments[1], .noun = noun, .literal = text_in(arena, 16 << 20) };
	gen.c = file_write(arguments[2], noun, ".c");
	gen.h = file_write(arguments[2], noun, ".h");
	fprintf(gen.h, "/* Made by tools/htmlgen.c. */\n#ifndef HTML_%s_H\n#define HTML_%s_H\n\n#include \"web/html.h\"\n", noun, noun);
	fprintf(gen.c, "/* Made by tools/htmlgen.c. */\n#include \"html/%s.h\"\n\n", noun);
	for (str rest = file_read(arena, arguments[1]); rest.size;) {
		gen.line++;
		line_take(&gen, str_cut(rest, '\n', &rest));
	}
	template_end(&gen);
	fprintf(gen.h, "\n#endif\n");
	bool bad = ferror(gen.c) || ferror(gen.h);
	bad = fclose(gen.c) || bad;
	bad = fclose(gen.h) || bad;
	arena_destroy(arena);
	return bad;
}
