/* Invoices and credit notes in UBL, and the bank's status reports: what is read, what is refused and why. */
#include "format/pain002.h"
#include "format/ubl.h"
#include "format/xml_module.h"

#include "file_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */
#define broken(...) (print_error(__VA_ARGS__), _fail(__FILE__, __LINE__))

static struct arena *arena;
static str invoice, credit_note;

static struct ubl_document read_with(str bytes, enum ubl_gate gate)
{
	struct ubl_document document = { .credit_note = false };
	err_t err = ubl_read(bytes, arena, gate, &document);
	if (err)
		broken("%s\n", err_text(err));
	return document;
}

static struct ubl_document read_one(str bytes)
{
	return read_with(bytes, UBL_GATE_PEPPOL);
}

static err_t check(str bytes)
{
	struct ubl_document document;
	struct arena_mark mark = arena_mark(arena);
	err_t err = ubl_read(bytes, arena, UBL_GATE_PEPPOL, &document);
	arena_reset(arena, mark);
	return err;
}

static str with(str text, const char *from, const char *to)
{
	return file_text_with(arena, text, from, to);
}

#define assert_str(got, expected)                                                                          \
	do {                                                                                               \
		str got_ = (got);                                                                          \
		if (!str_eq_z(got_, (expected)))                                                           \
			broken("'%.*s' is not '%s'\n", STR_ARG(got_), (expected));                         \
	} while (0)

static void assert_warned(const struct ubl_document *document, const char *part)
{
	for (size_t i = 0; i < document->warning_count; i++)
		if (str_has(document->warnings[i], str_from_z(part)))
			return;
	broken("no warning of '%s'\n", part);
}

static void an_invoice_has_what_a_claim_needs(void **state)
{
	(void)state;
	struct ubl_document d = read_one(invoice);
	assert_false(d.credit_note);
	assert_str(d.id, "2026-1001-N");
	assert_str(d.type_code, "380");
	assert_string_equal(date_iso(d.issued_on).z, "2026-01-12");
	assert_string_equal(date_iso(d.due_on).z, "2026-01-26");
	assert_str(d.currency, "NOK");
	assert_int_equal(d.payable.minor, 348000);
	assert_int_equal(d.total.minor, 348000);
	assert_int_equal(d.prepaid.minor, 0);
	assert_str(d.supplier.name, "NORDLYS STR\xC3\x98M AS");
	assert_str(d.supplier.orgnr, "312226340");
	assert_str(d.payee.name, "");
	assert_str(d.customer.name, "SOLVIK BYGG AS");
	assert_str(d.customer.orgnr, "315565855");
	assert_str(d.customer.ident_scheme, "0192");
	assert_true(d.customer.is_company);
	assert_str(d.customer.address, "Industriveien 9");
	assert_str(d.customer.postcode, "3036");
	assert_str(d.customer.city, "Drammen");
	assert_str(d.customer.country, "NO");
	assert_str(d.customer.email, "regnskap@solvik-bygg.example");
	assert_str(d.customer.phone, "+4790000006");
	assert_str(d.kid, "00010017");
	assert_str(d.account, "15030159389");
	assert_str(d.note, "Str\xC3\xB8m for januar 2026");
	assert_int_equal(d.warning_count, 0);
}

static void a_credit_note_names_its_invoice(void **state)
{
	(void)state;
	struct ubl_document d = read_one(credit_note);
	assert_true(d.credit_note && !d.was_negative);
	assert_str(d.credited_invoice, "2026-1001-N");
	assert_int_equal(d.payable.minor, 50000);
	assert_true(date_is_none(d.due_on));
	assert_int_equal(d.warning_count, 0);
	d = read_one(with(with(credit_note, "<cac:BillingReference>", "<!--"), "</cac:BillingReference>", "-->"));
	assert_str(d.credited_invoice, "");
	assert_warned(&d, "does not say which invoice");
}

static void a_negative_invoice_is_a_credit(void **state)
{
	(void)state;
	str text = with(invoice, "<cbc:PayableAmount currencyID=\"NOK\">3480.00", "<cbc:PayableAmount currencyID=\"NOK\">-3480.00");
	struct ubl_document d = read_one(text);
	assert_true(d.credit_note && d.was_negative);
	assert_int_equal(d.payable.minor, 348000);
	assert_warned(&d, "the amount to pay is -3480.00, but its parts give 3480.00");
}

static void prepaid_and_rounding_explain_the_amount(void **state)
{
	(void)state;
	str text = with(invoice, "<cbc:PayableAmount currencyID=\"NOK\">3480.00",
		"<cbc:PrepaidAmount currencyID=\"NOK\">1000.40</cbc:PrepaidAmount>"
		"<cbc:PayableRoundingAmount currencyID=\"NOK\">0.40</cbc:PayableRoundingAmount>"
		"<cbc:PayableAmount currencyID=\"NOK\">2480");
	struct ubl_document d = read_one(text);
	assert_int_equal(d.payable.minor, 248000);
	assert_int_equal(d.prepaid.minor, 100040);
	assert_int_equal(d.warning_count, 0);
}

static void sums_that_do_not_agree_are_warned_of(void **state)
{
	(void)state;
	struct ubl_document d = read_one(with(invoice, "<cbc:TaxInclusiveAmount currencyID=\"NOK\">3480.00",
		"<cbc:TaxInclusiveAmount currencyID=\"NOK\">3480.01"));
	assert_warned(&d, "the sum with VAT is 3480.01, but its parts give 3480.00");
	assert_warned(&d, "the amount to pay is 3480.00, but its parts give 3480.01");
	d = read_one(with(invoice, "<cbc:LineExtensionAmount currencyID=\"NOK\">2784.00",
		"<cbc:LineExtensionAmount currencyID=\"NOK\">2785.00"));
	assert_warned(&d, "the sum of the lines is 2785.00, but its parts give 2784.00");
	assert_int_equal(d.payable.minor, 348000);
}

static void a_person_has_no_company_number(void **state)
{
	(void)state;
	const char *from = memmem(invoice.at, invoice.size, "<cac:AccountingCustomerParty>", 29);
	size_t head = (size_t)(from - invoice.at);
	str tail = with((str){ from, invoice.size - head }, "<cbc:CompanyID schemeID=\"0192\">315565855</cbc:CompanyID>", "");
	tail = with(tail, "<cbc:CompanyID>NO315565855MVA</cbc:CompanyID>", "");
	tail = with(tail, "<cbc:EndpointID schemeID=\"0192\">315565855</cbc:EndpointID>", "");
	struct ubl_document d = read_one(str_format(arena, "%.*s%.*s", (int)head, invoice.at, STR_ARG(tail)));
	assert_false(d.customer.is_company);
	assert_str(d.customer.ident, "");
	assert_str(d.customer.orgnr, "");
}

static void wrong_check_digits_are_warned_of(void **state)
{
	(void)state;
	struct ubl_document d = read_one(with(invoice, "00010017", "00010018"));
	assert_str(d.kid, "00010018");
	assert_warned(&d, "the payment reference '00010018' is no valid KID");
	d = read_one(with(invoice, "<cbc:ID>15030159389", "<cbc:ID>15030159388"));
	assert_warned(&d, "the check digits of the account '15030159388' are wrong");
	d = read_one(with(invoice, "<cbc:ID>15030159389", "<cbc:ID>NO93 1503 0159 388"));
	assert_warned(&d, "the check digits of the account");
	d = read_one(with(invoice, "schemeID=\"0192\">312226340</cbc:CompanyID>", "schemeID=\"0192\">312226341</cbc:CompanyID>"));
	assert_warned(&d, "the organisation number '312226341' of the supplier is wrong");
	assert_str(d.supplier.orgnr, "312226340"); /* the VAT number has it right */
}

static void the_payee_is_told_apart_from_the_supplier(void **state)
{
	(void)state;
	struct ubl_document d = read_one(with(invoice, "  <cac:PaymentMeans>",
		"<cac:PayeeParty><cac:PartyName><cbc:Name>Faktor AS</cbc:Name></cac:PartyName><cac:PartyLegalEntity>"
		"<cbc:CompanyID schemeID=\"0192\">313339513</cbc:CompanyID></cac:PartyLegalEntity></cac:PayeeParty>"
		"<cac:PaymentMeans>"));
	assert_str(d.payee.name, "Faktor AS");
	assert_str(d.payee.orgnr, "313339513");
	assert_str(d.supplier.orgnr, "312226340");
}

static void a_reminder_fee_in_the_amount_is_seen(void **state)
{
	(void)state;
	struct ubl_document d = read_one(with(invoice, "  <cac:TaxTotal>",
		"<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
		"<cbc:AllowanceChargeReasonCode>REM</cbc:AllowanceChargeReasonCode>"
		"<cbc:Amount currencyID=\"NOK\">38.00</cbc:Amount></cac:AllowanceCharge><cac:TaxTotal>"));
	assert_true(d.charges_reminder);
	assert_warned(&d, "a reminder fee (REM)");
}

static void the_envelope_is_taken_off(void **state)
{
	(void)state;
	const char *root = memmem(invoice.at, invoice.size, "<Invoice", 8);
	str bare = { root, invoice.size - (size_t)(root - invoice.at) };
	const char *head = "<?xml version=\"1.0\"?>\n<sh:StandardBusinessDocument xmlns:sh=\""
			   "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader\">"
			   "<sh:StandardBusinessDocumentHeader><sh:HeaderVersion>1.0</sh:HeaderVersion>"
			   "</sh:StandardBusinessDocumentHeader>";
	str text = str_format(arena, "%s%.*s</sh:StandardBusinessDocument>", head, STR_ARG(bare));
	struct ubl_document d = read_one(text);
	assert_str(d.id, "2026-1001-N");
	assert_int_equal(d.payable.minor, 348000);
	assert_true(ubl_detect(text));
	err_t err = check(str_format(arena, "%s%.*s%.*s</sh:StandardBusinessDocument>", head, STR_ARG(bare), STR_ARG(bare)));
	assert_non_null(err);
	assert_non_null(strstr(err_text(err), "the envelope holds more than one document"));
	err_free(err);
}

static void extensions_and_attachments_are_passed_over(void **state)
{
	(void)state;
	struct ubl_document d = read_one(with(invoice, "  <cac:AccountingSupplierParty>",
		"<cac:AdditionalDocumentReference><cbc:ID>A</cbc:ID><cac:Attachment>"
		"<cbc:EmbeddedDocumentBinaryObject mimeCode=\"application/pdf\" filename=\"a.pdf\">JVBERi0=</cbc:EmbeddedDocumentBinaryObject>"
		"</cac:Attachment></cac:AdditionalDocumentReference>"
		"<x:ID xmlns:x=\"urn:other\">mixed <x:b/> text</x:ID><cac:AccountingSupplierParty>"));
	assert_str(d.id, "2026-1001-N");
}

static void damaged_and_other_documents_are_refused_by_name(void **state)
{
	(void)state;
	assert_int_equal(bad_files_check("ubl", check), 0);
	err_t err = check(with(invoice, ">380<", ">389<"));
	assert_int_equal(err_kind(err), ERR_REFUSED); /* understood, and not for us */
	err_free(err);
}

static void a_cut_document_never_passes(void **state)
{
	(void)state;
	const str files[] = { invoice, credit_note };
	for (size_t f = 0; f < 2; f++)
		for (size_t size = 0; size + 1 < files[f].size; size++) { /* the last line end may go */
			str exact = { memcpy(malloc(size + 1), files[f].at, size), size };
			err_t err = check(exact);
			if (!err)
				broken("%zu bytes of %zu passed\n", size, files[f].size);
			err_free(err);
			file_text_free(exact);
		}
}

static void the_gate_decides_about_other_profiles(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int64_t payable_minor;
		bool is_peppol;
	} files[] = {
		{ "01.01a-INVOICE_ubl.xml", 33690, false },
		{ "01.02a-INVOICE_ubl.xml", 1260, false },
		{ "01.04a-INVOICE_ubl.xml", 12000, false },
		{ "01.05_minimal_test_ubl.xml", 474375, false },
		{ "01.15a-INVOICE_ubl.xml", 1068620, false },
		{ "BIS3_Invoice_positive.XML", 78217943, true },
		{ "guide-example2.xml", 80178, false },
		{ "ubl-tc434-creditnote1.xml", 10011, false },
		{ "ubl-tc434-example1.xml", 25033, false },
		{ "ubl-tc434-example2.xml", 80178, false },
		{ "ubl-tc434-example3.xml", 200500, false },
		{ "ubl-tc434-example4.xml", 467500, false },
		{ "ubl-tc434-example5.xml", 233750, false },
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char path[200];
		snprintf(path, sizeof path, "ubl/%s", files[i].name);
		str file = shared_file(path);
		if (!file.at)
			skip();
		assert_true(ubl_detect(file));
		struct ubl_document d = read_with(file, UBL_GATE_EN16931);
		if (d.payable.minor != files[i].payable_minor)
			broken("%s: %s\n", files[i].name, money_plain(d.payable).z);
		for (size_t w = 0; w < d.warning_count; w++) /* official examples: their sums agree */
			assert_false(str_has(d.warnings[w], S("but its parts give")));
		err_t err = check(file);
		assert_int_equal(err == NULL, files[i].is_peppol);
		err_free(err);
		file_text_free(file);
	}
}

/* ---- pain.002 ---- */

struct statuses {
	char lines[8][200];
	size_t count;
};

static err_t keep_status(const struct pain002_status *status, void *context)
{
	struct statuses *statuses = context;
	assert_true(statuses->count < 8);
	snprintf(statuses->lines[statuses->count++], 200, "%.*s|%.*s|%.*s|%.*s|%s|%.*s|%.*s", STR_ARG(status->message_id),
		STR_ARG(status->batch_id), STR_ARG(status->end_to_end), STR_ARG(status->status),
		status->is_rejected ? "rejected" : "", STR_ARG(status->reason_code), STR_ARG(status->reason_text));
	return OK;
}

static void a_status_report_speaks_of_message_batch_and_order(void **state)
{
	(void)state;
	str report = S("<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
		       "<GrpHdr><MsgId>B1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>"
		       "<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>"
		       "<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>"
		       "<TxInfAndSts><OrgnlEndToEndId>E2</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>"
		       "<AddtlInf>closed</AddtlInf></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
		       "<OrgnlPmtInfAndSts><OrgnlPmtInfId>P2</OrgnlPmtInfId><PmtInfSts>ACCP</PmtInfSts></OrgnlPmtInfAndSts>"
		       "</CstmrPmtStsRpt></Document>");
	struct statuses got = { .count = 0 };
	assert_null(pain002_read(report, arena, keep_status, &got));
	assert_int_equal(got.count, 4);
	assert_string_equal(got.lines[0], "M1|||PART|||");
	assert_string_equal(got.lines[1], "M1|P1|E1|ACSC|||");
	assert_string_equal(got.lines[2], "M1|P1|E2|RJCT|rejected|AC04|closed");
	assert_string_equal(got.lines[3], "M1|P2||ACCP|||");
	for (size_t size = 0; size < report.size; size++) {
		got.count = 0;
		err_t err = pain002_read((str){ report.at, size }, arena, keep_status, &got);
		assert_non_null(err);
		assert_int_equal(got.count, 0); /* checked before anything is delivered */
		err_free(err);
	}
	err_t err = pain002_read(with(report, "<OrgnlMsgId>M1</OrgnlMsgId>", ""), arena, NULL, NULL);
	assert_non_null(strstr(err_text(err), "without the original message's id"));
	err_free(err);
	err = pain002_read(with(report, "pain.002", "pain.001"), arena, NULL, NULL);
	assert_non_null(strstr(err_text(err), "this is not a pain.002"));
	err_free(err);
}

static void shared_status_reports_reject_as_a_whole(void **state)
{
	(void)state;
	static const char *const files[][2] = {
		{ "pain002/pain_002_v3_group_reject.xml",
			"MSGID-PS-TEST-0708-01|||RJCT|rejected|DU01|ISO Duplicate Message ID" },
		{ "pain002/pain_002_v3_payment_reject.xml",
			"MSGID-COM-SCE25-1707-01|PMTINFID-COM-SCE25-1707-01||RJCT|rejected|NARR|"
			"CAP Invalid code or combinations in CategoryPurpose or ServiceLevel" },
	};
	for (size_t i = 0; i < 2; i++) {
		str file = shared_file(files[i][0]);
		if (!file.at)
			skip();
		struct statuses got = { .count = 0 };
		assert_null(pain002_read(file, arena, keep_status, &got));
		assert_int_equal(got.count, 1);
		assert_string_equal(got.lines[0], files[i][1]);
		file_text_free(file);
	}
}

static void the_module_is_found_when_it_is_linked_in(void **state)
{
	(void)state;
	const struct xml_module *module = &xml_module; /* linked in: a test loads nothing */
	assert_true(module->ubl_read == ubl_read);
	assert_true(module->pain002_read == pain002_read);
	assert_non_null(module->camt_read);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 << 20);
	invoice = file_text("samples/ehf-invoice.xml");
	credit_note = file_text("samples/ehf-credit-note.xml");
	return invoice.at && credit_note.at ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	file_text_free(invoice);
	file_text_free(credit_note);
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_invoice_has_what_a_claim_needs),
		cmocka_unit_test(a_credit_note_names_its_invoice),
		cmocka_unit_test(a_negative_invoice_is_a_credit),
		cmocka_unit_test(prepaid_and_rounding_explain_the_amount),
		cmocka_unit_test(sums_that_do_not_agree_are_warned_of),
		cmocka_unit_test(a_person_has_no_company_number),
		cmocka_unit_test(wrong_check_digits_are_warned_of),
		cmocka_unit_test(the_payee_is_told_apart_from_the_supplier),
		cmocka_unit_test(a_reminder_fee_in_the_amount_is_seen),
		cmocka_unit_test(the_envelope_is_taken_off),
		cmocka_unit_test(extensions_and_attachments_are_passed_over),
		cmocka_unit_test(damaged_and_other_documents_are_refused_by_name),
		cmocka_unit_test(a_cut_document_never_passes),
		cmocka_unit_test(the_gate_decides_about_other_profiles),
		cmocka_unit_test(a_status_report_speaks_of_message_batch_and_order),
		cmocka_unit_test(shared_status_reports_reject_as_a_whole),
		cmocka_unit_test(the_module_is_found_when_it_is_linked_in),
	};
	return cmocka_run_group_tests_name("ubl", tests, setup, teardown);
}
