#!/usr/bin/env python3
"""A whole book moved between the engines, backed up and restored, through the program."""

import os
import sys
import traceback
from datetime import date

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]
import kravbok_cli as cli                                                        # noqa: E402

DAY = date(2026, 1, 20)
LATER = date(2026, 3, 10)


def equal(found, wanted, what=""):
    if found != wanted:
        raise AssertionError("%s: %r, wanted %r" % (what or "value", found, wanted))


def refused(book, part, *words):
    """Exit 1, one line, that says part."""
    status, out, err = book.run(*words, as_json=False)
    equal((status, out), (1, ""), " ".join(map(str, words)))
    if part not in err or len(err.strip().split("\n")) != 1:
        raise AssertionError("%s: %r, wanted one line with %r" % (words, err, part))


def export(book):
    status, out, err = book.run("export", "all", as_json=False)
    equal((status, err), (0, ""), "export all")
    return out


def lived(postgres):
    """A book with clients, cases, letters, payments and money on hold."""
    book = cli.Book(postgres)
    book.init(today=DAY)
    book.client(2, "no/standard", True, today=DAY)
    rows = [{"invoice_no": "I%d" % i, "issued_on": "2026-01-01", "due_on": "2026-01-05", "amount": "%d.00" % (900 + i),
             "debtor_id": cli.person(i) if i % 3 else "", "debtor_name": "Bjørn \\N \\ '%d'" % i} for i in range(60)]
    book.claims(2, rows, DAY)
    book.night(LATER)
    kids = [c["kid"] for c in book.cases(LATER)]
    book.payments([cli.Transfer(k, 50000 + i, LATER) for i, k in enumerate(kids[:20])]
                  + [cli.Transfer("999999999993", 1200, LATER)], LATER)
    return book


def other(postgres):
    """A new book on the other engine, if there is one."""
    server = os.environ.get("KRAVBOK_TEST_PG")
    return cli.Book(None if postgres else server)


def a_book_moves_to_the_other_engine_and_is_the_same(postgres):
    with lived(postgres) as book, other(postgres) as new:
        text = export(book)
        path = new.file("book.txt", text)
        answer = new.do("import", "all", path, want_json=True)
        equal(answer["rows"], int(text.rstrip().split("\n")[-1].split("\t")[1]), "rows")
        equal(export(new), text, "the export of the import")
        equal(new.verify(LATER), None, "verify")
        equal(new.cases(LATER), book.cases(LATER), "the cases")
        book.night(date(2026, 5, 1))
        new.night(date(2026, 5, 1))
        equal(export(new), export(book), "the exports after another night")


def import_replaces_what_init_has_made(postgres):
    with lived(postgres) as book, other(postgres) as new:
        new.do("init", "--name", "Et annet byrå")
        new.do("import", "all", new.file("book.txt", export(book)))
        equal(export(new), export(book), "the export of the import")


def import_into_a_used_book_is_refused(postgres):
    with lived(postgres) as book:
        text = export(book)
        refused(book, "the book is not empty", "import", "all", book.file("book.txt", text))
        equal(export(book), text, "the book after the refusal")


def damaged_exports_are_refused_and_nothing_is_kept(postgres):
    with lived(postgres) as book, other(postgres) as new:
        text = export(book)
        half = text[:len(text) // 2]
        lines = text.split("\n")
        for name, bad, told in (
                ("half", half, "is cut short"),
                ("line", half[:half.rindex("\n") + 1], "is cut short"),
                ("row", "\n".join(lines[:40] + lines[41:]), "altered or damaged"),
                ("amount", text.replace("\t90000\t", "\t90001\t", 1), "altered or damaged"),
                ("end", text[:-3] + "\n", "is cut short"),
                ("hash", text[:-5] + "0000\n", "altered or damaged"),
                ("newer", text.replace("kravbok\t1\t2", "kravbok\t1\t99", 1), "version 99"),
                ("format", text.replace("kravbok\t1\t2", "kravbok\t9\t2", 1), "format 9"),
                ("empty", "", "not what kravbok export all has written"),
                ("other", "Kjære Ola\n", "not what kravbok export all has written")):
            refused(new, told, "import", "all", new.file(name + ".txt", bad))
        refused(new, "could not open", "import", "all", "nowhere.txt")
        refused(new, "is not a file", "import", "all", new.directory)
        if not new.database:
            equal(os.path.exists(new.url[len("sqlite:"):]), False, "a book was made")
        new.do("import", "all", new.file("book.txt", text))
        equal(export(new), text, "the export of the import")


def postgres_names_its_own_tools(postgres):
    if not postgres:
        return
    with lived(postgres) as book:
        refused(book, "pg_dump --format=custom --file='copy.dump' '" + book.url + "'", "backup", "copy.dump")
        refused(book, "pg_restore --clean --if-exists --dbname='" + book.url + "' 'copy.dump'", "restore", "copy.dump")
        _, _, err = book.run("restore", "x", "--db", "postgresql://me:secret@host/book?password=secret")
        if "secret" in err:
            raise AssertionError("a password is told: " + err)


def backup_and_restore(postgres):
    if postgres:
        return
    with lived(None) as book:
        before = export(book)
        book.do("backup", "copy.db", today=LATER)
        equal(book.do("status", want_json=True)["last_backup"], LATER.isoformat(), "last_backup")
        refused(book, "is there already", "backup", "copy.db")
        refused(book, "there is a book at", "restore", "copy.db")
        url, book.url = book.url, "sqlite:" + os.path.join(book.directory, "new.db")
        book.do("restore", "copy.db")
        equal(export(book), before, "the restored book")
        equal(book.verify(LATER), None, "verify")
        book.url = "sqlite:" + os.path.join(book.directory, "made.db")
        book.init(today=DAY)
        book.do("restore", "copy.db")
        equal(export(book), before, "the book restored in place of an empty one")
        book.url = "sqlite:" + os.path.join(book.directory, "last.db")
        with open(os.path.join(book.directory, "copy.db"), "rb") as f:
            whole = f.read()
        for name, bad in (("text.db", b"Kjaere Ola\n" * 1000), ("half.db", whole[:len(whole) // 2]),
                          ("hole.db", whole[:8192] + b"\xff" * 8192 + whole[16384:])):
            with open(os.path.join(book.directory, name), "wb") as f:
                f.write(bad)
            refused(book, name, "restore", name)
        refused(book, "could not open", "restore", "nowhere.db")
        equal([n for n in os.listdir(book.directory) if n.startswith("last.db")], [], "left behind")
        book.url = url


TESTS = [a_book_moves_to_the_other_engine_and_is_the_same, import_replaces_what_init_has_made,
         import_into_a_used_book_is_refused, damaged_exports_are_refused_and_nothing_is_kept,
         postgres_names_its_own_tools, backup_and_restore]


def main():
    worlds = [None]
    if os.environ.get("KRAVBOK_TEST_PG"):
        worlds.append(os.environ["KRAVBOK_TEST_PG"])
    else:
        print("SKIP: PostgreSQL (KRAVBOK_TEST_PG is not set)")
    passed = failed = 0
    for postgres in worlds:
        for test in TESTS:
            try:
                test(postgres)
                passed += 1
            except Exception:                          # a mistake of ours must not hide the rest
                failed += 1
                print("%s [%s]\n%s" % (test.__name__, "postgresql" if postgres else "sqlite",
                                       traceback.format_exc()))
    print("transfer: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
