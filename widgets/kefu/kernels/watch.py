"""Whether the packages that a warm process imported are still what they were."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["Watch", "outside"]

_SITES = ("site-packages", "dist-packages")
_Look = tuple[int, int]


class Watch:
    """Knows the files of some packages as they were; looks again when asked.

    Every folder of installed packages is watched by its own time, which changes when any
    distribution is installed, upgraded or removed.

    Args:
        looks: path → (time of the last change in ns, size in bytes).
    """

    def __init__(self, looks: dict[str, _Look] | None = None) -> None:
        self._looks = looks or {}

    @classmethod
    def of(cls, packages: Iterable[str]) -> Watch:
        """Look at every file of these packages, before they are imported."""
        files = [file for name in packages for file in _files(name)]
        sites = [path for path in sys.path if os.path.basename(path) in _SITES]
        looks = {path: _look(path) for path in (*files, *sites)}
        return cls({path: look for path, look in looks.items() if look})

    def stale(self) -> bool:
        """Whether any of it was changed, or removed."""
        return any(_look(path) != look for path, look in self._looks.items())


def outside(packages: Iterable[str]) -> list[str]:
    """Those that are not in a folder of installed packages, as one's own work is not."""
    return [name for name in packages if not any(_installed(place) for place in _places(name))]


def _installed(place: str) -> bool:
    return bool(set(_SITES) & set(Path(place).parts)) or place in ("built-in", "frozen")


def _look(path: str) -> _Look | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _places(package: str) -> list[str]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    return list(spec.submodule_search_locations or ()) or [spec.origin or ""]


def _files(package: str) -> Iterator[str]:
    for place in _places(package):
        if not os.path.isdir(place):
            yield place
        for folder, folders, names in os.walk(place):
            # What Python writes of itself changes with every first import.
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (os.path.join(folder, name) for name in names)
