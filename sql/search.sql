-- The index of words, and exact look-ups beside it.

-- search_follower(name text) :one
SELECT position
FROM follower
WHERE name = :name;

-- search_follower_put(name text, position i64) :exec
INSERT INTO follower (name, position)
VALUES (:name, :position)
ON CONFLICT (name) DO UPDATE SET position = excluded.position;

-- search_claims(after i64, count i64) :many
-- What the index holds of a case, in order of number.
SELECT c.case_id, c.invoice_no, d.kind, d.ident, d.name, d.address, d.postcode, d.city, d.phone, d.email
FROM claim c
JOIN debtor d ON d.debtor_id = c.debtor_id
WHERE c.case_id > :after
ORDER BY c.case_id
LIMIT :count;

-- search_debtor(debtor_id i64) :many
SELECT g.case_id, d.name, d.address, d.postcode, d.city, d.phone, d.email
FROM claim_group g
JOIN debtor d ON d.debtor_id = g.debtor_id
WHERE g.debtor_id = :debtor_id
ORDER BY g.client_no, g.case_id;

-- search_word_put(word text, case_id i64) :bulk
INSERT INTO search_word (word, case_id)
VALUES (:word, :case_id)
ON CONFLICT (word, case_id) DO NOTHING;

-- search_word_drop() :exec
-- Picked by case (id) and word (key).
DELETE FROM search_word
WHERE EXISTS (SELECT 1 FROM pick p WHERE p.id = search_word.case_id AND p.key = search_word.word)
	AND word IN (SELECT key FROM pick);

-- search_word_from(word text, below text) :one
-- The first word there is from this one on.
SELECT word
FROM search_word
WHERE word >= :word AND word < :below
ORDER BY word, case_id
LIMIT 1;

-- search_word_after(word text, below text) :one
SELECT word
FROM search_word
WHERE word > :word AND word < :below
ORDER BY word, case_id
LIMIT 1;

-- search_word_count(word text, count i64) :one
-- On how many cases the word is; no more than count are looked at.
SELECT count(*) AS "case_count::INTEGER"
FROM (SELECT case_id
	FROM search_word
	WHERE word = :word
	LIMIT :count) q;

-- search_word_cases(word text, before i64, count i64) :many
SELECT case_id
FROM search_word
WHERE word = :word AND case_id < :before
ORDER BY case_id DESC
LIMIT :count;

-- search_word_have() :many
-- Picked by case (id) and word (key): which of them are so.
SELECT p.no
FROM pick p
JOIN search_word s ON s.word = p.key AND s.case_id = p.id
ORDER BY p.no;

-- search_of_client(client_no i64) :many
-- Of the picked cases, those of a client.
SELECT p.no
FROM pick p
JOIN claim c ON c.case_id = p.id
WHERE c.client_no = :client_no
ORDER BY p.no;

-- search_client_count(client_no i64, count i64) :one
SELECT count(*) AS "case_count::INTEGER"
FROM (SELECT case_id
	FROM claim
	WHERE client_no = :client_no
	LIMIT :count) q;

-- search_client_cases(client_no i64, before i64, count i64) :many
SELECT case_id
FROM claim
WHERE client_no = :client_no AND case_id < :before
ORDER BY case_id DESC
LIMIT :count;

-- search_invoice(invoice_no text) :many
-- Of any client: one look-up for each, so the clients come first (which the words CROSS JOIN say to SQLite).
SELECT i.case_id
FROM client l
CROSS JOIN claim_invoice i
WHERE i.client_no = l.client_no AND i.invoice_no = :invoice_no
ORDER BY i.case_id;

-- search_kid(kid text) :many
SELECT case_id
FROM claim_kid
WHERE kid = :kid
ORDER BY case_id;

-- search_case(case_id i64) :one
SELECT case_id
FROM claim
WHERE case_id = :case_id;

-- search_payment(payment_id i64) :one
SELECT kid
FROM payment
WHERE payment_id = :payment_id;
