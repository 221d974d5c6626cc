"""The same class for otter-grader, which grades without a container in a place of its own.

otter-grader has versions of its own of much that kefu uses, so it gets its own environment in the
user's cache, made once from `requirements-otter.txt`.
"""

from __future__ import annotations

import ast
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.grading.questions import Question, typed
from benchmarks.grading.school import Handed

__all__ = ["PINS", "Otter"]

PINS = Path(__file__).parent / "requirements-otter.txt"
_LOOP = Path(__file__).parent / "otter_loop.py"


class Otter:
    """An autograder of otter's, made once, and notebooks to give it."""

    def __init__(self, root: Path, questions: Sequence[Question], python: Path) -> None:
        self._root, self._questions, self._python = root, questions, python
        root.mkdir(parents=True)
        with zipfile.ZipFile(root / "autograder.zip", "w") as archive:
            archive.writestr("otter_config.json", json.dumps({"print_summary": False}))
            for q in questions:
                archive.writestr(f"tests/{q.variable}.py", _test(q))

    def copy(self, handed: Sequence[Handed], target: Path) -> None:
        """Submissions that are ready to be graded."""
        (target / "submitted").mkdir(parents=True)
        (target / "autograder.zip").write_bytes((self._root / "autograder.zip").read_bytes())
        for one in handed:
            notebook = json.dumps(_notebook(self._questions, one), ensure_ascii=False)
            (target / "submitted" / f"{one.student}.ipynb").write_text(notebook, "utf-8")

    def command(self) -> list[str]:
        """Grade all of them, one after the other, in one process of otter's."""
        # Without -P this very folder, where a module is called otter too, would be searched first.
        return [str(self._python), "-P", str(_LOOP)]

    @staticmethod
    def scores(folder: Path) -> dict[str, float]:
        """Learner → points as otter counted them."""
        told: dict[str, float] = json.loads((folder / "scores.json").read_bytes())
        return told


def _test(q: Question) -> str:
    """A test file as otter assign writes it: one hidden case."""
    statements = (ast.get_source_segment(q.test, node) for node in ast.parse(q.test).body)
    code = "\n".join(f">>> {one}".replace("\n", "\n... ") for one in statements)
    case = {"code": code, "hidden": True, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    whole = {"name": q.variable, "points": q.points, "suites": [suite]}
    return f"OK_FORMAT = True\n\ntest = {whole!r}\n"


def _notebook(questions: Sequence[Question], handed: Handed) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for q in questions:
        cells += [
            {"id": f"text-{q.variable}", "cell_type": "markdown", "metadata": {},
             "source": q.prompt},
            {"id": q.variable, "cell_type": "code", "execution_count": None, "outputs": [],
             "metadata": {}, "source": typed(q, handed) or q.before},
        ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells,
    }  # fmt: skip
