"""Hostile visitors who ask for much, or slowly, or for ever; the others still get in."""

from __future__ import annotations

import re
import secrets
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.floor.frames import Socket
from tests.floor.hostile import Sieged, besieged, dial, end, memory, raw, request, until
from tests.floor.visitors import Visitor, attempt, honest

PATIENCE = 3.0


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sieged]:
    """One floor for all of them; it waits three seconds for a request where others wait thirty."""
    sieged = besieged(tmp_path_factory.mktemp("floods"), "--most", "20", patience=PATIENCE)
    yield sieged
    end(sieged)


pytestmark = pytest.mark.usefixtures("stays_up")


def here(n: int) -> str:
    """Another machine for each case: what one used up is not the next one's."""
    return f"127.66.0.{n}"


def test_kernels_without_end(siege: Sieged) -> None:
    """Fresh cookies from one address hold half of the kernels; others still get theirs."""
    got = []
    for _ in range(14):
        page = Visitor(siege, here(1))
        reply = page.ask("POST", "/kernels", page.asked)
        got.append(reply.status)
        if reply.status == 429:
            assert int(reply.headers["retry-after"]) > 0
    assert got == [201] * 10 + [429] * 4
    siege.logged(f"refused {here(1)} too many kernels")
    honest(siege)
    page = Visitor(siege, "127.0.0.8").start()
    page.leave()


def test_one_visitor_holds_few_kernels(siege: Sieged) -> None:
    """A visitor who never leaves gets six kernels, with one cookie or in many requests at once."""
    page = Visitor(siege, here(2))
    with ThreadPoolExecutor(8) as crowd:
        replies = list(crowd.map(lambda _: page.ask("POST", "/kernels", page.asked), range(8)))
    assert sorted(reply.status for reply in replies) == [201] * 6 + [503] * 2
    assert all(int(r.headers["retry-after"]) > 0 for r in replies if r.status == 503)
    for reply in replies:
        if reply.status == 201:
            page.kernel = reply.json()["kernel"]
            page.leave()


def test_a_crowd_that_finds_no_place_is_told_to_wait(siege: Sieged) -> None:
    """More visitors at once than there are places: the rest get 503 and when to ask again."""
    pages = [Visitor(siege, f"127.67.0.{n}") for n in range(1, 25)]
    with ThreadPoolExecutor(12) as crowd:
        replies = list(crowd.map(lambda page: page.ask("POST", "/kernels", page.asked), pages))
    statuses = [reply.status for reply in replies]
    assert set(statuses) == {201, 503}
    assert siege.kernels() <= 20
    for page, reply in zip(pages, replies, strict=True):
        if reply.status == 201:
            page.kernel = reply.json()["kernel"]
            page.leave()
        else:
            assert reply.json() == {"why": "full"}


def test_pages_without_end(siege: Sieged) -> None:
    """A thousand newcomers from one address make no kernel, and no more visits than its share."""
    kernels, visits, began = siege.kernels(), siege.visits(), time.monotonic()
    one = request(siege, "GET", "/", b"", Connection="keep-alive")
    seen = _pipelined(siege, here(3), [one] * 1000)
    assert set(seen) == {200, 429}
    assert siege.kernels() <= kernels
    assert siege.visits() - visits <= 601 + 2 * (time.monotonic() - began)
    siege.logged(f"refused {here(3)} too many newcomers")


def test_made_up_cookies_without_end(siege: Sieged) -> None:
    """A cookie of one's own making for each request is a newcomer each time."""
    visits, began = siege.visits(), time.monotonic()
    sent = [
        request(siege, "GET", "/", b"", Connection="keep-alive", Cookie=f"kefu-visit={n:032x}")
        for n in range(1000)
    ]
    assert set(_pipelined(siege, here(4), sent)) == {200, 429}
    assert siege.visits() - visits <= 601 + 2 * (time.monotonic() - began)


def _pipelined(siege: Sieged, source: str, sent: list[bytes]) -> list[int]:
    """The statuses of requests that are sent one after the other, and read meanwhile."""
    with ThreadPoolExecutor(1) as other, dial(siege, source) as line:
        done = other.submit(line.sendall, b"".join(sent))
        seen: list[int] = []
        tail = b""
        while len(seen) < len(sent):
            more = line.recv(2**20)
            assert more
            tail += more
            seen += [int(code) for code in re.findall(rb"HTTP/1\.1 (\d+) ", tail)]
            tail = tail[-12:].rpartition(b"HTTP/1.1 ")[2] if b"HTTP/1.1 " in tail[-13:] else b""
        done.result()
    return seen


def _shut(line: socket.socket) -> bool:
    """Whether the floor has hung up; read until it has."""
    with suppress(ConnectionError):
        while line.recv(65536):
            pass
    return True


def test_slow_lines_are_cut(siege: Sieged) -> None:
    """Headers, bodies and handshakes that never end are cut after the floor's patience.

    Each is fed a byte at a time while the others wait: that buys no time.
    """
    starts = [
        b"",
        b"GET / HT",
        f"GET / HTTP/1.1\r\nHost: {siege.host}\r\nX-Slow: ".encode(),
        f"POST /stay HTTP/1.1\r\nHost: {siege.host}\r\nContent-Length: 1000\r\n\r\n".encode(),
        f"POST / HTTP/1.1\r\nHost: {siege.host}\r\nTransfer-Encoding: chunked\r\n\r\n5".encode(),
        b"GET /api/kernels/a-a-a-a-a/channels HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSo",
    ]
    with ExitStack() as held:
        lines = [held.enter_context(dial(siege, here(6))) for _ in starts]
        for line, start in zip(lines, starts, strict=True):
            line.sendall(start)
        honest(siege)
        cut = [False] * len(lines)
        while not all(cut):
            for n, line in enumerate(lines):
                line.settimeout(0.05)
                try:
                    if not cut[n] and starts[n]:
                        line.sendall(b"1")
                    cut[n] = cut[n] or _shut(line)
                except TimeoutError:
                    continue
                except OSError:
                    cut[n] = True


def test_idle_connections_are_not_kept(siege: Sieged) -> None:
    """A hundred lines on which nothing is said take nobody's place, and are closed in the end."""
    with ExitStack() as held:
        lines = [held.enter_context(dial(siege, here(7))) for _ in range(100)]
        honest(siege)
        assert all(_shut(line) for line in lines)


def test_connections_without_end(siege: Sieged) -> None:
    """One address keeps 256 lines; the next one is closed at once, others are not."""
    with ExitStack() as held:
        lines = [held.enter_context(dial(siege, here(8))) for _ in range(300)]
        siege.logged(f"refused {here(8)} too many connections")
        honest(siege)
        assert _shut(lines[-1])
    until(lambda: raw(siege, request(siege, "GET", "/health", b""), here(8)), "room again")


def test_a_page_that_reads_nothing(siege: Sieged) -> None:
    """A socket that asks for much and reads none of it fills no memory of the door."""
    page = Visitor(siege, here(9)).start()
    before = memory(siege)
    line = page.socket()
    line.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    comm = secrets.token_hex(16)
    for _ in range(3000):
        line.custom(page.views[0], {**attempt(page.cards[0]), "id": comm, "item": "x" * 50_000})
    siege.logged(f"refused {here(9)} too many messages")
    assert memory(siege) - before < 100 * 2**20
    line.close()
    page.leave()


def test_a_kernel_nobody_leaves_is_freed(siege: Sieged, tmp_path: Path) -> None:
    """Sockets that are cut without a word, and pages never left, give their kernels back."""
    pages = [Visitor(siege, here(10)).start() for _ in range(3)]
    for page in pages[1:]:
        line: Socket = page.socket()
        assert line.status == 101
        line.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        line.close()

    def gone() -> bool:
        return all(p.ask("GET", f"/kernels/{p.kernel}").status == 404 for p in pages)

    until(gone, "kernels freed", 60)
