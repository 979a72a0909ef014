/* People with a password: the house's own and clients' users. Debtors have none. */
#ifndef KRAVBOK_APP_PERSON_H
#define KRAVBOK_APP_PERSON_H

#include "app/op.h"

enum { PASSWORD_SIZE_MIN = 12, PASSWORD_SIZE_MAX = 200 };

struct person_new {
	str email, name, role; /* role as in the table person */
	int64_t client_no;     /* of a client's user; 0: the house's */
	str language;          /* "nb", "en" */
};
/* Makes a person who cannot log in until a password is set. Inside a transaction. ERR_INPUT for an e-mail already used or a
 * role that does not fit (client_… only with a client). */
err_t person_add(const struct op *op, const struct person_new *person, int64_t now, int64_t *ret_person_id) MUST_CHECK;

/* A link that lets a person choose a password: the token of /invite/TOKEN, good once and for a week. Earlier invitations of the
 * person are no longer good. Inside a transaction. */
enum { PERSON_INVITE_SECONDS = 7 * 24 * 3600 };
err_t person_invite(const struct op *op, int64_t person_id, int64_t now, str *ret_token) MUST_CHECK;

struct person_change {
	int64_t person_id;
	int64_t client_no; /* the person must be of this client; 0: of the house */
	str role;
	bool is_active;
};
/* A new role, or the end of access; the person's sessions end. Inside a transaction. ERR_INPUT for an unknown person or a role
 * that does not fit; ERR_REFUSED when no administrator would be left who can log in. */
err_t person_change(const struct op *op, const struct person_change *change) MUST_CHECK;

/* argon2id; 19 MiB and some 20 ms each: never many at a time. ERR_INPUT for a password too short or too long. */
err_t password_hash(struct arena *arena, str password, str *ret_hash) MUST_CHECK;
bool password_holds(struct arena *arena, str hash, str password); /* hash "": never, but as slowly */

#endif
