"""The demonstration, prepared once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

import kefu.demo
from kefu.demo import Prepared, prepare
from kefu.text import Text
from tests.grading.course import run_nbgrader

ROOT = Path(__file__).resolve().parent.parent
said: list[Text] = []
"""What was told at each step."""


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Twelve learners have answered the course's own sets, and nbgrader has graded them.

    Copy it before changing it.
    """
    folder = tmp_path_factory.getbasetemp() / "a demonstration 演示"
    # nbgrader's own commands, but in this process: they take long to import.
    with mock.patch.object(kefu.demo, "nbgrader", run_nbgrader):
        return prepare(folder, (ROOT / "content",), said.append)
