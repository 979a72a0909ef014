#include "cli/command.h"

#include "app/setup.h"
#include "cli/manual.h"
#include "format/law_yaml.h"
#include "law_no.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARENA_SIZE_MAX = 1 << 30 };

static const struct command_option global_options[] = {
	{ "--db", "URL", "sqlite:FILE or postgresql://…" },
	{ "--today", "DATE", "the booking day" },
	{ "--law", "DIR", "a folder of law files laid over the built-in ones" },
	{ "--by", "USER", "who does it, for the log" },
	{ "--json", NULL, "output for programs" },
	{ "--help", NULL, "this help" },
};
enum { GLOBAL_COUNT = sizeof global_options / sizeof *global_options };

struct globals {
	const char *values[GLOBAL_COUNT];
};

/* ---- what commands ask ---- */

static size_t option_index(const struct cli *cli, const char *name)
{
	for (size_t i = 0; i < COMMAND_OPTION_MAX && cli->command->options[i].name; i++)
		if (strcmp(cli->command->options[i].name, name) == 0)
			return i;
	panic("a command asks for an option it does not have");
}

const char *cli_value(const struct cli *cli, const char *name)
{
	return cli->values[option_index(cli, name)];
}

bool cli_has(const struct cli *cli, const char *name)
{
	return cli_value(cli, name) != NULL;
}

static err_t usage(err_t err)
{
	if (!err)
		return OK;
	err_t again = fail(ERR_USAGE, "%s", err_text(err));
	err_free(err);
	return again;
}

err_t cli_date(const struct cli *cli, const char *name, date *ret_date)
{
	const char *value = cli_value(cli, name);
	*ret_date = DATE_NONE;
	return value ? usage(within(date_parse(str_from_z(value), ret_date), "%s", name)) : OK;
}

err_t cli_money(const struct cli *cli, const char *name, money *ret_amount)
{
	const char *value = cli_value(cli, name);
	*ret_amount = MONEY_ZERO;
	return value ? usage(within(money_parse(str_from_z(value), ret_amount), "%s", name)) : OK;
}

err_t cli_number(const struct cli *cli, const char *name, int64_t min, int64_t max, int64_t fallback, int64_t *ret_value)
{
	const char *value = cli_value(cli, name);
	*ret_value = fallback;
	return value ? usage(within(parse_i64(str_from_z(value), min, max, ret_value), "%s", name)) : OK;
}

err_t cli_need(const struct cli *cli, const char *name)
{
	return cli_has(cli, name) ? OK : fail(ERR_USAGE, "%s needs %s", cli->command->name, name);
}

void cli_find(struct cli *cli, const char *format, ...)
{
	va_list args;
	fflush(cli->out);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	cli->has_findings = true;
}

void cli_print(struct cli *cli, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(cli->out, format, args);
	va_end(args);
}

struct cli_column cli_column(str text, size_t width)
{
	struct cli_column column;
	size_t size = 0, count = 0;
	require(width < sizeof column.z / 4);
	while (text.size && count < width) {
		const char *at = text.at;
		str_take_char(&text);
		size_t char_size = (size_t)(text.at - at); /* 1-4: text has moved behind the character */
		memcpy(column.z + size, at, char_size);
		size += char_size;
		count++;
	}
	for (; count < width; count++)
		column.z[size++] = ' ';
	column.z[size] = '\0';
	return column;
}

static err_t out_write(str part, void *context)
{
	FILE *out = context;
	if (fwrite(part.at, 1, part.size, out) != part.size)
		return fail(ERR_OUTSIDE, "could not write to standard output");
	return OK;
}

struct sink cli_sink(struct cli *cli)
{
	return (struct sink){ out_write, cli->out };
}

struct json cli_json(struct cli *cli)
{
	return json_in(cli->op.arena, cli_sink(cli));
}

/* ---- the command line ---- */

static const struct command_option *option_find(const struct command_option *options, size_t count, const char *name,
	size_t *ret_index)
{
	for (size_t i = 0; i < count && options[i].name; i++)
		if (strcmp(options[i].name, name) == 0) {
			*ret_index = i;
			return &options[i];
		}
	return NULL;
}

/* Takes words[*at] (an option) and its value, "--name value" or "--name=value". */
static err_t option_take(char **words, int count, int *at, const struct command_option *options, size_t option_count,
	const char **values, bool *ret_taken)
{
	char name[64];
	const char *equals = strchr(words[*at], '=');
	size_t size = equals ? (size_t)(equals - words[*at]) : strlen(words[*at]); /* equals is inside the word */
	*ret_taken = false;
	if (size >= sizeof name)
		return OK;
	memcpy(name, words[*at], size);
	name[size] = '\0';
	size_t index;
	const struct command_option *option = option_find(options, option_count, name, &index);
	if (!option)
		return OK;
	*ret_taken = true;
	if (values[index])
		return fail(ERR_USAGE, "%s is given twice", name);
	if (!option->value && equals)
		return fail(ERR_USAGE, "%s takes no value", name);
	if (!option->value)
		values[index] = "";
	else if (equals)
		values[index] = equals + 1;
	else if (*at + 1 < count)
		values[index] = words[++*at];
	else
		return fail(ERR_USAGE, "%s needs a %s", name, option->value);
	return OK;
}

/* Global options may stand anywhere; they are taken out, the rest keeps its order. */
static err_t globals_take(int count, char **words, struct globals *globals, char **ret_rest, int *ret_rest_count)
{
	*ret_rest_count = 0;
	for (int i = 1; i < count; i++) {
		bool taken = false;
		if (strncmp(words[i], "--", 2) == 0)
			TRY(option_take(words, count, &i, global_options, GLOBAL_COUNT, globals->values, &taken));
		if (!taken)
			ret_rest[(*ret_rest_count)++] = words[i];
	}
	return OK;
}

static const struct command *command_find(char **words, int count, int *ret_used)
{
	for (size_t i = 0; i < command_count; i++) {
		const char *blank = strchr(commands[i]->name, ' ');
		size_t first = blank ? (size_t)(blank - commands[i]->name) : strlen(commands[i]->name);
		if (count < 1 || strlen(words[0]) != first || strncmp(words[0], commands[i]->name, first) != 0)
			continue;
		if (blank && (count < 2 || strcmp(words[1], blank + 1) != 0))
			continue;
		*ret_used = blank ? 2 : 1;
		return commands[i];
	}
	return NULL;
}

static err_t arguments_take(struct cli *cli, char **words, int count)
{
	const struct command *command = cli->command;
	bool only_arguments = false;
	for (int i = 0; i < count; i++) {
		if (!only_arguments && strcmp(words[i], "--") == 0) {
			only_arguments = true;
			continue;
		}
		if (!only_arguments && strncmp(words[i], "--", 2) == 0) {
			bool taken;
			TRY(option_take(words, count, &i, command->options, COMMAND_OPTION_MAX, cli->values, &taken));
			if (!taken)
				return fail(ERR_USAGE, "%s has no option %s", command->name, words[i]);
			continue;
		}
		if (cli->argument_count == command->argument_max || cli->argument_count == COMMAND_ARGUMENT_MAX)
			return fail(ERR_USAGE, "%s takes no more arguments than %s: '%s'", command->name,
				command->arguments ? command->arguments : "none", words[i]);
		cli->arguments[cli->argument_count++] = words[i];
	}
	if (cli->argument_count < command->argument_min)
		return fail(ERR_USAGE, "%s needs %s", command->name, command->arguments);
	return OK;
}

/* ---- surroundings ---- */

/* On a terminal, for work over a second, one line that is overwritten. */
struct progress {
	int64_t (*milliseconds)(void);
	int64_t began, told_at;
	bool shown;
};
enum { PROGRESS_AFTER = 1000, PROGRESS_EVERY = 100 }; /* milliseconds */

static void progress_tell(const char *what, int64_t done, int64_t total, void *context)
{
	struct progress *progress = context;
	int64_t now = progress->milliseconds();
	if (now - progress->began < PROGRESS_AFTER || now - progress->told_at < PROGRESS_EVERY)
		return;
	progress->told_at = now;
	if (total)
		fprintf(stderr, "\r%s: %lld of %lld   ", what, (long long)done, (long long)total);
	else
		fprintf(stderr, "\r%s: %lld   ", what, (long long)done);
	progress->shown = true;
}

static err_t law_open(struct cli *cli, const char *folder)
{
	cli->op.law = &law_no;
	if (!folder)
		return OK;
	struct law *law;
	TRY(law_load_over(cli->op.arena, folder, &law_no, &law));
	cli->op.law = law;
	return OK;
}

/* A demo keeps its own day, unless --today says otherwise. */
static err_t book_open_for(struct cli *cli)
{
	unsigned needs = cli->command->needs;
	if (!(needs & (NEEDS_BOOK | NEEDS_NEW_BOOK)))
		return OK;
	TRY(db_open(cli->db_url, needs & NEEDS_NEW_BOOK ? DB_OPEN_CREATE : DB_OPEN_EXISTING, &cli->op.db));
	date clock;
	TRY(setup_clock(cli->op.db, cli->op.arena, &clock));
	if (!cli->has_today && !date_is_none(clock))
		cli->op.today = clock;
	return OK;
}

static err_t command_carry_out(struct cli *cli, const struct globals *globals)
{
	const char *today = globals->values[1], *user = globals->values[3];
	if (today) {
		TRY(usage(within(date_parse(str_from_z(today), &cli->op.today), "--today")));
		cli->has_today = true;
	}
	cli->op.user = str_from_z(user ? user : getenv("USER") ? getenv("USER") : "");
	TRY(law_open(cli, globals->values[2]));
	TRY(book_open_for(cli));
	return cli->command->run(cli);
}

static int exit_code_of(err_t err)
{
	fprintf(stderr, "kravbok: %s\n", err_text(err));
	int code = err_kind(err) == ERR_USAGE ? 2 : 1;
	err_free(err);
	return code;
}

static int command_run(struct cli *cli, const struct globals *globals)
{
	struct progress progress = { .milliseconds = cli->clock.milliseconds, .began = cli->clock.milliseconds() };
	if (isatty(STDERR_FILENO)) {
		cli->op.progress = progress_tell;
		cli->op.progress_context = &progress;
	}
	err_t err = command_carry_out(cli, globals);
	if (progress.shown)
		fprintf(stderr, "\r%60s\r", "");
	db_close(cli->op.db);
	if (!err && fflush(cli->out) != 0)
		err = fail(ERR_OUTSIDE, "could not write to standard output");
	return err ? exit_code_of(err) : cli->has_findings ? 1 : 0;
}

static int cli_start(struct cli *cli, int argument_count, char **arguments)
{
	struct globals globals = { { NULL } };
	char **rest = arena_many(cli->op.arena, (size_t)argument_count + 1, char *); /* argc is never negative */
	int rest_count = 0, used = 0;
	err_t err = globals_take(argument_count, arguments, &globals, rest, &rest_count);
	if (err)
		return exit_code_of(err);
	bool help = globals.values[5] != NULL;
	if (rest_count > 0 && strcmp(rest[0], "--version") == 0) {
		manual_version(cli->out);
		return 0;
	}
	cli->json = globals.values[4] != NULL;
	const char *url = globals.values[0] ? globals.values[0] : getenv("KRAVBOK_DB");
	cli->db_url = url ? url : "sqlite:kravbok.db";
	cli->command = command_find(rest, rest_count, &used);
	if (!cli->command) {
		if (help || rest_count == 0 || strcmp(rest[0], "help") == 0)
			manual_overview(help || rest_count ? cli->out : stderr, rest_count ? rest[0] : NULL);
		else
			return exit_code_of(fail(ERR_USAGE, "there is no command '%s': see kravbok --help", rest[0]));
		return help || rest_count ? 0 : 2;
	}
	if (help) {
		manual_command(cli->out, cli->command);
		return 0;
	}
	err = arguments_take(cli, rest + used, rest_count - used);
	return err ? exit_code_of(err) : command_run(cli, &globals);
}

int cli_main(int argument_count, char **arguments, struct cli_clock clock)
{
	struct cli cli = { .op = { .today = clock.today }, .out = stdout, .clock = clock };
	cli.op.arena = arena_create(ARENA_SIZE_MAX);
	int code = cli_start(&cli, argument_count, arguments);
	arena_destroy(cli.op.arena);
	return code;
}
