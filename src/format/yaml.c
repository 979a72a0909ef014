/* Two steps: libcyaml brings a file into the caller's structs (all figures still text) and refuses any other shape;
 * then each figure is read exactly by the caller. libcyaml tells no lines afterwards, so a figure that is refused is
 * found again in the text with libyaml, on which libcyaml stands. */
#include "format/yaml.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

enum {
	DEPTH_MAX = 16,
	EVENT_COUNT_MAX = 200000,
	LOG_SIZE_MAX = 8000,
};

/* ---- the shape, as libcyaml wants it ---- */

static const cyaml_schema_field_t *schema_fields(struct arena *arena, const struct yaml_field *fields);

static cyaml_schema_value_t schema_struct(struct arena *arena, const struct yaml_field *field)
{
	return (cyaml_schema_value_t){
		.type = CYAML_MAPPING,
		.data_size = (uint32_t)field->size,
		.mapping = { schema_fields(arena, field->fields) },
	};
}

static cyaml_schema_value_t schema_text(enum cyaml_flag flags)
{
	return (cyaml_schema_value_t){
		.type = CYAML_STRING,
		.flags = flags | CYAML_FLAG_POINTER,
		.data_size = sizeof(char *),
		.string = { 0, YAML_TEXT_SIZE_MAX },
	};
}

/* The schema of what a list holds. */
static const cyaml_schema_value_t *schema_entry(struct arena *arena, const struct yaml_field *field)
{
	cyaml_schema_value_t *entry = arena_new(arena, cyaml_schema_value_t);
	*entry = field->kind == YAML_ROWS ? schema_struct(arena, field) : schema_text(CYAML_FLAG_DEFAULT);
	return entry;
}

static cyaml_schema_value_t schema_value(struct arena *arena, const struct yaml_field *field)
{
	enum cyaml_flag flags = field->optional ? CYAML_FLAG_OPTIONAL : CYAML_FLAG_DEFAULT;
	bool is_rows = field->kind == YAML_ROWS;
	if (field->kind == YAML_TEXT)
		return schema_text(flags);
	if (field->kind == YAML_PART)
		return schema_struct(arena, field);
	return (cyaml_schema_value_t){
		.type = is_rows ? CYAML_SEQUENCE : CYAML_SEQUENCE_FIXED,
		.flags = is_rows ? flags | CYAML_FLAG_POINTER : flags,
		.data_size = (uint32_t)(is_rows ? field->size : sizeof(char *)),
		.sequence = { schema_entry(arena, field), field->count_min, field->count_max },
	};
}

/* Calls itself for parts and rows, as deep as our own tables go. */
static const cyaml_schema_field_t *schema_fields(struct arena *arena, const struct yaml_field *fields)
{
	size_t count = 0;
	while (fields[count].key)
		count++;
	cyaml_schema_field_t *made =
		arena_many(arena, count + 1, cyaml_schema_field_t); /* the last, all zero, ends it */
	for (size_t i = 0; i < count; i++)
		made[i] = (cyaml_schema_field_t){
			.key = fields[i].key,
			.data_offset = (uint32_t)fields[i].at, /* of our own structs */
			.count_offset = (uint32_t)fields[i].count_at,
			.count_size = sizeof(uint32_t),
			.value = schema_value(arena, &fields[i]),
		};
	return made;
}

/* libcyaml's memory, in the arena, where nothing is given back: a block that must grow is doubled, so that a list of
 * many rows does not leave one copy for each row. */
union block {
	size_t size;
	max_align_t align;
};

static void *arena_memory(void *arena, void *at, size_t size)
{
	size_t old_size = at ? ((union block *)at - 1)->size : 0;
	if (!size)
		return NULL;
	if (size <= old_size)
		return at;
	size_t new_size = size > 2 * old_size ? size : 2 * old_size;
	union block *block = arena_alloc(arena, sizeof(union block) + new_size);
	block->size = new_size;
	if (at)
		memcpy(block + 1, at, old_size);
	return block + 1;
}

/* ---- the line of a node ---- */

/* Where the walk through a file stands: the containers it is inside of, and the path of the node it looks at. */
struct walk {
	struct level {
		bool is_mapping, has_key;
		size_t index, path_size;
	} levels[DEPTH_MAX];
	size_t depth;
	char path[YAML_TEXT_SIZE_MAX];
};

/* The path of a node in the container on top: its key, or its index. */
static void walk_name(struct walk *walk, const char *key)
{
	struct level *top = &walk->levels[walk->depth - 1];
	char *at = walk->path + top->path_size;
	size_t room = sizeof walk->path - top->path_size;
	if (top->is_mapping)
		snprintf(at, room, "%s%s", top->path_size ? "." : "", key);
	else
		snprintf(at, room, "[%zu]", top->index++);
}

/* Takes one event; true when the node it begins is at path. */
static bool walk_event(struct walk *walk, const yaml_event_t *event, const char *path)
{
	bool is_scalar = event->type == YAML_SCALAR_EVENT, is_mapping = event->type == YAML_MAPPING_START_EVENT;
	bool begins = is_mapping || event->type == YAML_SEQUENCE_START_EVENT;
	struct level *top = walk->depth ? &walk->levels[walk->depth - 1] : NULL;
	if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
		walk->depth -= walk->depth > 0;
		return false;
	}
	if (!is_scalar && !begins)
		return false;
	if (top && top->is_mapping && !top->has_key) {
		walk_name(walk, is_scalar ? (const char *)event->data.scalar.value : "?");
		top->has_key = is_scalar;
		return false;
	}
	if (top && !top->is_mapping)
		walk_name(walk, NULL);
	if (top)
		top->has_key = false;
	if (begins && walk->depth < DEPTH_MAX)
		walk->levels[walk->depth++] =
			(struct level){ .is_mapping = is_mapping, .path_size = strlen(walk->path) };
	return strcmp(walk->path, path) == 0;
}

/* What is looked for, one of three. */
struct wanted {
	const char *path; /* a node by its path, "late_interest.values[3].percent"; empty: the topmost */
	bool nul;         /* the first scalar with a NUL in it */
	str key;          /* the first scalar that says so, from line on */
	int line;
};

static bool event_is(struct walk *walk, const yaml_event_t *event, const struct wanted *wanted)
{
	if (wanted->path)
		return walk_event(walk, event, wanted->path);
	if (event->type != YAML_SCALAR_EVENT)
		return false;
	const char *text = (const char *)event->data.scalar.value;
	if (wanted->nul)
		return strlen(text) < event->data.scalar.length;
	return (int)event->start_mark.line + 1 >= wanted->line && str_eq_z(wanted->key, text);
}

static int depth_change(const yaml_event_t *event)
{
	bool begins = event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT;
	bool ends = event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT;
	return begins - ends;
}

/* 1-based; 0 when it is not there, or the text before it is not YAML or deeper than any table of ours: libyaml takes
 * a minute for a file of opening brackets alone. */
static int line_of(str text, struct wanted wanted)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.size);
	struct walk walk = { .depth = 0 };
	int line = 0, depth = 0;
	bool done = false;
	for (int i = 0; i < EVENT_COUNT_MAX && !done; i++) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event))
			break;
		if (event_is(&walk, &event, &wanted))
			line = (int)(event.start_mark.line + 1); /* at most 256 Ki lines */
		depth += depth_change(&event);
		done = line || depth > DEPTH_MAX || event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return line;
}

err_t yaml_fail(const struct yaml_file *file, const char *base, const char *key, const char *value, const char *wanted)
{
	const char *path = str_format(file->arena, "%s%s%s", base, base[0] ? "." : "", key).at;
	int line = line_of(file->text, (struct wanted){ .path = path });
	if (!line) /* a key that is not there: where it should be */
		line = line_of(file->text, (struct wanted){ .path = base });
	return fail(ERR_INPUT, "%s:%d: %s '%s' is not %s", file->place, line, path, value ? value : "", wanted);
}

/* ---- libcyaml's complaints ---- */

static void log_into_text(cyaml_log_t level, void *ctx, const char *format, va_list args) PRINTF_LIKE(3, 0);

/* libcyaml's complaint, as it comes: a line of what is wrong, then where, from the inside out. */
static void log_into_text(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
	(void)level;
	struct text *log = ctx;
	char line[1000];
	vsnprintf(line, sizeof line, format, args);
	if (log->size + strlen(line) < log->size_max)
		text_add_z(log, line);
}

/* The number that follows the first "line: " of the log; 0 without one. */
static int log_line(str log)
{
	str mark = S("line: ");
	for (size_t i = 0; i + mark.size <= log.size; i++) {
		str rest = { log.at + i, log.size - i };
		int line = 0;
		if (!str_starts(rest, mark))
			continue;
		for (size_t k = mark.size; k < rest.size && k < mark.size + 7 && rest.at[k] >= '0' && rest.at[k] <= '9';
			k++)
			line = line * 10 + (rest.at[k] - '0');
		return line;
	}
	return 0;
}

/* What libcyaml says, and how we say it to somebody who edits the file: about a key, which follows start and is put
 * between before and after, or (no after) about the value of the key the log names. */
static const struct saying {
	const char *start, *before, *after;
} SAYINGS[] = {
	{ "Unexpected key: ", "there is no key '", "' here" },
	{ "Missing required mapping field: ", "the key '", "' is missing" },
	{ "Mapping field already seen: ", "the key '", "' is there twice" },
	{ "libyaml: ", "not YAML: ", "" },
	{ "Expecting STRING", "a single value belongs here", NULL },
	{ "Expecting SEQUENCE", "a list belongs here (lines that begin with -)", NULL },
	{ "Expecting MAPPING", "keys with values belong here", NULL },
	{ "STRING length", "longer than 300 bytes", NULL },
	{ "Internal error", "a key must be a single text", NULL }, /* what it says of a list or keys for a key */
	{ "Insufficient entries", "too few in the list", NULL },
	{ "Excessive entries", "too many in the list", NULL },
};
_Static_assert(YAML_TEXT_SIZE_MAX == 300, "as the saying has it");

static const struct saying *saying_of(str what)
{
	for (size_t i = 0; i < sizeof SAYINGS / sizeof *SAYINGS; i++)
		if (str_starts(what, str_from_z(SAYINGS[i].start)))
			return &SAYINGS[i];
	return NULL;
}

/* The name in the log's first "in mapping field 'name'"; empty without one. */
static str log_field(str log)
{
	str rest, mark = S("in mapping field '");
	while (log.size && !str_starts(log, mark))
		log = (str){ log.at + 1, log.size - 1 };
	return log.size ? str_cut((str){ log.at + mark.size, log.size - mark.size }, '\'', &rest) : log;
}

/* libcyaml's line for a key is at times that of the key before it; so the key is looked for from there. */
static err_t key_fail(const struct yaml_file *file, const struct saying *saying, str key, int line)
{
	int exact = line_of(file->text, (struct wanted){ .key = key, .line = line });
	bool is_there = saying == &SAYINGS[0] || saying == &SAYINGS[2];
	return fail(ERR_INPUT, "%s:%d: %s%.*s%s", file->place, is_there && exact ? exact : line, saying->before,
		STR_ARG(key), saying->after);
}

static err_t shape_fail(const struct yaml_file *file, cyaml_err_t code, str log)
{
	str rest, what = str_trim(str_cut(log, '\n', &rest)), where = log_field(log), load = S("Load: ");
	int line = log_line(log);
	if (!line)
		line = line_of(file->text, (struct wanted){ .path = "" });
	if (str_starts(what, load))
		what = (str){ what.at + load.size, what.size - load.size };
	if (!what.size || str_starts(what, S("Backtrace")))
		what = str_from_z(cyaml_strerror(code));
	const struct saying *saying = saying_of(what);
	if (saying && saying->after) {
		size_t start = strlen(saying->start);
		return key_fail(file, saying, (str){ what.at + start, what.size - start }, line);
	}
	if (saying)
		what = str_from_z(saying->before);
	if (!where.size)
		return fail(ERR_INPUT, "%s:%d: %.*s", file->place, line, STR_ARG(what));
	return fail(ERR_INPUT, "%s:%d: '%.*s': %.*s", file->place, line, STR_ARG(where), STR_ARG(what));
}

/* A later document would be passed over in silence, a directive has no use here, and libcyaml would cut a text at a NUL
 * ("\0" between quotes). */
static err_t plain_document(const struct yaml_file *file)
{
	str rest = file->text;
	for (int line = 1; rest.size; line++) {
		str text = str_cut(rest, '\n', &rest);
		if (str_starts(text, S("---")) || str_starts(text, S("...")) || str_starts(text, S("%")))
			return fail(ERR_INPUT, "%s:%d: '%.*s': the file must be one document without marks",
				file->place, line, STR_ARG(text));
	}
	int line = line_of(file->text, (struct wanted){ .nul = true });
	return line ? fail(ERR_INPUT, "%s:%d: a text with a NUL in it", file->place, line) : OK;
}

err_t yaml_read(const struct yaml_file *file, const struct yaml_field *fields, void *ret_whole, size_t size)
{
	if (file->text.size > YAML_FILE_SIZE_MAX)
		return fail(ERR_INPUT, "%s: larger than 256 KiB", file->place);
	if (!file->text.size || !str_is_utf8(file->text))
		return fail(ERR_INPUT, "%s: %s", file->place, file->text.size ? "not UTF-8 text" : "empty");
	TRY(plain_document(file));
	struct text log = text_in(file->arena, LOG_SIZE_MAX);
	const struct yaml_field whole = { .kind = YAML_PART, .size = size, .fields = fields };
	cyaml_schema_value_t schema = schema_struct(file->arena, &whole);
	schema.flags = CYAML_FLAG_POINTER;
	const cyaml_config_t config = { .log_fn = log_into_text,
		.log_ctx = &log,
		.mem_fn = arena_memory,
		.mem_ctx = file->arena,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS };
	cyaml_data_t *loaded = NULL;
	cyaml_err_t code =
		cyaml_load_data((const uint8_t *)file->text.at, file->text.size, &config, &schema, &loaded, NULL);
	if (code != CYAML_OK)
		return shape_fail(file, code, text_str(&log));
	if (!loaded)
		return fail(ERR_INPUT, "%s: holds nothing", file->place);
	memcpy(ret_whole, loaded, size);
	return OK;
}

err_t yaml_text(struct arena *arena, const char *path, str *ret_text)
{
	struct stat status;
	*ret_text = (str){ NULL, 0 };
	if (stat(path, &status) != 0)
		return errno == ENOENT ? OK : fail(ERR_OUTSIDE, "could not read '%s': %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fail(ERR_INPUT, "%s: not a file", path);
	if (status.st_size > YAML_FILE_SIZE_MAX)
		return fail(ERR_INPUT, "%s: larger than 256 KiB", path);
	FILE *file = fopen(path, "rb");
	if (!file)
		return fail(ERR_OUTSIDE, "could not read '%s': %s", path, strerror(errno));
	char *at = arena_alloc(
		arena, YAML_FILE_SIZE_MAX + 2); /* one byte more than allowed, to see that it grew meanwhile */
	size_t size = fread(at, 1, YAML_FILE_SIZE_MAX + 1, file);
	bool failed = ferror(file) != 0;
	fclose(file);
	if (failed)
		return fail(ERR_OUTSIDE, "could not read '%s'", path);
	*ret_text = (str){ at, size };
	return OK;
}
