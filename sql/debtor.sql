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
