#!/usr/bin/env python3
"""Payments through the program: files in, what is booked, the hold account's work list, the bank's statement."""

import os
import sys
from datetime import date

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]
import kravbok_cli as cli                                                        # noqa: E402
from bank_messages import Entry, Move, camt053, camt054, pain002                 # noqa: E402
from kravbok_cli import Transfer                                                 # noqa: E402

DUE = date(2026, 1, 15)
DAY = date(2026, 1, 20)
PAYERS = [cli.account_number("16050000%02d" % i) for i in range(20)]
CLIENT_BANK, HOLD, CLIENT, REFUND, TRANSIT = 1930, 2910, 2900, 2920, 2940


def equal(found, wanted, what=""):
    if found != wanted:
        raise AssertionError("%s: %r, wanted %r" % (what or "value", found, wanted))


def counts(answer, **wanted):
    for key in ("booked", "already", "on_hold", "refused"):
        equal(answer[key], wanted.get(key, 0), key)
    if "sum" in wanted:
        equal(answer["sum_minor"], wanted["sum"], "sum_minor")


class World:
    """A book with client 2 (no/minimum, deducts VAT) and helpers in a test's words."""

    def __init__(self, postgres):
        self.book = cli.Book(postgres)
        self.book.init(date(2026, 1, 2))
        self.book.client(2, "no/minimum", True, today=date(2026, 1, 2))
        self.serial = 0

    def case(self, amount="3480.00", due=DUE, received=DUE, debtor=None, **more):
        """A claim on a new person (or the debtor-th); returns its case as listed."""
        self.serial += 1
        row = {"invoice_no": "I%d" % self.serial, "issued_on": "2026-01-01", "due_on": due.isoformat(),
               "amount": amount, "debtor_id": cli.person(debtor if debtor is not None else 100 + self.serial)}
        row.update(more)
        answer = self.book.claims(2, [row], received)
        equal(answer["accepted"], 1, "accepted (%r)" % answer)
        return self.book.cases(received)[-1]

    def give(self, *transfers, today=DAY):
        return self.book.payments(list(transfers), today)

    def message(self, text, today=DAY):
        self.book.files += 1
        return self.book.file("message-%d.xml" % self.book.files, text)

    def read(self, text, today=DAY):
        return self.book.payment_file(self.message(text), today)

    def refuses(self, path, words, today=DAY):
        status, out, err = self.book.run("payment", "import", path, today=today)
        equal(status, 1, "exit")
        for word in words:
            if word not in err:
                raise AssertionError("%r is not in %r" % (word, err))

    def held(self, today=DAY):
        return self.book.do("payment", "list", "--unmatched", today=today, want_json=True)

    def show(self, case, today=DAY, **more):
        shown = self.book.case(case["case_no"], today, **more)
        equal(cli.sums_wrong(shown), None, "sums")
        return shown

    def ledger(self, today=DAY):
        rows = self.book.do("ledger", "balance", today=today, want_json=True)
        return {r["account"]: r["balance_minor"] for r in rows}

    def check(self, today=DAY):
        """What must hold after every test."""
        accounts = self.ledger(today)
        held = sum(-h["amount_minor"] if h["kind"] == "reversal" else h["amount_minor"] for h in self.held(today))
        equal(accounts.get(HOLD, 0), -held, "the hold account against the work list")
        funds = sum(accounts.get(a, 0) for a in (CLIENT_BANK, CLIENT, HOLD, REFUND, 2930, TRANSIT))
        equal(funds, 0, "client funds")


TESTS = []


def test(function):
    TESTS.append(function)
    return function


# ---------------------------------------------------------------- OCR giro

@test
def part_payment_of_the_worked_example(w):
    a = w.case()
    w.book.night(date(2026, 3, 19))
    day = date(2026, 3, 20)
    answer, _ = w.give(Transfer(a["kid"], 200000, day, day, PAYERS[0]), today=day)
    counts(answer, booked=1, sum=200000)
    shown = w.show(a, day)
    equal((shown["principal_minor"], shown["interest_minor"], shown["costs_minor"]), (215322, 0, 0), "outstanding")
    equal(w.ledger(day)[CLIENT_BANK], 200000, "bank")
    return day


@test
def it_counts_from_the_day_it_was_given_to_the_bank(w):
    a = w.case()
    w.give(Transfer(a["kid"], 100000, date(2026, 1, 20), date(2026, 1, 17), PAYERS[0]))
    equal(w.show(a, as_of=date(2026, 1, 16))["principal_minor"], 348000, "before")
    equal(w.show(a, as_of=date(2026, 1, 17))["principal_minor"], 248000, "on the day")
    equal(w.book.do("ledger", "balance", "--on", "2026-01-19", today=DAY, want_json=True) == []
          or {r["account"]: r["balance_minor"] for r in w.book.do(
              "ledger", "balance", "--on", "2026-01-19", today=DAY, want_json=True)}.get(CLIENT_BANK, 0) == 0,
          True, "the bank posting carries the settlement day")


@test
def the_same_file_twice_books_once(w):
    a = w.case()
    answer, path = w.give(Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0]), Transfer(a["kid"], 60000, DAY, DAY, PAYERS[0]))
    counts(answer, booked=2, sum=110000)
    counts(w.book.payment_file(path, DAY), already=2, sum=0)
    equal(w.show(a)["paid_minor"], 110000, "paid")


@test
def two_true_equal_payments_both_count(w):
    a = w.case()
    pair = [Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0])] * 2
    counts(w.give(*pair)[0], booked=2, sum=100000)
    # The same two in another file, and a third.
    counts(w.give(*(pair + pair[:1]))[0], booked=1, already=2, sum=50000)
    equal(w.show(a)["paid_minor"], 150000, "paid")


@test
def the_same_payment_in_ocr_and_camt054_is_one(w):
    a, b = w.case(), w.case()
    w.give(Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0]), Transfer(b["kid"], 70000, DAY, DAY, PAYERS[1]))
    moves = [Move(70000, b["kid"], PAYERS[1]), Move(50000, a["kid"], PAYERS[0]), Move(90000, a["kid"], PAYERS[0])]
    counts(w.read(camt054(w.book.account, [Entry(210000, DAY, moves)])), booked=1, already=2, sum=90000)
    equal(w.show(a)["paid_minor"], 140000, "paid")


@test
def several_files_add_up(w):
    a = w.case()
    one = w.book.file("one.ocr", cli.ocr_giro([Transfer(a["kid"], 10000, DAY, DAY, PAYERS[0])], w.book.account, 1))
    two = w.book.file("two.ocr", cli.ocr_giro([Transfer(a["kid"], 20000, DAY, DAY, PAYERS[0])], w.book.account, 2))
    answer = w.book.do("payment", "import", one, two, one, today=DAY, want_json=True)
    counts(answer, booked=2, already=1, sum=30000)


@test
def a_bad_file_stops_the_rest_and_what_was_done_is_said(w):
    a = w.case()
    good = w.book.file("good.ocr", cli.ocr_giro([Transfer(a["kid"], 10000, DAY, DAY, PAYERS[0])], w.book.account, 1))
    bad = w.book.file("bad.ocr", "NY000010 is no OCR giro\n")
    status, out, err = w.book.run("payment", "import", good, bad, today=DAY)
    equal(status, 1, "exit")
    if '"booked":1' not in out.replace(" ", "") or "bad.ocr: line 1" not in err:
        raise AssertionError(out + err)


@test
def a_wrong_total_is_refused_and_nothing_is_booked(w):
    a = w.case()
    text = cli.ocr_giro([Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0])], w.book.account, 1)
    lines = text.split("\n")
    lines[-2] = lines[-2].replace("%017d" % 50000, "%017d" % 50001)
    w.refuses(w.book.file("wrong.ocr", "\n".join(lines)), ["wrong.ocr: line 6", "00000000000050001", "50000"])
    equal(w.show(a)["paid_minor"], 0, "paid")
    equal(w.ledger().get(CLIENT_BANK, 0), 0, "bank")


@test
def an_account_that_is_not_ours_is_refused(w):
    a = w.case()
    other = cli.account_number("1555000001")
    mixed = cli.ocr_giro([Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0])], other, 1)
    w.refuses(w.book.file("other.ocr", mixed), ["other.ocr: line 3", "account %s is not ours" % other])
    w.refuses(w.message(camt054(other, [Entry(1000, DAY, [Move(1000, a["kid"])])])), ["account %s is not ours" % other])
    w.refuses(w.message(camt053(other, [], 0, DAY)), ["account %s is not ours" % other])
    equal(w.ledger().get(CLIENT_BANK, 0), 0, "bank")


@test
def a_payment_of_tomorrow_is_refused(w):
    a = w.case()
    path = w.book.file("tomorrow.ocr", cli.ocr_giro(
        [Transfer(a["kid"], 50000, date(2026, 1, 21), DAY, PAYERS[0])], w.book.account, 1))
    w.refuses(path, ["line 3", "2026-01-21"])
    counts(w.book.payment_file(path, date(2026, 1, 21)), booked=1)
    return date(2026, 1, 21)


@test
def an_overpayment_is_refunded(w):
    a = w.case()
    w.give(Transfer(a["kid"], 400000, DAY, DAY, PAYERS[0]))
    shown = w.show(a)
    equal((shown["stage"], shown["balance_minor"]), ("closed", 0), "closed")
    equal(shown["refund_minor"], 400000 - 348000 - 572, "refund")  # 3480.00*12*5/36500 = 5.72
    equal(w.ledger()[REFUND], -shown["refund_minor"], "refund account")


@test
def money_for_a_closed_case_is_refunded(w):
    a = w.case()
    w.give(Transfer(a["kid"], 348572, DAY, DAY, PAYERS[0]))
    equal(w.show(a)["stage"], "closed", "stage")
    counts(w.give(Transfer(a["kid"], 10000, DAY, DAY, PAYERS[1]))[0], booked=1)
    equal(w.show(a)["refund_minor"], 10000, "refund")


@test
def a_joined_claims_kid_keeps_working(w):
    a = w.case(debtor=7)
    b = w.case(debtor=7, amount="1000.00")
    w.book.night(date(2026, 3, 20))
    day = date(2026, 3, 20)
    listed = {c["case_no"]: c for c in w.book.cases(day)}
    equal(listed[b["case_no"]]["stage"], "closed", "joined")
    before = w.show(a, day)["balance_minor"]
    counts(w.give(Transfer(b["kid"], 100000, day, day, PAYERS[0]), today=day)[0], booked=1)
    equal(w.show(a, day)["balance_minor"], before - 100000, "the carrier's balance")
    return day


# ---------------------------------------------------------------- the hold account

@test
def unknown_kids_go_on_hold_each_with_its_reason(w):
    a = w.case()
    unknown = "80000099999"
    unknown += cli_mod10(unknown)
    wrong = a["kid"][:-1] + str((int(a["kid"][-1]) + 1) % 10)
    answer, _ = w.give(Transfer(unknown, 1000, DAY, DAY, PAYERS[0]), Transfer(wrong, 2000, DAY, DAY, PAYERS[1]),
                       Transfer("", 3000, DAY, DAY, PAYERS[2], kind=21))
    counts(answer, on_hold=3, sum=6000)
    equal([h["reason"] for h in w.held()],
          ["no case has this KID", "the KID's check digit is wrong", "the payment has no KID"], "reasons")


@test
def a_held_payment_is_given_to_a_case(w):
    a = w.case()
    w.read(camt054(w.book.account, [Entry(50000, DAY, [Move(50000, None, PAYERS[0], "Kari", "faktura I1", given="2026-01-18")])]))
    held = w.held()
    equal([(h["amount_minor"], h["payer_name"], h["message"]) for h in held], [(50000, "Kari", "faktura I1")], "held")
    w.book.do("payment", "assign", held[0]["payment_id"], "--case", a["kid"], today=date(2026, 1, 22))
    equal(w.held(), [], "held")
    equal(w.show(a, date(2026, 1, 22), as_of=date(2026, 1, 18))["principal_minor"], 298000, "counts from the day given")
    status, _, err = w.book.run("payment", "assign", held[0]["payment_id"], "--case", a["case_no"], today=DAY)
    equal((status, "is not on hold" in err), (1, True), "again")
    return date(2026, 1, 22)


@test
def a_deduction_from_earnings_covers_principal_first(w):
    a = w.case()
    day = date(2026, 3, 20)
    w.book.night(day)
    w.read(camt054(w.book.account, [Entry(50000, day, [Move(50000, None, PAYERS[0])])]), day)
    w.book.do("payment", "assign", w.held(day)[0]["payment_id"], "--case", a["case_no"], "--deduction", today=day)
    equal(w.show(a, day)["principal_minor"], 298000, "principal")
    return day


@test
def a_held_payment_goes_back_to_its_payer(w):
    w.read(camt054(w.book.account, [Entry(50000, DAY, [Move(50000, None, PAYERS[0])]),
                                    Entry(60000, DAY, [Move(60000, None, None)])]))
    first, second = w.held()
    w.book.do("payment", "refund", first["payment_id"], today=DAY)
    equal(w.ledger()[REFUND], -50000, "refund account")
    status, _, err = w.book.run("payment", "refund", second["payment_id"], today=DAY)
    equal((status, "whose account" in err), (1, True), "no payer")
    equal(len(w.held()), 1, "held")


@test
def a_withdrawn_case_takes_no_money(w):
    a = w.case()
    w.book.do("case", "withdraw", a["case_no"], today=DAY)
    counts(w.give(Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0]))[0], on_hold=1)
    status, _, err = w.book.run("payment", "assign", w.held()[0]["payment_id"], "--case", a["case_no"], today=DAY)
    equal((status, "handed back" in err), (1, True), "assign")


@test
def a_creditors_own_kid_finds_its_case(w):
    kid = "1234567" + cli_mod10("1234567")
    a = w.case(kid=kid)
    counts(w.give(Transfer(kid, 348572, DAY, DAY, PAYERS[0]))[0], booked=1)
    equal(w.show(a)["stage"], "closed", "first")
    b = w.case(kid=kid)
    c = w.case(kid=kid)
    counts(w.give(Transfer(kid, 1000, DAY, DAY, PAYERS[0]))[0], booked=1)
    equal((w.show(b)["paid_minor"], w.show(c)["paid_minor"]), (1000, 0), "the oldest open one")


# ---------------------------------------------------------------- money taken back

@test
def a_card_reversal_waits_for_a_person(w):
    a = w.case()
    w.give(Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0]))
    day = date(2026, 1, 23)
    counts(w.give(Transfer(a["kid"], 50000, day, day, PAYERS[0], kind=18), today=day)[0], on_hold=1, sum=-50000)
    equal(w.show(a, day)["paid_minor"], 50000, "not yet")
    w.check(day)
    held = w.held(day)[0]
    equal(held["kind"], "reversal", "kind")
    w.book.do("payment", "assign", held["payment_id"], "--case", a["case_no"], today=day)
    equal(w.show(a, day)["paid_minor"], 0, "taken back")
    equal(w.show(a, day, as_of=DAY)["paid_minor"], 50000, "on its own day")
    return day


@test
def a_bank_reversal_takes_back_the_payment(w):
    a = w.case()
    w.give(Transfer(a["kid"], 400000, DAY, DAY, PAYERS[0]))
    day = date(2026, 1, 23)
    back = Entry(400000, day, [Move(400000, a["kid"], PAYERS[0])], side="DBIT", reversal=True)
    counts(w.read(camt054(w.book.account, [back]), day), booked=1, sum=-400000)
    shown = w.book.case(a["case_no"], day)
    equal((shown["paid_minor"], shown["refund_minor"], shown["principal_minor"]), (0, 0, 348000), "restored")
    equal(sum(x["amount_minor"] for x in shown["lines"] if x["what"] == "refund"), 0, "refund lines")
    equal(w.ledger(day).get(CLIENT_BANK, 0), 0, "bank")
    w.check(day)
    again = Entry(400000, day, [Move(400000, a["kid"], PAYERS[0], ref="2")] , side="DBIT", reversal=True)
    counts(w.read(camt054(w.book.account, [again, again], 2), day), already=1, on_hold=1)  # a second one reverses nothing
    return day


# ---------------------------------------------------------------- letters that wait

@test
def a_letter_not_handed_over_falls_with_its_charge(w):
    a = w.case(received=date(2026, 1, 29))
    day = date(2026, 1, 29)
    w.book.do("night", today=day)
    owed = w.show(a, day)
    equal((owed["stage"], owed["costs_minor"]), ("reminder", 3800), "a reminder is ordered")
    w.give(Transfer(a["kid"], owed["balance_minor"] - 3800, day, day, PAYERS[0]), today=day)
    shown = w.show(a, day)
    equal((shown["stage"], shown["costs_minor"], shown["refund_minor"]), ("closed", 0, 0), "closed without the fee")
    return day


@test
def a_part_payment_stops_no_letter(w):
    a = w.case(received=date(2026, 1, 29))
    day = date(2026, 1, 29)
    w.book.do("night", today=day)
    w.give(Transfer(a["kid"], 1000, day, day, PAYERS[0]), today=day)
    equal(w.show(a, day)["costs_minor"], 3800, "fee")
    return day


# ---------------------------------------------------------------- the statement

@test
def a_statement_of_known_payments_reconciles_to_zero(w):
    a = w.case()
    w.give(Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0]), Transfer(a["kid"], 60000, DAY, DAY, PAYERS[1]))
    answer = w.read(camt053(w.book.account, [Entry(110000, DAY, ref="KID1")], 0, DAY))
    counts(answer, already=1, sum=0)
    equal((answer["reconciled_on"], answer["difference_minor"]), (DAY.isoformat(), 0), "reconciled")
    # Sent again with one more entry.
    more = [Entry(110000, DAY, ref="KID1"), Entry(500, DAY, [Move(500, None, PAYERS[3])])]
    answer = w.read(camt053(w.book.account, more, 0, DAY))
    counts(answer, already=1, on_hold=1)
    equal(answer["difference_minor"], 0, "difference")
    # Another sum of the same amount is not the same payments.
    counts(w.read(camt053(w.book.account, [Entry(110000, DAY, ref="KID2")] * 2, 110500, DAY, 2)), already=1, on_hold=1)


@test
def a_sum_that_comes_before_its_payments_is_replaced_by_them(w):
    a = w.case()
    answer = w.read(camt053(w.book.account, [Entry(110000, DAY, ref="KID1")], 0, DAY))
    counts(answer, on_hold=1, sum=110000)
    equal(answer["difference_minor"], 0, "difference")
    answer, _ = w.give(Transfer(a["kid"], 50000, DAY, DAY, PAYERS[0]), Transfer(a["kid"], 60000, DAY, DAY, PAYERS[1]))
    counts(answer, booked=2, sum=110000)
    equal((answer["sums_resolved"], w.held()), (1, []), "resolved")
    equal(w.ledger()[CLIENT_BANK], 110000, "bank")


@test
def a_gap_between_statements_is_found(w):
    w.read(camt053(w.book.account, [], 0, date(2026, 1, 19)))
    status, out, err = w.book.run("payment", "import", w.message(camt053(w.book.account, [], 700, DAY, 2)), today=DAY)
    equal((status, "one is missing" in err), (1, True), "gap")
    status, out, err = w.book.run("payment", "import", w.message(camt053(w.book.account, [], 700, date(2026, 1, 21), 3)),
                                  today=date(2026, 1, 21))
    equal((status, err), (0, ""), "the next one follows")


@test
def an_unknown_debit_is_refused_and_shows_as_a_difference(w):
    path = w.message(camt053(w.book.account, [Entry(2500, DAY, [Move(2500, None, None, None, "Gebyr")], side="DBIT")], 0, DAY))
    status, out, err = w.book.run("payment", "import", path, today=DAY)
    equal((status, "Gebyr" in err, "25.00" in err), (1, True, True), "finding")
    answer = __import__("json").loads(out)
    counts(answer, refused=1)
    equal(answer["difference_minor"], -2500, "difference")
    counts(w.book.payment_file(path, DAY), already=1)


def settled(w, amount=348572):
    """A paid case and a settlement; returns its payouts as [(end_to_end, amount)] from the payment order."""
    import re
    a = w.case()
    w.give(Transfer(a["kid"], amount, DAY, DAY, PAYERS[0]))
    answer = w.book.do("settle", "--date", DAY.isoformat(), "--out", w.book.directory, today=DAY, want_json=True)
    text = open(os.path.join(w.book.directory, answer["file"]), encoding="utf-8").read()
    ends = re.findall(r"<EndToEndId>([^<]*)</EndToEndId>", text)
    sums = [cli.minor(x) for x in re.findall(r"<InstdAmt[^>]*>([^<]*)</InstdAmt>", text)]
    return list(zip(ends, sums)), re.search(r"<MsgId>([^<]*)</MsgId>", text)[1]


@test
def payouts_leave_and_the_day_reconciles(w):
    payouts, _ = settled(w)
    day = date(2026, 1, 21)
    w.read(camt053(w.book.account, [Entry(348572, DAY, ref="K")], 0, DAY))
    debits = [Entry(x, day, [Move(x, end_to_end=e)], side="DBIT") for e, x in payouts]
    answer = w.read(camt053(w.book.account, debits, 348572, day, 2), day)
    counts(answer, booked=len(payouts))
    equal((answer["payouts_paid"], answer["difference_minor"]), (len(payouts), 0), "paid")
    equal(w.ledger(day).get(TRANSIT, 0), 0, "transit")
    return day


@test
def a_run_debited_in_one_sum_is_known(w):
    payouts, _ = settled(w)
    day = date(2026, 1, 21)
    total = sum(x for _, x in payouts)
    answer = w.read(camt053(w.book.account, [Entry(total, day, side="DBIT", ref="R1")], 348572, day), day)
    equal((answer["payouts_paid"], answer["difference_minor"]), (len(payouts), 0), "paid")
    answer = w.read(camt054(w.book.account, [Entry(total, day, side="DBIT", ref="R1")]), day)
    counts(answer, already=1)
    return day


@test
def a_payout_that_comes_back_is_owed_again(w):
    payouts, _ = settled(w)
    day = date(2026, 1, 21)
    owed = w.ledger().get(CLIENT, 0)
    end, amount = payouts[0]
    entries = [Entry(amount, day, [Move(amount, end_to_end=end)], side="DBIT"),
               Entry(amount, day, [Move(amount, end_to_end=end)], side="CRDT", reversal=True)]
    answer = w.read(camt053(w.book.account, entries, 348572, day), day)
    equal((answer["payouts_paid"], answer["payouts_rejected"], answer["difference_minor"]), (1, 1, 0), "come back")
    equal(w.ledger(day)[CLIENT], owed - amount, "owed again")
    return day


@test
def a_rejected_order_puts_the_money_back(w):
    payouts, message = settled(w)
    owed = w.ledger().get(CLIENT, 0)
    end, amount = payouts[0]
    answer = w.read(pain002(message, [end]))
    equal(answer["payouts_rejected"], 1, "rejected")
    equal(w.ledger()[CLIENT], owed - amount, "owed again")
    answer = w.read(pain002(message, group="RJCT"))
    equal(answer["payouts_rejected"], len(payouts) - 1, "the rest")
    equal(w.ledger().get(TRANSIT, 0), 0, "transit")
    counts(w.read(pain002(message, group="RJCT")), already=1)


# ---------------------------------------------------------------- bad input

@test
def other_files_are_refused_by_name(w):
    for name, text in (("empty.ocr", ""), ("letter.txt", "Hei"), ("page.xml", "<html/>")):
        w.refuses(w.book.file(name, text), [name])
    w.refuses(os.path.join(w.book.directory, "absent.ocr"), ["absent.ocr"])
    w.refuses(w.book.directory, [])


def cli_mod10(digits):
    total = 0
    for i, d in enumerate(reversed(digits)):
        product = int(d) * (2 if i % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str((10 - total % 10) % 10)


if __name__ == "__main__":
    sys.exit(cli.run_tests("payments", TESTS, World,
                           after=lambda w, day: w.check(day or DAY), wanted=sys.argv[1:]))
