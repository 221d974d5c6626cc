"""A floor that runs as a service: its user has no home to keep anything in."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest

from tests.floor.running import start, stop


def test_a_floor_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be made below the home, the quiz and a plain notebook open all the same."""
    home = tmp_path / "home"
    home.write_text("no folder, not even for root")
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "house" / "floor").mkdir(parents=True)
    cell = nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider()")
    page = nbformat.v4.new_notebook(cells=[cell])
    nbformat.write(page, tmp_path / "house" / "floor" / "slider.ipynb")
    floor = start(tmp_path / "house")
    try:
        pages = [
            urlopen(f"http://127.0.0.1:{floor.port}/{name}", timeout=60).read().decode()
            for name in ("", "slider")
        ]
    finally:
        assert stop(floor) == []
    assert 'id="state"' in pages[0]
    assert "IntSlider" in pages[1]
