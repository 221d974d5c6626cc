"""A process and all that come of it, as /proc tells; what holds on to no name may have moved on."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

__all__ = ["children", "end_group", "family", "resident"]

_PAGE = os.sysconf("SC_PAGE_SIZE")


def children(pid: int) -> list[int]:
    """A process's own children; none if it is gone."""
    try:
        return [
            int(child)
            for task in os.listdir(f"/proc/{pid}/task")
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        ]
    except OSError:
        return []


def family(pid: int) -> list[int]:
    """A process and all that come of it, in that order."""
    found = [pid]
    for each in found:
        found += children(each)
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def end_group(leader: int) -> None:
    """Kill a process that is not waited for yet, its group, and all that come of it."""
    for pid in family(leader)[::-1]:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
