"""What the configuration spares whoever runs nbgrader."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from traitlets.config import Config

from kefu.grading.config import configure
from kefu.places import CONFIG, MARK


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course's root, and the working folder somewhere in it."""
    (tmp_path / MARK).write_text(CONFIG, "utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    return tmp_path


def test_alembic_is_found_without_an_activated_environment(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nbgrader finds alembic beside its own Python, so that a new gradebook can be upgraded."""
    monkeypatch.setenv("PATH", "/usr/bin")
    configure(Config())
    assert shutil.which("alembic")


def test_the_root_is_the_folder_with_the_configuration(root: Path) -> None:
    """From a subfolder everything is read and written in the same root."""
    c = Config()
    configure(c)
    assert str(root) == c.CourseDirectory.root
    assert Path(c.Exchange.root).is_relative_to(root)
