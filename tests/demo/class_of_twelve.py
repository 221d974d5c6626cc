"""The demonstration, made once for whichever tests look at it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest import mock

import kefu.demo
from kefu.demo import Prepared, prepare
from kefu.text import Text
from tests.grading.course import run_nbgrader

__all__ = ["ROOT", "prepared", "said"]

ROOT = Path(__file__).resolve().parents[2]
said: list[Text] = []
"""What was told at each step."""


@cache
def prepared(base: Path) -> Prepared:
    """Twelve learners have answered the project's own sets, and nbgrader has graded them."""
    # nbgrader's own commands, but in this process: they take long to import.
    with mock.patch.object(kefu.demo, "nbgrader", run_nbgrader):
        return prepare(base / "a demonstration 演示", (ROOT / "content",), said.append)
