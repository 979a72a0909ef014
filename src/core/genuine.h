/* "Is this message really from you?" A person pastes a text, a link or a code; the answer is ours, not ours, or that it
 * cannot be told. Pure: what was found in the text and what we have sent come in, the verdict and its reasons go out.
 *
 * A true code is not enough, since a swindler may copy one: a link to somebody else's domain, another account or another
 * telephone makes any text but our very own one not ours. Our messages carry a code and link to our own domain only. */
#ifndef KRAVBOK_CORE_GENUINE_H
#define KRAVBOK_CORE_GENUINE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GENUINE_TEXT_SIZE_MAX = 20000, GENUINE_FOUND_MAX = 40 }; /* of each kind; a text with more is cut */

struct genuine_link {
	str host;        /* lower case, without a closing dot; as written otherwise */
	bool misleading; /* something is written before an @, a backslash or a percent sign hides the host */
	bool is_mail;    /* an e-mail address */
};

/* What a text holds. Strings are in the arena given. */
struct genuine_text {
	struct genuine_link links[GENUINE_FOUND_MAX];
	size_t link_count;
	str codes[GENUINE_FOUND_MAX]; /* "K7PM-29XR": upper case, O as 0, I and L as 1 */
	size_t code_count;
	int64_t case_nos[GENUINE_FOUND_MAX]; /* after the word case, or in a KID of ours */
	size_t case_count;
	str accounts[GENUINE_FOUND_MAX]; /* eleven digits with a right check digit */
	size_t account_count;
	str phones[GENUINE_FOUND_MAX]; /* digits with country: "4755000014" */
	size_t phone_count;
	bool asks_secret; /* a card number, a one-time code, gift cards: we never ask for those */
};

/* text: cut at GENUINE_TEXT_SIZE_MAX. own_domain: "fjordkreditt.no"; a bare name that holds its first part counts as a
 * link whatever its ending. */
void genuine_scan(struct arena *arena, str text, str own_domain, struct genuine_text *ret_found);

/* The host of an address of ours as compared: lower case, without scheme, "www.", port and path. Empty: none. */
str genuine_domain(struct arena *arena, str address);
/* A telephone number as found in texts: digits with country (8 digits are Norwegian); empty: not one. */
str genuine_phone(struct arena *arena, str number);

/* A message or letter of ours with one of the codes. */
struct genuine_match {
	str code;
	int64_t case_no;
	date sent_on;
	str body; /* of a message; empty for a letter on paper */
};

struct genuine_facts {
	str own_domain;
	const str *known_domains; /* named in our letters: the complaints board, Nav */
	size_t known_domain_count;
	const str *own_phones, *own_accounts;
	size_t own_phone_count, own_account_count;
	const struct genuine_match *matches;
	size_t match_count;
};

enum genuine_verdict { GENUINE_OURS, GENUINE_NOT_OURS, GENUINE_CANNOT_TELL };
const char *genuine_verdict_name(enum genuine_verdict verdict); /* "ours", "not_ours", "cannot_tell" */

enum genuine_reason {
	GENUINE_FOREIGN_LINK,    /* leads to another domain */
	GENUINE_LOOKALIKE_LINK,  /* another domain made to look like ours */
	GENUINE_MISLEADING_LINK, /* shows one address and leads to another */
	GENUINE_SHORT_LINK,      /* a shortener: does not show where it leads */
	GENUINE_FOREIGN_ACCOUNT,
	GENUINE_FOREIGN_PHONE,
	GENUINE_ASKS_SECRET,
	GENUINE_UNKNOWN_CODE, /* we have sent nothing with it; without a case number that cannot be told for sure */
	GENUINE_OTHER_CASE,   /* the code is of another case than the one written */
	GENUINE_NO_CODE,      /* there is none: nothing to compare */
	GENUINE_REASON_COUNT,
};
const char *genuine_reason_name(enum genuine_reason reason); /* "foreign_link" … */

struct genuine_answer {
	enum genuine_verdict verdict;
	date sent_on; /* ours: the day (none for a receipt); else DATE_NONE */
	bool reasons[GENUINE_REASON_COUNT]; /* of ours: none */
	str culprit; /* the first foreign host, account or telephone; empty */
};
struct genuine_answer genuine_judge(struct arena *arena, str text, const struct genuine_text *found,
	const struct genuine_facts *facts);

/* Do they say the same? Blanks, line ends and the case of ASCII letters do not count. */
bool genuine_same_text(str a, str b);

#endif
