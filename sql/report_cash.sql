-- Money by the day it was settled, for reports.

-- report_cash_client(client_no i64, from_on date, until_on date) :many
-- What has left the hold account for the client's cases: their part of account 2910's movement.
SELECT coalesce(e.ledger_on, e.counts_on) AS "settled_on::DATE", sum(e.hold_minor) AS "cash_minor::INTEGER"
FROM claim c
JOIN event e ON e.case_id = c.case_id
WHERE c.client_no = :client_no AND e.hold_minor <> 0 AND coalesce(e.ledger_on, e.counts_on) >= :from_on
	AND coalesce(e.ledger_on, e.counts_on) <= :until_on
GROUP BY coalesce(e.ledger_on, e.counts_on)
ORDER BY 1;

-- report_voucher_days(account i64, from_on date, until_on date) :many
-- The same of all cases is an account's kept movement (report_account_days) less what vouchers have moved on it.
SELECT v.counts_on, sum(l.amount_minor) AS "amount_minor::INTEGER"
FROM voucher v
JOIN voucher_line l ON l.voucher_id = v.voucher_id
WHERE l.account = :account AND v.counts_on >= :from_on AND v.counts_on <= :until_on
GROUP BY v.counts_on
ORDER BY v.counts_on;

-- report_account_days(account i64, from_on date, until_on date) :many
SELECT counts_on, amount_minor
FROM account_day
WHERE account = :account AND counts_on >= :from_on AND counts_on <= :until_on
ORDER BY counts_on;
