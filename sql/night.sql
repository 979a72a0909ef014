-- The night: the days none was run.

-- night_gap_list() :many
SELECT first_on, last_on
FROM night_gap
ORDER BY first_on;

-- night_gap_insert(first_on date, last_on date) :exec
INSERT INTO night_gap (first_on, last_on)
VALUES (:first_on, :last_on)
ON CONFLICT (first_on) DO NOTHING;
