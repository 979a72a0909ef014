#!/bin/bash
# Runs every suite against a build folder and adds up: tests/run.sh BUILD. Starts its own throw-away PostgreSQL.
# A suite ends with "… N passed, N failed", or is a cmocka program. Three lanes run beside each other: what needs the processor,
# what waits for servers, what waits for browsers and mail. KRAVBOK_SUITES=domain is the first lane alone (coverage of src/core),
# KRAVBOK_ONE_ENGINE=1 gives the others SQLite alone (sanitizers, which make everything slow).
set -u
cd "$(dirname "$0")/.."
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
export KRAVBOK_BIN=$build/kravbok KRAVBOK_BUILD=$build KRAVBOK_SHARED=${KRAVBOK_SHARED:-../shared}
unset KRAVBOK_DB KRAVBOK_LAW
work=$(mktemp -d)
export KRAVBOK_TEST_DEMO=$work/demo
pg=$(mktemp -u /tmp/kbpg.XXXXXX)
skipped=0

finish() {
	tests/pg.sh stop "$pg" >/dev/null 2>&1
	rm -rf "$work" "$pg"
}
trap finish EXIT

if tests/pg.sh available >/dev/null 2>&1 && url=$(tests/pg.sh start "$pg"); then
	export KRAVBOK_TEST_PG=$url
else
	echo "SKIP: PostgreSQL could not be started; its half of the tests is not run"
	skipped=$((skipped + 1))
fi

# suite NAME COMMAND…
suite() {
	local name=$1 log=$work/log.$lane start=$SECONDS ok bad code
	shift
	"$@" >"$log" 2>&1 </dev/null
	code=$?
	if grep -q '^\[==========\]' "$log"; then
		ok=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
		bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test(s), listed below.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
	else
		ok=$(sed -n 's/.*\b\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed.*/\1/p' "$log" | tail -n 1)
		bad=$(sed -n 's/.*\b\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed.*/\2/p' "$log" | tail -n 1)
	fi
	ok=${ok:-0} bad=${bad:-0}
	if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
	{
		if [ "$code" -eq 0 ] && [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ]; then bad=1; echo "$name says nothing of itself"; fi
		grep '^SKIP' "$log"
		printf '%-28s %5d passed %3d failed  %3d s\n' "$name" "$ok" "$bad" $((SECONDS - start))
		[ "$bad" -eq 0 ] || tail -n 40 "$log" | sed 's/^/    /'
	} >"$work/said.$lane"
	cat "$work/said.$lane" # in one piece: the other lane speaks too
	echo "$ok $bad" >>"$work/counts"
}

lane_of_the_processor() {
	lane=processor
	suite layout tools/tidy.sh
	suite sentences tools/sentences.sh "$build"
	for test in "$build"/tests/test_*; do
		[ -x "$test" ] && [ -f "$test" ] && suite "$(basename "$test")" "$test"
	done
	suite sqlgen tests/unit/test_sqlgen.sh "$build/gen/sqlgen"
	suite htmlgen tests/unit/test_htmlgen.sh "$build/gen/htmlgen"
	suite scenarios python3 tests/scenario/run.py -j 2
	suite lives python3 tests/property/lives.py
	for test in tests/cli/*_test.py tests/crash/*.py; do
		suite "$(basename "$test" .py)" python3 "$test"
	done
}

lane_of_servers() {
	lane=servers
	[ -z "${KRAVBOK_ONE_ENGINE:-}" ] || unset KRAVBOK_TEST_PG
	for test in tests/web/*_test.py; do
		suite "$(basename "$test" .py)" python3 "$test"
	done
}

lane_of_browsers() {
	lane=browsers
	[ -z "${KRAVBOK_ONE_ENGINE:-}" ] || unset KRAVBOK_TEST_PG
	if [ -n "${KRAVBOK_BROWSER:-}" ]; then # node 22, whatever the machine has
		for page in components pages journeys openapi; do
			suite "$page" "$KRAVBOK_BROWSER/node_modules/.bin/node" "tests/browser/$page.mjs" "$build" "$KRAVBOK_BROWSER"
		done
	fi
	# Debian's own Python has aiosmtpd, whatever another one in the PATH lacks.
	for test in tests/net/*_test.py; do
		suite "$(basename "$test" .py)" /usr/bin/python3 "$test"
	done
}

: >"$work/counts"
lane_of_the_processor &
if [ "${KRAVBOK_SUITES:-all}" != domain ]; then
	lane_of_servers &
	lane_of_browsers &
fi
wait
read -r passed failed < <(awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }' "$work/counts")
[ "$skipped" -eq 0 ] || echo "skipped: $skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
