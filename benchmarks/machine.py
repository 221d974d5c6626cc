"""Where and with what something was measured."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["busy", "calm", "machine", "versions"]


def machine() -> dict[str, Any]:
    """Cores, memory in GiB, the processor's and the system's name."""
    return {
        "cores": _cores(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "cpu": _cpu(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Python's version, and that of each distribution."""
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def busy() -> float:
    """How many of the cores others have kept busy in the last minute, as a share."""
    return round(os.getloadavg()[0] / _cores(), 2)


def calm(most: float = 0.75, seconds: float = 120) -> bool:
    """Wait for the machine to have time for this: whatever else runs is measured with it.

    Args:
        most: load a core that is still calm.
        seconds: how long to wait for it.
    """
    until = time.monotonic() + seconds
    while (load := busy()) > most and time.monotonic() < until:
        print(f"等机器闲下来 · waiting for a calm machine ({load} > {most})", flush=True)
        time.sleep(10)
    return load <= most


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.M) if info.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()
