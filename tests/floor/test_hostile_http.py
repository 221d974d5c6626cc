"""Hostile visitors over HTTP: paths, methods, headers, bodies, and what is no HTTP."""

from __future__ import annotations

import re
import secrets
from itertools import product

import pytest

from tests.floor.hostile import (
    THEM,
    Sieged,
    ask,
    raw,
)
from tests.floor.visitors import Visitor

NOBODY = "kefu-visit=" + "0" * 32


pytestmark = pytest.mark.usefixtures("stays_up")


PATHS = [
        "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
        "/%252e%252e%252fetc/passwd", "/..%5c..%5cetc", "/..%c0%af..%c0%afetc/passwd",
        "/....//....//etc/passwd", "//etc/passwd", "//elsewhere.test/", "/%00", "/daily%00.ipynb",
        "/daily.ipynb", "/static/../../../etc/passwd", "/static/..%2f..%2f__init__.py",
        "/static/%2e%2e/house/app.py", "/static/page.js", "/static/", "/voila/files/daily.ipynb",
        "/voila/static/voila.js", "/files/kefu.db", "/kefu.db", "/house.sock", "/connections/",
        "/api/kernels", "/api/kernels/", "/api/contents", "/api/sessions", "/api/terminals",
        "/api/kernelspecs", "/login", "/logout", "/tree", "/nbextensions/x.js",
        "/tokens", "/visits", "/attempts", "/tokens/current", "/kernels/x/leave", "/kernels",
        "/api/kernels/x/channels", "/.git/config", "/metrics", "/%0d%0aSet-Cookie:%20a=b",
        "/" + "a" * 8000, "/;/../etc/passwd", "/daily/", "/DAILY", "/客服",
    ]  # fmt: skip


def test_no_file_is_read(siege: Sieged) -> None:
    """Whatever the path climbs, doubles, encodes or cuts off: a calm page and nothing else."""
    for path in PATHS:
        reply = ask(siege, "GET", path)
        assert reply.status in (400, 404, 405), path
        assert "set-cookie" not in reply.headers, path
    assert ask(siege, "GET", "/?/../../etc/passwd").status == 200


ELSEWHERE = ("http://elsewhere.test/", "http://127.0.0.1:22/", "file:///etc", "*", "house:80")


def test_the_door_is_no_proxy(siege: Sieged) -> None:
    """A request for another address is not carried there."""
    for method, target in product(("GET", "CONNECT", "OPTIONS"), ELSEWHERE):
        sent = f"{method} {target} HTTP/1.1\r\nHost: {siege.host}\r\nConnection: close\r\n\r\n"
        reply = raw(siege, sent.encode())
        assert reply is None or reply.status >= 400, (method, target)


METHODS = ("PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH", "X")
CALLS = ("/", "/kernels", "/stay", "/next", "/health", "/nothing")


def test_no_other_method_does_anything(siege: Sieged) -> None:
    """Only GET and POST do; no answer tells of others, or gives back what was sent."""
    for method, path in product(METHODS, CALLS):
        reply = ask(siege, method, path, X_Secret="hunter2", Cookie=NOBODY)
        assert reply.status in (403, 404, 405), (method, path)
        assert b"hunter2" not in reply.body
        assert NOBODY.encode() not in reply.body


HEADERS: list[dict[str, str]] = [
        {"X_Forwarded_For": "127.0.0.1"}, {"X_Real_IP": "::1"}, {"Forwarded": "for=10.0.0.1"},
        {"Remote_User": "admin"}, {"X_Remote_User": "admin"}, {"REMOTE_USER": "admin"},
        {"Authorization": "Bearer x"}, {"Authorization": "Basic cm9vdDpyb290"},
        {"Authorization": "token x"}, {"X_Original_URL": "/tokens"},
        {"X_HTTP_Method_Override": "DELETE"}, {"X_Forwarded_Host": "elsewhere.test"},
        {"X_Forwarded_Proto": "https"}, {"X_XSRFToken": "x"},
    ]  # fmt: skip


def test_a_forged_header_makes_nobody_else(siege: Sieged) -> None:
    """A visitor who claims an address, a name or a token is the newcomer that she is."""
    for header in HEADERS:
        reply = ask(siege, "GET", "/", **header)
        assert reply.status == 200, header
        cookie = reply.headers["set-cookie"]
        assert re.match(r"kefu-visit=[0-9a-f]{32};", cookie)
        assert "Secure" not in cookie, header
        assert b"elsewhere.test" not in reply.body
        assert b'"receipts":{}' in reply.body


HOSTS = ["elsewhere.test", "elsewhere.test; script-src *", "<script>", "a" * 3000, "kefu.test:1"]


def test_a_forged_host_changes_no_page(siege: Sieged) -> None:
    """Neither a link nor the policy of a page takes more from the Host than one name."""
    for host in HOSTS:
        reply = ask(siege, "GET", "/", Host=host)
        assert reply.status in (200, 400), host
        assert b"elsewhere" not in reply.body
        policy = reply.headers.get("content-security-policy", "")
        assert "script-src *" not in policy
        assert "<" not in policy


COOKIES = [
        "kefu-visit=", "kefu-visit=x", "kefu-visit=" + "A" * 32, "kefu-visit=" + "a" * 33,
        "kefu-visit=../../etc/passwd", "kefu-visit=' OR 1=1 --", 'kefu-visit="\\073"',
        "kefu-lang=<script>; kefu-visit=%00", "\xff\xfe", "=;=;=", "kefu-visit=" + "é" * 32,
        "; ".join(f"a{n}=b" for n in range(2000)),
    ]  # fmt: skip


def test_what_is_no_cookie_of_ours_is_a_newcomer(siege: Sieged) -> None:
    """A cookie that we did not make is not asked about, and the page is a newcomer's."""
    for cookie in COOKIES:
        reply = ask(siege, "GET", "/", Cookie=cookie)
        assert reply.status == 200, cookie
        assert re.match(r"kefu-visit=[0-9a-f]{32};", reply.headers["set-cookie"]), cookie
        assert b'"receipts":{}' in reply.body
        assert cookie.encode() not in reply.body


def test_a_cookie_is_no_token_and_a_token_no_cookie(siege: Sieged) -> None:
    """What names a visitor opens nothing elsewhere, and the other way round."""
    page = Visitor(siege).start()
    name = page.cookie.partition("=")[2]
    for words in (name, page.kernel, page.data["visit"]):
        for bearer in (f"Bearer {words}", f"token {words}"):
            reply = ask(siege, "GET", f"/kernels/{page.kernel}", Authorization=bearer)
            assert reply.status == 404
        assert ask(siege, "GET", f"/kernels/{page.kernel}?token={words}").status == 404
    for forged in (page.data["visit"] * 2, page.kernel.replace("-", "")):
        assert (
            page.ask("GET", f"/kernels/{page.kernel}", Cookie=f"kefu-visit={forged}").status == 404
        )
    page.leave()


def test_the_house_is_not_reached_through_the_door(siege: Sieged) -> None:
    """None of the house's calls is answered, with whatever token or body."""
    paths = ("/daily", "/attempts", "/tokens", "/tokens/current", "/visits", "/health")
    for method, path in product(("POST", "DELETE"), paths):
        headers = {"Authorization": f"Bearer {secrets.token_urlsafe(32)}"}
        reply = ask(siege, method, path, {"visitor": "ab" * 16}, **headers)
        assert reply.status in (403, 404, 405), (method, path)
        assert b"token" not in reply.body


ORIGINS = [
    "http://elsewhere.test", "null", "file://", "http://kefu.test", "http://kefu.test:1",
    "http://elsewhere.test/kefu.test", "http://kefu.test@elsewhere.test", "", "\xff", "//[",
]  # fmt: skip


def test_another_sites_page_does_nothing(siege: Sieged) -> None:
    """A request from elsewhere is 403 though the browser sends the visitor's cookie along."""
    page = Visitor(siege)
    for origin in ORIGINS:
        assert page.ask("POST", "/kernels", page.asked, Origin=origin).status == 403, origin
        for path in ("/stay", "/next", "/kernels/a-a-a-a-a/leave"):
            assert page.ask("POST", path, Origin=origin).status == 403, origin
    siege.logged(f"refused {THEM} another origin")
    assert page.ask("POST", "/stay").status == 204


VISIT = "0123456789abcdef"


BODIES: list[tuple[object, int]] = [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b"\xff\xfe", 400), (b"NaN", 400),
        (b"[" * 100_000, 400), (b"9" * 100_000, 400), ({}, 400), ({"page": "daily"}, 400),
        ({"page": 7}, 400), ({"page": "daily", "visit": 7}, 400),
        ({"page": ["daily"], "visit": VISIT}, 400), ({"page": {"a": 1}, "visit": VISIT}, 400),
        ({"page": "../daily", "visit": VISIT}, 404), ({"page": "", "visit": VISIT}, 404),
        ({"page": "nothing", "visit": VISIT}, 404), ({"page": "daily\u0000", "visit": VISIT}, 404),
        ({"page": "daily", "visit": VISIT}, 410), ({"page": "daily", "visit": ""}, 410),
        ({"page": "daily", "visit": "' OR 1=1"}, 410), ({"page": "daily", "visit": "\ud800"}, 410),
        ({"page": "daily", "visit": "x" * 100_000}, 410),
    ]  # fmt: skip


def test_no_kernel_for_what_makes_no_sense(siege: Sieged) -> None:
    """A body that no page of ours sends starts nothing."""
    page = Visitor(siege)
    before = siege.kernels()
    for sent, status in BODIES:
        if isinstance(sent, dict) and len(sent) > 1:
            sent = {"day": page.data["day"], **sent}
        assert page.ask("POST", "/kernels", sent).status == status, str(sent)[:80]
    assert siege.kernels() == before


def test_no_kernel_for_anothers_visit(siege: Sieged) -> None:
    """Another's visit with one's own cookie, or with none, is 410; theirs goes on."""
    other, page = Visitor(siege, "127.0.0.7"), Visitor(siege)
    before = siege.kernels()
    for cookie in (page.cookie, NOBODY, ""):
        sent = {**page.asked, "visit": other.data["visit"]}
        assert page.ask("POST", "/kernels", sent, Cookie=cookie).status == 410
    assert siege.kernels() == before
    assert other.ask("POST", "/stay").status == 204


def test_no_other_days_questions(siege: Sieged) -> None:
    """A page that names another day is asked today's questions, or none."""
    for day in ("1999-01-01", "2999-01-01", "", "x", "' OR 1=1", "\u0000"):
        _asks_for(Visitor(siege), day)


def _asks_for(page: Visitor, day: str) -> None:
    reply = page.ask("POST", "/kernels", {**page.asked, "day": day})
    assert reply.status in (201, 400, 410)
    if reply.status == 201:
        page.kernel, page.views = reply.json()["kernel"], reply.json()["views"]
        line = page.socket()
        state = line.states()[page.views[0]]["state"]
        assert [card["item"] for card in state.get("cards", page.cards)] == [
            card["item"] for card in page.cards
        ]
        line.close()
        page.leave()
