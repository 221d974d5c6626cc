"""What the gradebook says of one learner's hand-in of a set: all that a feedback page tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    SubmittedAssignment,
    SubmittedNotebook,
)

__all__ = ["Booked", "Mark", "booked"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is worth; None: not marked so. `extra` is what a person added to it."""

    points: float
    auto: float | None
    manual: float | None
    extra: float

    @property
    def score(self) -> float | None:
        """The mark that counts; None while it waits for a person."""
        given = self.manual if self.manual is not None else self.auto
        return None if given is None else given + self.extra


@dataclass(frozen=True, slots=True)
class Booked:
    """One hand-in: its marks and a person's comments by cell, its times in UTC, its penalty."""

    at: datetime | None
    due: datetime | None
    extension: timedelta | None
    penalty: float
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """All marks less the penalty, as nbgrader adds them up."""
        return sum(mark.score or 0.0 for mark in self.marks.values()) - self.penalty

    @property
    def points(self) -> float:
        """What could be had."""
        return sum(mark.points for mark in self.marks.values())

    @property
    def until(self) -> datetime | None:
        """When it was due for this learner."""
        return self.due + (self.extension or timedelta(0)) if self.due else None


def booked(db: sa.Connection, set_slug: str, student: str) -> Booked | None:
    """What is booked of a learner's hand-in; None: nothing is."""
    row = db.execute(
        sa.select(
            SubmittedNotebook.id,
            SubmittedAssignment.timestamp,
            Assignment.duedate,
            SubmittedAssignment.extension,
            SubmittedNotebook.late_submission_penalty,
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == set_slug, SubmittedAssignment.student_id == student)
    ).first()
    if row is None:
        return None
    notebook, at, due, extension, penalty = row
    marks = {
        name: Mark(float(points), auto, manual, float(extra or 0))
        for name, points, auto, manual, extra in db.execute(
            sa.select(
                GradeCell.name,
                GradeCell.max_score,
                Grade.auto_score,
                Grade.manual_score,
                Grade.extra_credit,
            )
            .join(GradeCell, Grade.cell_id == GradeCell.id)
            .where(Grade.notebook_id == notebook)
        )
    }
    comments = {
        name: said
        for name, said in db.execute(
            sa.select(BaseCell.name, Comment.manual_comment)
            .join(BaseCell, Comment.cell_id == BaseCell.id)
            .where(Comment.notebook_id == notebook, Comment.manual_comment.is_not(None))
        )
        if said
    }
    return Booked(_utc(at), _utc(due), extension, float(penalty or 0), marks, comments)


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at else None
