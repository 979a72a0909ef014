-- What the pages of the desk list: letters of a case, the log, the outbox by day, settlement runs.

-- desk_letters(case_id i64) :many
SELECT letter_no, kind, ordered_on, send_by, handed_on AS "handed_on?", withdrawn_on AS "withdrawn_on?",
	deadline_on AS "deadline_on?", balance_minor, rendered_on AS "rendered_on?"
FROM outbox
WHERE case_id = :case_id
ORDER BY letter_no DESC;

-- desk_log_case(case_id i64, first i64, before i64, count i64) :many
-- The log, newest first, of one case; then of one person; then all.
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", client_no AS "client_no?", detail
FROM audit
WHERE case_id = :case_id AND audit_id >= :first AND audit_id < :before
ORDER BY audit_id DESC
LIMIT :count;

-- desk_log_actor(actor text, first i64, before i64, count i64) :many
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", client_no AS "client_no?", detail
FROM audit
WHERE actor = :actor AND audit_id >= :first AND audit_id < :before
ORDER BY audit_id DESC
LIMIT :count;

-- desk_log_all(first i64, before i64, count i64) :many
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", client_no AS "client_no?", detail
FROM audit
WHERE audit_id >= :first AND audit_id < :before
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

-- desk_held(payment_id i64) :one
SELECT h.reason, y.kind, y.settled_on, y.counts_on, y.amount_minor, y.kid, y.payer_account, y.payer_name, y.message,
	y.reference
FROM payment_hold h
JOIN payment y ON y.payment_id = h.payment_id
WHERE h.payment_id = :payment_id;

-- desk_held_page(after i64, count i64) :many
SELECT h.payment_id, h.reason, y.kind, y.settled_on, y.amount_minor, y.kid, y.payer_name, y.message
FROM payment_hold h
JOIN payment y ON y.payment_id = h.payment_id
WHERE h.payment_id > :after
ORDER BY h.payment_id
LIMIT :count;

-- desk_files(before i64, count i64) :many
-- Bank files, newest first.
SELECT file_id, name, kind, sha256, imported_on, row_count, sum_minor
FROM file
WHERE file_id < :before
ORDER BY file_id DESC
LIMIT :count;

-- desk_runs(before i64, count i64) :many
-- Settlement runs, newest first, with what they paid.
SELECT r.run_id, r.settled_on, r.booked_on,
	(SELECT coalesce(sum(p.amount_minor), 0) FROM payout p WHERE p.run_id = r.run_id) AS "paid_minor::INTEGER",
	(SELECT count(*) FROM settlement s WHERE s.run_id = r.run_id) AS "client_count::INTEGER"
FROM settlement_run r
WHERE r.run_id < :before
ORDER BY r.run_id DESC
LIMIT :count;

-- desk_run(run_id i64) :one
SELECT run_id, settled_on, booked_on, message_id
FROM settlement_run
WHERE run_id = :run_id;

-- desk_run_clients(run_id i64) :many
SELECT s.settlement_no, s.client_no, s.carried_minor, s.movement_minor, s.payout_minor, l.name
FROM settlement s
JOIN client l ON l.client_no = s.client_no
WHERE s.run_id = :run_id
ORDER BY s.settlement_no;

-- desk_approvals_done(before i64, count i64) :many
-- What has been decided, newest first.
SELECT a.approval_id, a.kind, a.amount_minor, a.decision, a.decided_at AS "decided_at?", w.name AS "asked_name?",
	v.name AS "decided_name?"
FROM approval a
LEFT JOIN person w ON w.person_id = a.asked_by
LEFT JOIN person v ON v.person_id = a.decided_by
WHERE a.decided_at IS NOT NULL AND a.approval_id < :before
ORDER BY a.approval_id DESC
LIMIT :count;

-- desk_waiting(after_on date, after_case i64, after_letter i64, count i64) :many
-- Letters not handed over yet, in order of ordering.
SELECT o.case_id, o.letter_no, o.kind, o.ordered_on, o.send_by, o.balance_minor, d.name AS debtor_name
FROM outbox o
JOIN claim c ON c.case_id = o.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE o.handed_on IS NULL AND o.rendered_on IS NULL AND o.withdrawn_on IS NULL
	AND (o.ordered_on, o.case_id, o.letter_no) > (:after_on, :after_case, :after_letter)
ORDER BY o.ordered_on, o.case_id, o.letter_no
LIMIT :count;

-- desk_batches(before date, count i64) :many
-- Print files, newest day first.
SELECT handed_on, english, batch_no, letter_count
FROM letter_batch
WHERE handed_on < :before
ORDER BY handed_on DESC, english, batch_no
LIMIT :count;

-- desk_unrendered(count i64) :one
-- Handed over and in no file yet; stops counting.
SELECT count(*) AS "letter_count::INTEGER"
FROM (SELECT case_id
	FROM outbox
	WHERE handed_on IS NOT NULL AND rendered_on IS NULL AND withdrawn_on IS NULL
	LIMIT :count) q;

-- desk_sent(before i64, count i64) :many
-- SMS and e-mails, newest first.
SELECT dispatch_id, case_id, channel, address, subject, state, detail, created_at, sent_at AS "sent_at?"
FROM dispatch
WHERE dispatch_id < :before
ORDER BY dispatch_id DESC
LIMIT :count;

-- desk_sent_state(state text, before i64, count i64) :many
SELECT dispatch_id, case_id, channel, address, subject, state, detail, created_at, sent_at AS "sent_at?"
FROM dispatch
WHERE state = :state AND dispatch_id < :before
ORDER BY dispatch_id DESC
LIMIT :count;

-- desk_log_at(audit_id i64) :one
-- When the first entry at or after a number was written.
SELECT audit_id, done_at
FROM audit
WHERE audit_id >= :audit_id
ORDER BY audit_id
LIMIT 1;
