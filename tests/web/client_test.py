#!/usr/bin/env python3
"""The client portal: claims, files of claims, cases and acts on them, settlements to the øre, reports with their lists, users, keys."""

import csv
import hashlib
import io
import json
import os
import re
import sys
import time

from website import run_web_tests, tests_of, token_hash, totp

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLIENT, OTHER = 2, 3
HEAD = ("invoice_no;issued_on;due_on;amount;currency;debtor_kind;debtor_id;debtor_name;address;postcode;city;country;phone;email;"
        "description\n")


def _row(number, amount="100,00", name="Kari Nordmann"):
    return "U-%s;01.06.2026;15.06.2026;%s;NOK;person;;%s;Storgata 14;0155;Oslo;NO;;;Strøm\n" % (number, amount, name)


def _minor(text):
    """Øre of an amount as a page or a CSV writes it."""
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def _case(site, stage="demand", client=CLIENT):
    return site.case_in(stage, "AND c.client_no = %d" % client)


def _claim(page, **more):
    """All pages of the registration from the first one; gives the page that shows what follows."""
    told = {"debtor_kind": "person", "debtor_name": "Kari Test", "address": "Storgata 1", "postcode": "0155", "city": "Oslo",
            "invoice_no": "X-1", "issued_on": "01.06.2026", "due_on": "15.06.2026", "amount": "1 250,50", "description": "Strøm i mai"}
    told.update(more)
    for _ in range(4):
        form = page.form()
        page = page.send(**{name: value for name, value in told.items() if name in form.names})
    return page


def _upload(visitor, name, data):
    return _settled(visitor, visitor.get("/client/uploads").send(files={"file": (name, data)}))


def _settled(visitor, page):
    """The page of a file when nothing is being done with it any more."""
    for _ in range(300):
        if "data-refresh" not in page.html:
            return page
        time.sleep(0.1)
        page = visitor.get(page.path)
    raise AssertionError("the file is never done with: %s" % page.text[:300])


# ---------------------------------------------------------------- start, help, rights

def the_start_page_tells_of_tasks_money_and_new_claims(site):
    page = site.staff("client_reader").get("/client")
    assert page.status == 200 and "Oppgaver til deg" in page.text and "Nye krav" in page.text, page.text
    assert "Ingenting venter på deg" in page.text, "an empty state that says what to do"
    newest = site.one("SELECT max(case_id) FROM claim WHERE client_no = 2")
    assert "/client/cases/" + newest in [href for href, _ in page.links]
    waiting = int(site.one("SELECT coalesce(sum(amount_minor), 0) FROM client_due WHERE client_no = 2"))
    assert any(_minor(m) == waiting for m in re.findall(r"(-?[\d ]+,\d\d) kr", page.text)), waiting


def a_message_from_the_agency_is_a_task_until_it_is_read(site):
    case = _case(site)
    site.sql("INSERT INTO message (message_id, case_id, with_party, from_us, author, body, sent_at) "
             "VALUES (9001, %d, 'client', 1, 'Ola Handler', 'Har kunden betalt til dere?', 1780000000)" % case)
    visitor = site.staff("client_clerk")
    assert "Ola Handler har skrevet om sak %d" % case in visitor.get("/client").text
    page = visitor.get("/client/cases/%d" % case)
    assert "Har kunden betalt til dere?" in page.text
    page.send(action="/client/cases/%d/messages/read" % case)
    assert "Ola Handler har skrevet" not in visitor.get("/client").text
    asked = visitor.get("/client/cases/%d/message" % case)
    assert asked.send(body="").status == 422
    sent = asked.send(body="Nei, ikke ennå", follow=False)
    assert sent.status == 303, (sent.status, sent.errors)
    assert site.one("SELECT body FROM message WHERE with_party = 'client' AND from_us = 0 ORDER BY message_id DESC") == "Nei, ikke ennå"
    assert site.one("SELECT count(*) FROM task WHERE kind = 'question' AND case_id = %d AND done_at IS NULL" % case) == "1"


def help_is_one_page_in_both_languages(site):
    assert site.visitor().get("/help/client").heading == "Hjelp for oppdragsgivere"
    assert site.visitor("en").get("/help/client").heading == "Help for clients"


def a_reader_sees_and_writes_nothing(site):
    reader, case = site.staff("client_reader"), _case(site)
    page = reader.get("/client/cases/%d" % case)
    assert page.status == 200 and not [h for h, _ in page.links if h.endswith(("/pay-direct", "/withdraw", "/message"))]
    for path in ("/client/claims/new", "/client/cases/%d/pay-direct" % case, "/client/users", "/client/keys"):
        assert reader.get(path).status == 403, path
    assert site.staff("client_clerk").get("/client/users").status == 403


def what_is_anothers_is_not_there(site):
    visitor, case = site.staff("client_admin"), _case(site, client=OTHER)
    settlement = site.one("SELECT max(settlement_no) FROM settlement WHERE client_no = %d" % OTHER)
    person = site.one("SELECT min(person_id) FROM person WHERE client_no IS NULL")
    for path in ("/client/cases/%d" % case, "/client/cases/%d/pay-direct" % case, "/client/cases/%d/letters/1" % case,
                 "/client/settlements/" + settlement, "/client/settlements/%s/statement.pdf" % settlement,
                 "/client/users/%s" % (person or 1), "/client/uploads/1", "/client/webhooks/1", "/client/cases/0", "/client/cases/x"):
        assert visitor.get(path).status == 404, path


# ---------------------------------------------------------------- registering a claim

def a_claim_is_registered_as_it_was_shown(site):
    visitor = site.staff("client_clerk")
    before = site.one("SELECT count(*) FROM claim")
    page = visitor.get("/client/claims/new").send(debtor_kind="person", debtor_name="")
    assert page.status == 422 and page.errors == ["Fyll ut: Navn"] and page.title.startswith("Feil:"), page.errors
    check = _claim(page)
    assert check.status == 200 and check.heading == "Se over kravet", check.text
    assert site.one("SELECT count(*) FROM claim") == before, "a preview keeps nothing"
    dates = re.findall(r"\d\d\.\d\d\.2026", check.text[check.text.index("Hva som følger"):check.text.index("Hva du får")])
    done = check.send(action="/client/claims")
    assert done.heading == "Kravet er registrert", done.text
    case = int(re.search(r"sak (\d+)", done.text).group(1))
    answer = json.loads(site.command("--json", "case", "preview", case))
    steps = [e["on"] for e in answer.get("events", answer.get("lines", []))] or []
    for on in steps:
        if on > "2026-06-30":
            assert "%s.%s.%s" % (on[8:], on[5:7], on[:4]) in dates, (on, dates)
    assert site.one("SELECT count(*) FROM claim") == str(int(before) + 1)
    assert site.one("SELECT detail FROM audit WHERE act = 'claim'") == "X-1"
    again = _claim(visitor.get("/client/claims/new"))
    assert again.heading == "Vi har dette kravet fra før" and site.one("SELECT count(*) FROM claim") == str(int(before) + 1)


def the_commission_shown_is_what_the_engine_books(site):
    visitor = site.staff("client_clerk")
    check = _claim(visitor.get("/client/claims/new"))
    row = re.search(r"(\d\d\.\d\d\.\d{4}) (-?[\d ]+,\d\d) (-?[\d ]+,\d\d) (-?[\d ]+,\d\d) (-?[\d ]+,\d\d)",
                    check.text[check.text.index("Om skyldneren betaler alt"):])
    paid, commission, vat, to_client = [_minor(x) for x in row.groups()[1:]]
    rate = int(site.one("SELECT commission_bp FROM terms WHERE client_no = 2 ORDER BY terms_no DESC LIMIT 1"))
    steps = re.findall(r"(\d\d\.\d\d\.\d{4}) [^.]*?(\d[\d ]*,\d\d) kr legges til", check.text)
    day = "".join(reversed(row.group(1).split(".")))
    fees = sum(_minor(a) for on, a in steps if "".join(reversed(on.split("."))) <= day)
    assert abs(commission - (paid - fees) * rate / 10000) <= 1, (paid, fees, commission)
    assert paid - commission - vat == to_client, "before any salær all but commission and VAT is the client's"


def what_is_wrong_with_a_claim_stands_at_its_field(site):
    visitor = site.staff("client_clerk")
    for field, value, words in (("description", "Strøm og purregebyr", "gebyr eller renter"), ("debtor_id", "12345678901", "12345"),
                                ("postcode", "99", "postnummer"), ("due_on", "01.05.2026", "før fakturadatoen"),
                                ("kid", "123456", "KID")):
        page = _claim(visitor.get("/client/claims/new"), **{field: value})
        assert page.status == 422 and any(words in e for e in page.errors), (field, page.status, page.errors)
        assert page.form().values[field].replace(" ", "") == value.replace(" ", ""), "what was typed is kept"
    assert site.one("SELECT count(*) FROM claim WHERE invoice_no = 'X-1'") == "0"


def one_answer_is_changed_from_the_last_page(site):
    visitor = site.staff("client_clerk")
    check = _claim(visitor.get("/client/claims/new"))
    edit = check.form("/client/claims/new/edit")
    page = visitor.post(edit.action, dict(edit.values, page="invoice"))
    assert page.form().values["amount"] == "1 250,50"
    again = page.send(amount="2000")
    assert again.heading == "Se over kravet" and "2 000,00 kr" in again.text, again.text[:400]


def a_claim_on_a_minor_is_shown_as_stopped(site):
    page = _claim(site.staff("client_clerk").get("/client/claims/new"), debtor_id=_minor_ident())
    assert page.heading == "Se over kravet" and "mindreårig" in page.text, page.errors


def _minor_ident():
    sys.path.insert(0, os.path.join(ROOT, "tests"))
    from datetime import date

    from kravbok_cli import person_number
    return person_number(date(2015, 3, 4), 0)


# ---------------------------------------------------------------- files of claims

def a_file_is_read_first_and_taken_in_when_told(site):
    visitor = site.staff("client_clerk")
    before = int(site.one("SELECT count(*) FROM claim"))
    data = (HEAD + _row(1) + _row(2, "abc") + _row(3)).encode()
    page = _upload(visitor, "mai.csv", data)
    assert int(site.one("SELECT count(*) FROM claim")) == before, "the dry run keeps nothing"
    assert "«abc» er ikke et beløp" in page.text or "abc" in page.text, page.text
    bad = visitor.get(page.path + "/bad")
    assert bad.body.decode() == HEAD + _row(2, "abc") and "attachment" in bad.headers["content-disposition"]
    refused = visitor.post(page.path, dict(page.form().values, rows="all"))
    assert refused.status == 422 and "må rettes først" in refused.errors[0], refused.errors
    _settled(visitor, visitor.post(page.path, dict(page.form().values, rows="good")))
    assert int(site.one("SELECT count(*) FROM claim")) == before + 2
    again = visitor.get("/client/uploads").send(files={"file": ("mai.csv", data)})
    assert again.status == 422 and "tatt inn før" in again.errors[0], again.errors
    mended = _upload(visitor, "mai2.csv", (HEAD + _row(1) + _row(2, "250")).encode())
    _settled(visitor, visitor.post(mended.path, dict(mended.form().values, rows="all")))
    assert int(site.one("SELECT count(*) FROM claim")) == before + 3
    assert site.one("SELECT already FROM upload ORDER BY upload_id DESC LIMIT 1") == "1"


def samples_and_damaged_files_are_told_of_and_never_a_fault(site):
    visitor = site.staff("client_clerk")
    folders = [os.path.join(ROOT, "samples"), os.path.join(ROOT, "tests", "golden", "bad", "csv"),
               os.path.join(ROOT, "tests", "golden", "bad", "ubl"), os.path.join(ROOT, "..", "shared", "samples", "ubl")]
    seen = 0
    before = site.one("SELECT count(*) FROM claim")
    for folder in folders:
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if not name.endswith((".csv", ".xml")) or os.path.getsize(path) > 1 << 20:
                continue
            with open(path, "rb") as file:
                data = file.read()
            page = visitor.get("/client/uploads").send(files={"file": (name, data)}) if data else None
            if not page or page.status == 422:
                continue
            page = _settled(visitor, page)
            assert page.status == 200, (name, page.status)
            seen += 1
    assert seen > 30, seen
    assert site.one("SELECT count(*) FROM upload WHERE state NOT IN ('checked', 'failed')") == "0"
    assert site.one("SELECT count(*) FROM claim") == before, "nothing is taken in before it is told to"


def an_ehf_invoice_of_the_client_becomes_a_case(site):
    visitor = site.staff("client_clerk")
    with open(os.path.join(ROOT, "samples", "ehf-invoice.xml"), encoding="utf-8") as file:
        data = file.read()
    ours = site.one("SELECT orgnr FROM client WHERE client_no = 2")
    page = _upload(visitor, "other.xml", data.encode())
    assert "ikke" in page.text and site.one("SELECT state FROM upload ORDER BY upload_id DESC LIMIT 1") == "failed"
    page = _upload(visitor, "ours.xml", data.replace("312226340", ours).encode())
    assert site.one("SELECT accepted FROM upload ORDER BY upload_id DESC LIMIT 1") == "1", page.text
    before = int(site.one("SELECT count(*) FROM claim"))
    _settled(visitor, visitor.post(page.path, dict(page.form().values, rows="all")))
    assert int(site.one("SELECT count(*) FROM claim")) == before + 1


def a_large_file_goes_on_after_the_server_was_stopped(site):
    visitor = site.staff("client_clerk")
    data = (HEAD + "".join(_row(1000 + i) for i in range(20000))).encode()
    page = visitor.get("/client/uploads").send(files={"file": ("stor.csv", data)})
    site.process.kill()                                              # not even asked to stop
    site.process.wait()
    site.start()
    page = _settled(visitor, visitor.get(page.path))
    assert site.one("SELECT accepted FROM upload") == "20000", page.text[:300]
    visitor.post(page.path, dict(page.form().values, rows="all"))
    site.process.kill()
    site.process.wait()
    site.start()
    _settled(visitor, visitor.get(page.path))
    assert site.one("SELECT state FROM upload") == "done"
    assert site.one("SELECT count(*) FROM claim WHERE invoice_no LIKE 'U-%'") == "20000", "once, and all of them"


def a_file_over_the_limit_is_refused(site):
    page = site.staff("client_clerk").get("/client/uploads")
    try:
        answer = page.send(files={"file": ("for-stor.csv", b"x" * (21 << 20))})
        assert answer.status in (413, 422), answer
    except (BrokenPipeError, ConnectionResetError):
        pass                                                         # cut while it was being sent
    assert site.one("SELECT count(*) FROM upload") == "0"


# ---------------------------------------------------------------- cases

def cases_are_searched_filtered_sorted_and_exported(site):
    visitor = site.staff("client_reader")
    everything = list(csv.reader(io.StringIO(visitor.get("/client/cases/file").body.decode("utf-8-sig")), delimiter=";"))
    assert len(everything) - 1 == int(site.one("SELECT count(*) FROM claim WHERE client_no = 2"))
    filtered = list(csv.reader(io.StringIO(visitor.get("/client/cases/file?stage=demand").body.decode("utf-8-sig")), delimiter=";"))
    assert len(filtered) - 1 == int(site.one("SELECT count(*) FROM case_state s JOIN claim c ON c.case_id = s.case_id "
                                             "WHERE c.client_no = 2 AND s.stage = 'demand'"))
    page = visitor.get("/client/cases?sort=due")
    days = re.findall(r'<td class="kb-nowrap">(\d\d)\.(\d\d)\.(\d{4})</td>', page.html)
    assert days and days == sorted(days, key=lambda d: d[::-1]), days[:5]
    assert 'aria-sort="ascending"' in page.html
    seen, page = set(), visitor.get("/client/cases")
    while True:
        found = re.findall(r'<th scope="row"><a class="ds-link" href="/client/cases/(\d+)"', page.html)
        assert found and not seen & set(found)
        seen |= set(found)
        onwards = [href for href, words in page.links if words == "Neste"]
        if not onwards:
            break
        page = visitor.get(onwards[0])
    assert len(seen) == len(everything) - 1
    invoice = site.one("SELECT invoice_no FROM claim WHERE client_no = 2 ORDER BY case_id LIMIT 1")
    assert len(re.findall(r'<th scope="row"><a class="ds-link" href="/client/cases/', visitor.get("/client/cases?q=" + invoice).html)) == 1
    assert "kb-empty" in visitor.get("/client/cases?q=finnesikkenoensteder").html, "an empty list says so"
    assert visitor.get("/client/cases?cursor=tull").status == 422


def a_case_shows_every_event_letter_and_amount(site):
    case = _case(site)
    page = site.staff("client_reader").get("/client/cases/%d" % case)
    told = json.loads(site.command("--json", "case", "show", case))
    balance = told.get("balance_minor", told.get("case", {}).get("balance_minor"))
    table = page.html[page.html.index("Hva beløpet består av"):]
    table = table[:table.index("</table>")]
    amounts = [_minor(a) for a in re.findall(r'<td class="kb-n">([^<]*)</td>', table)]
    assert sum(amounts[:-1]) == amounts[-1], amounts
    if balance is not None:
        assert amounts[-1] == balance, (amounts, balance)
    letters = re.findall(r'href="(/client/cases/%d/letters/\d+)"' % case, page.html)
    sent = int(site.one("SELECT count(*) FROM outbox WHERE case_id = %d AND handed_on IS NOT NULL AND withdrawn_on IS NULL" % case))
    assert len(letters) == sent > 0
    pdf = page.visitor.get(letters[0])
    assert pdf.status == 200 and pdf.body.startswith(b"%PDF-") and pdf.headers["content-type"] == "application/pdf"
    assert page.visitor.get("/client/cases/%d/letters/999" % case).status == 404
    assert 'data-state="future"' in page.html, "what comes if nothing is paid"


def an_act_shows_its_effect_first_and_then_has_it(site):
    visitor = site.staff("client_clerk")
    for word, told in (("pay-direct", {"amount": "100", "on": "30.06.2026"}), ("pause", {"until": "20.07.2026", "note": "Avtalt"}),
                       ("credit", {"amount": "50", "note": "K-1"}), ("withdraw", {"note": "Feil mottaker"})):
        case = _case(site)
        facts = site.one("SELECT count(*) FROM fact")
        owed = _owed(site, case)
        page = visitor.get("/client/cases/%d/%s" % (case, word))
        assert page.send().status == 422, "nothing typed"
        check = page.send(**told)
        assert check.status == 200 and site.one("SELECT count(*) FROM fact") == facts, (word, "trying keeps nothing")
        shown = [_minor(a) for a in re.search(r"Skyldneren skylder (-?[\d ]+,\d\d) kr → (-?[\d ]+,\d\d) kr", check.text).groups()]
        assert shown[0] == owed, (word, shown, owed)
        done = check.send()
        assert done.status == 200 and done.path.endswith("/done"), (word, done)
        assert _owed(site, case) == shown[1], (word, shown, _owed(site, case))
        assert site.one("SELECT count(*) FROM fact WHERE by_user LIKE 'person %'") != "0"
    assert {"pay_direct", "defer", "credit", "withdraw"} <= {a for a, in site.sql("SELECT DISTINCT act FROM audit")}
    site.command("verify")


def _owed(site, case):
    told = json.loads(site.command("--json", "case", "show", case))
    return told["balance_minor"] if "balance_minor" in told else told["case"]["balance_minor"]


def an_act_of_a_future_day_or_without_an_amount_is_refused(site):
    visitor, case = site.staff("client_clerk"), _case(site)
    page = visitor.get("/client/cases/%d/pay-direct" % case)
    for told in ({"amount": "0", "on": "30.06.2026"}, {"amount": "x", "on": "30.06.2026"}, {"amount": "10", "on": "01.07.2026"}):
        again = page.send(**told)
        assert again.status == 422 and again.errors and again.form().values["amount"] == told["amount"], again
    closed = _case(site, "closed")
    refused = visitor.get("/client/cases/%d/withdraw" % closed).send(note="x")
    assert refused.status in (409, 422) and refused.errors, refused


# ---------------------------------------------------------------- settlements

def every_sum_of_a_settlement_opens_the_lines_it_is_made_of(site):
    visitor = site.staff("client_reader")
    number = site.one("SELECT max(settlement_no) FROM settlement WHERE client_no = 2")
    movement = int(site.one("SELECT movement_minor FROM settlement WHERE settlement_no = " + number))
    page = visitor.get("/client/settlements/" + number)
    sums = re.findall(r'href="(/client/settlements/%s\?what=(\w*)&amp;column=(\w+)#lines)">([^<]*)<' % number, page.html)
    assert [_minor(s) for _, what, column, s in sums if not what and column == "net"] == [movement], sums
    for href, what, column, text in sums:
        lines = visitor.get(href.replace("&amp;", "&").split("#")[0])
        foot = re.search(r'<tfoot>.*?<td class="kb-n">([^<]*)</td></tr></tfoot>', lines.html[lines.html.index('id="lines"'):], re.S)
        assert foot and _minor(foot.group(1)) == _minor(text), (href, text)
    nets = [int(a) for a, in site.sql("SELECT amount_minor FROM settlement_line WHERE settlement_no = " + number)]
    assert sum(nets) == movement


def a_statement_is_made_again_as_the_run_made_it(site):
    visitor = site.staff("client_reader")
    number = site.one("SELECT max(settlement_no) FROM settlement WHERE client_no = 2")
    pdf, table = [visitor.get("/client/settlements/%s/statement.%s" % (number, kind)) for kind in ("pdf", "csv")]
    assert pdf.body.startswith(b"%PDF-") and pdf.headers["content-type"] == "application/pdf"
    rows = list(csv.reader(io.StringIO(table.body.decode("utf-8-sig")), delimiter=";"))
    net = rows[0].index("net")
    lines = [row for row in rows[1:] if len(row) > net and row[3]]
    assert len(lines) == int(site.one("SELECT count(*) FROM settlement_line WHERE settlement_no = " + number))
    assert sum(_minor(row[net]) for row in lines) == int(site.one("SELECT movement_minor FROM settlement WHERE settlement_no = " + number))
    assert visitor.get("/client/settlements/%s/statement.csv" % number).body == table.body


def commission_is_explained_line_by_line_with_rate_and_vat(site):
    visitor = site.staff("client_reader")
    number = site.one("SELECT max(settlement_no) FROM settlement WHERE client_no = 2")
    page = visitor.get("/client/settlements/%s?column=commission" % number)
    rate = int(site.one("SELECT commission_bp FROM terms WHERE client_no = 2 ORDER BY terms_no DESC LIMIT 1"))
    table = page.html[page.html.index('id="lines"'):]
    found = 0
    for row in re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", table, re.S):
        cells = re.findall(r'<td class="kb-n">([^<]*)</td>', row)
        if len(cells) == 7:
            base, commission = _minor(cells[1]), _minor(cells[4])
            assert cells[3].replace("\u00a0", " ").startswith("%d,%d" % (rate // 100, rate % 100 // 10)), cells
            assert abs(commission - base * rate / 10000) <= 1, cells
            assert base + _minor(cells[2]) - commission - _minor(cells[5]) == _minor(cells[6]), cells
            found += 1
    assert found > 3


# ---------------------------------------------------------------- reports

def every_figure_opens_the_cases_behind_it(site):
    visitor = site.staff("client_reader")
    page = visitor.get("/client/reports")
    assert page.status == 200 and page.html.count("<svg viewBox") >= 4
    links = re.findall(r'<td class="kb-n"><a class="ds-link" href="(/client/cases\?[^"]*)">([^<]*)</a>', page.html)
    assert len(links) > 20
    tried = 0
    for href, shown in links:
        rows = visitor.get(href.replace("&amp;", "&").replace("/client/cases?", "/client/cases/file?")).body.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(rows), delimiter=";"))[1:]
        if "," not in shown:                                         # a count of cases
            assert len(rows) == _minor(shown), (href, shown, len(rows))
        elif "owing" in href:                                        # what they owe
            assert sum(_minor(row[-1]) for row in rows) == _minor(shown), (href, shown)
        else:                                                        # money come in: the cases it came in on
            assert rows, href
        tried += 1
    assert tried == len(links)
    assert visitor.get("/client/reports?from=01.05.2026&until=01.04.2026").status == 200, "an impossible period is told of"
    assert "Det er ingenting å telle" not in page.text


# ---------------------------------------------------------------- users, keys, webhooks

def a_user_is_invited_changed_and_shut_out(site):
    admin = site.staff("client_admin")
    page = admin.get("/client/users/new").send(name="Ny Bruker", email="ny.bruker@test.example", role="client_clerk")
    link = re.search(r"<code>https?://[^/]+(/invite/[\w-]+)</code>", page.html).group(1)
    person = site.one("SELECT person_id FROM person WHERE email = 'ny.bruker@test.example'")
    assert link.split("/")[-1] not in repr(site.sql("SELECT * FROM login_step")), "only its hash is kept"
    newcomer = site.visitor()
    chosen = newcomer.get(link)
    inside = chosen.send(password="tre ord som ingen", code=totp(chosen.form().values["secret"]))
    assert inside.path == "/client" and inside.status == 200, inside
    assert newcomer.get("/client/claims/new").status == 200
    admin.get("/client/users/" + person).send(role="client_reader", active="yes")
    assert newcomer.get("/client").status != 200 or newcomer.get("/client").path == "/login", "logged out by the change"
    admin.get("/client/users/" + person).send(role="client_reader", active=None)
    assert site.one("SELECT active FROM person WHERE person_id = " + person) == "0"
    twice = admin.get("/client/users/new").send(name="En Til", email="ny.bruker@test.example", role="client_clerk")
    assert twice.status == 422 and twice.errors


def the_last_administrator_stays(site):
    admin = site.staff("client_admin")
    person = site.one("SELECT person_id FROM person WHERE role = 'client_admin' AND client_no = 2")
    site.sql("UPDATE person SET active = 0 WHERE role = 'client_admin' AND client_no = 2 AND person_id <> %s" % person)
    for change in ({"role": "client_reader", "active": "yes"}, {"role": "client_admin", "active": None}):
        page = admin.get("/client/users/" + person).send(**change)
        assert page.status in (409, 422) and "administrator" in page.errors[0], page.errors
    assert site.sql("SELECT role, active FROM person WHERE person_id = " + person) == [("client_admin", "1")]


def a_key_is_shown_once_and_opens_the_interface_until_it_is_revoked(site):
    admin = site.staff("client_admin")
    page = admin.get("/client/keys/new").send(name="Regnskapet", kind="live", settle="yes")
    key = re.search(r"kravbok_live_[\w-]{32}", page.html).group(0)
    stored = site.sql("SELECT key_hash, scopes, sandbox FROM api_key WHERE client_no = 2 ORDER BY key_id DESC LIMIT 1")[0]
    assert stored == (hashlib.blake2b(key.encode(), digest_size=32).hexdigest(), "read settle", "0") and token_hash(key) == stored[0]
    assert key not in admin.get("/client/keys").html
    bearer = {"Authorization": "Bearer " + key}
    stranger = site.visitor()
    answer = stranger.request("GET", "/api/v1/settlements", headers=bearer)
    assert answer.status == 200 and json.loads(answer.body)["items"], answer.body
    lines = "/api/v1/settlements/%d/lines" % json.loads(answer.body)["items"][0]["settlement_no"]
    items = json.loads(stranger.request("GET", lines, headers=bearer).body)["items"]
    assert sum(i["net_minor"] for i in items) == json.loads(answer.body)["items"][0]["movement_minor"]
    body = json.dumps({"body": "Hei"}).encode()
    denied = stranger.request("POST", "/api/v1/cases/%d/messages" % _case(site), body,
                              dict(bearer, **{"Content-Type": "application/json", "Idempotency-Key": "a"}))
    assert denied.status == 403, "it has no scope to write"
    number = site.one("SELECT max(key_id) FROM api_key")
    admin.get("/client/keys").send(action="/client/keys/%s/revoke" % number)
    assert stranger.request("GET", "/api/v1/cases", headers=bearer).status == 401


def a_program_does_what_the_pages_do(site):
    page = site.staff("client_admin").get("/client/keys/new").send(name="Alt", kind="live", write="yes", settle="yes")
    bearer = {"Authorization": "Bearer " + re.search(r"kravbok_live_[\w-]{32}", page.html).group(0)}
    program, serial = site.visitor(), [0]

    def call(method, path, told=None):
        serial[0] += 1
        headers = dict(bearer, **({"Content-Type": "application/json", "Idempotency-Key": "k%d" % serial[0]} if told is not None else {}))
        answer = program.request(method, "/api/v1" + path, json.dumps(told).encode() if told is not None else None, headers)
        return answer.status, json.loads(answer.body or b"null")

    claim = {"debtor_kind": "person", "debtor_name": "Kari Test", "address": "Storgata 1", "postcode": "0155", "city": "Oslo",
             "invoice_no": "P-1", "issued_on": "2026-06-01", "due_on": "2026-06-15", "amount_minor": 125050, "description": "Strøm"}
    status, preview = call("POST", "/claims/preview", claim)
    assert status == 200 and preview["events"] and preview["outcomes"], (status, preview)
    status, made = call("POST", "/claims", claim)
    assert status == 201 and not made["was_known"], made
    status, again = call("POST", "/claims", claim)
    assert again["case_no"] == made["case_no"] and again["was_known"]
    case = "/cases/%d" % made["case_no"]
    assert call("GET", case)[1]["balance_minor"] >= 125050
    status, paid = call("POST", case + "/direct-payments", {"amount_minor": 5050, "on": "2026-06-30"})
    assert status == 201, paid
    assert [p["what"] for p in call("GET", case + "/payments")[1]["items"]] == ["direct_payment"]
    assert call("POST", case + "/messages", {"body": "Delbetaling mottatt"})[0] == 201
    assert [m["body"] for m in call("GET", case + "/messages")[1]["items"]] == ["Delbetaling mottatt"]
    for path in ("/cases", case + "/events", case + "/preview", case + "/objections", case + "/plan", "/reports", "/settlements", "/uploads"):
        status, answer = call("GET", path)
        assert status == 200, (path, status, answer)
    status, problem = call("POST", "/claims", dict(claim, invoice_no="P-2", description="Purregebyr"))
    assert status == 422, (status, problem)
    assert call("POST", case + "/credits", {"amount_minor": 1000, "note": "K-9"})[0] == 201
    assert call("POST", case + "/pause", {"until": "2026-07-10", "note": "Avtale"})[0] == 201
    assert call("POST", case + "/withdrawal", {"note": "Feil"})[0] == 201
    assert call("GET", case)[1]["stage"] == "withdrawn"
    other = _case(site, client=OTHER)
    assert call("GET", "/cases/%d" % other)[0] == 404


def a_webhook_is_made_turned_off_and_its_calls_seen(site):
    admin = site.staff("client_admin")
    assert admin.get("/client/webhooks/new").send(url="http://ikke.example", topics="*").status == 422
    page = admin.get("/client/webhooks/new").send(url="https://hook.example/kravbok", topics="payment.booked case.closed")
    assert "whsec_" in page.html
    number = site.one("SELECT max(webhook_id) FROM webhook WHERE client_no = 2")
    clerk, case = site.staff("client_clerk"), _case(site)
    clerk.get("/client/cases/%d/pay-direct" % case).send(amount="100", on="30.06.2026").send()
    shown = admin.get("/client/webhooks/" + number)
    assert "payment.booked" in shown.text and '"case_no":%d' % case in shown.text.replace(" ", ""), shown.text
    assert "whsec_" not in shown.html and "whsec_" not in admin.get("/client/keys").html
    shown.send(action="/client/webhooks/%s/turn" % number)
    assert site.one("SELECT active FROM webhook WHERE webhook_id = " + number) == "0"


if __name__ == "__main__":
    sys.exit(run_web_tests("client", tests_of(sys.modules[__name__]), sys.argv[1:]))
