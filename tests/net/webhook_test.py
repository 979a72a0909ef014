#!/usr/bin/python3
"""Webhooks against an HTTP listener: what is told and to whom, the signature (checked with Python's hmac), tries that fail, and
addresses inside the house."""

import base64
import hmac
import json
import os
import sys
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import net_world as net                                                          # noqa: E402
from net_world import DUE, REMINDER, equal, must                                 # noqa: E402

KEY = b"0123456789abcdefghijklmn"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
TEN = 1769677200                                                                 # 2026-01-29 10:00 in Norway


class World(net.World):
    def hook(self, topics="*", client=2, answer=200, private=True, number=1):
        listener = self.keep(net.Listener(answer))
        if private:
            self.set(webhook__private="yes")
        self.sql("INSERT INTO webhook (webhook_id, client_no, url, secret, topics, active, created_at)"
                 " VALUES (?, ?, ?, ?, ?, 1, 0)", number, client, "http://127.0.0.1:%d/krav" % listener.port, SECRET, topics)
        return listener

    def deliveries(self):
        return [(topic, state, int(tries)) for topic, state, tries in
                self.sql("SELECT topic, state, try_count FROM webhook_delivery ORDER BY delivery_id")]

    def at(self, seconds):
        """One pass so many seconds after ten o'clock; the minute counts."""
        day, rest = divmod(10 * 60 + seconds // 60, 24 * 60)
        return self.send("%sT%02d:%02d" % (REMINDER + timedelta(day), rest // 60, rest % 60))[0]


def told(listener):
    return [json.loads(r["body"]) for r in listener.requests]


def what_is_booked_is_told_with_a_signature(w):
    listener = w.hook()
    w.claim(None)
    w.claim(None)
    w.night()
    done, status = w.send()
    equal((done["webhooks_delivered"], status), (2, 0), "delivered")
    first, second = listener.requests
    equal(json.loads(first["body"]),
          {"type": "case.step", "timestamp": "2026-01-29T00:00:00+01:00",
           "data": {"case_no": 1, "what": "reminder", "on": "2026-01-29", "deadline_on": "2026-02-12"}}, "body")
    for request in (first, second):
        headers = request["headers"]
        equal((headers["webhook-timestamp"], headers["content-type"]), (str(TEN), "application/json"), "headers")
        signed = ("%s.%s." % (headers["webhook-id"], headers["webhook-timestamp"])).encode() + request["body"]
        equal(headers["webhook-signature"], "v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode(), "signature")
    equal([r["headers"]["webhook-id"] for r in listener.requests], ["msg_1", "msg_2"], "numbers")
    equal(w.send()[0]["webhooks_delivered"], 0, "again")


def each_topic_is_told(w):
    listener = w.hook()
    w.claim(None)
    w.claim(None)
    w.night()
    w.book.do("case", "object", 2, "--reason", "Varene kom aldri", today=REMINDER)
    w.book.do("case", "pay-direct", 1, "--amount", "1000.00", today=REMINDER)
    kid = w.book.cases(today=REMINDER)[0]["kid"]
    on = date(2026, 1, 30)
    w.book.payments([net.cli.Transfer(kid, 260000, on, given=on)], on)
    w.book.do("settle", "--date", "2026-02-02", "--out", "s", today=date(2026, 2, 2))
    w.send("2026-02-02T10:00")
    bodies = told(listener)
    equal([b["type"] for b in bodies], ["case.step", "case.step", "objection.made", "payment.booked", "payment.booked",
                                        "case.closed", "settlement.made"], "topics")
    equal(bodies[2]["data"], {"case_no": 2, "what": "objection", "on": "2026-01-29"}, "objection")
    equal(bodies[3]["data"], {"case_no": 1, "what": "direct_payment", "on": "2026-01-29", "amount_minor": 100000}, "direct")
    equal(bodies[4]["data"], {"case_no": 1, "what": "payment", "on": "2026-01-30", "amount_minor": 260000}, "payment")
    equal(bodies[5]["data"]["case_no"], 1, "closed")
    equal(bodies[6]["data"]["settlement_no"], 1, "settlement")


def a_client_hears_of_its_own_cases_and_topics_only(w):
    w.book.client(3, "no/minimum", True, today=DUE)
    other = w.hook(client=3, number=1)
    closed = w.hook(topics="case.closed payment.booked", number=2)
    w.claim(None)
    w.night()
    w.book.do("case", "close", 1, "--reason", "oppgitt", today=REMINDER)
    w.send()
    equal((told(other), [b["type"] for b in told(closed)]), ([], ["case.closed"]), "told")


def a_late_fact_tells_nothing_twice(w):
    listener = w.hook()
    w.claim(None)
    w.night()
    w.book.do("case", "pay-direct", 1, "--amount", "500.00", "--on", "2026-02-02", today=date(2026, 2, 3))
    w.book.do("case", "pay-direct", 1, "--amount", "700.00", "--on", "2026-02-01", today=date(2026, 2, 4))
    w.send("2026-02-04T10:00")
    equal([(b["type"], b["data"].get("amount_minor")) for b in told(listener)],
          [("case.step", None), ("payment.booked", 50000), ("payment.booked", 70000)], "told")


def what_fails_is_tried_again_and_then_turned_off(w):
    listener = w.hook(answer=500)
    w.claim(None)
    w.night()
    seconds = 0
    for wait in (0, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400):      # 5 seconds: within the minute
        if wait > 60:
            equal(w.at(seconds + wait - 60)["webhooks_failed"], 0, "a minute too early, after %d s" % seconds)
        seconds += wait
        equal(w.at(seconds)["webhooks_failed"], 1, "after %d s" % seconds)
    equal(w.deliveries(), [("case.step", "failed", 10)], "delivery")
    equal(len({r["headers"]["webhook-id"] for r in listener.requests}), 1, "the same number each time")
    equal(w.sql("SELECT active FROM webhook")[0][0] in (0, "0"), True, "turned off")
    (kind, client, mine, detail), = w.sql("SELECT kind, client_no, for_client, detail FROM task")
    equal((kind, int(client), int(mine)), ("other", 2, 1), "task")
    must("taken no call for days" in detail, detail)


def one_that_answers_again_gets_what_it_missed(w):
    listener = w.hook(answer=503)
    w.claim(None)
    w.claim(None)
    w.night()
    equal(w.at(0)["webhooks_failed"], 1, "the second waits with the first")
    listener.answer = 204
    equal(w.at(120)["webhooks_delivered"], 2, "delivered")
    equal(sorted(w.deliveries()), [("case.step", "delivered", 1), ("case.step", "delivered", 2)], "deliveries")


def gone_means_gone(w):
    w.hook(answer=410)
    w.claim(None)
    w.night()
    w.send()
    equal(w.deliveries(), [("case.step", "failed", 1)], "delivery")
    equal(w.sql("SELECT active FROM webhook")[0][0] in (0, "0"), True, "turned off")


def a_redirect_is_not_followed(w):
    listener = w.hook(answer=307)
    w.claim(None)
    w.night()
    equal(w.send()[0]["webhooks_failed"], 1, "failed")
    equal([r["path"] for r in listener.requests], ["/krav"], "requests")


def addresses_inside_the_house_are_refused(w):
    listener = w.hook(private=False)
    addresses = ["https://127.0.0.1:%d/", "https://localhost:%d/", "https://[::1]:%d/", "https://0.0.0.0:%d/",
                 "https://2130706433:%d/", "https://127.1:%d/", "https://[::ffff:127.0.0.1]:%d/", "http://127.0.0.1:%d/"]
    for i, address in enumerate(addresses):
        if i:
            w.sql("INSERT INTO webhook (webhook_id, client_no, url, secret, topics, active, created_at)"
                  " VALUES (?, 2, ?, ?, '*', 1, 0)", i + 1, address % listener.port, SECRET)
    w.sql("UPDATE webhook SET url = ? WHERE webhook_id = 1", addresses[0] % listener.port)
    w.claim(None)
    w.night()
    equal(w.send()[0]["webhooks_failed"], len(addresses), "failed")
    equal(listener.requests, [], "requests")
    details = [row[0] for row in w.sql("SELECT detail FROM webhook_delivery ORDER BY delivery_id")]
    equal(details[:-1], ["the address is not a public one"] * (len(addresses) - 1), "details")
    must("http" in details[-1], details[-1])


TESTS = [what_is_booked_is_told_with_a_signature, each_topic_is_told, a_client_hears_of_its_own_cases_and_topics_only,
         a_late_fact_tells_nothing_twice, what_fails_is_tried_again_and_then_turned_off,
         one_that_answers_again_gets_what_it_missed, gone_means_gone, a_redirect_is_not_followed,
         addresses_inside_the_house_are_refused]

if __name__ == "__main__":
    sys.exit(net.cli.run_tests("webhooks", TESTS, net.world_of(World), wanted=sys.argv[1:]))
