"""Taking back what learners hand in: two plugins of `nbgrader zip_collect`.

One file a learner, `<set>--<learner's number>.zip`, or the folder it was unpacked to.
Only a notebook, the journal and the questions about marks are taken out of it, whatever else it
holds and wherever it would put it.
A file that cannot be read is told to the instructor, and never keeps back another's.
Of all that is logged only what somebody should act on is shown, so that nothing buries it.
"""

from __future__ import annotations

import logging
import re
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from kefu.errors import KefuError
from kefu.grading.submission import printable
from kefu.journal import MOST_BYTES, FileJournal
from kefu.notebook import APPEALS, JOURNAL

__all__ = ["HandInCollector", "HandInExtractor"]

# A second download of the same name gets " (1)" from browsers.
_NAME = re.compile(
    r"(?P<set>[a-z0-9]+(?:-[a-z0-9]+)*)--(?P<student_id>[A-Za-z0-9][A-Za-z0-9_-]{0,31})"
    r"(?: ?\(\d+\))?"
)
# The other ways to compress are unpacked at one go, so that a small file may fill the memory.
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NEVER = datetime.fromtimestamp(0, UTC)
# What nbgrader warns of though nothing is wrong: each learner, each time.
_ROUTINE = re.compile(
    r"Directory not found\. Creating|Clearing existing|Replacing previously|\d+ files collected"
    r"|Skipped submission file with older"
)
_NO_BOOK = (
    "没有笔记本，放了发布时的那一份，答案照批 · "
    "No notebook in it, the released one was put there and the answers count: %s"
)


def _matters(record: logging.LogRecord) -> bool:
    """Whether a line is ours, or one of nbgrader's that tells of more than its steps."""
    routine = record.levelno < logging.WARNING or _ROUTINE.match(record.getMessage())
    return record.pathname == __file__ or not routine


class HandInExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Take notebook, journal and questions out of each hand-in, into a folder of its name."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        if getattr(self.parent, "log_level", logging.DEBUG) > logging.DEBUG:
            self.log.addFilter(_matters)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Read every hand-in below `archive_path` into `extracted_path`."""
        count = 0
        for given in sorted(Path(archive_path).iterdir()):
            name = _NAME.fullmatch(given.stem if given.suffix == ".zip" else given.name)
            # A pipe is neither file nor folder: whoever opens one waits.
            is_one = given.is_dir() or (given.suffix == ".zip" and given.is_file())
            if given.is_symlink() or not name or not is_one:
                self._warn("不是交卷文件，没有收 · Not a hand-in, passed over: %s", given)
                continue
            if name["set"] != (self._asked() or name["set"]):
                # It would take the place of the learner's answers to the set that is collected.
                self._warn("是别的作业，没有收 · Of another set, passed over: %s", given)
                continue
            wanted = (f"{name['set']}.ipynb", JOURNAL, APPEALS)
            into = Path(extracted_path, given.stem if given.suffix == ".zip" else given.name)
            into.mkdir(parents=True, exist_ok=True)
            try:
                (_unfold if given.is_dir() else _unzip)(given, into, wanted)
            except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as e:
                self._warn(
                    "读不了，请再要一份 · Cannot be read, ask for it again: %s (%s)", given, e
                )
            except Exception as e:  # zlib and its like raise errors of their own
                self._warn("坏了，请再要一份 · Damaged, ask for it again: %s (%r)", given, e)
            else:
                self._complete(given, into, name["set"])
            count += any(into.iterdir())
        self.log.info("收到 %d 份 · hand-ins taken: %d", count, count)

    def _complete(self, given: Path, into: Path, set_slug: str) -> None:
        """Make up for a missing notebook: `nbgrader autograde` passes over who has none."""
        if not any(into.iterdir()):
            self._warn("里面什么都没有，请再要一份 · Nothing in it, ask for it again: %s", given)
        elif self._course and not (book := into / f"{set_slug}.ipynb").is_file():
            released = self._course.format_path(self._course.release_directory, ".", set_slug)
            if (its := Path(released, book.name)).is_file():
                shutil.copyfile(its, book)
                self._warn(_NO_BOOK, given)

    def _warn(self, words: str, given: Path, *more: object) -> None:
        self.log.warning(words, printable(given.name), *more)

    @property
    def _course(self) -> Any:
        """The course that nbgrader's command works on; None outside of it."""
        return getattr(self.parent, "coursedir", None)

    def _asked(self) -> str:
        """The set that is collected; empty outside of nbgrader's command."""
        return str(self._course.assignment_id) if self._course else ""


class HandInCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Whose hand-in a file is, and when its last answer was given.

    The time makes a second hand-in newer than the first, so that autograde takes it up.
    """

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Student, file and time; None for what is no part of a hand-in."""
        file = Path(submitted_file)
        name = _NAME.fullmatch(file.parent.name)
        if not name or file.name not in (f"{name['set']}.ipynb", JOURNAL, APPEALS):
            return None
        return {
            "student_id": name["student_id"],
            "file_id": file.name,
            "timestamp": f"{_last_answer(file.parent):%Y-%m-%d %H:%M:%S.%f} UTC",
        }


def _last_answer(folder: Path) -> datetime:
    """When the last answer was given, by the learner's clock, and never later than now."""
    try:
        times = [a.at for a in FileJournal(folder / JOURNAL).attempts()]
    except KefuError:
        times = []
    if not times:
        return _NEVER
    try:
        return min(datetime.fromisoformat(times[-1]).astimezone(UTC), datetime.now(UTC))
    except (ValueError, OverflowError):
        return _NEVER


def _unzip(given: Path, into: Path, wanted: tuple[str, ...]) -> None:
    with zipfile.ZipFile(given) as archive:
        # Whoever zips the folder again puts one more folder around: the outermost file counts.
        inside = sorted(archive.infolist(), key=lambda info: info.filename.count("/"))
        for name in wanted:
            found = [i for i in inside if i.filename.rsplit("/", 1)[-1] == name]
            if found:
                if found[0].compress_type not in _PLAIN:
                    raise zipfile.BadZipFile("neither stored nor deflated")
                with archive.open(found[0]) as source:
                    _copy(source, into / name)


def _unfold(given: Path, into: Path, wanted: tuple[str, ...]) -> None:
    for name in wanted:
        if (given / name).is_file() and not (given / name).is_symlink():
            with (given / name).open("rb") as source:
                _copy(source, into / name)


def _copy(source: IO[bytes], target: Path) -> None:
    """No more than any honest file holds."""
    target.write_bytes(source.read(MOST_BYTES))
