#include "app/setting.h"

#include "cli/commands.h"

static err_t set_run(struct cli *cli)
{
	str name = str_from_z(cli->arguments[0]), value = str_from_z(cli->arguments[1]);
	TRY(setting_set(&cli->op, name, value));
	if (!cli->json)
		return OK;
	struct json json = cli_json(cli);
	json_object(&json);
	json_key(&json, "name"), json_str(&json, name);
	json_end(&json);
	return json_finish(&json);
}
const struct command command_setting_set = {
	.name = "setting set",
	.arguments = "NAME VALUE",
	.argument_min = 2,
	.argument_max = 2,
	.summary = "Set how messages and letters leave the house; an empty value takes a setting away",
	.details = "The names, and what each is for, are what `kravbok setting list` shows. Who the agency is, init sets.",
	.example = "kravbok setting set mail.server smtp://mail.example:587",
	.needs = NEEDS_BOOK,
	.run = set_run,
};

static err_t list_run(struct cli *cli)
{
	struct json json;
	if (cli->json) {
		json = cli_json(cli);
		json_array(&json);
	}
	for (size_t i = 0; i < setting_kind_count; i++) {
		const struct setting_kind *kind = &setting_kinds[i];
		str value;
		TRY(setting_get(&cli->op, kind->name, &value));
		if (kind->secret && value.size)
			value = S("(set)");
		if (!cli->json) {
			cli_print(cli, "%-18s  %s\n%-18s  %s\n", kind->name, value.size ? str_z(cli->op.arena, value) : "–", "", kind->about);
			continue;
		}
		json_object(&json);
		json_key(&json, "name"), json_z(&json, kind->name);
		json_key(&json, "value"), json_str(&json, value);
		json_key(&json, "about"), json_z(&json, kind->about);
		json_end(&json);
	}
	if (!cli->json)
		return OK;
	json_end(&json);
	return json_finish(&json);
}
const struct command command_setting_list = {
	.name = "setting list",
	.summary = "List the settings, each with its value and what it is for",
	.details = "Passwords, and addresses that hold one, are shown only as being set.",
	.example = "kravbok setting list",
	.needs = NEEDS_BOOK,
	.run = list_run,
};
