/* Keys of clients' programs: "kravbok_live_" or "kravbok_test_" and 32 random characters. Only a hash is kept, so a key is shown
 * once, to whoever made it. */
#ifndef KRAVBOK_APP_API_KEY_H
#define KRAVBOK_APP_API_KEY_H

#include "app/op.h"

enum { API_KEY_RANDOM_SIZE = 32, API_KEYS_MAX = 50 };

struct api_key_new {
	int64_t client_no;
	str name;
	bool may_write, may_settle; /* reading is always in it */
	bool sandbox;               /* for the client's own trying, on a book apart */
	int64_t now;
};
/* ret_key: the whole text. ERR_REFUSED for a client that has API_KEYS_MAX good ones. Joins the caller's transaction. */
err_t api_key_make(const struct op *op, const struct api_key_new *made, int64_t *ret_key_id, str *ret_key) MUST_CHECK;

struct api_key {
	int64_t key_id;
	str name, scopes, created_by;
	bool sandbox;
	int64_t created_at, revoked_at; /* 0: not yet */
};
err_t api_key_list(const struct op *op, int64_t client_no, struct api_key **ret_keys, size_t *ret_count) MUST_CHECK;
/* Never good again. ERR_INPUT when the client has no such key. Joins the caller's transaction. */
err_t api_key_revoke(const struct op *op, int64_t client_no, int64_t key_id, int64_t now) MUST_CHECK;

#endif
