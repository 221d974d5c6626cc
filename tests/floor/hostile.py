"""A besieged floor, and bytes that no browser sends.

Each address of 127.0.0.0/8 is another machine: hostile ones come from `THEM`, honest ones from
elsewhere. All that a floor ever answers is kept, to be searched.
"""

from __future__ import annotations

import json
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from tests.floor.running import Floor, start, stop

__all__ = [
    "THEM", "Reply", "Sieged", "ask", "besieged", "dial", "end", "memory", "raw", "read_reply",
    "request", "sealed", "until",
]  # fmt: skip

THEM = "127.0.0.66"
PATIENCE = 60.0
"""Seconds without a byte after which a case has failed: the floor hangs."""


T = TypeVar("T")


@dataclass
class Sieged:
    """A floor with its log, and with every byte that it gave away."""

    floor: Floor
    log: list[str] = field(default_factory=list)
    given: list[bytes] = field(default_factory=list)
    searched: int = 0
    """How much of it was searched already."""
    honest: Iterator[int] = field(default_factory=lambda: count(1))
    hostile: Iterator[int] = field(default_factory=lambda: count(1))

    def enemy(self) -> str:
        """An address that nobody had before: what one used up is not the next one's."""
        return f"127.66.0.{next(self.hostile)}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.floor.port

    @property
    def host(self) -> str:
        """Its name as a browser would send it."""
        return f"kefu.test:{self.port}"

    def logged(self, words: str) -> str:
        """The line of the log with these words, waited for."""
        return until(lambda: next((line for line in self.log if words in line), ""), words)

    def kernels(self) -> int:
        """How many live."""
        return int(json.loads(ask(self, "GET", "/health").body)["kernels"])

    def visits(self) -> int:
        """How many visits the house knows."""
        return self.rows("visits")

    def rows(self, table: str) -> int:
        """How many rows a table of the house has."""
        engine = sa.create_engine(self.floor.database)
        with engine.connect() as db:
            found = int(db.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())
        engine.dispose()
        return found


def besieged(root: Path, *options: str, patience: float = 30) -> Sieged:
    """Start a floor, and keep its log; `patience` is how long it waits for a whole request."""
    with pytest.MonkeyPatch.context() as env:
        env.setenv("KEFU_PATIENCE", str(patience))
        sieged = Sieged(start(root, *options))
    process = sieged.floor.process
    for pipe in (process.stderr, process.stdout):
        assert pipe
        threading.Thread(target=sieged.log.extend, args=(pipe,), daemon=True).start()
    return sieged


def end(sieged: Sieged) -> None:
    """Stop it; nothing may outlive it, and nothing that is sealed may have been given away."""
    process = sieged.floor.process
    # Its pipes are read by threads; they are not read here once more.
    process.stdout = process.stderr = None
    assert stop(sieged.floor) == []
    sealed(sieged)


SEALED = (
    # How the floor is made, and where; a token and the door's secret have 43 characters.
    # A message's id, session_pid_count, has as many when the two numbers have eight digits.
    rb"Traceback|site-packages|/tmp/|kefu\.db|sqlite:|house\.sock|KEFU_|Bearer"
    rb"|(?<![\w-])(?![0-9a-f]{8}-[0-9a-f]{24}_\d+_\d+)[\w-]{43}(?![\w-])"
)


def sealed(sieged: Sieged) -> None:
    """Nothing that any visitor was given holds what is sealed; each answer is searched once."""
    assert sieged.given
    while sieged.searched < len(sieged.given):
        given = sieged.given[sieged.searched]
        sieged.searched += 1
        found = re.search(SEALED, given)
        assert not found, given[max(0, found.start() - 100) : found.end() + 100]


def until(found: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """What is found, looked for again and again."""
    deadline = time.monotonic() + patience
    while not (one := found()):
        assert time.monotonic() < deadline, f"not seen: {what}"
        time.sleep(0.02)
    return one


@dataclass
class Reply:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


def dial(sieged: Sieged, source: str = THEM) -> socket.socket:
    """A line to the floor from an address."""
    return socket.create_connection(("127.0.0.1", sieged.port), PATIENCE, (source, 0))


def raw(sieged: Sieged, sent: bytes, source: str = THEM) -> Reply | None:
    """What the floor answers to these bytes; None if it hangs up without a word."""
    with dial(sieged, source) as line:
        with suppress(OSError):  # Refused before all of it was said: the answer may be there.
            line.sendall(sent)
        return read_reply(sieged, line)


def read_reply(sieged: Sieged, line: socket.socket) -> Reply | None:
    """One answer from a line."""
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            if not (more := line.recv(65536)):
                break
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        if not head:
            return None
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (one.partition(":") for one in rest)}
        status = int(first.split(" ")[1])
        length = int(headers.get("content-length", 0))
        while len(body) < length and (more := line.recv(65536)):
            body += more
    except ConnectionError:
        if not data:
            return None
        raise
    finally:
        sieged.given.append(data)
    sieged.given.append(body)
    return Reply(status, headers, body)


def request(sieged: Sieged, method: str, path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of an ordinary request; a header given as None is left out."""
    all_headers = {"Host": sieged.host, "Connection": "close", **headers}
    if body:
        all_headers.setdefault("Content-Length", str(len(body)))
    elif method == "POST":
        all_headers.setdefault("Content-Length", "0")
    lines = [f"{k.replace('_', '-')}: {v}" for k, v in all_headers.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + body


def ask(
    sieged: Sieged,
    method: str,
    path: str,
    sent: object = None,
    *,
    source: str = THEM,
    **headers: str,
) -> Reply:
    """One request with any method, path, JSON body and headers; it must be answered."""
    body = b"" if sent is None else sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    reply = raw(sieged, request(sieged, method, path, body, **headers), source)
    assert reply, f"{method} {path} was not answered"
    return reply


def memory(sieged: Sieged) -> int:
    """Bytes that the door itself holds."""
    pages = int(Path(f"/proc/{sieged.floor.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
