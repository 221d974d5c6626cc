"""A run of grading that is killed at a chosen point: a script of its own, which forks for each.

Everything is imported once; each run is a child that is killed by signal 9 when a chosen function
is about to be called, or has just returned, for the nth time.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import kefu.cli  # noqa: F401 - it spares this process what it spares the command
from kefu.grading import run as running
from kefu.grading.book import Book
from kefu.grading.history import History
from kefu.grading.pool import here
from kefu.grading.run import open_run
from kefu.places import Places

__all__ = ["POINTS", "grade", "killed", "main"]

# What is called while grading, before or after it, and for the nth time.
POINTS: tuple[tuple[str, str, int], ...] = (
    ("before", "tidy", 1),
    ("after", "tidy", 7),
    ("before", "gather", 3),
    ("after", "gather", 35),
    ("before", "record", 1),
    ("after", "record", 1),
    ("before", "record", 2),
    ("after", "record", 2),
    ("before", "execute", 4),
    ("before", "execute", 30),
    ("after", "execute", 55),
    ("before", "commit", 1),
    ("after", "commit", 1),
    ("before", "commit", 3),
    ("after", "commit", 4),
    ("before", "append", 1),
    ("after", "append", 2),
    ("before", "_put", 1),
    ("after", "_put", 1),
    ("before", "replace", 5),
    ("after", "replace", 20),
    ("before", "replace", 38),
)


def grade(root: Path, set_slug: str) -> None:
    """Grade a set in this process."""
    run = open_run(Places.find(root), set_slug)
    try:
        for change in run.grade(run.students(), here(run.paper, run.guard)):
            assert change.after is not None or not change.remarks, change
    finally:
        run.close()


def killed(root: Path, set_slug: str, when: str, what: str, nth: int) -> bool:
    """Grade in a child that is killed at a point; whether it really was."""
    pid = os.fork()
    if pid == 0:
        try:
            _deadly(when, what, nth)
            grade(root, set_slug)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _deadly(when: str, what: str, nth: int) -> None:
    owner: Any = {
        "tidy": running,
        "gather": running,
        "_put": running,
        "record": Book,
        "append": History,
        "execute": sa.Connection,
        "commit": sa.engine.default.DefaultDialect,
        "replace": Path,
    }[what]
    name = {"commit": "do_commit"}.get(what, what)
    true: Callable[..., Any] = getattr(owner, name)
    left = [nth]

    def one(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        made = true(*args, **kwargs)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    setattr(owner, name, one)


def _resumed(root: Path, set_slug: str) -> None:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            grade(root, set_slug)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert status == 0, "the run that was taken up again failed"


def main(pristine: Path, into: Path, set_slug: str, every: int, *urls: str) -> None:
    """At each point: kill a run in a fresh copy, then run again; the copies are left to look at.

    Args:
        pristine: a course with hand-ins, nothing graded.
        into: where the copies are made, one for each point.
        set_slug: the set.
        every: take each nth point.
        urls: of a gradebook for each copy, if they are not in the copies.
    """
    for n, point in enumerate(POINTS[::every]):
        root = into / f"{n:02}"
        shutil.copytree(pristine, root, symlinks=True)
        if urls:
            os.environ["KEFU_GRADEBOOK"] = urls[n]
        assert killed(root, set_slug, *point), f"never came to {point}"
        _resumed(root, set_slug)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), *sys.argv[5:])
