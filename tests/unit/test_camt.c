/* camt.053 and camt.054: what is delivered, what is held, what is refused and why. */
#include "format/camt.h"

#include "file_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* cmocka has a macro of that name; ours is a function */
#define broken(...) (print_error(__VA_ARGS__), _fail(__FILE__, __LINE__))

enum { PAYMENT_COUNT_MAX = 16 };

static struct arena *arena, *kept_arena;
static str sample_053, sample_054;

struct seen {
	struct bank_payment payments[PAYMENT_COUNT_MAX];
	struct bank_statement statement;
	size_t count, statement_count, fail_at; /* 1-based; 0: never */
	struct bank_summary summary;
};

static err_t keep(const struct bank_payment *payment, void *context)
{
	struct seen *seen = context;
	assert_true(seen->count < PAYMENT_COUNT_MAX);
	struct bank_payment *kept = &seen->payments[seen->count++];
	*kept = *payment;
	str *const texts[] = { &kept->account, &kept->currency, &kept->kid, &kept->payer_account, &kept->payer_name,
		&kept->message, &kept->reference, &kept->batch, &kept->end_to_end, &kept->hold_reason };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = str_copy(kept_arena, *texts[i]); /* only good during the call */
	if (seen->count == seen->fail_at)
		return fail(ERR_OUTSIDE, "no room");
	return OK;
}

static err_t keep_statement(const struct bank_statement *statement, void *context)
{
	struct seen *seen = context;
	seen->statement_count++;
	seen->statement = *statement;
	str *const texts[] = { &seen->statement.account, &seen->statement.currency, &seen->statement.reference,
		&seen->statement.sequence };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = str_copy(kept_arena, *texts[i]);
	return OK;
}

static struct seen read_all(str bytes)
{
	struct seen seen = { .count = 0 };
	struct arena_mark before = arena_mark(arena);
	err_t err = camt_read(bytes, arena, keep, keep_statement, &seen, &seen.summary);
	if (err)
		broken("%s", err_text(err));
	assert_int_equal(arena_mark(arena).used, before.used); /* all given back */
	assert_int_equal(seen.count, seen.summary.payment_count);
	return seen;
}

static err_t check(str bytes)
{
	struct bank_summary summary;
	return camt_read(bytes, arena, NULL, NULL, NULL, &summary);
}

/* In an arena of its own: what is made here outlives the reading. */
static str with(str text, const char *from, const char *to)
{
	return file_text_with(kept_arena, text, from, to);
}

static str with_all(str text, const char *from, const char *to)
{
	while (memmem(text.at, text.size, from, strlen(from)))
		text = with(text, from, to);
	return text;
}

#define assert_str(got, expected)                                                                          \
	do {                                                                                               \
		str got_ = (got);                                                                          \
		if (!str_eq_z(got_, (expected)))                                                           \
			broken("'%.*s' is not '%s'\n", STR_ARG(got_), (expected));                         \
	} while (0)
#define assert_day(got, expected) assert_string_equal(date_iso(got).z, (expected))

static void a_lump_sum_becomes_its_payments(void **state)
{
	(void)state;
	struct seen seen = read_all(sample_054);
	assert_int_equal(seen.count, 4);
	const struct bank_payment *p = seen.payments;
	assert_str(p[0].account, "15030000002"); /* the IBAN's */
	assert_str(p[0].kid, "20260010010");
	assert_int_equal(p[0].amount.minor, 125000);
	assert_day(p[0].settled_on, "2026-02-18");
	assert_day(p[0].counts_on, "2026-02-15"); /* the order was given on a Sunday */
	assert_day(p[1].counts_on, "2026-02-18"); /* the file does not say */
	assert_str(p[1].payer_account, "97105503214"); /* given as IBAN */
	assert_str(p[2].payer_name, "James O'Neill");
	assert_str(p[2].end_to_end, ""); /* NOTPROVIDED */
	assert_str(p[2].reference, "2602180003");
	assert_true(str_eq(p[0].batch, p[2].batch));
	assert_false(str_eq(p[0].batch, p[3].batch));
	assert_str(p[3].kid, "");
	assert_str(p[3].message, "T-24044 / Takk for hjelpa");
	for (size_t i = 0; i < seen.count; i++) {
		assert_int_equal(p[i].line_no, i + 1);
		assert_str(p[i].hold_reason, "");
		assert_false(p[i].debit || p[i].reversal);
	}
	assert_int_equal(seen.summary.sum.minor, 482000);
	assert_string_equal(seen.summary.currency, "NOK");
	assert_int_equal(seen.summary.kind, BANK_FILE_CAMT054);
	assert_int_equal(seen.statement_count, 0); /* a notification is no statement */
}

static void a_statement_balances_and_tells_of_payouts(void **state)
{
	(void)state;
	struct seen seen = read_all(sample_053);
	assert_int_equal(seen.count, 3);
	assert_str(seen.payments[1].hold_reason, "a sum without details");
	assert_int_equal(seen.payments[1].amount.minor, 613000);
	const struct bank_payment *out = &seen.payments[2];
	assert_true(out->debit && !out->reversal);
	assert_str(out->end_to_end, "KRAVBOK-2026-0001-1");
	assert_str(out->payer_name, "Fjordtannlegene AS"); /* who was paid */
	assert_str(out->payer_account, "15030080197");
	assert_int_equal(seen.statement_count, 1);
	assert_true(seen.statement.has_balances);
	assert_int_equal(seen.statement.opening.minor, 1000000);
	assert_int_equal(seen.statement.closing.minor, 5415950);
	assert_day(seen.statement.closed_on, "2026-02-19");
	assert_str(seen.statement.sequence, "36");
	assert_str(seen.statement.currency, "NOK");
	assert_false(seen.statement.is_copy);
	assert_int_equal(seen.summary.credit_sum.minor, 4848050);
	assert_int_equal(seen.summary.debit_sum.minor, 432100);
	assert_int_equal(seen.summary.held_count, 1);
}

static void checking_alone_counts_the_same(void **state)
{
	(void)state;
	struct bank_summary summary;
	assert_null(camt_read(sample_053, arena, NULL, NULL, NULL, &summary));
	assert_int_equal(summary.payment_count, 3);
	assert_int_equal(summary.sum.minor, 4415950);
	assert_day(summary.first_on, "2026-02-19");
}

/* The same notification as versions .02 and .04 write it. */
static void the_older_versions_say_the_same(void **state)
{
	(void)state;
	static const char *const spaces[] = { "camt.054.001.02", "camt.054.001.04" };
	struct seen new = read_all(sample_054);
	str old = with_all(sample_054, "<Sts>\n          <Cd>BOOK</Cd>\n        </Sts>", "<Sts>BOOK</Sts>");
	old = with_all(with_all(old, "<Pty>", ""), "</Pty>", "");
	for (size_t v = 0; v < 2; v++) {
		struct seen seen = read_all(with(old, "camt.054.001.08", spaces[v]));
		assert_int_equal(seen.count, new.count);
		for (size_t i = 0; i < seen.count; i++) {
			assert_true(str_eq(seen.payments[i].kid, new.payments[i].kid));
			assert_true(str_eq(seen.payments[i].payer_name, new.payments[i].payer_name));
			assert_int_equal(seen.payments[i].amount.minor, new.payments[i].amount.minor);
		}
	}
}

static void the_amount_may_stand_in_the_amount_details(void **state)
{
	(void)state;
	str file = with(sample_054, "<Amt Ccy=\"NOK\">500.00</Amt>\n              <CdtDbtInd>CRDT</CdtDbtInd>",
		"<AmtDtls><TxAmt><Amt Ccy=\"NOK\">500.00</Amt></TxAmt></AmtDtls>");
	assert_int_equal(read_all(file).payments[1].amount.minor, 50000);
	/* Alone in its entry, a transaction without an amount has the entry's. */
	file = with(sample_054, "<Amt Ccy=\"NOK\">760.00</Amt>\n              <CdtDbtInd>CRDT</CdtDbtInd>", "");
	struct seen seen = read_all(file);
	assert_int_equal(seen.payments[3].amount.minor, 76000);
	assert_str(seen.payments[3].hold_reason, "");
	/* One of several: the whole entry is held. */
	file = with(sample_054, "<Amt Ccy=\"NOK\">500.00</Amt>\n              <CdtDbtInd>CRDT</CdtDbtInd>", "");
	seen = read_all(file);
	assert_int_equal(seen.count, 2);
	assert_str(seen.payments[0].hold_reason, "several transactions, not all with an amount");
	assert_int_equal(seen.payments[0].amount.minor, 406000);
	assert_str(seen.payments[0].kid, "");
}

static void a_batch_that_does_not_add_up_is_one_held_payment(void **state)
{
	(void)state;
	struct seen seen = read_all(with(sample_054, ">500.00<", ">500.01<"));
	assert_int_equal(seen.count, 2);
	assert_str(seen.payments[0].hold_reason, "the transactions add up to 4060.01, not to 4060.00");
	assert_int_equal(seen.payments[0].amount.minor, 406000);
	assert_int_equal(seen.payments[1].line_no, 2);
	seen = read_all(with(sample_054, "<NbOfTxs>3<", "<NbOfTxs>4<"));
	assert_str(seen.payments[0].hold_reason, "the bank states another number of transactions than it lists");
	assert_int_equal(seen.summary.held_count, 1);
	seen = read_all(with(sample_054, "<Amt Ccy=\"NOK\">500.00", "<Amt Ccy=\"SEK\">500.00"));
	assert_str(seen.payments[0].hold_reason, "several transactions in another currency than the sum");
	assert_int_equal(seen.summary.sum.minor, 482000);
}

static const char text_remittance[] = "<Ustrd>T-24044</Ustrd>\n                <Ustrd>Takk for hjelpa</Ustrd>\n";
#define SCOR(ref) "<CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>" ref "</Ref></CdtrRefInf>"
#define PAID(amount) "<RfrdDocAmt><RmtdAmt Ccy=\"NOK\">" amount "</RmtdAmt></RfrdDocAmt>"

static void several_references_are_split_only_when_they_add_up(void **state)
{
	(void)state;
	struct seen seen = read_all(with(sample_054, text_remittance,
		"<Strd>" PAID("700.00") SCOR("20260010010") "</Strd><Strd>" PAID("60.00") SCOR("800000000012") "</Strd>"));
	assert_int_equal(seen.count, 5);
	assert_int_equal(seen.payments[3].amount.minor, 70000);
	assert_str(seen.payments[3].kid, "20260010010");
	assert_str(seen.payments[3].hold_reason, "");
	assert_int_equal(seen.payments[4].amount.minor, 6000);
	assert_str(seen.payments[4].hold_reason, "the KID's check digit is wrong");
	assert_int_equal(seen.summary.sum.minor, 482000);
	seen = read_all(with(sample_054, text_remittance,
		"<Strd>" PAID("700.00") SCOR("20260010010") "</Strd><Strd>" PAID("60.01") SCOR("800000000011") "</Strd>"));
	assert_int_equal(seen.count, 4);
	assert_str(seen.payments[3].hold_reason, "one payment with several KIDs, and no amounts that add up");
	assert_str(seen.payments[3].message, "KID 800000000011");
	seen = read_all(with(sample_054, text_remittance,
		"<Strd>" SCOR("20260010010") "</Strd><Strd>" SCOR("800000000011") "</Strd>"));
	assert_str(seen.payments[3].hold_reason, "one payment with several KIDs, and no amounts that add up");
}

static void deducted_credit_notes_are_held(void **state)
{
	(void)state;
	struct seen seen = read_all(with(sample_054, text_remittance,
		"<Strd>" PAID("800.00") SCOR("20260010010") "</Strd><Strd><RfrdDocInf><Nb>K-7</Nb></RfrdDocInf>"
		"<RfrdDocAmt><CdtNoteAmt Ccy=\"NOK\">40.00</CdtNoteAmt></RfrdDocAmt></Strd>"));
	assert_str(seen.payments[3].kid, "20260010010");
	assert_str(seen.payments[3].hold_reason, "the payer has deducted credit notes");
	assert_str(seen.payments[3].message, "document K-7");
}

static void references_that_are_no_kid_go_to_the_message(void **state)
{
	(void)state;
	struct seen seen = read_all(with(sample_054, text_remittance, "<Strd>" SCOR("RF18539007547034") "</Strd>"));
	assert_str(seen.payments[3].kid, "");
	assert_str(seen.payments[3].message, "reference RF18539007547034");
	assert_str(seen.payments[3].hold_reason, "an RF reference, not a KID");
	seen = read_all(with(sample_054, text_remittance, "<Strd>" SCOR("RF19539007547034") "</Strd>"));
	assert_str(seen.payments[3].hold_reason, "an RF reference whose check digits are wrong");
	seen = read_all(with(sample_054, text_remittance, "<Strd>" SCOR("Faktura 17") "</Strd>"));
	assert_str(seen.payments[3].kid, "");
	assert_str(seen.payments[3].message, "reference Faktura 17");
	seen = read_all(with(sample_054, text_remittance, "<Strd>" SCOR("800000000012") "</Strd>"));
	assert_str(seen.payments[3].hold_reason, "the KID's check digit is wrong");
	seen = read_all(with(sample_054, text_remittance, "<Strd>" SCOR("40-") "</Strd>"));
	assert_str(seen.payments[3].kid, "40-");
	assert_str(seen.payments[3].hold_reason, "");
}

static void reversals_and_returns_turn_the_meaning_and_are_held(void **state)
{
	(void)state;
	/* A payment taken back: money out that reverses money in; the payer is still the debtor. */
	str file = with(sample_053, "<CdtDbtInd>DBIT</CdtDbtInd>\n        <Sts>",
		"<CdtDbtInd>DBIT</CdtDbtInd>\n        <RvslInd>true</RvslInd>\n        <Sts>");
	struct seen seen = read_all(file);
	assert_true(seen.payments[2].debit && seen.payments[2].reversal);
	assert_str(seen.payments[2].hold_reason, "a payment taken back: find the one it reverses");
	/* A payout of ours come back. */
	file = with(sample_053, "<RmtInf>\n                <Strd>",
		"<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf><RmtInf>\n                <Strd>");
	seen = read_all(file);
	assert_true(!seen.payments[0].debit && seen.payments[0].reversal);
	assert_str(seen.payments[0].hold_reason, "a payout come back (AC04)");
}

static void only_booked_entries_are_money(void **state)
{
	(void)state;
	struct seen seen = read_all(with(sample_054, "<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>"));
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.summary.skipped_count, 1);
	assert_int_equal(seen.payments[0].line_no, 1);
}

static void copies_are_noted(void **state)
{
	(void)state;
	struct seen seen = read_all(with(sample_053, "<Acct>", "<CpyDplctInd>DUPL</CpyDplctInd><Acct>"));
	assert_true(seen.summary.has_copy);
	assert_true(seen.statement.is_copy);
}

static void spare_zeros_and_other_forms_of_the_same(void **state)
{
	(void)state;
	str file = with(sample_053, "<Amt Ccy=\"NOK\">6130.00<", "<Amt Ccy=\"NOK\">006130.00000<");
	file = with(file, "<BookgDt>\n          <Dt>2026-02-19</Dt>", "<BookgDt><DtTm>2026-02-19T23:59:59.000+01:00</DtTm>");
	file = with(file, "<Nm>Solvik Bygg AS</Nm>", "<Nm>\n<![CDATA[Solvik]]> &#x42;ygg\nAS </Nm><!-- here -->");
	file = with(file, "</GrpHdr>", "</GrpHdr><?note x?><x:Stmt xmlns:x=\"urn:other\"><x:Ntry/>text<x:Ntry/></x:Stmt>");
	file = with(file, "<RltdPties>", "<x:Amt xmlns:x=\"urn:other\">1</x:Amt><RltdPties>");
	struct seen seen = read_all(file);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.payments[1].amount.minor, 613000);
	assert_day(seen.payments[0].settled_on, "2026-02-19");
	assert_str(seen.payments[0].payer_name, "Solvik Bygg AS");
}

static void two_currencies_have_no_common_sum(void **state)
{
	(void)state;
	str file = with(sample_054, "<Amt Ccy=\"NOK\">760.00", "<Amt Ccy=\"EUR\">760.00"); /* of the entry */
	struct seen seen = read_all(file);
	assert_string_equal(seen.summary.currency, "");
	assert_str(seen.payments[3].currency, "EUR");
}

static void a_long_message_is_cut_and_says_so(void **state)
{
	(void)state;
	char line[1501];
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	const char *lines = str_z(kept_arena, str_format(kept_arena, "<Ustrd>%s</Ustrd><Ustrd>%s</Ustrd><Ustrd>%s</Ustrd>", line,
		line, line));
	struct seen seen = read_all(with(sample_054, text_remittance, lines));
	str message = seen.payments[3].message;
	assert_true(message.size > 3000 && message.size < 4000);
	assert_memory_equal(message.at + message.size - 3, "…", 3);
}

static void the_memory_of_a_large_batch_is_that_of_one_payment(void **state)
{
	(void)state;
	enum { COPY_COUNT = 20000 };
	struct arena *large = arena_create(64 << 20);
	str entry_from = { memmem(sample_054.at, sample_054.size, "      <Ntry>", 12), 0 };
	const char *tail = "    </Ntfctn>\n  </BkToCstmrDbtCdtNtfctn>\n</Document>\n";
	struct text text = text_in(large, 48 << 20);
	str head = { sample_054.at, (size_t)(entry_from.at - sample_054.at) };
	const char *summary_from = memmem(head.at, head.size, "      <TxsSummry>", 17);
	text_add(&text, (str){ head.at, (size_t)(summary_from - head.at) });
	text_addf(&text, "<Ntry><Amt Ccy=\"NOK\">%d.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
			 "<BookgDt><Dt>2026-02-18</Dt></BookgDt><NtryDtls>", COPY_COUNT);
	for (int i = 0; i < COPY_COUNT; i++)
		text_addf(&text, "<TxDtls><Amt Ccy=\"NOK\">1</Amt><RltdPties><Dbtr><Pty><Nm>%060d</Nm></Pty></Dbtr></RltdPties>"
				 "</TxDtls>", i);
	text_addf(&text, "</NtryDtls></Ntry>%s", tail);
	struct arena *small = arena_create(256 * 1024);
	struct bank_summary summary;
	err_t err = camt_read(text_str(&text), small, NULL, NULL, NULL, &summary);
	assert_null(err);
	assert_int_equal(summary.payment_count, COPY_COUNT);
	assert_int_equal(summary.held_count, 0);
	arena_destroy(small);
	arena_destroy(large);
}

static void an_error_of_the_callback_stops_the_reading(void **state)
{
	(void)state;
	struct seen seen = { .fail_at = 2 };
	err_t err = camt_read(sample_054, arena, keep, NULL, &seen, &seen.summary);
	assert_non_null(err);
	assert_string_equal(err_text(err), "no room");
	assert_int_equal(seen.count, 2);
	err_free(err);
}

static void damaged_files_are_refused_with_the_reason(void **state)
{
	(void)state;
	assert_int_equal(bad_files_check("camt", check), 0);
}

static void a_cut_file_never_passes(void **state)
{
	(void)state;
	const str files[] = { sample_053, sample_054 };
	for (size_t f = 0; f < 2; f++)
		for (size_t size = 0; size + 1 < files[f].size; size++) { /* the last line end may go */
			str exact = { memcpy(malloc(size + 1), files[f].at, size), size };
			err_t err = check(exact);
			if (!err)
				broken("%zu bytes of %zu passed", size, files[f].size);
			err_free(err);
			file_text_free(exact);
		}
}

static void files_are_told_by_their_content(void **state)
{
	(void)state;
	assert_int_equal(bank_file_detect(sample_053), BANK_FILE_CAMT053);
	assert_int_equal(bank_file_detect(sample_054), BANK_FILE_CAMT054);
	assert_int_equal(bank_file_detect(S("NY00001000008080")), BANK_FILE_OCR);
	assert_int_equal(bank_file_detect(S("NYTT")), BANK_FILE_UNKNOWN);
	assert_int_equal(bank_file_detect(S("")), BANK_FILE_UNKNOWN);
	assert_int_equal(bank_file_detect(S("<Invoice/>")), BANK_FILE_UNKNOWN);
	assert_int_equal(bank_file_detect(S("invoice_no,camt.053 urn:x:camt.053.001.08")), BANK_FILE_UNKNOWN);
}

/* What each shared sample is for; its own header says which are wrong on purpose. */
static void shared_samples_are_read_or_refused_for_their_reason(void **state)
{
	(void)state;
	static const struct {
		const char *name, *error; /* NULL: read */
		int64_t payment_count, held_count, sum_minor;
	} files[] = {
		{ "camt053.v2.all-balance-types.xml", "but the closing balance is 4.04", 0, 0, 0 },
		{ "camt053.v2.five.decimals.xml", "the entries 8.85 give 27.00, but the closing balance is 27.05", 0, 0, 0 },
		{ "camt053.v2.minimal.xml", "the opening balance is in EUR, the closing balance in SEK", 0, 0, 0 },
		{ "camt053.v2.multi.statement.xml", NULL, 2, 0, 185 },
		{ "camt053.v2.with-account-name.xml", NULL, 1, 0, 885 },
		{ "camt053.v2.with-party-ids.xml", "the opening balance is in EUR, the closing balance in SEK", 0, 0, 0 },
		{ "camt053.v2.wrong.xml", "the file holds no statement or notification", 0, 0, 0 },
		{ "camt053.v4.xml", "the opening balance is in EUR, the closing balance in SEK", 0, 0, 0 },
		{ "camt053.v8.xml", "the opening balance is in EUR, the closing balance in SEK", 0, 0, 0 },
		{ "camt054.v2.xml", NULL, 1, 1, -20000000 },
		{ "camt054.v4.xml", NULL, 1, 1, -20000000 },
		{ "camt054.v8.xml", NULL, 1, 1, -20000000 },
		{ "camt054.v8-with-UETR.xml", "the entry has neither a booking date nor a value date", 0, 0, 0 },
		{ "camt53.only-Dt-with-DtTm.xml", NULL, 0, 0, 0 },
		{ "camt_054_credit_notoification_example_finland.xml", NULL, 4, 2, 704800 },
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char path[200];
		snprintf(path, sizeof path, "camt/%s", files[i].name);
		str file = shared_file(path);
		if (!file.at)
			skip();
		struct bank_summary summary;
		err_t err = camt_read(file, arena, NULL, NULL, NULL, &summary);
		bool as_expected = err ? files[i].error && strstr(err_text(err), files[i].error) : !files[i].error;
		if (!as_expected)
			broken("%s: %s\n", files[i].name, err ? err_text(err) : "read");
		if (!err) {
			assert_int_equal(summary.payment_count, files[i].payment_count);
			assert_int_equal(summary.held_count, files[i].held_count);
			assert_int_equal(summary.sum.minor, files[i].sum_minor);
		}
		err_free(err);
		file_text_free(file);
	}
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(4 << 20);
	kept_arena = arena_create(16 << 20);
	sample_053 = file_text("samples/camt053.xml");
	sample_054 = file_text("samples/camt054.xml");
	return sample_053.at && sample_054.at ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	file_text_free(sample_053);
	file_text_free(sample_054);
	arena_destroy(arena);
	arena_destroy(kept_arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lump_sum_becomes_its_payments),
		cmocka_unit_test(a_statement_balances_and_tells_of_payouts),
		cmocka_unit_test(checking_alone_counts_the_same),
		cmocka_unit_test(the_older_versions_say_the_same),
		cmocka_unit_test(the_amount_may_stand_in_the_amount_details),
		cmocka_unit_test(a_batch_that_does_not_add_up_is_one_held_payment),
		cmocka_unit_test(several_references_are_split_only_when_they_add_up),
		cmocka_unit_test(deducted_credit_notes_are_held),
		cmocka_unit_test(references_that_are_no_kid_go_to_the_message),
		cmocka_unit_test(reversals_and_returns_turn_the_meaning_and_are_held),
		cmocka_unit_test(only_booked_entries_are_money),
		cmocka_unit_test(copies_are_noted),
		cmocka_unit_test(spare_zeros_and_other_forms_of_the_same),
		cmocka_unit_test(two_currencies_have_no_common_sum),
		cmocka_unit_test(a_long_message_is_cut_and_says_so),
		cmocka_unit_test(the_memory_of_a_large_batch_is_that_of_one_payment),
		cmocka_unit_test(an_error_of_the_callback_stops_the_reading),
		cmocka_unit_test(damaged_files_are_refused_with_the_reason),
		cmocka_unit_test(a_cut_file_never_passes),
		cmocka_unit_test(files_are_told_by_their_content),
		cmocka_unit_test(shared_samples_are_read_or_refused_for_their_reason),
	};
	return cmocka_run_group_tests_name("camt", tests, setup, teardown);
}
