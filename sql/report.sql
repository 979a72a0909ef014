-- Sums over the book for people.

-- report_stages() :many
SELECT stage, count(*) AS "case_count::INTEGER"
FROM case_state
GROUP BY stage
ORDER BY stage;

-- report_letters() :one
SELECT count(*) AS "letter_count::INTEGER"
FROM outbox
WHERE withdrawn_on IS NULL;

-- report_payments() :one
SELECT count(*) AS "payment_count::INTEGER", coalesce(sum(amount_minor), 0) AS "sum_minor::INTEGER"
FROM payment
WHERE kind = 'credit';

-- report_paid_out() :one
SELECT coalesce(sum(amount_minor), 0) AS "sum_minor::INTEGER"
FROM payout
WHERE kind = 'client' AND state <> 'rejected';

-- report_payouts_in_transit() :many
SELECT payout_id, name, account, amount_minor, end_to_end
FROM payout
WHERE state = 'in_transit'
ORDER BY payout_id;
