#include "core/letter.h"

#include "format/letter_text.h"
#include "letter_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct letter_source *sources;
static struct letter_book *book;

static int setup(void **state)
{
	(void)state;
	arena = arena_create((size_t)512 << 20);
	sources = sample_sources(arena);
	err_t err = letter_book_parse(arena, sources, embedded_letters_count, &book);
	if (err)
		print_error("%s\n", err_text(err));
	return err != OK;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void assert_fails(err_t err, enum err_kind kind, const char *says)
{
	assert_non_null(err);
	if (!strstr(err_text(err), says))
		fail_msg("'%s' does not say '%s'", err_text(err), says);
	assert_int_equal(err_kind(err), kind);
	err_free(err);
}

static void assert_text(str text, const char *expected)
{
	if (!str_eq_z(text, expected))
		fail_msg("'%.*s' is not '%s'", STR_ARG(text), expected);
}

/* ---- The law in the templates ---- */

static void every_template_says_what_the_law_wants(void **state)
{
	(void)state;
	struct letter_finding *findings;
	size_t count;
	letter_lint(book, arena, &findings, &count);
	for (size_t i = 0; i < count; i++)
		print_error("%.*s\n", STR_ARG(findings[i].text));
	assert_int_equal(count, 0);
}

/* The source index with another text in the place of one: its findings. */
static size_t findings_with(size_t index, str body, struct letter_finding **ret_findings)
{
	str kept = sources[index].body;
	sources[index].body = body;
	struct letter_book *changed;
	err_t err = letter_book_parse(arena, sources, embedded_letters_count, &changed);
	sources[index].body = kept;
	if (err)
		fail_msg("%s", err_text(err));
	size_t count;
	letter_lint(changed, arena, ret_findings, &count);
	return count;
}

/* body without the bytes from..to. */
static str body_without(str body, size_t from, size_t to)
{
	struct text text = text_in(arena, body.size + 1);
	text_add(&text, (str){ body.at, from });
	text_add(&text, (str){ body.at + to, body.size - to });
	return text_str(&text);
}

/* Where the text marked at `at` ends: the next marker or the end of the paragraph. */
static size_t item_end(str body, size_t at)
{
	size_t end = at + 1;
	while (end + 6 < body.size && !str_starts((str){ body.at + end, body.size - end }, S("{item:")) &&
		!str_starts((str){ body.at + end, body.size - end }, S("\n\n")) &&
		!str_starts((str){ body.at + end, body.size - end }, S("\n[")))
		end++;
	return end;
}

static bool item_is_required(str item)
{
	for (size_t i = 0; i < embedded_letters_count; i++)
		if (strcmp(sources[i].name, "required.txt") == 0)
			return str_has(sources[i].body, str_format(arena, " %.*s ", STR_ARG(item)));
	return false;
}

static size_t items_removed_are_found(size_t index)
{
	str body = sources[index].body;
	size_t tried = 0;
	for (size_t at = 0; at + 6 < body.size; at++) {
		str rest, from_here = { body.at + at, body.size - at };
		if (!str_starts(from_here, S("{item:")))
			continue;
		str item = str_cut((str){ from_here.at + 6, from_here.size - 6 }, '}', &rest);
		if (!item_is_required(item))
			continue;
		struct letter_finding *findings;
		str marker = str_format(arena, "'%.*s'", STR_ARG(item));
		size_t count = findings_with(index, body_without(body, at, item_end(body, at)), &findings);
		bool told = false;
		for (size_t i = 0; i < count; i++)
			told = told || str_has(findings[i].text, marker);
		if (!told)
			fail_msg("%s: nobody misses '%.*s'", sources[index].name, STR_ARG(item));
		/* the marker alone is not the sentence */
		count = findings_with(index, body_without(body, at + item.size + 7, item_end(body, at)), &findings);
		if (!count)
			fail_msg("%s: the bare marker of '%.*s' is taken for it", sources[index].name,
				STR_ARG(item));
		tried++;
	}
	return tried;
}

static void a_required_sentence_taken_out_is_found(void **state)
{
	(void)state;
	size_t tried = 0;
	for (size_t i = 0; i < embedded_letters_count; i++)
		if (strstr(sources[i].name, ".nb.txt") || strstr(sources[i].name, ".en.txt"))
			tried += items_removed_are_found(i);
	assert_true(tried >= 80);
}

static size_t source_index(const char *name)
{
	for (size_t i = 0; i < embedded_letters_count; i++)
		if (strcmp(sources[i].name, name) == 0)
			return i;
	fail_msg("no %s", name);
	return 0;
}

static size_t find(str body, const char *part)
{
	str wanted = str_from_z(part);
	for (size_t i = 0; i + wanted.size <= body.size; i++)
		if (str_eq((str){ body.at + i, wanted.size }, wanted))
			return i;
	fail_msg("no '%s'", part);
	return 0;
}

static void a_required_table_taken_out_is_found(void **state)
{
	(void)state;
	static const char *const blocks[] = { "[table]", "[payment]", "[claims]" };
	size_t index = source_index("demand.nb.txt");
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		struct letter_finding *findings;
		size_t at = find(sources[index].body, blocks[i]);
		str body = body_without(sources[index].body, at, at + strlen(blocks[i]));
		assert_int_equal(findings_with(index, body, &findings), 1);
		assert_true(str_has(findings[0].text, str_from_z(blocks[i])));
	}
}

static void an_item_that_is_only_sometimes_there_is_found(void **state)
{
	(void)state;
	size_t index = source_index("demand.en.txt");
	str body = sources[index].body;
	size_t at = find(body, "{item:complaint_board}"), end = item_end(body, at);
	str changed = str_format(arena, "%.*s[if code]\n%.*s\n[end]%.*s", (int)at, body.at, (int)(end - at),
		body.at + at, (int)(body.size - end), body.at + end);
	struct letter_finding *findings;
	assert_true(findings_with(index, changed, &findings) > 0);
	assert_true(str_has(findings[0].text, S("§§ 10 (f), 22")));
}

static void words_that_must_never_be_said_are_found(void **state)
{
	(void)state;
	size_t index = source_index("notice.nb.txt");
	struct letter_finding *findings;
	str changed =
		str_format(arena, "%.*s\nEtter fristen må du betale inkassosalær.\n", STR_ARG(sources[index].body));
	assert_int_equal(findings_with(index, changed, &findings), 1);
	assert_true(str_has(findings[0].text, S("FinKN 2025-240")));
}

static void a_message_that_tells_the_amount_is_found(void **state)
{
	(void)state;
	size_t index = source_index("messages.en.txt");
	str body = sources[index].body;
	size_t at = find(body, "You have a reminder");
	struct letter_finding *findings;
	str changed = str_format(
		arena, "%.*sNOK {total} {debtor_name} %.*s", (int)at, body.at, (int)(body.size - at), body.at + at);
	assert_int_equal(findings_with(index, changed, &findings), 2);
}

static void a_book_with_findings_is_refused(void **state)
{
	(void)state;
	size_t index = source_index("demand.nb.txt");
	str kept = sources[index].body;
	size_t at = find(kept, "{item:complaint_board}");
	sources[index].body = body_without(kept, at, item_end(kept, at));
	struct letter_book *refused = NULL;
	err_t err = letter_book_load(arena, sources, embedded_letters_count, &refused);
	sources[index].body = kept;
	assert_fails(err, ERR_REFUSED, "complaint_board");
	assert_null(refused);
}

/* ---- Parsing ---- */

static void assert_template_refused(const char *name, const char *body, const char *says)
{
	size_t index = source_index(name);
	str kept = sources[index].body;
	sources[index].body = str_from_z(body);
	struct letter_book *refused = NULL;
	err_t err = letter_book_parse(arena, sources, embedded_letters_count, &refused);
	sources[index].body = kept;
	assert_fails(err, ERR_INPUT, says);
	assert_null(refused);
}

static void a_bad_template_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_template_refused(
		"demand.nb.txt", "# T\n\nDu skylder {totl}.\n", "demand.nb.txt:3: unknown placeholder 'totl'");
	assert_template_refused("demand.nb.txt", "# T\n\nDu skylder {total\n", "no '}'");
	assert_template_refused("demand.nb.txt", "# T\n[if sunny]\nX\n[end]\n", ":2: unknown condition 'sunny'");
	assert_template_refused("demand.nb.txt", "# T\n[if code]\nX\n", "no [end]");
	assert_template_refused(
		"demand.nb.txt", "# T\n[if code]\n[if fees]\n[end]\n[end]\n", ":3: [if] inside [if]");
	assert_template_refused("demand.nb.txt", "# T\n[end]\n", "no [if]");
	assert_template_refused("demand.nb.txt", "# T\n[tabel]\n", "unknown line '[tabel]'");
	assert_template_refused("demand.nb.txt", "Ingen tittel\n", "no title");
	assert_template_refused("demand.nb.txt", "# T\n\n\xFF\n", "not UTF-8");
	assert_template_refused("labels.nb.txt", "principal = Hovedstol\n", "lacks the label 'interest'");
	assert_template_refused("labels.nb.txt", "princpal = Hovedstol\n", "unknown label 'princpal'");
	assert_template_refused("messages.nb.txt", "# reminder\nsms: Hei\nbody:\nHei\n", "lacks 'subject'");
	assert_template_refused("messages.nb.txt", "# remindr\n", "unknown kind");
	assert_template_refused("required.txt", "need demand x | § 1\n", "incomplete requirement");
	assert_template_refused("required.txt", "ned demand x | § 1 | a\n", "unknown line");
	assert_template_refused("required.txt", "need demnd x | § 1 | a\n", "unknown kind 'demnd'");
	assert_template_refused("demand.nb.txt", "# T\n[if code\nX\n", ":2: unknown line '[if code'");
	assert_template_refused("demand.nb.txt", "# T\n\n{item:}\n", ":3: unknown placeholder 'item:'");
	assert_template_refused("demand.nb.txt", "# T\nDu {nix}\n# H\n", "unknown placeholder 'nix'");
	assert_template_refused("messages.nb.txt", "\nsms: Hei\n", ":2: unknown line 'sms: Hei'");
	assert_template_refused("messages.nb.txt", "# reminder\nfax: Hei\n", ":2: unknown line 'fax: Hei'");
	assert_template_refused("messages.nb.txt", "# reminder\nsms: {nix}\n", "unknown placeholder 'nix'");
	assert_template_refused("messages.nb.txt", "# reminder\nbody:\n\n{nix}\n", "unknown placeholder 'nix'");
	assert_template_refused("required.txt", "\nneed demand | § 1 | a\n", ":2: incomplete requirement");
	assert_template_refused("required.txt", "need demand x | | a\n", "incomplete requirement");
	assert_template_refused("required.txt", "need demand x if sunny | § 1 | a\n", "unknown condition 'sunny'");
	assert_template_refused("required.txt", "never demnd nb | a | b\n", "unknown kind 'demnd'");
	assert_template_refused("required.txt", "never demand xx | a | b\n", "unknown language 'xx'");
	assert_template_refused("required.txt", "never demand nb | | b\n", "incomplete requirement");
	assert_template_refused("required.txt", "never demand nb | a |\n", "incomplete requirement");
}

/* head, then line count times. */
static const char *repeated(const char *head, const char *line, size_t count)
{
	struct text text = text_in(arena, 1 << 16);
	text_add_z(&text, head);
	for (size_t i = 0; i < count; i++)
		text_add_z(&text, line);
	return text_str(&text).at;
}

static void a_template_has_an_end(void **state)
{
	(void)state;
	assert_template_refused("demand.nb.txt", repeated("# T\n\n", "{kid} ", 64), "too many placeholders");
	assert_template_refused("demand.nb.txt", repeated("# T\n\n", "[table]\n", 64), ":66: ");
	assert_template_refused(
		"required.txt", repeated("", "need demand x | § 1 | a\n", 201), ":201: too many requirements");
	assert_template_refused(
		"required.txt", repeated("", "never demand nb | a | b\n", 201), ":201: too many requirements");
}

/* Each file of the folder is needed, in both languages. */
static void each_missing_file_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < embedded_letters_count; i++) {
		const char *name = sources[i].name;
		sources[i].name = "other.txt";
		struct letter_book *refused = NULL;
		err_t err = letter_book_load(arena, sources, embedded_letters_count, &refused);
		sources[i].name = name;
		assert_fails(err, ERR_INPUT, name);
		assert_null(refused);
	}
}

static void kinds_read_back(void **state)
{
	(void)state;
	for (int i = 0; i < LETTER_KIND_COUNT; i++) {
		enum letter_kind kind = LETTER_KIND_COUNT;
		err_t err = letter_kind_parse(str_from_z(letter_kind_name((enum letter_kind)i)), &kind);
		assert_null(err);
		assert_int_equal(kind, i);
	}
	enum letter_kind kind;
	assert_fails(letter_kind_parse(S("purring"), &kind), ERR_INPUT, "'purring' is not a kind of letter");
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	struct letter_book *refused;
	assert_fails(letter_book_parse(arena, sources, 1, &refused), ERR_INPUT, "lacks reminder.nb.txt");
}

/* ---- Facts into words ---- */

static str filled_text(const struct letter *letter)
{
	struct letter_content content;
	err_t err = letter_fill(arena, book, letter, &content);
	if (err)
		fail_msg("%s", err_text(err));
	struct text text = text_in(arena, 1 << 20);
	for (size_t i = 0; i < content.block_count; i++)
		text_addf(&text, "%.*s\n", STR_ARG(content.blocks[i].text));
	return str_copy(arena, text_str(&text));
}

static void a_demand_says_everything(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	str text = filled_text(&letter);
	assert_true(str_has(text, S("Du skylder penger til Nordlys Fotballklubb SA.")));
	assert_true(str_has(text,
		S("innen 29.\xC2\xA0januar\xC2\xA0"
		  "2026.")));
	assert_true(str_has(text, S("12,25\xC2\xA0% i året")));
	assert_true(str_has(text, S("kan inkassosalæret bli 750,00 kroner")));
	assert_true(str_has(text, S("Finansklagenemnda")));
	assert_true(str_has(text, S("post@fjordkrav.example")));
	assert_false(str_has(text, S("{")));
	assert_false(str_has(text, S("standardkompensasjon")));
	letter.language = LETTER_EN;
	text = filled_text(&letter);
	assert_true(str_has(text,
		S("by 29\xC2\xA0January\xC2\xA0"
		  "2026.")));
	assert_true(str_has(text, S("12.25% a year")));
	assert_true(str_has(text, S("NOK 750.00")));
}

static void compensation_is_told_when_it_is_charged(void **state)
{
	(void)state;
	for (int kind = LETTER_REMINDER; kind <= LETTER_ENFORCEMENT_NOTICE; kind++) {
		struct letter letter = sample_letter(arena, (enum letter_kind)kind, LETTER_NB);
		assert_false(str_has(filled_text(&letter), S("standardkompensasjon")));
		letter.amounts.compensation = money_of(46000);
		letter.amounts.total = money_add(letter.amounts.total, money_of(46000));
		assert_true(str_has(filled_text(&letter), S("standardkompensasjon på 460,00 kroner")));
	}
}

static void a_plan_says_whether_the_salaer_may_grow(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_PLAN, LETTER_NB);
	assert_true(str_has(filled_text(&letter), S("Inkassosalæret kan bli 750,00 kroner fra 27.")));
	letter.coming_salaer = MONEY_ZERO;
	assert_true(str_has(filled_text(&letter), S("Avtalen gjør ikke at inkassosalæret blir høyere.")));
	assert_true(str_has(filled_text(&letter), S("i 12 avdrag")));
}

static void a_receipt_tells_a_paid_case_from_a_rest(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_RECEIPT, LETTER_NB);
	assert_true(str_has(filled_text(&letter),
		S("Det står igjen 1\xC2\xA0"
		  "899,71 kroner")));
	letter.amounts = (struct letter_amounts){ .principal = { 50000 }, .paid = { 50000 } };
	assert_true(str_has(filled_text(&letter), S("Alt er betalt")));
}

static void rows_are_those_that_are_not_zero(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	letter.amounts.paid = money_of(1000);
	letter.amounts.total = money_of(188971);
	struct letter_row rows[LETTER_ROW_MAX];
	assert_int_equal(letter_rows(arena, book, &letter, rows), 5);
	assert_text(rows[1].label,
		"Forsinkelsesrente til og med 15.\xC2\xA0januar\xC2\xA0"
		"2026");
	assert_int_equal(rows[3].amount.minor, -1000);
	assert_true(rows[4].total);
	int64_t sum = 0;
	for (int i = 0; i < 4; i++)
		sum += rows[i].amount.minor;
	assert_int_equal(sum, rows[4].amount.minor);
}

/* ---- Checks ---- */

static void a_deadline_of_13_days_is_refused_and_14_is_not(void **state)
{
	(void)state;
	static const enum letter_kind kinds[] = { LETTER_NOTICE, LETTER_DEMAND, LETTER_OWN_DEMAND,
		LETTER_ENFORCEMENT_NOTICE };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct letter letter = sample_letter(arena, kinds[i], LETTER_NB);
		letter.deadline_on = date_add(letter.sent_on, 14);
		assert_null(letter_check(&letter));
		letter.deadline_on = date_add(letter.sent_on, 13);
		assert_fails(letter_check(&letter), ERR_REFUSED, "at least 14");
		letter.deadline_on = DATE_NONE;
		assert_fails(letter_check(&letter), ERR_REFUSED, "needs a deadline");
	}
}

static void amounts_that_do_not_add_up_are_refused(void **state)
{
	(void)state;
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	letter.amounts.total.minor++;
	assert_fails(letter_check(&letter), ERR_INTERNAL, "add up to 1899.71");
	letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	letter.amounts.fees.minor = -1;
	letter.amounts.total.minor--;
	assert_fails(letter_check(&letter), ERR_INTERNAL, "cannot ask for '-0.01'");
}

static void what_a_letter_lacks_is_named(void **state)
{
	(void)state;
	struct letter good = sample_letter(arena, LETTER_DEMAND, LETTER_NB), letter = good;
	letter.kid = S("");
	assert_fails(letter_check(&letter), ERR_INPUT, "KID");
	letter = good;
	letter.creditor = S("\xFF");
	assert_fails(letter_check(&letter), ERR_INPUT, "creditor of a letter is not UTF-8");
	letter = good;
	letter.claim_count = 0;
	assert_fails(letter_check(&letter), ERR_INPUT, "claims");
	letter = good;
	letter.interest_from = DATE_NONE;
	assert_fails(letter_check(&letter), ERR_REFUSED, "from when");
	letter = good;
	letter.coming_salaer_on = DATE_NONE;
	assert_fails(letter_check(&letter), ERR_INPUT, "coming salær");
	letter = good;
	letter.kind = LETTER_PLAN;
	letter.instalment_count = 0;
	assert_fails(letter_check(&letter), ERR_INPUT, "no instalments");
	letter.kind = LETTER_RECEIPT;
	letter.paid_amount = MONEY_ZERO;
	assert_fails(letter_check(&letter), ERR_INPUT, "lacks its payment");
	letter.paid_amount = money_of(100);
	letter.paid_on = DATE_NONE;
	assert_fails(letter_check(&letter), ERR_INPUT, "lacks its payment");
	letter = good;
	letter.sent_on = DATE_NONE;
	assert_fails(letter_check(&letter), ERR_INPUT, "lacks the day it is sent");
	letter = sample_letter(arena, LETTER_NOTICE, LETTER_NB);
	letter.deadline_on = DATE_NONE;
	assert_fails(letter_check(&letter), ERR_REFUSED, "the kind 'notice' needs a deadline");
	letter = sample_letter(arena, LETTER_RESIDUAL_REMINDER, LETTER_NB); /* a deadline is not needed, but not yesterday */
	letter.deadline_on = date_add(letter.sent_on, -1);
	assert_fails(letter_check(&letter), ERR_INPUT, "the deadline 2026-01-14 is before the letter");
	letter = good;
	letter.amounts.interest = money_of(-1);
	assert_fails(letter_check(&letter), ERR_INTERNAL, "cannot ask for '-0.01'");
	letter = good;
	letter.amounts.paid = money_of(-1);
	assert_fails(letter_check(&letter), ERR_INTERNAL, "cannot show '-0.01' as paid");
}

/* Every text that a person has written is looked at, with its own words. */
static void each_text_must_be_there_and_utf8(void **state)
{
	(void)state;
	static struct letter letter;
	static struct letter_claim claim;
	static const struct {
		str *text;
		const char *what;
		bool needed;
	} texts[] = {
		{ &letter.agency.name, "agency's name", true },
		{ &letter.agency.address, "agency's address", true },
		{ &letter.agency.account, "agency's account", true },
		{ &letter.debtor.name, "debtor's name", true },
		{ &letter.debtor.address, "debtor's address", false },
		{ &letter.debtor.city, "debtor's city", false },
		{ &letter.creditor, "creditor", true },
		{ &letter.code, "code", false },
		{ &letter.basis, "basis", false },
		{ &letter.kid, "KID", true },
		{ &claim.invoice_no, "invoice number", false },
		{ &claim.description, "claim's description", false },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
		claim = letter.claims[0];
		letter.claims = &claim;
		*texts[i].text = S("");
		err_t err = letter_check(&letter);
		assert_int_equal(err != OK, texts[i].needed);
		if (err)
			assert_fails(err, ERR_INPUT, texts[i].what);
		*texts[i].text = S("\xD8" "degaard");
		assert_fails(letter_check(&letter), ERR_INPUT, texts[i].what);
		struct letter_content content;
		assert_fails(letter_fill(arena, book, &letter, &content), ERR_INPUT, "is not UTF-8 text");
	}
	claim = sample_letter(arena, LETTER_DEMAND, LETTER_NB).claims[0];
	letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	claim.due_on = DATE_NONE;
	letter.claims = &claim;
	assert_fails(letter_check(&letter), ERR_INPUT, "lacks its due date");
	letter.claim_count = LETTER_CLAIM_MAX + 1;
	assert_fails(letter_check(&letter), ERR_INPUT, "1 to 2000 claims, not 2001");
	letter = sample_letter(arena, LETTER_PLAN, LETTER_NB);
	letter.instalment_count = LETTER_INSTALMENT_MAX + 1;
	assert_fails(letter_check(&letter), ERR_INPUT, "at most 400 instalments, not 401");
}

/* A template may use any of the places, whether the ready-made ones do or not. */
static void every_place_has_its_fact(void **state)
{
	(void)state;
	size_t index = source_index("demand.nb.txt");
	str kept = sources[index].body;
	sources[index].body = S("# {creditor} {case_no} {kid} {code} {basis} {account} {sent_on} {deadline}\n\n"
				"{total}|{principal}|{interest}|{fees}|{compensation}|{salaer}|{plan_fee}\n\n"
				"{coming_salaer} {coming_salaer_on} {interest_rate} {interest_from} {invoice_no} {due_on}\n\n"
				"{claim_count} {instalment_count} {first_instalment} {first_instalment_on} {paid_on} {paid_amount}\n\n"
				"{agency_name} {agency_address} {agency_phone} {agency_email} {agency_web} {debtor_name}\n\n"
				"[if plan_fee]\nP\n[end]\n[if no many_claims]\nEn\n[end]\n[if basis]\nB\n[end]\n");
	struct letter_book *own = NULL;
	err_t err = letter_book_parse(arena, sources, embedded_letters_count, &own);
	sources[index].body = kept;
	if (err)
		fail_msg("%s", err_text(err));
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_EN);
	letter.language = LETTER_NB;
	letter.basis = S("dom");
	struct letter_content content;
	err = letter_fill(arena, own, &letter, &content);
	assert_null(err);
	assert_int_equal(content.block_count, 7);
	static const char *const expected[] = {
		"Nordlys Fotballklubb SA 100234 1002340000017 K7PM-29XR dom 1503 00 00006 15. januar 2026 29. januar 2026",
		"1 899,71|1 480,00|44,71|0,00|0,00|375,00|0,00",
		"750,00 27. februar 2026 12,25 % 16. oktober 2025 2025-73001 15. oktober 2025",
		"1 12 150,00 15. februar 2026 14. januar 2026 500,00",
		"Fjordkrav SA Storgata 12, 0155 Oslo 22 00 00 00 post@fjordkrav.example fjordkrav.example Bjørg Ødegård",
		"En",
		"B",
	};
	for (size_t i = 0; i < content.block_count; i++) {
		struct text plain = text_in(arena, 1000); /* a no-break space is a space here */
		for (str rest = content.blocks[i].text; rest.size;) {
			str before = rest;
			bool blank = str_take_char(&rest) == 0xA0;
			text_add(&plain, blank ? S(" ") : (str){ before.at, before.size - rest.size });
		}
		assert_text(text_str(&plain), expected[i]);
	}
	/* Without a plan there is no first instalment. */
	letter.instalment_count = 0;
	err = letter_fill(arena, own, &letter, &content);
	assert_null(err);
	assert_true(str_has(content.blocks[3].text, S("1 0 0,00")));
}

/* ---- Reading and writing ---- */

static void dates_and_numbers_are_as_people_write(void **state)
{
	(void)state;
	assert_text(letter_date(arena, LETTER_NB, date_make(2026, 5, 1)),
		"1.\xC2\xA0mai\xC2\xA0"
		"2026");
	assert_text(letter_date(arena, LETTER_EN, date_make(2026, 5, 1)),
		"1\xC2\xA0May\xC2\xA0"
		"2026");
	assert_text(letter_date(arena, LETTER_NB, DATE_NONE), "");
	assert_text(letter_date_short(arena, LETTER_NB, date_make(2026, 5, 1)), "01.05.2026");
	assert_text(letter_date_short(arena, LETTER_EN, date_make(2026, 5, 1)),
		"1\xC2\xA0May\xC2\xA0"
		"2026");
	assert_text(letter_money(arena, LETTER_NB, money_of(348000)),
		"3\xC2\xA0"
		"480,00");
	assert_text(letter_money(arena, LETTER_EN, money_of(348000)), "3,480.00");
	assert_text(letter_rate(arena, LETTER_NB, 1225), "12,25\xC2\xA0%");
	assert_text(letter_rate(arena, LETTER_NB, 1250), "12,5\xC2\xA0%");
	assert_text(letter_rate(arena, LETTER_EN, 1200), "12%");
	assert_text(letter_rate(arena, LETTER_EN, 805), "8.05%");
	assert_text(letter_account(arena, S("15030000006")),
		"1503\xC2\xA0"
		"00\xC2\xA0"
		"00006");
	assert_text(letter_account(arena, S("1503")), "1503");
	assert_text(letter_orgnr(arena, S("987654325")),
		"987\xC2\xA0"
		"654\xC2\xA0"
		"325");
	assert_text(letter_country(LETTER_NB, S("SE")), "SVERIGE");
	assert_text(letter_country(LETTER_EN, S("SE")), "SWEDEN");
	assert_text(letter_country(LETTER_EN, S("NO")), "");
	assert_text(letter_country(LETTER_EN, S("XX")), "XX");
}

static void lix_is_words_a_sentence_and_long_words(void **state)
{
	(void)state;
	assert_int_equal(letter_lix(S("")), 0);
	assert_int_equal(letter_lix(S("Vi er her. Du er der.")), 3); /* 3 words a sentence */
	assert_int_equal(
		letter_lix(S("Betalingsoppfordringen kom fram til deg.")), 5 + 20); /* one of five is long */
	assert_int_equal(letter_lix(S("åååååå ååååååå.")), 2 + 50);                 /* letters, not bytes */
	assert_int_equal(letter_lix(S("Ring 3.480 no.")), 4); /* a point inside ends nothing */
}

static void norwegian_letters_are_easy_to_read(void **state)
{
	(void)state;
	for (int kind = 0; kind < LETTER_KIND_COUNT; kind++) {
		struct letter letter = sample_letter(arena, (enum letter_kind)kind, LETTER_NB);
		for (int full = 0; full < 2; full++) {
			if (full) {
				letter.amounts.compensation = letter.amounts.fees = letter.amounts.plan_fee =
					money_of(1000);
				letter.amounts.total = money_add(letter.amounts.total, money_of(3000));
			}
			int lix = letter_lix(filled_text(&letter));
			print_message("%s LIX %d\n", letter_kind_name(letter.kind), lix);
			assert_true(lix <= 40);
		}
	}
}

/* ---- Messages ---- */

static void messages_tell_nothing_to_others(void **state)
{
	(void)state;
	for (int kind = 0; kind < LETTER_KIND_COUNT; kind++) {
		for (int language = 0; language < LETTER_LANGUAGE_COUNT; language++) {
			struct letter letter =
				sample_letter(arena, (enum letter_kind)kind, (enum letter_language)language);
			letter.agency.name = S("Nord-Norsk Fjordkrav Inkasso SA");
			letter.case_no = 123456789012;
			str sms;
			struct letter_email email;
			assert_null(letter_text_sms(arena, book, &letter, &sms));
			assert_null(letter_text_email(arena, book, &letter, &email));
			assert_true(sms_size(sms) <= SMS_SIZE_MAX);
			const str all[] = { sms, email.subject, email.body };
			for (size_t i = 0; i < 3; i++) {
				assert_false(str_has(all[i], S("899")));
				assert_false(str_has(all[i], S("Bjørg")));
				assert_false(str_has(all[i], S("Nordlys")));
				assert_true(str_has(all[i], i == 1 ? S("123456789012") : S("fjordkrav.example")));
			}
			assert_true(str_has(sms, S("K7PM-29XR")));
			assert_false(str_has(email.subject, S("\n")));
		}
	}
}

static void an_sms_keeps_to_its_alphabet(void **state)
{
	(void)state;
	assert_text(sms_text(arena,
			    S("Ærlig – Øye Åse é 3\xC2\xA0"
			      "480 Šime 陳 `")),
		"Ærlig - Øye Åse é 3 480 Sime ? ?");
	assert_int_equal(sms_size(S("a€[Å")), 6);
	struct letter letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	letter.agency.name = S(
		"Selskapet med det aller lengste navnet som noen gang er ført inn i Foretaksregisteret i Brønnøysund SA");
	str sms;
	assert_fails(letter_text_sms(arena, book, &letter, &sms), ERR_REFUSED, "one SMS has 160");
	letter = sample_letter(arena, LETTER_DEMAND, LETTER_NB);
	letter.code = S("");
	assert_fails(letter_text_sms(arena, book, &letter, &sms), ERR_INPUT, "code");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template_says_what_the_law_wants),
		cmocka_unit_test(a_required_sentence_taken_out_is_found),
		cmocka_unit_test(a_required_table_taken_out_is_found),
		cmocka_unit_test(an_item_that_is_only_sometimes_there_is_found),
		cmocka_unit_test(words_that_must_never_be_said_are_found),
		cmocka_unit_test(a_message_that_tells_the_amount_is_found),
		cmocka_unit_test(a_book_with_findings_is_refused),
		cmocka_unit_test(a_bad_template_is_refused_with_its_line),
		cmocka_unit_test(a_template_has_an_end),
		cmocka_unit_test(each_missing_file_is_named),
		cmocka_unit_test(kinds_read_back),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(a_demand_says_everything),
		cmocka_unit_test(compensation_is_told_when_it_is_charged),
		cmocka_unit_test(a_plan_says_whether_the_salaer_may_grow),
		cmocka_unit_test(a_receipt_tells_a_paid_case_from_a_rest),
		cmocka_unit_test(rows_are_those_that_are_not_zero),
		cmocka_unit_test(a_deadline_of_13_days_is_refused_and_14_is_not),
		cmocka_unit_test(amounts_that_do_not_add_up_are_refused),
		cmocka_unit_test(what_a_letter_lacks_is_named),
		cmocka_unit_test(each_text_must_be_there_and_utf8),
		cmocka_unit_test(every_place_has_its_fact),
		cmocka_unit_test(dates_and_numbers_are_as_people_write),
		cmocka_unit_test(lix_is_words_a_sentence_and_long_words),
		cmocka_unit_test(norwegian_letters_are_easy_to_read),
		cmocka_unit_test(messages_tell_nothing_to_others),
		cmocka_unit_test(an_sms_keeps_to_its_alphabet),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
