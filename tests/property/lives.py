#!/usr/bin/env python3
"""Random lives of cases, lived by the program and by the oracle, and compared.

    lives.py [--count 60] [--seed N] [--lives-per-book 15] [--days-one-by-one]

Each book of some fifteen debtors is lived in three ways with the same facts: as they came, night
after night; all facts first and then one night; and in shuffled order after nights have been lived.
In each, on random days: stage, principal, interest, costs, balance and refund are the oracle's.
Besides: lines add up, a second night changes nothing, what was known on a day is shown as it was,
a preview comes true, and verify is silent. A failure names the seed and prints the life as a
scenario. With KRAVBOK_TEST_PG a part of it is lived on PostgreSQL too.
"""

import argparse
import os
import random
import sys
import time
from datetime import date, timedelta

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "oracle"))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "scenario"))
import engine                                                          # noqa: E402
import kravbok_cli as cli                                              # noqa: E402
import run as scenario                                                 # noqa: E402

CLIENTS = {2: ("no/minimum", True), 3: ("no/standard", False), 4: ("no/minimum", False)}
AMOUNTS = [1, 9999, 10000, 15000, 20000, 50000, 50001, 100000, 100001, 250000, 250001, 348000,
           1000000, 1000001, 5000000, 5000001]
COMPARED = ("stage", "principal", "interest", "costs", "balance", "refund")
ONE = timedelta(1)


class Life:
    """One debtor of one client: claims and facts, made by chance, in the order of booking."""

    def __init__(self, chance, number, end):
        self.chance, self.number, self.end = chance, number, end
        self.client = chance.choice(sorted(CLIENTS))
        self.kind = chance.choice(["consumer", "consumer", "business"])
        self.world = engine.World()
        self.world.add_client(self.client, *CLIENTS[self.client])
        self.world.night(end)
        self.claims, self.facts = [], []       # claims: fields; facts: (kind, claim, on, booked, more)
        self.add_claims()
        self.add_facts()

    def add_claims(self):
        count = self.chance.choice([1, 1, 1, 1, 2, 2, 3])
        start = date(2025, 8, 15) + timedelta(self.chance.randrange(190))
        for k in range(count):
            due = start + timedelta(self.chance.choice([0, 0, 1, 7, 14, 27, 28, 29, 40]) * (k > 0))
            received = due + timedelta(self.chance.choice([-5, 0, 0, 0, 1, 3, 20, 45]))
            amount = self.chance.choice(AMOUNTS) if self.chance.random() < 0.5 else \
                self.chance.randrange(5000, 3000000)
            fields = {"client": self.client, "amount": amount,
                      "issued": min(due, received) - timedelta(14), "due": due,
                      "received": received, "kind": self.kind,
                      "debtor": "life %d" % self.number}
            self.claims.append(fields)
        self.claims.sort(key=lambda f: f["received"])
        for fields in self.claims:
            self.world.add_claim(**fields)

    def state(self, claim, on):
        return self.world.state(claim + 1, on)

    def add_facts(self):
        # Facts are made in the order in which they are booked; each is checked against what the
        # oracle knows so far, so that a person could really have done it.
        day = self.claims[0]["received"]
        busy_until = None                      # a pause or plan that is still running
        for _ in range(self.chance.choice([0, 1, 2, 2, 3, 4, 5])):
            day += timedelta(self.chance.choice([1, 2, 5, 9, 14, 20, 35]))
            if day > self.end - timedelta(20):
                return
            claim = self.chance.randrange(len(self.claims))
            if self.claims[claim]["received"] > day:
                continue
            late = self.chance.choice([0, 0, 0, 0, 1, 3, 9])
            on = max(day - timedelta(late), self.claims[claim]["received"])
            roll = self.chance.random()
            if roll < 0.55 or (busy_until and busy_until >= on):
                self.payment(claim, on, day)
            elif roll < 0.65:
                self.put("direct", claim, on, day, amount=self.amount(claim, on))
            elif roll < 0.72 and len(self.claims) == 1:
                amount = max(1, self.claims[claim]["amount"] * self.chance.choice([1, 3, 10]) // 10)
                if not any(f[0] == "credit" for f in self.facts):
                    self.put("credit", claim, day, day, amount=amount)
            elif self.state(claim, on)["stage"] in scenario.cli.PROCESS_STEPS + ("registered",):
                busy_until = self.pause(claim, on, day)

    def put(self, kind, claim, on, booked, **more):
        if more.get("amount") == 0:
            return
        self.facts.append((kind, claim, on, booked, more))
        self.world.add_fact(kind, claim + 1, on, booked, **more)

    def amount(self, claim, on):
        state = self.state(claim, on)
        balance = max(state["balance"], 2)
        return self.chance.choice([balance, balance - 1, max(1, balance - 4999),
                                   max(1, balance - 5000), balance + 1, balance // 2, balance // 3,
                                   max(1, state["principal"] - 9999),
                                   max(1, state["principal"] - 10000),
                                   self.chance.randrange(1, balance + 100)])

    def payment(self, claim, on, booked):
        """Often what a letter asks, on its last day or a day late."""
        case = claim + 1
        sent = [e for e in self.state(claim, booked)["events"] if e[1] != "heavy"]
        if sent and self.chance.random() < 0.4:
            letter = sent[-1][0]
            printed = self.state(claim, letter)["balance"]
            when = letter + timedelta(self.chance.choice([1, 13, 14, 14, 15]))
            if printed > 0 and when <= booked and self.world.state(case, when)["stage"] != "closed":
                self.put("payment", claim, when, booked, amount=printed)
                return
        self.put("payment", claim, on, booked, amount=self.amount(claim, on))

    def pause(self, claim, on, booked):
        """An objection and its end, a deferral, a plan or a block; returns the day it ends."""
        if any(f[0] == "block" and f[1] == claim for f in self.facts):
            return None
        roll = self.chance.random()
        length = self.chance.choice([1, 5, 10, 14, 30])
        if roll < 0.45:
            last = booked + timedelta(length)
            if last > self.end - timedelta(10):
                return None
            self.put("object", claim, on, booked)
            outcome = self.chance.choice(["rejected", "rejected", "part", "upheld"])
            more = {"outcome": outcome}
            if outcome == "part":
                more["amount"] = max(1, self.claims[claim]["amount"] // self.chance.choice([2, 4, 9]))
            if len(self.claims) > 1 and outcome != "rejected":
                more = {"outcome": "rejected"}
            self.put("resolve", claim, last, last, **more)
            return last
        if roll < 0.75:
            last = booked + timedelta(length)
            self.put("defer", claim, on, booked, until=last)
            return last
        if roll < 0.9:
            parts = self.chance.choice([2, 4, 5, 6])
            self.put("plan", claim, booked, booked, parts=parts,
                     first=booked + timedelta(self.chance.choice([10, 30])),
                     told=self.chance.random() < 0.7)
            return self.end
        self.put("block", claim, on, booked,
                 block=self.chance.choice(["deceased", "bankruptcy", "debt_settlement"]))
        return self.end

    # -- the same as a scenario
    def story(self):
        lines = ["client %d %s, %s" % (self.client, CLIENTS[self.client][0],
                                       "deducts VAT" if CLIENTS[self.client][1]
                                       else "no VAT deduction")]
        events = [(f["received"], 0, "claim %s %s issued %s due %s, %s, received %s, client %d, debtor K"
                   % ("ABC"[k], cli.kroner(f["amount"]), f["issued"], f["due"], f["kind"],
                      f["received"], f["client"])) for k, f in enumerate(self.claims)]
        for kind, claim, on, booked, m in self.facts:
            name, back = "ABC"[claim], " from %s" % on if on != booked else ""
            text = {
                "payment": lambda: "payment %s %s given %s settled %s" % (
                    name, cli.kroner(m["amount"]), on, min(on + ONE, booked)),
                "direct": lambda: "direct payment %s %s%s" % (name, cli.kroner(m["amount"]), back),
                "credit": lambda: "credit note %s %s" % (name, cli.kroner(m["amount"])),
                "object": lambda: "objection %s%s" % (name, back),
                "resolve": lambda: "resolve %s %s%s" % (name, m["outcome"], ", credit "
                                                        + cli.kroner(m["amount"])
                                                        if m.get("amount") else ""),
                "defer": lambda: "defer %s until %s%s" % (name, m["until"], back),
                "plan": lambda: "plan %s in %d parts first %s%s" % (
                    name, m["parts"], m["first"], " told" if m["told"] else ""),
                "block": lambda: "block %s %s%s" % (name, m["block"], back),
            }[kind]()
            events.append((booked, 1, "on %s: %s" % (booked, text)))
        events.sort(key=lambda e: e[:2])
        return "\n".join(["    " + line for line in lines + [e[2] for e in events]
                          + ["night until %s" % self.end]])


# ---------------------------------------------------------------- living a book in the program

class Lived:
    """One book in the program with all lives in it."""

    def __init__(self, lives, end, postgres=None):
        self.lives, self.end = lives, end
        self.world = scenario.ProgramWorld(postgres)
        self.cases, self.payer = {}, 0

    def close(self):
        self.world.close()

    def begin(self):
        first = min(f["received"] for life in self.lives for f in life.claims)
        self.world.start(first)
        for no, (process, vat) in CLIENTS.items():
            self.world.book.client(no, process, vat, today=first)

    def invoice(self, life, k):
        return "L%d-%d" % (life.number, k)

    def receive(self, day):
        """Imports the claims received on a day, one file for each client."""
        for client in CLIENTS:
            rows = []
            for life in self.lives:
                if life.client != client:
                    continue
                for k, f in enumerate(life.claims):
                    if f["received"] == day:
                        rows.append((life, k, {
                            "invoice_no": self.invoice(life, k), "issued_on": f["issued"],
                            "due_on": f["due"], "amount": cli.kroner(f["amount"]),
                            "debtor_kind": "company" if f["kind"] == "business" else "person",
                            "debtor_id": cli.organisation_number(life.number)
                            if f["kind"] == "business" else cli.person(life.number)}))
            if not rows:
                continue
            answer = self.world.book.claims(client, [r[2] for r in rows], day)
            if answer["accepted"] != len(rows):
                raise cli.Broken("claims of %s: %s" % (day, answer))
            listed = {i: c for c in self.world.book.cases(day) for i in c["invoices"]}
            for life, k, row in rows:
                case = scenario.Case(row["invoice_no"], life.claims[k])
                case.no = listed[row["invoice_no"]]["case_no"]
                case.kid = listed[row["invoice_no"]]["kid"]
                self.cases[(life.number, k)] = case

    def received_days(self):
        return sorted({f["received"] for life in self.lives for f in life.claims})

    def booked(self):
        """All facts of all lives in the order of booking: (booked, life, fact)."""
        facts = [(f[3], life, f) for life in self.lives for f in life.facts]
        return sorted(facts, key=lambda x: (x[0], x[1].number, x[1].facts.index(x[2])))

    def tell(self, life, fact, today):
        """Tells the program one fact on a day; False when it is refused."""
        kind, claim, on, _, more = fact
        case = self.cases[(life.number, claim)]
        if kind == "payment":
            self.payer += 1
            answer = self.world.payment([(case, more["amount"], min(on + ONE, max(today, on)), on,
                                          life.number * 100 + life.facts.index(fact) + 1)], today)
            if isinstance(answer, list):
                answer = answer[0]
            return answer["booked"] == 1
        return self.world.fact(kind, case, on, today, **more)

    def as_it_came(self, one_by_one):
        """Nights between the facts; each fact on the day it was booked."""
        self.begin()
        turns = {}
        for day in self.received_days():
            turns.setdefault(day, [])
        for booked, life, fact in self.booked():
            turns.setdefault(booked, []).append((life, fact))
        previous = None
        for day in sorted(turns):
            if previous:
                night = previous
                while one_by_one and night < day - ONE:
                    self.world.book.night(night)
                    night += ONE
                if day - ONE >= previous:
                    self.world.book.night(day - ONE)
            self.receive(day)
            for life, fact in turns[day]:
                if not self.tell(life, fact, day):
                    yield life, "refused when it came: %s" % (fact,)
            previous = day
        self.world.book.night(self.end)

    def facts_first(self):
        """All facts, then one night."""
        self.begin()
        turns = [(d, 0, None) for d in self.received_days()]
        turns += [(b, 1, (life, fact)) for b, life, fact in self.booked()]
        for day, _, what in sorted(turns, key=lambda t: t[:2]):
            if what is None:
                self.receive(day)
            elif not self.tell(*what, day):
                yield what[0], "refused before any night: %s" % (what[1],)
        self.world.book.night(self.end)

    def shuffled(self, chance):
        """Claims in time; every fact late, in any order (an end after its beginning)."""
        self.begin()
        for day in self.received_days():
            self.receive(day)
        middle = max(self.received_days()) + timedelta(30)
        self.world.book.night(min(middle, self.end))
        self.world.book.night(self.end)
        waiting = [(life, fact) for _, life, fact in self.booked()]
        chance.shuffle(waiting)
        while waiting:
            later = []
            for life, fact in waiting:
                early = fact[0] == "resolve" and any(
                    lf is life and f[0] == "object" and f[1] == fact[1] for lf, f in
                    waiting[waiting.index((life, fact)):] + later)
                if early or not self.tell(life, fact, self.end):
                    later.append((life, fact))
            if len(later) == len(waiting):
                for life, fact in later:
                    yield life, "refused when told late: %s" % (fact,)
                return
            waiting = later

    # -- looking
    def compare(self, life, k, as_of, known_on=None, events=False):
        """A difference between the program and the oracle on a day, or None."""
        if self.before_credit(life, k, as_of):
            return None
        want = life.world.state(k + 1, as_of, known_on)
        got = self.world.show(self.cases[(life.number, k)], as_of, self.end, known_on)
        where = "claim %s as of %s%s" % ("ABC"[k], as_of, ", known on %s" % known_on
                                         if known_on else "")
        if got is None:
            return where + ": refused"
        if got["wrong"]:
            return where + ": " + got["wrong"]
        for key in COMPARED:
            if got[key] != want[key] and not (key == "stage" and self.stage_open(life, as_of)):
                return "%s: %s is %s, by the oracle %s" % (where, key, got[key], want[key])
        if got["balance"] and got["next"] is None:
            return where + ": open without a next action"
        if events:
            steps = [e for e in got["events"] if e[0] in cli.PROCESS_STEPS]
            wanted = [(s, d) for d, s in want["events"] if s in cli.PROCESS_STEPS]
            if steps != wanted and not want["joined"]:
                return "%s: events %s, by the oracle %s" % (where, told(steps), told(wanted))
        return None

    def before_credit(self, life, k, as_of):
        """A credit counts from the due date; the oracle lays it at the very beginning, so it says nothing of days before."""
        credited = any(f[1] == k and (f[0] == "credit" or (f[0] == "resolve" and f[4].get("outcome") != "rejected"))
                       for f in life.facts)
        return credited and as_of < life.claims[k]["due"]

    def stage_open(self, life, as_of):
        """The last day of a deferral may be shown either way."""
        return any(f[0] == "defer" and f[4]["until"] == as_of for f in life.facts)

    def whole(self):
        """Everything that is shown, to see that a second night changes nothing."""
        return [self.world.book.run("case", "show", c.no, today=self.end)[1]
                for c in self.cases.values()] + [self.world.book.run("case", "list",
                                                                     today=self.end)[1]]


def told(events):
    return ", ".join("%s %s" % e for e in events)


# ---------------------------------------------------------------- the check of one book

class Check:
    def __init__(self, seed, lives_per_book, one_by_one, postgres):
        self.seed, self.postgres, self.one_by_one = seed, postgres, one_by_one
        chance = random.Random(seed)
        self.end = date(2026, 6, 1) + timedelta(chance.randrange(90))
        self.lives = [Life(random.Random(seed * 1000 + n), n, self.end)
                      for n in range(lives_per_book)]
        self.chance, self.failures = chance, []

    def fail(self, way, life, text):
        self.failures.append("seed %d, life %d, %s: %s\n%s" % (
            self.seed, life.number if life else -1, way, text, life.story() if life else ""))

    def days_of(self, life, k):
        """Days worth looking at: around what happened, and some at random."""
        first = life.claims[k]["received"]
        days = {self.end}
        for d, _ in life.state(k, self.end)["events"]:
            days |= {d, d - ONE}
        for f in life.facts:
            days |= {f[2], f[3]}
        days = sorted(d for d in days if first <= d <= self.end)
        span = (self.end - first).days
        extra = [first + timedelta(self.chance.randrange(span + 1)) for _ in range(2)]
        return self.chance.sample(days, min(3, len(days))) + extra

    def way(self, name, live, look):
        lived = Lived(self.lives, self.end, self.postgres)
        try:
            for life, text in live(lived):
                self.fail(name, life, text)
            for life in self.lives:
                for k in range(len(life.claims)):
                    for as_of in self.days_of(life, k):
                        wrong = look(lived, life, k, as_of)
                        if wrong:
                            self.fail(name, life, wrong)
                            break
            said = lived.world.verify(self.end)
            if said:
                self.fail(name, None, "verify: " + said)
            return lived
        except (cli.Refused, cli.Broken) as problem:
            self.fail(name, None, str(problem))
            return lived

    def all_ways(self):
        ways = [
            ("as it came", lambda b: b.as_it_came(self.one_by_one), self.look_known),
            ("facts first", lambda b: b.facts_first(),
             lambda b, life, k, d: b.compare(life, k, d, events=True)),
            ("shuffled", lambda b: b.shuffled(random.Random(self.seed)),
             lambda b, life, k, d: b.compare(life, k, d)),
        ]
        for name, live, look in ways:
            lived = self.way(name, live, look)
            try:
                if name == "facts first":
                    self.second_night(lived)
                    self.previews()
            except (cli.Refused, cli.Broken) as problem:
                self.fail(name, None, str(problem))
            finally:
                lived.close()
        return self.failures

    def look_known(self, lived, life, k, as_of):
        known = as_of + timedelta(self.chance.choice([0, 0, 5, 20]))
        wrong = lived.compare(life, k, as_of)
        if not wrong and known <= self.end:
            wrong = lived.compare(life, k, as_of, known_on=known)
        return wrong

    def second_night(self, lived):
        before = lived.whole()
        lived.world.book.night(self.end)
        if lived.whole() != before:
            self.fail("facts first", None, "a second night of the same day changed something")

    def previews(self):
        """Lives two thirds of the way, asks what will be, and then really goes there."""
        middle = self.end - timedelta(75)
        until = self.end
        lives = [l for l in self.lives if all(f[3] <= middle for f in l.facts)
                 and all(f["received"] <= middle for f in l.claims)][:6]
        if not lives:
            return
        lived = Lived(lives, middle, self.postgres)
        try:
            for life, text in lived.facts_first():
                self.fail("preview", life, text)
            asked = {}
            for life in lives:
                for k in range(len(life.claims)):
                    case = lived.cases[(life.number, k)]
                    asked[(life.number, k)] = lived.world.book.preview(case.no, middle, until)
            lived.end = until
            lived.world.book.night(until)
            for life in lives:
                for k in range(len(life.claims)):
                    case = lived.cases[(life.number, k)]
                    real = lived.world.book.case(case.no, until, until)
                    wrong = preview_differs(asked[(life.number, k)], real)
                    if wrong:
                        self.fail("preview from %s to %s" % (middle, until), life,
                                  "claim %s: %s" % ("ABC"[k], wrong))
        finally:
            lived.close()


def preview_differs(preview, real):
    """Compares the end of a preview with what really became of the case."""
    last = preview
    if isinstance(preview, list):
        last = preview[-1] if preview else {}
    for key in ("end", "final", "then", "case"):
        if isinstance(last.get(key), dict):
            last = last[key]
    if "balance_minor" not in last and last.get("days"):
        last = last["days"][-1]
    if "balance_minor" not in last:
        return "a preview without balance_minor: %s" % str(preview)[:200]
    for key in ("stage", "principal_minor", "interest_minor", "costs_minor", "balance_minor"):
        if key in last and last[key] != real[key]:
            return "%s was foreseen as %s and became %s" % (key, last[key], real[key])
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=60, help="lives (60)")
    parser.add_argument("--seed", type=int, default=None, help="first seed (the day's own)")
    parser.add_argument("--lives-per-book", type=int, default=15)
    parser.add_argument("--days-one-by-one", action="store_true", help="a night for every day")
    parser.add_argument("--stories", action="store_true", help="print the lives, run nothing")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else 20260115
    began, failures, books = time.time(), [], 0
    engines = [None] + ([os.environ["KRAVBOK_TEST_PG"]] if os.environ.get("KRAVBOK_TEST_PG") else [])
    left = options.count
    while left > 0:
        size = min(left, options.lives_per_book)
        for postgres in engines if books == 0 else engines[:1]:
            check = Check(seed + books, size, options.days_one_by_one or books == 0, postgres)
            if options.stories:
                print("\n\n".join("life %d\n%s" % (l.number, l.story()) for l in check.lives))
                continue
            found = check.all_ways()
            for text in found:
                print(text)
            failures += found
        left, books = left - size, books + 1
    print("lives: %d books, seed %d, %.0f s; %d passed, %d failed" % (
        books, seed, time.time() - began, options.count - len(failures), len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
