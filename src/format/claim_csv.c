#include "format/claim_csv.h"

#include "core/kid.h"

#include <string.h>

enum column {
	INVOICE_NO,
	ISSUED_ON,
	DUE_ON,
	AMOUNT,
	CURRENCY,
	DEBTOR_KIND,
	DEBTOR_ID,
	DEBTOR_NAME,
	ADDRESS,
	POSTCODE,
	CITY,
	COUNTRY,
	PHONE,
	EMAIL,
	DESCRIPTION,
	KID,
	LANGUAGE,
	PAID,
	REMINDER_ON,
	NOTICE_ON,
	NOTICE_DEADLINE,
	FEES,
	COLUMN_COUNT,
};

static const struct csv_column columns[COLUMN_COUNT] = {
	[INVOICE_NO] = { "invoice_no", true },
	[ISSUED_ON] = { "issued_on", true },
	[DUE_ON] = { "due_on", true },
	[AMOUNT] = { "amount", true },
	[CURRENCY] = { "currency", true },
	[DEBTOR_KIND] = { "debtor_kind", true },
	[DEBTOR_ID] = { "debtor_id", true },
	[DEBTOR_NAME] = { "debtor_name", true },
	[ADDRESS] = { "address", true },
	[POSTCODE] = { "postcode", true },
	[CITY] = { "city", true },
	[COUNTRY] = { "country", true },
	[PHONE] = { "phone", true },
	[EMAIL] = { "email", true },
	[DESCRIPTION] = { "description", true },
	[KID] = { "kid", false },
	[LANGUAGE] = { "language", false },
	[PAID] = { "paid", false },
	[REMINDER_ON] = { "reminder_on", false },
	[NOTICE_ON] = { "notice_on", false },
	[NOTICE_DEADLINE] = { "notice_deadline", false },
	[FEES] = { "fees", false },
};
_Static_assert((int)COLUMN_COUNT <= (int)CSV_COLUMN_COUNT_MAX, "the columns fit a match");

enum { /* characters; what a letter's address field and the tables hold */
	INVOICE_NO_SIZE_MAX = 64,
	NAME_SIZE_MAX = 200,
	POSTCODE_SIZE_MAX = 16,
	PHONE_SIZE_MAX = 32,
	EMAIL_SIZE_MAX = 254,
	DESCRIPTION_SIZE_MAX = 500,
};

struct reading {
	struct claim_check check;
	struct arena *scratch;
	claim_row_fn each;
	void *context;
	bool header_seen, row_seen;
	struct csv_columns columns;
	struct row_findings findings; /* of the row at hand; here because it is too large to clear for each row */
};

/* ---- one field ---- */

static bool take_text(struct row_findings *findings, enum column column, str value, size_t size_max, str *ret_text)
{
	if (!row_text_check(findings, columns[column].name, value, size_max))
		return false;
	*ret_text = value;
	return true;
}

static void take_required_text(struct row_findings *findings, enum column column, str value, size_t size_max,
	str *ret_text)
{
	if (value.size == 0)
		row_finding_add(findings, columns[column].name, "it is empty");
	else
		take_text(findings, column, value, size_max, ret_text);
}

/* Empty gives DATE_NONE, which is a finding only where a date is required. */
static date take_date(struct row_findings *findings, enum column column, str value)
{
	date day = DATE_NONE;
	if (value.size == 0 && columns[column].required)
		row_finding_add(findings, columns[column].name, "it is empty");
	if (value.size)
		row_finding_err(findings, columns[column].name, date_parse(value, &day));
	return day;
}

static bool take_money(struct row_findings *findings, enum column column, str value, money *ret_amount)
{
	if (value.size == 0 && columns[column].required) {
		row_finding_add(findings, columns[column].name, "it is empty");
		return false;
	}
	if (value.size == 0)
		return true;
	return row_finding_err(findings, columns[column].name, money_parse(value, ret_amount));
}

static bool same_word(str value, const char *lower)
{
	if (value.size != strlen(lower))
		return false;
	for (size_t i = 0; i < value.size; i++) {
		char c = value.at[i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != lower[i])
			return false;
	}
	return true;
}

/* ---- words that say the amount is not the invoice's own ---- */

/* One character of ASCII or of the letters Æ Ø Å folded to lower case, by bytes: enough for the words below. */
static unsigned char folded(str s, size_t at)
{
	unsigned char c = (unsigned char)s.at[at];
	if (c >= 'A' && c <= 'Z')
		return (unsigned char)(c + 32);
	bool after_c3 = at > 0 && (unsigned char)s.at[at - 1] == 0xC3;
	return after_c3 && c >= 0x80 && c <= 0x9E ? (unsigned char)(c + 0x20) : c;
}

static bool is_letter(str s, size_t at)
{
	unsigned char c = folded(s, at);
	return (c >= 'a' && c <= 'z') || c == 0xC3 || (at > 0 && (unsigned char)s.at[at - 1] == 0xC3);
}

/* Whole words only: an årsgebyr is an invoice like any other. */
static const char *const fee_words[] = {
	"purregebyr",
	"purregebyret",
	"purregebyrer",
	"purresalær",
	"inkassogebyr",
	"inkassosalær",
	"inkassosalæret",
	"inkassoomkostninger",
	"inkassokostnader",
	"inkassovarselgebyr",
	"varselgebyr",
	"betalingspåminnelsesgebyr",
	"påminnelsesgebyr",
	"forsinkelsesgebyr",
	"salær",
	"salæret",
	"gebyr",
	"gebyrer",
	"gebyret",
	"forsinkelsesrente",
	"forsinkelsesrenter",
	"forsinkelsesrenten",
	"morarente",
	"morarenter",
	"rente",
	"renter",
	"reminder fee",
	"reminder fees",
	"late fee",
	"late fees",
	"late payment fee",
	"collection fee",
	"collection fees",
	"late payment interest",
	"interest",
};

static bool word_at(str s, size_t at, const char *word)
{
	size_t size = strlen(word);
	if (size > s.size - at || (at + size < s.size && is_letter(s, at + size)))
		return false;
	for (size_t i = 0; i < size; i++)
		if (folded(s, at + i) != (unsigned char)word[i])
			return false;
	return true;
}

str claim_fee_word(str description)
{
	for (size_t i = 0; i < description.size; i++) {
		if (!strchr("pibvfsgmrlc", folded(description, i)) || (i && is_letter(description, i - 1)))
			continue;
		for (size_t word = 0; word < sizeof fee_words / sizeof fee_words[0]; word++)
			if (word_at(description, i, fee_words[word]))
				return (str){ description.at + i, strlen(fee_words[word]) };
	}
	return (str){ "", 0 };
}

/* ---- groups of fields ---- */

static void take_days(struct reading *reading, const struct csv_row *row, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	str issued = csv_field(row, &reading->columns, ISSUED_ON), due = csv_field(row, &reading->columns, DUE_ON);
	claim->issued_on = take_date(findings, ISSUED_ON, issued);
	claim->due_on = take_date(findings, DUE_ON, due);
	if (date_is_none(claim->issued_on))
		return;
	if (date_after(claim->issued_on, reading->check.today))
		row_finding_add(findings, "issued_on", "'%.*s' is after today (%s)", STR_ARG(issued),
			date_iso(reading->check.today).z);
	if (!date_is_none(claim->due_on) && date_before(claim->due_on, claim->issued_on))
		row_finding_add(findings, "due_on", "'%.*s' is before the day of issue", STR_ARG(due));
}

static void take_amounts(struct reading *reading, const struct csv_row *row, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	str amount = csv_field(row, &reading->columns, AMOUNT), paid = csv_field(row, &reading->columns, PAID);
	bool amount_known = take_money(findings, AMOUNT, amount, &claim->amount);
	bool paid_known = take_money(findings, PAID, paid, &claim->paid);
	if (amount_known && claim->amount.minor <= 0)
		row_finding_add(findings, "amount", "'%.*s' is not more than zero", STR_ARG(amount));
	if (paid_known && claim->paid.minor < 0)
		row_finding_add(findings, "paid", "'%.*s' is less than zero", STR_ARG(paid));
	else if (amount_known && paid_known && claim->amount.minor > 0 && claim->paid.minor >= claim->amount.minor)
		row_finding_add(findings, "paid", "'%.*s' is the whole amount or more: nothing is owed", STR_ARG(paid));
	str currency = csv_field(row, &reading->columns, CURRENCY);
	if (same_word(currency, "nok"))
		claim->currency = S("NOK");
	else
		row_finding_add(findings, "currency", "'%.*s': only NOK is taken in Norway", STR_ARG(currency));
	str fee_word = claim_fee_word(csv_field(row, &reading->columns, DESCRIPTION));
	if (fee_word.size)
		row_finding_add(findings, "amount",
			"the amount seems to hold fees or interest ('%.*s'): give the invoice's own amount and put the "
			"fees in "
			"the column fees",
			STR_ARG(fee_word));
}

static void take_debtor_id(struct reading *reading, str value, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	if (value.size == 0)
		return;
	if (claim->is_company) {
		struct ident_text orgnr;
		if (row_finding_err(findings, "debtor_id", orgnr_parse(value, &orgnr)))
			claim->debtor_id = str_copy(reading->scratch, str_from_z(orgnr.z));
		return;
	}
	struct ident_days days = { reading->check.today, reading->check.ident_rule_from };
	struct ident_person person;
	if (!row_finding_err(findings, "debtor_id", ident_person_parse(value, days, &person)))
		return;
	claim->debtor_id = str_copy(reading->scratch, str_from_z(person.number.z));
	claim->born_on = person.born_on;
}

static void take_country(struct reading *reading, str value, struct claim_row *claim)
{
	claim->country = S("NO");
	if (value.size == 0)
		return;
	char *code = arena_alloc(reading->scratch, 2);
	for (size_t i = 0; i < value.size; i++) {
		char c = value.at[i] >= 'a' && value.at[i] <= 'z' ? (char)(value.at[i] - 32) : value.at[i];
		if (value.size != 2 || c < 'A' || c > 'Z') {
			row_finding_add(&reading->findings, "country",
				"'%.*s' is not a country code of two letters (NO)", STR_ARG(value));
			claim->country = S("");
			return;
		}
		code[i] = c;
	}
	claim->country = (str){ code, 2 };
}

static void take_postcode(struct reading *reading, str value, struct claim_row *claim)
{
	bool norwegian = str_eq(claim->country, S("NO"));
	if (value.size && norwegian && (value.size != 4 || !str_is_digits(value)))
		row_finding_add(&reading->findings, "postcode", "'%.*s' is not a Norwegian postcode (4 digits)",
			STR_ARG(value));
	else
		take_text(&reading->findings, POSTCODE, value, POSTCODE_SIZE_MAX, &claim->postcode);
}

static bool is_phone(str value)
{
	size_t digit_count = 0;
	for (size_t i = 0; i < value.size; i++) {
		bool digit = value.at[i] >= '0' && value.at[i] <= '9';
		digit_count += digit;
		if (!digit && !(value.at[i] && strchr(" ()-/", value.at[i])) && !(value.at[i] == '+' && i == 0))
			return false;
	}
	return digit_count >= 5 && value.size <= PHONE_SIZE_MAX;
}

/* Only what would surely not arrive: the mail system knows the rest. */
static bool is_email(str value)
{
	size_t at_count = 0, at = 0;
	for (size_t i = 0; i < value.size; i++) {
		unsigned char c = (unsigned char)value.at[i];
		if (c <= ' ' || c == 0x7F || strchr("\"(),:;<>[\\]", c))
			return false;
		if (c == '@') {
			at_count++;
			at = i;
		}
	}
	return at_count == 1 && at > 0 && at + 1 < value.size && value.size <= EMAIL_SIZE_MAX;
}

static void take_contact(struct reading *reading, const struct csv_row *row, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	str phone = csv_field(row, &reading->columns, PHONE), email = csv_field(row, &reading->columns, EMAIL);
	if (phone.size && !is_phone(phone))
		row_finding_add(findings, "phone", "'%.*s' is not a telephone number", STR_ARG(phone));
	else
		claim->phone = phone;
	if (email.size && !is_email(email))
		row_finding_add(findings, "email", "'%.*s' is not an e-mail address", STR_ARG(email));
	else
		take_text(findings, EMAIL, email, EMAIL_SIZE_MAX, &claim->email);
}

static void take_debtor(struct reading *reading, const struct csv_row *row, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	const struct csv_columns *at = &reading->columns;
	str kind = csv_field(row, at, DEBTOR_KIND);
	claim->is_company = same_word(kind, "company");
	if (claim->is_company || same_word(kind, "person"))
		take_debtor_id(reading, csv_field(row, at, DEBTOR_ID), claim);
	else
		row_finding_add(findings, "debtor_kind", "'%.*s' is neither person nor company", STR_ARG(kind));
	take_required_text(findings, DEBTOR_NAME, csv_field(row, at, DEBTOR_NAME), NAME_SIZE_MAX, &claim->debtor_name);
	take_text(findings, ADDRESS, csv_field(row, at, ADDRESS), NAME_SIZE_MAX, &claim->address);
	take_country(reading, csv_field(row, at, COUNTRY), claim);
	take_postcode(reading, csv_field(row, at, POSTCODE), claim);
	take_text(findings, CITY, csv_field(row, at, CITY), NAME_SIZE_MAX, &claim->city);
	take_contact(reading, row, claim);
}

static void take_references(struct reading *reading, const struct csv_row *row, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	const struct csv_columns *at = &reading->columns;
	str invoice_no = csv_field(row, at, INVOICE_NO), kid = csv_field(row, at, KID),
	    language = csv_field(row, at, LANGUAGE);
	int64_t case_no;
	take_required_text(findings, INVOICE_NO, invoice_no, INVOICE_NO_SIZE_MAX, &claim->invoice_no);
	take_text(findings, DESCRIPTION, csv_field(row, at, DESCRIPTION), DESCRIPTION_SIZE_MAX, &claim->description);
	if (kid.size && !kid_is_valid(kid))
		row_finding_add(findings, "kid",
			"'%.*s' is not a KID: its check digit is wrong by mod 10 and by mod 11", STR_ARG(kid));
	else if (kid_case(kid, &case_no))
		row_finding_add(findings, "kid", "'%.*s' has the form of our own KIDs: leave it out", STR_ARG(kid));
	else
		claim->kid = kid;
	claim->language = same_word(language, "en") ? "en" : "nb";
	bool norwegian = same_word(language, "nb") || same_word(language, "no") || same_word(language, "nn");
	if (language.size && !norwegian && !same_word(language, "en"))
		row_finding_add(findings, "language", "'%.*s' is neither nb nor en", STR_ARG(language));
}

/* ---- letters the creditor has sent ---- */

static void check_letter_day(struct reading *reading, enum column column, date sent_on, const struct claim_row *claim)
{
	const char *field = columns[column].name;
	if (date_is_none(sent_on))
		return;
	if (date_after(sent_on, reading->check.today))
		row_finding_add(&reading->findings, field, "'%s' is after today: only letters that are sent count",
			date_iso(sent_on).z);
	if (!date_is_none(claim->due_on) && !date_after(sent_on, claim->due_on))
		row_finding_add(&reading->findings, field, "'%s' is not after the due date", date_iso(sent_on).z);
}

static void check_notice(struct reading *reading, const struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	int days_min = reading->check.deadline_days_min;
	bool deadline_given = !date_is_none(claim->notice_deadline);
	if (date_is_none(claim->notice_on)) {
		if (deadline_given)
			row_finding_add(findings, "notice_deadline",
				"a deadline needs the day the notice was sent (notice_on)");
		return;
	}
	if (!date_is_none(claim->reminder_on) && !date_after(claim->notice_on, claim->reminder_on))
		row_finding_add(findings, "notice_on", "'%s' is not after the reminder", date_iso(claim->notice_on).z);
	if (!deadline_given)
		row_finding_add(findings, "notice_deadline", "a notice needs the deadline it gave");
	else if (date_diff(claim->notice_on, claim->notice_deadline) < days_min)
		row_finding_add(findings, "notice_deadline", "'%s' gives less than the %d days of the law",
			date_iso(claim->notice_deadline).z, days_min);
}

static void take_fees(struct reading *reading, str value, struct claim_row *claim)
{
	struct row_findings *findings = &reading->findings;
	int letter_count = !date_is_none(claim->reminder_on) + !date_is_none(claim->notice_on);
	money most = reading->check.fees_max;
	if (!take_money(findings, FEES, value, &claim->fees))
		return;
	if (claim->fees.minor < 0)
		row_finding_add(findings, "fees", "'%.*s' is less than zero", STR_ARG(value));
	else if (claim->fees.minor > 0 && letter_count == 0)
		row_finding_add(findings, "fees", "'%.*s' needs the letter it was charged for (reminder_on, notice_on)",
			STR_ARG(value));
	else if (most.minor > 0 && claim->fees.minor > most.minor)
		row_finding_add(findings, "fees", "'%.*s' is more than the law allows before a demand, %s", STR_ARG(value),
			money_plain(most).z);
}

static void take_letters(struct reading *reading, const struct csv_row *row, struct claim_row *claim)
{
	const struct csv_columns *at = &reading->columns;
	struct row_findings *findings = &reading->findings;
	size_t before = findings->count;
	claim->reminder_on = take_date(findings, REMINDER_ON, csv_field(row, at, REMINDER_ON));
	claim->notice_on = take_date(findings, NOTICE_ON, csv_field(row, at, NOTICE_ON));
	claim->notice_deadline = take_date(findings, NOTICE_DEADLINE, csv_field(row, at, NOTICE_DEADLINE));
	if (findings->count > before)
		return; /* a date that cannot be read would look like a letter that was not sent */
	check_letter_day(reading, REMINDER_ON, claim->reminder_on, claim);
	check_letter_day(reading, NOTICE_ON, claim->notice_on, claim);
	check_notice(reading, claim);
	take_fees(reading, csv_field(row, at, FEES), claim);
}

/* ---- rows ---- */

static err_t read_row(const struct csv_row *row, void *context)
{
	struct reading *reading = context;
	if (!reading->header_seen) {
		reading->header_seen = true;
		return csv_columns_match(row, columns, COLUMN_COUNT, reading->scratch, &reading->columns);
	}
	reading->row_seen = true;
	reading->findings.line_no = row->line_no;
	reading->findings.count = 0;
	struct claim_row claim = {
		.line_no = row->line_no,
		.raw = row->raw,
		.issued_on = DATE_NONE,
		.due_on = DATE_NONE,
		.born_on = DATE_NONE,
		.reminder_on = DATE_NONE,
		.notice_on = DATE_NONE,
		.notice_deadline = DATE_NONE,
		.language = "nb",
		.invoice_no = S(""),
		.currency = S(""),
		.debtor_id = S(""),
		.debtor_name = S(""),
		.address = S(""),
		.postcode = S(""),
		.city = S(""),
		.country = S(""),
		.phone = S(""),
		.email = S(""),
		.description = S(""),
		.kid = S(""),
	};
	if (row->field_count != reading->columns.field_count) {
		row_finding_field_count(&reading->findings, row->field_count, reading->columns.field_count);
	} else {
		take_references(reading, row, &claim);
		take_days(reading, row, &claim);
		take_amounts(reading, row, &claim);
		take_debtor(reading, row, &claim);
		take_letters(reading, row, &claim);
	}
	return reading->each(&claim, reading->findings.items, reading->findings.count, reading->context);
}

err_t claim_csv_read(str bytes, struct arena *scratch, struct claim_check check, claim_row_fn each, void *context)
{
	require(!date_is_none(check.today));
	require(!date_is_none(check.ident_rule_from));
	struct reading *reading = arena_new(scratch, struct reading);
	reading->check = check;
	reading->scratch = scratch;
	reading->each = each;
	reading->context = context;
	reading->findings.arena = scratch;
	TRY(csv_read(bytes, scratch, read_row, reading));
	if (!reading->row_seen)
		return fail(ERR_INPUT, "the file holds no claim");
	return OK;
}
