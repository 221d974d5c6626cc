"""The same items as a course without kefu would ask them: answers typed as Python, then a test.

Each item is one cell in which the learner sets a variable, or writes a function, and one test that
passes or fails. That is the cheapest form there is: no part credit, no reasons, no rubric, nothing
imported that a test does not need. It favours whoever is compared with kefu.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from benchmarks.grading import programs
from benchmarks.grading.school import Handed
from kefu import kinds
from kefu.card import Card, Key, Response

__all__ = ["Question", "expected", "questions", "typed"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `before` is what stands in the learner's cell, `test` the hidden test, both Python;
    a failing test raises AssertionError.
    """

    ref: str
    variable: str
    points: int
    prompt: str
    before: str
    test: str


def questions(
    cards: Mapping[str, Card], keys: Mapping[str, Key], points: Mapping[str, int]
) -> list[Question]:
    """The questions of a set, in its order."""
    made = []
    for number, (ref, card) in enumerate(cards.items(), 1):
        variable = f"answer_{number}"
        if programs.is_program(card):
            before, test = (
                f"def {card['function']}(*given):\n    pass",
                programs.test(card, keys[ref]),
            )
        else:
            before, test = f"{variable} = None", _test(card, keys[ref], variable)
        made.append(Question(ref, variable, points[ref], card["prompt"]["zh"], before, test))
    return made


def typed(question: Question, handed: Handed) -> str | None:
    """What the learner typed into the cell; None: it was left as it was."""
    if question.ref in handed.code:
        return handed.code[question.ref]
    response = handed.responses.get(question.ref)
    return None if response is None else f"{question.variable} = {_value(response)!r}"


def expected(question: Question, handed: Handed) -> float:
    """The points that an honest run of the test gives."""
    room: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()):
        try:
            exec(typed(question, handed) or question.before, room)
            exec(question.test, room)
        except Exception:  # whatever a learner's code raises is a failed test
            return 0.0
    return float(question.points)


def _value(response: Response) -> Any:
    """The response as one would type it: the field of its kind."""
    (value,) = (v for name, v in response.items() if name not in ("sure", "hints"))
    return float(value) if "number" in response else value


def _test(card: Card, key: Key, name: str) -> str:
    expert = _value(kinds.expert(card, key))
    match card["kind"]:
        case "choices":
            return f"assert sorted({name}) == {sorted(expert)!r}"
        case "number":
            return f"assert abs({name} - {expert!r}) <= {key.get('tolerance', 0.0)!r}"
        case "rewrite":
            said = [[*phrase["zh"], *phrase["en"]] for phrase in key["required"]]
            return f"assert all(any(one in {name} for one in each) for each in {said!r})"
        case _:
            return f"assert {name} == {expert!r}"
