"""What all control charts share: the chart itself, the rows its limits come from, their mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality._given import Floats, number, refusal
from kefu.text import Text

__all__ = ["CLOSE", "Baseline", "Chart", "Kind", "Pair", "Rows", "chart", "either", "mean", "rows"]

Kind = Literal["p", "np", "c", "u", "p-prime", "u-prime",
               "xbar", "r", "s", "individuals", "moving-range", "ewma"]  # fmt: skip
Baseline = slice | Sequence[int] | Sequence[bool] | NDArray[Any]
Rows = NDArray[np.intp]

CLOSE = 1e-9
"""A point is beyond a line if it is so by more than this many sigma: what is on the line stays
on it though floats are rounded."""


@dataclass(frozen=True, eq=False)
class Chart:
    """A control chart: the points, and for each its center line and its limits.

    All arrays are of one length, one number a point, in the unit of the points.

    Attributes:
        kind: which chart it is.
        points: what is charted, in the order of time.
        center: the center line.
        lower: the lower limit, cut to what is possible: at 0 for counts, rates and spreads.
        upper: the upper limit, cut to what is possible: at 1 for shares, at the size for np.
        sigma: the standard error of each point while nothing but chance is at work.
        first: the row of the data that `points[0]` belongs to (1 for moving ranges).
        baseline: the rows that the limits were computed from; empty if they were given.
        inflation: by how much sigma exceeds the binomial's or Poisson's; 1 but for Laney's charts.
    """

    kind: Kind
    points: Floats
    center: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    first: int = 0
    baseline: tuple[int, ...] = ()
    inflation: float = 1.0

    @property
    def z(self) -> Floats:
        """How far each point is from the center line, in sigma.

        Where sigma is 0 it is 0 on the line, and infinite (with its sign) off it.
        """
        away = self.points - self.center
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found: Floats = np.where(away == 0, 0.0, away / self.sigma)
        return found

    @property
    def sides(self) -> NDArray[np.int8]:
        """1 for a point above its upper limit, -1 for one below its lower limit, else 0.

        A point on a limit is not beyond it; so where the lower limit was cut to 0, none is below.
        """
        slack = CLOSE * self.sigma
        above = self.points > self.upper + slack
        below = self.points < self.lower - slack
        return above.astype(np.int8) - below.astype(np.int8)

    @property
    def outside(self) -> tuple[int, ...]:
        """The points beyond a limit, counted from 0 (the row is this plus `first`)."""
        return tuple(np.flatnonzero(self.sides).tolist())


class Pair(NamedTuple):
    """Two charts of one set of data: where the process is, and how far it spreads."""

    location: Chart
    spread: Chart


def chart(
    kind: Kind,
    points: Floats,
    center: Floats | float,
    sigma: Floats | float,
    *,
    width: float = 3.0,
    low: float = -np.inf,
    high: float = np.inf,
    **more: Any,
) -> Chart:
    """A chart whose limits are `width` sigma from its center, none beyond `low` and `high`."""
    middle = np.broadcast_to(np.asarray(center, dtype=np.float64), points.shape).copy()
    error = np.broadcast_to(np.asarray(sigma, dtype=np.float64), points.shape).copy()
    lower = np.maximum(middle - width * error, low)
    upper = np.minimum(middle + width * error, high)
    # A copy: what the caller does with the data afterwards does not move the points.
    return Chart(kind, points.copy(), middle, lower, upper, error, **more)


def rows(baseline: Baseline | None, n: int) -> Rows:
    """The rows that a baseline names, ascending, each once; None: all `n` of them.

    Raises:
        KefuError: it names no row, or one that there is not; a mask of another length.
    """
    every = np.arange(n, dtype=np.intp)
    if baseline is None:
        return every
    try:
        if isinstance(baseline, slice):
            found = every[baseline]
        else:
            named = np.asarray(baseline)
            if named.dtype == object:
                named = np.asarray(named.tolist())
            if named.dtype == bool and named.shape == (n,):
                found = every[named]
            elif named.ndim == 1 and np.issubdtype(named.dtype, np.integer):
                found = named.astype(np.intp)
                if found.size and not (found.min() >= 0 and found.max() < n):
                    raise _no_baseline(n)
            else:
                raise _no_baseline(n)
    except (TypeError, ValueError, OverflowError):
        raise _no_baseline(n) from None
    if not found.size:
        raise _no_baseline(n)
    return np.unique(found)


def _no_baseline(n: int) -> KefuError:
    return refusal(
        "基线所选的行不对",
        "the baseline does not name rows of the data",
        f"请用切片、长度为 {n} 的布尔掩码，或 0 到 {n - 1} 的行号，至少选一行",
        f"use a slice, a mask of length {n} or row numbers from 0 to {n - 1}, at least one row",
    )


def either(baseline: Baseline | None, *given: float | None) -> None:
    """Refuses a baseline beside limits that are all given: one of them would count for nothing."""
    if baseline is not None and all(each is not None for each in given):
        raise refusal(
            "既给了标准值，又给了基线",
            "both the standards and a baseline are given",
            "请只留一样：用给定的标准值，或从基线计算",
            "keep one: the given standards, or a baseline to compute them from",
        )


def mean(values: Floats, weights: Floats | None = None) -> float:
    """The mean, which rounding never puts outside the values: of equal values it is that value."""
    found = values.mean() if weights is None else (values * weights).sum() / weights.sum()
    return float(np.clip(found, values.min(), values.max()))


def wide(width: ArrayLike) -> float:
    """The width of the limits, in sigma."""
    return number(width, Text("控制限的宽度", "the width of the limits"), low=0, high=1000)
