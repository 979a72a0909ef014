#include "core/genuine.h"

#include "core/ident.h"
#include "core/kid.h"

#include <string.h>

/* ---- characters ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_beyond_ascii(char c)
{
	return (unsigned char)c >= 0x80;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static str lowered(struct arena *arena, str s)
{
	struct text text = text_in(arena, s.size + 1);
	for (size_t i = 0; i < s.size; i++)
		text_add_char(&text, lower(s.at[i]));
	return text_str(&text);
}

static bool str_ends(str s, str end)
{
	return s.size >= end.size && (!end.size || memcmp(s.at + s.size - end.size, end.at, end.size) == 0);
}

static str from(str s, size_t start)
{
	require(start <= s.size);
	return (str){ s.at + start, s.size - start };
}

static str first(str s, size_t size)
{
	require(size <= s.size);
	return (str){ s.at, size };
}

/* Characters that are not seen: zero-width ones, soft hyphens, changes of direction. A browser passes over most of them,
 * so they must not keep two parts of a host from being read as one. */
static bool is_unseen(uint32_t c)
{
	return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
		(c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* Without unseen characters; other blanks as blanks, the dots of other scripts as dots (browsers read them so). */
static str plain(struct arena *arena, str text)
{
	struct text written = text_in(arena, text.size + 1);
	while (text.size) {
		const char *at = text.at;
		uint32_t c = str_take_char(&text);
		if (is_unseen(c))
			continue;
		if (c == 0xA0 || c == 0x202F || (c >= 0x2000 && c <= 0x200A) || c == 0x3000)
			text_add_char(&written, ' ');
		else if (c == 0x3002 || c == 0xFF0E || c == 0xFF61)
			text_add_char(&written, '.');
		else
			text_add(&written, (str){ at, (size_t)(text.at - at) }); /* text has moved behind it */
	}
	return text_str(&written);
}

/* ---- links ---- */

static bool ends_word(char c)
{
	return (unsigned char)c <= ' ' || strchr("<>\"()[]{}|,;", c);
}

/* The next word of *rest; empty at the end. */
static str word_take(str *rest)
{
	while (rest->size && ends_word(rest->at[0]))
		*rest = from(*rest, 1);
	size_t size = 0;
	while (size < rest->size && !ends_word(rest->at[size]))
		size++;
	str word = first(*rest, size);
	*rest = from(*rest, size);
	while (word.size && strchr(".:!?'*_", word.at[word.size - 1]))
		word.size--;
	while (word.size && strchr("'*_", word.at[0]))
		word = from(word, 1);
	return word;
}

static size_t find(str s, str part)
{
	for (size_t i = 0; i + part.size <= s.size; i++)
		if (memcmp(s.at + i, part.at, part.size) == 0)
			return i;
	return SIZE_MAX;
}

static size_t find_any(str s, const char *characters)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.at[i] && strchr(characters, s.at[i]))
			return i;
	return s.size;
}

/* The host of what stands behind "://": the authority's, after the last @, without port and closing dot. */
static struct genuine_link link_of_authority(struct arena *arena, str rest)
{
	struct genuine_link link = { .host = S("") };
	size_t end = find_any(rest, "/\\?#");
	str authority = first(rest, end);
	link.misleading = end < rest.size && rest.at[end] == '\\';
	for (size_t i = authority.size; i > 0; i--)
		if (authority.at[i - 1] == '@') {
			authority = from(authority, i);
			link.misleading = true;
			break;
		}
	str host = first(authority, find_any(authority, ":"));
	if (str_has(host, S("%")))
		link.misleading = true;
	while (host.size && host.at[host.size - 1] == '.')
		host.size--;
	link.host = lowered(arena, host);
	return link;
}

/* Endings of bare names that are links for certain; "f.eks" and "slutt.Begynn" are none. */
static bool is_common_ending(str ending)
{
	static const char *const endings[] = { "no", "com", "net", "org", "info", "biz", "io", "me", "co", "se", "dk", "fi", "de",
		"uk", "eu", "nu", "ru", "cn", "to", "ly", "gl", "gd", "at", "cc", "pw", "tk", "ml", "ga", "cf", "gq", "ws", "su",
		"top", "xyz", "site", "online", "shop", "app", "link", "click", "live", "store", "club", "vip", "icu", "dev", "page",
		"web", "cloud", "digital", "help", "support", "pay", "money", "finance", "bank", "example", "test", "zip", "mov" };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (str_eq_z(ending, endings[i]))
			return true;
	return false;
}

static bool is_host_character(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '.' || is_beyond_ascii(c);
}

static str first_part(str domain)
{
	return first(domain, find_any(domain, "."));
}

/* A name without scheme: "fjordkreditt.no/l/17". */
static bool is_bare_link(str host, bool has_path, str own_domain)
{
	size_t dot = SIZE_MAX;
	bool odd = false, has_letter = false;
	for (size_t i = 0; i < host.size; i++) {
		if (!is_host_character(host.at[i]))
			return false;
		dot = host.at[i] == '.' ? i : dot;
		odd = odd || is_beyond_ascii(host.at[i]);
		has_letter = has_letter || is_letter(host.at[i]) || is_beyond_ascii(host.at[i]);
	}
	if (dot == SIZE_MAX || dot == 0 || !has_letter)
		return false;
	str ending = from(host, dot + 1);
	if (str_has(host, S("xn--")) || is_common_ending(ending) || (own_domain.size && str_has(host, first_part(own_domain))))
		return true;
	return ending.size >= 2 && (has_path || (odd && host.size > 6)) && !is_digit(ending.at[0]);
}

static void link_add(struct genuine_text *found, struct genuine_link link)
{
	if (link.host.size && found->link_count < GENUINE_FOUND_MAX)
		found->links[found->link_count++] = link;
}

static void word_links(struct arena *arena, str word, str own_domain, struct genuine_text *found)
{
	size_t scheme = find(word, S("://"));
	if (scheme != SIZE_MAX) {
		struct genuine_link link = link_of_authority(arena, from(word, scheme + 3));
		if (!link.host.size) /* an address in brackets, or something odder */
			link = (struct genuine_link){ .host = word, .misleading = true };
		link_add(found, link);
		return;
	}
	if (str_starts(word, S("//")))
		word = from(word, 2);
	size_t at = find(word, S("@"));
	size_t path = find_any(word, "/\\?#");
	if (at != SIZE_MAX && at > 0 && at < path) {
		struct genuine_link link = link_of_authority(arena, from(word, at + 1));
		link.is_mail = true;
		link_add(found, link);
		return;
	}
	str host = lowered(arena, first(word, find_any(word, "/\\?#:")));
	/* "fjordkreditt.no:" before a text is no port */
	if (str_starts(host, S("www.")) || is_bare_link(host, path < word.size, own_domain))
		link_add(found, link_of_authority(arena, word));
}

/* ---- codes ---- */

/* The letter of the code's alphabet a person may have meant; 0: none. */
static char code_character(char c)
{
	c = upper(c);
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';
	return is_digit(c) || (c >= 'A' && c <= 'Z' && c != 'U') ? c : '\0';
}

static void code_add(struct arena *arena, str word, bool alone, struct genuine_text *found)
{
	enum { HALF = 4, CODE_SIZE = 9 };
	struct text code = text_in(arena, CODE_SIZE + 1);
	bool digit = false, small = false, letter = false;
	if (word.size != CODE_SIZE || word.at[HALF] != '-' || found->code_count == GENUINE_FOUND_MAX)
		return;
	for (size_t i = 0; i < word.size; i++) {
		char c = i == HALF ? '-' : code_character(word.at[i]);
		if (!c)
			return;
		digit = digit || is_digit(word.at[i]);
		letter = letter || is_letter(word.at[i]);
		small = small || (word.at[i] >= 'a' && word.at[i] <= 'z');
		text_add_char(&code, c);
	}
	/* "meld-inga" is a word and "2026-0302" a date, unless they are all there is. */
	if (!alone && (!letter || (!digit && small)))
		return;
	found->codes[found->code_count++] = text_str(&code);
}

/* ---- numbers ---- */

struct number {
	char digits[32];
	size_t size;
	bool plus;    /* + before it, or 00 */
	bool grouped; /* with blanks or dots in it */
};

/* The number at the start of *rest, blanks and dots between its groups taken along; *rest moves behind it. */
static struct number number_take(str *rest)
{
	struct number number = { .plus = rest->at[0] == '+' };
	str s = number.plus ? from(*rest, 1) : *rest;
	while (s.size && number.size < sizeof number.digits - 1) {
		if (is_digit(s.at[0])) {
			number.digits[number.size++] = s.at[0];
			s = from(s, 1);
		} else if ((s.at[0] == ' ' || s.at[0] == '.') && s.size > 1 && is_digit(s.at[1])) {
			number.grouped = true;
			s = from(s, 1);
		} else {
			break;
		}
	}
	*rest = s;
	return number;
}

static str digits_keep(struct arena *arena, const char *country, str digits)
{
	return str_format(arena, "%s%.*s", country, STR_ARG(digits));
}

/* Norwegian numbers have eight digits and begin with 2 to 9. */
static bool is_norwegian_phone(str digits)
{
	return digits.size == 8 && digits.at[0] >= '2';
}

static str phone_of(struct arena *arena, const struct number *number)
{
	str digits = { number->digits, number->size };
	if (number->plus && digits.size >= 7 && digits.size <= 15)
		return digits_keep(arena, "", digits);
	if (str_starts(digits, S("00")) && digits.size >= 9 && digits.size <= 17)
		return digits_keep(arena, "", from(digits, 2));
	return is_norwegian_phone(digits) ? digits_keep(arena, "47", digits) : S("");
}

str genuine_phone(struct arena *arena, str text)
{
	struct number number = { .plus = false };
	text = str_trim(text);
	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];
		if (c == '+' && i == 0)
			number.plus = true;
		else if (is_digit(c) && number.size < sizeof number.digits - 1)
			number.digits[number.size++] = c;
		else if (!strchr(" .-()/", c))
			return S("");
	}
	return phone_of(arena, &number);
}

static void number_sort(struct arena *arena, const struct number *number, struct genuine_text *found)
{
	str digits = { number->digits, number->size };
	int64_t case_no;
	str phone = phone_of(arena, number);
	if (kid_case(digits, &case_no)) {
		if (found->case_count < GENUINE_FOUND_MAX)
			found->case_nos[found->case_count++] = case_no;
	} else if (!number->plus && digits.size == 11 && bban_is_valid(digits)) {
		if (found->account_count < GENUINE_FOUND_MAX)
			found->accounts[found->account_count++] = digits_keep(arena, "", digits);
	} else if (phone.size && found->phone_count < GENUINE_FOUND_MAX) {
		found->phones[found->phone_count++] = phone;
	}
}

static bool says_case(str word)
{
	static const char *const words[] = { "sak", "saksnummer", "saksnr", "saken", "case", "sak:" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq_z(word, words[i]))
			return true;
	return false;
}

/* Case numbers stand alone behind their word; all other numbers are told by their digits. */
static void numbers_find(struct arena *arena, str text, struct genuine_text *found)
{
	str rest = text, before = S("");
	while (rest.size) {
		bool begins = is_digit(rest.at[0]) || (rest.at[0] == '+' && rest.size > 1 && is_digit(rest.at[1]));
		if (!begins) {
			size_t size = 1;
			while (is_letter(rest.at[0]) && size < rest.size && (is_letter(rest.at[size]) || is_digit(rest.at[size]) ||
				is_beyond_ascii(rest.at[size]) || rest.at[size] == '-'))
				size++;
			if (is_letter(rest.at[0]))
				before = first(rest, size);
			rest = from(rest, size);
			continue;
		}
		str start = rest;
		int64_t case_no;
		if (says_case(before)) {
			size_t size = 0;
			while (size < start.size && is_digit(start.at[size]))
				size++;
			err_t err = parse_i64(first(start, size), 1, KID_CASE_NO_MAX, &case_no);
			before = S("");
			if (!err && found->case_count < GENUINE_FOUND_MAX)
				found->case_nos[found->case_count++] = case_no;
			err_free(err);
			rest = from(start, size ? size : 1);
			continue;
		}
		struct number number = number_take(&rest);
		bool amount = rest.size > 1 && rest.at[0] == ',' && is_digit(rest.at[1]);
		if (!amount)
			number_sort(arena, &number, found);
		before = S("");
	}
}

/* What we never ask for. "Password" is not here: our own messages say that we never ask for one. */
static bool asks_secret(str text)
{
	static const char *const words[] = { "bankid", "engangskode", "one-time code", "kortnummer", "card number", "cvc", "cvv",
		"pin-kode", "pinkode", "pin code", "gavekort", "gift card", "bitcoin", "krypto" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_has(text, str_from_z(words[i])))
			return true;
	return false;
}

void genuine_scan(struct arena *arena, str text, str own_domain, struct genuine_text *ret_found)
{
	if (text.size > GENUINE_TEXT_SIZE_MAX)
		text.size = GENUINE_TEXT_SIZE_MAX;
	text = plain(arena, text);
	struct genuine_text *found = ret_found;
	*found = (struct genuine_text){ .link_count = 0 };
	str rest = text;
	for (;;) {
		str word = word_take(&rest);
		if (!word.size && !rest.size)
			break;
		word_links(arena, word, own_domain, found);
		code_add(arena, word, word.size == str_trim(text).size, found);
	}
	str small = lowered(arena, text);
	numbers_find(arena, small, found);
	found->asks_secret = asks_secret(small);
}

str genuine_domain(struct arena *arena, str address)
{
	address = str_trim(address);
	size_t scheme = find(address, S("://"));
	if (scheme != SIZE_MAX)
		address = from(address, scheme + 3);
	str host = link_of_authority(arena, address).host;
	return str_starts(host, S("www.")) ? from(host, 4) : host;
}

/* ---- the verdict ---- */

const char *genuine_verdict_name(enum genuine_verdict verdict)
{
	static const char *const names[] = { "ours", "not_ours", "cannot_tell" };
	return names[verdict];
}

const char *genuine_reason_name(enum genuine_reason reason)
{
	static const char *const names[] = { "foreign_link", "lookalike_link", "misleading_link", "short_link", "foreign_account",
		"foreign_phone", "asks_secret", "unknown_code", "other_case", "no_code" };
	_Static_assert(sizeof names / sizeof *names == GENUINE_REASON_COUNT, "a name for each reason");
	return names[reason];
}

static bool is_within(str host, str domain)
{
	if (!domain.size || !str_ends(host, domain))
		return false;
	return host.size == domain.size || host.at[host.size - domain.size - 1] == '.';
}

static bool is_known(str host, const struct genuine_facts *facts)
{
	for (size_t i = 0; i < facts->known_domain_count; i++)
		if (is_within(host, facts->known_domains[i]))
			return true;
	return false;
}

static bool is_shortener(str host)
{
	static const char *const hosts[] = { "bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd", "ow.ly", "rb.gy", "cutt.ly",
		"shorturl.at", "tiny.cc", "buff.ly", "s.id", "rebrand.ly", "lnkd.in", "t.ly", "bl.ink", "v.gd", "tiny.one",
		"short.io", "qr.ae" };
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (is_within(host, str_from_z(hosts[i])))
			return true;
	return false;
}

/* Letters only, digits read as the letters they look like: "fj0rd-kreditt" is "fjordkreditt". */
static str skeleton(struct arena *arena, str s)
{
	struct text text = text_in(arena, s.size + 1);
	for (size_t i = 0; i < s.size; i++) {
		char c = s.at[i];
		if (c == '-' || c == '_')
			continue;
		text_add_char(&text, c == '0' ? 'o' : c == '1' || c == 'l' ? 'i' : c == '3' ? 'e' : c == '5' ? 's' : c);
	}
	return text_str(&text);
}

/* Steps (a letter more, less or other) from a to b, at most limit + 1. */
static int distance(str a, str b, int limit)
{
	enum { LABEL_MAX = 64 };
	int row[LABEL_MAX + 1];
	if (a.size > LABEL_MAX || b.size > LABEL_MAX)
		return limit + 1;
	for (size_t k = 0; k <= b.size; k++)
		row[k] = (int)k; /* at most LABEL_MAX */
	for (size_t i = 1; i <= a.size; i++) {
		int corner = row[0];
		row[0] = (int)i; /* at most LABEL_MAX */
		for (size_t k = 1; k <= b.size; k++) {
			int other = corner + (a.at[i - 1] != b.at[k - 1]);
			corner = row[k];
			int less = row[k] + 1, more = row[k - 1] + 1;
			row[k] = other < less ? other : less;
			row[k] = row[k] < more ? row[k] : more;
		}
	}
	return row[b.size];
}

static bool looks_like(struct arena *arena, str host, str own_domain)
{
	str own = skeleton(arena, first_part(own_domain));
	for (size_t i = 0; i < host.size; i++)
		if (is_beyond_ascii(host.at[i]))
			return true;
	if (str_has(host, S("xn--")))
		return true;
	if (own.size < 4)
		return false;
	str rest = host;
	while (rest.size) {
		str label = skeleton(arena, str_cut(rest, '.', &rest));
		if (str_has(label, own) || distance(label, own, 2) <= 2)
			return true;
	}
	return false;
}

static void blame(struct genuine_answer *answer, enum genuine_reason reason, str culprit)
{
	answer->reasons[reason] = true;
	if (!answer->culprit.size)
		answer->culprit = culprit;
}

static void links_judge(struct arena *arena, const struct genuine_text *found, const struct genuine_facts *facts,
	struct genuine_answer *answer)
{
	for (size_t i = 0; i < found->link_count; i++) {
		const struct genuine_link *link = &found->links[i];
		if (link->misleading)
			blame(answer, GENUINE_MISLEADING_LINK, link->host);
		else if (is_within(link->host, facts->own_domain) || is_known(link->host, facts))
			continue;
		else if (is_shortener(link->host))
			blame(answer, GENUINE_SHORT_LINK, link->host);
		else if (looks_like(arena, link->host, facts->own_domain))
			blame(answer, GENUINE_LOOKALIKE_LINK, link->host);
		else
			blame(answer, GENUINE_FOREIGN_LINK, link->host);
	}
}

static bool is_among(str value, const str *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(value, values[i]))
			return true;
	return false;
}

static void numbers_judge(const struct genuine_text *found, const struct genuine_facts *facts, struct genuine_answer *answer)
{
	for (size_t i = 0; i < found->account_count; i++)
		if (!is_among(found->accounts[i], facts->own_accounts, facts->own_account_count))
			blame(answer, GENUINE_FOREIGN_ACCOUNT, found->accounts[i]);
	for (size_t i = 0; i < found->phone_count; i++)
		if (!is_among(found->phones[i], facts->own_phones, facts->own_phone_count))
			blame(answer, GENUINE_FOREIGN_PHONE, found->phones[i]);
	if (found->asks_secret)
		blame(answer, GENUINE_ASKS_SECRET, S(""));
}

static bool case_fits(const struct genuine_text *found, int64_t case_no)
{
	for (size_t i = 0; i < found->case_count; i++)
		if (found->case_nos[i] == case_no)
			return true;
	return found->case_count == 0;
}

/* The message a code is of, among those of the written case when there is one. */
static const struct genuine_match *match_of(const struct genuine_text *found, const struct genuine_facts *facts, str code,
	bool *ret_other_case)
{
	*ret_other_case = false;
	for (size_t i = 0; i < facts->match_count; i++) {
		const struct genuine_match *match = &facts->matches[i];
		if (!str_eq(match->code, code))
			continue;
		if (case_fits(found, match->case_no))
			return match;
		*ret_other_case = true;
	}
	return NULL;
}

static void codes_judge(const struct genuine_text *found, const struct genuine_facts *facts, struct genuine_answer *answer)
{
	for (size_t i = 0; i < found->code_count; i++) {
		bool other_case;
		const struct genuine_match *match = match_of(found, facts, found->codes[i], &other_case);
		if (match)
			answer->sent_on = match->sent_on;
		else
			answer->reasons[other_case ? GENUINE_OTHER_CASE : GENUINE_UNKNOWN_CODE] = true;
	}
	if (!found->code_count)
		answer->reasons[GENUINE_NO_CODE] = true;
}

struct genuine_answer genuine_judge(struct arena *arena, str text, const struct genuine_text *found,
	const struct genuine_facts *facts)
{
	struct genuine_answer answer = { .verdict = GENUINE_CANNOT_TELL, .sent_on = DATE_NONE, .culprit = S("") };
	for (size_t i = 0; i < facts->match_count; i++)
		if (facts->matches[i].body.size && genuine_same_text(text, facts->matches[i].body))
			return (struct genuine_answer){ .verdict = GENUINE_OURS, .sent_on = facts->matches[i].sent_on, .culprit = S("") };
	links_judge(arena, found, facts, &answer);
	numbers_judge(found, facts, &answer);
	codes_judge(found, facts, &answer);
	bool bad = false;
	for (int i = 0; i < GENUINE_UNKNOWN_CODE; i++)
		bad = bad || answer.reasons[i];
	/* The code of a letter on paper can only be looked up with its case number. */
	bool unknown = answer.reasons[GENUINE_UNKNOWN_CODE];
	if (bad || answer.reasons[GENUINE_OTHER_CASE] || (unknown && found->case_count))
		answer.verdict = GENUINE_NOT_OURS;
	else if (found->code_count && !unknown)
		answer.verdict = GENUINE_OURS;
	if (answer.verdict != GENUINE_OURS)
		answer.sent_on = DATE_NONE;
	return answer;
}

bool genuine_same_text(str a, str b)
{
	for (;;) {
		while (a.size && (unsigned char)a.at[0] <= ' ')
			a = from(a, 1);
		while (b.size && (unsigned char)b.at[0] <= ' ')
			b = from(b, 1);
		if (!a.size || !b.size)
			return !a.size && !b.size;
		if (lower(a.at[0]) != lower(b.at[0]))
			return false;
		a = from(a, 1);
		b = from(b, 1);
	}
}
