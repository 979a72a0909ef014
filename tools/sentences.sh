#!/bin/bash
# What is wrong with the translations: tools/sentences.sh BUILD. Lists sentences that have none, translations of sentences
# that are no more, and translations of errors whose conversions (%s) are not the sentence's; ends with "N passed, N failed".
# Sentences are those of templates, of T() and N_(), and of errors and findings (fail, within, row_finding_add, err_words), all in
# the rooms a visitor can reach;
# an error's format is one when it has a blank and a word of its own: "IssueDate" and "%s: '%.*s'" are names and places.
# With --template they are written out as a catalogue to fill in.
set -eu
export LC_ALL=C # bytes are kept and sorted as they are: catalogues are UTF-8 wherever this runs
cd "$(dirname "$0")/.."
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
extract() { # extract NAME, options of xgettext: what it finds, as a catalogue
	local name=$1
	shift
	xgettext --language=C --from-code=UTF-8 --no-location --force-po -k "$@" -o "$work/raw.po" 2>"$work/said" ||
		{ cat "$work/said" >&2; exit 1; }
	sed 's/charset=CHARSET/charset=UTF-8/' "$work/raw.po" | msgcat --no-wrap -o "$work/$name" -
}
# An entry a paragraph; the first is the head of the catalogue.
without_names() {
	awk 'BEGIN { RS = ""; ORS = "\n\n" }
		NR > 1 {
			own = $0
			sub(/^(#[^\n]*\n)*msgid "/, "", own)
			sub(/"\nmsgstr .*$/, "", own)
			blank = own ~ / /
			gsub(/%[-+ #0-9.*$]*(hh|h|ll|l|z|j|t)?[a-zA-Z]/, "", own)
			if (!blank || own !~ /[A-Za-z\200-\377]/)
				next
		}
		{ print }' "$1"
}
# The sentences of a catalogue, one a line, as C writes them.
ids() {
	msgcat --no-wrap "$1" | awk '
		/^msgid / { sentence = ""; is_id = 1 }
		/^msgstr/ { if (is_id && sentence != "") print sentence; is_id = 0 }
		is_id { sub(/^msgid /, ""); sentence = sentence substr($0, 2, length($0) - 2) }' | sort -u
}

extract pages.po -khtml_sentence:3 -kT:2 -kN_:1 "$build"/gen/html/*.c
extract code.po -kT:2 -kN_:1 src/{base,core,format,app,web}/*.[ch]
extract formats.po -kfail:2 -kwithin:2 -krow_finding_add:3 -kerr_words:1 --flag=fail:2:c-format --flag=within:2:c-format \
	--flag=row_finding_add:3:c-format --flag=err_words:1:c-format \
	src/{base,core,format,app,web}/*.[ch]
without_names "$work/formats.po" >"$work/errors.po"
msgcat --use-first -o "$work/wanted.po" "$work/pages.po" "$work/code.po" "$work/errors.po"
if [ "${2-}" = --template ]; then
	cat "$work/wanted.po"
	exit
fi
msgattrib --translated --no-fuzzy -o "$work/done.po" "$build/gen/nb.po"
ids "$work/wanted.po" >"$work/wanted"
ids "$work/done.po" >"$work/done"
# Which of them are formats is said by the source: a catalogue may have forgotten it.
msgmerge -q --no-fuzzy-matching "$work/done.po" "$work/errors.po" |
	msgattrib --clear-fuzzy --no-obsolete --no-wrap -o "$work/formats.po"
msgfmt --check-format -o /dev/null "$work/formats.po" 2>"$work/said" || true
{
	comm -23 "$work/wanted" "$work/done" | sed 's/^/no translation: /'
	comm -13 "$work/wanted" "$work/done" | sed 's/^/no such sentence any more: /'
	awk -F: 'NR == FNR { if ($2 ~ /^[0-9]+$/) is_wrong[$2] = 1; next } FNR in is_wrong' "$work/said" "$work/formats.po" |
		sed 's/^msgstr "\(.*\)"$/not the conversions of its sentence: \1/'
} | tee "$work/wrong"
failed=$(wc -l <"$work/wrong")
echo "sentences: $(comm -12 "$work/wanted" "$work/done" | wc -l) passed, $failed failed"
[ "$failed" -eq 0 ]
