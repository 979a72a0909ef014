#!/usr/bin/python3
"""E-mail against a real SMTP server (aiosmtpd, with TLS): what arrives, what is refused and when it is tried again, decent
hours, nothing twice, and what comes back."""

import email
import email.policy
import os
import re
import signal
import ssl
import subprocess
import sys
from datetime import date

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import net_world as net                                                          # noqa: E402
from net_world import REMINDER, equal, must, until                               # noqa: E402

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    print("SKIP: aiosmtpd is not installed for %s; mail is not tried" % sys.executable)
    print("mail: 0 passed, 1 failed")
    sys.exit(1)


class Script:
    """Answers as told; keeps what it has taken."""

    def __init__(self):
        self.rcpt, self.data, self.silent, self.taken, self.log_ins = "250 OK", "250 2.0.0 taken", False, [], []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        self.taken.append({"from": envelope.mail_from, "to": envelope.rcpt_tos, "bytes": envelope.content,
                           "tls": session.ssl is not None})
        if self.silent:                                                          # it has the mail, and does not say so
            import asyncio
            await asyncio.sleep(3600)
        return self.data

    def log_in(self, server, session, envelope, mechanism, data):
        self.log_ins.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (b"kravbok", b"hemmelig"))


class Server:
    def __init__(self, folder, tls=True, auth=False):
        self.script, self.port, context = Script(), net.free_port(), None
        self.ca = os.path.join(folder, "cert.pem")
        key = os.path.join(folder, "key.pem")
        if tls:
            if not os.path.exists(self.ca):
                subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", self.ca,
                                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.ca, key)
        extra = {"authenticator": self.script.log_in, "auth_required": True} if auth else {}
        self.controller = Controller(self.script, hostname="127.0.0.1", port=self.port, tls_context=context,
                                     require_starttls=tls, **extra)
        self.controller.start()

    def stop(self):
        self.controller.stop()


class World(net.World):
    def __init__(self, postgres):
        super().__init__(postgres)
        self.server = None

    def serve(self, tls=True, auth=False):
        self.server = self.keep(Server(self.book.directory, tls, auth))
        self.set(mail__server="smtp://localhost:%d" % self.server.port, mail__ca_file=self.server.ca if tls else "",
                 mail__security="" if tls else "none")
        return self.server.script

    def one(self, **options):
        """A message that waits; the server's script."""
        script = self.serve(**options)
        self.claim("email")
        self.night()
        self.render()
        return script

    def returned(self, name="postfix"):
        """A maildir with a report of the message sent, as Postfix writes it."""
        folder = os.path.join(self.book.directory, "maildir")
        for part in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
        sample = os.path.join(net.cli.ROOT, "tests/fuzz/corpus/bounce/%s.eml" % name)
        with open(sample, encoding="utf-8") as f:
            text = f.read()
        local = self.server.script.taken[-1]["from"].split("@")[0].replace("bounce+", "")
        with open(os.path.join(folder, "new", "1772434803.1.%s" % name), "w", encoding="utf-8") as f:
            f.write(re.sub(r"17-0123456789abcdef", local, text))
        return folder


def a_mail_arrives_as_it_was_written(w):
    script = w.one()
    done, status = w.send()
    equal((done["sent"], status), (1, 0), "sent")
    taken, = script.taken
    message = email.message_from_bytes(taken["bytes"], policy=email.policy.default)
    equal(message.defects, [], "defects")
    equal(taken["tls"], True, "TLS")
    equal(taken["to"], ["kari@example.com"], "to")
    must(re.fullmatch(r"bounce\+1-[0-9a-f]{16}@fjordkrav\.example", taken["from"]), "return address %s" % taken["from"])
    equal(str(message["From"]), "Fjordkrav SA <post@fjordkrav.example>", "From")
    equal(str(message["To"]), "kari@example.com", "To")
    equal(str(message["Subject"]), "Du har fått en påminnelse i sak 1", "Subject")
    equal(message["Date"].datetime.isoformat(), "2026-01-29T09:00:00+00:00", "Date")
    equal(message["Auto-Submitted"], "auto-generated", "Auto-Submitted")
    equal([name for name in message.keys() if name.lower().startswith("list-") or name.lower() == "precedence"], [], "list")
    must(message["Message-ID"].strip("<>").startswith("kravbok-" + taken["from"][len("bounce+"):].split("@")[0] + "@"),
         "Message-ID %s" % message["Message-ID"])
    row = w.message()
    equal((row["state"], row["kind"], row["tries"]), ("sent", "reminder", 1), "message")
    body = message.get_content().replace("\r\n", "\n")
    for part in ("Vi har en påminnelse til deg i sak 1.\n", "fjordkrav.example", row["code"], "55 00 00 14"):
        must(part in body, "%r is not in %r" % (part, body))
    must(max(len(line) for line in taken["bytes"].split(b"\r\n")) <= 76, "a long line")
    equal(w.tasks(), [], "tasks")


def a_name_and_password_go_by_tls_only(w):
    script = w.one(auth=True)
    w.set(mail__user="kravbok", mail__password="feil")
    done, _ = w.send()
    equal((done["retried"], script.taken), (1, []), "with a wrong password")
    w.set(mail__password="hemmelig")
    done, _ = w.send("2026-01-29T10:02")
    equal((done["sent"], len(script.taken)), (1, 1), "with the right one")
    equal(script.log_ins, [(b"kravbok", b"feil"), (b"kravbok", b"hemmelig")], "log-ins")
    listed = w.book.do("setting", "list")
    must("hemmelig" not in listed and "kravbok" in listed, "the password is shown")


def without_tls_nothing_is_sent(w):
    script = w.one(tls=False)
    w.set(mail__security="tls")
    done, _ = w.send()
    equal((done["retried"], script.taken), (1, []), "to a server without TLS")
    w.set(mail__security="none")
    done, _ = w.send("2026-01-29T10:02")
    equal((done["sent"], script.taken[0]["tls"]), (1, False), "when it is allowed")


def a_certificate_nobody_vouches_for_is_refused(w):
    script = w.one()
    w.set(mail__ca_file="")
    done, _ = w.send()
    equal((done["retried"], script.taken), (1, []), "with an unknown certificate")
    must("certificate" in w.message()["detail"], w.message()["detail"])


def a_message_waits_for_decent_hours(w):
    script = w.one()
    for now, sent in (("2026-01-29T07:59", 0), ("2026-01-29T21:00", 0), ("2026-01-30T07:59", 0), ("2026-01-31T08:59", 0),
                      ("2026-02-01T12:00", 0), ("2026-02-02T08:00", 1)):
        done, _ = w.send(now)
        equal(done["sent"], sent, now)
        equal(len(script.taken), sent, now)


def the_last_minute_before_the_evening_is_decent(w):
    w.one()
    equal(w.send("2026-01-29T20:59")[0]["sent"], 1, "20:59")


def a_busy_server_is_asked_again_later_and_later(w):
    script = w.one()
    script.rcpt = "450 4.2.1 try later"
    # 1, 5, 15, 60 minutes, 4 hours three times: a minute before nothing happens; the night is waited out.
    for now, tries in (("2026-01-29T08:00", 1), ("2026-01-29T08:00", 1), ("2026-01-29T08:01", 2), ("2026-01-29T08:05", 2),
                       ("2026-01-29T08:06", 3), ("2026-01-29T08:20", 3), ("2026-01-29T08:21", 4), ("2026-01-29T09:20", 4),
                       ("2026-01-29T09:21", 5), ("2026-01-29T13:20", 5), ("2026-01-29T13:21", 6), ("2026-01-29T17:21", 7),
                       ("2026-01-29T21:21", 7), ("2026-01-30T07:59", 7)):
        w.send(now)
        row = w.message()
        equal((row["tries"], row["state"]), (tries, "waiting"), now)
    equal(w.tasks(), [], "tasks")
    done, status = w.send("2026-01-30T08:00")
    equal((done["failed"], status), (1, 1), "the eighth")
    row = w.message()
    equal((row["tries"], row["state"]), (8, "failed"), "the eighth")
    must("450 4.2.1 try later" in row["detail"], row["detail"])
    (kind, case, due, detail), = w.tasks()
    equal((kind, case, due), ("returned", 1, "2026-02-02"), "task")                  # the next banking day
    must("email to kari@example.com was given up" in detail, detail)
    equal(w.choice(), ["email"], "a busy server is no dead address")
    script.rcpt = "250 OK"
    equal(w.send("2026-01-31T10:00")[0]["sent"], 0, "after that")
    equal(script.taken, [], "taken")


def what_was_refused_for_now_goes_later(w):
    script = w.one()
    script.rcpt = "450 4.2.1 try later"
    w.send()
    script.rcpt = "250 OK"
    equal(w.send("2026-01-29T10:01")[0]["sent"], 1, "sent")
    equal(w.send("2026-01-29T10:02")[0]["sent"], 0, "sent again")
    equal(len(script.taken), 1, "taken")


def an_unknown_receiver_falls_back_to_paper(w):
    script = w.one()
    script.rcpt = "550 5.1.1 no such user"
    done, status = w.send()
    equal((done["bounced"], status), (1, 1), "bounced")
    equal(w.message()["state"], "bounced", "state")
    (kind, case, due, detail), = w.tasks()
    equal((kind, case, due), ("returned", 1, "2026-01-30"), "task")
    must("550 5.1.1 no such user" in detail and "went on paper" in detail, detail)
    equal(w.choice(), ["paper"], "the debtor's choice")
    equal(w.send("2026-01-29T11:00")[0]["sent"], 0, "sent again")


def a_server_that_refuses_us_is_no_dead_address(w):
    script = w.one()
    script.rcpt = "554 5.7.1 relaying denied"
    equal(w.send()[0]["retried"], 1, "retried")
    equal((w.choice(), w.tasks()), (["email"], []), "choice and tasks")


def a_server_that_is_down_costs_one_try(w):
    w.serve()
    for _ in range(3):
        w.claim("email")
    w.night()
    w.render()
    w.server.stop()
    w.servers.remove(w.server)
    w.send()
    equal(sorted(row["tries"] for row in w.messages()), [0, 0, 1], "tries")
    equal([row["state"] for row in w.messages()], ["waiting"] * 3, "states")


def a_case_paid_meanwhile_is_not_told_of(w):
    script = w.one()
    w.book.do("case", "pay-direct", 1, "--amount", "3600.00", today=REMINDER)
    done, _ = w.send()
    equal((done["withdrawn"], script.taken, w.message()["state"]), (1, [], "withdrawn"), "withdrawn")


def only_those_who_want_it_are_told(w):
    w.serve()
    for channel in ("email", "paper", None):
        w.claim(channel)
    w.night()
    equal(w.render()["letters"], 3, "letters on paper")                          # everybody's
    w.render()
    equal([row["case_no"] for row in w.messages()], [1], "messages")


def a_killed_worker_sends_nothing_twice(w):
    script = w.one()
    script.silent = True
    command = [net.cli.program(), "--db", w.book.url, "--today", REMINDER.isoformat(), "dispatch", "send", "--now", net.MORNING]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=w.book.directory)
    try:
        until(lambda: script.taken, "the server has the mail")
        equal(w.message()["state"], "sending", "while it is sent")
        other, _ = w.send()                                                      # a second worker keeps its hands off
        equal(other["sent"] + other["uncertain"], 0, "a second worker")
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    script.silent = False
    done, status = w.send("2026-01-29T10:05")
    equal((done["uncertain"], done["sent"], status), (1, 0, 1), "the next worker")
    equal(w.message()["state"], "uncertain", "state")
    equal(w.send("2026-01-29T20:00")[0]["uncertain"], 0, "later")
    equal(len(script.taken), 1, "taken")
    (kind, case, _, detail), = w.tasks()
    equal((kind, case), ("returned", 1), "task")
    must("not sent again" in detail, detail)


def a_report_is_worked_in_once(w):
    w.one()
    w.send()
    folder = w.returned()
    answer = w.book.do("dispatch", "bounces", folder, today=date(2026, 1, 30), want_json=True)
    equal(answer, {"bounced": 1, "delivered": 0, "delayed": 0, "other": 0}, "bounces")
    equal((os.listdir(folder + "/new"), os.listdir(folder + "/cur")), ([], ["1772434803.1.postfix:2,S"]), "maildir")
    row = w.message()
    equal(row["state"], "bounced", "state")
    must("5.1.1 smtp; 550 5.1.1" in row["detail"], row["detail"])
    equal(([t[:2] for t in w.tasks()], w.choice()), ([("returned", 1)], ["paper"]), "tasks and choice")
    w.returned()
    w.set(mail__bounces=folder)
    w.send("2026-01-30T10:00")                                                   # reads the folder by itself
    equal(os.listdir(folder + "/new"), [], "maildir")
    equal(len(w.tasks()), 1, "tasks")


def what_is_no_report_of_ours_changes_nothing(w):
    w.one()
    w.send()
    folder = w.returned("vacation")
    w.returned("qmail")
    with open(folder + "/new/9.forged", "w", encoding="utf-8") as f:
        sample = open(os.path.join(net.cli.ROOT, "tests/fuzz/corpus/bounce/postfix.eml"), encoding="utf-8").read()
        f.write(sample.replace("17-0123456789abcdef", "1-0123456789abcdef"))
    answer = w.book.do("dispatch", "bounces", folder, today=REMINDER, want_json=True)
    equal(answer, {"bounced": 0, "delivered": 0, "delayed": 0, "other": 3}, "bounces")
    equal((w.message()["state"], w.tasks()), ("sent", []), "state and tasks")


def letters_go_to_the_print_folder(w):
    script = w.serve()
    w.claim("email")
    w.claim(None)
    w.night()
    w.set(letters__folder=os.path.join(w.book.directory, "print"))
    done, _ = w.send()
    equal((done["letters"], done["sent"], len(script.taken)), (2, 1, 1), "done")
    equal(os.listdir(w.book.directory + "/print"), ["letters-2026-01-29.pdf"], "print folder")
    equal(w.send("2026-01-29T10:01")[0]["letters"], 0, "again")


def is_this_message_real(w):
    script = w.one()
    w.send()
    row = w.message()
    body = email.message_from_bytes(script.taken[0]["bytes"], policy=email.policy.default).get_content()

    def check(text):
        answer = w.book.do("dispatch", "check", text, today=REMINDER, want_json=True)
        return answer["verdict"], answer["sent_on"], answer["reasons"]
    ours = ("ours", "2026-01-29", [])
    equal(check(row["code"]), ours, "the code")
    equal(check(row["code"].lower()), ours, "the code in small letters")
    equal(check("sak 1, kode " + row["code"]), ours, "case and code")
    equal(check(body), ours, "the whole mail")
    equal(check(body.upper().replace("\n", "  ")), ours, "the whole mail, set otherwise")
    equal(check(body.replace("fjordkrav.example", "fjordkrav.example.evil.com"))[0::2], ("not_ours", ["lookalike_link"]), "link")
    equal(check("sak 2, kode " + row["code"])[0::2], ("not_ours", ["other_case"]), "another case")
    equal(check("sak 1, kode AAAA-AAA1")[0::2], ("not_ours", ["unknown_code"]), "an unknown code")
    equal(check("AAAA-AAA1")[0::2], ("cannot_tell", ["unknown_code"]), "an unknown code alone")
    equal(check("Betal nå")[0::2], ("cannot_tell", ["no_code"]), "no code")


TESTS = [a_mail_arrives_as_it_was_written, a_name_and_password_go_by_tls_only, without_tls_nothing_is_sent,
         a_certificate_nobody_vouches_for_is_refused, a_message_waits_for_decent_hours,
         the_last_minute_before_the_evening_is_decent, a_busy_server_is_asked_again_later_and_later,
         what_was_refused_for_now_goes_later, an_unknown_receiver_falls_back_to_paper,
         a_server_that_refuses_us_is_no_dead_address, a_server_that_is_down_costs_one_try, a_case_paid_meanwhile_is_not_told_of,
         only_those_who_want_it_are_told, a_killed_worker_sends_nothing_twice, a_report_is_worked_in_once,
         what_is_no_report_of_ours_changes_nothing, letters_go_to_the_print_folder, is_this_message_real]

if __name__ == "__main__":
    sys.exit(net.cli.run_tests("mail", TESTS, net.world_of(World), wanted=sys.argv[1:]))
