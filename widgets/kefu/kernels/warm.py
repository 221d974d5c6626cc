"""The warm process: it has imported what kernels need, and forks one when its server asks.

It holds no key, no engine, no file and no thread, and it never reads what it is asked: a request
goes unread to the fork, so that no kernel's environment is ever in the memory of another.
Its only way in is one end of a socket pair, which it got from its server and a fork closes.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from kefu.kernels import lean, wire
from kefu.kernels.child import become, kernel_app
from kefu.kernels.watch import Watch, outside

__all__ = ["main"]

# What a kernel imports from its start to the reply to its first cell; what another version of
# IPython or Jupyter does not have is left out.
_OF_A_KERNEL = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.iostream",
    "ipykernel.displayhook", "ipykernel.debugger", "ipykernel.parentpoller",
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger",
    "IPython.core.history", "IPython.core.logger", "IPython.core.magics", "IPython.core.oinspect",
    "IPython.core.pylabtools", "IPython.display", "IPython.extensions.storemagic",
    "IPython.utils.wildcard", "asyncio", "atexit", "comm", "faulthandler",
    "multiprocessing.process", "pdb", "psutil", "resource", "sqlite3", "stack_data",
    "tornado.ioloop", "tornado.platform.asyncio", "tornado.queues", "zmq.asyncio",
    "zmq.eventloop.zmqstream",
)  # fmt: skip
_SET_DUMPABLE = 4
_INLINE = "module://matplotlib_inline.backend_inline"


class Unfit(Exception):  # noqa: N818 - a state of the process, said in one line
    """This process must not be forked."""


def main(line: socket.socket) -> NoReturn:
    """Read the orders, import, and fork until the server closes the line.

    A process that is not fit to be forked says why to whoever asks, and forks nothing.
    """
    _unseen()
    _leave_with(line)
    why, made = "", {}
    watch = Watch()
    try:
        _, (sheet, reply) = wire.receive(line)
        os.close(reply)
        orders = wire.read(sheet)
        watched = orders["watched"]
        if watched is None:
            watched = outside({name.partition(".")[0] for name in orders["imports"]})
        watch = Watch.of(watched)
        made = _import(orders["imports"])
        lean.rehearse()
        kernel_app()
        _check(orders["unwanted"], {0, 1, 2, line.fileno()})
    except Exception as error:
        why = str(error) or repr(error)
    gc.collect()
    gc.freeze()
    lean.fill_holes()
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for a kernel: it is held by pidfd.
    while True:
        _serve(line, why, watch, made)


def _serve(line: socket.socket, why: str, watch: Watch, made: dict[str, str]) -> None:
    """One request."""
    verb, fds = wire.receive(line)
    if not verb:
        os._exit(0)
    sheet, ear = fds
    with socket.socket(fileno=ear) as reply, suppress(OSError):
        if why:
            wire.answer(reply, {"unfit": why})
        elif watch.stale():
            wire.answer(reply, {"stale": True})
        elif verb == b"ready":
            wire.answer(reply, {"ready": os.getpid()})
        else:
            _fork(line, sheet, reply, made)
    os.close(sheet)


def _fork(line: socket.socket, sheet: int, reply: socket.socket, made: dict[str, str]) -> None:
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        line.close()
        become(sheet, reply, me, made)
    pidfd = os.pidfd_open(pid)
    try:
        wire.answer(reply, {"pid": pid}, pidfd)
    except OSError:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)  # Whoever asked has gone.
    finally:
        os.close(pidfd)


def _unseen() -> None:
    # No other process of this user may look into this one, or take a copy of its socket; what is
    # forked from it inherits that. Root may do anything.
    if ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError("prctl")


def _leave_with(line: socket.socket) -> None:
    # While it imports, it does not listen; a server that dies meanwhile is noticed all the same.
    end = select.poll()
    end.register(line, 0)

    def look(*_: object) -> None:
        if end.poll(0):
            os._exit(0)

    signal.signal(signal.SIGIO, look)
    fcntl.fcntl(line, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(line, fcntl.F_SETFL, fcntl.fcntl(line, fcntl.F_GETFL) | os.O_ASYNC)
    look()


def _import(names: Sequence[str]) -> dict[str, str]:
    """Import them all; gives what they put into the environment."""
    # ipykernel reads this once, at import: 1 says that somebody else sees to orphans.
    os.environ["JPY_PARENT_PID"] = "1"
    os.environ.setdefault("MPLBACKEND", _INLINE)  # As in a kernel, where IPython sets it.
    before = dict(os.environ)
    for name in _OF_A_KERNEL:
        with suppress(ImportError):
            importlib.import_module(name)
    for name in names:
        importlib.import_module(name)
    return {name: value for name, value in os.environ.items() if before.get(name) != value}


def _check(unwanted: Sequence[str], files: set[int]) -> None:
    """What must hold before the first fork.

    Raises:
        Unfit: it does not.
    """
    threads = os.listdir("/proc/self/task")
    if len(threads) != 1:
        raise Unfit(f"{len(threads)} threads run in the warm process")
    strange = {fd: where for fd, where in _open_files().items() if fd not in files}
    if strange:
        raise Unfit(f"the warm process holds files: {strange}")
    loaded = sorted(set(unwanted) & set(sys.modules))
    if loaded:
        raise Unfit(f"the warm process has loaded what it must not: {', '.join(loaded)}")


def _open_files() -> dict[int, str]:
    found = {}
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # The listing's own is closed by now.
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
    return found
