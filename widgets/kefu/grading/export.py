"""Scores as files that spreadsheets read rightly: `kefu export`, and nbgrader's own export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from kefu.grading.deadlines import Extensions, shown
from kefu.grading.roster import learners
from kefu.grading.scores import items, scores, sets
from kefu.grading.sheets import Value, write_sheets
from kefu.grading.standing import Standing, lateness, standings
from kefu.places import Places
from kefu.text import Text, preferred

__all__ = ["CsvExport", "export", "standing_rows"]

_SCORES = (
    "学号 · number", "姓名 · name", "作业 · set", "状态 · state", "得分 · score", "满分 · max",
    "迟交 · late", "迟交扣分 · penalty", "待人工批 · to mark", "交卷时间 · handed in",
    "截止 · due",
)  # fmt: skip
_ITEMS = (
    "学号 · number", "姓名 · name", "作业 · set", "题 · item", "得分 · score", "满分 · max",
    "自动 · automatic", "人工 · by hand", "待人工批 · to mark", "评语 · comment",
)  # fmt: skip
_EXACT = 6  # decimals; nbgrader's export is read by other programs


def export(book: Gradebook, places: Places, waiting: Extensions, to: Path) -> list[Path]:
    """Write every learner's score in every set, and every item's; gives the files.

    An XLSX has both as sheets; a CSV has its items in a second file, `<name>-items.csv`.
    Whoever handed in nothing has 0, as in nbgrader; what is not graded yet has no score.

    Raises:
        OSError: it cannot be written.
    """
    names = {number: one.name for number, one in learners(book).items()}
    by_item = (
        (i.student, names.get(i.student, ""), i.set, i.item, i.score, i.points, i.auto, i.manual,
         int(i.waiting), i.comment)
        for i in items(book)
    )  # fmt: skip
    rows = standing_rows(standings(book, places, waiting), datetime.now(UTC))
    return write_sheets(to, {"scores": (_SCORES, rows[1]), "items": (_ITEMS, by_item)})


def standing_rows(
    found: Iterable[Standing], now: datetime
) -> tuple[tuple[str, ...], list[tuple[Value, ...]]]:
    """Heading and rows of a table with one row for each learner and set."""
    return _SCORES, [_row(one, now) for one in found]


def _row(one: Standing, now: datetime) -> tuple[Value, ...]:
    lang, score = preferred(), one.score
    graded = score if one.graded else None
    return (
        one.learner.number,
        one.learner.name,
        one.set.name,
        _state(one, now)[lang],
        (graded.total if graded else None) if one.handed_in else 0.0,
        one.set.points,
        lateness(one.late)[lang],
        graded.penalty if graded else None,
        graded.waiting if graded else None,
        shown(one.at) if one.at else "",
        shown(one.until) if one.until else "",
    )


def _state(one: Standing, now: datetime) -> Text:
    state = one.state(now)
    if one.listed:
        return state
    return Text(f"{state.zh}，不在名单里", f"{state.en}, not in the class")


class CsvExport(ExportPlugin):  # type: ignore[misc]
    """What `nbgrader export` writes, column for column, as a CSV that is quoted.

    Without it a comma in a name moves every column behind it, and a name may be a formula.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write every learner's score in each set to `--to`, else to `grades.csv`."""
        to = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", to)
        write_sheets(to, {"grades": (_NBGRADER, self._rows(gradebook))}, decimals=_EXACT)

    def _rows(self, book: Gradebook) -> Iterator[tuple[Value, ...]]:
        only, who = ({f"{one}" for one in asked} for asked in (self.assignment, self.student))
        booked = scores(book)
        for one in sets(book):
            for student in learners(book).values():
                if (only and one.name not in only) or (who and student.number not in who):
                    continue
                score = booked.get((one.name, student.number))
                yield (
                    one.name,
                    _naive(one.due),
                    _naive(score.at) if score else "",
                    student.number,
                    student.last,
                    student.first,
                    student.email,
                    score.score if score else 0.0,
                    score.penalty if score else 0.0,
                    score.total if score else 0.0,
                    one.points,
                )


_NBGRADER = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def _naive(at: datetime | None) -> str:
    """UTC without a zone, as nbgrader writes it."""
    return f"{at.replace(tzinfo=None)}" if at else ""
