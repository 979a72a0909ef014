/* Finding cases by what a person remembers of them.
 *
 * Exact first, without the index: a case number, a KID (ours or the creditor's), an invoice number of any client, "payment
 * 12". Otherwise by words: the debtor's name, address, telephone, e-mail and organisation number, the invoice number, words
 * of messages. Never a person's birth number. All words must fit; the last one may be a beginning. See core/word.h for what
 * makes two words the same.
 *
 * The index (table search_word) is written by a follower, after the fact and never in the way of an import: search_index().
 * Until it has come to a case, only exact look-ups find it. */
#ifndef KRAVBOK_APP_SEARCH_H
#define KRAVBOK_APP_SEARCH_H

#include "app/op.h"

enum { SEARCH_LIMIT_MAX = 1000, SEARCH_LOOK_MAX = 20000, SEARCH_TEXT_MAX = 200 };

struct search_query {
	str text;
	int64_t client_no; /* 0: of all */
	size_t limit;      /* 1 … SEARCH_LIMIT_MAX */
	bool whole_words;  /* no beginnings and no numbers of cases: for a telephone number or an e-mail address */
};
struct search_result {
	int64_t *case_nos; /* newest first */
	size_t count;
	bool is_exact;     /* by number: there is nothing else to find */
	bool has_more;     /* than limit */
	str too_common;    /* the rarest word is on more than SEARCH_LOOK_MAX cases and they were not all looked at: case_nos is
			    * what was found among the newest; another word is needed. Empty: all was looked at */
};
/* ERR_INPUT for a text that is empty, longer than SEARCH_TEXT_MAX bytes, or without a word of two characters. */
err_t search_find(const struct op *op, struct search_query query, struct search_result *ret_result) MUST_CHECK;

/* Brings the index on by at most limit claims and limit messages, in transactions of some thousand; *ret_count is what was
 * done, 0 when it is up to date. Cut short anywhere, it goes on where it was. */
err_t search_index(const struct op *op, int64_t limit, int64_t *ret_count) MUST_CHECK;

/* Around a change of a debtor's name, address, telephone or e-mail, in its transaction: the old words out, the new in. */
err_t search_debtor_out(const struct op *op, int64_t debtor_id) MUST_CHECK;
err_t search_debtor_in(const struct op *op, int64_t debtor_id) MUST_CHECK;

#endif
