-- Sessions, wrong tries, the log of who did what.

-- web_session(token_hash text) :one
SELECT s.person_id AS "person_id?", s.debtor_id AS "debtor_id?", s.mandate_id AS "mandate_id?", s.case_id AS "case_id?",
	s.created_at, s.seen_at, s.expires_at, p.name AS "name?", p.role AS "role?", p.client_no AS "client_no?", p.active AS "active?",
	m.scope AS "scope?", m.helper_name AS "helper_name?", m.until_on AS "until_on?", m.ended_at AS "ended_at?",
	m.case_id AS "mandate_case_id?", d.name AS "debtor_name?"
FROM session s
LEFT JOIN person p ON p.person_id = s.person_id
LEFT JOIN mandate m ON m.mandate_id = s.mandate_id
LEFT JOIN debtor d ON d.debtor_id = s.debtor_id
WHERE s.token_hash = :token_hash;

-- web_session_insert(token_hash text, person_id i64?, debtor_id i64?, mandate_id i64?, case_id i64?, now_at i64, expires_at i64) :exec
INSERT INTO session (token_hash, person_id, debtor_id, mandate_id, case_id, created_at, seen_at, expires_at)
VALUES (:token_hash, :person_id, :debtor_id, :mandate_id, :case_id, :now_at, :now_at, :expires_at);

-- web_session_seen(token_hash text, seen_at i64, expires_at i64) :exec
UPDATE session
SET seen_at = :seen_at, expires_at = :expires_at
WHERE token_hash = :token_hash;

-- web_session_delete(token_hash text) :exec
DELETE FROM session
WHERE token_hash = :token_hash;

-- web_sessions_of_person_delete(person_id i64) :exec
DELETE FROM session
WHERE person_id = :person_id;

-- web_sessions_expire(now_at i64) :exec
DELETE FROM session
WHERE expires_at < :now_at;

-- web_steps_expire(now_at i64) :exec
DELETE FROM login_step
WHERE expires_at < :now_at;

-- web_step(token_hash text) :one
SELECT kind, person_id AS "person_id?", debtor_id AS "debtor_id?", case_id AS "case_id?", secret, try_count, expires_at
FROM login_step
WHERE token_hash = :token_hash;

-- web_step_insert(token_hash text, kind text, person_id i64?, debtor_id i64?, case_id i64?, secret text, expires_at i64) :exec
INSERT INTO login_step (token_hash, kind, person_id, debtor_id, case_id, secret, try_count, expires_at)
VALUES (:token_hash, :kind, :person_id, :debtor_id, :case_id, :secret, 0, :expires_at);

-- person_invites_delete(person_id i64) :exec
DELETE FROM login_step
WHERE kind = 'invite' AND person_id = :person_id;

-- web_step_tried(token_hash text) :exec
UPDATE login_step
SET try_count = try_count + 1
WHERE token_hash = :token_hash;

-- web_step_delete(token_hash text) :exec
DELETE FROM login_step
WHERE token_hash = :token_hash;

-- web_try(reference text) :one
SELECT failed_count, locked_until_at, last_at
FROM failed_try
WHERE reference = :reference;

-- web_try_put(reference text, failed_count i64, locked_until_at i64, last_at i64) :exec
INSERT INTO failed_try (reference, failed_count, locked_until_at, last_at)
VALUES (:reference, :failed_count, :locked_until_at, :last_at)
ON CONFLICT (reference) DO UPDATE SET failed_count = excluded.failed_count, locked_until_at = excluded.locked_until_at,
	last_at = excluded.last_at;

-- web_tries_forget(last_at i64) :exec
DELETE FROM failed_try
WHERE last_at < :last_at;

-- web_try_delete(reference text) :exec
DELETE FROM failed_try
WHERE reference = :reference;

-- web_case_right(case_id i64) :one
-- Who has a right to see a case: its client and its debtor.
SELECT c.client_no, c.debtor_id
FROM claim c
WHERE c.case_id = :case_id;

-- audit_last_id() :one
SELECT coalesce(max(audit_id), 0) AS "audit_id::INTEGER"
FROM audit;

-- audit_insert(audit_id i64, done_at i64, actor text, actor_name text, act text, case_id i64?, client_no i64?, debtor_id i64?, detail text) :bulk
INSERT INTO audit (audit_id, done_at, actor, actor_name, act, case_id, client_no, debtor_id, detail)
VALUES (:audit_id, :done_at, :actor, :actor_name, :act, :case_id, :client_no, :debtor_id, :detail);

-- person_by_email(email text) :one
SELECT person_id, name, role, client_no AS "client_no?", password_hash, totp_secret, totp_step, active, language
FROM person
WHERE email = :email;

-- person_by_id(person_id i64) :one
SELECT person_id, email, name, role, client_no AS "client_no?", password_hash, totp_secret, totp_step, active, language,
	created_at
FROM person
WHERE person_id = :person_id;

-- person_list(client_no i64?) :many
-- Of a client, or of the house (NULL).
SELECT person_id, email, name, role, active, password_hash, created_at
FROM person
WHERE client_no IS NOT DISTINCT FROM :client_no
ORDER BY person_id;

-- person_last_id() :one
SELECT coalesce(max(person_id), 0) AS "person_id::INTEGER"
FROM person;

-- person_insert(person_id i64, email text, name text, role text, client_no i64?, language text, created_at i64) :exec
INSERT INTO person (person_id, email, name, role, client_no, password_hash, totp_secret, totp_step, language, active, created_at)
VALUES (:person_id, :email, :name, :role, :client_no, '', '', 0, :language, 1, :created_at);

-- person_set_password(person_id i64, password_hash text, totp_secret text) :exec
UPDATE person
SET password_hash = :password_hash, totp_secret = :totp_secret, totp_step = 0
WHERE person_id = :person_id;

-- person_set_role(person_id i64, role text, active i64) :exec
UPDATE person
SET role = :role, active = :active
WHERE person_id = :person_id;

-- person_stepped(person_id i64, totp_step i64) :exec
UPDATE person
SET totp_step = :totp_step
WHERE person_id = :person_id;
