#!/bin/bash
# The demo agency: tools/run.sh BUILD FOLDER. Lives its year the first time; afterwards only shows it.
set -eu
cd "$(dirname "$0")/.."
kravbok=$1/kravbok folder=$2
book=$folder/kravbok.db
export KRAVBOK_DB=sqlite:$book
mkdir -p "$folder"
if [ ! -f "$folder/summary.txt" ]; then
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
