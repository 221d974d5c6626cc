"""The command as a person runs it: a process of its own."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["kefu", "python"]

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = {"LC_ALL": "en_US.UTF-8"}


def kefu(
    folder: Path, *words: str, code: int = 0, typed: str = "", cold: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `kefu` in a folder, in English, and insist on its exit code.

    Args:
        folder: where.
        words: the command's words.
        code: what it must end with.
        typed: what comes in at its standard input.
        cold: start Python for it, rather than fork a process that has imported what it needs;
            a law that starts a command often starts it cold once.
    """
    run = _cold if cold else _forked
    done = run(folder, words, typed)
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def python(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of code in a process of its own, in which kefu is soon imported."""
    return _asked(["python"], folder=str(folder), code=code)


def _cold(folder: Path, words: tuple[str, ...], typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kefu", *words],
        cwd=folder,
        env={**os.environ, **ENGLISH},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def _forked(folder: Path, words: tuple[str, ...], typed: str) -> subprocess.CompletedProcess[str]:
    return _asked(["kefu", *words], typed, folder=str(folder), words=words)


def _asked(args: list[str], typed: str = "", **what: Any) -> subprocess.CompletedProcess[str]:
    what["env"] = {**os.environ, **ENGLISH}
    with ExitStack() as opened:
        files = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
        for file, text in zip(files, (json.dumps(what), typed), strict=False):
            file.write(text.encode())
            file.seek(0)
        ready = _ready()
        try:
            socket.send_fds(ready, [b"?"], [file.fileno() for file in files])
            code = int(ready.recv(64))
        except BaseException:
            # Its answer may still come, and would be taken for the next one's.
            _ready.cache_clear()
            raise
        for file in files[2:]:
            file.seek(0)
        out, err = (file.read().decode() for file in files[2:])
    return subprocess.CompletedProcess(args, code, out, err)


@cache
def _ready() -> socket.socket:
    """What leads to the process that forks, and by being closed ends it."""
    mine, its = socket.socketpair()
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.ready", str(its.fileno())],
            cwd=ROOT,
            env={**os.environ, **ENGLISH},
            pass_fds=[its.fileno()],
        )
    atexit.register(_end, mine, process)
    return mine


def _end(ready: socket.socket, process: subprocess.Popen[bytes]) -> None:
    ready.close()
    process.wait()
