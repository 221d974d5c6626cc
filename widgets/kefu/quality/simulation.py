"""A queue played call by call, to check the formulas by."""

from __future__ import annotations

from heapq import heapreplace

import numpy as np

from kefu.quality._given import count, number, refusal
from kefu.quality.erlang import Service, erlang_a_service, erlang_c_service
from kefu.text import Text

__all__ = ["simulate"]

_MOST = 5_000_000
_WARM = 0.1
"""The queue starts empty: this share of the calls only fills it, and is not counted."""


def simulate(
    calls: float,
    interval: float,
    handle: float,
    agents: int,
    target: float,
    *,
    patience: float | None = None,
    hours: float = 1000.0,
    seed: int = 0,
) -> Service:
    """Play a queue: random calls, the first free agent, whoever waits longest first.

    Args:
        calls: how many calls come in one interval, on average.
        interval: how long the interval is, in seconds.
        handle: mean handling time, in seconds.
        agents: how many answer calls.
        target: the wait within which a call should be answered, in seconds.
        patience: how long callers would wait on average, in seconds; None: for ever.
        hours: how long to play; at most 5 million calls may come.
        seed: the same seed gives the same figures, as long as numpy draws the same numbers.

    Returns:
        What was seen, as `erlang_c_service` or `erlang_a_service` foretell it. Runs of
        different seeds differ: their spread is the error of one. Nothing is played where these
        functions name the outcome: no calls, no agents, and without patience a load that
        reaches the number of agents.

    Raises:
        KefuError: input that those functions refuse; so few hours that no call is to be
            counted, or so many that there are too many.
    """
    if patience is None:
        foretold = erlang_c_service(calls, interval, handle, agents, target)
    else:
        foretold = erlang_a_service(calls, interval, handle, agents, target, patience)
    played = number(hours, Text("模拟小时数", "the hours to play"), low=0)
    rate, many_agents, within = float(calls) / float(interval), int(agents), float(target)
    many = rate * 3600 * played
    draw = np.random.default_rng(count(seed, Text("种子", "the seed")))
    if not foretold.load or not many_agents or (patience is None and foretold.load >= many_agents):
        return foretold
    if not 1 <= many <= _MOST:
        raise refusal(
            f"要模拟的来电数不能是 {many:.3g}",
            f"{many:.3g} calls cannot be played",
            f"请调整小时数，让来电数在 1 到 {_MOST} 之间",
            f"choose the hours so that 1 to {_MOST} calls come",
        )
    n = round(many)
    came = np.cumsum(draw.exponential(1 / rate, n))
    took = draw.exponential(float(handle), n)
    ready = np.full(n, np.inf) if patience is None else draw.exponential(float(patience), n)
    waits: list[float] = []  # what a patient caller would wait
    free = [0.0] * many_agents
    for at, lasts, patient in zip(came.tolist(), took.tolist(), ready.tolist(), strict=True):
        begins = max(free[0], at)
        waits.append(begins - at)
        if begins - at <= patient:
            heapreplace(free, begins + lasts)
    first = int(n * _WARM)
    span = came[-1] - (came[first - 1] if first else 0.0)
    took, ready, wait = took[first:], ready[first:], np.array(waits[first:])
    answered = wait <= ready
    asa = float(np.minimum(wait, ready).mean())
    return Service(
        load=foretold.load,
        wait=float((wait > 0).mean()),
        level=float((answered & (wait <= within)).mean()),
        asa=asa,
        # What began at the end of the time played lasts beyond it.
        occupancy=min(float(took[answered].sum() / (many_agents * span)), 1.0),
        abandoned=float(1 - answered.mean()),
        queue=asa * rate,
    )
