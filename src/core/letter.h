/* Letters to debtors: what a letter says, before anyone decides how it looks.
 *
 * A struct letter holds the facts. A template (letters/<kind>.<language>.txt) holds the words. letter_fill() puts the
 * facts into the words and gives blocks: title, headings, paragraphs, and places for the tables that the drawing
 * code makes from the same letter. letters/required.txt says what the law wants in each kind, and letter_lint()
 * finds what is missing; letter_book_load() refuses a set of templates with findings.
 *
 * A template is plain text:
 *   # Inkassovarsel           the first is the title, later ones are headings
 *   Lines of a paragraph …    up to an empty line; {placeholder} is replaced
 *   {item:objection}Text …    marks the text up to the next marker, or the end of the paragraph, as the required item
 *   [claims]                  the invoices          [table]        the amounts, adding up
 *   [payment]                 how to pay            [instalments]  the plan
 *   [if compensation]         up to [end], only when it is so; [if no compensation] is the contrary; not nested
 *   % a remark for translators */
#ifndef KRAVBOK_CORE_LETTER_H
#define KRAVBOK_CORE_LETTER_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum letter_kind {
	LETTER_REMINDER,           /* purring */
	LETTER_NOTICE,             /* inkassovarsel */
	LETTER_DEMAND,             /* betalingsoppfordring */
	LETTER_OWN_DEMAND,         /* the creditor's own demand (egeninkasso) */
	LETTER_ENFORCEMENT_NOTICE, /* varsel om tvangsfullbyrdelse */
	LETTER_RESIDUAL_REMINDER,  /* plain reminder of a rest */
	LETTER_PLAN,               /* betalingsavtale */
	LETTER_RECEIPT,            /* kvittering */
	LETTER_KIND_COUNT,
};
const char *letter_kind_name(enum letter_kind kind); /* "reminder" … "receipt": file names, outbox.kind */
err_t letter_kind_parse(str name, enum letter_kind *ret_kind) MUST_CHECK;

enum letter_language { LETTER_NB, LETTER_EN, LETTER_LANGUAGE_COUNT };
const char *letter_language_name(enum letter_language language); /* "nb", "en" */
enum letter_language letter_language_from(str code); /* en gives English; all else bokmål, the language of the law */

/* Who sends. account: the client account the money goes to, eleven digits. */
struct letter_agency {
	str name, orgnr, address, postcode, city, phone, email, web, account;
};

/* Who gets it. address may hold several lines; country: ISO 3166 code, empty or NO is not printed. */
struct letter_debtor {
	str name, address, postcode, city, country;
};

struct letter_claim {
	str invoice_no;
	date issued_on, due_on; /* issued_on may be DATE_NONE */
	str description;        /* what the invoice is for */
	money principal;        /* as invoiced */
	money due;              /* what is left of it */
};

/* The rows of the table; zero rows are left out. total = all the others added, less paid. None is negative. */
struct letter_amounts {
	money principal, interest, fees, compensation, salaer, plan_fee, legal, paid, total;
};

struct letter_instalment {
	date due_on;
	money amount;
};

enum {
	LETTER_CLAIM_MAX = 2000,
	LETTER_INSTALMENT_MAX = 400,
	LETTER_DEADLINE_DAYS_MIN = 14,
	LETTER_SHORT_LIST_MAX = 4, /* more claims are listed at the end of the letter, after what to do */
};

struct letter {
	enum letter_kind kind;
	enum letter_language language;
	date sent_on;
	date deadline_on; /* the last day to pay or object; DATE_NONE where the kind gives none */
	struct letter_agency agency;
	struct letter_debtor debtor;
	str creditor;
	str creditor_orgnr; /* may be empty */
	int64_t case_no;
	str kid;
	str code;  /* short text that opens the case on our pages; empty: none */
	str link;  /* the same as an address, for the QR code: "https://fjordkreditt.no/l/17/K7PM-29XR"; empty: none */
	str basis; /* enforcement notice: the ground for enforcement when it is not the invoices themselves; else empty */
	const struct letter_claim *claims;
	size_t claim_count;
	int interest_rate_bp; /* late interest a year; 0: no interest is asked for */
	date interest_from;   /* the first day interest is counted for */
	struct letter_amounts amounts;
	money coming_salaer;  /* the heavy salær when it is known that it may come, else zero */
	date coming_salaer_on; /* the first day it may come; needed when there is one */
	const struct letter_instalment *instalments;
	size_t instalment_count;
	date paid_on;      /* receipt: the payment it is for */
	money paid_amount;
};

/* What the law and the book-keeping want of the facts: a deadline of at least 14 days where the kind needs one
 * (inkassoloven §§ 9-10, tvangsfullbyrdelsesloven § 4-18), amounts that add up, claims, a payee. ERR_REFUSED for what
 * the law forbids, ERR_INTERNAL for amounts that do not add up, ERR_INPUT for what is missing. */
err_t letter_check(const struct letter *letter) MUST_CHECK;

/* ---- Words ---- */

/* A text file of the letters folder: "demand.nb.txt", "labels.nb.txt", "messages.nb.txt", "required.txt". */
struct letter_source {
	const char *name;
	str body;
};

/* Short words of tables and boxes, from letters/labels.<language>.txt; label_names in letter_book.c follows. */
enum letter_label {
	LABEL_PRINCIPAL, LABEL_INTEREST, LABEL_FEES, LABEL_COMPENSATION, LABEL_SALAER, LABEL_PLAN_FEE,
	LABEL_LEGAL, LABEL_PAID, LABEL_TOTAL, LABEL_TABLE_HEADING, LABEL_AMOUNT_HEADING, LABEL_INVOICE,
	LABEL_ISSUED, LABEL_DUE, LABEL_DESCRIPTION, LABEL_CLAIM_AMOUNT, LABEL_CLAIM_LEFT, LABEL_TO_PAY,
	LABEL_PAY_BY, LABEL_ACCOUNT, LABEL_KID, LABEL_PAYEE, LABEL_CASE, LABEL_DATE, LABEL_CREDITOR, LABEL_CODE,
	LABEL_PAGE, LABEL_PAGE_OF, LABEL_INSTALMENT, LABEL_INSTALMENT_DUE, LABEL_INSTALMENT_AMOUNT, LABEL_ORGNR,
	LABEL_PHONE, LABEL_RETURN, LABEL_EXAMPLE, LABEL_SCAN,
	/* of statements */
	LABEL_STATEMENT, LABEL_STATEMENT_NO, LABEL_PERIOD, LABEL_CLIENT_NO, LABEL_DEBTOR, LABEL_WHAT,
	LABEL_GROSS, LABEL_CLAIM, LABEL_INTEREST_SHORT, LABEL_FEES_SHORT, LABEL_COMMISSION, LABEL_VAT,
	LABEL_NET, LABEL_SUM, LABEL_SUMMARY, LABEL_CARRIED_IN, LABEL_CARRIED_OUT, LABEL_COMMISSION_WITH_VAT,
	LABEL_PAYOUT, LABEL_SALES, LABEL_COMMISSION_BASE, LABEL_SALES_SALAER,
	LABEL_SALES_PAID, LABEL_SALES_TOTAL, LABEL_OTHER, LABEL_COUNT,
};

struct letter_book; /* all templates, labels, messages and requirements, parsed */

/* Parses all sources. ERR_INPUT with file and line for a bad line, an unknown placeholder, condition or label, or a
 * missing file; ERR_REFUSED with the first finding when letter_lint() has any. Lives in arena, with the sources. */
err_t letter_book_load(struct arena *arena, const struct letter_source *sources, size_t source_count,
	struct letter_book **ret_book) MUST_CHECK;
/* The same without the refusal: for the lint's own command and tests. */
err_t letter_book_parse(struct arena *arena, const struct letter_source *sources, size_t source_count,
	struct letter_book **ret_book) MUST_CHECK;

struct letter_finding {
	str text; /* "demand.nb.txt: lacks 'complaint_board' (inkassoloven § 22)" */
};
void letter_lint(const struct letter_book *book, struct arena *arena, struct letter_finding **ret_findings,
	size_t *ret_count);

enum letter_block_kind {
	LETTER_BLOCK_TITLE, LETTER_BLOCK_HEADING, LETTER_BLOCK_PARAGRAPH, LETTER_BLOCK_CLAIMS,
	LETTER_BLOCK_TABLE, LETTER_BLOCK_PAYMENT, LETTER_BLOCK_INSTALMENTS,
};
struct letter_block {
	enum letter_block_kind kind;
	str text; /* empty for tables and boxes */
};
struct letter_content {
	struct letter_block *blocks;
	size_t block_count;
};

/* The letter's words with its facts in. The letter is checked first; errors of letter_check(). */
err_t letter_fill(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	struct letter_content *ret_content) MUST_CHECK;

/* The rows of [table]: non-zero ones, total last. {sent_on} in a label is the letter's day. */
enum { LETTER_ROW_MAX = 9 };
struct letter_row {
	str label;
	money amount;
	bool total;
};
size_t letter_rows(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	struct letter_row rows[LETTER_ROW_MAX]);

str letter_label(const struct letter_book *book, enum letter_language language, enum letter_label label);

/* A message (SMS, subject or body of an e-mail) with the facts in. */
enum letter_message { LETTER_SMS, LETTER_SUBJECT, LETTER_BODY, LETTER_MESSAGE_COUNT };
str letter_message_fill(struct arena *arena, const struct letter_book *book, const struct letter *letter,
	enum letter_message message);

/* ---- As people write ---- */
str letter_date(struct arena *arena, enum letter_language language, date on);        /* 15. januar 2026, 15 January 2026 */
str letter_date_short(struct arena *arena, enum letter_language language, date on);  /* 15.01.2026, 15 Jan 2026 */
str letter_money(struct arena *arena, enum letter_language language, money amount);  /* 3 480,00, 3,480.00 */
str letter_rate(struct arena *arena, enum letter_language language, int rate_bp);    /* 12,25 %, 12.25% */
str letter_account(struct arena *arena, str account);                                /* 1503 00 00006 */
str letter_orgnr(struct arena *arena, str orgnr);                                    /* 987 654 321 */
str letter_country(enum letter_language language, str code);                         /* SVERIGE; empty for NO */

/* Läsbarhetsindex of text: words per sentence + percentage of words longer than six letters. 40 reads like a
 * newspaper; our letters stay below (docs: plain language). Rounded up; 0 for no words. */
int letter_lix(str text);

#endif
