/* The command table. One row is a command: its words, options, help and function; parsing, --help, the man page and the
 * bash completion all come from it. */
#ifndef KRAVBOK_CLI_COMMAND_H
#define KRAVBOK_CLI_COMMAND_H

#include "app/op.h"
#include "base/clock.h"
#include "base/json.h"

#include <stdio.h>

enum { COMMAND_OPTION_MAX = 12, COMMAND_ARGUMENT_MAX = 64 };

struct command_option {
	const char *name;  /* "--until" */
	const char *value; /* "DATE"; NULL: a switch */
	const char *help;
};

enum command_needs {
	NEEDS_NOTHING = 0,
	NEEDS_BOOK = 1 << 0, /* opened for it */
	NEEDS_NEW_BOOK = 1 << 1, /* made or migrated for it */
	NEEDS_URL = 1 << 2, /* opens it itself */
};

struct cli;

struct command {
	const char *name;      /* one or two words: "case show" */
	const char *arguments; /* "NO-or-KID"; NULL: none */
	size_t argument_min, argument_max;
	const char *summary; /* one line */
	const char *details; /* a paragraph; NULL */
	const char *example;
	struct command_option options[COMMAND_OPTION_MAX];
	unsigned needs;
	err_t (*run)(struct cli *cli);
};

extern const struct command *const commands[]; /* in the order of the manual */
extern const size_t command_count;

/* The clock, read by main alone: today, milliseconds since some moment, for progress that waits a second, and seconds since
 * 1970-01-01 UTC, for when a message may go. */
struct cli_clock {
	date today;
	int64_t (*milliseconds)(void);
	struct clock server; /* for what runs for days */
};

/* A command line being carried out. */
struct cli {
	const struct command *command;
	struct op op;
	const char *db_url;
	bool json;
	const char *arguments[COMMAND_ARGUMENT_MAX];
	size_t argument_count;
	const char *values[COMMAND_OPTION_MAX]; /* by the command's option; NULL: not given, "" for a switch */
	bool has_findings;                      /* exit 1: something was refused or found, and said */
	bool has_today;                         /* --today was given */
	FILE *out;
	struct cli_clock clock;
};

/* Returns the exit code: 0 done, 1 refused or findings, 2 usage. */
int cli_main(int argument_count, char **arguments, struct cli_clock clock);

/* The option's value, NULL when not given; name must be one of the command's. */
const char *cli_value(const struct cli *cli, const char *name);
bool cli_has(const struct cli *cli, const char *name);
err_t cli_date(const struct cli *cli, const char *name, date *ret_date) MUST_CHECK;     /* DATE_NONE when not given */
err_t cli_money(const struct cli *cli, const char *name, money *ret_amount) MUST_CHECK; /* zero when not given */
err_t cli_number(const struct cli *cli, const char *name, int64_t min, int64_t max, int64_t fallback, int64_t *ret_value)
	MUST_CHECK;
err_t cli_need(const struct cli *cli, const char *name) MUST_CHECK; /* ERR_USAGE when the option is missing */

/* A finding: one line on standard error, exit 1. */
void cli_find(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);

/* Standard output as a sink, and a JSON writer on it. */
struct sink cli_sink(struct cli *cli);
struct json cli_json(struct cli *cli);
void cli_print(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);

/* text as a column of a table: filled with blanks to width characters, cut when it is longer. "%-30s" counts bytes, and
 * æ is two. width < 100. */
struct cli_column {
	char z[400];
};
struct cli_column cli_column(str text, size_t width);

#endif
