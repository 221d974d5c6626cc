"""How long callers wait: the formulas of Erlang (B and C) and of Palm (A).

Calls come at random (Poisson), handling times and patience are exponential, the mean load does
not change, and whoever waits longest is answered first. A formula knows nothing of a rush at
lunch, nor of callers who ring again.
"""

from __future__ import annotations

import math
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._given import Floats, count, number, numbers, positive, refusal
from kefu.quality._queue import palm, turned_away
from kefu.text import Text

__all__ = [
    "Service",
    "erlang_a_service",
    "erlang_b",
    "erlang_c",
    "erlang_c_service",
    "load",
]

_MOST = 1e6
_NOBODY = 1e-100
_PATIENCE = (1e-6, 1e4)

LOAD = Text("话务量（爱尔兰）", "the load (Erlang)")
AGENTS = Text("坐席数", "the number of agents")
_CALLS = Text("来电数", "the number of calls")
_INTERVAL = Text("时段长度", "the length of the interval")
_HANDLE = Text("平均处理时长", "the mean handling time")
_TARGET = Text("目标时间", "the target")
_PATIENT = Text("平均耐心", "the mean patience")


class Service(NamedTuple):
    """What callers and agents meet with in the long run.

    `load` is in Erlang. `wait` is the share of calls that are not answered at once. `level` is
    the share of all calls that are answered within the target. `asa` is the mean time in the
    queue of all calls, also of those who hang up, in the unit of the handling time. `occupancy`
    is the share of the agents' time that calls take. `abandoned` is the share of calls given up
    while waiting (0 where callers never do). `queue` is the mean number of callers who wait.
    """

    load: float
    wait: float
    level: float
    asa: float
    occupancy: float
    abandoned: float
    queue: float = 0.0


def load(calls: float, interval: float, handle: float) -> float:
    """The load in Erlang: how many agents would be busy if nobody ever had to wait.

    Args:
        calls: how many calls come in one interval; not negative, a mean need not be whole.
        interval: how long the interval is; above 0.
        handle: how long a call takes with its after-call work, on average, in the same unit;
            above 0.

    Returns:
        calls * handle / interval.

    Raises:
        KefuError: input beyond these bounds; more than 10**6 Erlang.

    Published check:
        100 calls in 30 minutes of 180 seconds each: 10 Erlang (R package ErlangC, README).
    """
    came = number(calls, _CALLS, low=0)
    lasting = positive(interval, _INTERVAL)
    each = positive(handle, _HANDLE)
    return number(came * each / lasting, LOAD, low=0, high=_MOST)


@overload
def erlang_b(load: float, agents: int) -> float: ...
@overload
def erlang_b(load: ArrayLike, agents: ArrayLike) -> float | Floats: ...
def erlang_b(load: ArrayLike, agents: ArrayLike) -> float | Floats:
    """Erlang B: the share of calls turned away where nobody can wait.

    Args:
        load: in Erlang, from 0 to 10**6.
        agents: agents or lines, whole, from 0 to 10**6; arrays of both are broadcast.

    Returns:
        A share from 0 to 1, a float or an array of the broadcast shape. Without agents it is 1,
        also where there is no load.

    Raises:
        KefuError: input beyond these bounds; shapes that do not fit together.

    Source:
        Erlang 1917; as a quotient of the Poisson distribution, by the incomplete gamma function.

    Published check:
        15 lines turn away 1 % of 8.108 Erlang (Westbay's manual of its calculator).
    """
    return _plain(_lost(*_loads(load, agents)))


@overload
def erlang_c(load: float, agents: int) -> float: ...
@overload
def erlang_c(load: ArrayLike, agents: ArrayLike) -> float | Floats: ...
def erlang_c(load: ArrayLike, agents: ArrayLike) -> float | Floats:
    """Erlang C: the share of calls that have to wait where nobody hangs up.

    Args:
        load: in Erlang, from 0 to 10**6.
        agents: whole, from 0 to 10**6; arrays of both are broadcast.

    Returns:
        A share from 0 to 1, a float or an array of the broadcast shape. Where the load reaches
        the number of agents the queue grows without end, and it is 1. Without load it is 0.

    Raises:
        KefuError: input beyond these bounds; shapes that do not fit together.

    Source:
        Erlang 1917; Gans, Koole & Mandelbaum 2003, M&SOM 5:79-141. From Erlang B, which stays
        exact where factorials overflow.

    Published check:
        10 Erlang and 14 agents: 0.1741319 (R package ErlangC, README).
    """
    loads, many = _loads(load, agents)
    lost = _lost(loads, many)
    busy = loads / np.maximum(many, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = lost / (1 - busy * (1 - lost))
    return _plain(np.where(loads == 0, 0.0, np.where(loads >= many, 1.0, np.minimum(found, 1))))


def erlang_c_service(
    calls: float, interval: float, handle: float, agents: int, target: float
) -> Service:
    """What callers meet with where nobody hangs up (Erlang C).

    It overstates waiting, for in truth some do hang up: see `erlang_a_service`.

    Args:
        calls: how many calls come in one interval.
        interval: how long the interval is.
        handle: mean handling time, in the same unit.
        agents: how many answer calls; whole, from 0 to 10**6.
        target: the wait within which a call should be answered, in the same unit; from 0.

    Returns:
        The service in the steady state. Where the load reaches the number of agents there is
        none, for the queue grows without end: wait 1, level 0, asa and queue infinite,
        occupancy 1. Without calls: wait, asa, occupancy and queue 0, level 1.

    Raises:
        KefuError: input that `load` refuses; agents or a target beyond these bounds.

    Source:
        Gans, Koole & Mandelbaum 2003, M&SOM 5:79-141; the queue by Little's law.

    Published check:
        100 calls in 1800 s of 180 s each, 14 agents, 20 s: level 0.88835, asa 7.835937 s,
        occupancy 0.7142857 (R package ErlangC, README).
    """
    erlangs, many, within, each = asked(calls, interval, handle, agents, target)
    if not erlangs:
        return Service(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    if erlangs >= many:
        return Service(erlangs, 1.0, 0.0, math.inf, 1.0, 0.0, math.inf)
    return endless(erlangs, many, within, each, turned_away(erlangs, many))


def erlang_a_service(
    calls: float, interval: float, handle: float, agents: int, target: float, patience: float
) -> Service:
    """What callers meet with where they hang up when their patience is over (Erlang A).

    Such a queue never grows without end, however few agents there are.

    Args:
        calls: how many calls come in one interval.
        interval: how long the interval is.
        handle: mean handling time, in the same unit.
        agents: how many answer calls; whole, from 0 to 10**6.
        target: the wait within which a call should be answered, in the same unit; from 0.
        patience: how long callers would wait on average, in the same unit, also those who are
            answered before: not the mean wait of those who hung up. From 10**-6 to 10**4 times
            the handling time; whoever is more patient still is asked with `erlang_c_service`.

    Returns:
        The service in the steady state. Calls given up count against the level, however early.
        Without agents: wait and abandoned 1, level 0, asa the patience, occupancy 1.
        Without calls: as `erlang_c_service`.

    Raises:
        KefuError: input that `load` refuses; agents, a target or patience beyond these bounds.

    Source:
        Palm 1957; Mandelbaum & Zeltyn 2007, "Service Engineering in Action: The Palm/Erlang-A
        Queue", with the waiting time's density integrated by the incomplete gamma function.

    Published check:
        48 calls a minute of 1 minute each, 50 agents, patience 2 minutes: 3.1 % give up, asa
        3.7 s, occupancy 93 % (Garnett, Mandelbaum & Reiman 2002, M&SOM 4:208-227).
    """
    erlangs, many, within, each = asked(calls, interval, handle, agents, target)
    least, most = (bound * each for bound in _PATIENCE)
    patient = number(patience, _PATIENT, low=least, high=most)
    if erlangs < _NOBODY:
        return Service(erlangs, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    if not many:
        return Service(erlangs, 1.0, 0.0, patient, 1.0, 1.0, erlangs * (patient / each))
    wait, held, late = palm(erlangs, many, patient / each, within / patient)
    held = min(held, 1.0)
    abandoned = wait * (1 - held)
    return Service(
        load=erlangs,
        wait=wait,
        level=1 - wait + wait * max(held - late, 0.0),
        asa=abandoned * patient,
        occupancy=min(erlangs / many * (1 - abandoned), 1.0),
        abandoned=abandoned,
        queue=abandoned * (patient / each) * erlangs,
    )


def asked(
    calls: float, interval: float, handle: float, agents: int, target: float
) -> tuple[float, int, float, float]:
    """Load, agents, target and handling time, every one of them sound."""
    within = number(target, _TARGET, low=0)
    many = count(agents, AGENTS, high=_MOST)
    return load(calls, interval, handle), many, within, float(handle)


def endless(erlangs: float, many: int, within: float, each: float, inverse: float) -> Service:
    """Where callers wait for ever and agents are enough: `inverse` is 1 / Erlang B."""
    spare = many - erlangs
    wait = many / (inverse * spare + erlangs)
    return Service(
        load=erlangs,
        wait=wait,
        level=1 - wait * math.exp(-spare * (within / each)),
        asa=wait * each / spare,
        occupancy=erlangs / many,
        abandoned=0.0,
        queue=wait * erlangs / spare,
    )


def _lost(loads: Floats, many: Floats) -> Floats:
    from kefu.quality._tails import log_below  # here, since scipy takes its time

    found: Floats = np.exp(-log_below(loads, many))
    return found


def _loads(load: ArrayLike, agents: ArrayLike) -> tuple[Floats, Floats]:
    loads = numbers(load, LOAD, dims=None, low=0, high=_MOST)
    many = numbers(agents, AGENTS, dims=None, low=0, high=_MOST, whole=True)
    try:
        one, other = np.broadcast_arrays(loads, many)
    except ValueError:
        raise refusal(
            f"话务量和坐席数对不上：{loads.shape} / {many.shape}",
            f"loads and agents do not fit together: {loads.shape} / {many.shape}",
            "个数相同，或其中一边只有一个",
            "give as many of one as of the other, or a single one on one side",
        ) from None
    return one, other


def _plain(found: Floats) -> float | Floats:
    return found if found.ndim else float(found)
