/* A mail as a server takes it (RFC 5322, 2045, 2047): one plain text in UTF-8, quoted-printable. Nothing of a list and no
 * tracking in it; Auto-Submitted says that a program sent it, so that programs do not answer (RFC 3834). */
#ifndef KRAVBOK_FORMAT_MAIL_H
#define KRAVBOK_FORMAT_MAIL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

enum { MAIL_BODY_SIZE_MAX = 256 * 1024 };

/* A bare address: ASCII, one @, no comments, quotes or blanks, at most 254 bytes. ERR_INPUT quoting it. */
err_t mail_address_check(str address) MUST_CHECK;
str mail_domain(str address); /* behind the @ */

struct mail {
	str from_name, from, to; /* addresses: bare */
	str subject;             /* one line */
	str body;                /* lines end in LF or CRLF */
	str message_id;          /* without brackets; "kravbok-17-0123456789abcdef@fjordkreditt.no" */
	int64_t at;              /* seconds since 1970-01-01 UTC, for Date; not negative */
};

/* ERR_INPUT for a bad address or Message-ID, for a line break or control byte in name or subject, for text that is not
 * UTF-8 and for a body over the limit. */
err_t mail_write(struct arena *arena, const struct mail *mail, str *ret_message) MUST_CHECK;

#endif
