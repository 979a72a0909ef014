-- Cases for lists and reports, by number: what they are filtered, sorted and added up by. The count of facts is no
-- EXISTS, which PostgreSQL would answer by reading the whole table first.

-- case_scan_up(after i64, count i64) :many
SELECT c.case_id, c.client_no, c.received_on, c.due_on, c.amount_minor, c.paid_minor AS before_minor, s.stage,
	s.next_on AS "next_on?", s.closed_on AS "closed_on?", s.carrier_id AS "carrier_id?", s.principal_minor,
	s.costs_minor, s.compensation_minor, s.interest_sum, s.interest_on AS "interest_on?", s.interest_paid_minor,
	coalesce(k.stage, s.stage) AS "end_stage::TEXT",
	CASE WHEN k.case_id IS NULL THEN s.closed_on ELSE k.closed_on END AS "end_on::DATE?",
	coalesce(k.paid_minor, s.paid_minor) AS "end_paid_minor::INTEGER",
	CASE WHEN s.closed_on IS NULL THEN 0 ELSE (SELECT count(*)
		FROM fact f
		WHERE f.case_id = coalesce(s.carrier_id, c.case_id) AND f.kind = 'close') END AS "given_up::INTEGER"
FROM (SELECT case_id, client_no, received_on, due_on, amount_minor, paid_minor
	FROM claim
	WHERE case_id > :after
	ORDER BY case_id
	LIMIT :count) c
JOIN case_state s ON s.case_id = c.case_id
LEFT JOIN case_state k ON k.case_id = s.carrier_id
ORDER BY c.case_id;

-- case_scan_down(before i64, count i64) :many
SELECT c.case_id, c.client_no, c.received_on, c.due_on, c.amount_minor, c.paid_minor AS before_minor, s.stage,
	s.next_on AS "next_on?", s.closed_on AS "closed_on?", s.carrier_id AS "carrier_id?", s.principal_minor,
	s.costs_minor, s.compensation_minor, s.interest_sum, s.interest_on AS "interest_on?", s.interest_paid_minor,
	coalesce(k.stage, s.stage) AS "end_stage::TEXT",
	CASE WHEN k.case_id IS NULL THEN s.closed_on ELSE k.closed_on END AS "end_on::DATE?",
	coalesce(k.paid_minor, s.paid_minor) AS "end_paid_minor::INTEGER",
	CASE WHEN s.closed_on IS NULL THEN 0 ELSE (SELECT count(*)
		FROM fact f
		WHERE f.case_id = coalesce(s.carrier_id, c.case_id) AND f.kind = 'close') END AS "given_up::INTEGER"
FROM (SELECT case_id, client_no, received_on, due_on, amount_minor, paid_minor
	FROM claim
	WHERE case_id < :before
	ORDER BY case_id DESC
	LIMIT :count) c
JOIN case_state s ON s.case_id = c.case_id
LEFT JOIN case_state k ON k.case_id = s.carrier_id
ORDER BY c.case_id DESC;

-- case_scan_client_up(client_no i64, after i64, count i64) :many
SELECT c.case_id, c.client_no, c.received_on, c.due_on, c.amount_minor, c.paid_minor AS before_minor, s.stage,
	s.next_on AS "next_on?", s.closed_on AS "closed_on?", s.carrier_id AS "carrier_id?", s.principal_minor,
	s.costs_minor, s.compensation_minor, s.interest_sum, s.interest_on AS "interest_on?", s.interest_paid_minor,
	coalesce(k.stage, s.stage) AS "end_stage::TEXT",
	CASE WHEN k.case_id IS NULL THEN s.closed_on ELSE k.closed_on END AS "end_on::DATE?",
	coalesce(k.paid_minor, s.paid_minor) AS "end_paid_minor::INTEGER",
	CASE WHEN s.closed_on IS NULL THEN 0 ELSE (SELECT count(*)
		FROM fact f
		WHERE f.case_id = coalesce(s.carrier_id, c.case_id) AND f.kind = 'close') END AS "given_up::INTEGER"
FROM (SELECT case_id, client_no, received_on, due_on, amount_minor, paid_minor
	FROM claim
	WHERE client_no = :client_no AND case_id > :after
	ORDER BY case_id
	LIMIT :count) c
JOIN case_state s ON s.case_id = c.case_id
LEFT JOIN case_state k ON k.case_id = s.carrier_id
ORDER BY c.case_id;

-- case_scan_client_down(client_no i64, before i64, count i64) :many
SELECT c.case_id, c.client_no, c.received_on, c.due_on, c.amount_minor, c.paid_minor AS before_minor, s.stage,
	s.next_on AS "next_on?", s.closed_on AS "closed_on?", s.carrier_id AS "carrier_id?", s.principal_minor,
	s.costs_minor, s.compensation_minor, s.interest_sum, s.interest_on AS "interest_on?", s.interest_paid_minor,
	coalesce(k.stage, s.stage) AS "end_stage::TEXT",
	CASE WHEN k.case_id IS NULL THEN s.closed_on ELSE k.closed_on END AS "end_on::DATE?",
	coalesce(k.paid_minor, s.paid_minor) AS "end_paid_minor::INTEGER",
	CASE WHEN s.closed_on IS NULL THEN 0 ELSE (SELECT count(*)
		FROM fact f
		WHERE f.case_id = coalesce(s.carrier_id, c.case_id) AND f.kind = 'close') END AS "given_up::INTEGER"
FROM (SELECT case_id, client_no, received_on, due_on, amount_minor, paid_minor
	FROM claim
	WHERE client_no = :client_no AND case_id < :before
	ORDER BY case_id DESC
	LIMIT :count) c
JOIN case_state s ON s.case_id = c.case_id
LEFT JOIN case_state k ON k.case_id = s.carrier_id
ORDER BY c.case_id DESC;

-- case_scan_picked() :many
SELECT c.case_id, c.client_no, c.received_on, c.due_on, c.amount_minor, c.paid_minor AS before_minor, s.stage,
	s.next_on AS "next_on?", s.closed_on AS "closed_on?", s.carrier_id AS "carrier_id?", s.principal_minor,
	s.costs_minor, s.compensation_minor, s.interest_sum, s.interest_on AS "interest_on?", s.interest_paid_minor,
	coalesce(k.stage, s.stage) AS "end_stage::TEXT",
	CASE WHEN k.case_id IS NULL THEN s.closed_on ELSE k.closed_on END AS "end_on::DATE?",
	coalesce(k.paid_minor, s.paid_minor) AS "end_paid_minor::INTEGER",
	CASE WHEN s.closed_on IS NULL THEN 0 ELSE (SELECT count(*)
		FROM fact f
		WHERE f.case_id = coalesce(s.carrier_id, c.case_id) AND f.kind = 'close') END AS "given_up::INTEGER"
FROM pick p
JOIN claim c ON c.case_id = p.id
JOIN case_state s ON s.case_id = c.case_id
LEFT JOIN case_state k ON k.case_id = s.carrier_id
ORDER BY p.no;
