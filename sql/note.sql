-- Handlers' notes and calls.

-- note_last() :one
SELECT coalesce(max(note_id), 0) AS "note_id::INTEGER"
FROM note;

-- note_insert(note_id i64, case_id i64, kind text, author text, body text, written_at i64) :exec
INSERT INTO note (note_id, case_id, kind, author, body, written_at)
VALUES (:note_id, :case_id, :kind, :author, :body, :written_at);

-- note_page(case_id i64, before_id i64, count i64) :many
SELECT note_id, case_id, kind, author, body, written_at
FROM note
WHERE case_id = :case_id AND note_id < :before_id
ORDER BY note_id DESC
LIMIT :count;
