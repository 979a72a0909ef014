#!/usr/bin/env python3
"""Intake through the program: every way a client's list can be written, what is refused and how, invoices in EHF."""

import contextlib
import json
import os
import sys
from datetime import date

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
import kravbok_cli as cli                                                        # noqa: E402

TODAY = date(2026, 2, 2)
HEAD = "invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,country,phone,email,description"


def equal(found, wanted, what):
    if found != wanted:
        raise AssertionError("%s: %r, wanted %r" % (what, found, wanted))


class World:
    def __init__(self, postgres):
        self.book = cli.Book(postgres)
        self.book.init(TODAY)
        self.book.client(2, "no/minimum", True, today=TODAY)

    def raw(self, name, body, *options, client=2, today=TODAY):
        """Writes bytes as they are and imports them: (exit status, answer or None, standard error)."""
        path = os.path.join(self.book.directory, name)
        with open(path, "wb") as f:
            f.write(body)
        status, out, err = self.book.run("claim", "import", path, "--client", client, *options, today=today)
        return status, json.loads(out) if out else None, err

    def only_case(self):
        cases = self.book.cases(TODAY)
        equal(len(cases), 1, "cases")
        return self.book.case(cases[0]["case_no"], TODAY)


def row(no="1001", amount="3480.00", due="2026-01-15", **more):
    f = dict(issued="2026-01-01", kind="person", ident="", name="Kari Nordmann", text="Varer")
    f.update(more)
    return ",".join([no, f["issued"], due, amount, "NOK", f["kind"], f["ident"], f["name"], "Storgata 1", "0155", "Oslo",
                     "NO", "", "", f["text"]])


def csv(*rows, head=HEAD):
    return ("\n".join([head, *rows]) + "\n").encode()


def the_same_list_in_every_writing_gives_the_same_claim(w_make):
    semicolon = HEAD.replace(",", ";")
    norwegian = "1001;01.01.2026;15.01.2026;3\u00a0480,00;NOK;person;;K\u00e5re \u00d8deg\u00e5rd;Storgata 1;0155;Oslo;NO;;;Varer"
    files = {
        "plain": csv(row(name="K\u00e5re \u00d8deg\u00e5rd")),
        "semicolon, comma, dates": (semicolon + "\r\n" + norwegian + "\r\n").encode(),
        "bom": b"\xef\xbb\xbf" + csv(row(name="K\u00e5re \u00d8deg\u00e5rd")),
        "latin-1": (semicolon + "\n" + norwegian.replace("\u00a0", " ") + "\n").encode("iso-8859-1"),
        "quotes": csv(row(name='"K\u00e5re \u00d8deg\u00e5rd"', text='"Varer, og ""mer"""')),
        "no last line end": csv(row(name="K\u00e5re \u00d8deg\u00e5rd"))[:-1],
    }
    for what, body in files.items():
        with w_make() as w:
            status, answer, err = w.raw("list.csv", body)
            equal((status, answer["accepted"], answer["already"], answer["rejected"]), (0, 1, 0, []), what + " " + err)
            case = w.only_case()
            equal((case["principal_minor"], case["due_on"], case["debtor"]),
                  (348000, "2026-01-15", "K\u00e5re \u00d8deg\u00e5rd"), what)


def all_or_nothing_and_every_bad_row_is_told(w_make):
    with w_make() as w:
        body = csv(row("1"), row("2", amount="0"), row("3", due="2026-13-01"), row("4", amount="1.000"))
        status, answer, err = w.raw("list.csv", body)
        equal(status, 1, "exit")
        equal(answer["accepted"], 0, "accepted")
        equal([(r["line"], r["field"]) for r in answer["rejected"]], [(3, "amount"), (4, "due_on"), (5, "amount")], "rejected")
        for line in ("list.csv:3:", "list.csv:4:", "list.csv:5:"):
            if line not in err:
                raise AssertionError("standard error lacks " + line)
        equal(w.book.cases(TODAY), [], "cases")


def good_rows_are_taken_and_bad_ones_can_be_mended(w_make):
    with w_make() as w:
        body = csv(row("1"), row("2", amount="-5"), row("3"))
        status, answer, _ = w.raw("list.csv", body, "--accept-good")
        equal((status, answer["accepted"], len(answer["rejected"])), (1, 2, 1), "accept good")
        with open(os.path.join(w.book.directory, "list.csv.bad.csv"), "rb") as f:
            bad = f.read()
        equal(bad, csv(row("2", amount="-5")), "the file of bad rows")
        status, answer, _ = w.raw("mended.csv", bad.replace(b"-5", b"500.00"))
        equal((status, answer["accepted"]), (0, 1), "mended")
        equal(len(w.book.cases(TODAY)), 3, "cases")


def the_same_invoice_twice_is_one_claim(w_make):
    with w_make() as w:
        body = csv(row("1"), row("2"), row("1"))
        status, answer, _ = w.raw("a.csv", body)
        equal((status, answer["accepted"], answer["already"]), (0, 2, 1), "twice in a file")
        status, answer, _ = w.raw("b.csv", body + row("9").encode() + b"\n")
        equal((status, answer["accepted"], answer["already"]), (0, 1, 3), "in another file")
        status, answer, _ = w.raw("c.csv", csv(row("1", amount="3481.00")))
        equal((status, answer["rejected"][0]["field"]), (1, "invoice_no"), "another amount")
        equal(len(w.book.cases(TODAY)), 3, "cases")


def what_the_law_or_the_calendar_refuses(w_make):
    refused = {
        "issued after today": (row(issued="2026-02-03", due="2026-02-20"), "issued_on"),
        "due before issued": (row(issued="2026-01-20", due="2026-01-10"), "due_on"),
        "time-barred": (row(issued="2023-01-02", due="2023-01-16"), "due_on"),
        "fees in the principal": (row(text="Faktura med purregebyr"), "description"),
        "wrong person number": (row(ident="01010112345"), "debtor_id"),
        "wrong organisation number": (row(kind="company", ident="123456789"), "debtor_id"),
    }
    for what, (line, _) in refused.items():
        with w_make() as w:
            status, answer, _ = w.raw("list.csv", csv(line))
            equal((status, answer["accepted"], len(answer["rejected"]) > 0), (1, 0, True), what)
    with w_make() as w:
        status, answer, _ = w.raw("list.csv", csv(row(issued="2026-02-01", due="2026-02-20")))
        equal((status, answer["accepted"]), (0, 1), "not yet due is taken")
        status, answer, _ = w.raw("limit.csv", csv(row("L", issued="2023-01-20", due="2023-02-02")))
        equal((status, answer["accepted"]), (0, 1), "the last day before limitation is taken")


def unknown_columns_clients_and_files(w_make):
    with w_make() as w:
        status, _, err = w.raw("x.csv", csv(row() + ",1", head=HEAD + ",colour"))
        equal((status, "colour" in err), (1, True), "unknown column")
        status, _, err = w.raw("x.csv", csv(row()), client=77)
        equal((status, "77" in err), (1, True), "unknown client")
        for what, body in {"empty": b"", "NUL": csv(row()) + b"\0", "cut": csv(row())[:-30] + b'"'}.items():
            status, _, err = w.raw("x.csv", body)
            equal((status, err.count("\n")), (1, 1), what + ": one clear error")
        equal(w.book.cases(TODAY), [], "cases")


def a_dry_run_shows_what_would_follow_and_books_nothing(w_make):
    with w_make() as w:
        status, answer, _ = w.raw("x.csv", csv(row(), row("2", amount="80.00")), "--dry-run")
        equal((status, answer["accepted"]), (0, 2), "dry run")
        first = answer["forecast"][0]
        equal((first["on"], first["letters"], first["charged_minor"]), ("2026-02-02", 2, 7600), "the first day")
        equal(w.book.cases(TODAY), [], "cases")


def debtors_are_matched_by_id_and_never_without(w_make):
    with w_make() as w:
        ident = cli.person_number(date(1980, 5, 17), 1)
        w.book.client(3, "no/minimum", True, today=TODAY)
        w.raw("a.csv", csv(row("1", ident=ident), row("2", ident=ident), row("3"), row("4")))
        w.raw("b.csv", csv(row("1", ident=ident)), client=3)
        for day in ("2026-02-16", "2026-02-17", "2026-03-03", "2026-03-04"):
            w.book.night(date.fromisoformat(day))
        invoices = sorted(sorted(c["invoices"]) for c in w.book.cases(date(2026, 3, 4)) if c["client_no"] == 2
                          and c["stage"] != "closed")
        equal(invoices, [["1", "2"], ["3"], ["4"]], "joined by id only, within the client only")


def an_ehf_invoice_and_its_credit_note(w_make):
    with w_make() as w:
        samples = os.path.join(ROOT, "samples")
        w.book.do("client", "import", os.path.join(samples, "clients.csv"), today=TODAY)
        invoice, note = (os.path.join(samples, n) for n in ("ehf-invoice.xml", "ehf-credit-note.xml"))

        def take(path, client=1002):
            status, out, err = w.book.run("claim", "import", path, "--client", client, today=TODAY)
            return status, json.loads(out) if out else None, err
        equal(take(note)[0], 1, "a credit note for an invoice that is no claim")
        status, answer, err = take(invoice)
        equal((status, answer and answer["accepted"]), (0, 1), "invoice " + err)
        equal(take(invoice)[1]["already"], 1, "invoice again")
        case = w.only_case()
        equal(case["principal_minor"], 348000, "principal")
        equal(take(note)[1]["accepted"], 1, "credit note")
        equal(take(note)[1]["already"], 1, "credit note again")
        case = w.only_case()
        equal((case["principal_minor"], [l["on"] for l in case["lines"] if l["what"] == "credit"]),
              (298000, ["2026-01-26"]), "after the credit note")
        status, _, err = take(invoice, client=1001)
        equal((status, "312226340" in err), (1, True), "another client's invoice")
        with open(invoice, "rb") as f:
            body = f.read()
        for what, bad in {"cut": body[:len(body) // 2], "entity": body.replace(
                b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1)}.items():
            status, _, err = w.raw("bad.xml", bad, client=1002)
            equal((status, err.count("\n")), (1, 1), what)


TESTS = [the_same_list_in_every_writing_gives_the_same_claim, all_or_nothing_and_every_bad_row_is_told,
         good_rows_are_taken_and_bad_ones_can_be_mended, the_same_invoice_twice_is_one_claim,
         what_the_law_or_the_calendar_refuses, unknown_columns_clients_and_files,
         a_dry_run_shows_what_would_follow_and_books_nothing, debtors_are_matched_by_id_and_never_without,
         an_ehf_invoice_and_its_credit_note]


class Maker:
    """A test of intake makes as many worlds as it needs: calling the maker gives one that closes behind it."""

    def __init__(self, postgres):
        self.postgres, self.book = postgres, self

    @contextlib.contextmanager
    def __call__(self):
        world = World(self.postgres)
        try:
            yield world
        finally:
            world.book.close()

    def close(self):
        pass


if __name__ == "__main__":
    sys.exit(cli.run_tests("intake", TESTS, Maker, wanted=sys.argv[1:]))
