/* A row is scanned once: plain fields are views of the file, only a field with doubled quotes or Windows-1252 letters
 * is copied. The same scanner, with each possible separator, looks at the first rows to find the right one. */
#include "format/csv.h"
#include "base/catalog.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE_ROW_COUNT = 20 };

enum encoding { ENCODING_OPEN /* only ASCII so far */, ENCODING_UTF8, ENCODING_WINDOWS };

struct reader {
	const char *at, *end;
	int64_t line_no;
	struct arena *arena;
	char separator;
	enum encoding encoding;
	bool ends_plain[256]; /* a byte a plain field cannot go past */
	size_t field_count;
	str fields[CSV_FIELD_COUNT_MAX];
};

static void reader_separator(struct reader *reader, char separator)
{
	memset(reader->ends_plain, 0, sizeof reader->ends_plain);
	reader->ends_plain[0] = true;
	reader->ends_plain['\n'] = true;
	reader->ends_plain['\r'] = true;
	reader->ends_plain[(unsigned char)separator] = true;
	reader->separator = separator;
}

static err_t nul_byte(int64_t line_no)
{
	return fail(ERR_INPUT, "line %lld holds a NUL byte: this is not text", (long long)line_no);
}

static err_t too_long(const char *at, const char *limit, int64_t line_no, size_t field_no)
{
	if (limit - at > CSV_FIELD_SIZE_MAX)
		return fail(ERR_INPUT, "line %lld: field %zu is larger than 64 KiB (a quote that is never closed?)",
			(long long)line_no, field_no);
	return fail(ERR_INPUT, "line %lld is longer than 1 MiB", (long long)line_no);
}

/* Copies a quoted field without the doubling of its quotes. */
static str undoubled(struct arena *arena, str inside)
{
	char *copy = arena_alloc(arena, inside.size);
	size_t size = 0;
	for (size_t i = 0; i < inside.size; i++) {
		copy[size++] = inside.at[i];
		if (inside.at[i] == '"')
			i++;
	}
	return (str){ copy, size };
}

/* at: the opening quote. *ret_after: what follows the closing one. */
static err_t scan_quoted(struct reader *reader, const char *at, const char *limit, str *ret_field,
	const char **ret_after)
{
	const char *start = at + 1;
	int64_t start_line = reader->line_no;
	bool doubled = false;
	for (at = start; at < limit; at++) {
		if (*at == '\n')
			reader->line_no++;
		if (*at == '\0')
			return nul_byte(reader->line_no);
		if (*at != '"')
			continue;
		if (at + 1 == limit || at[1] != '"')
			break;
		doubled = true;
		at++;
	}
	if (at >= limit && limit < reader->end)
		return too_long(start, limit, start_line, reader->field_count + 1);
	if (at >= limit)
		return fail(ERR_INPUT, "line %lld: a quote is opened and never closed", (long long)start_line);
	str inside = { start, (size_t)(at - start) }; /* at is behind start */
	*ret_field = doubled ? undoubled(reader->arena, inside) : inside;
	*ret_after = at + 1;
	return OK;
}

static err_t scan_field(struct reader *reader, const char *at, const char *limit, const char **ret_after)
{
	if (reader->field_count == CSV_FIELD_COUNT_MAX)
		return fail(ERR_INPUT, "line %lld has more than %d fields", (long long)reader->line_no,
			CSV_FIELD_COUNT_MAX);
	str *field = &reader->fields[reader->field_count];
	const char *after = at;
	bool quoted = at < limit && *at == '"';
	if (quoted) {
		TRY(scan_quoted(reader, at, limit, field, &after));
	} else {
		while (after < limit && !reader->ends_plain[(unsigned char)*after])
			after++;
		if (after == limit && limit < reader->end)
			return too_long(at, limit, reader->line_no, reader->field_count + 1);
		*field = (str){ at, (size_t)(after - at) }; /* after is at or behind it */
	}
	if (field->size > CSV_FIELD_SIZE_MAX)
		return too_long(at, at + field->size, reader->line_no, reader->field_count + 1);
	reader->field_count++;
	if (after < limit && *after == '\0')
		return nul_byte(reader->line_no);
	if (quoted && after < limit && !reader->ends_plain[(unsigned char)*after])
		return fail(ERR_INPUT, "line %lld: field %zu goes on after its closing quote",
			(long long)reader->line_no, reader->field_count);
	*ret_after = after;
	return OK;
}

/* One row from reader->at on, which moves behind its line end. */
static err_t scan_row(struct reader *reader)
{
	const char *at = reader->at, *limit = reader->end;
	if (limit - at > CSV_ROW_SIZE_MAX)
		limit = at + CSV_ROW_SIZE_MAX;
	reader->field_count = 0;
	for (;;) {
		TRY(scan_field(reader, at, limit, &at));
		if (at < limit && *at == reader->separator) {
			at++;
			continue;
		}
		if (at < limit && *at == '\r')
			at++;
		if (at < limit && *at == '\n') {
			at++;
			reader->line_no++;
		} else if (at == limit && limit < reader->end) {
			return fail(ERR_INPUT, "line %lld is longer than 1 MiB", (long long)reader->line_no);
		} else if (at < limit) {
			return fail(ERR_INPUT, "line %lld holds a carriage return without a line feed",
				(long long)reader->line_no);
		}
		reader->at = at;
		return OK;
	}
}

static bool is_ascii(str s)
{
	size_t i = 0;
	for (; i + 8 <= s.size; i += 8) {
		uint64_t word;
		memcpy(&word, s.at + i, 8);
		if (word & UINT64_C(0x8080808080808080))
			return false;
	}
	for (; i < s.size; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

/* Tells the encoding by the first row that is not ASCII, holds later rows to it, and makes their fields UTF-8. */
static err_t decode_row(struct reader *reader, str raw, int64_t line_no)
{
	if (is_ascii(raw))
		return OK;
	if (reader->encoding == ENCODING_OPEN)
		reader->encoding = str_is_utf8(raw) ? ENCODING_UTF8 : ENCODING_WINDOWS;
	if (reader->encoding == ENCODING_UTF8) {
		if (!str_is_utf8(raw))
			return fail(
				ERR_INPUT, "line %lld is not UTF-8, as the lines before it are", (long long)line_no);
		return OK;
	}
	for (size_t i = 0; i < reader->field_count; i++)
		if (!is_ascii(reader->fields[i]))
			reader->fields[i] = str_from_latin1(reader->arena, reader->fields[i]);
	return OK;
}

static bool is_blank_row(const struct reader *reader)
{
	for (size_t i = 0; i < reader->field_count; i++)
		if (str_trim(reader->fields[i]).size)
			return false;
	return true;
}

/* Fields of the header row with this separator, and whether the first rows all have as many. */
static size_t sample_fields(const struct reader *from, char separator, bool *ret_same)
{
	struct reader reader = *from;
	struct arena_mark mark = arena_mark(reader.arena);
	size_t header_count = 0;
	*ret_same = true;
	reader_separator(&reader, separator);
	for (int i = 0; i < SAMPLE_ROW_COUNT && reader.at < reader.end && *ret_same;) {
		err_t err = scan_row(&reader);
		if (err) {
			*ret_same = false;
			err_free(err);
		} else if (!is_blank_row(&reader)) {
			header_count = i++ ? header_count : reader.field_count;
			*ret_same = reader.field_count == header_count;
		}
	}
	arena_reset(reader.arena, mark);
	return header_count;
}

static char find_separator(const struct reader *reader)
{
	static const char candidates[] = { ';', '\t', ',' };
	char best = ';';
	size_t best_count = 1;
	bool best_same = false;
	for (size_t i = 0; i < sizeof candidates; i++) {
		bool same;
		size_t count = sample_fields(reader, candidates[i], &same);
		if (count < 2 || (best_same && !same))
			continue;
		if (count > best_count || (same && !best_same)) {
			best = candidates[i];
			best_count = count;
			best_same = same;
		}
	}
	return best;
}

/* "sep=;" as the first line is a spreadsheet's way to name the separator. */
static bool take_separator_line(struct reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at); /* end is never before at */
	if (left < 6 || memcmp(reader->at, "sep=", 4) != 0)
		return false;
	size_t size = reader->at[5] == '\r' ? 7 : 6;
	char separator = reader->at[4];
	if (left < size || reader->at[size - 1] != '\n' || !strchr(";,\t", separator) || !separator)
		return false;
	reader->at += size;
	reader->line_no++;
	reader_separator(reader, separator);
	return true;
}

static err_t reader_open(struct reader *reader, str bytes, struct arena *scratch)
{
	if (str_starts(bytes, S("\xFF\xFE")) || str_starts(bytes, S("\xFE\xFF")))
		return fail(ERR_INPUT, "the file is UTF-16: save it as 'CSV UTF-8'");
	if (str_starts(bytes, S("PK\x03\x04")) || str_starts(bytes, S("\xD0\xCF\x11\xE0")))
		return fail(ERR_INPUT, "the file is a workbook, not CSV: save it as 'CSV UTF-8'");
	*reader = (struct reader){ .at = bytes.at, .end = bytes.at + bytes.size, .line_no = 1, .arena = scratch };
	if (str_starts(bytes, S("\xEF\xBB\xBF"))) {
		reader->at += 3;
		reader->encoding = ENCODING_UTF8;
	}
	if (!take_separator_line(reader))
		reader_separator(reader, find_separator(reader));
	return OK;
}

/* The next row that is not blank; *ret_found is false at the end. */
static err_t next_row(struct reader *reader, struct csv_row *ret_row, bool *ret_found)
{
	while (reader->at < reader->end) {
		const char *start = reader->at;
		int64_t line_no = reader->line_no;
		TRY(scan_row(reader));
		str raw = { start, (size_t)(reader->at - start) }; /* the row just passed */
		TRY(decode_row(reader, raw, line_no));
		if (is_blank_row(reader))
			continue;
		*ret_row = (struct csv_row){ line_no, reader->fields, reader->field_count, raw };
		*ret_found = true;
		return OK;
	}
	*ret_found = false;
	return OK;
}

err_t csv_read(str bytes, struct arena *scratch, csv_row_fn each, void *context)
{
	struct reader reader;
	TRY(reader_open(&reader, bytes, scratch));
	struct arena_mark mark = arena_mark(scratch);
	for (;;) {
		struct csv_row row;
		bool found = false;
		arena_reset(scratch, mark);
		TRY(next_row(&reader, &row, &found));
		if (!found)
			return OK;
		TRY(each(&row, context));
	}
}

err_t csv_head_raw(str bytes, struct arena *scratch, str *ret_raw)
{
	struct reader reader;
	struct csv_row row;
	bool found;
	TRY(reader_open(&reader, bytes, scratch));
	TRY(next_row(&reader, &row, &found));
	*ret_raw = (str){ bytes.at, (size_t)(reader.at - bytes.at) }; /* the reader has only moved on */
	return OK;
}

err_t csv_write_raw(struct sink sink, str raw)
{
	TRY(sink.write(raw, sink.context));
	if (raw.size == 0 || raw.at[raw.size - 1] != '\n')
		TRY(sink.write(S("\r\n"), sink.context));
	return OK;
}

static bool is_number(str value)
{
	size_t digit_count = 0;
	for (size_t i = 0; i < value.size; i++) {
		char c = value.at[i];
		if (c >= '0' && c <= '9')
			digit_count++;
		else if (c != '.' && c != ',' && !(c == '-' && i == 0))
			return false;
	}
	return digit_count > 0;
}

static void field_add(struct text *text, str value, bool formula)
{
	bool quoted = formula;
	for (size_t i = 0; i < value.size; i++)
		quoted = quoted || memchr(";,\t\"\r\n", value.at[i], 6);
	if (!quoted) {
		text_add(text, value);
		return;
	}
	text_add_char(text, '"');
	if (formula)
		text_add_char(text, '\'');
	for (size_t i = 0; i < value.size; i++) {
		if (value.at[i] == '"')
			text_add_char(text, '"');
		text_add_char(text, value.at[i]);
	}
	text_add_char(text, '"');
}

void csv_text_field(struct text *text, str value)
{
	field_add(text, value, value.size && memchr("=+-@\t\r", value.at[0], 6) && !is_number(value));
}

void csv_plain_field(struct text *text, str value)
{
	field_add(text, value, false);
}

/* Blanks, tabs and the no-break spaces spreadsheets leave, off both ends. */
static str trim(str s)
{
	for (;;) {
		s = str_trim(s);
		if (str_starts(s, S("\xC2\xA0")))
			s = (str){ s.at + 2, s.size - 2 };
		else if (s.size >= 2 && memcmp(s.at + s.size - 2, "\xC2\xA0", 2) == 0)
			s.size -= 2;
		else
			return s;
	}
}

static bool name_is(str name, const char *column)
{
	if (name.size != strlen(column))
		return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != column[i])
			return false;
	}
	return true;
}

static void add_name(struct text *list, str name)
{
	enum { NAME_SIZE_SHOWN = 40, LIST_SIZE_MAX = 400 };
	if (list->size > LIST_SIZE_MAX)
		return;
	str shown = { name.at, name.size < NAME_SIZE_SHOWN ? name.size : NAME_SIZE_SHOWN };
	text_addf(list, "%s'%.*s'", list->size ? ", " : "", STR_ARG(shown));
}

static size_t column_named(str name, const struct csv_column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (name_is(name, columns[i].name))
			return i;
	return count;
}

err_t csv_columns_match(const struct csv_row *header, const struct csv_column *columns, size_t count,
	struct arena *scratch, struct csv_columns *ret_columns)
{
	require(count <= CSV_COLUMN_COUNT_MAX);
	struct csv_columns match = { .field_count = header->field_count };
	struct text unknown = text_in(scratch, 1024), missing = text_in(scratch, 1024),
		    repeated = text_in(scratch, 1024);
	for (size_t i = 0; i < CSV_COLUMN_COUNT_MAX; i++)
		match.field_at[i] = -1;
	for (size_t i = 0; i < header->field_count; i++) {
		str name = trim(header->fields[i]);
		size_t column = column_named(name, columns, count);
		if (column == count)
			add_name(&unknown, name);
		else if (match.field_at[column] >= 0)
			add_name(&repeated, name);
		else
			match.field_at[column] = (int)i; /* at most CSV_FIELD_COUNT_MAX */
	}
	for (size_t i = 0; i < count; i++)
		if (columns[i].required && match.field_at[i] < 0)
			add_name(&missing, str_from_z(columns[i].name));
	struct text all = text_in(scratch, 4096);
	const struct { const char *what; struct text *names; } kinds[] = {
		{ "unknown columns", &unknown }, { "missing columns", &missing }, { "repeated columns", &repeated },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].names->size)
			text_addf(&all, "%s%s: %s", all.size ? "; " : "", kinds[i].what, kinds[i].names->at);
	if (all.size)
		return fail(ERR_INPUT, "line %lld: %s", (long long)header->line_no, all.at);
	*ret_columns = match;
	return OK;
}

str csv_field(const struct csv_row *row, const struct csv_columns *columns, size_t column)
{
	require(column < CSV_COLUMN_COUNT_MAX);
	int at = columns->field_at[column];
	if (at < 0 || (size_t)at >= row->field_count) /* at >= 0 was checked */
		return (str){ "", 0 };
	return trim(row->fields[at]);
}

static void finding_keep(struct row_findings *findings, const char *field, str reason)
{
	if (findings->count == ROW_FINDING_COUNT_MAX)
		return;
	findings->items[findings->count++] = (struct row_finding){ findings->line_no, field, reason };
}

void row_finding_add(struct row_findings *findings, const char *field, const char *format, ...)
{
	char reason[512];
	va_list args;
	va_start(args, format);
	vsnprintf(reason, sizeof reason, err_words(format), args);
	va_end(args);
	/* By way of an error: its text is one line and ends in a whole character. */
	row_finding_err(findings, field, fail(ERR_INPUT, "%s", reason));
}

bool row_finding_err(struct row_findings *findings, const char *field, err_t err)
{
	if (!err)
		return true;
	finding_keep(findings, field, str_copy(findings->arena, str_from_z(err_text(err))));
	err_free(err);
	return false;
}

/* Characters that must not be in a text: controls (C0, DEL, C1), marks that turn the direction of writing, and
 * U+FFFD, which stands for a letter lost in the encoding. s is UTF-8. NULL: none. */
static const char *bad_character(str s)
{
	for (size_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.at[i];
		unsigned char next = i + 1 < s.size ? (unsigned char)s.at[i + 1] : 0;
		unsigned char third = i + 2 < s.size ? (unsigned char)s.at[i + 2] : 0;
		if (c == '\n' || c == '\r')
			return N_("it holds a line break");
		if (c < 0x20 || c == 0x7F || (c == 0xC2 && next < 0xA0))
			return N_("it holds a control character");
		if (c == 0xE2 && ((next == 0x80 && third >= 0xAA && third <= 0xAE) ||
					 (next == 0x81 && third >= 0xA6 && third <= 0xA9)))
			return N_("it holds a mark that turns the direction of writing");
		if (c == 0xEF && next == 0xBF && third == 0xBD)
			return N_("it holds a letter that was lost in the encoding");
	}
	return NULL;
}

void row_finding_field_count(struct row_findings *findings, size_t field_count, size_t header_count)
{
	row_finding_add(findings, "", "the row has %zu fields, the header has %zu%s", field_count, header_count,
		field_count > header_count ? " (a value that holds the separator must be quoted)" : "");
}

static size_t character_count(str s)
{
	size_t count = 0;
	for (size_t i = 0; i < s.size; i++)
		count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
	return count;
}

bool row_text_check(struct row_findings *findings, const char *field, str value, size_t size_max)
{
	const char *bad = bad_character(value);
	str shown = { value.at, value.size < 60 ? value.size : 60 };
	while (shown.size && shown.size < value.size && ((unsigned char)value.at[shown.size] & 0xC0) == 0x80)
		shown.size--;
	if (bad)
		row_finding_add(findings, field, "the text cannot be taken: %s",
			err_words(bad)); /* not quoted: it would act on a screen */
	else if (value.size > size_max && character_count(value) > size_max)
		row_finding_add(findings, field, "'%.*s…' is longer than %zu characters", STR_ARG(shown), size_max);
	else
		return true;
	return false;
}
