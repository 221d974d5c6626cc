"""Who is in a class: nbgrader's gradebook, brought up to date from a list.

A list is taken whole or not at all; who is no longer in it is told, and never deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from nbgrader.api import Gradebook, Student

from kefu.errors import Fault
from kefu.grading.classlist import Learner, Roster
from kefu.text import Text

__all__ = ["Change", "Plan", "compare", "learners", "take"]

_COLUMNS = {
    "last": ("last_name", Text("姓", "last name")),
    "first": ("first_name", Text("名", "first name")),
    "email": ("email", Text("邮箱", "email")),
    "lms": ("lms_user_id", Text("平台编号", "LMS id")),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a list says of a learner otherwise than the gradebook."""

    number: str
    what: Text
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a list would do; `gone` are in the gradebook only, and stay there."""

    new: list[Learner]
    changes: list[Change]
    gone: list[Learner]
    faults: list[Fault]


def learners(book: Gradebook) -> dict[str, Learner]:
    """Everybody in the gradebook, by number and in its order."""
    query = sa.select(Student.id, *(getattr(Student, name) for name, _ in _COLUMNS.values()))
    everyone = [Learner(*row) for row in book.db.execute(query)]
    # Sorted here, since databases differ in how.
    return {one.number: one for one in sorted(everyone, key=lambda one: one.number)}


def compare(roster: Roster, known: dict[str, Learner]) -> Plan:
    """What a list would change; an empty cell changes nothing.

    Its faults are numbers that the gradebook has in another writing.
    """
    new = [one for number, one in roster.learners.items() if number not in known]
    changes = [
        change
        for number, one in roster.learners.items()
        if number in known
        for change in _changes(one, known[number])
    ]
    gone = [one for number, one in known.items() if number not in roster.learners]
    written = {_alike(number): number for number in known}
    faults = [
        _otherwise(roster, one.number, written[_alike(one.number)])
        for one in new
        if _alike(one.number) in written
    ]
    return Plan(new, changes, gone, faults)


def _otherwise(roster: Roster, number: str, known: str) -> Fault:
    return Fault(
        roster.file,
        roster.lines[number],
        Text(f"学号 {number} 在成绩册里写作 {known}", f"the gradebook writes {number} as {known}"),
        Text(
            f"写 {known}；Excel 会丢掉数字前面的 0，请把这一列设为“文本”格式",
            f"write {known}; Excel drops leading zeros, so format the column as text",
        ),
    )


def _alike(number: str) -> str:
    """The same for numbers that only capitals or leading zeros tell apart."""
    return (number.lstrip("0") or "0") if number.isdecimal() else number.lower()


def _changes(one: Learner, before: Learner) -> Iterator[Change]:
    if one.name and one.name != before.name:
        yield Change(one.number, Text("姓名", "name"), before.name, one.name)
    for what in ("email", "lms"):
        now, then = getattr(one, what), getattr(before, what)
        if now is not None and now != then:
            yield Change(one.number, _COLUMNS[what][1], then or "", now)


def take(book: Gradebook, roster: Roster) -> None:
    """Put a list into the gradebook, all of it or nothing.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not take it; nothing was changed.
    """
    there = {one.id: one for one in book.db.scalars(sa.select(Student))}
    for number, one in roster.learners.items():
        student = there.get(number)
        if student is None:
            student = Student(id=number)
            book.db.add(student)
        for what, (name, _) in _COLUMNS.items():
            value = getattr(one, what)
            if value is not None:
                setattr(student, name, value)
    book.db.commit()
