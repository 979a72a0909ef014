"""What the tests of messages share: a book with letters to tell of, free ports, waiting with a deadline, and the servers of
the other side. Every server is a real one, listens on the loopback only and on ports the system has found free."""

import http.server
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import date

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import kravbok_cli as cli                                                        # noqa: E402

DUE, REMINDER = date(2026, 1, 15), date(2026, 1, 29)                             # the second is a Thursday
MORNING = "2026-01-29T10:00"
WEB = "https://fjordkrav.example"
AGENCY = """name: Fjordkrav SA
orgnr: "%s"
address: Storgata 12
postcode: "0155"
city: Oslo
phone: 55 00 00 14
email: post@fjordkrav.example
web: fjordkrav.example
account: "%s"
"""


def equal(found, wanted, what="value"):
    if found != wanted:
        raise AssertionError("%s: %r, wanted %r" % (what, found, wanted))


def must(condition, told):
    if not condition:
        raise AssertionError(told)


def until(condition, what, seconds=20):
    """What condition gives once it is true; fails at the deadline."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("not within %d s: %s" % (seconds, what))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listens(port):
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A server as a program; what it says goes to a file."""

    def __init__(self, name, command, folder):
        self.path = os.path.join(folder, name + ".log")
        self.log = open(self.path, "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, cwd=folder)

    def said(self):
        with open(self.path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()


class Listener:
    """Takes HTTP requests, answers with what `answer` says (a status, or a function of the request), and keeps them."""

    def __init__(self, answer=200):
        self.answer, self.requests, self.lock = answer, [], threading.Lock()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
                with listener.lock:
                    listener.requests.append(request)
                status = listener.answer(request) if callable(listener.answer) else listener.answer
                if status is None:                                               # no answer at all
                    self.close_connection = True
                    return
                text = b"0: Accepted for delivery"
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "http://127.0.0.1:%d/elsewhere" % listener.port)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = take

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class World:
    """A book with one debtor who has a telephone and an e-mail, and a reminder that waits to be handed over."""

    def __init__(self, postgres):
        self.book = cli.Book(postgres)
        self.servers, self.serial = [], 0
        path = self.book.file("agency.yaml", AGENCY % (cli.organisation_number(5), self.book.account))
        self.book.do("init", "--agency", path, today=DUE)
        self.book.client(2, "no/minimum", True, today=DUE)

    def keep(self, server):
        self.servers.append(server)
        return server

    def close(self):
        for server in reversed(self.servers):
            server.stop()
        self.servers = []

    def claim(self, channel, phone="90000000", email="kari@example.com", amount="3480.00"):
        """A claim whose reminder waits on REMINDER (after night()); its case number."""
        self.serial += 1
        row = {"invoice_no": "F-%d" % self.serial, "issued_on": "2026-01-01", "due_on": DUE.isoformat(), "amount": amount,
               "debtor_id": cli.person(self.serial), "phone": phone, "email": email}
        equal(self.book.claims(2, [row], DUE)["rejected"], [], "rejected")
        if channel:
            self.book.do("case", "contact", self.serial, channel, today=DUE)
        return self.serial

    def night(self, on=REMINDER):
        self.book.do("night", today=on)

    def set(self, **values):
        for name, value in values.items():
            self.book.do("setting", "set", name.replace("__", "."), value)

    def render(self, on=REMINDER):
        return self.book.do("letter", "render", "--out", "letters", today=on, want_json=True)

    def send(self, now=MORNING):
        """(what was done, exit status)"""
        status, out, err = self.book.run("dispatch", "send", "--now", now, today=date.fromisoformat(now[:10]))
        must(out, "dispatch send: " + err)
        import json
        return json.loads(out), status

    def messages(self, **options):
        words = []
        for name, value in options.items():
            words += ["--" + name, value]
        return list(reversed(self.book.do("dispatch", "list", *words, today=REMINDER, want_json=True)))

    def message(self):
        rows = self.messages()
        equal(len(rows), 1, "messages")
        return rows[0]

    def sql(self, statement, *values):
        """Rows of a statement (values for ?), on either engine, past the program."""
        if not self.book.postgres:
            with sqlite3.connect(self.book.url[len("sqlite:"):], timeout=20) as db:
                return [tuple(row) for row in db.execute(statement, values)]
        for value in values:
            text = "NULL" if value is None else str(value) if isinstance(value, int) else "'%s'" % value.replace("'", "''")
            statement = statement.replace("?", text, 1)
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", self.book.url, "-c",
                               statement], check=True, stdout=subprocess.PIPE)
        return [tuple(line.split("\x1f")) for line in done.stdout.decode().splitlines()]

    def tasks(self):
        return [(kind, int(case), str(due), detail)
                for kind, case, due, detail in self.sql("SELECT kind, case_id, due_on, detail FROM task ORDER BY task_id")]

    def choice(self):
        return [row[0] for row in self.sql("SELECT channel FROM debtor_choice ORDER BY debtor_id")]


def world_of(kind):
    """A world whose servers are stopped with its book."""
    def make(postgres):
        world = kind(postgres)
        close = world.book.close

        def close_all():
            world.close()
            close()
        world.book.close = close_all
        return world
    return make
