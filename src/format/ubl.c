/* First everything of interest is taken from the document as text, then the gate decides what it is, then the texts become
 * values. So a document is refused for what it is, not for the first field that is missing in its kind. */
#include "format/ubl.h"

#include "core/ident.h"
#include "core/kid.h"
#include "format/bank_file.h"
#include "format/xml.h"

#include <string.h>

enum { HEAD_SIZE_MAX = 8192, NOTE_SIZE_MAX = 4000, ADDRESS_SIZE_MAX = 500 };
#define SUM_MINOR_MAX INT64_C(1000000000000000000)
#define UBL_SPACE "urn:oasis:names:specification:ubl:schema:xsd:"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct ubl_amount {
	bool is_set;
	money value;
	char currency[4];
};

struct ubl_party_texts {
	str name, legal_name, company, company_scheme, vat, endpoint, endpoint_scheme;
	str street, street_more, address_line, city, postcode, country, email, phone;
};

enum ubl_sum {
	SUM_LINES,     /* LineExtensionAmount */
	SUM_EXCLUSIVE, /* without VAT */
	SUM_INCLUSIVE, /* with VAT */
	SUM_ALLOWANCE,
	SUM_CHARGE,
	SUM_PREPAID,
	SUM_ROUNDING,
	SUM_PAYABLE,
	SUM_COUNT,
};

static const char *const sum_names[SUM_COUNT] = {
	[SUM_LINES] = "LineExtensionAmount",
	[SUM_EXCLUSIVE] = "TaxExclusiveAmount",
	[SUM_INCLUSIVE] = "TaxInclusiveAmount",
	[SUM_ALLOWANCE] = "AllowanceTotalAmount",
	[SUM_CHARGE] = "ChargeTotalAmount",
	[SUM_PREPAID] = "PrepaidAmount",
	[SUM_ROUNDING] = "PayableRoundingAmount",
	[SUM_PAYABLE] = "PayableAmount",
};

struct ubl {
	struct xml *xml;
	struct arena *arena;
	bool in_envelope, has_document, is_credit_note;
	size_t depth; /* of the document element */
	str customization, profile, id, issued, due, means_due, invoice_type, credit_type, currency;
	str buyer_reference, order_reference, payment_id, account, credited;
	size_t credited_count, payment_id_count;
	bool payment_ids_differ, charges_reminder;
	struct ubl_party_texts supplier, payee, customer;
	struct ubl_amount sums[SUM_COUNT], tax;
	money line_sum;
	bool has_lines;
	struct text note, terms;
	struct ubl_document *document;
};

/* ---- where things stand, below the document element ---- */

static const struct xml_field document_fields[] = {
	{ "CustomizationID", offsetof(struct ubl, customization) },
	{ "ProfileID", offsetof(struct ubl, profile) },
	{ "ID", offsetof(struct ubl, id) },
	{ "IssueDate", offsetof(struct ubl, issued) },
	{ "DueDate", offsetof(struct ubl, due) },
	{ "InvoiceTypeCode", offsetof(struct ubl, invoice_type) },
	{ "CreditNoteTypeCode", offsetof(struct ubl, credit_type) },
	{ "DocumentCurrencyCode", offsetof(struct ubl, currency) },
	{ "BuyerReference", offsetof(struct ubl, buyer_reference) },
	{ "OrderReference/ID", offsetof(struct ubl, order_reference) },
	{ "BillingReference/InvoiceDocumentReference/ID", offsetof(struct ubl, credited) },
	{ "PaymentMeans/PaymentID", offsetof(struct ubl, payment_id) },
	{ "PaymentMeans/PaymentDueDate", offsetof(struct ubl, means_due) },
	{ "PaymentMeans/PayeeFinancialAccount/ID", offsetof(struct ubl, account) },
};

static const struct xml_field party_fields[] = {
	{ "PartyName/Name", offsetof(struct ubl_party_texts, name) },
	{ "PartyLegalEntity/RegistrationName", offsetof(struct ubl_party_texts, legal_name) },
	{ "PartyLegalEntity/CompanyID", offsetof(struct ubl_party_texts, company) },
	{ "EndpointID", offsetof(struct ubl_party_texts, endpoint) },
	{ "PostalAddress/StreetName", offsetof(struct ubl_party_texts, street) },
	{ "PostalAddress/AdditionalStreetName", offsetof(struct ubl_party_texts, street_more) },
	{ "PostalAddress/AddressLine/Line", offsetof(struct ubl_party_texts, address_line) },
	{ "PostalAddress/CityName", offsetof(struct ubl_party_texts, city) },
	{ "PostalAddress/PostalZone", offsetof(struct ubl_party_texts, postcode) },
	{ "PostalAddress/Country/IdentificationCode", offsetof(struct ubl_party_texts, country) },
	{ "Contact/ElectronicMail", offsetof(struct ubl_party_texts, email) },
	{ "Contact/Telephone", offsetof(struct ubl_party_texts, phone) },
};

static void text_join(struct text *text, const char *separator, str part)
{
	if (!part.size)
		return;
	if (text->size + part.size + 16 > text->size_max) { /* cut whole parts: a note is for reading */
		if (text->size + 8 < text->size_max && !(text->size >= 3 && memcmp(text->at + text->size - 3, "…", 3) == 0))
			text_add_z(text, " …");
		return;
	}
	if (text->size)
		text_add_z(text, separator);
	text_add(text, part);
	for (size_t i = text->size - part.size; i < text->size; i++) /* one line */
		if (text->at[i] == '\n' || text->at[i] == '\r' || text->at[i] == '\t')
			text->at[i] = ' ';
}

static err_t ubl_take_amount(struct ubl *ubl, struct ubl_amount *amount)
{
	str currency = xml_attribute(ubl->xml, "currencyID");
	if (currency.size != 3)
		return fail(ERR_INPUT, "line %ld: %.*s has no currency (currencyID)", xml_line(ubl->xml),
			STR_ARG(xml_name(ubl->xml)));
	if (amount->is_set)
		return fail(ERR_INPUT, "line %ld: %.*s is given twice", xml_line(ubl->xml), STR_ARG(xml_name(ubl->xml)));
	TRY(within(xml_amount(xml_text(ubl->xml), &amount->value), "line %ld: %.*s", xml_line(ubl->xml),
		STR_ARG(xml_name(ubl->xml))));
	memcpy(amount->currency, currency.at, 3);
	amount->is_set = true;
	return OK;
}

static err_t ubl_total_text(struct ubl *ubl, str name)
{
	for (size_t i = 0; i < SUM_COUNT; i++)
		if (str_eq_z(name, sum_names[i]))
			return ubl_take_amount(ubl, &ubl->sums[i]);
	return OK;
}

static err_t ubl_line_text(struct ubl *ubl)
{
	struct ubl_amount amount = { .is_set = false };
	TRY(ubl_take_amount(ubl, &amount));
	ubl->line_sum = money_add(ubl->line_sum, amount.value);
	ubl->has_lines = true;
	if (ubl->line_sum.minor > SUM_MINOR_MAX || ubl->line_sum.minor < -SUM_MINOR_MAX)
		return fail(ERR_INPUT, "line %ld: the lines add up to more than can be", xml_line(ubl->xml));
	return OK;
}

/* VAT is given twice when it is not in the document's currency: the total in that currency counts. */
static err_t ubl_tax_text(struct ubl *ubl)
{
	if (!str_eq(xml_attribute(ubl->xml, "currencyID"), ubl->currency))
		return OK;
	return ubl_take_amount(ubl, &ubl->tax);
}

static err_t ubl_party_text(struct ubl *ubl, str path, struct ubl_party_texts *party)
{
	bool had_company = party->company.size > 0, had_endpoint = party->endpoint.size > 0;
	TRY(xml_take(ubl->xml, path, party_fields, COUNT(party_fields), ubl->arena, party));
	str scheme = xml_attribute(ubl->xml, "schemeID");
	if (scheme.size > XML_FIELD_SIZE_MAX)
		return fail(ERR_INPUT, "line %ld: a schemeID is too long", xml_line(ubl->xml));
	if (!had_company && party->company.size)
		party->company_scheme = str_copy(ubl->arena, scheme);
	if (!had_endpoint && party->endpoint.size)
		party->endpoint_scheme = str_copy(ubl->arena, scheme);
	/* Norwegian suppliers also state "Foretaksregisteret" as a tax scheme: that is no VAT number. */
	static const struct xml_field vat = { "PartyTaxScheme/CompanyID", offsetof(struct ubl_party_texts, vat) };
	if (!str_eq_z(xml_text(ubl->xml), "Foretaksregisteret"))
		TRY(xml_take(ubl->xml, path, &vat, 1, ubl->arena, party));
	return OK;
}

static err_t ubl_payment_id(struct ubl *ubl)
{
	if (ubl->payment_id_count++ && !str_eq(ubl->payment_id, xml_text(ubl->xml)))
		ubl->payment_ids_differ = true;
	return OK;
}

static err_t ubl_text(struct ubl *ubl)
{
	str path = ubl->in_envelope ? xml_below(xml_path(ubl->xml), 1) : xml_path(ubl->xml);
	if (xml_depth(ubl->xml) <= ubl->depth)
		return OK;
	if (str_starts(path, S("AccountingSupplierParty/Party/")))
		return ubl_party_text(ubl, xml_below(path, 2), &ubl->supplier);
	if (str_starts(path, S("AccountingCustomerParty/Party/")))
		return ubl_party_text(ubl, xml_below(path, 2), &ubl->customer);
	if (str_starts(path, S("PayeeParty/")))
		return ubl_party_text(ubl, xml_below(path, 1), &ubl->payee);
	if (str_starts(path, S("LegalMonetaryTotal/")))
		return ubl_total_text(ubl, xml_below(path, 1));
	if (str_eq_z(path, "InvoiceLine/LineExtensionAmount") || str_eq_z(path, "CreditNoteLine/LineExtensionAmount"))
		return ubl_line_text(ubl);
	if (str_eq_z(path, "TaxTotal/TaxAmount"))
		return ubl_tax_text(ubl);
	if (str_eq_z(path, "Note"))
		text_join(&ubl->note, " / ", xml_text(ubl->xml));
	if (str_eq_z(path, "PaymentTerms/Note"))
		text_join(&ubl->terms, " / ", xml_text(ubl->xml));
	if (str_eq_z(path, "AllowanceCharge/AllowanceChargeReasonCode") && str_eq_z(xml_text(ubl->xml), "REM"))
		ubl->charges_reminder = true;
	ubl->credited_count += str_eq_z(path, "BillingReference/InvoiceDocumentReference/ID");
	TRY(xml_take(ubl->xml, path, document_fields, COUNT(document_fields), ubl->arena, ubl));
	return str_eq_z(path, "PaymentMeans/PaymentID") ? ubl_payment_id(ubl) : OK;
}

static err_t ubl_document_opened(struct ubl *ubl)
{
	str space = xml_namespace(ubl->xml), name = xml_name(ubl->xml);
	if (ubl->has_document)
		return fail(ERR_INPUT, "line %ld: the envelope holds more than one document", xml_line(ubl->xml));
	ubl->is_credit_note = str_eq_z(name, "CreditNote") && str_eq_z(space, UBL_SPACE "CreditNote-2");
	if (!ubl->is_credit_note && !(str_eq_z(name, "Invoice") && str_eq_z(space, UBL_SPACE "Invoice-2")))
		return fail(ERR_INPUT, "this is not a UBL invoice or credit note: '%.*s' of '%.*s'", STR_ARG(name),
			STR_ARG(space));
	ubl->has_document = true;
	ubl->depth = xml_depth(ubl->xml);
	return OK;
}

static err_t ubl_opened(struct ubl *ubl)
{
	str space = xml_namespace(ubl->xml), name = xml_name(ubl->xml);
	size_t depth = xml_depth(ubl->xml);
	if (depth == 1 && str_eq_z(name, "StandardBusinessDocument")) {
		ubl->in_envelope = true;
		return OK;
	}
	if (depth == 2 && str_eq_z(name, "StandardBusinessDocumentHeader") && ubl->in_envelope)
		return xml_skip(ubl->xml);
	if (depth == (ubl->in_envelope ? 2u : 1u))
		return ubl_document_opened(ubl);
	/* Extensions and signatures are of other namespaces; attachments are large and not for us. */
	bool is_ours = str_eq_z(space, UBL_SPACE "CommonBasicComponents-2") ||
		str_eq_z(space, UBL_SPACE "CommonAggregateComponents-2");
	bool is_attachment = depth == ubl->depth + 1 && str_eq_z(name, "AdditionalDocumentReference");
	return is_ours && !is_attachment ? OK : xml_skip(ubl->xml);
}

static err_t ubl_events(struct ubl *ubl)
{
	for (;;) { /* xml_next ends with the file at the latest */
		enum xml_event event;
		TRY(xml_next(ubl->xml, &event));
		if (event == XML_OPEN)
			TRY(ubl_opened(ubl));
		else if (event == XML_TEXT)
			TRY(ubl_text(ubl));
		else if (event == XML_END)
			return ubl->has_document ? OK : fail(ERR_INPUT, "the envelope holds no document");
	}
}

/* ---- the gate ---- */

/* Documents with the same root elements that are not invoices between the parties. */
static err_t ubl_other_kind(const struct ubl *ubl)
{
	str custom = ubl->customization, type = ubl->is_credit_note ? ubl->credit_type : ubl->invoice_type;
	str invoice = ubl->credited.size ? ubl->credited : S("(not stated)");
	if (str_has(custom, S("ehf:reminder")))
		return fail(ERR_REFUSED, "this is an EHF Reminder, not a new claim: it belongs to invoice '%.*s'",
			STR_ARG(invoice));
	if (str_has(custom, S("forward-billing")))
		return fail(ERR_REFUSED, "this is EHF forward billing (utfakturering), not a claim on the customer");
	if (str_has(custom, S("selfbilling")) || str_has(custom, S("self-billing")) || str_eq_z(type, "389") ||
		str_eq_z(type, "261"))
		return fail(ERR_REFUSED, "this is a self-billing document: the customer has written it, the roles are swapped");
	if (str_has(custom, S("payment-request")) || str_eq_z(type, "527"))
		return fail(ERR_REFUSED, "this is an EHF payment request, not a debt between the parties");
	if (str_has(custom, S("cenbii.eu")) || str_has(custom, S("ehf:faktura")) || str_has(custom, S("ehf:kreditnota")))
		return fail(ERR_REFUSED, "this is EHF 2.0, a retired format: ask for EHF Billing 3.0");
	return OK;
}

static err_t ubl_gate_check(const struct ubl *ubl, enum ubl_gate gate)
{
	static const char peppol[] = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
	static const char peppol_profile[] = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
	str custom = ubl->customization;
	TRY(ubl_other_kind(ubl));
	if (!custom.size)
		return fail(ERR_INPUT, "the document does not say what it is (CustomizationID)");
	if (str_eq_z(custom, peppol) && str_eq_z(ubl->profile, peppol_profile))
		return OK;
	bool is_norm = str_eq_z(custom, "urn:cen.eu:en16931:2017") || str_starts(custom, S("urn:cen.eu:en16931:2017#"));
	if (gate == UBL_GATE_EN16931 && is_norm)
		return OK;
	if (str_eq_z(custom, peppol))
		return fail(ERR_INPUT, "the profile '%.*s' is not that of Peppol BIS Billing 3.0", STR_ARG(ubl->profile));
	return fail(ERR_INPUT, "'%.*s' is not Peppol BIS Billing 3.0 (EHF Billing 3.0)%s", STR_ARG(custom),
		is_norm ? ", and the creditor has not agreed to other EN 16931 invoices" : "");
}

static err_t ubl_type_check(const struct ubl *ubl)
{
	static const char *const invoices[] = { "380", "82", "383", "384", "386", "388", "393", "395" };
	static const char *const credits[] = { "381", "81", "83", "396" };
	str type = ubl->is_credit_note ? ubl->credit_type : ubl->invoice_type;
	const char *const *known = ubl->is_credit_note ? credits : invoices;
	size_t known_count = ubl->is_credit_note ? COUNT(credits) : COUNT(invoices);
	for (size_t i = 0; i < known_count; i++)
		if (str_eq_z(type, known[i]))
			return OK;
	return fail(ERR_INPUT, "the type code '%.*s' is not that of %s we read", STR_ARG(type),
		ubl->is_credit_note ? "a credit note" : "an invoice");
}

/* ---- values ---- */

static void ubl_warn(struct ubl *ubl, str warning)
{
	struct ubl_document *document = ubl->document;
	if (document->warning_count < UBL_WARNING_COUNT_MAX)
		document->warnings[document->warning_count++] = warning;
}

/* The organisation number from what may hold it; "" when none is valid. */
static str party_orgnr(const struct ubl_party_texts *texts, struct arena *arena)
{
	struct ident_text orgnr;
	str vat = texts->vat;
	bool is_norwegian_vat = str_starts(vat, S("NO")) && vat.size == 14 && str_eq((str){ vat.at + 11, 3 }, S("MVA"));
	str candidates[] = {
		!texts->company_scheme.size || str_eq_z(texts->company_scheme, "0192") ? texts->company : S(""),
		is_norwegian_vat ? (str){ vat.at + 2, 9 } : S(""),
		str_eq_z(texts->endpoint_scheme, "0192") ? texts->endpoint : S(""),
	};
	for (size_t i = 0; i < COUNT(candidates); i++) {
		err_t err = candidates[i].size ? orgnr_parse(candidates[i], &orgnr) : fail(ERR_INPUT, "none");
		if (!err)
			return str_copy(arena, str_from_z(orgnr.z));
		err_free(err); /* a number of another register: the next may be ours */
	}
	return S("");
}

static struct ubl_party ubl_party(struct ubl *ubl, const struct ubl_party_texts *texts, const char *role)
{
	struct text address = text_in(ubl->arena, ADDRESS_SIZE_MAX);
	text_join(&address, ", ", texts->street);
	text_join(&address, ", ", texts->street_more);
	text_join(&address, ", ", texts->address_line);
	struct ubl_party party = {
		.name = texts->legal_name.size ? texts->legal_name : texts->name,
		.orgnr = party_orgnr(texts, ubl->arena),
		.ident = texts->company,
		.ident_scheme = texts->company_scheme,
		.address = text_str(&address),
		.postcode = texts->postcode,
		.city = texts->city,
		.country = texts->country,
		.email = texts->email,
		.phone = texts->phone,
	};
	party.is_company = texts->company.size || texts->vat.size || party.orgnr.size;
	if (str_eq_z(texts->company_scheme, "0192") && !orgnr_is_valid(texts->company))
		ubl_warn(ubl, str_format(ubl->arena, "the organisation number '%.*s' of the %s is wrong",
			STR_ARG(texts->company), role));
	return party;
}

static err_t ubl_dates(struct ubl *ubl)
{
	struct ubl_document *document = ubl->document;
	str due = ubl->due.size ? ubl->due : ubl->means_due;
	TRY(within(date_parse_iso(ubl->issued, &document->issued_on), "IssueDate"));
	document->due_on = DATE_NONE;
	if (due.size)
		TRY(within(date_parse_iso(due, &document->due_on), "DueDate"));
	if (due.size && date_before(document->due_on, document->issued_on))
		ubl_warn(ubl, S("it is due before it was issued"));
	return OK;
}

static err_t ubl_currency_check(const struct ubl *ubl)
{
	for (size_t i = 0; i < SUM_COUNT; i++) {
		const struct ubl_amount *sum = &ubl->sums[i];
		if (sum->is_set && !str_eq_z(ubl->currency, sum->currency))
			return fail(ERR_INPUT, "%s is in %s, the document in %.*s", sum_names[i], sum->currency,
				STR_ARG(ubl->currency));
	}
	return OK;
}

static void ubl_warn_sum(struct ubl *ubl, const char *what, money stated, money computed)
{
	if (stated.minor != computed.minor)
		ubl_warn(ubl, str_format(ubl->arena, "%s is %s, but its parts give %s", what, money_plain(stated).z,
			money_plain(computed).z));
}

/* The document's totals are trusted; that they do not agree is for a person to see. */
static void ubl_warn_sums(struct ubl *ubl)
{
	const struct ubl_amount *sums = ubl->sums;
	if (ubl->has_lines && sums[SUM_LINES].is_set)
		ubl_warn_sum(ubl, "the sum of the lines", sums[SUM_LINES].value, ubl->line_sum);
	money exclusive = money_add(money_sub(sums[SUM_LINES].value, sums[SUM_ALLOWANCE].value), sums[SUM_CHARGE].value);
	if (sums[SUM_LINES].is_set && sums[SUM_EXCLUSIVE].is_set)
		ubl_warn_sum(ubl, "the sum without VAT", sums[SUM_EXCLUSIVE].value, exclusive);
	if (ubl->tax.is_set && sums[SUM_EXCLUSIVE].is_set && sums[SUM_INCLUSIVE].is_set)
		ubl_warn_sum(ubl, "the sum with VAT", sums[SUM_INCLUSIVE].value,
			money_add(sums[SUM_EXCLUSIVE].value, ubl->tax.value));
	money payable = money_add(money_sub(sums[SUM_INCLUSIVE].value, sums[SUM_PREPAID].value), sums[SUM_ROUNDING].value);
	if (sums[SUM_INCLUSIVE].is_set)
		ubl_warn_sum(ubl, "the amount to pay", sums[SUM_PAYABLE].value, payable);
	if (sums[SUM_PAYABLE].value.minor == 0)
		ubl_warn(ubl, S("nothing is left to pay"));
}

static err_t ubl_amounts(struct ubl *ubl)
{
	struct ubl_document *document = ubl->document;
	if (!ubl->sums[SUM_PAYABLE].is_set)
		return fail(ERR_INPUT, "the amount to pay (LegalMonetaryTotal/PayableAmount) is missing");
	TRY(ubl_currency_check(ubl));
	ubl_warn_sums(ubl);
	money payable = ubl->sums[SUM_PAYABLE].value, total = ubl->sums[SUM_INCLUSIVE].value;
	document->credit_note = ubl->is_credit_note;
	if (payable.minor < 0) {
		if (ubl->is_credit_note)
			return fail(ERR_INPUT, "a credit note with a negative amount: '%s'", money_plain(payable).z);
		document->credit_note = document->was_negative = true;
		payable = money_neg(payable);
		total = money_neg(total);
	}
	document->payable = payable;
	document->total = money_clamp(total);
	document->prepaid = ubl->sums[SUM_PREPAID].value;
	return OK;
}

static void ubl_payment(struct ubl *ubl)
{
	struct ubl_document *document = ubl->document;
	document->kid = ubl->payment_id;
	document->account = bank_account(ubl->arena, ubl->account);
	if (document->kid.size && !kid_is_valid(document->kid))
		ubl_warn(ubl, str_format(ubl->arena, "the payment reference '%.*s' is no valid KID", STR_ARG(document->kid)));
	bool is_bban = document->account.size == 11 && str_is_digits(document->account);
	if ((is_bban && !bban_is_valid(document->account)) || str_starts(document->account, S("NO")))
		ubl_warn(ubl, str_format(ubl->arena, "the check digits of the account '%.*s' are wrong",
			STR_ARG(document->account)));
	if (ubl->payment_ids_differ)
		ubl_warn(ubl, S("it has several payment references: the first is taken"));
	if (document->credit_note && ubl->credited_count != 1)
		ubl_warn(ubl, ubl->credited_count ? S("it credits several invoices: the first is named")
						  : S("it does not say which invoice it credits"));
}

static err_t ubl_values(struct ubl *ubl)
{
	struct ubl_document *document = ubl->document;
	if (!ubl->id.size)
		return fail(ERR_INPUT, "the document has no number (ID)");
	if (ubl->currency.size != 3)
		return fail(ERR_INPUT, "the currency '%.*s' is not three letters (DocumentCurrencyCode)", STR_ARG(ubl->currency));
	TRY(ubl_type_check(ubl));
	TRY(ubl_dates(ubl));
	TRY(ubl_amounts(ubl));
	document->supplier = ubl_party(ubl, &ubl->supplier, "supplier");
	document->payee = ubl_party(ubl, &ubl->payee, "payee");
	document->customer = ubl_party(ubl, &ubl->customer, "customer");
	if (!document->supplier.name.size)
		return fail(ERR_INPUT, "the supplier has no name (AccountingSupplierParty)");
	ubl_payment(ubl);
	document->id = ubl->id;
	document->type_code = ubl->is_credit_note ? ubl->credit_type : ubl->invoice_type;
	document->currency = ubl->currency;
	document->credited_invoice = ubl->credited;
	document->credited_count = ubl->credited_count;
	document->buyer_reference = ubl->buyer_reference;
	document->order_reference = ubl->order_reference;
	document->note = text_str(&ubl->note);
	document->terms = text_str(&ubl->terms);
	document->charges_reminder = ubl->charges_reminder;
	if (document->charges_reminder)
		ubl_warn(ubl, S("a reminder fee (REM) is part of the amount"));
	return OK;
}

err_t ubl_read(str bytes, struct arena *arena, enum ubl_gate gate, struct ubl_document *ret_document)
{
	struct ubl_document document = { .credit_note = false };
	struct ubl ubl = {
		.arena = arena, .document = &document,
		.note = text_in(arena, NOTE_SIZE_MAX), .terms = text_in(arena, NOTE_SIZE_MAX),
	};
	TRY(xml_open(bytes, arena, &ubl.xml));
	err_t err = ubl_events(&ubl);
	xml_close(ubl.xml);
	TRY(err);
	TRY(ubl_gate_check(&ubl, gate));
	TRY(ubl_values(&ubl));
	*ret_document = document;
	return OK;
}
