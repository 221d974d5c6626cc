"""Reads what a page sends over its socket, far enough to know whether a kernel may hear it.

Jupyter believes the counts in a binary frame: eight bytes that name 2⁶⁴ parts make it count them
one by one, and nobody else is served. So every frame is looked at here first.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

__all__ = ["V1", "refusal"]

V1 = "v1.kernel.websocket.jupyter.org"
"""The subprotocol in which a message's parts stand behind a table of offsets."""

_OF_COMMS = {"comm_open", "comm_msg", "comm_close"}
_HEARD = {*_OF_COMMS, "comm_info_request", "kernel_info_request"}
_CONTROL = "jupyter.widget.control"
_MOST_PARTS = 64


def refusal(message: str | bytes, protocol: str | None) -> str | None:
    """Why a kernel must not hear this message; None if it may.

    A page talks to its widgets and asks for their states; it runs no code, and makes no widgets.

    Args:
        message: one message of the socket.
        protocol: the subprotocol that was agreed on; None is Jupyter's first one, in JSON.

    Raises:
        ValueError, RecursionError: it is no message at all.
    """
    channel, header, parent, metadata, content = _v1(message) if protocol == V1 else _first(message)
    if not all(isinstance(part, dict) for part in (header, parent, metadata, content)):
        raise ValueError("parts")
    kind = header.get("msg_type")
    if not (isinstance(kind, str) and isinstance(header.get("msg_id"), str)):
        raise ValueError("no header")
    if channel != "shell":
        return f"{kind} on {channel}"
    if kind in _OF_COMMS and not isinstance(content.get("comm_id"), str):
        raise ValueError("no comm")
    if kind == "comm_open" and content.get("target_name") != _CONTROL:
        return f"comm_open of {content.get('target_name')}"
    return None if kind in _HEARD else kind


def _v1(message: str | bytes) -> tuple[Any, ...]:
    if isinstance(message, str):
        raise ValueError("text in a binary protocol")
    count = int.from_bytes(message[:8], "little")
    # The channel, four parts at least, and an end.
    if not 6 <= count <= _MOST_PARTS:
        raise ValueError("offsets")
    table = 8 * (count + 1)
    offsets = [int.from_bytes(message[i : i + 8], "little") for i in range(8, table, 8)]
    _rising([table, *offsets, len(message)])
    channel, *parts = (message[start:end] for start, end in pairwise(offsets[:6]))
    return channel.decode(), *map(json.loads, parts)


def _first(message: str | bytes) -> tuple[Any, ...]:
    if isinstance(message, bytes):
        count = int.from_bytes(message[:4], "big")
        if not 1 <= count <= _MOST_PARTS:
            raise ValueError("offsets")
        table = 4 * (count + 1)
        offsets = [int.from_bytes(message[i : i + 4], "big") for i in range(4, table, 4)]
        _rising([table, *offsets, len(message)])
        message = message[offsets[0] : (*offsets, len(message))[1]].decode()
    said: Any = json.loads(message)
    if not isinstance(said, dict):
        raise ValueError("no message")
    return tuple(map(said.get, ("channel", "header", "parent_header", "metadata", "content")))


def _rising(offsets: list[int]) -> None:
    if offsets != sorted(offsets):
        raise ValueError("offsets")
