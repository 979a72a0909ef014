#include "app/verify.h"
#include "cli/commands.h"

enum { SHOWN_MAX = 1000 };

struct showing {
	struct cli *cli;
	int64_t count;
};

static void show(str finding, void *context)
{
	struct showing *showing = context;
	if (showing->count++ < SHOWN_MAX)
		cli_find(showing->cli, "%.*s", STR_ARG(finding));
}

static err_t verify_run(struct cli *cli)
{
	struct showing showing = { .cli = cli };
	struct verify_result result;
	TRY(verify_book(&cli->op, show, &showing, &result));
	if (showing.count > SHOWN_MAX)
		cli_find(cli, "and %lld more", (long long)(showing.count - SHOWN_MAX));
	return OK;
}
const struct command command_verify = {
	.name = "verify",
	.summary = "Rebuild and check everything; silent when all holds",
	.details = "Every case is lived again from its facts and compared with what is stored; every kept balance is added up again\n"
		   "from the entries; the client funds account must hold what is owed; look-up tables, letters and stored files are\n"
		   "checked. One line for each finding, and exit 1.",
	.example = "kravbok verify",
	.needs = NEEDS_BOOK,
	.run = verify_run,
};
