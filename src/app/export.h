/* The book for others: a plain-text journal an auditor can check with a free tool, SAF-T for the tax authority, and the
 * list of claims. All are written as the book is read, so memory does not grow with it. */
#ifndef KRAVBOK_APP_EXPORT_H
#define KRAVBOK_APP_EXPORT_H

#include "app/op.h"
#include "base/sink.h"

/* Every event of every case and every voucher, in hledger's form. An event is one transaction; two when its money side
 * carries another day than the memorandum. Clients are accounts of their own below liabilities:clients. */
err_t export_hledger(const struct op *op, struct sink sink) MUST_CHECK;

/* SAF-T Financial 1.30 of the agency's own books and the client funds; the memorandum of what debtors owe is not the
 * agency's. Clients are customers with their balance on 2900. */
struct export_period {
	date from, to; /* DATE_NONE: the year of to; today */
};
err_t export_saft(const struct op *op, struct export_period period, struct sink sink) MUST_CHECK;

struct export_claim {
	int64_t case_no, client_no;
	str kid, invoice_no, debtor, stage;
	date issued_on, due_on;
	money amount;           /* of the invoice */
	int64_t carrier_no;     /* joined to this case, which owes it; 0: none */
	money principal, interest, costs, balance; /* owed today */
};
/* Every claim with what is owed on it today, by case number; the row is good during the call. */
err_t export_claims(const struct op *op, err_t (*each)(const struct export_claim *claim, void *context), void *context)
	MUST_CHECK;

#endif
