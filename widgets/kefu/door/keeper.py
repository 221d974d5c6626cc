"""Keeps the house running: a child process that is started again when it dies."""

from __future__ import annotations

import http.client
import json
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kefu.errors import KefuError
from kefu.floor.wire import call
from kefu.text import Text

__all__ = ["Declined", "Keeper"]

_PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Seconds before a house that died is started again: at once, then with more and more patience."""


class Declined(ValueError):  # noqa: N818 - an answer, not a breakdown
    """The house says no. `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"the house says {status}")


class Keeper:
    """The door's hold on the house.

    Args:
        folder: a private folder for the socket.
        database: SQLAlchemy URL.
        lapse: seconds after which an idle visit is over.
        say: tells the person at the console one line.
    """

    def __init__(
        self, folder: Path, database: str, lapse: float, say: Callable[[Text], None]
    ) -> None:
        self.socket = str(folder / "house.sock")
        self._secret = secrets.token_urlsafe(32)
        self._orders = {
            "socket": self.socket,
            "database": database,
            "secret": self._secret,
            "lapse": lapse,
        }
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._closing = threading.Event()
        self._keeping: threading.Thread | None = None

    def start(self, patience: float = 30.0) -> int:
        """Start the house; gives the number of items it may ask.

        Raises:
            KefuError: it did not come up.
        """
        child = self._spawn()
        until = time.monotonic() + patience
        while time.monotonic() < until and child.poll() is None:
            try:
                items = int(self.ask("GET", "/health")["items"])
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
                continue
            self._keeping = threading.Thread(target=self._keep, daemon=True)
            self._keeping.start()
            return items
        self.stop()
        raise KefuError(
            Text("数据服务没有起来", "the house did not start"),
            Text(
                "请看上面的说明；若用了 KEFU_DB，请检查数据库地址",
                "see the lines above; if KEFU_DB is set, check the database's address",
            ),
        )

    def ask(self, method: str, target: str, sent: object = None) -> Any:
        """One request with the door's secret.

        Raises:
            Declined: the house says no.
            OSError, http.client.HTTPException, ValueError: the house does not answer.
        """
        status, said = call(self.socket, method, target, self._secret, sent)
        if status >= 400:
            raise Declined(status)
        return said

    def stop(self) -> None:
        """Let the house finish what it is writing, and wait for it."""
        self._closing.set()
        child = self._child
        if child is None:
            return
        if child.stdin:
            child.stdin.close()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the door alone, which then lets the house finish.
        child = subprocess.Popen(
            [sys.executable, "-m", "kefu.house"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._child = child
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(self._orders).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            pass  # It is dead already; whoever waits for it will see.
        return child

    def _keep(self) -> None:
        died = 0
        while True:
            child = self._child
            assert child is not None
            started = time.monotonic()
            child.wait()
            if self._closing.is_set():
                return
            died = 0 if time.monotonic() - started > 60 else died + 1
            with suppress(OSError):  # The console may be closed; the floor stays open.
                self._say(
                    Text(
                        "数据服务停了，正在重新启动。页面上的答案会留着。",
                        "The house stopped and is being started again. Pages keep their answers.",
                    )
                )
            if self._closing.wait(_PAUSES[min(died, len(_PAUSES)) - 1] if died else 0):
                return
            with suppress(OSError):  # No process, no memory: the dead child is met again.
                self._spawn()
            if self._closing.is_set():
                self.stop()
                return
