"""What a function gave, as plain values, and whether it is what it should have given.

One rule for the learner's own check and for marking, so that neither says what the other denies.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from kefu.text import Text

__all__ = ["JSON", "NotPlain", "difference", "plain"]

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

DEEPEST = 50
"""How many lists may stand inside one another."""
_NOISE = 1e-9
_DIGITS = 1000
"""A whole number with more digits than these is no answer to anything asked here."""

_NOTHING = Text("没有返回值", "nothing was returned")
_NO_NUMBER = Text("不是一个数", "not a number")
_NOT_FINITE = Text("不是一个有限的数", "not a finite number")
_NO_LIST = Text("不是几个数放在一起", "not several values together")
_COUNT = Text("个数不对", "not as many values as asked for")
_OTHER_NUMBER = Text("数不对", "another number")
_OTHER = Text("结果不对", "another result")


class NotPlain(ValueError):  # noqa: N818 - a value, not an accident
    """A value that is neither a number, a text nor made of those.

    Args:
        why: what it is instead, as a sentence without its stop.
    """

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(f"{why.zh} · {why.en}")


def plain(value: Any) -> JSON:
    """A value as JSON has it: tuples are lists, numpy's numbers and arrays are Python's own.

    Raises:
        NotPlain: it is something else, is not finite, or is too large to be an answer.
    """
    return _plain(value, 0)


def _plain(value: Any, depth: int) -> JSON:
    if depth > DEEPEST:
        raise NotPlain(Text("层数太多", "too many lists inside one another"))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= 10**_DIGITS:
            raise NotPlain(Text("数太大", "too large a number"))
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotPlain(_NOT_FINITE)
        return float(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise NotPlain(Text("字典的键不是文字", "a dict whose keys are not text"))
        return {str(name): _plain(each, depth + 1) for name, each in value.items()}
    if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
        return _plain(value.tolist(), depth + 1)
    raise NotPlain(Text("不是数，也不是文字", "neither numbers nor text"))


def difference(expected: JSON, given: JSON, tolerance: float) -> Text | None:
    """How a result differs from what it should be, in a few words; None where it does not.

    Numbers agree within `tolerance`, lists element by element, everything else exactly;
    True and 1 are different things. The words tell nothing of `expected` beyond its kind.
    """
    if given is None:
        return None if expected is None else _NOTHING
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        same = type(given) is type(expected) and given == expected
        return None if same else _OTHER
    if isinstance(expected, int | float):
        return _number(expected, given, tolerance)
    if isinstance(expected, list):
        if not isinstance(given, list):
            return _NO_LIST
        if len(given) != len(expected):
            return _COUNT
        pairs = zip(expected, given, strict=True)
    else:
        if not isinstance(given, dict) or given.keys() != expected.keys():
            return _OTHER
        pairs = zip(expected.values(), (given[name] for name in expected), strict=True)
    return next((said for e, g in pairs if (said := difference(e, g, tolerance))), None)


def _number(expected: float, given: JSON, tolerance: float) -> Text | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return _NO_NUMBER
    try:
        if not math.isfinite(given):
            return _NOT_FINITE
        # The last digits of a sum depend on its order, and 0.711 - 0.71 is a little over 0.001:
        # nobody is marked for that.
        same = math.isclose(given, expected, rel_tol=_NOISE, abs_tol=tolerance * (1 + _NOISE))
    except OverflowError:  # a whole number beyond any float
        same = given == expected
    return None if same else _OTHER_NUMBER
