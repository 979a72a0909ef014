-- A case: its claim, facts, journal and state. Batch reads join the temporary table pick.

-- case_group_ids() :many
-- The cases that may be joined with the picked ones, themselves among them.
SELECT g.case_id
FROM pick p
JOIN claim c ON c.case_id = p.id
JOIN claim_group g ON g.debtor_id = c.debtor_id AND g.client_no = c.client_no
WHERE c.alone = 0
ORDER BY p.no;

-- case_claims() :many
-- These four: rows of the picked cases, in the order they were picked (which needs no sorting).
SELECT c.case_id, c.client_no, c.terms_no, c.debtor_id, c.business, c.alone, c.invoice_no, c.issued_on, c.due_on,
	c.received_on, c.amount_minor, c.paid_minor, c.reminder_on AS "reminder_on?", c.notice_on AS "notice_on?",
	c.notice_deadline AS "notice_deadline?", c.fees_minor
FROM pick p
JOIN claim c ON c.case_id = p.id
ORDER BY p.no;

-- case_facts() :many
SELECT f.case_id, f.fact_no, f.kind, f.counts_on, f.booked_on, f.ledger_on AS "ledger_on?", f.until_on AS "until_on?",
	f.amount_minor, f.code, f.number, f.payment_id AS "payment_id?", f.note
FROM pick p
JOIN fact f ON f.case_id = p.id
ORDER BY p.no, f.fact_no;

-- case_events() :many
SELECT e.case_id, e.event_no, e.what, e.counts_on, e.booked_on, e.ledger_on AS "ledger_on?", e.fact_no AS "fact_no?",
	e.reverses AS "reverses?", e.deadline_on AS "deadline_on?", e.other_id AS "other_id?", e.principal_minor,
	e.accrued_minor, e.interest_minor, e.fee_minor, e.compensation_minor, e.salaer_minor, e.plan_fee_minor,
	e.legal_minor, e.hold_minor, e.client_minor, e.refund_minor, e.drawable_minor, e.own_minor,
	e.salaer_income_minor, e.commission_minor, e.vat_minor, e.outlay_minor
FROM pick p
JOIN event e ON e.case_id = p.id
ORDER BY p.no, e.event_no;

-- case_states() :many
SELECT s.case_id, s.stage, s.next_step, s.next_on AS "next_on?", s.wake_on AS "wake_on?",
	s.stepped_on AS "stepped_on?", s.closed_on AS "closed_on?", s.carrier_id AS "carrier_id?", s.principal_minor,
	s.costs_minor, s.compensation_minor, s.paid_minor, s.refund_minor, s.interest_sum,
	s.interest_on AS "interest_on?", s.interest_paid_minor, s.event_count, s.fact_count, s.letter_count,
	s.event_print
FROM pick p
JOIN case_state s ON s.case_id = p.id
ORDER BY p.no;

-- case_due(day date, count i64) :many
-- What the night has to look at, in order of case.
SELECT case_id
FROM case_state
WHERE wake_on <= :day
ORDER BY wake_on, case_id
LIMIT :count;

-- case_due_first() :one
SELECT wake_on AS "wake_on?"
FROM case_state
WHERE wake_on IS NOT NULL
ORDER BY wake_on, case_id
LIMIT 1;

-- case_last() :one
SELECT coalesce(max(case_id), 0) AS "case_id::INTEGER"
FROM claim;

-- case_claim_insert(case_id i64, client_no i64, terms_no i64, debtor_id i64, business i64, alone i64, invoice_no text, issued_on date, due_on date, received_on date, amount_minor money, paid_minor money, currency text, description text, own_kid text, language text, reminder_on date?, notice_on date?, notice_deadline date?, fees_minor money) :bulk
INSERT INTO claim (case_id, client_no, terms_no, debtor_id, business, alone, invoice_no, issued_on, due_on, received_on,
	amount_minor, paid_minor, currency, description, own_kid, language, reminder_on, notice_on, notice_deadline,
	fees_minor)
VALUES (:case_id, :client_no, :terms_no, :debtor_id, :business, :alone, :invoice_no, :issued_on, :due_on, :received_on,
	:amount_minor, :paid_minor, :currency, :description, :own_kid, :language, :reminder_on, :notice_on,
	:notice_deadline, :fees_minor);

-- case_invoice_insert(client_no i64, invoice_no text, case_id i64) :bulk
INSERT INTO claim_invoice (client_no, invoice_no, case_id)
VALUES (:client_no, :invoice_no, :case_id);

-- case_invoice_find() :many
-- Picked by client number (id) and invoice number (key).
SELECT p.no, i.case_id, c.amount_minor, c.due_on
FROM pick p
JOIN claim_invoice i ON i.client_no = p.id AND i.invoice_no = p.key
JOIN claim c ON c.case_id = i.case_id
ORDER BY p.no;

-- case_kid_insert(kid text, case_id i64) :bulk
INSERT INTO claim_kid (kid, case_id)
VALUES (:kid, :case_id);

-- case_kid_find() :many
-- Cases with a creditor's own KID (key), oldest first; one KID may stand on several invoices.
SELECT p.no, k.case_id, s.closed_on AS "closed_on?"
FROM pick p
JOIN claim_kid k ON k.kid = p.key
JOIN case_state s ON s.case_id = k.case_id
ORDER BY p.no, k.case_id;

-- case_group_insert(debtor_id i64, client_no i64, case_id i64) :bulk
INSERT INTO claim_group (debtor_id, client_no, case_id)
VALUES (:debtor_id, :client_no, :case_id);

-- case_group_find(day date) :many
-- Picked by debtor (id) and client (id2): who has cases already, how far they have been stepped, and the first day time
-- brings something to one that came before the given day.
SELECT p.no, max(s.stepped_on) AS "stepped_on::DATE?",
	min(CASE WHEN c.received_on < :day THEN s.wake_on END) AS "wake_on::DATE?"
FROM pick p
JOIN claim_group g ON g.debtor_id = p.id AND g.client_no = p.id2
JOIN claim c ON c.case_id = g.case_id
JOIN case_state s ON s.case_id = g.case_id
GROUP BY p.no
ORDER BY p.no;

-- case_fact_insert(case_id i64, fact_no i64, kind text, counts_on date, booked_on date, ledger_on date?, until_on date?, amount_minor money, code text, number i64, payment_id i64?, note text, by_user text) :bulk
INSERT INTO fact (case_id, fact_no, kind, counts_on, booked_on, ledger_on, until_on, amount_minor, code, number,
	payment_id, note, by_user)
VALUES (:case_id, :fact_no, :kind, :counts_on, :booked_on, :ledger_on, :until_on, :amount_minor, :code, :number,
	:payment_id, :note, :by_user);

-- case_event_insert(case_id i64, event_no i64, what text, counts_on date, booked_on date, ledger_on date?, fact_no i64?, reverses i64?, deadline_on date?, other_id i64?, owed_minor money, principal_minor money, accrued_minor money, interest_minor money, fee_minor money, compensation_minor money, salaer_minor money, plan_fee_minor money, legal_minor money, hold_minor money, client_minor money, refund_minor money, drawable_minor money, own_minor money, salaer_income_minor money, commission_minor money, vat_minor money, outlay_minor money) :bulk
INSERT INTO event (case_id, event_no, what, counts_on, booked_on, ledger_on, fact_no, reverses, deadline_on, other_id,
	owed_minor, principal_minor, accrued_minor, interest_minor, fee_minor, compensation_minor, salaer_minor,
	plan_fee_minor, legal_minor, hold_minor, client_minor, refund_minor, drawable_minor, own_minor,
	salaer_income_minor, commission_minor, vat_minor, outlay_minor)
VALUES (:case_id, :event_no, :what, :counts_on, :booked_on, :ledger_on, :fact_no, :reverses, :deadline_on, :other_id,
	:owed_minor, :principal_minor, :accrued_minor, :interest_minor, :fee_minor, :compensation_minor, :salaer_minor,
	:plan_fee_minor, :legal_minor, :hold_minor, :client_minor, :refund_minor, :drawable_minor, :own_minor,
	:salaer_income_minor, :commission_minor, :vat_minor, :outlay_minor);

-- case_state_insert(case_id i64, stage text, next_step text, next_on date?, wake_on date?, stepped_on date?, closed_on date?, carrier_id i64?, principal_minor money, costs_minor money, compensation_minor money, paid_minor money, refund_minor money, interest_sum i64, interest_on date?, interest_paid_minor money, event_count i64, fact_count i64, letter_count i64, event_print i64) :bulk
INSERT INTO case_state (case_id, stage, next_step, next_on, wake_on, stepped_on, closed_on, carrier_id, principal_minor,
	costs_minor, compensation_minor, paid_minor, refund_minor, interest_sum, interest_on, interest_paid_minor,
	event_count, fact_count, letter_count, event_print)
VALUES (:case_id, :stage, :next_step, :next_on, :wake_on, :stepped_on, :closed_on, :carrier_id, :principal_minor,
	:costs_minor, :compensation_minor, :paid_minor, :refund_minor, :interest_sum, :interest_on,
	:interest_paid_minor, :event_count, :fact_count, :letter_count, :event_print);

-- case_state_update(stage text, next_step text, next_on date?, wake_on date?, stepped_on date?, closed_on date?, carrier_id i64?, principal_minor money, costs_minor money, compensation_minor money, paid_minor money, refund_minor money, interest_sum i64, interest_on date?, interest_paid_minor money, event_count i64, fact_count i64, letter_count i64, event_print i64, case_id i64) :bulk
UPDATE case_state
SET stage = :stage, next_step = :next_step, next_on = :next_on, wake_on = :wake_on, stepped_on = :stepped_on,
	closed_on = :closed_on, carrier_id = :carrier_id, principal_minor = :principal_minor,
	costs_minor = :costs_minor, compensation_minor = :compensation_minor, paid_minor = :paid_minor,
	refund_minor = :refund_minor, interest_sum = :interest_sum, interest_on = :interest_on,
	interest_paid_minor = :interest_paid_minor, event_count = :event_count, fact_count = :fact_count,
	letter_count = :letter_count, event_print = :event_print
WHERE case_id = :case_id;

-- case_page(after i64, client_no i64?, stage text?, count i64) :many
-- A page of the case list, by case number.
SELECT c.case_id, c.client_no, c.invoice_no, c.due_on, c.debtor_id, d.name AS debtor_name, s.stage, s.next_step,
	s.next_on AS "next_on?", s.carrier_id AS "carrier_id?", s.principal_minor, s.costs_minor,
	s.compensation_minor, s.interest_sum, s.interest_on AS "interest_on?", s.interest_paid_minor
FROM claim c
JOIN case_state s ON s.case_id = c.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE c.case_id > :after AND (:client_no IS NULL OR c.client_no = :client_no) AND (:stage IS NULL OR s.stage = :stage)
ORDER BY c.case_id
LIMIT :count;

-- case_ids(after i64, count i64) :many
SELECT case_id
FROM claim
WHERE case_id > :after
ORDER BY case_id
LIMIT :count;

-- case_joined(carrier_id i64, client_no i64, debtor_id i64) :many
-- Claims that have gone into this case.
SELECT g.case_id, c.invoice_no
FROM claim_group g
JOIN case_state s ON s.case_id = g.case_id
JOIN claim c ON c.case_id = g.case_id
WHERE g.debtor_id = :debtor_id AND g.client_no = :client_no AND s.carrier_id = :carrier_id
ORDER BY g.case_id;

-- case_detail(case_id i64) :one
SELECT c.case_id, c.client_no, c.invoice_no, c.issued_on, c.due_on, c.received_on, c.currency, c.description,
	c.own_kid, c.language, c.debtor_id, c.alone, d.kind AS debtor_kind, d.ident AS debtor_ident,
	d.name AS debtor_name, d.address, d.postcode, d.city, d.country, d.phone, d.email, l.name AS client_name
FROM claim c
JOIN debtor d ON d.debtor_id = c.debtor_id
JOIN client l ON l.client_no = c.client_no
WHERE c.case_id = :case_id;

-- case_owed_scan() :each
-- What is needed to reckon what each case owes on a day, and nothing else.
SELECT s.case_id, s.principal_minor, s.costs_minor, s.compensation_minor, s.interest_sum,
	s.interest_on AS "interest_on?", s.interest_paid_minor
FROM case_state s
ORDER BY s.case_id;
