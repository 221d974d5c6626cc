"""The command run in this process, as its script does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kefu.cli import main

__all__ = ["Kefu"]

Kefu = Callable[..., tuple[object, str, str]]


@pytest.fixture
def kefu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kefu:
    """Run the command as its script does: exit code, what it said, what it complained of."""

    def run(folder: Path, *words: str) -> tuple[object, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
        monkeypatch.setattr(sys, "argv", ["kefu", *words])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
