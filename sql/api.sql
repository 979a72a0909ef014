-- Programs that call us.

-- api_key_find(key_hash text) :one
SELECT key_id, client_no, name, scopes, sandbox, revoked_at AS "revoked_at?"
FROM api_key
WHERE key_hash = :key_hash;

-- idempotency_find(key_id i64, idempotency_key text) :one
SELECT request_hash, status, answer, created_at
FROM idempotency
WHERE key_id = :key_id AND idempotency_key = :idempotency_key;

-- idempotency_insert(key_id i64, idempotency_key text, request_hash text, status i64, answer text, created_at i64) :exec
INSERT INTO idempotency (key_id, idempotency_key, request_hash, status, answer, created_at)
VALUES (:key_id, :idempotency_key, :request_hash, :status, :answer, :created_at);

-- idempotency_expire(before_at i64) :exec
DELETE FROM idempotency
WHERE created_at < :before_at;

-- api_key_list(client_no i64) :many
SELECT key_id, name, scopes, sandbox, created_by, created_at, revoked_at AS "revoked_at?"
FROM api_key
WHERE client_no = :client_no
ORDER BY key_id;

-- api_key_last() :one
SELECT coalesce(max(key_id), 0) AS "key_id::INTEGER"
FROM api_key;

-- api_key_insert(key_id i64, client_no i64, name text, key_hash text, scopes text, sandbox i64, created_by text, created_at i64) :exec
INSERT INTO api_key (key_id, client_no, name, key_hash, scopes, sandbox, created_by, created_at)
VALUES (:key_id, :client_no, :name, :key_hash, :scopes, :sandbox, :created_by, :created_at);

-- api_key_revoke(key_id i64, client_no i64, revoked_at i64) :exec
UPDATE api_key
SET revoked_at = :revoked_at
WHERE key_id = :key_id AND client_no = :client_no AND revoked_at IS NULL;
