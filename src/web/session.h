/* Who a visitor is: cookies, sessions, keys' hashes, the token of a form. The rest of the program sees struct visitor. */
#ifndef KRAVBOK_WEB_SESSION_H
#define KRAVBOK_WEB_SESSION_H

#include "web/web.h"

/* The visitor of the request's cookie; a stranger when there is none that is good. Reads only. */
err_t session_find(struct web *web, struct visitor *ret_visitor) MUST_CHECK;
/* The form's token fits the visitor's cookie and the path, and the request comes from a page of ours. */
bool csrf_holds(struct web *web, str path);

/* Random, for cookies, links and keys: size characters of base64url (6 bits each). */
str web_random(struct arena *arena, size_t size);
/* What is stored of a secret of ours that has enough randomness of its own: BLAKE2b, hex. */
str web_hash(struct arena *arena, str secret);
/* A keyed one: what is short (a one-time code) or must be made again (a form's token). purpose: "csrf". */
str web_keyed_hash(struct web *web, const char *purpose, str text);

enum { SESSION_TRIES_KEPT = 24 * 3600 }; /* seconds after the last wrong try of a reference */

/* ---- a log-in under way (login_step) ---- */

struct login_step {
	const char *kind;
	int64_t person_id, debtor_id, case_no; /* 0: none */
	str secret;
	int seconds;
};
/* Stores it and sets its cookie; the token is given back for a link instead when cookie is false. Writes (own transaction, unless
 * one is open: is_inside). */
err_t login_step_begin(struct web *web, const struct login_step *step, bool cookie, str *ret_token) MUST_CHECK;
/* The step of the visitor's cookie, or of a link's token (token.size > 0). ret_found false: none, or too old. */
struct login_step_found {
	str token_hash, kind, secret;
	int64_t person_id, debtor_id, case_no, try_count;
};
err_t login_step_find(struct web *web, str token, struct login_step_found *ret_step, bool *ret_found) MUST_CHECK;
void login_step_forget(struct web *web); /* takes the cookie away */

#endif
