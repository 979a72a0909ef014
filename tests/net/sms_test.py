#!/usr/bin/python3
"""SMS against Kannel with its fake SMS centre: what arrives, delivery reports, a gateway that is down or gone, and gateways of
another kind (an HTTP listener that answers as told)."""

import os
import subprocess
import sys
import urllib.parse
import urllib.request
from datetime import date

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import net_world as net                                                          # noqa: E402
from net_world import REMINDER, equal, must, until                               # noqa: E402

CONF = """
group = core
admin-port = %(admin)d
admin-password = test
status-password = test
smsbox-port = %(box)d
box-allow-ip = "127.0.0.1"
admin-allow-ip = "127.0.0.1"
store-type = file
store-location = %(folder)s/kannel.store
log-level = 1

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = %(smsc)d
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = %(send)d
log-level = 1

group = sendsms-user
username = kravbok
password = hemmelig
max-messages = 3
concatenation = true

group = sms-service
keyword = default
text = "ok"
"""


def find(name, *folders):
    for folder in folders + tuple(os.environ["PATH"].split(":")):
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    return None


BEARERBOX, SMSBOX = find("bearerbox", "/usr/sbin"), find("smsbox", "/usr/sbin")
FAKESMSC = find("fakesmsc", "/usr/lib/kannel/test")


class Kannel:
    """bearerbox, smsbox and the fake SMS centre. What the centre has got stands in its log."""

    def __init__(self, folder):
        names = ("admin", "box", "smsc", "send")
        self.ports = dict(zip(names, [net.free_port() for _ in names]))
        self.folder, self.centre = folder, None
        conf = os.path.join(folder, "kannel.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(CONF % dict(self.ports, folder=folder))
        self.bearerbox = net.Process("bearerbox", [BEARERBOX, conf], folder)
        until(lambda: net.listens(self.ports["admin"]) and net.listens(self.ports["box"]), "bearerbox listens")
        self.smsbox = net.Process("smsbox", [SMSBOX, conf], folder)
        until(lambda: net.listens(self.ports["send"]), "smsbox listens")
        self.centre_start()

    def status(self):
        with urllib.request.urlopen("http://127.0.0.1:%d/status.txt?password=test" % self.ports["admin"], timeout=5) as answer:
            return answer.read().decode("utf-8", "replace")

    def centre_start(self):
        # -m 0: sends nothing of its own; -i: how often it would
        self.centre = net.Process("fakesmsc", [FAKESMSC, "-H", "127.0.0.1", "-r", str(self.ports["smsc"]), "-m", "0",
                                               "-i", "0.1", "4790000001 2442 text x"], self.folder)
        until(lambda: "(online" in self.status(), "the SMS centre is online")

    def centre_stop(self):
        self.centre.stop()
        until(lambda: "(online" not in self.status(), "the SMS centre is gone")

    def got(self):
        """Lines of the centre's log that tell of a message it has got."""
        return [line for line in self.centre.said().splitlines() if "Got message" in line or "got message" in line]

    def url(self):
        return ("http://127.0.0.1:%d/cgi-bin/sendsms?username=kravbok&password=hemmelig&from={from}&to={to}&charset=UTF-8"
                "&coding={coding}&text={text}&dlr-mask=31&dlr-url={report}" % self.ports["send"])

    def stop(self):
        for process in (self.centre, self.smsbox, self.bearerbox):
            process.stop()


class World(net.World):
    def __init__(self, postgres):
        super().__init__(postgres)
        self.kannel = self.reports = None

    def one(self, **more):
        self.claim("sms", **more)
        self.night()
        self.render()

    def listen(self, answer=200):
        """A gateway that answers as told."""
        listener = self.keep(net.Listener(answer))
        self.set(sms__address="http://127.0.0.1:%d/send?to={to}&from={from}&text={text}&coding={coding}&dlr={report}"
                 % listener.port, sms__sender="Fjordkrav")
        return listener

    def run_kannel(self):
        """Kannel, and a listener that hands its reports to the program as our pages would."""
        def report(request):
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request["path"]).query))
            self.book.do("dispatch", "report", query["id"], query["mac"], "--type", query["type"], today=REMINDER)
            return 200
        self.reports = self.keep(net.Listener(report))
        self.kannel = self.keep(Kannel(self.book.directory))
        self.set(sms__address=self.kannel.url(), sms__sender="Fjordkrav",
                 sms__report="http://127.0.0.1:%d/hooks/sms?id={id}&mac={mac}&type=%%d" % self.reports.port)
        return self.kannel

    def put(self, text, address="+4790000000"):
        """A message that is not of a letter, as it stands."""
        self.sql("INSERT INTO dispatch (dispatch_id, case_id, channel, address, subject, body, code, state, urgent, try_count,"
                 " next_at, provider_ref, detail, created_at) VALUES (1000, 1, 'sms', ?, '', ?, 'AAAA-AAAA', 'waiting', 0, 0, 0,"
                 " '', '', 0)", address, text)


def an_sms_arrives_and_its_report_comes_back(w):
    kannel = w.run_kannel()
    w.one()
    done, status = w.send()
    equal((done["sent"], status), (1, 0), "sent")
    until(kannel.got, "the centre has the message")
    row = w.message()
    said = kannel.centre.said()
    for part in ("4790000000", "Fjordkrav", "Du har f\u00e5tt en p\u00e5minnelse i sak 1. Se fjordkrav.example, kode " + row["code"]):
        must(part in said, "%r is not in %s" % (part, said))
    until(lambda: w.message()["state"] == "delivered", "the report")
    equal(len(kannel.got()), 1, "messages")
    equal((w.tasks(), w.choice()), ([], ["sms"]), "tasks and choice")


def what_the_alphabet_lacks_goes_as_ucs2(w):
    kannel = w.run_kannel()
    w.claim(None)
    w.put("fra 08\u201321 \u010d")
    equal(w.send()[0]["sent"], 1, "sent")
    until(kannel.got, "the centre has the message")
    said = kannel.centre.said()
    # UTF-16 as the centre prints it: %20%13 is the dash (a blank is printed as +), %01%0D the letter with the caron
    must("ucs-2 %00f%00r%00a%00+%000%008+%13%002%001%00+%01%0D" in said, said)
    until(lambda: w.message()["state"] == "delivered", "the report")


def a_centre_that_is_gone_keeps_the_message_for_later(w):
    kannel = w.run_kannel()
    w.one()
    kannel.centre_stop()
    equal(w.send()[0]["sent"], 1, "taken")
    row = w.message()
    equal((row["state"], row["detail"]), ("sent", "202 3: Queued for later delivery"), "message")
    equal(w.send("2026-01-29T11:00")[0]["sent"], 0, "sent again")
    kannel.centre_start()
    until(kannel.got, "the centre has the message")
    until(lambda: w.message()["state"] == "delivered", "the report")
    equal(len(kannel.got()), 1, "messages")


def a_gateway_that_is_down_is_asked_again_later(w):
    kannel = w.run_kannel()
    w.one()
    kannel.smsbox.stop()
    w.send()
    row = w.message()
    equal((row["state"], row["tries"]), ("waiting", 1), "message")
    equal(row["next_at"] - 1769677200, 60, "seconds to the next try")             # 2026-01-29 10:00 in Norway
    kannel.smsbox = net.Process("smsbox2", [SMSBOX, os.path.join(w.book.directory, "kannel.conf")], w.book.directory)
    until(lambda: net.listens(kannel.ports["send"]), "smsbox listens")
    equal(w.send("2026-01-29T10:01")[0]["sent"], 1, "sent later")
    until(lambda: w.message()["state"] == "delivered", "the report")


def a_wrong_password_is_our_fault(w):
    kannel = w.run_kannel()
    w.one()
    w.set(sms__address=kannel.url().replace("hemmelig", "feil"))
    equal(w.send()[0]["retried"], 1, "retried")
    must("403" in w.message()["detail"], w.message()["detail"])
    equal((w.tasks(), w.choice()), ([], ["sms"]), "tasks and choice")


# ---------------------------------------------------------------- another gateway

def reports_come_in_any_order_and_twice(w):
    gateway = w.listen()
    w.one()
    w.send()
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(gateway.requests[0]["path"]).query))
    equal((query["to"], query["from"], query["coding"]), ("+4790000000", "Fjordkrav", "0"), "request")
    report = urllib.parse.urlsplit(query["dlr"])
    equal("%s://%s%s" % (report.scheme, report.netloc, report.path), "https://fjordkrav.example/hooks/sms", "report address")
    given = dict(urllib.parse.parse_qsl(report.query))
    equal((given["id"], given["type"]), ("1", "%d"), "report query")

    def tell(kind, mac=given["mac"], message=1):
        return w.book.run("dispatch", "report", message, mac, "--type", kind, today=REMINDER)[0]
    equal(tell(2, mac="0" * 16), 1, "a wrong mac")
    equal(tell(2, message=2), 1, "another message")
    equal((tell(8), w.message()["state"]), (0, "sent"), "accepted")
    equal((tell(2), w.message()["state"]), (0, "bounced"), "failed")
    equal((tell(16), w.message()["state"]), (0, "bounced"), "rejected, after that")
    equal(([t[:2] for t in w.tasks()], w.choice()), ([("returned", 1)], ["paper"]), "one task, and paper from now on")
    equal((tell(1), w.message()["state"]), (0, "delivered"), "delivered after all")
    equal((tell(34), w.message()["state"]), (0, "delivered"), "delivered is final")
    equal(len(w.tasks()), 1, "tasks")


def a_number_that_is_refused_falls_back_to_paper(w):
    gateway = w.listen(400)
    w.one()
    equal(w.send()[0]["bounced"], 1, "bounced")
    equal(w.send("2026-01-29T12:00")[0]["sent"], 0, "again")
    equal((len(gateway.requests), w.choice()), (1, ["paper"]), "requests and choice")
    must("400 0: Accepted" in w.tasks()[0][3], w.tasks()[0][3])


def no_answer_is_uncertain_and_not_asked_again(w):
    gateway = w.listen(lambda request: None)
    w.one()
    done, status = w.send()
    equal((done["uncertain"], status), (1, 1), "uncertain")
    equal(w.send("2026-01-29T15:00")[0]["sent"], 0, "later")
    equal(len(gateway.requests), 1, "requests")
    must("may have arrived" in w.tasks()[0][3], w.tasks()[0][3])
    equal(w.choice(), ["sms"], "choice")


def a_busy_gateway_is_asked_again(w):
    gateway = w.listen(503)
    w.one()
    equal(w.send()[0]["retried"], 1, "503")
    gateway.answer = 302
    equal(w.send("2026-01-29T10:01")[0]["retried"], 1, "a redirect is not followed")
    gateway.answer = 202
    equal(w.send("2026-01-29T10:06")[0]["sent"], 1, "202")
    equal([r["path"].split("?")[0] for r in gateway.requests], ["/send"] * 3, "requests")


def a_gateway_may_want_a_form(w):
    gateway = w.keep(net.Listener(201))
    w.set(sms__address="http://127.0.0.1:%d/v1/sms" % gateway.port, sms__form="to={to}&body={text}")
    w.one(phone="+47 900 00 000")
    equal(w.send()[0]["sent"], 1, "sent")
    form = dict(urllib.parse.parse_qsl(gateway.requests[0]["body"].decode()))
    equal((gateway.requests[0]["path"], form["to"]), ("/v1/sms", "+4790000000"), "request")
    must(form["body"].startswith("Fjordkrav SA: Du har fått en påminnelse i sak 1."), form["body"])


def a_number_that_is_none_is_a_task_and_no_message(w):
    w.listen()
    w.claim(None, phone="12345678")
    w.sql("INSERT INTO debtor_choice (debtor_id, channel, changed_at) VALUES (1, 'sms', 0)")
    equal(w.book.run("case", "contact", 1, "sms", today=REMINDER)[0], 1, "choosing it is refused")
    w.night()
    status, _, err = w.book.run("letter", "render", "--out", "letters", today=REMINDER)
    equal(status, 1, "render")
    must("case 1: '12345678' is no telephone number" in err, err)
    equal(w.message()["state"], "failed", "message")
    equal([t[:2] for t in w.tasks()], [("returned", 1)], "tasks")
    equal(len(os.listdir(os.path.join(w.book.directory, "letters"))), 1, "the letter itself")


def without_a_gateway_it_waits(w):
    w.one()
    w.send()
    row = w.message()
    equal((row["state"], row["tries"]), ("waiting", 0), "message")
    must("no server is set" in row["detail"], row["detail"])
    w.listen()
    equal(w.send("2026-01-29T11:00")[0]["sent"], 1, "an hour later")


KANNEL_TESTS = [an_sms_arrives_and_its_report_comes_back, what_the_alphabet_lacks_goes_as_ucs2,
                a_centre_that_is_gone_keeps_the_message_for_later, a_gateway_that_is_down_is_asked_again_later,
                a_wrong_password_is_our_fault]
TESTS = [reports_come_in_any_order_and_twice, a_number_that_is_refused_falls_back_to_paper,
         no_answer_is_uncertain_and_not_asked_again, a_busy_gateway_is_asked_again, a_gateway_may_want_a_form,
         a_number_that_is_none_is_a_task_and_no_message, without_a_gateway_it_waits]

if __name__ == "__main__":
    if BEARERBOX and SMSBOX and FAKESMSC:
        TESTS = KANNEL_TESTS + TESTS
    else:
        print("SKIP: Kannel is not installed; SMS are tried against a plain HTTP listener only")
    sys.exit(net.cli.run_tests("sms", TESTS, net.world_of(World), wanted=sys.argv[1:]))
