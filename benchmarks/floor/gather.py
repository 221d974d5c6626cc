"""A crowd on a floor of its own: what it saw, what it weighed, and whether anything was lost."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped, unused-ignore]

from benchmarks.floor.contestants import KEFU
from benchmarks.floor.crowd import percentile
from benchmarks.floor.servers import Server, ServerError, serving, unique
from kefu.publish import Published

__all__ = ["MOST", "PARTS", "Kept", "count", "gathering", "part_of", "summary"]

ROOT = Path(__file__).resolve().parents[2]
MOST = 320
"""Pages that may be open at once on the crowd's floor."""
PARTS = ("door", "house", "warm", "kernels", "other")
"""Of a floor: its server, its house, the process that kernels are forked from, and they."""
_WARM = "kefu.kernels.warm"
_SHARES = (0.5, 0.95, 0.99)


class Kept:
    """What is on disk: the ids of all answers, as often as they stand there."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._times = Counter(ids)

    def compare(self, acknowledged: Sequence[str]) -> dict[str, int]:
        """`rows`, `lost` (said to be saved, but not there), `twice`, `unsaid` (there, unsaid)."""
        said = set(acknowledged)
        return {
            "rows": self._times.total(),
            "acknowledged": len(acknowledged),
            "lost": len(said - set(self._times)),
            "twice": sum(times - 1 for times in self._times.values()),
            "unsaid": len(set(self._times) - said),
        }


def count(root: Path, python: Path, items: Sequence[Published], visitors: int) -> dict[str, Any]:
    """Let a crowd come to a fresh floor; gives its `summary`.

    Raises:
        ServerError: the floor or the crowd broke down.
    """
    more = {KEFU.name: (f"--most={max(MOST, visitors + 20)}",)}
    with serving([KEFU], root, python, items, "[]", more) as servers:
        server = servers[KEFU.name]
        server.rest()
        before = weigh(server)
        told, full = gathering(server, visitors)
        with sqlite3.connect(server.folder / "kefu.db") as db:
            kept = Kept([row[0] for row in db.execute("SELECT attempt FROM attempts")])
    return summary(told, before, full, kept.compare(told["acknowledged"]))


def gathering(server: Server, visitors: int) -> tuple[dict[str, Any], dict[str, float]]:
    """One crowd: what it told, and what the server's processes weighed while all were there.

    Raises:
        ServerError: the crowd broke down.
    """
    crowd = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.floor.crowd",
         f"--port={server.port}", f"--count={visitors}"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert crowd.stdin
    assert crowd.stdout
    try:
        if not crowd.stdout.readline():
            raise ServerError(f"the crowd broke down\n{server.log()}")
        full = weigh(server)
        told = json.loads(crowd.communicate("\n", timeout=120)[0])
    finally:
        crowd.kill()
        crowd.wait()
    return told, full


def weigh(server: Server) -> dict[str, float]:
    """MiB of its own (USS) by part, and how many kernels: `PARTS`, and `count`.

    A kernel that was forked goes by its parent's command line.
    """
    found: dict[str, float] = dict.fromkeys((*PARTS, "count"), 0.0)
    lines = {one.pid: _line(one) for one in server.family()}
    for one in server.family():
        above = lines.get(_parent(one), "")
        part = part_of(one.pid == server.process.pid, lines.get(one.pid, ""), above)
        found[part] += unique(one)
        found["count"] += part == "kernels"
    return {name: round(value, 1) for name, value in found.items()}


def part_of(first: bool, line: str, above: str) -> str:
    """Which part of the floor a process is.

    Args:
        first: whether it is the one that was started.
        line: its command line.
        above: its parent's.
    """
    if first:
        return "door"
    if "kefu.house" in line:
        return "house"
    if "ipykernel_launcher" in line or _WARM in above:
        return "kernels"
    return "warm" if _WARM in line else "other"


def summary(
    told: dict[str, Any],
    before: dict[str, float],
    full: dict[str, float],
    kept: dict[str, int],
) -> dict[str, Any]:
    """One crowd as JSON: `page`, `ready` and `answer` in ms as p50, p95, p99, the most.

    Args:
        told: by the crowd.
        before: what the floor weighed empty.
        full: what it weighed with everybody there.
        kept: `Kept.compare`.
    """
    times = {
        name: {
            **{f"p{share * 100:.0f}": percentile(told[name], share) for share in _SHARES},
            "most": max(told[name], default=0.0),
        }
        for name in ("page", "ready", "answer")
    }
    grown = sum(full[part] - before[part] for part in PARTS)
    return {
        "visitors": told["count"],
        **times,
        "answers": len(told["answer"]),
        "errors": told["errors"],
        "waits": told["waits"],
        **kept,
        "memory": {
            "before": before,
            "full": full,
            "a_visitor": round(grown / told["count"], 2),
            "a_kernel": round(full["kernels"] / full["count"], 2) if full["count"] else 0.0,
        },
        "seconds": round(told["seconds"], 1),
        "crowd_cores": round(told["cpu"] / told["seconds"], 2),
    }


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _parent(process: psutil.Process) -> int:
    try:
        return int(process.ppid())
    except psutil.Error:
        return 0
