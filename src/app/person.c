#include "app/person.h"

#include "app/secret.h"
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

static bool role_is_one(str role)
{
	static const char *const roles[] = { "handler", "manager", "admin", "auditor", "client_reader", "client_clerk", "client_admin" };
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (str_eq_z(role, roles[i]))
			return true;
	return false;
}

static err_t role_check(str role, int64_t client_no)
{
	if (!role_is_one(role))
		return fail(ERR_INPUT, "there is no role '%.*s'", STR_ARG(role));
	if (str_starts(role, S("client_")) != (client_no != 0))
		return fail(ERR_INPUT, "the role '%.*s' does not fit: a client's users have client_ roles, others not", STR_ARG(role));
	return OK;
}

/* As it is typed at log-in: in small letters. */
static err_t email_clean(const struct op *op, str email, str *ret_email)
{
	char *small = arena_alloc(op->arena, email.size + 1);
	size_t at_count = 0;
	for (size_t i = 0; i < email.size; i++) {
		small[i] = email.at[i] >= 'A' && email.at[i] <= 'Z' ? (char)(email.at[i] - 'A' + 'a') : email.at[i];
		at_count += email.at[i] == '@' && i && i + 1 < email.size;
	}
	*ret_email = (str){ small, email.size };
	return at_count == 1 ? OK : fail(ERR_INPUT, "'%.*s' is no e-mail address", STR_ARG(email));
}

static err_t client_check(const struct op *op, int64_t client_no)
{
	struct client_find_row client;
	bool found = true;
	if (client_no)
		TRY(q_client_find(op->db, op->arena, client_no, &client, &found));
	return found ? OK : fail(ERR_INPUT, "there is no client %lld", (long long)client_no);
}

err_t person_add(const struct op *op, const struct person_new *person, int64_t now, int64_t *ret_person_id)
{
	struct person_by_email_row other;
	struct person_last_id_row last;
	bool found;
	str email;
	TRY(role_check(person->role, person->client_no));
	TRY(client_check(op, person->client_no));
	TRY(email_clean(op, person->email, &email));
	TRY(q_person_by_email(op->db, op->arena, email, &other, &found));
	if (found)
		return fail(ERR_INPUT, "somebody with the e-mail address %.*s has access already", STR_ARG(email));
	TRY(q_person_last_id(op->db, op->arena, &last, &found));
	*ret_person_id = last.person_id + 1;
	return q_person_insert(op->db, *ret_person_id, email, person->name, person->role,
		person->client_no ? person->client_no : INT64_MIN, person->language, now);
}

err_t person_invite(const struct op *op, int64_t person_id, int64_t now, str *ret_token)
{
	str token = secret_random(op->arena, SECRET_TOKEN_SIZE);
	TRY(q_person_invites_delete(op->db, person_id));
	TRY(q_web_step_insert(op->db, secret_hash(op->arena, token, (str){ NULL, 0 }), S("invite"), person_id, INT64_MIN, INT64_MIN,
		S(""), now + PERSON_INVITE_SECONDS));
	*ret_token = token;
	return OK;
}

static bool is_admin(str role, int64_t client_no)
{
	return str_eq_z(role, client_no ? "client_admin" : "admin");
}

static err_t admin_left(const struct op *op, const struct person_change *change)
{
	struct person_list_row *people;
	size_t count;
	TRY(q_person_list(op->db, op->arena, change->client_no ? change->client_no : INT64_MIN, &people, &count));
	for (size_t i = 0; i < count; i++)
		if (people[i].person_id != change->person_id && people[i].active && people[i].password_hash.size &&
			is_admin(people[i].role, change->client_no))
			return OK;
	return fail(ERR_REFUSED, "somebody must administer the users: this is the last administrator");
}

err_t person_change(const struct op *op, const struct person_change *change)
{
	struct person_by_id_row person;
	bool found;
	TRY(q_person_by_id(op->db, op->arena, change->person_id, &person, &found));
	if (!found || (person.has_client_no ? person.client_no : 0) != change->client_no)
		return fail(ERR_INPUT, "there is no person %lld", (long long)change->person_id);
	TRY(role_check(change->role, change->client_no));
	if (person.active && is_admin(person.role, change->client_no) &&
		!(change->is_active && is_admin(change->role, change->client_no)))
		TRY(admin_left(op, change));
	TRY(q_person_set_role(op->db, change->person_id, change->role, change->is_active));
	return q_web_sessions_of_person_delete(op->db, change->person_id);
}
