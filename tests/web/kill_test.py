#!/usr/bin/env python3
"""The server is killed in the middle of work. What was answered as done is done, once; what was not is done once or not at all, and
asking again with the same key finishes it; the book proves itself. Asked to stop, it answers what is under way."""

import http.client
import json
import random
import signal
import sys
import threading
import time

from routetable import CLIENT, FREE, Scene
from website import run_web_tests, tests_of

WORKERS, SECONDS = 6, 0.7


class Load:
    """Posts from several sides until told to stop; remembers what was answered."""

    def __init__(self, scene, round_no):
        self.scene, self.round_no, self.port = scene, round_no, scene.site.port
        self.cases = [int(n) for (n,) in scene.site.sql(
            "SELECT s.case_id FROM case_state s JOIN claim c ON c.case_id = s.case_id WHERE c.client_no = %d AND s.closed_on IS NULL "
            "AND s.carrier_id IS NULL AND s.principal_minor > 50000 ORDER BY s.case_id" % CLIENT)]
        self.key, self.handler = scene.role("key"), scene.role("handler")
        self.sent, self.answered, self.odd = {}, {}, []
        self.is_over = False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(WORKERS)]
        for thread in self.threads:
            thread.start()

    def work(self, number):
        count = 0
        while not self.is_over:
            mark = "R%d W%d N%d" % (self.round_no, number, count)
            case = self.cases[(number * 37 + count * 11) % len(self.cases)]
            count += 1
            with self.lock:
                self.sent[mark] = case
            try:
                status = (self.pay if number % 2 else self.note)(mark, case)
            except (OSError, http.client.HTTPException):
                time.sleep(0.002)
                continue
            with self.lock:
                if status in (201, 303):
                    self.answered[mark] = status
                elif status not in (409, 503):
                    self.odd.append((mark, status))

    def pay(self, mark, case):
        """An API call with its key."""
        return self.request("/api/v1/cases/%d/direct-payments" % case, json.dumps({"amount_minor": 100, "on": "2026-06-29", "note": mark}),
                            {"Content-Type": "application/json", "Authorization": "Bearer " + self.key.key, "Idempotency-Key": mark})

    def note(self, mark, case):
        """A page's form."""
        path = "/desk/cases/%d/notes" % case
        return self.request(path, "csrf=%s&kind=note&body=%s" % (self.scene.csrf(self.handler, path), mark.replace(" ", "+")),
                            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.handler.cookie})

    def request(self, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, body.encode(), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def stop(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()


def _found(site, table, column, marks):
    """How often each mark is in the book."""
    rows = site.sql("SELECT %s, count(*) FROM %s WHERE %s LIKE 'R%% W%% N%%' GROUP BY %s ORDER BY %s" % ((column, table) + (column,) * 3))
    counts = {mark: int(count) for mark, count in rows}
    return {mark: counts.get(mark, 0) for mark in marks}


def _judge(site, load):
    payments = [m for m in load.sent if int(m.split()[1][1:]) % 2]
    notes = [m for m in load.sent if not int(m.split()[1][1:]) % 2]
    for found in (_found(site, "fact", "note", payments), _found(site, "note", "body", notes)):
        lost = [m for m in found if m in load.answered and found[m] != 1]
        twice = [m for m, count in found.items() if count > 1]
        assert not lost, "answered as done and not there once: %s" % lost[:10]
        assert not twice, "done twice: %s" % twice[:10]
    assert not load.odd, load.odd[:5]
    return payments


def _proves_itself(site):
    said = site.command("verify")
    assert not said.strip(), said


def killed_under_load_it_loses_nothing_and_does_nothing_twice(site):
    scene, chance = Scene(site), random.Random(7)
    answered = 0
    for round_no in range(3):
        load = Load(scene, round_no)
        time.sleep(SECONDS * (0.5 + chance.random()))
        site.process.send_signal(signal.SIGKILL)
        site.process.wait()
        load.stop()
        answered += len(load.answered)
        _proves_itself(site)
        site.start()
        scene.drop()
        load.port = site.port
        payments = _judge(site, load)
        for mark in payments:                # asked again with its key: done, and once
            status = load.pay(mark, load.sent[mark])
            assert status in (201, 409), status
        again = _found(site, "fact", "note", payments)
        wrong = [m for m in payments if again[m] != 1]
        assert not wrong, wrong[:10]
    assert answered > 20, "only %d answers before the kills" % answered
    _proves_itself(site)


def asked_to_stop_it_answers_what_is_under_way(site):
    scene = Scene(site)
    load = Load(scene, 0)
    time.sleep(SECONDS)
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(40) == 0
    load.stop()
    assert len(load.answered) > 10
    _proves_itself(site)
    site.start()
    scene.drop()
    payments = _judge(site, load)
    # Whatever was carried out was also answered: nothing is cut off between the two.
    done = _found(site, "fact", "note", payments)
    silent = [m for m in payments if done[m] and m not in load.answered]
    assert not silent, "done and not answered: %s" % silent[:10]


if __name__ == "__main__":
    sys.exit(run_web_tests("kill", tests_of(sys.modules[__name__]), sys.argv[1:], settings=FREE))
