/* Mails that come back, from any bytes: never a crash, and what is read is printable and within its bounds. */
#include "format/bounce.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(16 << 20);
	struct bounce bounce = bounce_read(arena, (str){ (const char *)bytes, size });
	require(bounce.mac.size == 0 || bounce.mac.size == BOUNCE_MAC_SIZE);
	require((bounce.mac.size > 0) == (bounce.dispatch_id > 0));
	require(bounce.status.size <= 11);
	require(bounce.reason.size <= BOUNCE_REASON_SIZE_MAX);
	require(str_is_utf8(bounce.reason));
	require(bounce_kind_name(bounce.kind)[0]);
	arena_destroy(arena);
	return 0;
}
