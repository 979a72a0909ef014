-- The outbox: letters ordered, handed over or withdrawn.

-- letter_insert(case_id i64, letter_no i64, kind text, event_no i64, ordered_on date, send_by date, handed_on date?, deadline_on date?, balance_minor money, principal_minor money, interest_minor money, fee_minor money, salaer_minor money, legal_minor money) :bulk
INSERT INTO outbox (case_id, letter_no, kind, event_no, ordered_on, send_by, handed_on, deadline_on, balance_minor,
	principal_minor, interest_minor, fee_minor, salaer_minor, legal_minor)
VALUES (:case_id, :letter_no, :kind, :event_no, :ordered_on, :send_by, :handed_on, :deadline_on, :balance_minor,
	:principal_minor, :interest_minor, :fee_minor, :salaer_minor, :legal_minor);

-- letter_withdraw(withdrawn_on date, case_id i64, event_no i64) :exec
UPDATE outbox
SET withdrawn_on = :withdrawn_on
WHERE case_id = :case_id AND event_no = :event_no AND handed_on IS NULL AND withdrawn_on IS NULL;

-- letter_hand(handed_on date, case_id i64, letter_no i64) :bulk
UPDATE outbox
SET handed_on = :handed_on
WHERE case_id = :case_id AND letter_no = :letter_no;

-- letter_waiting(case_id i64) :many
-- Letters of a case that are ordered and neither handed over nor withdrawn.
SELECT letter_no, kind, event_no, ordered_on
FROM outbox
WHERE case_id = :case_id AND handed_on IS NULL AND withdrawn_on IS NULL
ORDER BY letter_no;

-- letter_waiting_before(day date) :many
-- Cases with a letter ordered before a day and not yet handed over: their next step waits.
SELECT DISTINCT case_id
FROM outbox
WHERE handed_on IS NULL AND withdrawn_on IS NULL AND ordered_on < :day
ORDER BY case_id;

-- letter_page(after_case i64, after_letter i64, waiting_only i64, count i64) :many
SELECT o.case_id, o.letter_no, o.kind, o.ordered_on, o.send_by, o.handed_on AS "handed_on?",
	o.withdrawn_on AS "withdrawn_on?", o.deadline_on AS "deadline_on?", o.event_no, o.balance_minor,
	o.principal_minor, o.interest_minor, o.fee_minor, o.salaer_minor, o.legal_minor, c.client_no, c.terms_no,
	c.invoice_no, c.issued_on, c.due_on, c.description, c.amount_minor, c.paid_minor, c.business, c.alone,
	c.debtor_id, c.language, d.kind AS debtor_kind, d.name AS debtor_name, d.address, d.postcode, d.city, d.country,
	d.phone, d.email, l.name AS client_name
FROM outbox o
JOIN claim c ON c.case_id = o.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
JOIN client l ON l.client_no = c.client_no
WHERE (o.case_id, o.letter_no) > (:after_case, :after_letter)
	AND (:waiting_only = 0 OR (o.handed_on IS NULL AND o.withdrawn_on IS NULL))
ORDER BY o.case_id, o.letter_no
LIMIT :count;
