-- Four eyes.

-- approval_last() :one
SELECT coalesce(max(approval_id), 0) AS "approval_id::INTEGER"
FROM approval;

-- approval_insert(approval_id i64, kind text, case_id i64?, payment_id i64?, amount_minor money, request text, reason text, asked_by i64, asked_at i64) :exec
INSERT INTO approval (approval_id, kind, case_id, payment_id, amount_minor, request, reason, asked_by, asked_at, decision,
	decision_reason)
VALUES (:approval_id, :kind, :case_id, :payment_id, :amount_minor, :request, :reason, :asked_by, :asked_at, '', '');

-- approval_keys(after i64, count i64) :many
-- Undecided ones in order of asking: instants only grow, so the number is the same order.
SELECT approval_id
FROM approval
WHERE decided_at IS NULL AND approval_id > :after
ORDER BY asked_at, approval_id
LIMIT :count;

-- approval_rows() :many
-- Picked by approval (id).
SELECT a.approval_id, a.kind, a.case_id AS "case_id?", a.payment_id AS "payment_id?", a.amount_minor, a.request, a.reason,
	a.asked_by, a.asked_at, a.decided_by AS "decided_by?", a.decided_at AS "decided_at?", a.decision,
	a.decision_reason, w.name AS "asked_name?", v.name AS "decided_name?"
FROM pick p
JOIN approval a ON a.approval_id = p.id
LEFT JOIN person w ON w.person_id = a.asked_by
LEFT JOIN person v ON v.person_id = a.decided_by
ORDER BY p.no;

-- approval_same(kind text, request text) :many
SELECT approval_id
FROM approval
WHERE decided_at IS NULL AND kind = :kind AND request = :request
ORDER BY asked_at, approval_id;

-- approval_decide(decided_by i64, decided_at i64?, decision text, decision_reason text, approval_id i64) :exec
UPDATE approval
SET decided_by = :decided_by, decided_at = :decided_at, decision = :decision, decision_reason = :decision_reason
WHERE approval_id = :approval_id AND decided_at IS NULL;

-- approval_due_sum(day date) :one
-- Owed to clients by the end of a day and not settled yet.
SELECT coalesce(sum(amount_minor), 0) AS "amount_minor::INTEGER"
FROM client_due
WHERE booked_on <= :day;
