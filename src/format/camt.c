/* Two passes of one parser. The survey reads the whole file, checks every control and remembers one verdict for each
 * entry: are its details whole? The delivery reads it again, when asked to, and can then hand on each transaction as it
 * closes. So a lump sum of a hundred thousand payments needs the memory of one.
 *
 * Three lifetimes in the arena, one inside the other: a statement, an entry, a transaction; each is given back when its
 * element closes. */
#include "format/camt.h"

#include "base/catalog.h"
#include "core/ident.h"
#include "core/kid.h"
#include "format/xml.h"

#include <stddef.h>
#include <string.h>

enum { ENTRY_COUNT_MAX = 1000000, REFERENCE_COUNT_MAX = 100, MESSAGE_SIZE_MAX = 4000 };
#define SUM_MINOR_MAX INT64_C(1000000000000000000) /* a file of more: refused, long before overflow */

struct camt_amount {
	bool is_set;
	money value;
	char currency[4];
};

enum camt_balance_kind { BALANCE_OTHER, BALANCE_OPENING, BALANCE_PREVIOUS, BALANCE_CLOSING, BALANCE_KIND_COUNT };

struct camt_balance {
	str code, side, day, time;
	struct camt_amount amount;
};

struct camt_total { /* TxsSummry: a count and a sum of all entries, of the credits or of the debits */
	str count, sum;
};

struct camt_statement {
	str id, sequence, copy, iban, other_account, currency;
	str account;
	struct camt_total all, credits, debits;
	struct camt_balance balances[BALANCE_KIND_COUNT]; /* by kind; side and code are static texts */
	date balance_days[BALANCE_KIND_COUNT];
	bool has_balance[BALANCE_KIND_COUNT];
	int64_t entry_count, credit_count, debit_count; /* all entries, booked or not */
	int64_t credit_all, debit_all;                  /* minor units, all entries */
	int64_t booked_sum;                             /* credits less debits, booked entries */
	char booked_currency[4];
};

struct camt_entry {
	str side, reversal, status, booked_day, booked_time, value_day, value_time, reference, number, text;
	struct camt_amount amount;
	/* what the details say, counted as they close */
	int64_t transaction_count;
	int64_t detail_sum; /* minor units, on the entry's side */
	bool lacks_amount, other_currency, batch_differs;
	/* worked out at the first detail, or at the end */
	bool is_ready, is_booked, is_debit, is_reversal;
	date booked_on, value_on;
};

struct camt_reference { /* one Strd */
	str code, issuer, reference, document;
	struct camt_amount remitted, due, credited;
};

struct camt_transaction {
	str side, service_reference, transaction_id, uetr, end_to_end, accepted;
	str debtor, debtor_iban, debtor_account, last_debtor, creditor, creditor_iban, creditor_account;
	str return_code;
	bool is_return;
	struct camt_amount amount, detail_amount; /* TxDtls/Amt, AmtDtls/TxAmt/Amt */
	struct camt_reference *references;
	size_t reference_count;
	bool too_many_references;
	struct text message;
	bool message_cut;
};

enum camt_verdict { VERDICT_SKIP, VERDICT_DETAILS, VERDICT_WHOLE };

struct camt_sums { /* of one entry, kept apart until it is known whether its details count */
	int64_t payment_count, held_count, skipped_count, credit_sum, debit_sum;
};

struct camt {
	struct xml *xml;
	struct arena *arena;
	bool delivers;
	bool has_root;
	str space; /* namespace of the root; other namespaces are skipped */
	unsigned char *verdicts; /* of enum camt_verdict, by entry */
	size_t entry_count; /* of the file */
	struct camt_statement statement;
	struct camt_balance balance;
	struct camt_entry entry;
	struct camt_transaction transaction;
	struct arena_mark statement_mark, balance_mark, entry_mark, transaction_mark;
	int64_t batch_stated, batch_counted; /* of one NtryDtls; stated -1: not said */
	struct camt_sums pending;
	int64_t ordinal;
	bank_payment_fn each;
	bank_statement_fn each_statement;
	void *context;
	struct bank_summary summary;
	bool has_currencies; /* more than one */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- where things stand ---- */

#define STATEMENT(member) offsetof(struct camt_statement, member)
static const struct xml_field statement_fields[] = {
	{ "Id", STATEMENT(id) },
	{ "ElctrncSeqNb", STATEMENT(sequence) },
	{ "CpyDplctInd", STATEMENT(copy) },
	{ "Acct/Id/IBAN", STATEMENT(iban) },
	{ "Acct/Id/Othr/Id", STATEMENT(other_account) },
	{ "Acct/Ccy", STATEMENT(currency) },
	{ "TxsSummry/TtlNtries/NbOfNtries", STATEMENT(all.count) },
	{ "TxsSummry/TtlNtries/Sum", STATEMENT(all.sum) },
	{ "TxsSummry/TtlCdtNtries/NbOfNtries", STATEMENT(credits.count) },
	{ "TxsSummry/TtlCdtNtries/Sum", STATEMENT(credits.sum) },
	{ "TxsSummry/TtlDbtNtries/NbOfNtries", STATEMENT(debits.count) },
	{ "TxsSummry/TtlDbtNtries/Sum", STATEMENT(debits.sum) },
};

#define BALANCE(member) offsetof(struct camt_balance, member)
static const struct xml_field balance_fields[] = {
	{ "Tp/CdOrPrtry/Cd", BALANCE(code) },
	{ "CdtDbtInd", BALANCE(side) },
	{ "Dt/Dt", BALANCE(day) },
	{ "Dt/DtTm", BALANCE(time) },
};

#define ENTRY(member) offsetof(struct camt_entry, member)
static const struct xml_field entry_fields[] = {
	{ "CdtDbtInd", ENTRY(side) },
	{ "RvslInd", ENTRY(reversal) },
	{ "Sts", ENTRY(status) },    /* .02, .04 */
	{ "Sts/Cd", ENTRY(status) }, /* .08 */
	{ "BookgDt/Dt", ENTRY(booked_day) },
	{ "BookgDt/DtTm", ENTRY(booked_time) },
	{ "ValDt/Dt", ENTRY(value_day) },
	{ "ValDt/DtTm", ENTRY(value_time) },
	{ "AcctSvcrRef", ENTRY(reference) },
	{ "NtryRef", ENTRY(number) },
	{ "AddtlNtryInf", ENTRY(text) },
};

#define TRANSACTION(member) offsetof(struct camt_transaction, member)
static const struct xml_field transaction_fields[] = {
	{ "CdtDbtInd", TRANSACTION(side) },
	{ "Refs/AcctSvcrRef", TRANSACTION(service_reference) },
	{ "Refs/TxId", TRANSACTION(transaction_id) },
	{ "Refs/UETR", TRANSACTION(uetr) },
	{ "Refs/EndToEndId", TRANSACTION(end_to_end) },
	{ "RltdDts/AccptncDtTm", TRANSACTION(accepted) },
	{ "RltdPties/Dbtr/Nm", TRANSACTION(debtor) },     /* .02, .04 */
	{ "RltdPties/Dbtr/Pty/Nm", TRANSACTION(debtor) }, /* .08 */
	{ "RltdPties/UltmtDbtr/Nm", TRANSACTION(last_debtor) },
	{ "RltdPties/UltmtDbtr/Pty/Nm", TRANSACTION(last_debtor) },
	{ "RltdPties/DbtrAcct/Id/IBAN", TRANSACTION(debtor_iban) },
	{ "RltdPties/DbtrAcct/Id/Othr/Id", TRANSACTION(debtor_account) },
	{ "RltdPties/Cdtr/Nm", TRANSACTION(creditor) },
	{ "RltdPties/Cdtr/Pty/Nm", TRANSACTION(creditor) },
	{ "RltdPties/CdtrAcct/Id/IBAN", TRANSACTION(creditor_iban) },
	{ "RltdPties/CdtrAcct/Id/Othr/Id", TRANSACTION(creditor_account) },
	{ "RtrInf/Rsn/Cd", TRANSACTION(return_code) },
	{ "RtrInf/Rsn/Prtry", TRANSACTION(return_code) },
};

#define REFERENCE(member) offsetof(struct camt_reference, member)
static const struct xml_field reference_fields[] = {
	{ "CdtrRefInf/Tp/CdOrPrtry/Cd", REFERENCE(code) },
	{ "CdtrRefInf/Tp/CdOrPrtry/Prtry", REFERENCE(code) },
	{ "CdtrRefInf/Tp/Issr", REFERENCE(issuer) },
	{ "CdtrRefInf/Ref", REFERENCE(reference) },
	{ "RfrdDocInf/Nb", REFERENCE(document) },
};

/* ---- errors and values ---- */

static err_t camt_place(const struct camt *camt, err_t err)
{
	long long statement = (long long)camt->summary.statement_count, entry = (long long)camt->statement.entry_count;
	if (entry)
		return within(err, "statement %lld, entry %lld, near line %ld", statement, entry, xml_line(camt->xml));
	return within(err, "statement %lld, near line %ld", statement, xml_line(camt->xml));
}

static err_t camt_value_fail(const struct camt *camt, const char *what, str value)
{
	return camt_place(camt, fail(ERR_INPUT, "%s: '%.*s'", what, STR_ARG(value)));
}

static err_t camt_take_amount(const struct camt *camt, struct camt_amount *amount)
{
	str currency = xml_attribute(camt->xml, "Ccy");
	bool shaped = currency.size == 3;
	for (size_t i = 0; i < currency.size; i++)
		shaped = shaped && currency.at[i] >= 'A' && currency.at[i] <= 'Z';
	if (!shaped)
		return camt_value_fail(camt, "the currency of an amount is not three letters", currency);
	if (amount->is_set)
		return camt_value_fail(camt, "an amount is given twice", xml_path(camt->xml));
	err_t err = xml_amount(xml_text(camt->xml), &amount->value);
	if (!err && amount->value.minor < 0)
		err = fail(ERR_INPUT, "'%.*s' is negative", STR_ARG(xml_text(camt->xml)));
	if (err)
		return camt_place(camt, within(err, "%.*s", STR_ARG(xml_name(camt->xml))));
	memcpy(amount->currency, currency.at, 3);
	amount->is_set = true;
	return OK;
}

static err_t camt_side(const struct camt *camt, str side, bool *ret_is_debit)
{
	*ret_is_debit = str_eq_z(side, "DBIT");
	if (!*ret_is_debit && !str_eq_z(side, "CRDT"))
		return camt_value_fail(camt, "neither credit nor debit (CdtDbtInd)", side);
	return OK;
}

/* Of a day and a time, the one that is given; DATE_NONE when neither is. */
static err_t camt_day(const struct camt *camt, str day, str time, date *ret_date)
{
	*ret_date = DATE_NONE;
	str text = day.size ? day : time;
	if (text.size > 10)
		text.size = 10;
	return text.size ? camt_place(camt, date_parse_iso(text, ret_date)) : OK;
}

static err_t camt_add(const struct camt *camt, int64_t *sum, int64_t amount)
{
	*sum += amount;
	if (*sum > SUM_MINOR_MAX || *sum < -SUM_MINOR_MAX)
		return camt_place(camt, fail(ERR_INPUT, "the amounts of the file add up to more than can be"));
	return OK;
}

static bool same_currency(const char *a, const char *b)
{
	return memcmp(a, b, 3) == 0;
}

/* ---- references: what was paid for ---- */

/* The letters and digits that may stand in an RF reference (ISO 11649), and its mod 97. */
static bool rf_checks(str reference)
{
	if (reference.size < 5 || reference.size > 25)
		return false;
	unsigned rest = 0;
	for (size_t i = 0; i < reference.size; i++) {
		char c = reference.at[(i + 4) % reference.size]; /* RF and its check digits count last */
		if (c >= '0' && c <= '9')
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
		else
			return false;
	}
	return rest == 1;
}

static bool reference_is_rf(const struct camt_reference *reference)
{
	return str_eq_z(reference->issuer, "ISO") || str_starts(reference->reference, S("RF"));
}

/* Looks like a KID: digits, perhaps '-' last. Its check digit may still be wrong. */
static bool kid_is_shaped(str kid)
{
	if (kid.size < 1 || kid.size > KID_SIZE_MAX)
		return false;
	bool minus = kid.size > 1 && kid.at[kid.size - 1] == '-';
	return str_is_digits((str){ kid.at, kid.size - minus });
}

static bool reference_is_kid(const struct camt_reference *reference)
{
	return str_eq_z(reference->code, "SCOR") && !reference_is_rf(reference) && kid_is_shaped(reference->reference);
}

static void message_add(struct camt_transaction *transaction, const char *label, str part)
{
	struct text *message = &transaction->message;
	size_t needed = strlen(label) + part.size + 8; /* separators, and the mark of a cut */
	if (!part.size || transaction->message_cut)
		return;
	if (message->size)
		text_add_z(message, " / ");
	if (needed > MESSAGE_SIZE_MAX - message->size) {
		transaction->message_cut = true;
		text_add_z(message, "…");
		return;
	}
	text_add_z(message, label);
	text_add(message, part);
	for (size_t i = message->size - part.size; i < message->size; i++) /* one line */
		if (message->at[i] == '\n' || message->at[i] == '\r' || message->at[i] == '\t')
			message->at[i] = ' ';
}

static const struct camt_amount *reference_amount(const struct camt_reference *reference)
{
	return reference->remitted.is_set ? &reference->remitted : &reference->due;
}

/* Every reference a KID with an amount of its own, and they add up: then each is a payment. */
static bool references_split(const struct camt_transaction *transaction, const struct camt_amount *whole)
{
	int64_t sum = 0;
	for (size_t i = 0; i < transaction->reference_count; i++) { /* REFERENCE_COUNT_MAX at most */
		const struct camt_reference *reference = &transaction->references[i];
		const struct camt_amount *part = reference_amount(reference);
		if (!reference_is_kid(reference) || !part->is_set || part->value.minor <= 0 || reference->credited.is_set)
			return false;
		if (!same_currency(part->currency, whole->currency))
			return false;
		sum += part->value.minor;
	}
	return transaction->reference_count > 1 && sum == whole->value.minor;
}

static const char *kid_hold(str kid)
{
	return kid.size && !kid_is_valid(kid) ? N_("the KID's check digit is wrong") : "";
}

/* Sets kid, message and hold_reason of a payment that is not split. The message gets what is no KID. */
static void references_apply(struct camt_transaction *transaction, struct bank_payment *payment)
{
	size_t kid_count = 0, credit_count = 0;
	const char *hold = "";
	for (size_t i = 0; i < transaction->reference_count; i++) {
		const struct camt_reference *reference = &transaction->references[i];
		credit_count += reference->credited.is_set;
		message_add(transaction, "document ", reference->document);
		if (reference_is_kid(reference)) {
			if (kid_count++ == 0)
				payment->kid = reference->reference;
			else
				message_add(transaction, "KID ", reference->reference);
			continue;
		}
		message_add(transaction, "reference ", reference->reference);
		if (reference->reference.size && reference_is_rf(reference))
			hold = rf_checks(reference->reference) ? N_("an RF reference, not a KID")
							       : N_("an RF reference whose check digits are wrong");
	}
	if (transaction->too_many_references || kid_count > 1)
		hold = N_("one payment with several KIDs, and no amounts that add up");
	else if (credit_count)
		hold = N_("the payer has deducted credit notes");
	else if (kid_count)
		hold = kid_hold(payment->kid);
	payment->hold_reason = str_from_z(hold);
}

/* ---- payments ---- */

static void camt_count_currency(struct camt *camt, const char *currency)
{
	if (!camt->summary.currency[0] && !camt->has_currencies)
		memcpy(camt->summary.currency, currency, 3);
	else if (!same_currency(camt->summary.currency, currency)) {
		camt->has_currencies = true;
		memset(camt->summary.currency, 0, sizeof camt->summary.currency);
	}
}

/* The survey counts, the delivery delivers. */
static err_t camt_emit(struct camt *camt, struct bank_payment *payment)
{
	if (camt->delivers) {
		payment->line_no = ++camt->ordinal;
		return camt->each(payment, camt->context);
	}
	camt->pending.payment_count++;
	camt->pending.held_count += payment->hold_reason.size > 0;
	return camt_add(camt, payment->debit ? &camt->pending.debit_sum : &camt->pending.credit_sum, payment->amount.minor);
}

static err_t camt_commit(struct camt *camt)
{
	struct bank_summary *summary = &camt->summary;
	const struct camt_sums *pending = &camt->pending;
	summary->skipped_count += pending->skipped_count;
	if (!pending->payment_count)
		return OK;
	summary->payment_count += pending->payment_count;
	summary->held_count += pending->held_count;
	TRY(camt_add(camt, &summary->credit_sum.minor, pending->credit_sum));
	TRY(camt_add(camt, &summary->debit_sum.minor, pending->debit_sum));
	camt_count_currency(camt, camt->entry.amount.currency);
	date on = camt->entry.booked_on;
	summary->first_on = date_is_none(summary->first_on) ? on : date_min(summary->first_on, on);
	summary->last_on = date_is_none(summary->last_on) ? on : date_max(summary->last_on, on);
	return OK;
}

static str first_of(str a, str b)
{
	return a.size ? a : b;
}

static struct bank_payment camt_payment(const struct camt *camt, money amount, bool is_debit, bool is_reversal)
{
	const struct camt_entry *entry = &camt->entry;
	date value_on = date_is_none(entry->value_on) ? entry->booked_on : entry->value_on;
	return (struct bank_payment){
		.reversal = is_reversal,
		.debit = is_debit,
		.account = camt->statement.account,
		.settled_on = entry->booked_on,
		.counts_on = date_min(value_on, entry->booked_on),
		.amount = amount,
		.currency = { entry->amount.currency, 3 },
		.reference = first_of(entry->reference, entry->number),
		.batch = first_of(entry->reference, entry->number),
	};
}

static str camt_reversal_hold(const struct camt *camt, const struct bank_payment *payment)
{
	str code = camt->transaction.return_code;
	if (payment->debit)
		return code.size ? str_format(camt->arena, "a payment taken back (%.*s): find the one it reverses", STR_ARG(code))
				 : S(N_("a payment taken back: find the one it reverses"));
	return code.size ? str_format(camt->arena, "a payout come back (%.*s)", STR_ARG(code)) : S(N_("a payout come back"));
}

static void camt_parties(const struct camt *camt, struct bank_payment *payment)
{
	const struct camt_transaction *transaction = &camt->transaction;
	/* A reversal keeps the roles of the payment it reverses. */
	if (payment->debit != payment->reversal) {
		payment->payer_name = transaction->creditor;
		payment->payer_account = first_of(transaction->creditor_iban, transaction->creditor_account);
	} else {
		payment->payer_name = first_of(transaction->debtor, transaction->last_debtor);
		payment->payer_account = first_of(transaction->debtor_iban, transaction->debtor_account);
	}
	payment->payer_account = bank_account(camt->arena, payment->payer_account);
}

static err_t camt_emit_split(struct camt *camt, struct bank_payment *payment)
{
	payment->message = text_str(&camt->transaction.message);
	for (size_t i = 0; i < camt->transaction.reference_count; i++) { /* REFERENCE_COUNT_MAX at most */
		const struct camt_reference *reference = &camt->transaction.references[i];
		payment->kid = reference->reference;
		payment->amount = reference_amount(reference)->value;
		payment->hold_reason = str_from_z(kid_hold(payment->kid));
		if (payment->reversal)
			payment->hold_reason = camt_reversal_hold(camt, payment);
		TRY(camt_emit(camt, payment));
	}
	return OK;
}

/* The amount of a transaction: its own in the account's currency, else (alone in its entry) the entry's. */
static struct camt_amount camt_transaction_amount(const struct camt *camt)
{
	const struct camt_transaction *transaction = &camt->transaction;
	const struct camt_amount *own = transaction->amount.is_set ? &transaction->amount : &transaction->detail_amount;
	if (own->is_set && same_currency(own->currency, camt->entry.amount.currency))
		return *own;
	return camt->entry.amount;
}

static err_t camt_emit_transaction(struct camt *camt, bool is_debit)
{
	struct camt_transaction *transaction = &camt->transaction;
	struct camt_amount amount = camt_transaction_amount(camt);
	if (amount.value.minor == 0) {
		camt->pending.skipped_count++;
		return OK;
	}
	bool is_reversal = camt->entry.is_reversal || transaction->is_return;
	struct bank_payment payment = camt_payment(camt, amount.value, is_debit, is_reversal);
	date accepted_on;
	TRY(camt_day(camt, S(""), transaction->accepted, &accepted_on));
	if (!date_is_none(accepted_on))
		payment.counts_on = date_min(accepted_on, payment.settled_on);
	payment.reference = first_of(first_of(transaction->service_reference, transaction->transaction_id),
		first_of(transaction->uetr, payment.reference));
	if (!str_eq_z(transaction->end_to_end, "NOTPROVIDED"))
		payment.end_to_end = transaction->end_to_end;
	camt_parties(camt, &payment);
	if (references_split(transaction, &amount) && !transaction->too_many_references)
		return camt_emit_split(camt, &payment);
	references_apply(transaction, &payment);
	payment.message = text_str(&transaction->message);
	if (is_reversal)
		payment.hold_reason = camt_reversal_hold(camt, &payment);
	return camt_emit(camt, &payment);
}

static err_t camt_emit_whole(struct camt *camt, str hold_reason)
{
	struct bank_payment payment =
		camt_payment(camt, camt->entry.amount.value, camt->entry.is_debit, camt->entry.is_reversal);
	payment.message = camt->entry.text;
	payment.hold_reason = hold_reason;
	return camt_emit(camt, &payment);
}

/* ---- entries ---- */

/* What is known of an entry before its details: everything but text after them. */
static err_t camt_entry_ready(struct camt *camt)
{
	struct camt_entry *entry = &camt->entry;
	if (entry->is_ready)
		return OK;
	if (!entry->amount.is_set)
		return camt_place(camt, fail(ERR_INPUT, "the entry has no amount (Amt) before its details"));
	if (!entry->status.size)
		return camt_place(camt, fail(ERR_INPUT, "the entry has no status (Sts) before its details"));
	TRY(camt_side(camt, entry->side, &entry->is_debit));
	entry->is_booked = str_eq_z(entry->status, "BOOK") && entry->amount.value.minor > 0;
	entry->is_reversal = str_eq_z(entry->reversal, "true") || str_eq_z(entry->reversal, "1");
	TRY(camt_day(camt, entry->booked_day, entry->booked_time, &entry->booked_on));
	TRY(camt_day(camt, entry->value_day, entry->value_time, &entry->value_on));
	if (date_is_none(entry->booked_on))
		entry->booked_on = entry->value_on;
	if (entry->is_booked && date_is_none(entry->booked_on))
		return camt_place(camt, fail(ERR_INPUT, "the entry has neither a booking date nor a value date"));
	entry->is_ready = true;
	return OK;
}

/* Why the details do not count; "" when they do. */
static str camt_whole_reason(const struct camt *camt)
{
	const struct camt_entry *entry = &camt->entry;
	if (!entry->transaction_count)
		return S(N_("a sum without details"));
	if (entry->batch_differs)
		return S(N_("the bank states another number of transactions than it lists"));
	if (entry->transaction_count == 1 && (entry->lacks_amount || entry->other_currency))
		return S(""); /* the entry's amount is the transaction's */
	if (entry->lacks_amount)
		return S(N_("several transactions, not all with an amount"));
	if (entry->other_currency)
		return S(N_("several transactions in another currency than the sum"));
	if (entry->detail_sum != entry->amount.value.minor)
		return str_format(camt->arena, "the transactions add up to %s, not to %s",
			money_plain(money_of(entry->detail_sum)).z, money_plain(entry->amount.value).z);
	return S("");
}

static void camt_verdict_keep(struct camt *camt, enum camt_verdict verdict)
{
	if (!camt->delivers)
		camt->verdicts[camt->entry_count - 1] = (unsigned char)verdict; /* three values */
}

static err_t camt_entry_count(struct camt *camt)
{
	struct camt_statement *statement = &camt->statement;
	const struct camt_entry *entry = &camt->entry;
	int64_t amount = entry->amount.value.minor;
	*(entry->is_debit ? &statement->debit_count : &statement->credit_count) += 1;
	TRY(camt_add(camt, entry->is_debit ? &statement->debit_all : &statement->credit_all, amount));
	if (!str_eq_z(entry->status, "BOOK"))
		return OK;
	if (!statement->booked_currency[0])
		memcpy(statement->booked_currency, entry->amount.currency, 3);
	if (camt->summary.kind == BANK_FILE_CAMT053 && !same_currency(statement->booked_currency, entry->amount.currency))
		return camt_value_fail(camt, "the entries of one statement are in several currencies",
			str_from_z(entry->amount.currency));
	return camt_add(camt, &statement->booked_sum, entry->is_debit ? -amount : amount);
}

static err_t camt_entry_closed(struct camt *camt)
{
	TRY(camt_entry_ready(camt));
	TRY(camt_entry_count(camt));
	if (!camt->entry.is_booked) {
		camt->summary.skipped_count++;
		camt_verdict_keep(camt, VERDICT_SKIP);
		return OK;
	}
	str reason = camt_whole_reason(camt);
	if (reason.size) {
		camt->pending = (struct camt_sums){ .payment_count = 0 };
		TRY(camt_emit_whole(camt, reason));
	}
	camt_verdict_keep(camt, reason.size ? VERDICT_WHOLE : VERDICT_DETAILS);
	return camt->delivers ? OK : camt_commit(camt);
}

static err_t camt_transaction_closed(struct camt *camt)
{
	struct camt_entry *entry = &camt->entry;
	const struct camt_transaction *transaction = &camt->transaction;
	entry->transaction_count++;
	camt->batch_counted++;
	if (!entry->is_booked)
		return OK;
	const struct camt_amount *own = transaction->amount.is_set ? &transaction->amount : &transaction->detail_amount;
	bool is_debit = entry->is_debit;
	if (transaction->side.size)
		TRY(camt_side(camt, transaction->side, &is_debit));
	entry->lacks_amount = entry->lacks_amount || !own->is_set;
	entry->other_currency = entry->other_currency || (own->is_set && !same_currency(own->currency, entry->amount.currency));
	/* Details of the other side lower the sum. */
	TRY(camt_add(camt, &entry->detail_sum, is_debit == entry->is_debit ? own->value.minor : -own->value.minor));
	if (camt->delivers && camt->verdicts[camt->entry_count - 1] != VERDICT_DETAILS)
		return OK;
	bool takes_entry = !own->is_set || !same_currency(own->currency, entry->amount.currency);
	return camt_emit_transaction(camt, takes_entry ? entry->is_debit : is_debit);
}

static err_t camt_entry_opened(struct camt *camt)
{
	if (camt->entry_count == ENTRY_COUNT_MAX)
		return camt_place(camt, fail(ERR_INPUT, "the file has more than %d entries", ENTRY_COUNT_MAX));
	camt->entry_count++;
	camt->statement.entry_count++;
	camt->entry = (struct camt_entry){ .booked_on = DATE_NONE, .value_on = DATE_NONE };
	camt->pending = (struct camt_sums){ .payment_count = 0 };
	return OK;
}

/* The verdicts outlive every mark, so their room is taken before any: from a count of what may be an entry. */
static size_t camt_entries_max(str bytes)
{
	size_t count = 0;
	for (str left = bytes; left.size && count < ENTRY_COUNT_MAX; count++) {
		const char *found = memmem(left.at, left.size, "Ntry", 4);
		if (!found)
			break;
		size_t used = (size_t)(found - left.at) + 4; /* found is inside left */
		left = (str){ left.at + used, left.size - used };
	}
	return count;
}

/* ---- statements ---- */

static enum camt_balance_kind camt_balance_kind(str code)
{
	if (str_eq_z(code, "OPBD"))
		return BALANCE_OPENING;
	if (str_eq_z(code, "PRCD"))
		return BALANCE_PREVIOUS;
	return str_eq_z(code, "CLBD") ? BALANCE_CLOSING : BALANCE_OTHER;
}

static err_t camt_balance_closed(struct camt *camt)
{
	struct camt_balance *balance = &camt->balance;
	enum camt_balance_kind kind = camt_balance_kind(balance->code);
	if (kind == BALANCE_OTHER)
		return OK;
	if (camt->statement.has_balance[kind])
		return camt_value_fail(camt, "a balance is given twice", balance->code);
	if (!balance->amount.is_set)
		return camt_value_fail(camt, "a balance has no amount", balance->code);
	bool is_debit;
	TRY(camt_side(camt, balance->side, &is_debit));
	if (is_debit)
		balance->amount.value = money_neg(balance->amount.value);
	TRY(camt_day(camt, balance->day, balance->time, &camt->statement.balance_days[kind]));
	camt->statement.has_balance[kind] = true;
	camt->statement.balances[kind] = (struct camt_balance){ .amount = balance->amount };
	return OK;
}

static err_t camt_total_check(const struct camt *camt, const char *what, const struct camt_total *total, int64_t count,
	int64_t gross, int64_t net)
{
	int64_t stated;
	if (total->count.size) {
		TRY(camt_place(camt, within(parse_i64(total->count, 0, INT64_C(999999999999999), &stated), "%s", what)));
		if (stated != count)
			return camt_place(camt, fail(ERR_INPUT, "control total: %s says %lld, the statement has %lld", what,
				(long long)stated, (long long)count));
	}
	if (total->sum.size) {
		money sum;
		TRY(camt_place(camt, within(xml_amount(total->sum, &sum), "%s", what)));
		int64_t minor = sum.minor;
		if (minor != gross && minor != net && minor != -net) /* banks write either */
			return camt_place(camt, fail(ERR_INPUT, "control total: %s says %s, the entries add up to %s", what,
				money_plain(sum).z, money_plain(money_of(gross)).z));
	}
	return OK;
}

/* Opening + credits − debits = closing, in one currency. */
static err_t camt_balance_check(struct camt *camt, bool *ret_has_balances, money *ret_opening, money *ret_closing)
{
	const struct camt_statement *statement = &camt->statement;
	enum camt_balance_kind first = statement->has_balance[BALANCE_OPENING] ? BALANCE_OPENING : BALANCE_PREVIOUS;
	*ret_has_balances = statement->has_balance[first] && statement->has_balance[BALANCE_CLOSING];
	if (!*ret_has_balances)
		return OK;
	const struct camt_amount *opening = &statement->balances[first].amount;
	const struct camt_amount *closing = &statement->balances[BALANCE_CLOSING].amount;
	if (!same_currency(opening->currency, closing->currency))
		return camt_place(camt, fail(ERR_INPUT, "the opening balance is in %s, the closing balance in %s",
			opening->currency, closing->currency));
	if (statement->booked_currency[0] && !same_currency(opening->currency, statement->booked_currency))
		return camt_place(camt, fail(ERR_INPUT, "the balances are in %s, the entries in %s", opening->currency,
			statement->booked_currency));
	*ret_opening = opening->value;
	*ret_closing = closing->value;
	int64_t expected = opening->value.minor + statement->booked_sum; /* both far below INT64_MAX */
	if (expected != closing->value.minor)
		return camt_place(camt, fail(ERR_INPUT,
			"control total: opening balance %s and the entries %s give %s, but the closing balance is %s",
			money_plain(opening->value).z, money_plain(money_of(statement->booked_sum)).z,
			money_plain(money_of(expected)).z, money_plain(closing->value).z));
	return OK;
}

static err_t camt_statement_closed(struct camt *camt)
{
	struct camt_statement *statement = &camt->statement;
	int64_t credits = statement->credit_all, debits = statement->debit_all;
	statement->entry_count = 0; /* errors from here on are about the statement */
	int64_t count = statement->credit_count + statement->debit_count;
	TRY(camt_total_check(camt, "TtlNtries", &statement->all, count, credits + debits, credits - debits));
	TRY(camt_total_check(camt, "TtlCdtNtries", &statement->credits, statement->credit_count, credits, credits));
	TRY(camt_total_check(camt, "TtlDbtNtries", &statement->debits, statement->debit_count, debits, debits));
	struct bank_statement result = {
		.account = statement->account,
		.reference = statement->id,
		.sequence = statement->sequence,
		.closed_on = statement->balance_days[BALANCE_CLOSING],
		.is_copy = statement->copy.size > 0,
	};
	TRY(camt_balance_check(camt, &result.has_balances, &result.opening, &result.closing));
	result.currency = statement->currency;
	if (result.has_balances)
		result.currency = (str){ statement->balances[BALANCE_CLOSING].amount.currency, 3 };
	camt->summary.has_copy = camt->summary.has_copy || result.is_copy;
	bool is_wanted = camt->delivers && camt->each_statement && camt->summary.kind == BANK_FILE_CAMT053;
	return is_wanted ? camt->each_statement(&result, camt->context) : OK;
}

static err_t camt_account(struct camt *camt)
{
	struct camt_statement *statement = &camt->statement;
	if (statement->account.size)
		return OK;
	str given = first_of(statement->iban, statement->other_account);
	if (!given.size)
		return camt_place(camt, fail(ERR_INPUT, "the account (Acct/Id) is missing before the entries"));
	struct ident_text bban;
	if (statement->iban.size && str_starts(given, S("NO")) && !iban_bban(given, &bban))
		return camt_value_fail(camt, "the check digits of the account are wrong", given);
	statement->account = bank_account(camt->arena, given);
	return OK;
}

/* ---- the walk ---- */

static bool camt_is_statement(str name)
{
	return str_eq_z(name, "Stmt") || str_eq_z(name, "Ntfctn");
}

/* Depths: Document 1, message 2, statement 3, entry 4, NtryDtls 5, TxDtls 6. */
enum { DEPTH_ROOT = 1, DEPTH_MESSAGE, DEPTH_STATEMENT, DEPTH_ENTRY, DEPTH_DETAILS, DEPTH_TRANSACTION };

static bool camt_at(const struct camt *camt, size_t depth, const char *path)
{
	return xml_depth(camt->xml) == depth && str_eq_z(xml_below(xml_path(camt->xml), 2), path);
}

static err_t camt_root(struct camt *camt)
{
	static const struct {
		const char *space;
		enum bank_file_kind kind;
	} known[] = {
		{ "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02", BANK_FILE_CAMT053 },
		{ "urn:iso:std:iso:20022:tech:xsd:camt.053.001.04", BANK_FILE_CAMT053 },
		{ "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", BANK_FILE_CAMT053 },
		{ "urn:iso:std:iso:20022:tech:xsd:camt.054.001.02", BANK_FILE_CAMT054 },
		{ "urn:iso:std:iso:20022:tech:xsd:camt.054.001.04", BANK_FILE_CAMT054 },
		{ "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08", BANK_FILE_CAMT054 },
	};
	str space = xml_namespace(camt->xml), name = xml_name(camt->xml);
	for (size_t i = 0; i < COUNT(known) && str_eq_z(name, "Document"); i++) {
		if (!str_eq_z(space, known[i].space))
			continue;
		camt->space = str_from_z(known[i].space);
		camt->summary.kind = known[i].kind;
		return OK;
	}
	return fail(ERR_INPUT, "this is not camt.053 or camt.054 in version 001.02, .04 or .08: '%.*s' of '%.*s'",
		STR_ARG(name), STR_ARG(space));
}

static void camt_transaction_opened(struct camt *camt)
{
	camt->transaction_mark = arena_mark(camt->arena);
	camt->transaction = (struct camt_transaction){ .message = text_in(camt->arena, MESSAGE_SIZE_MAX + 100) };
	camt->transaction.references = arena_many(camt->arena, REFERENCE_COUNT_MAX, struct camt_reference);
}

static err_t camt_detail_opened(struct camt *camt)
{
	struct camt_transaction *transaction = &camt->transaction;
	if (camt_at(camt, DEPTH_DETAILS, "Ntry/NtryDtls")) {
		camt->batch_stated = -1;
		camt->batch_counted = 0;
		return camt_entry_ready(camt);
	}
	if (camt_at(camt, DEPTH_TRANSACTION, "Ntry/NtryDtls/TxDtls"))
		camt_transaction_opened(camt);
	else if (camt_at(camt, DEPTH_TRANSACTION + 1, "Ntry/NtryDtls/TxDtls/RtrInf"))
		transaction->is_return = true;
	else if (camt_at(camt, DEPTH_TRANSACTION + 2, "Ntry/NtryDtls/TxDtls/RmtInf/Strd")) {
		if (transaction->reference_count == REFERENCE_COUNT_MAX) { /* the payment will be held */
			transaction->too_many_references = true;
			return xml_skip(camt->xml);
		}
		transaction->reference_count++;
	}
	return OK;
}

static err_t camt_opened(struct camt *camt)
{
	if (xml_depth(camt->xml) == DEPTH_ROOT)
		return camt_root(camt);
	if (!str_eq(xml_namespace(camt->xml), camt->space))
		return xml_skip(camt->xml);
	if (xml_depth(camt->xml) == DEPTH_STATEMENT && camt_is_statement(xml_name(camt->xml))) {
		camt->summary.statement_count++;
		camt->statement_mark = arena_mark(camt->arena);
		camt->statement = (struct camt_statement){ .account = S("") };
		for (size_t i = 0; i < BALANCE_KIND_COUNT; i++)
			camt->statement.balance_days[i] = DATE_NONE;
	} else if (camt_at(camt, DEPTH_ENTRY, "Bal")) {
		camt->balance_mark = arena_mark(camt->arena);
		camt->balance = (struct camt_balance){ .code = S("") };
	} else if (camt_at(camt, DEPTH_ENTRY, "Ntry")) {
		TRY(camt_account(camt)); /* lives as long as the statement: before the mark */
		camt->entry_mark = arena_mark(camt->arena);
		return camt_entry_opened(camt);
	} else if (xml_depth(camt->xml) >= DEPTH_DETAILS) {
		return camt_detail_opened(camt);
	}
	return OK;
}

static err_t camt_reference_text(struct camt *camt, str path)
{
	struct camt_reference *reference = &camt->transaction.references[camt->transaction.reference_count - 1];
	if (str_eq_z(path, "RfrdDocAmt/RmtdAmt"))
		return camt_take_amount(camt, &reference->remitted);
	if (str_eq_z(path, "RfrdDocAmt/DuePyblAmt"))
		return camt_take_amount(camt, &reference->due);
	if (str_eq_z(path, "RfrdDocAmt/CdtNoteAmt"))
		return camt_take_amount(camt, &reference->credited);
	return xml_take(camt->xml, path, reference_fields, COUNT(reference_fields), camt->arena, reference);
}

static err_t camt_transaction_text(struct camt *camt, str path)
{
	struct camt_transaction *transaction = &camt->transaction;
	if (str_starts(path, S("RmtInf/Strd/")))
		return camt_reference_text(camt, xml_below(path, 2));
	if (str_eq_z(path, "RmtInf/Ustrd"))
		message_add(transaction, "", xml_text(camt->xml));
	else if (str_eq_z(path, "Amt"))
		return camt_take_amount(camt, &transaction->amount);
	else if (str_eq_z(path, "AmtDtls/TxAmt/Amt"))
		return camt_take_amount(camt, &transaction->detail_amount);
	return xml_take(camt->xml, path, transaction_fields, COUNT(transaction_fields), camt->arena, transaction);
}

static err_t camt_entry_text(struct camt *camt, str path)
{
	if (str_starts(path, S("NtryDtls/TxDtls/")))
		return camt_transaction_text(camt, xml_below(path, 2));
	if (str_eq_z(path, "NtryDtls/Btch/NbOfTxs"))
		return camt_place(camt, within(parse_i64(xml_text(camt->xml), 0, INT64_C(999999999999999), &camt->batch_stated),
			"NbOfTxs"));
	if (str_eq_z(path, "Amt"))
		return camt_take_amount(camt, &camt->entry.amount);
	return xml_take(camt->xml, path, entry_fields, COUNT(entry_fields), camt->arena, &camt->entry);
}

static err_t camt_text(struct camt *camt)
{
	str path = xml_path(camt->xml);
	str message, statement;
	str below = path;
	message = str_cut(below, '/', &below);
	statement = str_cut(below, '/', &below);
	if (!message.size || !camt_is_statement(statement))
		return OK;
	if (str_starts(below, S("Ntry/")))
		return camt_entry_text(camt, xml_below(below, 1));
	if (str_eq_z(below, "Bal/Amt"))
		return camt_take_amount(camt, &camt->balance.amount);
	if (str_starts(below, S("Bal/")))
		return xml_take(camt->xml, xml_below(below, 1), balance_fields, COUNT(balance_fields), camt->arena,
			&camt->balance);
	return xml_take(camt->xml, below, statement_fields, COUNT(statement_fields), camt->arena, &camt->statement);
}

static err_t camt_closed(struct camt *camt)
{
	if (camt_at(camt, DEPTH_TRANSACTION, "Ntry/NtryDtls/TxDtls")) {
		TRY(camt_transaction_closed(camt));
		arena_reset(camt->arena, camt->transaction_mark);
	} else if (camt_at(camt, DEPTH_DETAILS, "Ntry/NtryDtls")) {
		bool is_list = camt->batch_counted > 0;
		bool differs = is_list && camt->batch_stated >= 0 && camt->batch_stated != camt->batch_counted;
		camt->entry.batch_differs = camt->entry.batch_differs || differs;
	} else if (camt_at(camt, DEPTH_ENTRY, "Ntry")) {
		TRY(camt_entry_closed(camt));
		arena_reset(camt->arena, camt->entry_mark);
	} else if (camt_at(camt, DEPTH_ENTRY, "Bal")) {
		TRY(camt_balance_closed(camt));
		arena_reset(camt->arena, camt->balance_mark);
	} else if (xml_depth(camt->xml) == DEPTH_STATEMENT && camt_is_statement(xml_name(camt->xml))) {
		TRY(camt_account(camt));
		TRY(camt_statement_closed(camt));
		arena_reset(camt->arena, camt->statement_mark);
	}
	return OK;
}

static err_t camt_events(struct camt *camt)
{
	for (;;) { /* xml_next ends with the file at the latest */
		enum xml_event event;
		TRY(xml_next(camt->xml, &event));
		switch (event) {
		case XML_OPEN:
			TRY(camt_opened(camt));
			break;
		case XML_TEXT:
			TRY(camt_text(camt));
			break;
		case XML_CLOSE:
			TRY(camt_closed(camt));
			break;
		case XML_END:
			if (!camt->summary.statement_count)
				return fail(ERR_INPUT, "the file holds no statement or notification");
			return OK;
		}
	}
}

static err_t camt_pass(struct camt *camt, str bytes)
{
	struct arena_mark mark = arena_mark(camt->arena);
	camt->summary = (struct bank_summary){ .first_on = DATE_NONE, .last_on = DATE_NONE };
	camt->entry_count = 0;
	TRY(xml_open(bytes, camt->arena, &camt->xml));
	err_t err = camt_events(camt);
	xml_close(camt->xml);
	arena_reset(camt->arena, mark);
	return err;
}

err_t camt_read(str bytes, struct arena *arena, bank_payment_fn each, bank_statement_fn each_statement, void *context,
	struct bank_summary *ret_summary)
{
	require(arena);
	struct arena_mark mark = arena_mark(arena);
	struct camt camt = { .arena = arena, .each = each, .each_statement = each_statement, .context = context };
	camt.verdicts = arena_alloc(arena, camt_entries_max(bytes));
	err_t err = camt_pass(&camt, bytes);
	struct bank_summary summary = camt.summary;
	if (!err && each) {
		camt.delivers = true;
		err = camt_pass(&camt, bytes);
	}
	arena_reset(arena, mark);
	if (err)
		return err;
	summary.sum = money_sub(summary.credit_sum, summary.debit_sum);
	*ret_summary = summary;
	return OK;
}
