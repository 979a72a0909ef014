#!/bin/bash
# What a tool can check of the house: include rules, foreign headers in one file each, banned calls, floating point,
# file and function length (listed). Ends with "N passed, N failed".
set -u
cd "$(dirname "$0")/.."
shopt -s lastpipe
passed=0 failed=0
check() { # check NAME, findings on standard input
	local findings
	findings=$(cat)
	if [ -z "$findings" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s\n' "$1:" "$findings" | head -n 20
	fi
}

# Arrows point only upwards: a room sees the rooms named after it.
sees() { # sees ROOM "ROOMS": lines that include another room
	grep -n '#include "' src/"$1"/*.[ch] 2>/dev/null | grep -Ev "#include \"($2)/" |
		grep -Ev '#include "(sql|law_no|letters|translations|html/[a-z_]+)\.h"'
}
sees base base | check "base sees only itself"
sees core 'base|core' | check "core sees base"
sees format 'base|core|format' | check "format sees base and core"
sees store 'base|store' | check "store sees base"
sees net 'base|net' | check "net sees base"
sees app 'base|core|format|store|net|app' | check "app sees base, core, format, store, net"
sees cli 'base|core|format|store|net|app|cli' | grep -v 'src/cli/serve.c.*"web/serve.h"' | check "cli sees app and below"
sees web 'base|core|format|store|net|app|web' | check "web sees app and below"

# A foreign header is included by one file; SQLite's by one more, the layer over its files.
for header in sqlite3.h libpq-fe.h 'libxml/[a-zA-Z]*.h' 'cairo[a-z-]*.h' 'pango/[a-z]*.h' 'cyaml/cyaml.h' yaml.h \
	jansson.h microhttpd.h liboath/oath.h cjose/cjose.h 'curl/[a-z]*.h' qrencode.h; do
	files=$(grep -lE "#include <$header>" src/*/*.[ch] 2>/dev/null | grep -v '^src/store/sqlite_file\.c$')
	if [ "$(printf '%s' "$files" | grep -c .)" -gt 1 ]; then echo "$header: $files"; fi
done | check "a foreign header is included by one file"

# Comments and strings are taken out before looking for words.
code() { sed -e 's/"\(\\.\|[^"\\]\)*"/""/g' -e 's@/\*.*\*/@@' -e 's@^\s*\*.*@@' -e 's@/\*.*@@' "$1"; }
for file in src/*/*.[ch] src/*.c; do
	code "$file" | grep -nE '\b(strcpy|strcat|sprintf|strtok|atoi|atol|strtol|strtoll|gmtime|localtime|rand|srand|system|alloca|gets)\(' |
		sed "s|^|$file:|"
done | check "no banned calls"
for file in src/*/*.[ch] src/*.c; do
	case $file in src/format/pdf*.c | src/format/pdf*.h) continue ;; esac
	code "$file" | grep -nwE 'float|double' | sed "s|^|$file:|"
done | check "no floating point but in the file that draws"
for file in src/core/*.[ch] src/format/*.[ch]; do
	code "$file" | grep -nE '\b(time|fopen|open|socket|getenv)\(' | sed "s|^|$file:|"
done | grep -v 'src/format/\(law_yaml\|yaml\|agency_yaml\|pdf\|letter_pdf\|statement_pdf\|letters_module\)' |
	check "core and format touch no clock, file or socket"
for file in src/core/*.[ch] src/format/*.[ch] src/app/*.[ch] src/cli/*.[ch] src/web/*.[ch]; do
	case $file in src/format/pdf*.c) continue ;; esac
	code "$file" | grep -nE '\b(malloc|calloc|realloc)\(' | sed "s|^|$file:|"
done | check "memory comes from arenas"
grep -nE '\b(TODO|FIXME|XXX)\b' src/*/*.[ch] src/*.c sql/*.sql tools/*.c | grep -v '#[0-9]' | check "no TODO without an issue"
grep -nE '^\s*//' src/*/*.[ch] src/*.c | check "comments are /* */"
for file in sql/*.sql; do
	grep -nE 'SELECT \*|\bOFFSET\b' "$file" | sed "s|^|$file:|"
done | check "no SELECT * and no OFFSET in sql/"

long=$(awk 'FNR == 1 {start = 0} /^[a-z].*\)$|^[a-z].*[^;]$/ {name = $0} /^\{/ {start = FNR} /^\}/ && start {n = FNR - start - 1; if (n > 60) print FILENAME ":" start ": " n " lines: " name; start = 0}' src/*/*.c src/*.c)
[ -z "$long" ] || printf 'functions over 60 lines (for information):\n%s\n' "$long"
echo "tidy: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
