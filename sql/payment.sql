-- Payments, the files they came in, and the hold account's work list.

-- file_find(sha256 text) :one
SELECT file_id, name, kind, imported_on, row_count, sum_minor
FROM file
WHERE sha256 = :sha256;

-- file_last_id() :one
SELECT coalesce(max(file_id), 0) AS "file_id::INTEGER"
FROM file;

-- file_last_bank() :one
SELECT name, kind, imported_on
FROM file
WHERE kind IN ('ocr', 'camt054', 'camt053') AND sha256 NOT LIKE 'begun:%'
ORDER BY file_id DESC
LIMIT 1;

-- file_insert(file_id i64, name text, kind text, sha256 text, imported_on date, row_count i64, sum_minor money) :exec
INSERT INTO file (file_id, name, kind, sha256, imported_on, row_count, sum_minor)
VALUES (:file_id, :name, :kind, :sha256, :imported_on, :row_count, :sum_minor);

-- file_complete(sha256 text, row_count i64, sum_minor money, file_id i64) :exec
UPDATE file
SET sha256 = :sha256, row_count = :row_count, sum_minor = :sum_minor
WHERE file_id = :file_id;

-- file_part_insert(file_id i64, part_no i64, body blob) :exec
INSERT INTO file_part (file_id, part_no, body)
VALUES (:file_id, :part_no, :body)
ON CONFLICT (file_id, part_no) DO NOTHING;

-- payment_last() :one
SELECT coalesce(max(payment_id), 0) AS "payment_id::INTEGER"
FROM payment;

-- payment_find_prints() :many
-- Picked by fingerprint (key): payments booked before, and by which file.
SELECT p.no, y.payment_id, y.file_id
FROM pick p
JOIN payment y ON y.fingerprint = p.key
ORDER BY p.no;

-- payment_insert(payment_id i64, file_id i64, line_no i64, kind text, account text, settled_on date, counts_on date, booked_on date, amount_minor money, currency text, kid text, payer_account text, payer_name text, message text, reference text, fingerprint text) :bulk
INSERT INTO payment (payment_id, file_id, line_no, kind, account, settled_on, counts_on, booked_on, amount_minor,
	currency, kid, payer_account, payer_name, message, reference, fingerprint)
VALUES (:payment_id, :file_id, :line_no, :kind, :account, :settled_on, :counts_on, :booked_on, :amount_minor,
	:currency, :kid, :payer_account, :payer_name, :message, :reference, :fingerprint);

-- payment_get(payment_id i64) :one
SELECT payment_id, kind, account, settled_on, counts_on, booked_on, amount_minor, currency, kid, payer_account,
	payer_name, message, reference
FROM payment
WHERE payment_id = :payment_id;

-- payment_hold_insert(payment_id i64, reason text) :bulk
INSERT INTO payment_hold (payment_id, reason)
VALUES (:payment_id, :reason);

-- payment_hold_get(payment_id i64) :one
SELECT payment_id, reason
FROM payment_hold
WHERE payment_id = :payment_id;

-- payment_hold_delete(payment_id i64) :exec
DELETE FROM payment_hold
WHERE payment_id = :payment_id;

-- payment_hold_page(after i64, count i64) :many
SELECT h.payment_id, h.reason, y.kind, y.settled_on, y.counts_on, y.amount_minor, y.currency, y.kid, y.payer_account,
	y.payer_name, y.message, y.reference
FROM payment_hold h
JOIN payment y ON y.payment_id = h.payment_id
WHERE h.payment_id > :after
ORDER BY h.payment_id
LIMIT :count;

-- payment_hold_sum() :one
SELECT coalesce(sum(CASE WHEN y.kind = 'credit' THEN y.amount_minor ELSE -y.amount_minor END), 0)
	AS "sum_minor::INTEGER"
FROM payment_hold h
JOIN payment y ON y.payment_id = h.payment_id;

-- payment_hold_sums(reason text, account text, first_on date, last_on date) :many
-- Sums without details that are on hold: the payments they are made of may come in another file.
SELECT h.payment_id, y.settled_on, y.amount_minor, y.reference, y.fingerprint
FROM payment_hold h
JOIN payment y ON y.payment_id = h.payment_id
WHERE h.reason = :reason AND y.account = :account AND y.settled_on >= :first_on AND y.settled_on <= :last_on
	AND y.kind = 'credit'
ORDER BY h.payment_id;

-- payment_fact_by_amount(case_id i64, amount_minor money) :many
-- Bank payments of a case of one amount that are not taken back, latest first: what a reversal may be of.
SELECT f.fact_no, f.counts_on, y.payer_account
FROM fact f
JOIN payment y ON y.payment_id = f.payment_id
WHERE f.case_id = :case_id AND f.kind = 'payment' AND f.amount_minor = :amount_minor
	AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.case_id = f.case_id AND r.kind = 'reversal' AND r.number = f.fact_no)
ORDER BY f.counts_on DESC, f.fact_no DESC;

-- receipt_insert(account text, settled_on date, file_id i64, batch text, amount_minor money, entry text) :bulk
INSERT INTO receipt (account, settled_on, file_id, batch, amount_minor, entry)
VALUES (:account, :settled_on, :file_id, :batch, :amount_minor, :entry);

-- receipt_list(account text, settled_on date, entry text) :many
-- Sums of a day that no statement has shown yet, and those that this entry showed.
SELECT file_id, batch, amount_minor, entry
FROM receipt
WHERE account = :account AND settled_on = :settled_on AND (entry = '' OR entry = :entry)
ORDER BY file_id, batch;

-- receipt_match(entry text, account text, settled_on date, file_id i64, batch text) :exec
UPDATE receipt
SET entry = :entry
WHERE account = :account AND settled_on = :settled_on AND file_id = :file_id AND batch = :batch;

-- refund_due_insert(payment_id i64, case_id i64, event_no i64, booked_on date, amount_minor money) :bulk
INSERT INTO refund_due (payment_id, case_id, event_no, booked_on, amount_minor)
VALUES (:payment_id, :case_id, :event_no, :booked_on, :amount_minor);

-- payout_transit_runs() :many
-- What is on its way to the bank, by settlement run: a bank may debit a run in one sum.
SELECT run_id, sum(amount_minor) AS "amount_minor::INTEGER"
FROM payout
WHERE state = 'in_transit'
GROUP BY run_id
ORDER BY run_id;

-- payout_transit_run(run_id i64) :many
SELECT payout_id, kind, client_no AS "client_no?", amount_minor, end_to_end
FROM payout
WHERE run_id = :run_id AND state = 'in_transit'
ORDER BY payout_id;

-- payout_run_of_message(message_id text) :many
SELECT run_id
FROM settlement_run
WHERE message_id = :message_id
ORDER BY run_id;

-- statement_before(account text, day date, statement_ref text) :many
-- The latest statements before one, or of its day: the last of them must close where it opens.
SELECT closed_on, closing_minor
FROM statement
WHERE account = :account AND closed_on <= :day AND statement_ref <> :statement_ref
ORDER BY closed_on DESC, statement_ref DESC
LIMIT 20;
