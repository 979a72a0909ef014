-- What kravbok verify asks beside the replay: things that must agree with each other. None gives rows in a sound book.

-- verify_letters(first_case i64, last_case i64) :many
SELECT case_id, letter_no, kind, event_no, handed_on AS "handed_on?", withdrawn_on AS "withdrawn_on?"
FROM outbox
WHERE case_id BETWEEN :first_case AND :last_case
ORDER BY case_id, letter_no;

-- verify_counts() :one
SELECT (SELECT count(*) FROM event) AS "event_count::INTEGER", (SELECT count(*) FROM fact) AS "fact_count::INTEGER",
	(SELECT count(*) FROM outbox) AS "letter_count::INTEGER",
	(SELECT count(*) FROM case_state) AS "state_count::INTEGER",
	(SELECT count(*) FROM client_due) + (SELECT count(*) FROM settlement_line) AS "due_count::INTEGER";

-- verify_invoice_missing(count i64) :many
SELECT c.case_id, c.invoice_no
FROM claim c
LEFT JOIN claim_invoice i ON i.client_no = c.client_no AND i.invoice_no = c.invoice_no AND i.case_id = c.case_id
WHERE i.case_id IS NULL
ORDER BY c.case_id
LIMIT :count;

-- verify_invoice_stray(count i64) :many
-- A credit note is found by its number too, so that it is taken in once.
SELECT i.case_id, i.invoice_no
FROM claim_invoice i
LEFT JOIN claim c ON c.case_id = i.case_id AND c.client_no = i.client_no AND c.invoice_no = i.invoice_no
WHERE c.case_id IS NULL
	AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.case_id = i.case_id AND f.kind = 'credit' AND f.note = i.invoice_no)
ORDER BY i.client_no, i.invoice_no
LIMIT :count;

-- verify_kid_missing(count i64) :many
SELECT c.case_id, c.own_kid
FROM claim c
LEFT JOIN claim_kid k ON k.kid = c.own_kid AND k.case_id = c.case_id
WHERE c.own_kid <> '' AND k.case_id IS NULL
ORDER BY c.case_id
LIMIT :count;

-- verify_kid_stray(count i64) :many
SELECT k.case_id, k.kid
FROM claim_kid k
LEFT JOIN claim c ON c.case_id = k.case_id AND c.own_kid = k.kid
WHERE c.case_id IS NULL
ORDER BY k.kid, k.case_id
LIMIT :count;

-- verify_group_missing(count i64) :many
SELECT c.case_id
FROM claim c
LEFT JOIN claim_group g ON g.debtor_id = c.debtor_id AND g.client_no = c.client_no AND g.case_id = c.case_id
WHERE g.case_id IS NULL
ORDER BY c.case_id
LIMIT :count;

-- verify_ident_missing(count i64) :many
SELECT d.debtor_id
FROM debtor d
LEFT JOIN debtor_ident i ON i.ident = d.ident AND i.debtor_id = d.debtor_id
WHERE d.ident <> '' AND i.debtor_id IS NULL
ORDER BY d.debtor_id
LIMIT :count;

-- verify_letter_open(count i64) :many
-- A closed case has no open letter.
SELECT o.case_id, o.letter_no, o.kind
FROM outbox o
JOIN case_state s ON s.case_id = o.case_id
WHERE o.handed_on IS NULL AND o.rendered_on IS NULL AND o.withdrawn_on IS NULL AND s.closed_on IS NOT NULL
ORDER BY o.case_id, o.letter_no
LIMIT :count;

-- verify_due_wrong(count i64) :many
SELECT q.client_no, q.case_id, q.event_no, q.amount_minor
FROM client_due q
LEFT JOIN event e ON e.case_id = q.case_id AND e.event_no = q.event_no AND e.client_minor = -q.amount_minor
	AND e.booked_on = q.booked_on
LEFT JOIN claim c ON c.case_id = q.case_id AND c.client_no = q.client_no
WHERE e.case_id IS NULL OR c.case_id IS NULL
ORDER BY q.client_no, q.case_id, q.event_no
LIMIT :count;

-- verify_line_wrong(count i64) :many
SELECT q.settlement_no, q.case_id, q.event_no, q.amount_minor
FROM settlement_line q
LEFT JOIN event e ON e.case_id = q.case_id AND e.event_no = q.event_no AND e.client_minor = -q.amount_minor
WHERE e.case_id IS NULL
ORDER BY q.settlement_no, q.case_id, q.event_no
LIMIT :count;

-- verify_settlements() :many
-- Settlements with what their lines and their payout come to.
SELECT s.settlement_no, s.client_no, s.carried_minor, s.movement_minor, s.payout_minor,
	coalesce((SELECT sum(l.amount_minor) FROM settlement_line l WHERE l.settlement_no = s.settlement_no), 0)
		AS "line_minor::INTEGER",
	coalesce(p.amount_minor, 0) AS "paid_minor::INTEGER"
FROM settlement s
LEFT JOIN (SELECT run_id, client_no, sum(amount_minor) AS amount_minor
	FROM payout
	WHERE kind = 'client'
	GROUP BY run_id, client_no) p ON p.run_id = s.run_id AND p.client_no = s.client_no
ORDER BY s.settlement_no;

-- verify_due_sums() :many
SELECT client_no, sum(amount_minor) AS "amount_minor::INTEGER"
FROM client_due
GROUP BY client_no
ORDER BY client_no;

-- verify_refund_sum() :one
SELECT coalesce(sum(amount_minor), 0) AS "amount_minor::INTEGER"
FROM refund_due;

-- verify_payouts() :many
-- Payouts whose money is not where it was sent.
SELECT kind, state, client_no AS "client_no?", sum(amount_minor) AS "amount_minor::INTEGER"
FROM payout
WHERE state IN ('in_transit', 'rejected')
GROUP BY kind, state, client_no
ORDER BY kind, state, client_no;

-- verify_files(after i64, count i64) :many
SELECT file_id, name, sha256
FROM file
WHERE file_id > :after
ORDER BY file_id
LIMIT :count;

-- verify_file_part(file_id i64, part_no i64) :one
SELECT body
FROM file_part
WHERE file_id = :file_id AND part_no = :part_no;
