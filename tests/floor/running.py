"""`kefu floor` as a person starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa

from kefu.vault import Vault, connect
from tests.house.furniture import published

__all__ = ["Floor", "command", "start", "stop"]


@dataclass
class Floor:
    """A floor that runs: its port, its process, its database."""

    port: int
    process: subprocess.Popen[str]
    database: str

    @property
    def url(self) -> str:
        """Its address under a name that is not localhost; browsers are told where that is."""
        return f"http://kefu.test:{self.port}/"

    def attempts(self) -> int:
        """How many answers are on disk."""
        engine = sa.create_engine(self.database)
        with engine.connect() as db:
            return int(db.execute(sa.text("SELECT count(*) FROM attempts")).scalar_one())

    def child(self, word: str) -> psutil.Process:
        """The child process whose command line holds a word."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(p for p in children if word in " ".join(p.cmdline()))

    def kernel(self, kernel_id: str | None) -> psutil.Process:
        """The process of a page's kernel: the one that opened its doors."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(
            p
            for p in children
            if any(f"{kernel_id}" in str(c.laddr) for c in p.net_connections("unix"))
        )


def command(root: Path, *options: str, items: int = 8) -> subprocess.Popen[str]:
    """Start it on a house of its own, with items of all four kinds."""
    root.mkdir(exist_ok=True)
    (root / "nbgrader_config.py").touch()
    database = f"sqlite:///{root / 'kefu.db'}"
    engine = connect(database)
    Vault(engine).release([published(n) for n in range(items)])
    engine.dispose()
    return subprocess.Popen(
        [sys.executable, "-m", "kefu", "floor", "--no-browser", *options],
        cwd=root,
        env={**os.environ, "LC_ALL": "C.UTF-8", "KEFU_DB": database, "KEFU_CONTENT": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A run in the background ignores Ctrl-C, and would hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def start(root: Path, *options: str, port: int = 0) -> Floor:
    """Start it, on a free port unless one is named, and wait until it is open."""
    process = command(root, "--port", str(port), *options)
    assert process.stdout
    assert process.stderr
    for line in process.stdout:
        if found := re.search(r"https?://127\.0\.0\.1:(\d+)/", line):
            return Floor(int(found[1]), process, f"sqlite:///{root / 'kefu.db'}")
    raise AssertionError(f"the floor did not open: {process.stderr.read()}")


def stop(floor: Floor) -> list[psutil.Process]:
    """SIGTERM; gives the processes that outlive it."""
    family = psutil.Process(floor.process.pid).children(recursive=True)
    floor.process.terminate()
    floor.process.communicate(timeout=30)
    return psutil.wait_procs(family, timeout=10)[1]
