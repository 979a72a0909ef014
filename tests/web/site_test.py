#!/usr/bin/env python3
"""The server as a whole: its health, staff's log-in, forms from elsewhere, pages that are not there."""

import sys
import urllib.parse

from website import run_web_tests, tests_of, token_hash, totp


def the_server_is_well(site):
    page = site.visitor().get("/health")
    assert (page.status, page.body) == (200, b"well\n"), page


def headers_keep_a_page_from_others(site):
    page = site.visitor().get("/login")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"


def a_page_that_is_not_there_is_404_in_the_visitors_language(site):
    assert site.visitor().get("/nowhere").heading == "Vi finner ikke siden"
    assert site.visitor("en").get("/nowhere").heading == "We cannot find the page"


def an_invited_person_chooses_a_password_and_logs_in(site):
    site.sql("INSERT INTO person (person_id, email, name, role, client_no, password_hash, totp_secret, totp_step, language, active, "
             "failed_count, created_at) VALUES (900, 'ny@test.example', 'Ny Ansatt', 'handler', NULL, '', '', 0, 'nb', 1, 0, 0)")
    token = "A" * 43
    site.sql("INSERT INTO login_step (token_hash, kind, person_id, secret, try_count, expires_at) "
             "VALUES ('%s', 'invite', 900, '', 0, 4102444800)" % token_hash(token))
    page = site.visitor().get("/invite/" + token)
    secret = page.form().values["secret"]
    wrong = page.send(password="tre ord som ingen", code="000000")
    assert wrong.status == 422 and wrong.errors, wrong
    page = wrong.send(password="tre ord som ingen", code=totp(secret), follow=False)
    assert page.status == 303 and page.location == "/desk", page
    stranger = site.visitor()
    again = stranger.get("/login").send(email="NY@test.example", password="et helt annet ord")
    assert again.status == 422 and again.errors, again
    assert stranger.get("/login").send(email="ny@test.example", password="tre ord som ingen").path == "/login/code"


def a_form_without_its_token_changes_nothing(site):
    page = site.visitor().get("/login")
    form = dict(page.form().values, email="a@b.example", password="x" * 12)
    assert site.visitor().post("/login", form).status == 403            # another visitor's cookie
    form["csrf"] = "0" * 64
    assert page.visitor.post("/login", form).status == 403


def a_form_sent_from_another_site_is_refused(site):
    visitor = site.visitor()
    form = dict(visitor.get("/login").form().values, email="a@b.example", password="x" * 12)
    body = urllib.parse.urlencode(form).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"}
    assert visitor.request("POST", "/login", body, kind).status == 403
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"}
    assert visitor.request("POST", "/login", body, kind).status == 403


if __name__ == "__main__":
    sys.exit(run_web_tests("site", tests_of(sys.modules[__name__]), sys.argv[1:]))
