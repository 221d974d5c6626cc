"""The demonstration, prepared once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

if TYPE_CHECKING:
    from kefu.demo import Prepared
    from kefu.text import Text

ROOT = Path(__file__).resolve().parent.parent
said: list[Text] = []
"""What was told at each step."""


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Twelve learners have answered the course's own sets, and nbgrader has graded them.

    Copy it before changing it.
    """
    # Imported here: each process of a run reads this file, and not each prepares.
    import kefu.demo
    from tests.grading.course import run_nbgrader

    folder = tmp_path_factory.getbasetemp() / "a demonstration 演示"
    # nbgrader's own commands, but in this process: they take long to import.
    with mock.patch.object(kefu.demo, "nbgrader", run_nbgrader):
        return kefu.demo.prepare(folder, (ROOT / "content",), said.append)
