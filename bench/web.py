#!/usr/bin/env python3
"""Pages under load beside the floor's page of the same data (docs/performance.md, P7 and P8).

    web.py --build DIR [--seconds S] [--rounds N] [--postgres URL] [--profile FILE] SIZE …

wrk on loopback. The debtor's page is drawn at random from 1,000 debtors, each with a session of its own; the client's list is the
first page of a client's cases. The floor (bench/floor_http.c) reads a claim at random with its six postings and writes it as HTML:
no session, no law, no log of who looked. Product and floor take turns; figures are medians of the rounds.
"""

import argparse
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

IMPORTED, NIGHT, TODAY = "2026-01-05", "2026-01-15", "2026-01-16"
FIRST_CLIENT, ACCOUNT, SESSIONS, IDLE = 1001, "15030000002", 1000, 1000


def note(text):
    print("bench: " + text, file=sys.stderr, flush=True)


class Server:
    """A program that says its port on the first line."""

    def __init__(self, command, log):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(log, "wb"))
        line = self.process.stdout.readline().decode()
        found = re.search(r"(?:port |:)(\d+)", line)
        if not found:
            sys.exit("bench: %s: %s" % (" ".join(command), line + open(log).read()))
        self.port = int(found.group(1))

    def memory(self):
        """Resident bytes."""
        with open("/proc/%d/status" % self.process.pid) as status:
            return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Bench:
    def __init__(self, options, size, work, postgres):
        self.options, self.size, self.work, self.postgres = options, size, work, postgres
        self.clients = 8 if size >= 100000 else 2
        self.book = "sqlite:" + self.path("book.db")
        self.figures = {}

    def path(self, name):
        return os.path.join(self.work, name)

    def kravbok(self, today, *words, wait=True):
        command = [os.path.join(self.options.build, "kravbok"), "--db", self.book, "--today", today, *map(str, words)]
        if not wait:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done = subprocess.run(command, capture_output=True)
        if done.returncode:
            sys.exit("bench: %s: %s" % (" ".join(command), done.stderr.decode()))
        return done

    def gen(self, name, *words):
        with open(self.path(name), "wb") as out:
            subprocess.run([os.path.join(self.options.build, "bench", "gen"), *map(str, words)], stdout=out, check=True)

    def sql(self, statements):
        if self.postgres:
            subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", self.book], input="\n".join(statements).encode(), check=True)
            return
        connection = sqlite3.connect(self.path("book.db"), timeout=60)
        connection.executescript("BEGIN;" + "\n".join(statements) + "COMMIT;")
        connection.close()

    # ---- the book: claims, a night, payments

    def book_make(self):
        if self.postgres:
            base, _, rest = self.postgres.partition("?")
            self.book = base.rsplit("/", 1)[0] + "/kravbok_bench_web" + ("?" + rest if rest else "")
            for sql in ("DROP DATABASE IF EXISTS kravbok_bench_web WITH (FORCE)", "CREATE DATABASE kravbok_bench_web"):
                subprocess.run(["psql", "-q", "-X", self.postgres, "-c", "SET client_min_messages = warning", "-c", sql], check=True)
        note("%s cases: the book" % group(self.size))
        self.gen("clients.csv", "clients", self.clients)
        self.gen("payments.txt", "ocr", self.size, self.clients, self.size // 4)
        self.kravbok(IMPORTED, "init", "--name", "Benken Inkasso AS", "--account", ACCOUNT)
        self.kravbok(IMPORTED, "client", "import", self.path("clients.csv"))
        for client in range(self.clients):
            self.gen("claims.csv", "claims", self.size, self.clients, client, self.size // 10)
            self.kravbok(IMPORTED, "claim", "import", self.path("claims.csv"), "--client", FIRST_CLIENT + client)
        self.kravbok(NIGHT, "night")
        self.kravbok(TODAY, "payment", "import", self.path("payments.txt"))
        # Claims that come in while pages are asked for.
        self.gen("more.csv", "claims", 4 * self.size, 1, 0, 10)

    def sessions_make(self):
        """SESSIONS debtors and a user of the first client: (cookie, path) each."""
        step = max(1, self.size // SESSIONS)
        now, statements, self.debtor_pages = int(time.time()), [], []
        insert = "INSERT INTO session (token_hash, %s, created_at, seen_at, expires_at) SELECT '%s', %s, %d, %d, %d %s;"
        for case in range(1, min(self.size, SESSIONS * step) + 1, step):
            token = secrets.token_urlsafe(32)[:43]
            statements.append(insert % ("debtor_id", _hash(token), "debtor_id", now, now, now + 86400, "FROM claim WHERE case_id = %d" % case))
            self.debtor_pages.append((token, "/my/cases/%d" % case))
        token = secrets.token_urlsafe(32)[:43]
        statements.append("INSERT INTO person (person_id, email, name, role, client_no, password_hash, totp_secret, totp_step, language, "
                          "active, created_at) VALUES (900, 'bench@test.example', 'Bench', 'client_admin', %d, '', '', 0, 'nb', 1, 0);" % FIRST_CLIENT)
        statements.append(insert % ("person_id", _hash(token), "900", now, now, now + 86400, ""))
        self.client_pages = [(token, "/client/cases")]
        self.sql(statements)

    # ---- load

    def script(self, name, pages):
        lines = ["local pages = {"] + ['{"%s", "%s"},' % page for page in pages] + ["}", "math.randomseed(7)", "request = function()",
                 "local page = pages[math.random(#pages)]", "return wrk.format('GET', page[2], {['Cookie'] = '__Host-session=' .. page[1]})",
                 "end", "local bad = 0"]
        with open(self.path(name), "w") as out:
            out.write("\n".join(lines))
        return self.path(name)

    def wrk(self, port, path, connections, script=None):
        """(requests a second, p50 and p99 in ms)."""
        command = ["wrk", "-t%d" % min(2, connections), "-c%d" % connections, "-d%ds" % self.options.seconds, "--latency"]
        command += (["-s", script] if script else []) + ["http://127.0.0.1:%d%s" % (port, path)]
        said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        if "Non-2xx" in said:
            sys.exit("bench: not every page was answered: " + said)
        at = lambda percent: _milliseconds(re.search(r"%d%%\s+([\d.]+)(us|ms|s)" % percent, said))
        return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)), at(50), at(99)

    def add(self, name, measured):
        self.figures.setdefault(name, []).append(measured)

    def get(self, name):
        return [statistics.median(values) for values in zip(*self.figures[name])]

    def meanwhile(self, work):
        """Keeps a writer going until the returned function is called."""
        process = self.kravbok(TODAY, *work, wait=False)

        def stop():
            was_busy = process.poll() is None
            process.kill()
            process.wait()
            return was_busy
        return stop

    def idle(self, server):
        """Bytes a connection that has had a page and keeps silent."""
        before, held = server.memory(), []
        for _ in range(IDLE):
            s = socket.create_connection(("127.0.0.1", server.port))
            s.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            held.append(s)
        for s in held:
            s.recv(4096)
        each = (server.memory() - before) / IDLE
        for s in held:
            s.close()
        return each

    def run(self):
        self.book_make()
        serve = [os.path.join(self.options.build, "kravbok"), "--db", self.book, "--today", TODAY, "serve", "--port", "0"]
        floor = [os.path.join(self.options.build, "bench", "floor_http"), "0", "2", self.path("floor.db"), str(self.size)]
        ours, base = Server(serve, self.path("serve.log")), Server(floor, self.path("floor.log"))
        try:
            self.sessions_make()
            debtor, client = self.script("debtor.lua", self.debtor_pages), self.script("client.lua", self.client_pages)
            pages = (("debtor", debtor), ("client", client))
            for number in range(self.options.rounds):
                note("round %d of %d" % (number + 1, self.options.rounds))
                self.add("floor 16", self.wrk(base.port, "/claim", 16))
                self.add("floor 1", self.wrk(base.port, "/claim", 1))
                for name, script in pages:
                    self.add(name + " 16", self.wrk(ours.port, "/", 16, script))
                    self.add(name + " 1", self.wrk(ours.port, "/", 1, script))
            note("with an import beside it")
            stop = self.meanwhile(["claim", "import", self.path("more.csv"), "--client", FIRST_CLIENT])
            for name, script in pages:
                self.add(name + " import", self.wrk(ours.port, "/", 1, script))
            if not stop():
                note("the import was done before the pages were: take a larger SIZE")
            self.figures["idle"] = [(self.idle(ours),)]
            self.figures["memory"] = [(ours.memory() / (1 << 20),)]
            if self.options.profile:
                self.profile(ours, pages)
        finally:
            ours.stop()
            base.process.stdin.close()
            base.process.wait()

    def profile(self, server, pages):
        data = self.path("perf.data")
        for name, script in pages:
            note("profile of the %s's page" % name)
            perf = subprocess.Popen(["perf", "record", "-q", "--call-graph", "fp", "-F", "999", "-p", str(server.process.pid), "-o", data])
            self.wrk(server.port, "/", 4, script)
            perf.send_signal(signal.SIGINT)
            perf.wait()
            with open("%s.%s" % (self.options.profile, name), "w") as out:
                for words in (["--no-children", "--sort", "symbol"], ["--no-children", "--sort", "dso"], ["--children", "--sort", "symbol"]):
                    out.write(subprocess.run(["perf", "report", "-i", data, "--stdio", "-g", "none", "--percent-limit", "0.7", *words],
                                             capture_output=True, text=True).stdout)

    def rows(self):
        floor16, floor1 = self.get("floor 16"), self.get("floor 1")
        rows = [["floor's claim page, 16 connections", *floor16, "", ""], ["the same, one visitor", *floor1, "", ""]]
        for name, words in (("debtor", "debtor's case page"), ("client", "client's list of cases")):
            measured = self.get(name + " 16")
            goal = "≥ 0.50, p99 ≤ 2 ms"
            verdict = "ok" if measured[0] >= 0.5 * floor16[0] and measured[2] <= 2 else "MISS"
            rows.append(["P7 %s, 16 connections" % words, *measured, "%.2f" % (measured[0] / floor16[0]), "%s %s" % (goal, verdict)])
            measured = self.get(name + " 1")
            rows.append(["   the same, one visitor", *measured, "%.2f" % (measured[0] / floor1[0]), ""])
            measured = self.get(name + " import")
            rows.append(["P8 one visitor while an import runs", *measured, "%.2f" % (measured[0] / floor1[0]),
                         "p99 ≤ 10 ms %s" % ("ok" if measured[2] <= 10 else "MISS")])
        return rows

    def table(self):
        engine = "PostgreSQL" if self.postgres else "SQLite"
        print("%s cases, %s" % (group(self.size), engine))
        print("%-46s %10s %8s %8s  %5s  %s" % ("", "pages/s", "p50 ms", "p99 ms", "ratio", "goal"))
        for row in self.rows():
            print(("%-46s %10.0f %8.2f %8.2f  %5s  %s" % tuple(row)).rstrip())
        print("an idle connection: %.1f KiB; the server after all this: %.0f MiB\n" % (self.get("idle")[0] / 1024, self.get("memory")[0]))


def _hash(token):
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


def _milliseconds(found):
    return float(found.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[found.group(2)]


def group(number):
    return "{:,}".format(number)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", metavar="URL", help="a throw-away server: the same there, too")
    parser.add_argument("--profile", metavar="FILE", help="where the pages spend their time, by perf: FILE.debtor, FILE.client")
    parser.add_argument("--work", help="folder for the books (default: a new one, removed afterwards)")
    parser.add_argument("sizes", metavar="SIZE", type=int, nargs="+")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    os.environ["KRAVBOK_MODULES"] = options.build
    for size in options.sizes:
        for postgres in (None, options.postgres) if options.postgres else (None,):
            work = tempfile.mkdtemp(prefix="kravbok-bench-", dir=options.work)
            try:
                bench = Bench(options, size, work, postgres)
                bench.run()
                bench.table()
            finally:
                shutil.rmtree(work)


if __name__ == "__main__":
    main()
