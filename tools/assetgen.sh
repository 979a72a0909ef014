#!/bin/bash
# Puts what the pages are made of into the program: assetgen.sh OUT NAME=FILE… writes OUT/assets.S and OUT/assets.c
# (base/asset.h), and OUT/assets/NAME and NAME.gz as they are served. A NAME ending in .css may be given several files:
# NAME=FILE+FILE. In a style sheet "asset:NAME" stands for the served address of a NAME given before it.
set -euo pipefail
out=$1
shift
rm -rf "$out/assets"
mkdir -p "$out/assets"

type_of() {
	case $1 in
	*.css) echo "text/css; charset=utf-8" ;;
	*.js) echo "text/javascript; charset=utf-8" ;;
	*.svg) echo "image/svg+xml" ;;
	*.woff2) echo "font/woff2" ;;
	*) echo "assetgen: what type is $1?" >&2 && return 1 ;;
	esac
}

addresses=() # for sed: asset:NAME to /assets/HASH/NAME
assembly=$'/* Made by tools/assetgen.sh. */\n\t.section .rodata\n'
declarations= rows=
index=0
for given; do
	name=${given%%=*}
	body=$out/assets/$name
	IFS=+ read -ra files <<<"${given#*=}"
	cat "${files[@]}" >"$body"
	if [[ $name == *.css ]]; then
		sed -i "${addresses[@]}" "$body"
		if left=$(grep -o '"asset:[^"]*' "$body"); then
			echo "assetgen: $name: no such asset: ${left#\"asset:}" >&2
			exit 1
		fi
	fi
	type=$(type_of "$name")
	hash=$(b2sum -l 64 "$body")
	hash=${hash%% *}
	addresses+=(-e "s|\"asset:${name//./\\.}\"|\"/assets/$hash/$name\"|g")

	gzip -9 -n -c "$body" >"$body.gz"
	size=$(stat -c %s "$body")
	gzip_size=$(stat -c %s "$body.gz")
	packed="NULL, 0"
	assembly+=$'\t.balign 16\n'"	.globl asset_body_$index
	.hidden asset_body_$index
asset_body_$index:
	.incbin \"$body\"
	.byte 0
"
	declarations+="extern const unsigned char asset_body_$index[];"$'\n'
	if ((gzip_size * 10 < size * 9)); then
		packed="asset_gzip_$index, $gzip_size"
		assembly+="	.globl asset_gzip_$index
	.hidden asset_gzip_$index
asset_gzip_$index:
	.incbin \"$body.gz\"
"
		declarations+="extern const unsigned char asset_gzip_$index[];"$'\n'
	else
		rm "$body.gz"
	fi
	rows+="	{ \"$name\", \"$type\", \"$hash\", asset_body_$index, $size, $packed },"$'\n'
	index=$((index + 1))
done

echo "$assembly	.section .note.GNU-stack,\"\",%progbits" >"$out/assets.S"
cat >"$out/assets.c" <<END
/* Made by tools/assetgen.sh. */
#include "base/asset.h"

#include <string.h>

$declarations
const struct asset assets[] = {
$rows};
const size_t asset_count = sizeof assets / sizeof *assets;

const struct asset *asset_find(const char *name)
{
	for (size_t i = 0; i < asset_count; i++)
		if (!strcmp(assets[i].name, name))
			return &assets[i];
	return NULL;
}
END
