#!/usr/bin/env python3
"""Everybody tries everything: each route of the table as each role, as a stranger and with a key, with real numbers, with
others' and with none; forms with a right, a wrong and no token. Who may gets an answer, others do not, and nothing is a 500."""

import hashlib
import sys

from routetable import EVERYBODY, FREE, NO_NUMBERS, PEOPLE, Scene, good_body, good_form
from website import run_web_tests, tests_of

WORKS = {200, 201, 204, 303}
REFUSED_BY_STATE = {403, 409, 422}       # a page of a thing that cannot be done to this case just now says so
NO_ENTRY = {401, 403, 404}
STAFF = {"handler", "manager", "admin", "auditor"}       # see every client's and debtor's things; the others only their own
WORDS = {"hash", "name", "token", "code"}
WITHIN_A_CASE = {"letter"}               # numbered from 1 in each case
NOT_IN_THE_DEMO = {"/desk/outbox/{day}/{name}", "/hooks/sms"}   # it has printed no letters, and has no provider of messages
NOT_BUSINESS = ("session", "failed_try", "login_step", "audit", "setting", "sqlite_sequence",
                "search_word", "follower")   # the server writes its index when it comes to it


def _report(wrong):
    assert not wrong, "%d wrong:\n  %s" % (len(wrong), "\n  ".join(wrong[:40]))


def _print_of_book(site):
    """A hash of each table but those that say who looked."""
    prints = {}
    for (table,) in site.sql("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
        if table not in NOT_BUSINESS:
            columns = ", ".join(name for _, name, *_ in site.sql("PRAGMA table_info(%s)" % table))
            prints[table] = hashlib.sha256(repr(site.sql("SELECT %s FROM %s ORDER BY %s" % (columns, table, columns))).encode()).digest()
    return prints


def _changed(site, before):
    after = _print_of_book(site)
    return ["%s was changed" % table for table in after if after[table] != before.get(table)]


def _is_shut(route, name, answer):
    """What somebody gets who may not come in here."""
    if answer.status in NO_ENTRY:
        return True
    is_stranger = name == "stranger" or (name == "key") != route.is_api
    return is_stranger and answer.status == 303 and answer.location.endswith("/login")


def everybody_reads_what_they_may_and_no_more(site):
    scene, wrong = Scene(site), []
    for route in scene.routes:
        if route.method != "GET":
            continue
        for name in EVERYBODY:
            answer = scene.ask(scene.role(name), "GET", scene.path(route))
            may = name in route.who
            fine = answer.status in (WORKS | REFUSED_BY_STATE) if may else _is_shut(route, name, answer)
            if may and route.is_api and not route.pattern.endswith("/sandbox/clock"):
                fine = answer.status in (200, 422)
            if not fine and not (may and route.pattern in NOT_IN_THE_DEMO and answer.status == 404):
                wrong.append("%s as %s: %d %s" % (route, name, answer.status, answer.location))
    _report(wrong)


def both_languages_answer_alike(site):
    scene, wrong = Scene(site), []
    for route in scene.routes:
        if not route.is_page:
            continue
        for name in sorted(route.who - {"stranger"})[:1] or ["stranger"]:
            path = scene.path(route)
            norwegian, english = (scene.ask(scene.role(name), "GET", p) for p in (path, ("/en" + path).rstrip("/")))
            if norwegian.status != english.status:
                wrong.append("%s: %d in Norwegian, %d in English" % (route, norwegian.status, english.status))
            for answer, language in ((norwegian, "nb"), (english, "en")):
                if answer.status == 200 and '<html lang="%s"' % language not in answer.text:
                    wrong.append("%s: the page does not say that it is %s" % (route, language))
    _report(wrong)


def a_post_without_its_token_changes_nothing_on_one_engine(site):
    scene, wrong = Scene(site), []
    for name in EVERYBODY:
        scene.role(name)
    scene.ask(scene.role("stranger"), "GET", "/login")
    before = _print_of_book(site)
    for route in scene.routes:
        if route.method == "GET":
            continue
        path = scene.path(route)
        for name in EVERYBODY:
            role = scene.role(name)
            if route.is_api and name == "key":
                continue
            answers = [scene.post(role, path, {}, token=token) for token in (None, "0" * 64)]
            if not route.is_api and role.visit and name in route.who:
                answers += [scene.post(role, path, {}, headers={"Origin": "https://evil.example"}),
                            scene.post(role, path, {}, headers={"Sec-Fetch-Site": "cross-site"}),
                            scene.post(role, path, {}, token=scene.csrf(role, path + "x"))]
            for answer in answers:
                if answer.status not in (401, 403) and (name in route.who or not _is_shut(route, name, answer)):
                    wrong.append("%s as %s without its token: %d %s" % (route, name, answer.status, answer.location))
    wrong += _changed(site, before)
    _report(wrong)


def who_may_not_act_cannot_with_a_right_token_on_one_engine(site):
    scene, wrong = Scene(site), []
    for name in EVERYBODY:
        scene.role(name)
    before = _print_of_book(site)
    for route in scene.routes:
        if route.method == "GET":
            continue
        for name in EVERYBODY:
            role = scene.role(name)
            if name in route.who:
                continue
            path = scene.path(route)
            answer = scene.call(role, "POST", path) if route.is_api else scene.post(role, path, {})
            if not _is_shut(route, name, answer):
                wrong.append("%s as %s: %d %s" % (route, name, answer.status, answer.location))
    wrong += _changed(site, before)
    _report(wrong)


def no_number_leads_anywhere_on_one_engine(site):
    """A number that is none, and one that is somebody else's, are the same: not found. Nothing is changed by trying."""
    scene, wrong = Scene(site), []
    tries = []
    for route in scene.routes:
        who = sorted(route.who & ({"key"} if route.is_api else set(PEOPLE) | {"debtor"})) if "stranger" not in route.who else []
        numbers = [p for p in route.parameters if p not in WORDS] if who else []
        for parameter in numbers:
            tries += [(route, who[0], scene.path(route, **{parameter: number})) for number in NO_NUMBERS]
            if parameter not in WITHIN_A_CASE:
                tries += [(route, name, scene.path(route, foreign=(parameter,))) for name in who if name not in STAFF]
        if "case" in numbers:                  # a thing of another case, through a case one may see
            tries += [(route, name, scene.path(route, foreign=(parameter,))) for parameter in numbers for name in who
                      if parameter not in WITHIN_A_CASE and parameter != "case"]
    for name in EVERYBODY:
        scene.role(name)
    before = _print_of_book(site)
    for route, name, path in tries:
        role = scene.role(name)
        if route.method == "GET":
            answer = scene.ask(role, "GET", path)
        elif route.is_api:
            answer = scene.call(role, "POST", path, good_body(route))
        else:
            answer = scene.post(role, path, good_form(route))
        if answer.status not in ((404, 400) if "%" in path else (404,)):
            wrong.append("%s as %s at %s: %d %s" % (route, name, path, answer.status, answer.location))
    wrong += _changed(site, before)
    _report(wrong)


def empty_forms_of_who_may_are_no_disaster(site):
    scene, wrong = Scene(site), []
    for route in scene.routes:
        if route.method == "GET" or route.pattern == "/logout":
            continue
        for name in sorted(route.who - (set() if route.is_api else {"key"})):
            role = scene.role(name)
            path = scene.path(route)
            answer = scene.call(role, "POST", path) if route.is_api else scene.post(role, path, {})
            if answer.status not in WORKS | REFUSED_BY_STATE | {404}:
                wrong.append("%s as %s, empty: %d" % (route, name, answer.status))
            if answer.status not in (422, 403, 404, 409) and any(not f["optional"] for f in route.fields) and (
                    not route.is_api and not (answer.status == 303 and "login" in route.pattern)):
                wrong.append("%s as %s took an empty form: %d" % (route, name, answer.status))
            if site.process.poll() is not None:
                wrong.append("%s as %s: the server is dead: %s" % (route, name, " ".join(site.log[-3:])))
                site.start()
                scene.drop()
    _report(wrong)


def a_session_that_ended_is_a_strangers(site):
    scene, wrong = Scene(site), []
    for name in ("debtor",) + PEOPLE:
        role = scene.role(name)
        page = "/my" if name == "debtor" else "/client" if name.startswith("client_") else "/desk"
        route = next((r for r in scene.routes if r.pattern == page and not r.is_api), None)
        if not route:
            continue
        if scene.ask(role, "GET", page).status != 200:
            wrong.append("%s cannot see %s" % (name, page))
        scene.post(role, "/logout", {})
        if scene.ask(role, "GET", page).status != 303:
            wrong.append("%s sees %s after logging out" % (name, page))
    key = scene.role("key")
    site.sql("UPDATE api_key SET revoked_at = %d WHERE key_id = %d" % (scene.now, key.number))
    for route in scene.routes:
        if route.is_api and route.method == "GET" and scene.ask(key, "GET", scene.path(route)).status != 401:
            wrong.append("%s with a key that was taken back" % route)
    _report(wrong)


if __name__ == "__main__":
    sys.exit(run_web_tests("matrix", tests_of(sys.modules[__name__]), sys.argv[1:], settings=FREE))
