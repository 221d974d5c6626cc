"""Attempts, appended and never rewritten; what one knows of a learner is a fold over them.

Beside a learner's notebook the journal is a file of JSON lines.
An attempt is acknowledged only when it is on disk, so that "saved" is true whenever it is shown.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, TypeVar

from kefu.card import Response, canonical
from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Attempt", "Contents", "FileJournal", "NotSaved", "append_line", "contents_of", "latest",
           "now", "parse", "read_lines"]  # fmt: skip

MOST_BYTES = 16 * 2**20
"""No more of a journal is read, nor written: years of honest answers fit, a flood does not."""
LONGEST_LINE = 64 * 2**10

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one card.

    `id` is made where the answer was given, and a journal takes an id once:
    sending an attempt again is harmless.
    `at` is ISO 8601 in UTC with milliseconds.
    """

    id: str
    item: str
    version: str
    response: Response
    at: str
    lang: str | None = None


class NotSaved(KefuError):  # noqa: N818 - what happened, not what went wrong with the program
    """An attempt did not reach the disk."""

    @classmethod
    def because(cls, error: OSError) -> NotSaved:
        """In words that help: a full disk, a folder that is closed, or what the system said."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return cls(
                Text("磁盘满了，答案还没存上", "the disk is full, so the answer is not saved yet"),
                Text("腾出一点空间再试一次", "free some space and try again"),
            )
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            return cls(
                Text(
                    "这个文件夹不能写入，答案还没存上",
                    "this folder cannot be written to, so the answer is not saved yet",
                ),
                Text(
                    "把课程移到自己的文件夹里再打开",
                    "move the course to a folder of your own and open it there",
                ),
            )
        said = error.strerror or type(error).__name__
        return cls(
            Text(f"答案还没存上（{said}）", f"the answer is not saved yet ({said})"),
            Text("请再试一次", "please try again"),
        )


def now() -> str:
    """The time in UTC as a journal writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(line: bytes | str) -> Attempt | None:
    """One line of a journal; None for whatever is not a whole attempt."""
    try:
        data: Any = json.loads(line.decode("utf-8-sig") if isinstance(line, bytes) else line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    strings = ("id", "item", "version", "at")
    if not all(isinstance(data.get(name), str) for name in strings):
        return None
    if not (isinstance(data.get("response"), dict) and _AT.fullmatch(data["at"])):
        return None
    lang = data.get("lang")
    return Attempt(
        **{name: data[name] for name in strings},
        response=data["response"],
        lang=lang if lang in ("zh", "en") else None,
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal's bytes hold: the whole attempts, and how many lines are none.

    `torn`: the last line broke off half-way, as when the power goes; `unreadable` leaves it out.
    """

    attempts: list[Attempt]
    unreadable: int
    torn: bool


def contents_of(journal: bytes) -> Contents:
    """Read a journal's bytes, whatever stands in them."""
    found, unreadable = dict[str, Attempt](), 0
    for line in journal.split(b"\n"):
        fits = len(line) <= LONGEST_LINE
        attempt = parse(line) if line and fits else None
        if attempt:
            found.setdefault(attempt.id, attempt)
        elif line.strip():
            unreadable += 1
    # Of the last line, which no newline has ended.
    torn = attempt is None and fits and line.startswith(b"{")
    return Contents([*found.values()], unreadable - torn, torn)


def latest(attempts: Iterable[Attempt], of: Callable[[Attempt], T]) -> dict[T, Attempt]:
    """The last attempt of each group, in the order of the journal."""
    return {of(attempt): attempt for attempt in attempts}


class FileJournal:
    """A journal in a file of JSON lines, shared by every notebook and tab that opens it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder_synced = False

    def attempts(self) -> Iterator[Attempt]:
        """Every whole attempt; torn and foreign lines are passed over.

        Raises:
            KefuError: the file is there but cannot be read, or is no regular file.
        """
        yield from contents_of(read_lines(self.path)).attempts

    def is_closed(self) -> bool:
        """Whether it is plain already that nothing can be appended: no permission to write."""
        there = self.path if os.path.exists(self.path) else self.path.parent
        return not os.access(there, os.W_OK)

    def append(self, attempt: Attempt) -> None:
        """Write one attempt; on return it is on disk.

        Raises:
            NotSaved: it is not on disk; nothing of it is left in the way of the next.
        """
        try:
            line = canonical(asdict(attempt)).encode() + b"\n"
        except (ValueError, RecursionError) as error:
            # Half a character, or brackets a thousand deep: no line of JSON can hold it.
            raise _too_much() from error
        append_line(self.path, line, sync_folder=not self._folder_synced)
        self._folder_synced = True


def read_lines(path: Path, most: int = MOST_BYTES) -> bytes:
    """What a file of lines holds, and no more than `most` bytes of it; nothing if there is none.

    Raises:
        KefuError: the file is there but cannot be read, or is no regular file.
    """
    try:
        with _opened(path, os.O_RDONLY) as file:
            return BufferedReader(file).read(most)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise KefuError(
            Text(
                f"读不了 {path.name}（{error.strerror}）",
                f"{path.name} cannot be read ({error.strerror})",
            ),
            Text("请检查这个文件的权限", "check the permissions of this file"),
        ) from error


def append_line(
    path: Path, line: bytes, *, most: int = MOST_BYTES, sync_folder: bool = True
) -> None:
    """Append a line, which ends in a newline; on return it is on disk.

    A line that an earlier crash tore is closed first, so that it costs nothing but itself.

    Raises:
        NotSaved: it is not on disk; nothing of it is left in the way of the next.
    """
    if len(line) > LONGEST_LINE:
        raise _too_much()
    try:
        with _opened(path, os.O_RDWR | os.O_APPEND | os.O_CREAT) as file, _locked(file):
            fd = file.fileno()
            end = os.fstat(fd).st_size
            if end and _last_byte(fd, end) != b"\n":
                line = b"\n" + line
            if end + len(line) > most:
                # What nobody would read back is not saved.
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            try:
                if file.write(line) != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(fd)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(fd, end)
                raise
        if sync_folder:
            _sync_folder(path.parent)
    except OSError as error:
        raise NotSaved.because(error) from error


def _too_much() -> NotSaved:
    return NotSaved(
        Text("答案太长，没有存", "the answer is too long to be saved"),
        Text("请写短一些", "please make it shorter"),
    )


def _opened(path: Path, flags: int) -> FileIO:
    """Open a regular file: never through a link, never waiting on a pipe that stands there.

    Raises:
        OSError: it cannot be opened so.
    """
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    fd = os.open(path, flags, 0o644)
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return FileIO(fd, "r+" if flags & os.O_RDWR else "r")
    os.close(fd)
    raise OSError(errno.EINVAL, "not a regular file")


def _last_byte(fd: int, end: int) -> bytes:
    os.lseek(fd, end - 1, os.SEEK_SET)
    return os.read(fd, 1)


def _sync_folder(folder: Path) -> None:
    """A new file's name is on disk only when its folder is; Windows has no such call."""
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        except OSError as error:
            # Some file systems (shares, mounts of another machine) know no such call either.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(fd)


if sys.platform != "win32":
    import fcntl

    @contextmanager
    def _locked(file: FileIO) -> Iterator[None]:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

else:
    import msvcrt

    @contextmanager
    def _locked(file: FileIO) -> Iterator[None]:
        fd = file.fileno()
        # A byte far behind the end serves as the lock: reading the file is never held up.
        os.lseek(fd, 2**40, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(fd, 2**40, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
