"""How long cases take to close, when some are still open: the estimate of Kaplan and Meier.

To leave the open cases out flatters: they are the slow ones. Here each of them counts as what it
is, a case that has taken at least so long (it is censored). Times are in any one unit, mostly
days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality import _given as g
from kefu.quality.sampling import Share, wilson
from kefu.text import Text

__all__ = ["Survival", "survival"]

# A product of shares may miss the share it stands for by so much.
_CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class Survival:
    """The share of cases still open after each time at which any closed.

    Attributes:
        times: the times at which cases closed, ascending, each once; shape (k,), as all below.
        open: the share still open just after each, from 1 to 0.
        low: the least share that the cases speak for.
        high: the greatest.
        at_risk: how many cases were still watched and open just before.
        closed: how many closed then.
        durations: how long each case was watched, closed or not, ascending; shape (n,).
        confidence: that of the interval.
    """

    times: g.Floats
    open: g.Floats
    low: g.Floats
    high: g.Floats
    at_risk: g.Floats
    closed: g.Floats
    durations: g.Floats
    confidence: float

    @property
    def n(self) -> int:
        """How many cases there are, closed or not."""
        return int(self.durations.size)

    @property
    def median(self) -> float | None:
        """The time by which half of the cases are closed; None: it has not come yet."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> float | None:
        """The first time by which at least that share is closed; None: it has not come yet.

        Where exactly that share is closed between two times, R's survfit takes the middle of both.

        Raises:
            KefuError: the share is not from 0 to 1, 0 excluded.
        """
        part = g.number(share, Text("比例", "the share"), low=0, high=1)
        if not part:
            raise g.refusal(
                "比例不能是 0", "the share cannot be 0", "请写大于 0 的比例", "give one above 0"
            )
        there = np.flatnonzero(self.open <= 1 - part + _CLOSE)
        return float(self.times[there[0]]) if there.size else None

    def by(self, day: float) -> Share:
        """The share of cases closed by then, with its interval: what a deadline is judged by.

        Args:
            day: the time since a case began; cases that close on it are closed by it.

        Returns:
            The share, of all `n` cases. Before the first case has closed it is 0, with Wilson's
            interval for none of those watched so long. After the last case was watched, some of
            them still open, nobody knows: the value is None, and the interval goes up to 1.
            No case at all: None, 0 to 1.

        Raises:
            KefuError: a time that is negative, missing or infinite.
        """
        until = g.number(day, Text("天数", "the day"), low=0)
        at = int(np.searchsorted(self.times, until, side="right")) - 1
        watched = self.n - int(np.searchsorted(self.durations, until, side="left"))
        if at < 0:
            none = wilson(0, watched, self.confidence)
            return Share(0.0 if watched else None, none.low, none.high, self.n)
        value, low, high = (float(1 - each[at]) for each in (self.open, self.high, self.low))
        if watched or not self.open[at]:
            return Share(value, low, high, self.n)
        return Share(None, low, 1.0, self.n)


def survival(durations: ArrayLike, closed: ArrayLike, confidence: float = 0.95) -> Survival:
    """The share of cases still open as time goes by, with open cases censored.

    The interval is the one on the log-log scale, from Greenwood's variance; it stays within 0
    and 1. (R's survfit gives it with conf.type = "log-log", and else another.) Where none is open
    any more it has no value: there `low` is 0, and `high` that of the time before (of a single
    time: Wilson's for none of all).

    Args:
        durations: how long each case took, or has taken so far; one a case, none below 0.
        closed: whether it is closed, or else still open (censored): True and False, or 1 and 0.
            A case that is closed at the moment another is last seen open comes first.
        confidence: between 0 and 1, both excluded.

    Returns:
        The curve, 0 <= low <= open <= high <= 1. No case, or all still open: no times.

    Raises:
        KefuError: no lists of numbers, or of different lengths; a duration that is negative,
            missing or infinite; a `closed` that is neither 0 nor 1; a confidence out of its
            bounds.

    Source:
        Kaplan & Meier 1958, Journal of the American Statistical Association 53:457-481;
        log-log interval: Kalbfleisch & Prentice 1980, The Statistical Analysis of Failure Time
        Data, ch. 1.

    Published check:
        Freireich et al. 1963, Blood 21:699-716, 6-MP: 0.857 0.807 0.753 0.690 0.627 0.538 0.448,
        median 23; after week 6 0.6197 to 0.9516 (Stata, sts list).
    """
    z = g.z(confidence)
    spans = g.numbers(durations, Text("时长", "the durations"), low=0)
    ended = g.numbers(closed, Text("是否结案", "closed or not"), low=0, high=1, whole=True)
    g.same_length(spans, ended)
    order = np.argsort(spans)
    spans, ended = spans[order], ended[order]
    first = np.flatnonzero(np.diff(spans, prepend=-1))  # they ascend, from 0
    times = spans[first]
    done = np.add.reduceat(ended, first) if spans.size else ended
    at_risk, some = (spans.size - first).astype(np.float64), done > 0
    times, at_risk, done = times[some], at_risk[some], done[some]
    left = at_risk - done
    still = np.cumprod(left / at_risk, dtype=np.float64)
    low, high = np.zeros_like(still), np.ones_like(still)
    inner = left > 0  # all but the last time at most, for afterwards nobody is left
    curve = still[inner]
    greenwood = np.cumsum(done[inner] / (at_risk[inner] * left[inner]))
    reach = z * np.sqrt(greenwood) / -np.log(curve)
    low[inner] = np.minimum(curve ** np.exp(reach), curve)
    high[inner] = np.maximum(curve ** np.exp(-reach), curve)
    if not inner.all():
        before = float(high[-2]) if high.size > 1 else wilson(0, spans.size, confidence).high
        high[-1] = before
    return Survival(times, still, low, high, at_risk, done, spans, float(confidence))
