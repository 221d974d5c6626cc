"""A queue and its people: beside pyworkforce, simpy, scipy and pandas."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.quality.case import CALL, CALLS, INTERVAL, Case, Given
from kefu.quality import operations, staffing
from kefu.text import Text

__all__ = ["CASES"]

_CONTACT = Text("联络", "contact")
_HALF_HOUR, _HANDLE, _TARGET, _PATIENCE = 1800.0, 241.0, 20.0, 120.0
_AWAY = 0.31
"""With 0.3, pyworkforce makes 61 of 42 / 0.7, which is 60."""


def _loads(rows: int, rng: np.random.Generator) -> Given:
    calls = rng.integers(20, 400, rows)
    loads = calls * _HANDLE / _HALF_HOUR
    agents = np.floor(loads).astype(np.int64) + rng.integers(1, 8, rows)
    return Given(
        loads=loads, agents=agents,
        asked=list(zip(calls.tolist(), agents.tolist(), strict=True)),
    )  # fmt: skip


def _erlang_b(g: Given) -> Any:
    from scipy.stats import poisson

    return poisson.pmf(g.agents, g.loads) / poisson.cdf(g.agents, g.loads)


def _pyworkforce(calls: int) -> Any:
    from pyworkforce import queuing  # type: ignore[import-untyped, unused-ignore]

    return queuing.ErlangC(
        transactions=calls, aht=_HANDLE, asa=_TARGET, interval=_HALF_HOUR, shrinkage=_AWAY
    )


def _erlang_c(g: Given) -> list[float]:
    return [_pyworkforce(calls).waiting_probability(agents) for calls, agents in g.asked]


def _service(g: Given) -> list[list[float]]:
    found = []
    for calls, agents in g.asked:
        one = _pyworkforce(calls)
        found.append(
            [
                one.waiting_probability(agents),
                one.service_level(agents),
                one.achieved_occupancy(agents),
            ]
        )
    return found


def _needed(g: Given) -> list[Any]:
    return [
        _pyworkforce(calls).required_positions(service_level=0.8, max_occupancy=0.85)
        for calls, _ in g.asked
    ]


def _palm(g: Given) -> list[list[float]]:
    """The steady state of the chain of callers there, summed until what is left counts no more."""
    found = []
    for calls, agents in g.asked:
        load = calls * _HANDLE / _HALF_HOUR
        reach = np.arange(1, agents + 60 + 12 * math.ceil(math.sqrt(load)) + calls)
        leaving = np.minimum(reach, agents) + np.maximum(reach - agents, 0) * (_HANDLE / _PATIENCE)
        logs = np.concatenate(([0.0], np.cumsum(np.log(load / leaving))))
        share = np.exp(logs - logs.max())
        share /= share.sum()
        waiting = np.maximum(np.arange(len(share)) - agents, 0)
        queue = float(share @ waiting)
        abandoned = queue * (_HANDLE / _PATIENCE) / load
        found.append(
            [float(share[agents:].sum()), abandoned, load * (1 - abandoned) / agents, queue]
        )
    return found


def _ours_palm(found: list[staffing.Service]) -> list[list[float]]:
    return [[one.wait, one.abandoned, one.occupancy, one.queue] for one in found]


_BUSY, _PEOPLE = 100, 8
"""Calls an hour, and agents, of the queue that is played: 6.7 Erlang."""


def _played(rows: int, rng: np.random.Generator) -> Given:
    return Given(calls=rows, hours=rows / _BUSY, seed=int(rng.integers(2**31)))


def _simulated(g: Given) -> Any:
    return staffing.simulate(
        _BUSY, 3600.0, _HANDLE, _PEOPLE, _TARGET, hours=g.hours, seed=g.seed
    )  # fmt: skip


def _simpy(g: Given) -> list[float]:
    """The same calls, drawn in the same way, played by simpy."""
    import simpy

    draw = np.random.default_rng(g.seed)
    came = np.cumsum(draw.exponential(3600.0 / _BUSY, g.calls)).tolist()
    took = draw.exponential(_HANDLE, g.calls).tolist()
    waits = [0.0] * g.calls
    world = simpy.Environment()
    people = simpy.Resource(world, capacity=_PEOPLE)

    def call(at: int) -> Any:
        with people.request() as free:
            yield free
            waits[at] = world.now - came[at]
            yield world.timeout(took[at])

    def arrivals() -> Any:
        for at, when in enumerate(came):
            yield world.timeout(when - world.now)
            world.process(call(at))

    world.process(arrivals())
    world.run()
    counted = np.array(waits[g.calls // 10 :])
    # What simpy's clock rounds is no wait.
    return [(counted > 1e-6).mean(), (counted <= _TARGET).mean(), counted.mean()]


def _log(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    offered = rng.integers(0, 60, rows)
    answered = rng.binomial(offered, 0.92)
    abandoned = offered - answered
    handled = answered
    table: dict[str, Any] = {
        "offered": offered, "answered": answered, "abandoned": abandoned,
        "short": rng.binomial(abandoned, 0.3), "met": rng.binomial(answered, 0.8),
        "waited": answered * rng.uniform(2, 30, rows),
        "talk": handled * rng.uniform(120, 300, rows),
        "hold": handled * rng.uniform(0, 30, rows), "after": handled * rng.uniform(20, 60, rows),
        "handled": handled, "moved": rng.binomial(handled, 0.1),
        "complaints": rng.poisson(0.02 * offered), "free": rng.uniform(0, 900, rows),
        "paid": np.full(rows, 1800.0), "productive": rng.uniform(900, 1800, rows),
        "wait": rng.uniform(0, 90, rows),
    }  # fmt: skip
    return Given(**table, frame=pd.DataFrame(table))


def _contacts(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    begin = np.datetime64("2026-09-01T00:00", "us")
    times = begin + rng.integers(0, 56 * 86400, rows).astype("timedelta64[s]")
    who = rng.integers(0, max(rows // 2, 1), rows).astype(str)
    what = rng.choice(["bill", "repair", "move"], rows)
    frame = pd.DataFrame({"time": times, "who": who, "what": what})
    until = begin + np.timedelta64(56, "D")
    return Given(times=times, who=who.tolist(), what=what.tolist(), until=until, frame=frame)


def _fcr(g: Given) -> list[float]:
    import pandas as pd
    from statsmodels.stats.proportion import proportion_confint

    log = g.frame.sort_values("time", kind="stable")
    gap = log.groupby(["who", "what"]).time.shift(-1) - log.time
    eligible = log.time <= g.until - pd.Timedelta(days=7)
    back = eligible & (gap <= pd.Timedelta(days=7))
    n = int(eligible.sum())
    resolved = n - int(back.sum())
    return [resolved / n, *proportion_confint(resolved, n, method="wilson"), n, resolved]


def _sums(name: str, ours: Any, theirs: Any) -> Case:
    return Case(f"operations.{name}", "pandas", INTERVAL, _log, ours, lambda g: theirs(g.frame))


CASES = (
    Case("staffing.erlang_b", "scipy.stats.poisson", INTERVAL, _loads,
         lambda g: staffing.erlang_b(g.loads, g.agents), _erlang_b),
    Case("staffing.erlang_c", "pyworkforce ErlangC", INTERVAL, _loads,
         lambda g: staffing.erlang_c(g.loads, g.agents), _erlang_c),
    Case("staffing.erlang_c_service", "pyworkforce ErlangC", CALL, _loads,
         lambda g: [staffing.erlang_c_service(calls, _HALF_HOUR, _HANDLE, agents, _TARGET)
                    for calls, agents in g.asked],
         _service, lambda found: [[one.wait, one.level, one.occupancy] for one in found],
         also=("staffing.load",)),
    Case("staffing.erlang_a_service", "numpy", CALL, _loads,
         lambda g: [staffing.erlang_a_service(calls, _HALF_HOUR, _HANDLE, agents, _TARGET,
                                              _PATIENCE)
                    for calls, agents in g.asked],
         _palm, _ours_palm, close=1e-7),
    Case("staffing.agents_needed", "pyworkforce ErlangC", CALL, _loads,
         lambda g: [staffing.agents_needed(calls, _HALF_HOUR, _HANDLE, target=_TARGET, level=0.8,
                                           occupancy=0.85, shrinkage=_AWAY)
                    for calls, _ in g.asked],
         _needed, lambda found: [[one.agents, one.scheduled, one.service.level] for one in found],
         lambda found: [[one["raw_positions"], one["positions"], one["service_level"]]
                        for one in found]),
    Case("staffing.simulate", "simpy", CALLS, _played, _simulated, _simpy,
         lambda seen: [seen.wait, seen.level, seen.asa], close=1e-6),
    _sums("service_level",
          lambda g: operations.service_level(g.met, g.answered, g.offered, g.abandoned, g.short),
          lambda f: f.met.sum() / (f.offered.sum() - f.short.sum())),
    _sums("asa", lambda g: operations.asa(g.waited, g.answered),
          lambda f: f.waited.sum() / f.answered.sum()),
    _sums("aht", lambda g: operations.aht(g.talk, g.hold, g.after, g.handled),
          lambda f: f[["talk", "hold", "after"]].sum().sum() / f.handled.sum()),
    _sums("abandonment", lambda g: operations.abandonment(g.abandoned, g.short, g.offered),
          lambda f: (f.abandoned.sum() - f.short.sum()) / (f.offered.sum() - f.short.sum())),
    _sums("transfer_rate", lambda g: operations.transfer_rate(g.moved, g.handled),
          lambda f: f.moved.sum() / f.handled.sum()),
    _sums("complaint_rate", lambda g: operations.complaint_rate(g.complaints, g.offered),
          lambda f: 1000 * f.complaints.sum() / f.offered.sum()),
    _sums("occupancy", lambda g: operations.occupancy(g.talk, g.free),
          lambda f: f.talk.sum() / (f.talk.sum() + f.free.sum())),
    _sums("shrinkage", lambda g: operations.shrinkage(g.productive, g.paid),
          lambda f: 1 - f.productive.sum() / f.paid.sum()),
    _sums("adherence", lambda g: operations.adherence(g.productive, g.paid),
          lambda f: f.productive.sum() / f.paid.sum()),
    Case("operations.rings", "pandas", CALLS, _log, lambda g: operations.rings(g.wait),
         lambda g: g.frame.wait // 5 + 1),
    Case("operations.first_contact_resolution", "pandas groupby + statsmodels", _CONTACT,
         _contacts,
         lambda g: operations.first_contact_resolution(g.times, g.who, g.what, until=g.until),
         _fcr, list),
)  # fmt: skip
