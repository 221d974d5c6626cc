"""How many agents an interval needs, and what callers meet with.

Times are all in one unit, such as seconds; shares are numbers from 0 to 1. The formulas are
those of `erlang`, the queue played to check them is that of `simulation`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from kefu.quality._given import count, number, positive, refusal
from kefu.quality._queue import turned_away
from kefu.quality.erlang import (
    AGENTS,
    Service,
    asked,
    endless,
    erlang_a_service,
    erlang_b,
    erlang_c,
    erlang_c_service,
    load,
)
from kefu.quality.simulation import simulate
from kefu.text import Text

__all__ = [
    "Service",
    "Staff",
    "agents_needed",
    "erlang_a_service",
    "erlang_b",
    "erlang_c",
    "erlang_c_service",
    "load",
    "simulate",
]


_LEVEL = Text("服务水平目标", "the service level aimed at")
_CAP = Text("占用率上限", "the greatest occupancy")
_SHRINKAGE = Text("损耗率", "the shrinkage")


class Staff(NamedTuple):
    """How many have to answer calls, how many have to be on the roster, and what comes of it."""

    agents: int
    scheduled: int
    service: Service


def agents_needed(
    calls: float,
    interval: float,
    handle: float,
    *,
    target: float,
    level: float,
    occupancy: float = 1.0,
    shrinkage: float = 0.0,
) -> Staff:
    """The fewest agents that keep a service level and an occupancy (Erlang C).

    Args:
        calls: how many calls come in one interval.
        interval: how long the interval is.
        handle: mean handling time, in the same unit.
        target: the wait within which a call should be answered, in the same unit.
        level: the share of calls to be answered within it; from 0, below 1, for no number of
            agents reaches all calls.
        occupancy: the greatest share of their time that calls may take; above 0, at most 1.
        shrinkage: the share of paid time in which agents do not answer calls, such as breaks
            and training; from 0, below 1.

    Returns:
        The agents who have to answer calls, always more than the load; `scheduled`, that number
        divided by (1 - shrinkage) and rounded up; the service of these agents.
        Without calls nobody is needed: 0 and 0.

    Raises:
        KefuError: input beyond these bounds; more than 10**6 agents.

    Published check:
        100 calls in 1800 s of 180 s each, 80 % in 20 s, occupancy at most 0.85, shrinkage 0.3:
        14 agents, 20 scheduled (pyworkforce, README).
    """
    least = _below_one(level, _LEVEL)
    busy = number(positive(occupancy, _CAP), _CAP, high=1)
    away = _below_one(shrinkage, _SHRINKAGE)
    erlangs, _, within, each = asked(calls, interval, handle, 0, target)
    if not erlangs:
        return Staff(0, 0, erlang_c_service(calls, interval, handle, 0, target))
    enough = _up(number(erlangs / busy, AGENTS, low=0, high=10**6))
    agents = max(math.floor(round(erlangs, 9)) + 1, enough)
    inverse = turned_away(erlangs, count(agents, AGENTS, high=10**6))
    while (service := endless(erlangs, agents, within, each, inverse)).level < least:
        agents = count(agents + 1, AGENTS, high=10**6)
        inverse = 1 + agents / erlangs * inverse
    return Staff(agents, _up(agents / (1 - away)), service)


def _up(number: float) -> int:
    """Rounded up, but not for the sake of the last bits: 14 / (1 - 0.3) is 20."""
    return math.ceil(round(number, 9))


def _below_one(given: float, name: Text) -> float:
    found = number(given, name, low=0, high=1)
    if found == 1:
        raise refusal(
            f"{name.zh}不能是 1",
            f"{name.en} cannot be 1",
            "请写从 0 到 1 的数（不含 1）",
            "write a number from 0 and below 1",
        )
    return found
