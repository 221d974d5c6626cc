"""Run rules: patterns in a chart that chance alone seldom draws, and how seldom it does.

What counts, for every rule:

- Points are standardised: their distance from the center line in sigma.
- "Beyond" is strict. A point on a line is not beyond it, not within it, and on neither side; it
  breaks a run. Two equal points neither rise nor fall. (What is nearer to a line than 10**-9
  sigma is on it.)
- A signal stands at the point that completes the pattern, counted from 0. A pattern that goes on
  signals again at each further point that completes it: 10 points on one side are, by a rule of
  8, signals at the 8th, the 9th and the 10th.
- The completing point belongs to the pattern: "two of three" signals at a point beyond 2σ.
- Six points steadily rising have five rises; fourteen alternating points have thirteen steps.
- Fifteen points within 1σ may lie on one side or on both. Eight points beyond 1σ need both.

Choose the rules before you look at the data. Each one more finds shifts sooner and cries wolf
more often: `run_length` says how often.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kefu.errors import KefuError
from kefu.quality._chart import Chart
from kefu.quality._given import Floats, chosen, count, labels, number, numbers, refusal
from kefu.quality._given import z as quantile
from kefu.quality._patterns import (
    NELSON,
    REACH,
    RULES,
    WESTERN_ELECTRIC,
    Found,
    found,
    window,
)
from kefu.text import Text

__all__ = [
    "NELSON",
    "RULES",
    "WESTERN_ELECTRIC",
    "RunLength",
    "Signal",
    "chart_signals",
    "run_length",
    "signals",
]

_LIMITS = ("we-1", "nelson-1")
_OF_RUNS = (*_LIMITS, "we-4", "nelson-2", "nelson-3", "nelson-4")


class Signal(NamedTuple):
    """One pattern: by which rule, completed at which point, made of which points.

    `side` is 1 above the line or rising, -1 below or falling, 0 where the rule has no side.
    """

    rule: str
    at: int
    points: tuple[int, ...]
    side: int


def signals(z: ArrayLike, rules: Sequence[str] = WESTERN_ELECTRIC) -> list[Signal]:
    """Every signal in a series of standardised points.

    Args:
        z: the distance of each point from the center line, in sigma, in the order of time; it
            may be infinite, as beside a sigma of 0.
        rules: names of `RULES`; one named twice counts once.

    Returns:
        The signals in the order of the points that complete them, then in the order of `rules`.

    Raises:
        KefuError: NaN or what is no number; a rule that there is not.

    Source:
        Western Electric 1956, Statistical Quality Control Handbook; Nelson 1984, Journal of
        Quality Technology 16:237-239. Nelson's rule 8 asks for points on both sides.
    """
    points = numbers(z, Text("标准化的点", "the standardised points"), low=-np.inf, high=np.inf)
    return _listed([(rule, each) for rule in _named(rules) for each in _found(points, rule)])


def chart_signals(chart: Chart, rules: Sequence[str] | None = None) -> list[Signal]:
    """Every signal in a control chart.

    The first rule of either set is read from the chart's own limits, whatever their width and
    where they were cut; the others from `chart.z`, so under limits that are stairs too.

    Args:
        chart: any control chart.
        rules: names of `RULES` that fit the chart. Means and single values take them all.
            Counts, shares, rates, ranges and standard deviations are not spread evenly to both
            sides, so only we-1, we-4 and nelson-1 to nelson-4 mean something there. Moving
            ranges and EWMA depend on the point before: only we-1 or nelson-1. None: those of
            `WESTERN_ELECTRIC` that fit.

    Returns:
        As `signals`; points are counted from 0 within the chart (the row of the data is that
        plus `chart.first`).

    Raises:
        KefuError: a rule that does not fit the chart, or that there is not.
    """
    fit: Sequence[str] = tuple(RULES)
    if chart.kind in ("moving-range", "ewma"):
        fit = _LIMITS
    elif chart.kind not in ("xbar", "individuals"):
        fit = _OF_RUNS
    named = [each for each in WESTERN_ELECTRIC if each in fit] if rules is None else _named(rules)
    unfit = [each for each in named if each not in fit]
    if unfit:
        raise refusal(
            f"{chart.kind} 图不能用规则 {unfit[0]}",
            f"the rule {unfit[0]} does not fit a chart of the kind {chart.kind}",
            f"这里能用的规则：{'、'.join(fit)}",
            f"the rules that fit it: {', '.join(fit)}",
        )
    z = chart.z
    sides = chart.sides
    hits = []
    for rule in named:
        if rule in _LIMITS:
            hits += [(rule, Found(s, sides == s)) for s in (1, -1)]
        else:
            hits += [(rule, each) for each in _found(z, rule)]
    return _listed(hits)


def _found(z: Floats, rule: str) -> list[Found]:
    # Beyond this all distances are alike to every rule, and differences stay numbers.
    return found(np.clip(z, -1e12, 1e12), rule)


def _listed(hits: list[tuple[str, Found]]) -> list[Signal]:
    """The signals that were found, in their order."""
    listed: list[Signal] = []
    for rule, (side, completes, belongs) in hits:
        span = window(rule)
        for at in np.flatnonzero(completes).tolist():
            points = range(max(at - span + 1, 0), at + 1)
            part = points if belongs is None else (each for each in points if belongs[each])
            listed.append(Signal(rule, at, tuple(part), side))
    listed.sort(key=lambda signal: signal.at)
    return listed


def _named(rules: Sequence[str]) -> list[str]:
    """The rules, each once.

    Raises:
        KefuError: one that there is not, or none at all.
    """
    given = labels([rules] if isinstance(rules, str) else rules, Text("规则", "the rules"))
    named = [chosen(each, RULES, Text("规则", "rule")) for each in dict.fromkeys(given)]
    if not named:
        raise refusal(
            "没有给出规则",
            "no rule is given",
            f"请从这些里选：{'、'.join(RULES)}",
            f"choose from: {', '.join(RULES)}",
        )
    return named


class RunLength(NamedTuple):
    """How many points it takes to the first signal.

    `mean` is the average run length, `low` and `high` its 95 % interval for so many simulated
    `runs`; half of all runs end by the `median`.
    """

    mean: float
    low: float
    high: float
    median: float
    runs: int


_CELLS = 400_000
_PATIENCE = 200_000_000


def run_length(
    rules: Sequence[str] = WESTERN_ELECTRIC,
    *,
    shift: float = 0.0,
    runs: int = 10_000,
    seed: int = 0,
) -> RunLength:
    """The average run length of a set of rules, by simulation: the price and the worth of them.

    Independent normal points with known center and sigma, from the first point on `shift` sigma
    off the center; each run lasts until any of the rules signals.

    Args:
        rules: names of `RULES`.
        shift: how far the process has moved, in sigma; 0: not at all, so every signal is false.
        runs: how many runs to simulate, from 2 to 10**6; the interval is narrower by their root.
        seed: any whole number from 0; the same seed gives the same runs (with one version of
            numpy).

    Returns:
        Mean, interval and median of the run lengths, in points.

    Raises:
        KefuError: a rule that there is not; rules that hardly ever signal at this shift (such as
            nelson-7 far from the center), or so seldom that 2 · 10**8 points are not enough.

    Source:
        Champ & Woodall 1987, Exact results for Shewhart control charts with supplementary runs
        rules, Technometrics 29:393-399.

    Published check:
        The same paper: we-1 alone 370.4 in control and 43.89 at one sigma; we-1 to we-4
        together 91.75 and 9.22.
    """
    named = _named(rules)
    off = number(shift, Text("偏移", "the shift"), low=-1000, high=1000)
    many = count(runs, Text("模拟次数", "the number of runs"), low=2, high=10**6)
    random = np.random.default_rng(count(seed, Text("随机种子", "the seed"), high=2**53))
    lengths = np.zeros(many)
    going = np.arange(many)
    past = np.empty((many, 0))
    seen, drawn = 0, 0
    while going.size:
        if drawn > _PATIENCE or (drawn > _PATIENCE / 10 and going.size == many):
            raise _too_rare()
        step = min(max(_CELLS // going.size, 8), 4096)
        # The last points of the block before, so that no window is cut.
        points = np.hstack((past, random.standard_normal((going.size, step)) + off))
        hit = _any(points, named)[:, past.shape[1] :]
        done = hit.any(axis=1)
        lengths[going[done]] = seen + hit[done].argmax(axis=1) + 1
        drawn += going.size * step
        going, past = going[~done], points[~done, -(REACH - 1) :]
        seen += step
    mean = float(lengths.mean())
    half = quantile(0.95) * float(lengths.std(ddof=1)) / many**0.5
    return RunLength(mean, mean - half, mean + half, float(np.median(lengths)), many)


def _any(points: Floats, rules: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    hit = np.zeros(points.shape, dtype=np.bool_)
    for rule in rules:
        for each in found(points, rule):
            hit |= each.completes
    return hit


def _too_rare() -> KefuError:
    return refusal(
        "这些规则在这个偏移下几乎从不报警，模拟不出平均链长",
        "at this shift these rules hardly ever signal: their run length cannot be simulated",
        "请换规则，减小偏移，或减少模拟次数",
        "choose other rules, a smaller shift or fewer runs",
    )
