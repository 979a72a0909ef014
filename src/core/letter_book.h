/* The parsed letters folder: shared by letter.c (facts into words), letter_book.c (parsing) and letter_lint.c.
 * Nobody else includes this. */
#ifndef KRAVBOK_CORE_LETTER_BOOK_H
#define KRAVBOK_CORE_LETTER_BOOK_H

#include "core/letter.h"

/* What a {placeholder} stands for. The order is that of place_names in letter_book.c. */
enum letter_place {
	PLACE_CREDITOR, PLACE_CASE_NO, PLACE_KID, PLACE_CODE, PLACE_BASIS, PLACE_ACCOUNT, PLACE_SENT_ON,
	PLACE_DEADLINE, PLACE_TOTAL, PLACE_PRINCIPAL, PLACE_INTEREST, PLACE_FEES, PLACE_COMPENSATION,
	PLACE_SALAER, PLACE_PLAN_FEE, PLACE_COMING_SALAER, PLACE_COMING_SALAER_ON, PLACE_INTEREST_RATE,
	PLACE_INTEREST_FROM, PLACE_INVOICE_NO, PLACE_DUE_ON, PLACE_CLAIM_COUNT, PLACE_INSTALMENT_COUNT,
	PLACE_FIRST_INSTALMENT, PLACE_FIRST_INSTALMENT_ON, PLACE_PAID_ON, PLACE_PAID_AMOUNT, PLACE_AGENCY_NAME,
	PLACE_AGENCY_ADDRESS, PLACE_AGENCY_PHONE, PLACE_AGENCY_EMAIL, PLACE_AGENCY_WEB, PLACE_DEBTOR_NAME,
	PLACE_COUNT,
	PLACE_TEXT, /* the part is plain text */
	PLACE_ITEM, /* the part is {item:…}; text is the item's name */
};
const char *letter_place_name(enum letter_place place);

/* What [if …] may ask. The order is that of condition_names in letter_book.c. */
enum letter_condition {
	CONDITION_COMPENSATION, CONDITION_COMING_SALAER, CONDITION_INTEREST, CONDITION_FEES, CONDITION_SALAER,
	CONDITION_PLAN_FEE, CONDITION_PAID, CONDITION_MANY_CLAIMS, CONDITION_LONG_LIST, CONDITION_CODE,
	CONDITION_BASIS, CONDITION_DEADLINE, CONDITION_REST, CONDITION_COUNT,
	CONDITION_NONE, /* always */
};
const char *letter_condition_name(enum letter_condition condition);

struct letter_part {
	enum letter_place place;
	str text;
};

/* A paragraph, heading or table of a template. */
struct letter_piece {
	enum letter_block_kind kind;
	enum letter_condition condition;
	bool negated; /* shown when condition is not so */
	struct letter_part *parts;
	size_t part_count;
};

enum { LETTER_PIECE_MAX = 64, LETTER_PART_MAX = 64 };

struct letter_template {
	const char *name;
	struct letter_piece *pieces;
	size_t piece_count;
};

/* need <kinds> <item> [if <condition>] | <paragraph> | <what the marked text must hold> */
struct letter_need {
	bool kinds[LETTER_KIND_COUNT];
	str item, paragraph, tokens;
	enum letter_condition condition;
};

/* never <kinds> <language> | <words> | <reason> */
struct letter_never {
	bool kinds[LETTER_KIND_COUNT];
	enum letter_language language;
	str words, reason;
};

enum { LETTER_RULE_MAX = 200 };

struct letter_book {
	struct letter_template templates[LETTER_KIND_COUNT][LETTER_LANGUAGE_COUNT];
	struct letter_template messages[LETTER_KIND_COUNT][LETTER_LANGUAGE_COUNT][LETTER_MESSAGE_COUNT];
	str labels[LETTER_LANGUAGE_COUNT][LABEL_COUNT];
	struct letter_need needs[LETTER_RULE_MAX];
	size_t need_count;
	struct letter_never nevers[LETTER_RULE_MAX];
	size_t never_count;
};

#endif
