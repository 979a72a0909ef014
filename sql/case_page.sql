-- What the list of cases shows, and the filters that look at more than a case's state.

-- case_page_lines() :many
-- Picked by case (id).
SELECT c.case_id, c.client_no, c.debtor_id, c.invoice_no, c.due_on, c.received_on, d.name AS debtor_name,
	l.name AS client_name, s.stage, s.next_step, s.next_on AS "next_on?", s.closed_on AS "closed_on?",
	s.carrier_id AS "carrier_id?", s.principal_minor, s.costs_minor, s.compensation_minor, s.interest_sum,
	s.interest_on AS "interest_on?", s.interest_paid_minor
FROM pick p
JOIN claim c ON c.case_id = p.id
JOIN case_state s ON s.case_id = c.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
JOIN client l ON l.client_no = c.client_no
ORDER BY p.no;

-- case_page_paid(from_on date, until_on date) :many
-- Of the picked cases: those with money come in, or taken back, on one of these days.
SELECT p.no
FROM pick p
WHERE EXISTS (SELECT 1
	FROM event e
	WHERE e.case_id = p.id AND e.hold_minor <> 0 AND coalesce(e.ledger_on, e.counts_on) >= :from_on
		AND coalesce(e.ledger_on, e.counts_on) <= :until_on)
ORDER BY p.no;

-- case_page_of_debtor(debtor_id i64, count i64) :many
SELECT case_id
FROM claim_group
WHERE debtor_id = :debtor_id
ORDER BY debtor_id, client_no, case_id
LIMIT :count;
