"""A crowd of visitors who speak the page's own protocol: `python -m benchmarks.floor.crowd`.

A visitor opens the page, fetches what it names, asks for a kernel, opens its socket, waits for the
first word, thinks, answers, waits for `saved`, thinks again; after the last question it stays
until everybody has finished, so that all are there at once, and leaves as a closed page does.

All of them live in this one process, and it prints two lines of JSON: `{"done": n}` when the
last one has answered and nobody has left, then waits for a line on its standard input, and at the
end the `Told` of everything.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import re
import resource
import secrets
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import websockets

from benchmarks.floor.contestants import HOST

__all__ = ["A_SECOND", "THINK", "Told", "percentile", "stand"]

A_SECOND = 10
"""Arrivals a second."""
THINK = (3.0, 8.0)
"""Seconds of thought before each answer, drawn evenly."""
_ADDRESSES = 50
"""Loopback addresses the crowd comes from, by turns."""
_PATIENCE = 60.0
_TRIES = 12
_PROTOCOL = websockets.Subprotocol("v1.kernel.websocket.jupyter.org")
_STATE = re.compile(r'<script type="application/json" id="state">(.*?)</script>', re.S)
_DATA = re.compile(r'\sdata-(visit|page|day)="([^"]*)"')
_FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass
class Told:
    """What the crowd has seen; times in milliseconds.

    Args:
        count: visitors.
        page: from asking for the page until its questions are there, one for each visitor.
        ready: from asking for the page until its kernel has said a first word.
        answer: from sending an answer until `saved` has come, one for each answer.
        acknowledged: ids of the answers that were said to be saved.
        waits: how often a visitor was asked to come again, by status.
        errors: what went wrong, and how often.
        seconds: from the first arrival to the last goodbye.
        cpu: seconds of a core that the crowd itself took of the machine it shares.
    """

    count: int
    page: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    waits: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu: float = 0.0


class TroubleError(Exception):
    """A visitor cannot go on."""


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all values do not exceed; 0 of no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


@dataclass(frozen=True)
class Stood:
    """A page as it came: who is there, in which visit, and the questions."""

    cookie: str
    place: dict[str, str]
    cards: list[dict[str, Any]]
    files: list[str]


def stand(headers: dict[str, str], html: str) -> Stood:
    """Read a page.

    Args:
        headers: of the response, names in lower case.
        html: the page.

    Raises:
        TroubleError: it holds no questions.
    """
    state = _STATE.search(html)
    if state is None:
        raise TroubleError("a page without questions")
    return Stood(
        cookie=headers.get("set-cookie", "").partition(";")[0],
        place=dict(_DATA.findall(html)),
        cards=json.loads(state[1])["cards"],
        files=_FILES.findall(html),
    )


class Line:
    """One connection that is kept alive, as a browser's; opened anew when the server closed it."""

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address = port, address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, cookie: str = "", sent: object = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, compressed where the server likes; status, headers, body.

        Raises:
            OSError, asyncio.IncompleteReadError: the connection broke, twice.
        """
        for last in (False, True):
            try:
                return await self._once(method, path, cookie, sent)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                if last:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _once(
        self, method: str, path: str, cookie: str, sent: object
    ) -> tuple[int, dict[str, str], bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._port, local_addr=(self._address, 0)
            )
        reader, writer = self._streams
        body = b"" if sent is None else json.dumps(sent).encode()
        host = f"{HOST}:{self._port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept-Encoding: gzip"]
        if cookie:
            lines.append(f"Cookie: {cookie}")
        if method != "GET":
            lines += [f"Origin: http://{host}", f"Content-Length: {len(body)}"]
            lines += ["Content-Type: application/json"] if body else []
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = {
            name.lower(): value.strip()
            for name, _, value in (one.partition(":") for one in head[1:] if one)
        }
        if headers.get("transfer-encoding") == "chunked":
            read = b""
            while size := int(await reader.readuntil(b"\r\n"), 16):
                read += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
        elif status == 204:
            read = b""
        else:
            read = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("content-encoding") == "gzip":
            read = gzip.decompress(read)
        if headers.get("connection") == "close":
            self.close()
        return status, headers, read


class Crowd:
    """All visitors of a run.

    Args:
        port: the floor's.
        count: of visitors.
        seed: decides who thinks how long and answers what.
    """

    def __init__(self, port: int, count: int, seed: int) -> None:
        self._port, self._count, self._seed = port, count, seed
        self._finished = 0
        self._all = asyncio.Event()
        self._leave = asyncio.Event()
        self.told = Told(count)

    async def run(self) -> Told:
        """Let them come."""
        begun = time.perf_counter()
        visitors = [asyncio.create_task(self._visitor(n)) for n in range(self._count)]
        await self._all.wait()
        print(json.dumps({"done": self._count - self.told.errors.total()}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        self._leave.set()
        await asyncio.gather(*visitors)
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.told.seconds = time.perf_counter() - begun
        self.told.cpu = used.ru_utime + used.ru_stime
        return self.told

    async def _visitor(self, n: int) -> None:
        dice = random.Random(f"{self._seed} {n}")
        line = Line(self._port, f"127.0.0.{2 + n % _ADDRESSES}")
        await asyncio.sleep(n / A_SECOND)
        try:
            await self._visit(line, dice, f"127.0.0.{2 + n % _ADDRESSES}")
        except (
            TroubleError,
            OSError,
            EOFError,
            TimeoutError,
            websockets.WebSocketException,
        ) as error:
            self.told.errors[f"{type(error).__name__}: {error}"] += 1
            self._finish()
        finally:
            line.close()

    def _finish(self) -> None:
        self._finished += 1
        if self._finished == self._count:
            self._all.set()

    async def _visit(self, line: Line, dice: random.Random, address: str) -> None:
        begun = time.perf_counter()
        _, headers, body = await self._patient(line, "GET", "/", 200)
        page = stand(headers, body.decode())
        self.told.page.append(_ms(begun))
        for name in page.files:
            await line.ask("GET", name, page.cookie)
        _, _, said = await self._patient(line, "POST", "/kernels", 201, page.cookie, page.place)
        kernel = json.loads(said)
        session = secrets.token_hex(16)
        async with websockets.connect(
            f"ws://{HOST}:{self._port}/api/kernels/{kernel['kernel']}/channels?session_id={session}",
            additional_headers={"Cookie": page.cookie},
            origin=websockets.Origin(f"http://{HOST}:{self._port}"),
            subprotocols=[_PROTOCOL],
            host="127.0.0.1",
            port=self._port,
            local_addr=(address, 0),
            proxy=None,
            ping_interval=None,
            max_size=None,
            open_timeout=_PATIENCE,
        ) as socket:
            control = secrets.token_hex(16)
            opening = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
            await socket.send(_message(session, "comm_open", opening, {"version": "1.0.0"}))
            async with asyncio.timeout(_PATIENCE):
                await socket.recv()
            self.told.ready.append(_ms(begun))
            for card in page.cards:
                await asyncio.sleep(dice.uniform(*THINK))
                await self._answer(socket, session, kernel["views"][0], card, dice)
            self._finish()
            await self._leave.wait()
            await line.ask("POST", f"/kernels/{kernel['kernel']}/leave", page.cookie)

    async def _answer(
        self,
        socket: websockets.ClientConnection,
        session: str,
        view: str,
        card: dict[str, Any],
        dice: random.Random,
    ) -> None:
        attempt = secrets.token_hex(16)
        content = {
            "do": "answer",
            "id": attempt,
            "item": card["item"],
            "version": card["version"],
            "response": {"option": dice.choice(card["options"])["id"]},
            "lang": "zh",
        }
        sent = time.perf_counter()
        data = {"comm_id": view, "data": {"method": "custom", "content": content}}
        await socket.send(_message(session, "comm_msg", data))

        def mine(data: dict[str, Any]) -> bool:
            return data.get("method") == "custom" and data["content"].get("id") == attempt

        said = (await _hear(socket, mine))["content"]
        if said.get("did") != "saved":
            raise TroubleError(f"not saved: {said.get('why')}")
        self.told.answer.append(_ms(sent))
        self.told.acknowledged.append(attempt)

    async def _patient(
        self, line: Line, method: str, path: str, wanted: int, cookie: str = "", sent: object = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask, and ask again after a while if that is what the server says, as the page does."""
        for _ in range(_TRIES):
            reply = await asyncio.wait_for(line.ask(method, path, cookie, sent), _PATIENCE)
            if reply[0] == wanted:
                return reply
            if reply[0] not in (429, 503):
                break
            self.told.waits[f"{path} {reply[0]}"] += 1
            await asyncio.sleep(float(reply[1].get("retry-after", "2")))
        raise TroubleError(f"{method} {path}: {reply[0]}")


def _message(session: str, kind: str, content: object, metadata: object = None) -> bytes:
    header = {
        "msg_id": secrets.token_hex(16),
        "username": "",
        "session": session,
        "date": "2026-11-22T08:00:00.000Z",
        "msg_type": kind,
        "version": "5.3",
    }
    said = [header, {}, metadata or {}, content]
    parts = [b"shell", *(json.dumps(part).encode() for part in said)]
    offsets = list(accumulate(map(len, parts), initial=8 * (len(parts) + 2)))
    return b"".join([struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets), *parts])


async def _hear(socket: websockets.ClientConnection, wanted: Any) -> dict[str, Any]:
    """The data of the first comm message that is wanted; the others are passed over."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            said = await socket.recv()
            assert isinstance(said, bytes)
            # A channel, a header, its parent's, metadata, content.
            offsets = struct.unpack_from("<6Q", said, 8)
            if b'"comm_msg"' not in said[offsets[1] : offsets[2]]:
                continue
            data: dict[str, Any] = json.loads(said[offsets[4] : offsets[5]]).get("data", {})
            if wanted(data):
                return data


def _ms(since: float) -> float:
    return round((time.perf_counter() - since) * 1000, 1)


def main() -> None:
    """Run one crowd, and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor.crowd")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    told = asyncio.run(_run(options.port, options.count, options.seed))
    print(json.dumps(vars(told)), flush=True)


async def _run(port: int, count: int, seed: int) -> Told:
    return await Crowd(port, count, seed).run()


if __name__ == "__main__":
    main()
