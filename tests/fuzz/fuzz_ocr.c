/* OCR giro from any bytes: never a crash, and what is delivered adds up to what was checked. */
#include "format/ocr.h"

#include <stdint.h>

struct seen {
	int64_t count, credit, debit;
};

static err_t each(const struct bank_payment *payment, void *context)
{
	struct seen *seen = context;
	require(payment->amount.minor > 0);
	require(payment->account.size == 11);
	require(!date_after(payment->counts_on, payment->settled_on));
	require(str_is_utf8(payment->message));
	seen->count++;
	*(payment->debit ? &seen->debit : &seen->credit) += payment->amount.minor;
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(1024 * 1024);
	const str file = { (const char *)bytes, size };
	const date today = date_make(2026, 2, 20);
	struct bank_summary checked, read;
	struct seen seen = { 0, 0, 0 };
	(void)bank_file_detect(file);
	err_t err = ocr_read(file, arena, today, NULL, NULL, &checked);
	err_t again = ocr_read(file, arena, today, each, &seen, &read);
	require((err == NULL) == (again == NULL));
	if (err)
		require(str_is_utf8(str_from_z(err_text(err))));
	if (!err) {
		require(seen.count == checked.payment_count);
		require(seen.credit == checked.credit_sum.minor);
		require(seen.debit == checked.debit_sum.minor);
	}
	err_free(err);
	err_free(again);
	arena_destroy(arena);
	return 0;
}
