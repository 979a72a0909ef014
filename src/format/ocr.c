/* One pass over the lines with a small state machine; a payment is delivered when the record after it shows that it is
 * whole. Texts are views into the file. The records of a payment are the hot path: no arena, no formatting there.
 *
 *   OUTSIDE       nothing read yet                        next 10
 *   TRANSMISSION  between assignments                     next 20 or 89
 *   ASSIGNMENT    in service 09, no payment open          next 30 or 88
 *   ITEM_1        amount item 1 read                      next 31
 *   ITEM_2        a payment that may be whole             next 32, 30 or 88
 *   ITEM_3        a whole payment                         next 30 or 88
 *   AVTALEGIRO    in service 21                           next 30, 31, 49, 70 or 88
 *   DONE          89 read                                 nothing */
#include "format/ocr.h"

#include "base/catalog.h"
#include "core/kid.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 80, DAYS_FROM_TODAY_MAX = 366, LINE_COUNT_MAX = 100000000 };

#define TRAILER_SUM_MAX INT64_C(99999999999999999)

enum ocr_state { OUTSIDE, TRANSMISSION, ASSIGNMENT, ITEM_1, ITEM_2, ITEM_3, AVTALEGIRO, DONE };

enum ocr_record {
	RECORD_START_TRANSMISSION = 10,
	RECORD_START_ASSIGNMENT = 20,
	RECORD_ITEM_1 = 30,
	RECORD_ITEM_2 = 31,
	RECORD_ITEM_3 = 32,
	RECORD_SPECIFICATION = 49, /* AvtaleGiro */
	RECORD_AGREEMENT = 70,     /* AvtaleGiro */
	RECORD_END_ASSIGNMENT = 88,
	RECORD_END_TRANSMISSION = 89,
};

enum { SERVICE_NONE = 0, SERVICE_OCR = 9, SERVICE_AVTALEGIRO = 21 };
enum { TYPE_FIRST = 10, TYPE_CARD_REVERSAL = 18, TYPE_CARD_REVERSAL_TEXT = 20, TYPE_LAST = 21 };

/* What a trailer must repeat. */
struct ocr_totals {
	int64_t payment_count, record_count;
	int64_t sum; /* minor units */
	date first_on, last_on;
};

/* Neighbouring records mostly bear the same date: remembered text and value for each place dates stand in. */
struct ocr_seen_date {
	char text[6];
	date value;
	bool filled;
};

struct ocr {
	str left;
	int64_t line_no;
	const char *line; /* LINE_SIZE characters */
	enum ocr_state state;
	int service; /* of the assignment */
	date today;
	struct ocr_totals assignment, file;
	int64_t ocr_assignment_count, avtalegiro_count;
	struct ocr_seen_date settled_seen, given_seen;
	struct bank_payment payment; /* being read */
	int type;                    /* of it */
	struct arena *arena;
	bank_payment_fn each;
	void *context;
	struct bank_summary summary;
};

/* A field by the manual's positions: 1-based, inclusive. */
static str ocr_field(const struct ocr *ocr, size_t first, size_t last)
{
	return (str){ ocr->line + first - 1, last - first + 1 };
}

/* "line 7: what: 'value' (why)"; why in printf form, "" for none. */
static err_t ocr_fail_why(const struct ocr *ocr, const char *what, str value, const char *why, ...)
	PRINTF_LIKE(4, 5) MUST_CHECK;
static err_t ocr_fail_why(const struct ocr *ocr, const char *what, str value, const char *why, ...)
{
	char quoted[LINE_SIZE], reason[LINE_SIZE];
	size_t size = value.size < sizeof quoted ? value.size : sizeof quoted;
	for (size_t i = 0; i < size; i++) /* the file is not UTF-8, the error is */
		quoted[i] = value.at[i] >= 0x20 && value.at[i] < 0x7F ? value.at[i] : '?';
	va_list args;
	va_start(args, why);
	vsnprintf(reason, sizeof reason, why, args);
	va_end(args);
	const char *open = reason[0] ? " (" : "", *close = reason[0] ? ")" : "";
	return fail(ERR_INPUT, "line %lld: %s: '%.*s'%s%s%s", (long long)ocr->line_no, what, (int)size, quoted, open, reason,
		close);
}

static err_t ocr_fail(const struct ocr *ocr, const char *what, str value) MUST_CHECK;
static err_t ocr_fail(const struct ocr *ocr, const char *what, str value)
{
	return ocr_fail_why(ocr, what, value, "%s", "");
}

static err_t ocr_number(const struct ocr *ocr, const char *what, str field, int64_t *ret_value)
{
	uint64_t value = 0; /* unsigned: what is not digits may wrap before it is refused */
	bool bad = false;
	for (size_t i = 0; i < field.size; i++) {
		unsigned digit = (unsigned char)field.at[i] - (unsigned)'0';
		bad |= digit > 9;
		value = value * 10 + digit;
	}
	if (bad)
		return ocr_fail(ocr, what, field);
	*ret_value = (int64_t)value; /* at most 17 digits */
	return OK;
}

static bool is_zeros(str field)
{
	for (size_t i = 0; i < field.size; i++)
		if (field.at[i] != '0')
			return false;
	return true;
}

static err_t ocr_date_parse(const struct ocr *ocr, const char *what, str field, date *ret_date)
{
	if (!str_is_digits(field))
		return ocr_fail(ocr, what, field);
	int part[3];
	for (size_t i = 0; i < 3; i++)
		part[i] = (field.at[i * 2] - '0') * 10 + (field.at[i * 2 + 1] - '0');
	struct civil civil = { part[2] + (part[2] >= 80 ? 1900 : 2000), part[1], part[0] };
	if (!date_is_real(civil))
		return ocr_fail(ocr, what, field);
	date value = date_from_civil(civil);
	int distance = date_diff(ocr->today, value);
	if (distance > DAYS_FROM_TODAY_MAX || distance < -DAYS_FROM_TODAY_MAX)
		return ocr_fail_why(ocr, what, field, "more than a year from today, %s", date_iso(ocr->today).z);
	*ret_date = value;
	return OK;
}

static err_t ocr_date(const struct ocr *ocr, const char *what, str field, struct ocr_seen_date *seen, date *ret_date)
{
	if (!seen->filled || memcmp(seen->text, field.at, sizeof seen->text) != 0) {
		TRY(ocr_date_parse(ocr, what, field, &seen->value));
		memcpy(seen->text, field.at, sizeof seen->text);
		seen->filled = true;
	}
	*ret_date = seen->value;
	return OK;
}

/* A date that may be zeros: DATE_NONE. */
static err_t ocr_trailer_date(const struct ocr *ocr, const char *what, size_t first, date *ret_date)
{
	str field = ocr_field(ocr, first, first + 5);
	*ret_date = DATE_NONE;
	return is_zeros(field) ? OK : ocr_date_parse(ocr, what, field, ret_date);
}

/* A sum must fit the 17 digits of a trailer; that also keeps it far from overflow. */
static err_t ocr_add(const struct ocr *ocr, int64_t *sum, int64_t amount)
{
	*sum += amount;
	if (*sum > TRAILER_SUM_MAX || *sum < -TRAILER_SUM_MAX)
		return ocr_fail(ocr, "the sum is larger than an end record can hold", ocr_field(ocr, 1, 8));
	return OK;
}

/* ---- payments ---- */

static const char *ocr_hold_reason(const struct ocr *ocr, str kid, bool minus)
{
	if (ocr->type == TYPE_CARD_REVERSAL || ocr->type == TYPE_CARD_REVERSAL_TEXT)
		return N_("a card payment taken back: find the payment it reverses");
	if (minus)
		return N_("a credit note from the bank (minus sign): find the payment it takes back");
	if (kid.size && !kid_is_valid(kid))
		return N_("the KID's check digit is wrong");
	return "";
}

static err_t ocr_deliver(struct ocr *ocr)
{
	struct bank_payment *payment = &ocr->payment;
	ocr->summary.payment_count++;
	ocr->summary.held_count += payment->hold_reason.size > 0;
	money *side = payment->debit ? &ocr->summary.debit_sum : &ocr->summary.credit_sum;
	TRY(ocr_add(ocr, &side->minor, payment->amount.minor));
	if (!ocr->each)
		return OK;
	struct arena_mark mark = arena_mark(ocr->arena);
	for (size_t i = 0; i < payment->message.size; i++)
		if ((unsigned char)payment->message.at[i] >= 0x80) {
			payment->message = str_from_latin1(ocr->arena, payment->message);
			break;
		}
	err_t err = ocr->each(payment, ocr->context);
	arena_reset(ocr->arena, mark);
	return err;
}

static err_t ocr_kid(const struct ocr *ocr, str *ret_kid)
{
	str field = ocr_field(ocr, 50, 74), kid = field;
	while (kid.size && kid.at[0] == ' ')
		kid.at++, kid.size--;
	if (!kid.size && ocr->type < TYPE_CARD_REVERSAL_TEXT)
		return ocr_fail(ocr, "a payment with KID has a blank KID (50-74)", field);
	for (size_t i = 0; i < kid.size; i++) {
		bool is_check = i > 0 && i == kid.size - 1 && kid.at[i] == '-';
		if ((kid.at[i] < '0' || kid.at[i] > '9') && !is_check)
			return ocr_fail(ocr, "the KID (50-74) is not digits, right aligned", field);
	}
	*ret_kid = kid;
	return OK;
}

static err_t ocr_sequence(const struct ocr *ocr)
{
	int64_t number = 0;
	TRY(ocr_number(ocr, "the transaction number (9-15) is not digits", ocr_field(ocr, 9, 15), &number));
	if (number == ocr->assignment.payment_count)
		return OK;
	return ocr_fail_why(ocr, "the transaction number (9-15) is out of order", ocr_field(ocr, 9, 15), "expected %lld",
		(long long)ocr->assignment.payment_count);
}

static err_t ocr_item_1(struct ocr *ocr, int type)
{
	if (type < TYPE_FIRST || type > TYPE_LAST)
		return ocr_fail(ocr, "unknown transaction type (5-6)", ocr_field(ocr, 5, 6));
	ocr->type = type;
	ocr->assignment.payment_count++;
	TRY(ocr_sequence(ocr));
	date settled_on;
	TRY(ocr_date(ocr, "settlement date (16-21)", ocr_field(ocr, 16, 21), &ocr->settled_seen, &settled_on));
	int64_t lump = 0, amount = 0;
	TRY(ocr_number(ocr, "centre, day code and serial (22-31) are not digits", ocr_field(ocr, 22, 31), &lump));
	TRY(ocr_number(ocr, "the amount (33-49) is not digits", ocr_field(ocr, 33, 49), &amount));
	if (amount == 0 || amount > MONEY_MAX_MINOR)
		return ocr_fail(ocr, "the amount (33-49) is zero or too large", ocr_field(ocr, 33, 49));
	char sign = ocr->line[31];
	if (sign != '0' && sign != '-')
		return ocr_fail(ocr, "the sign (32) is neither 0 nor -", ocr_field(ocr, 32, 32));
	str kid;
	TRY(ocr_kid(ocr, &kid));
	bool taken_back = sign == '-' || type == TYPE_CARD_REVERSAL || type == TYPE_CARD_REVERSAL_TEXT;
	struct bank_payment *payment = &ocr->payment;
	*payment = (struct bank_payment){
		.line_no = ocr->line_no, .reversal = taken_back, .debit = taken_back, .account = payment->account,
		.settled_on = settled_on, .counts_on = settled_on, .amount = money_of(amount), .currency = S("NOK"),
		.kid = kid, .batch = ocr_field(ocr, 16, 31),
		.hold_reason = str_from_z(ocr_hold_reason(ocr, kid, sign == '-')),
	};
	/* The manual: card reversals are written, and added, as positive amounts. */
	TRY(ocr_add(ocr, &ocr->assignment.sum, sign == '-' ? -amount : amount));
	if (date_is_none(ocr->assignment.first_on) || date_before(settled_on, ocr->assignment.first_on))
		ocr->assignment.first_on = settled_on;
	if (date_is_none(ocr->assignment.last_on) || date_after(settled_on, ocr->assignment.last_on))
		ocr->assignment.last_on = settled_on;
	ocr->state = ITEM_1;
	return OK;
}

/* Its type may differ from item 1's: banks do send 10 here for another giro type. */
static err_t ocr_item_2(struct ocr *ocr)
{
	TRY(ocr_sequence(ocr));
	str given = ocr_field(ocr, 42, 47), payer = ocr_field(ocr, 48, 58), archive = ocr_field(ocr, 26, 34);
	if (!str_is_digits(ocr_field(ocr, 16, 58)))
		return ocr_fail(ocr, "amount item 2 (16-58) is not digits", ocr_field(ocr, 16, 58));
	if (!is_zeros(given)) {
		date given_on;
		TRY(ocr_date(ocr, "date given to the bank (42-47)", given, &ocr->given_seen, &given_on));
		ocr->payment.counts_on = date_min(given_on, ocr->payment.settled_on);
	}
	if (!is_zeros(payer))
		ocr->payment.payer_account = payer;
	if (!is_zeros(archive))
		ocr->payment.reference = archive;
	ocr->state = ITEM_2;
	return OK;
}

static err_t ocr_item_3(struct ocr *ocr)
{
	if (ocr->type < TYPE_CARD_REVERSAL_TEXT)
		return ocr_fail(ocr, "amount item 3 on a type without free text", ocr_field(ocr, 1, 8));
	TRY(ocr_sequence(ocr));
	str message = ocr_field(ocr, 16, 55);
	for (size_t i = 0; i < message.size; i++)
		if ((unsigned char)message.at[i] < 0x20 || message.at[i] == 0x7F)
			return ocr_fail(ocr, "the free text (16-55) holds a control character", message);
	ocr->payment.message = str_trim(message);
	ocr->state = ITEM_3;
	return OK;
}

/* ---- starts and ends ---- */

static err_t ocr_start_assignment(struct ocr *ocr, int service, int type)
{
	if (service != SERVICE_OCR && service != SERVICE_AVTALEGIRO)
		return ocr_fail(ocr, "unknown service (3-4)", ocr_field(ocr, 3, 4));
	bool is_known = type == 0 || (service == SERVICE_AVTALEGIRO && (type == 24 || type == 36));
	if (!is_known)
		return ocr_fail(ocr, "unknown assignment type (5-6)", ocr_field(ocr, 5, 6));
	if (!str_is_digits(ocr_field(ocr, 9, 35)))
		return ocr_fail(ocr, "agreement, assignment and account (9-35) are not digits", ocr_field(ocr, 9, 35));
	ocr->service = service;
	ocr->assignment = (struct ocr_totals){ .record_count = 1, .first_on = DATE_NONE, .last_on = DATE_NONE };
	ocr->state = service == SERVICE_OCR ? ASSIGNMENT : AVTALEGIRO;
	if (service == SERVICE_AVTALEGIRO) {
		ocr->avtalegiro_count++;
		return OK;
	}
	ocr->ocr_assignment_count++;
	ocr->payment.account = ocr_field(ocr, 25, 35);
	return OK;
}

static err_t ocr_total(const struct ocr *ocr, const char *what, str field, int64_t counted)
{
	int64_t stated = 0;
	TRY(ocr_number(ocr, what, field, &stated));
	if (stated == counted)
		return OK;
	return ocr_fail_why(ocr, what, field, "the records give %lld", (long long)counted);
}

static err_t ocr_totals_check(const struct ocr *ocr, const struct ocr_totals *totals)
{
	TRY(ocr_total(ocr, "control total: number of transactions (9-16)", ocr_field(ocr, 9, 16), totals->payment_count));
	TRY(ocr_total(ocr, "control total: number of records (17-24)", ocr_field(ocr, 17, 24), totals->record_count));
	return ocr_total(ocr, "control total: sum (25-41)", ocr_field(ocr, 25, 41), totals->sum);
}

static err_t ocr_file_add(struct ocr *ocr)
{
	const struct ocr_totals *assignment = &ocr->assignment;
	ocr->file.payment_count += assignment->payment_count;
	ocr->file.record_count += assignment->record_count;
	TRY(ocr_add(ocr, &ocr->file.sum, assignment->sum));
	if (ocr->service != SERVICE_OCR || date_is_none(assignment->first_on))
		return OK;
	struct bank_summary *summary = &ocr->summary;
	bool is_first = date_is_none(summary->first_on);
	summary->first_on = is_first ? assignment->first_on : date_min(summary->first_on, assignment->first_on);
	summary->last_on = is_first ? assignment->last_on : date_max(summary->last_on, assignment->last_on);
	return ocr_add(ocr, &summary->sum.minor, assignment->sum);
}

static err_t ocr_end_assignment(struct ocr *ocr)
{
	TRY(ocr_totals_check(ocr, &ocr->assignment));
	if (ocr->service == SERVICE_OCR) {
		date settled_on, first_on, last_on;
		TRY(ocr_trailer_date(ocr, "settlement date (42-47)", 42, &settled_on));
		TRY(ocr_trailer_date(ocr, "earliest date (48-53)", 48, &first_on));
		TRY(ocr_trailer_date(ocr, "latest date (54-59)", 54, &last_on));
		date earliest = ocr->assignment.first_on, latest = ocr->assignment.last_on;
		if (!date_is_none(earliest) && !date_is_none(first_on) && date_before(earliest, first_on))
			return ocr_fail_why(ocr, "control date: earliest date (48-53)", ocr_field(ocr, 48, 53),
				"a payment was settled on %s", date_iso(earliest).z);
		if (!date_is_none(latest) && !date_is_none(last_on) && date_after(latest, last_on))
			return ocr_fail_why(ocr, "control date: latest date (54-59)", ocr_field(ocr, 54, 59),
				"a payment was settled on %s", date_iso(latest).z);
	}
	TRY(ocr_file_add(ocr));
	ocr->state = TRANSMISSION;
	return OK;
}

static err_t ocr_end_transmission(struct ocr *ocr)
{
	ocr->file.record_count += 2;
	TRY(ocr_totals_check(ocr, &ocr->file));
	date made_on;
	TRY(ocr_trailer_date(ocr, "date (42-47)", 42, &made_on));
	ocr->state = DONE;
	return OK;
}

/* AvtaleGiro: only what keeps the file's totals honest. Requests and deletions have amounts, agreements have none. */
static err_t ocr_avtalegiro(struct ocr *ocr, int record)
{
	if (record == RECORD_ITEM_1 || record == RECORD_AGREEMENT)
		ocr->assignment.payment_count++;
	else if (record != RECORD_ITEM_2 && record != RECORD_SPECIFICATION)
		return ocr_fail(ocr, "a record that does not belong in an AvtaleGiro assignment", ocr_field(ocr, 1, 8));
	TRY(ocr_sequence(ocr));
	if (record != RECORD_ITEM_1)
		return OK;
	int64_t amount = 0;
	TRY(ocr_number(ocr, "the amount (33-49) is not digits", ocr_field(ocr, 33, 49), &amount));
	if (amount > MONEY_MAX_MINOR)
		return ocr_fail(ocr, "the amount (33-49) is too large", ocr_field(ocr, 33, 49));
	return ocr_add(ocr, &ocr->assignment.sum, amount);
}

static err_t ocr_misplaced(const struct ocr *ocr)
{
	static const char *const expected[] = {
		[OUTSIDE] = "expected a start of transmission (NY000010)",
		[TRANSMISSION] = "expected a start of assignment (20) or an end of transmission (89)",
		[ASSIGNMENT] = "expected amount item 1 (30) or an end of assignment (88)",
		[ITEM_1] = "expected amount item 2 (31)",
		[ITEM_2] = "expected amount item 1 (30), item 3 (32) or an end of assignment (88)",
		[ITEM_3] = "expected amount item 1 (30) or an end of assignment (88)",
		[AVTALEGIRO] = "expected an AvtaleGiro record or an end of assignment (88)",
		[DONE] = "nothing may follow the end of transmission",
	};
	return ocr_fail(ocr, expected[ocr->state], ocr_field(ocr, 1, 8));
}

static err_t ocr_transmission_record(struct ocr *ocr, int service, int type, int record)
{
	if (ocr->state == OUTSIDE && service == SERVICE_NONE && record == RECORD_START_TRANSMISSION) {
		if (!str_is_digits(ocr_field(ocr, 9, 31)))
			return ocr_fail(ocr, "sender, transmission number and recipient (9-31) are not digits",
				ocr_field(ocr, 9, 31));
		ocr->state = TRANSMISSION;
		return OK;
	}
	if (ocr->state == TRANSMISSION && service == SERVICE_NONE && record == RECORD_END_TRANSMISSION)
		return ocr_end_transmission(ocr);
	if (ocr->state == TRANSMISSION && record == RECORD_START_ASSIGNMENT)
		return ocr_start_assignment(ocr, service, type);
	return ocr_misplaced(ocr);
}

/* service, type, record: positions 3-4, 5-6, 7-8. */
static err_t ocr_record(struct ocr *ocr, int service, int type, int record)
{
	if (ocr->state < ASSIGNMENT || ocr->state == DONE)
		return ocr_transmission_record(ocr, service, type, record);
	if (service != ocr->service)
		return service == SERVICE_NONE ? ocr_misplaced(ocr)
					       : ocr_fail(ocr, "another service (3-4) inside an assignment", ocr_field(ocr, 3, 4));
	ocr->assignment.record_count++;
	if (ocr->state == AVTALEGIRO)
		return record == RECORD_END_ASSIGNMENT ? ocr_end_assignment(ocr) : ocr_avtalegiro(ocr, record);
	if (ocr->state == ITEM_1)
		return record == RECORD_ITEM_2 ? ocr_item_2(ocr) : ocr_misplaced(ocr);
	if (ocr->state == ITEM_2 && record == RECORD_ITEM_3)
		return ocr_item_3(ocr);
	if (record != RECORD_ITEM_1 && record != RECORD_END_ASSIGNMENT)
		return ocr_misplaced(ocr);
	if (ocr->state != ASSIGNMENT)
		TRY(ocr_deliver(ocr));
	return record == RECORD_ITEM_1 ? ocr_item_1(ocr, type) : ocr_end_assignment(ocr);
}

/* The next line of LINE_SIZE characters; its end may be LF, CR LF or the end of the file. */
static err_t ocr_line(struct ocr *ocr)
{
	ocr->line_no++;
	str left = ocr->left;
	const char *feed = memchr(left.at, '\n', left.size < LINE_SIZE + 2 ? left.size : LINE_SIZE + 2);
	size_t size = feed ? (size_t)(feed - left.at) : left.size; /* feed is inside left */
	size_t text_size = size == LINE_SIZE + 1 && left.at[LINE_SIZE] == '\r' ? LINE_SIZE : size;
	if (text_size != LINE_SIZE && !feed && left.size > LINE_SIZE)
		return fail(ERR_INPUT, "line %lld: longer than 80 characters", (long long)ocr->line_no);
	if (text_size != LINE_SIZE)
		return fail(ERR_INPUT, "line %lld: %zu characters instead of 80", (long long)ocr->line_no, text_size);
	ocr->line = left.at;
	size_t taken = feed ? size + 1 : size;
	ocr->left = (str){ left.at + taken, left.size - taken };
	if (ocr->line[0] != 'N' || ocr->line[1] != 'Y')
		return ocr_fail(ocr, "the record does not begin with NY", ocr_field(ocr, 1, 8));
	if (!str_is_digits(ocr_field(ocr, 3, 8)))
		return ocr_fail(ocr, "service, type and record type (3-8) are not digits", ocr_field(ocr, 3, 8));
	return OK;
}

static int ocr_pair(const struct ocr *ocr, size_t first)
{
	return (ocr->line[first - 1] - '0') * 10 + (ocr->line[first] - '0');
}

err_t ocr_read(str bytes, struct arena *arena, date today, bank_payment_fn each, void *context,
	struct bank_summary *ret_summary)
{
	require(arena || !each);
	struct ocr ocr = {
		.left = bytes, .arena = arena, .today = today, .each = each, .context = context,
		.summary = { .kind = BANK_FILE_OCR, .currency = "NOK", .first_on = DATE_NONE, .last_on = DATE_NONE },
	};
	if (!bytes.size)
		return fail(ERR_INPUT, "the file is empty");
	while (ocr.left.size) { /* at least a line each time */
		if (ocr.line_no >= LINE_COUNT_MAX)
			return fail(ERR_INPUT, "more than %d lines", LINE_COUNT_MAX);
		TRY(ocr_line(&ocr));
		TRY(ocr_record(&ocr, ocr_pair(&ocr, 3), ocr_pair(&ocr, 5), ocr_pair(&ocr, 7)));
	}
	if (ocr.state != DONE)
		return fail(ERR_INPUT, "the file ends on line %lld without an end of transmission (NY000089)",
			(long long)ocr.line_no);
	if (!ocr.ocr_assignment_count && ocr.avtalegiro_count)
		return fail(ERR_INPUT, "this is an AvtaleGiro file (service 21): it holds agreements or requests, no payments");
	ocr.summary.statement_count = ocr.ocr_assignment_count;
	*ret_summary = ocr.summary;
	return OK;
}
