-- Queries of the store tests: every kind, every type, every way of missing.

-- test_fact_insert(case_id i64, fact_no i64, kind text, counts_on date, booked_on date, ledger_on date?, until_on date?,
-- amount_minor money, code text, number i64, payment_id i64?, note text, by_user text) :bulk
-- Goes straight into the table.
INSERT INTO fact (case_id, fact_no, kind, counts_on, booked_on, ledger_on, until_on, amount_minor, code, number,
	payment_id, note, by_user)
VALUES (:case_id, :fact_no, :kind, :counts_on, :booked_on, :ledger_on, :until_on, :amount_minor, :code, :number,
	:payment_id, :note, :by_user);

-- test_fact_insert_one(case_id i64, fact_no i64, counts_on date, ledger_on date?, amount_minor money, payment_id i64?,
-- note text) :exec
INSERT INTO fact (case_id, fact_no, kind, counts_on, booked_on, ledger_on, until_on, amount_minor, code, number,
	payment_id, note, by_user)
VALUES (:case_id, :fact_no, 'payment', :counts_on, :counts_on, :ledger_on, NULL, :amount_minor, '', 0, :payment_id,
	:note, 'test');

-- test_fact_update(note text, payment_id i64?, until_on date?, case_id i64, fact_no i64) :bulk
UPDATE fact SET note = :note, payment_id = :payment_id, until_on = :until_on
WHERE case_id = :case_id AND fact_no = :fact_no;

-- test_fact_delete(case_id i64, fact_no i64) :bulk
DELETE FROM fact WHERE case_id = :case_id AND fact_no = :fact_no;

-- test_fact_list(from_case i64?) :many
SELECT case_id, fact_no, kind, counts_on, booked_on, ledger_on AS "ledger_on?", until_on AS "until_on?", amount_minor,
	code, number, payment_id AS "payment_id?", note, by_user
FROM fact
WHERE :from_case IS NULL OR case_id >= :from_case
ORDER BY case_id, fact_no;

-- test_fact_each() :each
SELECT case_id, fact_no, note FROM fact ORDER BY case_id, fact_no;

-- test_fact_sum(until date?) :one
SELECT count(*) AS "fact_count::INTEGER", sum(amount_minor) AS "total_minor::INTEGER?",
	max(ledger_on) AS "last_on::DATE?", max(note) AS "last_note::TEXT?"
FROM fact
WHERE :until IS NULL OR counts_on <= :until;

-- test_fact_two(case_id i64) :one
-- Wrong on purpose when the case has two facts.
SELECT fact_no FROM fact WHERE case_id = :case_id;

-- test_day_add(account i64, counts_on date, amount_minor money) :bulk
INSERT INTO account_day (account, counts_on, amount_minor)
VALUES (:account, :counts_on, :amount_minor)
ON CONFLICT (account, counts_on) DO UPDATE SET amount_minor = account_day.amount_minor + excluded.amount_minor;

-- test_day_once(account i64, counts_on date, amount_minor money) :bulk
INSERT INTO account_day (account, counts_on, amount_minor)
VALUES (:account, :counts_on, :amount_minor)
ON CONFLICT DO NOTHING;

-- test_day_list() :many
SELECT account, counts_on, amount_minor FROM account_day ORDER BY account, counts_on;

-- test_part_put(file_id i64, part_no i64, body blob) :bulk
INSERT INTO file_part (file_id, part_no, body) VALUES (:file_id, :part_no, :body);

-- test_part_get(file_id i64, part_no i64) :one
SELECT body FROM file_part WHERE file_id = :file_id AND part_no = :part_no;

-- test_run_insert(settled_on date, message_id text) :one
INSERT INTO settlement_run (run_id, settled_on, booked_on, message_id)
SELECT coalesce(max(run_id), 0) + 1, :settled_on, :settled_on, :message_id FROM settlement_run WHERE true
RETURNING run_id AS "run_id::INTEGER";

-- test_pick_list() :many
SELECT no, id, id2, key FROM pick ORDER BY no;

-- test_pick_fact() :many
SELECT p.no, p.key, f.case_id AS "case_id?", f.note AS "note?"
FROM pick p
LEFT JOIN fact f ON f.case_id = p.id AND f.fact_no = p.id2
ORDER BY p.no;

-- test_null_by_mistake() :many
-- A NULL that no declaration foretold: must be an error, never a zero.
SELECT case_id, nullif(fact_no, fact_no) AS "number::INTEGER" FROM fact ORDER BY case_id, fact_no;
