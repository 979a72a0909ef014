#!/usr/bin/env python3
"""The API against its own description: every operation called rightly and wrongly, every answer held against the schema that
/api/openapi.json gives it, every refusal a problem (RFC 9457); keys, scopes, Idempotency-Key, pages of a list, the sandbox."""

import datetime
import json
import re
import signal
import sys
import threading

from routetable import FREE, OTHER_CLIENT, Scene, good_body
from website import run_web_tests, tests_of


# ---------------------------------------------------------------- JSON Schema, as much of it as the description uses

class Schemas:
    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        while "$ref" in schema:
            node = self.document
            for part in schema["$ref"][2:].split("/"):
                node = node[part]
            schema = node
        return schema

    def faults(self, schema, value, at="$"):
        """What is wrong with a value, as words. A member that is not described is wrong."""
        schema = self.resolve(schema)
        known = {"type", "format", "minimum", "maximum", "enum", "items", "properties", "required", "additionalProperties",
                 "description", "maxLength", "minLength", "contentMediaType", "anyOf", "oneOf", "const", "pattern"}
        if set(schema) - known:
            return ["%s: the checker does not know %s" % (at, sorted(set(schema) - known))]
        if "anyOf" in schema or "oneOf" in schema:
            tries = [self.faults(s, value, at) for s in schema.get("anyOf", schema.get("oneOf"))]
            return [] if any(not t for t in tries) else tries[0]
        kinds = schema.get("type")
        kinds = [kinds] if isinstance(kinds, str) else kinds or []
        if kinds and not any(_is_kind(value, kind) for kind in kinds):
            return ["%s: %r is not %s" % (at, value, "/".join(kinds))]
        if value is None:
            return []
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append("%s: %r is none of %s" % (at, value, schema["enum"]))
        if isinstance(value, str):
            found += ["%s: %r is no %s" % (at, value, schema["format"])] if not _is_format(value, schema.get("format")) else []
            if len(value) > schema.get("maxLength", len(value)) or len(value) < schema.get("minLength", 0):
                found.append("%s: of length %d" % (at, len(value)))
            if "pattern" in schema and not re.search(schema["pattern"], value):
                found.append("%s: %r is not as %s" % (at, value, schema["pattern"]))
        if isinstance(value, int) and not isinstance(value, bool):
            if value < schema.get("minimum", value) or value > schema.get("maximum", value):
                found.append("%s: %d is out of bounds" % (at, value))
        if isinstance(value, list):
            for i, item in enumerate(value):
                found += self.faults(schema.get("items", {}), item, "%s[%d]" % (at, i))
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            found += ["%s: %s is missing" % (at, name) for name in schema.get("required", []) if name not in value]
            for name, item in value.items():
                if name not in properties:
                    found.append("%s: %s is not described" % (at, name))
                else:
                    found += self.faults(properties[name], item, "%s.%s" % (at, name))
        return found


def _is_kind(value, kind):
    return {"object": isinstance(value, dict), "array": isinstance(value, list), "string": isinstance(value, str), "null": value is None,
            "boolean": isinstance(value, bool), "integer": isinstance(value, int) and not isinstance(value, bool)}[kind]


def _is_format(value, name):
    try:
        if name == "date":
            return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(datetime.date.fromisoformat(value))
        if name == "date-time":
            return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value))
    except ValueError:
        return False
    return True


def _description(scene):
    answer = scene.ask(scene.role("stranger"), "GET", "/api/openapi.json")
    assert answer.status == 200, answer.status
    return json.loads(answer.body)


def _fits(schemas, operation, answer):
    """Faults of an answer against what its operation promises."""
    promised = operation["responses"].get(str(answer.status))
    if promised is None:
        return ["status %d is not described" % answer.status]
    promised = schemas.resolve(promised)
    kind = answer.headers.get("content-type", "").split(";")[0]
    if "content" not in promised:
        return [] if not answer.body else ["a body that is not described"]
    if kind not in promised["content"]:
        return ["%s is not described for %d" % (kind, answer.status)]
    body = json.loads(answer.body)
    found = schemas.faults(promised["content"][kind]["schema"], body)
    if kind == "application/problem+json" and body.get("status") != answer.status:
        found.append("the problem says %s" % body.get("status"))
    return found


def _report(wrong):
    assert not wrong, "%d wrong:\n  %s" % (len(wrong), "\n  ".join(wrong[:40]))


def _body(route, number=[0]):                                                    # noqa: B006: counts calls, so that no two are alike
    """A right body; what must be new each time is."""
    number[0] += 1
    body = good_body(route)
    if "invoice_no" in body:
        body.update(invoice_no="API-%d" % number[0], debtor_kind="person", debtor_name="Ola Prøve %d" % number[0], address="Storgata 1",
                    postcode="0155", city="Oslo", issued_on="2026-05-01", due_on="2026-06-01", amount_minor=123400, description="Varer")
    if route.pattern.endswith("/sandbox/clock"):
        body["today"] = "2026-07-01"
    return body


# ---------------------------------------------------------------- the description itself

def the_description_is_open_api_3_1_on_one_engine(site):
    """The rules a linter has, those that matter to a generator of clients; tests/browser/openapi.mjs has the full schema."""
    scene = Scene(site)
    document = _description(scene)
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"] and document["info"]["version"]
    ids, wrong = set(), []
    known = {"get", "post", "put", "patch", "delete", "head"}
    for path, methods in document["paths"].items():
        assert path.startswith("/") and set(methods) <= known, path
        for method, operation in methods.items():
            say = "%s %s" % (method, path)
            if operation["operationId"] in ids:
                wrong.append("%s: its operationId is another's" % say)
            ids.add(operation["operationId"])
            in_path = {p["name"] for p in operation["parameters"] if p.get("in") == "path"}
            if in_path != set(re.findall(r"\{(\w+)\}", path)):
                wrong.append("%s: parameters %s" % (say, in_path))
            names = [(p.get("in"), p.get("name"), p.get("$ref")) for p in operation["parameters"]]
            if len(names) != len(set(names)):
                wrong.append("%s: a parameter twice" % say)
            if not operation["summary"] or not operation["description"] or not operation["responses"]:
                wrong.append("%s: not described" % say)
            if any("minimum" in s and "maximum" in s and s["minimum"] > s["maximum"] for s in _schemas_in(operation)):
                wrong.append("%s: bounds the wrong way round" % say)
    references = set(re.findall(r'"\$ref":\s*"#/([^"]+)"', json.dumps(document)))
    for reference in references:
        node = document
        for part in reference.split("/"):
            assert part in node, reference
            node = node[part]
    unused = {"schemas/" + n for n in document["components"]["schemas"]} - {r[len("components/"):] for r in references}
    if unused:
        wrong.append("described and never used: %s" % sorted(unused))
    _report(wrong)


def _schemas_in(node):
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for child in node.values():
            yield from _schemas_in(child)
    elif isinstance(node, list):
        for child in node:
            yield from _schemas_in(child)


def the_table_and_the_description_tell_the_same_on_one_engine(site):
    scene = Scene(site)
    document = _description(scene)
    described = {("%s %s" % (method.upper(), path)) for path, methods in document["paths"].items() for method in methods}
    assert described == {r.name for r in scene.routes if r.is_api}, described ^ {r.name for r in scene.routes if r.is_api}


# ---------------------------------------------------------------- every operation

def every_right_call_is_answered_as_described(site):
    scene, wrong, done = Scene(site), [], set()
    document = _description(scene)
    schemas = Schemas(document)
    for key in ("key", "test_key"):
        for route in scene.routes:
            if not route.is_api:
                continue
            if key == "test_key" and "{" in route.pattern:
                continue                         # the sandbox has no case yet
            operation = document["paths"][route.pattern][route.method.lower()]
            answer = scene.call(scene.role(key), route.method, scene.path(route), _body(route))
            if answer.status < 300:
                done.add(route.name)
            elif answer.status not in (403, 409):
                wrong.append("%s with %s: %d %s" % (route, key, answer.status, answer.text[:160]))
            wrong += ["%s with %s: %s" % (route, key, words) for words in _fits(schemas, operation, answer)]
    for route in scene.routes:
        if route.is_api and route.name not in done:
            wrong.append("%s was never answered rightly" % route)
    _report(wrong)


def every_wrong_call_is_refused_with_a_problem_on_one_engine(site):
    scene, wrong = Scene(site), []
    document = _description(scene)
    schemas = Schemas(document)
    key, before = scene.role("key"), site.one("SELECT count(*) FROM fact")
    for route in scene.routes:
        if not route.is_api:
            continue
        operation, path = document["paths"][route.pattern][route.method.lower()], scene.path(route)
        tries = [(401, scene.ask(scene.role("stranger"), route.method, path, *_json(route, _body(route)))),
                 (401, scene.ask(scene.role("handler"), route.method, path, *_json(route, _body(route)))),
                 (401, scene.ask(scene.role("stranger"), route.method, path, *_json(route, _body(route), Authorization="Bearer x")))]
        for parameter in route.parameters:
            for number in ("999999", "0", "abc"):
                tries.append((404, scene.call(key, route.method, scene.path(route, **{parameter: number}), _body(route))))
            if parameter == "case":
                tries.append((404, scene.call(scene.role("other_key"), route.method, path, _body(route))))
        if route.method == "POST":
            tries += [(status, scene.ask(key, "POST", path, *sent)) for status, sent in _wrong_bodies(route)]
        for status, answer in tries:
            if answer.status not in ((status,) if status else (400, 422)):
                wrong.append("%s: %d instead of %s: %s" % (route, answer.status, status, answer.text[:120]))
            if answer.headers.get("content-type") != "application/problem+json":
                wrong.append("%s: %d is no problem" % (route, answer.status))
            else:
                wrong += ["%s %d: %s" % (route, answer.status, words) for words in _fits(schemas, operation, answer)]
    assert site.one("SELECT count(*) FROM fact") == before, "something was done"
    _report(wrong)


def _json(route, body, **headers):
    if route.method == "GET":
        return None, headers
    _json.count = getattr(_json, "count", 0) + 1
    return json.dumps(body).encode(), dict({"Content-Type": "application/json", "Idempotency-Key": "wrong-%d" % _json.count}, **headers)


def _wrong_bodies(route):
    """(status, body and headers) of what cannot be taken; status None: 400 or 422."""
    body = _body(route)
    _, headers = _json(route, {})

    def sent(raw, **more):
        _, fresh = _json(route, {})
        return raw, dict(fresh, **more)
    no_key = {k: v for k, v in headers.items() if k != "Idempotency-Key"}
    if not route.row["tries"]:
        yield 400, (json.dumps(body).encode(), no_key)
        yield 400, sent(json.dumps(body).encode(), **{"Idempotency-Key": "k" * 201})
    if not any(f["kind"] == "file" for f in route.fields):
        yield 415, sent(b"a=1", **{"Content-Type": "text/plain"})
        for raw in (b"{", b"[]", b"\"x\"", b"{\"a\":1,}", b"{}{}", b"\xff", b"{\"amount_minor\": 1e400}", b"[" * 5000,
                    b"{\"note\": \"\\ud800\"}", b"nul"):
            yield None, sent(raw)
        yield None, sent(json.dumps(dict(body, nothing_of_that_name=1)).encode())
    for field in route.fields:
        name = field["name"] + ("_minor" if field["kind"] == "money" else "")
        if not field["optional"] and field["kind"] != "file":
            yield 422, sent(json.dumps({k: v for k, v in body.items() if k != name}).encode())
            yield 422, sent(json.dumps(dict(body, **{name: None})).encode())
        if field["kind"] != "file":
            for value in ({"money": (0, -1, "100", 1.5, 2 ** 63, True), "number": ("1", 10 ** 30), "date": ("2026-02-30", 20260101, "i går"),
                           "choice": ("noe annet", 1), "select": ("noe annet", 1), "check": ("yes", 1), "email": ("kari", 1),
                           "phone": ("1", 1)}.get(field["kind"], (1, [], {}, "x" * 10001, "\u0000"))):
                yield None, sent(json.dumps(dict(body, **{name: value})).encode())


# ---------------------------------------------------------------- keys and scopes

def a_key_does_what_its_scope_says_on_one_engine(site):
    scene, wrong = Scene(site), []
    for scope in ("read", "write", "settle", ""):
        key = scene.key_make("scope " + scope, scopes=scope)
        for route in scene.routes:
            if not route.is_api or route.pattern.endswith("/sandbox/clock"):
                continue
            answer = scene.call(key, route.method, scene.path(route), _body(route))
            fine = answer.status == 403 if route.scope != scope else answer.status in (200, 201, 204, 409)
            if not fine:
                wrong.append("%s (%s) with a key for %r: %d" % (route, route.scope, scope, answer.status))
    _report(wrong)


def a_key_sees_its_own_client_only_on_one_engine(site):
    scene = Scene(site)
    ours, others = (set(_all(scene, scene.role(name))) for name in ("key", "other_key"))
    assert ours and others and not ours & others
    booked = {int(n) for (n,) in site.sql("SELECT case_id FROM claim WHERE client_no = %d" % OTHER_CLIENT)}
    assert others == booked, (len(others), len(booked))


def a_key_that_was_taken_back_is_no_key_on_one_engine(site):
    scene = Scene(site)
    key = scene.role("key")
    assert scene.ask(key, "GET", "/api/v1/cases").status == 200
    site.sql("UPDATE api_key SET revoked_at = %d WHERE key_id = %d" % (scene.now, key.number))
    answer = scene.ask(key, "GET", "/api/v1/cases")
    assert answer.status == 401 and "Bearer" in answer.headers["www-authenticate"]


# ---------------------------------------------------------------- once and no more

def _pay(scene, key="k1", amount=15000, role=None):
    return scene.call(role or scene.role("key"), "POST", "/api/v1/cases/%d/direct-payments" % scene.case,
                      {"amount_minor": amount, "on": "2026-06-29"}, key)


def _payments(site, scene):
    return int(site.one("SELECT count(*) FROM fact WHERE case_id = %d AND kind = 'direct_payment'" % scene.case)) if site.one(
        "SELECT count(*) FROM fact WHERE kind = 'direct_payment'") != "0" else int(
        site.one("SELECT count(*) FROM fact WHERE case_id = %d AND kind LIKE '%%direct%%'" % scene.case))


def the_same_request_again_gets_the_same_answer_and_acts_once(site):
    scene = Scene(site)
    before = _payments(site, scene)
    first, again = _pay(scene), _pay(scene)
    assert first.status == 201, first.text
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers.get("idempotent-replayed") == "true" and "idempotent-replayed" not in first.headers
    assert _payments(site, scene) == before + 1


def another_request_under_the_same_key_is_refused_on_one_engine(site):
    scene = Scene(site)
    assert _pay(scene).status == 201
    before = _payments(site, scene)
    assert _pay(scene, amount=15001).status == 422
    other_path = scene.call(scene.role("key"), "POST", "/api/v1/cases/%d/messages" % scene.case, {"body": "Hei"}, "k1")
    assert other_path.status == 422 and _payments(site, scene) == before


def two_clients_keys_do_not_meet_on_one_engine(site):
    scene = Scene(site)
    assert _pay(scene).status == 201
    answer = scene.call(scene.role("other_key"), "POST", "/api/v1/cases/%d/direct-payments" % scene.other_case,
                        {"amount_minor": 15000, "on": "2026-06-29"}, "k1")
    assert answer.status == 201 and "idempotent-replayed" not in answer.headers


def what_was_refused_may_be_tried_again_under_its_key_on_one_engine(site):
    scene = Scene(site)
    assert _pay(scene, amount=0).status == 422
    assert _pay(scene).status == 201


def ten_at_once_under_one_key_act_once(site):
    scene = Scene(site)
    scene.role("key")
    before, statuses = _payments(site, scene), []

    def one():
        own = Scene.__new__(Scene)
        own.__dict__.update(scene.__dict__, connection=None)
        statuses.append(_pay(own).status)
    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409} and 201 in statuses, statuses
    assert _payments(site, scene) == before + 1


def a_kill_between_asking_twice_leaves_one_effect(site):
    scene = Scene(site)
    before = _payments(site, scene)
    first = _pay(scene)
    site.process.send_signal(signal.SIGKILL)
    site.process.wait()
    site.start()
    scene.drop()
    again = _pay(scene)
    assert (again.status, again.body) == (201, first.body)
    assert _payments(site, scene) == before + 1


# ---------------------------------------------------------------- lists

def _all(scene, role, path="/api/v1/cases", query=""):
    numbers, cursor = [], None
    for _ in range(1000):
        answer = scene.ask(role, "GET", path + "?" + query + ("&cursor=" + cursor if cursor else ""))
        assert answer.status == 200, answer.text
        page = json.loads(answer.body)
        numbers += [next(v for k, v in item.items() if k in ("case_no", "case_id", "number", "case")) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return numbers
    raise AssertionError("a list without end")


def every_way_through_a_list_is_complete_and_without_doubles(site):
    scene = Scene(site)
    key = scene.role("key")
    route = next(r for r in scene.routes if r.name == "GET /api/v1/cases")
    sorts = next((f["choices"] for f in route.fields if f["name"] == "sort"), [""])
    booked = {int(n) for (n,) in site.sql("SELECT case_id FROM claim WHERE client_no = 2")}
    for sort in sorts:
        for query in ("sort=" + sort, "sort=%s&descending=true" % sort):
            numbers = _all(scene, key, query=query)
            assert len(numbers) == len(set(numbers)), query
            assert set(numbers) == booked, (query, len(numbers), len(booked))


def a_list_that_grows_meanwhile_loses_nothing(site):
    scene = Scene(site)
    key = scene.role("key")
    first = json.loads(scene.ask(key, "GET", "/api/v1/cases").body)
    seen = {item["case_no"] for item in first["items"]}
    assert first["next_cursor"], "the demo's client has one page of cases only"
    route = next(r for r in scene.routes if r.name == "POST /api/v1/claims")
    assert scene.call(key, "POST", route.pattern, _body(route)).status == 201
    rest = json.loads(scene.ask(key, "GET", "/api/v1/cases?cursor=" + first["next_cursor"]).body)
    assert not seen & {item["case_no"] for item in rest["items"]}


def a_cursor_that_is_none_is_refused_or_the_beginning_on_one_engine(site):
    scene = Scene(site)
    for cursor in ("x", "A" * 500, "%00", "..", "eyJhIjoxfQ"):
        assert scene.ask(scene.role("key"), "GET", "/api/v1/cases?cursor=" + cursor).status in (200, 400, 422), cursor


# ---------------------------------------------------------------- the sandbox

def a_test_key_has_a_book_and_a_clock_of_its_own_on_one_engine(site):
    scene = Scene(site)
    key = scene.role("test_key")
    before = site.one("SELECT count(*) FROM claim")
    clock = scene.ask(key, "GET", "/api/v1/sandbox/clock")
    assert json.loads(clock.body)["today"] == "2026-06-30", clock.text
    route = next(r for r in scene.routes if r.name == "POST /api/v1/claims")
    made = scene.call(key, "POST", route.pattern, _body(route))
    assert made.status == 201, made.text
    assert len(_all(scene, key)) == 1
    moved = scene.call(key, "POST", "/api/v1/sandbox/clock", {"today": "2026-12-01"})
    assert moved.status == 201 and json.loads(moved.body)["letter_count"] > 0, moved.text
    assert scene.call(key, "POST", "/api/v1/sandbox/clock", {"today": "2026-11-01"}).status == 422, "time went back"
    assert site.one("SELECT count(*) FROM claim") == before
    assert scene.ask(scene.role("key"), "GET", "/api/v1/sandbox/clock").status == 403


if __name__ == "__main__":
    sys.exit(run_web_tests("api", tests_of(sys.modules[__name__]), sys.argv[1:], settings=FREE))
