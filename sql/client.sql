-- Clients and what was agreed with them.

-- client_find(client_no i64) :one
SELECT client_no, name, orgnr, account, email, member, terms_no, created_on
FROM client
WHERE client_no = :client_no;

-- client_list() :many
SELECT client_no, name, orgnr, account, email, member, terms_no, created_on
FROM client
ORDER BY client_no;

-- client_put(client_no i64, name text, orgnr text, account text, email text, member i64, terms_no i64, created_on date) :exec
INSERT INTO client (client_no, name, orgnr, account, email, member, terms_no, created_on)
VALUES (:client_no, :name, :orgnr, :account, :email, :member, :terms_no, :created_on)
ON CONFLICT (client_no) DO UPDATE SET name = excluded.name, orgnr = excluded.orgnr, account = excluded.account,
	email = excluded.email, member = excluded.member, terms_no = excluded.terms_no;

-- terms_list() :many
SELECT client_no, terms_no, process, grace_days, vat_deductible, commission_bp, allocation, booked_on
FROM terms
ORDER BY client_no, terms_no;

-- terms_insert(client_no i64, terms_no i64, process text, grace_days i64, vat_deductible i64, commission_bp i64, allocation text, booked_on date) :exec
INSERT INTO terms (client_no, terms_no, process, grace_days, vat_deductible, commission_bp, allocation, booked_on)
VALUES (:client_no, :terms_no, :process, :grace_days, :vat_deductible, :commission_bp, :allocation, :booked_on);
