#include "app/demo_bank.h"

enum { FILE_SIZE_MAX = 16 << 20 };

struct ddmmyy {
	char z[8];
};

static struct ddmmyy ddmmyy_of(date on)
{
	struct date_text iso = date_iso(on); /* 2026-01-31 */
	return (struct ddmmyy){ { iso.z[8], iso.z[9], iso.z[5], iso.z[6], iso.z[2], iso.z[3] } };
}

str demo_ocr_file(struct arena *arena, str account, date on, int64_t number, const struct demo_payment *payments,
	size_t count)
{
	struct text file = text_in(arena, FILE_SIZE_MAX);
	struct ddmmyy day = ddmmyy_of(on);
	money sum = MONEY_ZERO;
	text_addf(&file, "NY00001000008080%07lld00010200%049d\n", (long long)(number % 10000000), 0);
	text_addf(&file, "NY090020001008566%07lld%.*s%045d\n", (long long)(number % 10000000), STR_ARG(account), 0);
	for (size_t i = 0; i < count; i++) {
		const struct demo_payment *payment = &payments[i];
		sum = money_add(sum, payment->amount);
		text_addf(&file, "NY091030%07zu%s%02d%c%c%d%05zu0%017lld%25.*s000000\n", i + 1, day.z, 1, day.z[0], day.z[1], 1,
			i + 1, (long long)payment->amount.minor, STR_ARG(payment->kid));
		text_addf(&file, "NY091031%07zu%010lld%09zu0000000%s%.*s%022d\n", i + 1, (long long)(number * 1000 + 1), i + 1,
			day.z, STR_ARG(payment->payer_account), 0);
	}
	size_t records = count * 2 + 2;
	text_addf(&file, "NY090088%08zu%08zu%017lld%s%s%s%021d\n", count, records, (long long)sum.minor, day.z, day.z, day.z, 0);
	text_addf(&file, "NY000089%08zu%08zu%017lld%s%033d\n", count, records + 2, (long long)sum.minor, day.z, 0);
	return text_str(&file);
}

static void balance_add(struct text *file, const char *code, money amount, const char *day)
{
	bool debit = amount.minor < 0;
	money size = debit ? money_neg(amount) : amount;
	text_addf(file,
		"<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>"
		"<Dt><Dt>%s</Dt></Dt></Bal>\n",
		code, money_plain(size).z, debit ? "DBIT" : "CRDT", day);
}

str demo_statement_file(struct arena *arena, str account, date on, int64_t number, money opening,
	const struct demo_debit *debits, size_t count)
{
	struct text file = text_in(arena, FILE_SIZE_MAX);
	const char *day = str_format(arena, "%s", date_iso(on).z).at;
	money closing = opening;
	for (size_t i = 0; i < count; i++)
		closing = money_sub(closing, debits[i].amount);
	text_addf(&file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\n"
		"<GrpHdr><MsgId>DEMO-%lld</MsgId><CreDtTm>%sT20:00:00</CreDtTm></GrpHdr>\n"
		"<Stmt><Id>DEMO-%lld</Id><ElctrncSeqNb>%lld</ElctrncSeqNb><CreDtTm>%sT20:00:00</CreDtTm>"
		"<Acct><Id><Othr><Id>%.*s</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id><Ccy>NOK</Ccy></Acct>\n",
		(long long)number, day, (long long)number, (long long)number, day, STR_ARG(account));
	balance_add(&file, "OPBD", opening, day);
	balance_add(&file, "CLBD", closing, day);
	for (size_t i = 0; i < count; i++)
		text_addf(&file,
			"<Ntry><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt>"
			"</BookgDt><ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>D%lld-%zu</AcctSvcrRef><BkTxCd><Prtry><Cd>OUT</Cd>"
			"</Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>%.*s</EndToEndId></Refs><Amt Ccy=\"NOK\">%s</Amt>"
			"<CdtDbtInd>DBIT</CdtDbtInd><RltdPties><CdtrAcct><Id><Othr><Id>%.*s</Id></Othr></Id></CdtrAcct>"
			"</RltdPties></TxDtls></NtryDtls></Ntry>\n",
			money_plain(debits[i].amount).z, day, day, (long long)number, i + 1, STR_ARG(debits[i].end_to_end),
			money_plain(debits[i].amount).z, STR_ARG(debits[i].account));
	text_add_z(&file, "</Stmt></BkToCstmrStmt></Document>\n");
	return text_str(&file);
}
