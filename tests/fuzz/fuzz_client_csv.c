/* Whatever the bytes, client and voucher lists end with OK or an error, and what has no findings can be booked. */
#include "core/ident.h"
#include "format/client_csv.h"
#include "format/voucher_csv.h"

#include <stddef.h>
#include <stdint.h>

static err_t client_holds(const struct client_row *row, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	(void)findings;
	(void)context;
	if (finding_count)
		return OK;
	require(row->client_no > 0);
	require(row->name.size > 0);
	require(orgnr_is_valid(row->orgnr));
	require(bban_is_valid(row->account));
	require(row->process.size > 0);
	return OK;
}

static err_t voucher_holds(const struct voucher *voucher, const struct row_finding *findings, size_t finding_count,
	void *context)
{
	(void)findings;
	(void)context;
	require(voucher->line_count > 0);
	if (finding_count)
		return OK;
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < voucher->line_count; i++)
		sum = money_add(sum, voucher->lines[i].amount);
	require(sum.minor == 0);
	require(!date_is_none(voucher->on));
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const str processes[] = { { "no/minimum", 10 }, { "no/standard", 11 } };
	static struct arena *scratch;
	if (!scratch)
		scratch = arena_create(64 * 1024 * 1024);
	struct arena_mark mark = arena_mark(scratch);
	str bytes = { (const char *)data, size };
	err_free(client_csv_read(bytes, scratch, (struct client_check){ processes, 2 }, client_holds, NULL));
	arena_reset(scratch, mark);
	err_free(voucher_csv_read(bytes, scratch, date_make(2026, 6, 1), voucher_holds, NULL));
	arena_reset(scratch, mark);
	return 0;
}
