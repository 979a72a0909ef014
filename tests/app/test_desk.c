/* The desk: the work list, messages, notes, files, clients' policies and four eyes, on both engines. */
#include "app_book.h"

#include "app/approval.h"
#include "app/attachment.h"
#include "app/case.h"
#include "app/message.h"
#include "app/note.h"
#include "app/policy.h"
#include "app/task.h"

enum { KARI = 1, OLA = 2, NOW = 1767600000 };

/* Cases 1 … 4: Kari twice with client 7, Ola without an ident, a company. */
static void four_claims(struct app_book *book)
{
	app_claims(book, APP_CLIENT,
		"F1,2025-12-01,2025-12-15,1000.00,NOK,person,20835144527,Kari Prøve,Storgata 1,0155,Oslo,NO,+47 900 11 222,"
		"kari@post.example,Tannbehandling,\n"
		"F2,2025-12-01,2025-12-15,2000.00,NOK,person,20835144527,Kari Prøve,Storgata 1,0155,Oslo,NO,,,Tannbehandling,\n"
		"F3,2025-12-01,2025-12-15,3000.00,NOK,person,,Ola Uten Nummer,Åsveien 2,5003,Bergen,NO,,,Tannbehandling,\n"
		"F4,2025-12-01,2025-12-15,4000.00,NOK,company,312400111,Nordlys Kraft AS,Havna 3,7011,Trondheim,NO,,,Varer,\n");
}

static void persons(struct app_book *book)
{
	app_person(book, KARI, "kari");
	app_person(book, OLA, "ola");
}

static struct case_act act_of(enum case_act_kind kind, int64_t case_no)
{
	return (struct case_act){ .kind = kind, .case_no = case_no, .on = DATE_NONE, .until = DATE_NONE, .code = S(""),
		.note = S("") };
}

static void act(struct app_book *book, struct case_act act)
{
	struct case_act_result result;
	assert_ok(case_act(&book->op, &act, &result));
}

static struct task_page tasks(struct app_book *book)
{
	struct task_page page;
	assert_ok(task_list(&book->op, &(struct task_filter){ .count = TASK_PAGE_MAX }, &page));
	return page;
}

/* ---- tasks ---- */

static void objection_opens_a_task_and_its_resolution_finishes_it(void **state)
{
	struct app_book *book = *state;
	four_claims(book);
	struct case_act objection = act_of(CASE_OBJECT, 3);
	objection.note = S("Varen ble returnert");
	act(book, objection);
	struct task_page page = tasks(book);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.rows[0].kind, TASK_OBJECTION);
	assert_int_equal(page.rows[0].case_no, 3);
	assert_int_equal(page.rows[0].client_no, APP_CLIENT);
	assert_date(page.rows[0].due_on, "2026-01-12"); /* parameters.yaml: seven days */
	assert_str(page.rows[0].detail, "Varen ble returnert");
	assert_str(page.rows[0].debtor, "Ola Uten Nummer");
	assert_str(page.rows[0].stage, "disputed");
	assert_fails(task_finish(&book->op, (struct task_end){ page.rows[0].task_id, KARI, S("ferdig"), NOW }), ERR_REFUSED,
		"resolve it");
	struct case_act resolution = act_of(CASE_RESOLVE, 3);
	resolution.code = S("rejected");
	act(book, resolution);
	assert_int_equal(tasks(book).count, 0);
	struct task_row *rows;
	size_t count;
	assert_ok(task_of_case(&book->op, 3, &rows, &count));
	assert_int_equal(count, 1);
	assert_str(rows[0].outcome, "resolved");
	assert_str(rows[0].done_by, "tester");
	app_sound(book);
}

static void objection_told_late_is_due_from_the_day_it_was_made(void **state)
{
	struct app_book *book = *state;
	four_claims(book);
	book->op.today = date_make(2026, 1, 20);
	struct case_act objection = act_of(CASE_OBJECT, 4);
	objection.on = date_make(2026, 1, 10);
	act(book, objection);
	assert_date(tasks(book).rows[0].due_on, "2026-01-17");
}

static void block_opens_a_review_that_its_lifting_ends(void **state)
{
	struct app_book *book = *state;
	four_claims(book);
	struct case_act block = act_of(CASE_BLOCK, 3);
	block.code = S("deceased");
	act(book, block);
	struct task_page page = tasks(book);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.rows[0].kind, TASK_BLOCK_REVIEW);
	assert_date(page.rows[0].due_on, "2027-01-05");
	act(book, act_of(CASE_UNBLOCK, 3));
	assert_int_equal(tasks(book).count, 0);
}

static void plan_that_breaks_opens_a_task_and_a_late_payment_takes_it_away(void **state)
{
	struct app_book *book = *state;
	four_claims(book);
	struct case_act plan = act_of(CASE_PLAN, 4);
	plan.number = 2;
	plan.until = date_make(2026, 1, 15);
	act(book, plan);
	app_nights(book, date_make(2026, 2, 20));
	struct task_page page = tasks(book);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.rows[0].kind, TASK_BROKEN_PLAN);
	assert_int_equal(page.rows[0].case_no, 4);
	/* The creditor was paid before the plan broke, and says so late. */
	struct case_act direct = act_of(CASE_PAY_DIRECT, 4);
	direct.on = date_make(2026, 1, 10);
	direct.amount = money_of(2500000);
	act(book, direct);
	assert_int_equal(tasks(book).count, 0);
	struct task_row *rows;
	size_t count;
	assert_ok(task_of_case(&book->op, 4, &rows, &count));
	assert_int_equal(count, 1);
	assert_str(rows[0].outcome, "no longer so");
	app_sound(book);
}

static void limitation_is_warned_of_once_until_it_is_dealt_with(void **state)
{
	struct app_book *book = *state;
	app_claims(book, APP_CLIENT, "F1,2023-04-01,2023-04-15,1000.00,NOK,person,,Ola Uten,Storgata 1,0155,Oslo,NO,,,Tann,\n");
	app_nights(book, date_make(2026, 3, 25));
	struct task_page page;
	assert_ok(task_list(&book->op, &(struct task_filter){ .of_kind = true, .kind = TASK_LIMITATION, .count = 9 }, &page));
	assert_int_equal(page.count, 1);
	assert_date(page.rows[0].due_on, "2026-04-15");
	/* Once the case is closed there is nothing to do. */
	struct case_act closing = act_of(CASE_CLOSE, 1);
	closing.note = S("for gammel");
	act(book, closing);
	app_nights(book, date_make(2026, 3, 26));
	assert_int_equal(tasks(book).count, 0);
	app_sound(book);
}

static void task_is_taken_by_one_and_handed_over(void **state)
{
	struct app_book *book = *state;
	int64_t id;
	four_claims(book);
	persons(book);
	struct task_new task = { .kind = TASK_OTHER, .case_no = 2, .due_on = DATE_NONE, .detail = S("Ring"), .now = NOW };
	assert_ok(task_open(&book->op, &task, &id));
	assert_date(tasks(book).rows[0].due_on, "2026-01-12"); /* five banking days after Monday the 5th */
	assert_ok(task_take(&book->op, id, KARI));
	assert_ok(task_take(&book->op, id, KARI));
	assert_fails(task_take(&book->op, id, OLA), ERR_REFUSED, "has been taken by kari");
	assert_fails(task_hand_over(&book->op, (struct task_hand){ id, OLA, KARI }), ERR_REFUSED, "has been taken by kari");
	struct task_page page;
	struct task_filter mine = { .owner = TASK_OF_PERSON, .person_id = KARI, .count = 10 };
	assert_ok(task_list(&book->op, &mine, &page));
	assert_int_equal(page.count, 1);
	assert_str(page.rows[0].person, "kari");
	assert_ok(task_list(&book->op, &(struct task_filter){ .owner = TASK_OF_NOBODY, .count = 10 }, &page));
	assert_int_equal(page.count, 0);
	assert_ok(task_hand_over(&book->op, (struct task_hand){ id, KARI, OLA }));
	assert_fails(task_set_due(&book->op, id, KARI, date_make(2026, 2, 1)), ERR_REFUSED, "has been taken by ola");
	assert_fails(task_set_due(&book->op, id, OLA, date_make(2026, 1, 1)), ERR_INPUT, "has passed");
	assert_ok(task_set_due(&book->op, id, OLA, date_make(2026, 2, 1)));
	assert_fails(task_finish(&book->op, (struct task_end){ id, KARI, S("x"), NOW }), ERR_REFUSED, "has been taken by ola");
	assert_ok(task_finish(&book->op, (struct task_end){ id, OLA, S("Ringte; betaler i morgen"), NOW + 60 }));
	assert_fails(task_finish(&book->op, (struct task_end){ id, OLA, S("x"), NOW }), ERR_REFUSED, "was done by tester");
	assert_fails(task_take(&book->op, 99, OLA), ERR_INPUT, "there is no task 99");
	assert_int_equal(tasks(book).count, 0);
	task.case_no = 99;
	assert_fails(task_open(&book->op, &task, &id), ERR_INPUT, "there is no case 99");
}

static void work_list_comes_in_pages_with_payments_on_hold_in_their_place(void **state)
{
	struct app_book *book = *state;
	four_claims(book);
	for (int i = 0; i < 7; i++) {
		int64_t id;
		struct task_new task = { .kind = i % 2 ? TASK_QUESTION : TASK_PROOF, .case_no = 1 + i % 4,
			.due_on = date_make(2026, 1, 7 + i / 2), .detail = S(""), .now = NOW };
		assert_ok(task_open(&book->op, &task, &id));
	}
	const struct app_payment strays[] = { { "999999999993", 4242 }, { "999999999993", 4343 } };
	app_pay(book, strays, 2);
	struct task_page whole = tasks(book);
	assert_int_equal(whole.count, 9);
	int holds = 0;
	for (size_t i = 0; i < whole.count; i++) {
		assert_true(i == 0 || !date_before(whole.rows[i].due_on, whole.rows[i - 1].due_on));
		holds += whole.rows[i].kind == TASK_PAYMENT_HOLD;
	}
	assert_int_equal(holds, 2);
	struct task_filter filter = { .count = 2 };
	size_t seen = 0;
	for (;;) {
		struct task_page page;
		assert_ok(task_list(&book->op, &filter, &page));
		for (size_t i = 0; i < page.count; i++, seen++) {
			assert_int_equal(page.rows[i].task_id, whole.rows[seen].task_id);
			assert_int_equal(page.rows[i].payment_id, whole.rows[seen].payment_id);
		}
		if (!page.next.size)
			break;
		filter.after = page.next;
	}
	assert_int_equal(seen, 9);
	struct task_page page;
	filter = (struct task_filter){ .of_kind = true, .kind = TASK_PAYMENT_HOLD, .count = 10 };
	assert_ok(task_list(&book->op, &filter, &page));
	assert_int_equal(page.count, 2);
	assert_int_equal(page.rows[1].amount.minor, 4343);
	filter = (struct task_filter){ .of_kind = true, .kind = TASK_QUESTION, .client_no = APP_CLIENT, .count = 10 };
	assert_ok(task_list(&book->op, &filter, &page));
	assert_int_equal(page.count, 3);
	filter = (struct task_filter){ .client_no = APP_OTHER_CLIENT, .count = 10 };
	assert_ok(task_list(&book->op, &filter, &page));
	assert_int_equal(page.count, 0);
	filter = (struct task_filter){ .after = S("garbage"), .count = 10 };
	assert_fails(task_list(&book->op, &filter, &page), ERR_INPUT, "'garbage' is no place");
	int64_t due;
	book->op.today = date_make(2026, 1, 8);
	assert_ok(task_due_count(&book->op, 0, 100, &due));
	assert_int_equal(due, 4);
	assert_ok(task_due_count(&book->op, 0, 3, &due));
	assert_int_equal(due, 3);
}

/* ---- messages, notes, files ---- */

static void question_is_answered(void **state)
{
	struct app_book *book = *state;
	struct message *messages;
	size_t count;
	int64_t id, unread;
	four_claims(book);
	struct message_new question = { .case_no = 3, .with = MESSAGE_DEBTOR, .author = S("Ola Uten Nummer"),
		.body = S("  Hvorfor så mye?\n"), .now = NOW };
	assert_ok(message_send(&book->op, &question, &id));
	assert_ok(message_send(&book->op, &question, &id));
	struct task_page page = tasks(book);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.rows[0].kind, TASK_QUESTION);
	assert_date(page.rows[0].due_on, "2026-01-12");
	assert_str(page.rows[0].detail, "Hvorfor så mye?");
	struct message_seen us = { .case_no = 3, .with = MESSAGE_DEBTOR, .by_us = true, .until_id = id, .now = NOW + 5 };
	assert_ok(message_unread(&book->op, us, &unread));
	assert_int_equal(unread, 2);
	assert_ok(message_read(&book->op, us));
	assert_ok(message_unread(&book->op, us, &unread));
	assert_int_equal(unread, 0);
	struct message_new answer = { .case_no = 3, .with = MESSAGE_DEBTOR, .from_us = true, .answers = true,
		.author = S("Kari"), .body = S("Slik ble det"), .now = NOW + 10 };
	assert_ok(message_send(&book->op, &answer, &id));
	assert_int_equal(tasks(book).count, 0);
	assert_ok(message_list(&book->op, (struct message_place){ 3, MESSAGE_DEBTOR, 0, 2 }, &messages, &count));
	assert_int_equal(count, 2);
	assert_str(messages[0].body, "Slik ble det");
	assert_true(messages[0].from_us);
	assert_int_equal(messages[0].read_at, 0);
	assert_int_equal(messages[1].read_at, NOW + 5);
	assert_ok(message_list(&book->op, (struct message_place){ 3, MESSAGE_DEBTOR, messages[1].message_id, 9 }, &messages,
		&count));
	assert_int_equal(count, 1);
	/* The client's conversation is another. */
	assert_ok(message_list(&book->op, (struct message_place){ 3, MESSAGE_CLIENT, 0, 9 }, &messages, &count));
	assert_int_equal(count, 0);
	question.body = S(" \n");
	assert_fails(message_send(&book->op, &question, &id), ERR_INPUT, "the text is empty");
	question.body = S("x\xFF");
	assert_fails(message_send(&book->op, &question, &id), ERR_INPUT, "not UTF-8");
	question.case_no = 77, question.body = S("x");
	assert_fails(message_send(&book->op, &question, &id), ERR_INPUT, "there is no case 77");
}

static void notes_are_read_newest_first(void **state)
{
	struct app_book *book = *state;
	struct note *notes;
	size_t count;
	int64_t id;
	four_claims(book);
	assert_ok(note_add(&book->op, &(struct note){ .case_no = 1, .body = S("Første"), .written_at = NOW }, &id));
	assert_ok(note_add(&book->op,
		&(struct note){ .case_no = 1, .kind = NOTE_CALL_IN, .body = S("Ringte"), .written_at = NOW + 1 }, &id));
	assert_ok(note_list(&book->op, (struct note_place){ 1, 0, 10 }, &notes, &count));
	assert_int_equal(count, 2);
	assert_int_equal(notes[0].kind, NOTE_CALL_IN);
	assert_str(notes[0].author, "tester");
	assert_str(notes[1].body, "Første");
	assert_ok(note_list(&book->op, (struct note_place){ 1, notes[0].note_id, 10 }, &notes, &count));
	assert_int_equal(count, 1);
	assert_fails(note_add(&book->op, &(struct note){ .case_no = 9, .body = S("x") }, &id), ERR_INPUT, "there is no case 9");
}

static void file_is_what_its_bytes_say_and_belongs_to_its_case(void **state)
{
	struct app_book *book = *state;
	struct attachment file, *files;
	size_t count;
	int64_t id;
	four_claims(book);
	struct attachment_new pdf = { .case_no = 1, .name = S("..\\C:\\kvittering.exe"), .body = S("%PDF-1.7\n\0\xFF"),
		.author = S("Kari"), .now = NOW };
	assert_ok(attachment_store(&book->op, &pdf, &id));
	assert_ok(attachment_get(&book->op, 1, id, &file));
	assert_str(file.kind, "application/pdf");
	assert_str(file.name, "kvittering.pdf");
	assert_int_equal(file.size, 11);
	assert_memory_equal(file.body.at, "%PDF-1.7\n\0\xFF", 11);
	assert_fails(attachment_get(&book->op, 2, id, &file), ERR_INPUT, "case 2 has no file");
	assert_ok(attachment_list(&book->op, 1, &files, &count));
	assert_int_equal(count, 1);
	assert_int_equal(files[0].size, 11);
	pdf.body = S("MZ\x90\0");
	assert_fails(attachment_store(&book->op, &pdf, &id), ERR_INPUT, "neither a PDF, a picture (PNG or JPEG) nor plain text");
	pdf.body = S("");
	assert_fails(attachment_store(&book->op, &pdf, &id), ERR_INPUT, "empty");
	pdf.body = (str){ arena_alloc(book->op.arena, ATTACHMENT_SIZE_MAX + 1), ATTACHMENT_SIZE_MAX + 1 };
	assert_fails(attachment_store(&book->op, &pdf, &id), ERR_INPUT, "larger than 10 MB");
}

/* ---- policies ---- */

static void wish_inside_the_policy_is_granted_at_once(void **state)
{
	struct app_book *book = *state;
	struct policy policy = { 14, 6, money_of(20000) };
	struct policy_result result;
	four_claims(book);
	struct policy_request request = { .case_no = 3, .now = NOW,
		.wish = { POLICY_MORE_TIME, .until = date_make(2026, 1, 19) } };
	/* A client that has said nothing: a handler decides. */
	assert_ok(policy_ask(&book->op, &request, &result));
	assert_int_equal(result.answer, POLICY_CLIENT_DECIDES);
	assert_int_equal(tasks(book).rows[0].kind, TASK_MORE_TIME);
	assert_true(str_has(tasks(book).rows[0].detail, S("until 2026-01-19")));
	assert_ok(policy_set(&book->op, APP_CLIENT, &policy, NOW));
	struct policy stored;
	assert_ok(policy_get(&book->op, APP_CLIENT, &stored));
	assert_int_equal(stored.instalments_max, 6);
	assert_ok(policy_ask(&book->op, &request, &result));
	assert_int_equal(result.answer, POLICY_GRANTED);
	assert_int_equal(result.act.stage, STAGE_DEFERRED);
	assert_int_equal(tasks(book).count, 0); /* what waited for a handler is settled */
	struct policy_request plan = { .case_no = 4, .now = NOW,
		.wish = { POLICY_INSTALMENTS, .until = date_make(2026, 1, 15), .instalments = 4 } };
	assert_ok(policy_ask(&book->op, &plan, &result));
	assert_int_equal(result.answer, POLICY_GRANTED);
	assert_int_equal(result.act.stage, STAGE_PLAN);
	assert_ok(policy_ask(&book->op, &plan, &result));
	assert_int_equal(result.answer, POLICY_STANDS_STILL);
	assert_int_equal(result.task_id, 0);
	policy.defer_days_max = 91;
	assert_fails(policy_set(&book->op, APP_CLIENT, &policy, NOW), ERR_INPUT, "0 to 90 days");
	policy.defer_days_max = 1;
	assert_fails(policy_set(&book->op, 99, &policy, NOW), ERR_INPUT, "there is no client 99");
	app_sound(book);
}

/* ---- four eyes ---- */

static struct approval_decision by(int64_t approval_id, int64_t person_id)
{
	return (struct approval_decision){ .approval_id = approval_id, .person_id = person_id, .now = NOW + 100 };
}

static void refund_needs_another_person(void **state)
{
	struct app_book *book = *state;
	struct approval *open;
	struct approval_result result;
	size_t count;
	int64_t id, again;
	four_claims(book);
	persons(book);
	app_pay(book, (const struct app_payment[]){ { "999999999993", 4242 } }, 1);
	struct approval_new request = { .kind = APPROVAL_REFUND, .payment_id = 1, .reason = S("Feil mottaker"),
		.asked_by = KARI, .now = NOW, .on = DATE_NONE };
	assert_ok(approval_ask(&book->op, &request, &id));
	assert_fails(approval_ask(&book->op, &request, &again), ERR_REFUSED, "waits for agreement already");
	assert_ok(approval_list(&book->op, (struct approval_place){ 0, 10 }, &open, &count));
	assert_int_equal(count, 1);
	assert_int_equal(open[0].amount.minor, 4242);
	assert_str(open[0].asked_by_name, "kari");
	struct approval_decision own = by(id, KARI), other = by(id, OLA);
	assert_fails(approval_agree(&book->op, &own, &result), ERR_REFUSED, "another person must agree");
	/* The bank did not say whose account it came from: the act's own reason, and the request stays. */
	assert_fails(approval_agree(&book->op, &other, &result), ERR_REFUSED, "cannot be sent back");
	assert_ok(approval_get(&book->op, id, open));
	assert_str(open[0].decision, "");
	assert_fails(approval_refuse(&book->op, &other), ERR_INPUT, "the text is empty");
	other.reason = S("Uklar avsender");
	assert_ok(approval_refuse(&book->op, &other));
	assert_fails(approval_agree(&book->op, &other, &result), ERR_REFUSED, "was refused by ola");
	assert_ok(approval_list(&book->op, (struct approval_place){ 0, 10 }, &open, &count));
	assert_int_equal(count, 0);
	request.payment_id = 9;
	assert_fails(approval_ask(&book->op, &request, &id), ERR_INPUT, "there is no payment 9");
	app_sound(book);
}

static void write_off_and_mass_acts_are_carried_out_when_agreed(void **state)
{
	struct app_book *book = *state;
	struct approval_result result;
	struct approval approval;
	struct case_view view;
	int64_t id;
	four_claims(book);
	persons(book);
	struct approval_new request = { .kind = APPROVAL_WRITE_OFF, .case_no = 3, .reason = S("Bor i utlandet"),
		.asked_by = KARI, .now = NOW, .on = DATE_NONE };
	assert_ok(approval_ask(&book->op, &request, &id));
	struct approval_decision ola = by(id, OLA);
	assert_ok(approval_agree(&book->op, &ola, &result));
	assert_int_equal(result.done_count, 1);
	assert_ok(case_show(&book->op, (struct case_question){ 3, DATE_NONE, DATE_NONE }, &view));
	assert_int_equal(view.life.stage, STAGE_CLOSED);
	assert_ok(approval_get(&book->op, id, &approval));
	assert_str(approval.decision, "agreed");
	assert_str(approval.decided_by_name, "ola");
	assert_int_equal(approval.amount.minor, 302104); /* 3 000, 16 days of 12.25 % and 5 of 12 % */
	const int64_t cases[] = { 1, 2, 4 };
	struct approval_new mass = { .kind = APPROVAL_MASS, .act = act_of(CASE_WITHDRAW, 0), .case_nos = cases, .case_count = 3,
		.reason = S("Oppdraget er sagt opp"), .asked_by = OLA, .now = NOW, .on = DATE_NONE };
	assert_ok(approval_ask(&book->op, &mass, &id));
	assert_ok(approval_get(&book->op, id, &approval));
	assert_int_equal(approval.case_count, 3);
	assert_str(approval.act, "withdraw");
	/* One of them is closed meanwhile: nothing of it is done. */
	struct case_act closing = act_of(CASE_CLOSE, 2);
	closing.note = S("betalt kontant");
	act(book, closing);
	struct approval_decision kari = by(id, KARI);
	assert_fails(approval_agree(&book->op, &kari, &result), ERR_REFUSED, "case 2");
	assert_ok(case_show(&book->op, (struct case_question){ 1, DATE_NONE, DATE_NONE }, &view));
	assert_int_equal(view.life.stage, STAGE_REGISTERED);
	mass.case_count = 1;
	assert_ok(approval_ask(&book->op, &mass, &id));
	kari.approval_id = id;
	assert_ok(approval_agree(&book->op, &kari, &result));
	assert_ok(case_show(&book->op, (struct case_question){ 1, DATE_NONE, DATE_NONE }, &view));
	assert_int_equal(view.life.stage, STAGE_WITHDRAWN);
	mass.act.kind = CASE_OBJECT;
	assert_fails(approval_ask(&book->op, &mass, &id), ERR_INPUT, "only closing");
	app_sound(book);
}

static void payout_is_booked_when_agreed_and_can_be_taken_up_again(void **state)
{
	struct app_book *book = *state;
	struct approval_result result;
	struct approval approval;
	int64_t id;
	four_claims(book);
	persons(book);
	app_pay(book, (const struct app_payment[]){ { kid_of_case(3).z, 350000 } }, 1);
	struct approval_new request = { .kind = APPROVAL_PAYOUT, .on = book->op.today, .reason = S("Måneden"), .asked_by = KARI,
		.now = NOW };
	assert_ok(approval_ask(&book->op, &request, &id));
	assert_ok(approval_get(&book->op, id, &approval));
	assert_true(approval.amount.minor > 0);
	assert_date(approval.on, "2026-01-05");
	struct approval_decision ola = by(id, OLA);
	ola.folder = "/proc/nowhere"; /* the files cannot be written */
	err_t err = approval_agree(&book->op, &ola, &result);
	assert_non_null(err);
	err_free(err);
	assert_ok(approval_get(&book->op, id, &approval));
	assert_str(approval.decision, "begun");
	ola.reason = S("angrer");
	assert_fails(approval_refuse(&book->op, &ola), ERR_REFUSED, "is being carried out");
	ola.folder = str_format(book->op.arena, "%.*s/settled", STR_ARG(book->folder)).at;
	assert_ok(approval_agree(&book->op, &ola, &result));
	assert_int_equal(result.settled.client_count, 1);
	assert_ok(approval_get(&book->op, id, &approval));
	assert_str(approval.decision, "agreed");
	app_sound(book);
}

#define TESTS(setup) \
	{ \
		APP_TEST(objection_opens_a_task_and_its_resolution_finishes_it, setup), \
		APP_TEST(objection_told_late_is_due_from_the_day_it_was_made, setup), \
		APP_TEST(block_opens_a_review_that_its_lifting_ends, setup), \
		APP_TEST(plan_that_breaks_opens_a_task_and_a_late_payment_takes_it_away, setup), \
		APP_TEST(limitation_is_warned_of_once_until_it_is_dealt_with, setup), \
		APP_TEST(task_is_taken_by_one_and_handed_over, setup), \
		APP_TEST(work_list_comes_in_pages_with_payments_on_hold_in_their_place, setup), \
		APP_TEST(question_is_answered, setup), \
		APP_TEST(notes_are_read_newest_first, setup), \
		APP_TEST(file_is_what_its_bytes_say_and_belongs_to_its_case, setup), \
		APP_TEST(wish_inside_the_policy_is_granted_at_once, setup), \
		APP_TEST(refund_needs_another_person, setup), \
		APP_TEST(write_off_and_mass_acts_are_carried_out_when_agreed, setup), \
		APP_TEST(payout_is_booked_when_agreed_and_can_be_taken_up_again, setup), \
	}

APP_MAIN("desk")
