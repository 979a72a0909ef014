-- The work list. Keys of a page come from the index that fits the filter; task_rows() then reads what is shown.

-- task_last() :one
SELECT coalesce(max(task_id), 0) AS "task_id::INTEGER"
FROM task;

-- task_insert(task_id i64, kind text, case_id i64?, client_no i64?, for_client i64, due_on date, detail text, created_at i64) :bulk
INSERT INTO task (task_id, kind, case_id, client_no, for_client, due_on, detail, created_at, done_by, outcome)
VALUES (:task_id, :kind, :case_id, :client_no, :for_client, :due_on, :detail, :created_at, '', '');

-- task_case_of(case_id i64) :one
SELECT client_no
FROM claim
WHERE case_id = :case_id;

-- task_keys(for_client i64, person_id i64?, nobody i64, kind text?, after_on date, after_id i64, count i64) :many
SELECT task_id, due_on
FROM task
WHERE done_at IS NULL AND for_client = :for_client AND (due_on, task_id) > (:after_on, :after_id)
	AND (:person_id IS NULL OR person_id = :person_id) AND (:nobody = 0 OR person_id IS NULL)
	AND (:kind IS NULL OR kind = :kind)
ORDER BY due_on, task_id
LIMIT :count;

-- task_keys_kind(for_client i64, person_id i64?, nobody i64, kind text, client_no i64?, after_on date, after_id i64, count i64) :many
SELECT task_id, due_on
FROM task
WHERE done_at IS NULL AND kind = :kind AND for_client = :for_client AND (due_on, task_id) > (:after_on, :after_id)
	AND (:person_id IS NULL OR person_id = :person_id) AND (:nobody = 0 OR person_id IS NULL)
	AND (:client_no IS NULL OR client_no = :client_no)
ORDER BY due_on, task_id
LIMIT :count;

-- task_keys_client(for_client i64, person_id i64?, nobody i64, kind text?, client_no i64, after_on date, after_id i64, count i64) :many
SELECT task_id, due_on
FROM task
WHERE done_at IS NULL AND client_no = :client_no AND for_client = :for_client
	AND (due_on, task_id) > (:after_on, :after_id)
	AND (:person_id IS NULL OR person_id = :person_id) AND (:nobody = 0 OR person_id IS NULL)
	AND (:kind IS NULL OR kind = :kind)
ORDER BY due_on, task_id
LIMIT :count;

-- task_keys_person(for_client i64, person_id i64, kind text?, client_no i64?, after_on date, after_id i64, count i64) :many
SELECT task_id, due_on
FROM task
WHERE done_at IS NULL AND person_id = :person_id AND (due_on, task_id) > (:after_on, :after_id)
	AND for_client = :for_client AND (:kind IS NULL OR kind = :kind)
	AND (:client_no IS NULL OR client_no = :client_no)
ORDER BY due_on, task_id
LIMIT :count;

-- task_rows() :many
-- Picked by task (id).
SELECT t.task_id, t.kind, t.case_id AS "case_id?", t.client_no AS "client_no?", t.for_client, t.due_on, t.detail,
	t.person_id AS "person_id?", t.created_at, t.done_at AS "done_at?", t.done_by, t.outcome, d.name AS "debtor_name?",
	l.name AS "client_name?", s.stage AS "stage?", w.name AS "person_name?"
FROM pick p
JOIN task t ON t.task_id = p.id
LEFT JOIN claim c ON c.case_id = t.case_id
LEFT JOIN debtor d ON d.debtor_id = c.debtor_id
LEFT JOIN client l ON l.client_no = t.client_no
LEFT JOIN case_state s ON s.case_id = t.case_id
LEFT JOIN person w ON w.person_id = t.person_id
ORDER BY p.no;

-- task_hold_page(after i64, count i64) :many
-- Money on hold, in order of arrival, which is the order of its day too.
SELECT h.payment_id, h.reason, y.booked_on, y.amount_minor, y.payer_name
FROM payment_hold h
JOIN payment y ON y.payment_id = h.payment_id
WHERE h.payment_id > :after
ORDER BY h.payment_id
LIMIT :count;

-- task_case_keys(case_id i64, count i64) :many
SELECT task_id
FROM task
WHERE case_id = :case_id
ORDER BY task_id DESC
LIMIT :count;

-- task_case_open() :many
-- Picked by case (id): its open tasks for handlers.
SELECT p.no, t.task_id, p.id AS case_id, t.kind
FROM pick p
JOIN task t ON t.case_id = p.id
WHERE t.done_at IS NULL AND t.for_client = 0
ORDER BY p.no, t.task_id;

-- task_take(task_id i64, person_id i64?) :exec
UPDATE task
SET person_id = :person_id
WHERE task_id = :task_id AND done_at IS NULL;

-- task_set_due(task_id i64, due_on date) :exec
UPDATE task
SET due_on = :due_on
WHERE task_id = :task_id AND done_at IS NULL;

-- task_finish(done_at i64, done_by text, outcome text, task_id i64) :bulk
UPDATE task
SET done_at = :done_at, done_by = :done_by, outcome = :outcome
WHERE task_id = :task_id;

-- task_of_closed(count i64) :many
SELECT t.task_id
FROM task t
JOIN case_state s ON s.case_id = t.case_id
WHERE t.done_at IS NULL AND s.closed_on IS NOT NULL
	AND t.kind IN ('more_time', 'broken_plan', 'limitation', 'block_review')
ORDER BY t.task_id
LIMIT :count;

-- task_due_count(person_id i64?, day date, count i64) :one
SELECT count(*) AS "task_count::INTEGER"
FROM (SELECT task_id
	FROM task
	WHERE done_at IS NULL AND for_client = 0 AND due_on <= :day
		AND (:person_id IS NULL OR person_id = :person_id)
	LIMIT :count) q;
