"""What belongs to a course, and where it is: folders, loose files, databases."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Self

import sqlalchemy as sa

from kefu.coursework import JOURNAL, PRIVATE
from kefu.errors import KefuError
from kefu.places import MARK, Places
from kefu.text import Text

__all__ = ["FOLDERS", "HOUSE", "STAGE", "Home", "is_safe", "loose", "opened", "sqlite_file", "walk"]

FOLDERS = ("submitted", "autograded", "feedback", "exercises", "solutions", "content")
"""Folders below the root that are kept whole."""
HOUSE = "house"
"""In a backup: the folder that `KEFU_CONTENT` names, where it lies elsewhere."""
STAGE = ".kefu-restore"
"""Where a restore gets things ready; it is there only while one runs, or after one was killed."""

# What others make, what can be made again, and what is a learner's alone.
_PASSED = (".ipynb_checkpoints", "__pycache__", PRIVATE)
_LONGEST = 1024
# Control characters, half a character, a backslash, a drive's letter.
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]|^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a course's things are.

    `house` is the folder of `KEFU_CONTENT` (None: it names none, or one below the root that is
    kept anyway); `urls` are the SQLAlchemy URLs of `gradebook` and `house`.
    """

    root: Path
    house: Path | None
    urls: Mapping[str, str]

    @classmethod
    def at(cls, root: Path, env: Mapping[str, str] = os.environ) -> Self:
        """The course in a folder; with an empty `env`, everything of it is in that folder."""
        places = Places(root=root, contents=())
        named = env.get("KEFU_CONTENT")
        house = Path(named).expanduser().resolve() if named else None
        if house is not None and house == root / "content":
            house = None
        urls = {"gradebook": places.gradebook(env), "house": places.database(env)}
        return cls(root=root, house=house, urls=urls)

    def folders(self) -> dict[str, Path]:
        """Every folder that is kept, by its name in a backup."""
        found = {name: self.root / name for name in FOLDERS}
        return found if self.house is None else {**found, HOUSE: self.house}

    def places(self) -> dict[str, Path]:
        """Where each folder of a backup goes; a house's folder that nothing names, to the root."""
        return {HOUSE: self.root / HOUSE, **self.folders()}


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for every other kind.

    Raises:
        KefuError: it is no address of a database.
    """
    try:
        made = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise KefuError(
            Text("数据库地址读不懂", "the database's address cannot be read"),
            Text("请改正 KEFU_DB 或 KEFU_GRADEBOOK", "correct KEFU_DB or KEFU_GRADEBOOK"),
        ) from error
    if made.get_backend_name() != "sqlite":
        return None
    return Path(made.database or "")


def is_safe(name: str) -> bool:
    """Whether a name can only mean a file below the folder it is written to, on any system."""
    return (
        len(name) <= _LONGEST
        and not _ODD.search(name)
        and all(part not in ("", ".", "..") for part in name.split("/"))
    )


def loose(root: Path) -> Iterator[str]:
    """Journals that lie outside the kept folders, and the course's settings, by their paths.

    A folder with settings of its own is another course, and is not looked into.
    """
    if (root / MARK).is_file():
        yield MARK
    for folder, names, files in os.walk(root, followlinks=False):
        here = Path(folder)
        if here == root:
            names[:] = [n for n in names if n not in (*FOLDERS, "backups")]
        elif MARK in files:
            names.clear()
            continue
        names[:] = sorted(
            n for n in names if not n.startswith(".") and n not in (*_PASSED, "node_modules")
        )
        if JOURNAL in files:
            yield (here / JOURNAL).relative_to(root).as_posix()


def walk(top: Path) -> Iterator[tuple[str, IO[bytes] | None, os.stat_result | None]]:
    """Every file below a folder: its path, the file opened for reading, and its status.

    No link is followed, neither to a file nor to a folder; what is not a plain file with one name
    is given as (path, None, None), as is what cannot be read.
    """
    if top.is_symlink():
        yield "", None, None
        return
    for folder, names, files, fd in os.fwalk(top, follow_symlinks=False):
        below = PurePosixPath(os.path.relpath(folder, top))
        links = [n for n in names if _is_link(n, fd)]
        names[:] = sorted(n for n in names if n not in (*links, *_PASSED))
        for name in sorted([*files, *links]):
            path = (below / name).as_posix()
            file = opened(name, fd)
            if file is None:
                yield path, None, None
                continue
            with file:
                yield path, file, os.fstat(file.fileno())


def _is_link(name: str, folder: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def opened(name: str | Path, folder: int | None = None) -> IO[bytes] | None:
    """A plain file with one name, opened for reading; None for anything else."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        fd = os.open(name, flags, dir_fd=folder)
    except OSError:
        return None
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        os.close(fd)
        return None
    return os.fdopen(fd, "rb")
