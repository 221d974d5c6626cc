"""Processes that come out of a warm one: a house or a page's kernel, ready in a few milliseconds.

A hatchery has imported everything and started nothing. For each order it forks a child, which then
does what a fresh process does: the house runs the `main` of `kefu.house`, the kernel is IPython's
own. Either may carry a tracer (tests.floor.steps) that ends it, or something else, at one step.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

__all__ = ["Forked", "Hatchery", "main"]

_ROOT = Path(__file__).parents[2]
_PRELOADED = {
    "house": ("kefu.house.__main__", "uvicorn.protocols.http.auto", "uvicorn.loops.auto",
              "sqlalchemy.dialects.sqlite", "psycopg", "sqlalchemy.dialects.postgresql.psycopg"),
    "kernel": ("ipykernel.kernelapp", "ipykernel.ipkernel", "kefu.floor.player"),
}  # fmt: skip


class Forked:
    """A child of a hatchery, with the face of `subprocess.Popen` that the keeper uses."""

    def __init__(self, line: socket.socket, stdin: IO[bytes], told: socket.socket) -> None:
        self._line = line.makefile("r")
        self._socket = line
        self.pid = int(self._line.readline())
        self.stdin = stdin
        self.told = told
        """What the tracer says, a JSON value a line; it may wait for an answer."""
        self.returncode: int | None = None
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        self.returncode = int(self._line.readline() or -signal.SIGKILL)
        self._over.set()

    def poll(self) -> int | None:
        """The exit status, or None while it runs; a signal is a negative number."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end.

        Raises:
            subprocess.TimeoutExpired: it did not come.
        """
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired("a hatched process", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def kill(self) -> None:
        """Signal 9, and wait. A child that is gone already is no error."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self.wait(30)

    def close(self) -> None:
        """End it and let go of its lines."""
        self.kill()
        for one in (self.stdin, self._line, self._socket):
            with contextlib.suppress(OSError):
                one.close()


class Hatchery:
    """A warm process of one kind, "house" or "kernel"; ends with whoever started it."""

    def __init__(self, kind: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kefu-", dir="/tmp")
        self._path = f"{self._folder.name}/hatch"
        self._log = open(f"{self._folder.name}/log", "w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.floor.hatchery", kind, self._path],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
        )  # fmt: skip

    def hatch(
        self, argv: Sequence[str] = (), env: Mapping[str, str] | None = None, step: Any = None
    ) -> Forked:
        """Fork a child.

        Args:
            argv: its arguments.
            env: its whole environment; None keeps the hatchery's.
            step: orders for its tracer, see `tests.floor.steps.trace`; None traces nothing.
        """
        assert self._process.stdout
        if not self._process.stdout.closed:
            if self._process.stdout.readline() != b"warm\n":
                raise RuntimeError(self.said())
            self._process.stdout.close()
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._path)
        theirs, write = os.pipe()
        told, telling = socket.socketpair()
        if step is None:
            told.close()
        orders = {"argv": list(argv), "env": None if env is None else dict(env), "step": step}
        with telling, os.fdopen(theirs, "rb"):
            fds = array.array("i", [theirs, telling.fileno()])
            line.sendmsg([b"+"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
            line.sendall(json.dumps(orders).encode() + b"\n")
            return Forked(line, os.fdopen(write, "wb"), told)

    def said(self) -> str:
        """What its children wrote on their standard error."""
        self._log.flush()
        return Path(self._log.name).read_text("utf-8", "replace")

    def close(self) -> None:
        """End the warm process; its children end with their own lines."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._folder.cleanup()


def main(kind: str, path: str) -> None:
    """Import, then fork a child for each order that comes, until standard input ends."""
    for name in _PRELOADED[kind]:
        __import__(name)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(8)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("warm", flush=True)
    while True:
        ready, _, _ = select.select([listening.fileno(), 0], [], [])
        if 0 in ready:
            return
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            try:
                _shepherd(kind, line)
            finally:
                os._exit(0)
        line.close()


def _shepherd(kind: str, line: socket.socket) -> None:
    """Fork the child itself, say its number, wait for it, say how it ended."""
    _, fds, _, _ = socket.recv_fds(line, 1, 2)
    orders = json.loads(line.makefile("rb").readline())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    alive, life = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            line.close()
            os.close(alive)
            _live(kind, orders, *fds)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(code)
    for fd in (life, *fds):
        os.close(fd)
    line.sendall(b"%d\n" % pid)
    ready, _, _ = select.select([alive, line.fileno()], [], [])
    if alive not in ready:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _live(kind: str, orders: dict[str, Any], stdin: int, telling: int) -> None:
    from tests.floor import steps

    os.setsid()
    os.dup2(stdin, 0)
    os.close(stdin)
    os.dup2(2, 1)
    # The buffered reader of the hatchery's own input has nothing to say here.
    sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115
    if orders["env"] is not None:
        os.environ.clear()
        os.environ.update(orders["env"])
    sys.argv = [kind, *orders["argv"]]
    if orders["step"] is not None:
        steps.trace(kind, orders["step"], socket.socket(fileno=telling))
    if kind == "house":
        from kefu.house.__main__ import main as house

        house()
    else:
        import ipywidgets
        from ipykernel.kernelapp import launch_new_instance

        # On import they look for a kernel to make themselves known to; there was none then.
        ipywidgets.register_comm_target()
        launch_new_instance(argv=orders["argv"])


if __name__ == "__main__":
    main(*sys.argv[1:])
