#include "app/transfer.h"
#include "cli/commands.h"

#include <unistd.h>

static err_t export_all_run(struct cli *cli)
{
	int64_t row_count;
	if (isatty(fileno(cli->out)))
		cli->op.progress = NULL; /* the rows themselves are on the screen */
	return transfer_export(&cli->op, cli_sink(cli), &row_count);
}
const struct command command_export_all = {
	.name = "export all",
	.summary = "Write the whole book as text, to be taken in by import all",
	.details = "The same bytes from SQLite and from PostgreSQL; the last line holds the number of rows and a checksum. Others may\n"
		   "work meanwhile: the export is the book of one moment.",
	.example = "kravbok export all > book.txt",
	.needs = NEEDS_BOOK,
	.run = export_all_run,
};

static err_t import_all_run(struct cli *cli)
{
	const char *path = cli->arguments[0];
	int64_t row_count;
	/* Before a book is made for it. */
	TRY(transfer_check(cli->op.arena, path, &row_count));
	TRY(db_open(cli->db_url, DB_OPEN_CREATE, &cli->op.db));
	TRY(transfer_import(&cli->op, path, &row_count));
	if (!cli->json) {
		cli_print(cli, "Took in the whole book: %lld rows\n", (long long)row_count);
		return OK;
	}
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, "rows"), json_int(&json, row_count);
	json_end(&json);
	return json_finish(&json);
}
const struct command command_import_all = {
	.name = "import all",
	.arguments = "FILE",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Fill a new book with what export all wrote, on either engine",
	.details = "The book is made when it is missing; one that holds more than what init puts there is refused. All of the file\n"
		   "or nothing of it is taken.",
	.example = "kravbok --db postgresql:///kravbok import all book.txt",
	.needs = NEEDS_URL,
	.run = import_all_run,
};
