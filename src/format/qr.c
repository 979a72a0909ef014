#include "format/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

err_t qr_make(struct arena *arena, str text, struct qr *ret_qr)
{
	if (!text.size || text.size > QR_TEXT_SIZE_MAX)
		return fail(ERR_INPUT, "a QR code holds 1 to %d characters, not %zu", QR_TEXT_SIZE_MAX, text.size);
	QRcode *code = QRcode_encodeString8bit(str_z(arena, text), 0, QR_ECLEVEL_M);
	if (!code)
		return fail(ERR_OUTSIDE, "could not make a QR code: %s", strerror(errno));
	size_t side = size_from_i64(code->width);
	unsigned char *dark = arena_alloc(arena, side * side);
	for (size_t i = 0; i < side * side; i++)
		dark[i] = code->data[i] & 1;
	QRcode_free(code);
	*ret_qr = (struct qr){ dark, side };
	return OK;
}
