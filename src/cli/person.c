/* People with a password: made here when there is nobody yet who could make them on a page. */
#include "app/person.h"
#include "cli/commands.h"
#include "sql.h"

struct adding {
	struct person_new person;
	int64_t person_id;
	str token;
};

static err_t add_inside(struct cli *cli, struct adding *adding)
{
	int64_t now = cli->clock.server.now();
	TRY(person_add(&cli->op, &adding->person, now, &adding->person_id));
	return person_invite(&cli->op, adding->person_id, now, &adding->token);
}

static err_t add_run(struct cli *cli)
{
	struct adding adding = { .person = { .email = str_from_z(cli->arguments[0]), .language = S("nb") } };
	if (!cli_has(cli, "--name") || !cli_has(cli, "--role"))
		return fail(ERR_USAGE, "a user has --name and --role");
	adding.person.name = str_from_z(cli_value(cli, "--name"));
	adding.person.role = str_from_z(cli_value(cli, "--role"));
	TRY(cli_number(cli, "--client", 1, 999999999, 0, &adding.person.client_no));
	TRY(db_begin(cli->op.db));
	TRY(db_end(cli->op.db, add_inside(cli, &adding)));
	if (!cli->json) {
		cli_print(cli, "%.*s chooses a password at /invite/%.*s within a week\n", STR_ARG(adding.person.name),
			STR_ARG(adding.token));
		return OK;
	}
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, "person"), json_int(&json, adding.person_id);
	json_key(&json, "invitation"), json_str(&json, str_format(cli->op.arena, "/invite/%.*s", STR_ARG(adding.token)));
	json_end(&json);
	return json_finish(&json);
}
const struct command command_user_add = {
	.name = "user add",
	.arguments = "EMAIL",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Let somebody log in: prints the link where the person chooses a password",
	.details = "Roles of the house: handler, manager, admin, auditor; of a client's: client_admin, client_clerk, client_reader.",
	.example = "kravbok user add kari@example.com --name \"Kari Nordmann\" --role admin",
	.options = { { "--name", "NAME", "as others see it" }, { "--role", "ROLE", "what the person may do" },
		{ "--client", "NO", "a user of that client" } },
	.needs = NEEDS_BOOK,
	.run = add_run,
};

static err_t list_run(struct cli *cli)
{
	struct person_list_row *rows;
	size_t count;
	int64_t client_no;
	TRY(cli_number(cli, "--client", 1, 999999999, 0, &client_no));
	TRY(q_person_list(cli->op.db, cli->op.arena, client_no ? client_no : INT64_MIN, &rows, &count));
	if (!cli->json) {
		for (size_t i = 0; i < count; i++)
			cli_print(cli, "%4lld  %-14.*s %s %s%.*s\n", (long long)rows[i].person_id, STR_ARG(rows[i].role),
				cli_column(rows[i].name, 30).z, rows[i].active ? rows[i].password_hash.size ? "" : "(invited) " : "(ended) ",
				STR_ARG(rows[i].email));
		return OK;
	}
	struct json json = cli_json(cli);
	json_array(&json);
	for (size_t i = 0; i < count; i++) {
		json_object(&json);
		json_key(&json, "person"), json_int(&json, rows[i].person_id);
		json_key(&json, "email"), json_str(&json, rows[i].email);
		json_key(&json, "name"), json_str(&json, rows[i].name);
		json_key(&json, "role"), json_str(&json, rows[i].role);
		json_key(&json, "active"), json_bool(&json, rows[i].active != 0);
		json_key(&json, "has_password"), json_bool(&json, rows[i].password_hash.size > 0);
		json_end(&json);
	}
	json_end(&json);
	return json_finish(&json);
}
const struct command command_user_list = {
	.name = "user list",
	.summary = "List who may log in: the house's own, or a client's",
	.example = "kravbok user list",
	.options = { { "--client", "NO", "of that client" } },
	.needs = NEEDS_BOOK,
	.run = list_run,
};
