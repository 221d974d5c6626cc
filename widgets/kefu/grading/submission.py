"""What a learner handed in, read safely: regular files of our own names, and nothing else.

A hand-in is a stranger's folder.
Whatever in it is a link, a device, too large or not ours is set aside under `refused/`,
and the instructor is told; what is left can be read, copied and shown by nbgrader as well.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

from kefu.journal import MOST_BYTES, Attempt, Contents, contents_of
from kefu.notebook import APPEALS, CARDS, JOURNAL
from kefu.text import Text

__all__ = ["STAMP", "Submission", "gather", "handed_in", "passed_over", "printable", "tidy"]

STAMP = "timestamp.txt"
"""When a hand-in came, as nbgrader keeps it."""
_MOST = {JOURNAL: MOST_BYTES, STAMP: 200}
_PATTERN = frozenset("*?[]")
_MOST_TOLD = 5
_LONGEST_NAME = 80
_OURS = (JOURNAL, STAMP, APPEALS, CARDS)  # beside the notebook; cards.json comes with the exchange


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one set. `remarks` are for the instructor."""

    student: str
    set: str
    journal: bytes | None
    notebook: bytes | None
    stamp: str | None = None
    remarks: tuple[Text, ...] = ()

    @cached_property
    def contents(self) -> Contents:
        """What the journal holds, and what in it cannot be read."""
        return contents_of(self.journal or b"")

    @property
    def attempts(self) -> list[Attempt]:
        """The attempts of the journal, in its order."""
        return self.contents.attempts

    @property
    def at(self) -> str:
        """When it was handed in, as a journal writes time: its stamp, else its last answer.

        Empty where neither tells.
        """
        if self.stamp:
            with suppress(ValueError, ParserError, OverflowError):
                at = parse_date(self.stamp)
                at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
                return f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
        return self.attempts[-1].at if self.attempts else ""

    @property
    def digest(self) -> str:
        """Tells this hand-in from any other (16 hex digits)."""
        made = sha256()
        for part in (self.journal, self.notebook, (self.stamp or "").encode()):
            made.update(b"-" if part is None else b"%d:" % len(part) + part)
        return made.hexdigest()[:16]


def handed_in(submitted: Path, set_slug: str) -> Iterator[str]:
    """The learners that have a folder for a set, in their order, as nbgrader finds them."""
    return (name for name in _folders(submitted, set_slug) if _is_number(name))


def passed_over(submitted: Path, set_slug: str) -> Iterator[str]:
    """Folders beside them whose names are no learner's number.

    Nbgrader would take them for a pattern, or for several lines.
    """
    return (name for name in _folders(submitted, set_slug) if not _is_number(name))


def _folders(submitted: Path, set_slug: str) -> Iterator[str]:
    if submitted.is_dir():
        for one in sorted(submitted.iterdir()):
            if not one.name.startswith(".") and os.path.lexists(one / set_slug):
                yield one.name


def _is_number(name: str) -> bool:
    return name.isprintable() and not _PATTERN.intersection(name)


def tidy(submitted: Path, student: str, set_slug: str, released: str) -> tuple[Text, ...]:
    """Set aside whatever in a hand-in is not a regular file of ours; gives what was.

    Where the notebook is missing or was set aside, the released one takes its place:
    no answer stands in it.

    Args:
        submitted: the folder of all hand-ins.
        student: whose hand-in.
        set_slug: of which set.
        released: the notebook as it was released.
    """
    mine, folder = submitted / student, submitted / student / set_slug
    aside = submitted.parent / "refused" / set_slug / student
    moved: list[str] = []
    for one in (mine, folder):
        if one.is_symlink() or not one.is_dir():
            moved.append(_set_aside(one, aside))
            one.mkdir()
    notebook = f"{set_slug}.ipynb"
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        ours = entry.name in (notebook, *_OURS) and not _fault(entry, entry.name)
        if not ours and not entry.name.startswith("."):
            moved.append(_set_aside(Path(entry.path), aside))
    remarks = _told(moved)
    if not os.path.lexists(folder / notebook):
        (folder / notebook).write_text(released, "utf-8")
        remarks.append(
            Text(
                f"没有交 {notebook}，放回了发布时的那一份",
                f"{notebook} was not handed in; the released one was put in its place",
            )
        )
    return tuple(remarks)


def gather(submitted: Path, student: str, set_slug: str, told: tuple[Text, ...] = ()) -> Submission:
    """Read what a learner handed in, after `tidy`; what cannot be read counts as not handed in.

    Args:
        submitted: the folder of all hand-ins.
        student: whose hand-in.
        set_slug: of which set.
        told: what `tidy` had to say.
    """
    folder = submitted / student / set_slug
    stamp = _read(folder, STAMP)
    return Submission(
        student,
        set_slug,
        _read(folder, JOURNAL),
        _read(folder, f"{set_slug}.ipynb"),
        stamp.decode("utf-8", "replace").strip() if stamp else None,
        told,
    )


def _fault(entry: os.DirEntry[str], name: str) -> bool:
    """Whether a thing of our name is not what it should be."""
    there = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(there.st_mode) or there.st_nlink != 1:
        return True
    if there.st_size > _MOST.get(name, MOST_BYTES):
        return True
    return name == STAMP and not _is_time(Path(entry.path))


def _is_time(file: Path) -> bool:
    """Whether nbgrader can read a time in it; an empty file is none, and harmless."""
    try:
        said = file.read_text("utf-8").strip()
        if said:
            at = parse_date(said)
            at - (at.utcoffset() or timedelta())  # as nbgrader does
    except (OSError, ValueError, ParserError, OverflowError):
        return False
    return True


def _set_aside(thing: Path, aside: Path) -> str:
    """Move a thing, never what it points to; what cannot be moved is taken away. Gives its name."""
    aside.mkdir(parents=True, exist_ok=True)
    name = thing.name
    for n in range(1, 1000):
        if not os.path.lexists(aside / name):
            break
        name = f"{thing.name}.{n}"
    try:
        thing.rename(aside / name)
    except OSError:
        with suppress(OSError):
            thing.unlink() if not thing.is_dir() or thing.is_symlink() else shutil.rmtree(thing)
    return thing.name


def _told(names: list[str]) -> list[Text]:
    """What was set aside: a few by their names, and how many more."""
    remarks = []
    for name in names[:_MOST_TOLD]:
        said = printable(name)
        remarks.append(
            Text(
                f"交来的 {said} 不是该交的普通文件，没有读，放进了 refused/",
                f"{said} is no plain file that belongs here; "
                "it was not read and lies under refused/",
            )
        )
    if more := len(names[_MOST_TOLD:]):
        remarks.append(
            Text(
                f"另有 {more} 样也不该交，都放进了 refused/",
                f"{more} more that do not belong here lie under refused/ as well",
            )
        )
    return remarks


def printable(name: str) -> str:
    """A stranger's name in a line: without what a terminal obeys, or what looks like our lines."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)[:_LONGEST_NAME]


def _read(folder: Path, name: str) -> bytes | None:
    """A regular file's bytes, never through a link and never waiting on a pipe."""
    flags = os.O_RDONLY
    for more in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, more, 0)
    try:
        with open(os.open(folder / name, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return file.read(_MOST.get(name, MOST_BYTES))
    except OSError:
        return None
