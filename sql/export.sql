-- Reading the whole book, page by page, in key order: what exports and checks stand on.

-- event_page(after_case i64, after_event i64, count i64) :many
SELECT e.case_id, e.event_no, e.what, e.counts_on, e.booked_on, e.ledger_on AS "ledger_on?", e.owed_minor,
	e.principal_minor, e.accrued_minor, e.interest_minor, e.fee_minor, e.compensation_minor, e.salaer_minor,
	e.plan_fee_minor, e.legal_minor, e.hold_minor, e.client_minor, e.refund_minor, e.drawable_minor, e.own_minor,
	e.salaer_income_minor, e.commission_minor, e.vat_minor, e.outlay_minor, c.client_no, t.vat_deductible
FROM event e
JOIN claim c ON c.case_id = e.case_id
JOIN terms t ON t.client_no = c.client_no AND t.terms_no = c.terms_no
WHERE (e.case_id, e.event_no) > (:after_case, :after_event)
ORDER BY e.case_id, e.event_no
LIMIT :count;

-- account_used() :many
-- Every account a voucher has posted to. (A day's postings may cancel out, so the kept balances do not tell.)
SELECT DISTINCT account
FROM voucher_line
ORDER BY account;

-- claim_owed_page(after i64, count i64) :many
SELECT c.case_id, c.client_no, c.invoice_no, c.issued_on, c.due_on, c.amount_minor, d.name AS debtor_name, s.stage,
	s.carrier_id AS "carrier_id?", s.principal_minor, s.costs_minor, s.compensation_minor, s.interest_sum,
	s.interest_on AS "interest_on?", s.interest_paid_minor
FROM claim c
JOIN case_state s ON s.case_id = c.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE c.case_id > :after
ORDER BY c.case_id
LIMIT :count;
