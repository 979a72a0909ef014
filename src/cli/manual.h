/* Help texts made from the command table. */
#ifndef KRAVBOK_CLI_MANUAL_H
#define KRAVBOK_CLI_MANUAL_H

#include "cli/command.h"

void manual_version(FILE *out);
/* All commands, or those that begin with a word ("case"). */
void manual_overview(FILE *out, const char *word);
void manual_command(FILE *out, const struct command *command);
void manual_scdoc(FILE *out);      /* the man page's source */
void manual_completion(FILE *out); /* for bash */

#endif
