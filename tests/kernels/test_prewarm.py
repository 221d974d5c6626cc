"""The warm process may be started before the first visitor comes, and by other programs."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

from kefu.kernels import prewarm
from tests.kernels.forking import kernel, spec


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_a_kernel_finds_it_ready() -> None:
    """The process that was started beforehand is the one that forks."""
    wanted = spec("-P", "-X", "beforehand")
    before = _children()
    assert prewarm(wanted, patience=60)
    (warm,) = _children() - before

    async def see() -> int:
        assert prewarm(wanted)  # Again does nothing, inside a loop or not.
        assert prewarm(wanted, patience=60)
        async with kernel(wanted) as one:
            return one.parent

    assert asyncio.run(see()) == warm


def test_it_says_when_there_will_be_no_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another command, another system, imports that fail."""
    other = spec()
    other.argv = ["/bin/true"]
    assert not prewarm(other)
    assert not prewarm(spec("-P", imports=["not_there"]), patience=60)
    monkeypatch.setattr("kefu.kernels.provisioner.sys.platform", "win32")
    assert not prewarm(spec("-P"), patience=60)


def test_what_is_not_read_at_the_start_does_not_matter() -> None:
    """Kernels with tokens of their own come from one process; one with another path does not."""
    plain = {"PATH": os.environ["PATH"], "HOME": "/tmp"}
    wanted = spec("-P")

    async def see() -> list[int]:
        found = []
        for more in ({"TOKEN": "1"}, {"TOKEN": "2"}, {"PYTHONPATH": "/tmp"}):
            async with kernel(wanted, env={**plain, **more}) as one:
                assert one.forked
                found.append(one.parent)
        return found

    first, second, third = asyncio.run(see())
    assert first == second != third


def test_any_program_of_jupyter_can_use_it(tmp_path: Path) -> None:
    """With one name in the environment, nbclient runs a notebook in a fork."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import os; print(os.getppid(), os.getcwd())")]
    )
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook, path)
    code = (
        "import json, os, sys, nbformat; from nbclient import NotebookClient;"
        f"nb = nbformat.read({str(path)!r}, 4);"
        f"NotebookClient(nb, resources={{'metadata': {{'path': {str(tmp_path)!r}}}}}).execute();"
        "print(json.dumps([os.getpid(), nb.cells[0].outputs[0].text.split()]))"
    )
    found = {}
    for name in ("kefu-warm", "local-provisioner"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": name},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        server, (parent, cwd) = json.loads(done.stdout.splitlines()[-1])
        assert cwd == str(tmp_path)
        found[name] = int(parent) == server
    assert found == {"kefu-warm": False, "local-provisioner": True}
