#include "app/ledger.h"
#include "cli/commands.h"

static err_t balance_json(struct cli *cli, const struct ledger_balance *balances, size_t count)
{
	struct json json = cli_json(cli);
	json_array(&json);
	for (size_t i = 0; i < count; i++) {
		str path = ledger_account_path(cli->op.arena, balances[i].account);
		json_object(&json);
		json_key(&json, "account"), json_int(&json, balances[i].account);
		json_key(&json, "name"), json_z(&json, ledger_account_name(balances[i].account));
		json_key(&json, "path"), json_str(&json, path);
		json_key(&json, "balance_minor"), json_money(&json, balances[i].balance);
		json_end(&json);
	}
	json_end(&json);
	return json_finish(&json);
}

static const char *money_right(char *room, size_t size, money amount)
{
	snprintf(room, size, "%20s", money_english(amount).z);
	return room;
}

static void balance_table(struct cli *cli, const struct ledger_balance *balances, size_t count)
{
	static const enum ledger_block order[] = { BLOCK_CLIENT_FUNDS, BLOCK_OWN, BLOCK_MEMORANDUM };
	char room[64];
	for (size_t b = 0; b < sizeof order / sizeof *order; b++) {
		const char *name = ledger_block_name(order[b]);
		cli_print(cli, "%c%s\n", name[0] >= 'a' ? name[0] - 'a' + 'A' : name[0], name + 1);
		for (size_t i = 0; i < count; i++)
			if (ledger_block_of(balances[i].account) == order[b])
				cli_print(cli, "  %d  %s %s\n", balances[i].account,
					cli_column(str_from_z(ledger_account_name(balances[i].account)), 40).z,
					money_right(room, sizeof room, balances[i].balance));
		cli_print(cli, "  %-46s %s\n", "sum", money_right(room, sizeof room, ledger_block_sum(balances, count, order[b])));
	}
	money funds = ledger_block_sum(balances, count, BLOCK_CLIENT_FUNDS);
	cli_print(cli, "Client funds: 1930 + 2900 + 2910 + 2920 + 2930 + 2940 = %s%s\n", money_english(funds).z,
		funds.minor ? ": THE ACCOUNT DOES NOT HOLD WHAT IS OWED" : "");
}

static err_t balance_recount(struct cli *cli)
{
	struct ledger_balance *wrong;
	size_t count;
	TRY(ledger_recount(&cli->op, &wrong, &count));
	for (size_t i = 0; i < count; i++)
		cli_find(cli, "account %d: the entries give %s more than the kept balance", wrong[i].account,
			money_plain(wrong[i].balance).z);
	return OK;
}

static err_t balance_run(struct cli *cli)
{
	date on;
	struct ledger_balance *balances;
	size_t count;
	TRY(cli_date(cli, "--on", &on));
	TRY(ledger_balances(&cli->op, on, &balances, &count));
	for (int block = 0; block < BLOCK_COUNT; block++) {
		money sum = ledger_block_sum(balances, count, (enum ledger_block)block);
		if (sum.minor)
			cli_find(cli, "%s is out of balance by %s", ledger_block_name((enum ledger_block)block), money_plain(sum).z);
	}
	if (cli_has(cli, "--recount"))
		TRY(balance_recount(cli));
	if (cli->json)
		return balance_json(cli, balances, count);
	balance_table(cli, balances, count);
	return OK;
}
const struct command command_ledger_balance = {
	.name = "ledger balance",
	.summary = "The trial balance: every account, and whether the client funds are all there",
	.details = "Debit is positive. The agency's own books, the client funds and the memorandum of what debtors owe each sum to\n"
		   "zero. Read from balances kept day by day, so it takes no longer in a large book.",
	.example = "kravbok ledger balance --on 2026-03-31",
	.options = { { "--on", "DATE", "at the end of this day (all that is booked)" },
		{ "--recount", NULL, "add everything up again from the entries and compare" } },
	.needs = NEEDS_BOOK,
	.run = balance_run,
};

static err_t import_run(struct cli *cli)
{
	struct ledger_import_result result;
	TRY(ledger_import(&cli->op, cli->arguments[0], &result));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "accepted"), json_int(&json, result.accepted);
		json_key(&json, "already"), json_int(&json, result.already);
		json_key(&json, "rejected"), json_int(&json, result.rejected);
		json_end(&json);
		TRY(json_finish(&json));
	} else {
		cli_print(cli, "%lld voucher(s) booked, %lld booked before", (long long)result.accepted, (long long)result.already);
		if (result.rejected)
			cli_print(cli, ", %lld rejected: nothing of the file is booked", (long long)result.rejected);
		cli_print(cli, "\n");
	}
	for (size_t i = 0; i < result.finding_count; i++) {
		const struct row_finding *finding = &result.findings[i];
		cli_find(cli, "%s: line %lld: %s%s%.*s", cli->arguments[0], (long long)finding->line_no, finding->field,
			finding->field[0] ? ": " : "", STR_ARG(finding->reason));
	}
	return OK;
}
const struct command command_ledger_import = {
	.name = "ledger import",
	.arguments = "FILE",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Book the agency's other vouchers (salaries, rent) from a CSV file",
	.details = "Columns voucher,date,account,amount,text and, if wanted, client; debit is positive; the rows of a voucher follow\n"
		   "each other and sum to zero. All or nothing. A voucher booked before is passed over. Accounts that Kravbok books\n"
		   "itself are refused, but for 1920 own bank, 2700 VAT and 1570 court fees advanced.",
	.example = "kravbok ledger import salaries-2026-03.csv",
	.needs = NEEDS_BOOK,
	.run = import_run,
};
