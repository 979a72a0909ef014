/* What an operator sets: where messages go out and by what, where letters and bounces lie. Kept in the table setting under
 * the same names; the agency's identity is set by `kravbok init`. */
#ifndef KRAVBOK_APP_SETTING_H
#define KRAVBOK_APP_SETTING_H

#include "app/op.h"

#include <stdbool.h>

struct setting_kind {
	const char *name;  /* "mail.server" */
	const char *about; /* a sentence, without the full stop */
	bool secret;       /* a password: shown only as being set */
};
extern const struct setting_kind setting_kinds[];
extern const size_t setting_kind_count;

/* Sets it; an empty value takes it away. ERR_INPUT for an unknown name, naming the known ones, and for a value that cannot
 * be. In a transaction of its own. */
err_t setting_set(const struct op *op, str name, str value) MUST_CHECK;

/* "" when it is not set and has no default. Defaults: mail.from is the agency's e-mail, web.address its web address. */
err_t setting_get(const struct op *op, const char *name, str *ret_value) MUST_CHECK;

/* "https://fjordkreditt.no" of what people write, "fjordkreditt.no/" or "HTTPS://…"; ERR_INPUT when it is no such address or
 * has a path. Plain http only for the same machine. */
err_t setting_web_address(struct arena *arena, str value, str *ret_address) MUST_CHECK;

#endif
