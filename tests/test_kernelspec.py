"""kefu's own kernel: what it imports, and from where."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from kefu import lab

HOSTILE = ("kefu", "json", "ipykernel", "ipykernel_launcher", "IPython", "anywidget", "traitlets",
           "sitecustomize", "usercustomize")  # fmt: skip
"""Modules that lie beside a notebook and would gladly be imported."""


def plant(folder: Path) -> None:
    """Put a module of each name into the folder, which leaves a mark when it is imported."""
    for name in HOSTILE:
        mark = f"open({str(folder / name)!r} + '.ran', 'w').close()\n"
        (folder / f"{name}.py").write_text(f"{mark}raise ImportError('hostile')\n", "utf-8")


def imported(folder: Path) -> list[str]:
    """Which of them have been imported."""
    return sorted(mark.stem for mark in folder.glob("*.ran"))


def _run(name: str, folder: Path, code: str) -> dict[str, Any]:
    """What a kernel started in the folder says to one line of code."""
    manager, client = start_new_kernel(kernel_name=name, cwd=str(folder))
    try:
        reply: dict[str, Any] = client.execute_interactive(code, timeout=60)["content"]
        return reply
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(lab.SHARE / "jupyter"))


@pytest.mark.parametrize("path", [None, "", os.pathsep, f"{os.pathsep}/nowhere", "."])
def test_nothing_is_imported_from_the_working_folder(
    path: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules beside the notebook are not imported, not even where PYTHONPATH names its folder.

    An empty entry of PYTHONPATH is the working folder: `PYTHONPATH=$PYTHONPATH:/opt` has one.
    """
    if path is not None:
        monkeypatch.setenv("PYTHONPATH", path)
    plant(tmp_path)
    said = _run("kefu", tmp_path, "import kefu, json, anywidget; kefu.play('nothing-here')")
    assert (said["status"], imported(tmp_path)) == ("ok", [])
    (tmp_path / "beside.py").touch()
    said = _run("kefu", tmp_path, "import beside")
    assert said["ename"] == "ModuleNotFoundError"


def test_another_kernel_would_import_them(tmp_path: Path) -> None:
    """The ordinary kernel takes the `kefu.py` beside the notebook: the test above can fail."""
    (tmp_path / "kefu.py").write_text("open('kefu.ran', 'w').close()\n", "utf-8")
    _run("python3", tmp_path, "import kefu")
    assert imported(tmp_path) == ["kefu"]


def test_the_kernel_is_called_kefu() -> None:
    """Its name and language are what the woven notebooks ask for."""
    spec = json.loads((lab.SHARE / "jupyter/kernels/kefu/kernel.json").read_text("utf-8"))
    assert (spec["display_name"], spec["language"]) == ("客服 · kefu", "python")
    assert spec["argv"][0] == "python", "Jupyter puts the Python there that it runs on itself"
