/* Turns the queries of sql/ into typed C when the program is built.
 *
 *	sqlgen OUTDIR sql/schema.sql sql/NOUN.sql…
 *
 * writes OUTDIR/sql.h and OUTDIR/sql.c: a function q_<name>() for each query, and the schema in both dialects. Each
 * query is prepared against the real schema in memory, so a column that is not there, a parameter that is not used or
 * a value that may be missing and is not declared so does not build. A query is written
 *
 *	-- claim_due(day date, count i64) :many
 *	-- Free lines here become the comment above the function.
 *	SELECT c.case_id, s.wake_on AS "wake_on?", … AS "total_minor::INTEGER" FROM … ORDER BY c.case_id LIMIT :count;
 *
 * Parameters are i64, money (named …_minor), date, text or blob; "?" after the type lets it be missing. Results:
 * :one (found or not), :many (an array in an arena), :each (a call for each row), :exec (none), :bulk (many rows in,
 * none out). "name?" declares a column that may be NULL, "name::TYPE" gives an expression its type.
 *
 * Each table of the schema is listed too (db_tables of store/db.h), with queries that read and write all of it.
 *
 * The text is cut into tokens once; all rewriting (parameters, dialects, bulk) is of tokens, never of text. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/engine.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	FILE_SIZE_MAX = 1 << 20,
	OUTPUT_SIZE_MAX = 16 << 20,
	QUERIES_MAX = 1000,
	TABLES_MAX = 200,
	STATEMENT_SIZE_MAX = 4000, /* C compilers need take string literals of 4095 bytes only */
	LINE_WIDTH = 100,
	POSTGRES_NAME_MAX = 63,
};

/* ---- tokens ---- */

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_QUOTED, TOKEN_PARAMETER, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	str text; /* as written; without the colon for a parameter, without the quotes for a quoted name */
	int line; /* 1-based */
	int newlines_before;
	bool space_before;
	int depth; /* of parentheses around it; both parentheses of a pair have the outer depth */
};

struct tokens {
	struct token *at;
	size_t count;
};

struct scanner {
	str rest;
	int line;
	int depth;
};

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void scanner_skip(struct scanner *scanner, size_t size)
{
	for (size_t i = 0; i < size; i++)
		scanner->line += scanner->rest.at[i] == '\n';
	scanner->rest = (str){ scanner->rest.at + size, scanner->rest.size - size };
}

/* Past blanks and comments. */
static void scanner_skip_gap(struct scanner *scanner)
{
	while (scanner->rest.size) {
		char c = scanner->rest.at[0];
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			scanner_skip(scanner, 1);
		} else if (str_starts(scanner->rest, S("--"))) {
			str after;
			scanner_skip(scanner, str_cut(scanner->rest, '\n', &after).size);
		} else {
			return;
		}
	}
}

static size_t word_size(str s)
{
	size_t size = 0;
	while (size < s.size && is_word_char(s.at[size]))
		size++;
	return size;
}

/* Up to and with the closing quote; a doubled quote is one character. */
static size_t quoted_size(str s)
{
	for (size_t i = 1; i < s.size; i++) {
		if (s.at[i] != s.at[0])
			continue;
		if (i + 1 >= s.size || s.at[i + 1] != s.at[0])
			return i + 1;
		i++;
	}
	return s.size;
}

static bool scanner_next(struct scanner *scanner, struct token *ret_token)
{
	struct scanner before = *scanner;
	scanner_skip_gap(scanner);
	str rest = scanner->rest;
	if (!rest.size)
		return false;
	struct token token = { .line = scanner->line };
	token.newlines_before = scanner->line - before.line;
	token.space_before = rest.size != before.rest.size;
	size_t size = 1;
	if (rest.at[0] == ')' && scanner->depth > 0)
		scanner->depth--;
	token.depth = scanner->depth;
	if (rest.at[0] == '(')
		scanner->depth++;
	token.kind = TOKEN_SIGN;
	if (rest.at[0] == '\'' || rest.at[0] == '"') {
		token.kind = rest.at[0] == '"' ? TOKEN_QUOTED : TOKEN_STRING;
		size = quoted_size(rest);
	} else if (rest.at[0] == ':' && rest.size > 1 && is_word_char(rest.at[1])) {
		token.kind = TOKEN_PARAMETER;
		size = 1 + word_size((str){ rest.at + 1, rest.size - 1 });
	} else if (is_word_char(rest.at[0])) {
		token.kind = is_digit(rest.at[0]) ? TOKEN_NUMBER : TOKEN_WORD;
		size = word_size(rest);
	}
	token.text = (str){ rest.at, size };
	if (token.kind == TOKEN_PARAMETER)
		token.text = (str){ rest.at + 1, size - 1 };
	if (token.kind == TOKEN_QUOTED && size >= 2)
		token.text = (str){ rest.at + 1, size - 2 };
	scanner_skip(scanner, size);
	*ret_token = token;
	return true;
}

static struct tokens tokens_of(struct arena *arena, str sql, int first_line)
{
	struct tokens tokens = { arena_many(arena, sql.size, struct token), 0 };
	struct scanner scanner = { sql, first_line, 0 };
	while (scanner_next(&scanner, &tokens.at[tokens.count]))
		if (++tokens.count == sql.size)
			break;
	return tokens;
}

static bool token_is(const struct token *token, const char *text)
{
	bool plain = token->kind == TOKEN_WORD || token->kind == TOKEN_SIGN;
	return plain && str_eq_z(token->text, text);
}

static bool tokens_at(struct tokens tokens, size_t index, const char *text)
{
	return index < tokens.count && token_is(&tokens.at[index], text);
}

static struct tokens tokens_slice(struct tokens tokens, size_t from, size_t to)
{
	require(from <= to);
	require(to <= tokens.count);
	return (struct tokens){ tokens.at + from, to - from };
}

/* The index of the first token text at depth from index from on; tokens.count when there is none. */
static size_t tokens_find(struct tokens tokens, size_t from, const char *text, int depth)
{
	size_t i = from;
	while (i < tokens.count && !(tokens.at[i].depth == depth && token_is(&tokens.at[i], text)))
		i++;
	return i;
}

static void text_add_gap(struct text *text, const struct token *token)
{
	if (token->newlines_before)
		text_add_z(text, "\n");
	else if (token->space_before)
		text_add_z(text, " ");
}

/* ---- queries ---- */

enum query_kind { QUERY_ONE, QUERY_MANY, QUERY_EACH, QUERY_EXEC, QUERY_BULK };

/* How a value looks in C and in the database. */
struct value_type {
	enum db_type type;
	bool is_money;
	bool is_optional;
};

struct field { /* a parameter or a column */
	str name;
	struct value_type type;
	bool is_used; /* parameters only */
};

struct bulk {
	str table;
	str columns[DB_PARAMETERS_MAX]; /* in parameter order */
	str sql; /* empty: straight into the table */
	bool is_update;
};

struct query {
	const char *path;
	int line; /* of the heading */
	str name;
	enum query_kind kind;
	str comment; /* lines, without the dashes */
	struct field parameters[DB_PARAMETERS_MAX];
	size_t parameter_count;
	struct field columns[DB_COLUMNS_MAX];
	size_t column_count;
	struct tokens tokens;
	bool writes;
	struct bulk bulk;
};

struct table {
	str name;
	struct field columns[DB_COLUMNS_MAX]; /* in the order of the schema */
	size_t column_count;
	str key; /* "case_id, event_no" */
};

struct generator {
	struct arena *arena;
	sqlite3 *declared; /* the schema with its own type names, to ask for the types of columns */
	sqlite3 *real;     /* the schema as the program makes it */
	str schema_sqlite[QUERIES_MAX], schema_postgres[QUERIES_MAX];
	size_t schema_count;
	struct table tables[TABLES_MAX]; /* in the order of the schema */
	size_t table_count;
	struct query queries[QUERIES_MAX];
	size_t query_count;
	int error_count;
};

static void report(struct generator *generator, const struct query *query, int line, const char *format, ...)
	PRINTF_LIKE(4, 5);

static void report(struct generator *generator, const struct query *query, int line, const char *format, ...)
{
	fprintf(stderr, "%s:%d: error: ", query->path, line);
	if (query->name.size)
		fprintf(stderr, "%.*s: ", STR_ARG(query->name));
	va_list args;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	generator->error_count++;
}

static bool str_is_in(str s, const char *const *list)
{
	for (; *list; list++)
		if (str_eq_z(s, *list))
			return true;
	return false;
}

static bool name_is_keyword(str name)
{
	static const char *const keywords[] = { "auto", "break", "case", "char", "const", "continue", "default", "do",
		"double", "else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "register",
		"restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union",
		"unsigned", "void", "volatile", "while", "bool", "true", "false", "unix", "linux", NULL };
	return str_is_in(name, keywords);
}

/* An argument of a generated function may not be called as one of its own or as a type. */
static bool name_is_taken(str name)
{
	static const char *const taken[] = { "money", "date", "str", "err_t", "db", "arena", "parameters", "values",
		"reading", "rows", "each", "each_row", "context", "ret_row", "ret_rows", "ret_count", "ret_found",
		NULL };
	return str_is_in(name, taken);
}

static bool name_is_good(str name)
{
	if (!name.size || is_digit(name.at[0]))
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!is_word_char(name.at[i]) || (name.at[i] >= 'A' && name.at[i] <= 'Z'))
			return false;
	return true;
}

static bool str_ends(str s, str end)
{
	return s.size >= end.size && str_eq((str){ s.at + s.size - end.size, end.size }, end);
}

static struct field *field_find(struct field *fields, size_t count, str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static bool value_type_from_word(str word, struct value_type *ret_type)
{
	struct value_type type = { .is_optional = str_ends(word, S("?")) };
	if (type.is_optional)
		word.size--;
	type.is_money = str_eq_z(word, "money");
	if (str_eq_z(word, "i64") || type.is_money)
		type.type = DB_INTEGER;
	else if (str_eq_z(word, "date"))
		type.type = DB_DATE;
	else if (str_eq_z(word, "text"))
		type.type = DB_TEXT;
	else if (str_eq_z(word, "blob"))
		type.type = DB_BLOB;
	else
		return false;
	*ret_type = type;
	return true;
}

/* "day date" into the query's next parameter. */
static void query_add_parameter(struct generator *generator, struct query *query, str declaration)
{
	str word;
	str name = str_cut(str_trim(declaration), ' ', &word);
	struct field parameter = { .name = name };
	if (!name_is_good(name))
		report(generator, query, query->line, "'%.*s' is not 'name type'", STR_ARG(declaration));
	else if (name_is_keyword(name) || (query->kind != QUERY_BULK && name_is_taken(name)))
		report(generator, query, query->line, "parameter '%.*s' has a name that is taken in C", STR_ARG(name));
	else if (!value_type_from_word(str_trim(word), &parameter.type))
		report(generator, query, query->line, "parameter '%.*s' has no type i64, money, date, text or blob",
			STR_ARG(name));
	else if (parameter.type.type == DB_INTEGER && parameter.type.is_money != str_ends(name, S("_minor")))
		report(generator, query, query->line, "parameter '%.*s': what is money, and only that, ends in _minor",
			STR_ARG(name));
	else if (field_find(query->parameters, query->parameter_count, name))
		report(generator, query, query->line, "parameter '%.*s' is declared twice", STR_ARG(name));
	else if (query->parameter_count == DB_PARAMETERS_MAX)
		report(generator, query, query->line, "more than %d parameters", DB_PARAMETERS_MAX);
	else
		query->parameters[query->parameter_count++] = parameter;
}

static bool query_kind_from_word(str word, enum query_kind *ret_kind)
{
	static const char *const words[] = { ":one", ":many", ":each", ":exec", ":bulk" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (!str_eq_z(word, words[i]))
			continue;
		*ret_kind = (enum query_kind)i; /* same order as the enum */
		return true;
	}
	return false;
}

/* ---- reading a file ---- */

struct line_reader {
	str rest;
	int line; /* of what rest begins with */
};

static bool line_next(struct line_reader *reader, str *ret_line)
{
	if (!reader->rest.size)
		return false;
	*ret_line = str_cut(reader->rest, '\n', &reader->rest);
	reader->line++;
	return true;
}

static bool line_is_comment(str line)
{
	return str_starts(str_trim(line), S("--"));
}

static str comment_text(str line)
{
	line = str_trim(line);
	return (str){ line.at + 2, line.size - 2 };
}

struct heading {
	str name, parameters, kind;
};

/* "-- name(parameters) :kind" at the start of the reader, perhaps over several lines; leaves the reader after it.
 * Anything else is just a comment: false, and the reader stays. */
static bool heading_next(struct generator *generator, struct line_reader *reader, struct heading *ret_heading)
{
	struct line_reader ahead = *reader;
	struct text text = text_in(generator->arena, FILE_SIZE_MAX);
	str line;
	bool closed = false;
	while (!closed && line_next(&ahead, &line) && line_is_comment(line)) {
		text_add(&text, comment_text(line));
		text_add_char(&text, ' ');
		closed = str_has(line, S(")"));
		if (!str_has(text_str(&text), S("(")))
			return false;
	}
	str all = str_trim(text_str(&text)), rest;
	struct heading heading = { .name = str_cut(all, '(', &rest) };
	heading.parameters = str_trim(str_cut(rest, ')', &heading.kind));
	heading.kind = str_trim(heading.kind);
	if (!closed || !name_is_good(heading.name) || !str_starts(heading.kind, S(":")))
		return false;
	*ret_heading = heading;
	*reader = ahead;
	return true;
}

static void query_take_heading(struct generator *generator, struct query *query, struct heading heading)
{
	query->name = heading.name;
	for (size_t i = 0; i + 1 < generator->query_count; i++)
		if (str_eq(generator->queries[i].name, heading.name))
			report(generator, query, query->line, "there is already a query of this name in %s:%d",
				generator->queries[i].path, generator->queries[i].line);
	if (!query_kind_from_word(heading.kind, &query->kind))
		report(generator, query, query->line, "'%.*s' is not :one, :many, :each, :exec or :bulk",
			STR_ARG(heading.kind));
	if (heading.name.size + strlen("bulk_") > POSTGRES_NAME_MAX)
		report(generator, query, query->line, "the name is longer than PostgreSQL can use");
	str rest = heading.parameters;
	while (rest.size) {
		str declaration = str_cut(rest, ',', &rest);
		query_add_parameter(generator, query, declaration);
	}
}

/* The comment lines after the heading; leaves the reader at the first line of SQL. */
static str comment_next(struct generator *generator, struct line_reader *reader)
{
	struct text text = text_in(generator->arena, FILE_SIZE_MAX);
	struct line_reader ahead = *reader;
	str line;
	while (line_next(&ahead, &line) && line_is_comment(line)) {
		str words = str_trim(comment_text(line));
		if (text.size)
			text_add_char(&text, '\n');
		text_add(&text, words);
		*reader = ahead;
	}
	return text_str(&text);
}

/* The SQL up to the next heading or the end of the file. */
static void query_take_sql(struct generator *generator, struct query *query, struct line_reader *reader)
{
	str from = reader->rest;
	int first_line = reader->line;
	struct heading next;
	str line;
	while (reader->rest.size) {
		struct line_reader ahead = *reader;
		if (heading_next(generator, &ahead, &next))
			break;
		(void)line_next(reader, &line);
	}
	str sql = { from.at, from.size - reader->rest.size };
	struct tokens tokens = tokens_of(generator->arena, sql, first_line);
	size_t end = 0;
	while (end < tokens.count && !token_is(&tokens.at[end], ";"))
		end++;
	if (!end)
		report(generator, query, query->line, "there is no statement");
	if (end + 1 < tokens.count)
		report(generator, query, tokens.at[end + 1].line, "two statements in one query");
	query->tokens = tokens_slice(tokens, 0, end);
}

static void file_take_queries(struct generator *generator, const char *path, str body)
{
	struct line_reader reader = { body, 1 };
	struct heading heading;
	str line;
	while (reader.rest.size) {
		int heading_line = reader.line;
		if (heading_next(generator, &reader, &heading)) {
			require(generator->query_count < QUERIES_MAX);
			struct query *query = &generator->queries[generator->query_count++];
			query->path = path;
			query->line = heading_line;
			query_take_heading(generator, query, heading);
			query->comment = comment_next(generator, &reader);
			query_take_sql(generator, query, &reader);
			continue;
		}
		struct query nameless = { .path = path };
		(void)line_next(&reader, &line);
		if (str_trim(line).size && !line_is_comment(line))
			report(generator, &nameless, reader.line - 1,
				"SQL without '-- name(parameters) :kind' above it");
	}
}

static err_t file_read(struct arena *arena, const char *path, str *ret_body)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return fail(ERR_INPUT, "could not open '%s'", path);
	char *body = arena_alloc(arena, FILE_SIZE_MAX);
	size_t size = fread(body, 1, FILE_SIZE_MAX, file);
	bool bad = ferror(file) || size == FILE_SIZE_MAX;
	fclose(file);
	if (bad)
		return fail(ERR_INPUT, "could not read '%s', or it is larger than %d bytes", path, FILE_SIZE_MAX);
	*ret_body = (str){ body, size };
	return OK;
}

/* ---- the schema ---- */

enum dialect { DIALECT_DECLARED, DIALECT_SQLITE, DIALECT_POSTGRES };

static const char *schema_word(str word, enum dialect dialect)
{
	static const char *const words[][3] = {
		{ "DATE", "TEXT", "DATE" },
		{ "INTEGER", "INTEGER", "BIGINT" },
		{ "TEXT", "TEXT", "TEXT COLLATE \"C\"" },
		{ "BLOB", "BLOB", "BYTEA" },
	};
	if (dialect == DIALECT_DECLARED)
		return NULL;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq_z(word, words[i][0]))
			return words[i][dialect];
	return NULL;
}

/* One CREATE statement, without its semicolon, in a dialect. */
static str schema_statement(struct generator *generator, struct tokens tokens, enum dialect dialect)
{
	struct text text = text_in(generator->arena, OUTPUT_SIZE_MAX);
	bool clustered = tokens_at(tokens, tokens.count - 1, "CLUSTERED");
	size_t count = tokens.count - clustered;
	for (size_t i = 0; i < count; i++) {
		const struct token *token = &tokens.at[i];
		const char *word = token->kind == TOKEN_WORD ? schema_word(token->text, dialect) : NULL;
		if (i > 0)
			text_add_gap(&text, token);
		if (token->kind == TOKEN_QUOTED)
			text_addf(&text, "\"%.*s\"", STR_ARG(token->text));
		else
			text_add(&text, word ? str_from_z(word) : token->text);
	}
	bool is_table = tokens_at(tokens, 1, "TABLE");
	if (dialect == DIALECT_SQLITE && is_table)
		text_add_z(&text, clustered ? " STRICT, WITHOUT ROWID" : " STRICT");
	return text_str(&text);
}

static err_t schema_run(sqlite3 *sqlite, const char *path, int line, str sql)
{
	char *why = NULL;
	if (sqlite3_exec(sqlite, sql.at, NULL, NULL, &why) == SQLITE_OK)
		return OK;
	err_t err = fail(ERR_INPUT, "%s:%d: error: %s", path, line, why ? why : "cannot be run");
	sqlite3_free(why);
	return err;
}

static bool db_type_from_word(str word, enum db_type *ret_type)
{
	static const char *const words[] = { "INTEGER", "TEXT", "DATE", "BLOB" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (!str_eq_z(word, words[i]))
			continue;
		*ret_type = (enum db_type)i; /* same order as the enum */
		return true;
	}
	return false;
}

/* One row of table_info: name, type, notnull. */
static err_t table_add_column(struct generator *generator, struct table *table, sqlite3_stmt *info)
{
	str name = str_copy(generator->arena, str_from_z((const char *)sqlite3_column_text(info, 0)));
	const char *type = (const char *)sqlite3_column_text(info, 1);
	struct field column = { .name = name };
	bool in_key = sqlite3_column_int(info, 3) > 0;
	column.type.is_optional = !sqlite3_column_int(info, 2) && !in_key;
	if (!db_type_from_word(str_from_z(type), &column.type.type))
		return fail(ERR_INPUT, "column '%.*s': '%s' is not INTEGER, DATE, TEXT or BLOB", STR_ARG(name), type);
	if (table->column_count == DB_COLUMNS_MAX || table->column_count == DB_PARAMETERS_MAX)
		return fail(ERR_INPUT, "more than %d columns", DB_COLUMNS_MAX);
	table->columns[table->column_count++] = column;
	return OK;
}

static err_t table_add_columns(struct generator *generator, struct table *table)
{
	static const char columns[] = "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid";
	static const char key[] = "SELECT group_concat(name, ', ') FROM"
				  " (SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk)";
	sqlite3_stmt *info = NULL;
	err_t err = OK;
	require(sqlite3_prepare_v2(generator->declared, columns, -1, &info, NULL) == SQLITE_OK);
	sqlite3_bind_text64(info, 1, table->name.at, table->name.size, SQLITE_STATIC, SQLITE_UTF8);
	while (!err && sqlite3_step(info) == SQLITE_ROW)
		err = table_add_column(generator, table, info);
	sqlite3_finalize(info);
	if (err)
		return err;
	require(sqlite3_prepare_v2(generator->declared, key, -1, &info, NULL) == SQLITE_OK);
	sqlite3_bind_text64(info, 1, table->name.at, table->name.size, SQLITE_STATIC, SQLITE_UTF8);
	if (sqlite3_step(info) == SQLITE_ROW)
		table->key = str_copy(generator->arena, str_from_z((const char *)sqlite3_column_text(info, 0)));
	sqlite3_finalize(info);
	return table->key.size ? OK : fail(ERR_INPUT, "a table needs a primary key");
}

static err_t schema_add_table(struct generator *generator, str name)
{
	require(generator->table_count < TABLES_MAX);
	struct table *table = &generator->tables[generator->table_count++];
	table->name = name;
	return within(table_add_columns(generator, table), "error: table %.*s", STR_ARG(name));
}

static err_t schema_add_statement(struct generator *generator, const char *path, struct tokens tokens)
{
	int line = tokens.at[0].line;
	str declared = schema_statement(generator, tokens, DIALECT_DECLARED);
	str sqlite = schema_statement(generator, tokens, DIALECT_SQLITE);
	str postgres = schema_statement(generator, tokens, DIALECT_POSTGRES);
	if (sqlite.size > STATEMENT_SIZE_MAX || postgres.size > STATEMENT_SIZE_MAX)
		return fail(ERR_INPUT, "%s:%d: error: longer than %d bytes", path, line, STATEMENT_SIZE_MAX);
	require(generator->schema_count + 1 < QUERIES_MAX);
	TRY(schema_run(generator->declared, path, line, declared));
	TRY(schema_run(generator->real, path, line, sqlite));
	generator->schema_sqlite[generator->schema_count] = sqlite;
	generator->schema_postgres[generator->schema_count++] = postgres;
	if (!tokens_at(tokens, 1, "TABLE") || tokens.count < 3)
		return OK;
	return within(schema_add_table(generator, tokens.at[2].text), "%s:%d", path, line);
}

static err_t schema_open(sqlite3 **ret_sqlite)
{
	/* As sqlite.c makes it for db_pick(). */
	static const char pick[] = "CREATE TEMP TABLE pick (no INTEGER PRIMARY KEY, id INTEGER NOT NULL, "
				   "id2 INTEGER NOT NULL, key TEXT NOT NULL)";
	if (sqlite3_open(":memory:", ret_sqlite) != SQLITE_OK)
		return fail(ERR_OUTSIDE, "could not open a database in memory");
	/* "name" must be a column, never silently a string. */
	sqlite3_db_config(*ret_sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(*ret_sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	return schema_run(*ret_sqlite, "pick", 1, str_from_z(pick));
}

static err_t schema_load(struct generator *generator, const char *path)
{
	TRY(schema_open(&generator->declared));
	TRY(schema_open(&generator->real));
	str body;
	TRY(file_read(generator->arena, path, &body));
	struct tokens tokens = tokens_of(generator->arena, body, 1);
	for (size_t from = 0; from < tokens.count;) {
		size_t end = tokens_find(tokens, from, ";", 0);
		if (end == tokens.count)
			return fail(ERR_INPUT, "%s:%d: error: no ';' at the end", path, tokens.at[from].line);
		if (end > from)
			TRY(schema_add_statement(generator, path, tokens_slice(tokens, from, end)));
		from = end + 1;
	}
	return OK;
}

/* ---- rendering a query ---- */

enum rendering { RENDER_DECLARED, RENDER_SQLITE, RENDER_POSTGRES, RENDER_BULK };

static size_t parameter_number(struct query *query, str name) /* 1-based */
{
	struct field *parameter = field_find(query->parameters, query->parameter_count, name);
	require(parameter);
	return (size_t)(parameter - query->parameters) + 1; /* inside the array */
}

/* The name of "name?" and "name::TYPE". */
static str alias_name(str alias)
{
	size_t size = word_size(alias);
	return (str){ alias.at, size };
}

static void render_parameter(struct text *text, size_t number, enum rendering rendering)
{
	static const char *const before[] = { ":", "?", "$", "bulk_row.p" };
	text_addf(text, "%s%zu", before[rendering], number);
}

static void render_token(struct text *text, struct query *query, const struct token *token, enum rendering rendering)
{
	if (token->kind == TOKEN_QUOTED) {
		bool rewritten = rendering != RENDER_DECLARED && alias_name(token->text).size;
		text_addf(text, "\"%.*s\"", STR_ARG(rewritten ? alias_name(token->text) : token->text));
	} else if (token->kind != TOKEN_PARAMETER) {
		text_add(text, token->text);
	} else if (rendering == RENDER_DECLARED) {
		text_addf(text, ":%.*s", STR_ARG(token->text));
	} else {
		render_parameter(text, parameter_number(query, token->text), rendering);
	}
}

static void render(struct text *text, struct query *query, struct tokens tokens, enum rendering rendering)
{
	for (size_t i = 0; i < tokens.count; i++) {
		/* Every line feed is kept in the declared text, so that SQLite's place of an error gives the line. */
		int newlines = rendering == RENDER_DECLARED ? tokens.at[i].newlines_before : 1;
		for (int n = 1; i > 0 && n < newlines; n++)
			text_add_char(text, '\n');
		if (i > 0)
			text_add_gap(text, &tokens.at[i]);
		render_token(text, query, &tokens.at[i], rendering);
	}
}

static str query_render(struct generator *generator, struct query *query, enum rendering rendering)
{
	struct text text = text_in(generator->arena, OUTPUT_SIZE_MAX);
	render(&text, query, query->tokens, rendering);
	return text_str(&text);
}

/* ---- checking a query ---- */

static void check_parameters(struct generator *generator, struct query *query)
{
	for (size_t i = 0; i < query->tokens.count; i++) {
		const struct token *token = &query->tokens.at[i];
		if (token->kind != TOKEN_PARAMETER)
			continue;
		struct field *parameter = field_find(query->parameters, query->parameter_count, token->text);
		if (!parameter)
			report(generator, query, token->line, "parameter ':%.*s' is not declared",
				STR_ARG(token->text));
		else
			parameter->is_used = true;
	}
	for (size_t i = 0; i < query->parameter_count; i++)
		if (!query->parameters[i].is_used)
			report(generator, query, query->line, "parameter '%.*s' is not used",
				STR_ARG(query->parameters[i].name));
}

/* Columns are named: a star after SELECT, a comma or a dot is not a multiplication. */
static void check_star(struct generator *generator, struct query *query)
{
	static const char *const before[] = { "SELECT", "DISTINCT", "ALL", "RETURNING", ",", ".", NULL };
	for (size_t i = 1; i < query->tokens.count; i++)
		if (token_is(&query->tokens.at[i], "*") && str_is_in(query->tokens.at[i - 1].text, before))
			report(generator, query, query->tokens.at[i].line, "'*' instead of the names of the columns");
}

static void check_order(struct generator *generator, struct query *query)
{
	size_t order = tokens_find(query->tokens, 0, "ORDER", 0);
	size_t limit = tokens_find(query->tokens, 0, "LIMIT", 0);
	if (order < query->tokens.count)
		return;
	if (query->kind == QUERY_MANY || query->kind == QUERY_EACH)
		report(generator, query, query->line, "a list needs ORDER BY");
	else if (limit < query->tokens.count)
		report(generator, query, query->line, "LIMIT needs ORDER BY");
}

static int line_of_offset(const struct query *query, str sql, int offset)
{
	int line = query->tokens.at[0].line;
	for (int i = 0; i < offset && (size_t)i < sql.size; i++) /* i >= 0 */
		line += sql.at[i] == '\n';
	return line;
}

static sqlite3_stmt *query_prepare(struct generator *generator, struct query *query, sqlite3 *sqlite, str sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(sqlite, sql.at, -1, &statement, NULL) == SQLITE_OK && statement)
		return statement;
	report(generator, query, line_of_offset(query, sql, sqlite3_error_offset(sqlite)), "%s",
		sqlite3_errmsg(sqlite));
	return NULL;
}

/* Where a result column comes from in the schema; table NULL for an expression. */
struct origin {
	const char *database, *table, *column;
	bool may_be_null;
	bool is_left_joined;
};

/* The table is joined by LEFT JOIN, and only there: its columns may be NULL whatever the schema says. */
static bool table_is_left_joined(struct tokens tokens, const char *table)
{
	size_t use_count = 0;
	bool left = false;
	for (size_t i = 1; i < tokens.count; i++) {
		bool named = token_is(&tokens.at[i], table);
		if (!named || !(token_is(&tokens.at[i - 1], "JOIN") || token_is(&tokens.at[i - 1], "FROM")))
			continue;
		use_count++;
		size_t before = i >= 2 ? i - 2 : 0;
		if (before > 0 && token_is(&tokens.at[before], "OUTER"))
			before--;
		left = left || (i >= 2 && token_is(&tokens.at[before], "LEFT"));
	}
	return left && use_count == 1;
}

static struct origin column_origin(sqlite3 *sqlite, sqlite3_stmt *statement, int column, struct tokens tokens)
{
	struct origin origin = {
		.database = sqlite3_column_database_name(statement, column),
		.table = sqlite3_column_table_name(statement, column),
		.column = sqlite3_column_origin_name(statement, column),
	};
	if (!origin.table || !origin.column)
		return (struct origin){ .table = NULL };
	const char *type = NULL;
	int not_null = 0, key = 0;
	sqlite3_table_column_metadata(sqlite, origin.database, origin.table, origin.column, &type, NULL, &not_null,
		&key, NULL);
	bool is_row_number = key && type && strcmp(type, "INTEGER") == 0;
	origin.may_be_null = !not_null && !is_row_number;
	origin.is_left_joined = table_is_left_joined(tokens, origin.table);
	return origin;
}

static void column_check_origin(struct generator *generator, struct query *query, const struct field *column,
	struct origin origin)
{
	str name = column->name;
	if (!origin.table || column->type.is_optional)
		return;
	if (origin.may_be_null)
		report(generator, query, query->line, "column '%.*s' may be NULL: alias it \"%.*s?\"", STR_ARG(name),
			STR_ARG(name));
	else if (origin.is_left_joined)
		report(generator, query, query->line,
			"column '%.*s' is of a LEFT JOIN and may be NULL: alias it \"%.*s?\"", STR_ARG(name),
			STR_ARG(name));
}

/* One result column: its name and type from the alias and the schema. */
static void query_add_column(struct generator *generator, struct query *query, sqlite3_stmt *statement, int index)
{
	str alias = str_copy(generator->arena, str_from_z(sqlite3_column_name(statement, index)));
	struct field column = { .name = alias_name(alias) };
	str rest = { alias.at + column.name.size, alias.size - column.name.size };
	column.type.is_optional = str_ends(rest, S("?"));
	if (column.type.is_optional)
		rest.size--;
	struct origin origin = column_origin(generator->declared, statement, index, query->tokens);
	str type = str_from_z(sqlite3_column_decltype(statement, index));
	if (str_starts(rest, S("::")))
		type = (str){ rest.at + 2, rest.size - 2 };
	else if (rest.size || !name_is_good(column.name) || !type.size) {
		report(generator, query, query->line, "column \"%.*s\" is an expression: alias it \"name::TYPE\"",
			STR_ARG(alias));
		return;
	}
	if (!db_type_from_word(type, &column.type.type))
		report(generator, query, query->line, "column '%.*s': '%.*s' is not INTEGER, DATE, TEXT or BLOB",
			STR_ARG(column.name), STR_ARG(type));
	column.type.is_money = column.type.type == DB_INTEGER && str_ends(column.name, S("_minor"));
	if (!name_is_good(column.name) || name_is_keyword(column.name))
		report(generator, query, query->line, "column '%.*s' has no name that C can use", STR_ARG(column.name));
	if (field_find(query->columns, query->column_count, column.name))
		report(generator, query, query->line, "two columns are called '%.*s'", STR_ARG(column.name));
	column_check_origin(generator, query, &column, origin);
	if (query->column_count == DB_COLUMNS_MAX)
		report(generator, query, query->line, "more than %d columns", DB_COLUMNS_MAX);
	else
		query->columns[query->column_count++] = column;
}

static void check_kind(struct generator *generator, struct query *query)
{
	bool rows = query->column_count > 0;
	bool takes_rows = query->kind == QUERY_ONE || query->kind == QUERY_MANY || query->kind == QUERY_EACH;
	if (takes_rows && !rows)
		report(generator, query, query->line, "gives no rows: make it :exec");
	else if (!takes_rows && rows)
		report(generator, query, query->line, "gives rows: make it :one, :many or :each");
	else if (!takes_rows && !query->writes)
		report(generator, query, query->line, "changes nothing");
	else if (query->writes && (query->kind == QUERY_MANY || query->kind == QUERY_EACH))
		report(generator, query, query->line, "a query that writes is :exec, :bulk or :one");
}

static void query_describe(struct generator *generator, struct query *query)
{
	str sql = query_render(generator, query, RENDER_DECLARED);
	sqlite3_stmt *statement = query_prepare(generator, query, generator->declared, sql);
	if (!statement)
		return;
	query->writes = !sqlite3_stmt_readonly(statement);
	for (int i = 0; i < sqlite3_column_count(statement); i++)
		query_add_column(generator, query, statement, i);
	sqlite3_finalize(statement);
	check_kind(generator, query);
	/* Once more as the program will run it: the aliases are changed there. */
	str real = query_render(generator, query, RENDER_SQLITE);
	sqlite3_finalize(query_prepare(generator, query, generator->real, real));
	if (real.size > STATEMENT_SIZE_MAX)
		report(generator, query, query->line, "longer than %d bytes", STATEMENT_SIZE_MAX);
}

/* ---- bulk: what PostgreSQL does with the rows of a COPY ---- */

/* The column each parameter goes straight into, for an insert of all parameters, each once and as it is. */
static bool bulk_is_plain(struct query *query, struct tokens columns, struct tokens values)
{
	bool filled[DB_PARAMETERS_MAX] = { false };
	if (columns.count != values.count || (values.count + 1) / 2 != query->parameter_count)
		return false;
	for (size_t i = 0; i < values.count; i += 2) {
		if (values.at[i].kind != TOKEN_PARAMETER)
			return false;
		size_t index = parameter_number(query, values.at[i].text) - 1;
		if (filled[index])
			return false;
		filled[index] = true;
		query->bulk.columns[index] = columns.at[i].text;
	}
	return true;
}

static void bulk_stage(struct generator *generator, struct query *query)
{
	query->bulk.table = str_format(generator->arena, "bulk_%.*s", STR_ARG(query->name));
	for (size_t i = 0; i < query->parameter_count; i++)
		query->bulk.columns[i] = str_format(generator->arena, "p%zu", i + 1);
}

static void bulk_insert(struct generator *generator, struct query *query)
{
	struct tokens all = query->tokens;
	size_t columns_end = tokens_find(all, 4, ")", 0);
	size_t values_from = columns_end + 2;
	size_t values_end = tokens_find(all, values_from, ")", 0);
	size_t rest = values_end + 1;
	bool shaped = tokens_at(all, 1, "INTO") && tokens_at(all, 3, "(") &&
		tokens_at(all, columns_end + 1, "VALUES") && tokens_at(all, values_from, "(") &&
		tokens_at(all, values_end, ")");
	if (!shaped || (rest < all.count && !(tokens_at(all, rest, "ON") && tokens_at(all, rest + 1, "CONFLICT")))) {
		report(generator, query, query->line,
			"a bulk insert is INSERT INTO table (…) VALUES (…) [ON CONFLICT …]");
		return;
	}
	struct tokens values = tokens_slice(all, values_from + 1, values_end);
	query->bulk.table = all.at[2].text;
	if (rest == all.count && bulk_is_plain(query, tokens_slice(all, 4, columns_end), values))
		return;
	for (size_t i = rest; i < all.count; i++)
		if (all.at[i].kind == TOKEN_PARAMETER)
			report(generator, query, all.at[i].line,
				"ON CONFLICT of a bulk insert uses excluded.…, not ':%.*s'", STR_ARG(all.at[i].text));
	bulk_stage(generator, query);
	struct text text = text_in(generator->arena, OUTPUT_SIZE_MAX);
	render(&text, query, tokens_slice(all, 0, columns_end + 1), RENDER_BULK);
	text_add_z(&text, "\nSELECT ");
	render(&text, query, values, RENDER_BULK);
	text_addf(&text, "\nFROM %.*s bulk_row\n", STR_ARG(query->bulk.table));
	render(&text, query, tokens_slice(all, rest, all.count), RENDER_BULK);
	query->bulk.sql = text_str(&text);
}

/* UPDATE table SET … WHERE … and DELETE FROM table WHERE …: the rows are joined in between. */
static void bulk_change(struct generator *generator, struct query *query)
{
	struct tokens all = query->tokens;
	bool is_update = tokens_at(all, 0, "UPDATE");
	size_t where = tokens_find(all, 0, "WHERE", 0);
	bool shaped = where < all.count;
	if (is_update)
		shaped = shaped && tokens_at(all, 2, "SET") && tokens_find(all, 0, "FROM", 0) == all.count;
	else
		shaped = shaped && tokens_at(all, 0, "DELETE") && where == 3;
	if (!shaped) {
		report(generator, query, query->line,
			"a bulk is INSERT INTO …, UPDATE table SET … WHERE … or DELETE FROM table WHERE …");
		return;
	}
	query->bulk.is_update = is_update;
	bulk_stage(generator, query);
	struct text text = text_in(generator->arena, OUTPUT_SIZE_MAX);
	render(&text, query, tokens_slice(all, 0, where), RENDER_BULK);
	text_addf(&text, "\n%s %.*s bulk_row\n", is_update ? "FROM" : "USING", STR_ARG(query->bulk.table));
	render(&text, query, tokens_slice(all, where, all.count), RENDER_BULK);
	query->bulk.sql = text_str(&text);
}

static void query_check(struct generator *generator, struct query *query)
{
	int errors_before = generator->error_count;
	if (!query->tokens.count)
		return;
	check_parameters(generator, query);
	check_star(generator, query);
	check_order(generator, query);
	if (str_has(query->comment, S("*/")))
		report(generator, query, query->line, "the comment ends a C comment");
	if (generator->error_count > errors_before)
		return;
	query_describe(generator, query);
	if (query->kind != QUERY_BULK || generator->error_count > errors_before)
		return;
	if (!query->parameter_count)
		report(generator, query, query->line, "a bulk needs parameters");
	else if (tokens_at(query->tokens, 0, "INSERT"))
		bulk_insert(generator, query);
	else
		bulk_change(generator, query);
}

/* ---- writing C ---- */

/* As a C string, one literal a line. */
static void emit_string(struct text *out, str s, const char *indent)
{
	str rest = s;
	while (rest.size) {
		str line = str_cut(rest, '\n', &rest);
		text_addf(out, "\n%s\"", indent);
		for (size_t i = 0; i < line.size; i++) {
			if (line.at[i] == '"' || line.at[i] == '\\')
				text_add_char(out, '\\');
			if (line.at[i] == '?' && i > 0 && line.at[i - 1] == '?')
				text_add_char(out, '\\'); /* no trigraphs */
			if (line.at[i] == '\t')
				text_add_z(out, "\\t");
			else
				text_add_char(out, line.at[i]);
		}
		text_add_z(out, rest.size ? "\\n\"" : "\"");
	}
}

static const char *c_type(struct value_type type)
{
	switch (type.type) {
	case DB_INTEGER:
		return type.is_money ? "money" : "int64_t";
	case DB_DATE:
		return "date";
	case DB_TEXT:
	case DB_BLOB:
		return "str";
	}
	panic("unknown type");
}

static bool needs_has_field(struct value_type type)
{
	return type.is_optional && type.type == DB_INTEGER;
}

static void emit_struct(struct text *out, const struct query *query, const struct field *fields, size_t count)
{
	text_addf(out, "struct %.*s_row {\n", STR_ARG(query->name));
	for (size_t i = 0; i < count; i++) {
		text_addf(out, "\t%s %.*s;\n", c_type(fields[i].type), STR_ARG(fields[i].name));
		if (needs_has_field(fields[i].type))
			text_addf(out, "\tbool has_%.*s;\n", STR_ARG(fields[i].name));
	}
	text_add_z(out, "};\n");
}

/* The arguments of a function, to be broken over lines. */
struct arguments {
	str at[DB_PARAMETERS_MAX + 8];
	size_t count;
};

static void arguments_add(struct arguments *arguments, str argument)
{
	require(arguments->count < sizeof arguments->at / sizeof arguments->at[0]);
	arguments->at[arguments->count++] = argument;
}

static struct arguments query_arguments(struct generator *generator, const struct query *query)
{
	struct arena *arena = generator->arena;
	struct arguments arguments = { .count = 0 };
	str name = query->name;
	arguments_add(&arguments, S("struct db *db"));
	if (query->kind == QUERY_ONE || query->kind == QUERY_MANY)
		arguments_add(&arguments, S("struct arena *arena"));
	for (size_t i = 0; query->kind != QUERY_BULK && i < query->parameter_count; i++) {
		const struct field *parameter = &query->parameters[i];
		arguments_add(
			&arguments, str_format(arena, "%s %.*s", c_type(parameter->type), STR_ARG(parameter->name)));
	}
	switch (query->kind) {
	case QUERY_ONE:
		arguments_add(&arguments, str_format(arena, "struct %.*s_row *ret_row", STR_ARG(name)));
		arguments_add(&arguments, S("bool *ret_found"));
		break;
	case QUERY_MANY:
		arguments_add(&arguments, str_format(arena, "struct %.*s_row **ret_rows", STR_ARG(name)));
		arguments_add(&arguments, S("size_t *ret_count"));
		break;
	case QUERY_EACH:
		arguments_add(&arguments, str_format(arena, "err_t (*each)(const struct %.*s_row *row, void *context)",
			STR_ARG(name)));
		arguments_add(&arguments, S("void *context"));
		break;
	case QUERY_BULK:
		arguments_add(&arguments, str_format(arena, "const struct %.*s_row *rows", STR_ARG(name)));
		arguments_add(&arguments, S("size_t row_count"));
		break;
	case QUERY_EXEC:
		break;
	}
	return arguments;
}

static void emit_signature(struct generator *generator, struct text *out, const struct query *query)
{
	struct arguments arguments = query_arguments(generator, query);
	size_t before = out->size;
	text_addf(out, "err_t q_%.*s(", STR_ARG(query->name));
	size_t width = out->size - before;
	for (size_t i = 0; i < arguments.count; i++) {
		str argument = arguments.at[i];
		if (i > 0 && width + argument.size + 4 > LINE_WIDTH) {
			text_add_z(out, ",\n\t");
			width = 8;
		} else if (i > 0) {
			text_add_z(out, ", ");
			width += 2;
		}
		text_add(out, argument);
		width += argument.size;
	}
	text_add_z(out, ")");
}

static void emit_comment(struct text *out, str comment)
{
	if (!comment.size)
		return;
	text_add_z(out, "/* ");
	str rest = comment;
	while (rest.size) {
		text_add(out, str_cut(rest, '\n', &rest));
		if (rest.size)
			text_add_z(out, "\n * ");
	}
	text_add_z(out, " */\n");
}

static void emit_prototype(struct generator *generator, struct text *out, const struct query *query)
{
	bool bulk = query->kind == QUERY_BULK;
	if (query->column_count || bulk) {
		const struct field *fields = bulk ? query->parameters : query->columns;
		emit_struct(out, query, fields, bulk ? query->parameter_count : query->column_count);
	}
	emit_comment(out, query->comment);
	emit_signature(generator, out, query);
	text_add_z(out, " MUST_CHECK;\n\n");
}

static void emit_types(struct text *out, const char *what, str name, const struct field *fields, size_t count)
{
	static const char *const words[] = { "DB_INTEGER", "DB_TEXT", "DB_DATE", "DB_BLOB" };
	if (!count)
		return;
	text_addf(out, "static const enum db_type %s_%.*s[] = {", what, STR_ARG(name));
	for (size_t i = 0; i < count; i++)
		text_addf(out, "%s%s,", i % 8 ? " " : "\n\t", words[fields[i].type.type]);
	text_add_z(out, "\n};\n");
}

static void emit_bulk(struct text *out, const struct query *query)
{
	text_addf(out, "\t.bulk_table = \"%.*s\",\n", STR_ARG(query->bulk.table));
	text_addf(out, "\t.bulk_columns = bulk_columns_%.*s,\n", STR_ARG(query->name));
	if (query->bulk.sql.size) {
		text_add_z(out, "\t.bulk_sql =");
		emit_string(out, query->bulk.sql, "\t\t");
		text_add_z(out, ",\n");
	}
	if (query->bulk.is_update)
		text_add_z(out, "\t.bulk_is_update = true,\n");
}

static void emit_query(struct generator *generator, struct text *out, struct query *query, size_t number)
{
	str name = query->name;
	emit_types(out, "parameters", name, query->parameters, query->parameter_count);
	emit_types(out, "columns", name, query->columns, query->column_count);
	if (query->kind == QUERY_BULK) {
		text_addf(out, "static const char *const bulk_columns_%.*s[] = {\n", STR_ARG(name));
		for (size_t i = 0; i < query->parameter_count; i++)
			text_addf(out, "\t\"%.*s\",\n", STR_ARG(query->bulk.columns[i]));
		text_add_z(out, "};\n");
	}
	text_addf(out,
		"static const struct db_query query_%.*s = {\n\t.name = \"%.*s\",\n\t.sqlite_sql =", STR_ARG(name),
		STR_ARG(name));
	emit_string(out, query_render(generator, query, RENDER_SQLITE), "\t\t");
	text_add_z(out, ",\n\t.postgres_sql =");
	emit_string(out, query_render(generator, query, RENDER_POSTGRES), "\t\t");
	text_addf(out, ",\n\t.number = %zu,\n", number);
	if (query->parameter_count)
		text_addf(out, "\t.parameter_types = parameters_%.*s,\n\t.parameter_count = %zu,\n", STR_ARG(name),
			query->parameter_count);
	if (query->column_count)
		text_addf(out, "\t.column_types = columns_%.*s,\n\t.column_count = %zu,\n", STR_ARG(name),
			query->column_count);
	if (query->kind == QUERY_BULK)
		emit_bulk(out, query);
	text_addf(out, "\t.writes = %s,\n};\n\n", query->writes ? "true" : "false");
}

/* The function that reads the values of a row into its struct. */
static void emit_read(struct text *out, const struct query *query)
{
	static const char *const fields[] = { ".integer", NULL, ".day", NULL };
	str name = query->name;
	bool has_text = false;
	text_addf(out, "static err_t read_%.*s(const struct db_value *values, struct arena *arena, void *ret_row)\n{\n",
		STR_ARG(name));
	text_addf(out, "\tstruct %.*s_row *row = ret_row;\n", STR_ARG(name));
	for (size_t i = 0; i < query->column_count; i++) {
		const struct field *column = &query->columns[i];
		const char *field = fields[column->type.type];
		if (!column->type.is_optional)
			text_addf(out,
				"\tif (values[%zu].is_null)\n\t\treturn db_null_column(&query_%.*s, \"%.*s\");\n", i,
				STR_ARG(name), STR_ARG(column->name));
		if (needs_has_field(column->type))
			text_addf(out, "\trow->has_%.*s = !values[%zu].is_null;\n", STR_ARG(column->name), i);
		text_addf(out, "\trow->%.*s = ", STR_ARG(column->name));
		if (!field)
			text_addf(out, "db_get_text(&values[%zu], arena);\n", i);
		else if (column->type.is_money)
			text_addf(out, "money_of(values[%zu].integer);\n", i);
		else
			text_addf(out, "values[%zu]%s;\n", i, field);
		has_text = has_text || !field;
	}
	text_addf(out, "%s\treturn OK;\n}\n\n", has_text ? "" : "\t(void)arena;\n");
}

/* db_set_…(&values[i], …) for parameter i. of: "" for an argument, "row->" for a field of a bulk's row. */
static void emit_set(struct text *out, const struct field *parameter, size_t index, const char *of)
{
	static const char *const kinds[] = { "i64", "text", "date", "blob" };
	struct value_type type = parameter->type;
	str name = parameter->name;
	bool is_field = of[0] != '\0';
	text_addf(out, "\tdb_set_%s%s(&%s[%zu], %s%.*s%s", type.is_optional ? "optional_" : "", kinds[type.type],
		is_field ? "values" : "parameters", index, of, STR_ARG(name), type.is_money ? ".minor" : "");
	if (needs_has_field(type) && is_field)
		text_addf(out, ", !row->has_%.*s", STR_ARG(name));
	else if (needs_has_field(type))
		text_addf(out, ", %.*s%s == INT64_MIN", STR_ARG(name), type.is_money ? ".minor" : "");
	text_add_z(out, ");\n");
}

static void emit_fill(struct text *out, const struct query *query)
{
	str name = query->name;
	text_addf(out, "static void fill_%.*s(size_t index, struct db_value *values, const void *context)\n{\n",
		STR_ARG(name));
	text_addf(out, "\tconst struct %.*s_row *row = (const struct %.*s_row *)context + index;\n", STR_ARG(name),
		STR_ARG(name));
	for (size_t i = 0; i < query->parameter_count; i++)
		emit_set(out, &query->parameters[i], i, "row->");
	text_add_z(out, "}\n\n");
}

/* The caller's function and context, and a function that hands it each row. */
static void emit_each(struct text *out, const struct query *query)
{
	str name = query->name;
	text_addf(out, "struct each_%.*s {\n\terr_t (*each)(const struct %.*s_row *row, void *context);\n",
		STR_ARG(name), STR_ARG(name));
	text_add_z(out, "\tvoid *context;\n};\n\n");
	text_addf(out, "static err_t each_%.*s(const struct db_value *values, void *context)\n{\n", STR_ARG(name));
	text_addf(out, "\tconst struct each_%.*s *each = context;\n\tstruct %.*s_row row;\n", STR_ARG(name),
		STR_ARG(name));
	text_addf(out, "\tTRY(read_%.*s(values, NULL, &row));\n\treturn each->each(&row, each->context);\n}\n\n",
		STR_ARG(name));
}

static void emit_body(struct text *out, const struct query *query)
{
	str name = query->name;
	const char *parameters = query->parameter_count ? "parameters" : "NULL";
	switch (query->kind) {
	case QUERY_EXEC:
		text_addf(out, "\treturn db_run(db, &query_%.*s, %s, NULL, NULL);\n", STR_ARG(name), parameters);
		return;
	case QUERY_BULK:
		text_addf(out, "\treturn db_run_many(db, &query_%.*s, row_count, fill_%.*s, rows);\n", STR_ARG(name),
			STR_ARG(name));
		return;
	case QUERY_EACH:
		text_addf(out, "\tstruct each_%.*s each_row = { each, context };\n", STR_ARG(name));
		text_addf(out, "\treturn db_run(db, &query_%.*s, %s, each_%.*s, &each_row);\n", STR_ARG(name),
			parameters, STR_ARG(name));
		return;
	case QUERY_ONE:
	case QUERY_MANY:
		break;
	}
	text_addf(out, "\tconst struct db_reading reading = { &query_%.*s, %s, read_%.*s, sizeof(struct %.*s_row) };\n",
		STR_ARG(name), parameters, STR_ARG(name), STR_ARG(name));
	if (query->kind == QUERY_ONE) {
		text_add_z(out, "\treturn db_read_one(db, &reading, arena, ret_row, ret_found);\n");
		return;
	}
	text_add_z(out, "\tvoid *rows;\n\tTRY(db_read_many(db, &reading, arena, &rows, ret_count));\n");
	text_add_z(out, "\t*ret_rows = rows;\n\treturn OK;\n");
}

static void emit_function(struct generator *generator, struct text *out, const struct query *query)
{
	if (query->column_count)
		emit_read(out, query);
	if (query->kind == QUERY_BULK)
		emit_fill(out, query);
	if (query->kind == QUERY_EACH)
		emit_each(out, query);
	emit_signature(generator, out, query);
	text_add_z(out, "\n{\n");
	if (query->kind != QUERY_BULK && query->parameter_count)
		text_addf(out, "\tstruct db_value parameters[%zu] = { 0 };\n", query->parameter_count);
	for (size_t i = 0; query->kind != QUERY_BULK && i < query->parameter_count; i++)
		emit_set(out, &query->parameters[i], i, "");
	emit_body(out, query);
	text_add_z(out, "}\n\n");
}

/* ---- the tables as they are ---- */

enum { TABLE_QUERIES = 4 };
static const char *const table_queries[TABLE_QUERIES] = { "read", "insert", "clear", "few" };

static str table_column_list(struct generator *generator, const struct table *table)
{
	struct text text = text_in(generator->arena, OUTPUT_SIZE_MAX);
	for (size_t i = 0; i < table->column_count; i++)
		text_addf(&text, "%s%.*s", i ? ", " : "", STR_ARG(table->columns[i].name));
	return text_str(&text);
}

/* which: 0-based in table_queries; before: of a parameter's number. */
static str table_sql(struct generator *generator, const struct table *table, size_t which, const char *before)
{
	str name = table->name, columns = table_column_list(generator, table);
	struct text text = text_in(generator->arena, OUTPUT_SIZE_MAX);
	switch (which) {
	case 0:
		text_addf(&text, "SELECT %.*s\nFROM %.*s\nORDER BY %.*s", STR_ARG(columns), STR_ARG(name),
			STR_ARG(table->key));
		break;
	case 1:
		text_addf(&text, "INSERT INTO %.*s (%.*s)\nVALUES (", STR_ARG(name), STR_ARG(columns));
		for (size_t i = 0; i < table->column_count; i++)
			text_addf(&text, "%s%s%zu", i ? ", " : "", before, i + 1);
		text_add_z(&text, ")");
		break;
	case 2:
		text_addf(&text, "DELETE FROM %.*s", STR_ARG(name));
		break;
	default:
		text_addf(&text, "SELECT count(*)\nFROM (SELECT 1 AS one FROM %.*s LIMIT 2) AS few", STR_ARG(name));
	}
	return text_str(&text);
}

static void emit_table_query(struct generator *generator, struct text *out, const struct table *table, size_t which,
	size_t number)
{
	str name = table->name;
	text_addf(out, "static const struct db_query table_%s_%.*s = {\n\t.name = \"table %.*s %s\",\n\t.sqlite_sql =",
		table_queries[which], STR_ARG(name), STR_ARG(name), table_queries[which]);
	emit_string(out, table_sql(generator, table, which, "?"), "\t\t");
	text_add_z(out, ",\n\t.postgres_sql =");
	emit_string(out, table_sql(generator, table, which, "$"), "\t\t");
	text_addf(out, ",\n\t.number = %zu,\n", number);
	if (which == 0)
		text_addf(out, "\t.column_types = table_types_%.*s,\n\t.column_count = %zu,\n", STR_ARG(name),
			table->column_count);
	if (which == 1)
		text_addf(out, "\t.parameter_types = table_types_%.*s,\n\t.parameter_count = %zu,\n"
			"\t.bulk_table = \"%.*s\",\n\t.bulk_columns = table_columns_%.*s,\n", STR_ARG(name),
			table->column_count, STR_ARG(name), STR_ARG(name));
	if (which == 3)
		text_addf(out, "\t.column_types = table_count_type,\n\t.column_count = 1,\n");
	text_addf(out, "\t.writes = %s,\n};\n", which == 1 || which == 2 ? "true" : "false");
}

static void emit_table(struct generator *generator, struct text *out, const struct table *table, size_t first_number)
{
	emit_types(out, "table_types", table->name, table->columns, table->column_count);
	text_addf(out, "static const char *const table_columns_%.*s[] = {\n", STR_ARG(table->name));
	for (size_t i = 0; i < table->column_count; i++)
		text_addf(out, "\t\"%.*s\",\n", STR_ARG(table->columns[i].name));
	text_addf(out, "};\nstatic const bool table_null_%.*s[] = {", STR_ARG(table->name));
	for (size_t i = 0; i < table->column_count; i++)
		text_addf(out, "%s%s,", i % 16 ? " " : "\n\t", table->columns[i].type.is_optional ? "true" : "false");
	text_add_z(out, "\n};\n");
	for (size_t i = 0; i < TABLE_QUERIES; i++)
		emit_table_query(generator, out, table, i, first_number + i);
	text_add_z(out, "\n");
}

/* The list; the queries take the numbers from query_count on. */
static void emit_tables(struct generator *generator, struct text *out)
{
	text_add_z(out, "static const enum db_type table_count_type[] = { DB_INTEGER };\n\n");
	for (size_t i = 0; i < generator->table_count; i++)
		emit_table(generator, out, &generator->tables[i], generator->query_count + TABLE_QUERIES * i);
	text_add_z(out, "const struct db_table db_tables[] = {\n");
	for (size_t i = 0; i < generator->table_count; i++) {
		str name = generator->tables[i].name;
		text_addf(out, "\t{ \"%.*s\", table_columns_%.*s, table_null_%.*s", STR_ARG(name), STR_ARG(name),
			STR_ARG(name));
		for (size_t q = 0; q < TABLE_QUERIES; q++)
			text_addf(out, ",\n\t\t&table_%s_%.*s", table_queries[q], STR_ARG(name));
		text_add_z(out, " },\n");
	}
	text_addf(out, "};\nconst size_t db_table_count = %zu;\n\n", generator->table_count);
}

static void emit_query_list(struct generator *generator, struct text *out)
{
	text_add_z(out, "const struct db_query *const db_queries[] = {\n");
	for (size_t i = 0; i < generator->query_count; i++)
		text_addf(out, "\t&query_%.*s,\n", STR_ARG(generator->queries[i].name));
	for (size_t i = 0; i < generator->table_count; i++)
		for (size_t q = 0; q < TABLE_QUERIES; q++)
			text_addf(out, "\t&table_%s_%.*s,\n", table_queries[q], STR_ARG(generator->tables[i].name));
	text_addf(out, "\tNULL,\n};\nconst size_t db_query_count = %zu;\n\n",
		generator->query_count + TABLE_QUERIES * generator->table_count);
}

static void emit_schema(struct text *out, const char *name, const str *statements, size_t count)
{
	text_addf(out, "const char *const %s[] = {", name);
	for (size_t i = 0; i < count; i++) {
		emit_string(out, statements[i], "\t");
		text_add_z(out, ",");
	}
	text_add_z(out, "\n\tNULL,\n};\n\n");
}

static const char generated[] = "/* generated by tools/sqlgen.c from sql/: do not edit */\n";

static str header_text(struct generator *generator)
{
	struct text out = text_in(generator->arena, OUTPUT_SIZE_MAX);
	text_add_z(&out, generated);
	text_add_z(&out, "#ifndef KRAVBOK_SQL_H\n#define KRAVBOK_SQL_H\n\n#include \"store/db.h\"\n\n");
	for (size_t i = 0; i < generator->query_count; i++)
		emit_prototype(generator, &out, &generator->queries[i]);
	text_add_z(&out, "#endif\n");
	return text_str(&out);
}

static str source_text(struct generator *generator)
{
	struct text out = text_in(generator->arena, OUTPUT_SIZE_MAX);
	text_add_z(&out, generated);
	text_add_z(&out, "#include \"sql.h\"\n\n#include \"store/rows.h\"\n#include \"store/schema.h\"\n\n");
	for (size_t i = 0; i < generator->query_count; i++) {
		emit_query(generator, &out, &generator->queries[i], i);
		emit_function(generator, &out, &generator->queries[i]);
	}
	emit_tables(generator, &out);
	emit_query_list(generator, &out);
	emit_schema(&out, "db_schema_sqlite", generator->schema_sqlite, generator->schema_count);
	emit_schema(&out, "db_schema_postgres", generator->schema_postgres, generator->schema_count);
	return text_str(&out);
}

/* Whole or not at all, so that a build that was stopped does not go on from half a file. */
static err_t file_write(struct generator *generator, const char *dir, const char *name, str body)
{
	str path = str_format(generator->arena, "%s/%s", dir, name);
	str part = str_format(generator->arena, "%s/%s.part", dir, name);
	FILE *file = fopen(part.at, "wb");
	if (!file)
		return fail(ERR_OUTSIDE, "could not write '%s'", part.at);
	bool good = fwrite(body.at, 1, body.size, file) == body.size;
	good = fclose(file) == 0 && good;
	if (!good || rename(part.at, path.at) != 0)
		return fail(ERR_OUTSIDE, "could not write '%s'", path.at);
	return OK;
}

static err_t generate(struct generator *generator, int argc, char **argv)
{
	const char *dir = argv[1], *schema = argv[2];
	TRY(schema_load(generator, schema));
	for (int i = 3; i < argc; i++) {
		if (strcmp(argv[i], schema) == 0) /* a glob of sql/ has it too */
			continue;
		str body;
		TRY(file_read(generator->arena, argv[i], &body));
		file_take_queries(generator, argv[i], body);
	}
	for (size_t i = 0; i < generator->query_count; i++)
		query_check(generator, &generator->queries[i]);
	if (generator->error_count)
		return fail(ERR_INPUT, "sqlgen: %d errors", generator->error_count);
	TRY(file_write(generator, dir, "sql.h", header_text(generator)));
	return file_write(generator, dir, "sql.c", source_text(generator));
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: sqlgen OUTDIR sql/schema.sql sql/NOUN.sql…\n", stderr);
		return 2;
	}
	struct arena *arena = arena_create((size_t)1 << 30);
	struct generator *generator = arena_new(arena, struct generator);
	generator->arena = arena;
	err_t err = generate(generator, argc, argv);
	if (err)
		fprintf(stderr, "%s\n", err_text(err));
	int status = err ? 1 : 0;
	err_free(err);
	sqlite3_close(generator->declared);
	sqlite3_close(generator->real);
	arena_destroy(arena);
	return status;
}
