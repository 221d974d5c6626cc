"""What cannot be forked starts as it always did."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernels.forking import LAUNCH, kernel, spec


def _answers(*flags: str, **kwargs: object) -> bool:
    """Whether the kernel was forked; it answers in any case."""

    async def see() -> bool:
        async with kernel(spec(*flags), **kwargs) as one:  # type: ignore[arg-type]
            assert await one.run("print(6 * 7)") == "42"
            return one.forked

    return asyncio.run(see())


def test_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another system than Linux every kernel starts the ordinary way."""
    assert _answers("-P")
    monkeypatch.setattr("kefu.kernels.provisioner.sys.platform", "darwin")
    assert not _answers("-P")


def test_an_old_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """So they do where a process cannot be held by a file."""
    monkeypatch.delattr("os.pidfd_open")
    assert not _answers("-P")


def test_no_more_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So they do where no warm process can be started."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("kefu.kernels.pool._Warm", refuse)
    assert not _answers("-P", "-X", "refused")


def test_a_pipe_is_for_a_child() -> None:
    """A server that wants to read a kernel's own output gets a child of its own."""
    assert not _answers("-P", stdout=subprocess.DEVNULL)


def test_another_command(tmp_path: Path) -> None:
    """Only this very Python's `-m ipykernel_launcher` is forked."""
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    script = tmp_path / "kernel.sh"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -P "$@"\n')
    script.chmod(0o755)

    async def see() -> list[bool]:
        found = []
        for argv in (
            [str(script), *LAUNCH],
            [sys.executable, "-m", "ipykernel", *LAUNCH[2:]],
            ["/usr/bin/env", sys.executable, *LAUNCH],
        ):
            wanted = spec()
            wanted.argv = argv
            async with kernel(wanted) as one:
                assert await one.run("print(6 * 7)") == "42"
                found.append(one.forked)
        return found

    assert asyncio.run(see()) == [False, False, False]


@pytest.mark.parametrize(
    ("flags", "forked"),
    [
        (["-P", "-u", "-Wignore", "-W", "error::DeprecationWarning:x", "-Xa"], True),
        (["-I"], True),
        (["-c", "pass"], False),
        (["-i"], False),
        (["script.py"], False),
        (["--help"], False),
        (["-X"], False),
    ],
)
def test_which_flags(flags: list[str], forked: bool) -> None:
    """Flags of the interpreter go to the warm process; what is none is left alone."""
    from kefu.kernels.provisioner import _flags

    assert _flags([sys.executable, *flags, *LAUNCH]) == (tuple(flags) if forked else None)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A kernel that cannot start says so, as ever."""

    async def see() -> None:
        async with kernel(spec("-P"), cwd=tmp_path / "gone"):
            pass

    with pytest.raises(FileNotFoundError):
        asyncio.run(see())


def test_a_fork_that_cannot_enter_its_folder_is_no_fork(tmp_path: Path) -> None:
    """Nothing is left of a kernel that failed: its manager sees it end."""
    before = len(os.listdir("/proc/self/fd"))

    async def see() -> None:
        wanted = spec("-P")
        wanted.argv.append("--IPKernelApp.kernel_class=not.there")
        async with kernel(wanted):
            pass

    with pytest.raises(RuntimeError, match="died"):
        asyncio.run(see())
    assert len(os.listdir("/proc/self/fd")) <= before + 2, "a warm process may be new"
