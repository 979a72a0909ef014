/* Messages listed, and looked up for somebody who asks whether one is ours. */
#include "app/dispatch.h"

#include "app/setting.h"
#include "app/setup.h"
#include "sql.h"

enum { CODES_MAX = 10, MATCHES_MAX = CODES_MAX * 40 };

err_t dispatch_list(const struct op *op, const struct dispatch_question *question, struct dispatch_row **ret_rows,
	size_t *ret_count)
{
	struct dispatch_page_row *found;
	size_t count;
	TRY(q_dispatch_page(op->db, op->arena, question->case_no, question->state, question->before ? question->before : INT64_MAX,
		i64_from_size(question->count), &found, &count));
	struct dispatch_row *rows = arena_many(op->arena, count, struct dispatch_row);
	for (size_t i = 0; i < count; i++) {
		const struct dispatch_page_row *row = &found[i];
		rows[i] = (struct dispatch_row){
			.dispatch_id = row->dispatch_id,
			.case_no = row->case_id,
			.letter_no = row->has_letter_no ? row->letter_no : 0,
			.kind = row->kind.at ? row->kind : S(""),
			.channel = row->channel,
			.address = row->address,
			.subject = row->subject,
			.code = row->code,
			.state = row->state,
			.detail = row->detail,
			.urgent = row->urgent != 0,
			.try_count = row->try_count,
			.created_at = row->created_at,
			.next_at = row->has_next_at ? row->next_at : 0,
			.sent_at = row->has_sent_at ? row->sent_at : 0,
			.ended_at = row->has_ended_at ? row->ended_at : 0,
		};
	}
	*ret_rows = rows;
	*ret_count = count;
	return OK;
}

/* ---- is it ours? ---- */

struct finding {
	const struct op *op;
	struct genuine_match *matches;
	size_t count;
};

static void match_add(struct finding *finding, struct genuine_match match)
{
	if (finding->count < MATCHES_MAX)
		finding->matches[finding->count++] = match;
}

static err_t messages_match(struct finding *finding, str code)
{
	struct dispatch_by_code_row *rows;
	size_t count;
	TRY(q_dispatch_by_code(finding->op->db, finding->op->arena, code, &rows, &count));
	for (size_t i = 0; i < count; i++)
		match_add(finding, (struct genuine_match){ code, rows[i].case_id, rows[i].sent_on, rows[i].body });
	return OK;
}

/* A letter's code follows from its number, so it is compared with those of the case's letters, and the receipt's. */
static err_t letters_match(struct finding *finding, str secret, str code, int64_t case_no)
{
	struct dispatch_letters_of_row *rows;
	size_t count;
	TRY(q_dispatch_letters_of(finding->op->db, finding->op->arena, case_no, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (str_eq_z(code, letter_code(secret, case_no, rows[i].letter_no).z))
			match_add(finding, (struct genuine_match){ code, case_no, rows[i].handed_on, S("") });
	if (str_eq_z(code, letter_code(secret, case_no, 0).z))
		match_add(finding, (struct genuine_match){ code, case_no, DATE_NONE, S("") });
	return OK;
}

static err_t matches_find(struct finding *finding, const struct genuine_text *found)
{
	str secret;
	TRY(letter_secret(finding->op, &secret));
	for (size_t i = 0; i < found->code_count && i < CODES_MAX; i++) {
		TRY(messages_match(finding, found->codes[i]));
		for (size_t k = 0; k < found->case_count && k < CODES_MAX; k++)
			TRY(letters_match(finding, secret, found->codes[i], found->case_nos[k]));
	}
	return OK;
}

err_t dispatch_find_text(const struct op *op, str text, struct genuine_answer *ret_answer)
{
	static const str known[] = { { "finkn.no", 8 }, { "nav.no", 6 }, { "finanstilsynet.no", 17 }, { "lovdata.no", 10 } };
	struct agency agency;
	str web, sender;
	TRY(agency_load(op, &agency));
	TRY(setting_get(op, "web.address", &web));
	TRY(setting_get(op, "sms.sender", &sender));
	const str phones[] = { genuine_phone(op->arena, agency.phone), genuine_phone(op->arena, sender) };
	const str accounts[] = { agency.account, agency.own_account };
	struct genuine_text *found = arena_new(op->arena, struct genuine_text);
	struct finding finding = { .op = op, .matches = arena_many(op->arena, MATCHES_MAX, struct genuine_match) };
	struct genuine_facts facts = {
		.own_domain = genuine_domain(op->arena, web),
		.known_domains = known,
		.known_domain_count = sizeof known / sizeof *known,
		.own_phones = phones,
		.own_phone_count = sizeof phones / sizeof *phones,
		.own_accounts = accounts,
		.own_account_count = sizeof accounts / sizeof *accounts,
	};
	genuine_scan(op->arena, text, facts.own_domain, found);
	TRY(matches_find(&finding, found));
	facts.matches = finding.matches;
	facts.match_count = finding.count;
	if (text.size > GENUINE_TEXT_SIZE_MAX)
		text.size = GENUINE_TEXT_SIZE_MAX;
	*ret_answer = genuine_judge(op->arena, text, found, &facts);
	return OK;
}
