/* A QR code's modules (ISO/IEC 18004) from libqrencode; drawing them is the page's affair. */
#ifndef KRAVBOK_FORMAT_QR_H
#define KRAVBOK_FORMAT_QR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

enum { QR_TEXT_SIZE_MAX = 150, QR_QUIET = 4 /* white modules around it that a reader needs */ };

struct qr {
	const unsigned char *dark; /* side × side, row by row: 1 is dark */
	size_t side;               /* without the quiet zone: 21-57 */
};
/* text: ASCII, at most QR_TEXT_SIZE_MAX. About 15 % of it may be damaged (level M). ERR_INPUT for longer text. */
err_t qr_make(struct arena *arena, str text, struct qr *ret_qr) MUST_CHECK;

#endif
