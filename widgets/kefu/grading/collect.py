"""Taking back what learners hand in: two plugins of `nbgrader zip_collect`.

One file a learner, `<set>--<learner's number>.zip`, or the folder it was unpacked to.
Only a notebook, the journal and the questions about marks are taken out of it, whatever else it
holds and wherever it would put it.
A file that cannot be read is told to the instructor, and never keeps back another's.
"""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from kefu.errors import KefuError
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


class HandInExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Take notebook, journal and questions out of each hand-in, into a folder of its name."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Read every hand-in below `archive_path` into `extracted_path`."""
        for given in sorted(Path(archive_path).iterdir()):
            name = _NAME.fullmatch(given.stem if given.suffix == ".zip" else given.name)
            # A pipe is neither file nor folder: whoever opens one waits.
            is_one = given.is_dir() or (given.suffix == ".zip" and given.is_file())
            if given.is_symlink() or not name or not is_one:
                self.log.warning("Not a hand-in, passed over: %s", given.name)
                continue
            if name["set"] != (self._asked() or name["set"]):
                # It would take the place of the learner's answers to the set that is collected.
                self.log.warning("Of another set, passed over: %s", given.name)
                continue
            wanted = (f"{name['set']}.ipynb", JOURNAL, APPEALS)
            into = Path(extracted_path, given.stem if given.suffix == ".zip" else given.name)
            into.mkdir(parents=True, exist_ok=True)
            try:
                (_unfold if given.is_dir() else _unzip)(given, into, wanted)
            except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as e:
                self.log.warning("Cannot be read, ask for it again: %s (%s)", given.name, e)
            except Exception as e:  # zlib and its like raise errors of their own
                self.log.warning("Damaged, ask for it again: %s (%r)", given.name, e)

    def _asked(self) -> str:
        """The set that is collected; empty outside of nbgrader's command."""
        course = getattr(self.parent, "coursedir", None)
        return str(course.assignment_id) if course else ""


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
