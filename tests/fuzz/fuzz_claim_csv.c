/* Whatever the bytes, claim_csv_read() ends with OK or an error, and a row without findings is a claim one can book. */
#include "core/kid.h"
#include "format/claim_csv.h"

#include <stddef.h>
#include <stdint.h>

struct seen {
	str bytes;
	int64_t last_line_no;
};

static err_t row_holds(const struct claim_row *row, const struct row_finding *findings, size_t finding_count, void *context)
{
	struct seen *seen = context;
	require(row->line_no > seen->last_line_no);
	seen->last_line_no = row->line_no;
	require(row->raw.at >= seen->bytes.at);
	require(row->raw.at + row->raw.size <= seen->bytes.at + seen->bytes.size);
	require(finding_count <= ROW_FINDING_COUNT_MAX);
	for (size_t i = 0; i < finding_count; i++) {
		require(findings[i].line_no == row->line_no);
		require(findings[i].reason.size > 0);
	}
	if (finding_count)
		return OK;
	require(row->amount.minor > 0);
	require(row->paid.minor >= 0);
	require(row->paid.minor < row->amount.minor);
	require(row->fees.minor >= 0);
	require(!date_before(row->due_on, row->issued_on));
	require(row->invoice_no.size > 0);
	require(row->debtor_name.size > 0);
	require(str_is_utf8(row->debtor_name));
	require(str_is_utf8(row->description));
	require(row->country.size == 2);
	require(row->kid.size == 0 || kid_is_valid(row->kid));
	require(row->debtor_id.size == 0 || row->debtor_id.size == (row->is_company ? 9 : 11));
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *scratch;
	if (!scratch)
		scratch = arena_create(64 * 1024 * 1024);
	struct arena_mark mark = arena_mark(scratch);
	struct seen seen = { { (const char *)data, size }, 0 };
	struct claim_check check = { .today = date_make(2026, 6, 1), .ident_rule_from = date_make(2032, 1, 1),
		.deadline_days_min = 14, .fees_max = money_of(7600) };
	str head;
	err_free(claim_csv_read(seen.bytes, scratch, check, row_holds, &seen));
	arena_reset(scratch, mark);
	err_free(csv_head_raw(seen.bytes, scratch, &head));
	arena_reset(scratch, mark);
	return 0;
}
