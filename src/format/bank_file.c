#include "format/bank_file.h"

#include "core/ident.h"

enum { HEAD_SIZE_MAX = 4096 };

enum bank_file_kind bank_file_detect(str head)
{
	if (head.size > HEAD_SIZE_MAX)
		head.size = HEAD_SIZE_MAX;
	if (str_starts(head, S("NY")) && head.size >= 8 && str_is_digits((str){ head.at + 2, 6 }))
		return BANK_FILE_OCR;
	if (str_starts(head, S("\xEF\xBB\xBF")))
		head = (str){ head.at + 3, head.size - 3 };
	if (!str_starts(str_trim(head), S("<")))
		return BANK_FILE_UNKNOWN;
	if (str_has(head, S(":camt.053.001.")))
		return BANK_FILE_CAMT053;
	if (str_has(head, S(":camt.054.001.")))
		return BANK_FILE_CAMT054;
	return str_has(head, S(":pain.002.001.")) ? BANK_FILE_PAIN002 : BANK_FILE_UNKNOWN;
}

const char *bank_file_kind_name(enum bank_file_kind kind)
{
	switch (kind) {
	case BANK_FILE_UNKNOWN:
		return "unknown";
	case BANK_FILE_OCR:
		return "OCR giro";
	case BANK_FILE_CAMT053:
		return "camt.053";
	case BANK_FILE_CAMT054:
		return "camt.054";
	case BANK_FILE_PAIN002:
		return "pain.002";
	}
	panic("unreachable");
}

str bank_account(struct arena *arena, str account)
{
	struct ident_text bban;
	if (iban_bban(account, &bban))
		return str_copy(arena, str_from_z(bban.z));
	struct text text = text_in(arena, account.size + 1);
	for (size_t i = 0; i < account.size; i++)
		if (account.at[i] != ' ' && account.at[i] != '.')
			text_add_char(&text, account.at[i]);
	return text_str(&text);
}
