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
