"""A websocket whose frames are made by hand, and Jupyter's messages in both protocols."""

from __future__ import annotations

import json
import secrets
import struct
import zlib
from contextlib import suppress
from itertools import pairwise
from typing import Any

from tests.floor.hostile import THEM, Sieged, dial

__all__ = ["BINARY", "CLOSE", "PING", "TEXT", "V1", "Closed", "Socket", "message", "packed"]

V1 = "v1.kernel.websocket.jupyter.org"
TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9


class Closed(Exception):  # noqa: N818 - what the other side did
    """The floor hung up; `code` as a websocket says it, or None."""

    def __init__(self, code: int | None = None) -> None:
        self.code = code
        super().__init__(f"closed: {code}")


def message(kind: str, content: object, *, channel: str = "shell", **more: Any) -> dict[str, Any]:
    """One of Jupyter's messages."""
    header = {
        "msg_id": secrets.token_hex(16),
        "msg_type": kind,
        "session": secrets.token_hex(16),
        "username": "",
        "version": "5.3",
        "date": "2026-11-21T08:00:00Z",
    }
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "buffers": [],
        "channel": channel,
        **more,
    }


def packed(sent: dict[str, Any]) -> bytes:
    """A message in the binary protocol."""
    names = ("header", "parent_header", "metadata", "content")
    parts = [sent["channel"].encode(), *(json.dumps(sent[name]).encode() for name in names)]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return b"".join([struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets), *parts])


class Socket:
    """A websocket, frame by frame. Raises `Closed` when the floor hangs up."""

    def __init__(
        self,
        sieged: Sieged,
        kernel: str,
        *,
        source: str = THEM,
        protocol: str = "",
        deflate: bool = False,
        session: str | None = None,
        **headers: str,
    ) -> None:
        self._sieged = sieged
        self._buffer = b""
        self._inflate = zlib.decompressobj(-15)
        self.parents: set[str] = set()
        """The messages that something was an answer to."""
        self.v1 = protocol == V1
        asked = {
            "Host": sieged.host,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            **({"Sec-WebSocket-Protocol": protocol} if protocol else {}),
            **({"Sec-WebSocket-Extensions": "permessage-deflate"} if deflate else {}),
            **headers,
        }
        session = secrets.token_hex(16) if session is None else session
        path = f"/api/kernels/{kernel}/channels?session_id={session}"
        lines = [f"GET {path} HTTP/1.1", *(f"{k}: {v}" for k, v in asked.items())]
        self.line = dial(sieged, source)
        self.line.sendall("\r\n".join([*lines, "", ""]).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.line.recv(1)
            if not more:
                break
            head += more
        sieged.given.append(head)
        self.status = int(head.split(b" ")[1]) if head else 0

    def frame(
        self,
        payload: bytes,
        opcode: int = TEXT,
        *,
        fin: bool = True,
        mask: bool = True,
        rsv: int = 0,
    ) -> None:
        """Send one frame."""
        length = len(payload)
        first = (0x80 if fin else 0) | rsv << 4 | opcode
        bit = 0x80 if mask else 0
        if length < 126:
            head = struct.pack("!BB", first, bit | length)
        elif length < 2**16:
            head = struct.pack("!BBH", first, bit | 126, length)
        else:
            head = struct.pack("!BBQ", first, bit | 127, length)
        if mask:
            # A mask of zeros is a mask.
            head += bytes(4)
        self.raw(head + payload)

    def raw(self, sent: bytes) -> None:
        """Send bytes as they are."""
        with suppress(OSError):  # Hung up already: reading says how.
            self.line.sendall(sent)

    def send(self, sent: dict[str, Any]) -> None:
        """Send a message in the protocol of this socket."""
        if self.v1:
            self.frame(packed(sent), BINARY)
        else:
            self.frame(json.dumps(sent).encode())

    def receive(self) -> dict[str, Any]:
        """The next message of the kernel."""
        opcode, data = self._next()
        if opcode == CLOSE:
            code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else None
            self.line.close()
            raise Closed(code)
        if opcode not in (TEXT, BINARY):
            return self.receive()
        if opcode == TEXT:
            read: dict[str, Any] = json.loads(data)
            return self._noted(read)
        n = struct.unpack_from("<Q", data)[0]
        offsets = struct.unpack_from(f"<{n}Q", data, 8)
        header, parent, _, content = (json.loads(data[a:b]) for a, b in pairwise(offsets[1:6]))
        channel = data[offsets[0] : offsets[1]].decode()
        read = {"channel": channel, "header": header, "parent_header": parent, "content": content}
        return self._noted(read)

    def _noted(self, read: dict[str, Any]) -> dict[str, Any]:
        self.parents.add(read["parent_header"].get("msg_id", ""))
        return read

    def custom(self, view: str, content: object) -> None:
        """Send a widget a message of its page."""
        data = {"method": "custom", "content": content}
        self.send(message("comm_msg", {"comm_id": view, "data": data}))

    def heard(self, attempt: str) -> dict[str, Any]:
        """The reply to an attempt."""
        while True:
            said = self.receive()
            data = said["content"].get("data")
            content = data.get("content") if isinstance(data, dict) else None
            if isinstance(content, dict) and content.get("id") == attempt:
                return content

    def states(self) -> dict[str, Any]:
        """All that a visitor can read of its widgets."""
        comm = secrets.token_hex(16)
        target = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        self.send(message("comm_open", target, metadata={"version": "1.0.0"}))
        self.send(message("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
        while True:
            said = self.receive()
            if said["content"].get("comm_id") == comm:
                states: dict[str, Any] = said["content"]["data"]["states"]
                return states

    def closed(self) -> int | None:
        """Read on until the floor hangs up; gives the code, None if it was cut."""
        try:
            while True:
                self.receive()
        except Closed as said:
            return said.code

    def close(self) -> None:
        """Go."""
        self.line.close()

    def _next(self) -> tuple[int, bytes]:
        first, second = self._read(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._read(8))
        data = self._read(length)
        if first & 0x40:
            data = self._inflate.decompress(data + b"\x00\x00\xff\xff")
        self._sieged.given.append(data)
        return first & 0x0F, data

    def _read(self, n: int) -> bytes:
        while len(self._buffer) < n:
            try:
                more = self.line.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                self.line.close()
                raise Closed
            self._buffer += more
        data, self._buffer = self._buffer[:n], self._buffer[n:]
        return data
