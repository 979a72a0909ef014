#include "format/pain.h"

#include "core/ident.h"
#include "core/kid.h"
#include "format/xml_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The letter without its mark, from U+00C0 and from U+0100 on; those that become two are handled before. */
static const char latin1_letters[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
static const char latin_a_letters[] =
	"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOo"
	"RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
_Static_assert(sizeof latin1_letters == 64 + 1, "U+00C0 to U+00FF");
_Static_assert(sizeof latin_a_letters == 128 + 1, "U+0100 to U+017F");

static bool is_id_character(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Those that become two letters or a sign of another kind; NULL: look on. */
static const char *special_form(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *form;
	} forms[] = {
		{ 0xC6, "AE" },
		{ 0xE6, "ae" },
		{ 0xDE, "Th" },
		{ 0xFE, "th" },
		{ 0xDF, "ss" },
		{ 0x152, "OE" },
		{ 0x153, "oe" },
		{ '&', "+" },
		{ '_', "-" },
		{ '"', "'" },
		{ ';', "," },
		{ '@', "(at)" },
		{ '[', "(" },
		{ ']', ")" },
		{ '{', "(" },
		{ '}', ")" },
		{ '\\', "/" },
		{ '|', "/" },
		{ '`', "'" },
		{ 0xA0, " " },
		{ 0x202F, " " },
		{ 0x2013, "-" },
		{ 0x2014, "-" },
		{ 0x2018, "'" },
		{ 0x2019, "'" },
		{ 0x201C, "'" },
		{ 0x201D, "'" },
		{ 0xAB, "'" },
		{ 0xBB, "'" },
		{ 0xA7, "par." },
		{ 0x20AC, "EUR" },
		{ 0x2026, "..." },
		{ 0xB4, "'" },
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (forms[i].code == code)
			return forms[i].form;
	return NULL;
}

static bool is_national(uint32_t code)
{
	return code == 0xC6 || code == 0xE6 || code == 0xD8 || code == 0xF8 || code == 0xC5 || code == 0xE5;
}

str pain_text(struct arena *arena, str text, bool national_letters)
{
	struct text out = text_in(arena, text.size * 4 + 1);
	while (text.size) {
		str before = text;
		uint32_t code = str_take_char(&text);
		const char *form = special_form(code);
		if (national_letters && is_national(code))
			text_add(&out, (str){ before.at, before.size - text.size });
		else if (form)
			text_add_z(&out, form);
		else if (code < 0x80 && (is_id_character((char)code) || (code && strchr("/?:().,'+ ", (char)code))))
			text_add_char(&out, (char)code);
		else if (code < 0x20)
			text_add_char(&out, ' ');
		else if (code >= 0xC0 && code <= 0xFF)
			text_add_char(&out, latin1_letters[code - 0xC0]);
		else if (code >= 0x100 && code <= 0x17F)
			text_add_char(&out, latin_a_letters[code - 0x100]);
		else
			text_add_char(&out, '?');
	}
	return text_str(&out);
}

/* ---- checks ---- */

/* Any country's IBAN: shape and mod 97 (ISO 13616). */
static bool is_iban(str s)
{
	if (s.size < 15 || s.size > 34)
		return false;
	int remainder = 0;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.at[(i + 4) % s.size];
		bool letter_place = (i + 4) % s.size < 2;
		if (c >= '0' && c <= '9' && !letter_place)
			remainder = (remainder * 10 + (c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
		else
			return false;
	}
	return remainder == 1;
}

static err_t id_check(str id, const char *what)
{
	if (id.size == 0 || id.size > PAIN_ID_SIZE_MAX)
		return fail(ERR_INPUT, "%s '%.*s' is not 1 to %d characters long", what, STR_ARG(id), PAIN_ID_SIZE_MAX);
	for (size_t i = 0; i < id.size; i++)
		if (!is_id_character(id.at[i]))
			return fail(ERR_INPUT, "%s '%.*s' holds a character no bank takes in an id", what, STR_ARG(id));
	return OK;
}

static err_t payment_check(const struct pain_payment *payment)
{
	TRY(id_check(payment->end_to_end, "the payment id"));
	if (payment->amount.minor <= 0)
		return fail(ERR_INPUT, "the amount %s is not above zero", money_plain(payment->amount).z);
	if (str_trim(payment->name).size == 0)
		return fail(ERR_INPUT, "the payee has no name");
	if (!bban_is_valid(payment->account) && !is_iban(payment->account))
		return fail(ERR_INPUT, "'%.*s' is neither a Norwegian account nor an IBAN", STR_ARG(payment->account));
	if (payment->kid.size && payment->message.size)
		return fail(ERR_INPUT, "a payment takes a KID or a message, not both");
	if (payment->kid.size && !kid_is_valid(payment->kid))
		return fail(ERR_INPUT, "'%.*s' is not a KID", STR_ARG(payment->kid));
	return OK;
}

static int by_id(const void *a, const void *b)
{
	return str_compare(*(const str *)a, *(const str *)b);
}

static err_t ids_are_unique(const struct pain_file *file, struct arena *arena)
{
	str *ids = arena_many(arena, file->payment_count, str);
	for (size_t i = 0; i < file->payment_count; i++)
		ids[i] = file->payments[i].end_to_end;
	qsort(ids, file->payment_count, sizeof ids[0], by_id);
	for (size_t i = 1; i < file->payment_count; i++)
		if (str_eq(ids[i - 1], ids[i]))
			return fail(ERR_INPUT, "the payment id '%.*s' is used twice", STR_ARG(ids[i]));
	return OK;
}

static err_t file_check(const struct pain_file *file, struct arena *arena)
{
	require(!date_is_none(file->created_on));
	require(!date_is_none(file->execute_on));
	TRY(id_check(file->message_id, "the message id"));
	if (file->payment_count == 0)
		return fail(ERR_INPUT, "there is nothing to pay");
	if (date_before(file->execute_on, file->created_on))
		return fail(ERR_INPUT, "the payment day %s is before the day the file is made",
			date_iso(file->execute_on).z);
	if (!bban_is_valid(file->account))
		return fail(ERR_INPUT, "'%.*s' is not a Norwegian account", STR_ARG(file->account));
	if (str_trim(file->debtor_name).size == 0)
		return fail(ERR_INPUT, "the payer has no name");
	for (size_t i = 0; i < file->payment_count; i++)
		TRY(within(payment_check(&file->payments[i]), "payment %zu to '%.*s'", i + 1,
			STR_ARG(file->payments[i].name)));
	return ids_are_unique(file, arena);
}

/* ---- writing ---- */

struct pain {
	struct xml_out xml;
	struct arena *arena;
	const struct pain_file *file;
};

static void write_text(struct pain *pain, const char *name, str value, size_t size_max)
{
	xml_out_text(&pain->xml, name, str_trim(pain_text(pain->arena, value, pain->file->national_letters)), size_max);
}

static void write_account(struct pain *pain, const char *name, str account)
{
	xml_out_open(&pain->xml, name);
	xml_out_open(&pain->xml, "Id");
	if (bban_is_valid(account)) {
		xml_out_open(&pain->xml, "Othr");
		xml_out_text(&pain->xml, "Id", account, 34);
		xml_out_open(&pain->xml, "SchmeNm");
		xml_out_z(&pain->xml, "Cd", "BBAN");
		xml_out_close(&pain->xml, "SchmeNm");
		xml_out_close(&pain->xml, "Othr");
	} else {
		xml_out_text(&pain->xml, "IBAN", account, 34);
	}
	xml_out_close(&pain->xml, "Id");
	if (strcmp(name, "DbtrAcct") == 0)
		xml_out_z(&pain->xml, "Ccy", "NOK");
	xml_out_close(&pain->xml, name);
}

static void write_party(struct pain *pain, const char *name, str party_name, str orgnr)
{
	xml_out_open(&pain->xml, name);
	write_text(pain, "Nm", party_name, PAIN_NAME_SIZE_MAX);
	if (orgnr.size) {
		xml_out_open(&pain->xml, "Id");
		xml_out_open(&pain->xml, "OrgId");
		xml_out_open(&pain->xml, "Othr");
		xml_out_text(&pain->xml, "Id", orgnr, PAIN_ID_SIZE_MAX);
		xml_out_open(&pain->xml, "SchmeNm");
		xml_out_z(&pain->xml, "Cd", "CUST");
		xml_out_close(&pain->xml, "SchmeNm");
		xml_out_close(&pain->xml, "Othr");
		xml_out_close(&pain->xml, "OrgId");
		xml_out_close(&pain->xml, "Id");
	}
	xml_out_close(&pain->xml, name);
}

static void write_totals(struct pain *pain)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < pain->file->payment_count; i++)
		sum = money_add(sum, pain->file->payments[i].amount);
	xml_out_int(&pain->xml, "NbOfTxs", i64_from_size(pain->file->payment_count));
	xml_out_money(&pain->xml, "CtrlSum", sum);
}

static void write_group_header(struct pain *pain)
{
	const struct pain_file *file = pain->file;
	xml_out_open(&pain->xml, "GrpHdr");
	xml_out_text(&pain->xml, "MsgId", file->message_id, PAIN_ID_SIZE_MAX);
	char created_at[32];
	snprintf(created_at, sizeof created_at, "%sT00:00:00", date_iso(file->created_on).z); /* no clock below main */
	xml_out_z(&pain->xml, "CreDtTm", created_at);
	write_totals(pain);
	write_party(pain, "InitgPty", file->debtor_name, file->debtor_orgnr);
	xml_out_close(&pain->xml, "GrpHdr");
}

static void write_code(struct pain *pain, const char *name, const char *code)
{
	xml_out_open(&pain->xml, name);
	xml_out_z(&pain->xml, "Cd", code);
	xml_out_close(&pain->xml, name);
}

/* An agent's BIC is optional in domestic payments, but the element is not. */
static void write_agent(struct pain *pain, str bic)
{
	xml_out_open(&pain->xml, "DbtrAgt");
	xml_out_open(&pain->xml, "FinInstnId");
	if (bic.size) {
		xml_out_text(&pain->xml, "BICFI", bic, 11);
	} else {
		xml_out_open(&pain->xml, "Othr");
		xml_out_z(&pain->xml, "Id", "NOTPROVIDED");
		xml_out_close(&pain->xml, "Othr");
	}
	xml_out_close(&pain->xml, "FinInstnId");
	xml_out_close(&pain->xml, "DbtrAgt");
}

static void write_remittance(struct pain *pain, const struct pain_payment *payment)
{
	if (payment->kid.size == 0 && payment->message.size == 0)
		return;
	xml_out_open(&pain->xml, "RmtInf");
	if (payment->kid.size) {
		xml_out_open(&pain->xml, "Strd");
		xml_out_open(&pain->xml, "CdtrRefInf");
		xml_out_open(&pain->xml, "Tp");
		write_code(pain, "CdOrPrtry", "SCOR");
		xml_out_close(&pain->xml, "Tp");
		xml_out_text(&pain->xml, "Ref", payment->kid, KID_SIZE_MAX);
		xml_out_close(&pain->xml, "CdtrRefInf");
		xml_out_close(&pain->xml, "Strd");
	} else {
		write_text(pain, "Ustrd", payment->message, PAIN_MESSAGE_SIZE_MAX);
	}
	xml_out_close(&pain->xml, "RmtInf");
}

static void write_payment(struct pain *pain, const struct pain_payment *payment)
{
	xml_out_open(&pain->xml, "CdtTrfTxInf");
	xml_out_open(&pain->xml, "PmtId");
	xml_out_text(&pain->xml, "InstrId", payment->end_to_end, PAIN_ID_SIZE_MAX);
	xml_out_text(&pain->xml, "EndToEndId", payment->end_to_end, PAIN_ID_SIZE_MAX);
	xml_out_close(&pain->xml, "PmtId");
	xml_out_open(&pain->xml, "Amt");
	xml_out_money(&pain->xml, "InstdAmt Ccy=\"NOK\"", payment->amount);
	xml_out_close(&pain->xml, "Amt");
	xml_out_open(&pain->xml, "Cdtr");
	write_text(pain, "Nm", payment->name, PAIN_NAME_SIZE_MAX);
	xml_out_open(&pain->xml, "PstlAdr");
	xml_out_text(&pain->xml, "Ctry", bban_is_valid(payment->account) ? S("NO") : payment->account, 2);
	xml_out_close(&pain->xml, "PstlAdr");
	xml_out_close(&pain->xml, "Cdtr");
	write_account(pain, "CdtrAcct", payment->account);
	write_remittance(pain, payment);
	xml_out_close(&pain->xml, "CdtTrfTxInf");
}

/* BtchBookg false: the statement shows each payment, so that each can be found again by its id. */
static void write_payment_group(struct pain *pain)
{
	const struct pain_file *file = pain->file;
	xml_out_open(&pain->xml, "PmtInf");
	xml_out_text(&pain->xml, "PmtInfId", file->message_id, PAIN_ID_SIZE_MAX);
	xml_out_z(&pain->xml, "PmtMtd", "TRF");
	xml_out_z(&pain->xml, "BtchBookg", "false");
	write_totals(pain);
	xml_out_open(&pain->xml, "PmtTpInf");
	write_code(pain, "SvcLvl", "NURG");
	write_code(pain, "CtgyPurp", "SUPP");
	xml_out_close(&pain->xml, "PmtTpInf");
	xml_out_open(&pain->xml, "ReqdExctnDt");
	xml_out_date(&pain->xml, "Dt", file->execute_on);
	xml_out_close(&pain->xml, "ReqdExctnDt");
	write_party(pain, "Dbtr", file->debtor_name, file->debtor_orgnr);
	write_account(pain, "DbtrAcct", file->account);
	write_agent(pain, file->bank_bic);
	xml_out_z(&pain->xml, "ChrgBr", "SHAR");
	for (size_t i = 0; i < file->payment_count; i++)
		write_payment(pain, &file->payments[i]);
	xml_out_close(&pain->xml, "PmtInf");
}

err_t pain_write(const struct pain_file *file, struct arena *arena, struct sink sink)
{
	TRY(file_check(file, arena));
	struct pain pain = { xml_out_in(arena, sink), arena, file };
	xml_out_open(&pain.xml, "Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"");
	xml_out_open(&pain.xml, "CstmrCdtTrfInitn");
	write_group_header(&pain);
	write_payment_group(&pain);
	xml_out_close(&pain.xml, "CstmrCdtTrfInitn");
	xml_out_close(&pain.xml, "Document");
	return xml_out_finish(&pain.xml);
}
