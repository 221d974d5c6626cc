"""What the gradebook holds of a class, in a handful of queries however large it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

__all__ = ["Item", "Score", "SetRow", "items", "scores", "sets"]


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set: its name, when it is due (UTC; None: never), and its points."""

    name: str
    due: datetime | None
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """One learner's hand-in of one set, as it is booked.

    `score` is without the `penalty` for being late; `graded` and `waiting` count its cells,
    those that were marked or wait for it, and those that wait for a person.
    """

    at: datetime | None
    extension: timedelta | None
    score: float
    penalty: float
    graded: int
    waiting: int

    @property
    def total(self) -> float:
        """The score less the penalty, never below 0, as nbgrader counts it."""
        return max(0.0, self.score - self.penalty)


@dataclass(frozen=True, slots=True)
class Item:
    """One learner's mark for one cell; None: not marked so."""

    set: str
    student: str
    item: str
    score: float
    points: float
    auto: float | None
    manual: float | None
    waiting: bool
    comment: str


def sets(book: Gradebook) -> list[SetRow]:
    """Every set of the gradebook, by name."""
    points = dict[str, float]()
    query = (
        sa.select(Notebook.assignment_id, sa.func.sum(GradeCell.max_score))
        .join(GradeCell, GradeCell.notebook_id == Notebook.id)
        .group_by(Notebook.assignment_id)
    )
    for assignment, total in book.db.execute(query):
        points[assignment] = float(total)
    rows = book.db.execute(sa.select(Assignment.id, Assignment.name, Assignment.duedate))
    found = [SetRow(name, _utc(due), points.get(key, 0.0)) for key, name, due in rows]
    return sorted(found, key=lambda one: one.name)


def scores(book: Gradebook) -> dict[tuple[str, str], Score]:
    """Every hand-in that is booked, by set and learner."""
    waits = _waits()
    marks = _by_submission(
        book,
        sa.select(
            SubmittedNotebook.assignment_id,
            sa.func.sum(Grade.score),
            sa.func.count(Grade.id),
            sa.func.sum(sa.case((waits, 1), else_=0)),
        )
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .group_by(SubmittedNotebook.assignment_id),
    )
    penalties = _by_submission(
        book,
        sa.select(
            SubmittedNotebook.assignment_id,
            sa.func.sum(SubmittedNotebook.late_submission_penalty),
        ).group_by(SubmittedNotebook.assignment_id),
    )
    rows = book.db.execute(
        sa.select(
            SubmittedAssignment.id,
            Assignment.name,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
        ).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    found = dict[tuple[str, str], Score]()
    for key, name, student, at, extension in rows:
        score, graded, waiting = marks.get(key, (0.0, 0, 0))
        penalty = penalties.get(key, (0.0,))[0] or 0.0
        found[name, student] = Score(
            _utc(at), extension, float(score), float(penalty), int(graded), int(waiting)
        )
    return found


def items(book: Gradebook) -> Iterator[Item]:
    """Every mark of every cell, by set, learner and cell."""
    comments = {
        (notebook, cell): said
        for notebook, cell, said in book.db.execute(
            sa.select(Comment.notebook_id, BaseCell.name, Comment.comment).join(
                BaseCell, Comment.cell_id == BaseCell.id
            )
        )
    }
    rows = book.db.execute(
        sa.select(
            Assignment.name,
            SubmittedAssignment.student_id,
            GradeCell.name,
            Grade.score,
            GradeCell.max_score,
            Grade.auto_score,
            Grade.manual_score,
            _waits(),
            SubmittedNotebook.id,
        )
        .select_from(Grade)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    ).all()
    for row in sorted(rows, key=lambda row: row[:3]):
        comment = comments.get((row[8], row[2])) or ""
        yield Item(*(*row[:7], bool(row[7]), comment))


def _waits() -> sa.ColumnElement[bool]:
    """Nbgrader asks to look again at whatever was corrected by hand; that is not waiting."""
    waits: sa.ColumnElement[bool] = Grade.needs_manual_grade & Grade.manual_score.is_(None)
    return waits


def _by_submission(book: Gradebook, query: Any) -> dict[str, Sequence[Any]]:
    return {row[0]: row[1:] for row in book.db.execute(query)}


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at else None
