"""Hostile visitors at the bytes of a request: what is no HTTP, or too much of it."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from tests.floor.hostile import (
    Reply,
    Sieged,
    dial,
    read_reply,
)

NOBODY = "kefu-visit=" + "0" * 32


pytestmark = pytest.mark.usefixtures("stays_up")


UNCLEAR = {
    "length-and-chunked": "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
    "two-lengths": "POST /stay HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n",
    "a-list-of-lengths": "POST /stay HTTP/1.1\r\nContent-Length: 3, 4\r\n",
    "minus": "POST /stay HTTP/1.1\r\nContent-Length: -1\r\n",
    "plus": "POST /stay HTTP/1.1\r\nContent-Length: +3\r\n",
    "hex": "POST /stay HTTP/1.1\r\nContent-Length: 0x3\r\n",
    "endless": "POST /stay HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n",
    "gzip": "POST /stay HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n",
    "a-space-before-the-colon": "POST /stay HTTP/1.1\r\nTransfer-Encoding : chunked\r\n",
    "no-colon": "GET / HTTP/1.1\r\nbad header\r\n",
    "folded": "GET / HTTP/1.1\r\n folded: x\r\n",
    "nul": "GET / HTTP/1.1\r\nX: a\x00b\r\n",
    "version": "GET / HTTP/9.9\r\n",
    "no-path": "GET  HTTP/1.1\r\n",
    "tls": "\x16\x03\x01\x02\x00\x01\r\n",
    "many-headers": "GET / HTTP/1.1\r\n" + "".join(f"X-{n}: y\r\n" for n in range(20_000)),
    "a-long-header": "GET / HTTP/1.1\r\nX: " + "y" * 200_000 + "\r\n",
    "a-long-path": "GET /" + "a" * 200_000 + " HTTP/1.1\r\n",
}


def test_what_can_be_read_in_two_ways_is_not_read(siege: Sieged) -> None:
    """A request whose end is unclear is refused, its line closed, and the second in it unheard."""
    for name, sent in UNCLEAR.items():
        reply, rest = _smuggle(siege, sent)
        assert reply is None or reply.status == 400, name
        assert rest == b"", name


def _smuggle(siege: Sieged, sent: str) -> tuple[Reply | None, bytes]:
    hidden = "POST /next HTTP/1.1\r\nHost: kefu.test\r\nContent-Length: 0\r\n\r\n"
    head = f"{sent}Host: {siege.host}\r\nCookie: {NOBODY}\r\n\r\n"
    with dial(siege) as line, suppress(OSError):  # It may be cut while it is still being said.
        line.sendall(f"{head}0\r\n\r\n{hidden}".encode("latin-1"))
        reply = read_reply(siege, line)
        return reply, line.recv(65536) if reply else b""
    return None, b""


@pytest.mark.parametrize("how", ["length", "chunks"])
def test_a_long_body_is_not_taken(siege: Sieged, how: str) -> None:
    """Ten megabytes, announced or in chunks without end, are refused before they are in memory."""
    head = f"POST /kernels HTTP/1.1\r\nHost: {siege.host}\r\nCookie: {NOBODY}\r\n"
    with dial(siege) as line:
        if how == "length":
            head += "Content-Length: 10485760\r\n\r\n"
            piece = b"x" * 2**16
        else:
            head += "Transfer-Encoding: chunked\r\n\r\n"
            piece = b"10000\r\n" + b"x" * 2**16 + b"\r\n"
        line.sendall(head.encode())
        reply: Reply | None = None
        try:
            for _ in range(160):
                line.sendall(piece)
            reply = read_reply(siege, line)
        except OSError:
            pass  # Cut while it was still being said.
    assert reply is None or reply.status in (400, 413)


def test_answers_are_not_mixed_up_on_one_line(siege: Sieged) -> None:
    """Requests sent all at once are answered in their order, each for its own cookie."""
    one = f"GET /health HTTP/1.1\r\nHost: {siege.host}\r\n\r\n"
    two = f"POST /stay HTTP/1.1\r\nHost: {siege.host}\r\nContent-Length: 0\r\n\r\n"
    with dial(siege) as line:
        line.sendall((one + two + one).encode())
        seen = b""
        while seen.count(b"HTTP/1.1 ") < 3:
            seen += line.recv(65536)
    assert re.findall(rb"HTTP/1.1 (\d+)", seen) == [b"200", b"410", b"200"]
