"""The same class for `nbgrader autograde` as it comes, with nothing of kefu in it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from benchmarks.grading.questions import Question, typed
from benchmarks.grading.school import Handed, fill, release

__all__ = ["Stock"]

SET = "quiz"
_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "stock"
"""
_IMPORTS = "import ipywidgets\nimport matplotlib.pyplot as plt"


class Stock:
    """A course of nbgrader's own, released once, to be copied for each run."""

    def __init__(self, root: Path, questions: Sequence[Question], *, imports: bool = False) -> None:
        """Make the course and release its one assignment.

        Args:
            root: a new folder for it.
            questions: what the assignment asks.
            imports: whether the notebook imports first what a lesson with widgets and plots does.

        Raises:
            subprocess.CalledProcessError: nbgrader did not release it.
        """
        self._root, self._questions = root, questions
        source = root / "source" / SET / f"{SET}.ipynb"
        source.parent.mkdir(parents=True)
        (root / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
        source.write_text(json.dumps(_notebook(questions, imports), ensure_ascii=False), "utf-8")
        release(root, SET)

    def copy(self, handed: Sequence[Handed], target: Path) -> None:
        """The course once more, with submissions that are ready to be graded."""
        shutil.copytree(self._root, target)
        notebook = (self._root / "release" / SET / f"{SET}.ipynb").read_text("utf-8")
        for one in handed:
            folder = target / "submitted" / one.student / SET
            folder.mkdir(parents=True)
            said = {q.variable: typed(q, one) for q in self._questions}
            filled = fill(notebook, {name: code for name, code in said.items() if code is not None})
            (folder / f"{SET}.ipynb").write_text(filled, "utf-8")

    @staticmethod
    def command(whom: str = "*") -> list[str]:
        """Grade the learners whose number matches a pattern."""
        return [sys.executable, "-m", "nbgrader", "autograde", SET, f"--student={whom}"]

    @staticmethod
    def scores(folder: Path) -> dict[str, float]:
        """Learner → points in nbgrader's gradebook."""
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            return {s.student.id: float(s.score) for s in book.assignment_submissions(SET)}


def _notebook(questions: Sequence[Question], imports: bool) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [_code("imports", _IMPORTS, locked=True)] if imports else []
    for q in questions:
        hidden = f"### BEGIN HIDDEN TESTS\n{q.test}\n### END HIDDEN TESTS"
        cells += [
            {"id": f"text-{q.variable}", "cell_type": "markdown", "metadata": {},
             "source": q.prompt},
            _code(q.variable, q.before, solution=True),
            _code(f"test-{q.variable}", hidden, grade=True, locked=True, points=q.points),
        ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells,
    }  # fmt: skip


def _code(grade_id: str, source: str, **about: Any) -> dict[str, Any]:
    told = {"grade": False, "locked": False, "solution": False, "task": False,
            "schema_version": 3, "grade_id": grade_id, **about}  # fmt: skip
    return {
        "id": grade_id, "cell_type": "code", "execution_count": None, "outputs": [],
        "metadata": {"nbgrader": told}, "source": source,
    }  # fmt: skip
