"""Questions about marks and their answers, as the house keeps them: appended, never rewritten."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from kefu.appeals import MOST_BYTES, Appeal, appeals_in
from kefu.errors import KefuError
from kefu.grading.submission import handed_in
from kefu.journal import now, read_lines
from kefu.notebook import APPEALS
from kefu.text import Text
from kefu.vault import reading, writing

__all__ = ["Answer", "AppealBook", "Asked"]

_MOST = 100
"""No more questions of one learner about one set are kept, however often they are handed in."""
_METADATA = sa.MetaData()
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_APPEALS = sa.Table(
    "appeals",
    _METADATA,
    sa.Column("n", _NUMBER, primary_key=True),
    sa.Column("set", sa.String(64), nullable=False),
    sa.Column("student", sa.String(128), nullable=False),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("item", sa.String(64), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.String(24), nullable=False),
    sa.Column("lang", sa.String(2)),
    sa.UniqueConstraint("set", "student", "id"),
    sqlite_autoincrement=True,
)
_ANSWERS = sa.Table(
    "appeal_answers",
    _METADATA,
    sa.Column("n", _NUMBER, primary_key=True),
    sa.Column("appeal", _NUMBER, sa.ForeignKey("appeals.n"), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.String(24), nullable=False),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the instructor said, and when."""

    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A learner's question with its answers, the first one first."""

    n: int
    set: str
    student: str
    item: str
    text: str
    at: str
    lang: str | None
    answers: list[Answer] = field(default_factory=list)


class AppealBook:
    """The questions of a house. Makes its tables if they are missing.

    Raises:
        KefuError: the database does not answer, or takes nothing.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with writing(engine) as db:
            _METADATA.create_all(db)

    def collect(
        self, submitted: Path, set_slug: str, items: Iterable[str], only: str | None = None
    ) -> int:
        """Keep what lies in the hand-ins of a set; gives how many questions are new.

        What was kept stays, whatever becomes of the hand-in. One that cannot be read asks nothing.

        Args:
            submitted: the folder of all hand-ins.
            set_slug: which set.
            items: the items it asks.
            only: look at this learner's hand-in alone.

        Raises:
            KefuError: the database takes nothing.
        """
        known, new = set(items), list[dict[str, object]]()
        students = [only] if only else handed_in(submitted, set_slug)
        found = {student: _handed_in(submitted, student, set_slug, known) for student in students}
        if not any(found.values()):
            return 0
        with writing(self._engine) as db:
            rows = db.execute(
                sa.select(_APPEALS.c.student, _APPEALS.c.id).where(_APPEALS.c.set == set_slug)
            )
            there = {(row.student, row.id) for row in rows}
            count = Counter(student for student, _ in there)
            for student, appeals in found.items():
                for one in appeals:
                    if (student, one.id) not in there and count[student] < _MOST:
                        count[student] += 1
                        said = {"id": one.id, "item": one.item, "text": one.text, "at": one.at}
                        new.append({"set": set_slug, "student": student, "lang": one.lang, **said})
            if new:
                db.execute(sa.insert(_APPEALS), new)
        return len(new)

    def of(self, set_slug: str, student: str | None = None) -> list[Asked]:
        """Every question about a set, by learner and in the order they came."""
        mine = _APPEALS.c.set == set_slug
        if student is not None:
            mine &= _APPEALS.c.student == student
        with reading(self._engine) as db:
            found = {
                row.n: Asked(*row)
                for row in db.execute(
                    sa.select(*(_APPEALS.c[name] for name in _FIELDS)).where(mine)
                )
            }
            for row in db.execute(
                sa.select(_ANSWERS.c.appeal, _ANSWERS.c.text, _ANSWERS.c.at)
                .join(_APPEALS, _APPEALS.c.n == _ANSWERS.c.appeal)
                .where(mine)
                .order_by(_ANSWERS.c.n)
            ):
                found[row.appeal].answers.append(Answer(row.text, row.at))
        return sorted(found.values(), key=lambda one: (one.student, one.n))

    def about(self, set_slug: str, student: str, item: str) -> list[Asked]:
        """What a learner asked about one item.

        Raises:
            KefuError: nothing.
        """
        mine = [one for one in self.of(set_slug, student) if one.item == item]
        if not mine:
            raise KefuError(
                Text(f"{student} 没有问过 {item}", f"{student} has asked nothing about {item}"),
                Text(f"kefu appeals {set_slug} 列出所有问题", f"kefu appeals {set_slug} lists all"),
            )
        return mine

    def answer(self, set_slug: str, student: str, item: str, text: str) -> int:
        """Answer what a learner asks about an item; gives how many questions that answers.

        It goes to every question that has no answer yet, or else to the last one.

        Raises:
            KefuError: nothing was asked, the text is empty, or the database takes nothing.
        """
        mine = self.about(set_slug, student, item)
        if not text.strip():
            raise KefuError(
                Text("答复是空的，没有存", "the answer is empty, so nothing is kept"),
                Text("请写上几句", "please write a few words"),
            )
        waiting = [one for one in mine if not one.answers] or mine[-1:]
        said = text.strip().replace("\x00", "")
        with writing(self._engine) as db:
            rows = [{"appeal": one.n, "text": said, "at": now()} for one in waiting]
            db.execute(sa.insert(_ANSWERS), rows)
        return len(waiting)


_FIELDS = ("n", "set", "student", "item", "text", "at", "lang")


def _handed_in(submitted: Path, student: str, set_slug: str, items: set[str]) -> list[Appeal]:
    """The questions in one hand-in; a folder or a file that stands for another is not read."""
    folder = submitted / student / set_slug
    file = folder / APPEALS
    try:
        if folder.is_symlink() or folder.parent.is_symlink() or os.lstat(file).st_nlink != 1:
            return []
        return appeals_in(read_lines(file, MOST_BYTES), items)
    except (OSError, KefuError):
        return []
