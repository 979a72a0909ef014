/* A settlement as its client reads it: what came in from whom, what was kept, what is paid out. It is also the sales
 * document for the commission, so it carries number, dates, both parties and the VAT (bokføringsforskriften § 5-1-1).
 *
 * Each row: client's part = principal + interest + fees; net = client's part - commission - vat. gross is all that
 * was paid, the agency's salær included, and is for information. A row may be negative (a reversed payment, a fee
 * charged back). carried_in + the sum of net = payout + carried_out. */
#ifndef KRAVBOK_CORE_STATEMENT_H
#define KRAVBOK_CORE_STATEMENT_H

#include "core/letter.h"

struct statement_row {
	date on;
	int64_t case_no;    /* 0: none (a service, a correction) */
	str invoice_no, debtor;
	str what;           /* "Innbetaling", "Tilbakeført gebyr": also the line of the summary it belongs to */
	money gross, principal, interest, fees, commission, vat, net;
};

enum { STATEMENT_ROW_MAX = 20000, STATEMENT_KIND_MAX = 12 };

struct statement {
	enum letter_language language;
	struct letter_agency agency;
	str client_name, client_address, client_postcode, client_city, client_orgnr, client_account;
	int64_t client_no;
	int64_t settlement_no;
	date from_on, to_on; /* the period; from_on may be DATE_NONE */
	date settled_on;
	const struct statement_row *rows;
	size_t row_count;
	int vat_rate_bp;     /* 2500 */
	/* The agency's salær of the rows, sold to the client and paid by the debtors: without VAT, and the VAT they paid in
	 * it (a client that cannot deduct; for others it is in the rows' vat). */
	money salaer, salaer_vat;
	money carried_in, payout, carried_out;
};

/* ERR_INTERNAL when a row or the whole does not add up; ERR_INPUT for a missing name or text that is not UTF-8. */
err_t statement_check(const struct statement *statement) MUST_CHECK;

/* Rows added together. what: the kind they are of; rows beyond STATEMENT_KIND_MAX - 1 kinds share an empty one. */
struct statement_sum {
	str what;
	size_t row_count;
	money gross, principal, interest, fees, commission, vat, net;
};
struct statement_sum statement_total(const struct statement *statement);
/* By kind, in order of first row. Returns how many. */
size_t statement_kinds(const struct statement *statement, struct statement_sum sums[STATEMENT_KIND_MAX]);

#endif
