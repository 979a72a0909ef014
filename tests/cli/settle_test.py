#!/usr/bin/env python3
"""Settlements and the books through the program: commission and VAT to the øre, worked out here from the agreement and
not by the program; a negative balance carried; a second run that changes nothing; a rejected payout taken up again;
hledger and xmllint as oracles; and verify, which must name damage done to the file behind the program's back."""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]
import kravbok_cli as cli                                                        # noqa: E402
from bank_messages import pain002                                                # noqa: E402
from kravbok_cli import Transfer, minor                                          # noqa: E402

START = date(2026, 1, 15)
PAYER = cli.account_number("1504000099")
SHARED = os.environ.get("KRAVBOK_SHARED", os.path.join(cli.ROOT, "..", "shared"))


def equal(found, wanted, what="value"):
    if found != wanted:
        raise AssertionError("%s: %r, wanted %r" % (what, found, wanted))


def half_up(fraction):
    """To the øre, halves away from zero."""
    sign = -1 if fraction < 0 else 1
    return sign * int(abs(fraction) + Fraction(1, 2))


def share(amount, basis_points):
    return half_up(Fraction(amount * basis_points, 10000))


class World:
    """A book whose agency has an account of its own; claims and payments in a test's words."""

    def __init__(self, server, own_account=True):
        self.server = server
        self.book = cli.Book(server)
        self.own = cli.account_number("1503000055")
        self.serial, self.kids = 0, {}
        own = "own_account: \"%s\"\n" % self.own if own_account else ""
        self.book.file("agency.yaml", "name: Testbyraet SA\norgnr: %s\naddress: Storgata 1\npostcode: \"0155\"\n"
                       "city: Oslo\naccount: \"%s\"\n%s" % (cli.organisation_number(1), self.book.account, own))
        self.book.do("init", "--agency", "agency.yaml", today=START)

    def client(self, no, deducts=True, member=False, commission_bp=None):
        self.book.client(no, "no/minimum", deducts, member=member, commission_bp=commission_bp, today=START)

    def claim(self, client, amount, kind="person", **more):
        self.serial += 1
        invoice = "I%d" % self.serial
        ident = cli.person(self.serial) if kind == "person" else cli.organisation_number(50 + self.serial)
        row = {"invoice_no": invoice, "issued_on": "2026-01-01", "due_on": "2026-01-15", "amount": cli.kroner(amount),
               "debtor_kind": kind, "debtor_id": ident}
        self.book.claims(client, [dict(row, **more)], START)
        case = [c for c in self.book.cases(START) if invoice in c["invoices"]][0]
        return case["case_no"], case["kid"]

    def pay(self, kid, amount, on, payer=PAYER):
        return self.book.payments([Transfer(kid, amount, on, on, payer=payer)], on)[0]

    def settle(self, on, out="out", today=None):
        return self.book.do("settle", "--date", on.isoformat(), "--out", out, today=today or on, want_json=True)

    def balances(self, on=None, today=None):
        words = ["ledger", "balance"] + (["--on", on.isoformat()] if on else [])
        return {row["account"]: row["balance_minor"]
                for row in self.book.do(*words, today=today or date(2026, 6, 30), want_json=True) if row["balance_minor"]}

    def path(self, *names):
        return os.path.join(self.book.directory, *names)

    def rows(self, settlement):
        """The statement's CSV: its payments, and the totals below them."""
        with open(self.path(settlement["statement_csv"]), encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f, delimiter=";"))
        return [r for r in rows if r["case_no"]], {r["what"]: r for r in rows if not r["case_no"]}

    def xml_valid(self, path, schema):
        schema = os.path.join(SHARED, "xsd", schema)
        if not os.path.exists(schema):
            print("SKIP: %s is not there; the file is not checked against it" % schema)
            return
        done = subprocess.run(["xmllint", "--noout", "--schema", schema, path], capture_output=True, check=False)
        equal(done.returncode, 0, "xmllint: " + done.stderr.decode()[:500])

    def books_hold(self, today):
        """Sums, verify, and hledger's balances are ours."""
        equal(self.book.verify(today), None, "verify")
        self.book.do("ledger", "balance", "--recount", today=today)
        rows = self.book.do("ledger", "balance", today=today, want_json=True)
        by_account = {row["account"]: row["balance_minor"] for row in rows}
        equal(sum(v for a, v in by_account.items() if a >= 9000), 0, "memorandum")
        equal(sum(v for a, v in by_account.items() if a in (1930, 2900, 2910, 2920, 2930, 2940)), 0, "client funds")
        equal(sum(by_account.values()), 0, "all accounts")
        journal = self.path("book.journal")
        with open(journal, "w", encoding="utf-8") as f:
            f.write(self.book.do("export", "hledger", today=today))
        subprocess.run(["hledger", "-f", journal, "check", "--strict"], check=True, capture_output=True)
        theirs = hledger_balances(journal)
        for row in rows:
            equal(theirs.get(row["path"], 0), row["balance_minor"], "hledger, " + row["path"])
        equal(sorted(p for p in theirs if p not in {r["path"] for r in rows} and theirs[p]), [], "accounts only hledger has")


def hledger_balances(journal):
    """Balance by account, those of the clients summed into one."""
    done = subprocess.run(["hledger", "-f", journal, "bal", "--flat", "-N", "-O", "csv"], check=True, capture_output=True)
    sums = {}
    for account, amount in list(csv.reader(io.StringIO(done.stdout.decode())))[1:]:
        account = re.sub(r"^(liabilities:clients):.*", r"\1", account)
        sums[account] = sums.get(account, 0) + (0 if amount == "0" else minor(amount.replace(" NOK", "")))
    return sums


def comma(text):
    return minor(text.replace(",", "."))


# ---------------------------------------------------------------- money

def members_and_others_pay_their_commission(w):
    """2.00 is principal only: paid before the first letter. 3 % and 6 %, and an agreement of its own; 25 % VAT on top."""
    wanted = {2: (True, None, 300), 3: (False, None, 600), 4: (False, 450, 450)}
    on = date(2026, 1, 20)
    for no, (member, own_bp, _) in wanted.items():
        w.client(no, member=member, commission_bp=own_bp)
        w.pay(w.claim(no, 100017)[1], 33350, on)
    answer = w.settle(on)
    equal([s["client_no"] for s in answer["settlements"]], [2, 3, 4], "settlements")
    for s in answer["settlements"]:
        commission = share(33350, wanted[s["client_no"]][2])
        vat = share(commission, 2500)
        equal(s["payout_minor"], 33350 - commission - vat, "payout of client %d" % s["client_no"])
        rows, totals = w.rows(s)
        equal([(comma(r["commission"]), comma(r["vat"]), comma(r["net"])) for r in rows],
              [(commission, vat, s["movement_minor"])], "statement")
        equal(comma(totals["Utbetalt"]["net"]), -s["payout_minor"], "paid out")
    fees = sum(share(33350, bp) + share(share(33350, bp), 2500) for _, _, bp in wanted.values())
    equal(answer["fees_minor"], fees, "fees")
    equal(answer["paid_out_minor"], fees + sum(s["payout_minor"] for s in answer["settlements"]), "paid out")
    w.xml_valid(w.path(answer["file"]), "iso20022/pain.001.001.09.xsd")
    with open(w.path(answer["file"]), encoding="utf-8") as f:
        text = f.read()
    equal(re.findall("<CtrlSum>(.*?)</CtrlSum>", text), [cli.kroner(answer["paid_out_minor"])] * 2, "control sum")
    equal(w.balances().get(1930), 3 * 33350, "client bank")
    equal(w.balances().get(2940), -answer["paid_out_minor"], "in transit")
    return on


def commission_is_rounded_once_a_case(w):
    """Three payments of 0.17 with 3 %: 0.51 × 3 % = 0.0153 is two øre in all, not one for each."""
    w.client(2, member=True)
    _, kid = w.claim(2, 100000)
    for day in (17, 18, 19):
        w.pay(kid, 17, date(2026, 1, day))
    answer = w.settle(date(2026, 1, 19))
    rows, _ = w.rows(answer["settlements"][0])
    equal([comma(r["commission"]) for r in rows], [1, 0, 1], "commission")
    equal(answer["settlements"][0]["payout_minor"], 51 - 2 - share(2, 2500), "payout")
    return date(2026, 1, 19)


def vat_on_salaer_both_ways(w):
    """A demand of 600.00 for 3480.00. The client that deducts VAT is charged 25 % of it; for the other the debtor's salær
    is 750.00, and 150.00 of it is VAT."""
    w.client(2, deducts=True, member=True)
    w.client(3, deducts=False, member=True)
    one, other = w.claim(2, 348000), w.claim(3, 348000)
    on = date(2026, 3, 10)
    w.book.night(on)
    owed = {no: w.book.case(no, on) for no, _ in (one, other)}
    equal([owed[no]["costs_minor"] for no, _ in (one, other)], [60000, 75000], "salær")
    for no, kid in (one, other):
        w.pay(kid, owed[no]["balance_minor"], on)
    answer = w.settle(on)
    interest = owed[one[0]]["interest_minor"]
    commission = share(348000 + interest, 300)
    vat = share(commission, 2500)
    paid = {s["client_no"]: s for s in answer["settlements"]}
    equal(paid[2]["payout_minor"], 348000 + interest - commission - vat - 15000, "deducts")
    equal(paid[3]["payout_minor"], 348000 + interest - commission - vat, "does not deduct")
    two, three = w.rows(paid[2])[0][0], w.rows(paid[3])[0][0]
    equal([comma(two[c]) for c in ("principal", "interest", "salaer", "salaer_vat", "vat")],
          [348000, interest, 60000, 0, vat + 15000], "statement of 2")
    equal([comma(three[c]) for c in ("principal", "interest", "salaer", "salaer_vat", "vat")],
          [348000, interest, 60000, 15000, vat], "statement of 3")
    equal(answer["fees_minor"], 2 * (75000 + commission + vat), "fees")
    books = w.balances()
    equal(books[3100], -120000, "salær income")
    equal(books[3110], -2 * commission, "commission")
    equal(books[2700], -2 * (15000 + vat), "VAT")
    w.xml_valid(w.path(answer["file"]), "iso20022/pain.001.001.09.xsd")
    return on


def fees_paid_before_the_demand_are_charged_back(w):
    """The reminder and the notice are paid and settled (2 × 38.00); then the demand's salær takes them over."""
    w.client(2, member=True)
    no, kid = w.claim(2, 348000)
    first = date(2026, 2, 20)
    w.book.night(first)
    equal(w.book.case(no, first)["costs_minor"], 7600, "two letters")
    w.pay(kid, 7600, first)
    paid = w.settle(first)["settlements"][0]
    equal((paid["movement_minor"], paid["payout_minor"]), (7600, 7600), "fees are the client's")
    second = date(2026, 3, 2)
    w.book.night(second)
    back = w.settle(second, out="second")
    equal(len(back["settlements"]), 1, "settlements")
    s = back["settlements"][0]
    vat = share(7600, 2500)                      # 76.00 is now salær paid: its VAT is the client's
    equal((s["carried_minor"], s["movement_minor"], s["payout_minor"]), (0, -7600 - vat, 0), "charged back")
    rows, totals = w.rows(s)
    equal(sum(comma(r["fees"]) for r in rows), -7600, "fees charged back")
    equal(sum(comma(r["salaer"]) for r in rows), 7600, "salær paid")
    equal(comma(totals["Overføres til neste oppgjør"]["net"]), 7600 + vat, "carried on")
    equal(back["fees_minor"], 7600 + vat, "the agency's share")
    # The next payment pays for it.
    third = date(2026, 3, 5)
    w.book.night(third)
    w.pay(kid, 100000, third)
    s = w.settle(third, out="third")["settlements"][0]
    equal(s["carried_minor"], -7600 - vat, "carried in")
    equal(s["payout_minor"], s["movement_minor"] - 7600 - vat, "paid out")
    equal(sum(comma(r["net"]) for r in w.rows(s)[0]), s["movement_minor"], "rows")
    return third


def a_negative_balance_is_carried(w):
    """The debtor paid the client itself: the commission of it is owed to the agency, until money comes in."""
    w.client(2, commission_bp=600)
    one, other = w.claim(2, 100000), w.claim(2, 50000)
    on = date(2026, 1, 20)
    w.book.do("case", "pay-direct", one[0], "--amount", "400.00", today=on)
    answer = w.settle(on)
    s = answer["settlements"][0]
    commission = share(40000, 600)
    owed = commission + share(commission, 2500)
    equal((s["movement_minor"], s["payout_minor"], answer["file"] and answer["paid_out_minor"]),
          (-owed, 0, answer["fees_minor"] or None), "negative")
    row = w.rows(s)[0][0]
    equal([comma(row[c]) for c in ("paid", "principal", "paid_to_client", "commission", "net")],
          [40000, 40000, 40000, commission, -owed], "direct payment")
    again = w.settle(date(2026, 1, 21), out="empty")
    equal((again["run_id"], again["settlements"]), (None, []), "nothing to settle")
    later = date(2026, 1, 22)
    w.pay(other[1], 50000, later)
    s = w.settle(later, out="later")["settlements"][0]
    commission = share(50000, 600)
    gain = 50000 - commission - share(commission, 2500)
    equal((s["carried_minor"], s["movement_minor"], s["payout_minor"]), (-owed, gain, gain - owed), "settled")
    return later


def a_second_run_changes_nothing(w):
    w.client(2, member=True)
    w.client(3)
    for no in (2, 3, 3):
        w.pay(w.claim(no, 123456)[1], 123456, date(2026, 1, 20))
    on = date(2026, 1, 20)
    first, books = w.settle(on, out="a"), w.balances()
    second = w.settle(on, out="b", today=date(2026, 1, 25))
    equal((first["repeated"], second["repeated"], second["run_id"]), (False, True, first["run_id"]), "repeated")
    equal(w.balances(), books, "balances")
    names = sorted(os.listdir(w.path("a")))
    equal(sorted(os.listdir(w.path("b"))), names, "files")
    equal(len(names), 5, "files")
    for name in names:
        with open(w.path("a", name), "rb") as a, open(w.path("b", name), "rb") as b:
            equal(a.read() == b.read(), True, name + " is the same")
    # Its files are lost, as after a crash: they come again.
    shutil.rmtree(w.path("a"))
    w.settle(on, out="a")
    equal(sorted(os.listdir(w.path("a"))), names, "files again")
    # Money booked later the same day is a run of its own.
    w.pay(w.claim(2, 5000)[1], 5000, on)
    third = w.settle(on, out="a")
    equal((third["repeated"], third["run_id"], len(third["settlements"])), (False, first["run_id"] + 1, 1), "third")
    equal(len(os.listdir(w.path("a"))), 8, "files of both runs")
    return date(2026, 1, 25)


def what_is_booked_later_waits(w):
    """A settlement for a day gone by takes neither payment nor agency's share booked after it."""
    w.client(2, member=True)
    early, late = w.claim(2, 100000), w.claim(2, 200000)
    w.pay(early[1], 100000, date(2026, 1, 20))
    w.pay(late[1], 200000, date(2026, 1, 22))
    commission = [share(a, 300) + share(share(a, 300), 2500) for a in (100000, 200000)]
    answer = w.settle(date(2026, 1, 20), today=date(2026, 1, 25))
    equal((answer["settlements"][0]["payout_minor"], answer["fees_minor"]), (100000 - commission[0], commission[0]), "first")
    with open(w.path(answer["file"]), encoding="utf-8") as f:
        equal(re.search("<ReqdExctnDt><Dt>(.*?)<", re.sub(r"\s", "", f.read())).group(1), "2026-01-26", "a banking day")
    answer = w.settle(date(2026, 1, 25), out="second")
    equal((answer["settlements"][0]["payout_minor"], answer["fees_minor"]), (200000 - commission[1], commission[1]), "second")
    status, _, err = w.book.run("settle", "--date", "2026-01-26", "--out", "out", today=date(2026, 1, 25))
    equal((status, "after today" in err), (1, True), "a day to come")
    return date(2026, 1, 25)


def overpayments_go_back(w):
    w.client(2, member=True)
    on = date(2026, 1, 20)
    one, other = w.claim(2, 100000), w.claim(2, 100000)
    interest = half_up(Fraction(100000 * 12 * 5, 36500))
    w.pay(one[1], 130000 + interest, on)
    w.pay(other[1], 100500 + interest, on, payer=None)
    answer = w.settle(on)
    equal(answer["refunds_minor"], 30000, "refunds")
    equal([n for n in answer["notes"] if "case %d: 5.00 " % other[0] in n] != [], True, "a payer without account is told")
    equal(w.balances()[2920], -500, "still owed back")
    again = w.settle(date(2026, 1, 21), out="again")
    equal(again["run_id"], None, "not paid twice")
    return date(2026, 1, 21)


def a_rejected_payout_is_taken_up(w):
    w.client(2, member=True)
    on = date(2026, 1, 20)
    w.pay(w.claim(2, 100000)[1], 130000, on)
    first = w.settle(on)
    with open(w.path(first["file"]), encoding="utf-8") as f:
        ids = re.findall("<EndToEndId>(.*?)</EndToEndId>", f.read())
    equal(len(ids), 3, "payouts")
    w.book.payment_file(w.book.file("status.xml", pain002("M1", ids)), date(2026, 1, 21))
    equal(w.book.verify(date(2026, 1, 21)), None, "verify between")
    second = w.settle(date(2026, 1, 22), out="second")
    equal((second["paid_out_minor"], second["fees_minor"], second["refunds_minor"]),
          (first["paid_out_minor"], first["fees_minor"], first["refunds_minor"]), "again")
    s = second["settlements"][0]
    equal((s["carried_minor"], s["movement_minor"]), (first["settlements"][0]["payout_minor"], 0), "carried")
    equal(w.settle(date(2026, 1, 23), out="third")["run_id"], None, "once")
    return date(2026, 1, 23)


def without_an_account_it_is_carried(w):
    """A client whose account cannot be paid to is a finding; an agency without its own account leaves its share."""
    w.client(2, member=True)
    on = date(2026, 1, 20)
    w.pay(w.claim(2, 100000)[1], 100000, on)
    if w.server:
        return on
    with sqlite3.connect(w.path("book.db")) as base:
        base.execute("UPDATE client SET account = '' WHERE client_no = 2")
    status, out, err = w.book.run("settle", "--date", on.isoformat(), "--out", "out", today=on)
    equal((status, "client 2" in err and "not paid out" in err), (1, True), "finding")
    s = json.loads(out)["settlements"][0]
    equal((s["payout_minor"], s["movement_minor"] > 0), (0, True), "carried")
    with sqlite3.connect(w.path("book.db")) as base:
        base.execute("UPDATE client SET account = ? WHERE client_no = 2", (PAYER,))
    later = w.settle(date(2026, 1, 21), out="later")["settlements"][0]
    equal((later["carried_minor"], later["payout_minor"]), (s["movement_minor"], s["movement_minor"]), "paid")
    return date(2026, 1, 21)


# ---------------------------------------------------------------- the books

def other_vouchers_are_booked_once(w):
    on = date(2026, 2, 1)
    good = w.book.file("rent.csv", "voucher,date,account,amount,text\nR1,2026-01-31,6300,12000.00,Rent\n"
                       "R1,2026-01-31,1920,-12000.00,Rent\nS1,2026-01-31,5000,40000.00,Salaries\n"
                       "S1,2026-01-31,1920,-30000.00,Salaries\nS1,2026-01-31,2600,-10000.00,Tax withheld\n")
    answer = w.book.do("ledger", "import", good, today=on, want_json=True)
    equal(answer, {"accepted": 2, "already": 0, "rejected": 0}, "first")
    answer = w.book.do("ledger", "import", good, today=on, want_json=True)
    equal(answer, {"accepted": 0, "already": 2, "rejected": 0}, "again")
    equal(w.balances(), {1920: -4200000, 2600: -1000000, 5000: 4000000, 6300: 1200000}, "balances")
    equal(w.balances(on=date(2026, 1, 30)), {}, "the day before")
    for name, text, why in (
            ("funds.csv", "X1,2026-01-31,1930,5.00,a\nX1,2026-01-31,6300,-5.00,b\n", "1930"),
            ("uneven.csv", "X2,2026-01-31,6300,5.00,a\nX2,2026-01-31,1920,-4.99,b\n", "sum"),
            ("changed.csv", "R1,2026-01-31,6300,1.00,a\nR1,2026-01-31,1920,-1.00,b\n", "other contents"),
            ("partly.csv", "Y1,2026-01-31,6300,5.00,a\nY1,2026-01-31,1920,-5.00,b\n"
                           "Y2,2026-01-31,2900,5.00,a\nY2,2026-01-31,1920,-5.00,b\n", "2900")):
        path = w.book.file(name, "voucher,date,account,amount,text\n" + text)
        status, out, err = w.book.run("ledger", "import", path, today=on)
        equal((status, json.loads(out)["accepted"], why in err), (1, 0, True), name + ": " + err)
    equal(w.balances()[1920], -4200000, "nothing of a bad file")
    return on


def saft_is_valid(w):
    w.client(2, member=True)
    w.client(3, deducts=False)
    for no in (2, 3):
        w.pay(w.claim(no, 348000)[1], 348000, date(2026, 1, 20))
    w.settle(date(2026, 1, 20))
    w.book.do("ledger", "import", w.book.file("r.csv", "voucher,date,account,amount,text\nR1,2026-01-31,6300,1.00,Rent\n"
              "R1,2026-01-31,1920,-1.00,Rent\n"), today=date(2026, 2, 1))
    for words in ([], ["--from", "2026-01-21", "--to", "2026-01-31"], ["--from", "2025-01-01", "--to", "2025-12-31"]):
        text = w.book.do("export", "saf-t", *words, today=date(2026, 2, 1))
        with open(w.path("saft.xml"), "w", encoding="utf-8") as f:
            f.write(text)
        for schema in ("saf-t/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd",):
            w.xml_valid(w.path("saft.xml"), schema)
    return date(2026, 2, 1)


def claims_say_what_they_owe(w):
    w.client(2)
    numbers = [w.claim(2, 348000), w.claim(2, 100000)]
    on = date(2026, 3, 10)
    w.book.night(on)
    w.pay(numbers[1][1], 100000, on)
    listed = w.book.do("export", "claims", today=on, want_json=True)
    for claim in listed:
        shown = w.book.case(claim["case_no"], on)
        equal([claim[k] for k in ("principal_minor", "interest_minor", "costs_minor", "balance_minor")],
              [shown[k] for k in ("principal_minor", "interest_minor", "costs_minor", "balance_minor")], "claim")
    status, out, _ = w.book.run("export", "claims", today=on, as_json=False)
    rows = list(csv.DictReader(io.StringIO(out)))
    equal((status, [minor(r["balance"]) for r in rows]), (0, [c["balance_minor"] for c in listed]), "CSV")
    return on


DAMAGES = [
    ("UPDATE event SET hold_minor = hold_minor + 1, client_minor = client_minor - 1 WHERE what = 'payment'", "case 1: event"),
    ("UPDATE case_state SET principal_minor = principal_minor + 1 WHERE case_id = 2", "case 2: the stored principal"),
    ("UPDATE case_state SET event_count = event_count + 1 WHERE case_id = 2", "case 2: its counters"),
    ("UPDATE account_day SET amount_minor = amount_minor + 1 WHERE account = 2900", "account 2900"),
    ("UPDATE voucher_line SET amount_minor = amount_minor + 1 WHERE account = 1930", "voucher 1 "),
    ("UPDATE client_due SET amount_minor = amount_minor + 1", "client 2: "),
    ("DELETE FROM client_due", "client 2: "),
    ("UPDATE settlement_line SET amount_minor = amount_minor + 1", "settlement 1: "),
    ("UPDATE settlement SET payout_minor = payout_minor + 1", "settlement 1: "),
    ("UPDATE payout SET amount_minor = amount_minor + 1 WHERE kind = 'client'", "settlement 1: "),
    ("UPDATE refund_due SET amount_minor = amount_minor + 1", "account 2920"),
    ("DELETE FROM payment_hold", "account 2910"),
    ("DELETE FROM claim_invoice WHERE case_id = 2", "case 2 cannot be found by its invoice"),
    ("DELETE FROM claim_kid", "creditor's KID"),
    ("DELETE FROM claim_group WHERE case_id = 3", "case 3 is not among"),
    ("DELETE FROM debtor_ident WHERE debtor_id = 1", "debtor 1 cannot be found"),
    ("UPDATE outbox SET kind = 'demand' WHERE case_id = 2 AND letter_no = 1", "case 2: letter 1"),
    ("UPDATE outbox SET handed_on = NULL, rendered_on = NULL WHERE case_id = 1", "case 1 is closed and has an open letter"),
    ("DELETE FROM outbox WHERE case_id = 2", "case 2: its counters"),
    ("DELETE FROM fact WHERE case_id = 1", "case 1: "),
    ("DELETE FROM event WHERE case_id = 3", "case 3: "),
    ("UPDATE fact SET kind = 'gift' WHERE case_id = 1", "case 1 has a fact of unknown kind"),
    ("UPDATE file_part SET body = x'4141'", "SHA-256"),
    ("INSERT INTO event SELECT 999, event_no, what, counts_on, booked_on, ledger_on, fact_no, reverses, deadline_on, other_id,"
     " owed_minor, principal_minor, accrued_minor, interest_minor, fee_minor, compensation_minor, salaer_minor,"
     " plan_fee_minor, legal_minor, hold_minor, client_minor, refund_minor, drawable_minor, own_minor, salaer_income_minor,"
     " commission_minor, vat_minor, outlay_minor FROM event WHERE case_id = 3", "events, the cases have"),
]


def verify_names_damage(w):
    """Each wound is made in a copy of the file; verify must exit 1 and say where."""
    w.client(2, member=True)
    cases = [w.claim(2, 348000, kid=("2345676" if i == 2 else None)) for i in range(3)]
    first = date(2026, 2, 20)
    w.book.night(first)
    w.pay(cases[0][1], w.book.case(1, first)["balance_minor"], first)
    w.settle(first)
    w.pay(cases[1][1], 10000, date(2026, 2, 23))
    w.pay(cases[0][1], 5000, date(2026, 2, 23), payer=None)          # the closed case: owed back
    w.pay("999999999999", 7000, date(2026, 2, 23))                   # on hold
    w.books_hold(date(2026, 2, 23))
    if w.server:
        return date(2026, 2, 23)
    source, copy = w.path("book.db"), w.path("copy.db")
    for sql, why in DAMAGES:
        for path in (copy, copy + "-wal", copy + "-shm"):
            if os.path.exists(path):
                os.remove(path)
        with sqlite3.connect(source) as base, sqlite3.connect(copy) as other:
            base.backup(other)
            other.execute("PRAGMA ignore_check_constraints = ON")
            equal(other.execute(sql).rowcount > 0, True, "there is something to damage: " + sql)
        done = subprocess.run([cli.program(), "--db", "sqlite:" + copy, "--today", "2026-02-23", "verify"],
                              capture_output=True, check=False)
        said = done.stderr.decode()
        equal((done.returncode, why in said), (1, True), "%s\n    verify: %s" % (sql, said[:800]))
        if sql.startswith("UPDATE account_day"):
            done = subprocess.run([cli.program(), "--db", "sqlite:" + copy, "--today", "2026-02-23", "ledger", "balance",
                                   "--recount"], capture_output=True, text=True)
            equal((done.returncode, why in done.stderr), (1, True), "%s\n    recount: %s" % (sql, done.stderr[:800]))
    return date(2026, 2, 23)


TESTS = [members_and_others_pay_their_commission, commission_is_rounded_once_a_case, vat_on_salaer_both_ways,
         fees_paid_before_the_demand_are_charged_back, a_negative_balance_is_carried, a_second_run_changes_nothing,
         what_is_booked_later_waits, overpayments_go_back, a_rejected_payout_is_taken_up,
         without_an_account_it_is_carried, other_vouchers_are_booked_once, saft_is_valid, claims_say_what_they_owe,
         verify_names_damage]


if __name__ == "__main__":
    sys.exit(cli.run_tests("settlements", TESTS, World,
                           after=lambda w, today: w.books_hold(today), wanted=sys.argv[1:]))
