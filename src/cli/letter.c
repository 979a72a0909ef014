#include "app/letter.h"

#include "app/case.h"
#include "cli/commands.h"

/* ---- render ---- */

struct render_output {
	struct cli *cli;
	struct json json;
	int64_t file_count;
};

enum { FILES_TOLD_MAX = 20 };

static err_t file_told(const struct letter_file *file, void *context)
{
	struct render_output *output = context;
	output->file_count++;
	if (file->unknown_count)
		cli_find(output->cli, "%.*s: %zu characters are not in the font and are drawn as boxes", STR_ARG(file->path),
			file->unknown_count);
	if (output->cli->json) {
		struct json *json = &output->json;
		json_object(json);
		json_key(json, "path"), json_str(json, file->path);
		json_key(json, "sent_on"), json_date(json, file->sent_on);
		json_key(json, "letters"), json_int(json, i64_from_size(file->letter_count));
		json_key(json, "pages"), json_int(json, i64_from_size(file->page_count));
		json_end(json);
		return OK;
	}
	if (output->file_count <= FILES_TOLD_MAX)
		cli_print(output->cli, "%.*s: %zu letter%s, %zu pages\n", STR_ARG(file->path), file->letter_count,
			file->letter_count == 1 ? "" : "s", file->page_count);
	else if (output->file_count == FILES_TOLD_MAX + 1)
		cli_print(output->cli, "…\n");
	return OK;
}

/* What concerns the whole is a note: the letters are made. */
static void finding_told(int64_t case_no, const char *text, void *context)
{
	struct render_output *output = context;
	if (case_no)
		cli_find(output->cli, "case %lld: %s", (long long)case_no, text);
	else
		fprintf(stderr, "note: %s\n", text);
}

static err_t render_end(struct render_output *output, const struct letter_result *result)
{
	struct cli *cli = output->cli;
	if (cli->json) {
		struct json *json = &output->json;
		json_end(json);
		json_key(json, "letters"), json_int(json, result->letters);
		json_key(json, "pages"), json_int(json, result->pages);
		json_key(json, "handed_over"), json_int(json, result->handed.handed);
		json_key(json, "late"), json_int(json, result->handed.late);
		json_key(json, "waiting"), json_int(json, result->handed.waiting);
		json_key(json, "refused"), json_int(json, result->refused);
		json_end(json);
		return json_finish(json);
	}
	if (result->handed.late)
		cli_print(cli, "%lld letters were handed over later than ordered: their deadlines count from today\n",
			(long long)result->handed.late);
	if (result->handed.waiting)
		cli_print(cli, "%s is no banking day: %lld letters wait for the next one\n", date_iso(cli->op.today).z,
			(long long)result->handed.waiting);
	if (!result->letters)
		cli_print(cli, "No letter to render\n");
	else if (result->files > 1)
		cli_print(cli, "%lld letters in %lld files, %lld pages\n", (long long)result->letters, (long long)result->files,
			(long long)result->pages);
	return OK;
}

static err_t render_order(struct cli *cli, struct letter_order *ret_order)
{
	*ret_order = (struct letter_order){
		.folder = cli_has(cli, "--out") ? cli_value(cli, "--out") : "letters",
		.separate = cli_has(cli, "--separate"),
	};
	TRY(cli_date(cli, "--day", &ret_order->day));
	if (cli_has(cli, "--case"))
		TRY(case_find(&cli->op, str_from_z(cli_value(cli, "--case")), &ret_order->case_no));
	if (ret_order->case_no && !date_is_none(ret_order->day))
		return fail(ERR_USAGE, "give --case or --day, not both");
	if (cli_has(cli, "--receipt") && !ret_order->case_no)
		return fail(ERR_USAGE, "--receipt needs --case NO");
	return OK;
}

static err_t render_run(struct cli *cli)
{
	struct letter_order order;
	struct letter_result result = { 0 };
	struct render_output output = { .cli = cli };
	struct letter_listener listener = { file_told, finding_told, &output };
	TRY(render_order(cli, &order));
	if (cli->json) {
		output.json = cli_json(cli);
		json_object(&output.json);
		json_key(&output.json, "files"), json_array(&output.json);
	}
	if (cli_has(cli, "--receipt")) {
		TRY(letter_receipt(&cli->op, order.folder, order.case_no, &listener));
		result.letters = result.files = 1;
	} else {
		TRY(letter_render(&cli->op, &order, &listener, &result));
	}
	return render_end(&output, &result);
}
const struct command command_letter_render = {
	.name = "letter render",
	.summary = "Hand the waiting letters over and make PDFs of all that have none yet",
	.details = "A file for each sending day and language, at most 1,000 letters in it. A letter handed over later than it was\n"
		   "ordered asks for what is owed today, and its deadline counts from today. --case and --day make again what was\n"
		   "sent, byte for byte.",
	.example = "kravbok letter render --out letters",
	.options = { { "--out", "DIR", "where the files go (letters)" }, { "--separate", NULL, "a file for each letter" },
		{ "--case", "NO", "again: all that was sent in this case, a file for each letter" },
		{ "--day", "DATE", "again: the files of this sending day" },
		{ "--receipt", NULL, "with --case: a receipt of its last payment" } },
	.needs = NEEDS_BOOK,
	.run = render_run,
};

/* ---- outbox ---- */

static err_t outbox_row_json(const struct outbox_row *row, void *context)
{
	struct json *json = &((struct render_output *)context)->json;
	json_object(json);
	json_key(json, "case_no"), json_int(json, row->case_no);
	json_key(json, "letter_no"), json_int(json, row->letter_no);
	json_key(json, "channel"), json_z(json, letter_channel_name(row->channel));
	json_key(json, "kind"), json_str(json, row->kind);
	json_key(json, "language"), json_str(json, row->language);
	json_key(json, "debtor"), json_str(json, row->debtor);
	json_key(json, "to"), json_str(json, row->to);
	json_key(json, "ordered_on"), json_date(json, row->ordered_on);
	json_key(json, "send_by"), json_date(json, row->send_by);
	json_key(json, "handed_on"), json_date(json, row->handed_on);
	json_key(json, "withdrawn_on"), json_date(json, row->withdrawn_on);
	json_key(json, "deadline_on"), json_date(json, row->deadline_on);
	if (row->channel == LETTER_ON_PAPER) {
		json_key(json, "rendered_on"), json_date(json, row->rendered_on);
		json_key(json, "balance_minor"), json_money(json, row->balance);
	}
	if (row->channel == LETTER_BY_SMS)
		json_key(json, "text"), json_str(json, row->text);
	if (row->channel == LETTER_BY_EMAIL) {
		json_key(json, "subject"), json_str(json, row->subject);
		json_key(json, "body"), json_str(json, row->text);
	}
	json_end(json);
	return OK;
}

static const char *row_state(const struct outbox_row *row)
{
	if (!date_is_none(row->withdrawn_on))
		return "withdrawn";
	if (date_is_none(row->handed_on))
		return "waiting";
	if (row->channel != LETTER_ON_PAPER)
		return "to be sent";
	return date_is_none(row->rendered_on) ? "handed over" : "rendered";
}

static err_t outbox_row_text(const struct outbox_row *row, void *context)
{
	struct render_output *output = context;
	cli_print(output->cli, "%8lld  %-18.*s  %-7s  %-10s  %-11s  %14s  %.*s\n", (long long)row->case_no, STR_ARG(row->kind),
		letter_channel_name(row->channel), date_iso(row->send_by).z, row_state(row), money_english(row->balance).z,
		STR_ARG(row->to));
	return OK;
}

static err_t outbox_run(struct cli *cli)
{
	struct render_output output = { .cli = cli };
	struct letter_listener listener = { file_told, finding_told, &output };
	bool waiting = cli_has(cli, "--waiting");
	if (!cli->json) {
		cli_print(cli, "%8s  %-18s  %-7s  %-10s  %-11s  %14s  %s\n", "case", "letter", "channel", "send by", "state",
			"balance", "to");
		return outbox_list(&cli->op, waiting, outbox_row_text, &listener, &output);
	}
	output.json = cli_json(cli);
	json_array(&output.json);
	TRY(outbox_list(&cli->op, waiting, outbox_row_json, &listener, &output));
	json_end(&output.json);
	return json_finish(&output.json);
}
const struct command command_outbox_list = {
	.name = "outbox list",
	.summary = "List letters and the messages that tell of them, with the day they must be sent by",
	.details = "SMS and e-mails are shown for debtors with a phone number or an e-mail address, their texts in --json. They are sent to\n"
		   "those who have chosen so (case contact); what was sent, `dispatch list` shows.",
	.example = "kravbok outbox list --waiting",
	.options = { { "--waiting", NULL, "only what is not handed over yet" } },
	.needs = NEEDS_BOOK,
	.run = outbox_run,
};
