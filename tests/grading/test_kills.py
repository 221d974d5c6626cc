"""A run that is killed is taken up again, and ends in the same book."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from tests.cli.running import kefu
from tests.grading.books import autograded, told
from tests.grading.course import Course, bank
from tests.grading.killing import POINTS, grade
from tests.laws.attempts import whole

LEARNERS = 40
"""More than one batch is booked."""


@dataclass
class Told:
    """What a run that nobody disturbed ends in."""

    pristine: Path
    book: dict[str, Any]
    shown: dict[str, Any]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A class that handed in, and its book."""
    folder = tmp_path_factory.mktemp("kills")
    course = Course(folder / "pristine", bank(folder / "bank"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    for n in range(LEARNERS):
        dice = random.Random(n)
        given = {ref: whole(card, dice) for ref, card in course.cards().items()}
        course.submit(f"k{n:02}", course.answers(given))
    shutil.copytree(course.root, folder / "graded")
    grade(folder / "graded", "first")
    book = told(f"sqlite:///{folder}/graded/gradebook.db")
    assert len(book["submissions"]) == LEARNERS
    return Told(course.root, book, autograded(folder / "graded"))


def _run(undisturbed: Told, into: Path, every: int, *urls: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.grading.killing",
         str(undisturbed.pristine), str(into), "first", str(every), *urls],
        check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip


def _same(undisturbed: Told, root: Path, url: str) -> None:
    assert told(url) == undisturbed.book
    assert autograded(root) == undisturbed.shown
    assert not list(root.glob("autograded/**/.*.part"))


def test_a_killed_run_ends_in_the_same_book(undisturbed: Told, tmp_path: Path) -> None:
    """At twenty points and more: kill -9, run again, and book and notebooks are as undisturbed."""
    assert len(POINTS) >= 20
    _run(undisturbed, tmp_path, 1)
    for n in range(len(POINTS)):
        root = tmp_path / f"{n:02}"
        _same(undisturbed, root, f"sqlite:///{root}/gradebook.db")


@pytest.fixture
def schemas(postgres_url: str) -> Iterator[Callable[[str], str]]:
    """Gives the URL of an empty schema of a name."""
    engine, made = sa.create_engine(postgres_url), list[str]()

    def make(name: str) -> str:
        made.append(name)
        with engine.begin() as db:
            db.execute(sa.text(f"CREATE SCHEMA {name}"))
        return f"{postgres_url}&options=-csearch_path%3D{name}"

    yield make
    with engine.begin() as db:
        for name in made:
            db.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.soak)])
def test_a_killed_run_on_postgresql_ends_in_the_same_book(
    undisturbed: Told, tmp_path: Path, schemas: Callable[[str], str], every: int
) -> None:
    """The same, with the gradebook in PostgreSQL: a few of the points, or all of them."""
    urls = [schemas(f"kill_{n}") for n in range(len(POINTS[::every]))]
    released = Course(undisturbed.pristine)
    for url in urls:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KEFU_GRADEBOOK", url)
            released.nbgrader("generate_assignment", "first")
    _run(undisturbed, tmp_path, every, *urls)
    for n, url in enumerate(urls):
        _same(undisturbed, tmp_path / f"{n:02}", url)


def test_workers_end_with_their_run(undisturbed: Told, tmp_path: Path) -> None:
    """Kill -9 of a run with workers leaves no process behind; what is left is graded afterwards."""
    root = tmp_path / "course"
    shutil.copytree(undisturbed.pristine, root)
    run = subprocess.Popen(
        [sys.executable, "-m", "kefu", "grade", "first", "--workers", "2"],
        cwd=root, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    children: list[psutil.Process] = []
    while len(children) < 3 and run.poll() is None:  # the fork server, and two that it forked
        children = psutil.Process(run.pid).children(recursive=True)
        time.sleep(0.01)
    assert len(children) >= 3
    run.send_signal(signal.SIGKILL)
    run.wait()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []
    kefu(root, "grade", "first", "--workers", "2")
    _same(undisturbed, root, f"sqlite:///{root}/gradebook.db")


def test_two_runs_do_not_stand_in_each_others_way(undisturbed: Told, tmp_path: Path) -> None:
    """While one run holds the course another says so and touches nothing."""
    root = tmp_path / "course"
    shutil.copytree(undisturbed.pristine, root)
    held = os.open(root / ".kefu-grade.lock", os.O_RDWR | os.O_CREAT)

    fcntl.flock(held, fcntl.LOCK_EX)
    assert "is being graded" in kefu(root, "grade", "first", code=1).stderr
    os.close(held)
    kefu(root, "grade", "first")
    _same(undisturbed, root, f"sqlite:///{root}/gradebook.db")
