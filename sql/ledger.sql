-- The house's own vouchers, kept balances, settlements and payouts.

-- voucher_last() :one
SELECT coalesce(max(voucher_id), 0) AS "voucher_id::INTEGER"
FROM voucher;

-- voucher_insert(voucher_id i64, kind text, counts_on date, booked_on date, description text, reference text) :exec
INSERT INTO voucher (voucher_id, kind, counts_on, booked_on, description, reference)
VALUES (:voucher_id, :kind, :counts_on, :booked_on, :description, :reference);

-- voucher_line_insert(voucher_id i64, line_no i64, account i64, client_no i64?, amount_minor money) :bulk
INSERT INTO voucher_line (voucher_id, line_no, account, client_no, amount_minor)
VALUES (:voucher_id, :line_no, :account, :client_no, :amount_minor);

-- voucher_find(reference text) :one
SELECT voucher_id
FROM voucher
WHERE reference = :reference
ORDER BY voucher_id
LIMIT 1;

-- voucher_of_kind(kind text, reference text) :one
SELECT voucher_id, counts_on
FROM voucher
WHERE reference = :reference AND kind = :kind
ORDER BY voucher_id
LIMIT 1;

-- voucher_page(after i64, count i64) :many
SELECT voucher_id, kind, counts_on, booked_on, description, reference
FROM voucher
WHERE voucher_id > :after
ORDER BY voucher_id
LIMIT :count;

-- voucher_lines() :many
-- Picked by voucher (id).
SELECT l.voucher_id, l.line_no, l.account, l.client_no AS "client_no?", l.amount_minor
FROM pick p
JOIN voucher_line l ON l.voucher_id = p.id
ORDER BY l.voucher_id, l.line_no;

-- account_day_add(account i64, counts_on date, amount_minor money) :bulk
INSERT INTO account_day (account, counts_on, amount_minor)
VALUES (:account, :counts_on, :amount_minor)
ON CONFLICT (account, counts_on) DO UPDATE SET amount_minor = account_day.amount_minor + excluded.amount_minor;

-- account_day_list() :many
SELECT account, counts_on, amount_minor
FROM account_day
ORDER BY account, counts_on;

-- account_balances(day date) :many
SELECT account, sum(amount_minor) AS "balance_minor::INTEGER"
FROM account_day
WHERE counts_on <= :day
GROUP BY account
ORDER BY account;

-- account_balance(account i64, day date) :one
SELECT coalesce(sum(amount_minor), 0) AS "balance_minor::INTEGER"
FROM account_day
WHERE account = :account AND counts_on <= :day;

-- client_due_insert(client_no i64, case_id i64, event_no i64, booked_on date, amount_minor money) :bulk
INSERT INTO client_due (client_no, case_id, event_no, booked_on, amount_minor)
VALUES (:client_no, :case_id, :event_no, :booked_on, :amount_minor);

-- client_due_clients(day date) :many
SELECT client_no, sum(amount_minor) AS "amount_minor::INTEGER"
FROM client_due
WHERE booked_on <= :day
GROUP BY client_no
ORDER BY client_no;

-- client_due_settle(settlement_no i64, client_no i64, day date) :exec
INSERT INTO settlement_line (settlement_no, case_id, event_no, amount_minor)
SELECT :settlement_no, case_id, event_no, amount_minor
FROM client_due
WHERE client_no = :client_no AND booked_on <= :day;

-- client_due_delete(client_no i64, day date) :exec
DELETE FROM client_due
WHERE client_no = :client_no AND booked_on <= :day;

-- settlement_run_last() :one
SELECT coalesce(max(run_id), 0) AS "run_id::INTEGER"
FROM settlement_run;

-- settlement_run_find(settled_on date) :many
SELECT run_id, settled_on, booked_on, message_id
FROM settlement_run
WHERE settled_on = :settled_on
ORDER BY run_id;

-- settlement_run_insert(run_id i64, settled_on date, booked_on date, message_id text) :exec
INSERT INTO settlement_run (run_id, settled_on, booked_on, message_id)
VALUES (:run_id, :settled_on, :booked_on, :message_id);

-- settlement_last() :one
SELECT coalesce(max(settlement_no), 0) AS "settlement_no::INTEGER"
FROM settlement;

-- settlement_before(client_no i64, settlement_no i64) :one
-- The client's settlement before this one.
SELECT settlement_no, settled_on
FROM settlement
WHERE client_no = :client_no AND settlement_no < :settlement_no
ORDER BY settlement_no DESC
LIMIT 1;

-- settlement_carried() :many
-- What each client's last settlement left to the next.
SELECT s.client_no, s.carried_minor + s.movement_minor - s.payout_minor AS "carried_minor::INTEGER"
FROM settlement s
JOIN (SELECT max(settlement_no) AS last_no FROM settlement GROUP BY client_no) l ON l.last_no = s.settlement_no
ORDER BY s.client_no;

-- settlement_insert(settlement_no i64, run_id i64, client_no i64, settled_on date, carried_minor money, movement_minor money, payout_minor money) :exec
INSERT INTO settlement (settlement_no, run_id, client_no, settled_on, carried_minor, movement_minor, payout_minor)
VALUES (:settlement_no, :run_id, :client_no, :settled_on, :carried_minor, :movement_minor, :payout_minor);

-- settlement_list(run_id i64) :many
SELECT settlement_no, client_no, settled_on, carried_minor, movement_minor, payout_minor
FROM settlement
WHERE run_id = :run_id
ORDER BY settlement_no;

-- settlement_find(settlement_no i64) :one
SELECT settlement_no, client_no, settled_on, carried_minor, movement_minor, payout_minor
FROM settlement
WHERE settlement_no = :settlement_no;

-- settlement_lines(settlement_no i64, after_case i64, after_event i64, count i64) :many
-- A client's movements with what a statement shows of each.
SELECT q.case_id, q.event_no, q.amount_minor, e.what, e.counts_on, e.booked_on, e.reverses AS "reverses?",
	e.owed_minor, e.principal_minor, e.accrued_minor, e.interest_minor, e.fee_minor, e.compensation_minor,
	e.salaer_minor, e.plan_fee_minor, e.legal_minor, e.hold_minor, e.refund_minor, e.salaer_income_minor,
	e.commission_minor, e.vat_minor, e.outlay_minor, t.vat_deductible, t.commission_bp, c.invoice_no, d.name AS debtor_name
FROM settlement_line q
JOIN event e ON e.case_id = q.case_id AND e.event_no = q.event_no
JOIN claim c ON c.case_id = q.case_id
JOIN terms t ON t.client_no = c.client_no AND t.terms_no = c.terms_no
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE q.settlement_no = :settlement_no AND (q.case_id, q.event_no) > (:after_case, :after_event)
ORDER BY q.case_id, q.event_no
LIMIT :count;

-- settlement_drawn_later(day date) :one
-- The agency's share of what was booked after a day; only asked when settling for a day gone by.
SELECT coalesce(sum(drawable_minor), 0) AS "drawable_minor::INTEGER"
FROM event
WHERE booked_on > :day;

-- payout_last() :one
SELECT coalesce(max(payout_id), 0) AS "payout_id::INTEGER"
FROM payout;

-- payout_insert(payout_id i64, run_id i64, kind text, client_no i64?, payment_id i64?, name text, account text, amount_minor money, end_to_end text, state text, state_on date) :exec
INSERT INTO payout (payout_id, run_id, kind, client_no, payment_id, name, account, amount_minor, end_to_end, state,
	state_on)
VALUES (:payout_id, :run_id, :kind, :client_no, :payment_id, :name, :account, :amount_minor, :end_to_end, :state,
	:state_on);

-- payout_list(run_id i64) :many
SELECT payout_id, kind, client_no AS "client_no?", payment_id AS "payment_id?", name, account, amount_minor, end_to_end, state, state_on
FROM payout
WHERE run_id = :run_id
ORDER BY payout_id;

-- payout_rejected() :many
-- Refused by the bank and not yet taken up by a settlement.
SELECT payout_id, kind, client_no AS "client_no?", payment_id AS "payment_id?", name, account, amount_minor
FROM payout
WHERE state = 'rejected'
ORDER BY payout_id;

-- payout_find(end_to_end text) :one
SELECT payout_id, kind, client_no AS "client_no?", payment_id AS "payment_id?", amount_minor, state
FROM payout
WHERE end_to_end = :end_to_end;

-- payout_by_amount(amount_minor money) :many
SELECT payout_id, end_to_end
FROM payout
WHERE state = 'in_transit' AND amount_minor = :amount_minor
ORDER BY payout_id;

-- payout_state(state text, state_on date, payout_id i64) :exec
UPDATE payout
SET state = :state, state_on = :state_on
WHERE payout_id = :payout_id;

-- statement_insert(account text, closed_on date, statement_ref text, file_id i64, opening_minor money, closing_minor money) :exec
INSERT INTO statement (account, closed_on, statement_ref, file_id, opening_minor, closing_minor)
VALUES (:account, :closed_on, :statement_ref, :file_id, :opening_minor, :closing_minor)
ON CONFLICT (account, closed_on, statement_ref) DO UPDATE SET file_id = excluded.file_id,
	opening_minor = excluded.opening_minor, closing_minor = excluded.closing_minor;

-- statement_last() :one
SELECT account, closed_on, statement_ref, opening_minor, closing_minor
FROM statement
ORDER BY closed_on DESC, statement_ref DESC
LIMIT 1;

-- refund_due_open(day date) :many
-- Rows of one case stand together.
SELECT payment_id, case_id, event_no, amount_minor
FROM refund_due
WHERE booked_on <= :day
ORDER BY case_id, event_no, payment_id;

-- refund_due_fact(case_id i64, event_no i64) :one
-- The bank payment that a refund's own event worked in.
SELECT f.payment_id AS "payment_id?"
FROM event e
JOIN fact f ON f.case_id = coalesce(e.other_id, e.case_id) AND f.fact_no = e.fact_no
WHERE e.case_id = :case_id AND e.event_no = :event_no AND f.kind = 'payment';

-- refund_due_latest(case_id i64) :one
-- The case's latest bank payment: where a refund goes that no payment of its own brought about.
SELECT payment_id AS "payment_id?"
FROM fact
WHERE case_id = :case_id AND kind = 'payment' AND payment_id IS NOT NULL
ORDER BY counts_on DESC, fact_no DESC
LIMIT 1;

-- refund_due_remove(payment_id i64, case_id i64, event_no i64) :exec
DELETE FROM refund_due
WHERE payment_id = :payment_id AND case_id = :case_id AND event_no = :event_no;

-- ledger_event_sums() :one
-- Every column of the cases' journal added up.
SELECT coalesce(sum(principal_minor), 0) AS "principal_minor::INTEGER",
	coalesce(sum(accrued_minor), 0) AS "accrued_minor::INTEGER",
	coalesce(sum(interest_minor), 0) AS "interest_minor::INTEGER", coalesce(sum(fee_minor), 0) AS "fee_minor::INTEGER",
	coalesce(sum(compensation_minor), 0) AS "compensation_minor::INTEGER",
	coalesce(sum(salaer_minor), 0) AS "salaer_minor::INTEGER",
	coalesce(sum(plan_fee_minor), 0) AS "plan_fee_minor::INTEGER",
	coalesce(sum(legal_minor), 0) AS "legal_minor::INTEGER", coalesce(sum(owed_minor), 0) AS "owed_minor::INTEGER",
	coalesce(sum(hold_minor), 0) AS "hold_minor::INTEGER", coalesce(sum(client_minor), 0) AS "client_minor::INTEGER",
	coalesce(sum(refund_minor), 0) AS "refund_minor::INTEGER",
	coalesce(sum(drawable_minor), 0) AS "drawable_minor::INTEGER", coalesce(sum(own_minor), 0) AS "own_minor::INTEGER",
	coalesce(sum(salaer_income_minor), 0) AS "salaer_income_minor::INTEGER",
	coalesce(sum(commission_minor), 0) AS "commission_minor::INTEGER",
	coalesce(sum(vat_minor), 0) AS "vat_minor::INTEGER", coalesce(sum(outlay_minor), 0) AS "outlay_minor::INTEGER"
FROM event;

-- ledger_voucher_sums() :many
SELECT account, sum(amount_minor) AS "amount_minor::INTEGER"
FROM voucher_line
GROUP BY account
ORDER BY account;
