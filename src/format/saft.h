/* SAF-T Financial for the Norwegian tax authority, version 1.30: the agency's own accounts of a period. Written, not
 * read. The master data is given at once; transactions are added one by one, so memory does not grow with them.
 *
 * The schema cannot see whether a line names an account that does not exist, or whether the balances agree: the writer
 * checks it all itself, and a file it has finished without an error is consistent. */
#ifndef KRAVBOK_FORMAT_SAFT_H
#define KRAVBOK_FORMAT_SAFT_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/sink.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Debit balances and amounts are positive everywhere in this header. Texts too long for the format are cut. */

struct saft_address {
	str street, postcode, city, country; /* country: two letters; empty: NO */
};

struct saft_header {
	str software_version; /* of Kravbok */
	date created_on;
	str orgnr, name;
	struct saft_address address;
	str contact_first_name, contact_last_name, phone, email; /* names required */
	bool vat_registered;
	str bank_account; /* BBAN; may be empty */
	date from, to;    /* the period, whole days; its transactions lie inside */
};

struct saft_account {
	int account;
	str name;
	str grouping_category, grouping_code; /* næringsspesifikasjonen */
	money opening, closing;
};

/* A client or other party with a balance on one account. */
enum saft_party_kind { SAFT_CUSTOMER, SAFT_SUPPLIER };
struct saft_party {
	str id;
	str name, orgnr; /* orgnr may be empty */
	struct saft_address address;
	str bank_account; /* may be empty */
	int account;      /* the account its lines are on */
	money opening, closing;
};

struct saft_tax_code {
	str code;
	str description;
	str standard_code; /* of the tax authority's list */
	int rate_bp;       /* 2500: 25 % */
};

/* What stands in front of the transactions and has to agree with them. */
struct saft_totals {
	int64_t transaction_count;
	money debit; /* sum of the debit amounts; credit is the same */
};

struct saft_master {
	const struct saft_header *header;
	const struct saft_account *accounts; /* ascending */
	size_t account_count;
	const struct saft_party *customers, *suppliers; /* ascending by id, bytewise */
	size_t customer_count, supplier_count;
	const struct saft_tax_code *tax_codes; /* ascending by code */
	size_t tax_code_count;
	struct saft_totals totals;
};

struct saft_line {
	int account;
	money amount; /* not zero */
	str description;
	str customer_id, supplier_id; /* at most one, and the account must be that party's; empty: none */
	str tax_code;                 /* empty: none */
	money tax_base, tax_amount;   /* with a tax code */
	str reference, kid;           /* invoice number, KID; may be empty */
};

struct saft_transaction {
	str id; /* unique in the file: the caller's to see to */
	date on;         /* inside the period */
	date entered_on; /* when it was booked */
	str type;        /* kind of voucher */
	str description;
	const struct saft_line *lines;
	size_t line_count;
};

struct saft;

/* Writes the header and the master files. ERR_INTERNAL when accounts, parties or tax codes are out of order or doubled,
 * a party's account does not exist, or opening and closing balances do not each sum to zero. master and what it points
 * to stay until saft_finish(); the struct lives in arena. */
err_t saft_begin(
	const struct saft_master *master, struct arena *arena, struct sink sink, struct saft **ret_saft) MUST_CHECK;

/* Transactions belong to a journal: the last one begun. */
void saft_journal(struct saft *saft, str id, str description, str type);

/* ERR_INTERNAL when the lines do not sum to zero, the day is outside the period, or an account, party or tax code is not
 * in the master data. */
err_t saft_transaction(struct saft *saft, const struct saft_transaction *transaction) MUST_CHECK;

/* ERR_INTERNAL when the totals differ from those announced, or opening and movements of an account or party do not give
 * its closing balance. The file is good only when this is OK. */
err_t saft_finish(struct saft *saft) MUST_CHECK;

#endif
