"""The server's side: its warm processes, one for each way to start Python with these imports."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kefu.kernels import wire
from kefu.kernels.process import Forked

__all__ = ["Cold", "Pool", "Recipe"]

MOST = 8
"""Warm processes that may be asked at once; the one that was asked longest ago gives way."""
AGAIN = 60.0
"""Seconds after which imports that failed are tried again."""
SOON = 5.0
"""Seconds in which a process that has answered before must answer again."""
_BUSY = 0.05
# Not from the command line's folder: a file there must not pass for this package.
_START = (
    "import sys; sys.path[:1] == [''] and sys.path.pop(0); import socket; "
    "from kefu.kernels.warm import main; main(socket.socket(fileno=int(sys.argv[1])))"
)
# What Python, its loader or its libraries read when they start, and so cannot be given to a fork.
_AT_START = ("PYTHON", "LC_", "LD_", "MALLOC_", "GLIBC_TUNABLES", "LANG", "HOME", "XDG_", "MPL",
             "PYDEVD_")  # fmt: skip
_BESIDE = ("PATH", "TZ", "TMPDIR")


class Cold(Exception):  # noqa: N818 - what a kernel will be, not what went wrong
    """This kernel cannot be forked; it says why."""


class _Gone(Exception):  # noqa: N818
    """This warm process is of no more use, but another may be."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes two warm processes the same.

    Args:
        flags: of the Python interpreter.
        imports: modules that are imported before a fork.
        unwanted: packages that must not be loaded before a fork.
        watched: packages whose change makes a new warm process; None: those of `imports` that are
            not installed, for an installed one is watched in any case.
        env: what counts at the start, sorted.
    """

    flags: tuple[str, ...]
    imports: tuple[str, ...]
    unwanted: tuple[str, ...]
    watched: tuple[str, ...] | None
    env: tuple[tuple[str, str], ...]

    @staticmethod
    def of_env(env: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The part of an environment that counts at the start."""
        return tuple(sorted((k, v) for k, v in env.items() if k.startswith(_AT_START)))


class _Warm:
    """A warm process and the line to it; ends when nobody holds it any more."""

    def __init__(self, recipe: Recipe) -> None:
        self._line, theirs = wire.pair()
        self._line.setblocking(False)
        given = {name: os.environ[name] for name in _BESIDE if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, *recipe.flags, "-c", _START, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**given, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
                | dict(recipe.env),
                cwd="/",
                start_new_session=True,
            )
        self._answered = False
        _ALL.add(self)
        self._end = weakref.finalize(self, _end, self._process, self._line, os.getpid())
        hear, reply = wire.pair()
        with hear, reply:
            orders = {"imports": recipe.imports, "unwanted": recipe.unwanted}
            wire.request(self._line, "orders", {**orders, "watched": recipe.watched}, reply)

    @property
    def pid(self) -> int:
        return self._process.pid

    def leave(self) -> None:
        """Close this process's end of the line."""
        self._line.close()

    def alive(self) -> bool:
        return self._process.poll() is None

    async def ask(self, verb: str, said: object, patience: float) -> tuple[dict[str, Any], int]:
        """What it answers, and a pidfd or -1.

        Raises:
            Cold: it is not fit to be forked.
            _Gone: it does not answer in time, or its packages have changed.
        """
        until = time.monotonic() + (min(patience, SOON) if self._answered else patience)
        hear, reply = wire.pair()
        with hear:
            with reply:
                while True:
                    try:
                        wire.request(self._line, verb, said, reply)
                        break
                    except BlockingIOError as error:
                        if time.monotonic() > until:
                            raise _Gone("the warm process hangs") from error
                        await asyncio.sleep(_BUSY)
                    except OSError as error:
                        raise _Gone("the warm process has ended") from error
            came = await _heard(hear, until - time.monotonic())
            if not came:
                hear.shutdown(socket.SHUT_RD)  # From here on nothing can be said any more.
            whole, fds = wire.receive(hear)
            if fds:
                # The kernel says when it listens: a client that knocks before waits 0.1 s in vain.
                await _heard(hear, SOON)
        if not whole:
            raise _Gone(
                "the warm process has ended" if came else "the warm process does not answer"
            )
        self._answered = True
        answered: dict[str, Any] = json.loads(whole)
        if "unfit" in answered:
            raise Cold(answered["unfit"])
        if "stale" in answered:
            raise _Gone("a package has changed")
        return answered, fds[0] if fds else -1


_ALL: weakref.WeakSet[_Warm] = weakref.WeakSet()


def _end(process: subprocess.Popen[bytes], line: socket.socket, owner: int) -> None:
    line.close()
    if os.getpid() == owner:  # A fork of the server closes its copy of the line, and that is all.
        process.kill()
        process.wait()


async def _heard(hear: socket.socket, patience: float) -> bool:
    """Whether there is an answer, or will never be one."""
    loop = asyncio.get_running_loop()
    came = asyncio.Event()
    loop.add_reader(hear.fileno(), came.set)
    try:
        await asyncio.wait_for(came.wait(), max(patience, 0))
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(hear.fileno())
    return came.is_set()


class Pool:
    """The warm processes of this server, shared by all of its threads and loops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._warm: dict[Recipe, _Warm] = {}
        self._unfit: dict[Recipe, tuple[float, str]] = {}

    def start(self, recipe: Recipe) -> _Warm:
        """The warm process of this recipe; it is started if there is none.

        Raises:
            Cold: its imports failed a moment ago, or no process can be started.
        """
        with self._lock:
            until, why = self._unfit.get(recipe, (0.0, ""))
            if time.monotonic() < until:
                raise Cold(why)
            warm = self._warm.pop(recipe, None)
            if warm is None or not warm.alive():
                try:
                    warm = _Warm(recipe)
                except OSError as error:
                    raise Cold(str(error)) from error
            self._warm[recipe] = warm  # The last is the one asked last.
            for oldest in list(self._warm)[:-MOST]:
                del self._warm[oldest]
            return warm

    async def fork(
        self, recipe: Recipe, argv: list[str], env: Mapping[str, str], cwd: str, patience: float
    ) -> Forked:
        """A kernel.

        Raises:
            Cold: it must be started the ordinary way.
        """
        asked = {"argv": argv, "env": dict(env), "cwd": cwd}
        answered, pidfd, warm = await self._ask(recipe, "fork", asked, patience)
        return Forked(answered["pid"], pidfd, warm)

    async def ready(self, recipe: Recipe, patience: float) -> int:
        """The id of the warm process, once it may be forked.

        Raises:
            Cold: it may not.
        """
        answered, _, _ = await self._ask(recipe, "ready", {}, patience)
        return int(answered["ready"])

    def forget(self) -> None:
        """In a fork of the server: hold none, nor a line to any that a kernel still holds."""
        for warm in list(_ALL):
            warm.leave()
        self._lock = threading.Lock()
        self._warm.clear()
        self._unfit.clear()

    async def _ask(
        self, recipe: Recipe, verb: str, said: object, patience: float
    ) -> tuple[dict[str, Any], int, _Warm]:
        why = ""
        for _ in range(2):  # One that is of no more use is replaced, once.
            warm = self.start(recipe)
            try:
                answered, pidfd = await warm.ask(verb, said, patience)
            except _Gone as gone:
                why = str(gone)
                self._drop(recipe, warm)
            except Cold as cold:
                self._drop(recipe, warm, str(cold))
                raise
            else:
                return answered, pidfd, warm
        self._drop(recipe, None, why)
        raise Cold(why)

    def _drop(self, recipe: Recipe, warm: _Warm | None, unfit: str = "") -> None:
        # Whoever still holds a kernel of it keeps it; it is asked no more.
        with self._lock:
            if self._warm.get(recipe) is warm:
                self._warm.pop(recipe, None)
            if unfit:
                self._unfit[recipe] = (time.monotonic() + AGAIN, unfit)


POOL = Pool()
os.register_at_fork(after_in_child=POOL.forget)
