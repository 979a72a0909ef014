-- The way to a case without a log-in.

-- case_key_state(case_id i64) :one
-- last_letter: the number of the newest letter, 0 for none. The stage is that of the case that carries the claim.
SELECT c.debtor_id, coalesce(k.stage, s.stage) AS "stage::TEXT", (
		SELECT coalesce(max(o.letter_no), 0)
		FROM outbox o
		WHERE o.case_id = c.case_id
	) AS "last_letter::INTEGER"
FROM claim c
JOIN case_state s ON s.case_id = c.case_id
LEFT JOIN case_state k ON k.case_id = s.carrier_id
WHERE c.case_id = :case_id;
