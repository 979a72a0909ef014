#include "cli/manual.h"

#include "cli/commands.h"

#include <string.h>

#ifndef KRAVBOK_VERSION
#define KRAVBOK_VERSION "0.1.0"
#endif

void manual_version(FILE *out)
{
	fprintf(out, "kravbok " KRAVBOK_VERSION "\n");
}

static bool starts_with_word(const char *name, const char *word)
{
	size_t size = word ? strlen(word) : 0;
	return strncmp(name, word ? word : "", size) == 0 && (name[size] == ' ' || name[size] == '\0');
}

static bool any_starts_with(const char *word)
{
	for (size_t i = 0; i < command_count; i++)
		if (starts_with_word(commands[i]->name, word))
			return true;
	return false;
}

void manual_overview(FILE *out, const char *word)
{
	bool all = !word || !any_starts_with(word);
	if (all)
		fprintf(out, "kravbok: the book of a collection agency\n\n");
	fprintf(out, "usage: kravbok [--db URL] [--today DATE] [--law DIR] [--by USER] [--json] COMMAND …\n\n");
	for (size_t i = 0; i < command_count; i++)
		if (all || starts_with_word(commands[i]->name, word))
			fprintf(out, "  %-18s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(out, "\nkravbok COMMAND --help tells more. The book is sqlite:kravbok.db unless --db or KRAVBOK_DB says otherwise.\n");
}

static void synopsis(FILE *out, const struct command *command)
{
	fprintf(out, "kravbok %s", command->name);
	if (command->arguments)
		fprintf(out, " %s", command->arguments);
	for (size_t i = 0; i < COMMAND_OPTION_MAX && command->options[i].name; i++) {
		const struct command_option *option = &command->options[i];
		if (option->value)
			fprintf(out, " [%s %s]", option->name, option->value);
		else
			fprintf(out, " [%s]", option->name);
	}
}

void manual_command(FILE *out, const struct command *command)
{
	synopsis(out, command);
	fprintf(out, "\n\n%s.\n", command->summary);
	if (command->details)
		fprintf(out, "\n%s\n", command->details);
	if (command->options[0].name)
		fputc('\n', out);
	for (size_t i = 0; i < COMMAND_OPTION_MAX && command->options[i].name; i++) {
		const struct command_option *option = &command->options[i];
		char left[40];
		snprintf(left, sizeof left, "%s %s", option->name, option->value ? option->value : "");
		fprintf(out, "  %-20s %s\n", left, option->help);
	}
	fprintf(out, "\nExample:\n  %s\n", command->example);
}

/* scdoc reads _ and * as marks. */
static void scdoc_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '_' || *text == '*' || *text == '\\' || *text == '#')
			fputc('\\', out);
		fputc(*text, out);
	}
}

void manual_scdoc(FILE *out)
{
	fprintf(out, "kravbok(1)\n\n# NAME\n\nkravbok - the book of a collection agency\n\n# SYNOPSIS\n\n"
		     "*kravbok* [*--db* URL] [*--today* DATE] [*--law* DIR] [*--by* USER] [*--json*] _command_ ...\n\n"
		     "# DESCRIPTION\n\nTakes claims in from clients, follows each one up by law night after night, books what "
		     "debtors pay, explains every øre and pays the clients out.\n\n"
		     "Exit status: 0 done, 1 refused or findings (said on standard error), 2 usage. The book is "
		     "sqlite:kravbok.db unless *--db* or *KRAVBOK\\_DB* says otherwise. Global options may stand before or "
		     "after the command.\n\n# COMMANDS\n\n");
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = commands[i];
		fprintf(out, "## ");
		scdoc_text(out, command->name);
		fprintf(out, "\n\n");
		scdoc_text(out, command->summary);
		fprintf(out, ".\n\n");
		if (command->details) {
			scdoc_text(out, command->details);
			fprintf(out, "\n\n");
		}
		for (size_t k = 0; k < COMMAND_OPTION_MAX && command->options[k].name; k++) {
			fprintf(out, "*%s* %s\n\t", command->options[k].name,
				command->options[k].value ? command->options[k].value : "");
			scdoc_text(out, command->options[k].help);
			fprintf(out, "\n\n");
		}
		fprintf(out, "Example:\n\n```\n%s\n```\n\n", command->example);
	}
}

void manual_completion(FILE *out)
{
	fprintf(out, "# bash completion for kravbok, made from the command table\n_kravbok() {\n"
		     "\tlocal current=${COMP_WORDS[COMP_CWORD]} words=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
		     "\tcase \" $words \" in\n");
	for (size_t i = 0; i < command_count; i++) {
		fprintf(out, "\t*\" %s \"*) COMPREPLY=($(compgen -f -W \"--json --help", commands[i]->name);
		for (size_t k = 0; k < COMMAND_OPTION_MAX && commands[i]->options[k].name; k++)
			fprintf(out, " %s", commands[i]->options[k].name);
		fprintf(out, "\" -- \"$current\")) ;;\n");
	}
	for (size_t i = 0; i < command_count; i++) {
		const char *blank = strchr(commands[i]->name, ' ');
		if (!blank)
			continue;
		int size = (int)(blank - commands[i]->name); /* a command's first word */
		bool first = i == 0 || strncmp(commands[i - 1]->name, commands[i]->name, (size_t)size + 1) != 0;
		if (!first)
			continue;
		fprintf(out, "\t*\" %.*s \"*) COMPREPLY=($(compgen -W \"", size, commands[i]->name);
		for (size_t k = i; k < command_count; k++)
			if (strncmp(commands[k]->name, commands[i]->name, (size_t)size + 1) == 0)
				fprintf(out, "%s ", commands[k]->name + size + 1);
		fprintf(out, "\" -- \"$current\")) ;;\n");
	}
	fprintf(out, "\t*) COMPREPLY=($(compgen -W \"--db --today --law --by --json --help");
	for (size_t i = 0; i < command_count; i++) {
		const char *blank = strchr(commands[i]->name, ' ');
		int size = blank ? (int)(blank - commands[i]->name) : (int)strlen(commands[i]->name);
		fprintf(out, " %.*s", size, commands[i]->name);
	}
	fprintf(out, "\" -- \"$current\")) ;;\n\tesac\n}\ncomplete -F _kravbok kravbok\n");
}

static err_t manual_run(struct cli *cli)
{
	if (str_eq_z(S("man"), cli->arguments[0]))
		manual_scdoc(cli->out);
	else if (str_eq_z(S("completion"), cli->arguments[0]))
		manual_completion(cli->out);
	else
		return fail(ERR_USAGE, "manual writes man or completion, not '%s'", cli->arguments[0]);
	return OK;
}
const struct command command_manual = {
	.name = "manual",
	.arguments = "man|completion",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Write the man page's source (scdoc) or the bash completion",
	.example = "kravbok manual man | scdoc > kravbok.1",
	.run = manual_run,
};
