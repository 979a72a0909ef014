#!/usr/bin/env python3
"""The desk: the work list, a case and its acts, four eyes, payments, settlements, nights, users and the log."""

import os
import re
import sys
import time

from website import demo_folder, run_web_tests, tests_of, totp

ATTACK = "<script>alert(1)</script>"


def _balance(site, case):
    return site.command("case", "show", case, "--json").split('"balance_minor":', 1)[1].split(",")[0].strip()


def _kroner(text):
    """The first amount in a text, in minor units."""
    found = re.search(r"(-?[\d ]+),(\d\d) kr", text)
    return int(found.group(1).replace(" ", "")) * 100 + int(found.group(2))


# ---------------------------------------------------------------- the work list

def objections_stand_first_and_the_rest_by_deadline(site):
    page = site.staff().get("/desk")
    assert page.status == 200 and page.heading == "Arbeidsliste"
    first = page.text.index("Innsigelser: saken står stille")
    assert first < page.text.index("Alt annet, etter frist")
    rest = page.html[page.html.index("Alt annet, etter frist"):]
    days = re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)"', rest)
    assert days and days == sorted(days)


def a_task_is_taken_handed_over_moved_and_finished(site):
    handler, manager = site.staff("handler"), site.staff("manager")
    task = int(site.one("SELECT task_id FROM task WHERE done_at IS NULL AND person_id IS NULL AND for_client = 0 AND kind = 'broken_plan' "
                        "ORDER BY task_id") or site.one("SELECT task_id FROM task WHERE done_at IS NULL AND person_id IS NULL AND "
                        "for_client = 0 AND kind <> 'objection' ORDER BY task_id"))
    path = "/desk/tasks/%d" % task
    handler.get(path).send(path + "/take")
    assert "Hanne Sakbehandler" in handler.get(path).text
    mine = handler.get("/desk?owner=me")
    assert "Hanne Sakbehandler" in mine.text
    refused = manager.get(path).send(path + "/take")
    assert refused.status == 422 and "Hanne" in " ".join(refused.errors), refused.errors
    moved = handler.get(path).send(path + "/due", due="10.07.2026")
    assert moved.status == 200 and "10.07.2026" in moved.text
    bad = handler.get(path).send(path + "/due", due="31.02.2026")
    assert bad.status == 422 and bad.errors
    to = site.one("SELECT person_id FROM person WHERE role = 'manager'")
    page = handler.get(path).send(path + "/hand", to=to)
    assert "Marit Leder" in page.text
    page = manager.get(path).send(path + "/done", outcome="Snakket med skyldneren")
    assert page.status == 200 and "Snakket med skyldneren" in page.text
    acts = [a for a, in site.sql("SELECT act FROM audit WHERE detail LIKE 'task %d%%' ORDER BY audit_id" % task)]
    assert acts == ["take", "set_due", "hand_over", "finish"], acts


def an_auditor_reads_and_changes_nothing(site):
    auditor = site.staff("auditor")
    case = site.case_in("demand")
    for path in ("/desk", "/desk/today", "/desk/cases", "/desk/cases/%d" % case, "/desk/payments", "/desk/settlements", "/desk/outbox",
                 "/desk/nights", "/desk/law", "/desk/audit", "/desk/approvals"):
        assert auditor.get(path).status == 200, path
    for path in ("/desk/cases/%d/object" % case, "/desk/users", "/desk/settings", "/desk/mass"):
        assert auditor.get(path).status == 403, path
    page = auditor.get("/desk/cases/%d" % case)
    assert "Hva du kan gjøre" not in page.text
    for path in ("/desk/cases/%d/object" % case, "/desk/nights", "/desk/outbox"):
        assert auditor.post(path, {}).status == 403, path


def nobody_else_comes_to_the_desk(site):
    for visitor in (site.visitor(), site.staff("client_admin"), site.debtor(case=site.case_in("demand"))):
        for path in ("/desk", "/desk/cases/1", "/desk/audit", "/desk/settlements/1/files/pain-1.xml"):
            page = visitor.get(path, follow=False)
            assert page.status in (303, 403), (path, page.status)
    assert site.staff().get("/desk/cases/999999").status == 404
    assert site.staff().get("/desk/tasks/999999").status == 404


# ---------------------------------------------------------------- search

def a_case_is_found_by_name_number_kid_invoice_and_phone(site):
    handler = site.staff()
    case = site.case_in("demand")
    name, invoice = site.sql("SELECT d.name, c.invoice_no FROM claim c JOIN debtor d ON d.debtor_id = c.debtor_id WHERE c.case_id = %d"
                             % case)[0]
    kid = re.search(r'"kid": *"(\d+)"', site.command("case", "show", case, "--json")).group(1)
    for q in (case, kid):
        page = handler.get("/desk/cases?q=%s" % q)
        assert page.path == "/desk/cases/%d" % case, (q, page.path)
    page = handler.get("/desk/cases").send(q=name)
    assert name in page.text and page.status == 200
    page = handler.get("/desk/cases").send(q=invoice)
    assert str(case) in page.path + page.text
    nothing = handler.get("/desk/cases?q=qqxzzy")
    assert nothing.status == 200 and "Ingen saker passer" in nothing.text
    assert handler.get("/desk/cases?stage=nonsense").status == 422


def the_list_of_cases_goes_on_by_key_and_comes_back(site):
    handler = site.staff()
    page = handler.get("/desk/cases?sort=number")
    first = re.findall(r'href="/desk/cases/(\d+)"', page.html)
    then = page.click("Neste")
    second = re.findall(r'href="/desk/cases/(\d+)"', then.html)
    assert first and second and not set(first) & set(second)
    back = re.findall(r'href="/desk/cases/(\d+)"', then.click("Forrige").html)
    assert back == first


# ---------------------------------------------------------------- a case and its acts

def the_case_page_has_facts_money_and_timeline_and_is_quick(site):
    handler = site.staff()
    case = site.case_in("demand")
    page = handler.get("/desk/cases/%d" % case)
    for words in ("Fakta", "Saldo i dag", "Tidslinje", "Hva du kan gjøre", "Betalingsoppfordring", "hvis ingenting betales"):
        assert words in page.text, words
    assert str(_kroner(page.text[page.text.index("Saldo i dag"):])) == _balance(site, case)
    times = []
    for _ in range(9):
        start = time.perf_counter()
        handler.get("/desk/cases/%d" % case)
        times.append(time.perf_counter() - start)
    assert sorted(times)[4] < 0.1, times
    keys = re.findall(r'data-key="(.)"', page.html)
    assert len(keys) == len(set(keys)) and {"i", "n", "m"} <= set(keys), keys
    for _ in range(50):
        seen = int(site.one("SELECT count(*) FROM audit WHERE act = 'see' AND case_id = %d" % case))
        if seen:
            break
        time.sleep(0.1)
    assert seen, "the look is not in the log"


def every_ore_adds_up_to_the_balance(site):
    case = site.case_in("enforcement_notice")
    page = site.staff().get("/desk/cases/%d/balance" % case)
    rows = re.findall(r'<td class="kb-n">([^<]*)</td></tr>', page.html)
    minor = [int(re.sub(r"[^\d]", "", row)) * (-1 if "−" in row or "-" in row else 1) for row in rows]
    assert sum(minor[:-1]) == minor[-1] == int(_balance(site, case)), minor
    assert "§" in page.text


def an_act_shows_its_rule_and_effect_and_does_nothing_before_it_is_confirmed(site):
    handler = site.staff()
    case = site.case_in("demand")
    before, events = _balance(site, case), site.one("SELECT count(*) FROM event WHERE case_id = %d" % case)
    path = "/desk/cases/%d/object" % case
    assert "§" in handler.get(path).text
    empty = handler.get(path).send(note="")
    assert empty.status == 422 and empty.errors and empty.title.startswith("Feil")
    check = handler.get(path).send(note=ATTACK)
    assert check.status == 200 and check.heading == "Dette vil skje" and "Regel:" in check.text
    assert "Omtvistet" in check.text and ATTACK not in check.html
    assert site.one("SELECT count(*) FROM event WHERE case_id = %d" % case) == events
    changed = check.send(path, step="change")
    assert changed.form(path).values["note"] == ATTACK
    done = check.send(path, step="do")
    assert done.status == 200 and "Innsigelsen er registrert" in done.text and "Omtvistet" in done.text
    assert ATTACK not in done.html and _balance(site, case) == before
    path = "/desk/cases/%d/resolve" % case
    check = handler.get(path).send(outcome="upheld")
    promised = re.search(r"Saldo [\d ,]+? ([\d ]+,\d\d) [−-]", check.text)
    done = check.send(path, step="do")
    assert done.status == 200 and int(_balance(site, case)) == 0, (promised, done.text[:300])


def what_the_check_promises_is_what_comes(site):
    handler = site.staff()
    for name, stage, fields in (("credit", "notice", {"amount": "50"}), ("pay-direct", "demand", {"amount": "100", "on": "25.06.2026"}),
                                ("defer", "notice", {"until": "20.07.2026"}), ("block", "demand", {"code": "deceased"})):
        case = site.case_in(stage)
        path = "/desk/cases/%d/%s" % (case, name)
        check = handler.get(path).send(**fields)
        foot = check.html[check.html.index("<tfoot>"):check.html.index("</tfoot>")]
        after = [re.sub(r"[^\d]", "", cell) for cell in re.findall(r'class="kb-n">([^<]*)<', foot)][1]
        done = check.send(path, step="do")
        assert done.status == 200, done.errors
        assert int(after) == int(_balance(site, case)), (name, after, _balance(site, case))


def a_plan_shows_its_letter_before_it_is_made(site):
    handler = site.staff()
    case = site.case_in("demand", "AND s.principal_minor > 100000")
    path = "/desk/cases/%d/plan" % case
    check = handler.get(path).send(number="3", until="20.07.2026")
    assert check.status == 200, check.errors
    assert "kb-paper" in check.html and ("step", "letter") in check.form(path).buttons
    pdf = check.send(path, step="letter")
    assert pdf.status == 200 and pdf.body.startswith(b"%PDF"), pdf.text[:200]
    assert site.one("SELECT stage FROM case_state WHERE case_id = %d" % case) == "demand"


def an_act_that_may_not_be_done_says_why(site):
    handler = site.staff()
    page = handler.get("/desk/cases/%d/resolve" % site.case_in("demand")).send(outcome="rejected")
    assert page.status == 422 and page.errors, page.text[:200]
    page = handler.get("/desk/cases/%d/object" % site.case_in("closed")).send(note="x")
    assert page.status == 422 and page.errors


def letters_are_read_on_the_page_and_as_pdf(site):
    handler = site.staff()
    case = site.case_in("enforcement_notice")
    page = handler.get("/desk/cases/%d/letters" % case)
    assert "Betalingsoppfordring" in page.text
    letter = handler.get("/desk/cases/%d/letters/1" % case)
    assert letter.status == 200 and "kb-paper" in letter.html
    pdf = handler.get("/desk/cases/%d/letters/1/pdf" % case)
    assert pdf.body.startswith(b"%PDF") and "inline" in pdf.headers["content-disposition"]
    assert handler.get("/desk/cases/%d/letters/99" % case).status == 404


def messages_are_answered_and_notes_kept(site):
    handler = site.staff()
    case = int(site.one("SELECT case_id FROM task WHERE kind = 'question' AND done_at IS NULL AND for_client = 0 ORDER BY task_id"))
    party = site.one("SELECT with_party FROM message WHERE case_id = %d AND from_us = 0 ORDER BY message_id DESC" % case)
    page = handler.get("/desk/cases/%d/messages?with=%s" % (case, party))
    assert "Ny" in page.text
    page = page.send("/desk/cases/%d/messages" % case, body="Hei. " + ATTACK, **{"with": party})
    assert page.status == 200 and "Hei." in page.text and ATTACK not in page.html
    assert site.one("SELECT count(*) FROM task WHERE kind = 'question' AND done_at IS NULL AND case_id = %d" % case) == "0"
    path = "/desk/cases/%d/notes" % case
    page = handler.get(path).send(path, kind="call_in", body="Ringte om avdrag")
    assert "De ringte oss, Hanne Sakbehandler" in page.text and "Ringte om avdrag" in page.text
    assert handler.get(path).send(path, body="").status == 422


def an_attachment_is_only_downloaded(site):
    case, number = site.sql("SELECT case_id, attachment_id FROM attachment ORDER BY attachment_id")[0]
    file = site.staff().get("/desk/cases/%s/files/%s" % (case, number))
    assert file.status == 200 and file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    other = site.case_in("closed")
    assert site.staff().get("/desk/cases/%s/files/%s" % (other, number)).status == 404


# ---------------------------------------------------------------- four eyes

def a_write_off_is_done_by_another_than_who_asks(site):
    handler, manager = site.staff("handler"), site.staff("manager")
    case = site.case_in("demand")
    path = "/desk/cases/%d/close" % case
    check = handler.get(path).send(note="Umulig å drive inn")
    assert "avskrivning" in check.text
    asked = check.send(path, step="do")
    assert asked.path.startswith("/desk/approvals/") and "Forespørselen er sendt" in asked.text
    approval = asked.path.split("?")[0]
    assert site.one("SELECT stage FROM case_state WHERE case_id = %d" % case) == "demand"
    assert handler.post(approval + "/agree", {}).status == 403
    assert "Umulig å drive inn" in manager.get("/desk/approvals").text
    done = manager.get(approval).send(approval + "/agree")
    assert done.status == 200 and "Godkjent" in done.text, done.text[:300]
    assert site.one("SELECT stage FROM case_state WHERE case_id = %d" % case) == "closed"


def a_manager_does_not_agree_to_its_own(site):
    manager = site.staff("manager")
    path = "/desk/cases/%d/close" % site.case_in("demand")
    asked = manager.get(path).send(note="x").send(path, step="do")
    approval = asked.path.split("?")[0]
    assert "En annen må godkjenne" in asked.text
    assert not [f for f in asked.forms if f.action.endswith("/agree")]
    token = asked.form(approval + "/refuse").values["csrf"]
    assert manager.post(approval + "/agree", {"csrf": token}).status == 403
    back = asked.send(approval + "/refuse", reason="ombestemte meg")
    assert back.status == 200 and "Avslått" in back.text


def one_act_on_many_cases_waits_for_another(site):
    cases = [c for c, in site.sql("SELECT case_id FROM case_state WHERE stage = 'demand' AND carrier_id IS NULL ORDER BY case_id LIMIT 3")]
    page = site.staff().get("/desk/mass")
    bad = page.send(act="defer", cases="1, abc", until="20.07.2026", reason="ferie")
    assert bad.status == 422 and "Skriv bare saksnumre" in " ".join(bad.errors)
    asked = page.send(act="defer", cases=" ".join(cases), until="20.07.2026", reason="ferie")
    approval = asked.path.split("?")[0]
    done = site.staff("manager").get(approval).send(approval + "/agree")
    assert "Godkjent" in done.text, done.errors
    assert site.one("SELECT count(*) FROM case_state WHERE stage = 'deferred' AND case_id IN (%s)" % ", ".join(cases)) == str(len(cases))


# ---------------------------------------------------------------- payments, settlement

def a_payment_on_hold_goes_to_a_case_or_back(site):
    handler, manager = site.staff("handler"), site.staff("manager")
    held = [p for p, in site.sql("SELECT h.payment_id FROM payment_hold h JOIN payment y ON y.payment_id = h.payment_id WHERE "
                                 "y.kind = 'credit' ORDER BY h.payment_id")]
    assert len(held) >= 2, held
    path = "/desk/payments/" + held[0]
    page = handler.get(path)
    assert page.status == 200 and "Hvorfor den er uten sak" in page.text
    assert page.send(path + "/assign", case="99999999").status == 422
    case = site.case_in("demand")
    given = page.send(path + "/assign", case=str(case))
    assert given.path == "/desk/cases/%d" % case and "Betaling" in given.text
    path = "/desk/payments/" + held[1]
    page = handler.get(path)
    if not [f for f in page.forms if f.action.endswith("/refund")]:
        return
    asked = page.send(path + "/refund", reason="feilbetaling")
    if asked.status == 422:
        assert asked.errors                             # nobody knows whose account it came from
        return
    approval = asked.path.split("?")[0]
    assert "Godkjent" in manager.get(approval).send(approval + "/agree").text


def a_bank_file_is_uploaded_and_told_of(site):
    handler = site.staff()
    page = handler.get("/desk/payments")
    bad = page.send("/desk/payments", files={"file": ("x.txt", b"hello")})
    assert bad.status == 422 and bad.errors, bad.text[:300]
    name = site.one("SELECT name FROM file WHERE kind = 'ocr' ORDER BY file_id DESC LIMIT 1")
    with open(os.path.join(demo_folder(site.server), name), "rb") as file:
        body = file.read()
    again = page.send("/desk/payments", files={"file": (name, body)})
    assert again.status == 200 and again.heading == "Bankfilen er lest", again.text[:300]
    assert re.search(r"Bokført på saker 0 ", again.text) and re.search(r"Bokført før [1-9]", again.text), again.text[:400]


def a_settlement_is_seen_asked_agreed_and_its_files_fetched(site):
    handler, manager = site.staff("handler"), site.staff("manager")
    runs = site.one("SELECT count(*) FROM settlement_run")
    page = manager.get("/desk/settlements/new")
    assert page.status == 200 and "Dette ville blitt betalt" in page.text
    assert site.one("SELECT count(*) FROM settlement_run") == runs
    if "Det er ingenting å gjøre opp" in page.text:
        raise AssertionError("the demo has nothing to settle")
    sum_shown = re.findall(r'class="kb-n">([^<]*)<', page.html[page.html.index("<tfoot>"):])[0]
    form = [f for f in handler.get("/desk/settlements/new").forms if "reason" in f.names][0]
    asked = handler.post("/desk/settlements/new", dict(form.values, reason="månedens oppgjør"))
    approval = asked.path.split("?")[0]
    done = manager.get(approval).send(approval + "/agree")
    assert "Godkjent" in done.text, done.text[:300]
    run = site.one("SELECT max(run_id) FROM settlement_run")
    assert int(run) == int(runs) + 1
    paid = site.one("SELECT sum(amount_minor) FROM payout WHERE run_id = %s" % run)
    assert int(paid) == int(re.sub(r"[^\d]", "", sum_shown)), (paid, sum_shown)
    page = manager.get("/desk/settlements/" + run)
    pain = page.click("Last ned betalingsfilen")
    assert b"pain.001" in pain.body and pain.headers["content-disposition"].startswith("attachment")
    links = [href for href, _ in page.links if "/files/statement-" in href]
    assert manager.get([x for x in links if x.endswith(".pdf")][0]).body.startswith(b"%PDF")
    assert manager.get([x for x in links if x.endswith(".csv")][0]).body.count(b"\n") > 1
    assert manager.get("/desk/settlements/%s/files/pain-999.xml" % run).status == 404
    assert manager.get("/desk/settlements/%s/files/..%%2Fbook.db" % run).status in (400, 404)


# ---------------------------------------------------------------- nights, outbox

def the_night_runs_in_the_background_and_reports(site):
    manager = site.staff("manager")
    page = manager.get("/desk/nights")
    assert "De siste nettene" in page.text
    reports = int(site.one("SELECT count(*) FROM night_report"))
    page = page.send("/desk/nights")
    assert page.status == 200, page.text[:200]
    for _ in range(100):
        page = manager.get("/desk/nights")
        if "er ferdig" in page.text or "ble avbrutt" in page.text:
            break
        time.sleep(0.1)
    assert "Natten som Marit Leder startet, er ferdig" in page.text, page.text[:400]
    assert int(site.one("SELECT count(*) FROM night_report")) == reports + 1
    assert site.staff("handler").get("/desk/nights").status == 200
    assert site.staff("handler").post("/desk/nights", {}).status == 403


def letters_are_handed_over_and_their_print_file_fetched(site):
    manager = site.staff("manager")
    manager.get("/desk/nights").send("/desk/nights")
    for _ in range(100):
        if "er ferdig" in manager.get("/desk/nights").text:
            break
        time.sleep(0.1)
    page = manager.get("/desk/outbox")
    page = page.send("/desk/outbox") if [f for f in page.forms if f.action == "/desk/outbox" and f.method == "post"] else page
    links = [href for href, _ in page.links if href.endswith(".pdf")]
    assert page.status == 200 and links, page.text[:400]
    file = manager.get(links[0])
    assert file.body.startswith(b"%PDF") and file.headers["content-disposition"].startswith("attachment")
    assert manager.get("/desk/outbox/2026-06-30/letters-1999-01-01.pdf").status == 404


# ---------------------------------------------------------------- the house

def an_administrator_invites_changes_and_ends_users_but_not_the_last_administrator(site):
    admin = site.staff("admin")
    page = admin.get("/desk/users")
    made = page.send("/desk/users", email="ny@fjordkreditt.example", name="Nils Ny", role="handler")
    token = re.search(r"/invite/([\w-]{43})", made.text).group(1)
    invited = site.visitor().get("/invite/" + token)
    secret = invited.form("/invite/" + token).values["secret"]
    inside = invited.send("/invite/" + token, password="tre ord som ingen ser", code=totp(secret))
    assert inside.path == "/desk" and "Nils Ny" in inside.text, inside.path
    assert site.visitor().get("/invite/" + token).status == 410
    twice = page.send("/desk/users", email="ny@fjordkreditt.example", name="Nils", role="handler")
    assert twice.status == 422 and twice.errors
    person = site.one("SELECT person_id FROM person WHERE email = 'ny@fjordkreditt.example'")
    ended = admin.get("/desk/users/" + person).send("/desk/users/" + person, role="auditor", active=None)
    assert "Lagret" in ended.text
    assert inside.visitor.get("/desk", follow=False).status == 303
    me = site.one("SELECT person_id FROM person WHERE role = 'admin'")
    last = admin.get("/desk/users/" + me).send("/desk/users/" + me, role="handler")
    assert last.status == 422 and last.errors
    client = site.one("SELECT person_id FROM person WHERE role = 'client_admin'")
    assert admin.get("/desk/users/" + client).status == 404


def the_log_is_filtered_by_who_case_and_day(site):
    handler, manager = site.staff("handler"), site.staff("manager")
    case = site.case_in("demand")
    handler.get("/desk/cases/%d" % case)
    path = "/desk/cases/%d/notes" % case
    handler.get(path).send(path, kind="note", body="for loggen")
    me = site.one("SELECT person_id FROM person WHERE role = 'handler'")
    day = time.strftime("%d.%m.%Y")
    for query, there in (("actor=%s" % me, True), ("case=%d" % case, True), ("actor=%s&case=%d" % (me, case), True),
                         ("day=01.01.2020", False), ("day=" + day, True), ("actor=person%209999", False)):
        page = manager.get("/desk/audit?" + query)
        assert page.status == 200 and ("Hanne Sakbehandler" in page.text) == there, (query, page.text[:300])
    assert handler.get("/desk/audit").status == 403
    assert "Hanne Sakbehandler" in manager.get("/desk/cases/%d/log" % case).text


def colours_are_refused_when_they_cannot_be_read(site):
    admin = site.staff("admin")
    page = admin.get("/desk/settings")
    pale = page.send("/desk/settings", header="#0f3b4b", accent="#ffd700", mark="letter")
    assert pale.status == 422 and "Kontrasten mot hvitt er 1.4:1" in " ".join(pale.errors), pale.errors
    assert page.send("/desk/settings", header="red", accent="#12495c", mark="letter").status == 422
    saved = page.send("/desk/settings", header="#7a1f3d", accent="#7a1f3d", mark="letter")
    assert "Lagret" in saved.text
    style = site.visitor().get("/brand.css").body.decode()
    assert "--kb-header: #7a1f3d" in style and "--kb-header-text: #ffffff" in style
    assert b">F</text>" in site.visitor().get("/brand.svg").body


def the_law_in_force_is_shown_for_any_day(site):
    page = site.staff().get("/desk/law")
    assert " %" in page.text and "forsinkelsesrenteloven" in page.text and "inkassoloven" in page.text
    assert site.staff().get("/desk/law?on=01.01.2020").text != page.text
    assert "Loven er ikke kjent" in site.staff().get("/desk/law?on=01.01.1950").text


def todays_figures_open_lists_of_as_many_cases(site):
    manager = site.staff("manager")
    page = manager.get("/desk/today")
    assert page.status == 200 and page.html.count("<svg viewBox=\"0 0 640 220\"") == 2
    rows = re.findall(r'<dt>([^<]*)</dt><dd><a href="([^"]*stage=[^"]*)">([^<]*)</a>', page.html)
    assert rows
    for _, href, count in rows[:4]:
        path, seen = href.replace("&amp;", "&"), 0
        for _ in range(50):
            listed = manager.get(path)
            seen += len(re.findall(r'<tr><th scope="row"><a', listed.html))
            following = [h for h, words in listed.links if words == "Neste"]
            if not following:
                break
            path = following[0]
        assert seen == int(re.sub(r"[^\d]", "", count)), (href, seen, count)


def a_user_is_added_by_command(site):
    said = site.command("user", "add", "Forste@Fjordkreditt.example", "--name", "Frida Først", "--role", "admin")
    token = re.search(r"/invite/([\w-]{43})", said).group(1)
    assert "Frida Først" in site.visitor().get("/invite/" + token).text
    assert "forste@fjordkreditt.example" in site.command("user", "list")


def the_help_tells_the_keys(site):
    page = site.staff().get("/help/desk")
    assert "Taster" in page.text and "Registrer en innsigelse" in page.text
    assert site.staff(language="en").get("/help/desk").heading == "Help for case handlers"


if __name__ == "__main__":
    sys.exit(run_web_tests("desk", tests_of(sys.modules[__name__]), sys.argv[1:]))
