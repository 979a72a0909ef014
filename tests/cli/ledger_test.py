#!/usr/bin/env python3
"""The worked entries of docs/ledger.md against what the program writes: each table there that stands after a
<!-- check: BOOK KIND WHAT DAY --> comment is compared with the rows of the book of that story. SQLite only, read
through Python's own sqlite3; each book must also verify."""

import os
import re
import sqlite3
import sys
from datetime import date

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import kravbok_cli as k  # noqa: E402

PAYER = k.account_number("1504000099")
D = date.fromisoformat


def amount(text):
    return k.minor(text.replace("−", "-").replace(",", ""))


def tables(path):
    """[(words of the check, rows as lists of cells)]"""
    found, words, rows = [], None, []
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n") + [""]
    for line in lines:
        check = re.match(r"<!-- check: (.*) -->", line)
        if check:
            words, rows = check.group(1).split(), []
        elif words and line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif words and rows:
            found.append((words, rows[2:]))
            words = None
    return found


# ---------------------------------------------------------------- the stories

def begin(book, deducts_vat):
    first = D("2026-01-15")
    own = k.account_number("1503000055")
    book.file("agency.yaml", "name: Testbyraet\norgnr: %s\naddress: Storgata 1\npostcode: \"0155\"\ncity: Oslo\n"
              "account: \"%s\"\nown_account: \"%s\"\n" % (k.organisation_number(1), book.account, own))
    book.do("init", "--agency", "agency.yaml", today=first)
    book.client(2, "no/minimum", deducts_vat, member=True, today=first)
    book.claims(2, [{"invoice_no": "A", "issued_on": "2026-01-01", "due_on": "2026-01-15", "amount": "3480.00",
                     "debtor_id": k.person(1)}], today=first)
    return book.cases(first)[0]["kid"]


def pay(book, kid, kroner, given, settled, imported=None):
    book.payments([k.Transfer(kid, k.minor(kroner), D(settled), D(given), payer=PAYER)], D(imported or settled))


def story_deducts(book, settles=True):
    kid = begin(book, True)
    book.night(D("2026-03-10"))
    pay(book, kid, "2000.00", "2026-03-10", "2026-03-11")
    book.night(D("2026-03-16"))
    pay(book, kid, "2200.00", "2026-03-16", "2026-03-17")
    book.night(D("2026-03-31"))
    if settles:
        book.do("settle", "--date", "2026-03-31", "--out", "out", today=D("2026-03-31"))


def story_nodeduction(book):
    kid = begin(book, False)
    book.night(D("2026-03-10"))
    pay(book, kid, "2000.00", "2026-03-10", "2026-03-11")


def story_absorb(book):
    kid = begin(book, True)
    book.night(D("2026-02-20"))
    pay(book, kid, "100.00", "2026-02-20", "2026-02-20")
    book.night(D("2026-03-02"))


def story_late(book):
    kid = begin(book, True)
    book.night(D("2026-03-05"))
    pay(book, kid, "3700.00", "2026-02-20", "2026-02-23", imported="2026-03-05")


def story_hold(book):
    begin(book, True)
    book.night(D("2026-03-10"))
    pay(book, "2345676", "500.00", "2026-03-10", "2026-03-11")
    held = book.do("payment", "list", "--unmatched", today=D("2026-03-12"), want_json=True)
    book.do("payment", "refund", held[0]["payment_id"], today=D("2026-03-12"))


def payouts(book):
    path = book.url.partition(":")[2]
    with sqlite3.connect(path) as base:
        return base.execute("SELECT kind, end_to_end, amount_minor FROM payout ORDER BY payout_id").fetchall()


def story_paid(book):
    """The settlement of 2026-03-31, and the bank's statement that shows its debits."""
    story_deducts(book)
    rows = payouts(book)
    total = sum(amount_minor for _, _, amount_minor in rows)
    entries = "".join(
        "<Ntry><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        "<BookgDt><Dt>2026-04-01</Dt></BookgDt><ValDt><Dt>2026-04-01</Dt></ValDt><AcctSvcrRef>D%d</AcctSvcrRef>"
        "<NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs><Amt Ccy=\"NOK\">%s</Amt>"
        "<CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls></Ntry>" % (k.kroner(minor), i, end_to_end, k.kroner(minor))
        for i, (_, end_to_end, minor) in enumerate(rows))

    def balance(code, kroner, on):
        return ("<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                "<Dt><Dt>%s</Dt></Dt></Bal>" % (code, kroner, on))
    text = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>"
            "<GrpHdr><MsgId>T1</MsgId><CreDtTm>2026-04-02T05:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id>"
            "<CreDtTm>2026-04-02T05:00:00</CreDtTm><Acct><Id><Othr><Id>%s</Id></Othr></Id><Ccy>NOK</Ccy></Acct>%s%s%s"
            "</Stmt></BkToCstmrStmt></Document>\n"
            % (book.account, balance("OPBD", k.kroner(total), "2026-03-31"), balance("CLBD", "0.00", "2026-04-01"), entries))
    book.payment_file(book.file("statement.xml", text), D("2026-04-02"))


def story_rejected(book):
    story_deducts(book)
    end_to_end = next(row[1] for row in payouts(book) if row[0] == "client")
    text = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
            "<GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-04-02T07:00:00</CreDtTm></GrpHdr>"
            "<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
            "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>%s</OrgnlEndToEndId>"
            "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
            "</CstmrPmtStsRpt></Document>\n" % end_to_end)
    book.payment_file(book.file("status.xml", text), D("2026-04-02"))


STORIES = {"deducts": story_paid, "nodeduction": story_nodeduction, "absorb": story_absorb, "late": story_late,
           "hold": story_hold, "rejected": story_rejected}

COLUMNS = ["owed", "principal", "accrued", "interest", "fee", "compensation", "salaer", "plan_fee", "legal", "hold",
           "client", "refund", "drawable", "own", "salaer_income", "commission", "vat", "outlay"]


# ---------------------------------------------------------------- what the book holds

def event_row(base, what, on):
    names = ", ".join(name + "_minor" for name in COLUMNS)
    rows = base.execute("SELECT %s FROM event WHERE what = ? AND counts_on = ? AND reverses IS NULL" % names,
                        (what, on)).fetchall()
    if len(rows) != 1:
        return "%d events '%s' of %s" % (len(rows), what, on)
    return {name: value for name, value in zip(COLUMNS, rows[0]) if value}


def vouchers(base, kind, on):
    return [tuple(row) for row in base.execute(
        "SELECT l.account, l.amount_minor FROM voucher v JOIN voucher_line l ON l.voucher_id = v.voucher_id"
        " WHERE v.kind = ? AND v.counts_on = ? ORDER BY v.voucher_id, l.line_no", (kind, on))]


def events_booked(base, on):
    return [(what, counts_on, "yes" if reverses else "no", owed) for what, counts_on, reverses, owed in base.execute(
        "SELECT what, counts_on, reverses, owed_minor FROM event WHERE booked_on = ? ORDER BY event_no", (on,))]


def compare(base, words, rows):
    """None, or what differs."""
    kind = words[1]
    if kind == "event":
        want = {name: amount(value) for name, value in rows}
        got = event_row(base, words[2], words[3])
    elif kind == "events":
        want = [(what, on, reverses, amount(owed)) for what, on, reverses, owed in rows]
        got = events_booked(base, words[2])
    else:
        want = sorted((int(account), amount(value)) for account, value in rows)
        got = sorted(vouchers(base, words[2], words[3]))
    return None if want == got else "the page says %s, the program %s" % (want, got)


def main():
    passed = failed = 0
    checks = tables(os.path.join(k.ROOT, "docs", "ledger.md"))
    for name in dict.fromkeys(words[0] for words, _ in checks):
        mine = [(words, rows) for words, rows in checks if words[0] == name]
        with k.Book() as book:
            try:
                STORIES[name](book)
                trouble = book.verify(D("2026-04-02"))
            except (k.Refused, k.Broken) as err:
                trouble = str(err)
            if trouble:
                print("%s: %s" % (name, trouble))
                failed += 1
            path = book.url.partition(":")[2]
            with sqlite3.connect(path) as base:
                for words, rows in mine:
                    difference = compare(base, words, rows)
                    if difference:
                        print("%s: %s" % (" ".join(words), difference))
                    failed += difference is not None
                    passed += difference is None
    print("ledger: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
