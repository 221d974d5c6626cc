"""A clone whose Python is a stand-in: the Makefile and its scripts run, nothing is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["Clone", "clone"]

ROOT = Path(__file__).resolve().parent.parent

# Answers as a Python of the version in its name would, and makes a .venv whose python
# writes down what pip was asked; the file `fail` beside it makes pip fail.
STAND_IN = r"""
here=$(dirname "$0")
case "$1 $2" in
    "-c "*ensurepip*)
        [ ! -f "$here/old" ] || exit 3
        [ ! -f "$here/no-venv" ] || exit 4
        echo "$0" ;;
    "-c "*version_info*) echo 3.11 ;;
    "-m venv")
        shift 2
        [ "$1" != --clear ] || { rm -rf .venv; shift; }
        mkdir -p "$1/bin"
        echo "venv" >>"$here/calls"
        { echo "#!/bin/sh"; echo "here='$here'"; cat "$here/venv-python"; } >"$1/bin/python"
        chmod +x "$1/bin/python" ;;
esac
"""
VENV_PYTHON = r"""
[ "$1" != -c ] || exit 0
echo "$@" >>"$here/calls"
if [ -f "$here/kill" ]; then kill -KILL $PPID; exit 1; fi
if [ -f "$here/fail" ]; then echo "pip: no route to host" >&2; exit 1; fi
"""


class Clone:
    """A clone with a space in its name, and a PATH on which only the stand-in is Python."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "客服 clone"
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.root / "scripts").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, self.root / name)
        for script in (ROOT / "scripts").iterdir():
            shutil.copy(script, self.root / "scripts" / script.name)
        tools = "sh make env sed grep cksum cat tail dirname mkdir rm mv chmod touch id"
        for tool in tools.split():
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        self.program("uname", "echo Linux")
        (self.bin / "venv-python").write_text(VENV_PYTHON)
        self.python = self.program("python3", STAND_IN)

    def program(self, name: str, script: str) -> Path:
        """Puts a shell script on this PATH."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def set(self, name: str, *, on: bool = True) -> None:
        """Switches one of the stand-in's moods: old, no-venv, fail, kill."""
        if on:
            (self.bin / name).touch()
        else:
            (self.bin / name).unlink()

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Runs a command from elsewhere, as a caller does, with this PATH."""
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.bin,
            env={"PATH": str(self.bin), "LC_ALL": "C.UTF-8", **env},
        )

    def make(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Runs make for this clone."""
        return self.run("make", "--no-print-directory", "-C", str(self.root), *words, **env)

    def calls(self) -> list[str]:
        """What the stand-in was asked since the last time, oldest first."""
        calls = self.bin / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return lines

    @property
    def stamp(self) -> Path:
        """What an install leaves behind when it has come to its end."""
        return self.root / ".venv/.installed"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A fresh clone, nothing installed."""
    return Clone(tmp_path)
