-- Settings of the book: schema_version, the agency's own data, where its files lie.

-- setting_get(name text) :one
SELECT value FROM setting WHERE name = :name;

-- setting_put(name text, value text) :exec
-- Makes the setting, or changes it.
INSERT INTO setting (name, value)
VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
