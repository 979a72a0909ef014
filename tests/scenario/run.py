#!/usr/bin/env python3
"""Runs the scenarios: stories of cases that a lawyer can read, with the numbers the law gives.

    run.py [--oracle] [--show] [-j N] [FILE.scn ...]

Without --oracle each scenario is played through the program on a fresh SQLite book, and on
PostgreSQL too when KRAVBOK_TEST_PG names a throw-away server. With --oracle the stories are checked
against tests/oracle/engine.py instead; --show prints the numbers found beside the ones expected.
The language of the files is described in LANGUAGE.md.
"""

import argparse
import glob
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "oracle"))
import engine                                                          # noqa: E402
import kravbok_cli as cli                                              # noqa: E402

D = r"(\d{4}-\d\d-\d\d)"
AMOUNT = r"(\d+\.\d\d)"


class Wrong(Exception):
    """The scenario file itself cannot be read."""


def day(text):
    return date.fromisoformat(text)


# ---------------------------------------------------------------- two worlds, one way to speak to them

class Case:
    def __init__(self, name, fields):
        self.name, self.fields, self.no, self.kid = name, fields, None, None


class OracleWorld:
    """The story played in the oracle."""

    def __init__(self):
        self.world, self.payments = engine.World(), {}
        self.world.add_client(1, "no/own", True)

    def close(self):
        pass

    def client(self, no, process, vat):
        self.world.add_client(no, process, vat)

    def claim(self, case):
        f = dict(case.fields)
        debtor = f.pop("debtor")
        f["debtor"] = "" if debtor is None else debtor
        case.no = self.world.add_claim(**f)
        return case.no is not None

    def payment(self, transfers, today):
        for case, amount, settled, given, payer in transfers:
            on = min(given, settled) if given else settled
            f = self.world.add_fact("payment", case.no, on, today, amount=amount)
            self.payments[(case.name, amount)] = f
        self.last_count = len(transfers)
        return {"booked": len(transfers), "already": 0, "on_hold": 0, "refused": 0}

    def payment_again(self, today):
        return {"booked": 0, "already": self.last_count, "on_hold": 0, "refused": 0}

    def reversal(self, case, amount, today):
        paid = self.payments[(case.name, amount)]
        self.world.add_fact("reversal", case.no, today, today, amount=amount, of=paid.order)
        return {"on_hold": 1}

    def fact(self, kind, case, on, today, **more):
        state = self.world.state(case.no, on)
        if state["stage"] in ("closed", "withdrawn") and kind not in ("direct", "credit"):
            return False
        if kind == "legal":
            step, earliest = state["next"]
            demanded = [d for d, s in state["events"] if s == "demand"]
            if step != "decide_legal" or on < earliest:
                return False
            if on > engine.add_months(demanded[-1], 6):
                return False
        self.world.add_fact(kind, case.no, on, today, **more)
        return True

    def night(self, until):
        return self.world.night(until)

    def show(self, case, as_of, today, known_on):
        if as_of > today:
            return None
        s = self.world.state(case.no, as_of, known_on)
        out = {k: s[k] for k in ("stage", "principal", "interest", "costs", "balance", "refund",
                                 "paid")}
        out["next"] = s["next"] if s["next"][0] else None
        out["events"] = [(step, on) for on, step in s["events"]]
        out["wrong"] = None
        return out

    def verify(self, today):
        return None


class ProgramWorld:
    """The story played through the program."""

    def __init__(self, postgres=None):
        self.book, self.last_file, self.people, self.started = cli.Book(postgres), None, {}, False

    def close(self):
        self.book.close()

    def start(self, today):
        if not self.started:
            self.book.init(today)
            self.started = True

    def client(self, no, process, vat):
        self.start(None)
        self.book.client(no, process, vat)

    def debtor_id(self, fields):
        label = fields["debtor"]
        if label is None:
            return ""
        if label not in self.people:
            serial = len(self.people)
            if fields["kind"] == "business":
                self.people[label] = cli.organisation_number(serial)
            elif fields.get("born"):
                self.people[label] = cli.person_number(fields["born"], serial)
            else:
                self.people[label] = cli.person(serial)
        return self.people[label]

    def claim(self, case):
        f = case.fields
        self.start(f["received"])
        row = {"invoice_no": "INV-" + case.name, "issued_on": f["issued"], "due_on": f["due"],
               "amount": cli.kroner(f["amount"]), "debtor_id": self.debtor_id(f),
               "debtor_kind": "company" if f["kind"] == "business" else "person"}
        if f.get("paid"):
            row["paid"] = cli.kroner(f["paid"])
        if f.get("fees"):
            row["fees"] = cli.kroner(f["fees"])
        row.update(reminder_on=f.get("reminder"), notice_on=f.get("notice"),
                   notice_deadline=f.get("notice_deadline"))
        try:
            answer = self.book.claims(f["client"], [row], f["received"])
        except cli.Refused:
            return False
        if answer.get("accepted") != 1:
            return False
        for listed in self.book.cases(f["received"]):
            if row["invoice_no"] in listed["invoices"] and listed["client_no"] == f["client"]:
                case.no, case.kid = listed["case_no"], listed["kid"]
        if case.no is None:
            raise cli.Broken("case list does not know %s" % row["invoice_no"])
        return True

    def payment(self, transfers, today):
        rows = [cli.Transfer(c.kid, amount, settled, given,
                             cli.account_number("1605%06d" % (payer or 1)))
                for c, amount, settled, given, payer in transfers]
        answer, self.last_file = self.book.payments(rows, today)
        return answer

    def payment_again(self, today):
        return self.book.payment_file(self.last_file, today)

    def reversal(self, case, amount, today):
        payer = cli.account_number("1605%06d" % 1)
        answer, self.last_file = self.book.payments(
            [cli.Transfer(case.kid, amount, today, today, payer, kind=18)], today)
        # A card reversal waits for a person, who confirms it.
        for held in self.book.do("payment", "list", "--unmatched", today=today, want_json=True):
            self.book.do("payment", "assign", held["payment_id"], "--case", case.no, today=today)
        return answer

    def fact(self, kind, case, on, today, **m):
        words = {
            "object": ["object"], "defer": ["defer", "--until", m.get("until")],
            "resolve": ["resolve", "--outcome", m.get("outcome")],
            "plan": ["plan", "--parts", m.get("parts"), "--first", m.get("first")],
            "block": ["block", "--kind", m.get("block")], "unblock": ["unblock"],
            "close": ["close", "--reason", "as told"], "withdraw": ["withdraw"],
            "direct": ["pay-direct"], "credit": ["credit"],
            "legal": ["legal", "--step", m.get("step")], "demand": ["demand"],
            "surveil": ["surveil"],
        }[kind]
        words = ["case", words[0], case.no] + words[1:]
        if kind in ("direct", "credit"):
            words += ["--amount", cli.kroner(m["amount"])]
        if kind == "resolve" and m.get("amount"):
            words += ["--credit", cli.kroner(m["amount"])]
        if m.get("told"):
            words.append("--told")
        if m.get("review"):
            words += ["--review", m["review"]]
        try:
            self.book.do(*words, "--on", on.isoformat(), today=today)
        except cli.Refused:
            return False
        return True

    def night(self, until):
        try:
            self.book.night(until)
        except cli.Refused:
            return False
        return True

    def show(self, case, as_of, today, known_on):
        try:
            s = self.book.case(case.no, today, as_of, known_on)
        except cli.Refused:
            return None
        out = {k: s[k + "_minor"] for k in ("principal", "interest", "costs", "balance", "refund",
                                            "paid")}
        out["stage"], out["next"] = s["stage"], None
        if s.get("next") and s["next"].get("step"):
            out["next"] = (s["next"]["step"],
                           day(s["next"]["on"]) if s["next"].get("on") else None)
        out["events"] = [(e.get("step"), day(e["on"])) for e in s["events"]]
        out["wrong"] = cli.sums_wrong(s)
        return out

    def verify(self, today):
        return self.book.verify(today)


# ---------------------------------------------------------------- the language

class Story:
    """Reads one scenario and plays it in a world; collects failures as text."""

    def __init__(self, path, world, show=False):
        self.path, self.world, self.show = path, world, show
        self.cases, self.failures, self.line, self.clock = {}, [], 0, None
        self.shown, self.checks = [], 0

    def fail(self, text):
        self.failures.append("%s:%d: %s" % (os.path.relpath(self.path), self.line, text))

    def play(self):
        with open(self.path, encoding="utf-8") as f:
            lines = f.read().split("\n")
        try:
            for self.line, raw in enumerate(lines, 1):
                text = re.sub(r"(^|\s+)#.*$", "", raw).strip()
                self.arithmetic(raw.partition("#")[2])
                if text:
                    self.statement(text)
            if self.clock:
                said = self.world.verify(self.clock)
                if said:
                    self.fail("expected verify to be silent, got %s" % said)
            if not self.checks:
                raise Wrong("nothing is checked")
        except (cli.Refused, cli.Broken) as problem:
            self.fail("expected the command to work, got %s" % problem)
        except (Wrong, ValueError, KeyError) as problem:
            self.fail("cannot read or play this: %r" % problem)
        return self.failures

    def at(self, when):
        self.clock = max(self.clock or when, when)
        return self.clock

    def statement(self, text):
        for pattern, method in STATEMENTS:
            m = re.fullmatch(pattern, text)
            if m:
                return method(self, *m.groups())
        raise Wrong("unknown statement: " + text)

    def case_named(self, name):
        if name not in self.cases:
            raise Wrong("no claim " + name)
        return self.cases[name]

    def arithmetic(self, comment):
        """`# expression = 1.23` in a comment is worked out too (exact, rounded half up)."""
        for m in re.finditer(r"(?<![\w.])([\d.(][\d.+*/() -]*[\d)]) = (\d+\.\d\d)(?!\d)", comment):
            if not re.search(r"[+*/-]", m[1]) or m[1].count("(") != m[1].count(")"):
                continue
            exact = eval(re.sub(r"\d+(?:\.\d+)?", r"Fraction('\g<0>')", m[1]), {"Fraction": Fraction})
            if engine.half_up((exact * 100).numerator, (exact * 100).denominator) != cli.minor(m[2]):
                self.fail("%s is %.4f, not %s" % (m[1], float(exact), m[2]))

    # -- what is
    def nothing(self, *_):
        pass

    def add_client(self, no, process, vat, _member):
        self.world.client(int(no), process, vat == "deducts VAT")

    def add_claim(self, name, amount, issued, due, rest):
        fields = {"client": 2, "amount": cli.minor(amount), "issued": day(issued), "due": day(due),
                  "kind": "consumer", "debtor": name, "received": None}
        rejected = False
        for part in [p.strip() for p in rest.split(",") if p.strip()]:
            word, _, value = part.partition(" ")
            if part in ("consumer", "business"):
                fields["kind"] = part
            elif part == "without id":
                fields["debtor"] = None
            elif part == "rejected":
                rejected = True
            elif word in ("debtor",):
                fields["debtor"] = "debtor " + value
            elif word == "client":
                fields["client"] = int(value)
            elif word in ("received", "born", "reminder"):
                fields[word] = day(value)
            elif word == "notice":
                m = re.fullmatch(D + " deadline " + D, value)
                fields["notice"], fields["notice_deadline"] = day(m[1]), day(m[2])
            elif word in ("fees", "paid"):
                fields[word] = cli.minor(value)
            else:
                raise Wrong("unknown part of a claim: " + part)
        self.at(fields["received"])
        case = Case(name, fields)
        accepted = self.world.claim(case)
        if rejected:
            self.checks += 1
        if accepted == rejected:
            self.fail("expected the claim to be %s" % ("rejected" if rejected else "accepted"))
        if accepted:
            self.cases[name] = case

    # -- what happens
    def action(self, when, text):
        if self.clock and day(when) < self.clock:
            raise Wrong("it is %s already; say what it counts from with `from`" % self.clock)
        today = self.at(day(when))
        refused = text.endswith(", refused")
        text = re.sub(r", refused$", "", text)
        if text.startswith("payment "):
            return self.payment(text, today)
        m = re.fullmatch(r"reversal (\w+) " + AMOUNT, text)
        if m:
            answer = self.world.reversal(self.case_named(m[1]), cli.minor(m[2]), today)
            return self.counts(answer, "on_hold", 1)
        if text == "the same payment file again":
            return self.counts(self.world.payment_again(today), "already", self.last_count)
        m = re.search(r" (?:from|counting) " + D + "$", text)
        on = today
        if m:
            on, text = day(m[1]), text[:m.start()]
        for pattern, build in ACTIONS:
            m = re.fullmatch(pattern, text)
            if m:
                kind, more = build(*m.groups()[1:])
                worked = self.world.fact(kind, self.case_named(m[1]), on, today, **more)
                if refused:
                    self.checks += 1
                if worked == refused:
                    self.fail("expected this to be %s" % ("refused" if refused else "accepted"))
                return None
        raise Wrong("unknown action: " + text)

    def payment(self, text, today):
        transfers, want = [], "booked"
        m = re.search(r", (on_hold|refused|already)$", text)
        if m:
            want, text = m[1], text[:m.start()]
        for part in text.split(" + "):
            m = re.fullmatch(r"payment (\w+) " + AMOUNT + "(?: given " + D + ")?(?: settled " + D
                             + ")?( without given)?(?: from payer (\\d+))?", part)
            if not m:
                raise Wrong("unknown payment: " + part)
            settled = day(m[4]) if m[4] else day(m[3]) if m[3] else today
            given = None if m[5] else day(m[3]) if m[3] else settled
            transfers.append((self.case_named(m[1]), cli.minor(m[2]), settled, given,
                              int(m[6]) if m[6] else None))
        self.last_count = len(transfers)
        self.counts(self.world.payment(transfers, today), want, len(transfers))

    def counts(self, answer, want, count):
        self.checks += want != "booked"
        if isinstance(answer, list):
            answer = answer[0]
        if answer.get(want) != count:
            self.fail("expected %d %s, got %s" % (count, want, answer))

    def night(self, until, refused):
        if not refused:
            self.at(day(until))
        worked = self.world.night(day(until))
        if worked == bool(refused):
            self.fail("expected the night to be %s" % ("refused" if refused else "done"))

    # -- what is seen
    def look(self, name, when, known, text):
        today = self.at(day(when))
        got = self.world.show(self.case_named(name), day(when), today, day(known) if known else None)
        self.checks += 1
        if got is None:
            return self.fail("expected case %s to be shown, got a refusal" % name)
        self.shown.append((self.line, name, when, got))
        if got["wrong"]:
            self.fail("case %s on %s: %s" % (name, when, got["wrong"]))
        for part in [p.strip() for p in text.split(",")]:
            self.expect(name, when, got, part)

    def expect(self, name, when, got, part):
        key, _, want = part.partition(" ")
        if key == "stage":
            if got["stage"] not in want.split("|"):
                self.fail("case %s on %s: expected stage %s, got %s" % (name, when, want,
                                                                        got["stage"]))
        elif key == "next":
            self.expect_next(name, when, got["next"], want)
        elif key in ("principal", "interest", "costs", "balance", "refund", "paid"):
            if got[key] != cli.minor(want):
                self.fail("case %s on %s: expected %s %s, got %s" % (name, when, key, want,
                                                                     cli.kroner(got[key])))
        else:
            raise Wrong("unknown expectation: " + part)

    def expect_next(self, name, when, got, want):
        if want == "some":
            good = got is not None
        elif want == "none":
            good = got is None
        else:
            step, _, on = want.partition(" ")
            good = got is not None and (step in (got[0], "*")) and (not on or got[1] == day(on))
        if not good:
            told = "none" if got is None else "%s %s" % got
            self.fail("case %s on %s: expected next %s, got %s" % (name, when, want, told))

    def events(self, name, when, known, verb, text):
        today = self.at(day(when))
        got = self.world.show(self.case_named(name), day(when), today, day(known) if known else None)
        self.checks += 1
        if got is None:
            return self.fail("expected case %s to be shown, got a refusal" % name)
        steps = [e for e in got["events"] if e[0] in cli.PROCESS_STEPS]
        told = ", ".join("%s %s" % e for e in steps) or "none"
        self.shown.append((self.line, name, when, {"events": told}))
        wanted = [] if text == "none" else [w.strip().split(" ") for w in text.split(",")]
        if verb == "has":
            for step, on in wanted:
                if not any(e[0] in step.split("|") and e[1] == day(on) for e in got["events"]):
                    self.fail("case %s: expected event %s %s, got %s" % (
                        name, step, on, ", ".join("%s %s" % e for e in got["events"])))
        elif verb == "lacks":
            for (step,) in wanted:
                if any(e[0] in step.split("|") for e in got["events"]):
                    self.fail("case %s: expected no event %s, got %s" % (name, step, told))
        elif [(s, day(o)) for s, o in wanted] != steps:
            self.fail("case %s: expected events %s, got %s" % (name, text, told))

    def too_early(self, name, when, today):
        """A day that has not come is refused: that is a preview's work."""
        self.checks += 1
        if self.world.show(self.case_named(name), day(when), day(today), None) is not None:
            self.fail("expected a refusal to show %s, as seen on %s" % (when, today))

    def same_debt(self, one, other, when):
        """Two cases owe the same, whatever the amount."""
        today = self.at(day(when))
        a, b = (self.world.show(self.case_named(n), day(when), today, None) for n in (one, other))
        self.checks += 1
        for key in ("stage", "principal", "interest", "costs", "balance", "refund"):
            if a[key] != b[key]:
                self.fail("%s of %s is %s, of %s %s" % (key, one, a[key], other, b[key]))


STATEMENTS = [
    (r"title: (.*)", Story.nothing),
    (r"law: (.*)", Story.nothing),
    (r"note: (.*)", Story.nothing),
    (r"client (\d+) (no/\w+), (deducts VAT|no VAT deduction)(, member)?", Story.add_client),
    (r"claim (\w+) " + AMOUNT + " issued " + D + " due " + D + ",(.*)", Story.add_claim),
    (r"on " + D + ": (.*)", Story.action),
    (r"night until " + D + "(, refused)?", Story.night),
    (r"case (\w+) on " + D + "(?:,? known on " + D + ")?: (.*)", Story.look),
    (r"events of (\w+) on " + D + "(?:,? known on " + D + ")?(?: (has|lacks))?: (.*)", Story.events),
    (r"case (\w+) on " + D + " cannot be shown on " + D, Story.too_early),
    (r"cases (\w+) and (\w+) are alike on " + D, Story.same_debt),
]

ACTIONS = [
    (r"direct payment (\w+) " + AMOUNT, lambda a: ("direct", {"amount": cli.minor(a)})),
    (r"objection (\w+)", lambda: ("object", {})),
    (r"resolve (\w+) (upheld|rejected)", lambda o: ("resolve", {"outcome": o})),
    (r"resolve (\w+) (part), credit " + AMOUNT,
     lambda o, a: ("resolve", {"outcome": o, "amount": cli.minor(a)})),
    (r"defer (\w+) until " + D, lambda u: ("defer", {"until": day(u)})),
    (r"plan (\w+) in (\d+) parts first " + D + "( told)?",
     lambda n, f, t: ("plan", {"parts": int(n), "first": day(f), "told": bool(t)})),
    (r"block (\w+) (\w+)", lambda k: ("block", {"block": k})),
    (r"unblock (\w+)", lambda: ("unblock", {})),
    (r"close (\w+)", lambda: ("close", {})),
    (r"withdraw (\w+)", lambda: ("withdraw", {})),
    (r"credit note (\w+) " + AMOUNT, lambda a: ("credit", {"amount": cli.minor(a)})),
    (r"legal (\w+) (\w+)", lambda s: ("legal", {"step": s})),
    (r"new demand (\w+)", lambda: ("demand", {})),
    (r"surveil (\w+)(?: review " + D + ")?",
     lambda r: ("surveil", {"review": day(r) if r else None})),
]


# ---------------------------------------------------------------- all of them

def play(job):
    """One scenario in one world, in a process of its own; returns (name, failures, shown)."""
    path, world, show = job
    name = {"oracle": "oracle", None: "sqlite"}.get(world, "postgresql")
    try:
        made = OracleWorld() if world == "oracle" else ProgramWorld(world)
    except Exception as problem:                       # no server, no program
        return name, ["%s:1: cannot begin: %s" % (os.path.relpath(path), problem)], []
    try:
        story = Story(path, made, show)
        failures = story.play()
    except Exception as problem:                       # a mistake of ours must not hide the rest
        failures = ["%s:%d: %r" % (os.path.relpath(path), story.line, problem)]
    finally:
        made.close()
    return name, failures, story.shown


def describe(got):
    if set(got) == {"events"}:
        return "events " + got["events"]
    parts = ["stage " + got["stage"]]
    parts += ["%s %s" % (k, cli.kroner(got[k])) for k in ("principal", "interest", "costs",
                                                         "balance", "refund", "paid")]
    parts.append("next " + ("none" if not got["next"] else "%s %s" % got["next"]))
    return ", ".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--oracle", action="store_true", help="check the stories against the oracle")
    parser.add_argument("--show", action="store_true", help="print what was found")
    parser.add_argument("-j", type=int, default=2, help="processes (2)")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    files = options.files or sorted(glob.glob(os.path.join(HERE, "*.scn")))
    worlds = ["oracle"] if options.oracle else [None]
    if not options.oracle:
        if not os.access(cli.program(), os.X_OK):
            print("%s: no program there" % cli.program())
            return 1
        if os.environ.get("KRAVBOK_TEST_PG"):
            worlds.append(os.environ["KRAVBOK_TEST_PG"])
        else:
            print("SKIP: PostgreSQL (KRAVBOK_TEST_PG is not set)")
    jobs = [(os.path.abspath(f), w, options.show) for w in worlds for f in files]
    passed = failed = 0
    with ProcessPoolExecutor(max_workers=max(1, options.j)) as pool:
        for (path, _, _), (world, failures, shown) in zip(jobs, pool.map(play, jobs)):
            if options.show:
                print("== %s (%s)" % (os.path.basename(path), world))
                for line, name, when, got in shown:
                    print("   %d: case %s on %s: %s" % (line, name, when, describe(got)))
            for failure in failures:
                print("%s [%s]" % (failure, world))
            passed, failed = passed + (not failures), failed + bool(failures)
    print("scenarios: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
