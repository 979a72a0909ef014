-- The outbox: letters ordered, handed over or withdrawn, and the files they were rendered in.

-- letter_insert(case_id i64, letter_no i64, kind text, event_no i64, ordered_on date, send_by date, handed_on date?, deadline_on date?, balance_minor money, principal_minor money, interest_minor money, fee_minor money, compensation_minor money, salaer_minor money, plan_fee_minor money, legal_minor money) :bulk
INSERT INTO outbox (case_id, letter_no, kind, event_no, ordered_on, send_by, handed_on, deadline_on, balance_minor,
	principal_minor, interest_minor, fee_minor, compensation_minor, salaer_minor, plan_fee_minor, legal_minor)
VALUES (:case_id, :letter_no, :kind, :event_no, :ordered_on, :send_by, :handed_on, :deadline_on, :balance_minor,
	:principal_minor, :interest_minor, :fee_minor, :compensation_minor, :salaer_minor, :plan_fee_minor,
	:legal_minor);

-- letter_withdraw(withdrawn_on date, case_id i64, event_no i64) :exec
UPDATE outbox
SET withdrawn_on = :withdrawn_on
WHERE case_id = :case_id AND event_no = :event_no AND handed_on IS NULL AND withdrawn_on IS NULL;

-- letter_withdraw_closed(withdrawn_on date) :exec
-- A closed case (picked) has no letter on its way.
UPDATE outbox
SET withdrawn_on = :withdrawn_on
WHERE handed_on IS NULL AND withdrawn_on IS NULL AND case_id IN (SELECT id FROM pick);

-- letter_hand(handed_on date, deadline_on date?, balance_minor money, principal_minor money, interest_minor money, fee_minor money, compensation_minor money, salaer_minor money, plan_fee_minor money, legal_minor money, case_id i64, letter_no i64) :bulk
-- Handed over: what it prints is settled.
UPDATE outbox
SET handed_on = :handed_on, deadline_on = :deadline_on, balance_minor = :balance_minor,
	principal_minor = :principal_minor, interest_minor = :interest_minor, fee_minor = :fee_minor,
	compensation_minor = :compensation_minor, salaer_minor = :salaer_minor, plan_fee_minor = :plan_fee_minor,
	legal_minor = :legal_minor
WHERE case_id = :case_id AND letter_no = :letter_no;

-- letter_rendered(rendered_on date, batch_no i64, case_id i64, letter_no i64) :bulk
UPDATE outbox
SET rendered_on = :rendered_on, batch_no = :batch_no
WHERE case_id = :case_id AND letter_no = :letter_no;

-- letter_waiting(case_id i64) :many
-- Letters of a case that are ordered and neither handed over nor withdrawn.
SELECT letter_no, kind, event_no, ordered_on
FROM outbox
WHERE case_id = :case_id AND handed_on IS NULL AND withdrawn_on IS NULL
ORDER BY letter_no;

-- letter_waiting_before(day date) :many
-- Cases with a letter ordered before a day and not yet handed over, and those they may be joined with: a night takes
-- their next steps together, so they wait together.
SELECT DISTINCT coalesce(g.case_id, o.case_id) AS "case_id::INTEGER"
FROM outbox o
JOIN claim c ON c.case_id = o.case_id
LEFT JOIN claim_group g ON c.alone = 0 AND g.debtor_id = c.debtor_id AND g.client_no = c.client_no
WHERE o.handed_on IS NULL AND o.rendered_on IS NULL AND o.withdrawn_on IS NULL AND o.ordered_on < :day
ORDER BY coalesce(g.case_id, o.case_id);

-- letter_to_hand(after_on date, after_case i64, after_letter i64, count i64) :many
-- Letters to be handed over, in order of ordering. is_stale: its event has been reversed since, and another stands for it.
SELECT o.case_id, o.letter_no, o.kind, o.event_no, o.ordered_on, o.deadline_on AS "deadline_on?", o.balance_minor,
	o.principal_minor, o.interest_minor, o.fee_minor, o.compensation_minor, o.salaer_minor, o.plan_fee_minor,
	o.legal_minor, e.counts_on, (
		SELECT count(*)
		FROM event r
		WHERE r.case_id = o.case_id AND r.reverses = o.event_no
	) AS "is_stale::INTEGER"
FROM outbox o
JOIN event e ON e.case_id = o.case_id AND e.event_no = o.event_no
WHERE o.handed_on IS NULL AND o.rendered_on IS NULL AND o.withdrawn_on IS NULL
	AND (o.ordered_on, o.case_id, o.letter_no) > (:after_on, :after_case, :after_letter)
ORDER BY o.ordered_on, o.case_id, o.letter_no
LIMIT :count;

-- letter_day_next(after date) :one
-- The first day after one with letters handed over and not yet rendered.
SELECT handed_on AS "handed_on?"
FROM outbox
WHERE handed_on > :after AND rendered_on IS NULL AND withdrawn_on IS NULL
ORDER BY handed_on, ordered_on, case_id, letter_no
LIMIT 1;

-- letter_unrendered(day date, english i64, after_on date, after_case i64, after_letter i64, count i64) :many
SELECT o.ordered_on, o.case_id, o.letter_no
FROM outbox o
JOIN claim c ON c.case_id = o.case_id
WHERE o.handed_on = :day AND o.rendered_on IS NULL AND o.withdrawn_on IS NULL
	AND (CASE WHEN c.language = 'en' THEN 1 ELSE 0 END) = :english
	AND (o.ordered_on, o.case_id, o.letter_no) > (:after_on, :after_case, :after_letter)
ORDER BY o.ordered_on, o.case_id, o.letter_no
LIMIT :count;

-- letter_of_case(case_no i64) :many
-- What has been sent in a case.
SELECT case_id, letter_no
FROM outbox
WHERE case_id = :case_no AND handed_on IS NOT NULL
ORDER BY letter_no;

-- letter_key_page(after_case i64, after_letter i64, waiting_only i64, count i64) :many
SELECT case_id, letter_no
FROM outbox
WHERE (case_id, letter_no) > (:after_case, :after_letter)
	AND (:waiting_only = 0 OR (handed_on IS NULL AND withdrawn_on IS NULL))
ORDER BY case_id, letter_no
LIMIT :count;

-- letter_rows() :many
-- Picked by case (id) and letter (id2): the letters with what they are about.
SELECT p.no, o.case_id, o.letter_no, o.kind, o.ordered_on, o.send_by, o.handed_on AS "handed_on?",
	o.withdrawn_on AS "withdrawn_on?", o.deadline_on AS "deadline_on?", o.rendered_on AS "rendered_on?", o.event_no,
	o.balance_minor, o.principal_minor, o.interest_minor, o.fee_minor, o.compensation_minor, o.salaer_minor,
	o.plan_fee_minor, o.legal_minor, c.client_no, c.terms_no, c.invoice_no, c.issued_on, c.due_on, c.description,
	c.amount_minor, c.paid_minor, c.business, c.language, d.name AS debtor_name, d.address, d.postcode, d.city,
	d.country, d.phone, d.email, l.name AS client_name, l.orgnr AS client_orgnr
FROM pick p
JOIN outbox o ON o.case_id = p.id AND o.letter_no = p.id2
JOIN claim c ON c.case_id = o.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
JOIN client l ON l.client_no = c.client_no
ORDER BY p.no;

-- letter_subject(case_no i64) :one
-- The same of a case without a letter: for a receipt.
SELECT c.client_no, c.terms_no, c.business, c.language, d.name AS debtor_name, d.address, d.postcode, d.city, d.country,
	l.name AS client_name, l.orgnr AS client_orgnr
FROM claim c
JOIN debtor d ON d.debtor_id = c.debtor_id
JOIN client l ON l.client_no = c.client_no
WHERE c.case_id = :case_no;

-- letter_events() :many
-- Picked by case (id): what has moved the principal, joined claims and charged salær, as it was booked.
SELECT e.case_id, e.event_no, e.what, e.counts_on, e.reverses AS "reverses?", e.other_id AS "other_id?",
	e.principal_minor
FROM pick p
JOIN event e ON e.case_id = p.id
WHERE e.principal_minor <> 0 OR e.what IN ('demand', 'heavy') OR e.reverses IS NOT NULL
ORDER BY e.case_id, e.event_no;

-- letter_claims() :many
-- Picked by case (id): claims as a letter lists them.
SELECT c.case_id, c.invoice_no, c.issued_on, c.due_on, c.description, c.amount_minor
FROM pick p
JOIN claim c ON c.case_id = p.id
ORDER BY c.case_id;

-- letter_batch_last(handed_on date, english i64) :one
SELECT coalesce(max(batch_no), 0) AS "batch_no::INTEGER"
FROM letter_batch
WHERE handed_on = :handed_on AND english = :english;

-- letter_batch_insert(handed_on date, english i64, batch_no i64, letter_count i64, first_case_id i64, last_case_id i64) :exec
INSERT INTO letter_batch (handed_on, english, batch_no, letter_count, first_case_id, last_case_id)
VALUES (:handed_on, :english, :batch_no, :letter_count, :first_case_id, :last_case_id);

-- letter_batches(day date) :many
SELECT english, batch_no, letter_count, first_case_id, last_case_id
FROM letter_batch
WHERE handed_on = :day
ORDER BY english, batch_no;

-- letter_of_batch(day date, english i64, batch_no i64, first_case i64, last_case i64, count i64) :many
SELECT o.case_id, o.letter_no
FROM outbox o
JOIN claim c ON c.case_id = o.case_id
WHERE o.case_id BETWEEN :first_case AND :last_case AND o.handed_on = :day AND o.batch_no = :batch_no
	AND (CASE WHEN c.language = 'en' THEN 1 ELSE 0 END) = :english
ORDER BY o.ordered_on, o.case_id, o.letter_no
LIMIT :count;
