"""What one learner did with a set, as the report needs it: no name, no number of a learner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kefu.card import RUBRIC, Card, Key, Part, Response, Status
from kefu.grading.judge import Judged
from kefu.journal import Attempt
from kefu.text import TextJSON

__all__ = ["LONGEST", "Answer", "Asked", "Line", "Sitting", "sit"]

LONGEST = 600.0
"""Seconds between two answers beyond which nobody is taken to have been at the question."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a rubric and what it is worth."""

    text: TextJSON
    points: float


@dataclass(frozen=True, slots=True)
class Asked:
    """An item of the set as it was released, with its latest key, its points and its rubric."""

    card: Card
    key: Key
    points: float
    rubric: tuple[Line, ...] = ()

    @property
    def most(self) -> float:
        """What the item is worth with its rubric."""
        return self.points + sum(line.points for line in self.rubric)


@dataclass(frozen=True, slots=True)
class Answer:
    """One learner's answer to one item.

    `credit` is 0 to 1, None where it is not known (code that has not been graded yet);
    `current` says whether the answer is to the version that is released now;
    `changes` counts how often the learner put another answer in the place of the last one;
    `seconds` is the time by the journal, None where it says nothing, and `capped` whether a
    longer pause was cut; `marks` are the points of each line of the rubric, None while it waits.
    """

    credit: float | None
    status: Status
    response: Response | None = None
    current: bool = True
    parts: tuple[Part, ...] = ()
    changes: int = 0
    seconds: float | None = None
    capped: bool = False
    marks: tuple[float | None, ...] = ()

    @property
    def sure(self) -> bool | None:
        """Whether the learner was sure, where that was asked."""
        said = (self.response or {}).get("sure")
        return said if isinstance(said, bool) else None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One learner's answers, by item; `journal` says whether there was a record at all."""

    answers: Mapping[str, Answer]
    journal: bool = True


def sit(
    asked: Mapping[str, Asked],
    judged: Mapping[str, Judged],
    attempts: Sequence[Attempt],
    booked: Mapping[str, float | None],
) -> Sitting:
    """Put together what is known of one learner.

    Args:
        asked: the items of the set.
        judged: the verdict on each, except on what is code.
        attempts: the learner's journal, in its order.
        booked: points in the gradebook by grade cell; None where a mark is still to be given.
    """
    seconds = _seconds(attempts)
    answers = {}
    for ref, one in asked.items():
        mine = [a for a in attempts if a.item == ref]
        marks = tuple(booked.get(f"{ref}{RUBRIC}{at}") for at in range(1, len(one.rubric) + 1))
        changes = _changes(mine)
        time, capped = seconds.get(ref, (None, False))
        found = judged.get(ref)
        if found is None:
            points = booked.get(ref)
            known = points is not None and one.points > 0
            credit = min(max((points or 0.0) / one.points, 0.0), 1.0) if known else None
            answers[ref] = Answer(credit, "judged", changes=changes, seconds=time, capped=capped)
            continue
        verdict, attempt = found.verdict, found.attempt
        answers[ref] = Answer(
            credit=verdict["credit"],
            status=verdict["status"],
            response=attempt.response if attempt else None,
            current=attempt is None or attempt.version == one.card["version"],
            parts=tuple(verdict["parts"]),
            changes=changes,
            seconds=time,
            capped=capped,
            marks=marks if attempt else (0.0,) * len(marks),
        )
    return Sitting(answers, bool(attempts))


def _changes(attempts: Iterable[Attempt]) -> int:
    """How often another answer took the place of the last one; the same again is no change."""
    changes, last = 0, None
    for attempt in attempts:
        answer = {k: v for k, v in attempt.response.items() if k not in ("sure", "hints")}
        if last is not None and answer != last:
            changes += 1
        last = answer
    return changes


def _seconds(attempts: Sequence[Attempt]) -> dict[str, tuple[float | None, bool]]:
    """Seconds at each item: from each answer back to the one before, whatever it was about.

    Nobody knows when the first answer was begun, so it has no time. A pause counts as `LONGEST`
    at most. A clock that was turned back gives no time.
    """
    found: dict[str, tuple[float | None, bool]] = {}
    last: datetime | None = None
    for attempt in attempts:
        at = _at(attempt.at)
        if at and last and at >= last:
            took = (at - last).total_seconds()
            before, capped = found.get(attempt.item, (None, False))
            found[attempt.item] = (
                (before or 0.0) + min(took, LONGEST),
                capped or took > LONGEST,
            )
        last = at or last
    return found


def _at(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None
