"""What the bank is once it has been read: plain values, nothing to look up in files any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kefu.errors import KefuError
from kefu.publish import Published, publish, publish_program
from kefu.scenario import KEYS, AuthoredKey, Item, Scenario, Scorecard
from kefu.scenario.program import Program
from kefu.text import Lang, Text

__all__ = [
    "Bank",
    "Chapter",
    "Course",
    "Entry",
    "Lesson",
    "Planned",
    "Row",
    "Set",
    "Standard",
    "Standards",
    "Term",
    "Track",
]


@dataclass(frozen=True)
class Planned:
    """A lesson as `course.toml` plans it, written or not; `minutes` is how long it takes."""

    id: str
    title: Text
    minutes: int


@dataclass(frozen=True)
class Chapter:
    """A chapter and its lessons, in teaching order."""

    number: int
    title: Text
    lessons: tuple[Planned, ...]


@dataclass(frozen=True)
class Track:
    """The lessons one group of learners takes."""

    slug: str
    title: Text
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """The course; `as_of` is the day it is woven for."""

    title: Text
    as_of: dt.date
    chapters: tuple[Chapter, ...]
    tracks: tuple[Track, ...]

    @property
    def lessons(self) -> dict[str, Planned]:
        """Every planned lesson by its id, in teaching order."""
        return {lesson.id: lesson for chapter in self.chapters for lesson in chapter.lessons}


@dataclass(frozen=True)
class Row:
    """One line of the coverage list: something the course teaches, and in which lesson."""

    id: str
    lesson: str
    kind: str
    text: Text


@dataclass(frozen=True)
class Term:
    """One entry of the glossary."""

    id: str
    term: Text
    meaning: Text | None


@dataclass(frozen=True)
class Standard:
    """One of the house's numbers: its versions by the day they come into force, oldest first."""

    title: Text
    unit: Text | None
    versions: tuple[tuple[dt.date, int | float], ...]

    def on(self, day: dt.date) -> int | float | None:
        """The value in force on `day`; None before the first version."""
        values = [value for start, value in self.versions if start <= day]
        return values[-1] if values else None


@dataclass(frozen=True)
class Standards:
    """The house's own numbers, by topic and name."""

    table: Mapping[tuple[str, str], Standard] = field(default_factory=dict)

    def value(self, topic: str, name: str, on: dt.date) -> int | float:
        """The number in force on a day.

        Raises:
            KefuError: nothing of that name is known, or none is in force on that day.
        """
        spoken = f"{{standard.{topic}.{name}}}"
        standard = self.table.get((topic, name))
        if standard is None:
            raise KefuError(
                Text(
                    f"standards.toml 里没有 {spoken} 这个标准",
                    f"standards.toml has no standard for {spoken}",
                ),
                Text(
                    f"请写上 [{topic}.{name}]，或改正名字",
                    f"add [{topic}.{name}], or correct the name",
                ),
            )
        value = standard.on(on)
        if value is None:
            raise KefuError(
                Text(f"{spoken} 在 {on} 还没有生效", f"{spoken} is not yet in force on {on}"),
                Text(
                    f"请在 [{topic}.{name}] 里写一个不晚于 {on} 的版本",
                    f"give [{topic}.{name}] a version from {on} or earlier",
                ),
            )
        return value


@dataclass(frozen=True)
class Entry:
    """One item with its story and its key; `line` is where its `[[item]]` stands in `file`."""

    ref: str
    scenario: str
    story: Scenario
    item: Item
    key: AuthoredKey | None
    file: Path
    line: int

    @property
    def is_whole(self) -> bool:
        """Whether its key could be read as well, or its kind has none."""
        return self.key is not None or self.item.kind not in KEYS


@dataclass(frozen=True)
class Lesson:
    """A written lesson.

    `slug` is the name of its files without language and suffix (`5.2-taking-ownership`),
    `teaches` holds ids of the coverage list, `body` markdown without front matter,
    and `plays` the scenarios placed in it, in order.
    """

    id: str
    slug: str
    title: Text
    minutes: int
    teaches: tuple[str, ...]
    body: dict[Lang, str]
    plays: tuple[str, ...]


@dataclass(frozen=True)
class Set:
    """A graded set; which items it asks, the items themselves say."""

    slug: str
    title: Text
    intro: Text
    lessons: tuple[str, ...]
    due: dt.date | None


@dataclass(frozen=True)
class Bank:
    """Everything authors typed, read from the course's folder and the house's laid over it."""

    course: Course
    coverage: dict[str, Row]
    standards: Standards
    stories: dict[str, Scenario]
    entries: tuple[Entry, ...]
    lessons: dict[str, Lesson]
    sets: dict[str, Set]
    glossary: dict[str, Term]
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    """By ref, `<slug>--program`."""

    def publish(self, entry: Entry) -> Published:
        """An item's card and key, with the standards in force on the day of the course.

        Raises:
            KefuError: a standard or a scorecard is not known, or a formula cannot be worked out.
        """
        return publish(
            entry.ref,
            entry.story,
            entry.item,
            entry.key,
            self.standards,
            self.course.as_of,
            self.scorecards,
        )

    def publish_program(self, ref: str) -> Published:
        """A program's card and key, with the standards in force on the day of the course.

        Raises:
            KefuError: a standard or a generator is not known.
        """
        return publish_program(ref, self.programs[ref], self.standards, self.course.as_of)

    def asked_in(self, set_slug: str) -> tuple[Entry, ...]:
        """The graded items of a set: by lesson, by scenario, and then in the author's order."""
        asked = [e for e in self.entries if e.item.use == "graded" and e.item.set == set_slug]
        return tuple(sorted(asked, key=lambda entry: self._place(entry.item.lesson)))

    def programs_in(self, set_slug: str) -> dict[str, Program]:
        """The programs of a set, by ref: by lesson, and then by slug."""
        asked = [(ref, made) for ref, made in self.programs.items() if made.set == set_slug]
        return dict(sorted(asked, key=lambda one: (self._place(one[1].lesson), one[0])))

    def _place(self, lesson: str) -> int:
        lessons = list(self.course.lessons)
        return lessons.index(lesson) if lesson in lessons else len(lessons)

    def practice_of(self, lesson_id: str) -> tuple[Entry, ...]:
        """The practice items of a lesson, by scenario and then in the author's order."""
        return tuple(
            e for e in self.entries if e.item.use == "practice" and e.item.lesson == lesson_id
        )
