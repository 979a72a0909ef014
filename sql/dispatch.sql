-- Messages to debtors: by SMS and e-mail, and what came of them.

-- dispatch_last() :one
SELECT coalesce(max(dispatch_id), 0) AS "dispatch_id::INTEGER"
FROM dispatch;

-- dispatch_insert(dispatch_id i64, case_id i64, letter_no i64?, login_hash text?, channel text, address text, subject text, body text, code text, state text, urgent i64, next_at i64?, detail text, created_at i64, ended_at i64?) :exec
INSERT INTO dispatch (dispatch_id, case_id, letter_no, login_hash, channel, address, subject, body, code, state, urgent,
	try_count, next_at, provider_ref, detail, created_at, ended_at)
VALUES (:dispatch_id, :case_id, :letter_no, :login_hash, :channel, :address, :subject, :body, :code, :state, :urgent,
	0, :next_at, '', :detail, :created_at, :ended_at);

-- dispatch_letters(after_case i64, after_letter i64, count i64) :many
-- Letters handed over and not yet rendered, of debtors who want to be told of them otherwise, and not told of yet.
SELECT o.case_id, o.letter_no, h.channel, d.phone, d.email
FROM outbox o
JOIN claim c ON c.case_id = o.case_id
JOIN debtor_choice h ON h.debtor_id = c.debtor_id
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE o.handed_on IS NOT NULL AND o.rendered_on IS NULL AND o.withdrawn_on IS NULL AND h.channel <> 'paper'
	AND NOT EXISTS (SELECT 1 FROM dispatch x WHERE x.case_id = o.case_id AND x.letter_no = o.letter_no)
	AND (o.case_id, o.letter_no) > (:after_case, :after_letter)
ORDER BY o.case_id, o.letter_no
LIMIT :count;

-- dispatch_letters_wait() :one
-- Is there a letter that is not rendered?
SELECT case_id
FROM outbox
WHERE rendered_on IS NULL AND withdrawn_on IS NULL
ORDER BY handed_on, ordered_on, case_id, letter_no
LIMIT 1;

-- dispatch_due(now i64) :one
-- The next to be sent, and what has become of its case. Urgent ones have next_at 0, so they come first.
SELECT x.dispatch_id, x.case_id, x.letter_no AS "letter_no?", x.channel, x.address, x.subject, x.body, x.urgent,
	x.try_count, s.stage AS "stage?", s.closed_on AS "closed_on?"
FROM dispatch x
LEFT JOIN case_state s ON s.case_id = x.case_id
WHERE x.state = 'waiting' AND x.next_at <= :now
ORDER BY x.next_at, x.dispatch_id
LIMIT 1;

-- dispatch_next() :one
SELECT next_at AS "next_at?"
FROM dispatch
WHERE state = 'waiting'
ORDER BY next_at, dispatch_id
LIMIT 1;

-- dispatch_postpone(next_at i64, now i64) :exec
-- Outside decent hours: all that is due and can wait.
UPDATE dispatch
SET next_at = :next_at
WHERE state = 'waiting' AND next_at <= :now AND urgent = 0;

-- dispatch_postpone_channel(next_at i64, detail text, now i64, channel text) :exec
-- The other side cannot be reached: what is due by it waits, and no try is counted.
UPDATE dispatch
SET next_at = :next_at, detail = :detail
WHERE state = 'waiting' AND next_at <= :now AND channel = :channel AND urgent = 0;

-- dispatch_begin(dispatch_id i64) :exec
-- Committed before the other side is spoken to.
UPDATE dispatch
SET state = 'sending', try_count = try_count + 1
WHERE dispatch_id = :dispatch_id AND state = 'waiting';

-- dispatch_end(state text, next_at i64?, provider_ref text, detail text, sent_at i64?, sent_on date?, ended_at i64?, body text, dispatch_id i64) :exec
-- What came of it; a report may have been faster.
UPDATE dispatch
SET state = :state, next_at = :next_at, provider_ref = :provider_ref, detail = :detail, sent_at = :sent_at,
	sent_on = :sent_on, ended_at = :ended_at, body = :body
WHERE dispatch_id = :dispatch_id AND state = 'sending';

-- dispatch_withdraw(detail text, ended_at i64, dispatch_id i64) :exec
UPDATE dispatch
SET state = 'withdrawn', next_at = NULL, detail = :detail, ended_at = :ended_at
WHERE dispatch_id = :dispatch_id AND state = 'waiting';

-- dispatch_stuck() :many
SELECT dispatch_id, case_id, letter_no AS "letter_no?", channel, address
FROM dispatch
WHERE state = 'sending'
ORDER BY dispatch_id;

-- dispatch_report(state text, detail text, ended_at i64?, dispatch_id i64) :exec
UPDATE dispatch
SET state = :state, next_at = NULL, detail = :detail, ended_at = :ended_at
WHERE dispatch_id = :dispatch_id;

-- dispatch_get(dispatch_id i64) :one
SELECT dispatch_id, case_id, letter_no AS "letter_no?", channel, address, state, code, sent_on AS "sent_on?"
FROM dispatch
WHERE dispatch_id = :dispatch_id;

-- dispatch_by_ref(provider_ref text) :one
SELECT dispatch_id
FROM dispatch
WHERE provider_ref = :provider_ref AND provider_ref <> ''
ORDER BY dispatch_id DESC
LIMIT 1;

-- dispatch_by_code(code text) :many
-- What has been sent with a code.
SELECT dispatch_id, case_id, letter_no AS "letter_no?", channel, state, sent_on AS "sent_on?", body
FROM dispatch
WHERE code = :code AND sent_on IS NOT NULL
ORDER BY dispatch_id DESC
LIMIT 20;

-- dispatch_letters_of(case_no i64) :many
-- The letters of a case that were handed over.
SELECT letter_no, handed_on AS "handed_on?"
FROM outbox
WHERE case_id = :case_no AND handed_on IS NOT NULL
ORDER BY letter_no;

-- dispatch_page(case_no i64, state text, before i64, count i64) :many
-- The newest first; of a case (0: of all) and in a state (empty: in any).
SELECT x.dispatch_id, x.case_id, x.letter_no AS "letter_no?", x.channel, x.address, x.subject, x.code, x.state, x.urgent,
	x.try_count, x.next_at AS "next_at?", x.provider_ref, x.detail, x.created_at, x.sent_at AS "sent_at?",
	x.sent_on AS "sent_on?", x.ended_at AS "ended_at?", o.kind AS "kind?"
FROM dispatch x
LEFT JOIN outbox o ON o.case_id = x.case_id AND o.letter_no = x.letter_no
WHERE (:case_no = 0 OR x.case_id = :case_no) AND (:state = '' OR x.state = :state) AND x.dispatch_id < :before
ORDER BY x.dispatch_id DESC
LIMIT :count;

-- dispatch_task_insert(kind text, case_id i64, due_on date, detail text, created_at i64) :exec
-- Waits for a handler.
INSERT INTO task (task_id, kind, case_id, for_client, due_on, detail, created_at, done_by, outcome)
SELECT coalesce(max(task_id), 0) + 1, :kind, :case_id, 0, :due_on, :detail, :created_at, '', ''
FROM task;

-- dispatch_choice_put(debtor_id i64, channel text, consent_at i64?, changed_at i64) :exec
INSERT INTO debtor_choice (debtor_id, channel, consent_at, changed_at)
VALUES (:debtor_id, :channel, :consent_at, :changed_at)
ON CONFLICT (debtor_id) DO UPDATE SET channel = excluded.channel, consent_at = excluded.consent_at,
	changed_at = excluded.changed_at;

-- dispatch_choice_end(changed_at i64, channel text, case_id i64) :exec
-- The address is dead: from now on paper only.
UPDATE debtor_choice
SET channel = 'paper', consent_at = NULL, changed_at = :changed_at
WHERE channel = :channel AND debtor_id IN (SELECT debtor_id FROM claim WHERE case_id = :case_id);
