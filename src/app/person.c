#include "app/person.h"

#include "sql.h"

#include <sodium.h>

/* OWASP's least for argon2id: two passes over 19 MiB. */
enum { HASH_PASSES = 2, HASH_BYTES = 19 << 20 };

/* Of no password: what is worked on when there is no such person, so that the answer takes as long. */
static const char nobody[] =
	"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

err_t password_hash(struct arena *arena, str password, str *ret_hash)
{
	char hash[crypto_pwhash_STRBYTES];
	if (password.size < PASSWORD_SIZE_MIN)
		return fail(ERR_INPUT, "a password has at least %d characters", PASSWORD_SIZE_MIN);
	if (password.size > PASSWORD_SIZE_MAX)
		return fail(ERR_INPUT, "a password has at most %d characters", PASSWORD_SIZE_MAX);
	if (crypto_pwhash_str(hash, password.at, password.size, HASH_PASSES, HASH_BYTES) != 0)
		return fail(ERR_OUTSIDE, "could not hash a password: out of memory");
	*ret_hash = str_copy(arena, str_from_z(hash));
	return OK;
}

bool password_holds(struct arena *arena, str hash, str password)
{
	const char *wanted = hash.size ? str_z(arena, hash) : nobody;
	if (password.size > PASSWORD_SIZE_MAX)
		password.size = PASSWORD_SIZE_MAX;
	return crypto_pwhash_str_verify(wanted, password.at ? password.at : "", password.size) == 0 && hash.size;
}

err_t person_add(const struct op *op, const struct person_new *person, int64_t now, int64_t *ret_person_id)
{
	struct person_by_email_row other;
	struct person_last_id_row last;
	bool found;
	if (str_starts(person->role, S("client_")) != (person->client_no != 0))
		return fail(ERR_INPUT, "the role '%.*s' does not fit: a client's users have client_ roles, others not",
			STR_ARG(person->role));
	TRY(q_person_by_email(op->db, op->arena, person->email, &other, &found));
	if (found)
		return fail(ERR_INPUT, "somebody with the e-mail address %.*s has access already", STR_ARG(person->email));
	TRY(q_person_last_id(op->db, op->arena, &last, &found));
	*ret_person_id = last.person_id + 1;
	return q_person_insert(op->db, *ret_person_id, person->email, person->name, person->role,
		person->client_no ? person->client_no : INT64_MIN, person->language, now);
}
