#!/bin/sh
# What tools/sqlgen.c refuses, and that it says where and why.
#
#	tests/unit/test_sqlgen.sh build/sqlgen
set -eu
sqlgen=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
count=0

cat >"$dir/schema.sql" <<'EOF'
-- A comment; with a semicolon.
CREATE TABLE claim (
	case_id INTEGER PRIMARY KEY,
	due_on DATE NOT NULL,
	closed_on DATE, -- may be missing
	amount_minor INTEGER NOT NULL,
	note TEXT NOT NULL DEFAULT 'a;b',
	body BLOB
);
CREATE TABLE line (case_id INTEGER NOT NULL, line_no INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (case_id, line_no)) CLUSTERED;
CREATE INDEX claim_due ON claim (due_on, case_id) WHERE closed_on IS NULL;
EOF

# name, the message wanted after the path; the queries on standard input
refused() {
	count=$((count + 1))
	cat >"$dir/q.sql"
	if "$sqlgen" "$dir" "$dir/schema.sql" "$dir/q.sql" 2>"$dir/log"; then
		echo "NOT REFUSED: $1"
		failed=1
	elif ! grep -qF "$dir/q.sql:$2" "$dir/log"; then
		echo "REFUSED FOR ANOTHER REASON: $1: wanted '$2', got:"
		cat "$dir/log"
		failed=1
	fi
}

taken() {
	count=$((count + 1))
	cat >"$dir/q.sql"
	if ! "$sqlgen" "$dir" "$dir/schema.sql" "$dir/q.sql" 2>"$dir/log"; then
		echo "REFUSED: $1:"
		cat "$dir/log"
		failed=1
	fi
}

# A line wanted in what the last query taken gave.
gives() {
	count=$((count + 1))
	if ! grep -qF -- "$2" "$dir/$1"; then
		echo "NOT IN $1: $2"
		failed=1
	fi
}

refused "unknown column, with its line" "3: error: a: no such column: amont" <<'EOF'
-- a() :many
SELECT case_id,
	amont
FROM claim ORDER BY case_id;
EOF
refused "unknown column below a comment" "5: error: a: no such column: amont" <<'EOF'
-- a() :many
-- About it.
SELECT case_id, -- the case
	-- what it asks
	amont
FROM claim ORDER BY case_id;
EOF
refused "two statements" "2: error: a: two statements in one query" <<'EOF'
-- a(k i64) :exec
DELETE FROM claim WHERE case_id = :k; DELETE FROM line WHERE case_id = :k;
EOF
refused "a list without an order" "1: error: a: a list needs ORDER BY" <<'EOF'
-- a() :many
SELECT case_id FROM claim;
EOF
refused "an order only inside" "1: error: a: a list needs ORDER BY" <<'EOF'
-- a() :each
SELECT x.case_id FROM (SELECT case_id FROM claim ORDER BY case_id LIMIT 5) x;
EOF
refused "a limit without an order" "1: error: a: LIMIT needs ORDER BY" <<'EOF'
-- a() :one
SELECT case_id FROM claim LIMIT 1;
EOF
refused "a star" "2: error: a: '*' instead of the names of the columns" <<'EOF'
-- a() :many
SELECT * FROM claim ORDER BY case_id;
EOF
refused "a star of a table" "2: error: a: '*' instead of the names of the columns" <<'EOF'
-- a() :many
SELECT c.case_id, c.* FROM claim c ORDER BY case_id;
EOF
refused "an unused parameter" "1: error: a: parameter 'day' is not used" <<'EOF'
-- a(day date) :many
SELECT case_id FROM claim ORDER BY case_id;
EOF
refused "an undeclared parameter" "2: error: a: parameter ':day' is not declared" <<'EOF'
-- a() :many
SELECT case_id FROM claim WHERE due_on < :day ORDER BY case_id;
EOF
refused "a parameter in quotes only" "1: error: a: parameter 'day' is not used" <<'EOF'
-- a(day date) :many
SELECT case_id FROM claim WHERE note = ':day' ORDER BY case_id;
EOF
refused "a parameter twice" "1: error: a: parameter 'k' is declared twice" <<'EOF'
-- a(k i64, k i64) :exec
DELETE FROM claim WHERE case_id = :k;
EOF
refused "an unknown type" "1: error: a: parameter 'k' has no type" <<'EOF'
-- a(k int) :exec
DELETE FROM claim WHERE case_id = :k;
EOF
refused "money that is not called so" "1: error: a: parameter 'k': what is money" <<'EOF'
-- a(k money) :exec
DELETE FROM claim WHERE amount_minor = :k;
EOF
refused "a number that is called money" "1: error: a: parameter 'k_minor': what is money" <<'EOF'
-- a(k_minor i64) :exec
DELETE FROM claim WHERE amount_minor = :k_minor;
EOF
refused "a name of C" "1: error: a: parameter 'case' has a name that is taken in C" <<'EOF'
-- a(case i64) :exec
DELETE FROM claim WHERE case_id = :case;
EOF
refused "an unknown kind" "1: error: a: ':mnay' is not :one, :many, :each, :exec or :bulk" <<'EOF'
-- a() :mnay
SELECT case_id FROM claim ORDER BY case_id;
EOF
refused "a name twice" "3: error: a: there is already a query of this name" <<'EOF'
-- a() :many
SELECT case_id FROM claim ORDER BY case_id;
-- a() :many
SELECT case_id FROM claim ORDER BY case_id;
EOF
refused "a column twice" "1: error: a: two columns are called 'case_id'" <<'EOF'
-- a() :many
SELECT c.case_id, l.case_id FROM claim c JOIN line l ON l.case_id = c.case_id ORDER BY 1;
EOF
refused "a column that may be missing" "1: error: a: column 'closed_on' may be NULL: alias it \"closed_on?\"" <<'EOF'
-- a() :many
SELECT case_id, closed_on FROM claim ORDER BY case_id;
EOF
refused "a column of a LEFT JOIN" "1: error: a: column 'text' is of a LEFT JOIN and may be NULL" <<'EOF'
-- a() :many
SELECT c.case_id, l.text FROM claim c LEFT JOIN line l ON l.case_id = c.case_id ORDER BY 1;
EOF
refused "an expression without a type" "1: error: a: column \"n\" is an expression: alias it \"name::TYPE\"" <<'EOF'
-- a() :one
SELECT count(*) AS n FROM claim;
EOF
refused "an unknown type of column" "1: error: a: column 'n': 'INT' is not INTEGER, DATE, TEXT or BLOB" <<'EOF'
-- a() :one
SELECT count(*) AS "n::INT" FROM claim;
EOF
refused "text in double quotes" "2: error: a: no such column: x" <<'EOF'
-- a() :many
SELECT case_id FROM claim WHERE note = "x" ORDER BY case_id;
EOF
refused "SQL without a heading" "1: error: SQL without '-- name(parameters) :kind' above it" <<'EOF'
SELECT case_id FROM claim ORDER BY case_id;
EOF
refused "a heading without SQL" "1: error: a: there is no statement" <<'EOF'
-- a() :many
EOF
refused "rows from nothing" "1: error: a: gives no rows: make it :exec" <<'EOF'
-- a(k i64) :one
DELETE FROM claim WHERE case_id = :k;
EOF
refused "rows dropped" "1: error: a: gives rows: make it :one, :many or :each" <<'EOF'
-- a() :exec
SELECT case_id FROM claim ORDER BY case_id;
EOF
refused "a bulk that reads" "1: error: a: gives rows: make it :one, :many or :each" <<'EOF'
-- a(k i64) :bulk
SELECT case_id FROM claim WHERE case_id = :k ORDER BY case_id;
EOF
refused "a bulk of another shape" "1: error: a: a bulk insert is INSERT INTO table (…) VALUES (…)" <<'EOF'
-- a(k i64) :bulk
INSERT INTO line (case_id, line_no, text) SELECT case_id, 1, note FROM claim WHERE case_id = :k;
EOF
refused "a bulk with its parameters in the conflict" "3: error: a: ON CONFLICT of a bulk insert uses excluded" <<'EOF'
-- a(k i64, t text) :bulk
INSERT INTO line (case_id, line_no, text) VALUES (:k, 1, :t)
ON CONFLICT (case_id, line_no) DO UPDATE SET text = :t;
EOF
refused "a bulk update without a key" "1: error: a: a bulk is INSERT INTO" <<'EOF'
-- a(t text) :bulk
UPDATE line SET text = :t;
EOF

taken "every kind" <<'EOF'
-- A file may begin with comments, even ones (with parentheses) that are no headings.

-- claim_list(day date, at_least_minor money, count i64,
-- word text?) :many
-- Open claims, the oldest first.
-- Two lines (of it).
SELECT c.case_id, c.due_on, c.closed_on AS "closed_on?", c.amount_minor, count(*) * 2 AS "line_count::INTEGER",
	c.body AS "body?"
FROM claim c
JOIN line l ON l.case_id = c.case_id
WHERE c.due_on <= :day AND c.due_on > :day AND c.amount_minor >= :at_least_minor
	AND (:word IS NULL OR c.note = :word) AND c.note <> 'it''s :no parameter -- nor comment'
GROUP BY c.case_id
ORDER BY c.case_id
LIMIT :count;

-- Between queries too.

-- claim_note(note text, case_id i64) :bulk
UPDATE claim SET note = :note WHERE case_id = :case_id
-- line_add(text text, case_id i64, line_no i64) :bulk
INSERT INTO line (case_id, line_no, text) VALUES (:case_id, :line_no, :text);
-- line_count() :one
SELECT count(*) AS "line_count::INTEGER", sum(line_no) AS "total_minor::INTEGER?" FROM line;
EOF
gives sql.h '/* Open claims, the oldest first.'
gives sql.h ' * Two lines (of it). */'
gives sql.h 'err_t q_claim_list(struct db *db, struct arena *arena, date day, money at_least_minor,'
gives sql.h '	bool has_total_minor;'
gives sql.c 'WHERE c.due_on <= ?1 AND c.due_on > ?1 AND c.amount_minor >= ?2'
gives sql.c 'WHERE c.due_on <= $1 AND c.due_on > $1 AND c.amount_minor >= $2'
gives sql.c "<> 'it''s :no parameter -- nor comment'"
gives sql.c 'c.closed_on AS \"closed_on\", c.amount_minor, count(*) * 2 AS \"line_count\"'
gives sql.c '.bulk_table = "bulk_claim_note"'
gives sql.c '"FROM bulk_claim_note bulk_row\n"'
gives sql.c '.bulk_table = "line"'
gives sql.c ') STRICT, WITHOUT ROWID",'
gives sql.c '"case_id BIGINT PRIMARY KEY,\n"'
gives sql.c "DEFAULT 'a;b'"
gives sql.c '"SELECT case_id, line_no, text\n"'
gives sql.c '"ORDER BY case_id, line_no"'
gives sql.c '	{ "line", table_columns_line, table_null_line,'
gives sql.c 'const size_t db_table_count = 2;'

echo "test_sqlgen: $((count - failed)) passed, $failed failed"
exit "$failed"
