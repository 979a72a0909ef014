"""The oracle: a second engine, written from the rules alone.

It answers one question: given the facts of some claims (what was received, paid, objected, agreed)
and the last night that was lived through, what does each case look like at the end of any day?

It is written to be read beside the rules, not to be fast. Everything is whole numbers (ore) or
fractions; each day is played from the beginning, every time. It shares no line with the program.

Order within a day: interest of the day, facts with that date, payments, then steps.
"""

import calendar
from datetime import date, timedelta

# ---------------------------------------------------------------- law

# forsinkelsesrenteloven § 3: basis points a year, from each half-year.
INTEREST = [
    (date(2017, 1, 1), 850), (date(2019, 1, 1), 875), (date(2019, 7, 1), 925),
    (date(2020, 1, 1), 950), (date(2020, 7, 1), 800), (date(2022, 1, 1), 850),
    (date(2022, 7, 1), 925), (date(2023, 1, 1), 1075), (date(2023, 7, 1), 1175),
    (date(2024, 1, 1), 1250), (date(2025, 7, 1), 1225), (date(2026, 1, 1), 1200),
    (date(2026, 7, 1), 1225),
]
HORIZON = date(2026, 12, 31)          # the last half-year whose interest is known

# inkassosats, in ore
SATS = [(date(2016, 1, 1), 67000), (date(2017, 1, 1), 70000), (date(2026, 1, 1), 75000)]

# inkassoforskriften § 1-2: letter fee and the creditor's own demand, claims due after 2020-09-30
FEE_NEW = [(date(2020, 10, 1), 3500), (date(2026, 1, 1), 3800)]
OWN_DEMAND_NEW = [(date(2020, 10, 1), 10500), (date(2026, 1, 1), 11300)]

# forsinkelsesrenteloven § 3a
COMPENSATION = [
    (date(2017, 7, 1), 37000), (date(2018, 1, 1), 38000), (date(2019, 7, 1), 39000),
    (date(2020, 1, 1), 40000), (date(2020, 7, 1), 43000), (date(2021, 7, 1), 40000),
    (date(2022, 1, 1), 39000), (date(2022, 7, 1), 40000), (date(2023, 1, 1), 41000),
    (date(2023, 7, 1), 46000), (date(2024, 1, 1), 47000), (date(2024, 7, 1), 46000),
    (date(2025, 1, 1), 47000), (date(2025, 7, 1), 46000), (date(2026, 7, 1), 43000),
]

# inkassoforskriften §§ 2-2, 2-3: (principal up to, light in hundredths of the sats); heavy is twice
SCALE_NEW = [(50000, 25), (100000, 35), (250000, 40), (1000000, 80), (5000000, 160),
             (25000000, 360), (None, 720)]
SCALE_OLD = [(250000, 50), (1000000, 100), (5000000, 200), (25000000, 400), (None, 800)]
OLD_SCALE_UNTIL = date(2020, 9, 30)

# rettsgebyr in ore, and multiples in hundredths
COURT = [(date(2024, 1, 1), 127700), (date(2025, 1, 1), 131400), (date(2026, 1, 1), 134500)]
COURT_MULTIPLE = {
    "attachment_petition": [(date(2022, 1, 1), 121), (date(2026, 1, 1), 69)],
    "conciliation_complaint": [(date(2022, 1, 1), 110), (date(2025, 1, 1), 154)],
}
DRAFTING = [(date(2026, 1, 1), 50)]

LEAST_PRINCIPAL = 10000
WAIVE_UNDER = 5000
JOIN_DAYS = 28
DEADLINE = 14
HEAVY_AFTER = 29                       # days after the demand's deadline
GRACE = {"no/minimum": 0, "no/standard": 3, "no/own": 3}


def in_force(series, day):
    """The value in force on a day."""
    value = None
    for start, amount in series:
        if start <= day:
            value = amount
    if value is None:
        raise ValueError("no law for %s" % day)
    return value


def half_up(numerator, denominator):
    """Round a non-negative fraction to a whole number, half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def easter(year):
    """Easter Sunday, Gregorian."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    j, k = c // 4, c % 4
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * j - k - h + m + 32) % 7
    n = (h - m + r + 90) // 25
    p = (h - m + r + n + 19) % 32
    return date(year, n, p)


def banking_day(day):
    """Monday to Friday and not a Norwegian public holiday."""
    if day.weekday() >= 5:
        return False
    if (day.month, day.day) in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)):
        return False
    return (day - easter(day.year)).days not in (-3, -2, 1, 39, 50)


def next_banking_day(day):
    while not banking_day(day):
        day += timedelta(1)
    return day


def add_months(day, count):
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def salaer(principal, old_scale, business, vat, sats, heavy):
    """The debtor's salaer in ore: bracket x sats, x 1.5, x 1.25, rounded once."""
    for bound, hundredths in SCALE_OLD if old_scale else SCALE_NEW:
        if bound is None or principal <= bound:
            break
    numerator, denominator = hundredths * sats * (2 if heavy else 1), 100
    if business:
        numerator, denominator = numerator * 3, denominator * 2
    if vat:
        numerator, denominator = numerator * 5, denominator * 4
    return half_up(numerator, denominator)


def plan_fee(vat, sats):
    numerator, denominator = 3 * sats, 2
    if vat:
        numerator, denominator = numerator * 5, denominator * 4
    return half_up(numerator, denominator)


def court_fee(step, day):
    """Court and drafting fee, each cut to whole kroner."""
    unit = in_force(COURT, day)
    total = 0
    for multiple in (in_force(COURT_MULTIPLE[step], day), in_force(DRAFTING, day)):
        total += unit * multiple // 10000 * 100
    return total


# ---------------------------------------------------------------- facts

class Client:
    def __init__(self, no, process, deducts_vat):
        self.no, self.process, self.deducts_vat = no, process, deducts_vat


class ClaimFact:
    """A claim as the client sent it. reminder/notice: letters the client has itself sent."""

    def __init__(self, case, client, amount, issued, due, received, kind="consumer", debtor="",
                 born=None, paid=0, reminder=None, notice=None, notice_deadline=None, fees=0):
        self.case, self.client, self.amount = case, client, amount
        self.issued, self.due, self.received = issued, due, received
        self.business, self.debtor, self.born = kind == "business", debtor, born
        self.paid, self.reminder, self.notice = paid, reminder, notice
        self.notice_deadline, self.fees = notice_deadline, fees


class Fact:
    """Something that happened: kind, case, the day it counts from, the day it was booked."""

    def __init__(self, kind, case, on, booked, order, **more):
        self.kind, self.case, self.on, self.booked, self.order = kind, case, on, booked, order
        self.amount = self.outcome = self.until = self.parts = self.first = None
        self.told, self.step, self.review, self.block = False, None, None, None
        self.of = None
        self.__dict__.update(more)


# ---------------------------------------------------------------- one claim inside a case

class Claim:
    def __init__(self, fact):
        self.fact = fact
        self.principal = fact.amount
        self.sum_of_days = 0           # principal x basis points, summed over days
        self.interest_covered = 0

    def interest(self):
        return half_up(self.sum_of_days, 365 * 10000)

    def interest_left(self):
        return self.interest() - self.interest_covered


class Letter:
    def __init__(self, step, on, deadline):
        self.step, self.on, self.deadline, self.printed = step, on, deadline, None


class Case:
    def __init__(self, fact, client):
        self.no, self.fact, self.client = fact.case, fact, client
        self.grace = GRACE[client.process]
        self.own = client.process == "no/own"
        self.vat = not client.deducts_vat
        self.business = fact.business
        self.old_scale = fact.due <= OLD_SCALE_UNTIL
        self.claims = [Claim(fact)]
        self.original = fact.amount
        self.fees, self.salaer, self.own_demand = 0, 0, 0
        self.compensation, self.plan_fee, self.legal = 0, 0, 0
        self.costs_covered = 0
        self.paid, self.refund = 0, 0
        self.payments = []             # (day, amount) net, for letters and crumbs
        self.allocations = {}          # payment fact order -> parts
        self.last, self.events, self.letters = None, [], []
        self.fee_letters = 0
        self.deadline = None           # of the last letter that counts
        self.demands = []              # days
        self.bracket = 0
        self.closed_as, self.joined_to = None, None
        self.manual = None             # legal, surveillance
        self.review_on = None
        self.pauses, self.pause = [], None    # [from, to, kind]; the running one
        self.instalments = []
        self.blocked = None
        self.plain = []                # days of a residual's plain reminders
        self.fees_fall = False
        if fact.reminder:
            self.last, self.deadline = "reminder", fact.reminder + timedelta(DEADLINE)
        if fact.notice:
            self.last, self.deadline = "notice", fact.notice_deadline
        self.fees += fact.fees
        if fact.fees:
            one = letter_fee(self, fact.reminder or fact.notice or fact.received)
            self.fee_letters = 2 if fact.fees > one else 1

    # -- amounts
    def principal(self):
        return sum(c.principal for c in self.claims)

    def interest(self):
        return sum(c.interest_left() for c in self.claims)

    def costs_charged(self):
        return (max(self.compensation, self.fees + self.salaer + self.own_demand)
                + self.plan_fee + self.legal)

    def costs(self):
        return self.costs_charged() - self.costs_covered

    def balance(self):
        return self.principal() + self.interest() + self.costs()

    # -- state
    def open(self):
        return self.closed_as is None

    def paid_in_all(self):
        return sum(amount for _, amount in self.payments)

    def residual(self):
        left = self.principal()
        return left < LEAST_PRINCIPAL and 2 * left < self.original

    def still(self):
        return self.pause is not None or self.blocked is not None

    def stage(self):
        if self.closed_as:
            return "withdrawn" if self.closed_as == "withdrawn" else "closed"
        if self.blocked:
            return "blocked"
        if self.pause:
            return self.pause[2]
        if self.residual():
            return "residual"
        return self.manual or self.last or "registered"

    # -- waits
    def shifted(self, base, raw):
        """raw moved by the pauses that began after base; never before the day after a pause."""
        for start, end, _ in self.pauses:
            if base is None or start >= base:
                raw += end - start
        for _, end, _ in self.pauses:
            raw = max(raw, end + timedelta(1))
        return max(raw, self.fact.received)

    def following(self):
        """(step, earliest day, is a sending) of what comes next by time, or None."""
        after = timedelta(1 + self.grace)
        sent = self.events[-1][0] if self.events else None
        if self.last is None:
            return "reminder", self.shifted(None, self.fact.due + timedelta(14)), True
        if self.last == "reminder":
            return "notice", self.shifted(sent, self.deadline + after), True
        if self.last == "notice":
            return "demand", self.shifted(sent, self.deadline + after), True
        if self.last == "demand" and self.own:
            return "enforcement_notice", self.shifted(sent, self.deadline + after), True
        if self.last == "demand":
            days = timedelta(DEADLINE + HEAVY_AFTER + self.grace)
            return "heavy", self.shifted(sent, self.demands[-1] + days), False
        if self.last == "heavy":
            return "enforcement_notice", self.shifted(sent, sent), True
        return "decide_legal", self.shifted(sent, self.deadline + after), False

    # -- money
    def cover(self, amount, principal_first):
        """Lay an amount on the case; returns the parts and what is left over."""
        parts = {"costs": 0, "interest": [], "principal": []}
        by_age = sorted(self.claims, key=lambda c: (c.fact.due, c.fact.case))

        def on_costs(left):
            part = min(left, max(self.costs(), 0))
            self.costs_covered += part
            parts["costs"] += part
            return left - part

        def on_interest(left):
            for c in by_age:
                part = min(left, max(c.interest_left(), 0))
                c.interest_covered += part
                parts["interest"].append((c, part))
                left -= part
            return left

        def on_principal(left):
            for c in by_age:
                part = min(left, c.principal)
                c.principal -= part
                parts["principal"].append((c, part))
                left -= part
            return left

        order = [on_costs, on_interest, on_principal]
        if principal_first:
            order = [on_principal, on_costs, on_interest]
        for lay in order:
            amount = lay(amount)
        return parts, amount

    def waive_rest(self):
        self.cover(self.balance(), False)

    def close(self, reason):
        self.closed_as = reason
        self.pause = None


def letter_fee(case, day):
    if case.old_scale:
        return in_force(SATS, day) // 10
    return in_force(FEE_NEW, day)


# ---------------------------------------------------------------- the replay

class World:
    """Facts and nights. state() replays everything and looks at one day."""

    def __init__(self):
        self.clients, self.claims, self.facts = {}, [], []
        self.nights = []               # days up to which nights have been lived, in order
        self.cache = {}

    def add_client(self, no, process="no/standard", deducts_vat=True):
        self.clients[no] = Client(no, process, deducts_vat)

    def add_claim(self, **fields):
        """Returns the case number, or None when the claim is rejected at intake."""
        fact = ClaimFact(len(self.claims) + 1, **fields)
        if fact.received > limitation(fact.due) or fact.issued > fact.received:
            return None
        self.claims.append(fact)
        self.cache.clear()
        return fact.case

    def add_fact(self, kind, case, on, booked, **more):
        self.facts.append(Fact(kind, case, on, booked, len(self.facts), **more))
        self.cache.clear()
        return self.facts[-1]

    def night(self, until):
        """Returns False when the law does not reach so far (the days before are lived)."""
        self.nights.append(min(until, HORIZON))
        self.cache.clear()
        return until <= HORIZON

    def state(self, case, as_of, known_on=None):
        return self.days(as_of, known_on)[as_of][case]

    def days(self, until, known_on=None):
        key = known_on
        if key in self.cache and until in self.cache[key]:
            return self.cache[key]
        claims, facts, night = self.claims, self.facts, max(self.nights, default=None)
        if known_on:
            claims = [c for c in claims if c.received <= known_on]
            facts = [f for f in facts if f.booked <= known_on]
            night = min(night, known_on) if night else None
        fallen = set()
        while True:
            replay = Replay(self.clients, claims, facts, night, fallen)
            result = replay.run(until)
            if replay.fallen == fallen:
                self.cache[key] = result
                return result
            fallen = set(replay.fallen)


def limitation(due):
    """The last day before a claim is time-barred: three years, weekend or holiday to the next day."""
    return next_banking_day(add_months(due, 36))


def is_minor(fact):
    return fact.born is not None and add_months(fact.born, 18 * 12) > fact.issued


class Replay:
    def __init__(self, clients, claims, facts, night, fallen):
        self.clients, self.claim_facts, self.night = clients, claims, night
        self.facts = sorted(facts, key=lambda f: f.order)
        self.fallen = set(fallen)      # cases whose letter fees fall: a good objection came in time
        self.cases = {f.case: Case(f, clients[f.client]) for f in claims}
        for no in fallen:
            if no in self.cases:
                self.cases[no].fees_fall = True
                self.cases[no].fees = 0
        self.upheld = {f.case for f in facts if f.kind == "resolve" and f.outcome == "upheld"}

    def run(self, until):
        starts = [f.due for f in self.claim_facts] + [f.received for f in self.claim_facts]
        starts += [f.on for f in self.facts]
        day = min(starts + [until])
        snapshots = {}
        self.lay_credits()
        while day <= until:
            self.day(day)
            snapshots[day] = {no: self.picture(c, day) for no, c in self.cases.items()}
            day += timedelta(1)
        return snapshots

    def lay_credits(self):
        """A credit note counts from its claim's due date; so does what an objection credits."""
        for f in self.facts:
            if f.case not in self.cases:
                continue
            case = self.cases[f.case]
            amount = 0
            if f.kind == "credit" or (f.kind == "resolve" and f.outcome == "part"):
                amount = f.amount or 0
            if f.kind == "resolve" and f.outcome == "upheld":
                amount = case.claims[0].principal
                case.fees = 0
            amount = min(amount, case.claims[0].principal)
            case.claims[0].principal -= amount
            case.original -= amount
        for f in self.claim_facts:
            if f.paid:
                case = self.cases[f.case]
                case.claims[0].principal -= f.paid
                case.original -= f.paid

    def carrier(self, no):
        case = self.cases[no]
        while case.joined_to:
            case = case.joined_to
        return case

    def day(self, day):
        for case in self.cases.values():
            self.interest_of(case, day)
        for f in self.facts:
            if f.on == day and f.kind not in ("payment", "direct", "reversal"):
                self.fact(f, day)
        for case in self.cases.values():
            self.plan_check(case, day)
        paid = set()
        for f in self.facts:
            if f.on == day and f.kind in ("direct", "payment", "reversal"):
                case = self.carrier(f.case)
                self.payment(case, f, day)
                paid.add(case.no)
        for no in sorted(paid):
            self.after_payments(self.cases[no], day)
        for case in self.cases.values():
            if case.open() and case.balance() == 0 and day >= case.fact.received:
                case.close("paid")
        if self.night and day <= self.night:
            for no in sorted(self.cases):
                self.steps(self.cases[no], day)
        for case in self.cases.values():
            for letter in case.letters:
                if letter.on == day:
                    letter.printed = case.balance()

    def interest_of(self, case, day):
        for c in case.claims:
            if day > c.fact.due:
                c.sum_of_days += c.principal * in_force(INTEREST, day)
        for c in case.claims:
            if case.open() and case.business and day == c.fact.due + timedelta(1) and c.principal:
                case.compensation += in_force(COMPENSATION, c.fact.due)
        if case.open() and not case.blocked and case.fact.received <= day:
            if is_minor(case.fact):
                case.blocked = "minor"
            elif day > min(limitation(c.fact.due) for c in case.claims) and not case.manual:
                case.blocked = "time_barred"

    # -- facts
    def fact(self, f, day):
        case = self.carrier(f.case)
        if not case.open():
            return
        if f.kind == "object" and not case.pause:
            case.pause = [day, None, "disputed"]
            upheld = [r for r in self.facts if r.kind == "resolve" and r.case == f.case
                      and r.on >= day and r.outcome in ("upheld", "part")]
            if upheld and not case.demands:
                self.fallen.add(case.no)
        elif f.kind == "resolve" and case.pause and case.pause[2] == "disputed":
            self.end_pause(case, day)
        elif f.kind == "defer" and not case.pause:
            case.pause = [day, None, "deferred"]
            case.pause_until = f.until
        elif f.kind == "plan" and not case.pause:
            if f.parts > 4 and f.told and not case.residual():
                case.plan_fee += plan_fee(case.vat, in_force(SATS, day))
            case.pause = [day, None, "plan"]
            total, case.instalments = case.balance(), []
            for k in range(f.parts):
                part = total * (k + 1) // f.parts
                case.instalments.append((add_months(f.first, k), part))
        elif f.kind == "block":
            case.blocked = f.block
            case.blocked_on = day
        elif f.kind == "unblock" and case.blocked:
            case.blocked = None
            case.pauses.append([case.blocked_on, day, "blocked"])
        elif f.kind == "close":
            case.close("by hand")
        elif f.kind == "withdraw":
            case.close("withdrawn")
        elif f.kind == "legal":
            case.manual = "legal"
            case.legal += court_fee(f.step, day)
        elif f.kind == "surveil":
            case.manual, case.review_on = "surveillance", f.review or add_months(day, 12)
        elif f.kind == "demand":
            case.letters.append(Letter("demand", day, day + timedelta(DEADLINE)))
            case.events.append((day, "demand"))
            case.new_demand = day
            case.deadline = day + timedelta(DEADLINE)

    def end_pause(self, case, day):
        case.pause[1] = day
        case.pauses.append(case.pause)
        case.pause = None

    def plan_check(self, case, day):
        """Ends a deferral on its day; a plan when an instalment is missed or the last is checked."""
        if not case.pause:
            return
        if case.pause[2] == "deferred" and day >= case.pause_until:
            self.end_pause(case, case.pause_until)
            return
        if case.pause[2] != "plan":
            return
        start = case.pause[0]
        for k, (due, total) in enumerate(case.instalments):
            last = due + timedelta(case.grace)
            if day != last + timedelta(1):
                continue
            got = sum(a for d, a in case.payments if start <= d <= last)
            if got < total or k == len(case.instalments) - 1:
                self.end_pause(case, last)
                return

    # -- payments
    def payment(self, case, f, day):
        if f.kind == "reversal":
            self.reverse(case, f, day)
            return
        first = f.kind == "direct" or not case.letters
        if case.fact.reminder or case.fact.notice:
            first = f.kind == "direct"
        case.paid += f.amount
        case.payments.append((day, f.amount))
        parts, left = case.cover(f.amount, first)
        case.refund += left
        case.allocations[f.order] = (parts, left)

    def reverse(self, case, f, day):
        parts, left = case.allocations[f.of]
        amount = parts["costs"] + left
        case.costs_covered -= parts["costs"]
        case.refund -= left
        for c, part in parts["interest"]:
            c.interest_covered -= part
            amount += part
        for c, part in parts["principal"]:
            c.principal += part
            amount += part
        case.paid -= amount
        case.payments.append((day, -amount))
        if case.closed_as == "paid" and case.balance() > 0:
            case.closed_as = None

    def after_payments(self, case, day):
        if not case.open() or case.balance() <= 0:
            return
        for letter in case.letters:
            if letter.on < day <= letter.deadline:
                got = sum(a for d, a in case.payments if letter.on < d)
                if got >= letter.printed:
                    case.waive_rest()
                    case.close("paid")
                    return
        if case.paid_in_all() >= case.original and case.balance() < WAIVE_UNDER:
            case.waive_rest()
            case.close("paid")

    # -- steps
    def steps(self, case, day):
        while case.open() and day >= case.fact.received and not case.still():
            if case.manual:
                return
            if case.residual():
                self.plain_reminder(case, day)
                return
            step, earliest, sending = case.following()
            if step == "decide_legal" or day < earliest or (sending and not banking_day(day)):
                return
            self.take(case, step, day)

    def take(self, case, step, day):
        if step == "reminder" or step == "notice":
            if not case.fees_fall and case.no not in self.upheld and case.fee_letters < 2:
                case.fees += letter_fee(case, day)
                case.fee_letters += 1
            self.send(case, step, day)
        elif step == "demand":
            self.demand(case, day)
        elif step == "heavy":
            case.salaer = salaer(case.bracket, case.old_scale, case.business, case.vat,
                                 in_force(SATS, day), True)
            case.events.append((day, "heavy"))
            case.last = "heavy"
        else:
            self.send(case, step, day)

    def send(self, case, step, day):
        case.events.append((day, step))
        case.last = step
        case.deadline = day + timedelta(DEADLINE)
        case.letters.append(Letter(step, day, case.deadline))

    def alike(self, case, day):
        """Open cases of the same creditor against the same debtor on the same scale."""
        if not case.fact.debtor or case.own:
            return []
        return [c for no, c in sorted(self.cases.items())
                if c is not case and c.open() and not c.still() and not c.residual()
                and not c.manual and c.fact.received <= day
                and c.fact.client == case.fact.client
                and c.fact.debtor == case.fact.debtor and c.old_scale == case.old_scale]

    def demand(self, case, day):
        if case.own:
            case.own_demand = in_force(OWN_DEMAND_NEW, day)
            self.send(case, "demand", day)
            case.demands.append(day)
            return
        others = self.alike(case, day)
        for c in others:
            if c.last == "demand" and (day - c.demands[0]).days < JOIN_DAYS:
                summed = c.bracket + case.principal()
                self.join(c, case)
                c.bracket = summed
                self.send(c, "demand", day)
                c.demands.append(day)
                return
        group = [case] + [c for c in others if c.last == "notice" and c.deadline < day]
        group.sort(key=lambda c: c.no)
        head = group[0]
        for c in group[1:]:
            self.join(head, c)
        head.fees = 0
        head.bracket = head.principal()
        head.salaer = salaer(head.bracket, head.old_scale, head.business, head.vat,
                             in_force(SATS, day), False)
        self.send(head, "demand", day)
        head.demands.append(day)

    def join(self, head, case):
        head.claims += case.claims
        head.original += case.original
        head.compensation += case.compensation
        head.plan_fee += case.plan_fee
        head.costs_covered += case.costs_covered
        head.paid += case.paid
        head.payments += case.payments
        head.allocations.update(case.allocations)
        case.claims, case.fees, case.compensation, case.costs_covered = [], 0, 0, 0
        case.plan_fee = 0
        case.paid, case.payments = 0, []
        case.joined_to = head
        case.close("joined")

    def plain_reminder(self, case, day):
        if case.balance() < WAIVE_UNDER or len(case.plain) >= 3 or not banking_day(day):
            return
        if case.deadline and day <= case.deadline + timedelta(case.grace):
            return
        if case.plain and day < case.plain[-1] + timedelta(90):
            return
        case.plain.append(day)
        case.events.append((day, "plain_reminder"))

    # -- the picture of a day
    def picture(self, case, day):
        known = day >= case.fact.received
        step = on = None
        if case.open():
            if not case.still() and not case.manual and not case.residual():
                step, on, sending = case.following()
                if sending:
                    on = next_banking_day(max(on, day if self.night and self.night < day
                                              else day + timedelta(1)))
            elif case.manual == "surveillance":
                step, on = "review", case.review_on
            else:
                step = "some"
        return {
            "known": known, "stage": case.stage(), "principal": case.principal(),
            "interest": case.interest(), "costs": case.costs(), "balance": case.balance(),
            "refund": case.refund, "paid": case.paid, "next": (step, on),
            "events": [(e[0], e[1]) for e in case.events if e[0] <= day],
            "joined": case.joined_to.no if case.joined_to else None,
        }
