"""What commands cost, with every process they start: seconds, CPU seconds, memory.

Measured from a process of its own (`python -m benchmarks.grading.clock`), so that nothing is in the
figures that was not started by the commands.

What a process used is lost to `getrusage` if it is killed together with its PID namespace, as
those in a sandbox are: the kernel takes them away unseen. On Linux a counter is opened instead that
every descendant inherits (perf's task clock), which loses nothing.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

__all__ = ["ClockError", "Cost", "clean", "cost"]

_SUBREAPER = 36
_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
_SOFTWARE, _TASK_CLOCK, _SIZE = 1, 1, 64
_INHERIT, _EXCLUDE_KERNEL, _EXCLUDE_HV = 1 << 1, 1 << 5, 1 << 6
"""Without the kernel's share anybody may count; this clock counts it all the same."""
_CLOSE_ON_EXEC = 8
_EVERY = 0.25
"""Seconds between two looks at the memory."""
_FOREIGN = ("KEFU_", "JUPYTER_", "NBGRADER_")


class ClockError(Exception):
    """A command failed; its last words are quoted."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What some commands took, run at the same time.

    `wall` in seconds until the last of them ended; `cpu` in seconds, user and system, of them and
    all their descendants; `memory` in MiB, the most that all of these held together at any look
    (proportional set size: what processes share is counted once).
    """

    wall: float
    cpu: float
    memory: float


def cost(
    commands: Sequence[Sequence[str]], folder: Path, env: Mapping[str, str] = os.environ
) -> Cost:
    """Run commands side by side in a folder, and say what they took.

    What they print goes to `<folder>/said-<n>.log`.

    Raises:
        ClockError: one of them failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.grading.clock"],
        input=json.dumps({"commands": commands, "folder": str(folder), "env": clean(env)}),
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise ClockError(done.stderr.strip()[-2000:])
    said = json.loads(done.stdout)
    for number, code in enumerate(said.pop("codes")):
        if code:
            words = _log(folder, number).read_text("utf-8", errors="replace").strip()[-2000:]
            raise ClockError(f"{' '.join(commands[number])} ({code})\n{words}")
    return Cost(**said)


def clean(env: Mapping[str, str]) -> dict[str, str]:
    """An environment without a house's own settings, and with this Python's commands on the path.

    nbgrader calls jupyter and alembic by name.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}"
    return {k: v for k, v in env.items() if not k.startswith(_FOREIGN)} | {"PATH": path}


def _log(folder: Path, number: int) -> Path:
    return folder / f"said-{number}.log"


def _main() -> None:
    job = json.load(sys.stdin)
    folder = Path(job["folder"])
    if sys.platform == "linux":
        # Whoever loses its parent becomes ours, so that it is waited for and counted.
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    over = threading.Event()
    most = [0.0]
    watch = threading.Thread(target=_watch, args=(most, over))
    watch.start()
    used = _counter()
    begun = time.monotonic()
    running = []
    for number, command in enumerate(job["commands"]):
        with _log(folder, number).open("wb") as log:
            one = subprocess.Popen(
                command, cwd=folder, env=job["env"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
            running.append(one)
    codes = _wait(running)
    wall = time.monotonic() - begun
    over.set()
    watch.join()
    _end_what_is_left()
    made = Cost(round(wall, 3), round(used(), 3), round(most[0], 1))
    print(json.dumps({**asdict(made), "codes": codes}))


def _counter() -> Callable[[], float]:
    """CPU seconds of all that this thread starts from now on, once it has ended.

    Raises:
        SystemExit: this user may not count on this machine.
    """
    if sys.platform != "linux":

        def rusage() -> float:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return used.ru_utime + used.ru_stime

        return rusage
    flags = _INHERIT | _EXCLUDE_KERNEL | _EXCLUDE_HV
    wanted = struct.pack("=IIQQQQQIIQ", _SOFTWARE, _SIZE, _TASK_CLOCK, 0, 0, 0, flags, 0, 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    number = _PERF_EVENT_OPEN[platform.machine()]
    fd = libc.syscall(number, ctypes.create_string_buffer(wanted, _SIZE), 0, -1, -1, _CLOSE_ON_EXEC)
    if fd < 0:
        sys.exit(f"perf_event_open: {os.strerror(ctypes.get_errno())}; "
                 "sysctl kernel.perf_event_paranoid=2")  # fmt: skip
    own = time.thread_time()

    def counted() -> float:
        return int.from_bytes(os.read(fd, 8), sys.byteorder) / 1e9 - (time.thread_time() - own)

    return counted


def _wait(running: Sequence[subprocess.Popen[bytes]]) -> list[int]:
    """Wait for each, and for every orphan that has come to us meanwhile."""
    ended: dict[int, int] = {}
    while not all(one.pid in ended for one in running):
        pid, status = os.wait()
        ended[pid] = os.waitstatus_to_exitcode(status)
    for one in running:
        one.returncode = ended[one.pid]
    return [one.returncode for one in running]


def _end_what_is_left() -> None:
    """Orphans come to us one generation after the other; each is waited for, so that it counts."""
    while left := psutil.Process().children():
        for one in left:
            one.kill()
            os.waitpid(one.pid, 0)


def _watch(most: list[float], over: threading.Event) -> None:
    me = psutil.Process()
    while not over.wait(_EVERY):
        most[0] = max(most[0], sum(map(_held, me.children(recursive=True))) / 2**20)


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0
    except (psutil.AccessDenied, AttributeError):
        # Another system, or a process in a room of its own: all that it maps.
        try:
            return int(process.memory_info().rss)
        except psutil.Error:
            return 0


if __name__ == "__main__":
    _main()
