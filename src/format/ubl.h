/* Invoices and credit notes in UBL 2.1: EHF Billing 3.0 / Peppol BIS Billing 3.0, and by choice any EN 16931 invoice.
 * Source: EN 16931, Peppol BIS Billing 3.0.
 *
 * Part of the module "xml" (format/xml_module.h): programs call it through that table. */
#ifndef KRAVBOK_FORMAT_UBL_H
#define KRAVBOK_FORMAT_UBL_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Which documents may open a claim. The same root elements are used for reminders, payment requests and others that may
 * not: they are refused by their names under either gate. */
enum ubl_gate {
	UBL_GATE_PEPPOL,  /* exactly Peppol BIS Billing 3.0 (EHF Billing 3.0) */
	UBL_GATE_EN16931, /* any invoice or credit note that says it follows EN 16931; for creditors who agreed to it */
};

struct ubl_party {
	str name;         /* the registered name, else the trading name */
	str orgnr;        /* 9 digits, valid; "" when there is none */
	str ident;        /* the company's number as it stands */
	str ident_scheme; /* ISO 6523: 0192 is the Norwegian register */
	bool is_company;  /* has a company number or a VAT number; a person has neither */
	str address;      /* lines joined by ", " */
	str postcode, city;
	str country;      /* ISO 3166 two letters */
	str email, phone;
};

enum { UBL_WARNING_COUNT_MAX = 16 };

struct ubl_document {
	bool credit_note;      /* a CreditNote, or an invoice with a negative amount */
	bool was_negative;     /* it was that invoice */
	str id;                /* unique for its supplier */
	str type_code;         /* 380, 381 … */
	date issued_on;
	date due_on;           /* DATE_NONE: not stated */
	str currency;
	money payable;         /* what is asked or credited; >= 0 */
	money total;           /* with VAT; >= 0 */
	money prepaid;
	struct ubl_party supplier, payee, customer; /* payee: empty name and ident when the supplier is paid itself */
	str kid;               /* payment reference; its check digits may be wrong (warned of) */
	str account;           /* 11 digits, or a foreign account as it stands */
	str credited_invoice;  /* the invoice a credit note is for; "" not stated */
	size_t credited_count; /* how many it refers to */
	str buyer_reference, order_reference;
	str note;              /* for a person to read; lines joined by " / " */
	str terms;             /* payment terms, likewise */
	bool charges_reminder; /* a charge with reason code REM is in the amount */
	str warnings[UBL_WARNING_COUNT_MAX]; /* what a person should look at; the document may still be used */
	size_t warning_count;
};

/* By content, from the first bytes of a file (8 KiB are enough): an invoice or credit note, perhaps in an envelope. */
bool ubl_detect(str head);

/* Reads one document; an envelope (StandardBusinessDocument) is taken off. The texts live in arena (up to 1 MiB).
 * Refused (ERR_INPUT): what gate does not let through, by name; a missing number, date, currency, supplier name or amount;
 * an amount in another currency than the document's or with more than two decimals; an unknown type code; a credit note
 * with a negative amount. ERR_REFUSED: a document that is understood but may not open a claim (reminder, forward
 * billing, self-billing, payment request, EHF 2.0).
 * Sums are trusted as they stand and warned of when they do not agree. Attachments are passed over. */
err_t ubl_read(str bytes, struct arena *arena, enum ubl_gate gate, struct ubl_document *ret_document) MUST_CHECK;

#endif
