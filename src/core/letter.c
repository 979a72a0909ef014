#include "core/letter.h"

#include "core/letter_book.h"

#include <string.h>

/* ---- As people write ---- */

static const char *const months[LETTER_LANGUAGE_COUNT][12] = {
	[LETTER_NB] = { "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september",
		"oktober", "november", "desember" },
	[LETTER_EN] = { "January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December" },
};

#define NO_BREAK_SPACE "\xC2\xA0"

str letter_date(struct arena *arena, enum letter_language language, date on)
{
	if (date_is_none(on))
		return S("");
	struct civil civil = date_civil(on);
	return str_format(arena, "%d%s" NO_BREAK_SPACE "%s" NO_BREAK_SPACE "%d", civil.day,
		language == LETTER_NB ? "." : "", months[language][civil.month - 1], civil.year);
}

str letter_date_short(struct arena *arena, enum letter_language language, date on)
{
	if (date_is_none(on))
		return S("");
	if (language == LETTER_NB)
		return str_copy(arena, str_from_z(date_norwegian(on).z));
	struct civil civil = date_civil(on);
	return str_format(arena, "%d" NO_BREAK_SPACE "%.3s" NO_BREAK_SPACE "%d", civil.day,
		months[language][civil.month - 1], civil.year);
}

str letter_money(struct arena *arena, enum letter_language language, money amount)
{
	struct money_text text = language == LETTER_NB ? money_norwegian(amount) : money_english(amount);
	return str_copy(arena, str_from_z(text.z));
}

str letter_rate(struct arena *arena, enum letter_language language, int rate_bp)
{
	require(rate_bp >= 0);
	const char *sign = language == LETTER_NB ? NO_BREAK_SPACE "%" : "%";
	const char *point = language == LETTER_NB ? "," : ".";
	int whole = rate_bp / 100, part = rate_bp % 100;
	if (!part)
		return str_format(arena, "%d%s", whole, sign);
	if (part % 10 == 0)
		return str_format(arena, "%d%s%d%s", whole, point, part / 10, sign);
	return str_format(arena, "%d%s%02d%s", whole, point, part, sign);
}

str letter_account(struct arena *arena, str account)
{
	if (account.size != 11 || !str_is_digits(account))
		return account;
	return str_format(arena, "%.4s" NO_BREAK_SPACE "%.2s" NO_BREAK_SPACE "%.5s", account.at, account.at + 4,
		account.at + 6);
}

str letter_orgnr(struct arena *arena, str orgnr)
{
	if (orgnr.size != 9 || !str_is_digits(orgnr))
		return orgnr;
	return str_format(
		arena, "%.3s" NO_BREAK_SPACE "%.3s" NO_BREAK_SPACE "%.3s", orgnr.at, orgnr.at + 3, orgnr.at + 6);
}

str letter_country(enum letter_language language, str code)
{
	static const struct {
		const char *code, *names[LETTER_LANGUAGE_COUNT];
	} countries[] = {
		{ "SE", { "SVERIGE", "SWEDEN" } },
		{ "DK", { "DANMARK", "DENMARK" } },
		{ "FI", { "FINLAND", "FINLAND" } },
		{ "IS", { "ISLAND", "ICELAND" } },
		{ "DE", { "TYSKLAND", "GERMANY" } },
		{ "PL", { "POLEN", "POLAND" } },
		{ "LT", { "LITAUEN", "LITHUANIA" } },
		{ "LV", { "LATVIA", "LATVIA" } },
		{ "EE", { "ESTLAND", "ESTONIA" } },
		{ "GB", { "STORBRITANNIA", "UNITED KINGDOM" } },
		{ "NL", { "NEDERLAND", "NETHERLANDS" } },
		{ "ES", { "SPANIA", "SPAIN" } },
		{ "FR", { "FRANKRIKE", "FRANCE" } },
		{ "RO", { "ROMANIA", "ROMANIA" } },
		{ "US", { "USA", "USA" } },
	};
	if (!code.size || str_eq(code, S("NO")))
		return S("");
	for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
		if (str_eq_z(code, countries[i].code))
			return str_from_z(countries[i].names[language]);
	return code;
}

/* ---- Checks ---- */

/* The kinds whose deadline the law sets: at least 14 days from sending. */
static bool kind_needs_deadline(enum letter_kind kind)
{
	return kind == LETTER_NOTICE || kind == LETTER_DEMAND || kind == LETTER_OWN_DEMAND ||
		kind == LETTER_ENFORCEMENT_NOTICE;
}

static err_t check_deadline(const struct letter *letter)
{
	if (date_is_none(letter->deadline_on)) {
		if (kind_needs_deadline(letter->kind))
			return fail(ERR_REFUSED, "a letter of the kind '%s' needs a deadline",
				letter_kind_name(letter->kind));
		return OK;
	}
	int days = date_diff(letter->sent_on, letter->deadline_on);
	if (kind_needs_deadline(letter->kind) && days < LETTER_DEADLINE_DAYS_MIN)
		return fail(ERR_REFUSED, "the deadline %s gives %d days from %s; the law gives at least %d",
			date_iso(letter->deadline_on).z, days, date_iso(letter->sent_on).z,
			LETTER_DEADLINE_DAYS_MIN);
	if (days < 0)
		return fail(ERR_INPUT, "the deadline %s is before the letter", date_iso(letter->deadline_on).z);
	return OK;
}

static err_t check_amounts(const struct letter_amounts *amounts)
{
	const money parts[] = { amounts->principal, amounts->interest, amounts->fees, amounts->compensation,
		amounts->salaer, amounts->plan_fee, amounts->legal };
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].minor < 0)
			return fail(ERR_INTERNAL, "a letter cannot ask for '%s'", money_plain(parts[i]).z);
		sum = money_add(sum, parts[i]);
	}
	if (amounts->paid.minor < 0)
		return fail(ERR_INTERNAL, "a letter cannot show '%s' as paid", money_plain(amounts->paid).z);
	sum = money_sub(sum, amounts->paid);
	if (sum.minor != amounts->total.minor)
		return fail(ERR_INTERNAL, "the rows of a letter add up to %s and its total is %s",
			money_plain(sum).z, money_plain(amounts->total).z);
	return OK;
}

static err_t check_text(const char *what, str text, bool needed)
{
	if (needed && !text.size)
		return fail(ERR_INPUT, "a letter lacks the %s", what);
	if (!str_is_utf8(text))
		return fail(ERR_INPUT, "the %s of a letter is not UTF-8 text", what);
	return OK;
}

static err_t check_texts(const struct letter *letter)
{
	TRY(check_text("agency's name", letter->agency.name, true));
	TRY(check_text("agency's address", letter->agency.address, true));
	TRY(check_text("agency's account", letter->agency.account, true));
	TRY(check_text("debtor's name", letter->debtor.name, true));
	TRY(check_text("debtor's address", letter->debtor.address, false));
	TRY(check_text("debtor's city", letter->debtor.city, false));
	TRY(check_text("creditor", letter->creditor, true));
	TRY(check_text("code", letter->code, false));
	TRY(check_text("basis", letter->basis, false));
	return check_text("KID", letter->kid, true);
}

static err_t check_lists(const struct letter *letter)
{
	if (!letter->claim_count || letter->claim_count > LETTER_CLAIM_MAX)
		return fail(
			ERR_INPUT, "a letter has 1 to %d claims, not %zu", LETTER_CLAIM_MAX, letter->claim_count);
	if (letter->instalment_count > LETTER_INSTALMENT_MAX)
		return fail(ERR_INPUT, "a plan has at most %d instalments, not %zu", LETTER_INSTALMENT_MAX,
			letter->instalment_count);
	if (letter->kind == LETTER_PLAN && !letter->instalment_count)
		return fail(ERR_INPUT, "the letter about a plan has no instalments");
	for (size_t i = 0; i < letter->claim_count; i++) {
		TRY(check_text("invoice number", letter->claims[i].invoice_no, false));
		TRY(check_text("claim's description", letter->claims[i].description, false));
		if (date_is_none(letter->claims[i].due_on))
			return fail(ERR_INPUT, "a claim of a letter lacks its due date");
	}
	return OK;
}

err_t letter_check(const struct letter *letter)
{
	require(letter->kind < LETTER_KIND_COUNT);
	require(letter->language < LETTER_LANGUAGE_COUNT);
	if (date_is_none(letter->sent_on))
		return fail(ERR_INPUT, "a letter lacks the day it is sent");
	TRY(check_deadline(letter));
	TRY(check_texts(letter));
	TRY(check_lists(letter));
	TRY(check_amounts(&letter->amounts));
	if (letter->kind == LETTER_RECEIPT && (letter->paid_amount.minor <= 0 || date_is_none(letter->paid_on)))
		return fail(ERR_INPUT, "a receipt lacks its payment");
	if (letter->interest_rate_bp > 0 && date_is_none(letter->interest_from))
		return fail(
			ERR_REFUSED, "a letter asks for interest and does not say from when (inkassoloven § 10)");
	if (letter->coming_salaer.minor > 0 && date_is_none(letter->coming_salaer_on))
		return fail(ERR_INPUT, "a letter tells of a coming salær and not from when");
	return OK;
}

/* ---- Facts into words ---- */

static bool condition_holds(const struct letter *letter, enum letter_condition condition)
{
	switch (condition) {
	case CONDITION_COMPENSATION: return letter->amounts.compensation.minor > 0;
	case CONDITION_COMING_SALAER: return letter->coming_salaer.minor > 0;
	case CONDITION_INTEREST: return letter->interest_rate_bp > 0;
	case CONDITION_FEES: return letter->amounts.fees.minor > 0;
	case CONDITION_SALAER: return letter->amounts.salaer.minor > 0;
	case CONDITION_PLAN_FEE: return letter->amounts.plan_fee.minor > 0;
	case CONDITION_PAID: return letter->amounts.paid.minor > 0;
	case CONDITION_MANY_CLAIMS: return letter->claim_count > 1;
	case CONDITION_LONG_LIST: return letter->claim_count > LETTER_SHORT_LIST_MAX;
	case CONDITION_CODE: return letter->code.size > 0;
	case CONDITION_BASIS: return letter->basis.size > 0;
	case CONDITION_DEADLINE: return !date_is_none(letter->deadline_on);
	case CONDITION_REST: return letter->amounts.total.minor > 0;
	case CONDITION_NONE: return true;
	case CONDITION_COUNT: break;
	}
	panic("unknown condition");
}

static str amount_of(struct arena *arena, const struct letter *letter, money amount)
{
	return letter_money(arena, letter->language, amount);
}

static str day_of(struct arena *arena, const struct letter *letter, date on)
{
	return letter_date(arena, letter->language, on);
}

static const struct letter_instalment *first_instalment(const struct letter *letter)
{
	static const struct letter_instalment none = { .due_on = { INT32_MIN } };
	return letter->instalment_count ? &letter->instalments[0] : &none;
}

static str place_value(struct arena *arena, const struct letter *letter, enum letter_place place)
{
	const struct letter_agency *agency = &letter->agency;
	switch (place) {
	case PLACE_CREDITOR: return letter->creditor;
	case PLACE_CASE_NO: return str_format(arena, "%lld", (long long)letter->case_no);
	case PLACE_KID: return letter->kid;
	case PLACE_CODE: return letter->code;
	case PLACE_BASIS: return letter->basis;
	case PLACE_ACCOUNT: return letter_account(arena, agency->account);
	case PLACE_SENT_ON: return day_of(arena, letter, letter->sent_on);
	case PLACE_DEADLINE: return day_of(arena, letter, letter->deadline_on);
	case PLACE_TOTAL: return amount_of(arena, letter, letter->amounts.total);
	case PLACE_PRINCIPAL: return amount_of(arena, letter, letter->amounts.principal);
	case PLACE_INTEREST: return amount_of(arena, letter, letter->amounts.interest);
	case PLACE_FEES: return amount_of(arena, letter, letter->amounts.fees);
	case PLACE_COMPENSATION: return amount_of(arena, letter, letter->amounts.compensation);
	case PLACE_SALAER: return amount_of(arena, letter, letter->amounts.salaer);
	case PLACE_PLAN_FEE: return amount_of(arena, letter, letter->amounts.plan_fee);
	case PLACE_COMING_SALAER: return amount_of(arena, letter, letter->coming_salaer);
	case PLACE_COMING_SALAER_ON: return day_of(arena, letter, letter->coming_salaer_on);
	case PLACE_INTEREST_RATE: return letter_rate(arena, letter->language, letter->interest_rate_bp);
	case PLACE_INTEREST_FROM: return day_of(arena, letter, letter->interest_from);
	case PLACE_INVOICE_NO: return letter->claims[0].invoice_no;
	case PLACE_DUE_ON: return day_of(arena, letter, letter->claims[0].due_on);
	case PLACE_CLAIM_COUNT: return str_format(arena, "%zu", letter->claim_count);
	case PLACE_INSTALMENT_COUNT: return str_format(arena, "%zu", letter->instalment_count);
	case PLACE_FIRST_INSTALMENT: return amount_of(arena, letter, first_instalment(letter)->amount);
	case PLACE_FIRST_INSTALMENT_ON: return day_of(arena, letter, first_instalment(letter)->due_on);
	case PLACE_PAID_ON: return day_of(arena, letter, letter->paid_on);
	case PLACE_PAID_AMOUNT: return amount_of(arena, letter, letter->paid_amount);
	case PLACE_AGENCY_NAME: return agency->name;
	case PLACE_AGENCY_ADDRESS:
		return str_format(arena, "%.*s, %.*s %.*s", STR_ARG(agency->address), STR_ARG(agency->postcode),
			STR_ARG(agency->city));
	case PLACE_AGENCY_PHONE: return agency->phone;
	case PLACE_AGENCY_EMAIL: return agency->email;
	case PLACE_AGENCY_WEB: return agency->web;
	case PLACE_DEBTOR_NAME: return letter->debtor.name;
	case PLACE_TEXT:
	case PLACE_ITEM:
	case PLACE_COUNT: break;
	}
	panic("unknown placeholder");
}

/* Room for a paragraph: the template's own text is small, a fact may be an invoice's whole description. */
enum { PARAGRAPH_SIZE_MAX = 256 * 1024 };

static str piece_fill(struct arena *arena, const struct letter *letter, const struct letter_piece *piece)
{
	struct text text = text_in(arena, PARAGRAPH_SIZE_MAX);
	for (size_t i = 0; i < piece->part_count; i++) {
		const struct letter_part *part = &piece->parts[i];
		if (part->place == PLACE_TEXT)
			text_add(&text, part->text);
		else if (part->place != PLACE_ITEM)
			text_add(&text, place_value(arena, letter, part->place));
	}
	return str_trim(text_str(&text));
}

err_t letter_fill(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	struct letter_content *ret_content)
{
	TRY(letter_check(letter));
	const struct letter_template *template = &book->templates[letter->kind][letter->language];
	struct letter_block *blocks = arena_many(arena, template->piece_count, struct letter_block);
	size_t count = 0;
	for (size_t i = 0; i < template->piece_count; i++) {
		const struct letter_piece *piece = &template->pieces[i];
		if (condition_holds(letter, piece->condition) != piece->negated)
			blocks[count++] = (struct letter_block){ piece->kind, piece_fill(arena, letter, piece) };
	}
	*ret_content = (struct letter_content){ blocks, count };
	return OK;
}

/* A label, with the letter's day for {sent_on}. */
static str label_of(
	struct arena *arena, const struct letter_book *book, const struct letter *letter, enum letter_label label)
{
	str rest;
	str text = letter_label(book, letter->language, label);
	str before = str_cut(text, '{', &rest);
	if (!str_starts(rest, S("sent_on}")))
		return text;
	str day = letter_date(arena, letter->language, letter->sent_on);
	return str_format(arena, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(day), (int)(rest.size - 8), rest.at + 8);
}

size_t letter_rows(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	struct letter_row rows[LETTER_ROW_MAX])
{
	const struct letter_amounts *amounts = &letter->amounts;
	const struct {
		enum letter_label label;
		money amount;
	} all[] = {
		{ LABEL_PRINCIPAL, amounts->principal },
		{ LABEL_INTEREST, amounts->interest },
		{ LABEL_FEES, amounts->fees },
		{ LABEL_COMPENSATION, amounts->compensation },
		{ LABEL_SALAER, amounts->salaer },
		{ LABEL_PLAN_FEE, amounts->plan_fee },
		{ LABEL_LEGAL, amounts->legal },
		{ LABEL_PAID, money_neg(amounts->paid) },
	};
	_Static_assert(sizeof all / sizeof *all + 1 == LETTER_ROW_MAX, "and the total");
	size_t count = 0;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].amount.minor)
			rows[count++] = (struct letter_row){ label_of(arena, book, letter, all[i].label),
				all[i].amount, false };
	rows[count++] = (struct letter_row){ label_of(arena, book, letter, LABEL_TOTAL), amounts->total, true };
	return count;
}

str letter_message_fill(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	enum letter_message message)
{
	require(message < LETTER_MESSAGE_COUNT);
	const struct letter_template *template = &book->messages[letter->kind][letter->language][message];
	struct text text = text_in(arena, PARAGRAPH_SIZE_MAX);
	for (size_t i = 0; i < template->piece_count; i++) {
		text_add(&text, i ? S("\n\n") : S(""));
		text_add(&text, piece_fill(arena, letter, &template->pieces[i]));
	}
	return text_str(&text);
}

/* ---- Readability ---- */

/* Size in bytes of the character that starts at s. */
static size_t character_size(str s)
{
	size_t size = 1;
	while (size < s.size && ((unsigned char)s.at[size] & 0xC0) == 0x80)
		size++;
	return size;
}

static bool is_letter(str character)
{
	char c = character.at[0];
	return character.size > 1
		? !str_eq(character, S(NO_BREAK_SPACE)) && !str_eq(character, S("–")) && !str_eq(character, S("§"))
		: (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A full stop ends a sentence when a space or the end follows: not the one in 3.480 or kundeservice@krav.no. */
static bool ends_sentence(str rest)
{
	if (rest.at[0] != '.' && rest.at[0] != '?' && rest.at[0] != '!' && rest.at[0] != ':' && rest.at[0] != '\n')
		return false;
	return rest.size == 1 || rest.at[0] == '\n' || rest.at[1] == ' ' || rest.at[1] == '\n';
}

int letter_lix(str text)
{
	int word_count = 0, long_count = 0, sentence_count = 0, letter_count = 0;
	bool in_sentence = false;
	while (text.size) {
		str character = { text.at, character_size(text) };
		if (is_letter(character)) {
			letter_count++;
			word_count += letter_count == 1;
			long_count += letter_count == 7;
			in_sentence = true;
		} else {
			letter_count = 0;
			sentence_count += in_sentence && ends_sentence(text);
			in_sentence = in_sentence && !ends_sentence(text);
		}
		text = (str){ text.at + character.size, text.size - character.size };
	}
	sentence_count += in_sentence;
	if (!word_count)
		return 0;
	return (word_count + sentence_count - 1) / sentence_count +
		(100 * long_count + word_count - 1) / word_count;
}
