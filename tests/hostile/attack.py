"""What an attack is: a hand-in, what it tries, and what an honest grader makes of it."""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kefu.card import Card, Key, Response
from tests.grading.course import Course

__all__ = ["ATTACKS", "Attack", "Fair", "Sealed", "Stage", "attack", "collected", "line", "of"]

ATTACKS: list[Attack] = []
"""Every attack, in the order in which the modules under `cases/` declare them."""


def line(card: Card, response: object, **other: object) -> bytes:
    """One line of a journal, whatever is claimed in it; what is no text is written as escapes."""
    attempt = {
        "id": secrets.token_hex(16),
        "item": card["item"],
        "version": card["version"],
        "response": response,
        "at": "2026-11-20T08:00:00.000Z",
        "lang": "zh",
        **other,
    }
    return json.dumps(attempt).encode() + b"\n"


@dataclass(frozen=True)
class Sealed:
    """What a released set asks, and what is sealed of it."""

    cards: Mapping[str, Card]
    keys: Mapping[str, Key]
    best: Mapping[str, Response]


@dataclass(frozen=True)
class Fair:
    """What an honest grader makes of a hand-in.

    Args:
        counts: the answers that count, by item; whatever is not there was not answered.
        told: whether the instructor hears that something was refused or is missing.
        code: the credit of each program, 0 to 1; whatever is not there is worth nothing.
        booked: whether there is a hand-in to be graded at all.
        nbgrader: whether `nbgrader autograde` takes it up by itself: it passes over a folder
            in which no notebook is, before anything of ours is asked.
        carried: words that its code makes of what is hidden, to carry it out.
    """

    counts: Mapping[str, Response] = field(default_factory=dict)
    told: bool = False
    code: Mapping[str, float] = field(default_factory=dict)
    booked: bool = True
    nbgrader: bool = True
    carried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """One learner's place in a course: an honest hand-in lies there, to be spoiled.

    Args:
        course: where it is graded.
        set: the set.
        student: the learner's number.
        sealed: cards and keys of the set.
        outside: a folder that belongs to the house, beyond the course.
        traces: where code that ran would leave its trace.
    """

    course: Course
    set: str
    student: str
    sealed: Sealed
    outside: Path
    traces: Path

    @property
    def folder(self) -> Path:
        """Where the hand-in lies."""
        return self.course.root / "submitted" / self.student / self.set

    @property
    def inbox(self) -> Path:
        """Where files to be collected arrive."""
        return self.course.root / "downloaded" / self.set / "archive"

    @property
    def cards(self) -> Mapping[str, Card]:
        """The cards of the set."""
        return self.sealed.cards

    @property
    def best(self) -> dict[str, Response]:
        """The answers that earn everything."""
        return dict(self.sealed.best)

    @property
    def all(self) -> Fair:
        """Everything counts and there is nothing to tell."""
        return Fair(self.sealed.best)

    @property
    def released(self) -> dict[str, Any]:
        """The notebook as it was released, a new one each time."""
        file = self.course.root / "exercises" / self.set / f"{self.set}.ipynb"
        found: dict[str, Any] = json.loads(file.read_bytes())
        return found

    def lines(self, responses: Mapping[str, Any]) -> bytes:
        """A journal of one answer to each item."""
        return b"".join(line(self.cards[ref], given) for ref, given in responses.items())

    def write(self, name: str, data: bytes | str) -> None:
        """Put a file into the hand-in, in place of what has its name."""
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def journal(self, *parts: bytes) -> None:
        """Hand in this journal."""
        self.write("responses.jsonl", b"".join(parts))

    def book(self, notebook: Mapping[str, Any] | bytes) -> None:
        """Hand in this notebook."""
        whole = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        self.write(f"{self.set}.ipynb", whole)

    def spoil(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Hand in the released notebook with something changed in it."""
        notebook = copy.deepcopy(self.released)
        change(notebook)
        self.book(notebook)

    def instead(self, name: str) -> Path:
        """The path of a file of the hand-in, after it was taken away."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        return path


@dataclass(frozen=True)
class Attack:
    """One attack: what it is called, what it tries in both languages, and how it is done.

    Args:
        name: also the learner's number, unless `student` is another.
        zh: what it tries, in 中文; the docstring says it in English.
        stage: puts the hand-in there and says what is fair.
        student: the learner's number.
        collected: whether the hand-in comes through `nbgrader zip_collect`.
        set: the set that is handed in.
        twin: whether it is tried on `nbgrader autograde` as well.
    """

    name: str
    zh: str
    stage: Callable[[Stage], Fair]
    student: str
    collected: bool
    set: str
    twin: bool = True

    @property
    def tries(self) -> str:
        """What it tries, in a line."""
        return (self.stage.__doc__ or "").partition("\n")[0]

    @property
    def law(self) -> str:
        """What must happen."""
        return " ".join((self.stage.__doc__ or "").partition("\n")[2].split())


_Staged = Callable[[Stage], Fair]


def attack(
    zh: str,
    *,
    student: str = "",
    set_slug: str = "first",
    through_zip: bool = False,
    twin: bool = True,
) -> Callable[[_Staged], _Staged]:
    """Declare a function to be an attack."""

    def declare(stage: _Staged) -> _Staged:
        name = stage.__name__.replace("_", "-")
        ATTACKS.append(Attack(name, zh, stage, student or name, through_zip, set_slug, twin))
        return stage

    return declare


def collected(zh: str) -> Callable[[_Staged], _Staged]:
    """Declare a function to be an attack on collecting: it writes into `Stage.inbox`."""
    return attack(zh, through_zip=True)


def of(set_slug: str) -> Iterable[Attack]:
    """The attacks on one set."""
    return [each for each in ATTACKS if each.set == set_slug]
