#!/bin/bash
# The demo agency: tools/run.sh BUILD FOLDER. Lives its year the first time, shows it, and serves it at http://127.0.0.1:8080
# (another port if that is taken). On a terminal the server runs here until Ctrl-C; elsewhere it goes on by itself, and
# `make stop` ends it.
set -eu
cd "$(dirname "$0")/.."
kravbok=$1/kravbok folder=$2
book=$folder/kravbok.db
export KRAVBOK_DB=sqlite:$book
mkdir -p "$folder"
serving() { [ -f "$folder/server.pid" ] && kill -0 "$(cat "$folder/server.pid")" 2>/dev/null; }
# A book of an older version, or none: a demo is made anew.
"$kravbok" status > /dev/null 2>&1 || rm -f "$folder/summary.txt"
if [ ! -f "$folder/summary.txt" ]; then
	serving && kill "$(cat "$folder/server.pid")"
	rm -rf "$book" "$book"-* "$folder/demo" "$folder/letters"
	echo "  demo     a year of a collection agency, 2025-07-01 to 2026-06-30"
	"$kravbok" init --demo > "$folder/summary.part"
	"$kravbok" letter render --out "$folder/letters" | tail -n 1 >> "$folder/summary.part"
	"$kravbok" verify
	mv "$folder/summary.part" "$folder/summary.txt"
fi
cat "$folder/summary.txt"
echo
"$kravbok" status
"$kravbok" case owed
cat <<END

Letters      $folder/letters
Statements   $folder/demo/settlement-*/
Try          export KRAVBOK_DB=$KRAVBOK_DB
             $kravbok case list --stage demand
             $kravbok case show 1
             $kravbok settle --date 2026-06-30 --out $folder/settlement

END
if serving; then
	echo "It is served already: $(cat "$folder/server.txt")"
elif [ -t 1 ]; then
	exec "$kravbok" serve --next-port
else
	setsid "$kravbok" serve --next-port > "$folder/server.txt" 2> "$folder/server.log" < /dev/null &
	echo $! > "$folder/server.pid"
	for _ in $(seq 100); do
		grep -q http "$folder/server.txt" && break
		serving || { echo "the server did not start: see $folder/server.log" >&2; exit 1; }
		sleep 0.1
	done
	cat "$folder/server.txt"
	echo "It goes on in the background: make stop ends it, $folder/server.log is its log"
fi
