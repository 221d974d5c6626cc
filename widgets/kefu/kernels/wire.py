"""What passes between a server and its warm process: one packet a request, one an answer.

A request carries two files: a sealed memory file with its JSON, of any size, and the socket on
which it wants its answer. So a request never waits for another one's answer, a large one never
fills the line, and the warm process can hand one on to a fork without reading it.
"""

from __future__ import annotations

import array
import json
import os
import socket
from typing import Any

__all__ = ["answer", "pair", "read", "receive", "request"]

_LONGEST_ANSWER = 4096


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a line that keeps packets whole and in order, and tells when one is closed."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def request(line: socket.socket, verb: str, said: object, reply: socket.socket) -> None:
    """Send a request; its answer comes on the other end of `reply`.

    Raises:
        BlockingIOError: too many requests wait already.
        OSError: nobody is there any more.
    """
    sheet = os.memfd_create("request")
    try:
        with open(sheet, "wb", closefd=False) as out:
            out.write(json.dumps(said).encode())
        socket.send_fds(line, [verb.encode()], [sheet, reply.fileno()])
    finally:
        os.close(sheet)


def read(sheet: int) -> Any:
    """What a request says; its file is closed."""
    with open(sheet, "rb") as found:
        found.seek(0)
        return json.load(found)


def answer(reply: socket.socket, said: object, *fds: int) -> None:
    """Answer a request.

    Raises:
        OSError: whoever asked has gone.
    """
    socket.send_fds(reply, [json.dumps(said).encode()], fds)


def receive(line: socket.socket) -> tuple[bytes, list[int]]:
    """One packet and the files that came with it; `b""` when the other end is closed.

    The files are not inherited by programs that are started later.
    """
    whole, extra, _, _ = line.recvmsg(
        _LONGEST_ANSWER, socket.CMSG_SPACE(2 * 4), socket.MSG_CMSG_CLOEXEC
    )
    fds = array.array("i")
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return whole, list(fds)
