#include "app/case.h"
#include "cli/commands.h"

/* ---- one case ---- */

static void case_json_head(struct json *json, const struct case_view *view)
{
	const struct life_case *life = &view->life;
	json_key(json, "case_no"), json_int(json, view->case_no);
	json_key(json, "kid"), json_str(json, view->kid);
	json_key(json, "client_no"), json_int(json, view->client_no);
	json_key(json, "currency"), json_str(json, view->currency);
	json_key(json, "as_of"), json_date(json, view->as_of);
	json_key(json, "stage"), json_z(json, stage_name(life->stage));
	json_key(json, "debtor"), json_str(json, view->debtor_name);
	json_key(json, "invoice_no"), json_str(json, view->invoice_no);
	json_key(json, "due_on"), json_date(json, view->due_on);
	json_key(json, "principal_minor"), json_money(json, life->principal);
	json_key(json, "interest_minor"), json_money(json, life->interest);
	json_key(json, "costs_minor"), json_money(json, life->costs);
	json_key(json, "paid_minor"), json_money(json, life->paid);
	json_key(json, "balance_minor"), json_money(json, life->balance);
	json_key(json, "refund_minor"), json_money(json, life->refund);
	json_key(json, "next");
	if (life->next_step[0]) {
		json_object(json);
		json_key(json, "step"), json_z(json, life->next_step);
		json_key(json, "on"), json_date(json, life->next_on);
		json_end(json);
	} else {
		json_null(json);
	}
	json_key(json, "closed_reason"), json_str(json, str_from_z(life->closed_reason));
	json_key(json, "joined_to");
	if (life->carrier_no)
		json_int(json, life->carrier_no);
	else
		json_null(json);
}

static void case_json_line(struct json *json, const struct life_line *line)
{
	json_object(json);
	json_key(json, "on"), json_date(json, line->on);
	json_key(json, "what"), json_z(json, line->what);
	json_key(json, "amount_minor"), json_money(json, line->amount);
	json_key(json, "basis"), json_z(json, line->basis);
	json_key(json, "event");
	if (line->event_index == SIZE_MAX)
		json_null(json);
	else
		json_int(json, i64_from_size(line->event_index) + 1);
	if (!date_is_none(line->from)) {
		json_key(json, "from"), json_date(json, line->from);
		json_key(json, "to"), json_date(json, line->to);
		json_key(json, "rate_bp"), json_int(json, line->rate_bp);
		json_key(json, "principal_minor"), json_money(json, line->principal);
	}
	json_end(json);
}

static void case_json_event(struct json *json, const struct life_event *event, int64_t number)
{
	json_object(json);
	json_key(json, "event"), json_int(json, number);
	json_key(json, "on"), json_date(json, event->on);
	json_key(json, "step"), json_z(json, event_kind_name(event->kind));
	json_key(json, "amount_minor");
	json_money(json, money_sub(entry_owed(&event->entry), event->entry.column[COLUMN_ACCRUED]));
	json_key(json, "basis"), json_z(json, event->basis);
	if (!date_is_none(event->deadline))
		json_key(json, "deadline"), json_date(json, event->deadline);
	if (event_is_letter(event->kind))
		json_key(json, "printed_minor"), json_money(json, event->printed_balance);
	if (event->other_case)
		json_key(json, "case_no"), json_int(json, event->other_case);
	json_end(json);
}

static err_t case_json(struct cli *cli, const struct case_view *view)
{
	const struct life_case *life = &view->life;
	struct json json = cli_json(cli);
	json_object(&json);
	case_json_head(&json, view);
	json_key(&json, "lines"), json_array(&json);
	for (size_t i = 0; i < life->line_count; i++)
		case_json_line(&json, &life->lines[i]);
	json_end(&json);
	json_key(&json, "events"), json_array(&json);
	for (size_t i = 0; i < life->event_count; i++)
		case_json_event(&json, &life->events[i], i64_from_size(i) + 1);
	json_end(&json);
	if (!date_is_none(view->law_ends))
		json_key(&json, "law_known_until"), json_date(&json, view->law_ends);
	json_end(&json);
	return json_finish(&json);
}

/* ---- for people ---- */

static const char *event_words(enum event_kind kind)
{
	static const char *const words[EVENT_KIND_COUNT] = {
		"Principal", "Paid before hand-over", "Creditor's own fees", "Standard compensation", "Reminder (purring)",
		"Notice (inkassovarsel)", "Demand (betalingsoppfordring)", "Heavy salær", "Enforcement notice", "Plain reminder",
		"Fees absorbed by the salær", "Payment", "Payment to the client", "Payment reversed", "Credit note", "Waived",
		"Objection", "Objection resolved", "Deferral", "Deferral over", "Instalment plan", "Plan broken", "Plan kept",
		"Plan ended", "Blocked", "Block lifted", "Court fee", "Drafting fee", "Surveillance", "Limitation warning",
		"Joined to another case", "Claim joined", "Closed", "Given up", "Withdrawn",
	};
	return words[kind];
}

static void case_text_line(struct cli *cli, const struct life_case *life, const struct life_line *line)
{
	char what[128];
	if (!date_is_none(line->from))
		snprintf(what, sizeof what, "Interest %s-%s, %lld.%02lld %% of %s", date_norwegian(line->from).z,
			date_norwegian(line->to).z, (long long)(line->rate_bp / 100), (long long)(line->rate_bp % 100),
			money_english(line->principal).z);
	else if (line->event_index != SIZE_MAX && !str_eq_z(S("refund"), line->what))
		snprintf(what, sizeof what, "%s", event_words(life->events[line->event_index].kind));
	else
		snprintf(what, sizeof what, "To be paid back");
	cli_print(cli, "  %s  %s %14s  %s\n", date_iso(line->on).z, cli_column(str_from_z(what), 58).z,
		money_english(line->amount).z, line->basis);
}

static void case_text(struct cli *cli, const struct case_view *view)
{
	const struct life_case *life = &view->life;
	cli_print(cli, "Case %lld   KID %.*s   %s\n", (long long)view->case_no, STR_ARG(view->kid), stage_name(life->stage));
	cli_print(cli, "%.*s owes %.*s for invoice %.*s, due %s\n", STR_ARG(view->debtor_name), STR_ARG(view->client_name),
		STR_ARG(view->invoice_no), date_iso(view->due_on).z);
	if (life->carrier_no)
		cli_print(cli, "Joined to case %lld, which carries the claim on\n", (long long)life->carrier_no);
	cli_print(cli, "\nAs of %s\n", date_iso(view->as_of).z);
	for (size_t i = 0; i < life->line_count; i++)
		case_text_line(cli, life, &life->lines[i]);
	cli_print(cli, "  %-70s %14s\n", "Balance", money_english(life->balance).z);
	cli_print(cli, "\n  principal %s   interest %s   costs %s   paid %s", money_english(life->principal).z,
		money_english(life->interest).z, money_english(life->costs).z, money_english(life->paid).z);
	if (life->refund.minor)
		cli_print(cli, "   to be paid back %s", money_english(life->refund).z);
	cli_print(cli, "\n\nWhat has happened\n");
	for (size_t i = 0; i < life->event_count; i++) {
		const struct life_event *event = &life->events[i];
		cli_print(cli, "  %s  %s", date_iso(event->on).z, event_words(event->kind));
		if (!date_is_none(event->deadline))
			cli_print(cli, ", deadline %s", date_iso(event->deadline).z);
		if (event_is_letter(event->kind))
			cli_print(cli, ", asks for %s", money_english(event->printed_balance).z);
		cli_print(cli, "\n");
	}
	if (life->next_step[0])
		cli_print(cli, "\nNext: %s on %s\n", life->next_step, date_iso(life->next_on).z);
	if (!date_is_none(view->law_ends))
		cli_print(cli, "\nThe law is known until %s: this goes no further\n", date_iso(view->law_ends).z);
}

static err_t show_run(struct cli *cli)
{
	struct case_question question;
	struct case_view view;
	TRY(cli_date(cli, "--as-of", &question.as_of));
	TRY(cli_date(cli, "--known-on", &question.known_on));
	TRY(case_find(&cli->op, str_from_z(cli->arguments[0]), &question.case_no));
	TRY(case_show(&cli->op, question, &view));
	if (cli->json)
		return case_json(cli, &view);
	case_text(cli, &view);
	return OK;
}
const struct command command_case_show = {
	.name = "case show",
	.arguments = "NO-or-KID",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Show a case and explain every øre of it, as of any day",
	.details = "As of a day is the end of that day with today's knowledge; --known-on leaves out what was booked later.",
	.example = "kravbok case show 17 --as-of 2026-04-14",
	.options = { { "--as-of", "DATE", "how it stood at the end of that day (today)" },
		{ "--known-on", "DATE", "only what was booked by then" } },
	.needs = NEEDS_BOOK,
	.run = show_run,
};

static err_t preview_run(struct cli *cli)
{
	struct case_preview preview;
	struct case_view view;
	TRY(cli_date(cli, "--until", &preview.until));
	TRY(cli_money(cli, "--pay", &preview.pay));
	TRY(cli_date(cli, "--on", &preview.pay_on));
	if (preview.pay.minor < 0 || (preview.pay.minor > 0) != !date_is_none(preview.pay_on))
		return fail(ERR_USAGE, "--pay AMOUNT and --on DATE go together");
	TRY(case_find(&cli->op, str_from_z(cli->arguments[0]), &preview.case_no));
	TRY(case_preview(&cli->op, preview, &view));
	if (cli->json)
		return case_json(cli, &view);
	case_text(cli, &view);
	return OK;
}
const struct command command_case_preview = {
	.name = "case preview",
	.arguments = "NO-or-KID",
	.argument_min = 1,
	.argument_max = 1,
	.summary = "Show what will happen and cost, if nothing or something is paid",
	.example = "kravbok case preview 17 --until 2026-06-30 --pay 2000.00 --on 2026-03-20",
	.options = { { "--until", "DATE", "how far to look (six months)" }, { "--pay", "AMOUNT", "a payment" },
		{ "--on", "DATE", "the day it counts from" } },
	.needs = NEEDS_BOOK,
	.run = preview_run,
};

/* ---- the list ---- */

struct list_output {
	struct cli *cli;
	struct json json;
	int64_t count;
};

static err_t list_row_json(const struct case_list_row *row, void *context)
{
	struct json *json = &((struct list_output *)context)->json;
	json_object(json);
	json_key(json, "case_no"), json_int(json, row->case_no);
	json_key(json, "kid"), json_str(json, row->kid);
	json_key(json, "client_no"), json_int(json, row->client_no);
	json_key(json, "debtor"), json_str(json, row->debtor);
	json_key(json, "stage"), json_str(json, row->stage);
	json_key(json, "balance_minor"), json_money(json, row->balance);
	json_key(json, "invoices"), json_array(json);
	for (size_t i = 0; i < row->invoice_count; i++)
		json_str(json, row->invoices[i]);
	json_end(json);
	json_key(json, "next");
	if (row->next_step.size) {
		json_object(json);
		json_key(json, "step"), json_str(json, row->next_step);
		json_key(json, "on"), json_date(json, row->next_on);
		json_end(json);
	} else {
		json_null(json);
	}
	json_end(json);
	return OK;
}

static err_t list_row_text(const struct case_list_row *row, void *context)
{
	struct list_output *output = context;
	cli_print(output->cli, "%8lld  %.*s  %6lld  %s %-19.*s %14s", (long long)row->case_no, STR_ARG(row->kid),
		(long long)row->client_no, cli_column(row->debtor, 30).z, STR_ARG(row->stage), money_english(row->balance).z);
	if (row->next_step.size)
		cli_print(output->cli, "  %.*s %s", STR_ARG(row->next_step), date_iso(row->next_on).z);
	cli_print(output->cli, "\n");
	output->count++;
	return OK;
}

static err_t list_run(struct cli *cli)
{
	struct case_list_filter filter = { .stage = S("") };
	enum stage stage;
	TRY(cli_number(cli, "--client", 1, 999999999, 0, &filter.client_no));
	if (cli_has(cli, "--stage")) {
		filter.stage = str_from_z(cli_value(cli, "--stage"));
		if (!stage_named(filter.stage, &stage))
			return fail(ERR_USAGE, "there is no stage '%.*s'", STR_ARG(filter.stage));
	}
	struct list_output output = { .cli = cli };
	if (!cli->json) {
		cli_print(cli, "%8s  %-12s  %6s  %-30s %-19s %14s  %s\n", "case", "KID", "client", "debtor", "stage", "balance",
			"next");
		return case_list(&cli->op, filter, list_row_text, &output);
	}
	output.json = cli_json(cli);
	json_array(&output.json);
	TRY(case_list(&cli->op, filter, list_row_json, &output));
	json_end(&output.json);
	return json_finish(&output.json);
}
const struct command command_case_list = {
	.name = "case list",
	.summary = "List cases, closed ones too",
	.example = "kravbok case list --client 2 --stage demand",
	.options = { { "--client", "NO", "of one client" }, { "--stage", "STAGE", "in one stage" } },
	.needs = NEEDS_BOOK,
	.run = list_run,
};

static err_t owed_run(struct cli *cli)
{
	date on;
	struct case_owed_sum sum;
	TRY(cli_date(cli, "--on", &on));
	if (date_is_none(on))
		on = cli->op.today;
	TRY(case_owed(&cli->op, on, &sum));
	money all = money_add(sum.principal, money_add(sum.interest, sum.costs));
	if (cli->json) {
		struct json json = cli_json(cli);
		json_object(&json);
		json_key(&json, "on"), json_date(&json, on);
		json_key(&json, "cases"), json_int(&json, sum.case_count);
		json_key(&json, "principal_minor"), json_money(&json, sum.principal);
		json_key(&json, "interest_minor"), json_money(&json, sum.interest);
		json_key(&json, "costs_minor"), json_money(&json, sum.costs);
		json_key(&json, "balance_minor"), json_money(&json, all);
		json_end(&json);
		return json_finish(&json);
	}
	cli_print(cli, "On %s, %lld cases owe %s: principal %s, interest %s, costs %s\n", date_iso(on).z,
		(long long)sum.case_count, money_english(all).z, money_english(sum.principal).z,
		money_english(sum.interest).z, money_english(sum.costs).z);
	return OK;
}
const struct command command_case_owed = {
	.name = "case owed",
	.summary = "Add up what all cases owe on a day",
	.example = "kravbok case owed --on 2026-06-30",
	.options = { { "--on", "DATE", "the day (today)" } },
	.needs = NEEDS_BOOK,
	.run = owed_run,
};
