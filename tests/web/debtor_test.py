#!/usr/bin/env python3
"""My page: logging in, what I owe and why, paying, more time, instalments, objecting, letters, helpers, my data."""

import json
import re
import subprocess
import sys
import tempfile
import time

from public_test import lix
from website import run_web_tests, tests_of

SETTINGS = {"web.tries_of_address": "1000", "web.tries_of_address_per_minute": "1000"}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def _amount(minor):
    whole = "{:,}".format(int(minor) // 100).replace(",", " ")
    return "%s,%02d" % (whole, int(minor) % 100)


def _shown(site, case, *more):
    return json.loads(site.command("case", "show", case, "--json", *more))


def _digits(site):
    """The next code in the server's log, which comes a moment after the page."""
    read = getattr(site, "digits_read", 0)
    for _ in range(500):
        found = [re.search(r"one-time code for case \d+: (\d{5})", line) for line in list(site.log)]
        codes = [m.group(1) for m in found if m]
        if len(codes) > read:
            site.digits_read = read + 1
            return codes[read]
        time.sleep(0.01)
    raise AssertionError("no code in the log: %s" % site.log[-3:])


def _policy(site, case, days=30, parts=12, least=10000):
    client = site.one("SELECT client_no FROM claim WHERE case_id = %d" % case)
    site.sql("DELETE FROM client_policy WHERE client_no = %s" % client)
    site.sql("INSERT INTO client_policy VALUES (%s, %d, %d, %d, 0)" % (client, days, parts, least))


def _fresh(site, stage="demand"):
    """A case that has had no agreement before."""
    return site.case_in(stage, "AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.case_id = s.case_id AND f.kind IN ('deferral', 'plan'))")


# ---------------------------------------------------------------- ways in

def a_letter_and_five_digits_open_the_case(site):
    case = site.case_in("demand", "AND d.phone <> ''")
    page = site.visitor().get("/my/login").send(case=case, code=site.letter_code(case))
    assert page.path == "/my/login/code" and "•••" in page.text, page
    phone = site.one("SELECT d.phone FROM debtor d JOIN claim c ON c.debtor_id = d.debtor_id WHERE c.case_id = %d" % case)
    assert phone not in page.text and re.sub(r"\D", "", phone)[-3:] in page.text
    digits = _digits(site)
    assert digits not in page.html
    body, urgent = site.sql("SELECT body, urgent FROM dispatch WHERE case_id = %d ORDER BY dispatch_id DESC LIMIT 1" % case)[0]
    assert digits in body and urgent == "1" and "15 minutter" in body, body
    wrong = page.send(digits="00000" if digits != "00000" else "11111")
    assert wrong.status == 422 and wrong.errors, wrong
    inside = wrong.send(digits=" ".join(digits))
    assert inside.path == "/my/cases/%d" % case and inside.status == 200, inside
    other = site.one("SELECT case_id FROM claim WHERE case_id <> %d ORDER BY case_id LIMIT 1" % case)
    assert inside.visitor.get("/my/cases/" + other).status == 404


def digits_are_good_for_five_tries_and_one_log_in(site):
    case = site.case_in("demand", "AND d.phone <> ''")
    page = site.visitor().get("/my/login").send(case=case, code=site.letter_code(case))
    digits = _digits(site)
    for i in range(4):
        wrong = page.send(digits="%05d" % ((int(digits) + 1 + i) % 100000))
        assert wrong.status == 422, (i, wrong, wrong.text)
    assert page.send(digits="%05d" % ((int(digits) + 9) % 100000)).path == "/my/login"
    assert page.send(digits=digits).path == "/my/login"                     # too late
    again = site.visitor().get("/my/login").send(case=case, code=site.letter_code(case))
    token = dict(again.visitor.cookies)
    assert again.send(digits=_digits(site)).path == "/my/cases/%d" % case
    reuse = site.visitor()
    reuse.cookies = {k: v for k, v in token.items() if k != "__Host-session"}
    assert reuse.get("/my/login/code").path == "/my/login"


def a_wrong_code_tells_nothing_of_contact_points(site):
    case = site.case_in("demand", "AND d.phone <> ''")
    page = site.visitor().get("/my/login").send(case=case, code="AAAA-AAAA")
    missing = site.visitor().get("/my/login").send(case="99999999", code="AAAA-AAAA")
    assert page.status == missing.status == 422 and page.errors == missing.errors
    assert "•" not in page.text and site.one("SELECT count(*) FROM dispatch WHERE urgent = 1") == "0"


def without_a_contact_point_we_say_what_to_do(site):
    case = site.case_in("demand")
    site.sql("UPDATE debtor SET phone = '', email = '' WHERE debtor_id = (SELECT debtor_id FROM claim WHERE case_id = %d)" % case)
    page = site.visitor().get("/my/login").send(case=case, code=site.letter_code(case))
    assert page.path == "/my/login/code" and "BankID" in page.text and "55 00 00 00" in page.text, page.text


def the_qr_code_of_a_letter_leads_to_paying(site):
    case = site.case_in("demand")
    code = site.letter_code(case)
    page = site.visitor().get("/l/%d/%s" % (case, code))
    form = page.form("/my/login")
    assert form.values["case"] == str(case) and form.values["code"].replace("-", "") == code.replace("-", "")
    assert page.headers["x-robots-tag"] == "noindex"
    assert site.debtor(case).get("/l/%d/%s" % (case, code)).path == "/my/cases/%d/pay" % case


def a_stranger_is_asked_to_log_in(site):
    for path in ("/my", "/my/cases/1", "/my/data", "/my/helpers", "/my/letters"):
        assert site.visitor().get(path).path == "/my/login", path


def no_debtor_sees_the_case_of_another(site):
    case, other = site.case_in("demand"), site.case_in("legal")
    debtor = site.debtor(case)
    for page in ("", "/pay", "/why", "/later", "/more-time", "/instalments", "/object", "/proof", "/letters", "/letters/1",
                 "/messages", "/receipt"):
        assert debtor.get("/my/cases/%d%s" % (other, page)).status == 404, page
    assert site.staff("handler").get("/my").status == 403


# ---------------------------------------------------------------- what I owe

def all_my_cases_are_on_one_page(site):
    debtor_id = site.one("SELECT debtor_id FROM claim GROUP BY debtor_id HAVING count(*) > 1 ORDER BY debtor_id LIMIT 1")
    page = site.debtor(debtor_id=debtor_id).get("/my")
    cases = [r[0] for r in site.sql("SELECT case_id FROM claim WHERE debtor_id = %s" % debtor_id)]
    hrefs = [href for href, _ in page.links]
    for case in cases:
        assert "/my/cases/" + case in hrefs, (case, hrefs)
    owed = sum(_shown(site, c)["balance_minor"] for c in cases)
    if owed:
        assert _amount(owed) in page.text, (owed, page.text)


def the_case_page_says_what_the_engine_says(site):
    for stage in ("demand", "notice", "legal", "plan", "closed"):
        case = site.case_in(stage)
        page, shown = site.debtor(case).get("/my/cases/%d" % case), _shown(site, case)
        assert page.status == 200 and _amount(shown["balance_minor"]) in page.text, (stage, page.text[:600])
        assert shown["balance_minor"] == 0 or shown["kid"] in page.text.replace(" ", "")


def paying_shows_account_kid_and_amounts_of_other_days(site):
    case = site.case_in("demand")
    page, shown = site.debtor(case).get("/my/cases/%d/pay" % case), _shown(site, case)
    numbers = page.text.replace(" ", "")
    assert shown["kid"] in numbers and site.one("SELECT value FROM setting WHERE name = 'agency.account'") in numbers
    assert _amount(shown["balance_minor"]) in page.text
    for day in ("2026-07-07", "2026-07-14", "2026-07-30"):
        then = json.loads(site.command("case", "preview", case, "--until", day, "--json"))
        assert _amount(then["balance_minor"]) in page.text, day


def why_shows_each_line_with_its_paragraph_and_they_add_up(site):
    case = site.case_in("demand")
    page, shown = site.debtor(case).get("/my/cases/%d/why" % case), _shown(site, case)
    rows = re.findall(r'<td class="kb-n">([^<]*)</td></tr>', page.html)
    total = sum(int(re.sub(r"[^\d]", "", r)) * (-1 if "−" in r or "-" in r else 1) for r in rows[:-1])
    assert total == shown["balance_minor"], (rows, shown["balance_minor"])
    for line in shown["lines"]:
        assert line["basis"] in page.text, line


def later_is_the_engine_run_forward(site):
    case = site.case_in("demand")
    debtor = site.debtor(case)
    page = debtor.get("/my/cases/%d/later?on=20.07.2026" % case)
    then = json.loads(site.command("case", "preview", case, "--until", "2026-07-20", "--json"))
    never = json.loads(site.command("case", "preview", case, "--json"))
    assert _amount(then["balance_minor"]) in page.text and _amount(never["balance_minor"]) in page.text
    assert debtor.get("/my/cases/%d/later?on=20.07.2020" % case).errors


# ---------------------------------------------------------------- agreements

def more_time_inside_the_policy_is_granted_at_once(site):
    case = _fresh(site)
    _policy(site, case)
    debtor = site.debtor(case)
    page = debtor.get("/my/cases/%d/more-time" % case).send(until="20.07.2026")
    assert "Dette kan du få med en gang" in page.text and _shown(site, case)["stage"] == "demand", page.text
    done = page.visitor.post(
        "/my/cases/%d/more-time" % case, dict(page.forms[-1].values))
    assert done.path.endswith("/more-time/done") and "Du har fått mer tid" in done.heading, done
    assert _shown(site, case)["stage"] == "deferred"


def instalments_show_the_fee_before_they_are_agreed(site):
    case = site.case_in("demand", "AND s.principal_minor > 100000 AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.case_id = s.case_id "
                        "AND f.kind IN ('deferral', 'plan'))")
    _policy(site, case)
    debtor = site.debtor(case)
    page = debtor.get("/my/cases/%d/instalments?parts=6&until=15.07.2026" % case)
    assert "Dette kan du få med en gang" in page.text, page.text
    fee = re.search(r"Gebyr for avtalen ([\d ]+,\d\d) kr", page.text)
    assert fee, page.text
    before = _shown(site, case)
    assert before["stage"] == "demand"                                    # a look changes nothing
    done = debtor.post("/my/cases/%d/instalments" % case, dict(page.forms[-1].values))
    after = _shown(site, case)
    assert after["stage"] == "plan" and done.path.endswith("/instalments/done"), done
    assert _amount(after["balance_minor"] - before["balance_minor"]) == fee.group(1)
    rows = re.findall(r"<tr><th[^>]*>(\d\d\.\d\d\.\d{4})</th><td class=\"kb-n\">([^<]+)</td></tr>", done.html)
    assert len(rows) == 6 and rows[0][0] == "15.07.2026", rows
    shown_before = re.findall(r"<tr><th[^>]*>(\d\d\.\d\d\.\d{4})</th><td class=\"kb-n\">([^<]+)</td></tr>", page.html)
    assert shown_before == rows


def outside_the_policy_a_handler_gets_the_wish(site):
    case = _fresh(site)
    _policy(site, case, days=5)
    debtor = site.debtor(case)
    page = debtor.get("/my/cases/%d/more-time?until=20.07.2026" % case)
    assert "En saksbehandler svarer på dette" in page.text, page.text
    done = debtor.post("/my/cases/%d/more-time" % case, dict(page.forms[-1].values, note="Lønn den 15."))
    assert "Ønsket ditt er sendt" in done.text
    detail = site.one("SELECT detail FROM task WHERE kind = 'more_time' AND case_id = %d" % case)
    assert "2026-07-20" in detail and "Lønn den 15." in detail, detail
    assert _shown(site, case)["stage"] == "demand"


def a_day_that_has_passed_is_told_at_the_field(site):
    case = _fresh(site)
    page = site.debtor(case).get("/my/cases/%d/more-time?until=20.07.2020" % case)
    assert page.errors and page.title.startswith("Feil: "), page.title


# ---------------------------------------------------------------- objecting

def an_objection_stops_the_steps_that_instant(site):
    case = _fresh(site)
    debtor = site.debtor(case)
    before = _shown(site, case)
    page = debtor.get("/my/cases/%d/object" % case)
    empty = page.send()
    assert empty.status == 422 and len(empty.errors) == 2, empty.errors
    done = empty.send(reason="cancelled", text="Jeg avbestilte timen.", files={"file": ("avbestilling.pdf", PDF)})
    assert done.path.startswith("/my/cases/%d/object/done" % case) and done.heading == "Vi har fått innsigelsen", done
    after = _shown(site, case)
    assert after["stage"] == "disputed" and after.get("next") != before.get("next")
    due = site.one("SELECT due_on FROM task WHERE kind = 'objection' AND case_id = %d AND done_at IS NULL" % case)
    assert "%d. juli 2026" % int(due[8:]) in done.text or due[5:7] != "07", (due, done.text)
    assert "Sak %d" % case in done.text or "sak %d" % case in done.text
    note = site.one("SELECT note FROM fact WHERE case_id = %d AND kind = 'objection'" % case)
    assert "Jeg avbestilte timen." in note
    assert site.one("SELECT name FROM attachment WHERE case_id = %d" % case) == "avbestilling.pdf"
    assert site.one("SELECT count(*) FROM audit WHERE act = 'object' AND case_id = %d" % case) == "1"
    assert "Du har sagt at du er uenig" in debtor.get("/my/cases/%d" % case).text


def a_file_that_is_no_picture_or_pdf_is_refused_and_nothing_is_stored(site):
    case = _fresh(site)
    page = site.debtor(case).get("/my/cases/%d/object" % case)
    refused = page.send(reason="other", text="x", files={"file": ("virus.exe", b"MZ\x00\x01\x02")})
    assert refused.status == 422 and refused.errors, refused
    assert _shown(site, case)["stage"] == "demand"


def proof_of_payment_becomes_a_task_with_its_file(site):
    case = _fresh(site)
    page = site.debtor(case).get("/my/cases/%d/proof" % case)
    done = page.send(paid_on="20.06.2026", amount="500", files={"file": ("kvittering.pdf", PDF)})
    assert done.heading == "Vi har fått kvitteringen", done
    assert "500.00" in site.one("SELECT detail FROM task WHERE kind = 'proof' AND case_id = %d" % case)
    assert site.one("SELECT count(*) FROM attachment WHERE case_id = %d" % case) == "1"


# ---------------------------------------------------------------- letters, messages

def letters_are_there_as_pdf(site):
    case = site.case_in("legal", "AND s.letter_count >= 3")
    debtor = site.debtor(case)
    page = debtor.get("/my/cases/%d/letters" % case)
    pdfs = [href for href, words in page.links if "(PDF)" in words and "/letters/" in href]
    assert len(pdfs) >= 3
    letter = debtor.get(pdfs[-1])
    assert letter.status == 200 and letter.body.startswith(b"%PDF") and letter.headers["content-type"] == "application/pdf"
    with tempfile.NamedTemporaryFile(suffix=".pdf") as f:
        f.write(letter.body)
        f.flush()
        text = subprocess.run(["pdftotext", f.name, "-"], capture_output=True, check=True).stdout.decode()
    assert str(case) in text
    assert debtor.get("/my/cases/%d/letters/99" % case).status == 404
    assert debtor.get("/my/letters").status == 200


def a_paid_case_has_its_receipt(site):
    case = site.case_in("closed", "AND s.paid_minor > 0")
    receipt = site.debtor(case).get("/my/cases/%d/receipt" % case)
    assert receipt.status == 200 and receipt.body.startswith(b"%PDF"), receipt


def a_message_reaches_the_handler(site):
    case = _fresh(site)
    page = site.debtor(case).get("/my/cases/%d/messages" % case)
    sent = page.send(body="Hvem er kreditor?", files={"file": ("brev.pdf", PDF)})
    assert "Meldingen er sendt" in sent.text and "Hvem er kreditor?" in sent.text, sent
    assert site.one("SELECT kind FROM task WHERE case_id = %d" % case) == "question"
    assert page.send(body="").status == 422


# ---------------------------------------------------------------- helpers and my data

def _helper(site, case, scope):
    debtor = site.debtor(case)
    page = debtor.get("/my/helpers/new").send(name="Hjalmar Hjelper", phone="", email="hjelper@test.example", scope=scope,
                                              extent="all", until="31.12.2026")
    number, code = re.search(r"<code>(\d+)</code>.*<code>([0-9A-Z]+)</code>", page.html, re.S).groups()
    login = site.visitor().get("/my/login/helper").send(number=number, code=code)
    assert login.path == "/my/login/code" and "h•••@test.example" in login.text, login.text
    inside = login.send(digits=_digits(site))
    assert inside.path == "/my" and "Du handler for en annen" in inside.text, inside
    return debtor, inside.visitor, number


def a_helper_may_act_for_a_debtor_and_all_is_written_down(site):
    case = _fresh(site)
    debtor, helper, number = _helper(site, case, "act")
    done = helper.get("/my/cases/%d/object" % case).send(reason="other", text="På vegne av.")
    assert done.heading == "Vi har fått innsigelsen", done
    log = debtor.get("/my/data/log")
    assert "Hjalmar Hjelper, som hjelper deg" in log.text and "Sa seg uenig" in log.text, log.text
    assert helper.get("/my/helpers/new").status == 403 and helper.get("/my/data/contact").status == 403
    debtor.get("/my/helpers").send("/my/helpers/%s/end" % number)
    assert helper.get("/my").path == "/my/login"                          # at once


def a_helper_who_may_only_see_cannot_act(site):
    case = _fresh(site)
    _, helper, _ = _helper(site, case, "see")
    assert helper.get("/my/cases/%d" % case).status == 200
    assert helper.get("/my/cases/%d/object" % case).path == "/my/cases/%d" % case
    token = site.debtor(case).get("/my/cases/%d/object" % case).form().values
    assert helper.post("/my/cases/%d/object" % case, dict(token, reason="other", text="x")).status == 403
    assert _shown(site, case)["stage"] == "demand"


def nobody_ends_the_mandate_of_another(site):
    case = _fresh(site)
    _, helper, number = _helper(site, case, "see")
    stranger = site.debtor(site.case_in("legal"))
    _helper(site, site.case_in("legal"), "see")
    page = stranger.get("/my/helpers")
    other = page.form()
    from urllib.parse import urlsplit
    assert urlsplit(other.action).path != "/my/helpers/%s/end" % number
    assert helper.get("/my").status == 200


def my_data_can_be_corrected(site):
    case = _fresh(site)
    debtor = site.debtor(case)
    page = debtor.get("/my/data/contact").send(phone="911 22 333", email="ny@test.example")
    assert "+4791122333" in page.text.replace(" ", "") and "ny@test.example" in page.text, page.text
    page = debtor.get("/my/data/choices").send(channel="sms", language="en", consent="yes")
    assert "På SMS" in page.text and "Du har sagt ja" in page.text
    page = debtor.get("/my/data/contact").send(phone="", email="")
    assert "På SMS" not in page.text                                      # nowhere to send it
    assert debtor.get("/my/data/choices").send(channel="email", language="nb").status == 422
    done = debtor.get("/my/data/address").send(address="Nygata 9", postcode="5003", city="Bergen")
    assert done.heading == "Vi har fått den nye adressen"
    assert "Nygata 9" in site.one("SELECT detail FROM task WHERE kind = 'other'")


def my_data_can_be_taken_away(site):
    case = _fresh(site)
    debtor = site.debtor(case)
    debtor.get("/my/cases/%d/messages" % case).send(body="Hei")
    page = debtor.get("/my/data/download")
    data = json.loads(page.body)
    assert page.headers["content-disposition"].startswith("attachment")
    assert [c for c in data["cases"] if c["case_no"] == case][0]["balance_minor"] == _shown(site, case)["balance_minor"]
    assert any(m["body"] == "Hei" for c in data["cases"] for m in c["messages"]) and data["log"]


# ---------------------------------------------------------------- words

def every_page_has_both_languages_and_plain_words(site):
    case = _fresh(site)
    norwegian, english = site.debtor(case), site.debtor(case, language="en")
    for path in ["/my", "/my/letters", "/my/messages", "/my/helpers", "/my/helpers/new", "/my/data", "/my/data/contact",
                 "/my/data/address", "/my/data/choices", "/my/data/log"] + [
                 "/my/cases/%d%s" % (case, p) for p in ("", "/pay", "/why", "/later", "/more-time", "/instalments", "/object",
                                                        "/proof", "/letters", "/messages")]:
        a, b = norwegian.get(path), english.get(path)
        assert a.status == b.status == 200, (path, a, b)
        main = a.html[a.html.index("<main"):a.html.index("</main>")]
        for word in (" the ", " you ", " your ", " and "):
            assert word not in re.sub(r"<[^>]+>", " ", main), (path, word)
        assert lix(main) <= 40, (path, lix(main))


if __name__ == "__main__":
    sys.exit(run_web_tests("debtor", tests_of(sys.modules[__name__]), sys.argv[1:], settings=SETTINGS))
