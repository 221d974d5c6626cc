"""The door's guard on a server of its own, by a clock that stands still."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from kefu.door import handlers
from kefu.door.guard import GuardedServer
from kefu.door.limits import Limits

Said = list[tuple[int, str, str]]
"""Status, Retry-After and body of each answer."""


class Whence(RequestHandler):
    """Says who it takes the visitor for."""

    def get(self) -> None:
        """The address, and whether it came by https."""
        self.finish(f"{self.request.remote_ip} {self.request.protocol}")


def served(
    client: Callable[[int, Limits], Awaitable[Any]], *, proxies: frozenset[str] = frozenset()
) -> Any:
    """Run a client against a server whose clock stands still."""

    async def serve() -> Any:
        limits = Limits(64, clock=lambda: 0.0)
        here = {"keeper": None, "pages": {}, "most": 64}
        app = Application(
            [("/whence", Whence), ("/stay", handlers.Stay, here)],
            kefu_limits=limits,
            log_function=lambda _: None,
        )
        server = GuardedServer(app, trusted_downstream=proxies)
        server.limits, server.proxies = limits, proxies
        (listening,) = bind_sockets(0, "127.0.0.1")
        server.add_socket(listening)
        try:
            return await client(listening.getsockname()[1], limits)
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(serve())


async def asked(port: int, sent: list[str], source: str) -> Said:
    """The answers to requests on one line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    said: Said = []
    for one in sent:
        writer.write(f"{one}Host: kefu.test\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"Content-Length: (\d+)", head)
        body = (await reader.readexactly(int(length[1]))).decode() if length else ""
        later = re.search(r"Retry-After: (\d+)", head)
        said.append((int(head.split()[1]), later[1] if later else "", body))
    writer.close()
    return said


def test_calls_without_end_are_refused() -> None:
    """Two thousand calls from one address are answered; then 429 says when; others are answered."""
    stay = "POST /stay HTTP/1.1\r\nContent-Length: 0\r\n"

    async def client(port: int, _: Limits) -> tuple[Said, Said]:
        mine = await asked(port, [stay] * 2010, "127.0.0.66")
        return mine, await asked(port, [stay], "127.0.0.1")

    mine, others = served(client)
    assert [status for status, _, _ in mine] == [410] * 2000 + [429] * 10
    assert {later for _, later, _ in mine[2000:]} == {"1"}
    assert others == [(410, "", "")]


FORGED = "GET /whence HTTP/1.1\r\nX-Forwarded-For: 10.1.1.1\r\nX-Forwarded-Proto: https\r\n"
REAL_IP = "GET /whence HTTP/1.1\r\nX-Real-Ip: 10.2.2.2\r\n"


@pytest.mark.parametrize("proxies", [frozenset(), frozenset({"127.0.0.9"})])
def test_nobody_says_who_she_is(proxies: frozenset[str]) -> None:
    """An address that a visitor claims is not believed, whether or not there is a proxy."""

    async def client(port: int, _: Limits) -> Said:
        return await asked(port, [FORGED, REAL_IP], "127.0.0.66")

    assert [body for _, _, body in served(client, proxies=proxies)] == ["127.0.0.66 http"] * 2


def test_a_proxy_says_for_whom_it_asks() -> None:
    """The last address that a named proxy did not have itself; what a visitor put before is not."""
    through = "GET /whence HTTP/1.1\r\nX-Forwarded-For: 10.9.9.9, 192.168.7.7, 127.0.0.9\r\n"

    async def client(port: int, _: Limits) -> Said:
        return await asked(port, [through, FORGED, REAL_IP], "127.0.0.9")

    said = [body for _, _, body in served(client, proxies=frozenset({"127.0.0.9"}))]
    assert said == ["192.168.7.7 http", "10.1.1.1 https", "127.0.0.9 http"]


def test_connections_without_end_are_closed() -> None:
    """The connection after an address's last is closed unanswered; one that ends makes room."""
    ask = "GET /whence HTTP/1.1\r\n"

    async def client(port: int, limits: Limits) -> tuple[bytes, Said, Said]:
        most = limits.connections.most
        source = ("127.0.0.66", 0)
        held = [
            await asyncio.open_connection("127.0.0.1", port, local_addr=source)
            for _ in range(most + 1)
        ]
        refused = await held[-1][0].read()
        others = await asked(port, [ask], "127.0.0.1")
        for _, writer in held:
            writer.close()
        while len(limits.connections) > 0:
            await asyncio.sleep(0.01)
        return refused, others, await asked(port, [ask], "127.0.0.66")

    refused, others, mine = served(client)
    assert refused == b""
    assert others == [(200, "", "127.0.0.1 http")]
    assert mine == [(200, "", "127.0.0.66 http")]
