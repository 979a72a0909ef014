-- Files that came from debtors and clients.

-- attachment_last() :one
SELECT coalesce(max(attachment_id), 0) AS "attachment_id::INTEGER"
FROM attachment;

-- attachment_insert(attachment_id i64, case_id i64, message_id i64?, name text, kind text, sha256 text, author text, sent_at i64, body blob) :exec
INSERT INTO attachment (attachment_id, case_id, message_id, name, kind, sha256, author, sent_at, body)
VALUES (:attachment_id, :case_id, :message_id, :name, :kind, :sha256, :author, :sent_at, :body);

-- attachment_list(case_id i64, count i64) :many
SELECT attachment_id, case_id, message_id AS "message_id?", name, kind, sha256, author, sent_at,
	length(body) AS "body_size::INTEGER"
FROM attachment
WHERE case_id = :case_id
ORDER BY attachment_id
LIMIT :count;

-- attachment_get(case_id i64, attachment_id i64) :one
SELECT attachment_id, case_id, message_id AS "message_id?", name, kind, sha256, author, sent_at, body
FROM attachment
WHERE attachment_id = :attachment_id AND case_id = :case_id;
