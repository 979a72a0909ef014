"""Drives the program from tests: a fresh book, files in, answers out. Python standard library only.

KRAVBOK_BIN      the program (default build/kravbok under the project root)
KRAVBOK_TEST_PG  URL of a throw-away PostgreSQL server; each book then gets a database of its own
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import uuid
from datetime import date, timedelta

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUR_ACCOUNT_STEM = "1503000001"


def program():
    return os.environ.get("KRAVBOK_BIN") or os.path.join(ROOT, "build", "kravbok")


# ---------------------------------------------------------------- numbers with check digits

def _mod11(digits, weights):
    rest = 11 - sum(int(d) * w for d, w in zip(digits, weights)) % 11
    return 0 if rest == 11 else rest


def account_number(stem):
    """An account number of 11 digits from a stem of 10; moves on where the check digit is not one."""
    stem = int(stem)
    while True:
        digits = "%010d" % stem
        check = _mod11(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        if check != 10:
            return digits + str(check)
        stem += 1


def organisation_number(serial):
    """The serial-th valid organisation number of 9 digits."""
    stem = 90000000 + serial * 7
    while True:
        digits = "%08d" % stem
        check = _mod11(digits, (3, 2, 7, 6, 5, 4, 3, 2))
        if check != 10:
            return digits + str(check)
        stem += 1


def person_number(born, serial):
    """A synthetic national identity number (month + 80) for a birth date."""
    low, high = (500, 999) if born.year >= 2000 else (0, 499)
    k = 0
    for number in range(low, high + 1):
        digits = "%02d%02d%02d%03d" % (born.day, born.month + 80, born.year % 100, number)
        first = _mod11(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2))
        if first == 10:
            continue
        second = _mod11(digits + str(first), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        if second == 10:
            continue
        if k == serial % 300:
            return digits + str(first) + str(second)
        k += 1
    raise ValueError("no number left for %s" % born)


def person(serial):
    """A grown-up, a different one for each serial below some ten thousand."""
    return person_number(date(1960, 1, 1) + timedelta(serial // 250 * 37), serial % 250)


def kroner(minor):
    """348000 -> 3480.00"""
    return "%s%d.%02d" % ("-" if minor < 0 else "", abs(minor) // 100, abs(minor) % 100)


def minor(text):
    """3480.00 -> 348000"""
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    if len(part) not in (0, 2):
        raise ValueError("amount %r" % text)
    return sign * (int(whole) * 100 + int(part or 0))


# ---------------------------------------------------------------- OCR giro

class Transfer:
    """One payment in a file. given: the day the order reached the bank, or None when not told."""

    def __init__(self, kid, amount, settled, given=None, payer=None, kind=10):
        self.kid, self.amount, self.settled = kid, amount, settled
        self.given, self.payer, self.kind = given, payer, kind


def ocr_giro(transfers, account, number):
    """An OCR giro file of 80-character records; number is the transmission's own."""
    def day(d):
        return d.strftime("%d%m%y") if d else "000000"

    lines = ["NY000010" + "00008080" + "%07d" % number + "%08d" % 1 + "0" * 49,
             "NY090020" + "000000001" + "%07d" % number + account + "0" * 45]
    for i, t in enumerate(transfers, 1):
        lines.append("NY09%02d30" % t.kind + "%07d" % i + day(t.settled) + "01" + "01" + "1"
                     + "%05d" % i + "0" + "%017d" % t.amount + t.kid.rjust(25) + "00" + "0000")
        lines.append("NY09%02d31" % t.kind + "%07d" % i + "%010d" % i + "%09d" % i + "0" * 7
                     + day(t.given) + (t.payer or "0" * 11) + "0" * 22)
    total = sum(t.amount for t in transfers)
    days = sorted(t.settled for t in transfers)
    lines.append("NY090088" + "%08d%08d%017d" % (len(transfers), 2 * len(transfers) + 2, total)
                 + day(days[-1]) + day(days[0]) + day(days[-1]) + "0" * 21)
    lines.append("NY000089" + "%08d%08d%017d" % (len(transfers), 2 * len(transfers) + 4, total)
                 + day(days[-1]) + "0" * 33)
    for line in lines:
        if len(line) != 80:
            raise AssertionError("OCR record of %d characters: %s" % (len(line), line))
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- the program

class Refused(Exception):
    """Exit 1: the program refused, or found something."""


class Broken(Exception):
    """Any other end: usage, crash, an answer that is not JSON."""


CLAIM_COLUMNS = ["invoice_no", "issued_on", "due_on", "amount", "currency", "debtor_kind",
                 "debtor_id", "debtor_name", "address", "postcode", "city", "country", "phone",
                 "email", "description"]
CLAIM_OPTIONAL = ["kid", "language", "paid", "reminder_on", "notice_on", "notice_deadline", "fees"]


class Book:
    """A fresh database and the commands on it. Use as a context manager; it cleans up."""

    def __init__(self, postgres=None):
        self.directory = tempfile.mkdtemp(prefix="kravbok-test-")
        self.postgres, self.database, self.files = postgres, None, 0
        if postgres:
            self.database = "kravbok_" + uuid.uuid4().hex[:16]
            self._psql('CREATE DATABASE "%s"' % self.database)
            head, mark, options = postgres.partition("?")
            scheme, _, rest = head.partition("://")
            self.url = "%s://%s/%s%s%s" % (scheme, rest.partition("/")[0], self.database,
                                           mark, options)
        else:
            self.url = "sqlite:" + os.path.join(self.directory, "book.db")
        self.account = account_number(OUR_ACCOUNT_STEM)
        self.calls = 0

    def _psql(self, statement):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.postgres, "-c", statement],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.database:
            self._psql('DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % self.database)
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, *words, today=None, as_json=True):
        """Runs one command; returns (exit status, standard output, standard error)."""
        command = [program(), "--db", self.url]
        if today:
            command += ["--today", today.isoformat()]
        if as_json:
            command.append("--json")
        environment = {k: v for k, v in os.environ.items() if k != "KRAVBOK_DB"}
        self.calls += 1
        try:
            done = subprocess.run(command + [str(w) for w in words], stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=120, cwd=self.directory,
                                  env=environment)
        except subprocess.TimeoutExpired:
            raise Broken("%s: no end after 120 s" % " ".join(map(str, words)))
        return (done.returncode, done.stdout.decode("utf-8", "replace"),
                done.stderr.decode("utf-8", "replace"))

    def do(self, *words, today=None, want_json=False):
        """Runs one command that should succeed; raises Refused on exit 1, Broken on another."""
        status, out, err = self.run(*words, today=today)
        told = " ".join(map(str, words)) + ": " + (err.strip() or out.strip() or "silent")
        if status == 1:
            raise Refused(told)
        if status != 0:
            raise Broken("exit %d: %s" % (status, told))
        if not want_json:
            return out
        try:
            return json.loads(out)
        except ValueError:
            raise Broken("%s: not JSON: %r" % (" ".join(map(str, words)), out[:200]))

    def file(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="iso-8859-1" if name.endswith(".ocr") else "utf-8",
                  newline="") as f:
            f.write(text)
        return path

    # -- commands
    def init(self, today=None):
        self.do("init", "--name", "Testbyraet", "--account", self.account, today=today)

    def client(self, no, process, deducts_vat, member=False, commission_bp=None, today=None):
        head = "client_no,name,orgnr,account,vat_deductible,member,process,email"
        row = "%d,Kunde %d AS,%s,%s,%s,%s,%s,kunde%d@example.com" % (
            no, no, organisation_number(1000 + no), account_number("15040000%02d" % no),
            "yes" if deducts_vat else "no", "yes" if member else "no", process, no)
        if commission_bp is not None:
            head, row = head + ",commission_bp", row + ",%d" % commission_bp
        self.do("client", "import", self.file("client-%d.csv" % no, head + "\n" + row + "\n"),
                today=today)

    def claim_file(self, rows):
        columns = CLAIM_COLUMNS + [c for c in CLAIM_OPTIONAL if any(r.get(c) for r in rows)]
        base = {"currency": "NOK", "debtor_kind": "person", "debtor_name": "Kari Prove",
                "address": "Storgata 1", "postcode": "0155", "city": "Oslo", "country": "NO",
                "description": "Varer"}
        text = ",".join(columns) + "\n"
        for row in rows:
            full = dict(base, **row)
            text += ",".join(str(full.get(c) or "") for c in columns) + "\n"
        self.files += 1
        return self.file("claims-%d.csv" % self.files, text)

    def claims(self, client, rows, today):
        """Imports claims (dicts by column); returns the program's answer."""
        return self.do("claim", "import", self.claim_file(rows), "--client", client, today=today,
                       want_json=True)

    def night(self, until):
        self.do("night", "--until", until.isoformat(), today=until)

    def payments(self, transfers, today):
        """Writes an OCR giro file and imports it; returns (answer, path)."""
        self.files += 1
        path = self.file("giro-%d.ocr" % self.files,
                         ocr_giro(transfers, self.account, self.files))
        return self.payment_file(path, today), path

    def payment_file(self, path, today):
        return self.do("payment", "import", path, today=today, want_json=True)

    def cases(self, today=None):
        return self.do("case", "list", today=today, want_json=True)

    def case(self, no, today, as_of=None, known_on=None):
        words = ["case", "show", no]
        if as_of:
            words += ["--as-of", as_of.isoformat()]
        if known_on:
            words += ["--known-on", known_on.isoformat()]
        return self.do(*words, today=today, want_json=True)

    def preview(self, no, today, until=None, pay=None, on=None):
        words = ["case", "preview", no]
        if until:
            words += ["--until", until.isoformat()]
        if pay is not None:
            words += ["--pay", kroner(pay), "--on", on.isoformat()]
        return self.do(*words, today=today, want_json=True)

    def verify(self, today=None):
        """None when clean, else what was said."""
        status, out, err = self.run("verify", today=today, as_json=False)
        if status == 0 and not out.strip() and not err.strip():
            return None
        return "exit %d: %s" % (status, (out + err).strip())


# ---------------------------------------------------------------- what must hold of any answer

def sums_wrong(shown):
    """A reason why the amounts of a `case show` do not add up, or None."""
    parts = shown["principal_minor"] + shown["interest_minor"] + shown["costs_minor"]
    if parts != shown["balance_minor"]:
        return "principal + interest + costs = %d, balance %d" % (parts, shown["balance_minor"])
    if shown["balance_minor"] < 0 or shown["refund_minor"] < 0:
        return "balance %d, refund %d" % (shown["balance_minor"], shown["refund_minor"])
    lines = [x for x in shown["lines"] if x["what"] != "refund"]
    total = sum(x["amount_minor"] for x in lines)
    if total != shown["balance_minor"]:
        return "lines add up to %d, balance %d" % (total, shown["balance_minor"])
    refunds = [x for x in shown["lines"] if x["what"] == "refund"]
    if bool(refunds) != (shown["refund_minor"] != 0):
        return "refund %d but %d refund lines" % (shown["refund_minor"], len(refunds))
    bare = [x["what"] for x in lines if not x.get("basis")]
    if bare:
        return "lines without a basis: %s" % ", ".join(bare)
    return None


PROCESS_STEPS = ("reminder", "notice", "demand", "heavy", "enforcement_notice")


def process_events(shown):
    return [(x["step"], date.fromisoformat(x["on"])) for x in shown["events"]
            if x.get("step") in PROCESS_STEPS]


# ---------------------------------------------------------------- running a file of tests

def run_tests(name, tests, world, after=None, wanted=()):
    """Each test in a world of its own, on SQLite and, if there is a server, on PostgreSQL; after(world, what the test
    gave) checks what must hold after every test. Prints the counts; gives the exit status."""
    servers = [None]
    if os.environ.get("KRAVBOK_TEST_PG"):
        servers.append(os.environ["KRAVBOK_TEST_PG"])
    else:
        print("SKIP: KRAVBOK_TEST_PG is not set; %s are not tried on PostgreSQL" % name)
    passed = failed = 0
    for server in servers:
        for one in tests:
            if wanted and one.__name__ not in wanted:
                continue
            w = None
            try:
                w = world(server)
                given = one(w)
                if after:
                    after(w, given)
                passed += 1
            except Exception:                                                    # a test says why and the rest go on
                failed += 1
                print("FAILED %s (%s)" % (one.__name__, "PostgreSQL" if server else "SQLite"))
                traceback.print_exc(limit=3, file=sys.stdout)
            finally:
                if w:
                    w.book.close()
    print("%s: %d passed, %d failed" % (name, passed, failed))
    return 1 if failed else 0
