#include "app/transfer.h"
#include "cli/commands.h"

static err_t path_result(struct cli *cli, const char *key, const char *said)
{
	const char *path = cli->arguments[0];
	if (!cli->json) {
		cli_print(cli, "%s %s\n", said, path);
		return OK;
	}
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, key), json_z(&json, path);
	json_end(&json);
	return json_finish(&json);
}

static err_t backup_run(struct cli *cli)
{
	TRY(transfer_backup(&cli->op, cli->arguments[0]));
	return path_result(cli, "backup", "The book is backed up and the copy checked:");
}
const struct command command_backup = {
	.name = "backup",
	.arguments = "FILE",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Copy the book into a file while others work (SQLite)",
	.details = "The copy is checked before it gets its name; a file that is there already is not written over. A book in\n"
		   "PostgreSQL is backed up with pg_dump: the command is told.",
	.example = "kravbok backup backups/2026-04-14.db",
	.needs = NEEDS_BOOK,
	.run = backup_run,
};

static err_t restore_run(struct cli *cli)
{
	TRY(transfer_restore(cli->op.arena, cli->arguments[0], cli->db_url));
	return path_result(cli, "restored", "The book is that of");
}
const struct command command_restore = {
	.name = "restore",
	.arguments = "FILE",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Make a backup the book again (SQLite)",
	.details = "The backup is checked first. Where --db points there must be no book, or an empty one. A book in PostgreSQL is\n"
		   "restored with pg_restore: the command is told.",
	.example = "kravbok --db sqlite:kravbok.db restore backups/2026-04-14.db",
	.needs = NEEDS_URL,
	.run = restore_run,
};
