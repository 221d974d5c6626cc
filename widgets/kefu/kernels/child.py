"""What a fork of the warm process does: it turns into an ordinary IPython kernel."""

from __future__ import annotations

import atexit
import ctypes
import functools
import importlib.util
import os
import random
import signal
import socket
import sys
import threading
import time
import traceback
from typing import Any, NoReturn

from kefu.kernels import lean, wire

__all__ = ["become", "kernel_app"]

_SET_PDEATHSIG = 1


def become(sheet: int, reply: socket.socket, parent: int, made: dict[str, str]) -> NoReturn:
    """Run the kernel that a request describes, and end with it.

    Args:
        sheet: the request's file: {"argv": [...], "env": {...}, "cwd": "..."}.
        reply: closed when the kernel listens.
        parent: the warm process; the kernel dies with it.
        made: what imports have put into the environment, as they do in any kernel.
    """
    code = 1
    try:
        _leave_home(parent)
        asked = wire.read(sheet)
        _settle({**made, **asked["env"]}, asked["cwd"])
        code = _run(asked["argv"], reply)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
    except BaseException:
        traceback.print_exc()
    finally:
        # As Python ends, without taking every object apart: that would first copy it.
        try:
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
        finally:
            os._exit(code)


def _leave_home(parent: int) -> None:
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # It died before it could be asked to take us along.
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGIO):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _settle(env: dict[str, str], cwd: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.environ.pop("JPY_PARENT_PID", None)  # Our parent is the warm process.
    time.tzset()
    os.chdir(cwd)
    random.seed()
    if (numpy := sys.modules.get("numpy.random")) is not None:
        numpy.seed()
    if (process := sys.modules.get("multiprocessing.process")) is not None:
        process.current_process().authkey = os.urandom(32)
    if (matplotlib := sys.modules.get("matplotlib")) is not None and "MPLBACKEND" in env:
        matplotlib.rcParams["backend"] = env["MPLBACKEND"]


def _run(argv: list[str], reply: socket.socket) -> int:
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin or "" if launcher else "", *argv]
    app = kernel_app().instance()
    app.reply = reply
    app.initialize(argv)
    if (inline := sys.modules.get("matplotlib_inline.backend_inline")) is not None:
        inline._enable_matplotlib_integration()  # It was imported before there was a shell.
    if (widgets := sys.modules.get("ipywidgets")) is not None:
        widgets._handle_ipython()  # Nor had it a shell to tell which comms it hears.
    app.start()
    return 0


@functools.cache
def kernel_app() -> Any:
    """ipykernel's application, which closes `reply` when it listens; made once, before any fork."""
    # Not at the top: without ipykernel this package still imports, and says so when asked.
    from ipykernel.kernelapp import IPKernelApp

    class App(IPKernelApp):
        reply: socket.socket

        def parse_command_line(self, argv: list[str] | None = None) -> None:
            config = lean.settings(argv or ())
            if config is None:
                super().parse_command_line(argv)
            else:
                self.cli_config = config
                self.update_config(config)

        def init_heartbeat(self) -> None:
            super().init_heartbeat()  # type: ignore[no-untyped-call]
            self.reply.close()

        def init_kernel(self) -> None:
            with lean.modules_unseen(self):
                super().init_kernel()  # type: ignore[no-untyped-call]

    return App
