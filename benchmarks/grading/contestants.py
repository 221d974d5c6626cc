"""Who grades the class, and whether everybody's marks are the ones an honest grader gives."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from benchmarks.grading import floor
from benchmarks.grading.clock import Cost, cost
from benchmarks.grading.otter import Otter
from benchmarks.grading.questions import expected, questions
from benchmarks.grading.school import Handed, School
from benchmarks.grading.stock import Stock

__all__ = ["CONTESTANTS", "PEERS", "Contestant", "Room", "WrongMarksError", "same"]


class WrongMarksError(Exception):
    """Somebody's marks are not what they ought to be, so that its time says nothing."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to grade a class.

    `workers` is how many submissions it may have in hand at once.
    `plain_only`: it takes part only where there is no code.
    """

    name: str
    label: str
    workers: int
    peer: bool
    plain_only: bool = False


CONTESTANTS = (
    Contestant("kefu", "kefu grade --workers 1", 1, peer=False),
    Contestant("kefu-2", "kefu grade --workers 2", 2, peer=False),
    Contestant("stock", "nbgrader autograde", 1, peer=True),
    Contestant("stock-2", "nbgrader autograde ×2", 2, peer=True),
    Contestant("stock-imports", "nbgrader autograde + imports", 1, peer=True, plain_only=True),
    Contestant("otter", "otter-grader", 1, peer=True),
    Contestant("floor", "a plain loop", 1, peer=False),
)
PEERS = tuple(who.name for who in CONTESTANTS if who.peer)


class Room:
    """One set, and everybody's way to grade it."""

    def __init__(self, scratch: Path, school: School, slug: str, otter: Path) -> None:
        """Make every contestant's own course out of the same set.

        Args:
            scratch: a folder for them.
            school: the course with the set.
            slug: the set.
            otter: the Python that has otter-grader.
        """
        self.slug, self._school, self._scratch = slug, school, scratch
        cards, self.points = school.cards[slug], school.points[slug]
        self.questions = questions(cards, school.keys[slug], self.points)
        self._stock = Stock(scratch / "stock", self.questions)
        self._imports = Stock(scratch / "stock-imports", self.questions, imports=True)
        self._otter = Otter(scratch / "otter", self.questions, otter)
        self._classes: dict[int, list[Handed]] = {}

    def play(self, who: Contestant, count: int) -> Cost:
        """Let one of them grade a class of a size.

        Raises:
            ClockError: its command failed.
            WrongMarksError: its marks are wrong.
        """
        handed = self._classes.setdefault(count, self._school.handed_in(self.slug, count))
        folder = self._scratch / "run"
        commands, check = self._prepared(who.name, handed, folder)
        took = cost(commands, folder)
        check(folder, handed)
        shutil.rmtree(folder)
        return took

    def _prepared(
        self, name: str, handed: list[Handed], folder: Path
    ) -> tuple[list[list[str]], Callable[[Path, list[Handed]], None]]:
        if name in ("stock", "stock-2", "stock-imports"):
            stock = self._imports if name == "stock-imports" else self._stock
            stock.copy(handed, folder)
            halves = ("a*", "b*") if name == "stock-2" else ("*",)
            return [stock.command(half) for half in halves], self._check(Stock.scores)
        if name == "otter":
            self._otter.copy(handed, folder)
            return [self._otter.command()], self._check(Otter.scores)
        self._school.copy(self.slug, handed, folder)
        floor.write(folder, self.slug, self._school.cards[self.slug], self._school.keys[self.slug])
        if name == "floor":
            return [floor.command()], self._check_floor
        workers = "2" if name == "kefu-2" else "1"
        command = [sys.executable, "-m", "kefu", "grade", self.slug, "--workers", workers]
        return [command], self._check_kefu

    def _check(
        self, scores: Callable[[Path], dict[str, float]]
    ) -> Callable[[Path, list[Handed]], None]:
        def check(folder: Path, handed: list[Handed]) -> None:
            right = {one.student: sum(expected(q, one) for q in self.questions) for one in handed}
            same(right, scores(folder))

        return check

    def _check_floor(self, folder: Path, handed: list[Handed]) -> None:
        """Nothing to hold it against but that it judged everybody, and not all alike."""
        found = json.loads((folder / "floor.json").read_bytes())
        if sorted(found) != [one.student for one in handed]:
            raise WrongMarksError("the plain loop did not judge everybody")

    def _check_kefu(self, folder: Path, handed: list[Handed]) -> None:
        """Cell for cell what the plain loop says."""
        right = {
            f"{student} {ref}": self.points[ref] * credit
            for student, credits_ in floor.judged(folder).items()
            for ref, credit in credits_.items()
        }
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            found = {
                f"{submission.student.id} {grade.name}": grade.auto_score
                for submission in book.assignment_submissions(self.slug)
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.auto_score is not None
            }
        same(right, {name: score for name, score in found.items() if name in right})


def same(right: Mapping[str, float], found: Mapping[str, float]) -> None:
    """Insist that marks are what they ought to be, all of them and no others.

    Raises:
        WrongMarksError: they are not; some of them are named.
    """
    off = [
        name
        for name in {**right, **found}
        if not (
            name in right and name in found and math.isclose(right[name], found[name], abs_tol=1e-3)
        )
    ]
    if off:
        told = ", ".join(f"{n}: {found.get(n)} ({right.get(n)})" for n in sorted(off)[:5])
        raise WrongMarksError(f"{len(off)} marks are wrong: {told}")
