/* camt.053 and camt.054 from any bytes: never a crash, bounded memory, and what is delivered is what was checked. */
#include "format/camt.h"

#include <stdint.h>

struct seen {
	int64_t count, held, credit, debit;
};

static err_t each(const struct bank_payment *payment, void *context)
{
	struct seen *seen = context;
	require(payment->amount.minor > 0);
	require(payment->account.size > 0);
	require(payment->currency.size == 3);
	require(!date_after(payment->counts_on, payment->settled_on));
	require(str_is_utf8(payment->message));
	require(str_is_utf8(payment->payer_name));
	seen->count++;
	seen->held += payment->hold_reason.size > 0;
	*(payment->debit ? &seen->debit : &seen->credit) += payment->amount.minor;
	return OK;
}

static err_t each_statement(const struct bank_statement *statement, void *context)
{
	(void)context;
	require(str_is_utf8(statement->reference));
	require(str_is_utf8(statement->account));
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(4 * 1024 * 1024);
	const str file = { (const char *)bytes, size };
	struct bank_summary summary;
	struct seen seen = { 0, 0, 0, 0 };
	(void)bank_file_detect(file);
	err_t err = camt_read(file, arena, each, each_statement, &seen, &summary);
	if (!err) {
		require(seen.count == summary.payment_count);
		require(seen.held == summary.held_count);
		require(seen.credit == summary.credit_sum.minor);
		require(seen.debit == summary.debit_sum.minor);
	} else {
		require(seen.count == 0); /* the whole file is checked before the first delivery */
	}
	err_free(err);
	arena_destroy(arena);
	return 0;
}
