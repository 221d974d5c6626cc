"""The command as a person runs it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["kefu"]


def kefu(
    folder: Path, *words: str, code: int = 0, typed: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `kefu` in a folder, in English, and insist on its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "kefu", *words],
        cwd=folder,
        env={**os.environ, "LC_ALL": "en_US.UTF-8", **env},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done
