"""Until when a set may be handed in, and who has longer.

The due date stands in nbgrader's gradebook, where formgrader shows it.
An extension stands in the house's own table, since nbgrader has room for one only beside a
hand-in, and a set without a due date could not be graded with it there.
From the table it goes into nbgrader's row: at once where there is one, else when it comes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment, SubmittedNotebook

from kefu.errors import KefuError
from kefu.grading.gradebook import assignment
from kefu.places import Places
from kefu.text import Text, fold
from kefu.vault import connect, reading, writing

__all__ = [
    "Extensions",
    "due_of",
    "extend",
    "graded",
    "is_none",
    "length",
    "moment",
    "set_due",
    "shown",
]

_METADATA = sa.MetaData()
_EXTENSIONS = sa.Table(
    "extensions",
    _METADATA,
    sa.Column("set", sa.String(64), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("seconds", sa.BigInteger, nullable=False),
)
_LAST = time(23, 59, 59)
_MOST_DAYS = 366
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](.+))?")
_ZH_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号](.*)")
_NONE = ("none", "无", "没有", "取消")


class Extensions:
    """Who has longer for which set. Makes its table if it is missing.

    Raises:
        KefuError: the database does not answer, or takes nothing.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with writing(engine) as db:
            _METADATA.create_all(db)

    @classmethod
    def at(cls, places: Places) -> Extensions:
        """Those of a course's own house."""
        return cls(connect(places.database()))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def of(self, set_slug: str) -> dict[str, timedelta]:
        """By learner, how much later than the due date; only those who have longer."""
        with reading(self._engine) as db:
            rows = db.execute(sa.select(_EXTENSIONS).where(_EXTENSIONS.c.set == set_slug))
            return {row.student: timedelta(seconds=row.seconds) for row in rows}

    def grant(self, set_slug: str, student: str, longer: timedelta | None) -> None:
        """Give one learner just this much longer, whatever was given before; None: no longer.

        Raises:
            KefuError: the database takes nothing.
        """
        mine = (_EXTENSIONS.c.set == set_slug) & (_EXTENSIONS.c.student == student)
        with writing(self._engine) as db:
            db.execute(sa.delete(_EXTENSIONS).where(mine))
            if longer is not None:
                db.execute(
                    sa.insert(_EXTENSIONS).values(
                        set=set_slug, student=student, seconds=int(longer.total_seconds())
                    )
                )


def moment(said: str) -> datetime:
    """A date, or date and time, as one types it, in UTC; a date alone lasts until its end.

    A time is the machine's own, unless it names its offset, as in `18:00+08:00`.

    Raises:
        KefuError: it is no date, or no such time exists.
    """
    text = " ".join(fold(said).split())
    match = _DAY.fullmatch(text) or _ZH_DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month, day, clock = match.groups()
        at = _LAST
        if clock and clock.strip():
            at = time.fromisoformat(re.sub(r"^(\d):", r"0\1:", clock.strip().replace(" ", "")))
        typed = datetime.combine(datetime(int(year), int(month), int(day)), at)
        if not 2000 <= typed.year < 2100:
            raise ValueError(text)
        found = typed.astimezone(UTC)
        # An hour that the clock leaps over in spring would be moved without a word.
        if typed.tzinfo is None and found.astimezone().replace(tzinfo=None) != typed:
            raise ValueError(text)
    except (ValueError, OverflowError) as error:
        raise KefuError(
            Text(f"“{said}” 不是日期", f"{said!r} is no date"),
            Text(
                "写成 2026-12-01 或 2026-12-01 18:00 的样子",
                "write it like 2026-12-01 or 2026-12-01 18:00",
            ),
        ) from error
    return found


def is_none(said: str) -> bool:
    """Whether a word asks to take away what was set."""
    return fold(said).lower() in _NONE


def shown(at: datetime | None) -> str:
    """A moment as the machine's own clock and zone say it: `2026-12-01 18:00 CST (+08:00)`.

    Args:
        at: in any zone; without one it is UTC, as nbgrader keeps it. None gives a dash.
    """
    if at is None:
        return "—"
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone()
    offset = f"{local:%z}"
    zone, offset = local.tzname() or "", f"{offset[:3]}:{offset[3:5]}"
    named = f"{zone} ({offset})" if zone.isalpha() else offset
    return f"{local:%Y-%m-%d %H:%M} {named}"


def due_of(book: Gradebook, places: Places, set_slug: str) -> datetime | None:
    """When a set is due, in UTC; None: it has no due date.

    Raises:
        KefuError: there is no such set.
    """
    found = assignment(book, places, set_slug)
    return found.duedate.replace(tzinfo=UTC) if found is not None and found.duedate else None


def set_due(
    book: Gradebook, places: Places, waiting: Extensions, set_slug: str, due: datetime | None
) -> None:
    """Set or take away when a set is due. Whoever has longer keeps just as much longer.

    A set that the gradebook has yet to learn is entered, as `nbgrader generate_assignment` does,
    which leaves a due date as it is.

    Raises:
        KefuError: there is no such set.
    """
    found = assignment(book, places, set_slug)
    if found is None:
        found = book.add_assignment(set_slug)
    found.duedate = due.astimezone(UTC).replace(tzinfo=None) if due else None
    longer = waiting.of(set_slug)
    for row in book.db.scalars(
        sa.select(SubmittedAssignment).where(SubmittedAssignment.assignment_id == found.id)
    ):
        if row.extension is not None and row.student_id not in longer:
            waiting.grant(set_slug, row.student_id, row.extension)
        # Nbgrader adds an extension to the due date, and fails where there is none.
        row.extension = longer.get(row.student_id, row.extension) if due else None
    book.db.commit()


def length(said: str, due: datetime) -> timedelta | None:
    """How much longer "3" (days), "1.5" or a date gives; None: `none` or 0 take it away.

    Raises:
        KefuError: it is neither, or not later than the due date.
    """
    if is_none(said):
        return None
    text = re.sub(r"\s*(天|days?|d)$", "", fold(said).lower())
    if re.fullmatch(r"\d{1,4}(\.\d{1,4})?", text):
        longer = timedelta(days=float(text))
        if longer <= timedelta(days=_MOST_DAYS):
            return longer or None
    elif not re.fullmatch(r"[-+]?[\d.]+", text):
        longer = moment(said) - due
        if timedelta(0) < longer <= timedelta(days=_MOST_DAYS):
            return longer
    raise KefuError(
        Text(f"“{said}” 不能当延期", f"{said!r} cannot be an extension"),
        Text(
            f"写天数（最多 {_MOST_DAYS}），或晚于 {shown(due)} 的日期",
            f"write a number of days (at most {_MOST_DAYS}), or a date after {shown(due)}",
        ),
    )


def extend(
    book: Gradebook, places: Places, waiting: Extensions, set_slug: str, student: str, said: str
) -> datetime:
    """Give one learner longer; gives until when that is, in UTC.

    Raises:
        KefuError: no such set or learner, the set has no due date, or the words are no extension.
    """
    due = due_of(book, places, set_slug)
    if due is None:
        raise KefuError(
            Text(f"作业 {set_slug} 没有截止时间", f"the set {set_slug!r} has no due date"),
            Text(f"先用 kefu due {set_slug} <日期> 定下来", f"set one: kefu due {set_slug} <date>"),
        )
    if book.db.get(Student, student) is None:
        raise KefuError(
            Text(f"班里没有学号 {student}", f"nobody in the class has the number {student!r}"),
            Text("用 kefu roster 看看名单", "look at the class with kefu roster"),
        )
    longer = length(said, due)
    waiting.grant(set_slug, student, longer)
    row = _submission(book, set_slug, student)
    if row is not None:
        row.extension = longer
        book.db.commit()
    return due + (longer or timedelta(0))


def graded(book: Gradebook, set_slug: str, student: str | None = None) -> int:
    """How many hand-ins were graded, whose penalties follow a new date only when graded again."""
    query = (
        sa.select(sa.func.count())
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == set_slug)
    )
    if student is not None:
        query = query.where(SubmittedAssignment.student_id == student)
    return int(book.db.scalar(query) or 0)


def _submission(book: Gradebook, set_slug: str, student: str) -> Any:
    return book.db.scalar(
        sa.select(SubmittedAssignment)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == set_slug, SubmittedAssignment.student_id == student)
    )
