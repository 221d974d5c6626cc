"""The patterns that run rules look for, found in whole series at once. Use them through `rules`.

A rule's window is the last points up to the one that completes the pattern. Where fewer points
came before, those there are count, so two of the first two points can be "two of three".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kefu.quality._chart import CLOSE
from kefu.quality._given import Floats
from kefu.text import Text

__all__ = ["NELSON", "REACH", "RULES", "WESTERN_ELECTRIC", "Found", "found", "window"]

WESTERN_ELECTRIC = ("we-1", "we-2", "we-3", "we-4")
"""The four rules of Western Electric, Statistical Quality Control Handbook, 1956."""

NELSON = tuple(f"nelson-{number}" for number in range(1, 9))
"""The eight rules of Nelson 1984, Journal of Quality Technology 16:237-239."""

_BEYOND = Text("一点落在 3σ 控制限之外", "one point beyond the 3σ limits")
_TWO = Text("连续 3 点中有 2 点落在同侧 2σ 之外", "two of three points beyond 2σ on one side")
_FOUR = Text("连续 5 点中有 4 点落在同侧 1σ 之外", "four of five points beyond 1σ on one side")

RULES: Mapping[str, Text] = MappingProxyType(
    {
        "we-1": _BEYOND,
        "we-2": _TWO,
        "we-3": _FOUR,
        "we-4": Text(
            "连续 8 点落在中心线同一侧", "eight points in a row on one side of the center line"
        ),
        "nelson-1": _BEYOND,
        "nelson-2": Text(
            "连续 9 点落在中心线同一侧", "nine points in a row on one side of the center line"
        ),
        "nelson-3": Text(
            "连续 6 点一直上升，或一直下降", "six points in a row steadily rising, or falling"
        ),
        "nelson-4": Text("连续 14 点上下交替", "fourteen points in a row alternating up and down"),
        "nelson-5": _TWO,
        "nelson-6": _FOUR,
        "nelson-7": Text(
            "连续 15 点落在中心线两边 1σ 之内",
            "fifteen points in a row within 1σ of the center line",
        ),
        "nelson-8": Text(
            "连续 8 点都在 1σ 之外，两侧都有", "eight points in a row beyond 1σ, on both sides"
        ),
    }
)
"""Each rule in words."""


class _Zone(NamedTuple):
    """At least so many of the points in a window lie beyond so many sigma, on one side."""

    sigma: float
    least: int
    window: int


_ZONES = {
    "we-1": _Zone(3, 1, 1),
    "we-2": _Zone(2, 2, 3),
    "we-3": _Zone(1, 4, 5),
    "we-4": _Zone(0, 8, 8),
    "nelson-1": _Zone(3, 1, 1),
    "nelson-2": _Zone(0, 9, 9),
    "nelson-5": _Zone(2, 2, 3),
    "nelson-6": _Zone(1, 4, 5),
}
_WINDOWS = {"nelson-3": 6, "nelson-4": 14, "nelson-7": 15, "nelson-8": 8}

REACH = 15
"""The longest window of any rule."""

Bools = NDArray[np.bool_]


class Found(NamedTuple):
    """One rule on one side: the points that complete it, and those of a window that belong to it.

    `belongs` is None where all of them do. `side` is 1 above the line or rising, -1 below or
    falling, 0 where the rule has no side.
    """

    side: int
    completes: Bools
    belongs: Bools | None = None


def window(rule: str) -> int:
    """How many points the rule looks at."""
    return _ZONES[rule].window if rule in _ZONES else _WINDOWS[rule]


def found(z: Floats, rule: str) -> list[Found]:
    """Where a rule is completed, along the last axis of standardised points."""
    if rule in _ZONES:
        sigma, least, span = _ZONES[rule]
        sides = ((1, z > sigma + CLOSE), (-1, z < -sigma - CLOSE))
        return [
            Found(side, far & (_last(far, span) >= least), far if least < span else None)
            for side, far in sides
        ]
    if rule == "nelson-7":
        near = np.abs(z) < 1 - CLOSE
        return [Found(0, _last(near, 15) == 15)]
    if rule == "nelson-8":
        above, far = z > 1 + CLOSE, np.abs(z) > 1 + CLOSE
        highs = _last(above, 8)
        return [Found(0, (_last(far, 8) == 8) & (highs > 0) & (highs < 8))]
    steps = np.diff(z, axis=-1, prepend=z[..., :1])
    rises, falls = steps > CLOSE, steps < -CLOSE
    if rule == "nelson-3":
        return [Found(s, _last(step, 5) == 5) for s, step in ((1, rises), (-1, falls))]
    turns = np.zeros(z.shape, dtype=np.bool_)
    turns[..., 1:] = rises[..., 1:] & falls[..., :-1] | falls[..., 1:] & rises[..., :-1]
    return [Found(0, _last(turns, 12) == 12)]


def _last(mask: Bools, span: int) -> NDArray[np.int32]:
    """How many of the last `span` points, this one among them, are true."""
    total = np.cumsum(mask, axis=-1, dtype=np.int32)
    recent = total.copy()
    recent[..., span:] -= total[..., :-span]
    return recent
