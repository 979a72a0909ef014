#!/bin/bash
# The sentences of the program that have no translation, and the translations of sentences that are no more:
# tools/sentences.sh BUILD. Sentences are those of templates, of T() and N_() in src/, and of errors (fail, within) in the
# rooms a visitor can reach. Says nothing when all is there. With --template they are written out as a catalogue to fill in.
set -eu
cd "$(dirname "$0")/.."
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
extract() { xgettext --language=C --from-code=UTF-8 --no-location --force-po -o - "$@" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }; }
extract -k -khtml_sentence:3 "$build"/gen/html/*.c > "$work/pages.po"
extract -k -kT:2 -kN_:1 src/web/*.[ch] > "$work/code.po"
extract -k -kfail:2 -kwithin:2 src/base/*.c src/core/*.c src/app/*.c src/web/*.c $(ls src/format/*.c) > "$work/errors.po"
msgcat --use-first "$work/pages.po" "$work/code.po" "$work/errors.po" > "$work/wanted.po"
if [ "${2-}" = --template ]; then
	cat "$work/wanted.po"
	exit
fi
ids() { msgcat --no-wrap "$1" | sed -n 's/^msgid "\(.\+\)"$/\1/p' | sort -u; }
ids "$work/wanted.po" > "$work/wanted"
msgattrib --translated --no-fuzzy --no-wrap "$build/gen/nb.po" > "$work/done.po"
ids "$work/done.po" > "$work/done"
comm -23 "$work/wanted" "$work/done" | sed 's/^/no translation: /'
comm -13 "$work/wanted" "$work/done" | sed 's/^/no such sentence any more: /'
