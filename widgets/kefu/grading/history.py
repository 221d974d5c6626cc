"""How each mark came about: every grading of every submission, appended and never rewritten."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from kefu.card import canonical
from kefu.grading.mark import Marked, Score
from kefu.grading.paper import Paper
from kefu.grading.submission import Submission
from kefu.vault import reading, writing

__all__ = ["Grading", "History"]

_METADATA = sa.MetaData()

_GRADINGS = sa.Table(
    "gradings",
    _METADATA,
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("set", sa.String(64), nullable=False),
    sa.Column("student", sa.String(128), nullable=False),
    sa.Column("at", sa.String(24), nullable=False),
    sa.Column("submission", sa.String(16), nullable=False),
    sa.Column("release", sa.String(16), nullable=False),
    sa.Column("revision", sa.String(16), nullable=False),
    sa.Column("scores", sa.Text, nullable=False),
    sa.Index("gradings_of_a_set", "set", "student"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Grading:
    """One submission as it was graded once: what was handed in, under which release and keys."""

    set: str
    student: str
    at: str
    submission: str
    release: str
    revision: str
    scores: dict[str, Score]

    @classmethod
    def of(cls, paper: Paper, submission: Submission, marked: Marked, at: str) -> Grading:
        """What has just been marked."""
        told = (submission.digest, paper.release, paper.revision)
        return cls(paper.set, submission.student, at, *told, marked.scores)

    @property
    def texts(self) -> dict[str, str]:
        """What was written where a person marks, by cell (see `Score.text`)."""
        return {name: score.text for name, score in self.scores.items() if score.text}

    def is_same(self, other: Grading) -> bool:
        """Whether another says the same, whenever it was made."""
        return replace(self, at="") == replace(other, at="")


class History:
    """The gradings of the house. Makes its table if it is missing.

    Raises:
        KefuError: the database does not answer, or takes nothing.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with writing(engine) as db:
            _METADATA.create_all(db)

    def last(self, set_slug: str) -> dict[str, Grading]:
        """The last grading of each learner's submission to a set."""
        last = (
            sa.select(sa.func.max(_GRADINGS.c.n))
            .where(_GRADINGS.c.set == set_slug)
            .group_by(_GRADINGS.c.student)
        )
        with reading(self._engine) as db:
            rows = db.execute(sa.select(_GRADINGS).where(_GRADINGS.c.n.in_(last)))
            return {row.student: _grading(row) for row in rows}

    def of(self, set_slug: str, student: str) -> list[Grading]:
        """Every grading of one submission, the first one first."""
        mine = (_GRADINGS.c.set == set_slug) & (_GRADINGS.c.student == student)
        with reading(self._engine) as db:
            rows = db.execute(sa.select(_GRADINGS).where(mine).order_by(_GRADINGS.c.n))
            return [_grading(row) for row in rows]

    def append(self, gradings: Iterable[Grading]) -> None:
        """Keep what was graded.

        Raises:
            KefuError: the database takes nothing.
        """
        rows = [
            {
                "set": g.set,
                "student": g.student,
                "at": g.at,
                "submission": g.submission,
                "release": g.release,
                "revision": g.revision,
                "scores": canonical({n: [s.auto, s.text] for n, s in g.scores.items()}),
            }
            for g in gradings
        ]
        if rows:
            with writing(self._engine) as db:
                db.execute(sa.insert(_GRADINGS), rows)


def _grading(row: sa.Row[tuple[object, ...]]) -> Grading:
    scores = {name: Score(*score) for name, score in json.loads(row.scores).items()}
    return Grading(row.set, row.student, row.at, row.submission, row.release, row.revision, scores)
