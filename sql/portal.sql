-- What a client looks at: money on its way, settlements, letters, messages.

-- portal_due_sum(client_no i64) :one
-- Booked and not yet settled.
SELECT coalesce(sum(amount_minor), 0) AS "amount_minor::INTEGER"
FROM client_due
WHERE client_no = :client_no;

-- portal_due_since(client_no i64, day date) :one
SELECT coalesce(sum(amount_minor), 0) AS "amount_minor::INTEGER"
FROM client_due
WHERE client_no = :client_no AND booked_on >= :day;

-- portal_settled_since(client_no i64, day date) :one
-- Of what was booked since the day, the part a settlement has taken.
SELECT coalesce(sum(q.amount_minor), 0) AS "amount_minor::INTEGER"
FROM settlement s
JOIN settlement_line q ON q.settlement_no = s.settlement_no
JOIN event e ON e.case_id = q.case_id AND e.event_no = q.event_no
WHERE s.client_no = :client_no AND s.settled_on >= :day AND e.booked_on >= :day;

-- portal_paid_out_since(client_no i64, day date) :one
SELECT coalesce(sum(payout_minor), 0) AS "amount_minor::INTEGER"
FROM settlement
WHERE client_no = :client_no AND settled_on >= :day;

-- portal_messages_new(client_no i64, count i64) :many
-- What we have written to the client and it has not read.
SELECT m.message_id, m.case_id, m.author, m.sent_at, d.name AS debtor_name
FROM message m
JOIN claim c ON c.case_id = m.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE m.read_at IS NULL AND m.with_party = 'client' AND m.from_us = 1 AND c.client_no = :client_no
ORDER BY m.message_id DESC
LIMIT :count;

-- portal_letters(case_id i64) :many
-- The letters of a case.
SELECT letter_no, kind, ordered_on, handed_on AS "handed_on?", withdrawn_on AS "withdrawn_on?", deadline_on AS "deadline_on?",
	balance_minor, rendered_on AS "rendered_on?"
FROM outbox
WHERE case_id = :case_id
ORDER BY letter_no;

-- portal_settlements(client_no i64, before_no i64, count i64) :many
-- A client's settlements, the newest first.
SELECT s.settlement_no, s.settled_on, s.carried_minor, s.movement_minor, s.payout_minor, p.state AS "payout_state?",
	p.state_on AS "payout_on?", p.account AS "payout_account?"
FROM settlement s
LEFT JOIN payout p ON p.run_id = s.run_id AND p.client_no = s.client_no AND p.kind = 'client'
WHERE s.client_no = :client_no AND s.settlement_no < :before_no
ORDER BY s.settlement_no DESC
LIMIT :count;

-- portal_settlement(client_no i64, settlement_no i64) :one
SELECT s.settlement_no, s.settled_on, s.carried_minor, s.movement_minor, s.payout_minor, p.state AS "payout_state?",
	p.state_on AS "payout_on?", p.account AS "payout_account?"
FROM settlement s
LEFT JOIN payout p ON p.run_id = s.run_id AND p.client_no = s.client_no AND p.kind = 'client'
WHERE s.client_no = :client_no AND s.settlement_no = :settlement_no;

-- portal_terms(client_no i64) :one
-- What is agreed with the client now.
SELECT t.terms_no, t.process, t.grace_days, t.vat_deductible, t.commission_bp, t.allocation, t.booked_on, l.name, l.orgnr, l.account,
	l.email
FROM client l
JOIN terms t ON t.client_no = l.client_no AND t.terms_no = l.terms_no
WHERE l.client_no = :client_no;
