"""Drives the pages from tests: a demo book of one's own, the real server on it, visitors with cookies. Standard library only.

    with Site(server) as site:                     # server: None, or the URL of a PostgreSQL (run_web_tests gives it)
        debtor = site.debtor(case=17)              # logged in: a session is put into the book
        page = debtor.get("/my")
        page = page.send(reason="paid", text="…")  # the page's first form, its hidden fields and what it had filled in; follows 303
        assert page.heading == "Vi har fått innsigelsen"

KRAVBOK_BIN      the program (default build/kravbok under the project root)
KRAVBOK_TEST_PG  URL of a throw-away PostgreSQL server; each site then gets a database of its own
KRAVBOK_TEST_DEMO  a folder where the demo's books are kept from one suite to the next (tests/run.sh); default: each its own
"""

import atexit
import base64
import fcntl
import hashlib
import hmac
import http.client
import os
import re
import secrets
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import uuid
from html.parser import HTMLParser

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from kravbok_cli import ROOT, program                                            # noqa: E402

TODAY = "2026-06-30"                                  # the demo's last day, which its book stands on
ROLES = ("handler", "manager", "admin", "auditor", "client_reader", "client_clerk", "client_admin")
DEMO_CLIENT = 2                                       # whose users the client_ roles are


# ---------------------------------------------------------------- books, made once and copied

class _Template:
    """The demo's year, lived once for each engine."""

    def __init__(self):
        self.directory = os.environ.get("KRAVBOK_TEST_DEMO")
        self.made = {}
        if self.directory:
            os.makedirs(self.directory, exist_ok=True)
        else:
            self.directory = tempfile.mkdtemp(prefix="kravbok-site-")
            atexit.register(self.drop)

    def drop(self):
        for server, name in self.made.items():
            if server:
                _psql(server, 'DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % name)
        shutil.rmtree(self.directory, ignore_errors=True)

    def of(self, server):
        """The name of the book; made when no suite before has, by one of those that run at the same time."""
        with open(os.path.join(self.directory, "lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self._of(server)

    def _of(self, server):
        kept = os.path.join(self.directory, "pg.name" if server else "sqlite.name")
        if server not in self.made and os.path.exists(kept):
            with open(kept) as file:
                self.made[server] = file.read()
        if server not in self.made:
            name = "kravbok_demo_" + uuid.uuid4().hex[:12]
            if server:
                _psql(server, 'CREATE DATABASE "%s"' % name)
                url = _database_url(server, name)
            else:
                name = os.path.join(self.directory, "demo.db")
                url = "sqlite:" + name
            out = os.path.join(self.directory, "pg" if server else "sqlite")
            done = subprocess.run([program(), "--db", url, "init", "--demo", "--out", out], env=_environment(),
                                  capture_output=True, timeout=300)
            if done.returncode != 0:
                raise RuntimeError("init --demo: " + done.stderr.decode())
            self.made[server] = name
            with open(kept, "w") as file:
                file.write(name)
        return self.made[server]


_template = _Template()


def demo_folder(server):
    """Where the demo's files lie (bank files, settlements), once a site has been made."""
    return os.path.join(_template.directory, "pg" if server else "sqlite")


def _environment():
    return {k: v for k, v in os.environ.items() if k not in ("KRAVBOK_DB", "KRAVBOK_LAW")}


def _psql(url, statement):
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", url, "-c", statement],
                          check=True, capture_output=True)
    return done.stdout.decode()


def _database_url(server, name):
    head, mark, options = server.partition("?")
    scheme, _, rest = head.partition("://")
    return "%s://%s/%s%s%s" % (scheme, rest.partition("/")[0], name, mark, options)


# ---------------------------------------------------------------- a page, as a visitor sees it

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").lower()
        self.is_multipart = attributes.get("enctype", "") == "multipart/form-data"
        self.values = {}          # what would be sent, as it stands
        self.names = []           # every field's name
        self.files = set()
        self.buttons = []


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.forms, self.links, self.ids = [], [], [], {}
        self.title, self.headings, self.parts, self.errors = "", [], [], []
        self.form = self.area = self.select = None
        self.robots = ""

    def handle_starttag(self, tag, attrs):
        a = {k: ("" if v is None else v) for k, v in attrs}
        if tag not in _VOID:
            self.stack.append((tag, a))
        if "id" in a:
            self.ids[a["id"]] = tag
        if tag == "form":
            self.form = Form(a)
            self.forms.append(self.form)
        elif tag == "a" and "href" in a:
            self.links.append([a["href"], ""])
        elif tag in ("h1", "h2", "h3"):
            self.headings.append([tag, ""])
        if self.form is not None and "name" in a:
            self._field(tag, a)
        elif tag == "option" and self.select and "selected" in a:
            self.form.values[self.select] = a.get("value", "")

    def _field(self, tag, a):
        name, form = a["name"], self.form
        if tag == "button":
            form.buttons.append((name, a.get("value", "")))
            return
        if name not in form.names:
            form.names.append(name)
        kind = a.get("type", "text")
        if tag == "input" and kind in ("radio", "checkbox"):
            if "checked" in a:
                form.values[name] = a.get("value", "on")
        elif tag == "input" and kind == "file":
            form.files.add(name)
        elif tag == "input":
            form.values[name] = a.get("value", "")
        elif tag == "select":
            self.select = name
            form.values[name] = ""
        elif tag == "textarea":
            self.area = name
            form.values[name] = ""

    def handle_endtag(self, tag):
        while self.stack:
            top, _ = self.stack.pop()
            if top == tag:
                break
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_data(self, data):
        tags = [tag for tag, _ in self.stack]
        if "title" in tags and "svg" not in tags:
            self.title += data
            return
        if "script" in tags or "style" in tags:
            return
        if self.area and self.form:
            self.form.values[self.area] += data
        if any(tag in ("h1", "h2", "h3") for tag in tags) and self.headings:
            self.headings[-1][1] += data
        if "a" in tags and self.links:
            self.links[-1][1] += data
        if any("ds-error-summary" in a.get("class", "") for _, a in self.stack) and "li" in tags:
            self.errors.append(data.strip())
        self.parts.append(data)


def _tidy(text):
    """Blanks of every kind as one, so that a test can write an amount plainly."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()


class Page:
    """What came back. status, headers (dict, lower-case names), body (bytes); of HTML also text, title, heading, forms,
    links, errors (of the summary on top)."""

    def __init__(self, visitor, path, status, headers, body):
        self.visitor, self.path, self.status, self.headers, self.body = visitor, path, status, headers, body
        self.html = body.decode("utf-8", "replace") if "text/html" in headers.get("content-type", "") else ""
        reader = _Reader()
        reader.feed(self.html)
        self.title, self.forms, self.ids = _tidy(reader.title), reader.forms, reader.ids
        self.headings = [(tag, _tidy(words)) for tag, words in reader.headings]
        self.heading = next((words for tag, words in self.headings if tag == "h1"), "")
        self.links = [(href, _tidy(words)) for href, words in reader.links]
        self.text = _tidy(" ".join(reader.parts))
        self.errors = [e for e in reader.errors if e]

    def __repr__(self):
        return "<Page %s %d %r>" % (self.path, self.status, self.heading)

    @property
    def location(self):
        return self.headers.get("location", "")

    def form(self, action=None):
        """The form with that action (its path without the language); else the first that is no log-out."""
        for form in self.forms:
            bare = re.sub(r"^/en(?=/|$)", "", form.action) or "/"
            if (action is None and bare != "/logout") or bare == action:
                return form
        raise AssertionError("%s (%d) has no form %s; it says: %s" % (self.path, self.status, action or "", self.text[:300]))

    def send(self, action=None, follow=True, files=None, **fields):
        """Fills in and sends a form of this page. A value None leaves the field out; files: name -> (file name, bytes)."""
        form = self.form(action)
        values = dict(form.values)
        for name, value in fields.items():
            if name not in form.names and name not in [b[0] for b in form.buttons]:
                raise AssertionError("%s has no field %s, but %s" % (self.path, name, ", ".join(form.names)))
            if value is None:
                values.pop(name, None)
            else:
                values[name] = str(value)
        target = form.action or self.path
        if form.method == "get":
            return self.visitor.get(target + "?" + urllib.parse.urlencode(values), follow=follow)
        return self.visitor.post(target, values, files=files, multipart=form.is_multipart, follow=follow)

    def link(self, words):
        """The address behind the words of a link (or a part of them)."""
        for href, said in self.links:
            if words in said:
                return href
        raise AssertionError("%s has no link %r, but %s" % (self.path, words, self.links))

    def click(self, words):
        return self.visitor.get(self.link(words))


class Visitor:
    """Somebody with a browser: cookies, a language, an address. Requests take a connection each."""

    def __init__(self, site, language="nb", address=None):
        self.site, self.language, self.address = site, language, address
        self.cookies = {}

    def _path(self, path):
        if self.language == "en" and not path.startswith(("/en/", "/api/", "/assets/")) and path != "/en":
            return "/en" + ("" if path == "/" else path)
        return path

    def request(self, method, path, body=None, headers=None):
        """One request as it is; no redirect is followed."""
        sent = {"Host": "127.0.0.1:%d" % self.site.port}
        if self.cookies:
            sent["Cookie"] = "; ".join("%s=%s" % item for item in self.cookies.items())
        if self.address:
            sent["X-Forwarded-For"] = self.address
        sent.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            data = answer.read()
            for value in answer.headers.get_all("Set-Cookie") or []:
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.partition(";")[0]
                if "Max-Age=0" in value:
                    del self.cookies[name]
            return Page(self, path, answer.status, {k.lower(): v for k, v in answer.headers.items()}, data)
        finally:
            connection.close()

    def _follow(self, page, follow):
        for _ in range(5):
            if not follow or page.status != 303 or not page.location.startswith("/"):
                return page
            page = self.request("GET", page.location)
        raise AssertionError("redirects without end at %s" % page.location)

    def get(self, path, follow=True, headers=None):
        return self._follow(self.request("GET", self._path(path), headers=headers), follow)

    def post(self, path, fields, files=None, multipart=False, follow=True):
        if multipart or files:
            body, kind = _multipart(fields, files or {})
        else:
            body, kind = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return self._follow(self.request("POST", self._path(path), body, {"Content-Type": kind}), follow)

    # -- ways in
    def session(self, person_id=None, debtor_id=None, mandate_id=None, case=None):
        """A session put into the book: what a log-in ends with."""
        token = secrets.token_urlsafe(32)[:43]
        now = int(time.time())
        self.site.sql("INSERT INTO session (token_hash, person_id, debtor_id, mandate_id, case_id, created_at, seen_at, expires_at) "
                      "VALUES ('%s', %s, %s, %s, %s, %d, %d, %d)" % ((token_hash(token),)
                      + tuple("NULL" if x is None else int(x) for x in (person_id, debtor_id, mandate_id, case))
                      + (now, now, now + 3600)))
        self.cookies["__Host-session"] = token
        return self

    def password_log_in(self, email, password, secret):
        """The real way in of staff and clients' users."""
        page = self.get("/login").send(email=email, password=password)
        return page.send(code=totp(secret))


def _multipart(fields, files):
    mark = "kravbok-" + uuid.uuid4().hex
    body = b""
    for name, value in fields.items():
        body += ('--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (mark, name, value)).encode()
    for name, (file_name, content) in files.items():
        body += ('--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
                 'Content-Type: application/octet-stream\r\n\r\n' % (mark, name, file_name)).encode() + content + b"\r\n"
    return body + ("--%s--\r\n" % mark).encode(), "multipart/form-data; boundary=" + mark


def token_hash(token):
    """What the book keeps of a cookie or a link."""
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


def totp(secret, at=None):
    """The six digits of an authenticator app."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at or time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[start:start + 4])[0] & 0x7fffffff) % 1000000)


# ---------------------------------------------------------------- a site

class Site:
    """A copy of the demo's book and a server on it. Use as a context manager, or close()."""

    def __init__(self, server=None, settings=None, options=()):
        self.server, self.process, self.log = server, None, []
        self.directory = tempfile.mkdtemp(prefix="kravbok-site-")
        template = _template.of(server)
        if server:
            self.database = "kravbok_" + uuid.uuid4().hex[:16]
            _psql(server, 'CREATE DATABASE "%s" TEMPLATE "%s"' % (self.database, template))
            self.url = _database_url(server, self.database)
        else:
            self.database = os.path.join(self.directory, "book.db")
            shutil.copy(template, self.database)
            self.url = "sqlite:" + self.database
        self.book = self                                  # run_tests of kravbok_cli closes w.book
        for name, value in (settings or {}).items():
            self.sql("INSERT INTO setting (name, value) VALUES ('%s', '%s')" % (name, value.replace("'", "''")))
        self.options = list(options)
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        self.process = subprocess.Popen([program(), "--db", self.url, "serve", "--port", "0"] + self.options,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(), cwd=self.directory)
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        line = self.process.stdout.readline().decode()
        found = re.search(r"http://\S+:(\d+)", line)
        if not found:
            self.process.wait(10)
            raise RuntimeError("the server does not start: %s %s" % (line, " ".join(self.log)))
        self.port = int(found.group(1))

    def _listen(self, process):
        for line in process.stderr:
            self.log.append(line.decode("utf-8", "replace").rstrip())

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            self.process = None

    def restart(self):
        self.stop()
        self.start()

    def close(self):
        self.stop()
        if self.server:
            _psql(self.server, 'DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % self.database)
        shutil.rmtree(self.directory, ignore_errors=True)

    def command(self, *words):
        """A command on the site's book: its standard output. Raises on any other end than 0."""
        done = subprocess.run([program(), "--db", self.url] + [str(w) for w in words], env=_environment(), capture_output=True,
                              timeout=300, cwd=self.directory)
        if done.returncode != 0:
            raise RuntimeError("%s: %s" % (words, done.stderr.decode() or done.stdout.decode()))
        return done.stdout.decode()

    def sql(self, statement):
        """Rows as tuples of text (None for NULL only in SQLite: ask for coalesce). For setting a scene and looking behind it."""
        if self.server:
            out = _psql(self.url, statement).rstrip("\n")
            return [tuple(line.split("\x1f")) for line in out.split("\x1e")] if out else []
        connection = sqlite3.connect(self.database, timeout=30)
        try:
            rows = [tuple("" if v is None else str(v) for v in row) for row in connection.execute(statement).fetchall()]
            connection.commit()
            return rows
        finally:
            connection.close()

    def one(self, statement):
        rows = self.sql(statement)
        return rows[0][0] if rows else None

    # -- visitors
    def visitor(self, language="nb", address=None):
        return Visitor(self, language, address)

    def staff(self, role="handler", language="nb"):
        """Somebody who works here, or a user of client 2's (client_…)."""
        if role not in ROLES:
            raise ValueError(role)
        person_id = self.one("SELECT person_id FROM person WHERE role = '%s' ORDER BY person_id" % role)
        if not person_id:
            person_id = str(int(self.one("SELECT coalesce(max(person_id), 0) FROM person")) + 1)
            self.sql("INSERT INTO person (person_id, email, name, role, client_no, password_hash, totp_secret, totp_step, language, "
                     "active, created_at) VALUES (%s, '%s@test.example', 'Test %s', '%s', %s, '', '', 0, 'nb', 1, 0)"
                     % (person_id, role.replace("_", "-"), role, role, DEMO_CLIENT if role.startswith("client_") else "NULL"))
        return Visitor(self, language).session(person_id=person_id)

    def debtor(self, case=None, debtor_id=None, only_case=None, language="nb"):
        """The debtor of a case, or by id."""
        if debtor_id is None:
            debtor_id = self.one("SELECT debtor_id FROM claim WHERE case_id = %d" % case)
        return Visitor(self, language).session(debtor_id=debtor_id, case=only_case)

    def case_in(self, stage, extra=""):
        """The number of a case in a stage (closed, demand …) that is not joined to another."""
        found = self.one("SELECT s.case_id FROM case_state s JOIN claim c ON c.case_id = s.case_id JOIN debtor d ON d.debtor_id = "
                         "c.debtor_id WHERE s.stage = '%s' AND s.carrier_id IS NULL %s ORDER BY s.case_id LIMIT 1" % (stage, extra))
        if not found:
            raise AssertionError("the demo has no case in stage %s %s" % (stage, extra))
        return int(found)

    def letter_code(self, case, letter_no=1):
        """The code printed in a letter."""
        secret = self.one("SELECT value FROM setting WHERE name = 'letter_secret'")
        bits = int(hashlib.sha256(("%s/%d/%d" % (secret, case, letter_no)).encode()).hexdigest()[:10], 16)
        code = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> (35 - 5 * i) & 31] for i in range(8))
        return code[:4] + "-" + code[4:]


# ---------------------------------------------------------------- running a file of tests

def run_web_tests(name, tests, wanted=(), settings=None):
    """settings: of the book, unless a test has an attribute settings of its own; its attribute options: of serve. Each test gets a
    site of its own, on SQLite and, if there is a server, on PostgreSQL. A test that is called …_on_one_engine runs on SQLite only.
    Prints the counts; gives the exit status."""
    servers = [None]
    if os.environ.get("KRAVBOK_TEST_PG"):
        servers.append(os.environ["KRAVBOK_TEST_PG"])
    else:
        print("SKIP: KRAVBOK_TEST_PG is not set; %s are not tried on PostgreSQL" % name)
    passed = failed = 0
    for server in servers:
        for one in tests:
            if (wanted and one.__name__ not in wanted) or (server and one.__name__.endswith("_on_one_engine")):
                continue
            site = None
            try:
                site = Site(server, settings=getattr(one, "settings", settings), options=getattr(one, "options", ()))
                one(site)
                passed += 1
            except Exception:                                                    # a test says why and the rest go on
                failed += 1
                print("FAILED %s (%s)" % (one.__name__, "PostgreSQL" if server else "SQLite"))
                traceback.print_exc(limit=4, file=sys.stdout)
                if site:
                    print("\n".join(site.log[-5:]))
            finally:
                if site:
                    site.close()
    print("%s: %d passed, %d failed" % (name, passed, failed))
    return 1 if failed else 0


def tests_of(module):
    """Every function of a module whose name does not begin with _ and that takes one argument named site."""
    found = []
    for name, thing in list(vars(module).items()):
        code = getattr(thing, "__code__", None)
        if not name.startswith("_") and code and code.co_varnames[:code.co_argcount] == ("site",):
            found.append(thing)
    return found
