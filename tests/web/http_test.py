"""The HTTP transport against what is wrong, hostile or slow: raw sockets to tests/web/http_probe.c, each test on a
server of its own and on a port the system gives. Python standard library only.

KRAVBOK_BUILD  the folder of the build (default build under the project root)"""

import json
import os
import random
import re
import resource
import select
import socket
import subprocess
import sys
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("KRAVBOK_BUILD") or os.path.join(ROOT, "build")
PATIENCE = 30                                    # seconds after which a thing that must happen has not
BOUNDARY = b"----kravbok7MA4YWxkTrZu0gW"


class Probe:
    def __init__(self, environment=None, pass_fds=(), **options):
        words = ["%s=%d" % item for item in options.items()]
        self.process = subprocess.Popen([os.path.join(BUILD, "tests", "http_probe")] + words, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, pass_fds=pass_fds,
                                        env=dict(os.environ, **(environment or {})))
        line = self.process.stdout.readline()
        assert line.startswith("port "), "the probe did not start: %r" % line
        self.port = int(line.split()[1])

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        try:
            if not error:
                self.stop(5)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()

    def stop_begin(self, seconds):
        self.process.stdin.write("stop %d\n" % seconds)
        self.process.stdin.flush()

    def stop(self, seconds):
        """Stops it, if it runs; it must end well and leave no worker."""
        if self.process.stdin.closed:
            return
        try:
            self.stop_begin(seconds)
        except BrokenPipeError:
            pass
        self.process.stdin.close()
        said = self.process.stdout.read()
        status = self.process.wait(PATIENCE)
        assert status == 0, "the probe ended with %d" % status
        assert said == "stopped, 0 workers left\n", said

    def connect(self, timeout=PATIENCE):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def say(self, raw, count):
        """Sends raw; so many answers, or fewer when the server closes."""
        with self.connect() as s:
            send_all(s, raw)
            stream, got = s.makefile("rb"), []
            while len(got) < count and (answer := read_answer(stream)) is not None:
                got.append(answer)
            return got

    def one(self, raw):
        """The one answer to raw on a connection of its own."""
        with self.connect() as s:
            send_all(s, raw)
            return read_answer(s.makefile("rb"))

    def counts(self):
        return json.loads(self.one(get(b"/counts")).body)

    def await_counts(self, holds):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            counts = self.counts()
            if holds(counts):
                return counts
        raise AssertionError("it never came to it: %r" % counts)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def closes(self):
        return self.headers.get("connection", "").lower() == "close"


def send_all(s, raw):
    """Sends raw; a server that has refused may have closed before it has read it all."""
    try:
        s.sendall(raw)
    except (BrokenPipeError, ConnectionResetError):
        pass


def read_answer(stream, has_body=True):
    """The next answer, or None when the server has closed."""
    try:
        line = stream.readline()
        if not line:
            return None
        found = re.fullmatch(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n", line)
        assert found, "no status line: %r" % line
        status, headers = int(found[1]), {}
        while (line := stream.readline()) != b"\r\n":
            assert line, "the headers break off"
            name, _, value = line.decode("ascii").partition(":")
            assert name.lower() not in headers or name.lower() == "set-cookie", "%s twice" % name
            headers[name.lower()] = value.strip()
        size = int(headers.get("content-length", 0))
        if not has_body or status in (100, 204, 304):
            size = 0
        body = stream.read(size)
    except ConnectionResetError:
        return None
    assert len(body) == size, "%d bytes of %d" % (len(body), size)
    return Answer(status, headers, body)


def is_cut(s):
    """The server closes without a word."""
    try:
        return s.recv(1) == b""
    except ConnectionResetError:
        return True


def request(method, target, headers=(), body=b"", version=b"HTTP/1.1", host=b"probe.example"):
    lines = [method + b" " + target + b" " + version]
    if host is not None:
        lines.append(b"Host: " + host)
    return b"\r\n".join(lines + list(headers)) + b"\r\n\r\n" + body


def get(target, *headers):
    return request(b"GET", target, headers)


def post(target, body, *headers):
    return request(b"POST", target, list(headers) + [b"Content-Length: %d" % len(body)], body)


def chunked(target, raw_chunks):
    return request(b"POST", target, [b"Transfer-Encoding: chunked"], raw_chunks)


def form(fields, target=b"/echo", boundary=BOUNDARY, end=b"--\r\n"):
    """A multipart form; fields are (headers, value)."""
    body = b"".join(b"--" + boundary + b"\r\n" + head + b"\r\n\r\n" + value + b"\r\n" for head, value in fields)
    return post(target, body + b"--" + boundary + end, b"Content-Type: multipart/form-data; boundary=" + boundary)


def text_field(name, value):
    return b'Content-Disposition: form-data; name="' + name + b'"', value


def echoed(answer):
    """What the handler was given, bytes told in hexadecimal."""
    assert answer.status == 200, "%d %r" % (answer.status, answer.body)

    def plain(value):
        return bytes.fromhex(value) if isinstance(value, str) else value
    told = json.loads(answer.body)
    for kind in ("query", "form"):
        told[kind] = [{k: plain(v) for k, v in one.items()} for one in told[kind]]
    return {k: v if k in ("method", "query", "form") else plain(v) for k, v in told.items()}


def refused(probe, status, *raws):
    """Each is refused with status and its connection closed, and what follows it is never answered."""
    for raw in raws:
        got = probe.one(raw)
        assert got, "cut: %r" % raw[:120]
        assert got.status == status, "%d not %d: %r" % (got.status, status, raw[:120])
        assert got.closes(), "stays open: %r" % raw[:120]
        with probe.connect() as s:
            send_all(s, raw + get(b"/status?code=299"))
            rest = b""
            try:
                while part := s.recv(65536):
                    rest += part
            except ConnectionResetError:
                pass
        assert b" 299 " not in rest, "what follows is answered: %r" % raw[:120]


# ---------------------------------------------------------------- what is right

def a_page_is_answered_and_its_head_is_the_same_without_body():
    with Probe() as probe, probe.connect() as s:
        stream = s.makefile("rb")
        s.sendall(get(b"/page"))
        page = read_answer(stream)
        s.sendall(request(b"HEAD", b"/page"))
        head = read_answer(stream, has_body=False)
        s.sendall(get(b"/static"))
        static = read_answer(stream)
    assert page.status == head.status == static.status == 200
    assert page.body == static.body == b"p" * 4096
    assert {k: v for k, v in page.headers.items() if k != "date"} == {
        k: v for k, v in head.headers.items() if k != "date"}
    assert page.headers["content-length"] == "4096" and page.headers["x-frame-options"] == "DENY"


def the_handler_gets_what_was_sent():
    with Probe() as probe:
        told = echoed(probe.one(request(
            b"POST", b"/my/%C3%A5+%20echo?a=b+c%26&tom=&%C3%B8=1&a=2", [
                b"X-Test: hei", b"Cookie: other=1; sid=\"abc\"; sid=2", b"Content-Type: Text/Plain; charset=utf-8",
                b"Content-Length: 5"], b"kropp")))
        assert told["method"] == "POST" and told["path"] == "/my/å+ echo".encode()
        assert told["x_test"] == b"hei" and told["cookie_sid"] == b"abc"
        assert told["body"] == b"kropp" and told["content_type"] == b"text/plain" and told["address"] == b"127.0.0.1"
        assert [(f["name"], f["value"]) for f in told["query"]] == [
            (b"a", b"b c&"), (b"tom", b""), ("ø".encode(), b"1"), (b"a", b"2")]
        assert told["form"] == []


def every_method_of_the_contract_reaches_the_handler():
    with Probe() as probe:
        for method in (b"GET", b"POST", b"PUT", b"PATCH", b"DELETE"):
            assert echoed(probe.one(request(method, b"/echo")))["method"] == method.decode()


def forms_are_read_alike_on_a_reader_and_in_the_pool():
    with Probe() as probe:
        for target in (b"/echo", b"/pool/echo"):
            told = echoed(probe.one(post(target, b"navn=K%C3%A5re+N&&tom=&x",
                                         b"Content-Type: application/x-www-form-urlencoded")))
            assert [(f["name"], f["value"]) for f in told["form"]] == [
                (b"navn", "Kåre N".encode()), (b"tom", b""), (b"x", b"")]
            assert told["body"] == b""
            told = echoed(probe.one(form([
                text_field(b"navn", "Kåre\r\n--x".encode()), text_field(b"tom", b""),
                (b'content-disposition: form-data; name="fil"; filename="C:\\a \\"b\\".pdf"\r\nContent-Type: application/pdf',
                 b"%PDF\0\xff\r\n")], target)))
            assert [(f["name"], f["value"], f["is_file"], f["file_name"]) for f in told["form"]] == [
                (b"navn", "Kåre\r\n--x".encode(), False, b""), (b"tom", b"", False, b""),
                (b"fil", b"%PDF\0\xff\r\n", True, b'C:\\a "b".pdf')], told["form"]


def chunks_are_put_together():
    with Probe() as probe:
        told = echoed(probe.one(chunked(b"/echo", b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX-Test: trailer\r\n\r\n")))
        assert told["body"] == b"abc0123456789" and told["x_test"] == b""


def http_1_0_is_answered():
    with Probe() as probe:
        got = probe.say(request(b"GET", b"/page", version=b"HTTP/1.0", host=None), 2)
        assert [a.status for a in got] == [200] and got[0].closes()
        got = probe.one(request(b"GET", b"/page", [b"Connection: Keep-Alive"], version=b"HTTP/1.0", host=None))
        assert got.status == 200


def pipelined_requests_are_answered_in_order():
    with Probe() as probe:
        wanted = [200, 404, 201, 403, 200, 418]
        raw = get(b"/page") + get(b"/no") + post(b"/status?code=201", b"") + post(b"/forbidden", b"x" * 70000)
        raw += post(b"/pool/echo", b"abc") + get(b"/status?code=418")
        for _ in range(20):
            assert [a.status for a in probe.say(raw, len(wanted))] == wanted


def a_request_may_come_byte_by_byte():
    raw = post(b"/echo", b"a=b", b"Content-Type: application/x-www-form-urlencoded")
    with Probe() as probe, probe.connect() as s:
        for i in range(len(raw)):
            s.sendall(raw[i:i + 1])
        assert echoed(read_answer(s.makefile("rb")))["form"][0]["value"] == b"b"


def a_connection_lives_on_after_a_4xx_of_the_handler():
    with Probe() as probe, probe.connect() as s:
        stream = s.makefile("rb")
        for raw, status in ((get(b"/no"), 404), (post(b"/forbidden", b"x" * 100000), 403),
                            (post(b"/echo", b"a=%zz", b"Content-Type: application/x-www-form-urlencoded"), 400),
                            (get(b"/status?code=422"), 422), (get(b"/status?code=304"), 304),
                            (get(b"/status?code=204"), 204), (get(b"/page"), 200)):
            s.sendall(raw)
            got = read_answer(stream)
            assert got.status == status and not got.closes(), (got.status, status)


def a_body_is_asked_for_only_when_the_plan_allows_it():
    with Probe() as probe:
        with probe.connect() as s:
            stream = s.makefile("rb")
            s.sendall(request(b"POST", b"/echo", [b"Content-Length: 3", b"Expect: 100-continue"]))
            assert read_answer(stream).status == 100
            s.sendall(b"abc")
            assert echoed(read_answer(stream))["body"] == b"abc"
        for target, status in ((b"/forbidden", 403), (b"/page", 413)):
            got = probe.one(request(b"POST", target, [b"Content-Length: 3", b"Expect: 100-continue"]))
            assert got.status == status and got.closes()
        refused(probe, 417, post(b"/echo", b"a", b"Expect: the unexpected"))


def the_proxys_word_is_taken_only_from_a_trusted_proxy():
    headers = [b"X-Forwarded-For: 203.0.113.9", b"X-Forwarded-For: 10.0.0.1, 2001:db8::7", b"X-Forwarded-Proto: https"]
    with Probe(trust_proxy=1) as probe:
        told = json.loads(probe.one(get(b"/echo", *headers)).body)
        assert bytes.fromhex(told["address"]) == b"2001:db8::7" and told["is_tls"]
        told = json.loads(probe.one(get(b"/echo", b"X-Forwarded-For: 203.0.113.9, <script>")).body)
        assert bytes.fromhex(told["address"]) == b"127.0.0.1" and not told["is_tls"]
    with Probe() as probe:
        told = json.loads(probe.one(get(b"/echo", *headers)).body)
        assert bytes.fromhex(told["address"]) == b"127.0.0.1" and not told["is_tls"]


# ---------------------------------------------------------------- what is refused

def two_ways_to_tell_the_length_are_refused():
    body = b"0\r\n\r\n"
    with Probe() as probe:
        refused(probe, 400, *(request(b"POST", b"/echo", headers, body) for headers in (
            [b"Content-Length: 5", b"Transfer-Encoding: chunked"], [b"Transfer-Encoding: chunked", b"content-length: 5"],
            [b"Content-Length: 5", b"Content-Length: 5"], [b"Content-Length: 5", b"Content-Length: 6"],
            [b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"],
            [b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"])))
        refused(probe, 501, *(request(b"POST", b"/echo", [b"Transfer-Encoding: " + coding], body) for coding in (
            b"gzip, chunked", b"identity", b"chunked, chunked", b"xchunked", b"\"chunked\"")))
        refused(probe, 400, request(b"POST", b"/echo", [b"Transfer-Encoding: chunked"], body, b"HTTP/1.0"))


def a_length_that_is_no_number_is_refused():
    with Probe() as probe:
        for value in (b"+1", b"-1", b"0x1", b"1, 1", b"1 1", b"", b"1e1", b"1.0", b"a", b"\xc2\xb2"):
            with probe.connect() as s:
                send_all(s, request(b"POST", b"/echo", [b"Content-Length: " + value], b"a" + get(b"/page")))
                head = s.makefile("rb").readline()
            assert head.startswith(b"HTTP/1.1 400 "), (value, head)
        with probe.connect() as s:
            send_all(s, request(b"POST", b"/echo", [b"Content-Length: 99999999999999999999999"], b"a"))
            assert s.makefile("rb").readline().startswith(b"HTTP/1.1 413 ")


def a_host_that_is_missing_twice_or_none_is_refused():
    with Probe() as probe:
        refused(probe, 400, request(b"GET", b"/page", host=None), get(b"/page", b"Host: probe.example"),
                get(b"/page", b"host: evil.example"),
                *(request(b"GET", b"/page", host=host) for host in (
                    b"", b"a b", b"a/b", b"user@a", b"a<b>", b"a,b", b"a\\b", b"a?b", "å".encode(), b"a" * 256)))
        for host in (b"a", b"a.example:8080", b"[::1]:80", b"127.0.0.1", b"a" * 255):
            assert probe.one(request(b"GET", b"/page", host=host)).status == 200


def a_path_that_is_not_what_it_seems_is_refused():
    with Probe() as probe:
        refused(probe, 400, *(get(target) for target in (
            b"/a%00b", b"/a/../b", b"/..", b"/a/%2e%2e/b", b"/a/.%2e", b"/a/./b", b"/a/.", b"/%2e/b", b"//a", b"/a//b", b"/a%2fb",
            b"/a%2Fb", b"/a%5cb", b"/a\\b", b"/a%", b"/a%4", b"/a%4g", b"/%ff", b"/\xff", b"/%c0%ae", b"/%ed%a0%80",
            b"/a%0ab", b"/a%0d%0ab", b"/a%1b", b"/a%7f", b"/a\x01", b"/a#b", b"a", b"*", b"?a=b", b"http://probe.example/page",
            b"probe.example:80", b"/a?b=%", b"/a?b=%zz", b"/a?b=%ff", b"/a?b=%00", b"/a?%c3=1")))
        for target, path in ((b"/%41%2e", b"/A."), (b"/.well-known/echo", None), (b"/a%25%20b", b"/a% b"), (b"/~a;b=c,d", None)):
            got = probe.one(get(target + b"echo"))
            assert echoed(got)["path"] == (path or target) + b"echo", target


def a_target_may_be_8192_bytes():
    with Probe() as probe:
        assert probe.one(get(b"/" + b"a" * 8191)).status == 404
        refused(probe, 414, get(b"/" + b"a" * 8192), get(b"/" + b"a" * 20000))


def a_query_has_at_most_100_fields():
    with Probe() as probe:
        raw = get(b"/page?" + b"&".join(b"%d" % i for i in range(100)), b"X-Test: " + b"a" * 8000)
        assert probe.one(raw).status == 200
        refused(probe, 400, *(get(b"/page?" + b"&".join(b"%d" % i for i in range(count))) for count in (101, 400, 1200)))


def headers_that_parsers_disagree_on_are_refused():
    host = b"GET /page HTTP/1.1\r\nHost: a\r\n"
    with Probe() as probe:
        refused(probe, 400, *(raw + b"\r\n" for raw in (
            b"GET /page HTTP/1.1\r\nHost : a\r\n", host + b"X-Test : a\r\n", host + b"X-Test\t: a\r\n", host + b": a\r\n",
            host + b"X-Test: a\r\n b\r\n", host + b"X-Test:\r\n b\r\n", host + b"X-Test: a\r\n\tX-B: b\r\nX-C: c\r\n",
            host + b"Content-Length:\r\n 38\r\n", host + b"Transfer-Encoding: chun\r\n ked\r\n",
            b"GET /page HTTP/1.1\r\n X: a\r\nHost: a\r\n", host + b"X-Test: a\0b\r\n", host + b"X\0Test: ab\r\n",
            host + b"X-Test: a\rb\r\n", host + b"X-Test: a\x01\r\n", host + b"X-Test: \x7f\r\n", host + b"X(Test: a\r\n",
            host + "Xå: a\r\n".encode(), host + b"X-Test\r\n", host + b"X-Test: a\nX-B: b\r\n",
            host + b"Content-Type: a/b\r\nContent-Type: a/c\r\n", b"GET  /page HTTP/1.1\r\nHost: a\r\n")),
            b"GET /page HTTP/1.1\nHost: a\n\n", b"GET /page HTTP/1.1\r\nHost: a\n\r\n")
        assert probe.one(get(b"/page", b"X-Empty:", b"X-Empty: ", "X-Latin: blåbær".encode("latin-1"))).status == 200


def another_version_or_method_is_refused():
    with Probe() as probe:
        for method in (b"OPTIONS", b"TRACE", b"CONNECT"):
            refused(probe, 405, request(method, b"/page"))
            assert probe.one(request(method, b"/page")).headers["allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE"
        refused(probe, 501, *(request(method, b"/page") for method in (
            b"BREW", b"get", b"GETT", b"PROPFIND", b"PRI", b"-", b"M" * 1000)))
        refused(probe, 505, request(b"GET", b"/page", version=b"HTTP/2.0"), request(b"GET", b"/page", version=b"HTTP/1.2"))
        refused(probe, 400, request(b"GET", b"/page", version=b"HTTP/x"), request(b"GET", b"/page", version=b"FTP/1.1"),
                b"GET /page\r\n\r\n")


def headers_over_16_kib_are_refused():
    with Probe() as probe:
        assert probe.one(get(b"/page", b"X-Test: " + b"a" * 12000)).status == 200
        refused(probe, 431, get(b"/page", b"X-Test: " + b"a" * 17000), get(b"/page", *[b"X-Test: a"] * 99),
                get(b"/page", *[b"X-Test: a"] * 5000), get(b"/page", b"X" * 17000 + b": a"))
        assert probe.one(get(b"/page", *[b"X-Test: a"] * 98)).status == 200


def a_body_longer_than_planned_is_refused():
    most = 64 * 1024
    with Probe() as probe:
        assert echoed(probe.one(post(b"/echo", b"a" * most)))["body"] == b"a" * most
        assert echoed(probe.one(chunked(b"/echo", b"%x\r\n" % most + b"a" * most + b"\r\n0\r\n\r\n")))["body"] == b"a" * most
        one_more = b"%x\r\n" % (most + 1) + b"a" * (most + 1) + b"\r\n0\r\n\r\n"
        refused(probe, 413, post(b"/echo", b"a" * (most + 1)), chunked(b"/echo", one_more),
                request(b"POST", b"/echo", [b"Content-Length: 1000000000"]),
                request(b"GET", b"/page", [b"Content-Length: 1"], b"a"))
        endless = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        with probe.connect() as s:
            send_all(s, chunked(b"/echo", b"") + endless * 40)
            assert read_answer(s.makefile("rb")).status == 413
        assert probe.one(post(b"/upload", b"a" * (4 << 20))).body == b"%d\n" % (4 << 20)
        refused(probe, 415, post(b"/echo", b"a", b"Content-Encoding: gzip"))
        assert probe.await_counts(lambda c: c["body_bytes"] == 0)


def a_malformed_chunk_is_refused():
    with Probe() as probe:
        for raw in (b"zz\r\nabc\r\n", b"-3\r\nabc\r\n", b"0x3\r\nabc\r\n", b"2\r\nabc\r\n", b"5\r\nabc\r\n", b"+3\r\nabc\r\n",
                    b" 3\r\nabc\r\n", b"\r\nabc\r\n", b";\r\nabc\r\n", b"3 3\r\nabc\r\n"):
            got = probe.one(chunked(b"/echo", raw + b"0\r\n\r\n"))
            assert got.status == 400 and got.closes(), raw
        got = probe.one(chunked(b"/echo", b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n"))
        assert got.status == 413 and got.closes()


def a_form_that_is_not_utf_8_is_refused():
    kind = b"Content-Type: application/x-www-form-urlencoded"
    with Probe() as probe:
        for body in (b"a=%ff", b"a=\xff", b"%ff=a", b"a=%zz", b"a=%", b"a=%4", b"a=%00", b"a=\0", b"a" * 257 + b"=b",
                     b"&".join([b"a=b"] * 401)):
            assert probe.one(post(b"/echo", body, kind)).status == 400, body[:40]
        assert len(echoed(probe.one(post(b"/echo", b"&".join([b"a=b"] * 400), kind)))["form"]) == 400
        assert probe.one(post(b"/echo", b"a" * 256 + b"=b", kind)).status == 200
        assert probe.one(post(b"/echo", b"a=b", kind + b"; charset=iso-8859-1")).status == 415
        assert probe.one(post(b"/echo", b"a=b", kind + b"; charset=UTF-8")).status == 200
        assert probe.one(form([text_field(b"a", b"\xff")])).status == 400
        assert probe.one(form([text_field(b"\xff", b"a")])).status == 400


def a_malformed_multipart_form_is_refused():
    a = text_field(b"a", b"1")
    kind = b"Content-Type: multipart/form-data; boundary=X"

    def part(head, value=b"1"):
        return b"--X\r\n" + head + b"\r\n\r\n" + value + b"\r\n--X--\r\n"
    good = part(a[0])
    with Probe() as probe:
        assert probe.one(post(b"/echo", good, kind)).status == 200
        assert probe.one(post(b"/echo", b"--X--\r\n", kind)).status == 200
        for body in (b"", b"--X", b"--X\r\n", good[:-6], good[:-4], good[:-4] + b"\r\n", b"before\r\n" + good, good + b"after",
                     good.replace(b"--X--", b"--XY--"), good.replace(b"--X--", b"--Y--"), good.replace(b"\r\n\r\n", b"\r\n"),
                     good.replace(b"\r\n", b"\n"), b"\r\n" + good,
                     part(b"X-Other: a"), part(b"Content-Disposition: attachment; name=a"),
                     part(b"Content-Disposition: form-data"), part(b"Content-Disposition: form-data; name=\"a"),
                     part(b"Content-Disposition: form-data; name"), part(a[0] + b"\r\n" + a[0]),
                     part(a[0] + b"\r\nContent-Transfer-Encoding: base64"), part(a[0] + b"\r\n folded: x"),
                     part(a[0] + b"\r\nno colon"), part(a[0] + b"\r\nX: a\0b"), part(a[0] + b"\r\nX: a" * 9),
                     part(b'Content-Disposition: form-data; name="' + b"a" * 257 + b'"'),
                     part(b'Content-Disposition: form-data; name="' + b"a" * 60000 + b'"'),
                     part(b'Content-Disposition: form-data; name="a\nb"'), part(b'Content-Disposition: form-data; name="a\0b"'),
                     part(a[0], b"1\r\n--XX\r\n2"), part(a[0], b"1\r\n--X \r\n2")):
            got = probe.one(post(b"/echo", body, kind))
            assert got.status == 400, (got.status, body[:100])
        for bad in (b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=\"\"",
                    b"multipart/form-data; boundary=" + b"a" * 71, b"multipart/form-data; boundary=\"a", b"multipart/form-data; x"):
            assert probe.one(post(b"/echo", good, b"Content-Type: " + bad)).status == 400, bad
        assert probe.one(post(b"/echo", good, b'Content-Type: multipart/form-data; x=y; boundary="X"')).status == 200


def a_form_has_at_most_400_parts():
    with Probe() as probe:
        assert len(echoed(probe.one(form([text_field(b"a", b"1")] * 400)))["form"]) == 400
        assert probe.one(form([text_field(b"a", b"1")] * 401)).status == 400
        assert probe.one(form([text_field(b"a", b"")] * 10000, b"/upload")).status == 400


def a_form_inside_a_form_is_text():
    inner = b"--inner\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--inner--"
    with Probe() as probe:
        told = echoed(probe.one(form([(b'Content-Disposition: form-data; name="a"\r\n'
                                       b"Content-Type: multipart/mixed; boundary=inner", inner)])))
        assert [(f["name"], f["value"]) for f in told["form"]] == [(b"a", inner)]


# ---------------------------------------------------------------- what is slow, many or gone

def drip(s, raw, pause=0.1):
    """Sends raw byte by byte until the server closes; the seconds it took."""
    start = time.monotonic()
    for i in range(len(raw)):
        try:
            s.send(raw[i:i + 1])
        except OSError:
            return time.monotonic() - start
        if select.select([s], [], [], pause)[0]:
            assert is_cut(s), "it was answered"
            return time.monotonic() - start
    raise AssertionError("never cut")


def a_request_that_drips_is_cut_in_its_time():
    with Probe(request_seconds_max=1, idle_seconds_max=1) as probe:
        for raw in (b"GET /" + b"a" * 1000, b"GET /page HTTP/1.1\r\nX: " + b"a" * 1000,
                    request(b"POST", b"/echo", [b"Content-Length: 1000"], b"a" * 1000)[:1000],
                    chunked(b"/echo", b"1\r\na\r\n" * 1000)):
            with probe.connect() as s:
                took = drip(s, raw)
                assert took < 5, "cut after %.1f s" % took


def a_silent_or_idle_connection_is_cut():
    with Probe(request_seconds_max=1, idle_seconds_max=1) as probe:
        with probe.connect() as s:
            assert is_cut(s)
        with probe.connect() as s:
            s.sendall(get(b"/page"))
            assert read_answer(s.makefile("rb")).status == 200
            assert is_cut(s)
        with probe.connect() as s:
            s.sendall(b"GET /page HTTP/1.1\r\nHost: ")
            assert is_cut(s)
        counts = probe.await_counts(lambda c: c["open_connections"] == 1)
        assert counts["by_class"][2] >= 1


def one_who_does_not_read_the_answer_is_cut():
    with Probe(request_seconds_max=1, idle_seconds_max=1) as probe, probe.connect() as s:
        s.sendall(get(b"/large"))
        probe.await_counts(lambda c: c["open_connections"] == 1)
        got = 0
        try:
            while part := s.recv(1 << 20):
                got += len(part)
        except ConnectionResetError:
            pass
        assert got < 16 << 20


def a_client_that_vanishes_leaves_nothing_behind():
    with Probe() as probe:
        for raw in (get(b"/large"), get(b"/hold"), b"GET /pa", request(b"POST", b"/echo", [b"Content-Length: 99"], b"a"), get(b"/page")):
            for how in (b"\0" * 8, b"\1\0\0\0\0\0\0\0"):               # closed, or reset
                s = probe.connect()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, how)
                s.sendall(raw)
                s.close()
        def gone(counts):
            if counts["in_pool"]:            # a held one may come to the pool after others have left it
                probe.one(get(b"/release"))
            return not counts["in_pool"] and counts["body_bytes"] == 0 and counts["open_connections"] == 1

        probe.await_counts(gone)
        assert probe.one(get(b"/page")).status == 200


def half_a_connection_is_answered_or_cut():
    """Whether the library sees the end of the stream before it answers is chance; it must not wait."""
    with Probe(idle_seconds_max=1) as probe:
        for raw in (get(b"/page"), post(b"/pool/echo", b"abc")):
            with probe.connect() as s:
                s.sendall(raw)
                s.shutdown(socket.SHUT_WR)
                got = read_answer(s.makefile("rb"))
                assert got is None or got.status == 200
        with probe.connect() as s:
            s.sendall(request(b"POST", b"/echo", [b"Content-Length: 9"], b"abc"))
            s.shutdown(socket.SHUT_WR)
            assert is_cut(s)


def memory_kib(pid):
    with open("/proc/%d/status" % pid) as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def a_thousand_idle_connections_take_less_than_64_mib():
    with Probe() as probe:
        assert probe.one(get(b"/page")).status == 200
        before = memory_kib(probe.process.pid)
        held = [probe.connect() for _ in range(1000)]
        for s in held:
            s.sendall(get(b"/page"))
        for s in held:
            assert read_answer(s.makefile("rb")).status == 200
        probe.await_counts(lambda c: c["open_connections"] == 1001)
        more = memory_kib(probe.process.pid) - before
        for s in held:
            s.close()
        assert more < 64 * 1024, "%d KiB more" % more


def connections_of_one_address_have_a_share():
    with Probe(connection_per_address_max=2) as probe:
        held = [probe.connect(), probe.connect()]
        for s in held:
            s.sendall(get(b"/page"))
            assert read_answer(s.makefile("rb")).status == 200
        with probe.connect() as s:
            send_all(s, get(b"/page"))
            assert is_cut(s)
        for s in held:
            s.close()


def connections_over_the_limit_wait_for_their_turn():
    with Probe(connection_max=2, reader_count=1) as probe:
        held = [probe.connect(), probe.connect()]
        for s in held:
            s.sendall(get(b"/page"))
            assert read_answer(s.makefile("rb")).status == 200
        late = probe.connect()
        late.sendall(get(b"/page"))
        assert not select.select([late], [], [], 0.3)[0]
        held[0].close()
        assert read_answer(late.makefile("rb")).status == 200
        for s in (late, held[1]):
            s.close()


def a_full_pool_says_503_and_goes_on():
    with Probe(pool_count=1, pool_queue_max=1) as probe:
        with probe.connect() as a, probe.connect() as b, probe.connect() as c:
            a.sendall(get(b"/hold"))
            b.sendall(get(b"/hold"))
            probe.await_counts(lambda counts: counts["in_pool"] == 2 and counts["holding"] == 1)
            stream = c.makefile("rb")
            c.sendall(get(b"/hold"))
            got = read_answer(stream)
            assert got.status == 503 and got.headers["retry-after"] == "5" and not got.closes()
            c.sendall(get(b"/page"))
            assert read_answer(stream).status == 200, "a reader is free of the pool"
            c.sendall(get(b"/release"))
            assert read_answer(stream).status == 200
            probe.await_counts(lambda counts: counts["in_pool"] == 1 and counts["holding"] == 1)
            c.sendall(get(b"/release"))
            assert read_answer(stream).status == 200
            assert read_answer(a.makefile("rb")).body == b"released\n"
            assert read_answer(b.makefile("rb")).body == b"released\n"


def bodies_under_way_have_a_limit_together():
    with Probe(body_bytes_max=256 * 1024) as probe:
        with probe.connect() as a, probe.connect() as b:
            a.sendall(request(b"POST", b"/upload", [b"Content-Length: 200000"], b"a" * 199999))
            probe.await_counts(lambda c: c["body_bytes"] == 256 * 1024)
            stream = b.makefile("rb")
            b.sendall(post(b"/upload", b"abc"))
            got = read_answer(stream)
            assert got.status == 503 and got.closes()
            a.sendall(b"a")
            assert read_answer(a.makefile("rb")).body == b"200000\n"
        assert probe.await_counts(lambda c: c["body_bytes"] == 0)
        assert probe.one(post(b"/upload", b"abc")).status == 200


def what_is_refused_is_counted():
    with Probe(reader_count=1) as probe:
        before = probe.counts()
        for raw in (get(b"/page"), get(b"/a//b"), get(b"/no")):
            probe.one(raw)
        after = probe.counts()
        assert after["requests"] - before["requests"] == 4 and after["refused"] - before["refused"] == 1
        assert after["by_class"][4] - before["by_class"][4] == 2 and after["by_class"][2] - before["by_class"][2] == 2


def noise_does_not_harm():
    seed = int(os.environ.get("KRAVBOK_SEED") or time.time_ns() % 1000000)
    chance = random.Random(seed)
    good = [get(b"/page"), post(b"/echo", b"a=b&c=d", b"Content-Type: application/x-www-form-urlencoded"),
            form([text_field(b"a", b"1"), text_field(b"b", b"2")]), chunked(b"/pool/echo", b"3\r\nabc\r\n0\r\n\r\n")]
    with Probe(request_seconds_max=1, idle_seconds_max=1) as probe:
        held = []
        for _ in range(400):
            raw = bytearray(chance.choice(good))
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(raw))
                raw[at:at + chance.randint(0, 3)] = chance.choice((b"", b"\0", b"\r\n", b"\n", b" ", b"%", b":", b"\xff", b"99999"))
            s = probe.connect()
            send_all(s, bytes(raw))
            held.append(s)
            if len(held) > 50:
                held.pop(0).close()
        for s in held:
            s.close()
        assert probe.one(get(b"/page")).status == 200, "seed %d" % seed


# ---------------------------------------------------------------- start and stop

def is_refused(probe):
    try:
        probe.connect(1).close()
        return False
    except OSError:
        return True


def a_request_under_way_is_answered_when_the_server_stops():
    with Probe() as probe, probe.connect() as a, probe.connect() as b, probe.connect() as idle:
        stream = b.makefile("rb")
        a.sendall(get(b"/hold"))
        b.sendall(get(b"/page"))
        idle.sendall(get(b"/page"))
        assert read_answer(stream).status == read_answer(idle.makefile("rb")).status == 200
        probe.await_counts(lambda c: c["holding"] == 1)
        probe.stop_begin(PATIENCE)
        until = time.monotonic() + PATIENCE
        while not is_refused(probe):
            assert time.monotonic() < until, "it still takes connections"
        b.sendall(get(b"/release"))
        got = read_answer(stream)
        assert got.status == 200 and got.closes()
        got = read_answer(a.makefile("rb"))
        assert got.status == 200 and got.body == b"released\n" and got.closes()
        assert is_cut(idle)
        assert probe.process.wait(PATIENCE) == 0
        probe.process.stdin.close()


def what_waits_for_the_pool_is_told_so_when_time_is_up():
    with Probe(pool_count=1) as probe, probe.connect() as a, probe.connect() as b, probe.connect() as c:
        a.sendall(get(b"/hold"))
        probe.await_counts(lambda counts: counts["in_pool"] == 1)
        b.sendall(get(b"/hold"))
        probe.await_counts(lambda counts: counts["in_pool"] == 2 and counts["holding"] == 1)
        stream = c.makefile("rb")
        c.sendall(get(b"/page"))
        assert read_answer(stream).status == 200
        probe.stop_begin(0)
        until = time.monotonic() + PATIENCE
        while not is_refused(probe):
            assert time.monotonic() < until
        c.sendall(get(b"/release"))
        assert read_answer(stream).status == 200
        assert read_answer(a.makefile("rb")).status == 200
        assert read_answer(b.makefile("rb")).status in (503, 200)
        assert probe.process.wait(PATIENCE) == 0
        probe.process.stdin.close()


def a_stop_amid_refusals_ends_well():
    """The library's own refusals while it stops have ended the program."""
    many = get(b"/page?" + b"&".join([b"a"] * 400))
    for _ in range(10):
        with Probe() as probe:
            held = [probe.connect() for _ in range(20)]
            for i, s in enumerate(held):
                if i == 15:
                    probe.stop_begin(0)
                send_all(s, many if i % 2 else b"GET / HTTP/9\r\nContent-Length: x\r\n\r\n")
            assert probe.process.wait(PATIENCE) == 0
            probe.process.stdin.close()
            for s in held:
                s.close()


def a_port_that_is_taken_is_told_or_passed_over():
    with Probe() as probe:
        with Probe(port=probe.port, next_free_port=1) as next_one:
            assert probe.port < next_one.port <= probe.port + 20
        done = subprocess.run([os.path.join(BUILD, "tests", "http_probe"), "port=%d" % probe.port], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 1
        assert done.stderr == "could not listen on '127.0.0.1' port %d: Address already in use\n" % probe.port, done.stderr


def a_socket_of_the_system_is_taken_over():
    """The part of systemd: socket 3, and LISTEN_PID is the process that is to take it."""
    program = os.path.join(BUILD, "tests", "http_probe")
    for family, address in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, "\0kravbok-http-test-%d" % os.getpid())):
        with socket.socket(family) as listening:
            listening.bind(address)
            listening.listen(16)
            name = listening.getsockname()
            script = 'exec 3<&%d; LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" trust_proxy=1' % listening.fileno()
            process = subprocess.Popen(["bash", "-c", script, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       pass_fds=[listening.fileno()], text=True)
            port = name[1] if family == socket.AF_INET else 0
            assert process.stdout.readline() == "port %d\n" % port
            with socket.socket(family) as s:
                s.settimeout(PATIENCE)
                s.connect(name)
                s.sendall(get(b"/echo"))
                told = echoed(read_answer(s.makefile("rb")))
                assert told["address"] == (b"127.0.0.1" if port else b"unix")
            said, _ = process.communicate("stop 5\n", PATIENCE)
            assert process.returncode == 0 and said == "stopped, 0 workers left\n"


def main(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    passed = failed = 0
    not_tests = ("get", "post", "chunked", "form", "drip", "echoed", "refused", "is_cut", "is_refused", "main",
                 "send_all", "read_answer", "request", "text_field", "memory_kib")
    for name, test in list(globals().items()):
        if not callable(test) or name in not_tests or getattr(test, "__module__", "") != "__main__" or isinstance(test, type):
            continue
        if wanted and name not in wanted:
            continue
        start = time.monotonic()
        try:
            test()
            passed += 1
        except Exception:                                                        # a test says why and the rest go on
            failed += 1
            print("FAILED %s" % name)
            traceback.print_exc(limit=4, file=sys.stdout)
        if os.environ.get("KRAVBOK_TIMES"):
            print("%6.2f s %s" % (time.monotonic() - start, name))
    print("http: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
