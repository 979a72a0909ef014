-- Files of claims that clients upload.

-- upload_last() :one
SELECT coalesce(max(upload_id), 0) AS "upload_id::INTEGER"
FROM upload;

-- upload_insert(upload_id i64, client_no i64, name text, language text, size i64, sha256 text, created_by text, created_at i64) :exec
INSERT INTO upload (upload_id, client_no, name, language, size, sha256, state, good_only, accepted, already, credited, rejected,
	charged_minor, detail, created_by, created_at)
VALUES (:upload_id, :client_no, :name, :language, :size, :sha256, 'waiting', 0, 0, 0, 0, 0, 0, '', :created_by, :created_at);

-- upload_part_insert(upload_id i64, kind text, part_no i64, body blob) :exec
INSERT INTO upload_part (upload_id, kind, part_no, body)
VALUES (:upload_id, :kind, :part_no, :body);

-- upload_part_delete(upload_id i64, kind text) :exec
DELETE FROM upload_part
WHERE upload_id = :upload_id AND kind = :kind;

-- upload_part_find(upload_id i64, kind text, part_no i64) :one
SELECT body
FROM upload_part
WHERE upload_id = :upload_id AND kind = :kind AND part_no = :part_no;

-- upload_finding_insert(upload_id i64, finding_no i64, line_no i64, field text, reason text) :bulk
INSERT INTO upload_finding (upload_id, finding_no, line_no, field, reason)
VALUES (:upload_id, :finding_no, :line_no, :field, :reason);

-- upload_finding_delete(upload_id i64) :exec
DELETE FROM upload_finding
WHERE upload_id = :upload_id;

-- upload_findings(upload_id i64, after_no i64, count i64) :many
SELECT finding_no, line_no, field, reason
FROM upload_finding
WHERE upload_id = :upload_id AND finding_no > :after_no
ORDER BY finding_no
LIMIT :count;

-- upload_find(client_no i64, upload_id i64) :one
SELECT upload_id, name, language, size, state, good_only, accepted, already, credited, rejected, charged_minor, detail, created_by,
	created_at, ended_at AS "ended_at?"
FROM upload
WHERE client_no = :client_no AND upload_id = :upload_id;

-- upload_list(client_no i64, before_id i64, count i64) :many
SELECT upload_id, name, language, size, state, good_only, accepted, already, credited, rejected, charged_minor, detail, created_by,
	created_at, ended_at AS "ended_at?"
FROM upload
WHERE client_no = :client_no AND upload_id < :before_id
ORDER BY upload_id DESC
LIMIT :count;

-- upload_same(client_no i64, sha256 text) :one
-- The same file, taken in before.
SELECT upload_id
FROM upload
WHERE client_no = :client_no AND sha256 = :sha256 AND state = 'done'
ORDER BY upload_id
LIMIT 1;

-- upload_next() :one
-- What is to be worked on next.
SELECT upload_id, client_no, language, state, good_only, created_by
FROM upload
WHERE state IN ('waiting', 'checking', 'ordered', 'taking')
ORDER BY upload_id
LIMIT 1;

-- upload_state(upload_id i64, state text, detail text) :exec
UPDATE upload
SET state = :state, detail = :detail
WHERE upload_id = :upload_id;

-- upload_order(upload_id i64, good_only i64) :exec
UPDATE upload
SET state = 'ordered', good_only = :good_only
WHERE upload_id = :upload_id AND state = 'checked';

-- upload_result(upload_id i64, state text, accepted i64, already i64, credited i64, rejected i64, charged_minor money, ended_at i64?) :exec
UPDATE upload
SET state = :state, accepted = :accepted, already = :already, credited = :credited, rejected = :rejected,
	charged_minor = :charged_minor, ended_at = :ended_at
WHERE upload_id = :upload_id;

-- upload_fail(upload_id i64, detail text, ended_at i64) :exec
UPDATE upload
SET state = 'failed', detail = :detail, ended_at = :ended_at
WHERE upload_id = :upload_id;
