"""The three doors of the demonstration on loopback: learner, instructor, floor."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kefu import lab
from kefu.demo import Prepared, own
from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Door", "close", "open_doors", "wait_for"]

PATIENCE = 90.0
"""Seconds a door may take to answer: a cold, busy machine included."""


@dataclass(frozen=True, slots=True)
class Door:
    """A running server: whose door it is, what says that it is up, its page and what that holds.

    The page itself is asked for once only: a page of the floor costs a kernel.
    """

    name: Text
    probe: str
    url: str
    holds: str
    process: subprocess.Popen[bytes]
    log: Path


def open_doors(prepared: Prepared, ports: Sequence[int]) -> list[Door]:
    """Start the three servers.

    Args:
        prepared: what `prepare` made.
        ports: of learner, instructor and floor, in this order.

    Raises:
        KefuError: a port is taken.
    """
    for port in ports:
        lab.free_port(port)
    root = prepared.places.root
    learn, teach, floor = ports
    token = secrets.token_hex(16)
    settings = root / "settings"
    doors: list[Door] = []

    def start(
        name: Text, port: int, probe: str, page: str, holds: str, command: list[str], folder: Path
    ) -> None:
        log = root / f"{name.en}.log"
        env = lab.environment(settings / name.en, grading=name.en == "instructor", token=token)
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=folder, env=own(env), stdout=file, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        base = f"http://127.0.0.1:{port}"
        doors.append(Door(name, base + probe, base + page, holds, process, log))

    try:
        start(
            Text("学员", "learner"), learn, f"/api?token={token}",
            f"/lab/tree/{prepared.first}?token={token}", "JupyterLab",
            lab.command(prepared.learner, learn, browser=False), prepared.learner,
        )  # fmt: skip
        start(
            Text("教师", "instructor"), teach, f"/api?token={token}",
            # By way of /login, whose cookie holds for the whole server.
            f"/login?next=%2Fformgrader%2Fgradebook&token={token}", "formgrader",
            lab.command(root, teach, browser=False), root,
        )  # fmt: skip
        start(
            Text("一线", "floor"), floor, "/health", "/", "每日五题",
            [sys.executable, "-m", "kefu", "floor", f"--port={floor}", "--no-browser"], root,
        )  # fmt: skip
    except BaseException:
        # Ctrl-C between two doors, or a third that cannot start: the first ones do not stay.
        close(doors)
        raise
    return doors


def wait_for(door: Door) -> None:
    """Wait until a door answers with its own page.

    Raises:
        KefuError: its server died, or did not answer in time; the end of its log is quoted.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and door.process.poll() is None:
        if _page(door.probe) is not None:
            if door.holds in (_page(door.url) or ""):
                return
            break
        time.sleep(0.2)
    end = door.log.read_text("utf-8", "replace").strip()[-1500:]
    raise KefuError(
        Text(
            f"{door.name.zh}的门没有打开：\n{end}",
            f"the {door.name.en}'s door did not open:\n{end}",
        ),
        Text(f"完整记录在 {door.log}", f"the whole log is in {door.log}"),
    )


def _page(url: str) -> str | None:
    """What an address answers; None if it does not."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    except OSError:
        return None


def close(doors: Sequence[Door]) -> None:
    """Stop every server, kindly first."""
    for door in doors:
        if door.process.poll() is None:
            door.process.send_signal(signal.SIGTERM)
    for door in doors:
        try:
            door.process.wait(15)
        except subprocess.TimeoutExpired:
            door.process.kill()
            door.process.wait()
