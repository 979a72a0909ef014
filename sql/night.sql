-- The night: the days none was run.

-- night_gap_list() :many
SELECT first_on, last_on
FROM night_gap
ORDER BY first_on;

-- night_gap_insert(first_on date, last_on date) :exec
INSERT INTO night_gap (first_on, last_on)
VALUES (:first_on, :last_on)
ON CONFLICT (first_on) DO NOTHING;

-- night_report_last() :one
SELECT coalesce(max(report_id), 0) AS "report_id::INTEGER"
FROM night_report;

-- night_report_insert(report_id i64, run_on date, first_on date?, last_on date?, case_count i64, letter_count i64, event_count i64, missed_days i64, warning_count i64, waiting_count i64, failure_count i64, failures text, stopped_before date?, by_user text) :exec
INSERT INTO night_report (report_id, run_on, first_on, last_on, case_count, letter_count, event_count, missed_days,
	warning_count, waiting_count, failure_count, failures, stopped_before, by_user)
VALUES (:report_id, :run_on, :first_on, :last_on, :case_count, :letter_count, :event_count, :missed_days, :warning_count,
	:waiting_count, :failure_count, :failures, :stopped_before, :by_user);

-- night_report_page(before i64, count i64) :many
SELECT report_id, run_on, first_on AS "first_on?", last_on AS "last_on?", case_count, letter_count, event_count, missed_days,
	warning_count, waiting_count, failure_count, failures, stopped_before AS "stopped_before?", by_user
FROM night_report
WHERE report_id < :before
ORDER BY report_id DESC
LIMIT :count;
