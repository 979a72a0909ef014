#!/usr/bin/env python3
"""kill -9 at any moment, two at a time, a full disk: the book stays sound and a re-run completes the work.

A night over two months and a payment file are killed at random moments (seeded). The book is then reopened: `verify` is
clean, and the same command run again leaves the same book, byte for byte by `export all` but for the nights' reports, as an undisturbed run. A second
night beside a running one is refused by name. A disk that is full undoes the transaction and says so.

KRAVBOK_SEED     the seed to repeat (printed); KRAVBOK_KILLS how many kills of each command (10; half on PostgreSQL)
"""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import kravbok_cli as cli                                              # noqa: E402

CLIENT, CLAIMS, PAYMENTS = 7, 1200, 2600
TAKEN, NIGHT, PAID = date(2026, 1, 20), date(2026, 3, 10), date(2026, 3, 12)
SEED = int(os.environ.get("KRAVBOK_SEED") or random.randrange(10 ** 6))
KILLS = int(os.environ.get("KRAVBOK_KILLS") or 10)


class Wrong(Exception):
    pass


def must(condition, told):
    if not condition:
        raise Wrong(told)


# ---------------------------------------------------------------- books

def export(book):
    status, out, err = book.run("export", "all", as_json=False)
    must(status == 0, "export all: " + err.strip())
    return out


def told_of(text):
    """The book without the nights' reports and the sum of it all: a night cut short and its second run are two reports."""
    tables = text.split("\ntable\t")
    return [table.partition("\nend\t")[0] for table in tables if not table.startswith("night_report\t")]


def new_book(postgres, text):
    """A book with all that is in text."""
    book = cli.Book(postgres)
    path = os.path.join(book.directory, "before.txt")
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    book.do("import", "all", path)
    return book


def claim_rows():
    rows = []
    for i in range(CLAIMS):
        issued = date(2025, 12, 1) + timedelta(i % 25)
        rows.append({"invoice_no": "F%d" % i, "issued_on": issued, "due_on": issued + timedelta(20),
                     "amount": "%d.50" % (600 + i * 37 % 9000), "debtor_name": "Kari Prove %d" % i,
                     "debtor_id": cli.person(i * 2 // 3) if i % 7 else ""})
    return rows


def make_books(postgres):
    """What the book is before the nights and before the payments; the giro file's text."""
    with cli.Book(postgres) as book:
        book.init(today=TAKEN)
        book.client(CLIENT, "no/standard", True, today=TAKEN)
        book.claims(CLIENT, claim_rows(), TAKEN)
        taken = export(book)
        book.night(NIGHT)
        chance = random.Random(SEED)
        kids = [c["kid"] for c in book.cases(NIGHT)]
        transfers = [cli.Transfer(chance.choice(kids), chance.choice((5000, 12345, 99900)), PAID, PAID - timedelta(1))
                     for _ in range(PAYMENTS)]
        return taken, export(book), cli.ocr_giro(transfers, book.account, 1)


# ---------------------------------------------------------------- a command that can be killed

def start(book, words, today, limit=None):
    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [cli.program(), "--db", book.url, "--today", today.isoformat()] + [str(w) for w in words]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            cwd=book.directory, preexec_fn=limited if limit else None)


def wait_alone(book):
    """The server's end of a killed connection lives a moment longer, and with it its locks."""
    if not book.database:
        return
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s'" % book.database
    for _ in range(200):
        done = subprocess.run(["psql", "-XqAt", book.postgres, "-c", query], capture_output=True, check=True)
        if done.stdout.strip() == b"0":
            return
        time.sleep(0.05)
    raise Wrong("a killed program's connection does not end")


def words_of(kind, book, giro):
    if kind == "night":
        return ["night", "--until", NIGHT.isoformat()], NIGHT
    return ["payment", "import", book.file("giro.ocr", giro)], PAID


def kill_one(kind, postgres, before, giro):
    """Killed at random moments; returns what was done."""
    with new_book(postgres, before) as book:
        words, today = words_of(kind, book, giro)
        began = time.monotonic()
        process = start(book, words, today)
        said = process.communicate(timeout=120)[1].decode()
        lasted = time.monotonic() - began
        must(process.returncode == 0, "%s: %s" % (kind, said.strip()))
        must(book.verify(today) is None, "%s undisturbed: verify: %s" % (kind, book.verify(today)))
        wanted = told_of(export(book))
    chance = random.Random("%d %s %s" % (SEED, kind, bool(postgres)))
    killed = 0
    kills = KILLS if not postgres else (KILLS + 1) // 2
    for number in range(kills):
        with new_book(postgres, before) as book:
            words, today = words_of(kind, book, giro)
            process = start(book, words, today)
            time.sleep(chance.uniform(0.005, lasted))
            process.kill()
            process.communicate(timeout=120)
            killed += process.returncode == -signal.SIGKILL
            wait_alone(book)
            told = "%s, kill %d of seed %d: " % (kind, number, SEED)
            found = book.verify(today)
            must(found is None, told + "verify: " + str(found))
            book.do(*words, today=today)
            found = book.verify(today)
            must(found is None, told + "verify after the re-run: " + str(found))
            must(told_of(export(book)) == wanted, told + "the re-run does not give the same book")
    must(killed > 0, "%s: none of %d kills came before the end" % (kind, kills))
    return "%s: killed %d times of %d within %.1f s" % (kind, killed, kills, lasted)


# ---------------------------------------------------------------- two at a time

def night_holds(book):
    """True when a night has its lock."""
    if not book.database:
        try:
            return os.path.getsize(book.url[len("sqlite:"):] + ".night.lock") > 0
        except OSError:
            return False
    query = ("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
             " WHERE l.locktype = 'advisory' AND l.granted AND a.datname = '%s'" % book.database)
    done = subprocess.run(["psql", "-XqAt", book.postgres, "-c", query], capture_output=True, check=True)
    return int(done.stdout) > 0


def second_night_is_refused(postgres, before, _giro):
    for _ in range(10):
        with new_book(postgres, before) as book:
            first = start(book, *words_of("night", book, None))
            while first.poll() is None and not night_holds(book):
                time.sleep(0.001)
            first.send_signal(signal.SIGSTOP)
            if first.poll() is not None:                     # it was too quick for us
                continue
            status, _, err = book.run("night", "--until", NIGHT.isoformat(), today=NIGHT)
            first.send_signal(signal.SIGCONT)
            first.communicate(timeout=120)
            must(status == 1, "a second night: exit %d" % status)
            must("another night is running" in err and len(err.strip().split("\n")) == 1, "a second night: " + err)
            must(first.returncode == 0, "the first night ends with %d" % first.returncode)
            must(book.verify(NIGHT) is None, "verify: %s" % book.verify(NIGHT))
            return "a second night is refused: " + err.strip()
    raise Wrong("the first night could not be caught at work")


# ---------------------------------------------------------------- a full disk

def full_is_said(process):
    err = process.communicate(timeout=120)[1].decode()
    must(process.returncode == 1, "on a full disk: exit %d, %s" % (process.returncode, err.strip()))
    must("the disk is full" in err and len(err.strip().split("\n")) == 1, "on a full disk: " + err.strip())


def full_disk(book, before, words, today, run, mend):
    """Runs into the limit, then with room."""
    full_is_said(run(words))
    mend()
    must(book.verify(today) is None, "after a full disk: verify: %s" % book.verify(today))
    if words[0] == "claim":
        must(export(book) == before, "after a full disk: something was kept")
    book.do(*words, today=today)
    must(book.verify(today) is None, "with room again: verify: %s" % book.verify(today))


def file_limit_is_a_full_disk(_postgres, before, giro):
    """No file may grow beyond a limit: needs no privileges."""
    cases = ["night", "payment"]
    for kind in cases:
        with new_book(None, before if kind == "night" else giro[0]) as book:
            words, today = words_of(kind, book, giro[1])
            full_disk(book, before, words, today, lambda w: start(book, w, today, 150000), lambda: None)
    with cli.Book() as book:
        book.init(today=TAKEN)
        book.client(CLIENT, "no/standard", True, today=TAKEN)
        words = ["claim", "import", book.claim_file(claim_rows()), "--client", CLIENT]
        full_disk(book, export(book), words, TAKEN, lambda w: start(book, w, TAKEN, 150000), lambda: None)
    return "a file that may not grow: night, payment import and claim import say so and complete later"


def small_disk_is_full(_postgres, before, _giro):
    """A file system with no room left, where one may be mounted."""
    with new_book(None, before) as book:
        disk = os.path.join(book.directory, "disk")
        os.mkdir(disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "kravbok", disk],
                                 stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            print("SKIP: a full file system (none may be mounted here)")
            return None
        try:
            path = os.path.join(disk, "book.db")
            book.do("backup", path)
            book.url = "sqlite:" + path

            def room(size):
                subprocess.run(["mount", "-o", "remount,size=%d" % size, disk], check=True)

            room(os.path.getsize(path) + 200000)
            words, today = words_of("night", book, None)
            full_disk(book, before, words, today, lambda w: start(book, w, today), lambda: room(64 << 20))
        finally:
            subprocess.run(["umount", disk], check=True)
    return "a full file system: the night says so and completes later"


# ---------------------------------------------------------------- all of them

def tests(postgres):
    taken, played, giro = make_books(postgres)
    all_tests = [("night killed", lambda: kill_one("night", postgres, taken, giro)),
                 ("payment import killed", lambda: kill_one("payment import", postgres, played, giro)),
                 ("second night", lambda: second_night_is_refused(postgres, taken, giro))]
    if not postgres:
        all_tests += [("file limit", lambda: file_limit_is_a_full_disk(None, taken, (played, giro))),
                      ("small disk", lambda: small_disk_is_full(None, taken, giro))]
    return all_tests


def main():
    passed = failed = 0
    print("seed %d (KRAVBOK_SEED)" % SEED)
    worlds = [None]
    if os.environ.get("KRAVBOK_TEST_PG"):
        worlds.append(os.environ["KRAVBOK_TEST_PG"])
    else:
        print("SKIP: PostgreSQL (KRAVBOK_TEST_PG is not set)")
    for postgres in worlds:
        engine = "postgresql" if postgres else "sqlite"
        for name, test in tests(postgres):
            began = time.monotonic()
            try:
                told = test()
            except (Wrong, cli.Refused, cli.Broken) as problem:
                print("%s [%s] FAILED: %s" % (name, engine, problem))
                failed += 1
                continue
            if told:
                print("%s [%s] %.0f s" % (told, engine, time.monotonic() - began))
                passed += 1
    print("crash: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
