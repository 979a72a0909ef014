#!/usr/bin/env python3
"""Runs the product beside the floor programs and says how near it comes.

    run.py --build DIR [--rounds N] [--gate FACTOR] [--instructions] [--postgres URL] SIZE …

A floor does the raw work of a step and nothing else (bench/floor_*.c); the product does all that the law and the books
require. Floor and product take turns; each figure is the median of the rounds. Times of the product are those of the whole
process, start to exit; times of the floors are taken inside them, on a warm cache, without their checkpoint. Goals are
ratios (docs/performance.md) by the clock; the column cpu has the same ratio by processor time, which other programs on the
machine change less.

A miss is an error only with --gate. What else runs on the machine can only add time, so the gate judges the quickest round
of the product against the quickest of the floor: by the clock and by processor time both must be beyond the goal times
FACTOR, and still be after as many rounds again. A loss that is the program's own is in every round.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

IMPORTED, NIGHT, AFTER = "2026-01-05", "2026-01-15", "2026-01-16"
DUE, FIRST_CLIENT, ACCOUNT = 2000, 1001, "15030000002"
MEBIBYTE = 1 << 20


class Run:
    """One process: its seconds, its peak memory and what it said."""

    def __init__(self, command):
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * 1024
        if process.returncode:
            sys.exit("bench: %s: exit %d\n%s" % (" ".join(command), process.returncode, err.decode()))


class Figures:
    """Everything measured of one size: name -> values of the rounds."""

    def __init__(self):
        self.values = {}

    def add(self, name, value):
        self.values.setdefault(name, []).append(value)

    def get(self, name, pick=statistics.median):
        return pick(self.values[name])

    def has(self, name):
        return name in self.values


class Bench:
    def __init__(self, options, size, work):
        self.options, self.size, self.work = options, size, work
        self.programs = os.path.join(options.build, "bench")
        self.clients = 8 if size >= 100000 else 2
        self.due = min(DUE, size // 5)
        self.many_due = size // 10 if size // 10 > self.due else 0
        self.payments = min(size // 4, 250000)
        self.singles = 300 if size <= 10000 else 1000
        self.figures = Figures()

    # ---- making things

    def path(self, name):
        return os.path.join(self.work, name)

    def tool(self, name, *arguments):
        return Run([os.path.join(self.programs, name), *map(str, arguments)])

    def gen(self, name, *arguments):
        with open(self.path(name), "wb") as out:
            subprocess.run([os.path.join(self.programs, "gen"), *map(str, arguments)], stdout=out, check=True)

    def kravbok(self, book, today, *arguments):
        return Run([os.path.join(self.options.build, "kravbok"), "--db", book, "--today", today, *map(str, arguments)])

    def files_make(self):
        self.gen("clients.csv", "clients", self.clients)
        for client in range(self.clients):
            self.gen("claims-%d.csv" % client, "claims", self.size, self.clients, client, self.due)
            if self.many_due:
                self.gen("many-%d.csv" % client, "claims", self.size, self.clients, client, self.many_due)
        self.gen("payments.txt", "ocr", self.size, self.clients, self.payments)
        self.gen("parse.txt", "ocr", self.size, self.clients, 100000)

    def book_new(self, name):
        for end in ("", "-wal", "-shm", ".night.lock"):
            if os.path.exists(self.path(name + end)):
                os.remove(self.path(name + end))
        return self.book_begin("sqlite:" + self.path(name))

    def book_begin(self, book):
        self.kravbok(book, IMPORTED, "init", "--name", "Benken Inkasso AS", "--account", ACCOUNT)
        self.kravbok(book, IMPORTED, "client", "import", self.path("clients.csv"))
        return book

    def claims_import(self, book, files):
        runs = [self.kravbok(book, IMPORTED, "claim", "import", self.path("%s-%d.csv" % (files, client)), "--client",
                             FIRST_CLIENT + client) for client in range(self.clients)]
        return sum(run.seconds for run in runs), sum(run.processor for run in runs), max(run.memory for run in runs)

    # ---- a round

    def floor_take(self, run, prefix="floor "):
        for line in run.out.decode().splitlines():
            name, seconds, processor, count = line.split()
            self.figures.add(prefix + name, float(seconds))
            self.figures.add(prefix + name + " cpu", float(processor))
            self.figures.add(prefix + name + " count", float(count))

    def ours_take(self, name, run):
        self.figures.add(name, run.seconds)
        self.figures.add(name + " cpu", run.processor)
        self.figures.add(name + " memory", run.memory)

    def round_floor(self):
        database = self.path("floor.db")
        self.floor_take(self.tool("floor_sqlite", database, self.size, self.due, self.payments, self.singles))
        self.figures.add("floor size", os.path.getsize(database))
        arguments = [database, self.size, self.due, 1, 1]
        self.tool("floor_sqlite", *arguments, "mark")
        self.ours_take("floor cold night", self.tool("floor_sqlite", *arguments, "night"))
        if self.many_due:
            self.floor_take(self.tool("floor_sqlite", database, self.size, self.many_due, 1, 1, "insert", "mark", "night"),
                            "floor many ")
        os.remove(database)
        self.floor_take(self.tool("floor_ocr", self.path("parse.txt"), 5))
        self.floor_take(self.tool("floor_interest", 1000000))
        self.ours_take("floor letters", self.tool("floor_letters", self.due, self.path("floor.pdf")))

    def round_ours(self):
        book = self.book_new("ours.db")
        seconds, processor, memory = self.claims_import(book, "claims")
        self.figures.add("import", seconds)
        self.figures.add("import cpu", processor)
        self.figures.add("import memory", memory)
        empty = self.book_new("empty.db")
        self.kravbok(empty, NIGHT, "night")
        self.ours_take("night", self.kravbok(book, NIGHT, "night"))
        self.figures.add("empty night", self.kravbok(empty, NIGHT, "night").seconds)
        self.ours_take("idle night", self.kravbok(book, NIGHT, "night"))
        shutil.rmtree(self.path("letters"), ignore_errors=True)
        self.ours_take("letters", self.kravbok(book, NIGHT, "letter", "render", "--out", self.path("letters")))
        self.ours_take("payments", self.kravbok(book, AFTER, "payment", "import", self.path("payments.txt")))
        self.ours_take("owed", self.kravbok(book, AFTER, "case", "owed"))
        self.ours_take("balance", self.kravbok(book, AFTER, "ledger", "balance"))
        self.ours_take("verify", self.kravbok(book, AFTER, "verify"))
        self.ours_take("recount", self.kravbok(book, AFTER, "ledger", "balance", "--recount"))
        copy = self.path("ours.copy")
        if os.path.exists(copy):
            os.remove(copy)
        self.ours_take("backup", self.kravbok(book, AFTER, "backup", copy))
        os.remove(copy)
        for i in range(5):
            self.figures.add("show", self.kravbok(book, AFTER, "case", "show", 1 + i * (self.size // 5)).seconds)
            self.figures.add("version", Run([os.path.join(self.options.build, "kravbok"), "--version"]).seconds)
        self.figures.add("size", os.path.getsize(self.path("ours.db")))
        self.floor_take(self.tool("single", book, self.size, self.singles, AFTER), "ours ")
        self.floor_take(self.tool("parse", self.path("parse.txt"), 5, AFTER), "ours ")
        self.floor_take(self.tool("interest", 1000000), "ours ")

    def round_many(self):
        start = self.path("many.start")
        if not os.path.exists(start):
            self.claims_import(self.book_new("many.start"), "many")
        shutil.copyfile(start, self.path("many.db"))
        self.ours_take("night many", self.kravbok("sqlite:" + self.path("many.db"), NIGHT, "night"))
        os.remove(self.path("many.db"))

    def round_postgres(self):
        url = self.options.postgres
        for name in ("kravbok_bench_floor", "kravbok_bench"):
            for sql in ("DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name):
                subprocess.run(["psql", "-q", "-X", url, "-c", "SET client_min_messages = warning", "-c", sql], check=True)
        base, _, rest = url.partition("?")
        stem = base.rsplit("/", 1)[0]
        at = lambda name: stem + "/" + name + ("?" + rest if rest else "")
        self.floor_take(self.tool("floor_postgres", at("kravbok_bench_floor"), self.size, self.due, self.payments),
                        "floor pg ")
        book = self.book_begin(at("kravbok_bench"))
        seconds, processor, _ = self.claims_import(book, "claims")
        self.figures.add("pg import", seconds)
        self.figures.add("pg import cpu", processor)
        self.ours_take("pg night", self.kravbok(book, NIGHT, "night"))
        self.kravbok(book, NIGHT, "letter", "render", "--out", self.path("letters"))
        self.ours_take("pg payments", self.kravbok(book, AFTER, "payment", "import", self.path("payments.txt")))

    def rounds_play(self, why=""):
        for number in range(self.options.rounds):
            note("%s claims, round %d of %d%s" % (group(self.size), number + 1, self.options.rounds, why))
            self.round_floor()
            self.round_ours()
            if self.many_due:
                self.round_many()
            if self.options.postgres:
                self.round_postgres()

    def run(self):
        self.files_make()
        self.rounds_play()
        if self.options.instructions:
            note("instruction counts")
            self.instructions_count()

    def beyond_gate(self):
        """Rows that fail the gate, judged by the quickest rounds."""
        return [row for row in self.rows(min) if self.options.gate and row.fails(self.options.gate)]

    def gate(self):
        """A row beyond the gate is given as many rounds again before it counts."""
        beyond = self.beyond_gate()
        if not beyond:
            return []
        self.rounds_play(" again: " + ", ".join(sorted({row.number for row in beyond})))
        return self.beyond_gate()

    # ---- instructions: the same on every machine and day

    def counted(self, command):
        out = self.path("callgrind.out")
        run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, *map(str, command)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if run.returncode:
            sys.exit("bench: valgrind: %s" % run.stderr.decode())
        for line in run.stderr.decode().splitlines():
            if "Collected :" in line:
                return int(line.split(":")[1].split()[0])
        sys.exit("bench: valgrind counted nothing")

    def instructions_count(self):
        size, due = 5000, 1000
        for client in range(2):
            self.gen("count-%d.csv" % client, "claims", size, 2, client, due)
        book = self.book_new("count.db")
        kravbok = [os.path.join(self.options.build, "kravbok"), "--db", book, "--today"]
        ours = sum(self.counted(kravbok + [IMPORTED, "claim", "import", self.path("count-%d.csv" % client), "--client",
                                           FIRST_CLIENT + client]) for client in range(2))
        self.figures.add("import instructions", ours / size)
        self.figures.add("night instructions", self.counted(kravbok + [NIGHT, "night"]) / due)
        floor = os.path.join(self.programs, "floor_sqlite")
        arguments = [self.path("count.floor"), size, due, 1, 1]
        insert = self.counted([floor] + arguments + ["insert", "event"])
        self.figures.add("floor import instructions", insert / size)
        self.tool("floor_sqlite", *arguments, "insert", "mark")
        night = self.counted([floor] + arguments + ["night"])
        self.figures.add("floor night instructions", night / due)

    # ---- the table

    def rows(self, pick=statistics.median):
        rows, size, micro = [], self.size, 1e6
        get = lambda name: self.figures.get(name, pick)

        def pair(ours, ours_count, floors, floor_count):
            """Per item, by the clock and by the processor: (ours, floor, ours, floor)."""
            return [pick for end in ("", " cpu") for pick in (
                get(ours + end) / ours_count, sum(get(name + end) for name in floors) / floor_count)]

        def share(number, what, figures, goal, unit=1.0):
            """goal: at least this part of the floor's speed."""
            ours, floor, ours_cpu, floor_cpu = figures
            rows.append(Row(number, what, ours * unit, floor * unit, floor / ours, floor_cpu / (ours_cpu or 1), goal, False))

        def times(number, what, figures, goal, unit=1.0):
            """goal: at most this many times the floor."""
            ours, floor, ours_cpu, floor_cpu = figures
            rows.append(Row(number, what, ours * unit, floor * unit, ours / floor, ours_cpu / (floor_cpu or 1), goal, True))

        def most(number, what, ours, goal):
            rows.append(Row(number, what, ours, None, ours, None, goal, True))

        plain = lambda ours, floor: (ours, floor, ours, floor)
        due, payments = self.due, self.payments
        share("P1", "import, µs a claim", pair("import", size, ["floor insert", "floor event"], size), 0.40, micro)
        times("P2", "night of %s due, µs each" % group(due), pair("night", due, ["floor night"], due), 3, micro)
        times("P2", "the same, the floor a process of its own", pair("night", due, ["floor cold night"], due), None, micro)
        if self.many_due:
            times("P2", "night of %s due, µs each" % group(self.many_due),
                  pair("night many", self.many_due, ["floor many night"], self.many_due), 3, micro)
        most("P3", "idle night less an empty book's, ms", 1000 * (get("idle night") - get("empty night")), 20)
        share("P4", "bank file of %s, µs a payment" % group(payments), pair("payments", payments, ["floor payments"], payments),
              0.40, micro)
        share("P5", "parse only, ns a payment", pair("ours parse", 1e5, ["floor parse"], 1e5), 0.25, 1e9)
        singles = self.singles
        share("P6", "one change, own commit, µs", pair("ours single", singles, ["floor single"], singles), 0.70, micro)
        times("P6", "the same, 99th percentile, µs", plain(get("ours single_p99"), get("floor single_p99")), 2, micro)
        times("P9", "what every case owes, µs a case", pair("owed", size, ["floor scan"], size), 5, micro)
        times("P9", "the arithmetic, ns a case", pair("ours interest", 1e6, ["floor floor_interest"], 1e6), 4, 1e9)
        most("P10", "trial balance, ms more than --version", 1000 * (get("balance") - get("version")), 5)
        postings = get("floor ledger count")
        times("P10", "recount of the ledger, µs a posting", pair("recount", postings, ["floor ledger"], postings), 2, micro)
        times("P10", "verify (replays all), µs a posting", pair("verify", postings, ["floor ledger"], postings), None, micro)
        share("P11", "letters in one file, ms a letter", pair("letters", due, ["floor letters"], due), 0.70, 1000)
        memory = max(get(name + " memory") for name in ("import", "night", "payments", "owed", "balance"))
        most("P12", "peak memory, MiB", memory / MEBIBYTE, 300)
        times("P13", "bytes a claim", plain(get("size") / size, get("floor size") / size), 4)
        most("P14", "case show less --version, ms", 1000 * (get("show") - get("version")), 5)
        most("P14", "--version, ms", 1000 * get("version"), 10)
        share("P15", "backup and its check, ms a MiB",
              pair("backup", get("size") / MEBIBYTE, ["floor backup"], get("floor size") / MEBIBYTE), 0.70, 1000)
        if self.figures.has("pg import"):
            share("PG", "import, µs a claim", pair("pg import", size, ["floor pg insert", "floor pg event"], size), 0.30, micro)
            share("PG", "night of %s due, µs each" % group(due), pair("pg night", due, ["floor pg night"], due), 0.30, micro)
            share("PG", "bank file, µs a payment", pair("pg payments", payments, ["floor pg payments"], payments), 0.30, micro)
        if self.figures.has("import instructions"):
            for name, goal in (("import", 2.5), ("night", 3)):
                times("CI", "%s, thousand instructions each" % name,
                      plain(get(name + " instructions") / 1000, get("floor " + name + " instructions") / 1000), goal)
        return rows


class Row:
    def __init__(self, number, what, ours, floor, ratio, cpu_ratio, goal, at_most):
        self.number, self.what, self.ours, self.floor = number, what, ours, floor
        self.ratio, self.cpu_ratio, self.goal, self.at_most = ratio, cpu_ratio, goal, at_most

    def meets(self, ratio, factor):
        return ratio <= self.goal * factor if self.at_most else ratio >= self.goal / factor

    def holds(self, factor=1.0):
        return self.goal is None or self.meets(self.ratio, factor)

    def fails(self, factor):
        """Beyond the gate by the clock and by the processor's time: the first alone may be another program's doing."""
        return not self.holds(factor) and (self.cpu_ratio is None or not self.meets(self.cpu_ratio, factor))

    def cells(self):
        ratios = ["", ""] if self.floor is None else ["%.2f" % self.ratio, "%.2f" % self.cpu_ratio]
        goal = ""
        if self.goal is not None:
            goal = "≤ %g" % self.goal if self.at_most else "≥ %.2f" % self.goal
        floor = "" if self.floor is None else figure(self.floor)
        verdict = "" if self.goal is None else "ok" if self.holds() else "MISS"
        return [self.number, self.what, figure(self.ours), floor, *ratios, goal, verdict]


def figure(value):
    return "%.0f" % value if abs(value) >= 100 else "%.3g" % value


def group(number):
    return "{:,}".format(number)


def note(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def table(size, rows):
    heads = ["", "%s claims" % group(size), "ours", "floor", "ratio", "cpu", "goal", ""]
    cells = [heads] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    for line in cells:
        left = [line[i].ljust(widths[i]) if i < 2 else line[i].rjust(widths[i]) for i in range(len(heads) - 1)]
        print(("  ".join(left) + "  " + line[-1]).rstrip())
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gate", type=float, help="fail when a figure is worse than its goal times this")
    parser.add_argument("--instructions", action="store_true", help="count instructions with callgrind too")
    parser.add_argument("--postgres", metavar="URL", help="a throw-away server: the same work there")
    parser.add_argument("--work", help="folder for the books (default: a new one, removed afterwards)")
    parser.add_argument("sizes", metavar="SIZE", type=int, nargs="+")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    os.environ["KRAVBOK_MODULES"] = options.build
    beyond = []
    for size in options.sizes:
        work = tempfile.mkdtemp(prefix="kravbok-bench-", dir=options.work)
        try:
            bench = Bench(options, size, work)
            bench.run()
            table(size, bench.rows())
            beyond += bench.gate()
        finally:
            shutil.rmtree(work)
    for row in beyond:
        print("bench: %s %s is beyond %g times its goal: ratio %.2f by the quickest of the rounds" %
              (row.number, row.what, options.gate, row.ratio), file=sys.stderr)
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
