-- What clients let be granted at once.

-- policy_get(client_no i64) :one
SELECT client_no, defer_days_max, instalments_max, instalment_minor_min
FROM client_policy
WHERE client_no = :client_no;

-- policy_put(client_no i64, defer_days_max i64, instalments_max i64, instalment_minor_min i64, changed_at i64) :exec
INSERT INTO client_policy (client_no, defer_days_max, instalments_max, instalment_minor_min, changed_at)
VALUES (:client_no, :defer_days_max, :instalments_max, :instalment_minor_min, :changed_at)
ON CONFLICT (client_no) DO UPDATE SET defer_days_max = excluded.defer_days_max,
	instalments_max = excluded.instalments_max, instalment_minor_min = excluded.instalment_minor_min,
	changed_at = excluded.changed_at;

-- policy_granted(case_id i64) :one
-- Deferrals and plans a case has had.
SELECT count(*) AS "fact_count::INTEGER"
FROM fact
WHERE case_id = :case_id AND kind IN ('deferral', 'plan');
