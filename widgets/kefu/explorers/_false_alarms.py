"""The simulation of `limits_and_rules`: days on which nothing changes, and what the rules say."""

from __future__ import annotations

import random
from functools import cache

from kefu.quality.rules import Signal, run_length, signals

__all__ = ["MONTHS", "MOST", "alarms", "false_alarms", "notices", "series"]

_FIRST = 38
"""The first press shows one false alarm by Western Electric, as nearly half of all presses do."""
MONTHS, MOST = 50, 20
"""Each press draws so many months of 28 days; so many presses at most are counted."""


def series(press: int) -> tuple[float, ...]:
    """Days on which nothing changes, in sigma from the center; the first weeks are those drawn."""
    draw = random.Random(_FIRST + press).gauss
    return tuple(draw(0, 1) for _ in range(MONTHS * 28))


def alarms(z: tuple[float, ...], rules: tuple[str, ...]) -> list[list[Signal]]:
    """The signals at each point that raises an alarm; after each one, counting starts afresh."""
    found: list[list[Signal]] = []
    start, span = 0, 64
    while start < len(z):
        hits = signals(z[start : start + span], rules)
        if hits:
            found.append(
                [
                    hit._replace(at=hit.at + start, points=tuple(p + start for p in hit.points))
                    for hit in hits
                    if hit.at == hits[0].at
                ]
            )
            start, span = start + hits[0].at + 1, 64
        elif start + span >= len(z):
            break
        else:
            span *= 2
    return found


@cache
def false_alarms(press: int, rules: tuple[str, ...]) -> int:
    """How many alarms the calm days of one press raise."""
    return len(alarms(series(press), rules))


@cache
def notices(rules: tuple[str, ...], shift: float) -> float:
    """Mean days until a shift raises an alarm."""
    return run_length(rules, shift=shift, runs=4000).mean
