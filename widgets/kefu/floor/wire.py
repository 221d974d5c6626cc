"""HTTP over a unix socket, with the standard library alone."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

__all__ = ["call"]


def call(
    path: str, method: str, target: str, bearer: str, sent: object = None, *, patience: float = 5.0
) -> tuple[int, Any]:
    """One request to the house; gives the status and what it said (None if nothing).

    Args:
        path: the socket.
        method: of the request.
        target: of the request.
        bearer: a token, or the door's secret.
        sent: goes as JSON; None sends no body.
        patience: seconds without a sign of life before giving up.

    Raises:
        OSError: nobody answers there.
        http.client.HTTPException, ValueError: what answers is not the house.
    """
    line = _UnixConnection(path, patience)
    try:
        body = None if sent is None else json.dumps(sent)
        line.request(method, target, body=body, headers={"Authorization": f"Bearer {bearer}"})
        reply = line.getresponse()
        said = reply.read()
        return reply.status, json.loads(said) if said else None
    finally:
        line.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, patience: float) -> None:
        super().__init__("house", timeout=patience)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
