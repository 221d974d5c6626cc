"""Complaints: which causes weigh most, how many come back, and how old those are that wait.

Times are numbers in any one unit, mostly days. How long cases take to close, the open ones among
them, is in `kefu.quality.survival`, whose two names are also here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality import _given as g
from kefu.quality.sampling import Share, share
from kefu.quality.survival import Survival, survival
from kefu.text import Text

__all__ = [
    "Ageing",
    "Followed",
    "Pareto",
    "Survival",
    "ageing",
    "backlog",
    "followed",
    "pareto",
    "pareto_of",
    "reopened",
    "survival",
]


class Pareto(NamedTuple):
    """Causes, the weightiest first, with their weights, shares and running shares (0 to 1)."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    shares: tuple[float, ...]
    cumulative: tuple[float, ...]


class Followed(NamedTuple):
    """How long each case was watched, and whether it was closed by then: for `survival`."""

    durations: g.Floats
    closed: NDArray[np.bool_]


class Ageing(NamedTuple):
    """How many cases are open, and how old: half of them and nine tenths at most so old.

    Ages are in the unit of the times; None: no case is open.
    """

    n: int
    p50: float | None
    p90: float | None
    oldest: float | None


def pareto(weights: Mapping[str, float]) -> Pareto:
    """The causes in order of weight, the greatest first.

    Draw it more than once: by count, by cost and by severity the first place may go to another
    cause, and a rare danger outranks a frequent grumble. That 80 % comes from 20 % is no law.

    Args:
        weights: per cause its count, cost or severity; none below 0, need not be whole.

    Returns:
        In a tie the causes keep the order they are given in. The last running share is exactly 1.
        Where all weights are 0, so are the shares; no cause: empty.

    Raises:
        KefuError: a weight that is negative, missing or infinite.

    Source:
        Juran 1951, Quality Control Handbook.

    Published check:
        48, 21, 15, 9, 7: running shares 0.48, 0.69, 0.84, 0.93, 1.
    """
    try:
        given = dict(weights)
    except (TypeError, ValueError):
        raise _no_causes() from None
    values = g.numbers(list(given.values()), Text("各原因的分量", "the weights"), low=0)
    order = np.argsort(-values, kind="stable")
    names = [each.item() if isinstance(each, np.generic) else each for each in given]
    values = values[order]
    running = np.cumsum(values)
    total = running[-1] if values.any() else 1.0
    return Pareto(
        tuple(names[at] for at in order),
        tuple(values.tolist()),
        tuple((values / total).tolist()),
        tuple((running / total).tolist()),
    )


def pareto_of(
    causes: Sequence[str],
    *,
    costs: ArrayLike | None = None,
    severities: ArrayLike | None = None,
) -> Pareto:
    """As `pareto`, from the complaints themselves: one cause a complaint.

    Args:
        causes: the cause of each complaint.
        costs: what each cost, none below 0; then the causes are weighed by cost.
        severities: how severe each was, in points of your own, none below 0; then by severity.

    Returns:
        In a tie the cause that comes up first goes first.

    Raises:
        KefuError: both costs and severities; not one a complaint; one that is negative, missing
            or infinite; a cause that is no text.
    """
    if costs is not None and severities is not None:
        raise g.refusal(
            "费用和严重程度不能同时作分量",
            "costs and severities cannot both be the weights",
            "请画两张图，各用一种",
            "make two, one of each",
        )
    seen: dict[str, int] = {}
    named = g.labels(causes, Text("投诉原因", "the causes"))
    codes = np.array([seen.setdefault(cause, len(seen)) for cause in named], dtype=np.int64)
    if not all(isinstance(cause, str) for cause in seen):
        raise _no_causes()
    given = severities if costs is None else costs
    if given is None:
        return pareto(dict(zip(seen, np.bincount(codes).tolist(), strict=True)))
    each = g.numbers(given, Text("费用或严重程度", "the costs or severities"), low=0)
    g.same_length(codes.astype(np.float64), each)
    return pareto(dict(zip(seen, np.bincount(codes, each).tolist(), strict=True)))


def reopened(closed: float, again: float, confidence: float = 0.95) -> Share:
    """The share of closed cases that were opened again, with Wilson's interval.

    Args:
        closed: how many cases were closed.
        again: how many of these came back; a whole number from 0 to `closed`. A case that came
            back twice is one case.
        confidence: between 0 and 1, both excluded.

    Returns:
        The share; no case closed: the value is None, and 0 to 1 is what is known.

    Raises:
        KefuError: a count that is negative, not whole, or above `closed`; a confidence out of
            its bounds; more than 10**7 cases.
    """
    return share(again, closed, confidence)


def followed(received: ArrayLike, closed: ArrayLike, until: float) -> Followed:
    """From a log of cases to what `survival` needs: how long each was watched, and how it ended.

    Args:
        received: when each case came.
        closed: when it was closed; NaN or None: it is open.
        until: the moment up to which the log was kept. What was closed later is still open then,
            and a case that came later is left out.

    Raises:
        KefuError: no lists of numbers, or of different lengths; a case that is closed before it
            comes; a time that is infinite, or a missing one other than in `closed`.
    """
    came, ended = _log(received, closed)
    end = g.number(until, Text("截止时间", "the end of the log"))
    there = came <= end
    came, ended = came[there], ended[there]
    return Followed(np.minimum(ended, end) - came, ended <= end)


def ageing(received: ArrayLike, closed: ArrayLike, at: float) -> Ageing:
    """How old the cases are that are open at a moment.

    Args:
        received: when each case came.
        closed: when it was closed; NaN or None: it is open.
        at: the moment. A case is open from when it came, until, but not at, its close.

    Returns:
        P50 and P90 of the ages, between two cases on a straight line (R's type 7), and the
        oldest; no open case: n is 0, the ages are None.

    Raises:
        KefuError: as `followed`.
    """
    came, ended = _log(received, closed)
    now = g.number(at, Text("时间点", "the moment"))
    ages = now - came[(came <= now) & (ended > now)]
    if not ages.size:
        return Ageing(0, None, None, None)
    p50, p90 = np.quantile(ages, (0.5, 0.9)).tolist()
    return Ageing(ages.size, p50, p90, float(ages.max()))


def backlog(received: ArrayLike, closed: ArrayLike, days: ArrayLike) -> NDArray[np.int64]:
    """How many cases are open at each of some moments.

    Args:
        received: when each case came.
        closed: when it was closed; NaN or None: it is open.
        days: the moments, in any order; open is meant as in `ageing`.

    Returns:
        One count per moment.

    Raises:
        KefuError: as `followed`.
    """
    came, ended = _log(received, closed)
    moments = g.numbers(days, Text("时间点", "the moments"))
    gone = np.searchsorted(np.sort(ended), moments, side="right")
    there = np.searchsorted(np.sort(came), moments, side="right")
    return (there - gone).astype(np.int64)


def _no_causes() -> KefuError:
    return g.refusal(
        "这里要的是投诉原因的名字",
        "names of causes are needed here",
        "每件投诉写一个原因，不清楚的写“未定”；汇总后每个原因配一个数",
        "name a cause per complaint, such as 'unknown' where it is not clear; "
        "or give a number per cause",
    )


def _log(received: ArrayLike, closed: ArrayLike) -> tuple[g.Floats, g.Floats]:
    """When each case came and when it was closed, infinity for not yet."""
    came = g.numbers(received, Text("受理时间", "the times received"))
    ended = g.numbers(closed, Text("结案时间", "the times closed"), missing=True)
    g.same_length(came, ended)
    ended = np.where(np.isnan(ended), np.inf, ended)
    if (ended < came).any():
        row = int(np.argmax(ended < came))
        raise g.refusal(
            f"第 {row + 1} 件在受理之前就结案了",
            f"case {row + 1} is closed before it is received",
            "请检查这一行的两个时间",
            "check the two times of this row",
        )
    return came, ended
