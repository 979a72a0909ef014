#!/bin/bash
# Branch coverage of src/core from a coverage build that has run its tests: tests/coverage.sh BUILD [LEAST_PERCENT].
# Branches of require() are left out: they are taken only when the program contradicts itself. So are the runs of the
# build's own tools, which read the law before any test does.
set -eu
cd "$(dirname "$0")/.."
build=$1 least=${2:-95}
gcovr --root . --filter src/core/ --exclude-lines-by-pattern '.*\b(require|panic)\(.*' --exclude-throw-branches \
	--exclude-directories '.*/gen$' --branches --print-summary "$build" | tee "$build/coverage.txt"
percent=$(sed -n 's/^branches: \([0-9]*\)\..*/\1/p' "$build/coverage.txt")
echo "branches of src/core covered: $percent %, at least $least % wanted"
[ "$percent" -ge "$least" ]
