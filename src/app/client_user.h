/* A client's own users. Its administrators give and take access: app/person.h. */
#ifndef KRAVBOK_APP_CLIENT_USER_H
#define KRAVBOK_APP_CLIENT_USER_H

#include "app/op.h"

struct client_user {
	int64_t person_id;
	str email, name, role;
	bool active, is_invited; /* is_invited: has not chosen a password yet */
	int64_t created_at;
};
err_t client_user_list(const struct op *op, int64_t client_no, struct client_user **ret_users, size_t *ret_count) MUST_CHECK;
/* ret_found false: the client has none of that number. */
err_t client_user_get(const struct op *op, int64_t client_no, int64_t person_id, struct client_user *ret_user, bool *ret_found)
	MUST_CHECK;

#endif
