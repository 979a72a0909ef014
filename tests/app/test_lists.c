/* Lists, search and reports on both engines: every figure has its list, pages fit together, sums are the ledger's. */
#include "app_book.h"

#include "app/case.h"
#include "app/case_page.h"
#include "app/ledger.h"
#include "app/message.h"
#include "app/report.h"
#include "app/search.h"

enum { CLAIMS = 60, NOW = 1767600000 };

/* Claims of two clients with due dates over half a year, from 2025-07-10; every tenth debtor comes again. */
static void many_claims(struct app_book *book)
{
	static const char *const names[] = { "Kari Nordmann", "Åse Sæther", "Per Ødegård", "José Müller", "Anne-Lise Berg" };
	struct text text = text_in(book->op.arena, 1 << 20);
	book->op.today = date_make(2026, 1, 5);
	for (int client = APP_CLIENT; client <= APP_OTHER_CLIENT; client++) {
		text_clear(&text);
		for (int i = 0; i < CLAIMS / 2; i++) {
			date due = date_add(date_make(2025, 7, 10), 6 * i);
			text_addf(&text, "%d-%d,%s,%s,%d.50,NOK,%s,%s,Storgata %d,%s,NO,%s,%s,Varer,\n", client, 100 + i,
				date_iso(date_add(due, -14)).z, date_iso(due).z, 700 + i * 37,
				i % 10 == 3 ? "company,312400111" : i % 10 == 4 ? "person,20835144527" : "person,",
				i % 10 == 3 ? "Nordlys Kraft AS" : i % 10 == 4 ? "Kari Prøve" : names[i % 5], i,
				i % 2 ? "5003,Bergen" : "0155,Oslo", i == 7 ? "+47 900 11 222" : "",
				i == 8 ? "Ase.S@Post.example" : "");
		}
		app_claims(book, client, str_z(book->op.arena, text_str(&text)));
	}
}

/* A while of nights and payments: some paid in full, some in part, one objection, one given up. */
static void lived(struct app_book *book)
{
	many_claims(book);
	app_nights(book, date_make(2026, 1, 20));
	struct case_view view;
	struct case_act_result result;
	struct app_payment payments[20];
	struct kid_text kids[20];
	int count = 0;
	for (int64_t case_no = 1; case_no <= CLAIMS && count < 20; case_no += 3) {
		assert_ok(case_show(&book->op, (struct case_question){ case_no, DATE_NONE, DATE_NONE }, &view));
		if (view.life.carrier_no)
			continue;
		kids[count] = kid_of_case(case_no);
		payments[count] = (struct app_payment){ kids[count].z, case_no % 2 ? view.life.balance.minor : 30000 };
		count++;
	}
	app_pay(book, payments, count / 2);
	app_nights(book, date_make(2026, 2, 10));
	app_pay(book, payments + count / 2, count - count / 2);
	struct case_act close = { .kind = CASE_CLOSE, .case_no = 2, .on = DATE_NONE, .until = DATE_NONE, .code = S(""),
		.note = S("x") };
	assert_ok(case_act(&book->op, &close, &result));
	struct case_act objection = { .kind = CASE_OBJECT, .case_no = 6, .on = DATE_NONE, .until = DATE_NONE, .code = S(""),
		.note = S("") };
	assert_ok(case_act(&book->op, &objection, &result));
	app_nights(book, date_make(2026, 3, 31));
	app_sound(book);
}

static void index_all(struct app_book *book)
{
	int64_t count;
	do
		assert_ok(search_index(&book->op, 25, &count)); /* in pieces */
	while (count > 0);
}

/* ---- search ---- */

static struct search_result find(struct app_book *book, const char *text, int64_t client_no)
{
	struct search_result result;
	assert_ok(search_find(&book->op, (struct search_query){ str_from_z(text), client_no, 100, false }, &result));
	return result;
}

static void numbers_are_found_without_the_index(void **state)
{
	struct app_book *book = *state;
	many_claims(book);
	struct search_result result = find(book, "17", 0);
	assert_true(result.is_exact);
	assert_int_equal(result.count, 1);
	assert_int_equal(result.case_nos[0], 17);
	result = find(book, kid_of_case(18).z, 0);
	assert_int_equal(result.case_nos[0], 18);
	result = find(book, " 8-103 ", 0);
	assert_int_equal(result.count, 1);
	assert_int_equal(result.case_nos[0], CLAIMS / 2 + 4);
	assert_int_equal(find(book, "8-103", APP_CLIENT).count, 0); /* another client's */
	app_pay(book, (const struct app_payment[]){ { kid_of_case(3).z, 100 } }, 1);
	result = find(book, "betaling 1", 0);
	assert_int_equal(result.case_nos[0], 3);
	assert_int_equal(find(book, "nordmann", 0).count, 0);
}

static void words_are_found_whatever_their_case_and_accents(void **state)
{
	struct app_book *book = *state;
	many_claims(book);
	index_all(book);
	assert_int_equal(find(book, "NORDMANN", 0).count, 12);
	assert_int_equal(find(book, "nordm", 0).count, 12);
	assert_int_equal(find(book, "nordm ", 0).count, 0); /* a blank says that the word is whole */
	assert_int_equal(find(book, "nor", 0).count, 18);   /* Nordlys too */
	assert_int_equal(find(book, "sæther", 0).count, 12);
	assert_int_equal(find(book, "Säther", 0).count, 12);
	assert_int_equal(find(book, "jose muller", 0).count, 6);
	assert_int_equal(find(book, "müller josé", 0).count, 6);
	assert_int_equal(find(book, "lise anne", 0).count, 6);
	assert_int_equal(find(book, "nordmann oslo", 0).count, 6);
	assert_int_equal(find(book, "nordmann oslo", APP_CLIENT).count, 3);
	assert_int_equal(find(book, "nordmann trondheim", 0).count, 0);
	assert_int_equal(find(book, "900 11 222", 0).count, 2);
	assert_int_equal(find(book, "+47 90011222", 0).count, 2);
	assert_int_equal(find(book, "ase.s@post.example", 0).count, 2);
	assert_int_equal(find(book, "312 400 111", 0).count, 6);
	assert_int_equal(find(book, "20835144527", 0).count, 0); /* a birth number is not searched for */
	struct search_result result = find(book, "nordmann", 0);
	for (size_t i = 1; i < result.count; i++)
		assert_true(result.case_nos[i] < result.case_nos[i - 1]);
	assert_ok(search_find(&book->op, (struct search_query){ S("nordmann"), 0, 5, false }, &result));
	assert_int_equal(result.count, 5);
	assert_true(result.has_more);
	assert_fails(search_find(&book->op, (struct search_query){ S(" "), 0, 5, false }, &result), ERR_INPUT, "nothing to search");
	assert_fails(search_find(&book->op, (struct search_query){ S("å !"), 0, 5, false }, &result), ERR_INPUT, "no word");
}

static void messages_and_changed_debtors_are_followed(void **state)
{
	struct app_book *book = *state;
	int64_t id;
	many_claims(book);
	index_all(book);
	struct message_new message = { .case_no = 5, .with = MESSAGE_DEBTOR, .author = S("x"),
		.body = S("Sykkelen var ødelagt"), .now = NOW };
	assert_ok(message_send(&book->op, &message, &id));
	assert_int_equal(find(book, "sykkel", 0).count, 0);
	index_all(book);
	assert_int_equal(find(book, "sykkel", 0).count, 1);
	struct case_line *lines;
	size_t count;
	assert_ok(case_lines(&book->op, (const int64_t[]){ 4 }, 1, &lines, &count));
	int64_t debtor_id = lines[0].debtor_id;
	assert_ok(db_begin(book->op.db));
	assert_ok(search_debtor_out(&book->op, debtor_id));
	assert_ok(db_commit(book->op.db));
	assert_int_equal(find(book, "nordlys", 0).count, 0);
	assert_ok(db_begin(book->op.db));
	assert_ok(search_debtor_in(&book->op, debtor_id));
	assert_ok(db_commit(book->op.db));
	assert_int_equal(find(book, "nordlys", 0).count, 6);
	assert_ok(case_of_debtor(&book->op, debtor_id, &lines, &count));
	assert_int_equal(count, 6);
	int64_t *case_nos;
	assert_ok(case_find_contact(&book->op, S("+47 900 11 222"), &case_nos, &count));
	assert_int_equal(count, 2);
	assert_ok(case_find_contact(&book->op, S("ASE.S@post.example"), &case_nos, &count));
	assert_int_equal(count, 2);
	/* A debtor without an ident has its case too. */
	assert_ok(case_lines(&book->op, (const int64_t[]){ 1 }, 1, &lines, &count));
	assert_ok(case_of_debtor(&book->op, lines[0].debtor_id, &lines, &count));
	assert_int_equal(count, 1);
	app_sound(book);
}

/* ---- pages ---- */

/* All lines of a list, page by page to the end and back again; they must be the same. */
static size_t list_all(struct app_book *book, struct case_page_order order, int64_t *case_nos)
{
	size_t count = 0, pages = 0;
	str last_cursor = S("");
	struct case_page page;
	for (;; pages++) {
		assert_ok(case_page(&book->op, &order, &page));
		assert_true((order.cursor.size > 0) == (page.previous.size > 0));
		for (size_t i = 0; i < page.count; i++)
			case_nos[count++] = page.lines[i].case_no;
		last_cursor = page.previous;
		if (!page.next.size)
			break;
		order.cursor = page.next;
	}
	size_t left = count - page.count;
	for (order.cursor = last_cursor; order.cursor.size; order.cursor = page.previous, pages--) {
		assert_ok(case_page(&book->op, &order, &page));
		assert_true(page.count <= left);
		assert_true(page.next.size > 0);
		left -= page.count;
		for (size_t i = 0; i < page.count; i++)
			assert_int_equal(page.lines[i].case_no, case_nos[left + i]);
	}
	assert_int_equal(left, 0);
	assert_int_equal(pages, 0);
	return count;
}

static void pages_of_every_order_hold_every_case_once(void **state)
{
	struct app_book *book = *state;
	int64_t case_nos[CLAIMS + 1];
	lived(book);
	for (int sort = 0; sort < CASE_SORT_COUNT; sort++)
		for (int descending = 0; descending < 2; descending++)
			for (size_t size = 7; size < 100; size *= 3) {
				struct case_page_order order = { .filter = CASE_FILTER_ALL, .sort = (enum case_sort)sort,
					.descending = descending, .cursor = S(""), .count = size };
				size_t count = list_all(book, order, case_nos);
				assert_int_equal(count, CLAIMS);
				uint64_t seen = 0;
				for (size_t i = 0; i < count; i++)
					seen |= UINT64_C(1) << (case_nos[i] - 1);
				assert_true(seen == (UINT64_C(1) << CLAIMS) - 1);
			}
}

static void page_is_sorted_filtered_and_says_what_the_list_says(void **state)
{
	struct app_book *book = *state;
	struct case_page page;
	lived(book);
	struct case_page_order order = { .filter = CASE_FILTER_ALL, .sort = CASE_BY_AMOUNT, .descending = true,
		.cursor = S(""), .count = CASE_PAGE_MAX };
	assert_ok(case_page(&book->op, &order, &page));
	for (size_t i = 1; i < page.count; i++)
		assert_true(page.lines[i].balance.minor <= page.lines[i - 1].balance.minor);
	for (size_t i = 0; i < page.count; i++) {
		struct case_view view;
		assert_ok(case_show(&book->op, (struct case_question){ page.lines[i].case_no, DATE_NONE, DATE_NONE }, &view));
		assert_int_equal(page.lines[i].balance.minor, view.life.balance.minor);
	}
	order.filter.client_no = APP_OTHER_CLIENT;
	order.sort = CASE_BY_DUE;
	order.descending = false;
	assert_ok(case_page(&book->op, &order, &page));
	assert_int_equal(page.count, CLAIMS / 2);
	for (size_t i = 1; i < page.count; i++)
		assert_true(!date_before(page.lines[i].due_on, page.lines[i - 1].due_on));
	order.filter = CASE_FILTER_ALL;
	order.filter.stage = S("disputed");
	order.sort = CASE_BY_NUMBER;
	assert_ok(case_page(&book->op, &order, &page));
	assert_int_equal(page.count, 1);
	assert_int_equal(page.lines[0].case_no, 6);
	assert_str(page.lines[0].next_step, "review_objection");
	order.filter.stage = S("nowhere");
	assert_fails(case_page(&book->op, &order, &page), ERR_INPUT, "'nowhere' is no stage");
	order.filter = CASE_FILTER_ALL;
	order.cursor = S("a.due.1.2");
	assert_fails(case_page(&book->op, &order, &page), ERR_INPUT, "no place in this list");
	order.cursor = S("");
	index_all(book);
	order.filter.text = S("kari nord");
	order.filter.client_no = APP_CLIENT;
	assert_ok(case_page(&book->op, &order, &page));
	assert_int_equal(page.count, 6);
	order.filter.text = S("710");
	order.sort = CASE_BY_DUE;
	assert_ok(case_page(&book->op, &order, &page));
	assert_int_equal(page.count, 10); /* 7-100 … 7-109 */
}

/* ---- reports ---- */

static int64_t list_count(struct app_book *book, struct case_filter filter)
{
	struct case_page page;
	struct case_page_order order = { .filter = filter, .cursor = S(""), .count = CASE_PAGE_MAX };
	assert_ok(case_page(&book->op, &order, &page));
	assert_int_equal(page.next.size, 0);
	return i64_from_size(page.count);
}

static money list_balance(struct app_book *book, struct case_filter filter)
{
	struct case_page page;
	struct case_page_order order = { .filter = filter, .cursor = S(""), .count = CASE_PAGE_MAX };
	money sum = MONEY_ZERO;
	assert_ok(case_page(&book->op, &order, &page));
	for (size_t i = 0; i < page.count; i++)
		sum = money_add(sum, page.lines[i].balance);
	return sum;
}

static void report_holds(struct app_book *book, const struct report *report)
{
	int64_t all = 0, by_stage = 0, by_delay = 0;
	money owed = MONEY_ZERO;
	for (size_t i = 0; i < report->month_count; i++) {
		all += report->months[i].claim_count;
		assert_int_equal(list_count(book, report_filter_month(report, i, false)), report->months[i].claim_count);
		assert_int_equal(list_count(book, report_filter_month(report, i, true)), report->months[i].solved_count);
	}
	for (size_t i = 0; i < REPORT_AGE_COUNT; i++) {
		struct case_filter filter = report_filter_age(report, i, book->op.today);
		owed = money_add(owed, report->ages[i].balance);
		assert_int_equal(list_count(book, filter), report->ages[i].case_count);
		assert_int_equal(list_balance(book, filter).minor, report->ages[i].balance.minor);
	}
	for (size_t i = 0; i < REPORT_DELAY_COUNT; i++) {
		by_delay += report->delays[i].claim_count;
		assert_int_equal(list_count(book, report_filter_delay(report, i)), report->delays[i].claim_count);
	}
	for (size_t i = 0; i < report->stage_count; i++) {
		by_stage += report->stages[i].case_count;
		assert_int_equal(list_count(book, report_filter_stage(report, i)), report->stages[i].case_count);
	}
	for (size_t i = 0; i < report->week_count; i++)
		assert_true((list_count(book, report_filter_week(report, i)) > 0) == (report->weeks[i].cash.minor != 0));
	assert_int_equal(owed.minor, report->owed.minor);
	assert_int_equal(by_delay, report->solved_count);
	assert_int_equal(by_stage, all);
}

static void figures_are_those_of_the_ledger_and_of_their_lists(void **state)
{
	struct app_book *book = *state;
	lived(book);
	struct report_order order = { .from = date_make(2026, 1, 1), .until = date_make(2026, 3, 31) };
	struct report all, parts[2];
	assert_ok(report_make(&book->op, &order, &all));
	order.client_no = APP_CLIENT;
	assert_ok(report_make(&book->op, &order, &parts[0]));
	order.client_no = APP_OTHER_CLIENT;
	assert_ok(report_make(&book->op, &order, &parts[1]));
	report_holds(book, &all);
	report_holds(book, &parts[0]);
	report_holds(book, &parts[1]);
	struct case_owed_sum owed;
	assert_ok(case_owed(&book->op, book->op.today, &owed));
	money sum = money_add(owed.principal, money_add(owed.interest, owed.costs));
	assert_int_equal(all.owed.minor, sum.minor);
	assert_int_equal(money_add(parts[0].owed, parts[1].owed).minor, sum.minor);
	/* What has come in by the bank's files and was given to cases: nothing is on hold. */
	struct report_payments_row payments;
	bool found;
	assert_ok(q_report_payments(book->op.db, book->op.arena, &payments, &found));
	assert_true(payments.sum_minor.minor > 0);
	assert_int_equal(all.cash.minor, payments.sum_minor.minor);
	assert_int_equal(money_add(parts[0].cash, parts[1].cash).minor, all.cash.minor);
	for (size_t i = 0; i < all.week_count; i++)
		assert_int_equal(money_add(parts[0].weeks[i].cash, parts[1].weeks[i].cash).minor, all.weeks[i].cash.minor);
	assert_int_equal(all.solved_count, parts[0].solved_count + parts[1].solved_count);
	assert_true(all.solved_count > 3);
	assert_true(all.days_median >= 15 && all.days_median <= 36);
	assert_int_equal(all.months[0].claim_count, CLAIMS);
	order.until = date_make(2025, 12, 31);
	assert_fails(report_make(&book->op, &order, &all), ERR_INPUT, "ends before it begins");
	order.from = date_make(2019, 1, 1);
	assert_fails(report_make(&book->op, &order, &all), ERR_INPUT, "at most 60 months");
}

static void weeks_are_those_of_iso_8601(void **state)
{
	(void)state;
	static const struct {
		const char *day;
		int year, week;
	} weeks[] = { { "2025-12-28", 2025, 52 }, { "2025-12-29", 2026, 1 }, { "2026-01-04", 2026, 1 }, { "2026-01-05", 2026, 2 },
		{ "2026-12-31", 2026, 53 }, { "2027-01-03", 2026, 53 }, { "2027-01-04", 2027, 1 }, { "2024-12-30", 2025, 1 } };
	for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
		date day;
		assert_ok(date_parse_iso(str_from_z(weeks[i].day), &day));
		struct report_week week = report_week_of(day);
		assert_int_equal(week.iso_year, weeks[i].year);
		assert_int_equal(week.iso_week, weeks[i].week);
		assert_int_equal(date_weekday(week.monday), 1);
	}
}

#define TESTS(setup) \
	{ \
		APP_TEST(numbers_are_found_without_the_index, setup), \
		APP_TEST(words_are_found_whatever_their_case_and_accents, setup), \
		APP_TEST(messages_and_changed_debtors_are_followed, setup), \
		APP_TEST(pages_of_every_order_hold_every_case_once, setup), \
		APP_TEST(page_is_sorted_filtered_and_says_what_the_list_says, setup), \
		APP_TEST(figures_are_those_of_the_ledger_and_of_their_lists, setup), \
		APP_TEST(weeks_are_those_of_iso_8601, setup), \
	}

APP_MAIN("lists")
