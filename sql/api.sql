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
