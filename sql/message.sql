-- Conversations about a case.

-- message_last() :one
SELECT coalesce(max(message_id), 0) AS "message_id::INTEGER"
FROM message;

-- message_insert(message_id i64, case_id i64, with_party text, from_us i64, author text, body text, sent_at i64) :exec
INSERT INTO message (message_id, case_id, with_party, from_us, author, body, sent_at)
VALUES (:message_id, :case_id, :with_party, :from_us, :author, :body, :sent_at);

-- message_page(case_id i64, with_party text, before_id i64, count i64) :many
SELECT message_id, case_id, from_us, author, body, sent_at, read_at AS "read_at?"
FROM message
WHERE case_id = :case_id AND with_party = :with_party AND message_id < :before_id
ORDER BY message_id DESC
LIMIT :count;

-- message_mark_read(read_at i64, case_id i64, with_party text, from_us i64, until_id i64) :exec
UPDATE message
SET read_at = :read_at
WHERE case_id = :case_id AND with_party = :with_party AND from_us = :from_us AND message_id <= :until_id
	AND read_at IS NULL;

-- message_unread(case_id i64, with_party text, from_us i64) :one
SELECT count(*) AS "message_count::INTEGER"
FROM message
WHERE case_id = :case_id AND with_party = :with_party AND from_us = :from_us AND read_at IS NULL;

-- message_after(after i64, count i64) :many
-- For the search index: in order of arrival.
SELECT message_id, case_id, body
FROM message
WHERE message_id > :after
ORDER BY message_id
LIMIT :count;
