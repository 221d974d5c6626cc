from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import signal
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.floor.running import Floor, command, start, stop


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """One floor for all of them."""
    running = start(tmp_path_factory.mktemp("door"))
    yield running
    assert stop(running) == []


def ask(
    floor: Floor, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request; redirects are not followed."""
    line = http.client.HTTPConnection("127.0.0.1", floor.port, timeout=60)
    line.request(method, path, body, headers={"Host": "kefu.test", **headers})
    reply = line.getresponse()
    body = reply.read()
    line.close()
    return reply.status, reply.headers, body


@dataclass(frozen=True)
class Visit:
    """A page that was opened: its cookie, and what it says of itself."""

    floor: Floor
    cookie: str
    asked: dict[str, str]

    @classmethod
    def enter(cls, floor: Floor) -> Visit:
        """A newcomer's."""
        status, headers, body = ask(floor, "GET", "/")
        assert status == 200
        said = dict(re.findall(r'data-(page|visit|day)="([^"]*)"', body.decode()))
        return cls(floor, headers["Set-Cookie"].partition(";")[0], said)

    def kernel(self, **other: str) -> tuple[int, dict[str, Any]]:
        """Ask for its kernel."""
        body = json.dumps({**self.asked, **other})
        status, _, said = ask(self.floor, "POST", "/kernels", body, Cookie=self.cookie)
        return status, json.loads(said) if said else {}


def test_a_page_starts_no_kernel(floor: Floor) -> None:
    """Whoever only asks for the page costs no kernel: its questions stand in it."""
    before = json.loads(ask(floor, "GET", "/health")[2])["kernels"]
    body = ask(floor, "GET", "/")[2].decode()
    state = re.search(r'<script type="application/json" id="state">(.*?)</script>', body)
    assert state
    assert len(json.loads(state[1])["cards"]) == 5
    assert json.loads(ask(floor, "GET", "/health")[2])["kernels"] == before


def test_a_kernel_is_for_the_visit_that_the_page_shows(floor: Floor) -> None:
    """A page of a visit that is over gets no kernel, and neither does a page that nobody serves."""
    page = Visit.enter(floor)
    assert page.kernel(visit="0" * 16)[0] == 410
    assert page.kernel(page="nothing")[0] == 404
    assert replace(page, cookie="").kernel()[0] == 410
    assert ask(floor, "POST", "/kernels", "[]", Cookie=page.cookie)[0] == 400
    assert ask(floor, "POST", "/next", Cookie=page.cookie)[0] == 303
    assert page.kernel()[0] == 410


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """A port in use ends the command with what is wrong and what to do, and no traceback."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = command(tmp_path, "--port", str(port))
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.strip() == (
        f"kefu: 端口 {port} 已经有程序在用；换一个，例如 kefu floor --port {port + 1}"
    )


def test_an_empty_vault_is_said(tmp_path: Path) -> None:
    """With nothing woven the command ends, names the one to run first, and leaves no process."""
    process = command(tmp_path, "--port", "0", items=0)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.strip() == "kefu: 题库是空的；请先运行 kefu weave"


CERTIFICATE = Path(__file__).with_name("kefu.test.pem")


def test_the_pages_may_be_served_by_https(tmp_path: Path) -> None:
    """With a certificate the floor speaks https, and its cookie goes nowhere else."""
    floor = start(tmp_path, "--certificate", str(CERTIFICATE))
    try:
        trust = ssl.create_default_context(cafile=str(CERTIFICATE))
        with socket.create_connection(("127.0.0.1", floor.port), 30) as plain:
            line = http.client.HTTPConnection("kefu.test")
            line.sock = trust.wrap_socket(plain, server_hostname="kefu.test")
            line.request("GET", "/")
            reply = line.getresponse()
            assert reply.status == 200
            assert "secure" in reply.headers["Set-Cookie"].lower()
    finally:
        assert stop(floor) == []


def test_a_certificate_that_is_none_is_said(tmp_path: Path) -> None:
    """What is no certificate ends the command with its name and what to write."""
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing")
    process = command(tmp_path, "--port", "0", "--certificate", str(wrong))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert str(wrong) in said
    assert "--certificate" in said


@pytest.mark.parametrize(("proxies", "secure"), [((), False), (("--proxy", "127.0.0.1"), True)])
def test_only_a_named_proxy_is_believed(
    tmp_path: Path, proxies: tuple[str, ...], secure: bool
) -> None:
    """From where and by which scheme somebody asks is told by a proxy that was named, or nobody."""
    floor = start(tmp_path, *proxies)
    try:
        told = {"X-Scheme": "https", "X-Real-IP": "192.0.2.7"}
        _, headers, _ = ask(floor, "GET", "/", **told)
        assert ("secure" in headers["Set-Cookie"].lower()) is secure
    finally:
        assert stop(floor) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_outlives_the_door(tmp_path: Path, how: signal.Signals) -> None:
    """However the door is ended, house and kernels end with it."""
    floor = start(tmp_path)
    assert Visit.enter(floor).kernel()[0] == 201
    family = psutil.Process(floor.process.pid).children(recursive=True)
    assert len(family) >= 2
    floor.process.send_signal(how)
    floor.process.wait(30)
    assert psutil.wait_procs(family, timeout=15)[1] == []


def test_a_visitor_is_a_cookie_of_this_session(floor: Floor) -> None:
    """A newcomer gets one cookie: random, unreadable to scripts, gone with the browser."""
    seen = set()
    for _ in range(2):
        _, headers, _ = ask(floor, "GET", "/")
        (cookie,) = headers.get_all("Set-Cookie") or []
        name, _, rest = cookie.partition("=")
        value, *flags = [part.strip() for part in rest.split(";")]
        assert name == "kefu-visit"
        assert {flag.lower() for flag in flags} == {"httponly", "samesite=lax", "path=/"}
        seen.add(value)
    assert len(seen) == 2
    assert all(len(value) == 32 for value in seen)


def test_a_page_may_load_from_here_only(floor: Floor) -> None:
    """The page's policy names this server, and of what stands in the page its own loader alone."""
    _, headers, body = ask(floor, "GET", "/")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    (loader,) = re.findall(rb'<script type="module">(.*?)</script>', body, re.S)
    mark = base64.b64encode(hashlib.sha256(loader).digest()).decode()
    assert f"script-src 'self' 'sha256-{mark}' blob:;" in policy
    for word in ("http://", "https://", "//cdn", "jupyterlab"):
        assert word not in body.decode().replace("http://www.w3.org/2000/svg", "").lower()


def test_scripts_are_fetched_once(floor: Floor) -> None:
    """Scripts and style are named by their content, kept for ever, and compressed."""
    _, _, body = ask(floor, "GET", "/")
    names = {word for word in body.decode().split('"') if word.startswith("/static/")}
    assert len(names) == 2
    for name in names:
        status, headers, _ = ask(floor, "GET", name, **{"Accept-Encoding": "gzip"})
        assert status == 200
        assert "immutable" in headers["Cache-Control"]
        assert headers["Content-Encoding"] == "gzip"
    assert ask(floor, "GET", "/static/player.js")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree",
        "/voila/files/daily.ipynb",
        "/voila/api/contents/",
        "/voila/static/voila.js",
        "/api/kernels",
        "/api/contents",
        "/login",
        "/daily.ipynb",
        "/../kefu.db",
        "/%2e%2e/kefu.db",
        "/static/..%2f..%2fvault.py",
    ],
)
def test_nothing_else_is_served(floor: Floor, path: str) -> None:
    """No tree, no files, no contents, no list of kernels: a calm 404 in their place."""
    status, _, body = ask(floor, "GET", path)
    assert status == 404
    assert b"Traceback" not in body


@pytest.mark.parametrize("path", ["/next", "/stay", f"/kernels/{'a-' * 4}a/leave"])
def test_another_sites_page_changes_nothing(floor: Floor, path: str) -> None:
    """A request that changes something is refused when another site's page made it."""
    assert ask(floor, "POST", path, Origin="http://elsewhere.test")[0] == 403


def test_the_next_person_gets_another_cookie(floor: Floor) -> None:
    """“Next person” takes the cookie away and leads to the front page, whoever asks."""
    for cookie in ({}, {"Cookie": f"kefu-visit={'ab' * 16}"}):
        status, headers, _ = ask(floor, "POST", "/next", Origin="http://kefu.test", **cookie)
        assert (status, headers["Location"]) == (303, "/")
        assert 'kefu-visit=""' in headers["Set-Cookie"]


def test_health_opens_no_kernel(floor: Floor) -> None:
    """Whoever watches the floor may ask often: it costs no kernel."""
    before = ask(floor, "GET", "/health")
    assert before[0] == 200
    assert ask(floor, "GET", "/health")[2] == before[2]


@pytest.mark.parametrize(
    ("reads", "lang"),
    [("", "zh-CN"), ("zh-CN,en;q=0.8", "zh-CN"), ("en-GB,zh;q=0.1", "zh-CN"), ("en, fr", "en")],
)
def test_the_browser_says_which_language(floor: Floor, reads: str, lang: str) -> None:
    """中文 comes first, unless the browser reads other languages only."""
    _, _, body = ask(floor, "GET", "/nothing", **({"Accept-Language": reads} if reads else {}))
    assert f'<html lang="{lang}">' in body.decode()


def test_all_who_come_at_once_find_no_more_places_than_there_are(tmp_path: Path) -> None:
    """Ten newcomers at the same moment share two places; a place that is given back is free."""
    floor = start(tmp_path, "--most", "2")
    try:
        pages = [Visit.enter(floor) for _ in range(10)]
        with ThreadPoolExecutor(10) as crowd:
            came = list(crowd.map(Visit.kernel, pages))
        assert sorted(status for status, _ in came) == [201] * 2 + [503] * 8
        assert all(said == {"why": "full"} for status, said in came if status == 503)
        assert ask(floor, "GET", "/")[0] == 503
        page, kernel = next(
            (page, said["kernel"])
            for page, (status, said) in zip(pages, came, strict=True)
            if status == 201
        )
        assert ask(floor, "POST", f"/kernels/{kernel}/leave", Cookie=page.cookie)[0] == 204
        assert json.loads(ask(floor, "GET", "/health")[2])["kernels"] == 1
        assert ask(floor, "GET", "/")[0] == 200
    finally:
        assert stop(floor) == []
