"""One comparison: a function of kefu.quality, its oracle, data for both, and whether they agree."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from kefu.text import Text

__all__ = [
    "CALL",
    "CALLS",
    "CASE",
    "INTERVAL",
    "LEARNER",
    "PERIOD",
    "SCORED",
    "SURVEY",
    "Case",
    "Given",
    "different",
]

Given = SimpleNamespace
"""What both sides are given, ready made: arrays and lists for kefu, also frames for the oracle."""

PERIOD = Text("时段", "period")
INTERVAL = Text("时段", "interval")
SCORED = Text("评过分的电话", "scored call")
SURVEY = Text("答卷", "answer")
LEARNER = Text("学员", "learner")
CASE = Text("投诉", "complaint")
CALLS = Text("电话", "call")
CALL = Text("一次调用", "call of the function")


def _as_it_is(answer: Any) -> Any:
    return answer


@dataclass(frozen=True, slots=True)
class Case:
    """A function and its oracle.

    Attributes:
        name: of the function, as `charts.p_chart`.
        oracle: what it is compared with, the package first, as `shewhart.p_chart`.
        row: what one row is.
        give: makes the data of so many rows; both sides get all of it.
        ours: kefu's side, which is timed.
        theirs: the oracle's side, which is timed; imports the oracle.
        read: makes of kefu's answer what is compared; not timed.
        read_theirs: the same of the oracle's.
        close: by how much two numbers may differ, relative to the greater or absolute.
        also: further functions that cannot be called without this one's work, by name.
    """

    name: str
    oracle: str
    row: Text
    give: Callable[[int, np.random.Generator], Given]
    ours: Callable[[Given], Any]
    theirs: Callable[[Given], Any]
    read: Callable[[Any], Any] = _as_it_is
    read_theirs: Callable[[Any], Any] = _as_it_is
    close: float = 1e-9
    also: tuple[str, ...] = ()


def different(ours: Any, theirs: Any, close: float) -> str | None:
    """Where two answers differ, in words; None: nowhere.

    Numbers, text, None (as NaN), and whatever mappings, lists and arrays hold them.
    """
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        if set(ours) != set(theirs):
            return f"{sorted(map(str, set(ours) ^ set(theirs)))[:5]}"
        pairs = [(str(key), value, theirs[key]) for key, value in ours.items()]
        return _first(pairs, close)
    one, other = _numbers(ours), _numbers(theirs)
    if one is not None and other is not None:
        if one.shape != other.shape:
            return f"{one.shape} ≠ {other.shape}"
        same = np.isclose(one, other, rtol=close, atol=close, equal_nan=True)
        if same.all():
            return None
        at = int(np.argmin(same))
        return f"[{at}] {one.flat[at]!r} ≠ {other.flat[at]!r}"
    if _is_list(ours) and _is_list(theirs):
        if len(ours) != len(theirs):
            return f"{len(ours)} ≠ {len(theirs)}"
        pairs = [(str(at), *both) for at, both in enumerate(zip(ours, theirs, strict=True))]
        return _first(pairs, close)
    return None if ours == theirs else f"{ours!r} ≠ {theirs!r}"[:200]


def _first(pairs: Sequence[tuple[str, Any, Any]], close: float) -> str | None:
    for where, one, other in pairs:
        found = different(one, other, close)
        if found:
            return f"{where}: {found}"
    return None


def _is_list(found: Any) -> bool:
    return isinstance(found, Sequence | np.ndarray) and not isinstance(found, str)


def _numbers(found: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """As an array, if it is numbers throughout."""
    if found is None:
        return np.array(math.nan)
    if isinstance(found, str | Mapping | set):
        return None
    try:
        made = np.asarray(found)
        if made.dtype.kind not in "biufO":
            return None
        return made.astype(np.float64)
    except (TypeError, ValueError):
        return None
