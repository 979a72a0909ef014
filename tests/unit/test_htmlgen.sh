#!/bin/sh
# What tools/htmlgen.c refuses, with the line, and what it makes of what it takes.
#
#	tests/unit/test_htmlgen.sh build/gen/htmlgen
set -eu
htmlgen=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
count=0

# name, the message wanted after the path; the template's lines on standard input (after @html)
refused() {
	count=$((count + 1))
	{ printf '@html page(str x)\n'; cat; } >"$dir/page.html"
	if "$htmlgen" "$dir/page.html" "$dir" 2>"$dir/log"; then
		echo "NOT REFUSED: $1"
		failed=$((failed + 1))
	elif ! grep -qF "$dir/page.html:$2" "$dir/log"; then
		echo "REFUSED FOR ANOTHER REASON: $1: wanted '$2', got:"
		cat "$dir/log"
		failed=$((failed + 1))
	fi
}
# name, the line of C wanted
taken() {
	count=$((count + 1))
	{ printf '@html page(str x)\n'; cat; } >"$dir/page.html"
	if ! "$htmlgen" "$dir/page.html" "$dir" 2>"$dir/log" || ! grep -qF "$2" "$dir/page.c"; then
		echo "NOT TAKEN: $1: wanted $2, got:"
		cat "$dir/log" "$dir/page.c"
		failed=$((failed + 1))
	fi
}

refused unquoted "2: error: a value without quotes" <<'T'
<a href={{ url: x }}>x</a>
T
refused value_in_tag "2: error: a value in a tag must be inside quotes" <<'T'
<a {{ x }}>x</a>
T
refused script_attribute "3: error: an attribute that holds a script" <<'T'
<p>fine</p>
<p onclick="x">x</p>
T
refused style_attribute "2: error: a style attribute" <<'T'
<p style="color: red">x</p>
T
refused style_element "2: error: a style inside the page" <<'T'
<style>p{}</style>
T
refused address_from_value "2: error: an address that begins with a value" <<'T'
<a href="{{ x }}">x</a>
T
refused url_elsewhere "2: error: url: and at: belong at the beginning" <<'T'
<p>{{ url: x }}</p>
T
refused url_after_text "2: error: url: and at: belong at the beginning" <<'T'
<a href="/a{{ url: x }}">x</a>
T
refused unknown_filter "2: error: no such word before the colon" <<'T'
<p>{{ raw: x }}</p>
T
refused open_value "2: error: {{ without }}" <<'T'
<p>{{ x</p>
T
refused comment "2: error: a value in a comment" <<'T'
<!-- {{ x }} -->
T
refused open_tag "2: error: the template ends inside a tag" <<'T'
<p
T
refused bare_sentence "2: error: t: wants a sentence" <<'T'
<p>{{ t: x }}</p>
T
refused no_comma "2: error: a comma belongs" <<'T'
<p>{{ t: "a {0}" x }}</p>
T
refused on_in_text "2: error: on: and attr: belong in a tag" <<'T'
<p>{{ on: true, "checked" }}</p>
T
refused empty_value "2: error: {{ }} without a value" <<'T'
<p>{{ }}</p>
T
taken text 'html_text(h, x);' <<'T'
<p>{{ x }}</p>
T
taken attribute 'html_text(h, x);' <<'T'
<p title="{{ x }}">x</p>
T
taken address 'html_url(h, x);' <<'T'
<a href="{{ url: x }}">x</a>
T
taken boolean 'html_attribute(h, x.size > 0, "checked");' <<'T'
<input type="radio" {{ on: x.size > 0, "checked" }}>
T
taken sentence_hash 'html_sentence(h, 0x88c6d8b5u, "Log out", NULL, 0)' <<'T'
<p>{{ t: "Log out" }}</p>
T
taken c_line ' if (x.size)' <<'T'
% if (x.size)
%	html_text(h, x);
T
# FNV-1a of "Log out", from another program
python3 - <<'P' || failed=$((failed + 1))
h = 2166136261
for c in b"Log out":
    h = ((h ^ c) * 16777619) & 0xffffffff
print("%x" % h) if h != 0x88c6d8b5 else None
exit(h != 0x88c6d8b5)
P
count=$((count + 1))
echo "htmlgen: $((count - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
