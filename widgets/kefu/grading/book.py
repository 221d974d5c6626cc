"""Marks in nbgrader's own gradebook: its tables, its meanings, one transaction for many marks.

`nbgrader autograde`, formgrader and `kefu grade` all write here.
A mark that a person gave is never touched; it is asked for again only when what it was given for
has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc

from kefu.grading.deadlines import Extensions
from kefu.grading.gradebook import COURSE, find_alembic, patient, refusals
from kefu.grading.judge import not_released
from kefu.grading.mark import Marked
from kefu.grading.paper import Paper

__all__ = ["Book", "Penalty"]

Penalty = Callable[[str, float, float], float | None]
"""Student, score, seconds late → points taken off, as nbgrader's plugins say it."""

_NOTHING = "没有作答 · No response."


@dataclass
class _Row:
    """One learner's rows of one set."""

    submission: str
    notebook: str
    timestamp: datetime | None = None
    late: float | None = None
    extension: timedelta | None = None
    grades: dict[str, sa.Row[Any]] = field(default_factory=dict)
    comments: dict[str, sa.Row[Any]] = field(default_factory=dict)


class Book:
    """One set in the gradebook at a URL; makes the gradebook's schema if it is not there.

    Args:
        url: an SQLAlchemy URL.
        paper: the set.
        penalty: what a late hand-in costs.
        longer: by learner, how much later than the due date a hand-in may come.

    Raises:
        KefuError: the database does not answer, or knows the set otherwise than it was released.
    """

    def __init__(
        self,
        url: str,
        paper: Paper,
        penalty: Penalty = lambda *_: None,
        longer: Mapping[str, timedelta] | None = None,
    ) -> None:
        self._penalty, self._longer = penalty, longer or {}
        with refusals():
            find_alembic()
            Gradebook(patient(url), COURSE).close()
            self._engine = sa.create_engine(patient(url))
            with self._engine.connect() as db:
                mine = db.execute(
                    sa.select(Assignment.id, Assignment.duedate, Notebook.id)
                    .join(Notebook, Notebook.assignment_id == Assignment.id)
                    .where(Assignment.name == paper.set, Notebook.name == paper.set)
                ).first()
                if mine is None:
                    raise not_released(paper.set)
                self._assignment, self._due, self._notebook = mine
                self._graded, self._solved = (
                    {
                        row.name: row.id
                        for row in db.execute(
                            sa.select(kind.name, kind.id).where(kind.notebook_id == mine[2])
                        )
                    }
                    for kind in (GradeCell, SolutionCell)
                )
        if self._graded.keys() != paper.points.keys():
            raise not_released(paper.set)

    @classmethod
    def ruled(cls, url: str, paper: Paper, house: sa.Engine, **settings: Any) -> Book:
        """A set with the house's own rules: what lateness costs, and who has longer.

        Args:
            url: of the gradebook.
            paper: the set.
            house: the house's database.
            settings: nbgrader's, as `config` or `parent`.

        Raises:
            KefuError: a database does not answer, or knows the set otherwise than it was released.
        """
        late = AssignLatePenalties(**settings)
        late.init_plugin()
        longer = Extensions(house).of(paper.set)
        return cls(url, paper, late.plugin_inst.late_submission_penalty, longer)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def scores(self) -> dict[str, dict[str, float | None]]:
        """The automatic scores of every learner whose submission is booked whole, by cell."""
        names = {cell: name for name, cell in self._graded.items()}
        found: dict[str, dict[str, float | None]] = {}
        with refusals(), self._engine.connect() as db:
            for row in db.execute(
                sa.select(SubmittedAssignment.student_id, Grade.cell_id, Grade.auto_score)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .where(SubmittedNotebook.notebook_id == self._notebook)
            ):
                if row.cell_id in names:
                    found.setdefault(row.student_id, {})[names[row.cell_id]] = row.auto_score
        return {who: of for who, of in found.items() if of.keys() == self._graded.keys()}

    def record(
        self,
        marks: Sequence[tuple[Marked, str | None]],
        before: Mapping[str, Mapping[str, str]],
    ) -> None:
        """Write marked submissions, all of them or none.

        Args:
            marks: what was marked, each with the time it was handed in, as nbgrader writes it.
            before: by learner and cell, what was marked by hand before (see `Score.text`).

        Raises:
            KefuError: the database does not take it.
        """
        with refusals(), self._engine.begin() as db:
            rows = self._read(db, [marked.student for marked, _ in marks])
            new: dict[Any, list[dict[str, Any]]] = {Grade: [], Comment: []}
            for marked, stamp in marks:
                row = rows.get(marked.student) or self._enter(db, marked.student)
                longer = self._longer.get(marked.student) if self._due else None
                if longer and row.extension != longer:
                    _set(db, SubmittedAssignment, row.submission, extension=longer)
                    row.extension = longer
                at = parse_utc(stamp) if stamp else None
                if at and row.timestamp != at:
                    _set(db, SubmittedAssignment, row.submission, timestamp=at)
                    row.timestamp = at
                self._grade(db, marked, row, before.get(marked.student, {}), new[Grade])
                self._comment(db, marked, row, new[Comment])
                rows[marked.student] = row
            for kind, values in new.items():
                if values:
                    db.execute(sa.insert(kind.__table__), values)
            for student, row in rows.items():
                self._late(db, student, row)

    def _read(self, db: sa.Connection, students: list[str]) -> dict[str, _Row]:
        """What is booked of these learners now."""
        mine = (SubmittedNotebook.notebook_id == self._notebook) & (
            SubmittedAssignment.student_id.in_(students)
        )
        joined = SubmittedNotebook.assignment_id == SubmittedAssignment.id
        rows, by_notebook = dict[str, _Row](), dict[str, _Row]()
        for s in db.execute(
            sa.select(
                SubmittedAssignment.student_id,
                SubmittedAssignment.id,
                SubmittedNotebook.id,
                SubmittedAssignment.timestamp,
                SubmittedNotebook.late_submission_penalty,
                SubmittedAssignment.extension,
            )
            .join(SubmittedNotebook, joined)
            .where(mine)
        ):
            rows[s[0]] = by_notebook[s[2]] = _Row(*s[1:])
        for kind, cells, of in ((Grade, self._graded, "grades"),
                                (Comment, self._solved, "comments")):  # fmt: skip
            names = {cell: name for name, cell in cells.items()}
            for one in db.execute(
                sa.select(kind.__table__)
                .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
                .join(SubmittedAssignment, joined)
                .where(mine)
            ):
                if one.cell_id in names:
                    getattr(by_notebook[one.notebook_id], of)[names[one.cell_id]] = one
        return rows

    def _grade(
        self,
        db: sa.Connection,
        marked: Marked,
        row: _Row,
        before: Mapping[str, str],
        new: list[dict[str, Any]],
    ) -> None:
        for name, cell in self._graded.items():
            score, kept = marked.scores[name], row.grades.get(name)
            hand = score.auto is None
            if kept is None:
                values = {"auto_score": score.auto, "needs_manual_grade": hand}
                new.append({"id": _id(), "notebook_id": row.notebook, "cell_id": cell, **values})
            elif kept.auto_score != score.auto or (hand and before.get(name) != score.text):
                # Whoever gave a mark by hand looks at it again, now that what it was given for
                # is another thing.
                again = True if hand else Grade.manual_score.is_not(None)
                _set(db, Grade, kept.id, auto_score=score.auto, needs_manual_grade=again)

    def _comment(
        self, db: sa.Connection, marked: Marked, row: _Row, new: list[dict[str, Any]]
    ) -> None:
        for name, cell in self._solved.items():
            said = _NOTHING if name in marked.blank else None
            kept = row.comments.get(name)
            if kept is None:
                values = {"notebook_id": row.notebook, "cell_id": cell, "auto_comment": said}
                new.append({"id": _id(), **values})
            elif kept.auto_comment != said:
                _set(db, Comment, kept.id, auto_comment=said)

    def _enter(self, db: sa.Connection, student: str) -> _Row:
        """A learner's empty rows, as nbgrader makes them."""
        known = db.scalar(sa.select(sa.func.count()).where(Student.id == student))
        if not known:
            db.execute(sa.insert(Student.__table__).values(id=student))
        row = _Row(_id(), _id())
        db.execute(
            sa.insert(SubmittedAssignment.__table__).values(
                id=row.submission, assignment_id=self._assignment, student_id=student
            )
        )
        db.execute(
            sa.insert(SubmittedNotebook.__table__).values(
                id=row.notebook,
                assignment_id=row.submission,
                notebook_id=self._notebook,
                flagged=False,
            )
        )
        return row

    def _late(self, db: sa.Connection, student: str, row: _Row) -> None:
        """What a late hand-in costs, by the house's own rule; nothing where none is late."""
        cost, seconds = None, 0.0
        if row.timestamp and self._due:
            due = self._due + (row.extension or timedelta())
            seconds = (row.timestamp - due).total_seconds()
        if seconds > 0:
            score = _score(db, row.notebook)
            cost = self._penalty(student, score, seconds)
            cost = None if cost is None else min(max(cost, 0.0), score)
        if cost != row.late:
            _set(db, SubmittedNotebook, row.notebook, late_submission_penalty=cost)


def _score(db: sa.Connection, notebook: str) -> float:
    """The points of a submitted notebook, as nbgrader adds them up."""
    one = sa.func.coalesce(Grade.manual_score, Grade.auto_score, 0.0)
    extra = sa.func.coalesce(Grade.extra_credit, 0.0)
    total = db.scalar(sa.select(sa.func.sum(one + extra)).where(Grade.notebook_id == notebook))
    return float(total or 0)


def _id() -> str:
    return uuid4().hex


def _set(db: sa.Connection, kind: Any, row: str, **values: Any) -> None:
    db.execute(sa.update(kind.__table__).where(kind.__table__.c.id == row).values(**values))
