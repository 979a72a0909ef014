/* Claims from a client's list. Header row by name, in any order:
 *
 *	invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,country,
 *	phone,email,description
 *
 * and, if the client has them, kid,language,paid,reminder_on,notice_on,notice_deadline,fees: the letters it has
 * already sent itself and what it charged for them.
 *
 * Everything that can be seen in the row alone is checked here, and all that is wrong with a row is told at once.
 * Minors, limitation, and whether the claim is known already are the caller's. */
#ifndef KRAVBOK_FORMAT_CLAIM_CSV_H
#define KRAVBOK_FORMAT_CLAIM_CSV_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"
#include "core/ident.h"
#include "format/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts are trimmed UTF-8 views, empty when not given; they and raw are good during the call only. */
struct claim_row {
	int64_t line_no;
	str raw; /* the row as it stands in the file, for csv_write_raw() */
	str invoice_no;
	date issued_on, due_on;
	money amount;
	str currency; /* "NOK" */
	bool is_company;
	str debtor_id; /* digits only; empty: not known */
	date born_on;  /* of a person whose number tells it, else DATE_NONE */
	str debtor_name, address, postcode, city;
	str country; /* two capital letters; "NO" when not given */
	str phone, email, description;
	str kid;              /* the creditor's own */
	const char *language; /* "nb" or "en" */
	money paid;           /* to the creditor, < amount */
	date reminder_on, notice_on, notice_deadline; /* DATE_NONE: not sent */
	money fees;           /* that the creditor has charged */
};

/* What a row is held against. The figures come from the law and the agency, none is in C. */
struct claim_check {
	date today;
	date ident_rule_from;  /* see struct ident_days */
	int deadline_days_min; /* a notice must give at least so many */
	money fees_max;        /* all letter fees before a demand; zero: not checked */
};

/* With findings, the fields of row they are about are zero or empty. row and findings are good during the call. */
typedef err_t (*claim_row_fn)(const struct claim_row *row, const struct row_finding *findings, size_t finding_count,
	void *context);

/* Calls each for every row in the order of the file. Errors are those of csv_read(), a header that does not match, a
 * file without rows, and what each returns. scratch: reset after each row. */
err_t claim_csv_read(str bytes, struct arena *scratch, struct claim_check check, claim_row_fn each, void *context)
	MUST_CHECK;

/* Whether the description says that the amount holds fees or interest: the word it says it with, else an empty str. */
str claim_fee_word(str description);

#endif
