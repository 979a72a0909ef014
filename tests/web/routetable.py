"""The route table of the real program (`kravbok routes`) and a book in which every route has something to show.

    scene = Scene(site)                                 # one object for each {parameter}, of ours and of somebody else's
    for route in scene.routes:
        answer = scene.ask(scene.role("handler"), "GET", scene.path(route, "handler"))

A new page is covered by itself. A new {parameter} in a path needs a line in PARAMETERS; without it the suites fail and say so.
Values may differ by portal: a client's user sees client 2's objects, a debtor its own, staff all.
"""

import datetime
import hashlib
import http.client
import json
import re
import secrets
import subprocess
import time
import urllib.parse

from website import program, token_hash

CLIENT, OTHER_CLIENT = 2, 3
PEOPLE = ("client_reader", "client_clerk", "client_admin", "handler", "manager", "admin", "auditor")
ROLES = ("stranger", "debtor") + PEOPLE
EVERYBODY = ROLES + ("key",)
FREE = {"web.tries_of_address": "1000000", "web.tries_of_address_per_minute": "1000000", "web.tries_of_all": "1000000",
        "web.tries_of_all_per_minute": "1000000"}
FAR_AWAY = 4102444800
NO_NUMBERS = ("999999", "0", "-1", "abc", "99999999999999999999", "1x", "%00", "1%2F..")


class Route:
    """A row of the table for one way in: the page or the API."""

    def __init__(self, row, is_api):
        self.row, self.is_api = row, is_api
        self.method, self.pattern = row["method"], row["api"] if is_api else row["path"]
        self.kind, self.is_page, self.fields = row["kind"], row["is_page"] and not is_api, row["fields"]
        # An API call is a program's: a log-in's cookie is not looked at there, so people may no more than strangers.
        # And a key opens no page: there its bearer is a stranger.
        self.who = set(row["who"]) & {"key"} if is_api else set(row["who"]) - {"key"}
        if "stranger" in row["who"]:
            self.who = set(EVERYBODY)
        self.scope = row["scope"]
        self.parameters = re.findall(r"\{(\w+)\}", self.pattern)
        self.name = "%s %s" % (self.method, self.pattern)

    def __repr__(self):
        return self.name


def routes_read():
    rows = json.loads(subprocess.run([program(), "routes"], check=True, capture_output=True).stdout)
    return [Route(row, is_api) for row in rows for is_api in (False, True) if row["api" if is_api else "path"]]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def location(self):
        return self.headers.get("location", "")

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Role:
    """Somebody with a session or a key, and the token of any form of theirs."""

    def __init__(self, name, cookie="", visit="", key="", number=0):
        self.name, self.cookie, self.visit, self.key, self.number = name, cookie, visit, key, number

    def headers(self):
        if self.key:
            return {"Authorization": "Bearer " + self.key}
        return {"Cookie": self.cookie} if self.cookie else {}


class Scene:
    def __init__(self, site):
        self.site, self.routes = site, routes_read()
        self.now = int(time.time())
        self.connection = None
        self.roles = {}
        self.own, self.foreign = {}, {}          # side -> parameter -> value
        self.secret = hashlib.blake2b(("web " + self._letter_secret()).encode(), digest_size=32).hexdigest()
        self._cases()
        self._objects()

    def _letter_secret(self):
        found = self.site.one("SELECT value FROM setting WHERE name = 'letter_secret'")
        if not found:
            self.site.visitor().get("/login")
            found = self.site.one("SELECT value FROM setting WHERE name = 'letter_secret'")
        return found

    # ---- the book

    def _add(self, table, id_name, **values):
        """A row with the next number; gives the number."""
        number = int(self.site.one("SELECT coalesce(max(%s), 0) FROM %s" % (id_name, table))) + 1
        values[id_name] = number
        self.site.sql("INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(values), ", ".join(
            "NULL" if v is None else str(v) if isinstance(v, int) else "'%s'" % v.replace("'", "''") for v in values.values())))
        return number

    def case_of(self, client, extra="", stage="demand"):
        return int(self.site.one(
            "SELECT s.case_id FROM case_state s JOIN claim c ON c.case_id = s.case_id JOIN debtor d ON d.debtor_id = c.debtor_id "
            "WHERE s.stage = '%s' AND s.carrier_id IS NULL AND c.client_no = %d AND d.kind = 'person' AND EXISTS (SELECT 1 FROM "
            "outbox o WHERE o.case_id = s.case_id AND o.handed_on IS NOT NULL) %s ORDER BY s.case_id LIMIT 1"
            % (stage, client, extra)))

    def _cases(self):
        self.case = self.case_of(CLIENT)
        self.debtor = int(self.site.one("SELECT debtor_id FROM claim WHERE case_id = %d" % self.case))
        self.other_case = self.case_of(OTHER_CLIENT, "AND c.debtor_id <> %d" % self.debtor)
        self.other_debtor = int(self.site.one("SELECT debtor_id FROM claim WHERE case_id = %d" % self.other_case))

    def _objects(self):
        for side, (case, debtor, client) in {"own": (self.case, self.debtor, CLIENT),
                                             "foreign": (self.other_case, self.other_debtor, OTHER_CLIENT)}.items():
            values = getattr(self, side)
            values["case"], values["debtor"], values["client"] = case, debtor, client
            for make in PARAMETERS:
                make(self, values)

    def value(self, parameter, values):
        if parameter not in values:
            raise AssertionError("tests/web/routetable.py knows no value for {%s}: add it to PARAMETERS" % parameter)
        return str(values[parameter])

    def _value_of(self, route, name, is_foreign):
        values = self.foreign if is_foreign else self.own
        for key in sorted(values, key=len, reverse=True):       # "/desk/settlements name": a name under that address only
            prefix, _, own_name = key.partition(" ")
            if own_name == name and route.pattern.startswith(prefix):
                return values[key]
        return self.value(name, values)

    def path(self, route, foreign=(), **replaced):
        """The route's address with real values. foreign: names of the parameters taken from somebody else."""
        path = route.pattern
        for name in route.parameters:
            value = replaced.get(name) or self._value_of(route, name, name in foreign)
            path = path.replace("{%s}" % name, str(value))
        return path

    # ---- who asks

    def role(self, name):
        if name not in self.roles:
            self.roles[name] = self._role_make(name)
        return self.roles[name]

    def _session(self, name, **columns):
        token = secrets.token_urlsafe(32)[:43]
        columns = dict(columns, token_hash=token_hash(token), created_at=self.now, seen_at=self.now, expires_at=self.now + 7200)
        self.site.sql("INSERT INTO session (%s) VALUES (%s)" % (", ".join(columns), ", ".join(
            str(v) if isinstance(v, int) else "'%s'" % v for v in columns.values())))
        return Role(name, "__Host-session=" + token, token_hash(token))

    def _role_make(self, name):
        if name == "stranger":
            visit = secrets.token_urlsafe(32)[:43]
            return Role(name, "__Host-visit=" + visit, visit)
        if name == "debtor":
            return self._session(name, debtor_id=self.debtor)
        if name in ("key", "test_key", "other_key", "read_key"):
            client = OTHER_CLIENT if name == "other_key" else CLIENT
            return self.key_make(name, client, "read" if name == "read_key" else "read write settle", name == "test_key")
        person = int(self.site.one("SELECT person_id FROM person WHERE role = '%s' ORDER BY person_id" % name))
        role = self._session(name, person_id=person)
        role.number = person
        return role

    def key_make(self, name, client=CLIENT, scopes="read write settle", is_sandbox=False):
        text = "kravbok_%s_%s" % ("test" if is_sandbox else "live", secrets.token_hex(20))
        number = self._add("api_key", "key_id", client_no=client, name=name, key_hash=token_hash(text), scopes=scopes,
                           sandbox=int(is_sandbox), created_by="test", created_at=self.now)
        return Role(name, key=text, number=number)

    def csrf(self, role, path):
        """What the form of that path has as its token for the visitor."""
        bare = re.sub(r"^/en(?=/|$)", "", path) or "/"
        return hashlib.blake2b(("csrf:%s %s" % (role.visit, bare)).encode(), key=self.secret.encode(), digest_size=32).hexdigest()

    # ---- asking

    def ask(self, role, method, path, body=None, headers=None):
        """One request; the connection is kept. No redirect is followed."""
        sent = dict(role.headers(), **(headers or {}))
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
            try:
                self.connection.request(method, path, body=body, headers=sent)
                answer = self.connection.getresponse()
                data = answer.read()
                if answer.will_close:
                    self.drop()
                return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, data)
            except (ConnectionError, http.client.HTTPException):
                self.drop()
                if attempt == 2 and body and len(body) > 60000 and self.site.process.poll() is None:
                    return Answer(413, {}, b"")      # cut off before all of it was sent
                if attempt == 2:
                    raise
        raise AssertionError

    def drop(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def post(self, role, path, fields, token=True, headers=None):
        fields = dict(fields)
        if token is True:
            fields["csrf"] = self.csrf(role, path)
        elif token:
            fields["csrf"] = token
        return self.ask(role, "POST", path, urllib.parse.urlencode(fields).encode(),
                        dict({"Content-Type": "application/x-www-form-urlencoded"}, **(headers or {})))

    def call(self, role, method, path, body=None, key=None):
        """An API call; a POST has a new Idempotency-Key when none is given ("" for none at all)."""
        headers, data = {}, None
        if method == "POST":
            key = secrets.token_hex(16) if key is None else key
            data = json.dumps({} if body is None else body).encode()
            headers["Content-Type"] = "application/json"
            if key:
                headers["Idempotency-Key"] = key
        return self.ask(role, method, path, data, headers)


# ---------------------------------------------------------------- what is typed

TODAY = datetime.date(2026, 6, 30)          # the demo's
GOOD = {"text": "Et svar", "lines": "Et svar\nover to linjer", "money": "150", "email": "kari@test.example", "phone": "900 00 000",
        "code": "123456", "password": "fire ord som passer", "check": "yes", "hidden": "1", "file": "x"}


def good_day(field):
    """A day inside the field's limits; without limits, yesterday."""
    if not field["min"] and not field["max"]:
        return TODAY - datetime.timedelta(1)
    return TODAY + datetime.timedelta(max(field["min"], min(field["max"], 5)))


def good_value(field):
    """Something right for a field, as it is typed."""
    kind = field["kind"]
    if kind in ("choice", "select"):
        return field["choices"][0]
    if kind == "number":
        return str(max(field["min"], min(field["max"], 2)))
    if kind == "date":
        return good_day(field).strftime("%d.%m.%Y")
    return GOOD[kind][:field["size_max"] or 200]


def good_form(route):
    return {f["name"]: good_value(f) for f in route.fields if f["kind"] != "file" and not f["optional"]}


def good_body(route):
    """The same as an API call has it."""
    body = {}
    for field in route.fields:
        if field["optional"] or field["kind"] == "file":
            continue
        kind, name, value = field["kind"], field["name"], good_value(field)
        if kind == "money":
            body[name + "_minor"] = 15000
        elif kind == "number":
            body[name] = int(value)
        elif kind == "date":
            body[name] = good_day(field).isoformat()
        else:
            body[name] = True if kind == "check" else value
    return body


# ---------------------------------------------------------------- one object for each parameter

def _letter(scene, values):
    values["letter"] = scene.site.one("SELECT letter_no FROM outbox WHERE case_id = %d AND handed_on IS NOT NULL ORDER BY "
                                      "letter_no LIMIT 1" % values["case"])
    values["code"] = scene.site.letter_code(values["case"], int(values["letter"]))


def _asset(scene, values):
    page = scene.site.visitor().get("/login")
    values["hash"], values["name"] = re.search(r"/assets/([^/\"]+)/(app\.css)", page.html).groups()


def _token(scene, values):
    values["token"] = secrets.token_urlsafe(32)[:43]
    person = scene._add("person", "person_id", email="ny%s@test.example" % values["token"][:6].lower(), name="Ny Ansatt",
                        role="handler", client_no=None, password_hash="", totp_secret="", totp_step=0, language="nb", active=1,
                        created_at=0)
    values["/desk person"] = person
    scene.site.sql("INSERT INTO login_step (token_hash, kind, person_id, secret, try_count, expires_at) VALUES ('%s', 'invite', %d, "
                   "'', 0, %d)" % (token_hash(values["token"]), person, FAR_AWAY))


def _task(scene, values):
    for name, for_client in (("task", 0), ("/client task", 1)):
        values[name] = scene._add("task", "task_id", kind="question", case_id=values["case"], client_no=values["client"],
                                  for_client=for_client, due_on="2026-07-02", detail="Når må jeg betale?", created_at=scene.now,
                                  done_by="", outcome="")


def _file(scene, values):
    body = "X'%s'" % b"%PDF-1.4 test".hex()
    if scene.site.server:
        body = "'\\x%s'" % b"%PDF-1.4 test".hex()
    number = int(scene.site.one("SELECT coalesce(max(attachment_id), 0) FROM attachment")) + 1
    message = scene._add("message", "message_id", case_id=values["case"], with_party="debtor", from_us=0, author="debtor",
                         body="Her er kvitteringen", sent_at=scene.now)
    scene._add("message", "message_id", case_id=values["case"], with_party="client", from_us=1, author="person 1",
               body="Er dette betalt?", sent_at=scene.now)
    scene.site.sql("INSERT INTO attachment (attachment_id, case_id, message_id, name, kind, sha256, author, sent_at, body) VALUES "
                   "(%d, %d, %d, 'kvittering.pdf', 'application/pdf', '%s', 'debtor', %d, %s)"
                   % (number, values["case"], message, hashlib.sha256(b"%PDF-1.4 test").hexdigest(), scene.now, body))
    values["file"] = values["attachment"] = number


def _payment(scene, values):
    rows = scene.site.sql("SELECT payment_id FROM payment_hold ORDER BY payment_id LIMIT 2")
    values["payment"] = rows[0 if values is scene.own else 1][0]


def _approval(scene, values):
    values["approval"] = scene._add("approval", "approval_id", kind="write_off", case_id=values["case"], payment_id=None,
                                    amount_minor=123400, request='{"case_no":%d}' % values["case"], reason="Testen spør", asked_by=1, asked_at=scene.now,
                                    decision="", decision_reason="")


def _files_of_the_desk(scene, values):
    values["run"] = scene.site.one("SELECT max(run_id) FROM settlement_run")
    values["/desk/settlements name"] = "pain-%s.xml" % values["run"]
    # The demo has printed nothing: tests/web of the outbox make files, here it is who may ask for one.
    values["day"], values["/desk/outbox name"] = "2026-06-30", "letters-2026-06-30.pdf"


def _upload(scene, values):
    values["upload"] = scene._add("upload", "upload_id", client_no=values["client"], name="krav.csv", language="nb", size=400, sha256="0" * 64,
                                  state="checked", good_only=0, accepted=2, already=0, credited=0, rejected=1, charged_minor=70000,
                                  detail="", created_by="person 6", created_at=scene.now, ended_at=scene.now)
    scene.site.sql("INSERT INTO upload_finding (upload_id, finding_no, line_no, field, reason) VALUES (%d, 1, 3, 'amount', "
                   "'beløpet <mye> kan ikke leses')" % values["upload"])
    body = "postnr;beløp".encode().hex()
    for kind in ("file", "bad"):
        scene.site.sql("INSERT INTO upload_part (upload_id, kind, part_no, body) VALUES (%d, '%s', 0, %s)" % (
            values["upload"], kind, "'\\x%s'" % body if scene.site.server else "X'%s'" % body))


def _settlement(scene, values):
    values["settlement"] = scene.site.one("SELECT max(settlement_no) FROM settlement WHERE client_no = %d" % values["client"])


def _mandate(scene, values):
    values["mandate"] = scene._add("mandate", "mandate_id", debtor_id=values["debtor"], case_id=values["case"], helper_name="Mona Hjelper",
                                   helper_contact="900 00 001", scope="see", code_hash="", from_on="2026-06-01", until_on="2026-12-31",
                                   created_at=scene.now, ended_at=None)


def _person(scene, values):
    client = values["client"]
    for name, role, client_no in (("person", "handler", None), ("/client person", "client_clerk", client),
                                  ("/client user", "client_clerk", client)):
        number = int(scene.site.one("SELECT max(person_id) FROM person")) + 1
        values[name] = scene._add("person", "person_id", email="ansatt%d@test.example" % number, name="Arne Ansatt", role=role,
                                  client_no=client_no, password_hash="", totp_secret="", totp_step=0, language="nb", active=1,
                                  created_at=0)


def _programs(scene, values):
    values["key"] = scene.key_make("Regnskap", values["client"]).number
    values["webhook"] = scene._add("webhook", "webhook_id", client_no=values["client"], url="https://kunde.test.example/krok",
                                   secret="0" * 40, topics="case.closed", active=1, created_at=scene.now)
    values["delivery"] = scene._add("webhook_delivery", "delivery_id", webhook_id=values["webhook"], topic="case.closed", payload="{}",
                                    state="failed", try_count=9, next_at=None, status=500, detail="", created_at=scene.now,
                                    ended_at=scene.now)


PARAMETERS = (_letter, _asset, _token, _task, _file, _payment, _approval, _files_of_the_desk, _upload, _settlement,
              _mandate, _person, _programs)
