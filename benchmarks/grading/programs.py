"""Programs as the benchmarks see them: what is asked, what learners write, what is right."""

from __future__ import annotations

import io
import random
from contextlib import redirect_stdout
from typing import Any

from benchmarks.grading.written import WRITTEN
from kefu.card import Card, Key
from kefu.grading.program import Answer, calls, expected, judge_program
from kefu.text import Text

__all__ = ["is_program", "judged", "test", "written"]

_CLOSE = """\
def close(one, other):
    if isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(close, one, other))
    return one is None if other is None else abs(one - other) <= {tolerance!r}

"""


def is_program(card: Card) -> bool:
    """Whether a card asks for code."""
    return card["kind"] == "program"


def test(card: Card, key: Key) -> str:
    """The hidden test of a course without kefu: the same hidden calls, all of them or nothing."""
    pairs = list(zip(calls(key), expected(key), strict=True))
    return (
        f"{_CLOSE.format(tolerance=card['tolerance'])}"
        f"for given, gives in {pairs!r}:\n"
        f"    assert close({card['function']}(*given), gives)"
    )


def written(card: Card, dice: random.Random, skill: float) -> str:
    """Code of a learner with a skill from 0 to 1: right, nearly, or broken.

    Raises:
        KeyError: nobody has written anything for this function.
    """
    good, nearly, broken = WRITTEN[card["function"]]
    if dice.random() < skill:
        return good
    return nearly if dice.random() < 0.7 else broken


def judged(card: Card, key: Key, code: str) -> float:
    """The credit of a learner's code, run right here, with nothing between it and us."""
    room: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()):
        try:
            exec(code, room)
        except Exception:  # whatever a learner's code raises
            return 0.0
        answers = [_answer(room.get(card["function"]), given) for given in calls(key)]
    return judge_program(card, key, answers)["credit"]


def _answer(function: Any, given: list[Any]) -> Answer:
    try:
        value: Answer = function(*given)
    except Exception:  # whatever a learner's code raises
        return _FAILED
    return value


class _Failed:
    why = Text("出错", "it raised an error")


_FAILED = _Failed()
