#!/usr/bin/env python3
"""Log-in with OpenID Connect against a certified provider (npm oidc-provider) on this machine.

KRAVBOK_BROWSER  the folder with node_modules (make sets it); without it only those that need no provider are run
"""

import http.client
import os
import re
import subprocess
import sys
import urllib.parse

from website import ROOT, Page, run_web_tests, tests_of


class Provider:
    """The provider and a browser's cookies with it."""

    def __init__(self, site):
        folder = os.environ["KRAVBOK_BROWSER"]
        redirect = "http://127.0.0.1:%d/my/login/callback" % site.port
        self.process = subprocess.Popen([os.path.join(folder, "node_modules/.bin/node"), os.path.join(ROOT, "tests/browser/oidc_provider.mjs"),
                                         folder, redirect], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = ""
        while not line.startswith("http://"):
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError("the provider does not start")
        self.issuer = line.strip()
        self.cookies = {}
        for name, value in (("issuer", self.issuer), ("client_id", "kravbok"), ("client_secret", "a secret: of ours/")):
            site.sql("INSERT INTO setting (name, value) VALUES ('oidc.%s', '%s')" % (name, value))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def _request(self, method, url, body=None):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        headers = {"Cookie": "; ".join("%s=%s" % c for c in self.cookies.items())} if self.cookies else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), body, headers)
        answer = connection.getresponse()
        data = answer.read()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        connection.close()
        return Page(None, url, answer.status, {k.lower(): v for k, v in answer.headers.items()}, data)

    def log_in(self, address, ident):
        """Goes through the provider's own pages; gives the address it sends the visitor back to."""
        page = self._request("GET", address)
        for _ in range(12):
            if page.status in (302, 303):
                to = urllib.parse.urljoin(page.path, page.location)
                if not to.startswith(self.issuer):
                    return to
                page = self._request("GET", to)
                continue
            form = page.forms[0]
            values = dict(form.values)
            if "login" in form.names:
                values.update(login=ident, password="x")
            page = self._request("POST", urllib.parse.urljoin(page.path, form.action), urllib.parse.urlencode(values))
        raise AssertionError("the provider does not come to an end: %r" % page)


def _back(visitor, address):
    parts = urllib.parse.urlsplit(address)
    return visitor.get(parts.path + "?" + parts.query)


def _ident(site):
    return site.sql("SELECT d.ident, d.debtor_id FROM debtor d JOIN claim c ON c.debtor_id = d.debtor_id WHERE d.kind = 'person' "
                    "AND d.ident <> '' ORDER BY d.debtor_id LIMIT 1")[0]


def _begin(site):
    visitor = site.visitor()
    page = visitor.get("/my/login")
    return visitor, visitor.get(page.link("Logg inn med BankID"), follow=False)


def a_debtor_logs_in_and_sees_all_cases(site):
    ident, debtor_id = _ident(site)
    with Provider(site) as provider:
        visitor, go = _begin(site)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(go.location).query)
        assert go.status == 303 and query["response_type"] == ["code"] and query["code_challenge_method"] == ["S256"], go.location
        assert len(query["state"][0]) >= 43 and len(query["nonce"][0]) >= 43 and query["ui_locales"] == ["nb"]
        page = _back(visitor, provider.log_in(go.location, ident))
        assert page.path == "/my" and page.heading == "Det jeg skylder", (page, page.text[:300], site.log[-3:])
        hrefs = [href for href, _ in page.links]
        for row in site.sql("SELECT case_id FROM claim WHERE debtor_id = %s" % debtor_id):
            assert "/my/cases/" + row[0] in hrefs
        assert ident not in "\n".join(site.log)


def somebody_without_a_case_is_told_so(site):
    with Provider(site) as provider:
        visitor, go = _begin(site)
        page = _back(visitor, provider.log_in(go.location, "01410099999"))
        assert page.status == 403 and "ingen sak" in page.text, page.text
        assert visitor.get("/my").path == "/my/login"


def another_browsers_answer_is_refused(site):
    ident, _ = _ident(site)
    with Provider(site) as provider:
        visitor, go = _begin(site)
        back = provider.log_in(go.location, ident)
        stranger, _ = _begin(site)
        assert _back(stranger, back).status == 403                        # its own step has another state
        assert _back(site.visitor(), back).status == 403                  # no step at all
        assert _back(visitor, re.sub(r"state=[^&]+", "state=x", back)).status == 403
        assert _back(visitor, back).status == 403                         # the step is good once


def a_code_is_good_once(site):
    ident, _ = _ident(site)
    with Provider(site) as provider:
        visitor, go = _begin(site)
        back = provider.log_in(go.location, ident)
        assert _back(visitor, back).path == "/my"
        other, again = _begin(site)
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(again.location).query)["state"][0]
        page = _back(other, re.sub(r"state=[^&]+", "state=" + state, back))
        assert page.status == 403 and "kontrollert" in page.text, page.text


def an_answer_without_a_code_is_no_log_in(site):
    with Provider(site):
        visitor, go = _begin(site)
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(go.location).query)["state"][0]
        page = visitor.get("/my/login/callback?error=access_denied&state=" + state)
        assert page.status == 403 and "Ingenting har skjedd" in page.text


def a_provider_that_is_away_is_no_secret(site):
    site.sql("INSERT INTO setting (name, value) VALUES ('oidc.issuer', 'http://127.0.0.1:9')")
    site.sql("INSERT INTO setting (name, value) VALUES ('oidc.client_id', 'kravbok')")
    _, go = _begin(site)
    assert go.status == 500 and "127.0.0.1" not in go.text, go


def without_a_provider_nothing_is_offered(site):
    page = site.visitor().get("/my/login")
    assert "Logg inn med BankID" not in page.text
    assert site.visitor().get("/my/login/bankid").status == 409


if __name__ == "__main__":
    tests = tests_of(sys.modules[__name__])
    if not os.environ.get("KRAVBOK_BROWSER"):
        print("SKIP: KRAVBOK_BROWSER is not set; log-in with a provider is not tried")
        tests = [a_provider_that_is_away_is_no_secret, without_a_provider_nothing_is_offered]
    sys.exit(run_web_tests("oidc", tests, sys.argv[1:]))
