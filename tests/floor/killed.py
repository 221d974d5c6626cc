"""What `make soak` killed, written down as a page of the documentation."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections import Counter
from pathlib import Path

from tests.floor.steps import PHASES

__all__ = ["Killed"]

_VICTIMS = {
    "house": ("数据服务", "the house"),
    "kernel": ("页面的内核", "a page's kernel"),
    "database": ("数据库", "the database"),
}
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Killed:
    """Points that were struck, by database, victim and phase, and what went wrong there."""

    def __init__(self) -> None:
        self.struck: Counter[tuple[str, str, str]] = Counter()
        self.wrong: list[str] = []

    def add(self, database: str, victim: str, phases: Counter[str], wrong: list[str]) -> None:
        """Points of one run."""
        for phase, number in phases.items():
            self.struck[database, victim, phase] += number
        self.wrong += [f"{database}, {victim}: {one}" for one in wrong]

    def write(self, path: Path) -> None:
        """Write the page, Chinese first."""
        day, cores = dt.date.today().isoformat(), os.cpu_count()
        machine = f"{platform.system()} {platform.machine()}"
        python = f"Python {platform.python_version()}"
        total, wrong = self.struck.total(), len(self.wrong)
        lines = [
            "# 断在哪里都不丢 · Killed, and nothing lost",
            "",
            "<!-- 由 make soak 写成 / written by make soak -->",
            "",
            f"{day}，`make soak` 在答案写入的 {total} 个点上动手：结束数据服务、结束页面的内核、"
            f"让数据库出故障。每次恢复以后，已确认的答案都应在，并且只算一次。不符之处：{wrong}。",
            f"机器：{machine}，{cores} 核，{python}。",
            "",
            f"On {day}, `make soak` struck at {total} points of an answer's way to the disk: "
            "it killed the house, a page's kernel, or made the database fail. "
            "Afterwards every acknowledged answer must be there, once. "
            f"Where it was otherwise: {wrong}.",
            f"Machine: {machine}, {cores} cores, {python}.",
            "",
        ]
        for victim, (zh, en) in _VICTIMS.items():
            lines += [f"## {zh} · {en.capitalize()}", "", *self._table(victim), ""]
        lines += [
            "PostgreSQL 的故障：结束为它服务的进程，或让整个服务器立即停下再启动。",
            "SQLite 的故障：磁盘写满，或另一个程序占着写锁不放。",
            "提交的点有一半落在提交进行当中：开始以后 0.1 到 8 毫秒。",
            "",
            "PostgreSQL fails by signal 9 to the processes that serve the house, "
            "or by an immediate stop of the whole server.",
            "SQLite fails by a full disk, or by another writer who does not give way.",
            "Half of the points at the commit fall while it is under way: "
            "0.1 to 8 ms after it began.",
            "",
        ]
        if self.wrong:
            lines += ["## Findings", "", *(f"- `{one}`" for one in self.wrong), ""]
        path.write_text("\n".join(lines), "utf-8")

    def _table(self, victim: str) -> list[str]:
        order = PHASES["kernel" if victim == "kernel" else "house"]
        phases = [p for p in order if any(self.struck[d, victim, p] for d in _DATABASES)]
        rows = [
            f"| {name} | "
            + " | ".join(str(self.struck[database, victim, phase]) for phase in phases)
            + " |"
            for database, name in _DATABASES.items()
        ]
        return ["| | " + " | ".join(phases) + " |", "|---|" + "---:|" * len(phases), *rows]
