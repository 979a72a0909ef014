#!/usr/bin/env python3
"""Every field of every form gets something wrong and says so properly: 422, a summary on top that leads to the field, the same
words at the field, a title that begins with the error, and what was typed kept. Hostile text is stored or refused, and always
shown as text. Bodies that are no forms are refused."""

import html
import re
import sys
from html.parser import HTMLParser

from routetable import FREE, Scene, good_form
from website import run_web_tests, tests_of

LOOKS_FIRST = ("stranger", "debtor", "client_admin", "manager", "handler", "admin", "client_clerk", "client_reader", "auditor")
BAD = {"money": ("mye", "-5", "0", "1,234,5"), "date": ("31.02.2026", "i går", "2026-13-01"), "number": ("to", "99999999999999999999"),
       "choice": ("noe annet",), "select": ("noe annet",), "email": ("kari", "kari@", "@test.example", "ka ri@test.example"),
       "phone": ("12", "ring meg"), "text": ("\x07",), "lines": ("\x07",), "code": ("\x07",)}
HOSTILE = ("<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "';--", "{{ 7*7 }} %s %n", "a\u202eb\u2066c", "𝔎𝔞𝔯𝔦 🦭",
           "&lt;b&gt;", "</textarea></title></select><script>alert(1)</script>", "å" * 10000)
FORM = "application/x-www-form-urlencoded"


class _Sheet(HTMLParser):
    """What a browser makes of a page: its summary's links, the words by id, the marks of fields, scripts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.words, self.marks, self.links, self.scripts, self.handlers = [], {}, {}, [], 0, []
        self.title, self.values = "", {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.open.append((tag, a))
        if "id" in a:
            self.marks[a["id"]] = a
            self.words.setdefault(a["id"], "")
        if "name" in a and tag != "textarea":
            if a.get("type") not in ("radio", "checkbox") or "checked" in a:
                self.values[a["name"]] = a.get("value", "")
        if tag == "a" and any("ds-error-summary" in b.get("class", "") for _, b in self.open):
            self.links.append([a.get("href", ""), ""])
        if tag == "script" and not a.get("src", "").startswith("/assets/"):
            self.scripts += 1
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if tag in ("input", "br", "img", "meta", "link", "hr"):
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for tag, a in self.open:
            if "id" in a:
                self.words[a["id"]] += data
            if tag == "textarea":
                self.values[a.get("name")] = self.values.get(a.get("name"), "") + data
        if self.links and self.open and any(tag == "a" for tag, _ in self.open):
            if any("ds-error-summary" in b.get("class", "") for _, b in self.open):
                self.links[-1][1] += data
        if self.open and self.open[-1][0] == "title":
            self.title += data


def _plain(text):
    return re.sub(r"[\s\u00a0]+", " ", text).strip()


def _report(wrong):
    assert not wrong, "%d wrong:\n  %s" % (len(wrong), "\n  ".join(wrong[:40]))


def _forms(scene):
    """Routes that take a form, and who sends it. A limited sender (log-in) is a stranger."""
    for route in scene.routes:
        if route.method == "POST" and not route.is_api and route.fields:
            yield route, next(name for name in LOOKS_FIRST if name in route.who)


def _shown(route, field, answer, sheet, typed):
    """What is missing of a field's error, as words."""
    name, found = field["name"], []
    if not sheet.title.startswith(("Feil:", "Error:")):
        found.append("the title does not begin with the error: %r" % sheet.title)
    targets = ["#f-" + name, "#f-%s-1" % name]
    link = next((words for href, words in sheet.links if href in targets), None)
    if link is None:
        return found + ["the summary has no link to the field: %s" % sheet.links]
    if not any(t[1:] in sheet.marks for t in targets):
        found.append("the summary's link leads nowhere")
    own = sheet.words.get("f-%s-error" % name)
    if own is None or _plain(own) != _plain(link):
        found.append("other words at the field: %r, on top: %r" % (own, link))
    mark = next((sheet.marks[t[1:]] for t in targets if t[1:] in sheet.marks), {})
    if mark.get("aria-invalid") != "true":
        found.append("the field is not marked as invalid")
    described = mark.get("aria-describedby", "")
    if field["kind"] not in ("choice", "check") and "f-%s-error" % name not in described.split():
        found.append("the field does not name its error: %r" % described)
    for other, value in typed.items():
        kind = next(f["kind"] for f in route.fields if f["name"] == other)
        if kind in ("text", "lines", "money", "date", "number") and other != name and value and other in sheet.values:
            if _plain(sheet.values[other]) != _plain(value):
                found.append("what was typed in %s is lost: %r" % (other, sheet.values[other]))
    return found


def _is_from_a_list(field):
    """A row's number behind a list of names, or what a button says: no visitor can get it wrong."""
    return field["kind"] == "hidden" or (field["kind"] == "number" and field["max"] >= 1 << 62)


def _wrong_values(field):
    if not field["optional"] and field["kind"] != "hidden":
        yield None
    if field["kind"] in ("text", "lines", "code", "password"):
        yield "x" * ((field["size_max"] or (4000 if field["kind"] == "lines" else 200)) + 1)
    yield from BAD.get(field["kind"], ())


def every_field_says_what_is_wrong_with_it_on_one_engine(site):
    scene, wrong, count = Scene(site), [], 0
    for route, who in _forms(scene):
        role, path = scene.role(who), scene.path(route)
        for field in route.fields:
            if _is_from_a_list(field):
                continue
            for value in _wrong_values(field):
                typed = good_form(route)
                typed.pop(field["name"], None)
                if value is not None:
                    typed[field["name"]] = value
                for language in ("", "/en") if value is None else ("",):
                    answer = scene.post(role, language + path, typed)
                    count += 1
                    say = "%s as %s, %s=%.20r:" % (route, who, field["name"], value)
                    if answer.status == 303 and "/login/code" in route.pattern:
                        continue                                       # nobody has begun to log in
                    if answer.status != 422:
                        wrong.append("%s %d, not 422" % (say, answer.status))
                        continue
                    sheet = _Sheet(answer.text)
                    if route.row["shows_again"] and not re.search('<button[^>]* name="%s"' % field["name"], answer.text):
                        wrong += ["%s %s" % (say, words) for words in _shown(route, field, answer, sheet, typed)]
    assert count > 20, count
    _report(wrong)


def hostile_text_is_only_ever_text(site):
    """Sent to every field of text, then every page is read again: what came is never a tag, an attribute or a script."""
    scene, wrong = Scene(site), []
    for route, who in _forms(scene):
        role, path = scene.role(who), scene.path(route)
        names = [f["name"] for f in route.fields if f["kind"] in ("text", "lines", "code", "email", "phone", "hidden", "money", "date")]
        for text in HOSTILE if names else ():
            typed = good_form(route)
            typed.update({name: text for name in names})
            answers = [scene.post(role, path, typed)]
            for name in names:            # one at a time, so that a field the others' faults would hide is stored
                if next(f["kind"] for f in route.fields if f["name"] == name) in ("text", "lines"):
                    answers.append(scene.post(role, path, dict(good_form(route), **{name: text})))
            for answer in answers:
                if answer.status >= 500:
                    wrong.append("%s with %.20r: %d" % (route, text, answer.status))
                elif "text/html" in answer.headers.get("content-type", ""):
                    wrong += _live(route, answer, text)
    site.sql("UPDATE debtor SET name = '<script>alert(2)</script>', address = '\"><b onload=x>' WHERE debtor_id = %d" % scene.debtor)
    site.sql("UPDATE client SET name = '<img src=x onerror=alert(3)>' WHERE client_no = 2")
    site.sql("UPDATE claim SET description = '</script><script>alert(4)</script>', invoice_no = '<i onclick=x>' WHERE case_id = %d" % scene.case)
    for route in scene.routes:
        if route.method != "GET" or not route.is_page:
            continue
        for who in sorted(route.who):
            answer = scene.ask(scene.role(who), "GET", scene.path(route)) if who != "key" else None
            if answer and answer.status >= 500:
                wrong.append("%s as %s: %d" % (route, who, answer.status))
            elif answer:
                wrong += _live(route, answer, "what is stored")
    _report(wrong)


def _live(route, answer, text):
    sheet = _Sheet(answer.text)
    found = []
    if sheet.scripts or sheet.handlers or "<script>alert" in answer.text or "<img src=x" in answer.text:
        found.append("%s: %.20r came alive: %d scripts, %s" % (route, text, sheet.scripts, sheet.handlers))
    return found


def questions_in_the_address_are_only_text(site):
    scene, wrong = Scene(site), []
    for route in scene.routes:
        if route.method != "GET" or not route.fields:
            continue
        who = "key" if route.is_api else next(name for name in LOOKS_FIRST if name in route.who)
        for field in route.fields:
            for text in HOSTILE + BAD.get(field["kind"], ()) + ("", "'", "%", "_", "*", "a" * 300, "-1", "999999999999999999999"):
                query = "?%s=%s" % (field["name"], "".join("%%%02X" % b for b in text[:900].encode()))
                answer = scene.ask(scene.role(who), "GET", scene.path(route) + query)
                if answer.status not in (200, 303, 403, 404, 409, 422, 431, 414):
                    wrong.append("%s %s=%.20r: %d" % (route, field["name"], text, answer.status))
                elif "text/html" in answer.headers.get("content-type", ""):
                    wrong += _live(route, answer, text)
    _report(wrong)


def bodies_that_are_no_forms_are_refused_on_one_engine(site):
    scene, wrong = Scene(site), []
    mark = b"--kb\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"
    bodies = ((b"{\"a\": 1}", "application/json"), (b"<x/>", "text/xml"), (b"a=1", "text/plain"), (b"a=1", ""), (b"\xff\xfe%zz=%", FORM),
              (mark + b"1\r\n", "multipart/form-data; boundary=kb"), (b"no boundary", "multipart/form-data"),
              (b"--kb--\r\n", "multipart/form-data; boundary=kb"), (mark * 300 + b"1\r\n--kb--\r\n", "multipart/form-data; boundary=kb"),
              (b"csrf=" + b"0" * 64 + b"&a=1" * 30000, FORM), (b"a=1&" * 5000, FORM))
    for route, who in _forms(scene):
        role, path = scene.role(who), scene.path(route)
        for body, kind in bodies:
            answer = scene.ask(role, "POST", path, body, {"Content-Type": kind} if kind else {})
            if answer.status not in (400, 403, 404, 413, 415, 422):
                wrong.append("%s with %.30r as %s: %d" % (route, body, kind, answer.status))
        right = ("csrf=%s&" % scene.csrf(role, path)).encode()
        for body in (right + b"a=1&" * 20, right + b"%00=%00&" * 3, right + b"csrf=0"):
            answer = scene.ask(role, "POST", path, body, {"Content-Type": FORM})
            if answer.status >= 500:
                wrong.append("%s with %.30r: %d" % (route, body, answer.status))
    _report(wrong)


def a_form_sent_twice_acts_once_or_says_so_on_one_engine(site):
    """The same bytes again, as an impatient visitor or the back button send them: never a 500, and the books still add up."""
    scene, wrong = Scene(site), []
    for route, who in _forms(scene):
        if "/invite/" in route.pattern or "log" in route.pattern:
            continue
        role, path, typed = scene.role(who), scene.path(route), good_form(route)
        for _ in range(3):
            answer = scene.post(role, path, typed)
            if answer.status not in (200, 303, 403, 404, 409, 422):
                wrong.append("%s: %d" % (route, answer.status))
    _report(wrong)
    site.stop()
    said = site.command("verify")
    assert not said.strip(), said


def the_words_of_a_wrong_amount_are_those_of_the_page(site):
    """One field through the eyes of a reader, as the table-driven tests see them all."""
    page = site.visitor().get("/what-is-debt-collection?amount=mye&due=01.05.2026")
    assert page.status in (200, 422) and page.errors, page
    assert html.escape("mye") in page.html


if __name__ == "__main__":
    sys.exit(run_web_tests("fields", tests_of(sys.modules[__name__]), sys.argv[1:], settings=FREE))
