/* UBL documents and pain.002 reports from any bytes: never a crash, bounded memory, texts that are text. */
#include "format/pain002.h"
#include "format/ubl.h"

#include <stdint.h>

static err_t each_status(const struct pain002_status *status, void *context)
{
	(void)context;
	require(status->status.size > 0);
	require(status->message_id.size > 0);
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(1024 * 1024);
	const str file = { (const char *)bytes, size };
	struct ubl_document document;
	(void)ubl_detect(file);
	err_t err = ubl_read(file, arena, UBL_GATE_EN16931, &document);
	if (!err) {
		require(document.payable.minor >= 0);
		require(document.total.minor >= 0);
		require(document.id.size > 0);
		require(str_is_utf8(document.note));
		require(str_is_utf8(document.supplier.name));
		require(document.warning_count <= UBL_WARNING_COUNT_MAX);
	}
	err_free(err);
	err_free(pain002_read(file, arena, each_status, NULL));
	arena_destroy(arena);
	return 0;
}
