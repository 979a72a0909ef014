#include "app/demo_desk.h"

#include "app/attachment.h"
#include "app/case_page.h"
#include "app/message.h"
#include "app/note.h"
#include "app/policy.h"
#include "app/search.h"
#include "app/task.h"

enum { SECONDS_A_DAY = 86400, NINE_O_CLOCK = 9 * 3600, CASES_MAX = 12 };

struct desk {
	const struct op *op;
	int64_t now; /* a little later for each thing that happens */
	struct case_line *lines; /* of open cases in a stage, by number */
	size_t line_count;
};

static int64_t tick(struct desk *desk)
{
	return desk->now += 420;
}

static err_t cases_in(struct desk *desk, const char *stage)
{
	struct case_page page;
	struct case_page_order order = { .filter = CASE_FILTER_ALL, .cursor = S(""), .count = CASES_MAX };
	order.filter.stage = str_from_z(stage);
	order.filter.outcome = CASE_OPEN;
	TRY(case_page(desk->op, &order, &page));
	desk->lines = page.lines;
	desk->line_count = page.count;
	return OK;
}

static err_t policies_set(struct desk *desk)
{
	static const struct {
		int64_t client_no;
		struct policy policy;
	} policies[] = { { 2, { 14, 6, { 30000 } } }, { 5, { 21, 12, { 15000 } } }, { 7, { 30, 12, { 20000 } } },
		{ 8, { 10, 3, { 20000 } } } };
	for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
		TRY(policy_set(desk->op, policies[i].client_no, &policies[i].policy, tick(desk)));
	return OK;
}

static err_t message(struct desk *desk, const struct case_line *line, struct message_new message, const char *body)
{
	int64_t id;
	message.case_no = line->case_no;
	message.body = str_from_z(body);
	message.now = tick(desk);
	if (!message.author.size)
		message.author = message.from_us ? S("Fjordkreditt") : message.with == MESSAGE_DEBTOR ? line->debtor : line->client;
	return message_send(desk->op, &message, &id);
}

/* Two questions that wait, one that is answered, and a client's. */
static err_t questions_ask(struct desk *desk)
{
	const struct message_new debtor = { .with = MESSAGE_DEBTOR }, client = { .with = MESSAGE_CLIENT };
	const struct message_new answer = { .with = MESSAGE_DEBTOR, .from_us = true, .answers = true };
	TRY(cases_in(desk, "demand"));
	if (desk->line_count < 8)
		return OK;
	TRY(message(desk, &desk->lines[0], debtor, "Hei! Jeg betalte regningen i april. Kan dere sjekke?"));
	TRY(message(desk, &desk->lines[1], debtor, "Hvorfor har kravet blitt så mye høyere enn fakturaen?"));
	TRY(message(desk, &desk->lines[2], debtor, "Kan jeg få tilsendt fakturaen på nytt?"));
	TRY(message(desk, &desk->lines[2], answer, "Ja, den ligger vedlagt. Si fra hvis noe er uklart."));
	return message(desk, &desk->lines[3], client, "Skyldneren har ringt oss og sier hun er syk. Kan dere vente litt?");
}

static err_t note(struct desk *desk, const struct case_line *line, enum note_kind kind, const char *body)
{
	int64_t id;
	struct note written = { .case_no = line->case_no, .kind = kind, .body = str_from_z(body), .written_at = tick(desk) };
	return note_add(desk->op, &written, &id);
}

static err_t task(struct desk *desk, const struct case_line *line, struct task_new task)
{
	int64_t id;
	task.case_no = line->case_no;
	task.due_on = DATE_NONE;
	task.now = tick(desk);
	return task_open_once(desk->op, &task, &id);
}

static err_t proof_send(struct desk *desk, const struct case_line *line)
{
	int64_t id;
	struct attachment_new file = { .case_no = line->case_no, .name = S("kvittering.txt"), .author = line->debtor,
		.body = S("Kvittering fra nettbanken\nBetalt til Nordlys Kraft AS\n"), .now = tick(desk) };
	TRY(attachment_store(desk->op, &file, &id));
	return task(desk, line, (struct task_new){ .kind = TASK_PROOF, .detail = S("kvittering.txt") });
}

/* A wish that no client grants at once. */
static err_t time_ask(struct desk *desk, const struct case_line *line)
{
	struct policy_result result;
	struct policy_request request = { .case_no = line->case_no, .note = S("Jeg får lønn igjen i oktober"), .now = tick(desk),
		.wish = { POLICY_MORE_TIME, .until = date_add(desk->op->today, 100) } };
	return policy_ask(desk->op, &request, &result);
}

static err_t work_lay(struct desk *desk)
{
	if (desk->line_count < 8)
		return OK;
	TRY(note(desk, &desk->lines[0], NOTE_CALL_IN, "Ringte og spurte om betalingen fra april. Ba om kvittering."));
	TRY(note(desk, &desk->lines[1], NOTE_NOTE, "Fakturaen gjelder vinterabonnementet; sjekk med oppdragsgiver."));
	TRY(note(desk, &desk->lines[4], NOTE_CALL_OUT, "Ikke svar. Prøver igjen i morgen."));
	TRY(proof_send(desk, &desk->lines[0]));
	TRY(time_ask(desk, &desk->lines[5]));
	TRY(task(desk, &desk->lines[6], (struct task_new){ .kind = TASK_RETURNED, .detail = S("Brevet kom i retur: ukjent adresse") }));
	return task(desk, &desk->lines[7],
		(struct task_new){ .kind = TASK_DIRECT_PAYMENT, .for_client = true,
			.detail = S("Skyldneren sier at fakturaen er betalt til dere") });
}

err_t demo_desk_fill(const struct op *op)
{
	struct desk desk = { .op = op, .now = (int64_t)op->today.day * SECONDS_A_DAY + NINE_O_CLOCK };
	int64_t count;
	TRY(policies_set(&desk));
	TRY(questions_ask(&desk));
	TRY(work_lay(&desk));
	return search_index(op, INT64_MAX, &count);
}
