-- Debtors: matched within and across clients by their id; without one never merged.

-- debtor_ident_find() :many
-- Picked by ident (key).
SELECT p.no, i.debtor_id
FROM pick p
JOIN debtor_ident i ON i.ident = p.key
ORDER BY p.no;

-- debtor_last() :one
SELECT coalesce(max(debtor_id), 0) AS "debtor_id::INTEGER"
FROM debtor;

-- debtor_insert(debtor_id i64, kind text, ident text, name text, address text, postcode text, city text, country text, phone text, email text, language text) :bulk
INSERT INTO debtor (debtor_id, kind, ident, name, address, postcode, city, country, phone, email, language)
VALUES (:debtor_id, :kind, :ident, :name, :address, :postcode, :city, :country, :phone, :email, :language);

-- debtor_ident_insert(ident text, debtor_id i64) :bulk
INSERT INTO debtor_ident (ident, debtor_id)
VALUES (:ident, :debtor_id);

-- debtor_get(debtor_id i64) :one
SELECT d.kind, d.ident, d.name, d.address, d.postcode, d.city, d.country, d.phone, d.email, d.language, h.channel AS "channel?",
	h.consent_at AS "consent_at?"
FROM debtor d
LEFT JOIN debtor_choice h ON h.debtor_id = d.debtor_id
WHERE d.debtor_id = :debtor_id;

-- debtor_of_ident(ident text) :one
SELECT debtor_id
FROM debtor_ident
WHERE ident = :ident;

-- debtor_set_contact(phone text, email text, debtor_id i64) :exec
UPDATE debtor
SET phone = :phone, email = :email
WHERE debtor_id = :debtor_id;

-- debtor_set_language(language text, debtor_id i64) :exec
UPDATE debtor
SET language = :language
WHERE debtor_id = :debtor_id;

-- debtor_choose(debtor_id i64, channel text, consent_at i64?, changed_at i64) :exec
INSERT INTO debtor_choice (debtor_id, channel, consent_at, changed_at)
VALUES (:debtor_id, :channel, :consent_at, :changed_at)
ON CONFLICT (debtor_id) DO UPDATE SET channel = excluded.channel, consent_at = excluded.consent_at,
	changed_at = excluded.changed_at;

-- debtor_first_case(debtor_id i64) :one
SELECT coalesce(min(case_id), 0) AS "case_id::INTEGER"
FROM claim_group
WHERE debtor_id = :debtor_id;

-- debtor_letters(case_id i64) :many
SELECT letter_no, kind, handed_on AS "handed_on?", deadline_on AS "deadline_on?", balance_minor
FROM outbox
WHERE case_id = :case_id AND handed_on IS NOT NULL
ORDER BY letter_no DESC;

-- debtor_audit(debtor_id i64, case_id i64?, before_id i64, count i64) :many
-- Who has looked at what is the debtor's, and what was done; of one case, or of all.
SELECT audit_id, done_at, actor, actor_name, act, case_id AS "case_id?", detail
FROM audit
WHERE debtor_id = :debtor_id AND audit_id < :before_id AND (:case_id IS NULL OR case_id = :case_id)
ORDER BY audit_id DESC
LIMIT :count;

-- mandate_last() :one
SELECT coalesce(max(mandate_id), 0) AS "mandate_id::INTEGER"
FROM mandate;

-- mandate_insert(mandate_id i64, debtor_id i64, case_id i64?, helper_name text, helper_contact text, scope text, code_hash text, from_on date, until_on date, created_at i64) :exec
INSERT INTO mandate (mandate_id, debtor_id, case_id, helper_name, helper_contact, scope, code_hash, from_on, until_on, created_at)
VALUES (:mandate_id, :debtor_id, :case_id, :helper_name, :helper_contact, :scope, :code_hash, :from_on, :until_on, :created_at);

-- mandate_list(debtor_id i64) :many
SELECT mandate_id, case_id AS "case_id?", helper_name, helper_contact, scope, from_on, until_on, ended_at AS "ended_at?"
FROM mandate
WHERE debtor_id = :debtor_id
ORDER BY mandate_id DESC;

-- mandate_get(mandate_id i64) :one
SELECT debtor_id, case_id AS "case_id?", helper_name, helper_contact, scope, code_hash, from_on, until_on, ended_at AS "ended_at?"
FROM mandate
WHERE mandate_id = :mandate_id;

-- mandate_end(ended_at i64, mandate_id i64, debtor_id i64) :exec
UPDATE mandate
SET ended_at = :ended_at
WHERE mandate_id = :mandate_id AND debtor_id = :debtor_id AND ended_at IS NULL;


-- demo_debtor() :one
-- A case that has been asked to be paid, of a debtor with a contact point: its last letter.
SELECT s.case_id, o.letter_no
FROM case_state s
JOIN claim c ON c.case_id = s.case_id
JOIN debtor d ON d.debtor_id = c.debtor_id
JOIN outbox o ON o.case_id = s.case_id AND o.letter_no = s.letter_count
WHERE s.stage = 'demand' AND s.carrier_id IS NULL AND o.handed_on IS NOT NULL AND d.phone <> '' AND d.kind = 'person'
ORDER BY s.case_id
LIMIT 1;
