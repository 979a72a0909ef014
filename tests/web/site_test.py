#!/usr/bin/env python3
"""The server as a whole: its health, staff's log-in, forms from elsewhere, pages that are not there."""

import sys
import time
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
             "created_at) VALUES (900, 'ny@test.example', 'Ny Ansatt', 'handler', NULL, '', '', 0, 'nb', 1, 0)")
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


# ---------------------------------------------------------------- guessing

PASSWORD = "fire ord i en rad"


def _employee(site):
    """One who has used the invitation: the e-mail address and the authenticator's key."""
    site.sql("INSERT INTO person (person_id, email, name, role, client_no, password_hash, totp_secret, totp_step, language, active, "
             "created_at) VALUES (901, 'kari@test.example', 'Kari', 'handler', NULL, '', '', 0, 'nb', 1, 0)")
    site.sql("INSERT INTO login_step (token_hash, kind, person_id, secret, try_count, expires_at) "
             "VALUES ('%s', 'invite', 901, '', 0, 4102444800)" % token_hash("B" * 43))
    page = site.visitor(address="127.0.0.7").get("/invite/" + "B" * 43)
    secret = page.form().values["secret"]
    assert page.send(password=PASSWORD, code=totp(secret), follow=False).status == 303
    site.sql("UPDATE person SET totp_step = 0 WHERE person_id = 901")
    return "kari@test.example", secret


def _log_in(visitor, email, password=PASSWORD):
    return visitor.get("/login").send(email=email, password=password)


def who_guesses_a_password_locks_out_nobody_else(site):
    email, _ = _employee(site)
    guesser = site.visitor(address="127.0.0.8")
    for i in range(6):
        assert _log_in(guesser, email, "galt passord %d" % i).status == 422
    assert _log_in(guesser, email).status == 422                         # must wait now, though it is the right one
    assert _log_in(site.visitor(address="127.0.0.9"), email).path == "/login/code"
    assert not site.sql("SELECT 1 FROM failed_try WHERE reference LIKE '%kari%' OR reference LIKE '%127.0.0%'")


who_guesses_a_password_locks_out_nobody_else.options = ("--behind-proxy",)


def codes_are_counted_across_log_ins_from_anywhere(site):
    email, secret = _employee(site)
    wrong = 0
    for address in ("127.0.0.8", "127.0.0.9"):
        page = _log_in(site.visitor(address=address), email)
        for _ in range(3):
            page = page.send(code="000000")
            wrong += page.status == 422
    assert wrong == 6
    page = _log_in(site.visitor(address="127.0.0.10"), email)
    assert page.send(code=totp(secret)).status == 422                    # the password is known to somebody: all must wait
    site.sql("UPDATE failed_try SET locked_until_at = 0")
    assert page.send(code=totp(secret), follow=False).location == "/desk"


codes_are_counted_across_log_ins_from_anywhere.options = ("--behind-proxy",)


def a_code_is_good_for_one_log_in(site):
    email, secret = _employee(site)
    first, second = (_log_in(site.visitor(), email) for _ in range(2))
    code = totp(secret)
    assert first.send(code=code, follow=False).location == "/desk"
    assert second.send(code=code).status == 422


def a_new_log_in_ends_the_session_before_it(site):
    email, secret = _employee(site)
    visitor = site.visitor()
    for _ in range(2):
        site.sql("UPDATE person SET totp_step = 0 WHERE person_id = 901")
        assert _log_in(visitor, email).send(code=totp(secret), follow=False).location == "/desk"
    assert site.one("SELECT count(*) FROM session WHERE person_id = 901 AND created_at > 0") == "2"   # the invitation's and one


def a_session_ends_however_much_it_is_used(site):
    visitor = site.staff("handler")
    assert visitor.get("/desk").status == 200
    site.sql("UPDATE session SET created_at = created_at - 17 * 3600")
    assert visitor.get("/desk").path.startswith("/login")


def a_day_after_the_last_a_wrong_try_is_forgotten(site):
    site.sql("INSERT INTO failed_try (reference, failed_count, locked_until_at, last_at) VALUES ('old', 9, 0, 100)")
    site.restart()                                                       # what is kept is swept as a server begins
    for _ in range(100):
        if site.one("SELECT count(*) FROM failed_try WHERE reference = 'old'") == "0":
            return
        time.sleep(0.1)
    raise AssertionError("still there")


if __name__ == "__main__":
    sys.exit(run_web_tests("site", tests_of(sys.modules[__name__]), sys.argv[1:]))
