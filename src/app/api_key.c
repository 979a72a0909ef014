#include "app/api_key.h"

#include "app/secret.h"
#include "sql.h"

static str key_text(struct arena *arena, bool sandbox)
{
	return str_format(arena, "kravbok_%s_%.*s", sandbox ? "test" : "live", STR_ARG(secret_random(arena, API_KEY_RANDOM_SIZE)));
}

static err_t keys_count(const struct op *op, int64_t client_no, size_t *ret_count)
{
	struct api_key *keys;
	size_t count;
	TRY(api_key_list(op, client_no, &keys, &count));
	*ret_count = 0;
	for (size_t i = 0; i < count; i++)
		*ret_count += !keys[i].revoked_at;
	return OK;
}

static err_t key_insert(const struct op *op, const struct api_key_new *made, int64_t *ret_key_id, str *ret_key)
{
	struct api_key_last_row last;
	size_t count;
	bool found;
	TRY(keys_count(op, made->client_no, &count));
	if (count >= API_KEYS_MAX)
		return fail(ERR_REFUSED, "there are %d keys already: revoke one that is not used", API_KEYS_MAX);
	TRY(q_api_key_last(op->db, op->arena, &last, &found));
	*ret_key_id = last.key_id + 1;
	*ret_key = key_text(op->arena, made->sandbox);
	str scopes = str_format(op->arena, "read%s%s", made->may_write ? " write" : "", made->may_settle ? " settle" : "");
	return q_api_key_insert(op->db, *ret_key_id, made->client_no, made->name, secret_hash(op->arena, *ret_key, (str){ NULL, 0 }), scopes, made->sandbox,
		op->user, made->now);
}

err_t api_key_make(const struct op *op, const struct api_key_new *made, int64_t *ret_key_id, str *ret_key)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, key_insert(op, made, ret_key_id, ret_key));
}

err_t api_key_list(const struct op *op, int64_t client_no, struct api_key **ret_keys, size_t *ret_count)
{
	struct api_key_list_row *rows;
	TRY(q_api_key_list(op->db, op->arena, client_no, &rows, ret_count));
	*ret_keys = arena_many(op->arena, *ret_count, struct api_key);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_keys)[i] = (struct api_key){ rows[i].key_id, rows[i].name, rows[i].scopes, rows[i].created_by,
			rows[i].sandbox != 0, rows[i].created_at, rows[i].has_revoked_at ? rows[i].revoked_at : 0 };
	return OK;
}

static err_t key_revoke(const struct op *op, int64_t client_no, int64_t key_id, int64_t now)
{
	struct api_key *keys;
	size_t count;
	TRY(api_key_list(op, client_no, &keys, &count));
	for (size_t i = 0; i < count; i++)
		if (keys[i].key_id == key_id)
			return q_api_key_revoke(op->db, key_id, client_no, now);
	return fail(ERR_INPUT, "there is no key %lld", (long long)key_id);
}

err_t api_key_revoke(const struct op *op, int64_t client_no, int64_t key_id, int64_t now)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, key_revoke(op, client_no, key_id, now));
}
