-- What the pages of the desk list: letters of a case, the log, the outbox by day, settlement runs.

-- desk_letters(case_id i64) :many
SELECT letter_no, kind, ordered_on, send_by, handed_on AS "handed_on?", withdrawn_on AS "withdrawn_on?",
	deadline_on AS "deadline_on?", balance_minor, rendered_on AS "rendered_on?"
FROM outbox
WHERE case_id = :case_id
ORDER BY letter_no DESC;

-- desk_log_case(case_id i64, before i64, count i64) :many
-- The log, newest first, of one case; then of one person; then all.
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", client_no AS "client_no?", detail
FROM audit
WHERE case_id = :case_id AND audit_id < :before
ORDER BY audit_id DESC
LIMIT :count;

-- desk_log_actor(actor text, before i64, count i64) :many
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", client_no AS "client_no?", detail
FROM audit
WHERE actor = :actor AND audit_id < :before
ORDER BY audit_id DESC
LIMIT :count;

-- desk_log_all(before i64, count i64) :many
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", client_no AS "client_no?", detail
FROM audit
WHERE audit_id < :before
ORDER BY audit_id DESC
LIMIT :count;

-- desk_dispatches(case_id i64) :many
-- SMS and e-mails of a case.
SELECT dispatch_id, letter_no AS "letter_no?", channel, address, subject, state, detail, created_at, sent_at AS "sent_at?"
FROM dispatch
WHERE case_id = :case_id
ORDER BY dispatch_id DESC
LIMIT 200;

-- desk_fact_note(case_id i64, kind text) :one
-- The words of the last fact of a kind: why somebody objected.
SELECT note, code, by_user, counts_on
FROM fact
WHERE case_id = :case_id AND kind = :kind
ORDER BY fact_no DESC
LIMIT 1;
