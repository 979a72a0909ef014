#!/usr/bin/env python3
"""Pages for everyone: in both languages, case status that tells nothing more than it says, what debt collection costs."""

import re
import statistics
import sys
import time

from website import run_web_tests, tests_of
from kravbok_cli import account_number                                           # found by website

PAGES = ("/", "/contact", "/businesses", "/members", "/privacy", "/accessibility", "/help", "/help/debtor",
         "/status", "/real", "/what-is-debt-collection")
ANSWER_SIZE = 16 * 1024


def every_page_is_there_in_norwegian_and_english(site):
    for path in PAGES:
        norwegian, english = site.visitor().get(path), site.visitor("en").get(path)
        assert norwegian.status == english.status == 200, path
        assert 'lang="nb"' in norwegian.html and 'lang="en"' in english.html, path
        assert norwegian.heading and norwegian.heading != english.heading, (path, norwegian.heading)
        assert sum(tag == "h1" for tag, _ in norwegian.headings) == 1, path


def the_front_page_leads_everywhere(site):
    page = site.visitor().get("/")
    assert "Har du fått en SMS fra oss? Er den ekte?" in page.text, page.text[:400]
    hrefs = [href for href, _ in page.links]
    for path in ("/real", "/my", "/status", "/businesses", "/members", "/contact", "/what-is-debt-collection"):
        assert path in hrefs, path
    assert "Strandkaien 2" in page.text and "55 00 00 00" in page.text


def _status(site, case, code, visitor=None):
    return (visitor or site.visitor()).get("/status").send(case=case, code=code)


def status_tells_the_phase_and_nothing_else(site):
    for stage, heading in (("demand", "Saken er aktiv"), ("disputed", "Noen har sagt at de er uenige i kravet"),
                           ("closed", "Saken er avsluttet")):
        case = site.case_in(stage, "AND s.letter_count > 0")
        page = _status(site, case, site.letter_code(case))
        assert page.status == 200 and ("h2", heading) in page.headings, (stage, page.headings)
        name, client, amount = site.sql("SELECT d.name, k.name, c.amount_minor FROM claim c JOIN debtor d ON d.debtor_id = c.debtor_id "
                                        "JOIN client k ON k.client_no = c.client_no WHERE c.case_id = %d" % case)[0]
        for secret in name.split() + [client, str(int(amount) // 100)]:
            assert secret not in page.text, (stage, secret)
        assert "55 00 00 00" in page.text
        assert "/my/login" in [href for href, _ in page.links] or stage == "closed"


def any_letter_of_the_case_opens_it_however_it_is_typed(site):
    case = site.case_in("legal", "AND s.letter_count >= 3")
    for letter in (1, 2, 3):
        code = site.letter_code(case, letter)
        for typed in (code, code.lower(), code.replace("-", ""), " ".join(code), code.replace("0", "o").replace("1", "l")):
            assert "Saken er aktiv" in _status(site, "Sak %d" % case, typed).text, (letter, typed)
    kid = "80%09d" % case
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(kid)))
    assert "Saken er aktiv" in _status(site, kid + str(-total % 10), code).text


def a_code_of_another_case_is_no_key(site):
    case, other = site.case_in("demand"), site.case_in("legal")
    assert "Vi finner ingen sak" in _status(site, case, site.letter_code(other)).text


def status_is_kept_from_search_engines_and_caches(site):
    case = site.case_in("demand")
    for page in (site.visitor().get("/status"), _status(site, case, site.letter_code(case)), _status(site, 1, "AAAA-AAAA")):
        assert page.headers["x-robots-tag"] == "noindex" and page.headers["cache-control"] == "no-store", page.headers
    assert "Disallow: /status" in site.visitor().get("/robots.txt").body.decode()


def a_hit_and_a_miss_are_of_one_size(site):
    case, closed = site.case_in("demand"), site.case_in("closed", "AND s.letter_count > 0")
    answers = [_status(site, case, site.letter_code(case)), _status(site, closed, site.letter_code(closed)),
               _status(site, case, "AAAA-AAAA"), _status(site, 99999999, "AAAA-AAAA"), _status(site, "x", "B")]
    assert {len(page.body) for page in answers} == {ANSWER_SIZE}, [len(page.body) for page in answers]
    assert {page.status for page in answers} == {200}
    assert len({tuple(sorted(k for k in page.headers if k != "set-cookie")) for page in answers}) == 1
    assert len(_status(site, case, site.letter_code(case), site.visitor("en")).body) == ANSWER_SIZE


def a_hit_and_a_miss_take_as_long(site):
    visitor, case = site.visitor(), site.case_in("demand")
    page = visitor.get("/status")
    kinds = {"hit": lambda i: (case, site_code), "wrong code": lambda i: (100 + i, "AAAA-AAAA"),
             "no case": lambda i: (80000000 + i, "AAAA-AAAA")}
    site_code = site.letter_code(case)
    times = {kind: [] for kind in kinds}
    for i in range(60):
        for kind, typed in kinds.items():
            number, code = typed(i)
            begin = time.perf_counter()
            assert page.send(case=number, code=code).status == 200
            times[kind].append(time.perf_counter() - begin)
    middles = {kind: statistics.median(t) for kind, t in times.items()}
    spread = max(middles.values()) / min(middles.values())
    assert spread < 1.5, middles


def wrong_tries_lock_the_reference_without_saying_so(site):
    case = site.case_in("demand")
    code, other = site.letter_code(case), site.case_in("legal")
    misses = {_strip(_status(site, case, "AAAA-AAA%d" % i)) for i in range(6)}
    assert len(misses) == 1                                              # the same words before and after the lock
    assert _strip(_status(site, case, code)) in misses                   # the right code too is answered as a miss now
    assert "Saken er aktiv" in _status(site, other, site.letter_code(other)).text
    site.sql("UPDATE failed_try SET locked_until_at = 0")
    assert "Saken er aktiv" in _status(site, case, code).text


def wrong_tries_elsewhere_lock_nobody_out(site):
    case = site.case_in("demand")
    guesser = site.visitor(address="127.0.0.8")
    for i in range(6):
        guesser.get("/status").send(case=str(case), code="AAAA-AAA%d" % i)
    assert "Saken er aktiv" in site.visitor(address="127.0.0.9").get("/status").send(case=str(case), code=site.letter_code(case)).text


wrong_tries_elsewhere_lock_nobody_out.options = ("--behind-proxy",)


def _strip(page):
    return re.sub(r'value="[0-9a-f]{64}"', "", page.html)


def an_address_that_tries_much_must_wait(site):
    visitor = site.visitor()
    page = visitor.get("/status")
    for _ in range(30):
        assert page.send(case="1", code="AAAA-AAAA").status == 200
    waits = page.send(case="1", code="AAAA-AAAA")
    assert waits.status == 429 and waits.headers["retry-after"] == "60", waits
    assert waits.heading == "For mange forsøk", waits.heading


an_address_that_tries_much_must_wait.settings = {}


def a_status_that_was_seen_is_in_the_log(site):
    case = site.case_in("demand")
    _status(site, case, site.letter_code(case))
    assert site.sql("SELECT actor, act FROM audit WHERE case_id = %d" % case) == [("stranger", "status")]
    text = "\n".join(site.log)
    assert site.letter_code(case) not in text and "AAAA" not in text


# ---------------------------------------------------------------- is it real?

def _real(site, message, language="nb"):
    return site.visitor(language).get("/real").send(message=message)


def _ours(site):
    case = site.case_in("demand", "AND s.letter_count > 0")
    day = site.one("SELECT handed_on FROM outbox WHERE case_id = %d AND letter_no = 1" % case)
    text = "Fjordkreditt SA: Du har fått et brev med frist i sak %d. Se https://fjordkreditt.example, kode %s" % (
        case, site.letter_code(case))
    return case, day, text


def a_message_of_ours_is_known_by_its_code_and_day(site):
    case, day, text = _ours(site)
    page = _real(site, text)
    assert "Ja, den er fra oss" in page.text and day[:4] in page.text, page.text
    name = site.one("SELECT d.name FROM debtor d JOIN claim c ON c.debtor_id = d.debtor_id WHERE c.case_id = %d" % case)
    assert name.split()[-1] not in page.text
    link = "https://fjordkreditt.example/l/%d/%s" % (case, site.letter_code(case))
    assert "Yes, it is from us" in _real(site, link, "en").text, _real(site, link, "en").text


def a_swindlers_message_is_not_ours_and_we_say_why(site):
    _, _, text = _ours(site)
    for bent, why in ((text.replace("fjordkreditt.example", "fjordkreditt-betaling.example"), "ligne vår"),
                      (text + " Betal til " + account_number(9710050000), "kontonummer"),
                      ("Du har en ubetalt regning. Betal her: http://bit.ly/3xYz", "Lenken er forkortet"),
                      ("Inkasso! Oppgi BankID-koden og kortnummeret ditt på https://betal.evil.example", "noe hemmelig")):
        page = _real(site, bent)
        assert "Slett den" in page.text and why in page.text, (bent, page.text)


def what_we_cannot_tell_we_say_so(site):
    page = _real(site, "Hei, ring meg")
    assert "Vi kan ikke si det sikkert" in page.text and "55 00 00 00" in page.text, page.text
    empty = _real(site, "")
    assert empty.status == 422 and empty.errors == ["Lim inn meldingen, lenken eller koden"], empty.errors


def what_it_costs_is_the_laws_own_figures(site):
    page = site.visitor().get("/what-is-debt-collection?amount=2+100&due=15.01.2026")
    rows = re.findall(r"<tr><th[^>]*>([^<]*)</th><td>\s*([^<]*?)\s*<.*?</tr>", page.html, re.S)
    assert [what.strip() for _, what in rows][:6] == ["Fakturaen forfaller", "Purring", "Inkassovarsel", "Betalingsoppfordring",
                                                      "Salæret øker", "Varsel om tvangsfullbyrdelse"], rows
    assert rows[0][0] == "15.01.2026" and "2 100,00" in page.text
    assert "inkassoforskriften" in page.text


def what_is_typed_wrong_is_told(site):
    page = site.visitor().get("/what-is-debt-collection?amount=abc&due=31.02.2026")
    assert len(page.errors) == 2 and page.title.startswith("Feil: "), page.errors


def the_words_are_plain(site):
    for path in PAGES:
        text = site.visitor().get(path).html
        main = text[text.index("<main"):text.index("</main>")]
        assert lix(main) <= 40, (path, lix(main))


def lix(html):
    """Words and sentences of the running text: letters longer than six, words a sentence."""
    text = " ".join(part if re.search(r"[.!?:]\s*$", part) else part + "."
                    for part in re.findall(r">([^<>]+)<", re.sub(r"<table.*?</table>", "", html, flags=re.S)) if re.search(r"\w", part))
    words = re.findall(r"[^\W\d_]+", text)
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    return len(words) / sentences + 100 * sum(len(w) > 6 for w in words) / max(1, len(words))


SETTINGS = {"web.tries_of_address": "400", "web.tries_of_address_per_minute": "400"}

if __name__ == "__main__":
    sys.exit(run_web_tests("public", tests_of(sys.modules[__name__]), sys.argv[1:], settings=SETTINGS))
