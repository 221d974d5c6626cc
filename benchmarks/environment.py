"""An environment for peers: they have versions of their own of much that kefu uses."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

__all__ = ["environment", "versions"]


def environment(name: str, pins: Path) -> Path:
    """The Python that has the pinned peers; made at the first call, which downloads them with pip.

    It lies in the user's cache, under a name that changes with the pins.

    Raises:
        subprocess.CalledProcessError: pip could not install them.
    """
    mark = hashlib.sha256(pins.read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "kefu" / f"{name}-{mark}"
    python, whole = folder / "bin" / "python", folder / "whole"
    if not whole.exists():
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(pins)], check=True)
        whole.touch()
    return python


def versions(python: Path, packages: Sequence[str]) -> dict[str, str]:
    """The versions of distributions in an environment."""
    code = (
        "import json, sys; from importlib.metadata import version;"
        "print(json.dumps({name: version(name) for name in sys.argv[1:]}))"
    )
    said = subprocess.run(
        [str(python), "-c", code, *packages], check=True, capture_output=True, text=True
    ).stdout
    found: dict[str, str] = json.loads(said)
    return found
