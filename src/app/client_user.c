#include "app/client_user.h"

#include "sql.h"

err_t client_user_list(const struct op *op, int64_t client_no, struct client_user **ret_users, size_t *ret_count)
{
	struct person_list_row *rows;
	TRY(q_person_list(op->db, op->arena, client_no, &rows, ret_count));
	*ret_users = arena_many(op->arena, *ret_count, struct client_user);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_users)[i] = (struct client_user){ rows[i].person_id, rows[i].email, rows[i].name, rows[i].role, rows[i].active != 0,
			rows[i].password_hash.size == 0, rows[i].created_at };
	return OK;
}

err_t client_user_get(const struct op *op, int64_t client_no, int64_t person_id, struct client_user *ret_user, bool *ret_found)
{
	struct client_user *users;
	size_t count;
	*ret_found = false;
	TRY(client_user_list(op, client_no, &users, &count));
	for (size_t i = 0; i < count; i++)
		if (users[i].person_id == person_id) {
			*ret_user = users[i];
			*ret_found = true;
		}
	return OK;
}

static bool is_admin(const struct client_user *user)
{
	return user->active && str_eq_z(user->role, "client_admin");
}

static err_t user_set(const struct op *op, const struct client_user_change *change)
{
	struct client_user *users;
	size_t count, admins_left = 0;
	bool found = false;
	TRY(client_user_list(op, change->client_no, &users, &count));
	for (size_t i = 0; i < count; i++) {
		if (users[i].person_id == change->person_id) {
			found = true;
			users[i].role = change->role;
			users[i].active = change->active;
		}
		/* An invited one who has not come yet cannot let anybody in. */
		admins_left += is_admin(&users[i]) && (!users[i].is_invited || users[i].person_id == change->person_id);
	}
	if (!found)
		return fail(ERR_INPUT, "there is no user %lld", (long long)change->person_id);
	if (!str_starts(change->role, S("client_")))
		return fail(ERR_INPUT, "the role '%.*s' is no role of a client's user", STR_ARG(change->role));
	if (!admins_left)
		return fail(ERR_REFUSED, "there must be an administrator left: give somebody else the role first");
	TRY(q_person_set_role(op->db, change->person_id, change->role, change->active));
	return q_web_sessions_of_person_delete(op->db, change->person_id);
}

err_t client_user_set(const struct op *op, const struct client_user_change *change)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, user_set(op, change));
}
