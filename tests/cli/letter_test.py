#!/usr/bin/env python3
"""Letters through the program: what each kind says, the files they are in, handing over, late ones, the outbox."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import kravbok_cli as cli                                                        # noqa: E402

DUE = date(2026, 1, 15)
REMINDER, NOTICE, DEMAND, HEAVY = date(2026, 1, 29), date(2026, 2, 13), date(2026, 3, 2), date(2026, 4, 14)
MONTHS = ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
          "desember"]
AGENCY = """name: Fjordkrav SA
orgnr: "%s"
address: Storgata 12
postcode: "0155"
city: Oslo
phone: 22 00 00 00
email: post@fjordkrav.example
web: fjordkrav.example
account: "%s"
"""


def equal(found, wanted, what="value"):
    if found != wanted:
        raise AssertionError("%s: %r, wanted %r" % (what, found, wanted))


def has(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError("%r is not in:\n%s" % (part, text))


def lacks(text, *parts):
    for part in parts:
        if part in text:
            raise AssertionError("%r is in:\n%s" % (part, text))


def day(on):
    """As a Norwegian letter writes it."""
    return "%d. %s %d" % (on.day, MONTHS[on.month - 1], on.year)


def amount(minor):
    """As a Norwegian letter writes it."""
    return "{:,}".format(minor // 100).replace(",", " ") + ",%02d" % (minor % 100)


class World:
    """A book whose agency has all it needs; client 2 is no/minimum and deducts VAT."""

    def __init__(self, postgres):
        self.book = cli.Book(postgres)
        path = self.book.file("agency.yaml", AGENCY % (cli.organisation_number(5), self.book.account))
        self.book.do("init", "--agency", path, today=DUE)
        self.book.client(2, "no/minimum", True, today=DUE)
        self.serial = 0

    def claim(self, amount="3480.00", client=2, today=DUE, **more):
        """A new claim against a new person; its case number."""
        self.serial += 1
        row = dict({"invoice_no": "F-%d" % self.serial, "issued_on": "2026-01-01", "due_on": DUE.isoformat(),
                    "amount": amount, "debtor_id": cli.person(self.serial)}, **more)
        equal(self.book.claims(client, [row], today)["rejected"], [], "rejected")
        return self.serial

    def plain_night(self, on):
        return self.book.do("night", today=on, want_json=True)

    def render(self, on, *options, out="letters"):
        """(answer, exit status, standard error)."""
        status, text, err = self.book.run("letter", "render", "--out", out, *options, today=on)
        return json.loads(text), status, err

    def path(self, *parts):
        return os.path.join(self.book.directory, *parts)

    def text(self, *parts):
        """The words of a PDF, with plain blanks; lines as they stand."""
        done = subprocess.run(["pdftotext", "-layout", self.path(*parts), "-"], stdout=subprocess.PIPE, check=True)
        return done.stdout.decode("utf-8").replace("\u00a0", " ")

    def prose(self, *parts):
        return " ".join(self.text(*parts).split())

    def outbox(self, on, *options):
        return self.book.do("outbox", "list", *options, today=on, want_json=True)

    def pay(self, case_no, minor, given, today):
        kid = [c for c in self.book.cases(today=today) if c["case_no"] == case_no][0]["kid"]
        transfer = cli.Transfer(kid, minor, today, given=given)
        return self.book.payments([transfer], today)[0]


def sound(w, *parts):
    """A whole, tagged PDF in Norwegian or English."""
    path = w.path(*parts)
    subprocess.run(["qpdf", "--check", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    info = subprocess.run(["pdfinfo", path], stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    has(" ".join(info.split()), "Tagged: yes")
    tree = subprocess.run(["pdfinfo", "-struct", path], stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    has(tree, "Document", "H1", "Table", "TH")


# ---------------------------------------------------------------- what they say

def every_kind_says_what_it_must(w):
    w.book.client(3, "no/minimum", True, today=DUE)
    one = w.claim(phone="90000000", email="kari@example.com", description="Treningsavgift 2026")
    own = w.claim("1200.00", client=1, description="Kontingent 2026")
    end = date(2026, 5, 5)
    w.book.night(end)
    answer, status, err = w.render(end, "--separate")
    equal((status, err), (0, ""), "render")
    rows = [r for r in w.outbox(end) if r["channel"] == "letter"]
    equal(answer["letters"], len(rows), "letters")
    words = {
        "reminder": ["Purring", "purregebyr", "Treningsavgift 2026", "uenig"],
        "notice": ["Inkassovarsel", "går saken til inkasso", "slipper du inkassosalær", "uenig med god grunn"],
        "demand": ["Betalingsoppfordring", "Du skylder penger til Kunde 2 AS", "Renten er 12 % i året",
                   "16. januar 2026", "rettslig inkasso", "Finansklagenemnda", "§ 22", "1 200,00 kroner",
                   day(DEMAND + timedelta(14 + 29)), "Inkassosalær", "600,00"],
        "own_demand": ["Betalingsoppfordring", "Vi krever inn dette selv", "Kontingent 2026", "189,00", "Finansklagenemnda"],
        "enforcement_notice": ["§ 4-18", "utlegg", "namsmannen", "Grunnlaget"],
    }
    seen = set()
    for row in rows:
        name = "case-%d-%s-%s.pdf" % (row["case_no"], row["kind"], row["handed_on"])
        text = w.prose("letters", name)
        sound(w, "letters", name)
        deadline = date.fromisoformat(row["deadline_on"])
        has(text, amount(row["balance_minor"]), day(date.fromisoformat(row["handed_on"])), day(deadline),
            "8%010d" % row["case_no"], "1503 00", "Side 1 av 1", "22 00 00 00")
        equal((deadline - date.fromisoformat(row["handed_on"])).days, 14, "days of " + row["kind"])
        if row["case_no"] == one or row["kind"] != "reminder":
            has(text, *(words[row["kind"]] if row["kind"] in ("own_demand", "enforcement_notice") or row["case_no"] == one
                        else []))
        seen.add((row["case_no"] == own, row["kind"]))
    equal(seen, {(False, k) for k in ("reminder", "notice", "demand", "enforcement_notice")} |
          {(True, k) for k in ("reminder", "notice", "own_demand", "enforcement_notice")}, "kinds")


def english_for_those_who_read_it(w):
    w.claim(language="en", debtor_name="Ann Example")
    w.claim()
    w.book.night(REMINDER)
    answer, _, _ = w.render(REMINDER)
    equal([f["path"] for f in answer["files"]], ["letters/letters-2026-01-29.pdf", "letters/letters-2026-01-29-en.pdf"])
    has(w.prose("letters/letters-2026-01-29-en.pdf"), "Ann Example", "3,480.00", "12 February 2026", "Page 1 of 1")
    lacks(w.prose("letters/letters-2026-01-29.pdf"), "Ann Example")
    data = open(w.path("letters/letters-2026-01-29-en.pdf"), "rb").read()
    has(data.decode("latin-1"), "/Lang (en)")


def a_joined_demand_lists_every_claim(w):
    debtor = cli.person(100)
    a = w.claim("2000.00", debtor_id=debtor, description="Strøm januar")
    w.claim("1500.00", debtor_id=debtor, description="Strøm februar", paid="200.00")
    w.book.night(DEMAND)
    w.render(DEMAND, "--separate")
    text = w.text("letters", "case-%d-demand-2026-03-02.pdf" % a)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    has(lines, "F-1 Strøm januar 01.01.2026 15.01.2026 2 000,00 2 000,00",
        "F-2 Strøm februar 01.01.2026 15.01.2026 1 500,00 1 300,00", "Krav fra kreditor (hovedstol) 3 300,00",
        "Inkassosalær 600,00")
    has(" ".join(lines), "1 200,00 kroner", "Hver faktura får rente", "Side 1 av 1")
    # A later payment covers the older claim first, and does not change the letter that was sent.
    before = open(w.path("letters", "case-%d-demand-2026-03-02.pdf" % a), "rb").read()
    w.book.do("case", "pay-direct", a, "--amount", "1000.00", today=date(2026, 3, 10))
    w.book.night(HEAVY)
    w.render(HEAVY, "--separate")
    lines = [" ".join(line.split())
             for line in w.text("letters", "case-%d-enforcement_notice-2026-04-14.pdf" % a).splitlines()]
    has(lines, "F-1 Strøm januar 01.01.2026 15.01.2026 2 000,00 1 000,00",
        "F-2 Strøm februar 01.01.2026 15.01.2026 1 500,00 1 300,00")
    w.render(HEAVY, "--case", a, out="again")
    equal(open(w.path("again", "case-%d-demand-2026-03-02.pdf" % a), "rb").read() == before, True, "the same letter")


def a_company_hears_of_compensation(w):
    a = w.claim("9000.00", debtor_kind="company", debtor_id=cli.organisation_number(70), debtor_name="Firma AS")
    w.book.night(DEMAND)
    w.render(DEMAND, "--separate")
    text = w.prose("letters", "case-%d-demand-2026-03-02.pdf" % a)
    # 9,000.00: 0.8 × 750 × 1.5 = 900.00 light, 1,800.00 heavy; the compensation of 460.00 is offset
    has(text, "Standardkompensasjon 460,00", "Inkassosalær 440,00", "kan inkassosalæret bli 1 340,00 kroner",
        "forsinkelsesrenteloven § 3 a")


def a_plan_tells_its_parts_and_its_fee(w):
    a = w.claim()
    w.book.night(date(2026, 3, 5))
    on = date(2026, 3, 6)
    w.book.do("case", "plan", a, "--parts", "6", "--first", "2026-04-10", "--told", today=on)
    w.render(on, "--separate")
    text = w.prose("letters", "case-%d-plan-2026-03-06.pdf" % a)
    balance = w.book.case(a, on)["balance_minor"]
    has(text, "i 6 avdrag", day(date(2026, 4, 10)), day(date(2026, 9, 10)), amount(balance), "1 125,00",
        "Betaler du ikke et avdrag", "gjør ikke at inkassosalæret blir høyere")
    part = balance // 6
    has(text, amount(part))
    sound(w, "letters", "case-%d-plan-2026-03-06.pdf" % a)


def a_rest_gets_a_plain_reminder(w):
    a = w.claim("1000.00")
    w.book.night(DEMAND)
    w.book.do("case", "pay-direct", a, "--amount", "1000.00", today=date(2026, 3, 3))
    w.book.night(date(2026, 3, 20))
    w.render(date(2026, 3, 20), "--separate")
    row = [r for r in w.outbox(date(2026, 3, 20)) if r["kind"] == "residual_reminder"][0]
    text = w.prose("letters", "case-%d-residual_reminder-%s.pdf" % (a, row["handed_on"]))
    has(text, "Det står igjen %s kroner" % amount(row["balance_minor"]), "koster deg ikke noe")
    lacks(text, "Betal innen", "Inkassovarsel")


def receipts(w):
    a = w.claim()
    w.book.night(REMINDER)
    on = date(2026, 2, 2)
    status, _, err = w.book.run("letter", "render", "--case", a, "--receipt", today=on)
    equal(status, 1, "no payment")
    has(err, "no payment")
    w.pay(a, 100000, on, on)
    w.render(on, "--case", a, "--receipt")
    text = w.prose("letters", "case-%d-receipt-2026-02-02.pdf" % a)
    left = w.book.case(a, on)["balance_minor"]
    has(text, "Takk for betalingen", "Vi har fått 1 000,00 kroner", "2. februar 2026", "Betalt -1 000,00",
        "Det står igjen %s kroner" % amount(left), "Krav fra kreditor (hovedstol) 3 480,00")
    on = date(2026, 2, 5)
    w.pay(a, 300000, on, on)
    w.render(on, "--case", a, "--receipt")
    text = w.prose("letters", "case-%d-receipt-2026-02-05.pdf" % a)
    has(text, "Vi har fått 3 000,00 kroner", "Alt er betalt", "Å betale 0,00")


# ---------------------------------------------------------------- files

def a_file_for_each_day_and_nothing_twice(w):
    for _ in range(3):
        w.claim()
    w.book.night(NOTICE)
    answer, _, _ = w.render(NOTICE)
    equal([(f["path"], f["letters"]) for f in answer["files"]],
          [("letters/letters-2026-01-29.pdf", 3), ("letters/letters-2026-02-13.pdf", 3)])
    answer, status, _ = w.render(NOTICE)
    equal((answer["letters"], answer["files"], status), (0, [], 0), "a second run")
    first = open(w.path("letters/letters-2026-02-13.pdf"), "rb").read()
    # A letter of the same day that comes later has a file of its own: the first has been printed.
    w.book.do("case", "plan", 1, "--parts", "2", "--first", "2026-03-10", today=NOTICE)
    answer, _, _ = w.render(NOTICE)
    equal([f["path"] for f in answer["files"]], ["letters/letters-2026-02-13-2.pdf"])
    equal(open(w.path("letters/letters-2026-02-13.pdf"), "rb").read() == first, True, "untouched")


def what_was_sent_is_made_again_byte_for_byte(w):
    for _ in range(3):
        w.claim()
    w.book.night(DEMAND)
    w.render(DEMAND)
    later = date(2026, 4, 20)
    w.pay(2, 50000, date(2026, 2, 20), date(2026, 3, 6))                          # backdated, before the demand
    w.book.night(later)
    for on in (REMINDER, NOTICE, DEMAND):
        answer, status, _ = w.render(later, "--day", on, out="again")
        name = "letters-%s.pdf" % on
        equal((status, [f["path"] for f in answer["files"]]), (0, ["again/" + name]))
        equal(open(w.path("again", name), "rb").read() == open(w.path("letters", name), "rb").read(), True, name)
    w.render(later, "--case", 1, out="one")
    w.render(later, "--day", DEMAND, "--separate", out="two")
    name = "case-1-demand-2026-03-02.pdf"
    equal(open(w.path("one", name), "rb").read() == open(w.path("two", name), "rb").read(), True, name)
    status, _, err = w.book.run("letter", "render", "--day", "2026-01-05", today=later)
    equal(status, 1)
    has(err, "no letter of 2026-01-05")


def a_file_that_cannot_be_written_marks_nothing(w):
    w.claim()
    w.book.night(REMINDER)
    os.mkdir(w.path("full"))
    os.mkdir(w.path("full", "letters-2026-01-29.pdf"))                            # in the file's place
    status, _, err = w.book.run("letter", "render", "--out", "full", today=REMINDER)
    equal(status, 1)
    has(err, "letters-2026-01-29.pdf")
    equal(os.listdir(w.path("full")), ["letters-2026-01-29.pdf"], "no .part is left")
    equal(w.render(REMINDER)[0]["letters"], 1, "afterwards")


def a_thousand_letters_a_file(w):
    rows = [{"invoice_no": "M-%d" % i, "issued_on": "2026-01-01", "due_on": "2026-01-15", "amount": "500.00",
             "debtor_id": cli.person(i + 200), "debtor_name": "Skyldner %d" % i} for i in range(1005)]
    equal(w.book.claims(2, rows, DUE)["accepted"], 1005)
    w.book.night(REMINDER)
    answer, _, _ = w.render(REMINDER)
    equal([(f["path"], f["letters"]) for f in answer["files"]],
          [("letters/letters-2026-01-29.pdf", 1000), ("letters/letters-2026-01-29-2.pdf", 5)])
    w.render(REMINDER, "--day", REMINDER, out="again")
    for name in ("letters-2026-01-29.pdf", "letters-2026-01-29-2.pdf"):
        equal(open(w.path("again", name), "rb").read() == open(w.path("letters", name), "rb").read(), True, name)


def a_debtor_without_an_address_is_told(w):
    w.claim(address="", postcode="", city="")
    w.claim()
    w.book.night(REMINDER)
    answer, status, err = w.render(REMINDER)
    equal((answer["letters"], status), (2, 1))
    has(err, "case 1: the debtor has no address")


def an_agency_that_has_told_little_is_told(w):
    other = cli.Book(w.book.postgres)
    try:
        other.init(DUE)
        other.client(2, "no/minimum", True, today=DUE)
        other.claims(2, [{"invoice_no": "F-1", "issued_on": "2026-01-01", "due_on": "2026-01-15", "amount": "500.00"}], DUE)
        other.night(REMINDER)
        status, out, err = other.run("letter", "render", today=REMINDER)
        equal((status, json.loads(out)["letters"]), (0, 1))
        has(err, "address", "phone", "e-mail")
    finally:
        other.close()


# ---------------------------------------------------------------- handing over

def a_plain_night_waits_for_the_letter(w):
    a = w.claim()
    equal(w.plain_night(REMINDER)["letters"], 1)
    equal(len(w.outbox(REMINDER, "--waiting")), 1, "waiting")
    equal(w.plain_night(date(2026, 1, 30))["waiting_letters"], 1)
    equal(w.plain_night(date(2026, 2, 16))["letters"], 0, "no notice while the reminder lies here")
    on = date(2026, 2, 17)
    answer, _, _ = w.render(on)
    equal((answer["handed_over"], answer["late"]), (1, 1))
    row = w.outbox(on)[0]
    equal((row["handed_on"], row["deadline_on"]), ("2026-02-17", "2026-03-03"))
    shown = w.book.case(a, on)
    equal(row["balance_minor"], shown["balance_minor"], "asks for what is owed that day")
    has(w.prose("letters/letters-2026-02-17.pdf"), "17. februar 2026", "3. mars 2026", amount(shown["balance_minor"]))
    equal(shown["next"], {"step": "notice", "on": "2026-03-04"})
    equal(w.plain_night(date(2026, 3, 3))["letters"], 0)
    equal(w.plain_night(date(2026, 3, 4))["letters"], 1)
    equal(w.book.verify(today=date(2026, 3, 4)), None, "verify")


def handed_over_on_its_day_nothing_moves(w):
    a = w.claim()
    w.plain_night(REMINDER)
    printed = w.outbox(REMINDER)[0]
    answer, _, _ = w.render(REMINDER)
    equal((answer["handed_over"], answer["late"]), (1, 0))
    row = w.outbox(REMINDER)[0]
    equal((row["balance_minor"], row["deadline_on"]), (printed["balance_minor"], "2026-02-12"))
    equal(w.book.case(a, REMINDER)["next"], {"step": "notice", "on": "2026-02-13"})
    equal([e["step"] for e in w.book.case(a, REMINDER)["events"]], ["principal", "reminder"])


def paying_what_a_late_letter_asks_closes_the_case(w):
    a = w.claim()
    w.plain_night(REMINDER)
    on = date(2026, 2, 17)
    w.render(on)
    asked = w.outbox(on)[0]["balance_minor"]
    last = date(2026, 3, 3)                                                       # the deadline from the handing over
    w.pay(a, asked, last, last)
    shown = w.book.case(a, last)
    equal((shown["stage"], shown["balance_minor"]), ("closed", 0))
    equal(w.book.verify(today=last), None, "verify")


def money_or_an_objection_stops_a_waiting_letter(w):
    a, b = w.claim(), w.claim()
    w.plain_night(REMINDER)
    on = date(2026, 1, 30)
    w.pay(a, 348000 + 1716, REMINDER, on)
    w.book.do("case", "object", b, "--reason", "not mine", today=on)
    equal(w.book.case(a, on)["stage"], "closed")
    rows = w.outbox(on)
    equal([r["withdrawn_on"] for r in rows], ["2026-01-30"] * 2, "withdrawn, and no message of them")
    answer, status, _ = w.render(on)
    equal((answer["letters"], answer["handed_over"], status), (0, 0, 0))
    equal(w.book.case(b, on)["costs_minor"], 0, "its fee fell with it")
    equal(w.book.verify(today=on), None, "verify")


def letters_go_out_on_banking_days(w):
    w.claim()
    w.plain_night(REMINDER)
    saturday, monday = date(2026, 1, 31), date(2026, 2, 2)
    answer, status, _ = w.render(saturday)
    equal((answer["letters"], answer["waiting"], status), (0, 1, 0))
    equal(w.render(monday)[0]["letters"], 1)
    equal(w.outbox(monday)[0]["deadline_on"], "2026-02-16")


def a_night_until_hands_over_on_the_day(w):
    a = w.claim()
    w.book.night(DEMAND)
    on = date(2026, 3, 6)
    w.book.do("case", "plan", a, "--parts", "2", "--first", "2026-03-20", today=on)
    w.book.night(date(2026, 3, 18))
    row = [r for r in w.outbox(date(2026, 3, 18)) if r["kind"] == "plan"][0]
    equal(row["handed_on"], "2026-03-06")
    w.render(date(2026, 3, 18), "--separate")
    has(w.prose("letters", "case-%d-plan-2026-03-06.pdf" % a), "6. mars 2026", "20. mars 2026", "20. april 2026")
    equal(w.book.verify(today=date(2026, 3, 18)), None, "verify")


# ---------------------------------------------------------------- messages

def messages_tell_of_letters(w):
    w.claim(phone="90000000", email="kari@example.com")
    w.claim(phone="90000001")
    w.claim()
    w.book.night(REMINDER)
    rows = w.outbox(REMINDER)
    equal([(r["case_no"], r["channel"]) for r in rows],
          [(1, "letter"), (1, "sms"), (1, "email"), (2, "letter"), (2, "sms"), (3, "letter")])
    for row in rows:
        equal(row["send_by"], "2026-01-29")
    has(rows[1]["text"], "Fjordkrav SA", "sak 1", "fjordkrav.example")
    has(rows[2]["body"], "sak 1", "fjordkrav.example")
    code = rows[1]["text"].split("kode ")[1].strip(". ")
    equal(len(code), 9, "code")
    w.render(REMINDER, "--separate")
    has(w.prose("letters/case-1-reminder-2026-01-29.pdf"), code)
    for row in rows:
        lacks(row.get("text", "") + row.get("body", ""), "3 480", "3480", "Kunde 2")


def scanned(w, *parts):
    """What a reader sees in the QR code of a letter's first page, at the resolution of an office scanner."""
    picture = w.path("page")
    subprocess.run(["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-singlefile", "-png", w.path(*parts), picture], check=True)
    done = subprocess.run(["zbarimg", "-q", "--raw", picture + ".png"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode().split()


def a_qr_code_leads_to_our_pay_page(w):
    w.claim()
    w.claim(language="en", debtor_name="Ann Example")
    w.book.night(DEMAND)
    w.render(DEMAND, "--separate")
    for case, words in ((1, "Skann for å se saken og betale"), (2, "Scan to see the case and pay")):
        name = "letters/case-%d-demand-2026-03-02.pdf" % case
        prose = w.prose(name)
        has(prose, words)
        code = prose.split("Kode " if case == 1 else "Code ")[1].split()[0]
        equal(scanned(w, name), ["https://fjordkrav.example/l/%d/%s" % (case, code)], "QR code")


def pages_elsewhere_are_what_letters_lead_to(w):
    w.book.do("setting", "set", "web.address", "https://min.fjordkrav.example/")
    w.claim()
    w.book.night(REMINDER)
    w.render(REMINDER, "--separate")
    name = "letters/case-1-reminder-2026-01-29.pdf"
    has(w.prose(name), "Du kan se saken på min.fjordkrav.example.")
    equal(scanned(w, name)[0].rsplit("/", 1)[0], "https://min.fjordkrav.example/l/1")


def without_a_web_address_there_is_no_qr_code(w):
    w.book.do("init", "--agency", w.book.file("agency.yaml", (AGENCY % (cli.organisation_number(5), w.book.account)).replace(
        "web: fjordkrav.example\n", "web: spør oss på kontoret\n")), today=DUE)
    w.claim()
    w.book.night(REMINDER)
    w.render(REMINDER, "--separate")
    equal(scanned(w, "letters/case-1-reminder-2026-01-29.pdf"), [])
    lacks(w.prose("letters/case-1-reminder-2026-01-29.pdf"), "Skann")


TESTS = [every_kind_says_what_it_must, english_for_those_who_read_it, a_joined_demand_lists_every_claim,
         a_company_hears_of_compensation, a_plan_tells_its_parts_and_its_fee, a_rest_gets_a_plain_reminder, receipts,
         a_file_for_each_day_and_nothing_twice, what_was_sent_is_made_again_byte_for_byte,
         a_file_that_cannot_be_written_marks_nothing, a_thousand_letters_a_file, a_debtor_without_an_address_is_told,
         an_agency_that_has_told_little_is_told, a_plain_night_waits_for_the_letter, handed_over_on_its_day_nothing_moves,
         paying_what_a_late_letter_asks_closes_the_case, money_or_an_objection_stops_a_waiting_letter,
         letters_go_out_on_banking_days, a_night_until_hands_over_on_the_day, messages_tell_of_letters,
         a_qr_code_leads_to_our_pay_page, pages_elsewhere_are_what_letters_lead_to,
         without_a_web_address_there_is_no_qr_code]


if __name__ == "__main__":
    sys.exit(cli.run_tests("letters", TESTS, World, wanted=sys.argv[1:]))
