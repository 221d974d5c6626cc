"""The steps of a process while it takes an answer, and what may happen to it at one of them.

A step is a line that is about to run, or a function about to return, in our own code or in that
which carries an answer for us: "kefu/house/journal.py:110" for the second time since the answer
came in. Each step belongs to a phase, so that every phase can have its share of the points.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import CodeType, FrameType
from typing import Any

__all__ = ["PHASES", "Step", "trace"]

PHASES = {
    "house": ("request", "token", "quiz", "whole", "insert", "commit", "kept", "reply"),
    "kernel": ("heard", "asking", "waiting", "reading", "telling", "told"),
}
"""An answer comes to one after the other."""

# Whose lines are steps: a file, and if need be which of its functions.
_WATCHED = {
    "house": (
        (r"kefu/(house/|vault\.py|kinds/|progress\.py|card\.py)", r"[^<]"),
        (r"sqlalchemy/engine/(base|default)\.py", r"\w*(commit|execute|begin|cursor_exec)\w*"),
        (r"psycopg/(_?connection\w*|_?cursor\w*)\.py", r"\w*(commit|exec|wait)\w*"),
        (r"uvicorn/protocols/http/\w+_impl\.py", r"run_asgi|send|on_response_complete"),
        (r"starlette/responses\.py", r""),
    ),
    "kernel": (
        (r"kefu/", r"[^<]"),
        (r"comm/base_comm\.py|ipykernel/comm/comm\.py", r"comm_msg|handle_msg|send|publish_msg"),
        (r"ipywidgets/widgets/widget\.py", r"_handle_msg|_handle_custom_msg|_?send|hold_sync"),
        (r"http/client\.py", r"_?send\w*|request|endheaders|connect|getresponse|begin|read|close"),
        (r"jupyter_client/session\.py", r"send|serialize|sign"),
        (r"ipykernel/kernelbase\.py", r"dispatch_shell|process_one|_publish_status\w*"),
    ),
}

# What returns is a step as well: the moment after a commit is not the one before it.
_RETURNS = re.compile(r"do_commit|do_execute|commit|take|check|getresponse|send|publish_msg")


@dataclass(frozen=True)
class Step:
    """One step: the phase, the place as file:line, and the how manieth time it is reached.

    `delay` in seconds is how long after it the blow falls, if not at once: then it may fall
    while the process waits for the disk or the database.
    """

    phase: str
    place: str
    nth: int
    delay: float = 0.0

    def __str__(self) -> str:
        later = f" + {self.delay * 1000:.1f} ms" if self.delay else ""
        return f"{self.place} #{self.nth}{later} ({self.phase})"


def trace(kind: str, orders: dict[str, Any], telling: socket.socket) -> None:
    """Follow this process from now on, in every thread.

    Args:
        kind: "house" or "kernel".
        orders: `{"do": "record", "into": FILE}` writes all steps of the first answer as JSON into
            the file, and tells its name, when the second begins.
            `{"do": WHAT, "step": …}` does it at that step of the first answer:
            "kill" this process; "tell" and wait for a line, while something else is killed;
            "full": no file grows from here on, until the second answer begins.
            `patience`: the milliseconds for which SQLite waits for another writer.
        telling: where it is told: a JSON value a line.
    """
    if patience := orders.get("patience"):
        _hurry(patience)
    tracer = _Tracer(kind, orders, telling)
    threading.settrace(tracer)
    sys.settrace(tracer)


def _hurry(patience: int) -> None:
    import sqlalchemy as sa

    def checkout(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA busy_timeout={patience:d}")

    sa.event.listen(sa.pool.Pool, "checkout", checkout)


class _Tracer:
    def __init__(self, kind: str, orders: dict[str, Any], telling: socket.socket) -> None:
        self._kind = kind
        self._do: str = orders["do"]
        self._into: str = orders.get("into", "")
        self._at = Step(**orders["step"]) if "step" in orders else None
        self._telling = telling
        self._watched = [
            (re.compile(rf"(?:^|/)((?:{file}).*)$"), re.compile(names))
            for file, names in _WATCHED[kind]
        ]
        self._short: dict[CodeType, str | None] = {}
        self._door = {"house": "run_asgi", "kernel": "comm_msg"}[kind]
        self._answers = 0
        self._phase = ""
        self._count: Counter[str] = Counter()
        self._steps: list[Step] = []
        self._inserted = False
        self._cycle: object = None
        self._done = False
        self._lock = threading.RLock()
        self._mark: Callable[[str, str, FrameType, str], None] = (
            self._house if kind == "house" else self._kernel
        )

    def __call__(self, frame: FrameType, event: str, arg: object) -> Any:
        code = frame.f_code
        # Until an answer comes this must cost nothing.
        if not self._phase and code.co_name != self._door:
            return None
        if self._done or self._name(code) is None:
            return None
        self._look(frame, event)
        return self._line

    def _name(self, code: CodeType) -> str | None:
        """The short name of the file of a function that is watched."""
        if code not in self._short:
            self._short[code] = None
            for pattern, names in self._watched:
                if (found := pattern.search(code.co_filename)) and names.match(code.co_name):
                    self._short[code] = found[1]
        return self._short[code]

    def _line(self, frame: FrameType, event: str, arg: object) -> Any:
        self._look(frame, event)
        return self._line

    def _look(self, frame: FrameType, event: str) -> None:
        if event in ("call", "return"):
            short = self._short[frame.f_code]
            assert short
            with self._lock:
                self._mark(short, frame.f_code.co_name, frame, event)
        if self._phase and not self._done:
            if event == "line":
                self._step(f"{self._short[frame.f_code]}:{frame.f_lineno}")
            elif event == "return" and _RETURNS.search(frame.f_code.co_name):
                self._step(f"{self._short[frame.f_code]}:{frame.f_lineno} return")

    def _step(self, place: str) -> None:
        with self._lock:
            self._count[place] += 1
            step = Step(self._phase, place, self._count[place])
            if self._do == "record":
                self._steps.append(step)
                return
            at = self._at
            if at is None or (step.place, step.nth) != (at.place, at.nth):
                return
            self._at = None
        self._tell(str(step))
        if self._do == "kill":
            if at.delay:
                # Falls from outside, whatever this thread is doing in C by then.
                signal.setitimer(signal.ITIMER_REAL, at.delay)
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        elif self._do == "full":
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        elif not at.delay:
            self._telling.recv(1)

    def _tell(self, said: object) -> None:
        self._telling.sendall(json.dumps(said).encode() + b"\n")

    def _began(self) -> None:
        self._answers += 1
        if self._answers == 1:
            self._phase = PHASES[self._kind][0]
        elif self._answers == 2:
            self._done = self._do != "tell" or self._at is None
            if self._do == "record":
                # They may be more than a socket takes while nobody reads.
                with open(self._into, "w", encoding="utf-8") as file:
                    json.dump([asdict(step) for step in self._steps], file)
                self._tell(self._into)
            elif self._do == "full":
                resource.setrlimit(
                    resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                )

    def _on(self, phase: str) -> None:
        order = PHASES[self._kind]
        if self._phase and order.index(phase) > order.index(self._phase):
            self._phase = phase

    def _house(self, short: str, name: str, frame: FrameType, event: str) -> None:
        at = (short.rpartition("/")[2], name, event)
        if name == "run_asgi" and event == "call":
            # A coroutine is called anew each time it goes on.
            cycle = frame.f_locals["self"]
            if (cycle.scope["method"], cycle.scope["path"]) == ("POST", "/attempts") and (
                cycle is not self._cycle
            ):
                self._cycle = cycle
                self._began()
        elif at == ("visits.py", "check", "call"):
            self._on("token")
        elif at == ("journal.py", "take", "call"):
            self._on("quiz")
        elif name == "is_complete":
            self._on("whole" if event == "call" else "insert")
        elif name == "do_execute" and "INSERT INTO attempts" in frame.f_locals["statement"]:
            self._inserted = True
        elif name == "_commit_impl" and self._inserted:
            self._on("commit" if event == "call" else "kept")
        elif at == ("journal.py", "take", "return"):
            self._on("reply")

    def _kernel(self, short: str, name: str, frame: FrameType, event: str) -> None:
        at = (short.rpartition("/")[2], name, event)
        if at == ("base_comm.py", "comm_msg", "call"):
            data = frame.f_locals["msg"]["content"]["data"]
            if data.get("content", {}).get("do") == "answer":
                self._began()
                caller = frame.f_back
                while caller:  # They were called before anything was traced, and go on after it.
                    caller.f_trace = self._line if self._name(caller.f_code) else None
                    caller = caller.f_back
        elif at == ("desk.py", "take", "call"):
            self._on("asking")
        elif at == ("client.py", "getresponse", "call"):
            self._on("waiting")
        elif at == ("client.py", "getresponse", "return"):
            self._on("reading")
        elif at == ("desk.py", "take", "return"):
            self._on("telling")
        elif at == ("base_comm.py", "send", "return"):
            data = frame.f_locals.get("data") or {}
            if data.get("method") == "custom":
                self._on("told")
