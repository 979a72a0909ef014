#!/bin/bash
# One fuzzer for some seconds, on a copy of its corpus: tests/fuzz/run.sh BUILD NAME SECONDS. A crash is kept in BUILD/crash.
set -eu
cd "$(dirname "$0")/../.."
build=$1 name=$2 seconds=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$build/crash" "$work/corpus"
dict=tests/fuzz/${name#fuzz_}.dict
echo "  fuzz     $name, $seconds s"
"$build/fuzz/$name" -max_total_time="$seconds" -print_final_stats=0 -verbosity=0 -timeout=10 -rss_limit_mb=2048 \
	-artifact_prefix="$build/crash/$name-" $([ -f "$dict" ] && echo "-dict=$dict") \
	"$work/corpus" "tests/fuzz/corpus/${name#fuzz_}"
