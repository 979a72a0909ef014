#include "format/hledger.h"

#include <string.h>

/* Text on a line of the journal: one blank at a time (two end an account name), no control characters, no character of
 * banned (';' begins a comment, '|' parts payee and note), broken UTF-8 as U+FFFD (hledger refuses the file else). */
static void write_clean(struct sink_buffer *out, str text, const char *banned)
{
	bool blank_before = true; /* none at the start either */
	text = str_trim(text);
	while (text.size) {
		str before = text;
		uint32_t code = str_take_char(&text);
		bool blank = code <= ' ' || code == 0x7F || code == 0xA0 || (code < 0x80 && strchr(banned, (int)code));
		if (!blank && code == 0xFFFD)
			sink_add_z(out, "\xEF\xBF\xBD");
		else if (!blank)
			sink_add(out, (str){ before.at, before.size - text.size });
		else if (!blank_before)
			sink_add_z(out, " ");
		blank_before = blank;
	}
}

struct hledger hledger_begin(struct arena *arena, struct sink sink, str comment)
{
	struct hledger journal = { sink_buffer_in(arena, sink) };
	sink_add_z(&journal.out, "; ");
	write_clean(&journal.out, comment, "");
	sink_add_z(&journal.out, "\n\ndecimal-mark .\ncommodity 1000.00 NOK\n\n");
	return journal;
}

void hledger_account(struct hledger *journal, str path, str comment)
{
	sink_add_z(&journal->out, "account ");
	write_clean(&journal->out, path, ";");
	if (comment.size) {
		sink_add_z(&journal->out, "  ; ");
		write_clean(&journal->out, comment, "");
	}
	sink_add_z(&journal->out, "\n");
}

static void write_tags(struct sink_buffer *out, const struct hledger_transaction *transaction)
{
	for (size_t i = 0; i < transaction->tag_count; i++) {
		sink_addf(out, "%s%s:", i ? ", " : "  ; ", transaction->tags[i].name);
		write_clean(out, transaction->tags[i].value, ",");
	}
}

/* A description may not begin as a status mark, a code or an assertion would. */
static str plain_start(str text)
{
	text = str_trim(text);
	while (text.size && memchr("*!(=~", text.at[0], 5))
		text = str_trim((str){ text.at + 1, text.size - 1 });
	return text;
}

err_t hledger_transaction(struct hledger *journal, const struct hledger_transaction *transaction)
{
	struct sink_buffer *out = &journal->out;
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < transaction->posting_count; i++)
		sum = money_add(sum, transaction->postings[i].amount);
	if (sum.minor != 0)
		return fail(ERR_INTERNAL, "voucher '%.*s' of %s sums to %s, not to zero", STR_ARG(transaction->code),
			date_iso(transaction->on).z, money_plain(sum).z);
	sink_addf(out, "\n%s * (", date_iso(transaction->on).z);
	write_clean(out, transaction->code, "();");
	sink_add_z(out, ") ");
	write_clean(out, plain_start(transaction->description), ";|");
	write_tags(out, transaction);
	sink_add_z(out, "\n");
	for (size_t i = 0; i < transaction->posting_count; i++) {
		const struct hledger_posting *posting = &transaction->postings[i];
		sink_add_z(out, "    ");
		write_clean(out, posting->account, ";");
		sink_addf(out, "  %s NOK", money_plain(posting->amount).z);
		if (posting->asserts)
			sink_addf(out, " = %s NOK", money_plain(posting->balance).z);
		sink_add_z(out, "\n");
	}
	return OK;
}

err_t hledger_finish(struct hledger *journal)
{
	return sink_flush(&journal->out);
}
